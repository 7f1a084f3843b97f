//! Random instances of a row in random states, aimed so that they stay within what is their own.

use crate::machines::Emulation;
use crate::random::Random;
use crate::samples;
use framewright_spec::encoding::KindForm;
use framewright_spec::machine::RegClass;
use framewright_spec::meaning::{Expr, Flow, Instruction};
use framewright_spec::{CodeOffset, Machine, Reg};
use framewright_verifier::concrete::{Bits, ConcreteState, Fault};
use framewright_verifier::decoded::{Decoded, Operand};
use framewright_verifier::eval::{self, execute};
use framewright_verifier::target::Decoder;

/// Where records are in the emulated program, and bytes of one; the templates say the same.
pub(crate) const BASE: u64 = 0x10_0000_0000;
pub(crate) const RECORD: u64 = 0x2000;
/// Bytes of memory that an instruction may touch.
pub(crate) const MEMORY: u64 = 0x100;
/// The second exit, bytes from the code's start.
const SECOND_EXIT: u64 = 16;
/// Attempts at an instance in a state that fits.
const ATTEMPTS: usize = 400;

/// One instruction in one state.
pub(crate) struct Trial {
    pub(crate) decoded: Decoded,
    pub(crate) bytes: Vec<u8>,
    pub(crate) text: String,
    pub(crate) before: ConcreteState,
    /// Which register points at the record.
    pub(crate) pointer: usize,
    /// Number of the record.
    pub(crate) number: u64,
}

/// Makes trials of one machine.
pub(crate) struct Maker<'a> {
    pub(crate) machine: &'a Machine,
    pub(crate) decoder: &'a dyn Decoder,
    pub(crate) emulation: &'a Emulation,
}

impl Trial {
    /// What the pointer holds.
    pub(crate) fn pointed(emulation: &Emulation, number: u64) -> u64 {
        (BASE + number * RECORD).wrapping_add_signed(-emulation.start)
    }

    /// Address of the memory it may touch.
    pub(crate) fn memory(emulation: &Emulation, number: u64) -> u64 {
        Trial::pointed(emulation, number).wrapping_add_signed(emulation.scratch)
    }

    /// Address of the second exit.
    pub(crate) fn second_exit(emulation: &Emulation, number: u64) -> u64 {
        Trial::pointed(emulation, number).wrapping_add_signed(emulation.code) + SECOND_EXIT
    }
}

