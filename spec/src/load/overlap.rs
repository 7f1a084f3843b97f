//! No word is two instructions: of two rows that match a common word one is a special case of the other, and then
//! it is the special one.

use super::Declared;
use crate::SpecError;
use crate::encoding::{Encoding, KindForm, OperandKind};
use crate::machine::Machine;
use crate::meaning::Instruction;

/// Free bits of an operand up to which all its values are tried.
const FREE_LIMIT: usize = 12;

/// Checks the rows of a machine; `rows` are where they are declared, in their order.
pub(super) fn check(machine: &Machine, rows: &[Declared<'_>]) -> Result<(), SpecError> {
    let patterns: Vec<(&Instruction, Declared<'_>)> =
        machine.instructions.values().zip(rows.iter().copied()).collect();
    if !machine.instructions.values().any(|row| row.encoding.is_some()) {
        return Ok(());
    }
    let mut with_bits: Vec<(&Instruction, &Encoding, Declared<'_>)> = Vec::new();
    for (row, declared) in patterns {
        let Some(encoding) = &row.encoding else {
            let of = format!("instruction `{}`", row.name);
            let error = SpecError::Missing { what: "bit pattern (`bits \"…\"`)", of };
            let help = format!("all rows of machine `{}` have one, or none", machine.name);
            return Err(error.at(declared.source, declared.heading_span()).with_help(Some(help)));
        };
        for (other, other_encoding, other_declared) in &with_bits {
            if ambiguous(machine, (row, encoding), (other, other_encoding)) {
                let first = format!("`{}`", other.name);
                let error = SpecError::AmbiguousEncoding { first, second: format!("`{}`", row.name) };
                let error = error.at(declared.source, declared.heading_span());
                let same = std::ptr::eq(other_declared.source, declared.source);
                let span = other_declared.heading_span();
                return Err(if same { error.with_also(span, "the other") } else { error });
            }
        }
        with_bits.push((row, encoding, declared));
    }
    Ok(())
}

/// Whether some word is both, and neither row is a special case of the other.
fn ambiguous(machine: &Machine, a: (&Instruction, &Encoding), b: (&Instruction, &Encoding)) -> bool {
    let common = a.1.mask & b.1.mask;
    if (a.1.value ^ b.1.value) & common != 0 {
        return false;
    }
    // A shorter instruction is told by its own bits, whatever follows it.
    if a.1.bits == b.1.bits && (a.1.is_special_case_of(b.1) || b.1.is_special_case_of(a.1)) {
        return false;
    }
    let (mask, value) = (a.1.mask | b.1.mask, a.1.value | b.1.value);
    !excludes(machine, a, mask, value) && !excludes(machine, b, mask, value)
}

/// Whether the row matches no word with these bits, because an operand of it has no such value.
fn excludes(machine: &Machine, (row, encoding): (&Instruction, &Encoding), mask: u32, value: u32) -> bool {
    let operands = row.kinds.iter().enumerate();
    operands.filter_map(|(index, &id)| Some((index, machine.kind(id)?))).any(|(index, kind)| {
        let (mut known, mut ones, mut covered) = (0u64, 0u64, 0u64);
        for field in encoding.fields.iter().filter(|field| field.operand == index) {
            for i in 0..field.bits {
                let bit = 1u64 << (field.low_in_value + i);
                covered |= bit;
                if mask >> (field.low_in_word + i) & 1 == 0 {
                    continue;
                }
                let one = value >> (field.low_in_word + i) & 1 == 1;
                if known & bit != 0 && (ones & bit != 0) != one {
                    return true;
                }
                known |= bit;
                ones |= if one { bit } else { 0 };
            }
        }
        has_exclusions(kind) && all_excluded(kind, ones, covered & !known)
    })
}

fn has_exclusions(kind: &OperandKind) -> bool {
    match &kind.form {
        KindForm::Register { choices, .. } => choices.contains(&None),
        _ => !kind.excluded.is_empty(),
    }
}

/// Whether every number with these bits, the free ones being anything, is excluded.
fn all_excluded(kind: &OperandKind, ones: u64, free: u64) -> bool {
    let places: Vec<u32> = (0..64).filter(|i| free >> i & 1 == 1).collect();
    if places.len() > FREE_LIMIT {
        return false;
    }
    (0..1u64 << places.len()).all(|choice| {
        let set = places.iter().enumerate().map(|(i, &place)| (choice >> i & 1) << place);
        let number = set.fold(ones, |number, bit| number | bit);
        match &kind.form {
            KindForm::Register { choices, .. } => choices.get(number as usize).is_none_or(Option::is_none),
            KindForm::Signed { bits } | KindForm::Code { bits } => {
                let shift = 64 - bits;
                kind.excluded.contains(&i128::from((number << shift) as i64 >> shift))
            }
            KindForm::Unsigned { .. } => kind.excluded.contains(&i128::from(number)),
            KindForm::Bitmask { .. } => false,
        }
    })
}
