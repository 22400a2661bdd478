//! Entries ([MS-DTYP] 2.4.4).

use super::{
    claim, condition,
    error::{DecodeError, DecodeErrorKind},
    reader::Reader,
    sid::{self, SidView},
};
use crate::{
    ace::{Ace, AceFlags, AceParts, AceType, ApplicationData, Layout, ObjectTypes},
    condition::SIGNATURE,
    limits::Limits,
    mask::AccessMask,
    sid::Sid,
};
use alloc::vec::Vec;
use uuid::Uuid;

/// The bytes of an entry before its fields: type, flags and size.
const HEADER_LEN: usize = 4;
/// There is a GUID of the object ([MS-DTYP] 2.4.4.3).
const OBJECT_PRESENT: u32 = 1;
/// There is a GUID of the class that inherits.
const INHERITED_PRESENT: u32 = 2;

/// Reads an entry, and leaves the reader after it.
pub(super) fn read(list: &mut Reader<'_>, limits: &Limits) -> Result<Ace, DecodeError> {
    let truncated = DecodeErrorKind::AceTruncated;
    let start = *list;
    // All of the header or none of it: an error stands at its start.
    let [code, flags, low, high] = list.array(truncated)?;
    let bytes = u16::from_le_bytes([low, high]);
    let size_error = |kind| DecodeError::new(kind, start.offset().saturating_add(2));
    if bytes % 4 != 0 {
        return Err(size_error(DecodeErrorKind::AceSizeUnaligned { bytes }));
    }
    let Some(size) = usize::from(bytes).checked_sub(HEADER_LEN) else {
        return Err(size_error(DecodeErrorKind::AceSizeTooSmall { bytes }));
    };
    let mut body = list.part(size, truncated).map_err(|_| size_error(truncated))?;

    let ace_type = AceType::from_code(code);
    let flags = AceFlags::from_bits_retain(flags);
    let layout = ace_type.layout();
    if layout == Layout::Opaque {
        return Ace::opaque(ace_type, flags, body.rest().to_vec())
            .map_err(|error| start.error(DecodeErrorKind::Ace(error)));
    }
    let mask = AccessMask::from_bits_retain(body.u32(truncated)?);
    let objects = if layout.has_objects() {
        read_objects(&mut body)?
    } else {
        ObjectTypes::default()
    };
    let trustee = sid::read(&mut body)?;
    let parts = AceParts {
        ace_type,
        flags,
        mask,
        trustee,
        objects,
        data: read_data(layout, body, limits)?,
    };
    Ace::from_parts(parts).map_err(|error| start.error(DecodeErrorKind::Ace(error)))
}

/// An entry that is nothing but a mask and a SID, as nearly all are, in its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommonAce<'a> {
    code: u8,
    flags: u8,
    mask: [u8; 4],
    trustee: SidView<'a>,
}

impl CommonAce<'_> {
    pub(crate) const fn flags(&self) -> AceFlags {
        AceFlags::from_bits_retain(self.flags)
    }

    pub(crate) const fn mask(&self) -> AccessMask {
        AccessMask::from_bits_retain(u32::from_le_bytes(self.mask))
    }

    pub(crate) fn relative_id(&self) -> u32 {
        self.trustee.relative_id()
    }

    pub(crate) fn ace_type(&self) -> AceType {
        AceType::from_code(self.code)
    }

    /// Makes the trustee of [`Sid::NOBODY`].
    pub(crate) fn write_trustee(&self, nobody: &mut Sid) {
        self.trustee.write(nobody);
    }

    pub(super) const fn encoded_len(&self) -> usize {
        COMMON_LEN.wrapping_add(self.trustee.sub_authorities.len().wrapping_mul(4))
    }
}

/// The bytes of a common entry before its sub-authorities.
const COMMON_LEN: usize = 16;

/// Takes the entry that these bytes begin with, if it is a common one; [`read`] reads these just so.
#[inline]
pub(super) fn split_common(bytes: &[u8]) -> Option<(CommonAce<'_>, &[u8])> {
    let (header, tail) = bytes.split_first_chunk::<COMMON_LEN>()?;
    let [
        code @ 0..=3,
        flags,
        low,
        high,
        m0,
        m1,
        m2,
        m3,
        1,
        count @ 1..=15,
        authority @ ..,
    ] = *header
    else {
        return None;
    };
    let (sub_authorities, rest) = tail.split_at_checked(usize::from(count).wrapping_mul(4))?;
    let common = CommonAce {
        code,
        flags,
        mask: [m0, m1, m2, m3],
        trustee: SidView {
            authority,
            count,
            sub_authorities: sub_authorities.as_chunks().0,
        },
    };
    let size = usize::from(u16::from_le_bytes([low, high]));
    (size == common.encoded_len()).then_some((common, rest))
}

