//! Bytes to be read, and where in the input they stand.

use super::error::{DecodeError, DecodeErrorKind};
use alloc::string::String;

/// What is left to read of a part of the input. A read that fails leaves it as it was. Offsets are at most the length of the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(input: &'a [u8]) -> Self {
        Self { rest: input, offset: 0 }
    }

    pub(super) const fn rest(self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn len(self) -> usize {
        self.rest.len()
    }

    /// Where the next byte stands in the input.
    pub(super) const fn offset(self) -> usize {
        self.offset
    }

    /// An error at the next byte.
    pub(super) const fn error(self, kind: DecodeErrorKind) -> DecodeError {
        DecodeError::new(kind, self.offset)
    }

    pub(super) fn u8(&mut self, truncated: DecodeErrorKind) -> Result<u8, DecodeError> {
        self.array(truncated).map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self, truncated: DecodeErrorKind) -> Result<u16, DecodeError> {
        self.array(truncated).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, truncated: DecodeErrorKind) -> Result<u32, DecodeError> {
        self.array(truncated).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, truncated: DecodeErrorKind) -> Result<u64, DecodeError> {
        self.array(truncated).map(u64::from_le_bytes)
    }

    /// The next `N` bytes.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self, truncated: DecodeErrorKind) -> Result<[u8; N], DecodeError> {
        let Some((bytes, rest)) = self.rest.split_first_chunk() else {
            return Err(self.error(truncated));
        };
        self.offset = self.offset.wrapping_add(N);
        self.rest = rest;
        Ok(*bytes)
    }

    /// A reader of the next `count` bytes alone.
    #[inline]
    pub(super) fn part(&mut self, count: usize, truncated: DecodeErrorKind) -> Result<Self, DecodeError> {
        let Some((part, rest)) = self.rest.split_at_checked(count) else {
            return Err(self.error(truncated));
        };
        let offset = self.offset;
        self.offset = self.offset.wrapping_add(count);
        self.rest = rest;
        Ok(Self { rest: part, offset })
    }

    /// Leaves out `count` bytes that are there.
    pub(super) fn skip(&mut self, count: usize) {
        self.offset = self.offset.wrapping_add(count);
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    /// A reader from `position` on, counted from here; nothing where that is the end or beyond it.
    pub(super) fn at(self, position: usize) -> Option<Self> {
        let rest = self.rest.get(position..).filter(|rest| !rest.is_empty())?;
        let offset = self.offset.checked_add(position)?;
        Some(Self { rest, offset })
    }

    /// All that is left, as UTF-16. An odd byte at the end is not read.
    pub(super) fn utf16(self) -> Result<String, DecodeError> {
        self.characters().collect()
    }

    /// Its characters.
    pub(super) fn characters(self) -> impl Iterator<Item = Result<char, DecodeError>> + use<'a> {
        let units = self.rest.as_chunks().0.iter().copied().map(u16::from_le_bytes);
        let mut offset = self.offset;
        char::decode_utf16(units).map(move |decoded| {
            let character = decoded.map_err(|_| DecodeError::new(DecodeErrorKind::StringUnpairedSurrogate, offset))?;
            offset = offset.saturating_add(character.len_utf16().saturating_mul(2));
            Ok(character)
        })
    }

    /// That nothing is left but padding: at most three zero bytes.
    pub(super) fn padding(self) -> Result<(), DecodeError> {
        if let Some(position) = self.rest.iter().position(|&byte| byte != 0) {
            let offset = self.offset.saturating_add(position);
            return Err(DecodeError::new(DecodeErrorKind::PaddingNonzero, offset));
        }
        match self.len() {
            0..=3 => Ok(()),
            bytes => Err(self.error(DecodeErrorKind::PaddingTooLong { bytes })),
        }
    }
}

/// A length field as a length in memory; what does not fit is longer than any input.
pub(super) fn length(field: u32) -> usize {
    usize::try_from(field).unwrap_or(usize::MAX)
}
