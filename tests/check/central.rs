//! Central access policies ([MS-DTYP] 2.5.3.2): a rule never adds, and which rules apply.

use super::*;
use sddl_authz::{
    binary,
    central_policy::{CentralPolicies, CentralPolicy, CentralRule},
    check::AppliesTo,
};

const SECRET: &str = r#"("Secret",TI,0,1)"#;

fn rule(applies_to: Option<&str>, effective: &str) -> CentralRule {
    CentralRule::from_sddl(applies_to, effective, None).unwrap()
}

fn policies<const N: usize>(rules: [CentralRule; N]) -> CentralPolicies {
    CentralPolicies::new([CentralPolicy::new("S-1-17-1".parse().unwrap(), rules).unwrap()]).unwrap()
}

fn file_with(sacl: &str) -> SecurityDescriptor {
    parsed(&format!("O:SYG:SYD:(A;;0xff;;;WD)S:{sacl}"))
}

fn with_policy() -> SecurityDescriptor {
    file_with("(SP;;;;;S-1-17-1)")
}

fn member() -> Caller {
    caller().with_groups([Sid::EVERYONE]).unwrap()
}

/// Decides in memory, in bytes and with an explanation, which must agree.
fn decided(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32, policies: &CentralPolicies) -> Decision {
    let question = AccessCheck::new(caller, bits(desired)).central_policies(policies);
    let decision = question.check(descriptor);
    let bytes = binary::to_bytes(descriptor).unwrap();
    assert_eq!(question.check_bytes(&bytes), Ok(decision));
    let explanation = question.explain(descriptor);
    assert_eq!(explanation.decision, decision);
    assert_eq!(explanation.replay(), decision);
    decision
}

#[test]
fn a_right_is_granted_if_the_object_and_the_rule_grant_it() {
    let policies = policies([rule(None, "D:(A;;0xf01;;;WD)")]);
    assert_eq!(decided(&with_policy(), &member(), 0x1, &policies), granted(0x1));
    let expected = (0, 0x2, DenialReason::CentralPolicy);
    assert_eq!(
        refusal(&decided(&with_policy(), &member(), 0x2, &policies)),
        Some(expected)
    );
    let expected = (0, 0x100, DenialReason::NotGranted);
    assert_eq!(
        refusal(&decided(&with_policy(), &member(), 0x100, &policies)),
        Some(expected)
    );
    assert_eq!(decided(&with_policy(), &member(), MAXIMUM, &policies), granted(0x1));
    // Without the entry the policy is not that of the object.
    assert_eq!(decided(&file_with(""), &member(), 0x2, &policies), granted(0x2));
}

#[test]
fn all_rules_that_apply_count() {
    let policies = policies([
        rule(None, "D:(A;;0x3;;;WD)"),
        rule(Some("@Resource.Secret == 1"), "D:(A;;0x6;;;WD)"),
    ]);
    assert_eq!(decided(&with_policy(), &member(), MAXIMUM, &policies), granted(0x3));
    let secret = file_with(&format!("(RA;;;;;WD;{SECRET})(SP;;;;;S-1-17-1)"));
    assert_eq!(decided(&secret, &member(), MAXIMUM, &policies), granted(0x2));
}

#[test]
fn deny_entries_and_the_owner_count_in_a_rule() {
    let policies = policies([rule(None, "D:(D;;0x1;;;WD)(A;;0x3;;;WD)")]);
    let expected = (0, 0x1, DenialReason::CentralPolicy);
    assert_eq!(
        refusal(&decided(&with_policy(), &member(), 0x1, &policies)),
        Some(expected)
    );
    assert_eq!(decided(&with_policy(), &member(), 0x2, &policies), granted(0x2));
    let mut own = with_policy();
    own.owner = Some(user());
    assert_eq!(decided(&own, &member(), READ_CONTROL, &policies), granted(READ_CONTROL));
}

#[test]
fn privileges_and_integrity_count_in_a_rule() {
    let nothing = policies([rule(None, "D:")]);
    let taker = member().with_privileges(Privileges::TAKE_OWNERSHIP);
    assert_eq!(decided(&with_policy(), &taker, 0x8_0000, &nothing), granted(0x8_0000));
    let everything = policies([rule(None, "D:(A;;0x1fffff;;;WD)")]);
    let low = member().with_integrity(IntegrityLevel::LOW);
    let denied = decided(&with_policy(), &low, 0x1, &everything);
    assert_eq!(refusal(&denied), Some((0, 0x1, DenialReason::NotGranted)));
}

