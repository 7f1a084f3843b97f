//! Arithmetic of the accumulator machine: the first operand goes to the accumulator, the second is used where it is.

use super::masm::{ACC, AUX, Condition, FACC, FAUX, FSPARE, SPARE, X64, accumulator, is_float};
use super::registers::part;
use super::sequences::{self, Division, TO_FLOAT, Truncation, UCOMI, bytes, rip, wide};
use crate::ir::{NumOp, Type};
use crate::target::{Masm, Source};
use iced_x86::{Code, Instruction, Register};

/// Forms of a two-operand integer instruction, 32 and 64 bits: register and register or memory; register or memory
/// and immediate of 8 and of 32 bits.
struct Alu {
    r_rm: [Code; 2],
    rm_imm8: [Code; 2],
    rm_imm32: [Code; 2],
    commutes: bool,
}

macro_rules! alu {
    ($name:ident: $r:ident $r8:ident $r32:ident, $q:ident $q8:ident $q32:ident, $commutes:literal) => {
        const $name: Alu = Alu {
            r_rm: [Code::$r, Code::$q],
            rm_imm8: [Code::$r8, Code::$q8],
            rm_imm32: [Code::$r32, Code::$q32],
            commutes: $commutes,
        };
    };
}

alu!(ADD: Add_r32_rm32 Add_rm32_imm8 Add_rm32_imm32, Add_r64_rm64 Add_rm64_imm8 Add_rm64_imm32, true);
alu!(SUB: Sub_r32_rm32 Sub_rm32_imm8 Sub_rm32_imm32, Sub_r64_rm64 Sub_rm64_imm8 Sub_rm64_imm32, false);
alu!(AND: And_r32_rm32 And_rm32_imm8 And_rm32_imm32, And_r64_rm64 And_rm64_imm8 And_rm64_imm32, true);
alu!(OR: Or_r32_rm32 Or_rm32_imm8 Or_rm32_imm32, Or_r64_rm64 Or_rm64_imm8 Or_rm64_imm32, true);
alu!(XOR: Xor_r32_rm32 Xor_rm32_imm8 Xor_rm32_imm32, Xor_r64_rm64 Xor_rm64_imm8 Xor_rm64_imm32, true);
alu!(CMP: Cmp_r32_rm32 Cmp_rm32_imm8 Cmp_rm32_imm32, Cmp_r64_rm64 Cmp_rm64_imm8 Cmp_rm64_imm32, false);

