//! The texts that the program prints, and the examples in them.

use crate::program::{WORKSPACE, code, lines, run};
use std::process::Command;

#[test]
fn what_it_says_is_as_recorded() {
    std::env::set_current_dir(WORKSPACE).unwrap();
    trycmd::TestCases::new()
        .case("crates/cli/tests/cmd/*.trycmd")
        .case("README.md");
}

#[test]
#[cfg(unix)]
fn the_examples_in_the_help_work() {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_sddl-authz"));
    let directory = program.parent().unwrap().to_str().unwrap();
    let path = format!("{directory}:{}", std::env::var("PATH").unwrap_or_default());
    let mut count = 0;
    for verb in [
        &["--help"][..],
        &["decide", "--help"],
        &["check", "--help"],
        &["parse", "--help"],
        &["convert", "--help"],
    ] {
        let help = lines(&run(verb, b"")).join("\n");
        let (_, examples) = help.split_once("Examples:\n").unwrap();
        for example in examples.replace("\\\n", "").lines() {
            let output = Command::new("sh")
                .current_dir(WORKSPACE)
                .args(["-c", example])
                .env("PATH", &path)
                .output()
                .unwrap();
            assert!(
                code(&output) < 2,
                "{example}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(!output.stdout.is_empty(), "{example}");
            count += 1;
        }
    }
    assert_eq!(count, 20);
}
