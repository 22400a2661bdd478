//! The rights on a file that exists: those of its own descriptor, and those that its parent grants
//! ([MS-FSA] 2.1.5.1.2.1).

use super::{
    explanation::{LayerRule, LayerStep},
    file::FileAccess,
    join::{Join, Outcome, can_be_mended},
    observer::Observer,
};
use crate::{
    check::{Decision, Denial, DenialReason, Descriptor, Request},
    mask::AccessMask,
};

/// The rights that a file can grant.
pub(super) const FILE_RIGHTS: AccessMask = AccessMask::FILE_ALL_ACCESS.union(AccessMask::ACCESS_SYSTEM_SECURITY);

/// The rights that the read-only attribute keeps out of the maximum.
const READ_ONLY_CLEARS: AccessMask = AccessMask::FILE_WRITE_DATA
    .union(AccessMask::FILE_APPEND_DATA)
    .union(AccessMask::FILE_DELETE_CHILD);

/// The rights on a file that its parent can grant, and the rights on the parent that they come from.
const FROM_PARENT: [(AccessMask, AccessMask); 2] = [
    (AccessMask::DELETE, AccessMask::FILE_DELETE_CHILD),
    (AccessMask::FILE_READ_ATTRIBUTES, AccessMask::FILE_LIST_DIRECTORY),
];

/// The rights that the parent grants.
#[derive(Clone, Copy, Debug, Default)]
struct ParentRights {
    certain: AccessMask,
    /// Those that depend on unknown facts.
    possible: AccessMask,
}

/// Joins the rights on the file. The error is a refusal that no unknown fact can change.
pub(super) fn own_rights<D: Descriptor>(
    access: &FileAccess<'_>,
    needs: Request,
    descriptor: &D,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    if needs.maximum {
        maximum(access, needs.explicit, descriptor, join, observer)
    } else {
        named(access, needs.explicit, descriptor, join, observer)
    }
}

/// Joins the rights that were named.
fn named<D: Descriptor>(
    access: &FileAccess<'_>,
    needs: AccessMask,
    descriptor: &D,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    let all = AccessMask::empty();
    let Decision::Denied(mut denial) = observer.ask("file", &access.with_intent(needs), descriptor) else {
        join.limit(needs, all);
        return Ok(());
    };
    let mut step = observer.last();
    if !can_be_mended(denial.reason) {
        return join.denied(&denial, all, step);
    }
    let parent = parent_rights(access, needs, observer);
    let rest = needs.difference(parent.certain);
    if rest.is_empty() {
        join.limit(needs, all);
        return Ok(());
    }
    if rest != needs {
        match observer.ask("file", &access.with_intent(rest), descriptor) {
            Decision::Allowed { .. } => {
                join.limit(needs, all);
                return Ok(());
            }
            Decision::Denied(second) => denial = second,
        }
        step = observer.last();
    }
    let doubtful = denial.reason == DenialReason::Undetermined || !parent.possible.is_empty();
    let reason = if doubtful && can_become(access, rest, parent, descriptor) {
        DenialReason::Undetermined
    } else {
        for_certain(denial.reason)
    };
    let denial = Denial {
        granted_before_denial: denial.granted_before_denial.union(parent.certain),
        reason,
        ..denial
    };
    join.denied(&denial, all, step)
}

/// Joins the maximum, which must have the rights in `explicit`.
fn maximum<D: Descriptor>(
    access: &FileAccess<'_>,
    explicit: AccessMask,
    descriptor: &D,
    join: &mut Join,
    observer: &mut impl Observer,
) -> Result<(), Outcome> {
    let all = AccessMask::empty();
    let security = explicit.intersection(AccessMask::ACCESS_SYSTEM_SECURITY);
    let question = access.with_intent(AccessMask::MAXIMUM_ALLOWED.union(security));
    let decision = observer.ask("file", &question, descriptor);
    let mut step = observer.last();
    if let Decision::Denied(denial) = decision
        && !can_be_mended(denial.reason)
    {
        return join.denied(&denial, all, step);
    }
    let own = decision.granted().intersection(FILE_RIGHTS);
    let parent = parent_rights(access, own.complement(), observer);
    let mut total = own.union(parent.certain);
    if access.read_only {
        let bits = total.intersection(READ_ONLY_CLEARS);
        if !bits.is_empty() {
            observer.saw(|| LayerStep::ReadOnlyCleared { bits });
        }
        total = total.difference(READ_ONLY_CLEARS);
        let cleared = explicit.intersection(READ_ONLY_CLEARS);
        if !cleared.is_empty() {
            return Err(join.refuse(observer, LayerRule::ReadOnly, cleared));
        }
    }
    let mut missing = explicit.difference(total);
    let mut denied = decision.denial().copied();
    if !missing.is_empty() {
        // A right that is named may come from a privilege that adds nothing to the maximum.
        let decision = observer.ask("file", &access.with_intent(missing), descriptor);
        step = observer.last();
        denied = decision.denial().copied();
        total = total.union(decision.granted());
        missing = missing.difference(decision.granted());
    }
    join.limit(total, all);
    let Some(denial) = denied.filter(|_| !missing.is_empty() || total.is_empty()) else {
        return Ok(());
    };
    let can_change = if missing.is_empty() {
        denial.reason == DenialReason::Undetermined || !parent.possible.is_empty()
    } else {
        can_become(access, missing, parent, descriptor)
    };
    if can_change {
        join.doubt(step);
        return Ok(());
    }
    Err(join.refusal(for_certain(denial.reason), step))
}

/// The reason of a refusal that no unknown fact can change.
fn for_certain(reason: DenialReason) -> DenialReason {
    if reason == DenialReason::Undetermined {
        DenialReason::NotGranted
    } else {
        reason
    }
}

/// Asks the parent for the rights in `wanted` that it can grant.
fn parent_rights(access: &FileAccess<'_>, wanted: AccessMask, observer: &mut impl Observer) -> ParentRights {
    let mut rights = ParentRights::default();
    let Some(parent) = access.parent else {
        return rights;
    };
    for (bits, by) in FROM_PARENT {
        if !wanted.contains(bits) {
            continue;
        }
        match observer.ask("parent directory", &access.without_intent(by), parent) {
            Decision::Allowed { .. } => {
                observer.saw(|| LayerStep::ParentGranted { bits, by });
                rights.certain = rights.certain.union(bits);
            }
            Decision::Denied(denial) if denial.reason == DenialReason::Undetermined => {
                rights.possible = rights.possible.union(bits);
            }
            Decision::Denied(_) => {}
        }
    }
    rights
}

/// Whether unknown facts may grant each of these rights.
fn can_become<D: Descriptor>(
    access: &FileAccess<'_>,
    rights: AccessMask,
    parent: ParentRights,
    descriptor: &D,
) -> bool {
    let mut open = rights.difference(parent.certain.union(parent.possible)).single_rights();
    open.all(|right| {
        let decision = access.with_intent(right).check(descriptor);
        decision.is_allowed() || decision.is_undetermined()
    })
}
