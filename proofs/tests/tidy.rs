//! The laws of the house that a machine can keep: who may depend on whom, where a target may be named, how long a
//! function may be, which words have no place here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a parent folder").to_owned()
}

/// Files that git tracks or would track, relative to the root.
fn files(endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            if path.is_dir() && name != "target" && name != ".git" {
                folders.push(path);
            } else if endings.iter().any(|e| name.ends_with(e)) {
                found.push(path.strip_prefix(root()).expect("below the root").to_owned());
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).expect("a text file")
}

/// Dependencies among our own crates, tests excluded, from `cargo metadata`.
fn arrows() -> BTreeSet<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let arrow = |package: &serde_json::Value| {
        let from = text(&package["name"]);
        let dependencies = package["dependencies"].as_array().cloned().unwrap_or_default();
        let normal = dependencies.into_iter().filter(|d| d["kind"].is_null());
        normal.map(|d| (from.clone(), text(&d["name"]))).collect::<Vec<_>>()
    };
    let ours = |(_, to): &(String, String)| to.starts_with("framewright");
    packages.iter().flat_map(arrow).filter(ours).collect()
}

#[test]
fn crates_depend_only_downwards() {
    let allowed = [
        ("framewright-compiler", "framewright-spec"),
        ("framewright-verifier", "framewright-spec"),
        ("framewright", "framewright-spec"),
        ("framewright", "framewright-compiler"),
        ("framewright", "framewright-verifier"),
    ];
    let allowed = allowed.map(|(a, b)| (a.to_owned(), b.to_owned())).into_iter().collect();
    let arrows = arrows();
    assert!(!arrows.is_empty(), "no arrows read from cargo metadata");
    let forbidden: Vec<_> = arrows.difference(&allowed).collect();
    assert!(forbidden.is_empty(), "forbidden dependencies: {forbidden:?}");
}

/// Names of registers and machines, as the specification has them, long enough to be unmistakable.
fn target_names() -> BTreeSet<String> {
    let spec = framewright_spec::Spec::embedded();
    let machine = |m: &framewright_spec::Machine| {
        let numbered = |n: &str| n.contains(|c: char| c.is_ascii_digit());
        let long = |n: &&String| n.len() > 2 && (numbered(n) || n.starts_with(['r', 'e', 'x']));
        let registers = m.views.keys().filter(long).cloned();
        registers.chain([m.name.clone(), m.name.replace('_', "-")]).collect::<Vec<_>>()
    };
    let spoken = ["x86", "arm64", "risc", "riscv", "loongarch"].map(str::to_owned);
    spec.machines.values().flat_map(machine).chain(spoken).collect()
}

