//! A symbolic machine state, and what one instruction does to it.
//!
//! ```text
//! registers: terms       frame memory: runs by distance from the CFA       under: branch conditions so far
//! ```
//!
//! Memory outside the frame is not modelled: what is loaded from there is anything, and stores to it are assumed
//! to miss the frame. Accesses are noted here and judged elsewhere.

use crate::decoded::Unsupported;
use crate::eval;
use crate::memory::FrameMemory;
use crate::term::{Node, Symbol, Term, Terms};
use framewright_spec::meaning::Function;
use framewright_spec::{CodeOffset, Reg};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::rc::Rc;

/// Where in its life an activation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Before the body.
    Prolog,
    /// The frame stands.
    Body,
    /// The frame is being removed.
    Epilog,
}

/// Conditions known to hold, latest first.
#[derive(Debug)]
pub(crate) struct Under {
    /// One bit.
    pub(crate) holds: Term,
    /// The earlier ones.
    pub(crate) earlier: Option<Rc<Under>>,
}

/// A symbolic state.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Whole registers.
    pub(crate) registers: Vec<Term>,
    /// Frame memory.
    pub(crate) memory: FrameMemory,
    /// Where in its life the activation is.
    pub(crate) phase: Phase,
    /// An address that is certainly touched, as low as is known, where that matters.
    pub(crate) touched: Option<Term>,
    /// Branch conditions on the way here.
    pub(crate) under: Option<Rc<Under>>,
    /// What the last callee was given and answered.
    pub(crate) answer: Option<Rc<Answer>>,
    /// Registers when the epilog began.
    pub(crate) epilog: Option<Rc<Vec<Term>>>,
    /// Which homes have been written, by index.
    pub(crate) written: Rc<Vec<bool>>,
}

impl State {
    /// A register's value.
    pub(crate) fn register(&self, reg: Reg) -> Term {
        self.registers[usize::from(reg.0)]
    }

    /// Sets a register.
    pub(crate) fn set(&mut self, reg: Reg, value: Term) {
        self.registers[usize::from(reg.0)] = value;
    }

    /// Notes that a condition holds.
    pub(crate) fn assume(&mut self, holds: Term) {
        self.under = Some(Rc::new(Under { holds, earlier: self.under.take() }));
    }
}

/// A call as its caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Integer argument registers at the call.
    pub(crate) given: Vec<Term>,
    /// The first integer result register after it.
    pub(crate) result: Option<Term>,
}

/// An address that far from the CFA is out of every frame.
pub(crate) const FAR: i64 = 1 << 40;

/// Where an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// That many bytes from the CFA.
    Frame(i64),
    /// Somewhere that depends on the CFA.
    SomeFrame,
    /// That many bytes from the code's start.
    Code(i64),
    /// Somewhere that depends on the code's place.
    SomeCode,
    /// Anywhere else.
    Heap,
}

/// A memory access of one instruction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    /// The address.
    pub(crate) address: Term,
    /// Where that is.
    pub(crate) area: Area,
    /// How many bytes.
    pub(crate) bytes: u32,
    /// The address must be a multiple of it.
    pub(crate) align: u32,
    /// Whether it writes.
    pub(crate) write: bool,
    /// What was read or written.
    pub(crate) value: Term,
    /// Whether what was read came from outside the model.
    pub(crate) havoc: bool,
}

/// The code as data, and what the state tracks.
pub(crate) struct World<'a> {
    /// Code and data.
    pub(crate) bytes: &'a [u8],
    /// Words of the data that whoever places the code fills in.
    pub(crate) words: Vec<i64>,
    /// Homes that a patchpoint may name: distance and bytes, ascending.
    pub(crate) homes: &'a [(i64, u32)],
    /// Bytes at least that far from the CFA are as at the entry where nothing is known of them.
    pub(crate) entry_sp: i64,
}

/// The state while one instruction acts on it.
pub(crate) struct Cpu<'a> {
    /// Terms.
    pub(crate) terms: &'a mut Terms,
    /// The state.
    pub(crate) state: &'a mut State,
    /// Surroundings.
    pub(crate) world: &'a World<'a>,
    /// Tells whether contents of frame bytes are not tracked.
    pub(crate) untracked: &'a dyn Fn(i64, u32) -> bool,
    /// What the instruction accessed, in order.
    pub(crate) accesses: SmallVec<[Access; 4]>,
    /// Undefined values by source.
    pub(crate) undefined: SmallVec<[(u32, Term); 2]>,
    /// Addresses of values read from the code at variable places.
    pub(crate) table_reads: &'a mut FxHashMap<Term, Term>,
}

/// Where an address leads.
pub(crate) fn area(terms: &Terms, address: Term) -> Area {
    let near = |at: &i64| (-FAR..FAR).contains(at);
    if let Some(at) = terms.distance(address, Symbol::Cfa).filter(near) {
        return Area::Frame(at);
    }
    if let Some(at) = terms.distance(address, Symbol::Code).filter(near) {
        return Area::Code(at);
    }
    if terms.of_frame(address) {
        return Area::SomeFrame;
    }
    let is_code = |&(part, _): &(Term, u128)| *terms.node(part) == Node::Symbol(Symbol::Code);
    match terms.node(address) {
        Node::Sum(_, addends) if addends.iter().any(is_code) => Area::SomeCode,
        _ => Area::Heap,
    }
}

