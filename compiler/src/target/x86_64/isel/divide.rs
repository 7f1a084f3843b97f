//! Division: by a number known now it becomes a multiplication, otherwise the machine's instruction with checks.
//!
//! For a divisor d of w bits and l = ⌈log₂ d⌉ (Granlund and Montgomery, "Division by invariant integers using
//! multiplication", PLDI 1994, sections 4 and 5):
//!
//! ```text
//! unsigned   q = (m·n >> w) >> s                          where 2^(w+s) ≤ m·d ≤ 2^(w+s) + 2^s and m < 2^w
//!            q = (((n - t) >> 1) + t) >> (l-1)            t = m'·n >> w, m' = ⌊2^w·(2^l - d)/d⌋ + 1, if there is no such m
//! signed     q = (m·n >> (w+l-1)) + [n < 0]               m = ⌊2^(w+l-1)/d⌋ + 1
//! ```
//!
//! Divisors that are negative, powers of two or past the signed range are left to the machine.

use super::{Cx, Draft, Op, Source, Value, Width, any_use, late_use};
use crate::target::x86_64::op::Cc;
use crate::{CompileError, TrapCode};
use Width::{W32, W64};
use iced_x86::Code;
use regalloc2::{Operand, RegClass, VReg};

/// Which division.
#[derive(Clone, Copy)]
pub(super) struct Division {
    pub(super) signed: bool,
    pub(super) remainder: bool,
    pub(super) width: Width,
}

/// How to divide by multiplying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Magic {
    /// `(m·n >> w) >> s`.
    Plain(u64, u32),
    /// `(((n - t) >> 1) + t) >> s`, t being `m·n >> w`.
    Halved(u64, u32),
    /// `(m·n >> (w + s)) + [n < 0]`.
    Signed(u64, u32),
}

/// The multiplication for a divisor of so many bits, if there is one here.
fn magic(divisor: u64, bits: u32, signed: bool) -> Option<Magic> {
    if divisor < 3 || divisor.is_power_of_two() || divisor >> (bits - 1) != 0 {
        return None;
    }
    let d = u128::from(divisor);
    let log = 64 - (divisor - 1).leading_zeros();
    if signed {
        // ⌊2^(w+l-1)/d⌋ + 1; the power is at most 2^126.
        return Some(Magic::Signed(((1u128 << (bits + log - 1)) / d + 1) as u64, log - 1));
    }
    let plain = (0..log).find_map(|shift| {
        let power = 1u128 << (bits + shift);
        let multiplier = power.div_ceil(d);
        let fits = multiplier >> bits == 0 && multiplier * d - power <= 1 << shift;
        fits.then_some(Magic::Plain(multiplier as u64, shift))
    });
    let halved = || Magic::Halved(((((1u128 << log) - d) << bits) / d + 1) as u64, log - 1);
    Some(plain.unwrap_or_else(halved))
}

