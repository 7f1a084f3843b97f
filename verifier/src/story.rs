//! A failure told with numbers: values for every symbol on the path, as plain as they may be.
//!
//! ```text
//! constraints ──▶ zero? small? a marker? ──▶ values ──▶ registers, memory, havocs, expected and actual
//! ```
//!
//! Callee-saved registers and whatever is compared get distinct markers (0x1111…, 0x2222…), pointers get addresses
//! that can be mapped, the rest is zero where it may be. Before anything is said the whole path is evaluated with
//! the chosen numbers: a story that does not hold is not told.

use crate::concrete::mask;
use crate::contract::Place;
use crate::counterexample::{
    CFA, CODE_BASE, Counterexample, Disputed, DisputedPlace, Havoc, HavocValue, MemoryValue, RETURN_ADDRESS,
    RegisterValue,
};
use crate::exec::Judge;
use crate::refute::Failure;
use crate::solver::{Answer, Solver, constant};
use crate::state::Area;
use crate::target::Decoder;
use crate::term::{Node, Symbol, Term, Terms};
use crate::vc::{Goal, What};
use framewright_spec::meaning::Function;
use framewright_spec::{CfaOffset, Reg};
use rustc_hash::{FxHashMap, FxHashSet};
use z3::ast::Bool;

/// Where pointers that are nobody's business point: addresses that can be mapped, this far apart.
const HEAP: u64 = 0x2300_0000_0000;
const HEAP_STEP: u64 = 0x10_0000;
/// Most symbols that are minimised one by one.
const MAX_MINIMISED: usize = 48;

/// Values of all terms of a failure.
pub(crate) struct Values(FxHashMap<Term, u128>);

impl Values {
    /// The value of a term.
    pub(crate) fn of(&self, term: Term) -> u128 {
        self.0.get(&term).copied().unwrap_or(0)
    }
}

/// Tells a failure; the solver holds its constraints. `None` if no numbers bear it out.
pub(crate) fn tell(
    judge: &mut Judge<'_>,
    solver: &mut Solver,
    failure: &Failure,
    decoder: &dyn Decoder,
    name: &str,
) -> Option<Counterexample> {
    let (values, unique) = choose(judge, solver, failure, decoder)?;
    let claim = judge.claim;
    let cfa = values.of(judge.terms.cfa(0)) as u64;
    let code = values.of(judge.terms.code(0)) as u64;
    let address = judge.terms.symbol(Symbol::ReturnAddress, 64);
    let telling = crate::narrate::Telling { judge, failure, values: &values, decoder };
    let (headline, wrong) = telling.headline();
    let trace = telling.trace(wrong);
    let registers = failure.root.registers.iter().enumerate();
    let registers =
        registers.map(|(i, &term)| RegisterValue { reg: Reg(i as u8), value: values.of(term) }).collect();
    Some(Counterexample {
        name: name.to_owned(),
        property: failure.vc.property,
        headline,
        at: failure.vc.at,
        bytes: judge.world.bytes.to_vec(),
        claim: claim.clone(),
        cfa,
        code_base: code,
        return_address: values.of(address) as u64,
        registers,
        memory: memory(&judge.terms, failure, &values, cfa),
        havocs: havocs(&judge.terms, failure, &values, cfa),
        path: failure.steps.iter().map(|s| s.at).collect(),
        disputed: disputed(failure, &values),
        unique,
        trace,
        assumptions: judge.assumed.iter().map(|(&name, &times)| (name.to_owned(), times)).collect(),
        spec_items: vec![failure.vc.item.to_string()],
    })
}

