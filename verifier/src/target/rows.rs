//! Machines whose rows have bit patterns: the rows are the decoder.
//!
//! ```text
//! word ──a few bits──▶ candidates, special cases first ──mask, operands──▶ the row that matches
//! ```
//!
//! Written from the patterns alone, apart from the encoder that reads them too. It knows no machine.

use super::template::{Number, StepOperand, Template};
use crate::decoded::{Decoded, Operand, RowId, Unsupported};
use framewright_spec::encoding::{Encoding, Field, KindForm, OperandKind};
use framewright_spec::meaning::Instruction;
use framewright_spec::{CodeOffset, Machine, Reg};
use smallvec::SmallVec;
use std::cmp::Reverse;

/// Bits of the instruction by which candidates are found.
const INDEX_BITS: usize = 11;

/// Decoder with the machine's rows.
#[derive(Debug)]
pub struct Decoder {
    machine: Machine,
    rows: Vec<Row>,
    /// Places of the bits that make up the index, lowest first.
    index_bits: Vec<u32>,
    /// For each index, candidates in the order to be tried.
    candidates: Vec<Vec<u16>>,
}

/// A row's pattern.
#[derive(Debug)]
struct Row {
    id: RowId,
    bytes: u32,
    mask: u32,
    value: u32,
    operands: Vec<(OperandKind, Vec<Field>)>,
}

/// An operand, and the number by which its kind spells it.
struct Read {
    operand: Operand,
    shown: i128,
}

impl Decoder {
    /// Indexes the rows of a machine.
    pub fn new(machine: &Machine) -> Decoder {
        let coded = machine.instructions.values().enumerate();
        let coded = coded.filter_map(|(index, row)| Some((index, row, row.encoding.as_ref()?)));
        let mut coded: Vec<(usize, &Instruction, &Encoding)> = coded.collect();
        coded.sort_by_cached_key(|(_, _, e)| Reverse((e.mask.count_ones(), e.equal_bits())));
        let rows = coded.iter().filter_map(|&(index, row, encoding)| {
            let fields = |i: usize| encoding.fields.iter().filter(|f| f.operand == i).copied().collect();
            let operand = |(i, &id)| Some((machine.kind(id)?.clone(), fields(i)));
            let operands: Option<Vec<_>> = row.kinds.iter().enumerate().map(operand).collect();
            let id = RowId(u16::try_from(index).ok()?);
            let Encoding { mask, value, .. } = *encoding;
            Some(Row { id, bytes: encoding.bytes(), mask, value, operands: operands? })
        });
        let rows: Vec<Row> = rows.collect();
        let index_bits = most_fixed(&rows);
        let mut candidates = vec![Vec::new(); 1 << index_bits.len()];
        for (number, row) in (0..).zip(&rows) {
            let (fixed, open) = (gather(&index_bits, row.value), !gather(&index_bits, row.mask));
            subsets(open & (candidates.len() as u32 - 1))
                .for_each(|some| candidates[(fixed | some) as usize].push(number));
        }
        Decoder { machine: machine.clone(), rows, index_bits, candidates }
    }

    /// The row that matches the bytes, with its operands.
    fn read(&self, code: &[u8], at: CodeOffset) -> Option<(&Row, SmallVec<[Read; 3]>)> {
        let rest = code.get(at.0 as usize..)?;
        let available = rest.len().min(4) as u32;
        let word = rest.iter().take(4).rev().fold(0, |word, &byte| word << 8 | u32::from(byte));
        self.candidates.get(gather(&self.index_bits, word) as usize)?.iter().find_map(|&number| {
            let row = self.rows.get(usize::from(number))?;
            if row.bytes > available || (word ^ row.value) & row.mask != 0 {
                return None;
            }
            let operands =
                row.operands.iter().map(|(kind, fields)| operand(kind, number_of(word, fields)?, at));
            Some((row, operands.collect::<Option<_>>()?))
        })
    }
}

impl super::Decoder for Decoder {
    fn usual(&self, _: Reg) -> u128 {
        0
    }

