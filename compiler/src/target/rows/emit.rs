//! Encoding of [`Op`]s once every register operand has its place.

use super::core::{Core, With};
use super::op::{Op, Word};
use super::select::{Arg, Expansion, Place};
use super::steps;
use crate::CompileError;
use crate::backend::calls::Callee;
use crate::backend::target::{Finished, Ways};
use crate::backend::{Emitter, FrameView, Job};
use crate::ir::Type;
use crate::target::{Assembled, Label, Site};
use framewright_spec::claim::ValueKind;
use framewright_spec::frame::AsmStep;
use framewright_spec::machine::RegClass as SpecClass;
use framewright_spec::{CfaOffset, Reg};
use regalloc2::{Allocation, RegClass};
use smallvec::SmallVec;

/// A pattern that no program computes by chance, different for each register.
const POISON: u64 = 0xdead_5afe_0bad_f00d;

/// Writes one function.
pub(crate) struct Emit<'a> {
    core: Core<'a>,
    job: &'a Job<'a>,
    frame: FrameView<'a>,
    scratch: [Reg; 2],
    blocks: Vec<Label>,
    /// For each block, whether its code is here already.
    placed: Vec<bool>,
    epilogs: Vec<Label>,
    error: Option<CompileError>,
}

impl<'a> Emit<'a> {
    /// An emitter for `blocks` blocks.
    pub(crate) fn new(job: &'a Job<'a>, frame: FrameView<'a>, blocks: usize) -> Emit<'a> {
        let mut core = Core::new(job.machine, &job.function.name);
        let placed = vec![false; blocks];
        let blocks = (0..blocks).map(|_| core.asm.label()).collect();
        let scratch = match &job.machine.compile {
            Some(compile) => compile.scratch,
            None => {
                core.asm.fail("the machine has no `compile` item".to_owned());
                [job.machine.sp; 2]
            }
        };
        Emit { core, job, frame, scratch, blocks, placed, epilogs: Vec::new(), error: None }
    }

    /// The register of an operand.
    fn register(&mut self, at: Allocation) -> Reg {
        at.as_reg().map(|preg| Reg(preg.hw_enc() as u8)).unwrap_or_else(|| {
            self.core.asm.fail(format!("an operand is in {at}, not in a register"));
            self.job.machine.sp
        })
    }

    /// An operation on registers; it may lose the scratch registers.
    fn op_with(&mut self, name: &str, args: &[Arg], labels: &[Label]) {
        let scratch = self.scratch;
        let with = With { labels, ints: &scratch, floats: &[], access: None, wasm_offset: 0 };
        self.core.operation(name, args, with);
    }

    fn op1(&mut self, name: &str, args: &[Arg]) {
        self.op_with(name, args, &[]);
    }

    /// Base and offset of a word.
    fn word(&self, word: Word) -> [Arg; 2] {
        let (base, offset) = match word {
            Word::Frame(at) => (self.job.machine.fp, at.0 - self.frame.fp.0),
            Word::Outgoing(at) => (self.job.machine.sp, i64::from(at)),
        };
        [Arg::Register(base), Arg::Const(offset.into(), Type::I64)]
    }

    fn slot(&self, at: Allocation) -> Option<Word> {
        let slot = at.as_stack()?;
        Some(Word::Frame(CfaOffset(self.frame.spills.0 + 8 * slot.index() as i64)))
    }

    fn load(&mut self, ty: Type, word: Word, to: Reg) {
        let [base, offset] = self.word(word);
        self.op1(&format!("{}.load", super::masm::type_name(ty)), &[Arg::Register(to), base, offset]);
    }

    fn store(&mut self, ty: Type, word: Word, from: Reg) {
        let [base, offset] = self.word(word);
        self.op1(&format!("{}.store", super::masm::type_name(ty)), &[Arg::Register(from), base, offset]);
    }

    fn rows(&mut self, expansion: &Expansion, allocs: &[Allocation], access: Option<Site>, wasm_offset: u32) {
        let registers: SmallVec<[Reg; 4]> = allocs.iter().map(|&at| self.register(at)).collect();
        self.core.asm.emit(expansion, &registers, &[], access, wasm_offset);
    }

    fn jump(&mut self, to: usize, ways: Ways<'_>) {
        if ways.next != Some(to) {
            let label = self.blocks[to];
            self.op_with("jump", &[Arg::Label(Place::Given(0))], &[label]);
        }
    }

    fn branch(
        &mut self,
        [then, otherwise]: [&Expansion; 2],
        temps: &[SpecClass],
        allocs: &[Allocation],
        ways: Ways<'_>,
    ) {
        let [yes, no] = *ways.succs else {
            return self.core.asm.fail("a branch without two ways".to_owned());
        };
        if yes == no {
            return self.jump(yes, ways);
        }
        // Where neither follows, the branch is the one back into a loop.
        let swap = ways.next == Some(yes) || ways.next != Some(no) && self.placed[no] && !self.placed[yes];
        let (expansion, to, rest) = if swap { (otherwise, no, yes) } else { (then, yes, no) };
        let given = allocs.len() - temps.len();
        let mut registers: SmallVec<[Reg; 4]> = allocs[..given].iter().map(|&at| self.register(at)).collect();
        let mut free: Vec<(SpecClass, Allocation)> =
            temps.iter().copied().zip(allocs[given..].iter().copied()).collect();
        for class in &expansion.temps {
            match free.iter().position(|(of, _)| of == class) {
                Some(at) => {
                    let reg = self.register(free.remove(at).1);
                    registers.push(reg);
                }
                None => return self.core.asm.fail("a branch lacks a temp".to_owned()),
            }
        }
        let label = self.blocks[to];
        self.core.asm.emit(expansion, &registers, &[label], None, 0);
        self.jump(rest, ways);
    }

    fn table(&mut self, entries: &[usize], allocs: &[Allocation], ways: Ways<'_>) {
        let [index, table, target] = [0, 1, 2].map(|n| Arg::Register(self.register(allocs[n])));
        let targets: Vec<usize> = entries.iter().filter_map(|&way| ways.succs.get(way).copied()).collect();
        let Some((&default, listed)) = targets.split_last() else {
            return self.core.asm.fail("a table without a default".to_owned());
        };
        let place = Arg::Label(Place::Given(0));
        let number = |value: i128| Arg::Const(value, Type::I64);
        let count = Arg::Const(listed.len() as i128, Type::I32);
        let label = self.blocks[default];
        self.op_with("branch.i32.ge_u", &[index, count, place], &[label]);
        let labels = listed.iter().map(|&to| self.blocks[to]).collect();
        let (label, jump) = self.core.asm.table(labels);
        self.op_with("code.address", &[table, place], &[label]);
        self.op1("i64.extend_i32_u", &[target, index]);
        self.op1("i64.shl", &[target, target, number(2)]);
        self.op1("i64.add", &[target, target, table]);
        self.op1("i64.load32_s", &[target, target, number(0)]);
        self.op1("i64.add", &[target, target, table]);
        self.core.asm.bind(jump);
        self.op1("jump.register", &[target]);
    }

    fn call(&mut self, callee: Callee, allocs: &[Allocation]) {
        let to = Arg::Register(self.scratch[0]);
        let offset = match callee {
            Callee::Cell(_) => 0,
            Callee::Context(offset) => offset,
        };
        let Some(&base) = allocs.first() else {
            return self.core.asm.fail("a call without an address".to_owned());
        };
        let base = Arg::Register(self.register(base));
        self.op1("i64.load", &[to, base, Arg::Const(offset.into(), Type::I64)]);
        self.op1("call.register", &[to]);
    }

    /// Loads each destination from its home, spill slots first: through a register that gets its own value
    /// afterwards; else, in the body, through one that holds nothing.
    fn import(&mut self, homes: &[(ValueKind, CfaOffset)], allocs: &[Allocation]) {
        let of = |class| allocs.iter().filter_map(|at| at.as_reg()).find(|preg| preg.class() == class);
        let register = |class| of(class).map(|preg| Reg(preg.hw_enc() as u8));
        let int = register(RegClass::Int).unwrap_or(self.scratch[0]);
        let float = register(RegClass::Float).or(self.job.abi.float_results.first().copied());
        let float = float.unwrap_or(int);
        for (&(kind, home), &to) in homes.iter().zip(allocs) {
            if let Some(slot) = self.slot(to) {
                let ty = type_of(kind);
                let is_float = matches!(kind, ValueKind::F32 | ValueKind::F64);
                let (through, whole) = if is_float { (float, Type::F64) } else { (int, Type::I64) };
                self.load(ty, Word::Frame(home), through);
                self.store(whole, slot, through);
            }
        }
        for (&(kind, home), &to) in homes.iter().zip(allocs) {
            if to.is_reg() {
                let register = self.register(to);
                self.load(type_of(kind), Word::Frame(home), register);
            }
        }
    }
}

fn type_of(kind: ValueKind) -> Type {
    match kind {
        ValueKind::I32 => Type::I32,
        ValueKind::I64 => Type::I64,
        ValueKind::F32 => Type::F32,
        ValueKind::F64 => Type::F64,
    }
}

impl Emitter for Emit<'_> {
    type Op = Op;