/// Every term that the failure speaks of.
fn spoken(judge: &mut Judge<'_>, failure: &Failure) -> Vec<Term> {
    let mut all = failure.vc.conditions();
    all.extend(failure.vc.goal.terms());
    all.extend(&failure.root.registers);
    all.extend(failure.root.memory.runs().map(|(_, _, value)| value));
    for step in &failure.steps {
        all.extend(step.accesses.iter().flat_map(|a| [a.address, a.value]));
        all.extend(step.changed.iter().chain(&step.callee).map(|&(_, term)| term));
        all.extend(step.undefined.iter().map(|&(_, term)| term));
        all.extend(step.junk.iter().map(|&(_, term)| term));
    }
    all.push(judge.terms.cfa(0));
    all.push(judge.terms.code(0));
    all.push(judge.terms.symbol(Symbol::ReturnAddress, 64));
    all
}

/// Symbols, and functions that the solver takes for symbols.
fn leaves(terms: &Terms, order: &[Term]) -> Vec<Term> {
    let leaf = |t: &&Term| {
        matches!(terms.node(**t), Node::Symbol(_) | Node::Apply(Function::Uninterpreted { .. }, _))
    };
    order.iter().filter(leaf).copied().collect()
}

/// Numbers for all terms, and whether they are the only ones.
fn choose(
    judge: &mut Judge<'_>,
    solver: &mut Solver,
    failure: &Failure,
    decoder: &dyn Decoder,
) -> Option<(Values, bool)> {
    let spoken = spoken(judge, failure);
    let all = judge.terms.closure(&spoken);
    let mut bound = failure.vc.conditions();
    let in_conditions: FxHashSet<Term> = judge.terms.closure(&bound).into_iter().collect();
    bound.extend(failure.vc.goal.terms());
    bound.extend([judge.terms.cfa(0), judge.terms.code(0)]);
    let bound_leaves = leaves(&judge.terms, &judge.terms.closure(&bound));
    let bases = bases(&judge.terms, failure);
    let preferred = |leaf: Term| {
        let marked = !in_conditions.contains(&leaf) && bound_leaves.contains(&leaf);
        match *judge.terms.node(leaf) {
            Node::Symbol(Symbol::Entry(reg)) if judge.contract.control_mask(reg).is_some() => {
                vec![decoder.usual(reg), 0, 1]
            }
            _ => candidates(judge, leaf, &bases, marked),
        }
    };
    let wishes: FxHashMap<Term, Vec<u128>> =
        leaves(&judge.terms, &all).into_iter().map(|leaf| (leaf, preferred(leaf))).collect();
    let levels = minimise(&judge.terms, solver, &bound_leaves, &wishes);
    let model = match solver.check() {
        Answer::Sat => solver.model(&judge.terms, &bound_leaves),
        _ => None,
    };
    (0..levels).for_each(|_| solver.pop());
    let mut values = model?;
    let unique = is_unique(judge, solver, &bound_leaves, &values);
    for (leaf, wish) in wishes {
        values.entry(leaf).or_insert(wish[0]);
    }
    judge.terms.evaluate(&all, &mut values);
    let values = Values(values);
    let holds = failure.vc.conditions().iter().all(|&c| values.of(c) == 1);
    (holds && !failure.vc.goal.holds_for(|t| values.of(t))).then_some((values, unique))
}

/// Fixes symbols one by one to the first wish that is possible; how often it pushed.
fn minimise(
    terms: &Terms,
    solver: &mut Solver,
    leaves: &[Term],
    wishes: &FxHashMap<Term, Vec<u128>>,
) -> usize {
    let mut levels = 0;
    for &leaf in leaves.iter().take(MAX_MINIMISED) {
        for &wish in wishes.get(&leaf).into_iter().flatten() {
            let fact = solver.form(terms, leaf).eq(constant(wish, terms.width(leaf)));
            solver.push();
            solver.assert(&fact);
            if solver.check() == Answer::Sat {
                levels += 1;
                break;
            }
            solver.pop();
        }
    }
    levels
}

