//! What tier-0 and the stubs ask of a machine: [`Masm`]. Its model of computation is one *accumulator* (an integer
//! and a float one) beside memory words:
//!
//! ```text
//!   Source --take--> accumulator --store--> Home          add: accumulator := Source + Source
//!   Context ---- pinned in a callee-saved register ------> [context + offset]
//!   memory base  pinned in a callee-saved register
//!   pointer ---- one scratch register, loaded by `point`-> [pointer + offset]
//! ```
//!
//! Moves keep the condition flags, so that a comparison may be followed by moves before its branch.

use crate::ir::{LoadOp, NumOp, StoreOp, Type};
use crate::unwind::Run;
use crate::{CompileError, TrapCode, TrapSite};
use framewright_spec::claim::JumpTable;
use framewright_spec::frame::{AsmOperand, AsmStep};
use framewright_spec::{CfaOffset, CodeOffset, Layout, Reg};
use std::collections::BTreeMap;

/// A place in the code or data, known now or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label(pub(crate) u32);

/// The result of assembling one function.
#[derive(Debug)]
pub(crate) struct Assembled {
    /// Code, then data.
    pub(crate) bytes: Vec<u8>,
    /// First byte after the code.
    pub(crate) data: CodeOffset,
    /// Ascending by address.
    pub(crate) traps: Vec<TrapSite>,
    /// In the order they were made.
    pub(crate) jump_tables: Vec<JumpTable>,
    /// Where each label is.
    pub(crate) labels: Vec<u32>,
    /// Where the steps of prolog and epilogs are, ascending.
    pub(crate) runs: Vec<Run>,
    /// Calls of helpers, in the order they were made.
    pub(crate) helpers: Vec<CalledHelper>,
}

/// A call of a helper, through a word of the data that holds its address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CalledHelper {
    /// Number in [`framewright_spec::Spec::helpers`].
    pub(crate) helper: u32,
    /// The instruction.
    pub(crate) at: Label,
    /// The word.
    pub(crate) word: Label,
}

/// Labels for the steps that branches of the same list go to.
pub(crate) struct StepLabels(BTreeMap<usize, Label>);

impl StepLabels {
    /// One label for each place that a step names.
    pub(crate) fn new(steps: &[AsmStep], mut new: impl FnMut() -> Label) -> StepLabels {
        let mut labels = BTreeMap::new();
        for operand in steps.iter().flat_map(|step| &step.operands) {
            if let AsmOperand::Step(number) = *operand {
                labels.entry(number as usize).or_insert_with(&mut new);
            }
        }
        StepLabels(labels)
    }

    /// The label in front of the step of that number, if there is one.
    pub(crate) fn at(&self, number: usize) -> Option<Label> {
        self.0.get(&number).copied()
    }
}

/// Where steps are, ascending, from their labels and where labels are.
pub(crate) fn runs_at(runs: &[Vec<Label>], labels: &[u32]) -> Vec<Run> {
    let place = |run: &Vec<Label>| run.iter().map(|label| labels[label.0 as usize]).collect();
    let mut placed: Vec<Run> = runs.iter().map(place).collect();
    placed.sort();
    placed
}

impl Assembled {
    /// Where a label is. A label that was never bound nor used is at the end of the address range.
    pub(crate) fn offset(&self, label: Label) -> CodeOffset {
        CodeOffset(self.labels[label.0 as usize])
    }
}

/// What the address of a word is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// The frame pointer.
    Frame,
    /// The stack pointer in the body.
    Stack,
    /// The first pinned register: the instance context.
    Context,
    /// The second pinned register: the memory base, or an array of words.
    Second,
    /// The pointer loaded last.
    Pointer,
}

/// A word of memory; narrower types are in its low bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    /// What it is relative to.
    pub(crate) base: Base,
    /// Bytes.
    pub(crate) offset: i32,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The accumulator of its type's class. A 32-bit integer is zero-extended there.
    Accumulator,
    /// These bits, zero-extended.
    Const(u64),
    /// A word of memory.
    Home(Home),
    /// A register; bits above the type's width are not specified.
    Register(Reg),
    /// The address of a word.
    Address(Home),
    /// The address of code.
    Code(Label),
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A register.
    Register(Reg),
    /// A word of memory.
    Home(Home),
}

/// One of several values that move at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    /// Its type.
    pub(crate) ty: Type,
    /// From where. Of a set of moves at most one comes from an accumulator, and none but it from a register that
    /// another goes to.
    pub(crate) from: Source,
    /// To where.
    pub(crate) to: Target,
}

/// Callee-saved registers that hold the same value throughout the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pins {
    /// [`Base::Context`].
    pub(crate) context: Reg,
    /// [`Base::Second`].
    pub(crate) second: Reg,
}

/// An instruction that may trap: why, and the byte offset in the Wasm module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// Why it would.
    pub(crate) code: TrapCode,
    /// Byte offset in the Wasm module.
    pub(crate) wasm_offset: u32,
}

