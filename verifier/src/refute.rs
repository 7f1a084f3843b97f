//! From a summary that could not be proven to a failure on one path, or to none.
//!
//! The summary may fail because it forgot too much where paths join. So a failure counts only if it is found again
//! in the exact mode along a path from an entry; otherwise the verdict is undecided.

use crate::exec::{Judge, Step};
use crate::paths::paths;
use crate::ring::Ring;
use crate::solver::{Answer, Solver};
use crate::state::{Phase, State};
use crate::vc::Vc;
use framewright_spec::CodeOffset;

/// Most conditions of the summary for which paths are tried.
const MAX_CONDITIONS: usize = 8;
/// Most rounds of a loop that are followed one by one: every step of a path is kept. Pages of a frame of 32 MiB.
const MAX_TURNS: usize = 8192;
/// Most conditions on paths that the solver is asked about: each round of a loop may have its own.
const MAX_ASKED: usize = 200;

/// What became of a summary that has a model against it.
pub(crate) enum Outcome {
    /// A path on which a condition fails was accepted.
    Failure,
    /// None was found, in words.
    Nothing(String),
}

/// A condition that fails at the end of a path; the solver holds the constraints that say so.
pub(crate) struct Failure {
    /// What fails.
    pub(crate) vc: Vc,
    /// Where the path starts.
    pub(crate) root: State,
    /// What was executed up to it.
    pub(crate) steps: Vec<Step>,
}

/// What is known after the paths to a place were tried.
enum Search {
    Found,
    Nothing,
    /// Given up before the end, in words.
    Cut(String),
}

/// A path that was run.
#[derive(Default)]
struct Followed {
    /// Conditions on it that are not plain.
    found: Vec<Vc>,
    steps: Vec<Step>,
    /// Whether it was given up in a loop.
    cut: bool,
}

impl Judge<'_> {
    /// Looks for a path on which one of the conditions fails. On success the solver is one level deeper.
    pub(crate) fn refute(
        &mut self,
        solver: &mut Solver,
        conditions: &[Vc],
        roots: &[(i64, State)],
        mut accept: impl FnMut(&mut Judge<'_>, &mut Solver, &Failure) -> bool,
    ) -> Outcome {
        let (mut tried, mut asked) = (0, 0);
        let mut last = "no condition fails by itself".to_owned();
        for vc in conditions {
            if vc.goal.plain(&self.terms) {
                continue;
            }
            match self.query(solver, vc) {
                Answer::Unsat => continue,
                Answer::Unknown => return Outcome::Nothing(said(vc, "the solver's limit is reached")),
                Answer::Sat => {}
            }
            solver.pop();
            last = said(vc, "it holds on every path that was tried, but not where paths join");
            match self.along_paths(solver, vc.at, roots, &mut asked, &mut accept) {
                Search::Found => return Outcome::Failure,
                Search::Nothing => {}
                Search::Cut(why) => return Outcome::Nothing(said(vc, &why)),
            }
            tried += 1;
            if tried == MAX_CONDITIONS {
                break;
            }
        }
        Outcome::Nothing(last)
    }

    /// Asks for values against a condition. Unless there are none, the solver keeps the question.
    fn query(&mut self, solver: &mut Solver, vc: &Vc) -> Answer {
        solver.push();
        for condition in vc.conditions() {
            let holds = solver.holds(&self.terms, condition);
            solver.assert(&holds);
        }
        let goal = vc.goal.formula(&mut self.terms, solver);
        solver.assert(&goal.not());
        let answer = solver.check();
        if answer != Answer::Sat {
            solver.pop();
        }
        answer
    }

    fn along_paths(
        &mut self,
        solver: &mut Solver,
        at: CodeOffset,
        roots: &[(i64, State)],
        asked: &mut usize,
        accept: &mut impl FnMut(&mut Judge<'_>, &mut Solver, &Failure) -> bool,
    ) -> Search {
        let holds = |b: &crate::cfg::Block| b.code.iter().any(|i| i.at == at);
        let Some(goal) = self.cfg.blocks.iter().position(holds) else { return Search::Nothing };
        for (target, root) in roots {
            let Some(start) = self.cfg.at(*target) else { continue };
            for path in paths(self.cfg, start, goal) {
                let Followed { found, steps, cut } = self.follow(*target, root, &path);
                for vc in found {
                    *asked += 1;
                    if *asked > MAX_ASKED {
                        return Search::Cut(format!("the paths to it have more than {MAX_ASKED} conditions"));
                    }
                    if self.query(solver, &vc) != Answer::Sat {
                        continue;
                    }
                    let steps = steps[..vc.step.min(steps.len())].to_vec();
                    let failure = Failure { vc, root: root.clone(), steps };
                    if accept(self, solver, &failure) {
                        return Search::Found;
                    }
                    solver.pop();
                }
                if cut {
                    let why = format!("a path to it goes round a loop more than {MAX_TURNS} times");
                    return Search::Cut(why);
                }
            }
        }
        Search::Nothing
    }

    /// Runs one path in the exact mode.
    fn follow(&mut self, target: i64, root: &State, path: &[usize]) -> Followed {
        self.found.clear();
        self.assumed.clear();
        self.record = Some(Vec::new());
        let mut state = root.clone();
        let at = CodeOffset(u32::try_from(target).unwrap_or(0));
        self.arrive(&mut state, target, at);
        let rings = self.rings();
        let (mut place, mut turns, mut cut) = (0, 0, false);
        let Some(&(mut block)) = path.first() else { return Followed::default() };
        while let Ok(edges) = self.run(block, state) {
            let ring = rings.iter().find(|ring| ring.blocks.contains(&block));
            // A loop whose branches are decided goes round as often as it does, whatever the path says.
            if let (Some(ring), [(to, taken)]) = (ring, &edges[..]) {
                let Some(next) = self.cfg.at(*to) else { break };
                turns += usize::from(next == ring.blocks[0]);
                let stays = ring.blocks.contains(&next);
                let ahead = path.iter().skip(place).position(|&b| b == next);
                cut = turns > MAX_TURNS;
                match (stays, ahead) {
                    (true, _) if cut || turns > self.most_turns() => break,
                    (true, _) => {}
                    (false, Some(ahead)) => place += ahead,
                    (false, None) => break,
                }
                (block, state) = (next, taken.clone());
                continue;
            }
            place += 1;
            let next = path.get(place).copied();
            let taken = edges.into_iter().find(|&(to, _)| self.cfg.at(to) == next);
            let (Some(next), Some((_, taken))) = (next, taken) else { break };
            (block, state) = (next, taken);
        }
        let steps = self.record.take().unwrap_or_default();
        Followed { found: self.found.split_off(0), steps, cut }
    }
}

impl Judge<'_> {
    /// Loops that go round in one way and may be followed to their end.
    fn rings(&self) -> Vec<Ring> {
        let machine = self.contract.machine;
        let heads = (0..self.cfg.blocks.len()).filter(|&block| self.cfg.blocks[block].arrivals == 2);
        let phases = [Phase::Prolog, Phase::Body];
        let counts = |head| phases.iter().find_map(|&phase| self.ring(head, phase));
        heads
            .filter_map(counts)
            .filter(|ring| ring.counts(machine, Phase::Body) || self.contract.frame.probed)
            .collect()
    }

    /// Rounds after which a loop is not followed any longer: far below any frame.
    fn most_turns(&self) -> usize {
        self.contract.layout.total_bytes as usize / 256 + 64
    }
}

fn said(vc: &Vc, why: &str) -> String {
    format!("{:?} at {}: {why}", vc.property, vc.at)
}
