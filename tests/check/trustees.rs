//! The trustee of an entry: groups, placeholders for other SIDs, the owner.

use super::*;

#[test]
fn a_deny_only_group_matches_deny_alone() {
    let barred = caller().with_deny_only_groups([group()]).unwrap();
    assert!(!asked(&unowned([allow(group(), 0x1)]), &barred, 0x1).is_allowed());
    assert!(!asked(&unowned([deny(group(), 0x1), allow(user(), 0x1)]), &barred, 0x1).is_allowed());
    let explanation = explained(&unowned([allow(group(), 0x1)]), &barred, 0x1);
    assert_eq!(outcomes(&explanation), [EntryOutcome::DenyOnlyGroup]);
}

#[test]
fn a_sid_is_not_enabled_and_deny_only_at_once() {
    let refused = |sid| Err(CallerError::EnabledAndDenyOnly { sid });
    let enabled = caller().with_groups([group()]).unwrap();
    assert_eq!(enabled.with_deny_only_groups([account(9), group()]), refused(group()));
    let deny_only = caller().with_deny_only_groups([group()]).unwrap();
    assert_eq!(deny_only.with_groups([group(), account(9)]), refused(group()));
    let listed = caller().with_groups([user()]).unwrap();
    assert_eq!(listed.clone().with_deny_only_groups([user()]), refused(user()));
    assert_eq!(listed.with_user_deny_only(true), refused(user()));
    let deny_only = caller().with_user_deny_only(true).unwrap();
    assert_eq!(deny_only.with_groups([user()]), refused(user()));
    let among_deny_only = caller().with_deny_only_groups([user()]).unwrap();
    assert_eq!(among_deny_only.with_user_deny_only(false), refused(user()));
}

#[test]
fn a_deny_only_user_matches_deny_alone() {
    let by_name = caller().with_user_deny_only(true).unwrap();
    let listed = caller().with_deny_only_groups([user()]).unwrap();
    for barred in [by_name, listed] {
        assert!(barred.is_user_deny_only());
        assert_eq!(barred.membership(&user()), Membership::DenyOnly);
        assert!(!asked(&unowned([allow(user(), 0x1)]), &barred, 0x1).is_allowed());
        let barred = barred.with_groups([group()]).unwrap();
        let denied = unowned([deny(user(), 0x1), allow(group(), 0x3)]);
        assert!(!asked(&denied, &barred, 0x1).is_allowed());
        assert_eq!(asked(&denied, &barred, 0x2), granted(0x2));
        assert!(!asked(&owned(user(), []), &barred, READ_CONTROL).is_allowed());
        assert!(!asked(&owned(user(), [allow(Sid::OWNER_RIGHTS, 0x1)]), &barred, 0x1).is_allowed());
        let denies_owner = owned(user(), [deny(Sid::OWNER_RIGHTS, 0x1), allow(group(), 0x1)]);
        assert!(!asked(&denies_owner, &barred, 0x1).is_allowed());
        let principal = Options::default().with_principal_self(user());
        let allows_self = unowned([allow(Sid::PRINCIPAL_SELF, 0x1)]);
        assert!(!asked_with(&allows_self, &barred, 0x1, &principal).is_allowed());
    }
    assert_eq!(
        caller().with_user_deny_only(true).unwrap().with_user_deny_only(false),
        Ok(caller())
    );
}

#[test]
fn a_user_of_whom_it_is_unknown_how_it_counts_is_neither_allowed_nor_passed_over() {
    let unknown = caller().with_groups([group()]).unwrap().with_user_deny_only_unknown();
    assert!(!unknown.is_user_deny_only() && !unknown.is_user_deny_only_known());
    assert_eq!(unknown.membership(&user()), Membership::Unknown);
    assert_eq!(unknown.membership(&group()), Membership::Enabled);
    for descriptor in [
        unowned([allow(user(), 0x1)]),
        unowned([deny(user(), 0x1), allow(group(), 0x1)]),
        owned(user(), [allow(Sid::OWNER_RIGHTS, 0x1)]),
        owned(user(), [deny(Sid::OWNER_RIGHTS, 0x1), allow(group(), 0x1)]),
    ] {
        assert!(!asked(&descriptor, &unknown, 0x1).is_allowed());
        assert_eq!(explained(&descriptor, &unknown, 0x1).unresolved.len(), 1);
    }
    assert!(!asked(&owned(user(), []), &unknown, READ_CONTROL).is_allowed());
    assert_eq!(asked(&unowned([allow(group(), 0x1)]), &unknown, 0x1), granted(0x1));
    let said = unknown.with_user_deny_only(false).unwrap();
    assert_eq!(asked(&unowned([allow(user(), 0x1)]), &said, 0x1), granted(0x1));
}

#[test]
fn sids_of_app_containers_are_neither_users_nor_groups() {
    for numbers in [
        &[2, 1][..],
        &[2, 2],
        &[2, 1, 2, 3, 4, 5, 6, 7],
        &[3, 1],
        &[3, 1024, 1, 2, 3, 4, 5, 6, 7, 8],
    ] {
        let sid = Sid::new(15, numbers).unwrap();
        let error = CallerError::InAppContainer { sid };
        assert!(error.to_string().contains("app container"));
        let refused = Err(error);
        assert_eq!(Caller::bare(sid), refused);
        assert_eq!(Caller::authenticated(sid), refused);
        assert_eq!(caller().with_groups([group(), sid]), refused);
        assert_eq!(caller().with_deny_only_groups([sid, group()]), refused);
        assert_eq!(caller().with_device_groups([sid]), refused);
        // Windows takes any SID as a restricting one.
        let restricted = caller().with_restricting_sids([sid]);
        assert!(restricted.restricting_sids().unwrap().eq([&sid]));
        // It is certain that a group does not have such a SID, even if not all groups are known.
        let unsure = caller().with_incomplete_groups();
        assert_eq!(unsure.membership(&sid), Membership::NotHeld);
        assert_eq!(unsure.device_membership(&sid), Membership::NotHeld);
        let denied = unowned([deny(sid, 0x1), allow(user(), 0x1)]);
        assert_eq!(asked(&denied, &unsure, 0x1), granted(0x1));
    }
    // Other SIDs of the authority are not of app containers.
    assert!(caller().with_groups([Sid::new(15, &[4, 1]).unwrap()]).is_ok());
    assert!(caller().with_groups([Sid::new(16, &[2, 1]).unwrap()]).is_ok());
}

