//! P7 for frames that probe: what their steps leave in flags and scratch registers, the body does not read.
//!
//! ```text
//!   cmp …           sets flags                    │ the body starts here ──▶ jcc
//!   sub; touch; cmp; jne    sets them again       │ reads what the loop left
//! ```
//!
//! All ways from the body's start are followed with the registers that nothing has written yet. An instruction that reads
//! one of them lives on junk. One whose registers are all the same (`xor r, r`) reads none.

use crate::cfg::Cfg;
use crate::contract::Contract;
use crate::decoded::{Base, Decoded, MemoryOperand, Operand};
use framewright_spec::machine::RegClass;
use framewright_spec::meaning::{Expr, Flow, Place};
use framewright_spec::{Claim, CodeOffset, Machine, Reg, RegSet};

/// The first instruction of the body that reads a flag or scratch register before anything of the body wrote it.
pub(crate) fn junk_read(contract: &Contract<'_>, cfg: &Cfg, claim: &Claim) -> Option<(CodeOffset, Reg)> {
    let machine = contract.machine;
    let kept = |reg: Reg| contract.control_mask(reg).is_some() || contract.kept_bits(reg).is_some();
    let flags = machine.of_class(RegClass::Flag).iter().filter(|&reg| !kept(reg)).collect::<RegSet>();
    let junk = flags.union(contract.layout.scratch);
    let start = cfg.at(i64::from(claim.body.0))?;
    let mut pending = vec![RegSet::EMPTY; cfg.blocks.len()];
    let mut todo = vec![(start, junk)];
    while let Some((block, arriving)) = todo.pop() {
        let news = arriving.minus(pending[block]);
        if news.is_empty() {
            continue;
        }
        pending[block] = pending[block].union(news);
        let mut unwritten = news;
        for decoded in &cfg.blocks[block].code {
            if let Some(reg) = reads(machine, decoded).intersection(unwritten).iter().next() {
                return Some((decoded.at, reg));
            }
            unwritten = unwritten.minus(writes(machine, decoded));
        }
        todo.extend(cfg.blocks[block].next.iter().map(|&next| (next, unwritten)));
    }
    None
}

/// Registers that an instruction reads.
fn reads(machine: &Machine, decoded: &Decoded) -> RegSet {
    let Some((_, row)) = machine.instructions.get_index(usize::from(decoded.row.0)) else {
        return RegSet::EMPTY;
    };
    let mut parts = decoded.operands.iter().map(|operand| match operand {
        Operand::Part(view) => Some(view),
        _ => None,
    });
    let first = parts.next().flatten();
    if first.is_some() && decoded.operands.len() > 1 && parts.all(|part| part == first) {
        return RegSet::EMPTY;
    }
    let mut set = RegSet::EMPTY;
    let mut todo: Vec<&Expr> = row.lets.iter().map(|(_, value)| value).chain(&row.traps).collect();
    for update in &row.updates {
        todo.push(&update.value);
        match &update.place {
            Place::Memory { address, .. } => todo.push(address),
            Place::Operand(index) => {
                if let Some(Operand::Memory(memory)) = decoded.operands.get(*index) {
                    set = set.union(of_address(memory));
                }
            }
            Place::Register(_) | Place::Part { .. } => {}
        }
    }
    match &row.flow {
        Flow::Next | Flow::Trap => {}
        Flow::Jump(to) | Flow::Call(to) | Flow::Return(to) => todo.push(to),
        Flow::Branch { condition, target } => todo.extend([condition, target]),
    }
    while let Some(expr) = todo.pop() {
        match expr {
            Expr::Register(reg) => set = set.with(*reg),
            Expr::Operand(index) | Expr::Address(index) => match decoded.operands.get(*index) {
                Some(Operand::Part(view)) => set = set.with(view.reg),
                Some(Operand::Memory(memory)) => set = set.union(of_address(memory)),
                _ => {}
            },
            other => todo.extend(other.parts()),
        }
    }
    set
}

fn of_address(memory: &MemoryOperand) -> RegSet {
    let base = match memory.base {
        Base::Register(reg) => Some(reg),
        Base::Zero | Base::Code => None,
    };
    base.into_iter().chain(memory.index.map(|(reg, _)| reg)).collect()
}

/// Registers that an instruction writes; after a call nothing is left of what callees may change.
fn writes(machine: &Machine, decoded: &Decoded) -> RegSet {
    let row = machine.instructions.get_index(usize::from(decoded.row.0));
    match row.map(|(_, row)| &row.flow) {
        Some(Flow::Call(_)) => (0..machine.registers.len()).map(|i| Reg(i as u8)).collect(),
        _ => crate::effects::Effects::of_row(machine, decoded).written,
    }
}
