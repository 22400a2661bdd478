//! The keys of a line about an object.

use super::{CLASS, PART, USER, about, allow, answers, assert_said, line, with_privilege};
use serde_json::{Value, json};

#[test]
fn a_mapping_is_a_name_or_four_masks() {
    let map = |mapping: Value| line(allow("GX"), "max", json!({"mapping": mapping}));
    assert_said(
        &[
            (map(json!("file")), "0x1200a0"),
            (map(json!("key")), "0x20019"),
            (map(json!("ds")), "0x20004"),
            (map(json!("directory")), "0x20004"),
            (map(json!("service")), "0x20170"),
            (map(json!("scm")), "0x20009"),
            (map(json!({"r": "0x1", "w": 2, "x": "0x4", "a": 7})), "0x4"),
            (
                map(json!({"r": "0x1", "w": "0x2", "x": 0x0012_0000, "a": "0xf"})),
                "0x120000",
            ),
            (map(json!({"r": "0x1", "w": "0x2", "x": "0x4"})), "line_unreadable"),
            (map(json!({"r": 1, "w": 2, "x": 4, "a": 7, "y": 1})), "line_unreadable"),
            (
                map(json!({"r": 1, "w": 2, "x": 4_294_967_296_u64, "a": 7})),
                "line_unreadable",
            ),
            (map(json!({"r": 1, "w": 2, "x": -1, "a": 7})), "line_unreadable"),
            (map(json!({"r": 1, "w": 2, "x": "0xg", "a": 7})), "line_unreadable"),
            (map(json!([1, 2, 4, 7])), "line_unreadable"),
            // A mapping leads to rights of the object, so not to a generic right, and not to the maximum.
            (
                map(json!({"r": "0x80000000", "w": 2, "x": 4, "a": 7})),
                "line_unreadable",
            ),
            (map(json!({"r": 1, "w": "GX", "x": 4, "a": 7})), "line_unreadable"),
            (
                map(json!({"r": 1, "w": 2, "x": 0x1000_0000, "a": 7})),
                "line_unreadable",
            ),
            (
                map(json!({"r": 1, "w": 2, "x": 4, "a": "0x2000007"})),
                "line_unreadable",
            ),
            (map(json!("print")), "line_unreadable"),
        ],
        &[],
    );
}

#[test]
fn a_generic_right_that_means_nothing_is_an_error() {
    let ask = |desired: &str| {
        line(
            allow("0x1"),
            desired,
            json!({"mapping": {"r": 1, "w": 0, "x": 0, "a": 1}}),
        )
    };
    assert_said(
        &[
            (ask("GR"), "0x1"),
            (ask("GA"), "0x1"),
            (ask("GW"), "generic_not_mapped"),
            (ask("0x60000000"), "generic_not_mapped"),
            (ask("0x60000001"), "0x1"),
        ],
        &[],
    );
}

#[test]
fn the_keys_about_a_case_ask_nothing() {
    let more =
        json!({"id": "X-1", "feature": "api", "source": "s", "sure": "high", "note": null, "expect": {"x": [1]}});
    assert_said(
        &[
            (line(allow("CC"), "0x1", more), "0x1"),
            (line(allow("CC"), "0x1", json!({"ident": 1})), "line_unreadable"),
        ],
        &[],
    );
    let unknown = line(allow("CC"), "0x1", json!({"object": {"colour": 1}}));
    let answers = answers(&[&unknown], &[]);
    let message = answers
        .first()
        .unwrap()
        .pointer("/error/message")
        .unwrap()
        .as_str()
        .unwrap();
    assert!(message.contains("`colour`") && message.contains("column"), "{message}");
}

