//! P9: no access to the stack passes a guard page that nobody touched.
//!
//! ```text
//!        ┌ touched ┐
//!   … ───┤         │   state.touched: an address that is certainly touched, as low as is known
//!        │ at most │   an access here or above is safe, and becomes the lowest
//!   a ───┤ `guard` │
//! ```
//!
//! A frame that is `probed` starts with what the convention says a caller has touched. When its body begins, all that the
//! body may touch in any order lies within reach; a callee is left no more untouched bytes than the convention allows.

use crate::contract::{Contract, Place};
use crate::decoded::{Decoded, Unsupported};
use crate::exec::Judge;
use crate::state::{Access, Phase, State};
use crate::term::{Term, Terms};
use crate::vc::{Goal, What};
use crate::verdict::Property;
use framewright_spec::machine::RegClass;
use framewright_spec::{Abi, CodeOffset, Helper, Reg};

/// The assumption that a call is of the helper that the claim names.
pub(crate) const HELPED: &str = "probe-helper";

impl Contract<'_> {
    /// Most bytes from the lowest touched byte down to an access, where the frame promises to keep to it.
    pub(crate) fn guard(&self) -> Option<i64> {
        self.frame.probed.then_some(self.abi.guard_bytes.map(i64::from))?
    }

    /// The address that a caller has touched, by the convention.
    pub(crate) fn touched_by_caller(&self, terms: &mut Terms) -> Term {
        terms.cfa(i64::from(self.abi.untouched_bytes) - i64::from(self.abi.pushed_return))
    }

    /// Most bytes from the lowest touched byte down to SP while the body runs: what it accesses, down to the red zone,
    /// is then within reach, and so is what a call pushes or leaves to its callee.
    pub(crate) fn untouched_in_body(&self) -> i64 {
        untouched_in_body(self.abi)
    }
}

/// As [`Contract::untouched_in_body`], which the convention alone decides.
pub(crate) fn untouched_in_body(abi: &Abi) -> i64 {
    let (red, pushed) = (i64::from(abi.red_zone), i64::from(abi.pushed_return));
    let guard = i64::from(abi.guard_bytes.unwrap_or(0));
    match pushed {
        0 => i64::from(abi.untouched_bytes).min(guard - red),
        pushed => guard - red.max(pushed),
    }
}

