//! Verification conditions: what must hold at one place of the code, under the branches taken to get there.

use crate::boundary::Consulted;
use crate::contract::Place;
use crate::solver::{Solver, constant};
use crate::state::Under;
use crate::term::{Symbol, Term, Terms};
use crate::unwind::Given;
use crate::verdict::Property;
use framewright_spec::CodeOffset;
use std::rc::Rc;
use z3::ast::{BV, Bool};

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Goal {
    /// Both are the same; of one width.
    Equal { actual: Term, expected: Term },
    /// `bytes` bytes at the address lie between two distances from another address.
    Within { address: Term, bytes: u32, from: Term, low: i64, high: i64 },
    /// A multiple of a power of two.
    Multiple { value: Term, of: u32 },
    /// A one-bit term is one.
    Holds(Term),
    /// Known without looking at values.
    Fact(bool),
}

/// What a condition is about, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A value in a place.
    Value { place: Place, what: Rc<str> },
    /// What an unwinding row gives.
    Unwound(Given, Consulted),
    /// Where control goes.
    Control(&'static str),
    /// A memory access.
    Access { write: bool },
    /// Something else, said in full.
    Said(Rc<str>),
}

/// One condition.
#[derive(Clone, Debug)]
pub(crate) struct Vc {
    /// The obligation.
    pub(crate) property: Property,
    /// The instruction at or before which it must hold.
    pub(crate) at: CodeOffset,
    /// What must hold.
    pub(crate) goal: Goal,
    /// Under which branch conditions.
    pub(crate) under: Option<Rc<Under>>,
    /// What it is about.
    pub(crate) what: What,
    /// The item of the spec that demands it.
    pub(crate) item: Rc<str>,
    /// How many instructions were executed before it is due; counted along a path only.
    pub(crate) step: usize,
}

impl Goal {
    /// Whether it holds whatever the symbols are, as far as can be seen without a solver.
    pub(crate) fn plain(&self, terms: &Terms) -> bool {
        match *self {
            Goal::Equal { actual, expected } => actual == expected,
            Goal::Within { address, bytes, from, low, high } => terms
                .apart(address, from)
                .is_some_and(|at| crate::contract::within((low, high), at, i64::from(bytes))),
            Goal::Multiple { value, of } => {
                let at = terms.distance(value, Symbol::Cfa).or_else(|| terms.distance(value, Symbol::Code));
                at.is_some_and(|at| of <= 16 && at.rem_euclid(i64::from(of)) == 0)
            }
            Goal::Holds(term) => terms.value(term) == Some(1),
            Goal::Fact(holds) => holds,
        }
    }

    /// The terms it speaks of.
    pub(crate) fn terms(&self) -> Vec<Term> {
        match *self {
            Goal::Equal { actual, expected } => vec![actual, expected],
            Goal::Within { address, from, .. } => vec![address, from],
            Goal::Multiple { value: term, .. } | Goal::Holds(term) => vec![term],
            Goal::Fact(_) => Vec::new(),
        }
    }

    /// As a formula, made from the terms and not from what [`Goal::plain`] thinks.
    pub(crate) fn formula(&self, terms: &mut Terms, solver: &mut Solver) -> Bool {
        match *self {
            Goal::Equal { actual, expected } => {
                let actual = solver.form(terms, actual);
                actual.eq(solver.form(terms, expected))
            }
            Goal::Within { address, bytes, from, low, high } => {
                let at = solver.form(terms, address).bvsub(solver.form(terms, from));
                let last = high.saturating_sub(i64::from(bytes));
                BV::from_i64(low, 64).bvsle(&at) & at.bvsle(BV::from_i64(last, 64))
            }
            Goal::Multiple { value, of } => {
                let width = terms.width(value);
                let below = constant(u128::from(of) - 1, width);
                solver.form(terms, value).bvand(below).eq(constant(0, width))
            }
            Goal::Holds(term) => solver.holds(terms, term),
            Goal::Fact(holds) => Bool::from_bool(holds),
        }
    }

    /// Whether it holds for values.
    pub(crate) fn holds_for(&self, value: impl Fn(Term) -> u128) -> bool {
        match *self {
            Goal::Equal { actual, expected } => value(actual) == value(expected),
            Goal::Within { address, bytes, from, low, high } => {
                let at = (value(address) as u64).wrapping_sub(value(from) as u64) as i64;
                crate::contract::within((low, high), at, i64::from(bytes))
            }
            Goal::Multiple { value: term, of } => value(term).is_multiple_of(u128::from(of)),
            Goal::Holds(term) => value(term) == 1,
            Goal::Fact(holds) => holds,
        }
    }
}

impl Vc {
    /// The conditions it stands under.
    pub(crate) fn conditions(&self) -> Vec<Term> {
        let mut list = Vec::new();
        let mut next = &self.under;
        while let Some(under) = next {
            list.push(under.holds);
            next = &under.earlier;
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The CFA is a multiple of what calls align SP to, and of nothing more.
    #[test]
    fn what_is_seen_of_multiples_is_what_calls_promise() {
        let mut terms = Terms::default();
        for (at, of, plain) in
            [(0, 16, true), (-32, 16, true), (-8, 16, false), (-8, 8, true), (0, 32, false)]
        {
            let value = terms.cfa(at);
            assert_eq!(Goal::Multiple { value, of }.plain(&terms), plain, "cfa{at:+} of {of}");
        }
    }

    #[test]
    fn goals_hold_for_values_as_they_say() {
        let mut terms = Terms::default();
        let (one, other) = (terms.cfa(0), terms.code(0));
        let within = |bytes| Goal::Within { address: one, bytes, from: other, low: -8, high: 16 };
        for (goal, values, holds) in [
            (Goal::Equal { actual: one, expected: other }, (64, 64), true),
            (Goal::Equal { actual: one, expected: other }, (72, 64), false),
            (within(8), (72, 64), true),
            (within(9), (72, 64), false),
            (within(9), (56, 64), true),
            (within(1), (55, 64), false),
            (Goal::Multiple { value: one, of: 16 }, (64, 1), true),
            (Goal::Multiple { value: one, of: 16 }, (72, 1), false),
            (Goal::Holds(one), (1, 0), true),
            (Goal::Holds(one), (0, 1), false),
            (Goal::Fact(true), (0, 0), true),
            (Goal::Fact(false), (0, 0), false),
        ] {
            let value = |term| if term == one { values.0 } else { values.1 };
            assert_eq!(goal.holds_for(value), holds, "{goal:?} for {values:?}");
        }
    }
}
