//! Compile and proof time of every function of the example programs, against wasmtime's compilers.
//!
//! A peer compiles a whole module; its fixed cost is taken off by compiling an empty one.

use crate::kernels::{names, source};
use crate::time::{best, quantile, us};
use crate::{ours, peers};
use anyhow::Result;
use framewright::engine::Tier;
use framewright_verifier::Verifier;
use wasmtime::Strategy;

fn theirs_us(text: &str, strategy: Strategy) -> Result<f64> {
    let engine = peers::engine(strategy)?;
    let wasm = wat::parse_str(text)?;
    let empty = wat::parse_str("(module)")?;
    let (time, module) = best(20, || peers::compile(&engine, &wasm));
    let (fixed, _) = best(20, || peers::compile(&engine, &empty));
    module?;
    Ok(us(time) - us(fixed))
}

/// Prints the tables.
pub fn print() -> Result<()> {
    println!("Compile and proof time, microseconds a function (best of 20, first run of each warm)\n");
    println!(
        "| kernel | functions | tier0 | Winch | tier0 / Winch | opt | Cranelift | opt / Cranelift | proof tier0 | proof opt |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let spec = ours::spec();
    let mut verifier = Verifier::new(&spec);
    let (mut proofs, mut compile, mut optimizer) = (Vec::new(), 0.0, 0.0);
    for name in names() {
        let text = source(name)?;
        let module = ours::module(&text)?;
        let own = module.imported_functions..module.functions.len() as u32;
        let count = f64::from(own.end - own.start);
        let mut sums = [ours::Cost::default(); 2];
        for index in own {
            for (sum, tier) in sums.iter_mut().zip([Tier::Tier0, Tier::Opt]) {
                let cost = ours::cost(&module, index, tier, &mut verifier, 20)?;
                proofs.push(cost.proof);
                (compile, optimizer) = (compile + cost.compile, optimizer + cost.optimizer);
                sum.compile += cost.compile / count;
                sum.proof += cost.proof / count;
            }
        }
        let [low, high] = sums;
        let [winch, cranelift] = [Strategy::Winch, Strategy::Cranelift].map(|s| theirs_us(&text, s));
        let (winch, cranelift) = (winch? / count, cranelift? / count);
        println!(
            "| {name} | {count} | {:.0} | {winch:.0} | {:.2} | {:.0} | {cranelift:.0} | {:.2} | {:.0} | {:.0} |",
            low.compile,
            low.compile / winch,
            high.compile,
            high.compile / cranelift,
            low.proof,
            high.proof
        );
    }
    let total: f64 = proofs.iter().sum();
    println!(
        "\nProof: median {:.0} µs, p99 {:.0} µs, {:.0} % of compile and proof, {:.2} of the optimizer's time",
        quantile(&mut proofs, 0.5),
        quantile(&mut proofs, 0.99),
        100.0 * total / (total + compile),
        total / optimizer
    );
    Ok(())
}
