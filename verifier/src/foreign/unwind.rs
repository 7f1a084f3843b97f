//! P10 for code of which nothing is claimed: wherever control comes, the row of its unwind data gives the caller's state.
//!
//! ```text
//! walk ──state before each instruction──▶ Scan: row's CFA, return address, callee saves = the caller's?
//!                                           │yes, everywhere    │not seen
//!                                         Proven              a concrete run up to there shows it?
//!                                                               │yes        │no
//!                                                             wrong       Undecided
//! ```
//!
//! The verdict is apart from the frame's: code may be right and what is said of it wrong, at some instructions or at all.

use super::Method;
use super::feasible::is_feasible;
use super::paths::Ways;
use super::refute::Body;
use super::run::{CFA, entry_value};
use super::state::{Cpu, Notes, State, World};
use super::value::{Half, Value};
use super::verdict::Part;
use super::walk::Walk;
use crate::concrete::{ConcreteState, Fault, mask};
use crate::unwind::dwarf::Columns;
use crate::unwind::{At, Cfa, Row, Rule, Table};
use framewright_spec::{CodeOffset, Reg};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Most places at which runs are tried, from the first one that is not seen right.
const MAX_PLACES: usize = 8;
/// Most runs to one place that are put to the solver.
const MAX_TRIED: usize = 8;

/// What is known of a body's unwind data.
#[derive(Clone, Debug)]
pub enum Unwinding {
    /// It has none.
    None,
    /// Right at every instruction that control comes to.
    Proven {
        /// How many they are.
        instructions: u32,
    },
    /// Right at every call, and there are some; not everywhere else.
    CallsOnly(Elsewhere),
    /// A concrete run shows a row to be wrong, at a call or in code without calls.
    Refuted(Box<WrongRow>),
    /// Not seen right, and no run shows it wrong; or the body is not understood.
    Undecided(String),
    /// Data that is not read.
    Unsupported(String),
}

/// What there is to say of instructions that are no calls.
#[derive(Clone, Debug)]
pub enum Elsewhere {
    /// A concrete run shows a row to be wrong.
    Wrong(Box<WrongRow>),
    /// A row is not seen right.
    Undecided(String),
}

/// What a concrete run shows of a row.
#[derive(Clone, Debug)]
pub struct WrongRow {
    /// Which method.
    pub part: Part,
    /// The instruction before which the row is wrong.
    pub at: CodeOffset,
    /// That instruction.
    pub instruction: String,
    /// What is wrong: `CFA`, `return address`, a register.
    pub subject: String,
    /// The row in words.
    pub row: String,
    /// The caller's value.
    pub expected: u128,
    /// By the row; `None` where it says that there is none.
    pub actual: Option<u128>,
    /// Other instructions at which the row is not seen right.
    pub others: Vec<CodeOffset>,
    /// The instructions of the run.
    pub path: Vec<CodeOffset>,
}

impl Unwinding {
    /// The verdict in a word or two.
    pub fn word(&self) -> &'static str {
        match self {
            Unwinding::None => "none",
            Unwinding::Proven { .. } => "proven",
            Unwinding::CallsOnly(_) => "calls only",
            Unwinding::Refuted(_) => "refuted",
            Unwinding::Undecided(_) => "undecided",
            Unwinding::Unsupported(_) => "unsupported",
        }
    }

    /// The row that is shown to be wrong, if one is.
    pub fn wrong(&self) -> Option<&WrongRow> {
        match self {
            Unwinding::Refuted(wrong) | Unwinding::CallsOnly(Elsewhere::Wrong(wrong)) => Some(wrong),
            _ => None,
        }
    }

    /// What there is to say besides.
    pub fn detail(&self) -> String {
        match self {
            Unwinding::None => "no unwind data".to_owned(),
            Unwinding::Proven { instructions } => format!("at each of {instructions} instructions"),
            Unwinding::CallsOnly(Elsewhere::Wrong(wrong)) | Unwinding::Refuted(wrong) => wrong.headline(),
            Unwinding::CallsOnly(Elsewhere::Undecided(what))
            | Unwinding::Undecided(what)
            | Unwinding::Unsupported(what) => what.clone(),
        }
    }
}

