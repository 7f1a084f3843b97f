//! The concrete domain: rows of the spec run on numbers.
//!
//! ```text
//! ConcreteState { registers, sparse memory } ──execute(row, Decoded)──▶ the state after, and every access made
//! ```
//!
//! It replays counterexamples and is compared with the real processor. It knows no calls, no operating system and
//! no other code: whoever drives it decides what happens at a call and in memory that was never written.

mod address;
mod arith;
mod canonical;
mod float;
mod propagated;
mod rounded;
mod rounding;

use crate::decoded::Unsupported;
use crate::eval::State;
use framewright_spec::meaning::Function;
use framewright_spec::{Machine, Reg};
use rustc_hash::FxHashMap;

/// A number of a width; no bits above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    /// The value.
    pub value: u128,
    /// Width in bits, 1 to 128.
    pub width: u32,
}

impl Bits {
    /// The lowest `width` bits of `value`.
    pub fn new(value: u128, width: u32) -> Bits {
        Bits { value: value & mask(width), width }
    }

    /// As a two's complement number.
    fn signed(self) -> i128 {
        let unused = 128 - self.width;
        (self.value << unused) as i128 >> unused
    }
}

/// `width` ones.
pub fn mask(width: u32) -> u128 {
    u128::MAX >> (128 - width.clamp(1, 128))
}

/// A memory access an instruction made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Lowest byte.
    pub address: u64,
    /// How many.
    pub bytes: u32,
    /// Whether it wrote.
    pub write: bool,
}

/// Why a concrete run cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No meaning.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The machine demands a multiple.
    #[error("address {address:#x} is not a multiple of {align}")]
    Misaligned {
        /// The address.
        address: u64,
        /// What it must be a multiple of.
        align: u32,
    },
    /// The instruction raises an exception.
    #[error("the instruction raises an exception")]
    Exception,
    /// A function known by name only that has no concrete meaning.
    #[error("function `{0}` is not known to the interpreter")]
    UnknownFunction(String),
}

/// Memory by bytes. Bytes never written hold what [`Memory::fill`] says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    bytes: FxHashMap<u64, u8>,
    /// What a byte that was never written holds.
    pub fill: u8,
}

impl Memory {
    /// One byte.
    pub fn byte(&self, address: u64) -> u8 {
        self.bytes.get(&address).copied().unwrap_or(self.fill)
    }

    /// `count` bytes as a little-endian number, `count` at most 16. Addresses wrap around.
    pub fn read(&self, address: u64, count: u32) -> u128 {
        let bytes = (0..u64::from(count)).rev().map(|i| self.byte(address.wrapping_add(i)));
        bytes.fold(0, |value, byte| value << 8 | u128::from(byte))
    }

    /// `count` bytes. Addresses wrap around.
    pub fn bytes(&self, address: u64, count: u32) -> Vec<u8> {
        (0..u64::from(count)).map(|i| self.byte(address.wrapping_add(i))).collect()
    }

    /// Sets bytes from `address` on. Addresses wrap around.
    pub fn write(&mut self, address: u64, bytes: &[u8]) {
        for (i, &byte) in bytes.iter().enumerate() {
            self.bytes.insert(address.wrapping_add(i as u64), byte);
        }
    }

    /// Bytes that were written, in no order.
    pub fn written(&self) -> impl Iterator<Item = (u64, u8)> {
        self.bytes.iter().map(|(&address, &byte)| (address, byte))
    }
}

/// A machine state in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcreteState {
    registers: Vec<Bits>,
    /// Memory.
    pub memory: Memory,
    /// Address of the code's first byte.
    pub code_base: u64,
    /// What undefined values are, by their source (see [`State::undefined`]); cut to the width asked for.
    pub undefined: FxHashMap<u32, u128>,
    /// What an undefined value is that `undefined` does not list.
    pub undefined_else: u128,
    /// Accesses since the caller last cleared it, in order.
    pub accesses: Vec<Access>,
}

impl ConcreteState {
    /// All registers zero, no memory written.
    pub fn new(machine: &Machine, code_base: u64) -> ConcreteState {
        ConcreteState {
            registers: machine.registers.iter().map(|r| Bits::new(0, r.bits)).collect(),
            memory: Memory::default(),
            code_base,
            undefined: FxHashMap::default(),
            undefined_else: 0,
            accesses: Vec::new(),
        }
    }

