//! What an instruction does: simultaneous updates over registers, flags and memory, with explicit widths.
//!
//! All right-hand sides read the state before the instruction; then all updates happen at once. One row covers
//! every operand width of a mnemonic: widths are those of the decoded operands.

use crate::reg::Reg;

/// One row: a mnemonic and its meaning.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Mnemonic, as in `add`. A row for another form of the same mnemonic has a suffix after a point: `div.64`
    /// (taken when the first operand is that wide), `movsd.load` (when the last operand is memory), `imul.three` (any
    /// other suffix: told by its number of operands).
    pub name: String,
    /// Operand names in manual order, as in `d, s`.
    pub operands: Vec<String>,
    /// Values that the updates share, each over the state before and the ones before it; see [`Expr::Let`].
    pub lets: Vec<(String, Expr)>,
    /// What it does, simultaneously; of two updates of one place the later holds. A row without updates does nothing (`nop`).
    pub updates: Vec<Update>,
    /// Where control goes.
    pub flow: Flow,
    /// Manual and section.
    pub cite: String,
}

/// Where control goes after an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow {
    /// To the next instruction.
    Next,
    /// To the address.
    Jump(Expr),
    /// To the address if the one-bit condition holds, else to the next instruction.
    Branch { condition: Expr, target: Expr },
    /// To a callee that returns to the next instruction. What the call itself pushes is among the updates.
    Call(Expr),
    /// Back to the caller: to the address.
    Return(Expr),
    /// Nowhere: the instruction raises an exception.
    Trap,
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// What is written.
    pub place: Place,
    /// Its new value; a value wider than the place is an error at load, unless the place is an operand.
    pub value: Expr,
}

/// Something that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An operand by index: a register part or memory.
    Operand(usize),
    /// A whole register or flag.
    Register(Reg),
    /// Low bits of a register, with what happens above them given by a view's name in the source (`xmm0.low64`
    /// keeps, `eax` zeroes).
    Part { reg: Reg, low_bit: u32, bits: u32, above: crate::machine::Above },
    /// `bits` bits of memory at an address.
    Memory { address: Expr, bits: Width },
}

/// A width in bits: a number, or that of an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// So many bits.
    Bits(u32),
    /// As wide as the operand of that index.
    Operand(usize),
}

/// A bit-vector expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// The value of an operand. An immediate has the width the decoder extended it to.
    Operand(usize),
    /// The address of a memory operand (for `lea`).
    Address(usize),
    /// A shared value by index; see [`Instruction::lets`].
    Let(usize),
    /// A register or flag.
    Register(Reg),
    /// The address of the next instruction.
    Next,
    /// A constant of a width.
    Const { value: u128, width: Width },
    /// A constant as wide as its context (the other operand, or the place assigned).
    Literal(u128),
    /// `bits` bits of memory at an address, little-endian.
    Memory { address: Box<Expr>, bits: Width },
    /// A named function of one or more arguments; see [`Function`].
    Apply { function: Function, args: Vec<Expr> },
    /// If the one-bit condition, then, else.
    Ite(Box<[Expr; 3]>),
    /// Extended to a width, with zeros or the sign.
    Extend { signed: bool, value: Box<Expr>, to: Width },
    /// The lowest bits.
    Truncate { value: Box<Expr>, to: Width },
    /// Bits `high` down to `low`, both included.
    Extract { value: Box<Expr>, high: u32, low: u32 },
    /// A value the manual leaves undefined; any value of that width.
    Undefined(Width),
    /// The width of an operand in bits, as a number as wide as its context (64 where there is none).
    WidthOf(usize),
}

/// Functions on bit vectors. `Uninterpreted` ones are opaque to the prover (floats) and computed by the concrete
/// interpreter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// Same-width arithmetic and logic.
    Add,
    Sub,
    Mul,
    UDiv,
    URem,
    SDiv,
    SRem,
    And,
    Or,
    Xor,
    Shl,
    LShr,
    AShr,
    RotL,
    RotR,
    /// One operand.
    Not,
    Neg,
    /// Comparisons; one bit.
    Eq,
    Ne,
    Ult,
    Ule,
    Slt,
    Sle,
    /// High operand first.
    Concat,
    /// Bit counts; as wide as the argument (zero gives the width for the first two).
    LeadingZeros,
    TrailingZeros,
    Popcount,
    /// Even parity of the low eight bits; one bit.
    Parity,
    /// Known by name only, its result's width in bits (0: as wide as the first argument): `f64.add`.
    Uninterpreted {
        name: String,
        bits: u32,
    },
}
