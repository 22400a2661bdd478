//! Descriptors that stay in their bytes.

use super::{
    ace::{self, CommonAce},
    acl::{self, Entries, Written},
    descriptor::Parts,
    error::DecodeError,
    reader::Reader,
    sid::SidView,
};
use crate::{ace::Ace, acl::AclState, descriptor::Control, limits::Limits, sid::Sid};
use alloc::boxed::Box;

/// A self-relative security descriptor ([MS-DTYP] 2.4.6) that was read to its end, and whose DACL stays in its bytes: for those who ask once
/// and keep nothing. Entries that are not plain are read anew for each question: to ask often about many of them, decode.
///
/// What [`from_bytes`](super::from_bytes) refuses is refused, for the same reason. Owner and group stay in their bytes too; a SACL is read if there is one.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, binary, binary::DescriptorView};
/// let bytes = binary::to_bytes(&"D:(A;;CC;;;WD)".parse()?)?;
/// let everybody = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
/// let view = DescriptorView::new(&bytes)?;
/// assert!(AccessCheck::new(&everybody, AccessMask::from_bits_retain(0x1)).check(&view).is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DescriptorView<'a> {
    control: Control,
    owner: Option<SidView<'a>>,
    group: Option<SidView<'a>>,
    sacl: AclState,
    dacl: AclState<Entries<'a>>,
    limits: Limits,
}

impl<'a> DescriptorView<'a> {
    /// The view of these bytes, within the default [`Limits`]. Allocates nothing for a descriptor without SACL all of whose entries are
    /// plain.
    ///
    /// # Errors
    /// As [`from_bytes`](super::from_bytes).
    pub fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        Self::with_limits(bytes, &Limits::DEFAULT)
    }

    /// The view of these bytes, within these limits.
    ///
    /// # Errors
    /// As [`from_bytes_with`](super::from_bytes_with).
    pub fn with_limits(bytes: &'a [u8], limits: &Limits) -> Result<Self, DecodeError> {
        let parts = Parts::read(bytes)?;
        let sacl = parts.sacl.try_map(|list| acl::read(list, limits))?;
        let dacl = parts.dacl()?.try_map(|list| validated(list, limits))?;
        Ok(Self {
            control: parts.control,
            owner: parts.owner,
            group: parts.group,
            sacl,
            dacl,
            limits: *limits,
        })
    }

    /// Who owns the object.
    #[must_use]
    pub fn owner(&self) -> Option<Sid> {
        self.owner.map(SidView::to_sid)
    }

    /// The owner's group.
    #[must_use]
    pub fn group(&self) -> Option<Sid> {
        self.group.map(SidView::to_sid)
    }

    pub(crate) const fn has_owner(&self) -> bool {
        self.owner.is_some()
    }

    pub(crate) const fn has_group(&self) -> bool {
        self.group.is_some()
    }

    /// The control bits, as they stand there.
    #[must_use]
    pub const fn control(&self) -> Control {
        self.control
    }

    /// The SACL.
    #[must_use]
    pub const fn sacl(&self) -> &AclState {
        &self.sacl
    }

    pub(crate) const fn is_unprotected(&self) -> bool {
        !matches!(self.dacl, AclState::Present(_))
    }

    /// The state of the DACL, and the entries of one that is present.
    pub(crate) fn dacl(&self) -> AclState<EntryViews<'a, '_>> {
        self.dacl.as_ref().map(|list| EntryViews {
            body: list.body.rest(),
            count: list.count,
            limits: &self.limits,
        })
    }
}

/// The entries of a list that was read before.
#[derive(Clone)]
pub(crate) struct EntryViews<'a, 'l> {
    body: &'a [u8],
    count: u16,
    limits: &'l Limits,
}

impl<'a> Iterator for EntryViews<'a, '_> {
    type Item = EntryView<'a>;

    #[inline]
    fn next(&mut self) -> Option<EntryView<'a>> {
        self.count = self.count.checked_sub(1)?;
        if let Some((common, rest)) = ace::split_common(self.body) {
            self.body = rest;
            return Some(EntryView::Common(common));
        }
        Some(EntryView::Other(self.uncommon()))
    }
}

impl EntryViews<'_, '_> {
    #[inline(never)]
    fn uncommon(&mut self) -> Box<Ace> {
        let mut body = Reader::new(self.body);
        // It was read before; should it not be read again, it denies.
        let ace = ace::read(&mut body, self.limits).unwrap_or_else(|_| Ace::unknown());
        self.body = body.rest();
        Box::new(ace)
    }
}

/// An entry in its bytes, or read, if it is none of the common ones.
pub(crate) enum EntryView<'a> {
    Common(CommonAce<'a>),
    Other(Box<Ace>),
}

/// The entries of a list, once each was read.
fn validated<'a>(list: Reader<'a>, limits: &Limits) -> Result<Entries<'a>, DecodeError> {
    let entries = Entries::of(list, limits)?;
    let mut body = entries.body;
    let common = ace::skip_common(&mut body, entries.count);
    let mut written = Written::common(entries.body.len().wrapping_sub(body.len()));
    for _ in common..entries.count {
        let start = body;
        let bytes = match ace::common(&mut body) {
            Some(common) => common.encoded_len(),
            None => ace::read(&mut body, limits)?.encoded_len(),
        };
        written.add(bytes, start, limits)?;
    }
    Ok(entries)
}
