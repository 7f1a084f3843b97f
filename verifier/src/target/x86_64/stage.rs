//! The path of a counterexample as straight-line x86-64 code.
//!
//! Instructions run as they are, moved; a conditional branch becomes one that leaves if it goes the wrong way; values
//! from outside are put into place by moves, with a register, SP and the flags parked beside the flag stack.

use super::probe::{Asm, FLAGS, GENERAL, MXCSR, XMM, encode, fields, flag_stack, near, xmm};
use crate::probe::{Field, Lab, ProbeError};
use crate::replay::Action;
use crate::target::StagedPath;
use framewright_spec::{CodeOffset, Machine, Reg};
use iced_x86::{Code, DecoderOptions, IcedError, Instruction, MemoryOperand, Mnemonic, OpKind, Register};

/// Bytes from the first slot down to the word that keeps where control goes at the end.
const PC_DISTANCE: u64 = 0x18_0000;
/// Room behind the path for the jump to the exit.
const TAIL_BYTES: usize = 16;

/// The code of a path.
pub(crate) fn stage_path(
    machine: &Machine,
    code: &[u8],
    code_base: u64,
    lab: Lab,
    actions: &[Action],
) -> Result<StagedPath, ProbeError> {
    let base = lab.slot(0);
    let pc_slot = base - PC_DISTANCE;
    let assemble = |lab: Lab| {
        let mut stage = Stage {
            asm: Asm::at(lab.code(0)),
            code,
            code_base,
            parking: flag_stack(lab) + 1024,
            flag_stack: flag_stack(lab),
            exit: lab.second_exit(0),
            pc_slot,
            fields: fields(machine),
        };
        actions.iter().try_for_each(|action| stage.action(action))?;
        Ok(stage.asm.bytes())
    };
    // All encodings have fixed lengths, so that the first assembly tells the room that the second needs.
    let room = assemble(lab).map_err(encode)?.len() + TAIL_BYTES;
    let lab = Lab::with_room(room).at(base);
    Ok(StagedPath { lab, code: assemble(lab).map_err(encode)?, pc_slot })
}

struct Stage<'a> {
    asm: Asm,
    code: &'a [u8],
    code_base: u64,
    /// Words to park registers in: the accumulator, SP.
    parking: u64,
    flag_stack: u64,
    exit: u64,
    pc_slot: u64,
    fields: Vec<(Reg, Field)>,
}

