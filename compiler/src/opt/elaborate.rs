//! From the e-graph back into the function: each value is computed where it is first needed, once for all places
//! that dominates, and outside of loops that it does not depend on.
//!
//! ```text
//! P: x = load …            P: x = load …
//!    jump H                   y = x * 12        <- pure and of values known before the loop
//! H: i = …                    jump H
//!    y = x * 12        =>  H: i = …
//!    z = y + i                z = y + i
//! ```
//!
//! Constants are made anew in every block: a register is dearer than an immediate. So are comparisons that decide a
//! branch, which then needs no register at all. At most so many values are kept across a loop.

use super::cost::cost;
use super::enter::Entered;
use super::extract::Extracted;
use super::known::is_test;
use super::loops::preheader;
use super::node::{Graph, Head, Node};
use crate::ir::cfg::Predecessors;
use crate::ir::{
    Block, BlockData, Dominators, Function, Inst, InstData, LoopForest, NumOp, Op, Target, Terminator, Type,
    Value, ValueData, ValueDef,
};
use egg::{Id, Language};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Cheap values of each register class that are kept across a loop at most; dear ones are kept always.
const MAX_KEPT: u32 = 8;
/// From this cost on a value is dear.
const DEAR: u32 = 5;

/// Builds the function anew. Blocks keep their numbers.
pub(super) fn elaborate(
    function: &Function,
    dominators: &Dominators,
    loops: &LoopForest,
    entered: &Entered,
) -> Function {
    let extracted = Extracted::new(&entered.graph, &|_| true);
    let predecessors = Predecessors::new(function);
    let preheaders =
        loops.loops().map(|(_, data)| preheader(function, dominators, &predecessors, data.header));
    let new = Function {
        name: function.name.clone(),
        params: function.params.clone(),
        results: function.results.clone(),
        blocks: vec![BlockData::default(); function.blocks.len()],
        order: function.order.clone(),
        ..Function::default()
    };
    let mut elaborate = Elaborate {
        old: function,
        dominators,
        loops,
        entered,
        graph: &entered.graph,
        preheaders: preheaders.collect(),
        kept: vec![[0; 2]; loops.loops().count()],
        extracted,
        new,
        at: Vec::new(),
        leaves: vec![None; function.values.len()],
        computed: FxHashMap::default(),
        wasm_offset: 0,
    };
    for &block in dominators.preorder() {
        elaborate.block(block);
    }
    elaborate.new
}

struct Elaborate<'a> {
    old: &'a Function,
    dominators: &'a Dominators,
    loops: &'a LoopForest,
    entered: &'a Entered,
    graph: &'a Graph,
    /// By loop.
    preheaders: Vec<Option<Block>>,
    /// By loop: cheap values kept across it, integers and floats.
    kept: Vec<[u32; 2]>,
    extracted: Extracted,
    new: Function,
    /// By new value: the block it is computed in.
    at: Vec<Block>,
    /// By old value: the new one.
    leaves: Vec<Option<Value>>,
    /// By class: where it is available.
    computed: FxHashMap<Id, SmallVec<[Value; 1]>>,
    /// Of the instruction at hand.
    wasm_offset: u32,
}

