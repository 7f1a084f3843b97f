//! Symbolic execution of blocks: one instruction after the other, every access judged, conditions collected.
//!
//! In the *summary* mode (proof) contents of the body's own bytes are not tracked, so that cost stays linear. In
//! the *exact* mode (refutation along one path) everything is, and what happened is recorded step by step.

use crate::boundary::{Fine, Unwinder};
use crate::cfg::{Cfg, Exit};
use crate::contract::{Contract, Demand, Place, within};
use crate::decoded::{Decoded, Unsupported};
use crate::eval::{self, Flow};
use crate::state::{Access, Area, Cpu, FAR, Phase, State, World};
use crate::term::{Symbol, Term, Terms};
use crate::vc::{Goal, Vc, What};
use crate::verdict::Property;
use framewright_spec::{Claim, CodeOffset, Reg};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Everything that stays the same while one function is judged, and what is collected.
pub(crate) struct Judge<'a> {
    /// The frame's contract.
    pub(crate) contract: &'a Contract<'a>,
    /// The statement.
    pub(crate) claim: &'a Claim,
    /// The code.
    pub(crate) cfg: &'a Cfg,
    /// Surroundings of a state.
    pub(crate) world: World<'a>,
    /// Terms of the function.
    pub(crate) terms: Terms,
    /// The body invariant.
    pub(crate) body: Vec<Demand>,
    /// What holds after the return.
    pub(crate) exit: Vec<Demand>,
    /// State map of the OSR entry.
    pub(crate) state_map: Vec<Demand>,
    /// SP when the body begins.
    pub(crate) body_sp: Term,
    /// The lowest address of the frame that was accessed since last taken.
    pub(crate) lowest: Option<Term>,
    /// How often loops go round at most, by their first block.
    pub(crate) rounds: FxHashMap<u32, i64>,
    /// Whether a loop is tried out: what it does counts, what it is due does not.
    pub(crate) trial: bool,
    /// Runs that the prolog may write, that the body may write.
    pub(crate) writable: [Vec<(i64, i64)>; 2],
    /// Registers at the entry.
    pub(crate) entry_registers: Vec<Term>,
    /// Registers that prolog and epilog may change.
    pub(crate) may_change: framewright_spec::RegSet,
    /// Addresses of values read from the code at variable places.
    pub(crate) table_reads: FxHashMap<Term, Term>,
    /// Unwinding data of the claim.
    pub(crate) unwinders: Rc<[Unwinder]>,
    /// For each of them, the last boundary at which all was plain.
    pub(crate) fine: Vec<Option<Fine>>,
    /// Whether plain conditions are collected too: they are wanted as text.
    pub(crate) every: bool,
    /// Conditions since last taken that were plain and were not collected.
    pub(crate) plain: u32,
    /// Conditions collected since last taken.
    pub(crate) found: Vec<Vc>,
    /// Assumptions used since last taken.
    pub(crate) assumed: BTreeMap<&'static str, u32>,
    /// What happened step by step; `Some` in the exact mode.
    pub(crate) record: Option<Vec<Step>>,
}

/// One executed instruction.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The instruction.
    pub(crate) at: CodeOffset,
    /// SP after it.
    pub(crate) sp: Option<i64>,
    /// Registers that changed.
    pub(crate) changed: Vec<(Reg, Term)>,
    /// Accesses, the values of reads from outside included.
    pub(crate) accesses: SmallVec<[Access; 4]>,
    /// Undefined values by source.
    pub(crate) undefined: SmallVec<[(u32, Term); 2]>,
    /// Registers that a callee changed after it.
    pub(crate) callee: Vec<(Reg, Term)>,
    /// Frame bytes that were read by a condition after it and came from nowhere.
    pub(crate) junk: Vec<(i64, Term)>,
}

