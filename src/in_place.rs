//! Checks of descriptors that nobody keeps: in the bytes they stand in.

use crate::{
    ace::{Ace, AceFlags},
    acl::AclState,
    binary::{AclView, DecodeError, DescriptorView, EntryView},
    caller::Caller,
    check::{self, Dacl, Decision, Entry, Options, Source},
    mask::AccessMask,
    sid::Sid,
};

/// As [`check_with`](check::check_with), of a self-relative descriptor in its bytes ([MS-DTYP] 2.4.6).
///
/// # Errors
/// As [`binary::from_bytes`](crate::binary::from_bytes): all of the descriptor is read, whatever the decision rests on.
pub fn check_bytes(
    descriptor: &[u8],
    caller: &Caller,
    desired: AccessMask,
    options: &Options,
) -> Result<Decision, DecodeError> {
    Ok(DescriptorView::new(descriptor)?.check(caller, desired, options))
}

impl DescriptorView<'_> {
    /// As [`check_with`](check::check_with).
    pub fn check(&self, caller: &Caller, desired: AccessMask, options: &Options) -> Decision {
        check::check_source(self, caller, desired, options)
    }
}

impl Source for DescriptorView<'_> {
    fn owner(&self) -> Option<&Sid> {
        DescriptorView::owner(self)
    }

    fn has_group(&self) -> bool {
        self.group().is_some()
    }

    fn sacl(&self) -> &AclState {
        DescriptorView::sacl(self)
    }

    fn dacl(&self) -> Dacl<impl Iterator<Item: Entry> + Clone> {
        match DescriptorView::dacl(self) {
            AclView::Absent => Dacl::Absent,
            AclView::Null => Dacl::Null,
            AclView::Present(entries) => Dacl::Present(entries),
        }
    }
}

impl Entry for EntryView<'_> {
    fn is_inherit_only(&self) -> bool {
        match self {
            Self::Common(common) => common.flags().contains(AceFlags::INHERIT_ONLY),
            Self::Other(ace) => ace.is_inherit_only(),
        }
    }

    fn mask(&self) -> AccessMask {
        match self {
            Self::Common(common) => common.mask(),
            Self::Other(ace) => ace.mask(),
        }
    }

    fn relative_id(&self) -> Option<u32> {
        match self {
            Self::Common(common) => Some(common.relative_id()),
            Self::Other(ace) => ace.trustee().map(Sid::relative_id),
        }
    }

    fn ace<'e>(&'e self, room: &'e mut Option<Ace>) -> &'e Ace {
        match self {
            Self::Common(common) => room.insert(common.to_ace()),
            Self::Other(ace) => ace,
        }
    }
}
