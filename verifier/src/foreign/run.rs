//! Concrete runs: what the code really does on a path, from an entry state made of unmistakable numbers.
//!
//! Branches are taken as the path has them, callees and whatever interrupts the code leave junk where they may.

use super::code::{Control, Step};
use super::state::{State, World};
use super::value::{Half, Value};
use super::walk::{Exit, Walk};
use crate::concrete::{ConcreteState, Fault, mask};
use crate::effects::{Effects, Extent};
use crate::eval::{self, Flow};
use crate::target::{Decoder, Known};
use crate::verdict::Property;
use framewright_spec::{CodeOffset, Reg};

/// The canonical frame address of a run.
pub(super) const CFA: u64 = 0x7ffe_4000_0000;
/// Address of the code's first byte.
const CODE: u64 = 0x10_0000_0000;
/// Most instructions of a run.
const MAX_STEPS: u32 = 200_000;
/// Most bytes that one instruction is believed to write.
const MAX_STORE: u64 = 1 << 16;
/// No run touches the stack farther below the CFA.
const STACK: u64 = 1 << 24;

/// What a register holds for the caller.
pub(crate) fn entry_value(decoder: &dyn Decoder, world: &World, reg: Reg) -> u128 {
    if world.abi.control_bits.iter().any(|&(control, _)| control == reg) {
        return decoder.usual(reg);
    }
    let low = 0xca11_0000_0000_0000 ^ ((u64::from(reg.0) + 1) * 0x0000_0101_0101_0101);
    let aligned = low & !(u64::from(world.instruction_align) - 1);
    let low = if reg == world.return_address().0 { aligned } else { low };
    u128::from(low ^ 0x00ff_0000_0000_0000) << 64 | u128::from(low)
}

fn junk(number: u64) -> u128 {
    let low =
        0xbad0_0000_0000_0000 ^ ((number + 1).wrapping_mul(0x0000_2357_9bdf_2469) & 0x0000_ffff_ffff_ffff);
    u128::from(low) << 64 | u128::from(low.rotate_left(8))
}

/// An entry state in numbers.
fn concrete(decoder: &dyn Decoder, world: &World, entry: &State) -> ConcreteState {
    let mut state = ConcreteState::new(world.machine, CODE);
    state.memory.fill = 0xb5;
    state.undefined_else = junk(999);
    let half = |half: Half, bits: u32, other: u128| -> u128 {
        let value = match half {
            Half::Known(value) => u128::from(value),
            Half::Entry { reg, low } => entry_value(decoder, world, reg) >> low,
            Half::Frame(at) | Half::Below(at) => u128::from(CFA.wrapping_add_signed(at)),
            Half::Code(at) => u128::from(CODE.wrapping_add_signed(at)),
            _ => other,
        };
        value & mask(bits.min(64))
    };
    for reg in world.registers() {
        let Value { bits, low, high } = entry.get(reg);
        let other = junk(u64::from(reg.0)) & mask(bits.min(64));
        let low = half(low, bits, other);
        let high = if bits > 64 { half(high, bits - 64, junk(u64::from(reg.0) + 200)) } else { 0 };
        state.set_register(reg, high << 64 | low);
    }
    for piece in entry.memory.pieces() {
        let value = half(piece.half, piece.bytes * 8, 0).to_le_bytes();
        state.memory.write(CFA.wrapping_add_signed(piece.at), &value[..piece.bytes as usize]);
    }
    state
}

/// Something that a run shows to be wrong.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub property: Property,
    pub reg: Option<Reg>,
    pub expected: u128,
    pub actual: u128,
    /// Where the run ends.
    pub exit: CodeOffset,
    /// The first instruction after which it cannot come right any more.
    pub wrong_at: CodeOffset,
    /// Where in the frame the value was kept, relative to the CFA.
    pub slot: Option<i64>,
    /// Instructions executed.
    pub path: Vec<CodeOffset>,
}

/// The state at the end of a run.
pub(crate) struct Outcome {
    pub state: ConcreteState,
    /// Where control goes on.
    pub pc: u128,
    pub at: u32,
    pub path: Vec<CodeOffset>,
    /// The values that the caller is owed.
    lost: Vec<Watched>,
    /// A fault that ended it early.
    fault: Option<Fault>,
}

/// Where a value that the caller is owed has been.
#[derive(Clone, Copy, Debug, Default)]
struct Watched {
    /// The instruction after which it is nowhere any more.
    lost: Option<u32>,
    /// Its last place in memory, relative to the CFA.
    slot: Option<i64>,
    /// The last instruction that accessed that.
    touched: Option<u32>,
    /// The instruction after which that lies below SP, overwritten.
    swept: Option<u32>,
    /// Whether it was read from there since.
    stale: bool,
}

