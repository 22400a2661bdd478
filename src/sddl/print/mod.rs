//! Writes descriptors as SDDL, in the form that Windows writes.

mod claim;
mod condition;
mod display;
mod sid;

pub use claim::claim_to_text;
pub use condition::condition_to_text;
pub use sid::sid_to_text;

use super::{AclKind, Options, PrintError};
use crate::{
    ace::{ACE_FLAGS, Ace, AceFlags, AceType, ApplicationData, Layout},
    acl::AclState,
    descriptor::{ACL_FLAGS, Control, SecurityDescriptor},
    mask::{AccessMask, RIGHT_BITS, RIGHT_LABEL_BITS, RIGHT_SETS},
};
use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
};

/// Writes a descriptor as SDDL in the form that Windows writes: parts in the order O, G, D, S, with aliases for SIDs that have one.
///
/// The text lacks the control bits that SDDL has no letters for (defaulted, trusted, resource manager) and the flags of a list that is
/// absent. It lacks nothing else. `descriptor.to_string()` writes the same text, but never fails.
///
/// # Errors
/// Fails if an entry has no form in SDDL.
///
/// ```
/// use sddl_authz::sddl;
/// let descriptor = sddl::parse("D:(A;;0x1f01ff;;;S-1-5-18)O:S-1-5-32-544")?;
/// assert_eq!(sddl::to_text(&descriptor, &sddl::Options::default())?, "O:BAD:(A;;FA;;;SY)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "ConvertSecurityDescriptorToStringSecurityDescriptor")]
pub fn to_text(descriptor: &SecurityDescriptor, options: &Options) -> Result<String, PrintError> {
    write_descriptor(descriptor, options, |list, entry, ace| {
        let type_code = ace.ace_type().code();
        Err(PrintError::NoTextForm { list, entry, type_code })
    })
}

/// Writes a descriptor, with the result of `no_text_form` in place of each entry that has no form in SDDL.
fn write_descriptor<E>(
    descriptor: &SecurityDescriptor,
    options: &Options,
    no_text_form: impl Fn(AclKind, usize, &Ace) -> Result<String, E>,
) -> Result<String, E> {
    let mut text = String::new();
    for (letter, sid) in [("O:", &descriptor.owner), ("G:", &descriptor.group)] {
        if let Some(sid) = sid {
            text.push_str(letter);
            text.push_str(&sid_to_text(sid, options));
        }
    }
    let control = descriptor.control();
    for (list, letter, state) in [
        (AclKind::Dacl, "D:", &descriptor.dacl),
        (AclKind::Sacl, "S:", &descriptor.sacl),
    ] {
        if *state == AclState::Absent {
            continue;
        }
        text.push_str(letter);
        push_acl_flags(&mut text, list, control);
        match state {
            AclState::Absent => {}
            AclState::Null => text.push_str("NO_ACCESS_CONTROL"),
            AclState::Present(acl) => {
                for (entry, ace) in acl.aces().iter().enumerate() {
                    match ace_to_text(list, ace, options) {
                        Some(ace) => text.push_str(&ace),
                        None => text.push_str(&no_text_form(list, entry, ace)?),
                    }
                }
            }
        }
    }
    Ok(text)
}

fn push_acl_flags(text: &mut String, list: AclKind, control: Control) {
    for flag in ACL_FLAGS {
        let bit = match list {
            AclKind::Dacl => flag.dacl,
            AclKind::Sacl => flag.sacl,
        };
        if control.contains(bit) {
            text.push_str(flag.token);
        }
    }
}

/// Writes an entry of a list as SDDL. Returns `None` if SDDL can't express it, or if its type does not belong in this list.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, Sid, sddl::{self, AclKind, Options}};
/// let ace = Ace::allow(Sid::EVERYONE, AccessMask::from_bits_retain(0x1200a9));
/// let text = sddl::ace_to_text(AclKind::Dacl, &ace, &Options::default());
/// assert_eq!(text.as_deref(), Some("(A;;0x1200a9;;;WD)"));
/// assert_eq!(sddl::ace_to_text(AclKind::Sacl, &ace, &Options::default()), None);
/// ```
#[must_use]
pub fn ace_to_text(list: AclKind, ace: &Ace, options: &Options) -> Option<String> {
    let ace_type = ace.ace_type();
    let token = ace_type.token()?;
    if ace_type.effect().belongs_in_dacl() != Some(list == AclKind::Dacl) {
        return None;
    }
    let trustee = sid_to_text(ace.trustee()?, options);
    let seventh_field = match (ace.data(), ace_type.layout()) {
        (ApplicationData::None, Layout::Callback | Layout::CallbackObject) | (ApplicationData::Opaque(_), _) => {
            return None;
        }
        (ApplicationData::None, _) => None,
        (ApplicationData::Condition(condition), _) => Some(condition_to_text(condition, options)?),
        (ApplicationData::Claim(_), _) if trustee != "WD" => return None,
        (ApplicationData::Claim(claim), _) => Some(claim_to_text(claim, options)?),
    };
    let (separator, seventh_field) = match &seventh_field {
        Some(field) => (";", field.as_str()),
        None => ("", ""),
    };
    let guid = |guid: Option<uuid::Uuid>| guid.map(|guid| guid.hyphenated().to_string()).unwrap_or_default();
    let objects = ace.objects();
    Some(alloc::format!(
        "({token};{};{};{};{};{trustee}{separator}{seventh_field})",
        flags_to_text(ace_type, ace.flags()),
        rights_to_text(ace_type, ace.mask()),
        guid(objects.object),
        guid(objects.inherited),
    ))
}

fn flags_to_text(ace_type: AceType, flags: AceFlags) -> String {
    ACE_FLAGS
        .iter()
        .filter(|(_, flag)| flags.contains(*flag))
        .map(|&(token, flag)| match (ace_type, flag) {
            (AceType::AccessFilter, AceFlags::TRUST_PROTECTED) => "TP",
            _ => token,
        })
        .collect()
}

/// Writes the rights of an entry as SDDL: the token of a set, else a token for each bit from the lowest to the highest, else the mask in
/// hexadecimal. No rights are an empty text.
///
/// ```
/// use sddl_authz::{AccessMask, AceType, sddl::rights_to_text};
/// let text = |bits| rights_to_text(AceType::Allow, AccessMask::from_bits_retain(bits));
/// assert_eq!([text(0x1f01ff), text(0x3), text(0x200), text(0)], ["FA", "CCDC", "0x200", ""]);
/// ```
#[must_use]
pub fn rights_to_text(ace_type: AceType, mask: AccessMask) -> String {
    if let Some(set) = RIGHT_SETS.iter().find(|set| set.mask == mask) {
        return set.token.to_owned();
    }
    let label = if ace_type == AceType::MandatoryLabel {
        RIGHT_LABEL_BITS
    } else {
        &[]
    };
    let bits = label.iter().chain(RIGHT_BITS.iter().skip(label.len()));
    let named = bits
        .clone()
        .fold(AccessMask::empty(), |named, right| named | right.mask);
    if named.contains(mask) {
        bits.filter(|right| mask.contains(right.mask))
            .map(|right| right.token)
            .collect()
    } else {
        mask.to_string()
    }
}
