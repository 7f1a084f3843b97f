//! Steps of prologs and epilogs: full registers, memory at a register, numbers of 32 bits that are extended by sign.

use super::{Decoder, allows_unaligned};
use crate::decoded::{Base, Decoded, MemoryOperand, Operand};
use crate::target::template::{Number, StepOperand, Template};
use framewright_spec::machine::View;
use framewright_spec::{CodeOffset, Reg};
use iced_x86::Mnemonic;
use smallvec::SmallVec;

/// Bits of immediates and displacements of instructions with 64-bit operands (SDM vol. 1, 3.7.2 and 3.7.5; vol. 2A,
/// 2.2.1.3 and 2.2.1.5).
const NUMBER_BITS: u32 = 32;

impl Decoder {
    /// See [`crate::target::Decoder::template`].
    pub(super) fn template_of(&self, mnemonic: &str, operands: &[StepOperand]) -> Result<Template, String> {
        let unknown = || format!("no instruction `{mnemonic}`");
        let code = *self.mnemonics.get(mnemonic).ok_or_else(unknown)?;
        let widest = operands.iter().find_map(|operand| match operand {
            StepOperand::Register(reg) => self.whole(*reg).map(|view| view.bits),
            _ => None,
        });
        let bits = memory_bits(code).or(widest).unwrap_or(64);
        let align = if bits == 128 && !allows_unaligned(code) { 16 } else { 1 };
        let (mut list, mut numbers) = (SmallVec::<[Operand; 3]>::new(), Vec::new());
        for (index, operand) in operands.iter().enumerate() {
            list.push(match *operand {
                StepOperand::Register(reg) => Operand::Part(self.whole(reg).ok_or_else(unknown)?.clone()),
                StepOperand::Number => {
                    numbers.push(Number::signed(index, NUMBER_BITS));
                    Operand::Immediate { value: 0, bits: widest.unwrap_or(64) }
                }
                StepOperand::Place => Operand::Code(0),
                StepOperand::Memory(base) => {
                    numbers.push(Number { displacement: true, ..Number::signed(index, NUMBER_BITS) });
                    // The number is open, so it is not said to be nothing.
                    let (base, displacement) = (Base::Register(base), 1);
                    Operand::Memory(MemoryOperand { base, index: None, displacement, bits, align })
                }
            });
        }
        let row = self.row(code, &list).ok_or_else(|| format!("no row for this form of `{mnemonic}`"))?;
        let decoded = Decoded { at: CodeOffset(0), len: 0, row, operands: list };
        Ok(Template { decoded, numbers })
    }

    /// All of a register.
    fn whole(&self, reg: Reg) -> Option<&View> {
        let views = self.views.iter().flatten().filter(|view| view.reg == reg && view.low_bit == 0);
        views.max_by_key(|view| view.bits)
    }
}

/// Bits of the memory operand, where they are not those of the register operand.
fn memory_bits(mnemonic: Mnemonic) -> Option<u32> {
    match mnemonic {
        Mnemonic::Lea => Some(0),
        Mnemonic::Movsd | Mnemonic::Movq | Mnemonic::Movlps | Mnemonic::Movhps => Some(64),
        Mnemonic::Movss | Mnemonic::Movd => Some(32),
        _ => None,
    }
}
