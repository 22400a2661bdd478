use super::{MAXIMUM, allowed, asks, caller, grants, sd, with};
use sddl_authz::{caller::Privileges, layers::FileAccess};

const ALL: u32 = 0x1f_01ff;

#[test]
fn a_listing_shows_what_can_be_read_without_the_parents_help() {
    let caller = caller();
    let question = asks(&caller, 0x1);
    let parent = grants(ALL);
    let listing = FileAccess::new(&question).parent(&parent);
    assert_eq!(listing.check_listed(&grants(0x2_0089)), allowed(0x2_0089));
    for missing in [0x1, 0x8, 0x80, 0x2_0000] {
        assert!(
            !listing.check_listed(&grants(0x2_0089 & !missing)).is_allowed(),
            "{missing:#x}"
        );
    }
    assert!(!listing.share(&sd("")).check_listed(&grants(ALL)).is_allowed());
}

#[test]
fn a_listing_has_no_backup_intent() {
    let caller = with(Privileges::BACKUP);
    let question = asks(&caller, 0x1);
    assert!(
        !FileAccess::new(&question)
            .backup_intent(true)
            .check_listed(&sd(""))
            .is_allowed()
    );
}

#[test]
fn the_maximal_access_of_smb_is_the_plain_check() {
    let caller = caller();
    let question = asks(&caller, 0x2);
    let parent = grants(ALL);
    let access = FileAccess::new(&question).parent(&parent).read_only(true);
    assert_eq!(access.check_maximal_access(&grants(0x12_0089)), allowed(0x12_0089));
    assert_eq!(access.check_maximal_access(&grants(ALL)), allowed(ALL));
    let read = grants(0x1);
    assert_eq!(access.share(&read).check_maximal_access(&grants(ALL)), allowed(0x1));
    let open = FileAccess::new(&asks(&caller, MAXIMUM))
        .parent(&parent)
        .check(&grants(0x12_0089));
    assert_eq!(open, allowed(0x13_0089));
}
