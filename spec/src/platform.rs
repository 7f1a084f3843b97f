//! A platform: an operating system on a machine, as far as a program needs it that has no library. What the world
//! demands, so every field is cited.

use crate::reg::{Reg, RegSet};

/// One operating system on one machine.
#[derive(Clone, Debug)]
pub struct Platform {
    /// Name, as in `linux.x86_64`.
    pub name: String,
    /// The machine it is for.
    pub machine: String,
    /// The convention by which the kernel calls signal handlers, and programs are compiled where nothing else is
    /// asked for.
    pub abi: String,
    /// `e_machine` of its executables.
    pub elf_machine: u16,
    /// `e_flags` of its executables.
    pub elf_flags: u32,
    /// Bits of `e_flags` that tell the convention of the code; those of a file for this platform are as in `elf_flags`.
    pub elf_abi_mask: u32,
    /// Bytes of the largest page that its kernels use; segments are aligned to it.
    pub page_bytes: u32,
    /// The program that runs its executables elsewhere.
    pub emulator: String,
    /// Holds a system call's number.
    pub call_number: Reg,
    /// Hold a system call's arguments, in order.
    pub call_args: Vec<Reg>,
    /// Holds a system call's result: negative numbers from -4095 on are errors.
    pub call_result: Reg,
    /// Numbers of system calls by name ([`Platform::CALLS`]).
    pub calls: indexmap::IndexMap<String, u32>,
    /// Number of the system call that returns from a handler, where the program must bring a function for it.
    pub restorer: Option<u32>,
    /// Signals that instructions raise: undefined ones, breakpoints, faults of memory and arithmetic.
    pub trap_signals: Vec<u32>,
    /// Where a handler's third argument has the interrupted PC, bytes from its start.
    pub signal_pc: u32,
    /// Where it has the interrupted SP.
    pub signal_sp: u32,
    /// Registers that unwinders find in it, and where each is; none where there is no restorer.
    pub signal_registers: Vec<(Reg, u32)>,
    /// Field name to document and section.
    pub cites: indexmap::IndexMap<String, String>,
}

impl Platform {
    /// System calls that programs use.
    pub const CALLS: [&str; 6] = ["write", "mmap", "mprotect", "rt_sigaction", "sigaltstack", "exit_group"];

    /// Names of the fields, as in the language.
    pub const FIELDS: [&str; 22] = [
        "machine",
        "abi",
        "elf_machine",
        "elf_flags",
        "elf_abi_mask",
        "page_bytes",
        "emulator",
        "call_number",
        "call_args",
        "call_result",
        "write",
        "mmap",
        "mprotect",
        "rt_sigaction",
        "sigaltstack",
        "exit_group",
        "restorer",
        "trap_signals",
        "signal_pc",
        "signal_sp",
        "signal_registers",
        "signal_places",
    ];

    /// Registers that a system call takes values in or gives one in.
    pub fn call_registers(&self) -> RegSet {
        self.call_args.iter().copied().chain([self.call_number, self.call_result]).collect()
    }
}
