//! Writes the binary form of conditions ([MS-DTYP] 2.4.4.17.4), which a [`Condition`](super::Condition) keeps, token by token.

use super::{
    AttributeClass, Integer, Literal, Operator, SIGNATURE, Token,
    reader::{COMPOSITE, OCTETS, SID, STRING},
};
use crate::sid::Sid;
use alloc::vec::Vec;
use core::mem;

/// Writes the tokens of a condition. The caller keeps each count below 2^32.
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Starts with the signature, in a buffer of `capacity` bytes.
    #[inline]
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        bytes.extend_from_slice(&SIGNATURE);
        Self { bytes }
    }

    /// The bytes written so far, with the signature.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes the bytes written so far, and leaves none.
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

    /// Writes a composite of the literals that `members` writes.
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

    /// Writes a code and a count.
    #[inline]
    fn head(&mut self, code: u8, payload: usize) {
        let [a, b, c, d] = count(payload);
        self.bytes.extend_from_slice(&[code, a, b, c, d]);
    }

    fn text(&mut self, code: u8, text: &str) {
        self.head(code, text.encode_utf16().count().saturating_mul(2));
        self.bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }

    /// Writes a name or a string in ASCII. `input` begins with `text`.
    #[inline(never)]
    pub(crate) fn ascii(&mut self, code: u8, text: &[u8], input: &[u8]) {
        // Most texts are short. If the buffer need not grow, eight characters are written at once and those after the text cut off again.
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

/// The bytes of a code and a count.
const HEAD_LEN: usize = 5;

fn count(payload: usize) -> [u8; 4] {
    u32::try_from(payload).unwrap_or(u32::MAX).to_le_bytes()
}
