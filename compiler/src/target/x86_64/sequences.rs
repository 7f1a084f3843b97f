//! WebAssembly operators that take more than one instruction, over registers of the caller's choice.
//!
//! Exact in every case: NaN, signed zero, both ends of each range. Every sequence says which registers it loses
//! besides its result; flags are always lost. Nothing is loaded from or stored to the frame.

use super::asm::Asm;
use super::registers::part;
use crate::TrapCode;
use crate::ir::{NumOp, Type};
use crate::target::Label;
use iced_x86::{Code, Instruction, Register};

/// Whether a type takes 64 bits: the index into pairs of instruction codes.
pub(crate) fn wide(ty: Type) -> usize {
    usize::from(matches!(ty, Type::I64 | Type::F64))
}

/// Bytes of a type.
pub(crate) fn bytes(ty: Type) -> u32 {
    4 << wide(ty)
}

/// register := the bits, zero-extended. Keeps flags.
pub(crate) fn load_bits(asm: &mut Asm, register: Register, bits: u64) {
    match (u32::try_from(bits), i32::try_from(bits as i64)) {
        (Ok(bits), _) => asm.ri(Code::Mov_r32_imm32, part(register, 4), bits as i32),
        (_, Ok(bits)) => asm.ri(Code::Mov_rm64_imm32, part(register, 8), bits),
        _ => asm.emit(Instruction::with2(Code::Mov_r64_imm64, part(register, 8), bits)),
    }
}

/// Which quotient or remainder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Division {
    /// Operands' type.
    pub(crate) ty: Type,
    /// As signed numbers.
    pub(crate) signed: bool,
    /// The remainder instead of the quotient.
    pub(crate) remainder: bool,
}

impl Division {
    /// The division that an operator is.
    #[rustfmt::skip]
    pub(crate) fn of(op: NumOp) -> Option<Division> {
        use NumOp::*;
        let (ty, signed, remainder) = match op {
            I32DivS => (Type::I32, true, false),   I64DivS => (Type::I64, true, false),
            I32DivU => (Type::I32, false, false),  I64DivU => (Type::I64, false, false),
            I32RemS => (Type::I32, true, true),    I64RemS => (Type::I64, true, true),
            I32RemU => (Type::I32, false, true),   I64RemU => (Type::I64, false, true),
            _ => return None,
        };
        Some(Division { ty, signed, remainder })
    }
}

/// Quotient to RAX, remainder to RDX, of RAX by the divisor, which is neither of them; one of RAX and RDX is lost.
/// `known`: the divisor's value where it is a constant, so that checks it cannot fail are left out.
pub(crate) fn divide(asm: &mut Asm, what: Division, divisor: Register, known: Option<u64>, wasm_offset: u32) {
    let w = wide(what.ty);
    let bytes = bytes(what.ty);
    let by = part(divisor, bytes);
    let low = part(Register::RAX, bytes);
    let minus_one = u64::MAX >> (64 - 8 * bytes);
    if known.is_none_or(|k| k == 0) {
        let zero = asm.trap_label(TrapCode::IntegerDivideByZero, wasm_offset);
        asm.rr([Code::Test_rm32_r32, Code::Test_rm64_r64][w], by, by);
        asm.jcc(Code::Je_rel32_64, zero);
    }
    if !what.signed {
        asm.rr(Code::Xor_r32_rm32, Register::EDX, Register::EDX);
        return asm.op1([Code::Div_rm32, Code::Div_rm64][w], by);
    }
    let (go, done) = (asm.label(), asm.label());
    if known.is_none_or(|k| k == minus_one) {
        asm.ri([Code::Cmp_rm32_imm8, Code::Cmp_rm64_imm8][w], by, -1);
        asm.jcc(Code::Jne_rel32_64, go);
        if what.remainder {
            asm.rr(Code::Xor_r32_rm32, Register::EDX, Register::EDX);
            asm.jmp(done);
        } else {
            // The one quotient that does not fit is that of the smallest number: the only x with x - 1 > x.
            let overflow = asm.trap_label(TrapCode::IntegerOverflow, wasm_offset);
            asm.ri([Code::Cmp_rm32_imm8, Code::Cmp_rm64_imm8][w], low, 1);
            asm.jcc(Code::Jo_rel32_64, overflow);
        }
    }
    asm.bind(go);
    asm.op0([Code::Cdq, Code::Cqo][w]);
    asm.op1([Code::Idiv_rm32, Code::Idiv_rm64][w], by);
    asm.bind(done);
}

