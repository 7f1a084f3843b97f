//! The interpreted tier: the reference interpreter over the instances of a store.

use super::error::{EngineError, Trap};
use super::store::{FuncAddr, FunctionKind, World};
use crate::native::MemoryKey;
use framewright_compiler::TrapCode;
use framewright_compiler::interp::{self, Instance, Trap as RawTrap};
use framewright_compiler::ir;
use std::collections::HashMap;
use std::sync::Arc;

/// IR of functions that have been run, kept between runs.
pub type IrCache = HashMap<FuncAddr, Arc<ir::Function>>;

/// One run of the interpreter.
pub struct Run<'a> {
    world: &'a World,
    cache: &'a mut IrCache,
    key: MemoryKey,
    /// Lowest address of the stack that the program may use.
    stack_limit: u64,
    /// Where a trap was raised, and a failed host function's words.
    place: Option<String>,
    detail: Option<String>,
    /// What went wrong beside traps.
    failure: Option<EngineError>,
}

impl<'a> Run<'a> {
    /// A run on a stack that reaches down to `stack_limit`.
    pub fn new(world: &'a World, cache: &'a mut IrCache, stack_limit: u64) -> Run<'a> {
        let key = MemoryKey(());
        Run { world, cache, key, stack_limit, place: None, detail: None, failure: None }
    }

    /// Calls a function.
    ///
    /// # Errors
    /// A trap, or a function that could not be translated.
    pub fn invoke(mut self, at: FuncAddr, args: &[u64]) -> Result<Vec<u64>, EngineError> {
        self.call(at, args).map_err(|raw| {
            let place = self.place.zip(raw.wasm_offset);
            self.failure.unwrap_or(EngineError::Trap(Trap { code: raw.code, place, detail: self.detail }))
        })
    }

    fn call(&mut self, at: FuncAddr, args: &[u64]) -> Result<Vec<u64>, RawTrap> {
        let here = 0u8;
        if (std::ptr::from_ref(&here) as u64) < self.stack_limit {
            return Err(TrapCode::StackExhausted.into());
        }
        match self.world.function(at).kind {
            FunctionKind::Host(host) => (self.world.hosts[host].call)(args).map_err(|words| {
                self.detail = Some(words);
                TrapCode::Host.into()
            }),
            FunctionKind::Wasm { instance, index } => {
                let function = self.translated(at, instance, index)?;
                let result = interp::run(&function, args, &mut At { run: self, instance });
                if result.is_err() && self.place.is_none() {
                    self.place = Some(self.world.function_name(at));
                }
                result
            }
        }
    }

    fn translated(
        &mut self,
        at: FuncAddr,
        instance: usize,
        index: u32,
    ) -> Result<Arc<ir::Function>, RawTrap> {
        if let Some(known) = self.cache.get(&at) {
            return Ok(Arc::clone(known));
        }
        match ir::build(&self.world.instances[instance].module, index) {
            Ok(function) => Ok(Arc::clone(self.cache.entry(at).or_insert(Arc::new(function)))),
            Err(error) => {
                self.failure = Some(error.into());
                Err(TrapCode::Unreachable.into())
            }
        }
    }
}

/// A run seen from inside an instance.
struct At<'r, 'a> {
    run: &'r mut Run<'a>,
    instance: usize,
}

impl<'a> At<'_, 'a> {
    fn own(&self) -> &'a super::instance::Instance {
        &self.run.world.instances[self.instance]
    }
}

impl Instance for At<'_, '_> {
    fn memory(&mut self) -> &mut [u8] {
        match &self.own().memory {
            Some(memory) => memory.bytes(&mut self.run.key),
            None => &mut [],
        }
    }

    fn memory_grow(&mut self, pages: u32) -> u32 {
        self.own().memory.as_ref().and_then(|memory| memory.grow(pages)).unwrap_or(u32::MAX)
    }

    fn global_get(&mut self, index: u32) -> u64 {
        self.own().globals[index as usize].cell.get()
    }

    fn global_set(&mut self, index: u32, bits: u64) {
        self.own().globals[index as usize].cell.set(bits);
    }

    fn call(&mut self, function: u32, args: &[u64]) -> Result<Vec<u64>, RawTrap> {
        let at = self.own().functions[function as usize];
        self.run.call(at, args)
    }

    fn call_indirect(&mut self, type_index: u32, element: u32, args: &[u64]) -> Result<Vec<u64>, RawTrap> {
        let own = self.own();
        let table = own.table.as_ref().filter(|table| element < table.len());
        let table = table.ok_or(TrapCode::TableOutOfBounds)?;
        let at = table.get(element).ok_or(TrapCode::IndirectCallToNull)?;
        if *self.run.world.function_type(at) != own.module.types[type_index as usize] {
            return Err(TrapCode::BadSignature.into());
        }
        self.run.call(at, args)
    }
}
