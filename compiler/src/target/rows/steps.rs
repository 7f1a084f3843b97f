//! Prolog and epilog steps as rows: a step names its row, and a word of memory is two operands of it, the
//! base
//! register and the number.

use super::asm::Asm;
use super::encode::Value;
use crate::CompileError;
use framewright_spec::SpecError;
use framewright_spec::frame::{AsmOperand, AsmStep};
use smallvec::SmallVec;

/// Emits steps.
///
/// # Errors
/// A step whose mnemonic is no row of the machine.
pub(crate) fn emit(asm: &mut Asm<'_>, steps: &[AsmStep]) -> Result<(), CompileError> {
    for step in steps {
        let row = asm.machine.instructions.get_index_of(&step.mnemonic);
        let row =
            row.ok_or_else(|| SpecError::Unknown { what: "instruction", name: step.mnemonic.clone() })?;
        let mut values: SmallVec<[Value; 4]> = SmallVec::new();
        for operand in &step.operands {
            match *operand {
                AsmOperand::Register(reg) => values.push(Value::Register(reg)),
                AsmOperand::Immediate(number) => values.push(Value::Number(number.into())),
                AsmOperand::Memory { base, offset } => {
                    values.extend([Value::Register(base), Value::Number(offset.into())]);
                }
            }
        }
        asm.row(row, &values);
    }
    Ok(())
}
