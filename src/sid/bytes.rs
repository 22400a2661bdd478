//! The binary form of SIDs ([MS-DTYP] 2.4.2.2): one byte for the revision, one for the number of sub-authorities, six for the authority in
//! big-endian order, and four for each sub-authority in little-endian order.

use super::{Sid, SidError};
use crate::limits::MAX_SUB_AUTHORITIES;
use alloc::vec::Vec;

/// The first byte of the binary form.
const REVISION: u8 = 1;
/// The bytes before the sub-authorities: revision, count and authority.
const HEADER_LEN: usize = 8;

/// A SID within the bytes that hold it. All readers of SIDs in bytes start here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SidView<'a> {
    authority: [u8; 6],
    /// The number of sub-authorities, 1 to 15.
    count: u8,
    /// The sub-authorities, and the bytes after them.
    tail: &'a [u8],
}

impl<'a> SidView<'a> {
    /// Splits the bytes into the SID that they begin with and the rest. [`error`](Self::error) says why there is no SID.
    #[inline]
    pub(crate) fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[REVISION, count @ 1..=15, authority @ ..], tail) = bytes.split_first_chunk::<HEADER_LEN>()? else {
            return None;
        };
        let rest = tail.get(usize::from(count).wrapping_mul(4)..)?;
        let view = Self { authority, count, tail };
        Some((view, rest))
    }

    /// Finds out why [`split`](Self::split) found no SID: the error, and the byte at which it shows.
    #[cold]
    pub(crate) fn error(bytes: &[u8]) -> (SidError, usize) {
        match *bytes {
            [] => (SidError::Truncated, 0),
            [revision, ..] if revision != REVISION => (SidError::RevisionUnknown { revision }, 0),
            [_] => (SidError::Truncated, 1),
            [_, _, ref rest @ ..] if rest.len() < 6 => (SidError::Truncated, 2),
            [_, count, ..] if !(1..=15).contains(&count) => (SidError::SubAuthorityCount { count: count.into() }, 1),
            // The first sub-authority that is not complete starts here.
            _ => (SidError::Truncated, bytes.len() & !3),
        }
    }

    /// This view over `bytes`, which begin with this SID and have more of the input after it. That makes decoding faster.
    #[inline]
    pub(crate) fn widened(self, bytes: &'a [u8]) -> Self {
        let tail = bytes.get(HEADER_LEN..).unwrap_or_default();
        Self { tail, ..self }
    }

    /// The last sub-authority.
    #[inline]
    pub(crate) fn relative_id(&self) -> u32 {
        let last = usize::from(self.count).wrapping_sub(1);
        self.tail.as_chunks().0.get(last).copied().map_or(0, u32::from_le_bytes)
    }

    /// Decodes the SID.
    pub(crate) fn to_sid(self) -> Sid {
        let mut sid = Sid::NOBODY;
        self.write_to(&mut sid);
        sid
    }

    /// Decodes the SID into a place that holds [`Sid::NOBODY`].
    #[inline]
    pub(crate) fn write_to(self, nobody: &mut Sid) {
        nobody.authority = self.authority;
        nobody.count = self.count;
        write_sub_authorities(self.count.into(), self.tail, &mut nobody.sub_authorities);
    }
}

/// Decodes the first `count` sub-authorities into places that are zero.
#[inline(never)]
fn write_sub_authorities(count: u32, tail: &[u8], places: &mut [u32; MAX_SUB_AUTHORITIES]) {
    let (words, _) = tail.as_chunks();
    if let Some(words) = words.first_chunk::<MAX_SUB_AUTHORITIES>() {
        // A copy of constant length is the fastest: it decodes all words, and clears those after the SID.
        *places = words.map(u32::from_le_bytes);
        for (index, place) in (0..).zip(places) {
            *place = if index < count { *place } else { 0 };
        }
    } else {
        for ((_, place), word) in (0..count).zip(places).zip(words) {
            *place = u32::from_le_bytes(*word);
        }
    }
}

impl Sid {
    /// Reads a SID from its binary form ([\[MS-DTYP\] 2.4.2.2][packet]), which must be all of `bytes`.
    ///
    /// ```
    /// use sddl_authz::{Sid, sid::SidError};
    /// let everyone = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    /// assert_eq!(Sid::from_bytes(&everyone), Ok(Sid::EVERYONE));
    /// assert_eq!(Sid::from_bytes(&everyone[..11]), Err(SidError::Truncated));
    /// ```
    ///
    /// # Errors
    /// Fails if the revision is not 1, if there are not 1 to 15 sub-authorities, or if there are fewer or more bytes than the SID needs.
    ///
    /// [packet]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SidError> {
        match SidView::split(bytes) {
            Some((view, [])) => Ok(view.to_sid()),
            Some((_, rest)) => Err(SidError::TrailingBytes { bytes: rest.len() }),
            None => Err(SidView::error(bytes).0),
        }
    }

    /// The binary form ([\[MS-DTYP\] 2.4.2.2][packet]): 8 bytes, and 4 for each sub-authority.
    ///
    /// ```
    /// use sddl_authz::Sid;
    /// assert_eq!(Sid::EVERYONE.to_bytes(), [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    /// ```
    ///
    /// [packet]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.encoded_len());
        self.write(&mut bytes);
        bytes
    }

    /// The length of the binary form in bytes: 8, and 4 for each sub-authority.
    ///
    /// ```
    /// use sddl_authz::Sid;
    /// assert_eq!(Sid::EVERYONE.encoded_len(), 12);
    /// ```
    #[must_use]
    #[inline]
    pub fn encoded_len(&self) -> usize {
        usize::from(self.count).wrapping_mul(4).wrapping_add(8)
    }

    /// Appends the binary form.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let [a, b, c, d, e, f] = self.authority;
        out.extend_from_slice(&[REVISION, self.count, a, b, c, d, e, f]);
        let bytes = self.sub_authorities.map(u32::to_le_bytes);
        out.extend_from_slice(bytes.get(..usize::from(self.count)).unwrap_or_default().as_flattened());
    }
}

/// Reads a SID from its binary form, as [`Sid::from_bytes`] does.
impl TryFrom<&[u8]> for Sid {
    type Error = SidError;

    fn try_from(bytes: &[u8]) -> Result<Self, SidError> {
        Self::from_bytes(bytes)
    }
}
