//! The rules of central access policies in a check ([MS-DTYP] 2.5.3.2): each rule is a check of its own, with the rule's DACL in place of
//! the object's. A right is granted if the object and each rule that applies grant it.

use super::{
    decision::{Decision, Denial},
    environment::EntryEnvironment,
    explanation::{AppliesTo, Explanation, PolicyExplanation, RuleExplanation},
    options::Options,
    request::Grants,
    sacl::SystemEntries,
    source::{Descriptor, Entry, Source},
    state::AccessState,
    step::Step,
    unresolved::{Unresolved, UnresolvedSet},
    walk::{self, Observer, Question},
};
use crate::{
    ace::{Ace, AceType},
    acl::{Acl, AclState},
    caller::{Caller, Membership},
    central_policy::{CentralPolicies, CentralPolicy, CentralRule},
    condition::{AttributeClass, Condition, Subject, Truth, UnknownFact},
    mask::AccessMask,
    sid::Sid,
};
use alloc::{string::ToString, vec::Vec};

/// Decides about an object under central policies.
#[cold]
#[inline(never)]
pub(super) fn decide<D: Descriptor>(descriptor: &D, question: &Question<'_>, policies: &CentralPolicies) -> Decision {
    if !descriptor.sacl().aces().iter().any(names_policy) {
        return descriptor.decide(question.caller, question.request.desired(), question.options);
    }
    let mut state = AccessState::new(question.request);
    let object = match walk::walk(descriptor, question, &mut state, &mut ()) {
        Ok(restricted) => state.grants(restricted.as_ref()),
        Err(denial) => return Decision::Denied(denial),
    };
    let alone = question.request.decision_of(object);
    match ObjectPolicy::of(descriptor, policies) {
        Some(policy) if may_be_allowed(&alone) => {
            let rules = policy.grants(question, None);
            question.request.decision_under_policy(object, rules)
        }
        _ => alone,
    }
}

/// Explains a check. `object` are the rights that the object itself grants, and `steps` the steps by which it does.
pub(super) fn explained<D: Descriptor>(
    descriptor: &D,
    question: &Question<'_>,
    policies: Option<&CentralPolicies>,
    object: Result<Grants, Denial>,
    steps: Vec<Step>,
) -> Explanation {
    let explanation = |decision| Explanation::new(decision, question.request.desired(), *question.options, steps);
    let object = match object {
        Ok(object) => object,
        Err(denial) => return explanation(Decision::Denied(denial)),
    };
    let alone = question.request.decision_of(object);
    let policy = policies.and_then(|policies| ObjectPolicy::of(descriptor, policies));
    match policy {
        Some(policy) if may_be_allowed(&alone) => {
            let policy = policy.explain(question, object);
            let decision = question.request.decision_under_policy(object, policy.grants());
            explanation(decision).with_policy(policy)
        }
        _ => explanation(alone),
    }
}

/// Whether an entry of a SACL names a policy.
fn names_policy(ace: &Ace) -> bool {
    ace.ace_type() == AceType::ScopedPolicy && !ace.is_inherit_only()
}

/// Whether the policy is looked at.
const fn may_be_allowed(alone: &Decision) -> bool {
    alone.is_allowed() || alone.is_undetermined()
}

/// The policy of one object, and the parts of the object that the rules need.
#[derive(Clone, Copy, Debug)]
pub(super) struct ObjectPolicy<'a> {
    /// The index of the entry of the SACL that names the policy.
    index: usize,
    sid: Option<Sid>,
    /// `None` if the machine does not have it.
    policy: Option<&'a CentralPolicy>,
    rules: &'a [CentralRule],
    owner: Option<Sid>,
    has_group: bool,
    sacl: &'a AclState,
}

