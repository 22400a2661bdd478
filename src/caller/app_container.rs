use super::CallerError;
use crate::sid::Sid;
use alloc::vec::Vec;

/// The app container that a [`Caller`](super::Caller) runs in: the package SID and the capability SIDs of a token of Windows that was
/// made for a packaged or sandboxed program
/// ([AppContainer isolation](https://learn.microsoft.com/windows/win32/secauthz/appcontainer-isolation)).
///
/// A caller in a container keeps its user and groups. The DACL must grant each right twice: to the user or its groups, and to the
/// container. The container has these SIDs:
///
/// - its package SID,
/// - its capability SIDs,
/// - All Restricted Application Packages, `S-1-15-2-2`,
/// - All Application Packages, `S-1-15-2-1` (`AC`), unless it is a low-privilege container.
///
/// None of them is a group. Deny entries for them do not apply.
///
/// ```
/// use sddl_authz::caller::AppContainer;
/// let container = AppContainer::new("S-1-15-2-11-12-13-14-15-16-17".parse()?)?
///     .with_capability("S-1-15-3-1".parse()?)?; // internetClient
/// assert_eq!(container.capabilities(), ["S-1-15-3-1".parse()?]);
/// assert!(!container.is_low_privilege());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "LowBox")]
#[doc(alias = "TOKEN_APPCONTAINER_INFORMATION")]
pub struct AppContainer {
    package: Sid,
    /// Sorted, without repetitions.
    capabilities: Vec<Sid>,
    low_privilege: bool,
}

/// The authority of the SIDs of packages and capabilities.
const AUTHORITY: u64 = 15;
/// The first sub-authority of the SIDs of packages.
const PACKAGE: u32 = 2;
/// The first sub-authority of the SIDs of capabilities.
const CAPABILITY: u32 = 3;
/// All Application Packages, `AC` in SDDL.
const ALL_PACKAGES: Sid = Sid::from_parts_const(15, [PACKAGE, 1]);
/// All Restricted Application Packages.
const ALL_RESTRICTED_PACKAGES: Sid = Sid::from_parts_const(15, [PACKAGE, 2]);

/// Whether a SID is that of a package or of a capability: `S-1-15-2-…` or `S-1-15-3-…`. No user and no group has such a SID.
pub(super) fn is_container_sid(sid: &Sid) -> bool {
    sid.authority() == AUTHORITY && matches!(sid.sub_authorities(), [PACKAGE | CAPABILITY, ..])
}

impl AppContainer {
    /// A container without capabilities.
    ///
    /// # Errors
    /// Fails if `package` is not the SID of a package: `S-1-15-2-` and 7 numbers, or 11 numbers for a child container.
    ///
    /// ```
    /// use sddl_authz::caller::AppContainer;
    /// assert!(AppContainer::new("S-1-15-2-11-12-13-14-15-16-17".parse()?).is_ok());
    /// assert!(AppContainer::new("S-1-15-2-1".parse()?).is_err());
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    pub fn new(package: Sid) -> Result<Self, CallerError> {
        match *package.sub_authorities() {
            [PACKAGE, ref numbers @ ..] if package.authority() == AUTHORITY && matches!(numbers.len(), 7 | 11) => {
                Ok(Self {
                    package,
                    capabilities: Vec::new(),
                    low_privilege: false,
                })
            }
            _ => Err(CallerError::NotPackage { sid: package }),
        }
    }

