//! Terms to Z3 and back: one batch of negated conditions a function, and models.
//!
//! ```text
//! proven   ⇔   facts ∧ (¬c₁ ∨ … ∨ ¬cₙ)  has no model
//! ```
//!
//! Opaque functions become free constants, one a term, which can only make a proof fail. Effort is bounded by
//! Z3's resource limit, never by a clock. Only plain bit-vector functions of old standing are used.

use crate::concrete::mask;
use crate::term::{Node, Symbol, Term, Terms};
use framewright_spec::meaning::Function;
use rustc_hash::FxHashMap;
use std::cell::Cell;
use z3::ast::{Ast, BV, Bool};
use z3::{Params, SatResult};

/// Z3's units of work for one query.
const RLIMIT: u32 = 20_000_000;
/// The same for small questions.
const SMALL_RLIMIT: u32 = 2_000_000;
/// How often a solver is used again.
const MAX_USES: u32 = 256;

/// What a query found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// No model.
    Unsat,
    /// There is one.
    Sat,
    /// Past the limit.
    Unknown,
}

/// One solver, and the Z3 forms of the terms of one function.
pub(crate) struct Solver {
    z3: z3::Solver,
    forms: FxHashMap<Term, BV>,
    rlimit: u32,
    /// How often it was cleared.
    uses: u32,
}

impl Solver {
    /// An empty solver.
    pub(crate) fn new() -> Solver {
        Solver::limited(RLIMIT)
    }

    /// An empty solver that gives up after so many of Z3's units of work.
    fn limited(rlimit: u32) -> Solver {
        let z3 = z3::Solver::new_for_logic("QF_BV").unwrap_or_default();
        let mut params = Params::new();
        params.set_u32("rlimit", rlimit);
        z3.set_params(&params);
        // All is asserted in a scope: to leave it is cheaper than to reset the solver.
        z3.push();
        Solver { z3, forms: FxHashMap::default(), rlimit, uses: 0 }
    }

    /// Forgets all assertions and terms; Z3 remembers some of what it did, so now and then it is made anew.
    pub(crate) fn clear(&mut self) {
        if self.uses == MAX_USES {
            *self = Solver::limited(self.rlimit);
            return;
        }
        self.uses += 1;
        self.z3.pop(1);
        self.z3.push();
        self.forms.clear();
    }

    /// Makes a symbol a multiple of `align`, a power of two: its low bits are written as zeros, so that Z3's rewriter
    /// sees them. To be said before the symbol's first use.
    pub(crate) fn align(&mut self, terms: &Terms, symbol: Term, align: u32) {
        let (width, zeros) = (terms.width(symbol), align.trailing_zeros());
        if zeros > 0 && zeros < width {
            let high = BV::new_const(format!("aligned{symbol:?}"), width - zeros);
            self.forms.entry(symbol).or_insert_with(|| high.concat(constant(0, zeros)));
        }
    }

    /// Whether any of the formulas has a model under what is asserted. Z3's rewriter is asked first: a whole query
    /// costs ten times as much.
    pub(crate) fn any(&self, formulas: &[Bool]) -> Answer {
        let any = Bool::or(formulas).simplify();
        if any.as_bool() == Some(false) {
            return Answer::Unsat;
        }
        self.push();
        self.assert(&any);
        let answer = self.check();
        self.pop();
        answer
    }

    pub(crate) fn push(&self) {
        self.z3.push();
    }

    pub(crate) fn pop(&self) {
        self.z3.pop(1);
    }

    pub(crate) fn assert(&self, fact: &Bool) {
        self.z3.assert(fact);
    }

    pub(crate) fn check(&self) -> Answer {
        match self.z3.check() {
            SatResult::Unsat => Answer::Unsat,
            SatResult::Sat => Answer::Sat,
            SatResult::Unknown => Answer::Unknown,
        }
    }

    /// The values of `leaves` in the model of the last query.
    pub(crate) fn model(&mut self, terms: &Terms, leaves: &[Term]) -> Option<FxHashMap<Term, u128>> {
        let model = self.z3.get_model()?;
        let mut values = FxHashMap::default();
        for &leaf in leaves {
            let form = self.form(terms, leaf);
            values.insert(leaf, number(&model, &form)?);
        }
        Some(values)
    }

    /// The Z3 form of a term.
    pub(crate) fn form(&mut self, terms: &Terms, term: Term) -> BV {
        if let Some(form) = self.forms.get(&term) {
            return form.clone();
        }
        for part in terms.closure(&[term]) {
            if !self.forms.contains_key(&part) {
                let form = self.build(terms, part);
                self.forms.insert(part, form);
            }
        }
        self.forms[&term].clone()
    }

    /// A one-bit term as a formula.
    pub(crate) fn holds(&mut self, terms: &Terms, term: Term) -> Bool {
        self.form(terms, term).eq(BV::from_u64(1, 1))
    }

