//! Machine adapters: the only place that knows a machine's encoding.

pub mod x86_64;

use crate::backend::{Job, compile_for};
use crate::{CompileError, Compiled};
use framewright_spec::SpecError;

/// Compiles an optimized function for the machine of its frame.
///
/// # Errors
/// No adapter for the machine, or as [`crate::backend::compile`].
pub fn compile_optimized(job: &Job<'_>) -> Result<Compiled, CompileError> {
    match job.machine.name.as_str() {
        "x86_64" => compile_for::<x86_64::isel::X86>(job),
        name => Err(SpecError::Unknown { what: "target", name: name.to_owned() }.into()),
    }
}
