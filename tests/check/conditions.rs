//! Conditional entries.

use super::*;

const GROUP: &str = "S-1-5-21-1-2-3-2001";

fn member(deny_only: bool) -> Caller {
    let system = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
    let group: [Sid; 1] = [GROUP.parse().unwrap()];
    if deny_only {
        system.with_deny_only_groups(group).unwrap()
    } else {
        system.with_groups(group).unwrap()
    }
}

fn with_claim(value: i64) -> Caller {
    Caller::bare(Sid::LOCAL_SYSTEM)
        .unwrap()
        .with_user_claims([number("Level", value)])
        .unwrap()
}

fn without_claims() -> Caller {
    Caller::bare(Sid::LOCAL_SYSTEM).unwrap()
}

#[test]
fn an_allow_applies_if_true_and_a_deny_unless_false() {
    let allow = parsed("D:(XA;;0x1;;;SY;(@User.level >= 3))");
    let deny = parsed("D:(XD;;0x1;;;SY;(@User.level >= 3))(A;;0x1;;;SY)");
    let rows = [
        (with_claim(3), true, false),
        (with_claim(2), false, true),
        (without_claims(), false, false),
    ];
    for (caller, allowed, passed) in rows {
        assert_eq!(asked(&allow, &caller, 0x1).is_allowed(), allowed);
        assert_eq!(asked(&deny, &caller, 0x1).is_allowed(), passed);
    }
}

#[test]
fn membership_counts_deny_only_groups_in_a_deny_alone() {
    let allow = parsed(&format!("D:(XA;;0x1;;;SY;(Member_of {{SID({GROUP})}}))"));
    let deny = parsed(&format!("D:(XD;;0x1;;;SY;(Member_of {{SID({GROUP})}}))(A;;0x1;;;SY)"));
    assert!(asked(&allow, &member(false), 0x1).is_allowed());
    assert!(!asked(&allow, &member(true), 0x1).is_allowed());
    assert!(!asked(&deny, &member(false), 0x1).is_allowed());
    assert!(!asked(&deny, &member(true), 0x1).is_allowed());
    assert!(asked(&deny, &without_claims(), 0x1).is_allowed());
}

#[test]
fn resource_attributes_come_from_the_sacl() {
    let with = |sacl: &str| parsed(&format!("D:(XA;;0x1;;;SY;(@Resource.level == 1))S:{sacl}"));
    let asked = |sacl: &str| asked(&with(sacl), &without_claims(), 0x1).is_allowed();
    assert!(asked("(RA;;;;;WD;(\"Level\",TI,0x0,1))"));
    assert!(!asked("(RA;;;;;WD;(\"Level\",TI,0x0,2))"));
    assert!(!asked(""));
}

#[test]
fn a_resource_attribute_that_is_said_twice_settles_nothing() {
    let twice = "S:(RA;;;;;WD;(\"a\",TI,0x0,1))(RA;;;;;WD;(\"A\",TI,0x0,1))";
    for condition in [
        "@Resource.a == 1",
        "@Resource.a == 2",
        "Not_Exists @Resource.a",
        "Exists @Resource.a",
    ] {
        let allow = parsed(&format!("D:(XA;;0x1;;;SY;({condition})){twice}"));
        assert!(!check(&allow, &without_claims(), bits(0x1)).is_allowed());
        let deny = parsed(&format!("D:(XD;;0x1;;;SY;({condition}))(A;;0x1;;;SY){twice}"));
        assert!(!check(&deny, &without_claims(), bits(0x1)).is_allowed());
    }
}

