//! A frame as declared: what we choose. Regions from the CFA downwards, and the steps that build and remove
//! it.
//!
//! The compiler emits the expanded steps; the verifier never reads them, only the regions and the contract
//! that follows from them. So an error in a step is refuted, not believed.

use crate::machine::RegClass;
use crate::reg::Reg;
use serde::{Deserialize, Serialize};

/// One frame declaration.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Name, as in `sysv.tier0`.
    pub name: String,
    /// The calling convention whose debt this frame repays.
    pub abi: String,
    /// The frame this one extends downwards and keeps, with its parameters under its own name
    /// (`tier0.saved`).
    pub extends: Option<String>,
    /// Sets of registers it is parameterised by (`saved`).
    pub sets: Vec<SetParam>,
    /// Sizes in bytes it is parameterised by (`locals`, `outgoing`).
    pub sizes: Vec<String>,
    /// What a shape must satisfy, with the words it is stated in.
    pub requires: Vec<(String, Num)>,
    /// Whether the entry values that the extended frame keeps still count.
    pub debt: Debt,
    /// Regions from the CFA (or from the extended frame's lowest byte) downwards.
    pub regions: Vec<Region>,
    /// Where an address is rounded down to a multiple of more than the ABI's alignment, if it is.
    pub realign: Option<Realign>,
    /// Whether every page must be touched in order before anything below it is.
    pub probed: bool,
    /// A register that holds in the body what SP was when the body began.
    pub base: Option<Reg>,
    /// How the body lowers SP by a number of bytes that is in a register, if it may.
    pub allocate: Option<Allocate>,
    /// Registers that prolog and epilog may write besides SP, FP and what they save or restore.
    pub scratch: SetExpr,
    /// Whether the word above the FP word is the return address too (a full FP chain), not only the caller's
    /// FP.
    pub chain_return: bool,
    /// Named expressions that the steps use.
    pub lets: Vec<(String, Num)>,
    /// From entry to body.
    pub prolog: Vec<Step>,
    /// From body to caller.
    pub epilog: Vec<Step>,
    /// Where the choice is explained.
    pub cite: String,
}

impl Frame {
    /// Whether `name` is its full name (`sysv.tier0`) or the part after the convention's (`tier0`), by which frames
    /// that extend it may call it.
    pub fn is_called(&self, name: &str) -> bool {
        called(&self.name, name)
    }
}

/// Whether `name` is the full name or its last part.
pub(crate) fn called(full: &str, name: &str) -> bool {
    full == name || full.rsplit_once('.').is_some_and(|(_, last)| last == name)
}

/// What lies below some regions is placed from an address that is rounded down, so that its distance from the CFA
/// is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Realign {
    /// Regions above it.
    pub above: usize,
    /// The address is a multiple of so many bytes, a power of two.
    pub align: u32,
}

/// How the body lowers SP.
#[derive(Clone, Debug)]
pub struct Allocate {
    /// The register that holds the number of bytes.
    pub bytes: Reg,
    /// What is done.
    pub steps: Vec<Step>,
}

/// What a frame that extends another makes of the entry values in that frame's save slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Debt {
    /// They stay where they are; the epilog fetches them from there.
    Shared,
    /// They no longer count: in the body, the registers themselves or this frame's own slots hold the entry
    /// values, the return address and FP included.
    Own,
}

/// A set of registers that a frame is parameterised by.
#[derive(Clone, Debug)]
pub struct SetParam {
    /// Name, as in `saved`.
    pub name: String,
    /// What its members are among.
    pub within: SetExpr,
}

/// A run of bytes of the frame. All but `InheritedSaves` take room of their own.
#[derive(Clone, Debug)]
pub struct Region {
    /// Name, as in `saves`.
    pub name: String,
    /// What it is for.
    pub role: RegionRole,
    /// Bytes; for `Saves` it may be larger than the set needs (reserved room below).
    pub bytes: Num,
    /// Alignment of its lowest byte relative to the CFA, bytes; padding goes above the region.
    pub align: u32,
}

/// What a region is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionRole {
    /// The return address.
    ReturnAddress,
    /// The caller's frame pointer, part of the frame chain; FP points at it in the body.
    SavedFp,
    /// Entry values of the set's members, each as wide as the ABI keeps it (a word at least) and aligned to
    /// that, from the top of the region down, in the given order.
    Saves {
        /// Whose entry values.
        set: SetExpr,
        /// Which of them is on top.
        order: Order,
    },
    /// Entry values of further registers, kept in the free room of an extended frame's `Saves` region,
    /// directly under what that frame saved; takes no bytes of this frame.
    InheritedSaves {
        /// The region (`tier0.saves`).
        region: String,
        /// Whose entry values.
        set: SetExpr,
        /// Which of them is on top.
        order: Order,
    },
    /// A copy of the return address, for FP-chain walkers.
    ReturnCopy,
    /// Free for the body.
    Body,
    /// Arguments for callees; callees may write there.
    Outgoing,
    /// Nobody's.
    Padding,
}

