//! DWARF expressions in unwinding rules, over any domain of values.
//!
//! What rules use of the language: constants, registers, the stack, arithmetic, comparisons and loads, as in the CFA
//! of a PLT entry. Branches, pieces and whatever speaks of debugging information are unsupported by name.
//! (DWARF 5, 2.5.1 and 6.4.2)

use super::dwarf::Columns;
use crate::decoded::Unsupported;
use crate::eval::State;
use framewright_spec::CodeOffset;
use framewright_spec::meaning::Function;
use gimli::{EndianSlice, Expression, LittleEndian, Operation};

type Op<'a> = Operation<EndianSlice<'a, LittleEndian>>;

/// Most operations of an expression.
const MAX_OPERATIONS: usize = 64;

/// What the expression computes at `pc`, the stack starting with `initial` where there is one.
///
/// # Errors
/// The state's own; and [`Unsupported`] for bytes that are no expression and operations that are not evaluated.
pub fn evaluate<S: State>(
    bytes: &[u8],
    columns: &Columns,
    pc: CodeOffset,
    initial: Option<S::Value>,
    state: &mut S,
) -> Result<S::Value, S::Error> {
    let wrong = |what: String| Unsupported { at: pc, what: format!("a DWARF expression: {what}") };
    let mut stack = Stack { columns, pc, values: initial.into_iter().collect(), state };
    let mut operations = Expression(EndianSlice::new(bytes, LittleEndian)).operations(columns.encoding());
    for _ in 0..MAX_OPERATIONS {
        match operations.next() {
            Err(error) => return Err(wrong(error.to_string()).into()),
            Ok(Some(operation)) => stack.run(&operation)?,
            Ok(None) => {
                let top = stack.values.pop();
                return top.ok_or_else(|| wrong("it leaves nothing on its stack".to_owned()).into());
            }
        }
    }
    Err(wrong(format!("more than {MAX_OPERATIONS} operations")).into())
}

struct Stack<'a, S: State> {
    columns: &'a Columns,
    pc: CodeOffset,
    values: Vec<S::Value>,
    state: &'a mut S,
}

impl<S: State> Stack<'_, S> {
    fn wrong(&self, what: String) -> S::Error {
        Unsupported { at: self.pc, what: format!("a DWARF expression: {what}") }.into()
    }

    fn run(&mut self, operation: &Op<'_>) -> Result<(), S::Error> {
        let bits = self.columns.word_bytes * 8;
        let value = match *operation {
            Operation::Nop => return Ok(()),
            Operation::Drop => return self.pop().map(|_| ()),
            Operation::Swap => return self.rotate(2),
            Operation::Rot => return self.rotate(3),
            Operation::Pick { index } => self.pick(usize::from(index))?,
            Operation::UnsignedConstant { value } | Operation::Address { address: value } => {
                self.number(u128::from(value))
            }
            Operation::SignedConstant { value } => self.number(u128::from(value as u64)),
            Operation::RegisterOffset { register, offset, base_type } if base_type.0 == 0 => {
                let base = self.register(register.0)?;
                self.plus(base, offset as u64)?
            }
            Operation::PlusConstant { value } => {
                let base = self.pop()?;
                self.plus(base, value)?
            }
            // A load gives an address or a part of one (DWARF 5, 2.5.1.3).
            Operation::Deref { base_type, size: size @ (1 | 2 | 4 | 8), space: false }
                if base_type.0 == 0 && u32::from(size) <= self.columns.word_bytes =>
            {
                let address = self.pop()?;
                let read = self.state.read_memory(&address, u32::from(size) * 8, 1)?;
                self.state.extend(&read, bits, false)
            }
            Operation::Neg => self.apply(&Function::Neg, 1)?,
            Operation::Not => self.apply(&Function::Not, 1)?,
            _ => self.binary(operation)?,
        };
        self.values.push(value);
        Ok(())
    }

    fn binary(&mut self, operation: &Op<'_>) -> Result<S::Value, S::Error> {
        let (function, swapped) = match operation {
            Operation::Plus => (Function::Add, false),
            Operation::Minus => (Function::Sub, false),
            Operation::Mul => (Function::Mul, false),
            Operation::And => (Function::And, false),
            Operation::Or => (Function::Or, false),
            Operation::Xor => (Function::Xor, false),
            Operation::Shl => (Function::Shl, false),
            Operation::Shr => (Function::LShr, false),
            Operation::Shra => (Function::AShr, false),
            Operation::Eq => (Function::Eq, false),
            Operation::Ne => (Function::Ne, false),
            Operation::Lt => (Function::Slt, false),
            Operation::Le => (Function::Sle, false),
            Operation::Gt => (Function::Slt, true),
            Operation::Ge => (Function::Sle, true),
            other => return Err(self.wrong(format!("operation {other:?}"))),
        };
        if swapped {
            self.rotate(2)?;
        }
        self.apply(&function, 2)
    }

    /// The function of the topmost values, the top last; a comparison's bit becomes a word.
    fn apply(&mut self, function: &Function, arguments: usize) -> Result<S::Value, S::Error> {
        let at = self.depth(arguments)?;
        let args = self.values.split_off(at);
        let bits = self.columns.word_bytes * 8;
        let one = matches!(function, Function::Eq | Function::Ne | Function::Slt | Function::Sle);
        let value = self.state.apply(function, &args, if one { 1 } else { bits })?;
        Ok(if one { self.state.extend(&value, bits, false) } else { value })
    }

    fn plus(&mut self, base: S::Value, bytes: u64) -> Result<S::Value, S::Error> {
        let bytes = self.number(u128::from(bytes));
        self.state.apply(&Function::Add, &[base, bytes], self.columns.word_bytes * 8)
    }

    fn number(&mut self, value: u128) -> S::Value {
        self.state.constant(value, self.columns.word_bytes * 8)
    }

    fn register(&mut self, number: u16) -> Result<S::Value, S::Error> {
        if self.columns.pc == Some(number) {
            return Ok(self.state.code_address(i64::from(self.pc.0)));
        }
        let Some(reg) = self.columns.register(number) else {
            return Err(self.wrong(format!("register {number}, which the machine does not declare")));
        };
        let value = self.state.read_register(reg);
        let bits = self.columns.word_bytes * 8;
        if self.state.bits(&value) != bits {
            return Err(self.wrong(format!("register {number}, which holds no address")));
        }
        Ok(value)
    }

    fn pick(&mut self, index: usize) -> Result<S::Value, S::Error> {
        let at = self.depth(index + 1)?;
        Ok(self.values[at].clone())
    }

    /// The topmost of `count` values goes below the others.
    fn rotate(&mut self, count: usize) -> Result<(), S::Error> {
        let at = self.depth(count)?;
        self.values[at..].rotate_right(1);
        Ok(())
    }

    fn pop(&mut self) -> Result<S::Value, S::Error> {
        let at = self.depth(1)?;
        Ok(self.values.swap_remove(at))
    }

    /// Index of the lowest of the topmost `count` values.
    fn depth(&self, count: usize) -> Result<usize, S::Error> {
        let at = self.values.len().checked_sub(count);
        at.ok_or_else(|| self.wrong("an operation without its operands".to_owned()))
    }
}
