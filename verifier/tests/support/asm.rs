//! A small assembler for test listings: labels, the instructions the listings use, and `.prolog` / `.epilog`,
//! which expand the declared steps of the frame.

use framewright_spec::frame::{AsmOperand, AsmStep};
use framewright_spec::{Layout, Machine};
use iced_x86::{Code, Encoder, Instruction, MemoryOperand, Register};
use std::collections::HashMap;

/// One operand.
#[derive(Clone, Debug)]
enum Operand {
    Register(Register),
    Immediate(i64),
    Memory { base: Register, index: Register, scale: u32, offset: i64 },
    Label(String),
}

/// One line that makes bytes.
#[derive(Clone, Debug)]
enum Item {
    Instruction {
        mnemonic: String,
        operands: Vec<Operand>,
    },
    /// A 32-bit distance from one label to another.
    Entry {
        to: String,
        from: String,
    },
    Bytes(Vec<u8>),
}

/// Bytes and labels.
pub(crate) struct Assembled {
    /// Code, then data.
    pub(crate) bytes: Vec<u8>,
    /// Offsets by name.
    pub(crate) labels: HashMap<String, u32>,
}

/// Assembles a listing.
pub(crate) fn assemble(lines: &[&str], machine: &Machine, layout: &Layout) -> Assembled {
    let mut items: Vec<(Vec<String>, Option<Item>)> = Vec::new();
    let mut labels: Vec<String> = Vec::new();
    for line in lines {
        let line = line.split(';').next().unwrap_or("").trim();
        if let Some(label) = line.strip_suffix(':') {
            labels.push(label.to_owned());
        } else if line == ".prolog" || line == ".epilog" {
            let steps = if line == ".prolog" { &layout.prolog } else { &layout.epilog };
            for (number, step) in steps.iter().enumerate() {
                labels.push(format!("{line}{number}"));
                items.push((std::mem::take(&mut labels), Some(from_step(step, machine, line))));
            }
        } else if !line.is_empty() {
            items.push((std::mem::take(&mut labels), Some(parse(line))));
        }
    }
    items.push((labels, None));
    let mut known: HashMap<String, u32> = HashMap::new();
    // Twice: the second time all labels are known. Jumps have one size.
    let mut bytes = Vec::new();
    for _ in 0..2 {
        bytes.clear();
        for (labels, item) in &items {
            for label in labels {
                known.insert(label.clone(), bytes.len() as u32);
            }
            if let Some(item) = item {
                let code = encode(item, bytes.len() as u64, &known);
                bytes.extend(code);
            }
        }
    }
    Assembled { bytes, labels: known }
}

/// Steps that jump go to others by their number, which is their label.
fn from_step(step: &AsmStep, machine: &Machine, part: &str) -> Item {
    let name = |reg: framewright_spec::Reg| register(&machine.register(reg).name).expect("a register");
    let operand = |operand: &AsmOperand| match *operand {
        AsmOperand::Register(reg) => Operand::Register(name(reg)),
        AsmOperand::Immediate(value) => Operand::Immediate(value),
        AsmOperand::Memory { base, offset } => {
            Operand::Memory { base: name(base), index: Register::None, scale: 1, offset }
        }
        AsmOperand::Step(number) => Operand::Label(format!("{part}{number}")),
        AsmOperand::Helper(_) => panic!("{step:?}: the listings have none"),
    };
    Item::Instruction {
        mnemonic: step.mnemonic.clone(),
        operands: step.operands.iter().map(operand).collect(),
    }
}

fn parse(line: &str) -> Item {
    let (mnemonic, rest) = line.split_once(' ').unwrap_or((line, ""));
    if mnemonic == ".entry" {
        let (to, from) = rest.split_once('-').expect("`.entry to - from`");
        return Item::Entry { to: to.trim().to_owned(), from: from.trim().to_owned() };
    }
    if mnemonic == ".byte" {
        let byte = |b: &str| u8::from_str_radix(b.trim().trim_start_matches("0x"), 16).expect("a byte");
        return Item::Bytes(rest.split(',').map(byte).collect());
    }
    let operands = rest.split(',').map(str::trim).filter(|o| !o.is_empty()).map(operand);
    Item::Instruction { mnemonic: mnemonic.to_owned(), operands: operands.collect() }
}