#[test]
fn the_first_entry_that_is_not_inherit_only_names_the_policy() {
    let only_reading = policies([rule(None, "D:(A;;0x1;;;WD)")]);
    for (sacl, allowed) in [
        ("(SP;;;;;S-1-17-1)(SP;;;;;S-1-17-2)", true),
        ("(SP;OICIIO;;;;S-1-17-2)(SP;;;;;S-1-17-1)", true),
        ("(SP;;;;;S-1-17-2)(SP;;;;;S-1-17-1)", false),
        ("(SP;OICIIO;;;;S-1-17-2)", true),
    ] {
        let decision = decided(&file_with(sacl), &member(), 0x1, &only_reading);
        assert_eq!(decision.is_allowed(), allowed, "{sacl}");
    }
}

#[test]
fn a_policy_that_the_machine_does_not_have_leaves_administrators_and_the_system_in() {
    let others = policies([rule(None, "D:(A;;0xff;;;WD)")]);
    let mut object = file_with("(SP;;;;;S-1-17-2)");
    object.owner = Some(user());
    for desired in [0x1, READ_CONTROL, WRITE_DAC] {
        assert!(
            !decided(&object, &member(), desired, &others).is_allowed(),
            "{desired:#x}"
        );
    }
    for sid in [Sid::ADMINISTRATORS, Sid::LOCAL_SYSTEM] {
        assert_eq!(
            decided(
                &object,
                &member().with_groups([Sid::EVERYONE, sid]).unwrap(),
                0x1,
                &others
            ),
            granted(0x1)
        );
    }
    let explanation = AccessCheck::new(&member(), bits(0x1))
        .central_policies(&others)
        .explain(&object);
    assert!(explanation.policy.unwrap().is_recovery);
}

/// [MS-GPCAP] 3.2.5.3 says to ignore a policy without rules, so the machine does not have it.
#[test]
fn a_policy_without_rules_is_one_that_the_machine_does_not_have() {
    assert!(!decided(&with_policy(), &member(), 0x1, &policies([])).is_allowed());
}

#[test]
fn a_machine_without_policies_ignores_the_entry_and_no_answer_about_policies_refuses() {
    let none = CentralPolicies::new([]).unwrap();
    assert_eq!(decided(&with_policy(), &member(), 0x1, &none), granted(0x1));
    let expected = (0, 0x1, DenialReason::SystemPolicyNotEvaluated);
    assert_eq!(refusal(&asked(&with_policy(), &member(), 0x1)), Some(expected));
}

#[test]
fn trust_labels_and_access_filters_refuse_with_policies_too() {
    let open = policies([rule(None, "D:(A;;0xff;;;WD)")]);
    for entry in ["(TL;;0x1;;;S-1-19-512-4096)", "(FL;;0x1;;;WD;(Exists a))"] {
        let object = file_with(&format!("(SP;;;;;S-1-17-1){entry}"));
        let expected = (0, 0x1, DenialReason::SystemPolicyNotEvaluated);
        assert_eq!(refusal(&decided(&object, &member(), 0x1, &open)), Some(expected));
    }
}

#[test]
fn a_staged_dacl_is_reported_and_grants_and_denies_nothing() {
    let staged = |staged| {
        let rule = CentralRule::from_sddl(None, "D:(A;;0x3;;;WD)", Some(staged)).unwrap();
        let policies = policies([rule]);
        assert_eq!(decided(&with_policy(), &member(), 0x1, &policies), granted(0x1));
        assert_eq!(decided(&with_policy(), &member(), MAXIMUM, &policies), granted(0x3));
        let question = AccessCheck::new(&member(), bits(0x1))
            .central_policies(&policies)
            .explain(&with_policy());
        assert_eq!(question.decision, granted(0x1));
        question.policy.unwrap().staged.unwrap()
    };
    assert_eq!(staged("D:(A;;0xff;;;WD)"), granted(0x1));
    assert!(!staged("D:(A;;0xff;;;SY)").is_allowed());
    // The object itself does not grant 0x100.
    let rule = CentralRule::from_sddl(None, "D:(A;;0x1;;;WD)", Some("D:(A;;0xfff;;;WD)")).unwrap();
    let question = AccessCheck::new(&member(), bits(MAXIMUM))
        .central_policies(&policies([rule]))
        .explain(&with_policy());
    assert_eq!(question.decision, granted(0x1));
    assert_eq!(question.policy.unwrap().staged, Some(granted(0xff)));
}

