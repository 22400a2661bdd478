use super::{MAXIMUM, allowed, asks, caller, contained, grants, reason, sd, unsure, with};
use sddl_authz::{
    Decision, SecurityDescriptor,
    caller::Privileges,
    check::DenialReason,
    layers::{Disposition, FileAccess, LayerRule},
};

const ALL: u32 = 0x1f_01ff;
const ADD_FILE: u32 = 0x2;
const ADD_SUBDIRECTORY: u32 = 0x4;

fn create(desired: u32, parent: &SecurityDescriptor) -> Decision {
    let caller = caller();
    FileAccess::new(&asks(&caller, desired))
        .parent(parent)
        .disposition(Disposition::Create)
        .check_new()
}

#[test]
fn a_new_file_needs_one_right_of_the_parent_alone() {
    for rights in (0..9).map(|place| 1_u32 << place) {
        assert_eq!(
            create(0x1, &grants(rights)).is_allowed(),
            rights == ADD_FILE,
            "{rights:#x}"
        );
        let caller = caller();
        let question = asks(&caller, 0x1);
        let parent = grants(rights);
        let directory = FileAccess::new(&question)
            .parent(&parent)
            .directory(true)
            .disposition(Disposition::Create);
        assert_eq!(
            directory.check_new().is_allowed(),
            rights == ADD_SUBDIRECTORY,
            "{rights:#x}"
        );
    }
}

#[test]
fn the_creator_is_granted_what_it_asked_for() {
    let parent = grants(ADD_FILE);
    for desired in [0x1, 0x1f_01ff, 0xc_0000, 0x2] {
        assert_eq!(create(desired, &parent), allowed(desired));
    }
    assert_eq!(create(MAXIMUM, &parent), allowed(ALL));
    assert_eq!(create(0x1000_0000, &parent), allowed(ALL));
    assert!(!create(0, &parent).is_allowed());
    assert!(!create(0x20_0001, &parent).is_allowed());
}

#[test]
fn the_right_to_the_sacl_needs_its_privilege() {
    let parent = grants(ADD_FILE);
    let check = |privileges, intent| {
        let caller = with(privileges);
        let question = asks(&caller, 0x0100_0001);
        FileAccess::new(&question)
            .parent(&parent)
            .backup_intent(intent)
            .disposition(Disposition::Create)
            .check_new()
    };
    assert_eq!(
        reason(check(Privileges::empty(), false)),
        Some(DenialReason::PrivilegeNotHeld)
    );
    assert_eq!(
        reason(check(Privileges::RESTORE, false)),
        Some(DenialReason::PrivilegeNotHeld)
    );
    assert_eq!(check(Privileges::SECURITY, false), allowed(0x0100_0001));
    assert_eq!(check(Privileges::RESTORE, true), allowed(0x0100_0001));
    // The intent alone grants nothing.
    assert_eq!(
        reason(check(Privileges::empty(), true)),
        Some(DenialReason::PrivilegeNotHeld)
    );
}

#[test]
fn restoring_creates_without_a_right_of_the_parent() {
    let caller = with(Privileges::RESTORE);
    let question = asks(&caller, 0x2);
    let nothing = sd("");
    let create = FileAccess::new(&question)
        .parent(&nothing)
        .disposition(Disposition::Create);
    assert!(!create.check_new().is_allowed());
    assert_eq!(create.backup_intent(true).check_new(), allowed(0x2));
    assert_eq!(create.backup_intent(true).directory(true).check_new(), allowed(0x2));
}

#[test]
fn privileges_do_not_help_an_app_container() {
    let all = Privileges::SECURITY | Privileges::BACKUP | Privileges::RESTORE;
    let caller = contained(all);
    let check = |desired, parent: &SecurityDescriptor| {
        let question = asks(&caller, desired);
        FileAccess::new(&question)
            .parent(parent)
            .backup_intent(true)
            .disposition(Disposition::OpenIf)
            .check_new()
    };
    let open = sd("(A;;FA;;;U)(A;;FA;;;AC)");
    assert_eq!(check(0x1, &open), allowed(0x1));
    assert_eq!(reason(check(0x0100_0001, &open)), Some(DenialReason::PrivilegeNotHeld));
    // SeRestorePrivilege takes the place of the user's right, and not of the container's.
    assert!(!check(0x1, &sd("")).is_allowed());
    assert!(!check(0x1, &sd("(A;;FA;;;U)")).is_allowed());
    assert_eq!(check(0x1, &sd("(A;;FA;;;AC)")), allowed(0x1));
}

#[test]
fn without_a_parent_nothing_is_created() {
    let caller = caller();
    let question = asks(&caller, 0x1);
    let explanation = FileAccess::new(&question)
        .disposition(Disposition::Create)
        .explain_new();
    assert_eq!(explanation.denying_rule(), Some(LayerRule::ParentUnknown));
}

#[test]
fn only_some_dispositions_create() {
    use Disposition::{Create, Open, OpenIf, Overwrite, OverwriteIf, Supersede};
    let caller = caller();
    let question = asks(&caller, 0x1);
    let parent = grants(ADD_FILE);
    let access = FileAccess::new(&question).parent(&parent);
    for disposition in [Create, OpenIf, OverwriteIf, Supersede] {
        assert!(access.disposition(disposition).check_new().is_allowed());
    }
    for disposition in [Open, Overwrite] {
        let explanation = access.disposition(disposition).explain_new();
        assert_eq!(explanation.denying_rule(), Some(LayerRule::DoesNotExist));
    }
}

#[test]
fn a_read_only_file_can_be_created_and_not_deleted_on_close() {
    let caller = caller();
    let question = asks(&caller, 0x1_0002);
    let parent = grants(ADD_FILE);
    let access = FileAccess::new(&question)
        .parent(&parent)
        .disposition(Disposition::Create)
        .read_only(true);
    assert_eq!(access.check_new(), allowed(0x1_0002));
    assert!(!access.delete_on_close(true).check_new().is_allowed());
}

#[test]
fn unknown_facts_about_the_parent_create_nothing() {
    let caller = unsure();
    for desired in [0x1, MAXIMUM] {
        let question = asks(&caller, desired);
        let parent = sd("(A;;FA;;;G)");
        let access = FileAccess::new(&question)
            .parent(&parent)
            .disposition(Disposition::Create);
        assert_eq!(reason(access.check_new()), Some(DenialReason::Undetermined));
    }
}

#[test]
fn names_of_dispositions_are_those_of_windows() {
    let names = [
        ("FILE_SUPERSEDE", Disposition::Supersede),
        ("FILE_OPEN", Disposition::Open),
        ("FILE_CREATE", Disposition::Create),
        ("FILE_OPEN_IF", Disposition::OpenIf),
        ("FILE_OVERWRITE", Disposition::Overwrite),
        ("FILE_OVERWRITE_IF", Disposition::OverwriteIf),
    ];
    for (name, disposition) in names {
        assert_eq!(name.parse(), Ok(disposition));
        assert_eq!(name.trim_start_matches("FILE_").to_lowercase().parse(), Ok(disposition));
    }
    for text in ["", "file_", "é", "overwriteif", "FILE_FILE_OPEN", "file_é"] {
        assert!(text.parse::<Disposition>().is_err(), "{text}");
    }
}
