//! Facts to Z3, in linear integers: no bit vectors, no quantifiers, limits by Z3's count of work.

use super::form::{Atom, AtomIs, Fact, FactIs, Form, LIMIT, Space};
use super::script::Script;
use crate::smt::Query;
use crate::solver::Answer;
use rustc_hash::{FxHashMap, FxHashSet};
use std::time::{Duration, Instant};
use z3::ast::{Bool, Int};
use z3::{Params, SatResult};

/// Z3's units of work for one query.
const RLIMIT: u32 = 50_000_000;

/// A solver with what is known of the parameters of one frame.
pub(super) struct Smt {
    z3: z3::Solver,
    ints: FxHashMap<Atom, Int>,
    bools: FxHashMap<Fact, Bool>,
    /// Atoms whose meaning is asserted, by scope, and facts whose atoms' is.
    told: Vec<(FxHashSet<Atom>, FxHashSet<Fact>)>,
    /// The same as text, and what was asked, where that is wanted.
    asked: Option<(Script, Vec<Query>)>,
    /// Queries put.
    pub(super) queries: u64,
    /// Time in Z3.
    pub(super) time: Duration,
}

impl Smt {
    /// A solver that knows nothing; with `keep` its questions are kept.
    pub(super) fn new(keep: bool) -> Smt {
        let z3 = z3::Solver::new();
        let mut params = Params::new();
        // The older simplex: on sums of 0/1 and quotients it is several times as fast.
        params.set_u32("arith.solver", 2);
        params.set_u32("rlimit", RLIMIT);
        z3.set_params(&params);
        let (ints, bools) = (FxHashMap::default(), FxHashMap::default());
        let asked = keep.then(|| (Script::new(), Vec::new()));
        Smt { z3, ints, bools, told: vec![Default::default()], asked, queries: 0, time: Duration::ZERO }
    }

    /// The questions so far, without a name.
    pub(super) fn take_asked(&mut self) -> Vec<Query> {
        self.asked.as_mut().map_or_else(Vec::new, |(_, asked)| std::mem::take(asked))
    }

    /// Says what holds in every query.
    pub(super) fn suppose(&mut self, space: &Space, fact: Fact) {
        self.assert(space, fact);
    }

    /// Begins a query of its own: nothing is asserted but what holds in all of them.
    pub(super) fn begin(&mut self) {
        for _ in 1..self.told.len() {
            self.pop();
        }
        self.push();
    }

    pub(super) fn push(&mut self) {
        self.z3.push();
        if let Some((script, _)) = &mut self.asked {
            script.push();
        }
        self.told.push(Default::default());
    }

    pub(super) fn pop(&mut self) {
        self.z3.pop(1);
        if let Some((script, _)) = &mut self.asked {
            script.pop();
        }
        self.told.pop();
    }

    /// Asserts a fact, and the meaning of every atom in it.
    pub(super) fn assert(&mut self, space: &Space, fact: Fact) {
        if let Some((script, _)) = &mut self.asked {
            script.assert(space, fact);
        }
        self.tell_fact(space, fact);
        let formula = self.bool(space, fact);
        self.z3.assert(&formula);
    }

    /// Asserts that one of them does not hold, each where its condition does.
    pub(super) fn assert_any_broken(&mut self, space: &Space, goals: &[(Fact, Fact)]) {
        if let Some((script, _)) = &mut self.asked {
            script.assert_any_broken(space, goals);
        }
        let mut broken = Vec::new();
        for &(under, goal) in goals {
            self.tell_fact(space, under);
            self.tell_fact(space, goal);
            broken.push(self.bool(space, under) & !self.bool(space, goal));
        }
        self.z3.assert(Bool::or(&broken));
    }

    pub(super) fn check(&mut self) -> Answer {
        let start = Instant::now();
        let answer = match self.z3.check() {
            SatResult::Unsat => Answer::Unsat,
            SatResult::Sat => Answer::Sat,
            SatResult::Unknown => Answer::Unknown,
        };
        self.queries += 1;
        self.time += start.elapsed();
        self.keep(match answer {
            Answer::Sat => Some(true),
            Answer::Unsat => Some(false),
            Answer::Unknown => None,
        });
        answer
    }

    /// Whether questions are kept as text.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Keeps what is asserted as a question that has no model, without putting it to Z3.
    pub(super) fn ask_others(&mut self) {
        self.keep(Some(false));
    }

