use super::CallerError;
use crate::sid::Sid;

/// How far a caller, or an object, is trusted ([MS-DTYP] 2.4.4.13): the number that ends a SID `S-1-16-x`. The higher dominates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntegrityLevel(u32);

impl IntegrityLevel {
    /// `S-1-16-0`.
    pub const UNTRUSTED: Self = Self(0);
    /// `LW`.
    pub const LOW: Self = Self(0x1000);
    /// `ME`: of whom and what nothing else is said.
    pub const MEDIUM: Self = Self(0x2000);
    /// `MP`.
    pub const MEDIUM_PLUS: Self = Self(0x2100);
    /// `HI`.
    pub const HIGH: Self = Self(0x3000);
    /// `SI`.
    pub const SYSTEM: Self = Self(0x4000);
    /// `S-1-16-20480`.
    pub const PROTECTED: Self = Self(0x5000);
    /// What nothing but itself dominates: the level of a label that names none.
    pub(crate) const HIGHEST: Self = Self(u32::MAX);

    const AUTHORITY: u64 = 16;

    /// The SID of this level.
    #[must_use]
    pub const fn sid(self) -> Sid {
        Sid::from_parts_const(16, [self.0])
    }
}

/// The level of a SID `S-1-16-x`.
impl TryFrom<Sid> for IntegrityLevel {
    type Error = CallerError;

    fn try_from(sid: Sid) -> Result<Self, CallerError> {
        match sid.sub_authorities() {
            &[level] if sid.authority() == Self::AUTHORITY => Ok(Self(level)),
            _ => Err(CallerError::IntegrityNotLabel { sid }),
        }
    }
}

/// As its SID, `"S-1-16-8192"`.
#[cfg(feature = "serde")]
impl serde::Serialize for IntegrityLevel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.sid().serialize(serializer)
    }
}

/// From its SID.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for IntegrityLevel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Sid::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
