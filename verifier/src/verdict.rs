//! What the verifier answers.

use crate::counterexample::Counterexample;
use framewright_spec::Claim;
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
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Certificate {
    /// Number of verification conditions by obligation.
    pub obligations: std::collections::BTreeMap<Property, u32>,
    /// How many of them were plain before the solver saw them (it decides them all).
    pub plain: u32,
    /// Named assumptions (see `SOUNDNESS.md`) and how often each was used.
    pub assumptions: std::collections::BTreeMap<std::borrow::Cow<'static, str>, u32>,
    /// Instructions covered.
    pub instructions: u32,
    /// Nanoseconds of the whole proof.
    pub nanos: u64,
    /// Nanoseconds of that in the solver.
    pub solver_nanos: u64,
}

impl Proven {
    /// Only the verifier makes one, and only from a proof.
    pub(crate) fn new(bytes: Vec<u8>, claim: Claim, certificate: Certificate) -> Proven {
        Proven { bytes: bytes.into(), claim: Arc::new(claim), certificate: Arc::new(certificate) }
    }

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
    /// Probes.
    P9,
    /// Unwinding.
    P10,
    /// State map.
    P12,
    /// Scratch set.
    P13,
    /// Encodable.
    P14,
    /// Control bits.
    P15,
}

impl std::fmt::Display for Property {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Property::P1 => "stack balance",
            Property::P2 => "return",
            Property::P3 => "callee saves",
            Property::P4 => "frame chain",
            Property::P5 => "alignment",
            Property::P6 => "nothing below SP",
            Property::P7 => "clobbers",
            Property::P8 => "own frame only",
            Property::P9 => "probes",
            Property::P10 => "unwinding",
            Property::P12 => "state map",
            Property::P13 => "scratch set",
            Property::P14 => "encodable",
            Property::P15 => "control bits",
        })
    }
}
