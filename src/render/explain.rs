use super::{
    escape::Escaped,
    rights::Rights,
    what_if::{Sufficient, sufficient_sids},
    words::{denial_reason_text, part_text},
};
use crate::{
    ace::Ace,
    caller::{Caller, Membership},
    check::{self, Decision, Denial, DenialReason, EntryOutcome, Explanation, FactName, Step},
    descriptor::SecurityDescriptor,
    mask::{AccessMask, RightNames},
    sddl::{self, List},
    sid::{DomainSids, Sid, WellKnown},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// An [`Explanation`] for people: a line for each entry that was looked at, and what is missing.
///
/// What decided stands behind an arrow, `→`; what is not known behind `?`. Ends without a line break.
#[derive(Clone, Copy, Debug)]
pub struct ExplanationText<'a> {
    explanation: &'a Explanation,
    descriptor: &'a SecurityDescriptor,
    caller: &'a Caller,
    options: check::Options,
    names: RightNames,
}

/// SIDs that would be enough are listed up to this many.
const MOST_LISTED: usize = 6;
/// Entries longer than this are not lined up with.
const MOST_PADDED: usize = 76;

impl<'a> ExplanationText<'a> {
    /// The explanation of a check of `descriptor` for `caller`, by the names of standard rights.
    #[must_use]
    pub fn new(explanation: &'a Explanation, descriptor: &'a SecurityDescriptor, caller: &'a Caller) -> Self {
        Self {
            explanation,
            descriptor,
            caller,
            options: check::Options::default(),
            names: RightNames::STANDARD,
        }
    }

    /// The same with other names of rights.
    #[must_use]
    pub const fn with_names(mut self, names: RightNames) -> Self {
        self.names = names;
        self
    }

    /// The same for a check that was done with options.
    #[must_use]
    pub const fn with_options(mut self, options: check::Options) -> Self {
        self.options = options;
        self
    }

    fn rights(&self, mask: AccessMask) -> Rights {
        Rights::new(mask, self.names)
    }

