//! Selection for optimized code: IR to operations of the machine's lowerings, expanded over virtual
//! registers.

use super::core::{Cache, remembered};
use super::emit::Emit;
use super::masm::Condition;
use super::num;
use super::op::{Op, Word};
use super::select::{Arg, Expansion, Place};
use crate::backend::calls::Callee;
use crate::backend::lower::Lower;
use crate::backend::vcode::Flow;
use crate::backend::{FrameView, Job, Slot, Target};
use crate::context::{ELEMENT_BYTES, MEMORY_BYTES, STACK_LIMIT, TABLE_BASE, TABLE_LEN};
use crate::ir::{self, InstData, NumOp, Terminator, Type, Value};
use crate::target::Site;
use crate::{CompileError, TrapCode};
use framewright_spec::CfaOffset;
use framewright_spec::claim::ValueKind;
use framewright_spec::lowering::I32Form;
use framewright_spec::machine::RegClass as SpecClass;
use regalloc2::{Operand, PRegSet, RegClass, VReg};
use smallvec::{SmallVec, smallvec};
use std::rc::Rc;

/// Every machine whose rows have bit patterns.
pub(crate) struct Rows;

/// Selection by lowerings.
type Cx<'a> = Lower<'a, Rows>;

/// An operand of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum In {
    Def(VReg),
    Use(VReg),
    Const(i128, Type),
    Trap(TrapCode),
}

/// A compare over virtual registers.
#[derive(Clone, Copy, Debug)]
struct Compare {
    op: NumOp,
    x: In,
    y: In,
    negated: bool,
}

fn number(value: u32) -> In {
    In::Const(value.into(), Type::I64)
}

/// Arguments over slots, and the registers that these are.
fn slots(operands: &[In]) -> (SmallVec<[Arg; 4]>, SmallVec<[In; 4]>) {
    let mut registers: SmallVec<[In; 4]> = SmallVec::new();
    let args = operands.iter().map(|&operand| match operand {
        In::Const(value, ty) => Arg::Const(value, ty),
        In::Trap(code) => Arg::Label(Place::Trap(code)),
        In::Def(_) | In::Use(_) => {
            let known = registers.iter().position(|&r| r == operand);
            let slot = known.unwrap_or_else(|| {
                registers.push(operand);
                registers.len() - 1
            });
            Arg::Slot(slot as u8)
        }
    });
    let args = args.collect();
    (args, registers)
}

/// The allocator's operands: those given, then temps.
fn operands(cx: &mut Cx<'_>, registers: &[In], late: u64, temps: &[SpecClass]) -> Vec<Operand> {
    let mut operands: Vec<Operand> = Vec::with_capacity(registers.len() + temps.len());
    for (slot, register) in registers.iter().enumerate() {
        match *register {
            In::Def(reg) => operands.push(Operand::reg_def(reg)),
            In::Use(reg) if late >> slot & 1 == 1 => operands.push(Operand::reg_use_at_end(reg)),
            In::Use(reg) => operands.push(Operand::reg_use(reg)),
            In::Const(..) | In::Trap(_) => {}
        }
    }
    for class in temps {
        let class = if *class == SpecClass::Float { RegClass::Float } else { RegClass::Int };
        operands.push(Operand::reg_temp(cx.fresh(class)));
    }
    operands
}

