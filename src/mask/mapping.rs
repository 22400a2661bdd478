use super::AccessMask;

/// What the four generic rights mean for one kind of object ([MS-DTYP] 2.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[doc(alias = "GENERIC_MAPPING")]
pub struct GenericMapping {
    /// `GR`.
    pub read: AccessMask,
    /// `GW`.
    pub write: AccessMask,
    /// `GX`.
    pub execute: AccessMask,
    /// `GA`.
    pub all: AccessMask,
}

impl GenericMapping {
    /// Files and directories of a file system.
    pub const FILE: Self = Self::of(0x0012_0089, 0x0012_0116, 0x0012_00a0, 0x001f_01ff);
    /// Keys of the registry.
    pub const KEY: Self = Self::of(0x0002_0019, 0x0002_0006, 0x0002_0019, 0x000f_003f);
    /// Objects of a directory service ([MS-ADTS] 5.1.3.2.1).
    pub const DIRECTORY: Self = Self::of(0x0002_0094, 0x0002_0028, 0x0002_0004, 0x000f_01ff);

    const fn of(read: u32, write: u32, execute: u32, all: u32) -> Self {
        Self {
            read: AccessMask::from_bits_retain(read),
            write: AccessMask::from_bits_retain(write),
            execute: AccessMask::from_bits_retain(execute),
            all: AccessMask::from_bits_retain(all),
        }
    }

    /// `mask` with its generic rights replaced by what they mean; generic rights and MAXIMUM_ALLOWED mean nothing there.
    #[must_use]
    #[doc(alias = "MapGenericMask")]
    pub fn map(&self, mask: AccessMask) -> AccessMask {
        [
            (AccessMask::GENERIC_READ, self.read),
            (AccessMask::GENERIC_WRITE, self.write),
            (AccessMask::GENERIC_EXECUTE, self.execute),
            (AccessMask::GENERIC_ALL, self.all),
        ]
        .into_iter()
        .filter(|&(generic, _)| mask.contains(generic))
        .fold(mask.difference(AccessMask::GENERIC), |mapped, (_, meaning)| {
            mapped.union(meaning.difference(AccessMask::GENERIC.union(AccessMask::MAXIMUM_ALLOWED)))
        })
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(remote = "GenericMapping", deny_unknown_fields)]
struct Form {
    read: AccessMask,
    write: AccessMask,
    execute: AccessMask,
    all: AccessMask,
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for GenericMapping {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(transparent)]
        struct Named(#[serde(with = "Form")] GenericMapping);
        crate::serde_map::map_only(deserializer).map(|Named(mapping)| mapping)
    }
}
