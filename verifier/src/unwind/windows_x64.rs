//! `UNWIND_INFO`, the unwind data of Windows for code whose calls push the return address (Microsoft Learn, "x64 exception
//! handling", Unwind data definitions in C; versions 1 and 2), into rows.
//!
//! ```text
//! pc in the prolog   the codes of instructions before pc are undone, the last one first
//! pc in the body     all of them
//! pc in an epilog    what is left of it is done: found by looking at the bytes from pc on (version 1), or by the list
//!                    of epilogs (version 2)
//! ```
//!
//! The codes are undone as the published unwinder does: saves lie above the *frame base*, which is SP where control
//! has left, or the frame register less its offset once it is set. An epilog is at most one change of SP (`add` of a
//! constant, or `lea` from the frame register), pops, and a return, a jump out of the function, or an indirect jump that is
//! marked by a REX.W prefix or goes through memory at RIP. It is looked for at any pc, that of the prolog too.
//!
//! CoreCLR unwinds its code on other systems with the same algorithm and the same data, so there is one reading for both;
//! its own code 11, the frame register at a large distance, is read wherever it is met.
//!
//! Not read, and said by name: chained infos (flag 4), codes without a meaning in their version, other versions.

use super::undone::{Return, Undone, bad, unread};
use super::{Row, Table, UnwindError};
use framewright_spec::machine::RegClass;
use framewright_spec::{Machine, Reg};
use std::ops::Range;

/// `UNW_FLAG_CHAININFO`.
const CHAINED: u8 = 4;
/// Registers that a code can name.
const REGISTERS: usize = 16;
/// Bytes that a push takes.
const PUSHED: i64 = 8;

/// The data, read.
#[derive(Clone, Debug)]
pub struct Info {
    /// 1 or 2.
    pub version: u8,
    /// Bytes of the prolog.
    pub prolog: u8,
    /// Number of the frame register, and the bytes that the frame base is below it.
    pub frame: Option<(u8, i64)>,
    /// In the order of the data: that of undoing.
    pub codes: Vec<Code>,
    ints: Vec<Reg>,
    floats: Vec<Reg>,
}

/// What an instruction of the prolog did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Bytes from the code's start to the instruction's end. Of epilogs another thing, see [`Op::Epilog`].
    pub at: u8,
    /// What.
    pub op: Op,
}

/// Registers are by number: general-purpose ones and vector registers each in the order of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// A general-purpose register was pushed.
    Push(u8),
    /// SP was lowered by so many bytes; whether the code is the short one.
    Alloc(u32, bool),
    /// The frame register became SP plus so many bytes.
    SetFrame(u32),
    /// A general-purpose register was stored so far above the frame base.
    Save(u8, u32),
    /// A vector register was.
    SaveVector(u8, u32),
    /// The processor, or code in its place, pushed SS, SP, flags, CS and IP; and then an error code, or not.
    MachineFrame(bool),
    /// The first of several is the length of all epilogs in its offset, and whether there is one at the end of the code. The
    /// others are distances from the end of the code to an epilog, or 0.
    Epilog(u32),
}

/// The rows for the code in `range` of `code`.
///
/// # Errors
/// Data that is not as published, or not supported.
pub fn read(data: &[u8], code: &[u8], range: Range<u32>, machine: &Machine) -> Result<Table, UnwindError> {
    let info = Info::parse(data, machine)?;
    let end = (range.end as usize).min(code.len());
    let code = code.get(range.start as usize..end).unwrap_or_default();
    let settled = info.codes.iter().map(|code| code.at).max().unwrap_or(0).max(info.prolog);
    let settled = usize::from(settled);
    let body = info.undo(settled, machine);
    let mut table = Table::default();
    let mut told = 0;
    let mut tell = |row: Row, from: usize, to: usize| {
        let place = |at: usize| range.start + at as u32;
        table.push(Row { begin: place(from), end: place(to), ..row });
    };
    for pc in 0..code.len() {
        let row = match info.epilog(code, pc, machine) {
            None if pc < settled => Some(info.undo(pc, machine)),
            row => row,
        };
        if let Some(row) = row {
            tell(body.clone(), told, pc);
            tell(row, pc, pc + 1);
            told = pc + 1;
        }
    }
    tell(body, told, code.len());
    Ok(table)
}

