//! The seeds of the fuzz targets `http_request` and `identity_headers` and what they once found, run without the fuzzer.

#[path = "../../../tests/targets/answer.rs"]
mod answer;
mod http_request;
mod identity_headers;
#[path = "../../../tests/reference/mod.rs"]
#[expect(dead_code, reason = "the server does not ask about parts of an object")]
mod reference;
/// The module of this name in the fuzzer's package has the targets of the library too.
mod targets {
    pub(crate) use crate::answer;
}

use std::{
    fs, io, panic,
    path::{Path, PathBuf},
};

/// The seeds of a target, and what it once found.
fn recorded(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let fuzz = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz"));
    let folders = ["corpus", "regressions"].map(|folder| fs::read_dir(fuzz.join(folder).join(name)));
    let entries = folders.into_iter().flatten().flatten().flatten();
    let inputs = entries.map(|entry| Ok((entry.path(), fs::read(entry.path())?)));
    inputs.collect::<io::Result<_>>().unwrap_or_default()
}

/// The recorded inputs on which a target fails.
fn failed(inputs: Vec<(PathBuf, Vec<u8>)>, target: fn(&[u8])) -> Vec<PathBuf> {
    let fails = |(_, input): &(PathBuf, Vec<u8>)| panic::catch_unwind(|| target(input)).is_err();
    inputs.into_iter().filter(fails).map(|(path, _)| path).collect()
}

#[test]
fn every_recorded_request_passes() {
    let inputs = recorded("http_request");
    assert!(inputs.len() >= 30, "only {} inputs were found", inputs.len());
    let failed = failed(inputs, http_request::http_request);
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_recorded_set_of_headers_passes() {
    let inputs = recorded("identity_headers");
    assert!(inputs.len() >= 9, "only {} inputs were found", inputs.len());
    let failed = failed(inputs, identity_headers::identity_headers);
    assert!(failed.is_empty(), "{failed:#?}");
}
