//! Random instances of a row with random states around them, and what row and processor make of them.

use crate::forms;
use crate::random::Random;
use framewright_spec::machine::{Machine, RegClass};
use framewright_spec::meaning::Flow;
use framewright_spec::{CodeOffset, Reg};
use framewright_verifier::concrete::{ConcreteState, Fault, mask};
use framewright_verifier::decoded::{Decoded, Operand};
use framewright_verifier::eval::{self, execute};
use framewright_verifier::probe::{Experiment, Lab, Outcome, Probe, Window};
use framewright_verifier::target::{self, Decoder};
use iced_x86::{Encoder, Instruction, Mnemonic, Register};
use libtest_mimic::Failed;

/// Where the memory of all experiments is: within reach of PC-relative operands of the lab's code.
const MEMORY: u64 = 0x2300_6000_0000;
/// Bytes of memory of one experiment.
const MEMORY_BYTES: u64 = 128;
/// What the stack pointer is, unless an operand needs it, bytes into the experiment's memory.
const STACK_OFFSET: u64 = 64;
/// Where memory operands are, bytes into the experiment's memory; up to 15 more if they need not be aligned.
const OPERAND_OFFSET: u64 = 32;
/// Sticky bits of MXCSR, which the model does not speak of.
const MXCSR_STICKY: u128 = 0x3f;
/// A number that no system call has, so that the kernel only refuses.
const NO_SYSTEM_CALL: u128 = 0x7fff_ffff;
/// MXCSR at reset.
const MXCSR: u128 = 0x1f80;
/// States in which a row raises its exception.
pub(crate) const STOPS: usize = 32;
/// Random states tried for one that raises no exception.
const ATTEMPTS: u32 = 2000;

/// Rows that are not run, and why.
pub(crate) const NOT_RUN: [(&str, &str); 6] = [
    ("pushfq", "it stores bits that are any value by the row"),
    ("popfq", "random bits set the trap flag"),
    ("enter", "the processor tries a write at the new SP, which may be anywhere"),
    ("xbegin", "processors need not have transactions"),
    ("xabort", "processors need not have transactions"),
    ("xend", "processors need not have transactions, and none is under way"),
];

pub(crate) struct Laboratory {
    machine: &'static Machine,
    decoder: Box<dyn Decoder>,
    lab: Lab,
}

/// One instruction in one state.
pub(crate) struct Trial {
    index: usize,
    code: Vec<u8>,
    decoded: Decoded,
    before: ConcreteState,
    /// Disassembly.
    pub(crate) text: String,
}

/// Makes registers that the instruction names alike: zero, as a number in it, its opposite, or the last of them, but for signs of
/// floats.
fn alike(machine: &Machine, decoded: &Decoded, state: &mut ConcreteState, random: &mut Random) {
    let number = decoded.operands.iter().rev().find_map(|operand| match operand {
        Operand::Immediate { value, .. } => Some(random.pick(&[*value, value.wrapping_neg()])),
        _ => None,
    });
    let number = if random.one_in(4) { Some(0) } else { number };
    let registers = decoded.operands.iter().filter_map(|operand| match operand {
        Operand::Part(view) if view.reg != machine.sp => Some(view.reg),
        _ => None,
    });
    let registers: Vec<Reg> = registers.collect();
    let Some(last) = registers.last().map(|&reg| state.register(reg)) else { return };
    for reg in registers {
        let register = machine.register(reg);
        let sign = 1 << random.pick(&[31, 63]);
        let value = match (register.class, number) {
            (RegClass::Float, _) => last ^ if random.one_in(2) { sign } else { 0 },
            (_, Some(number)) => u128::from(number),
            (_, None) => last,
        };
        state.set_register(reg, value & mask(register.bits));
    }
}

impl Trial {
    /// The instruction.
    #[allow(dead_code, reason = "the test of mutants uses it")]
    pub(crate) fn decoded(&self) -> &Decoded {
        &self.decoded
    }
}

/// Whether a row, as `machine` has it, raises an exception in a trial.
#[allow(dead_code, reason = "the test of mutants uses it")]
pub(crate) fn stops(machine: &Machine, trial: &Trial) -> bool {
    let mut after = trial.before.clone();
    matches!(execute(machine, &trial.decoded, &mut after), Err(Fault::Exception) | Ok(eval::Flow::Trap))
}

impl Laboratory {
    pub(crate) fn new(machine: &'static Machine) -> Laboratory {
        let decoder = target::decoder(machine).expect("there is an adapter");
        Laboratory { machine, decoder, lab: Lab::with_room(64) }
    }

    /// `count` trials of a row that raise no exception, all encodings equally often.
    pub(crate) fn trials(&self, row: usize, count: usize) -> Result<Vec<Trial>, Failed> {
        self.generate(row, count, |after| after.is_ok())
    }

