//! The explorer by itself.

use crate::{
    AccessMask,
    explorer::{can_be, each_way, example, with_values},
};
use std::collections::BTreeSet;

fn unknown(number: usize) -> AccessMask {
    AccessMask::unknown(number)
}

#[test]
fn a_test_that_can_come_out_in_two_ways_does() {
    let mut outcomes = Vec::new();
    let ways = each_way(|| outcomes.push(unknown(0).intersects(unknown(1))));
    outcomes.sort_unstable();
    assert_eq!((ways, outcomes), (2, vec![false, true]));
}

/// If a mask is within another, and that has nothing in common with a third, the first has nothing in common with the third either.
#[test]
fn no_way_is_impossible() {
    let mut seen = BTreeSet::new();
    each_way(|| {
        let within = unknown(1).contains(unknown(0));
        let apart = !unknown(1).intersects(unknown(2));
        let meets = unknown(0).intersects(unknown(2));
        seen.insert((within, apart, meets));
    });
    let all = [false, true].into_iter().flat_map(|a| {
        [false, true]
            .into_iter()
            .flat_map(move |b| [false, true].map(|c| (a, b, c)))
    });
    let expected = all.filter(|way| *way != (true, true, true)).collect();
    assert_eq!(seen, expected);
}

/// 32 bits are enough for no more than 32 masks that have a bit each and nothing in common: the search respects the number of bits.
#[test]
fn bits_are_counted() {
    let low = |number: usize| unknown(number).intersection(AccessMask::from_bits_retain(0b11));
    let mut all_apart = 0;
    each_way(|| {
        let masks = [0, 1, 2].map(low);
        let some = masks.iter().all(|mask| !mask.is_empty());
        let apart = !masks[0].intersects(masks[1]) && !masks[1].intersects(masks[2]) && !masks[0].intersects(masks[2]);
        all_apart += usize::from(some && apart);
    });
    assert_eq!(all_apart, 0);
}

/// The masks that a way names lead there.
#[test]
fn the_examples_of_a_way_come_out_as_the_way_does() {
    let outcomes = || {
        let one = unknown(0).intersects(unknown(1));
        let two = unknown(1).union(unknown(2)).contains(unknown(0));
        let three = !one && unknown(0).difference(unknown(2)).is_empty();
        (one, two, three, unknown(2) == unknown(1))
    };
    let mut found = Vec::new();
    each_way(|| {
        let outcome = outcomes();
        found.push((core::array::from_fn(example), outcome));
    });
    assert!(found.len() >= 8);
    for (values, expected) in found {
        with_values(values, || assert_eq!(outcomes(), expected));
    }
}

#[test]
fn what_can_be_respects_the_way() {
    each_way(|| {
        let both = unknown(0).intersection(unknown(1));
        assert!(can_be(unknown(0).tables()) || both.is_empty());
        if both.is_empty() {
            assert!(!can_be(both.tables()));
            assert!(can_be(unknown(2).tables()));
        } else {
            assert!(can_be(both.tables()));
        }
    });
}
