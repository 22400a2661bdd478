//! A second evaluation of conditions: slow, over a tree, in the words of [MS-DTYP] 2.4.4.17.6 and 2.4.4.17.7. `mod.rs` says what it shares with
//! the crate's own. If an object gives a resource attribute twice, a condition that asks for it is unknown.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "what is not expected is a fault, and numbers are small"
)]

use core::cmp::Ordering;
use sddl_authz::{
    Claim, Condition, Sid,
    claim::{ClaimFlags, ClaimValues},
    condition::{
        Attribute, AttributeClass, Environment, Literal, Lookup, Operator, Sign, Subject, Token, Truth, Utf16,
        compare_names,
    },
};

/// An operator was given what it does not take: the whole expression is unknown.
struct Fault;

enum Tree<'a> {
    Literal(&'a Literal),
    Composite(&'a [Literal]),
    Attribute(&'a Attribute),
    Operation(Operator, Vec<Self>),
}

/// The result of `condition`.
pub(crate) fn evaluate(condition: &Condition, facts: &impl Environment) -> Truth {
    let mut stack: Vec<Tree<'_>> = Vec::new();
    let tokens: Vec<Token> = condition.tokens().collect();
    for token in &tokens {
        let tree = match token {
            Token::Literal(literal) => Tree::Literal(literal),
            Token::Composite(members) => Tree::Composite(members),
            Token::Attribute(attribute) => Tree::Attribute(attribute),
            Token::Operator(operator) => {
                let operands = stack.split_off(stack.len() - operator.arity());
                Tree::Operation(*operator, operands)
            }
        };
        stack.push(tree);
    }
    match stack.as_slice() {
        [whole] => truth(whole, facts).unwrap_or(Truth::Unknown),
        _ => Truth::Unknown,
    }
}

fn truth(tree: &Tree<'_>, facts: &impl Environment) -> Result<Truth, Fault> {
    let (operator, operands) = match tree {
        Tree::Literal(_) | Tree::Composite(_) => return Err(Fault),
        Tree::Attribute(attribute) => return Ok(alone(attribute, facts)),
        Tree::Operation(operator, operands) => (*operator, operands),
    };
    match (operator, operands.as_slice()) {
        (Operator::Not, [operand]) => Ok(match truth(operand, facts)? {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }),
        (Operator::And | Operator::Or, [left, right]) => {
            let sides = [truth(left, facts)?, truth(right, facts)?];
            let (strong, weak) = if operator == Operator::And {
                (Truth::False, Truth::True)
            } else {
                (Truth::True, Truth::False)
            };
            let quirk = matches!(left, Tree::Attribute(_))
                && matches!(right, Tree::Operation(Operator::Not, inner) if matches!(inner.as_slice(), [Tree::Attribute(_)]));
            Ok(if quirk {
                Truth::Unknown
            } else if sides.contains(&strong) {
                strong
            } else if sides == [weak; 2] {
                weak
            } else {
                Truth::Unknown
            })
        }
        (Operator::Exists, [operand]) => exists(operand, facts),
        (Operator::NotExists, [operand]) => exists(operand, facts).map(Truth::not),
        (_, [operand]) => membership(operator, operand, facts),
        (_, [left, right]) => relation(operator, left, right, facts),
        _ => Err(Fault),
    }
}

fn alone(attribute: &Attribute, facts: &impl Environment) -> Truth {
    let Lookup::Value(claim) = facts.attribute(attribute.class, Utf16::from(&attribute.name)) else {
        return Truth::Unknown;
    };
    if claim.values().is_empty() {
        return Truth::Unknown;
    }
    match claim.values() {
        ClaimValues::Int(values) => Truth::from(values.iter().any(|value| *value != 0)),
        ClaimValues::Uint(values) => Truth::from(values.iter().any(|value| *value != 0)),
        ClaimValues::Bool(values) => Truth::from(values.contains(&true)),
        ClaimValues::String(values) => Truth::from(values.iter().any(|value| !value.is_empty())),
        ClaimValues::Sid(_) | ClaimValues::Octets(_) => Truth::Unknown,
        other => panic!("a new type of values: {other:?}"),
    }
}

fn exists(operand: &Tree<'_>, facts: &impl Environment) -> Result<Truth, Fault> {
    match operand {
        Tree::Attribute(Attribute {
            class: class @ (AttributeClass::Local | AttributeClass::Resource),
            name,
        }) => Ok(match facts.attribute(*class, Utf16::from(name)) {
            Lookup::Value(claim) if claim.values().is_empty() => Truth::Unknown,
            Lookup::Value(_) => Truth::True,
            Lookup::Absent => Truth::False,
            Lookup::Unknown => Truth::Unknown,
        }),
        _ => Err(Fault),
    }
}

fn membership(operator: Operator, operand: &Tree<'_>, facts: &impl Environment) -> Result<Truth, Fault> {
    let literals = match operand {
        Tree::Literal(literal) => vec![*literal],
        Tree::Composite(members) => members.iter().collect(),
        Tree::Attribute(_) | Tree::Operation(..) => return Err(Fault),
    };
    let mut sids: Vec<Sid> = Vec::new();
    for literal in literals {
        let Literal::Sid(sid) = literal else {
            return Err(Fault);
        };
        sids.push(*sid);
    }
    if sids.is_empty() {
        return Err(Fault);
    }
    let name = operator.token();
    let subject = if name.contains("Device") {
        Subject::Device
    } else {
        Subject::User
    };
    // One of them settles the test; otherwise one that is not known leaves it open.
    let settling = Truth::from(name.to_ascii_lowercase().ends_with("_any"));
    let memberships: Vec<Truth> = sids.iter().map(|sid| facts.member(subject, sid)).collect();
    let holds = if memberships.contains(&settling) {
        settling
    } else if memberships.contains(&Truth::Unknown) {
        Truth::Unknown
    } else {
        settling.not()
    };
    Ok(if name.starts_with("Not_") { holds.not() } else { holds })
}

/// A value. An integer is a number of any sign and size.
#[derive(Clone, Debug)]
enum Value {
    Number(i128),
    Text(String),
    Sid(Sid),
    Bool(bool),
    Octets(Vec<u8>),
}

struct Operand {
    values: Vec<Value>,
    composite: bool,
    literal: bool,
    exact: bool,
}

fn relation(operator: Operator, left: &Tree<'_>, right: &Tree<'_>, facts: &impl Environment) -> Result<Truth, Fault> {
    let contains = matches!(operator, Operator::Contains | Operator::NotContains);
    let (left, right) = (operand(left, facts)?, operand(right, facts)?);
    // An attribute without values is nothing; a composite without is an empty set.
    if let Some(right) = &right
        && contains
        && right.values.is_empty()
    {
        return Ok(Truth::from(operator == Operator::NotContains));
    }
    let (Some(mut left), Some(mut right)) = (left, right) else {
        return Ok(Truth::Unknown);
    };
    // Beside a boolean attribute the literals 0 and 1 are booleans.
    if right.literal && !left.literal && matches!(left.values.first(), Some(Value::Bool(_))) {
        right.values.iter_mut().for_each(make_boolean);
    } else if left.literal && !right.literal && matches!(right.values.first(), Some(Value::Bool(_))) {
        left.values.iter_mut().for_each(make_boolean);
    }
    let (left, right) = (left, right);
    let all = || left.values.iter().chain(&right.values);
    if all().any(|one| all().any(|other| kind(one) != kind(other))) {
        return Err(Fault);
    }
    let exact = left.exact || right.exact;
    let within = |some: &Operand, of: &Operand| {
        let held = |value: &Value| {
            of.values
                .iter()
                .any(|other| order(value, other, exact) == Ordering::Equal)
        };
        some.values.iter().filter(|value| held(value)).count()
    };
    let (hits, left_hits) = (within(&right, &left), within(&left, &right));
    let (left_count, right_count) = (left.values.len(), right.values.len());
    let equal = left_count == right_count && hits == right_count && left_hits == left_count;
    Ok(match operator {
        Operator::Equal => Truth::from(equal),
        Operator::NotEqual => Truth::from(!equal),
        Operator::Contains => Truth::from(hits == right_count),
        Operator::NotContains => Truth::from(hits != right_count),
        Operator::AnyOf | Operator::NotAnyOf if right.literal && !right.composite => return Err(Fault),
        Operator::AnyOf => Truth::from(hits > 0),
        Operator::NotAnyOf => Truth::from(hits == 0),
        _ => {
            if all().any(|value| matches!(value, Value::Sid(_) | Value::Bool(_))) {
                return Err(Fault);
            }
            let ([left], [right], false) = (left.values.as_slice(), right.values.as_slice(), right.composite) else {
                return Ok(Truth::Unknown);
            };
            let ordering = order(left, right, exact);
            Truth::from(match operator {
                Operator::Less => ordering == Ordering::Less,
                Operator::LessOrEqual => ordering != Ordering::Greater,
                Operator::Greater => ordering == Ordering::Greater,
                Operator::GreaterOrEqual => ordering != Ordering::Less,
                _ => return Err(Fault),
            })
        }
    })
}

/// The values of an operand; none of an attribute that is absent or empty.
fn operand(tree: &Tree<'_>, facts: &impl Environment) -> Result<Option<Operand>, Fault> {
    let (values, composite) = match tree {
        Tree::Literal(literal) => (vec![written(literal)], false),
        Tree::Composite(members) => (members.iter().map(written).collect(), true),
        Tree::Attribute(attribute) => {
            return Ok(match facts.attribute(attribute.class, Utf16::from(&attribute.name)) {
                Lookup::Value(claim) if !claim.values().is_empty() => Some(held(claim)),
                Lookup::Value(_) | Lookup::Absent | Lookup::Unknown => None,
            });
        }
        Tree::Operation(..) => return Err(Fault),
    };
    Ok(Some(Operand {
        values,
        composite,
        literal: true,
        exact: false,
    }))
}

fn held(claim: &Claim) -> Operand {
    Operand {
        values: match claim.values() {
            ClaimValues::Int(values) => values.iter().map(|value| Value::Number((*value).into())).collect(),
            ClaimValues::Uint(values) => values.iter().map(|value| Value::Number((*value).into())).collect(),
            ClaimValues::String(values) => values.iter().map(|value| Value::Text(value.clone())).collect(),
            ClaimValues::Sid(values) => values.iter().map(|value| Value::Sid(*value)).collect(),
            ClaimValues::Bool(values) => values.iter().map(|value| Value::Bool(*value)).collect(),
            ClaimValues::Octets(values) => values.iter().map(|value| Value::Octets(value.clone())).collect(),
            other => panic!("a new type of values: {other:?}"),
        },
        composite: false,
        literal: false,
        exact: claim.flags().contains(ClaimFlags::CASE_SENSITIVE),
    }
}

fn written(literal: &Literal) -> Value {
    match literal {
        // [MS-DTYP] 2.4.4.17.5: without a sign it is positive.
        Literal::Integer(integer) if integer.sign == Sign::None && integer.value < 0 => {
            Value::Number(i128::from(integer.value) + (1 << 64))
        }
        Literal::Integer(integer) => Value::Number(integer.value.into()),
        Literal::String(text) => Value::Text(text.clone()),
        Literal::Octets(octets) => Value::Octets(octets.clone()),
        Literal::Sid(sid) => Value::Sid(*sid),
    }
}

fn make_boolean(value: &mut Value) {
    match value {
        Value::Number(0) => *value = Value::Bool(false),
        Value::Number(1) => *value = Value::Bool(true),
        _ => {}
    }
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Number(_) => 0,
        Value::Text(_) => 1,
        Value::Sid(_) => 2,
        Value::Bool(_) => 3,
        Value::Octets(_) => 4,
    }
}

/// The order of two values of one kind.
fn order(left: &Value, right: &Value, exact: bool) -> Ordering {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) if exact => left.encode_utf16().cmp(right.encode_utf16()),
        (Value::Text(left), Value::Text(right)) => compare_names(left, right),
        (Value::Sid(left), Value::Sid(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Octets(left), Value::Octets(right)) => left.cmp(right),
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        _ => panic!("{left:?} and {right:?} are of two kinds"),
    }
}
