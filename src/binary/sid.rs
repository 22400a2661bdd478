//! SIDs ([MS-DTYP] 2.4.2.2).

use super::{
    error::{DecodeError, DecodeErrorKind},
    reader::Reader,
};
use crate::{
    limits::MAX_SUB_AUTHORITIES,
    sid::{REVISION, Sid},
};

/// A SID in its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SidView<'a> {
    pub(super) authority: [u8; 6],
    /// 1 to 15, and as many sub-authorities.
    pub(super) count: u8,
    pub(super) sub_authorities: &'a [[u8; 4]],
}

impl SidView<'_> {
    pub(crate) fn to_sid(self) -> Sid {
        let mut sid = Sid::NOBODY;
        self.write(&mut sid);
        sid
    }

    /// Makes this SID of [`Sid::NOBODY`].
    pub(super) fn write(&self, nobody: &mut Sid) {
        nobody.set_fields(self.authority, self.count, self.sub_authorities);
    }

    pub(super) fn relative_id(&self) -> u32 {
        self.sub_authorities.last().copied().map_or(0, u32::from_le_bytes)
    }
}

/// Reads a SID, and leaves the reader after it.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Sid, DecodeError> {
    view(reader).map(SidView::to_sid)
}

/// The same, in its bytes.
pub(super) fn view<'a>(reader: &mut Reader<'a>) -> Result<SidView<'a>, DecodeError> {
    let truncated = DecodeErrorKind::SidTruncated;
    let start = *reader;
    let revision = reader.u8(truncated)?;
    if revision != REVISION {
        return Err(start.error(DecodeErrorKind::SidRevisionUnknown { revision }));
    }
    let counted = *reader;
    let count = reader.u8(truncated)?;
    let authority = reader.array(truncated)?;
    if !(1..=15).contains(&count) {
        return Err(counted.error(DecodeErrorKind::SidSubAuthorityCount { count }));
    }
    let (words, _) = reader.rest().as_chunks();
    let Some(sub_authorities) = words.get(..usize::from(count)) else {
        // Where the first one that is not all there begins.
        reader.skip(words.as_flattened().len());
        return Err(reader.error(truncated));
    };
    reader.skip(sub_authorities.as_flattened().len());
    Ok(SidView {
        authority,
        count,
        sub_authorities,
    })
}

/// Reads a SID that fills the part it stands in.
pub(super) fn read_whole(mut part: Reader<'_>) -> Result<Sid, DecodeError> {
    let sid = read(&mut part)?;
    match part.len() {
        0 => Ok(sid),
        _ => Err(part.error(DecodeErrorKind::SidTrailingBytes)),
    }
}

/// A SID as text in bytes, `S-1-5-32-544`, with U+0000 at the end or without: the form that Samba writes into claims.
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

/// The same text, if it is hexadecimal digits alone: no sign, which numbers are parsed with otherwise.
fn digits(number: &str) -> Option<&str> {
    number.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(number)
}
