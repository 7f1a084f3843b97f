//! The states that code starts from: a call, a transition from a patchpoint, the trap handler; and the state map.
//!
//! What is assumed of a source frame is the very list that its own code had to prove at the patchpoint.

use crate::contract::{Contract, Demand, Place, within};
use crate::memory::FrameMemory;
use crate::state::{Phase, State};
use crate::term::{Symbol, Term, Terms};
use crate::verdict::{Property, Proven};
use framewright_spec::claim::{Entry, HelperCall, Patchpoint, StatePlace, StateSlot, ValueKind};
use framewright_spec::{CfaOffset, Claim, CodeOffset, Machine, Reg, RegSet, Spec, Transition};
use std::rc::Rc;

/// Bytes of a state value that are specified.
pub(crate) fn kind_bytes(kind: ValueKind) -> u32 {
    match kind {
        ValueKind::I32 | ValueKind::F32 => 4,
        ValueKind::I64 | ValueKind::F64 => 8,
    }
}

/// Bytes that belong to a home, whatever its value's type.
const HOME_BYTES: i64 = 8;

/// Homes that patchpoints of the claim name: distance and bytes, ascending.
pub(crate) fn homes(claim: &Claim) -> Vec<(i64, u32)> {
    let slots = claim.patchpoints.iter().flat_map(|p| &p.state);
    let mut homes: Vec<(i64, u32)> = slots.map(|s| (s.home.0, kind_bytes(s.kind))).collect();
    homes.sort_unstable();
    homes.dedup();
    homes
}

/// What is wrong with the homes of a claim's patchpoints: outside the body's bytes, or overlapping.
pub(crate) fn wrong_home(contract: &Contract<'_>, claim: &Claim) -> Option<(usize, String)> {
    let free = contract.body_writable();
    for (index, patchpoint) in claim.patchpoints.iter().enumerate() {
        let mut homes: Vec<&StateSlot> = patchpoint.state.iter().collect();
        homes.sort_by_key(|s| s.home);
        if let Some(slot) = homes.iter().find(|s| !free.iter().any(|&r| within(r, s.home.0, HOME_BYTES))) {
            return Some((index, format!("the home {} of {:?} is not in the body", slot.home, slot.value)));
        }
        if let Some(pair) = homes.windows(2).find(|p| p[1].home.0 - p[0].home.0 < HOME_BYTES) {
            let (a, b) = (pair[0], pair[1]);
            return Some((
                index,
                format!("the homes of {:?} and {:?} overlap at {}", a.value, b.value, b.home),
            ));
        }
    }
    None
}

/// Where the code of an OSR claim comes from, as its proven source says.
pub(crate) struct Source<'a> {
    /// The source's own contract.
    pub(crate) contract: Contract<'a>,
    /// The patchpoint that is left.
    pub(crate) patchpoint: &'a Patchpoint,
    /// How it is left.
    pub(crate) transition: &'a Transition,
}

/// Why a statement is refused before its code is looked at, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It cannot be judged.
    Unsupported(String),
    /// It contradicts its source.
    Refuted(String),
}

/// Finds the source of an OSR claim; `None` for code that is called.
///
/// # Errors
/// What does not fit together.
pub(crate) fn source<'a>(
    spec: &'a Spec,
    claim: &Claim,
    proven: Option<&'a Proven>,
) -> Result<Option<Source<'a>>, Refusal> {
    use Refusal::{Refuted, Unsupported};
    let Entry::Osr { transition: name, patchpoint, .. } = &claim.entry else { return Ok(None) };
    let transition =
        spec.transitions.get(name).ok_or_else(|| Unsupported(format!("unknown transition `{name}`")))?;
    let missing = || Unsupported("an OSR claim without the proven code that it is entered from".to_owned());
    let source = proven.ok_or_else(missing)?.claim();
    if transition.source != source.frame || transition.target != claim.frame {
        let Transition { source: from, target: to, .. } = transition;
        let (source, target) = (&source.frame, &claim.frame);
        let text = format!("transition {name} goes from {from} to {to}, not from {source} to {target}");
        return Err(Refuted(text));
    }
    if claim.shape.source.as_deref() != Some(&source.shape) {
        return Err(Refuted("the claim's source shape is not that of the source".to_owned()));
    }
    if claim.machine != source.machine {
        return Err(Unsupported(format!("source code for {}", source.machine)));
    }
    let found = source.patchpoints.iter().find(|p| p.id == *patchpoint);
    let patchpoint = found.ok_or_else(|| Refuted(format!("the source has no patchpoint {patchpoint}")))?;
    let contract = Contract::new(spec, &source.frame, &source.shape);
    let contract = contract.map_err(|e| Unsupported(e.to_string()))?;
    Ok(Some(Source { contract, patchpoint, transition }))
}

