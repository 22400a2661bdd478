//! Entries that are not evaluated.

use super::*;

#[test]
fn an_unknown_type_denies_what_is_undecided_unless_it_is_to_be_skipped() {
    let descriptor = unowned([allow(user(), 0x1), unknown_type(), allow(user(), 0x2)]);
    assert_eq!(asked(&descriptor, &caller(), 0x1), granted(0x1));
    let expected = (0x1, 0x2, DenialReason::NotGranted);
    assert_eq!(refusal(&asked(&descriptor, &caller(), 0x3)), Some(expected));
    assert_eq!(asked(&descriptor, &caller(), MAXIMUM), granted(0x1));
    let skipping = Options::default().with_skip_unknown_types(true);
    assert_eq!(asked_with(&descriptor, &caller(), 0x3, &skipping), granted(0x3));
    let outcome = EntryOutcome::UnknownTypeDenied { bits: bits(0x2) };
    assert_eq!(outcomes(&explained(&descriptor, &caller(), 0x3)).last(), Some(&outcome));
}

#[test]
fn an_object_or_callback_allow_that_is_not_evaluated_grants_nothing() {
    let cases = [
        (special(AceType::ObjectAllow, 0x1, true, false), Unevaluated::Object),
        (
            special(AceType::CallbackAllow, 0x1, false, true),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackObjectAllow, 0x1, false, true),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackAllow, 0x1, false, false),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackObjectAllow, 0x1, false, false),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackObjectAllow, 0x1, true, false),
            Unevaluated::Object,
        ),
        (compound(), Unevaluated::Compound),
    ];
    for (entry, part) in cases {
        let descriptor = unowned([entry]);
        assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
        assert_eq!(
            outcomes(&explained(&descriptor, &caller(), 0x1)),
            [EntryOutcome::NotEvaluated { part }]
        );
    }
}

/// Without a mapping nobody knows what a generic right stands for.
#[test]
fn a_generic_allow_without_a_mapping_grants_what_else_it_names_alone() {
    let part = Unevaluated::GenericRights;
    let generic = unowned([allow(user(), GENERIC_READ | 0x2)]);
    assert!(!asked(&generic, &caller(), 0x1).is_allowed());
    assert_eq!(
        outcomes(&explained(&generic, &caller(), 0x1)),
        [EntryOutcome::NotEvaluated { part }]
    );
    assert_eq!(
        outcomes(&explained(&generic, &caller(), 0x2)),
        [EntryOutcome::Granted { bits: bits(0x2) }]
    );
}

#[test]
fn an_object_or_callback_deny_that_is_not_evaluated_denies_its_mask() {
    let cases = [
        (special(AceType::ObjectDeny, 0x1, true, false), Unevaluated::Object),
        (
            special(AceType::CallbackDeny, 0x1, false, true),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackObjectDeny, 0x1, false, true),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackDeny, 0x1, false, false),
            Unevaluated::ApplicationData,
        ),
        (
            special(AceType::CallbackObjectDeny, 0x1, false, false),
            Unevaluated::ApplicationData,
        ),
    ];
    for (entry, part) in cases {
        let descriptor = unowned([entry, allow(user(), 0x3), allow(group(), 0x3)]);
        assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
        assert_eq!(asked(&descriptor, &caller(), 0x2), granted(0x2));
        assert!(asked(&descriptor, &Caller::bare(group()).unwrap(), 0x1).is_allowed());
        let denied = EntryOutcome::Denied {
            bits: bits(0x1),
            part: Some(part),
        };
        assert_eq!(outcomes(&explained(&descriptor, &caller(), 0x1)), [denied]);
    }
}

#[test]
fn without_a_guid_object_entries_are_as_plain_ones() {
    assert!(
        asked(
            &unowned([special(AceType::ObjectAllow, 0x1, false, false)]),
            &caller(),
            0x1
        )
        .is_allowed()
    );
    let descriptor = unowned([special(AceType::ObjectDeny, 0x1, false, false), allow(user(), 0x1)]);
    let denied = EntryOutcome::Denied {
        bits: bits(0x1),
        part: None,
    };
    assert_eq!(outcomes(&explained(&descriptor, &caller(), 0x1)), [denied]);
    assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
}

#[test]
fn sacl_entries_in_a_dacl_do_nothing() {
    for &ace_type in AceType::KNOWN
        .iter()
        .filter(|known| known.effect().belongs_in_dacl() == Some(false))
    {
        let descriptor = unowned([special(ace_type, 0x1, false, false), allow(user(), 0x2)]);
        assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
        assert!(asked(&descriptor, &caller(), 0x2).is_allowed());
        assert_eq!(
            outcomes(&explained(&descriptor, &caller(), 0x2)).first(),
            Some(&EntryOutcome::NotAccessEntry)
        );
    }
}

/// The second GUID says which objects inherit the entry, and nothing about the part of the object that it is about.
#[test]
fn an_entry_with_the_guid_of_inheriting_objects_is_about_the_whole() {
    let guid = Uuid::from_u128(7);
    let descriptor = parsed(&format!("D:(OA;;0x1;;{guid};{})", user()));
    assert_eq!(asked(&descriptor, &caller(), 0x1), granted(0x1));
    let tree = ObjectTree::new([(0, Uuid::from_u128(1)), (1, guid), (1, Uuid::from_u128(2))]).unwrap();
    let caller = caller();
    let decision = AccessCheck::new(&caller, bits(0x1)).parts(&tree).check(&descriptor);
    assert!(decision.nodes.iter().all(Decision::is_allowed));
}

/// Entries of unknown types, and policies that are not evaluated, are skipped each by its own option.
#[test]
fn each_option_skips_its_own_kind_of_entry() {
    let mut unknown = unowned([unknown_type(), allow(user(), 0x1)]);
    unknown.sacl = AclState::Present(Acl::from_iter([unknown_type()]));
    let policy = parsed(&format!("D:(A;;0x1;;;{})S:(SP;;;;;S-1-17-1)", user()));
    for (types, policies) in [(false, false), (true, false), (false, true), (true, true)] {
        let options = Options::default()
            .with_skip_system_policies(policies)
            .with_skip_unknown_types(types);
        assert_eq!(asked_with(&unknown, &caller(), 0x1, &options).is_allowed(), types);
        assert_eq!(asked_with(&policy, &caller(), 0x1, &options).is_allowed(), policies);
    }
    let caller = caller();
    let question = AccessCheck::new(&caller, bits(0x1));
    assert!(question.skip_unknown_types().check(&unknown).is_allowed());
    assert!(!question.skip_unknown_types().check(&policy).is_allowed());
    assert!(question.skip_system_policies().check(&policy).is_allowed());
    assert!(!question.skip_system_policies().check(&unknown).is_allowed());
}
