//! What a machine adds to the backend: selection and encoding.
//!
//! A target refers to register operands by their index in an instruction's operand list, and never to a
//! particular register but where the instruction set or the convention names one.

use super::Job;
use super::lower::Lower;
use crate::ir::{self, Type};
use crate::target::Label;
use crate::{CompileError, TrapSite};
use framewright_spec::claim::{JumpTable, ValueKind};
use framewright_spec::frame::AsmStep;
use framewright_spec::{CfaOffset, CodeOffset, Layout, Reg};
use regalloc2::{Allocation, RegClass, VReg};

/// Memory outside the Wasm memory that a value is kept in for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// In the frame, or in the caller's outgoing area.
    Frame(CfaOffset),
    /// In this frame's outgoing area: bytes above its lowest.
    Outgoing(u32),
    /// At a register plus bytes.
    At(VReg, u32),
}

/// An instruction set.
///
/// Invariant: above the low 32 bits of a virtual register of type i32 is what the machine chose, zeros or
/// copies of
/// the sign; so in its spill slot. Parameters, results of calls and state values come without that and are
/// extended
/// where they are defined.
pub trait Target: Sized {
    /// What an instruction does, its register operands apart.
    type Op: Clone + std::fmt::Display;

    /// What selection remembers from one instruction to the next.
    type Memory: Default;

    /// Writes machine code.
    type Emitter<'a>: Emitter<Op = Self::Op>;

    /// An emitter for `blocks` blocks in this frame.
    fn emitter<'a>(job: &'a Job<'a>, frame: FrameView<'a>, blocks: usize) -> Self::Emitter<'a>;

    /// The value this instruction's result is only another name of.
    fn alias(job: &Job<'_>, data: &ir::InstData) -> Option<ir::Value>;

    /// Makes a constant.
    fn constant(cx: &mut Lower<'_, Self>, ty: Type, bits: u64) -> VReg;

    /// Selects for an instruction other than a call.
    ///
    /// # Errors
    /// An internal fault.
    fn inst(cx: &mut Lower<'_, Self>, inst: ir::Inst) -> Result<(), CompileError>;

    /// Selects for a block's end that is neither return nor plain jump; `ways` gives for each of its targets
    /// the
    /// index of the successor.
    ///
    /// # Errors
    /// An internal fault.
    fn end(cx: &mut Lower<'_, Self>, end: &ir::Terminator, ways: &[usize]) -> Result<(), CompileError>;

    /// Selects for the call of a function by index: the operation, with its address operands in the list
    /// given.
    fn callee(
        cx: &mut Lower<'_, Self>,
        callee: super::calls::Callee,
        operands: &mut Vec<regalloc2::Operand>,
    ) -> Self::Op;

    /// The element of table 0 at an index: address of its code cell and its context; traps unless it is a
    /// function of the type.
    fn table_element(cx: &mut Lower<'_, Self>, index: ir::Value, ty: u32) -> (VReg, VReg);

    /// Loads a register from a slot; an i32 is extended.
    fn load(cx: &mut Lower<'_, Self>, ty: Type, slot: Slot, to: VReg);

    /// Stores a register to a slot; of an i32, all 8 bytes may be written.
    fn store(cx: &mut Lower<'_, Self>, ty: Type, slot: Slot, from: VReg);

    /// Makes what is above the low 32 bits what it is to be.
    fn extend(cx: &mut Lower<'_, Self>, from: VReg, to: VReg);

    /// Traps if SP is below the limit in the context.
    fn stack_check(cx: &mut Lower<'_, Self>);

    /// An instruction that only defines its operands: the registers at entry.
    fn arrive() -> Self::Op;

    /// Loads each operand, register or spill slot, from its home.
    fn import(homes: Vec<(ValueKind, CfaOffset)>) -> Self::Op;

    /// To the only successor.
    fn jump() -> Self::Op;

    /// Epilog, and back to the caller.
    fn leave() -> Self::Op;
}

/// Writes machine code for one function. Faults are kept for [`Emitter::finish`].
pub trait Emitter {
    /// The target's operation.
    type Op;

    /// A label for the next instruction's place.
    fn mark(&mut self) -> Label;

    /// Expanded steps of a prolog.
    ///
    /// # Errors
    /// A step this machine cannot encode.
    fn steps(&mut self, steps: &[AsmStep]) -> Result<(), CompileError>;

    /// Here a block begins.
    fn bind(&mut self, block: usize);

    /// Copies 8 bytes from register or spill slot to register or spill slot, not both slots.
    fn copy(&mut self, class: RegClass, from: Allocation, to: Allocation);

    /// Fills a register with a pattern.
    fn poison(&mut self, reg: Reg);

    /// An operation; `ways` says where the block goes on.
    fn op(&mut self, op: &Self::Op, allocs: &[Allocation], ways: Ways<'_>);

    /// The end of the code.
    ///
    /// # Errors
    /// The first fault of all that was emitted.
    fn finish(self) -> Result<Finished, CompileError>;
}

/// The frame as emitted code sees it.
#[derive(Clone, Copy, Debug)]
pub struct FrameView<'a> {
    /// All of it.
    pub layout: &'a Layout,
    /// What FP points at in the body.
    pub fp: CfaOffset,
    /// Lowest byte of spill slot 0; the others follow upwards, 8 bytes each.
    pub spills: CfaOffset,
}

/// Where a block goes on.
#[derive(Clone, Copy, Debug)]
pub struct Ways<'a> {
    /// Successors by number, in order.
    pub succs: &'a [usize],
    /// The block that comes next in the code, or what it only jumps to.
    pub next: Option<usize>,
}

/// Finished code.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Code, then data.
    pub bytes: Vec<u8>,
    /// Where the data begins.
    pub data: CodeOffset,
    /// First bytes of the epilogs.
    pub epilogs: Vec<CodeOffset>,
    /// Jump tables in the data.
    pub jump_tables: Vec<JumpTable>,
    /// Instructions that may trap, ascending.
    pub traps: Vec<TrapSite>,
    /// Where each label is.
    pub labels: Vec<u32>,
    /// Where the steps of prolog and epilogs are, ascending: each step, and the end of the last.
    pub runs: Vec<Vec<u32>>,
}
