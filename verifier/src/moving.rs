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
        let highest = self.highest_in_body();
        let of = |symbol: Symbol| match symbol {
            Symbol::Lowered(_) => Some((-FAR, highest)),
            Symbol::Round(block) => self.rounds.get(&block).copied().map(|most| (0, most)),
            _ => None,
        };
        self.terms.bounds(term, &of)
    }

    /// SP's bounds. Where its form tells nothing it is in a body, and below where that began.
    pub(crate) fn sp_bounds(&self, state: &State) -> (i64, i64) {
        let sp = state.register(self.contract.machine.sp);
        self.bounds(sp).unwrap_or((-FAR, self.highest_in_body()))
    }

    fn highest_in_body(&self) -> i64 {
        self.contract.body_sp()
    }

    /// SP is where it may be after an instruction; its bounds.
    pub(crate) fn settle_sp(&mut self, state: &mut State, before: Term, at: CodeOffset) -> (i64, i64) {
        let reg = self.contract.machine.sp;
        let sp = state.register(reg);
        let known = self.terms.distance(sp, Symbol::Cfa);
        if let Some(known) = known {
            return (known, known);
        }
        let layout = &self.contract.layout;
        let in_place = self.terms.apart(sp, self.body_sp).is_some();
        let in_prolog = state.phase == Phase::Prolog && self.bounds(sp).is_some();
        if in_place || in_prolog || self.trial {
            return self.sp_bounds(state);
        }
        if let (Some(realigned), Phase::Prolog | Phase::Epilog) = (layout.realign, state.phase) {
            if self.bounds(sp).is_none()
                && self.terms.of_frame(sp)
                && self.terms.distance(before, Symbol::Cfa).is_some()
            {
                let expected = self.rounded(before, realigned.align);
                self.demand_sp(state, expected, Property::P5, at);
            }
            if self.bounds(state.register(reg)).is_some() {
                return self.sp_bounds(state);
            }
        }
        if layout.allocate.is_some() && state.phase != Phase::Prolog {
            self.lowered(state, before, at);
            return self.sp_bounds(state);
        }
        self.demand_sp(state, self.body_sp, Property::P1, at);
        self.sp_bounds(state)
    }

    /// Demands that SP has a value, and takes it for granted from there on.
    fn demand_sp(&mut self, state: &mut State, expected: Term, property: Property, at: CodeOffset) {
        let sp = self.contract.machine.sp;
        let place = Place::Register(sp, 64);
        let what = if property == Property::P5 { "SP rounded down" } else { "SP" };
        let item = if property == Property::P5 { "realign" } else { "stack balance" };
        let demand = Demand { property, place, expected, what: what.into(), item: item.into() };
        self.demand(state, &demand, property, at);
        state.set(sp, expected);
    }

    /// An address rounded down to a multiple of a power of two.
    pub(crate) fn rounded(&mut self, address: Term, align: u32) -> Term {
        let mask = self.terms.constant(!(u128::from(align) - 1) & u128::from(u64::MAX), 64);
        self.terms.apply(&Function::And, &[address, mask], 64)
    }

    /// The body changed SP by an amount that is no number: downwards, and by no more than there is.
    fn lowered(&mut self, state: &mut State, before: Term, at: CodeOffset) {
        let sp = state.register(self.contract.machine.sp);
        if self.terms.apart(sp, before).is_some() || state.phase == Phase::Epilog {
            return;
        }
        self.assume(LOWERED);
        let amount = self.terms.sub(before, sp);
        let most = self.terms.constant(MOST_LOWERED, 64);
        let less = self.terms.apply(&Function::Ult, &[amount, most], 1);
        if self.terms.value(less).is_none() {
            state.assume(less);
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
