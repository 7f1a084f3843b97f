//! SP where its distance from the CFA is no number: below an address that was rounded down, and in a body that lowers it.
//!
//! ```text
//!  known distance      cfa − 40                       the rule
//!  rounded             (cfa − 40 & −64) − 128         bounds follow from the form: at most 63 bytes lower
//!  lowered by a body   any address at or below where the body began
//! ```
//!
//! Nothing that must survive lies below an address that was rounded down, so memory there is not tracked: what may be below
//! SP is forgotten by SP's highest distance.

use crate::contract::{Demand, Place};
use crate::exec::Judge;
use crate::state::{FAR, Phase, State};
use crate::term::{Symbol, Term};
use crate::vc::{Goal, What};
use crate::verdict::Property;
use framewright_spec::CodeOffset;
use framewright_spec::meaning::Function;

/// The assumption that SP is only ever lowered by less than the address space has.
pub(crate) const LOWERED: &str = "dynamic-frame";

/// Most bytes that a body lowers SP by.
const MOST_LOWERED: u128 = FAR as u128;

impl Judge<'_> {
    /// The least and the greatest distance of a term from the CFA, as far as its form tells.
    pub(crate) fn bounds(&self, term: Term) -> Option<(i64, i64)> {
        let of = |symbol: Symbol| match symbol {
            Symbol::Round(block) => self.rounds.get(&block).copied().map(|most| (0, most)),
            _ => None,
        };
        self.terms.bounds(term, &of)
    }

    /// SP's greatest distance from the CFA. Where its form tells nothing it is in a body, and below where that began.
    pub(crate) fn highest_sp(&self, state: &State) -> i64 {
        let sp = state.register(self.contract.machine.sp);
        self.bounds(sp).map_or(self.contract.body_sp(), |(_, highest)| highest)
    }

    /// SP is where it may be after an instruction; its greatest distance from the CFA.
    pub(crate) fn settle_sp(&mut self, state: &mut State, before: Term, at: CodeOffset) -> i64 {
        let sp = state.register(self.contract.machine.sp);
        if let Some(known) = self.terms.distance(sp, Symbol::Cfa) {
            return known;
        }
        let in_place = self.terms.apart(sp, self.body_sp).is_some();
        let bounded = state.phase != Phase::Body && self.bounds(sp).is_some();
        if in_place || bounded || self.trial {
            return self.highest_sp(state);
        }
        if self.contract.layout.allocate.is_some() && state.phase != Phase::Prolog {
            self.lowered(state, before, at);
        } else {
            self.demand_sp(state, at);
        }
        self.highest_sp(state)
    }

    /// Demands that SP is where it is in the body, and takes it for granted from there on.
    fn demand_sp(&mut self, state: &mut State, at: CodeOffset) {
        let (property, sp, expected) = (Property::P1, self.contract.machine.sp, self.body_sp);
        let place = Place::Register(sp, 64);
        let demand = Demand { property, place, expected, what: "SP".into(), item: "stack balance".into() };
        self.demand(state, &demand, property, at);
        state.set(sp, expected);
    }

    /// The body lowered SP by an amount that is no number, by no more than there is; or raised it, not above where it began.
    fn lowered(&mut self, state: &mut State, before: Term, at: CodeOffset) {
        let sp = state.register(self.contract.machine.sp);
        let apart = self.terms.apart(sp, before);
        if apart.is_some_and(|apart| apart <= 0) {
            return;
        }
        if apart.is_none() && state.phase == Phase::Body {
            self.assume(LOWERED);
            let amount = self.terms.sub(before, sp);
            let most = self.terms.constant(MOST_LOWERED, 64);
            let less = self.terms.apply(&Function::Ult, &[amount, most], 1);
            if self.terms.value(less).is_none() {
                state.assume(less);
            }
        }
        let goal = Goal::Within { address: sp, bytes: 0, from: self.body_sp, low: -2 * FAR, high: 0 };
        let what = What::Value {
            place: Place::Register(self.contract.machine.sp, 64),
            what: "SP in the body".into(),
        };
        self.note(Property::P1, state, at, goal, what, "stack balance");
    }

    /// Control gets to a place where paths meet, in a body that lowers SP: what holds of SP there on all of them.
    pub(crate) fn demand_lowered(&mut self, state: &mut State, at: CodeOffset) {
        let sp_reg = self.contract.machine.sp;
        let sp = state.register(sp_reg);
        if state.phase != Phase::Body || self.contract.layout.allocate.is_none() {
            return;
        }
        let what = || What::Value { place: Place::Register(sp_reg, 64), what: "SP where paths meet".into() };
        let below = Goal::Within { address: sp, bytes: 0, from: self.body_sp, low: -2 * FAR, high: 0 };
        self.note(Property::P1, state, at, below, what(), "stack balance");
        let of = self.contract.abi.stack_align;
        let item = format!("convention {}: stack_align", self.contract.abi.name);
        self.note(Property::P5, state, at, Goal::Multiple { value: sp, of }, what(), item);
        self.demand_touched(state, at);
    }
}
