//! Security identifiers, and the well-known ones.

mod bytes;
mod domain;
mod well_known;

pub(crate) use bytes::SidView;
pub use domain::{AliasTarget, DomainSids};
pub use well_known::{WELL_KNOWN, WellKnown};

use crate::limits::MAX_SUB_AUTHORITIES;
use core::fmt;

/// A security identifier ([\[MS-DTYP\] 2.4.2]): a 48-bit authority and 1 to 15 sub-authorities. It identifies a user, a group,
/// a domain or an integrity level.
///
/// A SID prints as `S-1-5-32-544`, never as an alias. It parses from that form and from those aliases of SDDL that mean the
/// same SID everywhere (`BA`). It is stored inline, so it is `Copy`.
///
/// SIDs are ordered, so that they can be keys of a `BTreeMap`: by their sub-authorities, then by their authority. This is not
/// the order of their texts.
///
/// ```
/// use sddl_authz::Sid;
/// let administrators: Sid = "S-1-5-32-544".parse()?;
/// assert_eq!(administrators, "BA".parse()?);
/// assert_eq!(administrators.to_string(), "S-1-5-32-544");
/// assert_eq!((administrators.authority(), administrators.sub_authorities()), (5, &[32, 544][..]));
/// assert_eq!(administrators.relative_id(), 544);
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
///
/// [\[MS-DTYP\] 2.4.2]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f992ad60-0fe4-4b87-9fed-beb478836861
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(alias = "PSID")]
pub struct Sid {
    // Sub-authorities beyond `count` are zero, so that the derived comparisons hold.
    sub_authorities: [u32; MAX_SUB_AUTHORITIES],
    authority: [u8; 6],
    count: u8,
}

/// The reason why parts do not make a [`Sid`].
///
/// ```
/// use sddl_authz::{Sid, sid::SidError};
/// assert_eq!(Sid::new(5, &[]), Err(SidError::SubAuthorityCount { count: 0 }));
/// ```
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
        /// The number given.
        count: usize,
    },
    /// The binary form ends before the SID does.
    #[error("the SID is cut off")]
    Truncated,
    /// The first byte of the binary form is the revision, which is always 1.
    #[error("the SID has revision {revision}, not 1")]
    RevisionUnknown {
        /// The revision found.
        revision: u8,
    },
    /// There are more bytes than the SID needs.
    #[error("{bytes} bytes follow the SID")]
    TrailingBytes {
        /// The number of bytes after the SID.
        bytes: usize,
    },
}

impl SidError {
    /// A stable code for programs: the name of the variant in `snake_case`.
    ///
    /// ```
    /// use sddl_authz::sid::SidError;
    /// assert_eq!(SidError::SubAuthorityCount { count: 16 }.code(), "sub_authority_count");
    /// ```
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AuthorityOutOfRange { .. } => "authority_out_of_range",
            Self::SubAuthorityCount { .. } => "sub_authority_count",
            Self::Truncated => "truncated",
            Self::RevisionUnknown { .. } => "revision_unknown",
            Self::TrailingBytes { .. } => "trailing_bytes",
        }
    }
}

impl Sid {
    /// A SID from its parts.
    ///
    /// # Errors
    /// Fails if the authority needs more than 48 bits, or if there are not 1 to 15 sub-authorities.
    ///
    /// ```
    /// use sddl_authz::Sid;
    /// assert_eq!(Sid::new(5, &[32, 544])?, Sid::ADMINISTRATORS);
    /// # Ok::<(), sddl_authz::sid::SidError>(())
    /// ```
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

