//! Operations to rows: of an operation's lowerings the first that matches its operands, all the way down.
//!
//! ```text
//! i32.lt_s d, a, 5 ──lowering──▶ steps: rows and operations ──the latter again──▶ Expansion: rows only
//! ```
//!
//! A constant that no lowering takes is put in the zero register or in a temp of its own, and all are tried
//! again.
//! What comes out still has open places: registers that the allocator gives, labels that the assembler
//! places.

use super::encode::{self, Value};
use crate::TrapCode;
use crate::ir::Type;
use framewright_spec::encoding::KindForm;
use framewright_spec::lowering::{Class, I32Form, LowerStep, Lowering, Operator, Param, Sum, signature};
use framewright_spec::machine::RegClass;
use framewright_spec::meaning::{Expr, Flow, Instruction, Place as Written, Update};
use framewright_spec::{Machine, Reg};
use smallvec::SmallVec;
use std::rc::Rc;

/// How deep operations may be made of operations.
const DEPTH_LIMIT: usize = 10;

/// A place in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// The label of that number that is given with the operands.
    Given(u8),
    /// A label of the expansion.
    Local(u16),
    /// An instruction that traps.
    Trap(TrapCode),
}

/// An operand of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Arg {
    /// A register that is not known yet, by number.
    Slot(u8),
    /// A register.
    Register(Reg),
    /// The register that reads zero.
    Zero,
    /// A constant: a signed number, of floats the bits.
    Const(i128, Type),
    /// A place.
    Label(Place),
}

/// An operand of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    /// A register that is not known yet, by number.
    Slot(u8),
    /// All that is known now.
    Value(Value),
    /// The distance to a place.
    Label(Place),
    /// A number made of the distance to a place.
    Far(Place, Rc<Sum>),
}

/// A step of an expansion.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// Here is the local label.
    Bind(u16),
    /// An instruction, by the row's index.
    Row {
        /// Index of the row.
        row: usize,
        /// Its operands.
        operands: SmallVec<[Operand; 4]>,
    },
}

/// An operation as rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expansion {
    /// In order.
    pub(crate) steps: Vec<Step>,
    /// Classes of its temps; their slots follow those of the operands.
    pub(crate) temps: Vec<RegClass>,
    /// Slots of operands.
    pub(crate) given: u8,
    /// How many local labels.
    pub(crate) locals: u16,
    /// Slots that must not be the result's register, by bits: they are read after the result is written.
    pub(crate) late: u64,
}

/// What no lowering does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing(pub(crate) String);

/// Expands an operation; its operands use slots below `given`.
///
/// # Errors
/// No lowering matches.
pub(crate) fn expand(machine: &Machine, name: &str, args: &[Arg], given: u8) -> Result<Expansion, Missing> {
    let mut builder = Builder { machine, given, steps: Vec::new(), temps: Vec::new(), locals: 0 };
    builder.operation(name, args, 0)?;
    let (steps, temps) = without_unused(builder.steps, &builder.temps, given);
    let mut made = Expansion { steps, temps, given, locals: builder.locals, late: 0 };
    if let (true, Some(Arg::Slot(result))) = (has_result(name), args.first()) {
        let others = (0..given).filter(|slot| slot != result);
        let conflict = |&slot: &u8| conflicts(machine, &made.steps, Arg::Slot(*result), Arg::Slot(slot));
        made.late = others.filter(conflict).fold(0, |all, slot| all | 1 << slot);
    }
    Ok(made)
}

/// Leaves out temps that no step names.
fn without_unused(mut steps: Vec<Step>, temps: &[RegClass], given: u8) -> (Vec<Step>, Vec<RegClass>) {
    let mut number: Vec<Option<u8>> = vec![None; temps.len()];
    let mut kept = Vec::new();
    let operands = steps.iter_mut().flat_map(|step| match step {
        Step::Row { operands, .. } => operands.as_mut_slice(),
        Step::Bind(_) => &mut [],
    });
    for operand in operands {
        let Operand::Slot(slot) = operand else { continue };
        let Some(temp) = slot.checked_sub(given).map(usize::from) else { continue };
        let new = *number[temp].get_or_insert_with(|| {
            kept.push(temps[temp]);
            given + kept.len() as u8 - 1
        });
        *slot = new;
    }
    (steps, kept)
}

