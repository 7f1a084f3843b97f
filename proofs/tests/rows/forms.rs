//! Random instances of every encoding of a mnemonic that the decoder may meet in 64-bit code.

use crate::random::Random;
use iced_x86::{Code, EncodingKind, Instruction, Mnemonic, OpCodeOperandKind as Kind, OpKind, Register};

const GENERAL: [Register; 16] = [
    Register::RAX,
    Register::RCX,
    Register::RDX,
    Register::RBX,
    Register::RSP,
    Register::RBP,
    Register::RSI,
    Register::RDI,
    Register::R8,
    Register::R9,
    Register::R10,
    Register::R11,
    Register::R12,
    Register::R13,
    Register::R14,
    Register::R15,
];

/// The encodings of a mnemonic whose operands are general registers, vector registers, memory and numbers.
pub(crate) fn encodings(mnemonic: &str) -> Vec<Code> {
    let wanted = Mnemonic::values().find(|m| format!("{m:?}").to_lowercase() == mnemonic);
    let fits = |code: &Code| {
        let info = code.op_code();
        Some(code.mnemonic()) == wanted
            && info.mode64()
            && info.encoding() == EncodingKind::Legacy
            && info.op_kinds().iter().all(|&kind| operand_class(kind).is_some())
    };
    Code::values().filter(fits).collect()
}

#[derive(Clone, Copy)]
enum Class {
    General(u32),
    GeneralOrMemory(u32),
    Vector,
    VectorOrMemory,
    Memory,
    Fixed(Register),
    Number(OpKind),
    Target,
}

fn operand_class(kind: Kind) -> Option<Class> {
    Some(match kind {
        Kind::r8_reg | Kind::r8_opcode => Class::General(8),
        Kind::r16_reg | Kind::r16_rm | Kind::r16_opcode => Class::General(16),
        Kind::r32_reg | Kind::r32_rm | Kind::r32_opcode => Class::General(32),
        Kind::r64_reg | Kind::r64_rm | Kind::r64_opcode => Class::General(64),
        Kind::r8_or_mem => Class::GeneralOrMemory(8),
        Kind::r16_or_mem => Class::GeneralOrMemory(16),
        Kind::r32_or_mem => Class::GeneralOrMemory(32),
        Kind::r64_or_mem => Class::GeneralOrMemory(64),
        Kind::xmm_reg | Kind::xmm_rm => Class::Vector,
        Kind::xmm_or_mem => Class::VectorOrMemory,
        Kind::mem => Class::Memory,
        Kind::al => Class::Fixed(Register::AL),
        Kind::cl => Class::Fixed(Register::CL),
        Kind::ax => Class::Fixed(Register::AX),
        Kind::eax => Class::Fixed(Register::EAX),
        Kind::rax => Class::Fixed(Register::RAX),
        Kind::imm8 | Kind::imm8_const_1 => Class::Number(OpKind::Immediate8),
        Kind::imm8sex16 => Class::Number(OpKind::Immediate8to16),
        Kind::imm8sex32 => Class::Number(OpKind::Immediate8to32),
        Kind::imm8sex64 => Class::Number(OpKind::Immediate8to64),
        Kind::imm16 => Class::Number(OpKind::Immediate16),
        Kind::imm32 => Class::Number(OpKind::Immediate32),
        Kind::imm32sex64 => Class::Number(OpKind::Immediate32to64),
        Kind::imm64 => Class::Number(OpKind::Immediate64),
        Kind::br64_1 | Kind::br64_4 => Class::Target,
        _ => return None,
    })
}

