use super::{
    decision::Decision,
    missing::{self, Ending, MissingCause, MissingRights, Pass},
    options::Options,
    request::{Grants, Request},
    state::{AccessState, AccessStates},
    step::Step,
    unresolved::{Unresolved, UnresolvedSet},
};
use crate::{mask::AccessMask, sid::Sid};
use alloc::{boxed::Box, string::String, vec::Vec};

/// A decision and the reason for it: what each rule and each entry of the DACL did.
///
/// Made by [`AccessCheck::explain`](super::AccessCheck::explain). [`render`](crate::render) prints it for people.
/// Serialized as the decision, with the fields `desired`, `steps` and, where they differ from the default, `unresolved` and `options`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Explanation {
    /// The decision, equal to that of [`AccessCheck::check`](super::AccessCheck::check).
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub decision: Decision,
    /// The rights asked for, generic ones as mapped.
    pub desired: AccessMask,
    /// The steps of the check, in order.
    pub steps: Vec<Step>,
    /// The facts that the caller's lists leave open and that the decision may depend on, in the order of the entries, each once: ask a
    /// directory about them. Empty unless the decision is [`Undetermined`](super::DenialReason::Undetermined); then the decision is certain once all are known.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty", default))]
    pub unresolved: Vec<Unresolved>,
    /// The result of the object's central policy. `None` if the question has no policies or the object names none, and if the object itself
    /// does not grant the access, since its policy is not looked at then.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub policy: Option<Box<PolicyExplanation>>,
    /// The options of the check.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Options::is_default", default))]
    pub options: Options,
}

/// The results of the rules of a central policy.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, central_policy::{CentralPolicies, CentralPolicy, CentralRule}};
/// let rule = CentralRule::from_sddl(None, "D:(A;;RC;;;BA)", None)?.with_name("Administrators only");
/// let policies = CentralPolicies::new([CentralPolicy::new("S-1-17-1".parse()?, [rule])?])?;
/// let object: SecurityDescriptor = "D:(A;;RC;;;AN)S:(SP;;;;;S-1-17-1)".parse()?;
/// let caller = Caller::anonymous();
/// let read = AccessCheck::new(&caller, AccessMask::READ_CONTROL).central_policies(&policies);
/// let policy = read.explain(&object).policy.ok_or("the object has a policy")?;
/// assert_eq!(policy.rules[0].name.as_deref(), Some("Administrators only"));
/// assert_eq!(policy.rules[0].kept_back, AccessMask::READ_CONTROL);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PolicyExplanation {
    /// The index in the SACL of the entry that names the policy.
    pub index: usize,
    /// The SID of the policy. `None` if the entry can't be read.
    pub sid: Option<Sid>,
    /// The name of the policy, if it has one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub name: Option<String>,
    /// Whether the machine does not have the policy, so that the recovery policy decided.
    pub is_recovery: bool,
    /// The rules, in their order.
    pub rules: Vec<RuleExplanation>,
    /// The decision that would be made if each staged DACL were effective, for the log. `None` if no rule that may apply has a staged DACL.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub staged: Option<Decision>,
}

/// The result of one rule of a central policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RuleExplanation {
    /// The name of the rule, if it has one.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub name: Option<String>,
    /// Whether the rule applies to the object.
    pub applies_to: AppliesTo,
    /// The facts that this depends on, if it is undetermined.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty", default))]
    pub facts: Vec<Unresolved>,
    /// The rights that the object grants and this rule does not. Rights that the walk over the rule's DACL did not come to are not among them.
    pub kept_back: AccessMask,
    /// The walk over the effective DACL, if the rule may apply.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub effective: Option<Explanation>,
    /// The walk over the staged DACL, if the rule may apply and has one. It grants and denies nothing.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub staged: Option<Explanation>,
}

/// Whether a rule of a central policy applies to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum AppliesTo {
    /// It does: it has no condition.
    Always,
    /// It does: its condition is true.
    True,
    /// It does not: its condition is false.
    False,
    /// It does not: its condition is neither true nor false, for instance since an attribute is absent.
    Unknown,
    /// It depends on facts that are not known. So the rule counts as one that applies, and the rights that it does not grant are undetermined.
    Undetermined,
    /// Its condition can't be evaluated: an attribute of the object is repeated, disabled or too large. So the rule counts as one that applies.
    NotEvaluated,
}

