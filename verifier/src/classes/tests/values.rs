//! Values of frames under study.

use super::{Digest, mix};
use crate::classes::form::{Fact, Form};
use crate::classes::study::{Path, Study};
use crate::classes::value::{Tag, Value};
use crate::classes::values::Values;
use crate::concrete::{Bits, evaluate, mask};
use crate::target::{self, Decoder};
use framewright_spec::Spec;
use framewright_spec::meaning::Function;
use std::rc::Rc;

/// A frame under study, with parameters to try: what its address is rounded down to goes with the rest of them.
pub(super) struct Bench<'a> {
    pub(super) study: Study<'a>,
    pub(super) tries: Vec<Values>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(frame: &str, decoder: &'a dyn Decoder) -> Bench<'a> {
        let spec = Spec::embedded();
        let mut study = Study::new(spec, frame, decoder, false).expect("a frame");
        let realigned = study.chain[0].realigned.clone();
        let mut tries = Vec::new();
        for values in study.pool.clone().iter_mut().step_by(7) {
            let mut parameters = values.parameters.clone();
            if let Some(realigned) = &realigned {
                let from = values.form(&study.space, &realigned.from);
                let lost = study.parameters.iter().position(|p| p.atom == realigned.lost);
                parameters[lost.expect("a parameter")] = (-from).rem_euclid(realigned.align);
            }
            tries.push(Values::new(parameters));
        }
        study.conditions.clear();
        Bench { study, tries }
    }

    /// Values of 64 bits of all kinds, and of fewer and more.
    fn values(&mut self) -> Vec<Value> {
        let number = |form: &Form, bits| Value::number(form.clone(), bits);
        let sizes: Vec<Form> = self.study.chain[0].sizes.values().cloned().collect();
        let sets: Vec<Fact> = self.study.chain[0].sets.values().flat_map(|s| s.values().copied()).collect();
        let (size, cfa) = (sizes[0].clone(), self.study.cfa());
        let one = self.study.space.indicator(sets[0]);
        let total = self.study.chain[0].total.clone();
        let sp = cfa.plus(&self.study.body_sp(0));
        let from = self.study.chain[0].realigned.as_ref().map_or(total.clone(), |r| r.from.clone());
        let reg = self.study.abi.callee_saved[0].0;
        let mut all: Vec<Value> =
            [0, 1, 3, 5, 8, 12, 16, 63, 64, 2048, 4096, 1 << 31, 0x8000_0001, -1, -2, -4]
                .map(|n| Value::number(Form::number(n), 64))
                .into();
        all.extend(
            [-8, -12, -16, -64, -4096, i128::from(i64::MIN), (1 << 63) - 16, -96, -1009]
                .map(|n| Value::number(Form::number(n), 64)),
        );
        let forms = [
            size.clone(),
            size.times(-8),
            size.times(4096),
            one.clone(),
            one.times(8).add(-8),
            total.times(-1),
            cfa.clone(),
            cfa.minus(&total),
            cfa.minus(&from),
            sp,
        ];
        all.extend(forms.iter().map(|form| number(form, 64)));
        all.push(Value::Number { form: size.clone(), bits: 32, signed: Some(false) });
        all.push(Value::Number { form: size.times(-1), bits: 32, signed: Some(true) });
        all.extend([number(&size.times(-1).add(7), 32), number(&size, 8), number(&one, 8), number(&one, 1)]);
        all.extend([0, 1, 3].map(|n| Value::number(Form::number(n), 1)));
        all.extend([-1, 5, 1 << 40].map(|n: i128| Value::number(Form::number(n), 128)));
        all.push(number(&size.times(-3), 128));
        all.extend([Value::whole(Tag::ReturnAddress, 64), Value::whole(Tag::Entry(reg), 64)]);
        all.extend([0, 32].map(|low| Value::Part { of: Tag::ReturnAddress, low, bits: 32 }));
        all.push(Value::Part { of: Tag::Before(reg), low: 8, bits: 8 });
        all.extend([64, 32, 8, 1, 128].map(Value::Any));
        let joined = Value::join(Value::Any(32), number(&size, 32));
        let upper = Value::join(Value::whole(Tag::Entry(reg), 64), Value::whole(Tag::ReturnAddress, 64));
        let large = self.study.space.at_most(&Form::number(100), &size);
        let cases = [
            (sets[0], Value::whole(Tag::ReturnAddress, 64)),
            (large, number(&size.times(2), 64)),
            (sets[1], Value::Any(64)),
            (sets[2], number(&Form::number(9), 64)),
        ];
        all.extend([joined, upper, Value::Cases(64, Rc::new(cases))]);
        all
    }

    /// What a value is for parameters, and which bits of that are said.
    pub(super) fn number(&mut self, place: usize, value: &Value) -> (u128, u128) {
        let bits = value.bits();
        match value {
            Value::Number { form, .. } => {
                let number = self.tries[place].form(&self.study.space, form);
                (number as u128 & mask(bits), mask(bits))
            }
            Value::Part { of, low, .. } => {
                let seed = match of {
                    Tag::Entry(reg) => 1000 + u64::from(reg.0),
                    Tag::Before(reg) => 2000 + u64::from(reg.0),
                    Tag::ReturnAddress => 1,
                };
                let align = u128::from(self.study.machine.instruction_align());
                let number = u128::from(mix(seed)) | u128::from(mix(seed + 7)) << 64;
                let number = if *of == Tag::ReturnAddress { number & !(align - 1) } else { number };
                (number >> low & mask(bits), mask(bits))
            }
            Value::Any(_) => (u128::from(mix(77)) & mask(bits), 0),
            Value::Joined(parts) => {
                let (mut all, mut said, mut at) = (0, 0, 0);
                for part in parts.iter() {
                    let (number, known) = self.number(place, part);
                    (all, said, at) = (all | number << at, said | known << at, at + part.bits());
                }
                (all, said)
            }
            Value::Cases(_, cases) => {
                let space = &self.study.space;
                let is = cases.iter().find(|(fact, _)| self.tries[place].fact(space, *fact));
                match is {
                    Some((_, value)) => self.number(place, &value.clone()),
                    None => self.number(place, &Value::Any(bits)),
                }
            }
        }
    }

    /// What is said of a value is so for all parameters of a path for which what was demanded on the way holds.
    fn check(&mut self, said: &Value, path: &Path, expected: impl Fn(&mut Self, usize) -> Option<u128>) {
        let demanded = std::mem::take(&mut self.study.conditions);
        for place in 0..self.tries.len() {
            let (space, values) = (&self.study.space, &mut self.tries[place]);
            let holds = values.fact(space, path.fact)
                && demanded.iter().all(|c| !values.fact(space, c.under) || values.fact(space, c.goal));
            let Some(expected) = holds.then(|| expected(self, place)).flatten() else { continue };
            let (number, known) = self.number(place, said);
            assert_eq!(number & known, expected & known, "{said:?} for {:?}", self.tries[place].parameters);
        }
    }
}

