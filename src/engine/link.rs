//! Matching of imports with what there is (core specification, section 4.5.3 of version 1, import matching).

use super::error::EngineError;
use super::memory::LinearMemory;
use super::store::{Extern, World};
use super::table::Table;
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::Module;
use framewright_compiler::wasm::module::{FuncType, Import, ImportKind, Limits};

/// What each import of a module resolves to, in order.
///
/// # Errors
/// There is nothing of that name, or it does not match.
pub fn resolve(world: &World, module: &Module) -> Result<Vec<Extern>, EngineError> {
    module.imports.iter().map(|import| resolve_one(world, module, import)).collect()
}

fn resolve_one(world: &World, module: &Module, import: &Import) -> Result<Extern, EngineError> {
    let found = world.names.get(&import.module).and_then(|names| names.get(&import.name));
    let Some(found) = found else {
        return Err(EngineError::UnknownImport { module: import.module.clone(), name: import.name.clone() });
    };
    let matches = match (&import.kind, found) {
        (&ImportKind::Function(ty), Extern::Function(at)) => {
            module.types[ty as usize] == *world.function_type(*at)
        }
        (ImportKind::Table(wanted), Extern::Table(table)) => within(table_limits(table), *wanted),
        (ImportKind::Memory(wanted), Extern::Memory(memory)) => within(memory_limits(memory), *wanted),
        (&ImportKind::Global(ty, mutable), Extern::Global(global)) => {
            (ty, mutable) == (global.ty, global.mutable)
        }
        _ => false,
    };
    if matches {
        return Ok(found.clone());
    }
    Err(EngineError::IncompatibleImport {
        module: import.module.clone(),
        name: import.name.clone(),
        found: describe_extern(world, found),
        wanted: describe_import(module, &import.kind),
    })
}

fn table_limits(table: &Table) -> Limits {
    Limits { min: table.len(), max: table.max() }
}

fn memory_limits(memory: &LinearMemory) -> Limits {
    Limits { min: memory.size(), max: memory.max() }
}

/// Whether what has the limits `found` will do where `wanted` is asked for.
fn within(found: Limits, wanted: Limits) -> bool {
    let max = match (found.max, wanted.max) {
        (_, None) => true,
        (Some(found), Some(wanted)) => found <= wanted,
        (None, Some(_)) => false,
    };
    found.min >= wanted.min && max
}

fn describe_import(module: &Module, kind: &ImportKind) -> String {
    match kind {
        ImportKind::Function(ty) => format!("a function {}", signature(&module.types[*ty as usize])),
        ImportKind::Table(limits) => describe_limits("table", *limits),
        ImportKind::Memory(limits) => describe_limits("memory", *limits),
        ImportKind::Global(ty, mutable) => describe_global(*ty, *mutable),
    }
}

fn describe_extern(world: &World, what: &Extern) -> String {
    match what {
        Extern::Function(at) => format!("a function {}", signature(world.function_type(*at))),
        Extern::Table(table) => describe_limits("table", table_limits(table)),
        Extern::Memory(memory) => describe_limits("memory", memory_limits(memory)),
        Extern::Global(global) => describe_global(global.ty, global.mutable),
    }
}

fn describe_limits(what: &str, limits: Limits) -> String {
    match limits.max {
        Some(max) => format!("a {what} of {} to {max}", limits.min),
        None => format!("a {what} of {} or more", limits.min),
    }
}

fn describe_global(ty: Type, mutable: bool) -> String {
    format!("a {} global of type {}", if mutable { "mutable" } else { "constant" }, type_name(ty))
}

/// A type's name.
pub fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
    }
}

/// A signature as people read it: `(i32, i64) -> (f64)`.
pub fn signature(ty: &FuncType) -> String {
    let list = |types: &[Type]| types.iter().map(|&t| type_name(t)).collect::<Vec<_>>().join(", ");
    format!("({}) -> ({})", list(&ty.params), list(&ty.results))
}
