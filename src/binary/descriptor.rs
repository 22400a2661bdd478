//! Reads and writes descriptors ([MS-DTYP] 2.4.6).

use super::{
    acl,
    error::{DecodeErrorKind, EncodeError, ReadError, Truncated},
    reader::{Reader, length},
    sid,
};
use crate::{
    acl::{Acl, AclState},
    descriptor::{Control, SecurityDescriptor},
    limits::Limits,
    sid::{Sid, SidView},
};
use alloc::vec::Vec;

const REVISION: u8 = 1;
/// The bytes of the header of a descriptor.
const HEADER_LEN: usize = 20;

/// An offset in the header, and the field that holds it.
struct Offset<'a> {
    field: Reader<'a>,
    to: u32,
}

impl<'a> Offset<'a> {
    fn read(header: &mut Reader<'a>) -> Result<Self, ReadError> {
        let field = *header;
        let to = header.u32(Truncated::Descriptor)?;
        Ok(Self { field, to })
    }

    /// The part that the offset leads to, unless it is 0.
    fn part(&self, whole: Reader<'a>) -> Result<Option<Reader<'a>>, ReadError> {
        let to = self.to;
        match length(to) {
            0 => Ok(None),
            position if position < HEADER_LEN => Err(self.field.error(DecodeErrorKind::OffsetIntoHeader { to })),
            position => match whole.at(position) {
                None => Err(self.field.error(DecodeErrorKind::OffsetOutOfRange { to })),
                part => Ok(part),
            },
        }
    }

    fn sid(&self, whole: Reader<'a>) -> Result<Option<SidView<'a>>, ReadError> {
        let part = self.part(whole)?;
        part.map(|mut part| sid::read(&mut part)).transpose()
    }

    /// The list it points to, in the three states that a list has.
    fn list(&self, present: bool, whole: Reader<'a>) -> Result<AclState<Reader<'a>>, ReadError> {
        if !present {
            return Ok(AclState::Absent);
        }
        Ok(self.part(whole)?.map_or(AclState::Null, AclState::Present))
    }
}

/// A descriptor whose lists have not been read yet.
pub(super) struct Parts<'a> {
    pub(super) resource_manager_control: u8,
    pub(super) control: Control,
    pub(super) owner: Option<SidView<'a>>,
    pub(super) group: Option<SidView<'a>>,
    pub(super) sacl: AclState<Reader<'a>>,
    dacl: Offset<'a>,
    whole: Reader<'a>,
}

impl<'a> Parts<'a> {
    /// Reads the header, the owner and the group. Bytes that no offset leads to are accepted.
    #[expect(clippy::inline_always, reason = "what it returns is large, and would be moved twice")]
    #[inline(always)]
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let truncated = Truncated::Descriptor;
        let whole = Reader::new(bytes);
        let mut header = whole;
        let revision = header.u8(truncated)?;
        if revision != REVISION {
            return Err(whole.error(DecodeErrorKind::DescriptorRevisionUnknown { revision }));
        }
        let resource_manager_control = header.u8(truncated)?;
        let controlled = header;
        let control = Control::from_bits_retain(header.u16(truncated)?);
        if !control.contains(Control::SELF_RELATIVE) {
            return Err(controlled.error(DecodeErrorKind::DescriptorNotSelfRelative));
        }
        let owner = Offset::read(&mut header)?;
        let group = Offset::read(&mut header)?;
        let sacl = Offset::read(&mut header)?;
        let dacl = Offset::read(&mut header)?;
        Ok(Self {
            resource_manager_control,
            control,
            owner: owner.sid(whole)?,
            group: group.sid(whole)?,
            sacl: sacl.list(control.contains(Control::SACL_PRESENT), whole)?,
            dacl,
            whole,
        })
    }

    /// Finds the DACL. This is done after the SACL was read, so that its errors come first.
    pub(super) fn dacl(&self) -> Result<AclState<Reader<'a>>, ReadError> {
        self.dacl.list(self.control.contains(Control::DACL_PRESENT), self.whole)
    }
}

/// Reads a descriptor into an empty one. It is large, so returning it would move it several times.
#[inline]
pub(super) fn read_into(descriptor: &mut SecurityDescriptor, bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
    let parts = Parts::read(bytes)?;
    descriptor.set_control(parts.control);
    for (sid, place) in [
        (parts.owner, &mut descriptor.owner),
        (parts.group, &mut descriptor.group),
    ] {
        if let Some(sid) = sid {
            sid.copy_to(place.insert(Sid::NOBODY));
        }
    }
    descriptor.sacl = parts.sacl.try_map(|list| acl::read(list, limits))?;
    descriptor.dacl = parts.dacl()?.try_map(|list| acl::read(list, limits))?;
    descriptor.resource_manager_control = parts.resource_manager_control;
    Ok(())
}

pub(super) fn write(descriptor: &SecurityDescriptor) -> Result<Vec<u8>, EncodeError> {
    let list = |state: &AclState| state.acl().map_or(0, Acl::encoded_len);
    let sid_len = |sid: &Option<Sid>| sid.as_ref().map_or(0, Sid::encoded_len);
    let [sacl_len, dacl_len] = [list(&descriptor.sacl), list(&descriptor.dacl)];
    let lengths = [
        sacl_len,
        dacl_len,
        sid_len(&descriptor.owner),
        sid_len(&descriptor.group),
    ];
    let mut end = HEADER_LEN;
    let [sacl, dacl, owner, group] = lengths.map(|length| {
        let start = end;
        end = end.saturating_add(length);
        match length {
            0 => 0,
            // Beyond 32 bits only if a list is too large, which fails below.
            _ => u32::try_from(start).unwrap_or(u32::MAX),
        }
    });
    let mut out = Vec::with_capacity(end);
    out.extend_from_slice(&[REVISION, descriptor.resource_manager_control]);
    out.extend_from_slice(&descriptor.control().bits().to_le_bytes());
    for offset in [owner, group, sacl, dacl] {
        out.extend_from_slice(&offset.to_le_bytes());
    }
    for (state, bytes) in [(&descriptor.sacl, sacl_len), (&descriptor.dacl, dacl_len)] {
        if let AclState::Present(acl) = state {
            acl::write(acl, bytes, &mut out)?;
        }
    }
    for sid in [&descriptor.owner, &descriptor.group].into_iter().flatten() {
        sid.write(&mut out);
    }
    Ok(out)
}