/// Emits an operator. The result is in the accumulator of its type, or is the condition returned.
#[rustfmt::skip]
pub(super) fn emit(m: &mut X64, op: NumOp, x: Source, y: Source, wasm_offset: u32) -> Option<Condition> {
    use NumOp::*;
    let ty = op.args()[0];
    match op {
        I32Eqz => return Some(X64::negate(m.test(x))),
        I64Eqz => return Some(m.compare(ty, x, Source::Const(0), Code::Je_rel32_64)),
        I32Add | I64Add => m.alu(&ADD, ty, x, y),
        I32Sub | I64Sub => m.alu(&SUB, ty, x, y),
        I32And | I64And => m.alu(&AND, ty, x, y),
        I32Or  | I64Or  => m.alu(&OR, ty, x, y),
        I32Xor | I64Xor => m.alu(&XOR, ty, x, y),
        I32Mul | I64Mul => m.multiply(ty, x, y),
        I32Shl  | I64Shl  => m.shift([Code::Shl_rm32_imm8, Code::Shl_rm64_imm8], [Code::Shl_rm32_CL, Code::Shl_rm64_CL], ty, x, y),
        I32ShrS | I64ShrS => m.shift([Code::Sar_rm32_imm8, Code::Sar_rm64_imm8], [Code::Sar_rm32_CL, Code::Sar_rm64_CL], ty, x, y),
        I32ShrU | I64ShrU => m.shift([Code::Shr_rm32_imm8, Code::Shr_rm64_imm8], [Code::Shr_rm32_CL, Code::Shr_rm64_CL], ty, x, y),
        I32Rotl | I64Rotl => m.shift([Code::Rol_rm32_imm8, Code::Rol_rm64_imm8], [Code::Rol_rm32_CL, Code::Rol_rm64_CL], ty, x, y),
        I32Rotr | I64Rotr => m.shift([Code::Ror_rm32_imm8, Code::Ror_rm64_imm8], [Code::Ror_rm32_CL, Code::Ror_rm64_CL], ty, x, y),
        I32Clz | I64Clz       => m.unary([Code::Lzcnt_r32_rm32, Code::Lzcnt_r64_rm64], ty, x),
        I32Ctz | I64Ctz       => m.unary([Code::Tzcnt_r32_rm32, Code::Tzcnt_r64_rm64], ty, x),
        I32Popcnt | I64Popcnt => m.unary([Code::Popcnt_r32_rm32, Code::Popcnt_r64_rm64], ty, x),
        I32Extend8S  => m.extend(Code::Movsx_r32_rm8, 4, 1, x),
        I32Extend16S => m.extend(Code::Movsx_r32_rm16, 4, 2, x),
        I64Extend8S  => m.extend(Code::Movsx_r64_rm8, 8, 1, x),
        I64Extend16S => m.extend(Code::Movsx_r64_rm16, 8, 2, x),
        I64Extend32S | I64ExtendI32S => m.extend(Code::Movsxd_r64_rm32, 8, 4, x),
        I64ExtendI32U => m.take(Type::I32, x),
        I32WrapI64    => m.wrap(x),
        F32Add | F64Add => m.float([Code::Addss_xmm_xmmm32, Code::Addsd_xmm_xmmm64], ty, x, y),
        F32Sub | F64Sub => m.float([Code::Subss_xmm_xmmm32, Code::Subsd_xmm_xmmm64], ty, x, y),
        F32Mul | F64Mul => m.float([Code::Mulss_xmm_xmmm32, Code::Mulsd_xmm_xmmm64], ty, x, y),
        F32Div | F64Div => m.float([Code::Divss_xmm_xmmm32, Code::Divsd_xmm_xmmm64], ty, x, y),
        F32Sqrt | F64Sqrt => m.unary([Code::Sqrtss_xmm_xmmm32, Code::Sqrtsd_xmm_xmmm64], ty, x),
        F32DemoteF64  => m.unary([Code::Cvtsd2ss_xmm_xmmm64; 2], ty, x),
        F64PromoteF32 => m.unary([Code::Cvtss2sd_xmm_xmmm32; 2], ty, x),
        F32Nearest | F64Nearest => m.round(0, ty, x),
        F32Floor   | F64Floor   => m.round(1, ty, x),
        F32Ceil    | F64Ceil    => m.round(2, ty, x),
        F32Trunc   | F64Trunc   => m.round(3, ty, x),
        I32ReinterpretF32 | I64ReinterpretF64 => m.load_to(ty, x, ACC),
        F32ReinterpretI32 | F64ReinterpretI64 => m.reinterpret_int(op.result(), x),
        _ => return m.longer(op, ty, x, y, wasm_offset),
    }
    None
}

impl X64 {
    /// Comparisons, and operators that take a sequence.
    fn longer(&mut self, op: NumOp, ty: Type, x: Source, y: Source, wasm_offset: u32) -> Option<Condition> {
        use NumOp::*;
        if let Some(code) = int_condition(op) {
            return Some(self.compare(ty, x, y, code));
        }
        if let Some((condition, swapped)) = float_condition(op) {
            let (x, y) = if swapped { (y, x) } else { (x, y) };
            self.float(UCOMI, ty, x, y);
            return Some(condition);
        }
        if let Some(what) = Division::of(op) {
            let known = if let Source::Const(bits) = y { Some(bits) } else { None };
            self.both(ty, x, y, AUX);
            sequences::divide(&mut self.asm, what, AUX, known, wasm_offset);
            if what.remainder {
                self.asm.rr(Code::Mov_r64_rm64, ACC, Register::RDX);
            }
            return None;
        }
        if let Some(what) = Truncation::of(op) {
            self.take(ty, x);
            sequences::truncate(&mut self.asm, what, ACC, FACC, SPARE, wasm_offset);
            return None;
        }
        match op {
            F32Min | F64Min | F32Max | F64Max => {
                self.both(ty, x, y, FAUX);
                sequences::min_max(&mut self.asm, ty, matches!(op, F32Max | F64Max), FACC, FAUX);
            }
            F32Copysign | F64Copysign => {
                self.both(ty, x, y, FAUX);
                sequences::copysign(&mut self.asm, ty, FACC, FAUX, SPARE, FSPARE);
            }
            F32Abs | F64Abs => {
                self.take(ty, x);
                sequences::abs(&mut self.asm, ty, FACC, SPARE, FSPARE);
            }
            F32Neg | F64Neg => {
                self.take(ty, x);
                sequences::neg(&mut self.asm, ty, FACC, SPARE, FSPARE);
            }
            _ => {
                self.take(ty, x);
                sequences::convert(&mut self.asm, op, FACC, ACC, AUX);
            }
        }
        None
    }

