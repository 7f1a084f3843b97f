//! Instances as data: what the engine keeps in memory of its own, at addresses of an image.
//!
//! ```text
//! DATA  contexts │ code cells of host functions │ results │ tables │ memory records      (addresses known at first)
//!       instance records, methods, steps, sites, texts, what memories hold               (once the code has its place)
//!       stack of the signal handler                                                      (zero, not in the file)
//! ```
//!
//! Everything is below 4 GiB but the linear memories, which lie [`MEMORY_STRIDE`] apart from [`MEMORIES`] on. Records
//! that the runtime reads (`runtime.wat`), in bytes:
//!
//! ```text
//! instance  +0 memory record   +4 methods        +8 optimized
//! methods   per function, 4: address of an array, per patchpoint 16: +0 entry  +8 text  +12 its length
//! optimized per function, 16:  +0 entry  +8 code cell  +12 call counter
//! memory    +0 first byte  +8 size in bytes  +16 most pages
//! fill      +0 to  +8 from  +12 bytes
//! step      +0 stub or -1  +4 code cell  +8 context  +12 values  +16 landing  +20 results  +24 their end
//! result    +0 type  +4 address of the word
//! site      +0 pc  +4 text  +8 its length
//! ```

use super::data::Data;
use super::pieces::{Door, Role, Text};
use super::{Form, ImageError, Makers, Program, RUNTIME_NAME, Step, trap};
use crate::engine::config::Config;
use crate::engine::error::{EngineError, Trap};
use crate::engine::instance::Instance;
use crate::engine::memory::{LinearMemory, MAX_PAGES};
use crate::engine::store::{Extern, FuncAddr, FunctionKind, Global, World};
use crate::engine::table::Table;
use framewright_compiler::TrapCode;
use framewright_compiler::calls::{CallLayout, Place};
use framewright_compiler::context;
use framewright_compiler::ir::Type;
use framewright_compiler::stubs::image::Callee;
use framewright_compiler::wasm::module::FuncType;
use framewright_spec::{Abi, Platform};
use std::collections::HashMap;
use std::sync::Arc;

/// Address of the data.
pub(super) const DATA: u64 = 0x2000_0000;
/// Most bytes of data: what is left below 4 GiB, and some room for the kernel.
const DATA_LIMIT: u64 = 0xc000_0000;
/// Address of the first linear memory.
const MEMORIES: u64 = 0x10_0000_0000;
/// Bytes from one linear memory to the next: more than 8 GiB and a page.
const MEMORY_STRIDE: u64 = 0x4_0000_0000;
/// The runtime is the first instance.
pub(super) const RUNTIME_INSTANCE: usize = 0;
/// Bytes of the runtime's room for the kernel's structures and a line of text.
const SCRATCH_BYTES: u64 = 1024;
/// Bytes of the stack of the signal handler; more than any platform's smallest.
const SIGNAL_STACK_BYTES: u64 = 64 << 10;
/// Most functions of different types that steps may call: elements of the runtime's table.
const MAX_STUBS: usize = 256;
/// What counters start from that are never to run out.
const NEVER: u64 = i32::MAX as u64;

/// Where instances are in an image.
pub(super) struct Frozen {
    data: Data,
    contexts: Vec<u64>,
    hosts: Vec<u64>,
    results: u64,
    /// Address in the engine, address in the image.
    tables: Vec<(Arc<Table>, u64)>,
    memories: Vec<(Arc<LinearMemory>, u64)>,
    /// Holds SP as the kernel gave it.
    pub(super) entry_sp: u64,
    /// The runtime's first function.
    pub(super) main: Callee,
}

/// Data of an executable.
pub(super) struct FrozenData {
    /// Address of the first byte.
    pub(super) base: u64,
    /// Bytes in the file.
    pub(super) bytes: Vec<u8>,
    /// Zero bytes after them.
    pub(super) zero_bytes: u64,
}

