//! Callers in an app container.

use super::*;
use sddl_authz::caller::AppContainer;

const PACKAGE: &str = "S-1-15-2-11-12-13-14-15-16-17";
const CAPABILITY: &str = "S-1-15-3-1024-1-2-3-4-5-6-7-8";

fn container() -> AppContainer {
    let container = AppContainer::new(PACKAGE.parse().unwrap()).unwrap();
    container.with_capability(CAPABILITY.parse().unwrap()).unwrap()
}

/// The user, in Everyone, in a container.
fn contained() -> Caller {
    caller()
        .with_groups([Sid::EVERYONE])
        .unwrap()
        .with_app_container(container())
}

fn with_dacl(dacl: &str) -> SecurityDescriptor {
    parsed(&format!(
        "O:SYG:SYD:{}",
        dacl.replace("PKG", PACKAGE).replace("CAP", CAPABILITY)
    ))
}

fn maximum(dacl: &str) -> u32 {
    asked_with(&with_dacl(dacl), &contained(), MAXIMUM, &file())
        .granted()
        .bits()
}

#[test]
fn the_user_and_the_container_must_both_be_granted_a_right() {
    assert_eq!(maximum("(A;;FA;;;WD)"), 0);
    assert_eq!(maximum("(A;;FA;;;PKG)"), 0);
    for sid in ["PKG", "CAP", "AC", "S-1-15-2-2"] {
        assert_eq!(maximum(&format!("(A;;FA;;;WD)(A;;0x3;;;{sid})")), 0x3, "{sid}");
        assert_eq!(maximum(&format!("(A;;0x5;;;{sid})(A;;0x3;;;WD)")), 0x1, "{sid}");
    }
    // Rights of two entries add up in each of the two.
    assert_eq!(maximum("(A;;0x1;;;PKG)(A;;0x6;;;WD)(A;;0x2;;;CAP)(A;;0x1;;;WD)"), 0x3);
    // Another package, another capability.
    assert_eq!(
        maximum("(A;;FA;;;WD)(A;;FA;;;S-1-15-2-1-2-3-4-5-6-7)(A;;FA;;;S-1-15-3-1)"),
        0
    );
}

#[test]
fn all_application_packages_are_not_those_with_low_privilege() {
    let low = caller()
        .with_groups([Sid::EVERYONE])
        .unwrap()
        .with_app_container(container().with_low_privilege(true));
    let ask = |dacl: &str| asked_with(&with_dacl(dacl), &low, 0x1, &file()).is_allowed();
    assert!(!ask("(A;;FA;;;WD)(A;;FA;;;AC)"));
    assert!(ask("(A;;FA;;;WD)(A;;FA;;;S-1-15-2-2)"));
}

#[test]
fn a_deny_counts_for_the_user_and_not_for_the_container() {
    assert_eq!(
        maximum("(D;;0x1;;;PKG)(D;;0x1;;;AC)(D;;0x1;;;CAP)(A;;0x3;;;WD)(A;;0x3;;;AC)"),
        0x3
    );
    assert_eq!(maximum("(D;;0x1;;;WD)(A;;0x3;;;WD)(A;;0x3;;;AC)"), 0x2);
    // Whatever the order: the two are counted apart.
    assert_eq!(maximum("(A;;0x3;;;AC)(D;;0x1;;;WD)(A;;0x3;;;WD)"), 0x2);
    let packages = "AC".parse().unwrap();
    let unknown = unowned([
        allow(user(), 0x1),
        unknown_type(),
        allow(packages, 0x3),
        allow(user(), 0x2),
    ]);
    assert_eq!(asked_with(&unknown, &contained(), MAXIMUM, &file()), granted(0x1));
}

#[test]
fn ownership_and_privileges_count_for_the_user_alone() {
    let ask = |descriptor: &SecurityDescriptor, caller: &Caller, desired| {
        asked_with(descriptor, caller, desired, &file()).is_allowed()
    };
    let owns = |dacl: &str| {
        let mut descriptor = with_dacl(dacl);
        descriptor.owner = Some(user());
        descriptor
    };
    assert!(!ask(&owns("(A;;0x1;;;AC)"), &contained(), READ_CONTROL));
    assert!(ask(&owns("(A;;RC;;;AC)"), &contained(), READ_CONTROL));
    let held = contained().with_privileges(Privileges::all());
    assert!(!ask(&with_dacl("(A;;0x1;;;AC)"), &held, 0x8_0000));
    assert!(ask(&with_dacl("(A;;WO;;;AC)"), &held, 0x8_0000));
    // No entry grants the right to the SACL.
    assert!(!ask(&with_dacl("(A;;0x1000001;;;AC)(A;;0x1;;;WD)"), &held, 0x0100_0001));
}