impl<'a> ObjectPolicy<'a> {
    /// The policy that the first entry of the SACL names which is not inherit-only. `None` if no entry does, and if the machine has no
    /// policies.
    pub(super) fn of(descriptor: &'a impl Descriptor, policies: &'a CentralPolicies) -> Option<Self> {
        let sacl = descriptor.sacl();
        let mut entries = sacl.aces().iter().enumerate();
        let (index, ace) = entries.find(|(_, ace)| names_policy(ace))?;
        if policies.is_empty() {
            return None;
        }
        let sid = ace.trustee().copied();
        let policy = sid.and_then(|sid| policies.find(&sid));
        Some(Self {
            index,
            sid,
            policy,
            rules: policy.map_or(policies.recovery(), CentralPolicy::rules),
            owner: descriptor.owner(),
            has_group: descriptor.has_group(),
            sacl,
        })
    }

    /// The rights that all rules together leave. Adds the facts that they depend on to `names`.
    pub(super) fn grants(&self, question: &Question<'_>, mut names: Option<&mut UnresolvedSet>) -> Grants {
        let mut grants = Grants::ALL;
        for rule in self.rules {
            let mut facts = names.is_some().then(UnresolvedSet::default);
            let scope = self.scope(rule, question, facts.as_mut());
            if !scope.may_apply() {
                continue;
            }
            let rule_grants = match &mut names {
                Some(names) => {
                    let facts = facts.map(UnresolvedSet::into_vec).unwrap_or_default();
                    facts.into_iter().for_each(|fact| names.note(fact));
                    self.walk(rule.effective(), question, *names)
                }
                None => self.walk(rule.effective(), question, &mut ()),
            };
            grants = grants.and(scope.limit(rule_grants));
        }
        grants
    }

    /// Explains each rule. `object` are the rights that the object itself grants.
    pub(super) fn explain(&self, question: &Question<'_>, object: Grants) -> PolicyExplanation {
        let rules: Vec<_> = self
            .rules
            .iter()
            .map(|rule| self.explain_rule(rule, question, object))
            .collect();
        let is_staged = rules.iter().any(|rule| rule.staged.is_some());
        let staged = rules
            .iter()
            .map(RuleExplanation::staged_grants)
            .fold(object, Grants::and);
        PolicyExplanation {
            index: self.index,
            sid: self.sid,
            name: self.policy.and_then(CentralPolicy::name).map(ToString::to_string),
            is_recovery: self.policy.is_none(),
            rules,
            staged: is_staged.then(|| question.request.decision_of(staged)),
        }
    }

    fn explain_rule(&self, rule: &CentralRule, question: &Question<'_>, object: Grants) -> RuleExplanation {
        let mut facts = UnresolvedSet::default();
        let scope = self.scope(rule, question, Some(&mut facts));
        let mut effective = None;
        let mut staged = None;
        if scope.may_apply() {
            let explain = |dacl: &Acl| {
                let mut steps = Vec::new();
                let grants = self.walk(dacl, question, &mut steps);
                Self::rule_explanation(grants, question, steps)
            };
            effective = Some(explain(rule.effective()));
            staged = rule.staged().map(explain);
        }
        let explanation = RuleExplanation {
            name: rule.name().map(ToString::to_string),
            applies_to: scope,
            facts: facts.into_vec(),
            kept_back: AccessMask::empty(),
            effective,
            staged,
        };
        RuleExplanation {
            kept_back: explanation.keeps_back(object.possible),
            ..explanation
        }
    }

    fn rule_explanation(grants: Grants, question: &Question<'_>, steps: Vec<Step>) -> Explanation {
        let decision = question.request.decision_of(grants);
        Explanation::new(decision, question.request.desired(), *question.options, steps)
    }

    /// Checks with this DACL in place of the object's, without an object tree. Returns the rights that it grants.
    fn walk(&self, dacl: &Acl, question: &Question<'_>, observer: &mut impl Observer) -> Grants {
        let with_dacl = WithDacl { object: self, dacl };
        let mut state = AccessState::new(question.request);
        match walk::walk(&with_dacl, question, &mut state, observer) {
            Ok(restricted) => state.grants(restricted.as_ref()),
            Err(_) => Grants::NOTHING,
        }
    }

