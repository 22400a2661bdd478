use super::{MAXIMUM, allowed, asks, bits, caller, contained, grants, reason, sd, unsure, with};
use sddl_authz::{
    AccessCheck, AccessMask, Decision, GenericMapping, SecurityDescriptor,
    caller::Privileges,
    check::DenialReason,
    layers::{Disposition, FileAccess, LayerRule},
};

const DELETE: u32 = 0x1_0000;
const READ_ATTRIBUTES: u32 = 0x80;
const LIST_DIRECTORY: u32 = 0x1;
const DELETE_CHILD: u32 = 0x40;
const ALL: u32 = 0x1f_01ff;

fn open(desired: u32, file: &SecurityDescriptor) -> Decision {
    FileAccess::new(&asks(&caller(), desired)).check(file)
}

fn in_directory(desired: u32, file: &SecurityDescriptor, parent: &SecurityDescriptor) -> Decision {
    FileAccess::new(&asks(&caller(), desired)).parent(parent).check(file)
}

#[test]
fn bits_that_no_file_has_are_refused() {
    let all = grants(0xffff_ffff);
    for place in 0..32 {
        let bit = 1_u32 << place;
        let caller = with(Privileges::SECURITY);
        let explanation = FileAccess::new(&asks(&caller, bit | 0x1)).explain(&all);
        let reserved = 0x0ce0_fe00 & bit != 0;
        assert_eq!(
            explanation.denying_rule() == Some(LayerRule::ReservedBits),
            reserved,
            "{bit:#x}"
        );
        assert_eq!(explanation.decision.is_allowed(), !reserved, "{bit:#x}");
    }
    // The maximum has none of them, either.
    assert_eq!(open(MAXIMUM, &all), allowed(ALL));
}

#[test]
fn nothing_asked_is_denied() {
    assert_eq!(reason(open(0, &grants(ALL))), Some(DenialReason::NothingAsked));
}

#[test]
fn the_mapping_is_that_of_files() {
    let file = sd("(A;;GR;;;U)");
    for mapping in [GenericMapping::KEY, GenericMapping::DIRECTORY] {
        let caller = caller();
        let question = AccessCheck::new(&caller, AccessMask::GENERIC_READ).mapping(mapping);
        assert_eq!(FileAccess::new(&question).check(&file), allowed(0x12_0089));
    }
    assert_eq!(open(0x8000_0000, &file), allowed(0x12_0089));
}

#[test]
fn the_parent_grants_delete_and_read_attributes_and_nothing_else() {
    let nothing = sd("");
    for place in 0..32 {
        let desired = 1_u32 << place;
        let everything = grants(ALL);
        let gift = desired == DELETE || desired == READ_ATTRIBUTES;
        assert_eq!(
            in_directory(desired, &nothing, &everything).is_allowed(),
            gift || desired == MAXIMUM,
            "{desired:#x}"
        );
        let child = desired == DELETE;
        assert_eq!(
            in_directory(desired, &nothing, &grants(DELETE_CHILD)).is_allowed(),
            child || desired == MAXIMUM
        );
        let list = desired == READ_ATTRIBUTES;
        assert_eq!(
            in_directory(desired, &nothing, &grants(LIST_DIRECTORY)).is_allowed(),
            list || desired == MAXIMUM
        );
        let others = grants(ALL & !DELETE_CHILD & !LIST_DIRECTORY);
        assert!(!in_directory(desired, &nothing, &others).is_allowed(), "{desired:#x}");
    }
    assert_eq!(
        in_directory(MAXIMUM, &nothing, &grants(ALL)),
        allowed(DELETE | READ_ATTRIBUTES)
    );
}

#[test]
fn a_deny_of_the_file_does_not_take_the_parents_rights() {
    let file = sd("(D;;FA;;;U)(A;;FA;;;WD)");
    assert_eq!(in_directory(DELETE, &file, &grants(DELETE_CHILD)), allowed(DELETE));
    assert!(!in_directory(DELETE | 0x1, &file, &grants(ALL)).is_allowed());
}