/// As the authors of Samba found, Windows ignores an attribute whose values repeat. So nothing is known of it.
#[test]
fn a_resource_attribute_whose_values_repeat_settles_nothing() {
    for (attribute, repeats) in [
        ("(\"r\",TI,0x0,1,1)", true),
        ("(\"r\",TI,0x0,2,1,3,1)", true),
        ("(\"r\",TU,0x0,1,0x1)", true),
        ("(\"r\",TB,0x0,1,0,1)", true),
        ("(\"r\",TS,0x0,\"a\",\"A\")", true),
        ("(\"r\",TS,0x2,\"a\",\"a\")", true),
        ("(\"r\",TD,0x0,BA,S-1-5-32-544)", true),
        ("(\"r\",TX,0x0,0a,0A)", true),
        ("(\"r\",TS,0x2,\"a\",\"A\")", false),
        ("(\"r\",TI,0x0,1,-1)", false),
        ("(\"r\",TX,0x0,0a,0a00)", false),
        ("(\"r\",TI,0x0,3,2,1)", false),
    ] {
        let caller = without_claims();
        let sacl = format!("S:(RA;;;;;WD;{attribute})");
        for condition in [
            "Exists @Resource.r",
            "Not_Exists @Resource.r",
            "@Resource.r",
            "@Resource.r != \"x\"",
        ] {
            let allow = parsed(&format!("D:(XA;;0x1;;;SY;({condition} || Exists @Resource.r)){sacl}"));
            let deny = parsed(&format!(
                "D:(XD;;0x1;;;SY;({condition} && Not_Exists @Resource.r))(A;;0x1;;;SY){sacl}"
            ));
            if repeats {
                assert!(!asked(&allow, &caller, 0x1).is_allowed(), "{attribute} {condition}");
                assert!(!asked(&deny, &caller, 0x1).is_allowed(), "{attribute} {condition}");
            }
        }
        let allow = parsed(&format!("D:(XA;;0x1;;;SY;(Exists @Resource.r)){sacl}"));
        assert_eq!(asked(&allow, &caller, 0x1).is_allowed(), !repeats, "{attribute}");
    }
}

/// Values are compared among so many, in any order. Of more nothing is known.
#[test]
fn a_resource_attribute_may_have_many_values() {
    let with = |values: &[u32]| {
        let values: Vec<String> = values.iter().map(u32::to_string).collect();
        let values = values.join(",");
        parsed(&format!(
            "D:(XA;;0x1;;;SY;(@Resource.r Contains 7))S:(RA;;;;;WD;(\"r\",TI,0x0,{values}))"
        ))
    };
    let allows = |values: &[u32]| check(&with(values), &without_claims(), bits(0x1)).is_allowed();
    let mut values: Vec<u32> = (0..1024).rev().collect();
    assert!(allows(&values));
    values[5] = 0;
    assert!(!allows(&values));
    let more: Vec<u32> = (0..1025).rev().collect();
    assert!(!allows(&more));
}

/// [MS-DTYP] 2.5.3.1.5: a callback entry without a condition that can be evaluated is unknown.
#[test]
fn a_callback_entry_without_application_data_does_not_grant_and_does_deny() {
    let entry = |ace_type, objects| {
        let (flags, mask, trustee) = (AceFlags::empty(), bits(0x1), Sid::LOCAL_SYSTEM);
        let data = ApplicationData::None;
        let parts = AceParts {
            ace_type,
            flags,
            mask,
            trustee,
            objects,
            data,
        };
        Ace::from_parts(parts).unwrap()
    };
    let about = ObjectTypes {
        object: Some(Uuid::from_u128(1)),
        inherited: None,
    };
    let tree = ObjectTree::new([(0, Uuid::from_u128(1))]).unwrap();
    let plain = Ace::allow(Sid::LOCAL_SYSTEM, bits(0x1));
    for (ace_type, effect) in [
        (AceType::CallbackAllow, Effect::ConditionalAllow),
        (AceType::CallbackObjectAllow, Effect::ConditionalAllow),
        (AceType::CallbackDeny, Effect::ConditionalDeny),
        (AceType::CallbackObjectDeny, Effect::ConditionalDeny),
    ] {
        for objects in [ObjectTypes::default(), about] {
            if objects != ObjectTypes::default() && !ace_type.layout().has_objects() {
                continue;
            }
            let callback = entry(ace_type, objects);
            assert_eq!(callback.effect(), effect);
            let mut aces = vec![callback];
            if effect == Effect::ConditionalDeny {
                aces.push(plain.clone());
            }
            let descriptor = state(AclState::Present(Acl::from_iter(aces)));
            let caller = without_claims();
            assert!(!asked(&descriptor, &caller, 0x1).is_allowed(), "{ace_type:?}");
            let options = Options::default();
            let disagreement = reference::disagreement_about_objects(&descriptor, &caller, bits(0x1), &tree, &options);
            assert_eq!(disagreement, None);
            let question = AccessCheck::new(&caller, bits(0x1));
            assert!(
                !question.parts(&tree).check(&descriptor).overall.is_allowed(),
                "{ace_type:?}"
            );
        }
    }
}

