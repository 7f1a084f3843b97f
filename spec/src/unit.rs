//! Numbers with a unit or a base. Offsets from different bases do not add.

use serde::{Deserialize, Serialize};

/// Bytes relative to the canonical frame address: the value SP had just before the call (x86-64), or at entry
/// (machines with a link register). Negative is inside the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CfaOffset(pub i64);

/// Bytes from the first byte of one function's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CodeOffset(pub u32);

impl std::fmt::Display for CfaOffset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            0 => write!(f, "cfa"),
            n if n > 0 => write!(f, "cfa+{n}"),
            n => write!(f, "cfa-{}", -n),
        }
    }
}

impl std::fmt::Display for CodeOffset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04x}", self.0)
    }
}
