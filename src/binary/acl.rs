//! Lists ([MS-DTYP] 2.4.5).

use super::{
    ace,
    error::{DecodeError, DecodeErrorKind, EncodeError},
    reader::Reader,
};
use crate::{ace::Ace, acl::Acl, limits::Limits};
use alloc::vec::Vec;

/// The bytes of a list before its entries.
const HEADER_LEN: usize = 8;
/// The revision of a list without object entries.
const REVISION: u8 = 2;
/// The revision of a list with object entries. Callback entries and resource attributes alone do not ask for it.
const REVISION_OBJECTS: u8 = 4;
/// The bytes of the smallest entry that is read: an unread one without a body.
const SMALLEST_ACE: usize = 4;
/// The most that the 16-bit size of a list or an entry can say.
pub(super) const MAX_SIZE: usize = 65_535;

/// The entries of a list that have not been read yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entries<'a> {
    pub(super) body: Reader<'a>,
    pub(super) count: u16,
}

impl<'a> Entries<'a> {
    /// Reads the header of a list. Spare bytes after its entries are accepted.
    pub(super) fn of(mut reader: Reader<'a>, limits: &Limits) -> Result<Self, DecodeError> {
        let truncated = DecodeErrorKind::AclTruncated;
        let start = reader;
        let revision = reader.u8(truncated)?;
        if !(REVISION..=REVISION_OBJECTS).contains(&revision) {
            return Err(start.error(DecodeErrorKind::AclRevisionUnknown { revision }));
        }
        let _reserved = reader.u8(truncated)?;
        let sized = reader;
        let bytes = reader.u16(truncated)?;
        if usize::from(bytes) > limit(limits) {
            return Err(sized.error(too_large(bytes.into(), limits)));
        }
        let count = reader.u16(truncated)?;
        let _reserved = reader.u16(truncated)?;
        let Some(body) = usize::from(bytes).checked_sub(HEADER_LEN) else {
            return Err(sized.error(DecodeErrorKind::AclSizeTooSmall { bytes }));
        };
        let body = reader.part(body, truncated).map_err(|_| sized.error(truncated))?;
        Ok(Self { body, count })
    }
}

fn limit(limits: &Limits) -> usize {
    limits.acl_bytes.min(MAX_SIZE)
}

fn too_large(bytes: usize, limits: &Limits) -> DecodeErrorKind {
    let limit = limit(limits);
    DecodeErrorKind::AclTooLarge { bytes, limit }
}

/// The bytes of a list when it is written: a claim whose values share bytes grows. What is read stays within what can be written.
pub(super) struct Written(usize);

impl Written {
    pub(super) const NOTHING: Self = Self(HEADER_LEN);

    /// Common entries that were read from so many bytes, and are as long when they are written.
    pub(super) const fn common(bytes: usize) -> Self {
        Self(HEADER_LEN.saturating_add(bytes))
    }

    /// Adds an entry of so many bytes, which was read from `start` on.
    #[inline]
    pub(super) fn add(&mut self, bytes: usize, start: Reader<'_>, limits: &Limits) -> Result<(), DecodeError> {
        self.0 = self.0.saturating_add(bytes);
        if self.0 > limit(limits) {
            return Err(start.error(too_large(self.0, limits)));
        }
        Ok(())
    }
}

/// Reads a list.
#[inline(never)]
pub(super) fn read(reader: Reader<'_>, limits: &Limits) -> Result<Acl, DecodeError> {
    let Entries { mut body, count } = Entries::of(reader, limits)?;
    // Room for what the bytes can hold, whatever is declared.
    let most = body.len() / SMALLEST_ACE;
    let mut aces = Vec::with_capacity(most.min(usize::from(count)));
    let mut written = Written::NOTHING;
    for _ in 0..count {
        let start = body;
        let length = match ace::read_common(&mut body, &mut aces) {
            Some(length) => length,
            None => {
                let ace = ace::read(&mut body, limits)?;
                let length = ace.encoded_len();
                aces.push(ace);
                length
            }
        };
        written.add(length, start, limits)?;
    }
    Ok(aces.into())
}

/// Writes a list of so many bytes.
pub(super) fn write(acl: &Acl, bytes: usize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let (Ok(size), Ok(count)) = (u16::try_from(bytes), u16::try_from(acl.aces().len())) else {
        return Err(too_large_to_write(acl, bytes));
    };
    let objects = acl.aces().iter().any(|ace| ace.ace_type().layout().has_objects());
    let revision = if objects { REVISION_OBJECTS } else { REVISION };
    let ([s0, s1], [c0, c1]) = (size.to_le_bytes(), count.to_le_bytes());
    out.extend_from_slice(&[revision, 0, s0, s1, c0, c1, 0, 0]);
    for ace in acl.aces() {
        ace::write(ace, out);
    }
    Ok(())
}

/// What is too large about a list: an entry, or all of them together.
#[cold]
fn too_large_to_write(acl: &Acl, bytes: usize) -> EncodeError {
    let mut entries = acl.aces().iter().map(Ace::encoded_len).enumerate();
    match entries.find(|&(_, bytes)| bytes > MAX_SIZE) {
        Some((index, bytes)) => EncodeError::AceTooLarge { index, bytes },
        None => EncodeError::AclTooLarge { bytes },
    }
}