#[test]
fn the_rest_must_come_from_the_file() {
    let file = grants(0x1);
    assert_eq!(in_directory(DELETE | 0x1, &file, &grants(ALL)), allowed(DELETE | 0x1));
    assert!(!in_directory(DELETE | 0x2, &file, &grants(ALL)).is_allowed());
    assert_eq!(
        in_directory(DELETE | READ_ATTRIBUTES | 0x1, &file, &grants(ALL)),
        allowed(DELETE | READ_ATTRIBUTES | 0x1)
    );
}

#[test]
fn the_maximum_has_the_parents_rights() {
    assert_eq!(
        in_directory(MAXIMUM, &grants(0x2), &grants(ALL)),
        allowed(0x2 | DELETE | READ_ATTRIBUTES)
    );
    assert_eq!(
        in_directory(MAXIMUM | DELETE, &grants(0x2), &grants(DELETE_CHILD)),
        allowed(0x2 | DELETE)
    );
    assert!(!in_directory(MAXIMUM | 0x1, &grants(0x2), &grants(ALL)).is_allowed());
    assert!(!in_directory(MAXIMUM, &sd(""), &grants(0x2)).is_allowed());
}

#[test]
fn the_parent_does_not_help_a_file_that_no_check_can_decide() {
    // The descriptor has no owner, and the question asks for one.
    let file: SecurityDescriptor = "D:(A;;FA;;;WD)".parse().unwrap();
    let caller = caller();
    for desired in [DELETE, MAXIMUM] {
        let question = asks(&caller, desired).refuse_unprotected();
        let cut_off: SecurityDescriptor = "O:SYG:SY".parse().unwrap();
        let parent = grants(ALL);
        let access = FileAccess::new(&question).parent(&parent);
        assert_eq!(reason(access.check(&cut_off)), Some(DenialReason::Unprotected));
        assert!(access.check(&file).is_allowed());
        // A policy that is not evaluated.
        let policy = sd("(A;;FA;;;WD)S:(SP;;;;;S-1-17-1)");
        assert_eq!(
            reason(access.check(&policy)),
            Some(DenialReason::SystemPolicyNotEvaluated)
        );
    }
}

#[test]
fn a_label_of_the_parent_limits_its_rights() {
    use sddl_authz::caller::IntegrityLevel;
    let caller = caller().with_integrity(IntegrityLevel::LOW);
    let question = asks(&caller, DELETE);
    let low = sd("(A;;FA;;;U)S:(ML;;NW;;;LW)");
    let medium = sd("(A;;FA;;;U)S:(ML;;NW;;;ME)");
    let file = sd("");
    assert!(FileAccess::new(&question).parent(&low).check(&file).is_allowed());
    // FILE_DELETE_CHILD is no right of writing for the label, and none of reading: above Low only those of reading and executing remain.
    assert!(!FileAccess::new(&question).parent(&medium).check(&file).is_allowed());
}

#[test]
fn unknown_facts_about_the_parent_grant_nothing() {
    let caller = unsure();
    let parent = sd("(A;;FA;;;G)");
    let check = |desired, file: &SecurityDescriptor| {
        let question = asks(&caller, desired);
        FileAccess::new(&question).parent(&parent).check(file)
    };
    assert_eq!(reason(check(DELETE, &sd(""))), Some(DenialReason::Undetermined));
    assert_eq!(reason(check(MAXIMUM, &sd(""))), Some(DenialReason::Undetermined));
    assert_eq!(
        reason(check(DELETE | 0x1, &grants(0x1))),
        Some(DenialReason::Undetermined)
    );
    assert_eq!(
        reason(check(DELETE | 0x1, &sd("(A;;FA;;;G)"))),
        Some(DenialReason::Undetermined)
    );
    assert_eq!(
        reason(check(MAXIMUM | DELETE, &grants(0x1))),
        Some(DenialReason::Undetermined)
    );
    // The parent can't grant the other right.
    assert_eq!(reason(check(DELETE | 0x1, &sd(""))), Some(DenialReason::NotGranted));
    assert_eq!(reason(check(MAXIMUM | 0x1, &sd(""))), Some(DenialReason::NotGranted));
    // The maximum has certain rights only.
    assert_eq!(check(MAXIMUM, &grants(0x1)), allowed(0x1));
}

