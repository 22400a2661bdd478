//! Security identifiers ([MS-DTYP] 2.4.2), and the ones that everybody knows.

mod domain;
mod well_known;

pub use domain::DomainSids;
pub use well_known::{AliasTarget, WELL_KNOWN, WellKnown};

use crate::limits::MAX_SUB_AUTHORITIES;
use alloc::vec::Vec;
use core::fmt;

/// The first byte of the binary form.
pub(crate) const REVISION: u8 = 1;

/// A security identifier ([MS-DTYP] 2.4.2): a 48-bit authority and 1 to 15 sub-authorities.
///
/// Held inline, so it is `Copy` and compares without following a pointer. Prints as `S-1-5-32-544`, never as an alias;
/// parses from that form and from the absolute aliases of SDDL (`BA`).
///
/// ```
/// use sddl_authz::Sid;
/// let administrators: Sid = "S-1-5-32-544".parse()?;
/// assert_eq!(administrators, "BA".parse()?);
/// assert_eq!(administrators.to_string(), "S-1-5-32-544");
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(alias = "PSID")]
pub struct Sid {
    // Sub-authorities beyond `count` are zero, so that the derived comparisons hold.
    sub_authorities: [u32; MAX_SUB_AUTHORITIES],
    authority: [u8; 6],
    count: u8,
}

/// Why parts do not make a [`Sid`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SidError {
    /// The authority needs more than 48 bits.
    #[error("the authority {authority:#x} does not fit 48 bits")]
    AuthorityOutOfRange {
        /// The authority given.
        authority: u64,
    },
    /// A SID has 1 to 15 sub-authorities.
    #[error("a SID has 1 to 15 sub-authorities, not {count}")]
    SubAuthorityCount {
        /// How many were given.
        count: usize,
    },
}

impl Sid {
    /// A SID from its parts.
    ///
    /// # Errors
    /// When the authority needs more than 48 bits, or there are not 1 to 15 sub-authorities.
    pub fn new(authority: u64, sub_authorities: &[u32]) -> Result<Self, SidError> {
        let [0, 0, authority_bytes @ ..] = authority.to_be_bytes() else {
            return Err(SidError::AuthorityOutOfRange { authority });
        };
        let mut sid = Self {
            sub_authorities: [0; MAX_SUB_AUTHORITIES],
            authority: authority_bytes,
            count: 0,
        };
        let count = sub_authorities.len();
        match (sid.sub_authorities.get_mut(..count), u8::try_from(count)) {
            (Some(target), Ok(length @ 1..)) => {
                target.copy_from_slice(sub_authorities);
                sid.count = length;
                Ok(sid)
            }
            (_, Ok(_) | Err(_)) => Err(SidError::SubAuthorityCount { count }),
        }
    }

    /// A SID whose authority fits one byte: the constants below and the table of well-known SIDs.
    pub(crate) const fn of<const N: usize>(authority: u8, sub_authorities: [u32; N]) -> Self {
        assert!(N >= 1 && N <= MAX_SUB_AUTHORITIES, "1 to 15 sub-authorities");
        let mut all = [0; MAX_SUB_AUTHORITIES];
        let (head, _) = all.split_at_mut(N);
        head.copy_from_slice(&sub_authorities);
        Self {
            sub_authorities: all,
            authority: [0, 0, 0, 0, 0, authority],
            #[expect(clippy::as_conversions, reason = "N is at most 15")]
            count: N as u8,
        }
    }

    /// Nobody, `S-1-0-0`.
    pub const NOBODY: Self = Self::of(0, [0]);
    /// Everyone, `S-1-1-0` (`WD`).
    pub const EVERYONE: Self = Self::of(1, [0]);
    /// Creator Owner, `S-1-3-0` (`CO`): stands for the owner of a child, and matches nobody in a check.
    pub const CREATOR_OWNER: Self = Self::of(3, [0]);
    /// Creator Group, `S-1-3-1` (`CG`): stands for the group of a child, and matches nobody in a check.
    pub const CREATOR_GROUP: Self = Self::of(3, [1]);
    /// Owner Rights, `S-1-3-4` (`OW`): an entry for it replaces the implicit rights of the owner.
    pub const OWNER_RIGHTS: Self = Self::of(3, [4]);
    /// Anonymous, `S-1-5-7` (`AN`).
    pub const ANONYMOUS: Self = Self::of(5, [7]);
    /// Principal Self, `S-1-5-10` (`PS`): stands for the principal that the object represents.
    pub const PRINCIPAL_SELF: Self = Self::of(5, [10]);
    /// Authenticated Users, `S-1-5-11` (`AU`).
    pub const AUTHENTICATED_USERS: Self = Self::of(5, [11]);
    /// Local System, `S-1-5-18` (`SY`).
    pub const LOCAL_SYSTEM: Self = Self::of(5, [18]);
    /// The built-in Administrators, `S-1-5-32-544` (`BA`).
    pub const ADMINISTRATORS: Self = Self::of(5, [32, 544]);

    /// The identifier authority, at most 48 bits.
    #[must_use]
    pub fn authority(&self) -> u64 {
        let [a, b, c, d, e, f] = self.authority;
        u64::from_be_bytes([0, 0, a, b, c, d, e, f])
    }

