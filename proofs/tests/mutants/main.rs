//! Broken code is refuted, with the right property, by a counterexample that replays.
//!
//! For every kind of code the compiler makes: the code as it is proves; at least [`LEAST`] mutants of its bytes and of
//! the frame it was made from do not. What is no mutant (it does the same) is listed with its reason.

mod mutators;
mod samples;
mod steps;

use framewright::replay::replay;
use framewright_spec::Spec;
use framewright_verifier::{Property, Verdict, Verifier};
use samples::{Sample, prove, samples};

/// Fewest refuted mutants of a kind.
const LEAST: usize = 40;

/// Changes of a frame's steps that change nothing that matters; they must prove.
const EQUIVALENT: [(&str, &str); 2] = [
    ("sysv.osr prolog: step 3 in the other order", "saves by mov go to places of their own"),
    ("sysv.osr prolog: steps 3 and 4 swapped", "saves are addressed by SP, and FP is set from SP"),
];

/// Refuted mutants so far, and what was not as it must be.
#[derive(Default)]
struct Tally {
    refuted: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// The verdict must be a refutation of an expected property, and its counterexample must replay.
    fn add(&mut self, what: &str, verdict: Verdict, expected: Option<&[Property]>, spec: &Spec) {
        let complaint = match verdict {
            Verdict::Refuted(found) if expected.is_none_or(|all| all.contains(&found.property)) => {
                self.refuted += 1;
                match replay(&found, spec) {
                    Ok(report) if report.confirms() => return,
                    Ok(report) => format!("{}\n{report}", found.headline),
                    Err(error) => format!("{}\n{error}", found.headline),
                }
            }
            Verdict::Refuted(found) => format!("{:?} {}", found.property, found.headline),
            Verdict::Proven(_) => "PROVEN".to_owned(),
            Verdict::Undecided(why) => format!("undecided {why}"),
            Verdict::Unsupported(why) => format!("unsupported {why}"),
        };
        self.wrong.push(format!("{what}: {complaint}"));
    }

    fn finish(self, kind: &str) {
        let Tally { refuted, wrong } = self;
        assert!(wrong.is_empty(), "{kind}: {refuted} refuted\n{}", wrong.join("\n"));
        assert!(refuted >= LEAST, "{kind}: only {refuted}");
    }
}

/// All mutants of one kind: of the bytes, and of the declared frame.
fn check(kind: &str, frame: &str) {
    let spec = Spec::embedded();
    let mut verifier = Verifier::new(spec);
    let mut samples = samples(kind, spec, &mut verifier).expect("the samples compile");
    let mut tally = Tally::default();
    for Sample { code, source } in &mut samples {
        // Unwinding data would contradict most mutants before anything else does; it has mutants of its own.
        code.claim.unwind.clear();
        prove(&mut verifier, code, source.as_ref()).expect("the original proves");
        for mutant in mutators::mutants(spec, code) {
            let verdict = verifier.verify(&code.name, mutant.bytes, code.claim.clone(), source.as_ref());
            tally.add(&mutant.what, verdict, Some(mutant.expected), spec);
        }
    }
    for broken in steps::broken(spec, frame) {
        let mut verifier = Verifier::new(&broken.spec);
        // A frame whose steps cannot be laid out or encoded is refused before there is code.
        let Ok(mutants) = samples::samples(kind, &broken.spec, &mut verifier) else { continue };
        for (original, Sample { mut code, source }) in samples.iter().zip(mutants) {
            code.claim.unwind.clear();
            if code.bytes == original.code.bytes {
                continue;
            }
            let verdict = verifier.verify(&code.name, code.bytes, code.claim, source.as_ref());
            if EQUIVALENT.iter().any(|(what, _)| *what == broken.what) {
                assert!(matches!(verdict, Verdict::Proven(_)), "{} does not prove", broken.what);
            } else {
                tally.add(&format!("{}: {}", code.name, broken.what), verdict, None, &broken.spec);
            }
        }
    }
    tally.finish(kind);
}

#[test]
fn tier0() {
    check("tier0", "sysv.tier0");
}

#[test]
fn osr() {
    check("osr", "sysv.osr");
}

#[test]
fn native() {
    check("native", "sysv.native");
}

#[test]
fn entry() {
    check("entry", "sysv.native");
}

#[test]
fn host() {
    check("host", "sysv.native");
}
