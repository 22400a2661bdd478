//! Counted limits: never a clock, never the depth of the stack.

/// The most sub-authorities a SID can have ([MS-DTYP] 2.4.2).
pub const MAX_SUB_AUTHORITIES: usize = 15;

/// The deepest nesting a conditional expression can have, and the highest value of [`Limits::condition_depth`] that counts: an
/// expression is evaluated on a stack of fixed size, and this bounds it. This crate's choice.
pub const MAX_CONDITION_DEPTH: usize = 64;

/// The most that an operator of a conditional expression may spend on comparing: one for each value, and one for each byte of a string,
/// times the number of values on the other side. What would cost more makes the expression unknown, so that an operator costs no more
/// than this whatever claims it names. This crate's choice: 128 numbers may be compared with 128.
pub const MAX_SET_WORK: usize = 1 << 14;

/// The deepest level of a part of an object (`ACCESS_MAX_LEVEL` of the Windows headers).
pub const MAX_OBJECT_LEVEL: u16 = 4;

/// The most entries of a SACL, from the first resource attribute to the last, that conditions look for an attribute in. Among more than
/// these every attribute of the resource is unknown, so that looking for one costs no more than this. This crate's choice.
pub const MAX_RESOURCE_ATTRIBUTES: usize = 256;

/// What a parser accepts at most. Each limit has its own error, and none hides another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Limits {
    /// Bytes of one SDDL text, trailing NULs included. This crate's choice: 1 MiB.
    pub text_bytes: usize,
    /// Bytes of one encoded ACL: its size is a 16-bit field ([MS-DTYP] 2.4.5), so 65,535 is the most that can be written.
    pub acl_bytes: usize,
    /// Bytes of one encoded conditional expression, its signature included and its padding not. Samba's number; Windows states none.
    pub condition_bytes: usize,
    /// How deep a conditional expression is nested: each `!` counts, and each `&&` or `||` that is the right operand of another, so
    /// that a chain of any length has depth 0. This crate's choice, [`MAX_CONDITION_DEPTH`], which no setting exceeds.
    pub condition_depth: usize,
}

impl Limits {
    /// The limits in force when nothing else is asked for.
    pub const DEFAULT: Self = Self {
        text_bytes: 1 << 20,
        acl_bytes: 65_535,
        condition_bytes: 10_000,
        condition_depth: MAX_CONDITION_DEPTH,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
