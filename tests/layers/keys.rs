use super::{MAXIMUM, allowed, asks, caller, grants, reason, sd, with};
use sddl_authz::{
    AccessCheck, AccessMask, GenericMapping,
    caller::Privileges,
    check::DenialReason,
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
