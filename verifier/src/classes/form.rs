//! Linear integer forms over a frame's parameters, and facts about them, each written once.
//!
//! ```text
//! form   c + c₁·a₁ + … + cₙ·aₙ          atom   parameter │ ⌊form / n⌋ │ if fact then form else form │ [fact]
//! fact   form ≥ 0 │ form = 0 │ register ∈ set │ not │ and
//! ```
//!
//! Numbers are exact integers: what wraps at a width says so where it is used. Two forms that are written alike are
//! equal for all parameters; the converse is for the solver.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// An unknown integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Atom(u32);

/// Something that holds or does not, depending on the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Fact(u32);

/// Largest value of a parameter: nothing in a frame is larger than 2 GiB.
pub(super) const LIMIT: i128 = i32::MAX as i128;

/// Largest factor in what code computes.
const MOST_FACTOR: i128 = 1 << 48;

/// Far beyond any number that occurs.
const FAR: i128 = 1 << 96;

/// A sum of multiples of atoms and a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Form {
    constant: i128,
    /// Ascending, no factor zero.
    terms: SmallVec<[(Atom, i128); 2]>,
}

/// What an atom is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum AtomIs {
    /// The address that the frame's offsets count from.
    Cfa,
    /// 1 if a register is in a set parameter, else 0; by number of the parameter.
    Member(usize),
    /// A size parameter, by number.
    Size(usize),
    /// What no shape says, by number: anything from 0 to the largest.
    Free(usize, i128),
    /// 1 if the fact holds, else 0.
    Indicator(Fact),
    /// The form divided by a positive number, rounded down.
    Floor(Form, i128),
    /// The first form if the fact holds, else the second.
    Choice(Fact, Form, Form),
}

/// What a fact says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum FactIs {
    /// Nothing.
    True,
    /// The other fact does not hold.
    Not(Fact),
    /// All of them hold.
    And(Box<[Fact]>),
    /// The atom, 0 or 1, is 1.
    Has(Atom),
    /// The form is 0 or more.
    NonNegative(Form),
    /// The form is 0.
    Zero(Form),
}

impl Form {
    pub(super) fn number(constant: i128) -> Form {
        Form { constant, terms: SmallVec::new() }
    }

    pub(super) fn of(atom: Atom) -> Form {
        Form { constant: 0, terms: smallvec::smallvec![(atom, 1)] }
    }

    pub(super) fn constant(&self) -> i128 {
        self.constant
    }

    pub(super) fn terms(&self) -> &[(Atom, i128)] {
        &self.terms
    }

    /// Its value, if it is a number.
    pub(super) fn known(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// Whether its numbers are so small that what is computed from it stays exact.
    pub(super) fn is_exact(&self) -> bool {
        let most = i128::from(i64::MAX);
        let small = |&(_, factor): &(Atom, i128)| (-MOST_FACTOR..=MOST_FACTOR).contains(&factor);
        (!most..=most).contains(&self.constant) && self.terms.iter().all(small)
    }

    pub(super) fn factor(&self, atom: Atom) -> i128 {
        self.terms.iter().find(|(a, _)| *a == atom).map_or(0, |&(_, factor)| factor)
    }

    pub(super) fn plus(&self, other: &Form) -> Form {
        self.with(other, 1)
    }

    pub(super) fn minus(&self, other: &Form) -> Form {
        self.with(other, -1)
    }

    pub(super) fn add(&self, number: i128) -> Form {
        Form { constant: self.constant + number, terms: self.terms.clone() }
    }

    pub(super) fn times(&self, by: i128) -> Form {
        if by == 0 {
            return Form::default();
        }
        let terms = self.terms.iter().map(|&(atom, factor)| (atom, factor * by)).collect();
        Form { constant: self.constant * by, terms }
    }

    /// `self + by · other`.
    pub(super) fn with(&self, other: &Form, by: i128) -> Form {
        let mut terms = SmallVec::new();
        let (mut left, mut right) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let take_left = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some((a, _)), Some((b, _))) if a == b => {
                    let (&(atom, x), &(_, y)) =
                        (left.next().unwrap_or(&(Atom(0), 0)), right.next().unwrap_or(&(Atom(0), 0)));
                    if x + y * by != 0 {
                        terms.push((atom, x + y * by));
                    }
                    continue;
                }
                (Some((a, _)), Some((b, _))) => a < b,
                (left, _) => left.is_some(),
            };
            if take_left {
                terms.extend(left.next().copied());
            } else {
                terms.extend(right.next().map(|&(atom, factor)| (atom, factor * by)));
            }
        }
        Form { constant: self.constant + other.constant * by, terms }
    }

    /// Whether it is a multiple of the other one.
    fn is_multiple_of(&self, other: &Form) -> bool {
        other.terms.first().is_some_and(|&(atom, factor)| *self == other.times(self.factor(atom) / factor))
    }
}