/// Takes the next entry of a list, if it is a common one.
#[inline]
pub(super) fn common<'a>(list: &mut Reader<'a>) -> Option<CommonAce<'a>> {
    let (common, _) = split_common(list.rest())?;
    list.skip(common.encoded_len());
    Some(common)
}

/// Leaves out the common entries that a list begins with, but no more than `most`, and says how many they are.
pub(super) fn skip_common(list: &mut Reader<'_>, most: u16) -> u16 {
    let mut rest = list.rest();
    let mut count = 0_u16;
    while count < most
        && let Some((_, after)) = split_common(rest)
    {
        rest = after;
        count = count.wrapping_add(1);
    }
    list.skip(list.len().wrapping_sub(rest.len()));
    count
}

/// Reads a common entry, adds it, and tells its length. Nothing where something else stands.
pub(super) fn read_common(list: &mut Reader<'_>, aces: &mut Vec<Ace>) -> Option<usize> {
    let tail = list.rest();
    let common = common(list)?;
    // Fifteen words are there unless the input ends: what follows the SID is read with it, and left out.
    let trustee = &common.trustee;
    let all = tail.split_first_chunk::<COMMON_LEN>()?.1.as_chunks().0.first_chunk();
    let ace = Ace::add(aces, common.ace_type(), common.flags(), common.mask(), &Sid::NOBODY)?;
    match all.and_then(|all| Sid::from_prefix(trustee.count.into(), trustee.authority, all.map(u32::from_le_bytes))) {
        Some(trustee) => *ace.trustee_mut() = trustee,
        None => common.write_trustee(ace.trustee_mut()),
    }
    Some(common.encoded_len())
}

fn read_objects(body: &mut Reader<'_>) -> Result<ObjectTypes, DecodeError> {
    let truncated = DecodeErrorKind::AceTruncated;
    let start = *body;
    let flags = body.u32(truncated)?;
    if flags & !(OBJECT_PRESENT | INHERITED_PRESENT) != 0 {
        return Err(start.error(DecodeErrorKind::ObjectFlagsUnknown { flags }));
    }
    let mut guid = |bit| {
        (flags & bit != 0)
            .then(|| body.array(truncated).map(Uuid::from_bytes_le))
            .transpose()
    };
    Ok(ObjectTypes {
        object: guid(OBJECT_PRESENT)?,
        inherited: guid(INHERITED_PRESENT)?,
    })
}

fn read_data(layout: Layout, data: Reader<'_>, limits: &Limits) -> Result<ApplicationData, DecodeError> {
    match layout {
        Layout::Claim => claim::read(data).map(|claim| ApplicationData::Claim(claim.into())),
        _ if data.len() == 0 => Ok(ApplicationData::None),
        Layout::Callback | Layout::CallbackObject if !data.rest().starts_with(&SIGNATURE) => {
            Ok(ApplicationData::Opaque(data.rest().into()))
        }
        Layout::Callback | Layout::CallbackObject | Layout::Condition => {
            condition::read(data, limits).map(ApplicationData::Condition)
        }
        Layout::Plain | Layout::Object | Layout::Opaque => Err(data.error(DecodeErrorKind::AceTrailingBytes)),
    }
}

/// Writes an entry whose size fits 16 bits.
pub(super) fn write(ace: &Ace, out: &mut Vec<u8>) {
    let size = ace.encoded_len();
    let end = out.len().saturating_add(size);
    let [low, high] = u16::try_from(size).unwrap_or(u16::MAX).to_le_bytes();
    out.extend_from_slice(&[ace.ace_type().code(), ace.flags().bits(), low, high]);
    if let Some(trustee) = ace.trustee() {
        out.extend_from_slice(&ace.mask().bits().to_le_bytes());
        if ace.ace_type().layout().has_objects() {
            write_objects(ace.objects(), out);
        }
        trustee.write(out);
    }
    match ace.data() {
        ApplicationData::None => {}
        ApplicationData::Condition(condition) => out.extend_from_slice(condition.as_bytes()),
        ApplicationData::Claim(claim) => claim::write(claim, out),
        ApplicationData::Opaque(bytes) => out.extend_from_slice(bytes),
    }
    out.resize(end, 0);
}

fn write_objects(objects: &ObjectTypes, out: &mut Vec<u8>) {
    let bit = |guid: Option<Uuid>, bit| if guid.is_some() { bit } else { 0 };
    let flags = bit(objects.object, OBJECT_PRESENT) | bit(objects.inherited, INHERITED_PRESENT);
    out.extend_from_slice(&flags.to_le_bytes());
    for guid in [objects.object, objects.inherited].into_iter().flatten() {
        out.extend_from_slice(&guid.to_bytes_le());
    }
}
