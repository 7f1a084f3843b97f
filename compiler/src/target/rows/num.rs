//! Arithmetic of the accumulator machine, and the compares behind its conditions.

use super::masm::{Condition, RowMasm, constant, is_float};
use super::select::Arg;
use crate::ir::{NumOp, Type};
use crate::target::Source;
use NumOp::*;
use smallvec::{SmallVec, smallvec};

/// The opposite of an integer compare; floats have none, because of NaN.
#[rustfmt::skip]
pub(super) fn opposite(op: NumOp) -> Option<NumOp> {
    Some(match op {
        I32Eq  => I32Ne,  I32Ne  => I32Eq,  I64Eq  => I64Ne,  I64Ne  => I64Eq,
        I32LtS => I32GeS, I32GeS => I32LtS, I64LtS => I64GeS, I64GeS => I64LtS,
        I32LtU => I32GeU, I32GeU => I32LtU, I64LtU => I64GeU, I64GeU => I64LtU,
        I32GtS => I32LeS, I32LeS => I32GtS, I64GtS => I64LeS, I64LeS => I64GtS,
        I32GtU => I32LeU, I32LeU => I32GtU, I64GtU => I64LeU, I64LeU => I64GtU,
        _ => return None,
    })
}

/// The compare with its operands in the other order.
#[rustfmt::skip]
pub(super) fn mirrored(op: NumOp) -> NumOp {
    match op {
        I32LtS => I32GtS, I32GtS => I32LtS, I64LtS => I64GtS, I64GtS => I64LtS,
        I32LtU => I32GtU, I32GtU => I32LtU, I64LtU => I64GtU, I64GtU => I64LtU,
        I32LeS => I32GeS, I32GeS => I32LeS, I64LeS => I64GeS, I64GeS => I64LeS,
        I32LeU => I32GeU, I32GeU => I32LeU, I64LeU => I64GeU, I64GeU => I64LeU,
        other => other,
    }
}

/// Whether an operator is a compare of two values.
#[rustfmt::skip]
pub(super) fn compares(op: NumOp) -> bool {
    matches!(op, F32Eq | F32Ne | F32Lt | F32Gt | F32Le | F32Ge | F64Eq | F64Ne | F64Lt | F64Gt | F64Le | F64Ge)
        || opposite(op).is_some()
}

/// Whether the operands of an operator that is no compare may change places.
pub(super) fn commutes(op: NumOp) -> bool {
    matches!(op, I32Add | I32Mul | I32And | I32Or | I32Xor | I64Add | I64Mul | I64And | I64Or | I64Xor)
}

/// A branch, but for its label, that is taken if the condition holds.
pub(super) fn branch(condition: Condition) -> (String, SmallVec<[Arg; 4]>) {
    let Condition { op, x, y, negated } = condition;
    match (op, negated) {
        (I32Eqz | I64Eqz, false) => ("branch.zero".to_owned(), smallvec![x]),
        (I32Eqz | I64Eqz, true) => ("branch.nonzero".to_owned(), smallvec![x]),
        (op, false) => (format!("branch.{}", op.name()), smallvec![x, y]),
        (op, true) => match opposite(op) {
            Some(op) => (format!("branch.{}", op.name()), smallvec![x, y]),
            None => (format!("branch.not.{}", op.name()), smallvec![x, y]),
        },
    }
}

/// accumulator := 1 if the condition holds, else 0.
pub(super) fn set(masm: &mut RowMasm<'_>, condition: Condition) {
    let Condition { op, x, y, negated } = condition;
    let to = Arg::Register(masm.roles.acc);
    let unary = matches!(op, I32Eqz | I64Eqz);
    let ty = op.args()[0];
    match (negated, opposite(op)) {
        (false, _) if unary => masm.op(op.name(), &[to, x], 0),
        (true, _) if unary => {
            let ne = if ty == Type::I32 { I32Ne } else { I64Ne };
            masm.op(ne.name(), &[to, x, Arg::Const(0, ty)], 0);
        }
        (false, _) => masm.op(op.name(), &[to, x, y], 0),
        (true, Some(op)) => masm.op(op.name(), &[to, x, y], 0),
        (true, None) => {
            masm.op(op.name(), &[to, x, y], 0);
            masm.op("i32.eqz", &[to, to], 0);
        }
    }
}

/// The result in the accumulator, or the condition that it is.
pub(super) fn emit(
    masm: &mut RowMasm<'_>,
    op: NumOp,
    x: Source,
    y: Source,
    wasm_offset: u32,
) -> Option<Condition> {
    let ty = op.args()[0];
    if compares(op) || matches!(op, I32Eqz | I64Eqz) {
        return Some(compare(masm, op, x, y));
    }
    let to = Arg::Register(masm.accumulator(op.result()));
    let (x, y) = if commutes(op) && matches!(x, Source::Const(_)) { (y, x) } else { (x, y) };
    let aux = if is_float(ty) { masm.roles.faux } else { masm.roles.aux };
    if op.args().len() == 1 {
        let x = masm.in_register(ty, x, aux[0]);
        masm.op(op.name(), &[to, Arg::Register(x)], wasm_offset);
        return None;
    }
    let x = Arg::Register(masm.in_register(ty, x, aux[0]));
    let y = match y {
        Source::Const(bits) if !is_float(ty) => constant(ty, bits),
        _ => Arg::Register(masm.in_register(ty, y, aux[1])),
    };
    masm.op(op.name(), &[to, x, y], wasm_offset);
    None
}

fn compare(masm: &mut RowMasm<'_>, op: NumOp, x: Source, y: Source) -> Condition {
    let ty = op.args()[0];
    let (op, x, y) = match (x, y) {
        (Source::Const(_), Source::Const(_)) => (op, x, y),
        (Source::Const(_), _) if !is_float(ty) && op.args().len() == 2 => (mirrored(op), y, x),
        _ => (op, x, y),
    };
    let [first, second] = if is_float(ty) { masm.roles.fcompared } else { masm.roles.compared };
    masm.load_to(ty, x, first);
    let y = match y {
        _ if op.args().len() == 1 => Arg::Register(first),
        Source::Const(bits) if !is_float(ty) => constant(ty, bits),
        _ => {
            masm.load_to(ty, y, second);
            Arg::Register(second)
        }
    };
    Condition { op, x: Arg::Register(first), y, negated: false }
}
