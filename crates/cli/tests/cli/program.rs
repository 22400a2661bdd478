//! The program, and the requests and callers of the published examples.

use serde_json::Value;
use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

pub(crate) const ENROLL: &str = "tests/data/enroll-approved.json";
pub(crate) const COMPLETED: &str = "tests/data/enroll-completed.json";
pub(crate) const UNBLOCK: &str = "tests/data/unblock-approved.json";

pub(crate) const TARGET_USER: &str = "S-1-5-21-2127521184-1604012920-1887927527-14995557";
pub(crate) const ENROLL_GROUP: &str = "S-1-5-21-2127521184-1604012920-1887927527-5094533";

pub(crate) const OTHER_GROUPS: [&str; 2] = [
    "S-1-5-21-2127521184-1604012920-1887927527-5094534",
    "S-1-5-21-2127521184-1604012920-1887927527-5219125",
];
pub(crate) const OWNER: &str = "S-1-5-21-2127521184-1604012920-1887927527-14134865";
pub(crate) const STRANGER: &str = "S-1-5-21-2127521184-1604012920-1887927527-1";

/// The folder of the workspace, from which paths such as `tests/data` lead.
pub(crate) const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

pub(crate) fn in_workspace(path: &str) -> String {
    std::fs::read_to_string(format!("{WORKSPACE}/{path}")).unwrap()
}

pub(crate) fn run(arguments: &[&str], input: &[u8]) -> Output {
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

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn lines(output: &Output) -> Vec<String> {
    str::from_utf8(&output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

pub(crate) fn objects(output: &Output) -> Vec<Value> {
    lines(output)
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub(crate) fn object(output: &Output) -> Value {
    let [object] = <[Value; 1]>::try_from(objects(output)).unwrap();
    object
}
