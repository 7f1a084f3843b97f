//! Brings a function into its smallest equal form, in linear time: no unreachable blocks, no block parameters
//! that always get the same value, no unused parameters and instructions, no block that merely continues its
//! only predecessor; everything numbered densely in reverse postorder.
//!
//! It changes no computation: what an instruction computes is the optimizer's business.

use super::{Block, BlockData, Function, Inst, InstData, Op, Target, Terminator, Value, ValueData, ValueDef};

const NONE: u32 = u32::MAX;

/// Simplifies a function in place. Blocks, instructions and values are renumbered.
pub fn simplify(function: &mut Function) {
    function.reorder();
    let edges = Edges::new(function);
    let same = Same::new(function, &edges);
    let live = live(function, &edges, &same);
    *function = Rebuild::new(function, &edges, &same, &live).run();
}

/// Edges by target: source block, and number among the source's targets.
struct Edges {
    starts: Vec<u32>,
    edges: Vec<(Block, u32)>,
}

impl Edges {
    fn new(function: &Function) -> Edges {
        let mut starts = vec![0; function.blocks.len() + 2];
        for &from in &function.order {
            function.successors(from).for_each(|to| starts[to.index() + 2] += 1);
        }
        for i in 2..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut edges = vec![(Block(0), 0); starts[starts.len() - 1] as usize];
        for &from in &function.order {
            for (slot, to) in (0..).zip(function.successors(from)) {
                let next = &mut starts[to.index() + 1];
                edges[*next as usize] = (from, slot);
                *next += 1;
            }
        }
        Edges { starts, edges }
    }

    fn into(&self, block: Block) -> &[(Block, u32)] {
        &self.edges[self.starts[block.index()] as usize..self.starts[block.index() + 1] as usize]
    }

    /// The argument an edge hands to the n-th parameter of its target.
    fn argument(function: &Function, (from, slot): (Block, u32), param: u32) -> Value {
        let target = function.block(from).end.as_ref().and_then(|end| end.targets().nth(slot as usize));
        target.map(|target| target.args[param as usize]).expect("an edge has a target")
    }
}

/// Which values are the same as which: parameters that get but one value (themselves aside).
struct Same {
    /// By value: towards its representative.
    of: Vec<u32>,
}

impl Same {
    fn new(function: &Function, edges: &Edges) -> Same {
        let mut same = Same { of: (0..function.values.len() as u32).collect() };
        let mut users = Users::new(function);
        let mut scans = vec![Scan { next: 0, candidate: None }; function.values.len()];
        let params = function.order.iter().flat_map(|&block| &function.block(block).params);
        let mut work: Vec<Value> = params.copied().collect();
        work.reverse();
        while let Some(param) = work.pop() {
            if same.of[param.index()] != param.0 {
                continue;
            }
            if let Some(value) = same.only_argument(function, edges, param, &mut scans[param.index()]) {
                same.of[param.index()] = value.0;
                users.hand_over(param, value, &mut work);
            }
        }
        same
    }

    /// The value all arguments of a parameter are, if there is one. Goes on where the last scan stopped:
    /// arguments that were the same stay the same.
    fn only_argument(
        &mut self,
        function: &Function,
        edges: &Edges,
        param: Value,
        scan: &mut Scan,
    ) -> Option<Value> {
        let ValueDef::Param(block, number) = function.values[param.index()].def else { return None };
        let into = edges.into(block);
        let mut candidate = scan.candidate.map(|value| self.get(value)).filter(|&value| value != param);
        while let Some(&edge) = into.get(scan.next as usize) {
            let argument = self.get(Edges::argument(function, edge, number));
            if argument != param {
                if candidate.is_some_and(|value| value != argument) {
                    break;
                }
                candidate = Some(argument);
            }
            scan.next += 1;
        }
        scan.candidate = candidate;
        candidate.filter(|_| scan.next as usize == into.len())
    }

