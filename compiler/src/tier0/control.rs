//! Structured control: blocks, loops, branches.
//!
//! At every label the operands below the block are home, and so are the values the branch carries: a block sends all
//! operands home when it is entered, so a branch only has to bring its own values to the homes above the block's
//! height.

use super::body::Body;
use super::entry::Cold;
use super::stack::Value;
use crate::CompileError;
use crate::ir::Type;
use crate::target::{Label, Masm, Source};
use crate::wasm::parse::value_type;
use framewright_spec::CodeOffset;
use framewright_spec::claim::{Patchpoint, StateSlot, StateValue, ValueKind};
use wasmparser::{BlockType, BrTable, Operator};

/// State values that the patchpoints of one function may list together; loops past it are no patchpoints.
const STATE_LIMIT: usize = 1 << 20;

/// An open block.
pub(super) struct Control {
    kind: Kind,
    /// Where a branch to it goes.
    label: Label,
    /// Operands below its parameters.
    height: usize,
    params: Vec<Type>,
    results: Vec<Type>,
    /// Whether a branch goes to its end.
    used: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    Block,
    Loop,
    /// With the label of the else part.
    If(Label),
}

impl Control {
    /// Types of the values that a branch to it carries.
    fn carried(&self) -> &[Type] {
        if self.kind == Kind::Loop { &self.params } else { &self.results }
    }
}

/// The kind of a state value of a type.
fn value_kind(ty: Type) -> ValueKind {
    match ty {
        Type::I32 => ValueKind::I32,
        Type::I64 => ValueKind::I64,
        Type::F32 => ValueKind::F32,
        Type::F64 => ValueKind::F64,
    }
}

