//! Reads and writes entries ([MS-DTYP] 2.4.4).

use super::{
    claim, condition,
    error::{DecodeError, DecodeErrorKind},
    reader::Reader,
    sid,
};
use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData, Layout, ObjectTypes, layout_of_code},
    condition::SIGNATURE,
    limits::Limits,
    mask::AccessMask,
    sid::{Sid, SidView},
};
use alloc::vec::Vec;
use uuid::Uuid;

/// The bytes of the header: type, flags and size.
const HEADER_LEN: usize = 4;
/// The offset of the size in the header.
const SIZE_AT: usize = 2;
/// The object flag `ACE_OBJECT_TYPE_PRESENT` ([MS-DTYP] 2.4.4.3).
const OBJECT_PRESENT: u32 = 1;
/// The object flag `ACE_INHERITED_OBJECT_TYPE_PRESENT`.
const INHERITED_PRESENT: u32 = 2;

/// An entry within the bytes that hold it: the header, and as many bytes as its size says. All readers of entries start here.
#[derive(Clone, Copy)]
pub(super) struct AceView<'a> {
    code: u8,
    flags: u8,
    size: u16,
    /// The bytes after the header.
    body: Reader<'a>,
    /// These bytes, and the entries after this one.
    tail: &'a [u8],
}

/// The fields of an entry after its header, within the bytes that hold them. Its application data is not decoded.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    mask: AccessMask,
    objects: Guids<'a>,
    /// `None` in an opaque entry.
    trustee: Option<SidView<'a>>,
    /// The bytes after the trustee, or all bytes of an opaque entry.
    data: Reader<'a>,
}

/// The GUIDs of an object entry.
#[derive(Clone, Copy)]
struct Guids<'a> {
    object: Option<&'a [u8; 16]>,
    inherited: Option<&'a [u8; 16]>,
}

impl<'a> AceView<'a> {
    /// Reads the next entry of a list.
    #[inline]
    pub(super) fn read(list: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let truncated = DecodeErrorKind::AceTruncated;
        let start = *list;
        let [code, flags, low, high] = list.array(truncated)?;
        let size = u16::from_le_bytes([low, high]);
        let size_error = |kind| start.error_after(SIZE_AT, kind);
        if size % 4 != 0 {
            return Err(size_error(DecodeErrorKind::AceSizeUnaligned { bytes: size }));
        }
        let Some(body) = usize::from(size).checked_sub(HEADER_LEN) else {
            return Err(size_error(DecodeErrorKind::AceSizeTooSmall { bytes: size }));
        };
        let tail = list.rest();
        let Ok(body) = list.part(body, truncated) else {
            return Err(size_error(truncated));
        };
        Ok(Self {
            code,
            flags,
            size,
            body,
            tail,
        })
    }

    #[inline]
    pub(super) fn ace_type(&self) -> AceType {
        AceType::from_code(self.code)
    }

    pub(super) const fn flags(&self) -> AceFlags {
        AceFlags::from_bits_retain(self.flags)
    }

    pub(super) fn layout(&self) -> Layout {
        layout_of_code(self.code)
    }

