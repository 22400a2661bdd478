use super::Acl;
use crate::ace::Ace;
use alloc::vec::Vec;

/// Whether a descriptor has a DACL or SACL, and which. The three states mean different things and must not be confused.
///
/// | state | SDDL | as a DACL |
/// | --- | --- | --- |
/// | [`Absent`](Self::Absent) | no `D:` | protects nothing: everybody is granted everything |
/// | [`Null`](Self::Null) | `D:NO_ACCESS_CONTROL` | protects nothing: everybody is granted everything |
/// | [`Present`](Self::Present) and empty | `D:` | grants nobody anything |
/// | [`Present`](Self::Present) | `D:(…)` | grants what its entries allow |
///
/// [`Acl`] and everything that a list can be made from convert into a list that is present.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, Acl, AclState, SecurityDescriptor, Sid};
/// let descriptor: SecurityDescriptor = "D:NO_ACCESS_CONTROL".parse()?;
/// assert_eq!((descriptor.dacl, descriptor.sacl), (AclState::Null, AclState::Absent));
/// let empty = AclState::from(Acl::new());
/// assert!(empty.acl().is_some() && empty.aces().is_empty());
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AclState<T = Acl> {
    /// There is no list. An absent DACL protects nothing: everybody is granted everything.
    #[default]
    Absent,
    /// There is a list, and it is NULL (`NO_ACCESS_CONTROL`). A NULL DACL protects nothing either.
    Null,
    /// There is a list. An empty DACL grants nobody anything.
    Present(T),
}

impl<T> AclState<T> {
    /// The list, if there is one.
    ///
    /// ```
    /// use sddl_authz::SecurityDescriptor;
    /// let descriptor: SecurityDescriptor = "D:(A;;FA;;;BA)".parse()?;
    /// assert!(descriptor.dacl.acl().is_some());
    /// assert!(descriptor.sacl.acl().is_none());
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn acl(&self) -> Option<&T> {
        match self {
            Self::Present(acl) => Some(acl),
            Self::Absent | Self::Null => None,
        }
    }

    /// The list, to be changed, if there is one.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, SecurityDescriptor, Sid};
    /// let mut descriptor: SecurityDescriptor = "D:(A;;FA;;;BA)".parse()?;
    /// let acl = descriptor.dacl.acl_mut().expect("the text has a DACL");
    /// acl.push(Ace::allow(Sid::EVERYONE, AccessMask::FILE_GENERIC_READ));
    /// assert_eq!(descriptor, "D:(A;;FA;;;BA)(A;;FR;;;WD)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn acl_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Present(acl) => Some(acl),
            Self::Absent | Self::Null => None,
        }
    }

    /// Replaces the list, if there is one, by what `f` makes of it.
    ///
    /// ```
    /// use sddl_authz::{Acl, AclState};
    /// assert_eq!(AclState::from(Acl::new()).map(|acl| acl.len()), AclState::Present(0));
    /// ```
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> AclState<U> {
        match self {
            Self::Absent => AclState::Absent,
            Self::Null => AclState::Null,
            Self::Present(acl) => AclState::Present(f(acl)),
        }
    }

    #[inline]
    pub(crate) fn try_map<U, E>(self, f: impl FnOnce(T) -> Result<U, E>) -> Result<AclState<U>, E> {
        Ok(match self {
            Self::Absent => AclState::Absent,
            Self::Null => AclState::Null,
            Self::Present(acl) => AclState::Present(f(acl)?),
        })
    }

    /// This state, with a reference to the list.
    ///
    /// ```
    /// use sddl_authz::{Acl, AclState};
    /// let state = AclState::from(Acl::new());
    /// assert_eq!(state.as_ref().map(Acl::len), AclState::Present(0));
    /// ```
    #[must_use]
    pub const fn as_ref(&self) -> AclState<&T> {
        match self {
            Self::Absent => AclState::Absent,
            Self::Null => AclState::Null,
            Self::Present(acl) => AclState::Present(acl),
        }
    }
}

impl AclState {
    /// The entries of the list; an empty slice if there is no list.
    ///
    /// To decide access, do not stop here: without a DACL everybody is granted everything, with an empty one nobody is.
    ///
    /// ```
    /// use sddl_authz::SecurityDescriptor;
    /// let descriptor: SecurityDescriptor = "D:(A;;FA;;;BA)".parse()?;
    /// assert_eq!(descriptor.dacl.aces().len(), 1);
    /// assert!(descriptor.sacl.aces().is_empty());
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn aces(&self) -> &[Ace] {
        self.acl().map(Acl::aces).unwrap_or_default()
    }
}

impl From<Acl> for AclState {
    fn from(acl: Acl) -> Self {
        Self::Present(acl)
    }
}

impl From<Vec<Ace>> for AclState {
    fn from(aces: Vec<Ace>) -> Self {
        Self::Present(aces.into())
    }
}

impl<const N: usize> From<[Ace; N]> for AclState {
    fn from(aces: [Ace; N]) -> Self {
        Self::Present(aces.into())
    }
}
