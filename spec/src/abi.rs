//! A calling convention: what the world demands. Every field is cited.

use crate::reg::{Reg, RegSet};

/// One convention on one machine.
#[derive(Clone, Debug)]
pub struct Abi {
    /// Name, as in `sysv`.
    pub name: String,
    /// The machine it is for.
    pub machine: String,
    /// Integer argument registers, in order.
    pub int_args: Vec<Reg>,
    /// Float argument registers, in order.
    pub float_args: Vec<Reg>,
    /// Integer result registers, in order.
    pub int_results: Vec<Reg>,
    /// Float result registers, in order.
    pub float_results: Vec<Reg>,
    /// Registers a callee must preserve, with the number of low bits it must preserve.
    pub callee_saved: Vec<(Reg, u32)>,
    /// Control bits a callee must preserve: register and mask of the bits.
    pub control_bits: Vec<(Reg, u128)>,
    /// SP is a multiple of this at a call, bytes.
    pub stack_align: u32,
    /// Bytes below SP that a signal handler leaves alone.
    pub red_zone: u32,
    /// Bytes above the return address that belong to the callee whatever its arguments.
    pub shadow_space: u32,
    /// Bytes of return address that a call pushes (0: it is in the link register).
    pub pushed_return: u32,
    /// Bytes of one stack argument.
    pub stack_arg_bytes: u32,
    /// Bytes of a page.
    pub page_bytes: u32,
    /// Field name to document and section.
    pub cites: indexmap::IndexMap<String, String>,
}

impl Abi {
    /// Names of the fields, as in the language.
    pub const FIELDS: [&str; 13] = [
        "machine",
        "int_args",
        "float_args",
        "int_results",
        "float_results",
        "callee_saved",
        "control_bits",
        "stack_align",
        "red_zone",
        "shadow_space",
        "pushed_return",
        "stack_arg_bytes",
        "page_bytes",
    ];

    /// Registers a callee must preserve.
    pub fn callee_saved_set(&self) -> RegSet {
        self.callee_saved.iter().map(|&(r, _)| r).collect()
    }
}
