//! A counterexample: concrete inputs, the path taken, and what is wrong at its end.
//!
//! ```text
//! entry state (registers, memory)                    values the code could not choose
//!      │ path[0], path[1], …, path[n-1]  ◄── havocs: what a callee or the heap answered on the way
//!      ▼
//! disputed place: expected against actual, read after path[n-1]
//! ```
//!
//! It is self-contained: a replay needs the file, the machine's meanings and nothing else. Addresses are absolute
//! and were chosen so that memory can be mapped there. It does not say how it was found.

use crate::unwind::Given;
use crate::verdict::Property;
use framewright_spec::{CfaOffset, Claim, CodeOffset, Reg};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The CFA of every counterexample: an address in user space that nothing else wants.
pub const CFA: u64 = 0x2000_0010_0000;
/// Where the code's first byte is in every counterexample.
pub const CODE_BASE: u64 = 0x2100_0000_0000;
/// The return address of every counterexample; no code is there.
pub const RETURN_ADDRESS: u64 = 0x2200_0000_0000;

/// Inputs for which an obligation fails, and what happens then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counterexample {
    /// Whose code it is, for people.
    pub name: String,
    /// What fails.
    pub property: Property,
    /// One sentence: register, slot, expected and actual.
    pub headline: String,
    /// The first wrong instruction.
    pub at: CodeOffset,
    /// The code that was refuted.
    #[serde(with = "framewright_spec::hex")]
    pub bytes: Vec<u8>,
    /// The statement that does not hold.
    pub claim: Claim,
    /// Absolute address of the canonical frame address.
    pub cfa: u64,
    /// Absolute address of the code's first byte.
    pub code_base: u64,
    /// The caller's address that the activation owes.
    pub return_address: u64,
    /// Every register at the entry.
    pub registers: Vec<RegisterValue>,
    /// The memory that matters at the entry, ascending, without overlap; any other byte is free.
    pub memory: Vec<MemoryValue>,
    /// Values that arose on the way from outside the code, by ascending step.
    pub havocs: Vec<Havoc>,
    /// The instructions executed, in order, from the entry. A call is one step, its callee included.
    pub path: Vec<CodeOffset>,
    /// What is read after the last step, where the failure is one of values.
    pub disputed: Option<Disputed>,
    /// Whether these are the only values for which this path goes wrong.
    pub unique: bool,
    /// The path for people, one line a step.
    pub trace: Vec<TraceLine>,
    /// Named assumptions used on the path, and how often.
    pub assumptions: BTreeMap<String, u32>,
    /// Items of the spec that state what was expected: `frame osr: region saves`.
    pub spec_items: Vec<String>,
}

impl Counterexample {
    /// A statement that contradicts itself or its source: no instruction is needed to see it.
    pub(crate) fn of_statement(
        name: &str,
        bytes: &[u8],
        claim: &Claim,
        (property, item): (Property, &str),
        at: CodeOffset,
        headline: String,
    ) -> Counterexample {
        Counterexample {
            name: name.to_owned(),
            property,
            headline,
            at,
            bytes: bytes.to_vec(),
            claim: claim.clone(),
            cfa: CFA,
            code_base: CODE_BASE,
            return_address: RETURN_ADDRESS,
            registers: Vec::new(),
            memory: Vec::new(),
            havocs: Vec::new(),
            path: Vec::new(),
            disputed: None,
            unique: false,
            trace: Vec::new(),
            assumptions: BTreeMap::new(),
            spec_items: vec![item.to_owned()],
        }
    }
}

/// A register and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterValue {
    /// Which.
    pub reg: Reg,
    /// Its whole value.
    #[serde(with = "hex_value")]
    pub value: u128,
}

/// A run of bytes in memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryValue {
    /// Absolute address of the lowest byte.
    pub address: u64,
    /// What is there.
    #[serde(with = "framewright_spec::hex")]
    pub bytes: Vec<u8>,
}

/// A value from outside the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Havoc {
    /// It takes effect just before step `path[step]` (`path.len()`: after the last).
    pub step: u32,
    /// What changes.
    pub value: HavocValue,
}

/// What a callee or the world changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HavocValue {
    /// A register.
    Register(RegisterValue),
    /// Memory.
    Memory(MemoryValue),
    /// The value that the step's `index`-th undefined result takes (flags after a multiplication).
    Undefined {
        /// Which of the step's undefined values, from 0.
        index: u32,
        /// The value.
        #[serde(with = "hex_value")]
        value: u128,
    },
}

/// The values in dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputed {
    /// Where.
    pub place: DisputedPlace,
    /// What the statement demands.
    #[serde(with = "hex_value")]
    pub expected: u128,
    /// What the code does.
    #[serde(with = "hex_value")]
    pub actual: u128,
}

/// Where the values in dispute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DisputedPlace {
    /// The bits of a register under a mask.
    Register {
        /// Which.
        reg: Reg,
        /// The bits that count.
        #[serde(with = "hex_value")]
        mask: u128,
    },
    /// Bytes of the frame.
    Memory {
        /// Lowest byte.
        offset: CfaOffset,
        /// How many.
        bytes: u32,
    },
    /// The address the last step goes to.
    Pc,
    /// The lowest address that the last step reads or writes; `expected` is the nearest address it may touch.
    Access {
        /// How many bytes it touches.
        bytes: u32,
    },
    /// What an unwinder computes from the state.
    Unwound {
        /// Which of the claim's unwinding data, by index.
        data: u32,
        /// The instruction whose row it uses.
        pc: CodeOffset,
        /// What the row gives.
        given: Given,
    },
}

/// One step for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    /// The instruction.
    pub at: CodeOffset,
    /// Its disassembly.
    pub text: String,
    /// SP after it, where it is a known distance from the CFA.
    pub sp: Option<CfaOffset>,
    /// What it changed, in words: `rbx = [cfa-40] = 0x4444…`.
    pub change: String,
    /// The row of unwinding data for what comes next; empty where none is claimed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// Whether this is the first line that is wrong.
    pub wrong: bool,
}

/// Numbers as hexadecimal text: JSON readers lose bits past 2^53.
mod hex_value {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(value: &u128, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&format!("{value:#x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<u128, D::Error> {
        let text = String::deserialize(d)?;
        let digits = text.strip_prefix("0x").ok_or_else(|| D::Error::custom("a number starts with 0x"))?;
        u128::from_str_radix(digits, 16).map_err(D::Error::custom)
    }
}
