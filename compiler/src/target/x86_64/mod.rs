//! The x86-64 adapter.
//!
//! | file | what |
//! |---|---|
//! | [`asm`] | instructions to bytes: labels, traps, constants, jump tables |
//! | `registers` | the model's registers and their parts, as the encoder's |
//! | `steps` | prolog and epilog steps of a layout |
//! | `sequences` | Wasm operators that take several instructions |
//! | `masm` | the accumulator machine of tier-0 and the stubs |
//! | `num`, `memory` | arithmetic and accesses of that machine |
//! | `op`, `isel`, `emit` | instructions of optimized code: what they are, their choice, their bytes |

pub(crate) mod asm;
pub(crate) mod emit;
pub(crate) mod isel;
pub(crate) mod masm;
mod memory;
mod num;
pub(crate) mod op;
pub(crate) mod registers;
pub(crate) mod sequences;
pub(crate) mod steps;

/// The machine's name in the model.
pub(crate) const NAME: &str = "x86_64";
