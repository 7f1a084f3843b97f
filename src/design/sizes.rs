//! A statement proven for every set of saved registers and every size at once, and held to code.
//!
//! ```text
//! declaration ── verifier ──▶ design, proven for all shapes
//! some covering shapes ── sample ──▶ code: each is a member of the design, a tenth is proven by itself as well
//! ```

use super::{Failure, Proof, Prover, Statement};
use crate::engine::config::scramble;
use framewright_compiler::sample::{Role, sample};
use framewright_spec::{Shape, SpecError};
use framewright_verifier::AllSizes;
use framewright_verifier::classes::{Design, Figures};
use std::fmt::{self, Display, Formatter};
use std::time::{Duration, Instant};

/// One in so many pieces of code that are members is proven by itself as well.
const EACH: u64 = 10;

/// How a statement about all shapes ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// For every shape, and the code that was made agrees.
    Proven,
    /// For some shape it does not hold.
    Refuted,
    /// The solver's limit was reached.
    Undecided,
    /// Something has no meaning in such a proof, by name.
    Unsupported,
    /// It is proven, but the compiler's code is not what was proven.
    Differs,
}

/// What came of a statement for all shapes.
#[derive(Debug)]
pub struct Sizes {
    /// How it ended.
    pub ending: Ending,
    /// What was proven; none where it was not.
    pub figures: Option<Figures>,
    /// Time of the proof for all shapes.
    pub time: Duration,
    /// Pieces of code that were compared with the design.
    pub members: usize,
    /// Time of comparing them.
    pub members_time: Duration,
    /// Of them, those that were proven by themselves as well.
    pub proven: usize,
    /// Time of proving those.
    pub proven_time: Duration,
    /// Why it is not proven; for code with a counterexample, that of the shape that was found.
    pub failure: Option<Failure>,
}

/// The code that a design is held to.
#[derive(Clone, Copy, Debug)]
pub struct Members {
    /// At most so many covering shapes of each statement, spread evenly.
    pub most: usize,
    /// Which tenth of them is proven by itself.
    pub seed: u64,
}

impl Display for Ending {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Ending::Proven => "proven",
            Ending::Refuted => "refuted",
            Ending::Undecided => "undecided",
            Ending::Unsupported => "unsupported",
            Ending::Differs => "differs",
        })
    }
}

impl Members {
    /// Whether the piece of that number is one of the tenth.
    fn chosen(&self, statement: &Statement, number: usize) -> bool {
        let name = statement.frame.bytes().chain(statement.transition.iter().flat_map(|name| name.bytes()));
        let name: Vec<u64> = name.map(u64::from).collect();
        scramble(&[self.seed, scramble(&name), number as u64]).is_multiple_of(EACH)
    }
}

impl Prover<'_> {
    /// Proves a statement for all shapes, and holds code of covering shapes to it.
    ///
    /// # Errors
    /// The frame's shapes break a law of layouts.
    pub fn prove_all_sizes(&mut self, statement: &Statement, members: Members) -> Result<Sizes, SpecError> {
        let start = Instant::now();
        let found = self.verifier.all_sizes(&statement.frame, statement.transition.as_deref());
        let mut sizes = Sizes {
            ending: Ending::Proven,
            figures: None,
            time: start.elapsed(),
            members: 0,
            members_time: Duration::ZERO,
            proven: 0,
            proven_time: Duration::ZERO,
            failure: None,
        };
        let any =
            |why| Failure { shape: format!("{} with any shape", statement.frame), why, counterexample: None };
        let (ending, failure) = match found {
            AllSizes::Proven(design) => {
                sizes.figures = Some(design.figures().clone());
                self.compare(statement, &design, members, &mut sizes)?;
                return Ok(sizes);
            }
            AllSizes::Refuted { shape, property, what } => {
                (Ending::Refuted, self.told(statement, &shape, format!("refuted {property}: {what}")))
            }
            AllSizes::Undecided(why) => (Ending::Undecided, any(format!("undecided: {why}"))),
            AllSizes::Unsupported(what) => (Ending::Unsupported, any(format!("unsupported: {what}"))),
        };
        (sizes.ending, sizes.failure) = (ending, Some(failure));
        Ok(sizes)
    }

    /// Makes code of covering shapes, and compares it with the design.
    fn compare(
        &mut self,
        statement: &Statement,
        design: &Design,
        members: Members,
        sizes: &mut Sizes,
    ) -> Result<(), SpecError> {
        let shapes = self.spec.covering_shapes(&statement.frame)?;
        let step = shapes.len().div_ceil(members.most.max(1)).max(1);
        let mut proof = Proof::none();
        for (number, shape) in shapes.iter().step_by(step).take(members.most).enumerate() {
            let role = statement.transition.as_deref().map_or(Role::Called, Role::Target);
            let made = sample(self.spec, &statement.frame, shape, role);
            let start = Instant::now();
            let member = made
                .map_err(|e| format!("not compiled: {e}"))
                .and_then(|code| self.verifier.is_member(design, &code.bytes, &code.claim));
            sizes.members_time += start.elapsed();
            if let Err(why) = member {
                sizes.ending = Ending::Differs;
                sizes.failure = Some(self.failure(&statement.frame, shape, why, None));
                break;
            }
            sizes.members += 1;
            if members.chosen(statement, number) {
                sizes.proven += 1;
                if let Err(failure) = self.shape(statement, shape, &mut proof) {
                    let refuted = failure.counterexample.is_some();
                    sizes.ending = if refuted { Ending::Refuted } else { Ending::Undecided };
                    sizes.failure = Some(failure);
                    break;
                }
            }
        }
        sizes.proven_time = proof.time;
        Ok(())
    }

    /// The failure for the shape that was found, as the code of that shape shows it.
    fn told(&mut self, statement: &Statement, shape: &Shape, why: String) -> Failure {
        match self.shape(statement, shape, &mut Proof::none()) {
            Err(Failure { shape, why: shown, counterexample }) => {
                Failure { shape, why: format!("{why}; its code is {shown}"), counterexample }
            }
            Ok(()) => {
                let why = format!("{why}; yet the code of this shape is proven by itself");
                self.failure(&statement.frame, shape, why, None)
            }
        }
    }
}