    fn ace(&self, index: usize) -> Option<&'a Ace> {
        self.descriptor.dacl.acl()?.aces().get(index)
    }

    /// Whom an entry is for, in a word, as far as there is one.
    fn who(&self, sid: &Sid) -> Option<&'static str> {
        if *sid == *self.caller.user() {
            return Some("the caller");
        }
        if let Some(row) = WellKnown::by_sid(sid, &DomainSids::default()) {
            return Some(row.name);
        }
        match self.caller.membership(sid) {
            Membership::Enabled | Membership::DenyOnly => Some("a group of the caller"),
            Membership::NotHeld | Membership::Unknown => {
                (self.descriptor.owner.as_ref() == Some(sid)).then_some("the owner")
            }
        }
    }

    /// The marker of a step: an arrow where it decided, a question mark where it hangs on what is not known.
    fn marker(&self, step: &Step) -> &'static str {
        let undetermined = self
            .explanation
            .decision
            .denial()
            .is_some_and(|denial| denial.reason == DenialReason::Undetermined);
        let allowed = self.explanation.decision.is_allowed();
        match step {
            Step::Refused { .. } | Step::DaclEmpty => "→",
            Step::DaclAbsent { .. } | Step::DaclNull { .. } => mark(allowed, "→"),
            Step::OwnerGranted { .. } => mark(allowed, "→"),
            Step::OwnerUnknown { .. } => mark(undetermined, "?"),
            Step::PrivilegeGranted { .. } | Step::PartsGranted { .. } => mark(allowed, "→"),
            Step::IntegrityDenied { .. } => mark(!allowed, "→"),
            Step::OwnerReplaced { .. } | Step::RestrictedPass { .. } | Step::Unvisited { .. } => " ",
            Step::Entry { outcome, .. } => match outcome {
                EntryOutcome::Granted { .. } => mark(allowed, "→"),
                EntryOutcome::Denied { .. } | EntryOutcome::UnknownTypeDenied { .. } => mark(!undetermined, "→"),
                EntryOutcome::MayGrant { .. } | EntryOutcome::MayDeny { .. } => mark(undetermined, "?"),
                EntryOutcome::InheritOnly
                | EntryOutcome::NotAccessEntry
                | EntryOutcome::UnknownTypeSkipped
                | EntryOutcome::CreatorPlaceholder
                | EntryOutcome::NoPrincipalSelf
                | EntryOutcome::NoOwner
                | EntryOutcome::NotMember
                | EntryOutcome::DenyOnlyGroup
                | EntryOutcome::NotEvaluated { .. }
                | EntryOutcome::PartNotAsked
                | EntryOutcome::OtherPart
                | EntryOutcome::ConditionFalse
                | EntryOutcome::ConditionUnknown
                | EntryOutcome::NothingWanted
                | EntryOutcome::AlreadySettled => " ",
            },
        }
    }

    /// A rule of the check other than an entry, in words.
    fn rule(&self, step: &Step) -> Option<String> {
        Some(match step {
            Step::Refused { reason, index } => {
                let entry = index.map_or_else(String::new, |index| format!(" (entry {index} of the SACL)"));
                let reason = denial_reason_text(*reason);
                format!("refused before the DACL was looked at: {reason}{entry}")
            }
            Step::PrivilegeGranted { privilege, bits } => {
                let names: Vec<_> = privilege.windows_names().collect();
                format!(
                    "the privilege {} by itself GRANTS {}",
                    names.join(", "),
                    self.rights(*bits)
                )
            }
            Step::IntegrityDenied {
                bits,
                caller,
                object,
                index,
            } => {
                let label = match index {
                    Some(index) => format!("entry {index} of the SACL"),
                    None => "it has no label, so medium".to_string(),
                };
                format!(
                    "the object's integrity {} ({label}) is above the caller's {}: KEEPS BACK {}",
                    object.sid(),
                    caller.sid(),
                    self.rights(*bits)
                )
            }
            Step::RestrictedPass { exempt } => {
                let exempt = match exempt.is_empty() {
                    true => String::new(),
                    false => format!("; exempt: {}", self.rights(*exempt)),
                };
                format!("once more, for the restricting SIDs alone: both times must grant{exempt}")
            }
            Step::PartsGranted { bits, .. } => {
                format!("all parts below have it, so this part GETS {}", self.rights(*bits))
            }
            Step::DaclAbsent { bits } => format!(
                "there is no DACL, which grants everybody everything: {}",
                self.rights(*bits)
            ),
            Step::DaclNull { bits } => format!(
                "the DACL is NULL, which grants everybody everything: {}",
                self.rights(*bits)
            ),
            Step::DaclEmpty => "the DACL is empty, which grants nobody anything".to_string(),
            Step::OwnerGranted { bits } => format!(
                "the caller owns the object, which by itself GRANTS {}",
                self.rights(*bits)
            ),
            Step::OwnerReplaced { index } => {
                format!("the owner has no rights by itself: entry {index}, for Owner Rights, replaces them")
            }
            Step::OwnerUnknown { bits, sid } => format!(
                "not known whether the caller is in {sid}, the owner, which by itself would grant {}",
                self.rights(*bits)
            ),
            Step::Unvisited { from } => {
                let last = self
                    .descriptor
                    .dacl
                    .acl()
                    .map_or(0, |acl| acl.aces().len())
                    .saturating_sub(1);
                match *from {
                    from if from >= last => format!("entry {from} was not looked at: the answer was certain"),
                    from => format!("entries {from} to {last} were not looked at: the answer was certain"),
                }
            }
            Step::Entry { .. } => return None,
        })
    }

    /// What an entry did, in words.
    fn outcome(&self, outcome: &EntryOutcome, facts: &[FactName]) -> String {
        let facts = || {
            let names: Vec<_> = facts
                .iter()
                .map(|fact| Escaped(&fact.to_string()).to_string())
                .collect();
            names.join(", ")
        };
        match outcome {
            EntryOutcome::PartNotAsked => "matches, but is about a part that is not asked about".to_string(),
            EntryOutcome::OtherPart => "matches, but is about another part".to_string(),
            EntryOutcome::ConditionFalse => "matches, but its condition is false".to_string(),
            EntryOutcome::ConditionUnknown => match facts() {
                names if names.is_empty() => "matches, but its condition can't be decided".to_string(),
                names => format!("matches, but its condition can't be decided without {names}"),
            },
            EntryOutcome::InheritOnly => "stands here only to be inherited".to_string(),
            EntryOutcome::NotAccessEntry => "belongs in a SACL, and does nothing here".to_string(),
            EntryOutcome::UnknownTypeSkipped => "unknown type, skipped as asked".to_string(),
            EntryOutcome::CreatorPlaceholder => "a stand-in that matches nobody".to_string(),
            EntryOutcome::NoPrincipalSelf => "matches the principal of the object, and none is given".to_string(),
            EntryOutcome::NoOwner => "matches the owner, and there is none".to_string(),
            EntryOutcome::NotMember => "not for this caller".to_string(),
            EntryOutcome::DenyOnlyGroup => "held for Deny alone, so it grants nothing".to_string(),
            EntryOutcome::NotEvaluated { part } => {
                format!(
                    "matches, but {} is not evaluated, so it grants nothing",
                    part_text(*part)
                )
            }
            EntryOutcome::NothingWanted => "matches, but is about other rights".to_string(),
            EntryOutcome::AlreadySettled => "matches, but an earlier entry settled this".to_string(),
            EntryOutcome::Granted { bits } => format!("GRANTS {}", self.rights(*bits)),
            EntryOutcome::Denied { bits, part: None } => format!("DENIES {}", self.rights(*bits)),
            EntryOutcome::Denied { bits, part: Some(part) } => {
                let names = match facts() {
                    names if names.is_empty() => names,
                    names => format!(" (without {names})"),
                };
                format!(
                    "DENIES {}: {} can't be decided{names}, so it is taken to apply",
                    self.rights(*bits),
                    part_text(*part),
                )
            }
            EntryOutcome::UnknownTypeDenied { bits } => {
                format!("unknown type, which may be a Deny: DENIES {}", self.rights(*bits))
            }
            EntryOutcome::MayGrant { bits } => {
                format!("would grant {}; not known: {}", self.rights(*bits), facts())
            }
            EntryOutcome::MayDeny { bits } => format!("would deny {}; not known: {}", self.rights(*bits), facts()),
        }
    }

    fn entry_text(&self, index: usize) -> String {
        self.ace(index).map_or_else(String::new, entry_text)
    }

    fn write_steps(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indices = || self.explanation.steps.iter().filter_map(entry_index);
        let number = indices().max().unwrap_or(0).to_string().len();
        let padded = indices()
            .map(|index| self.entry_text(index).chars().count())
            .filter(|&length| length <= MOST_PADDED)
            .max()
            .unwrap_or(0);
        for step in &self.explanation.steps {
            let marker = self.marker(step);
            if let Step::Entry { index, outcome, facts } = step {
                let entry = self.entry_text(*index);
                let who = self.ace(*index).and_then(Ace::trustee).and_then(|sid| self.who(sid));
                let (who, colon) = who.map_or(("", ""), |who| (who, ": "));
                let outcome = self.outcome(outcome, facts);
                writeln!(
                    f,
                    "  {marker} {index:>number$}  {entry:<padded$}  {who}{colon}{outcome}"
                )?;
            } else if let Some(rule) = self.rule(step) {
                writeln!(f, "  {marker} {:>number$}  {rule}", "")?;
            }
        }
        Ok(())
    }

    fn write_denial(&self, f: &mut fmt::Formatter<'_>, denial: &Denial) -> fmt::Result {
        let missing = self.rights(denial.missing);
        match denial.reason {
            DenialReason::NotGranted if denial.missing.is_empty() => {
                f.write_str("  denied: nothing at all is granted to this caller")
            }
            DenialReason::NotGranted => {
                let denying = self
                    .explanation
                    .steps
                    .iter()
                    .find_map(|step| denying_index(step, denial.missing));
                match denying {
                    Some(index) => write!(f, "  denied: {missing} is missing; entry {index} denies it")?,
                    None => write!(f, "  denied: {missing} is missing; no entry grants it to this caller")?,
                }
                self.write_remedy(f)
            }
            DenialReason::Undetermined => {
                write!(f, "  denied: {missing} is not certain; it depends on")?;
                for fact in self.explanation.unresolved() {
                    write!(f, "\n      {}", Escaped(&fact.to_string()))?;
                }
                f.write_str("\n    look these up, and ask again with the complete lists of groups and claims")
            }
            DenialReason::NothingAsked
            | DenialReason::GenericNotMapped
            | DenialReason::PrivilegeNotHeld
            | DenialReason::SystemPolicyNotEvaluated
            | DenialReason::OwnerOrGroupMissing => write!(f, "  denied: {}", denial_reason_text(denial.reason)),
        }
    }

    /// What the caller would need.
    fn write_remedy(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = MOST_LISTED.saturating_add(1);
        let sids = sufficient_sids(self.explanation, self.descriptor, self.caller, &self.options, limit);
        if sids.is_empty() {
            return f.write_str("\n    no membership that the descriptor names would be enough");
        }
        f.write_str("\n    it would be granted to whoever is, or is a member of, any of")?;
        for Sufficient { sid, entry } in sids.iter().take(MOST_LISTED) {
            write!(f, "\n      {sid}")?;
            let owner = self.descriptor.owner.as_ref() == Some(sid);
            let name = WellKnown::by_sid(sid, &DomainSids::default()).map(|row| row.name);
            if let Some(word) = name.or(owner.then_some("the owner")) {
                write!(f, ", {word}")?;
            }
            if let Some(entry) = entry {
                write!(f, ", by entry {entry}")?;
            }
        }
        if sids.len() > MOST_LISTED {
            f.write_str("\n      and others")?;
        }
        Ok(())
    }
}

