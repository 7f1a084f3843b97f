//! The model: machines, calling conventions, frames and transitions, stated once.
//!
//! Everything the compiler emits at a function's edges and everything the verifier demands of machine code is
//! derived from here. What the world demands (machine, ABI) is kept apart from what we choose (frames,
//! transitions): the first is trusted and cited, the second is re-proved on the bytes.
#![forbid(unsafe_code)]

pub mod abi;
pub mod claim;
pub mod error;
pub mod frame;
pub mod layout;
pub mod machine;
pub mod meaning;
pub mod reg;
pub mod transition;
pub mod unit;

pub use abi::Abi;
pub use claim::Claim;
pub use error::SpecError;
pub use frame::Frame;
pub use layout::{Layout, Shape};
pub use machine::Machine;
pub use reg::{Reg, RegSet};
pub use transition::Transition;
pub use unit::{CfaOffset, CodeOffset};

use indexmap::IndexMap;

/// A whole specification, checked: every name resolves, every layout law holds.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Machines by name (`x86_64`).
    pub machines: IndexMap<String, Machine>,
    /// Calling conventions by name (`sysv`).
    pub abis: IndexMap<String, Abi>,
    /// Frames by name (`tier0`).
    pub frames: IndexMap<String, Frame>,
    /// Transitions by name (`ryujit`).
    pub transitions: IndexMap<String, Transition>,
}
