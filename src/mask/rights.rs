//! The rights tokens of SDDL ([MS-DTYP] 2.5.1.1, `sddl.h`), in the order in which Windows prints them.

use super::AccessMask;
use crate::lookup::PairTable;
use core::num::NonZeroU32;

/// A token for rights in SDDL, such as `FA` or `RC`.
///
/// ```
/// use sddl_authz::{AccessMask, mask::RIGHT_SETS};
/// let right = RIGHT_SETS.iter().find(|right| right.token == "FR").expect("SDDL has this token");
/// assert_eq!(right.mask, AccessMask::FILE_GENERIC_READ);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RightToken {
    /// The two letters.
    pub token: &'static str,
    /// The rights that the token means.
    pub mask: AccessMask,
}

const fn right(token: &'static str, bits: u32) -> RightToken {
    let mask = AccessMask::from_bits_retain(bits);
    RightToken { token, mask }
}

impl RightToken {
    /// The rights of a token in upper case, for an entry of any type.
    #[inline]
    pub(crate) fn by_letters(letters: [u8; 2]) -> Option<AccessMask> {
        let bits = BY_TOKEN.get(letters)?;
        Some(AccessMask::from_bits_retain(bits.get()))
    }
}

/// The bits of [`RIGHT_BITS`] and of [`RIGHT_SETS`].
static BY_TOKEN: PairTable<NonZeroU32> = {
    let (mut pairs, mut row) = (PairTable::EMPTY, 0);
    #[expect(clippy::indexing_slicing, reason = "the compiler runs this")]
    while row < RIGHT_BITS.len() + RIGHT_SETS.len() {
        let right = if row < RIGHT_BITS.len() {
            RIGHT_BITS[row]
        } else {
            RIGHT_SETS[row - RIGHT_BITS.len()]
        };
        pairs = pairs.with(right.token, NonZeroU32::new(right.mask.bits()));
        row += 1;
    }
    pairs
};

/// The tokens for one right each, from the lowest bit to the highest.
///
/// ```
/// use sddl_authz::mask::RIGHT_BITS;
/// assert!(RIGHT_BITS.iter().all(|right| right.mask.bits().is_power_of_two()));
/// ```
pub static RIGHT_BITS: &[RightToken] = &[
    right("CC", 0x1),
    right("DC", 0x2),
    right("LC", 0x4),
    right("SW", 0x8),
    right("RP", 0x10),
    right("WP", 0x20),
    right("DT", 0x40),
    right("LO", 0x80),
    right("CR", 0x100),
    right("SD", 0x1_0000),
    right("RC", 0x2_0000),
    right("WD", 0x4_0000),
    right("WO", 0x8_0000),
    right("GA", 0x1000_0000),
    right("GX", 0x2000_0000),
    right("GW", 0x4000_0000),
    right("GR", 0x8000_0000),
];

/// The tokens for sets of rights. A mask prints as one only if it equals the set. `KR` comes before `KX`, which is an equal set.
pub static RIGHT_SETS: &[RightToken] = &[
    right("FA", 0x1f_01ff),
    right("FR", 0x12_0089),
    right("FW", 0x12_0116),
    right("FX", 0x12_00a0),
    right("KA", 0xf_003f),
    right("KR", 0x2_0019),
    right("KW", 0x2_0006),
    right("KX", 0x2_0019),
];

/// The tokens for the policy of a mandatory label, which has its own for the three lowest bits
/// ([\[MS-DTYP\] 2.4.4.13](https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/cca27429-5689-4a16-b2b4-9325d93e4ba2)).
pub static RIGHT_LABEL_BITS: &[RightToken] = &[right("NW", 0x1), right("NR", 0x2), right("NX", 0x4)];
