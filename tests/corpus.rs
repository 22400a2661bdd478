//! Runs the fuzz targets on the recorded inputs: the fuzzer's seeds and its findings.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that fails says so by a panic")]

#[path = "support/conditions.rs"]
mod conditions;
#[path = "support/descriptors.rs"]
mod descriptors;
mod reference;
mod support;
mod targets;

use std::{
    fs, panic,
    path::{Path, PathBuf},
};

type Target = (&'static str, fn(&[u8]));

const TARGETS: &[Target] = &[
    ("binary_bytes", targets::binary_bytes),
    ("binary_model_roundtrip", targets::binary_model_roundtrip),
    ("check_differential", targets::check_differential),
    ("condition_bytes", targets::condition_bytes),
    ("condition_eval", targets::condition_eval),
    #[cfg(feature = "mim")]
    ("decide_request", targets::decide_request),
    ("dialects", targets::dialects),
    ("layers", targets::layers),
    ("sddl_model_roundtrip", targets::sddl_model_roundtrip),
    ("sddl_text", targets::sddl_text),
];

/// The folder `fuzz`. The published package does not have it.
fn fuzz_folder() -> Option<&'static Path> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz"));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: there is no folder `fuzz` here, so no recorded input was replayed");
    None
}

/// The paths in a folder, which must exist.
fn paths(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_recorded_input_passes_its_target() {
    let Some(fuzz) = fuzz_folder() else { return };
    let mut failed = Vec::new();
    for (name, target) in TARGETS {
        let mut inputs = paths(&fuzz.join("corpus").join(name));
        assert!(!inputs.is_empty(), "{name} has no corpus");
        let regressions = fuzz.join("regressions").join(name);
        if regressions.is_dir() {
            inputs.extend(paths(&regressions));
        }
        for path in inputs {
            let input = fs::read(&path).expect("readable");
            if panic::catch_unwind(|| target(&input)).is_err() {
                failed.push(path);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[cfg(feature = "mim")]
#[test]
fn every_target_is_replayed() {
    let Some(fuzz) = fuzz_folder() else { return };
    let own = TARGETS.iter().map(|&(name, _)| Some(name.to_owned()));
    // The package of the server replays its own targets.
    let of_server = ["http_request", "identity_headers"].map(|name| Some(name.to_owned()));
    let mut replayed: Vec<_> = own.chain(of_server).collect();
    replayed.sort();
    let stems = |folder| -> Vec<_> {
        let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
        paths(&fuzz.join(folder)).into_iter().map(stem).collect()
    };
    assert_eq!(stems("fuzz_targets"), replayed);
    assert_eq!(stems("corpus"), replayed);
}
