//! The check against a slow reference, on every question of a small scope: lists of up to two entries in every build, of up to three
//! in release builds.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod reference;

use sddl_authz::{
    AccessMask, Ace, AceFlags, AceType, Acl, AclState, Caller, Claim, Condition, GenericMapping, SecurityDescriptor,
    Sid,
    ace::{AceParts, ApplicationData, ObjectTypes},
    caller::AppContainer,
    check::{ObjectTree, Options},
    claim::{ClaimFlags, ClaimValues},
};
use uuid::Uuid;

fn bits(bits: u32) -> AccessMask {
    AccessMask::from_bits_retain(bits)
}

/// Two groups; the first owns every object of the scope.
fn groups() -> [Sid; 2] {
    [Sid::ADMINISTRATORS, Sid::AUTHENTICATED_USERS]
}

fn inherit_only(entry: &Ace) -> Ace {
    entry
        .clone()
        .with_flags(AceFlags::INHERIT_ONLY | AceFlags::OBJECT_INHERIT)
}

/// Conditions that are true, false and unknown of whoever has the claim `a` of 1.
fn conditions() -> [Condition; 3] {
    ["(@User.a == 1)", "(@User.a == 2)", "(@User.b == 1)"].map(|text| text.parse().unwrap())
}

fn entry(ace_type: AceType, trustee: Sid, mask: AccessMask, object: Option<u128>, condition: Option<Condition>) -> Ace {
    Ace::from_parts(AceParts {
        ace_type,
        flags: AceFlags::empty(),
        mask,
        trustee,
        objects: ObjectTypes {
            object: object.map(Uuid::from_u128),
            inherited: None,
        },
        data: condition.map_or(ApplicationData::None, ApplicationData::Condition),
    })
    .unwrap()
}

/// A universe of questions: every list over an alphabet, every caller, every mask.
struct Scope {
    alphabet: Vec<Ace>,
    callers: Vec<Caller>,
    desired: Vec<AccessMask>,
    options: Options,
    tree: Option<ObjectTree>,
}

impl Scope {
    /// Asks everything about every list of `length` entries, and says how many questions that were.
    fn ask_all(&self, length: u32) -> usize {
        let [owner, _] = groups();
        let mut asked = 0;
        for number in 0..self.alphabet.len().pow(length) {
            // The digits of the number, to the base of the alphabet's size, are the entries.
            let mut rest = number;
            let mut dacl = Vec::new();
            for _ in 0..length {
                dacl.push(self.alphabet[rest % self.alphabet.len()].clone());
                rest /= self.alphabet.len();
            }
            let mut descriptor = SecurityDescriptor::default();
            descriptor.owner = Some(owner);
            descriptor.dacl = AclState::Present(Acl::from(dacl));
            for caller in &self.callers {
                for &desired in &self.desired {
                    let disagreement = match &self.tree {
                        Some(tree) => {
                            reference::disagreement_about_objects(&descriptor, caller, desired, tree, &self.options)
                        }
                        None => reference::disagreement(&descriptor, caller, desired, &self.options),
                    };
                    assert_eq!(disagreement, None, "{descriptor:?} {caller:?} {desired}");
                    asked += 1;
                }
            }
        }
        asked
    }
}

fn user() -> Caller {
    let claim = Claim::new("a", ClaimFlags::empty(), ClaimValues::Int(vec![1])).unwrap();
    Caller::bare(Sid::LOCAL_SYSTEM)
        .unwrap()
        .with_user_claims([claim])
        .unwrap()
}

