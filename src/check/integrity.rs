use super::{options::Options, sacl::Label};
use crate::{
    caller::{Caller, IntegrityLevel, Privileges},
    mask::AccessMask,
};

/// The policy of a mandatory label: what a caller that does not dominate it may not do ([MS-DTYP] 2.4.4.13).
const NO_WRITE_UP: AccessMask = AccessMask::from_bits_retain(1);
const NO_READ_UP: AccessMask = AccessMask::from_bits_retain(2);
const NO_EXECUTE_UP: AccessMask = AccessMask::from_bits_retain(4);

/// The rights that ownership and a DACL can grant a caller that the object's label dominates ([MS-DTYP] 2.5.3.3); `None` if the
/// caller's integrity limits nothing.
///
/// By the letter of [MS-DTYP] such a caller never writes; by what Windows was observed to do, it writes unless the label says NW. This
/// crate follows the latter (inferred). Without a mapping nobody knows what reading, writing and executing are, so that of a label with
/// a policy only what READ_CONTROL and SYNCHRONIZE are to every kind of object remains (inferred).
#[inline]
pub(super) fn limit(caller: &Caller, label: &Label, options: &Options) -> Option<AccessMask> {
    if !caller.no_write_up() || caller.integrity() >= label.level {
        return None;
    }
    limit_below(caller, label, options)
}

/// As [`limit`], for a caller that its integrity limits.
#[cold]
fn limit_below(caller: &Caller, label: &Label, options: &Options) -> Option<AccessMask> {
    let meaning = |generic| {
        options
            .mapping
            .as_ref()
            .map_or(AccessMask::empty(), |mapping| mapping.map(generic))
    };
    let policy = label.policy.intersection(NO_WRITE_UP | NO_READ_UP | NO_EXECUTE_UP);
    let all = meaning(AccessMask::GENERIC_ALL);
    if policy.is_empty() {
        return options.mapping.is_some().then_some(all);
    }
    let read = meaning(AccessMask::GENERIC_READ).union(AccessMask::READ_CONTROL);
    let execute = meaning(AccessMask::GENERIC_EXECUTE)
        .difference(meaning(AccessMask::GENERIC_READ))
        .union(AccessMask::SYNCHRONIZE);
    let write = meaning(AccessMask::GENERIC_WRITE)
        .union(AccessMask::DELETE)
        .union(AccessMask::WRITE_DAC)
        .union(AccessMask::WRITE_OWNER)
        .union(AccessMask::ACCESS_SYSTEM_SECURITY);
    let classes = [(NO_READ_UP, read), (NO_EXECUTE_UP, execute), (NO_WRITE_UP, write)];
    let sets = |closed: bool| {
        classes
            .into_iter()
            .filter(move |&(flag, _)| policy.contains(flag) == closed)
            .fold(AccessMask::empty(), |sets, (_, set)| sets.union(set))
    };
    let start = meaning(AccessMask::GENERIC_READ)
        .union(meaning(AccessMask::GENERIC_EXECUTE))
        .union(AccessMask::READ_CONTROL)
        .union(AccessMask::SYNCHRONIZE)
        .union(if policy.contains(NO_WRITE_UP) {
            AccessMask::empty()
        } else {
            all
        });
    let relabel = if caller.privileges().contains(Privileges::RELABEL) {
        AccessMask::WRITE_OWNER
    } else {
        AccessMask::empty()
    };
    Some(start.difference(sets(true).difference(sets(false))).union(relabel))
}

impl Label {
    /// The label of an object that says nothing of its integrity.
    pub(super) const DEFAULT: Self = Self {
        level: IntegrityLevel::MEDIUM,
        policy: NO_WRITE_UP,
        index: None,
    };
}
