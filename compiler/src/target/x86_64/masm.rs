//! The accumulator machine of tier-0 and the stubs, on x86-64.
//!
//! ```text
//! rax, xmm0    accumulators             rbx, r12 (by the ABI)   pinned: context, memory base
//! rcx, xmm1    second operands          r10                     pointer
//! rdx          division, stored values  r11, xmm5               moves
//! ```
//!
//! None of the unpinned ones is callee-saved in a convention that this is used with, and of those that are argument
//! registers (rcx, rdx, xmm0, xmm1, xmm5) none is used while arguments are moved.

use super::asm::{Asm, Tail, mem, mem_index};
use super::registers::{Registers, part};
use super::sequences::{TO_FLOAT, TO_INT, bytes, load_bits, rip, wide};
use super::{memory, num, steps};
use crate::ir::{LoadOp, NumOp, StoreOp, Type};
use crate::target::{Assembled, Base, Home, Label, Masm, Pins, Site, Source};
use crate::{CompileError, TrapCode};
use framewright_spec::frame::AsmStep;
use framewright_spec::{Machine, Reg};
use iced_x86::{Code, Instruction, MemoryOperand, Register};

pub(super) const ACC: Register = Register::RAX;
pub(super) const AUX: Register = Register::RCX;
pub(super) const STORED: Register = Register::RDX;
pub(super) const POINTER: Register = Register::R10;
pub(super) const SPARE: Register = Register::R11;
pub(super) const FACC: Register = Register::XMM0;
pub(super) const FAUX: Register = Register::XMM1;
pub(super) const FSPARE: Register = Register::XMM5;

/// A condition in the flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// One that a single branch tests, by that branch.
    Flag(Code),
    /// Floats are ordered and equal.
    Equal,
    /// Floats are unordered or differ.
    Unequal,
}

/// The macro assembler.
pub(crate) struct X64 {
    pub(super) asm: Asm,
    registers: Registers,
    context: Register,
    second: Register,
    tail: Option<Tail>,
}

pub(super) fn is_float(ty: Type) -> bool {
    matches!(ty, Type::F32 | Type::F64)
}

/// The accumulator of a type.
pub(super) fn accumulator(ty: Type) -> Register {
    if is_float(ty) { FACC } else { ACC }
}

impl X64 {
    /// A buffer for one function.
    pub(crate) fn new(machine: &Machine, function: &str, pins: Pins) -> X64 {
        let registers = Registers::new(machine);
        let (context, second) = (registers.get(pins.context), registers.get(pins.second));
        X64 { asm: Asm::new(function), registers, context, second, tail: None }
    }

    /// The memory operand of a word.
    pub(super) fn word(&self, home: Home) -> MemoryOperand {
        let base = match home.base {
            Base::Frame => Register::RBP,
            Base::Stack => Register::RSP,
            Base::Context => self.context,
            Base::Second => self.second,
            Base::Pointer => POINTER,
        };
        mem(base, home.offset)
    }

    /// register := value, whatever its class. Keeps flags and all other registers but the spare one.
    pub(super) fn load_to(&mut self, ty: Type, from: Source, to: Register) {
        let w = wide(ty);
        if is_float(ty) && !to.is_gpr() {
            return self.load_float(ty, from, to);
        }
        let narrow = part(to, bytes(ty));
        match from {
            Source::Accumulator if is_float(ty) => self.asm.rr(TO_INT[w], narrow, FACC),
            Source::Accumulator if to == ACC => {}
            Source::Accumulator => self.asm.rr(MOV[w], narrow, part(ACC, bytes(ty))),
            Source::Const(bits) => load_bits(&mut self.asm, to, bits),
            Source::Home(home) => self.asm.rm(MOV[w], narrow, self.word(home)),
            Source::Register(reg) => {
                let from = self.registers.get(reg);
                match (from == to, w) {
                    (true, 1) => {}
                    _ if from.is_gpr() => self.asm.rr(MOV[w], narrow, part(from, bytes(ty))),
                    _ => self.asm.rr(TO_INT[w], narrow, from),
                }
            }
            Source::Address(home) => self.asm.rm(Code::Lea_r64_m, to, self.word(home)),
            Source::Code(label) => rip(&mut self.asm, Code::Lea_r64_m, to, label),
        }
    }

