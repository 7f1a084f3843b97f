//! Real methods with one bit flipped in a prolog or an epilog: what a concrete run shows to return a wrong SP, return
//! address or callee-saved register is never called proven.
//!
//! `cargo test --test flips` flips some hundred bits of the sample; `-- --long` thousands, and of the corpus where it is.

#[path = "stored/digest.rs"]
mod digest;
mod stored;

use digest::Digest;
use framewright::check::{Answer, Checker};
use framewright::engine::config::scramble;
use framewright::records::{Body, Method, Record, read};
use framewright_spec::Spec;
use framewright_verifier::foreign::{Part, Verdict};
use std::path::{Path, PathBuf};

const FILES: [&str; 6] = [
    "x64-sysv-osr.jsonl",
    "arm64-osr.jsonl",
    "x64-sysv-optimized.jsonl",
    "x64-windows-optimized.jsonl",
    "arm64-optimized.jsonl",
    "arm64-windows-optimized.jsonl",
];

/// Bytes from a method's first one that count as its prolog, and before the end of an exit as its epilog.
const PROLOG: usize = 40;
const EPILOG: usize = 28;

/// Flips in a file of the sample.
const FLIPS: u32 = 60;

/// Random runs of a flipped method.
const RUNS: u64 = 6;

fn main() {
    let long = std::env::args().any(|arg| arg == "--long");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = [root.join("../shared/corpus/ryujit"), root.join("../../shared/corpus/ryujit")];
    let mut corpus = std::env::var_os("FRAMEWRIGHT_CORPUS").map(PathBuf::from).into_iter().chain(corpus);
    let corpus = corpus.find(|path| long && path.is_dir());
    let folder = corpus.unwrap_or_else(|| root.join("examples/records"));
    let per_file = if long { 2000 } else { FLIPS };
    let mut failed = false;
    let mut lines = String::new();
    for file in FILES {
        let tally = flip_file(&folder.join(file), per_file);
        println!("{file}: {tally}");
        lines += &line(file, &tally);
        failed |= tally.missed > 0 || tally.shown == 0;
    }
    if !long && let Err(differs) = stored::compare(&root.join("tests/flips.txt"), &lines) {
        println!("FAILED: {differs}");
        std::process::exit(1);
    }
    if failed {
        println!("FAILED: a wrong method was called proven, or no flip did any harm");
        std::process::exit(1);
    }
}

fn line(file: &str, tally: &Tally) -> String {
    format!("{file}: {tally}; digest {:016x}\n", tally.digest.0)
}

/// What became of the flips of a file.
#[derive(Default)]
struct Tally {
    proven: u32,
    refuted: u32,
    other: u32,
    /// Runs show them wrong.
    shown: u32,
    /// Runs show them wrong, and they are called proven.
    missed: u32,
    digest: Digest,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Tally { proven, refuted, other, shown, missed, .. } = self;
        let flips = proven + refuted + other;
        write!(f, "{flips} flips: {refuted} refuted, {other} not decided, {proven} proven; ")?;
        write!(f, "runs show {shown} wrong, {missed} of them proven")
    }
}

fn flip_file(path: &Path, flips: u32) -> Tally {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let records: Vec<Record> =
        read(&path.display().to_string(), text.as_slice()).collect::<Result<_, _>>().expect("records");
    let mut checker = Checker::new(Spec::embedded(), Some("ryujit-unwind".to_owned()));
    let mut tally = Tally::default();
    for number in 0..u64::from(flips) {
        let random =
            |salt: u64, below: usize| scramble(&[number, salt, text.len() as u64]) as usize % below.max(1);
        let record = &records[random(0, records.len())];
        let Ok(Answer { verdict: Verdict::Proven(summary), .. }) = checker.check(record) else { continue };
        let (part, exits) = &summary.exits[random(1, summary.exits.len())];
        let mut flipped = record.clone();
        let method = method_mut(&mut flipped, *part);
        let places = places(method, exits.iter().map(|at| at.0 as usize));
        let place = places[random(2, places.len())];
        method.code.0[place] ^= 1 << random(3, 8);
        judge(&mut checker, &flipped, number, place, &mut tally);
    }
    tally
}

fn judge(checker: &mut Checker<'_>, flipped: &Record, seed: u64, place: usize, tally: &mut Tally) {
    let answer = checker.check(flipped).expect("a known target");
    let wrong = checker.trial(flipped, seed..seed + RUNS).expect("a known target");
    let proven = matches!(answer.verdict, Verdict::Proven(_));
    tally.digest.tell(&answer.detail());
    wrong.iter().for_each(|wrong| tally.digest.tell(wrong));
    match answer.verdict {
        Verdict::Proven(_) => tally.proven += 1,
        Verdict::Refuted(_) => tally.refuted += 1,
        _ => tally.other += 1,
    }
    if let Some(first) = wrong.first() {
        tally.shown += 1;
        if proven {
            tally.missed += 1;
            println!("{}: byte {place:#x}: proven, but {first}", flipped.method);
        }
    }
}

fn method_mut(record: &mut Record, part: Part) -> &mut Method {
    match &mut record.body {
        Body::Single(method) => method,
        Body::Pair(pair) => match part {
            Part::Source => &mut pair.tier0,
            _ => &mut pair.osr,
        },
    }
}

/// Bytes of prolog and epilogs.
fn places(method: &Method, exits: impl Iterator<Item = usize>) -> Vec<usize> {
    let (begin, end) = (method.parts[0].begin as usize, method.parts[0].end as usize);
    let mut places: Vec<usize> = (begin..(begin + PROLOG).min(end)).collect();
    for exit in exits {
        places.extend(exit.saturating_sub(EPILOG).max(begin)..(exit + 1).min(end));
    }
    places
}
