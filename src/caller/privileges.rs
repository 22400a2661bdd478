bitflags::bitflags! {
    /// The privileges that a check knows ([MS-LSAD] 3.1.1.2.1). In serde's formats, a list of their names.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
    pub struct Privileges: u8 {
        /// ACCESS_SYSTEM_SECURITY is granted where it is asked for.
        #[doc(alias = "SeSecurityPrivilege")]
        const SECURITY = 0x01;
        /// WRITE_OWNER is granted.
        #[doc(alias = "SeTakeOwnershipPrivilege")]
        const TAKE_OWNERSHIP = 0x02;
        /// Whatever reading takes is granted to those who say that they back up.
        #[doc(alias = "SeBackupPrivilege")]
        const BACKUP = 0x04;
        /// Whatever writing takes is granted to those who say that they restore.
        #[doc(alias = "SeRestorePrivilege")]
        const RESTORE = 0x08;
        /// Integrity does not keep WRITE_OWNER back.
        #[doc(alias = "SeRelabelPrivilege")]
        const RELABEL = 0x10;
    }
}

const NAMES: [(Privileges, &str); 5] = [
    (Privileges::SECURITY, "SeSecurityPrivilege"),
    (Privileges::TAKE_OWNERSHIP, "SeTakeOwnershipPrivilege"),
    (Privileges::BACKUP, "SeBackupPrivilege"),
    (Privileges::RESTORE, "SeRestorePrivilege"),
    (Privileges::RELABEL, "SeRelabelPrivilege"),
];

impl Privileges {
    /// The privilege that Windows calls so, in this very spelling.
    #[must_use]
    pub fn from_windows_name(name: &str) -> Option<Self> {
        NAMES
            .into_iter()
            .find_map(|(privilege, known)| (known == name).then_some(privilege))
    }

    /// What Windows calls them.
    pub fn windows_names(self) -> impl Iterator<Item = &'static str> {
        NAMES
            .into_iter()
            .filter_map(move |(privilege, name)| self.contains(privilege).then_some(name))
    }
}

/// As the list of their names.
#[cfg(feature = "serde")]
impl serde::Serialize for Privileges {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.windows_names())
    }
}

/// From a list of their names.
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
