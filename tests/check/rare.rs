//! Rare cases, each of which nothing else here depends on.

use super::*;

fn asked_reason(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32) -> Option<DenialReason> {
    asked(descriptor, caller, desired).denial().map(|denial| denial.reason)
}

/// A class, and two properties in it.
fn tree() -> ObjectTree {
    ObjectTree::new([(0, 1), (1, 2), (1, 3)].map(|(level, guid)| (level, Uuid::from_u128(guid)))).unwrap()
}

fn about(ace: Ace, guid: u128) -> Ace {
    ace.with_object_type(Uuid::from_u128(guid)).unwrap()
}

/// AccessCheck needs the owner and the group. AuthZ needs the owner alone, and answers a descriptor without a group.
#[test]
fn owner_and_group_are_each_required() {
    use DenialReason::{GroupMissing, OwnerMissing, OwnerOrGroupMissing};
    let of = |require_owner, require_group| {
        Options::default()
            .with_require_owner(require_owner)
            .with_require_group(require_group)
    };
    let both = Options::default().with_require_owner_and_group(true);
    assert_eq!(both, of(true, true));
    // The options, and the reason to refuse a descriptor without an owner, without a group, and without both.
    let rows = [
        (of(false, false), [None, None, None]),
        (of(true, false), [Some(OwnerMissing), None, Some(OwnerMissing)]),
        (of(false, true), [None, Some(GroupMissing), Some(GroupMissing)]),
        (both, [Some(OwnerOrGroupMissing); 3]),
    ];
    for (options, reasons) in rows {
        let mut descriptor = unowned([allow(user(), 0x1)]);
        (descriptor.owner, descriptor.group) = (Some(user()), Some(group()));
        assert_eq!(asked_with(&descriptor, &caller(), 0x1, &options), granted(0x1));
        let missing = [(None, Some(group())), (Some(user()), None), (None, None)];
        for ((owner, group), expected) in missing.into_iter().zip(reasons) {
            (descriptor.owner, descriptor.group) = (owner, group);
            let decision = asked_with(&descriptor, &caller(), 0x1, &options);
            let reason = decision.denial().map(|denial| denial.reason);
            assert_eq!(reason, expected, "{options:?} {owner:?} {group:?}");
        }
    }
}

