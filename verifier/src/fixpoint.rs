//! States at block entries: one pass in reverse postorder, again where a back-edge disagrees.
//!
//! ```text
//! one edge in      the whole state, branch conditions included
//! several edges    equal terms stay, the rest is forgotten
//! loop head        registers that a loop may change are forgotten at once, so that one pass is the rule
//! ```
//!
//! A location is forgotten at most once a block, so this ends. A state that forgot too much can only fail a proof.

use crate::cfg::Cfg;
use crate::decoded::Unsupported;
use crate::exec::Judge;
use crate::memory::FrameMemory;
use crate::ring::Ring;
use crate::solver::Solver;
use crate::state::{Phase, State};
use crate::term::{Symbol, Term};
use crate::vc::Vc;
use framewright_spec::Reg;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What the summary of a function is: all its conditions and the assumptions it rests on.
pub(crate) struct Summary {
    /// In the order of blocks.
    pub(crate) conditions: Vec<Vc>,
    /// Named assumptions and their number.
    pub(crate) assumed: BTreeMap<&'static str, u32>,
    /// Conditions that were plain and are not among them (P10).
    pub(crate) plain: u32,
}

#[derive(Default)]
struct Visit {
    found: Vec<Vc>,
    plain: u32,
    assumed: BTreeMap<&'static str, u32>,
}