/// Runs of one body from one entry.
pub(crate) struct Runner<'r, 'w> {
    pub world: &'r World<'r>,
    pub decoder: &'r dyn Decoder,
    pub walk: &'r mut Walk<'w>,
    pub entry: &'r State,
}

impl Runner<'_, '_> {
    /// What is wrong at the end of the path, if anything is.
    pub(crate) fn show(&mut self, leaders: &[u32], goal: u32, exit: Option<Exit>) -> Vec<Shown> {
        let shown = self.shown(leaders, goal, exit, false);
        // Where the values went is looked at only if one is lost.
        if shown.is_empty() { shown } else { self.shown(leaders, goal, exit, true) }
    }

    fn shown(&mut self, leaders: &[u32], goal: u32, exit: Option<Exit>, watch: bool) -> Vec<Shown> {
        let returns = self.walk.exits.get(&goal) == Some(&Exit::Return);
        let Some(outcome) = self.run_to(leaders, goal, returns, watch) else { return Vec::new() };
        match exit {
            Some(exit) if outcome.fault.is_none() => self.debts(&outcome, exit),
            _ => self.alignment(&outcome),
        }
    }

    /// The words of memory at the end of a path, and SP relative to the CFA there.
    pub(crate) fn frame_at(&mut self, leaders: &[u32], goal: u32) -> Option<Frame> {
        let outcome = self.before(leaders, goal)?;
        let word = |reg: Reg| (outcome.state.register(reg) as u64).wrapping_sub(CFA) as i64;
        let (sp, fp) = (word(self.world.machine.sp), word(self.world.machine.fp));
        Some(Frame { state: outcome.state, sp, fp, path: outcome.path })
    }

    pub(super) fn debts(&self, outcome: &Outcome, exit: Exit) -> Vec<Shown> {
        let world = self.world;
        let mut shown = Vec::new();
        let mut expect = |property, reg: Option<Reg>, watch: Option<usize>, expected: u128, actual: u128| {
            if expected == actual {
                return;
            }
            let watched = watch.map(|index| outcome.lost[index]);
            let slot = watched.and_then(|watched| watched.slot);
            let swept = watched.filter(|watched| watched.stale).and_then(|watched| watched.swept);
            let property = if swept.is_some() { Property::P6 } else { property };
            let wrong_at = swept.or(watched.and_then(|watched| watched.lost));
            let touched = watched.and_then(|watched| watched.touched);
            let wrong_at = CodeOffset(wrong_at.unwrap_or_else(|| self.last_change(outcome, reg, touched)));
            shown.push(Shown {
                property,
                reg,
                expected,
                actual,
                exit: CodeOffset(outcome.at),
                wrong_at,
                slot,
                path: outcome.path.clone(),
            });
        };
        let sp = match exit {
            Exit::Return => CFA,
            Exit::TailJump => CFA.wrapping_add_signed(world.entry_sp()),
        };
        let machine = world.machine;
        expect(Property::P1, Some(machine.sp), None, u128::from(sp), outcome.state.register(machine.sp));
        let (link, word) = world.return_address();
        let back = entry_value(self.decoder, world, link) & mask(word);
        expect(Property::P2, machine.link, Some(0), back, outcome.pc);
        for (index, (reg, bits)) in world.debts().enumerate() {
            let control = world.abi.control_bits.iter().find(|&&(r, _)| r == reg).map(|&(_, bits)| bits);
            let counts = control.unwrap_or(mask(bits));
            let expected = entry_value(self.decoder, world, reg) & counts;
            let property = if control.is_some() { Property::P15 } else { Property::P3 };
            expect(property, Some(reg), Some(index + 1), expected, outcome.state.register(reg) & counts);
        }
        shown
    }

    /// The last instruction of the path that has the register among what it writes, calls and the end aside, or that
    /// accessed its slot (`touched`); else the path's end.
    fn last_change(&self, outcome: &Outcome, reg: Option<Reg>, touched: Option<u32>) -> u32 {
        let changes = |at: &&CodeOffset| {
            let Some(step) = self.walk.code.decoded(at.0) else { return false };
            if step.control == Control::Call || at.0 == outcome.at {
                return false;
            }
            let written = step.effects(self.world.machine).written;
            touched == Some(at.0) || reg.is_some_and(|reg| written.contains(reg))
        };
        outcome.path.iter().rev().find(changes).map_or(outcome.at, |at| at.0)
    }

