//! Instructions of a row: extremes of every operand, one after another, and some of all.

use crate::random::Random;
use framewright_spec::encoding::{Encoding, KindForm, OperandKind};
use framewright_spec::{CodeOffset, Machine};
use framewright_verifier::target::Decoder;

/// One instruction.
pub(crate) struct Sample {
    /// Index of its row.
    pub(crate) row: usize,
    /// The operands' numbers, in order.
    pub(crate) numbers: Vec<u64>,
    /// The instruction.
    pub(crate) bytes: Vec<u8>,
    /// Its text, by the row.
    pub(crate) text: String,
}

/// The word of a row with the operands' numbers in their places; bits that may be anything are taken from `free`.
pub(crate) fn word(encoding: &Encoding, numbers: &[u64], free: u32) -> u32 {
    let mut word = encoding.value;
    let mut taken = encoding.mask;
    for field in &encoding.fields {
        let mask = ((1u64 << field.bits) - 1) as u32;
        let number = numbers.get(field.operand).map_or(0, |number| (number >> field.low_in_value) as u32);
        word |= (number & mask) << field.low_in_word;
        taken |= mask << field.low_in_word;
    }
    let all = if encoding.bits == 32 { u32::MAX } else { (1 << encoding.bits) - 1 };
    word | free & !taken & all
}

/// The first bytes of a word.
pub(crate) fn bytes(encoding: &Encoding, word: u32) -> Vec<u8> {
    word.to_le_bytes()[..encoding.bytes() as usize].to_vec()
}

/// Samples of a row that the decoder reads as this row; words that belong to a special case of it do not count.
pub(crate) fn samples(
    machine: &Machine,
    decoder: &dyn Decoder,
    row: usize,
    random: &mut Random,
) -> Vec<Sample> {
    let Some((_, instruction)) = machine.instructions.get_index(row) else { return Vec::new() };
    let Some(encoding) = &instruction.encoding else { return Vec::new() };
    let choices: Vec<Vec<u64>> = (0..instruction.kinds.len())
        .map(|operand| {
            let kind = machine.kind(instruction.kinds[operand]);
            kind.map_or_else(Vec::new, |kind| numbers(kind, covered(encoding, operand), random))
        })
        .collect();
    let pick = |random: &mut Random| -> Vec<u64> {
        choices.iter().map(|numbers| if numbers.is_empty() { 0 } else { random.pick(numbers) }).collect()
    };
    let mut all = vec![pick(random), pick(random), pick(random)];
    for (operand, numbers) in choices.iter().enumerate() {
        for &number in numbers {
            let mut numbers = pick(random);
            numbers[operand] = number;
            all.push(numbers);
        }
    }
    let read = all.into_iter().filter_map(|numbers| {
        let bytes = bytes(encoding, word(encoding, &numbers, random.word() as u32));
        let found = decoder.decode(&bytes, CodeOffset(0)).ok()?;
        let text = decoder.text(&bytes, CodeOffset(0));
        (usize::from(found.row.0) == row).then_some(Sample { row, numbers, bytes, text })
    });
    read.collect()
}

/// Bits of the operand's number that stand in the instruction.
pub(crate) fn covered(encoding: &Encoding, operand: usize) -> u64 {
    let fields = encoding.fields.iter().filter(|field| field.operand == operand);
    fields.fold(0, |bits, field| bits | ((1u64 << field.bits) - 1) << field.low_in_value)
}

/// Numbers that an operand may have: all registers and names; of others the extremes and some.
fn numbers(kind: &OperandKind, covered: u64, random: &mut Random) -> Vec<u64> {
    let mut numbers: Vec<u64> = match &kind.form {
        KindForm::Register { choices, .. } => {
            (0..).zip(choices).filter(|(_, choice)| choice.is_some()).map(|(number, _)| number).collect()
        }
        KindForm::Bitmask { .. } => {
            // A rotation past the element is another spelling of the same value.
            let canonical = |number: &u64| {
                let element = (number >> 6 & 64 | !number & 63).checked_ilog2().map_or(0, |log| 1u64 << log);
                number >> 6 & 63 < element.max(1)
            };
            (0..60).map(|_| random.word() & covered).filter(canonical).collect()
        }
        KindForm::Unsigned { bits } if !kind.names.is_empty() => (0..1 << bits).collect(),
        _ => {
            let highest = covered.checked_ilog2().map_or(0, |bit| 1u64 << bit);
            let mut numbers = vec![0, covered, highest, covered & !highest, covered & covered.wrapping_neg()];
            numbers.extend((0..4).map(|_| random.word()));
            numbers
        }
    };
    numbers.iter_mut().for_each(|number| *number &= covered);
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
