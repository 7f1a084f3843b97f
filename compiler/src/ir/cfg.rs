//! The control flow graph of a function: successors, predecessors, reverse postorder.

use super::{Block, BlockData, Function, InstData, Target, Terminator, Type, Value};

impl Terminator {
    /// Its targets in order; a block may be the target of several edges.
    pub fn targets(&self) -> impl DoubleEndedIterator<Item = &Target> {
        let (first, second, rest): (_, _, &[Target]) = match self {
            Terminator::Jump(to) => (Some(to), None, &[]),
            Terminator::Branch(_, then, otherwise) => (Some(then), Some(otherwise), &[]),
            Terminator::Table(_, targets) => (None, None, targets),
            Terminator::Return(_) | Terminator::Trap(_) => (None, None, &[]),
        };
        first.into_iter().chain(second).chain(rest)
    }

    /// Its targets in order, to change.
    pub fn targets_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Target> {
        let (first, second, rest): (_, _, &mut [Target]) = match self {
            Terminator::Jump(to) => (Some(to), None, &mut []),
            Terminator::Branch(_, then, otherwise) => (Some(then), Some(otherwise), &mut []),
            Terminator::Table(_, targets) => (None, None, targets),
            Terminator::Return(_) | Terminator::Trap(_) => (None, None, &mut []),
        };
        first.into_iter().chain(second).chain(rest)
    }

    /// What it reads itself: its condition, index or results, not what it hands to its targets.
    pub fn operands(&self) -> &[Value] {
        match self {
            Terminator::Branch(value, ..) | Terminator::Table(value, _) => std::slice::from_ref(value),
            Terminator::Return(values) => values,
            Terminator::Jump(_) | Terminator::Trap(_) => &[],
        }
    }

    /// Every value it reads: its operands, then the arguments of its targets.
    pub fn uses(&self) -> impl Iterator<Item = Value> {
        let arguments = self.targets().flat_map(|target| &target.args);
        self.operands().iter().chain(arguments).copied()
    }

    /// Replaces every value it reads.
    pub fn map_uses(&mut self, mut f: impl FnMut(Value) -> Value) {
        match self {
            Terminator::Branch(value, ..) | Terminator::Table(value, _) => *value = f(*value),
            Terminator::Return(values) => values.iter_mut().for_each(|v| *v = f(*v)),
            Terminator::Jump(_) | Terminator::Trap(_) => {}
        }
        self.targets_mut().flat_map(|target| &mut target.args).for_each(|v| *v = f(*v));
    }
}

impl Function {
    /// The entry block: the first of `order`.
    pub fn entry(&self) -> Block {
        self.order[0]
    }

    /// A block's data.
    pub fn block(&self, block: Block) -> &BlockData {
        &self.blocks[block.index()]
    }

    /// An instruction's data.
    pub fn inst(&self, inst: super::Inst) -> &InstData {
        &self.insts[inst.index()]
    }

    /// A value's type.
    pub fn ty(&self, value: Value) -> Type {
        self.values[value.index()].ty
    }

    /// Targets of a block, one for each edge.
    pub fn successors(&self, block: Block) -> impl DoubleEndedIterator<Item = Block> + '_ {
        self.block(block).end.iter().flat_map(|end| end.targets()).map(|target| target.block)
    }

    /// Recomputes `order` from the entry, and empties the blocks that cannot be reached.
    pub fn reorder(&mut self) {
        let order = postorder(self, self.entry());
        let mut reached = vec![false; self.blocks.len()];
        order.iter().for_each(|block| reached[block.index()] = true);
        for (data, _) in self.blocks.iter_mut().zip(reached).filter(|(_, reached)| !reached) {
            *data = BlockData::default();
        }
        self.order = order;
        self.order.reverse();
    }
}

/// Blocks reachable from `entry`, each after those it leads to but for back edges.
fn postorder(function: &Function, entry: Block) -> Vec<Block> {
    let mut seen = vec![false; function.blocks.len()];
    let mut order = Vec::new();
    seen[entry.index()] = true;
    let mut path = vec![(entry, function.successors(entry))];
    while let Some((block, rest)) = path.last_mut() {
        // The last successor first, so that the reverse has the first successor follow at once.
        match rest.next_back() {
            Some(next) if !seen[next.index()] => {
                seen[next.index()] = true;
                path.push((next, function.successors(next)));
            }
            Some(_) => {}
            None => {
                order.push(*block);
                path.pop();
            }
        }
    }
    order
}

/// Predecessors of every block.
#[derive(Clone, Debug)]
pub struct Predecessors {
    starts: Vec<u32>,
    edges: Vec<Block>,
}

impl Predecessors {
    /// Of the blocks in `function.order`.
    pub fn new(function: &Function) -> Predecessors {
        let mut starts = vec![0; function.blocks.len() + 2];
        let all =
            || function.order.iter().flat_map(|&from| function.successors(from).map(move |to| (from, to)));
        all().for_each(|(_, to)| starts[to.index() + 2] += 1);
        for i in 2..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut edges = vec![Block(0); starts.last().map_or(0, |&n| n as usize)];
        for (from, to) in all() {
            let next = &mut starts[to.index() + 1];
            edges[*next as usize] = from;
            *next += 1;
        }
        Predecessors { starts, edges }
    }

    /// Where a block is reached from, one for each edge.
    pub fn of(&self, block: Block) -> &[Block] {
        &self.edges[self.starts[block.index()] as usize..self.starts[block.index() + 1] as usize]
    }
}