    fn alignment(&self, outcome: &Outcome) -> Vec<Shown> {
        let sp = outcome.state.register(self.world.machine.sp);
        let align = u128::from(self.world.abi.stack_align);
        let (actual, expected) = match outcome.fault {
            Some(Fault::Misaligned { address, align }) => {
                (u128::from(address), u128::from(address / u64::from(align) * u64::from(align)))
            }
            Some(_) => return Vec::new(),
            None => (sp, sp / align * align),
        };
        if actual == expected {
            return Vec::new();
        }
        let at = CodeOffset(outcome.at);
        let reg = outcome.fault.is_none().then_some(self.world.machine.sp);
        let path = outcome.path.clone();
        vec![Shown {
            property: Property::P5,
            reg,
            expected,
            actual,
            exit: at,
            wrong_at: at,
            slot: None,
            path,
        }]
    }

    /// From the entry along the leaders to the instruction `goal`, and before it, whatever it is.
    pub(super) fn before(&mut self, leaders: &[u32], goal: u32) -> Option<Outcome> {
        self.run_to(leaders, goal, false, false)
    }

    /// As said there; `through` the instruction, which is a return. `watch`: where the values that the caller is owed go.
    fn run_to(&mut self, leaders: &[u32], goal: u32, through: bool, watch: bool) -> Option<Outcome> {
        let watched = if watch { self.watched() } else { Vec::new() };
        let mut outcome = self.outcome(*leaders.first()?);
        let mut ahead = leaders[1..].iter().copied();
        let mut next_leader = ahead.next();
        for _ in 0..MAX_STEPS {
            let at = outcome.at;
            let step = self.walk.step(at).ok()?;
            outcome.path.push(CodeOffset(at));
            if at == goal && next_leader.is_none() && !through {
                outcome.pc = self.owed(&outcome.state);
                self.watch(&watched, &mut outcome);
                return Some(outcome);
            }
            let before = outcome.state.register(self.world.machine.sp) as u64;
            let flow = match self.execute(&step, &mut outcome.state) {
                Ok(flow) => flow,
                Err(fault) => {
                    outcome.fault = Some(fault);
                    return Some(outcome);
                }
            };
            self.watch(&watched, &mut outcome);
            self.interrupted(before, &watched, &mut outcome);
            let mut to = at + step.len();
            match flow {
                Flow::Return(pc) if self.is_exit(at, pc.value) => {
                    outcome.pc = pc.value;
                    return (at == goal).then_some(outcome);
                }
                Flow::Trap => return None,
                Flow::Call(target) if self.is_followed(at, target.value, next_leader) => to = next_leader?,
                Flow::Call(_) => {
                    self.call(&mut outcome.state);
                    to = next_leader.filter(|&landing| self.lands(at, landing)).unwrap_or(to);
                }
                Flow::Return(target) | Flow::Jump(target) => {
                    let known = step.targets().next().is_some() || matches!(flow, Flow::Return(_));
                    to = next_leader.filter(|&to| !known || self.offset(target.value) == i64::from(to))?;
                }
                Flow::Branch { target, .. } => {
                    let either = [self.offset(target.value), i64::from(to)];
                    to = next_leader.filter(|&to| either.contains(&i64::from(to)))?;
                }
                Flow::Next => {}
            }
            if Some(to) == next_leader {
                next_leader = ahead.next();
            }
            outcome.at = to;
        }
        None
    }

    /// Whether a return ends the activation: not one to code around the function's own, which is a jump.
    fn is_exit(&self, at: u32, pc: u128) -> bool {
        let around = (0..i64::from(self.world.code_bytes)).contains(&self.offset(pc));
        self.walk.exits.get(&at) == Some(&Exit::Return) && !around
    }

    /// Whether a call is a jump within the function on this path.
    fn is_followed(&self, at: u32, target: u128, next_leader: Option<u32>) -> bool {
        let target = self.offset(target);
        target != i64::from(self.walk.code.start())
            && self.walk.code.is_together(at, target)
            && next_leader.is_some_and(|next| i64::from(next) == target)
    }

    /// Whether an exception that a call raises is caught there.
    fn lands(&self, at: u32, landing: u32) -> bool {
        let pads = self.walk.code.method.pads;
        pads.iter().any(|pad| pad.landing == landing && (pad.calls.0..pad.calls.1).contains(&at))
    }