#[test]
fn the_read_only_attribute_denies_writing() {
    let file = grants(ALL);
    let read_only = |desired| FileAccess::new(&asks(&caller(), desired)).read_only(true).check(&file);
    for desired in [
        0x2,
        0x4,
        0x6,
        0x3,
        0x4000_0000,
        0x1000_0000,
        MAXIMUM | 0x2,
        MAXIMUM | 0x40,
    ] {
        assert_eq!(
            reason(read_only(desired)),
            Some(DenialReason::ObjectRule),
            "{desired:#x}"
        );
    }
    for desired in [0x1, 0x10, 0x100, 0x40, DELETE, 0x4_0000] {
        assert_eq!(read_only(desired), allowed(desired));
    }
    assert_eq!(read_only(MAXIMUM), allowed(ALL & !0x46));
    // The parent's rights are left.
    let parent = grants(ALL);
    let caller = caller();
    let question = asks(&caller, MAXIMUM);
    let access = FileAccess::new(&question).parent(&parent).read_only(true);
    assert_eq!(access.check(&sd("")), allowed(DELETE | READ_ATTRIBUTES));
}

#[test]
fn a_directory_with_the_read_only_attribute_can_be_written_to() {
    let caller = caller();
    let question = asks(&caller, 0x2);
    let access = FileAccess::new(&question).read_only(true).directory(true);
    assert_eq!(access.check(&grants(0x2)), allowed(0x2));
}

#[test]
fn deleting_on_close_needs_delete_and_no_read_only_attribute() {
    let caller = caller();
    let file = grants(ALL);
    let check = |desired, read_only, directory| {
        let question = asks(&caller, desired);
        let access = FileAccess::new(&question).delete_on_close(true);
        access
            .read_only(read_only)
            .directory(directory)
            .explain(&file)
            .denying_rule()
    };
    assert_eq!(check(DELETE, false, false), None);
    assert_eq!(check(0x1000_0000, false, false), None);
    assert_eq!(check(0x1, false, false), Some(LayerRule::DeleteOnCloseWithoutDelete));
    assert_eq!(
        check(MAXIMUM, false, false),
        Some(LayerRule::DeleteOnCloseWithoutDelete)
    );
    assert_eq!(check(DELETE, true, false), Some(LayerRule::ReadOnlyDelete));
    assert_eq!(check(DELETE, true, true), Some(LayerRule::ReadOnlyDelete));
    // The parent's right is enough for the DELETE.
    let question = asks(&caller, DELETE);
    let parent = grants(DELETE_CHILD);
    let access = FileAccess::new(&question).parent(&parent).delete_on_close(true);
    assert_eq!(access.check(&sd("")), allowed(DELETE));
}

#[test]
fn replacing_the_contents_needs_more_than_is_asked_for() {
    let caller = caller();
    let question = asks(&caller, 0x1);
    let check = |disposition, rights| {
        FileAccess::new(&question)
            .disposition(disposition)
            .check(&grants(rights))
    };
    use Disposition::{Create, Open, OpenIf, Overwrite, OverwriteIf, Supersede};
    for disposition in [Open, OpenIf] {
        assert_eq!(check(disposition, 0x1), allowed(0x1));
    }
    for disposition in [Overwrite, OverwriteIf] {
        assert_eq!(
            check(disposition, 0x113),
            allowed(0x1),
            "the handle has what was asked for"
        );
        for missing in [0x1, 0x2, 0x10, 0x100] {
            assert!(!check(disposition, 0x113 & !missing).is_allowed(), "{missing:#x}");
        }
    }
    assert_eq!(check(Supersede, 0x1_0111), allowed(0x1));
    for missing in [0x1, 0x1_0000, 0x10, 0x100] {
        assert!(!check(Supersede, 0x1_0111 & !missing).is_allowed(), "{missing:#x}");
    }
    // The parent's FILE_DELETE_CHILD is the DELETE of superseding.
    let parent = grants(DELETE_CHILD);
    let supersede = FileAccess::new(&question).parent(&parent).disposition(Supersede);
    assert_eq!(supersede.check(&grants(0x111)), allowed(0x1));
    // A file that exists is not created, and a directory is not replaced.
    assert_eq!(reason(check(Create, ALL)), Some(DenialReason::ObjectRule));
    for disposition in [Overwrite, OverwriteIf, Supersede] {
        let access = FileAccess::new(&question).disposition(disposition);
        assert!(access.check(&grants(ALL)).is_allowed());
        assert!(!access.directory(true).check(&grants(ALL)).is_allowed());
        assert!(!access.read_only(true).check(&grants(ALL)).is_allowed());
    }
}