/// first := min or max of both. Loses nothing else.
pub(crate) fn min_max(asm: &mut Asm, ty: Type, max: bool, first: Register, second: Register) {
    let w = wide(ty);
    let (unordered, differ, done) = (asm.label(), asm.label(), asm.label());
    asm.rr(UCOMI[w], first, second);
    asm.jcc(Code::Jp_rel32_64, unordered);
    asm.jcc(Code::Jne_rel32_64, differ);
    // Equal: the same number, or zeros that may differ in sign.
    asm.rr(if max { Code::Andps_xmm_xmmm128 } else { Code::Orps_xmm_xmmm128 }, first, second);
    asm.jmp(done);
    asm.bind(unordered);
    asm.rr(ADD[w], first, second);
    asm.jmp(done);
    asm.bind(differ);
    let min = [Code::Minss_xmm_xmmm32, Code::Minsd_xmm_xmmm64][w];
    let max_code = [Code::Maxss_xmm_xmmm32, Code::Maxsd_xmm_xmmm64][w];
    asm.rr(if max { max_code } else { min }, first, second);
    asm.bind(done);
}

/// value := |value|. Loses the two spares.
pub(crate) fn abs(asm: &mut Asm, ty: Type, value: Register, spare_int: Register, spare: Register) {
    bit_mask(asm, ty, !sign(ty), spare_int, spare);
    asm.rr(Code::Andps_xmm_xmmm128, value, spare);
}

/// value := -value. Loses the two spares.
pub(crate) fn neg(asm: &mut Asm, ty: Type, value: Register, spare_int: Register, spare: Register) {
    bit_mask(asm, ty, sign(ty), spare_int, spare);
    asm.rr(Code::Xorps_xmm_xmmm128, value, spare);
}

/// value := value with the sign of `signed`. Loses the two spares.
pub(crate) fn copysign(
    asm: &mut Asm,
    ty: Type,
    value: Register,
    signed: Register,
    spare_int: Register,
    spare: Register,
) {
    bit_mask(asm, ty, !sign(ty), spare_int, spare);
    asm.rr(Code::Andps_xmm_xmmm128, value, spare);
    asm.rr(Code::Andnps_xmm_xmmm128, spare, signed);
    asm.rr(Code::Orps_xmm_xmmm128, value, spare);
}

fn sign(ty: Type) -> u64 {
    1 << (8 * bytes(ty) - 1)
}

fn bit_mask(asm: &mut Asm, ty: Type, mask: u64, spare_int: Register, spare: Register) {
    let w = wide(ty);
    let mask = if w == 1 { mask } else { mask & 0xffff_ffff };
    load_bits(asm, spare_int, mask);
    asm.rr(TO_FLOAT[w], spare, part(spare_int, bytes(ty)));
}