impl AppliesTo {
    /// Whether the rule limits the rights that are granted.
    ///
    /// ```
    /// use sddl_authz::check::AppliesTo;
    /// assert!(AppliesTo::Always.may_apply());
    /// assert!(AppliesTo::Undetermined.may_apply());
    /// assert!(!AppliesTo::Unknown.may_apply());
    /// ```
    #[must_use]
    pub const fn may_apply(self) -> bool {
        !matches!(self, Self::False | Self::Unknown)
    }

    /// The rights that a rule leaves which applies like this.
    pub(super) const fn limit(self, grants: Grants) -> Grants {
        match self {
            Self::Always | Self::True | Self::NotEvaluated => grants,
            Self::False | Self::Unknown => Grants::ALL,
            Self::Undetermined => Grants {
                possible: AccessMask::all(),
                ..grants
            },
        }
    }
}

impl PolicyExplanation {
    /// The rights that all rules leave.
    pub(super) fn grants(&self) -> Grants {
        self.rules
            .iter()
            .map(RuleExplanation::grants)
            .fold(Grants::ALL, Grants::and)
    }
}

impl RuleExplanation {
    /// The rights that the rule leaves.
    fn grants(&self) -> Grants {
        let effective = self.effective.as_ref();
        self.applies_to
            .limit(effective.map_or(Grants::ALL, Explanation::replay_grants))
    }

    /// The rights out of `granted` that the rule does not certainly grant, too. Rights that its check did not look at are not among them.
    pub(super) fn keeps_back(&self, granted: AccessMask) -> AccessMask {
        let kept_back = |right: &AccessMask| {
            let cause = self.missing(0, *right);
            cause.is_some_and(|cause| cause != MissingCause::NotLookedAt)
        };
        granted
            .single_rights()
            .filter(kept_back)
            .fold(AccessMask::empty(), AccessMask::union)
    }

    /// The reason why the rule, which has this index, does not certainly leave a right.
    fn missing(&self, index: usize, right: AccessMask) -> Option<MissingCause> {
        let (cause, _) = missing::ending(&self.effective.as_ref()?.steps, right).missing?;
        Some(match (self.applies_to, cause) {
            (_, MissingCause::NotLookedAt) => MissingCause::NotLookedAt,
            (AppliesTo::Undetermined, _) | (_, MissingCause::Uncertain { .. }) => {
                MissingCause::CentralPolicyUncertain { rule: index }
            }
            _ => MissingCause::CentralPolicy { rule: index },
        })
    }

    /// The rights that the rule would leave if its staged DACL were effective.
    pub(super) fn staged_grants(&self) -> Grants {
        let staged = self.staged.as_ref().or(self.effective.as_ref());
        self.applies_to
            .limit(staged.map_or(Grants::ALL, Explanation::replay_grants))
    }
}

/// Whether the steps grant one right, and the step that is the reason.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
/// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AN)".parse()?;
/// let rights = AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).explain(&descriptor).rights();
/// assert!(rights[0].is_granted());
/// assert_eq!((rights[0].step, rights[0].message), (Some(0), Some(1801)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Serialized as `{"right":"0x1","step":3,"message":1801}`, and, if the right is missing, with the fields of the cause:
/// `{"right":"0x4","step":0,"message":1802,"cause":"denied","index":0}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RightOutcome {
    /// The right: a mask of one bit.
    pub right: AccessMask,
    /// The index in [`Explanation::steps`] of the step that is the reason. It is `None` if all entries were looked at and no step settled the
    /// right, and if a rule of the central policy is the reason; then the right is not granted.
    pub step: Option<usize>,
    /// The number of Windows' message for this reason ([`Step::message_number`]): 1805 ("Not granted") if no step settled the right, 1809
    /// ("Unknown or unchecked") if the check ended before.
    pub message: Option<u16>,
    /// The reason why the right is missing; `None` if the steps grant it. The caller may use it only if the decision is to allow.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub cause: Option<MissingCause>,
}

