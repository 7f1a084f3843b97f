//! What Z3 is told, as SMT-LIB 2 text (logic QF_LIA): written from forms and facts, not from Z3's own terms, so that an
//! agreement of other solvers also speaks for the translation in [`super::smt`].
//!
//! Each atom is declared, and each fact defined, where it is first needed; what is popped takes its names along.

use super::form::{Atom, AtomIs, Fact, FactIs, Form, LIMIT, Space};
use rustc_hash::FxHashSet;
use std::fmt::Write;

/// What is asserted, by scope.
#[derive(Debug)]
pub(super) struct Script {
    scopes: Vec<Scope>,
}

#[derive(Debug, Default)]
struct Scope {
    text: String,
    atoms: FxHashSet<Atom>,
    facts: FxHashSet<Fact>,
}

impl Script {
    pub(super) fn new() -> Script {
        Script { scopes: vec![Scope::default()] }
    }

    pub(super) fn push(&mut self) {
        self.scopes.push(Scope::default());
    }

    pub(super) fn pop(&mut self) {
        self.scopes.pop();
    }

    /// The question whether all that is asserted can be.
    pub(super) fn text(&self) -> String {
        let asserted: String = self.scopes.iter().map(|scope| scope.text.as_str()).collect();
        format!("(set-logic QF_LIA)\n{asserted}(check-sat)\n")
    }

    pub(super) fn assert(&mut self, space: &Space, fact: Fact) {
        let formula = self.fact(space, fact);
        self.line(&format!("(assert {formula})"));
    }

    /// As [`super::smt::Smt::assert_any_broken`].
    pub(super) fn assert_any_broken(&mut self, space: &Space, goals: &[(Fact, Fact)]) {
        let mut broken = String::new();
        for &(under, goal) in goals {
            let (under, goal) = (self.fact(space, under), self.fact(space, goal));
            // Writing to a string does not fail.
            let _ = write!(broken, " (and {under} (not {goal}))");
        }
        self.line(&format!("(assert (or false{broken}))"));
    }

    fn line(&mut self, line: &str) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.text += line;
            scope.text.push('\n');
        }
    }

    /// The name of a fact, after its definition.
    fn fact(&mut self, space: &Space, fact: Fact) -> String {
        let name = format!("|{fact:?}|");
        if self.scopes.iter().any(|scope| scope.facts.contains(&fact)) {
            return name;
        }
        let formula = match space.says(fact) {
            FactIs::True => return "true".to_owned(),
            FactIs::Not(inner) => format!("(not {})", self.fact(space, *inner)),
            FactIs::And(parts) => {
                let parts: String =
                    parts.iter().map(|&part| format!(" {}", self.fact(space, part))).collect();
                format!("(and true{parts})")
            }
            FactIs::Has(atom) => format!("(>= {} 1)", self.atom(space, *atom)),
            FactIs::NonNegative(form) => format!("(>= {} 0)", self.form(space, form)),
            FactIs::Zero(form) => format!("(= {} 0)", self.form(space, form)),
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.facts.insert(fact);
        }
        self.line(&format!("(define-fun {name} () Bool {formula})"));
        name
    }

    fn form(&mut self, space: &Space, form: &Form) -> String {
        let term = |this: &mut Self, (atom, factor): (Atom, i128)| {
            let name = this.atom(space, atom);
            if factor == 1 { format!(" {name}") } else { format!(" (* {} {name})", number(factor)) }
        };
        let terms: String = form.terms().iter().map(|&of| term(self, of)).collect();
        if terms.is_empty() {
            number(form.constant())
        } else {
            format!("(+ {}{terms})", number(form.constant()))
        }
    }

    /// The name of an atom, after its declaration and what it means.
    fn atom(&mut self, space: &Space, atom: Atom) -> String {
        let name = format!("|{atom:?}|");
        if self.scopes.iter().any(|scope| scope.atoms.contains(&atom)) {
            return name;
        }
        let meaning = match space.is(atom) {
            AtomIs::Cfa => None,
            AtomIs::Member(_) => Some(format!("(<= 0 {name} 1)")),
            AtomIs::Size(_) => Some(format!("(<= 0 {name} {LIMIT})")),
            AtomIs::Free(_, most) => Some(format!("(<= 0 {name} {most})")),
            AtomIs::Indicator(fact) => {
                let fact = self.fact(space, *fact);
                Some(format!("(= {name} (ite {fact} 1 0))"))
            }
            AtomIs::Floor(form, by) => {
                let (form, by) = (self.form(space, form), number(*by));
                Some(format!("(<= 0 (- {form} (* {by} {name})) (- {by} 1))"))
            }
            AtomIs::Choice(fact, then, otherwise) => {
                let fact = self.fact(space, *fact);
                let (then, otherwise) = (self.form(space, then), self.form(space, otherwise));
                Some(format!("(= {name} (ite {fact} {then} {otherwise}))"))
            }
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.atoms.insert(atom);
        }
        self.line(&format!("(declare-const {name} Int)"));
        if let Some(meaning) = meaning {
            self.line(&format!("(assert {meaning})"));
        }
        name
    }
}

/// SMT-LIB writes a negative number as a difference.
fn number(value: i128) -> String {
    if value < 0 { format!("(- {})", value.unsigned_abs()) } else { value.to_string() }
}
