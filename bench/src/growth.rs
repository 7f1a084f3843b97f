//! How compile and proof time grow with the size of a function.

use crate::time::{best, us};
use crate::{ours, peers};
use anyhow::Result;
use framewright::engine::Tier;
use framewright_verifier::Verifier;
use std::fmt::Write;
use wasmtime::Strategy;

/// A function of about `size` instructions: loops, branches, arithmetic, memory, in blocks of 20.
fn program(size: usize) -> String {
    let mut text = "(module (memory 1) (func (export \"main\") (param $x i32) (result i32)\n".to_owned();
    text += "(local $a i32) (local $b i32) (local $i i32)\n";
    for k in 1..=size / 20 {
        let _ = write!(
            text,
            "(local.set $i (i32.const {k}))
             (loop $l
               (local.set $a (i32.add (local.get $a) (i32.mul (local.get $b) (i32.const {}))))
               (if (i32.lt_u (local.get $a) (local.get $x)) (then (local.set $b (i32.load offset={} (local.get $i)))))
               (br_if $l (i32.eqz (local.get $i))))",
            k * 7 + 3,
            k % 1000 * 4
        );
    }
    text + "(i32.add (local.get $a) (local.get $b))))"
}

/// Prints the table.
pub fn print() -> Result<()> {
    println!("Growth with function size, microseconds (best of 5)\n");
    println!("| instructions | tier0 | opt | proof tier0 | proof opt | Winch | Cranelift |");
    println!("|---|---|---|---|---|---|---|");
    let spec = ours::spec();
    let mut verifier = Verifier::new(&spec);
    for size in [100, 300, 1_000, 3_000, 10_000] {
        let text = program(size);
        let module = ours::module(&text)?;
        let low = ours::cost(&module, 0, Tier::Tier0, &mut verifier, 5)?;
        let high = ours::cost(&module, 0, Tier::Opt, &mut verifier, 5)?;
        let wasm = wat::parse_str(&text)?;
        let theirs = |strategy| -> Result<f64> {
            let engine = peers::engine(strategy)?;
            let (time, module) = best(5, || peers::compile(&engine, &wasm));
            module?;
            Ok(us(time))
        };
        println!(
            "| {size} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} |",
            low.compile,
            high.compile,
            low.proof,
            high.proof,
            theirs(Strategy::Winch)?,
            theirs(Strategy::Cranelift)?
        );
    }
    Ok(())
}
