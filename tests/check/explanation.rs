//! Explanations.

use super::*;
use sddl_authz::caller::AppContainer;

#[test]
fn an_explanation_says_what_each_entry_settled_and_where_the_walk_ended() {
    let entries = [
        allow(group(), 0x1),
        allow(user(), 0x3),
        deny(user(), 0x1),
        deny(user(), 0x4),
        allow(user(), 0x4),
    ];
    let explanation = explained(&unowned(entries), &caller(), 0x7);
    let entry = |index, outcome| Step::Entry {
        index,
        outcome,
        facts: Vec::new(),
    };
    let expected = [
        entry(0, EntryOutcome::NotMember),
        entry(1, EntryOutcome::Granted { bits: bits(0x3) }),
        entry(2, EntryOutcome::AlreadySettled),
        entry(
            3,
            EntryOutcome::Denied {
                bits: bits(0x4),
                part: None,
            },
        ),
        Step::Unvisited { from: 4 },
    ];
    assert_eq!(explanation.steps, expected);
    assert_eq!(
        refusal(&explanation.decision),
        Some((0x3, 0x4, DenialReason::NotGranted))
    );
    assert_eq!(explanation.replay(), explanation.decision);
}

#[test]
fn a_replay_of_other_steps_comes_to_another_decision() {
    let mut explanation = explained(&unowned([allow(user(), 0x1)]), &caller(), 0x1);
    explanation.steps.clear();
    assert_ne!(explanation.replay(), explanation.decision);
}

#[test]
fn an_explanation_is_about_the_mask_as_mapped() {
    let descriptor = unowned([allow(user(), GENERIC_READ)]);
    let explanation = AccessCheck::new(&caller(), bits(GENERIC_READ))
        .options(file())
        .explain(&descriptor);
    assert_eq!(explanation.desired, bits(0x12_0089));
}

#[cfg(feature = "serde")]
#[test]
fn json_has_the_shape_that_is_promised() {
    let descriptor = owned(
        user(),
        [special(AceType::ObjectDeny, 0x1, true, false), allow(user(), 0x1)],
    );
    let explanation = explained(&descriptor, &caller(), WRITE_DAC | 0x1);
    let expected = serde_json::json!({
        "decision": "denied", "granted_before_denial": "0x40000", "missing": "0x1", "reason": "not_granted", "desired": "0x40001",
        "steps": [
            {"step": "owner_granted", "bits": "0x40000"},
            {"step": "entry", "index": 0, "did": "denied", "bits": "0x1", "part": "object"},
            {"step": "unvisited", "from": 1},
        ],
    });
    assert_eq!(serde_json::to_value(&explanation).unwrap(), expected);
    let allowed = serde_json::to_value(granted(0x1)).unwrap();
    assert_eq!(allowed, serde_json::json!({"decision": "allowed", "granted": "0x1"}));
}

