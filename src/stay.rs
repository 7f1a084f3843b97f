//! The words in which the engine and generated code speak to each other: what is installed, how a stay in
//! generated code ends, what it asks for meanwhile. The deeds are in `native`.

use framewright_compiler::{TrapCode, TrapSite};
use framewright_verifier::Proven;
use std::io;

/// What the machine or its operating system refuses.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// Generated code runs on one kind of host.
    #[error("native tiers do not run on this machine and system; `--tier interp` runs anywhere")]
    Host,
    /// The processor is older than the baseline of generated code.
    #[error("this processor has no {0}, which generated code needs; `--tier interp` runs without it")]
    Processor(&'static str),
    /// Address space or memory.
    #[error("cannot reserve {bytes} bytes for {what}: {source}")]
    Memory {
        /// For what.
        what: &'static str,
        /// How many bytes.
        bytes: usize,
        /// The system's reason.
        source: io::Error,
    },
    /// Signal handlers, threads.
    #[error("cannot {what}: {source}")]
    System {
        /// To do what.
        what: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// Code that the engine cannot call, nor be called by.
    #[error(
        "code of the convention `{0}` cannot run here; `framewright run --target` runs it on its machine"
    )]
    Convention(String),
    /// No unwinder that takes unwinding data of code made at run time.
    #[error("this process has no unwinder that can be told of generated code (libgcc's `__register_frame`)")]
    Unwinder,
    /// An address that is not of this store's code.
    #[error("not an entry of this store's code")]
    Entry,
}

/// One piece of code to install.
#[derive(Debug)]
pub struct Piece<'a> {
    /// The proven code.
    pub code: &'a Proven,
    /// Its trap sites, ascending.
    pub traps: &'a [TrapSite],
    /// The engine's number for it, to be found again in a trap.
    pub tag: u32,
}

/// How a run of generated code ended.
#[derive(Debug)]
pub enum Outcome {
    /// It returned.
    Returned,
    /// An instruction trapped.
    Trapped {
        /// Why.
        code: TrapCode,
        /// Byte offset in the Wasm module.
        wasm_offset: u32,
        /// The piece of code.
        tag: u32,
    },
    /// An instruction faulted that is not a trap site: a fault of ours.
    Faulted {
        /// Signal.
        signal: i32,
        /// Address of the instruction.
        pc: u64,
    },
    /// A callback asked to leave.
    Left,
    /// A callback panicked.
    Panicked(String),
}

/// What generated code asks of the engine. None: leave the generated code at once.
pub trait Callbacks {
    /// A patchpoint counter of an instance ran out: where to go on, and the counter's new value.
    fn patchpoint(&self, instance: u64, key: u64, resume: u64) -> Option<(u64, u32)>;
    /// Grow memory 0 of an instance by pages: size before, or -1.
    fn memory_grow(&self, instance: u64, pages: u32) -> u32;
    /// A call counter of an instance ran out.
    fn tier_up(&self, instance: u64, function: u32) -> Option<()>;
    /// Words that the values of a call of a host function need.
    fn host_arity(&self, host: u64) -> usize;
    /// Call a host function: parameters in, results out. False: it trapped.
    fn host_call(&self, host: u64, values: &mut [u64]) -> bool;
}

/// An installed entry stub: its code, and where it lands after a trap.
#[derive(Clone, Copy, Debug)]
pub struct EntryStub {
    /// Address of the stub.
    pub address: u64,
    /// Address of its landing.
    pub landing: u64,
}

/// Addresses of the functions that generated code calls.
#[derive(Clone, Copy, Debug, Default)]
pub struct CallbackAddresses {
    /// For [`framewright_compiler::context::PATCHPOINT`].
    pub patchpoint: u64,
    /// For [`framewright_compiler::context::MEMORY_GROW`].
    pub memory_grow: u64,
    /// For [`framewright_compiler::context::TIER_UP`].
    pub tier_up: u64,
    /// For [`framewright_compiler::context::HOST_CALL`].
    pub host_call: u64,
}
