//! UTF-8 from UTF-8 or UTF-16, as PowerShell and Notepad write it.

use std::io::{self, ErrorKind, Read};

/// How many bytes of UTF-16 are read at once.
const CHUNK: usize = 1 << 13;

/// A byte that is never in UTF-8. It is written for what is no UTF-16, so that the line with it is refused.
const MALFORMED: u8 = 0xff;

/// A reader that gives UTF-8. UTF-16 is recognised by its first two bytes: a byte order mark, or a first character of ASCII.
pub(crate) struct Utf8Reader<R> {
    source: R,
    /// `None` before the first bytes are read.
    encoding: Option<Encoding>,
    /// Bytes of the source that are not decoded: a part of a character at the end of a chunk.
    undecoded: Vec<u8>,
    /// The decoded bytes.
    decoded: Vec<u8>,
    /// The number of decoded bytes that the reader has returned.
    given: usize,
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

impl Encoding {
    fn of(start: &[u8]) -> Self {
        match start {
            [0xff, 0xfe] | [1..=0xff, 0] => Self::Utf16(u16::from_le_bytes),
            [0xfe, 0xff] | [0, 1..=0xff] => Self::Utf16(u16::from_be_bytes),
            _ => Self::Utf8,
        }
    }
}

impl<R: Read> Utf8Reader<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            encoding: None,
            undecoded: Vec::new(),
            decoded: Vec::new(),
            given: 0,
        }
    }

    /// Whether the source is UTF-16, as far as it was read.
    pub(crate) fn is_utf16(&self) -> bool {
        matches!(self.encoding, Some(Encoding::Utf16(_)))
    }

    /// Reads the first two bytes and finds the encoding.
    fn begin(&mut self) -> io::Result<Encoding> {
        let mut start = [0; 2];
        let mut length = 0_usize;
        while let Some(rest) = start.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match read_some(&mut self.source, rest)? {
                0 => break,
                count => length = length.saturating_add(count),
            }
        }
        let start = start.get(..length).unwrap_or_default();
        let encoding = Encoding::of(start);
        match encoding {
            Encoding::Utf8 => self.decoded.extend_from_slice(start),
            Encoding::Utf16(_) => self.undecoded.extend_from_slice(start),
        }
        self.encoding = Some(encoding);
        Ok(encoding)
    }

    /// Decodes the next characters of UTF-16. Decodes nothing at the end of the source.
    fn decode(&mut self, unit: fn([u8; 2]) -> u16) -> io::Result<()> {
        self.decoded.clear();
        self.given = 0;
        let mut chunk = [0; CHUNK];
        while self.decoded.is_empty() {
            let count = read_some(&mut self.source, &mut chunk)?;
            self.undecoded.extend_from_slice(chunk.get(..count).unwrap_or_default());
            let (pairs, half) = self.undecoded.as_chunks::<2>();
            let mut units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
            let mut rest = half.to_vec();
            if count == 0 {
                rest.clear();
                decode_into(&mut self.decoded, &units);
                self.decoded.extend(half.iter().map(|_| MALFORMED));
            } else {
                // The second half of a surrogate pair comes with the next bytes.
                if let (Some(0xd800..=0xdbff), Some(last)) = (units.last(), pairs.last()) {
                    units.pop();
                    rest.splice(..0, *last);
                }
                decode_into(&mut self.decoded, &units);
            }
            self.undecoded = rest;
            if count == 0 {
                break;
            }
        }
        Ok(())
    }
}

fn decode_into(decoded: &mut Vec<u8>, units: &[u16]) {
    let mut room = [0; 4];
    for character in char::decode_utf16(units.iter().copied()) {
        match character {
            Ok(character) => decoded.extend_from_slice(character.encode_utf8(&mut room).as_bytes()),
            Err(_) => decoded.push(MALFORMED),
        }
    }
}

fn read_some(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => self.begin()?,
        };
        if self.given == self.decoded.len() {
            match encoding {
                Encoding::Utf8 => return self.source.read(buffer),
                Encoding::Utf16(unit) => self.decode(unit)?,
            }
        }
        let mut rest = self.decoded.get(self.given..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.given = self.given.saturating_add(count);
        Ok(count)
    }
}
