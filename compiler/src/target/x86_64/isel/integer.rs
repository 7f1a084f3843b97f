//! Integer arithmetic and shifts.

use super::divide::Division;
use super::{Cx, Draft, Op, Source, Value, Width};
use crate::CompileError;
use crate::ir::{self, InstData, NumOp};
use NumOp::*;
use Width::{W32, W64};
use framewright_spec::SpecError;
use iced_x86::Code;
use regalloc2::{Operand, PReg, RegClass, VReg};

/// The encodings of a two-operand instruction, for 32 and 64 bits.
struct Row {
    wide: [Code; 2],
    imm8: [Code; 2],
    imm32: [Code; 2],
}

macro_rules! row {
    ($rm32:ident $rm64:ident, $short32:ident $short64:ident, $imm32:ident $imm64:ident) => {
        Row {
            wide: [Code::$rm32, Code::$rm64],
            imm8: [Code::$short32, Code::$short64],
            imm32: [Code::$imm32, Code::$imm64],
        }
    };
}

#[rustfmt::skip]
mod rows {
    use super::{Code, Row};
    pub(super) static SUB: Row = row!(Sub_r32_rm32 Sub_r64_rm64, Sub_rm32_imm8 Sub_rm64_imm8, Sub_rm32_imm32 Sub_rm64_imm32);
    pub(super) static AND: Row = row!(And_r32_rm32 And_r64_rm64, And_rm32_imm8 And_rm64_imm8, And_rm32_imm32 And_rm64_imm32);
    pub(super) static OR:  Row = row!(Or_r32_rm32  Or_r64_rm64,  Or_rm32_imm8  Or_rm64_imm8,  Or_rm32_imm32  Or_rm64_imm32);
    pub(super) static XOR: Row = row!(Xor_r32_rm32 Xor_r64_rm64, Xor_rm32_imm8 Xor_rm64_imm8, Xor_rm32_imm32 Xor_rm64_imm32);
}

/// How an integer instruction is selected.
enum How {
    Sum,
    Difference,
    Logic(&'static Row),
    Product,
    /// By an immediate, by CL.
    Shift(Code, Code),
    Quotient {
        signed: bool,
    },
    Remainder {
        signed: bool,
    },
    /// Destination, then a source of any kind.
    Unary(Code),
}

#[rustfmt::skip]
fn how(op: NumOp) -> Option<(How, Width)> {
    use How::*;
    let shift = |imm32, cl32, imm64, cl64, width: Width| (Shift(width.pick(imm32, imm64), width.pick(cl32, cl64)), width);
    let shl = |w| shift(Code::Shl_rm32_imm8, Code::Shl_rm32_CL, Code::Shl_rm64_imm8, Code::Shl_rm64_CL, w);
    let shr = |w| shift(Code::Shr_rm32_imm8, Code::Shr_rm32_CL, Code::Shr_rm64_imm8, Code::Shr_rm64_CL, w);
    let sar = |w| shift(Code::Sar_rm32_imm8, Code::Sar_rm32_CL, Code::Sar_rm64_imm8, Code::Sar_rm64_CL, w);
    let rol = |w| shift(Code::Rol_rm32_imm8, Code::Rol_rm32_CL, Code::Rol_rm64_imm8, Code::Rol_rm64_CL, w);
    let ror = |w| shift(Code::Ror_rm32_imm8, Code::Ror_rm32_CL, Code::Ror_rm64_imm8, Code::Ror_rm64_CL, w);
    Some(match op {
        I32Add    => (Sum, W32),                        I64Add    => (Sum, W64),
        I32Sub    => (Difference, W32),                 I64Sub    => (Difference, W64),
        I32And    => (Logic(&rows::AND), W32),          I64And    => (Logic(&rows::AND), W64),
        I32Or     => (Logic(&rows::OR), W32),           I64Or     => (Logic(&rows::OR), W64),
        I32Xor    => (Logic(&rows::XOR), W32),          I64Xor    => (Logic(&rows::XOR), W64),
        I32Mul    => (Product, W32),                    I64Mul    => (Product, W64),
        I32Shl    => shl(W32),                          I64Shl    => shl(W64),
        I32ShrU   => shr(W32),                          I64ShrU   => shr(W64),
        I32ShrS   => sar(W32),                          I64ShrS   => sar(W64),
        I32Rotl   => rol(W32),                          I64Rotl   => rol(W64),
        I32Rotr   => ror(W32),                          I64Rotr   => ror(W64),
        I32DivS   => (Quotient { signed: true }, W32),  I64DivS   => (Quotient { signed: true }, W64),
        I32DivU   => (Quotient { signed: false }, W32), I64DivU   => (Quotient { signed: false }, W64),
        I32RemS   => (Remainder { signed: true }, W32), I64RemS   => (Remainder { signed: true }, W64),
        I32RemU   => (Remainder { signed: false }, W32),I64RemU   => (Remainder { signed: false }, W64),
        I32Clz    => (Unary(Code::Lzcnt_r32_rm32), W32),   I64Clz    => (Unary(Code::Lzcnt_r64_rm64), W64),
        I32Ctz    => (Unary(Code::Tzcnt_r32_rm32), W32),   I64Ctz    => (Unary(Code::Tzcnt_r64_rm64), W64),
        I32Popcnt => (Unary(Code::Popcnt_r32_rm32), W32),  I64Popcnt => (Unary(Code::Popcnt_r64_rm64), W64),
        I32WrapI64     => (Unary(Code::Mov_r32_rm32), W32),
        I64ExtendI32S  => (Unary(Code::Movsxd_r64_rm32), W64),
        I32Extend8S    => (Unary(Code::Movsx_r32_rm8), W32),
        I32Extend16S   => (Unary(Code::Movsx_r32_rm16), W32),
        I64Extend8S    => (Unary(Code::Movsx_r64_rm8), W64),
        I64Extend16S   => (Unary(Code::Movsx_r64_rm16), W64),
        I64Extend32S   => (Unary(Code::Movsxd_r64_rm32), W64),
        _ => return None,
    })
}

impl Cx<'_> {
    /// Selects an integer instruction; false if it is none.
    pub(super) fn select_integer(&mut self, data: &InstData, op: NumOp) -> Result<bool, CompileError> {
        let Some((how, width)) = how(op) else { return Ok(false) };
        let (a, b) = (data.args[0], data.args[data.args.len() - 1]);
        let to = self.result(data.results[0]);
        match how {
            How::Sum => self.select_sum(width, to, a, b),
            How::Difference => self.select_difference(width, to, a, b),
            How::Logic(row) => self.select_logic(row, width, to, a, b),
            How::Product => self.select_product(width, to, a, b),
            How::Shift(imm, cl) => self.select_shift(imm, cl, width, to, a, b)?,
            How::Quotient { signed } => {
                self.select_division(Division { signed, remainder: false, width }, to, a, b)?
            }
            How::Remainder { signed } => {
                self.select_division(Division { signed, remainder: true, width }, to, a, b)?
            }
            How::Unary(code) => {
                let source =
                    if self.constant(a).is_some() { Source::Reg(self.reg(a)) } else { self.source(a) };
                self.one(code, to, source);
            }
        }
        Ok(true)
    }

