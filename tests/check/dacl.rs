//! The order of entries, and lists that are absent, NULL or empty.

use super::*;

#[test]
fn allow_before_deny_allows_and_deny_before_allow_denies() {
    assert_eq!(
        asked(&unowned([allow(user(), 0x1), deny(user(), 0x1)]), &caller(), 0x1),
        granted(0x1)
    );
    assert!(!asked(&unowned([deny(user(), 0x1), allow(user(), 0x1)]), &caller(), 0x1).is_allowed());
}

#[test]
fn rights_add_up_over_entries_and_groups() {
    let descriptor = unowned([allow(group(), 0x1), allow(user(), 0x2)]);
    let member = caller().with_groups([group()]).unwrap();
    assert_eq!(asked(&descriptor, &member, 0x3), granted(0x3));
    let expected = (0x2, 0x1, DenialReason::NotGranted);
    assert_eq!(refusal(&asked(&descriptor, &caller(), 0x3)), Some(expected));
}

#[test]
fn a_deny_of_bits_that_are_not_wanted_has_no_effect() {
    let descriptor = unowned([deny(user(), 0xffff_fffe & 0x0fff_ffff), allow(user(), 0x1)]);
    assert_eq!(asked(&descriptor, &caller(), 0x1), granted(0x1));
}

#[test]
fn every_entry_counts_and_not_only_the_first() {
    let others = [allow(group(), 0x1), allow(account(7), 0x1), allow(user(), 0x1)];
    assert!(asked(&unowned(others), &caller(), 0x1).is_allowed());
}

#[test]
fn inherit_only_entries_are_skipped() {
    assert!(!asked(&unowned([inherit_only(allow(user(), 0x1))]), &caller(), 0x1).is_allowed());
    let descriptor = unowned([
        inherit_only(deny(user(), 0x1)),
        inherit_only(unknown_type()),
        allow(user(), 0x1),
    ]);
    assert!(asked(&descriptor, &caller(), 0x1).is_allowed());
}

#[test]
fn duplicate_entries_and_groups_are_harmless() {
    let twice = [allow(group(), 0x1), allow(group(), 0x1)];
    let member = caller()
        .with_groups([group(), group()])
        .unwrap()
        .with_groups([group()])
        .unwrap();
    assert_eq!(asked(&unowned(twice), &member, 0x1), granted(0x1));
}

#[test]
fn a_long_list_is_walked_to_its_last_entry() {
    let mut entries = vec![allow(group(), 0x1); 4000];
    entries.push(allow(user(), 0x1));
    let descriptor = state(AclState::Present(Acl::from(entries)));
    assert!(asked(&descriptor, &caller(), 0x1).is_allowed());
}

#[test]
fn absent_and_null_grant_what_is_asked_and_empty_does_not() {
    // At the integrity level of an object without a label.
    let anonymous = Caller::anonymous().with_integrity(IntegrityLevel::MEDIUM);
    for open in [AclState::Absent, AclState::Null] {
        assert_eq!(asked(&state(open.clone()), &anonymous, 0x1f_01ff), granted(0x1f_01ff));
        assert_eq!(asked(&state(open.clone()), &anonymous, MAXIMUM), granted(0x1f_ffff));
        assert_eq!(
            asked_with(&state(open), &anonymous, MAXIMUM, &file()),
            granted(0x1f_01ff)
        );
    }
    let expected = (0, 0x1, DenialReason::NotGranted);
    assert_eq!(refusal(&asked(&unowned([]), &caller(), 0x1)), Some(expected));
}

#[test]
fn the_maximum_of_an_unprotected_object_includes_what_is_asked_for_besides() {
    let reserved = 0x0020_0000;
    let decision = asked(&state(AclState::Null), &caller(), MAXIMUM | reserved);
    assert_eq!(decision, granted(0x001f_ffff | reserved));
}

#[test]
fn explanations_tell_absent_null_and_empty_apart() {
    let steps = |dacl| explained(&state(dacl), &caller(), 0x1).steps;
    assert_eq!(steps(AclState::Absent), [Step::DaclAbsent { bits: bits(0x1) }]);
    assert_eq!(steps(AclState::Null), [Step::DaclNull { bits: bits(0x1) }]);
    assert_eq!(steps(AclState::Present(Acl::default())), [Step::DaclEmpty]);
}

#[test]
fn an_empty_dacl_leaves_the_owner_the_implicit_rights() {
    let descriptor = owned(user(), []);
    assert_eq!(
        asked(&descriptor, &caller(), READ_CONTROL | WRITE_DAC),
        granted(0x6_0000)
    );
    assert_eq!(asked(&descriptor, &caller(), MAXIMUM), granted(0x6_0000));
}

#[test]
fn an_unprotected_object_is_refused_where_the_options_say_so() {
    let refusing = Options::default().with_unprotected(Unprotected::Refuse);
    let privileged = caller().with_privileges(Privileges::all());
    for open in [AclState::Absent, AclState::Null].map(state) {
        assert_eq!(asked(&open, &caller(), 0x1), granted(0x1));
        for desired in [0x1, MAXIMUM, 0x8_0000] {
            let missing = desired & !MAXIMUM;
            let refused = refusal(&asked_with(&open, &privileged, desired, &refusing));
            assert_eq!(refused, Some((0, missing, DenialReason::Unprotected)));
        }
        let explanation = AccessCheck::new(&caller(), bits(0x1))
            .refuse_unprotected()
            .explain(&open);
        let reason = DenialReason::Unprotected;
        assert_eq!(explanation.steps, [Step::Refused { reason, index: None }]);
    }
    let empty = unowned([]);
    let refused = refusal(&asked_with(&empty, &caller(), 0x1, &refusing));
    assert_eq!(refused, Some((0, 0x1, DenialReason::NotGranted)));
    let allowed = unowned([allow(user(), 0x1)]);
    assert_eq!(asked_with(&allowed, &caller(), 0x1, &refusing), granted(0x1));
}

/// [MS-DTYP] 2.4.4.1: INHERIT_ONLY says that the entry does not control access to the object. INHERITED only says where it came from.
#[test]
fn an_inherit_only_entry_that_was_inherited_does_nothing() {
    for flags in ["IO", "OIIO", "OICIIOID", "IOID"] {
        let allowing = parsed(&format!("D:(A;{flags};0x1;;;{})", user()));
        assert!(!asked(&allowing, &caller(), 0x1).is_allowed(), "{flags}");
        let denying = parsed(&format!("D:(D;{flags};0x1;;;{0})(A;;0x1;;;{0})", user()));
        assert!(asked(&denying, &caller(), 0x1).is_allowed(), "{flags}");
    }
    for flags in ["ID", "OI", "OINP", "OICINPID"] {
        let allowing = parsed(&format!("D:(A;{flags};0x1;;;{})", user()));
        assert!(asked(&allowing, &caller(), 0x1).is_allowed(), "{flags}");
    }
}
