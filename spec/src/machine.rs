//! A machine: its registers, their parts, and its instructions with their meaning.

use crate::encoding::OperandKind;
use crate::lowering::{Compile, Lowering};
use crate::meaning::{Expr, Function, Instruction};
use crate::reg::{Reg, RegSet};
use indexmap::IndexMap;

/// One machine.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Name, as in `x86_64`.
    pub name: String,
    /// Bytes of an address.
    pub word_bytes: u32,
    /// Full-width registers, indexed by [`Reg`]. Flags are registers of one bit.
    pub registers: Vec<Register>,
    /// Named parts of registers (`eax`, `al`), by name. A full register is its own view under its own name.
    pub views: IndexMap<String, View>,
    /// The stack pointer.
    pub sp: Reg,
    /// The frame pointer by convention.
    pub fp: Reg,
    /// The register a call leaves the return address in, where the machine has one.
    pub link: Option<Reg>,
    /// DWARF's number for the return address where it is in no register: its column in call frame information.
    pub dwarf_return: Option<u16>,
    /// Kinds of operands by name, for machines whose rows have bit patterns; see [`crate::encoding`].
    pub operand_kinds: IndexMap<String, OperandKind>,
    /// Instruction rows by mnemonic; where rows have no bit patterns, one row serves every operand width.
    pub instructions: IndexMap<String, Instruction>,
    /// What a compiler is to know besides, where it chooses instructions by lowerings.
    pub compile: Option<Compile>,
    /// How operations are done, by operation; the first that matches is taken.
    pub lowerings: IndexMap<String, Vec<Lowering>>,
    /// Where the registers stand: document and section.
    pub cite: String,
    /// Other facts (`word`, `sp`, `fp`) to document and section.
    pub cites: IndexMap<String, String>,
}

/// What a register is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegClass {
    /// Integers and addresses.
    Int,
    /// Floats and vectors.
    Float,
    /// One condition flag.
    Flag,
    /// Control bits that the ABI speaks of (MXCSR, DF).
    Control,
}

impl RegClass {
    /// The word for it in the language.
    pub fn name(self) -> &'static str {
        match self {
            RegClass::Int => "int",
            RegClass::Float => "float",
            RegClass::Flag => "flag",
            RegClass::Control => "control",
        }
    }
}

/// A full-width register.
#[derive(Clone, Debug)]
pub struct Register {
    /// Name, as in `rax`.
    pub name: String,
    /// What it is for.
    pub class: RegClass,
    /// Width in bits.
    pub bits: u32,
    /// DWARF register number, where it has one.
    pub dwarf: Option<u16>,
}

/// A named part of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The register it is part of.
    pub reg: Reg,
    /// Lowest bit of the part.
    pub low_bit: u32,
    /// Width in bits.
    pub bits: u32,
    /// What a write to the part does to the bits above it.
    pub above: Above,
}

/// What a write to part of a register does to the bits above the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Above {
    /// They become zero (x86-64: 32-bit parts).
    Zero,
    /// They stay (x86-64: 8- and 16-bit parts).
    Keep,
}

impl Machine {
    /// The full-width register of that name.
    pub fn reg(&self, name: &str) -> Option<Reg> {
        let view = self.views.get(name)?;
        let whole = view.low_bit == 0 && view.bits == self.registers[view.reg.0 as usize].bits;
        whole.then_some(view.reg)
    }

    /// DWARF's number for the return address, if the machine has one.
    pub fn return_column(&self) -> Option<u16> {
        self.link.map_or(self.dwarf_return, |link| self.register(link).dwarf)
    }

    /// Whether it has instructions that sign addresses, and so unwind data that says which are.
    pub fn signs_addresses(&self) -> bool {
        let signs = |expr: &Expr| {
            matches!(expr, Expr::Apply { function: Function::Uninterpreted { name, .. }, .. }
                if name.starts_with("address.sign"))
        };
        self.instructions.values().flat_map(|row| &row.updates).any(|update| signs(&update.value))
    }

    /// All registers of a class.
    pub fn of_class(&self, class: RegClass) -> RegSet {
        let of_class = self.registers.iter().enumerate().filter(|(_, register)| register.class == class);
        of_class.map(|(i, _)| Reg(i as u8)).collect()
    }

    /// The register's declaration.
    pub fn register(&self, reg: Reg) -> &Register {
        &self.registers[reg.0 as usize]
    }
}
