//! Capabilities by name.

use crate::{
    condition::{Utf16, upper_case},
    sid::Sid,
};
use sha2::{Digest, Sha256};

/// The capabilities that Windows 8 had, in the order of their numbers, from 1 on (`SECURITY_CAPABILITY_…` in winnt.h).
const NUMBERED: [&str; 12] = [
    "internetClient",
    "internetClientServer",
    "privateNetworkClientServer",
    "picturesLibrary",
    "videosLibrary",
    "musicLibrary",
    "documentsLibrary",
    "enterpriseAuthentication",
    "sharedUserCertificates",
    "removableStorage",
    "appointments",
    "contacts",
];

/// The SID of the capability with this name: `S-1-15-3-1024-` and 8 numbers, which are the SHA-256 digest of the name in upper case and
/// UTF-16
/// ([`DeriveCapabilitySidsFromName`](https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-derivecapabilitysidsfromname)).
///
/// Twelve old capabilities have a number instead: `internetClient` is `S-1-15-3-1`. The name is compared without case.
///
/// ```
/// use sddl_authz::caller::{AppContainer, capability_sid};
/// let com = capability_sid("lpacCom");
/// assert_eq!(
///     com.to_string(),
///     "S-1-15-3-1024-2405443489-874036122-4286035555-1823921565-1746547431-2453885448-3625952902-991631256"
/// );
/// let container = AppContainer::new("S-1-15-2-11-12-13-14-15-16-17".parse()?)?.with_capability(com)?;
/// assert!(container.holds(&com));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
#[doc(alias = "DeriveCapabilitySidsFromName")]
pub fn capability_sid(name: &str) -> Sid {
    let same_name = |(_, numbered): &(u32, &str)| numbered.eq_ignore_ascii_case(name);
    if let Some((number, _)) = (1..).zip(NUMBERED).find(same_name) {
        return Sid::from_parts_const(15, [3, number]);
    }
    let mut hash = Sha256::new();
    for unit in Utf16::from(name).units() {
        // Letters beyond ASCII have the upper case in which conditions compare names (inferred).
        hash.update(upper_case(unit).to_le_bytes());
    }
    let digest = hash.finalize();
    let (words, _) = digest.as_chunks::<4>();
    let mut numbers = [3, 1024, 0, 0, 0, 0, 0, 0, 0, 0];
    for (number, word) in numbers.iter_mut().skip(2).zip(words) {
        *number = u32::from_le_bytes(*word);
    }
    Sid::from_parts_const(15, numbers)
}

#[cfg(test)]
mod tests {
    use super::capability_sid;
    use alloc::string::ToString;

    /// The SID is that of an entry in the descriptor that Windows gives the service control manager.
    #[test]
    fn a_capability_of_windows_has_the_digest_of_its_name() {
        let expected =
            "S-1-15-3-1024-528118966-3876874398-709513571-1907873084-3598227634-3698730060-278077788-3990600205";
        for name in [
            "lpacServicesManagement",
            "LPACSERVICESMANAGEMENT",
            "lpacservicesmanagement",
        ] {
            assert_eq!(capability_sid(name).to_string(), expected);
        }
    }

    #[test]
    fn old_capabilities_have_numbers() {
        assert_eq!(capability_sid("internetClient").to_string(), "S-1-15-3-1");
        assert_eq!(capability_sid("INTERNETCLIENTSERVER").to_string(), "S-1-15-3-2");
        assert_eq!(capability_sid("contacts").to_string(), "S-1-15-3-12");
        assert_eq!(capability_sid("contactsSystem").sub_authorities().len(), 10);
    }
}
