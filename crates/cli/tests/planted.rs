//! The faults in `proofs/planted`: each is a patch that changes a decision, and `proofs/faults` shows which check finds it. Here it is held
//! that each patch still applies, and that each file which decides has at least three.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails says so by a panic"
)]

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The folders in which every file has three faults, or is in [`DECIDES_NOTHING`].
const FOLDERS: [&str; 3] = ["src/check", "src/condition", "src/layers"];

/// The files in these folders that can't change a decision, and the reason.
const DECIDES_NOTHING: [(&str, &str); 5] = [
    (
        "src/check/missing.rs",
        "it says why a right is missing, after the decision",
    ),
    ("src/condition/environment.rs", "it has a trait and types, and no code"),
    (
        "src/layers/explanation.rs",
        "it shows the steps of a decision that was made",
    ),
    (
        "src/layers/missing.rs",
        "it says why a right is missing, after the decision",
    ),
    ("src/layers/mod.rs", "it re-exports the other files"),
];

const LEAST: usize = 3;

/// Lines that a patch replaces, one after the other, and the lines in their place.
struct Hunk {
    before: Vec<String>,
    after: Vec<String>,
}

struct Patch {
    name: String,
    /// The lines before the diff.
    head: Vec<String>,
    files: BTreeMap<String, Vec<Hunk>>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn patches() -> Vec<Patch> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("proofs/planted"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "patch"))
        .collect();
    paths.sort();
    paths.iter().map(|path| parse(path)).collect()
}

fn parse(path: &Path) -> Patch {
    let text = fs::read_to_string(path).unwrap();
    let mut patch = Patch {
        name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
        head: Vec::new(),
        files: BTreeMap::new(),
    };
    let mut file: Option<Vec<Hunk>> = None;
    let mut name = String::new();
    for line in text.lines() {
        if line.starts_with("--- a/") {
            patch.files.extend(file.take().map(|hunks| (name.clone(), hunks)));
        } else if let Some(path) = line.strip_prefix("+++ b/") {
            (file, name) = (Some(Vec::new()), path.to_owned());
        } else if let Some(hunks) = &mut file {
            if line.starts_with("@@ ") {
                hunks.push(Hunk {
                    before: Vec::new(),
                    after: Vec::new(),
                });
                continue;
            }
            let hunk = hunks
                .last_mut()
                .unwrap_or_else(|| panic!("{}: a line before the first @@", patch.name));
            let (mark, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
            match mark {
                " " => {
                    hunk.before.push(rest.to_owned());
                    hunk.after.push(rest.to_owned());
                }
                "-" => hunk.before.push(rest.to_owned()),
                "+" => hunk.after.push(rest.to_owned()),
                _ => panic!("{}: {line}", patch.name),
            }
        } else {
            patch.head.push(line.to_owned());
        }
    }
    patch.files.extend(file.map(|hunks| (name, hunks)));
    patch
}

/// How often these lines are in a file, one after the other.
fn count(lines: &[&str], wanted: &[String]) -> usize {
    let places = lines.windows(wanted.len());
    places
        .filter(|place| place.iter().zip(wanted).all(|(line, wanted)| line == wanted))
        .count()
}

#[test]
fn each_fault_applies_to_the_source_at_one_place() {
    for patch in patches() {
        assert!(!patch.files.is_empty(), "{}: it changes nothing", patch.name);
        for (file, hunks) in &patch.files {
            let text =
                fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{}: {file}: {error}", patch.name));
            let lines: Vec<&str> = text.lines().collect();
            for hunk in hunks {
                assert_ne!(hunk.before, hunk.after, "{}: {file}", patch.name);
                let found = count(&lines, &hunk.before);
                assert_eq!(
                    found,
                    1,
                    "{}: {file} has {found} times\n{}",
                    patch.name,
                    hunk.before.join("\n")
                );
            }
        }
    }
}

/// The rest of the first line that begins so.
fn line<'a>(patch: &'a Patch, begin: &str) -> Option<&'a str> {
    patch.head.iter().find_map(|line| line.strip_prefix(begin))
}