/// A group that was made deny-only must not widen access.
#[test]
fn a_deny_only_group_is_no_proof_that_the_caller_is_not_a_member() {
    for condition in [
        "Not_Member_of {SID(G)}",
        "Not_Member_of_Any {SID(G)}",
        "!(Member_of {SID(G)})",
        "!(Member_of_Any {SID(G), SID(BG)})",
        "Not_Member_of {SID(G), SID(SY)}",
        "Member_of {SID(G)} || !(Member_of {SID(G)})",
    ] {
        let condition = condition.replace("SID(G)", &format!("SID({GROUP})"));
        let allow = parsed(&format!("D:(XA;;0x1;;;SY;({condition}))"));
        assert!(!asked(&allow, &member(true), 0x1).is_allowed(), "{condition}");
        assert_eq!(
            AccessCheck::new(&member(true), bits(0x1)).explain(&allow).unresolved,
            []
        );
        let never = condition.contains("||");
        assert!(asked(&allow, &without_claims(), 0x1).is_allowed(), "{condition}");
        assert_eq!(asked(&allow, &member(false), 0x1).is_allowed(), never, "{condition}");
    }
    let either = parsed(&format!("D:(XA;;0x1;;;SY;(Member_of_Any {{SID({GROUP}), SID(SY)}}))"));
    assert!(asked(&either, &member(true), 0x1).is_allowed());
}

/// [MS-DTYP] 2.5.2: the token has local claims, too.
#[test]
fn a_local_attribute_is_unknown_while_claims_may_be_missing() {
    let incomplete = without_claims().with_incomplete_claims();
    for condition in [
        "Not_Exists Title",
        "Exists Title",
        "Title == \"x\"",
        "Title",
        "Title Any_of {1}",
    ] {
        let title = Unresolved::Claim {
            class: AttributeClass::Local,
            name: "Title".into(),
        };
        let allow = parsed(&format!("D:(XA;;0x1;;;SY;({condition}))"));
        let question = AccessCheck::new(&incomplete, bits(0x1));
        assert!(!asked(&allow, &incomplete, 0x1).is_allowed(), "{condition}");
        assert_eq!(
            question.explain(&allow).unresolved,
            core::slice::from_ref(&title),
            "{condition}"
        );
        let deny = parsed(&format!("D:(XD;;0x1;;;SY;({condition}))(A;;0x1;;;SY)"));
        assert!(!asked(&deny, &incomplete, 0x1).is_allowed(), "{condition}");
        assert_eq!(question.explain(&deny).unresolved, [title], "{condition}");
    }
    let allow = parsed("D:(XA;;0x1;;;SY;(Not_Exists Title))");
    assert!(asked(&allow, &without_claims(), 0x1).is_allowed());
}

#[test]
fn devices_have_claims_and_groups_of_their_own() {
    let descriptor = parsed(&format!(
        "D:(XA;;0x1;;;SY;(@Device.a == 1 && Device_Member_of {{SID({GROUP})}}))"
    ));
    let device = without_claims().with_device_claims([number("a", 1)]).unwrap();
    assert!(!asked(&descriptor, &device, 0x1).is_allowed());
    let in_group = device.with_device_groups([GROUP.parse().unwrap()]).unwrap();
    assert!(asked(&descriptor, &in_group, 0x1).is_allowed());
    assert!(
        !asked(
            &descriptor,
            &member(false).with_user_claims([number("a", 1)]).unwrap(),
            0x1
        )
        .is_allowed()
    );
}

#[test]
fn claims_that_are_disabled_are_absent_and_those_for_denials_are_absent_in_an_allow() {
    let with = |flags| {
        let claim = Claim::new("level", flags, ClaimValues::Int(vec![3])).unwrap();
        without_claims().with_user_claims([claim]).unwrap()
    };
    let allow = parsed("D:(XA;;0x1;;;SY;(@User.level == 3))");
    let deny = parsed("D:(XD;;0x1;;;SY;(@User.level != 3))(A;;0x1;;;SY)");
    assert!(!asked(&allow, &with(ClaimFlags::DENY_ONLY), 0x1).is_allowed());
    assert!(!asked(&allow, &with(ClaimFlags::DISABLED), 0x1).is_allowed());
    assert!(asked(&deny, &with(ClaimFlags::DENY_ONLY), 0x1).is_allowed());
    assert!(!asked(&deny, &with(ClaimFlags::DISABLED), 0x1).is_allowed());
}

