//! Hostile input is read in work linear in its size, counted in instructions by valgrind. Without valgrind the tests say that they skipped.

#![cfg(all(feature = "cli", unix))]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails says so by a panic"
)]

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::OnceLock,
};

/// Doubling the input may cost this many hundredths at most.
const DOUBLED_AT_MOST: u64 = 220;

/// Instructions that the program takes for `convert` of one line; `None` without valgrind.
fn instructions(from: &str, line: &str) -> Option<u64> {
    let mut valgrind = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_sddl-authz"))
        .args(["convert", "--from", from, "--to", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    valgrind.stdin.take()?.write_all(line.as_bytes()).ok()?;
    let output = valgrind.wait_with_output().expect("valgrind ends");
    let report = String::from_utf8_lossy(&output.stderr);
    let line = report
        .lines()
        .find(|line| line.contains("I   refs:") || line.contains("I refs:"));
    let count: String = line
        .unwrap_or_else(|| panic!("no count in {report}"))
        .rsplit(':')
        .next()?
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    count.parse().ok()
}

/// Compares an input with one twice its size, above what starting the program takes.
fn assert_linear(name: &str, from: &str, input: impl Fn(usize) -> String) {
    const SIZE: usize = 1 << 13;
    static START: OnceLock<Option<u64>> = OnceLock::new();
    let start = *START.get_or_init(|| instructions("sddl", ""));
    let count = |size: usize| Some(instructions(from, &input(size))? - start?);
    let (Some(once), Some(twice)) = (count(SIZE), count(2 * SIZE)) else {
        println!("SKIPPED {name}: there is no valgrind here");
        return;
    };
    let hundredths = twice * 100 / once;
    println!("{name}: {once} instructions, {twice} for twice the size");
    assert!(
        hundredths <= DOUBLED_AT_MOST,
        "{name}: {hundredths} % for twice the size"
    );
}

#[test]
fn parentheses() {
    assert_linear("parentheses", "sddl", |size| "(".repeat(size));
}

#[test]
fn parentheses_in_a_condition() {
    assert_linear("parentheses in a condition", "sddl", |size| {
        format!("D:(XA;;GA;;;WD;{}", "(".repeat(size))
    });
}

#[test]
fn entries() {
    assert_linear("entries", "sddl", |size| {
        format!("D:{}", "(A;;GA;;;WD)".repeat(size / 16))
    });
}

#[test]
fn faulty_entries() {
    assert_linear("faulty entries", "sddl", |size| {
        format!("D:{}", "(A;;ZZ;;;WD)".repeat(size / 16))
    });
}

#[test]
fn one_long_number() {
    assert_linear("one long number", "sddl", |size| {
        format!("O:S-1-5-{}", "9".repeat(size))
    });
}

#[test]
fn nuls_behind_a_descriptor() {
    assert_linear("NULs", "sddl", |size| format!("D:{}", "\0".repeat(size)));
}

#[test]
fn a_chain_in_a_condition() {
    assert_linear("a chain", "sddl", |size| {
        format!("D:(XA;;GA;;;WD;(a{}))", " && a".repeat(size / 40))
    });
}

#[test]
fn a_string_in_a_claim() {
    assert_linear("a string in a claim", "sddl", |size| {
        format!("S:(RA;;;;;WD;(\"a\",TS,0x0,\"{}\"))", "x".repeat(size))
    });
}

#[test]
fn a_name_full_of_escapes() {
    assert_linear("escapes", "sddl", |size| {
        format!("D:(XA;;GA;;;WD;(@User.{}))", "%0020".repeat(size / 40))
    });
}

#[test]
fn bytes_of_entries_of_unknown_types() {
    assert_linear("unknown entries", "hex", |size| {
        let count = size / 16;
        let length = u16::try_from(8 + 4 * count).expect("a list").to_le_bytes();
        let count = u16::try_from(count).expect("entries").to_le_bytes();
        let header = "0100048000000000000000000000000014000000";
        let [length, count] = [length, count].map(|[low, high]| format!("{low:02x}{high:02x}"));
        format!("{header}0200{length}{count}0000{}", "77000400".repeat(size / 16))
    });
}

/// A claim all of whose values stand at the same place.
#[test]
fn bytes_of_a_claim_with_shared_values() {
    assert_linear("shared values", "hex", |size| {
        let values = size / 16;
        let little = |value: usize| {
            let bytes = u32::try_from(value).expect("an offset").to_le_bytes();
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let table = 16 + 4 * values;
        let claim = format!(
            "{}0100000000000000{}{}6100000001000000000000000000",
            little(table),
            little(values),
            little(table + 4).repeat(values),
        );
        let ace = 4 + 4 + 12 + claim.len() / 2;
        let padding = ace.next_multiple_of(4) - ace;
        let (ace, list) = (ace + padding, ace + padding + 8);
        let short = |value: usize| little(value).chars().take(4).collect::<String>();
        format!(
            "0100108000000000000000001400000000000000 0200{}01000000 1200{}00000000010100000000000100000000{claim}{}",
            short(list),
            short(ace),
            "00".repeat(padding),
        )
        .replace(' ', "")
    });
}
