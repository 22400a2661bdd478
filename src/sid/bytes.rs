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
    /// The SID, and perhaps more bytes. If there are more, decoding is faster.
    bytes: &'a [u8],
}

impl<'a> SidView<'a> {
    /// Splits the bytes into the SID that they begin with and the rest. [`error`](Self::error) says why there is no SID.
    #[inline]
    pub(crate) fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[REVISION, count @ 1..=15, ..], tail) = bytes.split_first_chunk::<HEADER_LEN>()? else {
            return None;
        };
        let rest = tail.get(usize::from(count).wrapping_mul(4)..)?;
        Some((Self { bytes }, rest))
    }

    /// The SID that these bytes begin with, where [`split`](Self::split) has found one.
    #[inline]
    pub(crate) const fn found(bytes: &'a [u8]) -> Self {
        Self { bytes }
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

    /// The last sub-authority.
    #[inline]
    pub(crate) fn relative_id(self) -> u32 {
        let Some((&[_, count, ..], tail)) = self.bytes.split_first_chunk::<HEADER_LEN>() else {
            return 0;
        };
        let last = usize::from(count).wrapping_sub(1);
        tail.as_chunks().0.get(last).copied().map_or(0, u32::from_le_bytes)
    }

    /// Decodes the SID.
    pub(crate) fn to_sid(self) -> Sid {
        self.to_sid_at_once().unwrap_or_else(|| {
            let mut sid = Sid::NOBODY;
            self.copy_to(&mut sid);
            sid
        })
    }

    /// Decodes the SID into its place, word by word.
    #[inline]
    pub(crate) fn copy_to(self, place: &mut Sid) {
        if let Some((&[_, count, ref authority @ ..], mut tail)) = self.bytes.split_first_chunk::<HEADER_LEN>() {
            (place.authority, place.count) = (*authority, count);
            place.sub_authorities = [0; MAX_SUB_AUTHORITIES];
            // Most SIDs have few sub-authorities. For these, a loop is faster than a call that copies memory.
            for place in place.sub_authorities.iter_mut().take(count.into()) {
                let Some((word, rest)) = tail.split_first_chunk() else {
                    break;
                };
                *place = u32::from_le_bytes(*word);
                tail = rest;
            }
        }
    }

    /// Decodes the SID without a branch, which is the fastest: all words that a SID can have are decoded, and those after this one cleared.
    /// `None` if the bytes have fewer words.
    #[expect(clippy::inline_always, reason = "the SID is then decoded where it is to be")]
    #[inline(always)]
    pub(crate) fn to_sid_at_once(self) -> Option<Sid> {
        let (&[_, count, ref authority @ ..], tail) = self.bytes.split_first_chunk::<HEADER_LEN>()?;
        let words = tail.as_chunks().0.first_chunk::<MAX_SUB_AUTHORITIES>()?;
        let masks = MASKS.get(usize::from(count))?;
        let mut sub_authorities = words.map(u32::from_le_bytes);
        for (place, mask) in sub_authorities.iter_mut().zip(masks) {
            *place &= mask;
        }
        Some(Sid {
            sub_authorities,
            authority: *authority,
            count,
        })
    }
}

/// For each number of sub-authorities, the bits to keep of 15 words.
static MASKS: [[u32; MAX_SUB_AUTHORITIES]; MAX_SUB_AUTHORITIES + 1] = {
    let mut masks = [[0; MAX_SUB_AUTHORITIES]; MAX_SUB_AUTHORITIES + 1];
    let mut count = 0;
    #[expect(clippy::indexing_slicing, reason = "the compiler runs this")]
    while count < masks.len() {
        let mut index = 0;
        while index < count {
            masks[count][index] = u32::MAX;
            index += 1;
        }
        count += 1;
    }
    masks
};

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
