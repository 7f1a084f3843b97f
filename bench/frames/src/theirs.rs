//! The frame instructions of other people's code, by what they do.
//!
//! A prolog does more than make a frame (it clears slots, fetches locals), so only instructions of four kinds count:
//! those that move SP, those that set FP, those that store what a callee-saved or the link register held at entry, and
//! those that compute what one of these reads. In an epilog: those that move SP or load such a register, and the return.

use framewright_spec::meaning::{Expr, Flow as RowFlow, Instruction};
use framewright_spec::{Abi, CodeOffset, Machine, Reg, RegSet};
use framewright_verifier::concrete::ConcreteState;
use framewright_verifier::decoded::{Base, Decoded, Operand};
use framewright_verifier::effects::Effects;
use framewright_verifier::eval::execute;
use framewright_verifier::target::Decoder;

/// Where SP is at the entry of the code that is run here.
const SP: u64 = 0x7fff_0000_0000;

/// More instructions than any prolog has.
const MOST: usize = 400;

/// Length of a piece of code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Length {
    pub instructions: i64,
    pub bytes: i64,
    /// The instructions, for people.
    pub text: Vec<String>,
}

/// What a prolog was seen to do.
pub struct Prolog {
    pub length: Length,
    /// Registers it saves, FP and the link register left out.
    pub saved: RegSet,
    /// Bytes by which it lowers SP.
    pub lowers: i64,
    /// From SP up to FP after it; `None`: it does not set FP.
    pub fp: Option<i64>,
}

/// Code to look at.
pub struct Code<'a> {
    pub machine: &'a Machine,
    pub abi: &'a Abi,
    pub decoder: &'a dyn Decoder,
    pub bytes: &'a [u8],
}

/// An instruction of a prolog that was run.
struct Step {
    at: u32,
    len: u32,
    reads: RegSet,
    writes: RegSet,
    stores: bool,
    /// It moves SP, sets FP, or stores an entry value.
    frames: bool,
    /// It sets FP to a place in the frame.
    fp_in_frame: bool,
    sp: u64,
    fp: u64,
}

