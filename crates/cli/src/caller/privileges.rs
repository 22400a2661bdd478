//! Privileges by their names in Windows.

use crate::diagnostic::Diagnostic;
use sddl_authz::caller::Privileges;

/// The privileges of Windows that no access check uses
/// ([MS-LSAD 3.1.1.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-lsad/1b5471ef-4c33-4a91-b079-dfcbb82f05cc)).
const UNUSED: [&str; 30] = [
    "SeAssignPrimaryTokenPrivilege",
    "SeAuditPrivilege",
    "SeCreateGlobalPrivilege",
    "SeCreatePagefilePrivilege",
    "SeCreatePermanentPrivilege",
    "SeCreateSymbolicLinkPrivilege",
    "SeCreateTokenPrivilege",
    "SeDebugPrivilege",
    "SeDelegateSessionUserImpersonatePrivilege",
    "SeEnableDelegationPrivilege",
    "SeImpersonatePrivilege",
    "SeIncreaseBasePriorityPrivilege",
    "SeIncreaseQuotaPrivilege",
    "SeIncreaseWorkingSetPrivilege",
    "SeLoadDriverPrivilege",
    "SeLockMemoryPrivilege",
    "SeMachineAccountPrivilege",
    "SeManageVolumePrivilege",
    "SeProfileSingleProcessPrivilege",
    "SeRemoteShutdownPrivilege",
    "SeShutdownPrivilege",
    "SeSyncAgentPrivilege",
    "SeSystemEnvironmentPrivilege",
    "SeSystemProfilePrivilege",
    "SeSystemtimePrivilege",
    "SeTcbPrivilege",
    "SeTimeZonePrivilege",
    "SeTrustedCredManAccessPrivilege",
    "SeUndockPrivilege",
    "SeUnsolicitedInputPrivilege",
];

/// Reads names of privileges, with or without `Se` and `Privilege`. Privileges that no access check uses are accepted by their full names
/// and change nothing.
pub(crate) fn parse_privileges(option: &str, names: &[impl AsRef<str>]) -> Result<Privileges, Diagnostic> {
    names.iter().try_fold(Privileges::empty(), |held, name| {
        let name = name.as_ref();
        if UNUSED.iter().any(|unused| unused.eq_ignore_ascii_case(name.trim())) {
            return Ok(held);
        }
        let folded = name.trim().replace(['-', '_'], "").to_ascii_lowercase();
        let matches = |known: &str| {
            let known = known.to_ascii_lowercase();
            let short = known.strip_suffix("privilege").unwrap_or(&known);
            [Some(known.as_str()), Some(short), short.strip_prefix("se")].contains(&Some(&folded))
        };
        let found = Privileges::all()
            .iter()
            .find(|privilege| privilege.windows_names().any(matches));
        match found {
            Some(privilege) => Ok(held.union(privilege)),
            None => {
                let message = format!("{option}: `{name}` is not a privilege that an access check uses");
                Err(Diagnostic::new("privilege_unknown", message)
                    .hint("an access check uses SeSecurityPrivilege, SeTakeOwnershipPrivilege, SeBackupPrivilege, SeRestorePrivilege and SeRelabelPrivilege, and a check of directories SeChangeNotifyPrivilege; leave out all others"))
            }
        }
    })
}
