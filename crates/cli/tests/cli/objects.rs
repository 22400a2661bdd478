//! `check --lines` about objects of a kind: files, shares, keys, services, trees.

use crate::program::{code, objects, run};
use serde_json::{Value, json};

const USER: &str = "S-1-5-21-1-2-3-1104";
const CLASS: &str = "bf967aba-0de6-11d0-a285-00aa003049e2";
const PART: &str = "77b5b886-944a-11d1-aebd-0000f80367c1";

/// A line about a user in no group, with more keys.
fn line(sddl: impl Into<Value>, desired: &str, more: Value) -> Value {
    let mut line = json!({"sddl": sddl.into(), "caller": {"user": USER}, "desired": desired});
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    line
}

/// A line about an object.
fn about(sddl: impl Into<Value>, desired: &str, object: Value) -> Value {
    line(sddl, desired, json!({"object": object}))
}

fn with_privilege(mut line: Value, name: &str) -> Value {
    let caller = line.pointer_mut("/caller").unwrap().as_object_mut().unwrap();
    caller.insert("privileges".to_owned(), json!([name]));
    line
}

fn answers(lines: &[&Value], options: &[&str]) -> Vec<Value> {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let output = run(&[&["check", "--lines", "-"], options].concat(), input.as_bytes());
    objects(&output)
}

/// What an answer says: the rights that are granted, `denied`, or the kind of an error.
fn said(answer: &Value) -> String {
    let text = |key: &str| answer.pointer(key).and_then(Value::as_str).map(str::to_owned);
    match text("/decision").as_deref() {
        Some("allowed") => text("/granted").unwrap(),
        Some(decision) => decision.to_owned(),
        None => text("/error/kind").unwrap(),
    }
}

fn assert_said(cases: &[(Value, &str)], options: &[&str]) {
    let lines: Vec<&Value> = cases.iter().map(|(line, _)| line).collect();
    let answers = answers(&lines, options);
    assert_eq!(answers.len(), cases.len());
    for ((line, expected), answer) in cases.iter().zip(&answers) {
        assert_eq!(said(answer), *expected, "{line}: {answer}");
    }
}

fn allow(mask: &str) -> String {
    format!("O:SYG:SYD:(A;;{mask};;;{USER})")
}

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
            (map(json!("print")), "line_unreadable"),
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

