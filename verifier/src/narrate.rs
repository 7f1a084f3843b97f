//! A failure in words: the headline, and one line a step.

use crate::boundary::Consulted;
use crate::contract::Place;
use crate::counterexample::TraceLine;
use crate::exec::{Judge, Step};
use crate::refute::Failure;
use crate::state::{Access, Area};
use crate::story::Values;
use crate::target::Decoder;
use crate::term::{Node, Symbol, Term};
use crate::unwind::Given;
use crate::vc::{Goal, What};
use crate::verdict::Property;
use framewright_spec::machine::RegClass;
use framewright_spec::{CfaOffset, Reg};

/// A failure with its numbers.
pub(crate) struct Telling<'a, 'j> {
    /// Whose terms they are.
    pub(crate) judge: &'a Judge<'j>,
    /// What fails.
    pub(crate) failure: &'a Failure,
    /// The numbers.
    pub(crate) values: &'a Values,
    /// For the text of instructions.
    pub(crate) decoder: &'a dyn Decoder,
}

impl Telling<'_, '_> {
    /// One sentence, and the number of the step that is wrong.
    pub(crate) fn headline(&self) -> (String, usize) {
        let last = self.failure.steps.len().saturating_sub(1);
        match &self.failure.vc.what {
            What::Said(text) => (text.to_string(), last),
            What::Control(text) => (self.control(text), last),
            What::Unwound(given, consulted) => (self.unwound(*given, *consulted), last),
            What::Access { write } => (self.access(*write), last),
            What::Value { place, what } => self.value(*place, what),
        }
    }

    fn unwound(&self, given: Given, consulted: Consulted) -> String {
        let what = given.text(|reg| self.judge.contract.name(reg).to_owned());
        let row = self.row(consulted).unwrap_or_default();
        let by = format!("by the unwinding row of {} ({row})", consulted.pc);
        match self.failure.vc.goal {
            Goal::Equal { actual, expected } => {
                format!("{what} {by} is {}, expected {}", self.show(actual), self.show(expected))
            }
            _ => format!("{what} is lost {by}"),
        }
    }

    /// A row in words.
    fn row(&self, Consulted { data, pc, .. }: Consulted) -> Option<String> {
        let unwinder = self.judge.unwinders.get(data)?;
        Some(unwinder.table.at(pc)?.text(self.judge.contract.machine))
    }

    /// The row for what comes after the first `steps` steps.
    fn rule(&self, steps: usize) -> String {
        let (failure, of_rows) = (self.failure, self.failure.vc.property == Property::P10);
        let consulted = match (failure.steps.get(steps), &failure.vc.what) {
            (Some(next), What::Unwound(_, c)) => Consulted { pc: next.at, ..*c },
            (Some(next), _) => Consulted { data: 0, pc: next.at, called: false },
            (None, What::Unwound(_, c)) => *c,
            (None, _) if of_rows => Consulted { data: 0, pc: failure.vc.at, called: false },
            (None, _) => return String::new(),
        };
        if self.judge.unwinders.is_empty() {
            return String::new();
        }
        self.row(consulted).unwrap_or_else(|| "none".to_owned())
    }

    fn control(&self, text: &str) -> String {
        match self.failure.vc.goal {
            Goal::Equal { actual, expected, .. } => {
                format!("{text}: to {}, expected {}", self.show(actual), self.show(expected))
            }
            _ => text.to_owned(),
        }
    }

    fn access(&self, write: bool) -> String {
        let verb = if write { "writes" } else { "reads" };
        let step = self.failure.steps.last();
        let text = step.map_or_else(String::new, |s| self.text(s));
        match self.failure.vc.goal {
            Goal::Within { address, from, low, .. } if self.failure.vc.property == Property::P9 => {
                let at = CfaOffset(self.distance(address));
                format!("`{text}` {verb} at {at}, {}", self.untouched(address, from, low))
            }
            Goal::Within { address, bytes, from, low, high } => {
                let at = self.distance(address);
                let place = self.judge.contract.describe(at);
                let base = self.distance(from);
                let (low, high) = (low.saturating_add(base), high.saturating_add(base));
                let (from, at) = (CfaOffset(low), CfaOffset(at));
                let allowed = match (self.failure.vc.property, low < high) {
                    (Property::P6, _) => format!("nothing below {from} is safe from a signal"),
                    (_, true) => format!("only {from} up to {} may be written here", CfaOffset(high)),
                    (_, false) => "nothing of the frame may be written here".to_owned(),
                };
                format!("`{text}` {verb} {bytes} bytes at {at}, {place}: {allowed}")
            }
            Goal::Multiple { value, of } => {
                let value = self.show(value);
                format!("`{text}` {verb} at {value}, which is not a multiple of {of}")
            }
            _ => format!("`{text}` {verb} its own code"),
        }
    }

