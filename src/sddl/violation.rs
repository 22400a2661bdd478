use crate::span::Span;

/// A part of a text that Windows accepts and the documented grammar does not. [`inspect`](super::inspect) reports them.
///
/// ```
/// use sddl_authz::sddl::{self, ViolationKind};
/// let inspection = sddl::inspect("D:(a;;FA;;;WD)", &sddl::Options::default());
/// let violation = inspection.violations[0];
/// assert_eq!((violation.kind, violation.span.range()), (ViolationKind::LetterCase, 3..4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Violation {
    /// The kind of deviation.
    pub kind: ViolationKind,
    /// The part of the text.
    pub span: Span,
}

/// The deviations that [`Dialect::Windows`](super::Dialect::Windows) accepts and [`Dialect::Strict`](super::Dialect::Strict) refuses.
///
/// ```
/// use sddl_authz::sddl::ViolationKind;
/// assert_eq!(ViolationKind::TrailingNul.to_string(), "NULs at the end");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum ViolationKind {
    /// NULs at the end of the text.
    #[error("NULs at the end")]
    TrailingNul,
    /// A space where the grammar allows none.
    #[error("a space that the grammar does not have")]
    #[cfg_attr(feature = "serde", serde(rename = "blank"))]
    Space,
    /// A token in lower case.
    #[error("lower case where the grammar has upper case")]
    LetterCase,
    /// The parts are not in the order O, G, D, S.
    #[error("a part out of the order O, G, D, S")]
    SectionOrder,
    /// A flag of a list given twice.
    #[error("a flag given twice")]
    AclFlagRepeated,
    /// The revision of a SID not written as `1`.
    #[error("the revision of a SID written otherwise than `1`")]
    SidRevisionForm,
    /// A sub-authority in hexadecimal.
    #[error("a sub-authority in hexadecimal")]
    SidSubAuthorityHexadecimal,
    /// A number of a SID with leading zeros.
    #[error("a number with leading zeros")]
    SidLeadingZero,
    /// An authority in hexadecimal that fits 32 bits, or in decimal that does not.
    #[error("an authority in hexadecimal below 2^32, or in decimal from 2^32 on")]
    SidAuthorityForm,
    /// Parentheses around the groups of a membership test.
    #[error("parentheses around the groups of a membership test")]
    MembershipParentheses,
    /// Octets with `#` for a digit 0, or with an odd count of digits.
    #[error("bytes that are not pairs of hexadecimal digits")]
    OctetForm,
    /// A number that does not fit, changed as Windows does (only with `lenient_numbers`).
    #[error("a number that Windows changes silently")]
    NumberChanged,
}