/// A random instance of an encoding. Memory operands address `memory` once the caller has set the base register
/// that the instruction names; branches go to `target`.
pub(crate) fn instance(code: Code, random: &mut Random, memory: u64, target: u64) -> Instruction {
    let mut instruction = Instruction::default();
    instruction.set_code(code);
    let kinds = code.op_code().op_kinds();
    for (index, &kind) in kinds.iter().enumerate() {
        let Some(class) = operand_class(kind) else { continue };
        let index = index as u32;
        match class {
            Class::General(bits) => set_register(&mut instruction, index, general(random, bits)),
            Class::Fixed(register) => set_register(&mut instruction, index, register),
            Class::Vector => set_register(&mut instruction, index, vector(random)),
            Class::GeneralOrMemory(bits) if random.one_in(2) => {
                set_register(&mut instruction, index, general(random, bits));
            }
            Class::VectorOrMemory if random.one_in(2) => {
                set_register(&mut instruction, index, vector(random))
            }
            Class::GeneralOrMemory(_) | Class::VectorOrMemory | Class::Memory => {
                set_memory(&mut instruction, index, random, memory);
            }
            Class::Number(op_kind) => {
                let number = if kind == Kind::imm8_const_1 { 1 } else { random.integer() };
                set_number(&mut instruction, index, op_kind, number);
            }
            Class::Target => {
                instruction.set_op_kind(index, OpKind::NearBranch64);
                instruction.set_near_branch64(target);
            }
        }
    }
    instruction
}

fn set_register(instruction: &mut Instruction, index: u32, register: Register) {
    instruction.set_op_kind(index, OpKind::Register);
    instruction.set_op_register(index, register);
}

fn set_number(instruction: &mut Instruction, index: u32, kind: OpKind, number: u64) {
    instruction.set_op_kind(index, kind);
    match kind {
        OpKind::Immediate8 => instruction.set_immediate8(number as u8),
        OpKind::Immediate16 => instruction.set_immediate16(number as u16),
        OpKind::Immediate32 => instruction.set_immediate32(number as u32),
        OpKind::Immediate64 => instruction.set_immediate64(number),
        OpKind::Immediate8to16 => instruction.set_immediate8to16(i16::from(number as i8)),
        OpKind::Immediate8to32 => instruction.set_immediate8to32(i32::from(number as i8)),
        OpKind::Immediate8to64 => instruction.set_immediate8to64(i64::from(number as i8)),
        _ => instruction.set_immediate32to64(i64::from(number as i32)),
    }
}

fn set_memory(instruction: &mut Instruction, index: u32, random: &mut Random, memory: u64) {
    instruction.set_op_kind(index, OpKind::Memory);
    if random.one_in(4) {
        instruction.set_memory_base(Register::RIP);
        instruction.set_memory_displacement64(memory);
        instruction.set_memory_displ_size(8);
        return;
    }
    let base = random.pick(&GENERAL);
    instruction.set_memory_base(base);
    let register = random.pick(&GENERAL);
    // With SP as base an index would move SP out of the experiment's memory.
    if random.one_in(2) && ![base, register].contains(&Register::RSP) && register != base {
        instruction.set_memory_index(register);
        instruction.set_memory_index_scale(random.pick(&[1, 2, 4, 8]));
    }
    let displacement = match random.below(3) {
        _ if base == Register::RSP => random.below(16) as i64,
        0 => 0,
        1 => i64::from(random.word() as i8),
        _ => i64::from(random.word() as i32),
    };
    instruction.set_memory_displacement64(displacement as u64);
    instruction.set_memory_displ_size(if displacement == 0 { 0 } else { 8 });
}

fn vector(random: &mut Random) -> Register {
    Register::XMM0 + random.below(16) as u32
}

fn general(random: &mut Random, bits: u32) -> Register {
    let number = random.below(16) as u32;
    match bits {
        8 => random.pick(&EIGHT_BITS),
        16 => Register::AX + number,
        32 => Register::EAX + number,
        _ => Register::RAX + number,
    }
}

/// Without `ah` to `bh`, which do not go with every other register.
const EIGHT_BITS: [Register; 16] = [
    Register::AL,
    Register::CL,
    Register::DL,
    Register::BL,
    Register::SPL,
    Register::BPL,
    Register::SIL,
    Register::DIL,
    Register::R8L,
    Register::R9L,
    Register::R10L,
    Register::R11L,
    Register::R12L,
    Register::R13L,
    Register::R14L,
    Register::R15L,
];
