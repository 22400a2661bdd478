//! The model of the check, which is proved (`proofs/README.md`), and the program give the same answers to small questions.
//!
//! `proofs/run` makes the file of answers anew from the model. Here nothing but the file is needed.

#![expect(clippy::unwrap_used, reason = "a test that fails says so by a panic")]

use serde::Deserialize;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    process::{Command, Stdio},
    thread,
};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../proofs/drt/cases.jsonl");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The rule that the case shows.
    name: String,
    #[serde(default)]
    options: Vec<String>,
    question: Value,
    answer: Map<String, Value>,
}

fn cases() -> Vec<Case> {
    let file = fs::read_to_string(CASES).unwrap();
    file.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The answers of the program to lines.
fn answers(lines: &[String], options: &[String]) -> Vec<Map<String, Value>> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sddl-authz"))
        .args(["check", "--lines", "-"])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    let text = lines.join("\n");
    let writer = thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The answer in the words of the file: whether the program names facts to resolve, and the kind of an error. The model does not say which
/// layer or rule denied.
fn in_words_of_the_file(mut answer: Map<String, Value>) -> Map<String, Value> {
    for key in ["layer", "rule", "denied_rights"] {
        answer.remove(key);
    }
    if let Some(error) = answer.get_mut("error") {
        *error = error["kind"].take();
    }
    if let Some(resolve) = answer.remove("resolve") {
        let undetermined = !resolve.as_array().unwrap().is_empty();
        answer.insert("undetermined".to_owned(), undetermined.into());
    }
    answer
}

#[test]
fn the_program_answers_as_the_model_does() {
    let mut by_options: BTreeMap<Vec<String>, Vec<Case>> = BTreeMap::new();
    for case in cases() {
        by_options.entry(case.options.clone()).or_default().push(case);
    }
    let mut failures = Vec::new();
    for (options, cases) in by_options {
        let lines: Vec<String> = cases.iter().map(|case| case.question.to_string()).collect();
        let answers = answers(&lines, &options);
        assert_eq!(answers.len(), cases.len());
        for (case, answer) in cases.iter().zip(answers) {
            let answer = in_words_of_the_file(answer);
            if answer != case.answer {
                failures.push(format!("{}: {answer:?}, not {:?}", case.name, case.answer));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn there_are_cases_of_every_answer_and_each_has_a_name_of_its_own() {
    let cases = cases();
    assert!(cases.len() >= 200, "only {} cases", cases.len());
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len());
    let count = |key: &str, value: Value| cases.iter().filter(|case| case.answer.get(key) == Some(&value)).count();
    assert!(count("decision", "allowed".into()) >= 50);
    assert!(count("decision", "denied".into()) >= 50);
    assert!(count("undetermined", true.into()) >= 5);
}
