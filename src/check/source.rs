use crate::{ace::Ace, acl::AclState, descriptor::SecurityDescriptor, mask::AccessMask, sid::Sid};

/// A descriptor, as far as a check reads it: in memory, or in bytes as the check goes.
pub(crate) trait Source {
    fn owner(&self) -> Option<&Sid>;
    fn has_group(&self) -> bool;
    fn sacl(&self) -> &AclState;
    fn dacl(&self) -> Dacl<impl Iterator<Item: Entry> + Clone>;
}

/// What a descriptor says of its DACL.
#[derive(Clone)]
pub(crate) enum Dacl<E> {
    Absent,
    Null,
    Present(E),
}

/// An entry of a DACL, as far as a check must see it to pass over it.
pub(crate) trait Entry {
    fn is_inherit_only(&self) -> bool;
    /// None of an entry that is left unread.
    fn mask(&self) -> AccessMask;
    /// The last sub-authority of the trustee, unless the entry is left unread.
    fn relative_id(&self) -> Option<u32>;
    /// All of it, kept in `room` if it is not held.
    fn ace<'e>(&'e self, room: &'e mut Option<Ace>) -> &'e Ace;

    /// Whether it is about this trustee.
    fn is_for(&self, trustee: &Sid) -> bool {
        self.relative_id() == Some(trustee.relative_id()) && self.ace(&mut None).trustee() == Some(trustee)
    }
}

impl Source for SecurityDescriptor {
    fn owner(&self) -> Option<&Sid> {
        self.owner.as_ref()
    }

    fn has_group(&self) -> bool {
        self.group.is_some()
    }

    fn sacl(&self) -> &AclState {
        &self.sacl
    }

    fn dacl(&self) -> Dacl<impl Iterator<Item: Entry> + Clone> {
        match &self.dacl {
            AclState::Absent => Dacl::Absent,
            AclState::Null => Dacl::Null,
            AclState::Present(acl) => Dacl::Present(acl.aces().iter()),
        }
    }
}

impl Entry for &Ace {
    fn is_inherit_only(&self) -> bool {
        Ace::is_inherit_only(self)
    }

    fn mask(&self) -> AccessMask {
        Ace::mask(self)
    }

    fn relative_id(&self) -> Option<u32> {
        self.trustee().map(Sid::relative_id)
    }

    fn ace<'e>(&'e self, _: &'e mut Option<Ace>) -> &'e Ace {
        self
    }
}
