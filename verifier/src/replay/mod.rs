//! A counterexample run again: on numbers along its path, and as a list of actions for the real processor.
//!
//! ```text
//! Counterexample ──rerun──▶ Rerun { what the interpreter sees, actions } ──staged──▶ Probe ──processor──▶ what it sees
//! ```
//!
//! Values from outside the code (callees, the heap) come from the counterexample; at a call every register that a
//! callee may write first takes a poison value. A model that does not replay is a fault of the prover, and is said
//! to be one. What happens before the entry or after the last step is not looked at.

mod stage;
mod unwound;

pub use stage::{StageError, Staged, staged};

use crate::concrete::{Access, ConcreteState, Fault};
use crate::counterexample::{Counterexample, Disputed, DisputedPlace, HavocValue};
use crate::decoded::Unsupported;
use crate::eval::{Flow, execute};
use crate::target::{self, Decoder};
use framewright_spec::machine::RegClass;
use framewright_spec::{Abi, CodeOffset, Helper, Machine, Reg, Spec, SpecError};
use indexmap::IndexMap;

/// Why a counterexample cannot be run again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The claim names something that the spec does not have.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// No decoder for the machine.
    #[error("there is no adapter for machine `{0}`")]
    Machine(String),
    /// An instruction without a meaning.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// The path is not one that these inputs take.
    #[error("step {step} goes to {found:#x}, the counterexample says {expected:#x}: a fault of the prover")]
    Strays {
        /// Step of the path.
        step: usize,
        /// Where it goes, as an address.
        found: u64,
        /// Where it should go.
        expected: u64,
    },
    /// A step that cannot be made.
    #[error("step {step}: {fault}")]
    Fault {
        /// Step of the path.
        step: usize,
        /// Why.
        fault: Fault,
    },
}

/// What a replay sees at the disputed place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The value there.
    pub observed: u128,
    /// Whether it is the one that the counterexample predicts.
    pub as_predicted: bool,
}

impl Observation {
    fn new(disputed: &Disputed, observed: u128) -> Observation {
        let mask = match disputed.place {
            DisputedPlace::Register { mask, .. } => mask,
            _ => u128::MAX,
        };
        Observation { observed: observed & mask, as_predicted: observed & mask == disputed.actual & mask }
    }
}

/// What is done at a step of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The instruction runs as it is.
    Run(CodeOffset),
    /// A conditional branch: it must go this way.
    Branch {
        /// The instruction.
        at: CodeOffset,
        /// Whether it is taken.
        taken: bool,
    },
    /// The last step: control leaves through a register, memory or the stack, for an address worth knowing.
    Leave(CodeOffset),
    /// Registers and memory take values from outside the code.
    Set {
        /// Whole registers.
        registers: Vec<(Reg, u128)>,
        /// Bytes at addresses.
        memory: Vec<(u64, Vec<u8>)>,
    },
}

/// An action with what the interpreter says it did.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Registers it changed, whole.
    pub changed: Vec<(Reg, u128)>,
    /// Memory it touched.
    pub accesses: Vec<Access>,
}

/// The interpreter's run.
#[derive(Clone, Debug)]
pub struct Rerun {
    /// The state at the entry.
    pub before: ConcreteState,
    /// The state after the last step.
    pub after: ConcreteState,
    /// What was done.
    pub steps: Vec<Step>,
    /// Where the last step went, as an address.
    pub pc: u64,
    /// What is at the disputed place, if there is one.
    pub observation: Option<Observation>,
    /// Whether the last step raises an exception, which a processor will not survive.
    pub ends_in_exception: bool,
}

