//! Float functions with the suffixes `.propagated` and `.saturated`: the machines that hand on NaN operands, and whose
//! conversions to integers give the nearest number there is.
//!
//! NaN rule (Arm ARM DDI 0487, A1.5.8 and `FPProcessNaNs`): the first signalling operand, else the first quiet one, made
//! quiet; without a NaN operand an invalid operation gives the positive quiet NaN. Rounding is to nearest even.

use super::Bits;

/// Where the parts of a float are.
struct Format {
    exponent: u128,
    quiet: u128,
    sign: u128,
}

const F32: Format = Format { exponent: 0x7f80_0000, quiet: 0x0040_0000, sign: 0x8000_0000 };
const F64: Format =
    Format { exponent: 0x7ff0_0000_0000_0000, quiet: 0x0008_0000_0000_0000, sign: 0x8000_0000_0000_0000 };

impl Format {
    fn magnitude(&self, raw: u128) -> u128 {
        raw & !self.sign
    }

    fn is_nan(&self, raw: u128) -> bool {
        self.magnitude(raw) > self.exponent
    }

    fn is_signalling(&self, raw: u128) -> bool {
        self.is_nan(raw) && raw & self.quiet == 0
    }

    fn default_nan(&self) -> u128 {
        self.exponent | self.quiet
    }

    /// What NaN operands make of a result, if there is one.
    fn propagate(&self, operands: &[u128]) -> Option<u128> {
        let signalling = operands.iter().find(|&&raw| self.is_signalling(raw));
        let nan = signalling.or_else(|| operands.iter().find(|&&raw| self.is_nan(raw)));
        nan.map(|raw| raw | self.quiet)
    }

    /// Whether the product of the two is not defined.
    fn is_invalid_product(&self, a: u128, b: u128) -> bool {
        let (a, b) = (self.magnitude(a), self.magnitude(b));
        (a == self.exponent && b == 0) || (a == 0 && b == self.exponent)
    }
}

/// The function `f32.` or `f64.` (by `width`) `operation.propagated`.
pub(super) fn apply(width: u32, operation: &str, args: &[Bits]) -> Option<u128> {
    let format = if width == 32 { &F32 } else { &F64 };
    if args.iter().any(|arg| arg.width != width) {
        return None;
    }
    let raws: Vec<u128> = args.iter().map(|arg| arg.value).collect();
    // Computed even if a NaN decides, so that an unknown operation is never taken for a known one.
    let result = if width == 32 { compute_f32(operation, &raws) } else { compute_f64(operation, &raws) }?;
    match (operation, raws.as_slice()) {
        // A number beats a quiet NaN, a signalling one beats both.
        ("min_number" | "max_number", &[a, b]) if !format.is_signalling(a) && !format.is_signalling(b) => {
            match (format.is_nan(a), format.is_nan(b)) {
                (true, false) => return Some(b),
                (false, true) => return Some(a),
                _ => (),
            }
        }
        // An invalid product beats a quiet addend.
        ("mul_add", &[addend, a, b]) if format.is_invalid_product(a, b) && !format.is_signalling(addend) => {
            return Some(format.default_nan());
        }
        _ => (),
    }
    let result = if format.is_nan(result) { format.default_nan() } else { result };
    Some(format.propagate(&raws).unwrap_or(result))
}

macro_rules! compute {
    ($name:ident, $float:ty, $bits:ty) => {
        /// The operation on operands that are not NaN, or `None` if there is none of that name and arguments.
        fn $name(operation: &str, raws: &[u128]) -> Option<u128> {
            let float = |raw: u128| <$float>::from_bits(raw as $bits);
            let result = match *raws {
                [a] => {
                    let a = float(a);
                    match operation {
                        "sqrt" => a.sqrt(),
                        "integral_nearest" => a.round_ties_even(),
                        "integral_up" => a.ceil(),
                        "integral_down" => a.floor(),
                        "integral_zero" => a.trunc(),
                        "integral_away" => a.round(),
                        _ => return None,
                    }
                }
                [a, b] => {
                    let (a, b) = (float(a), float(b));
                    // The negative zero is the smaller one.
                    let a_first = a < b || (a == b && a.is_sign_negative());
                    match operation {
                        "add" => a + b,
                        "sub" => a - b,
                        "mul" => a * b,
                        "div" => a / b,
                        "min" | "min_number" => {
                            if a_first {
                                a
                            } else {
                                b
                            }
                        }
                        "max" | "max_number" => {
                            if a_first {
                                b
                            } else {
                                a
                            }
                        }
                        _ => return None,
                    }
                }
                [addend, a, b] if operation == "mul_add" => float(a).mul_add(float(b), float(addend)),
                _ => return None,
            };
            Some(u128::from(result.to_bits()))
        }
    };
}

compute!(compute_f32, f32, u32);
compute!(compute_f64, f64, u64);

