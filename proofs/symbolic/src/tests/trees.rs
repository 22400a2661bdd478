//! Questions about the parts of an object.

use super::checked::{agrees, agrees_at_least, are_same, finish};
use crate::{
    GenericMapping,
    caller::Privileges,
    check::Options,
    explorer::each_way,
    mask::AccessMask,
    setting::{Data, Kind, Label, Policy, Rule, SPECIFIC, Setting, Shape, Who},
    specification::{MAXIMUM_ALLOWED, answers},
};
use std::time::Instant;

/// A class, below it a property set with two properties and a property without a set.
const TREE: [(u16, u128); 5] = [(0, 1), (1, 2), (2, 3), (2, 4), (1, 5)];
const ELSEWHERE: u128 = 9;

fn base() -> Setting {
    Setting {
        tree: Some(TREE.to_vec()),
        within: SPECIFIC,
        ..Setting::default()
    }
}

/// Compares the answers about all parts, and the explanation of each part, with the specification. Returns the number of ways.
fn compare(setting: &Setting, shapes: &[Shape]) -> usize {
    let (descriptor, caller, desired) = (setting.descriptor(shapes), setting.caller(), setting.desired());
    let tree = setting.tree().unwrap();
    let question = setting.question(&caller);
    let policies = setting
        .policy
        .as_ref()
        .map(|policy| policy.policies(setting, shapes.len() + 1));
    let question = match &policies {
        Some(policies) => question.central_policies(policies),
        None => question,
    };
    let parts = question.parts(&tree);
    each_way(|| {
        let decision = parts.check(&descriptor);
        let (overall, nodes) = answers(setting, shapes, desired.tables());
        let whole = desired.contains(AccessMask::MAXIMUM_ALLOWED);
        assert_eq!(decision.nodes.len(), nodes.len());
        let found = [&decision.overall].into_iter().chain(&decision.nodes);
        for (number, (found, expected)) in found.zip([&overall].into_iter().chain(&nodes)).enumerate() {
            // A check for rights by name may end early: then fewer rights are in the log.
            let agrees = if whole {
                agrees(found, expected)
            } else {
                agrees_at_least(found, expected)
            };
            assert!(
                agrees,
                "{setting:?} {shapes:?}: part {number}: {found:?}, but {:?} is specified",
                expected.reason
            );
        }
        for (node, decision) in decision.nodes.iter().enumerate() {
            let explanation = parts.explain(&descriptor, node);
            for other in [&explanation.decision, &explanation.replay()] {
                assert!(
                    are_same(decision, other),
                    "{setting:?} {shapes:?}: part {node}: {decision:?} is explained as {other:?}"
                );
            }
        }
    })
}

fn compare_all(name: &str, questions: impl IntoIterator<Item = (Setting, Vec<Shape>)>, least: (usize, usize)) {
    let start = Instant::now();
    let totals = questions.into_iter().fold((0, 0), |(count, ways), (setting, list)| {
        (count + 1, ways + compare(&setting, &list))
    });
    finish(name, start, totals, least);
}

fn shapes(whom: &[(Who, Data)]) -> Vec<Shape> {
    let places = [None, Some(1), Some(2), Some(3), Some(5), Some(ELSEWHERE)];
    let kinds = [Kind::Allow, Kind::Deny];
    let mut shapes = Vec::new();
    for (kind, property) in kinds.into_iter().flat_map(|kind| places.map(|place| (kind, place))) {
        let plain = |who| Shape {
            property,
            ..Shape::plain(kind, who)
        };
        shapes.extend(whom.iter().map(|&(who, data)| plain(who).with_data(data)));
    }
    shapes
}

#[test]
fn up_to_two_entries_about_parts() {
    let whom = [(Who::Held, Data::None), (Who::Doubtful(1), Data::None)];
    let single = [
        (Who::Held, Data::Any),
        (Who::Held, Data::False),
        (Who::DenyOnly, Data::None),
        (Who::Stranger, Data::None),
    ];
    let pairs = shapes(&whom)
        .into_iter()
        .flat_map(|one| shapes(&whom).into_iter().map(move |other| vec![one, other]));
    let single = shapes(&single)
        .into_iter()
        .map(|one| vec![one, Shape::allow(Who::Held)]);
    compare_all(
        "parts: two entries",
        pairs.chain(single).map(|list| (base(), list)),
        (600, 10_000),
    );
}

