use super::{MAXIMUM, allowed, asks, bits, caller, grants, reason, sd, unsure, with};
use sddl_authz::{
    SecurityDescriptor,
    caller::Privileges,
    check::DenialReason,
    layers::{FileAccess, Layer, LayerRule, LayerStep, LayeredExplanation, check_all, explain_all},
};

fn layers<'a>(descriptors: &'a [SecurityDescriptor]) -> Vec<Layer<'a>> {
    ["one", "two", "three"]
        .iter()
        .zip(descriptors)
        .map(|(name, descriptor)| Layer::new(name, descriptor))
        .collect()
}

#[test]
fn no_layers_grant_nothing() {
    let caller = caller();
    for desired in [0x1, MAXIMUM] {
        let none: &[Layer<'_>] = &[];
        let explanation = explain_all(&asks(&caller, desired), none);
        assert!(!check_all(&asks(&caller, desired), none).is_allowed());
        assert_eq!(explanation.denying_rule(), Some(LayerRule::NoLayers));
    }
}

#[test]
fn each_layer_must_grant_all_that_is_asked_for() {
    let caller = caller();
    let descriptors = [grants(0x7), grants(0x3), grants(0x1)];
    let ask = |desired| check_all(&asks(&caller, desired), &layers(&descriptors));
    assert_eq!(ask(0x1), allowed(0x1));
    assert_eq!(reason(ask(0x2)), Some(DenialReason::NotGranted));
    assert_eq!(ask(0x3).denial().unwrap().missing, bits(0x2));
}

#[test]
fn the_maximum_is_what_all_grant() {
    let caller = caller();
    let ask = |descriptors: &[SecurityDescriptor]| check_all(&asks(&caller, MAXIMUM), &layers(descriptors));
    assert_eq!(ask(&[grants(0x6), grants(0x3)]), allowed(0x2));
    assert_eq!(reason(ask(&[grants(0x4), grants(0x3)])), Some(DenialReason::NotGranted));
    let both = [grants(0x6), grants(0x3)];
    assert_eq!(check_all(&asks(&caller, MAXIMUM | 0x2), &layers(&both)), allowed(0x2));
    assert!(!check_all(&asks(&caller, MAXIMUM | 0x1), &layers(&both)).is_allowed());
}

#[test]
fn the_first_layer_that_denies_is_named_and_later_ones_are_not_asked() {
    let caller = caller();
    let descriptors = [grants(0x1), sd(""), sd("")];
    let explanation = explain_all(&asks(&caller, 0x1), &layers(&descriptors));
    assert_eq!(explanation.denying_layer(), Some("two"));
    assert_eq!(explanation.denied_by, Some(1));
    assert_eq!(explanation.steps.len(), 2);
    assert!(
        matches!(&explanation.steps[1], LayerStep::Asked { layer, explanation } if layer == "two" && !explanation.decision.is_allowed())
    );
}

#[test]
fn unknown_facts_leave_the_answer_open_unless_another_layer_denies() {
    let caller = unsure();
    let open = sd("(A;;FA;;;G)");
    // The caller may be in a group that owns the object, so the maximum may have the owner's rights, unless an entry replaces them.
    let nothing = sd("(D;;FA;;;OW)");
    let ask =
        |descriptors: &[SecurityDescriptor], desired| reason(check_all(&asks(&caller, desired), &layers(descriptors)));
    for desired in [0x1, MAXIMUM] {
        assert_eq!(
            ask(&[open.clone(), grants(0x1)], desired),
            Some(DenialReason::Undetermined)
        );
        assert_eq!(
            ask(&[grants(0x1), open.clone()], desired),
            Some(DenialReason::Undetermined)
        );
        assert_eq!(
            ask(&[open.clone(), nothing.clone()], desired),
            Some(DenialReason::NotGranted)
        );
        assert_eq!(
            ask(&[nothing.clone(), open.clone()], desired),
            Some(DenialReason::NotGranted)
        );
    }
    // One layer grants 0x1 for certain, and maybe 0x2; the other one 0x2 for certain.
    let mixed = sd("(A;;0x1;;;U)(A;;0x2;;;G)(D;;FA;;;OW)");
    assert_eq!(
        ask(&[mixed.clone(), grants(0x2)], MAXIMUM),
        Some(DenialReason::Undetermined)
    );
    assert_eq!(ask(&[mixed, grants(0x4)], MAXIMUM), Some(DenialReason::NotGranted));
}

#[test]
fn the_facts_of_all_layers_are_listed_once() {
    let caller = unsure();
    let open = sd("(A;;FA;;;G)");
    let other = sd("(A;;FA;;;G)(A;;FA;;;S-1-5-21-1-2-3-2002)");
    let explanation = explain_all(&asks(&caller, 0x1), &layers(&[open, other]));
    let facts: Vec<String> = explanation.unresolved().iter().map(ToString::to_string).collect();
    assert_eq!(facts, ["S-1-5-21-1-2-3-2001", "S-1-5-21-1-2-3-2002"]);
}

/// Each layer alone grants a right of the maximum for certain, so none of them is undetermined.
#[test]
fn facts_are_named_that_may_make_all_layers_grant_one_right() {
    let caller = unsure();
    let facts = |explanation: &LayeredExplanation| {
        assert!(explanation.decision.is_undetermined());
        let facts = explanation.unresolved();
        facts.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    // The group may be granted 0x2, and the owner may be refused it.
    let expected = ["S-1-5-21-1-2-3-2001", "S-1-5-18"];
    let mixed = sd("(A;;0x1;;;U)(A;;0x2;;;G)(D;;FA;;;OW)");
    let question = asks(&caller, MAXIMUM);
    let other = sd("(A;;0x2;;;U)(D;;FA;;;OW)");
    let explanation = explain_all(&question, &layers(&[mixed, other]));
    assert_eq!(facts(&explanation), expected);
    // No file has the right 0x2000.
    let reserved = sd("(A;;0x2000;;;U)(A;;0x2;;;G)(D;;FA;;;OW)");
    let explanation = FileAccess::new(&question).explain_maximal_access(&reserved);
    assert_eq!(facts(&explanation), expected);
}

#[test]
fn a_right_that_no_layer_is_asked_for_is_granted_by_none() {
    let caller = with(Privileges::SECURITY);
    let descriptor = grants(0x1);
    let question = asks(&caller, 0x0100_0001);
    let share = Layer::new("share", &descriptor).without_system_security();
    assert!(!check_all(&question, &[share]).is_allowed());
    assert!(!check_all(&asks(&caller, 0x0100_0000 | MAXIMUM), &[share]).is_allowed());
    assert_eq!(
        check_all(&question, &[share, Layer::new("file", &descriptor)]),
        allowed(0x0100_0001)
    );
}

#[test]
fn nothing_asked_is_denied() {
    let caller = caller();
    let descriptor = grants(0x1);
    let decision = check_all(&asks(&caller, 0), &[Layer::new("one", &descriptor)]);
    assert_eq!(reason(decision), Some(DenialReason::NothingAsked));
}

#[test]
fn a_generic_right_without_a_mapping_is_denied() {
    let caller = caller();
    let descriptor = grants(0x1f_01ff);
    let decision = check_all(&asks(&caller, 0x8000_0000), &[Layer::new("one", &descriptor)]);
    assert_eq!(reason(decision), Some(DenialReason::GenericNotMapped));
}