impl WrongRow {
    /// The refutation in a line.
    pub fn headline(&self) -> String {
        let WrongRow { at, instruction, subject, row, expected, actual, others, .. } = self;
        let part = self.part.prefix();
        let actual = actual.map_or("lost".to_owned(), |actual| format!("{actual:#x}"));
        let more = if others.is_empty() { String::new() } else { format!("; so at {} more", others.len()) };
        format!(
            "{part}P10 unwinding: before {at}: {instruction}: {subject} by the row is {actual}, the caller's is \
             {expected:#x}; row: {row}{more}"
        )
    }
}

/// What is not seen right before an instruction.
#[derive(Clone, Debug)]
enum Doubt {
    NoRow,
    Cfa(Half),
    Return(Half),
    Register(Reg, Half),
    Unsupported(String),
}

/// Rows compared with states while a body is walked. A state that knows less is doubted where one that knows more is, so it
/// does no harm to look at states before all paths are joined, and the joined ones are looked at too.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    world: &'a World<'a>,
    table: &'a Table,
    /// The method and its parts. Other code that it leads to may be without data: that is not its own fault.
    own: Vec<(u32, u32)>,
    row: Option<&'a Row>,
    /// Callee-saved registers and bits that count, each with its rule in that row.
    rules: Vec<(Reg, u32, &'a Rule)>,
    /// Whether that row speaks of nothing but memory and registers that are watched.
    is_plain: bool,
    /// Whether the state looked at last was right by that row, and is by each that differs in nothing watched.
    is_right: bool,
    calls: FxHashSet<u32>,
    doubts: BTreeMap<u32, Doubt>,
}

