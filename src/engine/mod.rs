//! The engine: stores, instances, and how they run.

pub mod memory;
