//! All paths through a function at once: states at its instructions until nothing new is learnt.

use super::Method;
use super::code::{Code, Control, Step};
use super::paths::Ways;
use super::resume::Resumes;
use super::state::{Cpu, Notes, State, World};
use super::tables::Tables;
use super::unwind::Scan;
use super::value::{Half, Value};
use crate::decoded::Unsupported;
use crate::eval::{self, Flow};
use crate::target::{Decoder, Known};
use framewright_spec::{CodeOffset, RegSet};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Most instructions that are followed from the entry, one after another and through loops whose conditions are known,
/// before paths are joined.
const MAX_TRACE: u32 = 8_000;

/// After so many visits of one place, SP there is anything.
pub(super) const MAX_VISITS: u32 = 100;

/// How often a function is walked anew because a table turned out to be shorter than it was read.
const MAX_WALKS: u32 = 8;

/// What a walk is to find out besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aims {
    /// An indirect jump with the frame in place is a patchpoint's.
    pub leaves_by_jump: bool,
    /// States at calls are wanted.
    pub calls: bool,
}

/// What there is to know of a function.
pub(crate) struct Walk<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) code: Code<'a>,
    pub(super) aims: Aims,
    /// Registers that the function is there to change.
    pub(super) changes: RegSet,
    /// How often it was begun.
    walks: u32,
    /// Instructions that may still be followed without joining paths: prologs clear large frames in loops.
    trace: u32,
    pub(super) states: FxHashMap<u32, (State, u32)>,
    /// Leaders that were come to again before paths were joined.
    pub(super) rounds: BTreeSet<u32>,
    work: BTreeSet<u32>,
    /// From one place that control jumps to, or comes to, to the next.
    pub edges: FxHashSet<(u32, u32)>,
    /// States right before calls, where they are wanted.
    pub calls: BTreeMap<u32, State>,
    /// States at jumps of patchpoints.
    pub leaves: BTreeMap<u32, State>,
    pub(super) resumes: Resumes,
    pub(super) tables: Tables,
    /// Returns and tail jumps.
    pub exits: BTreeMap<u32, Exit>,
    pub notes: Notes,
    pub unsupported: BTreeMap<u32, Unsupported>,
    /// Why nothing can be said, by instruction.
    pub unclear: BTreeMap<u32, String>,
    /// Unwind data looked at on the way, if there is any.
    pub unwound: Option<Scan<'a>>,
}

/// How the activation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Return,
    TailJump,
}