/// Runs a counterexample on numbers.
///
/// # Errors
/// The spec does not fit, or the inputs do not take the path.
pub fn rerun(counterexample: &Counterexample, spec: &Spec) -> Result<Rerun, ReplayError> {
    let machine = spec.machine(&counterexample.claim.machine)?;
    let abi = spec.abi(&spec.frame(&counterexample.claim.frame)?.abi)?;
    let decoder = target::decoder(machine).ok_or_else(|| ReplayError::Machine(machine.name.clone()))?;
    let before = entry_state(counterexample, machine);
    let mut run = Run {
        counterexample,
        machine,
        abi,
        helpers: &spec.helpers,
        decoder: decoder.as_ref(),
        state: before.clone(),
        steps: Vec::new(),
        pc: counterexample.code_base,
        ends_in_exception: false,
    };
    for (step, &at) in counterexample.path.iter().enumerate() {
        run.havoc(step);
        run.step(step, at)?;
    }
    let last = run.steps.last().map_or_else(Vec::new, |step| step.accesses.clone());
    run.havoc(counterexample.path.len());
    let observation = counterexample.disputed.as_ref().and_then(|disputed| {
        let observed = match disputed.place {
            DisputedPlace::Unwound { data, pc, given } => {
                unwound::given(counterexample, machine, &mut run.state.clone(), (data, pc, given))?
            }
            DisputedPlace::Register { reg, .. } => run.state.register(reg),
            DisputedPlace::Memory { offset, bytes } => {
                run.state.memory.read(counterexample.cfa.wrapping_add_signed(offset.0), bytes.min(16))
            }
            DisputedPlace::Pc => u128::from(run.pc),
            DisputedPlace::Access { .. } => {
                let predicted = last.iter().find(|access| u128::from(access.address) == disputed.actual);
                predicted.or(last.first()).map_or(0, |access| u128::from(access.address))
            }
        };
        Some(Observation::new(disputed, observed))
    });
    let Run { state: after, steps, pc, ends_in_exception, .. } = run;
    Ok(Rerun { before, after, steps, pc, observation, ends_in_exception })
}

fn entry_state(counterexample: &Counterexample, machine: &Machine) -> ConcreteState {
    let mut state = ConcreteState::new(machine, counterexample.code_base);
    state.memory.write(counterexample.code_base, &counterexample.bytes);
    for register in &counterexample.registers {
        if usize::from(register.reg.0) < machine.registers.len() {
            state.set_register(register.reg, register.value);
        }
    }
    for memory in &counterexample.memory {
        state.memory.write(memory.address, &memory.bytes);
    }
    state
}

struct Run<'a> {
    counterexample: &'a Counterexample,
    machine: &'a Machine,
    abi: &'a Abi,
    helpers: &'a IndexMap<String, Helper>,
    decoder: &'a dyn Decoder,
    state: ConcreteState,
    steps: Vec<Step>,
    pc: u64,
    ends_in_exception: bool,
}