impl Maker<'_> {
    /// A trial of the row, in the record of that number.
    pub(crate) fn trial(&self, row: usize, number: u64, random: &mut Random) -> Option<Trial> {
        (0..ATTEMPTS).find_map(|_| self.attempt(row, number, random))
    }

    fn attempt(&self, row: usize, number: u64, random: &mut Random) -> Option<Trial> {
        let (_, instruction) = self.machine.instructions.get_index(row)?;
        let bytes = self.instance(instruction, number, random)?;
        let decoded = self.decoder.decode(&bytes, CodeOffset(0)).ok()?;
        if usize::from(decoded.row.0) != row {
            return None;
        }
        let begins = |name: &String| instruction.name.starts_with(name.as_str());
        if self.emulation.distinct.iter().any(begins) && repeats(&decoded) {
            return None;
        }
        let text = self.decoder.text(&bytes, CodeOffset(0));
        let pointer = random.below(2) as usize;
        let before = self.state(&bytes, number, pointer, random);
        let mut trial = Trial { decoded, bytes, text, before, pointer, number };
        self.aim(&mut trial, instruction, random)?;
        let (after, _) = run(self.machine, &trial, 0).ok()?;
        let reg = self.emulation.pointers[pointer];
        (after.register(reg) == trial.before.register(reg)).then_some(trial)
    }

    /// A word of the row; targets of branches are the second exit, of loads from near the code the memory.
    fn instance(&self, row: &Instruction, number: u64, random: &mut Random) -> Option<Vec<u8>> {
        let encoding = row.encoding.as_ref()?;
        let reads = row.updates.iter().any(|update| has_memory(&update.value));
        let leaves = !matches!(row.flow, Flow::Next);
        let numbers = row.kinds.iter().enumerate().map(|(operand, &id)| {
            let kind = self.machine.kind(id)?;
            let covered = samples::covered(encoding, operand);
            Some(match &kind.form {
                KindForm::Code { .. } if leaves => SECOND_EXIT - 4 + u64::from(encoding.bytes()),
                KindForm::Code { .. } if reads => {
                    let code = Trial::second_exit(self.emulation, number) - SECOND_EXIT;
                    let target = Trial::memory(self.emulation, number) + 16 * random.below(8);
                    target.wrapping_sub(code) & covered
                }
                KindForm::Register { .. } => random.word() & covered,
                _ => match random.below(4) {
                    0 => random.below(64) & covered,
                    1 => covered & !(random.word() & random.word() & random.word()),
                    2 => random.pick(&[0, covered, covered ^ covered >> 1, covered >> 1 & covered]),
                    _ => random.word() & covered,
                },
            })
        });
        let numbers: Vec<u64> = numbers.collect::<Option<_>>()?;
        Some(samples::bytes(encoding, samples::word(encoding, &numbers, random.word() as u32)))
    }

    fn state(&self, bytes: &[u8], number: u64, pointer: usize, random: &mut Random) -> ConcreteState {
        let pointed = Trial::pointed(self.emulation, number);
        let skipped = 4 - bytes.len() as u64;
        let mut state =
            ConcreteState::new(self.machine, pointed.wrapping_add_signed(self.emulation.code) + skipped);
        for (i, register) in self.machine.registers.iter().enumerate() {
            let value = match register.class {
                RegClass::Int => u128::from(random.integer()),
                RegClass::Float if register.bits == 64 && random.one_in(2) => {
                    u128::from(u64::from(u32::MAX) << 32 | u64::from(random.float32()))
                }
                RegClass::Float if register.bits == 64 => u128::from(random.float64()),
                RegClass::Float if random.one_in(3) => u128::from(random.float32()),
                RegClass::Float => random.vector(),
                RegClass::Flag => u128::from(random.word()),
                RegClass::Control => {
                    self.emulation.control.get(&register.name).map_or(0, |values| random.pick(values))
                }
            };
            state.set_register(Reg(i as u8), value);
        }
        let memory = Trial::memory(self.emulation, number);
        let content: Vec<u8> = (0..MEMORY / 16).flat_map(|_| random.vector().to_le_bytes()).collect();
        state.memory.write(memory, &content);
        state.set_register(self.machine.sp, u128::from(memory + 16 * random.below(MEMORY / 16)));
        state.set_register(self.emulation.pointers[pointer], u128::from(pointed));
        state
    }

    /// Sets registers so that accesses are within the memory, and control goes to one of the exits.
    fn aim(&self, trial: &mut Trial, row: &Instruction, random: &mut Random) -> Option<()> {
        let memory = Trial::memory(self.emulation, trial.number);
        let target = memory + MEMORY / 4 + 16 * random.below(4);
        let begins = |name: &String| row.name.starts_with(name.as_str());
        let aligned = self.emulation.aligned.iter().any(begins);
        let target = if aligned || random.one_in(2) { target } else { target + random.below(16) };
        for _ in 0..3 {
            let Some(delta) = self.astray(trial, target, aligned) else { return Some(()) };
            let mut registers: Vec<Reg> = trial.decoded.operands.iter().filter_map(register).collect();
            registers.extend([self.machine.sp].into_iter().chain(self.machine.link));
            let pointer = self.emulation.pointers[trial.pointer];
            let moved = registers.into_iter().filter(|&reg| reg != pointer).find_map(|reg| {
                let old = trial.before.register(reg);
                trial.before.set_register(reg, u128::from((old as u64).wrapping_add(delta)));
                if self.astray(trial, target, aligned) != Some(delta) {
                    return Some(());
                }
                trial.before.set_register(reg, old);
                None
            });
            moved?;
        }
        None
    }

    /// How far the first access that leaves the memory or is not aligned as it must be, or the jump, is from where it should be. What raises an
    /// exception stays where it is.
    fn astray(&self, trial: &Trial, target: u64, aligned: bool) -> Option<u64> {
        let Ok((after, flow)) = run(self.machine, trial, 0) else { return None };
        let memory = Trial::memory(self.emulation, trial.number);
        let inside = |address: u64, bytes: u32| {
            let fits = !aligned || address.is_multiple_of(u64::from(bytes).max(1));
            fits && address >= memory && address.saturating_add(u64::from(bytes)) <= memory + MEMORY
        };
        let out = after.accesses.iter().find(|access| !inside(access.address, access.bytes));
        if let Some(access) = out {
            return Some(target.wrapping_sub(access.address));
        }
        let exit = Trial::second_exit(self.emulation, trial.number);
        let to = match flow {
            eval::Flow::Next | eval::Flow::Trap => return None,
            eval::Flow::Jump(to) | eval::Flow::Call(to) | eval::Flow::Return(to) => to,
            eval::Flow::Branch { target, .. } => target,
        };
        let delta = exit.wrapping_sub(to.value as u64);
        (delta != 0).then_some(delta)
    }
}

/// The state after the instruction and where control goes, undefined values being all zeros or all ones.
pub(crate) fn run(
    machine: &Machine,
    trial: &Trial,
    undefined: u128,
) -> Result<(ConcreteState, eval::Flow<Bits>), Fault> {
    let mut state = trial.before.clone();
    state.undefined_else = undefined;
    let flow = execute(machine, &trial.decoded, &mut state)?;
    Ok((state, flow))
}

fn register(operand: &Operand) -> Option<Reg> {
    match operand {
        Operand::Part(view) if view.low_bit == 0 && view.bits == 64 => Some(view.reg),
        _ => None,
    }
}

/// Whether two operands are the same register.
fn repeats(decoded: &Decoded) -> bool {
    let mut seen = Vec::new();
    decoded.operands.iter().any(|operand| {
        let repeated = matches!(operand, Operand::Part(_)) && seen.contains(&operand);
        seen.push(operand);
        repeated
    })
}

fn has_memory(expr: &Expr) -> bool {
    matches!(expr, Expr::Memory { .. }) || expr.parts().into_iter().any(has_memory)
}
