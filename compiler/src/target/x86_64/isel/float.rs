//! Floats and conversions.
//!
//! Operands keep their places, so that of two NaNs it is always the first that comes out. Rounding is to nearest
//! and exceptions are masked (MXCSR is the convention's), `roundss` with bit 3 set raises no inexact.

use super::{Cx, Op, Source, Value, Width, late_use};
use crate::ir::{InstData, NumOp};
use NumOp::*;
use Width::{W32, W64};
use iced_x86::Code;
use regalloc2::{Operand, RegClass, VReg};

/// How a float instruction is selected.
#[derive(Clone, Copy)]
enum How {
    /// Two-operand arithmetic.
    Plain(Code),
    MinMax(bool),
    /// Destination, then a source of any kind.
    From(Code),
    /// With the rounding mode.
    Round(Code, i32),
    Abs,
    Neg,
    Copysign,
    /// Destination, then a source, on registers alone.
    Bits(Code),
    /// Integer to float: the source's upper half may have to be right.
    Convert(Code, Reads),
    FromUnsigned,
    Truncate {
        to: Width,
        signed: bool,
        saturates: bool,
    },
}

/// How much of an integer register a conversion reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// The low 32 bits of an i32.
    Low,
    /// All 64 bits.
    All,
}

#[rustfmt::skip]
fn how(op: NumOp) -> Option<(How, Width)> {
    use How::*;
    let truncate = |to, signed, saturates| Truncate { to, signed, saturates };
    Some(match op {
        F32Add => (Plain(Code::Addss_xmm_xmmm32), W32),          F64Add => (Plain(Code::Addsd_xmm_xmmm64), W64),
        F32Sub => (Plain(Code::Subss_xmm_xmmm32), W32),          F64Sub => (Plain(Code::Subsd_xmm_xmmm64), W64),
        F32Mul => (Plain(Code::Mulss_xmm_xmmm32), W32),          F64Mul => (Plain(Code::Mulsd_xmm_xmmm64), W64),
        F32Div => (Plain(Code::Divss_xmm_xmmm32), W32),          F64Div => (Plain(Code::Divsd_xmm_xmmm64), W64),
        F32Min => (MinMax(false), W32),                          F64Min => (MinMax(false), W64),
        F32Max => (MinMax(true), W32),                           F64Max => (MinMax(true), W64),
        F32Sqrt => (From(Code::Sqrtss_xmm_xmmm32), W32),         F64Sqrt => (From(Code::Sqrtsd_xmm_xmmm64), W64),
        F32Nearest => (Round(Code::Roundss_xmm_xmmm32_imm8, 8), W32),  F64Nearest => (Round(Code::Roundsd_xmm_xmmm64_imm8, 8), W64),
        F32Floor   => (Round(Code::Roundss_xmm_xmmm32_imm8, 9), W32),  F64Floor   => (Round(Code::Roundsd_xmm_xmmm64_imm8, 9), W64),
        F32Ceil    => (Round(Code::Roundss_xmm_xmmm32_imm8, 10), W32), F64Ceil    => (Round(Code::Roundsd_xmm_xmmm64_imm8, 10), W64),
        F32Trunc   => (Round(Code::Roundss_xmm_xmmm32_imm8, 11), W32), F64Trunc   => (Round(Code::Roundsd_xmm_xmmm64_imm8, 11), W64),
        F32Abs => (Abs, W32),                                    F64Abs => (Abs, W64),
        F32Neg => (Neg, W32),                                    F64Neg => (Neg, W64),
        F32Copysign => (Copysign, W32),                          F64Copysign => (Copysign, W64),
        F32DemoteF64  => (From(Code::Cvtsd2ss_xmm_xmmm64), W64), F64PromoteF32 => (From(Code::Cvtss2sd_xmm_xmmm32), W32),
        I32ReinterpretF32 => (Bits(Code::Movd_rm32_xmm), W32),   I64ReinterpretF64 => (Bits(Code::Movq_rm64_xmm), W64),
        F32ReinterpretI32 => (Bits(Code::Movd_xmm_rm32), W32),   F64ReinterpretI64 => (Bits(Code::Movq_xmm_rm64), W64),
        F32ConvertI32S => (Convert(Code::Cvtsi2ss_xmm_rm32, Reads::Low), W32),
        F64ConvertI32S => (Convert(Code::Cvtsi2sd_xmm_rm32, Reads::Low), W64),
        F32ConvertI32U => (Convert(Code::Cvtsi2ss_xmm_rm64, Reads::All), W32),
        F64ConvertI32U => (Convert(Code::Cvtsi2sd_xmm_rm64, Reads::All), W64),
        F32ConvertI64S => (Convert(Code::Cvtsi2ss_xmm_rm64, Reads::All), W32),
        F64ConvertI64S => (Convert(Code::Cvtsi2sd_xmm_rm64, Reads::All), W64),
        F32ConvertI64U => (FromUnsigned, W32),                   F64ConvertI64U => (FromUnsigned, W64),
        I32TruncF32S => (truncate(W32, true, false), W32),       I32TruncSatF32S => (truncate(W32, true, true), W32),
        I32TruncF32U => (truncate(W32, false, false), W32),      I32TruncSatF32U => (truncate(W32, false, true), W32),
        I32TruncF64S => (truncate(W32, true, false), W64),       I32TruncSatF64S => (truncate(W32, true, true), W64),
        I32TruncF64U => (truncate(W32, false, false), W64),      I32TruncSatF64U => (truncate(W32, false, true), W64),
        I64TruncF32S => (truncate(W64, true, false), W32),       I64TruncSatF32S => (truncate(W64, true, true), W32),
        I64TruncF32U => (truncate(W64, false, false), W32),      I64TruncSatF32U => (truncate(W64, false, true), W32),
        I64TruncF64S => (truncate(W64, true, false), W64),       I64TruncSatF64S => (truncate(W64, true, true), W64),
        I64TruncF64U => (truncate(W64, false, false), W64),      I64TruncSatF64U => (truncate(W64, false, true), W64),
        _ => return None,
    })
}