impl Source<'_> {
    /// Bytes from the CFA to SP at the target's entry, negative.
    pub(crate) fn entry_sp(&self) -> i64 {
        self.contract.body_sp() - self.transition.lowered
    }
}

/// Words of the data that whoever places the code fills in.
///
/// # Errors
/// In words: one that is not in the data, or that is something else, too.
pub(crate) fn words(claim: &Claim, bytes: &[u8]) -> Result<Vec<i64>, String> {
    let mut words = Vec::new();
    for helped in &claim.helpers {
        let at = i64::from(helped.word.0);
        let meets = |from: CodeOffset, bytes: i64| {
            let from = i64::from(from.0);
            from < at + 8 && at < from + bytes
        };
        let is_other = |other: &HelperCall| (other.word, &other.helper) != (helped.word, &helped.helper);
        let what = if at < i64::from(claim.data.0) || at + 8 > bytes.len() as i64 {
            "is not in the data"
        } else if claim.jump_tables.iter().any(|table| meets(table.table, i64::from(table.entries) * 4)) {
            "is in a jump table"
        } else if claim.helpers.iter().any(|other| is_other(other) && meets(other.word, 8)) {
            "is that of another helper, too"
        } else {
            words.push(at);
            continue;
        };
        return Err(format!("the word of `{}` at {} {what}", helped.helper, helped.word));
    }
    Ok(words)
}

/// An empty state with the given register values.
fn blank(registers: Vec<Term>, phase: Phase, homes: usize) -> State {
    let written = Rc::new(vec![false; homes]);
    State {
        registers,
        memory: FrameMemory::default(),
        phase,
        touched: None,
        under: None,
        answer: None,
        epilog: None,
        written,
    }
}

fn registers(machine: &Machine, mut value: impl FnMut(Reg, u32) -> Term) -> Vec<Term> {
    machine.registers.iter().enumerate().map(|(i, r)| value(Reg(i as u8), r.bits)).collect()
}

/// The state a callee starts from.
pub(crate) fn called(contract: &Contract<'_>, terms: &mut Terms, homes: usize) -> State {
    let registers = registers(contract.machine, |reg, bits| terms.symbol(Symbol::Entry(reg), bits));
    let mut state = blank(registers, Phase::Prolog, homes);
    let pushed = i64::from(contract.abi.pushed_return);
    let sp = terms.cfa(-pushed);
    state.set(contract.machine.sp, sp);
    let address = terms.symbol(Symbol::ReturnAddress, contract.machine.word_bytes * 8);
    if pushed > 0 {
        state.memory.write(terms, -pushed, address);
    } else if let Some(link) = contract.machine.link {
        state.set(link, address);
    }
    state.touched = contract.guard().map(|_| contract.touched_by_caller(terms));
    state
}

/// The state an OSR method starts from.
pub(crate) fn transferred(source: &Source<'_>, terms: &mut Terms) -> State {
    let contract = &source.contract;
    let machine = contract.machine;
    let values = registers(machine, |reg, bits| terms.symbol(Symbol::Source(reg), bits));
    let mut state = blank(values, Phase::Prolog, 0);
    let pointers = [machine.sp, machine.fp];
    for demand in contract.body(terms) {
        let lost = |reg: Reg| pointers.contains(&reg) && !source.transition.kept.contains(reg);
        if !matches!(demand.place, Place::Register(reg, _) if lost(reg)) {
            grant(&mut state, terms, &demand);
        }
    }
    for (index, slot) in source.patchpoint.state.iter().enumerate() {
        let value = terms.symbol(Symbol::Home(index as u32), 64);
        state.memory.write(terms, slot.home.0, value);
    }
    for (_, reg) in source.transition.carries.iter().filter(|(what, _)| what == "entry") {
        let here = terms.code(0);
        state.set(*reg, here);
    }
    restore(source, &mut state, terms);
    state
}

