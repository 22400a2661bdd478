//! `check --lines`.

use crate::program::{STRANGER, code, object, objects, run};
use serde_json::{Value, json};

/// A value that is left out of a list would move the others into its place.
#[test]
fn lines_are_read_by_the_names_of_their_fields() {
    let user = "S-1-5-21-1-2-3-1104";
    let callers = [
        format!(r#"["{user}",["BA"],true]"#),
        format!(r#"{{"user":"{user}","groups":["BA",["BA",true]]}}"#),
        format!(r#"{{"user":"{user}","claims":[[],[]]}}"#),
        format!(r#"{{"user":"{user}","claims":{{"user":[["a","int",[1]]]}}}}"#),
    ];
    let line = |caller: &str| format!("{{\"sddl\":\"D:(A;;CC;;;BA)\",\"caller\":{caller},\"desired\":\"0x1\"}}\n");
    let input: String = callers.iter().map(|caller| line(caller)).collect();
    let output = run(&["check", "--lines", "-"], input.as_bytes());
    assert_eq!(code(&output), 2);
    let answers = objects(&output);
    assert_eq!(answers.len(), callers.len());
    for (answer, caller) in answers.iter().zip(&callers) {
        assert_eq!(answer["error"]["kind"], "line_unreadable", "{caller}");
    }
}

/// The limit for a line does not limit a file of lines.
#[test]
fn a_file_of_lines_may_be_of_any_length() {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/lines.jsonl");
    let line =
        r#"{"sddl":"D:(A;;CC;;;WD)","caller":{"user":"S-1-5-21-1-2-3-1104","authenticated":true},"desired":"0x1"}"#;
    let padded = format!("{}{line}\n", " ".repeat(3 << 20));
    std::fs::write(path, padded.repeat(3)).unwrap();
    let output = run(&["check", "--lines", &format!("@{path}")], b"");
    std::fs::remove_file(path).unwrap();
    let answers = objects(&output);
    assert_eq!(answers.len(), 3);
    assert!(
        answers.iter().all(|answer| answer["decision"] == "allowed"),
        "{answers:?}"
    );
    assert_eq!(code(&output), 0);

    for unreadable in ["@tests/data/no-such-file", "@tests/data"] {
        let output = run(&["check", "--lines", unreadable], b"");
        assert_eq!(object(&output)["error"]["kind"], "file_unreadable");
        assert_eq!(code(&output), 2);
    }
}

/// The cache remembers a text that was read before, and nothing else.
#[test]
fn lines_that_repeat_are_answered_alike() {
    let line = |form: &str, descriptor: &str, caller: &str| {
        format!(r#"{{"{form}":"{descriptor}","caller":{caller},"desired":"0x1"}}"#)
    };
    let (member, stranger) = (
        r#"{"user":"S-1-5-21-1-2-3-1104","groups":["BA"]}"#,
        r#"{"user":"S-1-5-21-1-2-3-1104"}"#,
    );
    let (hex, unknown) = (
        "0100048000000000000000000000000000000000",
        r#"{"user":"S-1-5-21-1-2-3-1104","x":1}"#,
    );
    let rows = [
        (line("sddl", "D:(A;;CC;;;BA)", member), "allowed"),
        (line("sddl", "D:(A;;CC;;;BA)", stranger), "denied"),
        (line("sddl", "D:(D;;CC;;;BA)", member), "denied"),
        (line("hex", hex, stranger), "allowed"),
        // No form is taken for the other.
        (line("sddl", hex, stranger), "section_unknown"),
        (line("hex", "D:(A;;CC;;;BA)", member), "hex_malformed"),
        (line("sddl", "D:(A;;CC;;;BA)", unknown), "line_unreadable"),
    ];
    let twice: Vec<_> = rows.iter().chain(&rows).collect();
    let input: String = twice.iter().map(|(line, _)| format!("{line}\n")).collect();
    let output = run(&["check", "--lines", "--stats", "-"], input.as_bytes());
    let answers = objects(&output);
    for (answer, (line, expected)) in answers.iter().zip(&twice) {
        let found = answer["decision"].as_str().or_else(|| answer["error"]["kind"].as_str());
        assert_eq!(found, Some(*expected), "{line}");
    }
    let (once, again) = answers.split_at(rows.len());
    assert_eq!(once, again);
    // Where in the line, not in the caller.
    let column = |answer: &Value| answer["error"]["message"].as_str().unwrap().ends_with("column 67");
    assert!(once.last().is_some_and(column), "{once:?}");
    let stats = String::from_utf8(output.stderr).unwrap();
    assert!(
        stats.starts_with("14 lines in ") && stats.ends_with("read 2 callers and 3 descriptors\n"),
        "{stats}"
    );
}

#[test]
fn lines_carry_their_own_caller() {
    let allowed = json!({"decision": "allowed", "granted": "0x1", "missing": "0x0", "resolve": []});
    let denied = json!({"decision": "denied", "granted": "0x0", "missing": "0x1", "resolve": []});
    let user = |more: Value| {
        let mut caller = json!({"user": STRANGER});
        caller
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        caller
    };
    let everyone = "D:(A;;CC;;;WD)";
    let cases = [
        (
            json!({"sddl": everyone, "caller": user(json!({})), "desired": "0x1"}),
            denied.clone(),
        ),
        (
            json!({"sddl": everyone, "caller": user(json!({"authenticated": true})), "desired": "0x1"}),
            allowed.clone(),
        ),
        (
            json!({"sddl": everyone, "caller": user(json!({"authenticated": 1})), "desired": "CC"}),
            allowed.clone(),
        ),
        (
            json!({"sddl": everyone, "caller": user(json!({"authenticated": 0, "groups": ["S-1-1-0"]})), "desired": "max"}),
            allowed.clone(),
        ),
        (
            json!({"sddl": everyone, "caller": user(json!({"groups": [{"sid": "S-1-1-0", "deny_only": true}]})), "desired": "0x1"}),
            denied.clone(),
        ),
        (
            json!({"sddl": everyone, "caller": user(json!({"groups": [{"sid": "S-1-1-0", "deny_only": 0}]})), "desired": "0x1"}),
            allowed.clone(),
        ),
        (
            json!({"sddl": everyone, "caller": user(json!({"groups_incomplete": true, "claims_incomplete": true})), "desired": "0x1"}),
            json!({"decision": "denied", "granted": "0x0", "missing": "0x1", "resolve": ["S-1-1-0"]}),
        ),
        (
            json!({"sddl": "D:(A;;GA;;;WD)", "caller": user(json!({"groups": ["WD"]})), "desired": "0x1"}),
            denied,
        ),
        (
            json!({"sddl": "D:(A;;GA;;;WD)", "caller": user(json!({"groups": ["WD"]})), "desired": "0x1", "mapping": "file"}),
            allowed,
        ),
        (
            json!({"sddl": "D:\u{0}\u{0}", "caller": user(json!({})), "desired": "max"}),
            json!({"decision": "denied", "granted": "0x0", "missing": "0x0", "resolve": []}),
        ),
    ];
    let input: String = cases.iter().map(|(line, _)| format!("{line}\n")).collect();
    let output = run(&["check", "--lines", "-"], input.as_bytes());
    let expected: Vec<_> = cases.into_iter().map(|(_, answer)| answer).collect();
    assert_eq!(objects(&output), expected);
    assert_eq!(code(&output), 1);
}

#[test]
fn a_line_that_cannot_be_checked_is_an_error_in_its_place() {
    let line = |field: &str, value: Value| {
        let mut line = json!({"sddl": "D:(A;;CC;;;WD)", "caller": {"user": STRANGER}, "desired": "0x1"});
        let (parent, key) = field.rsplit_once('/').unwrap();
        let parent = line.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.insert(key.to_owned(), value);
        line.to_string()
    };
    let cases = [
        (line("/sddl", json!("D:(A;;CC;;;QQ)")), "sid_alias_unknown"),
        (line("/sddl", json!(null)), "line_unreadable"),
        (line("/hex", json!("0100")), "line_unreadable"),
        (
            line("/caller/claims", json!({"user": [{"name": "a"}]})),
            "line_unreadable",
        ),
        (
            line("/caller/privileges", json!(["SeFlyPrivilege"])),
            "privilege_unknown",
        ),
        (line("/caller/integrity", json!("BA")), "integrity_not_label"),
        (
            line("/caller/restricting", json!(["S-1-5"])),
            "sid_sub_authority_missing",
        ),
        (line("/caller/write_restricted", json!(true)), "restricting_missing"),
        (line("/caller/device_groups", json!(["QQ"])), "sid_alias_unknown"),
        (line("/caller/self", json!("QQ")), "sid_alias_unknown"),
        (line("/objects", json!(["1"])), "guid_malformed"),
        (line("/caller/user", json!("S-1-5")), "sid_sub_authority_missing"),
        (line("/caller/user", json!(3)), "line_unreadable"),
        (line("/caller/groups", json!([3])), "line_unreadable"),
        (line("/caller/authenticated", json!(2)), "line_unreadable"),
        (line("/caller/color", json!("red")), "line_unreadable"),
        (line("/desired", json!("QQ")), "right_unknown"),
        (line("/desired", json!(1)), "line_unreadable"),
        (line("/mapping", json!("printer")), "line_unreadable"),
        (line("/object", json!(1)), "line_unreadable"),
        ("{".to_owned(), "line_unreadable"),
        (
            format!(r#"["D:(A;;CC;;;WD)",null,{{"user":"{STRANGER}"}},"0x1"]"#),
            "line_unreadable",
        ),
        (line("/sddl", json!("")), "descriptor_empty"),
    ];
    let mut input: Vec<u8> = cases
        .iter()
        .flat_map(|(line, _)| format!("{line}\n").into_bytes())
        .collect();
    // The line without text is skipped.
    input.extend(b"\n\xff\n");
    let output = run(&["check", "--lines", "-"], &input);
    let kinds: Vec<_> = objects(&output)
        .iter()
        .map(|answer| answer.pointer("/error/kind").cloned().unwrap())
        .collect();
    let expected: Vec<_> = cases.iter().map(|(_, kind)| *kind).chain(["not_utf8"]).collect();
    assert_eq!(kinds, expected);
    assert_eq!(code(&output), 2);
    let place = object(&run(&["check", "--lines", "-"], cases[0].0.as_bytes()));
    assert_eq!(
        (place.pointer("/error/start"), place.pointer("/error/end")),
        (Some(&json!(11)), Some(&json!(13)))
    );
}
