//! The engine: runs WebAssembly natively, through code that was proven on its bytes.
#![deny(unsafe_code)]

pub mod answers;
pub mod check;
pub mod design;
pub mod engine;
pub mod export;
pub mod image;
pub mod jobs;
pub mod native;
pub mod object;
pub mod records;
pub mod replay;
pub mod stay;
pub mod unwinding;
pub mod witness;
mod written;
