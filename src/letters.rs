//! Tables over pairs of capital letters, which most tokens of SDDL are.

/// For each pair of capitals, what it stands for.
pub(crate) struct Pairs<T>([[Option<T>; 32]; 32]);

impl<T: Copy> Pairs<T> {
    pub(crate) const EMPTY: Self = Self([[None; 32]; 32]);

    /// With what a token stands for. Only for constants.
    #[expect(
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "a token that is no pair of capitals does not compile"
    )]
    pub(crate) const fn with(mut self, token: &str, value: Option<T>) -> Self {
        let token = token.as_bytes();
        assert!(token.len() == 2 && token[0].is_ascii_uppercase() && token[1].is_ascii_uppercase() && value.is_some());
        self.0[(token[0] & 31) as usize][(token[1] & 31) as usize] = value;
        self
    }

    /// What a pair stands for.
    #[inline]
    pub(crate) fn get(&self, [first, second]: [u8; 2]) -> Option<T> {
        let seconds = self.0.get(usize::from(first ^ 0x40))?;
        *seconds.get(usize::from(second ^ 0x40))?
    }
}