    /// `to = first + second * scale + offset`; `second` may be missing.
    pub(super) fn sum(&mut self, width: Width, to: VReg, terms: &[VReg], offset: i32) {
        self.scaled_sum(width, to, terms, 1, offset);
    }

    fn scaled_sum(&mut self, width: Width, to: VReg, terms: &[VReg], scale: u8, offset: i32) {
        let operands =
            std::iter::once(Operand::reg_def(to)).chain(terms.iter().map(|&t| Operand::reg_use(t)));
        let operands = operands.collect();
        self.push(Op::Sum { width, scale, offset }, operands);
    }

    fn select_sum(&mut self, width: Width, to: VReg, a: Value, b: Value) {
        let (a, b) = if self.imm(a).is_some() { (b, a) } else { (a, b) };
        if let Some(offset) = self.imm(b) {
            return match self.only_here(a).filter(|data| is_add(data) && self.imm(data.args[1]).is_none()) {
                Some(inner) => {
                    let (terms, scale) = self.terms(inner.args[0], inner.args[1]);
                    self.scaled_sum(width, to, &terms, scale, offset);
                }
                None => {
                    let term = self.low(a);
                    self.sum(width, to, &[term], offset);
                }
            };
        }
        for (plain, other) in [(a, b), (b, a)] {
            if let Some(source) = self.loaded(other) {
                let first = self.low(plain);
                return self.two(width.pick(Code::Add_r32_rm32, Code::Add_r64_rm64), to, first, source);
            }
        }
        let (terms, scale) = self.terms(a, b);
        self.scaled_sum(width, to, &terms, scale, 0);
    }

    /// Two values to be added, the second times a scale.
    fn terms(&mut self, a: Value, b: Value) -> ([VReg; 2], u8) {
        for (plain, other) in [(a, b), (b, a)] {
            if let Some((term, scale)) = self.scaled(other) {
                return ([self.low(plain), term], scale);
            }
        }
        ([self.low(a), self.low(b)], 1)
    }

    /// A value that is another one times 2, 4 or 8, and wanted only here.
    fn scaled(&mut self, value: Value) -> Option<(VReg, u8)> {
        let data = self.only_here(value)?;
        let shift =
            matches!(data.op, ir::Op::Num(I32Shl | I64Shl)).then(|| self.constant(data.args[1]))??;
        let shift = if data.op == ir::Op::Num(I32Shl) { shift & 31 } else { shift & 63 };
        (1..=3).contains(&shift).then(|| (self.low(data.args[0]), 1 << shift))
    }

    fn select_difference(&mut self, width: Width, to: VReg, a: Value, b: Value) {
        if let Some(offset) = self.imm(b).and_then(i32::checked_neg) {
            let term = self.low(a);
            return self.sum(width, to, &[term], offset);
        }
        if self.constant(a) == Some(0) {
            let from = self.low(b);
            return self.unary(width.pick(Code::Neg_rm32, Code::Neg_rm64), to, from);
        }
        self.select_row(&rows::SUB, width, to, a, b);
    }

