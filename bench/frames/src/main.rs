//! What frames cost: the time to prove them, one by one and for all sizes, and the length of prologs and epilogs beside
//! a production JIT's for the same registers and size. No wasmtime here, so that it is quick to build.
//!
//! `cargo run --release -p framewright-bench-frames` prints all tables; `… -- proofs`, `… -- sizes` or
//! `… -- lengths [FILE.jsonl…]` one of them, and `… -- why [FILE.jsonl…]` one pair of code for each difference in length.

mod cpu;
mod lengths;
mod ours;
mod proofs;
mod sizes;
mod theirs;

use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (section, files) = args.split_first().map_or((None, &[][..]), |(s, files)| (Some(s.as_str()), files));
    let files: Vec<PathBuf> =
        if files.is_empty() { samples()? } else { files.iter().map(PathBuf::from).collect() };
    match section {
        None => {
            proofs::print()?;
            println!();
            sizes::print()?;
            println!();
            lengths::print(&files, false)
        }
        Some("proofs") => proofs::print(),
        Some("sizes") => sizes::print(),
        Some("lengths") => lengths::print(&files, false),
        Some("why") => lengths::print(&files, true),
        Some(other) => anyhow::bail!("no section `{other}`; there are: proofs, sizes, lengths, why"),
    }
}

/// The pairs of the repository's own records.
fn samples() -> anyhow::Result<Vec<PathBuf>> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/records"));
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut files: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).collect();
    files.retain(|file| file.to_string_lossy().ends_with("-osr.jsonl"));
    files.sort();
    Ok(files)
}
