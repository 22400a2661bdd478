//! Sets of the numbers of descriptors.

use crate::store::DescriptorNumber;
use std::collections::BTreeMap;

/// A set of descriptors. Numbers that follow each other share one element.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers(BTreeMap<i64, u64>);

impl Numbers {
    pub(super) fn insert(&mut self, number: DescriptorNumber) {
        let (place, bit) = split(number);
        *self.0.entry(place).or_default() |= bit;
    }

    pub(super) fn contains(&self, number: DescriptorNumber) -> bool {
        let (place, bit) = split(number);
        self.0.get(&place).is_some_and(|bits| bits & bit != 0)
    }

    /// Returns the numbers in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = DescriptorNumber> {
        self.0.iter().flat_map(|(&place, &bits)| {
            let held = (0..i64::from(u64::BITS)).filter(move |&bit| bits & mask(bit) != 0);
            held.map(move |bit| DescriptorNumber(place.wrapping_mul(i64::from(u64::BITS)).wrapping_add(bit)))
        })
    }

    /// Returns how much memory the set takes, in elements of some 20 bytes.
    pub(super) fn elements(&self) -> usize {
        self.0.len()
    }
}

/// Returns the element of a number, and its bit there.
fn split(DescriptorNumber(number): DescriptorNumber) -> (i64, u64) {
    let bits = i64::from(u64::BITS);
    (number.div_euclid(bits), mask(number.rem_euclid(bits)))
}

fn mask(bit: i64) -> u64 {
    u32::try_from(bit).map_or(0, |bit| 1_u64.wrapping_shl(bit))
}

#[cfg(test)]
mod tests {
    use super::{DescriptorNumber, Numbers};
    use std::collections::BTreeSet;

    #[test]
    fn a_set_holds_what_was_inserted_in_order() {
        let numbers = [0, 1, 63, 64, 65, 127, 128, 4096, i64::MAX, -1, -64, -65, i64::MIN];
        let (mut set, mut expected) = (Numbers::default(), BTreeSet::new());
        for number in numbers {
            assert!(!set.contains(DescriptorNumber(number)), "{number}");
            set.insert(DescriptorNumber(number));
            expected.insert(number);
            assert!(set.contains(DescriptorNumber(number)), "{number}");
            assert!(
                set.iter()
                    .map(|DescriptorNumber(number)| number)
                    .eq(expected.iter().copied())
            );
        }
        assert!(!set.contains(DescriptorNumber(2)));
    }
}