impl Frozen {
    /// Addresses for what is in a world.
    pub(super) fn new(world: &World) -> Frozen {
        let mut data = Data::new(DATA);
        let contexts = world.instances.iter().map(|i| data.room(i.layout.bytes().into())).collect();
        let hosts = world.hosts.iter().map(|_| data.room(8)).collect();
        let results = data.room(world.results.len() as u64 * 8);
        let (mut tables, mut memories) = (Vec::new(), Vec::new());
        for (number, instance) in world.instances.iter().enumerate() {
            if let Some(table) = instance.table.as_ref().filter(|t| !known(&tables, t)) {
                let bytes = u64::from(table.len()) * u64::from(context::ELEMENT_BYTES);
                tables.push((Arc::clone(table), data.room(bytes)));
            }
            let memory = instance.memory.as_ref().filter(|_| number != RUNTIME_INSTANCE);
            if let Some(memory) = memory.filter(|m| !known(&memories, m)) {
                memories.push((Arc::clone(memory), 0));
            }
        }
        // One array, so that the runtime can go through it.
        let records = data.room(24 * memories.len() as u64);
        for (record, (_, address)) in (records..).step_by(24).zip(&mut memories) {
            *address = record;
        }
        let entry_sp = data.room(8);
        let main = Callee { cell: 0, context: 0 };
        let mut frozen = Frozen { data, contexts, hosts, results, tables, memories, entry_sp, main };
        if let Some(Extern::Function(main)) = world.instances[RUNTIME_INSTANCE].export("main") {
            frozen.main = frozen.callee(world, *main);
        }
        frozen
    }

    /// Where a function's code cell and context are.
    pub(super) fn callee(&self, world: &World, at: FuncAddr) -> Callee {
        match world.function(at).kind {
            FunctionKind::Wasm { instance, index } => {
                let context = self.contexts[instance];
                let cell = context + u64::from(world.instances[instance].layout.code_cell(index));
                Callee { cell, context }
            }
            FunctionKind::Host(host) => Callee { cell: self.hosts[host], context: 0 },
        }
    }

    /// Where a global's cell is: in the context of the instance that defines it.
    fn cell(&self, world: &World, global: &Global) -> Result<u64, EngineError> {
        let address = global.cell.address();
        let home = world.instances.iter().zip(&self.contexts).find_map(|(instance, &context)| {
            let offset = address.checked_sub(instance.context.address(0))?;
            (offset < instance.layout.bytes().into()).then_some(context + offset)
        });
        home.ok_or_else(|| EngineError::Internal("a global that no instance defines".to_owned()))
    }

    /// Fills everything in.
    pub(super) fn finish(
        mut self,
        program: &Program,
        makers: &Makers,
        platform: &Platform,
        text: &Text,
        form: Form,
    ) -> Result<(FrozenData, Vec<Trap>), ImageError> {
        let (world, config) = (&program.world, &makers.config);
        let abi = makers.builder.convention()?.abi;
        for number in 0..world.instances.len() {
            let record = self.instance_record(world, number, config, text)?;
            self.context(world, number, config, text, record)?;
        }
        for (at, function) in (0..).map(FuncAddr).zip(&world.functions) {
            if let FunctionKind::Host(host) = function.kind {
                self.data.set(self.hosts[host], text.address(Role::First(at)));
            }
        }
        for (table, address) in self.tables.clone() {
            self.elements(world, &table, address);
        }
        let traps = self.runtime(program, platform, text, form, abi)?;
        let bytes = self.data.bytes().len() as u64;
        if bytes > DATA_LIMIT {
            return Err(ImageError::Large { what: "data", bytes, limit: DATA_LIMIT });
        }
        let (base, bytes) = (self.data.base(), self.data.bytes().to_vec());
        Ok((FrozenData { base, bytes, zero_bytes: SIGNAL_STACK_BYTES + 16 }, traps))
    }

