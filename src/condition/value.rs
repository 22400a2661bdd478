//! The values of attributes and literals, and how they compare ([MS-DTYP] 2.4.4.17.6).

use super::{
    LiteralRef, Radix, Sign, Truth, Utf16,
    fold::{compare_exactly, compare_names},
    reader::Literals,
};
use crate::{
    claim::{Claim, ClaimFlags, ClaimValues},
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
    /// An octal or hexadecimal literal without a sign: 64 bits, which are read as the type of the other side.
    Bits(i64),
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
                Value::Int(_)
                | Value::Uint(_)
                | Value::Bits(_)
                | Value::Sid(_)
                | Value::SidInBytes(_)
                | Value::Bool(_) => 1,
            })
            .fold(0, usize::saturating_add)
    }

    /// The truth value of an attribute alone ([MS-DTYP] 2.4.4.17.7): whether one of its values is neither 0 nor empty.
    pub(super) fn truth(self) -> Truth {
        let mut truth = Truth::Unknown;
        for value in self.iter() {
            let holds = match value {
                Value::Int(value) | Value::Bits(value) => value != 0,
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
                (Sign::None, Radix::Octal | Radix::Hexadecimal) => Self::Bits(integer.value),
                (Sign::None, Radix::Decimal) | (Sign::Plus | Sign::Minus, _) => Self::Int(integer.value),
            },
            LiteralRef::String(text) => Self::Text(text),
            LiteralRef::Octets(octets) => Self::Octets(octets),
            LiteralRef::Sid(sid) => Self::SidInBytes(sid),
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Int(_) | Self::Uint(_) | Self::Bits(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::Sid(_) | Self::SidInBytes(_) => Kind::Sid,
            Self::Bool(_) => Kind::Bool,
            Self::Octets(_) => Kind::Octets,
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
            (Self::Bits(left), Self::Uint(right)) => left.cast_unsigned().cmp(&right),
            (Self::Uint(left), Self::Bits(right)) => left.cmp(&right.cast_unsigned()),
            (Self::Uint(left), Self::Uint(right)) => left.cmp(&right),
            (Self::Int(left) | Self::Bits(left), Self::Int(right) | Self::Bits(right)) => left.cmp(&right),
            (Self::Int(left), Self::Uint(right)) => u64::try_from(left).map_or(Ordering::Less, |left| left.cmp(&right)),
            (Self::Uint(left), Self::Int(right)) => {
                u64::try_from(right).map_or(Ordering::Greater, |right| left.cmp(&right))
            }
            (
                Self::Int(_)
                | Self::Uint(_)
                | Self::Bits(_)
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
        let mut kinds = left.iter().chain(right.iter()).map(Value::kind);
        let kind = kinds.next();
        if kinds.any(|other| Some(other) != kind) || set_work(left, right) > MAX_SET_WORK {
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

    /// The order of two single values. `None` if a side does not have one value. Fails if the kind has no order.
    pub(super) fn order(&self) -> Result<Option<Ordering>, Unfit> {
        match self.kind {
            Some(Kind::Number | Kind::Text) | None => {
                let both = self.left.single().zip(self.right.single());
                Ok(both.map(|(left, right)| left.compare(right, self.exact)))
            }
            Some(Kind::Sid | Kind::Bool | Kind::Octets) => Err(Unfit),
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

/// An upper bound of the cost of comparing each value with each.
fn set_work(left: Values<'_>, right: Values<'_>) -> usize {
    let from_left = left.len().saturating_mul(right.size());
    let from_right = right.len().saturating_mul(left.size());
    from_left.min(from_right)
}

impl Claim {
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
