//! Edges made shorter, before and after the e-graph. Blocks, parameters and values that become superfluous are
//! removed by [`ir::simplify()`].
//!
//! - a branch with one outcome, or with two equal ones, becomes a jump; one between two sets of integers for the
//!   parameters of one block becomes a `select`,
//! - an edge to a block that only jumps on goes where that jumps.

use crate::ir::{
    self, Block, Function, Inst, InstData, Op, Target, Terminator, Type, Value, ValueData, ValueDef,
};
use smallvec::{SmallVec, smallvec};

/// Passes at most; each is linear.
const MAX_PASSES: usize = 8;
/// Blocks that only jump on, followed at most in one pass.
const MAX_HOPS: usize = 8;

/// Shortens edges until nothing changes, and simplifies. Says whether any branch lost an outcome.
pub(super) fn shorten(function: &mut Function) -> bool {
    let mut folded = false;
    for _ in 0..MAX_PASSES {
        let folds = fold_ends(function);
        folded |= folds;
        let changed = thread(function) || folds;
        ir::simplify(function);
        if !changed {
            break;
        }
    }
    folded
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
            (None, [first, second]) => Some(Terminator::Branch(*index, second.clone(), first.clone())),
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
                if let (Some(id), None) =
                    (function.block(target.block).loop_id, function.block(next.block).loop_id)
                {
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