/// One right is asked for, or the maximum: four entries, so that a right rises from the parts to the whole object and meets a later entry.
#[test]
fn four_entries_about_parts() {
    let lasts = shapes(&[(Who::Held, Data::None), (Who::Doubtful(1), Data::None)]);
    let firsts = [
        [
            Shape::allow(Who::Held).with_property(3),
            Shape::allow(Who::Held).with_property(4),
        ],
        [
            Shape::allow(Who::Doubtful(2)).with_property(3),
            Shape::allow(Who::Held).with_property(4),
        ],
        [
            Shape::deny(Who::Held).with_property(3),
            Shape::allow(Who::Held).with_property(2),
        ],
        [
            Shape::deny(Who::Doubtful(2)).with_property(3),
            Shape::allow(Who::Doubtful(3)).with_property(2),
        ],
        [
            Shape::allow(Who::Held).with_property(2),
            Shape::allow(Who::Held).with_property(5),
        ],
        [
            Shape::allow(Who::Doubtful(2)).with_property(2),
            Shape::allow(Who::Doubtful(3)).with_property(5),
        ],
        [
            Shape::allow(Who::Doubtful(2)).with_property(3),
            Shape::deny(Who::Held).with_property(4),
        ],
    ];
    let certain = shapes(&[(Who::Held, Data::None)]);
    let pairs: Vec<_> = lasts
        .iter()
        .flat_map(|one| certain.iter().map(move |other| [*one, *other]))
        .collect();
    let questions = [(0x1, &firsts[..]), (MAXIMUM_ALLOWED | 0x1, &firsts[1..3])]
        .into_iter()
        .flat_map(|(asked, firsts)| {
            let setting = Setting {
                asked: Some(asked),
                ..base()
            };
            let lists = firsts
                .iter()
                .flat_map(|first| pairs.iter().map(|last| [&first[..], last].concat()));
            lists.map(|list| (setting.clone(), list)).collect::<Vec<_>>()
        });
    compare_all("parts: four entries", questions, (2_500, 50_000));
}

#[test]
fn parts_for_every_kind_of_caller() {
    let restricting = Some((vec![Who::Held], false));
    let labels = vec![Label {
        level: Some(0x3000),
        policy: AccessMask::unknown(6),
        inherit_only: false,
    }];
    let options = Options::default()
        .with_mapping(GenericMapping::FILE)
        .with_backup_intent(true);
    let settings = [
        Setting {
            owner: Some(Who::Held),
            ..base()
        },
        Setting {
            owner: Some(Who::Doubtful(5)),
            ..base()
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
            container: Some(true),
            ..base()
        },
        Setting {
            labels,
            options,
            privileges: Privileges::all(),
            ..base()
        },
    ];
    let questions = settings.into_iter().flat_map(|setting| {
        let asked = [Some(0x6_0001), Some(MAXIMUM_ALLOWED)];
        let lists = shapes(&[
            (Who::Held, Data::None),
            (Who::Package, Data::None),
            (Who::Doubtful(1), Data::None),
        ]);
        let setting = move |asked| Setting {
            asked,
            ..setting.clone()
        };
        asked.into_iter().flat_map(move |asked| {
            let setting = setting(asked);
            let start = Shape::allow(Who::Held).with_property(3);
            let list = move |one| vec![start, one, Shape::allow(Who::Package), Shape::allow(Who::Held)];
            lists.clone().into_iter().map(move |one| (setting.clone(), list(one)))
        })
    });
    compare_all("parts: callers", questions, (400, 5_000));
}

/// Rules of a central policy limit each part. Explanations look at single rights, so these questions have few.
#[test]
fn parts_under_a_central_policy() {
    let rules = [
        vec![Rule::always([Shape::allow(Who::Held)])],
        vec![Rule::always([Shape::allow(Who::Doubtful(3))])],
        vec![Rule::always([])],
    ];
    let questions = rules.into_iter().flat_map(|rules| {
        let setting = Setting {
            policy: Some(Policy::Rules(rules)),
            asked: Some(0x0002_0001),
            within: 0x0002_0001,
            ..base()
        };
        let lists = shapes(&[(Who::Held, Data::None), (Who::Doubtful(1), Data::None)]);
        lists
            .into_iter()
            .map(move |one| (setting.clone(), vec![one, Shape::allow(Who::Held).with_property(2)]))
    });
    compare_all("parts: central policies", questions, (70, 400));
}