    /// Reads the fields. `layout` is that of the entry.
    #[expect(
        clippy::inline_always,
        reason = "a constant layout leaves only the code for its fields"
    )]
    #[inline(always)]
    pub(super) fn fields(&self, layout: Layout) -> Result<Fields<'a>, DecodeError> {
        let truncated = DecodeErrorKind::AceTruncated;
        let mut fields = Fields {
            mask: AccessMask::empty(),
            objects: Guids::NONE,
            trustee: None,
            data: self.body,
        };
        if layout == Layout::Opaque {
            return Ok(fields);
        }
        fields.mask = AccessMask::from_bits_retain(fields.data.u32(truncated)?);
        if layout.has_objects() {
            fields.objects = Guids::read(&mut fields.data)?;
        }
        let before = self.body.len().wrapping_sub(fields.data.len());
        let trustee = sid::read(&mut fields.data)?;
        fields.trustee = Some(trustee.widened(self.tail.get(before..).unwrap_or_default()));
        if !layout.has_data() && fields.data.len() > 0 {
            return Err(fields.data.error(DecodeErrorKind::AceTrailingBytes));
        }
        Ok(fields)
    }

    pub(super) fn size(&self) -> usize {
        self.size.into()
    }

    /// The bytes that the entry will have when it is written. Only a claim is not written as it was: its values may have shared bytes, or
    /// had gaps between them.
    pub(super) fn written_len(&self, fields: &Fields<'_>, data: &ApplicationData) -> usize {
        match data {
            ApplicationData::Claim(claim) => {
                let before = self.size().saturating_sub(fields.data.len());
                before.saturating_add(claim.encoded_len().next_multiple_of(4))
            }
            ApplicationData::None | ApplicationData::Condition(_) | ApplicationData::Opaque(_) => self.size(),
        }
    }

    /// Decodes the entry without its application data, appends it to a list, and returns it.
    #[expect(
        clippy::inline_always,
        reason = "a constant layout leaves only the code for its fields"
    )]
    #[inline(always)]
    pub(super) fn push_onto<'l>(
        &self,
        layout: Layout,
        fields: &Fields<'_>,
        aces: &'l mut Vec<Ace>,
    ) -> Option<&'l mut Ace> {
        let ace = Ace::add(aces, self.ace_type(), self.flags(), fields.mask, &Sid::NOBODY)?;
        if let Some(trustee) = fields.trustee {
            trustee.write_to(ace.trustee_mut());
        }
        if layout.has_objects() {
            fields.objects.write_to(ace);
        }
        Some(ace)
    }

    /// Decodes the entry.
    pub(super) fn decode(&self, limits: &Limits) -> Result<Ace, DecodeError> {
        let layout = self.layout();
        let fields = self.fields(layout)?;
        let trustee = fields.trustee.map_or(Sid::NOBODY, SidView::to_sid);
        let mut ace = Ace::plain(self.ace_type(), trustee, fields.mask).with_flags(self.flags());
        fields.objects.write_to(&mut ace);
        ace.set_data(fields.decode_data(layout, limits)?);
        Ok(ace)
    }
}

impl<'a> Fields<'a> {
    pub(super) const fn mask(&self) -> AccessMask {
        self.mask
    }

    pub(super) const fn trustee(&self) -> Option<SidView<'a>> {
        self.trustee
    }

    /// Decodes the application data. `layout` is that of the entry.
    pub(super) fn decode_data(&self, layout: Layout, limits: &Limits) -> Result<ApplicationData, DecodeError> {
        let bytes = self.data.rest();
        match layout {
            Layout::Plain | Layout::Object => Ok(ApplicationData::None),
            Layout::Claim => claim::read(self.data).map(|claim| ApplicationData::Claim(claim.into())),
            Layout::Opaque => Ok(ApplicationData::Opaque(bytes.into())),
            Layout::Callback | Layout::CallbackObject | Layout::Condition if bytes.is_empty() => {
                Ok(ApplicationData::None)
            }
            Layout::Callback | Layout::CallbackObject if !bytes.starts_with(&SIGNATURE) => {
                Ok(ApplicationData::Opaque(bytes.into()))
            }
            Layout::Callback | Layout::CallbackObject | Layout::Condition => {
                condition::read(self.data, limits).map(ApplicationData::Condition)
            }
        }
    }
}

impl<'a> Guids<'a> {
    const NONE: Self = Self {
        object: None,
        inherited: None,
    };

    /// Reads the flags of an object entry, and the GUIDs that they announce.
    #[inline]
    fn read(body: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let truncated = DecodeErrorKind::AceTruncated;
        let start = *body;
        let flags = body.u32(truncated)?;
        if flags & !(OBJECT_PRESENT | INHERITED_PRESENT) != 0 {
            return Err(start.error(DecodeErrorKind::ObjectFlagsUnknown { flags }));
        }
        let mut guid = |bit| (flags & bit != 0).then(|| body.chunk(truncated)).transpose();
        Ok(Self {
            object: guid(OBJECT_PRESENT)?,
            inherited: guid(INHERITED_PRESENT)?,
        })
    }

    /// Gives the GUIDs to an entry.
    #[inline(never)]
    fn write_to(self, ace: &mut Ace) {
        ace.set_objects(self.object.map(guid), self.inherited.map(guid));
    }
}

/// Decodes a GUID, whose first three fields are in little-endian order ([MS-DTYP] 2.3.4.2).
fn guid(bytes: &[u8; 16]) -> Uuid {
    let [a, b, c, d, e, f, g, h, rest @ ..] = *bytes;
    let high = u64::from_be_bytes([d, c, b, a, f, e, h, g]);
    Uuid::from_u64_pair(high, u64::from_be_bytes(rest))
}

/// Writes an entry. The caller has checked that its size fits 16 bits.
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
