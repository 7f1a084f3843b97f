//! Listings made machine code by clang, many files a run.

use crate::unwind::{Unwind, unwinds};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How clang is told of a convention's machine.
const TRIPLES: [(&str, &[&str]); 6] = [
    ("sysv", &["--target=x86_64-linux-gnu"]),
    ("windows_x64", &["--target=x86_64-windows-gnu"]),
    ("aapcs64", &["--target=aarch64-linux-gnu"]),
    ("aapcs64_windows", &["--target=aarch64-windows-gnu"]),
    ("lp64d", &["--target=riscv64-linux-gnu", "-march=rv64gc", "-mabi=lp64d", "-mno-relax"]),
    ("lp64d_loongarch", &["--target=loongarch64-linux-gnu", "-mabi=lp64d"]),
];

/// Labels inside a function; every other name begins one.
const LABELS: [&str; 5] = ["body", "epilog", "patch", "resume", "data"];

/// A function: its bytes, and places in it by label.
#[derive(Clone, Debug, Default)]
pub(crate) struct Function {
    pub(crate) bytes: Vec<u8>,
    pub(crate) labels: BTreeMap<String, u32>,
    pub(crate) unwind: Option<Unwind>,
}

/// The functions of a file by name.
pub(crate) type Functions = BTreeMap<String, Function>;

/// Assembles the files of one convention into the folder.
pub(crate) fn assemble(convention: &str, files: &[PathBuf], folder: &Path) -> Result<Vec<Functions>, String> {
    let triple = TRIPLES.iter().find(|(name, _)| *name == convention);
    let (_, flags) = triple.ok_or(format!("clang is not told how to assemble for `{convention}`"))?;
    let folder = folder.join(convention);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let run = Command::new("clang-19").args(*flags).arg("-c").args(files).current_dir(&folder).output();
    let output =
        run.map_err(|error| format!("clang-19 does not start ({error}); `make packages` installs it"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let object = |file: &PathBuf| {
        let object = folder.join(file.with_extension("o").file_name().unwrap_or_default());
        let bytes = std::fs::read(&object).map_err(|error| format!("{}: {error}", object.display()))?;
        functions(&bytes).map_err(|error| format!("{}: {error}", file.display()))
    };
    files.iter().map(object).collect()
}

/// The functions of an object file.
fn functions(object: &[u8]) -> Result<Functions, String> {
    let object = object::File::parse(object).map_err(|error| error.to_string())?;
    let text = object.section_by_name(".text").ok_or("no code")?;
    let code = text.data().map_err(|error| error.to_string())?;
    if text.relocations().next().is_some() {
        return Err("code with relocations; call and jump through registers".to_owned());
    }
    let ours = |name: &&str| {
        ["faulty", "fixed", "accepted", "source"].contains(&name.split('.').next().unwrap_or(""))
    };
    let mut places: Vec<(u64, String)> = Vec::new();
    for symbol in object.symbols().filter(|symbol| symbol.section_index() == Some(text.index())) {
        if let Ok(name) = symbol.name().as_ref().map(|name| *name)
            && ours(&name)
        {
            places.push((symbol.address(), name.to_owned()));
        }
    }
    let is_label =
        |name: &str| name.rsplit('.').next().is_some_and(|last| LABELS.iter().any(|l| last.starts_with(l)));
    let (labels, mut starts): (Vec<_>, Vec<_>) = places.into_iter().partition(|(_, name)| is_label(name));
    starts.sort();
    let unwinds = unwinds(&object)?;
    let mut found = Functions::new();
    for (index, (start, name)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(code.len() as u64, |(next, _)| *next);
        let inside = |(at, label): &(u64, String)| {
            let label = label.strip_prefix(name.as_str())?.strip_prefix('.')?;
            Some((label.to_owned(), (at - start) as u32))
        };
        let bytes = code[*start as usize..end as usize].to_vec();
        let labels = labels.iter().filter_map(inside).collect();
        found.insert(name.clone(), Function { bytes, labels, unwind: unwinds.get(start).cloned() });
    }
    Ok(found)
}
