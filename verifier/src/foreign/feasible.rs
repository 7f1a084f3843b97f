//! Whether some input takes a path: its branches, as conditions over what the code finds at its entry, in memory and
//! from its callees, are put to the solver.
//!
//! ```text
//! cbz x20, …        not taken  ⇒  x20 ≠ 0 ┐
//! …                                       ├ no model: nobody comes here, and a run along the path shows nothing
//! cbnz x20, …       not taken  ⇒  x20 = 0 ┘
//! ```
//!
//! Memory outside of the frame is taken to change only where the code stores to the very address that it loads from, so
//! that what is tested twice comes out alike twice. That rejects paths that some input may take, never the other way
//! round as far as the code itself is concerned; callees and interrupts may do anything to registers.

use super::code::Step;
use super::state::{State, World};
use super::value::{Half, Table, Value};
use super::walk::Walk;
use crate::decoded::{Decoded, Unsupported};
use crate::effects::{Effects, Extent};
use crate::eval::{self, Flow};
use crate::memory::FrameMemory;
use crate::solver::{Answer, Lent};
use crate::target::Known;
use crate::term::{Node, Symbol, Term, Terms};
use framewright_spec::machine::RegClass;
use framewright_spec::meaning::Function;
use framewright_spec::{CodeOffset, Reg};
use rustc_hash::{FxHashMap, FxHashSet};

/// Most instructions of a path that is looked at.
const MAX_PATH: usize = 20_000;
/// Most terms of what is put to the solver of one path.
const MAX_TERMS: usize = 10_000;

/// Whether the solver finds an input that takes the path, and tables through which it goes are known to lead there.
pub(crate) fn is_feasible(world: &World<'_>, walk: &Walk<'_>, path: &[CodeOffset]) -> bool {
    let mut run = Run::new(world, walk);
    path.len() <= MAX_PATH
        && path.windows(2).all(|pair| run.go(pair[0].0, pair[1].0).is_some())
        && run.input() == Answer::Sat
        && walk.knows_entries(path)
}

/// A symbolic state along one path.
pub(super) struct Run<'r> {
    world: &'r World<'r>,
    walk: &'r Walk<'r>,
    terms: Terms,
    registers: Vec<Term>,
    frame: FrameMemory,
    /// Words elsewhere, by address and width.
    words: FxHashMap<(Term, u32), Term>,
    /// The address that was loaded from last, by bytes.
    loaded: FxHashMap<u32, Term>,
    conditions: Vec<Term>,
}