/// The rule applies only if its condition is true.
#[test]
fn a_condition_that_is_not_true_skips_the_rule() {
    for (condition, applies_to) in [
        ("@Resource.Secret == 1", AppliesTo::True),
        ("@Resource.Secret == 2", AppliesTo::False),
        ("@Resource.Absent == 1", AppliesTo::Unknown),
        ("@Resource.Secret == \"1\"", AppliesTo::Unknown),
    ] {
        let policies = policies([rule(Some(condition), "D:")]);
        let object = file_with(&format!("(RA;;;;;WD;{SECRET})(SP;;;;;S-1-17-1)"));
        let applies = applies_to == AppliesTo::True;
        assert_eq!(decided(&object, &member(), 0x1, &policies).is_allowed(), !applies);
        let member = member();
        let question = AccessCheck::new(&member, bits(0x1)).central_policies(&policies);
        let rules = question.explain(&object).policy.unwrap().rules;
        assert_eq!(rules[0].applies_to, applies_to, "{condition}");
    }
}

/// A condition that this crate can't evaluate never makes a rule not apply.
#[test]
fn a_condition_that_cannot_be_evaluated_applies() {
    let numbers = policies([rule(Some("@Resource.Secret Any_of {2, 3}"), "D:")]);
    let list = |from: usize| {
        (from..from + 150)
            .map(|value| value.to_string())
            .collect::<Vec<_>>()
            .join(",")
    };
    let large_set = policies([rule(Some(&format!("@Resource.Secret Any_of {{{}}}", list(0))), "D:")]);
    let large = format!(r#"("Secret",TI,0,{})"#, list(1000));
    const { assert!(150 * 150 > MAX_SET_WORK) };
    let repeated = format!("{SECRET})(RA;;;;;WD;{SECRET}");
    let disabled = r#"("Secret",TI,0x10,1)"#.to_owned();
    for (policies, attribute) in [(&numbers, repeated), (&numbers, disabled), (&large_set, large)] {
        let object = file_with(&format!("(RA;;;;;WD;{attribute})(SP;;;;;S-1-17-1)"));
        let member = member();
        let question = AccessCheck::new(&member, bits(0x1)).central_policies(policies);
        assert!(!question.check(&object).is_allowed());
        let explanation = question.explain(&object);
        assert_eq!(explanation.policy.unwrap().rules[0].applies_to, AppliesTo::NotEvaluated);
    }
    // With an attribute that can be evaluated, the condition is false.
    let object = file_with(&format!("(RA;;;;;WD;{SECRET})(SP;;;;;S-1-17-1)"));
    assert!(decided(&object, &member(), 0x1, &numbers).is_allowed());
}

#[test]
fn an_unknown_fact_about_the_caller_leaves_the_decision_undetermined() {
    let caller = member().with_incomplete_claims();
    let narrow = policies([rule(Some("@User.Guest == 1"), "D:")]);
    let decision = decided(&with_policy(), &caller, 0x1, &narrow);
    assert_eq!(refusal(&decision), Some((0, 0x1, DenialReason::Undetermined)));
    let explanation = AccessCheck::new(&caller, bits(0x1))
        .central_policies(&narrow)
        .explain(&with_policy());
    assert_eq!(
        explanation
            .unresolved
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["@User.Guest"]
    );
    // The rule grants it anyway.
    let wide = policies([rule(Some("@User.Guest == 1"), "D:(A;;0x1;;;WD)")]);
    assert_eq!(decided(&with_policy(), &caller, 0x1, &wide), granted(0x1));
    // An unknown group in the rule's DACL.
    let caller = member().with_incomplete_groups();
    let staff = policies([rule(None, &format!("D:(A;;0x1;;;{})", group()))]);
    assert!(decided(&with_policy(), &caller, 0x1, &staff).is_undetermined());
    assert_eq!(
        refusal(&decided(&with_policy(), &caller, 0x2, &staff)),
        Some((0, 0x2, DenialReason::CentralPolicy))
    );
}

#[test]
fn a_deny_only_group_in_a_condition_makes_the_rule_apply() {
    for condition in [
        format!("Member_of {{SID({})}}", group()),
        format!("Not_Member_of {{SID({})}}", group()),
    ] {
        let policies = policies([rule(Some(&condition), "D:")]);
        let caller = member().with_deny_only_groups([group()]).unwrap();
        assert!(
            !decided(&with_policy(), &caller, 0x1, &policies).is_allowed(),
            "{condition}"
        );
    }
}

#[test]
fn a_deny_only_claim_in_a_condition_makes_the_rule_apply() {
    let policies = policies([rule(Some("@User.a == 1"), "D:")]);
    let claim = number("a", 1);
    for claim in [claim.clone(), claim.with_flags(ClaimFlags::DENY_ONLY)] {
        let caller = member().with_user_claims([claim]).unwrap();
        assert!(!decided(&with_policy(), &caller, 0x1, &policies).is_allowed());
    }
    let other = member().with_user_claims([number("a", 2)]).unwrap();
    assert_eq!(decided(&with_policy(), &other, 0x1, &policies), granted(0x1));
}

#[test]
fn each_part_of_an_object_is_limited() {
    let policies = policies([rule(None, "D:(A;;0x1;;;WD)")]);
    let [class, property] = [1, 2].map(Uuid::from_u128);
    let tree = ObjectTree::new([(0, class), (1, property)]).unwrap();
    let object = parsed(&format!("D:(OA;;0x3;{property};;WD)S:(SP;;;;;S-1-17-1)"));
    let member = member();
    let parts = AccessCheck::new(&member, bits(MAXIMUM))
        .central_policies(&policies)
        .parts(&tree);
    let decision = parts.check(&object);
    assert_eq!(decision.nodes[1], granted(0x1));
    for (node, decision) in decision.nodes.iter().enumerate() {
        let explanation = parts.explain(&object, node);
        assert_eq!((explanation.decision, explanation.replay()), (*decision, *decision));
    }
    let writing = AccessCheck::new(&member, bits(0x2))
        .central_policies(&policies)
        .parts(&tree)
        .check(&object);
    let expected = (0, 0x2, DenialReason::CentralPolicy);
    assert!(writing.nodes.iter().all(|node| refusal(node) == Some(expected)));
}

#[test]
fn an_explanation_says_what_each_rule_keeps_back() {
    let policies = policies([
        rule(None, "D:(A;;0xff;;;WD)"),
        rule(None, "D:(D;;0x2;;;WD)(A;;0x1;;;WD)").with_name("No writing"),
    ]);
    let explanation = AccessCheck::new(&member(), bits(0x3))
        .central_policies(&policies)
        .explain(&with_policy());
    let policy = explanation.policy.unwrap();
    let kept: Vec<_> = policy.rules.iter().map(|rule| rule.kept_back.bits()).collect();
    // The walk ended at the Deny, so it did not come to 0x1.
    assert_eq!(kept, [0, 0x2]);
    assert_eq!(policy.rules[1].effective.as_ref().unwrap().steps.len(), 2);
    assert_eq!((policy.index, policy.staged), (0, None));
    // The object itself denies this, so its policy is not looked at.
    let explanation = AccessCheck::new(&member(), bits(0x100))
        .central_policies(&policies)
        .explain(&with_policy());
    assert_eq!(explanation.policy, None);
}

/// The number of Windows' message is that of the event 4818.
#[test]
fn each_missing_right_has_one_cause() {
    let narrow = policies([
        rule(None, "D:(A;;0xfe;;;WD)"),
        rule(None, "D:(D;;0x2;;;WD)(A;;0x5;;;WD)"),
        rule(Some("@User.Guest == 1"), "D:"),
    ]);
    let caller = member().with_incomplete_claims();
    let question = AccessCheck::new(&caller, bits(0x7)).central_policies(&narrow);
    let explanation = question.explain(&with_policy());
    let denial = *explanation.decision.denial().unwrap();
    assert_eq!(
        (denial.reason, denial.missing),
        (DenialReason::CentralPolicy, bits(0x7))
    );
    let missing = explanation.missing_rights();
    let sets: Vec<_> = missing
        .iter()
        .map(|set| (set.bits.bits(), set.cause, set.message))
        .collect();
    assert_eq!(
        sets,
        [
            (0x1, MissingCause::CentralPolicy { rule: 0 }, Some(1814)),
            (0x2, MissingCause::CentralPolicy { rule: 1 }, Some(1814)),
            (0x4, MissingCause::CentralPolicyUncertain { rule: 2 }, Some(1809)),
        ]
    );
    let maximum = AccessCheck::new(&caller, bits(MAXIMUM))
        .central_policies(&narrow)
        .explain(&with_policy());
    assert!(!maximum.rights().iter().any(|right| right.is_granted()));
}

#[test]
fn an_unknown_group_of_the_device_leaves_the_decision_undetermined() {
    let policies = policies([rule(Some("Device_Member_of {SID(BA)}"), "D:")]);
    let caller = member().with_incomplete_groups();
    let question = AccessCheck::new(&caller, bits(0x1)).central_policies(&policies);
    let expected = Some((0, 0x1, DenialReason::Undetermined));
    assert_eq!(refusal(&decided(&with_policy(), &caller, 0x1, &policies)), expected);
    let unknown = [Unresolved::DeviceGroup(Sid::ADMINISTRATORS)];
    assert_eq!(question.explain(&with_policy()).unresolved, unknown);
    let without = caller.with_ruled_out_device_groups([Sid::ADMINISTRATORS]);
    assert_eq!(decided(&with_policy(), &without, 0x1, &policies), granted(0x1));
    let with = member().with_device_groups([Sid::ADMINISTRATORS]).unwrap();
    let expected = Some((0, 0x1, DenialReason::CentralPolicy));
    assert_eq!(refusal(&decided(&with_policy(), &with, 0x1, &policies)), expected);
}

#[test]
fn the_facts_that_a_rule_needs_are_named_for_the_parts_of_an_object_too() {
    let policies = policies([rule(Some("@User.Guest == 1"), "D:(A;;0x1;;;BA)")]);
    let caller = member().with_incomplete_claims().with_incomplete_groups();
    let tree = ObjectTree::new([(0, Uuid::from_u128(1))]).unwrap();
    let parts = AccessCheck::new(&caller, bits(0x1))
        .central_policies(&policies)
        .parts(&tree);
    let claim = Unresolved::Claim {
        class: AttributeClass::User,
        name: "Guest".into(),
    };
    // First whether the rule applies, then what it grants.
    assert_eq!(
        parts.unresolved(&with_policy()),
        [claim, Unresolved::Group(Sid::ADMINISTRATORS)]
    );
    // The object grants nothing of this, so its policy is not looked at.
    let other = AccessCheck::new(&caller, bits(0x100))
        .central_policies(&policies)
        .parts(&tree);
    assert_eq!(other.unresolved(&file_with("(SP;;;;;S-1-17-1)")), []);
    let expected = (0, 0x100, DenialReason::NotGranted);
    assert_eq!(refusal(&other.check(&with_policy()).nodes[0]), Some(expected));
    // Nothing is asked for, so nothing is unresolved.
    let nothing = AccessCheck::new(&caller, bits(0))
        .central_policies(&policies)
        .parts(&tree);
    assert_eq!(nothing.unresolved(&with_policy()), []);
}

/// A rule is checked as the object is, so an object without an owner or group is refused as without a policy.
#[test]
fn an_owner_and_a_group_are_required_with_a_policy_as_without_one() {
    let policies = policies([rule(None, "D:(A;;0x1;;;WD)")]);
    let caller = member();
    let question = AccessCheck::new(&caller, bits(0x1)).central_policies(&policies);
    assert_eq!(question.require_owner_and_group().check(&with_policy()), granted(0x1));
    let (mut no_owner, mut no_group) = (with_policy(), with_policy());
    no_owner.owner = None;
    no_group.group = None;
    let expected = |reason| Some((0, 0x1, reason));
    for (object, owner, group) in [
        (&no_owner, expected(DenialReason::OwnerMissing), None),
        (&no_group, None, expected(DenialReason::GroupMissing)),
    ] {
        assert_eq!(refusal(&question.require_owner().check(object)), owner);
        assert_eq!(refusal(&question.require_group().check(object)), group);
        let bytes = binary::to_bytes(object).unwrap();
        let in_bytes = |question: AccessCheck<'_>| refusal(&question.check_bytes(&bytes).unwrap());
        assert_eq!(in_bytes(question.require_owner()), owner);
        assert_eq!(in_bytes(question.require_group()), group);
    }
}

/// The unknown claim can make the condition false or leave it unknown, but not make it true.
#[test]
fn a_condition_that_cannot_be_true_skips_the_rule() {
    let policies = policies([rule(Some("@User.a == 1 && @Resource.Secret == 2"), "D:")]);
    let caller = member().with_incomplete_claims();
    let file = file_with(&format!("(RA;;;;;WD;{SECRET})(SP;;;;;S-1-17-1)"));
    assert_eq!(decided(&file, &caller, 0x1, &policies), granted(0x1));
    let absent = file_with("(SP;;;;;S-1-17-1)");
    assert_eq!(decided(&absent, &caller, 0x1, &policies), granted(0x1));
}
