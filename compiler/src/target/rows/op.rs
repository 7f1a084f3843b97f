//! Operations of optimized code, their register operands apart.

use super::select::Expansion;
use crate::backend::calls::Callee;
use crate::ir::Type;
use crate::target::Site;
use framewright_spec::CfaOffset;
use framewright_spec::claim::ValueKind;
use framewright_spec::machine::RegClass;
use std::rc::Rc;

/// A word outside the Wasm memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// In the frame, or in the caller's outgoing area.
    Frame(CfaOffset),
    /// In this frame's outgoing area.
    Outgoing(u32),
}

/// What an instruction does.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// Rows; its operands are the expansion's slots.
    Rows {
        /// The operation's name, for people.
        name: Rc<str>,
        /// The rows.
        expansion: Rc<Expansion>,
        /// The trap of its accesses to memory.
        access: Option<Site>,
        /// The place in the module of its other traps.
        wasm_offset: u32,
    },
    /// Goes to the first successor, or to the second; temps of both follow the operands.
    Branch {
        /// Goes to label 0 if the condition holds.
        then: Rc<Expansion>,
        /// Goes to label 0 if it does not.
        otherwise: Rc<Expansion>,
        /// Classes of the temps among the operands.
        temps: Vec<RegClass>,
    },
    /// To the successor of that number, or by the last of them; operands: index, two temps.
    Table(Vec<usize>),
    /// Always traps.
    Trap(Site),
    /// `d <- word`
    Load(Type, Word),
    /// `word <- v`
    Store(Type, Word),
    /// Calls; the first operand is the address of the code cell, or the context.
    Call(Callee),
    /// Defines the registers at entry.
    Arrive,
    /// Loads each operand from its home.
    Import(Vec<(ValueKind, CfaOffset)>),
    /// To the only successor.
    Jump,
    /// Epilog.
    Leave,
}

impl std::fmt::Display for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Op::Rows { name, .. } => f.write_str(name),
            Op::Branch { .. } => f.write_str("branch"),
            Op::Table(ways) => write!(f, "table {ways:?}"),
            Op::Trap(site) => write!(f, "trap {}", site.code),
            Op::Load(ty, word) => write!(f, "load {ty:?} {word:?}"),
            Op::Store(ty, word) => write!(f, "store {ty:?} {word:?}"),
            Op::Call(callee) => write!(f, "call {callee:?}"),
            Op::Arrive => f.write_str("arrive"),
            Op::Import(homes) => write!(f, "import {homes:?}"),
            Op::Jump => f.write_str("jump"),
            Op::Leave => f.write_str("leave"),
        }
    }
}