/// Whether the operation's first operand is written.
fn has_result(name: &str) -> bool {
    let first = signature(name).and_then(|signature| signature.operands.first().copied());
    matches!(first, Some(Class::IntResult | Class::FloatResult))
}

/// Operands of a row that are written and read, by bits.
pub(crate) fn access(row: &Instruction) -> (u32, u32) {
    let mut written = 0;
    let mut read = 0;
    for Update { place, value } in &row.updates {
        match place {
            Written::Operand(operand) => written |= 1 << operand,
            Written::Memory { address, .. } => reads(address, &mut read),
            Written::Register(_) | Written::Part { .. } => {}
        }
        reads(value, &mut read);
    }
    row.lets.iter().for_each(|(_, value)| reads(value, &mut read));
    match &row.flow {
        Flow::Next | Flow::Trap => {}
        Flow::Jump(to) | Flow::Call(to) | Flow::Return(to) => reads(to, &mut read),
        Flow::Branch { condition, target } => {
            reads(condition, &mut read);
            reads(target, &mut read);
        }
    }
    (written, read)
}

fn reads(value: &Expr, read: &mut u32) {
    if let Expr::Operand(operand) | Expr::Address(operand) = value {
        *read |= 1 << operand;
    }
    value.parts().into_iter().for_each(|part| reads(part, read));
}

/// Whether a row reads or writes memory.
pub(crate) fn touches_memory(row: &Instruction) -> bool {
    fn loads(value: &Expr) -> bool {
        matches!(value, Expr::Memory { .. }) || value.parts().into_iter().any(loads)
    }
    let update = |u: &Update| matches!(u.place, Written::Memory { .. }) || loads(&u.value);
    row.updates.iter().any(update) || row.lets.iter().any(|(_, value)| loads(value))
}

/// The operand that an argument is as a register.
fn operand_of(arg: Arg) -> Option<Operand> {
    match arg {
        Arg::Slot(slot) => Some(Operand::Slot(slot)),
        Arg::Register(reg) => Some(Operand::Value(Value::Register(reg))),
        _ => None,
    }
}

/// Whether `input` is read after `result` is first written, or may be.
fn conflicts(machine: &Machine, steps: &[Step], result: Arg, input: Arg) -> bool {
    let (Some(result), Some(input)) = (operand_of(result), operand_of(input)) else { return false };
    let mut bound: SmallVec<[u16; 4]> = SmallVec::new();
    let (mut written, mut read_later, mut backward) = (false, false, false);
    for step in steps {
        let (row, operands) = match step {
            Step::Bind(label) => {
                bound.push(*label);
                continue;
            }
            Step::Row { row, operands } => (&machine.instructions[*row], operands),
        };
        let (writes, reads) = access(row);
        let among = |mask: u32, wanted: &Operand| {
            operands.iter().enumerate().any(|(i, operand)| mask >> i & 1 == 1 && operand == wanted)
        };
        read_later |= written && among(reads, &input);
        written |= among(writes, &result);
        backward |=
            operands.iter().any(|o| matches!(o, Operand::Label(Place::Local(l)) if bound.contains(l)));
    }
    read_later || backward
}

struct Builder<'a> {
    machine: &'a Machine,
    given: u8,
    steps: Vec<Step>,
    temps: Vec<RegClass>,
    locals: u16,
}

/// What the names of a lowering stand for.
struct Scope<'a> {
    args: &'a [Arg],
    first_temp: u8,
    first_local: u16,
}

