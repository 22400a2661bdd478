use super::AccessMask;

/// The meaning of the four generic rights for one kind of object ([\[MS-DTYP\] 2.4.3]).
///
/// Generic rights grant nothing unless a check has such a mapping. An entry that denies generic rights denies everything
/// without one, because nobody knows what it would leave.
///
/// ```
/// use sddl_authz::{AccessMask, GenericMapping};
/// assert_eq!(GenericMapping::FILE.map(AccessMask::GENERIC_READ), AccessMask::FILE_GENERIC_READ);
/// // Objects of your own: reading is right 1, writing right 2, and nothing can be executed.
/// let documents = GenericMapping::new(0x1.into(), 0x2.into(), AccessMask::empty(), 0x3.into());
/// assert_eq!(documents.map(AccessMask::GENERIC_ALL), AccessMask::from(0x3));
/// ```
///
/// [\[MS-DTYP\] 2.4.3]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7a53f60e-e730-4dfe-bbe9-b21b62eb790b
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[doc(alias = "GENERIC_MAPPING")]
pub struct GenericMapping {
    /// The meaning of `GENERIC_READ`.
    pub read: AccessMask,
    /// The meaning of `GENERIC_WRITE`.
    pub write: AccessMask,
    /// The meaning of `GENERIC_EXECUTE`.
    pub execute: AccessMask,
    /// The meaning of `GENERIC_ALL`.
    pub all: AccessMask,
}

impl GenericMapping {
    /// Files and directories.
    pub const FILE: Self = Self::from_bits(0x0012_0089, 0x0012_0116, 0x0012_00a0, 0x001f_01ff);
    /// Registry keys.
    pub const KEY: Self = Self::from_bits(0x0002_0019, 0x0002_0006, 0x0002_0019, 0x000f_003f);
    /// Objects of a directory service ([\[MS-ADTS\] 5.1.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-adts/d2435927-0999-4c62-8c6d-13ba31a52e1a)).
    pub const DIRECTORY: Self = Self::from_bits(0x0002_0094, 0x0002_0028, 0x0002_0004, 0x000f_01ff);
    /// Services ([Service Security and Access Rights](https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights)).
    ///
    /// ```
    /// use sddl_authz::{AccessMask, GenericMapping};
    /// let execute = GenericMapping::SERVICE.map(AccessMask::GENERIC_EXECUTE);
    /// assert!(execute.contains(AccessMask::SERVICE_START | AccessMask::SERVICE_STOP));
    /// ```
    pub const SERVICE: Self = Self::from_bits(0x0002_008d, 0x0002_0002, 0x0002_0170, 0x000f_01ff);
    /// The service control manager. Every request to open it also needs SC_MANAGER_CONNECT: ask for that right, too.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, GenericMapping};
    /// let read = GenericMapping::SERVICE_MANAGER.map(AccessMask::GENERIC_READ);
    /// assert!(read.contains(AccessMask::SC_MANAGER_ENUMERATE_SERVICE));
    /// assert!(!read.contains(AccessMask::SC_MANAGER_CONNECT));
    /// ```
    pub const SERVICE_MANAGER: Self = Self::from_bits(0x0002_0014, 0x0002_0022, 0x0002_0009, 0x000f_003f);

    const fn from_bits(read: u32, write: u32, execute: u32, all: u32) -> Self {
        let [read, write, execute, all] = [
            AccessMask::from_bits_retain(read),
            AccessMask::from_bits_retain(write),
            AccessMask::from_bits_retain(execute),
            AccessMask::from_bits_retain(all),
        ];
        Self::new(read, write, execute, all)
    }

    /// A mapping, in the order of the fields of Windows' `GENERIC_MAPPING`.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, GenericMapping};
    /// let file = GenericMapping::new(
    ///     AccessMask::FILE_GENERIC_READ,
    ///     AccessMask::FILE_GENERIC_WRITE,
    ///     AccessMask::FILE_GENERIC_EXECUTE,
    ///     AccessMask::FILE_ALL_ACCESS,
    /// );
    /// assert_eq!(file, GenericMapping::FILE);
    /// ```
    #[must_use]
    pub const fn new(read: AccessMask, write: AccessMask, execute: AccessMask, all: AccessMask) -> Self {
        Self {
            read,
            write,
            execute,
            all,
        }
    }

    /// This mapping with another meaning of `GENERIC_READ`.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, GenericMapping};
    /// let mapping = GenericMapping::FILE.with_read(AccessMask::FILE_READ_DATA);
    /// assert_eq!(mapping.map(AccessMask::GENERIC_READ), AccessMask::FILE_READ_DATA);
    /// ```
    #[must_use]
    pub const fn with_read(mut self, read: AccessMask) -> Self {
        self.read = read;
        self
    }

    /// This mapping with another meaning of `GENERIC_WRITE`.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, GenericMapping};
    /// let mapping = GenericMapping::FILE.with_write(AccessMask::FILE_APPEND_DATA);
    /// assert_eq!(mapping.map(AccessMask::GENERIC_WRITE), AccessMask::FILE_APPEND_DATA);
    /// ```
    #[must_use]
    pub const fn with_write(mut self, write: AccessMask) -> Self {
        self.write = write;
        self
    }

    /// This mapping with another meaning of `GENERIC_EXECUTE`.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, GenericMapping};
    /// let mapping = GenericMapping::FILE.with_execute(AccessMask::empty());
    /// assert!(mapping.map(AccessMask::GENERIC_EXECUTE).is_empty());
    /// ```
    #[must_use]
    pub const fn with_execute(mut self, execute: AccessMask) -> Self {
        self.execute = execute;
        self
    }

    /// This mapping with another meaning of `GENERIC_ALL`.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, GenericMapping};
    /// let mapping = GenericMapping::FILE.with_all(AccessMask::STANDARD_RIGHTS_ALL);
    /// assert_eq!(mapping.map(AccessMask::GENERIC_ALL), AccessMask::STANDARD_RIGHTS_ALL);
    /// ```
    #[must_use]
    pub const fn with_all(mut self, all: AccessMask) -> Self {
        self.all = all;
        self
    }

    /// Replaces the generic rights in `mask` by their meaning. The other rights stay. A meaning that contains generic rights or
    /// `MAXIMUM_ALLOWED` is used without them.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, GenericMapping};
    /// let mask = AccessMask::GENERIC_EXECUTE | AccessMask::DELETE;
    /// assert_eq!(GenericMapping::KEY.map(mask), AccessMask::KEY_EXECUTE | AccessMask::DELETE);
    /// ```
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