    fn decode(&self, code: &[u8], at: CodeOffset) -> Result<Decoded, Unsupported> {
        let Some((row, operands)) = self.read(code, at) else {
            let rest = code.get(at.0 as usize..).unwrap_or(&[]);
            let bytes: String = rest.iter().take(4).map(|byte| format!(" {byte:02x}")).collect();
            return Err(Unsupported { at, what: format!("no row for the bytes{bytes}") });
        };
        let operands = operands.into_iter().map(|read| read.operand).collect();
        Ok(Decoded { at, len: row.bytes, row: row.id, operands })
    }

    fn template(&self, mnemonic: &str, operands: &[StepOperand]) -> Result<Template, String> {
        let missing = || format!("no instruction `{mnemonic}`");
        let (index, _, row) = self.machine.instructions.get_full(mnemonic).ok_or_else(missing)?;
        let encoding = row.encoding.as_ref().ok_or_else(missing)?;
        // A word of memory is two operands, the register and the number.
        let given: Vec<StepOperand> = operands.iter().fold(Vec::new(), |mut given, operand| {
            match *operand {
                StepOperand::Memory(base) => {
                    given.extend([StepOperand::Register(base), StepOperand::Number]);
                }
                other => given.push(other),
            }
            given
        });
        if given.len() != row.kinds.len() || encoding.decode_only {
            return Err(format!("`{mnemonic}` with {} operands", given.len()));
        }
        let (mut operands, mut numbers) = (SmallVec::new(), Vec::new());
        for (number, (operand, &kind)) in given.iter().zip(&row.kinds).enumerate() {
            let kind = self.machine.kind(kind).ok_or_else(missing)?;
            let fields = || encoding.fields.iter().filter(|f| f.operand == number);
            operands.push(
                match operand {
                    StepOperand::Register(reg) => register_of(kind, *reg),
                    StepOperand::Place => {
                        matches!(kind.form, KindForm::Code { .. }).then_some(Operand::Code(0))
                    }
                    _ => open_number(kind, number, fields()).map(|open| {
                        numbers.push(open);
                        let bits = match kind.form {
                            KindForm::Bitmask { bits } => bits,
                            _ => kind.field_bits(),
                        };
                        Operand::Immediate { value: 0, bits }
                    }),
                }
                .ok_or_else(|| format!("operand {number} of `{mnemonic}`, a {}", kind.name))?,
            );
        }
        let id = u16::try_from(index).map_err(|_| missing())?;
        let decoded = Decoded { at: CodeOffset(0), len: encoding.bytes(), row: RowId(id), operands };
        Ok(Template { decoded, numbers })
    }

    fn text(&self, code: &[u8], at: CodeOffset) -> String {
        let found = self.read(code, at);
        let row = found.and_then(|(row, operands)| {
            let (_, instruction) = self.machine.instructions.get_index(usize::from(row.id.0))?;
            let shown: Vec<i128> = operands.iter().map(|read| read.shown).collect();
            Some(self.machine.display_instruction(instruction, &shown))
        });
        row.unwrap_or_else(|| "(no instruction)".to_owned())
    }
}

/// The register as an operand of the kind.
fn register_of(kind: &OperandKind, reg: Reg) -> Option<Operand> {
    let KindForm::Register { choices, .. } = &kind.form else { return None };
    let views = choices.iter().flatten().filter_map(|choice| choice.view.as_ref());
    let found = views.filter(|view| view.reg == reg && view.low_bit == 0).max_by_key(|view| view.bits);
    found.map(|view| Operand::Part(view.clone()))
}

/// Which numbers the kind has; bits that stand in no field are zero.
fn open_number<'f>(
    kind: &OperandKind,
    operand: usize,
    fields: impl Iterator<Item = &'f Field>,
) -> Option<Number> {
    if let KindForm::Bitmask { bits } = kind.form {
        return Some(Number { mask: true, ..Number::signed(operand, bits) });
    }
    let bits = kind.field_bits();
    let stored = fields.fold(0_u64, |bits, f| bits | ((1 << f.bits) - 1) << f.low_in_value);
    let zeros = stored.trailing_zeros();
    if stored == 0 || stored >> zeros != (1 << (bits - zeros)) - 1 {
        return None;
    }
    let open = match kind.form {
        KindForm::Signed { .. } => Number::signed(operand, bits),
        KindForm::Unsigned { .. } => {
            Number { least: 0, most: (1 << bits) - 1, ..Number::signed(operand, bits) }
        }
        _ => return None,
    };
    Some(Number { multiple: 1 << zeros, excluded: kind.excluded.clone(), ..open })
}

