//! What unwinders are told about code, as rows: one model for every format.
//!
//! ```text
//! .eh_frame ──dwarf──┐
//! UNWIND_INFO, …  ───┴──▶ Table ──▶ at an instruction: CFA, return address, registers of the caller
//! ```
//!
//! A row says how the caller's state is computed from the state *before* the instructions of its range. Nothing here
//! knows whether that is so: the obligation (P10) is the judges' business.

mod apply;
pub mod dwarf;
pub mod expression;
mod format;
mod undone;
pub mod windows_arm64;
pub mod windows_x64;

pub use apply::At;
pub use format::Format;

use framewright_spec::claim::{Unwind, UnwindFormat};
use framewright_spec::{CodeOffset, Machine, Reg};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Rows of one function, ascending, without overlap. A pc between rows has no unwinding data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows; neighbours that say the same are one.
    pub rows: Vec<Row>,
}

/// What holds before each instruction of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// First byte, from the code's first.
    pub begin: u32,
    /// First byte after.
    pub end: u32,
    /// The canonical frame address.
    pub cfa: Cfa,
    /// Where the caller's registers are, ascending. A callee-saved register without a rule is where the caller left it;
    /// of another one nothing is said.
    pub rules: Rules,
    /// Where the return address is.
    pub return_address: Rule,
    /// Whether it is signed there, with the CFA and the first key.
    pub signed: bool,
}

/// Rules of registers.
pub type Rules = SmallVec<[(Reg, Rule); 8]>;

/// How the canonical frame address is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cfa {
    /// A register and a number of bytes.
    Offset(Reg, i64),
    /// A DWARF expression; see [`expression`].
    Expression(Vec<u8>),
}

/// Where a value of the caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// In the register itself.
    SameValue,
    /// Lost. For the return address: there is no caller.
    Undefined,
    /// In memory, that many bytes from the CFA.
    At(i64),
    /// It is the address that many bytes from the CFA.
    Is(i64),
    /// In a register.
    Register(Reg),
    /// In memory, at the address that a DWARF expression computes from the CFA.
    AtExpression(Vec<u8>),
    /// It is what a DWARF expression computes from the CFA.
    IsExpression(Vec<u8>),
}

/// What a row gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Given {
    /// The canonical frame address.
    Cfa,
    /// The return address.
    ReturnAddress,
    /// The low bits of a register of the caller, and how many.
    Register(Reg, u32),
}

impl Given {
    /// In words; `name` names registers.
    pub fn text(self, name: impl Fn(Reg) -> String) -> String {
        match self {
            Given::Cfa => "the CFA".to_owned(),
            Given::ReturnAddress => "the return address".to_owned(),
            Given::Register(reg, _) => format!("the caller's {}", name(reg)),
        }
    }
}

/// Data that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unwinding data, byte {at:#x}: {what}")]
pub struct UnwindError {
    /// Where in the data.
    pub at: u64,
    /// Whether it may mean something to others.
    pub fault: Fault,
    /// What is wrong or not supported.
    pub what: String,
}

/// What is the matter with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not of its format.
    Malformed,
    /// It is something for which there is no meaning here.
    Unsupported,
}

impl UnwindError {
    /// Data that is not of its format.
    pub fn malformed(at: u64, what: impl Into<String>) -> UnwindError {
        UnwindError { at, fault: Fault::Malformed, what: what.into() }
    }

    /// Data for which there is no meaning here.
    pub fn unsupported(at: u64, what: impl Into<String>) -> UnwindError {
        UnwindError { at, fault: Fault::Unsupported, what: what.into() }
    }
}

/// The rows of unwinding data as a claim has it, for the first `code_bytes` of `code`.
///
/// # Errors
/// Data that cannot be read, and where.
pub fn table(machine: &Machine, unwind: &Unwind, code: &[u8], code_bytes: u32) -> Result<Table, UnwindError> {
    let format = match unwind.format {
        UnwindFormat::DwarfCfi => Format::Dwarf,
        UnwindFormat::WindowsX64 => Format::WindowsX64,
    };
    let table = format.read(&unwind.bytes, code, 0..code_bytes, machine)?;
    match table.rows.iter().any(|row| row.signed) {
        true => Err(UnwindError::unsupported(0, "a signed return address")),
        false => Ok(table),
    }
}

impl Table {
    /// The row of an instruction.
    pub fn at(&self, pc: CodeOffset) -> Option<&Row> {
        self.index(pc).map(|index| &self.rows[index])
    }

    /// The index of the row of an instruction.
    pub fn index(&self, pc: CodeOffset) -> Option<usize> {
        let after = self.rows.partition_point(|row| row.begin <= pc.0);
        let index = after.checked_sub(1)?;
        (pc.0 < self.rows[index].end).then_some(index)
    }

    /// Appends a row, or widens the last one if it says the same; an empty row is no row.
    pub fn push(&mut self, row: Row) {
        if row.begin >= row.end {
            return;
        }
        match self.rows.last_mut() {
            Some(last) if last.end == row.begin && last.says_as(&row) => last.end = row.end,
            _ => self.rows.push(row),
        }
    }
}

impl Row {
    /// The rule of a register, if there is one.
    pub fn rule(&self, reg: Reg) -> Option<&Rule> {
        self.rules.iter().find(|(r, _)| *r == reg).map(|(_, rule)| rule)
    }

    /// Whether both say the same, whatever their ranges.
    pub fn says_as(&self, other: &Row) -> bool {
        (&self.cfa, &self.return_address, self.signed, &self.rules)
            == (&other.cfa, &other.return_address, other.signed, &other.rules)
    }

    /// The row in words: `cfa = rsp+16, return [cfa-8], rbx [cfa-16]`.
    pub fn text(&self, machine: &Machine) -> String {
        let name = |reg: Reg| machine.register(reg).name.as_str();
        let cfa = match &self.cfa {
            Cfa::Offset(reg, bytes) => format!("{}{}", name(*reg), signed(*bytes)),
            Cfa::Expression(bytes) => format!("expression {}", hex(bytes)),
        };
        let signed = if self.signed { "signed " } else { "" };
        let back = format!("return {signed}{}", self.return_address.text(machine));
        let mut parts = vec![format!("cfa = {cfa}"), back];
        let told = self.rules.iter().filter(|(_, rule)| *rule != Rule::SameValue);
        parts.extend(told.map(|(reg, rule)| format!("{} {}", name(*reg), rule.text(machine))));
        parts.join(", ")
    }
}

impl Rule {
    /// The rule in words: `[cfa-16]`.
    pub fn text(&self, machine: &Machine) -> String {
        match self {
            Rule::SameValue => "as it is".to_owned(),
            Rule::Undefined => "undefined".to_owned(),
            Rule::At(bytes) => format!("[cfa{}]", signed(*bytes)),
            Rule::Is(bytes) => format!("cfa{}", signed(*bytes)),
            Rule::Register(reg) => machine.register(*reg).name.clone(),
            Rule::AtExpression(bytes) => format!("[expression {}]", hex(bytes)),
            Rule::IsExpression(bytes) => format!("expression {}", hex(bytes)),
        }
    }
}

fn signed(bytes: i64) -> String {
    if bytes == 0 { String::new() } else { format!("{bytes:+}") }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
