//! Real unwind data with one byte changed: what it says is refuted wherever random runs show it to be wrong, and what is
//! still called proven stands every run.
//!
//! `cargo test --test unwind_flips` changes some hundred bytes of the sample; `-- --long` every byte in several ways, and of
//! the corpus where it is.

#[path = "stored/digest.rs"]
mod digest;
mod stored;

use digest::Digest;
use framewright::check::Checker;
use framewright::engine::config::scramble;
use framewright::records::{Body, Method, Record, read};
use framewright_spec::Spec;
use framewright_verifier::foreign::{Elsewhere, Unwinding};
use std::path::{Path, PathBuf};

const FILES: [&str; 6] = [
    "x64-sysv-osr.jsonl",
    "arm64-osr.jsonl",
    "x64-sysv-optimized.jsonl",
    "x64-windows-optimized.jsonl",
    "arm64-optimized.jsonl",
    "arm64-windows-optimized.jsonl",
];

/// Changes in a file of the sample.
const CHANGES: u32 = 150;

/// Random runs of changed data that is called proven.
const RUNS: u64 = 6;

fn main() {
    let long = std::env::args().any(|arg| arg == "--long");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = [root.join("../shared/corpus/ryujit"), root.join("../../shared/corpus/ryujit")];
    let mut corpus = std::env::var_os("FRAMEWRIGHT_CORPUS").map(PathBuf::from).into_iter().chain(corpus);
    let corpus = corpus.find(|path| long && path.is_dir());
    let folder = corpus.unwrap_or_else(|| root.join("examples/records"));
    let mut failed = false;
    let mut lines = String::new();
    for file in FILES {
        let tally = change_file(&folder.join(file), if long { 20_000 } else { CHANGES });
        println!("{file}: {tally}");
        lines += &line(file, &tally);
        failed |= tally.missed > 0 || tally.refuted == 0;
    }
    if !long && let Err(differs) = stored::compare(&root.join("tests/unwind_flips.txt"), &lines) {
        println!("FAILED: {differs}");
        std::process::exit(1);
    }
    if failed {
        println!("FAILED: wrong data was called proven, or no change did any harm");
        std::process::exit(1);
    }
}

fn line(file: &str, tally: &Tally) -> String {
    format!("{file}: {tally}; digest {:016x}\n", tally.digest.0)
}

/// What became of the changes of a file.
#[derive(Default)]
struct Tally {
    /// What it says is as right as before.
    proven: u32,
    refuted: u32,
    /// It is no such data any more, or says what is not read.
    unsupported: u32,
    other: u32,
    /// Called proven, and runs show it wrong.
    missed: u32,
    digest: Digest,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Tally { proven, refuted, unsupported, other, missed, .. } = self;
        let changes = proven + refuted + unsupported + other;
        write!(f, "{changes} changes: {refuted} refuted, {unsupported} not read, {other} not decided, ")?;
        write!(f, "{proven} proven ({missed} of them shown wrong)")
    }
}

fn change_file(path: &Path, changes: u32) -> Tally {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let records: Vec<Record> =
        read(&path.display().to_string(), text.as_slice()).collect::<Result<_, _>>().expect("records");
    let mut checker = Checker::new(Spec::embedded(), Some("ryujit-unwind".to_owned()));
    let mut tally = Tally::default();
    for number in 0..u64::from(changes) {
        let random =
            |salt: u64, below: usize| scramble(&[number, salt, text.len() as u64]) as usize % below.max(1);
        let mut record = records[random(0, records.len())].clone();
        let methods = methods(&mut record);
        let chosen = random(1, methods.len());
        let data = &mut methods.into_iter().nth(chosen).expect("one of them").parts[0].unwind.0;
        let place = random(2, data.len());
        data[place] ^= 1 + random(3, 255) as u8;
        judge(&mut checker, &record, chosen, number, place, &mut tally);
    }
    tally
}

fn judge(
    checker: &mut Checker<'_>,
    record: &Record,
    chosen: usize,
    seed: u64,
    place: usize,
    tally: &mut Tally,
) {
    let answer = checker.check(record).expect("a known target");
    answer.unwinding.iter().for_each(|unwinding| tally.digest.tell(&unwinding.detail()));
    match &answer.unwinding[chosen] {
        Unwinding::Refuted(_) | Unwinding::CallsOnly(Elsewhere::Wrong(_)) => {
            let wrong = checker.trial_of_rows(record, seed..seed + RUNS).expect("a known target");
            tally.refuted += 1;
            wrong[chosen].first().into_iter().for_each(|wrong| tally.digest.tell(wrong));
        }
        Unwinding::Unsupported(_) => tally.unsupported += 1,
        Unwinding::Proven { .. } => {
            let wrong = checker.trial_of_rows(record, seed..seed + RUNS).expect("a known target");
            tally.proven += 1;
            if let Some(first) = wrong[chosen].first() {
                tally.missed += 1;
                println!("{}: byte {place}: proven, but {first}", record.method);
            }
        }
        other => {
            tally.other += 1;
            println!("{}: byte {place}: {}: {}", record.method, other.word(), other.detail());
        }
    }
}

fn methods(record: &mut Record) -> Vec<&mut Method> {
    match &mut record.body {
        Body::Single(method) => vec![method],
        Body::Pair(pair) => {
            let pair = &mut **pair;
            vec![&mut pair.tier0, &mut pair.osr]
        }
    }
}
