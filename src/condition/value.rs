//! The values of attributes and literals, and how they compare ([MS-DTYP] 2.4.4.17.6).

use super::{
    LiteralRef, Radix, Sign, Truth, Utf16,
    fold::{compare_exactly, compare_names, fold},
    reader::Literals,
};
use crate::{
    claim::{Claim, ClaimFlags, ClaimType, ClaimValues},
    limits::MAX_SET_WORK,
    sid::{Sid, SidView},
};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The values of an operand.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    /// The values of an attribute.
    Claim(&'a Claim),
    /// One literal.
    One(LiteralRef<'a>),
    /// The members of a composite, which may be empty.
    Many(Literals<'a>),
}

/// One value.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Int(i64),
    Uint(u64),
    Text(Utf16<'a>),
    Sid(&'a Sid),
    SidInBytes(SidView<'a>),
    Bool(bool),
    Octets(&'a [u8]),
}

/// The kind of a value. Values of two kinds can't be compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Sid,
    Bool,
    Octets,
}

/// The error of an operator that has operands it does not take.
pub(super) struct Unfit;

impl<'a> Values<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Claim(claim) => claim.values().len(),
            Self::One(_) => 1,
            Self::Many(members) => members.count(),
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Value<'a>> {
        let claim = match self {
            Self::Claim(claim) => Some(claim.values()),
            Self::One(_) | Self::Many(_) => None,
        };
        let of_claim = claim
            .into_iter()
            .flat_map(|values| (0..values.len()).filter_map(|index| Value::get(values, index)));
        of_claim.chain(self.literals().map(Value::of))
    }

    /// The literals among the values: all of them, or none if they are those of an attribute.
    pub(super) fn literals(self) -> impl Iterator<Item = LiteralRef<'a>> {
        let (one, many) = match self {
            Self::Claim(_) => (None, Literals::NONE),
            Self::One(literal) => (Some(literal), Literals::NONE),
            Self::Many(members) => (None, members),
        };
        one.into_iter().chain(many)
    }

    /// The kinds of the values in a comparison with `other`. The literals 0 and 1 are booleans beside a boolean attribute.
    fn kinds(self, other: Self) -> impl Iterator<Item = Kind> {
        let of_literals = !matches!(self, Self::Claim(_));
        let beside_bool = matches!(other, Self::Claim(claim) if claim.values().claim_type() == ClaimType::Bool);
        self.iter().map(move |value| {
            if of_literals && beside_bool && value.as_bool().is_some() {
                Kind::Bool
            } else {
                value.kind()
            }
        })
    }

    /// The value, if there is one only, and it is not in a composite.
    fn single(self) -> Option<Value<'a>> {
        match self {
            Self::Claim(_) | Self::One(_) if self.len() == 1 => self.iter().next(),
            Self::Claim(_) | Self::One(_) | Self::Many(_) => None,
        }
    }

    /// Whether strings are compared with case: the claim has the flag for it.
    fn is_exact(self) -> bool {
        match self {
            Self::Claim(claim) => claim.flags().contains(ClaimFlags::CASE_SENSITIVE),
            Self::One(_) | Self::Many(_) => false,
        }
    }

    /// The cost of reading all values once.
    fn size(self) -> usize {
        self.iter()
            .map(|value| match value {
                Value::Text(text) => text.utf8_len().saturating_add(1),
                Value::Octets(octets) => octets.len().saturating_add(1),
                Value::Int(_) | Value::Uint(_) | Value::Sid(_) | Value::SidInBytes(_) | Value::Bool(_) => 1,
            })
            .fold(0, usize::saturating_add)
    }

    /// The truth value of an attribute alone ([MS-DTYP] 2.4.4.17.7): whether one of its values is neither 0 nor empty.
    pub(super) fn truth(self) -> Truth {
        let mut truth = Truth::Unknown;
        for value in self.iter() {
            let holds = match value {
                Value::Int(value) => value != 0,
                Value::Uint(value) => value != 0,
                Value::Text(text) => !text.is_empty(),
                Value::Bool(value) => value,
                Value::Sid(_) | Value::SidInBytes(_) | Value::Octets(_) => return Truth::Unknown,
            };
            if holds {
                return Truth::True;
            }
            truth = Truth::False;
        }
        truth
    }
}

