//! The actions of a rerun made into an experiment for the real processor.
//!
//! Memory that the path touches is mapped at its own addresses, the code too, as data; the instructions of the
//! path run from a copy, one after the other. A step that touches memory which no process can map (a heap address
//! that the model chose freely) is replaced by what the interpreter says it does; how many were is reported.

use super::{Action, Observation, Rerun};
use crate::counterexample::{Counterexample, DisputedPlace};
use crate::probe::{Experiment, Lab, Outcome, Probe, ProbeError, Window, elf::PAGE};
use crate::target::{self, StagedPath};
use framewright_spec::Spec;
use std::collections::BTreeSet;

/// Bytes from the code's first byte to the lab, within reach of PC-relative operands.
const LAB_DISTANCE: u64 = 0x1000_0000;
/// Most memory that a replay maps, pages.
const PAGE_LIMIT: usize = 4096;

/// A counterexample as an experiment.
#[derive(Clone, Debug)]
pub struct Staged {
    /// To be run.
    pub probe: Probe,
    /// Steps that run on the processor.
    pub native_steps: usize,
    /// Steps that the interpreter answers for.
    pub replaced_steps: usize,
    pc_window: usize,
}

/// Why a counterexample cannot be staged.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// No adapter for the machine.
    #[error("machine `{0}` cannot be run")]
    Machine(String),
    /// Too much memory or code.
    #[error("the path touches more than {PAGE_LIMIT} pages of memory")]
    Memory,
    /// The path does not assemble.
    #[error(transparent)]
    Probe(#[from] ProbeError),
}

/// Stages a counterexample whose rerun is given.
///
/// # Errors
/// No adapter, or too much memory.
pub fn staged(counterexample: &Counterexample, rerun: &Rerun, spec: &Spec) -> Result<Staged, StageError> {
    let no_adapter = || StageError::Machine(counterexample.claim.machine.clone());
    let machine = spec.machine(&counterexample.claim.machine).map_err(|_| no_adapter())?;
    let lab = Lab::with_room(0).at(page(counterexample.code_base) + LAB_DISTANCE);
    let pages = pages(counterexample, rerun, &lab)?;
    let (actions, replaced) = actions(rerun, &pages);
    let native = actions.iter().filter(|a| !matches!(a, Action::Set { .. })).count();
    let path = target::stage_path(machine, &counterexample.bytes, counterexample.code_base, lab, &actions);
    let StagedPath { lab, code, pc_slot } = path.ok_or_else(no_adapter)??;
    let mut windows: Vec<Window> = pages
        .iter()
        .map(|&address| Window { address, bytes: rerun.before.memory.bytes(address, PAGE as u32) })
        .collect();
    windows.push(Window { address: pc_slot, bytes: vec![0; 8] });
    let experiment = Experiment { registers: rerun.before.clone(), code };
    let probe = target::probe(machine, lab, &[experiment], &windows).ok_or_else(no_adapter)??;
    Ok(Staged { probe, native_steps: native, replaced_steps: replaced, pc_window: windows.len() - 1 })
}

impl Staged {
    /// What the processor shows at the disputed place; `None` if it left the path or there is nothing to see.
    pub fn observe(
        &self,
        counterexample: &Counterexample,
        rerun: &Rerun,
        spec: &Spec,
        outcomes: &[Outcome],
        windows: &[Window],
    ) -> Option<Observation> {
        let disputed = counterexample.disputed.as_ref()?;
        let outcome = outcomes.first().filter(|outcome| !outcome.second_exit)?;
        let observed = match disputed.place {
            DisputedPlace::Register { reg, .. } => outcome.registers.iter().find(|(r, _)| *r == reg)?.1.value,
            DisputedPlace::Memory { offset, bytes } => {
                number(windows, counterexample.cfa.wrapping_add_signed(offset.0), bytes.min(16))?
            }
            DisputedPlace::Pc => {
                let window = windows.get(self.pc_window)?;
                u128::from(u64::from_le_bytes(window.bytes.get(..8)?.try_into().ok()?))
            }
            DisputedPlace::Access { .. } => return None,
            DisputedPlace::Unwound { data, pc, given } => {
                let machine = spec.machine(&counterexample.claim.machine).ok()?;
                let mut state = rerun.after.clone();
                outcome.registers.iter().for_each(|(reg, value)| state.set_register(*reg, value.value));
                windows.iter().for_each(|window| state.memory.write(window.address, &window.bytes));
                let value = super::unwound::given(counterexample, machine, &mut state, (data, pc, given))?;
                // What the processor did not show is not observed.
                let shown = |at: u64, bytes: u32| number(windows, at, bytes).is_some();
                state.accesses.iter().all(|a| shown(a.address, a.bytes)).then_some(value)?
            }
        };
        Some(Observation::new(disputed, observed))
    }
}

