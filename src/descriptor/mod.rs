//! Security descriptors ([MS-DTYP] 2.4.6).

mod control;
mod inherit;

pub use control::{ACL_FLAGS, AclFlag, Control};
pub use inherit::Inheritance;

use crate::{acl::AclState, sid::Sid};

/// A security descriptor ([MS-DTYP] 2.4.6): who owns an object and who may do what with it.
///
/// Parses from SDDL (`FromStr`) and prints by [`sddl::to_text`](crate::sddl::to_text).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[doc(alias = "SECURITY_DESCRIPTOR")]
pub struct SecurityDescriptor {
    /// Who owns the object.
    pub owner: Option<Sid>,
    /// The owner's primary group.
    pub group: Option<Sid>,
    /// Who may do what.
    pub dacl: AclState,
    /// What is recorded, and what else is said of the object.
    pub sacl: AclState,
    /// The control bits that nothing else says.
    control: Control,
    /// The byte of the resource manager, meaningful with [`Control::RM_CONTROL_VALID`].
    pub resource_manager_control: u8,
}

impl SecurityDescriptor {
    /// A descriptor of these parts, with no control bits but those that follow from them.
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

    /// All control bits: those given to [`with_control`](Self::with_control), those that follow from the state of the lists, and
    /// `SELF_RELATIVE`, which a written descriptor always has.
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

    /// The same descriptor with these control bits. Those that follow from the rest of it are ignored, so that they can't disagree.
    #[must_use]
    pub fn with_control(mut self, control: Control) -> Self {
        self.set_control(control);
        self
    }

    pub(crate) const fn set_control(&mut self, control: Control) {
        self.control = control.difference(Control::DERIVED);
    }
}