impl Info {
    /// Reads a whole info. What follows the codes (a handler's address and its data) is not looked at.
    ///
    /// # Errors
    /// Data that is not as published, or not supported.
    pub fn parse(data: &[u8], machine: &Machine) -> Result<Info, UnwindError> {
        let numbered = |class: RegClass| machine.of_class(class).iter().take(REGISTERS).collect::<Vec<_>>();
        let (ints, floats) = (numbered(RegClass::Int), numbered(RegClass::Float));
        if ints.len() < REGISTERS || floats.len() < REGISTERS {
            return Err(bad(0, "the data is for another machine"));
        }
        let &[first, prolog, count, frame, ref rest @ ..] = data else {
            return Err(bad(data.len(), "the data ends within the header"));
        };
        let (version, flags) = (first & 7, first >> 3);
        if !(1..=2).contains(&version) {
            return Err(unread(0, format!("version {version} is not known")));
        }
        if flags & CHAINED != 0 {
            return Err(unread(0, "a chained info: the rest is in another function's data"));
        }
        let Some(slots) = rest.get(..usize::from(count) * 2) else {
            return Err(bad(data.len(), format!("the data ends before its {count} codes do")));
        };
        let slots: Vec<[u8; 2]> = slots.chunks_exact(2).map(|slot| [slot[0], slot[1]]).collect();
        let codes = codes(version, &slots, i64::from(frame >> 4) * 16)?;
        let far = codes.iter().find_map(|code| match code.op {
            Op::SetFrame(bytes) => Some(i64::from(bytes)),
            _ => None,
        });
        let base = far.unwrap_or(i64::from(frame >> 4) * 16);
        let frame = (frame & 15 != 0).then_some((frame & 15, base));
        Ok(Info { version, prolog, frame, codes, ints, floats })
    }

    /// Undoes the codes at or before `pc`.
    fn undo(&self, pc: usize, machine: &Machine) -> Row {
        let mut undone = Undone::nothing(machine);
        let set = |code: &&Code| matches!(code.op, Op::SetFrame(_));
        let set = self.codes.iter().find(set).is_some_and(|code| pc >= usize::from(code.at));
        let base = match self.frame {
            Some((reg, below)) if pc >= usize::from(self.prolog) || set => {
                undone.above(self.int(reg), -below)
            }
            _ => undone.above_sp(0),
        };
        let mut machine_frame = None;
        for Code { op, .. } in self.codes.iter().filter(|code| pc >= usize::from(code.at)) {
            match *op {
                Op::Push(reg) => undone.pop(self.int(reg), PUSHED),
                Op::Alloc(bytes, _) => undone.free(i64::from(bytes)),
                Op::SetFrame(bytes) => {
                    let reg = self.frame.map_or(0, |(reg, _)| reg);
                    undone.set_sp(undone.above(self.int(reg), -i64::from(bytes)));
                }
                Op::Save(reg, above) => undone.restore(self.int(reg), base.plus(i64::from(above))),
                Op::SaveVector(reg, above) => {
                    undone.restore(self.floats[usize::from(reg)], base.plus(i64::from(above)));
                }
                Op::MachineFrame(error) => {
                    let skipped = if error { PUSHED } else { 0 };
                    machine_frame = Some(undone.above_sp(skipped));
                    undone.load_sp(&undone.above_sp(skipped + 3 * PUSHED));
                }
                Op::Epilog(_) => {}
            }
        }
        let to = machine_frame.map_or(Return::Popped, Return::At);
        undone.row(0, 0, to)
    }

    fn int(&self, number: u8) -> Reg {
        self.ints[usize::from(number) % REGISTERS]
    }

    /// The row at `pc` if it is in an epilog.
    fn epilog(&self, code: &[u8], pc: usize, machine: &Machine) -> Option<Row> {
        match self.version {
            1 => self.epilog_by_bytes(code, pc, machine),
            _ => self.epilog_by_list(code, pc, machine),
        }
    }

    fn epilog_by_bytes(&self, code: &[u8], pc: usize, machine: &Machine) -> Option<Row> {
        let mut undone = Undone::nothing(machine);
        let bytes = code.get(pc..)?;
        let rest = self.adjusted(bytes, &mut undone);
        let mut bytes = rest.unwrap_or(bytes);
        loop {
            bytes = match *bytes {
                [op @ 0x58..0x60, ref rest @ ..] => {
                    undone.pop(self.int(op & 7), PUSHED);
                    rest
                }
                [rex @ 0x40..0x50, op @ 0x58..0x60, ref rest @ ..] => {
                    undone.pop(self.int((rex & 1) << 3 | op & 7), PUSHED);
                    rest
                }
                _ => break,
            };
        }
        leaves(code, bytes).then(|| undone.row(0, 0, Return::Popped))
    }

