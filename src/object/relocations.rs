//! What relocations mean, as `spec/platforms/relocations.txt` says.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The file of meanings.
const TABLE: &str = include_str!("../../spec/platforms/relocations.txt");

/// Most bytes of a number of 64 bits.
const LEB_BYTES: usize = 9;

/// What a relocation puts into its field; the names of terms are those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// Nothing.
    Nothing,
    /// `S+A`, `S`.
    Symbol,
    /// `S+A-P`.
    Relative,
    /// `G+A`.
    Got,
    /// `G+A-P`.
    GotRelative,
    /// `page(S+A)-page(P)`; whether to the nearest page, whether of G in place of S.
    Page {
        /// Not down.
        nearest: bool,
        /// Of the word that holds the symbol.
        got: bool,
    },
    /// `at(S)`.
    At,
    /// `V+S+A`.
    Add,
    /// `V-S-A`.
    Subtract,
    /// `B+A`.
    Base,
    /// What a function returns.
    Resolved,
}

/// Bits of the value that go to bits of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    at: u32,
    count: u32,
    from: u32,
    rounded: bool,
}

/// One kind of relocation.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// What goes into the field.
    pub formula: Formula,
    /// Bytes of the field; 0 where it says itself how long it is.
    pub bytes: usize,
    /// Whether it is an unsigned LEB128 number (DWARF 5, 7.6).
    leb: bool,
    parts: Vec<Part>,
}

/// The relocations of one machine.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: FxHashMap<u32, Row>,
}

impl Table {
    /// Those of a machine of the specification; empty if there are none. The file is read once.
    pub fn of(machine: &str) -> &'static Table {
        static NONE: LazyLock<Table> = LazyLock::new(Table::default);
        static TABLES: LazyLock<FxHashMap<&str, Table>> = LazyLock::new(tables);
        TABLES.get(machine).unwrap_or(&NONE)
    }

    /// What is known of a relocation by its number.
    pub fn row(&self, number: u32) -> Option<&Row> {
        self.rows.get(&number)
    }

    /// The number of the relocation that puts a symbol's address into 8 bytes; of several the first.
    pub fn address(&self) -> Option<u32> {
        let whole = |part: &Part| part.at == 0 && part.from == 0 && part.count == 64;
        let is_address = |row: &Row| row.formula == Formula::Symbol && row.parts.iter().all(whole);
        let numbers = self.rows.iter().filter(|(_, row)| row.bytes == 8 && is_address(row));
        numbers.map(|(&number, _)| number).min()
    }

    /// What a relocation puts into its field.
    pub fn formula(&self, number: u32) -> Option<Formula> {
        self.row(number).map(|row| row.formula)
    }
}

/// The tables of all machines in the file.
fn tables() -> FxHashMap<&'static str, Table> {
    let mut tables: FxHashMap<&str, Table> = FxHashMap::default();
    for line in TABLE.lines().map(|line| line.split('#').next().unwrap_or_default()) {
        let words: Vec<&'static str> = line.split_whitespace().collect();
        let Some((machine, rest)) = words.split_first() else { continue };
        tables.entry(machine).or_default().rows.extend(parse(rest));
    }
    tables
}

