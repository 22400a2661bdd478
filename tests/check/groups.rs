//! Looking a SID up among the caller's groups.

use crate::{account, user};
use sddl_authz::{Caller, Sid, caller::Membership};
use std::collections::BTreeMap;

fn sid(authority: u64, sub_authorities: &[u32]) -> Sid {
    Sid::new(authority, sub_authorities).unwrap()
}

/// SIDs of five domains that have their relative identifiers in common, in no order.
fn some_sid(number: u32) -> Sid {
    let mixed = number.wrapping_mul(0x6c07_8965);
    sid(5, &[21, mixed % 5, (mixed % 1_777).wrapping_add(1_000)])
}

#[test]
fn groups_are_found_however_many_there_are() {
    for count in [0, 1, 2, 3, 4, 8, 200, 5_000] {
        let mut caller = Caller::bare(user()).unwrap();
        let mut expected = BTreeMap::new();
        // Several turns, in which groups with even and with odd relative identifiers join: enabled, and deny-only.
        for turn in 0..5 {
            let joining = (0..count)
                .filter(|number| number % 5 == turn)
                .map(|number| some_sid(number + turn));
            let (even, odd): (Vec<Sid>, Vec<Sid>) = joining.partition(|sid| sid.relative_id() % 2 == 0);
            expected.extend(even.iter().map(|&sid| (sid, Membership::Enabled)));
            expected.extend(odd.iter().map(|&sid| (sid, Membership::DenyOnly)));
            caller = caller.with_groups(even).unwrap().with_deny_only_groups(odd).unwrap();
        }
        assert_eq!(caller.groups().len(), expected.len());
        for number in 0..count + 5_000 {
            let sid = some_sid(number);
            let expected = expected.get(&sid).copied().unwrap_or(Membership::NotHeld);
            assert_eq!(caller.membership(&sid), expected, "{sid} among {count}");
        }
    }
}

#[test]
fn all_of_a_sid_is_compared() {
    let held = [sid(1, &[0]), sid(5, &[21, 1, 2, 3, 500]), sid(5, &[32, 544])];
    let alike = [
        sid(1, &[0, 0]),
        sid(2, &[0]),
        sid(5, &[21, 1, 2, 3, 500, 500]),
        sid(5, &[21, 1, 2, 4, 500]),
        sid(5, &[32, 0, 544]),
        sid(6, &[32, 544]),
    ];
    for one in held {
        let caller = Caller::bare(user()).unwrap().with_groups([one]).unwrap();
        assert_eq!(caller.membership(&one), Membership::Enabled);
        for other in alike {
            assert_eq!(caller.membership(&other), Membership::NotHeld, "{other} for {one}");
        }
    }
}

#[test]
fn joining_no_group_changes_nothing() {
    let caller = Caller::bare(account(1104)).unwrap();
    assert_eq!(caller.clone().with_groups([]).unwrap(), caller);
    assert_eq!(caller.clone().with_device_groups([]).unwrap(), caller);
}
