//! The order in which blocks become code, with every critical edge split.
//!
//! ```text
//! block1 ──┬─> block3      block1 ──┬─> edge ──> block3
//! block2 ──┼─> block3  =>  block2 ──┼──────────> block3
//! block1 ──┴─> block4      block1 ──┴──────────> block4
//! ```
//!
//! Nodes come in reverse postorder of a walk that leaves loops first, so that a loop's nodes lie together and
//! its exits follow. Code is laid out in the same order, but a `while` loop's header sinks below its latch when
//! that saves the jump back, and nodes that only trap go to the end. Says nothing about what is in a block.

use crate::ir::dom::Dominators;
use crate::ir::loops::LoopForest;
use crate::ir::{Block, Function, Target, Terminator};

/// A piece of straight-line code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A block of the function.
    Block(Block),
    /// An edge: out of a block, by index into [`distinct_targets`].
    Edge(Block, usize),
}

/// All nodes and their edges.
#[derive(Debug)]
pub(super) struct Order {
    /// Nodes in reverse postorder; the entry first.
    pub(super) nodes: Vec<Node>,
    /// For each node, where it goes, by index into `nodes`; for a block in the order of its distinct targets.
    pub(super) succs: Vec<Vec<usize>>,
    /// For each node, where it is reached from.
    pub(super) preds: Vec<Vec<usize>>,
    /// Nodes in the order of the code; the entry first.
    pub(super) layout: Vec<usize>,
}

/// A loop header with more instructions than this stays where it is.
const ROTATED_INSTS: usize = 12;

/// The targets of a terminator, equal ones once.
pub(super) fn distinct_targets(end: &Terminator) -> Vec<&Target> {
    match end {
        Terminator::Jump(target) => vec![target],
        Terminator::Branch(_, then, otherwise) if then == otherwise => vec![then],
        Terminator::Branch(_, then, otherwise) => vec![then, otherwise],
        Terminator::Table(_, targets) => distinct(targets),
        Terminator::Return(_) | Terminator::Trap(_) => vec![],
    }
}

fn distinct(targets: &[Target]) -> Vec<&Target> {
    let mut seen = rustc_hash::FxHashSet::default();
    targets.iter().filter(|&t| seen.insert((t.block, &t.args))).collect()
}

/// The graph before it is put in order: nodes numbered with the function's blocks first.
struct Graph {
    nodes: Vec<Node>,
    succs: Vec<Vec<usize>>,
    depth: Vec<u32>,
}

impl Order {
    /// Orders the reachable blocks of a function.
    pub(super) fn new(function: &Function) -> Order {
        let graph = Graph::new(function);
        let sequence = graph.sequence();
        let mut number = vec![usize::MAX; graph.nodes.len()];
        sequence.iter().enumerate().for_each(|(at, &node)| number[node] = at);
        let succs: Vec<Vec<usize>> =
            sequence.iter().map(|&node| graph.succs[node].iter().map(|&s| number[s]).collect()).collect();
        let mut preds = vec![Vec::new(); sequence.len()];
        for (at, succs) in succs.iter().enumerate() {
            succs.iter().for_each(|&s| preds[s].push(at));
        }
        let nodes = sequence.iter().map(|&node| graph.nodes[node]).collect();
        let mut placed = sequence;
        graph.rotate(function, &mut placed);
        graph.sink_traps(function, &mut placed);
        let layout = placed.into_iter().map(|node| number[node]).collect();
        Order { nodes, succs, preds, layout }
    }
}

impl Graph {
    fn new(function: &Function) -> Graph {
        let mut nodes: Vec<Node> = function.order.iter().map(|&b| Node::Block(b)).collect();
        let mut number = vec![usize::MAX; function.blocks.len()];
        function.order.iter().enumerate().for_each(|(at, b)| number[b.index()] = at);
        let ends = |b: Block| function.blocks[b.index()].end.as_ref();
        let mut succs: Vec<Vec<usize>> = function
            .order
            .iter()
            .map(|&b| ends(b).map(distinct_targets).unwrap_or_default())
            .map(|targets| targets.iter().map(|t| number[t.block.index()]).collect())
            .collect();
        let mut preds = vec![0; nodes.len()];
        succs.iter().flatten().for_each(|&s| preds[s] += 1);
        let loops = LoopForest::new(function, &Dominators::new(function));
        let mut depth: Vec<u32> = function.order.iter().map(|&b| loops.depth(b)).collect();
        for from in 0..function.order.len() {
            for edge in 0..succs[from].len() {
                let to = succs[from][edge];
                if succs[from].len() > 1 && preds[to] > 1 {
                    succs[from][edge] = nodes.len();
                    nodes.push(Node::Edge(function.order[from], edge));
                    depth.push(depth[from].min(depth[to]));
                    succs.push(vec![to]);
                }
            }
        }
        Graph { nodes, succs, depth }
    }

    /// Reverse postorder; of two ways on, the one that stays in more loops, then the later one, comes next.
    fn sequence(&self) -> Vec<usize> {
        let mut visited = vec![false; self.nodes.len()];
        let mut postorder = Vec::with_capacity(self.nodes.len());
        let ways = |node: usize| {
            let mut ways = self.succs[node].clone();
            ways.sort_by_key(|&s| self.depth[s]);
            ways.into_iter()
        };
        let mut stack = vec![(0, ways(0))];
        visited[0] = true;
        while let Some((node, rest)) = stack.last_mut() {
            match rest.find(|&s| !visited[s]) {
                Some(next) => {
                    visited[next] = true;
                    stack.push((next, ways(next)));
                }
                None => {
                    postorder.push(*node);
                    stack.pop();
                }
            }
        }
        postorder.reverse();
        postorder
    }

    /// Moves a loop header that tests for the exit below a latch that only jumps back: one jump less each time
    /// around.
    fn rotate(&self, function: &Function, sequence: &mut [usize]) {
        let small = |node: usize| {
            matches!(self.nodes[node], Node::Block(b)
            if function.blocks[b.index()].insts.len() <= ROTATED_INSTS)
        };
        let mut place = vec![usize::MAX; self.nodes.len()];
        sequence.iter().enumerate().for_each(|(at, &node)| place[node] = at);
        let latches: Vec<usize> = sequence.to_vec();
        for latch in latches {
            let [header] = self.succs[latch][..] else { continue };
            let (top, bottom) = (place[header], place[latch]);
            if top == 0 || top >= bottom || !small(header) || self.depth[latch] != self.depth[header] {
                continue;
            }
            let inside = |node: usize| self.depth[node] >= self.depth[header];
            let ways = &self.succs[header];
            let tests = ways.len() == 2
                && ways.iter().any(|&s| !inside(s))
                && ways.iter().any(|&s| s == sequence[top + 1]);
            let last = sequence.get(bottom + 1).is_none_or(|&next| !inside(next));
            if tests && last && inside(sequence[top + 1]) {
                sequence[top..=bottom].rotate_left(1);
                (top..=bottom).for_each(|at| place[sequence[at]] = at);
            }
        }
    }

    /// Moves nodes that end in a trap to the end.
    fn sink_traps(&self, function: &Function, sequence: &mut [usize]) {
        let traps = |node: usize| match self.nodes[node] {
            Node::Block(b) => matches!(function.blocks[b.index()].end, Some(Terminator::Trap(_))),
            Node::Edge(..) => false,
        };
        if let Some(rest) = sequence.get_mut(1..) {
            rest.sort_by_key(|&node| traps(node));
        }
    }
}