    fn load_float(&mut self, ty: Type, from: Source, to: Register) {
        let w = wide(ty);
        match from {
            Source::Accumulator if to == FACC => {}
            Source::Accumulator => self.asm.rr(Code::Movaps_xmm_xmmm128, to, FACC),
            Source::Const(0) => self.asm.rr(Code::Xorps_xmm_xmmm128, to, to),
            Source::Const(bits) => {
                let label = self.asm.constant(bytes(ty), bits.into());
                rip(&mut self.asm, FLOAT_LOAD[w], to, label);
            }
            Source::Home(home) => self.asm.rm(FLOAT_LOAD[w], to, self.word(home)),
            Source::Register(reg) => {
                let from = self.registers.get(reg);
                if from.is_gpr() {
                    self.asm.rr(TO_FLOAT[w], to, part(from, bytes(ty)));
                } else if from != to {
                    self.asm.rr(Code::Movaps_xmm_xmmm128, to, from);
                }
            }
            Source::Address(_) | Source::Code(_) => self.asm.fail("an address is no float".to_owned()),
        }
    }

    /// The register that holds an integer or float source: the accumulator as it is, else loaded to `other`.
    pub(super) fn in_register(&mut self, ty: Type, from: Source, other: Register) -> Register {
        if from == Source::Accumulator {
            return accumulator(ty);
        }
        self.load_to(ty, from, other);
        other
    }

    /// The memory operand of an access; may lose the second integer operand's register and the spare one.
    fn address(&mut self, address: Source, offset: u32) -> MemoryOperand {
        let base = self.second;
        let near = i32::try_from(offset).ok();
        if let (Source::Const(address), Some(offset)) = (address, near)
            && let Some(whole) = i32::try_from(address).ok().and_then(|a| a.checked_add(offset))
        {
            return mem(base, whole);
        }
        let index = self.in_register(Type::I32, address, AUX);
        match near {
            Some(offset) => mem_index(base, index, 1, offset),
            None => {
                load_bits(&mut self.asm, SPARE, offset.into());
                self.asm.rr(Code::Add_r64_rm64, SPARE, index);
                mem_index(base, SPARE, 1, 0)
            }
        }
    }

    fn store_const(&mut self, ty: Type, bits: u64, to: MemoryOperand) {
        match (wide(ty), i32::try_from(bits as i64)) {
            (0, _) => self.asm.mi(Code::Mov_rm32_imm32, to, bits as i32),
            (_, Ok(bits)) => self.asm.mi(Code::Mov_rm64_imm32, to, bits),
            _ => {
                load_bits(&mut self.asm, SPARE, bits);
                self.asm.mr(Code::Mov_rm64_r64, to, SPARE);
            }
        }
    }
}

pub(super) const MOV: [Code; 2] = [Code::Mov_r32_rm32, Code::Mov_r64_rm64];
const MOV_STORE: [Code; 2] = [Code::Mov_rm32_r32, Code::Mov_rm64_r64];
const FLOAT_LOAD: [Code; 2] = [Code::Movss_xmm_xmmm32, Code::Movsd_xmm_xmmm64];
const FLOAT_STORE: [Code; 2] = [Code::Movss_xmmm32_xmm, Code::Movsd_xmmm64_xmm];

impl Masm for X64 {
    type Condition = Condition;

    fn label(&mut self) -> Label {
        self.asm.label()
    }

    fn bind(&mut self, label: Label) {
        self.asm.bind(label);
    }

    fn jump(&mut self, to: Label) {
        self.asm.jmp(to);
    }

    fn branch(&mut self, condition: Condition, to: Label) {
        match condition {
            Condition::Flag(code) => self.asm.jcc(code, to),
            Condition::Equal => {
                let over = self.asm.label();
                self.asm.jcc(Code::Jp_rel32_64, over);
                self.asm.jcc(Code::Je_rel32_64, to);
                self.asm.bind(over);
            }
            Condition::Unequal => {
                self.asm.jcc(Code::Jp_rel32_64, to);
                self.asm.jcc(Code::Jne_rel32_64, to);
            }
        }
    }