#[test]
fn backup_intent_lets_the_two_privileges_grant() {
    let file = sd("");
    let check = |privilege, desired, intent, disposition| {
        let caller = with(privilege);
        let question = asks(&caller, desired);
        FileAccess::new(&question)
            .backup_intent(intent)
            .disposition(disposition)
            .check(&file)
            .is_allowed()
    };
    let open = Disposition::Open;
    // READ_CONTROL, ACCESS_SYSTEM_SECURITY, FILE_GENERIC_READ, FILE_TRAVERSE.
    let backup = 0x0112_00a9;
    // WRITE_DAC, WRITE_OWNER, ACCESS_SYSTEM_SECURITY, FILE_GENERIC_WRITE, DELETE.
    let restore = 0x011f_0116;
    for bit in (0..25).map(|place| 1_u32 << place) {
        assert_eq!(
            check(Privileges::BACKUP, bit, true, open),
            backup & bit != 0,
            "{bit:#x}"
        );
        assert_eq!(
            check(Privileges::RESTORE, bit, true, open),
            restore & bit != 0,
            "{bit:#x}"
        );
        assert!(!check(Privileges::BACKUP, bit, false, open));
        assert!(!check(Privileges::RESTORE, bit, false, open));
    }
    assert!(check(Privileges::BACKUP, 0x1, true, Disposition::OpenIf));
    assert!(!check(Privileges::BACKUP, 0x1, true, Disposition::Overwrite));
    assert!(!check(Privileges::BACKUP, 0x1, true, Disposition::Supersede));
    assert!(check(Privileges::RESTORE, 0x2, true, Disposition::Overwrite));
    assert!(check(Privileges::RESTORE, 0x2, true, Disposition::Supersede));
}

/// [MS-FSA] 2.1.5.1, phase 4: SeBackupPrivilege counts for the dispositions FILE_OPEN, FILE_OPEN_IF and FILE_OVERWRITE_IF.
#[test]
fn the_privilege_to_back_up_does_not_count_where_a_file_must_be_replaced() {
    use Disposition::{Open, OpenIf, Overwrite, OverwriteIf, Supersede};
    let caller = with(Privileges::BACKUP);
    let question = asks(&caller, 0x1);
    // All that replacing needs, and nothing to read.
    let file = grants(0x1_0112);
    for (disposition, counts) in [
        (Open, true),
        (OpenIf, true),
        (OverwriteIf, true),
        (Overwrite, false),
        (Supersede, false),
    ] {
        let access = FileAccess::new(&question).disposition(disposition).backup_intent(true);
        assert_eq!(access.check(&file).is_allowed(), counts, "{disposition:?}");
    }
}

#[test]
fn the_directories_above_must_be_traversed() {
    let file = grants(0x1);
    let above = [grants(0x20), grants(0x1)];
    let check = |privileges, ancestors: &[SecurityDescriptor]| {
        let caller = with(privileges);
        FileAccess::new(&asks(&caller, 0x1)).ancestors(ancestors).explain(&file)
    };
    assert!(check(Privileges::empty(), &[]).decision.is_allowed());
    assert!(check(Privileges::empty(), &above[..1]).decision.is_allowed());
    assert_eq!(
        check(Privileges::empty(), &above).denying_layer(),
        Some("ancestor directory")
    );
    assert_eq!(check(Privileges::CHANGE_NOTIFY, &above).decision, allowed(0x1));
    // The privilege grants nothing on the file.
    let caller = with(Privileges::CHANGE_NOTIFY);
    assert!(!FileAccess::new(&asks(&caller, 0x20)).check(&file).is_allowed());
    assert_eq!(open(0x20, &file).denial().unwrap().missing, bits(0x20));
}

