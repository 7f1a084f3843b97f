//! The x86-64 adapter.

pub(crate) mod asm;
pub(crate) mod emit;
pub(crate) mod isel;
pub(crate) mod op;
pub(crate) mod registers;
pub(crate) mod steps;
