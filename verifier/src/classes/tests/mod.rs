//! Forms, facts, diagrams, questions and values against numbers: whatever is said holds for any parameters, and as much is
//! said as before.

mod frames;
mod values;

use super::diagram::{ALWAYS, Diagrams, NEVER};
use super::form::{Atom, AtomIs, Fact, Form, LIMIT, Space};
use super::smt::Smt;
use super::values::Values;
use crate::solver::Answer;

/// All that is said, in a number (FNV-1a).
struct Digest(u64);

impl Digest {
    fn new() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, said: impl std::fmt::Debug) {
        for byte in format!("{said:?}").bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// Numbers without an end (xorshift64*).
fn mix(number: u64) -> u64 {
    let mut x = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    x.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

/// Members of sets, then sizes, then a number that no shape says.
const MEMBERS: usize = 3;
const SIZES: [i128; 7] = [0, 1, 7, 24, 4095, 4096, LIMIT];
const FREE: [i128; 3] = [0, 5, 31];

/// A space with its atoms, forms and facts of all kinds over them, and parameters to try.
struct Zoo {
    space: Space,
    atoms: Vec<Atom>,
    forms: Vec<Form>,
    facts: Vec<Fact>,
    tries: Vec<Values>,
}

impl Zoo {
    fn new() -> Zoo {
        let mut space = Space::default();
        let mut atoms: Vec<Atom> = (0..MEMBERS).map(|n| space.atom(AtomIs::Member(n))).collect();
        atoms.extend([3, 4].map(|n| space.atom(AtomIs::Size(n))));
        atoms.push(space.atom(AtomIs::Free(5, 31)));
        let mut zoo = Zoo { space, atoms, forms: Vec::new(), facts: Vec::new(), tries: tries() };
        let sums: [(&[(usize, i128)], i128); 16] = [
            (&[], 0),
            (&[], -3),
            (&[(0, 1)], 0),
            (&[(0, -8), (1, -8), (2, -8)], -16),
            (&[(3, 1)], 0),
            (&[(3, 1)], -4096),
            (&[(3, -1), (4, -1)], 7),
            (&[(3, 2), (4, 6)], 4),
            (&[(3, 2), (4, 6)], 3),
            (&[(0, 16), (3, 8)], 24),
            (&[(0, 1), (1, 1), (2, 1)], -2),
            (&[(1, 2), (2, -2)], 0),
            (&[(3, 1), (5, -1)], 0),
            (&[(3, -4)], 16),
            (&[(2, 3)], -3),
            (&[(0, 5), (2, 5)], -10),
        ];
        for (terms, constant) in sums {
            let sum = terms.iter().fold(Form::number(constant), |sum, &(atom, factor)| {
                sum.with(&Form::of(zoo.atoms[atom]), factor)
            });
            zoo.forms.push(sum);
        }
        for form in zoo.forms.clone() {
            let facts = [zoo.space.zero(form.clone()), zoo.space.non_negative(form)];
            zoo.facts.extend(facts);
        }
        let has: Vec<Fact> = (0..MEMBERS).map(|n| zoo.space.has(zoo.atoms[n])).collect();
        zoo.facts.extend(&has);
        let odd = zoo.space.xor(has[0], has[1]);
        let odd = zoo.space.xor(odd, has[2]);
        zoo.facts.push(odd);
        zoo.facts.dedup();
        for fact in zoo.facts.clone() {
            let not = zoo.space.not(fact);
            let some = zoo.space.and([not, has[1]]);
            zoo.facts.extend([not, some]);
        }
        // Quotients, choices and numbers of facts, of which other forms are made.
        for number in [3, 7, 9, 10] {
            let form = zoo.forms[number].clone();
            for by in [2, 16, 4096] {
                let (whole, rest) = zoo.space.divide(&form, by);
                let floor = whole.plus(&zoo.space.floor(rest, by));
                zoo.forms.push(floor);
            }
            let (fact, other) = (zoo.facts[4 * number + 1], zoo.forms[number - 1].clone());
            let choice = zoo.space.choice(fact, form.clone(), other);
            let indicator = zoo.space.indicator(fact);
            zoo.forms.extend([choice.times(8), form.with(&indicator, -16), indicator]);
        }
        zoo
    }
}

/// All members with some sizes.
fn tries() -> Vec<Values> {
    let mut tries = Vec::new();
    for number in 0..(1 << MEMBERS) * SIZES.len() * 4 {
        let (set, rest) = (number % (1 << MEMBERS), number / (1 << MEMBERS));
        let mut parameters: Vec<i128> = (0..MEMBERS).map(|n| (set >> n & 1) as i128).collect();
        let other = mix(number as u64) as usize;
        parameters.extend([SIZES[rest % SIZES.len()], SIZES[other % SIZES.len()]]);
        parameters.push(FREE[(other >> 8) % FREE.len()]);
        tries.push(Values::new(parameters));
    }
    tries
}

#[test]
fn forms_and_facts_hold_for_all_parameters() {
    let Zoo { mut space, forms, facts, mut tries, .. } = Zoo::new();
    let mut digest = Digest::new();
    for form in &forms {
        let range = space.range(form);
        let (zero, enough) = (space.zero(form.clone()), space.non_negative(form.clone()));
        let (not_zero, negative) = (space.not(zero), space.not(enough));
        digest.add((form, range, zero, enough, not_zero, negative, form.is_exact()));
        for values in &mut tries {
            let value = values.form(&space, form);
            assert!(range.0 <= value && value <= range.1, "{form:?}: {value} in {range:?}");
            for (fact, holds) in
                [(zero, value == 0), (enough, value >= 0), (not_zero, value != 0), (negative, value < 0)]
            {
                assert_eq!(values.fact(&space, fact), holds, "{form:?} is {value}: {:?}", space.says(fact));
            }
        }
        for by in [1, 2, 3, 8, 4096] {
            let (whole, rest) = space.divide(form, by);
            let floor = space.floor(rest.clone(), by);
            digest.add((&whole, &rest, &floor));
            for values in &mut tries {
                let [value, whole, floor] = [form, &whole, &floor].map(|form| values.form(&space, form));
                assert_eq!(value.div_euclid(by), whole + floor, "{form:?} / {by}");
            }
        }
    }
    for (number, &a) in facts.iter().enumerate() {
        let b = facts[mix(number as u64) as usize % facts.len()];
        let made = [space.not(a), space.and([a, b]), space.or([a, b]), space.xor(a, b)];
        let indicator = space.indicator(a);
        digest.add((made.map(|fact| space.says(fact).clone()), &indicator));
        for values in &mut tries {
            let [is, also] = [a, b].map(|fact| values.fact(&space, fact));
            let found = made.map(|fact| values.fact(&space, fact));
            assert_eq!(found, [!is, is && also, is || also, is != also], "{a:?} {b:?}");
            assert_eq!(values.form(&space, &indicator), i128::from(is), "{a:?}");
        }
    }
    // However far the CFA is, its multiples are in their range.
    let cfa = space.atom(AtomIs::Cfa);
    for by in [1, -1, 1 << 40, -(1 << 40)] {
        let range = space.range(&Form::of(cfa).times(by));
        assert!(range.0 <= -(1 << 90) && range.1 >= 1 << 90, "{range:?}");
    }
    assert_eq!(digest.0, 0x3d9b_0a48_976f_1cb1, "{:#x}", digest.0);
}

#[test]
fn sums_and_choices_of_forms_are_what_they_say() {
    let Zoo { mut space, atoms, forms, facts, mut tries } = Zoo::new();
    let mut digest = Digest::new();
    for (number, a) in forms.iter().enumerate() {
        for (place, b) in forms.iter().enumerate() {
            let made = [a.plus(b), a.minus(b), a.with(b, -3), a.times(-2).add(5)];
            let fact = facts[(number * 7 + place) % facts.len()];
            let choice = space.choice(fact, a.clone(), b.clone());
            let not = space.not(fact);
            let again = space.choice(not, b.clone(), choice.add(8));
            let (equal, most) = (space.equal(a, b), space.at_most(a, b));
            digest.add((&made, &choice, &again, equal, most));
            for values in tries.iter_mut().step_by(5) {
                let [x, y] = [a, b].map(|form| values.form(&space, form));
                let found = made.clone().map(|form| values.form(&space, &form));
                assert_eq!(found, [x + y, x - y, x - 3 * y, 5 - 2 * x], "{a:?} {b:?}");
                let holds = values.fact(&space, fact);
                assert_eq!(values.form(&space, &choice), if holds { x } else { y }, "{fact:?} {a:?} {b:?}");
                assert_eq!(values.form(&space, &again), if holds { x + 8 } else { y }, "{a:?} {b:?}");
                assert_eq!(values.fact(&space, equal), x == y);
                assert_eq!(values.fact(&space, most), x <= y);
            }
        }
    }
    // A choice by whether something is 0 between two that differ by a multiple of it is none.
    let size = forms[4].clone();
    let (none, other) = (space.zero(size.clone()), space.zero(forms[7].clone()));
    let (some, differ) = (space.not(none), space.not(other));
    let twice = size.times(2).with(&Form::of(atoms[4]), 3).add(-7);
    let third = space.zero(twice.clone());
    for (fact, then, otherwise) in [
        (none, Form::number(3), size.add(3)),
        (none, size.add(3), Form::number(3)),
        (none, Form::number(3), size.times(-2).add(3)),
        (some, size.times(4), Form::number(0)),
        (other, Form::number(1), forms[7].times(3).add(1)),
        (differ, forms[7].add(1), Form::number(1)),
        (none, Form::number(3), size.add(4)),
        (other, Form::number(1), size.add(1)),
        (other, forms[7].clone(), forms[8].clone()),
        (third, twice.times(2).add(5), Form::number(5)),
        (third, twice.times(2).add(5), Form::number(4)),
    ] {
        digest.add(space.choice(fact, then, otherwise));
    }
    assert_eq!(digest.0, 0x88ba_2497_961e_68a2, "{:#x}", digest.0);
}

#[test]
fn diagrams_are_what_members_decide() {
    let Zoo { mut space, atoms, forms, mut facts, mut tries, .. } = Zoo::new();
    let mut diagrams = Diagrams::new();
    for (number, register) in [(0, 9), (1, 2), (2, 9)] {
        diagrams.declare(register, atoms[number]);
    }
    // Choices between sums and quotients of members.
    for number in [3, 10, 11, 14] {
        let other = forms[25 - number].clone();
        for fact in facts.clone().into_iter().step_by(3) {
            let choice = space.choice(fact, forms[number].clone(), other.times(3).add(1));
            let quotient = space.atom(AtomIs::Floor(choice.clone(), 3));
            facts.extend([space.zero(choice), space.non_negative(Form::of(quotient).add(2))]);
        }
    }
    let mut digest = Digest::new();
    let mut known = Vec::new();
    for &fact in &facts {
        let found = diagrams.fact(&space, fact);
        digest.add(found);
        let Some(diagram) = found else { continue };
        known.push((fact, diagram));
        let written = diagrams.write(&mut space, diagram);
        digest.add(space.says(written).clone());
        assert_eq!(diagrams.fact(&space, written), Some(diagram), "{:?}", space.says(fact));
        let example = diagrams.example(diagram);
        assert_eq!(example.is_none(), diagram == NEVER);
        digest.add(&example);
        let mut always = true;
        for values in &mut tries {
            let holds = values.fact(&space, fact);
            assert_eq!(values.fact(&space, written), holds, "{:?}", space.says(fact));
            assert!(!(holds && diagram == NEVER), "{:?}", space.says(fact));
            always &= holds;
        }
        assert_eq!(always, diagram == ALWAYS, "{:?}", space.says(fact));
        let member = |number: usize| i128::from(example.iter().flatten().any(|&atom| atom == atoms[number]));
        let parameters = (0..MEMBERS).map(member).chain([0, 0, 0]).collect();
        assert!(example.is_none() || Values::new(parameters).fact(&space, fact));
    }
    for (number, &(a, of_a)) in known.iter().enumerate() {
        let (b, of_b) = known[mix(number as u64) as usize % known.len()];
        let both = space.and([a, b]);
        let (not, both) = (space.not(a), diagrams.fact(&space, both));
        assert_eq!(diagrams.and(of_a, of_b), both);
        assert_eq!(diagrams.not(of_a), diagrams.fact(&space, not));
    }
    assert_eq!((known.len(), digest.0), (513, 0x086c_c955_f670_3c90), "{:#x}", digest.0);
}

#[test]
fn questions_have_the_answers_that_numbers_give() {
    let Zoo { mut space, atoms, mut facts, mut tries, forms, .. } = Zoo::new();
    for (number, form) in forms.iter().enumerate().skip(16) {
        facts.extend([space.non_negative(form.add(-1)), space.equal(form, &forms[number - 9])]);
    }
    let mut smt = Smt::new(true);
    let supposed = space.at_most(&Form::of(atoms[3]), &Form::number(5000));
    smt.suppose(&space, supposed);
    let mut answers = Vec::new();
    for (number, &fact) in facts.iter().enumerate() {
        let other = facts[mix(number as u64) as usize % facts.len()];
        for (a, b) in [(fact, fact), (fact, other)] {
            smt.begin();
            smt.assert(&space, a);
            smt.push();
            smt.assert(&space, b);
            let answer = smt.check();
            let holds = |values: &mut Values| [supposed, a, b].iter().all(|&fact| values.fact(&space, fact));
            let seen = tries.iter_mut().any(holds);
            assert!(answer == Answer::Sat || !seen, "{:?} {:?}", space.says(a), space.says(b));
            if answer == Answer::Sat {
                let model = smt.model(&atoms).expect("a model");
                let limits = [1, 1, 1, LIMIT, LIMIT, 31];
                assert!(model.iter().zip(limits).all(|(n, most)| (0..=most).contains(n)), "{model:?}");
                assert!(holds(&mut Values::new(model)));
            }
            smt.pop();
            answers.push(answer);
            smt.push();
            let nothing = space.truth(true);
            smt.assert_any_broken(&space, &[(nothing, nothing), (b, other)]);
            let answer = smt.check();
            let breaks = |v: &mut Values| {
                v.fact(&space, supposed) && v.fact(&space, a) && v.fact(&space, b) && !v.fact(&space, other)
            };
            assert!(answer == Answer::Sat || !tries.iter_mut().any(breaks));
            answers.push(answer);
        }
    }
    assert_eq!(smt.queries, answers.len() as u64);
    // The same as text.
    let asked = smt.take_asked();
    assert_eq!(asked.len(), answers.len());
    for (query, answer) in asked.iter().zip(&answers).step_by(3) {
        let z3 = z3::Solver::new();
        z3.from_string(query.text.as_str());
        let again = match z3.check() {
            z3::SatResult::Sat => Answer::Sat,
            z3::SatResult::Unsat => Answer::Unsat,
            z3::SatResult::Unknown => Answer::Unknown,
        };
        let signs = query.text.as_bytes().windows(2).filter(|two| two[0] == b'-' && two[1].is_ascii_digit());
        assert!(signs.count() == 0 && !query.text.contains("(- 0)"), "{}", query.text);
        assert_eq!((again, query.satisfiable), (*answer, Some(again == Answer::Sat)), "{}", query.text);
    }
    let satisfiable = answers.iter().filter(|&&answer| answer == Answer::Sat).count();
    assert_eq!((answers.len(), satisfiable), (588, 280));
}
