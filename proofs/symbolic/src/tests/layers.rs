//! Several descriptors that must all grant the access.

use super::checked::{are_equal, finish};
use crate::{
    Decision,
    caller::Privileges,
    explorer::each_way,
    layers,
    setting::{Data, SPECIFIC, Setting, Shape, Who},
    specification::{ACCESS_SYSTEM_SECURITY, Layer, MAXIMUM_ALLOWED, Request, answer_of_all, less},
};
use std::time::Instant;

fn compare(parts: &[Layer]) -> usize {
    let setting = &parts[0].setting;
    let desired = setting.desired();
    let mut first = 1;
    let descriptors: Vec<_> = parts
        .iter()
        .map(|part| {
            let descriptor = part.setting.descriptor_from(&part.shapes, first);
            first += part.shapes.len();
            descriptor
        })
        .collect();
    let layers: Vec<_> = parts
        .iter()
        .zip(&descriptors)
        .map(|(part, descriptor)| {
            let layer = layers::Layer::new("layer", descriptor);
            if part.exempt == 0 {
                layer
            } else {
                layer.without_system_security()
            }
        })
        .collect();
    let caller = setting.caller();
    let question = setting.question(&caller);
    each_way(|| {
        let expected = answer_of_all(parts, desired.tables());
        for decision in [
            layers::check_all(&question, &layers),
            layers::explain_all(&question, &layers).decision,
        ] {
            let agrees = match (&decision, &expected) {
                (Decision::Allowed { granted }, Ok(expected)) => are_equal(granted, expected),
                (Decision::Denied(denial), Err(reason)) => {
                    let Request { explicit, .. } = Request::of(setting, desired.tables());
                    let granted = denial.granted_before_denial.tables();
                    denial.reason == *reason && are_equal(&denial.missing, &less(&explicit, granted))
                }
                _ => false,
            };
            assert!(
                agrees,
                "{parts:?}: {decision:?}, but {:?} is specified",
                expected.as_ref().err()
            );
        }
    })
}

fn lists() -> Vec<Vec<Shape>> {
    vec![
        vec![Shape::allow(Who::Held)],
        vec![Shape::allow(Who::Doubtful(1))],
        vec![Shape::allow(Who::Held).with_data(Data::Any)],
        vec![Shape::deny(Who::Held), Shape::allow(Who::Held)],
        vec![Shape::deny(Who::Doubtful(2)), Shape::allow(Who::Held)],
        vec![Shape::allow(Who::Stranger)],
        vec![],
    ]
}

#[test]
fn every_layer_must_grant() {
    let start = Instant::now();
    let mut totals = (0, 0);
    let setting = Setting {
        within: SPECIFIC & !MAXIMUM_ALLOWED,
        ..Setting::default()
    };
    let narrow = Setting {
        within: 0x1,
        ..Setting::default()
    };
    let secure = Setting {
        privileges: Privileges::SECURITY,
        ..setting.clone()
    };
    // A right by name and the maximum, with masks of one right: in these, single rights are looked at.
    let questions = [
        (narrow.clone(), Some(0x1)),
        (narrow.clone(), Some(MAXIMUM_ALLOWED)),
        (narrow, Some(0x0200_0001)),
    ];
    let mut questions = questions.to_vec();
    // Any rights by name: without the maximum.
    questions.push((setting.clone(), None));
    questions.push((secure, None));
    for (setting, asked) in questions {
        let setting = Setting { asked, ..setting };
        for (one, other) in lists()
            .into_iter()
            .flat_map(|one| lists().into_iter().map(move |other| (one.clone(), other)))
        {
            for exempt in [
                [0, 0],
                [ACCESS_SYSTEM_SECURITY, 0],
                [ACCESS_SYSTEM_SECURITY, ACCESS_SYSTEM_SECURITY],
            ] {
                // If no layer is asked for a right, single rights are looked at.
                if asked.is_none() && exempt == [ACCESS_SYSTEM_SECURITY; 2] {
                    continue;
                }
                let layer = |shapes: &Vec<Shape>, exempt| Layer {
                    setting: setting.clone(),
                    shapes: shapes.clone(),
                    exempt,
                };
                totals = (
                    totals.0 + 1,
                    totals.1 + compare(&[layer(&one, exempt[0]), layer(&other, exempt[1])]),
                );
            }
        }
    }
    finish("layers", start, totals, (600, 5_000));
}
