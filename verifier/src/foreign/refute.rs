//! One body judged: walked, and where an obligation was not seen kept, run.

use super::Method;
use super::feasible::is_feasible;
use super::paths::Ways;
use super::run::{Runner, Shown};
use super::state::{Doubt, State, World};
use super::unwind::{self, Unwinding};
use super::verdict::{Judged, Part, Refutation, Summary};
use super::walk::{Aims, Exit, Walk};
use crate::target::Decoder;
use crate::verdict::Property;
use framewright_spec::{CfaOffset, CodeOffset};

/// Most runs to one place that are put to the solver.
const MAX_TRIED: usize = 8;

/// Most exits and calls at which runs are tried.
const MAX_PLACES: usize = 40;

/// A method from one entry state.
pub(crate) struct Body<'b> {
    pub part: Part,
    pub world: &'b World<'b>,
    pub decoder: &'b dyn Decoder,
    pub method: &'b Method<'b>,
    pub entry: &'b State,
    pub aims: Aims,
}

impl<'b> Body<'b> {
    pub(crate) fn new(
        part: Part,
        world: &'b World<'b>,
        decoder: &'b dyn Decoder,
        method: &'b Method<'b>,
        entry: &'b State,
    ) -> Body<'b> {
        Body { part, world, decoder, method, entry, aims: Aims::default() }
    }

    /// All paths through it.
    pub(crate) fn walk(&self) -> Walk<'b> {
        Walk::new(self.world, self.method, self.decoder, self.aims, self.entry)
    }

    pub(crate) fn judge(&self) -> (Judged, Unwinding) {
        let mut walk = self.walk();
        (self.judge_walk(&mut walk), unwind::judge(self, &mut walk))
    }

    /// The answer for a body that has been walked.
    pub(crate) fn judge_walk(&self, walk: &mut Walk<'_>) -> Judged {
        if !self.world.linear
            && !walk.notes.doubts.is_empty()
            && let Some(refutation) = self.refute(walk)
        {
            return Judged::Refuted(Box::new(refutation));
        }
        if let Some(error) = walk.unsupported.values().next() {
            return Judged::Unsupported(error.clone());
        }
        if let Some((at, why)) = walk.unclear.first_key_value() {
            return Judged::Undecided(format!("{}{}: {why}", self.prefix(), CodeOffset(*at)));
        }
        if let Some(Doubt { property, at, what, .. }) = walk.notes.doubts.first() {
            let prefix = self.prefix();
            return Judged::Undecided(format!(
                "{prefix}{at}: {property:?} {property}: {what}; no run shows it"
            ));
        }
        let count = |exit: Exit| walk.exits.values().filter(|&&e| e == exit).count() as u32;
        let (returns, tail_jumps) = (count(Exit::Return), count(Exit::TailJump));
        Judged::Proven(Summary {
            instructions: walk.instructions(),
            returns,
            tail_jumps,
            assumptions: walk.notes.assumed(),
            exits: vec![(self.part, walk.exits.keys().map(|&at| CodeOffset(at)).collect())],
        })
    }

    /// What random runs, and those on the shortest paths to the exits, show to be wrong.
    pub(crate) fn trial(&self, seeds: std::ops::Range<u64>) -> Vec<String> {
        let mut walk = self.walk();
        let exits: Vec<(u32, Exit)> = walk.exits.iter().map(|(&at, &exit)| (at, exit)).collect();
        let (start, end) = self.method.body;
        let ways = walk.ways();
        let mut wrong = Vec::new();
        for (at, exit) in exits {
            let Some(leader) = walk.leader_of(at) else { continue };
            let paths = ways.to(leader);
            let mut runner = self.runner(&mut walk);
            let shown = paths.iter().take(4).flat_map(|path| runner.show(path, at, Some(exit)));
            // A fault on the way is no return.
            let shown = shown.filter(|shown| shown.property != Property::P5);
            wrong.extend(shown.map(|shown| format!("{:?} at {}", shown.property, shown.exit)));
        }
        let mut runner = self.runner(&mut walk);
        wrong.extend(seeds.filter_map(|seed| runner.wander(start, end, seed)).flatten());
        wrong
    }

    pub(super) fn runner<'r, 'w>(&'r self, walk: &'r mut Walk<'w>) -> Runner<'r, 'w> {
        Runner { world: self.world, decoder: self.decoder, walk, entry: self.entry }
    }

    pub(crate) fn prefix(&self) -> &'static str {
        self.part.prefix()
    }

    /// A run that shows one of the doubts, the most important kind of them.
    fn refute(&self, walk: &mut Walk<'_>) -> Option<Refutation> {
        let mut places: Vec<u32> = walk.notes.doubts.iter().map(|doubt| doubt.at.0).collect();
        places.dedup();
        let ways = walk.ways();
        let mut best: Option<(Shown, Vec<Shown>)> = None;
        for at in places.into_iter().take(MAX_PLACES) {
            let mut shown = self.runs(walk, &ways, at);
            shown.sort_by_key(|shown| shown.property);
            let Some(first) = shown.first().cloned() else { continue };
            if best.as_ref().is_none_or(|(known, _)| first.property < known.property) {
                best = Some((first, shown));
            }
        }
        let (first, all) = best?;
        Some(self.refutation(first, &all))
    }

    /// What the first run to that place that shows anything shows.
    fn runs(&self, walk: &mut Walk<'_>, ways: &Ways, at: u32) -> Vec<Shown> {
        let Some(leader) = walk.leader_of(at) else { return Vec::new() };
        let exit = walk.exits.get(&at).copied();
        let paths = ways.to(leader);
        let mut runner = self.runner(walk);
        let shows = paths.iter().map(|path| runner.show(path, at, exit)).filter(|shown| !shown.is_empty());
        // Of a method by itself, runs along the paths say what they say; a program is not blamed for a path that
        // nothing can take.
        if self.world.surroundings.address().is_none() {
            return shows.take(1).next().unwrap_or_default();
        }
        let shows: Vec<Vec<Shown>> = shows.take(MAX_TRIED).collect();
        let taken = |shown: &&Vec<Shown>| is_feasible(self.world, walk, &shown[0].path);
        shows.iter().find(taken).cloned().unwrap_or_default()
    }

    fn refutation(&self, shown: Shown, all: &[Shown]) -> Refutation {
        let mut also: Vec<_> = all.iter().map(|shown| shown.property).collect();
        also.dedup();
        also.retain(|&property| property != shown.property);
        Refutation {
            part: self.part,
            property: shown.property,
            subject: match (shown.reg, shown.property) {
                (Some(reg), _) => Some(self.world.machine.register(reg).name.clone()),
                (None, Property::P5) => Some("the operand's address".to_owned()),
                (None, _) => None,
            },
            slot: shown.slot.map(CfaOffset),
            expected: shown.expected,
            actual: shown.actual,
            seen_at: shown.exit,
            wrong_at: shown.wrong_at,
            instruction: self.decoder.text(self.method.bytes, shown.wrong_at),
            also,
            path: shown.path,
        }
    }
}
