//! A machine state in the domain of [`Value`]s, and what instructions do to it.

use super::callees::Callees;
use super::memory::FrameMemory;
use super::surroundings::{Place, Pointer, Surroundings};
use super::value::{self, Half, RETURN_ADDRESS, Table, Value};
use crate::decoded::{Base, MemoryOperand, Unsupported};
use crate::effects::{Effects, Extent};
use crate::eval;
use crate::verdict::Property;
use framewright_spec::machine::RegClass;
use framewright_spec::meaning::Function;
use framewright_spec::{Abi, CodeOffset, Machine, Reg};
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};

/// Machine and convention of the code, and what lies around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World<'a> {
    pub machine: &'a Machine,
    pub abi: &'a Abi,
    /// For each register, [`World::kept_bits`].
    pub kept: &'a [u32],
    pub callees: &'a Callees<'a>,
    /// Bytes that every instruction's address is a multiple of.
    pub instruction_align: u32,
    /// Bytes of the code, which nobody may write.
    pub code_bytes: u32,
    pub surroundings: &'a dyn Surroundings,
    /// Nothing but the walk may be done.
    pub linear: bool,
}

/// Low bits of each register that a callee preserves, 0 for others.
pub(crate) fn kept_bits(machine: &Machine, abi: &Abi) -> Vec<u32> {
    let of = |(index, register): (usize, &framewright_spec::machine::Register)| {
        let reg = Reg(index as u8);
        let saved = abi.callee_saved.iter().find(|&&(r, _)| r == reg).map(|&(_, bits)| bits);
        let control = abi.control_bits.iter().any(|&(r, _)| r == reg);
        saved.unwrap_or(if control { register.bits } else { 0 })
    };
    machine.registers.iter().enumerate().map(of).collect()
}

impl World<'_> {
    /// Where the code's address with low bits cleared lies, in a program that is moved by pages.
    pub(crate) fn page(&self, at: i64, mask: u64) -> Option<i64> {
        let first = self.surroundings.address()?;
        let page = || (first.wrapping_add_signed(at) & mask).wrapping_sub(first) as i64;
        (!mask < u64::from(self.abi.page_bytes)).then(page)
    }

    /// SP relative to the CFA at the entry of a function.
    pub(crate) fn entry_sp(&self) -> i64 {
        -i64::from(self.abi.pushed_return)
    }

    /// Low bits of a register that a callee preserves, 0 for others. Control bits count as all of their register.
    pub(crate) fn kept_bits(&self, reg: Reg) -> u32 {
        self.kept.get(reg.0 as usize).copied().unwrap_or(0)
    }

    /// Whether a register is SP, the link register or one that a callee preserves.
    pub(crate) fn is_watched(&self, reg: Reg) -> bool {
        reg == self.machine.sp || Some(reg) == self.machine.link || self.kept_bits(reg) > 0
    }

    /// What a caller is owed in registers: each with its low bits that count, SP and the return address aside.
    pub(crate) fn debts(&self) -> impl Iterator<Item = (Reg, u32)> {
        let control = self.abi.control_bits.iter().map(|&(reg, _)| (reg, self.machine.register(reg).bits));
        self.abi.callee_saved.iter().copied().chain(control)
    }

    /// The value that the return address is known by, and its width in bits.
    pub(crate) fn return_address(&self) -> (Reg, u32) {
        (self.machine.link.unwrap_or(RETURN_ADDRESS), self.machine.word_bytes * 8)
    }

    /// Whether a value is the address of a function's first byte.
    pub(crate) fn is_function(&self, value: Half) -> bool {
        match value {
            Half::Callee | Half::Import(_) => true,
            Half::Code(at) => matches!(self.surroundings.place(at), Place::Function(_)),
            _ => false,
        }
    }

    /// Every register of the machine.
    pub(crate) fn registers(&self) -> impl Iterator<Item = Reg> + use<> {
        (0..self.machine.registers.len()).map(|index| Reg(index as u8))
    }
}

