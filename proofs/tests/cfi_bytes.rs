//! Bytes of the unwinding data that the compiler makes, changed: for every frame and transition of the specification, in every
//! format of its convention.
//!
//! ```text
//! sample of a frame ──▶ code, claim ── one byte of its unwinding data changed ──▶ refuted (P10), or malformed,
//!                                                                              or it says the same
//! ```
//!
//! What is still proven says the same in all rows, or is right on numbers by an unwinder that is apart from the prover.
//! `LONG=1` takes every bit of every byte.

mod sampled;
#[path = "../../verifier/tests/support/unwinder.rs"]
mod unwinder;

use framewright::design::{Statement, statements};
use framewright_compiler::Compiled;
use framewright_spec::claim::UnwindFormat;
use framewright_spec::{Abi, Claim, CodeOffset, Machine, Spec};
use framewright_verifier::unwind::{self, Rule, Table};
use framewright_verifier::{Property, Proven, Verdict, Verifier, replay};
use sampled::{prove, sampled};

/// Changes of each statement's data in every run.
const FEW: u64 = 6;

#[derive(Debug, Default)]
struct Count {
    same: u32,
    right: u32,
    refuted: u32,
    replayed: u32,
    unreadable: u32,
}

/// Code of a frame, proven, and what it was entered from.
struct Sample<'a> {
    machine: &'a Machine,
    abi: &'a Abi,
    code: Compiled,
    source: Option<Proven>,
}

fn made<'a>(spec: &'a Spec, verifier: &mut Verifier, statement: &Statement) -> Sample<'a> {
    let (code, source) = sampled(spec, statement).expect("it compiles");
    let mut prove = |code: &Compiled, source: Option<&Proven>| {
        prove(verifier, code, source).unwrap_or_else(|error| panic!("{error}"))
    };
    let source = source.map(|source| prove(&source, None));
    prove(&code, source.as_ref());
    let (machine, abi) = (&spec.machines[&statement.machine], &spec.abis[&statement.abi]);
    Sample { machine, abi, code, source }
}

/// Places and other values of a statement's bytes: all bits, or a few that are scattered.
fn changes(bytes: &[u8], seed: u64) -> Vec<(usize, u8)> {
    let all = (0..bytes.len()).flat_map(|at| (0..8).map(move |bit| (at, bit)));
    let all: Vec<(usize, u8)> = all.map(|(at, bit)| (at, bytes[at] ^ 1 << bit)).collect();
    if std::env::var_os("LONG").is_some() {
        return all;
    }
    let scatter = |n| framewright::engine::config::scramble(&[seed, n]) as usize % all.len();
    (0..FEW).map(|n| all[scatter(n)]).collect()
}

/// Whether two tables give a caller's values in the same way before every instruction of the code.
fn say_the_same(sample: &Sample<'_>, one: &Table, other: &Table) -> bool {
    let says = |table: &Table, at: u32| {
        let row = table.at(CodeOffset(at))?;
        let kept = sample.abi.callee_saved.iter();
        let rules: Vec<Rule> =
            kept.map(|(reg, _)| row.rule(*reg).cloned().unwrap_or(Rule::SameValue)).collect();
        Some((row.cfa.clone(), row.return_address.clone(), rules))
    };
    (0..sample.code.claim.data.0).all(|at| says(one, at) == says(other, at))
}

/// Judges one change.
fn change(
    spec: &Spec,
    verifier: &mut Verifier,
    sample: &Sample<'_>,
    (index, at, byte): (usize, usize, u8),
    count: &mut Count,
) {
    let (machine, code) = (sample.machine, &sample.code);
    let mut claim: Claim = code.claim.clone();
    claim.unwind[index].bytes[at] = byte;
    let what = format!("{}: {:?}, {byte:#x} at {at}", code.claim.frame, claim.unwind[index].format);
    let read = |claim: &Claim| unwind::table(machine, &claim.unwind[index], &code.bytes, claim.data.0);
    let (before, after) = (read(&code.claim).expect("rows"), read(&claim));
    let by_return_address = claim.unwind[index].format == UnwindFormat::WindowsX64;
    match verifier.verify(&what, code.bytes.clone(), claim, sample.source.as_ref()) {
        Verdict::Proven(_) => {
            let after = after.unwrap_or_else(|error| panic!("{what}: proven, and {error}"));
            if say_the_same(sample, &before, &after) {
                count.same += 1;
                return;
            }
            assert!(sample.source.is_none(), "{what}: proven, and says something else: {after:#?}");
            let states = unwinder::boundaries(machine, sample.abi, &code.bytes);
            let states = states.unwrap_or_else(|error| panic!("{what}: {error}"));
            let right = unwinder::all_right(machine, sample.abi, &after, &states, by_return_address);
            assert!(right, "{what}: proven, and wrong on numbers: {after:#?}");
            count.right += 1;
        }
        Verdict::Unsupported(why) => {
            let of_data = why.contains("unwinding data") || why.contains("DWARF expression");
            assert!(of_data, "{what}: {why}");
            count.unreadable += 1;
        }
        Verdict::Refuted(found) => {
            assert_eq!(found.property, Property::P10, "{what}: {}", found.headline);
            count.refuted += 1;
            if let Some(disputed) = &found.disputed {
                let rerun = replay::rerun(&found, spec);
                let rerun = rerun.unwrap_or_else(|error| panic!("{what}: {error}"));
                // Where a row reads memory that nothing is known of, the replay reads something else, and no less wrong.
                let wrong = rerun.observation.is_some_and(|seen| seen.observed != disputed.expected);
                assert!(wrong, "{what}: {}", found.headline);
                count.replayed += 1;
            }
        }
        Verdict::Undecided(why) => panic!("{what}: {why}"),
    }
}

#[test]
fn a_changed_byte_is_refuted_or_says_the_same() {
    let spec = Spec::embedded();
    let mut verifier = Verifier::new(spec);
    for (statement, seed) in statements(spec).iter().zip(0..) {
        let sample = made(spec, &mut verifier, statement);
        let mut count = Count::default();
        assert_eq!(sample.code.claim.unwind.len(), sample.abi.unwind.len(), "{}", statement.frame);
        for index in 0..sample.code.claim.unwind.len() {
            for (at, byte) in changes(&sample.code.claim.unwind[index].bytes, seed) {
                change(spec, &mut verifier, &sample, (index, at, byte), &mut count);
            }
        }
        let name = statement.transition.as_deref().unwrap_or(&statement.frame);
        eprintln!("{name}: {count:?}");
        assert!(count.refuted + count.unreadable > 2, "{name}: {count:?}");
    }
}