#[test]
fn a_condition_and_a_guid_must_both_fit() {
    let descriptor = parsed("D:(ZA;;0x1;00000000-0000-0000-0000-000000000002;;SY;(@User.level == 3))");
    let tree = ObjectTree::new([(0, Uuid::from_u128(1)), (1, Uuid::from_u128(2))]).unwrap();
    let options = Options::default();
    let about = |caller: &Caller| {
        let disagreement = reference::disagreement_about_objects(&descriptor, caller, bits(0x1), &tree, &options);
        assert_eq!(disagreement, None);
        let question = AccessCheck::new(caller, bits(0x1));
        let nodes = question.parts(&tree).check(&descriptor).nodes;
        nodes.iter().map(Decision::is_allowed).collect::<Vec<_>>()
    };
    // The root is granted the rights of its only child.
    assert_eq!(about(&with_claim(3)), [true, true]);
    assert_eq!(about(&with_claim(2)), [false, false]);
    assert!(!asked(&descriptor, &with_claim(3), 0x1).is_allowed());
}

#[test]
fn a_claim_that_may_be_missing_is_named_after_the_group_that_may_be() {
    let descriptor = parsed(&format!(
        "D:(XD;;0x1;;;{GROUP};(@User.level == 1))(XA;;0x1;;;SY;(@Device.place == 1 || @User.LEVEL == 2))"
    ));
    let unsure = without_claims().with_incomplete_groups().with_incomplete_claims();
    let names = explained(&descriptor, &unsure, 0x1).unresolved;
    let claim = |class, name: &str| Unresolved::Claim {
        class,
        name: name.into(),
    };
    let expected = [
        Unresolved::Group(GROUP.parse().unwrap()),
        claim(AttributeClass::User, "level"),
        claim(AttributeClass::Device, "place"),
    ];
    assert_eq!(names, expected);
    assert_eq!(
        names.iter().map(Unresolved::to_string).collect::<Vec<_>>(),
        [GROUP, "@User.level", "@Device.place"]
    );
    let knowing = without_claims()
        .with_incomplete_claims()
        .with_ruled_out_device_claims(["Place".into()])
        .with_user_claims([number("level", 2)])
        .unwrap();
    let incomplete = Incomplete {
        claims: true,
        ruled_out_claims: &[(AttributeClass::Device, "Place")],
        ..Incomplete::default()
    };
    assert!(asked_knowing(&descriptor, &knowing, incomplete, 0x1).is_allowed());
}

#[test]
fn the_explanation_says_which_claim_is_absent() {
    let descriptor = parsed("D:(XA;;0x1;;;SY;(@User.level == 1))(XA;;0x1;;;SY;(@User.other == 1))");
    let explanation = explained(
        &descriptor,
        &without_claims().with_user_claims([number("other", 2)]).unwrap(),
        0x1,
    );
    let level = Unresolved::Claim {
        class: AttributeClass::User,
        name: "level".into(),
    };
    let expected = [
        Step::Entry {
            index: 0,
            outcome: EntryOutcome::ConditionUnknown,
            facts: vec![level],
        },
        Step::Entry {
            index: 1,
            outcome: EntryOutcome::ConditionFalse,
            facts: vec![],
        },
    ];
    assert_eq!(explanation.steps, expected);
}

#[test]
fn two_claims_of_one_name_and_a_value_twice_are_refused() {
    let twice = without_claims().with_user_claims([number("a", 1), number("A", 2)]);
    assert_eq!(twice, Err(CallerError::ClaimRepeated { name: "A".into() }));
    let values = Claim::new(
        "a",
        ClaimFlags::empty(),
        ClaimValues::String(vec!["x".into(), "X".into()]),
    )
    .unwrap();
    let repeated = CallerError::ClaimValueRepeated { name: "a".into() };
    assert_eq!(without_claims().with_device_claims([values]), Err(repeated));
    let exact = ClaimValues::String(vec!["x".into(), "X".into()]);
    let exact = Claim::new("a", ClaimFlags::CASE_SENSITIVE, exact).unwrap();
    assert!(without_claims().with_device_claims([exact]).is_ok());
}

