//! What a patchpoint costs that never fires, and what a transition costs whose method is compiled already.

use crate::ours;
use crate::time::best;
use anyhow::{Context, Result, anyhow};
use framewright::engine::{Config, Store, Tier};
use std::process::Command;

/// The argument with which this program counts the instructions of nothing but calls.
pub const COUNTED: &str = "--counted";

/// `main n` calls a function n times that makes `passes` passes of a loop, or one pass of the same without a loop.
fn program(passes: Option<u32>) -> String {
    let again = passes.map_or("(drop", |_| "(br_if $l").to_owned();
    let construct = if passes.is_some() { "loop" } else { "block" };
    format!(
        "(module
          (func $work (param $n i32) (result i32) (local $x i32)
            ({construct} $l
              (local.set $x (i32.add (local.get $x) (local.get $n)))
              {again} (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $x))
          (func (export \"main\") (param $n i32) (result i32) (local $x i32)
            (block $done
              (loop $l
                (br_if $done (i32.eqz (local.get $n)))
                (local.set $x (i32.add (local.get $x) (call $work (i32.const {}))))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br $l)))
            (local.get $x)))",
        passes.unwrap_or(1)
    )
}

/// Nanoseconds of `main n`, the best of five after one to warm up.
fn nanos(passes: Option<u32>, n: u64, config: &Config) -> Result<f64> {
    let mut store = Store::new(ours::spec(), config.clone());
    let instance = store.instantiate(ours::module(&program(passes))?).map_err(|e| anyhow!("{e}"))?;
    ours::call(&mut store, instance, "main", &[n])?;
    let (time, result) = best(5, || ours::call(&mut store, instance, "main", &[n]));
    result?;
    Ok(time.as_secs_f64() * 1e9)
}

/// Patchpoints that fire at their first pass, in functions that stay in tier-0.
fn at_once() -> Config {
    Config { tier: Tier::Auto, osr_threshold: 1, call_threshold: u32::MAX, ..Config::default() }
}

/// Calls a function with (or without) a transition so many times, for [`COUNTED`].
pub fn run_counted(args: &[String]) -> Result<()> {
    let [transition, n] = args else { anyhow::bail!("{COUNTED} true|false N") };
    let mut store = Store::new(ours::spec(), at_once());
    let passes = (transition == "true").then_some(1);
    let instance = store.instantiate(ours::module(&program(passes))?).map_err(|e| anyhow!("{e}"))?;
    ours::call(&mut store, instance, "main", &[n.parse()?])?;
    Ok(())
}

/// Instructions of this program under [`COUNTED`], by valgrind; none where it is not installed.
fn counted(transition: bool, n: u64) -> Result<Option<f64>> {
    let own = std::env::current_exe()?;
    let tool = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let args = [COUNTED.to_owned(), transition.to_string(), n.to_string()];
    let Ok(output) = Command::new("valgrind").args(tool).arg(own).args(args).output() else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text.lines().find_map(|line| line.split("Collected : ").nth(1));
    let count = count.with_context(|| format!("valgrind counts nothing: {text}"))?;
    Ok(Some(count.trim().parse()?))
}

/// Instructions a call, all that does not grow with the number of calls taken off.
fn counted_each(transition: bool) -> Result<Option<f64>> {
    let (few, many) = (1_000, 101_000);
    let [few_count, many_count] = [counted(transition, few)?, counted(transition, many)?];
    Ok(few_count.zip(many_count).map(|(a, b)| (b - a) / (many - few) as f64))
}

/// Prints both costs.
pub fn print() -> Result<()> {
    let plain = Config { tier: Tier::Tier0, ..Config::default() };
    let never = Config { osr_threshold: u32::MAX, ..at_once() };
    let (passes, calls) = (Some(10_000), 2_000);
    let (without, with) = (nanos(passes, calls, &plain)?, nanos(passes, calls, &never)?);
    println!("Never-firing patchpoint: {:+.2} % of a tier-0 loop's time", 100.0 * (with / without - 1.0));
    let calls = 3_000_000;
    let [without, with] = [None, Some(1)].map(|passes| nanos(passes, calls, &at_once()));
    println!("Fired transition, method compiled already: {:.1} ns", (with? - without?) / calls as f64);
    match counted_each(true)?.zip(counted_each(false)?) {
        Some((with, without)) => println!("Fired transition: {:.0} instructions", with - without),
        None => println!("Fired transition: instructions not counted, valgrind is not installed"),
    }
    Ok(())
}
