//! Bugs that compilers and runtimes have had, each as a short listing of its own beside the form without it: the
//! faulty form must be refuted as its head says, by a run that shows it, and the fixed one must prove. Odd code that is
//! right is accepted. What is not caught yet is in `lacking.txt`, with what is missing; it must be exactly that.
//!
//! `BLESS=1` rewrites `table.md`, the bugs caught by property and machine.

mod claims;
mod contract;
mod foreign;
mod objects;
mod table;
mod unwind;

use contract::{Contract, Judge};
use libtest_mimic::{Arguments, Failed, Trial};
use objects::Functions;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a judge says of a form.
pub(crate) enum Answer {
    Proven,
    Refuted {
        property: String,
        headline: String,
    },
    /// Undecided or unsupported.
    Other(String),
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Answer::Proven => f.write_str("proven"),
            Answer::Refuted { headline, .. } => write!(f, "refuted: {headline}"),
            Answer::Other(what) => f.write_str(what),
        }
    }
}

fn main() {
    let arguments = Arguments::from_args();
    let bugs = match read() {
        Ok(bugs) => bugs,
        Err(error) => panic!("{error}"),
    };
    let contracts: Vec<Contract> = bugs.iter().map(|(contract, _)| contract.clone()).collect();
    let lacking = table::lacking();
    let mut trials = vec![Trial::test("the table is that of the files", {
        let lacking = lacking.clone();
        move || table::check(&contracts, &lacking)
    })];
    for (contract, functions) in bugs {
        let lacks = lacking.contains_key(&contract.name);
        trials.push(Trial::test(contract.name.clone(), move || check(&contract, &functions, lacks)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// All files, assembled: one run of clang for each convention.
fn read() -> Result<Vec<(Contract, Functions)>, String> {
    let mut by_convention: BTreeMap<String, (Vec<Contract>, Vec<PathBuf>)> = BTreeMap::new();
    for path in files()? {
        let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let contract =
            Contract::read(&path, &text).map_err(|error| format!("{}: {error}", path.display()))?;
        let (contracts, paths) = by_convention.entry(contract.convention.clone()).or_default();
        contracts.push(contract);
        paths.push(path);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("known_bugs");
    let mut bugs = Vec::new();
    for (convention, (contracts, paths)) in by_convention {
        bugs.extend(contracts.into_iter().zip(objects::assemble(&convention, &paths, &folder)?));
    }
    bugs.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    Ok(bugs)
}

/// The listings, one folder a machine.
fn files() -> Result<Vec<PathBuf>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known_bugs");
    let list = |folder: &Path| -> Result<Vec<PathBuf>, String> {
        let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        entries.map(|entry| entry.map(|e| e.path()).map_err(|error| error.to_string())).collect()
    };
    let mut files = Vec::new();
    for machine in list(&root)?.into_iter().filter(|path| path.is_dir()) {
        files.extend(list(&machine)?.into_iter().filter(|file| file.extension().is_some_and(|e| e == "s")));
    }
    files.sort();
    Ok(files)
}

/// Each form of a file is answered as its head says; what is lacking, is.
fn check(contract: &Contract, functions: &Functions, lacks: bool) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for &(form, right) in contract.forms() {
        let answer = match contract.judge {
            Judge::Claim => claims::judge(contract, form, functions),
            Judge::Foreign | Judge::Pair => foreign::judge(contract, form, functions),
        };
        let answer = answer.map_err(|error| format!("{form}: {error}"))?;
        let expected = match (&answer, &contract.expect) {
            (Answer::Proven, _) => right,
            (Answer::Refuted { property, headline }, Some((expected, parts))) if !right => {
                property == expected && parts.iter().all(|part| headline.contains(part))
            }
            _ => false,
        };
        if !expected {
            let expected = contract.expect.as_ref().filter(|_| !right);
            let parts = |(property, parts): &(String, Vec<String>)| format!("{property} with {parts:?}");
            wrong.push(format!(
                "{form}: {answer}\n  expected {}",
                expected.map_or("proven".to_owned(), parts)
            ));
        }
    }
    match (lacks, wrong.is_empty()) {
        (true, true) => Err("it is as its head says now; take it off lacking.txt".into()),
        (false, false) => Err(wrong.join("\n").into()),
        _ => Ok(()),
    }
}