fn operand(text: &str) -> Operand {
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return memory(inner);
    }
    if let Some(reg) = register(text) {
        return Operand::Register(reg);
    }
    match number(text) {
        Some(value) => Operand::Immediate(value),
        None => Operand::Label(text.to_owned()),
    }
}

fn memory(inner: &str) -> Operand {
    let (mut base, mut index, mut scale, mut offset) = (Register::None, Register::None, 1, 0);
    let spaced = inner.replace('-', "+-");
    for part in spaced.split('+').map(str::trim).filter(|p| !p.is_empty()) {
        let part = part.replace("- ", "-");
        if let Some((reg, by)) = part.split_once('*') {
            (index, scale) = (register(reg).expect("an index"), by.parse().expect("a scale"));
        } else if let Some(reg) = register(&part) {
            base = reg;
        } else if let Some(value) = number(&part) {
            offset += value;
        } else {
            return Operand::Label(part);
        }
    }
    Operand::Memory { base, index, scale, offset }
}

fn number(text: &str) -> Option<i64> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let value = match digits.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some(if minus { -value } else { value })
}

fn register(name: &str) -> Option<Register> {
    Register::values().find(|r| format!("{r:?}").to_lowercase() == name)
}

fn encode(item: &Item, at: u64, labels: &HashMap<String, u32>) -> Vec<u8> {
    let label = |name: &String| labels.get(name).copied().unwrap_or(at as u32 + 16);
    let (mnemonic, operands) = match item {
        Item::Bytes(bytes) => return bytes.clone(),
        Item::Entry { to, from } => {
            return (label(to) as i32 - label(from) as i32).to_le_bytes().to_vec();
        }
        Item::Instruction { mnemonic, operands } => (mnemonic.as_str(), operands),
    };
    let memory = |o: &Operand| match o {
        Operand::Memory { base, index, scale, offset } => Some(MemoryOperand::new(
            *base,
            *index,
            *scale,
            *offset,
            if *offset == 0 && *base != Register::RBP { 0 } else { 8 },
            false,
            Register::None,
        )),
        Operand::Label(name) => {
            Some(MemoryOperand::with_base_displ_size(Register::RIP, i64::from(label(name)), 8))
        }
        _ => None,
    };
    let instruction = match (mnemonic, operands.as_slice()) {
        ("ret", []) => Instruction::with(Code::Retnq),
        ("ud2", []) => Instruction::with(Code::Ud2),
        ("nop", []) => Instruction::with(Code::Nopd),
        ("std", []) => Instruction::with(Code::Std),
        ("cld", []) => Instruction::with(Code::Cld),
        ("push", [Operand::Register(r)]) => Instruction::with1(Code::Push_r64, *r).expect("push"),
        ("pop", [Operand::Register(r)]) => Instruction::with1(Code::Pop_r64, *r).expect("pop"),
        ("push", [m]) => Instruction::with1(Code::Push_rm64, memory(m).expect("memory")).expect("push"),
        ("call", [Operand::Register(r)]) => Instruction::with1(Code::Call_rm64, *r).expect("call"),
        ("jmp", [Operand::Register(r)]) => Instruction::with1(Code::Jmp_rm64, *r).expect("jmp"),
        ("call", [Operand::Label(l)]) => {
            Instruction::with_branch(Code::Call_rel32_64, u64::from(label(l))).expect("call")
        }
        ("ldmxcsr", [m]) => {
            Instruction::with1(Code::Ldmxcsr_m32, memory(m).expect("memory")).expect("ldmxcsr")
        }
        (_, [Operand::Label(l)]) => {
            let code = jump(mnemonic).unwrap_or_else(|| panic!("jump `{mnemonic}`"));
            Instruction::with_branch(code, u64::from(label(l))).expect("a jump")
        }
        (_, [a, b]) => {
            let code = two(mnemonic, a, b).unwrap_or_else(|| panic!("`{mnemonic}` {a:?} {b:?}"));
            match (a, b) {
                (Operand::Register(a), Operand::Register(b)) => Instruction::with2(code, *a, *b),
                (Operand::Register(a), Operand::Immediate(i)) => Instruction::with2(code, *a, *i),
                (Operand::Register(a), m) => Instruction::with2(code, *a, memory(m).expect("memory")),
                (m, Operand::Register(b)) => Instruction::with2(code, memory(m).expect("memory"), *b),
                (m, Operand::Immediate(i)) => Instruction::with2(code, memory(m).expect("memory"), *i as i32),
                _ => panic!("`{mnemonic}` {a:?} {b:?}"),
            }
            .expect("an encoding")
        }
        _ => panic!("`{mnemonic}` {operands:?}"),
    };
    let mut encoder = Encoder::new(64);
    encoder.encode(&instruction, at).expect("an encoding");
    encoder.take_buffer()
}

