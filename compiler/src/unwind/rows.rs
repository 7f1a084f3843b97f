//! States to rows: by which register the CFA is found, and where each thing owed is.

use super::value::{Owed, State, Value};
use super::{Described, Run, step};
use framewright_spec::Reg;
use framewright_spec::frame::AsmStep;
use std::collections::BTreeMap;

/// The rows of some code.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// Ascending.
    pub(super) rows: Vec<Row>,
    /// What holds in the body.
    pub(super) body: Rules,
}

/// What holds from an offset in the code on, up to the next row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// First byte.
    pub(super) begin: u32,
    /// What it says.
    pub(super) rules: Rules,
}

/// Where the caller's values are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    /// The CFA is this register plus bytes.
    pub(super) cfa: (Reg, i64),
    /// Where each thing owed is; without a rule it is still where a call leaves it.
    pub(super) places: BTreeMap<Owed, Place>,
}

/// Where something owed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where a call leaves it.
    Own,
    /// In memory, bytes from the CFA.
    At(i64),
    /// In another register.
    In(Reg),
    /// Nowhere.
    Lost,
}

/// The rows of all of the code; none where at some point no register tells where the CFA is, or the code has no prolog.
pub(super) fn rows(frame: &Described<'_>, runs: &[Run], end: u32) -> Option<Rows> {
    let [prolog, epilogs @ ..] = runs else { return None };
    let mut table = Table { frame, rows: Vec::new() };
    let body_state = frame.body(frame.layout);
    let body = frame.rules(&body_state, &BTreeMap::new(), None)?;
    table.steps(frame.first(), &frame.layout.prolog, prolog, Some(&body.places))?;
    table.push(*prolog.last()?, body.clone());
    for epilog in epilogs {
        table.steps(body_state.clone(), &frame.layout.epilog, epilog, None)?;
        if *epilog.last()? < end {
            table.push(*epilog.last()?, body.clone());
        }
    }
    Some(Rows { rows: table.rows, body })
}

struct Table<'a> {
    frame: &'a Described<'a>,
    rows: Vec<Row>,
}

impl Table<'_> {
    /// Rows of consecutive steps. Something owed stays where the row before has it as long as that is true; `aim` is where
    /// it is to end.
    fn steps(
        &mut self,
        first: State,
        steps: &[AsmStep],
        run: &Run,
        aim: Option<&BTreeMap<Owed, Place>>,
    ) -> Option<()> {
        let states = step::states(self.frame.spec, self.frame.abi, first, steps);
        for (state, &at) in states.iter().take(steps.len()).zip(run) {
            // What no step leads to is never executed.
            let Some(state) = state else { continue };
            let before = self.rows.last().map(|row| row.rules.places.clone()).unwrap_or_default();
            let rules = self.frame.rules(state, &before, aim)?;
            self.push(at, rules);
        }
        Some(())
    }

    fn push(&mut self, begin: u32, rules: Rules) {
        self.rows.retain(|row| row.begin != begin);
        if self.rows.last().is_none_or(|row| row.rules != rules) {
            self.rows.push(Row { begin, rules });
        }
    }
}

impl Described<'_> {
    /// What can be said in a state.
    fn rules(
        &self,
        state: &State,
        before: &BTreeMap<Owed, Place>,
        aim: Option<&BTreeMap<Owed, Place>>,
    ) -> Option<Rules> {
        let [sp, fp] = [self.machine.sp, self.machine.fp];
        let others = (0..self.machine.registers.len()).map(|i| Reg(i as u8));
        let mut registers = [sp, fp].into_iter().chain(others);
        let cfa = registers.find_map(|reg| Some((reg, -state.cfa_distance(reg)?)))?;
        let place = |of: Owed| {
            let held = self.places(state, of);
            let wanted = aim.and_then(|aim| aim.get(&of)).filter(|place| matches!(place, Place::At(_)));
            let stays = before.get(&of);
            let first = [wanted, stays].into_iter().flatten().find(|place| held.contains(place));
            (of, first.or(held.first()).copied().unwrap_or(Place::Lost))
        };
        Some(Rules { cfa, places: self.owed().map(place).collect() })
    }

    /// All places of something owed. What lies below SP may be gone at any time.
    fn places(&self, state: &State, of: Owed) -> Vec<Place> {
        let bits = self.bits(of);
        let own = match of {
            Owed::Register(reg) => Some(reg),
            Owed::Return => self.machine.link,
        };
        let mut places = Vec::new();
        let holders: Vec<Reg> = state.holders(of, bits).collect();
        places.extend(holders.iter().filter(|reg| Some(**reg) == own).map(|_| Place::Own));
        let words = state.kept(of, bits).filter(|&at| match state.get(self.machine.sp) {
            Value::Cfa(sp) | Value::Below(sp) => at >= sp,
            _ => false,
        });
        places.extend(words.map(Place::At));
        places.extend(holders.iter().filter(|reg| Some(**reg) != own).map(|&reg| Place::In(reg)));
        places
    }
}
