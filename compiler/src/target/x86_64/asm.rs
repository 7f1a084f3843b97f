//! The assembler: instructions to bytes, with labels, trap sites, constants and jump tables.
//!
//! ```text
//!   code          instructions in the order emitted; references to labels are patched at the end
//!   cold traps    one `ud2` for each [`Asm::trap_label`]
//!   ---- data ----
//!   constants     each once, widest first, so that each is naturally aligned
//!   jump tables   32-bit offsets relative to the table's own first byte
//! ```
//!
//! Faults (an operand that cannot be encoded, a label never bound, code past the size limit) are kept and reported
//! once by [`Asm::finish`], so that emitting code needs no error handling. It chooses no instructions.

use crate::target::{Assembled, CalledHelper, Label, runs_at};
use crate::{CompileError, TrapCode, TrapSite};
use framewright_spec::CodeOffset;
use framewright_spec::claim::JumpTable;
use iced_x86::{Code, Encoder, IcedError, Instruction, MemoryOperand, Register};
use rustc_hash::FxHashMap;

/// Bytes that one function may have at most.
pub(crate) const LIMIT_BYTES: u32 = 64 << 20;

/// Where a label that is not bound yet "is".
const UNBOUND: u32 = u32::MAX;

/// A 32-bit displacement to be filled in: its place, and the end of the instruction it is relative to.
#[derive(Clone, Copy, Debug)]
struct Fixup {
    at: u32,
    end: u32,
    label: Label,
}

/// A jump table to be placed in the data.
#[derive(Debug)]
struct Table {
    label: Label,
    jump: Label,
    targets: Vec<Label>,
}

/// A code buffer for one function.
pub(crate) struct Asm {
    function: String,
    encoder: Encoder,
    length: u32,
    labels: Vec<u32>,
    fixups: Vec<Fixup>,
    traps: Vec<TrapSite>,
    cold_traps: Vec<(Label, TrapCode, u32)>,
    constants: Vec<(u32, u128, Label)>,
    constant_labels: FxHashMap<(u32, u128), Label>,
    tables: Vec<Table>,
    helpers: Vec<CalledHelper>,
    /// Steps of prologs and epilogs: the place of each, and that of the end of the last.
    pub(crate) runs: Vec<Vec<Label>>,
    error: Option<CompileError>,
}

/// What was emitted before [`Asm::split`], to be put behind what follows.
pub(crate) struct Tail {
    bytes: Vec<u8>,
    labels: Vec<u32>,
    fixups: Vec<Fixup>,
    traps: Vec<TrapSite>,
}

/// The memory operand `[base + offset]`.
pub(crate) fn mem(base: Register, offset: i32) -> MemoryOperand {
    let displacement_size = u32::from(offset != 0);
    MemoryOperand::with_base_displ_size(base, i64::from(offset), displacement_size)
}

/// The memory operand `[base + index * scale + offset]`.
pub(crate) fn mem_index(base: Register, index: Register, scale: u32, offset: i32) -> MemoryOperand {
    let displacement_size = u32::from(offset != 0);
    let offset = i64::from(offset);
    MemoryOperand::with_base_index_scale_displ_size(base, index, scale, offset, displacement_size)
}

impl Asm {
    /// An empty buffer; the name is for error messages.
    pub(crate) fn new(function: &str) -> Asm {
        Asm {
            function: function.to_owned(),
            encoder: Encoder::new(64),
            length: 0,
            labels: Vec::new(),
            fixups: Vec::new(),
            traps: Vec::new(),
            cold_traps: Vec::new(),
            constants: Vec::new(),
            constant_labels: FxHashMap::default(),
            tables: Vec::new(),
            helpers: Vec::new(),
            runs: Vec::new(),
            error: None,
        }
    }

    /// The offset of the next instruction. After [`Asm::split`] it counts from the new front.
    pub(crate) fn here(&self) -> CodeOffset {
        CodeOffset(self.length)
    }

