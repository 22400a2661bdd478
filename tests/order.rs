//! The canonical order of a DACL: the check, and the sort that is only done when asked for.

#![expect(clippy::unwrap_used, reason = "a test that fails says so by a panic")]

use proptest::prelude::*;
use sddl_authz::{
    AccessMask, Ace, AceFlags, AceType, Acl, Sid,
    ace::{AceParts, ApplicationData, Effect, ObjectTypes},
    acl::{CanonicalRule, NonCanonical},
};

const READ: AccessMask = AccessMask::READ_CONTROL;

/// An entry of any type; `ID` where `inherited`.
fn ace(code: u8, inherited: bool, trustee: Sid) -> Ace {
    let ace_type = AceType::from_code(code);
    let flags = if inherited {
        AceFlags::INHERITED
    } else {
        AceFlags::empty()
    };
    let mut body = trustee.to_string().into_bytes();
    body.resize(body.len().next_multiple_of(4), b' ');
    Ace::opaque(ace_type, flags, body)
        .or_else(|_| {
            Ace::from_parts(AceParts {
                ace_type,
                flags,
                mask: READ,
                trustee,
                objects: ObjectTypes::default(),
                data: if ace_type == AceType::ResourceAttribute {
                    ApplicationData::Claim(Box::new(r#"("a",TI,0x0,1)"#.parse().unwrap()))
                } else {
                    ApplicationData::None
                },
            })
        })
        .unwrap()
}

/// A list in short: a letter or a code for each entry, `'` for inherited ones.
fn list(text: &str) -> Acl {
    text.split_whitespace()
        .map(|word| {
            let (name, inherited) = word.strip_suffix('\'').map_or((word, false), |name| (name, true));
            let code = AceType::from_token(name).map_or_else(|| name.parse().unwrap(), AceType::code);
            ace(code, inherited, Sid::EVERYONE)
        })
        .collect()
}

#[test]
fn the_first_entry_out_of_place_is_named() {
    const ALLOW: CanonicalRule = CanonicalRule::DenyBeforeAllow;
    const INHERITED: CanonicalRule = CanonicalRule::ExplicitBeforeInherited;
    #[rustfmt::skip]
    let rows = [
        ("empty", "", None),
        ("denies before allows", "D D A A", None),
        ("explicit before inherited", "D A D' A'", None),
        ("deny after allow", "A D", Some((1, 0, ALLOW))),
        ("the first allow is the one it should precede", "D A A D D", Some((3, 1, ALLOW))),
        ("explicit deny after inherited", "D' D", Some((1, 0, INHERITED))),
        ("explicit allow after inherited", "A D' A' A", Some((3, 1, INHERITED))),
        ("both rules broken: the farther place counts", "A A' D", Some((2, 1, INHERITED))),
        ("an inherited allow before a deny of the grandparent", "D' A' D' A'", None),
        ("inherited alone, in any order", "A' D'", None),
        ("object and callback types count by effect", "OD XD D A XA OA ZA 11' 5'", None),
        ("object deny after plain allow", "A OD", Some((1, 0, ALLOW))),
        ("callback deny after callback allow", "XA XD", Some((1, 0, ALLOW))),
        ("callback object deny after object allow", "OA 12", Some((1, 0, ALLOW))),
        ("an allowing compound entry is an allow", "4 D", Some((1, 0, ALLOW))),
        ("an unknown type may be a deny", "200 D 200 A", None),
        ("an unknown type after an allow", "A 200", Some((1, 0, ALLOW))),
        ("an inherited unknown type is inherited", "A 200' D' 200'", None),
    ];
    for (name, text, expected) in rows {
        let expected = expected.map(|(index, after, rule)| NonCanonical { index, after, rule });
        assert_eq!(list(text).first_non_canonical(), expected, "{name}");
    }
}

#[test]
fn sorting_groups_entries_and_keeps_their_order_within_a_group() {
    #[rustfmt::skip]
    let rows = [
        ("A D", "D A"),
        ("A' A D' D", "D A A' D'"),
        ("OA A D XA OD", "D OD OA A XA"),
        ("A 200 D", "200 D A"),
        ("D' A' D' A'", "D' A' D' A'"),
    ];
    for (text, sorted) in rows {
        assert_eq!(list(text).canonicalized(), list(sorted), "{text}");
    }
}

/// Whether the first entry about a caller who is in every group allows, as the walk of [MS-DTYP] 2.5.3.2 decides a single right.
fn first_allows(acl: &Acl) -> bool {
    acl.aces().first().map(|ace| ace.ace_type().effect()) == Some(Effect::Allow)
}

#[test]
fn sorting_can_widen_access() {
    let stored: Acl = [
        Ace::deny(Sid::EVERYONE, READ).with_flags(AceFlags::INHERITED),
        Ace::allow(Sid::AUTHENTICATED_USERS, READ),
    ]
    .into_iter()
    .collect();
    assert!(!first_allows(&stored), "as stored, the inherited deny comes first");
    assert!(first_allows(&stored.canonicalized()), "sorted, the explicit allow does");
}

prop_compose! {
    fn any_list()(entries in prop::collection::vec((0_u8..25, any::<bool>(), 0_u32..3), 0..12)) -> Acl {
        entries
            .into_iter()
            .map(|(code, inherited, who)| ace(code, inherited, Sid::new(5, &[21, who]).unwrap()))
            .collect()
    }
}

/// The group of an entry, told without the crate's own table of places.
fn group(ace: &Ace) -> u8 {
    match (ace.flags().contains(AceFlags::INHERITED), ace.ace_type().code()) {
        (true, _) => 2,
        (false, 0x00 | 0x04 | 0x05 | 0x09 | 0x0b) => 1,
        (false, _) => 0,
    }
}

proptest! {
    #[test]
    fn a_list_is_in_order_exactly_when_its_groups_ascend(acl in any_list()) {
        prop_assert_eq!(acl.first_non_canonical().is_none(), acl.aces().iter().map(group).is_sorted());
    }

    #[test]
    fn a_fault_names_an_entry_and_an_earlier_one_of_a_later_group(acl in any_list()) {
        if let Some(NonCanonical { index, after, rule }) = acl.first_non_canonical() {
            let (late, early) = (group(&acl.aces()[index]), group(&acl.aces()[after]));
            prop_assert!(after < index && late < early);
            prop_assert_eq!(rule == CanonicalRule::ExplicitBeforeInherited, early == 2);
            prop_assert!(acl.aces()[..index].iter().map(group).is_sorted(), "an earlier fault was passed over");
        }
    }

    #[test]
    fn a_sorted_list_is_in_order_and_sorting_again_changes_nothing(acl in any_list()) {
        let sorted = acl.canonicalized();
        prop_assert_eq!(sorted.first_non_canonical(), None);
        prop_assert_eq!(sorted.clone().canonicalized(), sorted);
    }

    #[test]
    fn sorting_keeps_every_entry_and_the_order_within_each_group(acl in any_list()) {
        let sorted = acl.clone().canonicalized();
        prop_assert_eq!(sorted.aces().len(), acl.aces().len());
        for place in 0..3 {
            let of = |acl: &Acl| acl.aces().iter().filter(|ace| group(ace) == place).cloned().collect::<Vec<_>>();
            prop_assert_eq!(of(&sorted), of(&acl));
        }
    }
}
