//! Hostile input is read, and decided on, in work linear in its size, counted in instructions by valgrind. Without valgrind the tests say
//! that they skipped.

#![cfg(unix)]
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

/// Instructions that the program takes for one line; `None` without valgrind.
fn instructions(arguments: &[&str], line: &str) -> Option<u64> {
    let mut valgrind = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_sddl-authz"))
        .args(arguments)
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

/// Reading is linear.
fn assert_linear(name: &str, from: &str, input: impl Fn(usize) -> String) {
    assert_linear_from(name, 1 << 13, &["convert", "--from", from, "--to", "json", "-"], input);
}

/// So is deciding, and saying why to machines. What people read has hints besides, for which the check is asked again.
fn assert_check_linear(name: &str, caller: &[&str], input: impl Fn(usize) -> String) {
    let question = "check --as S-1-5-21-1-2-3-1001 --desired max --explain --format json -";
    let arguments: Vec<&str> = question.split(' ').chain(caller.iter().copied()).collect();
    assert_linear_from(name, 1 << 14, &arguments, input);
}

/// Compares an input of so many bytes with one twice its size, above what starting the program takes.
fn assert_linear_from(name: &str, size: usize, arguments: &[&str], input: impl Fn(usize) -> String) {
    static START: OnceLock<Option<u64>> = OnceLock::new();
    let start = *START.get_or_init(|| instructions(&["convert", "--from", "sddl", "--to", "json", "-"], ""));
    let count = |size: usize| Some(instructions(arguments, &input(size))? - start?);
    let (Some(once), Some(twice)) = (count(size), count(2 * size)) else {
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

/// An entry for each number, `size` bytes of them, `#` being the number.
fn numbered(size: usize, entry: &str) -> String {
    let entry = |number: usize| entry.replace('#', &format!("{number:05}"));
    (0..size / entry(0).len()).map(entry).collect()
}

#[test]
fn law_16_entries_about_others_and_about_the_caller() {
    assert_check_linear("entries", &[], |size| {
        format!("D:{}", numbered(size, "(A;;CC;;;S-1-5-21-1-2-3-1#)(D;;DC;;;WD)"))
    });
}

#[test]
fn law_16_conditions_on_claims_that_nobody_knows() {
    assert_check_linear("unknown claims", &["--claims-incomplete"], |size| {
        format!("D:{}", numbered(size, "(XA;;CC;;;WD;(@User.name# == 1))"))
    });
}

#[test]
fn law_16_groups_that_nobody_knows() {
    assert_check_linear("unknown groups", &["--groups-incomplete"], |size| {
        format!(
            "D:{}",
            numbered(size, "(XD;;CC;;;WD;(Member_of {SID(S-1-5-21-1-2-3-#)}))")
        )
    });
}

#[test]
fn law_16_conditions_on_resource_attributes() {
    assert_check_linear("resource attributes", &[], |size| {
        format!(
            "D:{}S:{}",
            numbered(size, "(XA;;CC;;;WD;(@Resource.name# == 1))"),
            numbered(255 * 35, "(RA;;;;;WD;(\"name#\",TI,0x0,1))"),
        )
    });
}

#[test]
fn law_16_sets_compared_with_sets() {
    assert_check_linear("sets", &[], |size| {
        let values = numbered(size / 2, ",1#");
        let literals = numbered(size / 2, ",2#");
        format!("D:(XA;;CC;;;WD;(@Resource.a Any_of {{0{literals}}}))S:(RA;;;;;WD;(\"a\",TI,0x0{values}))")
    });
}

#[test]
fn law_16_many_small_sets_compared_with_sets() {
    assert_check_linear("small sets", &[], |size| {
        let values = numbered(768, ",1#");
        let entry = "(XD;;CC;;;WD;(@Resource.a Any_of {0,2,3,2#}))";
        format!("D:{}S:(RA;;;;;WD;(\"a\",TI,0x0{values}))", numbered(size, entry))
    });
}

#[test]
fn law_16_object_entries_about_parts() {
    let guid = |part: u8| format!("bf967aba-0de6-11d0-a285-00aa0030490{part}");
    let parts: Vec<String> = (0..9)
        .map(|part| format!("{}:{}", u8::from(part > 0), guid(part)))
        .collect();
    let objects: Vec<&str> = parts.iter().flat_map(|part| ["--object", part]).collect();
    assert_check_linear("parts", &objects, |size| {
        format!(
            "D:{}",
            numbered(
                size,
                &format!("(OD;;CC;{};;WD)(OA;;CC;{};;S-1-5-21-#)", guid(8), guid(1))
            )
        )
    });
}
