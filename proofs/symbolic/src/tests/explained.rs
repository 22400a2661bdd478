//! More that an explanation says: the reason why each right is missing, and the facts to ask a directory about.
//!
//! A reason is looked for right by right. So these questions ask for three rights, and their masks have no others.

use super::{
    checked::{are_equal, finish},
    lists::shapes,
};
use crate::{
    AccessMask, Caller, Claim,
    caller::Privileges,
    check::{MissingCause, Unresolved},
    condition::AttributeClass,
    explorer::each_way,
    mask::GenericMapping,
    setting::{Dacl, Data, Label, Setting, Shape, Who},
    specification::{Missing, Request, answer, missing},
};
use std::time::Instant;

/// A specific right, one of the owner, and one that no DACL grants.
const RIGHTS: u32 = 0x0002_0001;

fn base() -> Setting {
    Setting {
        asked: Some(RIGHTS),
        within: RIGHTS,
        owner: Some(Who::User),
        ..Setting::default()
    }
}

fn lists() -> Vec<Vec<Shape>> {
    let around = |one| {
        [
            vec![one],
            vec![Shape::allow(Who::Doubtful(1)), one, Shape::allow(Who::Held)],
            vec![one, Shape::deny(Who::Held)],
        ]
    };
    let mut lists: Vec<_> = shapes().into_iter().flat_map(around).collect();
    lists.push(vec![]);
    lists
}

fn settings() -> Vec<Setting> {
    let labels = vec![Label {
        level: Some(0x3000),
        policy: AccessMask::from_bits_retain(1),
        inherit_only: false,
    }];
    let mapped = Setting { labels, ..base() };
    let restricting = Some((vec![Who::Held], false));
    vec![
        base(),
        Setting {
            owner: None,
            principal: Some(Who::Held),
            ..base()
        },
        Setting {
            owner: Some(Who::Doubtful(5)),
            ..base()
        },
        Setting {
            options: mapped.options.with_mapping(GenericMapping::FILE),
            ..mapped
        },
        Setting {
            restricting: restricting.clone(),
            ..base()
        },
        Setting {
            restricting,
            container: Some(false),
            ..base()
        },
        Setting {
            dacl: Dacl::Absent,
            container: Some(false),
            ..base()
        },
        Setting {
            privileges: Privileges::all(),
            asked: Some(0x0100_0001),
            within: 1,
            ..base()
        },
        Setting {
            asked: Some(0x0200_0001),
            ..base()
        },
    ]
}

/// The sets of missing rights are disjoint, together they are all missing rights, and each right is in the set of its reason.
#[test]
fn each_missing_right_has_its_reason() {
    let start = Instant::now();
    let (mut count, mut ways) = (0, 0);
    for (setting, shapes) in settings()
        .into_iter()
        .flat_map(|setting| lists().into_iter().map(move |list| (setting.clone(), list)))
    {
        count += 1;
        let (descriptor, caller, desired) = (setting.descriptor(&shapes), setting.caller(), setting.desired());
        let question = setting.question(&caller);
        ways += each_way(|| {
            let explanation = question.explain(&descriptor);
            let sets = explanation.missing_rights();
            let request = Request::of(&setting, desired.tables());
            let expected = answer(&setting, &shapes, desired.tables());
            let all = sets.iter().fold(AccessMask::empty(), |all, set| {
                assert!(!all.intersects(set.bits));
                all.union(set.bits)
            });
            assert!(expected.reason.is_some() || sets.is_empty());
            assert!(
                expected.reason.is_none() || are_equal(&all, &expected.missing),
                "{setting:?} {shapes:?}: {sets:?}"
            );
            for set in &sets {
                for right in set.bits.single_rights() {
                    let expected = missing(&setting, &shapes, &request, right.bits());
                    let found = match set.cause {
                        MissingCause::Integrity => Missing::Integrity,
                        MissingCause::Denied { index } => Missing::Denied(index),
                        MissingCause::NotGranted => Missing::NotGranted,
                        MissingCause::DaclEmpty if shapes.is_empty() && setting.dacl == Dacl::Present => {
                            Missing::NotGranted
                        }
                        MissingCause::Uncertain { .. } => Missing::Uncertain,
                        MissingCause::NotLookedAt => Missing::NotLookedAt,
                        other => panic!("{other:?} is no reason here"),
                    };
                    assert_eq!(Some(found), expected, "{setting:?} {shapes:?}: {right:?} of {sets:?}");
                }
            }
        });
    }
    finish("reasons", start, (count, ways), (2_000, 10_000));
}

