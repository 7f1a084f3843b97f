//! The engine: stores, instances, and how they run.

pub mod error;
pub mod instance;
pub mod link;
pub mod memory;
pub mod store;
pub mod table;
pub mod words;

pub use error::{EngineError, Reason, Refusal, Trap};
