use super::{decision::Decision, options::Options};
use crate::{
    ace::{AceFlags, AceType, ApplicationData},
    acl::AclState,
    caller::Caller,
    mask::AccessMask,
    sid::Sid,
};
use uuid::Uuid;

/// A security descriptor in a form that a check reads: a
/// [`SecurityDescriptor`](crate::SecurityDescriptor), or a [`DescriptorView`](crate::binary::DescriptorView) of its bytes. The trait is sealed: other types can't implement it.
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
    /// Decides about this descriptor. Each type implements it by calling `walk::decide`, so that the walk is compiled in this crate, where it
    /// can be inlined. A generic function would be compiled in the crate that calls it, and takes two thirds more instructions.
    fn decide(&self, caller: &Caller, desired: AccessMask, options: &Options) -> Decision;
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