/// {Allow, Deny} × 2 trustees × 3 masks × {effective, inherit-only} × {no condition, true, false, unknown}.
fn conditional() -> Scope {
    let [one, other] = groups();
    let mut alphabet = Vec::new();
    for trustee in [one, other] {
        for mask in [0x1, 0x3, 0x4_0000].map(bits) {
            let plain = [Ace::allow(trustee, mask), Ace::deny(trustee, mask)];
            let with_conditions = [AceType::CallbackAllow, AceType::CallbackDeny]
                .into_iter()
                .flat_map(|ace_type| {
                    conditions().map(|condition| entry(ace_type, trustee, mask, None, Some(condition)))
                });
            for entry in plain.into_iter().chain(with_conditions) {
                alphabet.push(inherit_only(&entry));
                alphabet.push(entry);
            }
        }
    }
    assert_eq!(alphabet.len(), 96);
    Scope {
        alphabet,
        callers: vec![
            user(),
            user().with_groups([one]).unwrap(),
            user()
                .with_groups([other])
                .unwrap()
                .with_deny_only_groups([one])
                .unwrap(),
            user().with_groups([one, other]).unwrap(),
        ],
        desired: [0x1, 0x3, 0x0200_0000].map(bits).to_vec(),
        options: Options::default(),
        tree: None,
    }
}

#[test]
fn every_list_of_up_to_two_entries_with_conditions() {
    let scope = conditional();
    assert_eq!(scope.ask_all(0) + scope.ask_all(1), 1_164);
    assert_eq!(scope.ask_all(2), 111_756 - 1_164);
}

#[cfg(not(debug_assertions))]
#[test]
fn every_list_of_three_entries_with_conditions() {
    assert_eq!(conditional().ask_all(3), 10_728_588 - 111_756);
}

/// Unknown facts: these entries again, with callers whose groups or claims are incomplete.
#[test]
fn every_list_of_one_entry_with_a_condition_asked_by_callers_that_are_not_all_known() {
    let [one, _] = groups();
    let mut scope = conditional();
    let unsure = Caller::bare(Sid::LOCAL_SYSTEM).unwrap().with_incomplete_claims();
    scope.callers = vec![
        user().with_incomplete_groups(),
        unsure.clone().with_groups([one]).unwrap(),
        unsure.with_incomplete_groups(),
    ];
    assert_eq!(
        (0..=1).map(|length| scope.ask_all(length)).sum::<usize>(),
        (1 + 96) * 3 * 3
    );
}

/// {Allow, Deny} × {the whole, a part, its sibling, elsewhere} × {no condition, true, false, unknown} × 2 masks, for one caller or another.
#[test]
fn every_list_of_up_to_two_object_entries_with_conditions() {
    let [one, other] = groups();
    let mut alphabet = Vec::new();
    for (ace_type, object) in [AceType::CallbackObjectAllow, AceType::CallbackObjectDeny]
        .into_iter()
        .flat_map(|ace_type| [None, Some(2), Some(3), Some(9)].map(|object| (ace_type, object)))
    {
        for mask in [0x1, 0x3].map(bits) {
            for condition in [None].into_iter().chain(conditions().map(Some)) {
                alphabet.push(entry(ace_type, one, mask, object, condition));
            }
        }
    }
    let nodes = [(0, 1), (1, 2), (1, 3)].map(|(level, guid)| (level, Uuid::from_u128(guid)));
    let mut scope = Scope {
        alphabet,
        callers: vec![
            user().with_groups([one]).unwrap(),
            user().with_deny_only_groups([one]).unwrap(),
            user().with_groups([other]).unwrap(),
        ],
        desired: [0x1, 0x3, 0x0200_0000].map(bits).to_vec(),
        options: Options::default(),
        tree: Some(ObjectTree::new(nodes).unwrap()),
    };
    let asked = |scope: &Scope| (0..=2).map(|length| scope.ask_all(length)).sum::<usize>();
    assert_eq!(asked(&scope), (1 + 64 + 64 * 64) * 3 * 3);
    scope.tree = None;
    assert_eq!(asked(&scope), (1 + 64 + 64 * 64) * 3 * 3);
}

