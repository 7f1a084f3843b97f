//! The instance context: what generated code reaches through its first argument.
//!
//! One array of 64-bit words per instance, laid out here once for the compiler and the engine:
//!
//! ```text
//! +0    stack_limit      SP below this is "call stack exhausted"
//! +8    patchpoint       address of fn(context, key, *counter, resume) -> code address; key is
//!                        function index << 32 | patchpoint id
//! +16   memory_grow      address of fn(context, pages) -> old pages or -1
//! +24   tier_up          address of fn(context, function index)
//! +32   memory_base      first byte of memory 0 (never moves: the whole range is reserved)
//! +40   memory_bytes     address of the word that holds memory 0's current size in bytes
//! +48   table_base       first element of table 0, elements of ELEMENT_BYTES
//! +56   table_len        number of elements
//! +64   results          address of the buffer for results that do not fit registers
//! +72   host             for the engine: identifies the instance
//! +80   osr_threshold    u32: what a patchpoint counter starts from
//! +88   host_call        in a host function's context: fn(context, values) -> 0, or 1 for a trap
//! +96   functions        per function of the index space: FUNCTION_BYTES: address of its code cell, its context
//!       code cells       per defined function: address of its current code
//!       globals          per global: GLOBAL_BYTES: address of its 8-byte cell, then the cell of a defined one
//!       type ids         per type: 8 bytes: store-wide identity of the signature
//!       call counters    per defined function: 4 bytes
//! ```
//!
//! All addresses of functions are called under the ABI of the spec. A table element is the address of a code cell (0: empty), the callee's context, the type id, and 8 unused bytes.

use crate::wasm::Module;

/// Byte offset of the stack limit.
pub const STACK_LIMIT: u32 = 0;
/// Byte offset of the address of the patchpoint function.
pub const PATCHPOINT: u32 = 8;
/// Byte offset of the address of the memory-grow function.
pub const MEMORY_GROW: u32 = 16;
/// Byte offset of the address of the tier-up function.
pub const TIER_UP: u32 = 24;
/// Byte offset of the address of memory 0.
pub const MEMORY_BASE: u32 = 32;
/// Byte offset of the address of memory 0's size in bytes.
pub const MEMORY_BYTES: u32 = 40;
/// Byte offset of the address of table 0.
pub const TABLE_BASE: u32 = 48;
/// Byte offset of the number of elements of table 0.
pub const TABLE_LEN: u32 = 56;
/// Byte offset of the address of the buffer for results beyond the registers.
pub const RESULTS: u32 = 64;
/// Byte offset of the engine's word.
pub const HOST: u32 = 72;
/// Byte offset of the initial patchpoint counter.
pub const OSR_THRESHOLD: u32 = 80;
/// Byte offset, in the context of a host function, of the address of the function that calls the host.
pub const HOST_CALL: u32 = 88;
/// Byte offset of the function entries.
pub const FUNCTIONS: u32 = 96;

/// Bytes of a function entry: code cell address, context.
pub const FUNCTION_BYTES: u32 = 16;
/// Bytes of a global: cell address, cell.
pub const GLOBAL_BYTES: u32 = 16;
/// Bytes of a table element: code cell address, context, type id, unused.
pub const ELEMENT_BYTES: u32 = 32;

/// Where the module-dependent parts of a context are, bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContextLayout {
    imported_functions: u32,
    code_cells: u32,
    globals: u32,
    type_ids: u32,
    counters: u32,
    total: u32,
}

impl ContextLayout {
    /// The layout for a module.
    pub fn new(module: &Module) -> ContextLayout {
        let functions = module.functions.len() as u32;
        let imported = module.imported_functions;
        let code_cells = FUNCTIONS + functions * FUNCTION_BYTES;
        let globals = code_cells + (functions - imported) * 8;
        let type_ids = globals + module.globals.len() as u32 * GLOBAL_BYTES;
        let counters = type_ids + module.types.len() as u32 * 8;
        let total = (counters + (functions - imported) * 4).next_multiple_of(8);
        ContextLayout { imported_functions: imported, code_cells, globals, type_ids, counters, total }
    }

    /// Size of the whole context.
    pub fn bytes(&self) -> u32 {
        self.total
    }

    /// Function entry: the address of its code cell; its context follows 8 bytes on.
    pub fn function(&self, index: u32) -> u32 {
        FUNCTIONS + index * FUNCTION_BYTES
    }

    /// Code cell of a defined function (index in the whole function space).
    pub fn code_cell(&self, index: u32) -> u32 {
        self.code_cells + (index - self.imported_functions) * 8
    }

    /// The address of a global's cell; for a defined global that is the 8 bytes that follow.
    pub fn global(&self, index: u32) -> u32 {
        self.globals + index * GLOBAL_BYTES
    }

    /// Store-wide identity of a type.
    pub fn type_id(&self, index: u32) -> u32 {
        self.type_ids + index * 8
    }

    /// Call counter of a defined function (index in the whole function space), 32 bits.
    pub fn call_counter(&self, index: u32) -> u32 {
        self.counters + (index - self.imported_functions) * 4
    }
}