impl<'a> Scan<'a> {
    /// None for a method without data.
    pub(crate) fn new(world: &'a World<'a>, method: &Method<'a>) -> Option<Scan<'a>> {
        let own = std::iter::once(method.body).chain(method.others.iter().copied()).collect();
        method.unwind.map(|table| Scan::of(world, table, own))
    }

    fn of(world: &'a World<'a>, table: &'a Table, own: Vec<(u32, u32)>) -> Scan<'a> {
        let (rules, calls, doubts) = (Vec::new(), FxHashSet::default(), BTreeMap::new());
        Scan { world, table, own, row: None, rules, is_plain: false, is_right: false, calls, doubts }
    }

    /// The same rows, and nothing seen.
    pub(crate) fn anew(&self) -> Scan<'a> {
        Scan::of(self.world, self.table, self.own.clone())
    }

    /// Whether the caller's registers are said to be elsewhere at a place than at a call that seems to lead there: no
    /// instruction has moved them, so control does not come from there.
    pub(crate) fn moves_at(&self, call: u32, to: u32) -> bool {
        let row = |at| self.table.at(CodeOffset(at));
        row(call).zip(row(to)).is_some_and(|(at, behind)| at.rules != behind.rules)
    }

    /// Whether a row is not seen right.
    pub(crate) fn is_doubtful(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// Looks at a state before the instruction at `at`: the one looked at last, unless it is `stirred` ([`Notes::stirred`]),
    /// but for registers that are not watched.
    pub(crate) fn visit(&mut self, at: u32, state: &State, is_call: bool, stirred: bool) {
        if is_call {
            self.calls.insert(at);
        }
        if self.is_right && !stirred && self.row.is_some_and(|row| row.begin <= at && at < row.end) {
            return;
        }
        let doubt = self.doubt(at, state);
        self.is_right = doubt.is_none() && self.is_plain;
        if let Some(doubt) = doubt {
            self.doubts.entry(at).or_insert(doubt);
        }
    }

    fn doubt(&mut self, at: u32, state: &State) -> Option<Doubt> {
        if self.row.is_none_or(|row| at < row.begin || at >= row.end) {
            self.turn_to(at);
        }
        let Some(row) = self.row else {
            let is_own = self.own.iter().any(|&(begin, end)| (begin..end).contains(&at));
            return is_own.then_some(Doubt::NoRow);
        };
        if row.return_address == Rule::Undefined {
            // The outermost frame: nobody is unwound to.
            return None;
        }
        let cfa = match &row.cfa {
            Cfa::Offset(reg, bytes) => match state.get(*reg).low {
                Half::Frame(base) => Half::Frame(base.wrapping_add(*bytes)),
                other => other,
            },
            Cfa::Expression(_) => match self.with(at, state, |at| at.cfa(row)) {
                Ok(value) => value.low,
                Err(what) => return Some(Doubt::Unsupported(what)),
            },
        };
        if cfa != Half::Frame(0) {
            return Some(Doubt::Cfa(cfa));
        }
        let (link, word) = self.world.return_address();
        let back = self.value(at, &row.return_address, link, word, state);
        let back = match back {
            Ok(value) if row.signed => {
                self.with(at, state, |at| at.authenticated(value, &Value::word(Half::Frame(0))))
            }
            other => other,
        };
        match back {
            Ok(value) if value.keeps(link, word) => {}
            Ok(value) => return Some(Doubt::Return(value.low)),
            Err(what) => return Some(Doubt::Unsupported(what)),
        }
        for &(reg, bits, rule) in &self.rules {
            match self.value(at, rule, reg, bits, state) {
                Ok(value) if value.keeps(reg, bits) => {}
                Ok(value) => return Some(Doubt::Register(reg, value.low)),
                Err(what) => return Some(Doubt::Unsupported(what)),
            }
        }
        None
    }

    fn turn_to(&mut self, at: u32) {
        self.row = self.table.at(CodeOffset(at));
        self.rules.clear();
        let Some(row) = self.row else { return };
        let saved = self.world.abi.callee_saved.iter();
        self.rules.extend(saved.map(|&(reg, bits)| (reg, bits, row.rule(reg).unwrap_or(&Rule::SameValue))));
        let is_plain = |rule: &Rule| matches!(rule, Rule::SameValue | Rule::At(_) | Rule::Undefined);
        let cfa = matches!(row.cfa, Cfa::Offset(reg, _) if self.world.is_watched(reg));
        let rules = self.rules.iter().all(|(_, _, rule)| is_plain(rule));
        self.is_plain = cfa && is_plain(&row.return_address) && rules;
    }

    /// What a rule gives where the CFA is right.
    fn value(&self, at: u32, rule: &Rule, reg: Reg, bits: u32, state: &State) -> Result<Value, String> {
        match rule {
            // The return address of a machine without a link register is in no register.
            Rule::SameValue if self.is_register(reg) => Ok(state.get(reg)),
            Rule::Register(other) => Ok(state.get(*other)),
            Rule::At(offset) => Ok(state.memory.load(*offset, bits)),
            Rule::SameValue | Rule::Undefined => Ok(Value::any(bits)),
            _ => {
                let cfa = Value::word(Half::Frame(0));
                let value = self.with(at, state, |at| at.value(rule, reg, bits, &cfa))?;
                Ok(value.unwrap_or(Value::any(bits)))
            }
        }
    }

    fn is_register(&self, reg: Reg) -> bool {
        usize::from(reg.0) < self.world.machine.registers.len()
    }

    /// Something computed from a state.
    fn with<T>(
        &self,
        at: u32,
        state: &State,
        compute: impl FnOnce(&mut At<'_, Cpu<'_>>) -> Result<T, crate::Unsupported>,
    ) -> Result<T, String> {
        let (mut state, mut notes) = (state.clone(), Notes::default());
        let world = self.world;
        let mut cpu = Cpu { world, state: &mut state, notes: &mut notes, at: CodeOffset(at), flags: true };
        let columns = Columns::new(world.machine);
        let mut at = At { columns: &columns, at: CodeOffset(at), state: &mut cpu };
        compute(&mut at).map_err(|unsupported| unsupported.what)
    }

    /// Whether the row counts from SP where that is not known: a run would show no more than what it makes up.
    fn is_dynamic(&self, at: u32) -> bool {
        let row = self.table.at(CodeOffset(at));
        let from_sp =
            row.is_some_and(|row| matches!(row.cfa, Cfa::Offset(reg, _) if reg == self.world.machine.sp));
        let unknown =
            matches!(self.doubts.get(&at), Some(Doubt::Cfa(Half::Any | Half::SomeFrame | Half::Below(_))));
        from_sp && unknown
    }

    fn text(&self, doubt: &Doubt) -> String {
        let name = |reg: Reg| &self.world.machine.register(reg).name;
        match doubt {
            Doubt::NoRow => "there is no row".to_owned(),
            Doubt::Cfa(half) => format!("the CFA by the row is {half:?}"),
            Doubt::Return(half) => format!("the return address by the row is {half:?}"),
            Doubt::Register(reg, half) => format!("`{}` by the row is {half:?}", name(*reg)),
            Doubt::Unsupported(what) => what.clone(),
        }
    }
}

/// P10 of a body that has been walked.
pub(crate) fn judge(body: &Body<'_>, walk: &mut Walk<'_>) -> Unwinding {
    let Some(scan) = walk.unwound.take() else { return Unwinding::None };
    let called = |at: &u32| scan.calls.contains(at);
    let (at_calls, elsewhere): (Vec<_>, Vec<_>) = scan.doubts.keys().copied().partition(called);
    let calls = !scan.calls.is_empty() && at_calls.is_empty();
    let places = if calls { elsewhere } else { [at_calls, elsewhere].concat() };
    if !walk.unsupported.is_empty() && !places.is_empty() {
        // Rows of code that goes on in another activation may speak of that one.
        return Unwinding::Unsupported(of_frame(walk));
    }
    let tried = if body.world.linear { 0 } else { places.len().min(MAX_PLACES) };
    let ways = (tried > 0).then(|| walk.ways());
    let shown = ways.and_then(|ways| {
        places[..tried].iter().find_map(|&at| show(body, walk, (&scan, &ways), at, &places))
    });
    let undecided = |at: u32, what: String| format!("{}{}: {what}", body.part.prefix(), CodeOffset(at));
    let wrong = match (shown, places.first()) {
        (Some(wrong), _) => Elsewhere::Wrong(Box::new(wrong)),
        (None, Some(&at)) => Elsewhere::Undecided(undecided(at, scan.text(&scan.doubts[&at]))),
        (None, None) => match not_understood(walk) {
            Some((at, what)) => Elsewhere::Undecided(undecided(at, what)),
            None => return Unwinding::Proven { instructions: walk.instructions() },
        },
    };
    match wrong {
        wrong if calls && not_understood(walk).is_none() => Unwinding::CallsOnly(wrong),
        Elsewhere::Wrong(wrong) => Unwinding::Refuted(wrong),
        Elsewhere::Undecided(what) => Unwinding::Undecided(what),
    }
}

/// Why the frame is not understood.
fn of_frame(walk: &Walk<'_>) -> String {
    let (at, error) = walk.unsupported.first_key_value().map_or((0, ""), |(&at, error)| (at, &error.what));
    format!("{}: {error}", CodeOffset(at))
}

/// Where the walk ended without an exit, if anywhere.
fn not_understood(walk: &Walk<'_>) -> Option<(u32, String)> {
    let unsupported = walk.unsupported.iter().map(|(&at, error)| (at, error.what.clone()));
    unsupported.chain(walk.unclear.iter().map(|(&at, why)| (at, why.clone()))).next()
}

/// A run up to `at` that shows the row there to be wrong. A program is not blamed for a path that nothing can take.
fn show(
    body: &Body<'_>,
    walk: &mut Walk<'_>,
    (scan, ways): (&Scan<'_>, &Ways),
    at: u32,
    places: &[u32],
) -> Option<WrongRow> {
    let leader = walk.leader_of(at)?;
    if scan.is_dynamic(at) {
        return None;
    }
    let row = scan.table.at(CodeOffset(at));
    let mut tried = if body.world.surroundings.address().is_some() { MAX_TRIED } else { usize::MAX };
    let is_alone = tried == usize::MAX;
    ways.to(leader).iter().find_map(|path| {
        let mut outcome = body.runner(walk).before(path, at)?;
        let (subject, expected, actual) = compare(body, scan, row, at, &mut outcome.state)?;
        tried = tried.checked_sub(1)?;
        (is_alone || is_feasible(body.world, walk, &outcome.path)).then_some(WrongRow {
            part: body.part,
            at: CodeOffset(at),
            instruction: body.decoder.text(body.method.bytes, CodeOffset(at)),
            subject,
            row: row.map_or("none".to_owned(), |row| row.text(body.world.machine)),
            expected,
            actual,
            others: places.iter().filter(|&&other| other != at).map(|&other| CodeOffset(other)).collect(),
            path: outcome.path,
        })
    })
}

/// What random runs show to be wrong about the rows, from the entry on: for tests of the judge.
pub(crate) fn trial(body: &Body<'_>, seeds: std::ops::Range<u64>) -> Vec<String> {
    let mut walk = body.walk();
    let Some(scan) = walk.unwound.take() else { return Vec::new() };
    let (start, end) = body.method.body;
    let mut wrong = Vec::new();
    for seed in seeds {
        let mut look = |at: u32, state: &mut ConcreteState| {
            let row = scan.table.at(CodeOffset(at));
            let outermost = row.is_some_and(|row| row.return_address == Rule::Undefined);
            if let Some((subject, ..)) = compare(body, &scan, row, at, state).filter(|_| !outermost) {
                wrong.push(format!("{}: {subject}", CodeOffset(at)));
            }
        };
        body.runner(&mut walk).wander_with(start, end, seed, &mut look);
    }
    wrong
}

/// The first thing that a row has wrong in a state: what, the caller's value, and the row's.
fn compare(
    body: &Body<'_>,
    scan: &Scan<'_>,
    row: Option<&Row>,
    at: u32,
    state: &mut ConcreteState,
) -> Option<(String, u128, Option<u128>)> {
    let world = body.world;
    let Some(row) = row else { return Some(("CFA".to_owned(), u128::from(CFA), None)) };
    let columns = Columns::new(world.machine);
    let mut at = At { columns: &columns, at: CodeOffset(at), state };
    let cfa = at.cfa(row).ok()?;
    if cfa.value != u128::from(CFA) {
        return Some(("CFA".to_owned(), u128::from(CFA), Some(cfa.value)));
    }
    let (link, word) = world.return_address();
    let mut wrong = |rule: &Rule, reg: Reg, bits: u32| -> Result<Option<(u128, Option<u128>)>, Fault> {
        let value = match rule {
            Rule::SameValue if !scan.is_register(reg) => None,
            rule => at.value(rule, reg, bits, &cfa)?,
        };
        let value = match value {
            Some(value) if row.signed && reg == link => Some(at.authenticated(value, &cfa)?),
            other => other,
        };
        let actual = value.map(|value| value.value & mask(bits));
        let expected = entry_value(body.decoder, world, reg) & mask(bits);
        Ok((actual != Some(expected)).then_some((expected, actual)))
    };
    if let Some((expected, actual)) = wrong(&row.return_address, link, word).ok()? {
        return Some(("return address".to_owned(), expected, actual));
    }
    for &(reg, bits) in &world.abi.callee_saved {
        let rule = row.rule(reg).unwrap_or(&Rule::SameValue);
        if let Some((expected, actual)) = wrong(rule, reg, bits).ok()? {
            return Some((world.machine.register(reg).name.clone(), expected, actual));
        }
    }
    None
}