    /// Whether a rule applies to the object. Adds the facts that this depends on to `names`.
    fn scope(&self, rule: &CentralRule, question: &Question<'_>, names: Option<&mut UnresolvedSet>) -> AppliesTo {
        let Some(condition) = rule.applies_to() else {
            return AppliesTo::Always;
        };
        let resource = SystemEntries::of(self.sacl, question.options, true).attributes;
        let mut unknown = UnresolvedSet::default();
        // No source says whether deny-only groups and claims count in the condition of a rule. So the condition is evaluated with them and
        // without them, and the rule applies if either evaluation says so (inferred).
        let [with, without] = [true, false].map(|for_deny| {
            let facts = EntryEnvironment {
                caller: question.caller,
                resource,
                for_deny,
            };
            scope_in(condition, &facts, |fact| unknown.note(fact))
        });
        let scope = if strength(with) >= strength(without) {
            with
        } else {
            without
        };
        if let (AppliesTo::Undetermined, Some(names)) = (scope, names) {
            *names = unknown;
        }
        scope
    }
}

/// Whether a rule with this condition applies: only if the condition is true, so an absent attribute makes the rule not apply.
///
/// A condition that could be true for reasons that this crate does not look into counts as true: an attribute of the object that is repeated
/// or disabled, and sets that are too large to compare (inferred).
fn scope_in(condition: &Condition, facts: &EntryEnvironment<'_>, mut name: impl FnMut(Unresolved)) -> AppliesTo {
    let mut knowable = false;
    let (verdict, is_cut) = condition.evaluate_to_limit(facts, |missing| {
        if is_knowable(facts.caller, &missing) {
            knowable = true;
            name(missing.into());
        }
    });
    if is_cut {
        AppliesTo::NotEvaluated
    } else if verdict.is_certain() {
        match verdict.truth() {
            Truth::True => AppliesTo::True,
            Truth::False => AppliesTo::False,
            Truth::Unknown => AppliesTo::Unknown,
        }
    } else if !verdict.can_be(Truth::True) {
        AppliesTo::Unknown
    } else if knowable {
        AppliesTo::Undetermined
    } else {
        AppliesTo::NotEvaluated
    }
}

/// Whether a directory may know the fact. None knows more about the object's attributes than its SACL does.
fn is_knowable(caller: &Caller, fact: &UnknownFact<'_>) -> bool {
    match fact {
        UnknownFact::Attribute { class, .. } => *class != AttributeClass::Resource,
        UnknownFact::Group { subject, sid } => {
            let membership = match subject {
                Subject::User => caller.membership(sid),
                Subject::Device => caller.device_membership(sid),
            };
            membership == Membership::Unknown
        }
    }
}

/// How surely a rule applies.
const fn strength(applies_to: AppliesTo) -> u8 {
    match applies_to {
        AppliesTo::Always | AppliesTo::True | AppliesTo::NotEvaluated => 2,
        AppliesTo::Undetermined => 1,
        AppliesTo::False | AppliesTo::Unknown => 0,
    }
}

/// The object with the DACL of a rule.
struct WithDacl<'a> {
    object: &'a ObjectPolicy<'a>,
    dacl: &'a Acl,
}

impl Source for WithDacl<'_> {
    fn owner(&self) -> Option<Sid> {
        self.object.owner
    }

    fn has_owner(&self) -> bool {
        self.object.owner.is_some()
    }

    fn has_group(&self) -> bool {
        self.object.has_group
    }

    fn sacl(&self) -> &AclState {
        self.object.sacl
    }

    fn dacl(&self) -> AclState<impl Iterator<Item: Entry> + Clone> {
        AclState::Present(self.dacl.aces().iter())
    }

    fn is_unprotected(&self) -> bool {
        false
    }

    fn decide(&self, caller: &Caller, desired: AccessMask, options: &Options) -> Decision {
        walk::decide(self, caller, desired, options)
    }
}
