//! Reads the binary form of conditions ([MS-DTYP] 2.4.4.17.4) token by token, without a copy. This is the only reader of tokens: bytes from
//! outside and the bytes that a [`Condition`](super::Condition) keeps go through it.

use super::{Attribute, AttributeClass, Integer, Literal, Operator, Radix, SIGNATURE, Sign, Token, Utf16, Width};
use crate::sid::{SidError, SidView};
use alloc::string::ToString;

/// The code of a string.
pub(crate) const STRING: u8 = 0x10;
/// The code of an octet string.
pub(crate) const OCTETS: u8 = 0x18;
/// The code of a composite.
pub(crate) const COMPOSITE: u8 = 0x50;
/// The code of a SID.
pub(crate) const SID: u8 = 0x51;
/// The code of padding, which follows the last token.
const PADDING: u8 = 0x00;

/// The bytes of a code and of the count that follows it.
const HEADER_LEN: usize = 5;

/// A [`Token`] in the binary form.
#[derive(Clone, Copy)]
pub(crate) enum TokenRef<'a> {
    Literal(LiteralRef<'a>),
    Composite(Literals<'a>),
    Attribute(AttributeClass, Utf16<'a>),
    Operator(Operator),
}

/// A [`Literal`] in the binary form.
#[derive(Clone, Copy)]
pub(crate) enum LiteralRef<'a> {
    Integer(Integer),
    String(Utf16<'a>),
    Octets(&'a [u8]),
    Sid(SidView<'a>),
}

/// Why bytes are not a token, and at which byte it shows. The function that returns the error says from where it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenError {
    pub(crate) kind: TokenErrorKind,
    pub(crate) byte: usize,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum TokenErrorKind {
    Truncated,
    Unknown { code: u8 },
    CompositeMemberUnfit { code: u8 },
    IntegerSignUnknown { code: u8 },
    IntegerBaseUnknown { code: u8 },
    StringOddLength { bytes: usize },
    StringUnpairedSurrogate,
    Sid(SidError),
}

impl TokenError {
    #[cold]
    const fn new(kind: TokenErrorKind, byte: usize) -> Self {
        Self { kind, byte }
    }

    /// Moves the place of this error: it is then counted from `bytes` bytes earlier.
    #[cold]
    const fn after(self, bytes: usize) -> Self {
        Self {
            byte: self.byte.saturating_add(bytes),
            ..self
        }
    }
}

/// Iterates over the tokens of a condition. It ends at the padding or at the end of the bytes, and stays at a token that it can't read.
/// Errors count from the signature.
#[derive(Clone)]
pub(crate) struct Tokens<'a> {
    rest: &'a [u8],
    /// The length of the whole condition.
    len: usize,
}

impl<'a> Tokens<'a> {
    /// Starts at the first token, after the signature.
    pub(crate) fn of(condition: &'a [u8]) -> Self {
        Self::at(condition, SIGNATURE.len())
    }

    /// Starts at the byte `start`, counted from the signature.
    pub(super) fn at(condition: &'a [u8], start: usize) -> Self {
        Self {
            rest: condition.get(start..).unwrap_or_default(),
            len: condition.len(),
        }
    }

    /// The number of bytes before the next token, the signature included.
    pub(crate) const fn offset(&self) -> usize {
        self.len.saturating_sub(self.rest.len())
    }

    /// Whether all bytes were read: there is no padding, and no token that can't be read.
    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<TokenRef<'a>, TokenError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (&code, after) = self.rest.split_first()?;
        // In line, since most tokens of a deep condition are operators.
        if let Some(operator) = Operator::from_code(code) {
            self.rest = after;
            return Some(Ok(TokenRef::Operator(operator)));
        }
        if code == PADDING {
            return None;
        }
        Some(self.operand(code))
    }
}

impl<'a> Tokens<'a> {
    /// Reads the next token, which has this code and is no operator.
    #[inline(never)]
    fn operand(&mut self, code: u8) -> Result<TokenRef<'a>, TokenError> {
        match operand(code, self.rest) {
            Ok((token, rest)) => {
                self.rest = rest;
                Ok(token)
            }
            Err(error) => Err(error.after(self.offset())),
        }
    }
}

/// The members of a composite. Each was read once already, so none is left out.
#[derive(Clone, Copy)]
pub(crate) struct Literals<'a> {
    rest: &'a [u8],
}

