//! Parameters with values: what a form and a fact are then.

use super::form::{Atom, AtomIs, Fact, FactIs, Form, Space};
use rustc_hash::FxHashMap;

/// One choice of all parameters, and what was computed from it.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    /// By number of the parameter; members are 0 or 1.
    pub(super) parameters: Vec<i128>,
    atoms: FxHashMap<Atom, i128>,
    facts: FxHashMap<Fact, bool>,
}

impl Values {
    pub(super) fn new(parameters: Vec<i128>) -> Values {
        Values { parameters, ..Values::default() }
    }

    pub(super) fn form(&mut self, space: &Space, form: &Form) -> i128 {
        let mut sum = form.constant();
        for &(atom, factor) in form.terms() {
            sum += factor * self.atom(space, atom);
        }
        sum
    }

    fn atom(&mut self, space: &Space, atom: Atom) -> i128 {
        let value = match space.is(atom) {
            AtomIs::Cfa => return 0,
            AtomIs::Member(number) | AtomIs::Size(number) | AtomIs::Free(number, _) => {
                return self.parameters.get(*number).copied().unwrap_or(0);
            }
            _ if self.atoms.contains_key(&atom) => return self.atoms[&atom],
            AtomIs::Indicator(fact) => i128::from(self.fact(space, *fact)),
            AtomIs::Floor(form, by) => self.form(space, form).div_euclid(*by),
            AtomIs::Choice(fact, then, otherwise) => {
                let form = if self.fact(space, *fact) { then } else { otherwise };
                self.form(space, form)
            }
        };
        self.atoms.insert(atom, value);
        value
    }

    pub(super) fn fact(&mut self, space: &Space, fact: Fact) -> bool {
        if let Some(&known) = self.facts.get(&fact) {
            return known;
        }
        let holds = match space.says(fact) {
            FactIs::True => true,
            FactIs::Not(inner) => !self.fact(space, *inner),
            FactIs::And(parts) => parts.iter().all(|&part| self.fact(space, part)),
            FactIs::Has(atom) => self.atom(space, *atom) == 1,
            FactIs::NonNegative(form) => self.form(space, form) >= 0,
            FactIs::Zero(form) => self.form(space, form) == 0,
        };
        self.facts.insert(fact, holds);
        holds
    }
}
