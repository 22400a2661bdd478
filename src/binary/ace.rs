//! Reads and writes entries ([MS-DTYP] 2.4.4).

use super::{
    claim, condition,
    error::{DecodeErrorKind, Failed, ReadError, Report, Truncated},
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

/// An entry within the bytes that hold it. All readers of entries start here.
#[derive(Clone, Copy)]
pub(super) struct AceView<'a> {
    head: AceHead<'a>,
    /// The bytes after the header that belong to the entry.
    body: Reader<'a>,
}

/// The header of an entry, and where its fields begin.
#[derive(Clone, Copy)]
pub(crate) struct AceHead<'a> {
    header: [u8; HEADER_LEN],
    /// The bytes after the header: those of the entry, and the entries after it.
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
    #[expect(clippy::inline_always, reason = "a call would move what it returns by way of memory")]
    #[inline(always)]
    pub(super) fn read<E: Report>(list: &mut Reader<'a>) -> Result<Self, E> {
        Self::read_with::<true, E>(list)
    }

    /// Reads the next entry of a list that was validated.
    #[expect(clippy::inline_always, reason = "a call would move what it returns by way of memory")]
    #[inline(always)]
    pub(super) fn read_validated<E: Report>(list: &mut Reader<'a>) -> Result<Self, E> {
        Self::read_with::<false, E>(list)
    }

    /// Reads the next entry of a list. `CHECKED` is whether to check what was not validated before.
    #[expect(clippy::inline_always, reason = "a call would move what it returns by way of memory")]
    #[inline(always)]
    fn read_with<const CHECKED: bool, E: Report>(list: &mut Reader<'a>) -> Result<Self, E> {
        let start = *list;
        let header @ [.., low, high] = *list
            .take_chunk::<HEADER_LEN>()
            .ok_or_else(|| E::of(|| Truncated::Ace.error(list.rest())))?;
        let bytes = u16::from_le_bytes([low, high]);
        let size_error = |kind| E::of(|| start.error(kind).after(SIZE_AT));
        if CHECKED && bytes % 4 != 0 {
            return Err(size_error(DecodeErrorKind::AceSizeUnaligned { bytes }));
        }
        if CHECKED && usize::from(bytes) < HEADER_LEN {
            return Err(size_error(DecodeErrorKind::AceSizeTooSmall { bytes }));
        }
        let head = AceHead {
            header,
            tail: list.rest(),
        };
        match list.take_part(usize::from(bytes).wrapping_sub(HEADER_LEN)) {
            Some(body) => Ok(Self { head, body }),
            None => Err(size_error(DecodeErrorKind::AceTruncated)),
        }
    }

    /// Reads the next entry of a list again, to learn why that failed.
    #[cold]
    #[inline(never)]
    pub(super) fn error(mut list: Reader<'a>) -> ReadError {
        let start = list;
        let fields = Self::read::<ReadError>(&mut list).and_then(|entry| entry.fields::<ReadError>(entry.layout()));
        fields.err().unwrap_or_else(|| Truncated::Ace.error(start.rest()))
    }

    #[inline]
    pub(super) const fn head(&self) -> AceHead<'a> {
        self.head
    }

    #[inline]
    pub(super) fn layout(&self) -> Layout {
        self.head.layout()
    }

    /// Reads the fields. `layout` is that of the entry. Bytes after them are the application data; if the layout has none, they are ignored.
    #[expect(
        clippy::inline_always,
        reason = "a constant layout leaves only the code for its fields"
    )]
    #[inline(always)]
    pub(super) fn fields<E: Report>(&self, layout: Layout) -> Result<Fields<'a>, E> {
        if layout == Layout::Opaque {
            return Ok(Fields {
                mask: AccessMask::empty(),
                objects: Guids::NONE,
                trustee: None,
                data: self.body,
            });
        }
        let mut rest = self.body;
        let mask = mask(&mut rest)?;
        let objects = if layout.has_objects() {
            Guids::read(&mut rest)?
        } else {
            Guids::NONE
        };
        let before = self.body.len().wrapping_sub(rest.len());
        sid::read::<E>(&mut rest)?;
        // With the entries after this one, the SID is decoded faster.
        let trustee = self.head.tail.get(before..).unwrap_or_default();
        Ok(Fields {
            mask,
            objects,
            trustee: Some(SidView::found(trustee)),
            data: rest,
        })
    }

    /// The bytes by which the entry will be longer when it is written. Only a claim grows, since its values may have shared bytes.
    pub(super) fn growth(&self, fields: &Fields<'_>, data: &ApplicationData) -> usize {
        match data {
            ApplicationData::Claim(claim) => {
                let written = claim.encoded_len().next_multiple_of(4);
                written.saturating_sub(fields.data.len())
            }
            ApplicationData::None | ApplicationData::Condition(_) | ApplicationData::Opaque(_) => 0,
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
        let (head, mask) = (self.head, fields.mask);
        let ace = match fields.trustee {
            Some(trustee) => Ace::add_decoded(aces, head.code(), head.flags(), mask, trustee)?,
            None => Ace::add(aces, head.ace_type(), head.flags(), mask, &Sid::NOBODY)?,
        };
        if layout.has_objects() {
            fields.objects.write_to(ace);
        }
        Some(ace)
    }

    /// Decodes the entry.
    pub(super) fn decode(&self, limits: &Limits) -> Result<Ace, ReadError> {
        let layout = self.layout();
        let fields = self.fields::<ReadError>(layout)?;
        let trustee = fields.trustee.map_or(Sid::NOBODY, SidView::to_sid);
        let mut ace = Ace::plain(self.head.ace_type(), trustee, fields.mask).with_flags(self.head.flags());
        fields.objects.write_to(&mut ace);
        ace.set_data(fields.decode_data(layout, limits)?);
        Ok(ace)
    }
}