/// Everything that was ever written: atoms and facts by number.
#[derive(Debug, Default)]
pub(super) struct Space {
    atoms: Vec<AtomIs>,
    ranges: Vec<(i128, i128)>,
    atom_ids: FxHashMap<AtomIs, Atom>,
    facts: Vec<FactIs>,
    fact_ids: FxHashMap<FactIs, Fact>,
}

impl Space {
    pub(super) fn is(&self, atom: Atom) -> &AtomIs {
        &self.atoms[atom.0 as usize]
    }

    pub(super) fn says(&self, fact: Fact) -> &FactIs {
        &self.facts[fact.0 as usize]
    }

    pub(super) fn atom(&mut self, is: AtomIs) -> Atom {
        if let Some(&known) = self.atom_ids.get(&is) {
            return known;
        }
        let range = match &is {
            AtomIs::Cfa => (-FAR, FAR),
            AtomIs::Member(_) | AtomIs::Indicator(_) => (0, 1),
            AtomIs::Size(_) => (0, LIMIT),
            AtomIs::Free(_, most) => (0, *most),
            AtomIs::Floor(form, by) => {
                let (low, high) = self.range(form);
                (low.div_euclid(*by), high.div_euclid(*by))
            }
            AtomIs::Choice(_, a, b) => {
                let (a, b) = (self.range(a), self.range(b));
                (a.0.min(b.0), a.1.max(b.1))
            }
        };
        let atom = Atom(self.atoms.len() as u32);
        self.atoms.push(is.clone());
        self.ranges.push(range);
        self.atom_ids.insert(is, atom);
        atom
    }

    /// Bounds of a form that hold for all parameters.
    pub(super) fn range(&self, form: &Form) -> (i128, i128) {
        let start = (form.constant, form.constant);
        form.terms.iter().fold(start, |(low, high), &(atom, factor)| {
            let (a, b) = self.ranges[atom.0 as usize];
            let (a, b) = (a * factor.signum(), b * factor.signum());
            let by = factor.abs();
            let far = |n: i128| n.checked_mul(by).unwrap_or(FAR * n.signum()).clamp(-FAR, FAR);
            ((low + far(a.min(b))).max(-FAR), (high + far(a.max(b))).min(FAR))
        })
    }

    /// `form / by`, rounded down, with what is a multiple of `by` taken out: the multiple, and the rest.
    pub(super) fn divide(&self, form: &Form, by: i128) -> (Form, Form) {
        let (mut whole, mut rest) = (Form::default(), Form::default());
        for &(atom, factor) in &form.terms {
            if factor % by == 0 {
                whole.terms.push((atom, factor / by));
            } else {
                rest.terms.push((atom, factor));
            }
        }
        whole.constant = form.constant.div_euclid(by);
        rest.constant = form.constant.rem_euclid(by);
        (whole, rest)
    }

    /// A rest of [`Space::divide`] divided by the number.
    pub(super) fn floor(&mut self, rest: Form, by: i128) -> Form {
        let (low, high) = self.range(&rest);
        if low.div_euclid(by) == high.div_euclid(by) {
            return Form::number(low.div_euclid(by));
        }
        Form::of(self.atom(AtomIs::Floor(rest, by)))
    }

    /// 1 or 0.
    pub(super) fn indicator(&mut self, fact: Fact) -> Form {
        match *self.says(fact) {
            FactIs::True => Form::number(1),
            FactIs::Has(atom) => Form::of(atom),
            FactIs::Not(inner) => Form::number(1).minus(&self.indicator(inner)),
            _ => Form::of(self.atom(AtomIs::Indicator(fact))),
        }
    }

    /// The first if the fact holds, else the second.
    pub(super) fn choice(&mut self, fact: Fact, then: Form, otherwise: Form) -> Form {
        if then == otherwise || fact == self.truth(true) {
            return then;
        }
        if fact == self.truth(false) {
            return otherwise;
        }
        let difference = then.minus(&otherwise);
        match self.says(fact).clone() {
            FactIs::Not(inner) => {
                if let FactIs::Zero(form) = self.says(inner)
                    && difference.is_multiple_of(form)
                {
                    return then;
                }
                self.chosen(inner, otherwise, then)
            }
            FactIs::Zero(form) if difference.is_multiple_of(&form) => otherwise,
            _ => self.chosen(fact, then, otherwise),
        }
    }

