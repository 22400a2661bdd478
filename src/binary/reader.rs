//! A part of the input, and where in the input it starts.

use super::error::{DecodeError, DecodeErrorKind};
use alloc::string::String;

/// The most bytes that the 16-bit size of a list or an entry can say.
pub(super) const MAX_SIZE: usize = 65_535;

/// The bytes of a part of the input that were not read yet. A read that fails leaves it as it was. Offsets are at most the length of the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(input: &'a [u8]) -> Self {
        Self { rest: input, offset: 0 }
    }

    pub(super) const fn at_offset(rest: &'a [u8], offset: usize) -> Self {
        Self { rest, offset }
    }

    pub(super) const fn rest(self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn len(self) -> usize {
        self.rest.len()
    }

    /// The offset of the next byte from the start of the input.
    pub(super) const fn offset(self) -> usize {
        self.offset
    }

    /// An error at the next byte.
    #[cold]
    pub(super) const fn error(self, kind: DecodeErrorKind) -> DecodeError {
        DecodeError::new(kind, self.offset)
    }

    /// An error `bytes` bytes after the next byte.
    #[cold]
    pub(super) const fn error_after(self, bytes: usize, kind: DecodeErrorKind) -> DecodeError {
        DecodeError::new(kind, self.offset.saturating_add(bytes))
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
        self.chunk(truncated).copied()
    }

    /// The next `N` bytes, where they are.
    #[inline]
    pub(super) fn chunk<const N: usize>(&mut self, truncated: DecodeErrorKind) -> Result<&'a [u8; N], DecodeError> {
        let Some((bytes, rest)) = self.rest.split_first_chunk() else {
            return Err(self.error(truncated));
        };
        self.offset = self.offset.wrapping_add(N);
        self.rest = rest;
        Ok(bytes)
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

    /// Goes on at `rest`, which is the end of the bytes that are left.
    #[inline]
    pub(super) const fn skip_to(&mut self, rest: &'a [u8]) {
        self.offset = self.offset.wrapping_add(self.rest.len().wrapping_sub(rest.len()));
        self.rest = rest;
    }

    /// Reads a count of 32 bits, and returns a reader of as many bytes after it. An error is at the count.
    pub(super) fn counted(&mut self, truncated: DecodeErrorKind) -> Result<Self, DecodeError> {
        let start = *self;
        let count = self.u32(truncated)?;
        self.part(length(count), truncated).map_err(|_| start.error(truncated))
    }

    /// A reader without the next `count` bytes, or an empty one if there are fewer.
    pub(super) fn after(self, count: usize) -> Self {
        let count = count.min(self.len());
        Self {
            rest: self.rest.get(count..).unwrap_or_default(),
            offset: self.offset.wrapping_add(count),
        }
    }

    /// A reader that starts `position` bytes later. `None` if no byte is there.
    pub(super) fn at(self, position: usize) -> Option<Self> {
        let rest = self.rest.get(position..).filter(|rest| !rest.is_empty())?;
        let offset = self.offset.checked_add(position)?;
        Some(Self { rest, offset })
    }

    /// Decodes all bytes that are left as UTF-16. A single byte at the end is ignored.
    pub(super) fn utf16(self) -> Result<String, DecodeError> {
        let units = self.rest.as_chunks().0.iter().copied().map(u16::from_le_bytes);
        let mut offset = self.offset;
        let characters = char::decode_utf16(units).map(|decoded| {
            let character = decoded.map_err(|_| DecodeError::new(DecodeErrorKind::StringUnpairedSurrogate, offset))?;
            offset = offset.saturating_add(character.len_utf16().saturating_mul(2));
            Ok(character)
        });
        characters.collect()
    }

    /// Checks that the bytes that are left are padding: at most three zero bytes.
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

/// A field of 32 bits as a length. One that does not fit `usize` becomes `usize::MAX`, which is longer than any input.
pub(super) fn length(field: u32) -> usize {
    usize::try_from(field).unwrap_or(usize::MAX)
}
