//! The pass over the operators.

use super::Tier0Options;
use super::control::Control;
use super::entry::Cold;
use super::frame::Frame;
use super::stack::{Stack, Value};
use crate::calls::{CallLayout, Place};
use crate::context::{self, ContextLayout, MEMORY_BYTES, MEMORY_GROW, RESULTS};
use crate::ir::{LoadOp, NumOp, StoreOp, Type};
use crate::target::{Base, Home, Label, Masm, Move, Site, Source, Target};
use crate::wasm::Module;
use crate::wasm::parse::value_type;
use crate::{CompileError, TrapCode};
use framewright_spec::claim::Patchpoint;
use rustc_hash::FxHashMap;
use std::rc::Rc;
use wasmparser::{BinaryReader, FunctionBody, Operator};

/// Words before the locals: context and counter.
pub(super) const FIRST_LOCAL: u32 = 2;

/// A function under compilation.
pub(super) struct Body<'a, M: Masm> {
    pub(super) masm: M,
    pub(super) frame: &'a Frame<'a>,
    pub(super) module: &'a Module,
    pub(super) function: u32,
    pub(super) options: &'a Tier0Options,
    pub(super) context: ContextLayout,
    pub(super) locals: Vec<Type>,
    pub(super) stack: Stack<M::Condition>,
    pub(super) controls: Vec<Control>,
    /// Blocks open in code that is not reachable; 0: the code is.
    pub(super) skipped: Option<u32>,
    pub(super) loops: u32,
    pub(super) patchpoints: Vec<(Patchpoint, Label, Label)>,
    pub(super) cold: Vec<Cold>,
    pub(super) epilog: Label,
    pub(super) returns: bool,
    /// Byte offset in the module of the body.
    pub(super) start: u32,
    /// Byte offset in the module of the operator being compiled.
    pub(super) at: u32,
    outgoing_bytes: u32,
    calls: FxHashMap<u32, Rc<CallLayout>>,
    code: wasmparser::OperatorsReader<'a>,
}

/// The word of the context at an offset.
pub(super) fn context_word(offset: u32) -> Home {
    Home { base: Base::Context, offset: offset as i32 }
}

fn pointed(offset: u32) -> Home {
    Home { base: Base::Pointer, offset: offset as i32 }
}

