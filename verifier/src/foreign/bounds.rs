//! How many entries of a table a function can reach, where what follows the table looks like entries of it.
//!
//! ```text
//! head ──▶ cmp index, 9 ──▶ load table[index] ──▶ jump        blocks with one way in, as far back as there are such:
//!              └▶ elsewhere                                     whoever comes to the jump comes through all of them
//! ```
//!
//! What the walk knows at the head, and the branches that the blocks take, are put to the solver. Memory is taken to
//! change only where the blocks store to the very address that they load from, as when paths are tried.

use super::feasible::Run;
use super::paths::Ways;
use super::walk::Walk;
use framewright_spec::CodeOffset;
use std::collections::BTreeMap;

/// Most blocks before a jump that are looked at.
const MAX_BLOCKS: usize = 16;
/// Most instructions in them.
const MAX_STEPS: usize = 400;

impl Walk<'_> {
    /// Looks for bounds of the tables that the function jumps through; whether there is a new one.
    pub(super) fn bound_tables(&mut self) -> bool {
        let ways = self.ways();
        let mut bounds: BTreeMap<i64, u32> = BTreeMap::new();
        for (&at, (table, targets)) in self.tables.jumps() {
            let known = targets.len() as u32;
            let bound = self.bound(&ways, at, known).unwrap_or(known);
            let first = i64::from(table.at);
            let all = bounds.entry(first).or_default();
            *all = bound.max(*all);
        }
        bounds.into_iter().fold(false, |new, (first, bound)| self.tables.limit(first, bound) || new)
    }

    /// Number of entries that a jump can go by, if it is less than `known`.
    fn bound(&self, ways: &Ways, at: u32, known: u32) -> Option<u32> {
        let (table, _) = self.tables.jump(at)?;
        self.runs_to(ways, at).find_map(|mut run| {
            let mut reaches = run.reach(table)?;
            if reaches(known.checked_sub(1)?) {
                return None;
            }
            // The least number that no index reaches.
            let (mut low, mut high) = (0, known);
            while low + 1 < high {
                let middle = low.midpoint(high);
                if reaches(middle - 1) { low = middle } else { high = middle }
            }
            (low > 0).then_some(low)
        })
    }

    /// Whether a run goes only by entries that its tables are known to have: the first one, or any where the index is seen
    /// not to go further than was read.
    pub(super) fn knows_entries(&self, path: &[CodeOffset]) -> bool {
        let ways = self.ways();
        path.windows(2).all(|pair| {
            let Some((table, targets)) = self.tables.jump(pair[0].0) else { return true };
            let ends =
                |mut run: Run<'_>| run.reach(table).is_some_and(|mut reaches| !reaches(targets.len() as u32));
            targets.first() == Some(&pair[1].0) || self.runs_to(&ways, pair[0].0).any(ends)
        })
    }

    /// Runs to a jump along the only way there is. Compilers compare an index in 32 bits and use it in 64, knowing that the
    /// others are zero: the second one takes that to be so.
    fn runs_to(&self, ways: &Ways, at: u32) -> impl Iterator<Item = Run<'_>> {
        let path = self.way_to(ways, at).unwrap_or_default();
        [false, true].into_iter().filter_map(move |narrow| {
            let head = path.first()?.0;
            let (state, _) = self.states.get(&head).filter(|_| !self.rounds.contains(&head))?;
            let mut run = Run::from(self.world, self, state, narrow);
            let comes = path.windows(2).all(|pair| run.go(pair[0].0, pair[1].0).is_some());
            // The jump itself may be what reads the table.
            (comes && run.look(at).is_some()).then_some(run)
        })
    }

    /// The instructions that control passes whenever it comes to one, up to it.
    fn way_to(&self, ways: &Ways, at: u32) -> Option<Vec<CodeOffset>> {
        let mut blocks = vec![self.leader_of(at)?];
        while blocks.len() < MAX_BLOCKS {
            let head = *blocks.last()?;
            match ways.only_before(head) {
                Some(from) if !blocks.contains(&from) => blocks.push(from),
                _ => break,
            }
        }
        blocks.reverse();
        let mut way = Vec::new();
        for (number, &leader) in blocks.iter().enumerate() {
            let next = blocks.get(number + 1).copied();
            let mut place = leader;
            loop {
                way.push(CodeOffset(place));
                if next.is_none() && place == at {
                    return Some(way);
                }
                let step = self.code.decoded(place)?;
                let behind = place + step.len();
                let jumps = step.targets().any(|target| Some(target) == next.map(i64::from));
                if next == Some(behind) || jumps {
                    break;
                }
                if way.len() > MAX_STEPS {
                    return None;
                }
                place = behind;
            }
        }
        None
    }
}