    /// What follows an instruction that takes the frame away, if there is one.
    fn adjusted<'c>(&self, bytes: &'c [u8], undone: &mut Undone<'_>) -> Option<&'c [u8]> {
        let near = |by: u8| i64::from(by as i8);
        let far = |by: [u8; 4]| i64::from(i32::from_le_bytes(by));
        match *bytes {
            [0x48, 0x83, 0xc4, by, ref rest @ ..] => {
                undone.free(near(by));
                Some(rest)
            }
            [0x48, 0x81, 0xc4, a, b, c, d, ref rest @ ..] => {
                undone.free(far([a, b, c, d]));
                Some(rest)
            }
            [rex @ (0x48 | 0x49), 0x8d, modrm, ref rest @ ..] => {
                let number = (rex & 1) << 3 | modrm & 7;
                let (by, rest) = match (modrm & 0xf8, rest) {
                    (0x60, &[by, ref rest @ ..]) => (near(by), rest),
                    (0xa0, &[a, b, c, d, ref rest @ ..]) => (far([a, b, c, d]), rest),
                    _ => return None,
                };
                let frame = self.is_frame(number).then(|| undone.above(self.int(number), by))?;
                undone.set_sp(frame);
                Some(rest)
            }
            _ => None,
        }
    }

    fn is_frame(&self, number: u8) -> bool {
        number != 0 && self.frame.is_some_and(|(reg, _)| reg == number)
    }

    fn epilog_by_list(&self, code: &[u8], pc: usize, machine: &Machine) -> Option<Row> {
        let mut epilogs = self.codes.iter().map_while(|code| match code.op {
            Op::Epilog(distance) => Some((usize::from(code.at), distance as usize)),
            _ => None,
        });
        let (length, at_end) = epilogs.next()?;
        let ends = epilogs.map(|(_, distance)| distance).take_while(|&distance| distance != 0);
        let starts = (at_end & 1 == 1).then_some(length).into_iter().chain(ends);
        let starts = starts.filter_map(|distance| code.len().checked_sub(distance));
        let into = starts.filter_map(|start| pc.checked_sub(start)).find(|&into| into < length)?;
        Some(self.undo_pushes(into, machine))
    }

    /// The pushes whose pops are at or after `into` bytes of an epilog, which begins with its pops.
    fn undo_pushes(&self, into: usize, machine: &Machine) -> Row {
        let mut undone = Undone::nothing(machine);
        let push = |code: &&Code| matches!(code.op, Op::Push(_) | Op::MachineFrame(_));
        let mut codes = self.codes.iter().skip_while(|code| !push(code)).peekable();
        let mut at = 0;
        while let Some(&&Code { op: Op::Push(reg), .. }) = codes.peek() {
            if at >= into {
                undone.pop(self.int(reg), PUSHED);
            }
            at += if reg >= 8 { 2 } else { 1 };
            codes.next();
        }
        if let Some(Code { op: Op::Alloc(8, true), .. }) = codes.peek() {
            if at >= into {
                undone.free(PUSHED);
            }
            codes.next();
        }
        match codes.next() {
            Some(Code { op: Op::MachineFrame(_), .. }) => {
                let to = undone.above_sp(0);
                undone.load_sp(&undone.above_sp(3 * PUSHED));
                undone.row(0, 0, Return::At(to))
            }
            _ => undone.row(0, 0, Return::Popped),
        }
    }
}

/// Whether the bytes that begin at `bytes`, the rest of `code`, leave the function.
fn leaves(code: &[u8], bytes: &[u8]) -> bool {
    // A prefix that has no effect here.
    let bytes = bytes.strip_prefix(&[0xf2]).unwrap_or(bytes);
    let at = (code.len() - bytes.len()) as i64;
    // A jump to the first byte is a call of the function itself.
    let outside = |to: i64| to <= 0 || to >= code.len() as i64;
    match *bytes {
        [0xc3 | 0xc2, ..] | [0xf3, 0xc3, ..] => true,
        [0xeb, by, ..] => outside(at + 2 + i64::from(by as i8)),
        [0xe9, a, b, c, d, ..] => outside(at + 5 + i64::from(i32::from_le_bytes([a, b, c, d]))),
        [0xff, 0x25, ..] => true,
        [0x48..0x50, 0xff, modrm, ..] => modrm & 0x38 == 0x20,
        _ => false,
    }
}

