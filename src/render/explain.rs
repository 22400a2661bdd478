use super::{
    attributes,
    counterfactual::DeniedCheck,
    describe::type_words,
    escape::Escaped,
    policy::write_policy,
    remedy::write_denial,
    rights::DisplayRights,
    words::{denial_reason_text, level_text, part_text},
};
use crate::{
    ace::{Ace, Effect},
    caller::{Caller, IntegrityLevel, Membership},
    check::{
        Decision, DenialReason, EntryEnvironment, EntryOutcome, Explanation, ObjectTree, Pass, Step, Unevaluated,
        Unresolved,
    },
    condition::Truth,
    descriptor::SecurityDescriptor,
    mask::{AccessMask, RightsTable},
    sddl::{self, AclKind},
    sid::{DomainSids, Sid, WellKnown},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// An [`Explanation`] as text: one line for each step of the check, then the decision.
///
/// An arrow, `→`, marks the steps that decided, and `?` those that depend on unknown groups or claims. A denial ends with the changes
/// that would allow the request. There is no line break at the end.
///
/// ```
/// use sddl_authz::{AccessCheck, Caller, SecurityDescriptor, render::ExplanationText};
/// let descriptor: SecurityDescriptor = "D:(D;;DC;;;BG)(A;;CCDC;;;AU)".parse()?;
/// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
/// let explanation = AccessCheck::new(&caller, "CC".parse()?).explain(&descriptor);
/// assert_eq!(
///     ExplanationText::new(&explanation, &descriptor, &caller).to_string(),
///     "  asked for 0x1 CC\n    0  (D;;DC;;;BG)    Guests: not for this caller\n  \
///      → 1  (A;;CCDC;;;AU)  Authenticated Users: GRANTS 0x1 CC\n  allowed: 0x1 CC",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ExplanationText<'a> {
    explanation: &'a Explanation,
    descriptor: &'a SecurityDescriptor,
    caller: &'a Caller,
    names: RightsTable,
    object: Option<(&'a ObjectTree, usize)>,
}

/// Longer entries do not widen the column of entries.
const MOST_PADDED: usize = 76;

impl<'a> ExplanationText<'a> {
    /// The text of an explanation. Rights have the names of standard rights.
    ///
    /// `descriptor` and `caller` must be those of the check: the text quotes them.
    #[must_use]
    pub fn new(explanation: &'a Explanation, descriptor: &'a SecurityDescriptor, caller: &'a Caller) -> Self {
        Self {
            explanation,
            descriptor,
            caller,
            names: RightsTable::STANDARD,
            object: None,
        }
    }

    /// Names the rights of one kind of object, for example of files.
    #[must_use]
    pub const fn with_names(mut self, names: RightsTable) -> Self {
        self.names = names;
        self
    }

    /// Sets the part of the object that the check was about: the node at index `node` of `tree`
    /// ([`PartsCheck::explain`](crate::check::PartsCheck::explain)).
    #[must_use]
    pub const fn with_object(mut self, tree: &'a ObjectTree, node: usize) -> Self {
        self.object = Some((tree, node));
        self
    }

    fn rights(&self, mask: AccessMask) -> DisplayRights {
        DisplayRights::new(mask, self.names)
    }

    fn ace(&self, index: usize) -> Option<&'a Ace> {
        self.descriptor.dacl.acl()?.aces().get(index)
    }

    /// The trustee of an entry in a few words, if there are any for it.
    fn who(&self, sid: &Sid, pass: Pass) -> Option<&'static str> {
        let membership = self.caller.membership(sid);
        if sid == self.caller.user() && matches!(membership, Membership::Enabled | Membership::DenyOnly) {
            return Some("the caller");
        }
        if let Some(row) = WellKnown::by_sid(sid, &DomainSids::default()) {
            return Some(row.name);
        }
        if pass == Pass::RestrictingSids && self.caller.restricting_membership(sid) == Membership::Enabled {
            return Some("a restricting SID");
        }
        if self
            .caller
            .app_container()
            .is_some_and(|container| container.holds(sid))
        {
            return Some("a SID of the app container");
        }
        match membership {
            Membership::Enabled | Membership::DenyOnly => Some("a group of the caller"),
            Membership::NotHeld | Membership::Unknown => {
                (self.descriptor.owner.as_ref() == Some(sid)).then_some("the owner")
            }
        }
    }

    /// The marker of a step: an arrow if it decided, a question mark if it depends on something unknown.
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
            Step::IntegrityDenied { .. } | Step::PartsDenied { .. } => mark(!allowed, "→"),
            Step::OwnerReplaced { .. }
            | Step::RestrictedPass { .. }
            | Step::AppContainerPass
            | Step::Unvisited { .. } => " ",
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
                | EntryOutcome::NotForAppContainer
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

    /// Whether the DACL was walked again, for the restricting SIDs or for the app container.
    fn has_several_passes(&self) -> bool {
        let begins_pass = |step: &Step| matches!(step, Step::RestrictedPass { .. } | Step::AppContainerPass);
        self.explanation.steps.iter().any(begins_pass)
    }

    /// A step other than an entry, in words.
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
                let unmapped = match self.explanation.options.mapping {
                    Some(_) => "",
                    None => "; without a mapping it is not known which rights read, write or execute",
                };
                let bits = self.rights(*bits);
                match (*object, index) {
                    (IntegrityLevel::HIGHEST, Some(index)) => format!(
                        "the mandatory label can't be read (entry {index} of the SACL), so it is above every caller: \
                         KEEPS BACK {bits}{unmapped}"
                    ),
                    (object, index) => {
                        let label = match index {
                            Some(index) => format!("entry {index} of the SACL"),
                            None => "the default, since it has no label".to_string(),
                        };
                        let (object, caller) = (level_text(object), level_text(*caller));
                        format!(
                            "the object's integrity {object} ({label}) is above the caller's {caller}: KEEPS BACK \
                             {bits}{unmapped}"
                        )
                    }
                }
            }
            Step::RestrictedPass { exempt } => {
                let exempt = match exempt.is_empty() {
                    true => String::new(),
                    false => format!("; exempt: {}", self.rights(*exempt)),
                };
                format!("once more, for the restricting SIDs alone: both times must grant{exempt}")
            }
            Step::AppContainerPass => {
                let open = match self.descriptor.dacl.acl() {
                    Some(_) => "",
                    None => "; without a DACL it is granted nothing",
                };
                format!("once more, for the app container alone: every time must grant{open}")
            }
            Step::PartsDenied { bits, may_deny } => {
                let may_deny = match may_deny.is_empty() {
                    true => String::new(),
                    false => format!("; it may be denied {}", self.rights(*may_deny)),
                };
                let bits = self.rights(*bits);
                format!("a part below is denied it, so this part is DENIED {bits}{may_deny}")
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
                let ace = self.descriptor.dacl.aces().get(*index);
                let what = match ace.map(Ace::effect) {
                    Some(Effect::Unknown) => "of unknown type, which may be for Owner Rights, may replace them",
                    _ => "for Owner Rights, replaces them",
                };
                format!("the owner has no rights by itself: entry {index}, {what}")
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
                let why = match (self.has_several_passes(), *from) {
                    (false, _) => "the answer was certain",
                    (true, 0) => "the earlier steps had decided this pass",
                    (true, _) => "the answer of this pass was certain",
                };
                match *from {
                    from if from >= last => format!("entry {from} was not looked at: {why}"),
                    from => format!("entries {from} to {last} were not looked at: {why}"),
                }
            }
            Step::Entry { .. } => return None,
        })
    }

    /// The outcome of an entry, in words.
    fn outcome(&self, index: usize, outcome: &EntryOutcome, facts: &[Unresolved], pass: Pass) -> String {
        let ace = self.ace(index);
        let because = |truth| match ace.and_then(|ace| Some((ace, ace.condition()?))) {
            Some((ace, condition)) => {
                let for_deny = matches!(ace.effect(), Effect::Deny | Effect::ConditionalDeny);
                let environment = EntryEnvironment::new(self.caller, &self.descriptor.sacl, for_deny);
                attributes::facts_text(condition, self.caller, &environment, truth)
            }
            None => String::new(),
        };
        // The rights are those of a condition that is true.
        let since = || match ace.and_then(Ace::condition) {
            Some(_) => format!(", since its condition is true{}", because(Truth::True)),
            None => String::new(),
        };
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
            EntryOutcome::ConditionFalse => format!("matches, but its condition is false{}", because(Truth::False)),
            EntryOutcome::ConditionUnknown => {
                format!(
                    "matches, but its condition is neither true nor false{}",
                    because(Truth::Unknown)
                )
            }
            EntryOutcome::InheritOnly => "is only to be inherited".to_string(),
            EntryOutcome::NotAccessEntry => "belongs in a SACL, and does nothing here".to_string(),
            EntryOutcome::UnknownTypeSkipped => "unknown type, skipped as asked".to_string(),
            EntryOutcome::CreatorPlaceholder => "a placeholder that matches nobody".to_string(),
            EntryOutcome::NoPrincipalSelf => "matches the principal of the object, and none is given".to_string(),
            EntryOutcome::NoOwner => "matches the owner, and there is none".to_string(),
            EntryOutcome::NotMember if pass == Pass::RestrictingSids => "not for a restricting SID".to_string(),
            EntryOutcome::NotMember if pass == Pass::AppContainer => "not for the app container".to_string(),
            EntryOutcome::NotForAppContainer => match ace.map(Ace::effect) {
                Some(Effect::Allow | Effect::ConditionalAllow) => {
                    "counts for the user and the groups, so it grants the app container nothing".to_string()
                }
                Some(Effect::Deny | Effect::ConditionalDeny) => "a Deny has no effect on the app container".to_string(),
                _ => "unknown type, which has no effect on the app container".to_string(),
            },
            EntryOutcome::NotMember => "not for this caller".to_string(),
            EntryOutcome::DenyOnlyGroup => {
                "the caller has this SID for Deny entries alone, so it grants nothing".to_string()
            }
            EntryOutcome::NotEvaluated {
                part: part @ Unevaluated::Compound,
            } => format!("{}, so it grants nothing", part_text(*part)),
            EntryOutcome::NotEvaluated { part } => {
                format!("matches, but {}, so it grants nothing", part_text(*part))
            }
            EntryOutcome::NothingWanted => "matches, but is about other rights".to_string(),
            EntryOutcome::AlreadySettled => "matches, but an earlier entry settled this".to_string(),
            EntryOutcome::Granted { bits } => format!("GRANTS {}{}", self.rights(*bits), since()),
            EntryOutcome::Denied { bits, part: None } => format!("DENIES {}{}", self.rights(*bits), since()),
            EntryOutcome::Denied {
                bits,
                part: Some(Unevaluated::Condition),
            } => format!(
                "DENIES {}: its condition is neither true nor false, so it is taken to apply{}",
                self.rights(*bits),
                because(Truth::Unknown),
            ),
            EntryOutcome::Denied { bits, part: Some(part) } => format!(
                "DENIES {}: {}, so it is taken to apply",
                self.rights(*bits),
                part_text(*part),
            ),
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
        let mut pass = Pass::Caller;
        for step in &self.explanation.steps {
            if matches!(step, Step::RestrictedPass { .. }) {
                pass = Pass::RestrictingSids;
            } else if matches!(step, Step::AppContainerPass) {
                pass = Pass::AppContainer;
            }
            let marker = self.marker(step);
            if let Step::Entry { index, outcome, facts } = step {
                let entry = self.entry_text(*index);
                let trustee = self.ace(*index).and_then(Ace::trustee);
                let who = trustee.and_then(|sid| self.who(sid, pass));
                let (who, colon) = who.map_or(("", ""), |who| (who, ": "));
                let outcome = self.outcome(*index, outcome, facts, pass);
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
        if let Some(policy) = &self.explanation.policy {
            write_policy(f, policy, &|mask| self.rights(mask))?;
        }
        match &self.explanation.decision {
            Decision::Allowed { granted } => write!(f, "  allowed: {}", self.rights(*granted)),
            Decision::Denied(denial) => {
                let check = DeniedCheck {
                    explanation: self.explanation,
                    descriptor: self.descriptor,
                    caller: self.caller,
                    object: self.object,
                };
                write_denial(f, &check, denial, &|mask| self.rights(mask))
            }
        }
    }
}

/// An entry of a DACL as SDDL, or its type in words if SDDL can't express it.
fn entry_text(ace: &Ace) -> String {
    sddl::ace_to_text(AclKind::Dacl, ace, &sddl::Options::default()).unwrap_or_else(|| {
        let kind = type_words(ace.ace_type());
        match ace.trustee() {
            Some(sid) => format!("{kind} for {sid}"),
            None => kind,
        }
    })
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
