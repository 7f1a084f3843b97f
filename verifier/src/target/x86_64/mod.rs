//! x86-64: iced-x86 decodes, rows of the spec give the meaning.
//!
//! A row is found by mnemonic and number of operands, then by form: one named `….64` (32, 16, 8) when the first
//! operand is that wide; then one named `….load` when the last operand is memory; then any other. Prefixes that change the meaning (`lock`, `rep`, segments, 32-bit addresses) and
//! forms that no row describes are [`Unsupported`], never guessed.

mod effects;
pub(super) mod probe;
pub(super) mod stage;
mod template;

use super::Known;
use super::template::{StepOperand, Template};
use crate::decoded::{Base, Decoded, MemoryOperand, Operand, RowId, Unsupported};
use framewright_spec::machine::View;
use framewright_spec::{CodeOffset, Machine, Reg};
use iced_x86::{Code, DecoderOptions, Formatter, Instruction, Mnemonic, OpKind, Register};
use smallvec::SmallVec;
use std::collections::HashMap;

/// SDM vol. 1, 10.2.3: all exceptions masked, rounding to nearest. Floats of a replay must not trap.
const MXCSR_AT_RESET: u128 = 0x1f80;

/// Most operands a row may have.
const MAX_OPERANDS: usize = 3;

/// Forms by the width of the first operand: name and bits.
const WIDTHS: [(&str, u32); 4] = [("8", 8), ("16", 16), ("32", 32), ("64", 64)];

/// The rows of one mnemonic with one number of operands.
#[derive(Clone, Copy, Debug, Default)]
struct Forms {
    plain: Option<RowId>,
    load: Option<RowId>,
    by_width: [Option<RowId>; WIDTHS.len()],
}

impl Forms {
    fn place(&mut self, form: &str) -> &mut Option<RowId> {
        match WIDTHS.iter().position(|(name, _)| *name == form) {
            Some(width) => &mut self.by_width[width],
            None if form == "load" => &mut self.load,
            None => &mut self.plain,
        }
    }
}

/// Decoder with the spec's rows and registers resolved to iced's numbering.
#[derive(Debug)]
pub struct Decoder {
    /// Mnemonics by name.
    mnemonics: HashMap<String, Mnemonic>,
    rows: Vec<[Forms; MAX_OPERANDS + 1]>,
    views: Vec<Option<View>>,
    sp: Reg,
    mxcsr: Option<Reg>,
    /// Flags and the direction flag.
    flags: Vec<(String, Reg)>,
}

impl Decoder {
    /// Resolves the rows and register names of a machine.
    pub fn new(machine: &Machine) -> Decoder {
        let views = Register::values().map(|r| machine.views.get(&register_name(r)).cloned()).collect();
        let mnemonics: HashMap<String, Mnemonic> = Mnemonic::values().map(|m| (lower(m), m)).collect();
        let mut rows = vec![[Forms::default(); MAX_OPERANDS + 1]; Mnemonic::values().len()];
        for (index, (name, row)) in machine.instructions.iter().enumerate() {
            let (mnemonic, form) = name.split_once('.').unwrap_or((name, ""));
            let (Some(&slot), Ok(id)) = (mnemonics.get(mnemonic), u16::try_from(index)) else { continue };
            if let Some(forms) = rows[slot as usize].get_mut(row.operands.len()) {
                *forms.place(form) = Some(RowId(id));
            }
        }
        let bits = machine.registers.iter().filter(|register| register.bits == 1);
        let flags = bits.filter_map(|register| Some((register.name.clone(), machine.reg(&register.name)?)));
        Decoder {
            mnemonics,
            rows,
            views,
            sp: machine.sp,
            mxcsr: machine.reg("mxcsr"),
            flags: flags.collect(),
        }
    }

    fn row(&self, mnemonic: Mnemonic, operands: &[Operand]) -> Option<RowId> {
        let forms = self.rows.get(mnemonic as usize)?.get(operands.len())?;
        let first_bits = operands.first().map(Operand::bits);
        let width = WIDTHS.iter().position(|(_, bits)| Some(*bits) == first_bits);
        let by_width = width.and_then(|width| forms.by_width[width]);
        let load = forms.load.filter(|_| matches!(operands.last(), Some(Operand::Memory(_))));
        by_width.or(load).or(forms.plain)
    }

