//! Checks of descriptors that nobody keeps: in the bytes they stand in, or of one text after the other.

use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData},
    acl::AclState,
    binary::{DecodeError, DescriptorView, EntryView, ListState},
    caller::Caller,
    check::{self, Dacl, Decision, Entry, Options, Source},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sddl::{self, ParseError},
    sid::Sid,
};
use alloc::vec::Vec;
use core::mem;
use uuid::Uuid;

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
    match DescriptorView::new(descriptor) {
        // Where it stands: it is large.
        Ok(ref view) => Ok(view.check(caller, desired, options)),
        Err(error) => Err(error),
    }
}

/// Checks descriptors in SDDL, each in the memory of the one before: nothing is allocated for one with a single list of plain
/// entries that is no longer.
///
/// ```
/// use sddl_authz::{AccessMask, Caller, check::Options, in_place::TextChecker};
/// let mut checker = TextChecker::default();
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?;
/// let execute = AccessMask::from_bits_retain(0x1);
/// assert!(checker.check("D:(A;;CC;;;AU)", &caller, execute, &Options::default())?.is_allowed());
/// assert!(checker.check("D:(A;;CC;;;", &caller, execute, &Options::default()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TextChecker {
    // Empty between two checks.
    room: Vec<Ace>,
}

impl TextChecker {
    /// As [`check_with`](check::check_with), of a descriptor in SDDL.
    ///
    /// # Errors
    /// As `text.parse::<SecurityDescriptor>()`: all of the descriptor is read, whatever the decision rests on.
    pub fn check(
        &mut self,
        text: &str,
        caller: &Caller,
        desired: AccessMask,
        options: &Options,
    ) -> Result<Decision, ParseError> {
        let mut descriptor = SecurityDescriptor::default();
        sddl::parse_into(&mut descriptor, mem::take(&mut self.room), text)?;
        let decision = check::check_with(&descriptor, caller, desired, options);
        for list in [&mut descriptor.dacl, &mut descriptor.sacl] {
            if let AclState::Present(acl) = list
                && acl.aces_mut().capacity() > self.room.capacity()
            {
                self.room = mem::take(acl.aces_mut());
            }
        }
        self.room.clear();
        Ok(decision)
    }
}

impl DescriptorView<'_> {
    /// As [`check_with`](check::check_with).
    pub fn check(&self, caller: &Caller, desired: AccessMask, options: &Options) -> Decision {
        check::check_source(self, caller, desired, options)
    }
}

impl Source for DescriptorView<'_> {
    fn owner(&self) -> Option<Sid> {
        DescriptorView::owner(self)
    }

    fn has_owner(&self) -> bool {
        DescriptorView::has_owner(self)
    }

    fn has_group(&self) -> bool {
        DescriptorView::has_group(self)
    }

    fn sacl(&self) -> &AclState {
        DescriptorView::sacl(self)
    }

    fn dacl(&self) -> Dacl<impl Iterator<Item: Entry> + Clone> {
        match DescriptorView::dacl(self) {
            ListState::Absent => Dacl::Absent,
            ListState::Null => Dacl::Null,
            ListState::Present(entries) => Dacl::Present(entries),
        }
    }
}

impl Entry for EntryView<'_> {
    fn ace_type(&self) -> AceType {
        match self {
            Self::Common(common) => common.ace_type(),
            Self::Other(ace) => ace.ace_type(),
        }
    }

    fn flags(&self) -> AceFlags {
        match self {
            Self::Common(common) => common.flags(),
            Self::Other(ace) => ace.flags(),
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

    fn trustee<'e>(&'e self, room: &'e mut Sid) -> Option<&'e Sid> {
        match self {
            Self::Common(common) => {
                common.write_trustee(room);
                Some(room)
            }
            Self::Other(ace) => ace.trustee(),
        }
    }

    fn object(&self) -> Option<&Uuid> {
        match self {
            Self::Common(_) => None,
            Self::Other(ace) => ace.objects().object.as_ref(),
        }
    }

    fn data(&self) -> &ApplicationData {
        match self {
            Self::Common(_) => &ApplicationData::None,
            Self::Other(ace) => ace.data(),
        }
    }
}
