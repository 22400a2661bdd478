use super::{options::Options, request::Request};
use crate::{
    caller::{Caller, Privileges},
    mask::AccessMask,
};

/// The rights that SeBackupPrivilege grants: READ_CONTROL, ACCESS_SYSTEM_SECURITY, FILE_GENERIC_READ, FILE_TRAVERSE
/// ([Privilege Constants](https://learn.microsoft.com/windows/win32/secauthz/privilege-constants)).
const BACKUP: AccessMask = AccessMask::from_bits_retain(0x0112_00a9);

/// The rights that SeRestorePrivilege grants: WRITE_DAC, WRITE_OWNER, ACCESS_SYSTEM_SECURITY, FILE_GENERIC_WRITE, FILE_ADD_FILE,
/// FILE_ADD_SUBDIRECTORY, DELETE
/// ([Privilege Constants](https://learn.microsoft.com/windows/win32/secauthz/privilege-constants)).
const RESTORE: AccessMask = AccessMask::from_bits_retain(0x011f_0116);

/// The wanted rights that each privilege of the caller grants. Neither the DACL nor integrity takes them away. That a request for the
/// maximum includes these rights is inferred.
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
