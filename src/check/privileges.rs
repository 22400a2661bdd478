use super::{options::Options, request::Request};
use crate::{
    caller::{Caller, Privileges},
    mask::{AccessMask, GenericMapping},
};

/// The rights that SeBackupPrivilege grants: READ_CONTROL, ACCESS_SYSTEM_SECURITY, FILE_GENERIC_READ, FILE_TRAVERSE
/// ([Privilege Constants](https://learn.microsoft.com/windows/win32/secauthz/privilege-constants)).
const BACKUP: AccessMask = AccessMask::from_bits_retain(0x0112_00a9);

/// The rights that SeRestorePrivilege grants: WRITE_DAC, WRITE_OWNER, ACCESS_SYSTEM_SECURITY, FILE_GENERIC_WRITE, FILE_ADD_FILE,
/// FILE_ADD_SUBDIRECTORY, DELETE
/// ([Privilege Constants](https://learn.microsoft.com/windows/win32/secauthz/privilege-constants)).
const RESTORE: AccessMask = AccessMask::from_bits_retain(0x011f_0116);

/// The rights that each privilege of the caller grants. Neither the DACL nor integrity takes them away.
///
/// SeTakeOwnershipPrivilege and SeSecurityPrivilege grant a right that is explicitly asked for
/// ([\[MS-DTYP\] 2.5.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/4f1bbcbb-814a-4c70-a11e-2a5b8779a6f9)). That the
/// other two add their rights to a request for the maximum is inferred. Their rights are rights to files, so they grant nothing with
/// another mapping, or without one.
pub(super) fn grants(
    request: Request,
    caller: &Caller,
    options: &Options,
) -> impl Iterator<Item = (Privileges, AccessMask)> {
    let is_file = options.mapping == Some(GenericMapping::FILE);
    let security = AccessMask::ACCESS_SYSTEM_SECURITY;
    let take_ownership = AccessMask::WRITE_OWNER.intersection(request.explicit);
    let rows = [
        (Privileges::SECURITY, security, true),
        (Privileges::BACKUP, BACKUP, options.backup_intent && is_file),
        (Privileges::RESTORE, RESTORE, options.restore_intent && is_file),
        (Privileges::TAKE_OWNERSHIP, take_ownership, true),
    ];
    let held = caller.privileges();
    rows.into_iter().filter_map(move |(privilege, bits, intended)| {
        let bits = bits.intersection(request.wanted());
        (intended && held.contains(privilege) && !bits.is_empty()).then_some((privilege, bits))
    })
}
