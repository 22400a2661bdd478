//! The texts and callers that the benchmarks work on, and the scan that they are compared with. `benches/README.md` describes them.

use sddl_authz::{AccessMask, Caller, SecurityDescriptor, Sid};
use std::{env, fs, path::Path};

/// The rights that all checks ask for. The second entry of W1 decides about them, and the last entry of W3.
pub(crate) const DESIRED: AccessMask = AccessMask::from_bits_retain(0xa);

/// Each workload and its descriptors, written as Windows writes them.
pub(crate) fn texts() -> Vec<(&'static str, Vec<String>)> {
    let mut texts: Vec<_> = ["w1", "w2", "w3", "w4"].map(|name| (name, lines(name))).into();
    texts.extend(corpus().map(|corpus| ("corpus", corpus)));
    texts
}

/// Workloads written in another way that Windows reads.
pub(crate) fn tolerated_texts() -> [(&'static str, Vec<String>); 3] {
    let (w1, w3) = (lines("w1"), lines("w3"));
    [
        ("w1_spaces", with_spaces(&w1)),
        ("w3_spaces", with_spaces(&w3)),
        ("w1_lower", with_lower_case(&w1)),
    ]
}

/// A space before each SID of a plain entry, which Windows allows.
fn with_spaces(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| text.replace(";;;", ";;; ")).collect()
}

/// The types of plain entries in lower case, which Windows allows.
fn with_lower_case(texts: &[String]) -> Vec<String> {
    let lower = |text: &String| text.replace("(A;", "(a;").replace("(D;", "(d;");
    texts.iter().map(lower).collect()
}

/// The lines of a file in `benches/workloads`.
fn lines(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches/workloads")
        .join(name);
    let text = fs::read_to_string(path.with_extension("txt")).expect("the workload is there");
    text.lines().map(str::to_owned).collect()
}

/// The text of a workload that has one line.
pub(crate) fn line(name: &str) -> String {
    lines(name).pop().expect("the workload has a line")
}

/// The descriptors of the vectors that Windows made, in an order that no processor can learn. `None` without the vectors.
fn corpus() -> Option<Vec<String>> {
    let Some(directory) = env::var_os("SDDL_AUTHZ_VECTORS") else {
        eprintln!("SKIPPED the corpus: SDDL_AUTHZ_VECTORS does not say where the vectors are");
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
        // Twelve of them need the SID of the machine that they come from.
        .filter(|line| line.parse::<SecurityDescriptor>().is_ok())
        .collect();
    assert!(lines.len() > 3_500, "only {} vectors are read", lines.len());
    // Shuffled by a hash of each line, in the same way in every run.
    lines.sort_by_cached_key(|line| {
        let add = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        line.bytes().fold(0xcbf2_9ce4_8422_2325, add).rotate_left(29)
    });
    Some(lines)
}

pub(crate) fn parse(text: &str) -> SecurityDescriptor {
    text.parse().expect("the workload is SDDL")
}

/// A caller from a file of SIDs: the user is the first one, the others are groups.
pub(crate) fn caller(name: &str) -> Caller {
    let sids: Vec<Sid> = lines(name).iter().map(|sid| sid.parse().expect("a SID")).collect();
    let (user, groups) = sids.split_first().expect("there is a user");
    Caller::bare(*user)
        .expect("a user")
        .with_groups(groups.iter().copied())
        .expect("groups")
}

/// The work that everything is compared with: it looks up every byte of a text in a table and adds the values.
pub(crate) struct Scan([u32; 256]);

impl Scan {
    pub(crate) fn new() -> Self {
        let mut table = [0; 256];
        for (index, value) in (1_u32..).zip(&mut table) {
            *value = index.wrapping_mul(2_654_435_761);
        }
        Self(table)
    }

    pub(crate) fn sum(&self, text: &str) -> u32 {
        let values = text.bytes().filter_map(|byte| self.0.get(usize::from(byte)));
        values.fold(0, |sum, value| sum.wrapping_add(*value))
    }
}
