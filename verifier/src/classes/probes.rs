//! P9 and its loops, for all sizes: which addresses have been touched, and what a loop has done after any number of
//! rounds.
//!
//! ```text
//!   head ──▶ … ──▶ branch ──▶ out      after i rounds: register = what it was + c·i, or the same, or anything
//!     ▲               │                 the way out:    a form in i is 0, so i is the number n for which it is
//!     └───────────────┘                 shown:          n is a whole number and not negative, each round i from 0 to n
//! ```
//!
//! The loop ends since exactly the round n leaves. As in [`crate::touch`], one address is kept of which it is known that it
//! and all above has been touched, page by page; of two either will do.

use super::form::{Atom, AtomIs, Fact, FactIs, Form, LIMIT};
use super::state::{Cpu, State};
use super::steps::{Cuts, Node};
use super::study::{Path, Stop, Study};
use super::sums::Bindings;
use super::value::Value;
use crate::verdict::Property;
use framewright_spec::frame::{Step, StepOperand};
use framewright_spec::machine::RegClass;
use framewright_spec::{Helper, Reg};
use std::rc::Rc;

/// A loop of a declaration: the steps of a round, the last of them the branch.
pub(super) struct Ring<'a> {
    pub(super) steps: &'a [Step],
    pub(super) index: usize,
}

/// What came of one round, from a head after so many rounds.
struct Round {
    back: State,
    nodes: Vec<Node>,
    /// Where the way out is taken.
    out: Fact,
}

/// The steps of a loop that begins at a label: up to the branch that leads back there.
pub(super) fn ring_of<'a>(label: &str, behind: &'a [Step]) -> Option<&'a [Step]> {
    let leads = |step: &Step| match step {
        Step::Asm { operands, .. } => {
            operands.iter().any(|o| matches!(o, StepOperand::Label(l) if l == label))
        }
        _ => false,
    };
    let last = behind.iter().position(leads)?;
    behind.get(..=last)
}

impl<'a> Study<'a> {
    /// Most bytes from the lowest touched byte down to an access, where the innermost frame promises to keep to it.
    pub(super) fn guard(&self) -> Option<i128> {
        let probed = self.chain.last().is_some_and(|placed| placed.frame.probed);
        probed.then_some(self.abi.guard_bytes.map(i128::from))?
    }

    /// All down to so many bytes above SP is touched.
    pub(super) fn start_touched(&mut self, state: &mut State, above: i128) -> Result<(), Stop> {
        state.touched = match self.guard() {
            Some(_) => Some(self.sp(state)?.add(above)),
            None => None,
        };
        Ok(())
    }

    /// The frame stands: what the body may touch is within reach.
    pub(super) fn demand_touched(&mut self, state: &State, sp: &Form, name: &str) {
        let Some(touched) = &state.touched else { return };
        let most = i128::from(crate::touch::untouched_in_body(self.abi));
        let (always, near) = (self.space.truth(true), self.space.at_most(&touched.add(-most), sp));
        self.demand(Property::P9, always, near, format!("what is touched where the body of {name} begins"));
    }

    /// An access to the frame: within reach of what is touched, and of the frame; touched from now on.
    pub(super) fn touch(&mut self, state: &mut State, at: &Form, path: &Path, what: &Rc<str>) {
        let (Some(guard), Some(touched)) = (self.guard(), state.touched.clone()) else { return };
        let mut bounds = vec![touched.clone()];
        if state.prolog {
            bounds.push(self.body_sp(self.chain.len() - 1));
        }
        for bound in bounds {
            let near = self.space.at_most(&bound.add(-guard), at);
            self.demand(Property::P9, path.fact, near, Rc::clone(what));
        }
        if self.is_lower(at, &touched, path) {
            state.touched = Some(at.clone());
        }
    }

    /// Whether a place is below another one for the shapes at hand.
    fn is_lower(&mut self, at: &Form, than: &Form, path: &Path) -> bool {
        let apart = self.reduce(&at.minus(than), path);
        let (low, high) = self.space.range(&apart);
        if low >= 0 || high < 0 {
            return high < 0;
        }
        let space = &self.space;
        let mut lower = false;
        for values in self.pool.iter_mut() {
            if values.fact(space, path.fact) {
                match values.form(space, &apart) {
                    n if n > 0 => return false,
                    n => lower |= n < 0,
                }
            }
        }
        lower
    }

