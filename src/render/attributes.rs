//! The attributes that a condition asks for, as the check found them.

use super::{escape::Escaped, operands::Operands};
use crate::{
    caller::Caller,
    check::{AttributeLookup, EntryEnvironment, Unresolved},
    claim::{Claim, ClaimValues},
    condition::{AttributeClass, Condition, TokenRef, Truth, Utf16, compare_names},
    limits::MAX_RESOURCE_ATTRIBUTES,
    sddl,
};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// At most this many attributes are listed.
const MOST_LISTED: usize = 6;
/// At most this many characters of the values are shown.
const MOST_SHOWN: usize = 60;

/// The facts that made the value of a condition: the operands of `&&`, `||` and `!` that count, their attributes as the check found them, and
/// the groups that they ask for: `: (@USER.Title == "PM") is false; @User.Title is "QA"`. Empty for a condition without any.
pub(super) fn facts_text(
    condition: &Condition,
    caller: &Caller,
    environment: &EntryEnvironment<'_>,
    truth: Truth,
) -> String {
    let operands = Operands::of(condition, environment, truth);
    let decisive = operands
        .as_ref()
        .map_or_else(|| vec![condition], |operands| operands.conditions().collect());
    let mut facts = attributes(&decisive, environment);
    let mut text = String::new();
    if let Some(operands) = &operands {
        facts.extend(operands.groups_text(caller));
        text = operands.text();
    }
    let facts = facts.join(", ");
    match (text.is_empty(), facts.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!(": {facts}"),
        (false, true) => format!(": {text}"),
        (false, false) => format!(": {text}; {facts}"),
    }
}

/// The attributes that some conditions ask for, each with its values: `@User.Title is "QA"`, `@Device.Place is absent`.
fn attributes(conditions: &[&Condition], environment: &EntryEnvironment<'_>) -> Vec<String> {
    let mut names: Vec<(AttributeClass, Utf16<'_>)> = Vec::new();
    for token in conditions.iter().flat_map(|condition| condition.read()) {
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
            let found = found_text(class, environment.look_up(class, name));
            let kind = if class == AttributeClass::Local {
                " (a local attribute)"
            } else {
                ""
            };
            let name = Unresolved::Claim {
                class,
                name: name.to_string(),
            };
            format!("{}{kind} is {found}", Escaped(&name.to_string()))
        })
        .collect();
    if names.len() > MOST_LISTED {
        texts.push("…".to_string());
    }
    texts
}

/// The attribute as the check found it, after the word "is".
fn found_text(class: AttributeClass, found: AttributeLookup<'_>) -> String {
    match found {
        AttributeLookup::Found(claim) => values_text(class, claim),
        AttributeLookup::Disabled(claim) => format!("{}, but disabled", values_text(class, claim)),
        AttributeLookup::DenyOnly(claim) => format!("{}, but for Deny entries alone", values_text(class, claim)),
        AttributeLookup::Absent => "absent".to_string(),
        AttributeLookup::Unknown => "not known".to_string(),
        AttributeLookup::Repeated => "given more than once".to_string(),
        AttributeLookup::RepeatedValues => "ignored, because its values repeat".to_string(),
        AttributeLookup::TooMany => {
            format!("not looked up among more than {MAX_RESOURCE_ATTRIBUTES} entries of the SACL")
        }
    }
}

/// The values of a claim as they are written, in braces unless there is exactly one. SDDL writes the booleans of an object as numbers, and its
/// octet strings as they are. In claims of the caller they are `true` and `#0a0b`.
fn values_text(class: AttributeClass, claim: &Claim) -> String {
    let text = sddl::claim_to_text(claim, &sddl::Options::default());
    let words = match claim.values() {
        _ if class == AttributeClass::Resource => None,
        ClaimValues::Bool(values) => Some(values.iter().map(bool::to_string).collect::<Vec<_>>()),
        ClaimValues::Octets(values) => Some(values.iter().map(|value| octets_text(value)).collect()),
        ClaimValues::Int(_) | ClaimValues::Uint(_) | ClaimValues::String(_) | ClaimValues::Sid(_) => None,
    };
    let words = words.map(|words| words.join(","));
    // `("name",TS,0x0,"value",…)`: a name has no comma that is not escaped.
    let values = words.as_deref().filter(|values| !values.is_empty()).or_else(|| {
        text.as_deref()
            .and_then(|text| text.strip_suffix(')')?.splitn(4, ',').nth(3))
    });
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

fn octets_text(octets: &[u8]) -> String {
    let mut text = String::from("#");
    octets.iter().for_each(|octet| text.push_str(&format!("{octet:02x}")));
    text
}