impl<'a, M: Masm> Body<'a, M> {
    /// Opens a function's body.
    pub(super) fn new(
        mut masm: M,
        frame: &'a Frame<'a>,
        module: &'a Module,
        function: u32,
        options: &'a Tier0Options,
    ) -> Result<Self, CompileError> {
        let defined = function.checked_sub(module.imported_functions);
        let range = defined.and_then(|i| module.bodies.get(i as usize)).cloned();
        let range = range.ok_or_else(|| frame.fault("an imported function has no body"))?;
        let body = FunctionBody::new(BinaryReader::new(&module.bytes[range.clone()], range.start as u64));
        let mut locals = module.function_type(function).params.clone();
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            let ty = value_type(ty)?;
            locals.resize(locals.len() + count as usize, ty);
        }
        let code = body.get_operators_reader()?;
        let epilog = masm.label();
        let mut body = Body {
            masm,
            frame,
            module,
            function,
            options,
            context: ContextLayout::new(module),
            locals,
            stack: Stack::new(),
            controls: Vec::new(),
            skipped: None,
            loops: 0,
            patchpoints: Vec::new(),
            cold: Vec::new(),
            epilog,
            returns: false,
            start: range.start as u32,
            at: range.start as u32,
            outgoing_bytes: frame.abi.shadow_space.next_multiple_of(frame.abi.stack_align),
            calls: FxHashMap::default(),
            code,
        };
        body.open_function();
        Ok(body)
    }

    /// Homes in use.
    pub(super) fn words(&self) -> u32 {
        self.operand_word(self.stack.highest)
    }

    /// Bytes that calls need for arguments.
    pub(super) fn outgoing_bytes(&self) -> u32 {
        self.outgoing_bytes
    }

    /// The number of a local's home.
    pub(super) fn local_word(&self, local: u32) -> u32 {
        FIRST_LOCAL + local
    }

    /// The number of an operand's home.
    pub(super) fn operand_word(&self, height: usize) -> u32 {
        FIRST_LOCAL + (self.locals.len() + height) as u32
    }

    /// Compiles all operators.
    pub(super) fn operators(&mut self) -> Result<(), CompileError> {
        while !self.code.eof() {
            let (operator, at) = self.code.read_with_offset()?;
            self.at = at as u32;
            match self.skipped {
                None => self.operator(&operator)?,
                Some(depth) => self.skip(&operator, depth)?,
            }
        }
        Ok(())
    }

    #[rustfmt::skip]
    fn operator(&mut self, operator: &Operator<'_>) -> Result<(), CompileError> {
        // All others read operands from where they are, or write the flags.
        let takes_flags = matches!(operator, Operator::BrIf { .. } | Operator::If { .. } | Operator::Select | Operator::I32Eqz);
        if !takes_flags {
            self.settle_flags();
        }
        match *operator {
            Operator::Nop => {}
            Operator::Unreachable => {
                self.masm.trap(Site { code: TrapCode::Unreachable, wasm_offset: self.at });
                self.skip_rest();
            }
            Operator::Block { blockty } => self.block(blockty)?,
            Operator::Loop { blockty } => self.open_loop(blockty)?,
            Operator::If { blockty } => self.open_if(blockty)?,
            Operator::Else => self.otherwise()?,
            Operator::End => self.end()?,
            Operator::Br { relative_depth } => self.br(relative_depth)?,
            Operator::BrIf { relative_depth } => self.br_if(relative_depth)?,
            Operator::BrTable { ref targets } => self.br_table(targets)?,
            Operator::Return => self.br(self.controls.len() as u32 - 1)?,
            Operator::Call { function_index } => self.call(function_index)?,
            Operator::CallIndirect { type_index, .. } => self.call_indirect(type_index)?,
            Operator::Drop => { self.pop()?; }
            Operator::Select => self.select()?,
            Operator::LocalGet { local_index } => self.local_get(local_index)?,
            Operator::LocalSet { local_index } => { self.local_set(local_index)?; }
            Operator::LocalTee { local_index } => self.local_tee(local_index)?,
            Operator::GlobalGet { global_index } => self.global_get(global_index)?,
            Operator::GlobalSet { global_index } => self.global_set(global_index)?,
            Operator::MemorySize { .. } => self.memory_size(),
            Operator::MemoryGrow { .. } => self.memory_grow()?,
            Operator::I32Const { value } => self.push(Type::I32, Value::Const(u64::from(value as u32))),
            Operator::I64Const { value } => self.push(Type::I64, Value::Const(value as u64)),
            Operator::F32Const { value } => self.push(Type::F32, Value::Const(u64::from(value.bits()))),
            Operator::F64Const { value } => self.push(Type::F64, Value::Const(value.bits())),
            _ => self.table_driven(operator)?,
        }
        Ok(())
    }

    /// Arithmetic, loads and stores.
    fn table_driven(&mut self, operator: &Operator<'_>) -> Result<(), CompileError> {
        if let Some(op) = NumOp::from_operator(operator) {
            return self.num(op);
        }
        if let Some((op, offset)) = LoadOp::from_operator(operator) {
            let (address, _) = self.pop()?;
            self.free_accumulator();
            self.masm.memory_load(op, address, offset as u32, self.at);
            self.push(op.ty(), Value::Accumulator);
            return Ok(());
        }
        if let Some((op, offset)) = StoreOp::from_operator(operator) {
            let (value, _) = self.pop()?;
            let (address, _) = self.pop()?;
            self.masm.memory_store(op, address, value, offset as u32, self.at);
            return Ok(());
        }
        let feature = format!("{operator:?}");
        let feature = feature.split([' ', '{']).next().unwrap_or_default().to_owned();
        Err(CompileError::Unsupported { feature, offset: self.at as usize })
    }

    fn num(&mut self, op: NumOp) -> Result<(), CompileError> {
        if op == NumOp::I32Eqz {
            let condition = self.pop_condition()?;
            self.free_accumulator();
            self.push(Type::I32, Value::Flags(M::negate(condition)));
            return Ok(());
        }
        let (last, _) = self.pop()?;
        let (x, y) = if op.args().len() == 2 { (self.pop()?.0, last) } else { (last, Source::Const(0)) };
        self.free_accumulator();
        let value = self.masm.num(op, x, y, self.at).map_or(Value::Accumulator, Value::Flags);
        self.push(op.result(), value);
        Ok(())
    }

    fn select(&mut self) -> Result<(), CompileError> {
        let condition = self.pop_condition()?;
        let (second, ty) = self.pop()?;
        let (first, _) = self.pop()?;
        self.free_accumulator();
        self.masm.select(ty, condition, first, second);
        self.push(ty, Value::Accumulator);
        Ok(())
    }

    fn local_type(&self, local: u32) -> Result<Type, CompileError> {
        self.locals.get(local as usize).copied().ok_or_else(|| self.frame.fault("no such local"))
    }

    fn local_get(&mut self, local: u32) -> Result<(), CompileError> {
        let ty = self.local_type(local)?;
        self.push(ty, Value::Local(local));
        Ok(())
    }

    /// Writes a local; the source written.
    fn local_set(&mut self, local: u32) -> Result<(Source, Type), CompileError> {
        let (source, ty) = self.pop()?;
        self.send_local_home(local);
        let home = self.local_home(local);
        if source != Source::Home(home) {
            self.masm.store(ty, source, home);
        }
        Ok((source, ty))
    }

    fn local_tee(&mut self, local: u32) -> Result<(), CompileError> {
        let (source, ty) = self.local_set(local)?;
        let value = match source {
            Source::Accumulator => Value::Accumulator,
            Source::Const(bits) => Value::Const(bits),
            _ => Value::Local(local),
        };
        self.push(ty, value);
        Ok(())
    }

    /// The cell of a global: in the context, or where the context says.
    fn global(&mut self, index: u32) -> Result<(Home, Type), CompileError> {
        let global = self.module.globals.get(index as usize);
        let ty = global.map(|g| g.ty).ok_or_else(|| self.frame.fault("no such global"))?;
        let entry = self.context.global(index);
        if index >= self.module.imported_globals {
            return Ok((context_word(entry + 8), ty));
        }
        self.masm.point(context_word(entry));
        Ok((pointed(0), ty))
    }

    fn global_get(&mut self, index: u32) -> Result<(), CompileError> {
        self.free_accumulator();
        let (cell, ty) = self.global(index)?;
        self.masm.take(ty, Source::Home(cell));
        self.push(ty, Value::Accumulator);
        Ok(())
    }

    fn global_set(&mut self, index: u32) -> Result<(), CompileError> {
        let (source, _) = self.pop()?;
        let (cell, ty) = self.global(index)?;
        self.masm.store(ty, source, cell);
        Ok(())
    }

    fn memory_size(&mut self) {
        self.free_accumulator();
        self.masm.point(context_word(MEMORY_BYTES));
        self.masm.take(Type::I64, Source::Home(pointed(0)));
        self.masm.num(NumOp::I64ShrU, Source::Accumulator, Source::Const(16), self.at);
        self.push(Type::I32, Value::Accumulator);
    }

    fn memory_grow(&mut self) -> Result<(), CompileError> {
        let (pages, _) = self.pop()?;
        self.free_accumulator();
        self.call_helper(MEMORY_GROW, &[(Type::I32, pages)])?;
        let result = self.result_register()?;
        self.masm.take(Type::I32, Source::Register(result));
        self.push(Type::I32, Value::Accumulator);
        Ok(())
    }

    /// The register of a helper's result.
    fn result_register(&self) -> Result<framewright_spec::Reg, CompileError> {
        let first = self.frame.abi.int_results.first().copied();
        first.ok_or_else(|| self.frame.fault("the convention has no integer result register"))
    }

    /// Calls the function at a word of the context with the context and further arguments.
    pub(super) fn call_helper(&mut self, at: u32, args: &[(Type, Source)]) -> Result<(), CompileError> {
        let registers = &self.frame.abi.int_args;
        if registers.len() <= args.len() {
            return Err(self.frame.fault("the convention has too few argument registers"));
        }
        let context = (Type::I64, Source::Register(self.frame.pins.context));
        let all = std::iter::once(&context).chain(args).zip(registers);
        let moves = all.map(|(&(ty, from), &to)| Move { ty, from, to: Target::Register(to) });
        let moves: smallvec::SmallVec<[Move; 4]> = moves.collect();
        self.masm.moves(&moves);
        self.masm.call(context_word(at));
        Ok(())
    }

    fn call_layout(&mut self, ty: u32) -> Rc<CallLayout> {
        let (abi, module) = (self.frame.abi, self.module);
        let layout =
            self.calls.entry(ty).or_insert_with(|| Rc::new(CallLayout::new(abi, &module.types[ty as usize])));
        Rc::clone(layout)
    }

    fn call(&mut self, function: u32) -> Result<(), CompileError> {
        let ty = self.module.functions.get(function as usize).copied();
        let ty = ty.ok_or_else(|| self.frame.fault("no such function"))?;
        if function >= self.module.imported_functions {
            let context = Source::Register(self.frame.pins.context);
            self.arguments(ty, context)?;
            self.masm.call(context_word(self.context.code_cell(function)));
        } else {
            let entry = self.context.function(function);
            self.arguments(ty, Source::Home(context_word(entry + 8)))?;
            self.masm.call_through(context_word(entry));
        }
        self.results(ty);
        Ok(())
    }

    fn call_indirect(&mut self, ty: u32) -> Result<(), CompileError> {
        let (index, _) = self.pop()?;
        self.masm.table_element(index, self.context.type_id(ty), self.at);
        self.arguments(ty, Source::Home(pointed(8)))?;
        self.masm.call_through(pointed(0));
        self.results(ty);
        Ok(())
    }

    /// Takes arguments off the stack to where the callee expects them, its context with them.
    fn arguments(&mut self, ty: u32, context: Source) -> Result<(), CompileError> {
        let layout = self.call_layout(ty);
        self.outgoing_bytes = self.outgoing_bytes.max(layout.stack_bytes);
        let params = &self.module.types[ty as usize].params;
        let Some(base) = self.stack.len().checked_sub(params.len()) else {
            return Err(self.frame.fault("too few arguments on the operand stack"));
        };
        let mut moves = vec![Move { ty: Type::I64, from: context, to: Target::Register(layout.context) }];
        for (i, (&ty, &place)) in params.iter().zip(&layout.params).enumerate() {
            let to = match place {
                Place::Register(reg) => Target::Register(reg),
                Place::Stack(offset) | Place::Buffer(offset) => {
                    Target::Home(Home { base: Base::Stack, offset: offset as i32 })
                }
            };
            moves.push(Move { ty, from: self.source(base + i), to });
        }
        self.stack.truncate(base);
        self.free_accumulator();
        self.masm.moves(&moves);
        Ok(())
    }

    /// Puts a callee's results on the stack.
    fn results(&mut self, ty: u32) {
        let layout = self.call_layout(ty);
        let types = &self.module.types[ty as usize].results;
        if let (&[ty], &[Place::Register(reg)]) = (types.as_slice(), layout.results.as_slice()) {
            self.masm.take(ty, Source::Register(reg));
            return self.push(ty, Value::Accumulator);
        }
        let base = self.stack.len();
        self.send_all_home();
        self.stack.push_homes(types);
        self.stack.floor = self.stack.len();
        let mut pointed_at = false;
        for (i, (&ty, &place)) in types.iter().zip(&layout.results).enumerate() {
            let from = match place {
                Place::Register(reg) => Source::Register(reg),
                Place::Stack(offset) | Place::Buffer(offset) => {
                    if !pointed_at {
                        self.masm.point(context_word(RESULTS));
                    }
                    pointed_at = true;
                    Source::Home(pointed(offset))
                }
            };
            let home = self.operand_home(base + i);
            self.masm.store(ty, from, home);
        }
    }

    /// Leaves the function with the topmost operands as results, which stay on the stack.
    pub(super) fn leave(&mut self) -> Result<(), CompileError> {
        let ty = self.module.functions[self.function as usize];
        let layout = self.call_layout(ty);
        let types = &self.module.types[ty as usize].results;
        let Some(base) = self.stack.len().checked_sub(types.len()) else {
            return Err(self.frame.fault("too few results on the operand stack"));
        };
        if layout.results.iter().any(|p| matches!(p, Place::Buffer(_))) {
            self.masm.point(context_word(context::RESULTS));
        }
        let mut moves = Vec::with_capacity(types.len());
        for (i, (&ty, &place)) in types.iter().zip(&layout.results).enumerate() {
            let to = match place {
                Place::Register(reg) => Target::Register(reg),
                Place::Stack(offset) | Place::Buffer(offset) => Target::Home(pointed(offset)),
            };
            moves.push(Move { ty, from: self.source(base + i), to });
        }
        self.masm.moves(&moves);
        self.returns = true;
        Ok(())
    }
}
