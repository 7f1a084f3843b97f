//! What a row of the spec means, for any domain of values.
//!
//! ```text
//!                       ┌─ concrete state: numbers        (replay, comparison with the real processor)
//! row + Decoded ─ execute
//!                       └─ symbolic state: terms          (proof)
//! ```
//!
//! Every right-hand side reads the state before the instruction; then all updates happen at once, a later one of
//! the same place winning. Literals take the width of their context. The evaluator knows no machine and no
//! solver; it refuses what does not fit together instead of cutting or extending.

use crate::decoded::{Base, Decoded, MemoryOperand, Operand, Unsupported};
use framewright_spec::machine::{Above, View};
use framewright_spec::meaning::{self, Expr, Function, Instruction, Place, Width};
use framewright_spec::{Machine, Reg};
use smallvec::{SmallVec, smallvec};

/// Width of a literal that nothing gives a width.
const DEFAULT_BITS: u32 = 64;

/// A state that instructions act on, and the operations on its values. Widths of arguments are right by
/// construction: the evaluator checks them.
pub trait State {
    /// A bit vector.
    type Value: Clone;
    /// Why the state cannot go on.
    type Error: From<Unsupported>;

    /// Whether exceptions of instructions (divide by zero) matter to the state. If not, their conditions are not
    /// evaluated, and what is said of an instruction holds where it raises none.
    const EXCEPTIONS: bool = false;

    /// The instruction raises an exception if `condition`, one bit, holds.
    ///
    /// # Errors
    /// The state's own: it cannot go on.
    fn exception(&mut self, condition: &Self::Value) -> Result<(), Self::Error> {
        let _ = condition;
        Ok(())
    }

    /// Whether nothing that is written to a register matters to the state: any value is as good.
    fn ignores(&self, reg: Reg) -> bool {
        let _ = reg;
        false
    }

    /// Width of a value in bits.
    fn bits(&self, value: &Self::Value) -> u32;
    /// The value if it is a known number.
    fn known(&self, value: &Self::Value) -> Option<u128>;
    /// A number; `value` has no bits above `bits`.
    fn constant(&mut self, value: u128, bits: u32) -> Self::Value;
    /// The immediate operand of that number, where the bytes say `value`.
    fn immediate(&mut self, operand: usize, value: u64, bits: u32) -> Self::Value {
        let _ = operand;
        self.constant(u128::from(value), bits)
    }
    /// The displacement of a memory operand, where the bytes say so many.
    fn displacement(&mut self, bytes: i64) -> Self::Value {
        self.constant(u128::from(bytes as u64), DEFAULT_BITS)
    }
    /// The 64-bit address `offset` bytes from the code's first byte.
    fn code_address(&mut self, offset: i64) -> Self::Value;
    /// A value that may be anything. `source` tells the undefined values of one instruction apart: the number of
    /// the update it is for, or that of the shared value, counted on after the updates.
    fn undefined(&mut self, source: u32, bits: u32) -> Self::Value;

    /// A whole register.
    fn read_register(&mut self, reg: Reg) -> Self::Value;
    /// Sets a whole register.
    fn write_register(&mut self, reg: Reg, value: Self::Value);
    /// `bits` (a multiple of 8) of memory, little-endian. `align`: the address must be a multiple of so many bytes.
    ///
    /// # Errors
    /// The state's own: no such memory, or no way to tell.
    fn read_memory(
        &mut self,
        address: &Self::Value,
        bits: u32,
        align: u32,
    ) -> Result<Self::Value, Self::Error>;
    /// Sets memory.
    ///
    /// # Errors
    /// As for reading.
    fn write_memory(
        &mut self,
        address: &Self::Value,
        value: Self::Value,
        align: u32,
    ) -> Result<(), Self::Error>;

    /// The function's value, `bits` wide.
    ///
    /// # Errors
    /// A function that the state has no meaning for.
    fn apply(
        &mut self,
        function: &Function,
        args: &[Self::Value],
        bits: u32,
    ) -> Result<Self::Value, Self::Error>;
    /// `condition` has one bit and is not known; the branches are equally wide.
    fn ite(&mut self, condition: &Self::Value, then: Self::Value, otherwise: Self::Value) -> Self::Value;
    /// Extends to a larger width.
    fn extend(&mut self, value: &Self::Value, to: u32, signed: bool) -> Self::Value;
    /// Bits `high` down to `low`, fewer than all.
    fn extract(&mut self, value: &Self::Value, high: u32, low: u32) -> Self::Value;
}

