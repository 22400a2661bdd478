//! Restricted callers.

use super::{
    checked::{Explained, compare_all},
    lists::shapes,
};
use crate::{
    AccessMask, GenericMapping,
    caller::Privileges,
    check::Options,
    setting::{Dacl, Label, SPECIFIC, Setting, Shape, Who},
};

#[test]
fn restricted_callers() {
    let mut questions = Vec::new();
    let restrictions = [vec![], vec![Who::Held], vec![Who::Stranger, Who::Doubtful(9)]];
    for mapping in [None, Some(GenericMapping::FILE)] {
        for (whom, writes_only) in restrictions
            .iter()
            .flat_map(|whom| [(whom.clone(), false), (whom.clone(), true)])
        {
            let options = Options {
                mapping,
                ..Options::default()
            };
            let restricting = Some((whom, writes_only));
            let setting = Setting {
                owner: Some(Who::Held),
                restricting,
                within: SPECIFIC,
                options,
                ..Setting::default()
            };
            for owner in [Who::User, Who::Doubtful(9), Who::Stranger] {
                questions.push((
                    Setting {
                        owner: Some(owner),
                        ..setting.clone()
                    },
                    vec![Shape::deny(Who::Held)],
                    Explained::Yes,
                ));
            }
            for dacl in [Dacl::Absent, Dacl::Null] {
                questions.push((
                    Setting {
                        dacl,
                        ..setting.clone()
                    },
                    vec![],
                    Explained::Yes,
                ));
            }
            // With all groups known, an entry may be skipped by the number of its SID alone.
            let known = Setting {
                groups_known: true,
                ..setting.clone()
            };
            for one in [Who::Held, Who::Stranger, Who::Doubtful(9), Who::OwnerRights] {
                let list = vec![Shape::allow(Who::Held), Shape::allow(Who::User), Shape::allow(one)];
                questions.push((known.clone(), list, Explained::Yes));
            }
            // Privileges and integrity count in both walks.
            for (policy, privileges) in [
                (0x1, Privileges::empty()),
                (0x7, Privileges::empty()),
                (0x7, Privileges::all()),
            ] {
                let label = Label {
                    level: Some(0x3000),
                    policy: AccessMask::from_bits_retain(policy),
                    inherit_only: false,
                };
                let setting = Setting {
                    labels: vec![label],
                    privileges,
                    ..setting.clone()
                };
                let list = vec![Shape::allow(Who::Held), Shape::allow(Who::Stranger)];
                questions.push((setting, list, Explained::Yes));
            }
            for one in shapes() {
                let around = [
                    vec![Shape::allow(Who::Stranger), one],
                    vec![one, Shape::allow(Who::Held)],
                ];
                questions.extend(around.map(|list| (setting.clone(), list, Explained::Yes)));
            }
        }
    }
    compare_all("restricted", questions, (2_000, 70_000));
}

/// Reading, writing and executing may share any rights: the four masks of the mapping are unknown.
#[test]
fn write_restricted_callers_with_every_mapping() {
    let [read, write, execute, all] = [3, 4, 5, 6].map(AccessMask::unknown);
    let setting = Setting {
        restricting: Some((vec![Who::Stranger], true)),
        within: SPECIFIC,
        options: Options::default().with_mapping(GenericMapping::new(read, write, execute, all)),
        ..Setting::default()
    };
    let questions = [Shape::allow(Who::Stranger), Shape::deny(Who::Stranger)].map(|shape| {
        let everything = Shape::allow(Who::Held).with_mask(SPECIFIC);
        (setting.clone(), vec![everything, shape], Explained::Yes)
    });
    compare_all("write-restricted, every mapping", questions, (2, 20));
}
