//! Restricted and write-restricted callers.

use super::*;

#[test]
fn what_restricting_sids_are_not_granted_is_refused() {
    let descriptor = unowned([allow(user(), 0x7), allow(group(), 0x1)]);
    let restricted = caller().with_restricting_sids([group()]);
    assert_eq!(asked(&descriptor, &restricted, 0x1), granted(0x1));
    assert_eq!(
        refusal(&asked(&descriptor, &restricted, 0x3)),
        Some((0x1, 0x2, DenialReason::NotGranted))
    );
    assert_eq!(asked(&descriptor, &restricted, MAXIMUM), granted(0x1));
    // Restricting SIDs add nothing.
    let unlisted = Caller::bare(account(9)).unwrap().with_restricting_sids([group()]);
    assert!(!asked(&descriptor, &unlisted, 0x1).is_allowed());
}

#[test]
fn a_deny_for_a_restricting_sid_counts() {
    let descriptor = unowned([deny(group(), 0x1), allow(user(), 0x3), allow(group(), 0x3)]);
    let restricted = caller().with_restricting_sids([group()]);
    assert!(!asked(&descriptor, &restricted, 0x1).is_allowed());
    assert!(asked(&descriptor, &restricted, 0x2).is_allowed());
}

#[test]
fn restricted_to_nothing_leaves_what_needs_nobody() {
    let restricted = caller()
        .with_restricting_sids([])
        .with_privileges(Privileges::TAKE_OWNERSHIP);
    assert!(!asked(&owned(user(), [allow(user(), 0x1)]), &restricted, 0x1).is_allowed());
    assert!(!asked(&owned(user(), []), &restricted, READ_CONTROL).is_allowed());
    assert!(asked(&state(AclState::Null), &restricted, 0x1).is_allowed());
    assert!(asked(&unowned([]), &restricted, 0x8_0000).is_allowed());
}

#[test]
fn a_restricting_sid_may_own() {
    let restricted = caller()
        .with_groups([group()])
        .unwrap()
        .with_restricting_sids([group()]);
    assert!(asked(&owned(group(), []), &restricted, READ_CONTROL).is_allowed());
}

/// The owner must be among the SIDs of the user and among the restricting SIDs. One of the two does not do, whatever the entries grant to
/// everybody.
#[test]
fn a_restricted_caller_owns_by_both_of_its_lists() {
    let owner_rights = READ_CONTROL | WRITE_DAC;
    let everyone = || allow(Sid::EVERYONE, owner_rights);
    let restricted = |caller: Caller| caller.with_restricting_sids([group()]);
    let member = || caller().with_groups([Sid::EVERYONE, group()]).unwrap();
    let no_member = || caller().with_groups([Sid::EVERYONE]).unwrap();
    let deny_only = no_member().with_deny_only_groups([group()]).unwrap();
    let of_group = owned(group(), [everyone()]);
    assert_eq!(
        asked(&of_group, &restricted(member()), owner_rights),
        granted(owner_rights)
    );
    for caller in [no_member(), deny_only] {
        let caller = restricted(caller);
        for right in [READ_CONTROL, WRITE_DAC] {
            let refused = Some((0, right, DenialReason::NotGranted));
            assert_eq!(refusal(&asked(&of_group, &caller, right)), refused);
        }
        assert!(!asked(&of_group, &caller, MAXIMUM).is_allowed());
        assert!(!claims_ownership(&of_group, &caller));
    }
    // The user owns, and a restricting SID is granted the rights.
    let of_user = owned(user(), [allow(group(), owner_rights)]);
    let refused = Some((0, owner_rights, DenialReason::NotGranted));
    assert_eq!(refusal(&asked(&of_user, &restricted(caller()), owner_rights)), refused);
    assert!(!claims_ownership(&of_user, &restricted(caller())));
    let both = caller().with_restricting_sids([group(), user()]);
    assert_eq!(asked(&of_user, &both, owner_rights), granted(owner_rights));
    // A user who is deny-only owns nothing.
    let deny_only = both.with_user_deny_only(true).unwrap();
    assert_eq!(refusal(&asked(&of_user, &deny_only, owner_rights)), refused);
}

fn claims_ownership(descriptor: &SecurityDescriptor, caller: &Caller) -> bool {
    let steps = explained(descriptor, caller, READ_CONTROL).steps;
    let claims = |step: &Step| matches!(step, Step::OwnerGranted { .. } | Step::OwnerUnknown { .. });
    steps.iter().any(claims)
}

