use crate::sid::Sid;
use alloc::{string::String, vec::Vec};

bitflags::bitflags! {
    /// The flags of a claim ([\[MS-DTYP\] 2.4.10.1][start]). Every bit may be set, named or not.
    ///
    /// ```
    /// use sddl_authz::{Claim, claim::ClaimFlags};
    /// let claim = Claim::string("Title", "PM")?.with_flags(ClaimFlags::CASE_SENSITIVE);
    /// assert!(claim.flags().contains(ClaimFlags::CASE_SENSITIVE));
    /// # Ok::<(), sddl_authz::claim::ClaimError>(())
    /// ```
    ///
    /// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/21f2b5f0-7376-45bb-bc31-eaa60841dbe9
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
    pub struct ClaimFlags: u32 {
        /// Objects do not inherit the resource attribute.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_NON_INHERITABLE")]
        const NON_INHERITABLE = 0x0001;
        /// Strings are compared case-sensitively.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_VALUE_CASE_SENSITIVE")]
        const CASE_SENSITIVE = 0x0002;
        /// Only conditions of entries that deny see the claim.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_USE_FOR_DENY_ONLY")]
        const DENY_ONLY = 0x0004;
        /// The claim is disabled unless something enables it.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_DISABLED_BY_DEFAULT")]
        const DISABLED_BY_DEFAULT = 0x0008;
        /// The claim is disabled: no condition sees it.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_DISABLED")]
        const DISABLED = 0x0010;
        /// The claim can't be disabled.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_MANDATORY")]
        const MANDATORY = 0x0020;
        /// A person set the claim.
        #[doc(alias = "FCI_CLAIM_SECURITY_ATTRIBUTE_MANUAL")]
        const MANUAL = 0x0001_0000;
        /// A central policy set the claim.
        #[doc(alias = "FCI_CLAIM_SECURITY_ATTRIBUTE_POLICY_DERIVED")]
        const POLICY_DERIVED = 0x0002_0000;
        const _ = !0;
    }
}

/// The type of the values of a claim ([\[MS-DTYP\] 2.4.10.1][start]).
///
/// ```
/// use sddl_authz::{Claim, claim::ClaimType};
/// assert_eq!(Claim::int("Level", 3)?.values().claim_type(), ClaimType::Int);
/// assert_eq!((ClaimType::Int.token(), ClaimType::Int.code()), ("TI", 1));
/// # Ok::<(), sddl_authz::claim::ClaimError>(())
/// ```
///
/// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/21f2b5f0-7376-45bb-bc31-eaa60841dbe9
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum ClaimType {
    /// `TI`: signed 64-bit integers.
    #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_TYPE_INT64")]
    Int,
    /// `TU`: unsigned 64-bit integers.
    #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_TYPE_UINT64")]
    Uint,
    /// `TS`: strings.
    #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_TYPE_STRING")]
    String,
    /// `TD`: SIDs.
    #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_TYPE_SID")]
    Sid,
    /// `TB`: truth values.
    #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_TYPE_BOOLEAN")]
    Bool,
    /// `TX`: byte strings.
    #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_TYPE_OCTET_STRING")]
    Octets,
}

impl ClaimType {
    /// Every type, in the order of the codes.
    pub const ALL: &'static [Self] = &[Self::Int, Self::Uint, Self::String, Self::Sid, Self::Bool, Self::Octets];

    const fn row(self) -> (u16, &'static str) {
        match self {
            Self::Int => (0x01, "TI"),
            Self::Uint => (0x02, "TU"),
            Self::String => (0x03, "TS"),
            Self::Sid => (0x05, "TD"),
            Self::Bool => (0x06, "TB"),
            Self::Octets => (0x10, "TX"),
        }
    }

    /// The type with this code in the binary form.
    ///
    /// ```
    /// use sddl_authz::claim::ClaimType;
    /// assert_eq!(ClaimType::from_code(0x10), Some(ClaimType::Octets));
    /// ```
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|known| known.code() == code)
    }

    /// The type with this token in SDDL, in upper or lower case.
    ///
    /// ```
    /// use sddl_authz::claim::ClaimType;
    /// assert_eq!(ClaimType::from_token("ts"), Some(ClaimType::String));
    /// ```
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|known| known.token().eq_ignore_ascii_case(token))
    }

    /// The code in the binary form.
    ///
    /// ```
    /// use sddl_authz::claim::ClaimType;
    /// assert_eq!(ClaimType::Sid.code(), 5);
    /// ```
    #[must_use]
    pub const fn code(self) -> u16 {
        self.row().0
    }

    /// The token in SDDL.
    ///
    /// ```
    /// use sddl_authz::claim::ClaimType;
    /// assert_eq!(ClaimType::Sid.token(), "TD");
    /// ```
    #[must_use]
    pub const fn token(self) -> &'static str {
        self.row().1
    }
}

