//! Operations of more than one instruction.

use super::super::asm::mem_index;
use super::super::op::{Cc, Cond, Trap, Width};
use super::super::registers::part;
use super::{Emit, Ways};
use crate::TrapCode;
use Width::{W32, W64};
use iced_x86::{Code, Instruction, MemoryOperand, Register};
use regalloc2::Allocation;

/// A table of at most this many targets is a chain of compares.
const CHAIN: usize = 4;

impl<'a> Emit<'a> {
    /// `to = a + b * scale + offset`.
    pub(super) fn sum(&mut self, width: Width, scale: u8, offset: i32, allocs: &[Allocation]) {
        let regs: Vec<Register> = allocs.iter().map(|&at| self.register(at)).collect();
        let sized = |register| part(register, width.bytes());
        let add = width.pick(Code::Add_r32_rm32, Code::Add_r64_rm64);
        let lea = width.pick(Code::Lea_r32_m, Code::Lea_r64_m);
        match regs[..] {
            [to, a] if offset == 0 => {
                if to != a || width == W32 {
                    self.rr(width.pick(Code::Mov_r32_rm32, Code::Mov_r64_rm64), sized(to), sized(a));
                }
            }
            [to, a] if to == a => {
                let short = width.pick(Code::Add_rm32_imm8, Code::Add_rm64_imm8);
                let long = width.pick(Code::Add_rm32_imm32, Code::Add_rm64_imm32);
                self.ri(if i8::try_from(offset).is_ok() { short } else { long }, sized(to), offset);
                self.zero_flag = Some((to, width));
            }
            [to, a] => self.asm.rm(lea, sized(to), super::mem(a, offset)),
            [to, a, b] if offset == 0 && scale == 1 && (to == a || to == b) => {
                self.rr(add, sized(to), sized(if to == a { b } else { a }));
                self.zero_flag = Some((to, width));
            }
            [to, a, b] => self.asm.rm(lea, sized(to), mem_index(a, b, u32::from(scale), offset)),
            _ => self.asm.fail("a sum of none or too many".to_owned()),
        }
    }

    /// `to = a << count`.
    pub(super) fn shift_left(&mut self, width: Width, count: u8, allocs: &[Allocation]) {
        let [to, a] = [0, 1].map(|i| self.register(allocs[i]));
        let sized = |register| part(register, width.bytes());
        let lea = width.pick(Code::Lea_r32_m, Code::Lea_r64_m);
        match count {
            1 if to != a => self.asm.rm(lea, sized(to), mem_index(a, a, 1, 0)),
            2 | 3 if to != a => {
                let scaled = MemoryOperand::with_index_scale_displ_size(a, 1 << count, 0, 4);
                self.asm.rm(lea, sized(to), scaled);
            }
            _ => {
                if to != a {
                    self.rr(width.pick(Code::Mov_r32_rm32, Code::Mov_r64_rm64), sized(to), sized(a));
                }
                let shift = width.pick(Code::Shl_rm32_imm8, Code::Shl_rm64_imm8);
                self.ri(shift, sized(to), i32::from(count));
            }
        }
    }

    /// `cmp index, n; jae default; lea t, [table]; movsxd u, [t + index*4]; add u, t; jmp u`.
    pub(super) fn table(&mut self, entries: &[usize], allocs: &[Allocation], ways: Ways<'_>) {
        let [index, t, u] = [0, 1, 2].map(|n| self.register(allocs[n]));
        let targets: Vec<usize> = entries.iter().filter_map(|&way| ways.succs.get(way).copied()).collect();
        let Some((&default, listed)) = targets.split_last() else {
            return self.asm.fail("a table without a default".to_owned());
        };
        let compare = |emit: &mut Self, with: usize| match i8::try_from(with) {
            Ok(with) => emit.ri(Code::Cmp_rm32_imm8, part(index, 4), i32::from(with)),
            Err(_) => emit.ri(Code::Cmp_rm32_imm32, part(index, 4), with as i32),
        };
        if listed.len() <= CHAIN {
            for (n, &to) in listed.iter().enumerate().filter(|(_, to)| **to != default) {
                compare(self, n);
                self.asm.jcc(Cc::E.jump(), self.blocks[to]);
            }
            return self.jump(default, ways);
        }
        compare(self, listed.len());
        self.asm.jcc(Cc::Ae.jump(), self.blocks[default]);
        let labels = listed.iter().map(|&to| self.blocks[to]).collect();
        let table = self.asm.table(labels);
        let lea = Instruction::with2(Code::Lea_r64_m, t, self.asm.reference());
        self.asm.emit_reference(lea, table);
        self.asm.rm(Code::Movsxd_r64_rm32, u, mem_index(t, index, 4, 0));
        self.rr(Code::Add_r64_rm64, u, t);
        self.asm.table_jump(table, u);
    }