impl Judge<'_> {
    /// Runs all blocks from the given roots (code offset and state) until states agree.
    pub(crate) fn summarize(
        &mut self,
        solver: &mut Solver,
        roots: Vec<(i64, State)>,
    ) -> Result<Summary, Unsupported> {
        let cfg = self.cfg;
        let mut states: Vec<Option<State>> = cfg.blocks.iter().map(|_| None).collect();
        let mut visits: Vec<Visit> = cfg.blocks.iter().map(|_| Visit::default()).collect();
        let mut todo = BTreeSet::new();
        for (target, mut state) in roots {
            let at = framewright_spec::CodeOffset(u32::try_from(target).unwrap_or(0));
            self.arrive(&mut state, target, at);
            if let Some(block) = cfg.at(target) {
                self.reach(&mut states, block, state)?;
                todo.insert((cfg.blocks[block].rank, block));
            }
        }
        let at_roots = self.visit();
        while let Some((_, block)) = todo.pop_first() {
            let Some(state) = states[block].clone() else { continue };
            let edges = match self.ring(block, state.phase) {
                Some(ring) => self.go_round(solver, &ring, state)?,
                None => self.run(block, state)?,
            };
            visits[block] = self.visit();
            for (target, state) in edges {
                let Some(next) = cfg.at(target) else { continue };
                if self.reach(&mut states, next, state)? {
                    todo.insert((cfg.blocks[next].rank, next));
                }
            }
        }
        let mut summary = Summary { conditions: Vec::new(), assumed: BTreeMap::new(), plain: 0 };
        let in_order = cfg.order.iter().map(|&block| std::mem::take(&mut visits[block]));
        for visit in std::iter::once(at_roots).chain(in_order.collect::<Vec<_>>()) {
            summary.conditions.extend(visit.found);
            summary.plain += visit.plain;
            for (name, times) in visit.assumed {
                *summary.assumed.entry(name).or_default() += times;
            }
        }
        Ok(summary)
    }

    /// Takes what was collected.
    fn visit(&mut self) -> Visit {
        let (assumed, plain) = (std::mem::take(&mut self.assumed), std::mem::take(&mut self.plain));
        Visit { found: self.found.split_off(0), plain, assumed }
    }

    /// Control gets to a block in a state; whether that is news.
    fn reach(
        &mut self,
        states: &mut [Option<State>],
        block: usize,
        state: State,
    ) -> Result<bool, Unsupported> {
        if self.cfg.blocks[block].arrivals <= 1 || self.ring(block, state.phase).is_some() {
            states[block] = Some(state);
            return Ok(true);
        }
        match &mut states[block] {
            empty @ None => {
                let first = self.first(block, state);
                *empty = Some(first);
                Ok(true)
            }
            Some(known) => self.join(block, known, &state),
        }
    }

    /// The ring that a block is the head of, if it is to be proven as one in that phase.
    pub(crate) fn ring(&self, block: usize, phase: Phase) -> Option<Ring> {
        let moves = phase == Phase::Prolog || self.contract.layout.allocate.is_some();
        if !moves || self.cfg.blocks[block].arrivals != 2 {
            return None;
        }
        let machine = self.contract.machine;
        Ring::at(self.cfg, machine, block).filter(|ring| ring.counts(machine, phase))
    }

    fn first(&mut self, block: usize, mut state: State) -> State {
        state.under = None;
        if is_loop_head(self.cfg, block) {
            for index in 0..state.registers.len() {
                let reg = Reg(index as u8);
                if !self.survives_loops(reg, state.registers[index]) {
                    self.forget(block, &mut state, reg);
                }
            }
        }
        state
    }

    /// Pointers, control bits, and callee-saved registers that nobody has touched as far as a callee keeps them.
    fn survives_loops(&mut self, reg: Reg, value: Term) -> bool {
        let contract = self.contract;
        let pointer = reg == contract.machine.sp || reg == contract.machine.fp;
        pointer || contract.control_mask(reg).is_some() || self.is_untouched(reg, value)
    }

    fn is_untouched(&mut self, reg: Reg, value: Term) -> bool {
        let width = self.terms.width(value);
        let Some(kept) = self.contract.kept_bits(reg).map(|kept| kept.min(width)) else { return false };
        let entry = self.terms.symbol(Symbol::Entry(reg), width);
        self.terms.extract(value, 0, kept) == self.terms.extract(entry, 0, kept)
    }

    fn forget(&mut self, block: usize, state: &mut State, reg: Reg) {
        let value = state.register(reg);
        let unknown = self.unknown(block, reg, &[value]);
        state.set(reg, unknown);
    }

    /// What a register holds after a join of these values. Addresses of the frame stay known as such.
    fn unknown(&mut self, block: usize, reg: Reg, values: &[Term]) -> Term {
        let start = self.cfg.blocks[block].start().0;
        let of_frame = values.iter().any(|&value| self.terms.of_frame(value));
        let symbol = if of_frame { Symbol::FrameJoin(start, reg) } else { Symbol::Join(start, reg) };
        let width = self.terms.width(values[0]);
        self.terms.symbol(symbol, width)
    }

    /// What is known of a register that has either value; control bits, and those that a callee keeps, are told from
    /// their neighbours.
    fn either(&mut self, block: usize, reg: Reg, old: Term, new: Term) -> Term {
        if old == new {
            return old;
        }
        let unknown = self.unknown(block, reg, &[old, new]);
        let kept =
            || self.contract.kept_bits(reg).map(|bits| u128::MAX >> 128_u32.saturating_sub(bits).min(127));
        let Some(bits) = self.contract.control_mask(reg).or_else(kept) else { return unknown };
        let kept = self.terms.mix(bits, old, unknown);
        if kept == self.terms.mix(bits, new, unknown) { kept } else { unknown }
    }

    /// SP where paths meet in a body that lowers it by different amounts.
    fn lowered_sp(&mut self, block: usize, phase: Phase, reg: Reg, old: Term, new: Term) -> Option<Term> {
        let lowers = reg == self.contract.machine.sp && self.contract.layout.allocate.is_some();
        if !lowers || phase != Phase::Body || old == new {
            return None;
        }
        let start = self.cfg.blocks[block].start().0;
        Some(self.terms.symbol(Symbol::Lowered(start), 64))
    }

    /// What is touched on both paths: where it is not seen which address is higher, what was demanded of SP in a body that
    /// lowers it, else what the caller has touched.
    fn join_touched(&mut self, known: &mut State, new: &State) -> bool {
        let (Some(a), Some(b)) = (known.touched, new.touched) else { return false };
        let lowers = known.phase == Phase::Body && self.contract.layout.allocate.is_some();
        let joined = match self.terms.apart(a, b) {
            Some(apart) if apart >= 0 => a,
            Some(_) => b,
            None if lowers => {
                let sp = known.register(self.contract.machine.sp);
                self.terms.offset(sp, self.contract.untouched_in_body())
            }
            None => self.contract.touched_by_caller(&mut self.terms),
        };
        known.touched = Some(joined);
        joined != a
    }

    fn join(&mut self, block: usize, known: &mut State, new: &State) -> Result<bool, Unsupported> {
        if known.phase != new.phase {
            let at = self.cfg.blocks[block].start();
            let what = format!("code that is reached in the {:?} and in the {:?}", known.phase, new.phase);
            return Err(Unsupported { at, what });
        }
        let mut news = false;
        let unchanged = unchanged_in_epilog(known, new);
        for index in 0..known.registers.len() {
            let reg = Reg(index as u8);
            let old = known.registers[index];
            let joined = match self.lowered_sp(block, known.phase, reg, old, new.registers[index]) {
                Some(lowered) => lowered,
                None => self.either(block, reg, old, new.registers[index]),
            };
            news |= joined != old;
            known.registers[index] = joined;
        }
        if let Some(unchanged) = unchanged {
            let values = known.registers.iter().zip(unchanged);
            let values =
                values.map(|(&now, same)| if same { now } else { self.terms.fresh(self.terms.width(now)) });
            known.epilog = Some(Rc::new(values.collect()));
        }
        news |= join_memory(&mut known.memory, &new.memory);
        news |= self.join_touched(known, new);
        if known.answer != new.answer {
            news |= known.answer.take().is_some();
        }
        for index in 0..known.written.len() {
            if known.written[index] && !new.written[index] {
                Rc::make_mut(&mut known.written)[index] = false;
                news = true;
            }
        }
        Ok(news)
    }
}

/// In an epilog: for each register, whether it still holds on both sides what it held when the epilog began.
fn unchanged_in_epilog(known: &State, new: &State) -> Option<Vec<bool>> {
    let (a, b) = (known.epilog.as_ref()?, new.epilog.as_ref()?);
    let same = |i: usize| known.registers[i] == a[i] && new.registers[i] == b[i];
    Some((0..known.registers.len()).map(same).collect())
}

/// Keeps runs that are the same in both; whether one was lost.
pub(crate) fn join_memory(known: &mut FrameMemory, new: &FrameMemory) -> bool {
    if known.same(new) {
        return false;
    }
    let before = known.runs().count();
    known.retain(|at, bytes, value| new.run(at) == Some((bytes, value)));
    known.runs().count() != before
}

/// Whether an edge to the block comes from code that is visited later.
fn is_loop_head(cfg: &Cfg, block: usize) -> bool {
    let rank = cfg.blocks[block].rank;
    cfg.blocks[block].before.iter().any(|&from| cfg.blocks[from].rank >= rank)
}