/// If one known fact decides, the unknown ones do not matter.
#[test]
fn a_condition_that_is_certain_stays_so_whatever_is_unknown() {
    let with =
        |ace_type: &str, condition: &str| parsed(&format!("D:({ace_type};;0x1;;;SY;({condition}))(A;;0x2;;;SY)"));
    let caller = with_claim(1).with_incomplete_groups();
    let group = format!("Member_of {{SID({GROUP})}}");
    for either in [
        format!("@User.level == 1 || {group}"),
        format!("{group} || @User.level == 1"),
    ] {
        assert_eq!(asked(&with("XA", &either), &caller, 0x1), granted(0x1), "{either}");
        let refused = refusal(&asked(&with("XD", &either), &caller, 0x1));
        assert_eq!(refused, Some((0, 0x1, DenialReason::NotGranted)), "{either}");
    }
    for both in [
        format!("@User.level == 2 && {group}"),
        format!("{group} && @User.level == 2"),
    ] {
        let descriptor = with("XA", &both);
        let refused = refusal(&asked(&descriptor, &caller, 0x1));
        assert_eq!(refused, Some((0, 0x1, DenialReason::NotGranted)), "{both}");
        let first = outcomes(&explained(&descriptor, &caller, 0x1)).first().copied();
        assert_eq!(first, Some(EntryOutcome::ConditionFalse), "{both}");
    }
    // Not even when all that is missing were known.
    let neither = with("XA", &format!("@User.level == 1 && {group}"));
    let refused = refusal(&asked(&neither, &caller, 0x1));
    assert_eq!(refused, Some((0, 0x1, DenialReason::Undetermined)));
}

#[test]
fn a_resource_attribute_that_is_given_twice_is_nothing_to_look_up() {
    let twice = "S:(RA;;;;;WD;(\"a\",TI,0x0,1))(RA;;;;;WD;(\"A\",TI,0x0,1))";
    let descriptor = parsed(&format!("D:(XA;;0x1;;;SY;(@Resource.a == 1)){twice}"));
    let explanation = explained(&descriptor, &without_claims().with_incomplete_claims(), 0x1);
    let expected = Some((0, 0x1, DenialReason::NotGranted));
    assert_eq!(refusal(&explanation.decision), expected);
    assert_eq!(outcomes(&explanation), [EntryOutcome::ConditionUnknown]);
    assert_eq!(explanation.unresolved, []);
}

#[test]
fn a_deny_whose_condition_is_unknown_names_the_absent_attributes_or_the_group() {
    let facts = |descriptor: &SecurityDescriptor, caller: &Caller| {
        let steps = explained(descriptor, caller, 0x1).steps;
        let Some(Step::Entry { outcome, facts, .. }) = steps.into_iter().next() else {
            panic!("the first step is about an entry");
        };
        (outcome, facts)
    };
    let level = Unresolved::Claim {
        class: AttributeClass::User,
        name: "level".into(),
    };
    let (bits, part) = (bits(0x1), Some(Unevaluated::Condition));
    let known = parsed("D:(XD;;0x1;;;SY;(@User.level == 1))(A;;0x1;;;SY)");
    assert_eq!(
        facts(&known, &without_claims()),
        (EntryOutcome::Denied { bits, part }, vec![level])
    );
    // The group is the reason to look something up, and the attribute is not: it is certainly absent.
    let unsure = parsed(&format!("D:(XD;;0x1;;;{GROUP};(@User.level == 1))(A;;0x1;;;SY)"));
    assert_eq!(
        facts(&unsure, &without_claims().with_incomplete_groups()),
        (
            EntryOutcome::MayDeny { bits },
            vec![Unresolved::Group(GROUP.parse().unwrap())]
        )
    );
}