impl RightOutcome {
    /// Whether the steps grant the right. The caller may use it only if the decision is to allow.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;AU)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let both = AccessMask::READ_CONTROL | AccessMask::WRITE_DAC;
    /// let rights = AccessCheck::new(&caller, both).explain(&descriptor).rights();
    /// assert_eq!(rights.iter().map(|right| right.is_granted()).collect::<Vec<_>>(), [true, false]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn is_granted(&self) -> bool {
        self.cause.is_none()
    }
}

/// The access states of a check, computed from its steps.
struct Replay {
    /// The state before anything is settled.
    start: AccessState,
    /// The state before the DACL.
    before: AccessState,
    /// The passes that have ended, together.
    ended: Option<AccessState>,
    current: AccessState,
}

impl Replay {
    fn new(request: Request) -> Self {
        let state = AccessState::new(request);
        Self {
            start: state,
            before: state,
            ended: None,
            current: state,
        }
    }

    /// Applies a step.
    fn step(&mut self, step: &Step) {
        if matches!(step, Step::RestrictedPass { .. }) {
            self.begin_pass(self.before);
        } else if matches!(step, Step::AppContainerPass) {
            self.begin_pass(self.start);
        }
        for (state, bits) in step.changes() {
            self.current.apply_bits(state, bits);
        }
        if matches!(step, Step::PrivilegeGranted { .. } | Step::IntegrityDenied { .. }) {
            self.before = self.current;
        }
    }

    fn begin_pass(&mut self, state: AccessState) {
        let ended = core::mem::replace(&mut self.current, state);
        self.ended = Some(self.ended.map_or(ended, |before| before.both(&ended)));
    }

    fn grants(&self) -> Grants {
        match &self.ended {
            Some(ended) => ended.grants(Some(&self.current)),
            None => self.current.grants(None),
        }
    }
}

impl Explanation {
    pub(super) fn new(decision: Decision, desired: AccessMask, options: Options, steps: Vec<Step>) -> Self {
        Self {
            decision,
            desired,
            steps,
            unresolved: Vec::new(),
            policy: None,
            options,
        }
        .with_unresolved()
    }

    /// Adds what the central policy did. The decision is the one under the policy.
    pub(super) fn with_policy(mut self, policy: PolicyExplanation) -> Self {
        self.policy = Some(Box::new(policy));
        self.with_unresolved()
    }

    fn with_unresolved(mut self) -> Self {
        if self.decision.is_undetermined() {
            self.unresolved = self.unknown_facts();
        }
        self
    }

    /// The unknown facts that some right depends on, whatever the decision.
    pub(crate) fn unknown_facts(&self) -> Vec<Unresolved> {
        let mut names = UnresolvedSet::default();
        self.steps.iter().for_each(|step| step.note_unknown(&mut names));
        for rule in self.policy.iter().flat_map(|policy| &policy.rules) {
            rule.facts.iter().cloned().for_each(|fact| names.note(fact));
            let steps = rule.effective.iter().flat_map(|effective| &effective.steps);
            steps.for_each(|step| step.note_unknown(&mut names));
        }
        names.into_vec()
    }