impl Code<'_> {
    /// All of the code from `begin` to `end`.
    pub fn whole(&self, begin: u32, end: u32) -> Option<Length> {
        let mut length = Length::default();
        let mut at = begin;
        while at < end {
            let decoded = self.decoder.decode(self.bytes, CodeOffset(at)).ok()?;
            self.count(&mut length, at, decoded.len);
            at += decoded.len;
        }
        Some(length)
    }

    /// The prolog at `begin`; `end`, where unwinding data says how long it is. `None`: it cannot be followed.
    pub fn prolog(&self, begin: u32, end: Option<u32>) -> Option<Prolog> {
        let mut state = ConcreteState::new(self.machine, 0x10_0000);
        let owed = self.owed();
        for reg in owed.iter() {
            state.set_register(reg, u128::from(entry_value(reg)));
        }
        state.set_register(self.machine.fp, u128::from(SP + 0x100));
        state.set_register(self.machine.sp, u128::from(SP));
        let mut steps = Vec::new();
        let mut saved = RegSet::EMPTY;
        let mut at = begin;
        // FP may be set right after what unwinding data calls the prolog.
        let mut more = 3;
        while steps.len() < MOST && more > 0 {
            let Some((step, stored)) = self.step(at, &mut state) else { break };
            more -= i32::from(end.is_some_and(|end| at >= end));
            at += step.len;
            saved = saved.union(stored);
            steps.push(step);
        }
        let fp = steps.iter().position(|step| step.fp_in_frame);
        match (end, fp) {
            (None, fp) => steps.truncate(after_fp(&steps, fp?)),
            (Some(end), None) => steps.retain(|step| step.at < end),
            (Some(end), Some(fp)) => {
                let last = steps[fp].at;
                steps.retain(|step| step.at < end || step.at == last);
            }
        }
        let low = steps.last().map_or(SP, |step| step.sp);
        let saved = self.machine.link.map_or(saved, |link| saved.without(link)).without(self.machine.fp);
        let mut length = Length::default();
        for step in framing(&steps, owed.with(self.machine.sp)) {
            self.count(&mut length, step.at, step.len);
        }
        let fp = steps.iter().find(|step| step.fp_in_frame).map(|step| step.fp as i64 - low as i64);
        Some(Prolog { length, saved, lowers: SP as i64 - low as i64, fp })
    }

    /// The epilog that ends with the first return of the code from `begin` to `end`. `None`: there is none.
    pub fn epilog(&self, begin: u32, end: u32) -> Option<Length> {
        let owed = self.owed();
        let mut steps = Vec::new();
        let mut at = begin;
        while at < end {
            let effects = self.effects(at)?;
            let decoded = self.decoder.decode(self.bytes, CodeOffset(at)).ok();
            let row = decoded.as_ref().and_then(|d| self.machine.instructions.get_index(d.row.0 as usize));
            let flow = row.map(|(_, row)| &row.flow);
            let returns = matches!(flow, Some(RowFlow::Return(_)));
            let operand = decoded.as_ref().is_some_and(has_memory);
            let loads = effects.stores.is_empty() && (operand || row.is_some_and(|(_, row)| loads(row)));
            let moves = effects.written.contains(self.machine.sp);
            steps.push(Step {
                at,
                len: effects.len,
                reads: decoded.as_ref().map_or(RegSet::EMPTY, reads),
                writes: effects.written,
                stores: !effects.stores.is_empty(),
                frames: returns
                    || matches!(flow, Some(RowFlow::Next))
                        && (moves || loads && !effects.written.intersection(owed).is_empty()),
                fp_in_frame: false,
                sp: 0,
                fp: 0,
            });
            if returns {
                return Some(self.last(&steps, owed));
            }
            at += effects.len;
        }
        None
    }

    /// The frame instructions at the end.
    fn last(&self, steps: &[Step], owed: RegSet) -> Length {
        // What is loaded again later was loaded for the body.
        let mut restored = RegSet::EMPTY;
        let mut again = |step: &Step| {
            let loaded = step.writes.intersection(owed);
            let again = !loaded.is_empty() && loaded.within(restored);
            restored = restored.union(loaded);
            again && !step.writes.contains(self.machine.sp)
        };
        let framing = framing(steps, owed.with(self.machine.sp));
        let belongs = |step: &Step| framing.iter().any(|f| f.at == step.at);
        let mut length = Length::default();
        for step in steps.iter().rev() {
            if !belongs(step) || again(step) {
                break;
            }
            self.count(&mut length, step.at, step.len);
        }
        length.text.reverse();
        length
    }

    fn count(&self, length: &mut Length, at: u32, len: u32) {
        length.instructions += 1;
        length.bytes += i64::from(len);
        length.text.push(self.decoder.text(self.bytes, CodeOffset(at)));
    }

    /// What the caller is owed, the link register included.
    fn owed(&self) -> RegSet {
        let saved = self.abi.callee_saved_set();
        self.machine.link.map_or(saved, |link| saved.with(link)).without(self.machine.sp)
    }

    fn effects(&self, at: u32) -> Option<Effects> {
        match self.decoder.decode(self.bytes, CodeOffset(at)) {
            Ok(decoded) => Some(Effects::of_row(self.machine, &decoded)),
            Err(_) => self.decoder.effects(self.bytes, CodeOffset(at))?.ok(),
        }
    }

    /// Runs an instruction, with the registers whose entry values it stored. `None`: control does not go on to the
    /// next one, but for calls, which are taken to change nothing.
    fn step(&self, at: u32, state: &mut ConcreteState) -> Option<(Step, RegSet)> {
        let effects = self.effects(at)?;
        let before = state.register(self.machine.sp);
        let fp = state.register(self.machine.fp);
        let mut stored = RegSet::EMPTY;
        let mut read = RegSet::EMPTY;
        if let Ok(decoded) = self.decoder.decode(self.bytes, CodeOffset(at)) {
            let (_, row) = self.machine.instructions.get_index(decoded.row.0 as usize)?;
            read = reads(&decoded);
            match row.flow {
                RowFlow::Next => {
                    state.accesses.clear();
                    execute(self.machine, &decoded, state).ok()?;
                    stored = self.stored(state, fp);
                }
                RowFlow::Call(_) => {}
                _ => return None,
            }
        }
        let [sp, new_fp] = [self.machine.sp, self.machine.fp].map(|reg| state.register(reg));
        let step = Step {
            at,
            len: effects.len,
            reads: read,
            writes: effects.written,
            stores: !effects.stores.is_empty(),
            frames: sp != before || new_fp != fp || !stored.is_empty(),
            fp_in_frame: new_fp != fp && (sp..=u128::from(SP)).contains(&new_fp),
            sp: sp as u64,
            fp: new_fp as u64,
        };
        Some((step, stored))
    }

    /// Registers whose entry values are among what was just written.
    fn stored(&self, state: &ConcreteState, fp: u128) -> RegSet {
        let mut words = state.accesses.iter().filter(|access| access.write).flat_map(|access| {
            let words = (0..u64::from(access.bytes / 8)).map(|i| access.address.wrapping_add(8 * i));
            words.map(|at| state.memory.read(at, 8)).collect::<Vec<_>>()
        });
        let value = |reg: Reg| if reg == self.machine.fp { fp } else { u128::from(entry_value(reg)) };
        let mut stored = RegSet::EMPTY;
        for word in words.by_ref() {
            stored = stored.union(self.owed().iter().filter(|&reg| value(reg) == word).collect());
        }
        stored
    }
}

