//! The entries that a new object inherits.
//!
//! Expected values come from [MS-DTYP] 2.5.3.4; from the win32 pages "ACE Inheritance Rules", "DACL for a New Object", "SACL
//! for a New Object" and `CreatePrivateObjectSecurityEx`; and from what public tests of other projects expect of Windows:
//! that function with automatic inheritance (RestSetAcls), files over SMB (Samba), `SeAssignSecurity` (ReactOS).

#![expect(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that fails says so by a panic"
)]

use proptest::prelude::*;
use sddl_authz::{
    AccessMask, Ace, AceFlags, AceType, Acl, AclState, Control, GenericMapping, SecurityDescriptor, Sid,
    ace::{ACE_FLAGS, AceParts, ApplicationData, ObjectTypes},
    acl::CanonicalRule,
    descriptor::{ACL_FLAGS, Inheritance},
    mask::{RIGHT_BITS, RIGHT_SETS},
    sid::{DomainSids, WellKnown},
};
use uuid::Uuid;

/// The new object's owner and group, unless its creator says otherwise: `PU` and `BU` in the rows.
const OWNER: &str = "PU";
const GROUP: &str = "BU";

// The rows are written in SDDL's form; these few lines read it, so that the tests rest on the model alone.

fn sid(alias: &str) -> Sid {
    let row = WellKnown::by_alias(alias).unwrap();
    DomainSids::default().resolve(row.target).unwrap()
}

fn pairs(text: &str) -> impl Iterator<Item = &str> {
    (0..text.len()).step_by(2).map(|at| &text[at..at + 2])
}

fn mask(text: &str) -> AccessMask {
    pairs(text)
        .map(|token| {
            RIGHT_BITS
                .iter()
                .chain(RIGHT_SETS)
                .find(|right| right.token == token)
                .unwrap()
                .mask
        })
        .fold(AccessMask::empty(), AccessMask::union)
}

fn flags(text: &str) -> AceFlags {
    pairs(text)
        .map(|token| ACE_FLAGS.iter().find(|(name, _)| *name == token).unwrap().1)
        .fold(AceFlags::empty(), AceFlags::union)
}

/// A class or property in the rows is one letter.
fn guid(letter: &str) -> Option<Uuid> {
    letter.bytes().next().map(|byte| Uuid::from_bytes([byte; 16]))
}