impl<'a> Literals<'a> {
    pub(crate) const NONE: Self = Self { rest: &[] };

    pub(crate) const fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// Reads all members. Errors count from the first member.
    fn read(payload: &'a [u8]) -> Result<Self, TokenError> {
        let mut rest = payload;
        while !rest.is_empty() {
            rest = match literal(rest) {
                Ok((_, rest)) => rest,
                Err(error) => return Err(unfit_member(error).after(payload.len().saturating_sub(rest.len()))),
            };
        }
        Ok(Self { rest: payload })
    }
}

impl<'a> Iterator for Literals<'a> {
    type Item = LiteralRef<'a>;

    fn next(&mut self) -> Option<LiteralRef<'a>> {
        let (value, rest) = literal(self.rest).ok()?;
        self.rest = rest;
        Some(value)
    }
}

/// Within a composite, the codes of attributes, operators, composites and padding are errors of their own.
#[cold]
const fn unfit_member(error: TokenError) -> TokenError {
    match error.kind {
        TokenErrorKind::Unknown { code } => TokenError {
            kind: TokenErrorKind::CompositeMemberUnfit { code },
            ..error
        },
        TokenErrorKind::Truncated
        | TokenErrorKind::CompositeMemberUnfit { .. }
        | TokenErrorKind::IntegerSignUnknown { .. }
        | TokenErrorKind::IntegerBaseUnknown { .. }
        | TokenErrorKind::StringOddLength { .. }
        | TokenErrorKind::StringUnpairedSurrogate
        | TokenErrorKind::Sid(_) => error,
    }
}

/// Reads the attribute or literal that the bytes begin with, which has this code, and returns it with the rest. Errors count from the code.
#[inline]
fn operand(code: u8, bytes: &[u8]) -> Result<(TokenRef<'_>, &[u8]), TokenError> {
    if let Some(class) = AttributeClass::from_code(code) {
        let (payload, rest) = counted(bytes)?;
        return Ok((TokenRef::Attribute(class, string(payload)?), rest));
    }
    if code == COMPOSITE {
        let (payload, rest) = counted(bytes)?;
        let members = Literals::read(payload).map_err(|error| error.after(HEADER_LEN))?;
        return Ok((TokenRef::Composite(members), rest));
    }
    let (value, rest) = literal(bytes)?;
    Ok((TokenRef::Literal(value), rest))
}

/// Reads the literal that the bytes begin with, and returns it with the rest. Errors count from the code.
fn literal(bytes: &[u8]) -> Result<(LiteralRef<'_>, &[u8]), TokenError> {
    let Some(&code) = bytes.first() else {
        return Err(TokenError::new(TokenErrorKind::Truncated, 0));
    };
    if let Some(width) = Width::from_code(code) {
        return integer(width, bytes);
    }
    if !matches!(code, STRING | OCTETS | SID) {
        return Err(TokenError::new(TokenErrorKind::Unknown { code }, 0));
    }
    let (payload, rest) = counted(bytes)?;
    let value = match code {
        STRING => LiteralRef::String(string(payload)?),
        SID => LiteralRef::Sid(sid(payload)?),
        _ => LiteralRef::Octets(payload),
    };
    Ok((value, rest))
}

