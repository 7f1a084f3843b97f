//! Speed of the code: the example programs in every tier against wasmtime's two compilers.

use crate::time::{best, ms};
use crate::{ours, peers};
use anyhow::{Result, ensure};
use framewright::engine::Tier;
use wasmtime::{Strategy, Val};

/// Program, argument, the interpreter's smaller argument, whether they are 64 bits wide.
const KERNELS: [(&str, u64, u64, bool); 12] = [
    ("sum", 100_000_000, 1_000_000, true),
    ("fibonacci", 32, 20, false),
    ("sieve", 8_000_000, 100_000, false),
    ("matrix", 200, 40, false),
    ("nbody", 200_000, 1_000, false),
    ("sha256", 1_000_000, 10_000, false),
    ("quicksort", 1_000_000, 10_000, false),
    ("mandelbrot", 400, 50, false),
    ("crc32", 10_000_000, 100_000, false),
    ("search", 1_000_000, 10_000, false),
    ("hashmap", 1_000_000, 10_000, false),
    ("spectral", 400, 40, false),
];

/// The programs.
pub fn names() -> impl Iterator<Item = &'static str> {
    KERNELS.iter().map(|(name, ..)| *name)
}

/// The text of an example.
pub fn source(name: &str) -> Result<String> {
    let path = format!("{}/../examples/{name}.wat", env!("CARGO_MANIFEST_DIR"));
    Ok(std::fs::read_to_string(path)?)
}

/// Milliseconds of the best of three calls after a first one in a tier, and the result.
fn ours_ms(text: &str, arg: u64, tier: Tier) -> Result<(f64, Vec<u64>)> {
    let module = ours::module(text)?;
    let (mut store, instance) = ours::store(&module, tier)?;
    let runs = if tier == Tier::Interp { 1 } else { 3 };
    if runs > 1 {
        ours::call(&mut store, instance, "main", &[arg])?;
    }
    let (time, result) = best(runs, || ours::call(&mut store, instance, "main", &[arg]));
    Ok((ms(time), result?))
}

fn theirs_ms(text: &str, arg: u64, wide: bool, strategy: Strategy) -> Result<(f64, Vec<u64>)> {
    let module = peers::compile(&peers::engine(strategy)?, text.as_bytes())?;
    let arg = if wide { Val::I64(arg as i64) } else { Val::I32(arg as i32) };
    let (time, result) = best(3, || peers::call(&module, "main", std::slice::from_ref(&arg)));
    Ok((ms(time), result?.iter().map(peers::bits).collect()))
}

/// Prints the table.
pub fn print() -> Result<()> {
    println!("Speed of code, milliseconds a call (best of 3, code compiled before)\n");
    println!(
        "| kernel | tier0 | auto | opt | Winch | Cranelift | opt / Cranelift | tier0 / Winch | interp / opt |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let (mut product, mut count) = (1.0f64, 0);
    for (name, arg, small, wide) in KERNELS {
        let text = source(name)?;
        let (cranelift, expected) = theirs_ms(&text, arg, wide, Strategy::Cranelift)?;
        let (winch, _) = theirs_ms(&text, arg, wide, Strategy::Winch)?;
        let mut row = Vec::new();
        for tier in [Tier::Tier0, Tier::Auto, Tier::Opt] {
            let (time, result) = ours_ms(&text, arg, tier)?;
            ensure!(result == expected, "{name}: {tier:?} gives {result:?}, wasmtime {expected:?}");
            row.push(time);
        }
        let slow = ours_ms(&text, small, Tier::Interp)?.0 / ours_ms(&text, small, Tier::Opt)?.0;
        let (ratio, low) = (row[2] / cranelift, row[0] / winch);
        (product, count) = (product * ratio, count + 1);
        println!(
            "| {name} | {:.1} | {:.1} | {:.1} | {winch:.1} | {cranelift:.1} | {ratio:.2} | {low:.2} | {slow:.0} |",
            row[0], row[1], row[2]
        );
    }
    println!("\nGeometric mean of opt / Cranelift: {:.2}", product.powf(1.0 / f64::from(count)));
    Ok(())
}
