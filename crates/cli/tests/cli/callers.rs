//! Callers in lines and on the command line: groups, claims by name, app containers, deny-only users and privileges.

use crate::program::{code, objects, run};
use serde_json::{Value, json};
use std::{process::Output, slice};

const USER: &str = "S-1-5-21-1-2-3-1104";
const PACKAGE: &str = "S-1-15-2-1-2-3-4-5-6-7";

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

fn merged(mut one: Value, more: Value) -> Value {
    let fields = one.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    one
}

/// The answers to one question by callers with these fields.
fn answers(sddl: &str, desired: &str, callers: &[Value]) -> Vec<Value> {
    let line = |caller: &Value| {
        let caller = merged(json!({"user": USER}), caller.clone());
        let line = json!({"sddl": sddl, "desired": desired, "mapping": "file", "caller": caller});
        format!("{line}\n")
    };
    let input: String = callers.iter().map(line).collect();
    objects(&run(&["check", "--lines", "-"], input.as_bytes()))
}

fn granted(sddl: &str, desired: &str, callers: &[Value]) -> Vec<Value> {
    let answers = answers(sddl, desired, callers);
    answers.iter().map(|answer| answer["granted"].clone()).collect()
}

/// The kinds and messages of the errors.
fn errors(callers: &[Value]) -> Vec<(String, String)> {
    let text = |answer: &Value, name: &str| {
        let text = answer.pointer(&format!("/error/{name}")).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let answers = answers("D:(A;;RC;;;WD)", "RC", callers);
    assert_eq!(answers.len(), callers.len());
    let error = |answer| (text(answer, "kind"), text(answer, "message"));
    answers.iter().map(error).collect()
}

#[test]
fn claims_are_given_by_name() {
    let by_name =
        |kind: &str, values: Value| json!({"groups": ["AU"], "user_claims": {"a": {"type": kind, "values": values}}});
    for (condition, kind, values) in [
        ("@User.a == \"pm\"", "string", json!(["PM"])),
        ("@User.a == -5", "int64", json!([-5])),
        ("@User.a == {1, 2}", "int64", json!([1, 2])),
        (
            "@User.a > 9223372036854775807",
            "uint64",
            json!([18_446_744_073_709_551_615_u64]),
        ),
        ("@User.a == SID(BA)", "sid", json!(["S-1-5-32-544"])),
        ("@User.a == #0a1b", "octets", json!(["0a1b"])),
    ] {
        let sddl = format!("D:(XA;;RC;;;AU;({condition}))");
        let given = [by_name(kind, values), by_name("string", json!(["other"]))];
        assert_eq!(granted(&sddl, "RC", &given), ["0x20000", "0x0"], "{condition}");
    }
    let booleans = [by_name("boolean", json!([true])), by_name("boolean", json!([false]))];
    assert_eq!(
        granted("D:(XA;;RC;;;AU;(@User.a))", "RC", &booleans),
        ["0x20000", "0x0"]
    );
    let of_device = json!({"groups": ["AU"], "device_claims": {"a": {"type": "int64", "values": [1]}}});
    assert_eq!(
        granted("D:(XA;;RC;;;AU;(@Device.a == 1))", "RC", slice::from_ref(&of_device)),
        ["0x20000"]
    );
    assert_eq!(granted("D:(XA;;RC;;;AU;(@User.a == 1))", "RC", &[of_device]), ["0x0"]);
}

#[test]
fn groups_and_users_may_be_deny_only() {
    let allow_or_deny = |trustee: &str| {
        [
            format!("D:(A;;RC;;;{trustee})"),
            format!("D:(D;;RC;;;{trustee})(A;;RC;;;AU)"),
        ]
    };
    let both =
        |trustee, caller: &Value| allow_or_deny(trustee).map(|sddl| granted(&sddl, "RC", slice::from_ref(caller)));
    let [allow, deny] = both("BA", &json!({"groups": ["AU"], "deny_only": ["BA"]}));
    assert_eq!((allow, deny), (vec![json!("0x0")], vec![json!("0x0")]));
    for user in [
        json!({"groups": ["AU"], "user_deny_only": true}),
        json!({"groups": ["AU"], "user_deny_only": 1}),
        json!({"groups": ["AU"], "deny_only": [USER]}),
        json!({"groups": ["AU", {"sid": USER, "deny_only": true}]}),
        json!({"groups": ["AU"], "deny_only": [USER], "user_deny_only": true}),
    ] {
        let [allow, deny] = both(USER, &user);
        assert_eq!((allow, deny), (vec![json!("0x0")], vec![json!("0x0")]), "{user}");
        // The owner of an object has READ_CONTROL, but not through a deny-only SID.
        assert_eq!(granted(&format!("O:{USER}D:"), "RC", &[user]), ["0x0"]);
    }
    let enabled = json!({"groups": ["AU"], "user_deny_only": false});
    let [allow, deny] = both(USER, &enabled);
    assert_eq!((allow, deny), (vec![json!("0x20000")], vec![json!("0x0")]));
}

#[test]
fn a_sid_that_is_enabled_and_deny_only_is_an_error() {
    let callers = [
        json!({"groups": ["BA"], "deny_only": ["BA"]}),
        json!({"groups": ["BA", {"sid": "BA", "deny_only": true}]}),
        json!({"groups": [USER], "deny_only": [USER]}),
        json!({"groups": [USER], "user_deny_only": true}),
        json!({"deny_only": [USER], "user_deny_only": false}),
        json!({"authenticated": true, "deny_only": ["WD"]}),
    ];
    for (kind, message) in errors(&callers) {
        assert_eq!(kind, "enabled_and_deny_only", "{message}");
    }
    let output = run(
        &[
            "check",
            "D:(A;;RC;;;WD)",
            "--desired",
            "RC",
            "--as",
            "S-1-5-21-1-2-3-1104,BA",
            "--deny-only",
            "BA",
        ],
        b"",
    );
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("--deny-only: S-1-5-32-544 is given as enabled and as deny-only"));
}

