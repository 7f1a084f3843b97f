//! Framewright's side of every comparison.

use anyhow::{Result, anyhow};
use framewright::engine::{Config, Store, Tier};
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use std::sync::{Arc, OnceLock};

/// The embedded specification, shared.
pub fn spec() -> Arc<Spec> {
    static SPEC: OnceLock<Arc<Spec>> = OnceLock::new();
    Arc::clone(SPEC.get_or_init(|| Arc::new(Spec::embedded().clone())))
}

/// A module from text.
pub fn module(text: &str) -> Result<Arc<Module>> {
    Ok(Arc::new(Module::parse(text.as_bytes())?))
}

/// A store with one instance of a module, everything else as by default.
pub fn store(module: &Arc<Module>, tier: Tier) -> Result<(Store, usize)> {
    let mut store = Store::new(spec(), Config { tier, ..Config::default() });
    let instance = store.instantiate(Arc::clone(module)).map_err(|e| anyhow!("{e}"))?;
    Ok((store, instance))
}

/// Calls an export.
pub fn call(store: &mut Store, instance: usize, export: &str, args: &[u64]) -> Result<Vec<u64>> {
    let function = store.exported_function(instance, export).map_err(|e| anyhow!("{e}"))?;
    store.invoke(function, args).map_err(|e| anyhow!("{e}"))
}
