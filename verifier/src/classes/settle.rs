//! Conditions to the solver: all of them hold, or the smallest shape for which one does not.

use super::diagram::NEVER;
use super::form::{Atom, Fact, Form};
use super::study::{Broken, Condition, Stop, Study};
use super::values::Values;
use crate::solver::Answer;
use crate::verdict::Property;
use std::rc::Rc;

/// Conditions put to the solver in one query.
const BATCH: usize = 12;

impl Study<'_> {
    /// Notes something that must hold.
    pub(super) fn demand(&mut self, property: Property, under: Fact, goal: Fact, what: impl Into<Rc<str>>) {
        self.conditions.push(Condition { property, under, goal, what: what.into() });
    }

    /// Puts all that was noted to the solver.
    ///
    /// # Errors
    /// What does not hold, with the smallest parameters for which it does not.
    pub(super) fn settle(&mut self) -> Result<(), Stop> {
        let conditions = std::mem::take(&mut self.conditions);
        // What fails for a shape at hand needs no search.
        for condition in &conditions {
            let space = &self.space;
            let mut breaks =
                |v: &mut Values| v.fact(space, condition.under) && !v.fact(space, condition.goal);
            if self.pool.iter_mut().any(&mut breaks) {
                return Err(self.smallest(condition));
            }
        }
        let (decided, open): (Vec<Condition>, Vec<Condition>) =
            conditions.iter().cloned().partition(|condition| self.decided(condition));
        let goals_of = |batch: &[Condition]| -> Vec<(Fact, Fact)> {
            batch.iter().map(|condition| (condition.under, condition.goal)).collect()
        };
        let of_others = if self.bare.is_asked() { &decided[..] } else { &[] };
        for batch in of_others.chunks(BATCH) {
            self.bare.begin();
            self.bare.assert_any_broken(&self.space, &goals_of(batch));
            self.bare.ask_others();
        }
        for batch in open.chunks(BATCH) {
            let goals = goals_of(batch);
            // Most conditions hold whatever shapes the frame takes.
            self.bare.begin();
            self.bare.assert_any_broken(&self.space, &goals);
            let mut answer = self.bare.check();
            if answer != Answer::Unsat {
                self.smt.begin();
                self.smt.assert_any_broken(&self.space, &goals);
                answer = self.smt.check();
            }
            if answer == Answer::Sat {
                self.keep_model();
            }
            match answer {
                Answer::Unsat => {}
                Answer::Unknown => return Err(Stop::Undecided("the solver's limit is reached".to_owned())),
                Answer::Sat => {
                    let Some(mut values) = self.pool.pop() else {
                        return Err(Stop::Undecided("a model that cannot be read".to_owned()));
                    };
                    let space = &self.space;
                    let broken =
                        batch.iter().find(|c| values.fact(space, c.under) && !values.fact(space, c.goal));
                    return Err(match broken {
                        Some(condition) => self.smallest(condition),
                        None => Stop::Undecided("a model that breaks nothing".to_owned()),
                    });
                }
            }
        }
        self.conditions = conditions;
        Ok(())
    }

    /// Whether members alone decide that a condition holds.
    fn decided(&mut self, condition: &Condition) -> bool {
        let not = self.space.not(condition.goal);
        let broken = self.space.and([condition.under, not]);
        let never = self.space.truth(false);
        broken == never || self.of_members(broken) == Some(NEVER)
    }

    /// The smallest shape for which a condition does not hold: few members, small sizes, in this order.
    fn smallest(&mut self, condition: &Condition) -> Stop {
        self.smt.begin();
        let not = self.space.not(condition.goal);
        let broken = self.space.and([condition.under, not]);
        self.smt.assert(&self.space, broken);
        let atoms: Vec<Atom> = self.parameters.iter().map(|p| p.atom).collect();
        let mut best = match self.smt.check() {
            Answer::Sat => self.smt.model(&atoms),
            _ => None,
        };
        for (number, &atom) in atoms.iter().enumerate() {
            let mut low = 0;
            while let Some(value) = best.as_ref().map(|b| b[number]).filter(|&value| low < value) {
                // Doubling from below finds a small one in few steps.
                let most =
                    (low + (value - low) / 2).min(if low == 0 { 0 } else { 2 * low + 64 }).min(value - 1);
                let small = self.space.at_most(&Form::of(atom), &Form::number(most));
                self.smt.push();
                self.smt.assert(&self.space, small);
                let found = match self.smt.check() {
                    Answer::Sat => self.smt.model(&atoms),
                    _ => None,
                };
                self.smt.pop();
                match found {
                    Some(model) => best = Some(model),
                    None => low = most + 1,
                }
            }
            if let Some(best) = &best {
                let fixed = self.space.equal(&Form::of(atom), &Form::number(best[number]));
                self.smt.assert(&self.space, fixed);
            }
        }
        match best {
            Some(parameters) => Stop::Refuted(Broken {
                property: condition.property,
                what: Rc::clone(&condition.what),
                parameters,
            }),
            None => Stop::Undecided(format!("{}: the solver's limit is reached", condition.what)),
        }
    }
}
