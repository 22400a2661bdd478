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
        loop {
            // Each set has the letters and digits. Up to eight of them are skipped at a time, without a branch for each.
            if let Some(eight) = rest.first_chunk() {
                let count = letters_and_digits(u64::from_le_bytes(*eight));
                rest = rest.get(count..).unwrap_or_default();
            }
            match rest {
                [byte, after @ ..] if self.contains(*byte) => rest = after,
                _ => return split_before(input, rest.len()),
            }
        }
    }
}

/// The number of ASCII letters and digits at the start of eight bytes, which are looked at all at once in one word.
#[inline]
#[expect(clippy::as_conversions, reason = "at most 8")]
const fn letters_and_digits(bytes: u64) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = EACH.wrapping_mul(0x80);
    // Without the highest bit of each byte, no sum below is carried into the next byte. It sets that bit where a byte is large enough.
    let low = bytes & !HIGHEST;
    let lower_case = low | EACH.wrapping_mul(0x20);
    let from_a = lower_case.wrapping_add(EACH.wrapping_mul(0x80 - 0x61));
    let after_z = lower_case.wrapping_add(EACH.wrapping_mul(0x80 - 0x7b));
    let from_0 = low.wrapping_add(EACH.wrapping_mul(0x80 - 0x30));
    let after_9 = low.wrapping_add(EACH.wrapping_mul(0x80 - 0x3a));
    let belong = (from_a & !after_z | from_0 & !after_9) & !bytes;
    ((!belong & HIGHEST).trailing_zeros() >> 3) as usize
}

/// Splits before the last `count` bytes.
#[inline]
fn split_before(input: &[u8], count: usize) -> (&[u8], &[u8]) {
    let end = input.len().wrapping_sub(count);
    input.split_at_checked(end).unwrap_or((input, &[]))
}
