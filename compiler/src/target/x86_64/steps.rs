//! Prolog and epilog steps of a layout, as instructions.
//!
//! The steps come from the frame declaration, fully expanded; here each becomes one instruction. What cannot be
//! encoded is an error that names it. The order, the registers and the offsets are not decided here.
//!
//! | mnemonic | operands |
//! |---|---|
//! | `push`, `pop` | register; memory |
//! | `mov` | register, register; register, memory; memory, register; register, immediate |
//! | `add`, `sub`, `and`, `cmp` | register, register; register, immediate |
//! | `test` | memory, register |
//! | `jne`, `ja`, `jae`, `jbe`, `jg`, `jmp` | place |
//! | `call` | helper |
//! | `lea` | register, memory |
//! | `movaps`, `movups` | register, memory; memory, register |
//! | `jmp` | register |
//! | `ret`, `nop`, `endbr64` | none |

use super::asm::{Asm, mem};
use super::registers::Registers;
use crate::CompileError;
use crate::target::StepLabels;
use framewright_spec::frame::{AsmOperand, AsmStep};
use iced_x86::{Code, IcedError, Instruction};

/// Emits the steps in order.
///
/// # Errors
/// A mnemonic or operand form that is not in the table of this module, a displacement past 32 bits.
pub(crate) fn emit(asm: &mut Asm, registers: &Registers, steps: &[AsmStep]) -> Result<(), CompileError> {
    let mut run = vec![asm.mark()];
    let labels = StepLabels::new(steps, || asm.label());
    for (number, step) in steps.iter().enumerate() {
        labels.at(number).into_iter().for_each(|label| asm.bind(label));
        let unknown = || CompileError::Step { form: form(step) };
        match *step.operands.as_slice() {
            [AsmOperand::Step(to)] => {
                let near = branch(&step.mnemonic).ok_or_else(unknown)?;
                labels.at(to as usize).into_iter().for_each(|label| asm.branch_to(near, label));
            }
            [AsmOperand::Helper(helper)] if step.mnemonic == "call" => asm.call_helper(helper),
            _ => asm.emit(encode(registers, step).ok_or_else(unknown)?),
        }
        run.push(asm.mark());
    }
    labels.at(steps.len()).into_iter().for_each(|label| asm.bind(label));
    asm.runs.push(run);
    Ok(())
}

/// The code of a branch with a 32-bit displacement.
fn branch(mnemonic: &str) -> Option<Code> {
    Some(match mnemonic {
        "jmp" => Code::Jmp_rel32_64,
        "jne" => Code::Jne_rel32_64,
        "ja" => Code::Ja_rel32_64,
        "jae" => Code::Jae_rel32_64,
        "jg" => Code::Jg_rel32_64,
        "jbe" => Code::Jbe_rel32_64,
        _ => return None,
    })
}