impl Stage<'_> {
    fn action(&mut self, action: &Action) -> Result<(), IcedError> {
        match action {
            Action::Run(at) => {
                let instruction = self.read(*at);
                self.asm.emit(&instruction)?;
            }
            Action::Branch { at, taken } => {
                let mut instruction = self.read(*at);
                instruction.as_near_branch();
                if *taken {
                    instruction.negate_condition_code();
                }
                instruction.set_near_branch64(self.exit);
                self.asm.emit(&instruction)?;
            }
            Action::Leave(at) => self.leave(*at)?,
            Action::Set { registers, memory } => {
                for (address, bytes) in memory {
                    self.set_memory(*address, bytes)?;
                }
                self.set_registers(registers)?;
            }
        }
        Ok(())
    }

    /// The instruction at its own address, so that PC-relative operands are absolute and can be moved.
    fn read(&self, at: CodeOffset) -> Instruction {
        let rest = self.code.get(at.0 as usize..).unwrap_or(&[]);
        let address = self.code_base.wrapping_add(u64::from(at.0));
        iced_x86::Decoder::with_ip(64, rest, address, DecoderOptions::AMD).decode()
    }

    fn leave(&mut self, at: CodeOffset) -> Result<(), IcedError> {
        let instruction = self.read(at);
        if instruction.mnemonic() == Mnemonic::Ret {
            self.asm.emit(&Instruction::with1(Code::Pop_rm64, near(self.pc_slot))?)?;
            if instruction.op_count() == 1 {
                let above =
                    MemoryOperand::with_base_displ(Register::RSP, i64::from(instruction.immediate16()));
                self.asm.emit(&Instruction::with2(Code::Lea_r64_m, Register::RSP, above)?)?;
            }
            return Ok(());
        }
        match instruction.op0_kind() {
            OpKind::Register => self.store(self.pc_slot, instruction.op0_register()),
            OpKind::Memory => {
                let mut load = instruction;
                load.set_code(Code::Mov_r64_rm64);
                load.set_op0_kind(OpKind::Register);
                load.set_op0_register(Register::RAX);
                load.set_op1_kind(OpKind::Memory);
                self.store(self.parking, Register::RAX)?;
                self.asm.emit(&load)?;
                self.store(self.pc_slot, Register::RAX)?;
                self.load(Register::RAX, self.parking)
            }
            // Where a direct jump goes is no secret.
            _ => Ok(()),
        }
    }

    fn store(&mut self, to: u64, register: Register) -> Result<(), IcedError> {
        self.asm.emit(&Instruction::with2(Code::Mov_rm64_r64, near(to), register)?)?;
        Ok(())
    }

    fn load(&mut self, register: Register, from: u64) -> Result<(), IcedError> {
        self.asm.emit(&Instruction::with2(Code::Mov_r64_rm64, register, near(from))?)?;
        Ok(())
    }

    fn set_memory(&mut self, address: u64, bytes: &[u8]) -> Result<(), IcedError> {
        self.store(self.parking, Register::RAX)?;
        for (index, &byte) in bytes.iter().enumerate() {
            let to = MemoryOperand::with_displ(address.wrapping_add(index as u64), 8);
            self.asm.emit(&Instruction::with2(Code::Mov_r8_imm8, Register::AL, u32::from(byte))?)?;
            self.asm.emit(&Instruction::with2(Code::Mov_moffs8_AL, to, Register::AL)?)?;
        }
        self.load(Register::RAX, self.parking)
    }

    fn set_registers(&mut self, registers: &[(Reg, u128)]) -> Result<(), IcedError> {
        let (mut mask, mut flags) = (0_u32, 0_u32);
        let mut general = Vec::new();
        for &(reg, value) in registers {
            let Some(field) = self.fields.iter().find(|(r, _)| *r == reg).map(|(_, field)| *field) else {
                continue;
            };
            let offset = field.offset as u64;
            if offset == FLAGS {
                mask |= 1 << field.bit;
                flags |= (value as u32) << field.bit;
            } else if offset == MXCSR {
                // It stays what it is at the start of a probe, where exceptions are masked.
            } else if offset >= XMM {
                self.set_vector(xmm((offset - XMM) as usize / 16), value)?;
            } else {
                general.push((GENERAL[offset as usize / 8], value as u64));
            }
        }
        if mask != 0 {
            self.set_flags(mask, flags)?;
        }
        for (register, value) in general {
            self.asm.set(register, value)?;
        }
        Ok(())
    }

    fn set_vector(&mut self, register: Register, value: u128) -> Result<(), IcedError> {
        self.store(self.parking, Register::RAX)?;
        self.asm.set(Register::RAX, value as u64)?;
        self.asm.emit(&Instruction::with2(Code::Movq_xmm_rm64, register, Register::RAX)?)?;
        self.asm.set(Register::RAX, (value >> 64) as u64)?;
        self.asm.emit(&Instruction::with3(Code::Pinsrq_xmm_rm64_imm8, register, Register::RAX, 1)?)?;
        self.load(Register::RAX, self.parking)
    }

    /// Sets the flags under the mask; the others stay.
    fn set_flags(&mut self, mask: u32, flags: u32) -> Result<(), IcedError> {
        let top = MemoryOperand::with_base(Register::RSP);
        self.store(self.parking + 8, Register::RSP)?;
        self.asm.set(Register::RSP, self.flag_stack)?;
        self.asm.emit(&Instruction::with(Code::Pushfq))?;
        self.asm.emit(&Instruction::with2(Code::And_rm64_imm32, top, !mask as i32)?)?;
        self.asm.emit(&Instruction::with2(Code::Or_rm64_imm32, top, flags as i32)?)?;
        self.asm.emit(&Instruction::with(Code::Popfq))?;
        self.load(Register::RSP, self.parking + 8)
    }
}
