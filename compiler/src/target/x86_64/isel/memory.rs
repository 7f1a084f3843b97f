//! Memory: addresses, loads and stores, globals, the table, the context.
//!
//! Memory 0 is reserved with its guard, so that base + u32 index + u32 offset lands in reserved address space
//! whatever they are: no access is checked, each is a trap site.

use super::{Address, AddressBase, Cx, Op, Slot, Source, Type, VReg, Value, Width, width};
use crate::backend::Target as _;
use crate::context::{ELEMENT_BYTES, MEMORY_BYTES, TABLE_BASE, TABLE_LEN};
use crate::ir::{InstData, LoadOp, NumOp, StoreOp};
use crate::target::x86_64::op::Cc;
use crate::{TrapCode, ir};
use iced_x86::Code;
use regalloc2::{Operand, RegClass};

impl Cx<'_> {
    /// A displacement within a context or buffer, which the limits on modules keep far below 2 GiB.
    pub(super) fn displacement(&self, offset: u32) -> i32 {
        offset as i32
    }

    /// A word of the context.
    pub(super) fn context_word(&self, offset: u32) -> Address {
        Address::at(self.context(), self.displacement(offset))
    }

    pub(super) fn slot(&self, slot: Slot) -> Address {
        let (base, offset) = match slot {
            Slot::Frame(at) => (AddressBase::Frame(at), 0),
            Slot::Outgoing(at) => (AddressBase::Sp, at as i32),
            Slot::At(base, offset) => (AddressBase::Reg(base), self.displacement(offset)),
        };
        Address { base, index: None, offset }
    }

    /// The address of an access to memory 0.
    pub(super) fn address(&mut self, index: Value, offset: u32) -> Address {
        let base = self.memory_base();
        if let Some(bits) = self.constant(index) {
            let whole = u64::from(bits as u32) + u64::from(offset);
            return match i32::try_from(whole) {
                Ok(offset) => Address::at(base, offset),
                Err(_) => Address { index: Some((self.number(whole), 1)), ..Address::at(base, 0) },
            };
        }
        let index = self.reg(index);
        match i32::try_from(offset) {
            Ok(offset) => Address { index: Some((index, 1)), ..Address::at(base, offset) },
            Err(_) => {
                let far = self.number(u64::from(offset));
                let sum = self.fresh(RegClass::Int);
                self.sum(Width::W64, sum, &[index, far], 0);
                Address { index: Some((sum, 1)), ..Address::at(base, 0) }
            }
        }
    }

    pub(super) fn select_load(&mut self, data: &InstData, op: LoadOp, offset: u32) {
        let to = self.result(data.results[0]);
        let address = self.address(data.args[0], offset);
        self.one(
            load_code(op),
            to,
            Source::Mem(address, Some((TrapCode::MemoryOutOfBounds, data.wasm_offset))),
        );
    }

    pub(super) fn select_store(&mut self, data: &InstData, op: StoreOp, offset: u32) {
        let value = data.args[1];
        let (code, source) = match (self.imm(value), imm_store_code(op)) {
            (Some(imm), Some((code, bits))) => (code, Source::Imm(imm << (32 - bits) >> (32 - bits))),
            _ => (store_code(op), Source::Reg(self.stored(value, op))),
        };
        let address = self.address(data.args[0], offset);
        self.writes(code, address, source, Some((TrapCode::MemoryOutOfBounds, data.wasm_offset)));
    }

    /// A register whose low bytes are those stored: what only clears or extends higher ones is passed over.
    fn stored(&mut self, value: Value, op: StoreOp) -> VReg {
        let bits = op.bytes() * 8;
        let mut value = value;
        while let Some(data) = self.local(value) {
            let kept = match data.op {
                ir::Op::Num(NumOp::I32Extend8S | NumOp::I64Extend8S) => 8,
                ir::Op::Num(NumOp::I32Extend16S | NumOp::I64Extend16S) => 16,
                ir::Op::Num(NumOp::I64Extend32S | NumOp::I64ExtendI32S | NumOp::I32WrapI64) => 32,
                ir::Op::Num(NumOp::I32And | NumOp::I64And) => {
                    self.constant(data.args[1]).map_or(0, u64::trailing_ones)
                }
                _ => 0,
            };
            if kept < bits {
                break;
            }
            value = data.args[0];
        }
        self.reg(value)
    }

    /// Where a global's value is; loads the address of an imported one's cell.
    fn global(&mut self, index: u32) -> Address {
        let entry = self.job.context.global(index);
        if index >= self.job.module.imported_globals {
            return self.context_word(entry + 8);
        }
        let cell = self.fresh(RegClass::Int);
        super::X86::load(self, Type::I64, Slot::At(self.context(), entry), cell);
        Address::at(cell, 0)
    }

    pub(super) fn select_global_get(&mut self, data: &InstData, index: u32) {
        let to = self.result(data.results[0]);
        let address = self.global(index);
        self.one(load_code(whole_load(self.ty(data.results[0]))), to, Source::Mem(address, None));
    }

    pub(super) fn select_global_set(&mut self, data: &InstData, index: u32) {
        let value = data.args[0];
        let ty = self.ty(value);
        let (code, source) = match self.imm(value) {
            Some(imm) => (width(ty).pick(Code::Mov_rm32_imm32, Code::Mov_rm64_imm32), Source::Imm(imm)),
            None => (store_code(whole_store(ty)), Source::Reg(self.low(value))),
        };
        let address = self.global(index);
        self.writes(code, address, source, None);
    }

    pub(super) fn select_memory_size(&mut self, data: &InstData) {
        let (word, bytes) = (self.fresh(RegClass::Int), self.fresh(RegClass::Int));
        let to = self.result(data.results[0]);
        super::X86::load(self, Type::I64, Slot::At(self.context(), MEMORY_BYTES), word);
        super::X86::load(self, Type::I64, Slot::At(word, 0), bytes);
        self.two(Code::Shr_rm64_imm8, to, bytes, Source::Imm(16));
    }

    /// Bounds, null and type checks of a table element; its code cell and its context.
    pub(super) fn select_table_element(&mut self, index: Value, ty: u32) -> (VReg, VReg) {
        let index = self.reg(index);
        let length = self.context_word(TABLE_LEN);
        self.reads(Code::Cmp_r64_rm64, Source::Reg(index), Source::Mem(length, None));
        self.trap_if(Cc::Ae, TrapCode::TableOutOfBounds);
        let (scaled, element) = (self.fresh(RegClass::Int), self.fresh(RegClass::Int));
        self.two(Code::Shl_rm64_imm8, scaled, index, Source::Imm(ELEMENT_BYTES.trailing_zeros() as i32));
        let base = self.context_word(TABLE_BASE);
        self.two(Code::Add_r64_rm64, element, scaled, Source::Mem(base, None));
        let [cell, context, id] = std::array::from_fn(|_| self.fresh(RegClass::Int));
        super::X86::load(self, Type::I64, Slot::At(element, 0), cell);
        self.reads_regs(Code::Test_rm64_r64, cell, cell);
        self.trap_if(Cc::E, TrapCode::IndirectCallToNull);
        super::X86::load(self, Type::I64, Slot::At(element, 16), id);
        let expected = self.context_word(self.job.context.type_id(ty));
        self.reads(Code::Cmp_r64_rm64, Source::Reg(id), Source::Mem(expected, None));
        self.trap_if(Cc::Ne, TrapCode::BadSignature);
        super::X86::load(self, Type::I64, Slot::At(element, 8), context);
        (cell, context)
    }

    /// Traps if it holds.
    pub(super) fn trap_if(&mut self, cc: Cc, code: TrapCode) {
        let op = Op::TrapIf(cc, (code, self.wasm_offset));
        self.push(op, Vec::<Operand>::new());
    }
}

