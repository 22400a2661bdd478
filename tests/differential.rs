//! The check against a slow reference, on random questions.

#[path = "targets/asker.rs"]
mod asker;
mod reference;
mod support;

use asker::asker;
use proptest::prelude::*;
#[cfg(feature = "serde")]
use sddl_authz::AccessCheck;
use support::model::Case;

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_check_agrees_with_the_reference(bytes in prop::collection::vec(any::<u8>(), 256)) {
        let case = Case::from_bytes(&bytes);
        let Case { descriptor, desired, options, .. } = &case;
        prop_assert_eq!(reference::disagreement(descriptor, asker(&case), *desired, options), None);
    }

    #[test]
    fn law_13_the_check_of_the_parts_of_an_object_agrees_with_the_reference(
        bytes in prop::collection::vec(any::<u8>(), 256), shape in prop::collection::vec(any::<u8>(), 16)
    ) {
        let case = Case::from_bytes(&bytes);
        let Case { descriptor, desired, options, .. } = &case;
        let tree = support::model::tree(&mut arbitrary::Unstructured::new(&shape)).unwrap();
        prop_assert_eq!(reference::disagreement_about_objects(descriptor, asker(&case), *desired, &tree, options), None);
    }
}

/// The comparison is worth as much as its generator. This test lists everything that the generator must make.
#[cfg(feature = "serde")]
#[test]
fn the_generator_reaches_every_reason_and_every_outcome() {
    use proptest::strategy::ValueTree;
    use std::collections::BTreeSet;

    let mut seen = BTreeSet::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = prop::collection::vec(any::<u8>(), 256);
    for _ in 0..20_000 {
        let bytes = strategy.new_tree(&mut runner).unwrap().current();
        let case = Case::from_bytes(&bytes);
        let explanation = AccessCheck::new(&case.caller, case.desired)
            .options(case.options)
            .explain(&case.descriptor);
        let json = serde_json::to_value(&explanation).unwrap();
        let words = |value: &serde_json::Value, key: &str| value[key].as_str().map(str::to_owned);
        seen.extend(words(&json, "decision"));
        seen.extend(words(&json, "reason"));
        for step in json["steps"].as_array().unwrap() {
            seen.extend(words(step, "step"));
            seen.extend(words(step, "did"));
            seen.extend(words(step, "part"));
        }
    }
    let expected = [
        "allowed",
        "denied",
        "not_granted",
        "nothing_asked",
        "generic_not_mapped",
        "privilege_not_held",
        "owner_missing",
        "group_missing",
        "owner_or_group_missing",
        "unprotected",
        "undetermined",
        "refused",
        "dacl_absent",
        "dacl_null",
        "dacl_empty",
        "owner_granted",
        "owner_replaced",
        "owner_unknown",
        "entry",
        "unvisited",
        "inherit_only",
        "not_access_entry",
        "unknown_type_skipped",
        "creator_placeholder",
        "no_principal_self",
        "no_owner",
        "not_member",
        "deny_only_group",
        "not_evaluated",
        "nothing_wanted",
        "already_settled",
        "granted",
        "unknown_type_denied",
        "may_grant",
        "may_deny",
        "condition_false",
        "condition_unknown",
        "system_policy_not_evaluated",
        "privilege_granted",
        "integrity_denied",
        "restricted_pass",
        "app_container_pass",
        "not_for_app_container",
        "condition",
        "object",
        "application_data",
        "compound",
        "generic_rights",
    ];
    let expected: BTreeSet<String> = expected.into_iter().map(str::to_owned).collect();
    assert_eq!(seen, expected);
}
