//! The model's registers as the encoder's, and their parts by width.

use framewright_spec::{Machine, Reg};
use iced_x86::Register;

/// The encoder's register for each register of the machine that can be an operand.
#[derive(Clone, Debug)]
pub(crate) struct Registers(Vec<Register>);

impl Registers {
    /// The table for a machine; registers are matched by name.
    pub(crate) fn new(machine: &Machine) -> Registers {
        let names = machine.registers.iter().map(|r| r.name.as_str());
        Registers(names.map(|name| by_name(name).unwrap_or(Register::None)).collect())
    }

    #[cfg(test)]
    pub(crate) fn from_names(names: &[&str]) -> Registers {
        Registers(names.iter().map(|name| by_name(name).unwrap_or(Register::None)).collect())
    }

    /// The 64-bit (or vector) register; `Register::None`, which no instruction takes, for flags and the like.
    pub(crate) fn get(&self, reg: Reg) -> Register {
        self.0.get(usize::from(reg.0)).copied().unwrap_or(Register::None)
    }
}

/// The low part, of so many bytes, of an integer register. Vector registers have the same name at every width.
pub(crate) fn part(register: Register, bytes: u32) -> Register {
    if !register.is_gpr() {
        return register;
    }
    let number = register.number() as u32;
    match bytes {
        // The encoder counts AH..BH after the first four; SPL and on follow them.
        1 if number < 4 => Register::AL + number,
        1 => Register::SPL + (number - 4),
        2 => Register::AX + number,
        4 => Register::EAX + number,
        _ => Register::RAX + number,
    }
}

fn xmm(number: u32) -> Register {
    Register::XMM0 + number
}

#[rustfmt::skip]
fn by_name(name: &str) -> Option<Register> {
    use Register::*;
    const INTS: [(&str, Register); 16] = [
        ("rax", RAX), ("rcx", RCX), ("rdx", RDX), ("rbx", RBX), ("rsp", RSP), ("rbp", RBP), ("rsi", RSI), ("rdi", RDI),
        ("r8", R8), ("r9", R9), ("r10", R10), ("r11", R11), ("r12", R12), ("r13", R13), ("r14", R14), ("r15", R15),
    ];
    if let Some(number) = name.strip_prefix("xmm") {
        return number.parse().ok().filter(|&n: &u32| n < 16).map(xmm);
    }
    INTS.iter().find(|(n, _)| *n == name).map(|&(_, r)| r)
}
