//! The loops of a function and how they nest.
//!
//! ```text
//!          +------------+
//!          v            |            a back edge goes to a block that dominates its source: the header
//! entry -> header -> latch -> exit   members: header and all that reach the latch without passing it
//! ```
//!
//! Cycles that are entered at several blocks are no loops here; WebAssembly has none, but an OSR function,
//! entered in the middle of a nest, can have some, as part of the loop it was entered at.

use super::cfg::Predecessors;
use super::{Block, Dominators, Function};

/// A loop, by its place in [`LoopForest::loops`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoopIndex(pub u32);

/// One loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The only block through which it is entered.
    pub header: Block,
    /// The loop around it.
    pub parent: Option<LoopIndex>,
    /// 1 for an outermost loop.
    pub depth: u32,
    /// Members in [`LoopForest::members`] (inner loops included), and number of loops inside, itself
    /// included.
    members: std::ops::Range<u32>,
    nested: u32,
}

/// All loops, outer before inner.
#[derive(Clone, Debug)]
pub struct LoopForest {
    loops: Vec<Loop>,
    /// By block: innermost loop.
    innermost: Vec<Option<LoopIndex>>,
    /// Blocks in loops; those of one loop contiguous.
    members: Vec<Block>,
}

impl LoopForest {
    /// Of the blocks in `function.order`.
    pub fn new(function: &Function, dominators: &Dominators) -> LoopForest {
        let mut found = Found::new(function, dominators);
        found.number();
        found.forest(function)
    }

    /// Every loop; a parent comes before its children, and what is nested in it follows it.
    pub fn loops(&self) -> impl Iterator<Item = (LoopIndex, &Loop)> {
        self.loops.iter().enumerate().map(|(i, data)| (LoopIndex(i as u32), data))
    }

    /// A loop's data.
    pub fn get(&self, index: LoopIndex) -> &Loop {
        &self.loops[index.0 as usize]
    }

    /// The innermost loop a block is in.
    pub fn innermost(&self, block: Block) -> Option<LoopIndex> {
        self.innermost[block.index()]
    }

    /// In how many loops a block is.
    pub fn depth(&self, block: Block) -> u32 {
        self.innermost(block).map_or(0, |index| self.get(index).depth)
    }

    /// Whether a block is in a loop or in one nested in it.
    pub fn contains(&self, index: LoopIndex, block: Block) -> bool {
        let inner = self.innermost(block).map_or(u32::MAX, |index| index.0);
        inner.wrapping_sub(index.0) < self.get(index).nested
    }

    /// Blocks of a loop, those of nested loops included.
    pub fn members(&self, index: LoopIndex) -> &[Block] {
        let range = &self.get(index).members;
        &self.members[range.start as usize..range.end as usize]
    }
}

/// Loops as found, inner before outer.
struct Found {
    headers: Vec<Block>,
    parent: Vec<Option<u32>>,
    /// By block: innermost loop.
    innermost: Vec<Option<u32>>,
    /// By loop: its number in the forest.
    place: Vec<u32>,
    nested: Vec<u32>,
}

impl Found {
    fn new(function: &Function, dominators: &Dominators) -> Found {
        let predecessors = Predecessors::new(function);
        let mut found = Found {
            headers: vec![],
            parent: vec![],
            innermost: vec![None; function.blocks.len()],
            place: vec![],
            nested: vec![],
        };
        // Towards the outermost loop known so far, shortened on the way.
        let mut outermost: Vec<u32> = vec![];
        for &header in dominators.preorder().iter().rev() {
            let this = found.headers.len() as u32;
            let latches = predecessors.of(header).iter().filter(|&&from| dominators.dominates(header, from));
            let mut work: Vec<Block> = latches.copied().collect();
            if work.is_empty() {
                continue;
            }
            found.headers.push(header);
            found.parent.push(None);
            outermost.push(this);
            found.innermost[header.index()] = Some(this);
            while let Some(block) = work.pop() {
                let enter = match found.innermost[block.index()] {
                    None => {
                        found.innermost[block.index()] = Some(this);
                        block
                    }
                    Some(inner) => {
                        let inner = top(&mut outermost, inner);
                        if inner == this {
                            continue;
                        }
                        found.parent[inner as usize] = Some(this);
                        outermost[inner as usize] = this;
                        found.headers[inner as usize]
                    }
                };
                work.extend(
                    predecessors.of(enter).iter().filter(|&&from| dominators.dominates(header, from)),
                );
            }
        }
        found
    }

    /// Numbers the loops so that each is followed by those nested in it.
    fn number(&mut self) {
        let count = self.headers.len();
        self.nested = vec![1; count];
        for (inner, &outer) in self.parent.iter().enumerate() {
            // A parent was found after its children.
            if let Some(outer) = outer {
                self.nested[outer as usize] += self.nested[inner];
            }
        }
        let (mut roots, mut free) = (0, vec![0; count]);
        self.place = vec![0; count];
        for this in (0..count).rev() {
            let next = self.parent[this].map_or(&mut roots, |outer| &mut free[outer as usize]);
            self.place[this] = *next;
            *next += self.nested[this];
            free[this] = self.place[this] + 1;
        }
    }

    fn forest(self, function: &Function) -> LoopForest {
        let count = self.headers.len();
        let mut loops =
            vec![Loop { header: Block(0), parent: None, depth: 0, members: 0..0, nested: 0 }; count];
        for this in (0..count).rev() {
            let parent = self.parent[this].map(|outer| LoopIndex(self.place[outer as usize]));
            let depth = 1 + parent.map_or(0, |outer| loops[outer.0 as usize].depth);
            let nested = self.nested[this];
            loops[self.place[this] as usize] =
                Loop { header: self.headers[this], parent, depth, members: 0..0, nested };
        }
        let place = |found: Option<u32>| found.map(|found| LoopIndex(self.place[found as usize]));
        let innermost: Vec<_> = self.innermost.iter().map(|&found| place(found)).collect();
        let mut members: Vec<Block> =
            function.order.iter().copied().filter(|block| innermost[block.index()].is_some()).collect();
        members.sort_by_key(|block| innermost[block.index()]);
        let at = |number: u32| {
            members.partition_point(|block| innermost[block.index()].is_some_and(|index| index.0 < number))
                as u32
        };
        for (number, data) in (0..).zip(&mut loops) {
            data.members = at(number)..at(number + data.nested);
        }
        LoopForest { loops, innermost, members }
    }
}

fn top(outermost: &mut [u32], mut inner: u32) -> u32 {
    while outermost[inner as usize] != inner {
        outermost[inner as usize] = outermost[outermost[inner as usize] as usize];
        inner = outermost[inner as usize];
    }
    inner
}