fn number(windows: &[Window], address: u64, bytes: u32) -> Option<u128> {
    let byte = |address: u64| {
        let window =
            windows.iter().find(|w| (w.address..w.address + w.bytes.len() as u64).contains(&address))?;
        window.bytes.get((address - window.address) as usize).copied()
    };
    (0..u64::from(bytes))
        .rev()
        .try_fold(0, |value, i| Some(value << 8 | u128::from(byte(address.wrapping_add(i))?)))
}

fn page(address: u64) -> u64 {
    address - address % PAGE
}

/// The pages to map: of the code, of the counterexample's memory, of every access and of what is in dispute.
fn pages(counterexample: &Counterexample, rerun: &Rerun, lab: &Lab) -> Result<BTreeSet<u64>, StageError> {
    let code = (counterexample.code_base, counterexample.bytes.len() as u64);
    let given = counterexample.memory.iter().map(|m| (m.address, m.bytes.len() as u64));
    let touched = rerun.steps.iter().flat_map(|step| &step.accesses).map(|a| (a.address, u64::from(a.bytes)));
    let disputed = counterexample.disputed.iter().filter_map(|d| match d.place {
        DisputedPlace::Memory { offset, bytes } => {
            Some((counterexample.cfa.wrapping_add_signed(offset.0), u64::from(bytes)))
        }
        _ => None,
    });
    let mut pages = BTreeSet::new();
    for (address, bytes) in std::iter::once(code).chain(given).chain(touched).chain(disputed) {
        let mut at = page(address);
        while at < address.saturating_add(bytes) {
            if mappable(at, lab) && pages.insert(at) && pages.len() > PAGE_LIMIT {
                return Err(StageError::Memory);
            }
            at = at.saturating_add(PAGE);
        }
    }
    Ok(pages)
}

/// Whether a process may have memory there: not near zero, not where the system puts stack and libraries, not the
/// lab's.
fn mappable(page: u64, lab: &Lab) -> bool {
    (0x1_0000..0x7000_0000_0000).contains(&page) && !lab.range().contains(&page)
}

/// The actions, those that touch unmapped memory replaced by their effect on registers; and how many that were.
fn actions(rerun: &Rerun, pages: &BTreeSet<u64>) -> (Vec<Action>, usize) {
    let reachable = |address: u64, bytes: u32| {
        let last = address.wrapping_add(u64::from(bytes.max(1)) - 1);
        pages.contains(&page(address)) && pages.contains(&page(last))
    };
    let mut replaced = 0;
    let actions = rerun.steps.iter().map(|step| match &step.action {
        Action::Set { registers, memory } => {
            let memory = memory.iter().filter(|(at, bytes)| reachable(*at, bytes.len() as u32)).cloned();
            Action::Set { registers: registers.clone(), memory: memory.collect() }
        }
        Action::Run(_) if step.accesses.iter().any(|a| !reachable(a.address, a.bytes)) => {
            replaced += 1;
            Action::Set { registers: step.changed.clone(), memory: Vec::new() }
        }
        other => other.clone(),
    });
    (actions.collect(), replaced)
}
