//! The order of a block's instructions.
//!
//! Pure instructions may be anywhere after their arguments. One that uses up an argument, wanted by nobody else,
//! goes right behind the last of them, so that no more values are alive at once, and often fewer:
//!
//! ```text
//! a = load    a = load
//! b = load    b = load
//! c = load    s = add a, b
//! s = add  => c = load
//! t = add     t = add s, c
//! ```
//!
//! Everything else keeps its place; instructions with effects keep their order.

use crate::ir::{Block, Function, Inst, Op, Value, ValueDef};
use smallvec::SmallVec;

/// For each block, its instructions in the order to be selected. `uses` counts the uses of each value.
pub(super) fn schedule(function: &Function, uses: &[u32]) -> Vec<Vec<Inst>> {
    let mut waiting = vec![0; function.insts.len()];
    let mut placed = vec![false; function.insts.len()];
    let mut orders = vec![Vec::new(); function.blocks.len()];
    // Users of a value that are to be placed as soon as they can.
    let mut followers: Vec<SmallVec<[Inst; 1]>> = vec![SmallVec::new(); function.values.len()];
    for &block in &function.order {
        let insts = &function.blocks[block.index()].insts;
        let here: rustc_hash::FxHashSet<Value> =
            insts.iter().flat_map(|i| &function.insts[i.index()].results).copied().collect();
        for &inst in insts {
            let data = &function.insts[inst.index()];
            let local = || data.args.iter().filter(|v| here.contains(v) && !is_constant(function, **v));
            if data.op.is_pure() && local().any(|v| uses[v.index()] == 1) {
                waiting[inst.index()] = local().count();
                local().for_each(|v| followers[v.index()].push(inst));
            }
        }
        place(function, block, &followers, &mut waiting, &mut placed, &mut orders[block.index()]);
    }
    orders
}

fn place(
    function: &Function,
    block: Block,
    followers: &[SmallVec<[Inst; 1]>],
    waiting: &mut [usize],
    placed: &mut [bool],
    order: &mut Vec<Inst>,
) {
    for &first in &function.blocks[block.index()].insts {
        let mut ready = vec![first];
        while let Some(inst) = ready.pop() {
            if std::mem::replace(&mut placed[inst.index()], true) {
                continue;
            }
            order.push(inst);
            for user in function.insts[inst.index()].results.iter().flat_map(|v| &followers[v.index()]) {
                waiting[user.index()] = waiting[user.index()].saturating_sub(1);
                if waiting[user.index()] == 0 {
                    ready.push(*user);
                }
            }
        }
    }
}

fn is_constant(function: &Function, value: Value) -> bool {
    match function.values[value.index()].def {
        ValueDef::Result(inst, _) => matches!(function.insts[inst.index()].op, Op::Const(..)),
        ValueDef::Param(..) => false,
    }
}
