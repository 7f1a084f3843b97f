//! The judge: machine code and a claim in, a verdict out. Knows nothing of the builder.
//!
//! `Unknown means no`: only [`Verdict::Proven`] carries code that may run.
#![forbid(unsafe_code)]

pub mod concrete;
pub mod counterexample;
pub mod decoded;
pub mod eval;
pub mod probe;
mod render;
pub mod target;
pub mod verdict;
pub mod verifier;

pub use counterexample::Counterexample;
pub use decoded::{Decoded, Operand, Unsupported};
pub use verdict::{Certificate, Property, Proven, Verdict};
pub use verifier::Verifier;