/// Where control goes after an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flow<V> {
    /// To the next instruction.
    Next,
    /// To the address.
    Jump(V),
    /// To the target if the one-bit condition holds, else to the next instruction.
    Branch {
        /// One bit.
        condition: V,
        /// Address.
        target: V,
    },
    /// To a callee that returns to the next instruction.
    Call(V),
    /// Back to the caller: to the address.
    Return(V),
    /// Nowhere: the instruction raises an exception.
    Trap,
}

/// Does what the instruction does to the state and tells where control goes.
///
/// # Errors
/// The state's own; and [`Unsupported`] where row and operands do not fit together.
pub fn execute<S: State>(
    machine: &Machine,
    decoded: &Decoded,
    state: &mut S,
) -> Result<Flow<S::Value>, S::Error> {
    let Some((_, row)) = machine.instructions.get_index(decoded.row.0 as usize) else {
        return Err(Unsupported { at: decoded.at, what: "no such row".to_owned() }.into());
    };
    let mut eval = Eval {
        row,
        decoded,
        state,
        operands: smallvec![None; decoded.operands.len()],
        lets: smallvec![None; row.lets.len()],
        source: 0,
    };
    if row.operands.len() != decoded.operands.len() {
        return Err(eval.misfit(format_args!("{} operands", decoded.operands.len())));
    }
    if S::EXCEPTIONS
        && let Some(condition) = &row.traps
    {
        let condition = eval.expr(condition, Some(1))?;
        eval.expect_bits(&condition, 1)?;
        eval.state.exception(&condition)?;
    }
    let mut writes: Writes<S::Value> = SmallVec::new();
    for (source, update) in row.updates.iter().enumerate() {
        eval.source = source as u32;
        if let Place::Register(reg) = update.place
            && eval.state.ignores(reg)
        {
            let bits = machine.register(reg).bits;
            let value = eval.state.undefined(eval.source, bits);
            writes.push((Target::Part { reg, low_bit: 0, bits, above: Above::Keep }, value));
            continue;
        }
        let (target, bits) = eval.target(machine, &update.place)?;
        let value = eval.expr(&update.value, Some(bits))?;
        eval.expect_bits(&value, bits)?;
        writes.push((target, value));
    }
    let flow = eval.flow(&row.flow)?;
    for (target, value) in writes {
        match target {
            Target::Part { reg, low_bit, bits, above } => {
                let value = insert(state, machine, reg, (low_bit, bits, above), value)?;
                state.write_register(reg, value);
            }
            Target::Memory { address, align } => state.write_memory(&address, value, align)?,
            Target::Lost => {}
        }
    }
    Ok(flow)
}

/// Updates, evaluated in the state before.
type Writes<V> = SmallVec<[(Target<V>, V); 8]>;

/// A place with its address computed in the state before.
enum Target<V> {
    Part {
        reg: Reg,
        low_bit: u32,
        bits: u32,
        above: Above,
    },
    Memory {
        address: V,
        align: u32,
    },
    /// The zero register.
    Lost,
}

/// The whole register after a write to bits `low_bit..low_bit + bits` of it.
fn insert<S: State>(
    state: &mut S,
    machine: &Machine,
    reg: Reg,
    (low_bit, bits, above): (u32, u32, Above),
    value: S::Value,
) -> Result<S::Value, S::Error> {
    let whole = machine.register(reg).bits;
    let above_part = low_bit + bits;
    let mut value = value;
    if low_bit > 0 {
        let old = state.read_register(reg);
        let below = state.extract(&old, low_bit - 1, 0);
        value = state.apply(&Function::Concat, &[value, below], above_part)?;
    }
    if above_part == whole {
        return Ok(value);
    }
    match above {
        Above::Zero => Ok(state.extend(&value, whole, false)),
        Above::Keep => {
            let old = state.read_register(reg);
            let rest = state.extract(&old, whole - 1, above_part);
            state.apply(&Function::Concat, &[rest, value], whole)
        }
    }
}

struct Eval<'a, S: State> {
    row: &'a Instruction,
    decoded: &'a Decoded,
    state: &'a mut S,
    /// Values of operands already read, so that memory is read once.
    operands: SmallVec<[Option<S::Value>; 3]>,
    lets: SmallVec<[Option<S::Value>; 4]>,
    /// See [`State::undefined`].
    source: u32,
}

