//! Tier 0: machine code in one pass over a function's body, so that a program starts at once.
//!
//! Every local and every operand has a home: a word of the frame. There is no intermediate representation. Constants,
//! locals just read, one result in the accumulator and one condition in the flags may be pending instead of home
//! ([`stack`]), but at every branch target all state is in its homes, so that a patchpoint is one list of them:
//!
//! ```text
//!   region `locals` of the frame, from its top down, a word each
//!     0            the instance context
//!     1            the patchpoint counter
//!     2 ...        locals, parameters first
//!     2 + locals   operand stack, bottom first
//! ```
//!
//! The body is emitted first and the entry in front of it afterwards, when the frame's size is known.
//!
//! It optimizes nothing and allocates no registers: two callee-saved registers hold the context and the memory base.

mod body;
mod control;
mod entry;
mod frame;
mod stack;

use crate::target::{self, Masm, MasmJob, Pins};
use crate::wasm::Module;
use crate::{CompileError, Compiled};
use framewright_spec::{Convention, RegSet};

/// What is asked of tier-0 beside the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier0Options {
    /// Callee-saved registers to be saved besides those it needs, and overwritten in the body, so that restoring them
    /// matters.
    pub extra_saves: RegSet,
    /// Whether loop headers are patchpoints.
    pub patchpoints: bool,
    /// Whether calls are counted, and the engine told when the count runs out.
    pub call_counter: bool,
}

/// Compiles one function of the module; its index is that of the whole function space.
///
/// # Errors
/// The convention lacks the frame `tier0`, or it cannot be encoded; an imported function; code past the size limit.
pub fn compile(
    convention: Convention<'_>,
    module: &Module,
    function: u32,
    options: &Tier0Options,
) -> Result<Compiled, CompileError> {
    let frame = frame::Frame::new(convention, module, function, options)?;
    let (machine, abi) = (frame.machine, frame.abi);
    target::with_masm(machine, abi, Compilation { frame, module, function, options })
}

struct Compilation<'a> {
    frame: frame::Frame<'a>,
    module: &'a Module,
    function: u32,
    options: &'a Tier0Options,
}

impl MasmJob for Compilation<'_> {
    type Output = Compiled;

    /// Compiles with homes as they are in a small frame. Where a frame is declared so that its size moves them, it is
    /// compiled again with homes as they are at the size found.
    fn run<M: Masm>(mut self, new: impl Fn(&str, Pins) -> M) -> Result<Compiled, CompileError> {
        for _ in 0..2 {
            let masm = new(&self.frame.name, self.frame.pins);
            let mut body = body::Body::<M>::new(masm, &self.frame, self.module, self.function, self.options)?;
            body.operators()?;
            let sized = self.frame.sized(body.words(), body.outgoing_bytes())?;
            if sized.first_home() == self.frame.first_home() {
                return entry::finish(body, &sized);
            }
            self.frame = sized;
        }
        Err(self.frame.fault("the frame `tier0` places its locals at no fixed distance"))
    }
}
