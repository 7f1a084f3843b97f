//! Other solvers, as programs: what each answers to a file.

use crate::Question;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The release of Bitwuzla whose Python package is fetched.
const BITWUZLA: &str = "bitwuzla==0.9.1";

/// Reads names of files, a line each, and answers each with a line.
const ASK_BITWUZLA: &str = "
import bitwuzla, sys
for line in sys.stdin:
    terms, options = bitwuzla.TermManager(), bitwuzla.Options()
    parser = bitwuzla.Parser(terms, options)
    parser.parse(line.strip(), True, True)
    print(parser.bitwuzla().check_sat(), flush=True)
";

/// A solver that is not the verifier's.
pub enum Solver {
    /// Z3, through its reader of texts.
    Z3,
    /// cvc5, of the system's package.
    Cvc5,
    /// Bitwuzla, of its Python package, in this folder.
    Bitwuzla(PathBuf),
}

impl Solver {
    /// What is to be fetched is fetched, unless it is there: Bitwuzla into its folder.
    pub fn ready(self) -> io::Result<Solver> {
        let Solver::Bitwuzla(folder) = self else { return Ok(self) };
        let python = folder.join("bin/python");
        if !folder.join("complete").exists() {
            good(Command::new("python3").args(["-m", "venv"]).arg(&folder).output()?)?;
            good(Command::new(&python).args(["-m", "pip", "install", "--quiet", BITWUZLA]).output()?)?;
            std::fs::write(folder.join("complete"), BITWUZLA)?;
        }
        Ok(Solver::Bitwuzla(folder))
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Solver::Z3 => "Z3",
            Solver::Cvc5 => "cvc5",
            Solver::Bitwuzla(_) => "Bitwuzla",
        }
    }

    /// Whether it reads questions of integers too.
    pub fn reads_integers(&self) -> bool {
        !matches!(self, Solver::Bitwuzla(_))
    }

    /// Its answers, one a question: `sat`, `unsat`, or what it says instead.
    pub fn answers(&self, questions: &[&Question]) -> io::Result<Vec<String>> {
        match self {
            Solver::Z3 => Ok(questions.iter().map(|question| z3(&question.text)).collect()),
            Solver::Cvc5 => cvc5(questions),
            Solver::Bitwuzla(folder) => bitwuzla(&folder.join("bin/python"), questions),
        }
    }
}

fn z3(text: &str) -> String {
    let solver = z3::Solver::new();
    solver.from_string(text);
    match solver.check() {
        z3::SatResult::Unsat => "unsat".to_owned(),
        // A text that Z3 does not read leaves nothing asserted.
        z3::SatResult::Sat if solver.get_assertions().is_empty() => "nothing asserted".to_owned(),
        z3::SatResult::Sat => "sat".to_owned(),
        z3::SatResult::Unknown => "unknown".to_owned(),
    }
}

/// One process for all: to start one takes as long as to answer most questions.
fn cvc5(questions: &[&Question]) -> io::Result<Vec<String>> {
    let texts = questions.iter().map(|question| question.text.trim_end().trim_end_matches("(exit)"));
    let all = tempfile("cvc5", &texts.flat_map(|text| [text, "(reset)\n"]).collect::<String>())?;
    let output = Command::new("cvc5").args(["--lang=smt2", "--tlimit-per=600000"]).arg(&all).output()?;
    std::fs::remove_file(&all)?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

fn bitwuzla(python: &Path, questions: &[&Question]) -> io::Result<Vec<String>> {
    let names: String = questions.iter().map(|question| format!("{}\n", question.file.display())).collect();
    let list = tempfile("bitwuzla", &names)?;
    let child =
        Command::new(python).args(["-c", ASK_BITWUZLA]).stdin(std::fs::File::open(&list)?).output()?;
    std::fs::remove_file(&list)?;
    let output = good(child)?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

fn tempfile(name: &str, text: &str) -> io::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("framewright-{name}-{}", std::process::id()));
    std::fs::write(&path, text)?;
    Ok(path)
}

/// The output of a program that has succeeded.
fn good(output: Output) -> io::Result<Output> {
    match output.status.success() {
        true => Ok(output),
        false => Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned())),
    }
}
