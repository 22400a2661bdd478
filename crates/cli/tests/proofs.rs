//! The page about the proofs, `proofs/README.md`, names what there is: theorems, tests, caveats and files.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails says so by a panic"
)]

use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock};

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

static PAGE: LazyLock<String> = LazyLock::new(|| text("proofs/README.md"));

fn text(path: &str) -> String {
    fs::read_to_string(format!("{WORKSPACE}/{path}")).expect(path)
}

/// All files of a folder with this extension, as one text.
fn sources(folder: &str, extension: &str) -> String {
    fn add(folder: &Path, extension: &str, all: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(&path, extension, all);
            } else if path.extension().is_some_and(|found| found == extension) {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut all = String::new();
    add(&Path::new(WORKSPACE).join(folder), extension, &mut all);
    all
}

/// The parts of a text in backticks.
fn in_backticks(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The theorems of a text, each with its file: `` `law_1` (`Laws.v`) ``.
fn theorems(text: &str) -> Vec<(&str, &str)> {
    let pieces: Vec<&str> = text.split('`').collect();
    let pairs = pieces.windows(4);
    pairs
        .filter(|pieces| pieces[1] == " (" && pieces[2].ends_with(".v"))
        .map(|pieces| (pieces[0], pieces[2]))
        .collect()
}

/// The rows of the table below a heading, without the row of titles.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let after = PAGE.split_once(heading).expect(heading).1;
    let lines = after.lines().skip_while(|line| !line.starts_with('|'));
    let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

fn has_function(sources: &str, name: &str) -> bool {
    sources.contains(&format!("fn {name}("))
}

#[test]
fn each_theorem_on_the_page_is_proved_in_its_file_and_listed() {
    let listed = text("proofs/coq/Assumptions.v");
    let listed: BTreeSet<&str> = listed
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '\'' | '@')))
        .filter_map(|word| word.strip_prefix('@'))
        .collect();
    let theorems = theorems(&PAGE);
    assert!(theorems.len() > 30, "only {} theorems", theorems.len());
    let mut failures = Vec::new();
    for (name, file) in theorems {
        let source = text(&format!("proofs/coq/{file}"));
        let is_stated = source.lines().any(|line| {
            let mut words = line.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '\'')));
            matches!(words.next(), Some("Theorem" | "Corollary")) && words.next() == Some(name)
        });
        if !is_stated || !listed.contains(name) {
            failures.push(format!("{name} in {file}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn each_test_on_the_page_exists() {
    let symbolic = sources("proofs/symbolic/src", "rs");
    let tests = sources("tests", "rs");
    let missing = |sources: &str, cell| {
        let names = in_backticks(cell).into_iter();
        names
            .filter(|name| !has_function(sources, name))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut failures = Vec::new();
    for row in table("## The laws") {
        assert_eq!(row.len(), 5, "{row:?}");
        failures.extend(missing(&symbolic, row[2]));
        failures.extend(missing(&tests, row[3]));
    }
    for row in table("## The symbolic run") {
        assert_eq!(row.len(), 3, "{row:?}");
        failures.extend(missing(&symbolic, row[1]));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// In `tests/laws.rs`, a function that takes random questions is a law.
#[test]
fn each_law_has_a_row() {
    let laws = text("tests/laws.rs");
    let laws: BTreeSet<&str> = laws
        .lines()
        .filter_map(|line| line.strip_prefix("    fn ")?.split_once('('))
        .map(|(name, _)| name)
        .collect();
    assert!(laws.len() > 30, "only {} laws", laws.len());
    let rows = table("## The laws");
    let named: BTreeSet<&str> = rows.iter().flat_map(|row| in_backticks(row[3])).collect();
    assert_eq!(laws.difference(&named).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn a_row_says_tested_only_if_nothing_else_says_the_law() {
    for row in table("## The laws") {
        let tested_only = row[4] == "TestedOnly";
        assert_eq!(tested_only, row[1].is_empty() && row[2].is_empty(), "{row:?}");
        assert_eq!(row[4].contains("Model"), !row[1].is_empty(), "{row:?}");
        assert_eq!(row[4].contains("Bounded"), !row[2].is_empty(), "{row:?}");
    }
}

#[test]
fn each_caveat_is_defined_and_used() {
    let laws = table("## The laws");
    let used: BTreeSet<&str> = laws.iter().flat_map(|row| row[4].split(", ")).collect();
    let defined: BTreeSet<&str> = table("### Caveats").iter().map(|row| row[0]).collect();
    assert_eq!(used, defined);
}