    /// A whole register.
    pub fn register(&self, reg: Reg) -> u128 {
        self.registers[reg.0 as usize].value
    }

    /// Sets a whole register; bits above its width are cut.
    pub fn set_register(&mut self, reg: Reg, value: u128) {
        let register = &mut self.registers[reg.0 as usize];
        *register = Bits::new(value, register.width);
    }

    /// All registers, to compare with later.
    pub(crate) fn clone_registers(&self) -> Vec<Bits> {
        self.registers.clone()
    }

    /// Registers that differ from what they were, with their values now.
    pub(crate) fn changed_since(&self, before: &[Bits]) -> Vec<(Reg, u128)> {
        let pairs = self.registers.iter().zip(before).enumerate();
        pairs.filter(|(_, (now, then))| now != then).map(|(i, (now, _))| (Reg(i as u8), now.value)).collect()
    }

    fn access(&mut self, address: &Bits, bits: u32, align: u32, write: bool) -> Result<u64, Fault> {
        let address = address.value as u64;
        if !address.is_multiple_of(u64::from(align)) {
            return Err(Fault::Misaligned { address, align });
        }
        self.accesses.push(Access { address, bytes: bits / 8, write });
        Ok(address)
    }
}

/// The function on numbers, `bits` wide; arguments are as the evaluator makes sure of.
///
/// # Errors
/// The name of a function that has no concrete meaning.
pub(crate) fn evaluate(function: &Function, args: &[Bits], bits: u32) -> Result<Bits, String> {
    let value = match function {
        Function::Uninterpreted { name, .. } => {
            float::apply(name, args).or_else(|| address::apply(name, args)).ok_or_else(|| name.clone())?
        }
        _ => arith::apply(function, args),
    };
    Ok(Bits::new(value, bits))
}

impl State for ConcreteState {
    type Value = Bits;
    type Error = Fault;

    const EXCEPTIONS: bool = true;

    fn exception(&mut self, condition: &Bits) -> Result<(), Fault> {
        if condition.value == 1 { Err(Fault::Exception) } else { Ok(()) }
    }

    fn bits(&self, value: &Bits) -> u32 {
        value.width
    }

    fn known(&self, value: &Bits) -> Option<u128> {
        Some(value.value)
    }

    fn constant(&mut self, value: u128, bits: u32) -> Bits {
        Bits::new(value, bits)
    }

    fn code_address(&mut self, offset: i64) -> Bits {
        Bits::new(u128::from(self.code_base.wrapping_add_signed(offset)), 64)
    }

    fn undefined(&mut self, source: u32, bits: u32) -> Bits {
        Bits::new(self.undefined.get(&source).copied().unwrap_or(self.undefined_else), bits)
    }

    fn read_register(&mut self, reg: Reg) -> Bits {
        self.registers[reg.0 as usize]
    }

    fn write_register(&mut self, reg: Reg, value: Bits) {
        self.registers[reg.0 as usize] = value;
    }

    fn read_memory(&mut self, address: &Bits, bits: u32, align: u32) -> Result<Bits, Fault> {
        let address = self.access(address, bits, align, false)?;
        Ok(Bits::new(self.memory.read(address, bits / 8), bits))
    }

    fn write_memory(&mut self, address: &Bits, value: Bits, align: u32) -> Result<(), Fault> {
        let address = self.access(address, value.width, align, true)?;
        self.memory.write(address, &value.value.to_le_bytes()[..value.width as usize / 8]);
        Ok(())
    }

    fn apply(&mut self, function: &Function, args: &[Bits], bits: u32) -> Result<Bits, Fault> {
        evaluate(function, args, bits).map_err(Fault::UnknownFunction)
    }

    fn ite(&mut self, condition: &Bits, then: Bits, otherwise: Bits) -> Bits {
        if condition.value == 1 { then } else { otherwise }
    }

    fn extend(&mut self, value: &Bits, to: u32, signed: bool) -> Bits {
        Bits::new(if signed { value.signed() as u128 } else { value.value }, to)
    }

    fn extract(&mut self, value: &Bits, high: u32, low: u32) -> Bits {
        Bits::new(value.value >> low, high - low + 1)
    }
}
