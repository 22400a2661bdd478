//! The check, case by case. Expected values come from [MS-DTYP] 2.5.3.2 and from what Windows was observed to do, never from
//! what the code said.

#![expect(clippy::unwrap_used, reason = "a test that fails says so by a panic")]

mod reference;

use sddl_authz::{
    AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, CallerError, Decision, GenericMapping,
    SecurityDescriptor, Sid,
    ace::{AceParts, ApplicationData, ObjectTypes},
    caller::Membership,
    check::{
        DenialReason, EntryOutcome, Explanation, Options, Step, Unevaluated, check_with, explain_with, unresolved,
    },
};
use uuid::Uuid;

const MAXIMUM: u32 = 0x0200_0000;
const READ_CONTROL: u32 = 0x2_0000;
const WRITE_DAC: u32 = 0x4_0000;
const GENERIC_ALL: u32 = 0x1000_0000;
const GENERIC_READ: u32 = 0x8000_0000;

fn bits(bits: u32) -> AccessMask {
    AccessMask::from_bits_retain(bits)
}

fn account(relative_id: u32) -> Sid {
    Sid::ADMINISTRATORS
        .split_relative_id()
        .and_then(|(domain, _)| domain.with_relative_id(relative_id).ok())
        .unwrap_or(Sid::NOBODY)
}

fn user() -> Sid {
    account(1001)
}

fn group() -> Sid {
    account(2001)
}

fn caller() -> Caller {
    Caller::bare(user())
}

fn allow(trustee: Sid, mask: u32) -> Ace {
    Ace::allow(trustee, bits(mask))
}

fn deny(trustee: Sid, mask: u32) -> Ace {
    Ace::deny(trustee, bits(mask))
}

/// An entry for the user with a GUID for the object, or with application data, or with neither.
fn special(ace_type: AceType, mask: u32, guid: bool, data: bool) -> Ace {
    let objects = ObjectTypes {
        object: guid.then(|| Uuid::from_u128(7)),
        inherited: None,
    };
    Ace::from_parts(AceParts {
        ace_type,
        flags: AceFlags::empty(),
        mask: bits(mask),
        trustee: user(),
        objects,
        data: if ace_type == AceType::ResourceAttribute {
            ApplicationData::Claim(r#"("a",TI,0x0,1)"#.parse().unwrap())
        } else if data {
            ApplicationData::Opaque(vec![1, 2, 3, 4])
        } else {
            ApplicationData::None
        },
    })
    .unwrap()
}

fn unknown_type() -> Ace {
    Ace::opaque(AceType::from_code(0x20), AceFlags::empty(), vec![0; 12]).unwrap()
}

fn compound() -> Ace {
    Ace::opaque(AceType::CompoundAllow, AceFlags::empty(), vec![0; 32]).unwrap()
}

fn inherit_only(ace: Ace) -> Ace {
    ace.with_flags(AceFlags::INHERIT_ONLY | AceFlags::CONTAINER_INHERIT)
}

fn state(dacl: AclState) -> SecurityDescriptor {
    let mut descriptor = SecurityDescriptor::default();
    descriptor.dacl = dacl;
    descriptor
}

fn unowned<const N: usize>(aces: [Ace; N]) -> SecurityDescriptor {
    state(AclState::Present(Acl::from_iter(aces)))
}

fn owned<const N: usize>(owner: Sid, aces: [Ace; N]) -> SecurityDescriptor {
    let mut descriptor = unowned(aces);
    descriptor.owner = Some(owner);
    descriptor
}

/// Asks, and has the reference asked as well.
fn asked_with(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32, options: &Options) -> Decision {
    assert_eq!(
        reference::disagreement(descriptor, caller, bits(desired), options),
        None
    );
    check_with(descriptor, caller, bits(desired), options)
}

fn asked(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32) -> Decision {
    asked_with(descriptor, caller, desired, &Options::default())
}

fn explained(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32) -> Explanation {
    explain_with(descriptor, caller, bits(desired), &Options::default())
}

fn outcomes(explanation: &Explanation) -> Vec<EntryOutcome> {
    let outcome = |step: &Step| {
        let Step::Entry { outcome, .. } = step else {
            return None;
        };
        Some(*outcome)
    };
    explanation.steps.iter().filter_map(outcome).collect()
}

fn granted(mask: u32) -> Decision {
    Decision::Allowed { granted: bits(mask) }
}

/// Granted, missing and reason of a refusal.
fn refusal(decision: &Decision) -> Option<(u32, u32, DenialReason)> {
    decision
        .denial()
        .map(|denial| (denial.granted.bits(), denial.missing.bits(), denial.reason))
}

fn file() -> Options {
    Options::default().with_mapping(GenericMapping::FILE)
}

// What Windows answered to MAXIMUM_ALLOWED, asked by the owner.

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

// Order.

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
    let member = caller().with_groups([group()]);
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
    let member = caller().with_groups([group(), group()]).with_groups([group()]);
    assert_eq!(asked(&unowned(twice), &member, 0x1), granted(0x1));
}