#[test]
fn each_right_has_its_reason_and_the_number_of_windows_message() {
    let entries = [deny(user(), 0x2), allow(user(), 0x1), allow(group(), 0x4)];
    let descriptor = owned(user(), entries);
    let caller = caller().with_groups([account(9)]).unwrap();
    let rights = |caller: &Caller, desired| {
        explained(&descriptor, caller, desired)
            .rights()
            .iter()
            .map(|reason| (reason.right.bits(), reason.is_granted(), reason.step, reason.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(rights(&caller, 0x1), [(0x1, true, Some(1), Some(1801))]);
    assert_eq!(
        rights(&caller, WRITE_DAC | 0x6),
        [
            (0x2, false, Some(1), Some(1802)),
            (0x4, false, Some(2), Some(1809)),
            (WRITE_DAC, true, Some(0), Some(1804)),
        ]
    );
    // With the maximum, the check looks at every entry.
    assert_eq!(
        rights(&caller, MAXIMUM | 0x6).get(1..3),
        Some(&[(0x2, false, Some(1), Some(1802)), (0x4, false, None, Some(1805))][..])
    );
    let unsure = caller.with_incomplete_groups();
    assert_eq!(rights(&unsure, 0x4), [(0x4, false, Some(2), Some(1809))]);
    let maximum: Vec<_> = rights(&unsure, MAXIMUM).iter().map(|right| right.0).collect();
    assert_eq!(maximum, [0x1, 0x2, 0x4, READ_CONTROL, WRITE_DAC]);
}

#[test]
fn rules_have_their_numbers() {
    let numbers = |descriptor: &SecurityDescriptor, desired| {
        let explanation = explained(descriptor, &caller(), desired);
        explanation.steps.iter().map(Step::message_number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&state(AclState::Null), 0x1), [Some(1806)]);
    assert_eq!(numbers(&state(AclState::Absent), 0x1), [Some(1806)]);
    assert_eq!(numbers(&unowned([]), 0x1), [Some(1807)]);
    assert_eq!(numbers(&unowned([]), 0x0100_0000), [Some(1810)]);
    assert_eq!(numbers(&unowned([]), 0), [None]);
}

#[cfg(feature = "serde")]
#[test]
fn names_of_facts_survive_json() {
    let claim = |class, name: &str| Unresolved::Claim {
        class,
        name: name.into(),
    };
    let names = [
        (Unresolved::Group(group()), group().to_string()),
        (Unresolved::DeviceGroup(group()), format!("@Device:{}", group())),
        (claim(AttributeClass::User, "Title"), "@User.Title".into()),
        (claim(AttributeClass::Device, "a b"), "@Device.a b".into()),
        (claim(AttributeClass::Resource, "x"), "@Resource.x".into()),
        (claim(AttributeClass::Local, "level"), "level".into()),
        (claim(AttributeClass::Local, "WIN://SYSAPPID"), "WIN://SYSAPPID".into()),
        // These names could be read as a SID, as another attribute, and as an escape.
        (claim(AttributeClass::Local, "BA"), "%0042A".into()),
        (claim(AttributeClass::Local, "S-1-x"), "%0053-1-x".into()),
        (claim(AttributeClass::Local, "@User.a"), "%0040User.a".into()),
        (claim(AttributeClass::Local, "%0041"), "%00250041".into()),
    ];
    for (name, text) in names {
        assert_eq!(serde_json::to_value(&name).unwrap(), serde_json::json!(text));
        assert_eq!(
            serde_json::from_value::<Unresolved>(serde_json::json!(text)).unwrap(),
            name
        );
    }
    for text in ["S-1-", "@Local.a", "%zzzz"] {
        assert!(
            serde_json::from_value::<Unresolved>(serde_json::json!(text)).is_err(),
            "{text}"
        );
    }
}

#[cfg(feature = "serde")]
#[test]
fn every_kind_of_step_survives_json() {
    let descriptor = parsed(
        "O:SYG:SYD:(A;;0x1;;;BA)(XD;;0x1;;;WD;(@User.a == 1))(XA;;0x2;;;SY;(@User.b == 1))(A;;FA;;;SY)S:(ML;;NW;;;HI)",
    );
    let asking = Caller::bare(Sid::LOCAL_SYSTEM)
        .unwrap()
        .with_groups([Sid::EVERYONE])
        .unwrap()
        .with_privileges(Privileges::TAKE_OWNERSHIP)
        .with_incomplete_groups()
        .with_incomplete_claims()
        .with_write_restricting_sids([Sid::EVERYONE]);
    let explanation = AccessCheck::new(&asking, bits(0x000f_0003))
        .options(file())
        .explain(&descriptor);
    let json = serde_json::to_string(&explanation).unwrap();
    for word in ["privilege_granted", "integrity_denied", "restricted_pass", "unvisited"] {
        assert!(json.contains(word), "{word} in {json}");
    }
    assert_eq!(serde_json::from_str::<Explanation>(&json).unwrap(), explanation);
}

#[test]
fn a_check_stops_once_everything_is_granted() {
    let entries = [allow(user(), 0x1), allow(user(), 0x2), deny(user(), 0x3)];
    let explanation = explained(&unowned(entries), &caller(), 0x3);
    assert_eq!(explanation.decision, granted(0x3));
    assert_eq!(explanation.steps.last(), Some(&Step::Unvisited { from: 2 }));
}

/// The missing rights, set by set: the bits, the cause, the pass and the number of Windows' message.
fn missing(explanation: &Explanation) -> Vec<(u32, MissingCause, Pass, Option<u16>)> {
    let sets = explanation.missing_rights().into_iter();
    sets.map(|set| (set.bits.bits(), set.cause, set.pass, set.message))
        .collect()
}

/// The example of event 4656 in Microsoft's documents: the owner reads the descriptor, entry 0 denies appending, and Windows checked
/// nothing else.
#[test]
fn what_was_not_looked_at_is_not_said_to_be_denied() {
    let entries = [deny(user(), 0x4), allow(user(), 0x001f_01ff)];
    let explanation = explained(&owned(user(), entries), &caller(), 0x0012_019f);
    assert_eq!(
        missing(&explanation),
        [
            (0x4, MissingCause::Denied { index: 0 }, Pass::Caller, Some(1802)),
            (0x0010_019b, MissingCause::NotLookedAt, Pass::Caller, Some(1809)),
        ]
    );
    let owner = explanation
        .rights()
        .into_iter()
        .find(|right| right.right == AccessMask::READ_CONTROL);
    assert_eq!(
        owner.map(|right| (right.is_granted(), right.message)),
        Some((true, Some(1804)))
    );
}

#[test]
fn at_the_end_of_the_list_the_rest_is_not_granted() {
    let explanation = explained(&unowned([allow(user(), 0x1), deny(user(), 0x4)]), &caller(), 0x7);
    assert_eq!(
        missing(&explanation),
        [
            (0x4, MissingCause::Denied { index: 1 }, Pass::Caller, Some(1802)),
            (0x2, MissingCause::NotGranted, Pass::Caller, Some(1805)),
        ]
    );
    let explanation = explained(&unowned([]), &caller(), 0x7);
    assert_eq!(
        missing(&explanation),
        [(0x7, MissingCause::DaclEmpty, Pass::Caller, Some(1807))]
    );
}

#[test]
fn integrity_keeps_back_only_its_own_rights() {
    let mut descriptor = parsed("D:(A;;FA;;;WD)S:(ML;;NW;;;HI)");
    descriptor.owner = None;
    let medium = caller();
    let check = AccessCheck::new(&medium, bits(0x0012_019f)).options(file());
    assert_eq!(
        missing(&check.explain(&descriptor)),
        [
            (0x116, MissingCause::Integrity, Pass::Caller, Some(1803)),
            (0x0012_0089, MissingCause::NotLookedAt, Pass::Caller, Some(1809)),
        ]
    );
}

/// A right may be missing from the second pass only.
#[test]
fn what_the_restricting_sids_are_not_granted_is_said_of_them() {
    let entries = [allow(user(), 0x3), allow(group(), 0x1), deny(group(), 0x2)];
    let restricted = caller().with_restricting_sids([group()]);
    assert_eq!(
        missing(&explained(&unowned(entries), &restricted, 0x3)),
        [(
            0x2,
            MissingCause::Denied { index: 2 },
            Pass::RestrictingSids,
            Some(1802)
        )]
    );
    let entries = [allow(user(), 0x3), allow(group(), 0x1)];
    assert_eq!(
        missing(&explained(&unowned(entries), &restricted, 0x7)),
        [
            (0x4, MissingCause::NotGranted, Pass::Caller, Some(1805)),
            (0x2, MissingCause::NotGranted, Pass::RestrictingSids, Some(1805)),
        ]
    );
}

/// The first pass ends at entry 0. The second one looks further, and finds the reason.
#[test]
fn what_one_pass_did_not_look_at_another_may_deny() {
    let restricted = caller().with_restricting_sids([group()]);
    let entries = [deny(user(), 0x4), deny(group(), 0x2), allow(group(), 0x4)];
    assert_eq!(
        missing(&explained(&unowned(entries), &restricted, 0x6)),
        [
            (0x4, MissingCause::Denied { index: 0 }, Pass::Caller, Some(1802)),
            (
                0x2,
                MissingCause::Denied { index: 1 },
                Pass::RestrictingSids,
                Some(1802)
            ),
        ]
    );
}

#[test]
fn what_depends_on_an_unknown_group_is_said_to_be_so() {
    let unsure = caller().with_incomplete_groups();
    let entries = [allow(group(), 0x1), deny(group(), 0x2), deny(user(), 0x4)];
    assert_eq!(
        missing(&explained(&unowned(entries), &unsure, 0xf)),
        [
            (0x4, MissingCause::Denied { index: 2 }, Pass::Caller, Some(1802)),
            (0x2 | 0x8, MissingCause::NotGranted, Pass::Caller, Some(1805)),
            (
                0x1,
                MissingCause::Uncertain { index: Some(0) },
                Pass::Caller,
                Some(1809)
            ),
        ]
    );
}

#[test]
fn of_a_refused_request_the_privilege_is_missing_and_the_rest_is_not_looked_at() {
    let descriptor = unowned([allow(user(), 0x1)]);
    let reason = DenialReason::PrivilegeNotHeld;
    assert_eq!(
        missing(&explained(&descriptor, &caller(), 0x0100_0001)),
        [
            (0x0100_0000, MissingCause::Refused { reason }, Pass::Caller, Some(1810)),
            (0x1, MissingCause::NotLookedAt, Pass::Caller, Some(1809)),
        ]
    );
    let reason = DenialReason::GenericNotMapped;
    assert_eq!(
        missing(&explained(&descriptor, &caller(), GENERIC_READ | 0x1)),
        [(GENERIC_READ | 0x1, MissingCause::Refused { reason }, Pass::Caller, None)]
    );
}

#[test]
fn nothing_is_missing_from_what_is_allowed() {
    assert_eq!(missing(&explained(&unowned([allow(user(), 0x1)]), &caller(), 0x1)), []);
    assert_eq!(missing(&explained(&unowned([]), &caller(), MAXIMUM)), []);
}

#[cfg(feature = "serde")]
#[test]
fn what_is_missing_is_serialized_flat() {
    let entries = [deny(user(), 0x4), allow(user(), 0x7)];
    let explanation = explained(&unowned(entries), &caller(), 0x5);
    let expected = serde_json::json!([
        {"bits": "0x4", "cause": "denied", "index": 0, "message": 1802},
        {"bits": "0x1", "cause": "not_looked_at", "message": 1809},
    ]);
    let sets = explanation.missing_rights();
    assert_eq!(serde_json::to_value(&sets).unwrap(), expected);
    assert_eq!(
        serde_json::from_value::<Vec<check::MissingRights>>(expected).unwrap(),
        sets
    );
    let expected = serde_json::json!([
        {"right": "0x1", "step": 1, "message": 1809, "cause": "not_looked_at"},
        {"right": "0x4", "step": 0, "message": 1802, "cause": "denied", "index": 0},
    ]);
    let rights = explanation.rights();
    assert_eq!(serde_json::to_value(&rights).unwrap(), expected);
    assert_eq!(
        serde_json::from_value::<Vec<check::RightOutcome>>(expected).unwrap(),
        rights
    );
    let granted = explained(&unowned([allow(user(), 0x1)]), &caller(), 0x1).rights();
    let expected = serde_json::json!([{"right": "0x1", "step": 0, "message": 1801}]);
    assert_eq!(serde_json::to_value(&granted).unwrap(), expected);
    assert_eq!(
        serde_json::from_value::<Vec<check::RightOutcome>>(expected).unwrap(),
        granted
    );
}

/// Windows: 1830, not granted to AppContainers.
#[test]
fn what_an_app_container_is_not_granted_is_said_of_it() {
    let container = AppContainer::new("S-1-15-2-1-2-3-4-5-6-7".parse().unwrap()).unwrap();
    let contained = caller().with_app_container(container);
    let explanation = explained(
        &parsed("D:(A;;0x3;;;WD)(A;;0x1;;;AC)"),
        &contained.with_groups([Sid::EVERYONE]).unwrap(),
        0x3,
    );
    assert_eq!(
        missing(&explanation),
        [(0x2, MissingCause::NotGranted, Pass::AppContainer, Some(1830))]
    );
}

/// The texts of the messages are in the events 4656 and 4818: 1801 granted by, 1802 denied by, 1803 denied by the integrity policy, 1804
/// granted by ownership, 1806 granted by a NULL DACL, 1807 denied by an empty DACL, 1809 unknown or unchecked, 1810 a missing privilege.
#[test]
fn each_step_has_the_number_of_its_message() {
    let right = bits(0x1);
    let entry = |outcome| Step::Entry {
        index: 0,
        outcome,
        facts: Vec::new(),
    };
    let numbers = [
        (entry(EntryOutcome::Granted { bits: right }), Some(1801)),
        (entry(EntryOutcome::UnknownTypeDenied { bits: right }), Some(1802)),
        (entry(EntryOutcome::MayGrant { bits: right }), Some(1809)),
        (entry(EntryOutcome::MayDeny { bits: right }), Some(1809)),
        (entry(EntryOutcome::NotMember), None),
        (entry(EntryOutcome::InheritOnly), None),
        (
            Step::PartsDenied {
                bits: right,
                may_deny: bits(0),
            },
            Some(1802),
        ),
        (
            Step::PartsGranted {
                bits: right,
                may_grant: bits(0),
            },
            Some(1801),
        ),
        (Step::DaclEmpty, Some(1807)),
        (Step::AppContainerPass, None),
    ];
    for (step, number) in numbers {
        assert_eq!(step.message_number(), number, "{step:?}");
    }
    let numbers = |descriptor: &str, caller: &Caller, desired| -> Vec<Option<u16>> {
        let explanation = explained(&parsed(descriptor), caller, desired);
        explanation.steps.iter().map(Step::message_number).collect()
    };
    assert_eq!(numbers("D:NO_ACCESS_CONTROL", &caller(), 0x1), [Some(1806)]);
    assert_eq!(numbers("G:SY", &caller(), 0x1), [Some(1806)]);
    let unsure = caller().with_incomplete_groups();
    let owner = numbers("O:BAD:", &unsure, READ_CONTROL);
    assert_eq!(owner, [Some(1809), Some(1807)]);
    let low = caller().with_integrity(IntegrityLevel::LOW);
    let labeled = numbers("D:(A;;0x1;;;WD)S:(ML;;NW;;;ME)", &low, 0x2);
    assert_eq!(labeled.first(), Some(&Some(1803)));
    let security = caller().with_privileges(Privileges::SECURITY);
    assert_eq!(numbers("D:", &security, 0x0100_0000).first(), Some(&Some(1801)));
    assert_eq!(numbers("D:", &caller(), 0x0100_0000), [Some(1810)]);
    assert_eq!(numbers("D:", &caller(), 0), [None]);
}

/// Both passes of a restricted caller end at the empty DACL. It is the reason once.
#[test]
fn an_empty_dacl_is_the_reason_in_each_pass() {
    let restricted = caller().with_restricting_sids([Sid::EVERYONE]);
    let missing = explained(&parsed("D:"), &restricted, 0x1).missing_rights();
    let causes: Vec<_> = missing
        .iter()
        .map(|set| (set.bits.bits(), set.cause, set.pass))
        .collect();
    assert_eq!(causes, [(0x1, MissingCause::DaclEmpty, Pass::Caller)]);
}

/// Attributes of the object are found on both sides of another entry.
#[test]
fn other_entries_may_be_between_the_attributes_of_an_object() {
    let attribute = |name: &str| format!(r#"(RA;;;;;WD;("{name}",TI,0,1))"#);
    let sacl = format!("{}(AU;SA;0x1;;;WD){}", attribute("a"), attribute("b"));
    let descriptor = parsed(&format!("D:(XA;;0x1;;;SY;(@Resource.a == @Resource.b))S:{sacl}"));
    let system = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
    assert_eq!(asked(&descriptor, &system, 0x1), granted(0x1));
}
