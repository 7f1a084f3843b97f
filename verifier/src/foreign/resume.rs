//! Where control comes back to the body otherwise than the code shows: after a jump whose targets cannot be told, or
//! after a handler.

use super::state::{State, World};
use super::value::Half;
use super::walk::{MAX_VISITS, Walk};
use framewright_spec::CodeOffset;
use std::collections::BTreeSet;

/// States with which it comes back.
#[derive(Debug, Default)]
pub(crate) struct Resumes {
    states: Vec<State>,
    /// Jumps whose targets cannot be told.
    jumps: BTreeSet<u32>,
    /// The leaders before them.
    leaders: BTreeSet<u32>,
}

impl Resumes {
    pub(super) fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    fn add(&mut self, state: &State, world: &World<'_>) {
        match self.states.iter_mut().find(|known| known.same_frame(state, world)) {
            Some(known) => drop(known.join(state, world)),
            None => self.states.push(state.clone()),
        }
    }

    /// Whether a jump is one whose targets cannot be told.
    pub(super) fn is_jump(&self, at: u32) -> bool {
        self.jumps.contains(&at)
    }
}

impl Walk<'_> {
    /// A jump to an address that is computed from one in the code.
    pub(super) fn jump_somewhere(&mut self, leader: u32, at: u32, state: &State) {
        self.notes.assume("switch-targets", CodeOffset(at));
        self.resumes.jumps.insert(at);
        self.resumes.leaders.insert(leader);
        self.resumes.add(state, self.world);
    }

    /// A handler ends by going on in the body, with the frame as at the calls of the body: those made from the
    /// lowest SP, after the prolog.
    pub(super) fn resume_after_handlers(&mut self) {
        let bound = |state: &State| match state.sp(self.world) {
            Half::Frame(sp) | Half::Below(sp) => Some(sp),
            _ => None,
        };
        let Some(lowest) = self.calls.values().filter_map(bound).min() else { return };
        let mut after: Vec<State> =
            self.calls.values().filter(|state| bound(state) == Some(lowest)).cloned().collect();
        after.iter_mut().for_each(|state| state.after_call(self.world));
        after.iter().for_each(|state| self.resumes.add(state, self.world));
        let calls: Vec<u32> = self.calls.keys().copied().collect();
        calls.iter().for_each(|&at| self.notes.assume("handler-resume", CodeOffset(at)));
    }

    /// Control may come to every instruction that has the frame of one of the resumed states, and to those that
    /// nothing else leads to.
    pub(super) fn resume(&mut self, entry: &State) {
        let Some(boundaries) = self.code.boundaries().filter(|all| !all.is_empty()) else {
            let start = self.code.start();
            self.unclear.insert(start, "jumps to places that cannot be told".to_owned());
            return;
        };
        boundaries.iter().for_each(|&at| self.code.lead(at));
        self.states.clear();
        self.start(entry);
        let mut round = 0;
        loop {
            round += 1;
            let resumes = self.resumes.states.clone();
            for &at in &boundaries {
                let known = self.states.get(&at).map(|(state, _)| state.clone());
                for state in &resumes {
                    if known.as_ref().is_none_or(|known| known.same_frame(state, self.world)) {
                        let from: Vec<u32> = self.resumes.leaders.iter().copied().collect();
                        self.edges.extend(from.into_iter().map(|from| (from, at)));
                        self.enter(at, at, state);
                    }
                }
                self.run();
            }
            if self.resumes.states == resumes || round > MAX_VISITS {
                return;
            }
        }
    }
}
