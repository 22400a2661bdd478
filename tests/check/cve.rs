//! The mistakes of other access checks, by the number under which they became known; see also the tests that each names.

use super::*;

/// An object tree whose nodes did not begin with all that is wanted remaining granted everything.
#[test]
fn cve_2013_0172_every_node_begins_with_all_that_is_wanted_remaining() {
    let tree = ObjectTree::new([
        (0, Uuid::from_u128(1)),
        (1, Uuid::from_u128(2)),
        (1, Uuid::from_u128(3)),
    ])
    .unwrap();
    let one = special(AceType::ObjectAllow, 0x20, true, false);
    for descriptor in [unowned([]), unowned([one])] {
        let caller = caller();
        let decision = AccessCheck::new(&caller, bits(0x20)).parts(&tree).check(&descriptor);
        assert!(!decision.overall.is_allowed());
        assert_eq!(decision.nodes.len(), 3);
        assert!(!decision.nodes.iter().any(Decision::is_allowed));
    }
}

/// The right to one part was taken for that to another.
#[test]
fn cve_2018_10919_the_right_to_one_part_is_not_that_to_another() {
    let tree = ObjectTree::new([
        (0, Uuid::from_u128(1)),
        (1, Uuid::from_u128(7)),
        (1, Uuid::from_u128(8)),
    ])
    .unwrap();
    let descriptor = unowned([special(AceType::ObjectAllow, 0x100, true, false)]);
    let caller = caller();
    let decision = AccessCheck::new(&caller, bits(0x100)).parts(&tree).check(&descriptor);
    assert!(!decision.overall.is_allowed());
    assert_eq!(
        decision.nodes.iter().map(Decision::is_allowed).collect::<Vec<_>>(),
        [false, true, false]
    );
}

/// The owner's implicit rights could not be taken away.
#[test]
fn cve_2020_25720_an_entry_for_owner_rights_takes_the_owners_implicit_rights_away() {
    assert!(asked(&owned(user(), []), &caller(), WRITE_DAC).is_allowed());
    assert!(!asked(&owned(user(), [allow(Sid::OWNER_RIGHTS, 0x1)]), &caller(), WRITE_DAC).is_allowed());
}

/// The check went on after an entry that it could not evaluate, and looked at the first element only. Also CVE-2023-4154.
#[test]
fn cve_2020_25722_what_is_not_evaluated_refuses_and_every_entry_counts() {
    for entry in [unknown_type(), special(AceType::CallbackDeny, 0x1, false, true)] {
        assert!(!asked(&unowned([entry.clone(), allow(user(), 0x1)]), &caller(), 0x1).is_allowed());
        assert!(
            !asked(
                &unowned([deny(group(), 0x1), entry, allow(user(), 0x1)]),
                &caller(),
                0x1
            )
            .is_allowed()
        );
    }
}

/// A list of groups that was cut off let pass whom a group denies.
#[test]
fn cve_2021_20254_a_list_of_groups_that_is_cut_off_never_grants() {
    let descriptor = unowned([deny(group(), 0x1), allow(user(), 0x1)]);
    assert!(!asked(&descriptor, &caller().with_incomplete_groups(), 0x1).is_allowed());
}

/// Rules that were not implemented granted access.
#[test]
fn cve_2022_32743_what_is_not_implemented_never_grants() {
    for entry in [compound(), special(AceType::CallbackAllow, 0x1, false, true)] {
        assert!(!asked(&unowned([entry]), &caller(), 0x1).is_allowed());
    }
}

/// An empty list ended a check early, and well.
#[test]
fn cve_2023_0225_empty_lists_grant_nothing() {
    assert!(!asked(&unowned([]), &caller(), 0x1).is_allowed());
    assert!(!asked(&unowned([allow(user(), 0x1)]), &caller(), 0).is_allowed());
    assert!(
        !asked(
            &unowned([allow(group(), 0x1)]),
            &Caller::bare(user()).unwrap().with_groups([]).unwrap(),
            0x1
        )
        .is_allowed()
    );
    assert!(ObjectTree::new([]).is_err());
}

/// One mask was checked, and another was used.
#[test]
fn cve_2023_4091_the_decision_carries_the_mask_it_is_about() {
    let descriptor = unowned([allow(user(), 0x0012_0089)]);
    assert_eq!(
        asked_with(&descriptor, &caller(), GENERIC_READ, &file()),
        granted(0x0012_0089)
    );
}
