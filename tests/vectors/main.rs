//! Cases that Windows produced, read and written again.
//!
//! `SDDL_AUTHZ_VECTORS=FOLDER cargo test --test vectors -- --nocapture` prints the counts. The cases are not part of this
//! package; without the variable the tests say that they skipped.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails says so by a panic"
)]

mod evaluation;

use sddl_authz::{SecurityDescriptor, binary, sddl};
use serde_json::Value;
use std::{env, fs, path::PathBuf};

/// The cases that this package decides otherwise than Windows, on purpose: `[{"file": …, "line": …, "reason": …}]`, lines counted from 1.
const EXCEPTIONS: &str = include_str!("exceptions.json");

/// The machine of the host that produced the cases; it was in no domain.
const MACHINE: &str = "S-1-5-21-2457507606-2709100691-398136650";

/// Runs `check` on each line of a file; it says what is wrong with it.
fn run(file: &str, check: impl Fn(&Value, &sddl::Options) -> Result<(), String>) {
    let Some(folder) = env::var_os("SDDL_AUTHZ_VECTORS").map(PathBuf::from) else {
        println!("SKIPPED {file}: SDDL_AUTHZ_VECTORS is not set");
        return;
    };
    let exceptions: Vec<Value> = serde_json::from_str(EXCEPTIONS).unwrap();
    let mut options = sddl::Options::default();
    options.domains.machine = Some(MACHINE.parse().unwrap());

    let cases = fs::read_to_string(folder.join(file)).expect("the file of cases");
    let (mut passed, mut excepted, mut unexpected) = (0, 0, Vec::new());
    for (number, line) in (1_u64..).zip(cases.lines()) {
        let case: Value = serde_json::from_str(line).unwrap();
        let exception = exceptions
            .iter()
            .find(|row| row["file"] == file && row["line"].as_u64() == Some(number));
        match (check(&case, &options), exception) {
            (Ok(()), None) => passed += 1,
            (Err(_), Some(_)) => excepted += 1,
            (Err(fault), None) => unexpected.push(format!("{file}:{number}: {fault}")),
            (Ok(()), Some(row)) => {
                unexpected.push(format!("{file}:{number}: passes, though excepted: {}", row["reason"]))
            }
        }
    }
    println!(
        "{file}: {passed} passed, {excepted} excepted, {} unexpected",
        unexpected.len()
    );
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    assert!(passed > 0, "{file} has no cases");
}

fn text<'c>(case: &'c Value, key: &str) -> &'c str {
    case[key].as_str().unwrap_or_else(|| panic!("{key} of {case}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(digits: &str) -> Vec<u8> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    assert!(rest.is_empty(), "whole bytes");
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    pairs.iter().map(byte).collect()
}

fn expect(what: &str, found: &str, expected: &str) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}\n  expected {expected}\n  found    {found}"))
    }
}

/// A line of `ordinary.jsonl` or `conditional.jsonl`: text and bytes that are the same descriptor.
fn text_and_bytes(case: &Value, options: &sddl::Options) -> Result<(), String> {
    let (canonical, bytes) = (text(case, "sddl"), text(case, "hex"));
    // The text can't tell unused bytes.
    let spare = case.get("spare").is_some();
    for input in [Some(canonical), case["input"].as_str()].into_iter().flatten() {
        let descriptor = sddl::parse_with(input, options).map_err(|error| format!("{input}: {error}"))?;
        let written = binary::to_bytes(&descriptor).map_err(|error| error.to_string())?;
        if !spare {
            expect(input, &hex(&written), bytes)?;
        }
    }
    let descriptor = binary::from_bytes(&unhex(bytes)).map_err(|error| format!("{bytes}: {error}"))?;
    let printed = sddl::to_text(&descriptor, options).map_err(|error| error.to_string())?;
    expect(bytes, &printed, canonical)?;

    let written = binary::to_bytes(&descriptor).map_err(|error| error.to_string())?;
    if !spare {
        expect("bytes to model to bytes", &hex(&written), bytes)?;
    }
    if binary::from_bytes(&written).as_ref() != Ok(&descriptor) {
        return Err(String::from("another model from the bytes written"));
    }
    let structure = serde_json::to_string(&descriptor).map_err(|error| error.to_string())?;
    match serde_json::from_str::<SecurityDescriptor>(&structure) {
        Ok(read) if read == descriptor => Ok(()),
        other => Err(format!("another model from the structure: {other:?}")),
    }
}

/// A line of `text.jsonl` or `conditions-text.jsonl`: text that Windows accepts and prints so, refuses, or changes a number of.
fn text_alone(case: &Value, options: &sddl::Options) -> Result<(), String> {
    let input = text(case, "sddl");
    let print = |options: &sddl::Options| {
        let descriptor = sddl::parse_with(input, options).map_err(|error| format!("{input}: {error}"))?;
        sddl::to_text(&descriptor, options).map_err(|error| error.to_string())
    };
    let mut lenient = *options;
    lenient.lenient_numbers = true;
    match text(case, "kind") {
        "accepted" => expect(input, &print(options)?, text(case, "canonical")),
        "overflow" if print(options).is_ok() => Err(format!("{input}: accepted without being asked to change numbers")),
        "overflow" => expect(input, &print(&lenient)?, text(case, "canonical")),
        "refused" => match print(&lenient) {
            Err(_) => Ok(()),
            Ok(printed) => Err(format!("{input}: accepted as {printed}")),
        },
        other => Err(format!("no kind `{other}`")),
    }
}

#[test]
fn ordinary_descriptors() {
    run("ordinary.jsonl", text_and_bytes);
}

#[test]
fn conditional_descriptors() {
    run("conditional.jsonl", text_and_bytes);
}

#[test]
fn text_of_descriptors() {
    run("text.jsonl", text_alone);
}

#[test]
fn text_of_conditions() {
    run("conditions-text.jsonl", text_alone);
}

#[test]
fn evaluation_of_conditions() {
    run("evaluation.jsonl", evaluation::evaluate);
}
