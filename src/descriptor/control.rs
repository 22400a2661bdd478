bitflags::bitflags! {
    /// The control word of a descriptor ([MS-DTYP] 2.4.6).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
    #[doc(alias = "SECURITY_DESCRIPTOR_CONTROL")]
    pub struct Control: u16 {
        /// The owner came from a default.
        const OWNER_DEFAULTED = 0x0001;
        /// The group came from a default.
        const GROUP_DEFAULTED = 0x0002;
        /// There is a DACL, NULL or not.
        const DACL_PRESENT = 0x0004;
        /// The DACL came from a default.
        const DACL_DEFAULTED = 0x0008;
        /// There is a SACL, NULL or not.
        const SACL_PRESENT = 0x0010;
        /// The SACL came from a default.
        const SACL_DEFAULTED = 0x0020;
        /// The DACL is trusted.
        const DACL_TRUSTED = 0x0040;
        /// The descriptor is a server's.
        const SERVER_SECURITY = 0x0080;
        /// `AR` in the DACL: its inheritance was asked for.
        const DACL_AUTO_INHERIT_REQUESTED = 0x0100;
        /// `AR` in the SACL.
        const SACL_AUTO_INHERIT_REQUESTED = 0x0200;
        /// `AI` in the DACL: it was inherited.
        const DACL_AUTO_INHERITED = 0x0400;
        /// `AI` in the SACL.
        const SACL_AUTO_INHERITED = 0x0800;
        /// `P` in the DACL: it inherits nothing.
        const DACL_PROTECTED = 0x1000;
        /// `P` in the SACL.
        const SACL_PROTECTED = 0x2000;
        /// The byte of the resource manager is meant.
        const RM_CONTROL_VALID = 0x4000;
        /// The descriptor is one block of bytes.
        const SELF_RELATIVE = 0x8000;
    }
}

impl Control {
    /// The bits that follow from the rest of a descriptor.
    pub const DERIVED: Self = Self::DACL_PRESENT.union(Self::SACL_PRESENT).union(Self::SELF_RELATIVE);
}

/// A flag of a list in SDDL, and the control bits it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AclFlag {
    /// The letters.
    pub token: &'static str,
    /// The bit after `D:`.
    pub dacl: Control,
    /// The bit after `S:`.
    pub sacl: Control,
}

/// The flags of lists ([MS-DTYP] 2.5.1.1), in the order in which Windows prints them.
pub static ACL_FLAGS: [AclFlag; 3] = [
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
