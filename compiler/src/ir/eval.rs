//! What the numeric instructions compute, on raw bits (core specification, section 4.3).
//!
//! A value is 64 bits; those of 32-bit types are zero-extended. Where WebAssembly leaves the bits of a NaN
//! open, one choice is made, so that equal programs give equal bits: the first NaN operand made quiet;
//! without one, the negative quiet NaN with an empty payload.

use super::NumOp;
use crate::TrapCode;
use NumOp::*;

/// The result of `op`; `args` are as many as `op.args()`, missing ones count as zero.
///
/// # Errors
/// The trap it raises instead.
pub fn eval(op: NumOp, args: &[u64]) -> Result<u64, TrapCode> {
    let a = args.first().copied().unwrap_or(0);
    let b = args.get(1).copied().unwrap_or(0);
    if let Some(result) = integer32(op, a as u32, b as u32) {
        return result.map(u64::from);
    }
    if let Some(result) = integer64(op, a, b) {
        return result;
    }
    let pure = float32(op, a as u32, b as u32).or_else(|| float64(op, a, b)).or_else(|| convert(op, a));
    pure.map_or_else(|| truncate(op, a), Ok)
}

macro_rules! integer {
    ($function:ident $u:ident $s:ident:
     $eqz:ident $eq:ident $ne:ident $lts:ident $ltu:ident $gts:ident $gtu:ident $les:ident $leu:ident $ges:ident
     $geu:ident; $clz:ident $ctz:ident $popcnt:ident; $add:ident $sub:ident $mul:ident; $divs:ident $divu:ident
     $rems:ident $remu:ident; $and:ident $or:ident $xor:ident; $shl:ident $shrs:ident $shru:ident $rotl:ident
     $rotr:ident; $ext8:ident $ext16:ident) => {
        fn $function(op: NumOp, a: $u, b: $u) -> Option<Result<$u, TrapCode>> {
            let (s, t) = (a as $s, b as $s);
            let zero = (b == 0).then_some(Err(TrapCode::IntegerDivideByZero));
            Some(Ok(match op {
                $eqz => $u::from(a == 0),
                $eq => $u::from(a == b),
                $ne => $u::from(a != b),
                $lts => $u::from(s < t),
                $ltu => $u::from(a < b),
                $gts => $u::from(s > t),
                $gtu => $u::from(a > b),
                $les => $u::from(s <= t),
                $leu => $u::from(a <= b),
                $ges => $u::from(s >= t),
                $geu => $u::from(a >= b),
                $clz => a.leading_zeros() as $u,
                $ctz => a.trailing_zeros() as $u,
                $popcnt => a.count_ones() as $u,
                $add => a.wrapping_add(b),
                $sub => a.wrapping_sub(b),
                $mul => a.wrapping_mul(b),
                $divs | $divu | $rems | $remu if zero.is_some() => return zero,
                $divs => match s.checked_div(t) {
                    Some(quotient) => quotient as $u,
                    None => return Some(Err(TrapCode::IntegerOverflow)),
                },
                $divu => a / b,
                $rems => s.wrapping_rem(t) as $u,
                $remu => a % b,
                $and => a & b,
                $or => a | b,
                $xor => a ^ b,
                $shl => a.wrapping_shl(b as u32),
                $shrs => s.wrapping_shr(b as u32) as $u,
                $shru => a.wrapping_shr(b as u32),
                $rotl => a.rotate_left(b as u32 % $u::BITS),
                $rotr => a.rotate_right(b as u32 % $u::BITS),
                $ext8 => a as i8 as $u,
                $ext16 => a as i16 as $u,
                _ => return None,
            }))
        }
    };
}

integer! { integer32 u32 i32:
I32Eqz I32Eq I32Ne I32LtS I32LtU I32GtS I32GtU I32LeS I32LeU I32GeS I32GeU; I32Clz I32Ctz I32Popcnt;
I32Add I32Sub I32Mul; I32DivS I32DivU I32RemS I32RemU; I32And I32Or I32Xor;
I32Shl I32ShrS I32ShrU I32Rotl I32Rotr; I32Extend8S I32Extend16S }
integer! { integer64 u64 i64:
I64Eqz I64Eq I64Ne I64LtS I64LtU I64GtS I64GtU I64LeS I64LeU I64GeS I64GeU; I64Clz I64Ctz I64Popcnt;
I64Add I64Sub I64Mul; I64DivS I64DivU I64RemS I64RemU; I64And I64Or I64Xor;
I64Shl I64ShrS I64ShrU I64Rotl I64Rotr; I64Extend8S I64Extend16S }

