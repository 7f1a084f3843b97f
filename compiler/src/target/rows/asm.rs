//! The assembler: rows to bytes, with labels, trap sites, jump tables, and branches made to reach.
//!
//! ```text
//!   code          rows in the order emitted; those that name a label are encoded at the end
//!   cold traps    one trap instruction for each reason and place in the module
//!   ---- data ----
//!   jump tables   32-bit offsets relative to the table's own first byte
//! ```
//!
//! A conditional branch that does not reach becomes three instructions: itself over the second, which jumps
//! over the
//! third, which jumps to where it was to go. Faults are kept and reported once by [`Asm::finish`].

use super::encode::{Value, encode, fits};
use super::select::{Arg, Expansion, Operand, Place, Step, evaluate, expand, touches_memory};
use crate::target::{Assembled, Label, Site, runs_at};
use crate::{CompileError, TrapCode, TrapSite};
use framewright_spec::claim::JumpTable;
use framewright_spec::lowering::Sum;
use framewright_spec::meaning::Flow;
use framewright_spec::{CodeOffset, Machine, Reg};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::rc::Rc;

/// Bytes that one function may have at most.
const LIMIT_BYTES: u32 = 64 << 20;

/// Where a label that is not bound yet "is".
const UNBOUND: u32 = u32::MAX;

/// Bytes that a branch made to reach takes more.
const LONGER_BYTES: u32 = 8;

/// An operand of a row with a label.
#[derive(Clone, Debug)]
enum Pending {
    Value(Value),
    Label(Label),
    Far(Label, Rc<Sum>),
}

/// An instruction that names a label.
#[derive(Clone, Debug)]
struct Fixup {
    at: u32,
    row: usize,
    operands: SmallVec<[Pending; 4]>,
    /// Whether it is made to reach by jumps.
    long: bool,
}

/// A jump table to be placed in the data.
#[derive(Debug)]
struct Table {
    label: Label,
    jump: Label,
    targets: Vec<Label>,
}

/// What goes in front and behind separately.
#[derive(Default)]
struct Piece {
    bytes: Vec<u8>,
    labels: Vec<u32>,
    fixups: Vec<Fixup>,
    traps: Vec<TrapSite>,
}

/// A code buffer for one function.
pub(crate) struct Asm<'m> {
    pub(crate) machine: &'m Machine,
    function: String,
    now: Piece,
    behind: Option<Piece>,
    cold_traps: Vec<(Label, Site)>,
    trap_labels: FxHashMap<(TrapCode, u32), Label>,
    tables: Vec<Table>,
    /// Steps of prologs and epilogs: the place of each, and that of the end of the last.
    pub(crate) runs: Vec<Vec<Label>>,
    error: Option<CompileError>,
}

