//! Conditional expressions ([MS-DTYP] 2.4.4.17.4).

use super::{
    error::{DecodeError, DecodeErrorKind},
    reader::{Reader, length},
    sid,
};
use crate::{
    condition::{
        Attribute, AttributeClass, Base, Condition, ConditionErrorKind, Integer, Literal, Operator, SIGNATURE, Sign,
        Token, Width,
    },
    limits::Limits,
};
use alloc::{string::String, vec::Vec};

const PADDING: u8 = 0x00;
const STRING: u8 = 0x10;
const OCTETS: u8 = 0x18;
const COMPOSITE: u8 = 0x50;
const SID: u8 = 0x51;

const TRUNCATED: DecodeErrorKind = DecodeErrorKind::TokenTruncated;

/// Reads a condition that fills the part it stands in, up to three zero bytes of padding.
pub(super) fn read(mut part: Reader<'_>, limits: &Limits) -> Result<Condition, DecodeError> {
    let start = part;
    if part.array(TRUNCATED)? != SIGNATURE {
        return Err(start.error(DecodeErrorKind::ConditionSignatureMissing));
    }
    // What is refused for its size is not read.
    let limit = limits.condition_bytes;
    if start.len() > limit.saturating_add(3) {
        return Err(
            start.error(DecodeErrorKind::Condition(ConditionErrorKind::ConditionTooLarge {
                limit,
            })),
        );
    }
    let mut tokens = Vec::new();
    while let Some(&code) = part.rest().first() {
        if code == PADDING {
            part.padding()?;
            break;
        }
        tokens.push(read_token(&mut part)?);
    }
    Condition::from_postfix(tokens, limits).map_err(|error| {
        DecodeError::new(
            DecodeErrorKind::Condition(error.kind()),
            start.offset().saturating_add(error.byte()),
        )
    })
}

fn read_token(part: &mut Reader<'_>) -> Result<Token, DecodeError> {
    let start = *part;
    let code = part.u8(TRUNCATED)?;
    if code == COMPOSITE {
        let mut payload = read_payload(part)?;
        let mut members = Vec::new();
        while payload.len() > 0 {
            let start = payload;
            let code = payload.u8(TRUNCATED)?;
            let member = read_literal(code, &mut payload)?
                .ok_or_else(|| start.error(DecodeErrorKind::CompositeMemberUnfit { code }))?;
            members.push(member);
        }
        return Ok(Token::Composite(members));
    }
    if let Some(class) = AttributeClass::from_code(code) {
        let name = read_string(part)?;
        return Ok(Token::Attribute(Attribute { class, name }));
    }
    if let Some(operator) = Operator::from_code(code) {
        return Ok(Token::Operator(operator));
    }
    read_literal(code, part)?
        .map(Token::Literal)
        .ok_or_else(|| start.error(DecodeErrorKind::TokenUnknown { code }))
}

/// The literal after its code, if it is one.
fn read_literal(code: u8, part: &mut Reader<'_>) -> Result<Option<Literal>, DecodeError> {
    if let Some(width) = Width::from_code(code) {
        return read_integer(width, part).map(|integer| Some(Literal::Integer(integer)));
    }
    Ok(Some(match code {
        STRING => Literal::String(read_string(part)?),
        OCTETS => Literal::Octets(read_payload(part)?.rest().to_vec()),
        SID => Literal::Sid(sid::read_whole(read_payload(part)?)?),
        _ => return Ok(None),
    }))
}

fn read_integer(width: Width, part: &mut Reader<'_>) -> Result<Integer, DecodeError> {
    let value = i64::from_le_bytes(part.array(TRUNCATED)?);
    let signed = *part;
    let code = part.u8(TRUNCATED)?;
    let sign = Sign::from_code(code).ok_or_else(|| signed.error(DecodeErrorKind::IntegerSignUnknown { code }))?;
    let based = *part;
    let code = part.u8(TRUNCATED)?;
    let base = Base::from_code(code).ok_or_else(|| based.error(DecodeErrorKind::IntegerBaseUnknown { code }))?;
    Ok(Integer {
        value,
        sign,
        base,
        width,
    })
}

/// The bytes after a length.
fn read_payload<'a>(part: &mut Reader<'a>) -> Result<Reader<'a>, DecodeError> {
    let counted = *part;
    let count = part.u32(TRUNCATED)?;
    part.part(length(count), TRUNCATED)
        .map_err(|_| counted.error(TRUNCATED))
}

fn read_string(part: &mut Reader<'_>) -> Result<String, DecodeError> {
    let counted = *part;
    let payload = read_payload(part)?;
    if payload.len() % 2 != 0 {
        let bytes = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        return Err(counted.error(DecodeErrorKind::StringOddLength { bytes }));
    }
    payload.utf16()
}

/// Writes a condition without padding.
pub(super) fn write(condition: &Condition, out: &mut Vec<u8>) {
    out.extend_from_slice(&SIGNATURE);
    for token in condition.tokens() {
        match token {
            Token::Literal(literal) => write_literal(literal, out),
            Token::Composite(members) => {
                let payload = members.iter().map(Literal::encoded_len).fold(0, usize::saturating_add);
                write_head(COMPOSITE, payload, out);
                for member in members {
                    write_literal(member, out);
                }
            }
            Token::Attribute(attribute) => write_string(attribute.class.code(), &attribute.name, out),
            Token::Operator(operator) => out.push(operator.code()),
        }
    }
}

fn write_literal(literal: &Literal, out: &mut Vec<u8>) {
    match literal {
        Literal::Integer(integer) => {
            out.push(integer.width.code());
            out.extend_from_slice(&integer.value.to_le_bytes());
            out.extend_from_slice(&[integer.sign.code(), integer.base.code()]);
        }
        Literal::String(text) => write_string(STRING, text, out),
        Literal::Octets(octets) => {
            write_head(OCTETS, octets.len(), out);
            out.extend_from_slice(octets);
        }
        Literal::Sid(sid) => {
            write_head(SID, sid.encoded_len(), out);
            sid::write(sid, out);
        }
    }
}

fn write_string(code: u8, text: &str, out: &mut Vec<u8>) {
    write_head(code, text.encode_utf16().count().saturating_mul(2), out);
    out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
}

/// Writes a code and a length. The entry around it was measured: the length fits 16 bits.
fn write_head(code: u8, payload: usize, out: &mut Vec<u8>) {
    out.push(code);
    out.extend_from_slice(&u32::try_from(payload).unwrap_or(u32::MAX).to_le_bytes());
}