    /// The instruction by its row, or what about it has none.
    fn meaning(&self, instruction: &Instruction, at: CodeOffset) -> Result<Decoded, Lack> {
        if let Some(what) = foreign_form(instruction) {
            return Err(Lack::Form(what));
        }
        let operands: Result<SmallVec<[Operand; 3]>, _> =
            (0..instruction.op_count()).map(|index| self.operand(instruction, index)).collect();
        let operands = operands?;
        let row = self.row(instruction.mnemonic(), &operands).ok_or(Lack::Form("no row for the meaning"))?;
        Ok(Decoded { at, len: instruction.len() as u32, row, operands })
    }

    fn view(&self, register: Register) -> Result<&View, Lack> {
        let view = self.views.get(register as usize).and_then(Option::as_ref);
        view.ok_or(Lack::Register(register))
    }

    fn address_register(&self, register: Register) -> Result<Reg, Lack> {
        let view = self.view(register)?;
        match view.bits {
            64 => Ok(view.reg),
            bits => Err(Lack::AddressBits(bits)),
        }
    }

    fn operand(&self, instruction: &Instruction, index: u32) -> Result<Operand, Lack> {
        let kind = instruction.op_kind(index);
        Ok(match kind {
            OpKind::Register => Operand::Part(self.view(instruction.op_register(index))?.clone()),
            OpKind::Memory => Operand::Memory(self.memory(instruction)?),
            OpKind::NearBranch64 => Operand::Code(instruction.near_branch64() as i64),
            _ => {
                let bits = immediate_bits(kind).ok_or(Lack::Kind(kind))?;
                let value = instruction.immediate(index) & (u64::MAX >> (64 - bits));
                Operand::Immediate { value, bits }
            }
        })
    }

    fn memory(&self, instruction: &Instruction) -> Result<MemoryOperand, Lack> {
        let displacement = instruction.memory_displacement64() as i64;
        let index = match instruction.memory_index() {
            Register::None => None,
            index => Some((self.address_register(index)?, instruction.memory_index_scale())),
        };
        let base = match instruction.memory_base() {
            Register::RIP => Base::Code,
            Register::None if index.is_none() => return Err(Lack::Form("absolute address")),
            Register::None => Base::Zero,
            base => Base::Register(self.address_register(base)?),
        };
        let bytes = instruction.memory_size().size() as u32;
        if bytes > 16 {
            return Err(Lack::MemoryBytes(bytes));
        }
        let align = if bytes == 16 && !allows_unaligned(instruction.mnemonic()) { 16 } else { 1 };
        Ok(MemoryOperand { base, index, displacement, bits: bytes * 8, align })
    }
}

/// What about an instruction is not in the rows. Most code has many such instructions, so that nothing is told yet.
#[derive(Clone, Copy, Debug)]
enum Lack {
    Form(&'static str),
    Register(Register),
    AddressBits(u32),
    Kind(OpKind),
    MemoryBytes(u32),
}

impl std::fmt::Display for Lack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Lack::Form(what) => write!(f, "{what}"),
            Lack::Register(register) => write!(f, "register {} is not in the spec", register_name(*register)),
            Lack::AddressBits(bits) => write!(f, "{bits}-bit address"),
            Lack::Kind(kind) => write!(f, "operand kind {kind:?}"),
            Lack::MemoryBytes(bytes) => write!(f, "{bytes}-byte memory operand"),
        }
    }
}

impl super::Decoder for Decoder {
    fn usual(&self, reg: Reg) -> u128 {
        if Some(reg) == self.mxcsr { MXCSR_AT_RESET } else { 0 }
    }

    fn decode(&self, code: &[u8], at: CodeOffset) -> Result<Decoded, Unsupported> {
        let instruction = read(code, at);
        let fail = |what: String| Unsupported { at, what };
        if instruction.is_invalid() {
            return Err(fail("bytes that are no instruction".to_owned()));
        }
        let meaning = self.meaning(&instruction, at);
        meaning.map_err(|what| fail(format!("{what} of `{}`", self.text(code, at))))
    }

    fn effects(&self, code: &[u8], at: CodeOffset) -> Option<Result<crate::effects::Effects, Unsupported>> {
        Some(self.effects_of(&read(code, at)))
    }

    fn known(&self, code: &[u8], at: CodeOffset) -> Result<Known, Unsupported> {
        let instruction = read(code, at);
        match self.meaning(&instruction, at) {
            Ok(decoded) => Ok(Known::Row(decoded)),
            Err(_) => self.effects_of(&instruction).map(Known::Effects),
        }
    }

