//! Evidence that does not rest on one solver: every question as SMT-LIB text, answered alike by Z3, cvc5 and Bitwuzla
//! (those about all sizes, of integers, by Z3 and cvc5);
//! and refutations of the negated conditions that a small checker follows without any of them.
//!
//! ```text
//! question ── text ──┬─▶ Z3, cvc5, Bitwuzla: the same answer
//!                    └─▶ circuit ─▶ clauses ─▶ CaDiCaL ─▶ proof ─▶ checked by unit propagation (drup.rs)
//! ```
//!
//! The sample is every frame in two shapes, a program in all kinds of code under every convention, and mutants that
//! have counterexamples. `QUESTIONS=DIR cargo test -p framewright-proofs --test evidence` does the same with all files
//! that `framewright prove … --export DIR` has written.

mod aig;
mod blast;
mod certificate;
mod drup;
mod sample;
mod sexpr;
mod solvers;

use certificate::Outcome;
use libtest_mimic::{Arguments, Failed, Trial};
use solvers::Solver;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Of so many refutations that are followed, one more may be too long.
const LONG_ONE_OF: usize = 6;

/// A file with the answer that stands in it.
#[derive(Clone, Debug)]
struct Question {
    file: PathBuf,
    text: String,
    answer: String,
}

impl Question {
    /// Whether it is of bit vectors. Those about all sizes are of integers, which cvc5 and Z3 read.
    fn is_of_bits(&self) -> bool {
        self.text.contains("(set-logic QF_BV)")
    }
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evidence");
    let questions = match std::env::var_os("QUESTIONS") {
        Some(given) => read(Path::new(&given)),
        None => sample::write(&folder.join("questions")).and_then(|()| read(&folder.join("questions"))),
    };
    let questions: Arc<[Question]> = match questions {
        Ok(questions) => questions.into(),
        Err(error) => panic!("no questions: {error}"),
    };
    let (asked, refuted, all) = (Arc::clone(&questions), Arc::clone(&questions), questions);
    let cache = folder.join("bitwuzla");
    let trials = vec![
        Trial::test("three solvers agree", move || agree(&asked, &cache)),
        Trial::test("refutations are checked", move || certify(&refuted, &folder)),
        Trial::test("wrong refutations are not accepted", certificate::refuses_wrong_proofs),
        Trial::test("there are questions of both kinds", move || both_kinds(&all)),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}

/// All files of a folder.
fn read(folder: &Path) -> Result<Vec<Question>, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        files.push(entry.map_err(wrong)?.path());
    }
    files.retain(|file| file.extension().is_some_and(|e| e == "smt2"));
    files.sort();
    let question = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).map_err(wrong)?;
        let status = text.lines().find_map(|l| l.strip_prefix("(set-info :status ")?.strip_suffix(')'));
        let answer = status.ok_or_else(|| format!("{} has no status", file.display()))?.to_owned();
        Ok(Question { file, text, answer })
    };
    files.into_iter().map(question).collect()
}

/// A sample without one of the two answers would show little.
fn both_kinds(questions: &[Question]) -> Result<(), Failed> {
    let count = |answer: &str| questions.iter().filter(|q| q.answer == answer).count();
    let (sat, unsat) = (count("sat"), count("unsat"));
    let integers = questions.iter().filter(|q| !q.is_of_bits()).count();
    let given = std::env::var_os("QUESTIONS").is_some();
    match sat >= 10 && unsat >= 50 && (given || integers >= 50) {
        true => Ok(()),
        false => Err(format!("{sat} sat, {unsat} unsat; {integers} of integers").into()),
    }
}

fn agree(questions: &[Question], cache: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for solver in Solver::all(cache)? {
        let reads = |q: &&Question| solver.reads_integers() || q.is_of_bits();
        let questions: Vec<&Question> = questions.iter().filter(reads).collect();
        let files: Vec<PathBuf> = questions.iter().map(|q| q.file.clone()).collect();
        let answers = solver.answers(&files)?;
        if answers.len() != files.len() {
            return Err(format!("{} answered {} of {}", solver.name(), answers.len(), files.len()).into());
        }
        for (question, answer) in questions.iter().zip(answers) {
            if answer != question.answer {
                let file = question.file.display();
                wrong.push(format!("{file}: {} says {answer}, not {}", solver.name(), question.answer));
            }
        }
        println!("{}: {} questions", solver.name(), questions.len());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn certify(questions: &[Question], folder: &Path) -> Result<(), Failed> {
    let folder = folder.join("certificates");
    std::fs::create_dir_all(&folder)?;
    let (mut checked, mut steps, mut wrong, mut long) = (0, 0, Vec::new(), Vec::new());
    for question in questions.iter().filter(|q| q.is_of_bits()) {
        let stem = question.file.file_stem().unwrap_or_default();
        let outcome = certificate::certify(&question.text, &folder.join(stem))?;
        match (&outcome, question.answer.as_str()) {
            (Outcome::Refuted { steps: more }, "unsat") => {
                checked += 1;
                steps += more;
            }
            // A quotient that may be anything can give a model that is none.
            (Outcome::Model, "sat") => {}
            (Outcome::Long, _) => long.push(stem.to_string_lossy().into_owned()),
            _ => wrong.push(format!("{}: {outcome:?}", question.file.display())),
        }
    }
    println!("{checked} refutations checked, {steps} steps; too long to follow: {} {long:?}", long.len());
    if long.len() > checked / LONG_ONE_OF {
        wrong.push("more refutations than that are to be followed".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