/// What tier-0 and the stubs ask of a machine. Faults are kept and reported by [`Masm::finish`].
pub(crate) trait Masm: Sized {
    /// A condition in the flags: valid until the next instruction that is not a move.
    type Condition: Copy;

    /// A new label.
    fn label(&mut self) -> Label;
    /// Puts the label here.
    fn bind(&mut self, label: Label);
    /// Goes to the label.
    fn jump(&mut self, to: Label);
    /// Goes to the label if the condition holds.
    fn branch(&mut self, condition: Self::Condition, to: Label);
    /// Traps if the condition holds.
    fn trap_if(&mut self, condition: Self::Condition, site: Site);
    /// Traps.
    fn trap(&mut self, site: Site);
    /// Goes to the target at the i32 index, or to the default where there is none.
    fn jump_table(&mut self, index: Source, targets: Vec<Label>, default: Label);

    /// Whether an i32 is not zero.
    fn test(&mut self, value: Source) -> Self::Condition;
    /// The opposite.
    fn negate(condition: Self::Condition) -> Self::Condition;
    /// accumulator := 1 if the condition holds, else 0.
    fn set(&mut self, condition: Self::Condition);

    /// accumulator := value.
    fn take(&mut self, ty: Type, from: Source);
    /// register := value.
    fn load(&mut self, ty: Type, from: Source, to: Reg);
    /// word := value; of the type's width only.
    fn store(&mut self, ty: Type, from: Source, to: Home);
    /// All at once. `store` and `load` must write no register of a move but its target.
    fn moves(&mut self, moves: &[Move]) {
        // The accumulator may be another's target, and words go through scratch registers only.
        let rank = |m: &Move| match (m.from, m.to) {
            (Source::Accumulator, _) => 0,
            (_, Target::Home(_)) => 1,
            (_, Target::Register(_)) => 2,
        };
        for turn in 0..3 {
            for m in moves.iter().filter(|m| rank(m) == turn) {
                match m.to {
                    Target::Home(home) => self.store(m.ty, m.from, home),
                    Target::Register(reg) => self.load(m.ty, m.from, reg),
                }
            }
        }
    }
    /// pointer := word.
    fn point(&mut self, at: Home);
    /// So many words from the lowest one up become zero. Flags and the float accumulator are lost.
    fn zero(&mut self, lowest: Home, words: u32);

    /// Arithmetic on two sources, or on the first alone. The result is in the accumulator, or is the condition
    /// returned.
    fn num(&mut self, op: NumOp, x: Source, y: Source, wasm_offset: u32) -> Option<Self::Condition>;
    /// accumulator := first if the condition holds, else second.
    fn select(&mut self, ty: Type, condition: Self::Condition, first: Source, second: Source);
    /// accumulator := memory 0 at address + offset.
    fn memory_load(&mut self, op: LoadOp, address: Source, offset: u32, wasm_offset: u32);
    /// memory 0 at address + offset := value.
    fn memory_store(&mut self, op: StoreOp, address: Source, value: Source, offset: u32, wasm_offset: u32);

    /// Calls the function whose address is in the word.
    fn call(&mut self, at: Home);
    /// Calls the function whose address is in the word that the word points to.
    fn call_through(&mut self, at: Home);
    /// Calls the kernel; the registers are as it wants them.
    fn system_call(&mut self);
    /// Goes to the address in the first integer result register, by the plain indirect jump.
    fn jump_to_result(&mut self);
    /// pointer := address of the element of table 0 at the i32 index, checked against the signature whose identity is
    /// at `type_id` of the context.
    fn table_element(&mut self, index: Source, type_id: u32, wasm_offset: u32);
    /// Takes one from a 32-bit counter; whether it is then zero or less.
    fn count_down(&mut self, counter: Home) -> Self::Condition;
    /// Traps if SP is below the word at the register.
    fn stack_check(&mut self, context: Reg, limit_offset: u32, site: Site);
    /// The word at the register := SP.
    fn store_sp(&mut self, at: Reg);
    /// Prolog or epilog steps.
    fn steps(&mut self, steps: &[AsmStep]) -> Result<(), CompileError>;

    /// What is emitted from here on goes in front of everything before, until [`Masm::end_front`].
    fn begin_front(&mut self);
    /// Back to the end.
    fn end_front(&mut self);
    /// The bytes, or the first fault.
    fn finish(self) -> Result<Assembled, CompileError>;

    /// A label for this place.
    fn mark(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }
}

/// The word at an offset from the CFA, addressed from FP where the frame has one, else from SP.
pub(crate) fn frame_home(layout: &Layout, at: CfaOffset) -> Home {
    match layout.fp {
        Some(fp) => Home { base: Base::Frame, offset: (at.0 - fp.0) as i32 },
        None => Home { base: Base::Stack, offset: (at.0 + layout.total_bytes) as i32 },
    }
}
