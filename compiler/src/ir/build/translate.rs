//! From operators to SSA: control structure, operand stack, and what each operator becomes.

use super::ssa::Ssa;
use super::{LoopInfo, Mode};
use crate::CompileError;
use crate::ir::{Block, Function, LoadOp, NumOp, Op, StoreOp, Target, Terminator, Type, Value};
use crate::wasm::module::Module;
use crate::wasm::parse::{unsupported, value_type};
use framewright_spec::claim::StateValue;
use smallvec::SmallVec;
use wasmparser::{BinaryReader, BlockType, BrTable, FunctionBody, Operator};

/// An entry of the operand stack.
#[derive(Clone, Copy)]
enum Entry {
    /// This value.
    Value(Value),
    /// What the variable of its depth holds. Only where operands are tracked, and only below all `Value`s.
    Variable(Type),
}

/// An open block, loop, or arm.
struct Control {
    kind: Kind,
    /// Where a branch to it goes.
    label: Block,
    params: Vec<Type>,
    results: Vec<Type>,
    /// Height of the operand stack under its parameters.
    base: usize,
    /// The block it was opened in, and the time; none once an OSR entry leads into it.
    opened: Option<(Block, u32)>,
}

enum Kind {
    Block,
    Loop,
    /// The first arm: where the second begins, and its parameters.
    If(Block, Vec<Entry>),
}

type Values = SmallVec<[Value; 4]>;

/// One translation.
pub(super) struct Translator<'m> {
    module: &'m Module,
    mode: Mode,
    name: String,
    ssa: Ssa,
    locals: Vec<Type>,
    stack: Vec<Entry>,
    control: Vec<Control>,
    /// The block being filled; none where control cannot come.
    current: Option<Block>,
    /// Constructs opened in code that control cannot come to.
    dead_depth: u32,
    entry: Block,
    exit: Block,
    /// Byte offset of the current operator.
    offset: u32,
    pub(super) loops: Vec<LoopInfo>,
}