    fn select_logic(&mut self, row: &'static Row, width: Width, to: VReg, a: Value, b: Value) {
        let (a, b) = if self.constant(a).is_some() { (b, a) } else { (a, b) };
        let mask = self.constant(b).filter(|_| std::ptr::eq(row, &rows::AND));
        let narrow = match mask {
            Some(0xff) => Some(Code::Movzx_r32_rm8),
            Some(0xffff) => Some(Code::Movzx_r32_rm16),
            Some(0xffff_ffff) if width == W64 => Some(Code::Mov_r32_rm32),
            _ => None,
        };
        if let Some(code) = narrow {
            let source = Source::Reg(self.low(a));
            return self.one(code, to, source);
        }
        if let (Some(mask), W64) = (mask.and_then(|m| u32::try_from(m).ok()), width) {
            let first = self.reg(a);
            return self.two(Code::And_rm32_imm32, to, first, Source::Imm(mask as i32));
        }
        if self.load_here(a).is_some() && self.load_here(b).is_none() && self.imm(b).is_none() {
            return self.select_row(row, width, to, b, a);
        }
        self.select_row(row, width, to, a, b);
    }

    fn select_row(&mut self, row: &Row, width: Width, to: VReg, a: Value, b: Value) {
        let first = self.low(a);
        let source = self.source(b);
        let [narrow, wide] = match source {
            Source::Imm(imm) if i8::try_from(imm).is_ok() => row.imm8,
            Source::Imm(_) => row.imm32,
            Source::Reg(_) | Source::Mem(..) => row.wide,
        };
        self.two(width.pick(narrow, wide), to, first, source);
    }

    fn select_product(&mut self, width: Width, to: VReg, a: Value, b: Value) {
        let (a, b) = if self.constant(a).is_some() { (b, a) } else { (a, b) };
        match self.imm(b) {
            Some(imm @ (3 | 5 | 9)) => {
                let term = self.low(a);
                self.scaled_sum(width, to, &[term, term], imm as u8 - 1, 0);
            }
            Some(imm) if imm > 0 && imm.count_ones() == 1 => {
                let first = self.low(a);
                self.shift_left(width, to, first, imm.trailing_zeros() as u8);
            }
            Some(imm) => {
                let short = i8::try_from(imm).is_ok();
                let short_code = width.pick(Code::Imul_r32_rm32_imm8, Code::Imul_r64_rm64_imm8);
                let code = width.pick(Code::Imul_r32_rm32_imm32, Code::Imul_r64_rm64_imm32);
                let source = self.source(a);
                let source = if let Source::Imm(_) = source { Source::Reg(self.reg(a)) } else { source };
                self.with_imm(if short { short_code } else { code }, to, source, imm);
            }
            None => {
                let (a, b) = if self.load_here(b).is_none() { (b, a) } else { (a, b) };
                let first = self.low(a);
                let source = self.source(b);
                let source = if let Source::Imm(_) = source { Source::Reg(self.reg(b)) } else { source };
                self.two(width.pick(Code::Imul_r32_rm32, Code::Imul_r64_rm64), to, first, source);
            }
        }
    }

    fn select_shift(
        &mut self,
        imm: Code,
        cl: Code,
        width: Width,
        to: VReg,
        a: Value,
        count: Value,
    ) -> Result<(), CompileError> {
        let mask = width.bytes() * 8 - 1;
        if let Some(count) = self.constant(count) {
            let (first, count) = (self.low(a), (count & u64::from(mask)) as u8);
            match imm {
                Code::Shl_rm32_imm8 | Code::Shl_rm64_imm8 => self.shift_left(width, to, first, count),
                _ => self.two(imm, to, first, Source::Imm(i32::from(count))),
            }
            return Ok(());
        }
        // The machine masks the count itself.
        let masked = self.local(count).filter(|d| matches!(d.op, ir::Op::Num(I32And | I64And)));
        let masked = masked.filter(|d| self.constant(d.args[1]).is_some_and(|m| m as u32 & mask == mask));
        let count = self.low(masked.map_or(count, |d| d.args[0]));
        let first = self.low(a);
        let mut draft = Draft::new();
        draft.arg(Operand::reg_reuse_def(to, 1)).operand(Operand::reg_use(first));
        draft.arg(Operand::reg_fixed_use(count, self.fixed("rcx")?));
        self.push_draft(cl, draft);
        Ok(())
    }

    fn shift_left(&mut self, width: Width, to: VReg, first: VReg, count: u8) {
        self.push(Op::ShiftLeft { width, count }, vec![Operand::reg_def(to), Operand::reg_use(first)]);
    }

    /// The register that an instruction insists on.
    pub(super) fn fixed(&self, name: &str) -> Result<PReg, CompileError> {
        let reg = self.job.machine.reg(name);
        let reg = reg.ok_or_else(|| SpecError::Unknown { what: "register", name: name.to_owned() })?;
        Ok(PReg::new(usize::from(reg.0), RegClass::Int))
    }
}

fn is_add(data: &InstData) -> bool {
    matches!(data.op, ir::Op::Num(I32Add | I64Add))
}
