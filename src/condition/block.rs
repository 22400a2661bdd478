//! The binary form of conditions ([MS-DTYP] 2.4.4.17.4), which they are kept in: written token by token, and read without a copy.

use super::{Attribute, AttributeClass, Integer, Literal, Operator, Radix, SIGNATURE, Sign, Token, Utf16, Width};
use crate::sid::Sid;
use alloc::{string::ToString, vec::Vec};
use core::mem;

/// The code of a string.
pub(crate) const STRING: u8 = 0x10;
/// The code of octets.
pub(crate) const OCTETS: u8 = 0x18;
/// The code of a composite.
pub(crate) const COMPOSITE: u8 = 0x50;
/// The code of a SID.
pub(crate) const SID: u8 = 0x51;

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
    Sid(SidRef<'a>),
}

/// A SID in the binary form.
#[derive(Clone, Copy)]
pub(crate) struct SidRef<'a>(&'a [u8]);

/// The tokens of a condition. Where bytes make no token, which those of a condition do, it ends before them.
#[derive(Clone)]
pub(crate) struct Tokens<'a> {
    rest: &'a [u8],
}

/// The members of a composite, likewise.
#[derive(Clone, Copy)]
pub(crate) struct Literals<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    /// Those of a condition in its binary form.
    pub(crate) fn of(condition: &'a [u8]) -> Self {
        Self::at(condition, SIGNATURE.len())
    }

    /// Those that begin at a place of it or later.
    pub(super) fn at(condition: &'a [u8], start: usize) -> Self {
        let rest = condition.get(start..).unwrap_or_default();
        Self { rest }
    }

    /// The bytes that were not read yet.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = TokenRef<'a>;

    fn next(&mut self) -> Option<TokenRef<'a>> {
        let (&code, after) = self.rest.split_first()?;
        let token;
        if let Some(operator) = Operator::from_code(code) {
            (token, self.rest) = (TokenRef::Operator(operator), after);
        } else if let Some(class) = AttributeClass::from_code(code) {
            let (payload, rest) = counted(after)?;
            (token, self.rest) = (TokenRef::Attribute(class, string(payload)?), rest);
        } else if code == COMPOSITE {
            let (payload, rest) = counted(after)?;
            let members = Literals { rest: payload };
            (token, self.rest) = (TokenRef::Composite(members.whole()?), rest);
        } else {
            let (value, rest) = literal(code, after)?;
            (token, self.rest) = (TokenRef::Literal(value), rest);
        }
        Some(token)
    }
}

impl Literals<'_> {
    pub(crate) const NONE: Self = Self { rest: &[] };

    pub(crate) const fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// These, if all of them can be read: fewer members would make another set.
    fn whole(self) -> Option<Self> {
        let mut members = self;
        while members.next().is_some() {}
        members.is_empty().then_some(self)
    }
}

impl<'a> Iterator for Literals<'a> {
    type Item = LiteralRef<'a>;

    fn next(&mut self) -> Option<LiteralRef<'a>> {
        let (&code, after) = self.rest.split_first()?;
        let (value, rest) = literal(code, after)?;
        self.rest = rest;
        Some(value)
    }
}

/// The literal behind its code, and what follows.
fn literal(code: u8, after: &[u8]) -> Option<(LiteralRef<'_>, &[u8])> {
    if let Some(width) = Width::from_code(code) {
        let (value, after) = after.split_first_chunk()?;
        let [sign, base, rest @ ..] = after else {
            return None;
        };
        let integer = Integer {
            value: i64::from_le_bytes(*value),
            sign: Sign::from_code(*sign)?,
            base: Radix::from_code(*base)?,
            width,
        };
        return Some((LiteralRef::Integer(integer), rest));
    }
    let (payload, rest) = counted(after)?;
    let value = match code {
        STRING => LiteralRef::String(string(payload)?),
        OCTETS => LiteralRef::Octets(payload),
        SID => LiteralRef::Sid(SidRef(payload)),
        _ => return None,
    };
    Some((value, rest))
}

/// The bytes behind their count, and what follows.
fn counted(after: &[u8]) -> Option<(&[u8], &[u8])> {
    let (count, after) = after.split_first_chunk()?;
    after.split_at_checked(usize::try_from(u32::from_le_bytes(*count)).ok()?)
}

fn string(payload: &[u8]) -> Option<Utf16<'_>> {
    match payload.as_chunks() {
        (units, []) => Some(Utf16::of_units(units)),
        _ => None,
    }
}

impl<'a> SidRef<'a> {
    pub(super) const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn to_sid(self) -> Option<Sid> {
        Sid::from_bytes(self.0)
    }
}

impl LiteralRef<'_> {
    fn to_literal(self) -> Option<Literal> {
        Some(match self {
            Self::Integer(integer) => Literal::Integer(integer),
            Self::String(text) => Literal::String(text.to_string()),
            Self::Octets(octets) => Literal::Octets(octets.to_vec()),
            Self::Sid(sid) => Literal::Sid(sid.to_sid()?),
        })
    }
}

