//! Values of the suite's scripts as bits.

use wast::core::{NanPattern, WastArgCore, WastRetCore};
use wast::{WastArg, WastRet};

/// Bits of an argument.
pub(crate) fn argument(arg: &WastArg<'_>) -> Result<u64, String> {
    match arg {
        WastArg::Core(WastArgCore::I32(x)) => Ok(u64::from(*x as u32)),
        WastArg::Core(WastArgCore::I64(x)) => Ok(*x as u64),
        WastArg::Core(WastArgCore::F32(x)) => Ok(u64::from(x.bits)),
        WastArg::Core(WastArgCore::F64(x)) => Ok(x.bits),
        other => Err(format!("no such argument in WebAssembly 1.0: {other:?}")),
    }
}

/// Whether a result is what is wanted, bit by bit; for NaNs as the suite's pattern says.
pub(crate) fn matches(bits: u64, want: &WastRet<'_>) -> bool {
    match want {
        WastRet::Core(WastRetCore::I32(x)) => bits == u64::from(*x as u32),
        WastRet::Core(WastRetCore::I64(x)) => bits == *x as u64,
        WastRet::Core(WastRetCore::F32(NanPattern::Value(x))) => bits == u64::from(x.bits),
        WastRet::Core(WastRetCore::F64(NanPattern::Value(x))) => bits == x.bits,
        WastRet::Core(WastRetCore::F32(NanPattern::CanonicalNan)) => bits & 0x7fff_ffff == 0x7fc0_0000,
        WastRet::Core(WastRetCore::F64(NanPattern::CanonicalNan)) => bits << 1 == 0x7ff8_0000_0000_0000 << 1,
        WastRet::Core(WastRetCore::F32(NanPattern::ArithmeticNan)) => bits & 0x7fc0_0000 == 0x7fc0_0000,
        WastRet::Core(WastRetCore::F64(NanPattern::ArithmeticNan)) => {
            bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000
        }
        _ => false,
    }
}
