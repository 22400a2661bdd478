//! Objects that name a central access policy.

use super::checked::{agrees, finish};
use crate::{
    GenericMapping,
    caller::Privileges,
    explorer::each_way,
    setting::{Dacl, Data, Policy, Rule, SPECIFIC, Setting, Shape, Who},
    specification::{answer, answer_under_policy, staged_answer},
};
use std::time::Instant;

fn compare(setting: &Setting, shapes: &[Shape], explained: bool) -> usize {
    let policy = setting.policy.as_ref().unwrap();
    let policies = policy.policies(setting, shapes.len() + 1);
    let (descriptor, caller, desired) = (setting.descriptor(shapes), setting.caller(), setting.desired());
    let question = setting.question(&caller).central_policies(&policies);
    each_way(|| {
        let expected = match policy {
            Policy::None => answer(setting, shapes, desired.tables()),
            _ => answer_under_policy(setting, shapes, desired.tables()),
        };
        let decision = question.check(&descriptor);
        assert!(
            agrees(&decision, &expected),
            "{setting:?} {shapes:?}: {decision:?}, but {:?} is specified",
            expected.reason
        );
        if !explained {
            return;
        }
        let explanation = question.explain(&descriptor);
        for other in [explanation.decision, explanation.replay()] {
            assert!(
                agrees(&other, &expected),
                "{setting:?} {shapes:?}: {decision:?} is explained as {other:?}"
            );
        }
        let staged = explanation.policy.as_ref().and_then(|policy| policy.staged);
        if let Some(staged) = staged {
            assert!(policy.rules().iter().any(|rule| rule.staged.is_some()));
            let expected = staged_answer(setting, shapes, desired.tables());
            assert!(
                agrees(&staged, &expected),
                "{setting:?} {shapes:?}: {staged:?}, but {:?} is specified",
                expected.reason
            );
        }
    })
}

fn rules() -> Vec<Vec<Rule>> {
    let applying = |applies_to, shape| Rule {
        applies_to,
        ..Rule::always([shape])
    };
    let (held, doubtful) = (Shape::allow(Who::Held), Shape::allow(Who::Doubtful(1)));
    let mut rules: Vec<Vec<Rule>> = Data::ALL
        .into_iter()
        .filter(|data| !matches!(data, Data::Missing | Data::Opaque))
        .flat_map(|data| [vec![applying(data, held)], vec![applying(data, doubtful)]])
        .collect();
    rules.push(vec![]);
    rules.push(vec![Rule::always([])]);
    rules.push(vec![Rule::always([Shape::deny(Who::Held), held])]);
    rules.push(vec![Rule::always([Shape::allow(Who::OwnerRights)])]);
    rules.push(vec![Rule::always([held]), Rule::always([doubtful])]);
    rules.push(vec![applying(Data::Any, held), Rule::always([held])]);
    rules.push(vec![applying(Data::False, held), applying(Data::True, held)]);
    rules
}

#[test]
fn every_rule_limits() {
    let start = Instant::now();
    let base = Setting {
        owner: Some(Who::User),
        within: SPECIFIC,
        ..Setting::default()
    };
    let settings = [
        base.clone(),
        Setting {
            owner: None,
            groups_known: true,
            ..base.clone()
        },
        Setting {
            restricting: Some((vec![Who::Held], false)),
            ..base.clone()
        },
        Setting {
            dacl: Dacl::Absent,
            ..base.clone()
        },
        Setting {
            privileges: Privileges::SECURITY | Privileges::TAKE_OWNERSHIP,
            ..base.clone()
        },
    ];
    let mut totals = (0, 0);
    for setting in settings {
        let policies = rules()
            .into_iter()
            .map(Policy::Rules)
            .chain([Policy::None, Policy::Other]);
        for policy in policies {
            // A policy without rules is one that the machine does not have.
            let policy = if policy.rules().is_empty() && matches!(policy, Policy::Rules(_)) {
                Policy::Other
            } else {
                policy
            };
            let setting = Setting {
                policy: Some(policy),
                ..setting.clone()
            };
            for list in [
                vec![Shape::allow(Who::Held)],
                vec![Shape::allow(Who::Doubtful(2))],
                vec![Shape::deny(Who::Held)],
            ] {
                totals = (totals.0 + 1, totals.1 + compare(&setting, &list, false));
            }
        }
    }
    finish("central policies", start, totals, (490, 12_000));
}

/// Explanations look at single rights, so these questions have few.
#[test]
fn explanations_and_staged_rules() {
    let start = Instant::now();
    let mut totals = (0, 0);
    for asked in [0x0002_0001, 0x0200_0001, 0x8000_0000] {
        let mut setting = Setting {
            asked: Some(asked),
            within: 0x0002_0001,
            owner: Some(Who::User),
            ..Setting::default()
        };
        setting.options.mapping = (asked == 0x8000_0000).then_some(GenericMapping::KEY);
        for mut rules in rules().into_iter().filter(|rules| !rules.is_empty()) {
            for staged in [None, Some(vec![]), Some(vec![Shape::allow(Who::Doubtful(3))])] {
                rules[0].staged.clone_from(&staged);
                let setting = Setting {
                    policy: Some(Policy::Rules(rules.clone())),
                    ..setting.clone()
                };
                for list in [vec![Shape::allow(Who::Held)], vec![Shape::allow(Who::Doubtful(2))]] {
                    totals = (totals.0 + 1, totals.1 + compare(&setting, &list, true));
                }
            }
        }
    }
    finish("central policies, explained", start, totals, (500, 2_500));
}
