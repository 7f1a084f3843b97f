//! From a module and what it imports to an instance.
//!
//! ```text
//! resolve imports -> allocate memory, table, globals -> context -> elements -> data -> (start, by the caller)
//! ```
//!
//! Segments are checked and copied one after another; what was copied before one that does not fit stays, as in
//! the specification since bulk memory operations.

use super::error::{EngineError, Trap};
use super::link;
use super::memory::LinearMemory;
use super::store::{Extern, FuncAddr, Function, FunctionKind, Global, World};
use super::table::Table;
use super::words::{Cell, Words};
use framewright_compiler::TrapCode;
use framewright_compiler::context::{self, ContextLayout};
use framewright_compiler::wasm::Module;
use framewright_compiler::wasm::module::{ConstExpr, ExportKind};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

/// An instance of a module.
#[derive(Debug)]
pub struct Instance {
    /// Its module.
    pub module: Arc<Module>,
    /// Where things are in its context.
    pub layout: ContextLayout,
    /// Its context.
    pub context: Words,
    /// Its function space.
    pub functions: Vec<FuncAddr>,
    /// Its table.
    pub table: Option<Arc<Table>>,
    /// Its memory.
    pub memory: Option<Arc<LinearMemory>>,
    /// Its global space.
    pub globals: Vec<Global>,
    /// What it exports, in order.
    pub exports: Vec<(String, Extern)>,
    /// Per defined function, per patchpoint: address of its OSR method's entry, or 0.
    pub osr_entries: Vec<OnceLock<Box<[AtomicU64]>>>,
}

impl Instance {
    /// The export of that name.
    pub fn export(&self, name: &str) -> Option<&Extern> {
        self.exports.iter().find(|(n, _)| n == name).map(|(_, e)| e)
    }

    /// The value of a constant expression.
    fn evaluate(&self, expr: ConstExpr) -> u64 {
        match expr {
            ConstExpr::Const(bits) => bits,
            ConstExpr::Global(index) => self.globals[index as usize].cell.get(),
        }
    }

    /// OSR entries of a function.
    pub fn osr(&self, function: u32) -> Option<&[AtomicU64]> {
        let defined = function.checked_sub(self.module.imported_functions)?;
        self.osr_entries.get(defined as usize)?.get().map(|entries| &**entries)
    }
}

/// Initial values of the counters in a context.
#[derive(Clone, Copy, Debug)]
pub struct Counters {
    /// Passes of a loop before its patchpoint fires.
    pub osr: u32,
    /// Calls before a function is compiled anew.
    pub calls: u32,
}

impl World {
    /// Makes an instance but for its start function; its index.
    ///
    /// # Errors
    /// An import is missing or does not match; memory is not to be had; a segment does not fit (then the instance
    /// exists, with the segments before it in place).
    pub fn instantiate(&mut self, module: Arc<Module>, counters: Counters) -> Result<usize, EngineError> {
        let imports = link::resolve(self, &module)?;
        let number = self.instances.len();
        let layout = ContextLayout::new(&module);
        let context = Words::new(layout.bytes());
        let mut instance = Instance {
            osr_entries: module.bodies.iter().map(|_| OnceLock::new()).collect(),
            layout,
            context,
            functions: Vec::new(),
            table: None,
            memory: None,
            globals: Vec::new(),
            exports: Vec::new(),
            module: Arc::clone(&module),
        };
        for import in imports {
            match import {
                Extern::Function(at) => instance.functions.push(at),
                Extern::Table(table) => instance.table = Some(table),
                Extern::Memory(memory) => instance.memory = Some(memory),
                Extern::Global(global) => instance.globals.push(global),
            }
        }
        allocate(&mut instance, number, self)?;
        fill_context(&instance, number, self, counters);
        instance.exports = exports(&instance);
        self.instances.push(instance);
        self.copy_elements(number)?;
        self.copy_data(number)?;
        Ok(number)
    }

    fn copy_elements(&self, number: usize) -> Result<(), EngineError> {
        let instance = &self.instances[number];
        for segment in &instance.module.elements {
            let first = instance.evaluate(segment.offset) as u32;
            let table = instance.table.as_ref();
            let fits =
                |t: &&Arc<Table>| u64::from(first) + segment.functions.len() as u64 <= u64::from(t.len());
            let table = table.filter(fits).ok_or_else(|| segment_trap(TrapCode::TableOutOfBounds))?;
            for (index, &function) in (first..).zip(&segment.functions) {
                let at = instance.functions[function as usize];
                table.set(index, at, self.function(at));
            }
        }
        Ok(())
    }