    fn get(&mut self, value: Value) -> Value {
        let mut at = value.0;
        while self.of[at as usize] != at {
            self.of[at as usize] = self.of[self.of[at as usize] as usize];
            at = self.of[at as usize];
        }
        Value(at)
    }

    fn find(&self, value: Value) -> Value {
        let mut at = value.0;
        while self.of[at as usize] != at {
            at = self.of[at as usize];
        }
        Value(at)
    }
}

/// How far the arguments of a parameter are known to be one value.
#[derive(Clone, Copy)]
struct Scan {
    next: u32,
    candidate: Option<Value>,
}

/// Parameters by the values handed to them: linked lists, so that they can be joined.
struct Users {
    first: Vec<u32>,
    last: Vec<u32>,
    /// User, and next in the list.
    nodes: Vec<(Value, u32)>,
}

impl Users {
    fn new(function: &Function) -> Users {
        let count = function.values.len();
        let mut users = Users { first: vec![NONE; count], last: vec![NONE; count], nodes: vec![] };
        for target in function
            .order
            .iter()
            .filter_map(|&b| function.block(b).end.as_ref())
            .flat_map(|end| end.targets())
        {
            for (&argument, &param) in target.args.iter().zip(&function.block(target.block).params) {
                let node = users.nodes.len() as u32;
                users.nodes.push((param, users.first[argument.index()]));
                if users.first[argument.index()] == NONE {
                    users.last[argument.index()] = node;
                }
                users.first[argument.index()] = node;
            }
        }
        users
    }

    /// `from` has become `to`: its users are to be looked at again, and are users of `to`.
    fn hand_over(&mut self, from: Value, to: Value, work: &mut Vec<Value>) {
        let (first, last) = (self.first[from.index()], self.last[from.index()]);
        let mut node = first;
        while node != NONE {
            let (user, next) = self.nodes[node as usize];
            work.push(user);
            node = next;
        }
        if first != NONE {
            self.nodes[last as usize].1 = self.first[to.index()];
            if self.first[to.index()] == NONE {
                self.last[to.index()] = last;
            }
            self.first[to.index()] = first;
        }
    }
}

/// Which values are needed, by value. Instructions that do something are needed whatever their results.
fn live(function: &Function, edges: &Edges, same: &Same) -> Vec<bool> {
    let mut live = vec![false; function.values.len()];
    let mut work: Vec<Value> = vec![];
    for data in function.order.iter().map(|&block| function.block(block)) {
        for inst in data.insts.iter().map(|&inst| function.inst(inst)).filter(|inst| !removable(inst.op)) {
            work.extend(&inst.args);
        }
        work.extend(data.end.iter().flat_map(|end| end.operands()));
    }
    while let Some(value) = work.pop() {
        let value = same.find(value);
        if std::mem::replace(&mut live[value.index()], true) {
            continue;
        }
        match function.values[value.index()].def {
            ValueDef::Result(inst, _) => work.extend(&function.inst(inst).args),
            ValueDef::Param(block, number) => {
                work.extend(edges.into(block).iter().map(|&edge| Edges::argument(function, edge, number)));
            }
        }
    }
    live
}

/// Whether an instruction whose results are not used can go.
fn removable(op: Op) -> bool {
    op.is_pure() || matches!(op, Op::State(..) | Op::GlobalGet(_) | Op::MemorySize)
}

/// The copy.
struct Rebuild<'a> {
    old: &'a Function,
    edges: &'a Edges,
    same: &'a Same,
    live: &'a [bool],
    new: Function,
    /// By old value and block: the new ones.
    values: Vec<u32>,
    blocks: Vec<u32>,
}

