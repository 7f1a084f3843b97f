//! Unwinding data: where the caller's values are at each instruction boundary of code with a frame.
//!
//! ```text
//! steps of prolog and epilog ─ what their rows mean ─> states ─ what is owed, where ─> rows ─> DWARF CFI
//!                                                                                      └─────> Windows x64 codes
//! ```
//!
//! Nothing is said of a frame here: an instruction of a prolog or an epilog does what its row says, wherever the frame
//! uses it. In the body what is owed is where the layout keeps it. Where SP is fixed there, so is the CFA's distance from
//! it; where it is not, FP leads to the CFA. Whether all that is true is for the verifier to say, on the bytes.

mod dwarf;
mod rows;
mod start;
mod step;
mod value;
mod windows_x64;

use crate::CompileError;
use framewright_spec::claim::{Claim, Entry, Unwind, UnwindFormat, UnwindTiming};
use framewright_spec::transition::Transition;
use framewright_spec::{Abi, Layout, Machine, Platform, Spec, SpecError};

/// Steps as they were emitted: the offset in the code of each, and that of the end of the last.
pub(crate) type Run = Vec<u32>;

/// How code is entered.
enum Entered<'a> {
    /// By a call.
    Called,
    /// By a transition from a frame.
    Jumped { transition: &'a Transition, source: &'a Layout },
}

/// All that is known of a frame that is to be described.
struct Described<'a> {
    spec: &'a Spec,
    machine: &'a Machine,
    abi: &'a Abi,
    layout: &'a Layout,
    entered: Entered<'a>,
}

/// Call frame information for so many bytes of code that nobody called.
///
/// # Errors
/// The return address has no DWARF number.
pub(crate) fn outermost(machine: &Machine, abi: &Abi, bytes: u32) -> Result<Vec<u8>, String> {
    dwarf::outermost(machine, abi, bytes)
}

/// Call frame information for so many bytes of code to which handlers of signals return, and `ahead` bytes before it.
///
/// # Errors
/// A register without a DWARF number.
pub(crate) fn trampoline(
    machine: &Machine,
    abi: &Abi,
    platform: &Platform,
    ahead: u32,
    bytes: u32,
) -> Result<Vec<u8>, String> {
    dwarf::trampoline(machine, abi, platform, ahead, bytes)
}

/// Unwinding data in the formats of the convention, for code of this layout with this claim. `runs` are the prolog and
/// then the epilogs, ascending.
///
/// # Errors
/// The specification lacks the transition; something cannot be written in a format.
pub(crate) fn describe(
    spec: &Spec,
    name: &str,
    claim: &Claim,
    layout: &Layout,
    runs: &[Run],
) -> Result<Vec<Unwind>, CompileError> {
    let machine = spec.machine(&claim.machine)?;
    let abi = spec.abi(&spec.frame(&claim.frame)?.abi)?;
    let source = match &claim.entry {
        Entry::Call => None,
        Entry::Osr { transition, .. } => {
            let transition = spec.transition(transition)?;
            let missing = || SpecError::Missing { what: "shape of extended frame", of: claim.frame.clone() };
            let shape = claim.shape.source.as_deref().ok_or_else(missing)?;
            Some((transition, spec.layout(&transition.source, shape)?))
        }
    };
    let entered = match &source {
        None => Entered::Called,
        Some((transition, source)) => Entered::Jumped { transition, source },
    };
    let described = Described { spec, machine, abi, layout, entered };
    let mut unwind = Vec::new();
    for &format in &abi.unwind {
        let bytes = match format {
            UnwindFormat::DwarfCfi => {
                let rows = rows::rows(&described, runs, claim.data.0);
                rows.map(|rows| dwarf::write(&described, &rows, claim.data.0)).transpose()
            }
            UnwindFormat::WindowsX64 => windows_x64::write(&described, runs),
        };
        let fault = |what: String| CompileError::Unwind { function: name.to_owned(), what };
        if let Some(bytes) = bytes.map_err(fault)? {
            unwind.push(Unwind { format, timing: UnwindTiming::Asynchronous, bytes });
        }
    }
    Ok(unwind)
}
