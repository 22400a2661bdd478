use core::ops::Range;

/// A range of bytes in the caller's input: the place of an error or of an entry.
///
/// ```
/// use sddl_authz::{SecurityDescriptor, Span};
/// let text = "D:(QQ;;FA;;;BA)";
/// let error = text.parse::<SecurityDescriptor>().expect_err("no type is called QQ");
/// assert_eq!(error.span(), Span { start: 3, end: 5 });
/// assert_eq!(&text[error.span().range()], "QQ");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// The offset of the first byte, counted from 0.
    pub start: usize,
    /// The offset of the byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span as a range, to slice the input with.
    ///
    /// ```
    /// use sddl_authz::Span;
    /// assert_eq!(&"D:(A;;FA;;;BA)"[Span { start: 2, end: 14 }.range()], "(A;;FA;;;BA)");
    /// ```
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}
