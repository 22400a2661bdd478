//! Explanations.

use super::*;

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
    let caller = caller().with_groups([account(9)]);
    let rights = |caller: &Caller, desired| {
        explained(&descriptor, caller, desired)
            .rights()
            .iter()
            .map(|reason| (reason.right.bits(), reason.granted, reason.step, reason.message))
            .collect::<Vec<_>>()
    };
    assert_eq!(rights(&caller, 0x1), [(0x1, true, Some(1), Some(1801))]);
    assert_eq!(
        rights(&caller, WRITE_DAC | 0x6),
        [
            (0x2, false, Some(1), Some(1802)),
            (0x4, false, None, Some(1805)),
            (WRITE_DAC, true, Some(0), Some(1804)),
        ]
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
        (claim(AttributeClass::Local, "level"), "@Local.level".into()),
    ];
    for (name, text) in names {
        assert_eq!(serde_json::to_value(&name).unwrap(), serde_json::json!(text));
        assert_eq!(
            serde_json::from_value::<Unresolved>(serde_json::json!(text)).unwrap(),
            name
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
        .with_groups([Sid::EVERYONE])
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
