//! What a step of a prolog or an epilog does to a state, by the meaning of its row.

use super::value::{State, Value, low, ones};
use framewright_spec::encoding::KindForm;
use framewright_spec::frame::{AsmOperand, AsmStep};
use framewright_spec::machine::{Above, RegClass, View};
use framewright_spec::meaning::{Expr, Flow, Function, Instruction, Place, Update, Width};
use framewright_spec::{Abi, Machine, Reg, RegSet, Spec};

/// An operand of a row.
#[derive(Clone, Copy, Debug)]
enum Operand {
    Part {
        reg: Reg,
        bits: u32,
        low_bit: u32,
        above: Above,
    },
    Number {
        value: u128,
        bits: u32,
    },
    Memory {
        base: Reg,
        offset: i64,
        bits: u32,
    },
    /// One that steps do not have, or a register that reads as zero.
    Other {
        bits: u32,
    },
}

impl Operand {
    fn bits(self) -> u32 {
        match self {
            Operand::Part { bits, .. }
            | Operand::Number { bits, .. }
            | Operand::Memory { bits, .. }
            | Operand::Other { bits } => bits,
        }
    }
}

/// The states in front of each of some steps, in order, and behind the last one. Where steps go back or over others,
/// states that meet keep what they agree on.
pub(super) fn states(spec: &Spec, abi: &Abi, first: State, steps: &[AsmStep]) -> Vec<Option<State>> {
    let mut states: Vec<Option<State>> = vec![None; steps.len() + 1];
    let mut changed = vec![0];
    states[0] = Some(first);
    while let Some(at) = changed.pop() {
        let (Some(one), Some(before)) = (steps.get(at), states[at].clone()) else { continue };
        let (after, ways) = step(spec, abi, &before, one, at);
        for way in ways {
            let Some(place) = states.get_mut(way) else { continue };
            let met = place.as_ref().map_or_else(|| after.clone(), |known| known.met(&after));
            if place.as_ref() != Some(&met) {
                *place = Some(met);
                changed.push(way);
            }
        }
    }
    states
}

/// The state after a step, and the steps that may be next. Of a step without a row nothing is known.
fn step(spec: &Spec, abi: &Abi, before: &State, step: &AsmStep, at: usize) -> (State, Vec<usize>) {
    let Some(machine) = spec.machines.get(&abi.machine) else { return (before.clone(), vec![]) };
    let Some(row) = row_of(machine, step) else { return (State::unknown(machine), vec![at + 1]) };
    let operands = operands(machine, row, step);
    let mut reading = Reading { machine, state: before, operands: &operands, lets: Vec::new() };
    for (_, shared) in &row.lets {
        let value = reading.value(shared);
        reading.lets.push(value);
    }
    let values: Vec<Value> = row.updates.iter().map(|update| reading.value(&update.value)).collect();
    let mut after = before.clone();
    for (update, value) in row.updates.iter().zip(values) {
        reading.write(&mut after, update, value);
    }
    let to = step.operands.iter().find_map(|operand| match operand {
        AsmOperand::Step(number) => Some(*number as usize),
        _ => None,
    });
    match row.flow {
        Flow::Call(_) => (returned(spec, abi, before, step), vec![at + 1]),
        Flow::Jump(_) => (after, to.into_iter().collect()),
        Flow::Branch { .. } => (after, to.into_iter().chain([at + 1]).collect()),
        Flow::Next | Flow::Return(_) | Flow::Trap => (after, vec![at + 1]),
    }
}

/// After the return of a callee: a helper changes what it spoils and flags, any other what the convention leaves it.
fn returned(spec: &Spec, abi: &Abi, before: &State, step: &AsmStep) -> State {
    let Some(machine) = spec.machines.get(&abi.machine) else { return before.clone() };
    let helper = step.operands.iter().find_map(|operand| match operand {
        AsmOperand::Helper(number) => spec.helpers.get_index(*number as usize),
        _ => None,
    });
    let all: RegSet = (0..machine.registers.len()).map(|i| Reg(i as u8)).collect();
    let kept = match helper {
        Some((_, helper)) => all.minus(helper.spoils).minus(machine.of_class(RegClass::Flag)),
        None => abi.callee_saved_set().with(machine.sp),
    };
    let mut after = before.clone();
    let link = machine.link.map(|link| RegSet::EMPTY.with(link)).unwrap_or_default();
    all.minus(kept).union(link).iter().for_each(|reg| after.set(reg, Value::Any));
    after
}

