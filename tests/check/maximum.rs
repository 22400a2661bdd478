//! Windows' answers to MAXIMUM_ALLOWED, asked by the owner.

use super::*;

#[test]
fn windows_maximum_owner_rights_entry_adds_to_the_owners_own() {
    let descriptor = owned(user(), [allow(user(), 0x12_0089), allow(Sid::OWNER_RIGHTS, 0x2)]);
    assert_eq!(asked(&descriptor, &caller(), MAXIMUM), granted(0x12_008b));
}

#[test]
fn windows_maximum_deny_for_owner_rights_takes_a_bit() {
    let descriptor = owned(user(), [deny(Sid::OWNER_RIGHTS, 0x1), allow(user(), 0x12_0089)]);
    assert_eq!(asked(&descriptor, &caller(), MAXIMUM), granted(0x12_0088));
}

#[test]
fn windows_maximum_late_deny_for_owner_rights_has_no_effect() {
    let entries = [
        allow(user(), 0x12_0089),
        allow(Sid::OWNER_RIGHTS, 0x2),
        deny(Sid::OWNER_RIGHTS, 0x3),
    ];
    assert_eq!(asked(&owned(user(), entries), &caller(), MAXIMUM), granted(0x12_008b));
}

#[test]
fn windows_maximum_late_deny_has_no_effect_and_write_dac_comes_by_ownership() {
    let descriptor = owned(user(), [allow(user(), 0x12_008b), deny(user(), 0x2)]);
    assert_eq!(asked(&descriptor, &caller(), MAXIMUM), granted(0x16_008b));
}

#[test]
fn windows_maximum_with_a_bit_that_is_not_granted_is_denied() {
    let descriptor = owned(user(), [allow(user(), 0x1)]);
    let expected = (0x6_0001, 0x2, DenialReason::NotGranted);
    assert_eq!(refusal(&asked(&descriptor, &caller(), MAXIMUM | 0x2)), Some(expected));
    assert_eq!(asked(&descriptor, &caller(), MAXIMUM | 0x1), granted(0x6_0001));
}

#[test]
fn maximum_of_nothing_is_denied() {
    let expected = (0, 0, DenialReason::NotGranted);
    assert_eq!(
        refusal(&asked(&unowned([allow(group(), 0x1)]), &caller(), MAXIMUM)),
        Some(expected)
    );
}
