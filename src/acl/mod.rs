//! Access control lists: a list of entries, and whether a descriptor has one.

mod order;
mod state;

pub use order::{CanonicalRule, NonCanonical};
pub use state::AclState;

use crate::ace::Ace;
use alloc::vec::{self, Vec};
use core::slice;

/// An access control list: entries in the order in which a check evaluates them ([\[MS-DTYP\] 2.4.5]).
///
/// It is made from entries, and it is a collection of them: `push`, `len`, `iter`, `for ace in &acl`, `collect`.
/// The entries of SDDL's `D:(…)(…)` and `S:(…)(…)` are such a list; [`AclState`] says whether there is one.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, Acl, Sid};
/// let mut acl = Acl::from([Ace::deny(Sid::ANONYMOUS, AccessMask::FILE_ALL_ACCESS)]);
/// acl.push(Ace::allow(Sid::AUTHENTICATED_USERS, AccessMask::FILE_GENERIC_READ));
/// assert_eq!(acl.len(), 2);
/// for ace in &acl {
///     assert!(ace.mask().contains(AccessMask::FILE_READ_DATA));
/// }
/// ```
///
/// [\[MS-DTYP\] 2.4.5]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/20233ed8-a6c6-4097-aafa-dd545ed24428
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[doc(alias = "ACL")]
pub struct Acl {
    aces: Vec<Ace>,
}

impl Acl {
    /// A list without entries. As a DACL it grants nobody anything.
    ///
    /// ```
    /// use sddl_authz::Acl;
    /// assert!(Acl::new().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { aces: Vec::new() }
    }

    /// The entries, in their stored order.
    ///
    /// ```
    /// use sddl_authz::SecurityDescriptor;
    /// let descriptor: SecurityDescriptor = "D:(A;;FA;;;BA)(A;;FR;;;WD)".parse()?;
    /// let acl = descriptor.dacl.acl().expect("the text has a DACL");
    /// assert_eq!(acl.aces().len(), 2);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn aces(&self) -> &[Ace] {
        &self.aces
    }

    /// The entries as a vector that can be changed: to insert, remove or reorder them.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, AceFlags, Sid};
    /// let allow = Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL);
    /// let mut acl = Acl::from([allow.clone().with_flags(AceFlags::INHERITED), allow.clone()]);
    /// acl.aces_mut().retain(|ace| !ace.flags().contains(AceFlags::INHERITED));
    /// assert_eq!(acl, Acl::from([allow]));
    /// ```
    #[must_use]
    pub fn aces_mut(&mut self) -> &mut Vec<Ace> {
        &mut self.aces
    }

    /// Appends an entry. The entries before it are evaluated first, so an entry that denies usually belongs at the front:
    /// `acl.aces_mut().insert(0, ace)`.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, Sid};
    /// let mut acl = Acl::default();
    /// acl.push(Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL));
    /// assert_eq!(acl.len(), 1);
    /// ```
    pub fn push(&mut self, ace: Ace) {
        self.aces.push(ace);
    }

    /// The number of entries.
    ///
    /// ```
    /// use sddl_authz::Acl;
    /// assert_eq!(Acl::default().len(), 0);
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.aces.len()
    }

    /// Whether there are no entries. An empty DACL grants nobody anything.
    ///
    /// ```
    /// use sddl_authz::SecurityDescriptor;
    /// let descriptor: SecurityDescriptor = "D:".parse()?;
    /// assert!(descriptor.dacl.acl().is_some_and(|acl| acl.is_empty()));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.aces.is_empty()
    }

    /// Iterates over the entries, in their stored order.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, Sid};
    /// let acl = Acl::from([Ace::allow(Sid::EVERYONE, AccessMask::DELETE)]);
    /// assert!(acl.iter().all(|ace| ace.trustee() == Some(&Sid::EVERYONE)));
    /// ```
    pub fn iter(&self) -> slice::Iter<'_, Ace> {
        self.aces.iter()
    }

    /// Iterates over the entries, which can be changed.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, Sid};
    /// let mut acl = Acl::from([Ace::allow(Sid::EVERYONE, AccessMask::DELETE)]);
    /// for ace in acl.iter_mut() {
    ///     *ace = ace.clone().with_mask(AccessMask::READ_CONTROL);
    /// }
    /// assert_eq!(acl, Acl::from([Ace::allow(Sid::EVERYONE, AccessMask::READ_CONTROL)]));
    /// ```
    pub fn iter_mut(&mut self) -> slice::IterMut<'_, Ace> {
        self.aces.iter_mut()
    }

    /// Bytes of an empty list: its header.
    pub(crate) const EMPTY_LEN: usize = 8;

    /// The size of the binary form in bytes, without unused space at its end.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, Acl, Sid};
    /// // A header of 8 bytes, and an entry of 8 bytes and a SID of 12.
    /// assert_eq!(Acl::from([Ace::allow(Sid::EVERYONE, AccessMask::DELETE)]).encoded_len(), 28);
    /// ```
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.iter()
            .map(Ace::encoded_len)
            .fold(Self::EMPTY_LEN, usize::saturating_add)
    }
}

impl From<Vec<Ace>> for Acl {
    fn from(aces: Vec<Ace>) -> Self {
        Self { aces }
    }
}

impl<const N: usize> From<[Ace; N]> for Acl {
    fn from(aces: [Ace; N]) -> Self {
        Self { aces: aces.into() }
    }
}

impl From<Acl> for Vec<Ace> {
    fn from(acl: Acl) -> Self {
        acl.aces
    }
}

impl FromIterator<Ace> for Acl {
    fn from_iter<I: IntoIterator<Item = Ace>>(aces: I) -> Self {
        aces.into_iter().collect::<Vec<_>>().into()
    }
}

impl Extend<Ace> for Acl {
    fn extend<I: IntoIterator<Item = Ace>>(&mut self, aces: I) {
        self.aces.extend(aces);
    }
}

impl IntoIterator for Acl {
    type Item = Ace;
    type IntoIter = vec::IntoIter<Ace>;

    fn into_iter(self) -> Self::IntoIter {
        self.aces.into_iter()
    }
}

impl<'a> IntoIterator for &'a Acl {
    type Item = &'a Ace;
    type IntoIter = slice::Iter<'a, Ace>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Acl {
    type Item = &'a mut Ace;
    type IntoIter = slice::IterMut<'a, Ace>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
