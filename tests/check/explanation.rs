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
    let explanation = explain_with(&descriptor, &caller(), bits(GENERIC_READ), &file());
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
        "decision": "denied", "granted": "0x40000", "missing": "0x1", "reason": "not_granted", "desired": "0x40001",
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
