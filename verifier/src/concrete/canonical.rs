//! The functions whose names end in `.canonical`: a NaN result is the quiet NaN without sign and payload, whatever
//! the operands; a conversion to an integer saturates, and a NaN is above all integers.
//!
//! What rounds has the mode as its last argument (see [`Mode::from_number`]).

use super::Bits;
use super::rounding::{DOUBLE, Exact, Format, Mode, Number, SINGLE};

/// The value of the function of operands of `format`, or `None` if there is none of that name and arguments.
pub(super) fn apply(format: Format, operation: &str, args: &[Bits]) -> Option<u128> {
    if let Some(from) = operation.strip_prefix("from_") {
        return from_integer(format, from, args);
    }
    let number = |index: usize| {
        let arg: &Bits = args.get(index)?;
        (arg.width == format.width).then(|| format.unpack(arg.value))
    };
    let a = number(0)?;
    if let ("min" | "max", [x, y]) = (operation, args) {
        return Some(extreme(format, operation == "max", x.value, y.value));
    }
    let (mode, operands) = args.split_last()?;
    let mode = Mode::from_number(mode.value)?;
    let packed = |format: Format, number: Number| format.pack_number(number, mode, format.quiet_nan());
    let result = match (operation, operands.len()) {
        ("add", 2) => a.add(number(1)?, mode),
        ("sub", 2) => a.add(number(1)?.negated(), mode),
        ("mul", 2) => a.mul(number(1)?),
        ("div", 2) => a.div(number(1)?),
        ("sqrt", 1) => a.sqrt(),
        ("fma", 3) => a.mul(number(1)?).add(number(2)?, mode),
        ("to_f32", 1) => return Some(packed(SINGLE, a)),
        ("to_f64", 1) => return Some(packed(DOUBLE, a)),
        (_, 1) => return to_integer(operation.strip_prefix("to_")?, a, mode),
        _ => return None,
    };
    Some(packed(format, result))
}

/// Lowest and highest integer of a type by its name.
fn range(integer: &str) -> Option<(i128, i128)> {
    match integer {
        "i32" => Some((i32::MIN.into(), i32::MAX.into())),
        "u32" => Some((0, u32::MAX.into())),
        "i64" => Some((i64::MIN.into(), i64::MAX.into())),
        "u64" => Some((0, u64::MAX.into())),
        _ => None,
    }
}

fn to_integer(integer: &str, number: Number, mode: Mode) -> Option<u128> {
    let (lowest, highest) = range(integer)?;
    Some(match number {
        Number::Infinity { negative: true } => lowest,
        Number::Nan | Number::Infinity { .. } => highest,
        Number::Finite(exact) => exact.to_integer(mode, lowest, highest),
    } as u128)
}

fn from_integer(format: Format, integer: &str, args: &[Bits]) -> Option<u128> {
    let [value, mode] = args else { return None };
    let (lowest, _) = range(integer)?;
    let value = if lowest < 0 { value.signed() } else { value.value as i128 };
    Some(format.pack(Exact::integer(value), Mode::from_number(mode.value)?))
}

