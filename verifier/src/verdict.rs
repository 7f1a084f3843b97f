//! What the verifier answers.

use framewright_spec::{Claim, CodeOffset};
use std::sync::Arc;

/// The answer for one piece of code.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Every obligation holds on every path.
    Proven(Proven),
    /// An obligation fails, for the inputs given.
    Refuted(Box<Counterexample>),
    /// The solver gave up within its resource limit: obligation and place.
    Undecided(String),
    /// Something the verifier has no meaning for, by name (an instruction without a row).
    Unsupported(String),
}

/// Code that was proven: the only thing an engine may run. Bytes are immutable and the constructor is private to
/// the verifier.
#[derive(Clone, Debug)]
pub struct Proven {
    bytes: Arc<[u8]>,
    claim: Arc<Claim>,
    certificate: Arc<Certificate>,
}

/// What was proven, under which assumptions, at what cost.
#[derive(Clone, Debug, Default)]
pub struct Certificate {
    /// Number of verification conditions by obligation (`P1` … `P16`).
    pub obligations: std::collections::BTreeMap<Property, u32>,
    /// Named assumptions (see `SOUNDNESS.md`) and how often each was used.
    pub assumptions: std::collections::BTreeMap<&'static str, u32>,
    /// Instructions covered.
    pub instructions: u32,
    /// Nanoseconds of the whole proof.
    pub nanos: u64,
    /// Nanoseconds of that in the solver.
    pub solver_nanos: u64,
}

impl Proven {
    /// The proven bytes, code then data.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The proven statement.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// What was proven, under which assumptions, at what cost.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

/// An obligation (design: P1–P16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Property {
    /// Stack balance.
    P1,
    /// Return.
    P2,
    /// Callee saves.
    P3,
    /// Frame chain.
    P4,
    /// Alignment.
    P5,
    /// Nothing below SP.
    P6,
    /// Clobbers.
    P7,
    /// Own frame only.
    P8,
    /// State map.
    P12,
    /// Scratch set.
    P13,
    /// Encodable.
    P14,
    /// Control bits.
    P15,
}

/// Inputs for which an obligation fails, and what happens then.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Counterexample {
    /// What fails.
    pub property: Property,
    /// One sentence: register, slot, expected and actual.
    pub headline: String,
    /// The first wrong instruction.
    pub at: CodeOffset,
}
