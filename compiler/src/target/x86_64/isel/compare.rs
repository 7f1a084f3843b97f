//! Conditions: compares fused into branches, `select` and traps, or made into 0 and 1.

use super::{Cx, Op, Source, Value, Width};
use crate::backend::vcode::Flow;
use crate::ir::{self, InstData, NumOp, Terminator, Type};
use crate::target::x86_64::op::{Cc, Cond};
use crate::{CompileError, TrapCode};
use NumOp::*;
use Width::{W32, W64};
use iced_x86::Code;
use regalloc2::{Operand, PRegSet, RegClass, VReg};

/// An integer compare.
#[rustfmt::skip]
fn integer(op: NumOp) -> Option<(Cc, Width)> {
    Some(match op {
        I32Eq  => (Cc::E, W32),  I64Eq  => (Cc::E, W64),  I32Ne  => (Cc::Ne, W32), I64Ne  => (Cc::Ne, W64),
        I32LtS => (Cc::L, W32),  I64LtS => (Cc::L, W64),  I32LtU => (Cc::B, W32),  I64LtU => (Cc::B, W64),
        I32GtS => (Cc::G, W32),  I64GtS => (Cc::G, W64),  I32GtU => (Cc::A, W32),  I64GtU => (Cc::A, W64),
        I32LeS => (Cc::Le, W32), I64LeS => (Cc::Le, W64), I32LeU => (Cc::Be, W32), I64LeU => (Cc::Be, W64),
        I32GeS => (Cc::Ge, W32), I64GeS => (Cc::Ge, W64), I32GeU => (Cc::Ae, W32), I64GeU => (Cc::Ae, W64),
        _ => return None,
    })
}

/// A float compare: condition, width, whether the operands change places (so that unordered is false).
#[rustfmt::skip]
fn float(op: NumOp) -> Option<(Cond, Width, bool)> {
    Some(match op {
        F32Eq => (Cond::Equal, W32, false),      F64Eq => (Cond::Equal, W64, false),
        F32Ne => (Cond::Unequal, W32, false),    F64Ne => (Cond::Unequal, W64, false),
        F32Lt => (Cond::Is(Cc::A), W32, true),   F64Lt => (Cond::Is(Cc::A), W64, true),
        F32Gt => (Cond::Is(Cc::A), W32, false),  F64Gt => (Cond::Is(Cc::A), W64, false),
        F32Le => (Cond::Is(Cc::Ae), W32, true),  F64Le => (Cond::Is(Cc::Ae), W64, true),
        F32Ge => (Cond::Is(Cc::Ae), W32, false), F64Ge => (Cond::Is(Cc::Ae), W64, false),
        _ => return None,
    })
}

/// The condition after the operands have changed places.
fn mirrored(cc: Cc) -> Cc {
    match cc {
        Cc::L => Cc::G,
        Cc::G => Cc::L,
        Cc::Le => Cc::Ge,
        Cc::Ge => Cc::Le,
        Cc::B => Cc::A,
        Cc::A => Cc::B,
        Cc::Be => Cc::Ae,
        Cc::Ae => Cc::Be,
        other => other,
    }
}

