//! Descriptors that stay in their bytes, for a check without decoding.

use super::{
    ace::{AceHead, AceView},
    acl::{self, Entries},
    descriptor::Parts,
    error::{DecodeError, Failed, ReadError},
    reader::Reader,
};
use crate::{
    ace::{Ace, Layout},
    acl::AclState,
    descriptor::Control,
    limits::Limits,
    sid::{Sid, SidView},
};
use alloc::boxed::Box;

/// A self-relative security descriptor ([\[MS-DTYP\] 2.4.6]) that stays in its bytes. It is made for one check or a few, without decoding
/// the DACL into memory. For many checks of one descriptor, decode it: entries with GUIDs, conditions or claims are decoded anew for each
/// check.
///
/// The whole descriptor is validated first. A view refuses the same bytes as [`from_bytes`](super::from_bytes), with the same error. The SACL
/// is decoded, if there is one.
///
/// [\[MS-DTYP\] 2.4.6]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, binary, binary::DescriptorView};
/// let bytes = binary::to_bytes(&"D:(A;;CC;;;WD)".parse()?)?;
/// let everybody = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
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
    /// Validates the bytes within the default [`Limits`]. This allocates nothing for a descriptor without a SACL that has no conditions and
    /// no opaque data.
    ///
    /// # Errors
    /// Fails if the bytes are not a descriptor, as [`from_bytes`](super::from_bytes) does.
    pub fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        Self::with_limits(bytes, &Limits::DEFAULT)
    }

    /// Validates the bytes within these limits.
    ///
    /// # Errors
    /// Fails if the bytes are not a descriptor, as [`from_bytes_with`](super::from_bytes_with) does.
    pub fn with_limits(bytes: &'a [u8], limits: &Limits) -> Result<Self, DecodeError> {
        Self::read(bytes, limits).map_err(|error| error.within(bytes))
    }

    #[inline]
    fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, ReadError> {
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

    /// The owner of the object.
    #[must_use]
    pub fn owner(&self) -> Option<Sid> {
        self.owner.map(SidView::to_sid)
    }

    /// The primary group of the owner.
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

    /// The control bits, as they are in the bytes.
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
        match AceView::read_validated::<Failed>(&mut after) {
            Ok(entry) if entry.layout() == Layout::Plain => {
                self.body = after;
                Some(EntryView::Plain(entry.head()))
            }
            Ok(_) | Err(_) => Some(EntryView::Decoded(self.decoded())),
        }
    }
}

impl EntryViews<'_, '_> {
    /// Decodes the next entry. If that fails, which it does in no list that was validated, the entry is of an unknown type, and denies.
    #[inline(never)]
    fn decoded(&mut self) -> Box<Ace> {
        let ace = AceView::read_validated::<ReadError>(&mut self.body).and_then(|entry| entry.decode(self.limits));
        Box::new(ace.unwrap_or_else(|_| Ace::unknown()))
    }
}

/// An entry of a list that stays in its bytes. Only entries with GUIDs or application data are decoded.
pub(crate) enum EntryView<'a> {
    /// An entry that has no fields but a mask and a SID. Each is read only when it is asked for.
    Plain(AceHead<'a>),
    Decoded(Box<Ace>),
}