fn jump(mnemonic: &str) -> Option<Code> {
    Some(match mnemonic {
        "jmp" => Code::Jmp_rel32_64,
        "jae" => Code::Jae_rel32_64,
        "ja" => Code::Ja_rel32_64,
        "jb" => Code::Jb_rel32_64,
        "jbe" => Code::Jbe_rel32_64,
        "je" => Code::Je_rel32_64,
        "jne" => Code::Jne_rel32_64,
        _ => return None,
    })
}

fn two(mnemonic: &str, a: &Operand, b: &Operand) -> Option<Code> {
    use Operand::{Immediate, Label, Memory, Register as R};
    let wide = |o: &Operand| matches!(o, R(r) if r.is_gpr64());
    let vector = |o: &Operand| matches!(o, R(r) if r.is_xmm());
    Some(match (mnemonic, a, b) {
        ("mov", R(_), R(_)) if wide(a) => Code::Mov_rm64_r64,
        ("mov", R(_), R(_)) => Code::Mov_rm32_r32,
        ("mov", R(_), Immediate(_)) if wide(a) => Code::Mov_r64_imm64,
        ("mov", R(_), Immediate(_)) => Code::Mov_r32_imm32,
        ("mov", R(_), _) if wide(a) => Code::Mov_r64_rm64,
        ("mov", R(_), _) => Code::Mov_r32_rm32,
        ("mov", _, R(_)) if wide(b) => Code::Mov_rm64_r64,
        ("mov", _, R(_)) => Code::Mov_rm32_r32,
        ("mov", _, Immediate(_)) => Code::Mov_rm64_imm32,
        ("lea", R(_), Memory { .. } | Label(_)) => Code::Lea_r64_m,
        ("movsxd", R(_), Memory { .. }) => Code::Movsxd_r64_rm32,
        ("add", R(_), Immediate(_)) if wide(a) => Code::Add_rm64_imm32,
        ("sub", R(_), Immediate(_)) if wide(a) => Code::Sub_rm64_imm32,
        ("cmp", R(_), Immediate(_)) if wide(a) => Code::Cmp_rm64_imm32,
        ("cmp", R(_), Immediate(_)) => Code::Cmp_rm32_imm32,
        ("and", R(_), Immediate(_)) if wide(a) => Code::And_rm64_imm32,
        ("sub", R(_), Immediate(_)) => Code::Sub_rm32_imm32,
        ("add", R(_), R(_)) => Code::Add_rm64_r64,
        ("add", R(_), Memory { .. }) => Code::Add_r64_rm64,
        ("sub", R(_), R(_)) => Code::Sub_rm64_r64,
        ("cmp", R(_), R(_)) => Code::Cmp_rm64_r64,
        ("add", _, Immediate(_)) => Code::Add_rm64_imm32,
        ("xor", R(_), R(_)) => Code::Xor_rm32_r32,
        ("test", R(_), R(_)) if wide(a) => Code::Test_rm64_r64,
        ("test", Memory { .. }, R(_)) if wide(b) => Code::Test_rm64_r64,
        ("movaps", _, R(_)) if vector(b) => Code::Movaps_xmmm128_xmm,
        ("movups", _, R(_)) if vector(b) => Code::Movups_xmmm128_xmm,
        ("movaps", R(_), _) if vector(a) => Code::Movaps_xmm_xmmm128,
        ("movsd", _, R(_)) if vector(b) => Code::Movsd_xmmm64_xmm,
        ("movq", R(_), R(_)) if vector(a) => Code::Movq_xmm_rm64,
        _ => return None,
    })
}