/// What a helper that unwinds the source leaves in the registers.
fn restore(source: &Source<'_>, state: &mut State, terms: &mut Terms) {
    let Source { contract, transition, .. } = source;
    let machine = contract.machine;
    for reg in transition.restored.iter() {
        let width = machine.register(reg).bits;
        let (expected, bits) = if machine.link == Some(reg) {
            (terms.symbol(Symbol::ReturnAddress, width), width)
        } else {
            let bits = contract.kept_bits(reg).unwrap_or(width).min(width);
            let whole = terms.symbol(Symbol::Entry(reg), width);
            (terms.extract(whole, 0, bits), bits)
        };
        set_low(state, terms, reg, bits, expected);
    }
    if transition.kept.contains(machine.sp) {
        let sp = terms.cfa(source.entry_sp());
        state.set(machine.sp, sp);
    }
}

/// The state at a landing: the frame stands, reserved registers are as ever, nothing else is known.
pub(crate) fn landed(contract: &Contract<'_>, body: &[Demand], terms: &mut Terms, homes: usize) -> State {
    let registers = registers(contract.machine, |_, bits| terms.fresh(bits));
    let mut state = blank(registers, Phase::Body, homes);
    for demand in body {
        let known = match demand.place {
            Place::Register(reg, _) => reg == contract.machine.sp || contract.abi.reserved.contains(&reg),
            Place::Masked(..) | Place::Memory(..) => true,
        };
        if known {
            grant(&mut state, terms, demand);
        }
    }
    let sp = contract.sp_in_body(terms);
    state.touched = contract.guard().map(|_| terms.offset(sp, contract.untouched_in_body()));
    state
}

/// Makes a demand true.
fn grant(state: &mut State, terms: &mut Terms, demand: &Demand) {
    match demand.place {
        Place::Memory(at, _) => state.memory.write(terms, at, demand.expected),
        Place::Masked(reg, _) => state.set(reg, demand.expected),
        Place::Register(reg, bits) => set_low(state, terms, reg, bits, demand.expected),
    }
}

/// Sets the lowest bits of a register.
fn set_low(state: &mut State, terms: &mut Terms, reg: Reg, bits: u32, value: Term) {
    let before = state.register(reg);
    let width = terms.width(before);
    let whole = if bits < width {
        let high = terms.extract(before, bits, width - bits);
        terms.concat(high, value)
    } else {
        value
    };
    state.set(reg, whole);
}

/// The state map as demands at the body, after comparing both lists entry by entry.
///
/// # Errors
/// In words: the first entry in which they differ.
pub(crate) fn state_map(
    claim: &Claim,
    patchpoint: &Patchpoint,
    machine: &Machine,
    terms: &mut Terms,
) -> Result<Vec<Demand>, String> {
    let Entry::Osr { state, transition, .. } = &claim.entry else { return Ok(Vec::new()) };
    if state.len() != patchpoint.state.len() {
        let (has, wants) = (patchpoint.state.len(), state.len());
        return Err(format!("the patchpoint has {has} values, the target lists {wants}"));
    }
    let mut demands = Vec::new();
    for (index, (from, to)) in patchpoint.state.iter().zip(state).enumerate() {
        if (from.value, from.kind) != (to.value, to.kind) {
            return Err(format!(
                "entry {index} is {:?} {:?} at the patchpoint and {:?} {:?} in the target",
                from.value, from.kind, to.value, to.kind
            ));
        }
        let bytes = kind_bytes(from.kind);
        let home = terms.symbol(Symbol::Home(index as u32), 64);
        let expected = terms.extract(home, 0, bytes * 8);
        let place = match to.place {
            StatePlace::Dead => continue,
            StatePlace::Frame(CfaOffset(at)) => Place::Memory(at, bytes),
            StatePlace::Register(reg) if usize::from(reg.0) < machine.registers.len() => {
                Place::Register(reg, bytes * 8)
            }
            StatePlace::Register(reg) => {
                return Err(format!("entry {index} is in unknown register {}", reg.0));
            }
        };
        let place_name = match to.place {
            StatePlace::Register(reg) => machine.register(reg).name.clone(),
            StatePlace::Frame(at) => at.to_string(),
            StatePlace::Dead => String::new(),
        };
        let what = format!("{:?}, brought from {} to {place_name},", from.value, from.home);
        let item = format!("transition {transition}: state map entry {index}");
        demands.push(Demand {
            property: Property::P12,
            place,
            expected,
            what: what.into(),
            item: item.into(),
        });
    }
    Ok(demands)
}

