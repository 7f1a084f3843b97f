//! Reading WebAssembly: text or binary to a validated [`Module`].

pub mod module;
pub use module::Module;
