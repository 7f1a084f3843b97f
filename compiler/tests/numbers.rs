//! Numeric instructions at their edges, and against independent definitions of some of them.

mod common;

use common::{EDGES, Random};
use framewright_compiler::TrapCode::{BadConversionToInteger, IntegerDivideByZero, IntegerOverflow};
use framewright_compiler::ir::{NumOp, NumOp::*, Type, eval};

fn f(x: f32) -> u64 {
    u64::from(x.to_bits())
}

fn d(x: f64) -> u64 {
    x.to_bits()
}

#[test]
#[rustfmt::skip]
fn integers_at_their_edges() {
    let (min32, min64, m1) = (0x8000_0000, 1 << 63, u64::from(u32::MAX));
    let rows: &[(NumOp, &[u64], u64)] = &[
        (I32Add, &[m1, 1], 0),                       (I64Add, &[u64::MAX, 1], 0),
        (I32Sub, &[0, 1], m1),                       (I64Mul, &[min64, 2], 0),
        (I32Mul, &[0x1_0001, 0x1_0000], 0x1_0000),   (I32DivS, &[min32, 1], min32),
        (I32RemS, &[min32, m1], 0),                  (I64RemS, &[min64, u64::MAX], 0),
        (I32DivS, &[m1 - 6, 2], m1 - 2),             (I32RemS, &[m1 - 6, 2], m1),
        (I32DivU, &[m1, 2], 0x7fff_ffff),            (I32RemU, &[m1, 10], 5),
        (I32Shl, &[1, 32], 1),                       (I32Shl, &[1, 31], min32),
        (I32ShrS, &[min32, 35], 0xf000_0000),        (I32ShrU, &[min32, 35], 0x1000_0000),
        (I64Shl, &[1, 64], 1),                       (I64ShrS, &[min64, 127], u64::MAX),
        (I64Shl, &[1, 1 << 40], 1),                  (I64Rotl, &[min64, 1], 1),
        (I32Rotl, &[min32, 33], 1),                  (I32Rotr, &[1, 33], min32),
        (I32Clz, &[0], 32),                          (I64Clz, &[0], 64),
        (I32Ctz, &[0], 32),                          (I64Ctz, &[0], 64),
        (I32Clz, &[1], 31),                          (I64Ctz, &[min64], 63),
        (I64Popcnt, &[u64::MAX], 64),                (I32LtS, &[m1, 0], 1),
        (I32LtU, &[m1, 0], 0),                       (I64GeS, &[min64, 0], 0),
        (I64GeU, &[min64, 0], 1),                    (I32Eqz, &[0], 1),
        (I64Eqz, &[1 << 32], 0),                     (I32WrapI64, &[u64::MAX << 8], 0xffff_ff00),
        (I64ExtendI32S, &[min32], 0xffff_ffff_8000_0000), (I64ExtendI32U, &[min32], min32),
        (I32Extend8S, &[0x180], 0xffff_ff80),        (I32Extend16S, &[0x1_7fff], 0x7fff),
        (I64Extend8S, &[0x80], u64::MAX << 7),       (I64Extend32S, &[min32], 0xffff_ffff_8000_0000),
    ];
    for &(op, args, result) in rows {
        assert_eq!(eval(op, args), Ok(result), "{} {args:x?}", op.name());
    }
    for (div, rem, min) in [(I32DivS, I32RemS, min32), (I64DivS, I64RemS, min64)] {
        let m1 = if min == min32 { m1 } else { u64::MAX };
        assert_eq!(eval(div, &[min, m1]), Err(IntegerOverflow));
        assert_eq!((eval(div, &[1, 0]), eval(rem, &[1, 0])), (Err(IntegerDivideByZero), Err(IntegerDivideByZero)));
    }
    assert_eq!((eval(I64DivU, &[1, 0]), eval(I32RemU, &[1, 0])), (Err(IntegerDivideByZero), Err(IntegerDivideByZero)));
}