    /// How far an address is from what has been touched, or from where the frame ends.
    fn untouched(&self, address: Term, from: Term, low: i64) -> String {
        let distance = (self.values.of(from) as u64).wrapping_sub(self.values.of(address) as u64) as i64;
        let from = CfaOffset(self.distance(from));
        format!(
            "{distance} bytes below {from}, the lowest byte that is known to be touched or the frame's end: {} at most",
            -low
        )
    }

    fn value(&self, place: Place, what: &str) -> (String, usize) {
        let last = self.failure.steps.len().saturating_sub(1);
        let (actual, expected) = match self.failure.vc.goal {
            Goal::Equal { actual, expected, .. } => (actual, expected),
            Goal::Multiple { value, of } => {
                let text = format!("{what} is {}, which is not a multiple of {of}", self.show(value));
                return (text, last);
            }
            Goal::Within { address, from, low, .. } if self.failure.vc.property == Property::P9 => {
                let at = CfaOffset(self.distance(address));
                return (format!("{what} is {at}, {}", self.untouched(address, from, low)), last);
            }
            Goal::Within { address, .. } => {
                return (format!("{what} is {}", CfaOffset(self.distance(address))), last);
            }
            _ => return (what.to_owned(), last),
        };
        let cause = self.cause(place);
        let verb = if self.failure.vc.property == Property::P3 && what.ends_with("at the return") {
            format!("{} returns as", what.trim_end_matches(" at the return"))
        } else {
            format!("{what} is")
        };
        let reason = cause.as_ref().map_or_else(String::new, |(_, why)| format!(": {why}"));
        let text = format!("{verb} {}, expected {}{reason}", self.show(actual), self.show(expected));
        (text, cause.map_or(last, |(step, _)| step))
    }

    /// The step that gave the place its value, and how.
    fn cause(&self, place: Place) -> Option<(usize, String)> {
        match place {
            Place::Register(reg, _) | Place::Masked(reg, _) => self.cause_in_register(reg),
            Place::Memory(at, bytes) => {
                let end = at + i64::from(bytes);
                let hits = |a: &Access| match a.area {
                    Area::Frame(start) => a.write && start < end && at < start + i64::from(a.bytes),
                    _ => false,
                };
                let writer = self.failure.steps.iter().rposition(|s| s.accesses.iter().any(hits));
                let Some(writer) = writer else {
                    return Some((
                        self.failure.steps.len().saturating_sub(1),
                        "nothing has written it".into(),
                    ));
                };
                let step = &self.failure.steps[writer];
                Some((writer, format!("`{}` at {} wrote it", self.text(step), step.at)))
            }
        }
    }

    fn cause_in_register(&self, reg: Reg) -> Option<(usize, String)> {
        let steps = &self.failure.steps;
        let sets = |s: &Step| s.changed.iter().chain(&s.callee).any(|&(r, _)| r == reg);
        let setter = steps.iter().rposition(sets)?;
        let step = &steps[setter];
        let epilog = steps.iter().rposition(|s| self.judge.claim.epilogs.contains(&s.at));
        let at_return = self.judge.contract.kept_bits(reg).is_some() && epilog.is_some_and(|e| setter < e);
        if at_return {
            let text = format!("`{}` at {} changed it and nothing restores it", self.text(step), step.at);
            return Some((steps.len() - 1, text));
        }
        if reg == self.judge.contract.machine.sp {
            return Some((setter, format!("`{}` at {} leaves it so", self.text(step), step.at)));
        }
        let load = step.accesses.iter().find_map(|a| match a.area {
            Area::Frame(at) if !a.write => Some((at, a.value)),
            _ => None,
        });
        let what = match load {
            Some((at, value)) => {
                let holds = self.symbolic(value).map_or_else(
                    || "which was never given its value".to_owned(),
                    |name| format!("which holds {name}"),
                );
                let at = CfaOffset(at);
                format!("`{}` at {} loads it from {at}, {holds}", self.text(step), step.at)
            }
            None => format!("`{}` at {} set it", self.text(step), step.at),
        };
        Some((setter, what))
    }

