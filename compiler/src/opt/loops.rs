//! Loops made ready: each gets a preheader, and what only reads is moved there.
//!
//! ```text
//!      A   B            A   B
//!       \ /              \ /
//!        v                P        P: a block that only leads to the header H
//!   +--> H                v
//!   |    |          +---> H
//!   +----+          +-----+
//! ```
//!
//! A load may trap, so it is moved only when every entry of the loop would execute it before anything else can be
//! observed, and nothing in the loop may write what it reads. Pure values are placed by the elaboration.

use super::memory::clobbers;
use crate::ir::cfg::Predecessors;
use crate::ir::{
    Block, BlockData, Dominators, Function, Inst, LoopForest, LoopIndex, Op, Target, Terminator, Value,
    ValueData, ValueDef,
};

/// Gives every loop a preheader. Whether blocks were added, so that dominators and loops must be computed again.
pub(super) fn add_preheaders(function: &mut Function, dominators: &Dominators, loops: &LoopForest) -> bool {
    let predecessors = Predecessors::new(function);
    let mut added = false;
    for (_, data) in loops.loops() {
        let header = data.header;
        let mut outside = predecessors.of(header).to_vec();
        outside.retain(|&from| !dominators.dominates(header, from));
        let only_jump = |from: Block| matches!(function.block(from).end, Some(Terminator::Jump(_)));
        if outside.is_empty() || matches!(outside.as_slice(), [from] if only_jump(*from)) {
            continue;
        }
        add_preheader(function, header, &outside);
        added = true;
    }
    if added {
        function.reorder();
    }
    added
}

fn add_preheader(function: &mut Function, header: Block, outside: &[Block]) {
    let block = Block(function.blocks.len() as u32);
    let mut params = Vec::new();
    for n in 0..function.block(header).params.len() {
        let ty = function.ty(function.block(header).params[n]);
        params.push(Value(function.values.len() as u32));
        function.values.push(ValueData { ty, def: ValueDef::Param(block, n as u32) });
    }
    let end = Terminator::Jump(Target { block: header, args: params.iter().copied().collect() });
    function.blocks.push(BlockData { params, insts: Vec::new(), end: Some(end), loop_id: None });
    for &from in outside {
        let targets = function.blocks[from.index()].end.iter_mut().flat_map(|end| end.targets_mut());
        targets.filter(|target| target.block == header).for_each(|target| target.block = block);
    }
}

/// The block that leads to a loop and nowhere else, if there is one.
pub(super) fn preheader(
    function: &Function,
    dominators: &Dominators,
    predecessors: &Predecessors,
    header: Block,
) -> Option<Block> {
    let mut outside =
        predecessors.of(header).iter().copied().filter(|&from| !dominators.dominates(header, from));
    let (first, second) = (outside.next()?, outside.next());
    let only_jump = matches!(function.block(first).end, Some(Terminator::Jump(_)));
    (second.is_none() && only_jump).then_some(first)
}

/// Moves loads, `global.get` and `memory.size` out of loops that leave them alone, inner loops first.
pub(super) fn hoist_reads(function: &mut Function, dominators: &Dominators, loops: &LoopForest) {
    let predecessors = Predecessors::new(function);
    let mut block_of: Vec<Option<Block>> = vec![None; function.values.len()];
    for &block in &function.order {
        let data = function.block(block);
        data.params.iter().for_each(|param| block_of[param.index()] = Some(block));
        let results = data.insts.iter().flat_map(|&inst| &function.inst(inst).results);
        results.for_each(|result| block_of[result.index()] = Some(block));
    }
    let indices: Vec<LoopIndex> = loops.loops().map(|(index, _)| index).collect();
    for index in indices.into_iter().rev() {
        let header = loops.get(index).header;
        if let Some(to) = preheader(function, dominators, &predecessors, header) {
            hoist_from(function, loops, index, to, &mut block_of);
        }
    }
}

fn hoist_from(
    function: &mut Function,
    loops: &LoopForest,
    index: LoopIndex,
    to: Block,
    block_of: &mut [Option<Block>],
) {
    let header = loops.get(index).header;
    let insts = loops.members(index).iter().flat_map(|&block| &function.block(block).insts);
    let written: Vec<Op> = insts.map(|&inst| function.inst(inst).op).filter(|&op| clobbers(op)).collect();
    for &block in loops.members(index) {
        // Until the first thing in the header that can be observed, every entry of the loop executes it all.
        let mut first = block == header;
        let (mut stay, mut moved): (Vec<Inst>, Vec<Inst>) = (Vec::new(), Vec::new());
        for inst in std::mem::take(&mut function.blocks[block.index()].insts) {
            let data = function.inst(inst);
            let outside = |arg: &Value| block_of[arg.index()].is_some_and(|at| !loops.contains(index, at));
            let invariant = data.args.iter().all(outside);
            let moves = invariant
                && match data.op {
                    Op::Load(..) => first && !written.iter().any(|op| writes_memory(*op)),
                    Op::GlobalGet(global) => !written.iter().any(|op| writes_global(*op, global)),
                    Op::MemorySize => !written.iter().any(|op| matches!(op, Op::MemoryGrow) || is_call(*op)),
                    // Only the way of a moved load's address: what nobody needs there is swept away.
                    op => op.is_pure() && first,
                };
            if moves {
                data.results.iter().for_each(|result| block_of[result.index()] = Some(to));
                moved.push(inst);
            } else {
                first &= data.op.is_pure() || matches!(data.op, Op::GlobalGet(_) | Op::MemorySize);
                stay.push(inst);
            }
        }
        function.blocks[block.index()].insts = stay;
        function.blocks[to.index()].insts.extend(moved);
    }
}

fn is_call(op: Op) -> bool {
    matches!(op, Op::Call(_) | Op::CallIndirect(_))
}

fn writes_memory(op: Op) -> bool {
    is_call(op) || matches!(op, Op::Store(..))
}

fn writes_global(op: Op, global: u32) -> bool {
    is_call(op) || op == Op::GlobalSet(global)
}