    /// Trials of a row that raise the exception of its meaning.
    pub(crate) fn trapping(&self, row: usize, count: usize) -> Result<Vec<Trial>, Failed> {
        self.generate(row, count, |after| matches!(after, Err(Fault::Exception)))
    }

    fn generate(
        &self,
        row: usize,
        count: usize,
        wanted: impl Fn(&Result<eval::Flow<framewright_verifier::concrete::Bits>, Fault>) -> bool,
    ) -> Result<Vec<Trial>, Failed> {
        let (name, _) = self.machine.instructions.get_index(row).ok_or("no such row")?;
        let mnemonic = name.split('.').next().unwrap_or(name);
        let mut random = Random::new(0x0f2a_3e00 + row as u64);
        let mut trials = Vec::new();
        let mut codes = forms::encodings(mnemonic);
        codes.retain(|&code| (0..100).any(|_| self.attempt(row, code, 0, &mut random).is_some()));
        if codes.is_empty() {
            return Err("no encoding of it reaches the row".into());
        }
        while trials.len() < count {
            let code = codes[trials.len() % codes.len()];
            let fits = |trial: &Trial| {
                let mut after = trial.before.clone();
                wanted(&execute(self.machine, &trial.decoded, &mut after))
            };
            let mut attempts =
                (0..ATTEMPTS).filter_map(|_| self.attempt(row, code, trials.len(), &mut random));
            match attempts.find(fits) {
                Some(trial) => trials.push(trial),
                None => return Err(format!("no fitting state for {code:?}").into()),
            }
        }
        Ok(trials)
    }

    /// A random instance in a random state, if it belongs to the row.
    fn attempt(&self, row: usize, code: iced_x86::Code, index: usize, random: &mut Random) -> Option<Trial> {
        let memory = MEMORY + index as u64 * MEMORY_BYTES;
        let operand = memory + OPERAND_OFFSET + if random.one_in(2) { random.below(16) } else { 0 };
        let exit = self.lab.second_exit(index);
        let instruction = forms::instance(code, random, operand, exit);
        let mut encoder = Encoder::new(64);
        encoder.encode(&instruction, self.lab.code(index)).ok()?;
        let code = encoder.take_buffer();
        let decoded = self.decoder.decode(&code, CodeOffset(0)).ok()?;
        let control = !matches!(self.machine.instructions[row].flow, Flow::Next);
        let through_sp =
            matches!(decoded.operands.first(), Some(Operand::Part(v)) if v.reg == self.machine.sp);
        // Control through SP would need a stack where code is.
        if decoded.row.0 as usize != row || control && through_sp {
            return None;
        }
        let mut before = self.random_state(index, random);
        if random.one_in(8) {
            alike(self.machine, &decoded, &mut before, random);
        }
        self.aim(&mut before, &instruction, operand);
        self.aim_control(&mut before, &decoded, [operand, exit]);
        match (instruction.mnemonic(), self.machine.reg("rax")) {
            (Mnemonic::Syscall, Some(number)) => before.set_register(number, NO_SYSTEM_CALL),
            // It reads where FP points.
            (Mnemonic::Leave, _) => before.set_register(self.machine.fp, u128::from(operand)),
            _ => {}
        }
        let text = self.decoder.text(&code, CodeOffset(0));
        Some(Trial { index, code, decoded, before, text })
    }

    fn random_state(&self, index: usize, random: &mut Random) -> ConcreteState {
        let mut state = ConcreteState::new(self.machine, self.lab.code(index));
        // Which NaN comes out is seen where all operands are NaNs.
        let nans = random.one_in(8);
        for (i, register) in self.machine.registers.iter().enumerate() {
            let value = match register.class {
                RegClass::Int => u128::from(random.integer()),
                RegClass::Float if nans => random.nans(register.bits),
                RegClass::Float => random.vector(),
                RegClass::Flag => u128::from(random.word()),
                RegClass::Control if register.bits == 1 => u128::from(random.word()),
                RegClass::Control => MXCSR,
            };
            state.set_register(Reg(i as u8), value);
        }
        // Half of the dividends are no wider than their lower half, so that quotients fit.
        if let (Some(low), Some(high)) = (self.machine.reg("rax"), self.machine.reg("rdx")) {
            let sign = state.register(low) as i64 >> 63;
            match random.below(4) {
                0 => state.set_register(high, u128::from(sign as u64)),
                1 => state.set_register(high, u128::from(random.below(4))),
                _ => {}
            }
        }
        let memory = MEMORY + index as u64 * MEMORY_BYTES;
        let bytes: Vec<u8> = (0..MEMORY_BYTES / 16).flat_map(|_| random.vector().to_le_bytes()).collect();
        state.memory.write(memory, &bytes);
        state.set_register(self.machine.sp, u128::from(memory + STACK_OFFSET));
        state
    }

