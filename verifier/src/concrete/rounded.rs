//! The functions whose names end in `.rounded`: machines that hand on NaN operands and have a rounding mode. What rounds
//! has the mode as its last argument (see [`Mode::from_number`]).
//!
//! NaN rule (LoongArch Reference Manual vol. 1, 3.1.1): the first signalling operand, else the first quiet one, made
//! quiet; the addend of a multiplication and addition stands before the factors. Without a NaN operand an invalid
//! operation gives the quiet NaN without sign and payload. A conversion to an integer gives the nearest there is, 0 of
//! a NaN.

use super::Bits;
use super::rounding::{Exact, Format, Mode, Number, SINGLE};

/// The value of the function of operands of `format`, or `None` if there is none of that name and arguments.
pub(super) fn apply(format: Format, operation: &str, args: &[Bits]) -> Option<u128> {
    let (mode, operands) = args.split_last()?;
    let mode = Mode::from_number(mode.value)?;
    if let ("from_signed", [integer]) = (operation, operands) {
        let exact = Exact::integer(integer.signed());
        return Some(format.pack(exact, mode));
    }
    if operands.iter().any(|operand| operand.width != format.width) {
        return None;
    }
    let raws: Vec<u128> = operands.iter().map(|operand| operand.value).collect();
    let numbers: Vec<Number> = raws.iter().map(|&raw| format.unpack(raw)).collect();
    match (operation, numbers.as_slice()) {
        ("to_i32", &[a]) => return Some(to_integer(a, mode, i32::MIN.into(), i32::MAX.into())),
        ("to_i64", &[a]) => return Some(to_integer(a, mode, i64::MIN.into(), i64::MAX.into())),
        ("to_f32", &[Number::Nan]) => return Some(narrowed(format, *raws.first()?)),
        ("to_f32", &[a]) => return Some(SINGLE.pack_number(a, mode, SINGLE.quiet_nan())),
        _ => {}
    }
    let result = match (operation, numbers.as_slice()) {
        ("add", &[a, b]) => a.add(b, mode),
        ("sub", &[a, b]) => a.add(b.negated(), mode),
        ("mul", &[a, b]) => a.mul(b),
        ("div", &[a, b]) => a.div(b),
        ("sqrt", &[a]) => a.sqrt(),
        ("to_integral", &[a]) => to_integral(format, a, mode),
        ("fma" | "fms" | "fnma" | "fnms", &[a, b, c]) => {
            let addend = if operation.ends_with("ms") { c.negated() } else { c };
            return Some(fused(format, operation.starts_with("fn"), [a, b, addend], &raws, mode));
        }
        _ => return None,
    };
    Some(propagated(format, &raws).unwrap_or_else(|| format.pack_number(result, mode, format.quiet_nan())))
}

/// ±(a × b + addend), rounded once and negated afterwards.
fn fused(format: Format, negated: bool, [a, b, addend]: [Number; 3], raws: &[u128], mode: Mode) -> u128 {
    let mut by_priority = raws.to_vec();
    by_priority.rotate_right(1);
    if let Some(nan) = propagated(format, &by_priority) {
        return nan;
    }
    let result = a.mul(b).add(addend, mode);
    let sign = u128::from(negated && result != Number::Nan) << (format.width - 1);
    format.pack_number(result, mode, format.quiet_nan()) ^ sign
}

fn quiet_bit(format: Format) -> u128 {
    1 << (format.fraction - 1)
}

/// The NaN among the operands that the result is, if there is one.
fn propagated(format: Format, raws: &[u128]) -> Option<u128> {
    let nans = || raws.iter().filter(|&&raw| format.unpack(raw) == Number::Nan);
    let signalling = nans().find(|&&raw| raw & quiet_bit(format) == 0);
    signalling.or_else(|| nans().next()).map(|raw| raw | quiet_bit(format))
}

/// A NaN as a narrower one: the sign and the upper bits of the payload.
fn narrowed(format: Format, raw: u128) -> u128 {
    let sign = raw >> (format.width - 1) << (SINGLE.width - 1);
    let payload = raw >> (format.fraction - SINGLE.fraction) & (quiet_bit(SINGLE) - 1);
    sign | SINGLE.quiet_nan() | payload
}

fn to_integer(number: Number, mode: Mode, lowest: i128, highest: i128) -> u128 {
    let integer = match number {
        Number::Nan => 0,
        Number::Infinity { negative } => {
            if negative {
                lowest
            } else {
                highest
            }
        }
        Number::Finite(exact) => exact.to_integer(mode, lowest, highest),
    };
    integer as u128
}