/// The fact comes out like this: the group is held, or the claim has this value.
fn learn(caller: Caller, fact: &Unresolved, yes: bool) -> Caller {
    let learned = match fact {
        Unresolved::Group(sid) if yes => caller.with_groups([*sid]).map(Caller::with_incomplete_groups),
        Unresolved::Group(sid) => Ok(caller.with_ruled_out_groups([*sid])),
        Unresolved::DeviceGroup(sid) if yes => caller.with_device_groups([*sid]),
        Unresolved::DeviceGroup(sid) => Ok(caller.with_ruled_out_device_groups([*sid])),
        Unresolved::Claim { class, name } => {
            let claim = Claim::int(name.as_str(), 1).unwrap();
            match (class, yes) {
                (AttributeClass::Device, true) => caller.with_device_claims([claim]),
                (AttributeClass::Device, false) => Ok(caller.with_ruled_out_device_claims([name.clone()])),
                (_, true) => caller.with_user_claims([claim]),
                (_, false) => Ok(caller.with_ruled_out_user_claims([name.clone()])),
            }
        }
    };
    learned.unwrap()
}

/// Whether the questions leave this fact open.
fn is_open(fact: &Unresolved) -> bool {
    match fact {
        Unresolved::Group(sid) => [1, 5, 9, 50].iter().any(|number| Who::Doubtful(*number).sid() == *sid),
        Unresolved::DeviceGroup(sid) => *sid == Who::Held.sid(),
        Unresolved::Claim {
            class: AttributeClass::User,
            name,
        } => name == "doubtful",
        Unresolved::Claim {
            class: AttributeClass::Device,
            name,
        } => name == "one",
        Unresolved::Claim { .. } => false,
    }
}

/// Law 11: once all facts that the explanation names are known, in whichever way, the decision is certain. A decision that is certain names
/// no facts.
#[test]
fn the_named_facts_decide() {
    let start = Instant::now();
    let (mut count, mut ways) = (0, 0);
    let mut undetermined = 0;
    for (setting, shapes) in settings()
        .into_iter()
        .flat_map(|setting| lists().into_iter().map(move |list| (setting.clone(), list)))
    {
        count += 1;
        let (descriptor, caller) = (setting.descriptor(&shapes), setting.caller());
        let question = setting.question(&caller);
        ways += each_way(|| {
            let explanation = question.explain(&descriptor);
            let facts = explanation.unresolved;
            if !explanation.decision.is_undetermined() {
                assert!(facts.is_empty());
                return;
            }
            undetermined += 1;
            assert!(
                !facts.is_empty() && facts.iter().all(is_open),
                "{setting:?} {shapes:?}: {facts:?}"
            );
            assert!((1..facts.len()).all(|later| !facts[..later].contains(&facts[later])));
            for way in 0..1_u32 << facts.len() {
                let known = facts.iter().enumerate().fold(caller.clone(), |caller, (number, fact)| {
                    learn(caller, fact, way >> number & 1 == 1)
                });
                let decision = setting.question(&known).check(&descriptor);
                assert!(
                    !decision.is_undetermined(),
                    "{setting:?} {shapes:?}: {facts:?} are known, but the decision is not"
                );
            }
        });
    }
    assert!(undetermined > 1_000);
    finish("named facts", start, (count, ways), (2_000, 10_000));
}

/// Without a doubtful entry nothing is named, and an entry that is settled by others adds no fact.
#[test]
fn a_fact_that_does_not_matter_is_not_named() {
    let setting = Setting { owner: None, ..base() };
    let list = [
        Shape::allow(Who::Held),
        Shape::allow(Who::Doubtful(1)).with_data(Data::Any),
    ];
    let (descriptor, caller) = (setting.descriptor(&list), setting.caller());
    let question = setting.question(&caller);
    let ways = each_way(|| {
        let explanation = question.explain(&descriptor);
        let granted = AccessMask::unknown(1).contains(AccessMask::from_bits_retain(RIGHTS));
        assert_eq!(explanation.decision.is_allowed(), granted);
        assert!(!granted || explanation.unresolved.is_empty());
    });
    assert!(ways > 2);
}
