//! The rules about files, read from the source: who may import whom, and what no file may use.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails says so by a panic"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enums of syn have more variants than matter here, and may get new ones"
)]

use core::{mem::take, slice::from_ref};
use proc_macro2::{TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};
use syn::{Attribute, Item, ItemMod, ItemUse, Macro, UseTree, VisRestricted, Visibility, visit, visit::Visit};

/// The layers of the library, lowest first. A file imports from its own layer and from lower ones. `lib.rs` belongs to none.
const LAYERS: &[&str] = &[
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
    "central_policy",
    "caller",
    "check",
    "layers",
    "encoded",
    "batch",
    "render",
    "http",
    "mim",
];

/// The first layer of each pair must not import from the second, although the second is lower.
const INDEPENDENT: &[(&str, &str)] = &[
    ("binary", "sddl"),
    ("caller", "sddl"),
    ("caller", "binary"),
    ("check", "sddl"),
    ("check", "binary"),
    ("layers", "sddl"),
    ("layers", "binary"),
    ("central_policy", "binary"),
];

/// The library must not use these: its answers depend on its arguments alone, on every machine, in every run.
const BANNED: &[&str] = &[
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

/// The most lines that a file may have, except for tables.
const MAX_LINES: usize = 600;
const TABLES: &[&str] = &["src/sid/well_known.rs", "src/mask/rights.rs", "src/ace/ace_type.rs"];

/// A package's source folder.
struct Package {
    files: Vec<File>,
    /// The file of each module, by the module's path from the crate's root.
    modules: BTreeMap<Vec<String>, usize>,
}

struct File {
    /// From the repository's root, with `/`.
    path: String,
    module: Vec<String>,
    lines: usize,
    names: Names,
    /// Whether it has modules, reexports and nothing else.
    is_contents: bool,
    /// Whether it takes in the source of a file elsewhere.
    takes_source: bool,
}

/// All names of a file.
#[derive(Default)]
struct Names {
    references: Vec<Reference>,
    /// The path that an imported name is short for, by the module of the import and the name.
    imports: BTreeMap<(Vec<String>, String), Vec<String>>,
    globs: Vec<Vec<String>>,
    /// Single words: keywords too.
    words: BTreeSet<String>,
}

/// A path in a file, imported or written out.
struct Reference {
    /// The module that the path is in.
    module: Vec<String>,
    path: Vec<String>,
    /// Whether other modules can import the name from here.
    is_reexport: bool,
}

/// A file, or its module as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Target {
    Item(usize),
    Module(usize),
}

struct Collector {
    module: Vec<String>,
    names: Names,
}

impl Collector {
    fn reference(&mut self, path: Vec<String>, is_reexport: bool) {
        let module = self.module.clone();
        self.names.references.push(Reference {
            module,
            path,
            is_reexport,
        });
    }

    fn import(&mut self, prefix: &[String], tree: &UseTree, is_reexport: bool) {
        let with = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
        let (name, mut path) = match tree {
            UseTree::Path(tree) => return self.import(&with(&tree.ident), &tree.tree, is_reexport),
            UseTree::Group(group) => {
                let import = |tree| self.import(prefix, tree, is_reexport);
                return group.items.iter().for_each(import);
            }
            UseTree::Glob(_) => return self.names.globs.push(prefix.to_vec()),
            UseTree::Name(tree) => (tree.ident.to_string(), with(&tree.ident)),
            UseTree::Rename(tree) => (tree.rename.to_string(), with(&tree.ident)),
        };
        path.pop_if(|last| last == "self");
        let name = match name.as_str() {
            "self" => path.last().cloned().unwrap_or_default(),
            _ => name,
        };
        self.names.imports.insert((self.module.clone(), name), path.clone());
        self.reference(path, is_reexport);
    }

