//! Lists the specification's files, so that a machine, a convention or a frame is added by adding a file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Folders with files, and with folders of files.
const FOLDERS: [&str; 5] = ["targets", "abis", "platforms", "contracts", "frames"];

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in FOLDERS {
        gather(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut list = String::from("[\n");
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).display().to_string().replace('\\', "/");
        let _ = writeln!(list, "    ({name:?}, include_str!({:?})),", file.display().to_string());
    }
    list.push_str("]\n");
    std::fs::write(Path::new(&variable("OUT_DIR")).join("sources.rs"), list)
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "fw") {
            files.push(path);
        }
    }
    Ok(())
}