#[test]
fn a_write_restricted_caller_owns_by_both_of_its_lists() {
    let descriptor = owned(user(), []);
    let restricted = caller().with_write_restricting_sids([group()]);
    let refused = Some((0, READ_CONTROL, DenialReason::NotGranted));
    assert_eq!(
        refusal(&asked_with(&descriptor, &restricted, READ_CONTROL, &file())),
        refused
    );
    let both = caller().with_write_restricting_sids([group(), user()]);
    let owner_rights = READ_CONTROL | WRITE_DAC;
    assert_eq!(
        asked_with(&descriptor, &both, owner_rights, &file()),
        granted(owner_rights)
    );
}

#[test]
fn a_restricted_caller_of_unknown_groups_may_own() {
    let descriptor = owned(group(), [allow(user(), READ_CONTROL)]);
    let unknown = caller().with_incomplete_groups();
    // The user is granted the right, and the restricting SID only as the owner.
    let restricted = unknown.clone().with_restricting_sids([group()]);
    let undetermined = Some((0, READ_CONTROL, DenialReason::Undetermined));
    assert_eq!(refusal(&asked(&descriptor, &restricted, READ_CONTROL)), undetermined);
    let explanation = explained(&descriptor, &restricted, READ_CONTROL);
    assert_eq!(explanation.unresolved, [Unresolved::Group(group())]);
    // No group of the caller makes it the owner if the owner is no restricting SID.
    let restricted = unknown.with_restricting_sids([account(9)]);
    let refused = Some((0, READ_CONTROL, DenialReason::NotGranted));
    assert_eq!(refusal(&asked(&descriptor, &restricted, READ_CONTROL)), refused);
    assert!(!claims_ownership(&descriptor, &restricted));
}

#[test]
fn a_write_restricted_caller_reads_as_itself() {
    let descriptor = unowned([allow(user(), 0x001f_01ff), allow(group(), 0x2)]);
    let restricted = caller().with_write_restricting_sids([group()]);
    assert_eq!(
        asked_with(&descriptor, &restricted, MAXIMUM, &file()),
        granted(0x0012_00ab)
    );
    assert!(asked_with(&descriptor, &restricted, 0x0012_0089, &file()).is_allowed());
    assert!(!asked_with(&descriptor, &restricted, 0x4, &file()).is_allowed());
    // Without a mapping nobody knows what writes.
    assert_eq!(asked(&descriptor, &restricted, MAXIMUM), granted(0x2));
}

#[test]
fn the_explanation_names_the_pass_that_refused() {
    let descriptor = unowned([allow(user(), 0x3), allow(group(), 0x1)]);
    let restricted = caller().with_restricting_sids([group()]);
    let explanation = explained(&descriptor, &restricted, 0x3);
    let reasons: Vec<_> = explanation
        .rights()
        .iter()
        .map(|reason| (reason.is_granted(), reason.step, reason.message))
        .collect();
    assert_eq!(reasons, [(true, Some(0), Some(1801)), (false, None, Some(1805))]);
    let exempt = AccessMask::empty();
    assert!(explanation.steps.contains(&Step::RestrictedPass { exempt }));
}

/// Only a write-restricted caller reads as itself, whatever the mapping.
#[test]
fn a_fully_restricted_caller_is_granted_everything_twice() {
    let descriptor = unowned([allow(user(), 0x001f_01ff), allow(group(), 0x2)]);
    let restricted = caller().with_restricting_sids([group()]);
    assert_eq!(asked_with(&descriptor, &restricted, MAXIMUM, &file()), granted(0x2));
    let refused = refusal(&asked_with(&descriptor, &restricted, GENERIC_READ, &file()));
    assert_eq!(refused, Some((0, 0x0012_0089, DenialReason::NotGranted)));
}

#[test]
fn a_restricted_caller_may_be_granted_what_both_passes_may_grant() {
    let restricted = caller().with_restricting_sids([group()]).with_incomplete_groups();
    let unsure = [deny(account(9), 0x1), allow(user(), 0x1)];
    let [denied, allowed] = unsure.clone();
    let both = unowned([denied, allowed, allow(group(), 0x1)]);
    let undetermined = Some((0, 0x1, DenialReason::Undetermined));
    assert_eq!(refusal(&asked(&both, &restricted, 0x1)), undetermined);
    let first_alone = Some((0, 0x1, DenialReason::NotGranted));
    assert_eq!(refusal(&asked(&unowned(unsure), &restricted, 0x1)), first_alone);
}

/// Only rights that never write are exempt from the second pass.
#[test]
fn a_right_that_reads_and_writes_needs_both_passes() {
    let none = AccessMask::empty();
    let options = Options::default().with_mapping(GenericMapping::new(bits(0x3), bits(0x1), none, bits(0x3)));
    let descriptor = unowned([allow(user(), 0x3)]);
    let restricted = caller().with_write_restricting_sids([group()]);
    assert!(!asked_with(&descriptor, &restricted, 0x1, &options).is_allowed());
    assert_eq!(asked_with(&descriptor, &restricted, 0x2, &options), granted(0x2));
}
