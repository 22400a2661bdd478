use super::{label::Label, options::Options};
use crate::{
    caller::{Caller, IntegrityLevel, Privileges},
    mask::AccessMask,
};

/// The rights that ownership and a DACL can grant to a caller below the integrity level of the object
/// ([\[MS-DTYP\] 2.5.3.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)); `None` if
/// integrity limits nothing.
///
/// Such a caller never writes, whether the label says `NW` or not. It reads unless the label says `NR`, and executes unless it says `NX`.
/// Without a mapping nobody knows which rights read, write or execute. Then a label leaves only rights that mean the same for every kind
/// of object, out of READ_CONTROL and SYNCHRONIZE (inferred).
#[inline]
pub(super) fn limit(caller: &Caller, label: &Label, options: &Options) -> Option<AccessMask> {
    if !caller.no_write_up() || caller.integrity() >= label.level {
        return None;
    }
    limit_below(caller, label, options)
}

/// The limit for a caller below the level of the object. The DACL must grant everything to an app container, which is at the level Low: so a
/// label up to Medium does not limit it ([AppContainer
/// isolation](https://learn.microsoft.com/windows/win32/secauthz/appcontainer-isolation); that this is so for every right is inferred).
#[cold]
fn limit_below(caller: &Caller, label: &Label, options: &Options) -> Option<AccessMask> {
    let contained = caller.app_container().is_some() && caller.integrity() >= IntegrityLevel::LOW;
    if contained && label.level <= IntegrityLevel::MEDIUM {
        return None;
    }
    let meaning = |generic| {
        options
            .mapping
            .as_ref()
            .map_or(AccessMask::empty(), |mapping| mapping.map(generic))
    };
    let forbidden = label.policy.union(Label::NO_WRITE_UP);
    let read = meaning(AccessMask::GENERIC_READ).union(AccessMask::READ_CONTROL);
    let execute = meaning(AccessMask::GENERIC_EXECUTE)
        .difference(meaning(AccessMask::GENERIC_READ))
        .union(AccessMask::SYNCHRONIZE);
    let write = meaning(AccessMask::GENERIC_WRITE)
        .union(AccessMask::DELETE)
        .union(AccessMask::WRITE_DAC)
        .union(AccessMask::WRITE_OWNER)
        .union(AccessMask::ACCESS_SYSTEM_SECURITY);
    let classes = [
        (Label::NO_READ_UP, read),
        (Label::NO_EXECUTE_UP, execute),
        (Label::NO_WRITE_UP, write),
    ];
    let rights = |closed: bool| {
        classes
            .into_iter()
            .filter(move |&(flag, _)| forbidden.contains(flag) == closed)
            .fold(AccessMask::empty(), |all, (_, rights)| all.union(rights))
    };
    let start = meaning(AccessMask::GENERIC_READ.union(AccessMask::GENERIC_EXECUTE))
        .union(AccessMask::READ_CONTROL)
        .union(AccessMask::SYNCHRONIZE);
    let relabel = if caller.privileges().contains(Privileges::RELABEL) {
        AccessMask::WRITE_OWNER
    } else {
        AccessMask::empty()
    };
    Some(start.difference(rights(true).difference(rights(false))).union(relabel))
}
