//! The reasons why rights are missing, in words.

use super::{escape::Escaped, rights::DisplayRights, words::denial_reason_text};
use crate::{
    caller::IntegrityLevel,
    check::{EntryOutcome, Explanation, MissingCause, MissingRights, Pass, Step},
    mask::AccessMask,
};
use alloc::{format, string::String, vec::Vec};
use core::fmt;

/// The reason why a set of rights is missing. `it` is the word for these rights.
pub(super) fn cause_text(
    explanation: &Explanation,
    set: &MissingRights,
    it: &dyn fmt::Display,
    rights: &dyn Fn(AccessMask) -> DisplayRights,
) -> String {
    let (to_whom, who) = match set.pass {
        Pass::Caller => ("", "this caller"),
        Pass::RestrictingSids => (" to the restricting SIDs", "the restricting SIDs"),
        Pass::AppContainer => (" to the app container", "the app container"),
    };
    match set.cause {
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
            let detail = rule_causes(explanation, rule, set.bits, it, rights);
            format!(
                "{} of the central policy keeps {it} back{detail}",
                rule_text(explanation, rule)
            )
        }
        MissingCause::CentralPolicyUncertain { rule } => {
            let detail = rule_causes(explanation, rule, set.bits, it, rights);
            let rule = rule_text(explanation, rule);
            format!("it is not known whether {rule} of the central policy keeps {it} back{detail}")
        }
        MissingCause::NotLookedAt => format!("{it} was not looked at: the check had ended"),
        MissingCause::Refused { reason } => format!("{it} is refused: {}", denial_reason_text(reason)),
    }
}

/// The reasons why the DACL of a rule does not grant rights: `: in its DACL, entry 1 denies 0x2 DC`.
fn rule_causes(
    explanation: &Explanation,
    rule: usize,
    bits: AccessMask,
    it: &dyn fmt::Display,
    rights: &dyn Fn(AccessMask) -> DisplayRights,
) -> String {
    let rule = explanation.policy.as_ref().and_then(|policy| policy.rules.get(rule));
    let Some(effective) = rule.and_then(|rule| rule.effective.as_ref()) else {
        return String::new();
    };
    let mut texts = Vec::new();
    for mut set in effective.missing_rights() {
        set.bits = set.bits.intersection(bits);
        if set.bits == bits {
            texts.push(cause_text(effective, &set, it, rights));
        } else if !set.bits.is_empty() {
            texts.push(cause_text(effective, &set, &rights(set.bits), rights));
        }
    }
    if texts.is_empty() {
        return String::new();
    }
    format!(": in its DACL, {}", texts.join("; "))
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
