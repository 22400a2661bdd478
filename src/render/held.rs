//! What a condition asks about, and what there is of it.

use super::escape::Escaped;
use crate::{
    ace::{Ace, ApplicationData},
    check::{AttributeLookup, EntryEnvironment, Unresolved},
    claim::Claim,
    condition::{AttributeClass, Condition, TokenRef, Utf16, compare_names},
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
pub(super) fn held_text(condition: &Condition, environment: &EntryEnvironment<'_>) -> String {
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
            let values = match environment.look_up(class, name) {
                AttributeLookup::Found(claim) => values_text(claim),
                AttributeLookup::Absent => "absent".to_string(),
                AttributeLookup::Unknown => "not known".to_string(),
                AttributeLookup::Disabled(claim) => format!("{}, but disabled", values_text(claim)),
                AttributeLookup::DenyOnly(claim) => format!("{}, but for entries that deny only", values_text(claim)),
                AttributeLookup::Repeated => "given more than once".to_string(),
                AttributeLookup::TooMany => "one of too many attributes".to_string(),
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