/// Registers that prolog and epilog of the claim's code may change.
pub(crate) fn may_change(contract: &Contract<'_>, claim: &Claim) -> RegSet {
    let machine = contract.machine;
    let mut set = contract.layout.scratch.union(contract.saved()).with(machine.sp).with(machine.fp);
    if let Some(link) = machine.link {
        set = set.with(link);
    }
    if let Entry::Osr { state, .. } = &claim.entry {
        let targets = state.iter().filter_map(|t| match t.place {
            StatePlace::Register(reg) => Some(reg),
            _ => None,
        });
        set = set.union(targets.collect());
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use framewright_spec::Shape;
    use framewright_spec::claim::{JumpTable, StateSlot, StateTarget, StateValue, ValueKind};

    fn blank_claim() -> Claim {
        Claim {
            machine: "x86_64".to_owned(),
            frame: String::new(),
            shape: Shape::default(),
            entry: Entry::Call,
            body: CodeOffset(0),
            epilogs: Vec::new(),
            data: CodeOffset(0),
            jump_tables: Vec::new(),
            patchpoints: Vec::new(),
            helpers: Vec::new(),
            landings: Vec::new(),
            unwind: Vec::new(),
        }
    }

    /// Code up to 64, a table of 16 bytes there, and data up to 128.
    #[test]
    fn words_that_are_filled_in_are_data_and_nothing_else() {
        let table = JumpTable { jump: CodeOffset(0), table: CodeOffset(64), entries: 4 };
        let mut claim = Claim { data: CodeOffset(64), jump_tables: vec![table], ..blank_claim() };
        let mut words = |words: &[(&str, u32)]| {
            let helper = |&(name, word): &(&str, u32)| HelperCall {
                at: CodeOffset(0),
                helper: name.to_owned(),
                word: CodeOffset(word),
            };
            claim.helpers = words.iter().map(helper).collect();
            super::words(&claim, &[0; 128])
                .map_err(|why| why.split(' ').skip(6).collect::<Vec<_>>().join(" "))
        };
        for at in [80, 84, 120] {
            assert_eq!(words(&[("touch", at)]), Ok(vec![i64::from(at)]));
        }
        for (at, why) in [
            (56, "is not in the data"),
            (121, "is not in the data"),
            (64, "is in a jump table"),
            (79, "is in a jump table"),
        ] {
            assert_eq!(words(&[("touch", at)]), Err(why.to_owned()), "{at}");
        }
        assert_eq!(words(&[("touch", 80), ("touch", 80), ("other", 88)]), Ok(vec![80, 80, 88]));
        for pair in
            [[("touch", 80), ("other", 80)], [("touch", 80), ("touch", 87)], [("touch", 87), ("touch", 80)]]
        {
            assert_eq!(words(&pair), Err("is that of another helper, too".to_owned()), "{pair:?}");
        }
    }

    #[test]
    fn a_value_in_a_register_that_there_is_not_is_refused() {
        let spec = Spec::embedded();
        let machine = spec.machine("x86_64").expect("embedded");
        let (value, kind) = (StateValue::Context, ValueKind::I64);
        let slot = StateSlot { value, kind, home: CfaOffset(-24) };
        let (jump, resume) = (CodeOffset(0), CodeOffset(0));
        let patchpoint = Patchpoint { id: 0, wasm_offset: 0, jump, resume, state: vec![slot] };
        let last = machine.registers.len() as u8 - 1;
        for (number, good) in [(0, true), (last, true), (last + 1, false), (255, false)] {
            let place = StatePlace::Register(Reg(number));
            let state = vec![StateTarget { value, kind, place }];
            let transition = "sysv.ryujit".to_owned();
            let entry = Entry::Osr { transition, patchpoint: 0, state };
            let claim = Claim { frame: "sysv.osr".to_owned(), entry, ..blank_claim() };
            let demands = state_map(&claim, &patchpoint, machine, &mut Terms::default());
            assert_eq!(demands.map(|d| d.len()).ok(), good.then_some(1), "register {number}");
        }
    }
}
