//! What a condition asks about, and what there is of it.

use super::escape::Escaped;
use crate::{
    ace::{Ace, ApplicationData},
    caller::Caller,
    check::Unresolved,
    claim::Claim,
    condition::{AttributeClass, Condition, Lookup, TokenRef, Utf16, compare_names},
    descriptor::SecurityDescriptor,
    sddl,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// Attributes are listed up to this many.
const MOST_LISTED: usize = 6;
/// Values are shown up to this many characters.
const MOST_SHOWN: usize = 60;

/// The condition of an entry, if it has one.
pub(super) fn condition(ace: &Ace) -> Option<&Condition> {
    match ace.data() {
        ApplicationData::Condition(condition) => Some(condition),
        ApplicationData::None | ApplicationData::Claim(_) | ApplicationData::Opaque(_) => None,
    }
}

/// The attributes that a condition asks about, each with its values: `@User.Title is "QA", @Device.Place is absent`. Empty if there
/// are none.
pub(super) fn held_text(condition: &Condition, descriptor: &SecurityDescriptor, caller: &Caller) -> String {
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
            let values = match find(class, name, descriptor, caller) {
                Lookup::Value(claim) => values_text(claim),
                Lookup::Absent => "absent".to_string(),
                Lookup::Unknown => "not known".to_string(),
            };
            let name = Unresolved::Claim {
                class,
                name: name.to_string(),
            };
            format!("{} is {values}", Escaped(&name.to_string()))
        })
        .collect();
    if names.len() > MOST_LISTED {
        texts.push("…".to_string());
    }
    texts.join(", ")
}

fn find<'a>(
    class: AttributeClass,
    name: Utf16<'_>,
    descriptor: &'a SecurityDescriptor,
    caller: &'a Caller,
) -> Lookup<&'a Claim> {
    match class {
        AttributeClass::User => caller.user_claim(name),
        AttributeClass::Device => caller.device_claim(name),
        AttributeClass::Local => Lookup::Absent,
        AttributeClass::Resource => {
            let entries = descriptor.sacl.aces();
            let claims = entries.iter().filter_map(|ace| match ace.data() {
                ApplicationData::Claim(claim) if !ace.is_inherit_only() => Some(claim),
                ApplicationData::Claim(_)
                | ApplicationData::None
                | ApplicationData::Condition(_)
                | ApplicationData::Opaque(_) => None,
            });
            let mut claims = claims.filter(|claim| compare_names(claim.name(), name).is_eq());
            match (claims.next(), claims.next()) {
                (Some(claim), None) => Lookup::Value(claim),
                (None, _) => Lookup::Absent,
                (Some(_), Some(_)) => Lookup::Unknown,
            }
        }
    }
}

/// Values as SDDL writes them, in braces unless there is one.
fn values_text(claim: &Claim) -> String {
    let text = sddl::claim_to_text(claim, &sddl::Options::default());
    // `("name",TS,0x0,"value",…)`: a name has no comma that is not escaped.
    let values = text
        .as_deref()
        .and_then(|text| text.strip_suffix(')')?.splitn(4, ',').nth(3));
    let values = match values {
        Some(values) => Escaped(values).to_string(),
        None if claim.values().is_empty() => return "empty".to_string(),
        None => return "not to be written".to_string(),
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
