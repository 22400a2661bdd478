use core::fmt;

bitflags::bitflags! {
    /// A set of rights: those that an entry is about, or those that a caller asks for ([\[MS-DTYP\] 2.4.3]).
    ///
    /// The low 16 bits mean something else for each kind of object, so they have constants for each: `FILE_READ_DATA`,
    /// `KEY_SET_VALUE`, `ADS_RIGHT_DS_READ_PROP`, `SERVICE_START`, `PROCESS_VM_READ` and so on. The other bits have one
    /// meaning. Every bit may be set, named or not.
    ///
    /// A mask prints as `0x2000b`. It parses from a number (`0x…`, octal with a leading `0`, decimal) and from the tokens of
    /// SDDL (`CCDCSWRC`), and it converts from and into `u32`. [`RightsTable`](super::RightsTable) prints the names.
    ///
    /// ```
    /// use sddl_authz::AccessMask;
    /// let mask = AccessMask::FILE_READ_DATA | AccessMask::READ_CONTROL;
    /// assert_eq!(mask, AccessMask::from(0x2_0001));
    /// assert_eq!(mask, "CCRC".parse()?);
    /// assert_eq!(mask.to_string(), "0x20001");
    /// assert!(AccessMask::FILE_ALL_ACCESS.contains(mask));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    ///
    /// [\[MS-DTYP\] 2.4.3]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7a53f60e-e730-4dfe-bbe9-b21b62eb790b
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
    #[doc(alias = "ACCESS_MASK")]
    pub struct AccessMask: u32 {
        /// `SD`: to delete the object.
        const DELETE = 0x0001_0000;
        /// `RC`: to read the security descriptor, without the SACL.
        const READ_CONTROL = 0x0002_0000;
        /// `WD`: to change the DACL.
        const WRITE_DAC = 0x0004_0000;
        /// `WO`: to change the owner.
        const WRITE_OWNER = 0x0008_0000;
        /// To wait on the object.
        const SYNCHRONIZE = 0x0010_0000;
        /// To read and change the SACL. Only a privilege grants it.
        const ACCESS_SYSTEM_SECURITY = 0x0100_0000;
        /// In the mask that a caller asks for: all rights that can be granted.
        const MAXIMUM_ALLOWED = 0x0200_0000;
        /// `GA`: all rights. A [`GenericMapping`](super::GenericMapping) says which those are.
        const GENERIC_ALL = 0x1000_0000;
        /// `GX`: the rights to execute. A [`GenericMapping`](super::GenericMapping) says which those are.
        const GENERIC_EXECUTE = 0x2000_0000;
        /// `GW`: the rights to write. A [`GenericMapping`](super::GenericMapping) says which those are.
        const GENERIC_WRITE = 0x4000_0000;
        /// `GR`: the rights to read. A [`GenericMapping`](super::GenericMapping) says which those are.
        const GENERIC_READ = 0x8000_0000;
        const _ = !0;
    }
}

impl AccessMask {
    /// The four generic rights. They mean something only through a [`GenericMapping`](super::GenericMapping).
    pub const GENERIC: Self = Self::GENERIC_ALL
        .union(Self::GENERIC_EXECUTE)
        .union(Self::GENERIC_WRITE)
        .union(Self::GENERIC_READ);
    /// The sixteen rights that each kind of object defines for itself, and the five standard rights.
    pub const SPECIFIC_AND_STANDARD: Self = Self::from_bits_retain(0x001f_ffff);

    /// Each of these rights alone, from the lowest bit on.
    pub(crate) fn single_rights(self) -> impl Iterator<Item = Self> {
        let bits = (0..u32::BITS).map(|place| Self::from_bits_retain(1_u32.rotate_left(place)));
        bits.filter(move |right| self.contains(*right))
    }
}

impl From<u32> for AccessMask {
    fn from(bits: u32) -> Self {
        Self::from_bits_retain(bits)
    }
}

impl From<AccessMask> for u32 {
    fn from(mask: AccessMask) -> Self {
        mask.bits()
    }
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

/// A string, such as `"0x2000b"`.
#[cfg(feature = "serde")]
impl serde::Serialize for AccessMask {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a string: a number, or the tokens of SDDL.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for AccessMask {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
