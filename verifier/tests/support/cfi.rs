//! Call frame information by hand: `.cfi_*` lines of listings, and fragments of given instructions.

use framewright_spec::{Abi, CodeOffset, Machine};
use std::collections::HashMap;

const ADVANCE_4: u8 = 0x04;
const DATA_ALIGN: i64 = -8;

/// What goes into a CIE.
pub(crate) struct Cie {
    /// The column of the return address.
    pub(crate) return_column: u8,
    /// Instructions that hold at the first byte of code.
    pub(crate) initial: Vec<u8>,
}

impl Cie {
    /// The CIE of code that is called under a convention.
    pub(crate) fn at_call(machine: &Machine, abi: &Abi) -> Cie {
        let column = |reg: framewright_spec::Reg| machine.register(reg).dwarf.expect("a number") as u8;
        // No register has the return address of x86-64; its column is 16. (System V ABI, figure 3.36)
        let return_column = machine.link.map_or(16, column);
        let pushed = i64::from(abi.pushed_return);
        let mut initial = vec![0x0c, column(machine.sp)];
        initial.extend(uleb(pushed as u64));
        if pushed > 0 {
            initial.extend(offset(return_column, -pushed));
        }
        Cie { return_column, initial }
    }

    /// The column that a directive names.
    fn column(&self, machine: &Machine, name: &str) -> u8 {
        match machine.reg(name) {
            Some(reg) => machine.register(reg).dwarf.unwrap_or_else(|| panic!("{name} has no number")) as u8,
            None if name == "return" => self.return_column,
            None => panic!("`.cfi`: register {name}"),
        }
    }
}

/// The fragment of a claim: CIE, FDE of code from 0 on, terminator.
pub(crate) fn fragment(cie: &Cie, instructions: &[u8], code_bytes: u32) -> Vec<u8> {
    // Version, augmentation, code and data alignment, return address; pointers are absolute words of 8 bytes.
    let mut head = vec![0, 0, 0, 0, 1, b'z', b'R', 0, 1];
    head.extend(sleb(DATA_ALIGN));
    head.extend([cie.return_column, 1, 0x04]);
    head.extend(&cie.initial);
    let mut bytes = entry(head);
    let back = bytes.len() as u32 + 4;
    let mut fde = back.to_le_bytes().to_vec();
    fde.extend(0_u64.to_le_bytes());
    fde.extend(u64::from(code_bytes).to_le_bytes());
    fde.push(0);
    fde.extend(instructions);
    bytes.extend(entry(fde));
    bytes.extend([0; 4]);
    bytes
}

/// Length first, filled with no-operations to a multiple of eight.
pub(crate) fn entry(mut content: Vec<u8>) -> Vec<u8> {
    while !(content.len() + 4).is_multiple_of(8) {
        content.push(0);
    }
    let mut bytes = (content.len() as u32).to_le_bytes().to_vec();
    bytes.append(&mut content);
    bytes
}

/// Lines of code with a label in place of every `.cfi_*` line, and those lines.
pub(crate) fn split(code: &str) -> (Vec<String>, Vec<String>) {
    let mut directives = Vec::new();
    let lines = code.lines().map(|line| match line.trim().strip_prefix(".cfi_") {
        Some(directive) => {
            directives.push(directive.split(';').next().unwrap_or("").trim().to_owned());
            format!("cfi{}:", directives.len() - 1)
        }
        None => line.to_owned(),
    });
    (lines.collect(), directives)
}

/// The fragment that directives at their labels make.
pub(crate) fn assemble(
    machine: &Machine,
    abi: &Abi,
    directives: &[String],
    labels: &HashMap<String, u32>,
    data: CodeOffset,
) -> Vec<u8> {
    let cie = Cie::at_call(machine, abi);
    let (mut instructions, mut last) = (Vec::new(), 0);
    for (index, directive) in directives.iter().enumerate() {
        let at = labels[&format!("cfi{index}")];
        match at - last {
            0 => {}
            short @ 1..64 => instructions.push(0x40 | short as u8),
            long => {
                instructions.push(ADVANCE_4);
                instructions.extend(long.to_le_bytes());
            }
        }
        last = at;
        instructions.extend(instruction(&cie, machine, directive));
    }
    fragment(&cie, &instructions, data.0)
}

fn instruction(cie: &Cie, machine: &Machine, directive: &str) -> Vec<u8> {
    let (name, rest) = directive.split_once(' ').unwrap_or((directive, ""));
    let words: Vec<&str> = rest.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
    let column = |index: usize| cie.column(machine, words[index]);
    let number = |index: usize| words[index].parse::<i64>().unwrap_or_else(|_| panic!(".cfi_{directive}"));
    match name {
        "def_cfa" => [vec![0x0c, column(0)], uleb(number(1) as u64)].concat(),
        "def_cfa_register" => vec![0x0d, column(0)],
        "def_cfa_offset" => [vec![0x0e], uleb(number(0) as u64)].concat(),
        "offset" => offset(column(0), number(1)),
        "val_offset" => [vec![0x15, column(0)], sleb(number(1) / DATA_ALIGN)].concat(),
        "restore" if column(0) < 64 => vec![0xc0 | column(0)],
        "restore" => vec![0x06, column(0)],
        "undefined" => vec![0x07, column(0)],
        "same_value" => vec![0x08, column(0)],
        "register" => vec![0x09, column(0), column(1)],
        "remember_state" => vec![0x0a],
        "restore_state" => vec![0x0b],
        "escape" => words.iter().map(|w| u8::from_str_radix(w, 16).expect("a byte")).collect(),
        _ => panic!(".cfi_{directive}"),
    }
}

fn offset(column: u8, bytes: i64) -> Vec<u8> {
    let factored = (bytes / DATA_ALIGN) as u64;
    if column < 64 {
        [vec![0x80 | column], uleb(factored)].concat()
    } else {
        [vec![0x05, column], uleb(factored)].concat()
    }
}

pub(crate) fn uleb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        bytes.push(if value == 0 { low } else { low | 0x80 });
        if value == 0 {
            return bytes;
        }
    }
}

pub(crate) fn sleb(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        let done = (value == 0 && low & 0x40 == 0) || (value == -1 && low & 0x40 != 0);
        bytes.push(if done { low } else { low | 0x80 });
        if done {
            return bytes;
        }
    }
}
