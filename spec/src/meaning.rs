//! What an instruction does: simultaneous updates over registers, flags and memory, with explicit widths.
//!
//! All right-hand sides read the state before the instruction; then all updates happen at once. One row
//! covers every operand width of a mnemonic: widths are those of the decoded operands.

use crate::encoding::{Encoding, KindId};
use crate::reg::Reg;

/// One row: a mnemonic and its meaning.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Mnemonic, as in `add`. A row for another form of the same mnemonic has a suffix after a point:
    /// `div.64` (taken when the first operand is that wide), `movsd.load` (when the last operand is memory),
    /// `imul.three` (any other suffix: told by its number of operands).
    pub name: String,
    /// Operand names in manual order, as in `d, s`.
    pub operands: Vec<String>,
    /// Their kinds; none where the row has no bit pattern.
    pub kinds: Vec<KindId>,
    /// Assembly form and bit pattern, where the machine's rows have them.
    pub encoding: Option<Encoding>,
    /// Values that the updates share, each over the state before and the ones before it; see [`Expr::Let`].
    pub lets: Vec<(String, Expr)>,
    /// What it does, simultaneously; of two updates of one place the later holds. A row without updates does
    /// nothing (`nop`).
    pub updates: Vec<Update>,
    /// Where control goes.
    pub flow: Flow,
    /// A one-bit condition under which the instruction raises an exception instead of all else (divide by
    /// zero).
    pub traps: Option<Expr>,
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
    Branch {
        /// One bit.
        condition: Expr,
        /// The address.
        target: Expr,
    },
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
    /// Low bits of a register, with what happens above them given by a view's name in the source
    /// (`xmm0.low64` keeps, `eax` zeroes).
    Part {
        /// The register.
        reg: Reg,
        /// Lowest bit of the part.
        low_bit: u32,
        /// Width.
        bits: u32,
        /// What happens to the bits above.
        above: crate::machine::Above,
    },
    /// `bits` bits of memory at an address.
    Memory {
        /// Lowest byte.
        address: Expr,
        /// Width.
        bits: Width,
    },
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
    Const {
        /// The number.
        value: u128,
        /// Its width.
        width: Width,
    },
    /// A constant as wide as its context (the other operand, or the place assigned). The loader replaces it
    /// by a `Const` of that width: a loaded row has none.
    Literal(u128),
    /// `bits` bits of memory at an address, little-endian.
    Memory {
        /// Lowest byte.
        address: Box<Expr>,
        /// Width.
        bits: Width,
    },
    /// A named function of one or more arguments; see [`Function`].
    Apply {
        /// The function.
        function: Function,
        /// Its arguments, left to right.
        args: Vec<Expr>,
    },
    /// If the one-bit condition, then, else.
    Ite(Box<[Expr; 3]>),
    /// Extended to a width, with zeros or the sign.
    Extend {
        /// With the sign (else zeros).
        signed: bool,
        /// What is extended.
        value: Box<Expr>,
        /// The new width.
        to: Width,
    },
    /// The lowest bits.
    Truncate {
        /// What is cut.
        value: Box<Expr>,
        /// The new width.
        to: Width,
    },
    /// Bits `high` down to `low`, both included.
    Extract {
        /// Of what.
        value: Box<Expr>,
        /// Highest bit.
        high: u32,
        /// Lowest bit.
        low: u32,
    },
    /// A value the manual leaves undefined; any value of that width.
    Undefined(Width),
    /// The width of an operand in bits, as a number as wide as its context (64 where there is none).
    WidthOf(usize),
}

impl Expr {
    /// The expressions right below this one.
    pub fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::Operand(_)
            | Expr::Address(_)
            | Expr::Let(_)
            | Expr::Register(_)
            | Expr::Next
            | Expr::Const { .. }
            | Expr::Literal(_)
            | Expr::Undefined(_)
            | Expr::WidthOf(_) => Vec::new(),
            Expr::Memory { address: part, .. }
            | Expr::Extend { value: part, .. }
            | Expr::Truncate { value: part, .. }
            | Expr::Extract { value: part, .. } => vec![part],
            Expr::Apply { args, .. } => args.iter().collect(),
            Expr::Ite(parts) => parts.iter().collect(),
        }
    }

    /// The expressions right below this one, to change.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Expr::Operand(_)
            | Expr::Address(_)
            | Expr::Let(_)
            | Expr::Register(_)
            | Expr::Next
            | Expr::Const { .. }
            | Expr::Literal(_)
            | Expr::Undefined(_)
            | Expr::WidthOf(_) => Vec::new(),
            Expr::Memory { address: part, .. }
            | Expr::Extend { value: part, .. }
            | Expr::Truncate { value: part, .. }
            | Expr::Extract { value: part, .. } => vec![part],
            Expr::Apply { args, .. } => args.iter_mut().collect(),
            Expr::Ite(parts) => parts.iter_mut().collect(),
        }
    }

    /// Number of expressions in this one, itself included.
    pub fn nodes(&self) -> usize {
        1 + self.parts().into_iter().map(Expr::nodes).sum::<usize>()
    }
}

/// Functions on bit vectors. `Uninterpreted` ones are opaque to the prover (floats) and computed by the
/// concrete interpreter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// Sum, modulo the width; as all arithmetic and logic, of two values of one width.
    Add,
    /// Difference.
    Sub,
    /// Product.
    Mul,
    /// Unsigned quotient.
    UDiv,
    /// Unsigned remainder.
    URem,
    /// Signed quotient, towards zero.
    SDiv,
    /// Signed remainder, of the dividend's sign.
    SRem,
    /// Bitwise and.
    And,
    /// Bitwise or.
    Or,
    /// Bitwise exclusive or.
    Xor,
    /// Left shift; zero once the amount is the width or more.
    Shl,
    /// Right shift with zeros.
    LShr,
    /// Right shift with the sign.
    AShr,
    /// Left rotation, the amount modulo the width.
    RotL,
    /// Right rotation, the amount modulo the width.
    RotR,
    /// Bitwise not.
    Not,
    /// Two's complement.
    Neg,
    /// Equality; as all comparisons, one bit.
    Eq,
    /// Inequality.
    Ne,
    /// Unsigned less.
    Ult,
    /// Unsigned less or equal.
    Ule,
    /// Signed less.
    Slt,
    /// Signed less or equal.
    Sle,
    /// Both after one another, high first.
    Concat,
    /// Zero bits above the highest one; the width for zero. As wide as the argument.
    LeadingZeros,
    /// Zero bits below the lowest one; the width for zero. As wide as the argument.
    TrailingZeros,
    /// Number of one bits. As wide as the argument.
    Popcount,
    /// Even parity of the low eight bits; one bit.
    Parity,
    /// Known by name only: `f64.add`.
    Uninterpreted {
        /// The name.
        name: String,
        /// Width of the result (0: as wide as the first argument).
        bits: u32,
    },
}
