//! Laws that hold of every check, on random questions. Where a law has an exception, the exception is a test of its own.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    clippy::panic,
    reason = "a test that panics has failed, and looks at the variants that it is about"
)]

mod support;

use arbitrary::Unstructured;
use proptest::{prelude::*, test_runner::TestCaseError};
use sddl_authz::{
    AccessCheck, AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, Decision, GenericMapping,
    SecurityDescriptor, Sid,
    ace::{ApplicationData, Effect},
    binary,
    caller::{AppContainer, Group, IntegrityLevel, Membership, Privileges},
    central_policy::{CentralPolicies, CentralPolicy, CentralRule},
    check,
    check::{
        AppliesTo, DenialReason, EntryOutcome, Explanation, MissingCause, RuleExplanation, Step, Unprotected,
        Unresolved,
    },
    claim::{Claim, ClaimFlags, ClaimValues},
    condition::{AttributeClass, Lookup, Operator, Token},
    encoded::TextChecker,
    sddl,
};
use support::model::{Case, accounts, condition, container, container_sids, entry, mask, tree};

const MAXIMUM: AccessMask = AccessMask::MAXIMUM_ALLOWED;
const DENIES: [AceType; 4] = [
    AceType::Deny,
    AceType::ObjectDeny,
    AceType::CallbackDeny,
    AceType::CallbackObjectDeny,
];
const ALLOWS: [AceType; 4] = [
    AceType::Allow,
    AceType::ObjectAllow,
    AceType::CallbackAllow,
    AceType::CallbackObjectAllow,
];

fn bits(bits: u32) -> AccessMask {
    AccessMask::from_bits_retain(bits)
}

fn asked(case: &Case) -> AccessCheck<'_> {
    AccessCheck::new(&case.caller, case.desired).options(case.options)
}

fn ask(case: &Case) -> Decision {
    asked(case).check(&case.descriptor)
}

fn explanation(case: &Case) -> Explanation {
    asked(case).explain(&case.descriptor)
}

/// This question about a DACL after `change`. An absent or NULL DACL counts as an empty one.
fn with_dacl(case: &Case, change: impl FnOnce(&mut Vec<Ace>)) -> Case {
    let mut changed = case.clone();
    let mut dacl = case.descriptor.dacl.acl().cloned().unwrap_or_default();
    change(dacl.aces_mut());
    changed.descriptor.dacl = AclState::Present(dacl);
    changed
}

fn desiring(case: &Case, desired: AccessMask) -> Case {
    let mut changed = case.clone();
    changed.desired = desired;
    changed
}

/// The rights that are certainly granted when all are desired.
fn maximum(case: &Case) -> AccessMask {
    match ask(&desiring(case, MAXIMUM)) {
        Decision::Allowed { granted } => granted,
        Decision::Denied(denial) => denial.granted_before_denial,
    }
}

/// Each right that a DACL can grant.
fn single_bits() -> impl Iterator<Item = AccessMask> {
    let never = AccessMask::GENERIC | MAXIMUM | AccessMask::ACCESS_SYSTEM_SECURITY;
    (0..32)
        .map(|place| bits(1 << place))
        .filter(move |bit| !never.contains(*bit))
}

/// A place in the list, its end included.
fn place(number: usize, entries: &[Ace]) -> usize {
    number % (entries.len() + 1)
}

/// A question, and bytes to change it with.
fn question() -> impl Strategy<Value = (Case, Vec<u8>)> {
    (
        prop::collection::vec(any::<u8>(), 256),
        prop::collection::vec(any::<u8>(), 32),
    )
        .prop_map(|(case, change)| (Case::from_bytes(&case), change))
}