    /// The first operand to the accumulator, the second to the register beside it.
    fn both(&mut self, ty: Type, x: Source, y: Source, aux: Register) {
        if y == Source::Accumulator {
            self.load_to(ty, y, aux);
            self.load_to(ty, x, accumulator(ty));
        } else {
            self.load_to(ty, x, accumulator(ty));
            self.load_to(ty, y, aux);
        }
    }

    fn alu(&mut self, alu: &Alu, ty: Type, x: Source, y: Source) {
        let (x, y) = if alu.commutes && y == Source::Accumulator { (y, x) } else { (x, y) };
        if y == Source::Accumulator {
            self.both(ty, x, y, AUX);
            let (acc, aux) = (part(ACC, bytes(ty)), part(AUX, bytes(ty)));
            return self.asm.rr(alu.r_rm[wide(ty)], acc, aux);
        }
        self.take(ty, x);
        self.alu_with(alu, ty, ACC, y);
    }

    /// first := first op y, y not an accumulator.
    fn alu_with(&mut self, alu: &Alu, ty: Type, first: Register, y: Source) {
        let w = wide(ty);
        let first = part(first, bytes(ty));
        if let Source::Home(home) = y {
            let word = self.word(home);
            return self.asm.rm(alu.r_rm[w], first, word);
        }
        if let Some(value) = immediate(ty, y) {
            let code = if i8::try_from(value).is_ok() { alu.rm_imm8[w] } else { alu.rm_imm32[w] };
            return self.asm.ri(code, first, value);
        }
        self.load_to(ty, y, AUX);
        self.asm.rr(alu.r_rm[w], first, part(AUX, bytes(ty)));
    }

    fn compare(&mut self, ty: Type, x: Source, y: Source, code: Code) -> Condition {
        let w = wide(ty);
        match (x, immediate(ty, y)) {
            (Source::Home(home), Some(value)) => {
                let short = i8::try_from(value).is_ok();
                let word = self.word(home);
                self.asm.mi(if short { CMP.rm_imm8[w] } else { CMP.rm_imm32[w] }, word, value);
            }
            _ if y == Source::Accumulator => {
                self.load_to(ty, x, AUX);
                self.asm.rr(CMP.r_rm[w], part(AUX, bytes(ty)), part(ACC, bytes(ty)));
            }
            _ => {
                self.take(ty, x);
                self.alu_with(&CMP, ty, ACC, y);
            }
        }
        Condition::Flag(code)
    }

    fn multiply(&mut self, ty: Type, x: Source, y: Source) {
        const IMUL: [Code; 2] = [Code::Imul_r32_rm32, Code::Imul_r64_rm64];
        const IMUL_CONST: [Code; 2] = [Code::Imul_r32_rm32_imm32, Code::Imul_r64_rm64_imm32];
        let (x, y) = if y == Source::Accumulator { (y, x) } else { (x, y) };
        let (w, acc) = (wide(ty), part(ACC, bytes(ty)));
        self.take(ty, x);
        if let Source::Home(home) = y {
            let word = self.word(home);
            self.asm.rm(IMUL[w], acc, word);
        } else if let Some(value) = immediate(ty, y) {
            self.asm.emit(Instruction::with3(IMUL_CONST[w], acc, acc, value));
        } else {
            self.load_to(ty, y, AUX);
            self.asm.rr(IMUL[w], acc, part(AUX, bytes(ty)));
        }
    }

    fn shift(&mut self, by_const: [Code; 2], by_count: [Code; 2], ty: Type, x: Source, y: Source) {
        let (w, acc) = (wide(ty), part(ACC, bytes(ty)));
        if let Source::Const(count) = y {
            self.take(ty, x);
            let count = count as u32 & (8 * bytes(ty) - 1);
            return self.asm.emit(Instruction::with2(by_const[w], acc, count));
        }
        self.both(ty, x, y, AUX);
        self.asm.rr(by_count[w], acc, part(AUX, 1));
    }

    fn unary(&mut self, codes: [Code; 2], ty: Type, x: Source) {
        self.take(ty, x);
        let acc = part(accumulator(ty), bytes(ty));
        self.asm.rr(codes[wide(ty)], acc, acc);
    }

    fn extend(&mut self, code: Code, to_bytes: u32, from_bytes: u32, x: Source) {
        self.take(Type::I32, x);
        self.asm.rr(code, part(ACC, to_bytes), part(ACC, from_bytes));
    }

