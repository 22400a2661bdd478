//! Input that asks nothing: a text without any part, an empty file, an empty stream, lines without text.

use crate::program::{ENROLL, STRANGER, TARGET_USER, code, in_workspace, lines, object, objects, run};
use serde_json::{Value, json};

const CHECK: [&str; 6] = ["--as", STRANGER, "--desired", "CC", "--format", "json"];

fn check(input: &str, stream: &[u8]) -> (i32, Vec<Value>) {
    let output = run(&[&["check", input][..], &CHECK].concat(), stream);
    (code(&output), objects(&output))
}

/// The error of the only answer.
fn refusal(input: &str, stream: &[u8]) -> Value {
    let (code, answers) = check(input, stream);
    assert_eq!((code, answers.len()), (2, 1), "{input:?}");
    answers.first().unwrap().pointer("/error/kind").unwrap().clone()
}

fn file(name: &str, bytes: &[u8]) -> String {
    let path = format!("{}/questions-{name}", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&path, bytes).unwrap();
    format!("@{path}")
}

#[test]
fn a_text_without_any_part_is_an_error() {
    for text in ["", " ", "\n", "\0", "\0\0"] {
        if !text.contains('\0') {
            assert_eq!(refusal(text, b""), "descriptor_empty", "{text:?}");
        }
        let path = file("empty", text.as_bytes());
        assert_eq!(refusal(&path, b""), "descriptor_empty", "{text:?} in a file");
    }
    assert_eq!(refusal("-", b"\0\0\n"), "descriptor_empty");
    // This object is open to everybody on purpose.
    let (code, answers) = check("D:NO_ACCESS_CONTROL", b"");
    assert_eq!((code, &answers[0]["decision"]), (0, &json!("allowed")));
    // An owner is a part.
    assert_eq!(check("O:SY", b"").0, 0);
}

#[test]
fn a_stream_without_a_question_is_an_error() {
    for stream in [&b""[..], b"\n", b"\r\n \n\t\n", b"\xef\xbb\xbf", b"\xff\xfe"] {
        assert_eq!(refusal("-", stream), "input_empty", "{stream:?}");
        let output = run(&["check", "--lines", "-"], stream);
        assert_eq!(
            (code(&output), &object(&output)["error"]["kind"]),
            (2, &json!("input_empty")),
            "{stream:?}"
        );
        let path = file("lines", stream);
        let output = run(&["check", "--lines", &path], b"");
        assert_eq!(
            (code(&output), &object(&output)["error"]["kind"]),
            (2, &json!("input_empty")),
            "{stream:?}"
        );
        let decide = [
            "decide",
            "-",
            "--status",
            "Completed",
            "--as",
            STRANGER,
            "--format",
            "json",
        ];
        let output = run(&decide, stream);
        let answer = object(&output);
        assert_eq!(
            (code(&output), &answer["status"], &answer["error"]["kind"]),
            (2, &json!(500), &json!("input_empty")),
            "{stream:?}"
        );
    }
}

#[test]
fn lines_without_text_are_skipped_and_not_counted() {
    let (code_of_check, answers) = check("-", b"\nD:(A;;CC;;;WD)\n\n  \r\nD:(A;;CC;;;WD)");
    assert_eq!(code_of_check, 0);
    assert_eq!(answers.len(), 2);
    assert!(
        answers.iter().all(|answer| answer["decision"] == "allowed"),
        "{answers:?}"
    );

    let line = json!({"sddl": "D:(A;;CC;;;WD)", "caller": {"user": STRANGER, "authenticated": true}, "desired": "0x1"});
    let output = run(
        &["check", "--lines", "--stats", "-"],
        format!("\n \n{line}\n\t\n{line}\n\n").as_bytes(),
    );
    assert_eq!((code(&output), objects(&output).len()), (0, 2));
    let stats = str::from_utf8(&output.stderr).unwrap();
    assert!(stats.starts_with("2 lines in "), "{stats}");

    let row = in_workspace(ENROLL);
    let decide = ["decide", "-", "--status", "Completed", "--as", TARGET_USER];
    let output = run(&decide, format!("\n{row}\n \n{row}").as_bytes());
    assert_eq!((code(&output), lines(&output).len()), (0, 2));
}

#[test]
fn convert_has_a_line_for_each_line() {
    let output = run(
        &["convert", "--from", "sddl", "--to", "sddl", "-"],
        b"\nO:SY\n \n\nO:BA",
    );
    assert_eq!(lines(&output), ["", "O:SY", "", "", "O:BA"]);
    assert_eq!(code(&output), 0);
    let output = run(&["convert", "--from", "sddl", "--to", "sddl", "-"], b"");
    assert_eq!((code(&output), lines(&output).len()), (0, 0));
}

