//! A row and its operands become a word: the bits the row fixes, and each operand's number where its fields
//! are.

use framewright_spec::encoding::{KindForm, OperandKind};
use framewright_spec::meaning::Instruction;
use framewright_spec::{Machine, Reg};

/// An operand of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Value {
    /// A register; where the kind lists parts of registers, its part.
    Register(Reg),
    /// The register that reads zero.
    Zero,
    /// A number; for code the distance from the instruction, in bytes.
    Number(i128),
}

/// The number that stands for an operand in an instruction, if there is one.
pub(crate) fn number(kind: &OperandKind, value: Value) -> Option<u128> {
    let number = match (&kind.form, value) {
        (KindForm::Register { choices, .. }, Value::Register(reg)) => {
            let is = |view: &framewright_spec::machine::View| view.reg == reg && view.low_bit == 0;
            let found = choices.iter().position(|c| c.as_ref().and_then(|c| c.view.as_ref()).is_some_and(is));
            return found.map(|number| number as u128);
        }
        (KindForm::Register { choices, .. }, Value::Zero) => {
            let found = choices.iter().position(|c| c.as_ref().is_some_and(|c| c.view.is_none()));
            return found.map(|number| number as u128);
        }
        (KindForm::Signed { bits } | KindForm::Code { bits }, Value::Number(value)) => {
            let half = 1i128 << (bits - 1);
            (-half <= value && value < half).then_some(value as u128 & ones(*bits))
        }
        (KindForm::Unsigned { bits }, Value::Number(value)) => {
            (0 <= value && value <= ones(*bits) as i128).then_some(value as u128)
        }
        (KindForm::Bitmask { bits }, Value::Number(value)) => {
            let fits = value >= -(1 << (bits - 1)) && value <= ones(*bits) as i128;
            fits.then(|| mask_number(value as u64 & ones(*bits) as u64, *bits)).flatten().map(u128::from)
        }
        _ => None,
    };
    let excluded = matches!(value, Value::Number(value) if kind.excluded.contains(&value));
    number.filter(|_| !excluded)
}

/// The lowest `bits` bits.
fn ones(bits: u32) -> u128 {
    if bits >= 128 { u128::MAX } else { (1 << bits) - 1 }
}

/// A64's `N:immr:imms` of a value: `imms + 1` ones, rotated right by `immr`, in an element that is repeated;
/// the
/// element's size is in the bits above `imms` (Arm ARM DDI 0487, `DecodeBitMasks`).
fn mask_number(value: u64, bits: u32) -> Option<u32> {
    let whole = if bits == 64 { value } else { value | value << 32 };
    let mut size = 64;
    while size > 2
        && whole.rotate_right(size / 2) == whole
        && whole & low(size / 2) == whole >> (size / 2) & low(size / 2)
    {
        size /= 2;
    }
    let element = whole & low(size);
    let count = element.count_ones();
    if count == 0 || count == size {
        return None;
    }
    let rotate_left = |by: u32| (element << by | element >> ((size - by) % size)) & low(size);
    let turned =
        (0..size).find(|&by| if by == 0 { element == low(count) } else { rotate_left(by) == low(count) })?;
    let n = u32::from(size == 64);
    let imms = (!(2 * size - 1) & 0x3f) | (count - 1);
    Some(n << 12 | turned << 6 | imms)
}

fn low(bits: u32) -> u64 {
    if bits >= 64 { u64::MAX } else { (1 << bits) - 1 }
}

/// Whether an operand of a row can be the value: its kind has a number for it, and all bits of that are
/// written.
pub(crate) fn fits(machine: &Machine, row: &Instruction, operand: usize, value: Value) -> bool {
    let Some((kind, encoding)) = kind_of(machine, row, operand).zip(row.encoding.as_ref()) else {
        return false;
    };
    let covered = encoding.fields.iter().filter(|field| field.operand == operand);
    let covered = covered.fold(0, |all, field| all | ones(field.bits) << field.low_in_value);
    number(kind, value).is_some_and(|number| number & !covered == 0)
}