    /// A run that begins at `start`.
    pub(super) fn outcome(&self, start: u32) -> Outcome {
        Outcome {
            state: concrete(self.decoder, self.world, self.entry),
            pc: 0,
            at: start,
            path: Vec::new(),
            lost: self.owed_slots(),
            fault: None,
        }
    }

    /// An address as an offset from the code's first byte.
    pub(super) fn offset(&self, address: u128) -> i64 {
        (address as u64).wrapping_sub(CODE) as i64
    }

    /// The return address where a tail jump leaves it.
    pub(super) fn owed(&self, state: &ConcreteState) -> u128 {
        match self.world.machine.link {
            Some(link) => state.register(link),
            None => {
                let sp = state.register(self.world.machine.sp) as u64;
                state.memory.read(sp, self.world.machine.word_bytes)
            }
        }
    }

    /// An instruction, and a signal handler after it.
    pub(super) fn perform(
        &self,
        step: &Step,
        state: &mut ConcreteState,
    ) -> Result<Flow<crate::concrete::Bits>, Fault> {
        let before = state.register(self.world.machine.sp) as u64;
        let flow = self.execute(step, state)?;
        self.interrupt(before, state);
        Ok(flow)
    }

    fn execute(&self, step: &Step, state: &mut ConcreteState) -> Result<Flow<crate::concrete::Bits>, Fault> {
        state.accesses.clear();
        Ok(match &step.known {
            Known::Row(decoded) => match eval::execute(self.world.machine, decoded, state) {
                Err(Fault::Exception | Fault::UnknownFunction(_)) => {
                    self.scatter(&step.effects(self.world.machine), state);
                    Flow::Next
                }
                other => other?,
            },
            Known::Effects(effects) => {
                self.scatter(effects, state);
                Flow::Next
            }
        })
    }

    /// Junk wherever an instruction without a row may write.
    fn scatter(&self, effects: &Effects, state: &mut ConcreteState) {
        let seed = u64::from(effects.at.0) << 8;
        for store in &effects.stores {
            let Some(operand) = &store.address else { continue };
            let register = |reg: Reg| state.register(reg) as u64;
            let base = match operand.base {
                crate::decoded::Base::Zero => 0,
                crate::decoded::Base::Register(reg) => register(reg),
                crate::decoded::Base::Code => CODE,
            };
            let index = operand.index.map_or(0, |(reg, scale)| register(reg).wrapping_mul(u64::from(scale)));
            let address = base.wrapping_add(index).wrapping_add_signed(operand.displacement);
            let bytes = match store.extent {
                Extent::Bytes(bytes) => u64::from(bytes),
                Extent::Times { bytes, count } => register(count).saturating_mul(u64::from(bytes)),
            };
            let bytes = vec![0xb7; bytes.min(MAX_STORE) as usize];
            state.memory.write(address, &bytes);
        }
        for reg in effects.written.iter() {
            state.set_register(reg, junk(seed + u64::from(reg.0)));
        }
    }

    /// A signal handler writes below SP and the red zone: over what this instruction wrote there or left there.
    fn interrupt(&self, before: u64, state: &mut ConcreteState) {
        let sp = state.register(self.world.machine.sp) as u64;
        let limit = sp.wrapping_sub(u64::from(self.world.abi.red_zone));
        let writes: Vec<_> = state.accesses.iter().filter(|access| access.write).copied().collect();
        for access in writes {
            let below = (0..u64::from(access.bytes)).map(|i| access.address.wrapping_add(i));
            let below: Vec<u64> =
                below.filter(|&address| address < limit && address > limit.wrapping_sub(STACK)).collect();
            below.iter().for_each(|&address| state.memory.write(address, &[0xb9]));
        }
        if sp > before && sp - before < STACK {
            self.overwrite_below(limit, state);
        }
    }

    fn overwrite_below(&self, limit: u64, state: &mut ConcreteState) {
        let stack = limit.saturating_sub(STACK)..limit;
        let stale: Vec<u64> =
            state.memory.written().map(|(at, _)| at).filter(|at| stack.contains(at)).collect();
        stale.iter().for_each(|&at| state.memory.write(at, &[0xb9]));
    }

