use crate::{
    ace::{Ace, AceFlags, AceType, ApplicationData},
    acl::AclState,
    descriptor::SecurityDescriptor,
    mask::AccessMask,
    sid::Sid,
};
use uuid::Uuid;

/// A security descriptor in a form that a check reads: a [`SecurityDescriptor`], or a
/// [`DescriptorView`](crate::binary::DescriptorView) of its bytes. The trait is sealed: other types can't implement it.
///
/// ```
/// use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, check::Descriptor};
/// fn is_readable(descriptor: &impl Descriptor) -> bool {
///     AccessCheck::new(&Caller::anonymous(), AccessMask::READ_CONTROL).check(descriptor).is_allowed()
/// }
/// assert!(is_readable(&"D:(A;;RC;;;AN)".parse::<SecurityDescriptor>()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Descriptor: Source {}

impl<D: Source> Descriptor for D {}

/// The parts of a descriptor that a check needs.
#[expect(unnameable_types, reason = "it seals `Descriptor`")]
pub trait Source {
    /// The owner.
    fn owner(&self) -> Option<Sid>;
    /// Whether there is an owner.
    fn has_owner(&self) -> bool;
    /// Whether there is a group.
    fn has_group(&self) -> bool;
    /// The SACL.
    fn sacl(&self) -> &AclState;
    /// The entries of the DACL.
    fn dacl(&self) -> AclState<impl Iterator<Item: Entry> + Clone>;
    /// Whether the DACL is absent or NULL.
    fn is_unprotected(&self) -> bool;
}

/// An entry of a DACL. Each part is read only when the check asks for it.
#[expect(unnameable_types, reason = "it seals `Descriptor`")]
pub trait Entry {
    /// Its type.
    fn ace_type(&self) -> AceType;
    /// Its flags.
    fn flags(&self) -> AceFlags;
    /// Its rights; empty for an opaque entry.
    fn mask(&self) -> AccessMask;
    /// The last sub-authority of the trustee, or `None` for an opaque entry.
    fn relative_id(&self) -> Option<u32>;
    /// The trustee, or `None` for an opaque entry. An entry that does not store a [`Sid`] decodes it into `scratch`, which must be
    /// [`Sid::NOBODY`].
    fn trustee<'e>(&'e self, scratch: &'e mut Sid) -> Option<&'e Sid>;
    /// The part of the object that it is about; `None` if it is about the whole object.
    fn object(&self) -> Option<&Uuid>;
    /// Its condition or other application data.
    fn data(&self) -> &ApplicationData;

    /// Whether it is there only to be inherited.
    fn is_inherit_only(&self) -> bool {
        self.flags().contains(AceFlags::INHERIT_ONLY)
    }

    /// Whether this is its trustee.
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

    fn dacl(&self) -> AclState<impl Iterator<Item: Entry> + Clone> {
        self.dacl.as_ref().map(|acl| acl.aces().iter())
    }

    fn is_unprotected(&self) -> bool {
        self.dacl.acl().is_none()
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
