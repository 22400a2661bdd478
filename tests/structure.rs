//! The structure of descriptors in serde's formats: every model survives it, and nothing else is read.
#![cfg(feature = "serde")]
#![expect(clippy::expect_used, reason = "a test that fails says so by a panic")]

#[path = "support/descriptors.rs"]
mod descriptors;

use arbitrary::Unstructured;
use proptest::{collection::vec, prelude::*};
use sddl_authz::{Ace, AclState, Condition, SecurityDescriptor, Sid};
use serde_json::{Value, json};

fn read(value: &Value) -> Result<SecurityDescriptor, serde_json::Error> {
    serde_json::from_value(value.clone())
}

fn entry(value: Value) -> Result<Ace, serde_json::Error> {
    serde_json::from_value(value)
}

#[test]
fn the_documented_form() {
    let descriptor: SecurityDescriptor = "O:BAD:P(A;OICI;FA;;;SY)".parse().expect("valid");
    let expected = json!({
        "owner": "S-1-5-32-544",
        "group": null,
        "control": ["DACL_PROTECTED"],
        "dacl": {"present": [{"type": "A", "flags": ["OI", "CI"], "mask": "0x1f01ff", "trustee": "S-1-5-18"}]},
        "sacl": "absent",
    });
    assert_eq!(serde_json::to_value(&descriptor).expect("a value"), expected);
    assert_eq!(read(&expected).expect("valid"), descriptor);
}

