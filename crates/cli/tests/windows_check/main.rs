//! Worked cases of the whole access check, as `check --lines` answers them.
//!
//! `SDDL_AUTHZ_VECTORS=FOLDER cargo test -p sddl-authz-cli --test windows_check -- --nocapture` prints the counts. The cases are not part
//! of this package; without the variable the test says that it skipped.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that fails says so by a panic")]

use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    env, fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

/// The cases that the program answers otherwise, on purpose: `[{"id": …, "reason": …}]`.
const EXCEPTIONS: &str = include_str!("exceptions.json");

/// The features that are not evaluated: only a running Windows or Active Directory has them. Their entries deny.
const OUT_OF_SCOPE: [&str; 3] = ["ad", "trust-label", "access-filter"];

/// The options of a feature: which function of Windows is asked.
fn options(feature: &str) -> &'static [&'static str] {
    match feature {
        "api" => &["--api", "access-check"],
        "authz" => &["--api", "authz"],
        "kdc-policy" => &["--require-owner"],
        _ => &[],
    }
}

/// The answers to the lines, as they are in the file.
fn answers(lines: &[&str], options: &[&str]) -> Vec<Value> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sddl-authz"))
        .args(["check", "--lines", "-"])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = program.stdin.take().unwrap();
    let input = lines.join("\n");
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn mask(value: &Value) -> u32 {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no mask"));
    u32::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
}

/// The decision of a case, and the rights that are or would have been granted.
#[derive(Debug, PartialEq)]
enum Expected {
    Allowed(u32),
    Denied(Option<u32>),
    /// The function fails with another status than that of a denial.
    Refused,
}

impl Expected {
    fn of_case(expect: &Map<String, Value>) -> Self {
        match (expect.get("granted"), expect.get("denied")) {
            (Some(granted), None) => Self::Allowed(mask(granted)),
            (None, Some(status)) if status == "STATUS_ACCESS_DENIED" => Self::Denied(expect.get("partial").map(mask)),
            (None, Some(status)) if status.as_str().is_some_and(|status| status.starts_with("STATUS_")) => {
                Self::Refused
            }
            other => panic!("{other:?} is new"),
        }
    }

    fn of_node(expect: &Value) -> Self {
        match (expect.get("granted"), expect.get("denied")) {
            (Some(granted), None) => Self::Allowed(mask(granted)),
            (None, Some(partial)) => Self::Denied(Some(mask(partial))),
            other => panic!("{other:?} is new"),
        }
    }

    fn is_met(&self, answer: &Value, desired: u32) -> bool {
        let decision = answer["decision"].as_str();
        match *self {
            Self::Allowed(granted) => decision == Some("allowed") && mask(&answer["granted"]) == granted,
            Self::Denied(None) => decision == Some("denied"),
            Self::Denied(Some(partial)) => decision == Some("denied") && desired & !mask(&answer["missing"]) == partial,
            Self::Refused => decision == Some("denied") || answer.get("error").is_some(),
        }
    }
}

fn compare(case: &Value, answer: &Value) -> Result<(), String> {
    let (expect, desired) = (case["expect"].as_object().unwrap(), mask(&case["desired"]));
    let met = match expect.get("nodes") {
        None => Expected::of_case(expect).is_met(answer, desired),
        Some(nodes) => {
            let (nodes, found) = (nodes.as_array().unwrap(), answer["nodes"].as_array());
            let met = |(node, found)| Expected::of_node(node).is_met(found, desired);
            found.is_some_and(|found| found.len() == nodes.len() && nodes.iter().zip(found).all(met))
        }
    };
    if met {
        return Ok(());
    }
    Err(format!("{}\n  expected {}\n  found    {answer}", case, case["expect"]))
}

#[derive(Default)]
struct Count {
    held: BTreeMap<String, usize>,
    excepted: Vec<String>,
}

#[test]
fn the_whole_check() {
    let Some(folder) = env::var_os("SDDL_AUTHZ_VECTORS").map(PathBuf::from) else {
        println!("SKIPPED windows-check.jsonl: SDDL_AUTHZ_VECTORS is not set");
        return;
    };
    let exceptions: Vec<Value> = serde_json::from_str(EXCEPTIONS).unwrap();
    let text = fs::read_to_string(folder.join("windows-check.jsonl")).unwrap();
    let mut by_feature: BTreeMap<String, Vec<(&str, Value)>> = BTreeMap::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let feature = case["feature"].as_str().unwrap().to_owned();
        if !OUT_OF_SCOPE.contains(&feature.as_str()) {
            by_feature.entry(feature).or_default().push((line, case));
        }
    }
    let (mut counts, mut unexpected): (BTreeMap<_, Count>, Vec<String>) = (BTreeMap::new(), Vec::new());
    for (feature, cases) in &by_feature {
        let lines: Vec<&str> = cases.iter().map(|(line, _)| *line).collect();
        let answers = answers(&lines, options(feature));
        assert_eq!(answers.len(), cases.len(), "an answer for each line of {feature}");
        let count = counts.entry(feature).or_default();
        for ((_, case), answer) in cases.iter().zip(&answers) {
            let sure = case["sure"].as_str().unwrap().to_owned();
            let exception = exceptions.iter().find(|row| row["id"] == case["id"]);
            match (compare(case, answer), exception) {
                (Ok(()), None) => *count.held.entry(sure).or_default() += 1,
                (Err(_), Some(row)) => count.excepted.push(format!("{} ({sure})", row["id"])),
                (Err(fault), None) => unexpected.push(fault),
                (Ok(()), Some(row)) => {
                    unexpected.push(format!("{} holds, though excepted: {}", row["id"], row["reason"]))
                }
            }
        }
    }
    for (feature, count) in &counts {
        println!("{feature}: {:?} hold, {:?} excepted", count.held, count.excepted);
    }
    let known = |id: &Value| by_feature.values().flatten().any(|(_, case)| case["id"] == *id);
    assert!(
        exceptions.iter().all(|row| known(&row["id"])),
        "each exception is a case"
    );
    assert!(
        unexpected.is_empty(),
        "{} are answered otherwise:\n{}",
        unexpected.len(),
        unexpected.join("\n")
    );
    assert!(!counts.is_empty(), "there are no cases");
}