impl<'a> Value<'a> {
    fn get(values: &'a ClaimValues, index: usize) -> Option<Self> {
        match values {
            ClaimValues::Int(values) => values.get(index).copied().map(Self::Int),
            ClaimValues::Uint(values) => values.get(index).copied().map(Self::Uint),
            ClaimValues::String(values) => values.get(index).map(|text| Self::Text(text.into())),
            ClaimValues::Sid(values) => values.get(index).map(Self::Sid),
            ClaimValues::Bool(values) => values.get(index).copied().map(Self::Bool),
            ClaimValues::Octets(values) => values.get(index).map(|octets| Self::Octets(octets)),
        }
    }

    fn of(literal: LiteralRef<'a>) -> Self {
        match literal {
            LiteralRef::Integer(integer) => match (integer.sign, integer.base) {
                (Sign::None, Radix::Octal | Radix::Hexadecimal) => Self::Uint(integer.value.cast_unsigned()),
                (Sign::None, Radix::Decimal) | (Sign::Plus | Sign::Minus, _) => Self::Int(integer.value),
            },
            LiteralRef::String(text) => Self::Text(text),
            LiteralRef::Octets(octets) => Self::Octets(octets),
            LiteralRef::Sid(sid) => Self::SidInBytes(sid),
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Int(_) | Self::Uint(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::Sid(_) | Self::SidInBytes(_) => Kind::Sid,
            Self::Bool(_) => Kind::Bool,
            Self::Octets(_) => Kind::Octets,
        }
    }

    /// A number that two equal values of one kind share.
    fn hash(self, exact: bool) -> u64 {
        match self {
            Self::Int(value) => value.cast_unsigned(),
            Self::Uint(value) => value,
            Self::Bool(value) => value.into(),
            Self::Text(text) if exact => fnv(text.units()),
            Self::Text(text) => fnv(text.units().map(fold)),
            Self::Sid(sid) => fnv_of_sid(*sid),
            Self::SidInBytes(sid) => fnv_of_sid(sid.to_sid()),
            Self::Octets(octets) => fnv(octets.iter().copied().map(u16::from)),
        }
    }

    /// The boolean that an integer means: 0 is false and 1 is true.
    const fn as_bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            Self::Int(0) | Self::Uint(0) => Some(false),
            Self::Int(1) | Self::Uint(1) => Some(true),
            Self::Int(_) | Self::Uint(_) | Self::Text(_) | Self::Sid(_) | Self::SidInBytes(_) | Self::Octets(_) => None,
        }
    }

    /// Compares two values of one kind. Of SIDs, only equality has a meaning. Values of two kinds are never equal.
    pub(super) fn compare(self, other: Self, exact: bool) -> Ordering {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) if exact => compare_exactly(left, right),
            (Self::Text(left), Self::Text(right)) => compare_names(left, right),
            (Self::Sid(left), Self::Sid(right)) => left.cmp(right),
            (Self::Sid(left), Self::SidInBytes(right)) => left.cmp(&right.to_sid()),
            (Self::SidInBytes(left), Self::Sid(right)) => left.to_sid().cmp(right),
            (Self::SidInBytes(left), Self::SidInBytes(right)) => left.to_sid().cmp(&right.to_sid()),
            (Self::Bool(left), Self::Bool(right)) => left.cmp(&right),
            (Self::Octets(left), Self::Octets(right)) => left.cmp(right),
            (Self::Uint(left), Self::Uint(right)) => left.cmp(&right),
            (Self::Int(left), Self::Int(right)) => left.cmp(&right),
            (Self::Int(left), Self::Uint(right)) => u64::try_from(left).map_or(Ordering::Less, |left| left.cmp(&right)),
            (Self::Uint(left), Self::Int(right)) => {
                u64::try_from(right).map_or(Ordering::Greater, |right| left.cmp(&right))
            }
            (Self::Bool(left), Self::Int(_) | Self::Uint(_)) => Some(left).cmp(&other.as_bool()),
            (Self::Int(_) | Self::Uint(_), Self::Bool(right)) => self.as_bool().cmp(&Some(right)),
            (
                Self::Int(_)
                | Self::Uint(_)
                | Self::Text(_)
                | Self::Sid(_)
                | Self::SidInBytes(_)
                | Self::Bool(_)
                | Self::Octets(_),
                _,
            ) => Ordering::Less,
        }
    }
}

/// The values of two operands, all of one kind.
pub(super) struct Pair<'a> {
    left: Values<'a>,
    right: Values<'a>,
    kind: Option<Kind>,
    exact: bool,
}

