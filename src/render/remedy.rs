//! What a refusal comes down to, and what would be enough.

use super::{
    escape::Escaped,
    held,
    rights::DisplayRights,
    what_if::{Refused, Sufficient, Turned},
    words::denial_reason_text,
};
use crate::{
    check::{Denial, DenialReason, Step},
    mask::AccessMask,
    sddl,
    sid::{DomainSids, Sid, WellKnown},
};
use alloc::{
    format,
    string::{String, ToString},
};
use core::fmt;

/// What would be enough is listed up to this many.
const MOST_LISTED: usize = 6;

/// The last lines of an explanation that ends in a refusal.
pub(super) fn write_denial(
    f: &mut fmt::Formatter<'_>,
    refused: &Refused<'_>,
    denial: &Denial,
    rights: &dyn Fn(AccessMask) -> DisplayRights,
) -> fmt::Result {
    let missing = rights(denial.missing);
    match denial.reason {
        DenialReason::NotGranted if denial.missing.is_empty() => {
            f.write_str("  denied: nothing at all is granted to this caller")
        }
        DenialReason::NotGranted => {
            write!(f, "  denied: {missing} is missing; {}", cause(refused, denial.missing))?;
            refused.write(f)
        }
        DenialReason::Undetermined => {
            write!(f, "  denied: {missing} is not certain; it depends on")?;
            for fact in &refused.explanation.unresolved {
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

/// What keeps back the first of the missing rights that anything keeps back.
fn cause(refused: &Refused<'_>, missing: AccessMask) -> String {
    let explanation = refused.explanation;
    let rights = explanation.rights();
    let mut steps = rights
        .iter()
        .filter(|reason| missing.intersects(reason.right) && !reason.granted);
    match steps.find_map(|reason| explanation.steps.get(reason.step?)) {
        Some(Step::IntegrityDenied { .. }) => "the object's integrity is above the caller's".to_string(),
        Some(Step::Entry { index, .. }) => format!("entry {index} denies it"),
        _ if refused.is_for_restriction(missing) => {
            "the caller is granted it, but not its restricting SIDs".to_string()
        }
        _ => "no entry grants it to this caller".to_string(),
    }
}

impl Refused<'_> {
    /// What the caller would need.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = MOST_LISTED.saturating_add(1);
        let sids = self.sufficient_sids(limit);
        let conditions = self.sufficient_conditions(limit);
        let integrity = self.sufficient_integrity();
        if !sids.is_empty() {
            f.write_str("\n    it would be granted to whoever is, or is a member of, any of")?;
            for Sufficient { sid, entry } in sids.iter().take(MOST_LISTED) {
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
            for turned in conditions.iter().take(MOST_LISTED) {
                self.write_condition(f, turned)?;
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

    fn write_condition(&self, f: &mut fmt::Formatter<'_>, turned: &Turned) -> fmt::Result {
        let Turned { entry, to, sid } = turned;
        let ace = self.descriptor.dacl.acl().and_then(|acl| acl.aces().get(*entry));
        let condition = ace.and_then(held::condition);
        let text = condition.and_then(|condition| sddl::condition_to_text(condition, &sddl::Options::default()));
        let text = text.unwrap_or_default();
        write!(f, "\n      entry {entry}, if {} were {to}", Escaped(&text))?;
        match sid {
            Some(sid) => write!(f, ", for whoever is, or is a member of, {}", self.account(sid)),
            None => Ok(()),
        }
    }

    /// A SID, and who that is in a word or two.
    fn account(&self, sid: &Sid) -> String {
        let owner = self.descriptor.owner.as_ref() == Some(sid);
        let name = WellKnown::by_sid(sid, &DomainSids::default()).map(|row| row.name);
        match name.or(owner.then_some("the owner")) {
            Some(word) => format!("{sid}, {word}"),
            None => sid.to_string(),
        }
    }
}
