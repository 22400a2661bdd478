//! The layers of the design, and what none of them may do: read from the source.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that fails says so by a panic"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The layers, from the bottom: a file imports from its own layer and from those before it. `lib.rs` is the table of contents.
const LAYERS: [&str; 23] = [
    "lookup",
    "limits",
    "serde_map",
    "span",
    "sid",
    "mask",
    "claim",
    "condition",
    "ace",
    "acl",
    "descriptor",
    "sddl",
    "binary",
    "structure",
    "as_sddl",
    "caller",
    "check",
    "in_place",
    "listing",
    "render",
    "mim",
    "http",
    "bin",
];

/// Layers that know nothing of each other although one comes before the other.
const STRANGERS: [(&str, &str); 5] = [
    ("binary", "sddl"),
    ("caller", "sddl"),
    ("caller", "binary"),
    ("check", "sddl"),
    ("check", "binary"),
];

/// What makes an answer depend on more than its input, or may go wrong unseen.
const BANNED: [&str; 14] = [
    "std::time",
    "core::time",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "HashMap",
    "HashSet",
    "RandomState",
    "thread_local",
    "f32",
    "f64",
];

/// Lines that a file can have and still be held in the head; tables may be longer.
const LINES: usize = 600;
const TABLES: [&str; 3] = ["sid/well_known.rs", "mask/rights.rs", "ace/ace_type.rs"];

struct File {
    /// From `src`, with `/`.
    path: String,
    source: String,
    /// The source without comments, strings and characters.
    code: String,
}

fn visit(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            visit(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    visit(&root, &mut paths);
    paths.sort();
    assert!(paths.len() > 40, "the source was not found");
    paths
        .into_iter()
        .map(|path| {
            let relative = path.strip_prefix(&root).expect("below src");
            let source = fs::read_to_string(&path).expect("text");
            File {
                path: relative.to_string_lossy().replace('\\', "/"),
                code: code(&source),
                source,
            }
        })
        .collect()
}

/// The source without what is not code.
fn code(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let raw = rest
            .strip_prefix('r')
            .map(|rest| (rest, rest.len() - rest.trim_start_matches('#').len()));
        let in_word = code.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        rest = match (first, raw) {
            ('/', _) if after.starts_with('/') => after.find('\n').map_or("", |end| &after[end..]),
            ('/', _) if after.starts_with('*') => after.split_once("*/").map_or("", |(_, rest)| rest),
            ('r', Some((quoted, hashes))) if !in_word && quoted[hashes..].starts_with('"') => {
                let end = format!("\"{}", &quoted[..hashes]);
                quoted[hashes + 1..].split_once(&end).map_or("", |(_, rest)| rest)
            }
            ('"', _) => {
                let mut escaped = false;
                let end = after.find(|character| {
                    let ends = character == '"' && !escaped;
                    escaped = character == '\\' && !escaped;
                    ends
                });
                end.map_or("", |end| &after[end + 1..])
            }
            // A character, not a lifetime.
            ('\'', _) if after.starts_with('\\') => after[2..].split_once('\'').map_or("", |(_, rest)| rest),
            ('\'', _) if after.chars().nth(1) == Some('\'') => {
                let character = after.chars().next().map_or(0, char::len_utf8);
                &after[character + 1..]
            }
            _ => {
                code.push(first);
                after
            }
        };
    }
    code
}

/// Whether a word stands in code by itself.
fn has_word(code: &str, word: &str) -> bool {
    let part_of_word = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(part_of_word) && !code[at + word.len()..].starts_with(part_of_word))
}

/// The paths of a tree such as `a::{b, c::{d}}`, and what follows it.
fn expand<'c>(prefix: &str, tree: &'c str, paths: &mut Vec<String>) -> &'c str {
    let tree = tree.trim_start();
    let end = tree.find(['{', '}', ',', ';']).unwrap_or(tree.len());
    let path = format!(
        "{prefix}{}",
        tree[..end].split_whitespace().collect::<Vec<_>>().join(" ")
    );
    let mut rest = &tree[end..];
    if let Some(mut inner) = rest.strip_prefix('{') {
        while !inner.is_empty() && !inner.starts_with('}') {
            inner = expand(&path, inner, paths).trim_start();
            inner = inner.strip_prefix(',').unwrap_or(inner).trim_start();
        }
        rest = inner.strip_prefix('}').unwrap_or(inner);
    } else if !path.is_empty() {
        paths.push(path);
    }
    rest
}

/// Every path of a file that begins with `crate` or `super`, imported or written out.
fn paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for root in ["crate::", "super::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].trim_end();
            if before.ends_with("::") || before.ends_with("::{") {
                continue;
            }
            if before.ends_with("use") {
                expand("", &code[at..], &mut paths);
            } else {
                let path = &code[at..];
                let end = path.find(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | ':'));
                paths.push(path[..end.unwrap_or(path.len())].to_owned());
            }
        }
    }
    paths
}

