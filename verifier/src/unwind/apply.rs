//! What a row says, in any domain of values: the caller's SP and registers, from a state at the row's instructions.

use super::dwarf::Columns;
use super::expression::evaluate;
use super::{Cfa, Row, Rule};
use crate::eval::State;
use framewright_spec::meaning::Function;
use framewright_spec::{CodeOffset, Reg};

/// A row's instruction and the state before it.
pub struct At<'a, S: State> {
    /// Its machine's numbers of registers in expressions.
    pub columns: &'a Columns,
    /// The instruction.
    pub at: CodeOffset,
    /// The state.
    pub state: &'a mut S,
}

impl<S: State> At<'_, S> {
    /// The CFA.
    ///
    /// # Errors
    /// An expression that is not supported, or the state's own.
    pub fn cfa(&mut self, row: &Row) -> Result<S::Value, S::Error> {
        match &row.cfa {
            Cfa::Offset(reg, offset) => {
                let base = self.state.read_register(*reg);
                self.add(base, *offset)
            }
            Cfa::Expression(bytes) => evaluate(bytes, self.columns, self.at, None, self.state),
        }
    }

    /// The low `bits` that a register held at the call; `None` if the row says that they are lost.
    ///
    /// # Errors
    /// As for [`At::cfa`].
    pub fn value(
        &mut self,
        rule: &Rule,
        reg: Reg,
        bits: u32,
        cfa: &S::Value,
    ) -> Result<Option<S::Value>, S::Error> {
        let value = match rule {
            Rule::Undefined => return Ok(None),
            Rule::SameValue => self.state.read_register(reg),
            Rule::Register(other) => self.state.read_register(*other),
            Rule::At(offset) => {
                let address = self.add(cfa.clone(), *offset)?;
                self.state.read_memory(&address, bits, 1)?
            }
            Rule::Is(offset) => self.add(cfa.clone(), *offset)?,
            Rule::AtExpression(bytes) => {
                let address = self.expression(bytes, cfa)?;
                self.state.read_memory(&address, bits, 1)?
            }
            Rule::IsExpression(bytes) => self.expression(bytes, cfa)?,
        };
        let low =
            if self.state.bits(&value) > bits { self.state.extract(&value, bits - 1, 0) } else { value };
        Ok(Some(low))
    }

    /// An address without the signature that was made with the CFA.
    ///
    /// # Errors
    /// The state's own.
    pub fn authenticated(&mut self, address: S::Value, cfa: &S::Value) -> Result<S::Value, S::Error> {
        let function = Function::Uninterpreted { name: "address.authenticate_a".to_owned(), bits: 0 };
        let bits = self.state.bits(&address);
        self.state.apply(&function, &[address, cfa.clone()], bits)
    }

    fn expression(&mut self, bytes: &[u8], cfa: &S::Value) -> Result<S::Value, S::Error> {
        evaluate(bytes, self.columns, self.at, Some(cfa.clone()), self.state)
    }

    fn add(&mut self, base: S::Value, offset: i64) -> Result<S::Value, S::Error> {
        let offset = self.state.constant(u128::from(offset as u64), 64);
        self.state.apply(&Function::Add, &[base, offset], 64)
    }
}
