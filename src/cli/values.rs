//! Values of WebAssembly as people write and read them.

use framewright::engine::link::type_name;
use framewright_compiler::ir::Type;

/// The bits of an argument.
///
/// # Errors
/// Not a value of the type, with the reason.
pub(crate) fn parse(ty: Type, text: &str) -> Result<u64, String> {
    let clean = text.replace('_', "");
    let bits = match ty {
        Type::I32 => integer(&clean).and_then(|n| narrow(n, 32)),
        Type::I64 => integer(&clean).and_then(|n| narrow(n, 64)),
        Type::F32 => float(&clean).map(|x| match x {
            Float::Number(x) => u64::from((x as f32).to_bits()),
            Float::Decimal(text) => text.parse::<f32>().map_or(0, |x| u64::from(x.to_bits())),
            Float::Nan { negative, payload } => {
                let payload = payload.unwrap_or(1 << 22) & 0x7f_ffff;
                u64::from(negative) << 31 | 0x7f80_0000 | payload
            }
        }),
        Type::F64 => float(&clean).map(|x| match x {
            Float::Number(x) => x.to_bits(),
            Float::Decimal(text) => text.parse::<f64>().map_or(0, f64::to_bits),
            Float::Nan { negative, payload } => {
                let payload = payload.unwrap_or(1 << 51) & 0xf_ffff_ffff_ffff;
                u64::from(negative) << 63 | 0x7ff0_0000_0000_0000 | payload
            }
        }),
    };
    bits.ok_or_else(|| format!("`{text}` is not a value of type {}", type_name(ty)))
}

/// A value as people read it; integers are signed.
pub(crate) fn show(ty: Type, bits: u64) -> String {
    match ty {
        Type::I32 => (bits as i32).to_string(),
        Type::I64 => (bits as i64).to_string(),
        Type::F32 => {
            show_float(f64::from(f32::from_bits(bits as u32)), f32::from_bits(bits as u32).to_string())
        }
        Type::F64 => show_float(f64::from_bits(bits), f64::from_bits(bits).to_string()),
    }
}

fn show_float(value: f64, plain: String) -> String {
    match value {
        x if x.is_nan() => (if x.is_sign_negative() { "-nan" } else { "nan" }).to_owned(),
        x if x.abs() >= 1e17 || (x != 0.0 && x.abs() < 1e-7) => format!("{x:e}"),
        _ => plain,
    }
}

fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = sign(text);
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) if !hex.starts_with(['+', '-']) => i128::from_str_radix(hex, 16).ok()?,
        Some(_) => return None,
        None if digits.starts_with(|c: char| c.is_ascii_digit()) => digits.parse().ok()?,
        None => return None,
    };
    Some(if negative { -value } else { value })
}

/// The low bits, if the number fits as signed or as unsigned.
fn narrow(value: i128, bits: u32) -> Option<u64> {
    let fits = (-(1i128 << (bits - 1))..1i128 << bits).contains(&value);
    fits.then_some(value as u64 & (u64::MAX >> (64 - bits)))
}

enum Float<'a> {
    Number(f64),
    Decimal(&'a str),
    Nan { negative: bool, payload: Option<u64> },
}

fn float(text: &str) -> Option<Float<'_>> {
    let (negative, digits) = sign(text);
    if let Some(rest) = digits.strip_prefix("nan") {
        let payload = match rest.strip_prefix(":0x") {
            Some(hex) => Some(u64::from_str_radix(hex, 16).ok().filter(|&p| p != 0)?),
            None if rest.is_empty() => None,
            None => return None,
        };
        return Some(Float::Nan { negative, payload });
    }
    if let Some(hex) = digits.strip_prefix("0x") {
        let value = hex_float(hex)?;
        return Some(Float::Number(if negative { -value } else { value }));
    }
    text.parse::<f64>().ok().map(|_| Float::Decimal(text))
}

/// `1.8p3` in base 16, exponent of 2 in base 10. Digits past 15 are dropped.
fn hex_float(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once(['p', 'P']).unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut exponent: i32 = exponent.parse().ok()?;
    let (mut mantissa, mut kept, mut any) = (0u64, 0, false);
    for (digit, after_point) in whole.chars().map(|c| (c, false)).chain(fraction.chars().map(|c| (c, true))) {
        let digit = u64::from(digit.to_digit(16)?);
        any = true;
        if kept < 15 {
            mantissa = mantissa << 4 | digit;
            kept += u32::from(mantissa != 0);
            exponent = exponent.checked_sub(if after_point { 4 } else { 0 })?;
        } else if !after_point {
            exponent = exponent.checked_add(4)?;
        }
    }
    any.then(|| scale(mantissa as f64, exponent.clamp(-3000, 3000)))
}

/// `x` times a power of two, in steps that neither overflow nor underflow before the result does.
fn scale(mut x: f64, mut exponent: i32) -> f64 {
    while exponent > 0 {
        let step = exponent.min(1000);
        x *= 2f64.powi(step);
        exponent -= step;
    }
    while exponent < 0 {
        let step = exponent.max(-1000);
        x *= 2f64.powi(step);
        exponent -= step;
    }
    x
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_signed_or_unsigned_and_in_range() {
        assert_eq!(parse(Type::I32, "-1"), Ok(0xffff_ffff));
        assert_eq!(parse(Type::I32, "4294967295"), Ok(0xffff_ffff));
        assert_eq!(parse(Type::I32, "0x8000_0000"), Ok(0x8000_0000));
        assert_eq!(parse(Type::I64, "-9223372036854775808"), Ok(1 << 63));
        for wrong in ["4294967296", "-2147483649", "", "-", "1.5", "x", "--1", "0x", "0x-1"] {
            assert!(parse(Type::I32, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn floats_are_decimal_hexadecimal_or_special() {
        let f64 = |text| parse(Type::F64, text).map(f64::from_bits);
        assert_eq!(f64("1.5"), Ok(1.5));
        assert_eq!(f64("-0x1.8p3"), Ok(-12.0));
        assert_eq!(f64("0x1p-1074"), Ok(5e-324));
        assert_eq!(f64("inf"), Ok(f64::INFINITY));
        assert_eq!(parse(Type::F32, "nan"), Ok(0x7fc0_0000));
        assert_eq!(parse(Type::F32, "-nan:0x1"), Ok(0xff80_0001));
        assert_eq!(parse(Type::F32, "16777217"), Ok(u64::from(16_777_217f32.to_bits())));
        for wrong in ["", "abc", "0x", "nan:0x0", "1e"] {
            assert!(f64(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn values_are_shown_so_that_they_read_back() {
        for (ty, text) in [(Type::I32, "-5"), (Type::I64, "7"), (Type::F64, "0.1"), (Type::F32, "0.1")] {
            assert_eq!(parse(ty, text).map(|bits| show(ty, bits)).as_deref(), Ok(text));
        }
        assert_eq!(show(Type::F64, f64::NAN.to_bits()), "nan");
    }
}
