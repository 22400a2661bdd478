use super::{MAXIMUM, allowed, asks, caller, contained, grants, reason, sd, unsure, with};
use sddl_authz::{
    AccessCheck, AccessMask, GenericMapping, SecurityDescriptor,
    caller::Privileges,
    check::{DenialReason, Unprotected},
    layers::{KeyAccess, LayerRule},
};

#[test]
fn bits_that_choose_a_view_are_no_rights() {
    let caller = caller();
    let open = |desired| KeyAccess::new(&asks(&caller, desired)).explain(&grants(0xffff_ffff));
    assert_eq!(open(0x2_0119).decision, allowed(0x2_0019));
    assert_eq!(open(0x2_0219).decision, allowed(0x2_0019));
    assert_eq!(reason(open(0x100).decision), Some(DenialReason::NothingAsked));
    assert_eq!(open(0x2_0319).denying_rule(), Some(LayerRule::BothViews));
    assert!(!open(MAXIMUM).decision.granted().intersects(AccessMask::from(0x300)));
}

#[test]
fn a_key_is_opened_by_its_own_descriptor() {
    let caller = caller();
    let key = grants(0x2_0019);
    let nothing = sd("");
    let question = asks(&caller, 0x2_0019);
    assert_eq!(
        KeyAccess::new(&question).parent(&nothing).check(&key),
        allowed(0x2_0019)
    );
    let delete = asks(&caller, 0x1_0000);
    let all = grants(0xf_003f);
    assert!(!KeyAccess::new(&delete).parent(&all).check(&key).is_allowed());
}

#[test]
fn the_mapping_is_that_of_keys() {
    let caller = caller();
    let question = AccessCheck::new(&caller, AccessMask::GENERIC_READ).mapping(GenericMapping::FILE);
    assert_eq!(KeyAccess::new(&question).check(&sd("(A;;GR;;;U)")), allowed(0x2_0019));
}

#[test]
fn the_intents_of_files_do_not_count() {
    let caller = with(Privileges::BACKUP | Privileges::RESTORE);
    let question = asks(&caller, 0x1).backup_intent().restore_intent();
    assert!(!KeyAccess::new(&question).check(&sd("")).is_allowed());
}

#[test]
fn a_new_key_needs_one_right_of_its_parent() {
    let caller = caller();
    let question = asks(&caller, 0xf_003f);
    for rights in (0..6).map(|place| 1_u32 << place) {
        let parent = grants(rights);
        let access = KeyAccess::new(&question).parent(&parent);
        assert_eq!(access.check_new().is_allowed(), rights == 0x4, "{rights:#x}");
        assert_eq!(
            access.link(true).check_new().is_allowed(),
            rights == 0x20,
            "{rights:#x}"
        );
    }
    let parent = grants(0x4);
    let create = |desired| KeyAccess::new(&asks(&caller, desired)).parent(&parent).check_new();
    assert_eq!(create(0xf_003f), allowed(0xf_003f));
    assert_eq!(create(0x2_0119), allowed(0x2_0019));
    assert_eq!(create(MAXIMUM | 0x1), allowed(0x1));
    assert_eq!(reason(create(MAXIMUM)), Some(DenialReason::ObjectRule));
    assert_eq!(reason(create(0x0100_0001)), Some(DenialReason::PrivilegeNotHeld));
    assert_eq!(
        reason(KeyAccess::new(&question).check_new()),
        Some(DenialReason::ObjectRule)
    );
}

#[test]
fn backing_up_ignores_the_desired_rights() {
    let check = |privileges| {
        let caller = with(privileges);
        let question = asks(&caller, 0xf_003f);
        KeyAccess::new(&question)
            .backup_restore(true)
            .check(&sd("(A;;KA;;;WD)"))
    };
    assert_eq!(reason(check(Privileges::empty())), Some(DenialReason::PrivilegeNotHeld));
    assert_eq!(check(Privileges::BACKUP), allowed(0x0102_0019));
    assert_eq!(check(Privileges::RESTORE), allowed(0x0103_0006));
    assert_eq!(check(Privileges::BACKUP | Privileges::RESTORE), allowed(0x0103_001f));
}

#[test]
fn a_request_for_nothing_backs_up_nothing() {
    let caller = with(Privileges::BACKUP | Privileges::RESTORE);
    for desired in [0, 0x100, 0x200] {
        let question = asks(&caller, desired);
        let parent = grants(0x4);
        let access = KeyAccess::new(&question).backup_restore(true).parent(&parent);
        assert_eq!(reason(access.check(&sd(""))), Some(DenialReason::NothingAsked));
        assert_eq!(reason(access.check_new()), Some(DenialReason::NothingAsked));
    }
}

