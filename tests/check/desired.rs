//! The desired rights, and the meaning of generic ones.

use super::*;

#[test]
fn asking_for_nothing_is_denied() {
    let expected = Some((0, 0, DenialReason::NothingAsked));
    assert_eq!(refusal(&asked(&state(AclState::Null), &caller(), 0)), expected);
    assert_eq!(refusal(&asked(&unowned([allow(user(), 0x1)]), &caller(), 0)), expected);
}

#[test]
fn asking_for_the_sacl_needs_a_privilege_whatever_the_dacl_says() {
    let sacl = 0x0100_0000;
    for descriptor in [state(AclState::Null), unowned([allow(user(), sacl | 0x1)])] {
        let expected = (0, sacl | 0x1, DenialReason::PrivilegeNotHeld);
        assert_eq!(refusal(&asked(&descriptor, &caller(), sacl | 0x1)), Some(expected));
        assert!(!asked(&descriptor, &caller(), MAXIMUM).granted().contains(bits(sacl)));
    }
}

#[test]
fn a_generic_right_that_is_not_mapped_is_refused_as_such() {
    for desired in [GENERIC_READ, GENERIC_ALL | MAXIMUM, GENERIC_READ | 0x1] {
        let decision = asked(&state(AclState::Null), &caller(), desired);
        assert_eq!(
            refusal(&decision).map(|(_, _, reason)| reason),
            Some(DenialReason::GenericNotMapped)
        );
    }
}

#[test]
fn generic_rights_are_mapped_on_both_sides() {
    let descriptor = unowned([allow(user(), GENERIC_READ)]);
    assert_eq!(
        asked_with(&descriptor, &caller(), GENERIC_READ, &file()),
        granted(0x12_0089)
    );
    assert_eq!(asked_with(&descriptor, &caller(), 0x1, &file()), granted(0x1));
    let denied = unowned([deny(user(), 0x8000_0000), allow(user(), GENERIC_ALL)]);
    assert_eq!(asked_with(&denied, &caller(), 0x2, &file()), granted(0x2));
    assert!(!asked_with(&denied, &caller(), 0x3, &file()).is_allowed());
}

#[test]
fn without_a_mapping_a_generic_allow_grants_only_its_other_bits() {
    let descriptor = unowned([allow(user(), GENERIC_ALL | 0x2)]);
    assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
    assert_eq!(asked(&descriptor, &caller(), 0x2), granted(0x2));
}

#[test]
fn without_a_mapping_a_generic_deny_denies_every_wanted_bit_that_is_undecided() {
    let descriptor = unowned([allow(user(), 0x1), deny(user(), GENERIC_READ), allow(user(), 0x1f_01ff)]);
    assert_eq!(asked(&descriptor, &caller(), 0x1), granted(0x1));
    assert!(!asked(&descriptor, &caller(), 0x2).is_allowed());
    assert_eq!(asked(&descriptor, &caller(), MAXIMUM), granted(0x1));
}
