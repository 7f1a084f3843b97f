//! The operand stack at compile time: what is home, and what is pending.
//!
//! ```text
//!   bottom                     floor                          top
//!     home  home  home  home    |  const  local  home  acc    flags?
//! ```
//!
//! Below the floor everything is home. At most one entry is in the accumulator, and only the topmost may be a condition
//! in the flags. The part above the floor is bounded, so that writing a local, which sends home the entries that
//! still mean its old value, takes constant time.

use super::body::Body;
use crate::CompileError;
use crate::ir::Type;
use crate::target::{Home, Masm, Source};

/// Entries that may be pending at once.
const WINDOW: usize = 32;

/// Where an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<C> {
    /// In its home.
    Home,
    /// Nowhere: a constant's bits.
    Const(u64),
    /// In the home of a local that has not been written since.
    Local(u32),
    /// In the accumulator.
    Accumulator,
    /// In the flags, as an i32 of 0 or 1.
    Flags(C),
}

/// An operand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand<C> {
    pub(super) value: Value<C>,
    pub(super) ty: Type,
}

/// The operands of a function under compilation.
#[derive(Debug)]
pub(super) struct Stack<C> {
    pub(super) operands: Vec<Operand<C>>,
    /// Operands below this one are home.
    pub(super) floor: usize,
    /// The operand in the accumulator.
    accumulator: Option<usize>,
    /// The most operands there ever were.
    pub(super) highest: usize,
}

impl<C: Copy> Stack<C> {
    pub(super) fn new() -> Stack<C> {
        Stack { operands: Vec::new(), floor: 0, accumulator: None, highest: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.operands.len()
    }

    /// Forgets the operands from a height up.
    pub(super) fn truncate(&mut self, height: usize) {
        self.operands.truncate(height);
        self.floor = self.floor.min(height);
        self.accumulator = self.accumulator.filter(|&a| a < height);
    }

    /// Puts operands on top that are home.
    pub(super) fn push_homes(&mut self, types: &[Type]) {
        let home = |&ty| Operand { value: Value::Home, ty };
        self.operands.extend(types.iter().map(home));
        self.highest = self.highest.max(self.len());
    }
}

impl<M: Masm> Body<'_, M> {
    /// The home of an operand by its height.
    pub(super) fn operand_home(&self, height: usize) -> Home {
        self.frame.home(self.operand_word(height))
    }

    /// The home of a local.
    pub(super) fn local_home(&self, local: u32) -> Home {
        self.frame.home(self.local_word(local))
    }

    /// Where an operand is to be read.
    pub(super) fn source(&self, height: usize) -> Source {
        match self.stack.operands[height].value {
            Value::Home => Source::Home(self.operand_home(height)),
            Value::Const(bits) => Source::Const(bits),
            Value::Local(local) => Source::Home(self.local_home(local)),
            Value::Accumulator | Value::Flags(_) => Source::Accumulator,
        }
    }

    /// Puts an operand on top.
    pub(super) fn push(&mut self, ty: Type, value: Value<M::Condition>) {
        let height = self.stack.len();
        if matches!(value, Value::Accumulator) {
            self.stack.accumulator = Some(height);
        }
        self.stack.operands.push(Operand { value, ty });
        self.stack.highest = self.stack.highest.max(height + 1);
        while self.stack.len() - self.stack.floor > WINDOW {
            self.send_home(self.stack.floor);
            self.stack.floor += 1;
        }
    }

    /// Takes the topmost operand off; it is to be read before anything is emitted that writes where it is.
    pub(super) fn pop(&mut self) -> Result<(Source, Type), CompileError> {
        let Some(height) = self.stack.len().checked_sub(1) else {
            return Err(self.frame.fault("the operand stack is empty"));
        };
        let (source, ty) = (self.source(height), self.stack.operands[height].ty);
        self.stack.truncate(height);
        Ok((source, ty))
    }

    /// Takes the topmost operand off as a condition in the flags.
    pub(super) fn pop_condition(&mut self) -> Result<M::Condition, CompileError> {
        if let Some(&Operand { value: Value::Flags(condition), .. }) = self.stack.operands.last() {
            self.stack.truncate(self.stack.len() - 1);
            return Ok(condition);
        }
        let (source, _) = self.pop()?;
        Ok(self.masm.test(source))
    }

    /// Makes a condition in the flags a number in the accumulator.
    pub(super) fn settle_flags(&mut self) {
        if let Some(&Operand { value: Value::Flags(condition), ty }) = self.stack.operands.last() {
            self.stack.truncate(self.stack.len() - 1);
            self.free_accumulator();
            self.masm.set(condition);
            self.push(ty, Value::Accumulator);
        }
    }

    /// Sends the operand in the accumulator home, so that it may be written. Keeps flags.
    pub(super) fn free_accumulator(&mut self) {
        if let Some(height) = self.stack.accumulator {
            self.send_home(height);
        }
    }

    /// Sends all operands home. Keeps flags.
    pub(super) fn send_all_home(&mut self) {
        for height in self.stack.floor..self.stack.len() {
            self.send_home(height);
        }
        self.stack.floor = self.stack.len();
    }

    /// Sends operands home that mean the present value of a local.
    pub(super) fn send_local_home(&mut self, local: u32) {
        for height in self.stack.floor..self.stack.len() {
            if matches!(self.stack.operands[height].value, Value::Local(l) if l == local) {
                self.send_home(height);
            }
        }
    }

    fn send_home(&mut self, height: usize) {
        let Operand { value, ty } = self.stack.operands[height];
        if matches!(value, Value::Home) {
            return;
        }
        let (source, home) = (self.source(height), self.operand_home(height));
        self.masm.store(ty, source, home);
        self.stack.operands[height].value = Value::Home;
        if self.stack.accumulator == Some(height) {
            self.stack.accumulator = None;
        }
    }
}
