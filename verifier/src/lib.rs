//! The judge: machine code and a claim in, a verdict out. Knows nothing of the builder.
//!
//! `Unknown means no`: only [`Verdict::Proven`] carries code that may run.
#![forbid(unsafe_code)]

mod cfg;
pub mod concrete;
mod contract;
pub mod counterexample;
pub mod decoded;
mod entry;
pub mod eval;
mod exec;
mod fixpoint;
mod memory;
mod narrate;
mod obligations;
mod paths;
pub mod probe;
mod refute;
mod render;
pub mod replay;
mod solver;
mod state;
mod story;
pub mod target;
mod term;
mod vc;
pub mod verdict;
pub mod verifier;

pub use counterexample::Counterexample;
pub use decoded::{Decoded, Operand, Unsupported};
pub use verdict::{Certificate, Property, Proven, Verdict};
pub use verifier::Verifier;
