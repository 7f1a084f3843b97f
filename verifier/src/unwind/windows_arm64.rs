//! `.xdata`, the unwind data of Windows for code with a link register (Microsoft Learn, "ARM64 exception handling"), into rows.
//!
//! ```text
//! .xdata = header │ epilog scopes │ codes, the last instruction of the prolog first │ handler
//!
//! pc in the prolog   as many codes are skipped as the prolog has instructions from pc on; the rest is undone
//! pc in the body     all codes up to `end` are undone
//! pc in an epilog    as many codes are skipped, from the scope's first one, as the epilog has instructions before pc
//! ```
//!
//! Every code stands for one instruction of four bytes, so positions are found by counting; an epilog has its return besides.
//! CoreCLR unwinds its code on other systems with the same algorithm and the same data.
//!
//! A return address that `pac_sign_lr` says to be signed is read as it is: rows have no word for a signature.
//!
//! Not read, and said by name: codes for frames that the system makes, vectors of unknown length, other versions.

use super::undone::{Return, Undone, bad, unread};
use super::{Row, Table, UnwindError};
use framewright_spec::Machine;
use framewright_spec::machine::RegClass;
use std::ops::Range;

/// Bytes of an instruction.
const WORD: u32 = 4;
/// The first general-purpose and the first vector register that a callee saves.
const FIRST_INT: u8 = 19;
const FIRST_FLOAT: u8 = 8;

/// The data, read.
#[derive(Clone, Debug)]
pub struct Info {
    /// Instructions of the code.
    pub instructions: u32,
    /// In the order of the data, which is theirs in the code.
    pub epilogs: Vec<Epilog>,
    /// Codes of the prolog and of the epilogs.
    pub codes: Vec<u8>,
}

/// Where codes are done forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epilog {
    /// Its first instruction.
    pub start: u32,
    /// Its instructions, the return too.
    pub instructions: u32,
    /// The index of the first byte of its codes.
    pub codes: usize,
}

/// What an instruction of the prolog did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// SP was lowered.
    Alloc(u32),
    /// Registers were stored above SP, which may have been lowered by the store: this many of them, from a number on.
    Save(Saved),
    /// FP became SP plus so many bytes.
    SetFrame(u32),
    /// The next pair of registers above those of the code that follows.
    SaveNext,
    /// Nothing that has to be undone.
    Nop,
    /// The end of the codes.
    End,
    /// The end of what this part of the function did; codes of what it goes on from follow.
    EndChained,
}

/// Registers stored by one instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Which.
    pub class: RegClass,
    /// The number of the first one.
    pub first: u8,
    /// The second one, where there are two.
    pub second: Option<u8>,
    /// Bytes from SP.
    pub offset: u32,
    /// Bytes that SP is lowered by before.
    pub lowered: u32,
    /// Bytes of a register.
    pub bytes: u32,
}

/// The rows for the code in `range`, in bytes from the code's start.
///
/// # Errors
/// Data that is not as published, or not supported.
pub fn read(data: &[u8], range: Range<u32>, machine: &Machine) -> Result<Table, UnwindError> {
    let info = Info::parse(data)?;
    let prolog = info.count(0)?;
    let body = info.undo(0, 0, machine)?;
    let mut table = Table::default();
    let mut told = 0;
    let mut tell = |row: Row, from: u32, to: u32| {
        let place = |word: u32| range.start + word * WORD;
        table.push(Row { begin: place(from), end: place(to), ..row });
    };
    let words = range.len() as u32 / WORD;
    for word in 0..words {
        let row = match info.epilog(word) {
            _ if word < prolog => info.undo(0, prolog - word, machine)?,
            Some(epilog) => info.undo(epilog.codes, word - epilog.start, machine)?,
            None => continue,
        };
        tell(body.clone(), told, word);
        tell(row, word, word + 1);
        told = word + 1;
    }
    tell(body, told, words);
    Ok(table)
}

