//! What a function's body says without translation, in one linear read: whom it can call, and its operators.

use super::Module;
use crate::CompileError;
use std::collections::BTreeSet;
use wasmparser::{BinaryReader, FunctionBody, Operator};

/// What a function can call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callees {
    /// Functions it calls by index.
    pub functions: BTreeSet<u32>,
    /// Type indices of its indirect calls.
    pub types: BTreeSet<u32>,
}

impl Module {
    /// What the function at an index of the function space can call; nothing if it is imported.
    ///
    /// # Errors
    /// A malformed body, which a validated module has not.
    pub fn callees(&self, function: u32) -> Result<Callees, CompileError> {
        let mut callees = Callees::default();
        self.operators(function, |operator, _| match operator {
            Operator::Call { function_index } => drop(callees.functions.insert(*function_index)),
            Operator::CallIndirect { type_index, .. } => drop(callees.types.insert(*type_index)),
            _ => {}
        })?;
        Ok(callees)
    }

    /// The operators of a function, a line each, by their offsets in the module.
    ///
    /// # Errors
    /// As [`Module::callees`].
    pub fn listing(&self, function: u32) -> Result<String, CompileError> {
        let mut text = String::new();
        self.operators(function, |operator, offset| text += &format!("  {offset:06x}  {operator:?}\n"))?;
        Ok(text)
    }

    fn operators(&self, function: u32, mut each: impl FnMut(&Operator<'_>, u64)) -> Result<(), CompileError> {
        let body = function.checked_sub(self.imported_functions).and_then(|i| self.bodies.get(i as usize));
        let Some(range) = body else { return Ok(()) };
        let reader = BinaryReader::new(&self.bytes[range.clone()], range.start as u64);
        let mut operators = FunctionBody::new(reader).get_operators_reader().map_err(invalid)?;
        while !operators.eof() {
            let offset = operators.original_position();
            each(&operators.read().map_err(invalid)?, offset);
        }
        Ok(())
    }
}

fn invalid(error: wasmparser::BinaryReaderError) -> CompileError {
    CompileError::Invalid { offset: error.offset() as usize, message: error.message().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_direct_and_indirect_calls() {
        let text = b"(module (type (func)) (import \"a\" \"b\" (func)) (table 1 funcref)
            (func call 0 i32.const 0 call_indirect (type 0) (block call 2)) (func))";
        let module = Module::parse(text).expect("valid");
        let callees = module.callees(1).expect("valid");
        assert_eq!(callees, Callees { functions: [0, 2].into(), types: [0].into() });
        assert_eq!(module.callees(0).expect("imported"), Callees::default());
    }
}