/// The values of a claim, in their stored order. All have one type ([\[MS-DTYP\] 2.4.10.1][start]), and there may be none.
///
/// ```
/// use sddl_authz::{Claim, claim::{ClaimFlags, ClaimValues}};
/// let values = ClaimValues::from(vec![String::from("Finance"), String::from("Sales")]);
/// assert_eq!(values.len(), 2);
/// let claim = Claim::new("Department", ClaimFlags::empty(), values)?;
/// assert_eq!(claim, r#"("Department",TS,0x0,"Finance","Sales")"#.parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [start]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/21f2b5f0-7376-45bb-bc31-eaa60841dbe9
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClaimValues {
    /// `TI`: signed 64-bit integers.
    Int(Vec<i64>),
    /// `TU`: unsigned 64-bit integers.
    Uint(Vec<u64>),
    /// `TS`: strings without U+0000, which ends a string in the binary form.
    String(Vec<String>),
    /// `TD`: SIDs.
    Sid(Vec<Sid>),
    /// `TB`: truth values.
    Bool(Vec<bool>),
    /// `TX`: byte strings.
    Octets(Vec<Vec<u8>>),
}

impl ClaimValues {
    /// The type of the values.
    ///
    /// ```
    /// use sddl_authz::claim::{ClaimType, ClaimValues};
    /// assert_eq!(ClaimValues::from(vec![true]).claim_type(), ClaimType::Bool);
    /// ```
    #[must_use]
    pub const fn claim_type(&self) -> ClaimType {
        match self {
            Self::Int(_) => ClaimType::Int,
            Self::Uint(_) => ClaimType::Uint,
            Self::String(_) => ClaimType::String,
            Self::Sid(_) => ClaimType::Sid,
            Self::Bool(_) => ClaimType::Bool,
            Self::Octets(_) => ClaimType::Octets,
        }
    }

    /// The number of values.
    ///
    /// ```
    /// use sddl_authz::claim::ClaimValues;
    /// assert_eq!(ClaimValues::Int(vec![1, 2, 3]).len(), 3);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Int(values) => values.len(),
            Self::Uint(values) => values.len(),
            Self::String(values) => values.len(),
            Self::Sid(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Octets(values) => values.len(),
        }
    }

    /// Whether there are no values.
    ///
    /// ```
    /// use sddl_authz::claim::ClaimValues;
    /// assert!(ClaimValues::Uint(vec![]).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The size of the values in the binary form in bytes, without their offsets.
    pub(super) fn encoded_len(&self) -> usize {
        match self {
            Self::Int(_) | Self::Uint(_) | Self::Bool(_) => self.len().saturating_mul(8),
            Self::String(values) => sum(values.iter().map(|value| terminated_len(value))),
            Self::Sid(values) => sum(values.iter().map(|value| value.encoded_len().saturating_add(4))),
            Self::Octets(values) => sum(values.iter().map(|value| value.len().saturating_add(4))),
        }
    }
}

impl From<Vec<i64>> for ClaimValues {
    fn from(values: Vec<i64>) -> Self {
        Self::Int(values)
    }
}

impl From<Vec<u64>> for ClaimValues {
    fn from(values: Vec<u64>) -> Self {
        Self::Uint(values)
    }
}

impl From<Vec<String>> for ClaimValues {
    fn from(values: Vec<String>) -> Self {
        Self::String(values)
    }
}

impl From<Vec<Sid>> for ClaimValues {
    fn from(values: Vec<Sid>) -> Self {
        Self::Sid(values)
    }
}

impl From<Vec<bool>> for ClaimValues {
    fn from(values: Vec<bool>) -> Self {
        Self::Bool(values)
    }
}

impl From<Vec<Vec<u8>>> for ClaimValues {
    fn from(values: Vec<Vec<u8>>) -> Self {
        Self::Octets(values)
    }
}

/// The size of a text in UTF-16, with the two bytes of its end.
pub(super) fn terminated_len(text: &str) -> usize {
    text.encode_utf16().count().saturating_add(1).saturating_mul(2)
}

pub(super) fn sum(lengths: impl IntoIterator<Item = usize>) -> usize {
    lengths.into_iter().fold(0, usize::saturating_add)
}