/// The sign bit of a float.
fn sign(width: Width) -> u64 {
    width.pick(1 << 31, 1 << 63)
}

impl Cx<'_> {
    /// Selects a float instruction or conversion; false if it is none. `width` is that of the float.
    pub(super) fn select_float(&mut self, data: &InstData, op: NumOp) -> bool {
        let Some((how, width)) = how(op) else { return false };
        let (a, b) = (data.args[0], data.args[data.args.len() - 1]);
        let to = self.result(data.results[0]);
        let and = Code::Andps_xmm_xmmm128;
        match how {
            How::Plain(code) => {
                let first = self.reg(a);
                let source = self.source(b);
                self.two(code, to, first, source);
            }
            How::MinMax(max) => {
                let (first, second) = (self.reg(a), self.reg(b));
                let operands = vec![Operand::reg_reuse_def(to, 1), Operand::reg_use(first), late_use(second)];
                self.push(Op::MinMax { max, width }, operands);
            }
            How::From(code) => {
                let source = self.source(a);
                self.one(code, to, source);
            }
            How::Round(code, mode) => {
                let source = self.source(a);
                self.with_imm(code, to, source, mode);
            }
            How::Abs => {
                let mask = self.mask(width, sign(width) - 1);
                let first = self.reg(a);
                self.two_regs(and, to, mask, first);
            }
            How::Neg => {
                let mask = self.mask(width, sign(width));
                let first = self.reg(a);
                self.two_regs(Code::Xorps_xmm_xmmm128, to, mask, first);
            }
            How::Copysign => self.select_copysign(width, to, a, b),
            How::Bits(code) => {
                let from = self.reg(a);
                self.one_reg(code, to, from);
            }
            How::Convert(code, reads) => {
                let source =
                    if reads == Reads::All { Source::Reg(self.reg(a)) } else { Source::Reg(self.low(a)) };
                // The instruction keeps the register's upper part; a zero ends the wait for whoever wrote it.
                let zero = self.fresh(RegClass::Float);
                self.zero(zero);
                self.two(code, to, zero, source);
            }
            How::FromUnsigned => self.select_from_unsigned(width, to, a),
            How::Truncate { to: into, signed, saturates } => {
                let trap = (!saturates).then_some(self.wasm_offset);
                self.select_truncate(Op::Truncate { from: width, to: into, signed, trap }, to, a);
            }
        }
        true
    }

    fn select_from_unsigned(&mut self, width: Width, to: VReg, a: Value) {
        let from = self.reg(a);
        let [zero, t, u] = [RegClass::Float, RegClass::Int, RegClass::Int].map(|class| self.fresh(class));
        self.zero(zero);
        let mut operands = vec![Operand::reg_reuse_def(to, 1), Operand::reg_use(zero), late_use(from)];
        operands.extend([Operand::reg_temp(t), Operand::reg_temp(u)]);
        self.push(Op::FromUnsigned(width), operands);
    }

    fn select_truncate(&mut self, op: Op, to: VReg, a: Value) {
        let from = self.reg(a);
        let [t, u] = [RegClass::Int, RegClass::Float].map(|class| self.fresh(class));
        let mut operands = vec![Operand::reg_def_at_start(to), late_use(from)];
        operands.extend([Operand::reg_temp(t), Operand::reg_temp(u)]);
        self.push(op, operands);
    }

    fn select_copysign(&mut self, width: Width, to: VReg, a: Value, b: Value) {
        let mask = self.mask(width, sign(width));
        let (magnitude, sign) = (self.reg(a), self.reg(b));
        let [kept, taken] = [RegClass::Float; 2].map(|class| self.fresh(class));
        self.two_regs(Code::Andps_xmm_xmmm128, taken, sign, mask);
        self.two_regs(Code::Andnps_xmm_xmmm128, kept, mask, magnitude);
        self.two_regs(Code::Orps_xmm_xmmm128, to, kept, taken);
    }
}
