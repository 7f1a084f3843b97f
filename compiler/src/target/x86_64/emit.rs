//! Encoding of [`Op`]s once every register operand has its place.
//!
//! Spill slots are addressed from the frame pointer, outgoing arguments from the stack pointer. What happens rarely
//! (a trap, a NaN, a number too large) is put behind the code and jumps back, so that the common way is straight.

mod sequences;

use super::asm::{Asm, mem, mem_index};
use super::op::{Arg, Base, Cc, Cond, Mem, Op, Width};
use super::registers::{Registers, part};
use super::steps;
use crate::CompileError;
use crate::backend::target::{Finished, Ways};
use crate::backend::{Emitter, FrameView, Job};
use crate::target::{Assembled, Label};
use framewright_spec::claim::ValueKind;
use framewright_spec::frame::AsmStep;
use framewright_spec::{CfaOffset, CodeOffset, Reg};
use iced_x86::{Code, Instruction, MemoryOperand, OpCodeOperandKind, Register};
use regalloc2::{Allocation, RegClass};

/// Code to be put behind the rest.
type Cold<'a> = Box<dyn FnOnce(&mut Emit<'a>) + 'a>;

/// Writes one function.
pub(crate) struct Emit<'a> {
    asm: Asm,
    registers: Registers,
    job: &'a Job<'a>,
    frame: FrameView<'a>,
    blocks: Vec<Label>,
    /// For each block, whether its code is here already.
    placed: Vec<bool>,
    /// The register of which the zero flag speaks, and at which width.
    zero_flag: Option<(Register, Width)>,
    cold: Vec<Cold<'a>>,
    epilogs: Vec<CodeOffset>,
    error: Option<CompileError>,
}

/// A memory operand, or a constant of the data.
enum Place {
    Memory(MemoryOperand),
    Constant(Label),
}

/// An operand ready to be encoded.
enum Ready {
    Register(Register),
    Place(Place),
    Imm(i32),
}

/// A pattern that no program computes by chance, different for each register.
const POISON: u64 = 0xdead_5afe_0bad_f00d;

