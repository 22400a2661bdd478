//! `docs/inferred.md` lists every rule that the source marks as inferred, and no other.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "a test that fails says so by a panic"
)]

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

const PAGE: &str = include_str!("../docs/inferred.md");

fn files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// How often the comments of a file mark a rule as inferred. The name of a function or a file is no mark.
fn marks(source: &str) -> usize {
    let comments = source.lines().filter_map(|line| line.split_once("//"));
    let marks_in = |comment: &str| {
        let lower = comment.to_lowercase();
        let parts: Vec<&str> = lower.split("inferred").collect();
        let around = parts.iter().zip(parts.iter().skip(1));
        around
            .filter(|(before, after)| !before.ends_with([':', '`', '/']) && !after.starts_with(['(', '`']))
            .count()
    };
    comments.map(|(_, comment)| marks_in(comment)).sum()
}

/// How often the tables of the page link each file.
fn links() -> BTreeMap<String, usize> {
    let mut links = BTreeMap::new();
    for row in PAGE.lines().filter(|line| line.starts_with('|')) {
        for link in row.split("](../").skip(1) {
            let (file, _) = link.split_once(')').expect("a link ends");
            *links.entry(file.to_owned()).or_default() += 1;
        }
    }
    links
}

#[test]
fn every_mark_in_the_source_has_its_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut marked = BTreeMap::new();
    for path in files("src") {
        let count = marks(&fs::read_to_string(&path).expect("a source file"));
        if count > 0 {
            let name = path.strip_prefix(root).expect("a file of the package");
            marked.insert(name.to_string_lossy().replace('\\', "/"), count);
        }
    }
    assert!(!marked.is_empty());
    assert_eq!(
        links(),
        marked,
        "left: rows of docs/inferred.md; right: marks in the source"
    );
}

/// The texts of the cases that are noted as inferred: the second argument of the call before `.note("inferred…")`.
fn inferred_texts(tokens: TokenStream, texts: &mut Vec<String>) {
    let mut text = None;
    let mut previous = String::new();
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            let strings = strings(group.stream());
            if group.delimiter() == Delimiter::Parenthesis {
                match previous.as_str() {
                    "same" | "prints" | "refused" | "changed" => text = strings.get(1).cloned(),
                    "note" if strings.iter().any(|note| note.contains("inferred")) => {
                        texts.push(text.clone().expect("a note follows a case"));
                    }
                    _ => {}
                }
            }
            inferred_texts(group.stream(), texts);
        }
        previous = match token {
            TokenTree::Ident(name) => name.to_string(),
            TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => String::new(),
        };
    }
}

/// The strings among these tokens.
fn strings(tokens: TokenStream) -> Vec<String> {
    let literals = tokens
        .into_iter()
        .filter_map(|token| syn::parse2::<syn::LitStr>(token.into()).ok());
    literals.map(|literal| literal.value()).collect()
}

#[test]
fn every_inferred_rule_about_sddl_is_on_the_page() {
    let mut texts = Vec::new();
    for path in files("tests/sddl") {
        let source = fs::read_to_string(&path).expect("a source file");
        inferred_texts(source.parse().expect("Rust"), &mut texts);
    }
    assert!(texts.len() > 30, "{texts:?}");
    let missing: Vec<_> = texts
        .iter()
        .filter(|text| !PAGE.contains(&format!("`{}`", text.replace('\t', "⇥"))))
        .collect();
    assert!(missing.is_empty(), "not in docs/inferred.md: {missing:?}");
}
