//! The parts of an object.

use super::*;

fn guid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A class, a set of two properties, and a property apart.
fn tree() -> ObjectTree {
    ObjectTree::new([(0, guid(1)), (1, guid(2)), (2, guid(3)), (2, guid(4)), (1, guid(5))]).unwrap()
}

fn part(ace_type: AceType, mask: u32, about: u128) -> Ace {
    Ace::from_parts(AceParts {
        ace_type,
        flags: AceFlags::empty(),
        mask: bits(mask),
        trustee: user(),
        objects: ObjectTypes {
            object: Some(guid(about)),
            inherited: None,
        },
        data: ApplicationData::None,
    })
    .unwrap()
}

/// The decision about the whole, and the rights granted to each node.
fn about_each(descriptor: &SecurityDescriptor, caller: &Caller, desired: u32) -> (bool, Vec<u32>) {
    let (tree, options) = (tree(), Options::default());
    let disagreement = reference::disagreement_about_objects(descriptor, caller, bits(desired), &tree, &options);
    assert_eq!(disagreement, None);
    let decision = AccessCheck::new(caller, bits(desired)).parts(&tree).check(descriptor);
    let granted = |node: &Decision| node.granted().bits();
    (
        decision.overall.is_allowed(),
        decision.nodes.iter().map(granted).collect(),
    )
}

#[test]
fn a_plain_entry_is_about_every_part() {
    let descriptor = unowned([allow(user(), 0x1)]);
    assert_eq!(about_each(&descriptor, &caller(), 0x1), (true, vec![1; 5]));
}

#[test]
fn an_object_entry_is_about_its_part_and_those_below() {
    let descriptor = unowned([part(AceType::ObjectAllow, 0x1, 2)]);
    assert_eq!(about_each(&descriptor, &caller(), 0x1), (false, vec![0, 1, 1, 1, 0]));
}

#[test]
fn a_part_is_granted_what_all_below_it_are() {
    let both = [3, 4].map(|about| part(AceType::ObjectAllow, 0x1, about));
    assert_eq!(
        about_each(&unowned(both.clone()), &caller(), 0x1),
        (false, vec![0, 1, 1, 1, 0])
    );
    let [one, other] = both;
    let all = unowned([one, other, part(AceType::ObjectAllow, 0x1, 5)]);
    assert_eq!(about_each(&all, &caller(), 0x1), (true, vec![1; 5]));
}

/// [MS-ADTS] 5.1.3.3.3 adds what a node is denied to the denied rights of every node above it, whatever its siblings have.
#[test]
fn a_deny_for_a_part_is_one_for_every_part_above_it() {
    let descriptor = unowned([part(AceType::ObjectDeny, 0x1, 3), allow(user(), 0x1)]);
    assert_eq!(about_each(&descriptor, &caller(), 0x1), (false, vec![0, 0, 0, 1, 1]));
    // Only the denied right: the others are granted.
    let descriptor = unowned([part(AceType::ObjectDeny, 0x1, 5), allow(user(), 0x3)]);
    assert_eq!(about_each(&descriptor, &caller(), MAXIMUM), (true, vec![2, 3, 3, 3, 2]));
    // Not for the set above it alone, nor for its siblings.
    let set = [part(AceType::ObjectDeny, 0x1, 3), part(AceType::ObjectAllow, 0x1, 2)];
    assert_eq!(about_each(&unowned(set), &caller(), 0x1), (false, vec![0, 0, 0, 1, 0]));
}

#[test]
fn a_part_above_keeps_what_it_was_granted_before_the_deny() {
    let before = [allow(user(), 0x1), part(AceType::ObjectDeny, 0x1, 3)];
    assert_eq!(about_each(&unowned(before), &caller(), 0x1), (true, vec![1; 5]));
    // The part was granted the right before, so the Deny denies it nothing, and nothing rises.
    let part_before = [
        part(AceType::ObjectAllow, 0x1, 3),
        part(AceType::ObjectDeny, 0x1, 3),
        allow(user(), 0x1),
    ];
    assert_eq!(about_each(&unowned(part_before), &caller(), 0x1), (true, vec![1; 5]));
}