impl TokenRef<'_> {
    pub(crate) fn to_token(self) -> Option<Token> {
        Some(match self {
            Self::Literal(literal) => Token::Literal(literal.to_literal()?),
            Self::Composite(members) => Token::Composite(members.map(LiteralRef::to_literal).collect::<Option<_>>()?),
            Self::Attribute(class, name) => Token::Attribute(Attribute {
                class,
                name: name.to_string(),
            }),
            Self::Operator(operator) => Token::Operator(operator),
        })
    }
}

/// A condition on its way into the binary form. Who writes keeps counts below 2^32.
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// With room for so many bytes.
    #[inline]
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.extend_from_slice(&SIGNATURE);
        Self { bytes }
    }

    /// What was written, with the signature.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What was written, which is not there any more.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        mem::take(&mut self.bytes)
    }

    #[inline]
    pub(crate) fn operator(&mut self, operator: Operator) {
        self.bytes.push(operator.code());
    }

    pub(crate) fn attribute(&mut self, class: AttributeClass, name: &str) {
        self.text(class.code(), name);
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.text(STRING, text);
    }

    pub(crate) fn octets(&mut self, octets: &[u8]) {
        self.head(OCTETS, octets.len());
        self.bytes.extend_from_slice(octets);
    }

    #[inline]
    pub(crate) fn sid(&mut self, sid: &Sid) {
        self.head(SID, sid.encoded_len());
        sid.write(&mut self.bytes);
    }

    pub(crate) fn integer(&mut self, integer: Integer) {
        let [a, b, c, d, e, f, g, h] = integer.value.to_le_bytes();
        let (code, sign, base) = (integer.width.code(), integer.sign.code(), integer.base.code());
        self.bytes
            .extend_from_slice(&[code, a, b, c, d, e, f, g, h, sign, base]);
    }

    /// The literals that `members` writes, as a composite.
    #[inline]
    pub(crate) fn composite<T>(&mut self, members: impl FnOnce(&mut Self) -> T) -> T {
        self.head(COMPOSITE, 0);
        let start = self.bytes.len();
        let written = members(self);
        let count = count(self.bytes.len().saturating_sub(start));
        let head = start
            .checked_sub(count.len())
            .and_then(|place| self.bytes.get_mut(place..start));
        if let Some(head) = head {
            head.copy_from_slice(&count);
        }
        written
    }

    pub(crate) fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Integer(integer) => self.integer(*integer),
            Literal::String(text) => self.string(text),
            Literal::Octets(octets) => self.octets(octets),
            Literal::Sid(sid) => self.sid(sid),
        }
    }

    pub(crate) fn token(&mut self, token: &Token) {
        match token {
            Token::Literal(literal) => self.literal(literal),
            Token::Composite(members) => {
                self.composite(|writer| members.iter().for_each(|member| writer.literal(member)));
            }
            Token::Attribute(attribute) => self.attribute(attribute.class, &attribute.name),
            Token::Operator(operator) => self.operator(*operator),
        }
    }

    /// A code and a count.
    #[inline]
    fn head(&mut self, code: u8, payload: usize) {
        let [a, b, c, d] = count(payload);
        self.bytes.extend_from_slice(&[code, a, b, c, d]);
    }

    fn text(&mut self, code: u8, text: &str) {
        self.head(code, text.encode_utf16().count().saturating_mul(2));
        self.bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }

    /// A name or a string in ASCII, which `input` begins with.
    #[inline(never)]
    pub(crate) fn ascii(&mut self, code: u8, text: &[u8], input: &[u8]) {
        // Most are short, and are written with their head; what was too much is cut off. Where that might need more room, they are not.
        let room = self.bytes.capacity().wrapping_sub(self.bytes.len());
        if text.len() <= 8
            && room >= HEAD_LEN + 16
            && let Some(&[e, f, g, h, i, j, k, l]) = input.first_chunk()
        {
            let payload = text.len().wrapping_mul(2);
            let [a, b, c, d] = count(payload);
            let all = [code, a, b, c, d, e, 0, f, 0, g, 0, h, 0, i, 0, j, 0, k, 0, l, 0];
            let end = self.bytes.len().wrapping_add(HEAD_LEN).wrapping_add(payload);
            self.bytes.extend_from_slice(&all);
            self.bytes.truncate(end);
        } else {
            self.long_ascii(code, text);
        }
    }

    #[inline(never)]
    fn long_ascii(&mut self, code: u8, text: &[u8]) {
        self.head(code, text.len().saturating_mul(2));
        let (eights, rest) = text.as_chunks::<8>();
        for eight in eights {
            self.bytes.extend_from_slice(eight.map(|byte| [byte, 0]).as_flattened());
        }
        for byte in rest {
            self.bytes.extend_from_slice(&[*byte, 0]);
        }
    }
}

/// A code and a count.
const HEAD_LEN: usize = 5;

fn count(payload: usize) -> [u8; 4] {
    u32::try_from(payload).unwrap_or(u32::MAX).to_le_bytes()
}