fn made_of<T>(bytes: &[u8], make: impl FnOnce(&mut Unstructured<'_>) -> arbitrary::Result<T>) -> T {
    make(&mut Unstructured::new(bytes)).unwrap()
}

/// `caller`, with what it does not know filled in.
fn resolved(caller: Caller, name: &Unresolved, answer: u8) -> Caller {
    let claim = |name: &String| {
        Claim::new(
            name.clone(),
            ClaimFlags::empty(),
            ClaimValues::Int(vec![i64::from(answer % 3)]),
        )
        .unwrap()
    };
    match name {
        Unresolved::Group(sid) => match answer % 3 {
            0 => caller.with_ruled_out_groups([*sid]),
            1 => caller.with_groups([*sid]).unwrap(),
            _ => caller.with_deny_only_groups([*sid]).unwrap(),
        },
        Unresolved::DeviceGroup(sid) if answer.is_multiple_of(2) => caller.with_ruled_out_device_groups([*sid]),
        Unresolved::DeviceGroup(sid) => caller.with_device_groups([*sid]).unwrap(),
        Unresolved::Claim {
            class: AttributeClass::User,
            name,
        } if answer % 3 == 2 => caller.with_ruled_out_user_claims([name.clone()]),
        Unresolved::Claim {
            class: AttributeClass::User,
            name,
        } => caller.with_user_claims([claim(name)]).unwrap(),
        Unresolved::Claim {
            class: AttributeClass::Device,
            name,
        } if answer % 3 == 2 => caller.with_ruled_out_device_claims([name.clone()]),
        Unresolved::Claim {
            class: AttributeClass::Device,
            name,
        } => caller.with_device_claims([claim(name)]).unwrap(),
        Unresolved::Claim {
            class: AttributeClass::Local,
            name,
        } if answer % 3 == 2 => caller.with_ruled_out_local_claims([name.clone()]),
        Unresolved::Claim {
            class: AttributeClass::Local,
            name,
        } => caller.with_local_claims([claim(name)]).unwrap(),
        Unresolved::Claim { .. } => panic!("{name} is not the caller's to know"),
    }
}

fn rule_of(explanation: &Explanation, index: usize) -> Option<&RuleExplanation> {
    explanation.policy.as_ref()?.rules.get(index)
}

/// The sets are disjoint, together they are what is missing, and each has the cause that the steps show.
fn are_a_partition(explanation: &Explanation) -> Result<(), TestCaseError> {
    let missing = explanation
        .decision
        .denial()
        .map_or(AccessMask::empty(), |denial| denial.missing);
    let sets = explanation.missing_rights();
    let mut all = AccessMask::empty();
    for set in &sets {
        prop_assert!(!set.bits.is_empty() && !all.intersects(set.bits), "{sets:?}");
        all |= set.bits;
        let shown = |shows: &dyn Fn(&Step) -> bool| explanation.steps.iter().any(shows);
        let true_cause = match set.cause {
            MissingCause::Refused { reason } => {
                shown(&|step| matches!(step, Step::Refused { reason: said, .. } if *said == reason))
            }
            MissingCause::Integrity => {
                shown(&|step| matches!(step, Step::IntegrityDenied { bits, .. } if bits.contains(set.bits)))
            }
            MissingCause::Denied { index } => {
                shown(&|step| matches!(step, Step::Entry { index: of, .. } if *of == index))
            }
            MissingCause::DaclEmpty => shown(&|step| matches!(step, Step::DaclEmpty)),
            MissingCause::NotLookedAt => {
                let rules = explanation.policy.iter().flat_map(|policy| &policy.rules);
                let mut steps = rules
                    .filter_map(|rule| rule.effective.as_ref())
                    .flat_map(|walk| &walk.steps);
                shown(&|step| matches!(step, Step::Unvisited { .. } | Step::Refused { .. }))
                    || steps.any(|step| matches!(step, Step::Unvisited { .. }))
            }
            MissingCause::CentralPolicy { rule } => rule_of(explanation, rule).is_some_and(|rule| {
                rule.kept_back.contains(set.bits) && !matches!(rule.applies_to, AppliesTo::Undetermined)
            }),
            MissingCause::CentralPolicyUncertain { rule } => {
                rule_of(explanation, rule).is_some_and(|rule| rule.applies_to.may_apply())
            }
            MissingCause::Uncertain { .. } => shown(&|step| match step {
                Step::OwnerUnknown { .. } | Step::PartsDenied { .. } | Step::PartsGranted { .. } => true,
                Step::Entry { outcome, .. } => {
                    matches!(outcome, EntryOutcome::MayGrant { .. } | EntryOutcome::MayDeny { .. })
                }
                _ => false,
            }),
            // Some pass reached the end of the DACL.
            MissingCause::NotGranted => {
                let passes = explanation
                    .steps
                    .split(|step| matches!(step, Step::RestrictedPass { .. } | Step::AppContainerPass));
                passes
                    .into_iter()
                    .any(|pass| !pass.iter().any(|step| matches!(step, Step::Unvisited { .. })))
            }
            _ => false,
        };
        prop_assert!(true_cause, "{set:?} of {explanation:?}");
        let entry_denies = |step: &Step| {
            matches!(
                step,
                Step::Entry { outcome: EntryOutcome::Denied { bits, .. } | EntryOutcome::UnknownTypeDenied { bits }, .. } if bits.intersects(set.bits)
            )
        };
        let uncertain = |step: &Step| {
            matches!(
                step,
                Step::OwnerUnknown { bits, .. } | Step::Entry { outcome: EntryOutcome::MayGrant { bits }, .. } if bits.intersects(set.bits)
            )
        };
        // No set hides a denial that is certain.
        if matches!(
            set.cause,
            MissingCause::NotGranted | MissingCause::DaclEmpty | MissingCause::NotLookedAt
        ) {
            prop_assert!(!shown(&entry_denies) || shown(&uncertain), "{set:?} of {explanation:?}");
        }
    }
    prop_assert_eq!(all, missing);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, max_global_rejects: 1 << 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn law_1_adding_a_deny_never_grants_more((case, change) in question(), at in any::<usize>()) {
        let deny = made_of(&change, |u| entry(u, &DENIES));
        let denied = with_dacl(&case, |aces| aces.insert(place(at, aces), deny));
        let case = with_dacl(&case, |_| {});
        prop_assert!(ask(&case).granted().contains(ask(&denied).granted()));
        prop_assert!(maximum(&case).contains(maximum(&denied)));
    }

    #[test]
    fn law_2_adding_an_allow_never_grants_less((case, change) in question(), at in any::<usize>()) {
        let allow = made_of(&change, |u| entry(u, &ALLOWS));
        prop_assume!(allow.is_inherit_only() || allow.trustee() != Some(&Sid::OWNER_RIGHTS));
        let case = with_dacl(&case, |_| {});
        let allowed = with_dacl(&case, |aces| aces.insert(place(at, aces), allow));
        prop_assert!(ask(&allowed).granted().contains(ask(&case).granted()));
        prop_assert!(maximum(&allowed).contains(maximum(&case)));
    }

    #[test]
    fn law_3_removing_a_group_never_grants_more_unless_a_deny_names_it((case, _) in question(), which in any::<usize>()) {
        let groups: Vec<_> = case.caller.groups().copied().collect();
        prop_assume!(!groups.is_empty() && case.caller.groups_complete());
        let removed = groups[which % groups.len()].sid;
        let capabilities = case.caller.app_container().map_or(&[][..], |container| container.capabilities());
        prop_assume!(!capabilities.contains(&removed));
        let names_it = |ace: &Ace| {
            let meant = match ace.trustee() {
                Some(&Sid::OWNER_RIGHTS) => case.descriptor.owner,
                Some(&Sid::PRINCIPAL_SELF) => case.options.principal_self,
                trustee => trustee.copied(),
            };
            // A Deny that names it, or any condition that may be the truer for its absence.
            (matches!(ace.ace_type().effect(), Effect::Deny | Effect::ConditionalDeny) && (meant == Some(removed) || matches!(ace.data(), ApplicationData::Condition(_))))
                || tests_for_absence(ace)
        };
        prop_assume!(!case.descriptor.dacl.acl().is_some_and(|dacl| dacl.aces().iter().any(names_it)));
        let without = without_group(&case, &removed);
        prop_assert!(ask(&case).granted().contains(ask(&without).granted()));
        prop_assert!(maximum(&case).contains(maximum(&without)));
    }

    #[test]
    fn law_3_forgetting_a_group_never_grants_more_when_the_list_is_marked_incomplete(
        (case, _) in question(), which in any::<usize>()
    ) {
        let groups: Vec<_> = case.caller.groups().copied().collect();
        prop_assume!(!groups.is_empty());
        let mut forgotten = without_group(&case, &groups[which % groups.len()].sid);
        forgotten.caller = forgotten.caller.with_incomplete_groups();
        prop_assert!(ask(&case).granted().contains(ask(&forgotten).granted()));
        prop_assert!(maximum(&case).contains(maximum(&forgotten)));
    }

    #[test]
    fn law_4_the_maximum_is_the_union_of_the_bits_granted_alone((case, _) in question()) {
        prop_assume!(case.descriptor.dacl.acl().is_some());
        let mut case = case;
        case.caller = {
            let held = case.caller.privileges();
            case.caller.with_privileges(held.difference(Privileges::TAKE_OWNERSHIP))
        };
        let alone = single_bits()
            .filter(|bit| ask(&desiring(&case, *bit)).is_allowed())
            .fold(AccessMask::empty(), AccessMask::union);
        prop_assert_eq!(maximum(&case), alone);
    }

    #[test]
    fn law_5_two_masks_are_granted_together_if_each_is_granted_alone((case, change) in question()) {
        let (a, b) = made_of(&change, |u| Ok((mask(u)?, mask(u)?)));
        let [a, b] = [a, b].map(|mask| mask.difference(MAXIMUM));
        prop_assume!(!a.is_empty() && !b.is_empty());
        let allowed = |desired| ask(&desiring(&case, desired)).is_allowed();
        prop_assert_eq!(allowed(a | b), allowed(a) && allowed(b));
    }

    #[test]
    fn law_6_inherit_only_and_sacl_entries_change_nothing((case, change) in question(), at in any::<usize>()) {
        let added = made_of(&change, |u| entry(u, AceType::KNOWN));
        let added = match added.ace_type().effect() {
            Effect::Audit | Effect::Alarm | Effect::Label if added.trustee() != Some(&Sid::OWNER_RIGHTS) => added,
            _ => added.with_flags(AceFlags::INHERIT_ONLY),
        };
        let case = with_dacl(&case, |_| {});
        let changed = with_dacl(&case, |aces| aces.insert(place(at, aces), added));
        prop_assert_eq!(ask(&case), ask(&changed));
        prop_assert_eq!(maximum(&case), maximum(&changed));
    }

    #[test]
    fn law_7_an_entry_repeated_next_to_itself_changes_nothing((case, _) in question(), at in any::<usize>()) {
        let case = with_dacl(&case, |_| {});
        let repeated = with_dacl(&case, |aces| {
            let at = place(at, aces);
            if let Some(repeated) = aces.get(at).cloned() {
                aces.insert(at, repeated);
            }
        });
        prop_assert_eq!(ask(&case), ask(&repeated));
        prop_assert_eq!(maximum(&case), maximum(&repeated));
    }

    #[test]
    fn law_8_moving_a_deny_ahead_of_the_allow_before_it_never_grants_more((case, change) in question(), at in any::<usize>()) {
        let (allow, deny) = made_of(&change, |u| Ok((entry(u, &ALLOWS)?, entry(u, &DENIES)?)));
        let put = |first: &Ace, second: &Ace| with_dacl(&case, |aces| {
            let at = place(at, aces);
            aces.splice(at..at, [first.clone(), second.clone()]);
        });
        let (stored, moved) = (put(&allow, &deny), put(&deny, &allow));
        prop_assert!(ask(&stored).granted().contains(ask(&moved).granted()));
        prop_assert!(maximum(&stored).contains(maximum(&moved)));
    }

    #[test]
    fn law_9_asking_for_nothing_is_denied((mut case, _) in question()) {
        case.options = case.options.with_require_owner_and_group(false);
        let denial = ask(&desiring(&case, AccessMask::empty())).denial().map(|denial| denial.reason);
        prop_assert_eq!(denial, Some(DenialReason::NothingAsked));
    }

    #[test]
    fn law_10_null_and_absent_grant_unless_they_are_refused_and_empty_denies((mut case, change) in question()) {
        let granting = case.options.with_require_owner_and_group(false).with_unprotected(Unprotected::Grant);
        let desired = made_of(&change, mask).difference(
            AccessMask::GENERIC | MAXIMUM | AccessMask::ACCESS_SYSTEM_SECURITY | bits(0x6_0000),
        );
        prop_assume!(!desired.is_empty());
        // An app container is granted nothing by such an object.
        prop_assume!(case.caller.app_container().is_none());
        case.desired = desired;
        case.descriptor.sacl = AclState::Absent;
        case.caller = case.caller.without_mandatory_policy().with_privileges(Privileges::empty());
        for open in [AclState::Absent, AclState::Null] {
            case.descriptor.dacl = open;
            case.options = granting;
            prop_assert_eq!(ask(&case), Decision::Allowed { granted: desired });
            case.options = granting.with_unprotected(Unprotected::Refuse);
            let reason = ask(&case).denial().map(|denial| denial.reason);
            prop_assert_eq!(reason, Some(DenialReason::Unprotected));
        }
        case.descriptor.dacl = AclState::Present(Acl::default());
        prop_assert_eq!(ask(&case).denial().map(|denial| denial.missing), Some(desired));
    }

    #[test]
    fn law_11_what_is_allowed_or_refused_for_certain_stays_so_whatever_the_unknown_facts(
        (mut case, change) in question()
    ) {
        case.caller = case.caller.with_incomplete_groups().with_incomplete_claims();
        let before = ask(&case);
        let mut known = case.clone();
        for (name, answer) in unknown_facts(&case.caller).into_iter().zip(change) {
            known.caller = resolved(known.caller, &name, answer);
        }
        let after = ask(&known);
        prop_assert!(after.granted().contains(before.granted()));
        prop_assert!(maximum(&known).contains(maximum(&case)));
        prop_assert_ne!(after.denial().map(|denial| denial.reason), Some(DenialReason::Undetermined));
        if before.denial().is_some_and(|denial| denial.reason != DenialReason::Undetermined) {
            prop_assert!(!after.is_allowed());
        }
    }

    /// A fact is unknown if its list is incomplete, the caller does not have it, and it was not ruled out.
    #[test]
    fn law_11_the_facts_that_are_unknown_follow_from_what_the_caller_was_told((case, _) in question()) {
        let Case { caller, unknown, .. } = &case;
        let ruled_out = |sid: &Sid| unknown.ruled_out_groups.contains(sid);
        let groups = |sid: &Sid| caller.groups().any(|group| group.sid == *sid);
        let devices = |sid: &Sid| caller.device_groups().any(|group| group.sid == *sid);
        prop_assert_eq!(caller.groups_complete(), !unknown.groups);
        prop_assert_eq!(caller.claims_complete(), !unknown.claims);
        for sid in accounts() {
            let open = unknown.groups && sid != *caller.user() && !groups(&sid) && !ruled_out(&sid);
            prop_assert_eq!(caller.membership(&sid) == Membership::Unknown, open);
            let open = unknown.groups && !devices(&sid);
            prop_assert_eq!(caller.device_membership(&sid) == Membership::Unknown, open);
        }
        for name in ["a", "b", "B"] {
            let open = |class, held: &[Claim]| {
                let is = |other: &str| other.eq_ignore_ascii_case(name);
                unknown.claims
                    && !held.iter().any(|claim| is(claim.name()))
                    && !unknown.ruled_out_claims.iter().any(|(of, other)| *of == class && is(other))
            };
            let user = open(AttributeClass::User, caller.user_claims());
            prop_assert_eq!(caller.user_claim(name) == Lookup::Unknown, user);
            let device = open(AttributeClass::Device, caller.device_claims());
            prop_assert_eq!(caller.device_claim(name) == Lookup::Unknown, device);
            let local = open(AttributeClass::Local, caller.local_claims());
            prop_assert_eq!(caller.local_claim(name) == Lookup::Unknown, local);
        }
    }

    #[test]
    fn law_11_knowing_the_unresolved_facts_settles_an_undetermined_answer((mut case, change) in question()) {
        case.caller = case.caller.with_incomplete_groups().with_incomplete_claims();
        let named = explanation(&case).unresolved;
        prop_assert!((1..named.len()).all(|end| !named[..end].iter().any(|name| name.is_same(&named[end]))));
        let undetermined = ask(&case).denial().is_some_and(|denial| denial.reason == DenialReason::Undetermined);
        prop_assert_eq!(undetermined, !named.is_empty());
        for (name, answer) in named.into_iter().zip(change) {
            case.caller = resolved(case.caller, &name, answer);
        }
        prop_assert_ne!(ask(&case).denial().map(|denial| denial.reason), Some(DenialReason::Undetermined));
    }

    #[test]
    fn law_11_knowing_the_unresolved_facts_settles_what_is_asked_about_the_parts_of_an_object(
        (mut case, change) in question(), shape in prop::collection::vec(any::<u8>(), 16)
    ) {
        case.caller = case.caller.with_incomplete_groups().with_incomplete_claims();
        let tree = made_of(&shape, tree);
        let is_undetermined = |decision: &Decision| {
            decision.denial().is_some_and(|denial| denial.reason == DenialReason::Undetermined)
        };
        let answers = |case: &Case| {
            let mut decision = asked(case).parts(&tree).check(&case.descriptor);
            decision.nodes.push(decision.overall);
            decision.nodes
        };
        let undetermined = answers(&case).iter().any(is_undetermined);
        let named = asked(&case).parts(&tree).unresolved(&case.descriptor);
        prop_assert_eq!(undetermined, !named.is_empty());
        for (name, answer) in named.into_iter().zip(change) {
            case.caller = resolved(case.caller, &name, answer);
        }
        prop_assert!(!answers(&case).iter().any(is_undetermined));
    }

    #[test]
    fn the_root_is_granted_what_every_part_of_an_object_is(
        (case, _) in question(), shape in prop::collection::vec(any::<u8>(), 16)
    ) {
        let tree = made_of(&shape, tree);
        let decision = asked(&case).parts(&tree).check(&case.descriptor);
        prop_assert_eq!(decision.nodes.first(), Some(&decision.overall));
    }

    #[test]
    fn a_container_never_adds((case, change) in question(), shape in prop::collection::vec(any::<u8>(), 16)) {
        prop_assume!(case.caller.app_container().is_none());
        let mut contained = case.clone();
        contained.caller = contained.caller.with_app_container(made_of(&change, container));
        // A container is at the level Low, and a label up to Medium does not limit it.
        let mut free = case;
        free.caller = {
            let level = free.caller.integrity().max(IntegrityLevel::MEDIUM);
            free.caller.with_integrity(level)
        };
        prop_assert!(ask(&free).granted().contains(ask(&contained).granted()));
        prop_assert!(maximum(&free).contains(maximum(&contained)));
        let tree = made_of(&shape, tree);
        let of_parts = |case: &Case| asked(case).parts(&tree).check(&case.descriptor);
        for (free, contained) in of_parts(&free).nodes.iter().zip(&of_parts(&contained).nodes) {
            prop_assert!(free.granted().contains(contained.granted()));
        }
    }

    #[test]
    fn law_14_each_right_has_a_reason_that_agrees_with_the_decision((case, _) in question()) {
        let explanation = explanation(&case);
        let rights = explanation.rights();
        let certain = match explanation.decision {
            Decision::Allowed { granted } => granted,
            Decision::Denied(denial) => denial.granted_before_denial,
        };
        let said = rights.iter().filter(|right| right.is_granted()).fold(AccessMask::empty(), |said, right| said | right.right);
        prop_assert_eq!(said, certain);
        prop_assert!(rights.iter().all(|right| !right.is_granted() || right.step.is_some()));
        prop_assert!(rights.iter().fold(AccessMask::empty(), |all, right| all | right.right).contains(explanation.desired.difference(MAXIMUM)));
    }

    #[test]
    fn law_14_the_sets_of_missing_rights_are_a_partition_of_what_is_missing((case, _) in question()) {
        are_a_partition(&explanation(&case))?;
    }

    #[test]
    fn law_14_the_sets_of_rights_that_a_part_misses_are_a_partition((case, _) in question(), shape in prop::collection::vec(any::<u8>(), 16)) {
        let tree = made_of(&shape, tree);
        for node in 0..tree.nodes().len() {
            are_a_partition(&asked(&case).parts(&tree).explain(&case.descriptor, node))?;
        }
    }

    #[test]
    fn law_12_text_and_bytes_decide_as_the_model_does((case, _) in question()) {
        let mut read = case.clone();
        if let Ok(text) = sddl::to_text(&case.descriptor, &sddl::Options::default()) {
            read.descriptor = text.parse().unwrap();
            prop_assert_eq!(ask(&read), ask(&case));
            let mut checker = TextChecker::default();
            for _ in 0..2 {
                prop_assert_eq!(checker.check(&asked(&case), &text), Ok(ask(&case)));
            }
            prop_assert_eq!(asked(&case).check_text(&text), Ok(ask(&case)));
        }
        if let Ok(bytes) = binary::to_bytes(&case.descriptor) {
            read.descriptor = binary::from_bytes(&bytes).unwrap();
            prop_assert_eq!(ask(&read), ask(&case));
            prop_assert_eq!(asked(&case).check_bytes(&bytes), Ok(ask(&case)));
            let view = binary::DescriptorView::new(&bytes).unwrap();
            prop_assert_eq!(asked(&case).explain(&view), explanation(&case));
        }
    }

    #[test]
    fn law_14_the_explanation_decides_as_the_check_and_its_steps_say_so((case, _) in question()) {
        let explanation = explanation(&case);
        prop_assert_eq!(explanation.decision, ask(&case));
        prop_assert_eq!(explanation.replay(), explanation.decision);
        // With one pass and nothing unknown, no bit is settled twice, and those granted are those that some step granted.
        let known = case.caller.groups_complete() && case.caller.claims_complete();
        let one_pass = case.caller.restricting_sids().is_none() && case.caller.app_container().is_none();
        if known && one_pass {
            let mut settled = AccessMask::empty();
            let mut granted = AccessMask::empty();
            for step in &explanation.steps {
                let (grants, denies) = settled_by(step);
                prop_assert!(!settled.intersects(grants | denies));
                settled |= grants | denies;
                granted |= grants;
            }
            let said = match explanation.decision {
                Decision::Allowed { granted } => granted,
                Decision::Denied(denial) => denial.granted_before_denial,
            };
            prop_assert_eq!(granted, said);
        }
    }

    #[test]
    fn law_14_every_entry_is_accounted_for_in_order((case, _) in question()) {
        let explanation = explanation(&case);
        let count = case.descriptor.dacl.acl().map_or(0, |dacl| dacl.aces().len());
        let refused = explanation.steps.iter().any(|step| matches!(step, Step::Refused { .. }));
        let mut next = 0;
        for step in &explanation.steps {
            match *step {
                Step::Entry { index, .. } => {
                    prop_assert_eq!(index, next);
                    next += 1;
                }
                Step::Unvisited { from } => {
                    prop_assert_eq!(from, next);
                    next = count;
                }
                Step::RestrictedPass { .. } | Step::AppContainerPass => {
                    prop_assert_eq!(next, count);
                    next = 0;
                }
                _ => {}
            }
        }
        prop_assert_eq!(next, if refused { 0 } else { count });
    }

    #[cfg(feature = "serde")]
    #[test]
    fn law_14_an_explanation_in_json_begins_with_the_decision((case, _) in question()) {
        let json = serde_json::to_string(&explanation(&case)).unwrap();
        let tree: serde_json::Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(tree["decision"] == "allowed", ask(&case).is_allowed());
    }

    #[test]
    fn law_15_the_order_and_number_of_groups_do_not_matter((case, _) in question(), seed in any::<usize>()) {
        let mut groups: Vec<_> = case.caller.groups().copied().collect();
        let turn = seed % groups.len().max(1);
        groups.rotate_left(turn);
        let doubled: Vec<_> = groups.iter().chain(groups.iter().rev()).copied().collect();
        let mut rebuilt = case.clone();
        rebuilt.caller = with_groups_of(&case, doubled);
        prop_assert!(rebuilt.caller.groups().eq(case.caller.groups()));
        prop_assert_eq!(ask(&rebuilt), ask(&case));
    }

    #[test]
    fn law_17_mapping_is_idempotent_and_happens_before_the_walk((case, _) in question()) {
        let Some(mapping) = case.options.mapping else {
            return Ok(());
        };
        prop_assert_eq!(mapping.map(mapping.map(case.desired)), mapping.map(case.desired));
        prop_assert_eq!(ask(&desiring(&case, mapping.map(case.desired))), ask(&case));
        let mapped = with_dacl(&case, |aces| {
            for ace in aces.iter_mut() {
                let plain = match ace.ace_type() {
                    AceType::Allow => Ace::allow,
                    AceType::Deny => Ace::deny,
                    _ => continue,
                };
                *ace = plain(*ace.trustee().unwrap(), mapping.map(ace.mask())).with_flags(ace.flags());
            }
        });
        if case.descriptor.dacl.acl().is_some() {
            prop_assert_eq!(ask(&mapped), ask(&case));
        }
    }

    #[test]
    fn law_18_an_unknown_type_denies_what_is_undecided_and_says_so(
        (mut case, change) in question(), at in any::<usize>(), code in 0x16_u8..
    ) {
        prop_assume!(case.caller.restricting_sids().is_none());
        case.options = case.options.with_skip_unknown_types(false);
        let flags = AceFlags::from_bits_retain(change[0]).difference(AceFlags::INHERIT_ONLY);
        let unknown = Ace::opaque(AceType::from_code(code), flags, change).unwrap();
        let total = Ace::deny(*case.caller.user(), AccessMask::all());
        // The unknown entry may be one for Owner Rights, so the owner has no implicit rights.
        let case = with_dacl(&case, |aces| aces.insert(0, Ace::audit(Sid::OWNER_RIGHTS, AccessMask::empty())));
        let at = place(at, case.descriptor.dacl.acl().unwrap().aces());
        let with_unknown = with_dacl(&case, |aces| aces.insert(at, unknown));
        let with_deny = with_dacl(&case, |aces| aces.insert(at, total));
        prop_assert_eq!(ask(&with_unknown), ask(&with_deny));
        prop_assert_eq!(maximum(&with_unknown), maximum(&with_deny));
        prop_assert!(ask(&case).granted().contains(ask(&with_unknown).granted()));
        let explained = explanation(&with_unknown);
        let said = explained.steps.iter().any(|step| {
            matches!(step, Step::Entry { index, outcome: EntryOutcome::UnknownTypeDenied { .. }, .. } if *index == at)
        });
        let ended = explained.steps.iter().any(|step| matches!(step, Step::Unvisited { .. } | Step::Refused { .. }));
        prop_assert!(said || ended);
    }

    #[test]
    fn law_18_skipping_unknown_types_is_as_if_they_were_not_there((mut case, _) in question()) {
        case.options = case.options.with_skip_unknown_types(true);
        let without = with_dacl(&case, |aces| aces.retain(|ace| ace.ace_type().effect() != Effect::Unknown));
        if case.descriptor.dacl.acl().is_some() {
            prop_assert_eq!(ask(&without), ask(&case));
        }
    }

    #[test]
    fn a_central_policy_never_adds((case, _) in question(), rules in prop::collection::vec(any::<u8>(), 128)) {
        let case = with_policy(case);
        let rules = made_of(&rules, rules_of);
        let none = CentralPolicies::new([]).unwrap();
        for desired in [case.desired, MAXIMUM] {
            let case = desiring(&case, desired);
            let mut before = asked(&case).central_policies(&none).check(&case.descriptor);
            // Each rule more grants less.
            for count in 1..=rules.len() {
                let policies = of_rules(&rules[..count]);
                let after = asked(&case).central_policies(&policies).check(&case.descriptor);
                prop_assert!(before.granted().contains(after.granted()), "{before:?}, then {after:?}");
                prop_assert!(before.is_allowed() || before.is_undetermined() || !(after.is_allowed() || after.is_undetermined()));
                before = after;
            }
        }
    }

    #[test]
    fn a_central_policy_never_adds_to_a_part_of_an_object(
        (case, _) in question(), rules in prop::collection::vec(any::<u8>(), 128), shape in prop::collection::vec(any::<u8>(), 16)
    ) {
        let case = with_policy(case);
        let tree = made_of(&shape, tree);
        let policies = of_rules(&made_of(&rules, rules_of));
        let parts = asked(&case).central_policies(&policies).parts(&tree);
        let after = parts.check(&case.descriptor);
        let none = CentralPolicies::new([]).unwrap();
        let before = asked(&case).central_policies(&none).parts(&tree).check(&case.descriptor);
        for (node, (before, after)) in before.nodes.iter().zip(&after.nodes).enumerate() {
            prop_assert!(before.granted().contains(after.granted()));
            let explanation = parts.explain(&case.descriptor, node);
            prop_assert_eq!(explanation.decision, *after);
            prop_assert_eq!(explanation.replay(), *after);
        }
        prop_assert!(before.overall.granted().contains(after.overall.granted()));
    }

    #[test]
    fn a_rule_with_the_dacl_of_the_object_changes_nothing((case, _) in question(), staged in prop::collection::vec(any::<u8>(), 128)) {
        let case = with_policy(with_dacl(&case, |_| {}));
        let dacl = case.descriptor.dacl.acl().unwrap().clone();
        let none = CentralPolicies::new([]).unwrap();
        let before = asked(&case).central_policies(&none).check(&case.descriptor);
        let rule = CentralRule::new(dacl);
        let after = asked(&case).central_policies(&of_rules(core::slice::from_ref(&rule))).check(&case.descriptor);
        prop_assert_eq!(after, before);
        for staged in made_of(&staged, rules_of) {
            let staged = rule.clone().with_staged(staged.effective().clone());
            let after = asked(&case).central_policies(&of_rules(&[staged])).check(&case.descriptor);
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn a_policy_leaves_what_the_object_and_each_rule_alone_grant(
        (case, _) in question(), rules in prop::collection::vec(any::<u8>(), 128)
    ) {
        prop_assume!(case.caller.groups_complete() && case.caller.claims_complete());
        let case = desiring(&with_policy(case), MAXIMUM);
        let rules = made_of(&rules, rules_of).into_iter().map(|rule| CentralRule::new(rule.effective().clone()));
        let rules: Vec<_> = rules.collect();
        let none = CentralPolicies::new([]).unwrap();
        let granted = |case: &Case, policies: &CentralPolicies| {
            match asked(case).central_policies(policies).check(&case.descriptor) {
                Decision::Allowed { granted } => granted,
                Decision::Denied(denial) => denial.granted_before_denial,
            }
        };
        let alone = rules.iter().map(|rule| {
            let mut alone = case.clone();
            alone.descriptor.dacl = AclState::Present(rule.effective().clone());
            granted(&alone, &none)
        });
        let expected = alone.fold(granted(&case, &none), |all, one| all & one);
        prop_assert_eq!(granted(&case, &of_rules(&rules)), expected);
    }

    #[test]
    fn an_explanation_of_a_policy_decides_as_the_check((case, _) in question(), rules in prop::collection::vec(any::<u8>(), 128)) {
        let case = with_policy(case);
        let policies = of_rules(&made_of(&rules, rules_of));
        let question = asked(&case).central_policies(&policies);
        let decision = question.check(&case.descriptor);
        let explanation = question.explain(&case.descriptor);
        prop_assert_eq!(explanation.decision, decision);
        prop_assert_eq!(explanation.replay(), decision);
        are_a_partition(&explanation)?;
        let certain = match decision {
            Decision::Allowed { granted } => granted,
            Decision::Denied(denial) => denial.granted_before_denial,
        };
        let rights = explanation.rights();
        let said = rights.iter().filter(|right| right.is_granted()).fold(AccessMask::empty(), |said, right| said | right.right);
        prop_assert_eq!(said, certain);
        #[cfg(feature = "serde")]
        {
            let json = serde_json::to_value(&explanation).unwrap();
            prop_assert_eq!(serde_json::from_value::<Explanation>(json).unwrap(), explanation);
        }
    }

    #[test]
    fn law_11_holds_under_central_policies(
        (mut case, change) in question(), rules in prop::collection::vec(any::<u8>(), 128), all in any::<bool>()
    ) {
        case = with_policy(case);
        case.caller = case.caller.with_incomplete_groups().with_incomplete_claims();
        let policies = of_rules(&made_of(&rules, rules_of));
        let ask = |case: &Case| asked(case).central_policies(&policies).check(&case.descriptor);
        let before = ask(&case);
        let named = asked(&case).central_policies(&policies).explain(&case.descriptor).unresolved;
        prop_assert_eq!(before.is_undetermined(), !named.is_empty());
        let names = if all { unknown_facts(&case.caller) } else { named };
        for (name, answer) in names.into_iter().zip(change) {
            case.caller = resolved(case.caller, &name, answer);
        }
        let after = ask(&case);
        prop_assert!(!after.is_undetermined());
        prop_assert!(after.granted().contains(before.granted()));
        prop_assert!(before.is_allowed() || before.is_undetermined() || !after.is_allowed());
    }

    #[test]
    fn creator_owner_and_creator_group_never_matter((case, change) in question(), at in any::<usize>()) {
        let rights = made_of(&change, mask);
        let trustee = if change[31] % 2 == 0 { Sid::CREATOR_OWNER } else { Sid::CREATOR_GROUP };
        let case = with_dacl(&case, |_| {});
        for ace in [Ace::allow(trustee, rights), Ace::deny(trustee, rights)] {
            let changed = with_dacl(&case, |aces| aces.insert(place(at, aces), ace));
            prop_assert_eq!(ask(&changed), ask(&case));
        }
    }
}

/// This question about an object that names a policy.
fn with_policy(mut case: Case) -> Case {
    let mut sacl = case.descriptor.sacl.acl().cloned().unwrap_or_default();
    sacl.aces_mut().insert(0, "(SP;;;;;S-1-17-1)".parse().unwrap());
    case.descriptor.sacl = AclState::Present(sacl);
    case
}

fn of_rules(rules: &[CentralRule]) -> CentralPolicies {
    let policy = CentralPolicy::new("S-1-17-1".parse().unwrap(), rules.iter().cloned());
    CentralPolicies::new([policy.unwrap()]).unwrap()
}

/// One to three rules. Most apply, and grant something.
fn rules_of(u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<CentralRule>> {
    let types = [
        AceType::Allow,
        AceType::Allow,
        AceType::Deny,
        AceType::CallbackAllow,
        AceType::CallbackDeny,
        AceType::ObjectAllow,
    ];
    let rule = |u: &mut Unstructured<'_>| {
        let entries = (0..u.int_in_range(1..=4)?).map(|_| entry(u, &types));
        let rule = CentralRule::new(Acl::from_iter(entries.collect::<arbitrary::Result<Vec<_>>>()?));
        let conditional = u.arbitrary()?;
        Ok(if conditional {
            rule.with_applies_to(condition(u)?)
        } else {
            rule
        })
    };
    (0..u.int_in_range(1..=3)?).map(|_| rule(u)).collect()
}

/// The accounts and groups of the universe, and the capability that may be a group.
fn groups_of_the_universe() -> impl Iterator<Item = Sid> {
    accounts().into_iter().chain(container_sids())
}

/// The claims, groups and device groups of the universe that are unknown of a caller.
fn unknown_facts(caller: &Caller) -> Vec<Unresolved> {
    let mut names = Vec::new();
    for sid in groups_of_the_universe() {
        if caller.membership(&sid) == Membership::Unknown {
            names.push(Unresolved::Group(sid));
        }
        if caller.device_membership(&sid) == Membership::Unknown {
            names.push(Unresolved::DeviceGroup(sid));
        }
    }
    for name in ["a", "b"] {
        let claim = |class| Unresolved::Claim {
            class,
            name: name.into(),
        };
        if caller.user_claim(name) == Lookup::Unknown {
            names.push(claim(AttributeClass::User));
        }
        if caller.device_claim(name) == Lookup::Unknown {
            names.push(claim(AttributeClass::Device));
        }
    }
    if caller.local_claim("local") == Lookup::Unknown {
        names.push(Unresolved::Claim {
            class: AttributeClass::Local,
            name: "local".into(),
        });
    }
    names
}

/// A caller like that of `case`, with other groups.
fn with_groups_of(case: &Case, groups: impl IntoIterator<Item = Group>) -> Caller {
    let known = &case.caller;
    let mut caller = Caller::bare(*known.user())
        .unwrap()
        .with_privileges(known.privileges())
        .with_integrity(known.integrity())
        .with_user_claims(known.user_claims().iter().cloned())
        .unwrap()
        .with_device_claims(known.device_claims().iter().cloned())
        .unwrap()
        .with_device_groups(known.device_groups().map(|group| group.sid))
        .unwrap();
    if !known.no_write_up() {
        caller = caller.without_mandatory_policy();
    }
    for group in groups {
        caller = if group.deny_only {
            caller.with_deny_only_groups([group.sid]).unwrap()
        } else {
            caller.with_groups([group.sid]).unwrap()
        };
    }
    if known.is_user_deny_only() {
        caller = caller.with_user_deny_only(true).unwrap();
    }
    if let Some(container) = known.app_container() {
        caller = caller.with_app_container(container.clone());
    }
    if let Some(sids) = known.restricting_sids() {
        caller = if known.is_write_restricted() {
            caller.with_write_restricting_sids(sids.copied())
        } else {
            caller.with_restricting_sids(sids.copied())
        };
    }
    if !known.groups_complete() {
        let ruled_out = |sid: &Sid| known.membership(sid) == Membership::NotHeld;
        let not_on_device = |sid: &Sid| known.device_membership(sid) == Membership::NotHeld;
        caller = caller
            .with_incomplete_groups()
            .with_ruled_out_groups(groups_of_the_universe().filter(ruled_out))
            .with_ruled_out_device_groups(accounts().into_iter().filter(not_on_device));
    }
    if !known.claims_complete() {
        let names = ["a", "b"].map(String::from);
        let absent = |fact| fact == Lookup::Absent;
        caller = caller
            .with_incomplete_claims()
            .with_ruled_out_user_claims(names.iter().filter(|name| absent(known.user_claim(name))).cloned())
            .with_ruled_out_device_claims(names.iter().filter(|name| absent(known.device_claim(name))).cloned());
    }
    caller
}

fn without_group(case: &Case, removed: &Sid) -> Case {
    let mut without = case.clone();
    let kept = case.caller.groups().filter(|group| group.sid != *removed);
    without.caller = with_groups_of(case, kept.copied());
    without
}

/// Whether a condition of an entry tests for the absence of a group.
fn tests_for_absence(ace: &Ace) -> bool {
    let ApplicationData::Condition(condition) = ace.data() else {
        return false;
    };
    condition.tokens().any(|token| {
        matches!(token, Token::Operator(operator) if !matches!(operator, Operator::MemberOf | Operator::Equal | Operator::And))
    })
}

/// The rights that a step certainly grants and denies.
fn settled_by(step: &Step) -> (AccessMask, AccessMask) {
    let none = AccessMask::empty();
    match *step {
        Step::PrivilegeGranted { bits, .. }
        | Step::DaclAbsent { bits }
        | Step::DaclNull { bits }
        | Step::OwnerGranted { bits } => (bits, none),
        Step::IntegrityDenied { bits, .. } => (none, bits),
        Step::Entry { outcome, .. } => match outcome {
            EntryOutcome::Granted { bits } => (bits, none),
            EntryOutcome::Denied { bits, .. } | EntryOutcome::UnknownTypeDenied { bits } => (none, bits),
            _ => (none, none),
        },
        _ => (none, none),
    }
}

fn protected_by(owner: Option<Sid>, aces: impl IntoIterator<Item = Ace>) -> SecurityDescriptor {
    let mut descriptor = SecurityDescriptor::default();
    descriptor.owner = owner;
    descriptor.dacl = AclState::Present(aces.into_iter().collect());
    descriptor
}

#[test]
fn exception_to_law_2_an_allow_for_owner_rights_takes_the_implicit_rights_away() {
    let user = accounts()[0];
    let caller = Caller::bare(user).unwrap();
    let allow = Ace::allow(user, bits(0x1));
    let without = protected_by(Some(user), [allow.clone()]);
    let with = protected_by(Some(user), [allow, Ace::allow(Sid::OWNER_RIGHTS, bits(0x2))]);
    assert_eq!(check(&without, &caller, MAXIMUM).granted(), bits(0x6_0001));
    assert_eq!(check(&with, &caller, MAXIMUM).granted(), bits(0x3));
}

#[test]
fn exception_to_law_3_removing_a_group_that_a_deny_names_grants_more() {
    let [user, group, ..] = accounts()[..] else {
        panic!("a universe of two accounts at least")
    };
    let descriptor = protected_by(None, [Ace::deny(group, bits(0x1)), Ace::allow(user, bits(0x1))]);
    assert!(
        !check(
            &descriptor,
            &Caller::bare(user).unwrap().with_groups([group]).unwrap(),
            bits(0x1)
        )
        .is_allowed()
    );
    assert!(check(&descriptor, &Caller::bare(user).unwrap(), bits(0x1)).is_allowed());
    // Hence the mark of incompleteness.
    assert!(
        !check(
            &descriptor,
            &Caller::bare(user).unwrap().with_incomplete_groups(),
            bits(0x1)
        )
        .is_allowed()
    );
}

#[test]
fn exception_to_law_3_removing_a_group_that_a_condition_wants_absent_grants_more() {
    let [user, group, ..] = accounts()[..] else {
        panic!("a universe of two accounts at least")
    };
    for condition in ["Not_Member_of", "!(Member_of", "Not_Member_of_Any"] {
        let end = if condition.starts_with('!') { "))" } else { ")" };
        let text = format!("D:(XA;;0x1;;;{user};({condition} {{SID({group})}}{end})");
        let descriptor: SecurityDescriptor = text.parse().unwrap();
        let caller = Caller::bare(user).unwrap();
        assert!(!check(&descriptor, &caller.clone().with_groups([group]).unwrap(), bits(0x1)).is_allowed());
        assert!(check(&descriptor, &caller, bits(0x1)).is_allowed());
        // Hence the mark of incompleteness.
        assert!(!check(&descriptor, &caller.with_incomplete_groups(), bits(0x1)).is_allowed());
    }
}

/// An entry for a group of the user grants the app container nothing. Without the group, the entry is one for the capability.
#[test]
fn exception_to_law_3_removing_a_group_that_is_a_capability_too_grants_more() {
    let capability: Sid = "S-1-5-32-1-2-3-4-5-6-7-8".parse().unwrap();
    let container = AppContainer::new("S-1-15-2-1-2-3-4-5-6-7".parse().unwrap()).unwrap();
    let container = container.with_capability(capability).unwrap();
    let caller = |groups: &[Sid]| {
        let caller = Caller::bare("S-1-5-21-1-2-3-1104".parse().unwrap()).unwrap();
        caller
            .with_groups(groups.iter().copied())
            .unwrap()
            .with_app_container(container.clone())
    };
    let descriptor: SecurityDescriptor = "D:(A;;CC;;;S-1-5-21-1-2-3-1104)(A;;CC;;;S-1-5-32-1-2-3-4-5-6-7-8)"
        .parse()
        .unwrap();
    let asked = |caller: &Caller| check(&descriptor, caller, bits(0x1)).is_allowed();
    assert!(!asked(&caller(&[capability])));
    assert!(asked(&caller(&[])));
}

#[test]
fn exception_to_law_3_removing_a_group_from_the_restricting_ones_grants_less() {
    let user = accounts()[0];
    let descriptor = protected_by(None, [Ace::allow(user, bits(0x1))]);
    assert!(check(&descriptor, &Caller::bare(user).unwrap(), bits(0x1)).is_allowed());
    assert!(
        !check(
            &descriptor,
            &Caller::bare(user).unwrap().with_restricting_sids([]),
            bits(0x1)
        )
        .is_allowed()
    );
}

#[test]
fn exception_to_law_4_the_sacl_is_not_of_the_maximum() {
    let held = Caller::bare(accounts()[0])
        .unwrap()
        .with_privileges(Privileges::SECURITY);
    let descriptor = protected_by(None, [Ace::allow(accounts()[0], bits(0x1))]);
    assert!(check(&descriptor, &held, AccessMask::ACCESS_SYSTEM_SECURITY).is_allowed());
    assert_eq!(check(&descriptor, &held, MAXIMUM).granted(), bits(0x1));
}

#[test]
fn exception_to_law_4_taking_ownership_is_not_of_the_maximum() {
    let held = Caller::bare(accounts()[0])
        .unwrap()
        .with_privileges(Privileges::TAKE_OWNERSHIP);
    let descriptor = protected_by(None, [Ace::allow(accounts()[0], bits(0x1))]);
    assert!(check(&descriptor, &held, AccessMask::WRITE_OWNER).is_allowed());
    assert_eq!(check(&descriptor, &held, MAXIMUM).granted(), bits(0x1));
}

#[test]
fn exception_to_law_6_a_label_in_the_sacl_counts_by_integrity() {
    let low = Caller::bare(accounts()[0]).unwrap().with_integrity(IntegrityLevel::LOW);
    let mut descriptor = protected_by(None, [Ace::allow(accounts()[0], bits(0x2))]);
    let ask = |descriptor: &SecurityDescriptor| {
        let question = AccessCheck::new(&low, bits(0x2)).mapping(GenericMapping::FILE);
        question.check(descriptor).is_allowed()
    };
    assert!(!ask(&descriptor));
    descriptor.sacl = "S:(ML;;NW;;;LW)".parse::<SecurityDescriptor>().unwrap().sacl;
    assert!(ask(&descriptor));
}

#[test]
fn exception_to_law_4_an_unprotected_object_grants_reserved_bits_that_are_not_of_the_maximum() {
    let descriptor = SecurityDescriptor::default();
    let caller = Caller::anonymous().with_integrity(IntegrityLevel::MEDIUM);
    assert!(check(&descriptor, &caller, bits(0x0020_0000)).is_allowed());
    assert_eq!(check(&descriptor, &caller, MAXIMUM).granted(), bits(0x001f_ffff));
}

#[test]
fn exception_to_law_6_any_entry_for_owner_rights_replaces_the_implicit_rights() {
    let user = accounts()[0];
    let descriptor = protected_by(Some(user), [Ace::audit(Sid::OWNER_RIGHTS, bits(0x1))]);
    assert!(!check(&descriptor, &Caller::bare(user).unwrap(), AccessMask::WRITE_DAC).is_allowed());
    let inherited_only = Ace::audit(Sid::OWNER_RIGHTS, bits(0x1)).with_flags(AceFlags::INHERIT_ONLY);
    let descriptor = protected_by(Some(user), [inherited_only]);
    assert!(check(&descriptor, &Caller::bare(user).unwrap(), AccessMask::WRITE_DAC).is_allowed());
}

#[test]
fn exception_to_law_18_an_entry_of_unknown_type_may_be_for_owner_rights() {
    let user = accounts()[0];
    let unknown = Ace::opaque(AceType::from_code(0x20), AceFlags::empty(), vec![]).unwrap();
    let denied = protected_by(Some(user), [Ace::deny(user, AccessMask::all())]);
    assert!(check(&denied, &Caller::bare(user).unwrap(), AccessMask::WRITE_DAC).is_allowed());
    let unknown = protected_by(Some(user), [unknown]);
    assert!(!check(&unknown, &Caller::bare(user).unwrap(), AccessMask::WRITE_DAC).is_allowed());
}

#[test]
fn exception_to_law_7_an_allow_repeated_in_front_of_a_deny_grants_more() {
    let user = accounts()[0];
    let (allow, deny) = (Ace::allow(user, bits(0x1)), Ace::deny(user, bits(0x1)));
    let once = protected_by(None, [deny.clone(), allow.clone()]);
    let twice = protected_by(None, [allow.clone(), deny, allow]);
    assert!(!check(&once, &Caller::bare(user).unwrap(), bits(0x1)).is_allowed());
    assert!(check(&twice, &Caller::bare(user).unwrap(), bits(0x1)).is_allowed());
}

#[test]
fn exception_to_law_8_sorting_into_canonical_order_can_grant_more() {
    let user = accounts()[0];
    let inherited_deny = Ace::deny(user, bits(0x1)).with_flags(AceFlags::INHERITED);
    let allow = Ace::allow(user, bits(0x1));
    let stored = protected_by(None, [inherited_deny.clone(), allow.clone()]);
    let canonical = protected_by(None, [allow, inherited_deny]);
    assert!(!check(&stored, &Caller::bare(user).unwrap(), bits(0x1)).is_allowed());
    assert!(check(&canonical, &Caller::bare(user).unwrap(), bits(0x1)).is_allowed());
}

#[test]
fn exception_to_law_10_the_owner_of_an_object_with_an_empty_dacl_has_the_implicit_rights() {
    let user = accounts()[0];
    let descriptor = protected_by(Some(user), []);
    let decision = check(&descriptor, &Caller::bare(user).unwrap(), MAXIMUM);
    assert_eq!(
        decision,
        Decision::Allowed {
            granted: bits(0x6_0000)
        }
    );
}
