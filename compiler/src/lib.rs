//! WebAssembly to native code, with on-stack replacement; frames, prologs, epilogs and transitions come from the
//! model in `framewright-spec`.
//!
//! Nothing here decides whether code may run: every function leaves with a [`framewright_spec::Claim`] that the
//! verifier proves or refutes on the bytes.
//!
//! ```
//! use framewright_compiler::{interp::{Instance, Standalone}, ir, wasm::Module};
//!
//! let text = "(module (func (export \"triple\") (param i32) (result i32)
//!     (i32.mul (local.get 0) (i32.const 3))))";
//! let module = Module::parse(text.as_bytes())?;
//! let function = ir::build(&module, 0)?;
//! assert!(function.to_string().contains("i32.mul v0, v1"));
//! assert_eq!(Standalone::new(&module)?.call(0, &[14])?, [42]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod backend;
pub mod calls;
pub mod context;
pub mod error;
pub mod interp;
pub mod ir;
pub mod opt;
pub mod sample;
pub mod stubs;
pub mod target;
pub mod tier0;
mod unwind;
pub mod wasm;

pub use error::CompileError;

use framewright_spec::{Claim, CodeOffset};

/// One piece of position-independent machine code and all that is said about it.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// For people: `sum`, `func[3]`, `sum@loop0`, `entry (i32, i64) -> f64`.
    pub name: String,
    /// The code, then its data.
    pub bytes: Vec<u8>,
    /// The statement to prove.
    pub claim: Claim,
    /// Instructions that may raise a Wasm trap, ascending by address.
    pub traps: Vec<TrapSite>,
}

/// An instruction that may raise a Wasm trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrapSite {
    /// The instruction.
    pub at: CodeOffset,
    /// Why it would.
    pub code: TrapCode,
    /// Byte offset in the Wasm module.
    pub wasm_offset: u32,
}

/// Why a program stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TrapCode {
    /// `unreachable` was executed.
    #[error("unreachable")]
    Unreachable,
    /// Load, store, or active data outside the memory.
    #[error("out of bounds memory access")]
    MemoryOutOfBounds,
    /// `call_indirect` index outside the table.
    #[error("undefined element")]
    TableOutOfBounds,
    /// `call_indirect` of an empty slot.
    #[error("uninitialized element")]
    IndirectCallToNull,
    /// `call_indirect` of a function of another type.
    #[error("indirect call type mismatch")]
    BadSignature,
    /// Quotient or converted float does not fit.
    #[error("integer overflow")]
    IntegerOverflow,
    /// Division by zero.
    #[error("integer divide by zero")]
    IntegerDivideByZero,
    /// NaN to integer.
    #[error("invalid conversion to integer")]
    BadConversionToInteger,
    /// Too deep.
    #[error("call stack exhausted")]
    StackExhausted,
    /// The host function failed.
    #[error("host function failed")]
    Host,
}

impl TrapCode {
    /// The reason that lowerings call by this name.
    pub fn from_name(name: &str) -> Option<TrapCode> {
        Some(match name {
            "unreachable" => TrapCode::Unreachable,
            "memory_out_of_bounds" => TrapCode::MemoryOutOfBounds,
            "table_out_of_bounds" => TrapCode::TableOutOfBounds,
            "indirect_call_to_null" => TrapCode::IndirectCallToNull,
            "bad_signature" => TrapCode::BadSignature,
            "integer_overflow" => TrapCode::IntegerOverflow,
            "integer_divide_by_zero" => TrapCode::IntegerDivideByZero,
            "bad_conversion_to_integer" => TrapCode::BadConversionToInteger,
            "stack_exhausted" => TrapCode::StackExhausted,
            "host" => TrapCode::Host,
            _ => return None,
        })
    }
}