#[test]
fn sids_of_app_containers_are_refused_as_users_and_groups() {
    for sid in [
        PACKAGE,
        "AC",
        "S-1-15-2-2",
        "S-1-15-3-1",
        "S-1-15-3-1024-1-2-3-4-5-6-7-8",
    ] {
        let callers = [
            json!({"user": sid}),
            json!({"user": sid, "authenticated": true}),
            json!({"groups": ["BU", sid]}),
            json!({"groups": [{"sid": sid, "deny_only": true}]}),
            json!({"deny_only": [sid]}),
            json!({"device_groups": [sid]}),
        ];
        for (kind, message) in errors(&callers) {
            assert_eq!(kind, "in_app_container", "{message}");
            assert!(message.contains("caller.appcontainer"), "{message}");
        }
        let listed = format!("{USER},{sid}");
        for options in [
            vec!["--as", sid],
            vec!["--as", sid, "--bare"],
            vec!["--as", &listed],
            vec!["--as", USER, "--deny-only", sid],
            vec!["--as", USER, "--device", sid],
        ] {
            let output = run(
                &[&["check", "D:(A;;RC;;;WD)", "--desired", "RC"], &options[..]].concat(),
                b"",
            );
            assert_eq!(code(&output), 2, "{options:?}");
            assert!(stderr(&output).contains("--app-container"), "{options:?}");
        }
        // A restricting SID may be any.
        let restricted = json!({"groups": ["WD"], "restricting": [sid, "WD"]});
        assert_eq!(granted("D:(A;;RC;;;WD)", "RC", &[restricted]), ["0x20000"]);
    }
}

/// Nothing that is deny-only counts as enabled.
#[test]
fn a_user_given_as_deny_only_is_not_enabled_too() {
    let sddl = format!("D:(A;;CC;;;{USER})(A;;DC;;;AU)");
    let twice = format!("{USER},{USER}");
    let status = |options: &[&str]| code(&run(&[&["check", &sddl], options].concat(), b""));
    assert_eq!(status(&["--as", USER, "--desired", "CC"]), 0);
    assert_eq!(status(&["--as", USER, "--deny-only", USER, "--desired", "CC"]), 1);
    assert_eq!(status(&["--as", USER, "--deny-only", USER, "--desired", "DC"]), 0);
    assert_eq!(status(&["--as", &twice, "--deny-only", USER, "--desired", "CC"]), 2);
    let callers = [
        json!({"groups": [USER], "deny_only": [USER]}),
        json!({"groups": ["BU"], "deny_only": ["BU"]}),
        json!({"groups": ["BU", {"sid": "BU", "deny_only": true}]}),
        json!({"deny_only": [USER], "user_deny_only": false}),
        json!({"groups": [USER], "user_deny_only": true}),
    ];
    for (kind, message) in errors(&callers) {
        assert_eq!(kind, "enabled_and_deny_only", "{message}");
    }
    assert_eq!(granted(&sddl, "max", &[json!({"deny_only": [USER]})]), ["0x0"]);
}