/// What has been assumed and what may be wrong, by instruction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// Instructions, some of them more than once.
    assumptions: SmallVec<[(&'static str, Vec<CodeOffset>); 8]>,
    pub doubts: BTreeSet<Doubt>,
    /// Whether SP, what the caller is owed or a byte of memory may have changed since this was last asked.
    pub stirred: bool,
}

/// An obligation that the analysis could not see kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Doubt {
    pub property: Property,
    /// The instruction that it is an obligation at.
    pub at: CodeOffset,
    pub reg: Option<Reg>,
    pub what: String,
}

impl Notes {
    pub(crate) fn assume(&mut self, name: &'static str, at: CodeOffset) {
        match self.assumptions.iter_mut().find(|(known, _)| *known == name) {
            Some((_, places)) => places.push(at),
            None => self.assumptions.push((name, vec![at])),
        }
    }

    /// Each assumption, and at how many instructions it was made.
    pub(crate) fn assumed(&self) -> BTreeMap<&'static str, u32> {
        let count = |places: &[CodeOffset]| {
            let mut places = places.to_vec();
            places.sort_unstable();
            places.dedup();
            places.len() as u32
        };
        self.assumptions.iter().map(|(name, places)| (*name, count(places))).collect()
    }

    pub(crate) fn doubt(&mut self, property: Property, at: CodeOffset, reg: Option<Reg>, what: String) {
        self.doubts.insert(Doubt { property, at, reg, what });
    }
}

/// Registers, and the frame's memory.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    registers: Vec<Value>,
    pub memory: FrameMemory,
}

/// By hand for `clone_from`, which allocates nothing.
impl Clone for State {
    fn clone(&self) -> State {
        State { registers: self.registers.clone(), memory: self.memory.clone() }
    }

    fn clone_from(&mut self, source: &State) {
        self.registers.clone_from(&source.registers);
        self.memory.clone_from(&source.memory);
    }
}

impl State {
    /// As a caller leaves it.
    pub(crate) fn at_call(world: &World) -> State {
        let (link, word) = world.return_address();
        let register = |reg: Reg| {
            let bits = world.machine.register(reg).bits;
            match world.kept_bits(reg) {
                _ if Some(reg) == world.machine.link => Value::entry(reg, bits),
                0 => Value::any(bits),
                kept if kept <= 64 && bits > 64 => Value { high: Half::Any, ..Value::entry(reg, bits) },
                _ => Value::entry(reg, bits),
            }
        };
        let mut state =
            State { registers: world.registers().map(register).collect(), memory: FrameMemory::default() };
        let sp = world.entry_sp();
        state.set(world.machine.sp, Value::word(Half::Frame(sp)));
        if sp < 0 {
            state.memory.store(sp, Value::entry(link, word));
        }
        state
    }

    pub(crate) fn get(&self, reg: Reg) -> Value {
        self.registers[reg.0 as usize]
    }

    pub(crate) fn set(&mut self, reg: Reg, value: Value) {
        self.registers[reg.0 as usize] = value;
    }

    pub(crate) fn forget(&mut self, reg: Reg) {
        let value = &mut self.registers[reg.0 as usize];
        *value = Value::any(value.bits);
    }

    /// SP.
    pub(crate) fn sp(&self, world: &World) -> Half {
        self.get(world.machine.sp).low
    }

    /// What is known where either holds; whether that is less than before. Of two stack pointers the higher one
    /// bounds both.
    pub(crate) fn join(&mut self, other: &State, world: &World) -> bool {
        let (before, theirs) = (self.sp(world), other.sp(world));
        let mut changed = false;
        let sp = usize::from(world.machine.sp.0);
        for (index, (mine, theirs)) in self.registers.iter_mut().zip(&other.registers).enumerate() {
            if index != sp && *mine != *theirs {
                let callees = mine.bits == 64 && world.is_function(mine.low) && world.is_function(theirs.low);
                let joined = if callees { Value::word(Half::Callee) } else { mine.join(*theirs) };
                changed |= joined != *mine;
                *mine = joined;
            }
        }
        let sp = match (before, theirs) {
            (a, b) if a == b => a,
            (Half::Frame(a) | Half::Below(a), Half::Frame(b) | Half::Below(b)) => Half::Below(a.max(b)),
            _ => Half::Any,
        };
        changed |= sp != before;
        self.set(world.machine.sp, Value::word(sp));
        changed |= self.memory.join(&other.memory);
        self.settle(world);
        changed
    }

