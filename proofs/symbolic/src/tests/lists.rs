//! Lists of entries.

use super::checked::{Explained, compare_all};
use crate::{
    GenericMapping,
    mask::AccessMask,
    setting::{Data, Kind, Setting, Shape, Who},
};

/// An entry of each shape that a check without an object tree and an app container tells apart.
pub fn shapes() -> Vec<Shape> {
    let mut shapes = vec![
        Shape::plain(Kind::Compound, Who::Held),
        Shape::plain(Kind::Unknown, Who::Held),
        Shape::plain(Kind::Unknown, Who::Held).inherit_only(),
        Shape::plain(Kind::Audit, Who::Held),
        Shape::plain(Kind::Audit, Who::OwnerRights),
    ];
    for kind in [Kind::Allow, Kind::Deny] {
        use Who::{CreatorGroup, CreatorOwner, DenyOnly, Doubtful, Held, OwnerRights, PrincipalSelf, Stranger, User};
        let whom = [
            User,
            Held,
            DenyOnly,
            Stranger,
            Doubtful(9),
            OwnerRights,
            CreatorOwner,
            CreatorGroup,
            PrincipalSelf,
        ];
        shapes.extend(whom.map(|who| Shape::plain(kind, who)));
        for who in [Held, Doubtful(9)] {
            let data = Data::ALL.into_iter().filter(|data| *data != Data::None);
            shapes.extend(data.map(|data| Shape::plain(kind, who).with_data(data)));
        }
        shapes.push(Shape::plain(kind, DenyOnly).with_data(Data::Any));
        shapes.push(Shape::plain(kind, Held).with_property(7));
        shapes.push(Shape::plain(kind, Held).with_property(7).with_data(Data::Any));
        shapes.extend([Held, OwnerRights].map(|who| Shape::plain(kind, who).inherit_only()));
    }
    shapes
}

/// After these four entries, with the right masks, each right is in any state that a check can have put it into.
const ANY_STATE: [Shape; 4] = [
    Shape::allow(Who::Doubtful(0)),
    Shape::deny(Who::Doubtful(1)),
    Shape::allow(Who::Held),
    Shape::deny(Who::Held),
];

#[test]
fn each_entry_in_each_state_of_a_check() {
    let setting = Setting {
        principal: Some(Who::Held),
        owner: Some(Who::Held),
        specific: true,
        ..Setting::default()
    };
    // The effect of an entry on the state shows in the answer, or in the answer after one more Allow.
    let ends = [vec![], vec![Shape::allow(Who::Held)]];
    let lists = shapes()
        .into_iter()
        .flat_map(|shape| ends.clone().map(|end| [&ANY_STATE[..], &[shape], &end].concat()));
    compare_all(
        "in each state",
        lists.map(|list| (setting.clone(), list, Explained::No)),
        (150, 50_000),
    );
}

fn pairs() -> impl Iterator<Item = Vec<Shape>> {
    let pairs = shapes()
        .into_iter()
        .flat_map(|one| shapes().into_iter().map(move |other| vec![one, other]));
    let single = shapes().into_iter().map(|one| vec![one]);
    [vec![]].into_iter().chain(single).chain(pairs)
}

fn compare_pairs(name: &str, owners: &[Option<Who>], base: &Setting, explained: Explained) {
    let questions = owners.iter().flat_map(|owner| {
        let setting = Setting {
            owner: *owner,
            ..base.clone()
        };
        pairs().map(move |list| (setting.clone(), list, explained))
    });
    compare_all(name, questions, (6_000 * owners.len(), 100_000));
}

#[test]
fn up_to_two_entries_of_nobody() {
    let base = Setting {
        principal: Some(Who::Doubtful(6)),
        ..Setting::default()
    };
    compare_pairs(
        "two entries, no owner",
        &[None, Some(Who::DenyOnly)],
        &base,
        Explained::No,
    );
}

#[test]
fn up_to_two_entries_of_the_owner() {
    let base = Setting {
        principal: Some(Who::Doubtful(6)),
        ..Setting::default()
    };
    compare_pairs("two entries, owner", &[Some(Who::User)], &base, Explained::Yes);
}

#[test]
fn up_to_two_entries_of_a_doubtful_owner() {
    let base = Setting {
        principal: Some(Who::Held),
        user_deny_only: true,
        ..Setting::default()
    };
    compare_pairs(
        "two entries, doubtful owner",
        &[Some(Who::Doubtful(5))],
        &base,
        Explained::No,
    );
}

#[test]
fn up_to_two_entries_for_a_known_caller() {
    let base = Setting {
        groups_known: true,
        ..Setting::default()
    };
    compare_pairs(
        "two entries, known caller",
        &[Some(Who::Held), Some(Who::Doubtful(5))],
        &base,
        Explained::No,
    );
}

/// The four masks of the mapping are unknown, too.
#[test]
fn one_entry_with_every_mapping() {
    let [read, write, execute, all] = [2, 3, 4, 5].map(AccessMask::unknown);
    let mut setting = Setting {
        owner: Some(Who::Held),
        principal: Some(Who::Held),
        ..Setting::default()
    };
    setting.options.mapping = Some(GenericMapping::new(read, write, execute, all));
    let questions = shapes()
        .into_iter()
        .map(|shape| (setting.clone(), vec![shape], Explained::No));
    compare_all("every mapping", questions, (60, 100_000));
}