    fn chosen(&mut self, fact: Fact, then: Form, otherwise: Form) -> Form {
        match then.minus(&otherwise).known() {
            Some(difference) => {
                let indicator = self.indicator(fact);
                otherwise.with(&indicator, difference)
            }
            None => {
                // What both have in common stays outside.
                let both = |&&(atom, factor): &&(Atom, i128)| otherwise.factor(atom) == factor;
                let common = Form { constant: 0, terms: then.terms.iter().filter(both).copied().collect() };
                let (then, otherwise) = (then.minus(&common), otherwise.minus(&common));
                if let [(atom, 1)] = otherwise.terms()
                    && let AtomIs::Choice(other, same, last) = self.is(*atom).clone()
                    && same.add(otherwise.constant()) == then
                {
                    let (either, last) = (self.or([fact, other]), last.add(otherwise.constant()));
                    return common.plus(&self.choice(either, then, last));
                }
                common.plus(&Form::of(self.atom(AtomIs::Choice(fact, then, otherwise))))
            }
        }
    }

    fn fact(&mut self, says: FactIs) -> Fact {
        if let Some(&known) = self.fact_ids.get(&says) {
            return known;
        }
        let fact = Fact(self.facts.len() as u32);
        self.facts.push(says.clone());
        self.fact_ids.insert(says, fact);
        fact
    }

    pub(super) fn truth(&mut self, holds: bool) -> Fact {
        let always = self.fact(FactIs::True);
        if holds { always } else { self.fact(FactIs::Not(always)) }
    }

    pub(super) fn not(&mut self, fact: Fact) -> Fact {
        match self.says(fact) {
            FactIs::Not(inner) => *inner,
            FactIs::NonNegative(form) => {
                let negative = form.times(-1).add(-1);
                self.non_negative(negative)
            }
            _ => self.fact(FactIs::Not(fact)),
        }
    }

    pub(super) fn and(&mut self, facts: impl IntoIterator<Item = Fact>) -> Fact {
        let (always, never) = (self.truth(true), self.truth(false));
        let mut all: Vec<Fact> = Vec::new();
        for fact in facts {
            match self.says(fact) {
                FactIs::And(parts) => all.extend(parts.iter()),
                _ if fact == always => {}
                _ => all.push(fact),
            }
        }
        all.sort_unstable();
        all.dedup();
        let contradicts = |&fact: &Fact| match self.says(fact) {
            _ if fact == never => true,
            FactIs::Not(inner) => all.binary_search(inner).is_ok(),
            _ => false,
        };
        if all.iter().any(contradicts) {
            return never;
        }
        match all[..] {
            [] => always,
            [one] => one,
            _ => self.fact(FactIs::And(all.into())),
        }
    }

    pub(super) fn or(&mut self, facts: impl IntoIterator<Item = Fact>) -> Fact {
        let none: Vec<Fact> = facts.into_iter().map(|fact| self.not(fact)).collect();
        let none = self.and(none);
        self.not(none)
    }

    pub(super) fn xor(&mut self, a: Fact, b: Fact) -> Fact {
        let (not_a, not_b) = (self.not(a), self.not(b));
        let one = [self.and([a, not_b]), self.and([not_a, b])];
        self.or(one)
    }

    pub(super) fn has(&mut self, atom: Atom) -> Fact {
        self.fact(FactIs::Has(atom))
    }

    pub(super) fn non_negative(&mut self, form: Form) -> Fact {
        let (low, high) = self.range(&form);
        if low >= 0 || high < 0 {
            return self.truth(low >= 0);
        }
        let by = form.terms.iter().fold(0, |by, &(_, factor)| gcd(by, factor));
        let terms = form.terms.iter().map(|&(atom, factor)| (atom, factor / by)).collect();
        self.fact(FactIs::NonNegative(Form { constant: form.constant.div_euclid(by), terms }))
    }

    /// `a <= b`.
    pub(super) fn at_most(&mut self, a: &Form, b: &Form) -> Fact {
        self.non_negative(b.minus(a))
    }

    pub(super) fn zero(&mut self, form: Form) -> Fact {
        let (low, high) = self.range(&form);
        if low > 0 || high < 0 || (low == 0 && high == 0) {
            return self.truth(low == 0);
        }
        if let [(atom, factor)] = form.terms[..]
            && let AtomIs::Indicator(fact) = *self.is(atom)
        {
            return if form.constant == 0 {
                self.not(fact)
            } else if form.constant == -factor {
                fact
            } else {
                self.truth(false)
            };
        }
        let by = form.terms.iter().fold(0, |by, &(_, factor)| gcd(by, factor));
        if form.constant % by != 0 {
            return self.truth(false);
        }
        let by = if form.terms.first().is_some_and(|&(_, factor)| factor < 0) { -by } else { by };
        let terms = form.terms.iter().map(|&(atom, factor)| (atom, factor / by)).collect();
        self.fact(FactIs::Zero(Form { constant: form.constant / by, terms }))
    }

    pub(super) fn equal(&mut self, a: &Form, b: &Form) -> Fact {
        self.zero(a.minus(b))
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}
