//! The operands of `&&`, `||` and `!` that made the value of a condition.

use super::escape::Escaped;
use crate::{
    caller::{Caller, Membership},
    check::EntryEnvironment,
    condition::{Condition, LiteralRef, Operator, OperatorKind, Token, TokenRef, Truth},
    limits::Limits,
    sddl,
    sid::{DomainSids, Sid, WellKnown},
};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// At most this many operands are named.
const MOST_NAMED: usize = 4;
/// At most this many groups are named.
const MOST_GROUPS: usize = 6;

/// A part of a condition that has no `&&`, `||` and `!` in it, and its value.
struct Operand {
    condition: Condition,
    truth: Truth,
}

/// The operands that made the value of a condition, in their order.
pub(super) struct Operands {
    decisive: Vec<Operand>,
    /// The number of all operands of the condition.
    count: usize,
}

/// A value on the stack.
enum Item {
    /// A literal or an attribute.
    Token(Token),
    Result(Value),
}

/// The result of an operator.
struct Value {
    truth: Truth,
    /// The places of the operands that made it, in ascending order.
    operands: Vec<usize>,
}

impl Operands {
    /// The operands that made the value `truth` of the condition: one that is false makes `&&` false, and one that is true makes `||` true.
    /// `None` if the condition can't be taken apart.
    pub(super) fn of(condition: &Condition, environment: &EntryEnvironment<'_>, truth: Truth) -> Option<Self> {
        let mut reader = Reader {
            environment,
            operands: Vec::new(),
            stack: Vec::new(),
        };
        for token in condition.tokens() {
            let item = reader.token(token)?;
            reader.stack.push(item);
        }
        let value = reader.value()?;
        let all = reader.operands;
        let count = all.len();
        let is_decisive = |place: usize, operand: &Operand| {
            if value.truth == truth {
                value.operands.binary_search(&place).is_ok()
            } else {
                // Operands that their operator does not take make the whole condition unknown.
                operand.truth == Truth::Unknown
            }
        };
        let mut decisive = Vec::new();
        for (place, operand) in all.into_iter().enumerate() {
            if is_decisive(place, &operand) {
                decisive.push(operand);
            }
        }
        (!decisive.is_empty()).then_some(Self { decisive, count })
    }

    /// The conditions of these operands.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.decisive.iter().map(|operand| &operand.condition)
    }

    /// Names the operands and their values: `(@USER.Title == "PM") is false`. Empty if the condition has one operand.
    pub(super) fn text(&self) -> String {
        if self.count < 2 {
            return String::new();
        }
        let mut texts: Vec<_> = self.decisive.iter().take(MOST_NAMED).map(Operand::text).collect();
        if self.decisive.len() > MOST_NAMED {
            texts.push("…".to_string());
        }
        texts.join(" and ")
    }

    /// Says which of the groups that the operands ask for the caller and its device are in.
    pub(super) fn groups_text(&self, caller: &Caller) -> Vec<String> {
        let mut texts = Vec::new();
        for condition in self.conditions() {
            let Some(device) = device_is_asked(condition) else {
                continue;
            };
            for sid in condition.read().flat_map(sids) {
                let text = group_text(caller, device, &sid);
                if !texts.contains(&text) {
                    texts.push(text);
                }
                if texts.len() > MOST_GROUPS {
                    texts.pop();
                    texts.push("…".to_string());
                    return texts;
                }
            }
        }
        texts
    }
}

struct Reader<'a, 'e> {
    environment: &'a EntryEnvironment<'e>,
    operands: Vec<Operand>,
    stack: Vec<Item>,
}

