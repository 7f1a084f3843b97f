//! From a question to a checked refutation.

use crate::{blast, drup, sexpr};
use libtest_mimic::Failed;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Most conflicts of a search whose proof is followed: the checker keeps every clause.
const CONFLICTS: u32 = 2_000;

/// What CaDiCaL made of a question's clauses.
#[derive(Debug)]
pub enum Outcome {
    /// No model, by a proof of so many steps, which was followed.
    Refuted { steps: usize },
    /// There is a model.
    Model,
    /// The search takes more than [`CONFLICTS`].
    Long,
}

/// Writes `PATH.cnf` and `PATH.drat`, and follows the proof.
pub fn certify(text: &str, path: &Path) -> Result<Outcome, Failed> {
    let blast = blast::blast(&sexpr::read(text)?)?;
    let (variables, clauses) = blast.aig.clauses(&blast.asserted);
    let [cnf, drat] = files(path);
    std::fs::write(&cnf, dimacs(variables, &clauses))?;
    let limit = CONFLICTS.to_string();
    let output =
        Command::new("cadical").args(["-q", "--no-binary", "-c", &limit]).args([&cnf, &drat]).output()?;
    match output.status.code() {
        Some(0) => Ok(Outcome::Long),
        Some(10) => Ok(Outcome::Model),
        Some(20) => {
            let proof = std::fs::read_to_string(&drat)?;
            drup::check(variables, &clauses, &proof).map_err(|e| format!("{}: {e}", drat.display()))?;
            Ok(Outcome::Refuted { steps: proof.lines().filter(|l| !l.starts_with('d')).count() })
        }
        _ => Err(format!("CaDiCaL: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// Removes what [`certify`] wrote.
pub fn remove(path: &Path) -> std::io::Result<()> {
    files(path).iter().try_for_each(std::fs::remove_file)
}

fn files(path: &Path) -> [PathBuf; 2] {
    ["cnf", "drat"].map(|extension| {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(extension);
        PathBuf::from(name)
    })
}

fn dimacs(variables: i32, clauses: &[Vec<i32>]) -> String {
    let mut text = format!("p cnf {variables} {}\n", clauses.len());
    for clause in clauses {
        for literal in clause {
            let _ = write!(text, "{literal} ");
        }
        text.push_str("0\n");
    }
    text
}

/// The checker accepts a right proof, and none of some wrong ones.
pub fn refuses_wrong_proofs() -> Result<(), Failed> {
    // All eight signs of three variables.
    let sign = |bits: i32, v: i32| if bits >> (v - 1) & 1 == 1 { v } else { -v };
    let all: Vec<Vec<i32>> = (0..8).map(|bits| (1..=3).map(|v| sign(bits, v)).collect()).collect();
    let right = "1 2 0\n1 -2 0\n1 0\n-1 2 0\n0\n";
    drup::check(3, &all, right)?;
    let wrong = [
        ("the empty clause at once", &all[..], "0\n"),
        ("a step too few", &all, "1 2 0\n0\n"),
        ("a unit that does not follow", &all, "1 0\n0\n"),
        ("no empty clause", &all, "1 2 0\n"),
        ("a clause is missing", &all[1..], right),
        ("not a proof", &all, "one two\n"),
        ("a variable that is not there", &all, "4 0\n0\n"),
    ];
    for (what, clauses, proof) in wrong {
        if drup::check(3, clauses, proof).is_ok() {
            return Err(format!("accepted: {what}").into());
        }
    }
    Ok(())
}
