//! How fast text, bytes and checks are, beside one pass over the same text. `benches/README.md` says how to read it.

#![expect(clippy::expect_used, reason = "a benchmark whose workload is broken can only stop")]

#[path = "workloads/mod.rs"]
mod workloads;

use core::hint::black_box;
use criterion::Criterion;
use sddl_authz::{AccessCheck, binary, check, encoded::TextChecker};
use workloads::{DESIRED, Scan, caller, line, parse};

fn text(c: &mut Criterion) {
    let scan = Scan::new();
    let texts = workloads::texts().into_iter().chain(workloads::tolerated_texts());
    for (name, lines) in texts {
        c.bench_function(&format!("scan/{name}"), |b| {
            b.iter(|| {
                lines
                    .iter()
                    .fold(0, |sum: u32, line| sum.wrapping_add(scan.sum(black_box(line))))
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
    for (name, lines) in workloads::texts() {
        let bytes: Vec<Vec<u8>> = lines
            .iter()
            .map(|line| binary::to_bytes(&parse(line)).expect("it fits"))
            .collect();
        c.bench_function(&format!("bytes_model/{name}"), |b| {
            b.iter(|| {
                for bytes in &bytes {
                    drop(black_box(binary::from_bytes(black_box(bytes)).expect("it was written")));
                }
            });
        });
    }
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
    use sddl_authz::{AccessMask, AclState};

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
