//! The limits of what this crate accepts. They count bytes, levels and comparisons, never time.

/// The most sub-authorities that a SID can have ([\[MS-DTYP\] 2.4.2](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861)).
pub const MAX_SUB_AUTHORITIES: usize = 15;

/// The deepest nesting that a conditional expression can have. It bounds the stack on which expressions are evaluated, so a
/// higher [`Limits::condition_depth`] has no effect. This crate's choice.
pub const MAX_CONDITION_DEPTH: usize = 64;

/// The most work that an operator of a conditional expression may do to compare sets. A value costs 1, and a byte of a string 1
/// more, for each value on the other side. An operator that needs more work is unknown, so no claim makes an operator slow. This
/// crate's choice: 128 numbers can be compared with 128 others.
///
/// The values of a resource attribute are compared with each other. An attribute with more than 1024 values, or with values of a
/// larger size than this, is unknown.
pub const MAX_SET_WORK: usize = 1 << 14;

/// The deepest level of a part of an object (`ACCESS_MAX_LEVEL` in the Windows headers).
pub const MAX_OBJECT_LEVEL: u16 = 4;

/// The most entries of a SACL, from the first resource attribute to the last, in which a check looks for an attribute. If there are
/// more, every attribute of the object is unknown, so a long SACL does not make a check slow. This crate's choice.
pub const MAX_RESOURCE_ATTRIBUTES: usize = 256;

/// The limits of the parsers. Each limit has its own error.
///
/// ```
/// use sddl_authz::{Limits, SecurityDescriptor, sddl};
/// let mut options = sddl::Options::default();
/// options.limits = Limits::DEFAULT.with_text_bytes(5);
/// let error = sddl::parse_with("D:(A;;FA;;;BA)", &options).expect_err("14 bytes");
/// assert_eq!(error.kind().code(), "text_too_long");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Limits {
    /// The most bytes of an SDDL text, with NULs at its end. This crate's choice: 1 MiB.
    pub text_bytes: usize,
    /// The most bytes of an encoded ACL. The field for its size has 16 bits ([\[MS-DTYP\] 2.4.5](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/20233ed8-a6c6-4097-aafa-dd545ed24428)),
    /// so 65,535 is the most that can be written.
    pub acl_bytes: usize,
    /// The most bytes of an encoded conditional expression, with its signature and without its padding. The number is Samba's;
    /// Microsoft documents none.
    pub condition_bytes: usize,
    /// The deepest nesting of a conditional expression. Each `!` is a level, and so is each `&&` or `||` that is the right operand
    /// of another: a chain of any length has depth 0. This crate's choice is [`MAX_CONDITION_DEPTH`], and a higher value has no effect.
    pub condition_depth: usize,
}

impl Limits {
    /// The default limits.
    pub const DEFAULT: Self = Self {
        text_bytes: 1 << 20,
        acl_bytes: 65_535,
        condition_bytes: 10_000,
        condition_depth: MAX_CONDITION_DEPTH,
    };
}

impl Limits {
    /// These limits with another number of bytes of a text.
    ///
    /// ```
    /// use sddl_authz::Limits;
    /// assert_eq!(Limits::DEFAULT.with_text_bytes(4096).text_bytes, 4096);
    /// ```
    #[must_use]
    pub const fn with_text_bytes(mut self, bytes: usize) -> Self {
        self.text_bytes = bytes;
        self
    }

    /// These limits with another number of bytes of an ACL.
    ///
    /// ```
    /// use sddl_authz::Limits;
    /// assert_eq!(Limits::DEFAULT.with_acl_bytes(4096).acl_bytes, 4096);
    /// ```
    #[must_use]
    pub const fn with_acl_bytes(mut self, bytes: usize) -> Self {
        self.acl_bytes = bytes;
        self
    }

    /// These limits with another number of bytes of a conditional expression.
    ///
    /// ```
    /// use sddl_authz::Limits;
    /// assert_eq!(Limits::DEFAULT.with_condition_bytes(4096).condition_bytes, 4096);
    /// ```
    #[must_use]
    pub const fn with_condition_bytes(mut self, bytes: usize) -> Self {
        self.condition_bytes = bytes;
        self
    }

    /// These limits with another nesting of conditional expressions.
    ///
    /// ```
    /// use sddl_authz::Limits;
    /// assert_eq!(Limits::DEFAULT.with_condition_depth(8).condition_depth, 8);
    /// ```
    #[must_use]
    pub const fn with_condition_depth(mut self, depth: usize) -> Self {
        self.condition_depth = depth;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
