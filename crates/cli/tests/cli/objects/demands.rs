//! The demands of functions of Windows, central policies, and the level of a token.

use super::{USER, about, allow, assert_said, line};
use crate::program::{code, run};
use serde_json::{Value, json};

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
            // A rule that can't be read is an error. The policy is not left out.
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