#[rustfmt::skip]
fn load_code(op: LoadOp) -> Code {
    match op {
        LoadOp::I32Load    | LoadOp::I64Load32U => Code::Mov_r32_rm32,
        LoadOp::I64Load                         => Code::Mov_r64_rm64,
        LoadOp::F32Load                         => Code::Movss_xmm_xmmm32,
        LoadOp::F64Load                         => Code::Movsd_xmm_xmmm64,
        LoadOp::I32Load8U  | LoadOp::I64Load8U  => Code::Movzx_r32_rm8,
        LoadOp::I32Load16U | LoadOp::I64Load16U => Code::Movzx_r32_rm16,
        LoadOp::I32Load8S                       => Code::Movsx_r32_rm8,
        LoadOp::I32Load16S                      => Code::Movsx_r32_rm16,
        LoadOp::I64Load8S                       => Code::Movsx_r64_rm8,
        LoadOp::I64Load16S                      => Code::Movsx_r64_rm16,
        LoadOp::I64Load32S                      => Code::Movsxd_r64_rm32,
    }
}

#[rustfmt::skip]
fn store_code(op: StoreOp) -> Code {
    match op {
        StoreOp::I32Store8  | StoreOp::I64Store8  => Code::Mov_rm8_r8,
        StoreOp::I32Store16 | StoreOp::I64Store16 => Code::Mov_rm16_r16,
        StoreOp::I32Store   | StoreOp::I64Store32 => Code::Mov_rm32_r32,
        StoreOp::I64Store                         => Code::Mov_rm64_r64,
        StoreOp::F32Store                         => Code::Movss_xmmm32_xmm,
        StoreOp::F64Store                         => Code::Movsd_xmmm64_xmm,
    }
}

/// The store of an immediate, and how many of its bits the instruction holds.
#[rustfmt::skip]
fn imm_store_code(op: StoreOp) -> Option<(Code, u32)> {
    Some(match op {
        StoreOp::I32Store8  | StoreOp::I64Store8  => (Code::Mov_rm8_imm8, 8),
        StoreOp::I32Store16 | StoreOp::I64Store16 => (Code::Mov_rm16_imm16, 16),
        StoreOp::I32Store   | StoreOp::I64Store32 => (Code::Mov_rm32_imm32, 32),
        StoreOp::I64Store                         => (Code::Mov_rm64_imm32, 32),
        StoreOp::F32Store   | StoreOp::F64Store   => return None,
    })
}

fn whole_load(ty: Type) -> LoadOp {
    match ty {
        Type::I32 => LoadOp::I32Load,
        Type::I64 => LoadOp::I64Load,
        Type::F32 => LoadOp::F32Load,
        Type::F64 => LoadOp::F64Load,
    }
}

fn whole_store(ty: Type) -> StoreOp {
    match ty {
        Type::I32 => StoreOp::I32Store,
        Type::I64 => StoreOp::I64Store,
        Type::F32 => StoreOp::F32Store,
        Type::F64 => StoreOp::F64Store,
    }
}