/// The function `f32.` or `f64.` (by `width`) `operation.saturated`: truncated, NaN is zero.
pub(super) fn saturated(width: u32, operation: &str, args: &[Bits]) -> Option<u128> {
    let [arg] = args else { return None };
    if arg.width != width {
        return None;
    }
    // A float of 32 bits survives the way to 64.
    let a = if width == 32 {
        f64::from(f32::from_bits(arg.value as u32))
    } else {
        f64::from_bits(arg.value as u64)
    };
    Some(match operation {
        "to_i32" => u128::from(a as i32 as u32),
        "to_i64" => u128::from(a as i64 as u64),
        "to_u32" => u128::from(a as u32),
        "to_u64" => u128::from(a as u64),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Bits, float};

    const ONE: u64 = 0x3ff0_0000_0000_0000;
    const INFINITY: u64 = 0x7ff0_0000_0000_0000;
    const MINUS_ZERO: u64 = 1 << 63;
    const DEFAULT: u64 = 0x7ff8_0000_0000_0000;
    const QUIET: u64 = 0xfff8_0000_0000_0001;
    const SIGNALLING: u64 = 0x7ff0_0000_0000_0002;

    fn f64(name: &str, args: &[u64]) -> Option<u128> {
        let args: Vec<Bits> = args.iter().map(|&arg| Bits::new(u128::from(arg), 64)).collect();
        float::apply(&format!("f64.{name}"), &args)
    }

    fn check(name: &str, args: &[u64], expected: u64) {
        assert_eq!(f64(name, args), Some(u128::from(expected)), "{name} of {args:x?}");
    }

    #[test]
    fn a_signalling_operand_comes_first_and_is_made_quiet() {
        let made_quiet = SIGNALLING | 1 << 51;
        check("add.propagated", &[QUIET, SIGNALLING], made_quiet);
        check("add.propagated", &[ONE, QUIET], QUIET);
        check("mul.propagated", &[QUIET, DEFAULT], QUIET);
        check("sqrt.propagated", &[SIGNALLING], made_quiet);
        check("min_number.propagated", &[ONE, SIGNALLING], made_quiet);
    }

    #[test]
    fn what_is_invalid_gives_the_positive_nan() {
        check("sub.propagated", &[INFINITY, INFINITY], DEFAULT);
        check("sqrt.propagated", &[ONE | MINUS_ZERO], DEFAULT);
        check("mul_add.propagated", &[QUIET, 0, INFINITY], DEFAULT);
        check("mul_add.propagated", &[QUIET, INFINITY, 0], DEFAULT);
        check("mul_add.propagated", &[SIGNALLING, 0, INFINITY], SIGNALLING | 1 << 51);
    }

    #[test]
    fn infinities_are_numbers_and_most_products_are_valid() {
        check("add.propagated", &[INFINITY, ONE], INFINITY);
        check("div.propagated", &[ONE, INFINITY], 0);
        check("max_number.propagated", &[INFINITY, QUIET], INFINITY);
        for (a, b) in [(ONE, 0), (0, ONE), (ONE, INFINITY), (INFINITY, ONE), (0, 0), (INFINITY, INFINITY)] {
            check("mul_add.propagated", &[QUIET, a, b], QUIET);
        }
    }

    #[test]
    fn zeros_are_ordered_and_numbers_beat_quiet_nans_where_the_name_says_so() {
        check("min.propagated", &[0, MINUS_ZERO], MINUS_ZERO);
        check("max.propagated", &[MINUS_ZERO, 0], 0);
        check("min.propagated", &[ONE, QUIET], QUIET);
        check("max_number.propagated", &[QUIET, ONE], ONE);
        check("max_number.propagated", &[ONE, QUIET], ONE);
        check("min_number.propagated", &[ONE, QUIET], ONE);
        check("max_number.propagated", &[QUIET, DEFAULT], QUIET);
    }

    #[test]
    fn rounding_to_integrals_and_fused_products_are_exact() {
        let half = 0x3fe0_0000_0000_0000;
        check("integral_nearest.propagated", &[half], 0);
        check("integral_away.propagated", &[half], ONE);
        check("integral_up.propagated", &[half | MINUS_ZERO], MINUS_ZERO);
        // (1 + u)(1 - u) - 1 = -u², which a rounded product would lose.
        let u = 2.0_f64.powi(-30);
        let operands = [-1.0, 1.0 + u, 1.0 - u].map(f64::to_bits);
        check("mul_add.propagated", &operands, f64::to_bits(-2.0_f64.powi(-60)));
    }

    #[test]
    fn conversions_saturate() {
        check("to_i32.saturated", &[f64::to_bits(-3.9)], 0xffff_fffd);
        check("to_i32.saturated", &[INFINITY], 0x7fff_ffff);
        check("to_u32.saturated", &[f64::to_bits(-1.0)], 0);
        check("to_u64.saturated", &[f64::to_bits(1e30)], u64::MAX);
        check("to_i64.saturated", &[QUIET], 0);
    }

    #[test]
    fn an_unknown_function_has_no_value() {
        assert_eq!(f64("cube.propagated", &[ONE]), None);
        assert_eq!(f64("cube.propagated", &[QUIET]), None);
        assert_eq!(f64("add.propagated", &[QUIET]), None);
        assert_eq!(f64("to_i16.saturated", &[ONE]), None);
    }
}
