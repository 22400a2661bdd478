//! The trustee of an entry: groups, placeholders for other SIDs, the owner.

use super::*;

#[test]
fn a_deny_only_group_matches_deny_alone() {
    let barred = caller().with_deny_only_groups([group()]);
    assert!(!asked(&unowned([allow(group(), 0x1)]), &barred, 0x1).is_allowed());
    assert!(!asked(&unowned([deny(group(), 0x1), allow(user(), 0x1)]), &barred, 0x1).is_allowed());
    let explanation = explained(&unowned([allow(group(), 0x1)]), &barred, 0x1);
    assert_eq!(outcomes(&explanation), [EntryOutcome::DenyOnlyGroup]);
}

#[test]
fn a_group_both_enabled_and_deny_only_is_enabled_whichever_comes_first() {
    let first = caller().with_groups([group()]).with_deny_only_groups([group()]);
    let last = caller().with_deny_only_groups([group()]).with_groups([group()]);
    assert_eq!(first, last);
    assert_eq!(first.membership(&group()), Membership::Enabled);
    assert_eq!(
        caller().with_deny_only_groups([user()]).membership(&user()),
        Membership::Enabled
    );
}

#[test]
fn creator_owner_and_creator_group_match_nobody_even_if_listed() {
    let caller = caller().with_groups([Sid::CREATOR_OWNER, Sid::CREATOR_GROUP]);
    for creator in [Sid::CREATOR_OWNER, Sid::CREATOR_GROUP] {
        let descriptor = owned(creator, [allow(creator, 0x1)]);
        assert!(!asked(&descriptor, &caller, 0x1).is_allowed());
        assert!(!asked(&descriptor, &caller, READ_CONTROL).is_allowed());
        assert_eq!(
            outcomes(&explained(&descriptor, &caller, 0x1)),
            [EntryOutcome::CreatorPlaceholder]
        );
    }
}

#[test]
fn principal_self_stands_for_the_principal_of_the_object() {
    let descriptor = unowned([allow(Sid::PRINCIPAL_SELF, 0x1)]);
    let asked_about = |principal: Sid, caller: &Caller| {
        let options = Options::default().with_principal_self(principal);
        asked_with(&descriptor, caller, 0x1, &options).is_allowed()
    };
    assert!(asked_about(user(), &caller()));
    assert!(asked_about(group(), &caller().with_groups([group()])));
    assert!(!asked_about(group(), &caller()));
    let listed = caller().with_groups([Sid::PRINCIPAL_SELF]);
    assert!(!asked(&descriptor, &listed, 0x1).is_allowed());
    assert_eq!(
        outcomes(&explained(&descriptor, &listed, 0x1)),
        [EntryOutcome::NoPrincipalSelf]
    );
}

#[test]
fn anonymous_is_in_neither_everyone_nor_authenticated_users() {
    let descriptor = unowned([allow(Sid::EVERYONE, 0x1), allow(Sid::AUTHENTICATED_USERS, 0x1)]);
    assert!(!asked(&descriptor, &Caller::anonymous(), 0x1).is_allowed());
    assert!(asked(&unowned([allow(Sid::ANONYMOUS, 0x1)]), &Caller::anonymous(), 0x1).is_allowed());
    assert!(asked(&descriptor, &Caller::authenticated(user()).unwrap(), 0x1).is_allowed());
}

#[test]
fn an_authenticated_user_is_an_account() {
    let creators = [0, 1, 2, 3, 4, 99].map(|id| Sid::new(3, &[id]).unwrap());
    let others = [
        Sid::ANONYMOUS,
        Sid::NOBODY,
        Sid::EVERYONE,
        Sid::PRINCIPAL_SELF,
        Sid::AUTHENTICATED_USERS,
    ];
    for user in creators.into_iter().chain(others) {
        assert_eq!(Caller::authenticated(user), Err(CallerError::UserNotAccount { user }));
    }
    assert!(Caller::authenticated(Sid::LOCAL_SYSTEM).is_ok());
}

#[test]
fn the_owner_has_read_control_and_write_dac_but_not_write_owner() {
    let descriptor = owned(user(), [deny(user(), 0x1f_01ff)]);
    assert_eq!(
        asked(&descriptor, &caller(), READ_CONTROL | WRITE_DAC),
        granted(0x6_0000)
    );
    assert!(!asked(&descriptor, &caller(), 0x8_0000).is_allowed());
}

#[test]
fn a_group_may_own_unless_it_is_deny_only() {
    let descriptor = owned(group(), []);
    assert!(asked(&descriptor, &caller().with_groups([group()]), WRITE_DAC).is_allowed());
    assert!(!asked(&descriptor, &caller().with_deny_only_groups([group()]), WRITE_DAC).is_allowed());
    assert!(!asked(&descriptor, &caller(), WRITE_DAC).is_allowed());
}

