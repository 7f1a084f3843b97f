//! One decoded instruction in words of the model.
//!
//! ```text
//! bytes ──target adapter──▶ Decoded { row, operands } ──eval + row of the spec──▶ updates of a state
//! ```
//!
//! What an instruction does is not here: that is the row's business. Operands that a mnemonic implies
//! (`rdx:rax` of a division) are not listed; the row names those registers itself.

use framewright_spec::machine::View;
use framewright_spec::{CodeOffset, Reg};
use smallvec::SmallVec;

/// A row of the machine: its index in [`framewright_spec::Machine::instructions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u16);

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Its first byte.
    pub at: CodeOffset,
    /// Its length in bytes.
    pub len: u32,
    /// Its meaning.
    pub row: RowId,
    /// Explicit operands in manual order.
    pub operands: SmallVec<[Operand; 3]>,
}

impl Decoded {
    /// First byte of the instruction that follows.
    pub fn next(&self) -> CodeOffset {
        CodeOffset(self.at.0 + self.len)
    }

    /// Whether an operand is memory at that place in the code's data, whatever registers hold.
    pub(crate) fn names_word(&self, word: CodeOffset) -> bool {
        self.operands.iter().any(|operand| match operand {
            Operand::Memory(memory) => {
                let placed = memory.base == Base::Code && memory.index.is_none();
                placed && memory.displacement == i64::from(word.0)
            }
            _ => false,
        })
    }
}

/// An explicit operand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A register or a part of one, with what a write does above the part.
    Part(View),
    /// The zero register: it reads as zero, and a write to it is lost.
    Zero {
        /// Width in bits.
        bits: u32,
    },
    /// Memory.
    Memory(MemoryOperand),
    /// A constant, extended by the decoder to the width at which the instruction uses it.
    Immediate {
        /// The value, zero above `bits`.
        value: u64,
        /// Width in bits.
        bits: u32,
    },
    /// An address of the code itself (branch targets): bytes from the code's start, which may lie outside the code.
    Code(i64),
}

/// `base + index × scale + displacement`, modulo 2^64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryOperand {
    /// What the displacement is added to.
    pub base: Base,
    /// Index register and scale.
    pub index: Option<(Reg, u32)>,
    /// Bytes.
    pub displacement: i64,
    /// Width of the access in bits; 0 where nothing is accessed (`lea`).
    pub bits: u32,
    /// Bytes of which the address must be a multiple; the machine faults if it is not.
    pub align: u32,
}

/// What the displacement of a memory operand is added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Nothing.
    Zero,
    /// A register.
    Register(Reg),
    /// The code's first byte (PC-relative operands, made relative to the code's start).
    Code,
}

impl Operand {
    /// Width in bits; addresses of code have 64.
    pub fn bits(&self) -> u32 {
        match self {
            Operand::Part(view) => view.bits,
            Operand::Memory(memory) => memory.bits,
            Operand::Zero { bits } | Operand::Immediate { bits, .. } => *bits,
            Operand::Code(_) => 64,
        }
    }
}

/// Something for which the verifier has no meaning, by name and place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct Unsupported {
    /// The instruction.
    pub at: CodeOffset,
    /// What about it.
    pub what: String,
}

#[cfg(test)]
mod tests {
    use crate::target;
    use framewright_spec::{CodeOffset, Spec};

    #[test]
    fn a_word_is_named_by_its_place_alone() {
        let machine = Spec::embedded().machine("x86_64").expect("the machine");
        let decoder = target::decoder(machine).expect("an adapter");
        let names = |bytes: &[u8], word: u32| {
            decoder.decode(bytes, CodeOffset(0)).expect("a call").names_word(CodeOffset(word))
        };
        // call [rip + 16], of 6 bytes; call [rax + 22]; call to 22.
        let placed = [0xff, 0x15, 16, 0, 0, 0];
        assert!(names(&placed, 22) && !names(&placed, 16));
        assert!(!names(&[0xff, 0x50, 22], 22));
        assert!(!names(&[0xe8, 17, 0, 0, 0], 22));
    }
}
