//! A part of the input that is read from its start.

use super::error::{DecodeErrorKind, ReadError, Truncated};
use alloc::string::String;

/// The most bytes that the 16-bit size of a list or an entry can say.
pub(super) const MAX_SIZE: usize = 65_535;

/// The bytes of a part of the input that were not read yet. A read that fails leaves it as it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    /// Always a part of the input, even if it is empty: the place of an error is that of its first byte.
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(input: &'a [u8]) -> Self {
        Self { rest: input }
    }

    pub(super) const fn rest(self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn len(self) -> usize {
        self.rest.len()
    }

    /// An error at the next byte.
    #[cold]
    pub(super) fn error(self, kind: DecodeErrorKind) -> ReadError {
        ReadError::new(kind, self.rest)
    }

    pub(super) fn u8(&mut self, truncated: Truncated) -> Result<u8, ReadError> {
        self.array(truncated).map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self, truncated: Truncated) -> Result<u16, ReadError> {
        self.array(truncated).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, truncated: Truncated) -> Result<u32, ReadError> {
        self.array(truncated).map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self, truncated: Truncated) -> Result<u64, ReadError> {
        self.array(truncated).map(u64::from_le_bytes)
    }

    /// The next `N` bytes.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self, truncated: Truncated) -> Result<[u8; N], ReadError> {
        self.chunk(truncated).copied()
    }

    /// The next `N` bytes, where they are.
    #[inline]
    pub(super) fn chunk<const N: usize>(&mut self, truncated: Truncated) -> Result<&'a [u8; N], ReadError> {
        self.take_chunk().ok_or_else(|| truncated.error(self.rest))
    }

    /// The next `N` bytes, if there are so many.
    #[inline]
    pub(super) const fn take_chunk<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let Some((bytes, rest)) = self.rest.split_first_chunk() else {
            return None;
        };
        self.rest = rest;
        Some(bytes)
    }

    /// A reader of the next `count` bytes alone.
    #[inline]
    pub(super) fn part(&mut self, count: usize, truncated: Truncated) -> Result<Self, ReadError> {
        self.take_part(count).ok_or_else(|| truncated.error(self.rest))
    }

    /// A reader of the next `count` bytes alone, if there are so many.
    #[inline]
    pub(super) const fn take_part(&mut self, count: usize) -> Option<Self> {
        let Some((part, rest)) = self.rest.split_at_checked(count) else {
            return None;
        };
        self.rest = rest;
        Some(Self { rest: part })
    }

    /// Goes on at `rest`, which is the end of the bytes that are left.
    #[inline]
    pub(super) const fn skip_to(&mut self, rest: &'a [u8]) {
        self.rest = rest;
    }

    /// Reads a count of 32 bits, and returns a reader of as many bytes after it. An error is at the count.
    pub(super) fn counted(&mut self, truncated: Truncated) -> Result<Self, ReadError> {
        let start = *self;
        let count = self.u32(truncated)?;
        self.part(length(count), truncated)
            .map_err(|_| truncated.error(start.rest))
    }

    /// A reader that starts `position` bytes later. `None` if no byte is there.
    pub(super) fn at(self, position: usize) -> Option<Self> {
        let rest = self.rest.get(position..).filter(|rest| !rest.is_empty())?;
        Some(Self { rest })
    }

    /// Decodes all bytes that are left as UTF-16. A single byte at the end is ignored.
    pub(super) fn utf16(self) -> Result<String, ReadError> {
        let units = self.rest.as_chunks().0.iter().copied().map(u16::from_le_bytes);
        let mut before = 0_usize;
        let characters = char::decode_utf16(units).map(|decoded| {
            let character = decoded.map_err(|_| self.error(DecodeErrorKind::StringUnpairedSurrogate).after(before))?;
            before = before.saturating_add(character.len_utf16().saturating_mul(2));
            Ok(character)
        });
        characters.collect()
    }
}

/// A field of 32 bits as a length. One that does not fit `usize` becomes `usize::MAX`, which is longer than any input.
pub(super) fn length(field: u32) -> usize {
    usize::try_from(field).unwrap_or(usize::MAX)
}