#[test]
fn backing_up_does_not_pass_a_policy_that_is_not_evaluated() {
    let caller = with(Privileges::BACKUP | Privileges::RESTORE);
    let question = asks(&caller, 0x1);
    for sacl in [
        "S:(TL;;0x1;;;S-1-19-512-4096)",
        "S:(SP;;;;;S-1-17-1)",
        "S:(FL;;0x1;;;WD)",
    ] {
        let guarded = sd(&format!("(A;;KA;;;U){sacl}"));
        let access = KeyAccess::new(&question).backup_restore(true).parent(&guarded);
        let refused = Some(DenialReason::SystemPolicyNotEvaluated);
        assert_eq!(reason(access.check(&guarded)), refused, "{sacl}");
        assert_eq!(reason(access.check_new()), refused, "{sacl}");
        let skipping = KeyAccess::new(&question.skip_system_policies()).backup_restore(true);
        assert!(skipping.check(&guarded).is_allowed(), "{sacl}");
    }
    let open = sd("");
    let unprotected: SecurityDescriptor = "O:SYG:SYD:NO_ACCESS_CONTROL".parse().unwrap();
    let access = KeyAccess::new(&question.unprotected(Unprotected::Refuse)).backup_restore(true);
    assert!(access.check(&open).is_allowed());
    assert_eq!(reason(access.check(&unprotected)), Some(DenialReason::Unprotected));
}

#[test]
fn an_app_container_does_not_back_up() {
    let caller = contained(Privileges::BACKUP | Privileges::RESTORE);
    let question = asks(&caller, 0x1);
    for key in [sd("(A;;KA;;;SY)"), sd("(A;;KA;;;WD)(A;;KA;;;AC)")] {
        let access = KeyAccess::new(&question).backup_restore(true).parent(&key);
        assert_eq!(reason(access.check(&key)), Some(DenialReason::PrivilegeNotHeld));
        assert_eq!(reason(access.check_new()), Some(DenialReason::PrivilegeNotHeld));
    }
}

#[test]
fn only_restoring_creates_a_key_without_a_right_of_the_parent() {
    let create = |privileges, parent, link| {
        let caller = with(privileges);
        let question = asks(&caller, 0x1);
        let access = KeyAccess::new(&question).backup_restore(true).parent(parent);
        access.link(link).check_new()
    };
    let (nothing, subkeys, links) = (sd(""), grants(0x4), grants(0x20));
    let both = Privileges::BACKUP | Privileges::RESTORE;
    assert_eq!(
        reason(create(Privileges::BACKUP, &nothing, false)),
        Some(DenialReason::NotGranted)
    );
    assert_eq!(create(Privileges::BACKUP, &subkeys, false), allowed(0x0102_0019));
    assert_eq!(create(Privileges::RESTORE, &nothing, false), allowed(0x0103_0006));
    assert_eq!(create(both, &nothing, false), allowed(0x0103_001f));
    assert_eq!(
        reason(create(Privileges::empty(), &subkeys, false)),
        Some(DenialReason::PrivilegeNotHeld)
    );
    // KEY_CREATE_LINK is not among the rights that SeRestorePrivilege grants.
    assert_eq!(reason(create(both, &nothing, true)), Some(DenialReason::NotGranted));
    assert_eq!(create(both, &links, true), allowed(0x0103_001f));

    let caller = with(both);
    let question = asks(&caller, 0x1);
    let without_parent = KeyAccess::new(&question).backup_restore(true).check_new();
    assert_eq!(reason(without_parent), Some(DenialReason::ObjectRule));
    let unsure = unsure().with_privileges(Privileges::BACKUP);
    let question = asks(&unsure, 0x1);
    let parent = sd("(A;;0x4;;;G)");
    let access = KeyAccess::new(&question).backup_restore(true).parent(&parent);
    assert_eq!(reason(access.check_new()), Some(DenialReason::Undetermined));
}

#[test]
fn an_app_container_gets_no_right_to_the_sacl_of_a_new_key() {
    let parent = sd("(A;;KA;;;U)(A;;KA;;;AC)");
    let create = |caller: &_, desired| KeyAccess::new(&asks(caller, desired)).parent(&parent).check_new();
    let container = contained(Privileges::SECURITY);
    assert_eq!(create(&container, 0x1), allowed(0x1));
    assert_eq!(
        reason(create(&container, 0x0100_0001)),
        Some(DenialReason::PrivilegeNotHeld)
    );
    assert_eq!(create(&with(Privileges::SECURITY), 0x0100_0001), allowed(0x0100_0001));
}