#[test]
fn a_tree_has_an_answer_for_each_type() {
    let types = json!([{"level": 0, "guid": CLASS}, {"level": 1, "guid": PART}]);
    let sddl = format!("O:SYG:SYD:(OA;;RP;{PART};;{USER})(OA;;LC;{CLASS};;{USER})");
    let tree = about(sddl.as_str(), "max", json!({"types": types, "list": true}));
    let old = line(sddl.as_str(), "max", json!({"objects": [CLASS, format!("1:{PART}")]}));
    let joint = about(sddl.as_str(), "max", json!({"types": types, "kind": "ds"}));
    let answers = answers(&[&tree, &old, &joint], &[]);
    let node = |level: u8, object: &str| json!({"level": level, "object": object, "decision": "allowed", "granted": "0x14", "missing": "0x0"});
    let nodes = json!([node(0, CLASS), node(1, PART)]);
    let expected = json!({"decision": "allowed", "granted": "0x14", "missing": "0x0", "resolve": [], "nodes": nodes});
    assert!(answers.iter().all(|answer| *answer == expected), "{answers:?}");

    let tree = |types: Value| about(allow("CC"), "0x1", json!({"types": types}));
    assert_said(
        &[
            (tree(json!([])), "0x1"),
            (tree(json!(null)), "line_unreadable"),
            (tree(json!([{"level": 0}])), "line_unreadable"),
            (tree(json!([{"guid": CLASS}])), "line_unreadable"),
            (tree(json!([[0, CLASS]])), "line_unreadable"),
            (tree(json!([{"level": 0, "guid": "x"}])), "guid_malformed"),
            (tree(json!([{"level": 1, "guid": CLASS}])), "object_tree_root_misplaced"),
            (
                tree(json!([{"level": 0, "guid": CLASS}, {"level": 0, "guid": PART}])),
                "object_tree_root_misplaced",
            ),
            (
                tree(json!([{"level": 0, "guid": CLASS}, {"level": 2, "guid": PART}])),
                "object_tree_level_skipped",
            ),
            (about(allow("CC"), "0x1", json!({"list": true})), "object_tree_empty"),
            (
                about(allow("CC"), "0x1", json!({"list": true, "types": []})),
                "object_tree_empty",
            ),
            (about(allow("CC"), "0x1", json!({"list": false})), "0x1"),
        ],
        &[],
    );
}

#[test]
fn principal_self_is_a_fact_about_the_object() {
    let own = "O:SYG:SYD:(A;;CC;;;PS)";
    let mut both = about(own, "0x1", json!({"self_sid": USER}));
    both["caller"]["self"] = json!(USER);
    let mut misplaced = about(allow("CC"), "0x1", json!({"kind": "file"}));
    misplaced["caller"]["self"] = json!(USER);
    assert_said(
        &[
            (about(own, "0x1", json!({"self_sid": USER})), "0x1"),
            (about(own, "0x1", json!({"self_sid": "BA"})), "denied"),
            (about(own, "0x1", json!({"self_sid": "QQ"})), "sid_alias_unknown"),
            (about(own, "0x1", json!({})), "denied"),
            (both, "key_repeated"),
            (misplaced, "key_misplaced"),
        ],
        &[],
    );
}

