//! Files, shares, registry keys and services.

use super::{about, allow, answers, assert_said, line, with_privilege};
use serde_json::{Value, json};

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
    let expected = json!([{"decision": "denied", "granted": "0x0", "missing": "0x1", "resolve": ["S-1-5-32-544"],
        "layer": "share", "denied_rights": "0x1"}]);
    assert_eq!(json!(answers), expected);
}
