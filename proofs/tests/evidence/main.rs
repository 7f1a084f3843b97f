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
//! have counterexamples. `QUESTIONS=DIR cargo test -p framewright-proofs --test evidence -- --nocapture` does the same with all
//! files that `framewright prove … --export DIR` has written, a batch at a time; `make evidence` has the whole
//! specification written and asked, of all that `EVERY` (1) says every so many question.

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

/// Questions that are put to each solver at a time.
const BATCH: usize = 500;

/// A file with the answer that stands in it.
#[derive(Clone, Debug)]
struct Question {
    file: PathBuf,
    text: String,
    answer: String,
}

impl Question {
    fn read(file: &Path) -> Result<Question, Failed> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let status = text.lines().find_map(|l| l.strip_prefix("(set-info :status ")?.strip_suffix(')'));
        let answer = status.ok_or_else(|| format!("{} has no status", file.display()))?.to_owned();
        Ok(Question { file: file.to_owned(), text, answer })
    }

    /// Whether it is of bit vectors. Those about all sizes are of integers, which cvc5 and Z3 read.
    fn is_of_bits(&self) -> bool {
        self.text.contains("(set-logic QF_BV)")
    }
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evidence");
    let files = match std::env::var_os("QUESTIONS") {
        Some(given) => list(Path::new(&given)),
        None => sample::write(&folder.join("questions")).and_then(|()| list(&folder.join("questions"))),
    };
    let files: Arc<[PathBuf]> = match files {
        Ok(files) => files.into(),
        Err(error) => panic!("no questions: {error}"),
    };
    let asked = [Solver::Z3, Solver::Cvc5, Solver::Bitwuzla(folder.join("bitwuzla"))].map(|solver| {
        let files = Arc::clone(&files);
        Trial::test(format!("{} agrees", solver.name()), move || agree(&files, solver))
    });
    let (refuted, all) = (Arc::clone(&files), files);
    let mut trials = vec![
        Trial::test("refutations are checked", move || certify(&refuted, &folder)),
        Trial::test("wrong refutations are not accepted", certificate::refuses_wrong_proofs),
        Trial::test("there are questions of both kinds", move || both_kinds(&all)),
    ];
    trials.extend(asked);
    libtest_mimic::run(&arguments, trials).exit();
}

/// The files of a folder in their order, or every so many of them.
fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        files.push(entry.map_err(wrong)?.path());
    }
    files.retain(|file| file.extension().is_some_and(|e| e == "smt2"));
    files.sort();
    let every = std::env::var("EVERY").map_or(Ok(1), |text| text.parse::<usize>());
    let every = every.map_err(|error| format!("EVERY: {error}"))?;
    Ok(files.into_iter().step_by(every.max(1)).collect())
}

/// Does something with each batch of questions in turn, and says how far it has come where there are many.
fn batches(
    what: &str,
    files: &[PathBuf],
    mut each: impl FnMut(&[Question]) -> Result<(), Failed>,
) -> Result<(), Failed> {
    for (number, batch) in files.chunks(BATCH).enumerate() {
        each(&batch.iter().map(|file| Question::read(file)).collect::<Result<Vec<_>, _>>()?)?;
        if files.len() > 2 * BATCH {
            eprintln!("{what}: {} of {}", number * BATCH + batch.len(), files.len());
        }
    }
    Ok(())
}

/// A sample without one of the two answers would show little.
fn both_kinds(files: &[PathBuf]) -> Result<(), Failed> {
    let (mut sat, mut unsat, mut integers) = (0, 0, 0);
    batches("kinds", files, |questions| {
        let count = |answer: &str| questions.iter().filter(|q| q.answer == answer).count();
        sat += count("sat");
        unsat += count("unsat");
        integers += questions.iter().filter(|q| !q.is_of_bits()).count();
        Ok(())
    })?;
    println!("{} questions, {integers} of integers; {sat} have a model, {unsat} none", files.len());
    let given = std::env::var_os("QUESTIONS").is_some();
    match sat >= 10 && unsat >= 50 && (given || integers >= 50) {
        true => Ok(()),
        false => Err(format!("{sat} sat, {unsat} unsat; {integers} of integers").into()),
    }
}

fn agree(files: &[PathBuf], solver: Solver) -> Result<(), Failed> {
    let (mut asked, mut wrong) = (0, Vec::new());
    let solver = solver.ready()?;
    batches(solver.name(), files, |questions| {
        let reads = |q: &&Question| solver.reads_integers() || q.is_of_bits();
        let questions: Vec<&Question> = questions.iter().filter(reads).collect();
        let answers = solver.answers(&questions)?;
        if answers.len() != questions.len() {
            let (answers, questions) = (answers.len(), questions.len());
            return Err(format!("{} answered {answers} of {questions}", solver.name()).into());
        }
        asked += questions.len();
        for (question, answer) in questions.iter().zip(answers) {
            if answer != question.answer {
                let file = question.file.display();
                wrong.push(format!("{file}: {} says {answer}, not {}", solver.name(), question.answer));
            }
        }
        Ok(())
    })?;
    println!("{}: {asked} questions", solver.name());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// What came of following refutations.
#[derive(Default)]
struct Followed {
    checked: usize,
    steps: usize,
    long: Vec<String>,
    wrong: Vec<String>,
}

fn certify(files: &[PathBuf], folder: &Path) -> Result<(), Failed> {
    let folder = folder.join("certificates");
    std::fs::create_dir_all(&folder)?;
    let mut all = Followed::default();
    batches("refutations", files, |questions| {
        questions
            .iter()
            .filter(|q| q.is_of_bits())
            .try_for_each(|question| follow(question, &folder, &mut all))
    })?;
    let Followed { checked, steps, long, mut wrong } = all;
    println!("{checked} refutations checked, {steps} steps; too long to follow: {} {long:?}", long.len());
    if long.len() > checked / LONG_ONE_OF {
        wrong.push("more refutations than that are to be followed".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Follows one; its certificate is kept if it is not as it should be.
fn follow(question: &Question, folder: &Path, all: &mut Followed) -> Result<(), Failed> {
    let stem = question.file.file_stem().unwrap_or_default();
    let path = folder.join(stem);
    let outcome = certificate::certify(&question.text, &path)?;
    match (&outcome, question.answer.as_str()) {
        (Outcome::Refuted { steps }, "unsat") => {
            all.checked += 1;
            all.steps += steps;
        }
        // A quotient that may be anything can give a model that is none.
        (Outcome::Model, "sat") => {}
        (Outcome::Long, _) => all.long.push(stem.to_string_lossy().into_owned()),
        _ => {
            all.wrong.push(format!("{}: {outcome:?}", question.file.display()));
            return Ok(());
        }
    }
    Ok(certificate::remove(&path)?)
}