    /// Keeps the first fault for [`Asm::finish`].
    pub(crate) fn fail(&mut self, message: String) {
        let function = self.function.clone();
        self.error.get_or_insert(CompileError::Internal { phase: "assembler", function, message });
    }

    /// Emits an instruction as made by `Instruction::with*`.
    pub(crate) fn emit(&mut self, instruction: Result<Instruction, IcedError>) {
        if self.error.is_some() {
            return;
        }
        let encoded = instruction.and_then(|i| self.encoder.encode(&i, u64::from(self.length)));
        match encoded {
            Ok(bytes) => self.length += bytes as u32,
            Err(error) => return self.fail(error.to_string()),
        }
        if self.length > LIMIT_BYTES {
            let function = self.function.clone();
            let limit = u64::from(LIMIT_BYTES);
            self.error = Some(CompileError::Limit { function, what: "code size in bytes".to_owned(), limit });
        }
    }

    /// Emits an instruction with a register operand.
    pub(crate) fn op1(&mut self, code: Code, operand: Register) {
        self.emit(Instruction::with1(code, operand));
    }

    /// Emits an instruction with two register operands.
    pub(crate) fn rr(&mut self, code: Code, first: Register, second: Register) {
        self.emit(Instruction::with2(code, first, second));
    }

    /// Emits an instruction with a register and a memory operand.
    pub(crate) fn rm(&mut self, code: Code, first: Register, second: MemoryOperand) {
        self.emit(Instruction::with2(code, first, second));
    }

    /// Emits an instruction with a memory and a register operand.
    pub(crate) fn mr(&mut self, code: Code, first: MemoryOperand, second: Register) {
        self.emit(Instruction::with2(code, first, second));
    }

    /// Emits an instruction with a register and an immediate operand.
    pub(crate) fn ri(&mut self, code: Code, first: Register, second: i32) {
        self.emit(Instruction::with2(code, first, second));
    }

    /// Emits an instruction with a memory and an immediate operand.
    pub(crate) fn mi(&mut self, code: Code, first: MemoryOperand, second: i32) {
        self.emit(Instruction::with2(code, first, second));
    }

    /// Emits an instruction without operands.
    pub(crate) fn op0(&mut self, code: Code) {
        self.emit(Ok(Instruction::with(code)));
    }

    /// Emits an instruction whose memory operand is [`Asm::reference`], meaning the label.
    pub(crate) fn emit_reference(&mut self, instruction: Result<Instruction, IcedError>, label: Label) {
        let start = self.length;
        self.emit(instruction);
        let displacement = self.encoder.get_constant_offsets();
        if self.error.is_none() && displacement.displacement_size() != 4 {
            return self.fail("a reference to a label has no 32-bit displacement".to_owned());
        }
        let at = start + displacement.displacement_offset() as u32;
        self.fixups.push(Fixup { at, end: self.length, label });
    }

    /// The memory operand to be used with [`Asm::emit_reference`].
    pub(crate) fn reference(&self) -> MemoryOperand {
        MemoryOperand::with_base_displ_size(Register::RIP, i64::from(self.length), 4)
    }

    /// A new label, not bound yet.
    pub(crate) fn label(&mut self) -> Label {
        self.labels.push(UNBOUND);
        Label(self.labels.len() as u32 - 1)
    }

    /// Puts the label here. A label is bound once.
    pub(crate) fn bind(&mut self, label: Label) {
        let at = self.length;
        let place = &mut self.labels[label.0 as usize];
        if *place != UNBOUND {
            return self.fail(format!("label {} is bound twice", label.0));
        }
        *place = at;
    }

    /// A label for this place.
    pub(crate) fn mark(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }

    /// `jmp label`; short where the label is known and near.
    pub(crate) fn jmp(&mut self, label: Label) {
        self.branch(Code::Jmp_rel8_64, Code::Jmp_rel32_64, label);
    }

    /// `jcc label`; the condition by its code with a 32-bit displacement (`Code::Je_rel32_64`).
    pub(crate) fn jcc(&mut self, near: Code, label: Label) {
        self.branch(near.as_short_branch(), near, label);
    }

