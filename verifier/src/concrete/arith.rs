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

#[cfg(test)]
mod tests {
    use super::*;

    /// What SMT-LIB says of division by zero, of shifts too far, of edges. (The SMT-LIB Standard 2.6, FixedSizeBitVectors)
    #[test]
    fn edges_are_those_of_smt_lib() {
        use Function as F;
        let byte = |value: u8| Bits::new(value.into(), 8);
        for (function, a, b, expected) in [
            (F::UDiv, 5, 0, 0xff),
            (F::URem, 5, 0, 5),
            (F::SDiv, 5, 0, 0xff),
            (F::SDiv, 0, 0, 0xff),
            (F::SDiv, 0xfb, 0, 1),
            (F::SDiv, 0x80, 0xff, 0x80),
            (F::SDiv, 0xf9, 2, 0xfd),
            (F::SRem, 5, 0, 5),
            (F::SRem, 0xf9, 2, 0xff),
            (F::Shl, 1, 8, 0),
            (F::Shl, 1, 200, 0),
            (F::LShr, 0x80, 7, 1),
            (F::LShr, 0x80, 130, 0),
            (F::AShr, 0x80, 7, 0xff),
            (F::AShr, 0x80, 200, 0xff),
            (F::AShr, 0x40, 200, 0),
            (F::AShr, 0, 200, 0),
            (F::RotL, 0x81, 1, 3),
            (F::RotL, 0x81, 8, 0x81),
            (F::RotR, 0x81, 1, 0xc0),
            (F::RotR, 0x81, 0, 0x81),
            (F::Ule, 1, 1, 1),
            (F::Ule, 1, 2, 1),
            (F::Ule, 2, 1, 0),
            (F::Ule, 0xff, 1, 0),
            (F::Sle, 1, 1, 1),
            (F::Sle, 0xff, 1, 1),
            (F::Sle, 1, 0xff, 0),
            (F::Ult, 1, 1, 0),
            (F::Slt, 0xff, 1, 1),
            (F::Slt, 1, 1, 0),
        ] {
            let value = apply(&function, &[byte(a), byte(b)]) & mask(8);
            assert_eq!(value, expected, "{function:?} of {a:#x} and {b:#x}");
        }
        assert_eq!(shift(Bits::new(128, 128), |_| 1, 2), 2);
        assert_eq!(shift(Bits::new(127, 128), |by| by.into(), 2), 127);
    }
}