/// The lower or the higher one; of a number and a NaN the number. -0 is below +0.
fn extreme(format: Format, highest: bool, x: u128, y: u128) -> u128 {
    let sign = 1 << (format.width - 1);
    // Floats that are no NaN are in the order of their bits, negative ones backwards.
    let rank = |raw: u128| if raw & sign == 0 { (raw | sign) as i128 } else { (2 * sign - 1 - raw) as i128 };
    match (format.unpack(x) == Number::Nan, format.unpack(y) == Number::Nan) {
        (true, true) => format.quiet_nan(),
        (true, false) => y,
        (false, true) => x,
        (false, false) if (rank(x) < rank(y)) != highest => x,
        (false, false) => y,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, args: &[(u128, u32)]) -> Option<u128> {
        let args: Vec<Bits> = args.iter().map(|&(value, width)| Bits::new(value, width)).collect();
        super::super::float::apply(name, &args)
    }

    fn double(name: &str, args: &[f64], mode: u128) -> f64 {
        let mut all: Vec<(u128, u32)> = args.iter().map(|a| (a.to_bits().into(), 64)).collect();
        all.push((mode, 3));
        f64::from_bits(call(name, &all).expect("a function") as u64)
    }

    fn single(name: &str, args: &[f32], mode: u128) -> f32 {
        let mut all: Vec<(u128, u32)> = args.iter().map(|a| (a.to_bits().into(), 32)).collect();
        all.push((mode, 3));
        f32::from_bits(call(name, &all).expect("a function") as u32)
    }

    /// Bits of all kinds of floats: edges, and a walk through the rest.
    fn samples() -> Vec<u64> {
        let edges = [0.0, 1.0, 1.5, 3.0, 0.1, f64::MIN_POSITIVE, f64::MAX, f64::INFINITY, f64::NAN, 5e-324];
        let mut bits: Vec<u64> = edges.iter().flat_map(|e: &f64| [e.to_bits(), (-e).to_bits()]).collect();
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for i in 0..400 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Half of them near one, where sums cancel.
            bits.push(if i % 2 == 0 {
                state
            } else {
                state >> 8 & 0x801f_ffff_ffff_ffff | 0x3fe0_0000_0000_0000
            });
        }
        bits
    }

    /// The processor's result, with the canonical NaN for every NaN.
    fn same64(ours: f64, host: f64) -> bool {
        let host = if host.is_nan() { 0x7ff8_0000_0000_0000 } else { host.to_bits() };
        ours.to_bits() == host
    }

    fn same32(ours: f32, host: f32) -> bool {
        let host = if host.is_nan() { 0x7fc0_0000 } else { host.to_bits() };
        ours.to_bits() == host
    }

    #[test]
    fn to_nearest_even_is_what_the_processor_computes() {
        for (i, &x) in samples().iter().enumerate() {
            let a = f64::from_bits(x);
            assert!(same64(double("f64.sqrt.canonical", &[a], 0), a.sqrt()), "sqrt {a:e}");
            let narrow = call("f64.to_f32.canonical", &[(x.into(), 64), (0, 3)]).expect("a function");
            assert!(same32(f32::from_bits(narrow as u32), a as f32), "to_f32 {a:e}");
            for &y in samples().iter().skip(i % 7).step_by(7) {
                let b = f64::from_bits(y);
                assert!(same64(double("f64.add.canonical", &[a, b], 0), a + b), "{a:e} + {b:e}");
                assert!(same64(double("f64.sub.canonical", &[a, b], 0), a - b), "{a:e} - {b:e}");
                assert!(same64(double("f64.mul.canonical", &[a, b], 0), a * b), "{a:e} * {b:e}");
                assert!(same64(double("f64.div.canonical", &[a, b], 0), a / b), "{a:e} / {b:e}");
                let c = f64::from_bits(x.rotate_left(11) ^ y);
                assert!(
                    same64(double("f64.fma.canonical", &[a, b, c], 0), a.mul_add(b, c)),
                    "{a:e} {b:e} {c:e}"
                );
                let (s, t) = (f32::from_bits(x as u32), f32::from_bits(y as u32));
                assert!(same32(single("f32.add.canonical", &[s, t], 0), s + t), "{s:e} + {t:e}");
                assert!(same32(single("f32.mul.canonical", &[s, t], 0), s * t), "{s:e} * {t:e}");
                assert!(same32(single("f32.div.canonical", &[s, t], 0), s / t), "{s:e} / {t:e}");
            }
        }
    }

    #[test]
    fn modes_differ_where_a_result_is_between_two_floats() {
        let third = [1.0, 3.0];
        let nearest = 1.0_f64 / 3.0;
        let by_mode: Vec<f64> = (0..5).map(|mode| double("f64.div.canonical", &third, mode)).collect();
        assert_eq!(by_mode, [nearest, nearest, nearest, nearest.next_up(), nearest]);
        let by_mode: Vec<f64> = (0..5).map(|mode| double("f64.div.canonical", &[-1.0, 3.0], mode)).collect();
        assert_eq!(by_mode, [-nearest, -nearest, (-nearest).next_down(), -nearest, -nearest]);
        // A tie, and what overflows.
        let tie = [1.0, f64::EPSILON / 2.0];
        let up = 1.0_f64.next_up();
        let by_mode: Vec<f64> = (0..5).map(|mode| double("f64.add.canonical", &tie, mode)).collect();
        assert_eq!(by_mode, [1.0, 1.0, 1.0, up, up]);
        let huge = [f64::MAX, f64::MAX];
        let by_mode: Vec<f64> = (0..5).map(|mode| double("f64.add.canonical", &huge, mode)).collect();
        assert_eq!(by_mode, [f64::INFINITY, f64::MAX, f64::MAX, f64::INFINITY, f64::INFINITY]);
        // A difference that leaves a little below its bits, and one that leaves nothing.
        assert_eq!(double("f64.sub.canonical", &[1.0, 5e-324], 1), 1.0_f64.next_down());
        assert!(double("f64.sub.canonical", &[1.0, 1.0], 2).is_sign_negative());
        assert_eq!(call("f64.add.canonical", &[(0, 64), (0, 64), (5, 3)]), None);
    }

    #[test]
    fn every_single_is_a_double() {
        let widened = |raw: u32| call("f32.to_f64.canonical", &[(raw.into(), 32), (0, 3)]);
        for a in [0.0_f32, -0.0, 1.5, -f32::MIN_POSITIVE / 8.0, f32::MAX, f32::NEG_INFINITY] {
            assert_eq!(widened(a.to_bits()), Some(f64::from(a).to_bits().into()), "{a:e}");
        }
        assert_eq!(widened(0xff80_0001), Some(0x7ff8_0000_0000_0000));
    }

    /// What is exact is so in every mode; what is not, by the least of a bit, is rounded by it.
    #[test]
    fn what_is_exact_is_not_rounded() {
        for mode in 0..5 {
            assert_eq!(double("f64.div.canonical", &[6.0, 3.0], mode), 2.0, "mode {mode}");
            assert_eq!(double("f64.div.canonical", &[-6.0, 3.0], mode), -2.0, "mode {mode}");
            assert_eq!(double("f64.sqrt.canonical", &[4.0], mode), 2.0, "mode {mode}");
            assert_eq!(double("f64.sqrt.canonical", &[0.25], mode), 0.5, "mode {mode}");
        }
        // The root of 2 is 1.4142135623730950488…, the nearest double above it.
        let root = 2.0_f64.sqrt();
        let by_mode: Vec<f64> = (0..5).map(|mode| double("f64.sqrt.canonical", &[2.0], mode)).collect();
        assert_eq!(by_mode, [root, root.next_down(), root.next_down(), root, root]);
        // The root of 1 - 2^-19 + 2^-40 + 2^-50 is 2^-71 above 1 - 2^-20 + 2^-51.
        let power = |exponent| 2.0_f64.powi(exponent);
        let (square, root) = (1.0 - power(-19) + power(-40) + power(-50), 1.0 - power(-20) + power(-51));
        let by_mode: Vec<f64> = (0..5).map(|mode| double("f64.sqrt.canonical", &[square], mode)).collect();
        assert_eq!(by_mode, [root, root, root, root.next_up(), root]);
        // One and next to nothing; a tie and next to nothing.
        let by_mode: Vec<f64> =
            (0..5).map(|mode| double("f64.add.canonical", &[1.0, 5e-324], mode)).collect();
        assert_eq!(by_mode, [1.0, 1.0, 1.0, 1.0_f64.next_up(), 1.0]);
        let tie = [1.0 + power(-26), 1.0 + power(-27)];
        let by_addend = [-5e-324, 0.0, 5e-324].map(|c| double("f64.fma.canonical", &[tie[0], tie[1], c], 0));
        let even = 1.0 + power(-26) + power(-27);
        assert_eq!(by_addend, [even, even, even.next_up()]);
        // (2^52 - 1)(2^52 + 1) - 2^133 = -(2^133 - 2^104) - 1: a little more than what is a double.
        let operands = [power(52) - 1.0, power(52) + 1.0, -power(133)];
        let by_mode: Vec<f64> = (0..5).map(|mode| double("f64.fma.canonical", &operands, mode)).collect();
        let near = power(104) - power(133);
        assert_eq!(by_mode, [near, near, near.next_down(), near, near]);
        // 1 / (1 - 2^-53) = 1 + 2^-53 + 2^-106 + …: a little more than a tie.
        let below = 1.0_f64.next_down();
        assert_eq!(double("f64.div.canonical", &[1.0, below], 0), 1.0 / below);
        assert_eq!(double("f64.div.canonical", &[1.0, below], 0), 1.0_f64.next_up());
        // The first number that is no double any more, rounded to zero.
        let huge = [2.0_f64.powi(1023), 2.0];
        let by_mode: Vec<f64> = (0..5).map(|mode| double("f64.mul.canonical", &huge, mode)).collect();
        assert_eq!(by_mode, [f64::INFINITY, f64::MAX, f64::MAX, f64::INFINITY, f64::INFINITY]);
    }

    #[test]
    fn integers_saturate_and_a_nan_is_the_highest() {
        let to = |name: &str, a: f64, mode: u128| {
            call(&format!("f64.to_{name}.canonical"), &[(a.to_bits().into(), 64), (mode, 3)])
                .map(|v| v as i64)
        };
        assert_eq!(to("i32", f64::NAN, 1), Some(i32::MAX.into()));
        assert_eq!(to("u64", f64::NAN, 1), Some(-1));
        assert_eq!(to("i32", -3e9, 1), Some(i32::MIN.into()));
        assert_eq!(to("u32", -0.5, 2), Some(0));
        assert_eq!(to("i64", 1e300, 0), Some(i64::MAX));
        for exponent in [63, 64, 90, 98, 99, 100, 101, 127, 142, 150, 300, 1023] {
            assert_eq!(to("i64", 2.0_f64.powi(exponent), 0), Some(i64::MAX), "2^{exponent}");
            assert_eq!(to("i64", -(2.0_f64.powi(exponent)), 0), Some(i64::MIN), "-2^{exponent}");
        }
        for exponent in 0..63 {
            assert_eq!(to("i64", 2.0_f64.powi(exponent), 0), Some(1 << exponent), "2^{exponent}");
        }
        assert_eq!([0, 1, 2, 3, 4].map(|mode| to("i64", -2.5, mode)), [-2, -2, -3, -2, -3].map(Some));
        let from = |name: &str, a: u128, width: u32, mode: u128| {
            let bits = call(&format!("f32.from_{name}.canonical"), &[(a, width), (mode, 3)]);
            bits.map(|bits| f32::from_bits(bits as u32))
        };
        assert_eq!(from("i32", 0xffff_ffff, 32, 0), Some(-1.0));
        assert_eq!(from("u32", 0xffff_ffff, 32, 1), Some(4_294_967_040.0));
        assert_eq!(from("u32", 0xffff_ffff, 32, 3), Some(4_294_967_296.0));
    }

    #[test]
    fn extremes_prefer_numbers_and_tell_zeros_apart() {
        let pair = |name: &str, a: f64, b: f64| {
            let args = [(a.to_bits().into(), 64), (b.to_bits().into(), 64)];
            call(&format!("f64.{name}.canonical"), &args).map(|v| f64::from_bits(v as u64).to_bits())
        };
        assert_eq!(pair("min", 0.0, -0.0), Some((-0.0_f64).to_bits()));
        assert_eq!(pair("max", -0.0, 0.0), Some(0));
        assert_eq!(pair("min", f64::NAN, 2.0), Some(2.0_f64.to_bits()));
        assert_eq!(pair("max", -f64::NAN, -f64::NAN), Some(0x7ff8_0000_0000_0000));
        assert_eq!(pair("max", -1.0, -2.0), Some((-1.0_f64).to_bits()));
        for (low, high) in [(1.0, 2.0), (-2.0, -1.0), (-2.0, 1.0), (0.5, f64::INFINITY), (5e-324, 1.0)] {
            for (a, b) in [(low, high), (high, low)] {
                assert_eq!(pair("min", a, b), Some(low.to_bits()), "min {a:e} {b:e}");
                assert_eq!(pair("max", a, b), Some(high.to_bits()), "max {a:e} {b:e}");
            }
        }
    }
}
