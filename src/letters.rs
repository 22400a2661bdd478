//! Tables over pairs of capital letters, which most tokens of SDDL are.

/// For each pair of capitals, what it stands for.
pub(crate) struct Pairs<T>([Option<T>; 1024]);

impl<T: Copy> Pairs<T> {
    pub(crate) const EMPTY: Self = Self([None; 1024]);

    /// With what a token stands for. Only for constants.
    #[expect(
        clippy::indexing_slicing,
        reason = "a token that is no pair of capitals does not compile"
    )]
    pub(crate) const fn with(mut self, token: &str, value: Option<T>) -> Self {
        let letters = token.as_bytes();
        assert!(letters.len() == 2 && letters[0].is_ascii_uppercase() && letters[1].is_ascii_uppercase());
        assert!(value.is_some());
        if let Some(place) = place([letters[0], letters[1]]) {
            self.0[place] = value;
        }
        self
    }

    /// What a pair stands for.
    #[inline]
    pub(crate) fn get(&self, letters: [u8; 2]) -> Option<T> {
        *self.0.get(place(letters)?)?
    }
}

/// Where a pair stands: five bits of each letter. Only a few other characters have the same three above them, and they stand for nothing.
#[inline]
#[expect(clippy::as_conversions, reason = "`From` is not const")]
const fn place(letters: [u8; 2]) -> Option<usize> {
    let letters = u16::from_le_bytes(letters) ^ 0x4040;
    if letters & 0xe0e0 == 0 {
        Some(((letters << 5 | letters >> 8) & 1023) as usize)
    } else {
        None
    }
}
