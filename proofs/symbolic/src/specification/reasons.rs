//! The reason why each right is missing, as the explanation names it.
//!
//! 1. In each pass, the first effect that decides about the right in every way is the reason: integrity, or the entry that denies it.
//! 2. If doubtful effects come into it, so that it is granted in some ways, it is uncertain.
//! 3. Otherwise no entry grants it; or, if the check ended before the last entry and nothing decided about it by then, it was not looked
//!    at.
//! 4. Of several passes that do not grant it, the most certain reason counts: integrity, then the earliest entry that denies, then that
//!    nothing grants it, then uncertainty, then that it was not looked at.

use super::{
    Request,
    effects::{Effect, Pass, effects},
    outcome,
};
use crate::{
    explorer::is_some,
    setting::{Setting, Shape},
    specification::rights::{and, rights},
};

/// Why a right is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    Integrity,
    /// The entry of this number denies it.
    Denied(usize),
    NotGranted,
    Uncertain,
    NotLookedAt,
}

/// The reason why this right, which is asked for, is missing; `None` if every pass grants it for certain.
pub fn missing(setting: &Setting, shapes: &[Shape], request: &Request, right: u32) -> Option<Missing> {
    let reasons = Pass::of(setting).into_iter().filter_map(|pass| {
        let all = effects(setting, shapes, 1, request, pass);
        let before = |entry| {
            all.iter()
                .position(|effect| effect.number >= Some(entry))
                .unwrap_or(all.len())
        };
        let end = (0..shapes.len()).map(before).find(|&end| request.is_lost(&all[..end]));
        reason(&all[..end.unwrap_or(all.len())], end.is_some(), right)
    });
    reasons.min()
}

fn reason(effects: &[Effect], ended: bool, right: u32) -> Option<Missing> {
    let is_about = |set: &_| is_some(&and(set, &rights(right)));
    let (granted, refused) = outcome(effects);
    if is_about(&granted.certain) {
        return None;
    }
    if is_about(&granted.possible) {
        return Some(Missing::Uncertain);
    }
    if is_about(&refused) {
        let deciding = effects
            .iter()
            .find(|effect| !effect.doubtful && !effect.allows && is_about(&effect.rights));
        return deciding.map(|effect| effect.number.map_or(Missing::Integrity, Missing::Denied));
    }
    Some(if ended {
        Missing::NotLookedAt
    } else {
        Missing::NotGranted
    })
}
