//! An instance of a module without imports, for tests and examples: everything runs in the interpreter.

use super::memory::PAGE_BYTES;
use super::{Instance, Trap, run};
use crate::ir::{Function, build};
use crate::wasm::Module;
use crate::wasm::module::{ConstExpr, Limits};
use crate::{CompileError, TrapCode};
use std::rc::Rc;

/// Calls that may be open at once.
const MAX_DEPTH: u32 = 300;
/// Pages that memory may have.
const MAX_PAGES: u32 = 1024;
/// Elements that a table may have.
const MAX_ELEMENTS: u32 = 1 << 20;
/// Blocks that the start function may enter.
const START_FUEL: u64 = 1 << 16;

/// A module without imports, instantiated.
#[derive(Clone, Debug)]
pub struct Standalone {
    module: Module,
    functions: Vec<Rc<Function>>,
    memory: Vec<u8>,
    max_pages: u32,
    globals: Vec<u64>,
    table: Vec<Option<u32>>,
    depth: u32,
    fuel: u64,
}

/// Why a module could not be instantiated.
#[derive(Debug, thiserror::Error)]
pub enum InstantiateError {
    /// It does not compile, or asks for more than the limits here.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// Its segments do not fit, or its start function trapped.
    #[error(transparent)]
    Trap(#[from] Trap),
}

impl Standalone {
    /// Instantiates a module, its functions built plainly.
    ///
    /// # Errors
    /// See [`InstantiateError`].
    pub fn new(module: &Module) -> Result<Standalone, InstantiateError> {
        let all = 0..module.functions.len() as u32;
        let functions = all.map(|index| build(module, index)).collect::<Result<_, _>>()?;
        Standalone::with_functions(module, functions)
    }

    /// Instantiates a module with these functions in place of its own, by index.
    ///
    /// # Errors
    /// See [`InstantiateError`].
    pub fn with_functions(module: &Module, functions: Vec<Function>) -> Result<Standalone, InstantiateError> {
        if let Some(import) = module.imports.first() {
            let feature = format!("import of {}.{} in a standalone instance", import.module, import.name);
            return Err(CompileError::Unsupported { feature, offset: 0 }.into());
        }
        let memory = module.memories.first().copied().unwrap_or(Limits { min: 0, max: Some(0) });
        let table = module.tables.first().map_or(0, |table| table.min);
        within(memory.min, MAX_PAGES, "memory in pages")?;
        within(table, MAX_ELEMENTS, "table elements")?;
        let mut instance = Standalone {
            module: module.clone(),
            functions: functions.into_iter().map(Rc::new).collect(),
            memory: vec![0; memory.min as usize * PAGE_BYTES as usize],
            max_pages: memory.max.unwrap_or(MAX_PAGES).min(MAX_PAGES),
            globals: vec![],
            table: vec![None; table as usize],
            depth: 0,
            fuel: START_FUEL,
        };
        for global in &module.globals {
            let bits = global.init.map_or(0, |init| instance.constant(init));
            instance.globals.push(bits);
        }
        instance.segments(module)?;
        if let Some(start) = module.start {
            instance.call(start, &[])?;
        }
        instance.fuel = u64::MAX;
        Ok(instance)
    }

    /// Blocks that may still be entered before the program is stopped with [`TrapCode::Host`].
    #[must_use]
    pub fn with_fuel(mut self, blocks: u64) -> Standalone {
        self.fuel = blocks;
        self
    }

    /// Whether the fuel is used up.
    pub fn is_exhausted(&self) -> bool {
        self.fuel == 0
    }

    /// Bits of every global.
    pub fn globals(&self) -> &[u64] {
        &self.globals
    }

    /// All of memory.
    pub fn bytes(&self) -> &[u8] {
        &self.memory
    }

    fn segments(&mut self, module: &Module) -> Result<(), Trap> {
        for segment in &module.elements {
            let start = self.constant(segment.offset) as u32 as usize;
            let slots = self.table.get_mut(start..).and_then(|rest| rest.get_mut(..segment.functions.len()));
            let slots = slots.ok_or(TrapCode::TableOutOfBounds)?;
            slots.iter_mut().zip(&segment.functions).for_each(|(slot, &function)| *slot = Some(function));
        }
        for segment in &module.data {
            let start = self.constant(segment.offset) as u32 as usize;
            let bytes = self.memory.get_mut(start..).and_then(|rest| rest.get_mut(..segment.bytes.len()));
            bytes.ok_or(TrapCode::MemoryOutOfBounds)?.copy_from_slice(&module.bytes[segment.bytes.clone()]);
        }
        Ok(())
    }

    fn constant(&self, constant: ConstExpr) -> u64 {
        match constant {
            ConstExpr::Const(bits) => bits,
            ConstExpr::Global(index) => self.globals[index as usize],
        }
    }
}

fn within(size: u32, limit: u32, what: &str) -> Result<(), CompileError> {
    if size <= limit {
        return Ok(());
    }
    Err(CompileError::Limit {
        function: "standalone instance".into(),
        what: what.into(),
        limit: limit.into(),
    })
}

impl Instance for Standalone {
    fn memory(&mut self) -> &mut [u8] {
        &mut self.memory
    }

    fn memory_grow(&mut self, pages: u32) -> u32 {
        let old = (self.memory.len() as u64 / PAGE_BYTES) as u32;
        match old.checked_add(pages).filter(|&new| new <= self.max_pages) {
            Some(new) => {
                self.memory.resize(new as usize * PAGE_BYTES as usize, 0);
                old
            }
            None => u32::MAX,
        }
    }

    fn global_get(&mut self, index: u32) -> u64 {
        self.globals[index as usize]
    }

    fn global_set(&mut self, index: u32, bits: u64) {
        self.globals[index as usize] = bits;
    }

    fn call(&mut self, function: u32, args: &[u64]) -> Result<Vec<u64>, Trap> {
        if self.depth == MAX_DEPTH {
            return Err(TrapCode::StackExhausted.into());
        }
        let function = Rc::clone(&self.functions[function as usize]);
        self.depth += 1;
        let results = run(&function, args, self);
        self.depth -= 1;
        results
    }

    fn call_indirect(&mut self, type_index: u32, element: u32, args: &[u64]) -> Result<Vec<u64>, Trap> {
        let slot = self.table.get(element as usize).ok_or(TrapCode::TableOutOfBounds)?;
        let function = slot.ok_or(TrapCode::IndirectCallToNull)?;
        if *self.module.function_type(function) != self.module.types[type_index as usize] {
            return Err(TrapCode::BadSignature.into());
        }
        self.call(function, args)
    }

    fn step(&mut self) -> Result<(), TrapCode> {
        self.fuel = self.fuel.checked_sub(1).ok_or(TrapCode::Host)?;
        Ok(())
    }
}
