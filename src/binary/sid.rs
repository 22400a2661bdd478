//! SIDs ([MS-DTYP] 2.4.2.2), with the byte at which an error shows.

use super::{
    error::{DecodeErrorKind, ReadError, Report},
    reader::Reader,
};
use crate::{
    limits::MAX_SUB_AUTHORITIES,
    sid::{Sid, SidError, SidView},
};

/// Reads a SID, and leaves the reader after it.
#[inline]
pub(super) fn read<'a, E: Report>(reader: &mut Reader<'a>) -> Result<SidView<'a>, E> {
    match SidView::split(reader.rest()) {
        Some((view, rest)) => {
            reader.skip_to(rest);
            Ok(view)
        }
        None => Err(E::of(|| error(*reader))),
    }
}

#[cold]
#[inline(never)]
fn error(reader: Reader<'_>) -> ReadError {
    let (error, byte) = SidView::error(reader.rest());
    reader.error(kind(error)).after(byte)
}

/// The kind of error that bytes have if a SID in them has this one.
#[cold]
pub(super) fn kind(error: SidError) -> DecodeErrorKind {
    match error {
        // Six bytes always fit an authority.
        SidError::Truncated | SidError::AuthorityOutOfRange { .. } => DecodeErrorKind::SidTruncated,
        SidError::RevisionUnknown { revision } => DecodeErrorKind::SidRevisionUnknown { revision },
        SidError::SubAuthorityCount { count } => DecodeErrorKind::SidSubAuthorityCount {
            count: u8::try_from(count).unwrap_or(u8::MAX),
        },
        SidError::TrailingBytes { .. } => DecodeErrorKind::SidTrailingBytes,
    }
}

/// Reads a SID that must fill the part.
pub(super) fn read_whole(mut part: Reader<'_>) -> Result<Sid, ReadError> {
    let sid = read::<ReadError>(&mut part)?;
    match part.len() {
        0 => Ok(sid.to_sid()),
        _ => Err(part.error(DecodeErrorKind::SidTrailingBytes)),
    }
}

/// Reads a SID as text, `S-1-5-32-544`, with or without U+0000 at its end: Samba writes this form into claims.
pub(super) fn from_ascii(bytes: &[u8]) -> Option<Sid> {
    let text = core::str::from_utf8(bytes.strip_suffix(&[0]).unwrap_or(bytes)).ok()?;
    let mut numbers = text.strip_prefix("S-1-")?.split('-');
    let authority = match numbers.next()? {
        number if number.starts_with("0x") => u64::from_str_radix(digits(number.strip_prefix("0x")?)?, 16).ok()?,
        number => digits(number)?.parse().ok()?,
    };
    let mut all = [0; MAX_SUB_AUTHORITIES];
    let mut count = 0_usize;
    for number in numbers {
        *all.get_mut(count)? = digits(number)?.parse().ok()?;
        count = count.saturating_add(1);
    }
    Sid::new(authority, all.get(..count)?).ok()
}

/// Returns the number if it has digits alone. A sign, which `parse` takes too, is refused.
fn digits(number: &str) -> Option<&str> {
    number.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(number)
}