    fn build(&self, terms: &Terms, term: Term) -> BV {
        let width = terms.width(term);
        let form = |t: &Term| &self.forms[t];
        match terms.node(term) {
            Node::Const(value) => constant(*value, width),
            Node::Symbol(symbol) => BV::new_const(symbol_name(*symbol), width),
            Node::Sum(k, addends) => {
                addends.iter().fold(constant(*k, width), |sum, (t, coefficient)| match *coefficient {
                    1 => sum.bvadd(form(t)),
                    c if c == mask(width) => sum.bvsub(form(t)),
                    c => sum.bvadd(times(form(t), c, width)),
                })
            }
            Node::Extract(t, low) => form(t).extract(low + width - 1, *low),
            Node::Concat(high, low) => form(high).concat(form(low)),
            Node::Extend(false, t) => form(t).zero_ext(width - terms.width(*t)),
            Node::Extend(true, t) => form(t).sign_ext(width - terms.width(*t)),
            Node::Ite(c, a, b) => form(c).eq(BV::from_u64(1, 1)).ite(form(a), form(b)),
            Node::Apply(function, args) => {
                let args: smallvec::SmallVec<[&BV; 3]> = args.iter().map(form).collect();
                apply(function, &args).unwrap_or_else(|| opaque(term, width))
            }
        }
    }
}

/// An empty solver for small questions, for a while: to make one costs more than most questions, so each thread keeps
/// its last.
pub(crate) struct Lent(Option<Solver>);

thread_local! {
    static IDLE: Cell<Option<Solver>> = const { Cell::new(None) };
}

impl Lent {
    /// The one that is idle, or a new one.
    pub(crate) fn new() -> Lent {
        Lent(IDLE.take())
    }

    /// It.
    pub(crate) fn get(&mut self) -> &mut Solver {
        self.0.get_or_insert_with(|| Solver::limited(SMALL_RLIMIT))
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(mut solver) = self.0.take() {
            solver.clear();
            IDLE.set(Some(solver));
        }
    }
}

/// A multiple; that of a power of two is written as what it is, a shift.
fn times(value: &BV, factor: u128, width: u32) -> BV {
    let shift = |by: u32| value.extract(width - by - 1, 0).concat(constant(0, by));
    let opposite = factor.wrapping_neg() & mask(width);
    match (factor.is_power_of_two(), opposite.is_power_of_two()) {
        (true, _) => shift(factor.trailing_zeros()),
        (_, true) => shift(opposite.trailing_zeros()).bvneg(),
        _ => value.bvmul(constant(factor, width)),
    }
}

fn opaque(term: Term, width: u32) -> BV {
    BV::new_const(format!("opaque{term:?}"), width)
}

fn symbol_name(symbol: Symbol) -> String {
    format!("{symbol:?}")
}

/// A number as a Z3 constant; Z3 takes at most 64 bits at once.
pub(crate) fn constant(value: u128, width: u32) -> BV {
    if width <= 64 {
        return BV::from_u64(value as u64, width);
    }
    BV::from_u64((value >> 64) as u64, width - 64).concat(BV::from_u64(value as u64, 64))
}

fn apply(function: &Function, args: &[&BV]) -> Option<BV> {
    use Function as F;
    Some(match *args {
        [a] => match function {
            F::Not => a.bvnot(),
            F::Neg => a.bvneg(),
            F::Popcount => {
                bits(a).fold(constant(0, a.get_size()), |sum, bit| sum.bvadd(bit.zero_ext(a.get_size() - 1)))
            }
            F::Parity => bits(&a.extract(7, 0)).fold(BV::from_u64(1, 1), |parity, bit| parity.bvxor(&bit)),
            F::LeadingZeros => first_set(a, bits(a)),
            F::TrailingZeros => first_set(a, bits(a).rev()),
            _ => return None,
        },
        [a, b] => match function {
            F::Add => a.bvadd(b),
            F::Sub => a.bvsub(b),
            F::Mul => a.bvmul(b),
            F::UDiv => a.bvudiv(b),
            F::URem => a.bvurem(b),
            F::SDiv => a.bvsdiv(b),
            F::SRem => a.bvsrem(b),
            F::And => a.bvand(b),
            F::Or => a.bvor(b),
            F::Xor => a.bvxor(b),
            F::Shl => a.bvshl(b),
            F::LShr => a.bvlshr(b),
            F::AShr => a.bvashr(b),
            F::RotL => a.bvrotl(b),
            F::RotR => a.bvrotr(b),
            F::Concat => a.concat(b),
            F::Eq => bit(&a.eq(b)),
            F::Ne => bit(&a.eq(b).not()),
            F::Ult => bit(&a.bvult(b)),
            F::Ule => bit(&a.bvule(b)),
            F::Slt => bit(&a.bvslt(b)),
            F::Sle => bit(&a.bvsle(b)),
            _ => return None,
        },
        _ => return None,
    })
}

