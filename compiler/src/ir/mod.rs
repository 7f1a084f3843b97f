//! The intermediate representation: SSA over basic blocks with parameters.
//!
//! A value is defined once, by an instruction or as a block parameter. Pure instructions may be anywhere in a
//! block; the others keep their order. The instance context and the memory base are implicit.
//!
//! ```text
//! func "sum"(i32) -> (i32) {
//!   block0(v0: i32):
//!     v1 = i32.const 0
//!     jump block1(v1, v0)
//!   block1(v2: i32, v3: i32) loop 0:
//!     v4 = i32.add v2, v3
//!     v5 = i32.const 1
//!     v6 = i32.sub v3, v5
//!     br_if v6, block1(v4, v6), block2(v4)
//!   block2(v7: i32):
//!     return v7
//! }
//! ```

pub mod num_op;

pub mod build;
pub mod cfg;
pub mod dom;
pub mod eval;
pub mod loops;
pub mod parse;
pub mod print;
pub mod simplify;
pub mod verify;

pub use build::{LoopInfo, build, build_observed, build_osr, loops};
pub use dom::Dominators;
pub use eval::eval;
pub use loops::{LoopForest, LoopIndex};
pub use num_op::NumOp;
pub use parse::{ParseError, parse};
pub use simplify::simplify;
pub use verify::{verify, verify_in};

use framewright_spec::claim::StateValue;
use smallvec::SmallVec;

/// A value type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
}

macro_rules! index {
    ($(#[$doc:meta])* $name:ident $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index into its table.
            pub fn index(self) -> usize { self.0 as usize }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

index!(/** A value. */ Value "v");
index!(/** A basic block. */ Block "block");
index!(/** An instruction. */ Inst "inst");

/// A function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Function {
    /// For people.
    pub name: String,
    /// Types of the parameters; the entry block's parameters (none for an OSR function, which reads its
    /// state).
    pub params: Vec<Type>,
    /// Types of the results.
    pub results: Vec<Type>,
    /// Blocks by [`Block`]; unreachable ones have been emptied and are not in `order`.
    pub blocks: Vec<BlockData>,
    /// Instructions by [`Inst`].
    pub insts: Vec<InstData>,
    /// Values by [`Value`].
    pub values: Vec<ValueData>,
    /// Reachable blocks in reverse postorder, the entry first.
    pub order: Vec<Block>,
}

/// A basic block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockData {
    /// Parameters.
    pub params: Vec<Value>,
    /// Instructions in order.
    pub insts: Vec<Inst>,
    /// How it ends; none only while it is being built.
    pub end: Option<Terminator>,
    /// The loop it heads, by patchpoint id (loops of the Wasm function numbered from 0 in code order).
    pub loop_id: Option<u32>,
}

/// A value's type and where it is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueData {
    /// Its type.
    pub ty: Type,
    /// Its definition.
    pub def: ValueDef,
}

/// Where a value is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueDef {
    /// The n-th result of an instruction.
    Result(Inst, u32),
    /// The n-th parameter of a block.
    Param(Block, u32),
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstData {
    /// What it does.
    pub op: Op,
    /// Its arguments.
    pub args: SmallVec<[Value; 3]>,
    /// Its results.
    pub results: SmallVec<[Value; 1]>,
    /// Byte offset in the Wasm module.
    pub wasm_offset: u32,
}

/// What an instruction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// A constant: its bits, zero-extended.
    Const(Type, u64),
    /// Arithmetic.
    Num(NumOp),
    /// Second argument if the first (i32) is not zero... `select c, a, b` is `a` if `c != 0` else `b`.
    Select,
    /// Load from memory 0 at argument + offset.
    Load(LoadOp, u32),
    /// Store to memory 0: address, value.
    Store(StoreOp, u32),
    /// Pages of memory 0.
    MemorySize,
    /// Grow memory 0.
    MemoryGrow,
    /// Read a global.
    GlobalGet(u32),
    /// Write a global.
    GlobalSet(u32),
    /// Call a function.
    Call(u32),
    /// Call through table 0: arguments, then the index; of this type.
    CallIndirect(u32),
    /// A state value at an OSR entry; only in the entry block of an OSR function.
    State(StateValue, Type),
}

impl Op {
    /// Whether it has no effect, does not trap and depends on nothing but its arguments.
    pub fn is_pure(self) -> bool {
        match self {
            Op::Const(..) | Op::Select => true,
            Op::Num(op) => !op.traps(),
            _ => false,
        }
    }
}

macro_rules! memory_ops {
    ($name:ident: $($variant:ident $text:literal $ty:ident $bytes:literal;)*) => {
        /// An access to memory 0, named as in WebAssembly.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum $name { $($variant),* }
        impl $name {
            /// Every one.
            pub const ALL: &[$name] = &[$($name::$variant),*];
            /// Its WebAssembly name.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $text),* } }
            /// Type of the value loaded or stored.
            pub fn ty(self) -> Type { match self { $($name::$variant => Type::$ty),* } }
            /// Bytes of memory touched.
            pub fn bytes(self) -> u32 { match self { $($name::$variant => $bytes),* } }
            /// The access that an operator of the binary format is, if it is one of these, and its offset.
            pub fn from_operator(operator: &wasmparser::Operator<'_>) -> Option<($name, u64)> {
                match operator {
                    $(wasmparser::Operator::$variant { memarg } => Some(($name::$variant, memarg.offset)),)*
                    _ => None,
                }
            }
            /// The access of that name.
            pub fn from_name(name: &str) -> Option<$name> {
                match name { $($text => Some($name::$variant),)* _ => None }
            }
        }
    };
}

#[rustfmt::skip]
memory_ops! { LoadOp:
    I32Load    "i32.load"     I32 4;   I64Load    "i64.load"     I64 8;
    F32Load    "f32.load"     F32 4;   F64Load    "f64.load"     F64 8;
    I32Load8S  "i32.load8_s"  I32 1;   I32Load8U  "i32.load8_u"  I32 1;
    I32Load16S "i32.load16_s" I32 2;   I32Load16U "i32.load16_u" I32 2;
    I64Load8S  "i64.load8_s"  I64 1;   I64Load8U  "i64.load8_u"  I64 1;
    I64Load16S "i64.load16_s" I64 2;   I64Load16U "i64.load16_u" I64 2;
    I64Load32S "i64.load32_s" I64 4;   I64Load32U "i64.load32_u" I64 4;
}

#[rustfmt::skip]
memory_ops! { StoreOp:
    I32Store   "i32.store"    I32 4;   I64Store   "i64.store"    I64 8;
    F32Store   "f32.store"    F32 4;   F64Store   "f64.store"    F64 8;
    I32Store8  "i32.store8"   I32 1;   I32Store16 "i32.store16"  I32 2;
    I64Store8  "i64.store8"   I64 1;   I64Store16 "i64.store16"  I64 2;
    I64Store32 "i64.store32"  I64 4;
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terminator {
    /// To a block.
    Jump(Target),
    /// To the first if the i32 is not zero, else to the second.
    Branch(Value, Target, Target),
    /// To the target at the i32 index, or to the last (the default) when out of range.
    Table(Value, Vec<Target>),
    /// Out of the function.
    Return(SmallVec<[Value; 1]>),
    /// `unreachable`, at a byte offset of the Wasm module.
    Trap(u32),
}

/// A block and the values of its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where to.
    pub block: Block,
    /// One value for each parameter.
    pub args: SmallVec<[Value; 2]>,
}
