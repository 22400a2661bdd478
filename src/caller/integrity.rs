use super::CallerError;
use crate::sid::Sid;

/// An integrity level of a caller or of an object
/// ([\[MS-DTYP\] 2.4.4.13](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)):
/// the number x of the SID `S-1-16-x`.
///
/// Levels are ordered. A caller whose level is below that of the object may not write to it, unless the object's mandatory label says
/// otherwise.
///
/// ```
/// use sddl_authz::{Sid, caller::IntegrityLevel};
/// let high = IntegrityLevel::try_from("S-1-16-12288".parse::<Sid>()?)?;
/// assert_eq!(high, IntegrityLevel::HIGH);
/// assert!(high > IntegrityLevel::MEDIUM);
/// assert!(IntegrityLevel::try_from(Sid::EVERYONE).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntegrityLevel(u32);

impl IntegrityLevel {
    /// Untrusted, `S-1-16-0`.
    pub const UNTRUSTED: Self = Self(0);
    /// Low, `LW` in SDDL, `S-1-16-4096`.
    pub const LOW: Self = Self(0x1000);
    /// Medium, `ME` in SDDL, `S-1-16-8192`: the default for callers, and for objects without a mandatory label.
    pub const MEDIUM: Self = Self(0x2000);
    /// Medium plus, `MP` in SDDL, `S-1-16-8448`.
    pub const MEDIUM_PLUS: Self = Self(0x2100);
    /// High, `HI` in SDDL, `S-1-16-12288`.
    pub const HIGH: Self = Self(0x3000);
    /// System, `SI` in SDDL, `S-1-16-16384`.
    pub const SYSTEM: Self = Self(0x4000);
    /// Protected process, `S-1-16-20480`.
    pub const PROTECTED: Self = Self(0x5000);
    /// The highest level: that of a mandatory label whose SID is not an integrity level.
    pub(crate) const HIGHEST: Self = Self(u32::MAX);

    const AUTHORITY: u64 = 16;

    /// The SID of this level.
    ///
    /// ```
    /// use sddl_authz::caller::IntegrityLevel;
    /// assert_eq!(IntegrityLevel::LOW.sid().to_string(), "S-1-16-4096");
    /// ```
    #[must_use]
    pub const fn sid(self) -> Sid {
        Sid::from_parts_const(16, [self.0])
    }
}

/// The level of the SID `S-1-16-x`. Fails for every other SID.
impl TryFrom<Sid> for IntegrityLevel {
    type Error = CallerError;

    fn try_from(sid: Sid) -> Result<Self, CallerError> {
        match sid.sub_authorities() {
            &[level] if sid.authority() == Self::AUTHORITY => Ok(Self(level)),
            _ => Err(CallerError::IntegrityNotLabel { sid }),
        }
    }
}

/// Serialized as the SID, `"S-1-16-8192"`.
#[cfg(feature = "serde")]
impl serde::Serialize for IntegrityLevel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.sid().serialize(serializer)
    }
}

/// Deserialized from the SID.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for IntegrityLevel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Sid::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
