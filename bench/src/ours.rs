//! Framewright's side of every comparison.

use crate::time::us;
use anyhow::{Result, anyhow};
use framewright::engine::{Config, Store, Tier};
use framewright_compiler::tier0::{self, Tier0Options};
use framewright_compiler::wasm::Module as CompilerModule;
use framewright_compiler::{backend, ir, opt};
use framewright_spec::{RegSet, Spec};
use framewright_verifier::{Verdict, Verifier};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// The embedded specification, shared.
pub fn spec() -> Arc<Spec> {
    static SPEC: OnceLock<Arc<Spec>> = OnceLock::new();
    Arc::clone(SPEC.get_or_init(|| Arc::new(Spec::embedded().clone())))
}

/// A module from text.
pub fn module(text: &str) -> Result<Arc<CompilerModule>> {
    Ok(Arc::new(CompilerModule::parse(text.as_bytes())?))
}

/// A store with one instance of a module, everything else as by default.
pub fn store(module: &Arc<CompilerModule>, tier: Tier) -> Result<(Store, usize)> {
    let mut store = Store::new(spec(), Config { tier, ..Config::default() });
    let instance = store.instantiate(Arc::clone(module)).map_err(|e| anyhow!("{e}"))?;
    Ok((store, instance))
}

/// Calls an export.
pub fn call(store: &mut Store, instance: usize, export: &str, args: &[u64]) -> Result<Vec<u64>> {
    let function = store.exported_function(instance, export).map_err(|e| anyhow!("{e}"))?;
    store.invoke(function, args).map_err(|e| anyhow!("{e}"))
}

/// What one piece of code costs, microseconds, and what the optimizing compiler made it of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// To compile.
    pub compile: f64,
    /// Of that, in the optimizer.
    pub optimizer: f64,
    /// To prove.
    pub proof: f64,
}

/// Compiles and proves a function in a tier (tier-0, or optimized), the best of `runs`.
pub fn cost(
    module: &CompilerModule,
    index: u32,
    tier: Tier,
    verifier: &mut Verifier,
    runs: usize,
) -> Result<Cost> {
    let spec = spec();
    let mut cost = Cost { compile: f64::MAX, optimizer: f64::MAX, proof: f64::MAX };
    for _ in 0..runs {
        let start = Instant::now();
        let mut optimizer = 0.0;
        let compiled = if tier == Tier::Tier0 {
            let options = Tier0Options { extra_saves: RegSet::EMPTY, patchpoints: true, call_counter: true };
            tier0::compile(spec.convention("sysv").expect("declared"), module, index, &options)?
        } else {
            let mut function = ir::build(module, index)?;
            let before = Instant::now();
            opt::optimize(&mut function, &opt::Options::default());
            optimizer = us(before.elapsed());
            backend::compile(spec.convention("sysv").expect("declared"), module, &function, backend::Kind::Normal, backend::Options::default())?
        };
        cost.compile = cost.compile.min(us(start.elapsed()));
        cost.optimizer = cost.optimizer.min(optimizer);
        let start = Instant::now();
        match verifier.verify(&compiled.name, compiled.bytes, compiled.claim, None) {
            Verdict::Proven(_) => cost.proof = cost.proof.min(us(start.elapsed())),
            other => anyhow::bail!("{}: not proven: {other:?}", compiled.name),
        }
    }
    Ok(cost)
}
