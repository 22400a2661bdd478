//! The parts of an object ([MS-DTYP] 2.5.3.2 with an object type list, [MS-ADTS] 5.1.3.3.3).
//!
//! 1. Each part of the tree has the rules of an object of its own. An entry with a GUID is about the part with that GUID and all parts
//!    below it.
//! 2. After each entry about a part, and from there upwards: a part is denied the undecided rights that any part directly below it is
//!    denied, and is granted the undecided rights that all parts directly below it are granted.
//! 3. The answer about all parts together is that about the rights that every part is granted.
//! 4. A rule of a central policy is about the whole object (inferred).

use super::{
    Answer, Grants, Request,
    central::limited_by_rules,
    effects::{Effect, Pass, effects},
    is_like_the_bit_before, refusal,
    rights::{EVERY, rights},
};
use crate::{
    explorer::{Tables, WIDTH},
    setting::{Setting, Shape},
};

/// The answer about all parts together, and about each one.
pub fn answers(setting: &Setting, shapes: &[Shape], desired: &Tables) -> (Answer, Vec<Answer>) {
    let tree = setting.tree.as_deref().unwrap_or_default();
    let request = Request::of(setting, desired);
    if let Some(reason) = refusal(setting, &request) {
        return (
            request.refused(reason),
            tree.iter().map(|_| request.refused(reason)).collect(),
        );
    }
    let mut parts = vec![Grants::ALL; tree.len()];
    for pass in Pass::of(setting) {
        let effects = effects(setting, shapes, 1, &request, pass);
        for (all, granted) in parts.iter_mut().zip(outcome(tree, &effects)) {
            *all = all.and(&granted.only(&request.wanted()));
        }
    }
    let overall = parts.iter().fold(Grants::ALL, |all, part| all.and(part));
    if setting.policy.is_some() {
        let whole = Setting {
            tree: None,
            ..setting.clone()
        };
        let under_policy = |object| limited_by_rules(&whole, shapes.len() + 1, &request, object);
        return (under_policy(&overall), parts.iter().map(under_policy).collect());
    }
    (
        request.answer(&overall),
        parts.iter().map(|part| request.answer(part)).collect(),
    )
}

/// The rights that each part is granted, over every way in which the doubtful effects can turn out.
fn outcome(tree: &[(u16, u128)], effects: &[Effect]) -> Vec<Grants> {
    let doubts = effects.iter().filter(|effect| effect.doubtful).count();
    let (certain, possible) = (rights(EVERY), rights(0));
    let mut parts = vec![Grants { certain, possible }; tree.len()];
    for place in 0..WIDTH {
        if is_like_the_bit_before(effects, place) {
            for part in &mut parts {
                part.certain[place] = part.certain[place - 1];
                part.possible[place] = part.possible[place - 1];
            }
            continue;
        }
        for way in 0..1_u32 << doubts {
            for (part, decided) in parts.iter_mut().zip(walk(tree, effects, way, place)) {
                part.certain[place].0 &= decided.granted;
                part.possible[place].0 |= decided.granted;
            }
        }
    }
    parts
}

/// The rows in which a right is granted to a part, and those in which it is denied.
#[derive(Clone, Copy, Default)]
struct Decided {
    granted: u128,
    denied: u128,
}

impl Decided {
    fn grant(&mut self, rows: u128) {
        self.granted |= rows & !self.denied;
    }

    fn deny(&mut self, rows: u128) {
        self.denied |= rows & !self.granted;
    }
}

/// One walk over the effects, for the right at this bit. Bit n of `way` says whether the doubtful effect n happens.
fn walk(tree: &[(u16, u128)], effects: &[Effect], way: u32, place: usize) -> Vec<Decided> {
    let mut parts = vec![Decided::default(); tree.len()];
    let mut doubt = 0;
    for effect in effects {
        doubt += u32::from(effect.doubtful);
        if effect.doubtful && way >> (doubt - 1) & 1 == 0 {
            continue;
        }
        let start = tree
            .iter()
            .position(|node| effect.part.is_none_or(|part| node.1 == part))
            .unwrap_or(0);
        for number in (start..tree.len()).filter(|&number| is_in(tree, number, start)) {
            let rows = effect.rights[place].0;
            if effect.allows {
                parts[number].grant(rows);
            } else {
                parts[number].deny(rows);
            }
        }
        let mut below = start;
        while let Some(parent) = parent(tree, below) {
            let children = (0..tree.len()).filter(|&child| self::parent(tree, child) == Some(parent));
            let states = children.map(|child| parts[child]);
            let all = states.fold(
                Decided {
                    granted: u128::MAX,
                    denied: 0,
                },
                |all, one| Decided {
                    granted: all.granted & one.granted,
                    denied: all.denied | one.denied,
                },
            );
            parts[parent].deny(all.denied);
            parts[parent].grant(all.granted);
            below = parent;
        }
    }
    parts
}

/// The part directly above: the last one before this one that is one level higher.
fn parent(tree: &[(u16, u128)], number: usize) -> Option<usize> {
    let (level, _) = tree[number];
    tree[..number].iter().rposition(|node| node.0 + 1 == level)
}

/// Whether a part is this one or below it.
fn is_in(tree: &[(u16, u128)], mut number: usize, top: usize) -> bool {
    while number != top {
        match parent(tree, number) {
            Some(above) => number = above,
            None => return false,
        }
    }
    true
}
