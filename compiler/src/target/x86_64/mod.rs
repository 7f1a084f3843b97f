//! The x86-64 adapter.

pub(crate) mod asm;
pub(crate) mod registers;
pub(crate) mod steps;
