//! From machine bytes to [`Decoded`]. Machines whose rows have bit patterns are decoded by their rows, any of them;
//! the others have an adapter. This is the only place of this crate that knows a machine by name.

use crate::decoded::{Decoded, Unsupported};
use crate::effects::Effects;
use crate::probe::{Experiment, Lab, Probe, ProbeError, Window};
use crate::replay::Action;
use framewright_spec::{CodeOffset, Machine, Reg};

pub mod rows;
pub mod template;
pub mod x86_64;

/// Decodes the instructions of one machine.
pub trait Decoder: Send + Sync {
    /// The instruction at `at`. `code` begins at the code's first byte.
    ///
    /// # Errors
    /// Bytes that are no instruction, or an instruction or a form of one without a row in the spec.
    fn decode(&self, code: &[u8], at: CodeOffset) -> Result<Decoded, Unsupported>;

    /// What the instruction at `at` may write, if it has no row and the adapter knows more instructions than the spec.
    /// `None`: it does not.
    ///
    /// # Errors
    /// An instruction that does more than compute, or that the adapter does not know either.
    fn effects(&self, code: &[u8], at: CodeOffset) -> Option<Result<Effects, Unsupported>> {
        let _ = (code, at);
        None
    }

    /// What is known of the instruction at `at`: its meaning, else what it may write.
    ///
    /// # Errors
    /// Neither is known.
    fn known(&self, code: &[u8], at: CodeOffset) -> Result<Known, Unsupported> {
        let decoded = self.decode(code, at).map(Known::Row);
        decoded.or_else(|error| match self.effects(code, at) {
            Some(effects) => effects.map(Known::Effects),
            None => Err(error),
        })
    }

    /// A step of a prolog or epilog as an instruction with open numbers.
    ///
    /// # Errors
    /// In words: no such row, or an operand that it cannot have.
    fn template(
        &self,
        mnemonic: &str,
        operands: &[template::StepOperand],
    ) -> Result<template::Template, String>;

    /// What a control register holds in a program that changes nothing about it.
    fn usual(&self, reg: Reg) -> u128;

    /// The instruction at `at` in the manual's notation, for people. Whatever the bytes are, there is a text.
    fn text(&self, code: &[u8], at: CodeOffset) -> String;
}

/// An instruction, with or without a row.
#[derive(Clone, Debug)]
pub enum Known {
    /// Its meaning.
    Row(Decoded),
    /// What it may write.
    Effects(Effects),
}

/// An executable that performs experiments on a machine of the spec; `None` if there is no adapter for it.
///
/// # Errors
/// Code past the lab's room.
pub fn probe(
    machine: &Machine,
    lab: Lab,
    experiments: &[Experiment],
    windows: &[Window],
) -> Option<Result<Probe, ProbeError>> {
    match machine.name.as_str() {
        "x86_64" => Some(x86_64::probe::probe(machine, lab, experiments, windows)),
        _ => None,
    }
}

/// The decoder for a machine of the spec; `None` if its rows have no bit patterns and there is no adapter for it.
pub fn decoder(machine: &Machine) -> Option<Box<dyn Decoder>> {
    match machine.name.as_str() {
        _ if machine.has_encodings() => Some(Box::new(rows::Decoder::new(machine))),
        "x86_64" => Some(Box::new(x86_64::Decoder::new(machine))),
        _ => None,
    }
}

/// A replayed path as straight-line code.
pub struct StagedPath {
    /// The lab, with room for the code.
    pub lab: Lab,
    /// The code of its first experiment.
    pub code: Vec<u8>,
    /// Address of the word where the last step leaves its target.
    pub pc_slot: u64,
}

/// The actions of a replayed path as code for the lab; `None` if there is no adapter.
///
/// # Errors
/// The code does not assemble.
pub fn stage_path(
    machine: &Machine,
    code: &[u8],
    code_base: u64,
    lab: Lab,
    actions: &[Action],
) -> Option<Result<StagedPath, ProbeError>> {
    match machine.name.as_str() {
        "x86_64" => Some(x86_64::stage::stage_path(machine, code, code_base, lab, actions)),
        _ => None,
    }
}
