//! The attributes that a condition asks for, as the check found them.

use super::escape::Escaped;
use crate::{
    check::{AttributeLookup, EntryEnvironment, Unresolved},
    claim::Claim,
    condition::{AttributeClass, Condition, TokenRef, Utf16, compare_names},
    limits::MAX_RESOURCE_ATTRIBUTES,
    sddl,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// At most this many attributes are listed.
const MOST_LISTED: usize = 6;
/// At most this many characters of the values are shown.
const MOST_SHOWN: usize = 60;

/// The attributes that the condition of an entry asks for, each with its values as the check found them:
/// `@User.Title is "QA", @Device.Place is absent`. Empty for a condition without attributes.
pub(super) fn attributes_text(condition: &Condition, environment: &EntryEnvironment<'_>) -> String {
    let mut names: Vec<(AttributeClass, Utf16<'_>)> = Vec::new();
    for token in condition.read() {
        if let TokenRef::Attribute(class, name) = token {
            let same = |known: &(AttributeClass, Utf16<'_>)| known.0 == class && compare_names(known.1, name).is_eq();
            if !names.iter().any(same) {
                names.push((class, name));
            }
        }
    }
    let mut texts: Vec<_> = names
        .iter()
        .take(MOST_LISTED)
        .map(|&(class, name)| {
            let found = found_text(environment.look_up(class, name));
            let name = Unresolved::Claim {
                class,
                name: name.to_string(),
            };
            format!("{} is {found}", Escaped(&name.to_string()))
        })
        .collect();
    if names.len() > MOST_LISTED {
        texts.push("…".to_string());
    }
    texts.join(", ")
}

/// The attribute as the check found it, after the word "is".
fn found_text(found: AttributeLookup<'_>) -> String {
    match found {
        AttributeLookup::Found(claim) => values_text(claim),
        AttributeLookup::Disabled(claim) => format!("{}, but disabled", values_text(claim)),
        AttributeLookup::DenyOnly(claim) => format!("{}, but for Deny entries alone", values_text(claim)),
        AttributeLookup::Absent => "absent".to_string(),
        AttributeLookup::Unknown => "not known".to_string(),
        AttributeLookup::Repeated => "given more than once".to_string(),
        AttributeLookup::TooMany => {
            format!("not looked up among more than {MAX_RESOURCE_ATTRIBUTES} entries of the SACL")
        }
    }
}

/// The values of a claim in SDDL, in braces unless there is exactly one.
fn values_text(claim: &Claim) -> String {
    let text = sddl::claim_to_text(claim, &sddl::Options::default());
    // `("name",TS,0x0,"value",…)`: a name has no comma that is not escaped.
    let values = text
        .as_deref()
        .and_then(|text| text.strip_suffix(')')?.splitn(4, ',').nth(3));
    let values = match values {
        Some(values) => Escaped(values).to_string(),
        None if claim.values().is_empty() => return "empty".to_string(),
        None => return "a value that SDDL can't express".to_string(),
    };
    let mut shown: String = values.chars().take(MOST_SHOWN).collect();
    if shown.len() < values.len() {
        shown.push('…');
    }
    match claim.values().len() {
        1 => shown,
        _ => format!("{{{shown}}}"),
    }
}
