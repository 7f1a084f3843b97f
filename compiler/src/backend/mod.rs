//! Optimized code: an IR function becomes machine code and the claim about it.
//!
//! ```text
//! ir::Function ─ order ─ schedule ─ lower ─> VCode ─ regalloc2 ─ frame from the spec ─ emit ─> bytes + Claim
//!                                     │                                         │
//!                                Target: selection                      Target: encoding
//! ```
//!
//! Everything that is not a matter of the instruction set is here: block order, calling convention, the entry of
//! ordinary and OSR functions, register allocation, the frame, the claim. A machine adds a [`Target`].
//! What the frame looks like, and its prolog and epilog, come from the spec alone. No optimization is done here
//! but selection and layout.

pub mod alloc;
pub mod calls;
mod emit;
mod entry;
pub mod lower;
mod order;
mod schedule;
pub mod target;
pub mod vcode;

pub use target::{Emitter, FrameView, Slot, Target};

use crate::context::ContextLayout;
use crate::wasm::Module;
use crate::{CompileError, Compiled, ir};
use framewright_spec::{Abi, Claim, Convention, Machine, RegSet};

/// How the code is entered.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// By a call; frame `native`.
    Normal,
    /// In the middle, from tier-0 code at one of its patchpoints; frame `osr`, transition `ryujit`.
    Osr {
        /// What tier-0's code claims: its shape, its patchpoints and the homes of their values.
        source: &'a Claim,
        /// Which of its patchpoints.
        patchpoint: u32,
    },
}

/// Receives the phase (`isel`, `regalloc`, `asm`) and the text of what it made.
pub type Dump<'a> = dyn Fn(&'static str, &dyn std::fmt::Display) + 'a;

/// What may be asked of the backend.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Callee-saved registers to save though nothing needs them; they are filled with a pattern at the start of
    /// the body, so that the saves matter.
    pub extra_saves: RegSet,
    /// Have the register allocation checked, which takes several times as long as making it.
    pub check_allocation: bool,
    /// Shown each phase.
    pub dump: Option<&'a Dump<'a>>,
}

/// Name of the frame of functions entered by a call, among those of a convention.
pub const NATIVE_FRAME: &str = "native";
/// Name of the frame of tier-0 functions.
pub const TIER0_FRAME: &str = "tier0";
/// Name of the frame of OSR functions.
pub const OSR_FRAME: &str = "osr";
/// Name of the transition into OSR functions.
pub const TRANSITION: &str = "ryujit";

/// All that is known about one compilation.
pub struct Job<'a> {
    /// What is compiled for.
    pub convention: Convention<'a>,
    /// The frame's name among those of the convention.
    pub frame: &'static str,
    /// The frame's calling convention.
    pub abi: &'a Abi,
    /// The convention's machine.
    pub machine: &'a Machine,
    /// The module.
    pub module: &'a Module,
    /// Layout of its instances' contexts.
    pub context: ContextLayout,
    /// The function.
    pub function: &'a ir::Function,
    /// How it is entered.
    pub kind: Kind<'a>,
    /// What was asked for.
    pub options: Options<'a>,
}

/// Compiles an optimized function.
///
/// # Errors
/// The convention lacks the frame, or refuses the frame's shape; no target for the
/// machine; a limit; an internal fault, by phase.
pub fn compile(
    convention: Convention<'_>,
    module: &Module,
    function: &ir::Function,
    kind: Kind<'_>,
    options: Options<'_>,
) -> Result<Compiled, CompileError> {
    let frame = match kind {
        Kind::Normal => NATIVE_FRAME,
        Kind::Osr { .. } => OSR_FRAME,
    };
    let Convention { abi, machine, .. } = convention;
    let context = ContextLayout::new(module);
    let job = Job { convention, frame, abi, machine, module, context, function, kind, options };
    crate::target::compile_optimized(&job)
}

impl<'a> Job<'a> {
    /// Shows a phase to whoever asked.
    pub fn dump(&self, phase: &'static str, text: &dyn std::fmt::Display) {
        if let Some(dump) = self.options.dump {
            dump(phase, text);
        }
    }

    /// A fault of ours.
    pub fn internal(&self, phase: &'static str, message: impl Into<String>) -> CompileError {
        CompileError::Internal { phase, function: self.function.name.clone(), message: message.into() }
    }

    /// The patchpoint an OSR function is entered from, and tier-0's claim.
    pub fn source(
        &self,
    ) -> Result<Option<(&'a Claim, &'a framewright_spec::claim::Patchpoint)>, CompileError> {
        let Kind::Osr { source, patchpoint } = self.kind else { return Ok(None) };
        let found = source.patchpoints.iter().find(|p| p.id == patchpoint);
        let found = found.ok_or_else(|| self.internal("entry", format!("no patchpoint {patchpoint}")))?;
        Ok(Some((source, found)))
    }
}

/// Runs all phases for a target.
///
/// # Errors
/// As [`compile`].
pub fn compile_for<T: Target>(job: &Job<'_>) -> Result<Compiled, CompileError> {
    let order = order::Order::new(job.function);
    let lowered = lower::lower::<T>(job, &order)?;
    job.dump("isel", &lowered.code);
    let allocated = alloc::allocate(job, &lowered.code)?;
    job.dump("regalloc", &alloc::Shown { code: &lowered.code, output: &allocated.output });
    emit::emit::<T>(job, &order, &lowered, &allocated)
}