    fn copy_data(&self, number: usize) -> Result<(), EngineError> {
        let instance = &self.instances[number];
        for segment in &instance.module.data {
            let first = u64::from(instance.evaluate(segment.offset) as u32);
            let bytes = &instance.module.bytes[segment.bytes.clone()];
            let memory = instance.memory.as_ref();
            let written = memory.and_then(|m| m.write(first, bytes));
            written.ok_or_else(|| segment_trap(TrapCode::MemoryOutOfBounds))?;
        }
        Ok(())
    }
}

/// A segment that does not fit. A table's has words of its own, since those of the code are about calls.
fn segment_trap(code: TrapCode) -> EngineError {
    let detail = (code == TrapCode::TableOutOfBounds).then(|| "out of bounds table access".to_owned());
    EngineError::Trap(Trap { code, place: None, detail })
}

/// Functions, table, memory and globals that the module defines.
fn allocate(instance: &mut Instance, number: usize, world: &mut World) -> Result<(), EngineError> {
    let module = Arc::clone(&instance.module);
    for index in module.imported_functions..module.functions.len() as u32 {
        let function = Function {
            ty: world.intern(module.function_type(index)),
            code: Cell::new(&instance.context, instance.layout.code_cell(index)),
            context: instance.context.clone(),
            kind: FunctionKind::Wasm { instance: number, index },
        };
        instance.functions.push(world.add_function(function));
    }
    if let (None, Some(limits)) = (&instance.table, module.tables.first()) {
        let table = Table::new(limits.min, limits.max).ok_or(EngineError::HugeTable(limits.min))?;
        instance.table = Some(Arc::new(table));
    }
    if let (None, Some(limits)) = (&instance.memory, module.memories.first()) {
        instance.memory = Some(Arc::new(LinearMemory::new(limits.min, limits.max)?));
    }
    for (index, global) in module.globals.iter().enumerate() {
        if let Some(init) = global.init {
            let cell = Cell::new(&instance.context, instance.layout.global(index as u32) + 8);
            cell.set(instance.evaluate(init));
            instance.globals.push(Global { ty: global.ty, mutable: global.mutable, cell });
        }
    }
    Ok(())
}

/// Everything in the context but the code cells, which are filled when there is code.
fn fill_context(instance: &Instance, number: usize, world: &mut World, counters: Counters) {
    let (context, layout, module) = (&instance.context, &instance.layout, &instance.module);
    let callbacks = world.callbacks();
    context.set(context::PATCHPOINT, callbacks.patchpoint);
    context.set(context::MEMORY_GROW, callbacks.memory_grow);
    context.set(context::TIER_UP, callbacks.tier_up);
    context.set(context::HOST_CALL, callbacks.host_call);
    context.set(context::RESULTS, world.results.address(0));
    context.set(context::HOST, number as u64);
    context.set(context::OSR_THRESHOLD, u64::from(counters.osr));
    if let Some(memory) = &instance.memory {
        context.set(context::MEMORY_BASE, memory.base());
        context.set(context::MEMORY_BYTES, memory.size_word());
    }
    if let Some(table) = &instance.table {
        context.set(context::TABLE_BASE, table.base());
        context.set(context::TABLE_LEN, u64::from(table.len()));
    }
    for (index, &at) in (0u32..).zip(&instance.functions) {
        let function = world.function(at);
        context.set(layout.function(index), function.code.address());
        context.set(layout.function(index) + 8, function.context.address(0));
    }
    for (index, global) in (0u32..).zip(&instance.globals) {
        context.set(layout.global(index), global.cell.address());
    }
    for (index, ty) in (0u32..).zip(&module.types) {
        let id = u64::from(world.intern(ty)) + 1;
        context.set(layout.type_id(index), id);
    }
    for index in module.imported_functions..module.functions.len() as u32 {
        context.set_u32(layout.call_counter(index), counters.calls);
    }
}

fn exports(instance: &Instance) -> Vec<(String, Extern)> {
    let what = |kind| {
        Some(match kind {
            ExportKind::Function(index) => Extern::Function(*instance.functions.get(index as usize)?),
            ExportKind::Table(_) => Extern::Table(Arc::clone(instance.table.as_ref()?)),
            ExportKind::Memory(_) => Extern::Memory(Arc::clone(instance.memory.as_ref()?)),
            ExportKind::Global(index) => Extern::Global(instance.globals.get(index as usize)?.clone()),
        })
    };
    instance.module.exports.iter().filter_map(|e| Some((e.name.clone(), what(e.kind)?))).collect()
}
