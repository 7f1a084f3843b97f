//! Random terms: what the simplifier makes of them, and what the solver is told, have the value that the functions
//! of the model have on numbers.

use crate::concrete::{Bits, evaluate, mask};
use crate::solver::{Answer, Solver, constant};
use crate::term::{Symbol, Term, Terms};
use framewright_spec::Reg;
use framewright_spec::meaning::Function;
use quickcheck::{TestResult, quickcheck};
use rustc_hash::FxHashMap;

const SAME_WIDTH: [Function; 16] = [
    Function::Add,
    Function::Sub,
    Function::Mul,
    Function::UDiv,
    Function::URem,
    Function::SDiv,
    Function::SRem,
    Function::And,
    Function::Or,
    Function::Xor,
    Function::Shl,
    Function::LShr,
    Function::AShr,
    Function::RotL,
    Function::RotR,
    Function::Neg,
];
const ONE_BIT: [Function; 6] =
    [Function::Eq, Function::Ne, Function::Ult, Function::Ule, Function::Slt, Function::Sle];
const COUNTS: [Function; 4] =
    [Function::LeadingZeros, Function::TrailingZeros, Function::Popcount, Function::Not];

/// Terms with the values they must have.
struct Bench {
    terms: Terms,
    made: Vec<(Term, u128)>,
    symbols: FxHashMap<Term, u128>,
}

impl Bench {
    fn new(inputs: [u64; 3]) -> Bench {
        let mut bench = Bench { terms: Terms::default(), made: Vec::new(), symbols: FxHashMap::default() };
        for (index, input) in inputs.into_iter().enumerate() {
            let term = bench.terms.symbol(Symbol::Entry(Reg(index as u8)), 64);
            bench.symbols.insert(term, input.into());
            bench.made.push((term, input.into()));
        }
        for number in [0, 1, 8, u64::MAX] {
            let term = bench.terms.constant(number.into(), 64);
            bench.made.push((term, number.into()));
        }
        bench
    }

    /// One more term out of those there are; all have 64 bits.
    fn make(&mut self, (kind, pick, a, b): (u8, u8, u8, u8)) {
        let at = |index: u8| self.made[usize::from(index) % self.made.len()];
        let ((a, x), (b, y)) = (at(a), at(b));
        let (x64, y64) = (Bits::new(x, 64), Bits::new(y, 64));
        let value = |function: &Function, args: &[Bits], bits| {
            evaluate(function, args, bits).map_or(0, |value| value.value)
        };
        let low = u32::from(pick) % 64;
        let width = (u32::from(pick) / 2 % 64 + 1).min(64 - low);
        let made = match kind % 6 {
            0 => {
                let function = &SAME_WIDTH[usize::from(pick) % SAME_WIDTH.len()];
                let unary = *function == Function::Neg;
                let (args, numbers): (&[Term], &[Bits]) =
                    if unary { (&[a], &[x64]) } else { (&[a, b], &[x64, y64]) };
                (self.terms.apply(function, args, 64), value(function, numbers, 64))
            }
            1 => {
                let function = &ONE_BIT[usize::from(pick) % ONE_BIT.len()];
                let bit = self.terms.apply(function, &[a, b], 1);
                let chosen = self.terms.ite(bit, a, b);
                let holds = value(function, &[x64, y64], 1) == 1;
                (chosen, if holds { x } else { y })
            }
            2 => {
                let part = self.terms.extract(a, low, width);
                (self.terms.extend(part, 64, false), x >> low & mask(width))
            }
            3 => {
                let part = self.terms.extract(a, low, width);
                let number = x >> low & mask(width);
                let sign = if number >> (width - 1) & 1 == 1 { !mask(width) & mask(64) } else { 0 };
                (self.terms.extend(part, 64, true), number | sign)
            }
            4 => {
                let both = self.terms.concat(a, b);
                (self.terms.extract(both, low, 64), (x << 64 | y) >> low & mask(64))
            }
            _ => {
                let function = &COUNTS[usize::from(pick) % COUNTS.len()];
                (self.terms.apply(function, &[a], 64), value(function, &[x64], 64))
            }
        };
        self.made.push(made);
    }
}

quickcheck! {
    fn simplified_terms_keep_their_value(inputs: (u64, u64, u64), steps: Vec<(u8, u8, u8, u8)>) -> bool {
        let mut bench = Bench::new([inputs.0, inputs.1, inputs.2]);
        steps.into_iter().for_each(|step| bench.make(step));
        let all: Vec<Term> = bench.made.iter().map(|&(term, _)| term).collect();
        let mut values = bench.symbols.clone();
        bench.terms.evaluate(&bench.terms.closure(&all), &mut values);
        bench.made.iter().all(|(term, value)| values[term] == *value)
    }

    fn the_solver_is_told_the_same(inputs: (u64, u64, u64), steps: Vec<(u8, u8, u8, u8)>) -> TestResult {
        if steps.is_empty() || steps.len() > 12 {
            return TestResult::discard();
        }
        let mut bench = Bench::new([inputs.0, inputs.1, inputs.2]);
        steps.into_iter().for_each(|step| bench.make(step));
        let mut solver = Solver::new();
        for (&symbol, &value) in &bench.symbols {
            let fact = solver.form(&bench.terms, symbol).eq(constant(value, 64));
            solver.assert(&fact);
        }
        let Some(&(term, value)) = bench.made.last() else { return TestResult::discard() };
        let wrong = solver.form(&bench.terms, term).eq(constant(value, 64)).not();
        solver.assert(&wrong);
        TestResult::from_bool(solver.check() == Answer::Unsat)
    }
}

/// Parts of one symbol beside each other, and bits of two under a mask.
#[test]
fn parts_are_put_together_as_they_lie() {
    let (a, b) = (0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210_u128);
    let mut terms = Terms::default();
    let (x, y) = (terms.symbol(Symbol::Entry(Reg(0)), 64), terms.symbol(Symbol::Entry(Reg(1)), 64));
    let mut made = Vec::new();
    for (high, low) in [(0, 0), (0, 32), (32, 0), (32, 32), (16, 0), (48, 16)] {
        let width = if high == 48 { 16 } else { 32 };
        let (upper, lower) = (terms.extract(x, high, width), terms.extract(x, low, 32));
        made.push((terms.concat(upper, lower), (a >> high & mask(width)) << 32 | a >> low & mask(32)));
    }
    for bits in
        [0, 1, 0xff00, 0x00ff_00f0, 0x8000_0000_0000_0001, u128::from(u64::MAX), 0xffff_0000_0000_0000]
    {
        made.push((terms.mix(bits, x, y), a & bits | b & !bits & mask(64)));
    }
    let order = terms.closure(&made.iter().map(|&(term, _)| term).collect::<Vec<_>>());
    let mut values: FxHashMap<Term, u128> = [(x, a), (y, b)].into_iter().collect();
    terms.evaluate(&order, &mut values);
    for (term, expected) in made {
        assert_eq!(values[&term], expected, "{:?}", terms.node(term));
    }
}
