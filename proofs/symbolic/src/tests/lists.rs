//! Lists of entries.

use super::checked::{Explained, compare_all};
use crate::{
    GenericMapping,
    mask::AccessMask,
    setting::{Data, Kind, SPECIFIC, Setting, Shape, Who},
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
        let data = Data::ALL.into_iter().filter(|data| *data != Data::None);
        shapes.extend(data.map(|data| Shape::plain(kind, Held).with_data(data)));
        let doubtful = [
            Data::False,
            Data::Unknown,
            Data::Any,
            Data::TrueOrUnknown,
            Data::FalseOrUnknown,
            Data::Opaque,
        ];
        shapes.extend(doubtful.map(|data| Shape::plain(kind, Doubtful(9)).with_data(data)));
        shapes.push(Shape::plain(kind, Held).inheritable());
        shapes.push(Shape::plain(kind, Held).inheritable().inherit_only());
        shapes.push(Shape::plain(kind, DenyOnly).with_data(Data::Any));
        shapes.push(Shape::plain(kind, Held).with_property(7));
        shapes.push(Shape::plain(kind, Held).with_property(7).with_data(Data::Any));
        shapes.extend([Held, OwnerRights].map(|who| Shape::plain(kind, who).inherit_only()));
    }
    shapes
}

/// After these four entries, with the right masks, each right is in any of the states that a walk can put it into: whether it is open, may
/// have been granted, and may have been denied. (`four_entries_reach` in proofs/coq/Lists.v.)
const ANY_STATE: [Shape; 4] = [
    Shape::allow(Who::Doubtful(0)),
    Shape::deny(Who::Doubtful(1)),
    Shape::allow(Who::Held),
    Shape::deny(Who::Held),
];

/// In each state: one entry of any shape, and then nothing, or one more Allow. That this is enough for lists of any length is the theorem
/// `bounded_to_any_length` in proofs/coq/Lists.v. The mask of the entry has any rights, and the other masks those that can be asked for.
/// `others` are entries for other walks.
fn in_each_state(
    setting: &Setting,
    states: &[Shape],
    shapes: &[Shape],
    last: Shape,
    others: &[Shape],
) -> Vec<(Setting, Vec<Shape>, Explained)> {
    let setting = Setting {
        within: SPECIFIC,
        unlimited: Some(states.len() + 1),
        ..setting.clone()
    };
    let ends = [vec![], vec![last]];
    let lists = shapes
        .iter()
        .flat_map(|shape| ends.clone().map(|end| [states, &[*shape], &end, others].concat()));
    lists.map(|list| (setting.clone(), list, Explained::No)).collect()
}

/// The owner is granted READ_CONTROL and WRITE_DAC before any entry, so these two rights are in every state only if somebody else owns the
/// object.
#[test]
fn each_entry_in_each_state_of_a_check() {
    let questions = [Who::Held, Who::Stranger].into_iter().flat_map(|owner| {
        let setting = Setting {
            principal: Some(Who::Held),
            owner: Some(owner),
            ..Setting::default()
        };
        in_each_state(&setting, &ANY_STATE, &shapes(), Shape::allow(Who::Held), &[])
    });
    compare_all("in each state", questions, (340, 200_000));
}

/// The walk for the restricting SIDs, when the first walk has granted everything. No SID is doubtful there, but conditions are.
#[test]
fn each_entry_in_each_state_of_the_second_walk() {
    let whom = Who::Stranger;
    let setting = Setting {
        restricting: Some((vec![whom], false)),
        ..Setting::default()
    };
    let states = [
        Shape::allow(whom).with_data(Data::Any),
        Shape::deny(whom).with_data(Data::Any),
        Shape::allow(whom),
        Shape::deny(whom),
    ];
    let shapes: Vec<_> = shapes_for(whom).collect();
    let others = [Shape::allow(Who::Held).with_mask(EVERYTHING)];
    let questions = in_each_state(&setting, &states, &shapes, Shape::allow(whom), &others);
    compare_all("in each state of the second walk", questions, (100, 50_000));
}

/// The shapes of entries for the caller, for another account instead, and those for nobody in particular.
fn shapes_for(whom: Who) -> impl Iterator<Item = Shape> {
    let for_caller = |shape: &Shape| matches!(shape.who, Who::Held | Who::User | Who::OwnerRights);
    let instead = move |who| if who == Who::Held { whom } else { who };
    shapes().into_iter().filter(for_caller).map(move |shape| Shape {
        who: instead(shape.who),
        ..shape
    })
}

/// The walk for the app container, in which nothing is denied.
#[test]
fn each_entry_in_each_state_of_the_container() {
    let setting = Setting {
        container: Some(false),
        ..Setting::default()
    };
    let shapes: Vec<_> = shapes_for(Who::Package).collect();
    let questions = [EVERYTHING, 0x1].into_iter().flat_map(|first| {
        let package = Shape::allow(Who::Package);
        let states = [package.with_data(Data::Any), package];
        in_each_state(
            &setting,
            &states,
            &shapes,
            package,
            &[Shape::allow(Who::User).with_mask(first)],
        )
    });
    compare_all("in each state of the container", questions, (200, 20_000));
}

/// All rights that a DACL can grant.
const EVERYTHING: u32 = 0x0cff_ffff;

#[test]
fn every_owner() {
    let owners = [
        Who::User,
        Who::Held,
        Who::DenyOnly,
        Who::Stranger,
        Who::Doubtful(5),
        Who::PrincipalSelf,
        Who::Package,
    ];
    let lists = [
        vec![],
        vec![Shape::deny(Who::Held)],
        vec![Shape::allow(Who::OwnerRights)],
        vec![Shape::deny(Who::OwnerRights).inherit_only()],
        vec![Shape::plain(Kind::Unknown, Who::Held)],
        vec![Shape::allow(Who::OwnerRights).with_mask(0)],
    ];
    let mut questions = Vec::new();
    for (owner, number) in owners
        .into_iter()
        .flat_map(|owner| (0..8_u32).map(move |number| (owner, number)))
    {
        let bit = |place: u32| number >> place & 1 == 1;
        let setting = Setting {
            owner: Some(owner),
            groups_known: bit(0),
            user_deny_only: bit(1),
            restricting: bit(2).then(|| (vec![Who::Held, Who::DenyOnly], false)),
            ..Setting::default()
        };
        questions.extend(lists.iter().map(|list| (setting.clone(), list.clone(), Explained::Yes)));
    }
    compare_all("owners", questions, (300, 1_500));
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
    compare_all(name, questions, (7_500 * owners.len(), 100_000));
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
    let shapes = shapes()
        .into_iter()
        .filter(|shape| matches!(shape.data, Data::None | Data::Any) && !shape.inherit_only);
    let questions = shapes.map(|shape| (setting.clone(), vec![shape], Explained::No));
    compare_all("every mapping", questions, (30, 100_000));
}
