//! What a register or a place holds: a number as a form, a part of something with a name, or anything.
//!
//! A number of so many bits stands for its form modulo a power of two. Which of several values it is may depend on the
//! parameters: the first whose fact holds, else anything.

use super::form::{Fact, FactIs, Form};
use super::study::{Path, Study};
use framewright_spec::Reg;
use std::rc::Rc;

/// Something with a name, that code carries about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// What a register held at the call.
    Entry(Reg),
    /// What a register holds where the prolog or the epilog begins, otherwise.
    Before(Reg),
    /// The return address.
    ReturnAddress,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// The form modulo `2^bits`; within what the bits can say, signed or unsigned, if that is known.
    Number { form: Form, bits: u32, signed: Option<bool> },
    /// Bits of a named value, from `low` on.
    Part { of: Tag, low: u32, bits: u32 },
    /// One above the other, the lowest first.
    Joined(Rc<[Value]>),
    /// Anything.
    Any(u32),
    /// The first whose fact holds, else anything.
    Cases(u32, Rc<[(Fact, Value)]>),
}

impl Value {
    pub(super) fn number(form: Form, bits: u32) -> Value {
        Value::Number { form, bits, signed: None }
    }

    pub(super) fn whole(of: Tag, bits: u32) -> Value {
        Value::Part { of, low: 0, bits }
    }

    pub(super) fn bits(&self) -> u32 {
        match self {
            Value::Number { bits, .. } | Value::Part { bits, .. } => *bits,
            Value::Any(bits) | Value::Cases(bits, _) => *bits,
            Value::Joined(parts) => parts.iter().map(Value::bits).sum(),
        }
    }

    /// The form, if it is a number.
    pub(super) fn form(&self) -> Option<&Form> {
        match self {
            Value::Number { form, .. } => Some(form),
            _ => None,
        }
    }

    /// The number, if there is only one.
    pub(super) fn known(&self) -> Option<u128> {
        let Value::Number { form, bits, .. } = self else { return None };
        let value = form.known()?;
        Some(if *bits >= 128 { value as u128 } else { value.rem_euclid(1 << bits) as u128 })
    }

    /// Both after one another.
    pub(super) fn join(high: Value, low: Value) -> Value {
        if let (Value::Part { of: a, low: from, bits: upper }, Value::Part { of: b, low, bits }) =
            (&high, &low)
            && a == b
            && *from == low + bits
        {
            return Value::Part { of: *a, low: *low, bits: bits + upper };
        }
        let parts = |value: Value| match value {
            Value::Joined(parts) => parts.to_vec(),
            other => vec![other],
        };
        Value::Joined([parts(low), parts(high)].concat().into())
    }
}