fn codes(version: u8, slots: &[[u8; 2]], near: i64) -> Result<Vec<Code>, UnwindError> {
    let mut codes = Vec::new();
    let mut index = 0;
    while let Some(&[at, op]) = slots.get(index) {
        // The header has four bytes.
        let place = 4 + index * 2;
        let next = |ahead: usize| match slots.get(index + ahead) {
            Some(&slot) => Ok(u32::from(u16::from_le_bytes(slot))),
            None => Err(bad(place, "the codes end within one of them")),
        };
        let wide = || Ok(next(1)? | next(2)? << 16);
        let (info, op) = (op >> 4, op & 15);
        let (op, length) = match op {
            0 => (Op::Push(info), 1),
            1 if info == 0 => (Op::Alloc(next(1)? * 8, false), 2),
            1 if info == 1 => (Op::Alloc(wide()?, false), 3),
            2 => (Op::Alloc(u32::from(info) * 8 + 8, true), 1),
            3 => (Op::SetFrame(near as u32), 1),
            4 => (Op::Save(info, next(1)? * 8), 2),
            5 => (Op::Save(info, wide()?), 3),
            6 if version == 2 => (Op::Epilog(epilog_distance(&codes, at, info)), 1),
            8 => (Op::SaveVector(info, next(1)? * 16), 2),
            9 => (Op::SaveVector(info, wide()?), 3),
            10 if info < 2 => (Op::MachineFrame(info == 1), 1),
            11 => (Op::SetFrame(wide()?.saturating_mul(16)), 3),
            _ => return Err(unread(place, format!("code {op} with {info} in version {version}"))),
        };
        codes.push(Code { at, op });
        index += length;
    }
    Ok(codes)
}

