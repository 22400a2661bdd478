//! The program: its answers, exit statuses and JSON, and what it says to those who get it wrong.
#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use serde_json::{Value, json};
use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

const ENROLL: &str = "tests/data/enroll-approved.json";
const COMPLETED: &str = "tests/data/enroll-completed.json";
const UNBLOCK: &str = "tests/data/unblock-approved.json";

const TARGET_USER: &str = "S-1-5-21-2127521184-1604012920-1887927527-14995557";
const ENROLL_GROUP: &str = "S-1-5-21-2127521184-1604012920-1887927527-5094533";
const OTHER_GROUPS: [&str; 2] = [
    "S-1-5-21-2127521184-1604012920-1887927527-5094534",
    "S-1-5-21-2127521184-1604012920-1887927527-5219125",
];
const OWNER: &str = "S-1-5-21-2127521184-1604012920-1887927527-14134865";
const STRANGER: &str = "S-1-5-21-2127521184-1604012920-1887927527-1";

/// The folder of the workspace, from which paths such as `tests/data` lead.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn in_workspace(path: &str) -> String {
    std::fs::read_to_string(format!("{WORKSPACE}/{path}")).unwrap()
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sddl-authz"))
        .current_dir(WORKSPACE)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not wait for input.
    let _ = program.stdin.take().unwrap().write_all(input);
    program.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    str::from_utf8(&output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn objects(output: &Output) -> Vec<Value> {
    lines(output)
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn object(output: &Output) -> Value {
    let [object] = <[Value; 1]>::try_from(objects(output)).unwrap();
    object
}

/// Request, caller, and the answers to Completed, Canceled and Abandoned.
fn table() -> Vec<(&'static str, String, [u16; 3])> {
    let both = format!("{TARGET_USER},{ENROLL_GROUP}");
    [
        (ENROLL, TARGET_USER, [200, 200, 200]),
        (UNBLOCK, TARGET_USER, [200, 200, 200]),
        (COMPLETED, TARGET_USER, [204, 403, 403]),
        (ENROLL, ENROLL_GROUP, [403, 200, 200]),
        (UNBLOCK, ENROLL_GROUP, [403, 403, 403]),
        (ENROLL, OWNER, [200, 200, 200]),
        (UNBLOCK, OWNER, [200, 200, 200]),
        (ENROLL, STRANGER, [403, 403, 403]),
        (COMPLETED, STRANGER, [403, 403, 403]),
        (UNBLOCK, STRANGER, [403, 403, 403]),
        (ENROLL, &both, [200, 200, 200]),
        (UNBLOCK, &both, [200, 200, 200]),
    ]
    .map(|(request, caller, answers)| (request, caller.to_owned(), answers))
    .to_vec()
}

#[test]
fn the_published_requests_are_decided_as_the_table_says() {
    for (request, caller, answers) in table() {
        for (word, status) in ["Completed", "Canceled", "Abandoned"].into_iter().zip(answers) {
            let arguments = ["decide", request, "--status", word, "--as", &caller];
            let output = run(&arguments, b"");
            let first = lines(&output).first().unwrap().to_owned();
            assert!(first.starts_with(&format!("{status} ")), "{arguments:?}: {first}");
            assert_eq!(code(&output), i32::from(status == 403), "{arguments:?}");
            let json = object(&run(&[&arguments[..], &["--format", "json"]].concat(), b""));
            assert_eq!(json.get("status"), Some(&json!(status)), "{arguments:?}");
        }
    }
}

fn decide_json(request: &str, word: &str, caller: &str, more: &[&str]) -> Value {
    let arguments = ["decide", request, "--status", word, "--as", caller, "--format", "json"];
    object(&run(&[&arguments[..], more].concat(), b""))
}

#[test]
fn decisions_have_the_shape_of_the_contract() {
    assert_eq!(
        decide_json(ENROLL, "Completed", TARGET_USER, &[]),
        json!({"status": 200, "outcome": "permitted", "change": "Completed", "from": 3, "to": 8})
    );
    assert_eq!(
        decide_json(ENROLL, "Abandoned", TARGET_USER, &[]),
        json!({"status": 200, "outcome": "permitted", "change": "Abandoned", "from": 3, "to": 9})
    );
    assert_eq!(
        decide_json(COMPLETED, "Completed", TARGET_USER, &[]),
        json!({"status": 204, "outcome": "unchanged", "change": "Completed", "from": 8, "to": 8})
    );
    assert_eq!(
        decide_json(ENROLL, "Completed", ENROLL_GROUP, &[]),
        json!({"status": 403, "outcome": "forbidden", "change": "Completed", "reason": "no_right", "missing": ["0x1"]})
    );
    assert_eq!(
        decide_json(ENROLL, "Abandoned", STRANGER, &[]),
        json!({"status": 403, "outcome": "forbidden", "change": "Abandoned", "reason": "no_right", "missing": ["0x1", "0x2"]})
    );
    assert_eq!(
        decide_json(COMPLETED, "Canceled", TARGET_USER, &[]),
        json!({"status": 403, "outcome": "forbidden", "change": "Canceled", "reason": "wrong_state", "missing": []})
    );
    assert_eq!(
        decide_json(ENROLL, "Completed", STRANGER, &["--groups-incomplete"]),
        json!({"status": 403, "outcome": "forbidden", "change": "Completed", "reason": "undetermined", "missing": ["0x1"],
               "resolve": [OWNER, TARGET_USER]})
    );
}

#[test]
fn an_explanation_says_what_each_entry_did_and_where_it_stands() {
    let explained = decide_json(UNBLOCK, "Completed", ENROLL_GROUP, &["--explain"]);
    let alternative = explained.pointer("/explanation/alternatives/0").unwrap();
    assert_eq!(alternative.get("desired"), Some(&json!("0x1")));
    assert_eq!(alternative.get("decision"), Some(&json!("denied")));
    let did: Vec<_> = alternative
        .get("steps")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step.get("did").unwrap())
        .collect();
    assert_eq!(
        did,
        [
            "not_member",
            "nothing_wanted",
            "nothing_wanted",
            "not_member",
            "not_member",
            "not_member"
        ]
    );
    let request: Value = serde_json::from_str(&in_workspace(UNBLOCK)).unwrap();
    let text = request.get("SecurityDescriptor").unwrap().as_str().unwrap();
    for step in alternative.get("steps").unwrap().as_array().unwrap() {
        let place = |key: &str| usize::try_from(step.pointer(key).unwrap().as_u64().unwrap()).unwrap();
        let there = text.get(place("/span/start")..place("/span/end"));
        assert_eq!(there, step.get("sddl").unwrap().as_str());
    }
}

#[test]
fn what_cannot_be_decided_is_a_500_with_a_reason() {
    let failed = |row: &str| {
        let output = run(
            &[
                "decide",
                "-",
                "--status",
                "Completed",
                "--as",
                OWNER,
                "--format",
                "json",
            ],
            row.as_bytes(),
        );
        assert_eq!(code(&output), 2, "{row}");
        let answer = object(&output);
        assert_eq!(answer.get("status"), Some(&json!(500)));
        assert_eq!(answer.get("outcome"), Some(&json!("failed")));
        (
            answer.get("reason").unwrap().clone(),
            answer.get("error").unwrap().clone(),
        )
    };
    let row = |descriptor: &str| {
        json!({"Uuid": "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099", "Status": 3, "SecurityDescriptor": descriptor})
            .to_string()
    };
    let (reason, error) = failed(&row("O:BAD:(A;;CC;;;ZZ)"));
    assert_eq!(reason, "descriptor_unreadable");
    assert_eq!(error.get("kind"), Some(&json!("sid_alias_unknown")));
    assert_eq!(
        (error.get("start"), error.get("end")),
        (Some(&json!(15)), Some(&json!(17)))
    );
    for (row, reason, kind) in [
        (row("D:(A;;CC;;;WD)\0."), "descriptor_unreadable", "nul_inside"),
        (row(""), "descriptor_unreadable", "descriptor_missing"),
        (row("O:SY"), "unprotected", "unprotected"),
        ("{".to_owned(), "request_unreadable", "request_unreadable"),
        ("\n".to_owned(), "request_unreadable", "request_unreadable"),
    ] {
        let (found, error) = failed(&row);
        assert_eq!((found, error.get("kind")), (json!(reason), Some(&json!(kind))), "{row}");
        assert!(error.get("start").is_none() || kind == "nul_inside");
    }
}

#[test]
fn a_policy_file_decides_and_a_bad_one_lets_nobody_in() {
    let directory = std::env::temp_dir().join(format!("sddl-authz-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let decide = |name: &str, policy: &str| {
        let path = directory.join(name);
        std::fs::write(&path, policy).unwrap();
        decide_json(ENROLL, "Completed", STRANGER, &["--policy", path.to_str().unwrap()])
    };
    let everyone_may_read = "version = 1\n[completed]\nmasks = [\"RC\"]\nstart = [\"Approved\"]\n";
    assert_eq!(decide("a.toml", everyone_may_read).get("status"), Some(&json!(200)));
    let json_form = r#"{"version":1,"completed":{"masks":["0x20000"],"start":["Approved"]}}"#;
    assert_eq!(decide("a.json", json_form).get("status"), Some(&json!(200)));
    assert_eq!(decide("a", json_form).get("status"), Some(&json!(200)));
    assert_eq!(decide("b.toml", "version = 1\n").get("status"), Some(&json!(403)));
    for (bad, kind) in [
        (
            "version = 1\n[completed]\nmasks = [\"0x0\"]\nstart = [\"Approved\"]\n",
            "policy_invalid",
        ),
        ("version = 2\n", "policy_invalid"),
        ("version = 1\n[complete]\n", "policy_unreadable"),
        ("version = \n", "policy_unreadable"),
    ] {
        let answer = decide("bad.toml", bad);
        assert_eq!(answer.get("status"), Some(&json!(500)), "{bad}");
        assert_eq!(answer.get("reason"), Some(&json!("policy")), "{bad}");
        assert_eq!(answer.pointer("/error/kind"), Some(&json!(kind)), "{bad}");
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_stream_of_requests_has_an_answer_for_each_line_in_order() {
    let rows = [ENROLL, COMPLETED, UNBLOCK].map(in_workspace);
    let stream = format!("{}{{\n\n{}{}", rows[0], rows[1], rows[2].trim_end());
    let arguments = [
        "decide",
        "-",
        "--status",
        "Completed",
        "--as",
        TARGET_USER,
        "--format",
        "json",
    ];
    let output = run(&arguments, stream.as_bytes());
    let statuses: Vec<_> = objects(&output)
        .iter()
        .map(|answer| answer.get("status").cloned().unwrap())
        .collect();
    assert_eq!(statuses, [200, 500, 500, 204, 200]);
    assert_eq!(code(&output), 2);
    let output = run(&arguments[..6], stream.as_bytes());
    let starts: Vec<_> = lines(&output)
        .iter()
        .map(|line| line.get(..4).unwrap().to_owned())
        .collect();
    assert_eq!(starts, ["200 ", "500 ", "500 ", "204 ", "200 "]);
}

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
fn the_exit_status_is_that_of_grep() {
    let status = |arguments: &[&str]| code(&run(arguments, b""));
    let check = |sddl: &str, desired: &str| status(&["check", sddl, "--as", STRANGER, "--desired", desired]);
    assert_eq!(check("D:(A;;CC;;;WD)", "CC"), 0);
    assert_eq!(check("D:(A;;CC;;;WD)", "DC"), 1);
    assert_eq!(check("D:(A;;CC;;;WD)", "0"), 1);
    assert_eq!(check("D:", "max"), 1);
    assert_eq!(check("D:(A;;CC;;;WD", "CC"), 2);
    assert_eq!(check("D:(A;;CC;;;WD)", "Q"), 2);
    assert_eq!(status(&["parse", "D:"]), 0);
    assert_eq!(status(&["parse", "D"]), 2);
    assert_eq!(status(&["convert", "--from", "sddl", "--to", "sddl", "D:"]), 0);
    assert_eq!(status(&["convert", "--from", "sddl", "--to", "sddl", "@nowhere"]), 2);
    assert_eq!(status(&["judge"]), 2);
    assert_eq!(status(&["--help"]), 0);
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
        (String::new(), "line_unreadable"),
    ];
    let mut input: Vec<u8> = cases
        .iter()
        .flat_map(|(line, _)| format!("{line}\n").into_bytes())
        .collect();
    input.extend(b"\xff\n");
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

/// A NULL DACL and a DACL of one entry, in the four forms. The bytes are laid out by [MS-DTYP] 2.4.6.
const FORMS: [[(&str, &str); 4]; 2] = [
    [
        ("sddl", "D:NO_ACCESS_CONTROL"),
        ("hex", "0100048000000000000000000000000000000000"),
        ("base64", "AQAEgAAAAAAAAAAAAAAAAAAAAAA="),
        (
            "json",
            r#"{"owner":null,"group":null,"control":[],"dacl":"null","sacl":"absent"}"#,
        ),
    ],
    [
        ("sddl", "D:P(A;OI;CC;;;WD)"),
        (
            "hex",
            "01000490000000000000000000000000140000000200\
            1c00010000000001140001000000010100000000000100000000",
        ),
        (
            "base64",
            "AQAEkAAAAAAAAAAAAAAAABQAAAACABwAAQAAAAABFAABAAAAAQEAAAAAAAEAAAAA",
        ),
        (
            "json",
            r#"{"owner":null,"group":null,"control":["DACL_PROTECTED"],"dacl":{"present":[{"type":"A","flags":["OI"],"mask":"0x1","trustee":"S-1-1-0"}]},"sacl":"absent"}"#,
        ),
    ],
];

#[test]
fn convert_goes_from_every_form_to_every_other() {
    for forms in FORMS {
        for (from, input) in forms {
            for (to, expected) in forms {
                let output = run(&["convert", "--from", from, "--to", to, input], b"");
                assert_eq!(
                    String::from_utf8_lossy(&output.stdout).trim_end(),
                    expected,
                    "{from} to {to}"
                );
            }
        }
    }
}

#[test]
fn a_refused_line_of_convert_is_answered_in_its_place() {
    let input = b"D:(A;;0x1f01ff;;;S-1-5-32-544)O:SY\r\nO:ZZ\n\xff\nO:SY\0\0";
    let output = run(&["convert", "--from", "sddl", "--to", "sddl", "-"], input);
    let lines = lines(&output);
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0], "O:SYD:(A;;FA;;;BA)");
    assert!(
        lines[1].starts_with("error: sid_alias_unknown at 2..4: "),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("error: not_utf8: "), "{}", lines[2]);
    assert_eq!(lines[3], "O:SY");
    assert_eq!(code(&output), 2);
    assert!(output.stderr.is_empty());
}

#[test]
fn a_line_that_is_too_long_is_refused_and_the_next_is_read() {
    let mut input = vec![b' '; (8 << 20) + 1];
    input.extend(b"\nO:SY\n");
    let output = run(&["convert", "--from", "sddl", "--to", "sddl", "-"], &input);
    let lines = lines(&output);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("error: input_too_long: "), "{}", lines[0]);
    assert_eq!(lines[1], "O:SY");
}

#[test]
fn json_answers_every_input_once_errors_included() {
    for arguments in [
        &["parse", "O:ZZ(", "--format", "json"][..],
        &["parse", "D:(A;;QQ;;;WD)(A;;CC;;;ZZ)", "--format", "json"],
        &["convert", "--from", "sddl", "--to", "json", "O:ZZ", "--format", "json"],
        &["check", "O:ZZ", "--as", STRANGER, "--desired", "CC", "--format", "json"],
        &["check", "D:", "--as", "S-1-x", "--desired", "CC", "--format", "json"],
        &[
            "decide", ENROLL, "--status", "Done", "--as", STRANGER, "--format", "json",
        ],
        &[
            "decide",
            "nowhere.json",
            "--status",
            "Completed",
            "--as",
            STRANGER,
            "--format",
            "json",
        ],
    ] {
        let output = run(arguments, b"");
        assert_eq!(code(&output), 2, "{arguments:?}");
        let error = object(&output).get("error").cloned().unwrap();
        assert!(
            error.get("kind").is_some() && error.get("message").is_some(),
            "{arguments:?}"
        );
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn nothing_that_a_terminal_obeys_gets_through() {
    for arguments in [
        &["parse", "O:\u{1b}[31m\u{202e}\u{2028}"][..],
        &["check", "D:", "--as", "S-1-\u{1b}", "--desired", "CC"],
        &["check", "D:", "--as", STRANGER, "--desired", "\u{202e}\n"],
        &["decide", "no\u{1b}where", "--status", "Completed", "--as", STRANGER],
        &["decide", ENROLL, "--status", "\u{1b}\u{2066}", "--as", STRANGER],
        &[
            "check",
            "D:",
            "--as",
            STRANGER,
            "--desired",
            "CC",
            "--claim",
            "a=\u{1b}",
        ],
        &[
            "check",
            "D:",
            "--as",
            STRANGER,
            "--desired",
            "CC",
            "--privilege",
            "\u{1b}",
        ],
        &[
            "check",
            "D:",
            "--as",
            STRANGER,
            "--desired",
            "CC",
            "--object",
            "\u{1b}:1",
        ],
        &[
            "check",
            "D:(XA;;CC;;;AU;(@User.a == @User.%202eb))",
            "--as",
            STRANGER,
            "--desired",
            "CC",
            "--claim",
            "a=\"\u{1b}\"",
            "--claims-incomplete",
            "--explain",
        ],
    ] {
        let output = run(arguments, b"");
        let all = [output.stdout, output.stderr].concat();
        let all = str::from_utf8(&all).unwrap();
        assert!(!all.contains(['\u{1b}', '\u{202e}', '\u{2028}', '\u{2066}']), "{all}");
        assert!(all.contains("\\u{"), "{all}");
    }
}

#[test]
fn whoever_stops_reading_gets_no_complaint() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sddl-authz"))
        .current_dir(WORKSPACE)
        .args(["convert", "--from", "sddl", "--to", "sddl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(program.stdout.take());
    let mut stdin = program.stdin.take().unwrap();
    // The program may end before it has read all of this.
    let _ = stdin.write_all(&b"O:SY\n".repeat(100_000));
    drop(stdin);
    let output = program.wait_with_output().unwrap();
    assert_eq!(code(&output), 0);
    assert!(output.stderr.is_empty());
}

#[test]
fn what_it_says_is_as_recorded() {
    std::env::set_current_dir(WORKSPACE).unwrap();
    trycmd::TestCases::new()
        .case("crates/cli/tests/cmd/*.trycmd")
        .case("README.md");
}

#[test]
#[cfg(unix)]
fn the_examples_in_the_help_work() {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_sddl-authz"));
    let directory = program.parent().unwrap().to_str().unwrap();
    let path = format!("{directory}:{}", std::env::var("PATH").unwrap_or_default());
    let mut count = 0;
    for verb in [
        &["--help"][..],
        &["decide", "--help"],
        &["check", "--help"],
        &["parse", "--help"],
        &["convert", "--help"],
    ] {
        let help = lines(&run(verb, b"")).join("\n");
        let (_, examples) = help.split_once("Examples:\n").unwrap();
        for example in examples.replace("\\\n", "").lines() {
            let output = Command::new("sh")
                .current_dir(WORKSPACE)
                .args(["-c", example])
                .env("PATH", &path)
                .output()
                .unwrap();
            assert!(
                code(&output) < 2,
                "{example}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(!output.stdout.is_empty(), "{example}");
            count += 1;
        }
    }
    assert_eq!(count, 19);
}

#[test]
fn colours_go_where_they_are_wanted() {
    let check = |variable: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_sddl-authz"))
            .current_dir(WORKSPACE)
            .args(["check", "D:(A;;CC;;;WD)", "--as", STRANGER, "--desired", "CC"])
            .env_remove("CLICOLOR_FORCE")
            .env_remove("NO_COLOR")
            .env(variable, "1")
            .output()
            .unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(check("CLICOLOR_FORCE"));
    assert!(!check("NO_COLOR"));
}