impl Run<'_> {
    /// Values from outside that arise just before a step.
    fn havoc(&mut self, step: usize) {
        self.state.undefined.clear();
        let (mut registers, mut memory) = (Vec::new(), Vec::new());
        for havoc in self.counterexample.havocs.iter().filter(|havoc| havoc.step as usize == step) {
            match &havoc.value {
                HavocValue::Register(new) if usize::from(new.reg.0) < self.machine.registers.len() => {
                    self.state.set_register(new.reg, new.value);
                    registers.push((new.reg, self.state.register(new.reg)));
                }
                HavocValue::Register(_) => {}
                HavocValue::Memory(new) => {
                    self.state.memory.write(new.address, &new.bytes);
                    memory.push((new.address, new.bytes.clone()));
                }
                HavocValue::Undefined { index, value } => {
                    self.state.undefined.insert(*index, *value);
                }
            }
        }
        if !(registers.is_empty() && memory.is_empty()) {
            let action = Action::Set { registers, memory };
            self.steps.push(Step { action, changed: Vec::new(), accesses: Vec::new() });
        }
    }

    /// Makes a step.
    fn step(&mut self, step: usize, at: CodeOffset) -> Result<(), ReplayError> {
        let last = step + 1 == self.counterexample.path.len();
        let decoded = self.decoder.decode(&self.counterexample.bytes, at)?;
        self.state.accesses.clear();
        let before = self.state.clone_registers();
        let flow = match execute(self.machine, &decoded, &mut self.state) {
            // The dispute may be about this very address.
            Err(Fault::Misaligned { address, .. }) if last => {
                self.ends_in_exception = true;
                let accesses = vec![Access { address, bytes: 1, write: false }];
                self.steps.push(Step { action: Action::Run(at), changed: Vec::new(), accesses });
                return Ok(());
            }
            Err(fault) => return Err(ReplayError::Fault { step, fault }),
            Ok(flow) => flow,
        };
        let next = self.address(decoded.next());
        self.pc = match &flow {
            Flow::Jump(to) | Flow::Return(to) => to.value as u64,
            Flow::Branch { condition, target } if condition.value == 1 => target.value as u64,
            Flow::Next | Flow::Branch { .. } | Flow::Call(_) | Flow::Trap => next,
        };
        let accesses = std::mem::take(&mut self.state.accesses);
        let action = match flow {
            Flow::Next => Some(Action::Run(at)),
            Flow::Branch { .. } => Some(Action::Branch { at, taken: self.pc != next }),
            Flow::Jump(_) | Flow::Return(_) if last => Some(Action::Leave(at)),
            // A jump is resolved: the next action is where it goes. What it did beside that stays.
            Flow::Jump(_) | Flow::Return(_) | Flow::Trap => {
                let registers = self.state.changed_since(&before);
                (!registers.is_empty()).then_some(Action::Set { registers, memory: Vec::new() })
            }
            Flow::Call(_) => Some(self.call(at, &accesses)),
        };
        let changed = self.state.changed_since(&before);
        if let Some(action) = action {
            self.steps.push(Step { action, changed, accesses });
        }
        match self.counterexample.path.get(step + 1) {
            Some(&to) if self.pc != self.address(to) && !self.resumes(at, to) => {
                Err(ReplayError::Strays { step, found: self.pc, expected: self.address(to) })
            }
            _ => Ok(()),
        }
    }

    /// Whether the jump is a patchpoint's: that its helper has it go on where the claim says is assumed, not computed.
    fn resumes(&self, at: CodeOffset, to: CodeOffset) -> bool {
        self.counterexample.claim.patchpoints.iter().any(|p| p.jump == at && p.resume == to)
    }

    fn address(&self, at: CodeOffset) -> u64 {
        self.counterexample.code_base.wrapping_add(u64::from(at.0))
    }

    /// The callee: it returns, and leaves poison in every register that the ABI, or what is said of the helper, lets it
    /// write.
    fn call(&mut self, at: CodeOffset, accesses: &[Access]) -> Action {
        let called = self.counterexample.claim.helpers.iter().find(|call| call.at == at);
        let helper = called.and_then(|call| self.helpers.get(&call.helper));
        let kept = match helper {
            Some(helper) => self
                .machine
                .of_class(RegClass::Int)
                .union(self.machine.of_class(RegClass::Float))
                .minus(helper.spoils),
            None => self.abi.callee_saved_set(),
        };
        let mut registers = Vec::new();
        for (index, register) in self.machine.registers.iter().enumerate() {
            let reg = Reg(index as u8);
            if kept.contains(reg) || reg == self.machine.sp || register.class == RegClass::Control {
                continue;
            }
            self.state.set_register(reg, poison(index));
            registers.push((reg, self.state.register(reg)));
        }
        let sp = self.state.register(self.machine.sp) as u64;
        self.state
            .set_register(self.machine.sp, u128::from(sp.wrapping_add(u64::from(self.abi.pushed_return))));
        let pushed = accesses.iter().filter(|access| access.write);
        let memory = pushed.map(|a| (a.address, self.state.memory.bytes(a.address, a.bytes))).collect();
        Action::Set { registers, memory }
    }
}

/// A value that nobody computes by accident, another one for each register.
fn poison(register: usize) -> u128 {
    let word = 0xdead_0000_0000_0000_u128 | (register as u128) << 32 | 0xbeef;
    word << 64 | word
}