impl Cx<'_> {
    fn expansion(&mut self, name: &str, args: &[Arg], given: usize) -> Option<Rc<Expansion>> {
        match remembered(&mut self.memory.0, self.job.machine, name, args, given as u8) {
            Ok(made) => Some(made),
            Err(missing) => {
                self.memory.1.get_or_insert(missing);
                None
            }
        }
    }

    /// Pushes an operation; `access`: it accesses the Wasm memory.
    fn operation(&mut self, name: &str, given: &[In], access: bool) {
        let (args, registers) = slots(given);
        let Some(expansion) = self.expansion(name, &args, registers.len()) else { return };
        let operands = operands(self, &registers, expansion.late, &expansion.temps);
        let wasm_offset = self.wasm_offset;
        let access = access.then_some(Site { code: TrapCode::MemoryOutOfBounds, wasm_offset });
        self.push(Op::Rows { name: name.into(), expansion, access, wasm_offset }, operands);
    }

    fn plain(&mut self, name: &str, given: &[In]) {
        self.operation(name, given, false);
    }

    /// A value as an operand: an integer constant as it is.
    fn given(&mut self, value: Value) -> In {
        match (self.constant(value), self.ty(value)) {
            (Some(bits), Type::I32) => In::Const((bits as u32 as i32).into(), Type::I32),
            (Some(bits), Type::I64) => In::Const((bits as i64).into(), Type::I64),
            _ => In::Use(self.reg(value)),
        }
    }

    fn select_num(&mut self, data: &InstData, op: NumOp) {
        let to = In::Def(self.result(data.results[0]));
        if num::compares(op) || matches!(op, NumOp::I32Eqz | NumOp::I64Eqz) {
            return self.select_compare(data.results[0], to);
        }
        let mut args: SmallVec<[Value; 2]> = data.args.iter().copied().collect();
        if num::commutes(op) && self.constant(args[0]).is_some() {
            args.swap(0, 1);
        }
        let mut given: SmallVec<[In; 4]> = smallvec![to];
        for (index, &value) in args.iter().enumerate() {
            // A first operand in a constant's place is rare, but for 0 - x.
            let operand =
                if args.len() == 2 || index > 0 { self.given(value) } else { In::Use(self.reg(value)) };
            given.push(operand);
        }
        self.plain(op.name(), &given);
    }

    /// The value below negations of this block, and whether their number is odd.
    fn without_eqz(&self, value: Value) -> (Value, bool) {
        let (mut value, mut negated) = (value, false);
        while let Some(data) = self.local(value).filter(|d| d.op == ir::Op::Num(NumOp::I32Eqz)) {
            (value, negated) = (data.args[0], !negated);
        }
        (value, negated)
    }

    /// The compare that says whether a value is not zero.
    fn compare(&mut self, value: Value) -> Compare {
        let (value, negated) = self.without_eqz(value);
        let found = self.local(value).and_then(|data| match data.op {
            ir::Op::Num(op) if num::compares(op) || op == NumOp::I64Eqz => Some((op, &data.args)),
            _ => None,
        });
        let Some((op, args)) = found else {
            let x = In::Use(self.reg(value));
            return Compare { op: NumOp::I32Eqz, x, y: x, negated: !negated };
        };
        if op == NumOp::I64Eqz {
            let x = In::Use(self.reg(args[0]));
            return Compare { op, x, y: x, negated };
        }
        let (x, y) = (args[0], args[1]);
        let integer = num::opposite(op).is_some();
        if integer && self.constant(x).is_some() && self.constant(y).is_none() {
            let (x, y) = (In::Use(self.reg(y)), self.given(x));
            return self.against_zero(Compare { op: num::mirrored(op), x, y, negated });
        }
        let x = In::Use(self.reg(x));
        let y = if integer { self.given(y) } else { In::Use(self.reg(y)) };
        self.against_zero(Compare { op, x, y, negated })
    }

    /// Equality with zero is a test of one register.
    fn against_zero(&self, compare: Compare) -> Compare {
        let eqz = match (compare.op, compare.y) {
            (NumOp::I32Eq | NumOp::I32Ne, In::Const(0, _)) => NumOp::I32Eqz,
            (NumOp::I64Eq | NumOp::I64Ne, In::Const(0, _)) => NumOp::I64Eqz,
            _ => return compare,
        };
        let not = matches!(compare.op, NumOp::I32Ne | NumOp::I64Ne);
        Compare { op: eqz, y: compare.x, negated: compare.negated != not, ..compare }
    }

    /// 0 or 1.
    fn select_compare(&mut self, value: Value, to: In) {
        let Compare { op, x, y, negated } = self.compare(value);
        let ty = op.args()[0];
        let unary = matches!(op, NumOp::I32Eqz | NumOp::I64Eqz);
        match (negated, num::opposite(op)) {
            (false, _) if unary => self.plain(op.name(), &[to, x]),
            (true, _) if unary => {
                let ne = if ty == Type::I32 { NumOp::I32Ne } else { NumOp::I64Ne };
                self.plain(ne.name(), &[to, x, In::Const(0, ty)]);
            }
            (false, _) => self.plain(op.name(), &[to, x, y]),
            (true, Some(op)) => self.plain(op.name(), &[to, x, y]),
            (true, None) => {
                let positive = self.fresh(RegClass::Int);
                self.plain(op.name(), &[In::Def(positive), x, y]);
                self.plain("i32.eqz", &[to, In::Use(positive)]);
            }
        }
    }

    fn select_select(&mut self, data: &InstData) {
        let to = self.result(data.results[0]);
        let (value, negated) = self.without_eqz(data.args[0]);
        let (mut a, mut b) = (self.reg(data.args[1]), self.reg(data.args[2]));
        if negated {
            (a, b) = (b, a);
        }
        let condition = self.reg(value);
        let name = format!("{}.select", super::masm::type_name(self.ty(data.results[0])));
        self.plain(&name, &[In::Def(to), In::Use(condition), In::Use(a), In::Use(b)]);
    }

    fn select_branch(&mut self, value: Value) {
        let Compare { op, x, y, negated } = self.compare(value);
        let unary = matches!(op, NumOp::I32Eqz | NumOp::I64Eqz);
        let (args, registers) = if unary { slots(&[x]) } else { slots(&[x, y]) };
        let (first, second) = (args[0], args.last().copied().unwrap_or(args[0]));
        let mut expansions: SmallVec<[Rc<Expansion>; 2]> = SmallVec::new();
        for negated in [negated, !negated] {
            let (name, mut args) = num::branch(Condition { op, x: first, y: second, negated });
            args.push(Arg::Label(Place::Given(0)));
            let Some(made) = self.expansion(&name, &args, registers.len()) else { return };
            expansions.push(made);
        }
        let count = |e: &Expansion, class| e.temps.iter().filter(|of| **of == class).count();
        let mut temps = Vec::new();
        for class in [SpecClass::Int, SpecClass::Float] {
            let most = expansions.iter().map(|e| count(e, class)).max().unwrap_or(0);
            temps.extend(std::iter::repeat_n(class, most));
        }
        let operands = operands(self, &registers, 0, &temps);
        let [then, otherwise] = [0, 1].map(|i| Rc::clone(&expansions[i]));
        self.push_flow(Op::Branch { then, otherwise, temps }, operands, PRegSet::empty(), Flow::Branch);
    }

    /// Base and last operand of an access to memory 0, and the operation's suffix.
    fn address(&mut self, index: Value, offset: u32) -> (In, In, &'static str) {
        let base = In::Use(self.memory_base());
        if let Some(bits) = self.constant(index) {
            let whole = i128::from(bits as u32) + i128::from(offset);
            return (base, In::Const(whole, Type::I64), "");
        }
        let index = In::Use(self.reg(index));
        if offset == 0 {
            return (base, index, ".indexed");
        }
        let sum = self.fresh(RegClass::Int);
        self.plain("memory.address", &[In::Def(sum), base, index]);
        (In::Use(sum), number(offset), "")
    }

    fn select_load(&mut self, data: &InstData, op: ir::LoadOp, offset: u32) {
        let to = In::Def(self.result(data.results[0]));
        let (base, last, suffix) = self.address(data.args[0], offset);
        self.operation(&format!("{}{suffix}", op.name()), &[to, base, last], true);
    }

    fn select_store(&mut self, data: &InstData, op: ir::StoreOp, offset: u32) {
        let value = self.given(data.args[1]);
        let (base, last, suffix) = self.address(data.args[0], offset);
        self.operation(&format!("{}{suffix}", op.name()), &[value, base, last], true);
    }

    /// Base and offset of a global's value; loads the address of an imported one's cell.
    fn global(&mut self, index: u32) -> (VReg, u32) {
        let entry = self.job.context.global(index);
        if index >= self.job.module.imported_globals {
            return (self.context(), entry + 8);
        }
        let cell = self.fresh(RegClass::Int);
        Rows::load(self, Type::I64, Slot::At(self.context(), entry), cell);
        (cell, 0)
    }

    fn select_memory_size(&mut self, data: &InstData) {
        let (word, bytes) = (self.fresh(RegClass::Int), self.fresh(RegClass::Int));
        let to = self.result(data.results[0]);
        Rows::load(self, Type::I64, Slot::At(self.context(), MEMORY_BYTES), word);
        Rows::load(self, Type::I64, Slot::At(word, 0), bytes);
        self.plain("i64.shr_u", &[In::Def(to), In::Use(bytes), number(16)]);
    }

    fn select_inst(&mut self, inst: ir::Inst) -> Result<(), CompileError> {
        let data = self.data(inst);
        match data.op {
            ir::Op::Num(op) => self.select_num(data, op),
            ir::Op::Select => self.select_select(data),
            ir::Op::Load(op, offset) => self.select_load(data, op, offset),
            ir::Op::Store(op, offset) => self.select_store(data, op, offset),
            ir::Op::MemorySize => self.select_memory_size(data),
            ir::Op::GlobalGet(index) => {
                let to = self.result(data.results[0]);
                let (base, offset) = self.global(index);
                Rows::load(self, self.ty(data.results[0]), Slot::At(base, offset), to);
            }
            ir::Op::GlobalSet(index) => {
                let ty = self.ty(data.args[0]);
                let value = self.given(data.args[0]);
                let (base, offset) = self.global(index);
                let name = format!("{}.store", super::masm::type_name(ty));
                self.plain(&name, &[value, In::Use(base), number(offset)]);
            }
            // Constants are made where they are used; the others are the backend's own.
            ir::Op::Const(..)
            | ir::Op::MemoryGrow
            | ir::Op::Call(_)
            | ir::Op::CallIndirect(_)
            | ir::Op::State(..) => {}
        }
        self.fault()
    }

    /// The first operation that had no lowering.
    fn fault(&mut self) -> Result<(), CompileError> {
        match self.memory.1.take() {
            Some(missing) => Err(self.job.internal("isel", missing)),
            None => Ok(()),
        }
    }
}

