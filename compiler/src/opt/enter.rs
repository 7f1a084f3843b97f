//! From the function into the e-graph.
//!
//! Blocks are read in reverse postorder, so that a value is entered before its uses. Equal pure instructions fall
//! into one class. An instruction with effects, or one that may trap, stays in the skeleton and its result is a
//! leaf, unless the result is known already:
//!
//! - a division equal to one that dominates it (it would have trapped first),
//! - a load, `global.get` or `memory.size` of something [`Memory`] knows.

use super::memory::{Access, Memory, Place};
use super::node::{Fact, Facts, Graph, Head, Node};
use crate::ir::cfg::Predecessors;
use crate::ir::{
    self, Block, Dominators, Function, Inst, LoadOp, LoopForest, LoopIndex, NumOp, Op, Type, Value,
};
use egg::Id;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// The e-graph of a function, and what became of its instructions.
pub(super) struct Entered {
    /// The e-graph, not yet rebuilt.
    pub(super) graph: Graph,
    /// Class of every value of a reachable block.
    pub(super) class_of: Vec<Id>,
    /// By [`Inst`]: no longer part of the skeleton, its result being known otherwise or of no effect.
    pub(super) removed: Vec<bool>,
}

/// Enters a function.
pub(super) fn enter(function: &Function, dominators: &Dominators, loops: &LoopForest) -> Entered {
    let mut enter = Enter {
        function,
        dominators,
        loops,
        entered: Entered {
            graph: Graph::new(Facts { leaves: facts(function), changed: Vec::new() }),
            class_of: vec![Id::from(0); function.values.len()],
            removed: vec![false; function.insts.len()],
        },
        seen: FxHashMap::default(),
        ends: vec![None; function.blocks.len()],
        clobbers: loops.loops().map(|(index, _)| clobbers(function, loops, index)).collect(),
    };
    let predecessors = Predecessors::new(function);
    for &block in &function.order {
        enter.block(block, predecessors.of(block));
    }
    enter.entered
}

/// What is known of values that the e-graph does not look into.
fn facts(function: &Function) -> Vec<Fact> {
    let mut facts: Vec<Fact> = function.values.iter().map(|value| Fact::unknown(value.ty)).collect();
    for inst in &function.insts {
        let ones = match inst.op {
            Op::Load(LoadOp::I32Load8U | LoadOp::I64Load8U, _) => 0xff,
            Op::Load(LoadOp::I32Load16U | LoadOp::I64Load16U, _) => 0xffff,
            Op::Load(LoadOp::I64Load32U, _) => 0xffff_ffff,
            Op::MemorySize => 0x1_ffff,
            _ => continue,
        };
        facts[inst.results[0].index()].ones = ones;
    }
    facts
}

/// What one time through a loop may change.
fn clobbers(function: &Function, loops: &LoopForest, index: LoopIndex) -> Vec<Op> {
    let insts = loops.members(index).iter().flat_map(|&block| &function.block(block).insts);
    let ops = insts.map(|&inst| function.inst(inst).op);
    let mut ops: Vec<Op> = ops.filter(|op| super::memory::clobbers(*op)).collect();
    ops.sort_unstable();
    ops.dedup();
    ops
}

/// An instruction and the classes of its arguments.
type Computation = (NumOp, SmallVec<[Id; 2]>);

struct Enter<'a> {
    function: &'a Function,
    dominators: &'a Dominators,
    loops: &'a LoopForest,
    entered: Entered,
    /// Instructions that may trap, by what they compute: where, and the class of the result.
    seen: FxHashMap<Computation, Vec<(Block, Id)>>,
    /// What is known of memory at the end of each block entered so far.
    ends: Vec<Option<Memory>>,
    /// By loop.
    clobbers: Vec<Vec<Op>>,
}

