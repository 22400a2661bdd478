//! Which descriptor or rule denied.

use super::{about, allow, answers};
use serde_json::{Value, json};

#[test]
fn a_denial_names_the_layer_or_the_rule() {
    let read_only = json!({"readonly": true});
    let by = |key: &str, name: &str, rights: &str| json!({key: name, "denied_rights": rights});
    let cases = [
        (
            about(allow("FA"), "0x2", json!({"kind": "share", "share_sddl": allow("FR")})),
            by("layer", "share", "0x2"),
        ),
        (
            about(allow("FR"), "0x2", json!({"kind": "share", "share_sddl": allow("FA")})),
            by("layer", "file", "0x2"),
        ),
        // Overwriting needs FILE_WRITE_DATA, FILE_WRITE_EA and FILE_WRITE_ATTRIBUTES.
        (
            about(allow("0x1"), "0x1", json!({"kind": "file", "disposition": "overwrite"})),
            by("layer", "file", "0x112"),
        ),
        (
            about(
                allow("SD"),
                "0x10000",
                json!({"kind": "file", "new_parent_sddl": allow("0x100001")}),
            ),
            by("layer", "new parent directory", "0x2"),
        ),
        (
            about(
                Value::Null,
                "0x1",
                json!({"kind": "file", "parent_sddl": allow("0x1"), "disposition": "create"}),
            ),
            by("layer", "parent directory", "0x2"),
        ),
        (
            about(allow("FA"), "0x2", json!({"kind": "file", "attributes": read_only})),
            by("rule", "read_only", "0x2"),
        ),
        (
            about(allow("KR"), "0x2", json!({"kind": "key"})),
            by("layer", "key", "0x2"),
        ),
    ];
    let lines: Vec<&Value> = cases.iter().map(|(line, _)| line).collect();
    for ((line, expected), answer) in cases.iter().zip(answers(&lines, &[])) {
        assert_eq!(answer["decision"], "denied", "{line}");
        for key in ["layer", "rule", "denied_rights"] {
            assert_eq!(answer.get(key), expected.get(key), "{key} of {line}: {answer}");
        }
    }
}

#[test]
fn a_maximum_that_is_nothing_names_the_layer_that_grants_nothing() {
    let ask = |share: &str, file: &str| about(allow(file), "max", json!({"kind": "share", "share_sddl": allow(share)}));
    let answers = answers(&[&ask("0x0", "FA"), &ask("FA", "0x0"), &ask("0x1", "0x2")], &[]);
    let layers: Vec<_> = answers.iter().map(|answer| &answer["layer"]).collect();
    assert_eq!(json!(layers), json!(["share", "file", null]));
    assert!(
        answers.iter().all(|answer| answer["decision"] == "denied"),
        "{answers:?}"
    );
}

#[test]
fn a_rename_asks_for_nothing_but_delete() {
    let rename = about(
        allow("FA"),
        "0x2010000",
        json!({"kind": "file", "new_parent_sddl": allow("FA")}),
    );
    let answers = answers(&[&rename], &[]);
    let error = &answers.first().unwrap()["error"];
    assert_eq!(error["kind"], "key_misplaced");
    assert!(error["message"].as_str().unwrap().contains("no other right"), "{error}");
}

#[test]
fn other_answers_name_no_layer() {
    let plain = about(allow("0x1"), "0x2", json!({}));
    let allowed = about(allow("0x1"), "0x1", json!({"kind": "file"}));
    for answer in answers(&[&plain, &allowed], &[]) {
        for key in ["layer", "rule", "denied_rights"] {
            assert_eq!(answer.get(key), None, "{answer}");
        }
    }
}
