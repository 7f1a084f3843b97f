//! Concrete runs for their own sake, independent of what the analysis has found: from the entry, at every branch
//! one way or the other at random, until the activation ends. They cannot prove anything; they find what must not
//! be proven.

use super::run::{Outcome, Runner};
use super::walk::Exit;
use crate::concrete::ConcreteState;
use crate::eval::Flow;
use framewright_spec::CodeOffset;

/// Most instructions of a run.
const MAX_STEPS: u32 = 20_000;

/// Random numbers, the same for the same seed (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators").
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Runner<'_, '_> {
    /// What is wrong at the end of a random run. `None`: it came to no end that can be judged.
    pub(crate) fn wander(&mut self, start: u32, end: u32, seed: u64) -> Option<Vec<String>> {
        self.wander_with(start, end, seed, &mut |_, _| {})
    }

    /// The same; `look` is shown the state before each instruction.
    pub(crate) fn wander_with(
        &mut self,
        start: u32,
        end: u32,
        seed: u64,
        look: &mut dyn FnMut(u32, &mut ConcreteState),
    ) -> Option<Vec<String>> {
        let mut seed = seed;
        let mut outcome = self.outcome(start);
        for _ in 0..MAX_STEPS {
            let at = outcome.at;
            let step = self.walk.step(at).ok()?;
            outcome.path.push(CodeOffset(at));
            look(at, &mut outcome.state);
            let flow = self.perform(&step, &mut outcome.state).ok()?;
            let mut to = i64::from(at) + i64::from(step.len());
            match flow {
                Flow::Next => {}
                Flow::Trap => return None,
                Flow::Call(_) => self.call(&mut outcome.state),
                Flow::Return(pc) => {
                    outcome.pc = pc.value;
                    return Some(self.told(&outcome, Exit::Return));
                }
                Flow::Jump(target) => to = self.offset(target.value),
                Flow::Branch { target, .. } if next(&mut seed) & 1 == 1 => to = self.offset(target.value),
                Flow::Branch { .. } => {}
            }
            if !(i64::from(start)..i64::from(end)).contains(&to) {
                let leaves = self.walk.exits.get(&at) == Some(&Exit::TailJump);
                outcome.pc = self.owed(&outcome.state);
                return leaves.then(|| self.told(&outcome, Exit::TailJump));
            }
            outcome.at = to as u32;
        }
        None
    }

    fn told(&self, outcome: &Outcome, exit: Exit) -> Vec<String> {
        let name = |shown: &super::run::Shown| {
            let reg = shown.reg.map_or("return address", |reg| &self.world.machine.register(reg).name);
            let super::run::Shown { property, expected, actual, exit, .. } = shown;
            format!("{property:?}: {reg} is {actual:#x} instead of {expected:#x} at {exit}")
        };
        self.debts(outcome, exit).iter().map(name).collect()
    }
}
