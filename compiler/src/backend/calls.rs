//! Calls and returns: values to and from the places that the calling convention gives them.

use super::alloc::preg;
use super::lower::Lower;
use super::target::{Slot, Target};
use super::vcode::Flow;
use crate::CompileError;
use crate::calls::{CallLayout, Place};
use crate::context::RESULTS;
use crate::ir::{Inst, Op, Type, Value};
use crate::wasm::module::FuncType;
use regalloc2::{Operand, PRegSet, RegClass, VReg};

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    /// Through the address of a code cell.
    Cell(VReg),
    /// The address kept at a byte offset of our context, which is operand 0 and is the callee's too.
    Context(u32),
}

/// Selects a call.
pub(super) fn call<T: Target>(cx: &mut Lower<'_, T>, inst: Inst) -> Result<(), CompileError> {
    let data = cx.data(inst);
    let module = cx.job.module;
    let grow = FuncType { params: vec![Type::I32], results: vec![Type::I32] };
    let at = |cx: &Lower<'_, T>, index: u32| cx.job.context.function(index);
    match data.op {
        Op::Call(index) if index >= module.imported_functions => {
            let cell = cx.job.context.code_cell(index);
            let context = cx.context();
            transfer(
                cx,
                module.function_type(index),
                &data.args,
                &data.results,
                context,
                Callee::Context(cell),
            )
        }
        Op::Call(index) => {
            let (cell, context) = (cx.fresh(RegClass::Int), cx.fresh(RegClass::Int));
            T::load(cx, Type::I64, Slot::At(cx.context(), at(cx, index)), cell);
            T::load(cx, Type::I64, Slot::At(cx.context(), at(cx, index) + 8), context);
            transfer(cx, module.function_type(index), &data.args, &data.results, context, Callee::Cell(cell))
        }
        Op::CallIndirect(ty) => {
            let Some((&index, args)) = data.args.split_last() else {
                return Err(cx.job.internal("isel", "an indirect call without an index"));
            };
            let (cell, context) = T::table_element(cx, index, ty);
            transfer(cx, &module.types[ty as usize], args, &data.results, context, Callee::Cell(cell))
        }
        _ => {
            let context = cx.context();
            let callee = Callee::Context(crate::context::MEMORY_GROW);
            transfer(cx, &grow, &data.args, &data.results, context, callee)
        }
    }
}

fn transfer<T: Target>(
    cx: &mut Lower<'_, T>,
    ty: &FuncType,
    args: &[Value],
    results: &[Value],
    context: VReg,
    callee: Callee,
) -> Result<(), CompileError> {
    let machine = cx.job.machine;
    let layout = CallLayout::new(cx.job.abi, ty);
    if args.len() != layout.params.len() || results.len() != layout.results.len() {
        return Err(cx.job.internal("isel", "a call's arguments or results are not those of its type"));
    }
    cx.outgoing_bytes = cx.outgoing_bytes.max(layout.stack_bytes);
    let mut operands = vec![Operand::reg_fixed_use(context, preg(machine, layout.context))];
    for (&arg, &place) in args.iter().zip(&layout.params) {
        let (reg, ty) = (cx.reg(arg), cx.ty(arg));
        match place {
            Place::Register(at) => operands.push(Operand::reg_fixed_use(reg, preg(machine, at))),
            Place::Stack(at) | Place::Buffer(at) => T::store(cx, ty, Slot::Outgoing(at), reg),
        }
    }
    let op = T::callee(cx, callee, &mut operands);
    let mut clobbers = super::alloc::caller_saved(machine, cx.job.abi);
    let mut after = Vec::new();
    for (&result, &place) in results.iter().zip(&layout.results) {
        let Some(reg) = cx.asked(result) else { continue };
        let ty = cx.ty(result);
        match place {
            Place::Register(at) => {
                let raw = if ty == Type::I32 { cx.fresh_for(ty) } else { reg };
                operands.push(Operand::reg_fixed_def(raw, preg(machine, at)));
                clobbers.remove(preg(machine, at));
                after.push((ty, None, raw, reg));
            }
            Place::Stack(at) | Place::Buffer(at) => after.push((ty, Some(at), reg, reg)),
        }
    }
    cx.push_flow(op, operands, clobbers, Flow::Next);
    let buffer = cx.fresh(RegClass::Int);
    if after.iter().any(|(_, at, ..)| at.is_some()) {
        T::load(cx, Type::I64, Slot::At(cx.context(), RESULTS), buffer);
    }
    for (ty, at, raw, reg) in after {
        match at {
            Some(at) => T::load(cx, ty, Slot::At(buffer, at), reg),
            None if ty == Type::I32 => T::extend(cx, raw, reg),
            None => {}
        }
    }
    Ok(())
}

/// Selects a return.
pub(super) fn leave<T: Target>(cx: &mut Lower<'_, T>, values: &[Value]) -> Result<(), CompileError> {
    let f = cx.function();
    let layout = CallLayout::new(cx.job.abi, &FuncType { params: vec![], results: f.results.clone() });
    if values.len() != layout.results.len() {
        return Err(cx.job.internal("isel", "returned values are not the function's results"));
    }
    let mut operands = Vec::new();
    let mut stores = Vec::new();
    for (&value, &place) in values.iter().zip(&layout.results) {
        let reg = cx.reg(value);
        match place {
            Place::Register(at) => operands.push(Operand::reg_fixed_use(reg, preg(cx.job.machine, at))),
            Place::Stack(at) | Place::Buffer(at) => stores.push((cx.ty(value), at, reg)),
        }
    }
    if !stores.is_empty() {
        let buffer = cx.fresh(RegClass::Int);
        T::load(cx, Type::I64, Slot::At(cx.context(), RESULTS), buffer);
        stores.into_iter().for_each(|(ty, at, reg)| T::store(cx, ty, Slot::At(buffer, at), reg));
    }
    cx.push_flow(T::leave(), operands, PRegSet::empty(), Flow::Leave);
    Ok(())
}
