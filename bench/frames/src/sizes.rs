//! Time of the proofs for all sizes, and of comparing code with them beside proving it.

use framewright::design::{Ending, Members, Prover, Sizes, statements};
use framewright_spec::Spec;
use std::time::Duration;

/// The pieces of code that each proof is held to.
const MEMBERS: Members = Members { most: 200, seed: 1 };

/// Prints a row for each convention, and what the whole specification takes on one core.
pub fn print() -> anyhow::Result<()> {
    let spec = Spec::embedded();
    let mut prover = Prover::new(spec);
    let mut conventions: Vec<(String, Vec<Sizes>)> = Vec::new();
    for statement in statements(spec) {
        let sizes = prover.prove_all_sizes(&statement, MEMBERS)?;
        match conventions.last_mut() {
            Some((abi, all)) if *abi == statement.abi => all.push(sizes),
            _ => conventions.push((statement.abi, vec![sizes])),
        }
    }
    println!("| convention | frames by entry | proven | classes | conditions | slowest, ms | seconds | solver |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for (abi, sizes) in &conventions {
        row(abi, &sizes.iter().collect::<Vec<_>>());
    }
    let all: Vec<&Sizes> = conventions.iter().flat_map(|(_, sizes)| sizes).collect();
    row("all", &all);
    let count = |ending| all.iter().filter(|s| s.ending == ending).count();
    let (undecided, unsupported) = (count(Ending::Undecided), count(Ending::Unsupported));
    println!(
        "\nThe whole specification for all sets and sizes: {:.1} s on one core (target: 60), {undecided} undecided \
         (target: 0), {unsupported} unsupported",
        sum(&all, |s| s.time).as_secs_f64()
    );
    let each = |count: usize, time: Duration| time.as_secs_f64() * 1e6 / count.max(1) as f64;
    let (members, proven) = (all.iter().map(|s| s.members).sum(), all.iter().map(|s| s.proven).sum());
    let compared = each(members, sum(&all, |s| s.members_time));
    let alone = each(proven, sum(&all, |s| s.proven_time));
    println!(
        "Comparing a piece of code with its proof: {compared:.0} µs ({members} pieces); proving a piece by itself: \
         {alone:.0} µs ({proven} pieces)"
    );
    Ok(())
}

fn sum(all: &[&Sizes], of: impl Fn(&Sizes) -> Duration) -> Duration {
    all.iter().map(|sizes| of(sizes)).sum()
}

fn row(name: &str, all: &[&Sizes]) {
    let figures = || all.iter().filter_map(|sizes| sizes.figures.as_ref());
    let proven = all.iter().filter(|sizes| sizes.ending == Ending::Proven).count();
    let seconds = sum(all, |s| s.time).as_secs_f64();
    let solver = figures().map(|f| f.solver_nanos).sum::<u64>() as f64 / 1e9;
    let slowest = all.iter().map(|s| s.time).max().unwrap_or_default().as_secs_f64() * 1e3;
    println!(
        "| {name} | {} | {proven} | {} | {} | {slowest:.0} | {seconds:.2} | {:.0} % |",
        all.len(),
        figures().map(|f| f.classes).sum::<u64>(),
        figures().map(|f| f.conditions).sum::<u64>(),
        solver / seconds.max(1e-9) * 100.0
    );
}