    /// A call of a helper, which touches the stack down to where a register says and leaves the rest alone.
    pub(super) fn call_helper(
        &mut self,
        state: &mut State,
        helper: &Helper,
        path: &Path,
        what: &Rc<str>,
    ) -> Result<(), Stop> {
        let sp = self.sp(state)?;
        let pushed = i128::from(self.abi.pushed_return);
        if pushed > 0 {
            self.touch(state, &sp.add(-pushed), path, what);
        }
        // Nothing below SP is left, in the red zone either.
        let (always, zone) = (self.space.truth(true), i128::from(self.abi.red_zone));
        for content in &mut state.memory {
            self.raise(&mut content.highs, always, sp.add(zone));
        }
        let size = state.registers[usize::from(helper.size.0)].form().cloned();
        for number in 0..state.registers.len() {
            let (reg, register) = (Reg(number as u8), &self.machine.registers[number]);
            let control = self.abi.control_bits.iter().any(|&(control, _)| control == reg);
            let flag = register.class == RegClass::Flag && !control;
            if flag || helper.spoils.contains(reg) || self.machine.link == Some(reg) {
                state.registers[number] = Value::Any(register.bits);
            }
        }
        if let (Some(size), Some(_)) = (size, self.guard()) {
            let down = sp.with(&size, -i128::from(helper.unit));
            let end = self.body_sp(self.chain.len() - 1);
            if let (Some(guard), true) = (self.guard(), state.prolog) {
                let near = self.space.at_most(&end.add(-guard), &down);
                self.demand(Property::P9, path.fact, near, Rc::clone(what));
            }
            let positive = self.space.non_negative(size);
            self.demand(Property::P9, path.fact, positive, Rc::clone(what));
            state.touched = Some(down);
        }
        Ok(())
    }

    /// Steps do not end with a branch.
    pub(super) fn demand_straight(&self, state: &State) -> Result<(), Stop> {
        match &state.branched {
            None => Ok(()),
            Some(_) => Err(Stop::Unsupported("a branch that does not end a loop".to_owned())),
        }
    }

    /// A loop: the state behind it, and its steps with their forms.
    pub(super) fn go_round(
        &mut self,
        ring: &Ring<'a>,
        bindings: &mut Bindings<'a>,
        state: State,
        path: &Path,
    ) -> Result<(State, Node), Stop> {
        let atom = self.unsaid(ring.index, "rounds", LIMIT);
        // A round for a look: what is demanded there does not count.
        let demanded = self.conditions.len();
        let first = self.round(ring, bindings, state.clone(), path)?;
        let head = self.head(&state, &first.back, atom);
        let trial = self.round(ring, bindings, head.clone(), path)?;
        self.conditions.truncate(demanded);
        let fall = self.sp(&trial.back)?.minus(&self.sp(&head)?).known();
        if fall.is_none_or(|by| by >= 0) {
            return Err(Stop::Unsupported("a loop in which SP does not fall by a constant".to_owned()));
        }
        let (last, whole) = self.last_round(trial.out, atom, path)?;
        self.demand(Property::P9, path.fact, whole, "the loop ends at its bound");
        let most = Form::number(LIMIT);
        let ends = [self.space.non_negative(last.clone()), self.space.at_most(&last, &most)];
        let ends = self.space.and(ends);
        self.demand(Property::P9, path.fact, ends, "the loop ends");
        let inside = self.space.at_most(&Form::of(atom), &last);
        let within = self.assume(path, inside);
        let touched = self.touched_before(&state, &trial.back, atom)?;
        let head = State { touched, ..head };
        let always = self.space.truth(true);
        self.possible(within.fact, always);
        let round = self.round(ring, bindings, head.clone(), &within)?;
        self.demand_kept_up(&head, &round.back, &trial.back, atom)?;
        let mut out = round.back;
        for (number, value) in out.registers.iter_mut().enumerate() {
            let next = match &*value {
                Value::Number { form, bits, signed } if !self.is_within(atom, form) => {
                    let form = settled(form, atom, &last);
                    Value::Number { form, bits: *bits, signed: *signed }
                }
                other if *other == state.registers[number] => other.clone(),
                other => Value::Any(other.bits()),
            };
            *value = next;
        }
        out.touched = out.touched.map(|touched| settled(&touched, atom, &last));
        // SP only fell, so nothing was above where it was before.
        out.memory = state.memory;
        Ok((out, Node::Loop(round.nodes)))
    }

    /// Once round.
    fn round(
        &mut self,
        ring: &Ring<'a>,
        bindings: &mut Bindings<'a>,
        head: State,
        path: &Path,
    ) -> Result<Round, Stop> {
        let mut cuts = Cuts::default();
        let (mut back, nodes) = self.run(ring.index, ring.steps, bindings, head, path, &mut cuts)?;
        let unknown = || Stop::Unsupported("a loop that ends where two numbers do not meet".to_owned());
        let condition = back.branched.take().ok_or_else(unknown)?;
        let Value::Number { form, bits: 1, .. } = condition else { return Err(unknown()) };
        if self.space.range(&form) != (0, 1) {
            return Err(unknown());
        }
        let out = self.space.zero(form);
        Ok(Round { back, nodes, out })
    }