#[test]
fn an_app_container_is_given_by_its_package() {
    let contained = |container: Value| json!({"groups": ["WD"], "integrity": "high", "appcontainer": container});
    let callers = [
        contained(json!({"package": PACKAGE})),
        contained(json!({"package": PACKAGE, "capabilities": [], "lpac": false})),
        contained(json!({"package": PACKAGE, "capabilities": ["S-1-15-3-1", "S-1-5-32-1-2-3-4-5-6-7-8"], "lpac": 0})),
    ];
    let open = "D:(A;;0x1;;;WD)(A;;0x1;;;AC)";
    assert_eq!(granted(open, "0x1", &callers), ["0x1", "0x1", "0x1"]);
    // A container runs at low integrity, whatever else is said of the caller.
    let high = "D:(A;;0x3;;;WD)(A;;0x3;;;AC)S:(ML;;NW;;;HI)";
    assert_eq!(granted(high, "0x2", &callers), ["0x0", "0x0", "0x0"]);

    let wrong = [
        (json!({"package": "AC"}), "not_package"),
        (json!({"package": "BA"}), "not_package"),
        (json!({"package": PACKAGE, "capabilities": ["BA"]}), "not_capability"),
        (json!({"package": PACKAGE, "capabilities": [PACKAGE]}), "not_capability"),
        (json!({"package": PACKAGE, "capabilities": null}), "line_unreadable"),
        (json!({"capabilities": []}), "line_unreadable"),
        (json!({"package": PACKAGE, "lpac": null}), "line_unreadable"),
        (json!({"package": PACKAGE, "name": "x"}), "line_unreadable"),
        (json!(PACKAGE), "line_unreadable"),
        (json!(null), "line_unreadable"),
    ];
    let callers: Vec<_> = wrong
        .iter()
        .map(|(container, _)| contained(container.clone()))
        .collect();
    for ((kind, message), (container, expected)) in errors(&callers).into_iter().zip(wrong) {
        assert_eq!(kind, expected, "{container}: {message}");
    }

    let check = |sddl: &str, options: &[&str]| {
        let caller = ["--desired", "0x1", "--mapping", "file", "--as", USER];
        code(&run(&[&["check", sddl], &caller[..], options].concat(), b""))
    };
    assert_eq!(check(open, &["--app-container", PACKAGE]), 0);
    assert_eq!(
        check(open, &["--app-container", PACKAGE, "--capability", "S-1-15-3-1"]),
        0
    );
    for options in [
        vec!["--app-container", "AC"],
        vec!["--app-container", PACKAGE, "--capability", "BA"],
        vec!["--capability", "S-1-15-3-1"],
        vec!["--lpac"],
    ] {
        assert_eq!(check(open, &options), 2, "{options:?}");
    }
}

#[test]
fn privileges_that_no_check_uses_are_accepted_by_name() {
    let names = json!([
        "SeChangeNotifyPrivilege",
        "SeShutdownPrivilege",
        "SeTakeOwnershipPrivilege"
    ]);
    let callers = [
        json!({"privileges": names}),
        json!({"privileges": ["SeChangeNotifyPrivilege"]}),
    ];
    assert_eq!(granted("D:", "WO", &callers), ["0x80000", "0x0"]);
    assert_eq!(
        errors(&[json!({"privileges": ["SeFlyPrivilege"]})])[0].0,
        "privilege_unknown"
    );
}

