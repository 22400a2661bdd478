use crate::lookup::PairTable;
use core::num::NonZeroU8;

bitflags::bitflags! {
    /// Where an entry applies and which objects inherit it: the second byte of its header ([\[MS-DTYP\] 2.4.4.1]).
    ///
    /// ```
    /// use sddl_authz::{Ace, AceFlags};
    /// let ace: Ace = "(A;OICI;FR;;;BU)".parse()?;
    /// assert_eq!(ace.flags(), AceFlags::OBJECT_INHERIT | AceFlags::CONTAINER_INHERIT);
    /// # Ok::<(), sddl_authz::sddl::ParseError>(())
    /// ```
    ///
    /// [\[MS-DTYP\] 2.4.4.1]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/628ebb1d-c509-4ea0-a10f-77ef97ca4586
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
    pub struct AceFlags: u8 {
        /// `OI`: objects that are not containers inherit the entry.
        #[doc(alias = "OBJECT_INHERIT_ACE")]
        const OBJECT_INHERIT = 0x01;
        /// `CI`: containers inherit the entry.
        #[doc(alias = "CONTAINER_INHERIT_ACE")]
        const CONTAINER_INHERIT = 0x02;
        /// `NP`: children inherit the entry, their children do not.
        #[doc(alias = "NO_PROPAGATE_INHERIT_ACE")]
        const NO_PROPAGATE = 0x04;
        /// `IO`: the entry does not apply to this object, only to those that inherit it.
        #[doc(alias = "INHERIT_ONLY_ACE")]
        const INHERIT_ONLY = 0x08;
        /// `ID`: the entry was inherited.
        #[doc(alias = "INHERITED_ACE")]
        const INHERITED = 0x10;
        /// `CR`: a critical entry.
        #[doc(alias = "CRITICAL_ACE_FLAG")]
        const CRITICAL = 0x20;
        /// `SA`: an audit entry records accesses that are granted.
        #[doc(alias = "SUCCESSFUL_ACCESS_ACE_FLAG")]
        const SUCCESSFUL_ACCESS = 0x40;
        /// `FA`: an audit entry records accesses that are denied.
        #[doc(alias = "FAILED_ACCESS_ACE_FLAG")]
        const FAILED_ACCESS = 0x80;
    }
}

impl AceFlags {
    /// `TP`: an access filter is trust-protected. This is the bit of `SA`, which only audit entries have.
    pub const TRUST_PROTECTED: Self = Self::SUCCESSFUL_ACCESS;
    /// The four flags that say which objects inherit an entry. `INHERITED` is not one of them: it says where the entry came from.
    pub const INHERITANCE: Self = Self::OBJECT_INHERIT
        .union(Self::CONTAINER_INHERIT)
        .union(Self::NO_PROPAGATE)
        .union(Self::INHERIT_ONLY);
}

/// The tokens of SDDL for the flags of entries, in the order in which Windows prints them. The place of `CR` is a guess: no
/// source shows Windows print it.
///
/// ```
/// use sddl_authz::ace::{ACE_FLAGS, AceFlags};
/// assert!(ACE_FLAGS.contains(&("OI", AceFlags::OBJECT_INHERIT)));
/// ```
pub static ACE_FLAGS: &[(&str, AceFlags)] = &[
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
    /// The flag with this token, in upper case.
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
