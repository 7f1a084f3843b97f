//! Instruction selection: IR to [`Op`]s.
//!
//! | file | rows for |
//! |---|---|
//! | `integer.rs` | integer arithmetic, shifts |
//! | `divide.rs` | division |
//! | `compare.rs` | conditions, `select`, branches |
//! | `float.rs` | floats and conversions |
//! | `memory.rs` | addresses, loads, stores, globals, tables |
//!
//! This file has what they share: sources (register, spill slot, memory, immediate) and how an instruction's
//! operand list is built from them. An i32 in a register has zeros above; every 32-bit instruction leaves it so.
//! Flags live only from one pushed instruction to the next few that read them: nothing in between may change
//! them, so constants and other operands are made first.

mod compare;
mod divide;
mod float;
mod integer;
mod memory;

use super::emit::Emit;
use super::op::{Arg, Base, Mem, Op, Trap, Width};
use crate::backend::calls::Callee;
use crate::backend::lower::Lower;
use crate::backend::{FrameView, Job, Slot, Target};
use crate::ir::{self, NumOp, Type, Value};
use crate::{CompileError, TrapCode};
use framewright_spec::CfaOffset;
use framewright_spec::claim::ValueKind;
use iced_x86::Code;
use regalloc2::{Operand, OperandConstraint, OperandKind, OperandPos, PReg, RegClass, VReg};
use smallvec::{SmallVec, smallvec};

/// The x86-64 target.
pub(crate) struct X86;

/// Selection for x86-64.
pub(crate) type Cx<'a> = Lower<'a, X86>;

/// An address made of virtual registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address {
    base: AddressBase,
    index: Option<(VReg, u8)>,
    offset: i32,
}

#[derive(Clone, Copy, Debug)]
enum AddressBase {
    Reg(VReg),
    Frame(CfaOffset),
    Sp,
    Constant(u32, u64),
}

impl Address {
    fn at(base: VReg, offset: i32) -> Address {
        Address { base: AddressBase::Reg(base), index: None, offset }
    }

    fn constant(width: Width, bits: u64) -> Address {
        Address { base: AddressBase::Constant(width.bytes(), bits), index: None, offset: 0 }
    }
}

/// Where an instruction reads a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    /// A register, or the spill slot that the register allocator keeps it in.
    Reg(VReg),
    /// Memory, and the trap the access may raise.
    Mem(Address, Option<Trap>),
    /// A number.
    Imm(i32),
}

/// An instruction being put together: its operand list and what refers to it.
struct Draft {
    args: SmallVec<[Arg; 3]>,
    operands: Vec<Operand>,
    trap: Option<Trap>,
}

impl Draft {
    fn new() -> Draft {
        Draft { args: SmallVec::new(), operands: Vec::with_capacity(4), trap: None }
    }

    fn operand(&mut self, operand: Operand) -> u8 {
        self.operands.push(operand);
        self.operands.len() as u8 - 1
    }

    /// Says where the next operand of the machine instruction is.
    fn arg(&mut self, operand: Operand) -> &mut Draft {
        let at = self.operand(operand);
        self.args.push(Arg::Reg(at));
        self
    }

    fn memory(&mut self, address: Address) -> Mem {
        let base = match address.base {
            AddressBase::Reg(reg) => Base::Reg(self.operand(Operand::reg_use(reg))),
            AddressBase::Frame(at) => Base::Frame(at),
            AddressBase::Sp => Base::Sp,
            AddressBase::Constant(bytes, bits) => Base::Constant(bytes, bits),
        };
        let index = address.index.map(|(reg, scale)| (self.operand(Operand::reg_use(reg)), scale));
        Mem { base, index, offset: address.offset }
    }

    fn source(&mut self, source: Source) -> &mut Draft {
        match source {
            Source::Reg(reg) => return self.arg(any_use(reg)),
            Source::Imm(value) => self.args.push(Arg::Imm(value)),
            Source::Mem(address, trap) => {
                let mem = self.memory(address);
                self.args.push(Arg::Mem(mem));
                self.trap = trap;
            }
        }
        self
    }
}

