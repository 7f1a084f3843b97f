//! The engine: stores, instances, and how they run.

pub mod config;
pub mod error;
pub mod instance;
pub mod link;
pub mod memory;
pub mod stats;
pub mod store;
pub mod table;
pub mod words;

pub use error::{EngineError, Reason, Refusal, Trap};
