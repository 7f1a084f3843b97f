//! What an instruction costs, in units of about half a cycle. Only the order of sums matters.

use super::known::is_test;
use super::node::Head;
use crate::ir::{NumOp, Type};
use NumOp::*;

/// The cost of one node; `by_const`: its last argument is a constant. At least 1 for anything computed.
pub(super) fn cost(head: Head, by_const: bool) -> u32 {
    match head {
        Head::Leaf(_) => 0,
        Head::Const(Type::I32, _) => 0,
        Head::Const(Type::I64, bits) => u32::from(i32::try_from(bits as i64).is_err()),
        Head::Const(Type::F32 | Type::F64, _) => 1,
        Head::Select => 4,
        Head::Num(op) => numeric(op, by_const),
    }
}

#[rustfmt::skip]
fn numeric(op: NumOp, by_const: bool) -> u32 {
    match op {
        I32WrapI64 | I64ExtendI32U => 1,
        I32Add | I64Add | I32Sub | I64Sub | I32And | I64And | I32Or | I64Or | I32Xor | I64Xor => 2,
        I64ExtendI32S | I32Extend8S | I32Extend16S | I64Extend8S | I64Extend16S | I64Extend32S => 2,
        I32Shl | I64Shl | I32ShrS | I64ShrS | I32ShrU | I64ShrU | I32Rotl | I64Rotl | I32Rotr | I64Rotr =>
            if by_const { 2 } else { 4 },
        I32Clz | I64Clz | I32Ctz | I64Ctz | I32Popcnt | I64Popcnt => 3,
        I32Mul | I64Mul => 5,
        I32DivS | I32DivU | I32RemS | I32RemU => 26,
        I64DivS | I64DivU | I64RemS | I64RemU => 36,
        F32Eq | F32Ne | F64Eq | F64Ne => 6,
        F32Lt | F32Gt | F32Le | F32Ge | F64Lt | F64Gt | F64Le | F64Ge => 5,
        op if is_test(op) => 3,
        F32Abs | F64Abs | F32Neg | F64Neg => 3,
        I32ReinterpretF32 | I64ReinterpretF64 | F32ReinterpretI32 | F64ReinterpretI64 => 3,
        F32Copysign | F64Copysign => 6,
        F32Add | F64Add | F32Sub | F64Sub | F32Mul | F64Mul | F32DemoteF64 | F64PromoteF32 => 8,
        F32Min | F64Min | F32Max | F64Max => 16,
        F32Ceil | F64Ceil | F32Floor | F64Floor | F32Trunc | F64Trunc | F32Nearest | F64Nearest => 16,
        F32Div | F64Div => 26,
        F32Sqrt | F64Sqrt => 34,
        F32ConvertI32S | F64ConvertI32S | F32ConvertI64S | F64ConvertI64S => 9,
        F32ConvertI32U | F64ConvertI32U => 10,
        _ => 20,
    }
}
