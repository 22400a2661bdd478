use crate::lookup::PairTable;
use core::num::NonZeroU8;

bitflags::bitflags! {
    /// Where an entry applies and what it is inherited by ([MS-DTYP] 2.4.4.1).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
    pub struct AceFlags: u8 {
        /// `OI`: inherited by objects that are no containers.
        #[doc(alias = "OBJECT_INHERIT_ACE")]
        const OBJECT_INHERIT = 0x01;
        /// `CI`: inherited by containers.
        #[doc(alias = "CONTAINER_INHERIT_ACE")]
        const CONTAINER_INHERIT = 0x02;
        /// `NP`: inherited by children, not by their children.
        #[doc(alias = "NO_PROPAGATE_INHERIT_ACE")]
        const NO_PROPAGATE = 0x04;
        /// `IO`: not for this object.
        #[doc(alias = "INHERIT_ONLY_ACE")]
        const INHERIT_ONLY = 0x08;
        /// `ID`: was inherited.
        #[doc(alias = "INHERITED_ACE")]
        const INHERITED = 0x10;
        /// `CR`: critical.
        #[doc(alias = "CRITICAL_ACE_FLAG")]
        const CRITICAL = 0x20;
        /// `SA` in an audit entry: on success.
        #[doc(alias = "SUCCESSFUL_ACCESS_ACE_FLAG")]
        const SUCCESSFUL_ACCESS = 0x40;
        /// `FA` in an audit entry: on failure.
        #[doc(alias = "FAILED_ACCESS_ACE_FLAG")]
        const FAILED_ACCESS = 0x80;
    }
}

impl AceFlags {
    /// `TP` in an access filter: trust-protected. The bit is that of `SA`.
    pub const TRUST_PROTECTED: Self = Self::SUCCESSFUL_ACCESS;
    /// The flags that say how an entry is inherited; `INHERITED` says only that it was.
    pub const INHERITANCE: Self = Self::OBJECT_INHERIT
        .union(Self::CONTAINER_INHERIT)
        .union(Self::NO_PROPAGATE)
        .union(Self::INHERIT_ONLY);
}

/// The tokens of SDDL, in the order in which Windows prints them. Where it would print `CR` is not known.
pub static ACE_FLAGS: [(&str, AceFlags); 8] = [
    ("OI", AceFlags::OBJECT_INHERIT),
    ("CI", AceFlags::CONTAINER_INHERIT),
    ("NP", AceFlags::NO_PROPAGATE),
    ("IO", AceFlags::INHERIT_ONLY),
    ("ID", AceFlags::INHERITED),
    ("CR", AceFlags::CRITICAL),
    ("SA", AceFlags::SUCCESSFUL_ACCESS),
    ("FA", AceFlags::FAILED_ACCESS),
];

impl AceFlags {
    /// The flag of two capitals.
    #[inline]
    pub(crate) fn by_letters(letters: [u8; 2]) -> Option<Self> {
        let bit = BY_TOKEN.get(letters)?;
        Some(Self::from_bits_retain(bit.get()))
    }
}

static BY_TOKEN: PairTable<NonZeroU8> = {
    let (mut pairs, mut row) = (PairTable::EMPTY, 0);
    #[expect(clippy::indexing_slicing, reason = "the compiler runs this")]
    while row < ACE_FLAGS.len() {
        let (token, flag) = ACE_FLAGS[row];
        pairs = pairs.with(token, NonZeroU8::new(flag.bits()));
        row += 1;
    }
    pairs
};
