//! The accumulator machine of tier-0 and the stubs, by a machine's lowerings.
//!
//! A condition is a compare that is still to be done: its operands are kept in registers of their own, which
//! no move
//! writes, until a branch or a select asks for it.

use super::core::{Core, With};
use super::roles::Roles;
use super::select::{Arg, Place};
use super::{num, steps};
use crate::context::{ELEMENT_BYTES, TABLE_BASE, TABLE_LEN};
use crate::ir::{LoadOp, NumOp, StoreOp, Type};
use crate::target::{Assembled, Base, Home, Label, Masm, Pins, Site, Source};
use crate::{CompileError, TrapCode};
use framewright_spec::frame::AsmStep;
use framewright_spec::machine::RegClass;
use framewright_spec::{Machine, Reg};
use smallvec::SmallVec;

/// A compare that is still to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// Which.
    pub(super) op: NumOp,
    /// Its first operand.
    pub(super) x: Arg,
    /// Its second operand, where it has one.
    pub(super) y: Arg,
    /// Whether its opposite is meant.
    pub(super) negated: bool,
}

/// Which temps an operation may lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temps {
    /// The scratch registers alone.
    Moves,
    /// All that hold nothing between instructions.
    All,
}

/// The macro assembler.
pub(crate) struct RowMasm<'m> {
    core: Core<'m>,
    pub(super) roles: &'m Roles,
    pins: Pins,
}

pub(super) fn is_float(ty: Type) -> bool {
    matches!(ty, Type::F32 | Type::F64)
}

/// The name of a type in operations.
pub(super) fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
    }
}

/// The integer type of the same width.
fn as_integer(ty: Type) -> Type {
    if matches!(ty, Type::I32 | Type::F32) { Type::I32 } else { Type::I64 }
}

/// A constant's bits as an operand.
pub(super) fn constant(ty: Type, bits: u64) -> Arg {
    let value = match as_integer(ty) {
        Type::I32 => i128::from(bits as u32 as i32),
        _ => i128::from(bits as i64),
    };
    Arg::Const(value, as_integer(ty))
}

fn offset(bytes: i128) -> Arg {
    Arg::Const(bytes, Type::I64)
}