impl<'a> AceHead<'a> {
    const fn code(self) -> u8 {
        let [code, ..] = self.header;
        code
    }

    #[inline]
    pub(crate) fn ace_type(self) -> AceType {
        AceType::from_code(self.code())
    }

    #[inline]
    pub(crate) const fn flags(self) -> AceFlags {
        let [_, flags, ..] = self.header;
        AceFlags::from_bits_retain(flags)
    }

    #[inline]
    pub(super) fn layout(self) -> Layout {
        layout_of_code(self.code())
    }

    /// The mask of an entry that was validated and is not opaque.
    #[inline]
    pub(crate) fn mask(self) -> AccessMask {
        mask::<Failed>(&mut Reader::new(self.tail)).unwrap_or_default()
    }

    /// The trustee of an entry that was validated and has no fields but a mask and a SID.
    #[inline]
    pub(crate) fn plain_trustee(self) -> SidView<'a> {
        let mut rest = Reader::new(self.tail);
        let _mask = mask::<Failed>(&mut rest);
        SidView::found(rest.rest())
    }
}

impl<'a> Fields<'a> {
    /// Decodes the application data. `layout` is that of the entry.
    pub(super) fn decode_data(&self, layout: Layout, limits: &Limits) -> Result<ApplicationData, ReadError> {
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
            // A condition beyond the limits is refused. A malformed one stays as it is, and so is never true and never false.
            Layout::Callback | Layout::CallbackObject | Layout::Condition => match condition::read(self.data, limits) {
                Ok(condition) => Ok(ApplicationData::Condition(condition)),
                Err(error) if error.kind().is_condition_limit() => Err(error),
                Err(_) => Ok(ApplicationData::Opaque(bytes.into())),
            },
        }
    }
}

/// Reads the mask that the fields of an entry begin with, if it is not opaque.
#[inline]
fn mask<E: Report>(fields: &mut Reader<'_>) -> Result<AccessMask, E> {
    u32(fields).map(AccessMask::from_bits_retain)
}

/// Reads a field of 32 bits.
#[inline]
fn u32<E: Report>(fields: &mut Reader<'_>) -> Result<u32, E> {
    match fields.take_chunk() {
        Some(bytes) => Ok(u32::from_le_bytes(*bytes)),
        None => Err(E::of(|| Truncated::Ace.error(fields.rest()))),
    }
}

impl<'a> Guids<'a> {
    const NONE: Self = Self {
        object: None,
        inherited: None,
    };

    /// Reads the flags of an object entry, and the GUIDs that they announce.
    #[inline]
    fn read<E: Report>(body: &mut Reader<'a>) -> Result<Self, E> {
        let start = *body;
        let flags = u32(body)?;
        if flags & !(OBJECT_PRESENT | INHERITED_PRESENT) != 0 {
            return Err(E::of(|| start.error(DecodeErrorKind::ObjectFlagsUnknown { flags })));
        }
        let mut guid = |bit| match flags & bit {
            0 => Ok(None),
            _ => match body.take_chunk() {
                None => Err(E::of(|| Truncated::Ace.error(body.rest()))),
                found => Ok(found),
            },
        };
        Ok(Self {
            object: guid(OBJECT_PRESENT)?,
            inherited: guid(INHERITED_PRESENT)?,
        })
    }

    /// Gives the GUIDs to an entry.
    #[expect(clippy::inline_always, reason = "a call would take as long as the work")]
    #[inline(always)]
    fn write_to(self, ace: &mut Ace) {
        let objects = ace.objects_mut();
        if let Some(bytes) = self.object {
            objects.object = Some(guid(bytes));
        }
        if let Some(bytes) = self.inherited {
            objects.inherited = Some(guid(bytes));
        }
    }
}

/// Decodes a GUID, whose first three fields are in little-endian order ([MS-DTYP] 2.3.4.2).
#[inline]
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
