//! Accesses of the accumulator machine to memory 0 and table 0.

use super::asm::mem;
use super::masm::{Condition, POINTER, SPARE, X64};
use crate::TrapCode;
use crate::context::{ELEMENT_BYTES, TABLE_BASE, TABLE_LEN};
use crate::ir::{LoadOp, StoreOp, Type};
use crate::target::{Base, Home, Masm, Site, Source};
use iced_x86::Code;

/// The load instruction and the bytes of the register it writes.
#[rustfmt::skip]
pub(super) fn load_code(op: LoadOp) -> (Code, u32) {
    match op {
        LoadOp::I32Load    => (Code::Mov_r32_rm32, 4),
        LoadOp::I64Load    => (Code::Mov_r64_rm64, 8),
        LoadOp::F32Load    => (Code::Movss_xmm_xmmm32, 4),
        LoadOp::F64Load    => (Code::Movsd_xmm_xmmm64, 8),
        LoadOp::I32Load8S  => (Code::Movsx_r32_rm8, 4),
        LoadOp::I32Load8U  => (Code::Movzx_r32_rm8, 4),
        LoadOp::I32Load16S => (Code::Movsx_r32_rm16, 4),
        LoadOp::I32Load16U => (Code::Movzx_r32_rm16, 4),
        LoadOp::I64Load8S  => (Code::Movsx_r64_rm8, 8),
        LoadOp::I64Load8U  => (Code::Movzx_r32_rm8, 4),
        LoadOp::I64Load16S => (Code::Movsx_r64_rm16, 8),
        LoadOp::I64Load16U => (Code::Movzx_r32_rm16, 4),
        LoadOp::I64Load32S => (Code::Movsxd_r64_rm32, 8),
        LoadOp::I64Load32U => (Code::Mov_r32_rm32, 4),
    }
}

/// The instruction that stores an integer register of so many bytes.
pub(super) fn store_code(bytes: u32) -> Code {
    match bytes {
        1 => Code::Mov_rm8_r8,
        2 => Code::Mov_rm16_r16,
        4 => Code::Mov_rm32_r32,
        _ => Code::Mov_rm64_r64,
    }
}

/// The instruction that stores a constant, and its immediate; none if it does not fit.
pub(super) fn store_const_code(op: StoreOp, bits: u64) -> Option<(Code, i32)> {
    match op.bytes() {
        1 => Some((Code::Mov_rm8_imm8, i32::from(bits as u8))),
        2 => Some((Code::Mov_rm16_imm16, i32::from(bits as u16))),
        4 => Some((Code::Mov_rm32_imm32, bits as i32)),
        _ => i32::try_from(bits as i64).ok().map(|bits| (Code::Mov_rm64_imm32, bits)),
    }
}

/// pointer := address of the element at the index, checked.
pub(super) fn table_element(m: &mut X64, index: Source, type_id: u32, wasm_offset: u32) {
    let site = |code| Site { code, wasm_offset };
    let context = |m: &X64, offset: u32| m.word(Home { base: Base::Context, offset: offset as i32 });
    m.load_to(Type::I32, index, POINTER);
    let length = context(m, TABLE_LEN);
    m.asm.rm(Code::Cmp_r64_rm64, POINTER, length);
    m.trap_if(Condition::Flag(Code::Jae_rel32_64), site(TrapCode::TableOutOfBounds));
    m.asm.ri(Code::Shl_rm64_imm8, POINTER, ELEMENT_BYTES.trailing_zeros() as i32);
    let base = context(m, TABLE_BASE);
    m.asm.rm(Code::Add_r64_rm64, POINTER, base);
    m.asm.mi(Code::Cmp_rm64_imm8, mem(POINTER, 0), 0);
    m.trap_if(Condition::Flag(Code::Je_rel32_64), site(TrapCode::IndirectCallToNull));
    m.asm.rm(Code::Mov_r64_rm64, SPARE, mem(POINTER, 16));
    let identity = context(m, type_id);
    m.asm.rm(Code::Cmp_r64_rm64, SPARE, identity);
    m.trap_if(Condition::Flag(Code::Jne_rel32_64), site(TrapCode::BadSignature));
}
