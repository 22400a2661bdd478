//! The seeds of the fuzz target `http_request` and what it once found, run without the fuzzer.

#[path = "../../../tests/targets/answer.rs"]
mod answer;
mod http_request;
#[path = "../../../tests/reference/mod.rs"]
#[expect(dead_code, reason = "the server does not ask about parts of an object")]
mod reference;
/// The module of this name in the fuzzer's package has the targets of the library too.
mod targets {
    pub(crate) use crate::answer;
}

use std::{fs, panic, path::Path};

#[test]
fn every_recorded_request_passes() {
    let fuzz = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz"));
    let mut failed = Vec::new();
    let mut count = 0_usize;
    for folder in ["corpus/http_request", "regressions/http_request"] {
        for entry in fs::read_dir(fuzz.join(folder)).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let input = fs::read(&path).expect("readable");
            count += 1;
            if panic::catch_unwind(|| http_request::http_request(&input)).is_err() {
                failed.push(path);
            }
        }
    }
    assert!(count >= 30, "only {count} inputs were found");
    assert!(failed.is_empty(), "{failed:#?}");
}