/// The kind of a row's operand.
pub(crate) fn kind_of<'a>(
    machine: &'a Machine,
    row: &Instruction,
    operand: usize,
) -> Option<&'a OperandKind> {
    machine.kind(*row.kinds.get(operand)?)
}

/// The bytes of an instruction.
///
/// # Errors
/// An operand that the row cannot hold, by name and value.
pub(crate) fn encode(machine: &Machine, row: &Instruction, values: &[Value]) -> Result<(u32, u32), String> {
    let Some(encoding) = row.encoding.as_ref().filter(|encoding| !encoding.decode_only) else {
        return Err(format!("`{}` has no encoding", row.name));
    };
    if values.len() != row.operands.len() {
        return Err(format!("`{}` has {} operands, not {}", row.name, row.operands.len(), values.len()));
    }
    let mut word = encoding.value;
    let mut numbers = Vec::with_capacity(values.len());
    for (operand, &value) in values.iter().enumerate() {
        let number = kind_of(machine, row, operand).and_then(|kind| number(kind, value));
        let Some(number) = number.filter(|_| fits(machine, row, operand, value)) else {
            let shown = match value {
                Value::Register(reg) => machine.register(reg).name.clone(),
                Value::Zero => "the zero register".to_owned(),
                Value::Number(number) => number.to_string(),
            };
            return Err(format!("`{}` cannot have {shown} as `{}`", row.name, row.operands[operand]));
        };
        numbers.push(number);
    }
    for field in &encoding.fields {
        let part = numbers[field.operand] >> field.low_in_value & ones(field.bits);
        word |= (part as u32) << field.low_in_word;
    }
    debug_assert_eq!(word & encoding.mask, encoding.value, "{}", row.name);
    debug_assert!(
        encoding.fields.iter().all(|field| {
            let part = numbers[field.operand] >> field.low_in_value & ones(field.bits);
            u128::from(word >> field.low_in_word) & ones(field.bits) == part
        }),
        "{}: fields overlap",
        row.name
    );
    Ok((word, encoding.bytes()))
}

#[cfg(test)]
mod tests {
    use super::mask_number;

    /// `DecodeBitMasks`, the other way round.
    fn decode(number: u32, bits: u32) -> Option<u64> {
        let (n, immr, imms) = (number >> 12, number >> 6 & 0x3f, number & 0x3f);
        let length = 31u32.checked_sub((n << 6 | (!imms & 0x3f)).leading_zeros())?;
        let size = 1u32.checked_shl(length).filter(|&size| size >= 2 && size <= bits)?;
        let (s, r) = (imms & (size - 1), immr & (size - 1));
        if s == size - 1 {
            return None;
        }
        let ones = (1u64 << (s + 1)) - 1;
        let element = (0..size).fold(0, |all, bit| all | (ones >> ((bit + r) % size) & 1) << bit);
        let value = (0..64 / size).fold(0, |all, i| all | element << (i * size));
        Some(if bits == 64 { value } else { value & 0xffff_ffff })
    }

    #[test]
    fn masks_are_read_back() {
        for bits in [32, 64] {
            let mut values = std::collections::BTreeSet::new();
            for number in 0..1 << 13 {
                if let Some(value) = (number != 0).then(|| decode(number, bits)).flatten() {
                    if bits == 32 && number >> 12 == 1 {
                        continue;
                    }
                    values.insert(value);
                    let again = mask_number(value, bits).and_then(|number| decode(number, bits));
                    assert_eq!(again, Some(value), "{number:#x} {bits}");
                }
            }
            assert_eq!(values.len(), if bits == 64 { 5334 } else { 1302 });
            assert_eq!(mask_number(0, bits), None);
            assert_eq!(mask_number(0b101_0011, bits), None);
        }
    }
}