/// The row of a step. Where rows have no bit patterns, one may be for a form of the mnemonic: of a width of the first
/// operand, with memory last, or told by the number of operands.
fn row_of<'m>(machine: &'m Machine, step: &AsmStep) -> Option<&'m Instruction> {
    let exact = machine.instructions.get(&step.mnemonic);
    if machine.has_encodings() {
        return exact;
    }
    let count = step.operands.len();
    let in_memory = |operand: Option<&AsmOperand>| matches!(operand, Some(AsmOperand::Memory { .. }));
    let first_bits = step.operands.first().map(|first| bits_of(machine, step, first).to_string());
    let form = |row: &&Instruction| {
        let suffix = row.name.strip_prefix(step.mnemonic.as_str()).and_then(|rest| rest.strip_prefix('.'));
        suffix.is_some_and(|suffix| match suffix {
            "load" => row.operands.len() == count && in_memory(step.operands.last()),
            _ if suffix.bytes().all(|byte| byte.is_ascii_digit()) => first_bits.as_deref() == Some(suffix),
            _ => row.operands.len() == count && exact.is_none_or(|exact| exact.operands.len() != count),
        })
    };
    machine.instructions.values().find(form).or(exact)
}

/// Width of an operand where rows have no kinds: a register's own; of memory that of the registers beside it.
fn bits_of(machine: &Machine, step: &AsmStep, operand: &AsmOperand) -> u32 {
    let word = machine.word_bytes * 8;
    match operand {
        AsmOperand::Register(reg) => machine.register(*reg).bits,
        _ => {
            let register = step.operands.iter().find_map(|operand| match operand {
                AsmOperand::Register(reg) => Some(machine.register(*reg).bits),
                _ => None,
            });
            register.unwrap_or(word)
        }
    }
}

fn operands(machine: &Machine, row: &Instruction, step: &AsmStep) -> Vec<Operand> {
    if row.kinds.is_empty() {
        let whole = |operand: &AsmOperand| {
            let bits = bits_of(machine, step, operand);
            match *operand {
                AsmOperand::Register(reg) => Operand::Part { reg, bits, low_bit: 0, above: Above::Keep },
                AsmOperand::Immediate(value) => {
                    Operand::Number { value: i128::from(value) as u128 & ones(bits), bits }
                }
                AsmOperand::Memory { base, offset } => Operand::Memory { base, offset, bits },
                AsmOperand::Step(_) | AsmOperand::Helper(_) => Operand::Other { bits },
            }
        };
        return step.operands.iter().map(whole).collect();
    }
    let flat = step.operands.iter().flat_map(|operand| match *operand {
        AsmOperand::Memory { base, offset } => {
            vec![AsmOperand::Register(base), AsmOperand::Immediate(offset)]
        }
        operand => vec![operand],
    });
    let kinds = row.kinds.iter().map(|&kind| machine.kind(kind));
    let word = machine.word_bytes * 8;
    let operand = |(operand, kind): (AsmOperand, Option<&framewright_spec::encoding::OperandKind>)| {
        let bits = kind.map_or(word, |kind| kind.bits(word));
        match (operand, kind.map(|kind| &kind.form)) {
            (AsmOperand::Register(reg), Some(KindForm::Register { choices, .. })) => {
                let views = choices.iter().flatten().filter_map(|choice| choice.view.as_ref());
                match views.into_iter().find(|view| view.reg == reg) {
                    Some(View { low_bit, above, .. }) => {
                        Operand::Part { reg, bits, low_bit: *low_bit, above: *above }
                    }
                    None => Operand::Other { bits },
                }
            }
            (AsmOperand::Immediate(value), Some(form)) if !matches!(form, KindForm::Code { .. }) => {
                Operand::Number { value: i128::from(value) as u128 & ones(bits), bits }
            }
            _ => Operand::Other { bits },
        }
    };
    flat.zip(kinds).map(operand).collect()
}

