//! Tables over pairs of capital letters, which most tokens of SDDL are.

/// For each pair of capitals, the row of a table whose token it is.
pub(crate) struct Pairs([u8; 1024]);

impl Pairs {
    pub(crate) const EMPTY: Self = Self([0; 1024]);

    /// With a pair for a row below 255. Only for constants.
    #[expect(
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::arithmetic_side_effects,
        reason = "a token that is no pair of capitals does not compile"
    )]
    pub(crate) const fn with(mut self, token: &str, row: usize) -> Self {
        let token = token.as_bytes();
        assert!(token.len() == 2 && token[0].is_ascii_uppercase() && token[1].is_ascii_uppercase() && row < 255);
        self.0[((token[0] & 31) as usize) << 5 | (token[1] & 31) as usize] = row as u8 + 1;
        self
    }

    /// The row of a pair.
    pub(crate) fn row(&self, [first, second]: [u8; 2]) -> Option<usize> {
        let (first, second) = (first ^ 0x40, second ^ 0x40);
        if first > 31 || second > 31 {
            return None;
        }
        let row = self.0.get(usize::from(first) << 5 | usize::from(second))?;
        usize::from(*row).checked_sub(1)
    }
}