    /// A branch by its code with a 32-bit displacement.
    pub(crate) fn branch_to(&mut self, near: Code, label: Label) {
        match near {
            Code::Jmp_rel32_64 => self.jmp(label),
            near => self.jcc(near, label),
        }
    }

    fn branch(&mut self, short: Code, near: Code, label: Label) {
        let target = self.labels[label.0 as usize];
        let short_reaches = target != UNBOUND && self.length - target <= 126;
        if short_reaches && short != near {
            return self.emit(Instruction::with_branch(short, u64::from(target)));
        }
        self.emit(Instruction::with_branch(near, u64::from(self.length)));
        let end = self.length;
        self.fixups.push(Fixup { at: end.saturating_sub(4), end, label });
    }

    /// The next instruction may raise this trap.
    pub(crate) fn trap_site(&mut self, code: TrapCode, wasm_offset: u32) {
        self.traps.push(TrapSite { at: self.here(), code, wasm_offset });
    }

    /// `ud2` here, raising this trap.
    pub(crate) fn trap(&mut self, code: TrapCode, wasm_offset: u32) {
        self.trap_site(code, wasm_offset);
        self.op0(Code::Ud2);
    }

    /// A label to jump to in order to trap; its `ud2` is placed after the code.
    pub(crate) fn trap_label(&mut self, code: TrapCode, wasm_offset: u32) -> Label {
        let label = self.label();
        self.cold_traps.push((label, code, wasm_offset));
        label
    }

    /// The label of a constant of 4, 8 or 16 bytes.
    pub(crate) fn constant(&mut self, bytes: u32, value: u128) -> Label {
        if let Some(&label) = self.constant_labels.get(&(bytes, value)) {
            return label;
        }
        if !matches!(bytes, 4 | 8 | 16) {
            self.fail(format!("a constant of {bytes} bytes"));
        }
        let label = self.label();
        self.constants.push((bytes, value, label));
        self.constant_labels.insert((bytes, value), label);
        label
    }

    /// Calls a helper, whose address is a word of the data of its own: whoever places the code fills it in.
    pub(crate) fn call_helper(&mut self, helper: u32) {
        let (at, word) = (self.label(), self.label());
        self.constants.push((8, 0, word));
        self.bind(at);
        self.emit_reference(Instruction::with1(Code::Call_rm64, self.reference()), word);
        self.helpers.push(CalledHelper { helper, at, word });
    }

    /// The label of a table of the targets' offsets; [`Asm::table_jump`] is to be emitted once for it.
    pub(crate) fn table(&mut self, targets: Vec<Label>) -> Label {
        let (label, jump) = (self.label(), self.label());
        self.tables.push(Table { label, jump, targets });
        label
    }

    /// `jmp target`, the indirect jump of a table.
    pub(crate) fn table_jump(&mut self, table: Label, target: Register) {
        match self.tables.iter().rev().find(|t| t.label == table).map(|t| t.jump) {
            Some(jump) => self.bind(jump),
            None => self.fail(format!("label {} is no jump table", table.0)),
        }
        self.emit(Instruction::with1(Code::Jmp_rm64, target));
    }

    /// Takes everything emitted so far away; what is emitted next goes in front of it. Labels stay valid.
    pub(crate) fn split(&mut self) -> Tail {
        self.length = 0;
        let unbound = vec![UNBOUND; self.labels.len()];
        Tail {
            bytes: self.encoder.take_buffer(),
            labels: std::mem::replace(&mut self.labels, unbound),
            fixups: std::mem::take(&mut self.fixups),
            traps: std::mem::take(&mut self.traps),
        }
    }

