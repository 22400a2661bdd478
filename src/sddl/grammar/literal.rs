//! Values in conditions and claims, and names with escapes.

use super::{
    Fault, Grammar, Input, Parsed, Watch,
    number::{decimal, hexadecimal, number, radix},
    sid::FoundSid,
};
use crate::{
    condition::{Integer, Radix, STRING, Sign, Width, Writer},
    lookup::ByteSet,
    sddl::{
        ParseErrorKind, ViolationKind,
        lexical::{LOCAL_NAME, RAW_NAME, after_white_space, local_name},
    },
};
use alloc::{string::String, vec::Vec};

/// A value and the rest of the text, or `None` if no such value begins here.
type Found<'t, T> = Result<Option<(Input<'t>, T)>, nom::Err<Fault>>;
/// The rest of the text after a value that was added, or `None` if no such value begins here.
type Added<'t> = Result<Option<Input<'t>>, nom::Err<Fault>>;

impl<'t, W: Watch> Grammar<'t, '_, W> {
    /// Adds a string, bytes, a SID or a composite. An integer is not read here, since a local name may begin with a digit.
    #[expect(clippy::inline_always, reason = "out of line, its result would go through memory")]
    #[inline(always)]
    pub(super) fn value(&mut self, tokens: &mut Writer, input: Input<'t>) -> Added<'t> {
        match input {
            [b'{', ..] => self.composite(tokens, input).map(Some),
            _ => self.literal(tokens, input),
        }
    }

    /// Adds a string, bytes, a SID or an integer.
    #[expect(clippy::inline_always, reason = "out of line, its result would go through memory")]
    #[inline(always)]
    pub(super) fn member(&mut self, tokens: &mut Writer, input: Input<'t>) -> Added<'t> {
        match input {
            [b'0'..=b'9' | b'+' | b'-', ..] => {
                let (rest, integer) = match common_integer(input) {
                    Some(found) => found,
                    None => self.integer(input)?,
                };
                tokens.integer(integer);
                Ok(Some(rest))
            }
            _ => self.literal(tokens, input),
        }
    }

    #[expect(clippy::inline_always, reason = "out of line, its result would go through memory")]
    #[inline(always)]
    fn literal(&mut self, tokens: &mut Writer, input: Input<'t>) -> Added<'t> {
        match input {
            [b'"', inner @ ..] => {
                // Most strings are of these characters.
                if let (text, [b'"', rest @ ..]) = RAW_TEXT.split(inner) {
                    tokens.ascii(STRING, text, inner);
                    return Ok(Some(rest));
                }
                let (rest, text) = self.quoted(input)?;
                tokens.string(text);
                Ok(Some(rest))
            }
            [b'#', rest @ ..] => {
                let (rest, octets) = self.octets(rest)?;
                tokens.octets(&octets);
                Ok(Some(rest))
            }
            [b'S' | b's', ..] => match self.sid_literal(input)? {
                Some((rest, found)) => {
                    self.with_sid(found, |sid| tokens.sid(sid));
                    Ok(Some(rest))
                }
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// `{a, b}`, empty or not.
    #[inline(never)]
    fn composite(&mut self, tokens: &mut Writer, input: Input<'t>) -> Result<Input<'t>, nom::Err<Fault>> {
        tokens.composite(|members| self.members(members, input))
    }

    /// The members of a composite and its braces.
    #[inline]
    fn members(&mut self, tokens: &mut Writer, open: Input<'t>) -> Result<Input<'t>, nom::Err<Fault>> {
        let mut input = after_white_space(open.get(1..).unwrap_or_default());
        if let [b'}', rest @ ..] = input {
            return Ok(rest);
        }
        loop {
            let Some(rest) = self.member(tokens, input)? else {
                return self
                    .refuse_word(ParseErrorKind::ConditionValueMissing, input)
                    .map(|(rest, ())| rest);
            };
            input = match after_white_space(rest) {
                [b'}', rest @ ..] => return Ok(rest),
                [b',', rest @ ..] => after_white_space(rest),
                [] => {
                    return self
                        .refuse(ParseErrorKind::ConditionCompositeUnclosed, open, rest)
                        .map(|(rest, ())| rest);
                }
                other => {
                    return self
                        .refuse_at(ParseErrorKind::ConditionCompositeUnclosed, other)
                        .map(|(rest, ())| rest);
                }
            };
        }
    }

    /// `SID(BA)`, `SID(S-1-…)`; `None` where another word is.
    #[inline]
    pub(super) fn sid_literal(&mut self, input: Input<'t>) -> Found<'t, FoundSid> {
        let Some(inner) = input.strip_prefix(b"SID(").or_else(|| after_sid_word(input)) else {
            return Ok(None);
        };
        let (rest, sid) = self.find_sid(after_white_space(inner))?;
        match after_white_space(rest) {
            [b')', rest @ ..] => Ok(Some((rest, sid))),
            other => self.refuse_at(ParseErrorKind::ConditionSidUnclosed, other).map(Some),
        }
    }

    /// `"…"`, which has no escapes. A NUL in it is refused here, since any other character is accepted.
    pub(super) fn quoted(&self, input: Input<'t>) -> Parsed<'t, &'t str> {
        let inner = input.get(1..).unwrap_or_default();
        let end = inner.iter().position(|&byte| byte == b'"' || byte == 0);
        match inner.split_at_checked(end.unwrap_or(inner.len())) {
            Some((_, end @ [b'"', rest @ ..])) => Ok((rest, self.text_between(inner, end))),
            Some((_, end @ [0, ..])) => self.refuse_at(ParseErrorKind::NulInside, end),
            _ => self.refuse(ParseErrorKind::StringUnclosed, input, &[]),
        }
    }

    /// An integer with its sign and base ([MS-DTYP] 2.4.4.17.5), where a sign or a digit stands. A run of digits that touches a letter is a name, so it is refused here.
    fn integer(&self, input: Input<'t>) -> Parsed<'t, Integer> {
        let (sign, unsigned) = match input {
            [b'+', rest @ ..] => (Sign::Plus, rest),
            [b'-', rest @ ..] => (Sign::Minus, rest),
            _ => (Sign::None, input),
        };
        let [b'0'..=b'9', ..] = unsigned else {
            return self.refuse_at(ParseErrorKind::IntegerMalformed, input);
        };
        let (radix, digits) = radix(unsigned);
        let base = match radix {
            16 => Radix::Hexadecimal,
            8 => Radix::Octal,
            _ => Radix::Decimal,
        };
        let (_, end_of_word) = local_name(unsigned);
        let (rest, magnitude) = number(radix, digits);
        let Some(magnitude) = magnitude.filter(|_| rest.len() == end_of_word.len()) else {
            return self.refuse(ParseErrorKind::IntegerMalformed, input, end_of_word);
        };
        let value = magnitude.exact().and_then(|magnitude| match (sign, base) {
            (Sign::None, Radix::Octal | Radix::Hexadecimal) => Some(magnitude.cast_signed()),
            (Sign::None | Sign::Plus, _) => i64::try_from(magnitude).ok(),
            (Sign::Minus, _) => 0_i64.checked_sub_unsigned(magnitude),
        });
        let Some(value) = value else {
            return self.refuse(ParseErrorKind::IntegerOutOfRange, input, rest);
        };
        let width = Width::Int64;
        let integer = Integer {
            value,
            sign,
            base,
            width,
        };
        Ok((rest, integer))
    }

    /// Hexadecimal digits, where `#` is the digit 0 and an odd count gets a 0 before it.
    pub(super) fn octets(&self, input: Input<'t>) -> Parsed<'t, Vec<u8>> {
        let digit = |byte: u8| match byte {
            b'#' => Some(0),
            _ => char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()),
        };
        let count = input.iter().take_while(|&&byte| digit(byte).is_some()).count();
        let (digits, rest) = input.split_at_checked(count).unwrap_or_default();
        let odd = !count.is_multiple_of(2);
        if odd || digits.contains(&b'#') {
            self.tolerate(ViolationKind::OctetForm, input, rest)?;
        }
        let mut octets = Vec::with_capacity(count.div_ceil(2));
        let mut high = odd.then_some(0);
        for digit in digits.iter().filter_map(|&byte| digit(byte)) {
            match high.take() {
                Some(high) => octets.push(high << 4 | digit),
                None => high = Some(digit),
            }
        }
        Ok((rest, octets))
    }

    /// A name. `%` and four hexadecimal digits mean a unit of UTF-16. A comma and the characters from U+0080 on can be escaped, as Windows
    /// does, or written as themselves.
    pub(super) fn escaped_name(&self, input: Input<'t>) -> Parsed<'t, String> {
        match RAW_NAME.split(input) {
            (_, [b'%' | b',' | 0x80..=0xff, ..]) => self.name_by_units(input),
            ([], _) => self.refuse_at(ParseErrorKind::NameMissing, input),
            (_, rest) => Ok((rest, String::from(self.text_between(input, rest)))),
        }
    }

    /// A name, read unit by unit.
    fn name_by_units(&self, input: Input<'t>) -> Parsed<'t, String> {
        let mut units: Vec<u16> = Vec::new();
        let mut rest = input;
        loop {
            match rest {
                [b'%', after @ ..] => {
                    let (digits, next) = after.split_at_checked(4).unwrap_or_default();
                    let Some(unit) = hexadecimal_unit(digits) else {
                        return self.refuse_at(ParseErrorKind::EscapeMalformed, rest);
                    };
                    let needless = u8::try_from(unit).is_ok_and(|byte| RAW_NAME.contains(byte));
                    if needless || unit == 0 {
                        return self.refuse(ParseErrorKind::EscapeNotAllowed, rest, next);
                    }
                    units.push(unit);
                    rest = next;
                }
                [byte, next @ ..] if RAW_NAME.contains(*byte) || *byte == b',' => {
                    units.push(u16::from(*byte));
                    rest = next;
                }
                [0x80..=0xff, ..] => {
                    let Some(character) = self.text_between(rest, &[]).chars().next() else {
                        break;
                    };
                    units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
                    rest = rest.get(character.len_utf8()..).unwrap_or_default();
                }
                _ => break,
            }
        }
        match String::from_utf16(&units) {
            Ok(name) if !name.is_empty() => Ok((rest, name)),
            Ok(_) => self.refuse_at(ParseErrorKind::NameMissing, input),
            Err(_) => self.refuse(ParseErrorKind::NameSurrogateUnpaired, input, rest),
        }
    }
}

/// The text after the word `SID` in any case and a parenthesis.
#[cold]
fn after_sid_word(input: Input<'_>) -> Option<Input<'_>> {
    let (word, rest) = local_name(input);
    let inner = after_white_space(rest).strip_prefix(b"(")?;
    word.eq_ignore_ascii_case(b"SID").then_some(inner)
}

/// A small integer without a sign, in decimal or hexadecimal, as nearly all are.
#[inline]
fn common_integer(input: Input<'_>) -> Option<(Input<'_>, Integer)> {
    let (base, (rest, value)) = match input {
        [b'0', b'x', digits @ ..] => (Radix::Hexadecimal, hexadecimal(digits)?),
        _ => (Radix::Decimal, decimal(input)?),
    };
    let (sign, width, value) = (Sign::None, Width::Int64, value.into());
    let integer = Integer {
        value,
        sign,
        base,
        width,
    };
    let ends = rest.first().is_none_or(|&byte| !LOCAL_NAME.contains(byte));
    ends.then_some((rest, integer))
}

/// The characters of most strings. Strings of others are read too.
static RAW_TEXT: ByteSet = ByteSet::alphanumeric_and(b" !#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

fn hexadecimal_unit(digits: &[u8]) -> Option<u16> {
    let text = core::str::from_utf8(digits)
        .ok()
        .filter(|text| text.len() == 4 && !text.starts_with('+'))?;
    u16::from_str_radix(text, 16).ok()
}