fn utf16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = mark.then_some(0xfeff);
    mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn utf_16_is_read_with_and_without_its_mark() {
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        for mark in [true, false] {
            let answers = check(&file("utf16", &utf16("D:(A;;CC;;;WD)\r\n", mark, bytes)), b"").1;
            assert_eq!(answers[0]["decision"], "allowed");

            let stream = utf16("D:(A;;CC;;;WD)\r\n\r\nD:(A;;DC;;;WD)\nO:ZZ", mark, bytes);
            let (code_of_check, answers) = check("-", &stream);
            let found: Vec<_> = answers.iter().map(|answer| &answer["decision"]).collect();
            assert_eq!(found, [&json!("allowed"), &json!("denied"), &Value::Null]);
            assert_eq!(answers[2]["error"]["kind"], "sid_alias_unknown");
            assert_eq!(code_of_check, 2);

            // Characters of one, two, three and four bytes in UTF-8, in a line longer than what is decoded at once.
            let value = "aß漢\u{1f600}".repeat(3_000);
            let text = format!("S:(RA;;;;;WD;(\"a\",TS,0x0,\"{value}\"))");
            let output = run(
                &["convert", "--from", "sddl", "--to", "sddl", "-"],
                &utf16(&format!("{text}\n{text}"), mark, bytes),
            );
            assert!(lines(&output) == [text.as_str(), &text]);

            let row = in_workspace(ENROLL);
            let decide = ["decide", "-", "--status", "Completed", "--as", TARGET_USER];
            assert_eq!(code(&run(&decide, &utf16(&row, mark, bytes))), 0);
            // A policy in UTF-16.
            let path = file("policy", &utf16("version = 1\n", mark, bytes));
            let decide = [
                "decide",
                ENROLL,
                "--status",
                "Completed",
                "--as",
                TARGET_USER,
                "--policy",
            ];
            assert_eq!(
                code(&run(&[&decide[..], &[path.trim_start_matches('@')]].concat(), b"")),
                1
            );
        }
    }
}

#[test]
fn what_is_no_utf_16_is_an_error_of_its_line() {
    let (high, low) = ([0x00, 0xd8], [0x00, 0xdc]);
    let units = |text: &str| utf16(text, false, u16::to_le_bytes);
    for broken in [
        [&high[..], &units("x")].concat(),
        [&low[..], &units("x")].concat(),
        [&high[..], &high, &low].concat(),
    ] {
        let stream = [&units("\u{feff}O:SY\n"), &broken[..], &units("\nO:BA\n")].concat();
        let (code_of_check, answers) = check("-", &stream);
        let kinds: Vec<_> = answers.iter().map(|answer| answer["error"]["kind"].clone()).collect();
        assert_eq!(
            (code_of_check, kinds),
            (2, vec![Value::Null, json!("not_utf16"), Value::Null])
        );
    }
    // Half of a unit at the end.
    assert_eq!(refusal("-", b"\xff\xfeO\0:"), "not_utf16");
    // A NUL after a text is no UTF-16.
    assert_eq!(check("-", b"O:SY\0").0, 0);
}

#[test]
fn a_generic_right_needs_a_mapping() {
    for desired in ["GR", "GXCC", "0x10000000", "0x12000000"] {
        let question = ["check", "D:(A;;GA;;;WD)", "--as", STRANGER, "--desired", desired];
        let output = run(&question, b"");
        let message = str::from_utf8(&output.stderr).unwrap();
        assert_eq!(code(&output), 2, "{desired}");
        assert!(message.contains("--mapping"), "{message}");
        assert!(output.stdout.is_empty());
        let output = run(&[&question[..], &["--mapping", "file"]].concat(), b"");
        assert_eq!(code(&output), 0, "{desired}");

        let mut line = json!({"sddl": "D:(A;;GA;;;WD)", "desired": desired,
            "caller": {"user": STRANGER, "authenticated": true}});
        let output = run(&["check", "--lines", "-"], line.to_string().as_bytes());
        let answer = object(&output);
        assert_eq!(
            (code(&output), &answer["error"]["kind"]),
            (2, &json!("mapping_missing")),
            "{desired}"
        );
        assert!(answer["error"]["message"].as_str().unwrap().contains("mapping"));
        line["mapping"] = json!("none");
        assert_eq!(code(&run(&["check", "--lines", "-"], line.to_string().as_bytes())), 2);
        line["mapping"] = json!("file");
        assert_eq!(code(&run(&["check", "--lines", "-"], line.to_string().as_bytes())), 0);
    }
    // One error, however many descriptors there are.
    let output = run(
        &["check", "-", "--as", STRANGER, "--desired", "GA", "--format", "json"],
        b"D:\nD:\n",
    );
    assert_eq!(object(&output)["error"]["kind"], "mapping_missing");
}

#[test]
fn a_file_may_end_with_several_line_breaks() {
    for end in ["", "\n", "\n\n", "\r\n\r\n\n"] {
        let path = file("ends", format!("D:(A;;CC;;;AU){end}").as_bytes());
        assert_eq!(check(&path, b"").0, 0, "{end:?}");
    }
}

#[test]
fn options_that_lines_have_no_use_for_are_errors() {
    let line = json!({"sddl": "D:(A;;CC;;;WD)", "caller": {"user": STRANGER, "authenticated": true}, "desired": "0x1"});
    let ask = |options: &[&str]| {
        let output = run(
            &[&["check", "--lines", "-"], options].concat(),
            line.to_string().as_bytes(),
        );
        (code(&output), output.stdout.is_empty())
    };
    assert_eq!(ask(&["--format", "json"]), (0, false));
    assert_eq!(ask(&["--format", "human"]), (2, true));
    assert_eq!(ask(&["--rights", "file"]), (2, true));
    let output = run(&[&["check", "D:(A;;CC;;;AU)", "--stats"], &CHECK[..]].concat(), b"");
    assert_eq!(code(&output), 2);
}