#[test]
fn every_field_that_an_entry_may_have() {
    let text = concat!(
        r#"D:(XA;;FR;;;WD;(@USER.a == "b"))(OA;;CR;bf967aba-0de6-11d0-a285-00aa003049e2;ab721a53-1e2f-11d0-9819-00aa0040529b;PS)"#,
        r#"S:(RA;;;;;WD;("n",TX,0x3,0a))"#
    );
    let descriptor: SecurityDescriptor = text.parse().expect("valid");
    let value = serde_json::to_value(&descriptor).expect("a value");
    assert_eq!(
        value["dacl"]["present"],
        json!([
            {"type": "XA", "flags": [], "mask": "0x120089", "trustee": "S-1-1-0", "condition": r#"(@USER.a == "b")"#},
            {"type": "OA", "flags": [], "mask": "0x100", "trustee": "S-1-5-10",
             "object_type": "bf967aba-0de6-11d0-a285-00aa003049e2",
             "inherited_object_type": "ab721a53-1e2f-11d0-9819-00aa0040529b"},
        ])
    );
    assert_eq!(
        value["sacl"]["present"],
        json!([{"type": "RA", "flags": [], "mask": "0x0", "trustee": "S-1-1-0",
                "claim": {"name": "n", "flags": "0x3", "type": "TX", "values": ["0a"]}}])
    );
    assert_eq!(read(&value).expect("valid"), descriptor);
    let unread = json!({"type": "0x1b", "flags": ["SA"], "data": "01020304"});
    let ace = entry(unread.clone()).expect("valid");
    assert_eq!(ace.ace_type().code(), 0x1b);
    assert_eq!(serde_json::to_value(&ace).expect("a value"), unread);
}

#[test]
fn the_three_states_of_a_list() {
    for (text, dacl) in [
        ("", json!("absent")),
        ("D:NO_ACCESS_CONTROL", json!("null")),
        ("D:", json!({"present": []})),
    ] {
        let descriptor: SecurityDescriptor = text.parse().expect(text);
        let value = serde_json::to_value(&descriptor).expect("a value");
        assert_eq!(value["dacl"], dacl);
        assert_eq!(read(&value).expect("valid"), descriptor);
    }
}

/// Derived reading takes a list for the fields in their order.
#[test]
fn fields_are_read_by_name_alone() {
    assert!(read(&json!([null, null, [], "absent", "absent"])).is_err());
    assert!(read(&json!([null, null, [], {"present": [["A", [], "0x1", "S-1-1-0"]]}, "absent"])).is_err());
    let listed = json!({"dacl": {"present": [["A", [], "0x1", "S-1-1-0"]]}, "sacl": "absent"});
    assert!(read(&listed).is_err());
    assert!(entry(json!(["A", [], "0x1", "S-1-1-0", null, null, null, null, null])).is_err());
    let mapping = json!(["0x1", "0x2", "0x4", "0x7"]);
    assert!(serde_json::from_value::<sddl_authz::GenericMapping>(mapping).is_err());
}

#[test]
fn what_is_no_descriptor() {
    let valid = json!({"owner": null, "group": null, "control": [], "dacl": "absent", "sacl": "absent"});
    assert!(read(&valid).is_ok());
    for (field, faulty) in [
        ("owner", json!("XX")),
        ("owner", json!(7)),
        ("owner", json!("DA")),
        ("group", json!("S-1-5")),
        ("control", json!(["DACL_PRESENT"])),
        ("control", json!(["SELF_RELATIVE"])),
        ("control", json!(["dacl_protected"])),
        ("control", json!("DACL_PROTECTED")),
        ("dacl", json!(null)),
        ("dacl", json!("Absent")),
        ("dacl", json!("present")),
        ("dacl", json!([])),
        ("dacl", json!({"present": null})),
        ("dacl", json!({"present": [], "null": []})),
        ("dacl", json!({"absent": []})),
        ("sacl", json!(false)),
        ("resource_manager_control", json!(256)),
        ("resource_manager_control", json!(-1)),
        ("daccl", json!("absent")),
        ("mask", json!("0x1")),
    ] {
        let mut value = valid.clone();
        value[field] = faulty;
        assert!(read(&value).is_err(), "{value}");
    }
    // A list is never left out, so that absent is always said.
    for field in ["dacl", "sacl"] {
        let mut value = valid.clone();
        value.as_object_mut().expect("an object").remove(field);
        assert!(read(&value).is_err(), "{value}");
    }
    for other in [json!(null), json!("D:"), json!([]), json!({})] {
        assert!(read(&other).is_err(), "{other}");
    }
}

#[test]
fn what_is_no_entry() {
    let plain = json!({"type": "A", "flags": [], "mask": "0x1", "trustee": "S-1-1-0"});
    let claim = json!({"name": "n", "flags": "0x0", "type": "TI", "values": [1]});
    assert!(entry(plain.clone()).is_ok());
    let with = |fields: &[(&str, Value)]| {
        let mut value = plain.clone();
        for (field, content) in fields {
            value[*field] = content.clone();
        }
        value
    };
    let guid = json!("bf967aba-0de6-11d0-a285-00aa003049e2");
    for faulty in [
        with(&[("type", json!("Q"))]),
        with(&[("type", json!("0x100"))]),
        with(&[("type", json!(0))]),
        with(&[("flags", json!(["XX"]))]),
        with(&[("flags", json!(["TP"]))]),
        with(&[("flags", json!("OI"))]),
        with(&[("mask", json!(1))]),
        with(&[("mask", json!("-1"))]),
        with(&[("mask", json!("0x100000000"))]),
        with(&[("trustee", json!("XX"))]),
        with(&[("colour", json!("blue"))]),
        // Of the wrong type of entry.
        with(&[("condition", json!("(a)"))]),
        with(&[("claim", claim.clone())]),
        with(&[("data", json!("00000000"))]),
        with(&[("object_type", guid.clone())]),
        with(&[("inherited_object_type", guid.clone())]),
        with(&[("type", json!("XA")), ("claim", claim.clone())]),
        with(&[("type", json!("RA"))]),
        with(&[("type", json!("RA")), ("condition", json!("(a)"))]),
        with(&[("type", json!("FL")), ("data", json!("61727478f802000000610000"))]),
        // Two at once.
        with(&[
            ("type", json!("XA")),
            ("condition", json!("(a)")),
            ("data", json!("00000000")),
        ]),
        // Conditions that are none.
        with(&[("type", json!("XA")), ("condition", json!("a"))]),
        with(&[("type", json!("XA")), ("condition", json!("(a"))]),
        with(&[("type", json!("XA")), ("condition", json!(""))]),
        with(&[("type", json!("XA")), ("condition", json!("00"))]),
        // Bytes that are none, or not whole words, or a condition.
        with(&[("type", json!("XA")), ("data", json!("0"))]),
        with(&[("type", json!("XA")), ("data", json!("zz"))]),
        with(&[("type", json!("XA")), ("data", json!("000000"))]),
        with(&[("type", json!("XA")), ("data", json!("61727478f802000000610000"))]),
        with(&[("type", json!("OA")), ("object_type", json!("bf967aba"))]),
        // An unread entry has no parts.
        with(&[("type", json!("0x1b"))]),
        json!({"type": "0x1b", "flags": [], "object_type": guid.clone()}),
        json!({"type": "0x1b", "flags": [], "condition": "(a)"}),
        json!({"type": "0x1b", "flags": [], "data": "00"}),
        // Something is missing.
        json!({"flags": [], "mask": "0x1", "trustee": "S-1-1-0"}),
        json!({"type": "A", "flags": [], "trustee": "S-1-1-0"}),
        json!({"type": "A", "flags": [], "mask": "0x1"}),
    ] {
        assert!(entry(faulty.clone()).is_err(), "{faulty}");
    }
    for faulty in [
        json!({"name": "", "flags": "0x0", "type": "TI", "values": [1]}),
        json!({"name": "a\u{0}", "flags": "0x0", "type": "TI", "values": [1]}),
        json!({"name": "n", "flags": "0x0", "type": "TQ", "values": [1]}),
        json!({"name": "n", "flags": "0x0", "type": "TI", "values": ["1"]}),
        json!({"name": "n", "flags": "0x0", "type": "TU", "values": [-1]}),
        json!({"name": "n", "flags": "0x0", "type": "TB", "values": [1]}),
        json!({"name": "n", "flags": "0x0", "type": "TS", "values": ["\u{0}"]}),
        json!({"name": "n", "flags": "0x0", "type": "TD", "values": ["QQ"]}),
        json!({"name": "n", "flags": "0x0", "type": "TX", "values": ["0"]}),
        json!({"name": "n", "flags": 0, "type": "TI", "values": [1]}),
        json!({"name": "n", "type": "TI", "values": [1]}),
        json!({"name": "n", "flags": "0x0", "type": "TI"}),
        json!({"name": "n", "flags": "0x0", "type": "TI", "values": [1], "colour": "blue"}),
    ] {
        let value = with(&[("type", json!("RA")), ("claim", faulty)]);
        assert!(entry(value.clone()).is_err(), "{value}");
    }
}

#[test]
fn a_condition_is_its_text_or_its_bytes() {
    let condition: Condition = "(@User.a && b)".parse().expect("valid");
    let value = serde_json::to_value(&condition).expect("a value");
    assert_eq!(value, json!("((@USER.a) && (b))"));
    assert_eq!(serde_json::from_value::<Condition>(value).expect("valid"), condition);
    // `a == b` with a local attribute on the right has no text.
    let bytes = json!("61727478f8020000006100f802000000620080");
    let condition: Condition = serde_json::from_value(bytes.clone()).expect("valid");
    assert_eq!(serde_json::to_value(&condition).expect("a value"), bytes);
}

#[test]
fn a_malformed_condition_is_bytes() {
    for (ace_type, data) in [("XA", "61727478"), ("ZA", "61727478a2000000"), ("FL", "00000000")] {
        let value = json!({"type": ace_type, "flags": [], "mask": "0x1", "trustee": "S-1-1-0", "data": data});
        let ace = entry(value.clone()).expect("an entry");
        assert!(ace.has_malformed_condition(), "{ace_type}");
        assert_eq!(serde_json::to_value(&ace).expect("a value"), value);
    }
}

#[test]
fn a_sid_is_read_by_alias_and_written_in_full() {
    let sid: Sid = serde_json::from_value(json!("BA")).expect("valid");
    assert_eq!(serde_json::to_value(sid).expect("a value"), json!("S-1-5-32-544"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_model_survives(bytes in vec(any::<u8>(), 0..900)) {
        let descriptor = descriptors::descriptor(&mut Unstructured::new(&bytes)).expect("any bytes do");
        let text = serde_json::to_string(&descriptor).expect("text");
        let read: SecurityDescriptor = serde_json::from_str(&text).expect(&text);
        prop_assert_eq!(&read, &descriptor, "{}", text);
        let value = serde_json::to_value(&descriptor).expect("a value");
        prop_assert_eq!(serde_json::from_value::<SecurityDescriptor>(value).expect("valid"), descriptor.clone());
        for state in [&descriptor.dacl, &descriptor.sacl] {
            if let AclState::Present(acl) = state {
                let text = serde_json::to_string(acl).expect("text");
                let read: sddl_authz::Acl = serde_json::from_str(&text).expect(&text);
                prop_assert_eq!(&read, acl);
            }
        }
    }
}

/// Lists, entries and claims have a form of their own too.
#[test]
fn the_parts_of_descriptors_have_forms_of_their_own() {
    use sddl_authz::{AceFlags, AceType, Control, Limits, SecurityDescriptor, claim::ClaimFlags, condition::Token};
    let json = |value: serde_json::Result<String>| value.unwrap();
    assert_eq!(json(serde_json::to_string(&AceType::ObjectDeny)), r#""OD""#);
    assert_eq!(json(serde_json::to_string(&AceType::from_code(0x77))), r#""0x77""#);
    assert_eq!(
        json(serde_json::to_string(&(AceFlags::INHERITED | AceFlags::OBJECT_INHERIT))),
        r#"["OI","ID"]"#
    );
    assert_eq!(
        json(serde_json::to_string(&Control::DACL_PROTECTED)),
        r#"["DACL_PROTECTED"]"#
    );
    assert_eq!(json(serde_json::to_string(&ClaimFlags::DENY_ONLY)), r#""0x4""#);
    let limits = json(serde_json::to_string(&Limits::DEFAULT));
    assert_eq!(serde_json::from_str::<Limits>(&limits).unwrap(), Limits::DEFAULT);

    let condition: Condition = r#"(@User.a == {1, "b"} && !(Member_of {SID(BA)}))"#.parse().unwrap();
    let tokens: Vec<Token> = condition.tokens().collect();
    let form = json(serde_json::to_string(&tokens));
    assert_eq!(serde_json::from_str::<Vec<Token>>(&form).unwrap(), tokens);

    let error = "D:(Q;;GA;;;WD)".parse::<SecurityDescriptor>().unwrap_err();
    let error: Value = serde_json::to_value(&error).unwrap();
    assert_eq!(
        (&error["kind"], &error["start"], &error["end"]),
        (&"ace_type_unknown".into(), &3.into(), &4.into())
    );
    let error = sddl_authz::binary::from_bytes(&[1]).unwrap_err();
    let error: Value = serde_json::to_value(error).unwrap();
    assert_eq!(
        (&error["kind"], &error["start"]),
        (&"descriptor_truncated".into(), &1.into())
    );
}
