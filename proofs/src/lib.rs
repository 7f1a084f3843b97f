//! Placeholder while the interfaces are drawn.
