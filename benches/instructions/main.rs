//! How many instructions work takes, counted by valgrind: for inputs of one, two, four and eight times a size, so that what is not linear
//! shows, and beside the counts that are stored, so that what has become slower shows. `benches/README.md` says how to read it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement that can't be made can only stop, and prints what it found"
)]

mod work;

use core::fmt::Write as _;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// An input twice as large may take this many thousandths of the instructions.
const DOUBLED_AT_MOST: u64 = 2_100;
/// A count may differ from the stored one by this many thousandths.
const DRIFT: u64 = 20;
const SIZES: [usize; 4] = [1, 2, 4, 8];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        // Under valgrind: the work itself, so many times.
        ["--work", name, size, times] => {
            let number = |text: &str| text.parse().expect("a number");
            let mut work = work::prepare(name, number(size)).expect("the name of some work");
            (0..number(times)).for_each(|_| work());
            ExitCode::SUCCESS
        }
        // `cargo bench` adds `--bench`.
        ["--store", ..] => measured(&store),
        _ => measured(&compare),
    }
}

/// Counts everything, if that can be done here.
fn measured(then: &dyn Fn(&BTreeMap<String, u64>) -> ExitCode) -> ExitCode {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("SKIPPED: there is no valgrind here, so no instruction was counted");
        return ExitCode::SUCCESS;
    }
    let mut counts = BTreeMap::new();
    let mut linear = true;
    for name in work::NAMES {
        let all = SIZES.map(|size| instructions(name, size));
        print!("{name:28}");
        for (count, doubled) in all.iter().zip(all.iter().skip(1)) {
            let thousandths = doubled.saturating_mul(1_000).checked_div(*count).unwrap_or(u64::MAX);
            linear &= thousandths <= DOUBLED_AT_MOST;
            print!(
                "  {count:>10} ×{}.{:03}",
                thousandths.div_euclid(1_000),
                thousandths.rem_euclid(1_000)
            );
        }
        let [first, .., last] = all;
        println!("  {last:>10}");
        counts.insert(name.to_owned(), first);
    }
    if !linear {
        eprintln!("something takes more than {DOUBLED_AT_MOST} thousandths of the instructions for twice the input");
        return ExitCode::FAILURE;
    }
    then(&counts)
}

/// Instructions of doing some work once: of twice less those of once, so that what goes before it does not count.
fn instructions(name: &str, size: usize) -> u64 {
    let count = |times: &str| {
        let output = Command::new("valgrind")
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(this_program())
            .args(["--work", name, &size.to_string(), times])
            .output()
            .expect("valgrind runs");
        let report = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{report}");
        let line = report
            .lines()
            .find(|line| line.contains("I refs:") || line.contains("I   refs:"));
        let digits = line.and_then(|line| line.rsplit(':').next()).unwrap_or_default();
        let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<u64>().expect("a count")
    };
    count("2").saturating_sub(count("1"))
}

/// Its path seen from here, if it lies here: what the work is given must not depend on where the package lies.
fn this_program() -> PathBuf {
    let program = env::current_exe().expect("this program");
    let here = env::current_dir().expect("a folder to be in");
    program.strip_prefix(here).map(Path::to_path_buf).unwrap_or(program)
}

/// The counts depend on the compiler as much as on the source.
fn compiler() -> String {
    let output = Command::new("rustc")
        .arg("--version")
        .output()
        .expect("rustc says its version");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn stored() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions/stored.txt")
}

fn store(counts: &BTreeMap<String, u64>) -> ExitCode {
    let mut text = format!("{}\n", compiler());
    for (name, count) in counts {
        writeln!(text, "{name} {count}").expect("memory takes it");
    }
    fs::write(stored(), text).expect("the counts can be stored");
    ExitCode::SUCCESS
}

fn compare(counts: &BTreeMap<String, u64>) -> ExitCode {
    let text = fs::read_to_string(stored()).expect("the stored counts");
    let (with, stored) = text.split_once('\n').expect("a compiler, and counts");
    if with != compiler() {
        println!("SKIPPED: the stored counts are of {with}, and this is {}", compiler());
        return ExitCode::SUCCESS;
    }
    let stored: BTreeMap<&str, u64> = stored
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, count)| (name, count.parse().expect("a count")))
        .collect();
    let mut same = stored.len() == counts.len();
    for (name, count) in counts {
        let before = stored.get(name.as_str()).copied().unwrap_or_default();
        let far = count.abs_diff(before).saturating_mul(1_000) > before.saturating_mul(DRIFT);
        if far {
            eprintln!("{name}: {count} instructions, {before} are stored");
            same = false;
        }
    }
    if same {
        return ExitCode::SUCCESS;
    }
    eprintln!("`cargo bench --bench instructions -- --store` stores what was counted");
    ExitCode::FAILURE
}