#[test]
fn a_file_is_opened_with_what_is_around_it() {
    let file = |sddl: &str, desired: &str, more: Value| {
        let mut object = json!({"kind": "file"});
        object
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        about(allow(sddl), desired, object)
    };
    let disposition = |disposition: &str, sddl: &str| file(sddl, "0x1", json!({"disposition": disposition}));
    let read_only = json!({"readonly": true});
    let new = |right: &str, more: Value| {
        let mut object = json!({"kind": "file", "parent_sddl": allow(right), "disposition": "create"});
        object
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        about(Value::Null, "0x1f01ff", object)
    };
    assert_said(
        &[
            // FILE_DELETE_CHILD and FILE_LIST_DIRECTORY on the parent.
            (file("0x1", "0x10001", json!({"parent_sddl": allow("0x40")})), "0x10001"),
            (file("0x1", "0x10001", json!({"parent_sddl": allow("0x1")})), "denied"),
            (file("0x2", "max", json!({"parent_sddl": allow("0x41")})), "0x10082"),
            // The read-only attribute.
            (file("FA", "0x2", json!({"attributes": read_only})), "denied"),
            (file("FA", "0x1", json!({"attributes": read_only})), "0x1"),
            (file("FA", "0x2", json!({"attributes": {"readonly": false}})), "0x2"),
            (
                file(
                    "FA",
                    "0x10000",
                    json!({"attributes": read_only, "delete_on_close": true}),
                ),
                "denied",
            ),
            (file("FA", "0x10000", json!({"delete_on_close": true})), "0x10000"),
            (file("FA", "0x1", json!({"delete_on_close": true})), "denied"),
            // Overwriting needs WRITE_DATA, WRITE_EA and WRITE_ATTRIBUTES, superseding DELETE in place of the first.
            (disposition("open", "0x1"), "0x1"),
            (disposition("open_if", "0x1"), "0x1"),
            (disposition("create", "FA"), "denied"),
            (disposition("overwrite", "0x1"), "denied"),
            (disposition("overwrite", "0x113"), "0x1"),
            (disposition("overwrite_if", "0x111"), "denied"),
            (disposition("FILE_OVERWRITE_IF", "0x113"), "0x1"),
            (disposition("supersede", "0x113"), "denied"),
            (disposition("supersede", "0x10111"), "0x1"),
            (disposition("truncate", "FA"), "disposition_unknown"),
            // Bits that no file has, and nothing.
            (file("FA", "0x200001", json!({})), "denied"),
            (file("FA", "0x0", json!({})), "denied"),
            // The directories above.
            (
                file("FA", "0x1", json!({"ancestors": [allow("0x20"), allow("0x1")]})),
                "denied",
            ),
            (
                file("FA", "0x1", json!({"ancestors": [allow("0x20"), allow("0x20")]})),
                "0x1",
            ),
            (
                with_privilege(
                    file("FA", "0x1", json!({"ancestors": [allow("0x1")]})),
                    "SeChangeNotifyPrivilege",
                ),
                "0x1",
            ),
            // A new file needs FILE_ADD_FILE, a new directory FILE_ADD_SUBDIRECTORY.
            (new("0x2", json!({})), "0x1f01ff"),
            (new("0x4", json!({})), "denied"),
            (new("0x4", json!({"attributes": {"directory": true}})), "0x1f01ff"),
            (new("0x4", json!({"kind": "directory"})), "0x1f01ff"),
            (new("0x2", json!({"kind": "directory"})), "denied"),
            // Privileges count with the intent only.
            (
                with_privilege(file("0x2", "0x1", json!({})), "SeBackupPrivilege"),
                "denied",
            ),
            (
                with_privilege(file("0x2", "0x1", json!({"backup_intent": false})), "SeBackupPrivilege"),
                "denied",
            ),
            (
                with_privilege(file("0x2", "0x1", json!({"backup_intent": true})), "SeBackupPrivilege"),
                "0x1",
            ),
            (
                with_privilege(file("0x1", "0x2", json!({"backup_intent": true})), "SeRestorePrivilege"),
                "0x2",
            ),
            // A rename: DELETE, and the right to add on the new directory.
            (
                file("SD", "0x10000", json!({"new_parent_sddl": allow("0x100002")})),
                "0x10000",
            ),
            (
                file("SD", "0x10000", json!({"new_parent_sddl": allow("0x1")})),
                "denied",
            ),
            (
                file(
                    "SD",
                    "0x10000",
                    json!({"new_parent_sddl": allow("0x100002"), "target_sddl": allow("0x1")}),
                ),
                "denied",
            ),
            (
                file(
                    "SD",
                    "0x10000",
                    json!({"new_parent_sddl": allow("0x100042"), "target_sddl": allow("0x1")}),
                ),
                "0x10000",
            ),
            (
                file(
                    "SD",
                    "0x10000",
                    json!({"new_parent_sddl": allow("FA"), "target_sddl": allow("FA"), "target_attributes": read_only}),
                ),
                "denied",
            ),
            (
                file("SD", "0x1", json!({"new_parent_sddl": allow("FA")})),
                "key_misplaced",
            ),
            (
                file("SD", "0x10000", json!({"target_sddl": allow("FA")})),
                "key_missing",
            ),
            // The mapping is that of files.
            (
                line(
                    allow("GR"),
                    "max",
                    json!({"mapping": "file", "object": {"kind": "file"}}),
                ),
                "0x120089",
            ),
            (
                line(allow("GR"), "max", json!({"object": {"kind": "file"}})),
                "0x120089",
            ),
            (line(allow("GR"), "GR", json!({"object": {"kind": "file"}})), "0x120089"),
            (
                line(
                    allow("GR"),
                    "max",
                    json!({"mapping": "key", "object": {"kind": "file"}}),
                ),
                "mapping_differs",
            ),
        ],
        &[],
    );
}

#[test]
fn a_share_and_a_volume_guard_take_rights_away() {
    let share = |share: &str, guard: &str, file: &str, desired: &str| {
        let mut object = json!({"kind": "share", "share_sddl": allow(share)});
        if !guard.is_empty() {
            object["volume_guard"] = json!(allow(guard));
        }
        about(allow(file), desired, object)
    };
    assert_said(
        &[
            (share("FR", "", "FA", "0x1"), "0x1"),
            (share("FR", "", "FA", "0x2"), "denied"),
            (share("FA", "", "FR", "0x2"), "denied"),
            (share("FR", "", "FA", "max"), "0x120089"),
            (share("FA", "FR", "FA", "0x2"), "denied"),
            (share("FA", "FR", "FA", "max"), "0x120089"),
            (about(allow("FA"), "0x1", json!({"kind": "share"})), "key_missing"),
            // DELETE that the parent gives passes the share, too.
            (
                about(
                    allow("0x1"),
                    "0x10000",
                    json!({"kind": "share", "share_sddl": allow("FR"), "parent_sddl": allow("FA")}),
                ),
                "denied",
            ),
            (
                about(
                    allow("0x1"),
                    "0x10000",
                    json!({"kind": "share", "share_sddl": allow("FA"), "parent_sddl": allow("FA")}),
                ),
                "0x10000",
            ),
        ],
        &[],
    );
}