#[test]
fn the_old_and_the_new_form_of_one_thing_exclude_each_other() {
    let types = json!([{"level": 0, "guid": CLASS}]);
    let file = |more: Value| {
        let mut line = about(allow("FA"), "0x1", json!({"kind": "file", "backup_intent": true}));
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    assert_said(
        &[
            (
                line(
                    allow("CC"),
                    "0x1",
                    json!({"objects": [CLASS], "object": {"types": types}}),
                ),
                "key_repeated",
            ),
            (file(json!({"backup_intent": true})), "key_repeated"),
            (file(json!({"restore_intent": false})), "key_repeated"),
            (
                file(json!({"hex": "0100048000000000000000000000000000000000"})),
                "line_unreadable",
            ),
            (file(json!({})), "0x1"),
        ],
        &[],
    );
}

#[test]
fn a_key_that_a_kind_has_no_use_for_is_an_error() {
    let (directory, types) = (allow("FA"), json!([{"level": 0, "guid": CLASS}]));
    let object = |kind: Option<&str>, key: &str, value: &Value| {
        let mut object = json!({ key: value });
        if let Some(kind) = kind {
            object["kind"] = json!(kind);
        }
        (about(allow("CC"), "0x1", object), "key_misplaced")
    };
    let around = json!(directory);
    let mut cases = Vec::new();
    for key in ["parent_sddl", "share_sddl", "volume_guard", "new_parent_sddl"] {
        cases.extend([None, Some("ds"), Some("service"), Some("scm")].map(|kind| object(kind, key, &around)));
    }
    for key in ["share_sddl", "volume_guard", "new_parent_sddl", "target_sddl"] {
        cases.extend([Some("key"), Some("smb-maximal-access")].map(|kind| object(kind, key, &around)));
    }
    for kind in [
        Some("file"),
        Some("key"),
        Some("service"),
        Some("access-based-enumeration"),
    ] {
        cases.push(object(kind, "types", &types));
        cases.push(object(kind, "self_sid", &json!(USER)));
    }
    for kind in [None, Some("key"), Some("ds")] {
        cases.push(object(kind, "attributes", &json!({})));
        cases.push(object(kind, "ancestors", &json!([])));
        cases.push(object(kind, "delete_on_close", &json!(false)));
    }
    cases.push(object(None, "disposition", &json!("open")));
    cases.push(object(None, "backup_intent", &json!(false)));
    cases.push(object(Some("key"), "policies", &json!(null)));
    cases.push((
        line(
            allow("CC"),
            "0x1",
            json!({"object": {"kind": "service"}, "backup_intent": false}),
        ),
        "key_misplaced",
    ));
    cases.push((
        line(
            allow("CC"),
            "0x1",
            json!({"object": {"kind": "file"}, "objects": [CLASS]}),
        ),
        "key_misplaced",
    ));
    // A key is opened for both at once, which object.backup_intent says.
    for intent in ["backup_intent", "restore_intent"] {
        for value in [true, false] {
            let mut line = about(allow("0x1"), "0x1", json!({"kind": "key"}));
            line[intent] = json!(value);
            cases.push((line, "key_misplaced"));
        }
    }
    assert_said(&cases, &[]);
}

#[test]
fn the_intents_of_the_line_count_for_a_file() {
    let ask = |intent: &str, privilege: &str, desired: &str| {
        let mut line = about("O:SYG:SYD:", desired, json!({"kind": "file"}));
        line[intent] = json!(true);
        with_privilege(line, privilege)
    };
    assert_said(
        &[
            (ask("backup_intent", "SeBackupPrivilege", "0x1"), "0x1"),
            (ask("backup_intent", "SeRestorePrivilege", "0x2"), "denied"),
            (ask("restore_intent", "SeRestorePrivilege", "0x2"), "0x2"),
            (ask("restore_intent", "SeBackupPrivilege", "0x1"), "denied"),
        ],
        &[],
    );
}

/// A server whose look-up failed writes a null. It does not say that there is nothing.
#[test]
fn a_null_does_not_say_that_there_is_nothing() {
    let mut cases = Vec::new();
    for key in ["mapping", "objects", "backup_intent", "restore_intent"] {
        cases.push((line(allow("CC"), "0x1", json!({ key: null })), "line_unreadable"));
    }
    for key in [
        "groups",
        "deny_only",
        "device_groups",
        "restricting",
        "integrity",
        "privileges",
        "claims",
        "self",
        "authenticated",
        "user",
    ] {
        let mut line = line(allow("CC"), "0x1", json!({}));
        line["caller"][key] = Value::Null;
        cases.push((line, "line_unreadable"));
    }
    for whose in ["user", "device"] {
        let mut line = line(allow("CC"), "0x1", json!({}));
        line["caller"]["claims"] = json!({ whose: null });
        cases.push((line, "line_unreadable"));
    }
    assert_said(&cases, &[]);
}

#[test]
fn a_null_is_no_fact() {
    let mut cases = Vec::new();
    for key in [
        "parent_sddl",
        "share_sddl",
        "volume_guard",
        "ancestors",
        "attributes",
        "disposition",
        "delete_on_close",
    ] {
        cases.push((
            about(allow("FA"), "0x1", json!({"kind": "file", key: null})),
            "line_unreadable",
        ));
    }
    cases.push((about(allow("FA"), "0x1", json!({"kind": null})), "line_unreadable"));
    cases.push((line(allow("FA"), "0x1", json!({"object": null})), "line_unreadable"));
    cases.push((
        about(
            allow("FA"),
            "0x1",
            json!({"kind": "file", "attributes": {"hidden": true}}),
        ),
        "line_unreadable",
    ));
    // No descriptor is the descriptor of an object that is created, and of no other.
    let null = Value::Null;
    let parent = allow("FA");
    for object in [
        json!({}),
        json!({"kind": "file"}),
        json!({"kind": "file", "disposition": "create"}),
        json!({"kind": "file", "parent_sddl": parent}),
        json!({"kind": "file", "parent_sddl": parent, "disposition": "open"}),
        json!({"kind": "file", "parent_sddl": parent, "disposition": "overwrite_if"}),
        json!({"kind": "key", "parent_sddl": parent}),
    ] {
        cases.push((about(null.clone(), "0x1", object), "line_unreadable"));
    }
    let create = json!({"kind": "file", "parent_sddl": parent, "disposition": "create"});
    cases.push((about(null.clone(), "0x1", create.clone()), "0x1"));
    let mut absent = about(null, "0x1", create);
    absent.as_object_mut().unwrap().remove("sddl");
    cases.push((absent, "line_unreadable"));
    // An empty text asks nothing, wherever it is.
    for key in ["parent_sddl", "share_sddl", "volume_guard"] {
        cases.push((
            about(allow("FA"), "0x1", json!({"kind": "file", key: ""})),
            "descriptor_empty",
        ));
    }
    cases.push((
        about(allow("FA"), "0x1", json!({"kind": "file", "ancestors": [" "]})),
        "descriptor_empty",
    ));
    cases.push((about("", "0x1", json!({"kind": "file"})), "descriptor_empty"));
    assert_said(&cases, &[]);
}
