//! Time of a proof, by frame and the way it is entered, over all covering shapes.

use crate::cpu;
use framewright::design::{Prover, Statement, statements};
use framewright_spec::Spec;
use std::time::Duration;

/// Prints a row for each statement, and one for each convention.
pub fn print() -> anyhow::Result<()> {
    let spec = Spec::embedded();
    let mut prover = Prover::new(spec);
    let start = cpu::time();
    let all = statements(spec);
    let mut conventions: Vec<(&Statement, Vec<f64>)> = Vec::new();
    println!("| machine | frame | entered by | proofs | median µs | p99 µs | proofs/s |");
    println!("|---|---|---|---|---|---|---|");
    for statement in &all {
        let proof = prover.prove(statement, None)?;
        if let Some(failure) = proof.failure {
            anyhow::bail!("{}: {}", failure.shape, failure.why);
        }
        let mut times: Vec<f64> = proof.times.iter().map(us).collect();
        let by = statement.transition.as_deref().unwrap_or("call");
        row(&[&statement.machine, &statement.frame, by], &mut times);
        match conventions.last_mut() {
            Some((last, all)) if last.abi == statement.abi => all.extend(&times),
            _ => conventions.push((statement, times)),
        }
    }
    println!("\n| machine | convention | proofs | median µs | p99 µs | proofs/s |");
    println!("|---|---|---|---|---|---|");
    let mut total = Vec::new();
    for (statement, mut times) in conventions {
        row(&[&statement.machine, &statement.abi], &mut times);
        total.append(&mut times);
    }
    row(&["all", ""], &mut total);
    let seconds = cpu::seconds_since(start, total.iter().sum::<f64>() / 1e6);
    println!(
        "\n{:.0} frames proven a second on one core ({} in {seconds:.1} s of its time, making their code included), with the \
         solver and unwinding data, nothing remembered (target: 1,000); 0 undecided",
        total.len() as f64 / seconds,
        total.len()
    );
    Ok(())
}

fn us(time: &Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn row(names: &[&str], times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len() as f64 - 1.0) * share).round() as usize).copied();
    let [median, p99] = [0.5, 0.99].map(|share| at(share).unwrap_or(f64::NAN));
    let rate = times.len() as f64 * 1e6 / times.iter().sum::<f64>();
    println!("| {} | {} | {median:.0} | {p99:.0} | {rate:.0} |", names.join(" | "), times.len());
}