    fn mark(&mut self) -> Label {
        let label = self.core.asm.label();
        self.core.asm.bind(label);
        label
    }

    fn steps(&mut self, steps: &[AsmStep]) -> Result<(), CompileError> {
        steps::emit(&mut self.core.asm, steps)
    }

    fn bind(&mut self, block: usize) {
        self.placed[block] = true;
        self.core.asm.bind(self.blocks[block]);
    }

    fn copy(&mut self, class: RegClass, from: Allocation, to: Allocation) {
        let float = class == RegClass::Float;
        let whole = if float { Type::F64 } else { Type::I64 };
        match (self.slot(from), self.slot(to)) {
            (Some(slot), _) => {
                let to = self.register(to);
                self.load(whole, slot, to);
            }
            (None, Some(slot)) => {
                let from = self.register(from);
                self.store(whole, slot, from);
            }
            (None, None) => {
                let args = [to, from].map(|at| Arg::Register(self.register(at)));
                self.op1(if float { "f64.copy" } else { "i64.copy" }, &args);
            }
        }
    }

    fn poison(&mut self, reg: Reg) {
        if self.job.machine.register(reg).class == SpecClass::Int {
            let pattern = (POISON ^ u64::from(reg.0) << 32) as i64;
            self.op1("i64.const", &[Arg::Register(reg), Arg::Const(pattern.into(), Type::I64)]);
        }
    }

