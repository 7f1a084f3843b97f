//! The optimizer: IR to IR.
//!
//! ```text
//! function -> simplify -> enter -> saturate -> extract -> elaborate -> simplify -> function
//!             (edges,    (e-graph  (rules)    (cheapest  (place: GVN,  (edges,
//!              blocks,    of pure              node of    loop-         dead
//!              params)    values)              a class)   invariant     params)
//!                                                         code out)
//! ```
//!
//! Pure values live in an e-graph while the control-flow graph and the instructions with effects stay outside as a
//! skeleton ([`node`], [`enter`]). The rules ([`rule`]) are a table, each proven at its width. Where a value is
//! computed is decided only on the way back ([`elaborate`]).
//!
//! It does not eliminate bounds checks, because there are none: an access outside the memory faults in a guard page.

mod rules;

pub mod known;
pub mod node;
pub mod rule;
pub mod term;

use crate::ir::Function;
use std::collections::BTreeMap;

/// How to optimize.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Called with the name and the result of every phase.
    pub dump: Option<&'a dyn Fn(&str, &str)>,
}

/// What the optimizer did.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Nodes of the e-graph at its largest.
    pub nodes: usize,
    /// Rounds of rewriting.
    pub iterations: u32,
    /// How often each rule taught the e-graph something, by name.
    pub fired: BTreeMap<&'static str, u32>,
    /// Nanoseconds by phase, in order.
    pub nanos: Vec<(&'static str, u64)>,
}

/// Optimizes a function in place.
pub fn optimize(_function: &mut Function, _options: &Options) -> Stats {
    Stats::default()
}
