//! Conditional expressions ([MS-DTYP] 2.4.4.17.4), with the byte at which an error shows.

use super::{
    error::{DecodeErrorKind, ReadError},
    reader::Reader,
    sid,
};
use crate::{
    condition::{BinaryFormErrorKind, Condition, TokenErrorKind},
    limits::Limits,
};

/// Reads a condition that must fill the part, but for up to three zero bytes of padding.
pub(super) fn read(part: Reader<'_>, limits: &Limits) -> Result<Condition, ReadError> {
    Condition::from_binary_form(part.rest(), limits).map_err(|error| part.error(kind(error.kind)).after(error.byte))
}

/// The kind of error that bytes have if a condition in them has this one.
#[cold]
fn kind(error: BinaryFormErrorKind) -> DecodeErrorKind {
    match error {
        BinaryFormErrorKind::SignatureMissing => DecodeErrorKind::ConditionSignatureMissing,
        BinaryFormErrorKind::Token(error) => token_kind(error),
        BinaryFormErrorKind::Condition(error) => DecodeErrorKind::Condition(error),
        BinaryFormErrorKind::PaddingNonzero => DecodeErrorKind::PaddingNonzero,
        BinaryFormErrorKind::PaddingTooLong { bytes } => DecodeErrorKind::PaddingTooLong { bytes },
    }
}

/// The kind of error that bytes have if a token in them has this one.
#[cold]
fn token_kind(error: TokenErrorKind) -> DecodeErrorKind {
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