impl<'m> Asm<'m> {
    /// An empty buffer; the name is for error messages.
    pub(crate) fn new(machine: &'m Machine, function: &str) -> Asm<'m> {
        Asm {
            machine,
            function: function.to_owned(),
            now: Piece::default(),
            behind: None,
            cold_traps: Vec::new(),
            trap_labels: FxHashMap::default(),
            tables: Vec::new(),
            runs: Vec::new(),
            error: None,
        }
    }

    /// Keeps the first fault for [`Asm::finish`].
    pub(crate) fn fail(&mut self, message: String) {
        let function = self.function.clone();
        self.error.get_or_insert(CompileError::Internal { phase: "assembler", function, message });
    }

    /// A new label, not bound yet.
    pub(crate) fn label(&mut self) -> Label {
        self.now.labels.push(UNBOUND);
        Label(self.now.labels.len() as u32 - 1)
    }

    /// Puts the label here. A label is bound once.
    pub(crate) fn bind(&mut self, label: Label) {
        let at = self.now.bytes.len() as u32;
        let place = &mut self.now.labels[label.0 as usize];
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

    /// A label to go to in order to trap; its instruction is placed after the code.
    pub(crate) fn trap_label(&mut self, site: Site) -> Label {
        if let Some(&label) = self.trap_labels.get(&(site.code, site.wasm_offset)) {
            return label;
        }
        let label = self.label();
        self.trap_labels.insert((site.code, site.wasm_offset), label);
        self.cold_traps.push((label, site));
        label
    }

    /// The next instruction may raise this trap.
    pub(crate) fn trap_site(&mut self, site: Site) {
        let at = CodeOffset(self.now.bytes.len() as u32);
        self.now.traps.push(TrapSite { at, code: site.code, wasm_offset: site.wasm_offset });
    }

    /// One row with operands that are known.
    pub(crate) fn row(&mut self, row: usize, values: &[Value]) {
        match encode(self.machine, &self.machine.instructions[row], values) {
            Ok((word, bytes)) => self.now.bytes.extend_from_slice(&word.to_le_bytes()[..bytes as usize]),
            Err(message) => self.fail(message),
        }
        if self.now.bytes.len() > LIMIT_BYTES as usize {
            self.limit("code size in bytes");
        }
    }

    /// One row with operands that are known and a place behind them.
    pub(crate) fn branch_row(&mut self, row: usize, values: &[Value], to: Label) {
        let known = values.iter().map(|&value| Pending::Value(value));
        self.pend(row, known.chain([Pending::Label(to)]).collect());
    }

    fn limit(&mut self, what: &str) {
        let (function, what) = (self.function.clone(), what.to_owned());
        self.error.get_or_insert(CompileError::Limit { function, what, limit: u64::from(LIMIT_BYTES) });
    }

    /// An expanded operation: registers by slot, labels by number. `access`: where its accesses to memory
    /// trap;
    /// `wasm_offset`: the place in the module of its other traps.
    pub(crate) fn emit(
        &mut self,
        expansion: &Expansion,
        registers: &[Reg],
        labels: &[Label],
        access: Option<Site>,
        wasm_offset: u32,
    ) {
        let first_local = self.now.labels.len() as u32;
        self.now.labels.extend(std::iter::repeat_n(UNBOUND, expansion.locals.into()));
        for step in &expansion.steps {
            let (row, operands) = match step {
                Step::Bind(local) => {
                    self.bind(Label(first_local + u32::from(*local)));
                    continue;
                }
                Step::Row { row, operands } => (*row, operands),
            };
            if let Some(site) = access.filter(|_| touches_memory(&self.machine.instructions[row])) {
                self.trap_site(site);
            }
            let place = |asm: &mut Asm<'_>, place| match place {
                Place::Given(number) => labels.get(usize::from(number)).copied(),
                Place::Local(local) => Some(Label(first_local + u32::from(local))),
                Place::Trap(code) => Some(asm.trap_label(Site { code, wasm_offset })),
            };
            let mut pending: SmallVec<[Pending; 4]> = SmallVec::new();
            for operand in operands {
                let made = match operand {
                    Operand::Value(value) => Some(Pending::Value(*value)),
                    Operand::Slot(slot) => {
                        registers.get(usize::from(*slot)).map(|reg| Pending::Value(Value::Register(*reg)))
                    }
                    Operand::Label(to) => place(self, *to).map(Pending::Label),
                    Operand::Far(to, sum) => place(self, *to).map(|to| Pending::Far(to, Rc::clone(sum))),
                };
                match made {
                    Some(made) => pending.push(made),
                    None => return self.fail("an operation lacks a register or a label".to_owned()),
                }
            }
            self.pend(row, pending);
        }
    }

    fn pend(&mut self, row: usize, operands: SmallVec<[Pending; 4]>) {
        let known = operands.iter().map(|operand| match operand {
            Pending::Value(value) => Some(*value),
            _ => None,
        });
        if let Some(values) = known.collect::<Option<SmallVec<[Value; 4]>>>() {
            return self.row(row, &values);
        }
        let bytes = self.machine.instructions[row].encoding.as_ref().map_or(0, |encoding| encoding.bytes());
        let at = self.now.bytes.len() as u32;
        self.now.fixups.push(Fixup { at, row, operands, long: false });
        self.now.bytes.resize((at + bytes) as usize, 0);
    }

    /// The label of a table of the targets' offsets, and that of the jump that uses it, to be bound.
    pub(crate) fn table(&mut self, targets: Vec<Label>) -> (Label, Label) {
        let (label, jump) = (self.label(), self.label());
        self.tables.push(Table { label, jump, targets });
        (label, jump)
    }

    /// What is emitted from here on goes in front of everything before. Labels stay valid.
    pub(crate) fn begin_front(&mut self) {
        let labels = vec![UNBOUND; self.now.labels.len()];
        let front = Piece { labels, ..Piece::default() };
        self.behind = Some(std::mem::replace(&mut self.now, front));
    }

    /// Back to the end.
    pub(crate) fn end_front(&mut self) {
        let Some(behind) = self.behind.take() else { return };
        let base = self.now.bytes.len() as u32;
        self.now.bytes.extend_from_slice(&behind.bytes);
        for (place, &moved) in self.now.labels.iter_mut().zip(&behind.labels) {
            if moved != UNBOUND {
                *place = moved + base;
            }
        }
        self.now.fixups.extend(behind.fixups.into_iter().map(|f| Fixup { at: f.at + base, ..f }));
        let moved = |t: TrapSite| TrapSite { at: CodeOffset(t.at.0 + base), ..t };
        self.now.traps.extend(behind.traps.into_iter().map(moved));
    }

    /// Places cold traps and data, makes branches reach, and encodes what names labels.
    ///
    /// # Errors
    /// The first fault met while emitting; a label used but not bound; code and data past the limit.
    pub(crate) fn finish(mut self) -> Result<Assembled, CompileError> {
        self.place_traps();
        if !self.now.bytes.len().is_multiple_of(4) {
            self.now.bytes.resize(self.now.bytes.len().next_multiple_of(4), 0);
        }
        let code_bytes = self.now.bytes.len() as u32;
        let mut table_at = code_bytes;
        for table in &self.tables {
            self.now.labels[table.label.0 as usize] = table_at;
            table_at += 4 * table.targets.len() as u32;
        }
        if table_at > LIMIT_BYTES {
            self.limit("code and data size in bytes");
        }
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let jump = self.plain_jump();
        let moved = self.reach(jump.is_some());
        let mut bytes = self.laid_out(&moved, jump.as_ref());
        let data = CodeOffset(bytes.len() as u32 - (table_at - code_bytes));
        let labels: Vec<u32> = self.now.labels.iter().map(|&at| moved.at(at)).collect();
        let jump_tables = self.fill_tables(&mut bytes, &labels);
        let site = |t: &TrapSite| TrapSite { at: CodeOffset(moved.at(t.at.0)), ..*t };
        let mut traps: Vec<TrapSite> = self.now.traps.iter().map(site).collect();
        traps.sort_by_key(|t| t.at);
        match self.error {
            Some(error) => Err(error),
            None => {
                let runs = runs_at(&self.runs, &labels);
                Ok(Assembled { bytes, data, traps, jump_tables, labels, runs, helpers: Vec::new() })
            }
        }
    }

    fn place_traps(&mut self) {
        let cold = std::mem::take(&mut self.cold_traps);
        if cold.is_empty() {
            return;
        }
        match expand(self.machine, "trap", &[], 0) {
            Ok(trap) => {
                for (label, site) in cold {
                    self.bind(label);
                    self.trap_site(site);
                    self.emit(&trap, &[], &[], None, site.wasm_offset);
                }
            }
            Err(missing) => self.fail(missing.0),
        }
    }

    /// The row of a jump to a label, with its operands.
    fn plain_jump(&self) -> Option<(usize, SmallVec<[Operand; 4]>)> {
        let jump = expand(self.machine, "jump", &[Arg::Label(Place::Given(0))], 0).ok()?;
        match jump.steps.into_iter().next()? {
            Step::Row { row, operands } => Some((row, operands)),
            Step::Bind(_) => None,
        }
    }

    /// Makes branches long until all reach; where everything is then.
    fn reach(&mut self, can: bool) -> Moved {
        loop {
            let moved = Moved::new(&self.now.fixups);
            let labels = &self.now.labels;
            let mut changed = false;
            for fixup in self.now.fixups.iter_mut().filter(|fixup| can && !fixup.long) {
                let row = &self.machine.instructions[fixup.row];
                if !matches!(row.flow, Flow::Branch { .. }) {
                    continue;
                }
                fixup.long = fixup.operands.iter().enumerate().any(|(i, operand)| match operand {
                    Pending::Label(label) if labels[label.0 as usize] != UNBOUND => {
                        let distance = moved.distance(fixup.at, labels[label.0 as usize]);
                        !fits(self.machine, row, i, Value::Number(distance))
                    }
                    _ => false,
                });
                changed |= fixup.long;
            }
            if !changed {
                return moved;
            }
        }
    }

    /// All code in its place, and room for the tables.
    fn laid_out(&mut self, moved: &Moved, jump: Option<&(usize, SmallVec<[Operand; 4]>)>) -> Vec<u8> {
        let piece = std::mem::take(&mut self.now);
        let mut bytes = Vec::with_capacity(piece.bytes.len());
        let mut copied = 0;
        for fixup in &piece.fixups {
            bytes.extend_from_slice(&piece.bytes[copied..fixup.at as usize]);
            let row = &self.machine.instructions[fixup.row];
            copied = fixup.at as usize + row.encoding.as_ref().map_or(0, |e| e.bytes() as usize);
            let to = |label: Label| match piece.labels[label.0 as usize] {
                UNBOUND => None,
                at => Some(moved.distance(fixup.at, at)),
            };
            let over = i128::from(LONGER_BYTES);
            match jump.filter(|_| fixup.long) {
                None => self.place(&mut bytes, fixup.row, &fixup.operands, to),
                Some((jump, operands)) => {
                    self.place(&mut bytes, fixup.row, &fixup.operands, |_| Some(over));
                    let target = fixup.operands.iter().find(|o| matches!(o, Pending::Label(_)));
                    let operand = |operand: &Operand| match (operand, target) {
                        (Operand::Value(value), _) => Pending::Value(*value),
                        (_, Some(target)) => target.clone(),
                        (_, None) => Pending::Value(Value::Number(0)),
                    };
                    let operands: SmallVec<[Pending; 4]> = operands.iter().map(operand).collect();
                    self.place(&mut bytes, *jump, &operands, |_| Some(over));
                    self.place(&mut bytes, *jump, &operands, |label| Some(to(label)? - over));
                }
            }
        }
        bytes.extend_from_slice(&piece.bytes[copied..]);
        let tables: usize = self.tables.iter().map(|table| 4 * table.targets.len()).sum();
        bytes.resize(bytes.len() + tables, 0);
        self.now.labels = piece.labels;
        self.now.traps = piece.traps;
        bytes
    }

    /// Appends a row whose labels are so far away.
    fn place(
        &mut self,
        bytes: &mut Vec<u8>,
        row: usize,
        operands: &[Pending],
        distance: impl Fn(Label) -> Option<i128>,
    ) {
        let value = |operand: &Pending| match operand {
            Pending::Value(value) => Some(*value),
            Pending::Label(label) => distance(*label).map(Value::Number),
            Pending::Far(label, sum) => {
                let distance = distance(*label)?;
                evaluate(sum, &|leaf| matches!(leaf, Sum::Param(0)).then_some(distance)).map(Value::Number)
            }
        };
        let row = &self.machine.instructions[row];
        let Some(values) = operands.iter().map(value).collect::<Option<SmallVec<[Value; 4]>>>() else {
            return self.fail(format!("`{}` names a label that is never bound", row.name));
        };
        match encode(self.machine, row, &values) {
            Ok((word, length)) => bytes.extend_from_slice(&word.to_le_bytes()[..length as usize]),
            Err(message) => self.fail(message),
        }
    }

    /// Writes the entries of all tables; the description of each.
    fn fill_tables(&mut self, bytes: &mut [u8], labels: &[u32]) -> Vec<JumpTable> {
        let mut described = Vec::new();
        for table in std::mem::take(&mut self.tables) {
            let (start, jump) = (labels[table.label.0 as usize], labels[table.jump.0 as usize]);
            let entries = table.targets.len() as u32;
            described.push(JumpTable { jump: CodeOffset(jump), table: CodeOffset(start), entries });
            for (i, target) in table.targets.iter().enumerate() {
                let place = labels[target.0 as usize];
                if jump == UNBOUND || place == UNBOUND {
                    self.fail("a jump table has no jump or a target that is never bound".to_owned());
                    return described;
                }
                let at = start as usize + 4 * i;
                bytes[at..at + 4].copy_from_slice(&place.wrapping_sub(start).to_le_bytes());
            }
        }
        described
    }
}

/// Where everything is once some branches are longer.
struct Moved {
    /// Where the instructions with labels are before.
    places: Vec<u32>,
    /// How many of those in front are longer.
    longer: Vec<u32>,
}

impl Moved {
    fn new(fixups: &[Fixup]) -> Moved {
        let mut longer = vec![0];
        let mut count = 0;
        for fixup in fixups {
            count += u32::from(fixup.long);
            longer.push(count);
        }
        Moved { places: fixups.iter().map(|fixup| fixup.at).collect(), longer }
    }

    /// Where what was emitted at an offset is in the end.
    fn at(&self, at: u32) -> u32 {
        if at == UNBOUND {
            return at;
        }
        at + self.longer[self.places.partition_point(|&place| place < at)] * LONGER_BYTES
    }

    fn distance(&self, from: u32, to: u32) -> i128 {
        i128::from(self.at(to)) - i128::from(self.at(from))
    }
}