    /// A SID whose authority fits one byte, for constants. A number of sub-authorities other than 1 to 15 does not compile.
    pub(crate) const fn from_parts_const<const N: usize>(authority: u8, sub_authorities: [u32; N]) -> Self {
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

    /// Nobody, `S-1-0-0`: the null SID.
    pub const NOBODY: Self = Self::from_parts_const(0, [0]);
    /// Everyone, `S-1-1-0` (`WD`).
    pub const EVERYONE: Self = Self::from_parts_const(1, [0]);
    /// Creator Owner, `S-1-3-0` (`CO`). An entry that a new object inherits gets its owner instead; in a check it matches nobody.
    pub const CREATOR_OWNER: Self = Self::from_parts_const(3, [0]);
    /// Creator Group, `S-1-3-1` (`CG`). An entry that a new object inherits gets its group instead; in a check it matches nobody.
    pub const CREATOR_GROUP: Self = Self::from_parts_const(3, [1]);
    /// Owner Rights, `S-1-3-4` (`OW`). An entry for it applies to the owner, and replaces the implicit rights of the owner.
    pub const OWNER_RIGHTS: Self = Self::from_parts_const(3, [4]);
    /// Anonymous, `S-1-5-7` (`AN`).
    pub const ANONYMOUS: Self = Self::from_parts_const(5, [7]);
    /// Principal Self, `S-1-5-10` (`PS`): the user or group that the object represents, as an account in a directory does.
    pub const PRINCIPAL_SELF: Self = Self::from_parts_const(5, [10]);
    /// Authenticated Users, `S-1-5-11` (`AU`).
    pub const AUTHENTICATED_USERS: Self = Self::from_parts_const(5, [11]);
    /// Local System, `S-1-5-18` (`SY`).
    pub const LOCAL_SYSTEM: Self = Self::from_parts_const(5, [18]);
    /// The built-in Administrators, `S-1-5-32-544` (`BA`).
    pub const ADMINISTRATORS: Self = Self::from_parts_const(5, [32, 544]);

    /// The identifier authority, at most 48 bits.
    ///
    /// ```
    /// use sddl_authz::Sid;
    /// assert_eq!(Sid::EVERYONE.authority(), 1);
    /// ```
    #[must_use]
    pub fn authority(&self) -> u64 {
        let [a, b, c, d, e, f] = self.authority;
        u64::from_be_bytes([0, 0, a, b, c, d, e, f])
    }

    /// The sub-authorities, 1 to 15.
    ///
    /// ```
    /// use sddl_authz::Sid;
    /// assert_eq!(Sid::ADMINISTRATORS.sub_authorities(), [32, 544]);
    /// ```
    #[must_use]
    pub fn sub_authorities(&self) -> &[u32] {
        self.sub_authorities.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// Compares like `==`, but in line: `==` on the arrays is a call of `memcmp`.
    #[inline]
    pub(crate) fn fast_eq(&self, other: &Self) -> bool {
        let pairs = self.sub_authorities.iter().zip(&other.sub_authorities);
        let differing = pairs.fold(0, |differing, (own, other)| differing | (own ^ other));
        differing == 0 && (self.authority, self.count) == (other.authority, other.count)
    }

    #[inline]
    pub(crate) const fn has_one_sub_authority(&self) -> bool {
        self.count == 1
    }

    /// The relative identifier (RID): the last sub-authority. It distinguishes the SIDs of one domain.
    ///
    /// ```
    /// use sddl_authz::Sid;
    /// let account: Sid = "S-1-5-21-1-2-3-1104".parse()?;
    /// assert_eq!(account.relative_id(), 1104);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    #[inline]
    #[doc(alias = "RID")]
    pub fn relative_id(&self) -> u32 {
        self.sub_authorities().last().copied().unwrap_or_default()
    }

    /// This SID with one more sub-authority: the SID of a domain and a relative identifier make the SID of an account.
    ///
    /// # Errors
    /// Fails if there are 15 sub-authorities already.
    ///
    /// ```
    /// use sddl_authz::Sid;
    /// let domain: Sid = "S-1-5-21-1-2-3".parse()?;
    /// assert_eq!(domain.with_relative_id(1104)?.to_string(), "S-1-5-21-1-2-3-1104");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

    /// A SID of the first `count` sub-authorities, or `None` if `count` is not 1 to 15. Those after them must be zero.
    #[inline]
    pub(crate) fn from_prefix(
        count: usize,
        authority: [u8; 6],
        sub_authorities: [u32; MAX_SUB_AUTHORITIES],
    ) -> Option<Self> {
        debug_assert!(sub_authorities.iter().skip(count).all(|&number| number == 0));
        let count = u8::try_from(count).ok().filter(|count| (1..=15).contains(count))?;
        Some(Self {
            sub_authorities,
            authority,
            count,
        })
    }

    /// Replaces the relative identifier.
    pub(crate) fn replace_relative_id(&mut self, relative_id: u32) {
        let last = usize::from(self.count).wrapping_sub(1);
        if let Some(place) = self.sub_authorities.get_mut(last) {
            *place = relative_id;
        }
    }

    /// The SID of the domain and the relative identifier, or `None` if there is only one sub-authority.
    ///
    /// ```
    /// use sddl_authz::Sid;
    /// let account: Sid = "S-1-5-21-1-2-3-1104".parse()?;
    /// assert_eq!(account.split_relative_id(), Some(("S-1-5-21-1-2-3".parse()?, 1104)));
    /// assert_eq!(Sid::EVERYONE.split_relative_id(), None);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn split_relative_id(mut self) -> Option<(Self, u32)> {
        let rest = self.count.checked_sub(1).filter(|&rest| rest > 0)?;
        let place = self.sub_authorities.get_mut(usize::from(rest))?;
        let relative_id = core::mem::take(place);
        self.count = rest;
        Some((self, relative_id))
    }
}

/// Prints `S-1-5-32-544`. Like Windows, prints an authority of 2^32 or more in hexadecimal: `S-1-0x12A05F200-30-40`.
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

/// A string, such as `"S-1-5-32-544"`.
#[cfg(feature = "serde")]
impl serde::Serialize for Sid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a string: `"S-1-5-32-544"`, or an alias of SDDL that means the same SID everywhere.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Sid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