impl<'a> Pair<'a> {
    /// Makes the pair, if all values are of one kind, and comparing each with each is not too expensive.
    pub(super) fn new(left: Values<'a>, right: Values<'a>) -> Result<Self, Unfit> {
        let mut kinds = left.kinds(right).chain(right.kinds(left));
        let kind = kinds.next();
        if kinds.any(|other| Some(other) != kind) || is_too_large(left, right) {
            return Err(Unfit);
        }
        Ok(Self {
            left,
            right,
            kind,
            exact: left.is_exact() || right.is_exact(),
        })
    }

    /// Whether both sides have equal sets of values and equal numbers of them. So a composite that repeats a value is not equal to one that
    /// does not.
    pub(super) fn is_equal(&self) -> bool {
        self.left.len() == self.right.len()
            && self.right.iter().all(|value| self.has(self.left, value))
            && self.left.iter().all(|value| self.has(self.right, value))
    }

    /// The order of two single values. `None` if a side does not have one value. Fails if values of this kind have no order.
    pub(super) fn order(&self) -> Result<Option<Ordering>, Unfit> {
        match self.kind {
            Some(Kind::Number | Kind::Text | Kind::Octets) | None => {
                let both = self.left.single().zip(self.right.single());
                Ok(both.map(|(left, right)| left.compare(right, self.exact)))
            }
            Some(Kind::Sid | Kind::Bool) => Err(Unfit),
        }
    }

    /// Whether the right side has values, and the left side has all of them.
    pub(super) fn contains(&self) -> bool {
        self.right.len() > 0 && self.right.iter().all(|value| self.has(self.left, value))
    }

    /// Whether the sides have a value in common.
    pub(super) fn meets(&self) -> bool {
        self.right.iter().any(|value| self.has(self.left, value))
    }

    fn has(&self, values: Values<'_>, wanted: Value<'_>) -> bool {
        values.iter().any(|value| value.compare(wanted, self.exact).is_eq())
    }
}

/// The hash FNV-1a over units of 16 bits.
fn fnv(units: impl Iterator<Item = u16>) -> u64 {
    units.fold(0xcbf2_9ce4_8422_2325, |hash: u64, unit| {
        (hash ^ u64::from(unit)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn fnv_of_sid(sid: Sid) -> u64 {
    let halves = |number: u32| [number >> 16, number & 0xffff].map(|half| u16::try_from(half).unwrap_or_default());
    let authority = sid.authority();
    fnv([authority >> 32, authority >> 16 & 0xffff, authority & 0xffff]
        .map(|part| u16::try_from(part).unwrap_or_default())
        .into_iter()
        .chain(sid.sub_authorities().iter().copied().flat_map(halves)))
}

#[inline(never)]
fn may_repeat(values: Values<'_>) -> bool {
    let mut buffer = [0; MOST_HASHED];
    if values.size() > MAX_SET_WORK {
        return true;
    }
    let Some(hashes) = buffer.get_mut(..values.len()) else {
        return true;
    };
    for (hash, value) in hashes.iter_mut().zip(values.iter()) {
        *hash = value.hash(values.is_exact());
    }
    hashes.sort_unstable();
    !hashes.is_sorted_by(|one, next| one < next)
}

/// Whether comparing each value with each would cost too much.
pub(super) fn is_too_large(left: Values<'_>, right: Values<'_>) -> bool {
    set_work(left, right) > MAX_SET_WORK
}

/// An upper bound of the cost of comparing each value with each.
fn set_work(left: Values<'_>, right: Values<'_>) -> usize {
    let from_left = left.len().saturating_mul(right.size());
    let from_right = right.len().saturating_mul(left.size());
    from_left.min(from_right)
}

/// The most values among which a repetition is looked for without allocating memory.
const MOST_HASHED: usize = 1024;

impl Claim {
    /// Whether two of its values may be the same. This is certain for up to [`MOST_HASHED`] values whose size is at most [`MAX_SET_WORK`],
    /// but for values that share a hash; if there is more, a repetition counts as possible. Allocates nothing.
    #[inline]
    pub(crate) fn may_have_duplicates(&self) -> bool {
        self.values().len() > 1 && may_repeat(Values::Claim(self))
    }

    /// Whether two of its values are the same in the eyes of a condition. Windows does not accept such a claim.
    #[must_use]
    pub fn has_duplicates(&self) -> bool {
        let values = Values::Claim(self);
        let order = |left: &Value<'_>, right: &Value<'_>| left.compare(*right, values.is_exact());
        let mut sorted: Vec<_> = values.iter().collect();
        sorted.sort_unstable_by(order);
        !sorted.is_sorted_by(|left, right| order(left, right).is_lt())
    }
}
