//! Conditional expressions ([MS-DTYP] 2.4.4.17.4), with the byte at which an error shows.

use super::{
    error::{DecodeError, DecodeErrorKind},
    reader::Reader,
    sid,
};
use crate::{
    condition::{Checker, Condition, ConditionError, ConditionErrorKind, SIGNATURE, TokenErrorKind, Tokens},
    limits::Limits,
};

/// The most bytes of padding after a condition.
const MAX_PADDING: usize = 3;

/// Reads a condition that must fill the part, but for up to three zero bytes of padding.
pub(super) fn read(part: Reader<'_>, limits: &Limits) -> Result<Condition, DecodeError> {
    let bytes = part.rest();
    match bytes.first_chunk() {
        Some(&SIGNATURE) => {}
        Some(_) => return Err(part.error(DecodeErrorKind::ConditionSignatureMissing)),
        None => return Err(part.error(DecodeErrorKind::TokenTruncated)),
    }
    // The tokens of a condition that is certainly too large are not read.
    let limit = limits.condition_bytes;
    if bytes.len() > limit.saturating_add(MAX_PADDING) {
        let kind = ConditionErrorKind::ConditionTooLarge { limit };
        return Err(part.error(DecodeErrorKind::Condition(kind)));
    }
    let refused = |error: ConditionError| part.error_after(error.byte(), DecodeErrorKind::Condition(error.kind()));
    let mut checker = Checker::new(limits);
    let mut tokens = Tokens::of(bytes);
    let mut start = tokens.offset();
    while let Some(token) = tokens.next() {
        let token = token.map_err(|error| part.error_after(error.byte, kind(error.kind)))?;
        let end = tokens.offset();
        checker.make_room(end.saturating_sub(start)).map_err(refused)?;
        checker.accept(token).map_err(refused)?;
        start = end;
    }
    let (tokens, _) = bytes.split_at_checked(start).unwrap_or_default();
    part.after(start).padding()?;
    Condition::checked(checker, tokens.to_vec()).map_err(refused)
}

/// The kind of error that bytes have if a token in them has this one.
#[cold]
fn kind(error: TokenErrorKind) -> DecodeErrorKind {
    match error {
        TokenErrorKind::Truncated => DecodeErrorKind::TokenTruncated,
        TokenErrorKind::Unknown { code } => DecodeErrorKind::TokenUnknown { code },
        TokenErrorKind::CompositeMemberUnfit { code } => DecodeErrorKind::CompositeMemberUnfit { code },
        TokenErrorKind::IntegerSignUnknown { code } => DecodeErrorKind::IntegerSignUnknown { code },
        TokenErrorKind::IntegerBaseUnknown { code } => DecodeErrorKind::IntegerBaseUnknown { code },
        TokenErrorKind::StringOddLength { bytes } => DecodeErrorKind::StringOddLength {
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        },
        TokenErrorKind::StringUnpairedSurrogate => DecodeErrorKind::StringUnpairedSurrogate,
        TokenErrorKind::Sid(error) => sid::kind(error),
    }
}