impl<'m> RowMasm<'m> {
    /// A buffer for one function.
    pub(crate) fn new(machine: &'m Machine, roles: &'m Roles, function: &str, pins: Pins) -> RowMasm<'m> {
        RowMasm { core: Core::new(machine, function), roles, pins }
    }

    /// Does an operation; labels are given by number.
    fn full(
        &mut self,
        name: &str,
        args: &[Arg],
        labels: &[Label],
        temps: Temps,
        access: Option<Site>,
        wasm_offset: u32,
    ) {
        let roles = self.roles;
        let ints = match temps {
            Temps::Moves => &roles.temps[roles.temps.len() - roles.scratch.len()..],
            Temps::All => &roles.temps,
        };
        let with = With { labels, ints, floats: &roles.float_temps, access, wasm_offset };
        self.core.operation(name, args, with);
    }

    /// Arithmetic.
    pub(super) fn op(&mut self, name: &str, args: &[Arg], wasm_offset: u32) {
        self.full(name, args, &[], Temps::All, None, wasm_offset);
    }

    /// A move.
    fn moving(&mut self, name: &str, args: &[Arg]) {
        self.full(name, args, &[], Temps::Moves, None, 0);
    }

    /// A branch; its last operand is the label.
    fn branching(&mut self, name: &str, args: &[Arg], to: Label, temps: Temps) {
        let mut args: SmallVec<[Arg; 4]> = args.into();
        args.push(Arg::Label(Place::Given(0)));
        self.full(name, &args, &[to], temps, None, 0);
    }

    /// The register that a word's address is in, and the bytes to be added.
    fn word(&self, home: Home) -> (Arg, Arg) {
        let base = match home.base {
            Base::Frame => self.core.machine.fp,
            Base::Stack => self.core.machine.sp,
            Base::Context => self.pins.context,
            Base::Second => self.pins.second,
            Base::Pointer => self.roles.pointer,
        };
        (Arg::Register(base), offset(home.offset.into()))
    }

    fn is_float_register(&self, reg: Reg) -> bool {
        self.core.machine.register(reg).class == RegClass::Float
    }

    /// The accumulator of a type.
    pub(super) fn accumulator(&self, ty: Type) -> Reg {
        if is_float(ty) { self.roles.facc } else { self.roles.acc }
    }

    /// register := value, whatever its class. Loses the scratch registers alone.
    pub(super) fn load_to(&mut self, ty: Type, from: Source, to: Reg) {
        let to_float = self.is_float_register(to);
        let ty = if to_float { ty } else { as_integer_if(ty, !matches!(from, Source::Accumulator)) };
        let name = type_name(ty);
        match from {
            Source::Accumulator => self.copy(ty, self.accumulator(ty), to, false),
            Source::Register(reg) => self.copy(ty, reg, to, true),
            Source::Const(bits) => {
                self.moving(&format!("{name}.const"), &[Arg::Register(to), constant(ty, bits)]);
            }
            Source::Home(home) => {
                let (base, offset) = self.word(home);
                self.moving(&format!("{name}.load"), &[Arg::Register(to), base, offset]);
            }
            Source::Address(home) => self.address(home, to),
            Source::Code(label) => {
                let args = [Arg::Register(to), Arg::Label(Place::Given(0))];
                self.full("code.address", &args, &[label], Temps::Moves, None, 0);
            }
        }
    }

    /// register := register; `raw`: bits above an i32 may be anything.
    fn copy(&mut self, ty: Type, from: Reg, to: Reg, raw: bool) {
        let args = [Arg::Register(to), Arg::Register(from)];
        let narrow = matches!(ty, Type::I32 | Type::F32);
        let name = match (self.is_float_register(from), self.is_float_register(to)) {
            (false, false) if ty == Type::I32 && raw => "i32.wrap_i64",
            (false, false) if from != to => "i64.copy",
            (true, true) if from != to => "f64.copy",
            (true, false) if narrow => "i32.reinterpret_f32",
            (true, false) => "i64.reinterpret_f64",
            (false, true) if narrow => "f32.reinterpret_i32",
            (false, true) => "f64.reinterpret_i64",
            _ => return,
        };
        self.moving(name, &args);
    }

    fn address(&mut self, home: Home, to: Reg) {
        let (mut base, offset) = self.word(home);
        let to = Arg::Register(to);
        if home.base == Base::Stack {
            self.moving("sp.copy", &[to]);
            base = to;
        }
        match (home.offset, base == to) {
            (0, true) => {}
            (0, false) => self.moving("i64.copy", &[to, base]),
            _ => self.moving("i64.add", &[to, base, offset]),
        }
    }

    /// The register that holds a source: the accumulator as it is, else loaded to `other`.
    pub(super) fn in_register(&mut self, ty: Type, from: Source, other: Reg) -> Reg {
        if from == Source::Accumulator {
            return self.accumulator(ty);
        }
        self.load_to(ty, from, other);
        other
    }

    /// Base and offset of an access to memory 0; may lose the first integer aux register.
    fn access(&mut self, address: Source, bytes: u32) -> Access {
        let base = Arg::Register(self.pins.second);
        if let Source::Const(address) = address {
            let whole = i128::from(address as u32) + i128::from(bytes);
            return Access { suffix: "", base, last: offset(whole) };
        }
        let aux = self.roles.aux[0];
        let index = Arg::Register(self.in_register(Type::I32, address, aux));
        if bytes == 0 {
            return Access { suffix: ".indexed", base, last: index };
        }
        self.op("memory.address", &[Arg::Register(aux), base, index], 0);
        Access { suffix: "", base: Arg::Register(aux), last: offset(bytes.into()) }
    }

    fn trap_branch(&mut self, name: &str, args: &[Arg], site: Site, temps: Temps) {
        let label = self.core.asm.trap_label(site);
        self.branching(name, args, label, temps);
    }
}

/// The operands of an access.
struct Access {
    suffix: &'static str,
    base: Arg,
    last: Arg,
}

/// Floats on their way to an integer register are integers, but for what must come out of a float register.
fn as_integer_if(ty: Type, whether: bool) -> Type {
    if whether && is_float(ty) { as_integer(ty) } else { ty }
}

/// An access of optimized code and tier-0 has its place in the module.
fn memory_site(wasm_offset: u32) -> Option<Site> {
    Some(Site { code: TrapCode::MemoryOutOfBounds, wasm_offset })
}

