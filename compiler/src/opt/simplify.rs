//! The control-flow graph made smaller.
//!
//! - branches with one outcome, or with two equal ones, become jumps; a branch between two sets of arguments for one
//!   block becomes a `select`,
//! - an edge to a block that only jumps on goes where that jumps,
//! - a block with one way in is appended to where that comes from,
//! - a parameter that always gets one value is that value; values, parameters and blocks nobody needs vanish.
//!
//! What a loop header's parameters mean is not touched: induction variables stay as they are.

use crate::ir::cfg::Predecessors;
use crate::ir::{Block, Function, Inst, InstData, Op, Target, Terminator, Type, Value, ValueData, ValueDef};
use smallvec::{SmallVec, smallvec};

/// Passes at most; each is linear.
const MAX_PASSES: usize = 8;
/// Blocks that only jump on, followed at most so far.
const MAX_HOPS: usize = 8;

/// Simplifies until nothing changes.
pub fn simplify(function: &mut Function) {
    for _ in 0..MAX_PASSES {
        let mut changed = fold_ends(function);
        changed |= thread(function);
        function.reorder();
        changed |= merge(function);
        changed |= constant_params(function);
        if !changed {
            break;
        }
    }
    sweep(function);
}

/// Ends of blocks whose outcome is known.
fn fold_ends(function: &mut Function) -> bool {
    let mut changed = false;
    for block in function.order.clone() {
        let Some(end) = function.blocks[block.index()].end.take() else { continue };
        let folded = fold_end(function, block, &end);
        changed |= folded.is_some();
        function.blocks[block.index()].end = Some(folded.unwrap_or(end));
    }
    changed
}