#[test]
fn an_entry_for_owner_rights_that_grants_nothing_leaves_the_owner_nothing_implicit() {
    let replacing = [
        allow(Sid::OWNER_RIGHTS, 0),
        deny(Sid::OWNER_RIGHTS, 0),
        Ace::audit(Sid::OWNER_RIGHTS, bits(0x1)),
    ];
    for entry in replacing {
        let descriptor = owned(user(), [entry]);
        assert!(!asked(&descriptor, &caller(), READ_CONTROL).is_allowed());
        let explanation = explained(&descriptor, &caller(), READ_CONTROL);
        assert_eq!(explanation.steps.first(), Some(&Step::OwnerReplaced { index: 0 }));
    }
}

#[test]
fn an_inherit_only_entry_for_owner_rights_replaces_nothing() {
    let descriptor = owned(user(), [inherit_only(allow(Sid::OWNER_RIGHTS, 0x1))]);
    assert!(asked(&descriptor, &caller(), WRITE_DAC).is_allowed());
}

#[test]
fn owner_rights_matches_the_owner_alone_and_deny_only_owners_for_deny() {
    let descriptor = owned(group(), [allow(Sid::OWNER_RIGHTS, 0x1)]);
    assert!(asked(&descriptor, &caller().with_groups([group()]), 0x1).is_allowed());
    assert!(!asked(&descriptor, &caller().with_deny_only_groups([group()]), 0x1).is_allowed());
    assert!(!asked(&descriptor, &caller().with_groups([Sid::OWNER_RIGHTS]), 0x1).is_allowed());
    let denying = owned(group(), [deny(Sid::OWNER_RIGHTS, 0x1), allow(user(), 0x1)]);
    assert!(!asked(&denying, &caller().with_deny_only_groups([group()]), 0x1).is_allowed());
    assert!(asked(&denying, &caller(), 0x1).is_allowed());
}

/// Its relative identifier is that of Owner Rights, and nothing else.
#[test]
fn an_entry_for_another_sid_with_the_relative_identifier_of_owner_rights_replaces_nothing() {
    let interactive = Sid::new(5, &[4]).unwrap();
    for other in [interactive, account(4)] {
        let descriptor = owned(user(), [allow(other, 0x1)]);
        assert_eq!(
            asked(&descriptor, &caller(), READ_CONTROL),
            granted(READ_CONTROL),
            "{other}"
        );
    }
    assert!(!asked(&owned(user(), [allow(Sid::OWNER_RIGHTS, 0x1)]), &caller(), READ_CONTROL).is_allowed());
}

#[test]
fn without_an_owner_nobody_has_implicit_rights_and_the_rest_is_evaluated() {
    let descriptor = unowned([allow(Sid::OWNER_RIGHTS, 0x1), allow(user(), 0x2)]);
    assert!(!asked(&descriptor, &caller(), READ_CONTROL).is_allowed());
    assert_eq!(asked(&descriptor, &caller(), 0x2), granted(0x2));
    assert_eq!(
        outcomes(&explained(&descriptor, &caller(), 0x1)),
        [EntryOutcome::NoOwner, EntryOutcome::NothingWanted]
    );
}

/// The type of an entry may be one that this crate does not know, so such an entry may be one for Owner Rights.
#[test]
fn an_entry_of_unknown_type_may_replace_the_rights_of_the_owner() {
    let after = owned(user(), [allow(user(), 0x1), unknown_type()]);
    assert_eq!(asked(&after, &caller(), MAXIMUM), granted(0x1));
    for right in [READ_CONTROL, WRITE_DAC] {
        let expected = Some((0, right, DenialReason::NotGranted));
        assert_eq!(refusal(&asked(&after, &caller(), right)), expected);
    }
    let explanation = explained(&after, &caller(), READ_CONTROL);
    assert_eq!(explanation.steps.first(), Some(&Step::OwnerReplaced { index: 1 }));
    let granted_first = owned(user(), [allow(user(), READ_CONTROL), unknown_type()]);
    assert!(asked(&granted_first, &caller(), READ_CONTROL).is_allowed());
    // An inherit-only one, and one that is skipped, is no entry for this object.
    let inherited = owned(user(), [inherit_only(unknown_type())]);
    assert!(asked(&inherited, &caller(), WRITE_DAC).is_allowed());
    let skipping = Options::default().with_skip_unknown_types(true);
    assert!(asked_with(&after, &caller(), WRITE_DAC, &skipping).is_allowed());
    let restricted = caller().with_restricting_sids([user()]);
    assert!(!asked(&after, &restricted, READ_CONTROL).is_allowed());
}
