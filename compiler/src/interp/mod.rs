//! The reference interpreter: what an IR function means, executed directly.
//!
//! ```text
//! run(function, args) --memory, globals, calls--> Instance (the engine's, or `Standalone` in tests)
//! ```
//!
//! Values are raw bits, 32-bit types zero-extended. It is meant to be obviously right, not fast, and it keeps
//! no call stack: a call goes to the [`Instance`], which limits the depth.

mod frame;
pub mod memory;
pub mod standalone;

pub use standalone::Standalone;

use crate::TrapCode;
use crate::ir::Function;
use frame::Frame;
use framewright_spec::claim::StateValue;

/// Why and where a program stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct Trap {
    /// Why.
    pub code: TrapCode,
    /// Byte offset in the Wasm module; not known yet for a trap that a call's target raises before it runs:
    /// the interpreter adds the call's.
    pub wasm_offset: Option<u32>,
}

impl From<TrapCode> for Trap {
    fn from(code: TrapCode) -> Trap {
        Trap { code, wasm_offset: None }
    }
}

/// What a function reaches outside itself. Arguments and results are as many as the module's types say.
pub trait Instance {
    /// Memory 0, empty if there is none.
    fn memory(&mut self) -> &mut [u8];

    /// Grows memory 0 by `pages`: the old number of pages, or `u32::MAX` if it cannot.
    fn memory_grow(&mut self, pages: u32) -> u32;

    /// Reads a global.
    fn global_get(&mut self, index: u32) -> u64;

    /// Writes a global.
    fn global_set(&mut self, index: u32, bits: u64);

    /// Calls a function of the index space.
    ///
    /// # Errors
    /// Its trap, or [`TrapCode::StackExhausted`].
    fn call(&mut self, function: u32, args: &[u64]) -> Result<Vec<u64>, Trap>;

    /// Calls an element of table 0, which must be of the module's type `type_index`.
    ///
    /// # Errors
    /// Its trap, or why there is nothing to call.
    fn call_indirect(&mut self, type_index: u32, element: u32, args: &[u64]) -> Result<Vec<u64>, Trap>;

    /// Asked at every block; an error stops the program there.
    ///
    /// # Errors
    /// Why to stop.
    fn step(&mut self) -> Result<(), TrapCode> {
        Ok(())
    }
}

/// Runs a function from its entry.
///
/// # Errors
/// The trap that stopped it.
pub fn run(function: &Function, args: &[u64], instance: &mut dyn Instance) -> Result<Vec<u64>, Trap> {
    Frame::new(function, args, &[]).run(instance)
}

/// Runs an OSR function from the state of its patchpoint. State values that are missing count as zero.
///
/// # Errors
/// The trap that stopped it.
pub fn run_osr(
    function: &Function,
    state: &[(StateValue, u64)],
    instance: &mut dyn Instance,
) -> Result<Vec<u64>, Trap> {
    Frame::new(function, &[], state).run(instance)
}
