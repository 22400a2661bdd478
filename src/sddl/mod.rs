//! The text of security descriptors: the security descriptor definition language, SDDL ([\[MS-DTYP\] 2.5.1][sddl]).
//!
//! [`parse`] and `text.parse()` read a descriptor, [`to_text`] and `to_string` write it. A [`Sid`], an [`Ace`], a [`Condition`], a
//! [`Claim`] and an [`AccessMask`] are read by `text.parse()` too.
//!
//! ```
//! use sddl_authz::{SecurityDescriptor, sddl};
//! let descriptor: SecurityDescriptor = "O:S-1-5-32-544D:(A;;0x1f01ff;;;S-1-5-18)".parse()?;
//! assert_eq!(sddl::to_text(&descriptor, &sddl::Options::default())?, "O:BAD:(A;;FA;;;SY)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [sddl]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f4296d69-1c0f-491f-9587-a960b292d070

mod acl_kind;
mod error;
mod grammar;
mod inspect;
mod lexical;
mod options;
mod print;
mod violation;

pub use acl_kind::AclKind;
pub use error::{AliasDomain, ParseError, ParseErrorKind, PrintError};
pub use inspect::{Inspection, inspect};
pub use options::{Dialect, Options};
pub use print::{ace_to_text, claim_to_text, condition_to_text, rights_to_text, sid_to_text, to_text};
pub use violation::{Violation, ViolationKind};

use crate::{ace::Ace, claim::Claim, condition::Condition, descriptor::SecurityDescriptor, mask::AccessMask, sid::Sid};
use alloc::vec::Vec;
use core::{cell::Cell, str::FromStr};
use grammar::Grammar;

/// Reads a descriptor from SDDL, with the default [`Options`]. `text.parse()` does the same.
///
/// # Errors
/// Fails at the first fault of the text; [`inspect`] finds them all.
///
/// ```
/// use sddl_authz::sddl;
/// let descriptor = sddl::parse("O:BAD:(A;;FA;;;SY)")?;
/// assert_eq!(descriptor.owner.map(|owner| owner.to_string()).as_deref(), Some("S-1-5-32-544"));
/// assert_eq!(sddl::parse("D:(A;;FA;;;XX)").unwrap_err().span().range(), 11..13);
/// # Ok::<(), sddl::ParseError>(())
/// ```
#[doc(alias = "ConvertStringSecurityDescriptorToSecurityDescriptor")]
pub fn parse(text: &str) -> Result<SecurityDescriptor, ParseError> {
    parse_with(text, &Options::default())
}

/// Reads a descriptor from SDDL, with options.
///
/// NULs at the end of the text are ignored, except in the strict dialect.
///
/// # Errors
/// Fails at the first fault of the text; [`inspect`] finds them all.
///
/// ```
/// use sddl_authz::sddl::{self, Options};
/// let mut options = Options::default();
/// options.domains.domain = Some("S-1-5-21-1-2-3".parse()?);
/// let descriptor = sddl::parse_with("D:(A;;FA;;;DA)", &options)?;
/// assert_eq!(descriptor.to_string(), "D:(A;;FA;;;S-1-5-21-1-2-3-512)");
/// # Ok::<(), sddl::ParseError>(())
/// ```
#[doc(alias = "ConvertStringSecurityDescriptorToSecurityDescriptor")]
pub fn parse_with(text: &str, options: &Options) -> Result<SecurityDescriptor, ParseError> {
    let mut descriptor = SecurityDescriptor::default();
    match Grammar::new(text, options, ()).descriptor(&mut descriptor) {
        Ok(()) => Ok(descriptor),
        Err(fault) => Err(ParseError::new(fault, text)),
    }
}

/// Reads a descriptor from SDDL into an empty one. Puts the entries of the first list into `room`, which is empty, to reuse its memory.
pub(crate) fn parse_into(descriptor: &mut SecurityDescriptor, room: Vec<Ace>, text: &str) -> Result<(), ParseError> {
    let options = Options::default();
    let read = Grammar::new(text, &options, Cell::new(room)).descriptor(descriptor);
    read.map_err(|fault| ParseError::new(fault, text))
}

impl FromStr for SecurityDescriptor {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text)
    }
}

/// Reads a SID with options: `S-1-…`, or an alias. [`Options::domains`] completes relative aliases such as `DA`.
///
/// # Errors
/// Fails if the text is no SID, or if the domain of its alias is not given.
///
/// ```
/// use sddl_authz::sddl::{self, Options};
/// let mut options = Options::default();
/// options.domains.machine = Some("S-1-5-21-1-2-3".parse()?);
/// assert_eq!(sddl::parse_sid_with("LA", &options)?.to_string(), "S-1-5-21-1-2-3-500");
/// # Ok::<(), sddl::ParseError>(())
/// ```
#[doc(alias = "ConvertStringSidToSid")]
pub fn parse_sid_with(text: &str, options: &Options) -> Result<Sid, ParseError> {
    Grammar::new(text, options, ())
        .sid_alone()
        .map_err(|fault| ParseError::new(fault, text))
}

impl FromStr for Sid {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse_sid_with(text, &Options::default())
    }
}

/// Reads one entry of a DACL or SACL, `(A;;FA;;;BA)`.
impl FromStr for Ace {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Grammar::new(text, &Options::default(), ())
            .ace_alone()
            .map_err(|fault| ParseError::new(fault, text))
    }
}

impl FromStr for AccessMask {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Grammar::new(text, &Options::default(), ())
            .rights_alone()
            .map_err(|fault| ParseError::new(fault, text))
    }
}

/// Reads a condition in its parentheses: `(@User.Title == "PM")`.
impl FromStr for Condition {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Grammar::new(text, &Options::default(), ())
            .condition_alone()
            .map_err(|fault| ParseError::new(fault, text))
    }
}

/// Reads a claim in its parentheses: `("name",TS,0x0,"value")`.
impl FromStr for Claim {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Grammar::new(text, &Options::default(), ())
            .claim_alone()
            .map_err(|fault| ParseError::new(fault, text))
    }
}