impl Builder<'_> {
    fn operation(&mut self, name: &str, args: &[Arg], depth: usize) -> Result<(), Missing> {
        if depth > DEPTH_LIMIT {
            return Err(Missing(format!("`{name}` is made of too many operations in one another")));
        }
        if has_result(name) && args[1..].contains(&args[0]) {
            return self.apart(name, args, depth);
        }
        let constants: SmallVec<[usize; 4]> =
            (0..args.len()).filter(|&i| matches!(args[i], Arg::Const(..))).collect();
        // All of them as they are first, then ever more of them in registers.
        let mut subsets: Vec<u32> = (0..1 << constants.len()).collect();
        subsets.sort_by_key(|subset: &u32| subset.count_ones());
        for subset in subsets {
            let chosen = constants.iter().enumerate().filter(|(bit, _)| subset >> bit & 1 == 1);
            let chosen: SmallVec<[usize; 4]> = chosen.map(|(_, &index)| index).collect();
            if self.with_registers(name, args, &chosen, depth)? {
                return Ok(());
            }
        }
        self.identity(name, args, depth)
    }

    /// Operations that come down to others by the form of an i32.
    fn identity(&mut self, name: &str, args: &[Arg], depth: usize) -> Result<(), Missing> {
        let form = self.machine.compile.as_ref().map(|compile| compile.i32_form);
        match (name, args, form) {
            ("i64.extend_i32_s", _, Some(I32Form::Sign)) | ("i64.extend_i32_u", _, Some(I32Form::Zero)) => {
                self.operation("i64.copy", args, depth + 1)
            }
            ("i32.const", &[to, Arg::Const(value, _)], Some(form)) => {
                let value = canonical(value, form);
                self.operation("i64.const", &[to, Arg::Const(value, Type::I64)], depth + 1)
            }
            _ => {
                let shown: Vec<String> = args.iter().map(|arg| format!("{arg:?}")).collect();
                Err(Missing(format!("no lowering of `{name}` for {}", shown.join(", "))))
            }
        }
    }

    /// The result is an input too: it is written to a temp where it is written before that is read.
    fn apart(&mut self, name: &str, args: &[Arg], depth: usize) -> Result<(), Missing> {
        let class = match signature(name).and_then(|s| s.operands.first().copied()) {
            Some(Class::FloatResult) => RegClass::Float,
            _ => RegClass::Int,
        };
        let from = self.steps.len();
        let temp = self.temp(class);
        let mut other = args.to_vec();
        other[0] = temp;
        self.operation(name, &other, depth + 1)?;
        if conflicts(self.machine, &self.steps[from..], temp, args[0]) {
            let copy = if class == RegClass::Float { "f64.copy" } else { "i64.copy" };
            return self.operation(copy, &[args[0], temp], depth + 1);
        }
        let (Some(temp), Some(result)) = (operand_of(temp), operand_of(args[0])) else { return Ok(()) };
        for step in &mut self.steps[from..] {
            if let Step::Row { operands, .. } = step {
                operands.iter_mut().filter(|o| **o == temp).for_each(|o| *o = result.clone());
            }
        }
        Ok(())
    }

    fn temp(&mut self, class: RegClass) -> Arg {
        self.temps.push(class);
        Arg::Slot(self.given + self.temps.len() as u8 - 1)
    }

    /// Tries all lowerings with some constants put in registers.
    fn with_registers(
        &mut self,
        name: &str,
        args: &[Arg],
        chosen: &[usize],
        depth: usize,
    ) -> Result<bool, Missing> {
        let machine = self.machine;
        let before = (self.steps.len(), self.temps.len(), self.locals);
        let mut args: SmallVec<[Arg; 4]> = args.into();
        let classes = signature(name).map(|s| s.operands).unwrap_or_default();
        for &index in chosen {
            let Arg::Const(value, ty) = args[index] else { continue };
            if classes.get(index) != Some(&Class::Int) {
                return Ok(false);
            }
            args[index] =
                if value == 0 && self.has_zero() { Arg::Zero } else { self.constant(value, ty, depth)? };
        }
        let ready = (self.steps.len(), self.temps.len(), self.locals);
        for lowering in machine.lowerings.get(name).into_iter().flatten() {
            if self.matches(lowering, &args) && self.body(lowering, &args, depth).is_ok() {
                return Ok(true);
            }
            self.undo(ready);
        }
        self.undo(before);
        // Where the zero register has no number, zero is a constant like any other.
        if let Some(index) = chosen.iter().copied().find(|&index| args[index] == Arg::Zero) {
            args[index] = self.constant(0, Type::I64, depth)?;
            for lowering in machine.lowerings.get(name).into_iter().flatten() {
                let ready = (self.steps.len(), self.temps.len(), self.locals);
                if self.matches(lowering, &args) && self.body(lowering, &args, depth).is_ok() {
                    return Ok(true);
                }
                self.undo(ready);
            }
            self.undo(before);
        }
        Ok(false)
    }

    fn undo(&mut self, to: (usize, usize, u16)) {
        self.steps.truncate(to.0);
        self.temps.truncate(to.1);
        self.locals = to.2;
    }

    fn has_zero(&self) -> bool {
        self.machine.compile.as_ref().is_some_and(|compile| compile.zero.is_some())
    }

    /// A constant in a temp.
    fn constant(&mut self, value: i128, ty: Type, depth: usize) -> Result<Arg, Missing> {
        let temp = self.temp(RegClass::Int);
        let name = if ty == Type::I32 { "i32.const" } else { "i64.const" };
        self.operation(name, &[temp, Arg::Const(value, ty)], depth + 1)?;
        Ok(temp)
    }

    fn matches(&self, lowering: &Lowering, args: &[Arg]) -> bool {
        let fits = |(param, arg): (&Param, &Arg)| match (param, arg) {
            (Param::Register, Arg::Slot(_) | Arg::Register(_) | Arg::Zero) => true,
            (Param::Const, Arg::Const(..)) | (Param::Label, Arg::Label(_)) => true,
            (Param::Kind(kind), Arg::Const(value, _)) => self.in_kind(kind, *value),
            _ => false,
        };
        if lowering.params.len() != args.len() || !lowering.params.iter().zip(args).all(fits) {
            return false;
        }
        let scope = Scope { args, first_temp: 0, first_local: 0 };
        lowering
            .condition
            .as_ref()
            .is_none_or(|condition| self.number(condition, &scope).is_some_and(|n| n != 0))
    }

    fn in_kind(&self, kind: &str, value: i128) -> bool {
        let kind = self.machine.operand_kinds.get(kind);
        kind.is_some_and(|kind| encode::number(kind, Value::Number(value)).is_some())
    }

    /// The number that a sum is, if it is one now.
    fn number(&self, sum: &Sum, scope: &Scope<'_>) -> Option<i128> {
        evaluate(sum, &|leaf| match leaf {
            Sum::Param(index) => match scope.args[*index] {
                Arg::Const(value, _) => Some(value),
                _ => None,
            },
            Sum::In(value, kind) => Some(i128::from(self.in_kind(kind, self.number(value, scope)?))),
            _ => None,
        })
    }

    fn body(&mut self, lowering: &Lowering, args: &[Arg], depth: usize) -> Result<(), Missing> {
        let scope = Scope { args, first_temp: self.given + self.temps.len() as u8, first_local: self.locals };
        self.temps.extend(&lowering.temps);
        self.locals += lowering.labels as u16;
        if usize::from(self.given) + self.temps.len() > 60 {
            return Err(Missing(format!("`{}` needs too many registers", lowering.operation)));
        }
        for step in &lowering.steps {
            match step {
                LowerStep::Bind(label) => self.steps.push(Step::Bind(scope.first_local + *label as u16)),
                LowerStep::Do { name, operands } => match self.machine.instructions.get_index_of(name) {
                    Some(row) => self.row(row, operands, &scope)?,
                    None => {
                        let ty = if name.contains("i32.") { Type::I32 } else { Type::I64 };
                        let arg = |sum| Some(normal(self.arg(sum, ty, &scope)?));
                        let args: Option<SmallVec<[Arg; 4]>> = operands.iter().map(arg).collect();
                        let args =
                            args.ok_or_else(|| Missing(format!("an operand of `{name}` is no operand")))?;
                        self.operation(name, &args, depth + 1)?;
                    }
                },
            }
        }
        Ok(())
    }

    /// What a sum is as an operand of an operation.
    fn arg(&self, sum: &Sum, ty: Type, scope: &Scope<'_>) -> Option<Arg> {
        Some(match sum {
            Sum::Param(index) => scope.args[*index],
            Sum::Temp(index) => Arg::Slot(scope.first_temp + *index as u8),
            Sum::Label(index) => Arg::Label(Place::Local(scope.first_local + *index as u16)),
            Sum::Trap(name) => Arg::Label(Place::Trap(TrapCode::from_name(name)?)),
            Sum::Register(reg) => Arg::Register(*reg),
            Sum::Zero => Arg::Zero,
            _ => Arg::Const(self.number(sum, scope)?, ty),
        })
    }

    fn row(&mut self, row: usize, sums: &[Sum], scope: &Scope<'_>) -> Result<(), Missing> {
        let instruction = &self.machine.instructions[row];
        let operands = sums.iter().enumerate().map(|(index, sum)| {
            self.row_operand(instruction, index, sum, scope).ok_or_else(|| {
                Missing(format!(
                    "`{}` cannot have that as `{}`",
                    instruction.name, instruction.operands[index]
                ))
            })
        });
        let operands = operands.collect::<Result<SmallVec<[Operand; 4]>, Missing>>()?;
        self.steps.push(Step::Row { row, operands });
        Ok(())
    }

    fn row_operand(&self, row: &Instruction, index: usize, sum: &Sum, scope: &Scope<'_>) -> Option<Operand> {
        let kind = encode::kind_of(self.machine, row, index)?;
        let fitting = |value| encode::fits(self.machine, row, index, value).then_some(Operand::Value(value));
        let is_register = matches!(kind.form, KindForm::Register { .. });
        let is_code = matches!(kind.form, KindForm::Code { .. });
        match self.arg(sum, Type::I64, scope) {
            Some(Arg::Slot(slot)) => is_register.then_some(Operand::Slot(slot)),
            Some(Arg::Register(reg)) => fitting(Value::Register(reg)),
            Some(Arg::Zero) => fitting(Value::Zero),
            Some(Arg::Const(0, _)) if is_register => fitting(Value::Zero),
            Some(Arg::Const(value, _)) => fitting(Value::Number(value)),
            Some(Arg::Label(place)) => is_code.then_some(Operand::Label(place)),
            None => {
                let mut place = None;
                let sum = self.substituted(sum, scope, &mut place)?;
                Some(Operand::Far(place?, Rc::new(sum)))
            }
        }
    }

    /// A sum of a distance: everything else a number, the distance [`Sum::Param`] 0.
    fn substituted(&self, sum: &Sum, scope: &Scope<'_>, place: &mut Option<Place>) -> Option<Sum> {
        if let Some(number) = self.number(sum, scope) {
            return Some(Sum::Number(number));
        }
        let mut inner = |sum: &Sum| self.substituted(sum, scope, place).map(Box::new);
        Some(match sum {
            Sum::Distance(label) => match self.arg(label, Type::I64, scope)? {
                Arg::Label(to) if place.is_none_or(|place| place == to) => {
                    *place = Some(to);
                    Sum::Param(0)
                }
                _ => return None,
            },
            Sum::Negative(value) => Sum::Negative(inner(value)?),
            Sum::Binary(op, sides) => Sum::Binary(*op, Box::new([*inner(&sides[0])?, *inner(&sides[1])?])),
            Sum::Slice(value, high, low) => Sum::Slice(inner(value)?, *high, *low),
            Sum::Signed(value, bits) => Sum::Signed(inner(value)?, *bits),
            _ => return None,
        })
    }
}

