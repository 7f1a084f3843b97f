//! All paths through a body at once: states at its instructions until nothing new is learnt.

use super::state::{Cpu, Notes, State, World};
use super::value::{Half, Value};
use super::{Method, Place};
use crate::decoded::{Decoded, Unsupported};
use crate::effects::Effects;
use crate::eval::{self, Flow};
use crate::target::Decoder;
use crate::verdict::Property;
use framewright_spec::{CodeOffset, Reg};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

/// Most instructions that are followed from the entry, one after another and through loops whose conditions are known,
/// before paths are joined.
const MAX_TRACE: u32 = 8_000;

/// After so many visits of one place, SP there is anything.
const MAX_VISITS: u32 = 100;

/// An instruction with or without a row.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Row(Decoded),
    Other(Effects),
}

impl Step {
    pub(crate) fn len(&self) -> u32 {
        match self {
            Step::Row(decoded) => decoded.len,
            Step::Other(effects) => effects.len,
        }
    }
}

/// A method's code.
pub(crate) struct Code<'a> {
    pub method: &'a Method<'a>,
    /// Main body, then others.
    pub parts: SmallVec<[Range<u32>; 2]>,
    pub decoder: &'a dyn Decoder,
    /// Whether an indirect jump with the frame in place is a patchpoint's.
    pub leaves_by_jump: bool,
}

impl Code<'_> {
    fn start(&self) -> u32 {
        self.method.body.0
    }

    /// The place in one of the parts.
    fn inside(&self, at: i64) -> Option<u32> {
        let at = u32::try_from(at).ok()?;
        self.part(at).map(|_| at)
    }

    fn part(&self, at: u32) -> Option<&Range<u32>> {
        self.parts.iter().find(|part| part.contains(&at))
    }
}

/// What there is to know of a body.
pub(crate) struct Walk<'a> {
    world: &'a World<'a>,
    code: &'a Code<'a>,
    steps: FxHashMap<u32, Result<Rc<Step>, Unsupported>>,
    leaders: FxHashSet<u32>,
    /// Instructions that may still be followed without joining paths: prologs clear large frames in loops.
    trace: u32,
    states: FxHashMap<u32, (State, u32)>,
    work: BTreeSet<u32>,
    /// From one place that control jumps to, or comes to, to the next.
    pub edges: BTreeSet<(u32, u32)>,
    /// States right before calls.
    pub calls: BTreeMap<u32, State>,
    /// States at jumps of patchpoints.
    pub leaves: BTreeMap<u32, State>,
    /// Where control comes back to the body otherwise than the code shows: after a table jump or a handler.
    resumes: Vec<State>,
    /// Indirect jumps through tables.
    table_jumps: BTreeSet<u32>,
    /// The leaders before them.
    table_leaders: BTreeSet<u32>,
    /// Returns and tail jumps.
    pub exits: BTreeMap<u32, Exit>,
    pub notes: Notes,
    pub unsupported: BTreeMap<u32, Unsupported>,
    /// Why nothing can be said, by instruction.
    pub unclear: BTreeMap<u32, String>,
}

/// How the activation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Return,
    TailJump,
}