    /// `<- n, d`: the one quotient that overflows is that of the smallest number by -1.
    pub(super) fn quotient_check(&mut self, width: Width, trap: Trap, allocs: &[Allocation]) {
        let [n, d] = [0, 1].map(|i| self.register(allocs[i])).map(|r| part(r, width.bytes()));
        let compare = width.pick(Code::Cmp_rm32_imm8, Code::Cmp_rm64_imm8);
        let back = self.asm.label();
        self.ri(compare, d, -1);
        self.rarely(Cc::E, move |emit| {
            let overflow = emit.asm.trap_label(trap.0, trap.1);
            emit.ri(compare, n, 1);
            emit.asm.jcc(Cc::O.jump(), overflow);
            emit.asm.jmp(back);
        });
        self.asm.bind(back);
    }

    /// `quotient, remainder <- low, d`: by -1 it is 0, where the machine would raise an exception.
    pub(super) fn remainder(&mut self, width: Width, allocs: &[Allocation]) {
        let [rest, d] = [1, 3].map(|i| self.register(allocs[i])).map(|r| part(r, width.bytes()));
        let back = self.asm.label();
        self.ri(width.pick(Code::Cmp_rm32_imm8, Code::Cmp_rm64_imm8), d, -1);
        self.rarely(Cc::E, move |emit| {
            emit.rr(Code::Xor_r32_rm32, part(rest, 4), part(rest, 4));
            emit.asm.jmp(back);
        });
        self.asm.op0(width.pick(Code::Cdq, Code::Cqo));
        self.asm.op1(width.pick(Code::Idiv_rm32, Code::Idiv_rm64), d);
        self.asm.bind(back);
    }

    /// `d <- a, b`, d being a. The machine's instruction gives b for NaNs and for zeros of either sign.
    pub(super) fn min_max(&mut self, max: bool, width: Width, allocs: &[Allocation]) {
        let [to, other] = [0, 2].map(|i| self.register(allocs[i]));
        let back = self.asm.label();
        self.rr(width.pick(Code::Ucomiss_xmm_xmmm32, Code::Ucomisd_xmm_xmmm64), to, other);
        self.rarely(Cc::P, move |emit| {
            emit.rr(width.pick(Code::Addss_xmm_xmmm32, Code::Addsd_xmm_xmmm64), to, other);
            emit.asm.jmp(back);
        });
        self.rarely(Cc::E, move |emit| {
            emit.rr(if max { Code::Andps_xmm_xmmm128 } else { Code::Orps_xmm_xmmm128 }, to, other);
            emit.asm.jmp(back);
        });
        let code = match max {
            true => width.pick(Code::Maxss_xmm_xmmm32, Code::Maxsd_xmm_xmmm64),
            false => width.pick(Code::Minss_xmm_xmmm32, Code::Minsd_xmm_xmmm64),
        };
        self.rr(code, to, other);
        self.asm.bind(back);
    }

    /// `d <- other, value`, d being the other.
    pub(super) fn select_float(&mut self, condition: Cond, allocs: &[Allocation]) {
        let [to, value] = [0, 2].map(|i| self.register(allocs[i]));
        let (take, keep) = (self.asm.label(), self.asm.label());
        match condition {
            Cond::Is(cc) => self.asm.jcc(cc.not().jump(), keep),
            Cond::Equal => {
                self.asm.jcc(Cc::Ne.jump(), keep);
                self.asm.jcc(Cc::P.jump(), keep);
            }
            Cond::Unequal => {
                self.asm.jcc(Cc::P.jump(), take);
                self.asm.jcc(Cc::E.jump(), keep);
            }
        }
        self.asm.bind(take);
        self.rr(Code::Movaps_xmm_xmmm128, to, value);
        self.asm.bind(keep);
    }

