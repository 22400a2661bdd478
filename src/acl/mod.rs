//! Access control lists ([MS-DTYP] 2.4.5).

mod order;

pub use order::{Misplaced, OrderFault};

use crate::ace::Ace;
use alloc::vec::Vec;

/// A list of entries, in the order that decides ([MS-DTYP] 2.4.5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[doc(alias = "ACL")]
pub struct Acl {
    aces: Vec<Ace>,
}

impl Acl {
    /// The entries, in their stored order.
    #[must_use]
    pub fn aces(&self) -> &[Ace] {
        &self.aces
    }

    /// The entries, to be changed.
    #[must_use]
    pub fn aces_mut(&mut self) -> &mut Vec<Ace> {
        &mut self.aces
    }

    /// Bytes of an empty list: its header.
    pub(crate) const EMPTY_LEN: usize = 8;

    /// Bytes of the binary form, without spare ones.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.aces
            .iter()
            .map(Ace::encoded_len)
            .fold(Self::EMPTY_LEN, usize::saturating_add)
    }
}

impl From<Vec<Ace>> for Acl {
    fn from(aces: Vec<Ace>) -> Self {
        Self { aces }
    }
}

impl FromIterator<Ace> for Acl {
    fn from_iter<I: IntoIterator<Item = Ace>>(aces: I) -> Self {
        aces.into_iter().collect::<Vec<_>>().into()
    }
}

/// What a descriptor says of a DACL or SACL: three states that must not be taken for one another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum AclState {
    /// There is none. An absent DACL protects nothing: everybody is granted everything.
    #[default]
    Absent,
    /// There is one, and it is NULL (`NO_ACCESS_CONTROL`). A NULL DACL protects nothing either.
    Null,
    /// There is one. An empty DACL grants nobody anything.
    Present(Acl),
}

impl AclState {
    /// The list, where there is one.
    #[must_use]
    pub const fn acl(&self) -> Option<&Acl> {
        match self {
            Self::Present(acl) => Some(acl),
            Self::Absent | Self::Null => None,
        }
    }
}