/// A use that a spill slot serves as well.
fn any_use(reg: VReg) -> Operand {
    Operand::new(reg, OperandConstraint::Any, OperandKind::Use, OperandPos::Early)
}

/// A use of a register that must not be overwritten before the whole sequence is done.
fn late_use(reg: VReg) -> Operand {
    Operand::reg_use_at_end(reg)
}

impl Cx<'_> {
    fn push_draft(&mut self, code: Code, draft: Draft) {
        self.push(Op::Code { code, args: draft.args, trap: draft.trap }, draft.operands);
    }

    /// `code to, source`: writes `to` whole.
    fn one(&mut self, code: Code, to: VReg, source: Source) {
        let mut draft = Draft::new();
        draft.arg(Operand::reg_def(to)).source(source);
        self.push_draft(code, draft);
    }

    /// `code to, source` where `to` is `first` before.
    fn two(&mut self, code: Code, to: VReg, first: VReg, source: Source) {
        let mut draft = Draft::new();
        draft.arg(Operand::reg_reuse_def(to, 1)).operand(Operand::reg_use(first));
        draft.source(source);
        self.push_draft(code, draft);
    }

    /// `code to, source, imm`: writes `to` whole.
    fn with_imm(&mut self, code: Code, to: VReg, source: Source, imm: i32) {
        let mut draft = Draft::new();
        draft.arg(Operand::reg_def(to)).source(source);
        draft.args.push(Arg::Imm(imm));
        self.push_draft(code, draft);
    }

    /// `code to` where `to` is `first` before.
    fn unary(&mut self, code: Code, to: VReg, first: VReg) {
        let mut draft = Draft::new();
        draft.arg(Operand::reg_reuse_def(to, 1)).operand(Operand::reg_use(first));
        self.push_draft(code, draft);
    }

    /// `cmp` or the like: only reads. The first is in a register but beside an immediate.
    fn reads(&mut self, code: Code, a: Source, b: Source) {
        let mut draft = Draft::new();
        match (a, b) {
            (Source::Reg(a), Source::Reg(_) | Source::Mem(..)) => draft.arg(Operand::reg_use(a)),
            _ => draft.source(a),
        };
        match (a, b) {
            (Source::Mem(..), Source::Reg(b)) => draft.arg(Operand::reg_use(b)),
            _ => draft.source(b),
        };
        self.push_draft(code, draft);
    }

    /// `code a, b` on registers alone: only reads.
    fn reads_regs(&mut self, code: Code, a: VReg, b: VReg) {
        let mut draft = Draft::new();
        draft.arg(Operand::reg_use(a)).arg(Operand::reg_use(b));
        self.push_draft(code, draft);
    }

    /// `code to, from` on registers alone: writes `to` whole.
    fn one_reg(&mut self, code: Code, to: VReg, from: VReg) {
        let mut draft = Draft::new();
        draft.arg(Operand::reg_def(to)).arg(Operand::reg_use(from));
        self.push_draft(code, draft);
    }

    /// `code to, second` on registers alone, where `to` is `first` before.
    fn two_regs(&mut self, code: Code, to: VReg, first: VReg, second: VReg) {
        let mut draft = Draft::new();
        draft.arg(Operand::reg_reuse_def(to, 1)).operand(Operand::reg_use(first));
        draft.arg(Operand::reg_use(second));
        self.push_draft(code, draft);
    }

    /// `code [address], source`.
    fn writes(&mut self, code: Code, address: Address, source: Source, trap: Option<Trap>) {
        let mut draft = Draft::new();
        let mem = draft.memory(address);
        draft.args.push(Arg::Mem(mem));
        match source {
            Source::Reg(reg) => drop(draft.arg(Operand::reg_use(reg))),
            other => drop(draft.source(other)),
        }
        draft.trap = trap;
        self.push_draft(code, draft);
    }

    /// `xor to, to`: zero. Changes the flags.
    fn zero(&mut self, to: VReg) {
        let code = if to.class() == RegClass::Float { Code::Xorps_xmm_xmmm128 } else { Code::Xor_r32_rm32 };
        let op = Op::Code { code, args: smallvec![Arg::Reg(0), Arg::Reg(0)], trap: None };
        self.push(op, vec![Operand::reg_def(to)]);
    }

    fn select_inst(&mut self, inst: ir::Inst) -> Result<(), CompileError> {
        let data = self.data(inst);
        match data.op {
            ir::Op::Num(op) => {
                if !(self.select_integer(data, op)?
                    || self.select_compare(data, op)
                    || self.select_float(data, op))
                {
                    return Err(self.job.internal("isel", format!("no row for {}", op.name())));
                }
            }
            ir::Op::Select => self.select_select(data),
            ir::Op::Load(op, offset) => self.select_load(data, op, offset),
            ir::Op::Store(op, offset) => self.select_store(data, op, offset),
            ir::Op::MemorySize => self.select_memory_size(data),
            ir::Op::GlobalGet(index) => self.select_global_get(data, index),
            ir::Op::GlobalSet(index) => self.select_global_set(data, index),
            // Constants are made where they are used; the others are the backend's own.
            ir::Op::Const(..)
            | ir::Op::MemoryGrow
            | ir::Op::Call(_)
            | ir::Op::CallIndirect(_)
            | ir::Op::State(..) => {}
        }
        Ok(())
    }

    /// A constant in a new register.
    fn number(&mut self, bits: u64) -> VReg {
        X86::constant(self, Type::I64, bits)
    }

    /// A float constant's bits in a new register.
    fn mask(&mut self, width: Width, bits: u64) -> VReg {
        X86::constant(self, width.pick(Type::F32, Type::F64), bits)
    }

    /// A value as an immediate of an integer instruction, if it is one.
    fn imm(&self, value: Value) -> Option<i32> {
        let bits = self.constant(value)?;
        match self.ty(value) {
            Type::I32 => Some(bits as u32 as i32),
            Type::I64 => i32::try_from(bits as i64).ok(),
            Type::F32 | Type::F64 => None,
        }
    }

    /// A value where an instruction of its full width may read it.
    fn source(&mut self, value: Value) -> Source {
        if let Some(imm) = self.imm(value) {
            return Source::Imm(imm);
        }
        if let (Some(bits), ty @ (Type::F32 | Type::F64)) = (self.constant(value), self.ty(value)) {
            let width = if ty == Type::F32 { Width::W32 } else { Width::W64 };
            return Source::Mem(Address::constant(width, bits), None);
        }
        self.loaded(value).unwrap_or_else(|| Source::Reg(self.low(value)))
    }

    /// A load of the value's full width that only we want, done here.
    fn loaded(&mut self, value: Value) -> Option<Source> {
        let (inst, data) = self.load_here(value)?;
        let ir::Op::Load(op, offset) = data.op else { return None };
        let whole = matches!((op.ty(), op.bytes()), (Type::I32 | Type::F32, 4) | (Type::I64 | Type::F64, 8));
        if !whole {
            return None;
        }
        self.take(inst);
        let address = self.address(data.args[0], offset);
        Some(Source::Mem(address, Some((TrapCode::MemoryOutOfBounds, data.wasm_offset))))
    }

    /// A register whose low 32 bits are those of the value, for an i32; the value's register for another type.
    fn low(&mut self, value: Value) -> VReg {
        match self.local(value) {
            Some(data) if data.op == ir::Op::Num(NumOp::I32WrapI64) => self.reg(data.args[0]),
            _ => self.reg(value),
        }
    }
}