/// Integer to vector register, bits unchanged.
pub(crate) const TO_FLOAT: [Code; 2] = [Code::Movd_xmm_rm32, Code::Movq_xmm_rm64];
/// Vector to integer register, bits unchanged.
pub(crate) const TO_INT: [Code; 2] = [Code::Movd_rm32_xmm, Code::Movq_rm64_xmm];
/// Comparison: sets ZF, PF, CF; all of them when unordered.
pub(crate) const UCOMI: [Code; 2] = [Code::Ucomiss_xmm_xmmm32, Code::Ucomisd_xmm_xmmm64];
/// Float addition.
pub(crate) const ADD: [Code; 2] = [Code::Addss_xmm_xmmm32, Code::Addsd_xmm_xmmm64];
const SUB: [Code; 2] = [Code::Subss_xmm_xmmm32, Code::Subsd_xmm_xmmm64];
const TRUNCATE: [[Code; 2]; 2] = [
    [Code::Cvttss2si_r32_xmmm32, Code::Cvttsd2si_r32_xmmm64],
    [Code::Cvttss2si_r64_xmmm32, Code::Cvttsd2si_r64_xmmm64],
];
const CONVERT: [Code; 2] = [Code::Cvtsi2ss_xmm_rm64, Code::Cvtsi2sd_xmm_rm64];

/// A conversion of a float to an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Truncation {
    /// The float's type.
    pub(crate) from: Type,
    /// The integer's type.
    pub(crate) to: Type,
    /// To a signed number.
    pub(crate) signed: bool,
    /// Values out of range become the nearest one in range and NaN becomes 0, instead of a trap.
    pub(crate) saturating: bool,
}

impl Truncation {
    /// The conversion that an operator is.
    #[rustfmt::skip]
    pub(crate) fn of(op: NumOp) -> Option<Truncation> {
        use NumOp::*;
        let (signed, saturating) = match op {
            I32TruncF32S | I32TruncF64S | I64TruncF32S | I64TruncF64S                 => (true, false),
            I32TruncF32U | I32TruncF64U | I64TruncF32U | I64TruncF64U                 => (false, false),
            I32TruncSatF32S | I32TruncSatF64S | I64TruncSatF32S | I64TruncSatF64S     => (true, true),
            I32TruncSatF32U | I32TruncSatF64U | I64TruncSatF32U | I64TruncSatF64U     => (false, true),
            _ => return None,
        };
        Some(Truncation { from: op.args()[0], to: op.result(), signed, saturating })
    }

    /// The largest float below the range and whether it is itself out of range, then the smallest above the range.
    fn bounds(self) -> (f64, bool, f64) {
        let bits = if self.to == Type::I64 { 64 } else { 32 };
        match (self.signed, self.from, self.to) {
            (false, ..) => (-1.0, true, 2f64.powi(bits)),
            (true, Type::F64, Type::I32) => (-2f64.powi(31) - 1.0, true, 2f64.powi(31)),
            (true, ..) => (-2f64.powi(bits - 1), false, 2f64.powi(bits - 1)),
        }
    }

    /// Results below and above the range.
    fn limits(self) -> (u64, u64) {
        match (self.signed, self.to) {
            (true, Type::I64) => (i64::MIN as u64, i64::MAX as u64),
            (true, _) => (i32::MIN as u32 as u64, i32::MAX as u64),
            (false, Type::I64) => (0, u64::MAX),
            (false, _) => (0, u64::from(u32::MAX)),
        }
    }
}

/// result := the value without its fraction. Loses value and spare.
pub(crate) fn truncate(
    asm: &mut Asm,
    what: Truncation,
    result: Register,
    value: Register,
    spare: Register,
    wasm_offset: u32,
) {
    let w = wide(what.from);
    let (low, low_is_out, high) = what.bounds();
    let label = |asm: &mut Asm, code| {
        if what.saturating { asm.label() } else { asm.trap_label(code, wasm_offset) }
    };
    let nan = label(asm, TrapCode::BadConversionToInteger);
    let below = label(asm, TrapCode::IntegerOverflow);
    let above = label(asm, TrapCode::IntegerOverflow);
    asm.rr(UCOMI[w], value, value);
    asm.jcc(Code::Jp_rel32_64, nan);
    with_constant(asm, UCOMI[w], value, what.from, low);
    asm.jcc(if low_is_out { Code::Jbe_rel32_64 } else { Code::Jb_rel32_64 }, below);
    with_constant(asm, UCOMI[w], value, what.from, high);
    asm.jcc(Code::Jae_rel32_64, above);
    truncate_in_range(asm, what, result, value, spare);
    if what.saturating {
        let done = asm.label();
        let (lowest, highest) = what.limits();
        for (label, bits) in [(nan, 0), (below, lowest), (above, highest)] {
            asm.jmp(done);
            asm.bind(label);
            load_bits(asm, result, bits);
        }
        asm.bind(done);
    }
}