    fn wrap(&mut self, x: Source) {
        match x {
            Source::Accumulator => self.asm.rr(Code::Mov_r32_rm32, part(ACC, 4), part(ACC, 4)),
            Source::Const(bits) => self.take(Type::I32, Source::Const(bits & 0xffff_ffff)),
            other => self.take(Type::I32, other),
        }
    }

    fn reinterpret_int(&mut self, float: Type, x: Source) {
        if x == Source::Accumulator {
            self.asm.rr(TO_FLOAT[wide(float)], FACC, part(ACC, bytes(float)));
        } else {
            self.take(float, x);
        }
    }

    fn round(&mut self, mode: u32, ty: Type, x: Source) {
        const ROUND: [Code; 2] = [Code::Roundss_xmm_xmmm32_imm8, Code::Roundsd_xmm_xmmm64_imm8];
        // Bit 3: no precision exception.
        self.take(ty, x);
        self.asm.emit(Instruction::with3(ROUND[wide(ty)], FACC, FACC, mode | 8));
    }

    fn float(&mut self, codes: [Code; 2], ty: Type, x: Source, y: Source) {
        let code = codes[wide(ty)];
        match y {
            Source::Home(home) => {
                self.take(ty, x);
                let word = self.word(home);
                self.asm.rm(code, FACC, word);
            }
            Source::Const(bits) => {
                self.take(ty, x);
                let label = self.asm.constant(bytes(ty), bits.into());
                rip(&mut self.asm, code, FACC, label);
            }
            _ => {
                self.both(ty, x, y, FAUX);
                self.asm.rr(code, FACC, FAUX);
            }
        }
    }
}

/// The constant as an immediate that the instruction extends to the type's width, if it fits.
fn immediate(ty: Type, source: Source) -> Option<i32> {
    match source {
        Source::Const(bits) if is_float(ty) || wide(ty) == 0 => Some(bits as u32 as i32),
        Source::Const(bits) => i32::try_from(bits as i64).ok(),
        _ => None,
    }
}

#[rustfmt::skip]
fn int_condition(op: NumOp) -> Option<Code> {
    use NumOp::*;
    Some(match op {
        I32Eq  | I64Eq  => Code::Je_rel32_64,
        I32Ne  | I64Ne  => Code::Jne_rel32_64,
        I32LtS | I64LtS => Code::Jl_rel32_64,
        I32LtU | I64LtU => Code::Jb_rel32_64,
        I32GtS | I64GtS => Code::Jg_rel32_64,
        I32GtU | I64GtU => Code::Ja_rel32_64,
        I32LeS | I64LeS => Code::Jle_rel32_64,
        I32LeU | I64LeU => Code::Jbe_rel32_64,
        I32GeS | I64GeS => Code::Jge_rel32_64,
        I32GeU | I64GeU => Code::Jae_rel32_64,
        _ => return None,
    })
}

/// The condition after comparing, and whether the operands are compared in swapped order: "less" is asked as
/// "greater", which is false when unordered.
#[rustfmt::skip]
fn float_condition(op: NumOp) -> Option<(Condition, bool)> {
    use NumOp::*;
    Some(match op {
        F32Eq | F64Eq => (Condition::Equal, false),
        F32Ne | F64Ne => (Condition::Unequal, false),
        F32Gt | F64Gt => (Condition::Flag(Code::Ja_rel32_64), false),
        F32Ge | F64Ge => (Condition::Flag(Code::Jae_rel32_64), false),
        F32Lt | F64Lt => (Condition::Flag(Code::Ja_rel32_64), true),
        F32Le | F64Le => (Condition::Flag(Code::Jae_rel32_64), true),
        _ => return None,
    })
}

/// The instruction that stores a condition, by its branch.
#[rustfmt::skip]
pub(super) fn set_code(branch: Code) -> Code {
    match branch {
        Code::Je_rel32_64  => Code::Sete_rm8,
        Code::Jne_rel32_64 => Code::Setne_rm8,
        Code::Jl_rel32_64  => Code::Setl_rm8,
        Code::Jb_rel32_64  => Code::Setb_rm8,
        Code::Jg_rel32_64  => Code::Setg_rm8,
        Code::Ja_rel32_64  => Code::Seta_rm8,
        Code::Jle_rel32_64 => Code::Setle_rm8,
        Code::Jbe_rel32_64 => Code::Setbe_rm8,
        Code::Jge_rel32_64 => Code::Setge_rm8,
        Code::Jae_rel32_64 => Code::Setae_rm8,
        _ => Code::INVALID,
    }
}
