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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::State as _;

    const HOMES: [(i64, u32); 2] = [(-16, 8), (-8, 4)];

    fn blank() -> State {
        State {
            registers: Vec::new(),
            memory: FrameMemory::default(),
            phase: Phase::Body,
            touched: None,
            under: None,
            answer: None,
            epilog: None,
            written: Rc::new(vec![false; HOMES.len()]),
        }
    }

    /// Acts on a blank state: 16 bytes of code, of which 8 from 4 on are filled in later; entered with SP at -8.
    fn act<T>(act: impl FnOnce(&mut Cpu<'_>) -> T) -> (T, State) {
        let bytes: Vec<u8> = (1..=16).collect();
        let world = World { bytes: &bytes, words: vec![4], homes: &HOMES, entry_sp: -8 };
        let (mut terms, mut state, mut table_reads) = (Terms::default(), blank(), FxHashMap::default());
        let mut cpu = Cpu {
            terms: &mut terms,
            state: &mut state,
            world: &world,
            untracked: &|at, _| at == -64,
            accesses: SmallVec::new(),
            undefined: SmallVec::new(),
            table_reads: &mut table_reads,
        };
        let result = act(&mut cpu);
        (result, state)
    }

    #[test]
    fn code_is_data_but_for_words_that_are_filled_in() {
        for (at, bytes, expected) in [
            (0, 4, Some(0x0403_0201)),
            (1, 2, Some(0x0302)),
            (3, 1, Some(4)),
            (0, 5, None),
            (4, 1, None),
            (11, 1, None),
            (11, 2, None),
            (2, 12, None),
            (12, 1, Some(13)),
            (12, 4, Some(0x100f_0e0d)),
            (12, 5, None),
            (-1, 2, None),
            (-2, 1, None),
            (16, 1, None),
        ] {
            let (found, _) = act(|cpu| cpu.constant_data(at, bytes));
            assert_eq!(found, expected, "{bytes} bytes at {at}");
            let ((term, havoc), known) = act(|cpu| {
                let loaded = cpu.load(Area::Code(at), bytes);
                ((loaded.0, loaded.1), cpu.terms.value(loaded.0).zip(Some(cpu.terms.width(loaded.0))))
            })
            .0;
            assert_eq!(
                (known, havoc),
                (expected.map(|value| (value, bytes * 8)), expected.is_none()),
                "{term:?}"
            );
        }
    }

    #[test]
    fn a_home_is_written_by_a_store_over_all_of_it() {
        for (at, bytes, written) in [
            (-16, 8, [true, false]),
            (-16, 4, [false, false]),
            (-16, 16, [true, true]),
            (-17, 8, [false, false]),
            (-17, 9, [true, false]),
            (-12, 8, [false, true]),
            (-8, 4, [false, true]),
            (-8, 3, [false, false]),
            (-4, 8, [false, false]),
        ] {
            let (_, state) = act(|cpu| {
                let value = cpu.terms.fresh(bytes * 8);
                cpu.store(Area::Frame(at), value);
            });
            assert_eq!(*state.written, written, "{bytes} bytes at {at}");
            assert_eq!(
                state.memory.runs().map(|(at, bytes, _)| (at, bytes)).collect::<Vec<_>>(),
                [(at, bytes)]
            );
        }
        let (_, state) = act(|cpu| {
            let value = cpu.terms.fresh(64);
            for area in [Area::Frame(-64), Area::Heap, Area::SomeFrame] {
                cpu.store(area, value);
            }
        });
        assert_eq!(state.memory.runs().count(), 0);
    }

    #[test]
    fn bytes_above_the_entry_are_as_they_were_and_others_are_anything() {
        let (read, state) = act(|cpu| {
            let above = cpu.load_frame(-8, 8);
            let again = cpu.load_frame(-8, 8);
            let below = cpu.load_frame(-16, 8);
            let known = cpu.load_frame(-16, 16);
            let untracked = cpu.load(Area::Frame(-64), 8);
            let initial = cpu.terms.symbol(Symbol::Initial(-8, 8), 64);
            let heap = cpu.load(Area::Heap, 4);
            assert_eq!([untracked.0, heap.0].map(|term| cpu.terms.width(term)), [64, 32]);
            assert!(untracked.1 && heap.1);
            assert_eq!(cpu.terms.width(known.0), 128);
            (above == (initial, false), again == above, below.1, known.1)
        });
        assert_eq!(read, (true, true, true, false));
        assert_eq!(state.memory.runs().map(|run| (run.0, run.1)).collect::<Vec<_>>(), [(-16, 8), (-8, 8)]);
    }

    #[test]
    fn undefined_values_are_one_for_each_source_and_width() {
        let (all, _) = act(|cpu| {
            let all = [(0, 8), (0, 8), (1, 8), (0, 16)].map(|(source, bits)| cpu.undefined(source, bits));
            assert_eq!(cpu.terms.width(all[3]), 16);
            let seven = cpu.terms.constant(7, 8);
            assert_eq!((cpu.known(&seven), cpu.known(&all[0])), (Some(7), None));
            all
        });
        assert!(all[0] == all[1] && all[0] != all[2] && all[0] != all[3] && all[2] != all[3]);
    }

    #[test]
    fn memory_is_accessed_by_whole_bytes() {
        assert_eq!([8, 64, 128].map(|bits| bytes_of(bits).ok()), [Some(1), Some(8), Some(16)]);
        assert!([0, 4, 12].iter().all(|&bits| bytes_of(bits).is_err()));
    }
}
