//! The verb `check`.

use crate::program::{
    COMPLETED, ENROLL, ENROLL_GROUP, OTHER_GROUPS, OWNER, STRANGER, TARGET_USER, UNBLOCK, code, in_workspace, object,
    run,
};
use serde_json::{Value, json};

#[test]
fn check_tells_the_most_that_each_caller_is_granted() {
    let descriptor = |path: &str| {
        let request: Value = serde_json::from_str(&in_workspace(path)).unwrap();
        request
            .get("SecurityDescriptor")
            .unwrap()
            .as_str()
            .unwrap()
            .trim_end_matches('\0')
            .to_owned()
    };
    let granted = |path: &str, caller: &str| {
        let sddl = descriptor(path);
        let output = run(
            &["check", &sddl, "--as", caller, "--desired", "max", "--format", "json"],
            b"",
        );
        assert_eq!(code(&output), 0);
        object(&output)
    };
    let allowed = |mask: &str| json!({"decision": "allowed", "granted": mask, "missing": "0x0", "resolve": []});
    for path in [ENROLL, COMPLETED, UNBLOCK] {
        assert_eq!(granted(path, TARGET_USER), allowed("0x2000b"));
        assert_eq!(granted(path, OWNER), allowed("0x7000f"));
        assert_eq!(granted(path, STRANGER), allowed("0x20000"));
    }
    assert_eq!(granted(ENROLL, ENROLL_GROUP), allowed("0x2000a"));
    assert_eq!(granted(UNBLOCK, ENROLL_GROUP), allowed("0x20008"));
    for group in OTHER_GROUPS {
        assert_eq!(granted(ENROLL, group), allowed("0x2000a"));
        assert_eq!(granted(UNBLOCK, group), allowed("0x20000"));
    }
}

#[test]
fn everyone_and_authenticated_users_are_added_unless_bare() {
    let check = |caller: &str, more: &[&str]| {
        let arguments = [
            "check",
            "D:(A;;CC;;;WD)(A;;DC;;;AU)",
            "--as",
            caller,
            "--desired",
            "max",
            "--format",
            "json",
        ];
        let answer = object(&run(&[&arguments[..], more].concat(), b""));
        answer.get("granted").cloned().unwrap()
    };
    assert_eq!(check(STRANGER, &[]), "0x3");
    assert_eq!(check(STRANGER, &["--bare"]), "0x0");
    assert_eq!(check("AN", &["--bare"]), "0x0");
    assert_eq!(check(&format!("{STRANGER},WD"), &["--bare"]), "0x1");
    assert_eq!(check(STRANGER, &["--bare", "--deny-only", "WD"]), "0x0");
}
