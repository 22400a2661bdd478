//! Reads and writes claims ([MS-DTYP] 2.4.10.1).

use super::{
    error::{DecodeErrorKind, ReadError, Truncated},
    reader::{MAX_SIZE, Reader, length},
    sid,
};
use crate::{
    claim::{Claim, ClaimFlags, ClaimType, ClaimValues},
    sid::Sid,
};
use alloc::{string::String, vec::Vec};

/// The bytes of a claim before its table of offsets.
const HEADER_LEN: usize = 16;

const TRUNCATED: Truncated = Truncated::Claim;

/// The bytes of a claim, and how much of them was read.
struct Content<'a> {
    whole: Reader<'a>,
    /// The first offset that a name or value can have, from the start of the claim.
    start: usize,
    /// The number of bytes read. Bytes that values share count each time they are read.
    read: usize,
}

/// Reads a claim. Bytes after its last value are ignored.
///
/// The offsets may be in any order, and may lead to shared bytes. So the values together may be longer than the claim, but not longer than
/// an entry can be.
pub(super) fn read(whole: Reader<'_>) -> Result<Claim, ReadError> {
    let mut header = whole;
    let named = header;
    let name = header.u32(TRUNCATED)?;
    let typed = header;
    let code = header.u16(TRUNCATED)?;
    let claim_type =
        ClaimType::from_code(code).ok_or_else(|| typed.error(DecodeErrorKind::ClaimTypeUnknown { code }))?;
    let _reserved = header.u16(TRUNCATED)?;
    let flags = ClaimFlags::from_bits_retain(header.u32(TRUNCATED)?);
    let counted = header;
    let count = length(header.u32(TRUNCATED)?);
    let offsets = header
        .part(count.saturating_mul(4), TRUNCATED)
        .map_err(|_| TRUNCATED.error(counted.rest()))?;
    let start = offsets.len().saturating_add(HEADER_LEN);
    let mut content = Content {
        whole,
        start,
        read: start,
    };
    let name = content.part(named, name, read_string)?;
    let values = match claim_type {
        ClaimType::Int => ClaimValues::Int(content.values(offsets, read_int)?),
        ClaimType::Uint => ClaimValues::Uint(content.values(offsets, |part| part.u64(TRUNCATED))?),
        ClaimType::String => ClaimValues::String(content.values(offsets, read_string)?),
        ClaimType::Sid => ClaimValues::Sid(content.values(offsets, read_sid)?),
        ClaimType::Bool => ClaimValues::Bool(content.values(offsets, read_bool)?),
        ClaimType::Octets => ClaimValues::Octets(content.values(offsets, |part| {
            part.counted(TRUNCATED).map(|octets| octets.rest().to_vec())
        })?),
    };
    Claim::new(name, flags, values).map_err(|error| whole.error(DecodeErrorKind::Claim(error)))
}

impl<'a> Content<'a> {
    /// Reads the name or value that the offset `to` leads to. The offset is at `field`.
    fn part<T>(
        &mut self,
        field: Reader<'a>,
        to: u32,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let position = length(to);
        if position < self.start {
            return Err(field.error(DecodeErrorKind::ClaimOffsetIntoHeader { to }));
        }
        let Some(mut part) = self.whole.at(position) else {
            return Err(field.error(DecodeErrorKind::ClaimOffsetOutOfRange { to }));
        };
        let before = part.len();
        let value = read(&mut part)?;
        self.read = self.read.saturating_add(before.saturating_sub(part.len()));
        if self.read > MAX_SIZE {
            return Err(field.error(DecodeErrorKind::ClaimTooLarge { limit: MAX_SIZE }));
        }
        Ok(value)
    }

    fn values<T>(
        &mut self,
        mut offsets: Reader<'a>,
        mut read: impl FnMut(&mut Reader<'a>) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let mut values = Vec::new();
        while offsets.len() > 0 {
            let field = offsets;
            let to = offsets.u32(TRUNCATED)?;
            values.push(self.part(field, to, &mut read)?);
        }
        Ok(values)
    }
}

fn read_int(part: &mut Reader<'_>) -> Result<i64, ReadError> {
    part.array(TRUNCATED).map(i64::from_le_bytes)
}

fn read_bool(part: &mut Reader<'_>) -> Result<bool, ReadError> {
    let start = *part;
    match part.u64(TRUNCATED)? {
        0 => Ok(false),
        1 => Ok(true),
        value => Err(start.error(DecodeErrorKind::ClaimBoolOutOfRange { value })),
    }
}

/// Reads UTF-16 up to U+0000.
fn read_string(part: &mut Reader<'_>) -> Result<String, ReadError> {
    let units = part
        .rest()
        .chunks_exact(2)
        .position(|unit| unit == [0, 0])
        .ok_or_else(|| part.error(DecodeErrorKind::ClaimStringUnterminated))?;
    let text = part.part(units.saturating_mul(2), TRUNCATED)?.utf16()?;
    let _end = part.u16(TRUNCATED)?;
    Ok(text)
}

/// Reads a SID in its binary form, or as text.
fn read_sid(part: &mut Reader<'_>) -> Result<Sid, ReadError> {
    let payload = part.counted(TRUNCATED)?;
    if payload.rest().starts_with(b"S-") {
        return sid::from_ascii(payload.rest()).ok_or_else(|| payload.error(DecodeErrorKind::ClaimSidMalformed));
    }
    sid::read_whole(payload)
}

/// Writes a claim without padding: the header, the table of offsets, the name and the values, without gaps.
pub(super) fn write(claim: &Claim, out: &mut Vec<u8>) {
    let values = claim.values();
    let table = values.len().saturating_mul(4);
    let name = table.saturating_add(HEADER_LEN);
    let mut content = Vec::new();
    write_string(claim.name(), &mut content);

    let mut offsets = Vec::new();
    let mut begin = |content: &Vec<u8>| write_u32(name.saturating_add(content.len()), &mut offsets);
    match values {
        ClaimValues::Int(values) => values.iter().for_each(|value| {
            begin(&content);
            content.extend_from_slice(&value.to_le_bytes());
        }),
        ClaimValues::Uint(values) => values.iter().for_each(|value| {
            begin(&content);
            content.extend_from_slice(&value.to_le_bytes());
        }),
        ClaimValues::String(values) => values.iter().for_each(|value| {
            begin(&content);
            write_string(value, &mut content);
        }),
        ClaimValues::Sid(values) => values.iter().for_each(|value| {
            begin(&content);
            write_u32(value.encoded_len(), &mut content);
            value.write(&mut content);
        }),
        ClaimValues::Bool(values) => values.iter().for_each(|&value| {
            begin(&content);
            content.extend_from_slice(&u64::from(value).to_le_bytes());
        }),
        ClaimValues::Octets(values) => values.iter().for_each(|value| {
            begin(&content);
            write_u32(value.len(), &mut content);
            content.extend_from_slice(value);
        }),
    }

    write_u32(name, out);
    out.extend_from_slice(&values.claim_type().code().to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&claim.flags().bits().to_le_bytes());
    write_u32(values.len(), out);
    out.extend_from_slice(&offsets);
    out.extend_from_slice(&content);
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.extend(text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
}

/// Writes a length or an offset. It fits, since the size of the entry fits 16 bits.
fn write_u32(value: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
}
