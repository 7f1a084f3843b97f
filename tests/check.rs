//! Foreign code judged: real methods are proven, and refuted where they are entered in the wrong way.
//!
//! The sample in `examples/records` is always judged. The whole corpus is, where it is: in the folder that
//! `FRAMEWRIGHT_CORPUS` names, or in `../shared/corpus/ryujit`.

use framewright::check::{Answer, Checker};
use framewright::records::{Record, read};
use framewright_spec::Spec;
use framewright_verifier::foreign::Verdict;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sample() -> PathBuf {
    root().join("examples/records")
}

/// The corpus, if it is there; a test that does without says so.
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("FRAMEWRIGHT_CORPUS").map(PathBuf::from);
    let beside = [root().join("../shared/corpus/ryujit"), root().join("../../shared/corpus/ryujit")];
    let found = named.into_iter().chain(beside).find(|path| path.is_dir());
    if found.is_none() {
        println!("no corpus here: only the sample is judged (set FRAMEWRIGHT_CORPUS to its folder)");
    }
    found
}

fn records(file: &Path) -> Vec<Record> {
    let text = std::fs::read(file).expect("a file of records");
    let records = read(&file.display().to_string(), text.as_slice());
    records.collect::<Result<_, _>>().expect("records")
}

fn judged(file: &Path, transition: Option<&str>) -> Vec<(Record, Answer)> {
    let mut checker = Checker::new(Spec::embedded(), transition.map(str::to_owned));
    let records = records(file).into_iter();
    records
        .map(|record| {
            let answer = checker.check(&record).expect("a known target");
            (record, answer)
        })
        .collect()
}

/// Number of records by verdict and property; the first that is not as wanted is told.
fn check(folder: &Path, file: &str, transition: Option<&str>, wanted: &[(&str, u32)]) {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut odd = Vec::new();
    for (record, answer) in judged(&folder.join(file), transition) {
        let key = match &answer.verdict {
            Verdict::Refuted(refutation) => format!("refuted {:?}", refutation.property),
            _ => answer.word().to_owned(),
        };
        if !wanted.iter().any(|(word, _)| *word == key) {
            odd.push(format!("{}: {key}: {}", record.method, answer.detail()));
        }
        *counts.entry(key).or_default() += 1;
    }
    let wanted: BTreeMap<String, u32> = wanted.iter().map(|&(key, n)| (key.to_owned(), n)).collect();
    assert_eq!(counts, wanted, "{file} by {transition:?}\n{}", odd.join("\n"));
}

#[test]
fn methods_of_the_sample_are_proven() {
    check(&sample(), "x64-sysv-osr.jsonl", Some("ryujit-unwind"), &[("proven", SAMPLE_PAIRS)]);
    for file in ["x64-sysv-optimized.jsonl", "x64-windows-optimized.jsonl"] {
        check(&sample(), file, None, &[("proven", 143)]);
    }
}

/// Without unwinding, SP is eight bytes higher than the method thinks.
#[test]
fn methods_of_the_sample_are_refuted_when_entered_by_a_plain_jump() {
    check(&sample(), "x64-sysv-osr.jsonl", Some("ryujit"), &[("refuted P1", SAMPLE_PAIRS)]);
}

#[test]
fn the_corpus_is_proven() {
    let Some(corpus) = corpus() else { return };
    check(&corpus, "x64-sysv-osr.jsonl", Some("ryujit-unwind"), &[("proven", 924)]);
    check(&corpus, "x64-sysv-osr.jsonl", Some("ryujit"), &[("refuted P1", 924)]);
}

const SAMPLE_PAIRS: u32 = 70;