#[test]
fn each_fault_says_what_it_does_and_what_shows_it() {
    for patch in patches() {
        let says = patch.head.first().map(String::as_str).unwrap_or_default();
        assert!(says.ends_with('.') && says.len() > 20, "{}: {says}", patch.name);
        let shown = (
            line(&patch, "Question: "),
            line(&patch, "Answer: "),
            line(&patch, "Test: "),
        );
        assert!(
            matches!(shown, (Some(_), Some(_), None) | (None, None, Some(_))),
            "{}: it has one question with its answer, or one test",
            patch.name
        );
    }
}

/// Whether `tests/` has this test of this target.
fn has_test(target: &str, name: &str) -> bool {
    let (module, function) = name.rsplit_once("::").unwrap_or(("main", name));
    let folder = root().join("tests").join(target);
    let files = [
        folder.join(module.replace("::", "/")).with_extension("rs"),
        folder.with_extension("rs"),
    ];
    let wanted = format!("fn {function}(");
    let has_it = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        // The lines from one function to the next are the attributes and comments of the next.
        let at = lines.iter().position(|line| line.starts_with(&wanted));
        let before = at.map(|at| lines[..at].iter().rev().take_while(|line| !line.is_empty()));
        before.is_some_and(|mut before| before.any(|line| *line == "#[test]"))
    };
    files.iter().find(|file| file.is_file()).is_some_and(has_it)
}

#[test]
fn each_test_that_shows_a_fault_exists() {
    assert!(has_test("check", "unknown::the_owner_may_have_to_be_resolved"));
    assert!(has_test(
        "laws",
        "law_14_the_explanation_decides_as_the_check_and_its_steps_say_so"
    ));
    assert!(!has_test("check", "unknown::undetermined") && !has_test("check", "unknown::no_such_test"));
    let mut named = 0;
    for patch in patches() {
        if let Some(test) = line(&patch, "Test: ") {
            let found = test
                .split_once(' ')
                .is_some_and(|(target, name)| has_test(target, name));
            assert!(found, "{}: there is no test {test}", patch.name);
            named += 1;
        }
    }
    assert!(named > 30, "only {named} tests");
}

/// The answer of the program to a line, in one word.
fn answer(question: &str, options: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sddl-authz"))
        .args(["check", "--lines", "-"])
        .args(options.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(program.stdin.take().unwrap(), "{question}").unwrap();
    let said = program.wait_with_output().unwrap().stdout;
    let answer: serde_json::Value = serde_json::from_slice(&said).unwrap();
    match (answer["decision"].as_str(), answer["resolve"].as_array()) {
        (Some("denied"), Some(facts)) if !facts.is_empty() => "undetermined".to_owned(),
        (Some(decision), _) => decision.to_owned(),
        (None, _) => "refused".to_owned(),
    }
}

#[test]
fn without_a_fault_each_question_has_the_right_answer() {
    let mut asked = 0;
    for patch in patches() {
        if let (Some(question), Some(expected)) = (line(&patch, "Question: "), line(&patch, "Answer: ")) {
            let options = line(&patch, "Options: ").unwrap_or_default();
            assert_eq!(answer(question, options), expected, "{}: {question}", patch.name);
            asked += 1;
        }
    }
    assert!(asked > 100, "only {asked} questions");
}

#[test]
fn each_file_that_decides_has_three_faults() {
    let mut faults: BTreeMap<String, usize> = BTreeMap::new();
    for patch in patches() {
        for file in patch.files.keys() {
            *faults.entry(file.clone()).or_default() += 1;
        }
    }
    for (file, reason) in DECIDES_NOTHING {
        assert!(root().join(file).is_file() && !reason.is_empty(), "{file}");
        assert!(!faults.contains_key(file), "{file} has a fault, although {reason}");
    }
    for folder in FOLDERS {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap();
            assert!(entry.file_type().unwrap().is_file(), "{folder} has a folder");
            let file = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if DECIDES_NOTHING.iter().all(|(known, _)| *known != file) {
                let found = faults.get(&file).copied().unwrap_or_default();
                assert!(found >= LEAST, "{file} has {found} faults");
            }
        }
    }
}