    /// A signal handler may run now, and write below SP and its red zone.
    pub(crate) fn settle(&mut self, world: &World) {
        match self.sp(world) {
            Half::Frame(sp) | Half::Below(sp) => {
                self.memory.forget_below(sp.saturating_sub(i64::from(world.abi.red_zone)));
            }
            _ => self.memory.forget(i64::MIN, i64::MAX),
        }
    }

    /// Something has been written that may be anywhere but where values of the caller are kept.
    fn keep_debts(&mut self, world: &World) {
        let outer = if let Half::Below(outer) = self.sp(world) { Some(outer) } else { None };
        self.memory.keep_debts(outer);
    }

    /// A callee has run and returned; SP is as before the call.
    pub(crate) fn after_call(&mut self, world: &World) {
        for reg in world.registers() {
            match world.kept_bits(reg) {
                _ if reg == world.machine.sp => {}
                0 => self.forget(reg),
                kept if kept <= 64 && self.get(reg).bits > 64 => {
                    let value = Value { high: Half::Any, ..self.get(reg) };
                    self.set(reg, value);
                }
                _ => {}
            }
        }
        self.keep_debts(world);
        match self.sp(world) {
            Half::Frame(sp) => {
                self.memory.forget_below(sp);
                self.memory.forget(sp, sp + i64::from(world.abi.shadow_space));
            }
            Half::Below(limit) => self.memory.forget_below(limit),
            _ => self.memory.forget(i64::MIN, i64::MAX),
        }
    }

    /// Whether control may come from `other` without anything being known of it but that the frame is the same:
    /// SP, and who holds what the caller is owed.
    pub(crate) fn same_frame(&self, other: &State, world: &World) -> bool {
        let debts = |state: &State| -> Vec<_> {
            state.memory.pieces().iter().copied().filter(|piece| piece.half.is_debt()).collect()
        };
        self.sp(world) == other.sp(world)
            && world
                .debts()
                .all(|(reg, bits)| self.get(reg).keeps(reg, bits) == other.get(reg).keeps(reg, bits))
            && debts(self) == debts(other)
    }
}

/// The state while an instruction acts on it.
pub(crate) struct Cpu<'a> {
    pub world: &'a World<'a>,
    pub state: &'a mut State,
    pub notes: &'a mut Notes,
    pub at: CodeOffset,
    /// Whether flags are computed; else they are any.
    pub flags: bool,
}

