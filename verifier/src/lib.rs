//! The judge: machine code and a claim in, a verdict out. Knows nothing of the builder.
//!
//! `Unknown means no`: only [`Verdict::Proven`] carries code that may run.
//!
//! ```
//! use framewright_spec::claim::Entry;
//! use framewright_spec::{Claim, CodeOffset, RegSet, Shape, Spec};
//! use framewright_verifier::{Property, Verdict, Verifier};
//!
//! // A frame without saves: push FP, set FP │ restore FP, return.
//! let good = vec![0x55, 0x48, 0x89, 0xe5, 0x5d, 0xc3];
//! let claim = Claim {
//!     machine: Spec::embedded().abis["sysv"].machine.clone(),
//!     frame: "sysv.native".to_owned(),
//!     shape: Shape {
//!         sets: [("saved".to_owned(), RegSet::EMPTY)].into(),
//!         sizes: [("locals".to_owned(), 0), ("outgoing".to_owned(), 0)].into(),
//!         source: None,
//!     },
//!     entry: Entry::Call,
//!     body: CodeOffset(4),
//!     epilogs: vec![CodeOffset(4)],
//!     data: CodeOffset(6),
//!     jump_tables: vec![],
//!     patchpoints: vec![],
//!     helpers: vec![],
//!     landings: vec![],
//!     unwind: vec![],
//! };
//! let mut verifier = Verifier::new(Spec::embedded());
//! let Verdict::Proven(proven) = verifier.verify("good", good.clone(), claim.clone(), None) else { panic!() };
//! assert_eq!(proven.bytes(), good);
//!
//! // Another register is restored from the slot of FP.
//! let bad = vec![0x55, 0x48, 0x89, 0xe5, 0x5b, 0xc3];
//! let Verdict::Refuted(found) = verifier.verify("bad", bad, claim, None) else { panic!() };
//! assert_eq!(found.property, Property::P3);
//! ```
#![forbid(unsafe_code)]

pub mod answers;
pub mod verifier;

pub mod decoded;
pub mod effects;
pub mod target;

pub mod eval;

mod contract;
mod entry;

mod cfg;
mod term;
#[cfg(test)]
mod term_laws;

mod memory;
mod state;

mod boundary;
mod exec;
mod live;
mod moving;
mod obligations;
mod ring;
mod touch;
mod vc;

mod fixpoint;
mod smt;
mod solver;

mod paths;
mod refute;

mod narrate;
mod story;

pub mod classes;

pub mod counterexample;
mod render;
pub mod verdict;

pub mod concrete;
pub mod foreign;
pub mod probe;
pub mod replay;
pub mod unwind;

pub use classes::{AllSizes, Design};
pub use counterexample::Counterexample;
pub use decoded::{Decoded, Operand, Unsupported};
pub use smt::Query;
pub use verdict::{Certificate, Property, Proven, Verdict};
pub use verifier::Verifier;