impl<'a> Emit<'a> {
    /// An emitter for `blocks` blocks.
    pub(crate) fn new(job: &'a Job<'a>, frame: FrameView<'a>, blocks: usize) -> Emit<'a> {
        let mut asm = Asm::new(&job.function.name);
        let placed = vec![false; blocks];
        let blocks = (0..blocks).map(|_| asm.label()).collect();
        let registers = Registers::new(job.machine);
        let (cold, epilogs) = (Vec::new(), Vec::new());
        Emit { asm, registers, job, frame, blocks, placed, zero_flag: None, cold, epilogs, error: None }
    }

    /// The register of an operand that is in one.
    fn register(&mut self, at: Allocation) -> Register {
        let register = at.as_reg().map(|preg| self.registers.get(Reg(preg.hw_enc() as u8)));
        register.unwrap_or_else(|| {
            self.asm.fail(format!("an operand is in {at}, not in a register"));
            Register::None
        })
    }

    /// Memory at an offset from the CFA.
    fn frame_memory(&mut self, at: CfaOffset) -> MemoryOperand {
        let fp = self.registers.get(self.job.machine.fp);
        match i32::try_from(at.0 - self.frame.fp.0) {
            Ok(offset) => mem(fp, offset),
            Err(_) => {
                self.asm.fail(format!("{at} is out of reach of the frame pointer"));
                mem(fp, 0)
            }
        }
    }

    /// The register of an operand that is in one.
    fn slotless(&self, at: Option<&Allocation>) -> Option<Register> {
        let preg = at?.as_reg()?;
        Some(self.registers.get(Reg(preg.hw_enc() as u8)))
    }

    fn slot(&mut self, at: Allocation) -> Option<MemoryOperand> {
        let slot = at.as_stack()?;
        Some(self.frame_memory(CfaOffset(self.frame.spills.0 + 8 * slot.index() as i64)))
    }

    fn memory(&mut self, memory: &Mem, allocs: &[Allocation]) -> Place {
        let base = match memory.base {
            Base::Constant(bytes, bits) => {
                return Place::Constant(self.asm.constant(bytes, u128::from(bits)));
            }
            Base::Frame(at) => {
                return Place::Memory(self.frame_memory(CfaOffset(at.0 + i64::from(memory.offset))));
            }
            Base::Sp => self.registers.get(self.job.machine.sp),
            Base::Reg(operand) => self.register(allocs[usize::from(operand)]),
        };
        Place::Memory(match memory.index {
            None => mem(base, memory.offset),
            Some((operand, scale)) => {
                let index = self.register(allocs[usize::from(operand)]);
                mem_index(base, index, u32::from(scale), memory.offset)
            }
        })
    }

    /// One machine instruction.
    fn code(&mut self, code: Code, args: &[Arg], allocs: &[Allocation]) {
        let ready: Vec<Ready> =
            args.iter().enumerate().map(|(n, arg)| self.ready(code, n, arg, allocs)).collect();
        let reference = self.asm.reference();
        let mut label = None;
        let mut at = |place: &Place| match place {
            Place::Memory(memory) => *memory,
            Place::Constant(constant) => {
                label = Some(*constant);
                reference
            }
        };
        let cl = implicit_cl(code);
        let made = match ready.as_slice() {
            [] => Ok(Instruction::with(code)),
            [Ready::Register(a)] => Instruction::with1(code, *a),
            [Ready::Place(a)] => Instruction::with1(code, at(a)),
            [Ready::Register(a), Ready::Register(_)] if cl => Instruction::with2(code, *a, Register::CL),
            [Ready::Register(a), Ready::Register(b)] => Instruction::with2(code, *a, *b),
            [Ready::Register(a), Ready::Place(b)] => Instruction::with2(code, *a, at(b)),
            [Ready::Register(a), Ready::Imm(b)] => Instruction::with2(code, *a, *b),
            [Ready::Place(a), Ready::Register(b)] => Instruction::with2(code, at(a), *b),
            [Ready::Place(a), Ready::Imm(b)] => Instruction::with2(code, at(a), *b),
            [Ready::Register(a), Ready::Register(b), Ready::Imm(c)] => Instruction::with3(code, *a, *b, *c),
            [Ready::Register(a), Ready::Place(b), Ready::Imm(c)] => Instruction::with3(code, *a, at(b), *c),
            _ => return self.asm.fail(format!("no operands of that kind for {code:?}")),
        };
        match label {
            Some(label) => self.asm.emit_reference(made, label),
            None => self.asm.emit(made),
        }
    }

    fn ready(&mut self, code: Code, position: usize, arg: &Arg, allocs: &[Allocation]) -> Ready {
        match arg {
            Arg::Imm(value) => Ready::Imm(*value),
            Arg::Mem(memory) => Ready::Place(self.memory(memory, allocs)),
            Arg::Reg(operand) => {
                let at = allocs[usize::from(*operand)];
                if let Some(slot) = self.slot(at) {
                    return Ready::Place(Place::Memory(slot));
                }
                let register = self.register(at);
                Ready::Register(part(register, operand_bytes(code, position)))
            }
        }
    }

    /// `code a, b`.
    fn rr(&mut self, code: Code, a: Register, b: Register) {
        self.asm.rr(code, a, b);
    }

    /// `code a, imm`.
    fn ri(&mut self, code: Code, a: Register, imm: i32) {
        self.asm.ri(code, a, imm);
    }

    /// `code a, constant`.
    fn rc(&mut self, code: Code, a: Register, bytes: u32, bits: u64) {
        let label = self.asm.constant(bytes, u128::from(bits));
        self.asm.emit_reference(Instruction::with2(code, a, self.asm.reference()), label);
    }

    fn constant(&mut self, to: Register, bits: u64) {
        if u32::try_from(bits).is_ok() {
            self.asm.emit(Instruction::with2(Code::Mov_r32_imm32, part(to, 4), bits as u32));
        } else if let Ok(imm) = i32::try_from(bits as i64) {
            self.asm.emit(Instruction::with2(Code::Mov_rm64_imm32, to, imm));
        } else {
            self.asm.emit(Instruction::with2(Code::Mov_r64_imm64, to, bits));
        }
    }

    /// Jumps to `cold` code if it holds; the code goes on behind what `cold` jumps back to.
    fn rarely(&mut self, cc: Cc, cold: impl FnOnce(&mut Emit<'a>) + 'a) {
        let label = self.asm.label();
        self.asm.jcc(cc.jump(), label);
        self.cold.push(Box::new(move |emit| {
            emit.asm.bind(label);
            cold(emit);
        }));
    }

    fn branch(&mut self, condition: Cond, ways: Ways<'_>) {
        let [then, otherwise] = *ways.succs else {
            return self.asm.fail("a branch without two ways".to_owned());
        };
        if then == otherwise {
            return self.jump(then, ways);
        }
        let (condition, then, otherwise) = if ways.next == Some(then) {
            (condition.not(), otherwise, then)
        } else {
            (condition, then, otherwise)
        };
        let label = self.blocks[then];
        match condition {
            Cond::Is(cc) => self.asm.jcc(cc.jump(), label),
            Cond::Unequal => {
                self.asm.jcc(Cc::Ne.jump(), label);
                self.asm.jcc(Cc::P.jump(), label);
            }
            Cond::Equal => {
                let other = self.blocks[otherwise];
                self.asm.jcc(Cc::Ne.jump(), other);
                self.asm.jcc(Cc::Np.jump(), label);
            }
        }
        self.jump(otherwise, ways);
    }

    fn jump(&mut self, to: usize, ways: Ways<'_>) {
        if ways.next != Some(to) {
            self.asm.jmp(self.blocks[to]);
        }
    }

    /// Loads each destination from its home, spill slots first.
    fn import(&mut self, homes: &[(ValueKind, CfaOffset)], allocs: &[Allocation]) {
        // Slots are filled through a register that gets its own value afterwards; else, in the body, through one
        // that no frame saves.
        let integer = allocs.iter().filter_map(|at| at.as_reg()).find(|preg| preg.class() == RegClass::Int);
        let through =
            integer.map(|preg| Reg(preg.hw_enc() as u8)).or(self.job.abi.int_results.first().copied());
        let through = through.map_or(Register::None, |reg| self.registers.get(reg));
        let moves = || homes.iter().zip(allocs);
        for (&(kind, home), &to) in moves() {
            if let Some(slot) = self.slot(to) {
                let from = self.frame_memory(home);
                let narrow = matches!(kind, ValueKind::I32 | ValueKind::F32);
                let (code, register) = match narrow {
                    true => (Code::Mov_r32_rm32, part(through, 4)),
                    false => (Code::Mov_r64_rm64, through),
                };
                self.asm.rm(code, register, from);
                self.asm.mr(Code::Mov_rm64_r64, slot, through);
            }
        }
        for (&(kind, home), &to) in moves() {
            if to.is_reg() {
                let from = self.frame_memory(home);
                let register = self.register(to);
                match kind {
                    ValueKind::I32 => self.asm.rm(Code::Mov_r32_rm32, part(register, 4), from),
                    ValueKind::I64 => self.asm.rm(Code::Mov_r64_rm64, register, from),
                    ValueKind::F32 => self.asm.rm(Code::Movss_xmm_xmmm32, register, from),
                    ValueKind::F64 => self.asm.rm(Code::Movsd_xmm_xmmm64, register, from),
                }
            }
        }
    }
}

/// The width at which the instruction sets the zero flag for the value it leaves in its first operand.
fn zero_flag_of(code: Code) -> Option<Width> {
    use Code::*;
    match code {
        Add_r32_rm32 | Sub_r32_rm32 | Sub_rm32_imm8 | Sub_rm32_imm32 | And_r32_rm32 | And_rm32_imm8
        | And_rm32_imm32 | Or_r32_rm32 | Or_rm32_imm8 | Or_rm32_imm32 | Xor_r32_rm32 | Xor_rm32_imm8
        | Xor_rm32_imm32 => Some(Width::W32),
        Add_r64_rm64 | Sub_r64_rm64 | Sub_rm64_imm8 | Sub_rm64_imm32 | And_r64_rm64 | And_rm64_imm8
        | And_rm64_imm32 | Or_r64_rm64 | Or_rm64_imm8 | Or_rm64_imm32 | Xor_r64_rm64 | Xor_rm64_imm8
        | Xor_rm64_imm32 => Some(Width::W64),
        _ => None,
    }
}

/// Whether the instruction's last operand is CL.
fn implicit_cl(code: Code) -> bool {
    let kinds = code.op_code();
    kinds.op_count() == 2 && kinds.op_kind(1) == OpCodeOperandKind::cl
}

/// Bytes of a register operand.
fn operand_bytes(code: Code, position: usize) -> u32 {
    use OpCodeOperandKind::*;
    match code.op_code().op_kind(position as u32) {
        r8_or_mem | r8_reg | r8_opcode | cl => 1,
        r16_or_mem | r16_reg | r16_rm | r16_opcode => 2,
        r32_or_mem | r32_reg | r32_rm | r32_opcode => 4,
        _ => 8,
    }
}

impl Emitter for Emit<'_> {
    type Op = Op;

    fn mark(&mut self) -> Label {
        let label = self.asm.label();
        self.asm.bind(label);
        label
    }

    fn steps(&mut self, steps: &[AsmStep]) -> Result<(), CompileError> {
        steps::emit(&mut self.asm, &self.registers, steps)
    }

    fn bind(&mut self, block: usize) {
        self.zero_flag = None;
        self.placed[block] = true;
        self.asm.bind(self.blocks[block]);
    }

    fn copy(&mut self, class: RegClass, from: Allocation, to: Allocation) {
        let float = class == RegClass::Float;
        match (self.slot(from), self.slot(to)) {
            (Some(slot), _) => {
                let to = self.register(to);
                self.zero_flag.take_if(|(register, _)| *register == to);
                self.asm.rm(if float { Code::Movsd_xmm_xmmm64 } else { Code::Mov_r64_rm64 }, to, slot);
            }
            (None, Some(slot)) => {
                let from = self.register(from);
                self.asm.mr(if float { Code::Movsd_xmmm64_xmm } else { Code::Mov_rm64_r64 }, slot, from);
            }
            (None, None) => {
                let (to, from) = (self.register(to), self.register(from));
                self.zero_flag.take_if(|(register, _)| *register == to);
                self.asm.rr(if float { Code::Movaps_xmm_xmmm128 } else { Code::Mov_r64_rm64 }, to, from);
            }
        }
    }

    fn poison(&mut self, reg: Reg) {
        let register = self.registers.get(reg);
        if register.is_gpr64() {
            self.constant(register, POISON ^ (u64::from(reg.0) << 32));
        }
    }

    fn op(&mut self, op: &Op, allocs: &[Allocation], ways: Ways<'_>) {
        let zero_flag = self.zero_flag.take();
        match op {
            Op::Code { code, args, trap } => {
                if let Some((trap, offset)) = *trap {
                    self.asm.trap_site(trap, offset);
                }
                self.code(*code, args, allocs);
                self.zero_flag =
                    zero_flag_of(*code).and_then(|width| Some((self.slotless(allocs.first())?, width)));
            }
            Op::IsZero(width) => {
                let register = self.register(allocs[0]);
                if zero_flag != Some((register, *width)) {
                    let sized = part(register, width.bytes());
                    self.rr(width.pick(Code::Test_rm32_r32, Code::Test_rm64_r64), sized, sized);
                }
            }
            Op::Constant(bits) => {
                let to = self.register(allocs[0]);
                self.constant(to, *bits);
            }
            Op::Sum { width, scale, offset } => self.sum(*width, *scale, *offset, allocs),
            Op::ShiftLeft { width, count } => self.shift_left(*width, *count, allocs),
            Op::Jump => match *ways.succs {
                [to] => self.jump(to, ways),
                _ => self.asm.fail("a jump without one way".to_owned()),
            },
            Op::Branch(condition) => self.branch(*condition, ways),
            Op::Table(entries) => self.table(entries, allocs, ways),
            Op::TrapIf(cc, (code, offset)) => {
                let label = self.asm.trap_label(*code, *offset);
                self.asm.jcc(cc.jump(), label);
            }
            Op::Trap((code, offset)) => self.asm.trap(*code, *offset),
            Op::Call(memory) => match self.memory(memory, allocs) {
                Place::Memory(memory) => self.asm.emit(Instruction::with1(Code::Call_rm64, memory)),
                Place::Constant(_) => self.asm.fail("a call of a constant".to_owned()),
            },
            Op::Arrive => {}
            Op::Import(homes) => self.import(homes, allocs),
            Op::Leave => {
                self.epilogs.push(self.asm.here());
                if let Err(error) = steps::emit(&mut self.asm, &self.registers, &self.frame.layout.epilog) {
                    self.error.get_or_insert(error);
                }
            }
            Op::QuotientCheck(width, trap) => self.quotient_check(*width, *trap, allocs),
            Op::Remainder(width) => self.remainder(*width, allocs),
            Op::MinMax { max, width } => self.min_max(*max, *width, allocs),
            Op::SelectFloat(condition) => self.select_float(*condition, allocs),
            Op::FromUnsigned(width) => self.convert_unsigned(*width, allocs),
            Op::Truncate { from, to, signed, trap } => self.truncate(*from, *to, *signed, *trap, allocs),
        }
    }

    fn finish(mut self) -> Result<Finished, CompileError> {
        for cold in std::mem::take(&mut self.cold) {
            cold(&mut self);
        }
        if let Some(error) = self.error {
            return Err(error);
        }
        let made = self.asm.finish()?;
        let epilogs = self.epilogs;
        let Assembled { bytes, data, traps, jump_tables, labels, runs, helpers: _ } = made;
        Ok(Finished { bytes, data, epilogs, jump_tables, traps, labels, runs })
    }
}