/// [MS-DTYP] 2.5.3.1.7 looks for the name in the resource attributes of the SACL, whatever their flags.
#[test]
fn a_resource_attribute_that_is_inherit_only_counts() {
    let everyone = caller().with_groups([Sid::EVERYONE]).unwrap();
    let allowed = |sacl: &str| {
        let descriptor = parsed(&format!("D:(XA;;0x1;;;WD;(@Resource.a == 1))S:{sacl}"));
        asked(&descriptor, &everyone, 0x1).is_allowed()
    };
    assert!(allowed(r#"(RA;IO;;;;WD;("a",TI,0x0,1))"#));
    assert!(allowed(r#"(RA;OICIIO;;;;WD;("a",TI,0x0,1))(RA;;;;;WD;("b",TI,0x0,2))"#));
    assert!(!allowed(r#"(RA;IO;;;;WD;("a",TI,0x0,2))"#));
    // It is there twice, so it has no value.
    assert!(!allowed(r#"(RA;IO;;;;WD;("a",TI,0x0,2))(RA;;;;;WD;("a",TI,0x0,1))"#));
    let absent = r#"D:(XD;;0x1;;;WD;(@Resource.a == 1))(A;;0x1;;;WD)S:(RA;IO;;;;WD;("a",TI,0x0,1))"#;
    assert!(!asked(&parsed(absent), &everyone, 0x1).is_allowed());
}

/// In bytes, a literal on the left makes the condition unknown ([MS-DTYP] 2.4.4.17.6), and an integer without a sign is positive.
#[test]
fn literals_in_bytes_mean_what_they_mean_in_text() {
    let decided = |left: &[u8], operator: u8, right: &[u8], effect: u8| {
        let mut data = [b"artx", left, right, &[operator]].concat();
        data.resize(data.len().next_multiple_of(4), 0);
        let entry = |code: u8, data: &[u8]| {
            let size = u16::try_from(20 + data.len()).unwrap().to_le_bytes();
            let head = [&[code, 0], &size[..], &1_u32.to_le_bytes()].concat();
            [&head[..], &[1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0], data].concat()
        };
        let entries = [entry(effect, &data), entry(0x00, &[])];
        let entries = &entries[..if effect == 0x0a { 2 } else { 1 }];
        let size = u16::try_from(8 + entries.concat().len()).unwrap().to_le_bytes();
        let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
        let acl = [&[2, 0], &size[..], &count, &[0, 0], &entries.concat()].concat();
        let head = [1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];
        let descriptor = sddl_authz::binary::from_bytes(&[&head[..], &acl].concat()).unwrap();
        let claims = [number("i", -1)];
        asked(&descriptor, &without_claims().with_user_claims(claims).unwrap(), 0x1).is_allowed()
    };
    let one: &[u8] = &[0x04, 1, 0, 0, 0, 0, 0, 0, 0, 3, 2];
    let composite = [&[0x50, 11, 0, 0, 0], one].concat();
    for operator in [0x86, 0x88, 0x8e, 0x8f] {
        for left in [one, &composite] {
            assert!(!decided(left, operator, &composite, 0x09), "{operator:#x}");
            assert!(!decided(left, operator, &composite, 0x0a), "{operator:#x}");
        }
    }
    let attribute: &[u8] = &[0xf9, 2, 0, 0, 0, b'i', 0];
    for base in [1, 3] {
        let integer = |sign| [&[0x04], &[0xff; 8][..], &[sign, base]].concat();
        assert!(!decided(attribute, 0x80, &integer(3), 0x09));
        assert!(decided(attribute, 0x81, &integer(3), 0x09));
        assert!(decided(attribute, 0x80, &integer(2), 0x09));
    }
}

/// A deny-only group is a group in a Deny: `Not_Member_of` is false there, and nothing is denied.
#[test]
fn a_deny_only_group_is_a_group_in_the_condition_of_a_deny() {
    let group: Sid = GROUP.parse().unwrap();
    let deny = |condition: &str| parsed(&format!("D:(XD;;0x1;;;SY;({condition} {{SID({GROUP})}}))(A;;0x1;;;SY)"));
    let caller = without_claims().with_deny_only_groups([group]).unwrap();
    assert_eq!(asked(&deny("Not_Member_of"), &caller, 0x1), granted(0x1));
    assert!(!asked(&deny("Member_of"), &caller, 0x1).is_allowed());
}
