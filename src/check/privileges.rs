use super::{options::Options, request::Request};
use crate::{
    caller::{Caller, Privileges},
    mask::AccessMask,
};

/// What those who back up are granted: all that reads a file, and the SACL ([MS-FSA] 2.1.5.1; inferred in detail).
const BACKUP: AccessMask = AccessMask::from_bits_retain(0x0112_00a9);

/// What those who restore are granted: all that writes a file, its descriptor, and the SACL ([MS-FSA] 2.1.5.1; inferred in detail).
const RESTORE: AccessMask = AccessMask::from_bits_retain(0x011f_0116);

/// What each privilege of the caller grants of what is wanted, whatever the DACL and the integrity say.
pub(super) fn grants(
    request: Request,
    caller: &Caller,
    options: &Options,
) -> impl Iterator<Item = (Privileges, AccessMask)> {
    let rows = [
        (Privileges::SECURITY, AccessMask::ACCESS_SYSTEM_SECURITY, true),
        (Privileges::BACKUP, BACKUP, options.backup_intent),
        (Privileges::RESTORE, RESTORE, options.restore_intent),
        (Privileges::TAKE_OWNERSHIP, AccessMask::WRITE_OWNER, true),
    ];
    let held = caller.privileges();
    rows.into_iter().filter_map(move |(privilege, bits, intended)| {
        let bits = bits.intersection(request.wanted());
        (intended && held.contains(privilege) && !bits.is_empty()).then_some((privilege, bits))
    })
}