impl Masm for RowMasm<'_> {
    type Condition = Condition;

    fn label(&mut self) -> Label {
        self.core.asm.label()
    }

    fn bind(&mut self, label: Label) {
        self.core.asm.bind(label);
    }

    fn jump(&mut self, to: Label) {
        self.branching("jump", &[], to, Temps::Moves);
    }

    fn branch(&mut self, condition: Condition, to: Label) {
        let (name, args) = num::branch(condition);
        self.branching(&name, &args, to, Temps::All);
    }

    fn trap_if(&mut self, condition: Condition, site: Site) {
        let label = self.core.asm.trap_label(site);
        self.branch(condition, label);
    }

    fn trap(&mut self, site: Site) {
        self.core.asm.trap_site(site);
        self.full("trap", &[], &[], Temps::Moves, None, 0);
    }

    fn jump_table(&mut self, index: Source, targets: Vec<Label>, default: Label) {
        let [index_register, table] = self.roles.aux;
        self.load_to(Type::I32, index, index_register);
        let (index, base) = (Arg::Register(index_register), Arg::Register(table));
        let count = Arg::Const(targets.len() as i128, Type::I32);
        self.branching("branch.i32.ge_u", &[index, count], default, Temps::All);
        let (table, jump) = self.core.asm.table(targets);
        self.op("i64.extend_i32_u", &[index, index], 0);
        self.op("i64.shl", &[index, index, offset(2)], 0);
        let place = Arg::Label(Place::Given(0));
        self.full("code.address", &[base, place], &[table], Temps::All, None, 0);
        self.op("i64.add", &[index, index, base], 0);
        self.op("i64.load32_s", &[index, index, offset(0)], 0);
        self.op("i64.add", &[index, index, base], 0);
        self.core.asm.bind(jump);
        self.op("jump.register", &[index], 0);
    }

    fn test(&mut self, value: Source) -> Condition {
        let x = self.roles.compared[0];
        self.load_to(Type::I32, value, x);
        let x = Arg::Register(x);
        Condition { op: NumOp::I32Eqz, x, y: x, negated: true }
    }

    fn negate(condition: Condition) -> Condition {
        Condition { negated: !condition.negated, ..condition }
    }

    fn set(&mut self, condition: Condition) {
        num::set(self, condition);
    }

    fn take(&mut self, ty: Type, from: Source) {
        self.load_to(ty, from, self.accumulator(ty));
    }

    fn load(&mut self, ty: Type, from: Source, to: Reg) {
        self.load_to(ty, from, to);
    }

    fn store(&mut self, ty: Type, from: Source, to: Home) {
        let (base, at) = self.word(to);
        let value = match from {
            Source::Const(bits) => constant(ty, bits),
            Source::Accumulator => Arg::Register(self.accumulator(ty)),
            Source::Register(reg) => Arg::Register(reg),
            Source::Home(_) | Source::Address(_) | Source::Code(_) => {
                let through = self.roles.scratch[0];
                self.load_to(as_integer(ty), from, through);
                Arg::Register(through)
            }
        };
        let float = matches!(value, Arg::Register(reg) if self.is_float_register(reg));
        let ty = if float { ty } else { as_integer(ty) };
        self.moving(&format!("{}.store", type_name(ty)), &[value, base, at]);
    }

    fn point(&mut self, at: Home) {
        self.load_to(Type::I64, Source::Home(at), self.roles.pointer);
    }

    fn zero(&mut self, lowest: Home, words: u32) {
        for word in 0..words {
            let at = Home { offset: lowest.offset + 8 * word as i32, ..lowest };
            self.store(Type::I64, Source::Const(0), at);
        }
    }

    fn num(&mut self, op: NumOp, x: Source, y: Source, wasm_offset: u32) -> Option<Condition> {
        num::emit(self, op, x, y, wasm_offset)
    }

    fn select(&mut self, ty: Type, condition: Condition, first: Source, second: Source) {
        let acc = self.accumulator(ty);
        let aux = if is_float(ty) { self.roles.faux[0] } else { self.roles.aux[0] };
        let moved = second == Source::Accumulator;
        if moved {
            self.load_to(ty, second, aux);
        }
        let done = self.core.asm.label();
        self.load_to(ty, first, acc);
        self.branch(condition, done);
        match moved {
            true => self.copy(ty, aux, acc, false),
            false => self.load_to(ty, second, acc),
        }
        self.core.asm.bind(done);
    }

    fn memory_load(&mut self, op: LoadOp, address: Source, offset: u32, wasm_offset: u32) {
        let Access { suffix, base, last } = self.access(address, offset);
        let name = format!("{}{suffix}", op.name());
        let args = [Arg::Register(self.accumulator(op.ty())), base, last];
        self.full(&name, &args, &[], Temps::All, memory_site(wasm_offset), wasm_offset);
    }

    fn memory_store(&mut self, op: StoreOp, address: Source, value: Source, offset: u32, wasm_offset: u32) {
        let Access { suffix, base, last } = self.access(address, offset);
        let name = format!("{}{suffix}", op.name());
        let value = match value {
            Source::Const(bits) if !is_float(op.ty()) => constant(op.ty(), bits),
            _ => {
                let other = if is_float(op.ty()) { self.roles.faux[0] } else { self.roles.aux[1] };
                Arg::Register(self.in_register(op.ty(), value, other))
            }
        };
        self.full(&name, &[value, base, last], &[], Temps::All, memory_site(wasm_offset), wasm_offset);
    }

    fn call(&mut self, at: Home) {
        let callee = self.roles.scratch[0];
        self.load_to(Type::I64, Source::Home(at), callee);
        self.moving("call.register", &[Arg::Register(callee)]);
    }

    fn call_through(&mut self, at: Home) {
        let callee = Arg::Register(self.roles.scratch[0]);
        self.load_to(Type::I64, Source::Home(at), self.roles.scratch[0]);
        self.moving("i64.load", &[callee, callee, offset(0)]);
        self.moving("call.register", &[callee]);
    }

    fn jump_to_result(&mut self) {
        self.moving("jump.register", &[Arg::Register(self.roles.acc)]);
    }

    fn table_element(&mut self, index: Source, type_id: u32, wasm_offset: u32) {
        let site = |code| Site { code, wasm_offset };
        let context = |offset: u32| Source::Home(Home { base: Base::Context, offset: offset as i32 });
        let pointed = |offset: i32| Source::Home(Home { base: Base::Pointer, offset });
        let [first, second] = self.roles.aux;
        let pointer = Arg::Register(self.roles.pointer);
        let [a, b] = [Arg::Register(first), Arg::Register(second)];
        self.load_to(Type::I32, index, first);
        self.op("i64.extend_i32_u", &[pointer, a], 0);
        self.load_to(Type::I64, context(TABLE_LEN), second);
        let outside = site(TrapCode::TableOutOfBounds);
        self.trap_branch("branch.i64.ge_u", &[pointer, b], outside, Temps::All);
        self.op("i64.shl", &[pointer, pointer, offset(ELEMENT_BYTES.trailing_zeros().into())], 0);
        self.load_to(Type::I64, context(TABLE_BASE), second);
        self.op("i64.add", &[pointer, pointer, b], 0);
        self.load_to(Type::I64, pointed(0), second);
        self.trap_branch("branch.zero", &[b], site(TrapCode::IndirectCallToNull), Temps::All);
        self.load_to(Type::I64, pointed(16), second);
        self.load_to(Type::I64, context(type_id), first);
        self.trap_branch("branch.i64.ne", &[b, a], site(TrapCode::BadSignature), Temps::All);
    }

    fn count_down(&mut self, counter: Home) -> Condition {
        let register = self.roles.compared[0];
        let x = Arg::Register(register);
        self.load_to(Type::I32, Source::Home(counter), register);
        self.moving("i32.add", &[x, x, Arg::Const(-1, Type::I32)]);
        self.store(Type::I32, Source::Register(register), counter);
        Condition { op: NumOp::I32LeS, x, y: Arg::Const(0, Type::I32), negated: false }
    }

    fn stack_check(&mut self, context: Reg, limit_offset: u32, site: Site) {
        let [limit, sp] = self.roles.scratch.map(Arg::Register);
        self.moving("i64.load", &[limit, Arg::Register(context), offset(limit_offset.into())]);
        self.moving("sp.copy", &[sp]);
        self.trap_branch("branch.i64.lt_u", &[sp, limit], site, Temps::Moves);
    }

    fn store_sp(&mut self, at: Reg) {
        let sp = Arg::Register(self.roles.scratch[0]);
        self.moving("sp.copy", &[sp]);
        self.moving("i64.store", &[sp, Arg::Register(at), offset(0)]);
    }

    fn system_call(&mut self) {
        self.moving("system.call", &[]);
    }

    fn steps(&mut self, steps: &[AsmStep]) -> Result<(), CompileError> {
        steps::emit(&mut self.core.asm, steps)
    }

    fn begin_front(&mut self) {
        self.core.asm.begin_front();
    }

    fn end_front(&mut self) {
        self.core.asm.end_front();
    }

    fn finish(self) -> Result<Assembled, CompileError> {
        self.core.asm.finish()
    }
}
