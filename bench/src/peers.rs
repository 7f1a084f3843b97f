//! The peer: wasmtime with its optimizing and its baseline compiler.

use anyhow::{Error, Result, anyhow};
use wasmtime::{Config, Engine, Instance, Module, Store, Strategy, Val};

/// An engine with one of wasmtime's compilers, single-threaded.
pub fn engine(strategy: Strategy) -> Result<Engine> {
    let mut config = Config::new();
    config.strategy(strategy);
    Engine::new(&config).map_err(Error::msg)
}

/// Compiles a module, text or binary.
pub fn compile(engine: &Engine, module: &[u8]) -> Result<Module> {
    let binary = wat::parse_bytes(module)?;
    Module::from_binary(engine, &binary).map_err(Error::msg)
}

/// Calls an export of a compiled module on integers; its results.
pub fn call(module: &Module, export: &str, args: &[Val]) -> Result<Vec<Val>> {
    let mut store = Store::new(module.engine(), ());
    let instance = Instance::new(&mut store, module, &[]).map_err(Error::msg)?;
    let function = instance.get_func(&mut store, export).ok_or_else(|| anyhow!("no export {export}"))?;
    let mut results = vec![Val::I32(0); function.ty(&store).results().len()];
    function.call(&mut store, args, &mut results).map_err(Error::msg)?;
    Ok(results)
}

/// A result's bits.
pub fn bits(value: &Val) -> u64 {
    match *value {
        Val::I32(x) => u64::from(x as u32),
        Val::I64(x) => x as u64,
        Val::F32(x) => u64::from(x),
        Val::F64(x) => x,
        _ => 0,
    }
}
