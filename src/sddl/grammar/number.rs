//! Digits.

use super::Input;

/// A run of digits.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// Its value, or the highest where that does not fit.
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

/// The base that a number is written in, `0x…`, `0…` or decimal, and its digits.
pub(super) fn radix(input: Input<'_>) -> (u32, Input<'_>) {
    match input {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        [b'0', digits @ ..] if digits.first().is_some_and(u8::is_ascii_digit) => (8, digits),
        _ => (10, input),
    }
}
