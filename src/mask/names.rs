//! The names of rights, one table for each kind of object.

use super::AccessMask;

/// A right and its name for one kind of object. [`RightsTable::names`] looks names up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedRight {
    /// The bit.
    pub mask: AccessMask,
    /// Its name.
    pub name: &'static str,
}

const fn name(bits: u32, name: &'static str) -> NamedRight {
    let mask = AccessMask::from_bits_retain(bits);
    NamedRight { mask, name }
}

/// The names of rights for one kind of object. The standard and generic rights have one name for every kind.
///
/// ```
/// use sddl_authz::{AccessMask, mask::RightsTable};
/// let (names, unnamed) = RightsTable::FILE.names(AccessMask::from(0x2_0001));
/// assert_eq!(names.collect::<Vec<_>>(), ["FILE_READ_DATA", "READ_CONTROL"]);
/// assert!(unnamed.is_empty());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RightsTable {
    specific: &'static [NamedRight],
}

impl RightsTable {
    /// The names of the rights in `mask`, from the lowest bit to the highest of a kind, and the bits that have no name.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, mask::RightsTable};
    /// let (names, unnamed) = RightsTable::KEY.names(AccessMask::from(0x8001));
    /// assert_eq!(names.collect::<Vec<_>>(), ["KEY_QUERY_VALUE"]);
    /// assert_eq!(unnamed, AccessMask::from(0x8000));
    /// ```
    pub fn names(self, mask: AccessMask) -> (impl Iterator<Item = &'static str>, AccessMask) {
        let rows = self.specific.iter().chain(&STANDARD);
        let unnamed = rows.clone().fold(mask, |rest, row| rest.difference(row.mask));
        (
            rows.filter(move |row| mask.contains(row.mask)).map(|row| row.name),
            unnamed,
        )
    }

    /// No kind in particular: only the standard and generic rights have names.
    pub const STANDARD: Self = Self { specific: &[] };
    /// Files ([\[MS-SMB2\] 2.2.13.1.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-smb2/77b36d0f-6016-458a-a7a0-0f4a72ae1534)).
    pub const FILE: Self = Self { specific: &FILE };
    /// Registry keys ([\[MS-RRP\] 2.2.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-rrp/0fa3191d-bb79-490a-81bd-54c2601b7a78)).
    pub const KEY: Self = Self { specific: &KEY };
    /// Objects of a directory service ([\[MS-ADTS\] 5.1.3.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-adts/d2435927-0999-4c62-8c6d-13ba31a52e1a)).
    pub const DIRECTORY: Self = Self { specific: &DIRECTORY };
    /// Mandatory labels ([\[MS-DTYP\] 2.4.4.13](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)).
    pub const LABEL: Self = Self { specific: &LABEL };
    /// Requests of MIM Certificate Management. No source publishes the meaning of these bits: the names are inferred from the
    /// published requests.
    pub const MIM: Self = Self { specific: &MIM };
}

static STANDARD: [NamedRight; 11] = [
    name(0x1_0000, "DELETE"),
    name(0x2_0000, "READ_CONTROL"),
    name(0x4_0000, "WRITE_DAC"),
    name(0x8_0000, "WRITE_OWNER"),
    name(0x10_0000, "SYNCHRONIZE"),
    name(0x100_0000, "ACCESS_SYSTEM_SECURITY"),
    name(0x200_0000, "MAXIMUM_ALLOWED"),
    name(0x1000_0000, "GENERIC_ALL"),
    name(0x2000_0000, "GENERIC_EXECUTE"),
    name(0x4000_0000, "GENERIC_WRITE"),
    name(0x8000_0000, "GENERIC_READ"),
];

static FILE: [NamedRight; 9] = [
    name(0x1, "FILE_READ_DATA"),
    name(0x2, "FILE_WRITE_DATA"),
    name(0x4, "FILE_APPEND_DATA"),
    name(0x8, "FILE_READ_EA"),
    name(0x10, "FILE_WRITE_EA"),
    name(0x20, "FILE_EXECUTE"),
    name(0x40, "FILE_DELETE_CHILD"),
    name(0x80, "FILE_READ_ATTRIBUTES"),
    name(0x100, "FILE_WRITE_ATTRIBUTES"),
];

static KEY: [NamedRight; 6] = [
    name(0x1, "KEY_QUERY_VALUE"),
    name(0x2, "KEY_SET_VALUE"),
    name(0x4, "KEY_CREATE_SUB_KEY"),
    name(0x8, "KEY_ENUMERATE_SUB_KEYS"),
    name(0x10, "KEY_NOTIFY"),
    name(0x20, "KEY_CREATE_LINK"),
];

static DIRECTORY: [NamedRight; 9] = [
    name(0x1, "CREATE_CHILD"),
    name(0x2, "DELETE_CHILD"),
    name(0x4, "LIST_CONTENTS"),
    name(0x8, "WRITE_PROPERTY_EXTENDED"),
    name(0x10, "READ_PROPERTY"),
    name(0x20, "WRITE_PROPERTY"),
    name(0x40, "DELETE_TREE"),
    name(0x80, "LIST_OBJECT"),
    name(0x100, "CONTROL_ACCESS"),
];

static LABEL: [NamedRight; 3] = [
    name(0x1, "NO_WRITE_UP"),
    name(0x2, "NO_READ_UP"),
    name(0x4, "NO_EXECUTE_UP"),
];

static MIM: [NamedRight; 4] = [
    name(0x1, "execute"),
    name(0x2, "cancel or abandon"),
    name(0x4, "approve or deny"),
    name(0x8, "bit 3, meaning unknown"),
];
