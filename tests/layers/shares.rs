use super::{MAXIMUM, allowed, asks, caller, grants, reason, sd, unsure, with};
use sddl_authz::{
    Decision, SecurityDescriptor,
    caller::Privileges,
    check::DenialReason,
    layers::{Disposition, FileAccess},
};

const ALL: u32 = 0x1f_01ff;
const DELETE: u32 = 0x1_0000;

fn through(share: &SecurityDescriptor, desired: u32, file: &SecurityDescriptor) -> Decision {
    FileAccess::new(&asks(&caller(), desired)).share(share).check(file)
}

#[test]
fn share_and_file_must_both_grant() {
    let (all, none) = (grants(ALL), sd(""));
    assert_eq!(through(&all, 0x1, &all), allowed(0x1));
    assert!(!through(&none, 0x1, &all).is_allowed());
    assert!(!through(&all, 0x1, &none).is_allowed());
    assert!(!through(&sd("(D;;FA;;;G)(A;;FA;;;WD)"), 0x1, &all).is_allowed());
    assert!(!through(&grants(0x12_00a9), 0x2, &all).is_allowed());
    assert_eq!(through(&grants(0x12_00a9), MAXIMUM, &all), allowed(0x12_00a9));
    assert_eq!(through(&all, MAXIMUM, &grants(0x3)), allowed(0x3));
    assert_eq!(
        reason(through(&grants(0x1), MAXIMUM, &grants(0x2))),
        Some(DenialReason::NotGranted)
    );
}

#[test]
fn a_right_from_the_parent_must_pass_the_share() {
    let caller = caller();
    let question = asks(&caller, DELETE);
    let parent = grants(ALL);
    let read = grants(0x12_00a9);
    let access = FileAccess::new(&question).parent(&parent);
    assert!(access.check(&sd("")).is_allowed());
    assert!(!access.share(&read).check(&sd("")).is_allowed());
    assert!(access.share(&parent).check(&sd("")).is_allowed());
    let maximum = asks(&caller, MAXIMUM);
    let access = FileAccess::new(&maximum).parent(&parent).share(&read);
    assert_eq!(access.check(&grants(0x1)), allowed(0x81));
}

#[test]
fn the_share_is_not_asked_for_the_right_to_the_sacl() {
    let (share, file) = (grants(0x1), grants(0x1));
    let caller = with(Privileges::SECURITY);
    let check = |desired| {
        let question = asks(&caller, desired);
        FileAccess::new(&question).share(&share).explain(&file)
    };
    assert_eq!(check(0x0100_0001).decision, allowed(0x0100_0001));
    // Without it nothing is asked for.
    assert_eq!(reason(check(0x0100_0000).decision), Some(DenialReason::NothingAsked));
    // The file's check still needs the privilege.
    let question_caller = super::caller();
    let question = asks(&question_caller, 0x0100_0001);
    let explanation = FileAccess::new(&question).share(&share).explain(&file);
    assert_eq!(explanation.denying_layer(), Some("file"));
}

#[test]
fn deleting_on_close_needs_delete_of_the_share() {
    let caller = caller();
    let question = asks(&caller, DELETE);
    let file = grants(ALL);
    let share = grants(ALL & !DELETE);
    let access = FileAccess::new(&question).share(&share).delete_on_close(true);
    assert_eq!(access.explain(&file).denying_layer(), Some("share"));
}

#[test]
fn a_volume_guard_is_a_layer_between_share_and_file() {
    let caller = caller();
    let (all, read) = (grants(ALL), grants(0x12_00a9));
    let check = |desired, share, guard, file: &SecurityDescriptor| {
        let question = asks(&caller, desired);
        let explanation = FileAccess::new(&question)
            .share(share)
            .volume_guard(guard)
            .explain(file);
        explanation.denying_layer().map(ToOwned::to_owned)
    };
    assert_eq!(check(0x1, &all, &read, &all), None);
    assert_eq!(check(0x2, &all, &read, &all).as_deref(), Some("volume guard"));
    assert_eq!(check(0x2, &read, &read, &all).as_deref(), Some("share"));
    assert_eq!(check(0x2, &all, &all, &read).as_deref(), Some("file"));
}