#[cfg(feature = "serde")]
#[test]
fn the_option_for_owner_and_group_is_read_under_its_old_name() {
    let read = |json: &str| serde_json::from_str::<Options>(json).unwrap();
    let both = Options::default().with_require_owner_and_group(true);
    assert_eq!(read(r#"{"require_owner_and_group": true}"#), both);
    assert_eq!(read(r#"{"require_owner": true, "require_group": true}"#), both);
    let owner = Options::default().with_require_owner(true);
    assert_eq!(read(r#"{"require_owner": true}"#), owner);
    assert_eq!(read(&serde_json::to_string(&owner).unwrap()), owner);
    assert!(serde_json::from_str::<Options>(r#"{"require_owners": true}"#).is_err());
    let reasons = [
        DenialReason::OwnerMissing,
        DenialReason::GroupMissing,
        DenialReason::OwnerOrGroupMissing,
    ];
    let names = ["owner_missing", "group_missing", "owner_or_group_missing"];
    assert_eq!(serde_json::to_value(reasons).unwrap(), serde_json::json!(names));
}

/// Access is the intersection of both passes, so it depends on the caller's groups even if the restricting SIDs are granted it for certain.
#[test]
fn a_restricted_caller_with_unknown_groups_may_be_granted_access() {
    let restricted = caller().with_restricting_sids([account(9)]).with_incomplete_groups();
    let descriptor = unowned([allow(account(9), 0x1), allow(group(), 0x1)]);
    // The user may be in the group, or be account 9 by a group.
    assert_eq!(
        asked_reason(&descriptor, &restricted, 0x1),
        Some(DenialReason::Undetermined)
    );
    let descriptor = unowned([allow(group(), 0x1)]);
    assert_eq!(
        asked_reason(&descriptor, &restricted, 0x1),
        Some(DenialReason::NotGranted)
    );
}

/// [MS-DTYP] says nothing of mappings here; Windows exempts reading and executing for write-restricted tokens alone.
#[test]
fn only_a_write_restricted_caller_is_exempt_from_the_second_pass() {
    let descriptor = unowned([allow(user(), 0x001f_01ff)]);
    let read = 0x0012_0089;
    let fully = caller().with_restricting_sids([group()]);
    assert!(!asked_with(&descriptor, &fully, read, &file()).is_allowed());
    let in_writing = caller().with_write_restricting_sids([group()]);
    assert!(asked_with(&descriptor, &in_writing, read, &file()).is_allowed());
}

#[test]
fn a_right_that_can_only_be_denied_is_settled_by_no_step() {
    let unsure = caller().with_incomplete_groups();
    let explanation = explained(&unowned([deny(group(), 0x1)]), &unsure, 0x1);
    let expected = [EntryOutcome::MayDeny { bits: bits(0x1) }];
    assert_eq!(outcomes(&explanation), expected);
    let rights = explanation.rights();
    let rights: Vec<_> = rights
        .iter()
        .map(|right| (right.is_granted(), right.step, right.message))
        .collect();
    assert_eq!(rights, [(false, None, Some(1805))]);
}

#[test]
fn the_walk_over_a_tree_ends_when_every_part_is_settled() {
    let (caller, tree) = (caller(), tree());
    let check = AccessCheck::new(&caller, bits(0x1));
    let descriptor = unowned([allow(user(), 0x1), deny(user(), 0x1), allow(user(), 0x1)]);
    let explanation = check.parts(&tree).explain(&descriptor, 0);
    assert_eq!(explanation.steps.last(), Some(&Step::Unvisited { from: 1 }));
    // One part is still open, so the second entry is visited; for the other part it changes nothing.
    let descriptor = unowned([
        about(allow(user(), 0x1), 2),
        about(deny(user(), 0x1), 2),
        allow(account(9), 0x1),
    ]);
    let explanation = check.parts(&tree).explain(&descriptor, 1);
    assert_eq!(
        outcomes(&explanation),
        [
            EntryOutcome::Granted { bits: bits(0x1) },
            EntryOutcome::AlreadySettled,
            EntryOutcome::NotMember,
        ]
    );
    let descriptor = unowned([about(allow(user(), 0x2), 2)]);
    let explanation = check.parts(&tree).explain(&descriptor, 1);
    assert_eq!(outcomes(&explanation), [EntryOutcome::NothingWanted]);
}

#[test]
fn the_unknown_groups_of_all_parts_are_named() {
    let (unsure, tree) = (caller().with_incomplete_groups(), tree());
    let descriptor = unowned([about(allow(group(), 0x1), 2), about(allow(account(9), 0x1), 3)]);
    let check = AccessCheck::new(&unsure, bits(0x1));
    let parts = check.parts(&tree);
    let decision = parts.check(&descriptor);
    let reason = decision.overall.denial().map(|denial| denial.reason);
    assert_eq!(reason, Some(DenialReason::Undetermined));
    let groups = [group(), account(9)].map(Unresolved::Group);
    assert_eq!(parts.unresolved(&descriptor), groups);
    assert_eq!(parts.explain(&descriptor, 0).unresolved, groups);
    assert_eq!(parts.unresolved(&unowned([allow(user(), 0x1)])), []);
}

#[test]
fn an_unknown_is_one_whatever_the_case_of_its_name() {
    let claim = |class, name: &str| Unresolved::Claim {
        class,
        name: name.into(),
    };
    let title = claim(AttributeClass::User, "Title");
    assert!(title.is_same(&claim(AttributeClass::User, "tITLE")));
    assert!(!title.is_same(&claim(AttributeClass::User, "Titles")));
    assert!(!title.is_same(&claim(AttributeClass::Device, "Title")));
    let member = Unresolved::Group(group());
    assert!(member.is_same(&Unresolved::Group(group())));
    assert!(!member.is_same(&Unresolved::Group(user())));
    assert!(!member.is_same(&Unresolved::DeviceGroup(group())));
    assert!(!member.is_same(&title));
    let unsure = caller().with_incomplete_claims();
    let descriptor = parsed("D:(XD;;0x1;;;WD;(@User.Title == 1 || @USER.TITLE == 2))(A;;0x1;;;WD)");
    let unsure = unsure.with_groups([Sid::EVERYONE]).unwrap();
    assert_eq!(explained(&descriptor, &unsure, 0x1).unresolved, [title]);
}

/// A disabled resource attribute is neither present nor absent (inferred), so no test for it lets an Allow apply.
#[test]
fn whether_a_disabled_resource_attribute_exists_is_unknown() {
    let everyone = caller().with_groups([Sid::EVERYONE]).unwrap();
    for condition in ["!(Exists @Resource.a)", "Exists @Resource.a", "Not_Exists @Resource.a"] {
        for entries in [
            format!("(XA;;0x1;;;WD;({condition}))"),
            format!("(XD;;0x1;;;WD;({condition}))(A;;0x1;;;WD)"),
        ] {
            let descriptor = parsed(&format!("D:{entries}S:(RA;;;;;WD;(\"a\",TI,0x10,1))"));
            assert!(!asked(&descriptor, &everyone, 0x1).is_allowed(), "{entries}");
        }
    }
    let enabled = parsed("D:(XA;;0x1;;;WD;(Exists @Resource.a))S:(RA;;;;;WD;(\"a\",TI,0x0,1))");
    assert!(asked(&enabled, &everyone, 0x1).is_allowed());
}

#[test]
fn errors_of_trees_have_stable_codes() {
    let (index, level) = (2, 3);
    let codes = [
        ObjectTreeError::ObjectTreeEmpty,
        ObjectTreeError::ObjectTreeRootMisplaced { index, level },
        ObjectTreeError::ObjectTreeLevelSkipped { index, level },
        ObjectTreeError::ObjectTreeTooDeep { index, level },
        ObjectTreeError::ObjectTreeGuidRepeated { index },
    ]
    .map(|error| error.code());
    let expected = ["empty", "root_misplaced", "level_skipped", "too_deep", "guid_repeated"];
    assert_eq!(codes.to_vec(), expected.map(|word| format!("object_tree_{word}")));
}

/// The methods of a question set the options of the same names.
#[test]
fn a_question_requires_what_its_methods_say() {
    let caller = caller();
    let question = AccessCheck::new(&caller, bits(0x1));
    let mut descriptor = unowned([allow(user(), 0x1)]);
    let allowed = |descriptor: &SecurityDescriptor| {
        [
            question,
            question.require_owner(),
            question.require_group(),
            question.require_owner_and_group(),
        ]
        .map(|question| question.check(descriptor).is_allowed())
    };
    assert_eq!(allowed(&descriptor), [true, false, false, false]);
    descriptor.owner = Some(user());
    assert_eq!(allowed(&descriptor), [true, true, false, false]);
    descriptor.group = Some(group());
    assert_eq!(allowed(&descriptor), [true; 4]);
    descriptor.owner = None;
    assert_eq!(allowed(&descriptor), [true, false, true, false]);
}

/// The function asks with the default options, which skip nothing and map nothing.
#[test]
fn the_function_asks_with_the_default_options() {
    let mut policy = unowned([allow(user(), 0x1)]);
    policy.sacl = parsed("S:(SP;;;;;S-1-17-1)").sacl;
    let mut unknown_in_sacl = unowned([allow(user(), 0x1)]);
    unknown_in_sacl.sacl = AclState::Present(Acl::from_iter([unknown_type()]));
    let refused = [
        unowned([unknown_type(), allow(user(), 0x1)]),
        unowned([allow(user(), GENERIC_READ)]),
        policy,
        unknown_in_sacl,
    ];
    for descriptor in refused {
        assert!(!check(&descriptor, &caller(), bits(0x1)).is_allowed(), "{descriptor:?}");
    }
    let read = check(&state(AclState::Null), &caller(), bits(GENERIC_READ));
    assert_eq!(
        read.denial().map(|denial| denial.reason),
        Some(DenialReason::GenericNotMapped)
    );
    assert_eq!(
        check(&unowned([allow(user(), 0x3)]), &caller(), bits(0x1)),
        granted(0x1)
    );
    assert_eq!(check(&state(AclState::Null), &caller(), bits(0x1)), granted(0x1));
}