    /// Keeps what is asserted, if questions are kept.
    fn keep(&mut self, satisfiable: Option<bool>) {
        if let Some((script, asked)) = &mut self.asked {
            asked.push(Query { name: String::new(), text: script.text(), satisfiable });
        }
    }

    /// The parameters in the model of the last query; one that it does not speak of is 0.
    pub(super) fn model(&mut self, parameters: &[Atom]) -> Option<Vec<i128>> {
        let model = self.z3.get_model()?;
        let value = |atom: &Atom| match self.ints.get(atom) {
            Some(int) => model.eval(int, true)?.as_i64().map(i128::from),
            None => Some(0),
        };
        parameters.iter().map(value).collect()
    }

    /// Asserts what the atoms of a fact mean, unless that was said already.
    fn tell_fact(&mut self, space: &Space, fact: Fact) {
        if self.told.iter().any(|(_, facts)| facts.contains(&fact)) {
            return;
        }
        if let Some((_, facts)) = self.told.last_mut() {
            facts.insert(fact);
        }
        match space.says(fact) {
            FactIs::True => {}
            FactIs::Not(inner) => self.tell_fact(space, *inner),
            FactIs::And(parts) => parts.iter().for_each(|&part| self.tell_fact(space, part)),
            FactIs::Has(atom) => self.tell_atom(space, *atom),
            FactIs::NonNegative(form) | FactIs::Zero(form) => self.tell_form(space, form),
        }
    }

    fn tell_form(&mut self, space: &Space, form: &Form) {
        for &(atom, _) in form.terms() {
            self.tell_atom(space, atom);
        }
    }

    fn tell_atom(&mut self, space: &Space, atom: Atom) {
        if self.told.iter().any(|(atoms, _)| atoms.contains(&atom)) {
            return;
        }
        if let Some((atoms, _)) = self.told.last_mut() {
            atoms.insert(atom);
        }
        let int = self.int(atom);
        let between = |low: i64, high: i64| int.ge(Int::from_i64(low)) & int.le(Int::from_i64(high));
        let meaning = match space.is(atom) {
            AtomIs::Cfa => return,
            AtomIs::Member(_) => between(0, 1),
            AtomIs::Size(_) => between(0, LIMIT as i64),
            AtomIs::Free(_, most) => int.ge(number(0)) & int.le(number(*most)),
            AtomIs::Indicator(fact) => {
                self.tell_fact(space, *fact);
                let holds = int.ge(Int::from_i64(1)).eq(self.bool(space, *fact));
                between(0, 1) & holds
            }
            AtomIs::Floor(form, by) => {
                self.tell_form(space, form);
                let rest = self.form(space, form) - int * number(*by);
                rest.ge(number(0)) & rest.lt(number(*by))
            }
            AtomIs::Choice(fact, then, otherwise) => {
                self.tell_fact(space, *fact);
                self.tell_form(space, then);
                self.tell_form(space, otherwise);
                let [then, otherwise] = [then, otherwise].map(|form| int.eq(self.form(space, form)));
                let fact = self.bool(space, *fact);
                fact.ite(&then, &otherwise)
            }
        };
        self.z3.assert(&meaning);
    }

    fn int(&mut self, atom: Atom) -> Int {
        self.ints.entry(atom).or_insert_with(|| Int::new_const(format!("{atom:?}"))).clone()
    }

    fn form(&mut self, _: &Space, form: &Form) -> Int {
        let mut parts = vec![number(form.constant())];
        for &(atom, factor) in form.terms() {
            let int = self.int(atom);
            parts.push(if factor == 1 { int } else { int * number(factor) });
        }
        Int::add(&parts)
    }

    fn bool(&mut self, space: &Space, fact: Fact) -> Bool {
        if let Some(known) = self.bools.get(&fact) {
            return known.clone();
        }
        let formula = match space.says(fact) {
            FactIs::True => Bool::from_bool(true),
            FactIs::Not(inner) => !self.bool(space, *inner),
            FactIs::And(parts) => {
                let parts: Vec<Bool> = parts.iter().map(|&part| self.bool(space, part)).collect();
                Bool::and(&parts)
            }
            FactIs::Has(atom) => self.int(*atom).ge(number(1)),
            FactIs::NonNegative(form) => self.form(space, form).ge(number(0)),
            FactIs::Zero(form) => self.form(space, form).eq(number(0)),
        };
        self.bools.insert(fact, formula.clone());
        formula
    }
}

fn number(value: i128) -> Int {
    Int::from_i128(value)
}
