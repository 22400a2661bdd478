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

/// Reads a list. Spare bytes after its entries are accepted, and not kept.
pub(super) fn read(mut reader: Reader<'_>, limits: &Limits) -> Result<Acl, DecodeError> {
    let truncated = DecodeErrorKind::AclTruncated;
    let start = reader;
    let revision = reader.u8(truncated)?;
    if !(REVISION..=REVISION_OBJECTS).contains(&revision) {
        return Err(start.error(DecodeErrorKind::AclRevisionUnknown { revision }));
    }
    let _reserved = reader.u8(truncated)?;
    let sized = reader;
    let bytes = reader.u16(truncated)?;
    let size = usize::from(bytes);
    let limit = limits.acl_bytes.min(MAX_SIZE);
    let too_large = |bytes| DecodeErrorKind::AclTooLarge { bytes, limit };
    if size > limit {
        return Err(sized.error(too_large(size)));
    }
    let count = reader.u16(truncated)?;
    let _reserved = reader.u16(truncated)?;
    let Some(body) = size.checked_sub(HEADER_LEN) else {
        return Err(sized.error(DecodeErrorKind::AclSizeTooSmall { bytes }));
    };
    let mut body = reader.part(body, truncated).map_err(|_| sized.error(truncated))?;

    // Room for what the bytes can hold, whatever is declared.
    let most = body.len() / SMALLEST_ACE;
    let mut aces = Vec::with_capacity(most.min(usize::from(count)));
    let mut written = HEADER_LEN;
    for _ in 0..count {
        let start = body;
        if !ace::read_common(&mut body, &mut aces) {
            aces.push(ace::read(&mut body, limits)?);
        }
        // A claim whose values share bytes grows when it is written: what is read stays within what can be.
        written = written.saturating_add(aces.last().map_or(0, Ace::encoded_len));
        if written > limit {
            return Err(start.error(too_large(written)));
        }
    }
    Ok(aces.into())
}

pub(super) fn write(acl: &Acl, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let mut revision = REVISION;
    for (index, ace) in acl.aces().iter().enumerate() {
        let bytes = ace.encoded_len();
        if bytes > MAX_SIZE {
            return Err(EncodeError::AceTooLarge { index, bytes });
        }
        if ace.ace_type().layout().has_objects() {
            revision = REVISION_OBJECTS;
        }
    }
    let bytes = acl.encoded_len();
    let too_large = |_| EncodeError::AclTooLarge { bytes };
    let size = u16::try_from(bytes).map_err(too_large)?;
    let count = u16::try_from(acl.aces().len()).map_err(too_large)?;
    out.extend_from_slice(&[revision, 0]);
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    for ace in acl.aces() {
        ace::write(ace, out);
    }
    Ok(())
}
