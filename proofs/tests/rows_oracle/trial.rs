//! Random instances of a row in random states, aimed so that they stay within what is their own.

use crate::machines::Emulation;
use crate::random::Random;
use crate::samples;
use framewright_spec::encoding::KindForm;
use framewright_spec::machine::{RegClass, Register};
use framewright_spec::meaning::{Expr, Flow, Instruction, Place};
use framewright_spec::{CodeOffset, Machine, Reg};
use framewright_verifier::concrete::{Bits, ConcreteState, Fault, mask};
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
/// States in which a row raises its exception.
const STOPS: usize = 3;
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

    /// Trials of a row that raise its exception, if there are any. Nothing else ends the program in them: what the row would
    /// access without the exception is there.
    pub(crate) fn trapping(&self, row: usize) -> Vec<Trial> {
        let instruction = &self.machine.instructions[row];
        let begins = |name: &String| instruction.name.starts_with(name.as_str());
        if instruction.traps.is_none() || self.emulation.goes_on.keys().any(begins) {
            return Vec::new();
        }
        let mut going_on = self.machine.clone();
        going_on.instructions[row].traps = None;
        let instruction = &going_on.instructions[row];
        let values = instruction.updates.iter().map(|update| &update.value);
        let touches_memory = values.chain(instruction.lets.iter().map(|(_, value)| value)).any(has_memory)
            || instruction.updates.iter().any(|update| matches!(update.place, Place::Memory { .. }));
        let mut random = Random::new(0x0e5a_5709 + row as u64);
        let made = (0..ATTEMPTS).filter_map(|_| {
            let mut trial = self.random(row, 0, &mut random)?;
            let memory = Trial::memory(self.emulation, 0);
            let pointer = self.emulation.pointers[trial.pointer];
            let small = |(_, register): &(usize, &Register)| {
                register.class == RegClass::Control && register.bits <= 3
            };
            for (reg, register) in self.machine.registers.iter().enumerate().filter(small) {
                trial.before.set_register(Reg(reg as u8), u128::from(random.word()) & mask(register.bits));
            }
            for reg in trial.decoded.operands.iter().filter_map(register).filter(|&reg| reg != pointer) {
                if touches_memory {
                    // Aligned: what demands that, the emulator need not.
                    trial.before.set_register(reg, u128::from(memory + 16 * random.below(MEMORY / 16)));
                }
            }
            let stops = matches!(run(self.machine, &trial, 0), Err(Fault::Exception));
            if !touches_memory {
                return stops.then_some(trial);
            }
            let (after, _) = run(&going_on, &trial, 0).ok()?;
            let inside = |address: u64, bytes: u32| {
                address >= memory && address.saturating_add(u64::from(bytes)) <= memory + MEMORY
            };
            let all_inside = after.accesses.iter().all(|access| inside(access.address, access.bytes));
            (stops && all_inside).then_some(trial)
        });
        made.take(STOPS).collect()
    }

    fn attempt(&self, row: usize, number: u64, random: &mut Random) -> Option<Trial> {
        let mut trial = self.random(row, number, random)?;
        let (_, instruction) = self.machine.instructions.get_index(row)?;
        self.aim(&mut trial, instruction, random)?;
        let (after, _) = run(self.machine, &trial, 0).ok()?;
        let reg = self.emulation.pointers[trial.pointer];
        (after.register(reg) == trial.before.register(reg)).then_some(trial)
    }

    /// An instance of the row in a random state.
    fn random(&self, row: usize, number: u64, random: &mut Random) -> Option<Trial> {
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
        if random.one_in(4) {
            alike(self.machine, &mut trial, random);
        }
        let pointed = Trial::pointed(self.emulation, number);
        trial.before.set_register(self.emulation.pointers[pointer], u128::from(pointed));
        Some(trial)
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
        // Which NaN comes out is seen where all operands are NaNs.
        let nans = random.one_in(8);
        // Some rows say something of the sign extensions of words only.
        let words = random.one_in(4);
        let narrow = random.one_in(2);
        for (i, register) in self.machine.registers.iter().enumerate() {
            let value = match register.class {
                RegClass::Float if nans => random.nans(register.bits),
                RegClass::Int if words => u128::from(random.integer() as i32 as i64 as u64),
                RegClass::Int => u128::from(random.integer()),
                RegClass::Float if register.bits == 64 && narrow => {
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

/// Makes registers that the instruction names alike: as a number in it, its opposite, or the last of them, but for signs of
/// floats.
fn alike(machine: &Machine, trial: &mut Trial, random: &mut Random) {
    let signed =
        |value: u64, bits: u32| value | if value >> (bits - 1) & 1 == 1 { u64::MAX << bits } else { 0 };
    let numbers = trial.decoded.operands.iter().filter_map(|operand| match *operand {
        Operand::Immediate { value, bits } if bits < 64 => {
            Some([value, signed(value, bits), value.wrapping_neg(), signed(value, bits).wrapping_neg()])
        }
        _ => None,
    });
    let numbers: Vec<u64> = numbers.flatten().collect();
    let number = (!numbers.is_empty()).then(|| random.pick(&numbers));
    let registers = trial.decoded.operands.iter().filter_map(|operand| match operand {
        Operand::Part(view) if view.reg != machine.sp => Some(view.reg),
        _ => None,
    });
    let registers: Vec<Reg> = registers.collect();
    let Some(last) = registers.last().map(|&reg| trial.before.register(reg)) else { return };
    for reg in registers {
        let register = machine.register(reg);
        let sign = 1 << random.pick(&[31, 63]);
        let value = match (register.class, number) {
            (RegClass::Float, _) => last ^ if random.one_in(2) { sign } else { 0 },
            (_, Some(number)) => u128::from(number),
            (_, None) if random.one_in(4) => u128::from((last as u64).wrapping_neg()),
            (_, None) => last,
        };
        trial.before.set_register(reg, value & mask(register.bits));
    }
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
