//! Prolog and epilog steps as rows: a step names its row, and a word of memory is two operands of it, the
//! base
//! register and the number.

use super::asm::Asm;
use super::encode::Value;
use crate::CompileError;
use crate::target::StepLabels;
use framewright_spec::SpecError;
use framewright_spec::frame::{AsmOperand, AsmStep};
use smallvec::SmallVec;

/// Emits steps.
///
/// # Errors
/// A step whose mnemonic is no row of the machine, or that calls a helper.
pub(crate) fn emit(asm: &mut Asm<'_>, steps: &[AsmStep]) -> Result<(), CompileError> {
    let mut run = vec![asm.mark()];
    let labels = StepLabels::new(steps, || asm.label());
    for (number, step) in steps.iter().enumerate() {
        labels.at(number).into_iter().for_each(|label| asm.bind(label));
        let row = asm.machine.instructions.get_index_of(&step.mnemonic);
        let row =
            row.ok_or_else(|| SpecError::Unknown { what: "instruction", name: step.mnemonic.clone() })?;
        let mut values: SmallVec<[Value; 4]> = SmallVec::new();
        let mut to = None;
        for operand in &step.operands {
            match *operand {
                AsmOperand::Register(reg) => values.push(Value::Register(reg)),
                AsmOperand::Immediate(number) => values.push(Value::Number(number.into())),
                AsmOperand::Memory { base, offset } => {
                    values.extend([Value::Register(base), Value::Number(offset.into())]);
                }
                // The place of a branch is the last operand of its row.
                AsmOperand::Step(number) => to = labels.at(number as usize),
                AsmOperand::Helper(_) => {
                    return Err(CompileError::Step { form: format!("{} helper", step.mnemonic) });
                }
            }
        }
        match to {
            Some(label) => asm.branch_row(row, &values, label),
            None => asm.row(row, &values),
        }
        run.push(asm.mark());
    }
    labels.at(steps.len()).into_iter().for_each(|label| asm.bind(label));
    asm.runs.push(run);
    Ok(())
}
