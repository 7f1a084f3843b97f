//! P10 at one instruction boundary: what the claim's unwinding data computes from the state there is what the caller had.
//!
//! ```text
//! state before an instruction ── its row ──▶ CFA = the activation's, return address, registers  = those of the entry
//! ```
//!
//! Asynchronous data must be right before every instruction that is reached; all data at the return address of every
//! call, in the state that the callee leaves, by the row of the byte before it, which is where unwinders look (those of
//! Windows look at the address itself). Frame bytes
//! that a signal handler may have overwritten are not in the state any more, so a row cannot rely on them.
//!
//! Rows are mostly true term by term. Those conditions are counted and decided here; only others become conditions for
//! the solver, unless all are wanted as text. While row, registers that it speaks of and frame memory are those of a
//! boundary that was fine, nothing is looked at again.

use crate::decoded::{Decoded, Unsupported};
use crate::eval;
use crate::exec::Judge;
use crate::memory::FrameMemory;
use crate::state::{Cpu, Phase, State};
use crate::term::{Symbol, Term};
use crate::unwind::{self, Cfa, Given, Row, Rule, Table, UnwindError, dwarf};
use crate::vc::{Goal, What};
use crate::verdict::Property;
use framewright_spec::claim::{Unwind, UnwindFormat, UnwindTiming};
use framewright_spec::{Claim, CodeOffset, Machine, Reg};
use smallvec::SmallVec;
use std::rc::Rc;

/// Unwinding data of a claim, read.
pub(crate) struct Unwinder {
    /// The rows.
    pub(crate) table: Table,
    format: UnwindFormat,
    timing: UnwindTiming,
    columns: dwarf::Columns,
    /// As they are where control is in a callee, behind the instruction that is looked up.
    called: dwarf::Columns,
    /// For each row, the registers that its conditions read.
    reads: Vec<SmallVec<[Reg; 8]>>,
}

/// A boundary at which every condition was plain.
pub(crate) struct Fine {
    row: usize,
    registers: SmallVec<[Term; 8]>,
    memory: FrameMemory,
    conditions: u32,
}

/// A row consulted at an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Consulted {
    /// Which of the claim's data, by index.
    pub(crate) data: usize,
    /// The instruction that is looked up.
    pub(crate) pc: CodeOffset,
    /// Whether control is in a callee of it.
    pub(crate) called: bool,
}

/// Reads all unwinding data of a claim.
///
/// # Errors
/// Data that cannot be read.
pub(crate) fn unwinders(
    claim: &Claim,
    bytes: &[u8],
    machine: &Machine,
    kept: &[(Reg, u32)],
) -> Result<Vec<Unwinder>, UnwindError> {
    let read = |unwind: &Unwind| {
        let table = unwind::table(machine, unwind, bytes, claim.data.0)?;
        let reads = table.rows.iter().map(|row| reads(row, machine, kept)).collect();
        Ok(Unwinder {
            table,
            format: unwind.format,
            timing: unwind.timing,
            called: dwarf::Columns::new(machine).without_pc(),
            columns: dwarf::Columns::new(machine),
            reads,
        })
    };
    claim.unwind.iter().map(read).collect()
}

/// The registers that the conditions of a row read.
fn reads(row: &Row, machine: &Machine, kept: &[(Reg, u32)]) -> SmallVec<[Reg; 8]> {
    let mut list = SmallVec::new();
    let mut any = false;
    match row.cfa {
        Cfa::Offset(reg, _) => list.push(reg),
        Cfa::Expression(_) => any = true,
    }
    let unsaid =
        kept.iter().filter(|(reg, _)| row.rule(*reg).is_none()).map(|&(reg, _)| (reg, &Rule::SameValue));
    let said = row.rules.iter().map(|(reg, rule)| (*reg, rule)).chain([(machine.sp, &row.return_address)]);
    for (reg, rule) in unsaid.chain(said) {
        match rule {
            Rule::SameValue => list.push(reg),
            Rule::Register(other) => list.push(*other),
            Rule::Undefined | Rule::At(_) | Rule::Is(_) => {}
            Rule::AtExpression(_) | Rule::IsExpression(_) => any = true,
        }
    }
    if any { (0..machine.registers.len()).map(|i| Reg(i as u8)).collect() } else { list }
}

