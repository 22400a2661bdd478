use core::fmt;

/// The two access control lists of a descriptor.
///
/// ```
/// use sddl_authz::sddl::AclKind;
/// assert_eq!(AclKind::Sacl.to_string(), "SACL");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum AclKind {
    /// The discretionary list, after `D:`. It decides access.
    Dacl,
    /// The system list, after `S:`. It has audit entries, labels and resource attributes.
    Sacl,
}

impl AclKind {
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Dacl => Self::Sacl,
            Self::Sacl => Self::Dacl,
        }
    }
}

impl fmt::Display for AclKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dacl => "DACL",
            Self::Sacl => "SACL",
        })
    }
}