/// Order of registers by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Lowest number first.
    Ascending,
    /// Highest number first.
    Descending,
}

/// A set of registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetExpr {
    /// A parameter (`saved`, `tier0.saved`).
    Param(String),
    /// Named members.
    Members(Vec<Reg>),
    /// The ABI's callee-saved registers.
    CalleeSaved,
    /// All registers of a class (`int`, `float`).
    Class(RegClass),
    /// So many members with the lowest numbers, or all where there are fewer.
    Lowest(Box<SetExpr>, u32),
    /// So many members with the highest numbers, or all where there are fewer.
    Highest(Box<SetExpr>, u32),
    /// Either.
    Union(Box<[SetExpr; 2]>),
    /// Both.
    Intersection(Box<[SetExpr; 2]>),
    /// First without second.
    Minus(Box<[SetExpr; 2]>),
}

/// A number, in bytes unless it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Num {
    /// A constant.
    Const(i64),
    /// A size parameter, a `let`, or `total` (bytes of the whole frame below the CFA, extended frame
    /// included).
    Name(String),
    /// Members of a set.
    Count(SetExpr),
    /// Bytes of the save slots of a set's members, without padding between them.
    Bytes(SetExpr),
    /// Bytes from the CFA to the lowest byte of a region, negative (`at(locals)`, `at(tier0.saves)`).
    At(String),
    /// Bytes from the CFA to the save slot of a register, negative (`slot(r)`; `slot(tier0.r)`: to the one in
    /// the extended frame).
    Slot(String),
    /// Sum.
    Add(Box<[Num; 2]>),
    /// Difference.
    Sub(Box<[Num; 2]>),
    /// Product.
    Mul(Box<[Num; 2]>),
    /// First rounded up to a multiple of the second.
    AlignUp(Box<[Num; 2]>),
    /// 1 if it holds, else 0.
    Compare(Comparison, Box<[Num; 2]>),
    /// 1 if both are not 0, else 0.
    And(Box<[Num; 2]>),
    /// The second if the first is not 0, else the third.
    If(Box<[Num; 3]>),
    /// Bits of a number in two's complement, as a number that is not negative.
    Slice {
        /// The number.
        value: Box<Num>,
        /// Highest bit.
        high: u32,
        /// Lowest bit.
        low: u32,
    },
    /// The lowest bits of a number, the highest of them its sign.
    Signed(Box<Num>, u32),
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// All of them as they are written.
    pub const WRITTEN: [(&'static str, Comparison); 6] = [
        ("==", Comparison::Equal),
        ("!=", Comparison::NotEqual),
        ("<", Comparison::Less),
        ("<=", Comparison::LessOrEqual),
        (">", Comparison::Greater),
        (">=", Comparison::GreaterOrEqual),
    ];

    /// Whether it holds.
    pub fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }
}

/// One step of a prolog or epilog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// An instruction.
    Asm {
        /// Mnemonic, as in `push`.
        mnemonic: String,
        /// Operands, destination first.
        operands: Vec<StepOperand>,
    },
    /// For each member of the set, in order, the steps with the variable bound to it; with two variables, for
    /// each two members.
    For {
        /// One loop variable, or two.
        vars: Vec<String>,
        /// Its values.
        set: SetExpr,
        /// By register number.
        order: Order,
        /// What is done for each.
        steps: Vec<Step>,
        /// What is done for the member that is left over, bound to the first variable.
        rest: Vec<Step>,
    },
    /// If the number is not zero, these steps.
    If {
        /// The number.
        condition: Num,
        /// If it is not zero.
        then: Vec<Step>,
        /// If it is zero.
        otherwise: Vec<Step>,
    },
    /// These steps so many times, one after another.
    Repeat {
        /// How often.
        times: Num,
        /// What is done.
        steps: Vec<Step>,
    },
    /// The place of the next instruction, for branches in the same block or in blocks inside it.
    Label(String),
}

/// An operand of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOperand {
    /// A register by name, or a loop variable.
    Register(String),
    /// A number.
    Number(Num),
    /// A word of memory at a register plus a number.
    Memory {
        /// The register, by name, or a loop variable.
        base: String,
        /// Bytes added to it.
        offset: Num,
    },
    /// The place of a label.
    Label(String),
    /// The helper of that number in [`crate::Spec::helpers`].
    Helper(u32),
}

/// One instruction of an expanded prolog or epilog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsmStep {
    /// Mnemonic, as in `push`.
    pub mnemonic: String,
    /// Operands, destination first.
    pub operands: Vec<AsmOperand>,
}

/// An operand of an expanded step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AsmOperand {
    /// A full-width register.
    Register(Reg),
    /// A number.
    Immediate(i64),
    /// A word of memory at a register plus bytes.
    Memory {
        /// The register.
        base: Reg,
        /// Bytes added to it.
        offset: i64,
    },
    /// The place of the step of that number in the same list, or the end of the list.
    Step(u32),
    /// The helper of that number in [`crate::Spec::helpers`].
    Helper(u32),
}
