//! Conditional expressions ([MS-DTYP] 2.4.4.17.4).

use super::{
    error::{DecodeError, DecodeErrorKind},
    reader::{Reader, length},
    sid,
};
use crate::{
    condition::{
        AttributeClass, COMPOSITE, Condition, ConditionErrorKind, OCTETS, Operator, Radix, SID, SIGNATURE, STRING,
        Sign, Width,
    },
    limits::Limits,
};

const PADDING: u8 = 0x00;

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
    while let Some(&code) = part.rest().first() {
        if code == PADDING {
            part.padding()?;
            break;
        }
        read_token(&mut part)?;
    }
    let end = start.len().saturating_sub(part.len());
    let bytes = start.rest().get(..end).unwrap_or_default();
    Condition::from_bytes(bytes.to_vec(), limits).map_err(|error| {
        DecodeError::new(
            DecodeErrorKind::Condition(error.kind()),
            start.offset().saturating_add(error.byte()),
        )
    })
}

fn read_token(part: &mut Reader<'_>) -> Result<(), DecodeError> {
    let start = *part;
    let code = part.u8(TRUNCATED)?;
    if code == COMPOSITE {
        let mut payload = read_payload(part)?;
        while payload.len() > 0 {
            let start = payload;
            let code = payload.u8(TRUNCATED)?;
            read_literal(code, &mut payload)?
                .ok_or_else(|| start.error(DecodeErrorKind::CompositeMemberUnfit { code }))?;
        }
        return Ok(());
    }
    if AttributeClass::from_code(code).is_some() {
        return read_string(part);
    }
    if Operator::from_code(code).is_some() {
        return Ok(());
    }
    read_literal(code, part)?.ok_or_else(|| start.error(DecodeErrorKind::TokenUnknown { code }))
}

/// The literal after its code, if it is one.
fn read_literal(code: u8, part: &mut Reader<'_>) -> Result<Option<()>, DecodeError> {
    if Width::from_code(code).is_some() {
        return read_integer(part).map(Some);
    }
    match code {
        STRING => read_string(part).map(Some),
        OCTETS => read_payload(part).map(|_| Some(())),
        SID => sid::read_whole(read_payload(part)?).map(|_| Some(())),
        _ => Ok(None),
    }
}

fn read_integer(part: &mut Reader<'_>) -> Result<(), DecodeError> {
    part.u64(TRUNCATED)?;
    let signed = *part;
    let code = part.u8(TRUNCATED)?;
    Sign::from_code(code).ok_or_else(|| signed.error(DecodeErrorKind::IntegerSignUnknown { code }))?;
    let based = *part;
    let code = part.u8(TRUNCATED)?;
    Radix::from_code(code).ok_or_else(|| based.error(DecodeErrorKind::IntegerBaseUnknown { code }))?;
    Ok(())
}

/// The bytes after a length.
fn read_payload<'a>(part: &mut Reader<'a>) -> Result<Reader<'a>, DecodeError> {
    let counted = *part;
    let count = part.u32(TRUNCATED)?;
    part.part(length(count), TRUNCATED)
        .map_err(|_| counted.error(TRUNCATED))
}

fn read_string(part: &mut Reader<'_>) -> Result<(), DecodeError> {
    let counted = *part;
    let payload = read_payload(part)?;
    if payload.len() % 2 != 0 {
        let bytes = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        return Err(counted.error(DecodeErrorKind::StringOddLength { bytes }));
    }
    payload.characters().try_for_each(|character| character.map(drop))
}