macro_rules! float {
    ($function:ident $f:ident $u:ident quiet $quiet:literal default $default:literal:
     $eq:ident $ne:ident $lt:ident $gt:ident $le:ident $ge:ident; $abs:ident $neg:ident $copysign:ident;
     $ceil:ident $floor:ident $trunc:ident $nearest:ident $sqrt:ident;
     $add:ident $sub:ident $mul:ident $div:ident $min:ident $max:ident) => {
        fn $function(op: NumOp, a: $u, b: $u) -> Option<u64> {
            const SIGN: $u = 1 << ($u::BITS - 1);
            let (x, y) = ($f::from_bits(a), $f::from_bits(b));
            let number = |result: $f| if result.is_nan() { $default } else { result.to_bits() };
            let unary = |result: $f| if x.is_nan() { a | $quiet } else { number(result) };
            let binary = |result: $f| match (x.is_nan(), y.is_nan()) {
                (true, _) => a | $quiet,
                (false, true) => b | $quiet,
                (false, false) => number(result),
            };
            // Zeros of either sign compare equal: the smaller is the one with the sign, the greater without.
            let min = if x == y {
                $f::from_bits(a | b)
            } else if x < y {
                x
            } else {
                y
            };
            let max = if x == y {
                $f::from_bits(a & b)
            } else if x > y {
                x
            } else {
                y
            };
            Some(u64::from(match op {
                $eq => $u::from(x == y),
                $ne => $u::from(x != y),
                $lt => $u::from(x < y),
                $gt => $u::from(x > y),
                $le => $u::from(x <= y),
                $ge => $u::from(x >= y),
                $abs => a & !SIGN,
                $neg => a ^ SIGN,
                $copysign => a & !SIGN | b & SIGN,
                $ceil => unary(x.ceil()),
                $floor => unary(x.floor()),
                $trunc => unary(x.trunc()),
                $nearest => unary(x.round_ties_even()),
                $sqrt => unary(x.sqrt()),
                $add => binary(x + y),
                $sub => binary(x - y),
                $mul => binary(x * y),
                $div => binary(x / y),
                $min => binary(min),
                $max => binary(max),
                _ => return None,
            }))
        }
    };
}

float! { float32 f32 u32 quiet 0x0040_0000 default 0xffc0_0000:
F32Eq F32Ne F32Lt F32Gt F32Le F32Ge; F32Abs F32Neg F32Copysign;
F32Ceil F32Floor F32Trunc F32Nearest F32Sqrt; F32Add F32Sub F32Mul F32Div F32Min F32Max }
float! { float64 f64 u64 quiet 0x0008_0000_0000_0000 default 0xfff8_0000_0000_0000:
F64Eq F64Ne F64Lt F64Gt F64Le F64Ge; F64Abs F64Neg F64Copysign;
F64Ceil F64Floor F64Trunc F64Nearest F64Sqrt; F64Add F64Sub F64Mul F64Div F64Min F64Max }

/// Conversions that do not trap.
#[rustfmt::skip]
fn convert(op: NumOp, a: u64) -> Option<u64> {
    let (x, y) = (f32::from_bits(a as u32), f64::from_bits(a));
    let word = |n: u32| u64::from(n);
    let (single, double) = (|x: f32| word(x.to_bits()), |x: f64| x.to_bits());
    Some(match op {
        I32WrapI64 | I64ExtendI32U | I32ReinterpretF32 | F32ReinterpretI32 => word(a as u32),
        I64ReinterpretF64 | F64ReinterpretI64 => a,
        I64ExtendI32S | I64Extend32S => a as i32 as u64,
        F32ConvertI32S => single(a as i32 as f32),
        F32ConvertI32U => single(a as u32 as f32),
        F32ConvertI64S => single(a as i64 as f32),
        F32ConvertI64U => single(a as f32),
        F64ConvertI32S => double(f64::from(a as i32)),
        F64ConvertI32U => double(f64::from(a as u32)),
        F64ConvertI64S => double(a as i64 as f64),
        F64ConvertI64U => double(a as f64),
        F32DemoteF64 if y.is_nan() => a >> 32 & 0x8000_0000 | 0x7fc0_0000 | a >> 29 & 0x003f_ffff,
        F32DemoteF64 => single(y as f32),
        F64PromoteF32 if x.is_nan() => (a & 0x8000_0000) << 32 | 0x7ff8_0000_0000_0000 | (a & 0x003f_ffff) << 29,
        F64PromoteF32 => double(f64::from(x)),
        I32TruncSatF32S => word(x as i32 as u32),
        I32TruncSatF32U => word(x as u32),
        I32TruncSatF64S => word(y as i32 as u32),
        I32TruncSatF64U => word(y as u32),
        I64TruncSatF32S => x as i64 as u64,
        I64TruncSatF32U => x as u64,
        I64TruncSatF64S => y as i64 as u64,
        I64TruncSatF64U => y as u64,
        _ => return None,
    })
}

/// Conversions that trap on what does not fit. Widening a single to a double is exact, so that one comparison
/// serves both; the bounds are exact doubles too.
fn truncate(op: NumOp, a: u64) -> Result<u64, TrapCode> {
    let (x, y) = (f64::from(f32::from_bits(a as u32)), f64::from_bits(a));
    let whole = |value: f64, low: f64, high: f64| {
        let value = value.trunc();
        if value.is_nan() {
            Err(TrapCode::BadConversionToInteger)
        } else if value < low || value >= high {
            Err(TrapCode::IntegerOverflow)
        } else {
            Ok(value)
        }
    };
    let (two31, two32) = (2_147_483_648.0, 4_294_967_296.0);
    let (two63, two64) = (9_223_372_036_854_775_808.0, 18_446_744_073_709_551_616.0);
    Ok(match op {
        I32TruncF32S => u64::from(whole(x, -two31, two31)? as i32 as u32),
        I32TruncF32U => u64::from(whole(x, 0.0, two32)? as u32),
        I32TruncF64S => u64::from(whole(y, -two31, two31)? as i32 as u32),
        I32TruncF64U => u64::from(whole(y, 0.0, two32)? as u32),
        I64TruncF32S => whole(x, -two63, two63)? as i64 as u64,
        I64TruncF32U => whole(x, 0.0, two64)? as u64,
        I64TruncF64S => whole(y, -two63, two63)? as i64 as u64,
        I64TruncF64U => whole(y, 0.0, two64)? as u64,
        _ => unreachable!("every other instruction has a row above"),
    })
}
