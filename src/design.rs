//! Proving a design: every frame and every transition of a specification, each for shapes that cover it.
//!
//! ```text
//!   frame, shape ── sample ──▶ bytes + claim ── verifier ──▶ proven
//!   covering shapes: sets of saved registers of every kind × sizes on both sides of every encoding's limit
//! ```
//!
//! The code is the smallest that uses the frame: its prolog, a body that overwrites what is saved, its epilog. A frame
//! that extends another is entered by each transition that leads to it, from a proven sample of the frame it extends.

mod sizes;

pub use sizes::{Ending, Members, Sizes};

use framewright_compiler::sample::{Role, sample};
use framewright_compiler::{CompileError, Compiled};
use framewright_spec::{Shape, Spec, SpecError};
use framewright_verifier::{Counterexample, Proven, Verdict, Verifier};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// A statement about a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The machine.
    pub machine: String,
    /// The calling convention.
    pub abi: String,
    /// The frame's full name.
    pub frame: String,
    /// The full name of the transition that it is entered by; `None`: by a call.
    pub transition: Option<String>,
}

/// What came of a statement.
#[derive(Debug)]
pub struct Proof {
    /// Shapes that were tried, up to the first that is not proven.
    pub shapes: usize,
    /// Conditions that were proven.
    pub conditions: u64,
    /// Time of the proofs, the making of the code not counted.
    pub time: Duration,
    /// The time of each of them: one a shape, and one for each extended frame that was not proven before.
    pub times: Vec<Duration>,
    /// The first shape that is not proven.
    pub failure: Option<Failure>,
}

impl Proof {
    /// Nothing is proven yet.
    fn none() -> Proof {
        Proof { shapes: 0, conditions: 0, time: Duration::ZERO, times: Vec::new(), failure: None }
    }
}

/// A shape of a frame that is not proven.
#[derive(Debug)]
pub struct Failure {
    /// The shape, in words.
    pub shape: String,
    /// `refuted`, `undecided`, `unsupported`, or `not compiled`, and why.
    pub why: String,
    /// For code that is refuted.
    pub counterexample: Option<Box<Counterexample>>,
}

/// Every statement of a specification, by convention: frames that are called, and for the others the transitions that
/// lead to them.
pub fn statements(spec: &Spec) -> Vec<Statement> {
    let mut all = Vec::new();
    for abi in spec.abis.values() {
        for frame in spec.frames.values().filter(|frame| frame.abi == abi.name) {
            let statement = |transition| Statement {
                machine: abi.machine.clone(),
                abi: abi.name.clone(),
                frame: frame.name.clone(),
                transition,
            };
            if frame.extends.is_none() {
                all.push(statement(None));
            }
            let entered = spec.transitions.values().filter(|t| t.target == frame.name);
            all.extend(entered.map(|t| statement(Some(t.name.clone()))));
        }
    }
    all
}

/// Proves statements of one specification. One per thread.
pub struct Prover<'a> {
    spec: &'a Spec,
    verifier: Verifier,
    /// Samples of extended frames that are proven, by frame and shape.
    sources: HashMap<(String, String), Proven>,
}

impl<'a> Prover<'a> {
    /// A prover that has proven nothing yet.
    pub fn new(spec: &'a Spec) -> Prover<'a> {
        Prover { spec, verifier: Verifier::new(spec), sources: HashMap::new() }
    }

    /// The judge.
    pub fn verifier(&mut self) -> &mut Verifier {
        &mut self.verifier
    }

    /// Proves a statement for all covering shapes, or for so many of them that go round.
    ///
    /// # Errors
    /// The frame's shapes break a law of layouts.
    pub fn prove(&mut self, statement: &Statement, most: Option<usize>) -> Result<Proof, SpecError> {
        let shapes = self.spec.covering_shapes(&statement.frame)?;
        let step = most.map_or(1, |most| shapes.len().div_ceil(most.max(1)).max(1));
        let mut proof = Proof::none();
        for shape in shapes.iter().step_by(step) {
            proof.shapes += 1;
            if let Err(failure) = self.shape(statement, shape, &mut proof) {
                proof.failure = Some(failure);
                break;
            }
        }
        Ok(proof)
    }

    fn shape(&mut self, statement: &Statement, shape: &Shape, proof: &mut Proof) -> Result<(), Failure> {
        let frame = &statement.frame;
        let Some(name) = &statement.transition else {
            return self.code(frame, shape, Role::Called, None, proof).map(drop);
        };
        let below = self.spec.transitions.get(name).zip(shape.source.as_deref());
        let Some((transition, of_source)) = below else {
            let why = "not compiled: the shape has no shape of the extended frame".to_owned();
            return Err(self.failure(frame, shape, why, None));
        };
        let key = (transition.source.clone(), format!("{of_source:?}"));
        let source = match self.sources.get(&key) {
            Some(proven) => proven.clone(),
            None => {
                let proven = self.code(&transition.source, of_source, Role::Source, None, proof)?;
                self.sources.insert(key, proven.clone());
                proven
            }
        };
        self.code(frame, shape, Role::Target(name), Some(&source), proof).map(drop)
    }

    /// Makes a sample and proves it.
    fn code(
        &mut self,
        frame: &str,
        shape: &Shape,
        role: Role<'_>,
        source: Option<&Proven>,
        proof: &mut Proof,
    ) -> Result<Proven, Failure> {
        let made: Result<Compiled, CompileError> = sample(self.spec, frame, shape, role);
        let code = made.map_err(|e| self.failure(frame, shape, format!("not compiled: {e}"), None))?;
        let start = Instant::now();
        let verdict = self.verifier.verify(frame, code.bytes, code.claim, source);
        let time = start.elapsed();
        proof.time += time;
        proof.times.push(time);
        match verdict {
            Verdict::Proven(proven) => {
                proof.conditions +=
                    proven.certificate().obligations.values().map(|&n| u64::from(n)).sum::<u64>();
                Ok(proven)
            }
            Verdict::Refuted(found) => {
                let why = format!("refuted {}: {}", found.property, found.headline);
                Err(self.failure(frame, shape, why, Some(found)))
            }
            Verdict::Undecided(why) => Err(self.failure(frame, shape, format!("undecided: {why}"), None)),
            Verdict::Unsupported(what) => {
                Err(self.failure(frame, shape, format!("unsupported: {what}"), None))
            }
        }
    }

    fn failure(
        &self,
        frame: &str,
        shape: &Shape,
        why: String,
        counterexample: Option<Box<Counterexample>>,
    ) -> Failure {
        let machine = self.spec.machine_of_frame(frame);
        let shape = machine.map_or_else(|_| format!("{shape:?}"), |m| m.display_shape(shape).to_string());
        Failure { shape: format!("{frame} with {shape}"), why, counterexample }
    }
}