/// The bits that most rows fix.
fn most_fixed(rows: &[Row]) -> Vec<u32> {
    let mut bits: Vec<u32> = (0..32).collect();
    let fixed = |bit: u32| rows.iter().filter(|row| row.mask >> bit & 1 == 1).count();
    bits.sort_by_cached_key(|&bit| Reverse(fixed(bit)));
    bits.truncate(INDEX_BITS);
    bits
}

/// The bits of a word that stand in these places, the first lowest.
fn gather(places: &[u32], word: u32) -> u32 {
    places.iter().rev().fold(0, |bits, &place| bits << 1 | (word >> place & 1))
}

/// All numbers whose ones are among those of this one.
fn subsets(all: u32) -> impl Iterator<Item = u32> {
    // The next number with ones in these places: borrows run through the others.
    std::iter::successors(Some(all), move |&some| some.checked_sub(1).map(|less| less & all))
}

/// The operand's number in a word; `None` if two fields give different bits.
fn number_of(word: u32, fields: &[Field]) -> Option<u64> {
    let (mut known, mut number) = (0u64, 0u64);
    for field in fields {
        let mask = (1u64 << field.bits) - 1;
        let part = u64::from(word >> field.low_in_word) & mask;
        let (mask, part) = (mask << field.low_in_value, part << field.low_in_value);
        if (number ^ part) & known & mask != 0 {
            return None;
        }
        known |= mask;
        number |= part;
    }
    Some(number)
}

/// The operand that a number stands for, if there is one.
fn operand(kind: &OperandKind, number: u64, at: CodeOffset) -> Option<Read> {
    let signed = |bits: u32| (number << (64 - bits)) as i64 >> (64 - bits);
    let allowed = |value: i128| (!kind.excluded.contains(&value)).then_some(value);
    Some(match &kind.form {
        KindForm::Register { bits, choices } => {
            let choice = choices.get(usize::try_from(number).ok()?)?.as_ref()?;
            let zero = Operand::Zero { bits: *bits };
            let operand = choice.view.as_ref().map_or(zero, |view| Operand::Part(view.clone()));
            Read { operand, shown: i128::from(number) }
        }
        KindForm::Signed { bits } => {
            let shown = allowed(i128::from(signed(*bits)))?;
            Read { operand: Operand::Immediate { value: number, bits: *bits }, shown }
        }
        KindForm::Unsigned { bits } => {
            let shown = allowed(i128::from(number))?;
            Read { operand: Operand::Immediate { value: number, bits: *bits }, shown }
        }
        KindForm::Code { bits } => {
            let distance = signed(*bits);
            allowed(i128::from(distance))?;
            let target = i64::from(at.0).wrapping_add(distance);
            Read { operand: Operand::Code(target), shown: i128::from(target) }
        }
        KindForm::Bitmask { bits } => {
            let value = bit_mask(number, *bits)?;
            let shown = allowed(i128::from(value))?;
            Read { operand: Operand::Immediate { value, bits: *bits }, shown }
        }
    })
}

/// The value of a bit mask immediate `N:immr:imms`: a run of ones in an element of 2 to 64 bits, rotated right and
/// repeated (Arm ARM DDI 0487, shared pseudocode `DecodeBitMasks`).
fn bit_mask(number: u64, bits: u32) -> Option<u64> {
    let (n, rotation, run) = (number >> 12 & 1, number >> 6 & 63, number & 63);
    let element_log = (n << 6 | !run & 63).checked_ilog2().filter(|&log| log >= 1)?;
    let element = 1u32 << element_log;
    let levels = u64::from(element) - 1;
    if element > bits || run & levels == levels {
        return None;
    }
    let ones = (1u64 << ((run & levels) + 1)) - 1;
    let rotation = (rotation & levels) as u32;
    let mask = u64::MAX >> (64 - element);
    let rotated = if rotation == 0 { ones } else { (ones >> rotation | ones << (element - rotation)) & mask };
    let copies = (0..bits / element).map(|copy| rotated << (copy * element));
    Some(copies.fold(0, |value, copy| value | copy))
}