impl<'r> Run<'r> {
    fn new(world: &'r World<'r>, walk: &'r Walk<'r>) -> Run<'r> {
        let mut terms = Terms::default();
        let registers = world.registers().map(|reg| {
            let bits = world.machine.register(reg).bits;
            terms.symbol(Symbol::Entry(reg), bits)
        });
        let mut registers: Vec<Term> = registers.collect();
        registers[world.machine.sp.0 as usize] = terms.cfa(world.entry_sp());
        Run {
            world,
            walk,
            terms,
            registers,
            frame: FrameMemory::default(),
            words: FxHashMap::default(),
            loaded: FxHashMap::default(),
            conditions: Vec::new(),
        }
    }

    /// From a place of the walk, with what it knows there. `narrow`: of registers that nothing is known of, the upper halves
    /// are zero.
    pub(super) fn from(world: &'r World<'r>, walk: &'r Walk<'r>, state: &State, narrow: bool) -> Run<'r> {
        let mut run = Run::new(world, walk);
        for reg in world.registers() {
            let Value { bits, low, .. } = state.get(reg);
            let is_int = world.machine.register(reg).class == RegClass::Int;
            run.registers[reg.0 as usize] = match low {
                Half::Known(number) if bits <= 64 => run.terms.constant(u128::from(number), bits),
                Half::Code(at) if bits == 64 => run.terms.code(at),
                Half::Frame(at) if bits == 64 => run.terms.cfa(at),
                _ if narrow && is_int && bits == 64 => {
                    let half = run.terms.fresh(32);
                    run.terms.extend(half, 64, false)
                }
                _ => run.terms.fresh(bits),
            };
        }
        run
    }

    /// Answers whether the entry of a table that was read last may be the one of a number, or a later one.
    pub(super) fn reach(&mut self, table: &Table) -> Option<impl FnMut(u32) -> bool> {
        let bytes = u32::from(table.bytes);
        let address = *self.loaded.get(&bytes)?;
        let first = self.terms.code(i64::from(table.at));
        let from = self.terms.apply(&Function::Sub, &[address, first], 64);
        let mut lent = self.solver(&self.about(from));
        Some(move |number| {
            let solver = lent.get();
            let least = self.terms.constant(u128::from(number) * u128::from(bytes), 64);
            let reaches = self.terms.apply(&Function::Ule, &[least, from], 1);
            solver.push();
            let holds = solver.holds(&self.terms, reaches);
            solver.assert(&holds);
            let answer = solver.check();
            solver.pop();
            answer != Answer::Unsat
        })
    }

    /// The conditions that may say something of a value: those with one of its unknowns, of their unknowns, and so on. Where
    /// the program and the frame are is left out of that, which can only leave out conditions.
    fn about(&self, value: Term) -> Vec<Term> {
        let unknowns = |term: Term| {
            let parts = self.terms.closure(&[term]).into_iter();
            parts.filter(|&part| match self.terms.node(part) {
                Node::Symbol(symbol) => !matches!(symbol, Symbol::Cfa | Symbol::Code),
                _ => false,
            })
        };
        let mut known: FxHashSet<Term> = unknowns(value).collect();
        let mut rest: Vec<(Term, Vec<Term>)> =
            self.conditions.iter().map(|&condition| (condition, unknowns(condition).collect())).collect();
        let mut about = Vec::new();
        loop {
            let (near, far): (Vec<_>, Vec<_>) =
                rest.into_iter().partition(|(_, unknowns)| unknowns.iter().any(|u| known.contains(u)));
            if near.is_empty() {
                return about;
            }
            for (condition, unknowns) in near {
                about.push(condition);
                known.extend(unknowns);
            }
            rest = far;
        }
    }

    /// From an instruction of the path to the next one; `None` where that cannot be.
    pub(super) fn go(&mut self, at: u32, next: u32) -> Option<()> {
        let walk = self.walk;
        let step = walk.code.decoded(at)?;
        let behind = at + step.len();
        let flow = match &step.known {
            Known::Row(decoded) => self.execute(decoded)?,
            Known::Effects(effects) => {
                self.scatter(effects);
                Flow::Next
            }
        };
        match flow {
            Flow::Next => (next == behind).then_some(()),
            Flow::Branch { condition, target } => {
                let taken = self.terms.distance(target, Symbol::Code)? == i64::from(next);
                if taken && next == behind {
                    return Some(());
                }
                let holds = if taken { condition } else { self.terms.not(condition) };
                self.conditions.push(holds);
                (taken || next == behind).then_some(())
            }
            Flow::Jump(target) | Flow::Return(target) => self.jump(step, at, target, next),
            Flow::Call(target) => {
                let inside = self.terms.distance(target, Symbol::Code) == Some(i64::from(next));
                if !inside || next == behind {
                    self.call();
                }
                Some(())
            }
            Flow::Trap => None,
        }
    }

    /// Does what an instruction does, wherever it goes.
    pub(super) fn look(&mut self, at: u32) -> Option<()> {
        match &self.walk.code.decoded(at)?.known {
            Known::Row(decoded) => self.execute(decoded).map(drop),
            Known::Effects(_) => None,
        }
    }

    fn execute(&mut self, decoded: &Decoded) -> Option<Flow<Term>> {
        eval::execute(self.world.machine, decoded, self).ok()
    }

    /// A jump that the path says goes to `next`.
    fn jump(&mut self, step: &Step, at: u32, target: Term, next: u32) -> Option<()> {
        match self.terms.distance(target, Symbol::Code) {
            Some(to) => (to == i64::from(next)).then_some(()),
            None if step.targets().next().is_some() => None,
            None => {
                let (table, targets) = self.walk.tables.jump(at)?;
                let address = *self.loaded.get(&u32::from(table.bytes))?;
                let entries = (0i64..).zip(targets).filter(|&(_, &target)| target == next);
                let places: Vec<i64> =
                    entries.map(|(n, _)| i64::from(table.at) + n * i64::from(table.bytes)).collect();
                let any = self.is_one_of(address, &places);
                self.conditions.push(any);
                Some(())
            }
        }
    }

    /// Whether an address is one of some in the program.
    fn is_one_of(&mut self, address: Term, places: &[i64]) -> Term {
        let no = self.terms.constant(0, 1);
        places.iter().fold(no, |any, &place| {
            let place = self.terms.code(place);
            let same = self.terms.apply(&Function::Eq, &[address, place], 1);
            self.terms.apply(&Function::Or, &[any, same], 1)
        })
    }

    /// A callee leaves anything where it may.
    fn call(&mut self) {
        let world = self.world;
        let sp = world.machine.sp;
        let back = self.terms.offset(self.registers[sp.0 as usize], i64::from(world.abi.pushed_return));
        for reg in world.registers().filter(|&reg| world.kept_bits(reg) == 0) {
            self.forget(reg);
        }
        self.registers[sp.0 as usize] = back;
    }

    fn forget(&mut self, reg: Reg) {
        self.registers[reg.0 as usize] = self.terms.fresh(self.world.machine.register(reg).bits);
    }

    /// What an instruction without a row may write.
    fn scatter(&mut self, effects: &Effects) {
        for store in &effects.stores {
            let base = store.address.as_ref().filter(|address| address.index.is_none());
            let base = base.and_then(|address| match address.base {
                crate::decoded::Base::Register(reg) => Some((self.registers[reg.0 as usize], address)),
                _ => None,
            });
            let Some((base, address)) = base else { continue };
            let at = self.terms.distance(base, Symbol::Cfa);
            if let (Some(at), Extent::Bytes(bytes)) = (at, store.extent) {
                self.frame.forget(&mut self.terms, at.wrapping_add(address.displacement), i64::from(bytes));
            }
        }
        effects.written.iter().for_each(|reg| self.forget(reg));
    }

    /// The code's address with low bits cleared, in a program that is moved by pages.
    fn page(&mut self, at: Term, mask: Term) -> Option<Term> {
        let at = self.terms.distance(at, Symbol::Code)?;
        let mask = self.terms.value(mask)? as u64;
        self.world.page(at, mask).map(|page| self.terms.code(page))
    }

    /// Whether there is an input under which all conditions hold.
    fn input(&mut self) -> Answer {
        let conditions = self.conditions.clone();
        if self.weight(&conditions) > MAX_TERMS {
            return Answer::Unknown;
        }
        self.solver(&conditions).get().check()
    }

    /// How much work the solver may have with conditions, in terms. Products, quotients and remainders are circuits that
    /// grow by the square of their width.
    fn weight(&self, conditions: &[Term]) -> usize {
        use Function::{Mul, SDiv, SRem, UDiv, URem};
        let weight = |term: Term| match self.terms.node(term) {
            Node::Apply(Mul | UDiv | URem | SDiv | SRem, _) => (self.terms.width(term) as usize).pow(2) / 8,
            _ => 1,
        };
        self.terms.closure(conditions).into_iter().map(weight).sum()
    }

    /// A solver that knows conditions, and where frames and programs are put.
    fn solver(&mut self, conditions: &[Term]) -> Lent {
        let mut lent = Lent::new();
        let solver = lent.get();
        let cfa = self.terms.cfa(0);
        solver.align(&self.terms, cfa, self.world.abi.stack_align);
        let mut know = |terms: &Terms, condition| {
            let holds = solver.holds(terms, condition);
            solver.assert(&holds);
        };
        if let Some(first) = self.world.surroundings.address() {
            // The program is moved by pages.
            let page = u128::from(self.world.abi.page_bytes) - 1;
            let (code, mask) = (self.terms.code(0), self.terms.constant(page, 64));
            let low = self.terms.apply(&Function::And, &[code, mask], 64);
            let same = self.terms.constant(u128::from(first) & page, 64);
            let placed = self.terms.apply(&Function::Eq, &[low, same], 1);
            know(&self.terms, placed);
        }
        conditions.iter().for_each(|&condition| know(&self.terms, condition));
        lent
    }
}

