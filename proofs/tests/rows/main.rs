//! Every row of the machine against the real processor: random registers, flags and memory before, and all of
//! them compared after, for every encoding of the row's mnemonic.
//!
//! ```text
//! cargo test --test rows                 a few hundred states a row
//! cargo test --test rows -- --long       10,000 states a row
//! ```
//!
//! The must-fail twin: with any one update of a row inverted, the same outcomes no longer fit.

mod forms;
mod laboratory;
mod random;

use framewright::witness::{self, WitnessError};
use framewright_spec::Spec;
use framewright_spec::machine::Machine;
use framewright_spec::meaning::{Expr, Flow, Function};
use laboratory::{Laboratory, NOT_RUN, Trial};
use libtest_mimic::{Arguments, Failed};

fn main() {
    let (long, rest): (Vec<_>, Vec<_>) = std::env::args().partition(|argument| argument == "--long");
    let count = if long.is_empty() { 300 } else { 10_000 };
    let arguments = Arguments::from_iter(rest);
    let machine = match Spec::embedded().machine("x86_64") {
        Ok(machine) => machine,
        Err(error) => panic!("{error}"),
    };
    let run = |name: &&String| NOT_RUN.iter().all(|(row, _)| row != name);
    let named = machine.instructions.keys().enumerate().filter(|(_, name)| run(name));
    let trials = named.map(|(index, name)| {
        libtest_mimic::Trial::test(name.clone(), move || check_row(machine, index, count))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn check_row(machine: &'static Machine, index: usize, count: usize) -> Result<(), Failed> {
    let laboratory = Laboratory::new(machine);
    let (_, row) = machine.instructions.get_index(index).ok_or("no such row")?;
    if row.flow == Flow::Trap {
        return stops(&laboratory, laboratory.trials(index, 1)?);
    }
    let trials = laboratory.trials(index, count)?;
    let (outcomes, windows) = witness::run(&laboratory.probe(&trials)?)?;
    let memory = windows.first().ok_or("no window")?;
    let fits = |machine: &Machine| {
        let mut pairs = trials.iter().zip(&outcomes);
        pairs.try_for_each(|(trial, outcome)| laboratory.compare(machine, trial, outcome, memory))
    };
    fits(machine)?;
    for (what, mutant) in mutants(machine, index) {
        if fits(&mutant).is_ok() {
            return Err(format!("inverting {what} is not noticed").into());
        }
    }
    if row.traps.is_some() {
        stops(&laboratory, laboratory.trapping(index, laboratory::STOPS)?)?;
    }
    Ok(())
}

/// The processor must raise an exception for each of the trials.
fn stops(laboratory: &Laboratory, trials: Vec<Trial>) -> Result<(), Failed> {
    for trial in trials {
        let text = trial.text.clone();
        match witness::run(&laboratory.probe(std::slice::from_ref(&trial))?) {
            Err(WitnessError::Ended { status }) if status.code().is_none() => {}
            Err(error) => return Err(error.into()),
            Ok(_) => return Err(format!("`{text}` raises no exception on the processor").into()),
        }
    }
    Ok(())
}

/// The machine with one update, or the branch condition, of the row inverted.
fn mutants(machine: &Machine, index: usize) -> Vec<(String, Machine)> {
    let invert = |value: &Expr| Expr::Apply { function: Function::Not, args: vec![value.clone()] };
    let row = &machine.instructions[index];
    let mut mutants = Vec::new();
    for (i, update) in row.updates.iter().enumerate() {
        if !matches!(update.value, Expr::Undefined(_)) {
            let mut mutant = machine.clone();
            mutant.instructions[index].updates[i].value = invert(&update.value);
            mutants.push((format!("update {i} ({:?})", update.place), mutant));
        }
    }
    if let Flow::Branch { condition, target } = &row.flow {
        let mut mutant = machine.clone();
        mutant.instructions[index].flow =
            Flow::Branch { condition: invert(condition), target: target.clone() };
        mutants.push(("the condition".to_owned(), mutant));
    }
    mutants
}