impl Judge<'_> {
    /// An access to the frame: within reach, and from now on touched.
    pub(crate) fn touch(&mut self, state: &mut State, at: CodeOffset, access: &Access) {
        let Some(guard) = self.contract.guard() else { return };
        self.lowest = Some(match self.lowest {
            Some(lowest) => self.touched_with(state, lowest, access.address),
            None => access.address,
        });
        let Some(touched) = state.touched else { return };
        let what = || What::Access { write: access.write };
        self.reaches(state, at, access.address, touched, guard, what());
        if state.phase == Phase::Prolog {
            let end = self.body_sp;
            self.reaches(state, at, access.address, end, guard, what());
        }
        state.touched = Some(self.touched_with(state, touched, access.address));
    }

    /// Demands that an address is at most so many bytes below another one.
    fn reaches(&mut self, state: &State, at: CodeOffset, address: Term, from: Term, most: i64, what: What) {
        let goal = Goal::Within { address, bytes: 0, from, low: -most, high: i64::MAX };
        let item = format!("convention {}: guard_bytes", self.contract.abi.name);
        self.note(Property::P9, state, at, goal, what, item);
    }

    /// The lower of two addresses, if it is known which that is.
    fn lower_of(&self, first: Term, second: Term) -> Option<Term> {
        let is_lower = match self.terms.apart(second, first) {
            Some(apart) => apart < 0,
            None => {
                let ((low, high), (other_low, other_high)) = (self.bounds(second)?, self.bounds(first)?);
                if other_high <= low {
                    return Some(first);
                }
                (high <= other_low).then_some(true)?
            }
        };
        Some(if is_lower { second } else { first })
    }

    /// What is touched once an address is. Where it is not known which is lower either will do: the one near SP, from
    /// where more is to come.
    fn touched_with(&self, state: &State, touched: Term, address: Term) -> Term {
        let near_sp = self.terms.apart(address, state.register(self.contract.machine.sp)).is_some();
        self.lower_of(touched, address).unwrap_or(if near_sp { address } else { touched })
    }

    /// The frame stands, or SP was lowered in the body: what the body may touch is within reach.
    pub(crate) fn demand_touched(&mut self, state: &mut State, at: CodeOffset) {
        let Some(touched) = state.touched else { return };
        let sp = self.contract.machine.sp;
        let most = self.contract.untouched_in_body();
        let what = What::Value { place: Place::Register(sp, 64), what: "SP in the body".into() };
        self.reaches(state, at, state.register(sp), touched, most, what);
    }

    /// A callee starts with SP as it is: the convention says what it may find untouched.
    pub(crate) fn demand_touched_for_callee(&mut self, state: &State, at: CodeOffset) {
        let Some(touched) = state.touched else { return };
        let sp = self.contract.machine.sp;
        let most = i64::from(self.contract.abi.untouched_bytes);
        let what = What::Value { place: Place::Register(sp, 64), what: "SP at the call".into() };
        self.reaches(state, at, state.register(sp), touched, most, what);
    }

    /// A call that the claim says is of a helper.
    ///
    /// # Errors
    /// The spec has no such helper for the machine.
    pub(crate) fn call_helper(
        &mut self,
        state: &mut State,
        decoded: &Decoded,
        name: &str,
    ) -> Result<(), Unsupported> {
        let contract = self.contract;
        let helper = contract.spec.helpers.get(name).filter(|helper| helper.machine == contract.machine.name);
        let helper = helper.ok_or_else(|| Unsupported {
            at: decoded.at,
            what: format!("a call of `{name}`, which is no helper of the machine"),
        })?;
        self.assume(HELPED);
        self.demand_touched_for_callee(state, decoded.at);
        let before = state.registers.clone();
        let sp_reg = contract.machine.sp;
        let sp = self.terms.offset(state.register(sp_reg), i64::from(contract.abi.pushed_return));
        for (index, &value) in before.iter().enumerate() {
            let reg = Reg(index as u8);
            if spoils(contract, helper, reg) {
                let fresh = self.terms.fresh(self.terms.width(value));
                state.set(reg, fresh);
            }
        }
        state.set(sp_reg, sp);
        let below = self.highest_sp(state);
        state.memory.forget_below(&mut self.terms, below);
        let size = self.terms.extract(state.register(helper.size), 0, 64);
        let unit = self.terms.constant(u128::from(helper.unit), 64);
        let bytes = self.terms.apply(&framewright_spec::meaning::Function::Mul, &[size, unit], 64);
        let touched = self.terms.sub(sp, bytes);
        if let (Some(known), Some(guard)) = (state.touched, contract.guard()) {
            if state.phase == Phase::Prolog {
                let what = What::Value {
                    place: Place::Register(helper.size, 64),
                    what: "what the helper touches".into(),
                };
                let end = self.body_sp;
                self.reaches(state, decoded.at, touched, end, guard, what);
            }
            state.touched = Some(self.lower_of(known, touched).unwrap_or(touched));
        }
        let changed = crate::exec::changes(&before, &state.registers);
        if let Some(step) = self.record.as_mut().and_then(|record| record.last_mut()) {
            step.callee = changed;
        }
        Ok(())
    }
}

/// Whether a helper may change a register: what it says, flags that no convention keeps, and the link register.
pub(crate) fn spoils(contract: &Contract<'_>, helper: &Helper, reg: Reg) -> bool {
    let is_flag = contract.machine.register(reg).class == RegClass::Flag;
    is_flag && contract.control_mask(reg).is_none() || helper.spoils.contains(reg)
}

#[cfg(test)]
mod tests {
    use super::untouched_in_body;
    use framewright_spec::Spec;

    /// A guard of 4,096 bytes, of which the red zone takes some, and what a call pushes or a callee may find untouched.
    #[test]
    fn what_a_body_may_reach_is_within_the_guard() {
        for (pushed, red, untouched, most) in [
            (0, 0, 1024, 1024),
            (0, 128, 8000, 3968),
            (0, 128, 3968, 3968),
            (8, 0, 0, 4088),
            (8, 128, 0, 3968),
        ] {
            let mut abi = Spec::embedded().abi("sysv").expect("a convention").clone();
            (abi.pushed_return, abi.red_zone, abi.untouched_bytes) = (pushed, red, untouched);
            abi.guard_bytes = Some(4096);
            assert_eq!(
                untouched_in_body(&abi),
                most,
                "{pushed} pushed, red zone {red}, {untouched} untouched"
            );
        }
    }
}
