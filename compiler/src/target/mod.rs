//! Machine adapters: the only place that knows a machine's encoding.

pub(crate) mod masm;
pub(crate) mod rows;
pub mod x86_64;

pub use masm::Label;
pub(crate) use masm::{
    Assembled, Base, CalledHelper, Home, Masm, Move, Pins, Site, Source, StepLabels, Target, frame_home,
    runs_at,
};

use crate::backend::{Job, compile_for};
use crate::{CompileError, Compiled};
use framewright_spec::{Abi, Machine, SpecError};

/// Compiles an optimized function for the machine of its frame.
///
/// # Errors
/// No adapter for the machine, or as [`crate::backend::compile`].
pub fn compile_optimized(job: &Job<'_>) -> Result<Compiled, CompileError> {
    if job.machine.has_encodings() {
        return compile_for::<rows::isel::Rows>(job);
    }
    match job.machine.name.as_str() {
        x86_64::NAME => compile_for::<x86_64::isel::X86>(job),
        name => Err(SpecError::Unknown { what: "target", name: name.to_owned() }.into()),
    }
}

/// Something to be done with the assembler of a machine.
pub(crate) trait MasmJob {
    /// Its result.
    type Output;
    /// Does it; `new` makes the buffer for one function, from its name for messages and its pinned registers.
    fn run<M: Masm>(self, new: impl Fn(&str, Pins) -> M) -> Result<Self::Output, CompileError>;
}

/// Does a job with the assembler of a machine: that of its rows where they have bit patterns, else its adapter.
pub(crate) fn with_masm<J: MasmJob>(machine: &Machine, abi: &Abi, job: J) -> Result<J::Output, CompileError> {
    if machine.has_encodings() {
        let roles = rows::Roles::new(machine, abi)?;
        return job.run(|function, pins| rows::RowMasm::new(machine, &roles, function, pins));
    }
    match machine.name.as_str() {
        x86_64::NAME => job.run(|function, pins| x86_64::masm::X64::new(machine, function, pins)),
        name => Err(SpecError::Unknown { what: "target", name: name.to_owned() }.into()),
    }
}