impl Study<'_> {
    /// Does the same to every case.
    fn each(
        &mut self,
        bits: u32,
        cases: &[(Fact, Value)],
        mut of: impl FnMut(&mut Self, &Value) -> Value,
    ) -> Value {
        let list: Vec<(Fact, Value)> = cases.iter().map(|(fact, v)| (*fact, of(self, v))).collect();
        Value::Cases(bits, list.into())
    }

    /// Bits `low..low + bits` of a value.
    pub(super) fn extract(&mut self, value: &Value, low: u32, bits: u32, path: &Path) -> Value {
        if low == 0 && bits == value.bits() {
            return value.clone();
        }
        match value {
            Value::Number { form, .. } => {
                if low == 0 {
                    return Value::number(form.clone(), bits);
                }
                if low > 64 {
                    return Value::Any(bits);
                }
                let form = self.floor(form, 1 << low, path);
                Value::number(form, bits)
            }
            Value::Part { of, low: from, .. } => Value::Part { of: *of, low: from + low, bits },
            Value::Any(_) => Value::Any(bits),
            Value::Cases(_, cases) => {
                let cases = Rc::clone(cases);
                self.each(bits, &cases, |study, v| study.extract(v, low, bits, path))
            }
            Value::Joined(parts) => {
                let mut at = 0;
                let mut found: Option<Value> = None;
                for part in Rc::clone(parts).iter() {
                    let (first, last) = (low.max(at), (low + bits).min(at + part.bits()));
                    if first < last {
                        let piece = self.extract(part, first - at, last - first, path);
                        found = Some(match found {
                            Some(below) => Value::join(piece, below),
                            None => piece,
                        });
                    }
                    at += part.bits();
                }
                found.unwrap_or(Value::Any(bits))
            }
        }
    }

    /// A wider value.
    pub(super) fn extend(&mut self, value: &Value, to: u32, sign: bool, path: &Path) -> Value {
        match value {
            Value::Number { form, bits: bits @ ..64, signed } => {
                if *signed == Some(sign) {
                    return Value::Number { form: form.clone(), bits: to, signed: *signed };
                }
                let half = if sign { 1 << (bits - 1) } else { 0 };
                let turns = self.floor(&form.add(half), 1 << bits, path);
                let form = form.with(&turns, -(1 << bits));
                Value::Number { form, bits: to, signed: Some(sign) }
            }
            Value::Cases(_, cases) => {
                let cases = Rc::clone(cases);
                self.each(to, &cases, |study, v| study.extend(v, to, sign, path))
            }
            other if !sign => {
                let zero = Value::number(Form::default(), to - other.bits());
                Value::join(zero, other.clone())
            }
            _ => Value::Any(to),
        }
    }

    /// What is where two arms meet of which the first was taken if the fact holds.
    pub(super) fn meet(&mut self, fact: Fact, then: &Value, otherwise: &Value) -> Value {
        if then == otherwise {
            return then.clone();
        }
        let bits = then.bits();
        if let (Value::Number { form: a, .. }, Value::Number { form: b, .. }) = (then, otherwise) {
            let form = self.space.choice(fact, a.clone(), b.clone());
            return Value::number(form, bits);
        }
        let never = self.space.truth(false);
        let mut list: Vec<(Fact, Value)> = Vec::new();
        let mut add = |study: &mut Self, fact: Fact, value: &Value| {
            if fact == never {
                return;
            }
            match list.last_mut() {
                Some((known, last)) if *last == *value => *known = study.space.or([*known, fact]),
                _ => list.push((fact, value.clone())),
            }
        };
        if let Value::Cases(_, cases) = then {
            for (under, value) in Rc::clone(cases).iter() {
                let both = self.space.and([fact, *under]);
                add(self, both, value);
            }
            add(self, fact, &Value::Any(bits));
        } else {
            add(self, fact, then);
        }
        if let Value::Cases(_, cases) = otherwise {
            for (under, value) in Rc::clone(cases).iter() {
                add(self, *under, value);
            }
        } else {
            let always = self.space.truth(true);
            add(self, always, otherwise);
        }
        self.listed(bits, list)
    }

    fn listed(&mut self, bits: u32, mut list: Vec<(Fact, Value)>) -> Value {
        while list.last().is_some_and(|(_, value)| *value == Value::Any(bits)) {
            list.pop();
        }
        let always = self.space.truth(true);
        match list.first() {
            None => Value::Any(bits),
            Some((fact, value)) if *fact == always => value.clone(),
            _ => Value::Cases(bits, list.into()),
        }
    }

    /// A value with what the path says.
    pub(super) fn reduce_value(&mut self, value: &Value, path: &Path) -> Value {
        match value {
            Value::Number { form, bits, signed } => {
                Value::Number { form: self.reduce(form, path), bits: *bits, signed: *signed }
            }
            Value::Cases(bits, cases) => {
                let never = self.space.truth(false);
                let mut list = Vec::new();
                for (fact, value) in Rc::clone(cases).iter() {
                    let mut fact = self.reduce_fact(*fact, path);
                    if fact != never && value.form().is_some() && self.always(path.fact, fact) {
                        fact = self.space.truth(true);
                    }
                    if fact != never {
                        list.push((fact, value.clone()));
                    }
                }
                self.listed(*bits, list)
            }
            other => other.clone(),
        }
    }

    /// When a value is the other one, which has no cases.
    pub(super) fn same(&mut self, value: &Value, other: &Value) -> Fact {
        match (value, other) {
            (Value::Any(_), _) => self.space.truth(false),
            (Value::Number { form: a, .. }, Value::Number { form: b, .. }) => self.space.equal(a, b),
            (Value::Cases(_, cases), _) => {
                let mut same = self.space.truth(false);
                for (fact, value) in Rc::clone(cases).iter().rev() {
                    let is = self.same(value, other);
                    let not = self.space.not(*fact);
                    let (here, later) = (self.space.and([*fact, is]), self.space.and([not, same]));
                    same = self.space.or([here, later]);
                }
                same
            }
            _ => self.space.truth(value == other),
        }
    }

    /// Bits `at..at + width` made zero.
    pub(super) fn without_bits(&mut self, form: &Form, at: u32, width: u32, path: &Path) -> Form {
        let lower = self.floor(form, 1 << at, path);
        let upper = self.floor(form, 1 << (at + width), path);
        form.with(&lower, -(1 << at)).with(&upper, 1 << (at + width))
    }

    /// Whether a fact is one of a kind that can be seen to hold always.
    pub(super) fn is_always(&self, fact: Fact) -> bool {
        *self.space.says(fact) == FactIs::True
    }
}