#[test]
fn what_smb_reports_is_the_check_of_the_file_alone() {
    let file = |kind: &str, sddl: &str, desired: &str| {
        about(allow(sddl), desired, json!({"kind": kind, "parent_sddl": allow("FA")}))
    };
    assert_said(
        &[
            (file("smb-maximal-access", "0x1", "0x02000000"), "0x1"),
            (file("smb-maximal-access", "0x1", "0x1"), "key_misplaced"),
            (file("access-based-enumeration", "0x20089", "0x20089"), "0x20089"),
            (file("access-based-enumeration", "0x20009", "0x20089"), "denied"),
            (file("access-based-enumeration", "FA", "0x1"), "key_misplaced"),
        ],
        &[],
    );
}

#[test]
fn keys_and_services_have_their_rules() {
    let key = |sddl: &str, desired: &str, more: Value| {
        let mut object = json!({"kind": "key"});
        object
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        about(allow(sddl), desired, object)
    };
    let new = |right: &str| json!({"kind": "key", "parent_sddl": allow(right), "disposition": "create"});
    assert_said(
        &[
            (key("KR", "0x20119", json!({})), "0x20019"),
            (key("KR", "0x20219", json!({"parent_sddl": allow("0x0")})), "0x20019"),
            (key("KR", "0x20319", json!({})), "denied"),
            (key("KR", "0x6", json!({})), "denied"),
            (
                key(
                    "KR",
                    "0x1",
                    json!({"disposition": "create", "parent_sddl": allow("0x0")}),
                ),
                "0x1",
            ),
            (
                key("KR", "0x1", json!({"disposition": "overwrite"})),
                "disposition_unknown",
            ),
            (about(Value::Null, "0xf003f", new("0x4")), "0xf003f"),
            (about(Value::Null, "0x20019", new("KR")), "denied"),
            (
                with_privilege(key("0x2", "0x1", json!({"backup_intent": true})), "SeBackupPrivilege"),
                "0x1020019",
            ),
            (key("KR", "0x1", json!({"backup_intent": true})), "denied"),
            // Opening the service control manager connects to it.
            (about(allow("0x5"), "0x4", json!({"kind": "scm"})), "0x5"),
            (about(allow("0x4"), "0x4", json!({"kind": "scm"})), "denied"),
            (about(allow("0x4"), "0x4", json!({"kind": "service"})), "0x4"),
            (about(allow("GX"), "max", json!({"kind": "service"})), "0x20170"),
            (about(allow("GX"), "max", json!({"kind": "ds"})), "0x20004"),
            (about(allow("GX"), "max", json!({"kind": "printer"})), "line_unreadable"),
        ],
        &[],
    );
}

#[test]
fn facts_that_are_not_known_are_looked_up_in_every_descriptor() {
    let mut line = about(
        allow("FA"),
        "0x1",
        json!({"kind": "share", "share_sddl": "O:SYG:SYD:(A;;FA;;;BA)"}),
    );
    line["caller"]["groups_incomplete"] = json!(true);
    let answers = answers(&[&line], &[]);
    let expected = json!([{"decision": "denied", "granted": "0x0", "missing": "0x1", "resolve": ["S-1-5-32-544"]}]);
    assert_eq!(json!(answers), expected);
}

#[test]
fn the_functions_of_windows_refuse_what_they_refuse() {
    let owner_only = format!("O:SYD:(A;;CC;;;{USER})");
    let group_only = format!("G:SYD:(A;;CC;;;{USER})");
    let cases = |owner: &'static str, group: &'static str, open: &'static str| {
        [
            (line(owner_only.as_str(), "0x1", json!({})), owner),
            (line(group_only.as_str(), "0x1", json!({})), group),
            (line("O:SYG:SY", "0x1", json!({})), open),
            (line("O:SYG:SYD:NO_ACCESS_CONTROL", "0x1", json!({})), "0x1"),
            (line(allow("CC"), "0x1", json!({})), "0x1"),
        ]
    };
    assert_said(&cases("0x1", "0x1", "0x1"), &[]);
    assert_said(&cases("0x1", "denied", "0x1"), &["--require-owner"]);
    assert_said(&cases("denied", "0x1", "0x1"), &["--require-group"]);
    assert_said(&cases("denied", "denied", "0x1"), &["--api", "access-check"]);
    assert_said(&cases("0x1", "denied", "dacl_missing"), &["--api", "authz"]);
    let generic = line(allow("GR"), "GR", json!({"mapping": "file"}));
    assert_said(&[(generic.clone(), "generic_not_mapped")], &["--api", "access-check"]);
    assert_said(&[(generic, "0x120089")], &["--api", "authz"]);

    let check = |sddl: &str, options: &[&str]| {
        let question = ["check", sddl, "--as", USER, "--desired", "CC"];
        code(&run(&[&question[..], options].concat(), b""))
    };
    assert_eq!(check(&owner_only, &[]), 0);
    assert_eq!(check(&owner_only, &["--require-group"]), 1);
    assert_eq!(check(&owner_only, &["--api", "access-check"]), 1);
    assert_eq!(check(&owner_only, &["--api", "authz"]), 0);
    assert_eq!(check("O:SY", &["--api", "authz"]), 2);
}