#[test]
fn without_a_dacl_the_container_is_granted_nothing() {
    for open in [AclState::Absent, AclState::Null] {
        let descriptor = state(open);
        assert!(!asked_with(&descriptor, &contained(), 0x1, &file()).is_allowed());
        assert!(!asked_with(&descriptor, &contained(), MAXIMUM, &file()).is_allowed());
        let explanation = explained(&descriptor, &contained(), 0x1);
        assert_eq!(explanation.replay(), explanation.decision);
    }
}

#[test]
fn a_label_up_to_medium_does_not_limit_a_container() {
    let everything = "D:(A;;FA;;;WD)(A;;FA;;;AC)";
    for (label, expected) in [
        ("", 0x001f_01ff),
        ("S:(ML;;NW;;;LW)", 0x001f_01ff),
        ("S:(ML;;NWNRNX;;;ME)", 0x001f_01ff),
        ("S:(ML;;NW;;;S-1-16-8448)", 0x0012_00a9),
        ("S:(ML;;NW;;;HI)", 0x0012_00a9),
        ("S:(ML;;NWNR;;;HI)", 0x0010_0020),
        ("S:(ML;;NW;;;WD)", 0x0012_00a9),
    ] {
        let descriptor = parsed(&format!("{everything}{label}"));
        let decision = asked_with(&descriptor, &contained(), MAXIMUM, &file());
        assert_eq!(decision.granted(), bits(expected), "{label}");
    }
    let untrusted = contained().with_integrity(IntegrityLevel::UNTRUSTED);
    let decision = asked_with(&parsed(everything), &untrusted, MAXIMUM, &file());
    assert_eq!(decision.granted(), bits(0x0012_00a9));
}

#[test]
fn a_restricted_caller_in_a_container_must_be_granted_a_right_three_times() {
    let restricted = contained().with_restricting_sids([group()]);
    let group = group();
    let ask = |dacl: &str| {
        let dacl = dacl.replace("GRP", &group.to_string());
        asked_with(&with_dacl(&dacl), &restricted, 0x1, &file()).is_allowed()
    };
    assert!(ask("(A;;0x1;;;WD)(A;;0x1;;;AC)(A;;0x1;;;GRP)"));
    assert!(!ask("(A;;0x1;;;AC)(A;;0x1;;;GRP)"));
    assert!(!ask("(A;;0x1;;;WD)(A;;0x1;;;GRP)"));
    assert!(!ask("(A;;0x1;;;WD)(A;;0x1;;;AC)"));
}

/// A conditional Allow for the container is for it if its condition is true of the caller. An entry for the user is not for the container.
#[test]
fn conditional_entries_count_for_the_container() {
    let with = |entries: &str| maximum(&format!("(A;;0x3;;;WD){entries}"));
    assert_eq!(with("(XA;;0x1;;;PKG;(Member_of {SID(WD)}))"), 0x1);
    assert_eq!(with("(XA;;0x1;;;PKG;(Member_of {SID(BA)}))"), 0);
    assert_eq!(with("(XA;;0x1;;;PKG;(@User.a == 1))"), 0);
    assert_eq!(with("(XD;;0x1;;;PKG;(Member_of {SID(WD)}))(A;;0x1;;;PKG)"), 0x1);
}

#[test]
fn a_capability_that_may_be_a_group_of_the_user_is_undetermined() {
    let capability: Sid = "S-1-5-32-1-2-3-4-5-6-7-8".parse().unwrap();
    let held = AppContainer::new(PACKAGE.parse().unwrap())
        .unwrap()
        .with_capability(capability)
        .unwrap();
    let unsure = caller().with_incomplete_groups().with_app_container(held);
    let descriptor = unowned([allow(user(), 0x1), allow(capability, 0x1)]);
    let decision = asked_with(&descriptor, &unsure, 0x1, &file());
    assert!(decision.is_undetermined());
    let explanation = explained(&descriptor, &unsure, 0x1);
    assert_eq!(explanation.unresolved, [Unresolved::Group(capability)]);
    // Packages are no groups.
    let descriptor = unowned([allow(user(), 0x1), allow("AC".parse().unwrap(), 0x1)]);
    assert!(asked_with(&descriptor, &unsure, 0x1, &file()).is_allowed());
}