/// The layer that a path of a file leads to, if it leaves the file's own layer.
fn target(file: &str, path: &str) -> Option<String> {
    let own: Vec<&str> = file
        .trim_end_matches(".rs")
        .trim_end_matches("/mod")
        .split('/')
        .collect();
    let mut segments = path.split("::").map(str::trim).peekable();
    let mut depth = own.len();
    if segments.next_if_eq(&"crate").is_some() {
        depth = 0;
    }
    while segments.next_if_eq(&"super").is_some() {
        depth = depth.saturating_sub(1);
    }
    let layer = if depth == 0 {
        segments.next().unwrap_or_default()
    } else {
        own[0]
    };
    let layer = layer.split_whitespace().next().unwrap_or_default();
    (layer != own[0] && layer != "self").then(|| layer.to_owned())
}

fn place(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|known| *known == layer)
}

#[test]
fn a_file_imports_only_from_below() {
    let mut failures = Vec::new();
    let mut imports = 0_usize;
    // The program imports from the library alone, whatever its own files are to one another; the README is all examples.
    let library =
        |file: &&File| !file.path.starts_with("bin/") && !["lib.rs", "readme.rs"].contains(&file.path.as_str());
    for file in files().iter().filter(library) {
        let own = file.path.split(['/', '.']).next().unwrap_or_default();
        let Some(own_place) = place(own) else {
            failures.push(format!("{}: the layer `{own}` has no place in the list", file.path));
            continue;
        };
        for path in paths(&file.code) {
            let Some(layer) = target(&file.path, &path) else {
                continue;
            };
            imports += 1;
            // The root re-exports for others; a macro of the crate stands there too.
            match place(&layer) {
                Some(other) if other < own_place && !STRANGERS.contains(&(own, layer.as_str())) => {}
                _ => failures.push(format!("{}: `{path}` leads to `{layer}`", file.path)),
            }
        }
    }
    assert!(imports > 80, "only {imports} imports were found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_scan_sees_what_it_should() {
    let source = "//! use crate::a;\nuse crate::{b::{C, d}, super_::e};\nuse super::super::f; let x = crate::g::H { i: '\"' }; \"crate::j\"";
    let found = paths(&code(source));
    assert_eq!(
        found,
        [
            "crate::b::C",
            "crate::b::d",
            "crate::super_::e",
            "crate::g::H",
            "super::super::f"
        ]
    );
    assert_eq!(paths("fn k() -> crate::l::M"), ["crate::l::M"]);
    assert_eq!(target("x/y.rs", "super::super::f"), Some("f".to_owned()));
    assert_eq!(target("x/y.rs", "super::f"), None);
    assert_eq!(target("x/mod.rs", "super::f::g"), Some("f".to_owned()));
    assert_eq!(target("x.rs", "super::f"), Some("f".to_owned()));
    assert_eq!(target("x/y/z.rs", "crate::x::f"), None);
    assert!(has_word("a: f64,", "f64") && !has_word("of64", "f64"));
    assert_eq!(code("a /* b */ r#\"c\"# 'd' '\\'' &'e f // g"), "a     &'e f ");
}

#[test]
fn nothing_depends_on_the_machine() {
    let mut failures = Vec::new();
    for file in files().iter().filter(|file| !file.path.starts_with("bin/")) {
        failures.extend(
            BANNED
                .iter()
                .filter(|word| has_word(&file.code, word))
                .map(|word| format!("{}: {word}", file.path)),
        );
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// CVE-2009-1888: memory was read that nothing had been written to.
#[test]
fn cve_2009_1888_nothing_is_unsafe() {
    for file in files() {
        assert!(!has_word(&file.code, "unsafe"), "{}", file.path);
    }
}

#[test]
fn the_root_is_a_table_of_contents() {
    let all = files();
    let root = all.iter().find(|file| file.path == "lib.rs").expect("lib.rs");
    for statement in root
        .code
        .split(';')
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
    {
        let mut item = statement;
        while let Some(attribute) = item.strip_prefix("#![").or_else(|| item.strip_prefix("#[")) {
            item = attribute.split_once("]\n").map_or("", |(_, rest)| rest.trim_start());
        }
        let allowed = ["mod ", "pub mod ", "pub use ", "extern crate "];
        let known = allowed.iter().any(|start| item.starts_with(start));
        let body = !item.starts_with("pub use ") && item.contains('{');
        assert!(known && !body, "`{item}` stands in lib.rs");
    }
}

#[test]
fn files_can_be_held_in_the_head() {
    for file in files().iter().filter(|file| !TABLES.contains(&file.path.as_str())) {
        let lines = file.source.lines().count();
        assert!(lines <= LINES, "{} has {lines} lines", file.path);
    }
}

#[test]
fn nom_stays_where_text_and_bytes_are_read() {
    for file in files()
        .iter()
        .filter(|file| !file.path.starts_with("sddl/") && !file.path.starts_with("binary/"))
    {
        assert!(!has_word(&file.code, "nom"), "{}", file.path);
    }
}