#[test]
fn a_deny_that_may_apply_to_a_part_leaves_the_parts_above_it_undetermined() {
    let part_for = |sid: Sid, ace_type| {
        let parts = part(ace_type, 0x1, 3);
        Ace::from_parts(AceParts {
            ace_type,
            flags: AceFlags::empty(),
            mask: parts.mask(),
            trustee: sid,
            objects: *parts.objects(),
            data: ApplicationData::None,
        })
        .unwrap()
    };
    let descriptor = unowned([part_for(group(), AceType::ObjectDeny), allow(user(), 0x1)]);
    let unsure = caller().with_incomplete_groups();
    assert_eq!(about_each(&descriptor, &unsure, 0x1), (false, vec![0, 0, 0, 1, 1]));
    let tree = tree();
    let question = AccessCheck::new(&unsure, bits(0x1));
    let parts = question.parts(&tree);
    let undetermined: Vec<_> = (parts.check(&descriptor).nodes.iter())
        .map(Decision::is_undetermined)
        .collect();
    assert_eq!(undetermined, [true, true, true, false, false]);
    assert_eq!(parts.unresolved(&descriptor), [Unresolved::Group(group())]);
    assert_eq!(parts.explain(&descriptor, 0).unresolved, [Unresolved::Group(group())]);
    let sure = caller();
    let parts = AccessCheck::new(&sure, bits(0x1)).parts(&tree);
    assert!(parts.check(&descriptor).overall.is_allowed());
}

#[test]
fn a_deny_for_a_part_rises_in_the_pass_for_the_restricting_sids() {
    let descriptor = unowned([
        part(AceType::ObjectDeny, 0x1, 3),
        allow(user(), 0x1),
        allow(group(), 0x1),
    ]);
    let restricted = Caller::bare(group()).unwrap().with_restricting_sids([user()]);
    assert_eq!(about_each(&descriptor, &restricted, 0x1), (false, vec![0, 0, 0, 1, 1]));
}

#[test]
fn the_explanation_says_that_a_part_is_denied_because_of_one_below_it() {
    let descriptor = unowned([part(AceType::ObjectDeny, 0x1, 3), allow(user(), 0x1)]);
    let (caller, tree) = (caller(), tree());
    let parts = AccessCheck::new(&caller, bits(0x1)).parts(&tree);
    let class = parts.explain(&descriptor, 0);
    assert_eq!(
        outcomes(&class),
        [EntryOutcome::OtherPart, EntryOutcome::AlreadySettled]
    );
    let (bits, may_deny) = (bits(0x1), AccessMask::empty());
    assert_eq!(class.steps.get(1), Some(&Step::PartsDenied { bits, may_deny }));
    assert_eq!(class.replay(), class.decision);
    let right = class.rights()[0];
    assert_eq!(
        (right.is_granted(), right.step, right.message),
        (false, Some(1), Some(1802))
    );
    assert!(parts.explain(&descriptor, 4).decision.is_allowed());
}

#[test]
fn what_is_not_asked_about_does_not_matter_and_without_a_list_denies() {
    let elsewhere = part(AceType::ObjectDeny, 0x1, 9);
    let descriptor = unowned([elsewhere, allow(user(), 0x1)]);
    assert_eq!(about_each(&descriptor, &caller(), 0x1), (true, vec![1; 5]));
    assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
    let descriptor = unowned([part(AceType::ObjectAllow, 0x1, 9)]);
    assert_eq!(about_each(&descriptor, &caller(), 0x1), (false, vec![0; 5]));
    assert!(!asked(&descriptor, &caller(), 0x1).is_allowed());
}

#[test]
fn privileges_and_ownership_are_about_every_part() {
    let held = caller().with_privileges(Privileges::TAKE_OWNERSHIP);
    let desired = 0x8_0000 | WRITE_DAC;
    assert_eq!(about_each(&owned(user(), []), &held, desired), (true, vec![desired; 5]));
}

#[test]
fn what_refuses_the_whole_refuses_every_part() {
    assert_eq!(
        about_each(&unowned([allow(user(), 0x1)]), &caller(), 0),
        (false, vec![0; 5])
    );
}