impl<'a> Walk<'a> {
    /// All paths from the body's first byte.
    pub(crate) fn new(
        world: &'a World<'a>,
        method: &'a Method<'a>,
        decoder: &'a dyn Decoder,
        aims: Aims,
        entry: &State,
    ) -> Walk<'a> {
        let mut walk = Walk {
            world,
            code: Code::new(method, decoder, world.machine),
            aims: Aims { calls: aims.calls || method.funclets, ..aims },
            changes: method.name.map_or(RegSet::EMPTY, |name| world.callees.changes(name)),
            walks: 0,
            trace: 0,
            states: FxHashMap::default(),
            rounds: BTreeSet::new(),
            work: BTreeSet::new(),
            edges: FxHashSet::default(),
            calls: BTreeMap::new(),
            leaves: BTreeMap::new(),
            resumes: Resumes::default(),
            tables: Tables::default(),
            exits: BTreeMap::new(),
            notes: Notes::default(),
            unsupported: BTreeMap::new(),
            unclear: BTreeMap::new(),
            unwound: Scan::new(world, method),
        };
        walk.start(entry);
        while walk.tables.shortened() || !world.linear && walk.is_doubtful() && walk.bound_tables() {
            if walk.walks == MAX_WALKS {
                let why = "the tables that it jumps through turn out to be shorter each time".to_owned();
                walk.unclear.insert(walk.code.start(), why);
                break;
            }
            walk.forget();
            walk.start(entry);
        }
        if method.funclets {
            walk.resume_after_handlers();
        }
        if !walk.resumes.is_empty() {
            walk.resume(entry);
        }
        walk
    }

    /// Nothing has been seen, but where tables begin.
    fn forget(&mut self) {
        self.states.clear();
        self.rounds.clear();
        self.edges.clear();
        self.calls.clear();
        self.leaves.clear();
        self.resumes = Resumes::default();
        self.exits.clear();
        self.notes = Notes::default();
        self.unsupported.clear();
        self.unclear.clear();
        self.unwound = self.unwound.as_ref().map(Scan::anew);
    }

    /// Whether something is not seen right.
    fn is_doubtful(&self) -> bool {
        let unknown = !(self.unsupported.is_empty() && self.unclear.is_empty() && self.resumes.is_empty());
        let rows = self.unwound.as_ref().is_some_and(Scan::is_doubtful);
        unknown || rows || !self.notes.doubts.is_empty()
    }

    /// Number of instructions that control was seen to reach.
    pub(crate) fn instructions(&self) -> u32 {
        self.code.seen
    }

    /// The instruction at a place.
    pub(crate) fn step(&mut self, at: u32) -> Result<Rc<Step>, Unsupported> {
        self.code.step(at)
    }

    /// The ways that control was seen to take from the body's first byte.
    pub(crate) fn ways(&self) -> Ways {
        Ways::new(&self.edges, self.code.start())
    }

    /// The leader of the block that an instruction is in.
    pub(crate) fn leader_of(&self, at: u32) -> Option<u32> {
        self.states.keys().copied().filter(|&leader| leader <= at).max()
    }

    pub(super) fn start(&mut self, entry: &State) {
        let start = self.code.start();
        self.code.forget_seen();
        self.code.lead(start);
        self.states.insert(start, (entry.clone(), 0));
        self.work.insert(start);
        self.trace = MAX_TRACE;
        self.walks += 1;
        self.run();
    }

    pub(super) fn run(&mut self) {
        let mut state = State::default();
        while let Some(leader) = self.work.pop_first() {
            // The first time, it is enough to know that.
            if self.walks == 1 && self.tables.is_shortened() {
                self.work.clear();
                return;
            }
            let Some((known, _)) = self.states.get(&leader) else { continue };
            state.clone_from(known);
            self.block(leader, &mut state);
            self.trace = 0;
        }
    }

    /// From a leader up to the next ones.
    fn block(&mut self, mut leader: u32, state: &mut State) {
        let mut at = leader;
        self.notes.stirred = true;
        // Whether nothing has been done since a call.
        let mut called = false;
        loop {
            let step = match self.code.step(at) {
                Ok(step) => step,
                Err(error) => {
                    self.unsupported.insert(at, error);
                    return;
                }
            };
            self.code.see(at);
            if let Some(scan) = &mut self.unwound {
                let stirred = std::mem::take(&mut self.notes.stirred) || called;
                scan.visit(at, state, step.control == Control::Call, stirred);
            }
            let before = self.before(&step, state);
            let tracing = self.trace > 0;
            let flow = match execute(self.world, &step, at, state, &mut self.notes, tracing) {
                Ok(flow) => decided(flow),
                Err(error) => {
                    self.unsupported.insert(at, error);
                    return;
                }
            };
            state.settle(self.world);
            let next = at + step.len();
            called = step.control == Control::Call || called && step.control == Control::Idle;
            if let Some(to) = self.traced(&flow) {
                self.pass(leader, to, state);
                (leader, at) = (to, to);
                continue;
            }
            if !self.follow((leader, at, next), flow, before.as_ref(), state) {
                return;
            }
            if self.code.inside(i64::from(next)).is_none() {
                self.end(called, (leader, at, next), state);
                return;
            }
            at = next;
            if self.code.is_leader(at) {
                if self.trace == 0 {
                    self.enter(leader, at, state);
                    return;
                }
                self.pass(leader, at, state);
                leader = at;
            }
        }
    }

    /// Only calls ask for what was before them.
    fn before(&self, step: &Step, state: &State) -> Option<Before> {
        (step.control == Control::Call).then(|| Before {
            sp: state.get(self.world.machine.sp),
            link: self.world.machine.link.map(|link| state.get(link)),
            state: self.aims.calls.then(|| state.clone()),
        })
    }

    /// While paths are not joined yet: where a jump within the body goes. A branch either way ends that.
    fn traced(&mut self, flow: &Flow<Value>) -> Option<u32> {
        self.trace = self.trace.saturating_sub(1);
        match flow {
            Flow::Branch { .. } => self.trace = 0,
            Flow::Jump(Value { low: Half::Code(to), .. }) if self.trace > 0 => {
                let to = self.code.inside(*to)?;
                self.code.lead(to);
                return Some(to);
            }
            _ => {}
        }
        None
    }

    /// While paths are not joined: control comes to a leader. What is known there is what the first round finds.
    fn pass(&mut self, from: u32, to: u32, state: &State) {
        self.edges.insert((from, to));
        match self.states.entry(to) {
            Entry::Occupied(_) => {
                self.rounds.insert(to);
            }
            Entry::Vacant(place) => {
                place.insert((state.clone(), 0));
            }
        }
    }

    /// Control comes to a leader.
    pub(super) fn enter(&mut self, from: u32, to: u32, state: &State) {
        self.edges.insert((from, to));
        self.code.lead(to);
        match self.states.get_mut(&to) {
            None => {
                self.states.insert(to, (state.clone(), 0));
                self.work.insert(to);
            }
            Some((known, visits)) => {
                if known.join(state, self.world) {
                    *visits += 1;
                    if *visits > MAX_VISITS {
                        known.set(self.world.machine.sp, Value::any(64));
                        known.settle(self.world);
                    }
                    self.work.insert(to);
                }
            }
        }
    }
}

/// What a call finds.
pub(super) struct Before {
    pub sp: Value,
    pub link: Option<Value>,
    /// All of it, where that is wanted.
    pub state: Option<State>,
}

/// Does what an instruction does.
pub(super) fn execute(
    world: &World<'_>,
    step: &Step,
    at: u32,
    state: &mut State,
    notes: &mut Notes,
    flags: bool,
) -> Result<Flow<Value>, Unsupported> {
    let mut cpu = Cpu { world, state, notes, at: CodeOffset(at), flags };
    match &step.known {
        Known::Row(decoded) => eval::execute(world.machine, decoded, &mut cpu),
        Known::Effects(effects) => cpu.apply_effects(effects).map(|()| Flow::Next),
    }
}

/// A branch whose condition is known goes one way only.
fn decided(flow: Flow<Value>) -> Flow<Value> {
    match flow {
        Flow::Branch { condition, target } => match condition.number() {
            Some(0) => Flow::Next,
            Some(_) => Flow::Jump(target),
            None => Flow::Branch { condition, target },
        },
        other => other,
    }
}
