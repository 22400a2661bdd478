//! How long work takes beside the scan of the same text, on a machine whose speed drifts.
//!
//! The scan, the work and the scan again are timed in turns of about 30 µs, thousands of times. Each turn gives a ratio, and the median of
//! the ratios is printed: whatever slows the machine down slows both parts of a turn. `benches/README.md` says how to read it.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark whose workload is broken can only stop, and prints what it measured"
)]

#[path = "workloads/mod.rs"]
mod workloads;

use core::{hint::black_box, time::Duration};
use sddl_authz::{AccessCheck, binary, check, encoded::TextChecker};
use std::{env, time::Instant};
use workloads::{DESIRED, Scan, caller, line, parse};

/// How long one part of a turn takes at least, so that reading the clock costs nothing beside it.
const PART: Duration = Duration::from_micros(30);
/// Repetitions of a part at most.
const MOST: u32 = 1 << 20;
/// Turns at least, however short the time for an id is.
const FEWEST: usize = 31;

fn main() {
    let runs = Runs::new(env::args().skip(1));
    println!(
        "{:24} {:>7} {:>7} {:>7} {:>11} {:>11} {:>6}",
        "id", "ratio", "10 %", "90 %", "scan, ns", "work, ns", "turns"
    );
    let workloads = workloads::texts();
    for (name, texts) in workloads.iter().chain(&workloads::tolerated_texts()) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        runs.run(&format!("text_model/{name}"), &texts, &mut || {
            texts.iter().for_each(|text| drop(black_box(parse(black_box(text)))));
        });
    }
    for (name, texts) in &workloads {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let bytes: Vec<Vec<u8>> = texts.iter().map(|text| to_bytes(text)).collect();
        runs.run(&format!("bytes_model/{name}"), &texts, &mut || {
            for bytes in &bytes {
                drop(black_box(binary::from_bytes(black_box(bytes)).expect("it was written")));
            }
        });
    }
    let text = line("w1");
    runs.run("text_bytes/w1", &[&text], &mut || {
        drop(black_box(to_bytes(black_box(&text))));
    });
    checks(&runs);
    decisions(&runs);
}

fn to_bytes(text: &str) -> Vec<u8> {
    binary::to_bytes(&parse(text)).expect("it fits")
}

fn checks(runs: &Runs) {
    for (id, workload, who) in [
        ("check/w1_3", "w1", "caller_3"),
        ("check/w1_200", "w1", "caller_200"),
        ("check/w3_200", "w3", "caller_200"),
    ] {
        let text = line(workload);
        let (descriptor, caller) = (parse(&text), caller(who));
        runs.run(id, &[&text], &mut || {
            let _ = black_box(check(black_box(&descriptor), black_box(&caller), black_box(DESIRED)));
        });
    }
}

/// Text and bytes that are decided on and not kept.
fn decisions(runs: &Runs) {
    let (text, caller) = (line("w1"), caller("caller_3"));
    let question = AccessCheck::new(&caller, DESIRED);
    let bytes = to_bytes(&text);
    let mut checker = TextChecker::default();
    runs.run("text_decision/w1", &[&text], &mut || {
        let _ = black_box(checker.check(black_box(&question), black_box(&text)));
    });
    runs.run("bytes_decision/w1", &[&text], &mut || {
        let _ = black_box(black_box(&question).check_bytes(black_box(&bytes)));
    });
}

/// Which ids are measured, and for how long each.
struct Runs {
    scan: Scan,
    time: Duration,
    filters: Vec<String>,
}

impl Runs {
    /// Reads the arguments: beginnings of ids, `--seconds=S` for each id (2), `--test` for as short a run as there is.
    fn new(arguments: impl Iterator<Item = String>) -> Self {
        let mut runs = Self {
            scan: Scan::new(),
            time: Duration::from_secs(2),
            filters: Vec::new(),
        };
        for argument in arguments {
            if let Some(seconds) = argument.strip_prefix("--seconds=") {
                runs.time = Duration::from_secs_f64(seconds.parse().expect("--seconds=S, as in --seconds=0.5"));
            } else if argument == "--test" {
                runs.time = Duration::ZERO;
            } else if !argument.starts_with("--") {
                runs.filters.push(argument);
            }
        }
        runs
    }

    /// Measures `work`, if its id is asked for, beside a scan of `texts`.
    fn run(&self, id: &str, texts: &[&str], work: &mut dyn FnMut()) {
        let asked = self.filters.is_empty() || self.filters.iter().any(|filter| id.starts_with(filter));
        if !asked {
            return;
        }
        let mut scan = || {
            let sums = texts.iter().map(|text| self.scan.sum(black_box(text)));
            black_box(sums.fold(0, u32::wrapping_add));
        };
        let (scans, works) = (repetitions(&mut scan), repetitions(work));
        let (mut ratios, mut scan_times, mut work_times) = (Vec::new(), Vec::new(), Vec::new());
        let start = Instant::now();
        while start.elapsed() < self.time || ratios.len() < FEWEST {
            let before = time(&mut scan, scans);
            let worked = time(work, works);
            let after = time(&mut scan, scans);
            ratios.push(2.0 * worked / (before + after));
            scan_times.push(before);
            work_times.push(worked);
        }
        println!(
            "{id:24} {:7.3} {:7.3} {:7.3} {:11.1} {:11.1} {:6}",
            quantile(&mut ratios, 50),
            quantile(&mut ratios, 10),
            quantile(&mut ratios, 90),
            1e9 * quantile(&mut scan_times, 50),
            1e9 * quantile(&mut work_times, 50),
            ratios.len(),
        );
    }
}

/// How often a part is repeated to take long enough.
fn repetitions(part: &mut dyn FnMut()) -> u32 {
    let mut count: u32 = 1;
    loop {
        let start = Instant::now();
        (0..count).for_each(|_| part());
        if start.elapsed() > PART || count >= MOST {
            return count;
        }
        count = count.saturating_mul(2);
    }
}

/// Seconds for one of so many repetitions.
fn time(part: &mut dyn FnMut(), repetitions: u32) -> f64 {
    let start = Instant::now();
    (0..repetitions).for_each(|_| part());
    start.elapsed().as_secs_f64() / f64::from(repetitions)
}

fn quantile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let index = last.saturating_mul(percent).div_euclid(100);
    values.get(index).copied().unwrap_or(f64::NAN)
}
