//! The laws of the fuzz target, on random input.

use crate::target::layers;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn files_follow_the_rules_and_no_layer_adds_a_right(data in prop::collection::vec(any::<u8>(), 640)) {
        layers(&data);
    }
}
