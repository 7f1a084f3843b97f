//! The judge: machine code and a claim in, a verdict out. Knows nothing of the builder.
//!
//! `Unknown means no`: only [`Verdict::Proven`] carries code that may run.
#![forbid(unsafe_code)]

pub mod decoded;
pub mod target;
pub mod verdict;

pub use decoded::{Decoded, Operand, Unsupported};
pub use verdict::{Counterexample, Proven, Verdict};