    /// Adds a capability.
    ///
    /// # Errors
    /// Fails if `capability` is not the SID of a capability: `S-1-15-3-` and at least one number, or `S-1-5-32-` and 8 numbers, which is
    /// the SID of the capability as a group.
    ///
    /// ```
    /// use sddl_authz::{Sid, caller::AppContainer};
    /// let container = AppContainer::new("S-1-15-2-11-12-13-14-15-16-17".parse()?)?;
    /// assert!(container.clone().with_capability(Sid::ADMINISTRATORS).is_err());
    /// let online = container.with_capability("S-1-15-3-1".parse()?)?;
    /// assert_eq!(online.capabilities().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_capability(mut self, capability: Sid) -> Result<Self, CallerError> {
        const NT_AUTHORITY: u64 = 5;
        const BUILTIN: u32 = 32;
        match (capability.authority(), capability.sub_authorities()) {
            (AUTHORITY, [CAPABILITY, _, ..]) | (NT_AUTHORITY, [BUILTIN, _, _, _, _, _, _, _, _]) => {
                if let Err(place) = self.capabilities.binary_search(&capability) {
                    self.capabilities.insert(place, capability);
                }
                Ok(self)
            }
            _ => Err(CallerError::NotCapability { sid: capability }),
        }
    }

    /// Sets whether this is a low-privilege app container (LPAC). Entries for All Application Packages do not apply to it.
    ///
    /// ```
    /// use sddl_authz::caller::AppContainer;
    /// let container = AppContainer::new("S-1-15-2-11-12-13-14-15-16-17".parse()?)?.with_low_privilege(true);
    /// assert!(container.is_low_privilege());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[doc(alias = "LPAC")]
    #[doc(alias = "WIN://NOALLAPPPKG")]
    pub const fn with_low_privilege(mut self, low_privilege: bool) -> Self {
        self.low_privilege = low_privilege;
        self
    }

    /// The package SID.
    #[must_use]
    pub const fn package(&self) -> &Sid {
        &self.package
    }

    /// The capability SIDs, sorted and without repetitions.
    #[must_use]
    pub fn capabilities(&self) -> &[Sid] {
        &self.capabilities
    }

    /// Whether this is a low-privilege app container.
    #[must_use]
    pub const fn is_low_privilege(&self) -> bool {
        self.low_privilege
    }

    /// Whether the container has the SID `sid`, so that Allow entries for it apply to the container.
    ///
    /// ```
    /// use sddl_authz::{Sid, caller::AppContainer};
    /// let container = AppContainer::new("S-1-15-2-11-12-13-14-15-16-17".parse()?)?;
    /// assert!(container.holds(&"AC".parse()?));
    /// assert!(!container.with_low_privilege(true).holds(&"AC".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn holds(&self, sid: &Sid) -> bool {
        self.sids().any(|held| held == sid)
    }

    /// All SIDs of the container.
    pub(super) fn sids(&self) -> impl Iterator<Item = &Sid> {
        let all = (!self.low_privilege).then_some(&ALL_PACKAGES);
        [&self.package, &ALL_RESTRICTED_PACKAGES]
            .into_iter()
            .chain(all)
            .chain(&self.capabilities)
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL_PACKAGES, ALL_RESTRICTED_PACKAGES, AppContainer};
    use crate::sid::Sid;

    const NUMBERS: [u32; 12] = [2, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21];

    fn package(length: usize) -> Option<Sid> {
        Sid::new(15, NUMBERS.get(..length)?).ok()
    }

    #[test]
    fn a_package_has_seven_or_eleven_numbers() {
        let accepted: alloc::vec::Vec<usize> = (1..=12)
            .filter(|&length| package(length).is_some_and(|sid| AppContainer::new(sid).is_ok()))
            .collect();
        assert_eq!(accepted, [8, 12]);
        assert!(Sid::new(5, &NUMBERS[..8]).is_ok_and(|sid| AppContainer::new(sid).is_err()));
    }

    #[test]
    fn capabilities_have_two_forms() {
        let accepts = |authority, numbers: &[u32]| {
            let container = package(8).and_then(|sid| AppContainer::new(sid).ok());
            let sid = Sid::new(authority, numbers).ok();
            container.zip(sid).is_some_and(|(container, sid)| {
                container
                    .with_capability(sid)
                    .is_ok_and(|container| container.holds(&sid))
            })
        };
        assert!(accepts(15, &[3, 1]));
        assert!(accepts(15, &[3, 1024, 1, 2, 3, 4, 5, 6, 7, 8]));
        assert!(accepts(5, &[32, 1, 2, 3, 4, 5, 6, 7, 8]));
        assert!(!accepts(15, &[3]));
        assert!(!accepts(15, &[2, 1]));
        assert!(!accepts(5, &[32, 544]));
        assert!(!accepts(5, &[32, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        assert!(!accepts(5, &[3, 1]));
    }

    #[test]
    fn a_low_privilege_container_is_not_in_all_application_packages() {
        let container = package(8).and_then(|sid| AppContainer::new(sid).ok());
        let held = |low| {
            let container = container.clone().map(|container| container.with_low_privilege(low));
            container.map(|container| {
                let held = [
                    ALL_PACKAGES,
                    ALL_RESTRICTED_PACKAGES,
                    *container.package(),
                    Sid::EVERYONE,
                ];
                held.map(|sid| container.holds(&sid))
            })
        };
        assert_eq!(held(false), Some([true, true, true, false]));
        assert_eq!(held(true), Some([false, true, true, false]));
    }
}