#[test]
fn an_access_check_takes_an_impersonation_token() {
    let of = |level: Value| json!({"groups": ["WD"], "impersonation": level});
    let accepted = ["identification", "impersonation", "delegation"].map(|level| of(json!(level)));
    assert_eq!(granted("D:(A;;RC;;;WD)", "RC", &accepted), ["0x20000"; 3]);
    let refused = ["primary", "anonymous"].map(|level| of(json!(level)));
    assert!(errors(&refused).iter().all(|(kind, _)| kind == "impersonation_refused"));
    // A file or a registry key is not opened with a token that only identifies the caller.
    for kind in ["file", "share", "key", "service"] {
        let object = json!({"kind": kind, "share_sddl": "D:(A;;FA;;;WD)"});
        let object = if kind == "share" { object } else { json!({"kind": kind}) };
        let ask = |level: &str| {
            let caller = merged(json!({"user": USER}), of(json!(level)));
            let line = json!({"sddl": "D:(A;;RC;;;WD)", "desired": "RC", "object": object, "caller": caller});
            code(&run(&["check", "--lines", "-"], line.to_string().as_bytes()))
        };
        assert_eq!(ask("impersonation"), 0, "{kind}");
        assert_eq!(ask("identification"), if kind == "service" { 0 } else { 2 }, "{kind}");
    }
    let unknown = [of(json!("other")), of(json!(null)), of(json!(2))];
    assert!(errors(&unknown).iter().all(|(kind, _)| kind == "line_unreadable"));
}

/// An object without a label has the integrity level Medium.
#[test]
fn the_anonymous_user_is_untrusted() {
    let anonymous = json!({"user": "AN"});
    let medium = json!({"user": "AN", "integrity": "medium"});
    assert_eq!(granted("D:(A;;0x3;;;AN)", "max", &[anonymous, medium]), ["0x1", "0x3"]);
}

#[test]
fn groups_that_a_line_does_not_give_are_none() {
    let callers = [
        json!({"authenticated": true}),
        json!({}),
        json!({"groups_incomplete": true}),
    ];
    let sddl = format!("D:(D;;RC;;;BG)(A;;RC;;;{USER})");
    assert_eq!(granted(&sddl, "RC", &callers), ["0x20000", "0x20000", "0x0"]);
}

#[test]
fn one_thing_in_two_forms_and_keys_that_are_not_known_are_errors() {
    let by_name = json!({"a": {"type": "int64", "values": [1]}});
    let listed = json!({"user": [{"name": "a", "type": "int", "values": [1]}]});
    let mixed = [
        json!({"groups": [{"sid": "BA", "deny_only": true}], "deny_only": ["BG"]}),
        json!({"claims": listed, "user_claims": by_name}),
        json!({"claims": {}, "device_claims": by_name}),
    ];
    assert!(errors(&mixed).iter().all(|(kind, _)| kind == "key_repeated"));
    let claims = |claims: Value| json!({"user_claims": claims});
    let unknown = [
        json!({"trust": "S-1-19-512-8192"}),
        json!({"trust": null}),
        json!({"token_attributes": {}}),
        json!({"deny_only": null}),
        json!({"user_deny_only": null}),
        claims(json!(null)),
        claims(json!([])),
        claims(json!({"a": null})),
        claims(json!({"a": {"type": "int64"}})),
        claims(json!({"a": {"type": "int64", "values": null}})),
        claims(json!({"a": {"type": "real", "values": [1]}})),
        claims(json!({"a": {"type": "int64", "values": [1], "flags": 1}})),
        claims(json!({"a": ["int64", [1]]})),
    ];
    for ((kind, message), caller) in errors(&unknown).into_iter().zip(&unknown) {
        assert_eq!(kind, "line_unreadable", "{caller}: {message}");
    }
    let wrong = [
        (
            claims(json!({"a": {"type": "int64", "values": [null]}})),
            "claim_value_malformed",
        ),
        (
            claims(json!({"a": {"type": "int64", "values": [1.5]}})),
            "claim_value_malformed",
        ),
        (
            claims(json!({"a": {"type": "string", "values": [1]}})),
            "claim_value_malformed",
        ),
        (claims(json!({"a": by_name["a"], "A": by_name["a"]})), "claim_repeated"),
    ];
    let callers: Vec<_> = wrong.iter().map(|(caller, _)| caller.clone()).collect();
    for ((kind, message), (caller, expected)) in errors(&callers).into_iter().zip(wrong) {
        assert_eq!(kind, expected, "{caller}: {message}");
    }
    // A name that is in the object twice is not one that counts once.
    let twice = format!(
        r#"{{"sddl":"D:(A;;RC;;;WD)","desired":"RC","caller":{{"user":"{USER}","user_claims":{{"a":{0},"a":{0}}}}}}}"#,
        by_name["a"]
    );
    let answer = objects(&run(&["check", "--lines", "-"], twice.as_bytes()));
    assert_eq!(answer[0]["error"]["kind"], "claim_repeated");
}