impl<'m> Translator<'m> {
    pub(super) fn new(module: &'m Module, index: u32, mode: Mode) -> Translator<'m> {
        let ty = module.function_type(index);
        let mut name = module.function_name(index);
        let mut params = ty.params.clone();
        let mut function = Function::default();
        if let Mode::Osr(id) = mode {
            params.clear();
            name = format!("{name}@loop{id}");
        }
        (function.name, function.params, function.results) = (name.clone(), params, ty.results.clone());
        let mut ssa = Ssa::new(function);
        let entry = ssa.block();
        for (&ty, n) in ty.params.iter().zip(0..) {
            let value = ssa.param(entry, ty);
            ssa.write(entry, StateValue::Local(n), value);
        }
        ssa.seal(entry);
        let exit = ssa.block();
        ty.results.iter().for_each(|&ty| _ = ssa.param(exit, ty));
        let outermost = Control {
            kind: Kind::Block,
            label: exit,
            params: vec![],
            results: ty.results.clone(),
            base: 0,
            opened: None,
        };
        Translator {
            module,
            mode,
            name,
            ssa,
            locals: ty.params.clone(),
            stack: vec![],
            control: vec![outermost],
            current: Some(entry),
            dead_depth: 0,
            entry,
            exit,
            offset: 0,
            loops: vec![],
        }
    }

    /// Reads the whole body.
    pub(super) fn run(&mut self, index: u32) -> Result<(), CompileError> {
        let defined = index.checked_sub(self.module.imported_functions);
        let Some(range) = defined.and_then(|n| self.module.bodies.get(n as usize)) else {
            return Err(self.internal("no body"));
        };
        let reader = BinaryReader::new(&self.module.bytes[range.clone()], range.start as u64);
        let body = FunctionBody::new(reader);
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            self.locals.extend(std::iter::repeat_n(value_type(ty)?, count as usize));
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, offset) = operators.read_with_offset()?;
            self.offset = offset as u32;
            match self.current {
                Some(block) => self.operator(operator, block)?,
                None => self.skip(&operator)?,
            }
        }
        if self.control.is_empty() { Ok(()) } else { Err(self.internal("the body has no end")) }
    }

    /// The function, not simplified yet.
    pub(super) fn finish(self) -> Function {
        self.ssa.finish(self.entry)
    }

    /// An operator that control cannot come to: only structure counts.
    fn skip(&mut self, operator: &Operator<'_>) -> Result<(), CompileError> {
        match operator {
            Operator::Loop { .. } => {
                self.new_loop(false);
                self.dead_depth += 1;
            }
            Operator::Block { .. } | Operator::If { .. } => self.dead_depth += 1,
            Operator::End if self.dead_depth > 0 => self.dead_depth -= 1,
            Operator::End => self.end()?,
            Operator::Else if self.dead_depth == 0 => self.otherwise()?,
            _ => {}
        }
        Ok(())
    }

    fn operator(&mut self, operator: Operator<'_>, block: Block) -> Result<(), CompileError> {
        if let Some(op) = NumOp::from_operator(&operator) {
            let args = self.pop_n(op.args().len())?;
            self.push_op(Op::Num(op), &args, op.result());
            return Ok(());
        }
        if let Some((op, offset)) = LoadOp::from_operator(&operator) {
            let address = self.pop()?;
            self.push_op(Op::Load(op, offset as u32), &[address], op.ty());
            return Ok(());
        }
        if let Some((op, offset)) = StoreOp::from_operator(&operator) {
            let args = self.pop_n(2)?;
            self.ssa.inst(block, Op::Store(op, offset as u32), &args, &[], self.offset);
            return Ok(());
        }
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::End
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::Return
            | Operator::Unreachable => self.structure(operator, block),
            _ => self.plain(operator, block),
        }
    }

    fn structure(&mut self, operator: Operator<'_>, block: Block) -> Result<(), CompileError> {
        match operator {
            Operator::Block { blockty } => self.open_block(blockty, block),
            Operator::Loop { blockty } => self.open_loop(blockty, block),
            Operator::If { blockty } => self.open_if(blockty, block),
            Operator::Else => self.otherwise(),
            Operator::End => self.end(),
            Operator::Br { relative_depth } => {
                let target = self.target(relative_depth)?;
                self.leave(block, Terminator::Jump(target));
                Ok(())
            }
            Operator::BrIf { relative_depth } => {
                let condition = self.pop()?;
                let target = self.target(relative_depth)?;
                let next = self.ssa.block();
                let stay = Target { block: next, args: SmallVec::new() };
                self.ssa.end(block, Terminator::Branch(condition, target, stay));
                self.ssa.seal(next);
                self.current = Some(next);
                Ok(())
            }
            Operator::BrTable { targets } => self.branch_table(&targets, block),
            Operator::Return => {
                let target = self.target(self.control.len() as u32 - 1)?;
                self.leave(block, Terminator::Jump(target));
                Ok(())
            }
            _ => {
                self.leave(block, Terminator::Trap(self.offset));
                Ok(())
            }
        }
    }

    /// Operators that neither compute on numbers, touch memory at an address, nor branch.
    fn plain(&mut self, operator: Operator<'_>, block: Block) -> Result<(), CompileError> {
        match operator {
            Operator::Nop => {}
            Operator::Drop => _ = self.pop()?,
            Operator::Select => {
                let args = self.pop_n(3)?;
                let ty = self.ssa.ty(args[0]);
                self.push_op(Op::Select, &[args[2], args[0], args[1]], ty);
            }
            Operator::LocalGet { local_index } => {
                let value = self.ssa.read(block, StateValue::Local(local_index), self.local(local_index)?);
                self.stack.push(Entry::Value(value));
            }
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                let value = self.pop()?;
                self.ssa.write(block, StateValue::Local(local_index), value);
                if matches!(operator, Operator::LocalTee { .. }) {
                    self.stack.push(Entry::Value(value));
                }
            }
            Operator::GlobalGet { global_index } => {
                let ty = self.module.globals.get(global_index as usize).map(|global| global.ty);
                let ty = ty.ok_or_else(|| self.internal("no such global"))?;
                self.push_op(Op::GlobalGet(global_index), &[], ty);
            }
            Operator::GlobalSet { global_index } => {
                let value = self.pop()?;
                self.ssa.inst(block, Op::GlobalSet(global_index), &[value], &[], self.offset);
            }
            Operator::I32Const { value } => self.push_const(Type::I32, u64::from(value as u32)),
            Operator::I64Const { value } => self.push_const(Type::I64, value as u64),
            Operator::F32Const { value } => self.push_const(Type::F32, u64::from(value.bits())),
            Operator::F64Const { value } => self.push_const(Type::F64, value.bits()),
            Operator::MemorySize { .. } => self.push_op(Op::MemorySize, &[], Type::I32),
            Operator::MemoryGrow { .. } => {
                let pages = self.pop()?;
                self.push_op(Op::MemoryGrow, &[pages], Type::I32);
            }
            Operator::Call { function_index } => {
                let ty = self.module.functions.get(function_index as usize).copied();
                let ty = ty.ok_or_else(|| self.internal("no such function"))?;
                self.call(Op::Call(function_index), ty, 0, block)?;
            }
            Operator::CallIndirect { type_index, .. } => {
                self.call(Op::CallIndirect(type_index), type_index, 1, block)?;
            }
            other => return Err(unsupported(&format!("{other:?}"), u64::from(self.offset))),
        }
        Ok(())
    }

    fn call(&mut self, op: Op, ty: u32, extra: usize, block: Block) -> Result<(), CompileError> {
        let module = self.module;
        let ty = module.types.get(ty as usize).ok_or_else(|| self.internal("no such type"))?;
        let args = self.pop_n(ty.params.len() + extra)?;
        let inst = self.ssa.inst(block, op, &args, &ty.results, self.offset);
        self.stack.extend(self.ssa.results(inst).iter().map(|&value| Entry::Value(value)));
        Ok(())
    }

    fn open_block(&mut self, ty: BlockType, block: Block) -> Result<(), CompileError> {
        let (params, results) = self.signature(ty)?;
        self.settle();
        let label = self.ssa.block();
        results.iter().for_each(|&ty| _ = self.ssa.param(label, ty));
        let base = self.below(params.len())?;
        let opened = Some((block, self.ssa.clock()));
        self.control.push(Control { kind: Kind::Block, label, params, results, base, opened });
        Ok(())
    }

    fn open_loop(&mut self, ty: BlockType, block: Block) -> Result<(), CompileError> {
        let (params, results) = self.signature(ty)?;
        let args = self.pop_n(params.len())?;
        self.settle();
        let base = self.stack.len();
        let label = self.ssa.block();
        for &ty in &params {
            let param = self.ssa.param(label, ty);
            self.stack.push(Entry::Value(param));
        }
        let id = self.new_loop(true);
        self.ssa.set_loop(label, id);
        self.ssa.jump(block, label, &args);
        self.current = Some(label);
        let mut opened = Some((block, self.ssa.clock()));
        match self.mode {
            Mode::Osr(target) if target == id => {
                self.enter_here(label, &params, base);
                self.control.iter_mut().for_each(|around| around.opened = None);
                opened = None;
            }
            Mode::Observed(observer) => self.observe(label, observer + id),
            _ => {}
        }
        self.control.push(Control { kind: Kind::Loop, label, params, results, base, opened });
        Ok(())
    }

    /// Makes the OSR entry, which leads to this loop.
    fn enter_here(&mut self, header: Block, params: &[Type], base: usize) {
        self.entry = self.ssa.osr_entry();
        let state = (base as u32..).zip(params);
        let args: Values =
            state.map(|(d, &ty)| self.ssa.read(self.entry, StateValue::Operand(d), ty)).collect();
        self.ssa.jump(self.entry, header, &args);
    }

    /// Hands the whole state at a loop header to a function.
    fn observe(&mut self, header: Block, observer: u32) {
        let mut args = vec![];
        for (n, &ty) in (0..).zip(&self.locals) {
            args.push(self.ssa.read(header, StateValue::Local(n), ty));
        }
        for depth in 0..self.stack.len() {
            args.push(self.entry_value(depth, header));
        }
        self.ssa.inst(header, Op::Call(observer), &args, &[], self.offset);
    }

    fn open_if(&mut self, ty: BlockType, block: Block) -> Result<(), CompileError> {
        let condition = self.pop()?;
        let (params, results) = self.signature(ty)?;
        self.settle();
        let base = self.below(params.len())?;
        let (then, otherwise, label) = (self.ssa.block(), self.ssa.block(), self.ssa.block());
        results.iter().for_each(|&ty| _ = self.ssa.param(label, ty));
        let bare = |block| Target { block, args: SmallVec::new() };
        self.ssa.end(block, Terminator::Branch(condition, bare(then), bare(otherwise)));
        self.ssa.seal(then);
        self.ssa.seal(otherwise);
        let kind = Kind::If(otherwise, self.stack[base..].to_vec());
        let opened = Some((block, self.ssa.clock()));
        self.control.push(Control { kind, label, params, results, base, opened });
        self.current = Some(then);
        Ok(())
    }

    fn otherwise(&mut self) -> Result<(), CompileError> {
        self.fall_through()?;
        let Some(Control { kind, base, .. }) = self.control.last_mut() else {
            return Err(self.internal("else outside"));
        };
        let Kind::If(block, params) = std::mem::replace(kind, Kind::Block) else {
            return Err(self.internal("else without if"));
        };
        self.stack.truncate(*base);
        self.stack.extend(params);
        self.current = Some(block);
        Ok(())
    }

    fn end(&mut self) -> Result<(), CompileError> {
        if matches!(self.control.last(), Some(Control { kind: Kind::If(..), .. })) {
            self.otherwise()?;
        }
        self.fall_through()?;
        let Some(Control { kind, label, results, base, opened, .. }) = self.control.pop() else {
            return Err(self.internal("end outside"));
        };
        match opened {
            Some((before, from)) if matches!(kind, Kind::Loop) => {
                self.ssa.close_loop(label, before, from, self.current);
            }
            Some((before, from)) => self.ssa.close(label, before, from),
            None => {}
        }
        self.ssa.seal(label);
        if matches!(kind, Kind::Loop) {
            return Ok(());
        }
        self.stack.truncate(base);
        if !self.ssa.is_target(label) {
            self.current = None;
            return Ok(());
        }
        self.stack
            .extend(self.ssa.params(label).iter().take(results.len()).map(|&value| Entry::Value(value)));
        self.current = Some(label);
        if label == self.exit {
            let results = self.pop_n(results.len())?;
            self.leave(label, Terminator::Return(SmallVec::from_slice(&results)));
        }
        Ok(())
    }

    /// Control reaches the end of an arm or block: on to its label. A loop's end is no label.
    fn fall_through(&mut self) -> Result<(), CompileError> {
        let is_loop = matches!(self.control.last(), Some(Control { kind: Kind::Loop, .. }));
        if let (Some(block), false) = (self.current, is_loop) {
            let target = self.target(0)?;
            self.leave(block, Terminator::Jump(target));
        }
        Ok(())
    }

    fn branch_table(&mut self, table: &BrTable<'_>, block: Block) -> Result<(), CompileError> {
        let index = self.pop()?;
        let depths = table.targets().chain([Ok(table.default())]).collect::<Result<Vec<u32>, _>>()?;
        // Each label is left for through a block of its own, however often the table names it.
        let mut through: Vec<Option<Block>> = vec![None; self.control.len()];
        let (mut blocks, mut distinct) = (Vec::with_capacity(depths.len()), vec![]);
        for &depth in &depths {
            let known = through.get_mut(depth as usize).ok_or_else(|| self.internal("no such label"))?;
            let stop = *known.get_or_insert_with(|| {
                distinct.push((self.ssa.block(), depth));
                distinct[distinct.len() - 1].0
            });
            blocks.push(stop);
        }
        let new: Vec<Block> = distinct.iter().map(|&(stop, _)| stop).collect();
        let targets = distinct.iter().map(|&(_, depth)| self.target(depth)).collect::<Result<Vec<_>, _>>()?;
        self.ssa.table(block, index, &blocks, &new);
        for (stop, target) in new.into_iter().zip(targets) {
            self.ssa.end(stop, Terminator::Jump(target));
        }
        self.current = None;
        Ok(())
    }

    /// A branch to the label at a depth, with the topmost operands.
    fn target(&mut self, depth: u32) -> Result<Target, CompileError> {
        let control = self.control.iter().rev().nth(depth as usize);
        let control = control.ok_or_else(|| self.internal("no such label"))?;
        let arity =
            if matches!(control.kind, Kind::Loop) { control.params.len() } else { control.results.len() };
        let block = control.label;
        let at = self.current.ok_or_else(|| self.internal("branch from nowhere"))?;
        let base = self.below(arity)?;
        let args = (base..self.stack.len()).map(|depth| self.entry_value(depth, at)).collect();
        Ok(Target { block, args })
    }

    fn leave(&mut self, block: Block, end: Terminator) {
        self.ssa.end(block, end);
        self.current = None;
    }

    fn new_loop(&mut self, reachable: bool) -> u32 {
        let operands = match reachable {
            true => self.stack.iter().map(|&entry| self.entry_type(entry)).collect(),
            false => vec![],
        };
        let loop_id = self.loops.len() as u32;
        self.loops.push(LoopInfo { loop_id, wasm_offset: self.offset, reachable, operands });
        loop_id
    }

    /// Where operands are tracked: writes the stack into its variables, so that what follows may meet in any
    /// order.
    fn settle(&mut self) {
        let (true, Some(block)) = (self.mode.tracks_operands(), self.current) else { return };
        for (depth, entry) in self.stack.iter_mut().enumerate().rev() {
            let Entry::Value(value) = *entry else { break };
            self.ssa.write(block, StateValue::Operand(depth as u32), value);
            *entry = Entry::Variable(self.ssa.ty(value));
        }
    }

    fn entry_value(&mut self, depth: usize, block: Block) -> Value {
        match self.stack[depth] {
            Entry::Value(value) => value,
            Entry::Variable(ty) => self.ssa.read(block, StateValue::Operand(depth as u32), ty),
        }
    }

    fn entry_type(&self, entry: Entry) -> Type {
        match entry {
            Entry::Value(value) => self.ssa.ty(value),
            Entry::Variable(ty) => ty,
        }
    }

    fn pop(&mut self) -> Result<Value, CompileError> {
        Ok(self.pop_n(1)?[0])
    }

    /// The topmost operands, deepest first.
    fn pop_n(&mut self, count: usize) -> Result<Values, CompileError> {
        let base = self.below(count)?;
        let block = self.current.ok_or_else(|| self.internal("operand from nowhere"))?;
        let values = (base..self.stack.len()).map(|depth| self.entry_value(depth, block)).collect();
        self.stack.truncate(base);
        Ok(values)
    }

    /// Height of the stack under its topmost operands.
    fn below(&self, count: usize) -> Result<usize, CompileError> {
        self.stack.len().checked_sub(count).ok_or_else(|| self.internal("operand stack underflow"))
    }

    fn push_op(&mut self, op: Op, args: &[Value], ty: Type) {
        if let Some(block) = self.current {
            let value = self.ssa.value(block, op, args, ty, self.offset);
            self.stack.push(Entry::Value(value));
        }
    }

    fn push_const(&mut self, ty: Type, bits: u64) {
        self.push_op(Op::Const(ty, bits), &[], ty);
    }

    fn local(&self, index: u32) -> Result<Type, CompileError> {
        self.locals.get(index as usize).copied().ok_or_else(|| self.internal("no such local"))
    }

    fn signature(&self, ty: BlockType) -> Result<(Vec<Type>, Vec<Type>), CompileError> {
        match ty {
            BlockType::Empty => Ok((vec![], vec![])),
            BlockType::Type(ty) => Ok((vec![], vec![value_type(ty)?])),
            BlockType::FuncType(index) => {
                let ty =
                    self.module.types.get(index as usize).ok_or_else(|| self.internal("no such type"))?;
                Ok((ty.params.clone(), ty.results.clone()))
            }
        }
    }

    /// A validated body does not come here.
    pub(super) fn internal(&self, message: &str) -> CompileError {
        let message = format!("{message} (at offset {:#x})", self.offset);
        CompileError::Internal { phase: "build", function: self.name.clone(), message }
    }
}