#[test]
fn a_long_list_is_walked_to_its_last_entry() {
    let mut entries = vec![allow(group(), 0x1); 4000];
    entries.push(allow(user(), 0x1));
    let descriptor = state(AclState::Present(Acl::from(entries)));
    assert!(asked(&descriptor, &caller(), 0x1).is_allowed());
}

// Absent, NULL, empty.

#[test]
fn absent_and_null_grant_what_is_asked_and_empty_does_not() {
    for open in [AclState::Absent, AclState::Null] {
        assert_eq!(
            asked(&state(open.clone()), &Caller::anonymous(), 0x1f_01ff),
            granted(0x1f_01ff)
        );
        assert_eq!(
            asked(&state(open.clone()), &Caller::anonymous(), MAXIMUM),
            granted(0x1f_ffff)
        );
        assert_eq!(
            asked_with(&state(open), &Caller::anonymous(), MAXIMUM, &file()),
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

// What is asked for.

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

// Groups.

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
    assert!(asked(&descriptor, &caller().with_principal_self(user()), 0x1).is_allowed());
    assert!(
        asked(
            &descriptor,
            &caller().with_groups([group()]).with_principal_self(group()),
            0x1
        )
        .is_allowed()
    );
    assert!(!asked(&descriptor, &caller().with_principal_self(group()), 0x1).is_allowed());
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

// The owner.

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

#[test]
fn owner_and_group_may_be_insisted_on() {
    let insisting = Options::default().with_require_owner_and_group(true);
    let mut descriptor = unowned([allow(user(), 0x1)]);
    let expected = Some((0, 0x1, DenialReason::OwnerOrGroupMissing));
    assert_eq!(refusal(&asked_with(&descriptor, &caller(), 0x1, &insisting)), expected);
    descriptor.owner = Some(group());
    assert_eq!(refusal(&asked_with(&descriptor, &caller(), 0x1, &insisting)), expected);
    descriptor.group = Some(group());
    assert_eq!(asked_with(&descriptor, &caller(), 0x1, &insisting), granted(0x1));
}

// Entries that are not evaluated.

#[test]
fn an_unknown_type_denies_what_is_undecided_unless_it_is_to_be_skipped() {
    let descriptor = unowned([allow(user(), 0x1), unknown_type(), allow(user(), 0x2)]);
    assert_eq!(asked(&descriptor, &caller(), 0x1), granted(0x1));
    let expected = (0x1, 0x2, DenialReason::NotGranted);
    assert_eq!(refusal(&asked(&descriptor, &caller(), 0x3)), Some(expected));
    assert_eq!(asked(&descriptor, &caller(), MAXIMUM), granted(0x1));
    let skipping = Options::default().with_skip_unknown_types(true);
    assert_eq!(asked_with(&descriptor, &caller(), 0x3, &skipping), granted(0x3));
    let outcome = EntryOutcome::UnknownTypeDenied { bits: bits(0x2) };
    assert_eq!(outcomes(&explained(&descriptor, &caller(), 0x3)).last(), Some(&outcome));
}

#[test]
fn an_object_or_callback_allow_that_is_not_evaluated_grants_nothing() {
    let cases = [
        (special(AceType::ObjectAllow, 0x1, true, false), Unevaluated::Object),
        (
            special(AceType::CallbackAllow, 0x1, false, true),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackObjectAllow, 0x1, false, true),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackObjectAllow, 0x1, true, false),
            Unevaluated::Object,
        ),
        (compound(), Unevaluated::Compound),
    ];
    for (entry, part) in cases {
        let descriptor = unowned([entry]);
        assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
        assert_eq!(
            outcomes(&explained(&descriptor, &caller(), 0x1)),
            [EntryOutcome::NotEvaluated { part }]
        );
    }
}

#[test]
fn an_object_or_callback_deny_that_is_not_evaluated_denies_its_mask() {
    let cases = [
        (special(AceType::ObjectDeny, 0x1, true, false), Unevaluated::Object),
        (
            special(AceType::CallbackDeny, 0x1, false, true),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackObjectDeny, 0x1, false, true),
            Unevaluated::ApplicationData,
        ),
    ];
    for (entry, part) in cases {
        let descriptor = unowned([entry, allow(user(), 0x3), allow(group(), 0x3)]);
        assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
        assert_eq!(asked(&descriptor, &caller(), 0x2), granted(0x2));
        assert!(asked(&descriptor, &Caller::bare(group()), 0x1).is_allowed());
        let denied = EntryOutcome::Denied {
            bits: bits(0x1),
            part: Some(part),
        };
        assert_eq!(outcomes(&explained(&descriptor, &caller(), 0x1)), [denied]);
    }
}