fn parse(words: &[&'static str]) -> Option<(u32, Row)> {
    let [number, name, formula, bytes, parts @ ..] = words else { return None };
    let formula = match *formula {
        "-" => Formula::Nothing,
        "S" | "S+A" => Formula::Symbol,
        "S+A-P" => Formula::Relative,
        "G+A" => Formula::Got,
        "G+A-P" => Formula::GotRelative,
        "page(S+A)-page(P)" => Formula::Page { nearest: false, got: false },
        "page(G+A)-page(P)" => Formula::Page { nearest: false, got: true },
        "page~(S+A)-page(P)" => Formula::Page { nearest: true, got: false },
        "page~(G+A)-page(P)" => Formula::Page { nearest: true, got: true },
        "at(S)" => Formula::At,
        "V+S+A" => Formula::Add,
        "V-S-A" => Formula::Subtract,
        "B+A" => Formula::Base,
        "resolver" => Formula::Resolved,
        _ => return None,
    };
    let part = |text: &&str| {
        let (place, from) = text.split_once('=')?;
        let (at, count) = place.split_once('+')?;
        let (from, rounded) = from.strip_prefix('~').map_or((from, false), |from| (from, true));
        Some(Part { at: at.parse().ok()?, count: count.parse().ok()?, from: from.parse().ok()?, rounded })
    };
    let parts = parts.iter().map(part).collect::<Option<Vec<Part>>>()?;
    let leb = *bytes == "leb";
    let bytes = if leb { 0 } else { bytes.parse().ok()? };
    Some((number.parse().ok()?, Row { name, formula, bytes, leb, parts }))
}

impl Row {
    /// Bytes of the field that begins there.
    pub fn length(&self, field: &[u8]) -> usize {
        let more = || field.iter().take(LEB_BYTES).take_while(|byte| *byte & 0x80 != 0).count();
        if self.leb { more() + 1 } else { self.bytes }
    }

    /// What is in the field.
    pub fn value(&self, field: &[u8]) -> u64 {
        match self.leb {
            true => field.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f)),
            false => word(field),
        }
    }

    /// Puts a value into the field, which is little-endian and of [`Row::length`] bytes.
    pub fn put(&self, field: &mut [u8], value: u64) {
        if self.leb {
            let septets = (0..).step_by(7).map(|shift| value.checked_shr(shift).unwrap_or(0) as u8 & 0x7f);
            field.iter_mut().zip(septets).for_each(|(byte, septet)| *byte = *byte & 0x80 | septet);
            return;
        }
        let mut bits = word(field);
        for part in &self.parts {
            let half = if part.rounded { 1 << (part.from - 1) } else { 0 };
            let mask = u64::MAX >> (64 - part.count);
            let source = ((value.wrapping_add(half) as i64) >> part.from) as u64 & mask;
            bits = bits & !(mask << part.at) | source << part.at;
        }
        let bytes = bits.to_le_bytes();
        for (to, from) in field.iter_mut().zip(bytes) {
            *to = from;
        }
    }
}

/// A little-endian field of at most 8 bytes.
pub fn word(field: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(field) {
        *to = *from;
    }
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines = TABLE.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        let mut count = 0;
        for line in lines.filter(|line| !line.is_empty()) {
            let words: Vec<&'static str> = line.split_whitespace().collect();
            let machine = framewright_spec::Spec::embedded().machines.contains_key(words[0]);
            let (_, row) = parse(&words[1..]).unwrap_or_else(|| panic!("not read: {line}"));
            let bits = row.bytes as u32 * 8;
            assert!(machine && row.bytes <= 8, "{line}");
            assert!(row.parts.iter().all(|p| p.at + p.count <= bits && p.count > 0), "{line}");
            count += 1;
        }
        assert!(count > 90, "only {count} lines");
    }

    #[test]
    fn a_number_keeps_its_length() {
        let distance = Table::of("riscv64").row(61).cloned().expect("a row");
        let mut field = [0x85, 0x80, 0x01, 0x77];
        assert_eq!(distance.length(&field), 3);
        assert_eq!(distance.value(&field[..3]), 0x4005);
        distance.put(&mut field[..3], 0x85);
        assert_eq!(field, [0x85, 0x81, 0x00, 0x77]);
    }

    #[test]
    fn a_value_goes_where_its_parts_say() {
        // `auipc` and `jalr`: the low part is signed, so the high one is rounded.
        let call = Table::of("riscv64").row(19).cloned().expect("a row");
        let mut field = 0x0000_80e7_0000_0097_u64.to_le_bytes();
        call.put(&mut field, 0x1234_5800);
        assert_eq!(u64::from_le_bytes(field), 0x8000_80e7_1234_6097);
    }
}