    /// A callee leaves junk where the convention lets it.
    pub(super) fn call(&self, state: &mut ConcreteState) {
        let world = self.world;
        let sp = (state.register(world.machine.sp) as u64).wrapping_add(u64::from(world.abi.pushed_return));
        state.set_register(world.machine.sp, u128::from(sp));
        // An address below SP, not an argument: what a helper that touches pages is told.
        let below = sp.wrapping_sub(STACK)..sp;
        let is_probe = |state: &ConcreteState, reg: Reg| {
            let told = world.kept_bits(reg) == 0 && !world.abi.int_args.contains(&reg);
            told && below.contains(&(state.register(reg) as u64))
        };
        let others = || world.registers().filter(|&reg| reg != world.machine.sp);
        let probe = others().find(|&reg| is_probe(state, reg));
        for reg in others().filter(|&reg| Some(reg) != probe) {
            let kept = world.kept_bits(reg);
            if kept < world.machine.register(reg).bits {
                let keeps = if kept == 0 { 0 } else { mask(kept) };
                let value = (state.register(reg) & keeps) | (junk(u64::from(reg.0) + 400) & !keeps);
                state.set_register(reg, value);
            }
        }
        self.overwrite_below(sp, state);
        if probe.is_none() {
            state.memory.write(sp, &vec![0xbb; world.abi.shadow_space as usize]);
        }
    }

    /// The values that the caller is owed: the return address, then registers.
    fn watched(&self) -> Vec<(u128, u32)> {
        let world = self.world;
        let owed = std::iter::once(world.return_address()).chain(world.debts());
        owed.map(|(reg, bits)| (entry_value(self.decoder, world, reg) & mask(bits), bits)).collect()
    }

    /// The slots of the watched values at the entry.
    fn owed_slots(&self) -> Vec<Watched> {
        let owed = std::iter::once(self.world.return_address()).chain(self.world.debts());
        let pieces = self.entry.memory.pieces();
        let slot = |reg: Reg| pieces.iter().find(|p| p.half == Half::Entry { reg, low: 0 }).map(|p| p.at);
        owed.map(|(reg, _)| Watched { slot: slot(reg), ..Watched::default() }).collect()
    }

    /// Notes where each watched value still is.
    fn watch(&self, watched: &[(u128, u32)], outcome: &mut Outcome) {
        if watched.is_empty() {
            return;
        }
        let Outcome { state, lost, at, .. } = outcome;
        let accessed: Vec<u64> = state.accesses.iter().map(|access| access.address).collect();
        for ((value, bits), watched) in watched.iter().zip(lost) {
            let holds = |address: u64| bits % 8 == 0 && state.memory.read(address, bits / 8) == *value;
            let relative = |address: u64| address.wrapping_sub(CFA) as i64;
            let places = || accessed.iter().flat_map(|&a| [a, a.wrapping_add(8)]);
            let moved = places().find(|&a| holds(a) && a > CFA - STACK && a < CFA + STACK).map(relative);
            if moved.is_some() {
                (watched.slot, watched.swept, watched.stale) = (moved, None, false);
            }
            let slot = watched.slot.map(|slot| CFA.wrapping_add_signed(slot));
            if slot.is_some_and(|slot| places().any(|a| a == slot)) {
                watched.touched = Some(*at);
                watched.stale |= watched.swept.is_some();
            }
            let in_register =
                || self.world.registers().any(|reg| state.register(reg) & mask(*bits) == *value);
            if slot.is_some_and(holds) || in_register() {
                watched.lost = None;
            } else {
                watched.lost = watched.lost.or(Some(*at));
            }
        }
    }

    /// A signal handler after an instruction; notes which watched values it has overwritten in their slots.
    fn interrupted(&self, before: u64, watched: &[(u128, u32)], outcome: &mut Outcome) {
        let holds = |state: &ConcreteState, (value, bits): (u128, u32), watched: &Watched| {
            let slot = watched.slot.map(|slot| CFA.wrapping_add_signed(slot));
            slot.is_some_and(|slot| bits % 8 == 0 && state.memory.read(slot, bits / 8) == value)
        };
        let Outcome { state, lost, at, .. } = outcome;
        let owed = || watched.iter().copied();
        let held: Vec<bool> =
            owed().zip(lost.iter()).map(|(value, slot)| holds(state, value, slot)).collect();
        self.interrupt(before, state);
        for ((value, held), watched) in owed().zip(held).zip(lost) {
            if held && !holds(state, value, watched) {
                watched.swept = watched.swept.or(Some(*at));
            }
        }
    }
}

/// The frame at a place of the body.
pub(crate) struct Frame {
    state: ConcreteState,
    /// SP and FP relative to the CFA.
    pub sp: i64,
    pub fp: i64,
    pub path: Vec<CodeOffset>,
}

impl Frame {
    /// Bytes of memory as a number.
    pub(crate) fn read(&self, at: i64, bytes: u32) -> u128 {
        self.state.memory.read(CFA.wrapping_add_signed(at), bytes)
    }
}
