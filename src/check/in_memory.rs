use super::{
    decision::Decision,
    options::Options,
    source::{Entry, Source},
    walk,
};
use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData},
    acl::AclState,
    caller::Caller,
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sid::Sid,
};
use uuid::Uuid;

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

    fn dacl(&self) -> AclState<impl Iterator<Item: Entry> + Clone> {
        self.dacl.as_ref().map(|acl| acl.aces().iter())
    }

    fn is_unprotected(&self) -> bool {
        self.dacl.acl().is_none()
    }

    fn decide(&self, caller: &Caller, desired: AccessMask, options: &Options) -> Decision {
        walk::decide(self, caller, desired, options)
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