impl<M: Masm> Body<'_, M> {
    /// Opens the function itself.
    pub(super) fn open_function(&mut self) {
        let results = self.module.function_type(self.function).results.clone();
        let (label, params) = (self.epilog, Vec::new());
        self.controls.push(Control { kind: Kind::Function, label, height: 0, params, results, used: false });
    }

    fn block_types(&self, ty: BlockType) -> Result<(Vec<Type>, Vec<Type>), CompileError> {
        match ty {
            BlockType::Empty => Ok((Vec::new(), Vec::new())),
            BlockType::Type(result) => Ok((Vec::new(), vec![value_type(result)?])),
            BlockType::FuncType(index) => {
                let ty = self.module.types.get(index as usize);
                let ty = ty.ok_or_else(|| self.frame.fault("no such block type"))?;
                Ok((ty.params.clone(), ty.results.clone()))
            }
        }
    }

    fn open(&mut self, kind: Kind, ty: BlockType, label: Label) -> Result<(), CompileError> {
        let (params, results) = self.block_types(ty)?;
        let height = self.stack.len().checked_sub(params.len());
        let height = height.ok_or_else(|| self.frame.fault("too few block parameters"))?;
        self.controls.push(Control { kind, label, height, params, results, used: false });
        Ok(())
    }

    pub(super) fn block(&mut self, ty: BlockType) -> Result<(), CompileError> {
        self.send_all_home();
        let label = self.masm.label();
        self.open(Kind::Block, ty, label)
    }

    pub(super) fn open_if(&mut self, ty: BlockType) -> Result<(), CompileError> {
        let condition = self.pop_condition()?;
        self.send_all_home();
        let (end, otherwise) = (self.masm.label(), self.masm.label());
        self.masm.branch(M::negate(condition), otherwise);
        self.open(Kind::If(otherwise), ty, end)
    }

    pub(super) fn open_loop(&mut self, ty: BlockType) -> Result<(), CompileError> {
        self.send_all_home();
        let header = self.masm.mark();
        self.open(Kind::Loop, ty, header)?;
        let id = self.loops;
        self.loops += 1;
        let values = 1 + self.locals.len() + self.stack.len();
        if self.options.patchpoints && (self.patchpoints.len() + 1).saturating_mul(values) <= STATE_LIMIT {
            self.patchpoint(id);
        }
        Ok(())
    }

    /// The counter of a loop header, and the way out when it runs out.
    fn patchpoint(&mut self, id: u32) {
        let (cold, jump) = (self.masm.label(), self.masm.label());
        let spent = self.masm.count_down(self.counter());
        self.masm.branch(spent, cold);
        let resume = self.masm.mark();
        self.cold.push(Cold::Patchpoint { at: cold, id, jump, resume });
        let unplaced = CodeOffset(0);
        let state = self.state();
        let patchpoint = Patchpoint { id, wasm_offset: self.at, jump: unplaced, resume: unplaced, state };
        self.patchpoints.push((patchpoint, jump, resume));
    }

    /// All state at a loop header: everything is home.
    fn state(&self) -> Vec<StateSlot> {
        let slot = |value, ty, word| StateSlot { value, kind: value_kind(ty), home: self.frame.place(word) };
        let mut state = vec![slot(StateValue::Context, Type::I64, 0)];
        for (local, &ty) in (0..).zip(&self.locals) {
            state.push(slot(StateValue::Local(local), ty, self.local_word(local)));
        }
        for (height, operand) in self.stack.operands.iter().enumerate() {
            state.push(slot(StateValue::Operand(height as u32), operand.ty, self.operand_word(height)));
        }
        state
    }

    pub(super) fn otherwise(&mut self) -> Result<(), CompileError> {
        let reachable = self.skipped.is_none();
        let Some(control) = self.controls.last_mut() else {
            return Err(self.frame.fault("`else` outside a block"));
        };
        let Kind::If(otherwise) = control.kind else {
            return Err(self.frame.fault("`else` outside an `if`"));
        };
        control.kind = Kind::Block;
        control.used |= reachable;
        let (end, height, params) = (control.label, control.height, control.params.clone());
        if reachable {
            self.send_all_home();
            self.masm.jump(end);
        }
        self.skipped = None;
        self.stack.truncate(height);
        self.all_home(&params);
        self.masm.bind(otherwise);
        Ok(())
    }

    /// Operands on top of the stack that are home already, with all below them.
    fn all_home(&mut self, types: &[Type]) {
        self.stack.push_homes(types);
        self.stack.floor = self.stack.len();
    }

    pub(super) fn end(&mut self) -> Result<(), CompileError> {
        let Some(control) = self.controls.pop() else {
            return Err(self.frame.fault("`end` outside a block"));
        };
        let reachable = self.skipped.is_none();
        if control.kind == Kind::Function {
            return if reachable { self.leave() } else { Ok(()) };
        }
        let without_else = matches!(control.kind, Kind::If(_));
        if !control.used && !without_else {
            // Straight on, operands as they are; or still not reachable.
            if !reachable {
                self.stack.truncate(control.height);
            }
            return Ok(());
        }
        if reachable {
            self.send_all_home();
        }
        if let Kind::If(otherwise) = control.kind {
            self.masm.bind(otherwise);
        }
        if control.used {
            self.masm.bind(control.label);
        }
        self.skipped = None;
        self.stack.truncate(control.height);
        self.all_home(&control.results);
        Ok(())
    }

    /// Passes over what cannot be reached, up to the end of the block or its else part.
    pub(super) fn skip(&mut self, operator: &Operator<'_>, depth: u32) -> Result<(), CompileError> {
        match operator {
            Operator::Block { .. } | Operator::If { .. } => self.skipped = Some(depth + 1),
            Operator::Loop { .. } => {
                self.loops += 1;
                self.skipped = Some(depth + 1);
            }
            Operator::Else if depth == 0 => self.otherwise()?,
            Operator::End if depth == 0 => self.end()?,
            Operator::End => self.skipped = Some(depth - 1),
            _ => {}
        }
        Ok(())
    }

    /// What follows cannot be reached.
    pub(super) fn skip_rest(&mut self) {
        let height = self.controls.last().map_or(0, |c| c.height);
        self.stack.truncate(height);
        self.skipped = Some(0);
    }

    /// The block that a branch of a depth means, marked as branched to.
    fn target(&mut self, depth: u32) -> Result<usize, CompileError> {
        let index = self.controls.len().checked_sub(1 + depth as usize);
        let index = index.ok_or_else(|| self.frame.fault("no such branch target"))?;
        let control = &mut self.controls[index];
        control.used |= control.kind != Kind::Loop;
        Ok(index)
    }

    /// The label to branch to directly, if the values carried are where the target expects them.
    fn direct(&self, target: usize) -> Option<Label> {
        let control = &self.controls[target];
        if control.kind == Kind::Function {
            return None;
        }
        let carried = control.carried().len();
        let in_place = carried == 0 || self.stack.len() == control.height + carried;
        let first = self.stack.len() - carried;
        let home = self.stack.operands[first..].iter().all(|o| matches!(o.value, Value::Home));
        (in_place && home).then_some(control.label)
    }

    /// Brings the values carried to the target's homes and goes there. Operands stay as they are.
    fn go(&mut self, target: usize) -> Result<(), CompileError> {
        let control = &self.controls[target];
        let (label, height) = (control.label, control.height);
        if control.kind == Kind::Function {
            self.leave()?;
        } else {
            let types = control.carried().to_vec();
            let first = self.stack.len() - types.len();
            // Ascending: a value's target is never above its home, so it overwrites none that is still to move.
            for (i, ty) in types.into_iter().enumerate() {
                let (from, to) = (self.source(first + i), self.operand_home(height + i));
                if from != Source::Home(to) {
                    self.masm.store(ty, from, to);
                }
            }
        }
        self.masm.jump(label);
        Ok(())
    }

    pub(super) fn br(&mut self, depth: u32) -> Result<(), CompileError> {
        let target = self.target(depth)?;
        self.go(target)?;
        self.skip_rest();
        Ok(())
    }

    pub(super) fn br_if(&mut self, depth: u32) -> Result<(), CompileError> {
        let condition = self.pop_condition()?;
        let target = self.target(depth)?;
        if let Some(label) = self.direct(target) {
            self.masm.branch(condition, label);
            return Ok(());
        }
        let over = self.masm.label();
        self.masm.branch(M::negate(condition), over);
        self.go(target)?;
        self.masm.bind(over);
        Ok(())
    }

    pub(super) fn br_table(&mut self, targets: &BrTable<'_>) -> Result<(), CompileError> {
        let (index, _) = self.pop()?;
        self.send_all_home();
        let mut stubs: Vec<Option<Label>> = vec![None; self.controls.len()];
        let mut pending = Vec::new();
        let mut labels = Vec::with_capacity(targets.len() as usize + 1);
        for depth in targets.targets().chain(std::iter::once(Ok(targets.default()))) {
            let target = self.target(depth?)?;
            let label = match (self.direct(target), stubs[target]) {
                (Some(label), _) | (None, Some(label)) => label,
                (None, None) => {
                    let label = self.masm.label();
                    stubs[target] = Some(label);
                    pending.push((target, label));
                    label
                }
            };
            labels.push(label);
        }
        let default = labels.pop().ok_or_else(|| self.frame.fault("a table without a default"))?;
        match index {
            Source::Const(index) => self.masm.jump(labels.get(index as usize).copied().unwrap_or(default)),
            _ if labels.is_empty() => self.masm.jump(default),
            _ => self.masm.jump_table(index, labels, default),
        }
        for (target, label) in pending {
            self.masm.bind(label);
            self.go(target)?;
        }
        self.skip_rest();
        Ok(())
    }

    /// The home of the patchpoint counter.
    pub(super) fn counter(&self) -> crate::target::Home {
        self.frame.home(1)
    }
}
