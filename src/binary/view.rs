//! Descriptors that stay in their bytes.

use super::{
    ace::AceView,
    acl::{self, Entries},
    descriptor::Parts,
    error::DecodeError,
    reader::Reader,
};
use crate::{
    ace::{Ace, AceFlags, AceType, Layout},
    acl::AclState,
    descriptor::Control,
    limits::Limits,
    mask::AccessMask,
    sid::{Sid, SidView},
};
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
        let dacl = parts.dacl()?.try_map(|list| Entries::validated(list, limits))?;
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
            body: list.body,
            count: list.count,
            limits: &self.limits,
        })
    }
}

/// The entries of a list that was validated.
#[derive(Clone)]
pub(crate) struct EntryViews<'a, 'l> {
    body: Reader<'a>,
    count: u16,
    limits: &'l Limits,
}

impl<'a> Iterator for EntryViews<'a, '_> {
    type Item = EntryView<'a>;

    #[inline]
    fn next(&mut self) -> Option<EntryView<'a>> {
        self.count = self.count.checked_sub(1)?;
        let mut after = self.body;
        if let Ok(entry) = AceView::read(&mut after)
            && entry.layout() == Layout::Plain
            && let Ok(fields) = entry.fields(Layout::Plain)
            && let Some(trustee) = fields.trustee()
        {
            self.body = after;
            return Some(EntryView::Plain(PlainAce {
                ace_type: entry.ace_type(),
                flags: entry.flags(),
                mask: fields.mask(),
                trustee,
            }));
        }
        Some(EntryView::Decoded(self.decoded()))
    }
}

impl EntryViews<'_, '_> {
    /// Decodes the next entry. If that fails, which it does in no list that was validated, the entry is of an unknown type, and denies.
    #[inline(never)]
    fn decoded(&mut self) -> Box<Ace> {
        let ace = AceView::read(&mut self.body).and_then(|entry| entry.decode(self.limits));
        Box::new(ace.unwrap_or_else(|_| Ace::unknown()))
    }
}

/// An entry of a list that stays in its bytes. Only entries with GUIDs or application data are decoded.
pub(crate) enum EntryView<'a> {
    Plain(PlainAce<'a>),
    Decoded(Box<Ace>),
}

/// An entry that has no fields but a mask and a SID.
pub(crate) struct PlainAce<'a> {
    pub(crate) ace_type: AceType,
    pub(crate) flags: AceFlags,
    pub(crate) mask: AccessMask,
    pub(crate) trustee: SidView<'a>,
}
