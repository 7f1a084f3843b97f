//! Which bits of a result may be set, from those of the arguments.

use super::node::Fact;
use super::term::mask;
use crate::ir::NumOp;
use NumOp::*;

/// A mask outside which the result of `op` has no bit set.
pub(super) fn ones(op: NumOp, args: &[Fact]) -> u64 {
    let all = mask(op.result());
    if is_test(op) {
        return 1;
    }
    let x = args[0].ones;
    let y = args.get(1).map_or(0, |y| y.ones);
    let shift = args.get(1).and_then(|y| y.constant);
    let bits = |ones: u64| u64::BITS - ones.leading_zeros();
    match op {
        I32And | I64And => x & y,
        I32Or | I64Or | I32Xor | I64Xor => x | y,
        I32Add | I64Add => up_to(bits(x).max(bits(y)) + 1) & low_zeros((x | y).trailing_zeros()) & all,
        I32Mul | I64Mul if x == 0 || y == 0 => 0,
        I32Mul | I64Mul => {
            up_to(bits(x) + bits(y)) & low_zeros(x.trailing_zeros() + y.trailing_zeros()) & all
        }
        I32DivU | I64DivU => up_to(bits(x)),
        I32RemU | I64RemU => up_to(bits(x).min(bits(y))),
        I32Shl => shift.map_or(all, |s| (x << (s & 31)) & all),
        I64Shl => shift.map_or(all, |s| x << (s & 63)),
        I32ShrU => shift.map_or(up_to(bits(x)), |s| x >> (s & 31)),
        I64ShrU => shift.map_or(up_to(bits(x)), |s| x >> (s & 63)),
        I32ShrS => shift.map_or(all, |s| u64::from(((x as u32 as i32) >> (s & 31)) as u32)),
        I64ShrS => shift.map_or(all, |s| ((x as i64) >> (s & 63)) as u64),
        I32Clz | I32Ctz | I32Popcnt => 63,
        I64Clz | I64Ctz | I64Popcnt => 127,
        I32WrapI64 => x & all,
        I64ExtendI32U => x,
        I64ExtendI32S => x as u32 as i32 as i64 as u64,
        I32Extend8S => x as u8 as i8 as i32 as u32 as u64,
        I32Extend16S => x as u16 as i16 as i32 as u32 as u64,
        I64Extend8S => x as u8 as i8 as i64 as u64,
        I64Extend16S => x as u16 as i16 as i64 as u64,
        I64Extend32S => x as u32 as i32 as i64 as u64,
        _ => all,
    }
}

/// Whether it answers 0 or 1.
pub(super) fn is_test(op: NumOp) -> bool {
    op <= F64Ge
}

fn up_to(bits: u32) -> u64 {
    if bits >= 64 { u64::MAX } else { (1 << bits) - 1 }
}

fn low_zeros(bits: u32) -> u64 {
    if bits >= 64 { 0 } else { u64::MAX << bits }
}
