//! Look-up tables: for tokens of two letters in upper case, as most of SDDL's are, and for sets of bytes.

/// The value of each pair of letters in upper case that has one.
pub(crate) struct PairTable<T>([Option<T>; 1024]);

impl<T: Copy> PairTable<T> {
    pub(crate) const EMPTY: Self = Self([None; 1024]);

    /// Adds the value of a token. Only for constants.
    #[expect(
        clippy::indexing_slicing,
        reason = "a token that is not two letters in upper case does not compile"
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

    /// The value of a pair of letters.
    #[inline]
    pub(crate) fn get(&self, letters: [u8; 2]) -> Option<T> {
        *self.0.get(place(letters)?)?
    }
}

/// The index of a pair: five bits of each letter. The five other characters between `@` and `_` have an index too, but never a value.
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

/// A set of bytes.
pub(crate) struct ByteSet([bool; 256]);

impl ByteSet {
    /// The set of ASCII letters, digits and `others`. Only for constants.
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

    /// Whether a byte is in the set.
    #[inline]
    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).is_some_and(|&belongs| belongs)
    }

    /// Splits off the longest prefix of bytes in the set.
    #[inline]
    pub(crate) fn split<'i>(&self, input: &'i [u8]) -> (&'i [u8], &'i [u8]) {
        let mut rest = input;
        // Eight bytes at a time, without a branch for each.
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

/// Splits before the last `count` bytes.
#[inline]
fn split_before(input: &[u8], count: usize) -> (&[u8], &[u8]) {
    let end = input.len().wrapping_sub(count);
    input.split_at_checked(end).unwrap_or((input, &[]))
}