#[cfg(test)]
mod tests {
    use super::{Field, KindForm, Number, OperandKind, bit_mask, number_of, open_number, subsets};

    fn field(low_in_word: u32, low_in_value: u32, bits: u32) -> Field {
        Field { operand: 0, low_in_word, low_in_value, bits }
    }

    #[test]
    fn fields_that_say_the_same_are_equal() {
        // Bits 4 to 7 of the value, twice; then bits 0 to 3.
        let fields = [field(0, 4, 4), field(8, 4, 4), field(4, 0, 4)];
        assert_eq!(number_of(0x393, &fields), Some(0x39));
        assert_eq!(number_of(0x592, &fields), None);
        assert_eq!(number_of(0x090, &fields), Some(0x09));
        // Two that share bits 2 and 3.
        let fields = [field(0, 0, 4), field(4, 2, 4)];
        assert_eq!(number_of(0b1011_0101, &fields), None);
        assert_eq!(number_of(0b1011_1101, &fields), Some(0b10_1101));
    }

    #[test]
    fn subsets_are_all_there_are() {
        assert_eq!(subsets(0b101).take(9).collect::<Vec<_>>(), [0b101, 0b100, 0b001, 0]);
        assert_eq!(subsets(0).take(9).collect::<Vec<_>>(), [0]);
        assert_eq!(subsets(0b1110).take(99).count(), 8);
    }

    #[test]
    fn numbers_are_those_that_the_fields_can_hold() {
        let open = |form: KindForm, fields: &[Field]| {
            let kind = OperandKind { name: "k".to_owned(), form, excluded: vec![8], names: vec![] };
            open_number(&kind, 1, fields.iter())
        };
        let (unsigned, signed) = (KindForm::Unsigned { bits: 12 }, KindForm::Signed { bits: 12 });
        let number = Number { excluded: vec![8], ..Number::signed(1, 12) };
        let all = [field(0, 0, 5), field(10, 5, 7)];
        assert_eq!(open(signed.clone(), &all), Some(number.clone()));
        let wanted = Number { least: 0, most: 4095, ..number.clone() };
        assert_eq!(open(unsigned.clone(), &all), Some(wanted.clone()));
        // The lowest three bits stand nowhere.
        let upper = [field(0, 3, 9)];
        assert_eq!(open(signed.clone(), &upper), Some(Number { multiple: 8, ..number }));
        assert_eq!(open(unsigned.clone(), &upper), Some(Number { multiple: 8, ..wanted }));
        // A mask, whatever its fields.
        let mask = Number { mask: true, ..Number::signed(1, 64) };
        assert_eq!(open(KindForm::Bitmask { bits: 64 }, &all), Some(mask));
        // A gap, no upper bits, no bits at all, a kind without numbers.
        assert_eq!(open(signed.clone(), &[field(0, 0, 4), field(4, 5, 7)]), None);
        assert_eq!(open(unsigned, &[field(0, 0, 11)]), None);
        assert_eq!(open(signed, &[]), None);
        assert_eq!(open(KindForm::Code { bits: 12 }, &all), None);
    }

    #[test]
    fn bit_masks_are_those_of_the_manual() {
        // N:immr:imms
        let number = |n: u64, immr: u64, imms: u64| n << 12 | immr << 6 | imms;
        assert_eq!(bit_mask(number(1, 0, 7), 64), Some(0xff));
        assert_eq!(bit_mask(number(1, 8, 7), 64), Some(0xff00_0000_0000_0000));
        assert_eq!(bit_mask(number(1, 0, 62), 64), Some(u64::MAX >> 1));
        assert_eq!(bit_mask(number(0, 0, 0b111100), 64), Some(0x5555_5555_5555_5555));
        assert_eq!(bit_mask(number(0, 1, 0b111100), 32), Some(0xaaaa_aaaa));
        assert_eq!(bit_mask(number(0, 0, 15), 32), Some(0xffff));
        assert_eq!(bit_mask(number(1, 0, 63), 64), None, "all ones");
        assert_eq!(bit_mask(number(1, 0, 7), 32), None, "an element of 64 bits");
        assert_eq!(bit_mask(number(0, 0, 63), 64), None, "an element of one bit");
    }
}