impl eval::State for Run<'_> {
    type Value = Term;
    type Error = Unsupported;

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

    fn undefined(&mut self, _: u32, bits: u32) -> Term {
        self.terms.fresh(bits)
    }

    fn read_register(&mut self, reg: Reg) -> Term {
        self.registers[reg.0 as usize]
    }

    fn write_register(&mut self, reg: Reg, value: Term) {
        self.registers[reg.0 as usize] = value;
    }

    fn read_memory(&mut self, address: &Term, bits: u32, _: u32) -> Result<Term, Unsupported> {
        let Some(at) = self.terms.distance(*address, Symbol::Cfa).filter(|_| bits.is_multiple_of(8)) else {
            self.loaded.insert(bits / 8, *address);
            let fresh = self.terms.fresh(bits);
            return Ok(*self.words.entry((*address, bits)).or_insert(fresh));
        };
        if let Some(value) = self.frame.read(&mut self.terms, at, bits / 8) {
            return Ok(value);
        }
        let value = self.terms.fresh(bits);
        self.frame.write(&mut self.terms, at, value);
        Ok(value)
    }

    fn write_memory(&mut self, address: &Term, value: Term, _: u32) -> Result<(), Unsupported> {
        let bits = self.terms.width(value);
        match self.terms.distance(*address, Symbol::Cfa) {
            Some(at) if bits.is_multiple_of(8) => self.frame.write(&mut self.terms, at, value),
            _ => drop(self.words.insert((*address, bits), value)),
        }
        Ok(())
    }

    fn apply(&mut self, function: &Function, args: &[Term], bits: u32) -> Result<Term, Unsupported> {
        if let (Function::And, [a, b]) = (function, args) {
            let page = self.page(*a, *b).or_else(|| self.page(*b, *a));
            if let Some(page) = page {
                return Ok(page);
            }
        }
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
