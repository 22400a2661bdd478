//! Counted limits: never a clock, never the depth of the stack.

/// The most sub-authorities a SID can have ([MS-DTYP] 2.4.2).
pub const MAX_SUB_AUTHORITIES: usize = 15;

/// What a parser accepts at most. Each limit has its own error, and none hides another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one SDDL text, trailing NULs included. This crate's choice: 1 MiB.
    pub text_bytes: usize,
    /// Bytes of one encoded ACL: its size is a 16-bit field ([MS-DTYP] 2.4.5), so 65,535 is the most that can be written.
    pub acl_bytes: usize,
}

impl Limits {
    /// The limits in force when nothing else is asked for.
    pub const DEFAULT: Self = Self {
        text_bytes: 1 << 20,
        acl_bytes: 65_535,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
