//! A WebAssembly table of functions, as generated code reads it.
//!
//! ```text
//! element i at base + 32 i:   code cell address | context | type id | function + 1 (0: empty)
//! ```

use super::store::{FuncAddr, Function};
use super::words::Words;
use framewright_compiler::context::ELEMENT_BYTES;

/// A table. Its elements never move; tables of WebAssembly 1.0 do not grow.
#[derive(Debug)]
pub struct Table {
    elements: Words,
    len: u32,
    max: Option<u32>,
}

impl Table {
    /// More elements than this are refused: a table is real memory.
    pub const MAX_LEN: u32 = 1 << 24;

    /// An empty table of `len` elements.
    pub fn new(len: u32, max: Option<u32>) -> Option<Table> {
        (len <= Table::MAX_LEN).then(|| Table { elements: Words::new(len * ELEMENT_BYTES), len, max })
    }

    /// Number of elements.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether it has no element.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Most elements, where declared.
    pub fn max(&self) -> Option<u32> {
        self.max
    }

    /// Address of the first element.
    pub fn base(&self) -> u64 {
        self.elements.address(0)
    }

    /// The function at an index; none if it is empty or out of range.
    pub fn get(&self, index: u32) -> Option<FuncAddr> {
        if index >= self.len {
            return None;
        }
        (self.elements.get(index * ELEMENT_BYTES + 24) as u32).checked_sub(1).map(FuncAddr)
    }

    /// Puts a function at an index below `len`.
    pub fn set(&self, index: u32, at: FuncAddr, function: &Function) {
        let base = index * ELEMENT_BYTES;
        self.elements.set(base, function.code.address());
        self.elements.set(base + 8, function.context.address(0));
        self.elements.set(base + 16, function.type_id());
        self.elements.set(base + 24, u64::from(at.0) + 1);
    }
}
