//! Replays a counterexample: on numbers always, on the real processor where this is one of its kind.
//!
//! ```text
//! interpreter: rbx = 0x4444444444444444, expected 0x1111111111111111
//! processor:   rbx = 0x4444444444444444, expected 0x1111111111111111 (14 instructions)
//! ```

use crate::witness::{self, WitnessError};
use framewright_spec::{Machine, Reg, Spec};
use framewright_verifier::Counterexample;
use framewright_verifier::counterexample::{Disputed, DisputedPlace};
use framewright_verifier::replay::{self, Observation, ReplayError, Rerun};
use std::fmt;

/// What a replay shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayReport {
    /// The disputed place, for people: `rbx`, `[cfa-40]`, `pc`.
    pub place: String,
    /// What the statement demands there; `None` if the failure is not one of values.
    pub expected: Option<u128>,
    /// What the interpreter sees.
    pub interpreter: Option<Observation>,
    /// What the processor shows.
    pub processor: Processor,
}

/// What the processor shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Processor {
    /// It ran the path, or left it.
    Ran(Shown),
    /// It raised an exception; `expected`: the interpreter says that the last step does.
    Stopped {
        /// How the process ended.
        how: String,
        /// Whether that is what had to happen.
        expected: bool,
    },
    /// It is not asked: another machine, or a path that cannot be staged.
    Absent(String),
}

/// A run on the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The value at the disputed place, if it is one that can be seen from outside.
    pub observation: Option<Observation>,
    /// Whether it took the path.
    pub took_path: bool,
    /// Steps that ran on it.
    pub native_steps: usize,
    /// Steps whose effect the interpreter supplied, since no process can have memory at their addresses.
    pub replaced_steps: usize,
}

impl ReplayReport {
    /// Whether everything seen is what the counterexample predicts, and not what is demanded.
    pub fn confirms(&self) -> bool {
        let wrong = |seen: Option<Observation>| {
            seen.is_none_or(|seen| seen.as_predicted && Some(seen.observed) != self.expected)
        };
        let on_processor = match &self.processor {
            Processor::Ran(shown) => shown.took_path && wrong(shown.observation),
            Processor::Stopped { expected, .. } => *expected,
            Processor::Absent(_) => true,
        };
        wrong(self.interpreter) && on_processor
    }
}

/// Replays a counterexample under the specification that it refutes.
///
/// # Errors
/// The specification has no such machine or frame, or the inputs do not take the path.
pub fn replay(counterexample: &Counterexample, spec: &Spec) -> Result<ReplayReport, ReplayError> {
    let rerun = replay::rerun(counterexample, spec)?;
    let machine = spec.machine(&counterexample.claim.machine)?;
    let disputed = counterexample.disputed.as_ref();
    Ok(ReplayReport {
        place: disputed.map_or_else(|| "path".to_owned(), |disputed| place(disputed, machine)),
        expected: disputed.map(expected),
        interpreter: rerun.observation,
        processor: on_processor(counterexample, &rerun, spec),
    })
}

fn on_processor(counterexample: &Counterexample, rerun: &Rerun, spec: &Spec) -> Processor {
    let staged = match replay::staged(counterexample, rerun, spec) {
        Ok(staged) => staged,
        Err(why) => return Processor::Absent(why.to_string()),
    };
    match witness::run(&staged.probe) {
        Ok((outcomes, windows)) => Processor::Ran(Shown {
            observation: staged.observe(counterexample, rerun, spec, &outcomes, &windows),
            took_path: outcomes.iter().all(|outcome| !outcome.second_exit),
            native_steps: staged.native_steps,
            replaced_steps: staged.replaced_steps,
        }),
        Err(WitnessError::Ended { status }) => {
            Processor::Stopped { how: status.to_string(), expected: rerun.ends_in_exception }
        }
        Err(why) => Processor::Absent(why.to_string()),
    }
}

fn place(disputed: &Disputed, machine: &Machine) -> String {
    match disputed.place {
        DisputedPlace::Register { reg, .. } => match machine.registers.get(usize::from(reg.0)) {
            Some(register) => register.name.clone(),
            None => format!("register {}", reg.0),
        },
        DisputedPlace::Memory { offset, .. } => format!("[{offset}]"),
        DisputedPlace::Pc => "pc".to_owned(),
        DisputedPlace::Access { .. } => "the address accessed".to_owned(),
        DisputedPlace::Unwound { pc, given, .. } => {
            let register = |reg: Reg| {
                let register = machine.registers.get(usize::from(reg.0));
                register.map_or_else(|| format!("register {}", reg.0), |register| register.name.clone())
            };
            format!("{} by the unwinding row of {pc}", given.text(register))
        }
    }
}

fn expected(disputed: &Disputed) -> u128 {
    match disputed.place {
        DisputedPlace::Register { mask, .. } => disputed.expected & mask,
        _ => disputed.expected,
    }
}

impl fmt::Display for ReplayReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, seen: Option<Observation>| match (seen, self.expected) {
            (Some(seen), Some(expected)) => {
                write!(f, "{} = {:#x}, expected {expected:#x}", self.place, seen.observed)?;
                if seen.as_predicted { Ok(()) } else { write!(f, " (not what the counterexample predicts)") }
            }
            _ => write!(f, "takes the path"),
        };
        write!(f, "interpreter: ")?;
        line(f, self.interpreter)?;
        write!(f, "\nprocessor:   ")?;
        match &self.processor {
            Processor::Absent(why) => writeln!(f, "not asked: {why}"),
            Processor::Stopped { how, expected: true } => {
                writeln!(f, "raises an exception, as it must ({how})")
            }
            Processor::Stopped { how, .. } => writeln!(f, "stops early: {how}"),
            Processor::Ran(shown) if !shown.took_path => writeln!(f, "leaves the path"),
            Processor::Ran(shown) => {
                line(f, shown.observation)?;
                write!(f, " ({} instructions", shown.native_steps)?;
                match shown.replaced_steps {
                    0 => writeln!(f, ")"),
                    replaced => writeln!(f, "; {replaced} more at addresses that no process has)"),
                }
            }
        }
    }
}