/// Integer width of a type.
fn width(ty: Type) -> Width {
    match ty {
        Type::I32 | Type::F32 => Width::W32,
        Type::I64 | Type::F64 => Width::W64,
    }
}

impl Target for X86 {
    type Op = Op;
    type Memory = ();
    type Emitter<'a> = Emit<'a>;

    fn emitter<'a>(job: &'a Job<'a>, frame: FrameView<'a>, blocks: usize) -> Emit<'a> {
        Emit::new(job, frame, blocks)
    }

    fn alias(_: &Job<'_>, data: &ir::InstData) -> Option<Value> {
        // Registers of type i32 have zeros above.
        (data.op == ir::Op::Num(NumOp::I64ExtendI32U)).then(|| data.args[0])
    }

    fn constant(cx: &mut Cx<'_>, ty: Type, bits: u64) -> VReg {
        let to = cx.fresh_for(ty);
        match ty {
            _ if bits == 0 => cx.zero(to),
            Type::I32 | Type::I64 => cx.push(Op::Constant(bits), vec![Operand::reg_def(to)]),
            Type::F32 | Type::F64 => {
                let code = width(ty).pick(Code::Movss_xmm_xmmm32, Code::Movsd_xmm_xmmm64);
                cx.one(code, to, Source::Mem(Address::constant(width(ty), bits), None));
            }
        }
        to
    }

    fn inst(cx: &mut Cx<'_>, inst: ir::Inst) -> Result<(), CompileError> {
        cx.select_inst(inst)
    }

    fn end(cx: &mut Cx<'_>, end: &ir::Terminator, ways: &[usize]) -> Result<(), CompileError> {
        cx.select_end(end, ways)
    }

    fn callee(cx: &mut Cx<'_>, callee: Callee, operands: &mut Vec<Operand>) -> Op {
        match callee {
            Callee::Cell(cell) => {
                operands.push(Operand::reg_use(cell));
                Op::Call(Mem { base: Base::Reg(operands.len() as u8 - 1), index: None, offset: 0 })
            }
            Callee::Context(offset) => {
                let offset = cx.displacement(offset);
                Op::Call(Mem { base: Base::Reg(0), index: None, offset })
            }
        }
    }

    fn table_element(cx: &mut Cx<'_>, index: Value, ty: u32) -> (VReg, VReg) {
        cx.select_table_element(index, ty)
    }

    fn load(cx: &mut Cx<'_>, ty: Type, slot: Slot, to: VReg) {
        let address = cx.slot(slot);
        let code = match ty {
            Type::I32 => Code::Mov_r32_rm32,
            Type::I64 => Code::Mov_r64_rm64,
            Type::F32 => Code::Movss_xmm_xmmm32,
            Type::F64 => Code::Movsd_xmm_xmmm64,
        };
        cx.one(code, to, Source::Mem(address, None));
    }

    fn store(cx: &mut Cx<'_>, ty: Type, slot: Slot, from: VReg) {
        let address = cx.slot(slot);
        let code = match ty {
            Type::I32 | Type::I64 => Code::Mov_rm64_r64,
            Type::F32 => Code::Movss_xmmm32_xmm,
            Type::F64 => Code::Movsd_xmmm64_xmm,
        };
        cx.writes(code, address, Source::Reg(from), None);
    }

    fn extend(cx: &mut Cx<'_>, from: VReg, to: VReg) {
        cx.one(Code::Mov_r32_rm32, to, Source::Reg(from));
    }

    fn stack_check(cx: &mut Cx<'_>) {
        let limit = cx.context_word(crate::context::STACK_LIMIT);
        let sp = PReg::new(usize::from(cx.job.machine.sp.0), RegClass::Int);
        let mut draft = Draft::new();
        draft.arg(Operand::fixed_nonallocatable(sp)).source(Source::Mem(limit, None));
        cx.push_draft(Code::Cmp_r64_rm64, draft);
        cx.trap_if(super::op::Cc::B, TrapCode::StackExhausted);
    }

    fn arrive() -> Op {
        Op::Arrive
    }

    fn import(homes: Vec<(ValueKind, CfaOffset)>) -> Op {
        Op::Import(homes)
    }

    fn jump() -> Op {
        Op::Jump
    }

    fn leave() -> Op {
        Op::Leave
    }
}
