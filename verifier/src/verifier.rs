//! The front door: bytes and a claim in, a verdict out.

use crate::verdict::{Proven, Verdict};
use framewright_spec::{Claim, Spec};

/// A judge for one specification. Holds the solver and what it remembers between functions; one per thread.
pub struct Verifier {
    spec: Spec,
}

impl Verifier {
    /// A judge that demands what `spec` states.
    pub fn new(spec: &Spec) -> Verifier {
        Verifier { spec: spec.clone() }
    }

    /// Proves or refutes that `bytes` do what `claim` says. A claim entered by a transition needs its `source`:
    /// the proven code whose patchpoint it names.
    pub fn verify(&mut self, name: &str, bytes: Vec<u8>, claim: Claim, source: Option<&Proven>) -> Verdict {
        let _ = (bytes, source);
        match self.spec.frames.get(&claim.frame) {
            None => Verdict::Unsupported(format!("{name}: frame `{}`", claim.frame)),
            Some(frame) => Verdict::Undecided(format!("{name}: frame `{}`", frame.name)),
        }
    }
}