impl Info {
    /// Reads a whole record. What follows the codes is not looked at.
    ///
    /// # Errors
    /// Data that is not as published, or not supported.
    pub fn parse(data: &[u8]) -> Result<Info, UnwindError> {
        let word = |index: usize| match data.get(index * 4..index * 4 + 4) {
            Some(&[a, b, c, d]) => Ok(u32::from_le_bytes([a, b, c, d])),
            _ => Err(bad(data.len(), "the data ends within the header")),
        };
        let header = word(0)?;
        let field = |low: u32, bits: u32| header >> low & ((1 << bits) - 1);
        let (version, single) = (field(18, 2), field(21, 1) == 1);
        if version != 0 {
            return Err(unread(0, format!("version {version} is not known")));
        }
        let (mut epilogs, mut words, mut next) = (field(22, 5), field(27, 5), 1);
        if epilogs == 0 && words == 0 {
            let more = word(1)?;
            (epilogs, words, next) = (more & 0xffff, more >> 16 & 0xff, 2);
        }
        let scopes = if single { 0 } else { epilogs as usize };
        let scope = |index: usize| word(next + index).map(|w| (Some(w & 0x3_ffff), (w >> 22) as usize));
        let mut list: Vec<_> = (0..scopes).map(scope).collect::<Result<_, _>>()?;
        let first = (next + scopes) * 4;
        let Some(codes) = data.get(first..first + words as usize * 4) else {
            return Err(bad(data.len(), format!("the data ends before its {words} words of codes do")));
        };
        let mut info = Info { instructions: field(0, 18), epilogs: vec![], codes: codes.to_vec() };
        if single {
            list.push((None, epilogs as usize));
        }
        for (start, codes) in list {
            let instructions = info.count(codes)? + 1;
            let start = start.unwrap_or(info.instructions.saturating_sub(instructions));
            info.epilogs.push(Epilog { start, instructions, codes });
        }
        // Microsoft Learn, "ARM64 exception handling", .xdata records: they are stored by increasing offset.
        if !info.epilogs.is_sorted_by_key(|epilog| epilog.start) {
            return Err(bad(next * 4, "the epilogs are not in the order of the code"));
        }
        Ok(info)
    }

    /// The code at a byte, and its length.
    ///
    /// # Errors
    /// It is cut off, or not supported.
    pub fn code(&self, at: usize) -> Result<(Op, usize), UnwindError> {
        let bytes = self.codes.get(at..).unwrap_or_default();
        decode(bytes).map_err(|what| unread(at, what))
    }

    /// Instructions that the codes from a byte on stand for.
    fn count(&self, mut from: usize) -> Result<u32, UnwindError> {
        let mut count = 0;
        while from < self.codes.len() {
            let (op, length) = self.code(from)?;
            if matches!(op, Op::End | Op::EndChained) {
                break;
            }
            (count, from) = (count + 1, from + length);
        }
        Ok(count)
    }

    /// The epilog that an instruction is in.
    fn epilog(&self, word: u32) -> Option<&Epilog> {
        let before = self.epilogs.partition_point(|epilog| epilog.start <= word);
        let inside = |epilog: &&Epilog| word - epilog.start < epilog.instructions;
        self.epilogs[..before].last().filter(inside)
    }

    /// Undoes the codes from a byte on, without the first few.
    fn undo(&self, mut from: usize, skipped: u32, machine: &Machine) -> Result<Row, UnwindError> {
        let mut undone = Undone::nothing(machine);
        let (mut skipped, mut nexts) = (skipped, 0);
        while from < self.codes.len() {
            let (op, length) = self.code(from)?;
            let ends = matches!(op, Op::End | Op::EndChained);
            if skipped > 0 && !ends {
                (skipped, from) = (skipped - 1, from + length);
                continue;
            }
            skipped = 0;
            if nexts > 0 && !matches!(op, Op::SaveNext | Op::Save(Saved { second: Some(_), .. })) {
                return Err(bad(from, "a register pair was to come next"));
            }
            match op {
                Op::Alloc(bytes) => undone.free(i64::from(bytes)),
                Op::SetFrame(bytes) => undone.set_sp(undone.above(machine.fp, -i64::from(bytes))),
                Op::SaveNext => nexts += 1,
                Op::Save(saved) => {
                    let end = bad(from, "it names a register that the machine does not have");
                    restore(&mut undone, saved, nexts, machine).ok_or(end)?;
                    nexts = 0;
                }
                Op::End => break,
                Op::Nop | Op::EndChained => {}
            }
            from += length;
        }
        let Some(link) = machine.link else {
            return Err(bad(0, "the data is for another machine"));
        };
        Ok(undone.row(0, 0, Return::Linked(link)))
    }
}

