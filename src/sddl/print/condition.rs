//! Writes conditions as SDDL, in the form that Windows writes.

use super::{
    super::{
        Options,
        lexical::{RAW_NAME, local_name, word_operator},
    },
    sid_to_text,
};
use crate::condition::{
    AttributeClass, Condition, Integer, LiteralRef, Operator, OperatorKind, Radix, Sign, TokenRef, Utf16,
};
use alloc::{string::String, vec, vec::Vec};
use core::fmt::Write;

/// Writes a condition as SDDL, in its outer parentheses. Returns `None` if SDDL can't express a name, a string or an operand in it.
///
/// The text does not have the sizes of integers in the binary form. Integers in a text are read with 64 bits.
///
/// ```
/// use sddl_authz::{Condition, sddl};
/// let condition: Condition = "(@User.Title==\"PM\" && Member_of{SID(BA)})".parse()?;
/// let text = sddl::condition_to_text(&condition, &sddl::Options::default());
/// assert_eq!(text.as_deref(), Some("((@USER.Title == \"PM\") && (Member_of {SID(BA)}))"));
/// # Ok::<(), sddl::ParseError>(())
/// ```
#[must_use]
pub fn condition_to_text(condition: &Condition, options: &Options) -> Option<String> {
    let tokens: Vec<_> = condition.read().collect();
    let left_operands = left_operands(&tokens);
    let mut text = String::from("(");
    // The pieces that are still to be written, the next one at the end.
    let mut rest = vec![Piece::Text(")"), Piece::Token(tokens.len().checked_sub(1)?)];
    while let Some(piece) = rest.pop() {
        let index = match piece {
            Piece::Text(piece) => {
                text.push_str(piece);
                continue;
            }
            Piece::Token(index) => index,
        };
        let last_operand = index.checked_sub(1);
        match *tokens.get(index)? {
            TokenRef::Operator(operator) => {
                let last = Piece::Token(last_operand?);
                match operator.kind() {
                    OperatorKind::Junction => {
                        let first = Piece::Token(*left_operands.get(index)?);
                        text.push('(');
                        let word = if operator == Operator::And { ") && (" } else { ") || (" };
                        rest.extend([Piece::Text(")"), last, Piece::Text(word), first]);
                    }
                    OperatorKind::Negation => {
                        text.push_str("!(");
                        rest.extend([Piece::Text(")"), last]);
                    }
                    OperatorKind::Comparison | OperatorKind::Set => {
                        if let Some(TokenRef::Attribute(AttributeClass::Local, _)) = tokens.get(last_operand?) {
                            // A local name is not allowed on the right.
                            return None;
                        }
                        let first = Piece::Token(*left_operands.get(index)?);
                        let blank = Piece::Text(" ");
                        rest.extend([last, blank, Piece::Text(operator.token()), blank, first]);
                    }
                    OperatorKind::Membership | OperatorKind::Existence => {
                        text.push_str(operator.token());
                        text.push(' ');
                        rest.push(last);
                    }
                }
            }
            TokenRef::Attribute(class, name) => push_attribute(&mut text, class, name)?,
            TokenRef::Literal(literal) => push_literal(&mut text, literal, options)?,
            TokenRef::Composite(members) => {
                text.push('{');
                for (index, member) in members.enumerate() {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    push_literal(&mut text, member, options)?;
                }
                text.push('}');
            }
        }
    }
    Some(text)
}

#[derive(Clone, Copy)]
enum Piece {
    Text(&'static str),
    /// A token with its operands.
    Token(usize),
}

/// For each operator with two operands, the index of the last token of its left operand.
fn left_operands(tokens: &[TokenRef<'_>]) -> Vec<usize> {
    let mut lefts = Vec::with_capacity(tokens.len());
    let mut waiting: Vec<usize> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let mut left = index;
        if let TokenRef::Operator(operator) = token {
            waiting.pop();
            match operator.kind() {
                OperatorKind::Comparison | OperatorKind::Set | OperatorKind::Junction => {
                    left = waiting.pop().unwrap_or(index);
                }
                OperatorKind::Membership | OperatorKind::Existence | OperatorKind::Negation => {}
            }
        }
        waiting.push(index);
        lefts.push(left);
    }
    lefts
}

fn push_attribute(text: &mut String, class: AttributeClass, name: Utf16<'_>) -> Option<()> {
    text.push_str(match class {
        AttributeClass::Local => {
            // A local name has no escapes, so only a name that is read back as itself has a text.
            let start = text.len();
            text.extend(name.chars());
            let bytes = text.as_bytes().get(start..)?;
            let readable = local_name(bytes) == (bytes, &[][..]) && !bytes.is_empty() && word_operator(bytes).is_none();
            return readable.then_some(());
        }
        AttributeClass::User => "@USER.",
        AttributeClass::Device => "@DEVICE.",
        AttributeClass::Resource => "@RESOURCE.",
    });
    push_escaped_name(text, name);
    Some(())
}

/// Writes a name. Escapes every unit of UTF-16 that can't be written itself.
pub(super) fn push_escaped_name<'n>(text: &mut String, name: impl Into<Utf16<'n>>) {
    for unit in name.into().units() {
        match u8::try_from(unit) {
            Ok(byte) if RAW_NAME.contains(byte) => text.push(char::from(byte)),
            // Writing to a string never fails.
            Ok(_) | Err(_) => _ = write!(text, "%{unit:04x}"),
        }
    }
}

fn push_literal(text: &mut String, literal: LiteralRef<'_>, options: &Options) -> Option<()> {
    match literal {
        LiteralRef::Integer(integer) => push_integer(text, integer),
        LiteralRef::String(string) => push_string(text, string)?,
        LiteralRef::Octets(octets) => {
            text.push('#');
            push_octets(text, octets);
        }
        LiteralRef::Sid(sid) => {
            text.push_str("SID(");
            text.push_str(&sid_to_text(&sid.to_sid(), options));
            text.push(')');
        }
    }
    Some(())
}

/// Writes a string in quotes. Fails if there is a quote in it, which SDDL has no escape for.
pub(super) fn push_string<'s>(text: &mut String, string: impl Into<Utf16<'s>>) -> Option<()> {
    text.push('"');
    let start = text.len();
    text.extend(string.into().chars());
    if text.get(start..)?.contains('"') {
        return None;
    }
    text.push('"');
    Some(())
}

pub(super) fn push_octets(text: &mut String, octets: &[u8]) {
    octets.iter().for_each(|octet| _ = write!(text, "{octet:02x}"));
}

fn push_integer(text: &mut String, integer: Integer) {
    let (sign, magnitude) = match integer.sign {
        Sign::Plus => ("+", integer.value.unsigned_abs()),
        Sign::Minus => ("-", integer.value.unsigned_abs()),
        Sign::None => ("", integer.value.cast_unsigned()),
    };
    text.push_str(sign);
    _ = match integer.base {
        Radix::Octal => write!(text, "0{magnitude:o}"),
        Radix::Decimal => write!(text, "{magnitude}"),
        Radix::Hexadecimal => write!(text, "{magnitude:#x}"),
    };
}
