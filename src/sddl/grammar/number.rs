//! Numbers in decimal, octal and hexadecimal.

use super::Input;

/// A run of digits.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// Its value, or `u64::MAX` if that does not fit.
    pub(super) saturated: u64,
    /// Whether it fits.
    pub(super) fits: bool,
}

impl Number {
    /// The value, where it fits.
    pub(super) fn exact(self) -> Option<u64> {
        self.fits.then_some(self.saturated)
    }
}

/// The digits at the start; `None` where there is no digit.
pub(super) fn number(radix: u32, input: Input<'_>) -> (Input<'_>, Option<Number>) {
    let (mut found, mut rest) = (None, input);
    while let [byte, after @ ..] = rest
        && let Some(digit) = char::from(*byte).to_digit(radix)
    {
        let head: Number = found.unwrap_or(Number {
            saturated: 0,
            fits: true,
        });
        let value = head
            .saturated
            .checked_mul(u64::from(radix))
            .and_then(|value| value.checked_add(u64::from(digit)));
        found = Some(Number {
            saturated: value.unwrap_or(u64::MAX),
            fits: head.fits && value.is_some(),
        });
        rest = after;
    }
    (rest, found)
}

/// The base of a number (`0x…` hexadecimal, `0…` octal, else decimal) and its digits.
pub(super) fn radix(input: Input<'_>) -> (u32, Input<'_>) {
    match input {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', digits @ ..] if digits.first().is_some_and(u8::is_ascii_digit) => (8, digits),
        _ => (10, input),
    }
}

/// A decimal number of 32 bits without leading zeros.
#[expect(clippy::inline_always, reason = "out of line, its result would go through memory")]
#[inline(always)]
pub(super) fn decimal(input: Input<'_>) -> Option<(Input<'_>, u32)> {
    let Some((first, _)) = input.split_first_chunk() else {
        return short_decimal(input);
    };
    let (count, value) = leading_digits(u64::from_le_bytes(*first));
    let rest = input.get(count..)?;
    match count {
        0 => None,
        2.. if input.first() == Some(&b'0') => None,
        8 if rest.first().is_some_and(u8::is_ascii_digit) => last_digits(value, rest),
        _ => Some((rest, value)),
    }
}

/// A number of eight digits and more: adds the ninth and the tenth digit, if there are any.
#[inline(never)]
fn last_digits(value: u32, rest: Input<'_>) -> Option<(Input<'_>, u32)> {
    let [digit @ b'0'..=b'9', rest @ ..] = rest else {
        return Some((rest, value));
    };
    // Nine digits fit.
    let value = value.wrapping_mul(10).wrapping_add(u32::from(digit ^ b'0'));
    let [digit @ b'0'..=b'9', rest @ ..] = rest else {
        return Some((rest, value));
    };
    let value = value.checked_mul(10)?.checked_add(u32::from(digit ^ b'0'))?;
    (!rest.first().is_some_and(u8::is_ascii_digit)).then_some((rest, value))
}

/// A decimal number in fewer than eight bytes of text.
#[inline(never)]
fn short_decimal(input: Input<'_>) -> Option<(Input<'_>, u32)> {
    let (mut value, mut rest) = (0_u32, input);
    while let [byte, after @ ..] = rest
        && let digit @ 0..=9 = byte.wrapping_sub(b'0')
    {
        value = value.wrapping_mul(10).wrapping_add(digit.into());
        rest = after;
    }
    match (input, input.len().wrapping_sub(rest.len())) {
        (_, 1) | ([b'1'..=b'9', ..], 2..) => Some((rest, value)),
        _ => None,
    }
}

/// Reads the digits at the start of eight bytes, all at once in one word. Returns how many there are and their value.
#[inline]
#[expect(clippy::as_conversions, reason = "at most 8, and eight digits")]
const fn leading_digits(bytes: u64) -> (usize, u32) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let values = bytes ^ EACH.wrapping_mul(0x30);
    // Sets the highest bit of each byte that is no digit. A carry out of such a byte changes only later bytes, which do not count.
    let others = (values.wrapping_add(EACH.wrapping_mul(0x76)) | values) & EACH.wrapping_mul(0x80);
    let bits = others.trailing_zeros() & !7;
    // Moves the digits to the end, with zeros before them. Then joins neighbours: digits to pairs, pairs to fours, fours to eight. If
    // there is no digit, the value has no meaning.
    let digits = values.wrapping_shl(64_u32.wrapping_sub(bits));
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    let eight = fours.wrapping_mul(10_000).wrapping_add(fours >> 32);
    ((bits >> 3) as usize, eight as u32)
}

/// One to eight hexadecimal digits.
#[inline]
pub(super) fn hexadecimal(input: Input<'_>) -> Option<(Input<'_>, u32)> {
    let (mut value, mut rest) = (0_u32, input);
    while let [byte, after @ ..] = rest
        && let Some(digit) = char::from(*byte).to_digit(16)
    {
        value = value << 4 | digit;
        rest = after;
    }
    let length = input.len().wrapping_sub(rest.len());
    (1..=8).contains(&length).then_some((rest, value))
}