/// The instruction of a step; none if there is no such form.
#[rustfmt::skip]
fn encode(registers: &Registers, step: &AsmStep) -> Option<Result<Instruction, IcedError>> {
    use AsmOperand::{Immediate, Memory, Register};
    let reg = |r| registers.get(r);
    let mem = |base, offset: i64| i32::try_from(offset).ok().map(|offset| mem(reg(base), offset));
    let two = Instruction::with2::<iced_x86::Register, iced_x86::Register>;
    Some(match (step.mnemonic.as_str(), step.operands.as_slice()) {
        ("push", &[Register(r)])                                => Instruction::with1(Code::Push_r64, reg(r)),
        ("push", &[Memory { base, offset }])                    => Instruction::with1(Code::Push_rm64, mem(base, offset)?),
        ("pop", &[Register(r)])                                 => Instruction::with1(Code::Pop_r64, reg(r)),
        ("pop", &[Memory { base, offset }])                     => Instruction::with1(Code::Pop_rm64, mem(base, offset)?),
        ("mov", &[Register(d), Register(s)])                    => two(Code::Mov_r64_rm64, reg(d), reg(s)),
        ("mov", &[Register(d), Memory { base, offset }])        => Instruction::with2(Code::Mov_r64_rm64, reg(d), mem(base, offset)?),
        ("mov", &[Memory { base, offset }, Register(s)])        => Instruction::with2(Code::Mov_rm64_r64, mem(base, offset)?, reg(s)),
        ("mov", &[Register(d), Immediate(i)])                   => immediate(Code::Mov_rm64_imm32, Code::Mov_rm64_imm32, reg(d), i)?,
        ("add", &[Register(d), Register(s)])                    => two(Code::Add_r64_rm64, reg(d), reg(s)),
        ("sub", &[Register(d), Register(s)])                    => two(Code::Sub_r64_rm64, reg(d), reg(s)),
        ("and", &[Register(d), Register(s)])                    => two(Code::And_r64_rm64, reg(d), reg(s)),
        ("add", &[Register(d), Immediate(i)])                   => immediate(Code::Add_rm64_imm8, Code::Add_rm64_imm32, reg(d), i)?,
        ("sub", &[Register(d), Immediate(i)])                   => immediate(Code::Sub_rm64_imm8, Code::Sub_rm64_imm32, reg(d), i)?,
        ("and", &[Register(d), Immediate(i)])                   => immediate(Code::And_rm64_imm8, Code::And_rm64_imm32, reg(d), i)?,
        ("cmp", &[Register(d), Register(s)])                    => two(Code::Cmp_r64_rm64, reg(d), reg(s)),
        ("cmp", &[Register(d), Immediate(i)])                   => immediate(Code::Cmp_rm64_imm8, Code::Cmp_rm64_imm32, reg(d), i)?,
        ("test", &[Memory { base, offset }, Register(s)])       => Instruction::with2(Code::Test_rm64_r64, mem(base, offset)?, reg(s)),
        ("lea", &[Register(d), Memory { base, offset }])        => Instruction::with2(Code::Lea_r64_m, reg(d), mem(base, offset)?),
        ("movaps", &[Register(d), Memory { base, offset }])     => Instruction::with2(Code::Movaps_xmm_xmmm128, reg(d), mem(base, offset)?),
        ("movaps", &[Memory { base, offset }, Register(s)])     => Instruction::with2(Code::Movaps_xmmm128_xmm, mem(base, offset)?, reg(s)),
        ("movups", &[Register(d), Memory { base, offset }])     => Instruction::with2(Code::Movups_xmm_xmmm128, reg(d), mem(base, offset)?),
        ("movups", &[Memory { base, offset }, Register(s)])     => Instruction::with2(Code::Movups_xmmm128_xmm, mem(base, offset)?, reg(s)),
        ("jmp", &[Register(r)])                                 => Instruction::with1(Code::Jmp_rm64, reg(r)),
        ("ret", &[])                                            => Ok(Instruction::with(Code::Retnq)),
        ("nop", &[])                                            => Ok(Instruction::with(Code::Nopd)),
        ("endbr64", &[])                                        => Ok(Instruction::with(Code::Endbr64)),
        _ => return None,
    })
}

/// The form with an 8-bit immediate where it fits, else with 32 bits; none past that.
fn immediate(
    short: Code,
    wide: Code,
    register: iced_x86::Register,
    value: i64,
) -> Option<Result<Instruction, IcedError>> {
    let value = i32::try_from(value).ok()?;
    let code = if i8::try_from(value).is_ok() { short } else { wide };
    Some(Instruction::with2(code, register, value))
}

/// The form of a step for people: `xchg register, memory`.
fn form(step: &AsmStep) -> String {
    let kind = |operand: &AsmOperand| match operand {
        AsmOperand::Register(_) => "register".to_owned(),
        AsmOperand::Immediate(value) => value.to_string(),
        AsmOperand::Memory { offset, .. } => format!("[register{offset:+}]"),
        AsmOperand::Step(_) => "place".to_owned(),
        AsmOperand::Helper(_) => "helper".to_owned(),
    };
    let operands: Vec<String> = step.operands.iter().map(kind).collect();
    format!("{} {}", step.mnemonic, operands.join(", ")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use framewright_spec::Reg;

    #[test]
    fn an_unknown_step_is_named() {
        let operands = vec![AsmOperand::Register(Reg(0)), AsmOperand::Memory { base: Reg(4), offset: -8 }];
        let step = AsmStep { mnemonic: "xchg".to_owned(), operands };
        let registers = Registers::from_names(&["rax"]);
        let error = emit(&mut Asm::new("f"), &registers, &[step]).expect_err("a fault");
        assert_eq!(error.to_string(), "no encoding for the frame step `xchg register, [register-8]`");
    }
}
