//! Conditions as text, in Windows' own canonical form.

use super::{
    super::{
        Options,
        grammar::{
            condition::{is_local_name_byte, word_operator},
            literal::is_raw_name_byte,
        },
    },
    sid_to_text,
};
use crate::condition::{
    Attribute, AttributeClass, Base, Condition, Integer, Literal, Operator, OperatorKind, Sign, Token,
};
use alloc::{string::String, vec, vec::Vec};
use core::fmt::Write;

/// A condition as SDDL, in its outer parentheses; `None` where a name, a string or a place in it has no text.
///
/// The sizes that integers have in the binary form are not in the text, which is read as 64 bits.
#[must_use]
pub fn condition_to_text(condition: &Condition, options: &Options) -> Option<String> {
    let tokens = condition.tokens();
    let left_operands = left_operands(tokens);
    let mut text = String::from("(");
    // What is still to be written, the next at the end.
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
        match tokens.get(index)? {
            Token::Operator(operator) => {
                let last = Piece::Token(last_operand?);
                match operator.kind() {
                    OperatorKind::Junction => {
                        let first = Piece::Token(*left_operands.get(index)?);
                        text.push('(');
                        let word = if *operator == Operator::And { ") && (" } else { ") || (" };
                        rest.extend([Piece::Text(")"), last, Piece::Text(word), first]);
                    }
                    OperatorKind::Negation => {
                        text.push_str("!(");
                        rest.extend([Piece::Text(")"), last]);
                    }
                    OperatorKind::Comparison | OperatorKind::Set => {
                        if let Some(Token::Attribute(right)) = tokens.get(last_operand?)
                            && right.class == AttributeClass::Local
                        {
                            // On the right its name would be refused.
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
            Token::Attribute(attribute) => push_attribute(&mut text, attribute)?,
            Token::Literal(literal) => push_literal(&mut text, literal, options)?,
            Token::Composite(members) => {
                text.push('{');
                for (index, member) in members.iter().enumerate() {
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

/// For each operator with two operands, the token that its left one ends with.
fn left_operands(tokens: &[Token]) -> Vec<usize> {
    let mut lefts = Vec::with_capacity(tokens.len());
    let mut waiting: Vec<usize> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let mut left = index;
        if let Token::Operator(operator) = token {
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

fn push_attribute(text: &mut String, attribute: &Attribute) -> Option<()> {
    let name = attribute.name.as_str();
    text.push_str(match attribute.class {
        AttributeClass::Local => {
            // Printed as it is, so only what is read back as the same name has a text.
            let bytes = name.as_bytes();
            let readable = bytes.first().is_some_and(|&byte| is_local_name_byte(byte))
                && bytes.iter().all(|&byte| is_local_name_byte(byte) || byte == b'@')
                && word_operator(bytes).is_none();
            text.push_str(name);
            return readable.then_some(());
        }
        AttributeClass::User => "@USER.",
        AttributeClass::Device => "@DEVICE.",
        AttributeClass::Resource => "@RESOURCE.",
    });
    push_escaped_name(text, name);
    Some(())
}

/// A name with every unit of UTF-16 escaped that is not written itself.
pub(super) fn push_escaped_name(text: &mut String, name: &str) {
    for unit in name.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if is_raw_name_byte(byte) => text.push(char::from(byte)),
            // Writing to a string never fails.
            Ok(_) | Err(_) => _ = write!(text, "%{unit:04x}"),
        }
    }
}

fn push_literal(text: &mut String, literal: &Literal, options: &Options) -> Option<()> {
    match literal {
        Literal::Integer(integer) => push_integer(text, *integer),
        Literal::String(string) => push_string(text, string)?,
        Literal::Octets(octets) => {
            text.push('#');
            push_octets(text, octets);
        }
        Literal::Sid(sid) => {
            text.push_str("SID(");
            text.push_str(&sid_to_text(sid, options));
            text.push(')');
        }
    }
    Some(())
}

/// A string in quotes; there is no way to write a quote in it.
pub(super) fn push_string(text: &mut String, string: &str) -> Option<()> {
    if string.contains('"') {
        return None;
    }
    text.push('"');
    text.push_str(string);
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
        Base::Octal => write!(text, "0{magnitude:o}"),
        Base::Decimal => write!(text, "{magnitude}"),
        Base::Hexadecimal => write!(text, "{magnitude:#x}"),
    };
}