/// Expansions made before, and the first operation that had none.
#[derive(Default)]
pub(crate) struct Memory(Cache, Option<String>);

impl Target for Rows {
    type Op = Op;
    type Memory = Memory;
    type Emitter<'a> = Emit<'a>;

    fn emitter<'a>(job: &'a Job<'a>, frame: FrameView<'a>, blocks: usize) -> Emit<'a> {
        Emit::new(job, frame, blocks)
    }

    fn alias(job: &Job<'_>, data: &ir::InstData) -> Option<Value> {
        let form = job.machine.compile.as_ref().map(|compile| compile.i32_form);
        let same = match form {
            Some(I32Form::Sign) => NumOp::I64ExtendI32S,
            _ => NumOp::I64ExtendI32U,
        };
        (data.op == ir::Op::Num(same)).then(|| data.args[0])
    }

    fn constant(cx: &mut Cx<'_>, ty: Type, bits: u64) -> VReg {
        let to = cx.fresh_for(ty);
        let value = match ty {
            Type::I32 | Type::F32 => In::Const((bits as u32 as i32).into(), Type::I32),
            Type::I64 | Type::F64 => In::Const((bits as i64).into(), Type::I64),
        };
        cx.plain(&format!("{}.const", super::masm::type_name(ty)), &[In::Def(to), value]);
        to
    }

    fn inst(cx: &mut Cx<'_>, inst: ir::Inst) -> Result<(), CompileError> {
        cx.select_inst(inst)
    }

    fn end(cx: &mut Cx<'_>, end: &Terminator, ways: &[usize]) -> Result<(), CompileError> {
        match end {
            Terminator::Branch(value, ..) => cx.select_branch(*value),
            Terminator::Table(index, _) => {
                let index = cx.reg(*index);
                let temps = [cx.fresh(RegClass::Int), cx.fresh(RegClass::Int)];
                let operands = vec![
                    Operand::reg_use_at_end(index),
                    Operand::reg_temp(temps[0]),
                    Operand::reg_temp(temps[1]),
                ];
                cx.push_flow(Op::Table(ways.to_vec()), operands, PRegSet::empty(), Flow::Branch);
            }
            Terminator::Trap(offset) => {
                let site = Site { code: TrapCode::Unreachable, wasm_offset: *offset };
                cx.push_flow(Op::Trap(site), vec![], PRegSet::empty(), Flow::Leave);
            }
            Terminator::Jump(_) | Terminator::Return(_) => {
                return Err(cx.job.internal("isel", "an end that is the backend's own"));
            }
        }
        cx.fault()
    }

    fn callee(_: &mut Cx<'_>, callee: Callee, operands: &mut Vec<Operand>) -> Op {
        if let Callee::Cell(cell) = callee {
            operands.insert(0, Operand::reg_use(cell));
        }
        Op::Call(callee)
    }

    fn table_element(cx: &mut Cx<'_>, index: Value, ty: u32) -> (VReg, VReg) {
        let index = In::Use(cx.reg(index));
        let [wide, scaled, element, length, base, cell, id, expected, context] =
            std::array::from_fn(|_| cx.fresh(RegClass::Int));
        let ours = cx.context();
        cx.plain("i64.extend_i32_u", &[In::Def(wide), index]);
        Rows::load(cx, Type::I64, Slot::At(ours, TABLE_LEN), length);
        let outside = In::Trap(TrapCode::TableOutOfBounds);
        cx.plain("branch.i64.ge_u", &[In::Use(wide), In::Use(length), outside]);
        cx.plain("i64.shl", &[In::Def(scaled), In::Use(wide), number(ELEMENT_BYTES.trailing_zeros())]);
        Rows::load(cx, Type::I64, Slot::At(ours, TABLE_BASE), base);
        cx.plain("i64.add", &[In::Def(element), In::Use(scaled), In::Use(base)]);
        Rows::load(cx, Type::I64, Slot::At(element, 0), cell);
        cx.plain("branch.zero", &[In::Use(cell), In::Trap(TrapCode::IndirectCallToNull)]);
        Rows::load(cx, Type::I64, Slot::At(element, 16), id);
        Rows::load(cx, Type::I64, Slot::At(ours, cx.job.context.type_id(ty)), expected);
        cx.plain("branch.i64.ne", &[In::Use(id), In::Use(expected), In::Trap(TrapCode::BadSignature)]);
        Rows::load(cx, Type::I64, Slot::At(element, 8), context);
        (cell, context)
    }

    fn load(cx: &mut Cx<'_>, ty: Type, slot: Slot, to: VReg) {
        let word = match slot {
            Slot::Frame(at) => Word::Frame(at),
            Slot::Outgoing(at) => Word::Outgoing(at),
            Slot::At(base, offset) => {
                let name = format!("{}.load", super::masm::type_name(ty));
                return cx.plain(&name, &[In::Def(to), In::Use(base), number(offset)]);
            }
        };
        cx.push(Op::Load(ty, word), vec![Operand::reg_def(to)]);
    }

    fn store(cx: &mut Cx<'_>, ty: Type, slot: Slot, from: VReg) {
        let word = match slot {
            Slot::Frame(at) => Word::Frame(at),
            Slot::Outgoing(at) => Word::Outgoing(at),
            Slot::At(base, offset) => {
                let name = format!("{}.store", super::masm::type_name(ty));
                return cx.plain(&name, &[In::Use(from), In::Use(base), number(offset)]);
            }
        };
        cx.push(Op::Store(ty, word), vec![Operand::reg_use(from)]);
    }

    fn extend(cx: &mut Cx<'_>, from: VReg, to: VReg) {
        cx.plain("i32.wrap_i64", &[In::Def(to), In::Use(from)]);
    }

    fn stack_check(cx: &mut Cx<'_>) {
        let (limit, sp) = (cx.fresh(RegClass::Int), cx.fresh(RegClass::Int));
        Rows::load(cx, Type::I64, Slot::At(cx.context(), STACK_LIMIT), limit);
        cx.plain("sp.copy", &[In::Def(sp)]);
        let exhausted = In::Trap(TrapCode::StackExhausted);
        cx.plain("branch.i64.lt_u", &[In::Use(sp), In::Use(limit), exhausted]);
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
