//! The last lines of an explanation: the reason for a denial, and the changes that would allow the request.

use super::{
    counterfactual::{DeniedCheck, SufficientCondition, SufficientSid},
    escape::Escaped,
    rights::DisplayRights,
    words::denial_reason_text,
};
use crate::{
    ace::Ace,
    check::{Denial, DenialReason, EntryOutcome, Step},
    mask::AccessMask,
    sddl,
    sid::{DomainSids, Sid, WellKnown},
};
use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt;

/// At most this many sufficient changes are listed.
const MOST_LISTED: usize = 6;

/// Writes the last lines of the explanation of a denial.
pub(super) fn write_denial(
    f: &mut fmt::Formatter<'_>,
    check: &DeniedCheck<'_>,
    denial: &Denial,
    rights: &dyn Fn(AccessMask) -> DisplayRights,
) -> fmt::Result {
    let missing = rights(denial.missing);
    match denial.reason {
        DenialReason::NotGranted if denial.missing.is_empty() => {
            f.write_str("  denied: nothing at all is granted to this caller")
        }
        DenialReason::NotGranted => {
            write!(f, "  denied: {missing} is missing; {}", cause(check, denial.missing))?;
            check.write(f)
        }
        DenialReason::Undetermined => {
            write!(f, "  denied: {missing} is not certain; it depends on")?;
            for fact in &check.explanation.unresolved {
                write!(f, "\n      {}", Escaped(&fact.to_string()))?;
            }
            f.write_str("\n    look these up, and ask again with the complete lists of groups and claims")
        }
        DenialReason::NothingAsked
        | DenialReason::GenericNotMapped
        | DenialReason::PrivilegeNotHeld
        | DenialReason::SystemPolicyNotEvaluated
        | DenialReason::OwnerOrGroupMissing
        | DenialReason::Unprotected => write!(f, "  denied: {}", denial_reason_text(denial.reason)),
    }
}

/// The reason why rights are missing, in words: the first one that is certain, if one is.
fn cause(check: &DeniedCheck<'_>, missing: AccessMask) -> String {
    let explanation = check.explanation;
    let rights = explanation.rights();
    let steps = rights
        .iter()
        .filter(|right| missing.intersects(right.right) && !right.granted)
        .filter_map(|right| explanation.steps.get(right.step?));
    let mut uncertain = false;
    for step in steps {
        if matches!(step, Step::IntegrityDenied { .. }) {
            return "the object's integrity is above the caller's".to_string();
        }
        if let Step::Entry {
            index,
            outcome: EntryOutcome::Denied { .. } | EntryOutcome::UnknownTypeDenied { .. },
            ..
        } = step
        {
            return format!("entry {index} denies it");
        }
        uncertain = true;
    }
    if check.is_for_restriction(missing) {
        "the caller is granted it, but not its restricting SIDs".to_string()
    } else if uncertain {
        "no entry grants all of it to this caller".to_string()
    } else {
        "no entry grants it to this caller".to_string()
    }
}

impl DeniedCheck<'_> {
    /// Writes the changes that would allow the request.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = MOST_LISTED.saturating_add(1);
        let sids = self.sufficient_sids(limit);
        let conditions = self.sufficient_conditions(limit);
        let integrity = self.sufficient_integrity();
        if !sids.is_empty() {
            f.write_str("\n    it would be granted to whoever is, or is a member of, any of")?;
            for SufficientSid { sid, entry } in sids.iter().take(MOST_LISTED) {
                write!(f, "\n      {}", self.account(sid))?;
                if let Some(entry) = entry {
                    write!(f, ", by entry {entry}")?;
                }
            }
            if sids.len() > MOST_LISTED {
                f.write_str("\n      and others")?;
            }
        }
        if !conditions.is_empty() {
            f.write_str("\n    it would be granted if any of these conditions came out otherwise")?;
            for condition in conditions.iter().take(MOST_LISTED) {
                self.write_condition(f, condition)?;
            }
            if conditions.len() > MOST_LISTED {
                f.write_str("\n      and others")?;
            }
        }
        if let Some(level) = integrity {
            write!(f, "\n    it would be granted at the integrity {}", level.sid())?;
        }
        if sids.is_empty() && conditions.is_empty() && integrity.is_none() {
            f.write_str(if self.has_conditions() {
                "\n    no one membership that the descriptor names, and no one condition, would be enough"
            } else {
                "\n    no membership that the descriptor names would be enough"
            })?;
        }
        Ok(())
    }

    fn write_condition(&self, f: &mut fmt::Formatter<'_>, condition: &SufficientCondition) -> fmt::Result {
        let SufficientCondition { entry, result, sid } = condition;
        let ace = self.descriptor.dacl.acl().and_then(|acl| acl.aces().get(*entry));
        let condition = ace.and_then(Ace::condition);
        let text = condition.and_then(|condition| sddl::condition_to_text(condition, &sddl::Options::default()));
        let text = text.unwrap_or_default();
        write!(f, "\n      entry {entry}, if {} were {result}", Escaped(&text))?;
        match sid {
            Some(sid) => write!(f, ", for whoever is, or is a member of, {}", self.account(sid)),
            None => Ok(()),
        }
    }

    /// A SID with its name, if it has one.
    fn account(&self, sid: &Sid) -> String {
        let owner = self.descriptor.owner.as_ref() == Some(sid);
        let name = WellKnown::by_sid(sid, &DomainSids::default()).map(|row| row.name);
        match name.or(owner.then_some("the owner")) {
            Some(word) => format!("{sid}, {word}"),
            None => sid.to_string(),
        }
    }
}