    fn trap_if(&mut self, condition: Condition, site: Site) {
        let label = self.asm.trap_label(site.code, site.wasm_offset);
        self.branch(condition, label);
    }

    fn trap(&mut self, site: Site) {
        self.asm.trap(site.code, site.wasm_offset);
    }

    fn jump_table(&mut self, index: Source, targets: Vec<Label>, default: Label) {
        // Always a move, so that the upper half is seen to be zero without looking further back.
        self.load_to(Type::I32, index, AUX);
        self.asm.ri(Code::Cmp_rm32_imm32, part(AUX, 4), targets.len() as i32);
        self.asm.jcc(Code::Jae_rel32_64, default);
        let table = self.asm.table(targets);
        rip(&mut self.asm, Code::Lea_r64_m, ACC, table);
        self.asm.rm(Code::Movsxd_r64_rm32, STORED, mem_index(ACC, AUX, 4, 0));
        self.asm.rr(Code::Add_r64_rm64, STORED, ACC);
        self.asm.table_jump(table, STORED);
    }

    fn test(&mut self, value: Source) -> Condition {
        if let Source::Home(home) = value {
            let word = self.word(home);
            self.asm.mi(Code::Cmp_rm32_imm8, word, 0);
        } else {
            let register = part(self.in_register(Type::I32, value, AUX), 4);
            self.asm.rr(Code::Test_rm32_r32, register, register);
        }
        Condition::Flag(Code::Jne_rel32_64)
    }

    fn negate(condition: Condition) -> Condition {
        match condition {
            Condition::Flag(code) => Condition::Flag(code.negate_condition_code()),
            Condition::Equal => Condition::Unequal,
            Condition::Unequal => Condition::Equal,
        }
    }

    fn set(&mut self, condition: Condition) {
        let (acc, aux) = (part(ACC, 1), part(AUX, 1));
        match condition {
            Condition::Flag(code) => self.asm.op1(num::set_code(code), acc),
            Condition::Equal => {
                self.asm.op1(Code::Setnp_rm8, acc);
                self.asm.op1(Code::Sete_rm8, aux);
                self.asm.rr(Code::And_r32_rm32, part(ACC, 4), part(AUX, 4));
            }
            Condition::Unequal => {
                self.asm.op1(Code::Setp_rm8, acc);
                self.asm.op1(Code::Setne_rm8, aux);
                self.asm.rr(Code::Or_r32_rm32, part(ACC, 4), part(AUX, 4));
            }
        }
        self.asm.rr(Code::Movzx_r32_rm8, part(ACC, 4), acc);
    }

    fn take(&mut self, ty: Type, from: Source) {
        self.load_to(ty, from, accumulator(ty));
    }

    fn load(&mut self, ty: Type, from: Source, to: Reg) {
        let to = self.registers.get(to);
        self.load_to(ty, from, to);
    }

    fn store(&mut self, ty: Type, from: Source, to: Home) {
        let (w, word) = (wide(ty), self.word(to));
        let register = match from {
            Source::Const(bits) => return self.store_const(ty, bits, word),
            Source::Accumulator => accumulator(ty),
            Source::Register(reg) => self.registers.get(reg),
            Source::Home(_) | Source::Address(_) | Source::Code(_) => {
                self.load_to(ty, from, SPARE);
                SPARE
            }
        };
        if register.is_gpr() {
            self.asm.mr(MOV_STORE[w], word, part(register, bytes(ty)));
        } else {
            self.asm.mr(FLOAT_STORE[w], word, register);
        }
    }

    fn point(&mut self, at: Home) {
        let word = self.word(at);
        self.asm.rm(Code::Mov_r64_rm64, POINTER, word);
    }

    fn zero(&mut self, lowest: Home, words: u32) {
        let at = |i: u32| Home { offset: lowest.offset + 8 * i as i32, ..lowest };
        if words > 1 {
            self.asm.rr(Code::Xorps_xmm_xmmm128, FACC, FACC);
        }
        for pair in 0..words / 2 {
            let word = self.word(at(2 * pair));
            self.asm.mr(Code::Movups_xmmm128_xmm, word, FACC);
        }
        if words % 2 == 1 {
            self.store(Type::I64, Source::Const(0), at(words - 1));
        }
    }