#[test]
fn entries_for_the_container_are_about_their_part_of_an_object() {
    let nodes = [(0, 1), (1, 2), (1, 3)].map(|(level, guid)| (level, Uuid::from_u128(guid)));
    let tree = ObjectTree::new(nodes).unwrap();
    let package: Sid = PACKAGE.parse().unwrap();
    let about = |guid| allow(package, 0x1).with_object_type(Uuid::from_u128(guid)).unwrap();
    let ask = |descriptor: &SecurityDescriptor| {
        let caller = contained();
        let disagreement = reference::disagreement_about_objects(descriptor, &caller, bits(0x1), &tree, &file());
        assert_eq!(disagreement, None);
        let decision = AccessCheck::new(&caller, bits(0x1)).parts(&tree).check(descriptor);
        decision.nodes.iter().map(Decision::is_allowed).collect::<Vec<_>>()
    };
    assert_eq!(ask(&unowned([allow(user(), 0x1), about(2)])), [false, true, false]);
    // The whole is granted the right that all its parts are granted.
    assert_eq!(
        ask(&unowned([allow(user(), 0x1), about(2), about(3)])),
        [true, true, true]
    );
}

#[test]
fn audit_entries_for_the_container_apply() {
    let descriptor = with_dacl("(A;;0x1;;;WD)S:(AU;FA;0x1;;;AC)(AU;FA;0x1;;;S-1-15-3-9)");
    let caller = contained();
    let question = AccessCheck::new(&caller, bits(0x1));
    let decision = question.check(&descriptor);
    let applying: Vec<_> = question
        .audit(&descriptor, &decision)
        .map(|entry| entry.index)
        .collect();
    assert_eq!(applying, [0]);
}

#[test]
fn the_explanation_has_a_pass_for_the_container() {
    let descriptor = with_dacl("(D;;0x2;;;AC)(A;;0x1;;;WD)(A;;0x2;;;AC)");
    let explanation = explained(&descriptor, &contained(), 0x1);
    let passes = explanation.steps.iter().filter(|step| **step == Step::AppContainerPass);
    assert_eq!(passes.count(), 1);
    assert_eq!(
        outcomes(&explanation)[1..],
        [
            EntryOutcome::Granted { bits: bits(0x1) },
            EntryOutcome::NotForAppContainer,
            EntryOutcome::NotForAppContainer,
            EntryOutcome::NothingWanted,
        ]
    );
    assert_eq!(explanation.replay(), explanation.decision);
    let missing = explanation.missing_rights();
    assert_eq!(missing.len(), 1);
    assert_eq!((missing[0].bits, missing[0].pass), (bits(0x1), Pass::AppContainer));
    // A caller without a container has no such pass.
    let explanation = explained(&descriptor, &caller(), 0x1);
    assert!(!explanation.steps.contains(&Step::AppContainerPass));
}

/// The container is granted what the entries grant that are not for the user, so one entry for both does not grant twice.
#[test]
fn an_entry_for_the_user_is_not_one_for_the_container() {
    let capability: Sid = "S-1-5-32-1-2-3-4-5-6-7-8".parse().unwrap();
    let contained = |caller: Caller| caller.with_app_container(container().with_capability(capability).unwrap());
    let member = contained(caller().with_groups([Sid::EVERYONE, capability]).unwrap());
    let descriptor = unowned([allow(capability, 0x1)]);
    assert!(!asked(&descriptor, &member, 0x1).is_allowed());
    let both = unowned([allow(capability, 0x1), allow(Sid::EVERYONE, 0x1)]);
    assert!(!asked(&both, &member, 0x1).is_allowed());
    let no_member = contained(caller().with_groups([Sid::EVERYONE]).unwrap());
    assert!(asked(&both, &no_member, 0x1).is_allowed());
}

#[test]
fn each_part_of_an_object_must_be_granted_a_right_three_times() {
    let tree = ObjectTree::new([(0, Uuid::from_u128(1)), (1, Uuid::from_u128(2))]).unwrap();
    let restricted = contained().with_restricting_sids([group()]);
    let entries = [
        allow(user(), 0x1),
        allow(group(), 0x1),
        allow(PACKAGE.parse().unwrap(), 0x1),
    ];
    for left_out in 0..=entries.len() {
        let kept = entries.iter().enumerate().filter(|(index, _)| *index != left_out);
        let descriptor = state(AclState::Present(kept.map(|(_, ace)| ace.clone()).collect()));
        let options = Options::default();
        let disagreement = reference::disagreement_about_objects(&descriptor, &restricted, bits(0x1), &tree, &options);
        assert_eq!(disagreement, None);
        let decision = AccessCheck::new(&restricted, bits(0x1)).parts(&tree).check(&descriptor);
        let allowed = decision.nodes.iter().map(Decision::is_allowed).collect::<Vec<_>>();
        assert_eq!(allowed, [left_out == entries.len(); 2], "{left_out}");
    }
}
