//! Constructs of other people's code: each function of `tests/foreign/MACHINE.s` with its verdict. Lines
//! `#= NAME: VERDICT, ASSUMPTION…` (`//=` where `#` begins no comment) say what is expected: `proven` with the
//! assumptions that must be among those used, `refuted PROPERTY`, `undecided`, `unsupported`. The answers as a whole are in
//! `MACHINE.jsonl` beside it; `BLESS=1` writes them anew.

mod stored;

use framewright::object::{Judging, Program, Told};
use framewright_spec::Spec;
use framewright_verifier::foreign::Verdict;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn file(machine: &str, ending: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign").join(format!("{machine}.{ending}"))
}

/// The shared library that clang and lld make of a listing.
fn library(machine: &str) -> Vec<u8> {
    let made =
        |ending: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("foreign_{machine}.{ending}"));
    let target = format!("--target={machine}-linux-gnu");
    run(Command::new("clang-19").args([&target, "-c", "-o"]).arg(made("o")).arg(file(machine, "s")));
    run(Command::new("ld.lld-19").args(["-shared", "-Ttext=0x100000", "-o"]).arg(made("so")).arg(made("o")));
    std::fs::read(made("so")).expect("a library")
}

fn run(command: &mut Command) {
    let output = command.output().expect("the tools of llvm 19 are installed");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Name, verdict and assumptions, from a listing's lines.
fn expected(text: &str) -> BTreeMap<String, (String, Vec<String>)> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("#= ").or(line.strip_prefix("//= ")));
    let expectation = |line: &str| {
        let (name, rest) = line.split_once(": ").expect("a name and a verdict");
        let mut words = rest.split(", ").map(str::to_owned);
        (name.to_owned(), (words.next().unwrap_or_default(), words.collect()))
    };
    lines.map(expectation).collect()
}

/// The verdict in words, and what was assumed or why.
fn told(verdict: &Verdict) -> (String, Vec<String>) {
    match verdict {
        Verdict::Proven(summary) => {
            ("proven".to_owned(), summary.assumptions.keys().map(|&name| name.to_owned()).collect())
        }
        Verdict::Refuted(found) => (format!("refuted {:?}", found.property), vec![found.headline()]),
        Verdict::Undecided(why) => ("undecided".to_owned(), vec![why.clone()]),
        Verdict::Unsupported(what) => ("unsupported".to_owned(), vec![what.clone()]),
    }
}

fn check(machine: &str) {
    let bytes = library(machine);
    let program = Program::read(Spec::embedded(), &bytes, None).expect("an ELF file");
    let judge = program.judge(Spec::embedded()).expect("a known machine");
    let judging = Judging::new(&judge, &program, 1);
    let answers = judging.run(&|_| true, &mut |_, _| {});
    let linear = program.judge(Spec::embedded()).expect("a known machine").linear();
    let by_walk = Judging::new(&linear, &program, 1).run(&|_| true, &mut |_, _| {});
    let mut found = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut lines = String::new();
    for (number, (function, answer)) in program.functions.iter().zip(&answers).enumerate() {
        if let Some(answer) = answer {
            let told = Told { program: &program, function, answer };
            lines += &format!("{}\n", told.to_json(machine));
        }
        // One walk blames nobody, and proves nothing that is not.
        let walked = by_walk[number].as_ref().map(|answer| told(&answer.verdict).0);
        let all = answer.as_ref().map(|answer| told(&answer.verdict).0);
        if walked.as_ref().is_some_and(|walked| walked.starts_with("refuted")) {
            wrong.push(format!("code at {:#x} is refuted by the walk alone", function.begin));
        }
        if walked.as_deref() == Some("proven") && all != walked {
            wrong.push(format!("code at {:#x} is proven by the walk alone", function.begin));
        }
        // Of those without a name nothing is expected but that they are not blamed.
        if let (true, Some(answer)) = (function.names.is_empty(), answer)
            && let Verdict::Refuted(found) = &answer.verdict
        {
            wrong.push(format!("code at {:#x} without a name: {}", function.begin, found.headline()));
        }
        if let (Some(&name), Some(answer)) = (function.names.first(), answer) {
            found.insert(name.to_owned(), told(&answer.verdict));
        }
    }
    let text = std::fs::read_to_string(file(machine, "s")).expect("a listing");
    let expected = expected(&text);
    assert!(expected.len() >= 2, "{machine}: nothing is expected");
    for (name, (verdict, assumptions)) in &expected {
        let right = found.get(name).is_some_and(|(word, details)| {
            word == verdict && assumptions.iter().all(|assumption| details.contains(assumption))
        });
        if !right {
            wrong.push(format!("{name}: expected {verdict} {assumptions:?}, found {:?}", found.get(name)));
        }
    }
    assert!(wrong.is_empty(), "{machine}:\n{}", wrong.join("\n"));
    stored::compare(&file(machine, "jsonl"), &lines).unwrap_or_else(|differs| panic!("{differs}"));
}

#[test]
fn constructs_of_x86_64() {
    check("x86_64");
}

#[test]
fn constructs_of_aarch64() {
    check("aarch64");
}

#[test]
fn constructs_of_riscv64() {
    check("riscv64");
}

#[test]
fn constructs_of_loongarch64() {
    check("loongarch64");
}