impl<'a> Walk<'a> {
    /// All paths from the body's first byte.
    pub(crate) fn new(world: &'a World<'a>, code: &'a Code<'a>, entry: &State) -> Walk<'a> {
        let mut walk = Walk {
            world,
            code,
            steps: FxHashMap::default(),
            leaders: FxHashSet::default(),
            trace: 0,
            states: FxHashMap::default(),
            work: BTreeSet::new(),
            edges: BTreeSet::new(),
            calls: BTreeMap::new(),
            leaves: BTreeMap::new(),
            resumes: Vec::new(),
            table_jumps: BTreeSet::new(),
            table_leaders: BTreeSet::new(),
            exits: BTreeMap::new(),
            notes: Notes::default(),
            unsupported: BTreeMap::new(),
            unclear: BTreeMap::new(),
        };
        let boundaries = walk.sweep();
        walk.start(entry);
        if code.method.funclets {
            walk.resume_after_handlers();
        }
        if !walk.resumes.is_empty() {
            walk.resume(&boundaries, entry);
        }
        walk
    }

    /// Number of instructions of the body that were seen.
    pub(crate) fn instructions(&self) -> u32 {
        self.steps.values().filter(|step| step.is_ok()).count() as u32
    }

    /// The instruction at a place.
    pub(crate) fn step(&mut self, at: u32) -> Result<Rc<Step>, Unsupported> {
        let code = self.code;
        let decode = || {
            let end = code.part(at).map_or(0, |part| part.end as usize);
            let bytes = &code.method.bytes[..end];
            let decoded = code.decoder.decode(bytes, CodeOffset(at)).map(Step::Row);
            let step = decoded.or_else(|error| match code.decoder.effects(bytes, CodeOffset(at)) {
                Some(effects) => effects.map(Step::Other),
                None => Err(error),
            });
            step.map(Rc::new)
        };
        self.steps.entry(at).or_insert_with(decode).clone()
    }

    /// The leader of the block that an instruction is in.
    pub(crate) fn leader_of(&self, at: u32) -> Option<u32> {
        self.states.keys().copied().filter(|&leader| leader <= at).max()
    }

    /// What an instruction may write, be there a row for it or not.
    pub(crate) fn effects(&self, at: u32) -> Option<Effects> {
        match &**self.steps.get(&at)?.as_ref().ok()? {
            Step::Row(decoded) => Some(Effects::of_row(self.world.machine, decoded)),
            Step::Other(effects) => Some(effects.clone()),
        }
    }

    /// Instructions one after another, and where control may jump to among them. Empty where they cannot be told.
    fn sweep(&mut self) -> Vec<u32> {
        let mut boundaries = Vec::new();
        for part in &self.code.parts {
            if self.sweep_part(part, &mut boundaries).is_none() {
                return Vec::new();
            }
        }
        boundaries
    }

    fn sweep_part(&mut self, part: &Range<u32>, boundaries: &mut Vec<u32>) -> Option<()> {
        let mut at = part.start;
        while at < part.end {
            let step = self.step(at).ok()?;
            boundaries.push(at);
            at += step.len();
            if let Step::Row(decoded) = &*step
                && let Some((_, row)) = self.world.machine.instructions.get_index(decoded.row.0 as usize)
                && matches!(
                    row.flow,
                    framewright_spec::meaning::Flow::Jump(_) | framewright_spec::meaning::Flow::Branch { .. }
                )
            {
                self.leaders.insert(at);
                let targets = decoded.operands.iter().filter_map(|operand| match operand {
                    crate::decoded::Operand::Code(target) => u32::try_from(*target).ok(),
                    _ => None,
                });
                self.leaders.extend(targets);
            }
        }
        Some(())
    }

    fn start(&mut self, entry: &State) {
        let start = self.code.start();
        self.leaders.insert(start);
        self.states.insert(start, (entry.clone(), 0));
        self.work.insert(start);
        self.trace = MAX_TRACE;
        self.run();
    }

    fn run(&mut self) {
        while let Some(leader) = self.work.pop_first() {
            let Some((state, _)) = self.states.get(&leader) else { continue };
            let state = state.clone();
            self.block(leader, state);
            self.trace = 0;
        }
    }

    /// From a leader up to the next ones.
    fn block(&mut self, mut leader: u32, mut state: State) {
        let mut at = leader;
        loop {
            let step = match self.step(at) {
                Ok(step) => step,
                Err(error) => {
                    self.unsupported.insert(at, error);
                    return;
                }
            };
            // Only a call asks for the state before it.
            let before = is_call(&step, self.world).then(|| state.clone());
            let flow = match self.execute(&step, at, &mut state) {
                Ok(flow) => decided(flow),
                Err(error) => {
                    self.unsupported.insert(at, error);
                    return;
                }
            };
            state.settle(self.world);
            let next = at + step.len();
            if let Some(to) = self.traced(leader, &flow) {
                (leader, at) = (to, to);
                continue;
            }
            if !self.follow(leader, at, next, flow, before.as_ref(), &mut state) {
                return;
            }
            at = next;
            if self.code.part(at).is_none() {
                self.end(is_call(&step, self.world), next - step.len());
                return;
            }
            if self.leaders.contains(&at) {
                if self.trace == 0 {
                    self.enter(leader, at, &state);
                    return;
                }
                self.edges.insert((leader, at));
                leader = at;
                self.states.entry(at).or_insert_with(|| (state.clone(), 0));
            }
        }
    }

    fn execute(&mut self, step: &Step, at: u32, state: &mut State) -> Result<Flow<Value>, Unsupported> {
        let mut cpu = Cpu { world: self.world, state, notes: &mut self.notes, at: CodeOffset(at) };
        match step {
            Step::Row(decoded) => eval::execute(self.world.machine, decoded, &mut cpu),
            Step::Other(effects) => cpu.apply_effects(effects).map(|()| Flow::Next),
        }
    }

    /// While paths are not joined yet: where a jump within the body goes. A branch either way ends that.
    fn traced(&mut self, leader: u32, flow: &Flow<Value>) -> Option<u32> {
        self.trace = self.trace.saturating_sub(1);
        match flow {
            Flow::Branch { .. } => self.trace = 0,
            Flow::Jump(Value { low: Half::Code(to), .. }) if self.trace > 0 => {
                let to = self.code.inside(*to)?;
                self.leaders.insert(to);
                self.edges.insert((leader, to));
                return Some(to);
            }
            _ => {}
        }
        None
    }

    /// Where control goes; whether it goes on to the next instruction as part of the same block.
    fn follow(
        &mut self,
        leader: u32,
        at: u32,
        next: u32,
        flow: Flow<Value>,
        before: Option<&State>,
        state: &mut State,
    ) -> bool {
        match flow {
            Flow::Next => true,
            Flow::Trap => false,
            Flow::Jump(target) => {
                self.jump(leader, at, target.low, state);
                false
            }
            Flow::Branch { target, .. } => {
                self.jump(leader, at, target.low, state);
                if self.code.part(next).is_some() {
                    self.leaders.insert(next);
                }
                true
            }
            Flow::Call(target) => {
                if let Some(before) = before {
                    self.call(at, target.low, before, state);
                }
                before.is_some()
            }
            Flow::Return(target) => {
                self.exits.insert(at, Exit::Return);
                self.check_exit(at, target, Half::Frame(0), state);
                false
            }
        }
    }

    fn jump(&mut self, leader: u32, at: u32, target: Half, state: &State) {
        let target = if self.table_jumps.contains(&at) { Half::SomeCode } else { target };
        match target {
            Half::Code(to) if self.code.inside(to).is_some() => {
                let to = to as u32;
                self.leaders.insert(to);
                self.enter(leader, to, state);
            }
            Half::Code(to) if self.is_other_code(to) => {
                self.unclear.insert(at, format!("jump to {to:#x}, which is outside of the main body"));
            }
            Half::Code(to) if self.code.method.surroundings.place(to) == Place::Inside => {
                self.unclear.insert(at, format!("jump to {to:#x}, into the middle of another function"));
            }
            Half::SomeCode => {
                self.notes.assume("switch-targets", CodeOffset(at));
                self.table_jumps.insert(at);
                self.table_leaders.insert(leader);
                self.add_resume(state);
            }
            _ if self.code.leaves_by_jump
                && !matches!(target, Half::Code(_))
                && state.sp(self.world) != Half::Frame(self.world.entry_sp()) =>
            {
                match self.leaves.get_mut(&at) {
                    Some(known) => drop(known.join(state, self.world)),
                    None => drop(self.leaves.insert(at, state.clone())),
                }
            }
            _ => {
                self.exits.insert(at, Exit::TailJump);
                let (link, word) = self.world.return_address();
                let sp = self.world.entry_sp();
                let owed = match self.world.machine.link {
                    Some(_) => state.get(link),
                    None => state.memory.load(sp, word),
                };
                self.check_exit(at, owed, Half::Frame(sp), state);
            }
        }
    }

    fn call(&mut self, at: u32, target: Half, before: &State, state: &mut State) {
        self.notes.assume("callee-abi", CodeOffset(at));
        if let Half::Code(to) = target {
            if self.code.inside(to).is_some_and(|to| to != self.code.start()) {
                self.unclear.insert(at, format!("a call into its own body, to {to:#x}"));
            } else if to != i64::from(self.code.start()) && self.is_other_code(to) {
                self.notes.assume("funclets", CodeOffset(at));
            }
        }
        let probed = probe_address(before, self.world);
        match before.sp(self.world) {
            _ if probed.is_some() => {}
            Half::Frame(sp) if sp.rem_euclid(i64::from(self.world.abi.stack_align)) == 0 => {}
            Half::Below(_) => self.notes.assume("dynamic-frame", CodeOffset(at)),
            // Runtimes call small helpers, written for it, without aligning SP.
            Half::Frame(_) if matches!(target, Half::Code(_)) => {
                self.notes.assume("unaligned-helper", CodeOffset(at))
            }
            sp => {
                let align = self.world.abi.stack_align;
                let what = format!("SP is {sp:?} at a call, where it must be a multiple of {align}");
                self.notes.doubt(Property::P5, CodeOffset(at), Some(self.world.machine.sp), what);
            }
        }
        match self.calls.get_mut(&at) {
            Some(known) => drop(known.join(before, self.world)),
            None => drop(self.calls.insert(at, before.clone())),
        }
        let sp = before.get(self.world.machine.sp);
        state.set(self.world.machine.sp, sp);
        state.after_call(self.world);
        if let Some(reg) = probed {
            self.notes.assume("probe-helper", CodeOffset(at));
            state.set(reg, before.get(reg));
            state.memory = before.memory.clone();
            state.settle(self.world);
        }
    }

    /// Whether a place is code around the method's own that nothing is known of, so an exception funclet.
    fn is_other_code(&self, at: i64) -> bool {
        let around = (0..self.code.method.bytes.len() as i64).contains(&at);
        around && self.code.method.surroundings.place(at) == Place::Unknown
    }

    /// Control comes to a leader.
    fn enter(&mut self, from: u32, to: u32, state: &State) {
        self.edges.insert((from, to));
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

    /// Control comes to the end of the body.
    fn end(&mut self, after_call: bool, at: u32) {
        match after_call {
            true => self.notes.assume("no-return", CodeOffset(at)),
            false => drop(self.unclear.insert(at, "control runs past the end of the body".to_owned())),
        }
    }

    fn check_exit(&mut self, at: u32, to: Value, sp: Half, state: &State) {
        let world = self.world;
        let found = state.sp(world);
        let at = CodeOffset(at);
        if found != sp {
            let what = format!("SP is {found:?} where the caller wants {sp:?}");
            self.notes.doubt(Property::P1, at, Some(world.machine.sp), what);
        }
        let (link, word) = world.return_address();
        if !to.keeps(link, word) {
            let what = format!("control goes back to {:?}", to.low);
            self.notes.doubt(Property::P2, at, world.machine.link, what);
        }
        for (reg, bits) in world.debts() {
            let value = state.get(reg);
            if value.keeps(reg, bits) {
                continue;
            }
            let control = world.abi.control_bits.iter().any(|&(r, _)| r == reg);
            let property = if control { Property::P15 } else { Property::P3 };
            let what = format!("`{}` holds {:?}", world.machine.register(reg).name, value.low);
            self.notes.doubt(property, at, Some(reg), what);
        }
    }

    // What the code does not show

    fn add_resume(&mut self, state: &State) {
        let world = self.world;
        match self.resumes.iter_mut().find(|known| known.same_frame(state, world)) {
            Some(known) => drop(known.join(state, world)),
            None => self.resumes.push(state.clone()),
        }
    }

    /// A handler ends by going on in the body, with the frame as at the calls of the body: those made from the
    /// lowest SP, after the prolog.
    fn resume_after_handlers(&mut self) {
        let bound = |state: &State| match state.sp(self.world) {
            Half::Frame(sp) | Half::Below(sp) => Some(sp),
            _ => None,
        };
        let Some(lowest) = self.calls.values().filter_map(bound).min() else { return };
        let mut after: Vec<State> =
            self.calls.values().filter(|state| bound(state) == Some(lowest)).cloned().collect();
        after.iter_mut().for_each(|state| state.after_call(self.world));
        after.iter().for_each(|state| self.add_resume(state));
        let calls: Vec<u32> = self.calls.keys().copied().collect();
        calls.iter().for_each(|&at| self.notes.assume("handler-resume", CodeOffset(at)));
    }

    /// Control may come to every instruction that has the frame of one of the resumed states, and to those that
    /// nothing else leads to.
    fn resume(&mut self, boundaries: &[u32], entry: &State) {
        if boundaries.is_empty() {
            let start = self.code.start();
            self.unclear.insert(start, "jumps to places that cannot be told".to_owned());
            return;
        }
        self.leaders.extend(boundaries);
        self.states.clear();
        self.start(entry);
        let mut round = 0;
        loop {
            round += 1;
            let resumes = self.resumes.clone();
            for &at in boundaries {
                let known = self.states.get(&at).map(|(state, _)| state.clone());
                for state in &resumes {
                    if known.as_ref().is_none_or(|known| known.same_frame(state, self.world)) {
                        self.edges.extend(self.table_leaders.iter().map(|&from| (from, at)));
                        self.enter(at, at, state);
                    }
                }
                self.run();
            }
            if self.resumes == resumes || round > MAX_VISITS {
                return;
            }
        }
    }
}

fn is_call(step: &Step, world: &World) -> bool {
    match step {
        Step::Row(decoded) => {
            let row = world.machine.instructions.get_index(decoded.row.0 as usize);
            row.is_some_and(|(_, row)| matches!(row.flow, framewright_spec::meaning::Flow::Call(_)))
        }
        Step::Other(_) => false,
    }
}

/// The register in which a helper that touches the pages of a large frame is told how far down, if it is one: no
/// argument, and an address below SP.
fn probe_address(state: &State, world: &World) -> Option<Reg> {
    let Half::Frame(sp) = state.sp(world) else { return None };
    let told = |reg: &Reg| {
        let below = matches!(state.get(*reg).low, Half::Frame(at) if at < sp);
        below && world.kept_bits(*reg) == 0 && !world.abi.int_args.contains(reg) && *reg != world.machine.sp
    };
    world.registers().find(told)
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
