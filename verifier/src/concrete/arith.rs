//! Bit-vector functions on numbers, with the meaning that SMT-LIB gives them (division by zero included), so that
//! the interpreter and the solver agree everywhere.

use super::{Bits, mask};
use framewright_spec::meaning::Function;

/// The function's value; bits above its width are the caller's to cut. Arguments are as many and as wide as the
/// evaluator made sure of.
pub(super) fn apply(function: &Function, args: &[Bits]) -> u128 {
    match args {
        [a] => unary(function, *a),
        [a, b] => binary(function, *a, *b),
        _ => 0,
    }
}

fn unary(function: &Function, a: Bits) -> u128 {
    match function {
        Function::Not => !a.value,
        Function::Neg => a.value.wrapping_neg(),
        Function::LeadingZeros => u128::from(a.value.leading_zeros() - (128 - a.width)),
        Function::TrailingZeros => u128::from(a.value.trailing_zeros().min(a.width)),
        Function::Popcount => u128::from(a.value.count_ones()),
        Function::Parity => u128::from((a.value as u8).count_ones().is_multiple_of(2)),
        _ => 0,
    }
}

fn binary(function: &Function, a: Bits, b: Bits) -> u128 {
    let (x, y) = (a.value, b.value);
    let (sx, sy) = (a.signed(), b.signed());
    match function {
        Function::Add => x.wrapping_add(y),
        Function::Sub => x.wrapping_sub(y),
        Function::Mul => x.wrapping_mul(y),
        Function::UDiv => x.checked_div(y).unwrap_or(mask(a.width)),
        Function::URem => x.checked_rem(y).unwrap_or(x),
        Function::SDiv if sy == 0 => (if sx < 0 { 1_i128 } else { -1 }) as u128,
        Function::SDiv => sx.wrapping_div(sy) as u128,
        Function::SRem if sy == 0 => x,
        Function::SRem => sx.wrapping_rem(sy) as u128,
        Function::And => x & y,
        Function::Or => x | y,
        Function::Xor => x ^ y,
        Function::Shl => shift(b, |by| x << by, 0),
        Function::LShr => shift(b, |by| x >> by, 0),
        Function::AShr => shift(b, |by| (sx >> by) as u128, if sx < 0 { u128::MAX } else { 0 }),
        Function::RotL => rotate_left(a, (y % u128::from(a.width)) as u32),
        Function::RotR => rotate_left(a, a.width - (y % u128::from(a.width)) as u32),
        Function::Eq => u128::from(x == y),
        Function::Ne => u128::from(x != y),
        Function::Ult => u128::from(x < y),
        Function::Ule => u128::from(x <= y),
        Function::Slt => u128::from(sx < sy),
        Function::Sle => u128::from(sx <= sy),
        Function::Concat => shift(Bits::new(u128::from(b.width), 32), |by| x << by, 0) | y,
        _ => 0,
    }
}

/// Shifts by at least the width of all numbers give `far`.
fn shift(by: Bits, near: impl Fn(u32) -> u128, far: u128) -> u128 {
    if by.value < 128 { near(by.value as u32) } else { far }
}

fn rotate_left(a: Bits, by: u32) -> u128 {
    if by == 0 || by == a.width { a.value } else { a.value << by | a.value >> (a.width - by) }
}