impl fmt::Display for ExplanationText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let desired = self.explanation.desired;
        match desired.difference(AccessMask::MAXIMUM_ALLOWED) {
            _ if desired == AccessMask::MAXIMUM_ALLOWED => writeln!(f, "  asked for the most that can be granted"),
            rest if rest != desired => {
                writeln!(f, "  asked for {}, and the most that can be granted", self.rights(rest))
            }
            _ => writeln!(f, "  asked for {}", self.rights(desired)),
        }?;
        self.write_steps(f)?;
        match &self.explanation.decision {
            Decision::Allowed { granted } => write!(f, "  allowed: {}", self.rights(*granted)),
            Decision::Denied(denial) => self.write_denial(f, denial),
        }
    }
}

/// An entry of a DACL as SDDL, or its type's code where it has no text.
fn entry_text(ace: &Ace) -> String {
    sddl::ace_to_text(List::Dacl, ace, &sddl::Options::default())
        .unwrap_or_else(|| format!("{:#04x} (unreadable)", ace.ace_type().code()))
}

fn mark(condition: bool, marker: &'static str) -> &'static str {
    if condition { marker } else { " " }
}

fn entry_index(step: &Step) -> Option<usize> {
    if let Step::Entry { index, .. } = step {
        Some(*index)
    } else {
        None
    }
}

/// The entry of this step, if it denied some of `missing`.
fn denying_index(step: &Step, missing: AccessMask) -> Option<usize> {
    match step {
        Step::Entry {
            index,
            outcome: EntryOutcome::Denied { bits, .. } | EntryOutcome::UnknownTypeDenied { bits },
            ..
        } if bits.intersects(missing) => Some(*index),
        Step::Entry { .. }
        | Step::Refused { .. }
        | Step::DaclAbsent { .. }
        | Step::DaclNull { .. }
        | Step::DaclEmpty
        | Step::OwnerGranted { .. }
        | Step::OwnerReplaced { .. }
        | Step::OwnerUnknown { .. }
        | Step::PrivilegeGranted { .. }
        | Step::IntegrityDenied { .. }
        | Step::RestrictedPass { .. }
        | Step::PartsGranted { .. }
        | Step::Unvisited { .. } => None,
    }
}