/// A number that is no other register's.
fn entry_value(reg: Reg) -> u64 {
    0x5a5a_0000_1234_0001 + (u64::from(reg.0) << 32)
}

fn reads(decoded: &Decoded) -> RegSet {
    let mut read = RegSet::EMPTY;
    for operand in &decoded.operands {
        match operand {
            Operand::Part(view) => read = read.with(view.reg),
            Operand::Memory(memory) => {
                if let Base::Register(reg) = memory.base {
                    read = read.with(reg);
                }
                read = memory.index.map_or(read, |(reg, _)| read.with(reg));
            }
            _ => {}
        }
    }
    read
}

fn has_memory(decoded: &Decoded) -> bool {
    decoded.operands.iter().any(|o| matches!(o, Operand::Memory(memory) if memory.bits > 0))
}

/// Whether the row itself reads memory, which is no operand then.
fn loads(row: &Instruction) -> bool {
    fn within(expr: &Expr) -> bool {
        matches!(expr, Expr::Memory { .. }) || expr.parts().into_iter().any(within)
    }
    row.lets.iter().any(|(_, value)| within(value)) || row.updates.iter().any(|u| within(&u.value))
}

/// How many steps there are up to the setting of FP, and the movements of SP right after it.
fn after_fp(steps: &[Step], fp: usize) -> usize {
    let mut end = fp + 1;
    let mut next = end;
    while let Some(step) = steps.get(next) {
        next += 1;
        if step.sp < steps[next - 2].sp {
            end = next;
        } else if step.stores || step.frames || next - end > 2 {
            break;
        }
    }
    end
}

/// The steps that make up the frame: those seen to, and those whose results they read. `others` are registers that
/// nothing has to compute.
fn framing(steps: &[Step], others: RegSet) -> Vec<&Step> {
    let mut needed = RegSet::EMPTY;
    let mut chosen = Vec::new();
    for (i, step) in steps.iter().enumerate().rev() {
        let made = step.writes.intersection(needed);
        let feeds = !step.stores && !made.is_empty();
        if !step.frames && !feeds {
            continue;
        }
        let reads = step.reads.minus(others);
        if step.frames {
            needed = needed.minus(step.writes).union(reads);
        } else {
            // A register that was written right before is read here: constants are made in parts.
            let part =
                i.checked_sub(1).map_or(RegSet::EMPTY, |before| steps[before].writes.intersection(made));
            needed = needed.minus(step.writes).union(reads.minus(step.writes)).union(part);
        }
        chosen.push(step);
    }
    chosen.reverse();
    chosen
}