#[test]
fn without_guid_and_data_object_and_callback_entries_are_as_plain_ones() {
    for ace_type in [
        AceType::ObjectAllow,
        AceType::CallbackAllow,
        AceType::CallbackObjectAllow,
    ] {
        assert!(asked(&unowned([special(ace_type, 0x1, false, false)]), &caller(), 0x1).is_allowed());
    }
    for ace_type in [AceType::ObjectDeny, AceType::CallbackDeny, AceType::CallbackObjectDeny] {
        let descriptor = unowned([special(ace_type, 0x1, false, false), allow(user(), 0x1)]);
        let denied = EntryOutcome::Denied {
            bits: bits(0x1),
            part: None,
        };
        assert_eq!(outcomes(&explained(&descriptor, &caller(), 0x1)), [denied]);
        assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
    }
}

#[test]
fn sacl_entries_in_a_dacl_do_nothing() {
    for ace_type in AceType::KNOWN
        .into_iter()
        .filter(|known| known.effect().belongs_in_dacl() == Some(false))
    {
        let descriptor = unowned([special(ace_type, 0x1, false, false), allow(user(), 0x2)]);
        assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
        assert!(asked(&descriptor, &caller(), 0x2).is_allowed());
        assert_eq!(
            outcomes(&explained(&descriptor, &caller(), 0x2)).first(),
            Some(&EntryOutcome::NotAccessEntry)
        );
    }
}

// What is not known.

fn unsure() -> Caller {
    caller().with_incomplete_groups()
}

fn undetermined(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32) -> Option<Vec<Sid>> {
    let decision = asked(descriptor, caller, desired);
    let named = unresolved(descriptor, caller, bits(desired), &Options::default());
    let undetermined = decision.denial().map(|denial| denial.reason) == Some(DenialReason::Undetermined);
    assert_eq!(undetermined, !named.is_empty());
    undetermined.then_some(named)
}

