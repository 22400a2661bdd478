use crate::{
    ace::AceType,
    mask::{AccessMask, RightsTable},
    sddl,
};
use alloc::vec::Vec;
use core::fmt;

/// An access mask as text: the number, the tokens of SDDL, and the names of the rights for one kind of object.
///
/// ```
/// use sddl_authz::{AccessMask, mask::RightsTable, render::DisplayRights};
/// let mask = AccessMask::from_bits_retain(0x2_0001);
/// let text = DisplayRights::new(mask, RightsTable::FILE).to_string();
/// assert_eq!(text, "0x20001 CCRC (FILE_READ_DATA; READ_CONTROL)");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DisplayRights {
    mask: AccessMask,
    names: RightsTable,
    ace_type: AceType,
}

impl DisplayRights {
    /// The rights in `mask`, with the names in this table.
    #[must_use]
    pub const fn new(mask: AccessMask, names: RightsTable) -> Self {
        let ace_type = AceType::Allow;
        Self { mask, names, ace_type }
    }

    /// Sets the type of the entry with this mask: mandatory labels have tokens of their own.
    pub(super) const fn of_entry(mut self, ace_type: AceType) -> Self {
        self.ace_type = ace_type;
        self
    }
}

impl fmt::Display for DisplayRights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mask.is_empty() {
            return f.write_str("0x0 (nothing)");
        }
        write!(f, "{}", self.mask)?;
        let tokens = sddl::rights_to_text(self.ace_type, self.mask);
        if tokens.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            write!(f, " {tokens}")?;
        }
        let (names, unnamed) = self.names.names(self.mask);
        let names: Vec<_> = names.collect();
        if names.is_empty() {
            return Ok(());
        }
        write!(f, " ({}", names.join("; "))?;
        if !unnamed.is_empty() {
            write!(f, "; {unnamed}")?;
        }
        f.write_str(")")
    }
}