#[test]
fn the_central_policies_of_the_machine_are_given_with_the_object() {
    let sddl = format!("O:SYG:SYD:(A;;FA;;;{USER})S:(SP;;;;;S-1-17-1)");
    let asked = |desired: &str, policies: Value| about(sddl.as_str(), desired, json!({"policies": policies}));
    let rule = |rule: Value| json!([{"sid": "S-1-17-1", "rules": [rule]}]);
    let reading = format!("D:(A;;0x1;;;{USER})");
    let policy = rule(json!({"applies_to": null, "effective": reading, "staged": "D:"}));
    let elsewhere = json!([{"sid": "S-1-17-2", "rules": [{"effective": reading}]}]);
    let of_kind = |desired: &str, kind: &str| about(sddl.as_str(), desired, json!({"kind": kind, "policies": policy}));
    assert_said(
        &[
            (line(sddl.as_str(), "0x1", json!({})), "denied"),
            (asked("0x1", json!(null)), "0x1"),
            (asked("0x1", json!([])), "0x1"),
            (asked("0x1", policy.clone()), "0x1"),
            (asked("0x2", policy.clone()), "denied"),
            (asked("max", policy.clone()), "0x1"),
            (asked("0x1", elsewhere), "denied"),
            (of_kind("0x1", "file"), "0x1"),
            (of_kind("0x2", "file"), "denied"),
            (of_kind("max", "smb-maximal-access"), "0x1"),
            (
                asked(
                    "0x2",
                    rule(json!({"applies_to": "@Resource.Secret == 1", "effective": reading})),
                ),
                "0x2",
            ),
            // What can't be read is never no policy.
            (asked("0x1", rule(json!({"effective": "D:(A"}))), "rule_unreadable"),
            (asked("0x1", rule(json!({"effective": "O:SY"}))), "rule_dacl_missing"),
            (asked("0x1", rule(json!({"effective": ""}))), "rule_dacl_missing"),
            (
                asked("0x1", rule(json!({"applies_to": "@Resource.", "effective": reading}))),
                "rule_unreadable",
            ),
            (
                asked("0x1", rule(json!({"effective": reading, "stages": "D:"}))),
                "central_policies_unreadable",
            ),
            (
                asked(
                    "0x1",
                    json!([{"sid": "S-1-17-1", "rules": []}, {"sid": "S-1-17-1", "rules": []}]),
                ),
                "policy_sid_repeated",
            ),
            (asked("0x1", json!([{"sid": "BA", "rules": []}])), "policy_sid_wrong"),
            (asked("0x1", json!({})), "central_policies_unreadable"),
            (asked("0x1", json!("none")), "central_policies_unreadable"),
            (asked("0x1", json!([1])), "central_policies_unreadable"),
            (asked("0x1", json!([null])), "central_policies_unreadable"),
        ],
        &[],
    );
}

#[test]
fn a_token_of_the_level_identification_opens_nothing() {
    let with_level = |mut line: Value, level: &str| {
        let caller = line.pointer_mut("/caller").unwrap().as_object_mut().unwrap();
        caller.insert("impersonation".to_owned(), json!(level));
        line
    };
    let of_kind = |kind: &str, level: &str| with_level(about(allow("0x5"), "0x4", json!({"kind": kind})), level);
    assert_said(
        &[
            (
                with_level(line(allow("0x4"), "0x4", json!({})), "identification"),
                "0x4",
            ),
            (of_kind("service", "identification"), "0x4"),
            (of_kind("file", "identification"), "impersonation_refused"),
            (of_kind("key", "identification"), "impersonation_refused"),
            (of_kind("file", "impersonation"), "0x4"),
            (of_kind("key", "delegation"), "0x4"),
            (of_kind("file", "anonymous"), "impersonation_refused"),
        ],
        &[],
    );
}
