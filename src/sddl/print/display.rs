//! `Display` for what SDDL can almost always say, with a marker in place of what it can't.

use super::{Options, ace_to_text, claim_to_text, condition_to_text, flags_to_text, rights_to_text, write_descriptor};
use crate::{
    ace::Ace, claim::Claim, condition::Condition, descriptor::SecurityDescriptor, mask::AccessMask, sddl::AclKind,
};
use alloc::{format, string::String};
use core::{convert::Infallible, fmt};

/// In place of a condition or a claim that has no form in SDDL.
const MARKER: &str = "(?)";

/// The entry as SDDL, with aliases. An entry that has no form in SDDL prints as a marker that no parser accepts, with the code of its type
/// and the fields that are known: `(?0x0c;OICI;0x1;;;S-1-1-0)`. [`ace_to_text`] tells the two apart.
impl fmt::Display for Ace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = match self.ace_type().effect().belongs_in_dacl() {
            Some(true) => AclKind::Dacl,
            Some(false) | None => AclKind::Sacl,
        };
        f.write_str(&ace_to_text(list, self, &Options::default()).unwrap_or_else(|| marker(self)))
    }
}

fn marker(ace: &Ace) -> String {
    let ace_type = ace.ace_type();
    let (rights, trustee) = match ace.trustee() {
        Some(trustee) if ace.mask() == AccessMask::empty() => (String::new(), format!("{trustee}")),
        Some(trustee) => (rights_to_text(ace_type, ace.mask()), format!("{trustee}")),
        None => (String::new(), String::new()),
    };
    format!(
        "(?{:#04x};{};{rights};;;{trustee})",
        ace_type.code(),
        flags_to_text(ace_type, ace.flags())
    )
}

/// The condition as SDDL, in its outer parentheses. A condition that has no form in SDDL, such as one with a quote in a string, prints as
/// `(?)`, which no parser accepts. [`condition_to_text`] tells the two apart.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = condition_to_text(self, &Options::default());
        f.write_str(text.as_deref().unwrap_or(MARKER))
    }
}

/// The claim as SDDL, in its parentheses. A claim that has no form in SDDL, such as one with a quote in a string, prints as `(?)`, which no
/// parser accepts. [`claim_to_text`] tells the two apart.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = claim_to_text(self, &Options::default());
        f.write_str(text.as_deref().unwrap_or(MARKER))
    }
}

/// The descriptor as SDDL, as [`to_text`](super::to_text) writes it with the default options. An entry that has no form in SDDL prints as a
/// marker that no parser accepts, such as `(?0x0c;;FA;;;S-1-1-0)`; `to_text` fails instead.
impl fmt::Display for SecurityDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = write_descriptor(self, &Options::default(), |_, _, ace| Ok::<_, Infallible>(marker(ace)));
        let Ok(text) = text;
        f.write_str(&text)
    }
}