    /// The paths in the arguments of a macro, which are not parsed.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    if colons != 2 && !path.is_empty() {
                        let path = take(&mut path);
                        self.reference(path, false);
                    }
                    path.push(word.to_string());
                    colons = 0;
                }
                TokenTree::Punct(colon) if colon.as_char() == ':' => colons += 1,
                other => {
                    if !path.is_empty() {
                        let path = take(&mut path);
                        self.reference(path, false);
                    }
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        if !path.is_empty() {
            self.reference(path, false);
        }
    }

    fn words(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => drop(self.names.words.insert(word.to_string())),
                TokenTree::Group(group) => self.words(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_reexport = !matches!(item.vis, Visibility::Inherited);
        self.import(&[], &item.tree, is_reexport);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter();
        self.reference(segments.map(|segment| segment.ident.to_string()).collect(), false);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        visit::visit_macro(self, item);
        self.tokens(item.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}

fn file(path: String, module: Vec<String>, source: &str) -> File {
    let syntax = syn::parse_file(source).unwrap_or_else(|error| panic!("{path}: {error}"));
    let names = Names::default();
    let mut collector = Collector {
        module: module.clone(),
        names,
    };
    collector.visit_file(&syntax);
    collector.words(source.parse().expect("what syn parsed has tokens"));
    let takes_source = collector.names.words.contains("include") || syntax.items.iter().any(has_path_attribute);
    File {
        path,
        module,
        lines: source.lines().count(),
        names: collector.names,
        is_contents: syntax.items.iter().all(is_contents),
        takes_source,
    }
}

fn is_contents(item: &Item) -> bool {
    match item {
        Item::Mod(module) => module.content.is_none(),
        Item::Use(import) => !matches!(import.vis, Visibility::Inherited),
        Item::ExternCrate(_) => true,
        _ => false,
    }
}

fn has_path_attribute(item: &Item) -> bool {
    match item {
        Item::Mod(item) => item.attrs.iter().any(|attribute| attribute.path().is_ident("path")),
        _ => false,
    }
}

impl Package {
    /// Of files given as the path from the source folder and the text.
    fn new(files: impl IntoIterator<Item = (String, String)>, folder: &str) -> Self {
        let files: Vec<File> = files
            .into_iter()
            .map(|(path, source)| {
                let mut module: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
                module.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
                file(format!("{folder}/{path}"), module, &source)
            })
            .collect();
        let modules = files.iter().enumerate();
        let modules = modules.map(|(index, file)| (file.module.clone(), index)).collect();
        Self { files, modules }
    }

    /// From a folder below the repository's root.
    fn read(folder: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut paths = Vec::new();
        rust_files(&root, &mut paths);
        paths.sort();
        let files = paths.iter().map(|path| {
            let relative = path.strip_prefix(&root).expect("a path in the folder");
            let source = fs::read_to_string(path).expect("a text");
            (relative.to_string_lossy().replace('\\', "/"), source)
        });
        Self::new(files, folder)
    }

    /// The file that a path leads to, if it is one of this package. Follows imports to the file that has the item.
    fn resolve(&self, module: &[String], path: &[String]) -> Option<Target> {
        self.follow(module, path, 0)
    }

    fn follow(&self, module: &[String], path: &[String], depth: usize) -> Option<Target> {
        if depth > 16 {
            return None;
        }
        let (mut current, mut rest) = match absolute(module, path) {
            Some(absolute) => (Vec::new(), absolute),
            None if self.modules.contains_key(&[module, &path[..1]].concat()) => (module.to_vec(), path.to_vec()),
            None => {
                let import = self.import(module, &path[0])?;
                // `use uuid::Uuid as uuid` and the like lead out of the package.
                return (import[0] != path[0])
                    .then(|| self.follow(module, &[import, &path[1..]].concat(), depth + 1))?;
            }
        };
        rest.reverse();
        while let Some(name) = rest.pop() {
            let inner = [&current[..], from_ref(&name)].concat();
            if self.modules.contains_key(&inner) {
                current = inner;
                continue;
            }
            rest.reverse();
            return match self.import(&current, &name) {
                Some(import) => self.follow(&current, &[import, &rest].concat(), depth + 1),
                None => Some(Target::Item(self.file_of(&current)?)),
            };
        }
        Some(Target::Module(self.file_of(&current)?))
    }

    fn import(&self, module: &[String], name: &str) -> Option<&[String]> {
        let file = &self.files[self.file_of(module)?];
        let path = file.names.imports.get(&(module.to_vec(), name.to_owned()))?;
        Some(path)
    }

    /// A module in braces is in the file of the module around it.
    fn file_of(&self, module: &[String]) -> Option<usize> {
        let mut lengths = (0..=module.len()).rev();
        lengths.find_map(|length| self.modules.get(&module[..length]).copied())
    }

    /// The files that each file imports from, with the path that does so.
    fn imports(&self) -> Vec<BTreeMap<usize, String>> {
        let imports_of = |(index, file): (usize, &File)| {
            let mut imports = BTreeMap::new();
            for reference in &file.names.references {
                let Some(Target::Item(target)) = self.resolve(&reference.module, &reference.path) else {
                    continue;
                };
                // `pub use` of a child is a table of contents, not a use.
                let is_child = self.files[target].module.starts_with(&file.module);
                if target != index && !(reference.is_reexport && is_child) {
                    imports.entry(target).or_insert_with(|| reference.path.join("::"));
                }
            }
            imports
        };
        self.files.iter().enumerate().map(imports_of).collect()
    }

    /// Each import that is part of a circle, with its two files.
    fn circles(&self) -> Vec<(&File, &File, String)> {
        let imports = self.imports();
        let reachable: Vec<BTreeSet<usize>> = (0..self.files.len())
            .map(|start| {
                let mut reached = BTreeSet::new();
                let mut open = vec![start];
                while let Some(next) = open.pop() {
                    open.extend(imports[next].keys().filter(|target| reached.insert(**target)));
                }
                reached
            })
            .collect();
        let mut circles = Vec::new();
        for (from, targets) in imports.iter().enumerate() {
            for (to, path) in targets.iter().filter(|(to, _)| reachable[**to].contains(&from)) {
                circles.push((&self.files[from], &self.files[*to], path.clone()));
            }
        }
        circles
    }
}

/// A path that starts with `crate`, `self` or `super`, from the root.
fn absolute(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let (mut base, mut rest) = match path.first()?.as_str() {
        "crate" => (&[][..], &path[1..]),
        "self" => (module, &path[1..]),
        "super" => (module, path),
        _ => return None,
    };
    while let Some(after) = rest.strip_prefix(&["super".to_owned()]) {
        base = &base[..base.len().saturating_sub(1)];
        rest = after;
    }
    Some([base, rest].concat())
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

static LIBRARY: LazyLock<Package> = LazyLock::new(|| {
    let library = Package::read("src");
    assert!(library.files.len() > 40, "the source was not found");
    library
});

/// The packages in `crates`, which the published library does not have.
static MEMBERS: LazyLock<Vec<Package>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(entries) = fs::read_dir(root.join("crates")) else {
        return Vec::new();
    };
    let folders = entries.map(|entry| {
        let name = entry.expect("an entry").file_name();
        format!("crates/{}/src", name.to_string_lossy())
    });
    folders.map(|folder| Package::read(&folder)).collect()
});

fn packages() -> impl Iterator<Item = &'static Package> {
    MEMBERS.iter().chain([&*LIBRARY])
}