impl Cx<'_> {
    /// Sets the flags so that the condition returned holds just if the value is not zero.
    pub(super) fn condition(&mut self, value: Value) -> Cond {
        let (value, negated) = self.without_eqz(value);
        let condition = match self.local(value) {
            Some(InstData { op: ir::Op::Num(op), args, .. }) => self.compare(*op, args),
            _ => None,
        };
        let condition = condition.unwrap_or_else(|| {
            self.test(W32, value, Cc::Ne);
            Cond::Is(Cc::Ne)
        });
        if negated { condition.not() } else { condition }
    }

    /// The value below negations of this block, and whether their number is odd.
    fn without_eqz(&self, value: Value) -> (Value, bool) {
        let (mut value, mut negated) = (value, false);
        while let Some(data) = self.local(value).filter(|d| d.op == ir::Op::Num(I32Eqz)) {
            (value, negated) = (data.args[0], !negated);
        }
        (value, negated)
    }

    /// Sets the flags as a compare instruction says.
    fn compare(&mut self, op: NumOp, args: &[Value]) -> Option<Cond> {
        if op == I64Eqz {
            self.test(W64, args[0], Cc::E);
            return Some(Cond::Is(Cc::E));
        }
        if let Some((cc, width)) = integer(op) {
            return Some(Cond::Is(self.compare_integers(cc, width, args[0], args[1])));
        }
        let (condition, width, swap) = float(op)?;
        let (a, b) = if swap { (args[1], args[0]) } else { (args[0], args[1]) };
        let first = self.reg(a);
        let second = self.source(b);
        self.reads(
            width.pick(Code::Ucomiss_xmm_xmmm32, Code::Ucomisd_xmm_xmmm64),
            Source::Reg(first),
            second,
        );
        Some(condition)
    }

    fn compare_integers(&mut self, cc: Cc, width: Width, a: Value, b: Value) -> Cc {
        let (a, b, cc) = if self.imm(a).is_some() { (b, a, mirrored(cc)) } else { (a, b, cc) };
        match self.imm(b) {
            Some(0) => self.test(width, a, cc),
            Some(imm) => {
                let short = i8::try_from(imm).is_ok();
                let short_code = width.pick(Code::Cmp_rm32_imm8, Code::Cmp_rm64_imm8);
                let code =
                    if short { short_code } else { width.pick(Code::Cmp_rm32_imm32, Code::Cmp_rm64_imm32) };
                let source = match self.source(a) {
                    Source::Imm(_) => Source::Reg(self.reg(a)),
                    other => other,
                };
                self.reads(code, source, Source::Imm(imm));
            }
            None => {
                let second = self.source(b);
                let first = if let Source::Mem(..) = second { None } else { self.loaded(a) };
                let (code, first) = match first {
                    Some(memory) => (width.pick(Code::Cmp_rm32_r32, Code::Cmp_rm64_r64), memory),
                    None => (width.pick(Code::Cmp_r32_rm32, Code::Cmp_r64_rm64), Source::Reg(self.low(a))),
                };
                self.reads(code, first, second);
            }
        }
        cc
    }

    /// Sets the flags as comparing a value with zero does, for this condition; a bitwise `and` is not computed for
    /// it.
    fn test(&mut self, width: Width, value: Value, cc: Cc) {
        let code = width.pick(Code::Test_rm32_r32, Code::Test_rm64_r64);
        let and = self.only_here(value).filter(|d| matches!(d.op, ir::Op::Num(I32And | I64And)));
        let Some(and) = and else {
            let reg = self.low(value);
            return match cc {
                Cc::E | Cc::Ne => self.push(Op::IsZero(width), vec![Operand::reg_use(reg)]),
                _ => self.reads_regs(code, reg, reg),
            };
        };
        match self.imm(and.args[1]) {
            Some(imm) => {
                let source = Source::Reg(self.low(and.args[0]));
                self.reads(
                    width.pick(Code::Test_rm32_imm32, Code::Test_rm64_imm32),
                    source,
                    Source::Imm(imm),
                );
            }
            None => {
                let (a, b) = (self.low(and.args[0]), self.low(and.args[1]));
                self.reads_regs(code, a, b);
            }
        }
    }

    /// Selects a compare whose value is wanted; false if the instruction is none.
    pub(super) fn select_compare(&mut self, data: &InstData, op: NumOp) -> bool {
        if !matches!(op, I32Eqz | I64Eqz) && integer(op).is_none() && float(op).is_none() {
            return false;
        }
        let to = self.result(data.results[0]);
        let (below, _) = self.without_eqz(data.results[0]);
        let pair =
            self.local(below).is_some_and(|d| matches!(d.op, ir::Op::Num(F32Eq | F64Eq | F32Ne | F64Ne)));
        // Zeroing changes the flags, so it comes before the compare.
        let zero = self.fresh(RegClass::Int);
        if !pair {
            self.zero(zero);
        }
        match self.condition(data.results[0]) {
            Cond::Is(cc) => self.unary(cc.set(), to, zero),
            Cond::Equal => self.push_both([Cc::E, Cc::Np], Code::And_r32_rm32, to),
            Cond::Unequal => self.push_both([Cc::Ne, Cc::P], Code::Or_r32_rm32, to),
        }
        true
    }

    /// Makes 0 or 1 of two conditions, without touching the flags before both are read.
    fn push_both(&mut self, pair: [Cc; 2], code: Code, to: VReg) {
        let bytes = [self.fresh(RegClass::Int), self.fresh(RegClass::Int)];
        for (cc, byte) in pair.into_iter().zip(bytes) {
            let mut draft = super::Draft::new();
            draft.arg(Operand::reg_def(byte));
            self.push_draft(cc.set(), draft);
        }
        let both = self.fresh(RegClass::Int);
        self.two(code, both, bytes[0], Source::Reg(bytes[1]));
        self.one(Code::Movzx_r32_rm8, to, Source::Reg(both));
    }

    pub(super) fn select_select(&mut self, data: &InstData) {
        let to = self.result(data.results[0]);
        let (value, other) = (self.low(data.args[1]), self.low(data.args[2]));
        let condition = self.condition(data.args[0]);
        let width = match self.ty(data.results[0]) {
            Type::I32 => W32,
            Type::I64 => W64,
            Type::F32 | Type::F64 => {
                let operands =
                    vec![Operand::reg_reuse_def(to, 1), Operand::reg_use(other), Operand::reg_use(value)];
                return self.push(Op::SelectFloat(condition), operands);
            }
        };
        let (cc, pair) = match condition {
            Cond::Is(cc) => (cc, None),
            Cond::Equal | Cond::Unequal => (Cc::Ne, Some(Cc::P)),
        };
        let (value, other) = if condition == Cond::Equal { (other, value) } else { (value, other) };
        let first = if pair.is_some() { self.fresh(RegClass::Int) } else { to };
        self.two(cc.cmov(width), first, other, Source::Reg(value));
        if let Some(cc) = pair {
            self.two(cc.cmov(width), to, first, Source::Reg(value));
        }
    }

    /// Selects a block's end.
    pub(super) fn select_end(&mut self, end: &Terminator, ways: &[usize]) -> Result<(), CompileError> {
        match end {
            Terminator::Branch(value, ..) => {
                let condition = self.condition(*value);
                self.push_flow(Op::Branch(condition), vec![], PRegSet::empty(), Flow::Branch);
            }
            Terminator::Table(index, _) => {
                let index = self.reg(*index);
                let temps = [self.fresh(RegClass::Int), self.fresh(RegClass::Int)];
                let operands =
                    vec![Operand::reg_use(index), Operand::reg_temp(temps[0]), Operand::reg_temp(temps[1])];
                self.push_flow(Op::Table(ways.to_vec()), operands, PRegSet::empty(), Flow::Branch);
            }
            Terminator::Trap(offset) => {
                let op = Op::Trap((TrapCode::Unreachable, *offset));
                self.push_flow(op, vec![], PRegSet::empty(), Flow::Leave);
            }
            Terminator::Jump(_) | Terminator::Return(_) => {
                return Err(self.job.internal("isel", "an end that is the backend's own"));
            }
        }
        Ok(())
    }
}
