//! The start of a body: where the context, the parameters or the state values come from.
//!
//! ```text
//! called:  arrive (registers of the convention); stack parameters; extend i32; stack check; memory base
//! OSR:     import (loads from the source's homes);                             stack check; memory base
//! ```

use super::Kind;
use super::lower::Lower;
use super::target::{Slot, Target};
use crate::CompileError;
use crate::calls::{CallLayout, Place};
use crate::ir::{Op, Type};
use crate::wasm::module::FuncType;
use framewright_spec::CfaOffset;
use framewright_spec::claim::{StateValue, ValueKind};
use regalloc2::{Operand, OperandConstraint, OperandKind, OperandPos};

/// Selects the start of the entry block.
pub(super) fn enter<T: Target>(cx: &mut Lower<'_, T>) -> Result<(), CompileError> {
    match cx.job.kind {
        Kind::Normal => arrive(cx)?,
        Kind::Osr { .. } => import(cx)?,
    }
    T::stack_check(cx);
    if let Some(base) = cx.memory_base_asked() {
        T::load(cx, Type::I64, Slot::At(cx.context, crate::context::MEMORY_BASE), base);
    }
    Ok(())
}

fn arrive<T: Target>(cx: &mut Lower<'_, T>) -> Result<(), CompileError> {
    let f = cx.function();
    let layout =
        CallLayout::new(cx.job.abi, &FuncType { params: f.params.clone(), results: f.results.clone() });
    let entry = f.order.first().map(|b| &f.blocks[b.index()]);
    let params = entry.map(|b| &b.params[..]).unwrap_or_default();
    if params.len() != layout.params.len() {
        return Err(cx.job.internal("isel", "the entry block's parameters are not the function's"));
    }
    let mut operands =
        vec![Operand::reg_fixed_def(cx.context, super::alloc::preg(cx.job.machine, layout.context))];
    let mut extend = Vec::new();
    let mut loads = Vec::new();
    for (&param, &place) in params.iter().zip(&layout.params) {
        let (Some(reg), ty) = (cx.asked(param), cx.ty(param)) else { continue };
        match place {
            Place::Register(at) => {
                let raw = if ty == Type::I32 { cx.fresh_for(ty) } else { reg };
                operands.push(Operand::reg_fixed_def(raw, super::alloc::preg(cx.job.machine, at)));
                if ty == Type::I32 {
                    extend.push((raw, reg));
                }
            }
            Place::Stack(at) | Place::Buffer(at) => loads.push((ty, CfaOffset(i64::from(at)), reg)),
        }
    }
    cx.push(T::arrive(), operands);
    extend.into_iter().for_each(|(raw, reg)| T::extend(cx, raw, reg));
    loads.into_iter().for_each(|(ty, at, reg)| T::load(cx, ty, Slot::Frame(at), reg));
    Ok(())
}

fn import<T: Target>(cx: &mut Lower<'_, T>) -> Result<(), CompileError> {
    let f = cx.function();
    let (_, patchpoint) = cx.job.source()?.ok_or_else(|| cx.job.internal("isel", "no source"))?;
    let entry = f.order.first().map(|b| &f.blocks[b.index()].insts[..]).unwrap_or_default();
    let mut operands = Vec::new();
    let mut homes = Vec::new();
    let mut imports = Vec::new();
    let any = |reg| Operand::new(reg, OperandConstraint::Any, OperandKind::Def, OperandPos::Late);
    for slot in &patchpoint.state {
        let reg = if slot.value == StateValue::Context {
            Some(cx.context)
        } else {
            let wanted =
                |op| matches!(op, Op::State(value, ty) if value == slot.value && kind(ty) == slot.kind);
            let values = entry.iter().filter(|i| wanted(cx.data(**i).op)).flat_map(|i| &cx.data(*i).results);
            let mut asked = values.filter_map(|&v| cx.asked(v));
            let first = asked.next();
            if asked.next().is_some() {
                return Err(cx.job.internal("isel", format!("{:?} is imported twice", slot.value)));
            }
            first
        };
        if let Some(reg) = reg {
            operands.push(any(reg));
            homes.push((slot.kind, slot.home));
            imports.push(slot.clone());
        }
    }
    let stated = entry.iter().filter(|i| matches!(cx.data(**i).op, Op::State(..)));
    let asked = stated.flat_map(|i| &cx.data(*i).results).filter(|v| cx.asked(**v).is_some()).count();
    if asked + 1 != imports.len() {
        return Err(cx.job.internal("isel", "a state value is not in the patchpoint's state"));
    }
    cx.imports = imports;
    cx.push(T::import(homes), operands);
    Ok(())
}

/// How a claim calls a type.
fn kind(ty: Type) -> ValueKind {
    match ty {
        Type::I32 => ValueKind::I32,
        Type::I64 => ValueKind::I64,
        Type::F32 => ValueKind::F32,
        Type::F64 => ValueKind::F64,
    }
}
