bitflags::bitflags! {
    /// The privileges that an access check uses
    /// ([\[MS-LSAD\] 3.1.1.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-lsad/1b5471ef-4c33-4a91-b079-dfcbb82f05cc)).
    ///
    /// The first four grant their rights whatever the DACL says. Serialized as a list of the names in Windows.
    ///
    /// ```
    /// use sddl_authz::caller::Privileges;
    /// let privileges = Privileges::BACKUP | Privileges::RESTORE;
    /// assert!(privileges.windows_names().eq(["SeBackupPrivilege", "SeRestorePrivilege"]));
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
    pub struct Privileges: u8 {
        /// Grants ACCESS_SYSTEM_SECURITY, the right to read and change the SACL, if it is requested.
        #[doc(alias = "SeSecurityPrivilege")]
        const SECURITY = 0x01;
        /// Grants WRITE_OWNER.
        #[doc(alias = "SeTakeOwnershipPrivilege")]
        const TAKE_OWNERSHIP = 0x02;
        /// Grants the rights of reading to a request that has [backup intent](crate::check::Options::backup_intent).
        #[doc(alias = "SeBackupPrivilege")]
        const BACKUP = 0x04;
        /// Grants the rights of writing to a request that has [restore intent](crate::check::Options::restore_intent).
        #[doc(alias = "SeRestorePrivilege")]
        const RESTORE = 0x08;
        /// Allows WRITE_OWNER, the right to change the mandatory label, above the caller's integrity level. The DACL must still grant it.
        #[doc(alias = "SeRelabelPrivilege")]
        const RELABEL = 0x10;
        /// Allows the caller to open a file without FILE_TRAVERSE on the directories above it. It grants no right, and only a check of
        /// those directories asks for it. On Windows nearly every caller holds it.
        #[doc(alias = "SeChangeNotifyPrivilege")]
        const CHANGE_NOTIFY = 0x20;
    }
}

const NAMES: [(Privileges, &str); 6] = [
    (Privileges::SECURITY, "SeSecurityPrivilege"),
    (Privileges::TAKE_OWNERSHIP, "SeTakeOwnershipPrivilege"),
    (Privileges::BACKUP, "SeBackupPrivilege"),
    (Privileges::RESTORE, "SeRestorePrivilege"),
    (Privileges::RELABEL, "SeRelabelPrivilege"),
    (Privileges::CHANGE_NOTIFY, "SeChangeNotifyPrivilege"),
];

impl Privileges {
    /// The privilege with this name in Windows. The name must match exactly.
    ///
    /// ```
    /// use sddl_authz::caller::Privileges;
    /// assert_eq!(Privileges::from_windows_name("SeBackupPrivilege"), Some(Privileges::BACKUP));
    /// assert_eq!(Privileges::from_windows_name("SeShutdownPrivilege"), None);
    /// ```
    #[must_use]
    pub fn from_windows_name(name: &str) -> Option<Self> {
        NAMES
            .into_iter()
            .find_map(|(privilege, known)| (known == name).then_some(privilege))
    }

    /// The names of these privileges in Windows.
    pub fn windows_names(self) -> impl Iterator<Item = &'static str> {
        NAMES
            .into_iter()
            .filter_map(move |(privilege, name)| self.contains(privilege).then_some(name))
    }
}

/// Serialized as the list of the names in Windows.
#[cfg(feature = "serde")]
impl serde::Serialize for Privileges {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.windows_names())
    }
}

/// Deserialized from a list of names in Windows. Unknown names are an error.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Privileges {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = <alloc::vec::Vec<alloc::borrow::Cow<'de, str>>>::deserialize(deserializer)?;
        names.iter().try_fold(Self::empty(), |held, name| {
            let privilege = Self::from_windows_name(name)
                .ok_or_else(|| serde::de::Error::custom("a privilege of this name is not known"))?;
            Ok(held.union(privilege))
        })
    }
}
