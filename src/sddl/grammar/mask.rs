use super::{
    Grammar, Input, Parsed, Watch,
    number::{hexadecimal, number, radix},
    tokens, two_letters,
};
use crate::{
    ace::AceType,
    mask::{AccessMask, RIGHT_LABEL_BITS, RightToken},
    sddl::ParseErrorKind,
};

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// The rights and their semicolon. An empty field means no rights.
    #[expect(
        clippy::inline_always,
        reason = "out of line, its result would go through memory for each entry"
    )]
    #[inline(always)]
    pub(super) fn rights<const TOLERANT: bool>(&self, ace_type: AceType, input: Input<'t>) -> Parsed<'t, AccessMask> {
        if let [b'0', b'x', digits @ ..] = input {
            if let Some(([b';', rest @ ..], bits)) = hexadecimal(digits) {
                return Ok((rest, AccessMask::from_bits_retain(bits)));
            }
        } else {
            let mut mask = AccessMask::empty();
            let rest = tokens(input, RightToken::by_letters, |right| mask |= right);
            if let [b';', rest @ ..] = rest {
                return Ok((rest, mask));
            }
        }
        Self::or::<TOLERANT, _>(|| {
            let (rest, mask) = self.tolerant_rights(Some(ace_type), input)?;
            Ok((self.next_field(rest)?.0, mask))
        })
    }

    #[cold]
    pub(super) fn tolerant_rights(&self, ace_type: Option<AceType>, input: Input<'t>) -> Parsed<'t, AccessMask> {
        let (input, ()) = self.spaces(input)?;
        match input {
            [b'0'..=b'9' | b'-', ..] => self.mask_number(input),
            _ => self.right_tokens(ace_type, input),
        }
    }

    /// Tokens such as `CCDC`, with spaces between them but not after the last one.
    fn right_tokens(&self, ace_type: Option<AceType>, mut input: Input<'t>) -> Parsed<'t, AccessMask> {
        let mut mask = AccessMask::empty();
        loop {
            let Some((letters, rest)) = two_letters(input) else {
                return match input {
                    [letter, rest @ ..] if letter.is_ascii_alphabetic() => {
                        self.refuse(ParseErrorKind::RightUnknown, input, rest)
                    }
                    _ => Ok((input, mask)),
                };
            };
            let Some(right) = right(ace_type, letters) else {
                return self.refuse(ParseErrorKind::RightUnknown, input, rest);
            };
            self.letter_case(input, rest)?;
            mask |= right;
            let (next, ()) = self.spaces(rest)?;
            if next.len() < rest.len() && !next.first().is_some_and(u8::is_ascii_alphabetic) {
                return self.refuse(ParseErrorKind::RightsTrailingSpace, rest, next);
            }
            input = next;
        }
    }

    /// A number: `0x…`, octal with a leading `0`, or decimal. Windows changes negative numbers and those of more than 32 bits.
    fn mask_number(&self, input: Input<'t>) -> Parsed<'t, AccessMask> {
        let (negative, unsigned) = match input {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, input),
        };
        let (radix, digits) = radix(unsigned);
        let (rest, number) = number(radix, digits);
        let Some(number) = number else {
            return self.refuse_at(ParseErrorKind::MaskMalformed, digits);
        };
        let magnitude = u32::try_from(number.saturated);
        let saturated = magnitude.unwrap_or(u32::MAX);
        if negative {
            self.tolerate_change(ParseErrorKind::MaskNegative, input, rest)?;
            return Ok((rest, AccessMask::from_bits_retain(saturated.wrapping_neg())));
        }
        if magnitude.is_err() {
            self.tolerate_change(ParseErrorKind::MaskOutOfRange, input, rest)?;
        }
        Ok((rest, AccessMask::from_bits_retain(saturated)))
    }
}

/// The rights of a token in upper case. Mandatory labels have three tokens of their own.
fn right(ace_type: Option<AceType>, letters: [u8; 2]) -> Option<AccessMask> {
    let label = if ace_type == Some(AceType::MandatoryLabel) {
        RIGHT_LABEL_BITS
    } else {
        &[]
    };
    label
        .iter()
        .find_map(|right| (right.token.as_bytes() == letters).then_some(right.mask))
        .or_else(|| RightToken::by_letters(letters))
}