impl Cx<'_> {
    pub(super) fn select_division(
        &mut self,
        division: Division,
        to: VReg,
        a: Value,
        b: Value,
    ) -> Result<(), CompileError> {
        let Division { signed, remainder, width } = division;
        let known = self.constant(b).map(|bits| width.pick(bits & 0xffff_ffff, bits));
        if let Some((divisor, magic)) = known.and_then(|d| Some((d, magic(d, width.bytes() * 8, signed)?))) {
            let n = self.reg(a);
            let quotient = if remainder { self.fresh(RegClass::Int) } else { to };
            self.multiply(width, quotient, n, magic)?;
            if remainder {
                self.rest(width, to, n, quotient, divisor);
            }
            return Ok(());
        }
        let minus_one = width.pick(0xffff_ffff, u64::MAX);
        let (n, d) = (self.reg(a), self.reg(b));
        if known.is_none_or(|d| d == 0) {
            self.reads_regs(width.pick(Code::Test_rm32_r32, Code::Test_rm64_r64), d, d);
            self.trap_if(Cc::E, TrapCode::IntegerDivideByZero);
        }
        let checked = signed && known.is_none_or(|d| d == minus_one);
        let other = self.fresh(RegClass::Int);
        let (quotient, rest) = if remainder { (other, to) } else { (to, other) };
        let (low, high) = (self.fixed("rax")?, self.fixed("rdx")?);
        let defs = [Operand::reg_fixed_def(quotient, low), Operand::reg_fixed_def(rest, high)];
        if checked && remainder {
            let mut operands = defs.to_vec();
            operands.extend([Operand::reg_fixed_use(n, low), late_use(d)]);
            self.push(Op::Remainder(width), operands);
            return Ok(());
        }
        if checked {
            let trap = (TrapCode::IntegerOverflow, self.wasm_offset);
            self.push(Op::QuotientCheck(width, trap), vec![Operand::reg_use(n), Operand::reg_use(d)]);
        }
        let upper = self.fresh(RegClass::Int);
        if signed {
            let mut draft = Draft::new();
            draft.operand(Operand::reg_fixed_def(upper, high));
            draft.operand(Operand::reg_fixed_use(n, low));
            self.push_draft(width.pick(Code::Cdq, Code::Cqo), draft);
        } else {
            self.zero(upper);
        }
        let mut draft = Draft::new();
        draft.operands.extend(defs);
        draft.operands.extend([Operand::reg_fixed_use(n, low), Operand::reg_fixed_use(upper, high)]);
        draft.arg(any_use(d));
        let code = match signed {
            true => width.pick(Code::Idiv_rm32, Code::Idiv_rm64),
            false => width.pick(Code::Div_rm32, Code::Div_rm64),
        };
        self.push_draft(code, draft);
        Ok(())
    }

    /// `to = n - quotient * divisor`.
    fn rest(&mut self, width: Width, to: VReg, n: VReg, quotient: VReg, divisor: u64) {
        let product = self.fresh(RegClass::Int);
        match i32::try_from(divisor) {
            Ok(imm) => {
                let code = width.pick(Code::Imul_r32_rm32_imm32, Code::Imul_r64_rm64_imm32);
                self.with_imm(code, product, Source::Reg(quotient), imm);
            }
            Err(_) => {
                let divisor = self.number(divisor);
                let code = width.pick(Code::Imul_r32_rm32, Code::Imul_r64_rm64);
                self.two(code, product, quotient, Source::Reg(divisor));
            }
        }
        self.two(width.pick(Code::Sub_r32_rm32, Code::Sub_r64_rm64), to, n, Source::Reg(product));
    }

    /// `quotient = n / d` for the divisor of the magic.
    fn multiply(&mut self, width: Width, quotient: VReg, n: VReg, magic: Magic) -> Result<(), CompileError> {
        let shift_right = width.pick(Code::Shr_rm32_imm8, Code::Shr_rm64_imm8);
        match (magic, width) {
            (Magic::Plain(multiplier, shift), W32) => {
                let product = self.product(n, multiplier);
                self.shift(Code::Shr_rm64_imm8, quotient, product, 32 + shift);
            }
            (Magic::Plain(multiplier, shift), W64) => {
                let high = self.high_product(Code::Mul_rm64, n, multiplier)?;
                self.shift(Code::Shr_rm64_imm8, quotient, high, shift);
            }
            (Magic::Halved(multiplier, shift), _) => {
                let high = match width {
                    W32 => {
                        let (product, high) = (self.product(n, multiplier), self.fresh(RegClass::Int));
                        self.shift(Code::Shr_rm64_imm8, high, product, 32);
                        high
                    }
                    W64 => self.high_product(Code::Mul_rm64, n, multiplier)?,
                };
                let [above, half, sum] = std::array::from_fn(|_| self.fresh(RegClass::Int));
                self.two(width.pick(Code::Sub_r32_rm32, Code::Sub_r64_rm64), above, n, Source::Reg(high));
                self.shift(shift_right, half, above, 1);
                self.sum(width, sum, &[half, high], 0);
                self.shift(shift_right, quotient, sum, shift);
            }
            (Magic::Signed(multiplier, shift), W32) => {
                let wide = self.fresh(RegClass::Int);
                self.one(Code::Movsxd_r64_rm32, wide, Source::Reg(n));
                let product = self.product(wide, multiplier);
                let [rounded, negative] = std::array::from_fn(|_| self.fresh(RegClass::Int));
                self.shift(Code::Sar_rm64_imm8, rounded, product, 32 + shift);
                self.shift(Code::Shr_rm64_imm8, negative, wide, 63);
                self.sum(W32, quotient, &[rounded, negative], 0);
            }
            (Magic::Signed(multiplier, shift), W64) => {
                // As a signed number the multiplier is 2^64 too small, so n is added once.
                let high = self.high_product(Code::Imul_rm64, n, multiplier)?;
                let [sum, rounded, negative] = std::array::from_fn(|_| self.fresh(RegClass::Int));
                self.sum(W64, sum, &[high, n], 0);
                self.shift(Code::Sar_rm64_imm8, rounded, sum, shift);
                self.shift(Code::Shr_rm64_imm8, negative, n, 63);
                self.sum(W64, quotient, &[rounded, negative], 0);
            }
        }
        Ok(())
    }

    fn shift(&mut self, code: Code, to: VReg, first: VReg, count: u32) {
        self.two(code, to, first, Source::Imm(count as i32));
    }

    /// The 64-bit product with a number of 32 bits.
    fn product(&mut self, n: VReg, multiplier: u64) -> VReg {
        let product = self.fresh(RegClass::Int);
        match i32::try_from(multiplier) {
            Ok(imm) => self.with_imm(Code::Imul_r64_rm64_imm32, product, Source::Reg(n), imm),
            Err(_) => {
                let multiplier = self.number(multiplier);
                self.two(Code::Imul_r64_rm64, product, multiplier, Source::Reg(n));
            }
        }
        product
    }

    /// The upper half of the 128-bit product.
    fn high_product(&mut self, code: Code, n: VReg, multiplier: u64) -> Result<VReg, CompileError> {
        let multiplier = self.number(multiplier);
        let [low, high] = std::array::from_fn(|_| self.fresh(RegClass::Int));
        let mut draft = Draft::new();
        draft.operand(Operand::reg_fixed_def(low, self.fixed("rax")?));
        draft.operand(Operand::reg_fixed_def(high, self.fixed("rdx")?));
        draft.operand(Operand::reg_fixed_use(multiplier, self.fixed("rax")?));
        draft.arg(any_use(n));
        self.push_draft(code, draft);
        Ok(high)
    }
}