#[test]
fn the_right_to_read_the_sacl_comes_from_a_privilege_alone() {
    let file = grants(ALL | 0x0100_0000);
    assert_eq!(reason(open(0x0100_0000, &file)), Some(DenialReason::PrivilegeNotHeld));
    let caller = with(Privileges::SECURITY);
    let open = |desired| FileAccess::new(&asks(&caller, desired)).check(&file);
    assert_eq!(open(0x0100_0001), allowed(0x0100_0001));
    assert_eq!(open(MAXIMUM), allowed(ALL));
    assert_eq!(open(MAXIMUM | 0x0100_0000), allowed(ALL | 0x0100_0000));
}

#[test]
fn a_privilege_grants_the_right_that_is_named_beside_the_maximum() {
    let caller = with(Privileges::TAKE_OWNERSHIP);
    let (file, parent) = (grants(0x1), grants(DELETE_CHILD));
    let check = |desired| {
        let question = asks(&caller, desired);
        FileAccess::new(&question).parent(&parent).check(&file)
    };
    assert_eq!(check(0x8_0000), allowed(0x8_0000));
    assert_eq!(check(MAXIMUM | 0x8_0000), allowed(0x9_0001));
    assert_eq!(check(MAXIMUM | 0x9_0000), allowed(0x9_0001));
}

#[test]
fn a_central_policy_limits_the_files_own_rights() {
    use sddl_authz::central_policy::{CentralPolicies, CentralPolicy, CentralRule};
    let rule = CentralRule::from_sddl(None, "D:(A;;FR;;;WD)", None).unwrap();
    let policy = CentralPolicy::new("S-1-17-1".parse().unwrap(), [rule]).unwrap();
    let policies = CentralPolicies::new([policy]).unwrap();
    let file = sd("(A;;0x1e01bf;;;WD)S:(SP;;;;;S-1-17-1)");
    let parent = grants(DELETE_CHILD);
    let caller = caller().with_groups(["WD".parse().unwrap()]).unwrap();
    let check = |desired| {
        let question = asks(&caller, desired).central_policies(&policies);
        FileAccess::new(&question).parent(&parent).explain(&file)
    };
    let read = 0x12_0089;
    assert_eq!(check(0x1).decision, allowed(0x1));
    assert_eq!(check(0x2).denying_layer(), Some("file"));
    assert_eq!(reason(check(0x2).decision), Some(DenialReason::CentralPolicy));
    assert_eq!(check(MAXIMUM).decision, allowed(read | DELETE));
    let share = grants(0x3);
    let question = asks(&caller, MAXIMUM).central_policies(&policies);
    assert_eq!(FileAccess::new(&question).share(&share).check(&file), allowed(0x1));
    // The object grants neither FILE_DELETE_CHILD nor DELETE. What it grants beyond the policy must not come back with that refusal.
    assert!(!check(MAXIMUM | DELETE_CHILD).decision.is_allowed());
    assert_eq!(check(MAXIMUM | DELETE).decision, allowed(read | DELETE));
    assert!(!check(MAXIMUM | DELETE | 0x2).decision.is_allowed());
}

/// SeSecurityPrivilege grants an app container nothing, and no unknown fact changes that. MAXIMUM_ALLOWED includes the
/// right only if it is named.
#[test]
fn the_sacl_is_refused_to_an_app_container_for_certain() {
    let caller = contained(Privileges::SECURITY);
    let decision = FileAccess::new(&asks(&caller, MAXIMUM | 0x100_0000)).check(&grants(ALL));
    assert_eq!(reason(decision), Some(DenialReason::NotGranted));
}