impl Judge<'_> {
    /// Before an instruction.
    pub(crate) fn boundary(&mut self, state: &mut State, at: CodeOffset) -> Result<(), Unsupported> {
        let unwinders = Rc::clone(&self.unwinders);
        for (data, unwinder) in unwinders.iter().enumerate() {
            if unwinder.timing == UnwindTiming::Asynchronous {
                self.consult(state, at, unwinder, Consulted { data, pc: at, called: false })?;
            }
        }
        Ok(())
    }

    /// In a callee, and on the way back from it.
    pub(crate) fn in_callee(&mut self, state: &mut State, call: &Decoded) -> Result<(), Unsupported> {
        let unwinders = Rc::clone(&self.unwinders);
        for (data, unwinder) in unwinders.iter().enumerate() {
            let pc = match unwinder.format {
                UnwindFormat::DwarfCfi => CodeOffset(call.next().0 - 1),
                UnwindFormat::WindowsX64 => call.next(),
            };
            self.consult(state, call.at, unwinder, Consulted { data, pc, called: true })?;
        }
        Ok(())
    }

    fn consult(
        &mut self,
        state: &mut State,
        at: CodeOffset,
        unwinder: &Unwinder,
        consulted: Consulted,
    ) -> Result<(), Unsupported> {
        let Some(index) = unwinder.table.index(consulted.pc) else {
            let text = format!("there is no unwinding row for {}", consulted.pc);
            self.demand_fact(Property::P10, state, at, What::Said(text.into()), false);
            return Ok(());
        };
        let registers = || unwinder.reads[index].iter().map(|&reg| state.register(reg));
        if !self.every
            && let Some(Some(fine)) = self.fine.get(consulted.data)
            && fine.row == index
            && fine.memory.same(&state.memory)
            && registers().eq(fine.registers.iter().copied())
        {
            self.plain += fine.conditions;
            return Ok(());
        }
        let registers: SmallVec<[Term; 8]> = registers().collect();
        let (noted, plain) = (self.found.len(), self.plain);
        self.conditions(state, at, unwinder, &unwinder.table.rows[index], consulted)?;
        // Outside the body memory changes with every push, and to remember it would copy it.
        if self.found.len() == noted && self.record.is_none() && state.phase == Phase::Body {
            let (memory, conditions) = (state.memory.clone(), self.plain - plain);
            self.fine.resize_with(self.unwinders.len(), || None);
            self.fine[consulted.data] = Some(Fine { row: index, registers, memory, conditions });
        }
        Ok(())
    }

    /// Every condition of a row.
    fn conditions(
        &mut self,
        state: &mut State,
        at: CodeOffset,
        unwinder: &Unwinder,
        row: &Row,
        consulted: Consulted,
    ) -> Result<(), Unsupported> {
        let cfa = self.terms.cfa(0);
        let actual = match &row.cfa {
            Cfa::Offset(reg, bytes) => {
                let (base, width) = (state.register(*reg), self.terms.width(cfa));
                (self.terms.width(base) == width).then(|| self.terms.offset(base, *bytes))
            }
            Cfa::Expression(bytes) => Some(self.expression(state, unwinder, consulted, bytes, None)?),
        };
        self.compare(state, at, actual, cfa, Given::Cfa, consulted);
        let contract = self.contract;
        let address = self.terms.symbol(Symbol::ReturnAddress, contract.machine.word_bytes * 8);
        let actual = match &row.return_address {
            Rule::SameValue => None,
            rule => self.by_rule(
                state,
                unwinder,
                rule,
                contract.machine.sp,
                contract.machine.word_bytes * 8,
                consulted,
            )?,
        };
        self.compare(state, at, actual, address, Given::ReturnAddress, consulted);
        for &(reg, bits) in &contract.abi.callee_saved {
            if row.rule(reg).is_none() && reg != contract.machine.sp {
                self.register(state, at, unwinder, (reg, bits, &Rule::SameValue), consulted)?;
            }
        }
        for (reg, rule) in &row.rules {
            let kept = contract.kept_bits(*reg);
            // That a register which no caller relies on is lost is no lie.
            if *rule != Rule::Undefined || kept.is_some() {
                let bits = kept.unwrap_or(contract.machine.register(*reg).bits);
                self.register(state, at, unwinder, (*reg, bits, rule), consulted)?;
            }
        }
        Ok(())
    }

    fn register(
        &mut self,
        state: &mut State,
        at: CodeOffset,
        unwinder: &Unwinder,
        (reg, bits, rule): (Reg, u32, &Rule),
        consulted: Consulted,
    ) -> Result<(), Unsupported> {
        let machine = self.contract.machine;
        let width = machine.register(reg).bits;
        let bits = bits.min(width);
        let expected = match reg == machine.sp {
            true => self.terms.cfa(0),
            false => {
                let whole = self.terms.symbol(Symbol::Entry(reg), width);
                self.terms.extract(whole, 0, bits)
            }
        };
        let actual = self.by_rule(state, unwinder, rule, reg, bits, consulted)?;
        self.compare(state, at, actual, expected, Given::Register(reg, bits), consulted);
        Ok(())
    }

    /// What a rule gives, computed from the CFA that is right; `None` where it gives nothing of that width.
    fn by_rule(
        &mut self,
        state: &mut State,
        unwinder: &Unwinder,
        rule: &Rule,
        own: Reg,
        bits: u32,
        consulted: Consulted,
    ) -> Result<Option<Term>, Unsupported> {
        let cfa = self.terms.cfa(0);
        let value = match rule {
            Rule::Undefined => return Ok(None),
            Rule::At(_) | Rule::AtExpression(_) if !bits.is_multiple_of(8) => return Ok(None),
            Rule::SameValue => state.register(own),
            Rule::Register(other) => state.register(*other),
            Rule::At(bytes) => self.slot(state, *bytes, bits / 8),
            Rule::Is(bytes) => self.terms.cfa(*bytes),
            Rule::IsExpression(bytes) => self.expression(state, unwinder, consulted, bytes, Some(cfa))?,
            Rule::AtExpression(bytes) => {
                let address = self.expression(state, unwinder, consulted, bytes, Some(cfa))?;
                match self.terms.distance(address, Symbol::Cfa) {
                    Some(at) => self.slot(state, at, bits / 8),
                    None => self.terms.fresh(bits),
                }
            }
        };
        let width = self.terms.width(value);
        Ok((width >= bits).then(|| self.terms.extract(value, 0, bits)))
    }

    /// Frame bytes as an unwinder reads them.
    fn slot(&mut self, state: &mut State, at: i64, bytes: u32) -> Term {
        if self.record.is_some() {
            return self.peek(state, at, bytes);
        }
        let known = state.memory.read(&mut self.terms, at, bytes);
        known.unwrap_or_else(|| self.terms.fresh(bytes * 8))
    }

    fn expression(
        &mut self,
        state: &State,
        unwinder: &Unwinder,
        consulted: Consulted,
        bytes: &[u8],
        initial: Option<Term>,
    ) -> Result<Term, Unsupported> {
        let (pc, mut state) = (consulted.pc, state.clone());
        let columns = if consulted.called { &unwinder.called } else { &unwinder.columns };
        let mut cpu = Cpu {
            terms: &mut self.terms,
            state: &mut state,
            world: &self.world,
            untracked: &|_, _| false,
            accesses: SmallVec::new(),
            undefined: SmallVec::new(),
            table_reads: &mut self.table_reads,
        };
        let value = unwind::expression::evaluate(bytes, columns, pc, initial, &mut cpu)?;
        let wide = eval::State::bits(&cpu, &value) == 64;
        wide.then_some(value)
            .ok_or_else(|| Unsupported { at: pc, what: "a DWARF expression of another width".to_owned() })
    }

    fn compare(
        &mut self,
        state: &State,
        at: CodeOffset,
        actual: Option<Term>,
        expected: Term,
        given: Given,
        consulted: Consulted,
    ) {
        if actual == Some(expected) && (!self.every || self.record.is_some()) {
            self.plain += 1;
            return;
        }
        let goal = match actual {
            Some(actual) => Goal::Equal { actual, expected },
            None => Goal::Fact(false),
        };
        self.note(Property::P10, state, at, goal, What::Unwound(given, consulted), "claim: unwind");
    }
}
