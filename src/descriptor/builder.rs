use super::{Control, SecurityDescriptor};
use crate::{acl::AclState, sid::Sid};

/// Builds a [`SecurityDescriptor`]; [`SecurityDescriptor::builder`] makes one.
///
/// **Without a DACL everybody is granted everything**, so give one unless you mean that. An empty DACL grants nobody anything.
///
/// ```
/// use sddl_authz::{AccessMask, Ace, SecurityDescriptor, Sid};
/// let descriptor = SecurityDescriptor::builder()
///     .owner(Sid::ADMINISTRATORS)
///     .group(Sid::LOCAL_SYSTEM)
///     .dacl([Ace::allow(Sid::ADMINISTRATORS, AccessMask::FILE_ALL_ACCESS)])
///     .build();
/// assert_eq!(descriptor, "O:BAG:SYD:(A;;FA;;;BA)".parse()?);
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct SecurityDescriptorBuilder {
    descriptor: SecurityDescriptor,
}

impl SecurityDescriptor {
    /// A builder, which starts from the default descriptor.
    ///
    /// ```
    /// use sddl_authz::{Acl, SecurityDescriptor, Sid};
    /// let descriptor = SecurityDescriptor::builder().owner(Sid::ADMINISTRATORS).dacl(Acl::new()).build();
    /// assert_eq!(descriptor, "O:BAD:".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    pub fn builder() -> SecurityDescriptorBuilder {
        SecurityDescriptorBuilder::default()
    }
}

impl SecurityDescriptorBuilder {
    /// Sets the owner.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid};
    /// let descriptor = SecurityDescriptor::builder().owner(Sid::ADMINISTRATORS).build();
    /// assert_eq!(descriptor.owner, Some(Sid::ADMINISTRATORS));
    /// ```
    pub const fn owner(mut self, owner: Sid) -> Self {
        self.descriptor.owner = Some(owner);
        self
    }

    /// Sets the group.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid};
    /// let descriptor = SecurityDescriptor::builder().group(Sid::LOCAL_SYSTEM).build();
    /// assert_eq!(descriptor.group, Some(Sid::LOCAL_SYSTEM));
    /// ```
    pub const fn group(mut self, group: Sid) -> Self {
        self.descriptor.group = Some(group);
        self
    }

    /// Sets the DACL: an [`Acl`](crate::Acl), an array or vector of entries, or an [`AclState`].
    ///
    /// ```
    /// use sddl_authz::{Acl, AclState, SecurityDescriptor};
    /// let descriptor = SecurityDescriptor::builder().dacl(Acl::new()).build();
    /// assert_eq!(descriptor.dacl, AclState::Present(Acl::new()));
    /// ```
    pub fn dacl(mut self, dacl: impl Into<AclState>) -> Self {
        self.descriptor.dacl = dacl.into();
        self
    }

    /// Sets the SACL, as [`dacl`](Self::dacl) sets the DACL.
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, AceFlags, SecurityDescriptor, Sid};
    /// let audit = Ace::audit(Sid::EVERYONE, AccessMask::DELETE).with_flags(AceFlags::FAILED_ACCESS);
    /// let descriptor = SecurityDescriptor::builder().sacl([audit]).build();
    /// assert_eq!(descriptor, "S:(AU;FA;SD;;;WD)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    pub fn sacl(mut self, sacl: impl Into<AclState>) -> Self {
        self.descriptor.sacl = sacl.into();
        self
    }

    /// Sets the control bits, as [`SecurityDescriptor::with_control`] does.
    ///
    /// ```
    /// use sddl_authz::{Acl, Control, SecurityDescriptor};
    /// let descriptor = SecurityDescriptor::builder().dacl(Acl::new()).control(Control::DACL_PROTECTED).build();
    /// assert_eq!(descriptor, "D:P".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    pub const fn control(mut self, control: Control) -> Self {
        self.descriptor.set_control(control);
        self
    }

    /// The descriptor.
    ///
    /// ```
    /// use sddl_authz::SecurityDescriptor;
    /// assert_eq!(SecurityDescriptor::builder().build(), SecurityDescriptor::default());
    /// ```
    #[must_use]
    pub fn build(self) -> SecurityDescriptor {
        self.descriptor
    }
}