fn all_files() -> impl Iterator<Item = &'static File> {
    packages().flat_map(|package| &package.files)
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|known| *known == name)
}

#[test]
fn a_file_imports_from_lower_layers_only() {
    let mut failures = Vec::new();
    let mut imports = 0;
    for file in &LIBRARY.files {
        let Some(own) = file.module.first() else { continue };
        // The examples of the README.
        if own == "readme" {
            continue;
        }
        let Some(own_place) = layer(own) else {
            failures.push(format!("{}: the layer `{own}` is not in the list", file.path));
            continue;
        };
        for reference in &file.names.references {
            let Some(path) = absolute(&reference.module, &reference.path) else {
                continue;
            };
            // The root re-exports for other crates.
            let target = path.first().map_or("", String::as_str);
            if target == own {
                continue;
            }
            imports += 1;
            let is_lower = layer(target).is_some_and(|place| place < own_place);
            if !is_lower || INDEPENDENT.contains(&(own, target)) {
                failures.push(format!("{}: `{}`", file.path, reference.path.join("::")));
            }
        }
    }
    assert!(imports > 80, "only {imports} imports were found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = packages().flat_map(Package::circles);
    let circles: Vec<_> = circles
        .map(|(from, to, path)| format!("{} -> {}: `{path}`", from.path, to.path))
        .collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn the_library_depends_on_nothing_but_its_arguments() {
    let mut failures = Vec::new();
    for file in &LIBRARY.files {
        for banned in BANNED {
            let words: Vec<&str> = banned.split("::").collect();
            let begins = |reference: &Reference| {
                reference.path.len() >= words.len() && reference.path.iter().zip(&words).all(|(a, b)| a == b)
            };
            let is_used = match words.as_slice() {
                [word] => file.names.words.contains(*word),
                _ => file.names.references.iter().any(begins),
            };
            if is_used {
                failures.push(format!("{}: {banned}", file.path));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// CVE-2009-1888: Samba read memory that it had not written.
#[test]
fn cve_2009_1888_nothing_is_unsafe() {
    for file in all_files() {
        assert!(!file.names.words.contains("unsafe"), "{}", file.path);
    }
}

/// A program sees of the library what everybody sees.
#[test]
fn a_program_takes_in_no_source_of_the_library() {
    for file in MEMBERS.iter().flat_map(|package| &package.files) {
        assert!(!file.takes_source, "{}", file.path);
    }
}

/// Imports with a star hide from the other tests which file is meant.
#[test]
fn no_import_has_a_star() {
    for file in all_files() {
        assert_eq!(file.names.globs, Vec::<Vec<String>>::new(), "{}", file.path);
    }
}

#[test]
fn the_root_is_a_table_of_contents() {
    let root = LIBRARY
        .files
        .iter()
        .find(|file| file.module.is_empty())
        .expect("lib.rs");
    assert!(root.is_contents, "{} has an item of its own", root.path);
}

#[test]
fn files_are_short() {
    for file in all_files() {
        let is_short = file.lines <= MAX_LINES || TABLES.contains(&file.path.as_str());
        assert!(is_short, "{} has {} lines", file.path, file.lines);
    }
}

#[test]
fn only_the_readers_use_nom() {
    for file in &LIBRARY.files {
        let reads = ["sddl", "binary"].contains(&file.module.first().map_or("", String::as_str));
        assert!(reads || !file.names.words.contains("nom"), "{}", file.path);
    }
}

fn package(files: &[(&str, &str)]) -> Package {
    let files = files
        .iter()
        .map(|(path, source)| ((*path).to_owned(), (*source).to_owned()));
    Package::new(files, "src")
}

fn words(path: &str) -> Vec<String> {
    path.split("::").map(str::to_owned).collect()
}

#[test]
fn all_paths_of_a_file_are_found() {
    let source = "//! use crate::a;\nuse crate::{b::{C, d as e}, f::{self, g}};\nuse super::super::h;
        pub(in crate::i) fn j() -> crate::k::L { m!(\"crate::n\", crate::o::p); vec![crate::q; 2] } // crate::r";
    let file = file("x.rs".to_owned(), words("x"), source);
    let references = file.names.references.iter().map(|reference| reference.path.join("::"));
    let found: Vec<_> = references.filter(|path| path.contains("::")).collect();
    let expected = [
        "crate::b::C",
        "crate::b::d",
        "crate::f",
        "crate::f::g",
        "super::super::h",
        "crate::k::L",
        "crate::o::p",
        "crate::q",
    ];
    // `crate::f` is there for `self`.
    assert_eq!(
        BTreeSet::from_iter(found.iter().map(String::as_str)),
        BTreeSet::from(expected)
    );
    let named = |name: &str| file.names.imports.get(&(words("x"), name.to_owned())).cloned();
    assert_eq!(named("e"), Some(words("crate::b::d")));
    assert_eq!(named("f"), Some(words("crate::f")));
    assert!(file.names.words.contains("p") && !file.names.words.contains("n") && !file.names.words.contains("r"));
}

#[test]
fn a_path_leads_to_the_file_that_has_the_item() {
    let package = package(&[
        ("lib.rs", "pub mod a; pub mod b; pub use a::c::D;"),
        ("a/mod.rs", "mod c; pub use c::D; pub struct E;"),
        ("a/c.rs", "pub struct D; mod tests { use super::D; }"),
        ("b.rs", "use crate::a; use core::fmt as f;"),
    ]);
    let leads = |module: &str, path: &str| {
        let module = if module.is_empty() { Vec::new() } else { words(module) };
        match package.resolve(&module, &words(path)) {
            Some(Target::Item(file)) => package.files[file].path.clone(),
            Some(Target::Module(file)) => format!("module {}", package.files[file].path),
            None => "elsewhere".to_owned(),
        }
    };
    assert_eq!(leads("b", "crate::D"), "src/a/c.rs");
    assert_eq!(leads("b", "crate::a::D::new"), "src/a/c.rs");
    assert_eq!(leads("b", "crate::a::E"), "src/a/mod.rs");
    assert_eq!(leads("b", "crate::a"), "module src/a/mod.rs");
    assert_eq!(leads("b", "a::E"), "src/a/mod.rs");
    assert_eq!(leads("b", "a::D"), "src/a/c.rs");
    assert_eq!(leads("b", "f::Display"), "elsewhere");
    assert_eq!(leads("a", "c::D"), "src/a/c.rs");
    assert_eq!(leads("a::c", "super::E"), "src/a/mod.rs");
    assert_eq!(leads("a::c", "super::super::b::X"), "src/b.rs");
    assert_eq!(leads("a::c::tests", "super::D"), "src/a/c.rs");
    assert_eq!(leads("", "self::a::E"), "src/a/mod.rs");
}

#[test]
fn a_circle_is_found() {
    let circles = |files: &[(&str, &str)]| {
        let package = package(files);
        let circles = package.circles();
        let paths = circles.iter().map(|(from, to, _)| format!("{} {}", from.path, to.path));
        paths.collect::<Vec<_>>()
    };
    let table = ("a/mod.rs", "mod b; pub use b::B; pub struct A;");
    let child = ("a/b.rs", "use super::A; pub struct B(A);");
    assert_eq!(circles(&[table, child]), Vec::<String>::new());
    // A parent that uses what it only lists is in a circle with a child that uses it.
    let parent = ("a/mod.rs", "mod b; pub use b::B; pub struct A; fn f() { b::g(); }");
    let both = ["src/a/b.rs src/a/mod.rs", "src/a/mod.rs src/a/b.rs"];
    let mut found = circles(&[parent, child]);
    found.sort();
    assert_eq!(found, both);
    let three = [
        ("x.rs", "use crate::y::Y;"),
        ("y.rs", "fn f() -> crate::z::Z { z!() }"),
        ("z.rs", "fn f() { vec![crate::x::X] }"),
        ("w.rs", "use crate::x::X;"),
    ];
    assert_eq!(
        circles(&three),
        ["src/x.rs src/y.rs", "src/y.rs src/z.rs", "src/z.rs src/x.rs"]
    );
}