    /// Computes the decision from the steps alone. In every explanation made by a check it is equal to [`decision`](Self::decision).
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:(D;;RC;;;BG)(A;;RC;;;WD)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let explanation = AccessCheck::new(&caller, AccessMask::READ_CONTROL).explain(&descriptor);
    /// assert_eq!(explanation.replay(), explanation.decision);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replay(&self) -> Decision {
        let request = Request::of(self.desired);
        for step in &self.steps {
            if let Step::Refused { reason, .. } = step {
                return Decision::Denied(request.refused(*reason));
            }
        }
        let object = self.replay_grants();
        match &self.policy {
            None => request.decision_of(object),
            Some(policy) => request.decision_under_policy(object, policy.grants()),
        }
    }

    /// The rights that the steps grant, unless they refuse everything.
    fn replay_grants(&self) -> Grants {
        let mut replay = Replay::new(Request::of(self.desired));
        self.steps.iter().for_each(|step| replay.step(step));
        replay.grants()
    }

    /// The outcome of each right that was explicitly asked for, from the lowest bit on. If MAXIMUM_ALLOWED was asked for, the list also has each
    /// right that a step settled.
    ///
    /// For a caller that is checked in several passes, the step is that of the first pass if all passes grant the right. Otherwise it is the
    /// step of the pass that gives the cause.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;WD)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let desired = AccessMask::READ_CONTROL | AccessMask::WRITE_DAC;
    /// let rights = AccessCheck::new(&caller, desired).explain(&descriptor).rights();
    /// assert_eq!(rights.iter().map(|right| (right.is_granted(), right.step)).collect::<Vec<_>>(), [(true, Some(0)), (false, None)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rights(&self) -> Vec<RightOutcome> {
        let request = Request::of(self.desired);
        request
            .wanted()
            .single_rights()
            .filter_map(|right| {
                let (outcome, _) = self.right_outcome(right);
                let settled = !matches!(
                    outcome.cause,
                    Some(MissingCause::NotGranted | MissingCause::DaclEmpty | MissingCause::NotLookedAt)
                );
                (settled || request.explicit.contains(right)).then_some(outcome)
            })
            .collect()
    }

    /// The rights that are missing, set by set: which entry denied them, what integrity kept back, what no entry grants, and what was not
    /// looked at. The causes that are certain come first.
    ///
    /// The sets are disjoint, and together they are [`Denial::missing`](super::Denial::missing). If the decision is to allow, the list is
    /// empty.
    ///
    /// ```
    /// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::MissingCause};
    /// let descriptor: SecurityDescriptor = "D:(A;;RC;;;WD)(D;;WD;;;BG)".parse()?;
    /// let caller = Caller::authenticated("S-1-5-21-1-2-3-1104".parse()?)?.with_no_groups();
    /// let desired = AccessMask::READ_CONTROL | AccessMask::WRITE_DAC;
    /// let missing = AccessCheck::new(&caller, desired).explain(&descriptor).missing_rights();
    /// assert_eq!(missing.len(), 1);
    /// assert_eq!((missing[0].bits, missing[0].cause), (AccessMask::WRITE_DAC, MissingCause::NotGranted));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn missing_rights(&self) -> Vec<MissingRights> {
        let missing = self
            .decision
            .denial()
            .map_or(AccessMask::empty(), |denial| denial.missing);
        let mut sets: Vec<MissingRights> = Vec::new();
        for right in missing.single_rights() {
            let (outcome, pass) = self.right_outcome(right);
            let cause = outcome.cause.unwrap_or(MissingCause::NotGranted);
            match sets.iter_mut().find(|set| (set.cause, set.pass) == (cause, pass)) {
                Some(set) => set.bits = set.bits.union(right),
                None => sets.push(MissingRights {
                    bits: right,
                    cause,
                    pass,
                    message: outcome.message,
                }),
            }
        }
        sets.sort_by_key(|set| (set.cause.rank(), set.pass));
        sets
    }

    /// The end of the check for one right. If the object or a rule of its policy does not grant it, the most certain cause counts.
    fn ending(&self, right: AccessMask) -> Ending {
        let object = missing::ending(&self.steps, right);
        let rules = self.policy.iter().flat_map(|policy| policy.rules.iter().enumerate());
        let causes = rules.filter_map(|(index, rule)| rule.missing(index, right));
        let cause = causes.min_by_key(|cause| cause.rank());
        match (cause, object.missing) {
            (Some(cause), Some((own, _))) if own.rank() <= cause.rank() => object,
            (Some(cause), _) => Ending {
                step: None,
                missing: Some((cause, Pass::Caller)),
            },
            (None, _) => object,
        }
    }

    fn right_outcome(&self, right: AccessMask) -> (RightOutcome, Pass) {
        let Ending { step, missing } = self.ending(right);
        let message = match missing {
            Some((cause, pass)) => cause.message_in(pass),
            None => step
                .and_then(|step| self.steps.get(step))
                .and_then(Step::message_number),
        };
        let outcome = RightOutcome {
            right,
            step,
            message,
            cause: missing.map(|(cause, _)| cause),
        };
        (outcome, missing.map_or(Pass::Caller, |(_, pass)| pass))
    }
}
