//! Exit statuses, errors and colours, which all verbs share.

use crate::program::{ENROLL, STRANGER, WORKSPACE, code, object, run};
use std::{
    io::Write,
    process::{Command, Stdio},
};

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
