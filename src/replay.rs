//! Replays a counterexample: on numbers always, on the real processor where this is one of its kind.
//!
//! ```text
//! interpreter: rbx = 0x4444444444444444, expected 0x1111111111111111
//! processor:   rbx = 0x4444444444444444, expected 0x1111111111111111 (14 instructions)
//! ```

use crate::witness;
use framewright_spec::{Machine, Spec};
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
    /// What the processor shows, or why it does not.
    pub processor: Result<Shown, String>,
}

/// What the processor shows.
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
        let seen = [self.interpreter, self.processor.as_ref().ok().and_then(|shown| shown.observation)];
        let as_predicted = seen.iter().flatten().all(|o| o.as_predicted && Some(o.observed) != self.expected);
        as_predicted && self.processor.as_ref().map_or(true, |shown| shown.took_path)
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

fn on_processor(counterexample: &Counterexample, rerun: &Rerun, spec: &Spec) -> Result<Shown, String> {
    let staged = replay::staged(counterexample, rerun, spec).map_err(|e| e.to_string())?;
    let (outcomes, windows) = witness::run(&staged.probe).map_err(|e| e.to_string())?;
    Ok(Shown {
        observation: staged.observe(counterexample, &outcomes, &windows),
        took_path: outcomes.iter().all(|outcome| !outcome.second_exit),
        native_steps: staged.native_steps,
        replaced_steps: staged.replaced_steps,
    })
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
            Err(why) => writeln!(f, "{why}"),
            Ok(shown) if !shown.took_path => writeln!(f, "leaves the path"),
            Ok(shown) => {
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