    /// Sets the base register so that a memory operand addresses `target`.
    fn aim(&self, state: &mut ConcreteState, instruction: &Instruction, target: u64) {
        let register = |r: Register| self.machine.reg(&format!("{r:?}").to_lowercase());
        let Some(base) = register(instruction.memory_base()) else { return };
        let index = register(instruction.memory_index()).map_or(0, |index| {
            (state.register(index) as u64).wrapping_mul(u64::from(instruction.memory_index_scale()))
        });
        let displacement = instruction.memory_displacement64();
        state.set_register(base, u128::from(target.wrapping_sub(index).wrapping_sub(displacement)));
    }

    /// Makes jumps, calls and returns go to the second exit.
    fn aim_control(&self, state: &mut ConcreteState, decoded: &Decoded, [operand, exit]: [u64; 2]) {
        let row = &self.machine.instructions[decoded.row.0 as usize];
        match (&row.flow, decoded.operands.first()) {
            (Flow::Jump(_) | Flow::Call(_), Some(Operand::Part(view))) => {
                state.set_register(view.reg, u128::from(exit));
            }
            (Flow::Jump(_) | Flow::Call(_), Some(Operand::Memory(_))) => {
                state.memory.write(operand, &exit.to_le_bytes());
            }
            (Flow::Return(_), _) => {
                let sp = state.register(self.machine.sp) as u64;
                state.memory.write(sp, &exit.to_le_bytes());
            }
            _ => {}
        }
    }

    /// The executable that performs the trials.
    pub(crate) fn probe(&self, trials: &[Trial]) -> Result<Probe, Failed> {
        let mut bytes = Vec::new();
        for index in 0..=trials.iter().map(|t| t.index).max().unwrap_or(0) {
            let base = MEMORY + index as u64 * MEMORY_BYTES;
            let trial = trials.iter().find(|_| trials.len() == 1).or_else(|| trials.get(index));
            let byte = |address| trial.map_or(0, |t| t.before.memory.byte(address));
            bytes.extend((base..base + MEMORY_BYTES).map(byte));
        }
        let windows = [Window { address: MEMORY, bytes }];
        let experiments: Vec<Experiment> =
            trials.iter().map(|t| Experiment { registers: t.before.clone(), code: t.code.clone() }).collect();
        let probe = target::probe(self.machine, self.lab, &experiments, &windows);
        Ok(probe.ok_or("there is no adapter")??)
    }

    /// Whether the row, as `machine` has it, and the processor agree on everything that the row defines.
    pub(crate) fn compare(
        &self,
        machine: &Machine,
        trial: &Trial,
        outcome: &Outcome,
        memory: &Window,
    ) -> Result<(), Failed> {
        let fail = |what: String| Failed::from(format!("`{}`: {what}", trial.text));
        let run = |undefined| {
            let mut state = trial.before.clone();
            state.undefined_else = undefined;
            let flow = execute(machine, &trial.decoded, &mut state).map_err(|e| fail(e.to_string()))?;
            Ok::<_, Failed>((state, flow))
        };
        // What differs when undefined values do is what the row leaves undefined.
        let ((low, flow), (high, _)) = (run(0)?, run(u128::MAX)?);
        for (reg, found) in &outcome.registers {
            let register = machine.register(*reg);
            let sticky = if register.name == "mxcsr" { MXCSR_STICKY } else { 0 };
            let undefined = low.register(*reg) ^ high.register(*reg) | sticky;
            let (found, expected) = (found.value & !undefined, low.register(*reg) & !undefined);
            if found != expected {
                let before = trial.before.register(*reg);
                let name = &register.name;
                return Err(fail(format!("{name} was {before:#x}, is {found:#x}, by the row {expected:#x}")));
            }
        }
        let base = MEMORY + trial.index as u64 * MEMORY_BYTES;
        for address in base..base + MEMORY_BYTES {
            let found = memory.bytes[(address - MEMORY) as usize];
            let expected = low.memory.byte(address);
            if found != expected {
                return Err(fail(format!("[{address:#x}] is {found:#x}, by the row {expected:#x}")));
            }
        }
        let exit = u128::from(self.lab.second_exit(trial.index));
        let leaves = match flow {
            eval::Flow::Next | eval::Flow::Trap => false,
            eval::Flow::Jump(to) | eval::Flow::Call(to) | eval::Flow::Return(to) => to.value == exit,
            eval::Flow::Branch { condition, target } => condition.value == 1 && target.value == exit,
        };
        if leaves != outcome.second_exit {
            return Err(fail(format!("leaves: {}, by the row: {leaves}", outcome.second_exit)));
        }
        Ok(())
    }
}