#[cfg(test)]
mod tests {
    use super::{Magic, magic};

    /// `m·n >> shift` for a shift of at least 32, where the product itself may not fit.
    fn high(m: u64, n: i128, shift: u32) -> i128 {
        let (low, high) = (i128::from(m & 0xffff_ffff), i128::from(m >> 32));
        (((low * n) >> 32) + high * n) >> (shift - 32)
    }

    /// The quotient as the formulas of this module have it.
    fn quotient(n: i128, bits: u32, magic: Magic) -> i128 {
        match magic {
            Magic::Plain(m, shift) => high(m, n, bits) >> shift,
            Magic::Halved(m, shift) => {
                let t = high(m, n, bits);
                (((n - t) >> 1) + t) >> shift
            }
            Magic::Signed(m, shift) => high(m, n, bits + shift) + i128::from(n < 0),
        }
    }

    #[test]
    fn multiplying_is_dividing() {
        let mut random = 1u64;
        let mut next = || {
            random = random.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            random >> (random >> 58)
        };
        let mut tried = 0;
        for round in 0..200_000u32 {
            let (bits, signed) = (if round & 1 == 0 { 32 } else { 64 }, round & 2 == 0);
            let mask = u64::MAX >> (64 - bits);
            let divisor = if round < 1000 { u64::from(round) / 4 } else { next() & mask };
            let Some(magic) = magic(divisor, bits, signed) else { continue };
            for n in [0, 1, divisor - 1, divisor, mask, mask >> 1, (mask >> 1) + 1, next() & mask] {
                let n = match (signed, bits) {
                    (false, _) => i128::from(n),
                    (true, 32) => i128::from(n as i32),
                    (true, _) => i128::from(n as i64),
                };
                assert_eq!(quotient(n, bits, magic), n / i128::from(divisor), "{n} / {divisor}: {magic:?}");
                tried += 1;
            }
        }
        assert!(tried > 500_000, "only {tried}");
    }

    #[test]
    fn what_the_machine_divides_better_is_left_to_it() {
        for divisor in [0, 1, 2, 64, 1 << 31, 0xffff_fffd] {
            assert_eq!(magic(divisor, 32, true), None, "{divisor}");
        }
    }
}