const FUNCTIONS: [Function; 17] = [
    Function::Add,
    Function::Sub,
    Function::Mul,
    Function::And,
    Function::Or,
    Function::Xor,
    Function::Shl,
    Function::LShr,
    Function::Eq,
    Function::Ne,
    Function::Ult,
    Function::Slt,
    Function::Concat,
    Function::UDiv,
    Function::Not,
    Function::Neg,
    Function::Popcount,
];

fn width(function: &Function, args: &[Value]) -> u32 {
    use Function as F;
    match function {
        F::Eq | F::Ne | F::Ult | F::Slt => 1,
        F::Concat => args.iter().map(Value::bits).sum(),
        _ => args[0].bits(),
    }
}

/// Frames with an address that is rounded down, of machines whose instructions are aligned in different ways.
const FRAMES: [&str; 2] = ["sysv.realigned", "lp64d.realigned"];

pub(super) fn decoder(frame: &str) -> Box<dyn Decoder> {
    let machine = Spec::embedded().machine_of_frame(frame).expect("a machine");
    target::decoder(machine).expect("a decoder")
}

#[test]
fn functions_of_values_are_what_machines_compute() {
    let mut digests = Vec::new();
    for frame in FRAMES {
        let decoder = decoder(frame);
        let mut bench = Bench::new(frame, &*decoder);
        let (values, mut digest, path) = (bench.values(), Digest::new(), bench.study.whole());
        for function in &FUNCTIONS {
            let single = matches!(function, Function::Not | Function::Neg | Function::Popcount);
            for a in &values {
                for b in &values {
                    let args = if single { vec![a.clone()] } else { vec![a.clone(), b.clone()] };
                    let bits = width(function, &args);
                    let alike = a.bits() == b.bits() || *function == Function::Concat;
                    if single && b != a || !alike || bits > 128 {
                        continue;
                    }
                    let said = bench.study.apply(function, &args, bits, &path);
                    assert_eq!(said.bits(), bits, "{function:?} {args:?}");
                    digest.add(&said);
                    bench.check(&said, &path, |bench, place| {
                        let args: Vec<Bits> = args
                            .iter()
                            .map(|value| Bits::new(bench.number(place, value).0, value.bits()))
                            .collect();
                        evaluate(function, &args, bits).ok().map(|bits| bits.value)
                    });
                }
            }
        }
        digests.push(digest.0);
    }
    assert_eq!(digests, [0xcd38_79c2_3154_9588, 0xad93_a29a_9128_173f], "{digests:#x?}");
}