    /// What the doors lead to knows of an instance.
    fn instance_record(
        &mut self,
        world: &World,
        number: usize,
        config: &Config,
        text: &Text,
    ) -> Result<u64, EngineError> {
        let instance = &world.instances[number];
        let functions = instance.functions.len() as u64;
        let record = self.data.room(12);
        let (methods, optimized) = (self.data.room(4 * functions), self.data.room(16 * functions));
        let memory = instance.memory.as_ref().and_then(|m| address_of(&self.memories, m));
        self.data.set_half(record, memory.unwrap_or(0));
        self.data.set_half(record + 4, methods);
        self.data.set_half(record + 8, optimized);
        for index in instance.module.imported_functions..instance.functions.len() as u32 {
            let at = instance.functions[index as usize];
            let entry = optimized + 16 * u64::from(index);
            let context = self.contexts[number];
            self.data.set(entry, text.address(Role::Optimized(at)));
            self.data.set_half(entry + 8, context + u64::from(instance.layout.code_cell(index)));
            self.data.set_half(entry + 12, context + u64::from(instance.layout.call_counter(index)));
            let of_function = |role| match role {
                Role::Osr(function, patchpoint) if function == at => Some(patchpoint),
                _ => None,
            };
            let entries = text.placed().filter_map(|(role, address, _)| Some((of_function(role)?, address)));
            let entries: Vec<(u32, u64)> = entries.collect();
            let Some(last) = entries.iter().map(|&(patchpoint, _)| patchpoint).max() else { continue };
            // One more than there are, so that one that has no method finds none.
            let array = self.data.room(16 * (u64::from(last) + 1));
            self.data.set_half(methods + 4 * u64::from(index), array);
            for (patchpoint, address) in entries {
                let method = array + 16 * u64::from(patchpoint);
                self.data.set(method, address);
                if config.trace {
                    let line = format!("{}: loop {patchpoint} goes on optimized\n", world.function_name(at));
                    let bytes = self.data.add(line.as_bytes());
                    self.data.set_half(method + 8, bytes);
                    self.data.set_half(method + 12, line.len() as u64);
                }
            }
        }
        Ok(record)
    }

    /// The context of an instance, as `compiler/src/context.rs` has it.
    fn context(
        &mut self,
        world: &World,
        number: usize,
        config: &Config,
        text: &Text,
        record: u64,
    ) -> Result<(), EngineError> {
        let instance = &world.instances[number];
        let (at, layout) = (self.contexts[number], &instance.layout);
        let offset = |offset: u32| at + u64::from(offset);
        let door = |door| text.address(Role::Door(door));
        self.data.set(offset(context::PATCHPOINT), door(Door::Patchpoint));
        self.data.set(offset(context::MEMORY_GROW), door(Door::MemoryGrow));
        self.data.set(offset(context::TIER_UP), door(Door::TierUp));
        self.data.set(offset(context::RESULTS), self.results);
        self.data.set(offset(context::HOST), record);
        self.data.set(offset(context::OSR_THRESHOLD), u64::from(config.osr_counter()).min(NEVER));
        if let Some(position) = self.memory_position(instance) {
            let record = self.memories[position].1;
            self.data.set(offset(context::MEMORY_BASE), memory_base(position));
            self.data.set(offset(context::MEMORY_BYTES), record + 8);
        }
        if let Some((table, base)) =
            instance.table.as_ref().and_then(|t| Some((t, address_of(&self.tables, t)?)))
        {
            self.data.set(offset(context::TABLE_BASE), base);
            self.data.set(offset(context::TABLE_LEN), table.len().into());
        }
        for (index, &function) in (0u32..).zip(&instance.functions) {
            let callee = self.callee(world, function);
            self.data.set(offset(layout.function(index)), callee.cell);
            self.data.set(offset(layout.function(index)) + 8, callee.context);
            if index >= instance.module.imported_functions {
                self.data.set(callee.cell, text.address(Role::First(function)));
                let calls = u64::from(config.call_counter()).min(NEVER);
                self.data.set_half(offset(layout.call_counter(index)), calls);
            }
        }
        for (index, global) in (0u32..).zip(&instance.globals) {
            let cell = self.cell(world, global)?;
            self.data.set(offset(layout.global(index)), cell);
            self.data.set(cell, global.cell.get());
        }
        for (index, ty) in (0u32..).zip(&instance.module.types) {
            self.data.set(offset(layout.type_id(index)), type_id(world, ty));
        }
        Ok(())
    }

    fn memory_position(&self, instance: &Instance) -> Option<usize> {
        let memory = instance.memory.as_ref()?;
        self.memories.iter().position(|(known, _)| Arc::ptr_eq(known, memory))
    }

    fn elements(&mut self, world: &World, table: &Table, address: u64) {
        for index in 0..table.len() {
            let Some(at) = table.get(index) else { continue };
            let (callee, element) = (self.callee(world, at), address + 32 * u64::from(index));
            self.data.set(element, callee.cell);
            self.data.set(element + 8, callee.context);
            self.data.set(element + 16, world.function(at).type_id());
            self.data.set(element + 24, 1);
        }
    }

