//! The check against a slow reference, on every question of a small scope: every DACL of up to two entries (three in release
//! builds) over {Allow, Deny} × 3 trustees × 3 masks × {effective, inherit-only}, 7 callers, 4 desired masks.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod reference;

use sddl_authz::{AccessMask, Ace, AceFlags, Acl, AclState, Caller, SecurityDescriptor, Sid, check::Options};

fn bits(bits: u32) -> AccessMask {
    AccessMask::from_bits_retain(bits)
}

/// Two groups; the first owns every object of the scope.
fn groups() -> [Sid; 2] {
    [Sid::ADMINISTRATORS, Sid::AUTHENTICATED_USERS]
}

fn alphabet() -> Vec<Ace> {
    let [owner, group] = groups();
    let mut entries = Vec::new();
    for trustee in [owner, group, Sid::OWNER_RIGHTS] {
        for mask in [0x1, 0x3, 0x4_0000].map(bits) {
            for entry in [Ace::allow(trustee, mask), Ace::deny(trustee, mask)] {
                entries.push(entry.clone());
                entries.push(entry.with_flags(AceFlags::INHERIT_ONLY | AceFlags::OBJECT_INHERIT));
            }
        }
    }
    entries
}

fn callers() -> Vec<Caller> {
    let [owner, group] = groups();
    let user = Caller::bare(Sid::LOCAL_SYSTEM);
    vec![
        user.clone(),
        user.clone().with_groups([owner]),
        user.clone().with_groups([group]),
        user.clone().with_groups([owner, group]),
        user.clone().with_deny_only_groups([owner]),
        user.clone().with_incomplete_groups(),
        user.with_groups([group]).with_incomplete_groups(),
    ]
}

/// Asks everything about every list of `length` entries, and says how many questions that were.
fn ask_all(length: u32) -> usize {
    let (alphabet, callers) = (alphabet(), callers());
    let [owner, _] = groups();
    let mut asked = 0;
    for number in 0..alphabet.len().pow(length) {
        // The digits of the number, to the base of the alphabet's size, are the entries.
        let mut rest = number;
        let mut dacl = Vec::new();
        for _ in 0..length {
            dacl.push(alphabet[rest % alphabet.len()].clone());
            rest /= alphabet.len();
        }
        let mut descriptor = SecurityDescriptor::default();
        descriptor.owner = Some(owner);
        descriptor.dacl = AclState::Present(Acl::from(dacl));
        for caller in &callers {
            for desired in [0x1, 0x3, 0x4_0001, 0x0200_0000].map(bits) {
                let disagreement = reference::disagreement(&descriptor, caller, desired, &Options::default());
                assert_eq!(disagreement, None, "{descriptor:?} {caller:?} {desired}");
                asked += 1;
            }
        }
    }
    asked
}

#[test]
fn every_dacl_of_up_to_two_entries_agrees_with_the_reference() {
    let asked: usize = (0..=2).map(ask_all).sum();
    assert_eq!(asked, (1 + 36 + 36 * 36) * 7 * 4);
}

#[cfg(not(debug_assertions))]
#[test]
fn every_dacl_of_three_entries_agrees_with_the_reference() {
    assert_eq!(ask_all(3), 36 * 36 * 36 * 7 * 4);
}
