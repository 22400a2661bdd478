//! The required answers of a check, right by right, from the documents: [MS-DTYP] 2.5.3.2 and 2.5.3.3, and `docs/inferred.md` for the
//! rules that no document has.
//!
//! 1. A request is refused before any list is looked at if it asks for nothing, for a generic right without a mapping, or for
//!    ACCESS_SYSTEM_SECURITY without a privilege; or if the options refuse the descriptor, or its SACL limits access in a way that nobody
//!    evaluates ([`refusal`]).
//! 2. Otherwise some rules and entries have an effect: each grants some rights, or denies them ([`effects`]).
//! 3. The first effect on a right decides about it. A right without an effect is not granted ([`first`]).
//! 4. An effect is doubtful if it depends on an unknown fact. A right is granted for certain if it is granted whichever doubtful effects
//!    happen, and it is possible if it is granted for some of these ways ([`outcome`]).
//! 5. A restricted caller needs each right in a second pass for its restricting SIDs, and a caller in an app container in one for the
//!    container: only what every pass grants is granted ([`grants`]).
//! 6. The request is allowed if every right that is asked for is granted for certain, and at least one right is. It is undetermined if that
//!    is merely possible ([`Request::answer`]).
//! 7. A check for rights by name ends before the first entry at which one of them is certainly refused. What is granted by then is for the
//!    log ([`Request::is_lost`]).

mod audit;
mod central;
mod effects;
mod integrity;
mod layers;
mod reasons;
mod rights;
mod tree;

pub use audit::recorded;
pub use central::{answer_under_policy, staged_answer};
pub use effects::Pass;
pub use layers::{Layer, answer_of_all};
pub use reasons::{Missing, missing};
pub use rights::{ACCESS_SYSTEM_SECURITY, EVERY, GENERIC, MAXIMUM_ALLOWED, and, has, less, map, or, rights};
pub use tree::answers;

use crate::{
    AceType,
    check::{DenialReason, Unprotected},
    explorer::{Table, Tables, WIDTH, is_some},
    setting::{Dacl, Setting, Shape},
};
use effects::{Effect, effects, privileged};

/// The rights that are asked for.
#[derive(Clone, Copy)]
pub struct Request {
    /// The rights by name, generic ones mapped.
    pub explicit: Tables,
    /// Whether MAXIMUM_ALLOWED is among them: all rights that can be granted.
    pub maximum: bool,
}

/// Rights that are granted.
#[derive(Clone, Copy)]
pub struct Grants {
    pub certain: Tables,
    /// Those that are certain, and those that are granted if unknown facts turn out so.
    pub possible: Tables,
}

/// The required answer of a check.
pub struct Answer {
    /// `None` if the access is allowed.
    pub reason: Option<DenialReason>,
    pub granted: Tables,
    /// The rights by name that are not granted.
    pub missing: Tables,
}

/// The answer about an object with these entries, with the unknown masks of their numbers.
pub fn answer(setting: &Setting, shapes: &[Shape], desired: &Tables) -> Answer {
    answer_from(setting, shapes, 1, desired)
}

/// The answer about an object whose entries have the unknown masks from `first` on.
pub fn answer_from(setting: &Setting, shapes: &[Shape], first: usize, desired: &Tables) -> Answer {
    let request = Request::of(setting, desired);
    match refusal(setting, &request) {
        Some(reason) => request.refused(reason),
        None => request.answer(&grants(setting, shapes, first, &request)),
    }
}

/// Rule 1. The reasons are looked for in this order.
pub fn refusal(setting: &Setting, request: &Request) -> Option<DenialReason> {
    let options = &setting.options;
    let (owner, group) = (setting.owner.is_some(), setting.has_group);
    if options.require_owner && !owner || options.require_group && !group {
        return Some(match (options.require_owner, options.require_group) {
            (true, true) => DenialReason::OwnerOrGroupMissing,
            (true, false) => DenialReason::OwnerMissing,
            _ => DenialReason::GroupMissing,
        });
    }
    if has(&request.explicit, GENERIC) {
        return Some(DenialReason::GenericNotMapped);
    }
    if !request.maximum && !is_some(&request.explicit) {
        return Some(DenialReason::NothingAsked);
    }
    if options.unprotected == Unprotected::Refuse && setting.dacl != Dacl::Present {
        return Some(DenialReason::Unprotected);
    }
    let limits = |ace_type| match ace_type {
        AceType::ScopedPolicy | AceType::ProcessTrustLabel | AceType::AccessFilter => !options.skip_system_policies,
        AceType::Unknown(_) => !options.skip_unknown_types,
        _ => false,
    };
    if setting
        .system
        .iter()
        .any(|entry| !entry.inherit_only && limits(entry.ace_type))
    {
        return Some(DenialReason::SystemPolicyNotEvaluated);
    }
    let system_security = and(&request.explicit, &rights(ACCESS_SYSTEM_SECURITY));
    is_some(&less(&system_security, &privileged(setting, request))).then_some(DenialReason::PrivilegeNotHeld)
}

