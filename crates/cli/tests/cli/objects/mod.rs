//! `check --lines` about objects of a kind: files, shares, keys, services, trees.

mod demands;
mod denials;
mod keys;
mod kinds;

use crate::program::{objects, run};
use serde_json::{Value, json};

const USER: &str = "S-1-5-21-1-2-3-1104";
const CLASS: &str = "bf967aba-0de6-11d0-a285-00aa003049e2";
const PART: &str = "77b5b886-944a-11d1-aebd-0000f80367c1";

/// A line about a user in no group, with more keys.
fn line(sddl: impl Into<Value>, desired: &str, more: Value) -> Value {
    let mut line = json!({"sddl": sddl.into(), "caller": {"user": USER}, "desired": desired});
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    line
}

/// A line about an object.
fn about(sddl: impl Into<Value>, desired: &str, object: Value) -> Value {
    line(sddl, desired, json!({"object": object}))
}

fn with_privilege(mut line: Value, name: &str) -> Value {
    let caller = line.pointer_mut("/caller").unwrap().as_object_mut().unwrap();
    caller.insert("privileges".to_owned(), json!([name]));
    line
}

fn answers(lines: &[&Value], options: &[&str]) -> Vec<Value> {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let output = run(&[&["check", "--lines", "-"], options].concat(), input.as_bytes());
    objects(&output)
}

/// The content of an answer: the rights that are granted, `denied`, or the kind of an error.
fn said(answer: &Value) -> String {
    let text = |key: &str| answer.pointer(key).and_then(Value::as_str).map(str::to_owned);
    match text("/decision").as_deref() {
        Some("allowed") => text("/granted").unwrap(),
        Some(decision) => decision.to_owned(),
        None => text("/error/kind").unwrap(),
    }
}

fn assert_said(cases: &[(Value, &str)], options: &[&str]) {
    let lines: Vec<&Value> = cases.iter().map(|(line, _)| line).collect();
    let answers = answers(&lines, options);
    assert_eq!(answers.len(), cases.len());
    for ((line, expected), answer) in cases.iter().zip(&answers) {
        assert_eq!(said(answer), *expected, "{line}: {answer}");
    }
}

fn allow(mask: &str) -> String {
    format!("O:SYG:SYD:(A;;{mask};;;{USER})")
}
