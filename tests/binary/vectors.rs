//! Bytes that Windows produced, read and written again. `SDDL_AUTHZ_VECTORS` names the folder that holds them.

use sddl_authz::binary;
use std::{env, fs, path::PathBuf};

fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len() % 2 == 0, "whole bytes");
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// Reads and writes each line's bytes.
fn run(file: &str) {
    let Some(folder) = env::var_os("SDDL_AUTHZ_VECTORS").map(PathBuf::from) else {
        eprintln!("SKIPPED: SDDL_AUTHZ_VECTORS is not set, so nothing of {file} was read");
        return;
    };
    let lines = fs::read_to_string(folder.join(file)).unwrap();
    let mut count = 0;
    let mut failures = Vec::new();
    for (number, line) in lines.lines().enumerate() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let bytes = unhex(case["hex"].as_str().unwrap());
        count += 1;
        let descriptor = match binary::from_bytes(&bytes) {
            Ok(descriptor) => descriptor,
            Err(error) => {
                failures.push(format!("{}: {error}", number + 1));
                continue;
            }
        };
        let written = binary::to_bytes(&descriptor).unwrap();
        let spare = case.get("spare").is_some();
        if spare {
            assert_ne!(written, bytes, "{}: spare bytes are not kept", number + 1);
        } else if written != bytes {
            failures.push(format!("{}: other bytes", number + 1));
        }
        if binary::from_bytes(&written).as_ref() != Ok(&descriptor) {
            failures.push(format!("{}: another model", number + 1));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {count}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(count > 0, "{file} has no lines");
    println!("{file}: {count} lines");
}

#[test]
fn ordinary_bytes_survive() {
    run("ordinary.jsonl");
}

#[test]
fn conditional_bytes_survive() {
    run("conditional.jsonl");
}
