//! Machine adapters: the only place that knows a machine's encoding.

pub mod x86_64;
