//! The verb `decide`.

use crate::program::{
    COMPLETED, ENROLL, ENROLL_GROUP, OWNER, STRANGER, TARGET_USER, UNBLOCK, code, in_workspace, lines, object, objects,
    run,
};
use serde_json::{Value, json};

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
        ("\n".to_owned(), "request_unreadable", "input_empty"),
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
    assert_eq!(statuses, [200, 500, 204, 200]);
    assert_eq!(code(&output), 2);
    let output = run(&arguments[..6], stream.as_bytes());
    let starts: Vec<_> = lines(&output)
        .iter()
        .map(|line| line.get(..4).unwrap().to_owned())
        .collect();
    assert_eq!(starts, ["200 ", "500 ", "204 ", "200 "]);
}
