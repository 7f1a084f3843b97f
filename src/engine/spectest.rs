//! The host module that the official WebAssembly tests import, `spectest`.

use super::error::EngineError;
use super::memory::LinearMemory;
use super::store::{Extern, Global, World};
use super::table::Table;
use super::words::{Cell, Words};
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::module::FuncType;
use std::sync::Arc;

/// Receives what the module's functions print: name and values as bits.
pub type Print = Arc<dyn Fn(&str, &[(Type, u64)]) + Send + Sync>;

/// Makes `spectest` importable.
///
/// # Errors
/// Its memory is not to be had.
pub fn define(world: &mut World, print: &Print) -> Result<(), EngineError> {
    use Type::{F32, F64, I32, I64};
    let functions: [(&str, &[Type]); 7] = [
        ("print", &[]),
        ("print_i32", &[I32]),
        ("print_i64", &[I64]),
        ("print_f32", &[F32]),
        ("print_f64", &[F64]),
        ("print_i32_f32", &[I32, F32]),
        ("print_f64_f64", &[F64, F64]),
    ];
    for (name, params) in functions {
        let ty = FuncType { params: params.to_vec(), results: Vec::new() };
        let print = Arc::clone(print);
        let call = move |args: &[u64]| {
            let values: Vec<_> = params.iter().copied().zip(args.iter().copied()).collect();
            print(name, &values);
            Ok(Vec::new())
        };
        world.define_host("spectest", name, &ty, Box::new(call));
    }
    let globals = [
        ("global_i32", I32, 666),
        ("global_i64", I64, 666),
        ("global_f32", F32, u64::from(666.6f32.to_bits())),
        ("global_f64", F64, 666.6f64.to_bits()),
    ];
    for (name, ty, bits) in globals {
        let cell = Cell::new(&Words::new(8), 0);
        cell.set(bits);
        world.define("spectest", name, Extern::Global(Global { ty, mutable: false, cell }));
    }
    let table = Table::new(10, Some(20)).ok_or(EngineError::HugeTable(10))?;
    world.define("spectest", "table", Extern::Table(Arc::new(table)));
    let memory = LinearMemory::new(1, Some(2))?;
    world.define("spectest", "memory", Extern::Memory(Arc::new(memory)));
    Ok(())
}