#[test]
fn parts_extensions_and_meetings_of_values_hold() {
    let mut digests = Vec::new();
    for frame in FRAMES {
        let decoder = decoder(frame);
        let mut bench = Bench::new(frame, &*decoder);
        let (values, mut digest, whole) = (bench.values(), Digest::new(), bench.study.whole());
        let sets: Vec<Fact> = bench.study.chain[0].sets.values().flat_map(|s| s.values().copied()).collect();
        let size = bench.study.chain[0].sizes.values().next().cloned().expect("a size");
        let small = bench.study.space.at_most(&size, &Form::number(200));
        let one = bench.study.assume(&whole, sets[0]);
        let one = bench.study.assume(&one, small);
        for path in [&whole, &one] {
            for value in &values {
                let bits = value.bits();
                for (low, part) in [
                    (0, 1),
                    (0, 8),
                    (0, 32),
                    (0, 64),
                    (7, 1),
                    (8, 24),
                    (16, 48),
                    (32, 32),
                    (60, 8),
                    (64, 64),
                    (127, 1),
                ] {
                    if low + part > bits {
                        continue;
                    }
                    let said = bench.study.extract(value, low, part, path);
                    assert_eq!(said.bits(), part);
                    digest.add(&said);
                    bench.check(&said, path, |bench, place| {
                        Some(bench.number(place, value).0 >> low & mask(part))
                    });
                }
                for (to, sign) in [(9, false), (32, true), (64, false), (64, true), (128, false), (128, true)]
                {
                    if to <= bits {
                        continue;
                    }
                    let said = bench.study.extend(value, to, sign, path);
                    assert_eq!(said.bits(), to);
                    digest.add(&said);
                    bench.check(&said, path, |bench, place| {
                        let (number, above) = (bench.number(place, value).0, 128 - bits);
                        let signed = ((number << above) as i128 >> above) as u128 & mask(to);
                        Some(if sign { signed } else { number })
                    });
                }
                let said = bench.study.reduce_value(value, path);
                digest.add(&said);
                bench.check(&said, path, |bench, place| Some(bench.number(place, value).0));
                for other in values.iter().filter(|other| other.bits() == bits) {
                    meet(&mut bench, value, other, [sets[1], small], path, &mut digest);
                }
            }
        }
        digests.push(digest.0);
    }
    assert_eq!(digests, [0xe6bb_dd77_9e6c_0f58, 0xaaa0_dfd6_0166_0085], "{digests:#x?}");
}

/// Where two arms meet the value is that of the arm; and values are said to be the same only where they are.
fn meet(bench: &mut Bench<'_>, a: &Value, b: &Value, facts: [Fact; 2], path: &Path, digest: &mut Digest) {
    for fact in facts {
        let met = bench.study.meet(fact, a, b);
        digest.add(&met);
        let again = bench.study.meet(facts[0], b, &met);
        digest.add(&again);
        for (said, by, then, otherwise) in [(&met, fact, a, b), (&again, facts[0], b, &met)] {
            bench.check(said, path, |bench, place| {
                let taken = bench.tries[place].fact(&bench.study.space, by);
                Some(bench.number(place, if taken { then } else { otherwise }).0)
            });
        }
        if !matches!(a, Value::Cases(..)) {
            let same = bench.study.same(&again, a);
            digest.add(bench.study.space.says(same).clone());
            for place in 0..bench.tries.len() {
                if bench.tries[place].fact(&bench.study.space, same) {
                    let ((x, known), (y, said)) = (bench.number(place, &again), bench.number(place, a));
                    assert_eq!(known, said, "{again:?} is {a:?}");
                    assert_eq!(x & known, y & known, "{again:?} is {a:?}");
                }
            }
        }
    }
}

