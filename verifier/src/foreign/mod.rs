//! The judge for code of which nothing is claimed: what other people's compilers have made.
//!
//! ```text
//! entry state ──▶ all paths at once, in values that are exact or `any` ──▶ at every exit: is the caller repaid?
//!                  (meaning: the rows; without a row: written registers and memory)   │yes        │not seen
//!                                                                                   Proven    a concrete run shows it?
//!                                                                                               │yes      │no
//!                                                                                            Refuted  Undecided
//! ```
//!
//! The frame is found from the code: where a register's entry value has been stored is a save slot, whatever it is
//! for. A body may do what it likes as long as SP, the return address and every callee-saved register at the width
//! that the convention keeps are the caller's at each return and tail jump. No solver is asked.
//!
//! A *pair* is a method left at a patchpoint and the one entered there. The second starts from what the first was
//! seen to establish, by the transition that the specification declares.
//!
//! Beside it goes the verdict on unwind data (P10), apart from that on the frame.
//!
//! Out of scope, by name: exception funclets (the parts after the main body), probes.

mod arrival;
mod bounds;
mod callees;
mod code;
mod control;
mod feasible;
mod memory;
mod paths;
mod refute;
mod resume;
mod run;
mod state;
mod surroundings;
mod tables;
#[cfg(test)]
mod tests;
mod transfer;
mod trial;
mod unwind;
mod value;
mod verdict;
mod walk;

pub use arrival::Arrival;
pub use surroundings::{Alone, Place, Pointer, Surroundings};
pub use unwind::{Elsewhere, Unwinding, WrongRow};
pub use verdict::{Part, Refutation, Summary, Verdict};

use crate::target::{self, Decoder};
use crate::unwind::Table;
use callees::Callees;
use code::{Control, Step};
use framewright_spec::{Abi, Machine, Reg, Spec, SpecError};
use refute::Body;
use smallvec::SmallVec;
use state::{State, World};
use std::ops::Range;

/// A function, and what is known around it.
#[derive(Clone, Copy, Debug)]
pub struct Method<'a> {
    /// All of its bytes; there may be more around them, as those of the whole section. Offsets count from the first.
    pub bytes: &'a [u8],
    /// First byte and end of the main body, which is entered at its first byte.
    pub body: (u32, u32),
    /// First byte and end of other parts that belong to it and do not overlap (cold code, placed elsewhere).
    pub others: &'a [(u32, u32)],
    /// Where exceptions that calls raise are caught or passed through.
    pub pads: &'a [LandingPad],
    /// Whether exception funclets follow the body.
    pub funclets: bool,
    /// Its name: some are entered or left in ways of their own.
    pub name: Option<&'a str>,
    /// The program that it is part of.
    pub surroundings: &'a dyn Surroundings,
    /// What unwinders are told of all its parts, if anything.
    pub unwind: Option<&'a Table>,
}

/// Where control goes on after an exception that was raised by one of some calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LandingPad {
    /// First byte and end of the instructions that it is for.
    pub calls: (u32, u32),
    /// Where it begins; past all bytes where that is in other code.
    pub landing: u32,
}

impl<'a> Method<'a> {
    /// A method by itself, whose body begins and ends at these bytes.
    pub fn alone(bytes: &'a [u8], body: (u32, u32)) -> Method<'a> {
        let surroundings = &Alone;
        Method {
            bytes,
            body,
            others: &[],
            pads: &[],
            funclets: false,
            name: None,
            surroundings,
            unwind: None,
        }
    }

    /// Main body and others, of which none reaches past the bytes.
    fn parts(&self) -> SmallVec<[Range<u32>; 2]> {
        let all = self.bytes.len().min(u32::MAX as usize) as u32;
        let part = |&(begin, end): &(u32, u32)| begin.min(all)..end.min(all);
        std::iter::once(&self.body).chain(self.others).map(part).collect()
    }
}

/// What is said of the frame that is left at a patchpoint.
#[derive(Clone, Debug, Default)]
pub struct Patchpoint {
    /// What the patchpoint's helper is told, where that is known.
    pub id: Option<u32>,
    /// Callee-saved registers with a slot.
    pub callee_saves: Vec<Reg>,
    /// See `spec/RECORDS.md`.
    pub frame_bytes: i64,
    /// Names and offsets of locals and special slots.
    pub slots: Vec<(String, i64)>,
}

/// The judge for one convention.
pub struct Judge<'s> {
    machine: &'s Machine,
    abi: &'s Abi,
    decoder: Box<dyn Decoder>,
    /// See [`World::kept_bits`].
    kept: Vec<u32>,
    callees: Callees<'s>,
    instruction_align: u32,
    linear: bool,
}