    /// The path, one line a step.
    pub(crate) fn trace(&self, wrong: usize) -> Vec<TraceLine> {
        let line = |(index, step): (usize, &Step)| TraceLine {
            at: step.at,
            text: self.text(step),
            sp: step.sp.map(CfaOffset),
            change: self.change(step),
            rule: self.rule(index + 1),
            wrong: index == wrong,
        };
        let steps = self.failure.steps.iter().enumerate().map(line);
        if self.judge.unwinders.is_empty() {
            steps.collect()
        } else {
            std::iter::once(self.entry()).chain(steps).collect()
        }
    }

    /// The line before the first step, for the row that it has.
    fn entry(&self) -> TraceLine {
        let steps = &self.failure.steps;
        let at = steps.first().map_or(self.failure.vc.at, |step| step.at);
        let sp = self.failure.root.register(self.judge.contract.machine.sp);
        let sp = self.judge.terms.distance(sp, Symbol::Cfa).map(CfaOffset);
        let (text, rule, wrong) = ("(entry)".to_owned(), self.rule(0), steps.is_empty());
        TraceLine { at, text, sp, change: String::new(), rule, wrong }
    }

    fn text(&self, step: &Step) -> String {
        self.decoder.text(self.judge.world.bytes, step.at)
    }

    fn change(&self, step: &Step) -> String {
        let machine = self.judge.contract.machine;
        let counts = |reg: Reg| machine.register(reg).class != RegClass::Flag && reg != machine.sp;
        let changed = step.changed.iter().filter(|&&(reg, _)| counts(reg));
        let registers =
            changed.map(|&(reg, value)| format!("{} = {}", machine.register(reg).name, self.show(value)));
        let writes = step.accesses.iter().filter(|a| a.write).map(|a| {
            let place = match a.area {
                Area::Frame(at) => CfaOffset(at).to_string(),
                _ => format!("{:#x}", self.values.of(a.address)),
            };
            format!("[{place}] = {}", self.show(a.value))
        });
        let mut parts: Vec<String> = registers.chain(writes).collect();
        if !step.callee.is_empty() {
            parts.push("the callee's registers are anything".to_owned());
        }
        parts.join(", ")
    }

    fn distance(&self, address: Term) -> i64 {
        let cfa = crate::counterexample::CFA;
        (self.values.of(address) as u64).wrapping_sub(cfa) as i64
    }

    /// A value with its name where it has one.
    fn show(&self, term: Term) -> String {
        let value = self.values.of(term);
        match self.symbolic(term) {
            Some(name) => format!("{value:#x} ({name})"),
            None => format!("{value:#x}"),
        }
    }

    /// What a term is called, if it is something with a name.
    fn symbolic(&self, term: Term) -> Option<String> {
        let terms = &self.judge.terms;
        if let Some(at) = terms.distance(term, Symbol::Cfa) {
            return Some(CfaOffset(at).to_string());
        }
        let name = |reg: Reg| self.judge.contract.name(reg);
        match *terms.node(term) {
            Node::Symbol(Symbol::Entry(reg)) => Some(format!("{} at entry", name(reg))),
            Node::Symbol(Symbol::Source(reg)) => Some(format!("{} of the source", name(reg))),
            Node::Symbol(Symbol::ReturnAddress) => Some("the return address".to_owned()),
            Node::Symbol(Symbol::Home(index)) => Some(format!("state value {index}")),
            Node::Extract(inner, 0) => {
                self.symbolic(inner).map(|name| format!("low {} bits of {name}", terms.width(term)))
            }
            _ => None,
        }
    }
}