#[test]
fn what_paths_say_is_used_as_they_say_it() {
    let decoder = decoder("lp64d.native");
    let mut bench = Bench::new("lp64d.native", &*decoder);
    let study = &mut bench.study;
    let sets: Vec<Fact> = study.chain[0].sets.values().flat_map(|s| s.values().copied()).collect();
    let forms: Vec<Form> = study.chain[0].sizes.values().cloned().collect();
    let (total, size) = (study.chain[0].total.clone(), forms[0].clone());
    let count =
        sets.iter().take(4).fold(Form::default(), |sum, &fact| sum.plus(&study.space.indicator(fact)));
    let mut facts = vec![sets[0], sets[1]];
    facts.push(study.space.equal(&size, &Form::number(24)));
    facts.push(study.space.at_most(&size, &Form::number(200)));
    facts.push(study.space.equal(&count, &Form::number(2)));
    facts.push(study.space.at_most(&count, &Form::number(1)));
    facts.push(study.space.and([sets[0], facts[3]]));
    let odd = study.space.xor(sets[0], sets[1]);
    facts.extend([odd, study.space.not(sets[2])]);
    let mut digest = Digest::new();
    let whole = study.whole();
    for &a in &facts {
        for &b in &facts {
            let path = bench.study.assume(&whole, a);
            let path = bench.study.assume(&path, b);
            for (place, form) in [&size, &total, &count, &size.with(&count, -8)].into_iter().enumerate() {
                let mut made = vec![(bench.study.reduce(form, &path), 1)];
                for by in [8, 256, 4096] {
                    made.push((bench.study.floor(&form.add(place as i128 * 3), by, &path), by));
                }
                digest.add(&made);
                for values in &mut bench.tries {
                    if !values.fact(&bench.study.space, path.fact) {
                        continue;
                    }
                    for (found, by) in &made {
                        let add = if *by == 1 { 0 } else { place as i128 * 3 };
                        let value = values.form(&bench.study.space, form) + add;
                        assert_eq!(values.form(&bench.study.space, found), value.div_euclid(*by));
                    }
                }
            }
            for &fact in &facts {
                let reduced = bench.study.reduce_fact(fact, &path);
                let (may, must) =
                    (bench.study.possible(path.fact, fact), bench.study.always(path.fact, fact));
                let differ = bench.study.differs_somewhere(path.fact, &count.add(-2));
                let gone = bench.study.vanishes(path.fact, &count.add(-2));
                digest.add((bench.study.space.says(reduced).clone(), may, must, differ, gone));
                for values in &mut bench.tries {
                    if !values.fact(&bench.study.space, path.fact) {
                        continue;
                    }
                    let holds = values.fact(&bench.study.space, fact);
                    assert_eq!(values.fact(&bench.study.space, reduced), holds);
                    assert!((may || !holds) && (holds || !must));
                    assert!(!gone || values.form(&bench.study.space, &count) == 2);
                }
            }
        }
    }
    assert_eq!(digest.0, 0xa285_601e_84f4_23f2, "{:#x}", digest.0);
}

/// Numbers that grow without an end are anything, and no access is aligned by more than the CFA is.
#[test]
fn numbers_stay_exact() {
    let decoder = decoder(FRAMES[0]);
    let mut bench = Bench::new(FRAMES[0], &*decoder);
    let (size, path) =
        (bench.study.chain[0].sizes.values().next().cloned().expect("a size"), bench.study.whole());
    let shift = Value::number(Form::number(40), 64);
    let once = bench.study.apply(&Function::Shl, &[Value::number(size, 64), shift.clone()], 64, &path);
    assert_eq!(once.form().map(|form| form.terms()[0].1), Some(1 << 40));
    assert_eq!(bench.study.apply(&Function::Shl, &[once, shift], 64, &path), Value::Any(64));
}