    fn template(&self, mnemonic: &str, operands: &[StepOperand]) -> Result<Template, String> {
        self.template_of(mnemonic, operands)
    }

    fn text(&self, code: &[u8], at: CodeOffset) -> String {
        let instruction = read(code, at);
        if instruction.is_invalid() {
            return "(no instruction)".to_owned();
        }
        let mut formatter = iced_x86::IntelFormatter::new();
        let options = formatter.options_mut();
        options.set_hex_prefix("0x");
        options.set_hex_suffix("");
        options.set_uppercase_hex(false);
        options.set_small_hex_numbers_in_decimal(true);
        options.set_space_after_operand_separator(true);
        options.set_branch_leading_zeros(false);
        options.set_show_branch_size(false);
        let mut text = String::new();
        formatter.format(&instruction, &mut text);
        text
    }
}

/// Addresses are bytes from the code's start, so that PC-relative operands come out relative to it. Processors
/// disagree on branches with an operand-size prefix; AMD's reading makes them 16-bit branches, which have no row.
fn read(code: &[u8], at: CodeOffset) -> Instruction {
    let rest = code.get(at.0 as usize..).unwrap_or(&[]);
    iced_x86::Decoder::with_ip(64, rest, u64::from(at.0), DecoderOptions::AMD).decode()
}

fn lower(name: impl std::fmt::Debug) -> String {
    format!("{name:?}").to_lowercase()
}

/// The manual's name: iced calls the low bytes of the upper registers `r8l`, the manual `r8b`.
fn register_name(register: Register) -> String {
    let name = lower(register);
    match name.strip_suffix('l') {
        Some(wide) if wide.starts_with('r') => format!("{wide}b"),
        _ => name,
    }
}

/// Prefixes and encodings that share a mnemonic with a row but do something else.
fn foreign_form(instruction: &Instruction) -> Option<&'static str> {
    if instruction.has_lock_prefix() {
        return Some("lock prefix");
    }
    if instruction.has_rep_prefix() || instruction.has_repne_prefix() {
        return Some("repeat prefix");
    }
    // SDM vol. 1, 3.4.4.1: the other segments begin at 0, whatever the prefix; on branches it is a hint.
    if matches!(instruction.segment_prefix(), Register::FS | Register::GS) {
        return Some("segment prefix");
    }
    if instruction.is_jmp_far_indirect() || instruction.is_call_far_indirect() {
        return Some("far branch");
    }
    let memory = instruction.op0_kind() == OpKind::Memory;
    match instruction.mnemonic() {
        Mnemonic::Ret if !matches!(instruction.code(), Code::Retnq | Code::Retnq_imm16) => {
            Some("16-bit return")
        }
        Mnemonic::Leave if instruction.code() != Code::Leaveq => Some("16-bit leave"),
        Mnemonic::Enter if instruction.code() != Code::Enterq_imm16_imm8 => Some("16-bit enter"),
        Mnemonic::Enter if instruction.immediate8_2nd() != 0 => Some("enter of an inner procedure"),
        // The address is computed after SP has moved.
        Mnemonic::Pop if memory && instruction.memory_base() == Register::RSP => {
            Some("operand relative to SP")
        }
        // A bit number in a register reaches outside the operand.
        Mnemonic::Bt if memory && instruction.op1_kind() == OpKind::Register => Some("bit string"),
        _ => None,
    }
}

fn immediate_bits(kind: OpKind) -> Option<u32> {
    match kind {
        OpKind::Immediate8 | OpKind::Immediate8_2nd => Some(8),
        OpKind::Immediate16 | OpKind::Immediate8to16 => Some(16),
        OpKind::Immediate32 | OpKind::Immediate8to32 => Some(32),
        OpKind::Immediate64 | OpKind::Immediate8to64 | OpKind::Immediate32to64 => Some(64),
        _ => None,
    }
}

/// SDM vol. 1, 4.1.1: 16-byte operands must be aligned unless the instruction is one of these.
fn allows_unaligned(mnemonic: Mnemonic) -> bool {
    use Mnemonic::{Lddqu, Movdqu, Movupd, Movups};
    matches!(mnemonic, Movups | Movupd | Movdqu | Lddqu)
}
