//! Conditions and facts out of bytes, over a universe so small that they meet: few names, few values, every operator.

use arbitrary::{Result, Unstructured};
use sddl_authz::{
    Claim, Condition, Limits, Sid,
    claim::{ClaimFlags, ClaimValues},
    condition::{
        Attribute, AttributeClass, Environment, Integer, Literal, Lookup, Operator, OperatorKind, Radix, Sign, Subject,
        Token, Truth, Utf16, Width, compare_names,
    },
};

/// A condition, what is known, and one way in which the rest may turn out.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) condition: Condition,
    pub(crate) known: World,
    pub(crate) completion: World,
}

/// Every fact of the universe.
#[derive(Clone, Debug)]
pub(crate) struct World {
    attributes: Vec<(AttributeClass, &'static str, Lookup<Claim>)>,
    memberships: Vec<(Subject, Sid, Truth)>,
}

const NAMES: [&str; 3] = ["a", "b", "\u{e9}"];
const OTHER_CASE: [&str; 3] = ["A", "B", "\u{c9}"];
const GROUPS: [Sid; 2] = [Sid::EVERYONE, Sid::ADMINISTRATORS];
const STRINGS: [&str; 6] = ["", "foo", "FOO", "bar", "\u{e9}", "_"];
const INTEGERS: [i64; 5] = [0, 1, 42, -1, i64::MIN];

impl Case {
    /// The case that `bytes` stand for. All bytes stand for one.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::arbitrary(&mut Unstructured::new(bytes)).ok()
    }

    fn arbitrary(u: &mut Unstructured<'_>) -> Result<Self> {
        let mut tokens = Vec::new();
        condition(u, 4, &mut tokens)?;
        let condition =
            Condition::from_postfix(tokens, &Limits::DEFAULT).map_err(|_| arbitrary::Error::IncorrectFormat)?;
        let completion = World::arbitrary(u)?;
        let mut known = completion.clone();
        for (_, _, fact) in &mut known.attributes {
            if u.ratio(1, 4)? {
                *fact = Lookup::Unknown;
            }
        }
        for (_, _, member) in &mut known.memberships {
            if u.ratio(1, 4)? {
                *member = Truth::Unknown;
            }
        }
        Ok(Self {
            condition,
            known,
            completion,
        })
    }
}

impl World {
    fn arbitrary(u: &mut Unstructured<'_>) -> Result<Self> {
        let mut attributes = Vec::new();
        for &class in AttributeClass::ALL {
            for name in NAMES {
                attributes.push((class, name, fact(u, name)?));
            }
        }
        let mut memberships = Vec::new();
        for subject in [Subject::User, Subject::Device] {
            for sid in GROUPS {
                memberships.push((subject, sid, Truth::from(u.arbitrary::<bool>()?)));
            }
        }
        Ok(Self {
            attributes,
            memberships,
        })
    }

    /// Takes one fact over from another world.
    pub(crate) fn learn_attribute(&mut self, from: &Self, class: AttributeClass, name: Utf16<'_>) {
        for (mine, other) in self.attributes.iter_mut().zip(&from.attributes) {
            if mine.0 == class && compare_names(mine.1, name).is_eq() {
                mine.2 = other.2.clone();
            }
        }
    }

    /// Takes one membership over from another world.
    pub(crate) fn learn_membership(&mut self, from: &Self, subject: Subject, sid: &Sid) {
        for (mine, other) in self.memberships.iter_mut().zip(&from.memberships) {
            if mine.0 == subject && mine.1 == *sid {
                mine.2 = other.2;
            }
        }
    }
}

impl Environment for World {
    fn attribute(&self, class: AttributeClass, name: Utf16<'_>) -> Lookup<&Claim> {
        let found = self
            .attributes
            .iter()
            .find(|row| row.0 == class && compare_names(row.1, name).is_eq());
        match found.map(|row| &row.2) {
            Some(Lookup::Value(claim)) => Lookup::Value(claim),
            Some(Lookup::Unknown) => Lookup::Unknown,
            Some(Lookup::Absent) | None => Lookup::Absent,
        }
    }

    fn member(&self, subject: Subject, sid: &Sid) -> Truth {
        let found = self.memberships.iter().find(|row| row.0 == subject && row.1 == *sid);
        found.map_or(Truth::False, |row| row.2)
    }
}