/// Loads what one instruction and the following pairs (`nexts`) stored.
fn restore(undone: &mut Undone<'_>, saved: Saved, nexts: u8, machine: &Machine) -> Option<()> {
    let Saved { class, first, second, offset, lowered, bytes } = saved;
    let pairs = (1..=nexts).flat_map(|pair| [0, 1].map(|one| first.checked_add(2 * pair + one)));
    for (index, number) in [Some(first), second].into_iter().filter(Option::is_some).chain(pairs).enumerate()
    {
        let reg = machine.of_class(class).iter().nth(usize::from(number?))?;
        undone.restore(reg, undone.above_sp(i64::from(offset) + index as i64 * i64::from(bytes)));
    }
    undone.free(i64::from(lowered));
    Some(())
}

/// The first code of some bytes, and its length.
fn decode(bytes: &[u8]) -> Result<(Op, usize), String> {
    let cut = || "the codes end within one of them".to_owned();
    let &first = bytes.first().ok_or_else(cut)?;
    let number = |length: usize| -> Result<u32, String> {
        let bytes = bytes.get(..length).ok_or_else(cut)?;
        Ok(bytes.iter().fold(0, |number, &byte| number << 8 | u32::from(byte)))
    };
    // Bits of a number.
    let part = |number: u32, low: u32, bits: u32| number >> low & ((1 << bits) - 1);
    let int = |first: u8, second: Option<u8>| Saved {
        class: RegClass::Int,
        first,
        second,
        offset: 0,
        lowered: 0,
        bytes: 8,
    };
    let float = |first: u8, pair: bool| Saved {
        class: RegClass::Float,
        ..int(FIRST_FLOAT + first, pair.then_some(FIRST_FLOAT + first + 1))
    };
    let above = |saved: Saved, words: u32| Op::Save(Saved { offset: words * 8, ..saved });
    let below = |saved: Saved, words: u32| Op::Save(Saved { lowered: words * 8, ..saved });
    let linkage = int(29, Some(30));
    let ints = |number: u32, low: u32, bits: u32, pair: bool| {
        let first = FIRST_INT + part(number, low, bits) as u8;
        int(first, pair.then_some(first + 1))
    };
    let floats = |number: u32, low: u32, bits: u32, pair: bool| float(part(number, low, bits) as u8, pair);
    Ok(match first {
        0x00..=0x1f => (Op::Alloc(u32::from(first) * 16), 1),
        0x20..=0x3f => (below(int(FIRST_INT, Some(FIRST_INT + 1)), u32::from(first & 0x1f)), 1),
        0x40..=0x7f => (above(linkage, u32::from(first & 0x3f)), 1),
        0x80..=0xbf => (below(linkage, u32::from(first & 0x3f) + 1), 1),
        0xc0..=0xc7 => (Op::Alloc(part(number(2)?, 0, 11) * 16), 2),
        0xc8..=0xcb => (above(ints(number(2)?, 6, 4, true), part(number(2)?, 0, 6)), 2),
        0xcc..=0xcf => (below(ints(number(2)?, 6, 4, true), part(number(2)?, 0, 6) + 1), 2),
        0xd0..=0xd3 => (above(ints(number(2)?, 6, 4, false), part(number(2)?, 0, 6)), 2),
        0xd4..=0xd5 => (below(ints(number(2)?, 5, 4, false), part(number(2)?, 0, 5) + 1), 2),
        0xd6..=0xd7 => {
            let first = FIRST_INT + 2 * part(number(2)?, 6, 3) as u8;
            (above(int(first, Some(30)), part(number(2)?, 0, 6)), 2)
        }
        0xd8..=0xd9 => (above(floats(number(2)?, 6, 3, true), part(number(2)?, 0, 6)), 2),
        0xda..=0xdb => (below(floats(number(2)?, 6, 3, true), part(number(2)?, 0, 6) + 1), 2),
        0xdc..=0xdd => (above(floats(number(2)?, 6, 3, false), part(number(2)?, 0, 6)), 2),
        0xde => (below(floats(number(2)?, 5, 3, false), part(number(2)?, 0, 5) + 1), 2),
        0xe0 => (Op::Alloc(part(number(4)?, 0, 24) * 16), 4),
        0xe1 => (Op::SetFrame(0), 1),
        0xe2 => (Op::SetFrame(part(number(2)?, 0, 8) * 8), 2),
        0xe3 | 0xfc => (Op::Nop, 1),
        0xe4 => (Op::End, 1),
        0xe5 => (Op::EndChained, 1),
        0xe6 => (Op::SaveNext, 1),
        0xe7 => (any(number(3)?)?, 3),
        // Reserved, to be taken for instructions that need not be undone.
        0xf8..=0xfb => (Op::Nop, 2 + usize::from(first & 3)),
        0xfd..=0xff => (Op::Nop, 1),
        _ => return Err(format!("code {first:#04x} is not supported")),
    })
}