/// Words of a line of code: comments and documentation do not count, for they may give examples.
fn code_words(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or_default();
    code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

#[test]
fn targets_are_named_only_in_their_adapters_and_data() {
    let names = target_names();
    // The adapter of the machine whose rows have no bit patterns, and the code below Rust on the machine this runs on.
    let adapter =
        |p: &PathBuf| p.components().any(|c| c.as_os_str() == "x86_64") || p.starts_with("src/native");
    let product = ["spec/src", "compiler/src", "verifier/src", "src"];
    let test = |p: &PathBuf| p.components().any(|c| c.as_os_str() == "tests");
    let checked = |p: &PathBuf| product.iter().any(|folder| p.starts_with(folder)) && !adapter(p) && !test(p);
    let mut found = Vec::new();
    for path in files(&[".rs"]).into_iter().filter(checked) {
        let text = read(&path);
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in product.lines().enumerate() {
            // The choice of the adapter.
            let allowed = line.contains("mod x86_64;") || line.contains("x86_64::");
            if !allowed && code_words(line).any(|w| names.contains(w)) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "target names outside target data and adapters:\n{}", found.join("\n"));
}

/// Lines of each function of a formatted source file, by the line it starts on.
fn function_lengths(text: &str) -> BTreeMap<usize, usize> {
    let mut lengths = BTreeMap::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let head = line.trim_start();
        let head = ["pub(crate) ", "pub(super) ", "pub ", "const ", "unsafe ", "extern \"sysv64\" "]
            .iter()
            .fold(head, |h, p| h.strip_prefix(p).unwrap_or(h));
        if head.starts_with("fn ") && !line.trim_end().ends_with([';', '}']) {
            open.push((number, indent));
        }
        if let Some(&(start, at)) = open.last()
            && line.trim_end() == format!("{}}}", " ".repeat(at))
        {
            lengths.insert(start + 1, number - start + 1);
            open.pop();
        }
    }
    lengths
}

#[test]
fn functions_and_files_stay_short() {
    const FUNCTION: usize = 70;
    const FILE: usize = 600;
    let mut found = Vec::new();
    for path in files(&[".rs"]).into_iter().filter(|p| p.components().any(|c| c.as_os_str() == "src")) {
        let text = read(&path);
        // Tables are data: one aligned row a line, as long as the world is.
        let is_table = text.contains("#[rustfmt::skip]");
        let lines = text.lines().count();
        if lines > FILE && !is_table {
            found.push(format!("{}: {lines} lines", path.display()));
        }
        for (start, length) in function_lengths(&text) {
            if length > FUNCTION
                && !text.lines().nth(start.saturating_sub(2)).is_some_and(|l| l.contains("skip"))
            {
                found.push(format!("{}:{start}: a function of {length} lines", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "too long:\n{}", found.join("\n"));
}

#[test]
fn function_lengths_are_measured() {
    let text = "fn a() {\n    b();\n}\n\nimpl X {\n    pub fn c(\n        d: u32,\n    ) -> u32 {\n        d\n    }\n}\n";
    assert_eq!(function_lengths(text), BTreeMap::from([(1, 3), (6, 5)]));
}

#[test]
fn banned_phrases_do_not_appear() {
    // Spelled in halves, so that this file does not name what it bans.
    let banned = [
        ("TO", "DO"),
        ("FIX", "ME"),
        ("XX", "X:"),
        ("to", "do!("),
        ("unimplem", "ented!("),
        ("#[ig", "nore]"),
        ("must be kept in ", "sync"),
        ("must ", "match"),
        ("/wo", "rk/"),
        ("as an ", "AI"),
    ];
    let banned: Vec<String> = banned.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let mut found = Vec::new();
    for path in files(&[".rs", ".md", ".fw", ".toml", ".wat", "Makefile"]) {
        for (number, line) in read(&path).lines().enumerate() {
            found.extend(
                banned
                    .iter()
                    .filter(|b| line.contains(b.as_str()))
                    .map(|b| format!("{}:{}: `{b}`", path.display(), number + 1)),
            );
        }
    }
    assert!(found.is_empty(), "banned phrases:\n{}", found.join("\n"));
}

#[test]
fn every_assumption_is_named_in_soundness() {
    let listed = read(Path::new("SOUNDNESS.md"));
    let mut used = BTreeSet::new();
    for path in files(&[".rs"]).into_iter().filter(|p| p.starts_with("verifier/src")) {
        let text = read(&path);
        let words = text.split("assume(\"").skip(1).chain(text.split(": &str = \"").skip(1));
        let kebab = |w: &&str| w.contains('-') && w.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        used.extend(words.filter_map(|w| w.split('"').next()).filter(kebab).map(str::to_owned));
    }
    assert!(used.len() >= 5, "found only {used:?} in the verifier");
    let unlisted: Vec<_> = used.iter().filter(|name| !listed.contains(&format!("| `{name}` |"))).collect();
    assert!(unlisted.is_empty(), "assumptions that SOUNDNESS.md does not name: {unlisted:?}");
}

#[test]
fn unsafe_code_is_in_one_folder() {
    let forbids = ["spec/src/lib.rs", "compiler/src/lib.rs", "verifier/src/lib.rs"];
    for file in forbids {
        assert!(
            read(Path::new(file)).contains("#![forbid(unsafe_code)]"),
            "{file} does not forbid unsafe code"
        );
    }
    let sources = files(&[".rs"]).into_iter().filter(|p| p.starts_with("src") || p.starts_with("examples"));
    let with_unsafe = |p: &PathBuf| {
        let text = read(p);
        text.lines().any(|l| code_words(l).any(|w| w == "unsafe"))
    };
    let found: Vec<_> = sources.filter(with_unsafe).collect();
    assert!(!found.is_empty() && found.iter().all(|p| p.starts_with("src/native")), "{found:?}");
}
