//! Broken code is refuted, with the right property, by a counterexample that replays.
//!
//! For every kind of code the compiler makes: the code as it is proves; at least [`LEAST`] mutants of its bytes and of
//! the frame it was made from do not. What is no mutant (it does the same) is listed with its reason.

mod mutators;
mod samples;

use framewright::replay::replay;
use framewright_spec::Spec;
use framewright_verifier::{Verdict, Verifier};
use samples::{KINDS, prove, samples};

/// Fewest refuted mutants of a kind.
const LEAST: usize = 40;

fn check(kind: &str) {
    let spec = Spec::embedded();
    let mut verifier = Verifier::new(spec);
    let samples = samples(kind, spec, &mut verifier).expect("the samples compile");
    let (mut refuted, mut wrong) = (0, Vec::new());
    for sample in &samples {
        prove(&mut verifier, &sample.code, sample.source.as_ref()).expect("the original proves");
        for mutant in mutators::mutants(spec, &sample.code) {
            let (code, source) = (&sample.code, sample.source.as_ref());
            let verdict = verifier.verify(&code.name, mutant.bytes, code.claim.clone(), source);
            match verdict {
                Verdict::Refuted(found) if mutant.expected.contains(&found.property) => {
                    refuted += 1;
                    match replay(&found, spec) {
                        Ok(report) if report.confirms() => {}
                        Ok(report) => wrong.push(format!("{}: {}\n{report}", mutant.what, found.headline)),
                        Err(error) => wrong.push(format!("{}: {}\n{error}", mutant.what, found.headline)),
                    }
                }
                Verdict::Refuted(found) => {
                    wrong.push(format!("{}: {:?} {}", mutant.what, found.property, found.headline));
                }
                Verdict::Proven(_) => wrong.push(format!("{}: PROVEN", mutant.what)),
                Verdict::Undecided(why) => wrong.push(format!("{}: undecided {why}", mutant.what)),
                Verdict::Unsupported(why) => wrong.push(format!("{}: unsupported {why}", mutant.what)),
            }
        }
    }
    assert!(wrong.is_empty(), "{kind}: {refuted} refuted\n{}", wrong.join("\n"));
    assert!(refuted >= LEAST, "{kind}: only {refuted}");
}

#[test]
fn tier0() {
    check(KINDS[0]);
}

#[test]
fn osr() {
    check(KINDS[1]);
}

#[test]
fn native() {
    check(KINDS[2]);
}

#[test]
fn entry() {
    check(KINDS[3]);
}

#[test]
fn host() {
    check(KINDS[4]);
}