impl<'s> Judge<'s> {
    /// For the convention of that name.
    ///
    /// # Errors
    /// There is no such convention, or nothing that decodes its machine.
    pub fn new(spec: &'s Spec, abi: &str) -> Result<Judge<'s>, SpecError> {
        let machine = spec.machine_of_abi(abi)?;
        let unknown = || SpecError::Unknown { what: "decoder for machine", name: machine.name.clone() };
        let decoder = target::decoder(machine).ok_or_else(unknown)?;
        let abi = spec.abi(abi)?;
        let callees = Callees::new(spec, machine);
        let kept = state::kept_bits(machine, abi);
        Ok(Judge {
            machine,
            abi,
            decoder,
            kept,
            callees,
            instruction_align: machine.instruction_align(),
            linear: false,
        })
    }

    /// The same, by the walk over all paths at once alone: nothing is run, no solver is asked. What the others would decide
    /// is undecided.
    pub fn linear(self) -> Judge<'s> {
        Judge { linear: true, ..self }
    }

    /// The machine.
    pub fn machine(&self) -> &'s Machine {
        self.machine
    }

    /// Whether a method, called as the convention says, repays its caller.
    pub fn single(&self, method: &Method<'_>) -> Verdict {
        self.single_unwound(method).0
    }

    /// As [`Judge::single`], and whether what unwinders are told of it is right (P10).
    pub fn single_unwound(&self, method: &Method<'_>) -> (Verdict, Unwinding) {
        if let Some(why) = method.name.and_then(|name| self.callees.own(name)) {
            let why = format!("by contract: {why}");
            return (Verdict::Unsupported(why.clone()), Unwinding::Unsupported(why));
        }
        let world = self.world(method);
        let entry = State::at_call(&world);
        let (judged, unwinding) = Body::new(Part::Method, &world, &*self.decoder, method, &entry).judge();
        (judged.into_verdict(), unwinding)
    }

    /// Whether a method does, and then the one that is entered from it at a patchpoint, in its stead.
    pub fn pair(
        &self,
        source: &Method<'_>,
        target: &Method<'_>,
        patchpoint: &Patchpoint,
        arrival: &Arrival,
    ) -> Verdict {
        self.pair_unwound(source, target, patchpoint, arrival).0
    }

    /// As [`Judge::pair`], and whether what unwinders are told of each is right (P10).
    pub fn pair_unwound(
        &self,
        source: &Method<'_>,
        target: &Method<'_>,
        patchpoint: &Patchpoint,
        arrival: &Arrival,
    ) -> (Verdict, [Unwinding; 2]) {
        transfer::judge(self, source, target, patchpoint, arrival)
    }

    /// What concrete runs of a method show to be wrong: on the shortest paths to its ends, and one at random for each
    /// seed. For tests of the judge: what is proven must not be shown wrong.
    pub fn try_single(&self, method: &Method<'_>, seeds: Range<u64>) -> Vec<String> {
        let world = self.world(method);
        let entry = State::at_call(&world);
        Body::new(Part::Method, &world, &*self.decoder, method, &entry).trial(seeds)
    }

    /// What random runs of a method show to be wrong of its unwind data, place by place. For tests of the judge.
    pub fn try_rows(&self, method: &Method<'_>, seeds: Range<u64>) -> Vec<String> {
        let world = self.world(method);
        let entry = State::at_call(&world);
        unwind::trial(&Body::new(Part::Method, &world, &*self.decoder, method, &entry), seeds)
    }

    /// As [`Judge::try_rows`], of the second method of a pair.
    pub fn try_rows_of_target(
        &self,
        source: &Method<'_>,
        target: &Method<'_>,
        patchpoint: &Patchpoint,
        arrival: &Arrival,
        seeds: Range<u64>,
    ) -> Vec<String> {
        transfer::trial_of_rows(self, source, target, patchpoint, arrival, seeds)
    }

    /// As [`Judge::try_single`], of both methods of a pair, the second from where the first is seen to lead.
    pub fn try_pair(
        &self,
        source: &Method<'_>,
        target: &Method<'_>,
        patchpoint: &Patchpoint,
        arrival: &Arrival,
        seeds: Range<u64>,
    ) -> Vec<String> {
        transfer::trial(self, source, target, patchpoint, arrival, seeds)
    }

    /// Length in bytes of the instruction at a place, if it is known to do nothing.
    pub fn idles(&self, code: &[u8], at: framewright_spec::CodeOffset) -> Option<u32> {
        let step = Step::new(self.decoder.known(code, at).ok()?, self.machine);
        (step.control == Control::Idle).then(|| step.len())
    }

    /// Length in bytes and text of the instruction at a place, for people. What is not known counts one byte, or four on
    /// a machine of fixed patterns.
    pub fn listing(&self, code: &[u8], at: framewright_spec::CodeOffset) -> (u32, String) {
        let known = self.decoder.decode(code, at).map(|decoded| decoded.len);
        let length = known.ok().or_else(|| self.decoder.effects(code, at)?.ok().map(|effects| effects.len));
        let unknown = if self.machine.has_encodings() { 4 } else { 1 };
        (length.unwrap_or(unknown).max(1), self.decoder.text(code, at))
    }

    fn world<'w>(&'w self, method: &Method<'w>) -> World<'w> {
        World {
            machine: self.machine,
            abi: self.abi,
            kept: &self.kept,
            callees: &self.callees,
            instruction_align: self.instruction_align,
            code_bytes: method.bytes.len() as u32,
            surroundings: method.surroundings,
            linear: self.linear,
        }
    }
}