/// To a float without a fraction. From 2^(bits of the fraction) on every float is one.
fn to_integral(format: Format, number: Number, mode: Mode) -> Number {
    match number {
        Number::Finite(exact) if exact.exponent < 0 => {
            let integer = exact.to_integer(mode, i128::MIN, i128::MAX);
            debug_assert!(integer.unsigned_abs() <= 1 << format.fraction);
            Number::Finite(Exact { negative: exact.negative, ..Exact::integer(integer) })
        }
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Bits, float};

    const QUIET: u64 = 0xfff8_0000_0000_0001;
    const SIGNALLING: u64 = 0x7ff0_0000_0000_0002;
    const DEFAULT: u64 = 0x7ff8_0000_0000_0000;
    const MINUS_ZERO: u64 = 1 << 63;

    fn raw(name: &str, args: &[u64], mode: u128) -> Option<u128> {
        let mut args: Vec<Bits> = args.iter().map(|&arg| Bits::new(u128::from(arg), 64)).collect();
        args.push(Bits::new(mode, 3));
        float::apply(&format!("f64.{name}.rounded"), &args)
    }

    fn check(name: &str, args: &[u64], mode: u128, expected: u64) {
        assert_eq!(
            raw(name, args, mode).map(|v| v as u64),
            Some(expected),
            "{name} of {args:x?} mode {mode}"
        );
    }

    fn by_mode(name: &str, args: &[f64]) -> Vec<f64> {
        let args: Vec<u64> = args.iter().map(|arg| arg.to_bits()).collect();
        (0..4).map(|mode| f64::from_bits(raw(name, &args, mode).expect("a function") as u64)).collect()
    }

    #[test]
    fn a_signalling_operand_comes_first_and_the_addend_before_the_factors() {
        let made_quiet = SIGNALLING | 1 << 51;
        check("add", &[QUIET, SIGNALLING], 0, made_quiet);
        check("div", &[QUIET, DEFAULT], 0, QUIET);
        check("fma", &[DEFAULT, 0, QUIET], 0, QUIET);
        check("fnms", &[SIGNALLING, 0, QUIET], 0, made_quiet);
        check("to_integral", &[SIGNALLING], 0, made_quiet);
        assert_eq!(raw("to_f32", &[QUIET], 0), Some(0xffc0_0000));
    }

    /// As the processor does it, which keeps the sign and the upper bits of a payload too.
    #[test]
    fn doubles_become_singles() {
        for bits in
            [0x7ff8_1234_5678_9abc, 0x7ff1_2345_6789_abcd, 0xfff8_0000_2000_0000, 0xffff_ffff_ffff_ffff]
        {
            assert_eq!(
                raw("to_f32", &[bits], 0),
                Some((f64::from_bits(bits) as f32).to_bits().into()),
                "{bits:x}"
            );
        }
        // The upper 22 bits of the payload, by hand.
        assert_eq!(raw("to_f32", &[0x7ff8_1234_5678_9abc], 0), Some(0x7fc0_91a2));
        for a in [1.5, -0.1, 1e300, f64::NEG_INFINITY, 1e-42, -0.0, f64::from(f32::MAX)] {
            assert_eq!(raw("to_f32", &[a.to_bits()], 0), Some((a as f32).to_bits().into()), "{a:e}");
        }
    }

    #[test]
    fn what_is_invalid_gives_the_positive_nan_in_every_form() {
        let infinity = f64::INFINITY.to_bits();
        check("sub", &[infinity, infinity], 0, DEFAULT);
        check("fnma", &[infinity, 0, 0], 0, DEFAULT);
        check("sqrt", &[f64::to_bits(-1.0)], 0, DEFAULT);
    }

    #[test]
    fn every_mode_rounds_its_way() {
        let third = 1.0 / 3.0_f64;
        assert_eq!(by_mode("div", &[1.0, 3.0]), [third, third, third, third.next_up()]);
        assert_eq!(by_mode("to_integral", &[-2.5]), [-2.0, -2.0, -3.0, -2.0]);
        assert_eq!(by_mode("mul", &[0.1, 0.1]), [0.1 * 0.1, 0.01, 0.01, 0.1 * 0.1]);
        assert_eq!(by_mode("mul", &[-1.5, 3.0]), [-4.5; 4]);
        assert_eq!(by_mode("to_integral", &[1e300]), [1e300; 4]);
        // Where fractions end, and around it.
        for a in [
            4_503_599_627_370_495.0,
            4_503_599_627_370_496.0,
            9_007_199_254_740_991.0,
            -9_007_199_254_740_991.0,
        ] {
            assert_eq!(by_mode("to_integral", &[a]), [a; 4]);
        }
        check("to_integral", &[f64::to_bits(-0.25)], 0, MINUS_ZERO);
        let u = 2.0_f64.powi(-30);
        assert_eq!(by_mode("fnma", &[1.0 + u, 1.0 - u, -1.0]), [u * u; 4]);
        assert_eq!(by_mode("fms", &[2.0, 3.0, 1.0]), [5.0; 4]);
    }

    #[test]
    fn integers_saturate_and_a_nan_is_zero() {
        let to = |name: &str, a: f64, mode: u128| raw(name, &[a.to_bits()], mode).map(|v| v as i64);
        assert_eq!(to("to_i32", -3e9, 1), Some(i32::MIN.into()));
        assert_eq!(to("to_i64", f64::INFINITY, 0), Some(i64::MAX));
        assert_eq!(to("to_i64", f64::NAN, 0), Some(0));
        assert_eq!([0, 1, 2, 3].map(|mode| to("to_i64", 2.5, mode)), [2, 2, 2, 3].map(Some));
        check("from_signed", &[(1 << 54) + 1], 3, f64::to_bits(18_014_398_509_481_988.0));
        check("from_signed", &[u64::MAX], 0, f64::to_bits(-1.0));
    }

    #[test]
    fn an_unknown_function_has_no_value() {
        assert_eq!(raw("cube", &[QUIET], 0), None);
        assert_eq!(raw("add", &[QUIET], 0), None);
        assert_eq!(raw("add", &[0, 0], 5), None);
    }
}