    fn num(&mut self, op: NumOp, x: Source, y: Source, wasm_offset: u32) -> Option<Condition> {
        num::emit(self, op, x, y, wasm_offset)
    }

    fn select(&mut self, ty: Type, condition: Condition, first: Source, second: Source) {
        let acc = accumulator(ty);
        let aux = if is_float(ty) { FAUX } else { AUX };
        let moved = second == Source::Accumulator;
        if moved {
            self.load_to(ty, second, aux);
        }
        let done = self.asm.label();
        self.load_to(ty, first, acc);
        self.branch(condition, done);
        if moved {
            let code = if is_float(ty) { Code::Movaps_xmm_xmmm128 } else { MOV[wide(ty)] };
            self.asm.rr(code, part(acc, bytes(ty)), part(aux, bytes(ty)));
        } else {
            self.load_to(ty, second, acc);
        }
        self.asm.bind(done);
    }

    fn memory_load(&mut self, op: LoadOp, address: Source, offset: u32, wasm_offset: u32) {
        let operand = self.address(address, offset);
        let acc = accumulator(op.ty());
        let (code, bytes) = memory::load_code(op);
        self.asm.trap_site(TrapCode::MemoryOutOfBounds, wasm_offset);
        self.asm.rm(code, part(acc, bytes), operand);
    }

    fn memory_store(&mut self, op: StoreOp, address: Source, value: Source, offset: u32, wasm_offset: u32) {
        let operand = self.address(address, offset);
        let site = |asm: &mut Asm| asm.trap_site(TrapCode::MemoryOutOfBounds, wasm_offset);
        if let Source::Const(bits) = value
            && let Some((code, bits)) = memory::store_const_code(op, bits)
        {
            site(&mut self.asm);
            return self.asm.mi(code, operand, bits);
        }
        let float_acc = is_float(op.ty()) && value == Source::Accumulator;
        let register = if float_acc { FACC } else { self.in_register(op.ty(), value, STORED) };
        site(&mut self.asm);
        if float_acc {
            self.asm.mr(FLOAT_STORE[wide(op.ty())], operand, register);
        } else {
            self.asm.mr(memory::store_code(op.bytes()), operand, part(register, op.bytes()));
        }
    }

    fn call(&mut self, at: Home) {
        let word = self.word(at);
        self.asm.emit(Instruction::with1(Code::Call_rm64, word));
    }

    fn call_through(&mut self, at: Home) {
        let word = self.word(at);
        self.asm.rm(Code::Mov_r64_rm64, ACC, word);
        self.asm.emit(Instruction::with1(Code::Call_rm64, mem(ACC, 0)));
    }

    fn system_call(&mut self) {
        self.asm.emit(Ok(Instruction::with(Code::Syscall)));
    }

    fn jump_to_result(&mut self) {
        self.asm.op1(Code::Jmp_rm64, Register::RAX);
    }

    fn table_element(&mut self, index: Source, type_id: u32, wasm_offset: u32) {
        memory::table_element(self, index, type_id, wasm_offset);
    }

    fn count_down(&mut self, counter: Home) -> Condition {
        let word = self.word(counter);
        self.asm.mi(Code::Sub_rm32_imm8, word, 1);
        Condition::Flag(Code::Jle_rel32_64)
    }

    fn stack_check(&mut self, context: Reg, limit_offset: u32, site: Site) {
        let limit = mem(self.registers.get(context), limit_offset as i32);
        self.asm.rm(Code::Cmp_r64_rm64, Register::RSP, limit);
        self.trap_if(Condition::Flag(Code::Jb_rel32_64), site);
    }

    fn store_sp(&mut self, at: Reg) {
        let word = mem(self.registers.get(at), 0);
        self.asm.mr(Code::Mov_rm64_r64, word, Register::RSP);
    }

    fn steps(&mut self, steps: &[AsmStep]) -> Result<(), CompileError> {
        steps::emit(&mut self.asm, &self.registers, steps)
    }

    fn begin_front(&mut self) {
        let tail = self.asm.split();
        self.tail = Some(tail);
    }

    fn end_front(&mut self) {
        if let Some(tail) = self.tail.take() {
            self.asm.join(tail);
        }
    }

    fn finish(self) -> Result<Assembled, CompileError> {
        self.asm.finish()
    }
}
