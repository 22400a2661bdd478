//! Access masks ([MS-DTYP] 2.4.3), generic mappings, and the names of rights.

mod mapping;
mod names;
mod rights;

pub use mapping::GenericMapping;
pub use names::{NamedRight, RightsTable};
pub use rights::{RIGHT_BITS, RIGHT_LABEL_BITS, RIGHT_SETS, RightToken};

use core::fmt;

bitflags::bitflags! {
    /// The rights that an entry speaks of, or that a caller asks for ([MS-DTYP] 2.4.3).
    ///
    /// Prints as `0x2000b`; parses from a number (`0x…`, octal with a leading `0`, decimal) and from the tokens of
    /// SDDL (`CCDCSWRC`). Every bit may be set, named or not.
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
    #[doc(alias = "ACCESS_MASK")]
    pub struct AccessMask: u32 {
        /// `SD`: to delete the object.
        const DELETE = 0x0001_0000;
        /// `RC`: to read the security descriptor, SACL excepted.
        const READ_CONTROL = 0x0002_0000;
        /// `WD`: to change the DACL.
        const WRITE_DAC = 0x0004_0000;
        /// `WO`: to change the owner.
        const WRITE_OWNER = 0x0008_0000;
        /// To wait on the object.
        const SYNCHRONIZE = 0x0010_0000;
        /// To read and change the SACL; granted by privilege alone.
        const ACCESS_SYSTEM_SECURITY = 0x0100_0000;
        /// In a desired mask: whatever can be granted.
        const MAXIMUM_ALLOWED = 0x0200_0000;
        /// `GA`, to be mapped.
        const GENERIC_ALL = 0x1000_0000;
        /// `GX`, to be mapped.
        const GENERIC_EXECUTE = 0x2000_0000;
        /// `GW`, to be mapped.
        const GENERIC_WRITE = 0x4000_0000;
        /// `GR`, to be mapped.
        const GENERIC_READ = 0x8000_0000;
        const _ = !0;
    }
}

impl AccessMask {
    /// The four generic rights: they mean something only through a [`GenericMapping`].
    pub const GENERIC: Self = Self::GENERIC_ALL
        .union(Self::GENERIC_EXECUTE)
        .union(Self::GENERIC_WRITE)
        .union(Self::GENERIC_READ);
    /// The sixteen rights that each kind of object defines for itself, and the five standard ones.
    pub const SPECIFIC_AND_STANDARD: Self = Self::from_bits_retain(0x001f_ffff);
}

impl fmt::Display for AccessMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.bits())
    }
}

impl fmt::Debug for AccessMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As its text, `"0x2000b"`.
#[cfg(feature = "serde")]
impl serde::Serialize for AccessMask {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From its text: a number, or the tokens of SDDL.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for AccessMask {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