    /// What the runtime is told through its globals; the traps of the sites in order.
    fn runtime(
        &mut self,
        program: &Program,
        platform: &Platform,
        text: &Text,
        form: Form,
        abi: &Abi,
    ) -> Result<Vec<Trap>, ImageError> {
        let world = &program.world;
        let (traps, sites) = self.sites(world, text);
        let steps = self.steps(program, text, abi)?;
        let memories = self.memory_records();
        let fills = self.fills();
        let signals: Vec<u64> = platform.trap_signals.iter().map(|&signal| signal.into()).collect();
        let signals = self.data.halves(&signals);
        // Not the runtime's: its handler runs on a stack of its own.
        let limited = self.contexts[RUNTIME_INSTANCE + 1..].to_vec();
        let contexts = self.data.halves(&limited);
        let (scratch, activation) = (self.data.room(SCRATCH_BYTES), self.data.room(24));
        let table = world.instances[RUNTIME_INSTANCE].table.as_ref();
        let stubs = table.and_then(|table| address_of(&self.tables, table)).unwrap_or(0);
        let signal_stack = (self.data.base() + self.data.bytes().len() as u64).next_multiple_of(16);
        let mut values: Vec<(&str, u64)> = vec![
            ("signal_pc", platform.signal_pc.into()),
            ("signal_sp", platform.signal_sp.into()),
            ("handler_code", text.address(Role::Door(Door::Handler))),
            ("restorer_code", text.restorer),
            ("raw", u64::from(form == Form::Bits)),
            ("entry_sp", self.entry_sp),
            ("scratch", scratch),
            ("signal_stack", signal_stack),
            ("signal_stack_bytes", SIGNAL_STACK_BYTES),
            ("stubs_base", stubs),
            ("activation", activation),
        ];
        values.extend(platform.calls.iter().map(|(name, &number)| (name.as_str(), u64::from(number))));
        let arrays = [
            (["signals", "signals_end"], signals),
            (["contexts", "contexts_end"], contexts),
            (["memories", "memories_end"], memories),
            (["fills", "fills_end"], fills),
            (["sites", "sites_end"], sites),
            (["steps", "steps_end"], steps),
        ];
        values
            .extend(arrays.iter().flat_map(|(names, ends)| names.iter().copied().zip(ends.iter().copied())));
        for (name, value) in values {
            let Some(Extern::Global(global)) = world.instances[RUNTIME_INSTANCE].export(name) else {
                return Err(EngineError::Internal(format!("`{RUNTIME_NAME}` has no global `{name}`")).into());
            };
            let cell = self.cell(world, global)?;
            self.data.set(cell, value);
        }
        Ok(traps)
    }

    /// Where code may trap, and what is said then.
    fn sites(&mut self, world: &World, text: &Text) -> (Vec<Trap>, [u64; 2]) {
        let (mut traps, mut halves) = (Vec::new(), Vec::new());
        let mut texts: HashMap<String, u64> = HashMap::new();
        for (role, address, ready) in text.placed() {
            let function = match role {
                Role::First(at) | Role::Optimized(at) | Role::Osr(at, _) => Some(at),
                Role::Entry(_) | Role::Door(_) => None,
            };
            for site in &ready.traps {
                let function = function.filter(|_| site.code != TrapCode::Host);
                let trap = trap(site.code, function.map(|at| (world.function_name(at), site.wasm_offset)));
                let line = format!("error: {trap}\n");
                let length = line.len() as u64;
                let data = &mut self.data;
                let at = *texts.entry(line).or_insert_with_key(|line| data.add(line.as_bytes()));
                halves.extend([address + u64::from(site.at.0), at, length]);
                traps.push(trap);
            }
        }
        (traps, self.data.halves(&halves))
    }

    fn steps(&mut self, program: &Program, text: &Text, abi: &Abi) -> Result<[u64; 2], ImageError> {
        let world = &program.world;
        let mut stubs: Vec<u32> = Vec::new();
        let mut halves = Vec::new();
        for step in &program.steps {
            let (mut record, results) = match step {
                Step::Read(global) => {
                    (vec![u64::MAX, 0, 0, 0, 0], vec![number(global.ty), self.cell(world, global)?])
                }
                Step::Call(at, args) => {
                    let (ty, signature) = (world.function(*at).ty, world.function_type(*at));
                    let stub = stubs.iter().position(|&known| known == ty).unwrap_or_else(|| {
                        stubs.push(ty);
                        stubs.len() - 1
                    });
                    let values = self.data.room(8 * world.arity_words(*at).max(1) as u64);
                    for (index, &value) in (0..).zip(args) {
                        self.data.set(values + 8 * index, value);
                    }
                    let Callee { cell, context } = self.callee(world, *at);
                    let record = vec![stub as u64, cell, context, values, landing(text, ty)?];
                    (record, self.result_words(abi, signature, values))
                }
            };
            record.extend(self.data.halves(&results));
            halves.extend(record);
        }
        if stubs.len() > MAX_STUBS {
            return Err(ImageError::Types(stubs.len()));
        }
        self.stub_table(world, text, &stubs);
        Ok(self.data.halves(&halves))
    }

