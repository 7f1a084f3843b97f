//! A helper that frames call to touch pages of the stack: what the world says it does. Every field is cited.

use crate::reg::{Reg, RegSet};

/// A stack probe: told a number of bytes in a register, it touches every page from SP down to that many bytes below
/// SP, in this order. It returns with SP and all registers as they were but for flags and those that it spoils, and
/// changes no byte of memory.
#[derive(Clone, Debug)]
pub struct Helper {
    /// Name, as in `windows_x64.chkstk`.
    pub name: String,
    /// The machine it is for.
    pub machine: String,
    /// Its symbol in object files.
    pub symbol: String,
    /// The register that holds how many units SP is going to be lowered by.
    pub size: Reg,
    /// Bytes of a unit, a power of two.
    pub unit: u32,
    /// Registers that it may change, flags not counted.
    pub spoils: RegSet,
    /// Field name to document and section.
    pub cites: indexmap::IndexMap<String, String>,
}

impl Helper {
    /// Names of the fields, as in the language.
    pub const FIELDS: [&str; 5] = ["machine", "symbol", "size", "unit", "spoils"];
}