impl Enter<'_> {
    fn block(&mut self, block: Block, predecessors: &[Block]) {
        let mut memory = self.memory_at(block, predecessors);
        for &param in &self.function.block(block).params {
            self.leaf(param);
        }
        for &inst in &self.function.block(block).insts {
            self.inst(block, inst, &mut memory);
        }
        self.ends[block.index()] = Some(memory);
    }

    /// What every way into a block knows. Around a loop that is what is known before it and not changed in it.
    fn memory_at(&self, block: Block, predecessors: &[Block]) -> Memory {
        let header = self.loops.innermost(block).filter(|&index| self.loops.get(index).header == block);
        let from_outside = |&from: &Block| !self.dominators.dominates(block, from);
        let mut before =
            predecessors.iter().copied().filter(from_outside).map(|from| &self.ends[from.index()]);
        let Some(Some(first)) = before.next() else { return Memory::default() };
        let mut memory = first.clone();
        memory.observe();
        for other in before {
            let Some(other) = other else { return Memory::default() };
            memory.intersect(other);
        }
        match header {
            Some(index) => self.clobbers[index.0 as usize].iter().for_each(|&op| memory.clobber(op)),
            None if predecessors.iter().any(|from| !from_outside(from)) => return Memory::default(),
            None => {}
        }
        memory
    }

    fn leaf(&mut self, value: Value) -> Id {
        let class = self.entered.graph.add(Node::new(Head::Leaf(value), &[]));
        self.entered.class_of[value.index()] = class;
        class
    }

    fn inst(&mut self, block: Block, inst: Inst, memory: &mut Memory) {
        let data = self.function.inst(inst);
        let graph = &mut self.entered.graph;
        let args: SmallVec<[Id; 3]> =
            data.args.iter().map(|arg| graph.find(self.entered.class_of[arg.index()])).collect();
        let known = match data.op {
            Op::Const(ty, bits) => Some(graph.add(Node::new(Head::Const(ty, bits), &[]))),
            Op::Select => Some(graph.add(Node::new(Head::Select, &args))),
            Op::Num(op) if !op.traps() || cannot_trap(op, &args, graph) => {
                Some(graph.add(Node::new(Head::Num(op), &args)))
            }
            Op::Num(op) => self.dominating(op, &args, block),
            _ => memory.step(data.op, &args, inst, graph),
        };
        match (known, data.results.first()) {
            (Some(class), Some(&result)) => {
                self.entered.class_of[result.index()] = class;
                self.entered.removed[inst.index()] = true;
            }
            (Some(_), None) => self.entered.removed[inst.index()] = true,
            (None, _) => self.keep(block, inst, &args, memory),
        }
        if let Some(dead) = memory.overwritten.take() {
            self.entered.removed[dead.index()] = true;
        }
    }

    /// Keeps an instruction in the skeleton and remembers its result.
    fn keep(&mut self, block: Block, inst: Inst, args: &[Id], memory: &mut Memory) {
        let data = self.function.inst(inst);
        data.results.iter().for_each(|&result| {
            self.leaf(result);
        });
        let Some(&result) = data.results.first() else { return };
        let class = self.entered.class_of[result.index()];
        match data.op {
            Op::Num(op) => {
                memory.observe();
                self.seen.entry((op, args.into())).or_default().push((block, class));
            }
            Op::Load(op, offset) => {
                let access = Access::new(args[0], offset, op.bytes(), &self.entered.graph);
                memory.know(Place::Memory(access), class);
            }
            Op::GlobalGet(index) => memory.know(Place::Global(index), class),
            Op::MemorySize => memory.know(Place::Size, class),
            _ => {}
        }
    }

    fn dominating(&self, op: NumOp, args: &[Id], block: Block) -> Option<Id> {
        let equal = self.seen.get(&(op, args.into()))?;
        equal.iter().find(|(at, _)| self.dominators.dominates(*at, block)).map(|&(_, class)| class)
    }
}

/// Whether an instruction that may trap does not for these arguments.
fn cannot_trap(op: NumOp, args: &[Id], graph: &Graph) -> bool {
    use NumOp::*;
    let constant = |id: Id| graph[id].data.constant;
    let all: Option<SmallVec<[u64; 2]>> = args.iter().map(|&arg| constant(arg)).collect();
    if let Some(bits) = all {
        return ir::eval(op, &bits).is_ok();
    }
    let Some(divisor) = args.get(1).and_then(|&arg| constant(arg)) else { return false };
    let minus_one = if op.result() == Type::I32 { u64::from(u32::MAX) } else { u64::MAX };
    match op {
        I32DivU | I64DivU | I32RemU | I64RemU | I32RemS | I64RemS => divisor != 0,
        I32DivS | I64DivS => divisor != 0 && divisor != minus_one,
        _ => false,
    }
}