fn fold_end(function: &mut Function, block: Block, end: &Terminator) -> Option<Terminator> {
    match end {
        Terminator::Branch(_, then, otherwise) if then == otherwise => Some(Terminator::Jump(then.clone())),
        Terminator::Branch(condition, then, otherwise) => match constant(function, *condition) {
            Some(0) => Some(Terminator::Jump(otherwise.clone())),
            Some(_) => Some(Terminator::Jump(then.clone())),
            None => select(function, block, *condition, then, otherwise),
        },
        Terminator::Table(index, targets) => match (constant(function, *index), targets.as_slice()) {
            (_, [only]) => Some(Terminator::Jump(only.clone())),
            (_, [first, rest @ ..]) if rest.iter().all(|target| target == first) => {
                Some(Terminator::Jump(first.clone()))
            }
            (Some(at), [.., default]) => {
                Some(Terminator::Jump(targets.get(at as usize).unwrap_or(default).clone()))
            }
            (None, [first, second]) => {
                Some(Terminator::Branch(*index, second.clone(), first.clone()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Both ways lead to one block with integers that differ in at most two places: choose the values, not the way.
fn select(
    function: &mut Function,
    block: Block,
    condition: Value,
    then: &Target,
    otherwise: &Target,
) -> Option<Terminator> {
    let pairs = || then.args.iter().zip(&otherwise.args);
    let is_int = |value: Value| matches!(function.ty(value), Type::I32 | Type::I64);
    let differing = pairs().filter(|(a, b)| a != b).count();
    if then.block != otherwise.block || differing > 2 || !pairs().all(|(a, b)| a == b || is_int(*a)) {
        return None;
    }
    let choose = |(&a, &b): (&Value, &Value)| {
        if a == b { a } else { append(function, block, Op::Select, smallvec![condition, a, b]) }
    };
    let args = pairs().map(choose).collect();
    Some(Terminator::Jump(Target { block: then.block, args }))
}

/// Appends an instruction whose result has the type of its last argument.
fn append(function: &mut Function, block: Block, op: Op, args: SmallVec<[Value; 3]>) -> Value {
    let inst = Inst(function.insts.len() as u32);
    let result = Value(function.values.len() as u32);
    let ty = args.last().map_or(Type::I32, |&last| function.ty(last));
    function.values.push(ValueData { ty, def: ValueDef::Result(inst, 0) });
    function.insts.push(InstData { op, args, results: smallvec![result], wasm_offset: 0 });
    function.blocks[block.index()].insts.push(inst);
    result
}

fn constant(function: &Function, value: Value) -> Option<u64> {
    match function.values[value.index()].def {
        ValueDef::Result(inst, _) => match function.inst(inst).op {
            Op::Const(_, bits) => Some(bits),
            _ => None,
        },
        ValueDef::Param(..) => None,
    }
}

/// Redirects edges past blocks that only jump on.
fn thread(function: &mut Function) -> bool {
    let onward = onward(function);
    if onward.iter().all(Option::is_none) {
        return false;
    }
    let mut changed = false;
    for block in function.order.clone() {
        let Some(mut end) = function.blocks[block.index()].end.take() else { continue };
        for target in end.targets_mut() {
            for _ in 0..MAX_HOPS {
                let Some(next) = &onward[target.block.index()] else { break };
                if next.block == target.block {
                    break;
                }
                let param = |value: Value| match function.values[value.index()].def {
                    ValueDef::Param(of, n) if of == target.block => target.args[n as usize],
                    _ => value,
                };
                let args = next.args.iter().map(|&arg| param(arg)).collect();
                if let (Some(id), None) = (function.block(target.block).loop_id, function.block(next.block).loop_id) {
                    function.blocks[next.block.index()].loop_id = Some(id);
                }
                *target = Target { block: next.block, args };
                changed = true;
            }
        }
        function.blocks[block.index()].end = Some(end);
    }
    changed
}

/// For every block that only jumps on, and whose parameters only that jump reads: where to.
fn onward(function: &Function) -> Vec<Option<Target>> {
    let mut onward: Vec<Option<Target>> = vec![None; function.blocks.len()];
    for &block in &function.order[1..] {
        let data = function.block(block);
        let Some(Terminator::Jump(next)) = &data.end else { continue };
        let two_headers = data.loop_id.is_some() && function.block(next.block).loop_id.is_some();
        if data.insts.is_empty() && next.block != block && !two_headers {
            onward[block.index()] = Some(next.clone());
        }
    }
    for &block in &function.order {
        let data = function.block(block);
        let args = data.insts.iter().flat_map(|&inst| function.inst(inst).args.iter().copied());
        for value in args.chain(data.end.iter().flat_map(|end| end.uses())) {
            match function.values[value.index()].def {
                ValueDef::Param(of, _) if of != block => onward[of.index()] = None,
                _ => {}
            }
        }
    }
    onward
}

/// Appends blocks with one way in to where that comes from.
fn merge(function: &mut Function) -> bool {
    let predecessors = Predecessors::new(function);
    let mut rename = Rename::new(function);
    let mut gone = vec![false; function.blocks.len()];
    for block in function.order.clone() {
        if gone[block.index()] {
            continue;
        }
        while let Some(Terminator::Jump(next)) = function.block(block).end.clone() {
            let alone = predecessors.of(next.block).len() == 1 && next.block != function.entry();
            if !alone || next.block == block {
                break;
            }
            let data = std::mem::take(&mut function.blocks[next.block.index()]);
            data.params.iter().zip(&next.args).for_each(|(&param, &arg)| rename.set(param, arg));
            gone[next.block.index()] = true;
            let into = &mut function.blocks[block.index()];
            into.insts.extend(data.insts);
            into.end = data.end;
        }
    }
    function.order.retain(|block| !gone[block.index()]);
    rename.apply(function)
}

/// Replaces parameters that get one value only.
fn constant_params(function: &mut Function) -> bool {
    let mut rename = Rename::new(function);
    let mut incoming: Vec<SmallVec<[Incoming; 4]>> = vec![SmallVec::new(); function.blocks.len()];
    for &block in &function.order {
        incoming[block.index()] = smallvec![Incoming::None; function.block(block).params.len()];
    }
    for &from in &function.order {
        for target in function.block(from).end.iter().flat_map(|end| end.targets()) {
            let params = &function.block(target.block).params;
            for (n, &arg) in target.args.iter().enumerate().filter(|(n, arg)| params[*n] != **arg) {
                let known = &mut incoming[target.block.index()][n];
                *known = match *known {
                    Incoming::None => Incoming::One(arg),
                    Incoming::One(one) if one == arg || same_constant(function, one, arg) => Incoming::One(one),
                    _ => Incoming::Many,
                };
            }
        }
    }
    let mut drop: Vec<SmallVec<[bool; 4]>> = vec![SmallVec::new(); function.blocks.len()];
    for block in function.order[1..].to_vec() {
        for (n, incoming) in std::mem::take(&mut incoming[block.index()]).into_iter().enumerate() {
            let Incoming::One(one) = incoming else {
                drop[block.index()].push(false);
                continue;
            };
            // Equal constants may be several values, none of which need be defined on every way here.
            let bits = constant(function, one);
            let one = bits.map_or(one, |bits| {
                let op = Op::Const(function.ty(one), bits);
                let value = append(function, block, op, smallvec![one]);
                let ValueDef::Result(inst, _) = function.values[value.index()].def else { return one };
                function.insts[inst.index()].args.clear();
                let insts = &mut function.blocks[block.index()].insts;
                insts.rotate_right(1);
                value
            });
            rename.set(function.block(block).params[n], one);
            drop[block.index()].push(true);
        }
    }
    drop_params(function, &drop);
    rename.apply(function)
}

#[derive(Clone, Copy)]
enum Incoming {
    None,
    One(Value),
    Many,
}

fn same_constant(function: &Function, a: Value, b: Value) -> bool {
    function.ty(a) == function.ty(b) && constant(function, a).is_some_and(|bits| constant(function, b) == Some(bits))
}

/// Removes parameters and what is handed to them.
fn drop_params(function: &mut Function, drop: &[SmallVec<[bool; 4]>]) {
    for block in function.order.clone() {
        let data = &mut function.blocks[block.index()];
        for target in data.end.iter_mut().flat_map(|end| end.targets_mut()) {
            let mut flags = drop[target.block.index()].iter();
            target.args.retain(|_| !flags.next().is_some_and(|&drop| drop));
        }
        let mut flags = drop[block.index()].iter();
        data.params.retain(|_| !flags.next().is_some_and(|&drop| drop));
        for (n, &param) in data.params.iter().enumerate() {
            function.values[param.index()].def = ValueDef::Param(block, n as u32);
        }
    }
}

/// Removes what no effect, condition or result depends on: instructions and parameters.
fn sweep(function: &mut Function) {
    let mut needed = vec![false; function.values.len()];
    let mut work: Vec<Value> = Vec::new();
    let mut incoming: Vec<Vec<(Block, usize)>> = vec![Vec::new(); function.blocks.len()];
    for &block in &function.order {
        let data = function.block(block);
        let kept = data.insts.iter().filter(|&&inst| !removable(function.inst(inst).op));
        work.extend(kept.flat_map(|&inst| function.inst(inst).args.iter().copied()));
        work.extend(data.end.iter().flat_map(|end| end.operands().iter().copied()));
        for (n, target) in data.end.iter().flat_map(|end| end.targets()).enumerate() {
            incoming[target.block.index()].push((block, n));
        }
    }
    work.extend(function.block(function.entry()).params.iter().copied());
    while let Some(value) = work.pop() {
        if std::mem::replace(&mut needed[value.index()], true) {
            continue;
        }
        match function.values[value.index()].def {
            ValueDef::Result(inst, _) => work.extend(function.inst(inst).args.iter().copied()),
            ValueDef::Param(block, param) => {
                let arg = |&(from, n): &(Block, usize)| {
                    let target = function.block(from).end.iter().flat_map(|end| end.targets()).nth(n)?;
                    target.args.get(param as usize).copied()
                };
                work.extend(incoming[block.index()].iter().filter_map(arg));
            }
        }
    }
    for block in function.order.clone() {
        let mut insts = std::mem::take(&mut function.blocks[block.index()].insts);
        insts.retain(|&inst| {
            let data = function.inst(inst);
            !removable(data.op) || data.results.iter().any(|result| needed[result.index()])
        });
        function.blocks[block.index()].insts = insts;
    }
    let unneeded = |data: &crate::ir::BlockData| data.params.iter().map(|param| !needed[param.index()]).collect();
    let drop: Vec<SmallVec<[bool; 4]>> = function.blocks.iter().map(unneeded).collect();
    drop_params(function, &drop);
}

/// Whether an instruction does nothing but give its result.
fn removable(op: Op) -> bool {
    op.is_pure() || matches!(op, Op::GlobalGet(_) | Op::MemorySize | Op::State(..))
}

/// Values that stand for others.
struct Rename {
    to: Vec<Value>,
    any: bool,
}

impl Rename {
    fn new(function: &Function) -> Rename {
        Rename { to: (0..function.values.len() as u32).map(Value).collect(), any: false }
    }

    fn find(&mut self, value: Value) -> Value {
        let mut root = value;
        while let Some(&next) = self.to.get(root.index()).filter(|&&next| next != root) {
            root = next;
        }
        let mut at = value;
        while at != root {
            at = std::mem::replace(&mut self.to[at.index()], root);
        }
        root
    }

    fn set(&mut self, from: Value, to: Value) {
        let (from, to) = (self.find(from), self.find(to));
        if from != to {
            self.to[from.index()] = to;
            self.any = true;
        }
    }

    /// Whether there was anything to do.
    fn apply(mut self, function: &mut Function) -> bool {
        if !self.any {
            return false;
        }
        for block in function.order.clone() {
            let data = &mut function.blocks[block.index()];
            for &inst in &data.insts {
                function.insts[inst.index()].args.iter_mut().for_each(|arg| *arg = self.find(*arg));
            }
            data.end.iter_mut().for_each(|end| end.map_uses(|value| self.find(value)));
        }
        true
    }
}
