//! What the functions known by name only compute: IEEE 754 arithmetic as the rows name it (`f64.add`), rounding to
//! nearest even unless said otherwise, no exceptions taken, denormals kept.
//!
//! Names with an ending have the rules of their own file. Those without have these NaN rules (SDM vol. 1, 4.8.3.5 and
//! table 4-7): a NaN operand is returned quieted, the first one if both are NaN; an invalid operation gives the
//! default NaN, whose sign bit is set. The prover never looks in here.

use super::rounding::Format;
use super::{Bits, canonical, propagated, rounded};

/// The value of the function, or `None` if there is none of that name and arguments.
pub(super) fn apply(name: &str, args: &[Bits]) -> Option<u128> {
    let (format, operation) = name.split_once('.')?;
    if let Some(operation) = operation.strip_suffix(".canonical") {
        return canonical::apply(Format::named(format)?, operation, args);
    }
    if let Some(operation) = operation.strip_suffix(".propagated") {
        return propagated::apply(Format::named(format)?.width, operation, args);
    }
    if let Some(operation) = operation.strip_suffix(".saturated") {
        return propagated::saturated(Format::named(format)?.width, operation, args);
    }
    if let Some(operation) = operation.strip_suffix(".rounded") {
        return rounded::apply(Format::named(format)?, operation, args);
    }
    match format {
        "f32" => apply_f32(operation, args),
        "f64" => apply_f64(operation, args),
        _ => None,
    }
}

macro_rules! float_format {
    ($apply:ident, $float:ty, $bits:ty, $width:literal, $quiet:expr, $default_nan:expr) => {
        fn $apply(operation: &str, args: &[Bits]) -> Option<u128> {
            type Raw = $bits;
            let first = args.first()?;
            // Conversions from integers have an integer as first argument.
            if operation == "from_signed" && args.len() == 1 {
                return Some(u128::from((first.signed() as i64 as $float).to_bits()));
            }
            if operation == "from_unsigned" && args.len() == 1 {
                return Some(u128::from((first.value as u64 as $float).to_bits()));
            }
            if first.width != $width {
                return None;
            }
            let raw_a = first.value as Raw;
            let a = <$float>::from_bits(raw_a);
            let quiet = |raw: Raw| raw | $quiet;
            let arithmetic = |raw_b: Raw, result: $float| {
                let result = match (a.is_nan(), <$float>::from_bits(raw_b).is_nan(), result.is_nan()) {
                    (true, _, _) => quiet(raw_a),
                    (_, true, _) => quiet(raw_b),
                    (_, _, true) => $default_nan,
                    _ => result.to_bits(),
                };
                Some(u128::from(result))
            };
            if let [_, second] = args {
                let number = second.value;
                let raw_b = number as Raw;
                let b = <$float>::from_bits(raw_b);
                return match operation {
                    "add" => arithmetic(raw_b, a + b),
                    "sub" => arithmetic(raw_b, a - b),
                    "mul" => arithmetic(raw_b, a * b),
                    "div" => arithmetic(raw_b, a / b),
                    // The second operand if they are unordered or both zero.
                    "min" => Some(u128::from(if a < b { raw_a } else { raw_b })),
                    "max" => Some(u128::from(if a > b { raw_a } else { raw_b })),
                    "unordered" => Some(u128::from(a.is_nan() || b.is_nan())),
                    "equal" => Some(u128::from(a == b)),
                    "less" => Some(u128::from(a < b)),
                    "round" => arithmetic(raw_a, rounded(f64::from(a), number) as $float),
                    _ => None,
                };
            }
            match operation {
                "to_i32" => Some(to_signed(f64::from(a), i64::from(i32::MIN))),
                "to_i64" => Some(to_signed(f64::from(a), i64::MIN)),
                "sqrt" => arithmetic(raw_a, a.sqrt()),
                "to_f32" if a.is_nan() => Some(narrowed_nan(u64::from(raw_a))),
                "to_f32" => Some(u128::from((a as f32).to_bits())),
                "to_f64" if a.is_nan() => Some(widened_nan(raw_a as u32)),
                "to_f64" => Some(u128::from(f64::from(a).to_bits())),
                _ => None,
            }
        }
    };
}

float_format!(apply_f32, f32, u32, 32, 0x0040_0000, 0xffc0_0000);
float_format!(apply_f64, f64, u64, 64, 0x0008_0000_0000_0000, 0xfff8_0000_0000_0000);

/// To an integral float, by the rounding control of SDM vol. 2, table 4-21: bit 2 takes the mode of the control
/// register, which is nearest even. A float of 32 bits survives the way through 64.
fn rounded(a: f64, control: u128) -> f64 {
    match control & 7 {
        1 => a.floor(),
        2 => a.ceil(),
        3 => a.trunc(),
        _ => a.round_ties_even(),
    }
}

/// Towards zero to a signed integer whose lowest number is `lowest`, which is also what NaN and numbers that do not
/// fit give.
fn to_signed(a: f64, lowest: i64) -> u128 {
    let whole = a.trunc();
    // The negated lowest number is a power of two, so that both bounds are exact.
    let fits = whole >= lowest as f64 && whole < -(lowest as f64);
    (if fits { whole as i64 } else { lowest }) as u128
}

fn narrowed_nan(raw: u64) -> u128 {
    let sign = (raw >> 32) as u32 & 0x8000_0000;
    let payload = (raw >> 29) as u32 & 0x003f_ffff;
    u128::from(sign | 0x7fc0_0000 | payload)
}

fn widened_nan(raw: u32) -> u128 {
    let sign = u64::from(raw & 0x8000_0000) << 32;
    let payload = u64::from(raw & 0x003f_ffff) << 29;
    u128::from(sign | 0x7ff8_0000_0000_0000 | payload)
}
