//! What a patchpoint costs that never fires, and what a transition costs whose method is compiled already.

use crate::ours;
use crate::time::best;
use anyhow::{Result, anyhow};
use framewright::engine::{Config, Store, Tier};

/// `main n` calls a function with a loop of `passes` passes n times.
fn program(passes: u32) -> String {
    format!(
        "(module
          (func $work (param $n i32) (result i32) (local $x i32)
            (loop $l
              (local.set $x (i32.add (local.get $x) (local.get $n)))
              (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $x))
          (func (export \"main\") (param $n i32) (result i32) (local $x i32)
            (block $done
              (loop $l
                (br_if $done (i32.eqz (local.get $n)))
                (local.set $x (i32.add (local.get $x) (call $work (i32.const {passes}))))
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (br $l)))
            (local.get $x)))"
    )
}

/// Nanoseconds a call of `main n`, the best of five after one to warm up.
fn nanos(passes: u32, n: u64, config: Config) -> Result<f64> {
    let mut store = Store::new(ours::spec(), config);
    let instance = store.instantiate(ours::module(&program(passes))?).map_err(|e| anyhow!("{e}"))?;
    ours::call(&mut store, instance, "main", &[n])?;
    let (time, result) = best(5, || ours::call(&mut store, instance, "main", &[n]));
    result?;
    Ok(time.as_secs_f64() * 1e9)
}

/// Prints both costs.
pub fn print() -> Result<()> {
    let plain = Config { tier: Tier::Tier0, ..Config::default() };
    let never = Config { tier: Tier::Auto, osr_threshold: u32::MAX, call_threshold: u32::MAX, ..Config::default() };
    // Only the callee's loop fires, at its first pass; the caller stays in tier-0 either way.
    let osr_at = Some(("work".to_owned(), 0));
    let fires = Config { tier: Tier::Auto, osr_at, call_threshold: u32::MAX, ..Config::default() };
    let (passes, calls) = (10_000, 2_000);
    let without = nanos(passes, calls, plain.clone())?;
    let with = nanos(passes, calls, never.clone())?;
    println!("Never-firing patchpoint: {:+.2} % of a tier-0 loop's time", 100.0 * (with / without - 1.0));
    let calls = 3_000_000;
    let without = nanos(1, calls, never)? / calls as f64;
    let with = nanos(1, calls, fires)? / calls as f64;
    println!("Fired transition, method compiled already: {:.1} ns", with - without);
    Ok(())
}