fn truncate_in_range(asm: &mut Asm, what: Truncation, result: Register, value: Register, spare: Register) {
    let w = wide(what.from);
    let result = part(result, 8);
    match (what.to, what.signed) {
        (Type::I32, true) => asm.rr(TRUNCATE[0][w], part(result, 4), value),
        (Type::I32, false) => {
            asm.rr(TRUNCATE[1][w], result, value);
            asm.rr(Code::Mov_r32_rm32, part(result, 4), part(result, 4));
        }
        (_, true) => asm.rr(TRUNCATE[1][w], result, value),
        (_, false) => {
            let (large, done) = (asm.label(), asm.label());
            let half = 2f64.powi(63);
            with_constant(asm, UCOMI[w], value, what.from, half);
            asm.jcc(Code::Jae_rel32_64, large);
            asm.rr(TRUNCATE[1][w], result, value);
            asm.jmp(done);
            asm.bind(large);
            with_constant(asm, SUB[w], value, what.from, half);
            asm.rr(TRUNCATE[1][w], result, value);
            load_bits(asm, spare, 1 << 63);
            asm.rr(Code::Xor_r64_rm64, result, part(spare, 8));
            asm.bind(done);
        }
    }
}

/// The instruction with a float constant as its memory operand.
pub(crate) fn with_constant(asm: &mut Asm, code: Code, register: Register, ty: Type, value: f64) {
    let bits = if wide(ty) == 1 { value.to_bits() } else { u64::from((value as f32).to_bits()) };
    let label = asm.constant(bytes(ty), bits.into());
    rip(asm, code, register, label);
}

/// The instruction with what is at the label as its memory operand.
pub(crate) fn rip(asm: &mut Asm, code: Code, register: Register, label: Label) {
    let reference = asm.reference();
    asm.emit_reference(Instruction::with2(code, register, reference), label);
}

/// result := the integer as a float. Loses the integer and spare. A 32-bit integer may have anything above it.
pub(crate) fn convert(asm: &mut Asm, op: NumOp, result: Register, value: Register, spare: Register) {
    use NumOp::*;
    let w = wide(op.result());
    let (narrow, whole) = (part(value, 4), part(value, 8));
    // The conversion writes only the low part; without this it would wait for the register's last value.
    asm.rr(Code::Xorps_xmm_xmmm128, result, result);
    match op {
        F32ConvertI32S | F64ConvertI32S => asm.rr(Code::Movsxd_r64_rm32, whole, narrow),
        F32ConvertI32U | F64ConvertI32U => asm.rr(Code::Mov_r32_rm32, narrow, narrow),
        _ => {}
    }
    if !matches!(op, F32ConvertI64U | F64ConvertI64U) {
        return asm.rr(CONVERT[w], result, whole);
    }
    let (large, done) = (asm.label(), asm.label());
    let spare = part(spare, 8);
    asm.rr(Code::Test_rm64_r64, whole, whole);
    asm.jcc(Code::Js_rel32_64, large);
    asm.rr(CONVERT[w], result, whole);
    asm.jmp(done);
    asm.bind(large);
    // Half of it, the lost bit kept sticky so that rounding stays right, then doubled.
    asm.rr(Code::Mov_r64_rm64, spare, whole);
    asm.ri(Code::Shr_rm64_imm8, spare, 1);
    asm.ri(Code::And_rm32_imm8, narrow, 1);
    asm.rr(Code::Or_r64_rm64, spare, whole);
    asm.rr(CONVERT[w], result, spare);
    asm.rr(ADD[w], result, result);
    asm.bind(done);
}
