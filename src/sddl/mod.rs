//! The text of security descriptors: SDDL ([MS-DTYP] 2.5.1).
//!
//! ```
//! use sddl_authz::{SecurityDescriptor, sddl};
//! let descriptor: SecurityDescriptor = "O:S-1-5-32-544D:(A;;0x1f01ff;;;S-1-5-18)".parse()?;
//! assert_eq!(sddl::to_text(&descriptor, &sddl::Options::default())?, "O:BAD:(A;;FA;;;SY)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod grammar;
mod inspect;
mod lexical;
mod options;
mod print;
mod violation;

pub use error::{AliasDomain, ParseError, ParseErrorKind, PrintError};
pub use inspect::{Inspection, inspect};
pub use options::{Dialect, Options};
pub use print::{ace_to_text, claim_to_text, condition_to_text, rights_to_text, sid_to_text, to_text};
pub use violation::{Violation, ViolationKind};

use crate::{ace::Ace, claim::Claim, condition::Condition, descriptor::SecurityDescriptor, mask::AccessMask, sid::Sid};
use alloc::vec::Vec;
use core::{cell::Cell, str::FromStr};
use grammar::Grammar;

/// Which list of a descriptor an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum AclKind {
    /// `D:`.
    Dacl,
    /// `S:`.
    Sacl,
}

impl AclKind {
    const fn other(self) -> Self {
        match self {
            Self::Dacl => Self::Sacl,
            Self::Sacl => Self::Dacl,
        }
    }
}

impl core::fmt::Display for AclKind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Dacl => "DACL",
            Self::Sacl => "SACL",
        })
    }
}

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
/// A suffix of NULs is cut first, however long.
///
/// # Errors
/// The first fault of the text; [`inspect`] finds them all.
#[doc(alias = "ConvertStringSecurityDescriptorToSecurityDescriptor")]
pub fn parse_with(text: &str, options: &Options) -> Result<SecurityDescriptor, ParseError> {
    let mut descriptor = SecurityDescriptor::default();
    match Grammar::new(text, options, ()).descriptor(&mut descriptor) {
        Ok(()) => Ok(descriptor),
        Err(fault) => Err(ParseError::new(fault, text)),
    }
}

/// As `text.parse()`, into an empty descriptor, and the entries of the first list into `room`, which is empty.
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

/// Reads a SID: `S-1-…`, or an alias, relative ones completed by [`Options::domains`].
///
/// # Errors
/// What is wrong with the text, or which domain is missing.
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

/// From the parenthesised text of SDDL, `(@User.Title == "PM")`.
impl FromStr for Condition {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Grammar::new(text, &Options::default(), ())
            .condition_alone()
            .map_err(|fault| ParseError::new(fault, text))
    }
}

/// From the parenthesised text of SDDL, `("name",TS,0x0,"value")`.
impl FromStr for Claim {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Grammar::new(text, &Options::default(), ())
            .claim_alone()
            .map_err(|fault| ParseError::new(fault, text))
    }
}