impl Reader<'_, '_> {
    fn token(&mut self, token: Token) -> Option<Item> {
        let Token::Operator(operator) = token else {
            return Some(Item::Token(token));
        };
        let value = match operator.kind() {
            OperatorKind::Junction => {
                let (right, left) = (self.value()?, self.value()?);
                joined(operator, left, right)
            }
            OperatorKind::Negation => {
                let value = self.value()?;
                Value {
                    truth: value.truth.not(),
                    ..value
                }
            }
            OperatorKind::Comparison | OperatorKind::Set => {
                let (right, left) = (self.operand()?, self.operand()?);
                self.evaluate(vec![left, right, token])?
            }
            OperatorKind::Membership | OperatorKind::Existence => {
                let operand = self.operand()?;
                self.evaluate(vec![operand, token])?
            }
        };
        Some(Item::Result(value))
    }

    fn operand(&mut self) -> Option<Token> {
        match self.stack.pop()? {
            Item::Token(token) => Some(token),
            Item::Result(_) => None,
        }
    }

    fn value(&mut self) -> Option<Value> {
        match self.stack.pop()? {
            Item::Token(token) => self.evaluate(vec![token]),
            Item::Result(value) => Some(value),
        }
    }

    fn evaluate(&mut self, tokens: Vec<Token>) -> Option<Value> {
        let condition = Condition::from_postfix(tokens, &Limits::default()).ok()?;
        let truth = condition.evaluate(self.environment);
        let operands = vec![self.operands.len()];
        self.operands.push(Operand { condition, truth });
        Some(Value { truth, operands })
    }
}

/// The value of `&&` or `||`. Each operand with that value made it.
fn joined(operator: Operator, left: Value, right: Value) -> Value {
    let truth = if operator == Operator::And {
        left.truth.and(right.truth)
    } else {
        left.truth.or(right.truth)
    };
    let mut operands = Vec::new();
    for value in [left, right] {
        if value.truth != truth {
            continue;
        }
        if operands.is_empty() {
            operands = value.operands;
        } else {
            operands.extend(value.operands);
        }
    }
    Value { truth, operands }
}

impl Operand {
    fn text(&self) -> String {
        let text = sddl::condition_to_text(&self.condition, &sddl::Options::default());
        let text = text.unwrap_or_else(|| "a part that SDDL can't express".to_string());
        let truth = match self.truth {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "neither true nor false",
        };
        format!("{} is {truth}", Escaped(&text))
    }
}

/// Whether the condition is a test of the groups of the device. `None` if it is no test of groups.
fn device_is_asked(condition: &Condition) -> Option<bool> {
    match condition.read().last()? {
        TokenRef::Operator(operator) if operator.kind() == OperatorKind::Membership => Some(matches!(
            operator,
            Operator::DeviceMemberOf
                | Operator::DeviceMemberOfAny
                | Operator::NotDeviceMemberOf
                | Operator::NotDeviceMemberOfAny
        )),
        TokenRef::Operator(_) | TokenRef::Literal(_) | TokenRef::Attribute(..) | TokenRef::Composite(_) => None,
    }
}

/// The SIDs of a literal, or of a list of literals.
fn sids(token: TokenRef<'_>) -> Vec<Sid> {
    let sid = |literal: LiteralRef<'_>| match literal {
        LiteralRef::Sid(sid) => Some(sid.to_sid()),
        LiteralRef::Integer(_) | LiteralRef::String(_) | LiteralRef::Octets(_) => None,
    };
    match token {
        TokenRef::Literal(literal) => sid(literal).into_iter().collect(),
        TokenRef::Composite(members) => members.filter_map(sid).collect(),
        TokenRef::Attribute(..) | TokenRef::Operator(_) => Vec::new(),
    }
}

fn group_text(caller: &Caller, device: bool, sid: &Sid) -> String {
    let (who, membership) = if device {
        ("its device", caller.device_membership(sid))
    } else {
        ("the caller", caller.membership(sid))
    };
    let group =
        WellKnown::by_sid(sid, &DomainSids::default()).map_or_else(|| sid.to_string(), |row| row.name.to_string());
    match membership {
        Membership::Enabled => format!("{who} is in {group}"),
        Membership::DenyOnly => format!("{who} is in {group} for Deny entries alone"),
        Membership::NotHeld => format!("{who} is not in {group}"),
        Membership::Unknown => format!("it is not known whether {who} is in {group}"),
    }
}