impl Cpu<'_> {
    /// What an instruction without a row may do.
    pub(crate) fn apply_effects(&mut self, effects: &Effects) -> Result<(), Unsupported> {
        if effects.written.contains(self.world.machine.sp) {
            return Err(Unsupported { at: self.at, what: "a write to SP that is not described".to_owned() });
        }
        if let Some(name) = effects.assumes {
            self.notes.assume(name, self.at);
        }
        for store in &effects.stores {
            let address = match &store.address {
                Some(operand) => self.address(operand),
                None => Half::Any,
            };
            let bytes = match store.extent {
                Extent::Bytes(bytes) => Some(u64::from(bytes)),
                Extent::Times { bytes, count } => {
                    let count = self.state.get(count).number().and_then(|n| u64::try_from(n).ok());
                    count.and_then(|count| count.checked_mul(u64::from(bytes)))
                }
            };
            // Unbounded from a known place is as good as from any.
            let bytes = bytes.filter(|&bytes| bytes < 1 << 31).map(|bytes| bytes as i64);
            let address = if bytes.is_none() && address.is_frame() { Half::SomeFrame } else { address };
            self.store(address, bytes.unwrap_or(1), None)?;
        }
        self.notes.stirred = true;
        effects.written.iter().for_each(|reg| self.state.forget(reg));
        Ok(())
    }

    /// Whether the mask clears only bits that the address of an instruction has clear, and the value is one.
    fn is_instruction_address(&mut self, value: Value, mask: Value) -> bool {
        let below = u128::from(self.world.instruction_align) - 1;
        let clears = mask.number().is_some_and(|mask| mask | below == u128::from(u64::MAX));
        let (link, _) = self.world.return_address();
        let returns = value == Value::entry(link, 64);
        if clears && returns {
            self.notes.assume("return-address", self.at);
        }
        // Addresses of other code, or made of some, are of instructions too.
        let code = match value.low {
            Half::Code(at) => at as u128 & below == 0,
            Half::Case { .. } | Half::Import(_) | Half::Callee | Half::SomeCode | Half::Near(_) => true,
            Half::Loaded(table) => table.bytes == 8 && table.shift == 0,
            _ => false,
        };
        clears && (returns || code)
    }

    /// The code's address with low bits cleared, or nothing but low bits, as far as a program that is moved by pages
    /// keeps them.
    fn page_of(&self, at: i64, mask: Value) -> Value {
        let Some(mask) = mask.number().map(|mask| mask as u64) else { return Value::any(64) };
        let low = || {
            let first = self.world.surroundings.address()?;
            (mask < u64::from(self.world.abi.page_bytes)).then(|| first.wrapping_add_signed(at) & mask)
        };
        let page = self.world.page(at, mask).map(Half::Code);
        page.or_else(|| low().map(Half::Known)).map_or(Value::any(64), Value::word)
    }

    /// A word of the program's own data, from `address`, which is that of byte `at` or near it.
    fn read_constant(&self, address: Half, at: i64, bits: u32) -> Value {
        if let (Half::Code(_), 64, Some(pointer)) = (address, bits, self.world.surroundings.pointer(at)) {
            return Value::word(match pointer {
                Pointer::To(to) => Half::Code(to),
                Pointer::Import(_) => Half::Import(at),
            });
        }
        let bytes = bits / 8;
        match i32::try_from(at) {
            Ok(at)
                if bytes.is_power_of_two() && self.world.surroundings.read_only(i64::from(at)).is_some() =>
            {
                let table = Table { at, bytes: bytes as u8, signed: false, shift: 0 };
                Value { bits, low: Half::Loaded(table), high: Half::Known(0) }
            }
            _ => Value::any(bits),
        }
    }

    fn address(&self, operand: &MemoryOperand) -> Half {
        let mut sum = match operand.base {
            Base::Zero => Value::known(0, 64),
            Base::Register(reg) => self.state.get(reg),
            Base::Code => Value::word(Half::Code(0)),
        };
        let add = |a: Value, b: Value| value::apply(&Function::Add, &[a, b], 64);
        if let Some((reg, scale)) = operand.index {
            let scale = Value::known(u128::from(scale), 64);
            sum = add(sum, value::apply(&Function::Mul, &[self.state.get(reg), scale], 64));
        }
        add(sum, Value::known(u128::from(operand.displacement as u64), 64)).low
    }

    /// `bytes` bytes at an address get a value, or any (`None`).
    fn store(&mut self, address: Half, bytes: i64, value: Option<Value>) -> Result<(), Unsupported> {
        self.notes.stirred = true;
        match address {
            Half::Frame(at) => {
                if at.saturating_add(bytes) > 0 {
                    self.notes.assume("incoming-arguments", self.at);
                }
                match value {
                    Some(value) if at.saturating_add(bytes) <= 0 => self.state.memory.store(at, value),
                    _ => self.state.memory.forget(at, at.saturating_add(bytes)),
                }
            }
            // What is allocated dynamically is as large as what is stored there.
            Half::Below(limit) | Half::Aligned { k: limit, .. } => {
                self.notes.assume("dynamic-frame", self.at);
                self.state.memory.forget_below(limit);
            }
            Half::SomeFrame => {
                self.notes.assume("frame-address", self.at);
                self.state.keep_debts(self.world);
            }
            Half::Code(at) if (0..i64::from(self.world.code_bytes)).contains(&at) => {
                return Err(Unsupported { at: self.at, what: "a store to its own code".to_owned() });
            }
            _ => {
                self.notes.assume("heap-store", self.at);
                self.state.keep_debts(self.world);
            }
        }
        Ok(())
    }

    /// The address that an instruction demands to be a multiple.
    fn aligned(&mut self, address: Half, align: u32) {
        if let Half::Frame(at) = address
            && at.rem_euclid(i64::from(align)) != 0
        {
            let what = format!("an operand at {} that must be a multiple of {align}", frame_place(at));
            self.notes.doubt(Property::P5, self.at, None, what);
        }
    }
}