#[test]
fn the_share_must_grant_what_the_operation_needs() {
    let caller = caller();
    let question = asks(&caller, 0x1);
    let (all, read) = (grants(ALL), grants(0x12_00a9));
    let overwrite = FileAccess::new(&question).disposition(Disposition::Overwrite);
    assert!(overwrite.share(&all).check(&all).is_allowed());
    assert!(!overwrite.share(&read).check(&all).is_allowed());
    let create = FileAccess::new(&question).parent(&all).disposition(Disposition::Create);
    assert!(create.share(&all).check_new().is_allowed());
    assert!(!create.share(&read).check_new().is_allowed());
}

#[test]
fn backup_intent_does_not_open_a_share() {
    let caller = with(Privileges::BACKUP);
    let question = asks(&caller, 0x1);
    let access = FileAccess::new(&question).backup_intent(true);
    let (all, none) = (grants(ALL), sd(""));
    assert!(access.share(&all).check(&none).is_allowed());
    assert!(!access.share(&none).check(&none).is_allowed());
    assert!(!access.volume_guard(&none).check(&none).is_allowed());
    let caller = with(Privileges::RESTORE);
    let question = asks(&caller, 0x2);
    let access = FileAccess::new(&question).backup_intent(true);
    assert!(access.share(&all).check(&none).is_allowed());
    assert!(!access.share(&none).check(&none).is_allowed());
    assert!(!access.volume_guard(&none).check(&none).is_allowed());
}

/// Only a share is not asked for this right.
#[test]
fn a_volume_guard_is_asked_for_the_right_to_the_sacl() {
    let (guard, file) = (sd(""), sd(""));
    let (held, not_held) = (with(Privileges::SECURITY), caller());
    let check = |caller| {
        FileAccess::new(&asks(caller, 0x0100_0000))
            .volume_guard(&guard)
            .check(&file)
    };
    assert_eq!(check(&held), allowed(0x0100_0000));
    assert_eq!(reason(check(&not_held)), Some(DenialReason::PrivilegeNotHeld));
}

#[test]
fn a_privilege_alone_does_not_pass_a_share() {
    let caller = with(Privileges::TAKE_OWNERSHIP);
    let (none, read) = (sd(""), grants(0x1));
    for desired in [0x8_0000, 0x8_0000 | MAXIMUM] {
        let question = asks(&caller, desired);
        let access = FileAccess::new(&question);
        assert!(access.check(&none).is_allowed());
        assert_eq!(reason(access.share(&none).check(&none)), Some(DenialReason::NotGranted));
        assert!(!access.volume_guard(&none).check(&none).is_allowed());
        assert_eq!(access.share(&none).explain(&none).denying_layer(), Some("share"));
        assert_eq!(access.share(&read).check(&none), allowed(0x8_0000));
        assert_eq!(access.volume_guard(&read).check(&none), allowed(0x8_0000));
    }
    let unsure = unsure().with_privileges(Privileges::TAKE_OWNERSHIP);
    let question = asks(&unsure, 0x8_0000);
    let share = sd("(A;;FR;;;G)");
    assert_eq!(
        reason(FileAccess::new(&question).share(&share).check(&none)),
        Some(DenialReason::Undetermined)
    );
}

#[test]
fn unknown_facts_about_a_share_grant_nothing() {
    let caller = unsure();
    let share = sd("(A;;FA;;;G)");
    for desired in [0x1, MAXIMUM] {
        let question = asks(&caller, desired);
        let access = FileAccess::new(&question).share(&share);
        assert_eq!(reason(access.check(&grants(ALL))), Some(DenialReason::Undetermined));
        assert_eq!(
            reason(access.check(&sd("(D;;FA;;;OW)"))),
            Some(DenialReason::NotGranted)
        );
    }
    // The share grants 0x1 for certain. The file grants 0x2 for certain, and 0x1 to the group.
    let question = asks(&caller, MAXIMUM);
    let share = grants(0x1);
    let file = sd("(A;;0x2;;;U)(A;;0x1;;;G)");
    assert_eq!(
        reason(FileAccess::new(&question).share(&share).check(&file)),
        Some(DenialReason::Undetermined)
    );
}
