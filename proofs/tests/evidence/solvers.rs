//! Other solvers, as programs: what each answers to a file.

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
    /// Bitwuzla, of its Python package.
    Bitwuzla(PathBuf),
}

impl Solver {
    /// All of them. Bitwuzla is fetched into `cache` unless it is there.
    pub fn all(cache: &Path) -> io::Result<Vec<Solver>> {
        let python = cache.join("bin/python");
        if !cache.join("complete").exists() {
            good(Command::new("python3").args(["-m", "venv"]).arg(cache).output()?)?;
            good(Command::new(&python).args(["-m", "pip", "install", "--quiet", BITWUZLA]).output()?)?;
            std::fs::write(cache.join("complete"), BITWUZLA)?;
        }
        Ok(vec![Solver::Z3, Solver::Cvc5, Solver::Bitwuzla(python)])
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

    /// Its answers, one a file: `sat`, `unsat`, or what it says instead.
    pub fn answers(&self, files: &[PathBuf]) -> io::Result<Vec<String>> {
        match self {
            Solver::Z3 => files.iter().map(|file| Ok(z3(&std::fs::read_to_string(file)?))).collect(),
            Solver::Cvc5 => files.iter().map(|file| cvc5(file)).collect(),
            Solver::Bitwuzla(python) => bitwuzla(python, files),
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

fn cvc5(file: &Path) -> io::Result<String> {
    let output = Command::new("cvc5").arg("--tlimit=600000").arg(file).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn bitwuzla(python: &Path, files: &[PathBuf]) -> io::Result<Vec<String>> {
    let names: String = files.iter().map(|file| format!("{}\n", file.display())).collect();
    let list = tempfile(&names)?;
    let child =
        Command::new(python).args(["-c", ASK_BITWUZLA]).stdin(std::fs::File::open(&list)?).output()?;
    std::fs::remove_file(&list)?;
    let output = good(child)?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

fn tempfile(text: &str) -> io::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("framewright-queries-{}", std::process::id()));
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
