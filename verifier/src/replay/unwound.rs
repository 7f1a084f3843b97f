//! What an unwinder computes from a state by the row that a counterexample disputes.

use crate::concrete::{Bits, ConcreteState, mask};
use crate::counterexample::Counterexample;
use crate::eval::State;
use crate::unwind::{self, Cfa, Given, Rule, dwarf::Columns, expression::evaluate};
use framewright_spec::{CodeOffset, Machine, Reg};

/// The value that the row of `pc` gives in a state; `None` if there is no such row or it gives none. The state's
/// accesses are those of the unwinder.
pub(super) fn given(
    counterexample: &Counterexample,
    machine: &Machine,
    state: &mut ConcreteState,
    (data, pc, given): (u32, CodeOffset, Given),
) -> Option<u128> {
    let claim = &counterexample.claim;
    let data = claim.unwind.get(data as usize)?;
    let table = unwind::table(machine, data, &counterexample.bytes, claim.data.0).ok()?;
    let row = table.at(pc)?;
    let columns = Columns::new(machine);
    state.accesses.clear();
    let mut unwinder = Unwinder { columns: &columns, pc, state };
    let cfa = match &row.cfa {
        Cfa::Offset(reg, bytes) => (unwinder.state.register(*reg) as u64).wrapping_add_signed(*bytes),
        Cfa::Expression(bytes) => unwinder.expression(bytes, None)?,
    };
    match given {
        Given::Cfa => Some(u128::from(cfa)),
        Given::ReturnAddress if row.return_address == Rule::SameValue => None,
        Given::ReturnAddress => unwinder.value(&row.return_address, machine.sp, machine.word_bytes * 8, cfa),
        Given::Register(reg, bits) => {
            unwinder.value(row.rule(reg).unwrap_or(&Rule::SameValue), reg, bits, cfa)
        }
    }
}

struct Unwinder<'a> {
    columns: &'a Columns,
    pc: CodeOffset,
    state: &'a mut ConcreteState,
}

impl Unwinder<'_> {
    fn value(&mut self, rule: &Rule, own: Reg, bits: u32, cfa: u64) -> Option<u128> {
        let value = match rule {
            Rule::Undefined => return None,
            Rule::SameValue => self.state.register(own),
            Rule::Register(other) => self.state.register(*other),
            Rule::At(bytes) => self.read(cfa.wrapping_add_signed(*bytes), bits)?,
            Rule::Is(bytes) => u128::from(cfa.wrapping_add_signed(*bytes)),
            Rule::AtExpression(bytes) => {
                let address = self.expression(bytes, Some(cfa))?;
                self.read(address, bits)?
            }
            Rule::IsExpression(bytes) => u128::from(self.expression(bytes, Some(cfa))?),
        };
        Some(value & mask(bits))
    }

    fn read(&mut self, address: u64, bits: u32) -> Option<u128> {
        let address = Bits::new(u128::from(address), 64);
        self.state.read_memory(&address, bits, 1).ok().map(|value| value.value)
    }

    fn expression(&mut self, bytes: &[u8], initial: Option<u64>) -> Option<u64> {
        let initial = initial.map(|cfa| Bits::new(u128::from(cfa), 64));
        let value = evaluate(bytes, self.columns, self.pc, initial, self.state);
        value.ok().map(|value| value.value as u64)
    }
}