impl Judge<'_> {
    /// Runs a block; gives the state on each edge out of it, with the edge's target.
    pub(crate) fn run(&mut self, block: usize, state: State) -> Result<Vec<(i64, State)>, Unsupported> {
        let mut edges = self.run_through(block, state)?;
        self.arrive_at_ends(block, &mut edges);
        Ok(edges)
    }

    /// Runs a block; the states on its edges, without what is due where they lead.
    pub(crate) fn run_through(
        &mut self,
        block: usize,
        mut state: State,
    ) -> Result<Vec<(i64, State)>, Unsupported> {
        let cfg = self.cfg;
        let block = &cfg.blocks[block];
        let mut flow = Flow::Next;
        for decoded in &block.code {
            self.boundary(&mut state, decoded.at)?;
            flow = self.step(&mut state, decoded)?;
            if let Flow::Call(target) = flow {
                self.call(&mut state, decoded, target)?;
                self.in_callee(&mut state, decoded)?;
                flow = Flow::Next;
            }
        }
        let Some(last) = block.code.last() else { return Ok(Vec::new()) };
        self.leave(state, last, &block.exit, &flow)
    }

    /// What is due where the edges of a block lead. Those that leave the code go.
    pub(crate) fn arrive_at_ends(&mut self, block: usize, edges: &mut Vec<(i64, State)>) {
        let cfg = self.cfg;
        let Some(last) = cfg.blocks[block].code.last() else { return };
        for (target, state) in edges.iter_mut() {
            match cfg.at(*target) {
                None => {
                    let what = What::Control("control leaves the code");
                    self.demand_fact(Property::P2, state, last.at, what, false);
                }
                Some(next) if cfg.blocks[next].arrivals > 1 => self.demand_lowered(state, last.at),
                Some(_) => {}
            }
            self.arrive(state, *target, last.at);
        }
        edges.retain(|&(target, _)| cfg.at(target).is_some());
    }

    fn leave(
        &mut self,
        mut state: State,
        last: &Decoded,
        exit: &Exit,
        flow: &Flow<Term>,
    ) -> Result<Vec<(i64, State)>, Unsupported> {
        Ok(match (exit, flow) {
            (Exit::Fall(to) | Exit::Jump(to), _) => vec![(*to, state)],
            (Exit::Branch { taken, fall }, &Flow::Branch { condition, .. }) => {
                let not = self.terms.not(condition);
                let mut edges = Vec::new();
                for (to, holds) in [(taken, condition), (fall, not)] {
                    match self.terms.value(holds) {
                        Some(0) => {}
                        Some(_) => edges.push((*to, state.clone())),
                        None => {
                            let mut state = state.clone();
                            state.assume(holds);
                            edges.push((*to, state));
                        }
                    }
                }
                edges
            }
            (Exit::Table { index, targets }, &Flow::Jump(target)) => {
                self.table(&mut state, last, *index, targets, target)?
            }
            (Exit::Patchpoint(index), &Flow::Jump(target)) => {
                self.patchpoint(&mut state, last.at, *index, target);
                vec![(i64::from(self.claim.patchpoints[*index].resume.0), state)]
            }
            (Exit::Return, &Flow::Return(target)) => {
                self.ret(&mut state, last.at, target)?;
                Vec::new()
            }
            (Exit::Trap, Flow::Trap) => Vec::new(),
            _ => return Err(Unsupported { at: last.at, what: "control flow of this form".to_owned() }),
        })
    }

    fn step(&mut self, state: &mut State, decoded: &Decoded) -> Result<Flow<Term>, Unsupported> {
        let contract = self.contract;
        let machine = contract.machine;
        let before = self.record.is_some().then(|| state.registers.clone());
        let sp_before = state.register(machine.sp);
        let base_before = contract.frame.base.map(|base| state.register(base));
        let summary = self.record.is_none() && state.phase != Phase::Prolog;
        // The caller's bytes are read only, but others may write them.
        let untracked =
            move |at: i64, bytes: u32| summary && (at >= 0 || contract.is_free(at, i64::from(bytes)));
        let mut cpu = Cpu {
            terms: &mut self.terms,
            state,
            world: &self.world,
            untracked: &untracked,
            accesses: SmallVec::new(),
            undefined: SmallVec::new(),
            table_reads: &mut self.table_reads,
        };
        let flow = eval::execute(machine, decoded, &mut cpu)
            .map_err(|error| Unsupported { at: decoded.at, what: error.what })?;
        let (accesses, undefined) = (cpu.accesses, cpu.undefined);
        if let (Some(record), Some(before)) = (&mut self.record, before) {
            let changed = changes(&before, &state.registers);
            let (callee, junk) = (Vec::new(), Vec::new());
            let accesses = accesses.clone();
            let sp = self.terms.distance(state.register(machine.sp), Symbol::Cfa);
            record.push(Step { at: decoded.at, sp, changed, accesses, undefined, callee, junk });
        }
        let highest = self.settle_sp(state, sp_before, decoded.at);
        let sp = state.register(machine.sp);
        let lower = match self.terms.apart(sp_before, sp) {
            Some(apart) if apart < 0 => sp_before,
            _ => sp,
        };
        for access in &accesses {
            self.judge_access(state, decoded.at, access, lower);
        }
        if !matches!(flow, Flow::Return(_)) {
            state.memory.forget_below(&mut self.terms, highest - i64::from(contract.abi.red_zone));
        }
        self.keep_base(state, base_before, decoded.at);
        Ok(flow)
    }

    /// The base register keeps its value throughout the body: any access may go by it.
    fn keep_base(&mut self, state: &mut State, before: Option<Term>, at: CodeOffset) {
        let base = self.contract.frame.base.filter(|_| state.phase == Phase::Body);
        let Some((base, before)) = base.zip(before) else { return };
        if state.register(base) != before {
            let is_base = |d: &&Demand| d.place == Place::Register(base, 64);
            if let Some(demand) = self.body.iter().find(is_base).cloned() {
                self.demand(state, &demand, Property::P4, at);
            }
        }
    }

    fn judge_access(&mut self, state: &mut State, at: CodeOffset, access: &Access, sp: Term) {
        let what = || What::Access { write: access.write };
        let Access { address, bytes, .. } = *access;
        if access.align > 1 {
            if matches!(access.area, Area::Code(_)) {
                self.assume("code-alignment");
            }
            let goal = Goal::Multiple { value: address, of: access.align };
            self.note(Property::P5, state, at, goal, what(), "instruction rows: alignment");
        }
        let of_frame = matches!(access.area, Area::Frame(_) | Area::SomeFrame);
        if of_frame {
            let red_zone = i64::from(self.contract.abi.red_zone);
            let goal = match self.terms.distance(sp, Symbol::Cfa) {
                Some(sp) => {
                    let from = self.terms.cfa(0);
                    Goal::Within { address, bytes, from, low: sp - red_zone, high: FAR }
                }
                None => Goal::Within { address, bytes, from: sp, low: -red_zone, high: i64::MAX },
            };
            self.note(Property::P6, state, at, goal, what(), "red_zone");
            self.touch(state, at, access);
        }
        if !access.write {
            return;
        }
        match access.area {
            Area::Frame(offset) => {
                let (low, high) = self.range_for(state.phase, offset, i64::from(bytes));
                let from = self.terms.cfa(0);
                let goal = Goal::Within { address, bytes, from, low, high };
                self.note(Property::P8, state, at, goal, what(), "regions");
            }
            Area::SomeFrame => self.store_somewhere(state, at, access),
            Area::Code(_) | Area::SomeCode => {
                self.note(Property::P8, state, at, Goal::Fact(false), what(), "code is never written");
            }
            Area::Heap => self.assume("heap-store"),
        }
        if access.area == Area::Heap && self.terms.of_frame(access.value) {
            self.assume("frame-address");
        }
    }

    /// A store at no known distance from the CFA: into the body's lowest bytes, or by bounds, or into its largest run.
    fn store_somewhere(&mut self, state: &mut State, at: CodeOffset, access: &Access) {
        let Access { address, bytes, .. } = *access;
        let what = What::Access { write: true };
        let bounds = self.bounds(address).map(|(low, high)| (low, high + i64::from(bytes)));
        let fixed = self.contract.layout.realign.map_or(i64::MIN, |realigned| realigned.from.0);
        let by_sp =
            self.contract.moves() && bounds.is_none_or(|(low, _)| low < fixed.max(self.contract.body_sp()));
        if by_sp {
            let (from, high) = (self.body_sp, self.contract.free_above_sp());
            let goal = Goal::Within { address, bytes, from, low: -2 * FAR, high };
            self.note(Property::P8, state, at, goal, what, "regions");
            state.memory.forget_below(&mut self.terms, self.contract.body_sp() + high);
            return;
        }
        let (low, high) = match bounds {
            Some((low, high)) => self.range_for(state.phase, low, high - low),
            None => self.widest(),
        };
        let from = self.terms.cfa(0);
        let goal = Goal::Within { address, bytes, from, low, high };
        self.note(Property::P8, state, at, goal, what, "regions");
        let (low, high) = bounds.unwrap_or((low, high));
        state.memory.forget(&mut self.terms, low, high - low);
    }

    /// The writable run that holds the bytes, else the one that is meant for people.
    fn range_for(&self, phase: Phase, at: i64, bytes: i64) -> (i64, i64) {
        let is_below = self.contract.layout.realign.is_none();
        let below = if is_below { (-FAR, self.contract.body_sp()) } else { (0, 0) };
        let ranges = &self.writable[usize::from(phase != Phase::Prolog)];
        let hit = ranges.iter().chain([&below]).find(|&&range| within(range, at, bytes));
        hit.copied().unwrap_or_else(|| self.widest())
    }

    fn widest(&self) -> (i64, i64) {
        let body = self.contract.body_sp();
        self.writable[1].iter().copied().max_by_key(|(low, high)| high - low).unwrap_or((body, body))
    }

    /// Notes a condition under the state's branches.
    pub(crate) fn note(
        &mut self,
        property: Property,
        state: &State,
        at: CodeOffset,
        goal: Goal,
        what: What,
        item: impl Into<Rc<str>>,
    ) {
        // A path may be long, and nobody asks about what is plain on it.
        if self.record.is_some() && goal.plain(&self.terms) {
            return;
        }
        let step = self.record.as_ref().map_or(0, Vec::len);
        self.found.push(Vc { property, at, goal, under: state.under.clone(), what, item: item.into(), step });
    }

    /// Counts the use of a named assumption.
    pub(crate) fn assume(&mut self, name: &'static str) {
        *self.assumed.entry(name).or_default() += 1;
    }
}

/// Registers whose term changed.
pub(crate) fn changes(before: &[Term], after: &[Term]) -> Vec<(Reg, Term)> {
    let pairs = before.iter().zip(after).enumerate();
    pairs.filter(|(_, (b, a))| a != b).map(|(i, (_, &a))| (Reg(i as u8), a)).collect()
}
