//! Checks of descriptors in their encoded form, SDDL text or self-relative bytes: for those who ask once and keep nothing.
//!
//! ```
//! use sddl_authz::{AccessCheck, AccessMask, Caller, binary};
//! let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
//! let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
//! assert!(question.check_text("D:(A;;RC;;;AU)")?.is_allowed());
//! assert!(question.check_bytes(&binary::to_bytes(&"D:(A;;RC;;;AU)".parse()?)?)?.is_allowed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData},
    acl::AclState,
    binary::{DecodeError, DescriptorView, EntryView},
    caller::Caller,
    check::{self, AccessCheck, Decision, Entry, Options, Source},
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sddl::{self, ParseError},
    sid::Sid,
};
use alloc::vec::Vec;
use core::mem;
use uuid::Uuid;

impl AccessCheck<'_> {
    /// Decides about a descriptor in SDDL.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    /// assert!(question.check_text("D:(A;;RC;;;AU)")?.is_allowed());
    /// assert!(question.check_text("D:(A;;RC;;;").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// An empty text is a descriptor without a DACL, which is open to everybody; [`check_text_with`](Self::check_text_with) can refuse it.
    ///
    /// # Errors
    /// Fails if the text is not SDDL, as `text.parse::<SecurityDescriptor>()` does: the whole text is read, even if its first entry
    /// decides.
    pub fn check_text(&self, text: &str) -> Result<Decision, ParseError> {
        Ok(self.check(&text.parse::<SecurityDescriptor>()?))
    }

    /// Decides about a descriptor in SDDL that is read with these options.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, sddl};
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    /// // As on Windows, an object without a DACL is open to everybody. A text that is missing is no such object.
    /// assert!(question.check_text("")?.is_allowed());
    /// let mut options = sddl::Options::default();
    /// options.refuse_empty = true;
    /// assert!(question.check_text_with("", &options).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the text is not SDDL, as [`sddl::parse_with`] does.
    pub fn check_text_with(&self, text: &str, options: &sddl::Options) -> Result<Decision, ParseError> {
        Ok(self.check(&sddl::parse_with(text, options)?))
    }

    /// Decides about a self-relative descriptor
    /// ([\[MS-DTYP\] 2.4.6](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d)),
    /// in its bytes.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, binary};
    /// let bytes = binary::to_bytes(&"D:(A;;RC;;;AU)".parse()?)?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
    /// assert!(question.check_bytes(&bytes)?.is_allowed());
    /// assert!(question.check_bytes(&bytes[1..]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the bytes are not a descriptor, as [`binary::from_bytes`](crate::binary::from_bytes) does: all of them are read, even if the
    /// first entry decides.
    pub fn check_bytes(&self, descriptor: &[u8]) -> Result<Decision, DecodeError> {
        match DescriptorView::new(descriptor) {
            // By reference: a view is large.
            Ok(ref view) => Ok(self.check(view)),
            Err(error) => Err(error),
        }
    }
}

/// Checks descriptors in SDDL, one after the other, in the same memory: nothing is allocated for a descriptor that has one list of plain
/// entries, once a list as long was read before.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, encoded::TextChecker};
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let question = AccessCheck::new(&caller, AccessMask::READ_CONTROL);
/// let mut checker = TextChecker::default();
/// assert!(checker.check(&question, "D:(A;;RC;;;AU)")?.is_allowed());
/// assert!(!checker.check(&question, "D:(A;;RC;;;BA)")?.is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TextChecker {
    // Empty between two checks.
    buffer: Vec<Ace>,
}

impl TextChecker {
    /// Decides about a descriptor in SDDL, as [`AccessCheck::check_text`] does.
    ///
    /// # Errors
    /// Fails if the text is not SDDL.
    pub fn check(&mut self, question: &AccessCheck<'_>, text: &str) -> Result<Decision, ParseError> {
        let mut descriptor = SecurityDescriptor::default();
        sddl::parse_into(&mut descriptor, mem::take(&mut self.buffer), text)?;
        let decision = question.check(&descriptor);
        for list in [&mut descriptor.dacl, &mut descriptor.sacl] {
            if let AclState::Present(acl) = list
                && acl.aces_mut().capacity() > self.buffer.capacity()
            {
                self.buffer = mem::take(acl.aces_mut());
            }
        }
        self.buffer.clear();
        Ok(decision)
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

    fn dacl(&self) -> AclState<impl Iterator<Item: Entry> + Clone> {
        DescriptorView::dacl(self)
    }

    fn is_unprotected(&self) -> bool {
        DescriptorView::is_unprotected(self)
    }

    fn decide(&self, caller: &Caller, desired: AccessMask, options: &Options) -> Decision {
        check::decide(self, caller, desired, options)
    }
}

impl Entry for EntryView<'_> {
    fn ace_type(&self) -> AceType {
        match self {
            Self::Plain(entry) => entry.ace_type(),
            Self::Decoded(ace) => ace.ace_type(),
        }
    }

    fn flags(&self) -> AceFlags {
        match self {
            Self::Plain(entry) => entry.flags(),
            Self::Decoded(ace) => ace.flags(),
        }
    }

    fn mask(&self) -> AccessMask {
        match self {
            Self::Plain(entry) => entry.mask(),
            Self::Decoded(ace) => ace.mask(),
        }
    }

    fn relative_id(&self) -> Option<u32> {
        match self {
            Self::Plain(entry) => Some(entry.plain_trustee().relative_id()),
            Self::Decoded(ace) => ace.trustee().map(Sid::relative_id),
        }
    }

    fn trustee<'e>(&'e self, scratch: &'e mut Sid) -> Option<&'e Sid> {
        match self {
            Self::Plain(entry) => {
                *scratch = entry.plain_trustee().to_sid();
                Some(scratch)
            }
            Self::Decoded(ace) => ace.trustee(),
        }
    }

    fn object(&self) -> Option<&Uuid> {
        match self {
            Self::Plain(_) => None,
            Self::Decoded(ace) => ace.objects().object.as_ref(),
        }
    }

    fn data(&self) -> &ApplicationData {
        match self {
            Self::Plain(_) => &ApplicationData::None,
            Self::Decoded(ace) => ace.data(),
        }
    }
}