impl Cpu<'_> {
    fn load(&mut self, area: Area, bytes: u32) -> (Term, bool) {
        match area {
            Area::Frame(at) if (self.untracked)(at, bytes) => (self.terms.fresh(bytes * 8), true),
            Area::Frame(at) => self.load_frame(at, bytes),
            Area::Code(at) => match self.constant_data(at, bytes) {
                Some(value) => (self.terms.constant(value, bytes * 8), false),
                None => (self.terms.fresh(bytes * 8), true),
            },
            Area::SomeFrame | Area::SomeCode | Area::Heap => (self.terms.fresh(bytes * 8), true),
        }
    }

    /// Unknown bytes get a name when they are first read.
    fn load_frame(&mut self, at: i64, bytes: u32) -> (Term, bool) {
        if let Some(value) = self.state.memory.read(self.terms, at, bytes) {
            return (value, false);
        }
        let mut havoc = false;
        for (gap, length) in self.state.memory.gaps(at, bytes) {
            let initial = gap >= self.world.entry_sp;
            havoc |= !initial;
            let value = match initial {
                true => self.terms.symbol(Symbol::Initial(gap, length), length * 8),
                false => self.terms.fresh(length * 8),
            };
            self.state.memory.write(self.terms, gap, value);
        }
        match self.state.memory.read(self.terms, at, bytes) {
            Some(value) => (value, havoc),
            None => (self.terms.fresh(bytes * 8), true),
        }
    }

    fn constant_data(&self, at: i64, bytes: u32) -> Option<u128> {
        if self.world.words.iter().any(|&word| word < at + i64::from(bytes) && at < word + 8) {
            return None;
        }
        let at = usize::try_from(at).ok()?;
        let run = self.world.bytes.get(at..at.checked_add(bytes as usize)?)?;
        Some(run.iter().rev().fold(0, |value, &byte| value << 8 | u128::from(byte)))
    }

    fn store(&mut self, area: Area, value: Term) {
        let Area::Frame(at) = area else { return };
        let bytes = self.terms.width(value) / 8;
        let end = at + i64::from(bytes);
        let first = self.world.homes.partition_point(|&(home, _)| home < at);
        for (index, &(home, length)) in self.world.homes.iter().enumerate().skip(first) {
            if home >= end {
                break;
            }
            if home + i64::from(length) <= end && !self.state.written[index] {
                Rc::make_mut(&mut self.state.written)[index] = true;
            }
        }
        if !(self.untracked)(at, bytes) {
            self.state.memory.write(self.terms, at, value);
        }
    }
}

impl eval::State for Cpu<'_> {
    type Value = Term;
    type Error = Unsupported;
    const EXCEPTIONS: bool = true;

    /// What comes after the instruction comes where it raised none.
    fn exception(&mut self, condition: &Term) -> Result<(), Unsupported> {
        let none = self.terms.not(*condition);
        if self.terms.value(none).is_none() {
            self.state.assume(none);
        }
        Ok(())
    }

    fn bits(&self, value: &Term) -> u32 {
        self.terms.width(*value)
    }

    fn known(&self, value: &Term) -> Option<u128> {
        self.terms.value(*value)
    }

    fn constant(&mut self, value: u128, bits: u32) -> Term {
        self.terms.constant(value, bits)
    }

    fn code_address(&mut self, offset: i64) -> Term {
        self.terms.code(offset)
    }

    fn undefined(&mut self, source: u32, bits: u32) -> Term {
        let known = self.undefined.iter().find(|&&(s, t)| s == source && self.terms.width(t) == bits);
        if let Some(&(_, term)) = known {
            return term;
        }
        let term = self.terms.fresh(bits);
        self.undefined.push((source, term));
        term
    }

    fn read_register(&mut self, reg: Reg) -> Term {
        self.state.register(reg)
    }

    fn write_register(&mut self, reg: Reg, value: Term) {
        self.state.set(reg, value);
    }

    fn read_memory(&mut self, address: &Term, bits: u32, align: u32) -> Result<Term, Unsupported> {
        let bytes = bytes_of(bits)?;
        let area = area(self.terms, *address);
        let (value, havoc) = self.load(area, bytes);
        if area == Area::SomeCode {
            self.table_reads.insert(value, *address);
        }
        self.accesses.push(Access { address: *address, area, bytes, align, write: false, value, havoc });
        Ok(value)
    }

    fn write_memory(&mut self, address: &Term, value: Term, align: u32) -> Result<(), Unsupported> {
        let bytes = bytes_of(self.terms.width(value))?;
        let area = area(self.terms, *address);
        self.store(area, value);
        let havoc = false;
        self.accesses.push(Access { address: *address, area, bytes, align, write: true, value, havoc });
        Ok(())
    }

    fn apply(&mut self, function: &Function, args: &[Term], bits: u32) -> Result<Term, Unsupported> {
        Ok(self.terms.apply(function, args, bits))
    }

    fn ite(&mut self, condition: &Term, then: Term, otherwise: Term) -> Term {
        self.terms.ite(*condition, then, otherwise)
    }

    fn extend(&mut self, value: &Term, to: u32, signed: bool) -> Term {
        self.terms.extend(*value, to, signed)
    }

    fn extract(&mut self, value: &Term, high: u32, low: u32) -> Term {
        self.terms.extract(*value, low, high - low + 1)
    }
}

fn bytes_of(bits: u32) -> Result<u32, Unsupported> {
    if bits > 0 && bits.is_multiple_of(8) {
        return Ok(bits / 8);
    }
    Err(Unsupported { at: CodeOffset(0), what: format!("a memory access of {bits} bits") })
}