/// A row being read in a state.
struct Reading<'a> {
    machine: &'a Machine,
    state: &'a State,
    operands: &'a [Operand],
    lets: Vec<Value>,
}

impl Reading<'_> {
    fn width(&self, width: Width) -> u32 {
        match width {
            Width::Bits(bits) => bits,
            Width::Operand(index) => self.operands.get(index).map_or(0, |operand| operand.bits()),
        }
    }

    fn register(&self, reg: Reg, low_bit: u32, bits: u32) -> Value {
        if low_bit == 0 { low(self.state.get(reg), bits) } else { Value::Any }
    }

    fn address(&self, index: usize) -> Value {
        match self.operands.get(index) {
            Some(&Operand::Memory { base, offset, .. }) => {
                let offset = Value::number(i128::from(offset) as u128, 64);
                sum(self.state.get(base), offset, Function::Add)
            }
            _ => Value::Any,
        }
    }

    fn operand(&self, index: usize) -> Value {
        match self.operands.get(index) {
            Some(&Operand::Part { reg, bits, low_bit, .. }) => self.register(reg, low_bit, bits),
            Some(&Operand::Number { value, bits }) => Value::number(value, bits),
            Some(&Operand::Memory { bits, .. }) => self.state.load(self.address(index), bits),
            Some(Operand::Other { .. }) | None => Value::Any,
        }
    }

    fn value(&self, expr: &Expr) -> Value {
        match expr {
            Expr::Operand(index) => self.operand(*index),
            Expr::Address(index) => self.address(*index),
            Expr::Let(index) => self.lets.get(*index).copied().unwrap_or(Value::Any),
            Expr::Register(reg) => self.state.get(*reg),
            Expr::Const { value, width } => Value::number(*value, self.width(*width)),
            Expr::WidthOf(index) => Value::number(self.width(Width::Operand(*index)).into(), 64),
            Expr::Memory { address, bits } => self.state.load(self.value(address), self.width(*bits)),
            Expr::Apply { function, args } => self.apply(function, args),
            Expr::Ite(parts) => match self.value(&parts[0]) {
                Value::Number { value: 0, .. } => self.value(&parts[2]),
                Value::Number { .. } => self.value(&parts[1]),
                _ => {
                    let [then, otherwise] = [self.value(&parts[1]), self.value(&parts[2])];
                    if then == otherwise { then } else { Value::Any }
                }
            },
            Expr::Extend { signed, value, to } => extended(self.value(value), *signed, self.width(*to)),
            Expr::Truncate { value, to } => low(self.value(value), self.width(*to)),
            Expr::Extract { value, high, low: low_bit } => {
                extracted(self.value(value), *low_bit, *high - *low_bit + 1)
            }
            Expr::Next | Expr::Literal(_) | Expr::Undefined(_) => Value::Any,
        }
    }

    fn apply(&self, function: &Function, args: &[Expr]) -> Value {
        match args {
            [x] => match (function, self.value(x)) {
                (Function::Not, Value::Number { value, bits }) => Value::number(!value, bits),
                (Function::Neg, Value::Number { value, bits }) => Value::number(value.wrapping_neg(), bits),
                _ => Value::Any,
            },
            [x, y] => binary(function, self.value(x), self.value(y)),
            _ => Value::Any,
        }
    }

    fn write(&self, after: &mut State, update: &Update, value: Value) {
        match &update.place {
            Place::Operand(index) => match self.operands.get(*index) {
                Some(&Operand::Part { reg, bits, low_bit, above }) => {
                    self.write_part(after, reg, [low_bit, bits], above, value);
                }
                Some(&Operand::Memory { bits, .. }) => after.store(self.address(*index), bits, value),
                _ => {}
            },
            Place::Register(reg) => after.set(*reg, value),
            Place::Part { reg, low_bit, bits, above } => {
                self.write_part(after, *reg, [*low_bit, *bits], *above, value);
            }
            Place::Memory { address, bits } => {
                after.store(self.value(address), self.width(*bits), value);
            }
        }
    }

    fn write_part(&self, after: &mut State, reg: Reg, part: [u32; 2], above: Above, value: Value) {
        let [low_bit, bits] = part;
        let all = self.machine.register(reg).bits;
        let value = match value {
            _ if low_bit != 0 => Value::Any,
            Value::Number { value, .. } if bits < all && above == Above::Zero => Value::number(value, all),
            Value::Number { .. } | Value::Cfa(_) | Value::Below(_) if bits < all => Value::Any,
            value => low(value, bits),
        };
        after.set(reg, value);
    }
}