fn ace(text: &str) -> Ace {
    let [ace_type, flag_text, rights, object, inherited, trustee] = text.split(';').collect::<Vec<_>>()[..] else {
        panic!("not an entry: {text}");
    };
    // A type without token is its code; its body is whatever stands for the trustee.
    let Some(ace_type) = AceType::from_token(ace_type) else {
        let code = ace_type.parse().unwrap();
        let mut body: Vec<u8> = trustee.into();
        body.resize(body.len().next_multiple_of(4), b' ');
        return Ace::opaque(AceType::from_code(code), flags(flag_text), body).unwrap();
    };
    Ace::from_parts(AceParts {
        ace_type,
        flags: flags(flag_text),
        mask: mask(rights),
        trustee: sid(trustee),
        objects: ObjectTypes {
            object: guid(object),
            inherited: guid(inherited),
        },
        data: if ace_type == AceType::ResourceAttribute {
            ApplicationData::Claim(Box::new(r#"("a",TI,0x0,1)"#.parse().unwrap()))
        } else {
            ApplicationData::None
        },
    })
    .unwrap()
}

fn acl(text: &str) -> Acl {
    text.split_terminator(')')
        .map(|entry| ace(entry.strip_prefix('(').unwrap()))
        .collect()
}

/// A list with its flags: `absent`, `NULL`, or entries, which may be none; before them `P`, `AR`, `AI`, or `default`.
fn list(mut text: &str, is_dacl: bool) -> (AclState, Control) {
    let mut control = Control::empty();
    if let Some(rest) = text.strip_prefix("default ") {
        control |= if is_dacl {
            Control::DACL_DEFAULTED
        } else {
            Control::SACL_DEFAULTED
        };
        text = rest;
    }
    for flag in ACL_FLAGS {
        if let Some(rest) = text.strip_prefix(flag.token) {
            control |= if is_dacl { flag.dacl } else { flag.sacl };
            text = rest;
        }
    }
    let state = match text {
        "absent" => AclState::Absent,
        "NULL" => AclState::Null,
        entries => AclState::Present(acl(entries)),
    };
    (state, control)
}

fn descriptor(dacl: AclState, sacl: AclState, control: Control) -> SecurityDescriptor {
    let mut descriptor = SecurityDescriptor::default().with_control(control);
    descriptor.dacl = dacl;
    descriptor.sacl = sacl;
    descriptor
}

fn with_dacl(text: &str) -> SecurityDescriptor {
    let (dacl, control) = list(text, true);
    descriptor(dacl, AclState::Absent, control)
}

fn with_sacl(text: &str) -> SecurityDescriptor {
    let (sacl, control) = list(text, false);
    descriptor(AclState::Absent, sacl, control)
}

const DEFAULT_DACL: &str = "(A;;GA;;;SY)";
const DEFAULT: &str = "(A;;FA;;;SY)";

/// For a file with the classes `U` and `V`, or a directory.
fn file() -> Inheritance {
    let mut how = Inheritance::new(sid(OWNER), sid(GROUP));
    how.classes = ["U", "V"].into_iter().filter_map(guid).collect();
    how.default_dacl = Some(acl(DEFAULT_DACL));
    how.mapping = Some(GenericMapping::FILE);
    how
}

fn directory() -> Inheritance {
    let mut how = file();
    how.container = true;
    how
}

fn auto(mut how: Inheritance) -> Inheritance {
    how.auto_inherit_dacl = true;
    how.auto_inherit_sacl = true;
    how
}

fn dacl_of_child(parent: &str, creator: Option<&str>, how: &Inheritance) -> (AclState, Control) {
    let creator = creator.map(with_dacl);
    let child = SecurityDescriptor::child(Some(&with_dacl(parent)), creator.as_ref(), how);
    let other = Control::DERIVED | Control::SACL_AUTO_INHERITED;
    (child.dacl.clone(), child.control().difference(other))
}

fn sacl_of_child(parent: &str, creator: Option<&str>, how: &Inheritance) -> (AclState, Control) {
    let creator = creator.map(with_sacl);
    let child = SecurityDescriptor::child(Some(&with_sacl(parent)), creator.as_ref(), how);
    let other = Control::DERIVED | Control::DACL_AUTO_INHERITED;
    (child.sacl.clone(), child.control().difference(other))
}

/// A child kept the entries of its parent from before a change. Here each change reaches the child, and old entries go.
#[test]
fn cve_2019_14902_a_change_at_the_parent_comes_down() {
    let how = auto(directory());
    let rows = [
        ("(A;CI;FR;;;BA)", "AI(A;CIID;FR;;;BA)"),
        ("(D;CI;FR;;;BA)(A;CI;FR;;;BA)", "AI(D;CIID;FR;;;BA)(A;CIID;FR;;;BA)"),
        ("(A;CI;FW;;;BA)", "AI(A;CIID;FW;;;BA)"),
        ("", "AI(A;;FA;;;SY)"),
    ];
    for (parent, expected) in rows {
        assert_eq!(dacl_of_child(parent, None, &how), list(expected, true), "{parent}");
    }
}

#[test]
fn each_combination_of_flags_comes_down_as_windows_has_it() {
    // Flags at the parent; at a child directory; at a child file. `-`: does not come down.
    #[rustfmt::skip]
    let rows = [
        ("", "-", "-"),
        ("IO", "-", "-"),
        ("NP", "-", "-"),
        ("NPIO", "-", "-"),
        ("OI", "OIIO", ""),
        ("OIIO", "OIIO", ""),
        ("OINP", "-", ""),
        ("OINPIO", "-", ""),
        ("CI", "CI", "-"),
        ("CIIO", "CI", "-"),
        ("CINP", "", "-"),
        ("CINPIO", "", "-"),
        ("OICI", "OICI", ""),
        ("OICIIO", "OICI", ""),
        ("OICINP", "", ""),
        ("OICINPIO", "", ""),
    ];
    for (at_parent, at_directory, at_file) in rows {
        for (how, expected) in [(directory(), at_directory), (file(), at_file)] {
            for marked in ["", "ID"] {
                let parent = format!("(A;{at_parent}{marked};FA;;;BA)");
                // Without automatic inheritance nothing is marked; with it, all of it.
                let (plain, automatic) = match expected {
                    "-" => (list(DEFAULT, true), list("AI(A;;FA;;;SY)", true)),
                    flags => (
                        list(&format!("(A;{flags};FA;;;BA)"), true),
                        list(&format!("AI(A;{flags}ID;FA;;;BA)"), true),
                    ),
                };
                let container = how.container;
                assert_eq!(dacl_of_child(&parent, None, &how), plain, "{parent} {container}");
                assert_eq!(
                    dacl_of_child(&parent, None, &auto(how.clone())),
                    automatic,
                    "{parent} {container}"
                );
            }
        }
    }
}

#[test]
fn the_parents_entries_come_down_as_the_reference_has_it() {
    #[rustfmt::skip]
    let rows = [
        // Mistakes of other implementations.
        ("an OI entry is not lost on a directory", "(A;OI;FR;;;BA)", "(A;OIIO;FR;;;BA)", "(A;;FR;;;BA)"),
        ("CO stays where the entry is not effective", "(A;OI;FR;;;CO)", "(A;OIIO;FR;;;CO)", "(A;;FR;;;PU)"),
        ("the resolved copy loses CI and OI", "(A;OICI;FR;;;CO)", "(A;;FR;;;PU)(A;OICIIO;FR;;;CO)", "(A;;FR;;;PU)"),
        ("ID of the parent is not passed on", "(A;CIOIID;FR;;;BA)", "(A;OICI;FR;;;BA)", "(A;;FR;;;BA)"),
        // Creator SIDs.
        ("CG becomes the group", "(A;OICI;FR;;;CG)", "(A;;FR;;;BU)(A;OICIIO;FR;;;CG)", "(A;;FR;;;BU)"),
        ("OW is replaced nowhere", "(A;OICI;FR;;;OW)", "(A;OICI;FR;;;OW)", "(A;;FR;;;OW)"),
        ("PS is replaced nowhere", "(A;OICI;FR;;;PS)", "(A;OICI;FR;;;PS)", "(A;;FR;;;PS)"),
        ("CO with IO at the parent", "(A;CIIO;FR;;;CO)", "(A;;FR;;;PU)(A;CIIO;FR;;;CO)", DEFAULT),
        ("CO with NP leaves no copy", "(A;OICINP;FR;;;CO)", "(A;;FR;;;PU)", "(A;;FR;;;PU)"),
        // Generic rights.
        ("generics split on a directory", "(A;OICI;GA;;;BA)", "(A;;FA;;;BA)(A;OICIIO;GA;;;BA)", "(A;;FA;;;BA)"),
        ("generics wait in an IO copy", "(A;OI;GR;;;BA)", "(A;OIIO;GR;;;BA)", "(A;;FR;;;BA)"),
        ("generics with NP leave no copy", "(A;CINP;GR;;;BA)", "(A;;FR;;;BA)", DEFAULT),
        ("generics and CO at once", "(D;CI;GX;;;CO)", "(D;;FX;;;PU)(D;CIIO;GX;;;CO)", DEFAULT),
        ("specific rights beside generic ones", "(A;OI;GRWD;;;BA)", "(A;OIIO;GRWD;;;BA)", "(A;;FRWD;;;BA)"),
        // Several entries.
        ("the parent's order is kept, copies next to each other",
            "(A;CI;GR;;;BA)(A;;FA;;;WD)(D;OICI;FW;;;AN)(A;OICI;FR;;;CO)",
            "(A;;FR;;;BA)(A;CIIO;GR;;;BA)(D;OICI;FW;;;AN)(A;;FR;;;PU)(A;OICIIO;FR;;;CO)", "(D;;FW;;;AN)(A;;FR;;;PU)"),
        // Classes: the child is of U and V.
        ("one of the child's classes", "(OA;OICI;RP;p;V;BA)", "(OA;OICI;RP;p;V;BA)", "(OA;;RP;p;V;BA)"),
        ("another class", "(OA;OICI;RP;p;X;BA)", "(OA;OICIIO;RP;p;X;BA)", DEFAULT),
        ("another class and NP", "(OA;CINP;RP;p;X;BA)", DEFAULT, DEFAULT),
        ("the object type is no class", "(OA;OICI;RP;X;;BA)", "(OA;OICI;RP;X;;BA)", "(OA;;RP;X;;BA)"),
        ("another class keeps CO", "(OA;CI;RP;;X;CO)", "(OA;CIIO;RP;;X;CO)", DEFAULT),
        ("the child's class resolves CO", "(OA;CI;RP;;U;CO)", "(OA;;RP;;U;PU)(OA;CIIO;RP;;U;CO)", DEFAULT),
        // Types.
        ("callback and critical", "(XA;OICICR;FR;;;BA)", "(XA;OICICR;FR;;;BA)", "(XA;CR;FR;;;BA)"),
        ("an unknown type follows its flags", "(200;OI;;;;bytes)", "(200;OIIO;;;;bytes)", "(200;;;;;bytes)"),
        ("an unread type stays one entry", "(4;OICI;;;;bytes)", "(4;OICI;;;;bytes)", "(4;;;;;bytes)"),
        ("an unknown type with NP", "(200;CINP;;;;bytes)", "(200;;;;;bytes)", DEFAULT),
    ];
    for (name, parent, at_directory, at_file) in rows {
        assert_eq!(
            dacl_of_child(parent, None, &directory()),
            list(at_directory, true),
            "{name}: directory"
        );
        assert_eq!(
            dacl_of_child(parent, None, &file()),
            list(at_file, true),
            "{name}: file"
        );
    }
}

#[test]
fn a_class_matches_no_object_without_classes() {
    let mut how = directory();
    how.classes.clear();
    let expected = list("(OA;CIIO;RP;;U;BA)", true);
    assert_eq!(dacl_of_child("(OA;CI;RP;;U;BA)", None, &how), expected);
}

#[test]
fn without_a_mapping_generic_rights_stay() {
    let mut how = directory();
    how.mapping = None;
    let expected = list("(A;OICI;GA;;;BA)(A;;GR;;;PU)(A;CIIO;GR;;;CO)", true);
    assert_eq!(dacl_of_child("(A;OICI;GA;;;BA)(A;CI;GR;;;CO)", None, &how), expected);
}

#[test]
fn the_creators_list_and_the_parents_meet_as_the_reference_has_it() {
    const PARENT: &str = "(A;OICI;FA;;;BA)";
    // Parent, creator, then a directory without automatic inheritance and one with it.
    #[rustfmt::skip]
    let rows = [
        ("explicit", PARENT, Some("(A;;FA;;;LS)"), "(A;;FA;;;LS)", "AI(A;;FA;;;LS)(A;OICIID;FA;;;BA)"),
        ("nothing to inherit", "(A;;FA;;;BA)", Some("(A;;FA;;;LS)"), "(A;;FA;;;LS)", "AI(A;;FA;;;LS)"),
        ("AI of the creator is no more than a wish", PARENT, Some("AI"), "", "AI(A;OICIID;FA;;;BA)"),
        ("empty is not absent", PARENT, Some(""), "", "AI(A;OICIID;FA;;;BA)"),
        ("empty, nothing to inherit", "", Some(""), "", "AI"),
        ("absent", PARENT, Some("absent"), "(A;OICI;FA;;;BA)", "AI(A;OICIID;FA;;;BA)"),
        ("no creator", PARENT, None, "(A;OICI;FA;;;BA)", "AI(A;OICIID;FA;;;BA)"),
        ("nothing anywhere", "(A;;FA;;;BA)", None, DEFAULT, "AI(A;;FA;;;SY)"),
        ("a parent without DACL", "absent", None, DEFAULT, "AI(A;;FA;;;SY)"),
        ("a parent's NULL DACL is not inherited", "NULL", None, DEFAULT, "AI(A;;FA;;;SY)"),
        ("NULL stays NULL", PARENT, Some("NULL"), "NULL", "AINULL"),
        ("protected NULL stays NULL", PARENT, Some("PNULL"), "PNULL", "PNULL"),
        ("protected", PARENT, Some("P(A;;FA;;;LS)"), "P(A;;FA;;;LS)", "P(A;;FA;;;LS)"),
        ("protected drops AI", PARENT, Some("PAI(A;;FA;;;LS)"), "P(A;;FA;;;LS)", "P(A;;FA;;;LS)"),
        ("protected and empty", PARENT, Some("P"), "P", "P"),
        ("a protected parent still hands down", "P(A;OICI;FA;;;BA)", Some(""), "", "AI(A;OICIID;FA;;;BA)"),
        ("requests are not kept", PARENT, Some("ARAI(A;;FA;;;LS)"), "(A;;FA;;;LS)", "AI(A;;FA;;;LS)(A;OICIID;FA;;;BA)"),
        ("entries marked inherited are replaced", PARENT, Some("(A;OICIID;FA;;;BA)"), "", "AI(A;OICIID;FA;;;BA)"),
        ("protected: they become explicit", PARENT, Some("P(A;CIID;FA;;;LS)"), "P(A;CI;FA;;;LS)", "P(A;CI;FA;;;LS)"),
        ("RA in a DACL is not excepted", "(RA;OICI;;;;WD)", Some("P"), "P", "P"),
        ("explicit first, an inherited deny after an explicit allow", "(D;CI;FA;;;BA)", Some("(A;;FA;;;BA)"),
            "(A;;FA;;;BA)", "AI(A;;FA;;;BA)(D;CIID;FA;;;BA)"),
        ("a default gives way", PARENT, Some("default (A;;FA;;;LS)"), "(A;OICI;FA;;;BA)",
            "AI(A;;FA;;;LS)(A;OICIID;FA;;;BA)"),
        ("a default is used", "(A;;FA;;;BA)", Some("default (A;;FA;;;LS)"), "(A;;FA;;;LS)", "AI(A;;FA;;;LS)"),
        ("a protected default is used", PARENT, Some("default P(A;;FA;;;LS)"), "P(A;;FA;;;LS)", "P(A;;FA;;;LS)"),
        ("a default NULL gives way", PARENT, Some("default NULL"), "(A;OICI;FA;;;BA)", "AI(A;OICIID;FA;;;BA)"),
        ("a default NULL is used", "(A;;FA;;;BA)", Some("default NULL"), "NULL", "AINULL"),
        ("CO and generics of the creator", "", Some("(A;CI;GA;;;CO)"), "(A;;FA;;;PU)(A;CIIO;GA;;;CO)",
            "AI(A;;FA;;;PU)(A;CIIO;GA;;;CO)"),
        ("the creator's IO", "", Some("(A;CIIO;GA;;;CO)"), "(A;CIIO;GA;;;CO)", "AI(A;CIIO;GA;;;CO)"),
        ("the creator's IO that nothing inherits", "", Some("(A;IO;GA;;;CO)"), "(A;IO;GA;;;CO)", "AI(A;IO;GA;;;CO)"),
        ("the creator's NP is for the next generation", "", Some("(A;CINP;GA;;;BA)"),
            "(A;;FA;;;BA)(A;CINPIO;GA;;;BA)", "AI(A;;FA;;;BA)(A;CINPIO;GA;;;BA)"),
        ("the creator's class is no filter", "", Some("(OA;CI;RP;;X;BA)"), "(OA;CI;RP;;X;BA)", "AI(OA;CI;RP;;X;BA)"),
    ];
    for (name, parent, creator, plain, automatic) in rows {
        assert_eq!(
            dacl_of_child(parent, creator, &directory()),
            list(plain, true),
            "{name}"
        );
        assert_eq!(
            dacl_of_child(parent, creator, &auto(directory())),
            list(automatic, true),
            "{name}: auto"
        );
    }
}

#[test]
fn a_leaf_keeps_no_inheritance_flags_of_its_creator() {
    let expected = list("AI(A;;FA;;;PU)(D;;FR;;;AN)(A;ID;FA;;;BA)", true);
    let creator = "(A;OICI;GA;;;CO)(A;OIIO;FA;;;WD)(D;CINP;FR;;;AN)";
    assert_eq!(dacl_of_child("(A;OI;FA;;;BA)", Some(creator), &auto(file())), expected);
}

#[test]
fn resource_attributes_and_scoped_policies_come_down_into_any_sacl() {
    const PARENT: &str = "(AU;OICISA;FA;;;WD)(RA;CI;;;;WD)(SP;CI;;;;BA)(ML;CI;;;;ME)";
    const BOTH: &str = "(RA;CI;;;;WD)(SP;CI;;;;BA)";
    const MARKED: &str = "(RA;CIID;;;;WD)(SP;CIID;;;;BA)";
    let all = format!("AI(AU;OICIIDSA;FA;;;WD){MARKED}(ML;CIID;;;;ME)");
    #[rustfmt::skip]
    let rows = [
        ("no creator", PARENT, None, PARENT.to_owned(), all.clone()),
        ("nothing", "absent", None, "absent".to_owned(), "AIabsent".to_owned()),
        ("nothing inheritable", "(AU;SA;FA;;;WD)(RA;;;;;WD)", None, "absent".to_owned(), "AIabsent".to_owned()),
        ("empty", PARENT, Some(""), BOTH.to_owned(), all),
        ("protected", PARENT, Some("P"), format!("P{BOTH}"), format!("P{MARKED}")),
        ("protected, with entries", PARENT, Some("P(AU;FA;FR;;;AN)"), format!("P(AU;FA;FR;;;AN){BOTH}"),
            format!("P(AU;FA;FR;;;AN){MARKED}")),
        ("protected and absent", PARENT, Some("Pabsent"), format!("P{BOTH}"), format!("P{MARKED}")),
        ("NULL", PARENT, Some("NULL"), BOTH.to_owned(), format!("AI{MARKED}")),
        ("NULL alone", "absent", Some("NULL"), "NULL".to_owned(), "AINULL".to_owned()),
        ("a default does not give way to them when protected", PARENT, Some("default P(AU;FA;FR;;;AN)"),
            format!("P(AU;FA;FR;;;AN){BOTH}"), format!("P(AU;FA;FR;;;AN){MARKED}")),
        ("without OI or CI they stay", "(RA;;;;;WD)(SP;;;;;BA)", Some("P"), "P".to_owned(), "P".to_owned()),
    ];
    for (name, parent, creator, plain, automatic) in rows {
        assert_eq!(
            sacl_of_child(parent, creator, &directory()),
            list(&plain, false),
            "{name}"
        );
        assert_eq!(
            sacl_of_child(parent, creator, &auto(directory())),
            list(&automatic, false),
            "{name}: auto"
        );
    }
    // Creator Owner of an audit entry, at a leaf.
    let expected = list("(AU;SAFA;FR;;;PU)", false);
    assert_eq!(sacl_of_child("(AU;OISAFA;FR;;;CO)", None, &file()), expected);
}

#[test]
fn automatic_inheritance_is_asked_for_list_by_list() {
    let mut how = directory();
    how.auto_inherit_sacl = true;
    let mut parent = with_dacl("(A;CI;FA;;;BA)");
    parent.sacl = AclState::Present(acl("(AU;CISA;FA;;;WD)"));
    let child = SecurityDescriptor::child(Some(&parent), None, &how);
    assert_eq!(child.dacl, AclState::Present(acl("(A;CI;FA;;;BA)")));
    assert_eq!(child.sacl, AclState::Present(acl("(AU;CIIDSA;FA;;;WD)")));
    assert!(child.control().contains(Control::SACL_AUTO_INHERITED));
    assert!(!child.control().contains(Control::DACL_AUTO_INHERITED));
}

#[test]
fn the_owner_and_group_are_the_creators_or_else_the_default() {
    let mut parent = with_dacl("(A;CI;FR;;;CO)(A;CI;FW;;;CG)");
    (parent.owner, parent.group) = (Some(sid("SY")), Some(sid("SY")));
    let child = SecurityDescriptor::child(Some(&parent), None, &directory());
    assert_eq!((child.owner, child.group), (Some(sid(OWNER)), Some(sid(GROUP))));

    let defaulted = Control::OWNER_DEFAULTED | Control::GROUP_DEFAULTED;
    let mut creator = descriptor(AclState::Absent, AclState::Absent, defaulted);
    creator.owner = Some(sid("AO"));
    let child = SecurityDescriptor::child(Some(&parent), Some(&creator), &directory());
    assert_eq!((child.owner, child.group), (Some(sid("AO")), Some(sid(GROUP))));
    let expected = "(A;;FR;;;AO)(A;CIIO;FR;;;CO)(A;;FW;;;BU)(A;CIIO;FW;;;CG)";
    assert_eq!(
        child.dacl,
        AclState::Present(acl(expected)),
        "the creator's owner is meant"
    );
    assert_eq!(
        child.control(),
        Control::DACL_PRESENT | Control::SELF_RELATIVE,
        "no defaulted bits"
    );
}

#[test]
fn without_any_dacl_there_is_none() {
    let how = Inheritance::new(sid(OWNER), sid(GROUP));
    assert_eq!(SecurityDescriptor::child(None, None, &how).dacl, AclState::Absent);
    let mut how = how;
    how.default_dacl = Some(Acl::default());
    assert_eq!(
        SecurityDescriptor::child(None, None, &how).dacl,
        AclState::Present(Acl::default())
    );
}

#[test]
fn creator_owner_of_the_default_dacl_is_the_owner() {
    let mut how = file();
    how.default_dacl = Some(acl("(A;;GA;;;CO)(A;;FR;;;CG)"));
    let child = SecurityDescriptor::child(None, None, &how);
    assert_eq!(child.dacl, AclState::Present(acl("(A;;FA;;;PU)(A;;FR;;;BU)")));
}

const TRUSTEES: [&str; 6] = ["CO", "CG", "OW", "PS", "BA", "WD"];
const TYPES: [&str; 9] = ["A", "D", "OA", "OD", "XA", "AU", "RA", "SP", "ML"];

prop_compose! {
    fn any_ace()(
        ace_type in prop::sample::select(TYPES.to_vec()),
        bits in any::<u8>(),
        rights in prop::sample::select(vec!["GA", "GR", "GXFR", "FA", "CC"]),
        class in prop::sample::select(vec!["", "", "U", "X"]),
        trustee in prop::sample::select(TRUSTEES.to_vec()),
        opaque in prop::bool::weighted(0.1),
    ) -> Ace {
        if opaque {
            return ace(&format!("200;;;;;{trustee}")).with_flags(AceFlags::from_bits_retain(bits));
        }
        let class = if AceType::from_token(ace_type).unwrap().layout().has_objects() { class } else { "" };
        ace(&format!("{ace_type};;{rights};;{class};{trustee}")).with_flags(AceFlags::from_bits_retain(bits))
    }
}

fn any_acl() -> impl Strategy<Value = Acl> {
    prop::collection::vec(any_ace(), 0..6).prop_map(Acl::from)
}

fn any_state() -> impl Strategy<Value = AclState> {
    prop_oneof![
        1 => Just(AclState::Absent),
        1 => Just(AclState::Null),
        6 => any_acl().prop_map(AclState::Present),
    ]
}

prop_compose! {
    fn any_descriptor()(dacl in any_state(), sacl in any_state(), control in any::<u16>()) -> SecurityDescriptor {
        descriptor(dacl, sacl, Control::from_bits_retain(control))
    }
}

fn any_how() -> impl Strategy<Value = Inheritance> {
    (any::<[bool; 3]>(), any::<bool>()).prop_map(|([container, dacl, sacl], mapped)| {
        let mut how = if container { directory() } else { file() };
        how.auto_inherit_dacl = dacl;
        how.auto_inherit_sacl = sacl;
        how.mapping = how.mapping.filter(|_| mapped);
        how
    })
}

fn entries(state: &AclState) -> &[Ace] {
    state.acl().map_or(&[], Acl::aces)
}

proptest! {
    #[test]
    fn a_leaf_has_no_inheritance_flags(
        parent in any_descriptor(), creator in prop::option::of(any_descriptor()), mut how in any_how()
    ) {
        how.container = false;
        let child = SecurityDescriptor::child(Some(&parent), creator.as_ref(), &how);
        for ace in entries(&child.dacl).iter().chain(entries(&child.sacl)) {
            prop_assert!(!ace.flags().intersects(AceFlags::INHERITANCE), "{ace:?}");
        }
    }

    #[test]
    fn a_protected_creator_gets_nothing_but_attributes_and_policies(
        parent in any_descriptor(), creator in any_descriptor(), how in any_how()
    ) {
        let control = creator.control() | Control::DACL_PROTECTED | Control::SACL_PROTECTED;
        let creator = creator.with_control(control);
        let child = SecurityDescriptor::child(Some(&parent), Some(&creator), &how);
        let alone = SecurityDescriptor::child(None, Some(&creator), &how);
        prop_assert_eq!(&child.dacl, &alone.dacl);
        let (own, more) = entries(&child.sacl).split_at(entries(&alone.sacl).len());
        prop_assert_eq!(own, entries(&alone.sacl));
        prop_assert!(more.iter().all(|ace| matches!(ace.ace_type(), AceType::ResourceAttribute | AceType::ScopedPolicy)));
        for ace in entries(&child.dacl).iter().chain(own) {
            prop_assert!(!ace.flags().contains(AceFlags::INHERITED), "{ace:?}");
        }
    }

    #[test]
    fn only_automatic_inheritance_marks_entries_and_they_stand_behind_the_others(
        parent in any_descriptor(), creator in prop::option::of(any_descriptor()), how in any_how()
    ) {
        let child = SecurityDescriptor::child(Some(&parent), creator.as_ref(), &how);
        for (state, asked) in [(&child.dacl, how.auto_inherit_dacl), (&child.sacl, how.auto_inherit_sacl)] {
            let is_marked = |ace: &Ace| ace.flags().contains(AceFlags::INHERITED);
            prop_assert!(asked || !entries(state).iter().any(is_marked));
            let fault = state.acl().and_then(Acl::first_non_canonical);
            prop_assert_ne!(fault.map(|fault| fault.rule), Some(CanonicalRule::ExplicitBeforeInherited));
        }
    }

    #[test]
    fn an_effective_entry_holds_nothing_to_resolve(
        parent in any_descriptor(), creator in prop::option::of(any_descriptor()), how in any_how()
    ) {
        let child = SecurityDescriptor::child(Some(&parent), creator.as_ref(), &how);
        for ace in entries(&child.dacl).iter().chain(entries(&child.sacl)).filter(|ace| !ace.is_inherit_only()) {
            prop_assert!(![Some(&Sid::CREATOR_OWNER), Some(&Sid::CREATOR_GROUP)].contains(&ace.trustee()));
            prop_assert!(how.mapping.is_none() || !ace.mask().intersects(AccessMask::GENERIC));
        }
    }

    #[test]
    fn only_what_the_parent_lets_on_goes_below(parent in any_acl(), how in any_how()) {
        let handed_on = AceFlags::OBJECT_INHERIT | AceFlags::CONTAINER_INHERIT;
        let count = |acl: &Acl, is_counted: fn(AceFlags) -> bool| {
            acl.aces().iter().filter(|ace| ace.flags().intersects(handed_on) && is_counted(ace.flags())).count()
        };
        let granting = descriptor(AclState::Present(parent.clone()), AclState::Absent, Control::empty());
        let child = SecurityDescriptor::child(Some(&granting), None, &how);
        let expected = if how.container { count(&parent, |flags| !flags.contains(AceFlags::NO_PROPAGATE)) } else { 0 };
        prop_assert_eq!(child.dacl.acl().map_or(0, |acl| count(acl, |_| true)), expected);
        prop_assert!(entries(&child.dacl).iter().all(|ace| !ace.flags().contains(AceFlags::NO_PROPAGATE)));
    }

    /// An entry that passes through a directory is not lost, doubled or changed.
    #[test]
    fn a_file_inherits_the_same_through_a_directory(parent in any_acl(), automatic in any::<bool>()) {
        let parent: Acl = parent.aces().iter()
            .map(|ace| ace.clone().with_flags(ace.flags().difference(AceFlags::NO_PROPAGATE)))
            .collect();
        let parent = descriptor(AclState::Present(parent), AclState::Absent, Control::empty());
        let [file, directory] = [file(), directory()].map(|how| if automatic { auto(how) } else { how });
        let between = SecurityDescriptor::child(Some(&parent), None, &directory);
        let through = SecurityDescriptor::child(Some(&between), None, &file);
        prop_assert_eq!(through, SecurityDescriptor::child(Some(&parent), None, &file));
    }
}

/// A resource attribute whose claim has the flag 0x1 stays where it is (R10's counterpart in [MS-DTYP] 2.4.10.1).
#[test]
fn a_claim_that_is_not_inherited_stays() {
    let parent = |claim_flags: &str| -> SecurityDescriptor {
        format!(r#"O:BAG:BAD:(A;CI;GA;;;BA)S:(RA;CI;;;;WD;("a",TI,{claim_flags},1))"#)
            .parse()
            .unwrap()
    };
    let mut how = Inheritance::new(Sid::LOCAL_SYSTEM, Sid::LOCAL_SYSTEM);
    how.container = true;
    let entries = |parent: &SecurityDescriptor| {
        let child = SecurityDescriptor::child(Some(parent), None, &how);
        child.sacl.acl().map_or(0, |acl| acl.aces().len())
    };
    assert_eq!(entries(&parent("0x0")), 1);
    assert_eq!(entries(&parent("0x1")), 0);
    assert_eq!(entries(&parent("0x3")), 0);
}
