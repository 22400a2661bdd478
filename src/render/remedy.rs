//! The last lines of an explanation: the reason for a denial, and the changes that would allow the request.

use super::{
    causes::{cause_text, has_unreadable_label},
    counterfactual::{DeniedCheck, SufficientCondition, SufficientSid},
    escape::Escaped,
    rights::DisplayRights,
    words::{denial_reason_text, level_text},
};
use crate::{
    ace::{Ace, AceType},
    caller::Privileges,
    check::{Denial, DenialReason, Explanation, MissingCause, MissingRights},
    mask::{AccessMask, GenericMapping},
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
            f.write_str("  denied: nothing at all is granted to this caller")?;
            check.write_idle_privileges(f)
        }
        DenialReason::NotGranted => {
            write!(f, "  denied: {missing} is missing")?;
            let sets = check.explanation.missing_rights();
            check.write_cause(f, &sets, rights)?;
            check.write_idle_privileges(f)?;
            if has_unreadable_label(check.explanation) || check.is_under_policy() {
                return Ok(());
            }
            check.write(f)
        }
        DenialReason::PrivilegeNotHeld => {
            write!(f, "  denied: {}", denial_reason_text(denial.reason))?;
            let mut sets = check.explanation.missing_rights();
            sets.retain(|set| !matches!(set.cause, MissingCause::Refused { .. }));
            check.write_causes(f, &sets, rights)
        }
        DenialReason::CentralPolicy if denial.missing.is_empty() => {
            f.write_str("  denied: the central policy leaves nothing of what the object grants")
        }
        DenialReason::CentralPolicy => {
            write!(f, "  denied: {missing} is missing")?;
            check.write_cause(f, &check.explanation.missing_rights(), rights)
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
        | DenialReason::SystemPolicyNotEvaluated
        | DenialReason::OwnerMissing
        | DenialReason::GroupMissing
        | DenialReason::OwnerOrGroupMissing
        | DenialReason::ObjectRule
        | DenialReason::Unprotected => write!(f, "  denied: {}", denial_reason_text(denial.reason)),
    }
}

impl DeniedCheck<'_> {
    /// Whether the object names a central policy. The advice does not look at it, so there is none.
    fn is_under_policy(&self) -> bool {
        let names_policy = |ace: &Ace| ace.ace_type() == AceType::ScopedPolicy && !ace.is_inherit_only();
        !self.explanation.options.skip_system_policies && self.descriptor.sacl.aces().iter().any(names_policy)
    }

    /// Writes why privileges of the caller grant nothing here, where that could surprise.
    fn write_idle_privileges(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Explanation { options, desired, .. } = self.explanation;
        let held = self.caller.privileges();
        let intends = (options.backup_intent && held.contains(Privileges::BACKUP))
            || (options.restore_intent && held.contains(Privileges::RESTORE));
        if intends && options.mapping != Some(GenericMapping::FILE) {
            f.write_str(
                "\n    the intent to back up or restore counts for files alone, and the mapping is not that of files",
            )?;
        }
        let implied = desired.contains(AccessMask::MAXIMUM_ALLOWED) && !desired.contains(AccessMask::WRITE_OWNER);
        if implied && held.contains(Privileges::TAKE_OWNERSHIP) {
            f.write_str("\n    SeTakeOwnershipPrivilege grants WRITE_OWNER only if it is asked for by name")?;
        }
        Ok(())
    }

    /// Writes the reason why rights are missing, or a line for each set of them.
    fn write_cause(
        &self,
        f: &mut fmt::Formatter<'_>,
        sets: &[MissingRights],
        rights: &dyn Fn(AccessMask) -> DisplayRights,
    ) -> fmt::Result {
        match sets {
            [only] => write!(f, "; {}", cause_text(self.explanation, only, &"it", rights)),
            sets => self.write_causes(f, sets, rights),
        }
    }

    /// Writes a line for each set of missing rights.
    fn write_causes(
        &self,
        f: &mut fmt::Formatter<'_>,
        sets: &[MissingRights],
        rights: &dyn Fn(AccessMask) -> DisplayRights,
    ) -> fmt::Result {
        sets.iter().try_for_each(|set| {
            write!(
                f,
                "\n    {}",
                cause_text(self.explanation, set, &rights(set.bits), rights)
            )
        })
    }

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
            write!(f, "\n    it would be granted at the integrity {}", level_text(level))?;
        }
        if sids.is_empty() && conditions.is_empty() && integrity.is_none() {
            f.write_str(if self.has_conditions() {
                "\n    no single membership that the descriptor names, and no single condition, would be enough"
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
