//! The target of every machine whose rows have bit patterns: what to emit is said by its lowerings, how it
//! looks by
//! its rows. No machine is known here.
//!
//! | file | what |
//! |---|---|
//! | `select` | an operation and its operands become rows |
//! | `encode` | a row and its operands become a word |
//! | `asm` | words, labels, traps, jump tables become the bytes of a function |
//! | `core` | operations on registers that are known |
//! | `isel`, `op`, `emit` | optimized code: the choice of operations, what they are, their bytes |
//! | `roles` | which registers the accumulator machine uses |
//! | `masm` | the accumulator machine of tier-0 and the stubs |
//! | `steps` | prolog and epilog steps of a layout |

pub(crate) mod asm;
mod core;
mod emit;
pub(crate) mod encode;
pub(crate) mod isel;
mod masm;
mod num;
mod op;
mod roles;
pub(crate) mod select;
pub(crate) mod steps;

pub(crate) use masm::RowMasm;
pub(crate) use roles::Roles;

#[cfg(test)]
mod tests;