/// Reads an integer: its code, eight bytes of value, the sign and the base. Errors count from the code.
fn integer(width: Width, bytes: &[u8]) -> Result<(LiteralRef<'_>, &[u8]), TokenError> {
    let (value, sign, base, rest) = match *bytes {
        [_, a, b, c, d, e, f, g, h, sign, base, ref rest @ ..] => ([a, b, c, d, e, f, g, h], sign, base, rest),
        // The field that is cut off is the value, the sign or the base, which start at the bytes 1, 9 and 10.
        [_, _, _, _, _, _, _, _, _, sign] => {
            let known = Sign::from_code(sign).is_some();
            let kind = if known {
                TokenErrorKind::Truncated
            } else {
                TokenErrorKind::IntegerSignUnknown { code: sign }
            };
            return Err(TokenError::new(kind, if known { 10 } else { 9 }));
        }
        [_, _, _, _, _, _, _, _, _] => return Err(TokenError::new(TokenErrorKind::Truncated, 9)),
        _ => return Err(TokenError::new(TokenErrorKind::Truncated, 1)),
    };
    let Some(sign) = Sign::from_code(sign) else {
        return Err(TokenError::new(TokenErrorKind::IntegerSignUnknown { code: sign }, 9));
    };
    let Some(base) = Radix::from_code(base) else {
        return Err(TokenError::new(TokenErrorKind::IntegerBaseUnknown { code: base }, 10));
    };
    let value = i64::from_le_bytes(value);
    let integer = Integer {
        value,
        sign,
        base,
        width,
    };
    Ok((LiteralRef::Integer(integer), rest))
}

/// Reads the payload after a code and a count of 32 bits, and returns it with the rest. Errors count from the code.
#[inline]
fn counted(bytes: &[u8]) -> Result<(&[u8], &[u8]), TokenError> {
    let counted = bytes
        .split_first_chunk::<HEADER_LEN>()
        .and_then(|(&[_, a, b, c, d], after)| {
            after.split_at_checked(usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?)
        });
    counted.ok_or_else(|| TokenError::new(TokenErrorKind::Truncated, 1))
}

/// Reads a payload as UTF-16. Errors count from the code.
#[inline]
fn string(payload: &[u8]) -> Result<Utf16<'_>, TokenError> {
    let (units, odd) = payload.as_chunks();
    // The units D800 to DFFF are surrogates. Few strings have any.
    let surrogates = units
        .iter()
        .fold(false, |found, [_, high]| found | (high & 0xf8 == 0xd8));
    if !odd.is_empty() || surrogates {
        check_string(payload)?;
    }
    Ok(Utf16::of_units(units))
}

/// Checks that a payload is UTF-16 whose surrogates are all in pairs. Errors count from the code.
#[cold]
fn check_string(payload: &[u8]) -> Result<(), TokenError> {
    let (units, odd) = payload.as_chunks();
    if !odd.is_empty() {
        let kind = TokenErrorKind::StringOddLength { bytes: payload.len() };
        return Err(TokenError::new(kind, 1));
    }
    let mut byte = HEADER_LEN;
    for character in char::decode_utf16(units.iter().copied().map(u16::from_le_bytes)) {
        let Ok(character) = character else {
            return Err(TokenError::new(TokenErrorKind::StringUnpairedSurrogate, byte));
        };
        byte = byte.saturating_add(character.len_utf16().saturating_mul(2));
    }
    Ok(())
}

/// Reads a payload as a SID. Errors count from the code.
#[inline]
fn sid(payload: &[u8]) -> Result<SidView<'_>, TokenError> {
    let (error, byte) = match SidView::split(payload) {
        Some((sid, [])) => return Ok(sid),
        Some((_, rest)) => {
            let bytes = rest.len();
            (SidError::TrailingBytes { bytes }, payload.len().saturating_sub(bytes))
        }
        None => SidView::error(payload),
    };
    Err(TokenError::new(TokenErrorKind::Sid(error), byte).after(HEADER_LEN))
}

impl LiteralRef<'_> {
    fn to_literal(self) -> Literal {
        match self {
            Self::Integer(integer) => Literal::Integer(integer),
            Self::String(text) => Literal::String(text.to_string()),
            Self::Octets(octets) => Literal::Octets(octets.to_vec()),
            Self::Sid(sid) => Literal::Sid(sid.to_sid()),
        }
    }
}

impl TokenRef<'_> {
    pub(crate) fn to_token(self) -> Token {
        match self {
            Self::Literal(literal) => Token::Literal(literal.to_literal()),
            Self::Composite(members) => Token::Composite(members.map(LiteralRef::to_literal).collect()),
            Self::Attribute(class, name) => Token::Attribute(Attribute {
                class,
                name: name.to_string(),
            }),
            Self::Operator(operator) => Token::Operator(operator),
        }
    }
}
