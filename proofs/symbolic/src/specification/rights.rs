//! Sets of rights in the specification: a truth table for each bit.

use crate::{
    GenericMapping,
    explorer::{Table, Tables, is_some},
};

pub const READ_CONTROL: u32 = 0x0002_0000;
pub const WRITE_DAC: u32 = 0x0004_0000;
pub const WRITE_OWNER: u32 = 0x0008_0000;
pub const SYNCHRONIZE: u32 = 0x0010_0000;
pub const DELETE: u32 = 0x0001_0000;
pub const ACCESS_SYSTEM_SECURITY: u32 = 0x0100_0000;
pub const MAXIMUM_ALLOWED: u32 = 0x0200_0000;
pub const GENERIC_ALL: u32 = 0x1000_0000;
pub const GENERIC_EXECUTE: u32 = 0x2000_0000;
pub const GENERIC_WRITE: u32 = 0x4000_0000;
pub const GENERIC_READ: u32 = 0x8000_0000;
pub const GENERIC: u32 = 0xf000_0000;
pub const EVERY: u32 = u32::MAX;

/// These rights, whatever the unknown masks are.
pub fn rights(bits: u32) -> Tables {
    core::array::from_fn(|place| {
        if bits >> place & 1 == 1 {
            Table::ALWAYS
        } else {
            Table::NEVER
        }
    })
}

fn zip(one: &Tables, other: &Tables, f: impl Fn(u128, u128) -> u128) -> Tables {
    core::array::from_fn(|place| Table(f(one[place].0, other[place].0)))
}

pub fn and(one: &Tables, other: &Tables) -> Tables {
    zip(one, other, |one, other| one & other)
}

pub fn or(one: &Tables, other: &Tables) -> Tables {
    zip(one, other, |one, other| one | other)
}

pub fn less(one: &Tables, other: &Tables) -> Tables {
    zip(one, other, |one, other| one & !other)
}

/// Whether one of these bits is in the set.
pub fn has(set: &Tables, bits: u32) -> bool {
    is_some(&and(set, &rights(bits)))
}

/// `MapGenericMask`: each generic right is replaced by the rights that it means. A mapping never yields a generic right nor
/// MAXIMUM_ALLOWED. Without a mapping, nothing is replaced.
pub fn map(mask: &Tables, mapping: Option<&GenericMapping>) -> Tables {
    let Some(mapping) = mapping else { return *mask };
    let meanings = [
        (GENERIC_READ, mapping.read),
        (GENERIC_WRITE, mapping.write),
        (GENERIC_EXECUTE, mapping.execute),
        (GENERIC_ALL, mapping.all),
    ];
    let start = less(mask, &rights(GENERIC));
    meanings
        .iter()
        .filter(|(generic, _)| has(mask, *generic))
        .fold(start, |mapped, (_, meaning)| {
            or(&mapped, &less(meaning.tables(), &rights(GENERIC | MAXIMUM_ALLOWED)))
        })
}

/// The rights that a generic right means; none without a mapping.
pub fn meaning(generic: u32, mapping: Option<&GenericMapping>) -> Tables {
    mapping.map_or(rights(0), |mapping| map(&rights(generic), Some(mapping)))
}