/// A place in the frame, for people.
pub(crate) fn frame_place(at: i64) -> String {
    framewright_spec::CfaOffset(at).to_string()
}

impl eval::State for Cpu<'_> {
    type Value = Value;
    type Error = Unsupported;

    fn bits(&self, value: &Value) -> u32 {
        value.bits
    }

    fn known(&self, value: &Value) -> Option<u128> {
        value.number()
    }

    fn constant(&mut self, value: u128, bits: u32) -> Value {
        Value::known(value, bits)
    }

    fn code_address(&mut self, offset: i64) -> Value {
        Value::word(Half::Code(offset))
    }

    fn undefined(&mut self, _: u32, bits: u32) -> Value {
        Value::any(bits)
    }

    fn read_register(&mut self, reg: Reg) -> Value {
        self.state.get(reg)
    }

    fn write_register(&mut self, reg: Reg, value: Value) {
        let is_flag = self.world.machine.register(reg).class == RegClass::Flag;
        self.notes.stirred |= self.world.is_watched(reg);
        let value = match value.low {
            // SP moves down by an amount that is not known: it is below where it was.
            Half::Aligned { k, log } if reg == self.world.machine.sp => {
                self.notes.assume("dynamic-frame", self.at);
                let at = value::aligned_down(k, log, self.world.abi.stack_align);
                // What lies below is in the way, wherever the frame goes on.
                self.state.memory.forget(k.saturating_sub(1 << 31), k);
                Value::word(at.map_or(Half::Below(k), Half::Frame))
            }
            Half::SomeFrame if reg == self.world.machine.sp => match self.state.sp(self.world) {
                Half::Frame(limit) | Half::Below(limit) => {
                    self.notes.assume("dynamic-frame", self.at);
                    Value::word(Half::Below(limit))
                }
                _ => value,
            },
            _ if is_flag && value.number().is_none() => Value::any(1),
            _ => value,
        };
        self.state.set(reg, value);
    }

    fn ignores(&self, reg: Reg) -> bool {
        !self.flags
            && self.world.machine.register(reg).class == RegClass::Flag
            && self.world.kept_bits(reg) == 0
    }

    fn read_memory(&mut self, address: &Value, bits: u32, align: u32) -> Result<Value, Unsupported> {
        self.aligned(address.low, align);
        match address.low {
            Half::Code(at) | Half::Near(at) if bits <= 64 && bits.is_multiple_of(8) => {
                Ok(self.read_constant(address.low, at, bits))
            }
            Half::Frame(at) if bits.is_multiple_of(8) => Ok(self.state.memory.load(at, bits)),
            _ => Ok(Value::any(bits)),
        }
    }

    fn write_memory(&mut self, address: &Value, value: Value, align: u32) -> Result<(), Unsupported> {
        self.aligned(address.low, align);
        self.store(address.low, i64::from(value.bits.div_ceil(8)), Some(value))
    }

    fn apply(&mut self, function: &Function, args: &[Value], bits: u32) -> Result<Value, Unsupported> {
        Ok(match (function, args) {
            (Function::And, &[value, mask] | &[mask, value]) if self.is_instruction_address(value, mask) => {
                value
            }
            (Function::And, [Value { low: Half::Code(at), .. }, mask])
            | (Function::And, [mask, Value { low: Half::Code(at), .. }]) => self.page_of(*at, *mask),
            _ => value::apply(function, args, bits),
        })
    }

    fn ite(&mut self, _: &Value, then: Value, otherwise: Value) -> Value {
        then.join(otherwise)
    }

    fn extend(&mut self, value: &Value, to: u32, signed: bool) -> Value {
        value.extend(to, signed)
    }

    fn extract(&mut self, value: &Value, high: u32, low: u32) -> Value {
        value.extract(high, low)
    }
}