#[test]
#[rustfmt::skip]
fn floats_at_their_edges() {
    let (inf, nan) = (f32::INFINITY, 0x7fc0_0000);
    let rows: &[(NumOp, &[u64], u64)] = &[
        (F32Min, &[f(0.0), f(-0.0)], f(-0.0)),       (F32Max, &[f(-0.0), f(0.0)], f(0.0)),
        (F64Min, &[d(-0.0), d(0.0)], d(-0.0)),       (F64Max, &[d(-0.0), d(-0.0)], d(-0.0)),
        (F32Min, &[f(1.0), nan], nan),               (F32Max, &[nan, f(1.0)], nan),
        (F32Min, &[f(-inf), f(1.0)], f(-inf)),       (F64Max, &[d(3.0), d(2.0)], d(3.0)),
        (F32Nearest, &[f(0.5)], f(0.0)),             (F32Nearest, &[f(1.5)], f(2.0)),
        (F32Nearest, &[f(-0.5)], f(-0.0)),           (F64Nearest, &[d(2.5)], d(2.0)),
        (F64Nearest, &[d(-3.5)], d(-4.0)),           (F64Nearest, &[d(4503599627370497.0)], d(4503599627370497.0)),
        (F32Ceil, &[f(-0.9)], f(-0.0)),              (F32Floor, &[f(-0.0)], f(-0.0)),
        (F64Trunc, &[d(-1.9)], d(-1.0)),             (F64Trunc, &[d(0.9)], d(0.0)),
        (F32Copysign, &[nan, f(-1.0)], 0xffc0_0000), (F32Abs, &[0xff80_0001], 0x7f80_0001),
        (F32Neg, &[0x7f80_0001], 0xff80_0001),       (F64Neg, &[d(0.0)], d(-0.0)),
        (F32Div, &[f(1.0), f(-0.0)], f(-inf)),       (F32Sqrt, &[f(-0.0)], f(-0.0)),
        // NaNs: the first operand's, made quiet; else the negative default.
        (F32Add, &[0x7f80_0001, nan], 0x7fc0_0001),  (F32Add, &[f(1.0), 0xff80_0002], 0xffc0_0002),
        (F32Sub, &[f(inf), f(inf)], 0xffc0_0000),    (F32Sqrt, &[f(-1.0)], 0xffc0_0000),
        (F64Div, &[d(0.0), d(0.0)], 0xfff8 << 48),   (F32Ceil, &[0xff80_0001], 0xffc0_0001),
        (F32Eq, &[nan, nan], 0),                     (F32Ne, &[nan, nan], 1),
        (F64Lt, &[d(-0.0), d(0.0)], 0),              (F64Le, &[d(-0.0), d(0.0)], 1),
        (F32Ge, &[nan, f(0.0)], 0),                  (F64Gt, &[d(1.0), d(-1.0)], 1),
        (F64PromoteF32, &[0xff80_0001], 0xfff8_0000_2000_0000), (F32DemoteF64, &[0x7ff0_0000_2000_0001], 0x7fc0_0001),
        (F32DemoteF64, &[d(1e300)], f(inf)),         (F32DemoteF64, &[1], 0),
        (F32ConvertI64U, &[u64::MAX], f(18446744073709551616.0)), (F32ConvertI32S, &[0x8000_0000], f(-2147483648.0)),
        (F32ConvertI64S, &[0x7fff_ff40_0000_0001], f(9223371761976868863.0)), (F64ConvertI64U, &[u64::MAX - 1024], d(18446744073709549568.0)),
        (F32ConvertI32U, &[0x0100_0001], f(16777216.0)), (F64ConvertI32S, &[0xffff_ffff], d(-1.0)),
        (I32TruncSatF32S, &[nan], 0),                (I32TruncSatF32U, &[f(-5.0)], 0),
        (I32TruncSatF64S, &[d(1e20)], 0x7fff_ffff),  (I64TruncSatF32U, &[f(inf)], u64::MAX),
        (I64TruncSatF64S, &[d(-1e30)], 1 << 63),     (I32TruncF64U, &[d(-0.9)], 0),
        (I32TruncF64S, &[d(-2147483648.9)], 0x8000_0000), (I64TruncF32S, &[f(-9223372036854775808.0)], 1 << 63),
        (I32TruncF64U, &[d(4294967295.9)], 0xffff_ffff),
    ];
    for &(op, args, result) in rows {
        assert_eq!(eval(op, args), Ok(result), "{} {args:x?}: {:x?}", op.name(), eval(op, args));
    }
    for (op, bits) in [
        (I32TruncF32S, f(2147483648.0)), (I32TruncF32U, f(-1.0)), (I32TruncF64S, d(2147483648.0)),
        (I32TruncF64S, d(-2147483649.0)), (I32TruncF64U, d(4294967296.0)), (I64TruncF32S, f(9223372036854775808.0)),
        (I64TruncF64U, d(18446744073709551616.0)), (I64TruncF64U, d(-1.0)), (I64TruncF64S, d(f64::INFINITY)),
    ] {
        assert_eq!(eval(op, &[bits]), Err(IntegerOverflow), "{} {bits:x}", op.name());
    }
    assert_eq!(eval(I64TruncF32U, &[nan]), Err(BadConversionToInteger));
}

/// Floating arithmetic by another way: singles through doubles, where double rounding is known to be harmless
/// (sums, products, quotients and roots of singles).
#[test]
fn singles_agree_with_doubles() {
    let mut random = Random::new(1);
    for n in 0..200_000 {
        let (a, b) = if n % 2 == 0 {
            (
                EDGES[random.below(EDGES.len() as u64) as usize],
                EDGES[random.below(EDGES.len() as u64) as usize],
            )
        } else {
            (random.next(), random.next())
        };
        let (a, b) = (a & 0xffff_ffff, b & 0xffff_ffff);
        let (x, y) = (f64::from(f32::from_bits(a as u32)), f64::from(f32::from_bits(b as u32)));
        for (op, wide) in
            [(F32Add, x + y), (F32Sub, x - y), (F32Mul, x * y), (F32Div, x / y), (F32Sqrt, x.sqrt())]
        {
            let result = f32::from_bits(eval(op, &[a, b]).expect("pure") as u32);
            let expected = wide as f32;
            let same = result.to_bits() == expected.to_bits() || result.is_nan() && expected.is_nan();
            assert!(same, "{} {a:x} {b:x}: {result} {expected}", op.name());
        }
    }
}

/// Every instruction gives a value of its type, the same each time, and those said not to trap do not.
#[test]
fn results_are_of_their_type() {
    let mut random = Random::new(2);
    for &op in NumOp::ALL {
        assert_eq!(NumOp::from_name(op.name()), Some(op));
        for _ in 0..500 {
            let narrow = |ty: &Type| matches!(ty, Type::I32 | Type::F32);
            let mask = |ty: &Type| if narrow(ty) { 0xffff_ffff } else { u64::MAX };
            let args: Vec<u64> = op.args().iter().map(|ty| random.bits() & mask(ty)).collect();
            let result = eval(op, &args);
            assert_eq!(result, eval(op, &args));
            match result {
                Ok(bits) => assert_eq!(bits & !mask(&op.result()), 0, "{} {args:x?}", op.name()),
                Err(code) => assert!(op.traps(), "{} {args:x?}: {code}", op.name()),
            }
        }
    }
}