/// Whether no other values of the symbols that are not addresses of our choice make the same failure.
fn is_unique(
    judge: &mut Judge<'_>,
    solver: &mut Solver,
    leaves: &[Term],
    model: &FxHashMap<Term, u128>,
) -> bool {
    let placed = |t: &&Term| {
        let node = judge.terms.node(**t);
        !matches!(node, Node::Symbol(Symbol::Cfa | Symbol::Code | Symbol::ReturnAddress))
    };
    let free = leaves.iter().filter(placed);
    let others: Vec<Bool> = free
        .map(|&t| solver.form(&judge.terms, t).eq(constant(model[&t], judge.terms.width(t))).not())
        .collect();
    solver.push();
    solver.assert(&Bool::or(&others));
    let unique = !others.is_empty() && solver.check() == Answer::Unsat;
    solver.pop();
    unique
}

/// For each symbol that is the base of a heap address, its number.
fn bases(terms: &Terms, failure: &Failure) -> FxHashMap<Term, u64> {
    let mut bases = FxHashMap::default();
    for access in failure.steps.iter().flat_map(|s| &s.accesses).filter(|a| a.area == Area::Heap) {
        let base = match terms.node(access.address) {
            Node::Symbol(_) => Some(access.address),
            Node::Sum(_, addends) => addends
                .iter()
                .find(|&&(t, k)| k == 1 && matches!(terms.node(t), Node::Symbol(_)))
                .map(|&(t, _)| t),
            _ => None,
        };
        if let Some(base) = base {
            let next = bases.len() as u64;
            bases.entry(base).or_insert(next);
        }
    }
    bases
}

/// Values to try for a symbol, best first.
fn candidates(judge: &Judge<'_>, leaf: Term, bases: &FxHashMap<Term, u64>, marked: bool) -> Vec<u128> {
    let width = judge.terms.width(leaf);
    let Node::Symbol(symbol) = *judge.terms.node(leaf) else { return vec![0, 1] };
    let marker = |n: usize| (0x1111_1111_1111_1111_u128 * (n as u128 % 15 + 1)) & mask(width);
    let small = [0, 1, 2, 8, 16, 64, 256, 4096];
    let kept = judge.contract.machine.registers.len();
    let own = match symbol {
        Symbol::Cfa => return vec![CFA.into()],
        Symbol::Code => return vec![CODE_BASE.into()],
        Symbol::ReturnAddress => return vec![RETURN_ADDRESS.into()],
        Symbol::Entry(reg) if judge.contract.kept_bits(reg).is_some() => Some(number(judge, reg)),
        Symbol::Home(index) => Some(index as usize),
        Symbol::Source(reg) if marked => Some(kept + usize::from(reg.0)),
        Symbol::Fresh(n) if marked => Some(8 + n as usize),
        Symbol::Initial(at, _) if marked => Some((at.unsigned_abs() / 8) as usize),
        _ if marked => Some(12),
        _ => None,
    };
    if let Some(&base) = bases.get(&leaf) {
        let mut list = vec![u128::from(HEAP + base * HEAP_STEP)];
        list.extend(small);
        return list;
    }
    let markers = own.into_iter().flat_map(|n| (0..15).map(move |k| n + k)).map(marker);
    let mut list: Vec<u128> = markers.collect();
    list.extend(small);
    list.iter_mut().for_each(|v| *v &= mask(width));
    list
}

/// A callee-saved register's place among its kind, for distinct markers.
fn number(judge: &Judge<'_>, reg: Reg) -> usize {
    judge.contract.abi.callee_saved.iter().position(|&(r, _)| r == reg).unwrap_or(0)
}

fn little_endian(value: u128, bytes: u32) -> Vec<u8> {
    value.to_le_bytes()[..(bytes as usize).min(16)].to_vec()
}

