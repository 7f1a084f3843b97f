//! The dominator tree, after Lengauer and Tarjan ("A fast algorithm for finding dominators in a flowgraph",
//! 1979), in its `O(edges · log blocks)` form and without recursion.
//!
//! `a` dominates `b` when every path from the entry to `b` passes `a`. The tree is numbered in preorder, so
//! that the blocks under `a` are the interval `start(a) .. start(a) + size(a)`.

use super::cfg::Predecessors;
use super::{Block, Function};

const NONE: u32 = u32::MAX;

/// The dominator tree of a function's reachable blocks.
#[derive(Clone, Debug)]
pub struct Dominators {
    /// By block: immediate dominator.
    idom: Vec<Option<Block>>,
    /// By block: position in `preorder` and number of blocks in the subtree; `(NONE, 0)` if unreachable.
    interval: Vec<(u32, u32)>,
    /// Dominators before what they dominate.
    preorder: Vec<Block>,
}

impl Dominators {
    /// Of the blocks in `function.order`.
    pub fn new(function: &Function) -> Dominators {
        let mut search = Search::new(function);
        search.semidominators(&Predecessors::new(function));
        search.tree(function.blocks.len())
    }

    /// The closest dominator of a block but itself; none for the entry and for unreachable blocks.
    pub fn idom(&self, block: Block) -> Option<Block> {
        self.idom[block.index()]
    }

    /// Whether every path to `b` passes `a`; a block dominates itself. False when either is unreachable.
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        let (start, size) = self.interval[a.index()];
        let (at, _) = self.interval[b.index()];
        at != NONE && at.wrapping_sub(start) < size
    }

    /// Reachable blocks, each subtree contiguous and its root first.
    pub fn preorder(&self) -> &[Block] {
        &self.preorder
    }

    /// The blocks `block` dominates, itself first.
    pub fn subtree(&self, block: Block) -> &[Block] {
        match self.interval[block.index()] {
            (NONE, _) => &[],
            (start, size) => &self.preorder[start as usize..(start + size) as usize],
        }
    }
}

/// All vectors are indexed by depth-first number, but for `number`.
struct Search {
    vertex: Vec<Block>,
    /// By block.
    number: Vec<u32>,
    parent: Vec<u32>,
    semi: Vec<u32>,
    label: Vec<u32>,
    ancestor: Vec<u32>,
    dom: Vec<u32>,
}

impl Search {
    fn new(function: &Function) -> Search {
        let mut number = vec![NONE; function.blocks.len()];
        let (mut vertex, mut parent) = (Vec::new(), Vec::new());
        let mut stack = vec![(function.entry(), NONE)];
        while let Some((block, from)) = stack.pop() {
            if number[block.index()] != NONE {
                continue;
            }
            let this = vertex.len() as u32;
            number[block.index()] = this;
            vertex.push(block);
            parent.push(from);
            stack.extend(function.successors(block).map(|next| (next, this)));
        }
        let identity: Vec<u32> = (0..vertex.len() as u32).collect();
        let ancestor = vec![NONE; vertex.len()];
        Search {
            number,
            parent,
            semi: identity.clone(),
            label: identity,
            ancestor,
            dom: vec![NONE; vertex.len()],
            vertex,
        }
    }

    /// Fills `dom` with immediate dominators.
    fn semidominators(&mut self, predecessors: &Predecessors) {
        let count = self.vertex.len();
        let (mut bucket, mut next) = (vec![NONE; count], vec![NONE; count]);
        for w in (1..count as u32).rev() {
            for &pred in predecessors.of(self.vertex[w as usize]) {
                let pred = self.number[pred.index()];
                if pred == NONE {
                    continue;
                }
                let best = self.best(pred);
                self.semi[w as usize] = self.semi[w as usize].min(self.semi[best as usize]);
            }
            let semi = self.semi[w as usize] as usize;
            next[w as usize] = std::mem::replace(&mut bucket[semi], w);
            let parent = self.parent[w as usize];
            self.ancestor[w as usize] = parent;
            let mut v = std::mem::replace(&mut bucket[parent as usize], NONE);
            while v != NONE {
                let best = self.best(v);
                let below = self.semi[best as usize] < self.semi[v as usize];
                self.dom[v as usize] = if below { best } else { parent };
                v = next[v as usize];
            }
        }
        for w in 1..count {
            if self.dom[w] != self.semi[w] {
                self.dom[w] = self.dom[self.dom[w] as usize];
            }
        }
    }

    /// The vertex of least semidominator on the forest path to `v`, its root excluded; compresses the path.
    fn best(&mut self, v: u32) -> u32 {
        let mut path = vec![];
        let mut at = v;
        while self.ancestor[at as usize] != NONE && self.ancestor[self.ancestor[at as usize] as usize] != NONE
        {
            path.push(at);
            at = self.ancestor[at as usize];
        }
        for &at in path.iter().rev() {
            let above = self.ancestor[at as usize] as usize;
            if self.semi[self.label[above] as usize] < self.semi[self.label[at as usize] as usize] {
                self.label[at as usize] = self.label[above];
            }
            self.ancestor[at as usize] = self.ancestor[above];
        }
        self.label[v as usize]
    }

    fn tree(self, blocks: usize) -> Dominators {
        let count = self.vertex.len();
        let mut size = vec![1u32; count];
        for w in (1..count).rev() {
            size[self.dom[w] as usize] += size[w];
        }
        // `start[w]`, then the first free position in the subtree of `w`.
        let mut free = vec![0u32; count];
        let mut tree = Dominators {
            idom: vec![None; blocks],
            interval: vec![(NONE, 0); blocks],
            preorder: self.vertex.clone(),
        };
        for w in 0..count {
            let start = match self.dom[w] {
                NONE => 0,
                above => {
                    tree.idom[self.vertex[w].index()] = Some(self.vertex[above as usize]);
                    let start = free[above as usize];
                    free[above as usize] += size[w];
                    start
                }
            };
            free[w] = start + 1;
            tree.interval[self.vertex[w].index()] = (start, size[w]);
            tree.preorder[start as usize] = self.vertex[w];
        }
        tree
    }
}