/// `save_any_reg`: three bytes, the lower two `0pxrrrrr ffoooooo`.
fn any(code: u32) -> Result<Op, String> {
    let bits = |low: u32, bits: u32| code >> low & ((1 << bits) - 1);
    let (pair, moves, first) = (bits(14, 1) == 1, bits(13, 1), bits(8, 5) as u8);
    let (class, bytes) = match bits(6, 2) {
        0 => (RegClass::Int, 8),
        1 => (RegClass::Float, 8),
        2 => (RegClass::Float, 16),
        _ => return Err(format!("code {code:#08x} is reserved")),
    };
    if bits(15, 1) == 1 {
        return Err(format!("code {code:#08x} is reserved"));
    }
    let scale = if pair || moves == 1 || bytes == 16 { 16 } else { 8 };
    let distance = (bits(0, 6) + moves) * scale;
    let second = pair.then_some(first + 1);
    let (offset, lowered) = if moves == 1 { (0, distance) } else { (distance, 0) };
    Ok(Op::Save(Saved { class, first, second, offset, lowered, bytes }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use framewright_spec::Spec;

    /// Header fields: instructions, epilogs, words of codes.
    fn header(instructions: u32, single: bool, epilogs: u32, words: u32) -> Vec<u8> {
        (instructions | u32::from(single) << 21 | epilogs << 22 | words << 27).to_le_bytes().to_vec()
    }

    fn check(data: &[u8], instructions: u32, wanted: &[&str]) {
        let machine = &Spec::embedded().machines["aarch64"];
        let table = read(data, 0..instructions * WORD, machine).expect("data as published");
        let text = |row: &Row| format!("{}..{}: {}", row.begin / 4, row.end / 4, row.text(machine));
        let rows: Vec<String> = table.rows.iter().map(text).collect();
        assert_eq!(rows, wanted);
    }

    /// stp fp, lr │ mov fp, sp │ sub sp │ body │ body │ ldp │ ret; the epilog has codes of its own.
    #[test]
    fn positions_are_counted() {
        let codes = [0x02, 0xe1, 0x83, 0xe4, 0x83, 0xe4, 0, 0];
        let rows = [
            "0..1: cfa = sp, return as it is",
            "1..2: cfa = sp+32, return [cfa-24], x29 [cfa-32], x30 [cfa-24]",
            "2..5: cfa = x29+32, return [cfa-24], x29 [cfa-32], x30 [cfa-24]",
            "5..6: cfa = sp+32, return [cfa-24], x29 [cfa-32], x30 [cfa-24]",
            "6..7: cfa = sp, return as it is",
        ];
        check(&[header(7, true, 4, 2), codes.to_vec()].concat(), 7, &rows);
        let scope = (5u32 | 4 << 22).to_le_bytes().to_vec();
        check(&[header(7, false, 1, 2), scope, codes.to_vec()].concat(), 7, &rows);
        // The same with the second header word.
        let more = (1u32 | 2 << 16).to_le_bytes().to_vec();
        let scope = (5u32 | 4 << 22).to_le_bytes().to_vec();
        check(&[header(7, false, 0, 0), more, scope, codes.to_vec()].concat(), 7, &rows);
    }

    /// The prolog and an epilog of other codes, without a body between them.
    #[test]
    fn an_epilog_may_follow_the_prolog() {
        let codes = [0x02, 0xe1, 0x83, 0xe4, 0x83, 0xe4, 0, 0];
        let rows = [
            "0..1: cfa = sp, return as it is",
            "1..2: cfa = sp+32, return [cfa-24], x29 [cfa-32], x30 [cfa-24]",
            "2..3: cfa = x29+32, return [cfa-24], x29 [cfa-32], x30 [cfa-24]",
            "3..4: cfa = sp+32, return [cfa-24], x29 [cfa-32], x30 [cfa-24]",
            "4..5: cfa = sp, return as it is",
        ];
        let scope = (3u32 | 4 << 22).to_le_bytes().to_vec();
        check(&[header(5, false, 1, 2), scope, codes.to_vec()].concat(), 5, &rows);
    }

    /// Two pairs after x19, x20: the data has them in the order of undoing.
    #[test]
    fn pairs_that_come_next_lie_above() {
        let codes = [0xe6, 0xe6, 0x26, 0xe4];
        let body = "3..4: cfa = sp+48, return as it is, x19 [cfa-48], x20 [cfa-40], x21 [cfa-32], x22 [cfa-24], \
                    x23 [cfa-16], x24 [cfa-8]";
        let rows = [
            "0..1: cfa = sp, return as it is",
            "1..2: cfa = sp+48, return as it is, x19 [cfa-48], x20 [cfa-40]",
            "2..3: cfa = sp+48, return as it is, x19 [cfa-48], x20 [cfa-40], x21 [cfa-32], x22 [cfa-24]",
            body,
        ];
        check(&[header(4, false, 0, 1), codes.to_vec()].concat(), 4, &rows);
    }

    /// Any register: d8, d9 moving SP by 32; x28 at 24; q10 at 16.
    #[test]
    fn any_register_can_be_named() {
        let codes = [0xe7, 0x0a, 0x81, 0xe7, 0x1c, 0x03, 0xe7, 0x68, 0x41, 0xe4, 0, 0];
        let row = "3..4: cfa = sp+32, return as it is, x28 [cfa-8], v8 [cfa-32], v9 [cfa-24], v10 [cfa-16]";
        let data = [header(4, false, 0, 3), codes.to_vec()].concat();
        let machine = &Spec::embedded().machines["aarch64"];
        let table = read(&data, 0..16, machine).expect("data as published");
        let last = table.rows.last().expect("rows");
        assert_eq!(format!("{}..{}: {}", last.begin / 4, last.end / 4, last.text(machine)), row);
    }

    /// The table of the published text, "Unwind codes", a line a code: its bytes, and what they are read as.
    #[test]
    fn every_code_is_what_the_table_says() {
        for line in include_str!("windows_arm64_codes.txt").lines().filter(|line| !line.starts_with('#')) {
            let (bytes, wanted) = line.split_once(": ").expect("bytes: what they are");
            let byte = |word| u8::from_str_radix(word, 16).expect("a byte");
            let bytes: Vec<u8> = bytes.split(' ').map(byte).collect();
            let found = match decode(&bytes) {
                Ok((op, length)) => format!("{length} {}", text(op)),
                Err(what) => what,
            };
            assert_eq!(found, wanted, "{bytes:02x?}");
            for end in 1..bytes.len() {
                assert!(
                    decode(&bytes[..end]).is_err() || end == 1 && bytes[0] >= 0xf8,
                    "{bytes:02x?} to {end}"
                );
            }
        }
    }

    fn text(op: Op) -> String {
        let Op::Save(Saved { class, first, second, offset, lowered, bytes }) = op else {
            return format!("{op:?}");
        };
        let letter = match (class, bytes) {
            (RegClass::Int, _) => 'x',
            (_, 8) => 'd',
            _ => 'q',
        };
        let second = second.map_or(String::new(), |second| format!(" {letter}{second}"));
        format!("{letter}{first}{second} at {offset} lowered {lowered} bytes {bytes}")
    }

    #[test]
    fn what_is_not_read_is_named() {
        let machine = &Spec::embedded().machines["aarch64"];
        let refused = |data: Vec<u8>| read(&data, 0..4, machine).expect_err("not read").to_string();
        assert!(refused(vec![0, 0]).contains("header"));
        assert!(refused((1u32 | 1 << 18).to_le_bytes().to_vec()).contains("version 1"));
        assert!(refused(header(1, false, 0, 1)).contains("before its 1 words"));
        assert!(refused([header(1, false, 0, 1), vec![0xe9, 0xe4, 0, 0]].concat()).contains("0xe9"));
        assert!(refused([header(1, false, 0, 1), vec![0xdf, 0xe4, 0, 0]].concat()).contains("0xdf"));
        let scopes: Vec<u8> = [3u32, 1].iter().flat_map(|start| start.to_le_bytes()).collect();
        assert!(
            refused([header(9, false, 2, 1), scopes, vec![0xe4; 4]].concat())
                .contains("byte 0x4: the epilogs are not")
        );
        assert!(refused([header(1, false, 0, 1), vec![0xe6, 0xe6, 0xe6, 0xe4]].concat()).contains("next"));
    }
}