impl<'a, S: State> Eval<'a, S> {
    fn misfit(&self, what: impl std::fmt::Display) -> S::Error {
        Unsupported { at: self.decoded.at, what: format!("row `{}` does not fit: {what}", self.row.name) }
            .into()
    }

    fn expect_bits(&self, value: &S::Value, bits: u32) -> Result<(), S::Error> {
        let found = self.state.bits(value);
        if found == bits { Ok(()) } else { Err(self.misfit(format_args!("{found} bits for {bits}"))) }
    }

    fn target(&mut self, machine: &Machine, place: &Place) -> Result<(Target<S::Value>, u32), S::Error> {
        match *place {
            Place::Operand(index) => match self.operand_ref(index)? {
                Operand::Part(view) => {
                    let View { reg, low_bit, bits, above } = *view;
                    Ok((Target::Part { reg, low_bit, bits, above }, bits))
                }
                Operand::Memory(memory) => {
                    let address = self.address(memory)?;
                    Ok((Target::Memory { address, align: memory.align }, memory.bits))
                }
                Operand::Zero { bits } => Ok((Target::Lost, *bits)),
                Operand::Immediate { .. } | Operand::Code(_) => Err(self.misfit("it writes a constant")),
            },
            Place::Register(reg) => {
                let bits = machine.register(reg).bits;
                Ok((Target::Part { reg, low_bit: 0, bits, above: Above::Keep }, bits))
            }
            Place::Part { reg, low_bit, bits, above } => {
                Ok((Target::Part { reg, low_bit, bits, above }, bits))
            }
            Place::Memory { ref address, bits } => {
                let address = self.expr(address, Some(DEFAULT_BITS))?;
                Ok((Target::Memory { address, align: 1 }, self.width(bits)?))
            }
        }
    }

    fn flow(&mut self, flow: &meaning::Flow) -> Result<Flow<S::Value>, S::Error> {
        let address = Some(DEFAULT_BITS);
        Ok(match flow {
            meaning::Flow::Next => Flow::Next,
            meaning::Flow::Jump(target) => Flow::Jump(self.expr(target, address)?),
            meaning::Flow::Branch { condition, target } => {
                let condition = self.expr(condition, Some(1))?;
                self.expect_bits(&condition, 1)?;
                Flow::Branch { condition, target: self.expr(target, address)? }
            }
            meaning::Flow::Call(target) => Flow::Call(self.expr(target, address)?),
            meaning::Flow::Return(target) => Flow::Return(self.expr(target, address)?),
            meaning::Flow::Trap => Flow::Trap,
        })
    }

