use super::{allowed, asks, caller, grants, reason, sd, unsure, with};
use sddl_authz::{
    caller::Privileges,
    check::DenialReason,
    layers::{Disposition, FileAccess, Rename},
};

const ALL: u32 = 0x1f_01ff;
const DELETE: u32 = 0x1_0000;
const DELETE_CHILD: u32 = 0x40;
const ADD_FILE: u32 = 0x10_0002;

#[test]
fn the_file_needs_delete_and_its_new_directory_the_right_to_add() {
    let caller = caller();
    let question = asks(&caller, 0x1);
    let access = FileAccess::new(&question);
    let into = grants(ADD_FILE);
    assert_eq!(
        access.check_rename(&grants(DELETE), &Rename::into(&into)),
        allowed(DELETE)
    );
    assert!(
        !access
            .check_rename(&grants(ALL & !DELETE), &Rename::into(&into))
            .is_allowed()
    );
    for missing in [0x2, 0x10_0000] {
        let into = grants(ALL & !missing);
        assert!(!access.check_rename(&grants(DELETE), &Rename::into(&into)).is_allowed());
    }
    let directories = grants(0x4);
    let directory = access.directory(true);
    assert!(
        directory
            .check_rename(&grants(DELETE), &Rename::into(&directories))
            .is_allowed()
    );
    assert!(
        !directory
            .check_rename(&grants(DELETE), &Rename::into(&into))
            .is_allowed()
    );
}

#[test]
fn the_old_directory_can_grant_delete() {
    let caller = caller();
    let question = asks(&caller, DELETE);
    let old = grants(DELETE_CHILD);
    let into = grants(ADD_FILE);
    let access = FileAccess::new(&question).parent(&old);
    assert!(access.check_rename(&sd(""), &Rename::into(&into)).is_allowed());
    let read = grants(0x12_00a9);
    assert!(
        !access
            .share(&read)
            .check_rename(&sd(""), &Rename::into(&into))
            .is_allowed()
    );
}

#[test]
fn a_file_in_the_way_is_deleted() {
    let caller = caller();
    let question = asks(&caller, DELETE);
    let access = FileAccess::new(&question);
    let file = grants(DELETE);
    let adds = grants(ADD_FILE);
    let deletes = grants(ADD_FILE | DELETE_CHILD);
    let (deletable, locked) = (grants(DELETE), sd(""));
    let check = |rename: Rename<'_>| access.check_rename(&file, &rename).is_allowed();
    assert!(check(Rename::into(&adds).replacing(&deletable)));
    assert!(!check(Rename::into(&adds).replacing(&locked)));
    assert!(check(Rename::into(&deletes).replacing(&locked)));
    assert!(!check(
        Rename::into(&deletes).replacing(&deletable).replacing_read_only(true)
    ));
    assert!(!check(
        Rename::into(&deletes).replacing(&deletable).replacing_directory(true)
    ));
}

#[test]
fn unknown_facts_about_any_of_them_rename_nothing() {
    let caller = unsure();
    let question = asks(&caller, DELETE);
    let access = FileAccess::new(&question);
    let (all, open, locked) = (grants(ALL), sd("(A;;FA;;;G)"), sd(""));
    let check = |file, rename: Rename<'_>| reason(access.check_rename(file, &rename));
    assert_eq!(check(&all, Rename::into(&all).replacing(&all)), None);
    assert_eq!(check(&open, Rename::into(&all)), Some(DenialReason::Undetermined));
    assert_eq!(check(&all, Rename::into(&open)), Some(DenialReason::Undetermined));
    assert_eq!(
        check(&all, Rename::into(&grants(ADD_FILE)).replacing(&open)),
        Some(DenialReason::Undetermined)
    );
    assert_eq!(check(&open, Rename::into(&locked)), Some(DenialReason::NotGranted));
}

/// A rename opens the file and replaces nothing in it, whatever the question about the file would do.
#[test]
fn a_rename_has_no_disposition() {
    let caller = with(Privileges::BACKUP);
    let question = asks(&caller, 0x1);
    // SYNCHRONIZE comes from the privilege.
    let (file, into) = (grants(DELETE), grants(0x2));
    for disposition in [Disposition::Open, Disposition::Create, Disposition::Supersede] {
        let access = FileAccess::new(&question).backup_intent(true).disposition(disposition);
        let decision = access.check_rename(&file, &Rename::into(&into));
        assert_eq!(decision, allowed(DELETE), "{disposition:?}");
    }
}