    /// Puts back what [`Asm::split`] took, behind what was emitted since.
    pub(crate) fn join(&mut self, tail: Tail) {
        let base = self.length;
        let mut bytes = self.encoder.take_buffer();
        bytes.extend_from_slice(&tail.bytes);
        self.length = bytes.len() as u32;
        self.encoder.set_buffer(bytes);
        for (place, &moved) in self.labels.iter_mut().zip(&tail.labels) {
            if moved != UNBOUND {
                *place = moved + base;
            }
        }
        let moved = |f: &Fixup| Fixup { at: f.at + base, end: f.end + base, label: f.label };
        self.fixups.extend(tail.fixups.iter().map(moved));
        let moved = |t: &TrapSite| TrapSite { at: CodeOffset(t.at.0 + base), ..*t };
        self.traps.extend(tail.traps.iter().map(moved));
    }

    /// Places cold traps and data, and fills in all references.
    ///
    /// # Errors
    /// The first fault met while emitting; a label used but not bound; code and data past the limit.
    pub(crate) fn finish(mut self) -> Result<Assembled, CompileError> {
        for (label, code, wasm_offset) in std::mem::take(&mut self.cold_traps) {
            self.bind(label);
            self.trap(code, wasm_offset);
        }
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let data = self.here();
        let mut bytes = self.encoder.take_buffer();
        self.place_data(&mut bytes);
        for fixup in std::mem::take(&mut self.fixups) {
            let target = self.labels[fixup.label.0 as usize];
            if target == UNBOUND {
                self.fail(format!("label {} is never bound", fixup.label.0));
                break;
            }
            let displacement = target.wrapping_sub(fixup.end);
            bytes[fixup.at as usize..fixup.at as usize + 4].copy_from_slice(&displacement.to_le_bytes());
        }
        let jump_tables = self.fill_tables(&mut bytes);
        self.traps.sort_by_key(|t| t.at);
        match self.error {
            Some(error) => Err(error),
            None => {
                let runs = runs_at(&self.runs, &self.labels);
                let (traps, labels, helpers) = (self.traps, self.labels, self.helpers);
                Ok(Assembled { bytes, data, traps, jump_tables, labels, runs, helpers })
            }
        }
    }

    /// Appends constants and room for tables, and binds their labels.
    fn place_data(&mut self, bytes: &mut Vec<u8>) {
        self.constants.sort_by_key(|&(size, ..)| std::cmp::Reverse(size));
        for &(size, value, label) in &self.constants {
            bytes.resize(bytes.len().next_multiple_of(size as usize), 0);
            self.labels[label.0 as usize] = bytes.len() as u32;
            bytes.extend_from_slice(&value.to_le_bytes()[..size as usize]);
        }
        for table in &self.tables {
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            self.labels[table.label.0 as usize] = bytes.len() as u32;
            bytes.resize(bytes.len() + table.targets.len() * 4, 0);
        }
        if bytes.len() > LIMIT_BYTES as usize {
            let function = self.function.clone();
            let limit = u64::from(LIMIT_BYTES);
            let what = "code and data size in bytes".to_owned();
            self.error.get_or_insert(CompileError::Limit { function, what, limit });
        }
    }

    /// Writes the entries of all tables; the description of each.
    fn fill_tables(&mut self, bytes: &mut [u8]) -> Vec<JumpTable> {
        let mut described = Vec::new();
        for table in std::mem::take(&mut self.tables) {
            let start = self.labels[table.label.0 as usize];
            let jump = self.labels[table.jump.0 as usize];
            let entries = table.targets.len() as u32;
            described.push(JumpTable { jump: CodeOffset(jump), table: CodeOffset(start), entries });
            let places = table.targets.iter().map(|t| self.labels[t.0 as usize]);
            let places: Vec<u32> = places.collect();
            if jump == UNBOUND || places.contains(&UNBOUND) {
                self.fail("a jump table has no jump or a target that is never bound".to_owned());
                break;
            }
            for (i, place) in places.into_iter().enumerate() {
                let at = start as usize + 4 * i;
                bytes[at..at + 4].copy_from_slice(&place.wrapping_sub(start).to_le_bytes());
            }
        }
        described
    }
}

#[cfg(test)]
mod tests;