    fn operand_ref(&self, index: usize) -> Result<&'a Operand, S::Error> {
        self.decoded.operands.get(index).ok_or_else(|| self.misfit(format_args!("no operand {index}")))
    }

    fn width(&self, width: Width) -> Result<u32, S::Error> {
        match width {
            Width::Bits(bits) => Ok(bits),
            Width::Operand(index) => Ok(self.operand_ref(index)?.bits()),
        }
    }

    fn operand(&mut self, index: usize) -> Result<S::Value, S::Error> {
        if let Some(Some(value)) = self.operands.get(index) {
            return Ok(value.clone());
        }
        let value = match self.operand_ref(index)? {
            Operand::Part(view) => {
                let whole = self.state.read_register(view.reg);
                self.bits_of(whole, view.low_bit + view.bits - 1, view.low_bit)?
            }
            Operand::Memory(memory) => {
                let address = self.address(memory)?;
                self.state.read_memory(&address, memory.bits, memory.align)?
            }
            Operand::Zero { bits } => self.state.constant(0, *bits),
            Operand::Immediate { value, bits } => self.state.immediate(index, *value, *bits),
            Operand::Code(offset) => self.state.code_address(*offset),
        };
        self.operands[index] = Some(value.clone());
        Ok(value)
    }

    fn address(&mut self, memory: &MemoryOperand) -> Result<S::Value, S::Error> {
        let mut sum = match memory.base {
            Base::Code => return Ok(self.state.code_address(memory.displacement)),
            Base::Register(reg) => Some(self.state.read_register(reg)),
            Base::Zero => None,
        };
        if let Some((reg, scale)) = memory.index {
            let mut index = self.state.read_register(reg);
            if scale != 1 {
                let scale = self.state.constant(u128::from(scale), DEFAULT_BITS);
                index = self.state.apply(&Function::Mul, &[index, scale], DEFAULT_BITS)?;
            }
            sum = Some(match sum {
                Some(base) => self.state.apply(&Function::Add, &[base, index], DEFAULT_BITS)?,
                None => index,
            });
        }
        let displacement = self.state.displacement(memory.displacement);
        match sum {
            Some(sum) if memory.displacement == 0 => Ok(sum),
            Some(sum) => self.state.apply(&Function::Add, &[sum, displacement], DEFAULT_BITS),
            None => Ok(displacement),
        }
    }

    /// `want`: the width that the context gives to an expression that has none of its own.
    fn expr(&mut self, expr: &Expr, want: Option<u32>) -> Result<S::Value, S::Error> {
        match expr {
            Expr::Operand(index) => self.operand(*index),
            Expr::Address(index) => match self.decoded.operands.get(*index) {
                Some(Operand::Memory(memory)) => self.address(memory),
                _ => Err(self.misfit("address of an operand that is not memory")),
            },
            Expr::Let(index) => self.shared(*index),
            Expr::Register(reg) => Ok(self.state.read_register(*reg)),
            Expr::Next => Ok(self.state.code_address(i64::from(self.decoded.next().0))),
            Expr::Const { value, width } => {
                let bits = self.width(*width)?;
                self.number(*value, bits)
            }
            Expr::Literal(value) => self.number(*value, want.unwrap_or(DEFAULT_BITS)),
            Expr::WidthOf(index) => {
                let number = u128::from(self.operand_ref(*index)?.bits());
                self.number(number, want.unwrap_or(DEFAULT_BITS))
            }
            Expr::Memory { address, bits } => {
                let address = self.expr(address, Some(DEFAULT_BITS))?;
                let bits = self.width(*bits)?;
                self.state.read_memory(&address, bits, 1)
            }
            Expr::Apply { function, args } => self.apply(function, args, want),
            Expr::Ite(parts) => self.choose(parts, want),
            Expr::Extend { signed, value, to } => self.extended(value, *to, *signed),
            Expr::Truncate { value, to } => {
                let value = self.expr(value, None)?;
                let bits = self.width(*to)?;
                self.bits_of(value, bits.saturating_sub(1), 0)
            }
            Expr::Extract { value, high, low } => {
                let value = self.expr(value, None)?;
                self.bits_of(value, *high, *low)
            }
            Expr::Undefined(width) => {
                let bits = self.width(*width)?;
                Ok(self.state.undefined(self.source, bits))
            }
        }
    }

    /// Whether two operands are the same part of the same register.
    fn same_part(&self, a: usize, b: usize) -> bool {
        match (self.decoded.operands.get(a), self.decoded.operands.get(b)) {
            (Some(Operand::Part(a)), Some(Operand::Part(b))) => a == b,
            _ => false,
        }
    }

    fn shared(&mut self, index: usize) -> Result<S::Value, S::Error> {
        if let Some(Some(value)) = self.lets.get(index) {
            return Ok(value.clone());
        }
        let row = self.row;
        let Some((_, expr)) = row.lets.get(index) else {
            return Err(self.misfit(format_args!("no shared value {index}")));
        };
        let outer = std::mem::replace(&mut self.source, (row.updates.len() + index) as u32);
        let value = self.expr(expr, None)?;
        self.source = outer;
        self.lets[index] = Some(value.clone());
        Ok(value)
    }

    fn number(&mut self, value: u128, bits: u32) -> Result<S::Value, S::Error> {
        if bits == 0 || bits > 128 || (bits < 128 && value >> bits != 0) {
            return Err(self.misfit(format_args!("{value:#x} in {bits} bits")));
        }
        Ok(self.state.constant(value, bits))
    }

    fn bits_of(&mut self, value: S::Value, high: u32, low: u32) -> Result<S::Value, S::Error> {
        let bits = self.state.bits(&value);
        if high >= bits || low > high {
            return Err(self.misfit(format_args!("bits {high}..{low} of {bits}")));
        }
        if low == 0 && high + 1 == bits {
            return Ok(value);
        }
        Ok(self.state.extract(&value, high, low))
    }

    fn extended(&mut self, value: &Expr, to: Width, signed: bool) -> Result<S::Value, S::Error> {
        let value = self.expr(value, None)?;
        let to = self.width(to)?;
        match to.cmp(&self.state.bits(&value)) {
            std::cmp::Ordering::Less => Err(self.misfit("it extends to a smaller width")),
            std::cmp::Ordering::Equal => Ok(value),
            std::cmp::Ordering::Greater => Ok(self.state.extend(&value, to, signed)),
        }
    }

    fn choose(
        &mut self,
        [condition, then, otherwise]: &[Expr; 3],
        want: Option<u32>,
    ) -> Result<S::Value, S::Error> {
        let condition = self.expr(condition, Some(1))?;
        self.expect_bits(&condition, 1)?;
        // A branch not taken is not evaluated, but it may be what gives the other its width.
        if let Some(known) = self.state.known(&condition) {
            let (taken, other) = if known == 1 { (then, otherwise) } else { (otherwise, then) };
            if want.is_some() || !has_no_width(taken) {
                return self.expr(taken, want);
            }
            let other = self.expr(other, None)?;
            let bits = self.state.bits(&other);
            return self.expr(taken, Some(bits));
        }
        let (then, otherwise) = self.pair(then, otherwise, want)?;
        Ok(self.state.ite(&condition, then, otherwise))
    }

    /// Two expressions of one width.
    fn pair(&mut self, a: &Expr, b: &Expr, want: Option<u32>) -> Result<(S::Value, S::Value), S::Error> {
        let (a, b) = if want.is_none() && has_no_width(a) {
            let b = self.expr(b, None)?;
            let bits = self.state.bits(&b);
            (self.expr(a, Some(bits))?, b)
        } else {
            let a = self.expr(a, want)?;
            let bits = self.state.bits(&a);
            let b = self.expr(b, Some(bits))?;
            (a, b)
        };
        let bits = self.state.bits(&a);
        self.expect_bits(&b, bits)?;
        Ok((a, b))
    }

    fn apply(&mut self, function: &Function, args: &[Expr], want: Option<u32>) -> Result<S::Value, S::Error> {
        use Function as F;
        let comparison = matches!(function, F::Eq | F::Ne | F::Ult | F::Ule | F::Slt | F::Sle);
        match (function, args) {
            (F::Uninterpreted { bits, .. }, [first, rest @ ..]) => {
                let first = self.expr(first, None)?;
                let width = self.state.bits(&first);
                let mut values: SmallVec<[S::Value; 3]> = smallvec![first];
                for arg in rest {
                    values.push(self.expr(arg, Some(width))?);
                }
                let bits = if *bits == 0 { width } else { *bits };
                self.state.apply(function, &values, bits)
            }
            (F::Concat, [high, low]) => {
                let values = [self.expr(high, None)?, self.expr(low, None)?];
                let bits = self.state.bits(&values[0]) + self.state.bits(&values[1]);
                self.state.apply(function, &values, bits)
            }
            (F::Not | F::Neg | F::LeadingZeros | F::TrailingZeros | F::Popcount, [arg]) => {
                let value = self.expr(arg, want)?;
                let bits = self.state.bits(&value);
                self.state.apply(function, &[value], bits)
            }
            (F::Parity, [arg]) => {
                let value = self.expr(arg, None)?;
                self.state.apply(function, &[value], 1)
            }
            // Known without knowing the register: how code makes zeros.
            (F::Xor | F::Sub, [Expr::Operand(a), Expr::Operand(b)]) if self.same_part(*a, *b) => {
                let bits = self.operand_ref(*a)?.bits();
                Ok(self.state.constant(0, bits))
            }
            (_, [a, b]) => {
                let (a, b) = self.pair(a, b, if comparison { None } else { want })?;
                let bits = if comparison { 1 } else { self.state.bits(&a) };
                self.state.apply(function, &[a, b], bits)
            }
            _ => Err(self.misfit(format_args!("{function:?} of {} arguments", args.len()))),
        }
    }
}

/// Whether an expression takes its width from its context.
fn has_no_width(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_) | Expr::WidthOf(_) => true,
        Expr::Ite(parts) => has_no_width(&parts[1]) && has_no_width(&parts[2]),
        Expr::Apply { function, args } => {
            let keeps_width = !matches!(
                function,
                Function::Eq
                    | Function::Ne
                    | Function::Ult
                    | Function::Ule
                    | Function::Slt
                    | Function::Sle
                    | Function::Parity
                    | Function::Concat
                    | Function::Uninterpreted { .. }
            );
            keeps_width && args.iter().all(has_no_width)
        }
        _ => false,
    }
}