fn fact(u: &mut Unstructured<'_>, name: &str) -> Result<Lookup<Claim>> {
    if u.ratio(1, 8)? {
        return Ok(Lookup::Absent);
    }
    let count = *u.choose(&[1, 1, 1, 0, 2, 2, 3])?;
    let values = match u.int_in_range(0..=9)? {
        0..=2 => ClaimValues::Int(some(u, count, |u| Ok(*u.choose(&INTEGERS)?))?),
        3 | 4 => ClaimValues::Uint(some(u, count, |u| Ok(*u.choose(&[0, 1, 42, u64::MAX])?))?),
        5 | 6 => ClaimValues::String(some(u, count, |u| Ok((*u.choose(&STRINGS)?).to_owned()))?),
        7 => ClaimValues::Sid(some(u, count, |u| Ok(*u.choose(&GROUPS)?))?),
        8 => ClaimValues::Bool(some(u, count, |u| u.arbitrary())?),
        _ => ClaimValues::Octets(some(u, count, |u| Ok(vec![u.int_in_range(0..=1)?]))?),
    };
    let flags = if u.ratio(1, 6)? {
        ClaimFlags::CASE_SENSITIVE
    } else {
        ClaimFlags::empty()
    };
    let claim = Claim::new(name.to_owned(), flags, values);
    Ok(Lookup::Value(claim.map_err(|_| arbitrary::Error::IncorrectFormat)?))
}

fn some<T>(
    u: &mut Unstructured<'_>,
    count: usize,
    mut one: impl FnMut(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    (0..count).map(|_| one(u)).collect()
}

/// Appends a condition in postfix order.
fn condition(u: &mut Unstructured<'_>, depth: usize, tokens: &mut Vec<Token>) -> Result<()> {
    if depth > 0 && u.ratio(1, 2)? {
        condition(u, depth.saturating_sub(1), tokens)?;
        let operator = *u.choose(&[Operator::And, Operator::Or, Operator::Not])?;
        if operator != Operator::Not {
            condition(u, depth.saturating_sub(1), tokens)?;
        }
        tokens.push(Token::Operator(operator));
        return Ok(());
    }
    if u.ratio(1, 4)? {
        tokens.push(attribute(u)?);
        return Ok(());
    }
    let operator = *u.choose(Operator::ALL)?;
    match operator.kind() {
        OperatorKind::Comparison | OperatorKind::Set => tokens.extend([attribute(u)?, value(u)?]),
        OperatorKind::Membership if u.ratio(1, 8)? => tokens.push(Token::Composite(some(u, 2, literal)?)),
        OperatorKind::Membership => {
            let groups = u.int_in_range(0..=2)?;
            let groups = some(u, groups, |u| Ok(Literal::Sid(*u.choose(&GROUPS)?)))?;
            tokens.push(match groups.as_slice() {
                [only] if u.arbitrary()? => Token::Literal(only.clone()),
                _ => Token::Composite(groups),
            });
        }
        OperatorKind::Existence => tokens.push(attribute(u)?),
        OperatorKind::Junction | OperatorKind::Negation => {
            tokens.push(attribute(u)?);
            return Ok(());
        }
    }
    tokens.push(Token::Operator(operator));
    Ok(())
}

fn attribute(u: &mut Unstructured<'_>) -> Result<Token> {
    let names = if u.ratio(1, 4)? { OTHER_CASE } else { NAMES };
    Ok(Token::Attribute(Attribute {
        class: *u.choose(AttributeClass::ALL)?,
        name: (*u.choose(&names)?).to_owned(),
    }))
}

fn value(u: &mut Unstructured<'_>) -> Result<Token> {
    Ok(match u.int_in_range(0..=4)? {
        0 | 1 => attribute(u)?,
        2 => Token::Literal(literal(u)?),
        3 => {
            let kind = u.arbitrary()?;
            let count = u.int_in_range(0..=3)?;
            Token::Composite(some(u, count, |u| literal_of(u, kind))?)
        }
        _ => {
            let count = u.int_in_range(0..=2)?;
            Token::Composite(some(u, count, literal)?)
        }
    })
}

fn literal(u: &mut Unstructured<'_>) -> Result<Literal> {
    let kind = u.arbitrary()?;
    literal_of(u, kind)
}

fn literal_of(u: &mut Unstructured<'_>, kind: u8) -> Result<Literal> {
    Ok(match kind % 8 {
        0..=2 => {
            let value = *u.choose(&INTEGERS)?;
            let (sign, base) = if value < 0 {
                *u.choose(&[(Sign::Minus, Radix::Decimal), (Sign::None, Radix::Hexadecimal)])?
            } else {
                *u.choose(&[
                    (Sign::None, Radix::Decimal),
                    (Sign::Plus, Radix::Octal),
                    (Sign::None, Radix::Octal),
                ])?
            };
            Literal::Integer(Integer {
                value,
                sign,
                base,
                width: Width::Int64,
            })
        }
        3..=5 => Literal::String((*u.choose(&STRINGS)?).to_owned()),
        6 => Literal::Sid(*u.choose(&GROUPS)?),
        _ => Literal::Octets(vec![u.int_in_range(0..=1)?]),
    })
}