fn bit(condition: &Bool) -> BV {
    condition.ite(&BV::from_u64(1, 1), &BV::from_u64(0, 1))
}

/// The bits of a vector, lowest first.
fn bits(a: &BV) -> impl DoubleEndedIterator<Item = BV> {
    (0..a.get_size()).map(|i| a.extract(i, i))
}

/// The number of clear bits before the last set one of a sequence whose end counts from zero.
fn first_set(a: &BV, sequence: impl Iterator<Item = BV>) -> BV {
    let width = a.get_size();
    let clear = constant(u128::from(width), width);
    sequence.enumerate().fold(clear, |rest, (i, bit)| {
        let count = constant(u128::from(width) - 1 - i as u128, width);
        bit.eq(BV::from_u64(1, 1)).ite(&count, &rest)
    })
}

/// The value of a vector in a model, free bits zero.
fn number(model: &z3::Model, form: &BV) -> Option<u128> {
    let width = form.get_size();
    let part = |high: u32, low: u32| model.eval(&form.extract(high, low), true)?.as_u64();
    if width <= 64 {
        return part(width - 1, 0).map(u128::from);
    }
    Some(u128::from(part(width - 1, 64)?) << 64 | u128::from(part(63, 0)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use framewright_spec::Reg;

    /// One meaning for the interpreter and for the solver.
    #[test]
    fn functions_mean_to_z3_what_they_mean_to_the_interpreter() {
        use crate::concrete::{Bits, evaluate};
        use Function as F;
        let one = [F::Not, F::Popcount, F::LeadingZeros, F::TrailingZeros, F::Parity];
        let same =
            [F::Mul, F::UDiv, F::URem, F::SDiv, F::SRem, F::And, F::Or, F::Xor, F::Shl, F::LShr, F::AShr];
        let others = [F::RotL, F::RotR, F::Eq, F::Ne, F::Ult, F::Ule, F::Slt, F::Sle];
        let mut solver = Solver::new();
        for function in one.iter().chain(&same).chain(&others) {
            for (a, b) in [(0x96, 3), (3, 0x96), (7, 7), (0, 0), (0xf9, 2)] {
                solver.clear();
                let mut terms = Terms::default();
                let given =
                    [(Reg(0), a), (Reg(1), b)].map(|(reg, a)| (terms.symbol(Symbol::Entry(reg), 8), a));
                let given = &given[..if one.contains(function) { 1 } else { 2 }];
                let bit = [F::Parity, F::Eq, F::Ne, F::Ult, F::Ule, F::Slt, F::Sle].contains(function);
                let bits = if bit { 1 } else { 8 };
                let args: Vec<Term> = given.iter().map(|&(term, _)| term).collect();
                let numbers: Vec<Bits> = given.iter().map(|&(_, number)| Bits::new(number, 8)).collect();
                let term = terms.apply(function, &args, bits);
                let expected = evaluate(function, &numbers, bits).expect("a value").value;
                for &(symbol, number) in given {
                    let fact = solver.form(&terms, symbol).eq(constant(number, 8));
                    solver.assert(&fact);
                }
                assert_eq!(solver.check(), Answer::Sat);
                let other = solver.form(&terms, term).eq(constant(expected, bits)).not();
                assert_eq!(solver.any(&[other]), Answer::Unsat, "{function:?} of {a:#x}, {b:#x}");
            }
        }
    }

    #[test]
    fn a_model_has_numbers_of_every_width() {
        for width in [1, 8, 64, 65, 128] {
            for number in
                [0, 1, mask(width), mask(width) >> 1, 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835 & mask(width)]
            {
                let mut terms = Terms::default();
                let x = terms.symbol(Symbol::Entry(Reg(0)), width);
                let mut solver = Solver::new();
                let fact = solver.form(&terms, x).eq(constant(number, width));
                solver.assert(&fact);
                assert_eq!(solver.check(), Answer::Sat);
                assert_eq!(solver.model(&terms, &[x]).expect("a model")[&x], number);
            }
        }
    }

    #[test]
    fn an_aligned_symbol_is_a_multiple_and_may_be_any() {
        for (align, number, answer) in
            [(16, 0x30, Answer::Sat), (16, 0x38, Answer::Unsat), (1, 0x39, Answer::Sat)]
        {
            let mut terms = Terms::default();
            let x = terms.symbol(Symbol::Cfa, 64);
            let mut solver = Solver::new();
            solver.align(&terms, x, align);
            let fact = solver.form(&terms, x).eq(constant(number, 64));
            assert_eq!(solver.any(&[fact]), answer, "{number:#x} at a multiple of {align}");
        }
    }
}