#[test]
fn the_groups_of_an_authenticated_user_are_incomplete_until_they_are_given() {
    let denied = unowned([deny(group(), 0x1), allow(user(), 0x1)]);
    let unsaid = || Caller::authenticated(user()).unwrap();
    assert_eq!(
        refusal(&asked(&denied, &unsaid(), 0x1)),
        Some((0, 0x1, DenialReason::Undetermined))
    );
    let deny_only_alone = unsaid().with_deny_only_groups([account(9)]).unwrap();
    let said_incomplete = [
        unsaid().with_incomplete_groups().with_groups([account(9)]).unwrap(),
        unsaid().with_groups([account(9)]).unwrap().with_incomplete_groups(),
        unsaid().with_incomplete_groups().with_no_groups(),
        unsaid().with_no_groups().with_incomplete_groups(),
    ];
    for caller in said_incomplete.into_iter().chain([deny_only_alone]) {
        assert!(!caller.groups_complete());
        assert!(!asked(&denied, &caller, 0x1).is_allowed());
    }
    let said = [
        unsaid().with_no_groups(),
        unsaid().with_groups([]).unwrap(),
        unsaid().with_groups([account(9)]).unwrap(),
        Caller::bare(user()).unwrap(),
    ];
    for caller in said {
        assert!(caller.groups_complete());
        assert_eq!(asked(&denied, &caller, 0x1), granted(0x1));
    }
    assert!(Caller::anonymous().groups_complete());
}

#[test]
fn an_app_container_runs_at_low_integrity_at_most() {
    let container = || AppContainer::new(Sid::new(15, &[2, 1, 2, 3, 4, 5, 6, 7]).unwrap()).unwrap();
    let level = |caller: &Caller| caller.integrity();
    assert_eq!(level(&caller().with_app_container(container())), IntegrityLevel::LOW);
    let high = caller().with_integrity(IntegrityLevel::HIGH);
    assert_eq!(
        level(&high.clone().with_app_container(container())),
        IntegrityLevel::LOW
    );
    let contained = caller().with_app_container(container());
    assert_eq!(
        level(&contained.clone().with_integrity(IntegrityLevel::HIGH)),
        IntegrityLevel::LOW
    );
    let untrusted = contained.with_integrity(IntegrityLevel::UNTRUSTED);
    assert_eq!(level(&untrusted), IntegrityLevel::UNTRUSTED);
    assert_eq!(
        level(&Caller::anonymous().with_app_container(container())),
        IntegrityLevel::UNTRUSTED
    );
}

#[test]
fn creator_owner_and_creator_group_match_nobody_even_if_listed() {
    let caller = caller().with_groups([Sid::CREATOR_OWNER, Sid::CREATOR_GROUP]).unwrap();
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
    assert!(asked_about(group(), &caller().with_groups([group()]).unwrap()));
    assert!(!asked_about(group(), &caller()));
    let listed = caller().with_groups([Sid::PRINCIPAL_SELF]).unwrap();
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
    let open = unowned([allow(Sid::ANONYMOUS, READ_CONTROL)]);
    assert!(asked(&open, &Caller::anonymous(), READ_CONTROL).is_allowed());
    assert!(asked(&descriptor, &Caller::authenticated(user()).unwrap(), 0x1).is_allowed());
}

/// An object without a label has the level Medium, so the anonymous caller may only read it.
#[test]
fn the_anonymous_caller_is_untrusted() {
    assert_eq!(Caller::anonymous().integrity(), IntegrityLevel::UNTRUSTED);
    let open = unowned([allow(Sid::ANONYMOUS, 0x3)]);
    assert_eq!(asked_with(&open, &Caller::anonymous(), 0x1, &file()), granted(0x1));
    assert!(!asked_with(&open, &Caller::anonymous(), 0x2, &file()).is_allowed());
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
    assert!(asked(&descriptor, &caller().with_groups([group()]).unwrap(), WRITE_DAC).is_allowed());
    assert!(
        !asked(
            &descriptor,
            &caller().with_deny_only_groups([group()]).unwrap(),
            WRITE_DAC
        )
        .is_allowed()
    );
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
    assert!(asked(&descriptor, &caller().with_groups([group()]).unwrap(), 0x1).is_allowed());
    assert!(!asked(&descriptor, &caller().with_deny_only_groups([group()]).unwrap(), 0x1).is_allowed());
    assert!(!asked(&descriptor, &caller().with_groups([Sid::OWNER_RIGHTS]).unwrap(), 0x1).is_allowed());
    let denying = owned(group(), [deny(Sid::OWNER_RIGHTS, 0x1), allow(user(), 0x1)]);
    assert!(!asked(&denying, &caller().with_deny_only_groups([group()]).unwrap(), 0x1).is_allowed());
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