    /// The state after so many rounds, as the first one changed it.
    fn head(&mut self, before: &State, after: &State, count: Atom) -> State {
        let mut head = before.clone();
        for (value, next) in head.registers.iter_mut().zip(&after.registers) {
            if value == next {
                continue;
            }
            let by = match (&*value, next) {
                (Value::Number { form, .. }, Value::Number { form: next, .. }) => next.minus(form).known(),
                _ => None,
            };
            *value = match (&*value, by) {
                (Value::Number { form, bits, .. }, Some(by)) => {
                    Value::number(form.with(&Form::of(count), by), *bits)
                }
                (other, _) => Value::Any(other.bits()),
            };
        }
        head
    }

    /// The round that leaves, and when that is a whole number.
    pub(super) fn last_round(&mut self, out: Fact, count: Atom, path: &Path) -> Result<(Form, Fact), Stop> {
        let unknown = || Stop::Unsupported("a loop that ends where two numbers do not meet".to_owned());
        let FactIs::Zero(form) = self.space.says(out).clone() else { return Err(unknown()) };
        let factor = form.factor(count);
        let rest = form.with(&Form::of(count), -factor).times(-factor.signum());
        if factor == 0 || self.is_within(count, &rest) {
            return Err(unknown());
        }
        let whole = self.multiple(&rest, factor.abs());
        Ok((self.floor(&rest, factor.abs(), path), whole))
    }

    /// What is touched before a round: what was before the loop, then what the round before has touched.
    pub(super) fn touched_before(
        &mut self,
        before: &State,
        after: &State,
        count: Atom,
    ) -> Result<Option<Form>, Stop> {
        let (Some(first), Some(next)) = (&before.touched, &after.touched) else { return Ok(None) };
        if self.is_within(count, next) {
            return Err(Stop::Unsupported("a loop that touches what no sum says".to_owned()));
        }
        let started = self.space.zero(Form::of(count));
        let earlier = next.add(-next.factor(count));
        Ok(Some(self.space.choice(started, first.clone(), earlier)))
    }

    /// A round leads from the state after so many rounds to that after one more.
    pub(super) fn demand_kept_up(
        &mut self,
        head: &State,
        back: &State,
        trial: &State,
        count: Atom,
    ) -> Result<(), Stop> {
        let one_more = |value: &Value| match value {
            Value::Number { form, bits, .. } => Value::number(form.add(form.factor(count)), *bits),
            other => other.clone(),
        };
        let plain = |value: &Value| match value {
            Value::Number { form, bits, .. } => Value::number(form.clone(), *bits),
            other => other.clone(),
        };
        let mut same = (head.registers.iter().zip(&back.registers))
            .all(|(head, back)| matches!(head, Value::Any(_)) || one_more(head) == plain(back));
        // Nothing is stored, and SP is never above where the round began.
        same &= head.memory == back.memory;
        same &= back.touched == trial.touched && back.returned.is_none();
        if same { Ok(()) } else { Err(Stop::Unsupported("a loop whose rounds differ".to_owned())) }
    }

    /// Whether a number is part of what a form's atoms are.
    pub(super) fn is_within(&self, count: Atom, form: &Form) -> bool {
        form.terms().iter().any(|&(atom, _)| {
            let facts = |fact: &Fact| self.speaks_of(count, *fact);
            let forms = |form: &Form| form.factor(count) != 0 || self.is_within(count, form);
            match self.space.is(atom) {
                AtomIs::Indicator(fact) => facts(fact),
                AtomIs::Floor(form, _) => forms(form),
                AtomIs::Choice(fact, then, otherwise) => facts(fact) || forms(then) || forms(otherwise),
                _ => false,
            }
        })
    }

    fn speaks_of(&self, count: Atom, fact: Fact) -> bool {
        match self.space.says(fact) {
            FactIs::True => false,
            FactIs::Not(inner) => self.speaks_of(count, *inner),
            FactIs::And(parts) => parts.iter().any(|&part| self.speaks_of(count, part)),
            FactIs::Has(atom) => *atom == count,
            FactIs::NonNegative(form) | FactIs::Zero(form) => {
                form.factor(count) != 0 || self.is_within(count, form)
            }
        }
    }
}

impl Cpu<'_, '_> {
    /// Touches what the instruction has accessed.
    pub(super) fn touch(&mut self, at: &Form) {
        self.study.touch(self.state, at, self.path, &self.what);
    }
}

/// A form for a number of rounds.
fn settled(form: &Form, count: Atom, last: &Form) -> Form {
    let factor = form.factor(count);
    form.with(&Form::of(count), -factor).with(last, factor)
}