/// Of the first epilog code whether there is one at the end, of the others the distance.
fn epilog_distance(before: &[Code], at: u8, info: u8) -> u32 {
    match before {
        [] => u32::from(info),
        _ => u32::from(info) << 8 | u32::from(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use framewright_spec::Spec;

    fn check(data: &[u8], code: &[u8], wanted: &[&str]) {
        let machine = &Spec::embedded().machines["x86_64"];
        let table = read(data, code, 0..code.len() as u32, machine).expect("data as published");
        let text = |row: &Row| format!("{}..{}: {}", row.begin, row.end, row.text(machine));
        let rows: Vec<String> = table.rows.iter().map(text).collect();
        assert_eq!(rows, wanted);
    }

    fn refused(data: &[u8]) -> String {
        let machine = &Spec::embedded().machines["x86_64"];
        read(data, &[0xc3], 0..1, machine).expect_err("not read").to_string()
    }

    /// push rbx │ sub rsp, 32 │ nop │ add rsp, 32 │ pop rbx │ ret
    const PLAIN: [u8; 12] = [0x53, 0x48, 0x83, 0xec, 0x20, 0x90, 0x48, 0x83, 0xc4, 0x20, 0x5b, 0xc3];

    #[test]
    fn an_epilog_is_found_by_its_bytes() {
        let rows = [
            "0..1: cfa = rsp+8, return [cfa-8]",
            "1..5: cfa = rsp+16, return [cfa-8], rbx [cfa-16]",
            "5..10: cfa = rsp+48, return [cfa-8], rbx [cfa-16]",
            "10..11: cfa = rsp+16, return [cfa-8], rbx [cfa-16]",
            "11..12: cfa = rsp+8, return [cfa-8]",
        ];
        check(&[1, 5, 2, 0, 5, 0x32, 1, 0x30], &PLAIN, &rows);
    }

    /// The list of version 2 says where the pops begin; the change of SP before them belongs to the body.
    #[test]
    fn an_epilog_is_found_by_the_list_of_version_two() {
        let rows = [
            "0..1: cfa = rsp+8, return [cfa-8]",
            "1..5: cfa = rsp+16, return [cfa-8], rbx [cfa-16]",
            "5..10: cfa = rsp+48, return [cfa-8], rbx [cfa-16]",
            "10..11: cfa = rsp+16, return [cfa-8], rbx [cfa-16]",
            "11..12: cfa = rsp+8, return [cfa-8]",
        ];
        check(&[2, 5, 4, 0, 2, 0x16, 0, 0x06, 5, 0x32, 1, 0x30], &PLAIN, &rows);
        check(&[2, 5, 4, 0, 2, 0x06, 2, 0x06, 5, 0x32, 1, 0x30], &PLAIN, &rows);
        // No epilog is listed: what follows the prolog is body.
        let body = [rows[0], rows[1], "5..12: cfa = rsp+48, return [cfa-8], rbx [cfa-16]"];
        check(&[2, 5, 2, 0, 5, 0x32, 1, 0x30], &PLAIN, &body);
    }

    /// The distance from the end to an epilog has 12 bits.
    #[test]
    fn an_epilog_may_be_far_from_the_end() {
        let code = [&[0x53, 0x48, 0x83, 0xec, 0x20, 0x90, 0x5b, 0xc3][..], &[0x90; 0x100]].concat();
        let rows = [
            "0..1: cfa = rsp+8, return [cfa-8]",
            "1..5: cfa = rsp+16, return [cfa-8], rbx [cfa-16]",
            "5..6: cfa = rsp+48, return [cfa-8], rbx [cfa-16]",
            "6..7: cfa = rsp+16, return [cfa-8], rbx [cfa-16]",
            "7..8: cfa = rsp+8, return [cfa-8]",
            "8..264: cfa = rsp+48, return [cfa-8], rbx [cfa-16]",
        ];
        check(&[2, 5, 4, 0, 2, 0x06, 2, 0x16, 5, 0x32, 1, 0x30], &code, &rows);
    }

    /// push rbp │ lea rbp, [rsp] │ …: 16 * 64 bytes above the frame base, by CoreCLR's code.
    #[test]
    fn a_frame_register_may_be_far_away() {
        let code = [0x55, 0x48, 0x8d, 0x2c, 0x24, 0x90];
        let rows = [
            "0..1: cfa = rsp+8, return [cfa-8]",
            "1..5: cfa = rsp+16, return [cfa-8], rbp [cfa-16]",
            "5..6: cfa = rbp-1008, return [cfa-8], rbx [cfa+32], rbp [cfa-16]",
        ];
        let data = [1, 5, 6, 0xf5, 5, 0x34, 6, 0, 5, 0x0b, 64, 0, 0, 0, 1, 0x50];
        check(&data[..4 + 12], &code, &rows);
    }

    #[test]
    fn a_frame_of_the_processor_gives_both_sp_and_return_address() {
        let machine = &Spec::embedded().machines["x86_64"];
        let table = read(&[1, 0, 1, 0, 0, 0x1a], &[0x90], 0..1, machine).expect("data as published");
        // rsp+32, loaded; the return address is at rsp+8.
        assert_eq!(table.rows[0].cfa, super::super::Cfa::Expression(vec![0x77, 32, 0x06]));
        assert_eq!(table.rows[0].return_address, super::super::Rule::AtExpression(vec![0x77, 8]));
    }

    /// Data and code with the rows they give: `windows_x64_rows.txt`, rewritten by BLESS=1.
    #[test]
    fn data_and_code_give_these_rows() {
        let machine = &Spec::embedded().machines["x86_64"];
        let old = include_str!("windows_x64_rows.txt");
        let byte = |word| u8::from_str_radix(word, 16).expect("a byte");
        let mut new = String::new();
        for line in old.lines().filter(|line| !line.starts_with(' ')) {
            new += line;
            new.push('\n');
            let Some((data, code)) = line.split_once(" | ") else { continue };
            let data: Vec<u8> = data.split_whitespace().map(byte).collect();
            let code: Vec<u8> = code.split_whitespace().map(byte).collect();
            match read(&data, &code, 0..code.len() as u32, machine) {
                Ok(table) => table.rows.iter().for_each(|row| {
                    new += &format!("    {}..{}: {}\n", row.begin, row.end, row.text(machine));
                }),
                Err(error) => new += &format!("    {error}\n"),
            }
        }
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/unwind/windows_x64_rows.txt"), &new)
                .expect("a blessing");
        } else {
            assert_eq!(new, old);
        }
    }

    #[test]
    fn what_is_not_read_is_named() {
        assert!(refused(&[0x21, 0, 0, 0]).contains("a chained info"));
        assert!(refused(&[3, 0, 0, 0]).contains("version 3"));
        assert!(refused(&[1, 0, 1, 0, 0, 0x07]).contains("byte 0x4: code 7"));
        assert!(refused(&[1, 0, 3, 0, 0, 0x30, 0, 0x30, 0, 0x07]).contains("byte 0x8: code 7"));
        assert!(refused(&[1, 0, 1, 0, 0, 0x06]).contains("code 6 with 0 in version 1"));
        assert!(refused(&[1, 0, 1, 0, 0, 0x01]).contains("end within one"));
        assert!(refused(&[1, 0, 2, 0, 0, 0x30]).contains("before its 2 codes"));
        assert!(refused(&[1, 0]).contains("header"));
    }
}
