//! How fast text, bytes and checks are, beside one pass over the same text. `benches/README.md` says how to read it.

#![expect(clippy::expect_used, reason = "a benchmark whose workload is broken can only stop")]

use core::hint::black_box;
use criterion::Criterion;
use sddl_authz::{AccessCheck, AccessMask, Caller, SecurityDescriptor, Sid, binary, check, encoded::TextChecker};
use std::{env, fs, path::Path};

const WORKLOADS: [&str; 4] = ["w1", "w2", "w3", "w4"];

/// What all checks ask for. It is settled by the second entry of W1, and by the last one of W3.
const DESIRED: AccessMask = AccessMask::from_bits_retain(0xa);

fn lines(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches/workloads")
        .join(name);
    let text = fs::read_to_string(path.with_extension("txt")).expect("the workload is there");
    text.lines().map(str::to_owned).collect()
}

/// The descriptors of the vectors that Windows made, in an order that nothing can learn; `None` where they are not at hand.
fn corpus() -> Option<Vec<String>> {
    let Some(directory) = env::var_os("SDDL_AUTHZ_VECTORS") else {
        eprintln!("SKIPPED scan/corpus and text_model/corpus: SDDL_AUTHZ_VECTORS does not say where the vectors are");
        return None;
    };
    let text = fs::read_to_string(Path::new(&directory).join("ordinary.jsonl")).expect("the vectors are there");
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| {
            let case: serde_json::Value = serde_json::from_str(line).expect("a vector is JSON");
            let sddl = case.get("sddl").and_then(serde_json::Value::as_str);
            sddl.expect("a vector has its SDDL").to_owned()
        })
        // Twelve ask for the SID of the machine they come from.
        .filter(|line| line.parse::<SecurityDescriptor>().is_ok())
        .collect();
    assert!(lines.len() > 3_500, "only {} vectors are read", lines.len());
    // Shuffled by a hash of each line, the same in every run.
    lines.sort_by_cached_key(|line| {
        let add = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        line.bytes().fold(0xcbf2_9ce4_8422_2325, add).rotate_left(29)
    });
    Some(lines)
}

/// The only line of a workload.
fn line(name: &str) -> String {
    lines(name).pop().expect("the workload has a line")
}

fn parse(text: &str) -> SecurityDescriptor {
    text.parse().expect("the workload is SDDL")
}

/// The user is the first SID, the others are groups.
fn caller(name: &str) -> Caller {
    let sids: Vec<Sid> = lines(name).iter().map(|sid| sid.parse().expect("a SID")).collect();
    let (user, groups) = sids.split_first().expect("there is a user");
    Caller::bare(*user).with_groups(groups.iter().copied())
}

/// The limit: every byte is looked up in a table, and the values are added.
fn scan(table: &[u32; 256], text: &str) -> u32 {
    let values = text.bytes().filter_map(|byte| table.get(usize::from(byte)));
    values.fold(0, |sum, value| sum.wrapping_add(*value))
}

fn text(c: &mut Criterion) {
    let mut table = [0; 256];
    for (index, value) in (1_u32..).zip(&mut table) {
        *value = index.wrapping_mul(2_654_435_761);
    }
    let workloads = WORKLOADS.map(|name| (name, Some(lines(name))));
    for (name, lines) in workloads.into_iter().chain([("corpus", corpus())]) {
        let Some(lines) = lines else {
            continue;
        };
        c.bench_function(&format!("scan/{name}"), |b| {
            b.iter(|| {
                lines
                    .iter()
                    .fold(0, |sum: u32, line| sum.wrapping_add(scan(&table, black_box(line))))
            });
        });
        c.bench_function(&format!("text_model/{name}"), |b| {
            b.iter(|| lines.iter().for_each(|line| drop(black_box(parse(black_box(line))))));
        });
    }
    let text = line("w1");
    c.bench_function("text_bytes/w1", |b| {
        b.iter(|| binary::to_bytes(&parse(black_box(&text))).expect("it fits"));
    });
}

fn bytes(c: &mut Criterion) {
    let bytes = binary::to_bytes(&parse(&line("w1"))).expect("it fits");
    c.bench_function("bytes_model/w1", |b| {
        b.iter(|| binary::from_bytes(black_box(&bytes)).expect("it was written"));
    });
}

fn checks(c: &mut Criterion) {
    for (id, workload, who) in [
        ("check/w1_3", "w1", "caller_3"),
        ("check/w1_200", "w1", "caller_200"),
        ("check/w3_200", "w3", "caller_200"),
    ] {
        let (descriptor, caller) = (parse(&line(workload)), caller(who));
        c.bench_function(id, |b| {
            b.iter(|| check(black_box(&descriptor), black_box(&caller), black_box(DESIRED)));
        });
    }
}

/// Text and bytes that are decided on and not kept.
fn decisions(c: &mut Criterion) {
    let (text, caller) = (line("w1"), caller("caller_3"));
    let question = AccessCheck::new(&caller, DESIRED);
    let bytes = binary::to_bytes(&parse(&text)).expect("it fits");
    let mut checker = TextChecker::default();
    c.bench_function("text_decision/w1", |b| {
        b.iter(|| checker.check(black_box(&question), black_box(&text)));
    });
    c.bench_function("bytes_decision/w1", |b| {
        b.iter(|| black_box(&question).check_bytes(black_box(&bytes)));
    });
}

/// Requests that a caller may read: a million with one of 4,096 descriptors each, and as many descriptors as requests.
#[cfg(feature = "listing")]
fn lists(c: &mut Criterion) {
    use criterion::Throughput;
    use sddl_authz::AclState;

    const REPEATED: u32 = 1_000_000;
    const DISTINCT: u32 = 65_536;
    let (w1, caller) = (parse(&line("w1")), caller("caller_3"));
    let variant = |number: u32| {
        let mut descriptor = w1.clone();
        if let AclState::Present(dacl) = &mut descriptor.dacl
            && let Some(ace) = dacl.aces_mut().get_mut(3)
        {
            *ace = ace.clone().with_mask(AccessMask::from_bits_retain(0x10_0000 | number));
        }
        binary::to_bytes(&descriptor).expect("it fits")
    };
    let descriptors: Vec<Vec<u8>> = (0..DISTINCT).map(variant).collect();
    // In no order that a processor could foresee.
    let shuffled = |number: u32| number.wrapping_mul(0x9e37_79b9).rotate_right(7);
    let places: Vec<usize> = (0..REPEATED)
        .filter_map(|number| usize::try_from(shuffled(number).rem_euclid(4_096)).ok())
        .collect();
    let readable = |requests: &mut dyn Iterator<Item = &Vec<u8>>| {
        let mut batch = AccessCheck::new(&caller, DESIRED).batch();
        requests.filter(|descriptor| batch.allows_bytes(descriptor)).count()
    };
    let mut group = c.benchmark_group("list");
    group.sample_size(10);
    group.throughput(Throughput::Elements(REPEATED.into()));
    group.bench_function("repeated", |b| {
        b.iter(|| readable(&mut places.iter().filter_map(|&place| descriptors.get(place))));
    });
    group.throughput(Throughput::Elements(DISTINCT.into()));
    group.bench_function("distinct", |b| b.iter(|| readable(&mut descriptors.iter())));
    group.finish();
}

#[cfg(not(feature = "listing"))]
fn lists(_: &mut Criterion) {
    println!("SKIPPED list/*: it needs --features listing");
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    text(&mut criterion);
    bytes(&mut criterion);
    checks(&mut criterion);
    decisions(&mut criterion);
    lists(&mut criterion);
    criterion.final_summary();
}