    /// `d <- zero, n; temps t, u`: numbers with the top bit set are halved, rounding to odd, and doubled.
    pub(super) fn convert_unsigned(&mut self, width: Width, allocs: &[Allocation]) {
        let [to, n, t, u] = [0, 2, 3, 4].map(|i| self.register(allocs[i]));
        let convert = width.pick(Code::Cvtsi2ss_xmm_rm64, Code::Cvtsi2sd_xmm_rm64);
        let back = self.asm.label();
        self.rr(Code::Test_rm64_r64, n, n);
        self.rarely(Cc::S, move |emit| {
            emit.rr(Code::Mov_r64_rm64, t, n);
            emit.rr(Code::Mov_r64_rm64, u, n);
            emit.ri(Code::Shr_rm64_imm8, t, 1);
            emit.ri(Code::And_rm64_imm8, u, 1);
            emit.rr(Code::Or_r64_rm64, t, u);
            emit.rr(convert, to, t);
            emit.rr(width.pick(Code::Addss_xmm_xmmm32, Code::Addsd_xmm_xmmm64), to, to);
            emit.asm.jmp(back);
        });
        self.rr(convert, to, n);
        self.asm.bind(back);
    }

    /// `d <- x; temps t, u`: the machine answers what does not fit with the smallest integer; only then, out of
    /// line, the cases are told apart. `trap` is none for the saturating conversions.
    ///
    /// ```text
    /// i32, i64 signed     cvttss2si d, x; cmp d, 1; jo rare              d is the smallest integer
    /// i32 unsigned        cvttss2si d, x (64 bits); mov t, d (32 bits); cmp t, d; jne rare
    /// i64 unsigned        cvttss2si d, x; test d, d; js rare              negative, or past the signed range
    /// ```
    pub(super) fn truncate(
        &mut self,
        from: Width,
        to: Width,
        signed: bool,
        trap: Option<u32>,
        allocs: &[Allocation],
    ) {
        let [d, x, t, u] = [0, 1, 2, 3].map(|i| self.register(allocs[i]));
        let narrow = to == W32 && signed;
        let d_sized = part(d, if narrow { 4 } else { 8 });
        let back = self.asm.label();
        let cut = Truncation { from, to, signed, d, x, t, u };
        self.rr(convert(from, narrow), d_sized, x);
        let rare = if signed {
            self.ri(to.pick(Code::Cmp_rm32_imm8, Code::Cmp_rm64_imm8), d_sized, 1);
            Cc::O
        } else if to == W32 {
            self.rr(Code::Mov_r32_rm32, part(t, 4), part(d, 4));
            self.rr(Code::Cmp_r64_rm64, t, d);
            Cc::Ne
        } else {
            self.rr(Code::Test_rm64_r64, d, d);
            Cc::S
        };
        self.rarely(rare, move |emit| {
            match trap {
                Some(offset) => emit.truncate_or_trap(&cut, offset),
                None => emit.truncate_saturating(&cut),
            }
            emit.asm.jmp(back);
        });
        self.asm.bind(back);
    }

    /// The rare cases of a trapping conversion; falls through with the right integer.
    fn truncate_or_trap(&mut self, cut: &Truncation, offset: u32) {
        let compare = cut.compare();
        let invalid = self.asm.trap_label(TrapCode::BadConversionToInteger, offset);
        let overflow = self.asm.trap_label(TrapCode::IntegerOverflow, offset);
        self.rr(compare, cut.x, cut.x);
        self.asm.jcc(Cc::P.jump(), invalid);
        match (cut.to, cut.signed) {
            (W32, false) => self.asm.jmp(overflow),
            (W64, false) => self.truncate_high(cut, overflow),
            (_, true) => {
                // The smallest integer may be the right answer: x is past this bound, and negative.
                let (bound, out) = cut.lowest();
                self.rc(compare, cut.x, cut.from.bytes(), bound);
                self.asm.jcc(out.jump(), overflow);
                self.rr(Code::Xorps_xmm_xmmm128, cut.u, cut.u);
                self.rr(compare, cut.x, cut.u);
                self.asm.jcc(Cc::Ae.jump(), overflow);
            }
        }
    }