/// {Allow, Deny} × {owner, group, OWNER RIGHTS, PRINCIPAL_SELF} × {generic, standard, specific} × {effective, inherit-only}.
#[test]
fn every_list_of_up_to_two_entries_with_generic_rights_and_stand_ins() {
    let [owner, group] = groups();
    let mut alphabet = Vec::new();
    for trustee in [owner, group, Sid::OWNER_RIGHTS, Sid::PRINCIPAL_SELF] {
        for mask in [0x8000_0000, 0x1000_0000, 0x4_0001].map(bits) {
            for entry in [Ace::allow(trustee, mask), Ace::deny(trustee, mask)] {
                alphabet.push(inherit_only(&entry));
                alphabet.push(entry);
            }
        }
    }
    let bare = Caller::bare(Sid::LOCAL_SYSTEM).unwrap();
    let mut scope = Scope {
        alphabet,
        callers: vec![
            bare.clone(),
            bare.clone().with_groups([owner]).unwrap(),
            bare.clone().with_groups([group]).unwrap(),
            bare.clone()
                .with_deny_only_groups([owner])
                .unwrap()
                .with_groups([group])
                .unwrap(),
            bare.clone()
                .with_groups([owner])
                .unwrap()
                .with_deny_only_groups([group])
                .unwrap(),
            bare.with_groups([group]).unwrap().with_incomplete_groups(),
        ],
        desired: [0x1, 0x4_0001, 0x8000_0000, 0x0200_0000].map(bits).to_vec(),
        options: Options::default()
            .with_mapping(GenericMapping::FILE)
            .with_principal_self(group),
        tree: None,
    };
    let asked = |scope: &Scope| (0..=2).map(|length| scope.ask_all(length)).sum::<usize>();
    assert_eq!(asked(&scope), (1 + 48 + 48 * 48) * 6 * 4);
    scope.options = Options::default();
    assert_eq!(asked(&scope), (1 + 48 + 48 * 48) * 6 * 4);
}

/// {Allow, Deny} × {a group, a package, All Application Packages} × 2 masks × {effective, inherit-only}, and conditional Allows for the
/// package: asked by callers in a container.
#[test]
fn every_list_of_up_to_two_entries_asked_by_callers_in_an_app_container() {
    let [one, _] = groups();
    let package: Sid = "S-1-15-2-11-12-13-14-15-16-17".parse().unwrap();
    let mut alphabet = Vec::new();
    for trustee in [one, package, "AC".parse().unwrap()] {
        for mask in [0x1, 0x3].map(bits) {
            for entry in [Ace::allow(trustee, mask), Ace::deny(trustee, mask)] {
                alphabet.push(inherit_only(&entry));
                alphabet.push(entry);
            }
        }
    }
    for condition in conditions() {
        alphabet.push(entry(AceType::CallbackAllow, package, bits(0x1), None, Some(condition)));
    }
    let container = AppContainer::new(package).unwrap();
    let in_group = || user().with_groups([one]).unwrap();
    let mut scope = Scope {
        alphabet,
        callers: vec![
            in_group().with_app_container(container.clone()),
            in_group().with_app_container(container.clone().with_low_privilege(true)),
            in_group()
                .with_restricting_sids([one])
                .with_app_container(container.clone()),
            user().with_incomplete_groups().with_app_container(container),
        ],
        desired: [0x1, 0x3, 0x0200_0000].map(bits).to_vec(),
        options: Options::default(),
        tree: None,
    };
    let asked = |scope: &Scope| (0..=2).map(|length| scope.ask_all(length)).sum::<usize>();
    assert_eq!(asked(&scope), (1 + 27 + 27 * 27) * 4 * 3);
    let nodes = [(0, 1), (1, 2)].map(|(level, guid)| (level, Uuid::from_u128(guid)));
    scope.tree = Some(ObjectTree::new(nodes).unwrap());
    assert_eq!(asked(&scope), (1 + 27 + 27 * 27) * 4 * 3);
}