#[test]
fn a_deny_for_a_group_that_may_be_missing_is_not_passed() {
    let descriptor = unowned([deny(group(), 0x1), allow(user(), 0x3)]);
    assert_eq!(undetermined(&descriptor, &unsure(), 0x1), Some(vec![group()]));
    assert_eq!(asked(&descriptor, &unsure(), 0x2), granted(0x2));
    assert_eq!(asked(&descriptor, &unsure(), MAXIMUM), granted(0x2));
    assert_eq!(
        asked(&descriptor, &unsure().with_ruled_out_groups([group()]), 0x1),
        granted(0x1)
    );
    assert_eq!(undetermined(&descriptor, &unsure().with_groups([group()]), 0x1), None);
}

#[test]
fn an_allow_for_a_group_that_may_be_missing_is_named() {
    let descriptor = unowned([allow(group(), 0x1), allow(account(9), 0x1), allow(group(), 0x1)]);
    assert_eq!(
        undetermined(&descriptor, &unsure(), 0x1),
        Some(vec![group(), account(9)])
    );
    assert_eq!(undetermined(&descriptor, &caller(), 0x1), None);
}

#[test]
fn a_refusal_that_no_group_could_change_is_certain() {
    let denied = unowned([deny(user(), 0x1), allow(group(), 0x1)]);
    assert_eq!(undetermined(&denied, &unsure(), 0x1), None);
    // The second bit is granted to nobody, whoever is in the group.
    assert_eq!(undetermined(&unowned([allow(group(), 0x1)]), &unsure(), 0x3), None);
    assert_eq!(
        undetermined(&unowned([deny(group(), 0x1), deny(user(), 0x1)]), &unsure(), 0x1),
        None
    );
}

#[test]
fn an_answer_that_came_first_does_not_depend_on_later_groups() {
    let descriptor = unowned([allow(user(), 0x1), deny(group(), 0x1)]);
    assert_eq!(asked(&descriptor, &unsure(), 0x1), granted(0x1));
}

#[test]
fn the_owner_may_have_to_be_resolved() {
    assert_eq!(
        undetermined(&owned(group(), []), &unsure(), WRITE_DAC),
        Some(vec![group()])
    );
    assert_eq!(undetermined(&owned(group(), []), &unsure(), 0x1), None);
    assert_eq!(undetermined(&owned(group(), []), &unsure(), WRITE_DAC | 0x1), None);
    let replaced = owned(group(), [deny(Sid::OWNER_RIGHTS, 0x1), allow(user(), 0x1)]);
    assert_eq!(undetermined(&replaced, &unsure(), 0x1), Some(vec![group()]));
    assert_eq!(undetermined(&replaced, &unsure(), WRITE_DAC), None);
}

#[test]
fn stand_ins_are_resolved_before_they_are_named() {
    let descriptor = unowned([
        deny(Sid::PRINCIPAL_SELF, 0x1),
        deny(Sid::CREATOR_OWNER, 0x1),
        allow(user(), 0x1),
    ]);
    assert_eq!(
        undetermined(&descriptor, &unsure().with_principal_self(group()), 0x1),
        Some(vec![group()])
    );
    assert_eq!(asked(&descriptor, &unsure(), 0x1), granted(0x1));
}

#[test]
fn all_groups_to_resolve_are_found_at_once() {
    // If the caller is not in the first group, the second one matters.
    let descriptor = unowned([deny(group(), 0x1), deny(account(9), 0x1), allow(user(), 0x1)]);
    assert_eq!(
        undetermined(&descriptor, &unsure(), 0x1),
        Some(vec![group(), account(9)])
    );
}

// Explanations.

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
    let entry = |index, outcome| Step::Entry { index, outcome };
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

#[test]
fn everything_is_send_and_sync() {
    fn assert_shareable<T: Send + Sync + 'static>() {}
    assert_shareable::<Caller>();
    assert_shareable::<CallerError>();
    assert_shareable::<Decision>();
    assert_shareable::<Explanation>();
    assert_shareable::<Options>();
}