impl Elaborate<'_> {
    fn block(&mut self, block: Block) {
        let old = self.old;
        let data = old.block(block);
        self.new.blocks[block.index()].loop_id = data.loop_id;
        for (n, &param) in data.params.iter().enumerate() {
            let value = self.value(old.ty(param), ValueDef::Param(block, n as u32), block);
            self.new.blocks[block.index()].params.push(value);
            self.leaves[param.index()] = Some(value);
        }
        for &inst in data.insts.iter().filter(|inst| !self.entered.removed[inst.index()]) {
            let data = old.inst(inst);
            self.wasm_offset = data.wasm_offset;
            let args = data.args.iter().map(|&arg| self.demand(arg, block)).collect();
            let types: SmallVec<[Type; 1]> = data.results.iter().map(|&result| old.ty(result)).collect();
            let results = self.append(block, data.op, args, &types);
            for (&old, new) in data.results.iter().zip(results) {
                self.leaves[old.index()] = Some(new);
            }
        }
        let end = data.end.as_ref().map(|end| self.end(end, block));
        self.new.blocks[block.index()].end = end;
    }

    fn end(&mut self, end: &Terminator, block: Block) -> Terminator {
        match end {
            Terminator::Jump(target) => Terminator::Jump(self.target(target, block)),
            Terminator::Branch(condition, then, otherwise) => self.branch(*condition, then, otherwise, block),
            Terminator::Table(index, targets) => {
                let index = self.demand(*index, block);
                Terminator::Table(index, targets.iter().map(|target| self.target(target, block)).collect())
            }
            Terminator::Return(values) => {
                Terminator::Return(values.iter().map(|&value| self.demand(value, block)).collect())
            }
            Terminator::Trap(offset) => Terminator::Trap(*offset),
        }
    }

    fn target(&mut self, target: &Target, block: Block) -> Target {
        let args = target.args.iter().map(|&arg| self.demand(arg, block)).collect();
        Target { block: target.block, args }
    }

    /// A branch asks only whether its condition is zero.
    fn branch(&mut self, condition: Value, then: &Target, otherwise: &Target, block: Block) -> Terminator {
        let (mut then, mut otherwise) = (self.target(then, block), self.target(otherwise, block));
        let mut class = self.class(condition);
        loop {
            let node = self.extracted.node(class);
            match (node.head, node.children()) {
                (Head::Num(NumOp::I32Eqz), &[arg]) => {
                    std::mem::swap(&mut then, &mut otherwise);
                    class = self.graph.find(arg);
                }
                (Head::Num(NumOp::I32Ne), &[arg, zero]) if self.graph[zero].data.constant == Some(0) => {
                    class = self.graph.find(arg);
                }
                _ => break,
            }
        }
        let condition = self.condition(class, block);
        Terminator::Branch(condition, then, otherwise)
    }

    /// A comparison for a branch, next to it.
    fn condition(&mut self, class: Id, block: Block) -> Value {
        let here =
            self.computed.get(&class).into_iter().flatten().find(|value| self.at[value.index()] == block);
        match (here, self.extracted.node(class).head) {
            (None, Head::Num(op)) if is_test(op) => {
                let node = self.extracted.node(class).clone();
                for &child in node.children() {
                    self.compute(self.graph.find(child), block);
                }
                self.emit(class, &node, block)
            }
            _ => self.compute(class, block),
        }
    }

    fn class(&self, value: Value) -> Id {
        self.graph.find(self.entered.class_of[value.index()])
    }

    fn demand(&mut self, value: Value, block: Block) -> Value {
        self.compute(self.class(value), block)
    }

    /// The value of a class, available in a block that is being built.
    fn compute(&mut self, class: Id, block: Block) -> Value {
        if let Some(value) = self.compute_chosen(class, block) {
            return value;
        }
        // Two terms that are equal may be made of different leaves; the cheapest one's need not be known here.
        let known = |leaf: Value| self.leaf(leaf, block).is_some();
        let restricted = Extracted::new(self.graph, &known);
        let usual = std::mem::replace(&mut self.extracted, restricted);
        let value = self.compute_chosen(class, block);
        self.extracted = usual;
        value.unwrap_or_else(|| unreachable!("{class} is not known in {block}"))
    }

    fn compute_chosen(&mut self, class: Id, block: Block) -> Option<Value> {
        let mut stack = vec![class];
        loop {
            let Some(&top) = stack.last() else { return self.lookup(class, block) };
            if self.lookup(top, block).is_some() {
                stack.pop();
                continue;
            }
            let node = self.extracted.node(top).clone();
            if matches!(node.head, Head::Leaf(_)) {
                return None;
            }
            let before = stack.len();
            for child in node.children().iter().map(|&child| self.graph.find(child)) {
                // Constants are made where their user is placed.
                if self.graph[child].data.constant.is_none() && self.lookup(child, block).is_none() {
                    stack.push(child);
                }
            }
            if stack.len() == before {
                let to = self.place(&node, block);
                self.emit(top, &node, to);
                stack.pop();
            }
        }
    }

    fn leaf(&self, value: Value, block: Block) -> Option<Value> {
        let new = self.leaves[value.index()]?;
        self.dominators.dominates(self.at[new.index()], block).then_some(new)
    }

    fn lookup(&self, class: Id, block: Block) -> Option<Value> {
        let node = self.extracted.node(class);
        let mut values = self.computed.get(&class).into_iter().flatten().copied();
        let known = match node.head {
            Head::Const(..) => return values.find(|value| self.at[value.index()] == block),
            Head::Leaf(value) => self.leaf(value, block),
            Head::Num(_) | Head::Select => None,
        };
        known.or_else(|| values.find(|value| self.dominators.dominates(self.at[value.index()], block)))
    }

    /// The outermost preheader where a node's arguments are available, if it pays to keep it across the loops.
    fn place(&mut self, node: &Node, block: Block) -> Block {
        let mut to = block;
        let (Head::Num(_) | Head::Select) = node.head else { return to };
        let args: SmallVec<[Block; 3]> = node
            .children()
            .iter()
            .map(|&child| self.graph.find(child))
            .filter(|&child| self.graph[child].data.constant.is_none())
            .filter_map(|child| self.lookup(child, block))
            .map(|value| self.at[value.index()])
            .collect();
        let by_const = args.len() < node.children().len();
        let cost = cost(node.head, by_const);
        let register = usize::from(matches!(node_type(self.graph, node), Type::F32 | Type::F64));
        while let Some(index) = self.loops.innermost(to) {
            let Some(before) = self.preheaders[index.0 as usize] else { break };
            let kept = &mut self.kept[index.0 as usize][register];
            let known = args.iter().all(|&at| self.dominators.dominates(at, before));
            if !known || cost < 2 || (cost < DEAR && *kept >= MAX_KEPT) {
                break;
            }
            *kept += 1;
            to = before;
        }
        to
    }

    /// Appends a node whose arguments, constants aside, are available.
    fn emit(&mut self, class: Id, node: &Node, block: Block) -> Value {
        let mut args: SmallVec<[Value; 3]> = SmallVec::new();
        for child in node.children().iter().map(|&child| self.graph.find(child)) {
            args.push(match self.lookup(child, block) {
                Some(value) => value,
                None => self.emit(child, &self.extracted.node(child).clone(), block),
            });
        }
        let ty = node_type(self.graph, node);
        let op = match node.head {
            Head::Const(ty, bits) => Op::Const(ty, bits),
            Head::Num(op) => Op::Num(op),
            Head::Select => Op::Select,
            Head::Leaf(value) => unreachable!("{value} is defined before its uses"),
        };
        let results = self.append(block, op, args, &[ty]);
        self.computed.entry(class).or_default().insert(0, results[0]);
        results[0]
    }

    fn append(
        &mut self,
        block: Block,
        op: Op,
        args: SmallVec<[Value; 3]>,
        types: &[Type],
    ) -> SmallVec<[Value; 1]> {
        let inst = Inst(self.new.insts.len() as u32);
        let results = (0..).zip(types).map(|(n, &ty)| self.value(ty, ValueDef::Result(inst, n), block));
        let results: SmallVec<[Value; 1]> = results.collect();
        let wasm_offset = self.wasm_offset;
        self.new.insts.push(InstData { op, args, results: results.clone(), wasm_offset });
        self.new.blocks[block.index()].insts.push(inst);
        results
    }

    fn value(&mut self, ty: Type, def: ValueDef, block: Block) -> Value {
        self.new.values.push(ValueData { ty, def });
        self.at.push(block);
        Value(self.new.values.len() as u32 - 1)
    }
}

fn node_type(graph: &Graph, node: &Node) -> Type {
    match node.head {
        Head::Const(ty, _) => ty,
        Head::Leaf(value) => graph.analysis.leaves[value.index()].ty,
        Head::Num(op) => op.result(),
        Head::Select => graph[node.children()[1]].data.ty,
    }
}
