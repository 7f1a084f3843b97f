//! The x86-64 adapter.