fn extended(value: Value, signed: bool, to: u32) -> Value {
    match value {
        Value::Number { value, bits } => {
            let negative = signed && bits > 0 && value >> (bits - 1) & 1 == 1;
            Value::number(if negative { value | !ones(bits) } else { value }, to)
        }
        Value::Entry { .. } => value,
        Value::Cfa(_) | Value::Below(_) if to <= 64 => value,
        Value::Cfa(_) | Value::Below(_) | Value::Any => Value::Any,
    }
}

fn extracted(value: Value, low_bit: u32, bits: u32) -> Value {
    match value {
        Value::Number { value, .. } => Value::number(value >> low_bit, bits),
        value if low_bit == 0 => low(value, bits),
        _ => Value::Any,
    }
}

/// Sum or difference with an address.
fn sum(x: Value, y: Value, function: Function) -> Value {
    let sign = if function == Function::Add { 1 } else { -1 };
    match (x, y) {
        (Value::Cfa(offset), Value::Number { value, .. }) => {
            offset.checked_add(sign * (value as u64 as i64)).map_or(Value::Any, Value::Cfa)
        }
        (Value::Below(offset), Value::Number { value, .. }) => {
            offset.checked_add(sign * (value as u64 as i64)).map_or(Value::Any, Value::Below)
        }
        (Value::Number { .. }, Value::Cfa(_) | Value::Below(_)) if sign == 1 => sum(y, x, function),
        (Value::Cfa(x), Value::Cfa(y)) if sign == -1 => Value::number(i128::from(x - y) as u128, 64),
        (Value::Number { value: x, bits }, Value::Number { value: y, .. }) => {
            let result = if sign == 1 { x.wrapping_add(y) } else { x.wrapping_sub(y) };
            Value::number(result, bits)
        }
        _ => Value::Any,
    }
}

fn binary(function: &Function, x: Value, y: Value) -> Value {
    let amount = |value: u128, bits: u32| u32::try_from(value).unwrap_or(bits).min(bits);
    if matches!(function, Function::Add | Function::Sub) {
        return sum(x, y, function.clone());
    }
    match (function, x, y) {
        // Nothing is shifted, or added bit by bit.
        (
            Function::Shl | Function::LShr | Function::AShr | Function::Or | Function::Xor,
            x,
            Value::Number { value: 0, .. },
        ) => x,
        // Rounded down.
        (Function::And, Value::Cfa(at) | Value::Below(at), Value::Number { .. }) => Value::Below(at),
        (Function::Or | Function::Xor, Value::Number { value: 0, .. }, y) => y,
        (Function::Concat, Value::Number { value: x, bits: high }, Value::Number { value: y, bits: low }) => {
            Value::number(x.checked_shl(low).unwrap_or(0) | y, high.saturating_add(low).min(128))
        }
        (_, Value::Number { value: x, bits }, Value::Number { value: y, .. }) => {
            let truth = |holds: bool| Value::number(holds.into(), 1);
            match function {
                Function::Mul => Value::number(x.wrapping_mul(y), bits),
                Function::And => Value::number(x & y, bits),
                Function::Or => Value::number(x | y, bits),
                Function::Xor => Value::number(x ^ y, bits),
                Function::Shl => Value::number(
                    x.checked_shl(amount(y, bits)).filter(|_| y < bits.into()).unwrap_or(0),
                    bits,
                ),
                Function::LShr => Value::number(
                    x.checked_shr(amount(y, bits)).filter(|_| y < bits.into()).unwrap_or(0),
                    bits,
                ),
                Function::Eq => truth(x == y),
                Function::Ne => truth(x != y),
                Function::Ult => truth(x < y),
                Function::Ule => truth(x <= y),
                _ => Value::Any,
            }
        }
        _ => Value::Any,
    }
}