#[test]
fn a_part_is_explained_by_the_entries_about_it_and_what_is_below() {
    let entries = [3, 4].map(|about| part(AceType::ObjectAllow, 0x1, about));
    let explain = |node| {
        let (caller, tree) = (caller(), tree());
        let question = AccessCheck::new(&caller, bits(0x1));
        question.parts(&tree).explain(&unowned(entries.clone()), node)
    };
    let set = explain(1);
    assert_eq!(set.decision, granted(0x1));
    assert_eq!(outcomes(&set), [EntryOutcome::OtherPart, EntryOutcome::OtherPart]);
    let (bits, may_grant) = (bits(0x1), AccessMask::empty());
    assert_eq!(set.steps.last(), Some(&Step::PartsGranted { bits, may_grant }));
    assert_eq!(
        outcomes(&explain(2)),
        [EntryOutcome::Granted { bits }, EntryOutcome::OtherPart]
    );
    assert!(!explain(9).decision.is_allowed());
}

#[test]
fn a_list_that_is_no_tree_is_refused() {
    let list = |levels: &[u16]| ObjectTree::new(levels.iter().zip(1..).map(|(&level, number)| (level, guid(number))));
    assert_eq!(list(&[]), Err(ObjectTreeError::ObjectTreeEmpty));
    let misplaced = |index, level| Err(ObjectTreeError::ObjectTreeRootMisplaced { index, level });
    assert_eq!(list(&[1]), misplaced(0, 1));
    assert_eq!(list(&[0, 1, 0]), misplaced(2, 0));
    let skipped = ObjectTreeError::ObjectTreeLevelSkipped { index: 2, level: 3 };
    assert_eq!(list(&[0, 1, 3]), Err(skipped));
    assert!(list(&[0, 1, 2, 1, 2, 3, 1]).is_ok());
    assert!(list(&[0, 1, 2, 3, 4, 4]).is_ok());
    let deep = ObjectTreeError::ObjectTreeTooDeep { index: 5, level: 5 };
    assert_eq!(list(&[0, 1, 2, 3, 4, 5]), Err(deep));
    let repeated = ObjectTreeError::ObjectTreeGuidRepeated { index: 2 };
    assert_eq!(
        ObjectTree::new([(0, guid(1)), (1, guid(2)), (1, guid(1))]),
        Err(repeated)
    );
}

/// An entry for the whole object is about every part of it, also about one whose rights an earlier entry settled.
#[test]
fn an_entry_for_the_whole_is_not_said_to_be_about_another_part() {
    let (caller, tree) = (caller(), tree());
    let check = AccessCheck::new(&caller, bits(0x1));
    let descriptor = unowned([part(AceType::ObjectDeny, 0x1, 3), allow(user(), 0x1)]);
    let explanation = check.parts(&tree).explain(&descriptor, 2);
    let denied = EntryOutcome::Denied {
        bits: bits(0x1),
        part: None,
    };
    assert_eq!(outcomes(&explanation), [denied, EntryOutcome::AlreadySettled]);
}

/// If the caller is in the group, the part is granted the right before it is denied, and so are the parts above it.
#[test]
fn a_deny_after_a_grant_that_is_not_certain_leaves_the_parts_above_undetermined() {
    let may_be_granted = Ace::from_parts(AceParts {
        ace_type: AceType::ObjectAllow,
        flags: AceFlags::empty(),
        mask: bits(0x1),
        trustee: group(),
        objects: *part(AceType::ObjectAllow, 0x1, 3).objects(),
        data: ApplicationData::None,
    })
    .unwrap();
    let descriptor = unowned([may_be_granted, part(AceType::ObjectDeny, 0x1, 3), allow(user(), 0x1)]);
    let unsure = caller().with_incomplete_groups();
    assert_eq!(about_each(&descriptor, &unsure, 0x1), (false, vec![0, 0, 0, 1, 1]));
    let tree = tree();
    let decision = AccessCheck::new(&unsure, bits(0x1)).parts(&tree).check(&descriptor);
    let undetermined: Vec<_> = decision.nodes.iter().map(Decision::is_undetermined).collect();
    assert_eq!(undetermined, [true, true, true, false, false]);
    assert!(decision.overall.is_undetermined());
    let member = caller().with_groups([group()]).unwrap();
    assert_eq!(about_each(&descriptor, &member, 0x1), (true, vec![1; 5]));
}