impl<'a> Rebuild<'a> {
    fn new(old: &'a Function, edges: &'a Edges, same: &'a Same, live: &'a [bool]) -> Rebuild<'a> {
        let (name, params, results) = (old.name.clone(), old.params.clone(), old.results.clone());
        let new = Function { name, params, results, ..Function::default() };
        let (values, blocks) = (vec![NONE; old.values.len()], vec![NONE; old.blocks.len()]);
        Rebuild { old, edges, same, live, new, values, blocks }
    }

    fn run(mut self) -> Function {
        let old = self.old;
        let heads: Vec<Block> = old
            .order
            .iter()
            .copied()
            .filter(|&block| block == old.entry() || !self.continues(block))
            .collect();
        for (number, &head) in (0..).zip(&heads) {
            self.blocks[head.index()] = number;
            self.new.order.push(Block(number));
            self.new.blocks.push(BlockData { loop_id: old.block(head).loop_id, ..BlockData::default() });
            // Before any use: an argument on a back edge may come first in the order.
            self.params(head, Block(number));
        }
        let mut ends: Vec<(Block, Block)> = vec![];
        for (number, &head) in (0..).zip(&heads) {
            let mut last = head;
            self.insts(head, Block(number));
            while let Some(Terminator::Jump(to)) = &old.block(last).end
                && self.continues(to.block)
            {
                last = to.block;
                self.insts(last, Block(number));
            }
            ends.push((Block(number), last));
        }
        for (block, last) in ends {
            self.new.blocks[block.index()].end = old.block(last).end.as_ref().map(|end| self.end(end));
        }
        self.new
    }

    /// Whether a block's only way in is a jump, so that it can be part of its predecessor.
    fn continues(&self, block: Block) -> bool {
        match self.edges.into(block) {
            &[(from, _)] => matches!(self.old.block(from).end, Some(Terminator::Jump(_))) && from != block,
            _ => false,
        }
    }

    fn is_kept(&self, param: Value) -> bool {
        self.live[param.index()] && self.same.find(param) == param
    }

    fn params(&mut self, from: Block, to: Block) {
        for &param in &self.old.block(from).params {
            // The entry's parameters are the function's.
            if from == self.old.entry() || self.is_kept(param) {
                let number = self.new.blocks[to.index()].params.len() as u32;
                let value = self.value(param, ValueDef::Param(to, number));
                self.new.blocks[to.index()].params.push(value);
            }
        }
    }

    fn insts(&mut self, from: Block, to: Block) {
        for &inst in &self.old.block(from).insts {
            let data = self.old.inst(inst);
            if removable(data.op) && !data.results.iter().any(|result| self.live[result.index()]) {
                continue;
            }
            let new = Inst(self.new.insts.len() as u32);
            let args = data.args.iter().map(|&arg| self.map(arg)).collect();
            let results = (0..).zip(&data.results).map(|(n, &old)| self.value(old, ValueDef::Result(new, n)));
            let results = results.collect();
            self.new.insts.push(InstData { op: data.op, args, results, wasm_offset: data.wasm_offset });
            self.new.blocks[to.index()].insts.push(new);
        }
    }

    fn value(&mut self, old: Value, def: ValueDef) -> Value {
        let new = self.new.values.len() as u32;
        self.new.values.push(ValueData { ty: self.old.ty(old), def });
        self.values[old.index()] = new;
        Value(new)
    }

    fn map(&self, value: Value) -> Value {
        Value(self.values[self.same.find(value).index()])
    }

    fn end(&self, end: &Terminator) -> Terminator {
        let mut end = end.clone();
        for target in end.targets_mut() {
            *target = self.target(target);
        }
        match &mut end {
            Terminator::Branch(value, ..) | Terminator::Table(value, _) => *value = self.map(*value),
            Terminator::Return(values) => values.iter_mut().for_each(|value| *value = self.map(*value)),
            Terminator::Jump(_) | Terminator::Trap(_) => {}
        }
        end
    }

    fn target(&self, target: &Target) -> Target {
        let kept = target.args.iter().zip(&self.old.block(target.block).params);
        let kept = kept.filter(|&(_, &param)| self.is_kept(param));
        Target {
            block: Block(self.blocks[target.block.index()]),
            args: kept.map(|(&argument, _)| self.map(argument)).collect(),
        }
    }
}
