//! Framewright.