    fn op(&mut self, op: &Op, allocs: &[Allocation], ways: Ways<'_>) {
        match op {
            Op::Rows { expansion, access, wasm_offset, .. } => {
                self.rows(expansion, allocs, *access, *wasm_offset);
            }
            Op::Branch { then, otherwise, temps } => self.branch([then, otherwise], temps, allocs, ways),
            Op::Table(entries) => self.table(entries, allocs, ways),
            Op::Trap(site) => {
                self.core.asm.trap_site(*site);
                self.op1("trap", &[]);
            }
            Op::Load(ty, word) => {
                let to = self.register(allocs[0]);
                self.load(*ty, *word, to);
            }
            Op::Store(ty, word) => {
                let from = self.register(allocs[0]);
                self.store(*ty, *word, from);
            }
            Op::Call(callee) => self.call(*callee, allocs),
            Op::Arrive => {}
            Op::Import(homes) => self.import(homes, allocs),
            Op::Jump => match *ways.succs {
                [to] => self.jump(to, ways),
                _ => self.core.asm.fail("a jump without one way".to_owned()),
            },
            Op::Leave => {
                let label = self.mark();
                self.epilogs.push(label);
                if let Err(error) = steps::emit(&mut self.core.asm, &self.frame.layout.epilog) {
                    self.error.get_or_insert(error);
                }
            }
        }
    }

    fn finish(self) -> Result<Finished, CompileError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let epilogs = self.epilogs;
        let made = self.core.asm.finish()?;
        let epilogs = epilogs.into_iter().map(|label| made.offset(label)).collect();
        let Assembled { bytes, data, traps, jump_tables, labels, runs, helpers: _ } = made;
        Ok(Finished { bytes, data, epilogs, jump_tables, traps, labels, runs })
    }
}
