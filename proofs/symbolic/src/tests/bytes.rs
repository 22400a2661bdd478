//! The check on a view of the bytes of a descriptor. The bytes have a number for each unknown mask, and a reader of it gets the mask.

use super::{
    checked::{agrees, finish},
    lists::shapes,
};
use crate::{
    SecurityDescriptor,
    binary::{DescriptorView, from_bytes, to_bytes},
    explorer::each_way,
    setting::{Dacl, SPECIFIC, Setting, Shape, Who},
    specification::answer,
};
use std::time::Instant;

fn compare(setting: &Setting, shapes: &[Shape]) -> usize {
    let bytes = to_bytes(&setting.descriptor(shapes)).unwrap();
    let (view, decoded) = (DescriptorView::new(&bytes).unwrap(), from_bytes(&bytes).unwrap());
    assert_masks_survive(setting, shapes, &decoded);
    let (caller, desired) = (setting.caller(), setting.desired());
    let question = setting.question(&caller);
    each_way(|| {
        let expected = answer(setting, shapes, desired.tables());
        let explanation = question.explain(&view);
        let decisions = [
            question.check(&view),
            question.check(&decoded),
            explanation.decision,
            explanation.replay(),
        ];
        for decision in decisions {
            assert!(
                agrees(&decision, &expected),
                "{setting:?} {shapes:?}: {decision:?}, but {:?} is specified",
                expected.reason
            );
        }
    })
}

fn assert_masks_survive(setting: &Setting, shapes: &[Shape], decoded: &SecurityDescriptor) {
    let original = setting.descriptor(shapes);
    let pairs = original.dacl.aces().iter().zip(decoded.dacl.aces());
    assert!(
        pairs
            .clone()
            .all(|(one, other)| one.mask().tables() == other.mask().tables())
    );
    assert_eq!(
        pairs.count(),
        if setting.dacl == Dacl::Present { shapes.len() } else { 0 }
    );
    assert_eq!(decoded.owner, setting.owner.map(Who::sid));
}

#[test]
fn a_view_of_bytes_decides_as_the_specification() {
    let start = Instant::now();
    let base = Setting {
        owner: Some(Who::User),
        principal: Some(Who::Held),
        ..Setting::default()
    };
    let settings = [
        base.clone(),
        Setting {
            within: SPECIFIC,
            restricting: Some((vec![Who::Held], false)),
            ..base.clone()
        },
        Setting {
            within: SPECIFIC,
            container: Some(false),
            ..base.clone()
        },
        Setting {
            owner: None,
            has_group: true,
            groups_known: true,
            ..base
        },
    ];
    let mut questions = Vec::new();
    for setting in settings {
        for one in shapes() {
            questions.push((setting.clone(), vec![one, Shape::allow(Who::Held)]));
            questions.push((setting.clone(), vec![Shape::deny(Who::Doubtful(1)), one]));
        }
        for dacl in [Dacl::Null, Dacl::Absent] {
            questions.push((
                Setting {
                    dacl,
                    ..setting.clone()
                },
                vec![],
            ));
        }
        questions.push((setting.clone(), vec![]));
    }
    let totals = questions.iter().fold((0, 0), |(count, ways), (setting, list)| {
        (count + 1, ways + compare(setting, list))
    });
    finish("bytes", start, totals, (650, 30_000));
}
