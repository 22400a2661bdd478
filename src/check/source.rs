use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData},
    acl::AclState,
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sid::Sid,
};
use uuid::Uuid;

/// A descriptor, as far as a check reads it: in memory, or in bytes as the check goes.
pub(crate) trait Source {
    fn owner(&self) -> Option<Sid>;
    fn has_owner(&self) -> bool;
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

/// An entry of a DACL, of which a check asks no more than it must see.
pub(crate) trait Entry {
    fn ace_type(&self) -> AceType;
    fn flags(&self) -> AceFlags;
    /// None of an entry that is left unread.
    fn mask(&self) -> AccessMask;
    /// The last sub-authority of the trustee, unless the entry is left unread.
    fn relative_id(&self) -> Option<u32>;
    /// Whom it is about, kept in `room`, which is [`Sid::NOBODY`], if it is not held; unless the entry is left unread.
    fn trustee<'e>(&'e self, room: &'e mut Sid) -> Option<&'e Sid>;
    /// The part of the object that it is about, if not all of it.
    fn object(&self) -> Option<&Uuid>;
    fn data(&self) -> &ApplicationData;

    /// Whether it stands there only to be inherited.
    fn is_inherit_only(&self) -> bool {
        self.flags().contains(AceFlags::INHERIT_ONLY)
    }

    /// Whether it is about this trustee.
    fn is_for(&self, trustee: &Sid) -> bool {
        self.relative_id() == Some(trustee.relative_id()) && self.trustee(&mut Sid::NOBODY.clone()) == Some(trustee)
    }
}

impl Source for SecurityDescriptor {
    fn owner(&self) -> Option<Sid> {
        self.owner
    }

    fn has_owner(&self) -> bool {
        self.owner.is_some()
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
    fn ace_type(&self) -> AceType {
        Ace::ace_type(self)
    }

    fn flags(&self) -> AceFlags {
        Ace::flags(self)
    }

    fn mask(&self) -> AccessMask {
        Ace::mask(self)
    }

    fn relative_id(&self) -> Option<u32> {
        Ace::trustee(self).map(Sid::relative_id)
    }

    fn trustee<'e>(&'e self, _: &'e mut Sid) -> Option<&'e Sid> {
        Ace::trustee(self)
    }

    fn object(&self) -> Option<&Uuid> {
        self.objects().object.as_ref()
    }

    fn data(&self) -> &ApplicationData {
        Ace::data(self)
    }
}
