//! Security descriptors: an owner, a group, a DACL and a SACL, and what a new object inherits of them.

mod builder;
mod control;
mod inherit;
mod inheritance;

pub use builder::SecurityDescriptorBuilder;
pub use control::{ACL_FLAGS, AclFlag, Control};
pub use inheritance::Inheritance;

use crate::{acl::AclState, sid::Sid};

/// A security descriptor: who owns an object, and who may do what with it ([\[MS-DTYP\] 2.4.6]).
///
/// | to | write |
/// | --- | --- |
/// | parse SDDL | `text.parse::<SecurityDescriptor>()?`, or [`sddl::parse_with`](crate::sddl::parse_with) for options |
/// | print SDDL | `descriptor.to_string()`, which marks the few entries that SDDL can't express; [`sddl::to_text`](crate::sddl::to_text), which fails for them |
/// | read bytes | [`from_bytes`](Self::from_bytes), or [`binary::from_bytes_with`](crate::binary::from_bytes_with) for limits |
/// | write bytes | [`to_bytes`](Self::to_bytes): it fails for a list that is too long |
/// | make one | [`builder`](Self::builder), or [`default`](Self::default) and the methods `with_…` |
/// | change one | its fields, [`AclState::acl_mut`] |
/// | decide access | [`check`](fn@crate::check) |
/// | make the descriptor of a new object | [`child`](Self::child) |
///
/// ```
/// use sddl_authz::{AccessMask, Ace, SecurityDescriptor, Sid};
/// let mut descriptor: SecurityDescriptor = "O:BAG:SYD:(A;;FA;;;BA)".parse()?;
/// assert_eq!(descriptor.owner, Some(Sid::ADMINISTRATORS));
/// if let Some(acl) = descriptor.dacl.acl_mut() {
///     acl.push(Ace::allow(Sid::EVERYONE, AccessMask::FILE_GENERIC_READ));
/// }
/// assert_eq!(descriptor, "O:BAG:SYD:(A;;FA;;;BA)(A;;FR;;;WD)".parse()?);
/// # Ok::<(), sddl_authz::sddl::ParseError>(())
/// ```
///
/// The default is a descriptor without an owner, a group or lists. **Without a DACL everybody is granted everything.**
///
/// [\[MS-DTYP\] 2.4.6]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[doc(alias = "SECURITY_DESCRIPTOR")]
pub struct SecurityDescriptor {
    /// The owner of the object.
    pub owner: Option<Sid>,
    /// The primary group of the owner. Only inheritance and POSIX programs use it.
    pub group: Option<Sid>,
    /// The access that users and groups have to the object.
    pub dacl: AclState,
    /// Which accesses are recorded, and the labels and attributes of the object.
    pub sacl: AclState,
    /// The control bits that do not follow from the other fields.
    control: Control,
    /// A byte for the program that owns the object. It means something only with [`Control::RM_CONTROL_VALID`].
    pub resource_manager_control: u8,
}

impl SecurityDescriptor {
    /// A descriptor of these parts. It has no control bits but those that follow from them.
    ///
    /// ```
    /// use sddl_authz::{Acl, AclState, SecurityDescriptor, Sid};
    /// let dacl = AclState::Present(Acl::new());
    /// let descriptor = SecurityDescriptor::new(Some(Sid::ADMINISTRATORS), None, dacl, AclState::Absent);
    /// assert_eq!(descriptor, "O:BAD:".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn new(owner: Option<Sid>, group: Option<Sid>, dacl: AclState, sacl: AclState) -> Self {
        Self {
            owner,
            group,
            dacl,
            sacl,
            control: Control::empty(),
            resource_manager_control: 0,
        }
    }

    /// This descriptor with another owner.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid};
    /// let descriptor = SecurityDescriptor::default().with_owner(Sid::LOCAL_SYSTEM);
    /// assert_eq!(descriptor, "O:SY".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_owner(mut self, owner: Sid) -> Self {
        self.owner = Some(owner);
        self
    }

    /// This descriptor with another group.
    ///
    /// ```
    /// use sddl_authz::{SecurityDescriptor, Sid};
    /// let descriptor = SecurityDescriptor::default().with_group(Sid::LOCAL_SYSTEM);
    /// assert_eq!(descriptor, "G:SY".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_group(mut self, group: Sid) -> Self {
        self.group = Some(group);
        self
    }

    /// This descriptor with another DACL: an [`Acl`](crate::Acl), an array or vector of entries, or an [`AclState`].
    ///
    /// ```
    /// use sddl_authz::{AccessMask, Ace, SecurityDescriptor, Sid};
    /// let read = Ace::allow(Sid::EVERYONE, AccessMask::FILE_GENERIC_READ);
    /// let descriptor = SecurityDescriptor::default().with_dacl([read]);
    /// assert_eq!(descriptor, "D:(A;;FR;;;WD)".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_dacl(mut self, dacl: impl Into<AclState>) -> Self {
        self.dacl = dacl.into();
        self
    }

    /// This descriptor with another SACL: an [`Acl`](crate::Acl), an array or vector of entries, or an [`AclState`].
    ///
    /// ```
    /// use sddl_authz::{AclState, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:S:(AU;FA;SD;;;WD)".parse()?;
    /// assert_eq!(descriptor.with_sacl(AclState::Absent), "D:".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_sacl(mut self, sacl: impl Into<AclState>) -> Self {
        self.sacl = sacl.into();
        self
    }

    /// All control bits: those given to [`with_control`](Self::with_control), those that follow from the state of the lists, and
    /// `SELF_RELATIVE`, which a written descriptor always has.
    ///
    /// ```
    /// use sddl_authz::{Control, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:P".parse()?;
    /// assert_eq!(descriptor.control(), Control::SELF_RELATIVE | Control::DACL_PRESENT | Control::DACL_PROTECTED);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub fn control(&self) -> Control {
        let present = |state: &AclState, bit| match state {
            AclState::Absent => Control::empty(),
            AclState::Null | AclState::Present(_) => bit,
        };
        self.control
            .union(present(&self.dacl, Control::DACL_PRESENT))
            .union(present(&self.sacl, Control::SACL_PRESENT))
            .union(Control::SELF_RELATIVE)
    }

    /// This descriptor with these control bits. Bits that follow from its other parts ([`Control::DERIVED`]) are ignored, so
    /// they never contradict them.
    ///
    /// ```
    /// use sddl_authz::{Acl, Control, SecurityDescriptor};
    /// let descriptor = SecurityDescriptor::default().with_dacl(Acl::new()).with_control(Control::DACL_PROTECTED);
    /// assert_eq!(descriptor, "D:P".parse()?);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    #[must_use]
    pub const fn with_control(mut self, control: Control) -> Self {
        self.set_control(control);
        self
    }

    pub(crate) const fn set_control(&mut self, control: Control) {
        self.control = control.difference(Control::DERIVED);
    }
}