    /// Conversion of x from 2^63 on; goes to `out` if x is below or does not fit.
    fn truncate_high(&mut self, cut: &Truncation, out: super::Label) {
        let limit = 2f64.powi(63);
        let bits = cut.from.pick(u64::from((limit as f32).to_bits()), limit.to_bits());
        self.rc(cut.from.pick(Code::Movss_xmm_xmmm32, Code::Movsd_xmm_xmmm64), cut.u, cut.from.bytes(), bits);
        self.rr(cut.compare(), cut.x, cut.u);
        self.asm.jcc(Cc::B.jump(), out);
        // u = x - 2^63, exact.
        let subtract = cut.from.pick(Code::Subss_xmm_xmmm32, Code::Subsd_xmm_xmmm64);
        self.rr(Code::Movaps_xmm_xmmm128, cut.u, cut.x);
        self.rc(subtract, cut.u, cut.from.bytes(), bits);
        self.rr(convert(cut.from, false), cut.d, cut.u);
        self.rr(Code::Test_rm64_r64, cut.d, cut.d);
        self.asm.jcc(Cc::S.jump(), out);
        self.constant(cut.t, 1 << 63);
        self.rr(Code::Or_r64_rm64, cut.d, cut.t);
    }

    /// The rare cases of a saturating conversion; falls through with the right integer.
    fn truncate_saturating(&mut self, cut: &Truncation) {
        let (done, low) = (self.asm.label(), self.asm.label());
        let d = part(cut.d, 4);
        if cut.to == W64 && !cut.signed {
            let out = self.asm.label();
            self.truncate_high(cut, out);
            self.asm.jmp(done);
            self.asm.bind(out);
        }
        self.rr(Code::Xorps_xmm_xmmm128, cut.u, cut.u);
        self.rr(cut.compare(), cut.x, cut.u);
        // Unordered sets CF too, so that NaN goes with the negative ones.
        self.asm.jcc(Cc::B.jump(), low);
        self.constant(cut.d, cut.largest());
        self.asm.jmp(done);
        self.asm.bind(low);
        if cut.signed {
            // Negative ones have the smallest integer already.
            self.asm.jcc(Cc::Np.jump(), done);
        }
        self.rr(Code::Xor_r32_rm32, d, d);
        self.asm.bind(done);
    }
}

/// A float-to-integer conversion and where its operands are.
#[derive(Clone, Copy)]
struct Truncation {
    from: Width,
    to: Width,
    signed: bool,
    d: Register,
    x: Register,
    t: Register,
    u: Register,
}

impl Truncation {
    fn compare(&self) -> Code {
        self.from.pick(Code::Ucomiss_xmm_xmmm32, Code::Ucomisd_xmm_xmmm64)
    }

    /// The bound whose far side is out of range, and the condition of being there: only f64 has numbers between
    /// the smallest i32 and the next integer below.
    fn lowest(&self) -> (u64, Cc) {
        match (self.from, self.to) {
            (W64, W32) => ((-2_147_483_649f64).to_bits(), Cc::Be),
            (W64, W64) => ((-9_223_372_036_854_775_808f64).to_bits(), Cc::B),
            (W32, W32) => (u64::from((-2_147_483_648f32).to_bits()), Cc::B),
            (W32, W64) => (u64::from((-9_223_372_036_854_775_808f32).to_bits()), Cc::B),
        }
    }

    fn largest(&self) -> u64 {
        match (self.to, self.signed) {
            (W32, true) => i32::MAX as u64,
            (W32, false) => u64::from(u32::MAX),
            (W64, true) => i64::MAX as u64,
            (W64, false) => u64::MAX,
        }
    }
}

/// `cvttss2si` or `cvttsd2si`.
fn convert(from: Width, narrow: bool) -> Code {
    match narrow {
        true => from.pick(Code::Cvttss2si_r32_xmmm32, Code::Cvttsd2si_r32_xmmm64),
        false => from.pick(Code::Cvttss2si_r64_xmmm32, Code::Cvttsd2si_r64_xmmm64),
    }
}