    /// Types and addresses of the results of a call.
    fn result_words(&self, abi: &Abi, ty: &FuncType, values: u64) -> Vec<u64> {
        let places = CallLayout::new(abi, ty).results;
        let words = ty.results.iter().zip(places).zip(0..).flat_map(|((&ty, place), index)| {
            let address = match place {
                Place::Buffer(offset) => self.results + u64::from(offset),
                Place::Register(_) | Place::Stack(_) => values + 8 * index,
            };
            [number(ty), address]
        });
        words.collect()
    }

    /// Entry stubs as elements of the runtime's table; the callee's context is set at each call.
    fn stub_table(&mut self, world: &World, text: &Text, stubs: &[u32]) {
        let table = world.instances[RUNTIME_INSTANCE].table.as_ref();
        let Some(base) = table.and_then(|table| address_of(&self.tables, table)) else { return };
        let enter = FuncType { params: vec![Type::I64; 3], results: vec![Type::I32] };
        for (index, &ty) in (0..).zip(stubs) {
            let cell = self.data.room(8);
            self.data.set(cell, text.address(Role::Entry(ty)));
            self.data.set(base + 32 * index, cell);
            self.data.set(base + 32 * index + 16, type_id(world, &enter));
            self.data.set(base + 32 * index + 24, 1);
        }
    }

    fn memory_records(&mut self) -> [u64; 2] {
        for (position, (memory, record)) in self.memories.iter().enumerate() {
            self.data.set(*record, memory_base(position));
            self.data.set(record + 8, memory.byte_len());
            self.data.set(record + 16, memory.max().unwrap_or(MAX_PAGES).min(MAX_PAGES).into());
        }
        let first = self.memories.first().map_or(0, |(_, record)| *record);
        [first, first + 24 * self.memories.len() as u64]
    }

    /// What memories hold at first, without blocks of zeros.
    fn fills(&mut self) -> [u64; 2] {
        const BLOCK: usize = 1024;
        let mut halves = Vec::new();
        for (position, (memory, _)) in self.memories.clone().into_iter().enumerate() {
            let mut block = [0; BLOCK];
            for at in (0..memory.byte_len()).step_by(BLOCK) {
                if memory.read(at, &mut block).is_some() && block.iter().any(|&byte| byte != 0) {
                    let (to, from) = (memory_base(position) + at, self.data.add(&block));
                    halves.extend([to & 0xffff_ffff, to >> 32, from, BLOCK as u64]);
                }
            }
        }
        self.data.halves(&halves)
    }
}

/// Address of the first byte of a linear memory.
fn memory_base(position: usize) -> u64 {
    MEMORIES + position as u64 * MEMORY_STRIDE
}

/// A type's number, as the runtime knows it.
fn number(ty: Type) -> u64 {
    match ty {
        Type::I32 => 0,
        Type::I64 => 1,
        Type::F32 => 2,
        Type::F64 => 3,
    }
}

/// Identity of a type, as contexts and tables hold it.
fn type_id(world: &World, ty: &FuncType) -> u64 {
    world.types.iter().position(|known| known == ty).map_or(0, |index| index as u64 + 1)
}

/// Where the entry stub of a type goes on after a trap.
fn landing(text: &Text, ty: u32) -> Result<u64, EngineError> {
    let stub = text.placed().find(|(role, ..)| *role == Role::Entry(ty));
    let landing = stub
        .and_then(|(_, address, ready)| Some(address + u64::from(ready.proven.claim().landings.first()?.0)));
    landing.ok_or_else(|| EngineError::Internal("an entry stub has no landing".to_owned()))
}

fn known<T>(list: &[(Arc<T>, u64)], thing: &Arc<T>) -> bool {
    address_of(list, thing).is_some()
}

fn address_of<T>(list: &[(Arc<T>, u64)], thing: &Arc<T>) -> Option<u64> {
    list.iter().find(|(known, _)| Arc::ptr_eq(known, thing)).map(|&(_, address)| address)
}
