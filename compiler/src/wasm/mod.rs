//! Reading WebAssembly: text or binary to a validated [`Module`].
//!
//! ```text
//! .wat --text--> .wasm --validated section by section--> Module { types, functions, …, bodies as ranges }
//! ```
//!
//! Accepted: WebAssembly 1.0 with mutable globals, sign extension, saturating conversions and multiple
//! values. Everything else is an error that names the feature. Bodies are validated here and translated
//! elsewhere.

pub mod callees;
pub mod module;
pub mod parse;

pub use module::Module;
