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
//! skeleton (`node`, `enter`). The rules ([`rule`]) are a table, each proven at its width. Where a value is
//! computed is decided only on the way back (`elaborate`). Every limit counts nodes and rounds, never time: the same
//! function always gives the same code.
//!
//! It does not eliminate bounds checks, because there are none: an access outside the memory faults in a guard page.

mod rules;

mod cost;
mod edges;
mod elaborate;
mod enter;
mod extract;
mod known;
mod loops;
mod memory;
mod node;
mod rewrite;
pub mod rule;
pub mod term;

use crate::ir::{Dominators, Function, LoopForest};
use std::collections::BTreeMap;
use std::time::Instant;

/// Gets the name of a phase and the function after it.
pub type Dump<'a> = &'a dyn Fn(&str, &str);

/// How to optimize.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Called after every phase.
    pub dump: Option<Dump<'a>>,
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

/// Times through the e-graph at most: a second one if branches were decided by what the first found out.
const MAX_ROUNDS: usize = 2;

/// Makes the rules ready once for the process, which otherwise the first function waits for.
pub fn prepare() {
    rewrite::prepare();
}

/// Optimizes a function in place. It is renumbered.
pub fn optimize(function: &mut Function, options: &Options) -> Stats {
    let mut run = Run { options, stats: Stats::default(), last: Instant::now() };
    edges::shorten(function);
    run.done("shorten", function);
    for _ in 0..MAX_ROUNDS {
        let (dominators, loops) = prepare_loops(function);
        run.done("loops", function);
        let mut entered = enter::enter(function, &dominators, &loops);
        run.lap("enter");
        rewrite::saturate(&mut entered.graph, &mut run.stats);
        run.lap("saturate");
        *function = elaborate::elaborate(function, &dominators, &loops, &entered);
        run.done("elaborate", function);
        let folded = edges::shorten(function);
        run.done("shorten", function);
        if !folded {
            break;
        }
    }
    run.stats
}

/// Preheaders made, reads hoisted.
fn prepare_loops(function: &mut Function) -> (Dominators, LoopForest) {
    let mut dominators = Dominators::new(function);
    let mut forest = LoopForest::new(function, &dominators);
    if loops::add_preheaders(function, &dominators, &forest) {
        dominators = Dominators::new(function);
        forest = LoopForest::new(function, &dominators);
    }
    loops::hoist_reads(function, &dominators, &forest);
    (dominators, forest)
}

struct Run<'a> {
    options: &'a Options<'a>,
    stats: Stats,
    last: Instant,
}

impl Run<'_> {
    fn lap(&mut self, phase: &'static str) {
        let now = Instant::now();
        self.stats.nanos.push((phase, (now - self.last).as_nanos() as u64));
        self.last = now;
    }

    fn done(&mut self, phase: &'static str, function: &Function) {
        self.lap(phase);
        if let Some(dump) = self.options.dump {
            dump(phase, &function.to_string());
            self.last = Instant::now();
        }
    }
}
