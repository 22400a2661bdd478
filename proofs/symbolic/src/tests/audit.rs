//! The entries of the SACL that ask to record the decision.

use super::checked::{are_equal, finish};
use crate::{
    GenericMapping,
    explorer::each_way,
    setting::{Audit, Data, Kind, SPECIFIC, Setting, Shape, Who},
    specification::{Request, answer, recorded},
};
use std::time::Instant;

fn audits() -> Vec<Audit> {
    use Who::{
        CreatorOwner, DenyOnly, Doubtful, GroupCapability, Held, OwnerRights, Package, PrincipalSelf, Stranger, User,
    };
    let whom = [
        User,
        Held,
        DenyOnly,
        Stranger,
        Doubtful(9),
        OwnerRights,
        CreatorOwner,
        PrincipalSelf,
        Package,
        GroupCapability,
    ];
    let mut shapes: Vec<_> = whom.map(|who| Shape::plain(Kind::Audit, who)).to_vec();
    shapes.extend(Data::ALL.map(|data| Shape::plain(Kind::Audit, Held).with_data(data)));
    shapes.push(Shape::plain(Kind::Audit, Held).with_property(7));
    shapes.push(Shape::plain(Kind::Audit, Held).with_property(7).with_data(Data::Any));
    shapes.push(Shape::plain(Kind::Audit, Held).inherit_only());
    shapes.push(Shape::allow(Held));
    shapes.push(Shape::plain(Kind::Compound, Held));
    let flags = [(true, false), (false, true), (true, true), (false, false)];
    shapes
        .iter()
        .flat_map(|&shape| {
            flags.map(|(successes, failures)| Audit {
                shape,
                successes,
                failures,
            })
        })
        .collect()
}

fn compare(setting: &Setting, shapes: &[Shape]) -> usize {
    let (descriptor, caller, desired) = (setting.descriptor(shapes), setting.caller(), setting.desired());
    let question = setting.question(&caller);
    let others = descriptor.sacl.aces().len() - setting.audits.len();
    each_way(|| {
        let decision = question.check(&descriptor);
        let expected = answer(setting, shapes, desired.tables());
        let request = Request::of(setting, desired.tables());
        let expected = recorded(setting, shapes.len() + 1, &request, &expected);
        let found: Vec<_> = question.audit(&descriptor, &decision).collect();
        let agrees = found.len() == expected.len()
            && found
                .iter()
                .zip(&expected)
                .all(|(found, (number, rights))| found.index == others + number && are_equal(&found.bits, rights));
        assert!(
            agrees,
            "{setting:?} {shapes:?}: {found:?}, but {} are specified",
            expected.len()
        );
    })
}

#[test]
fn audits_record_what_they_ask_for() {
    let start = Instant::now();
    let base = Setting {
        owner: Some(Who::Doubtful(5)),
        principal: Some(Who::Held),
        ..Setting::default()
    };
    let mut settings = vec![
        base.clone(),
        Setting {
            groups_known: true,
            owner: Some(Who::Held),
            within: SPECIFIC,
            ..base.clone()
        },
        Setting {
            container: Some(false),
            owner: None,
            principal: None,
            within: SPECIFIC,
            ..base.clone()
        },
    ];
    settings.push(Setting {
        options: base.options.with_mapping(GenericMapping::FILE),
        within: 0x8002_0003,
        ..base
    });
    let questions = settings.into_iter().flat_map(|setting| {
        audits().into_iter().map(move |audit| Setting {
            audits: vec![audit],
            ..setting.clone()
        })
    });
    let list = [Shape::allow(Who::Held)];
    let mut totals = questions.fold((0, 0), |(count, ways), setting| {
        (count + 1, ways + compare(&setting, &list))
    });
    let two = [
        Shape::plain(Kind::Audit, Who::Held),
        Shape::plain(Kind::Audit, Who::DenyOnly),
    ];
    let audits = two
        .map(|shape| Audit {
            shape,
            successes: true,
            failures: true,
        })
        .to_vec();
    totals.1 += compare(
        &Setting {
            audits,
            within: SPECIFIC,
            ..Setting::default()
        },
        &list,
    );
    totals.0 += 1;
    finish("audit", start, totals, (400, 4_000));
}
