//! How the instructions of a fixed-pattern machine stand in memory and in assembly text.
//!
//! ```text
//! operand X: register { zero, ra, sp, … }        a kind: what the operand can be, and its number in the word
//! asm  "sw t, i(n)"                              ──▶ Encoding::asm
//! bits "i[11:5] t n 010 i[4:0] 0100011"          ──▶ Encoding::mask, value, fields
//! ```
//!
//! A row says only where the bits are. The encoder and the decoder are two readers of it, written apart from each
//! other; nothing here turns operands into words or words into operands. The text of an instruction is made
//! here, because both people's and programs' listings need it.

use crate::machine::{Machine, View};
use crate::meaning::Instruction;

/// A kind of operands, by index into [`Machine::operand_kinds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KindId(pub u16);

/// What an operand can be, and which number stands for it in the instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperandKind {
    /// Name, as in `s12`.
    pub name: String,
    /// What it can be.
    pub form: KindForm,
    /// Values that cannot be encoded though their bits would fit; none for registers, whose list says it by `_`.
    pub excluded: Vec<i128>,
    /// Spellings of the numbers from 0 on, of a kind that names its numbers (then it is [`KindForm::Unsigned`], and
    /// those without a name are excluded); else empty.
    pub names: Vec<Option<String>>,
}

/// What an operand can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KindForm {
    /// A register or a part of one. Its number in the instruction is its index in the list.
    Register {
        /// Width of every choice, bits.
        bits: u32,
        /// By number; a power of two of them. `None`: no such encoding.
        choices: Vec<Option<Choice>>,
    },
    /// A number of so many bits, two's complement.
    Signed {
        /// Width, bits.
        bits: u32,
    },
    /// A number of so many bits, not negative.
    Unsigned {
        /// Width, bits.
        bits: u32,
    },
    /// The distance in bytes from this instruction's first byte to an address of the code, two's complement. In
    /// the meaning the operand is that address, as wide as an address.
    Code {
        /// Width of the distance, bits.
        bits: u32,
    },
    /// A64's bit mask immediate: a pattern of ones, rotated and repeated through the value, in 13 bits `N:immr:imms`
    /// (Arm ARM DDI 0487, `DecodeBitMasks`). In the meaning the operand is the value.
    Bitmask {
        /// Width of the value, 32 or 64 bits. For 32 the bit `N` (bit 12 of the 13) is 0.
        bits: u32,
    },
}

/// One register of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// In assembly text, as in `ra`, `$a0`, `xzr`.
    pub spelling: String,
    /// The register or its part; `None` is the zero register: it reads as zero, and a write to it is lost.
    pub view: Option<View>,
}

impl OperandKind {
    /// Width in bits of the operand in the row's meaning. `word_bits`: that of an address.
    pub fn bits(&self, word_bits: u32) -> u32 {
        match self.form {
            KindForm::Register { bits, .. }
            | KindForm::Signed { bits }
            | KindForm::Unsigned { bits }
            | KindForm::Bitmask { bits } => bits,
            KindForm::Code { .. } => word_bits,
        }
    }

    /// Bits of the number that stands for the operand in the instruction; slices of `bits` patterns are of it.
    pub fn field_bits(&self) -> u32 {
        match &self.form {
            KindForm::Register { choices, .. } => choices.len().trailing_zeros(),
            KindForm::Signed { bits } | KindForm::Unsigned { bits } | KindForm::Code { bits } => *bits,
            KindForm::Bitmask { .. } => 13,
        }
    }

    /// The operand in assembly text. `value` is the register's number, the immediate's value, for code what the
    /// text is to show: a distance or an address. A number that is no register is shown as such.
    pub fn spell(&self, value: i128) -> String {
        let name = usize::try_from(value).ok().and_then(|number| self.names.get(number)?.clone());
        if let Some(name) = name {
            return name;
        }
        match &self.form {
            KindForm::Register { choices, .. } => {
                let choice = usize::try_from(value).ok().and_then(|number| choices.get(number)?.as_ref());
                choice.map_or_else(|| format!("?{value}"), |choice| choice.spelling.clone())
            }
            KindForm::Bitmask { .. } => format!("{value:#x}"),
            KindForm::Signed { .. } | KindForm::Unsigned { .. } | KindForm::Code { .. } => value.to_string(),
        }
    }
}

