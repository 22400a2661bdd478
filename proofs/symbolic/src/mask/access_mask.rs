//! A mask that represents every mask at once.
//!
//! Up to [`UNKNOWNS`] unknown masks take part in a question. Bit i of any mask that a check computes depends on bit i of each unknown mask
//! alone. So each bit is a truth table with a row for each combination of those bits, and an operation on masks is one on tables. Only
//! a test, such as whether a mask is empty, looks at all bits at once: the [`explorer`](crate::explorer) answers it.

use crate::explorer::{Table, Tables, UNKNOWNS, WIDTH, is_some};
use core::{fmt, hash, ops};

/// A truth table for each bit.
#[derive(Clone, Copy)]
pub struct AccessMask(Tables);

/// In bytes and in text, this number and the seven after it stand for the unknown masks. Neither the library nor a question has a mask of
/// this value.
const FIRST_UNKNOWN: u32 = 0xa5a5_a5e0;
/// This number and the seven after it stand for the unknown masks without their generic rights.
const FIRST_SPECIFIC: u32 = 0xa5a5_a5e8;

macro_rules! constants {
    ($($name:ident = $bits:expr;)*) => { $(pub const $name: Self = Self::of_number($bits);)* };
}

/// The constants of the library's type.
impl AccessMask {
    constants! {
        DELETE = 0x0001_0000;
        READ_CONTROL = 0x0002_0000;
        WRITE_DAC = 0x0004_0000;
        WRITE_OWNER = 0x0008_0000;
        SYNCHRONIZE = 0x0010_0000;
        ACCESS_SYSTEM_SECURITY = 0x0100_0000;
        MAXIMUM_ALLOWED = 0x0200_0000;
        GENERIC_ALL = 0x1000_0000;
        GENERIC_EXECUTE = 0x2000_0000;
        GENERIC_WRITE = 0x4000_0000;
        GENERIC_READ = 0x8000_0000;
        GENERIC = 0xf000_0000;
        SPECIFIC_AND_STANDARD = 0x001f_ffff;
    }
}

/// Methods that the library's type does not have.
impl AccessMask {
    /// The unknown mask of this number.
    #[must_use]
    pub const fn unknown(number: usize) -> Self {
        Self([Table::unknown(number); WIDTH])
    }

    /// The table of each bit.
    #[must_use]
    pub const fn tables(&self) -> &Tables {
        &self.0
    }

    const fn of_number(bits: u32) -> Self {
        let (mut tables, mut place) = ([Table::NEVER; WIDTH], 0);
        while place < WIDTH {
            if bits >> place & 1 == 1 {
                tables[place] = Table::ALWAYS;
            }
            place += 1;
        }
        Self(tables)
    }

    const fn is(&self, other: &Self) -> bool {
        let mut place = 0;
        while place < WIDTH {
            if self.0[place].0 != other.0[place].0 {
                return false;
            }
            place += 1;
        }
        true
    }
}

/// The methods of the library's type. They are kept out of line: their loops are long, and the check calls them from many places.
impl AccessMask {
    #[inline(never)]
    #[must_use]
    pub const fn from_bits_retain(bits: u32) -> Self {
        let number = (bits & 7) as usize;
        match bits & !7 {
            FIRST_UNKNOWN if number < UNKNOWNS => Self::unknown(number),
            FIRST_SPECIFIC if number < UNKNOWNS => Self::unknown(number).difference(Self::GENERIC),
            _ => Self::of_number(bits),
        }
    }

    /// # Panics
    /// If it is neither a number nor an unknown mask.
    #[must_use]
    pub const fn bits(&self) -> u32 {
        let (mut bits, mut place) = (0, 0);
        while place < WIDTH {
            if self.0[place].0 == Table::ALWAYS.0 {
                bits |= 1 << place;
            }
            place += 1;
        }
        if self.is(&Self::of_number(bits)) {
            return bits;
        }
        let mut number = 0;
        while number < UNKNOWNS as u32 {
            if self.is(&Self::from_bits_retain(FIRST_UNKNOWN | number)) {
                return FIRST_UNKNOWN | number;
            }
            if self.is(&Self::from_bits_retain(FIRST_SPECIFIC | number)) {
                return FIRST_SPECIFIC | number;
            }
            number += 1;
        }
        panic!("no number represents this mask")
    }

    #[must_use]
    pub const fn empty() -> Self {
        Self([Table::NEVER; WIDTH])
    }

    #[must_use]
    pub const fn all() -> Self {
        Self([Table::ALWAYS; WIDTH])
    }

    #[inline(never)]
    #[must_use]
    pub const fn union(mut self, other: Self) -> Self {
        let mut place = 0;
        while place < WIDTH {
            self.0[place].0 |= other.0[place].0;
            place += 1;
        }
        self
    }

    #[inline(never)]
    #[must_use]
    pub const fn intersection(mut self, other: Self) -> Self {
        let mut place = 0;
        while place < WIDTH {
            self.0[place].0 &= other.0[place].0;
            place += 1;
        }
        self
    }

    #[inline(never)]
    #[must_use]
    pub const fn difference(mut self, other: Self) -> Self {
        let mut place = 0;
        while place < WIDTH {
            self.0[place].0 &= !other.0[place].0;
            place += 1;
        }
        self
    }

    #[inline(never)]
    #[must_use]
    pub const fn complement(mut self) -> Self {
        let mut place = 0;
        while place < WIDTH {
            self.0[place].0 = !self.0[place].0;
            place += 1;
        }
        self
    }

    /// The one test that there is: the others ask it.
    #[inline(never)]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !is_some(&self.0)
    }

    #[inline(never)]
    #[must_use]
    pub fn intersects(&self, other: Self) -> bool {
        !self.intersection(other).is_empty()
    }

    #[inline(never)]
    #[must_use]
    pub fn contains(&self, other: Self) -> bool {
        other.difference(*self).is_empty()
    }

    pub(crate) fn single_rights(self) -> impl Iterator<Item = Self> {
        let bits = (0..u32::BITS).map(|place| Self::of_number(1 << place));
        bits.filter(move |right| self.contains(*right))
    }
}

impl From<u32> for AccessMask {
    fn from(bits: u32) -> Self {
        Self::from_bits_retain(bits)
    }
}

impl From<AccessMask> for u32 {
    fn from(mask: AccessMask) -> Self {
        mask.bits()
    }
}

impl Default for AccessMask {
    fn default() -> Self {
        Self::empty()
    }
}

impl ops::BitOr for AccessMask {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

impl ops::BitOrAssign for AccessMask {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.union(other);
    }
}

/// Two masks are equal if no bit is in one of them alone.
impl PartialEq for AccessMask {
    fn eq(&self, other: &Self) -> bool {
        let differing = self.difference(*other).union(other.difference(*self));
        differing.is_empty()
    }
}

impl Eq for AccessMask {}

impl hash::Hash for AccessMask {
    fn hash<H: hash::Hasher>(&self, _: &mut H) {
        unimplemented!("no check hashes a mask")
    }
}

impl fmt::Display for AccessMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (all, any) = (0..WIDTH).fold((0_u32, 0_u32), |(all, any), place| {
            let Table(rows) = self.0[place];
            (
                all | u32::from(rows == u128::MAX) << place,
                any | u32::from(rows != 0) << place,
            )
        });
        if all == any {
            write!(f, "{all:#x}")
        } else {
            write!(f, "a mask from {all:#x} to {any:#x}")
        }
    }
}

impl fmt::Debug for AccessMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