/// Rule 5. The entries have the unknown masks from `first` on.
pub fn grants(setting: &Setting, shapes: &[Shape], first: usize, request: &Request) -> Grants {
    Pass::of(setting).into_iter().fold(Grants::ALL, |all, pass| {
        let effects = effects(setting, shapes, first, request, pass);
        let end = (0..=effects.len()).find(|&end| {
            let begins_entry = effects.get(end).is_some_and(|effect| effect.is_entry);
            end == effects.len() || begins_entry && request.is_lost(&effects[..end])
        });
        let (granted, _) = outcome(&effects[..end.unwrap_or(0)]);
        all.and(&granted.only(&request.wanted()))
    })
}

/// Rule 4: the rights that are granted, and those that are refused in every way.
fn outcome(effects: &[Effect]) -> (Grants, Tables) {
    let doubts = effects.iter().filter(|effect| effect.doubtful).count();
    let mut grants = Grants {
        certain: rights(EVERY),
        possible: rights(0),
    };
    let mut refused = rights(EVERY);
    for place in 0..WIDTH {
        if is_like_the_bit_before(effects, place) {
            grants.certain[place] = grants.certain[place - 1];
            grants.possible[place] = grants.possible[place - 1];
            refused[place] = refused[place - 1];
            continue;
        }
        for way in 0..1_u32 << doubts {
            let (granted, denied) = first(effects, way, place);
            grants.certain[place].0 &= granted;
            grants.possible[place].0 |= granted;
            refused[place].0 &= denied;
        }
    }
    (grants, refused)
}

/// Whether all effects do to the right at this bit what they do to the right at the bit before.
fn is_like_the_bit_before(effects: &[Effect], place: usize) -> bool {
    place > 0
        && effects
            .iter()
            .all(|effect| effect.rights[place] == effect.rights[place - 1])
}

/// Rule 3: the rows in which the right at this bit is granted, and those in which it is denied. Bit n of `way` says whether the doubtful
/// effect n happens.
fn first(effects: &[Effect], way: u32, place: usize) -> (u128, u128) {
    let (mut granted, mut denied, mut doubt) = (0, 0, 0);
    for effect in effects {
        if effect.doubtful {
            doubt += 1;
            if way >> (doubt - 1) & 1 == 0 {
                continue;
            }
        }
        let Table(about) = effect.rights[place];
        let open = about & !granted & !denied;
        if effect.allows {
            granted |= open;
        } else {
            denied |= open;
        }
    }
    (granted, denied)
}

impl Request {
    pub fn of(setting: &Setting, desired: &Tables) -> Self {
        let mapped = map(desired, setting.options.mapping.as_ref());
        Self {
            explicit: less(&mapped, &rights(MAXIMUM_ALLOWED)),
            maximum: has(&mapped, MAXIMUM_ALLOWED),
        }
    }

    /// The rights that the check looks for. The maximum is all rights but the generic ones, which are mapped, and ACCESS_SYSTEM_SECURITY,
    /// which only a request by name grants.
    pub fn wanted(&self) -> Tables {
        let grantable = rights(!(GENERIC | MAXIMUM_ALLOWED | ACCESS_SYSTEM_SECURITY));
        if self.maximum {
            or(&grantable, &self.explicit)
        } else {
            self.explicit
        }
    }

    /// Rule 7.
    fn is_lost(&self, effects: &[Effect]) -> bool {
        let (_, refused) = outcome(effects);
        !self.maximum && is_some(&and(&self.explicit, &refused))
    }

    /// Rule 6.
    pub fn answer(&self, grants: &Grants) -> Answer {
        let satisfied = |granted: &Tables| !is_some(&less(&self.explicit, granted)) && is_some(granted);
        let reason = if satisfied(&grants.certain) {
            None
        } else if satisfied(&grants.possible) {
            Some(DenialReason::Undetermined)
        } else {
            Some(DenialReason::NotGranted)
        };
        Answer {
            reason,
            granted: grants.certain,
            missing: less(&self.explicit, &grants.certain),
        }
    }

    pub fn refused(&self, reason: DenialReason) -> Answer {
        Answer {
            reason: Some(reason),
            granted: rights(0),
            missing: self.explicit,
        }
    }
}

impl Grants {
    pub const ALL: Self = Self {
        certain: [Table::ALWAYS; WIDTH],
        possible: [Table::ALWAYS; WIDTH],
    };

    /// The rights that both grant.
    pub fn and(&self, other: &Self) -> Self {
        Self {
            certain: and(&self.certain, &other.certain),
            possible: and(&self.possible, &other.possible),
        }
    }

    pub fn only(&self, wanted: &Tables) -> Self {
        self.and(&Self {
            certain: *wanted,
            possible: *wanted,
        })
    }
}
