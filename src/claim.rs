//! Claims: the named, typed values of a resource attribute ([MS-DTYP] 2.4.10.1).

use crate::sid::Sid;
use alloc::{string::String, vec::Vec};

bitflags::bitflags! {
    /// What is said of a claim besides its values ([MS-DTYP] 2.4.10.1). Every bit may be set, named or not.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
    pub struct ClaimFlags: u32 {
        /// The resource attribute is not inherited.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_NON_INHERITABLE")]
        const NON_INHERITABLE = 0x0001;
        /// Strings are compared case by case.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_VALUE_CASE_SENSITIVE")]
        const CASE_SENSITIVE = 0x0002;
        /// Counts only where it makes for a denial.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_USE_FOR_DENY_ONLY")]
        const DENY_ONLY = 0x0004;
        /// Disabled unless something enables it.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_DISABLED_BY_DEFAULT")]
        const DISABLED_BY_DEFAULT = 0x0008;
        /// Disabled.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_DISABLED")]
        const DISABLED = 0x0010;
        /// Can't be disabled.
        #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_MANDATORY")]
        const MANDATORY = 0x0020;
        /// Set by hand.
        #[doc(alias = "FCI_CLAIM_SECURITY_ATTRIBUTE_MANUAL")]
        const MANUAL = 0x0001_0000;
        /// Set by a central policy.
        #[doc(alias = "FCI_CLAIM_SECURITY_ATTRIBUTE_POLICY_DERIVED")]
        const POLICY_DERIVED = 0x0002_0000;
        const _ = !0;
    }
}

/// The type that all values of a claim have ([MS-DTYP] 2.4.10.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum ClaimType {
    /// `TI`: signed integers of 64 bits.
    #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_TYPE_INT64")]
    Int,
    /// `TU`: unsigned integers of 64 bits.
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
    /// `TX`: octet strings.
    #[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_TYPE_OCTET_STRING")]
    Octets,
}

impl ClaimType {
    /// Every type, in the order of the codes.
    pub const ALL: [Self; 6] = [Self::Int, Self::Uint, Self::String, Self::Sid, Self::Bool, Self::Octets];

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
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// The type with this token in SDDL, in upper or lower case.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.token().eq_ignore_ascii_case(token))
    }

    /// The code in the binary form.
    #[must_use]
    pub const fn code(self) -> u16 {
        self.row().0
    }

    /// The letters of SDDL.
    #[must_use]
    pub const fn token(self) -> &'static str {
        self.row().1
    }
}

/// The values of a claim, in their stored order; there may be none. All are of one type ([MS-DTYP] 2.4.10.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClaimValues {
    /// `TI`.
    Int(Vec<i64>),
    /// `TU`.
    Uint(Vec<u64>),
    /// `TS`: without U+0000, which ends a string in the binary form.
    String(Vec<String>),
    /// `TD`.
    Sid(Vec<Sid>),
    /// `TB`.
    Bool(Vec<bool>),
    /// `TX`.
    Octets(Vec<Vec<u8>>),
}

impl ClaimValues {
    /// The type they have.
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

    /// How many there are.
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

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of the values in the binary form, without their offsets.
    fn encoded_len(&self) -> usize {
        match self {
            Self::Int(_) | Self::Uint(_) | Self::Bool(_) => self.len().saturating_mul(8),
            Self::String(values) => sum(values.iter().map(|value| terminated_len(value))),
            Self::Sid(values) => sum(values.iter().map(|value| value.encoded_len().saturating_add(4))),
            Self::Octets(values) => sum(values.iter().map(|value| value.len().saturating_add(4))),
        }
    }
}

/// A claim as a resource attribute carries it ([MS-DTYP] 2.4.10.1): a name, flags, and values of one type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1")]
pub struct Claim {
    name: String,
    flags: ClaimFlags,
    values: ClaimValues,
}

/// Why parts do not make a [`Claim`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// A claim has a name.
    #[error("the name of a claim is empty")]
    NameEmpty,
    /// In the binary form U+0000 ends a name.
    #[error("the name of a claim contains U+0000")]
    NameHasNul,
    /// In the binary form U+0000 ends a string.
    #[error("the value {index} of a claim contains U+0000")]
    StringHasNul {
        /// Which value, counted from 0.
        index: usize,
    },
}

impl Claim {
    /// A claim of these parts.
    ///
    /// # Errors
    /// When the name is empty, or it or a string contains U+0000.
    pub fn new(name: String, flags: ClaimFlags, values: ClaimValues) -> Result<Self, ClaimError> {
        if name.is_empty() {
            return Err(ClaimError::NameEmpty);
        }
        if name.contains('\0') {
            return Err(ClaimError::NameHasNul);
        }
        if let ClaimValues::String(strings) = &values
            && let Some(index) = strings.iter().position(|value| value.contains('\0'))
        {
            return Err(ClaimError::StringHasNul { index });
        }
        Ok(Self { name, flags, values })
    }

    /// What it is called, never empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is said of it besides its values.
    #[must_use]
    pub const fn flags(&self) -> ClaimFlags {
        self.flags
    }

    /// Its values.
    #[must_use]
    pub const fn values(&self) -> &ClaimValues {
        &self.values
    }

    /// Whether conditions of Allow entries see it: it is neither disabled nor for denials alone.
    ///
    /// One that is disabled by default is disabled, since nothing here enables it; what Windows does with it is not documented.
    #[must_use]
    pub const fn counts_for_allow(&self) -> bool {
        self.counts_for_deny() && !self.flags.intersects(ClaimFlags::DENY_ONLY)
    }

    /// Whether conditions of Deny and audit entries see it: it is not disabled, as
    /// [`counts_for_allow`](Self::counts_for_allow) says.
    #[must_use]
    pub const fn counts_for_deny(&self) -> bool {
        let disabled = ClaimFlags::DISABLED.union(ClaimFlags::DISABLED_BY_DEFAULT);
        !self.flags.intersects(disabled)
    }

    /// Bytes of the binary form, without padding.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        sum([
            16,
            self.values.len().saturating_mul(4),
            terminated_len(&self.name),
            self.values.encoded_len(),
        ])
    }
}

/// Bytes of UTF-16 and the two of its end.
fn terminated_len(text: &str) -> usize {
    text.encode_utf16().count().saturating_add(1).saturating_mul(2)
}

fn sum(lengths: impl IntoIterator<Item = usize>) -> usize {
    lengths.into_iter().fold(0, usize::saturating_add)
}
