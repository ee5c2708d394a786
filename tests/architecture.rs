//! The layers of the crate as a test. The rule and its reasons stand in ARCHITECTURE.md; this file only holds them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Modules from the top down. A module imports from lines below its own only.
const LAYERS: [&[&str]; 12] = [
    &["main"],
    &["cli"],
    &["app"],
    &["config"],
    &["grpc", "http"],
    &["pipeline"],
    &["resilience", "admission"],
    &["engine"],
    &["telemetry", "drain"],
    &["text", "audio"],
    &["speech"],
    &["error", "fault", "secret", "proto"],
];

/// The client is no part of the service: who may use it, and what it may use.
const CLIENT: (&[&str], &[&str]) = (&["main", "cli"], &["proto", "error"]);

/// Crates, by how their names begin, and the only modules that may name them.
const CONFINED: [(&str, &[&str]); 15] = [
    ("tonic", &["grpc", "client", "proto"]),
    ("prost", &["grpc", "client", "proto"]),
    ("reqwest", &["engine"]),
    ("tokio_tungstenite", &["engine"]),
    ("axum", &["http", "app"]),
    ("clap", &["cli"]),
    ("opentelemetry", &["telemetry"]),
    ("tracing_opentelemetry", &["telemetry"]),
    ("prometheus", &["telemetry"]),
    ("rten", &["engine"]),
    ("rubato", &["audio"]),
    ("opus_pure", &["audio"]),
    ("ogg", &["audio"]),
    ("flacenc", &["audio"]),
    ("tiktoken_rs", &["text"]),
];

/// What does I/O, keeps time or runs tasks, and the modules that must not.
const IMPURE: [&str; 7] = ["tokio", "tracing", "std::fs", "std::io", "std::net", "std::thread", "Instant::now"];
const PURE: [&str; 3] = ["text", "audio", "speech"];

/// Lines of a file before its tests.
const MAX_LINES: usize = 400;

#[test]
fn imports_point_down() {
    each_line_of_code(|place, module, line| {
        assert!(!line.contains("use crate::{"), "{place}: one `use crate::…;` per line (ARCHITECTURE.md, Imports)");
        assert!(!line.contains("super::super::"), "{place}: name it by `crate::` (ARCHITECTURE.md, Imports)");
        for used in roots(line, "crate").chain(roots(line, "rhapsode").filter(|_| module == "main")) {
            assert!(may_import(module, used), "{place}: {module} may not use {used} (ARCHITECTURE.md, Imports)");
        }
    });
}

/// In the topmost file of a module `super` is the crate, and would be a way around the layers.
#[test]
fn nobody_climbs_out_of_a_module() {
    let is_topmost = |file: &&PathBuf| file.ends_with("mod.rs") && file.iter().count() == 3 || file.iter().count() == 2;
    for file in files("src").iter().filter(is_topmost) {
        let climbs = code_before_tests(file).iter().any(|line| paths(line).any(|path| path.starts_with("super::")));
        assert!(!climbs, "{}: name it by `crate::` (ARCHITECTURE.md, Imports)", file.display());
    }
}

#[test]
fn crates_stay_in_their_place() {
    each_line_of_code(|place, module, line| {
        for (prefix, homes) in CONFINED {
            let is_used = paths(line).any(|path| path.starts_with(prefix));
            assert!(
                !is_used || homes.contains(&module),
                "{place}: {prefix} belongs to {homes:?} alone (ARCHITECTURE.md, Imports)"
            );
        }
    });
}

#[test]
fn the_core_is_pure() {
    for file in files("src").iter().filter(|file| PURE.contains(&module(file).as_str())) {
        for (number, line) in code_before_tests(file).iter().enumerate() {
            let place = format!("{}:{}", file.display(), number + 1);
            let found = IMPURE.iter().find(|name| !line.trim_start().starts_with("//") && line.contains(**name));
            assert!(found.is_none(), "{place}: {found:?} in pure code (ARCHITECTURE.md, Invariants)");
        }
    }
}

#[test]
fn every_file_has_one_idea_and_says_it_first() {
    for file in ["src", "tests", "examples", "benches", "fuzz/fuzz_targets"].into_iter().flat_map(files) {
        let text = fs::read_to_string(&file).unwrap();
        let (place, lines) = (file.display(), code_before_tests(&file).len());
        assert!(text.starts_with("//! "), "{place}: begins without a `//!` sentence (ARCHITECTURE.md, Layout)");
        let is_code = !file.starts_with("tests") && !file.ends_with("tests.rs");
        assert!(!is_code || lines <= MAX_LINES, "{place}: {lines} lines (ARCHITECTURE.md, Layout)");
    }
}

#[test]
fn every_module_has_its_layer() {
    let mut modules: BTreeMap<String, PathBuf> = files("src").into_iter().map(|file| (module(&file), file)).collect();
    modules.remove("lib");
    modules.remove("client");
    for known in LAYERS.concat() {
        assert!(modules.remove(known).is_some(), "the layer of {known} is empty");
    }
    assert!(modules.is_empty(), "without a layer (ARCHITECTURE.md, Imports): {modules:?}");
}

fn may_import(module: &str, used: &str) -> bool {
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    match (module, used) {
        _ if module == used => true,
        ("client", _) => CLIENT.1.contains(&used),
        (_, "client") => CLIENT.0.contains(&module),
        _ => layer(used).is_some_and(|below| layer(module).is_some_and(|above| above < below)),
    }
}

/// Calls `check` with place, module and text of every line in `src` that is no comment.
fn each_line_of_code(check: impl Fn(&str, &str, &str)) {
    for file in files("src").iter().filter(|file| module(file) != "lib") {
        for (number, line) in fs::read_to_string(file).unwrap().lines().enumerate() {
            if !line.trim_start().starts_with("//") {
                check(&format!("{}:{}", file.display(), number + 1), &module(file), line);
            }
        }
    }
}

/// `src/audio/wav.rs` and `src/audio/mod.rs` are of `audio`, `src/error.rs` is `error`.
fn module(file: &Path) -> String {
    let top = file.strip_prefix("src").unwrap().iter().next().unwrap();
    top.to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The paths on a line, each from its first name: `crate::text::segment`, `tonic::Code`.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .map(|path| path.trim_start_matches(':'))
        .filter(|path| path.contains("::"))
}

/// The names that stand right behind `root::` on a line.
fn roots<'a>(line: &'a str, root: &'a str) -> impl Iterator<Item = &'a str> {
    paths(line).filter_map(move |path| path.strip_prefix(root)?.strip_prefix("::")?.split("::").next())
}

fn code_before_tests(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    code.lines().map(str::to_owned).collect()
}

/// All Rust files under a folder of the package.
fn files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let rust = files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    rust.chain(folders.into_iter().flat_map(files_of)).collect()
}

fn files_of(folder: PathBuf) -> Vec<PathBuf> {
    files(folder)
}