    /// The sub-authorities, 1 to 15; the last one is the relative identifier.
    #[must_use]
    pub fn sub_authorities(&self) -> &[u32] {
        self.sub_authorities.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// Bytes of the binary form: 8 and 4 for each sub-authority.
    #[must_use]
    #[inline]
    pub fn encoded_len(&self) -> usize {
        usize::from(self.count).wrapping_mul(4).wrapping_add(8)
    }

    /// As `==`, without the call that the comparison of arrays is.
    #[inline]
    pub(crate) fn is(&self, other: &Self) -> bool {
        let pairs = self.sub_authorities.iter().zip(&other.sub_authorities);
        let differing = pairs.fold(0, |differing, (own, other)| differing | (own ^ other));
        differing == 0 && (self.authority, self.count) == (other.authority, other.count)
    }

    #[inline]
    pub(crate) const fn has_one_sub_authority(&self) -> bool {
        self.count == 1
    }

    /// The last sub-authority, which tells the SIDs of one domain apart.
    #[inline]
    pub(crate) fn relative_id(&self) -> u32 {
        self.sub_authorities().last().copied().unwrap_or_default()
    }

    /// This SID with one more sub-authority: a domain's SID and a relative identifier make an account's.
    ///
    /// # Errors
    /// When there are 15 sub-authorities already.
    pub fn with_relative_id(mut self, relative_id: u32) -> Result<Self, SidError> {
        let index = usize::from(self.count);
        let Some(place) = self.sub_authorities.get_mut(index) else {
            return Err(SidError::SubAuthorityCount {
                count: index.saturating_add(1),
            });
        };
        *place = relative_id;
        self.count = self.count.saturating_add(1);
        Ok(self)
    }

    /// A SID of the first so many of these sub-authorities, if they are 1 to 15.
    #[inline]
    pub(crate) fn of_first(
        count: usize,
        authority: [u8; 6],
        mut sub_authorities: [u32; MAX_SUB_AUTHORITIES],
    ) -> Option<Self> {
        let count = u8::try_from(count).ok().filter(|count| (1..=15).contains(count))?;
        for (index, place) in (0..).zip(&mut sub_authorities) {
            *place = if index < u32::from(count) { *place } else { 0 };
        }
        Some(Self {
            sub_authorities,
            authority,
            count,
        })
    }

    /// Makes of [`Self::NOBODY`] the SID with these fields of the binary form ([MS-DTYP] 2.4.2.2): a count of 1 to 15, and as many
    /// sub-authorities.
    pub(crate) fn set_fields(&mut self, authority: [u8; 6], count: u8, sub_authorities: &[[u8; 4]]) {
        for (place, bytes) in self.sub_authorities.iter_mut().zip(sub_authorities) {
            *place = u32::from_le_bytes(*bytes);
        }
        self.authority = authority;
        self.count = count;
    }

    /// The SID that these bytes are, all of them ([MS-DTYP] 2.4.2.2).
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [REVISION, count @ 1..=15, a, b, c, d, e, f, rest @ ..] = bytes else {
            return None;
        };
        let (sub_authorities, []) = rest.as_chunks() else {
            return None;
        };
        if sub_authorities.len() != usize::from(*count) {
            return None;
        }
        let mut sid = Self::NOBODY;
        sid.set_fields([*a, *b, *c, *d, *e, *f], *count, sub_authorities);
        Some(sid)
    }

    /// Writes the binary form ([MS-DTYP] 2.4.2.2).
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let [a, b, c, d, e, f] = self.authority;
        out.extend_from_slice(&[REVISION, self.count, a, b, c, d, e, f]);
        let bytes = self.sub_authorities.map(u32::to_le_bytes);
        out.extend_from_slice(bytes.get(..usize::from(self.count)).unwrap_or_default().as_flattened());
    }

    /// Puts another relative identifier in the place of this SID's.
    pub(crate) fn replace_relative_id(&mut self, relative_id: u32) {
        let last = usize::from(self.count).wrapping_sub(1);
        if let Some(place) = self.sub_authorities.get_mut(last) {
            *place = relative_id;
        }
    }

    /// The domain's SID and the relative identifier, where there is more than one sub-authority.
    #[must_use]
    pub fn split_relative_id(mut self) -> Option<(Self, u32)> {
        let rest = self.count.checked_sub(1).filter(|&rest| rest > 0)?;
        let place = self.sub_authorities.get_mut(usize::from(rest))?;
        let relative_id = core::mem::take(place);
        self.count = rest;
        Some((self, relative_id))
    }
}

/// `S-1-5-32-544`; an authority of 2^32 or more as Windows prints it, `S-1-0x12A05F200-30-40`.
impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.authority() {
            authority @ ..=0xffff_ffff => write!(f, "S-1-{authority}")?,
            authority => write!(f, "S-1-{authority:#X}")?,
        }
        self.sub_authorities().iter().try_for_each(|sub| write!(f, "-{sub}"))
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As its text, `"S-1-5-32-544"`.
#[cfg(feature = "serde")]
impl serde::Serialize for Sid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From its text, or an absolute alias of SDDL.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Sid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
