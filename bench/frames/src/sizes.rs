//! Time of the proofs for all sizes, and of comparing code with them beside proving it.

use crate::cpu;
use framewright::design::{Ending, Members, Prover, Sizes, statements};
use framewright_spec::Spec;
use std::time::Duration;

/// No code: the proofs alone.
const NONE: Members = Members { most: 0, seed: 1 };
/// The code that one frame of each convention is held to.
const SOME: Members = Members { most: 500, seed: 1 };

/// A proof and the seconds of a core that it took.
struct Proof {
    abi: String,
    sizes: Sizes,
    seconds: f64,
}

/// Prints a row for each convention, what the whole specification takes on one core, and what comparing takes.
pub fn print() -> anyhow::Result<()> {
    let spec = Spec::embedded();
    let mut prover = Prover::new(spec);
    let mut proofs: Vec<Proof> = Vec::new();
    let mut firsts = Vec::new();
    for statement in statements(spec) {
        let start = cpu::time();
        let sizes = prover.prove_all_sizes(&statement, NONE)?;
        let seconds = cpu::seconds_since(start, sizes.time.as_secs_f64());
        if proofs.last().is_none_or(|last| last.abi != statement.abi) {
            firsts.push(statement.clone());
        }
        proofs.push(Proof { abi: statement.abi, sizes, seconds });
    }
    println!(
        "| convention | frames by entry | proven | classes | conditions | slowest, s | seconds of a core |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for first in &firsts {
        row(&first.abi, &proofs.iter().filter(|proof| proof.abi == first.abi).collect::<Vec<_>>());
    }
    row("all", &proofs.iter().collect::<Vec<_>>());
    let count = |ending| proofs.iter().filter(|proof| proof.sizes.ending == ending).count();
    println!(
        "\nThe whole specification for all sets and sizes: {:.1} s of a core (target: 60), {} undecided (target: 0), {} \
         unsupported",
        proofs.iter().map(|proof| proof.seconds).sum::<f64>(),
        count(Ending::Undecided),
        count(Ending::Unsupported)
    );
    let mut compared = (0, Duration::ZERO, 0, Duration::ZERO);
    for first in &firsts {
        let sizes = prover.prove_all_sizes(first, SOME)?;
        compared.0 += sizes.members;
        compared.1 += sizes.members_time;
        compared.2 += sizes.proven;
        compared.3 += sizes.proven_time;
    }
    let each = |count: usize, time: Duration| time.as_secs_f64() * 1e6 / count.max(1) as f64;
    println!(
        "Comparing a piece of code with its proof: {:.0} µs ({} pieces); proving a piece by itself: {:.0} µs ({} pieces)",
        each(compared.0, compared.1),
        compared.0,
        each(compared.2, compared.3),
        compared.2
    );
    Ok(())
}

fn row(name: &str, all: &[&Proof]) {
    let figures = || all.iter().filter_map(|proof| proof.sizes.figures.as_ref());
    let proven = all.iter().filter(|proof| proof.sizes.ending == Ending::Proven).count();
    println!(
        "| {name} | {} | {proven} | {} | {} | {:.2} | {:.2} |",
        all.len(),
        figures().map(|f| f.classes).sum::<u64>(),
        figures().map(|f| f.conditions).sum::<u64>(),
        all.iter().map(|proof| proof.seconds).fold(0.0, f64::max),
        all.iter().map(|proof| proof.seconds).sum::<f64>(),
    );
}
