//! Tables over pairs of capital letters, which most tokens of SDDL are, and over the bytes of names.

/// For each pair of capitals, what it stands for.
pub(crate) struct PairTable<T>([Option<T>; 1024]);

impl<T: Copy> PairTable<T> {
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
    let letters = (u16::from_le_bytes(letters) ^ 0x4040) as u32;
    if letters & 0xe0e0 == 0 {
        // The first letter is in bits 0 to 4 and the second in bits 8 to 12: the factor puts one beside the other, in bits 8 to 17.
        Some((letters.wrapping_mul(0x2001) >> 8 & 1023) as usize)
    } else {
        None
    }
}

/// For each byte, whether it belongs.
pub(crate) struct ByteSet([bool; 256]);

impl ByteSet {
    /// ASCII letters and digits, and these. Only for constants.
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        reason = "the compiler runs this"
    )]
    pub(crate) const fn alphanumeric_and(others: &[u8]) -> Self {
        let (mut belong, mut index) = ([false; 256], 0);
        while index < belong.len() {
            belong[index] = (index as u8).is_ascii_alphanumeric();
            index += 1;
        }
        index = 0;
        while index < others.len() {
            belong[others[index] as usize] = true;
            index += 1;
        }
        Self(belong)
    }

    /// Whether a byte belongs.
    #[inline]
    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).is_some_and(|&belongs| belongs)
    }

    /// The bytes at the start that belong, and what follows them.
    #[inline]
    pub(crate) fn split<'i>(&self, input: &'i [u8]) -> (&'i [u8], &'i [u8]) {
        let mut rest = input;
        // Eight at a time, without a branch for each.
        while let Some((eight, after)) = rest.split_first_chunk::<8>() {
            let others = |bits: u8, &byte| bits << 1 | u8::from(!self.contains(byte));
            let bits = eight.iter().rev().fold(0, others);
            if bits != 0 {
                let count = usize::try_from(bits.trailing_zeros()).unwrap_or_default();
                return split_before(input, rest.len().wrapping_sub(count));
            }
            rest = after;
        }
        while let [byte, after @ ..] = rest
            && self.contains(*byte)
        {
            rest = after;
        }
        split_before(input, rest.len())
    }
}

/// Splits off so many bytes at the end.
#[inline]
fn split_before(input: &[u8], count: usize) -> (&[u8], &[u8]) {
    let end = input.len().wrapping_sub(count);
    input.split_at_checked(end).unwrap_or((input, &[]))
}