/// Assembly form and bit pattern of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Length in bits, 16 or 32; the word is little-endian in memory.
    pub bits: u32,
    /// Bits that the row fixes.
    pub mask: u32,
    /// What they are; zero where `mask` is.
    pub value: u32,
    /// Where the operands' bits are. Every operand has one at least. Bits of an operand in no field are zero;
    /// where two fields give the same bit of an operand, both are equal.
    pub fields: Vec<Field>,
    /// Whether the row is read, never written: some bits are in no field and not fixed, or its text names a class.
    pub decode_only: bool,
    /// Assembly text.
    pub asm: Vec<AsmPart>,
}

/// Bits of an operand in the instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which operand.
    pub operand: usize,
    /// Lowest bit in the instruction.
    pub low_in_word: u32,
    /// Lowest bit of the operand's number (see [`OperandKind::field_bits`]) that stands there.
    pub low_in_value: u32,
    /// How many bits.
    pub bits: u32,
}

/// A piece of assembly text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsmPart {
    /// As it is.
    Text(String),
    /// The operand's spelling.
    Operand(usize),
}

impl Encoding {
    /// Length in bytes.
    pub fn bytes(&self) -> u32 {
        self.bits / 8
    }

    /// Whether a word that matches both rows is this one: it fixes more bits, or as many and demands that more
    /// of the others are equal. Told for two patterns that have a word in common.
    pub fn is_special_case_of(&self, other: &Encoding) -> bool {
        let fixes_all = other.mask & !self.mask == 0;
        fixes_all && (self.mask != other.mask || self.equal_bits() > other.equal_bits())
    }

    /// How many bits must equal another one, because an operand's bit stands in two fields.
    pub fn equal_bits(&self) -> u32 {
        let bits = |field: &Field| (0..field.bits).map(|i| field.low_in_value + i).collect::<Vec<_>>();
        let mut seen: Vec<(usize, u32)> = Vec::new();
        let mut equal = 0;
        for field in &self.fields {
            for bit in bits(field) {
                let bit = (field.operand, bit);
                equal += u32::from(seen.contains(&bit));
                seen.push(bit);
            }
        }
        equal
    }
}

impl Machine {
    /// A kind of operands.
    pub fn kind(&self, id: KindId) -> Option<&OperandKind> {
        self.operand_kinds.get_index(usize::from(id.0)).map(|(_, kind)| kind)
    }

    /// What addresses of instructions are multiples of, in bytes: the length of the shortest one, as patterns have
    /// 16 or 32 bits; 1 where the rows have none.
    pub fn instruction_align(&self) -> u32 {
        let lengths = self.instructions.values().filter_map(|row| row.encoding.as_ref().map(Encoding::bytes));
        lengths.min().unwrap_or(1)
    }

    /// Whether the machine's rows have bit patterns: all of a machine do, or none.
    pub fn has_encodings(&self) -> bool {
        self.instructions.values().next().is_some_and(|row| row.encoding.is_some())
    }

    /// An instruction in assembly text; of a row without an assembly form its name and operands. `values` are the
    /// operands in order, as [`OperandKind::spell`] takes them; one that is missing is shown by its name.
    pub fn display_instruction(&self, row: &Instruction, values: &[i128]) -> String {
        let operand = |index: usize| {
            let kind = row.kinds.get(index).and_then(|&id| self.kind(id));
            match (values.get(index), kind) {
                (Some(&value), Some(kind)) => kind.spell(value),
                (Some(value), None) => value.to_string(),
                (None, _) => row.operands.get(index).cloned().unwrap_or_default(),
            }
        };
        let Some(encoding) = &row.encoding else {
            let operands: Vec<String> = (0..row.operands.len()).map(operand).collect();
            return format!("{} {}", row.name, operands.join(", ")).trim_end().to_owned();
        };
        let parts = encoding.asm.iter().map(|part| match part {
            AsmPart::Text(text) => text.clone(),
            AsmPart::Operand(index) => operand(*index),
        });
        parts.collect()
    }
}
