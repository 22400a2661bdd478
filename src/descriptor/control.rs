bitflags::bitflags! {
    /// The control bits of a descriptor ([\[MS-DTYP\] 2.4.6]).
    ///
    /// ```
    /// use sddl_authz::{Control, SecurityDescriptor};
    /// let descriptor: SecurityDescriptor = "D:PAI".parse()?;
    /// assert!(descriptor.control().contains(Control::DACL_PROTECTED | Control::DACL_AUTO_INHERITED));
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    ///
    /// [\[MS-DTYP\] 2.4.6]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/7d4dac05-9cef-4563-a058-f108abecce1d
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
    #[doc(alias = "SECURITY_DESCRIPTOR_CONTROL")]
    pub struct Control: u16 {
        /// The owner came from a default.
        const OWNER_DEFAULTED = 0x0001;
        /// The group came from a default.
        const GROUP_DEFAULTED = 0x0002;
        /// There is a DACL, which may be NULL.
        const DACL_PRESENT = 0x0004;
        /// The DACL came from a default.
        const DACL_DEFAULTED = 0x0008;
        /// There is a SACL, which may be NULL.
        const SACL_PRESENT = 0x0010;
        /// The SACL came from a default.
        const SACL_DEFAULTED = 0x0020;
        /// The DACL comes from a trusted source, so a server may use it as it is.
        const DACL_TRUSTED = 0x0040;
        /// A server made the descriptor for its own object, in the name of a client.
        const SERVER_SECURITY = 0x0080;
        /// `AR` in the DACL: the creator asked that it inherits automatically.
        const DACL_AUTO_INHERIT_REQUESTED = 0x0100;
        /// `AR` in the SACL: the creator asked that it inherits automatically.
        const SACL_AUTO_INHERIT_REQUESTED = 0x0200;
        /// `AI` in the DACL: it inherits automatically.
        const DACL_AUTO_INHERITED = 0x0400;
        /// `AI` in the SACL: it inherits automatically.
        const SACL_AUTO_INHERITED = 0x0800;
        /// `P` in the DACL: it inherits no entries.
        const DACL_PROTECTED = 0x1000;
        /// `P` in the SACL: it inherits no entries.
        const SACL_PROTECTED = 0x2000;
        /// [`resource_manager_control`](super::SecurityDescriptor::resource_manager_control) means something.
        const RM_CONTROL_VALID = 0x4000;
        /// The descriptor is one block of bytes.
        const SELF_RELATIVE = 0x8000;
    }
}

impl Control {
    /// The control bits that follow from the other parts of a descriptor.
    pub const DERIVED: Self = Self::DACL_PRESENT.union(Self::SACL_PRESENT).union(Self::SELF_RELATIVE);
}

/// A flag of a list in SDDL, such as the `P` in `D:P`, and its control bits.
///
/// ```
/// use sddl_authz::{Control, descriptor::ACL_FLAGS};
/// let protected = ACL_FLAGS.iter().find(|flag| flag.token == "P").expect("SDDL has this flag");
/// assert_eq!((protected.dacl, protected.sacl), (Control::DACL_PROTECTED, Control::SACL_PROTECTED));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AclFlag {
    /// The token.
    pub token: &'static str,
    /// The bit after `D:`.
    pub dacl: Control,
    /// The bit after `S:`.
    pub sacl: Control,
}

/// The flags of lists ([\[MS-DTYP\] 2.5.1.1]), in the order in which Windows prints them.
///
/// ```
/// use sddl_authz::descriptor::ACL_FLAGS;
/// assert!(ACL_FLAGS.iter().map(|flag| flag.token).eq(["P", "AR", "AI"]));
/// ```
///
/// [\[MS-DTYP\] 2.5.1.1]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/f4296d69-1c0f-491f-9587-a960b292d070
pub static ACL_FLAGS: &[AclFlag] = &[
    AclFlag {
        token: "P",
        dacl: Control::DACL_PROTECTED,
        sacl: Control::SACL_PROTECTED,
    },
    AclFlag {
        token: "AR",
        dacl: Control::DACL_AUTO_INHERIT_REQUESTED,
        sacl: Control::SACL_AUTO_INHERIT_REQUESTED,
    },
    AclFlag {
        token: "AI",
        dacl: Control::DACL_AUTO_INHERITED,
        sacl: Control::SACL_AUTO_INHERITED,
    },
];