/// A constant as the signed number of its type.
fn normal(arg: Arg) -> Arg {
    match arg {
        Arg::Const(value, Type::I32 | Type::F32) => Arg::Const(i128::from(value as i32), Type::I32),
        Arg::Const(value, _) => Arg::Const(i128::from(value as i64), Type::I64),
        other => other,
    }
}

/// The number of an i32 constant as a register holds it.
pub(crate) fn canonical(value: i128, form: I32Form) -> i128 {
    match form {
        I32Form::Sign => i128::from(value as i32),
        I32Form::Zero => i128::from(value as u32),
    }
}

/// The number that a sum is; `leaf` gives those of names.
pub(crate) fn evaluate(sum: &Sum, leaf: &dyn Fn(&Sum) -> Option<i128>) -> Option<i128> {
    Some(match sum {
        Sum::Number(number) => *number,
        Sum::Negative(value) => evaluate(value, leaf)?.checked_neg()?,
        Sum::Slice(value, high, low) => {
            let value = evaluate(value, leaf)?;
            value >> low & (1i128 << (high - low + 1)).wrapping_sub(1)
        }
        Sum::Signed(value, bits) => {
            let shift = 128 - bits;
            evaluate(value, leaf)? << shift >> shift
        }
        Sum::Binary(op, sides) => {
            let (a, b) = (evaluate(&sides[0], leaf)?, evaluate(&sides[1], leaf)?);
            match op {
                Operator::Or => i128::from(a != 0 || b != 0),
                Operator::And => i128::from(a != 0 && b != 0),
                Operator::Equal => i128::from(a == b),
                Operator::Unequal => i128::from(a != b),
                Operator::Less => i128::from(a < b),
                Operator::AtMost => i128::from(a <= b),
                Operator::Add => a.checked_add(b)?,
                Operator::Subtract => a.checked_sub(b)?,
                Operator::Multiply => a.checked_mul(b)?,
            }
        }
        _ => leaf(sum)?,
    })
}
