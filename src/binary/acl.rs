//! Reads and writes lists ([MS-DTYP] 2.4.5).

use super::{
    ace::{self, AceView, Fields},
    error::{DecodeErrorKind, EncodeError, Failed, ReadError, Truncated},
    reader::{MAX_SIZE, Reader},
};
use crate::{
    ace::{Ace, Layout},
    acl::Acl,
    limits::Limits,
};
use alloc::vec::Vec;

/// The bytes of the header of a list.
const HEADER_LEN: usize = 8;
/// The revision of a list without object entries.
const REVISION: u8 = 2;
/// The revision of a list with object entries. Callback entries and resource attributes do not need it.
const REVISION_OBJECTS: u8 = 4;
/// The bytes of the smallest entry: an opaque one without a body.
const SMALLEST_ACE: usize = 4;

/// The entries of a list that have not been read yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entries<'a> {
    pub(super) body: Reader<'a>,
    pub(super) count: u16,
}

impl<'a> Entries<'a> {
    /// Reads the header of a list. Spare bytes after its entries are accepted.
    #[inline]
    pub(super) fn of(mut reader: Reader<'a>, limits: &Limits) -> Result<Self, ReadError> {
        let truncated = Truncated::Acl;
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
        let body = reader
            .part(body, truncated)
            .map_err(|_| truncated.error(sized.rest()))?;
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

/// Takes the entries of a list as they are read.
trait Sink {
    /// Takes an entry, and returns it if it is to get its application data.
    fn take(&mut self, entry: &AceView<'_>, layout: Layout, fields: &Fields<'_>) -> Option<&mut Ace>;
}

impl Sink for Vec<Ace> {
    #[expect(
        clippy::inline_always,
        reason = "a constant layout leaves only the code for its fields"
    )]
    #[inline(always)]
    fn take(&mut self, entry: &AceView<'_>, layout: Layout, fields: &Fields<'_>) -> Option<&mut Ace> {
        entry.push_onto(layout, fields, self)
    }
}

/// Takes the entries of a list that is only validated.
struct Discard;

impl Sink for Discard {
    #[inline]
    fn take(&mut self, _: &AceView<'_>, _: Layout, _: &Fields<'_>) -> Option<&mut Ace> {
        None
    }
}

impl Entries<'_> {
    /// Reads each entry and gives it to `sink`.
    ///
    /// A list may be longer when it is written than it was when it was read, as the values of a claim may share bytes in what is read, and
    /// never do in what is written. Both lengths are kept within the limit, so that what was read can be written.
    #[inline]
    fn read(self, limits: &Limits, sink: &mut impl Sink) -> Result<(), ReadError> {
        let Self { mut body, count } = self;
        let mut written = body.len().saturating_add(HEADER_LEN);
        for _ in 0..count {
            let start = body;
            let Ok(entry) = AceView::read::<Failed>(&mut body) else {
                return Err(AceView::error(start));
            };
            // The compiler makes code of its own for each constant. Most entries have these two layouts.
            let taken = match entry.layout() {
                Layout::Plain => take_fields(&entry, Layout::Plain, sink),
                Layout::Object => take_fields(&entry, Layout::Object, sink),
                Layout::Callback | Layout::CallbackObject | Layout::Claim | Layout::Condition | Layout::Opaque => {
                    let growth = read_with_data(start, limits, sink)?;
                    written = written.saturating_add(growth);
                    if growth > 0 && written > limit(limits) {
                        return Err(start.error(too_large(written, limits)));
                    }
                    continue;
                }
            };
            if taken.is_err() {
                return Err(AceView::error(start));
            }
        }
        Ok(())
    }
}

/// Reads the fields of an entry without application data. `layout` is that of its type.
#[expect(
    clippy::inline_always,
    reason = "a constant layout leaves only the code for its fields"
)]
#[inline(always)]
fn take_fields(entry: &AceView<'_>, layout: Layout, sink: &mut impl Sink) -> Result<(), Failed> {
    let fields = entry.fields::<Failed>(layout)?;
    sink.take(entry, layout, &fields);
    Ok(())
}

/// Reads the fields and the application data of the entry that `list` begins with. Returns the bytes by which the entry will be longer when
/// it is written.
#[inline(never)]
fn read_with_data(mut list: Reader<'_>, limits: &Limits, sink: &mut impl Sink) -> Result<usize, ReadError> {
    let entry = AceView::read::<ReadError>(&mut list)?;
    let layout = entry.layout();
    let fields = entry.fields::<ReadError>(layout)?;
    let data = fields.decode_data(layout, limits)?;
    let growth = entry.growth(&fields, &data);
    if let Some(ace) = sink.take(&entry, layout, &fields) {
        ace.set_data(data);
    }
    Ok(growth)
}

impl<'a> Entries<'a> {
    /// Reads the header of a list, and each entry. The entries stay in their bytes.
    pub(super) fn validated(reader: Reader<'a>, limits: &Limits) -> Result<Self, ReadError> {
        let entries = Self::of(reader, limits)?;
        entries.read(limits, &mut Discard)?;
        Ok(entries)
    }
}

/// Reads a list.
#[inline(never)]
pub(super) fn read(reader: Reader<'_>, limits: &Limits) -> Result<Acl, ReadError> {
    let entries = Entries::of(reader, limits)?;
    // The declared count is not trusted beyond what the bytes can hold.
    let most = entries.body.len() / SMALLEST_ACE;
    let mut aces = Vec::with_capacity(most.min(usize::from(entries.count)));
    entries.read(limits, &mut aces)?;
    Ok(aces.into())
}

/// Writes a list whose length is `bytes`.
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

/// Finds out what is too large: an entry, or the whole list.
#[cold]
fn too_large_to_write(acl: &Acl, bytes: usize) -> EncodeError {
    let mut entries = acl.aces().iter().map(Ace::encoded_len).enumerate();
    match entries.find(|&(_, bytes)| bytes > MAX_SIZE) {
        Some((index, bytes)) => EncodeError::AceTooLarge { index, bytes },
        None => EncodeError::AclTooLarge { bytes },
    }
}
