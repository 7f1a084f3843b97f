//! A calling convention: what the world demands. Every field is cited.

use crate::claim::UnwindFormat;
use crate::machine::Machine;
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
    /// Registers that code must not touch at all, because the platform or the runtime owns them.
    pub reserved: Vec<Reg>,
    /// Control bits a callee must preserve: register and mask of the bits.
    pub control_bits: Vec<(Reg, u128)>,
    /// SP is a multiple of this at a call, bytes.
    pub stack_align: u32,
    /// Bytes below SP that a signal handler leaves alone.
    pub red_zone: u32,
    /// Whether the n-th argument takes the n-th register of its class; else it takes the next one of its class.
    pub args_by_position: bool,
    /// Bytes above the return address that belong to the callee whatever its arguments.
    pub shadow_space: u32,
    /// Bytes of return address that a call pushes (0: it is in the link register).
    pub pushed_return: u32,
    /// A stack argument takes a multiple of so many bytes, and its offset is a multiple of what it takes.
    pub stack_arg_bytes: u32,
    /// Bytes of a page.
    pub page_bytes: u32,
    /// Most bytes that the lowest touched byte of the stack may be above an access, so that none passes the guard page
    /// without touching it; `None` where nothing is said.
    pub guard_bytes: Option<u32>,
    /// Bytes from SP up, at the first instruction of a callee, that may not have been touched yet.
    pub untouched_bytes: u32,
    /// Formats of unwinding data that code of the convention carries.
    pub unwind: Vec<UnwindFormat>,
    /// Field name to document and section.
    pub cites: indexmap::IndexMap<String, String>,
}

impl Abi {
    /// Names of the fields, as in the language.
    pub const FIELDS: [&str; 18] = [
        "machine",
        "int_args",
        "float_args",
        "int_results",
        "float_results",
        "callee_saved",
        "reserved",
        "control_bits",
        "stack_align",
        "red_zone",
        "shadow_space",
        "pushed_return",
        "stack_arg_bytes",
        "page_bytes",
        "guard_bytes",
        "untouched_bytes",
        "args_by",
        "unwind",
    ];

    /// The low bits of a register that are the same after a call, if any: those a callee preserves, or all of one
    /// that nobody touches.
    pub fn kept_bits(&self, machine: &Machine, reg: Reg) -> Option<u32> {
        let saved = self.callee_saved.iter().find(|(r, _)| *r == reg).map(|&(_, bits)| bits);
        saved.or_else(|| self.reserved.contains(&reg).then(|| machine.register(reg).bits))
    }

    /// Bytes of the slot that keeps a register's entry value: what a callee must preserve of it, a word at least.
    pub fn slot_bytes(&self, machine: &Machine, reg: Reg) -> i64 {
        let kept = self.callee_saved.iter().find(|(r, _)| *r == reg).map_or(0, |&(_, bits)| bits);
        i64::from((kept.div_ceil(8)).next_power_of_two().max(machine.word_bytes))
    }

    /// Registers a callee must preserve.
    pub fn callee_saved_set(&self) -> RegSet {
        self.callee_saved.iter().map(|&(r, _)| r).collect()
    }
}
