use core::ops::Range;

/// A range of bytes in the caller's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span as a range, to slice the input with.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}
