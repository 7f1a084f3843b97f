//! Proofs that were found before, by the content of what was proven.
//!
//! The key is a hash of everything that an answer depends on: the specification, the code, its claim, the code it is
//! entered from with its claim, and what the embedder says of itself (the executable's own bytes, say). Only proofs
//! are kept: what is refuted is refuted anew, with its counterexample.

use crate::verdict::{Certificate, Proven};
use framewright_spec::{Claim, Spec};
use std::fmt::Write;

/// Name of the assumption that a remembered answer rests on.
pub(crate) const REMEMBERED: &str = "remembered-answer";

/// Where proofs are kept. It is believed: whoever can write there can have any code run.
pub trait Answers: Send {
    /// The certificate that was put there under a key.
    fn get(&mut self, key: &str) -> Option<Certificate>;
    /// Keeps a certificate.
    fn put(&mut self, key: &str, certificate: &Certificate);
}

/// Remembered answers, and what all their keys begin with.
pub(crate) struct Memory {
    answers: Box<dyn Answers>,
    world: blake3::Hasher,
}

struct Hashed(blake3::Hasher);

impl Write for Hashed {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl Memory {
    pub(crate) fn new(answers: Box<dyn Answers>, spec: &Spec, tool: &[u8]) -> Memory {
        let mut world = Hashed(blake3::Hasher::new());
        part(&mut world.0, tool);
        // Everything that a specification says is in its debug form. Hashing does not fail.
        let _ = write!(world, "{spec:?}");
        Memory { answers, world: world.0 }
    }

    pub(crate) fn key(&self, bytes: &[u8], claim: &Claim, source: Option<&Proven>) -> String {
        let mut hasher = self.world.clone();
        for (bytes, claim) in [(bytes, claim)].into_iter().chain(source.map(|s| (s.bytes(), s.claim()))) {
            part(&mut hasher, bytes);
            part(&mut hasher, format!("{claim:?}").as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    pub(crate) fn get(&mut self, key: &str) -> Option<Certificate> {
        let mut certificate = self.answers.get(key)?;
        certificate.assumptions.insert(REMEMBERED.into(), 1);
        Some(certificate)
    }

    pub(crate) fn put(&mut self, key: &str, certificate: &Certificate) {
        self.answers.put(key, certificate);
    }
}

/// A part of a key; its length goes first, so that parts cannot run into each other.
fn part(hasher: &mut blake3::Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}