/// Memory at the entry: what the entry state holds, and what the path read of the rest.
fn memory(terms: &Terms, failure: &Failure, values: &Values, cfa: u64) -> Vec<MemoryValue> {
    let mut runs: std::collections::BTreeMap<i64, (u32, u128)> = std::collections::BTreeMap::new();
    let mut all: Vec<Term> = failure.vc.goal.terms();
    all.extend(failure.vc.conditions());
    all.extend(failure.steps.iter().flat_map(|s| s.accesses.iter().map(|a| a.value)));
    for term in terms.closure(&all) {
        if let Node::Symbol(Symbol::Initial(at, bytes)) = *terms.node(term) {
            runs.insert(at, (bytes, values.of(term)));
        }
    }
    for (at, bytes, value) in failure.root.memory.runs() {
        runs.insert(at, (bytes, values.of(value)));
    }
    let at = |offset: i64| cfa.wrapping_add_signed(offset);
    runs.into_iter()
        .map(|(offset, (bytes, value))| MemoryValue {
            address: at(offset),
            bytes: little_endian(value, bytes),
        })
        .collect()
}

/// Values from outside, in the order in which they arise.
fn havocs(terms: &Terms, failure: &Failure, values: &Values, cfa: u64) -> Vec<Havoc> {
    let mut list = Vec::new();
    for (index, step) in failure.steps.iter().enumerate() {
        let (before, after) = (index as u32, index as u32 + 1);
        for access in step.accesses.iter().filter(|a| a.havoc && !a.write && a.area != Area::SomeCode) {
            let bytes = little_endian(values.of(access.value), access.bytes);
            let memory = MemoryValue { address: values.of(access.address) as u64, bytes };
            list.push(Havoc { step: before, value: HavocValue::Memory(memory) });
        }
        for &(source, term) in &step.undefined {
            let value = HavocValue::Undefined { index: source, value: values.of(term) };
            list.push(Havoc { step: before, value });
        }
        for &(reg, term) in &step.callee {
            let value = HavocValue::Register(RegisterValue { reg, value: values.of(term) });
            list.push(Havoc { step: after, value });
        }
        for &(offset, term) in &step.junk {
            let bytes = little_endian(values.of(term), terms.width(term) / 8);
            let memory = MemoryValue { address: cfa.wrapping_add_signed(offset), bytes };
            list.push(Havoc { step: after, value: HavocValue::Memory(memory) });
        }
    }
    list.sort_by_key(|h| h.step);
    list
}

/// Where expected and actual can be read after the last step.
fn disputed(failure: &Failure, values: &Values) -> Option<Disputed> {
    let place = match &failure.vc.what {
        What::Value { place: Place::Register(reg, bits), .. } => {
            DisputedPlace::Register { reg: *reg, mask: mask(*bits) }
        }
        What::Value { place: Place::Masked(reg, mask), .. } => {
            DisputedPlace::Register { reg: *reg, mask: *mask }
        }
        What::Value { place: Place::Memory(at, bytes), .. } => {
            DisputedPlace::Memory { offset: CfaOffset(*at), bytes: *bytes }
        }
        What::Control(_) => DisputedPlace::Pc,
        What::Access { .. } => {
            let bytes = failure.steps.last()?.accesses.iter().map(|a| a.bytes).max()?;
            DisputedPlace::Access { bytes }
        }
        What::Unwound(given, consulted) => {
            DisputedPlace::Unwound { data: consulted.data as u32, pc: consulted.pc, given: *given }
        }
        What::Said(_) => return None,
    };
    let (expected, actual) = match failure.vc.goal {
        Goal::Equal { actual, expected, .. } => (values.of(expected), values.of(actual)),
        Goal::Multiple { value, of } => (values.of(value) & !(u128::from(of) - 1), values.of(value)),
        Goal::Within { address, from, low, high, bytes } => {
            let (actual, from) = (values.of(address) as u64, values.of(from) as u64);
            let last = high.saturating_sub(i64::from(bytes)).max(low);
            let distance = (actual.wrapping_sub(from) as i64).clamp(low, last);
            (u128::from(from.wrapping_add_signed(distance)), u128::from(actual))
        }
        Goal::Holds(_) | Goal::Fact(_) => return None,
    };
    Some(Disputed { place, expected, actual })
}
