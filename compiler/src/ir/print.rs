//! The textual form of a function; [`super::parse()`] reads it back.
//!
//! ```text
//! func "name"(parameter types) -> (result types) {
//!   block0(v0: i32) loop 1:                    parameters; the loop it heads
//!     v1 = i32.load v0 offset=8 @2f            result, operation, arguments, immediate, Wasm offset in hex
//!     v2: i64 = call 3 v1, v0 @33              a type where the operation does not imply it
//!     br_if v1, block1(v2), block2             condition, then, else
//! }
//! ```
//!
//! A semicolon starts a comment. Float constants are their bits, their value a comment.

use super::{Function, InstData, Op, Target, Terminator, Type, Value};
use framewright_spec::claim::StateValue;
use std::fmt::{self, Display, Formatter};

impl Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
        })
    }
}

/// A list with commas.
struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (n, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if n > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.args.as_slice() {
            [] => write!(f, "{}", self.block),
            args => write!(f, "{}({})", self.block, List(args)),
        }
    }
}

impl Display for Terminator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Terminator::Jump(to) => write!(f, "jump {to}"),
            Terminator::Branch(condition, then, otherwise) => {
                write!(f, "br_if {condition}, {then}, {otherwise}")
            }
            Terminator::Table(index, targets) => write!(f, "br_table {index}, {}", List(targets)),
            Terminator::Return(values) if values.is_empty() => write!(f, "return"),
            Terminator::Return(values) => write!(f, "return {}", List(values)),
            Terminator::Trap(offset) => write!(f, "trap @{offset:x}"),
        }
    }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Op::Const(Type::I32, bits) => write!(f, "i32.const {}", bits as i32),
            Op::Const(Type::I64, bits) => write!(f, "i64.const {}", bits as i64),
            Op::Const(ty, bits) => write!(f, "{ty}.const {bits:#x}"),
            Op::Num(op) => f.write_str(op.name()),
            Op::Select => f.write_str("select"),
            Op::Load(op, _) => f.write_str(op.name()),
            Op::Store(op, _) => f.write_str(op.name()),
            Op::MemorySize => f.write_str("memory.size"),
            Op::MemoryGrow => f.write_str("memory.grow"),
            Op::GlobalGet(index) => write!(f, "global.get {index}"),
            Op::GlobalSet(index) => write!(f, "global.set {index}"),
            Op::Call(index) => write!(f, "call {index}"),
            Op::CallIndirect(index) => write!(f, "call_indirect {index}"),
            Op::State(StateValue::Context, ty) => write!(f, "{ty}.state context"),
            Op::State(StateValue::Local(n), ty) => write!(f, "{ty}.state local {n}"),
            Op::State(StateValue::Operand(n), ty) => write!(f, "{ty}.state operand {n}"),
        }
    }
}

impl Function {
    /// Writes `v0: i32, v1: f64`.
    fn typed(&self, f: &mut Formatter<'_>, values: &[Value]) -> fmt::Result {
        for (n, &value) in values.iter().enumerate() {
            write!(f, "{}{value}: {}", if n > 0 { ", " } else { "" }, self.ty(value))?;
        }
        Ok(())
    }

    fn write_inst(&self, f: &mut Formatter<'_>, inst: &InstData) -> fmt::Result {
        f.write_str("    ")?;
        match inst.op {
            _ if inst.results.is_empty() => {}
            Op::GlobalGet(_) | Op::Call(_) | Op::CallIndirect(_) => {
                self.typed(f, &inst.results)?;
                f.write_str(" = ")?;
            }
            _ => write!(f, "{} = ", List(&inst.results))?,
        }
        write!(f, "{}", inst.op)?;
        if !inst.args.is_empty() {
            write!(f, " {}", List(&inst.args))?;
        }
        if let Op::Load(_, offset @ 1..) | Op::Store(_, offset @ 1..) = inst.op {
            write!(f, " offset={offset}")?;
        }
        if inst.wasm_offset != 0 {
            write!(f, " @{:x}", inst.wasm_offset)?;
        }
        match inst.op {
            Op::Const(Type::F32, bits) => write!(f, " ; {:?}", f32::from_bits(bits as u32))?,
            Op::Const(Type::F64, bits) => write!(f, " ; {:?}", f64::from_bits(bits))?,
            _ => {}
        }
        f.write_str("\n")
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "func {:?}({}) -> ({}) {{", self.name, List(&self.params), List(&self.results))?;
        for &block in &self.order {
            let data = self.block(block);
            write!(f, "  {block}")?;
            if !data.params.is_empty() {
                f.write_str("(")?;
                self.typed(f, &data.params)?;
                f.write_str(")")?;
            }
            if let Some(id) = data.loop_id {
                write!(f, " loop {id}")?;
            }
            f.write_str(":\n")?;
            for &inst in &data.insts {
                self.write_inst(f, self.inst(inst))?;
            }
            if let Some(end) = &data.end {
                writeln!(f, "    {end}")?;
            }
        }
        f.write_str("}\n")
    }
}
