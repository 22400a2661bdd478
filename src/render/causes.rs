//! The reasons why rights are missing, in words.

use super::{escape::Escaped, words::denial_reason_text};
use crate::{
    caller::IntegrityLevel,
    check::{EntryOutcome, Explanation, MissingCause, Pass, Step},
};
use alloc::{format, string::String};
use core::fmt;

/// The reason why rights are missing. `it` is the word for these rights.
pub(super) fn cause_text(explanation: &Explanation, cause: MissingCause, pass: Pass, it: &dyn fmt::Display) -> String {
    let (to_whom, who) = match pass {
        Pass::Caller => ("", "this caller"),
        Pass::RestrictingSids => (" to the restricting SIDs", "the restricting SIDs"),
        Pass::AppContainer => (" to the app container", "the app container"),
    };
    match cause {
        MissingCause::Denied { index } => {
            let outcomes = || explanation.steps.iter().filter_map(|step| outcome_of(step, index));
            let is_unknown = outcomes().any(|outcome| matches!(outcome, EntryOutcome::UnknownTypeDenied { .. }));
            let unknown = if is_unknown { ", whose type is unknown," } else { "" };
            let is_below = outcomes().any(|outcome| outcome == EntryOutcome::OtherPart);
            let part = if is_below { ", for a part below" } else { "" };
            format!("entry {index}{unknown} denies {it}{to_whom}{part}")
        }
        MissingCause::Integrity if has_unreadable_label(explanation) => {
            format!("the mandatory label can't be read, so it is above every caller: it keeps {it} back")
        }
        MissingCause::Integrity => format!("the object's integrity is above the caller's, which keeps {it} back"),
        MissingCause::DaclEmpty => format!("the DACL is empty, so no entry grants {it}"),
        MissingCause::NotGranted => format!("no entry grants {it} to {who}"),
        MissingCause::Uncertain { index: Some(index) } => {
            format!("it is not known whether entry {index} applies, which is about {it}")
        }
        MissingCause::Uncertain { index: None } => {
            format!("it is not known whether the caller is the owner, who would be granted {it}")
        }
        MissingCause::CentralPolicy { rule } => {
            format!("{} of the central policy keeps {it} back", rule_text(explanation, rule))
        }
        MissingCause::CentralPolicyUncertain { rule } => {
            format!(
                "it is not known whether {} of the central policy keeps {it} back",
                rule_text(explanation, rule)
            )
        }
        MissingCause::NotLookedAt => format!("{it} was not looked at: the check had ended"),
        MissingCause::Refused { reason } => format!("{it} is refused: {}", denial_reason_text(reason)),
    }
}

/// A rule of the central policy: its index and its name.
fn rule_text(explanation: &Explanation, rule: usize) -> String {
    let mut rules = explanation.policy.iter().flat_map(|policy| &policy.rules);
    match rules.nth(rule).and_then(|rule| rule.name.as_deref()) {
        Some(name) => format!("rule {rule} ({})", Escaped(name)),
        None => format!("rule {rule}"),
    }
}

/// Whether the label that limits the caller has no integrity level.
pub(super) fn has_unreadable_label(explanation: &Explanation) -> bool {
    let highest = |step: &Step| {
        matches!(
            step,
            Step::IntegrityDenied {
                object: IntegrityLevel::HIGHEST,
                ..
            }
        )
    };
    explanation.steps.iter().any(highest)
}

/// The outcome of an entry, if the step is about it.
fn outcome_of(step: &Step, entry: usize) -> Option<EntryOutcome> {
    if let Step::Entry { index, outcome, .. } = step
        && *index == entry
    {
        Some(*outcome)
    } else {
        None
    }
}
