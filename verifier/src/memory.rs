//! Frame memory by distance from the CFA: a map of disjoint runs of bytes, outside the solver.
//!
//! ```text
//! cfa-24      cfa-16      cfa-8       cfa
//!   │ Entry(r12) │ Entry(rbx) │ return │        one term a run, little-endian
//! ```
//!
//! A byte without a run is unknown. Addresses that are no constant distance from the CFA never get here.

use crate::term::{Term, Terms};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What is known of the frame's memory. Copies share until written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FrameMemory {
    runs: Rc<BTreeMap<i64, (u32, Term)>>,
}

impl FrameMemory {
    /// Known runs, lowest first: distance, bytes, value.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (i64, u32, Term)> + '_ {
        self.runs.iter().map(|(&at, &(bytes, value))| (at, bytes, value))
    }

    /// Sets bytes; the value's width is a multiple of 8 bits.
    pub(crate) fn write(&mut self, terms: &mut Terms, at: i64, value: Term) {
        let bytes = terms.width(value) / 8;
        self.forget(terms, at, i64::from(bytes));
        Rc::make_mut(&mut self.runs).insert(at, (bytes, value));
    }

    /// Forgets `bytes` bytes from `at` on.
    pub(crate) fn forget(&mut self, terms: &mut Terms, at: i64, bytes: i64) {
        let end = at.saturating_add(bytes);
        let hit: Vec<(i64, u32, Term)> = self.overlapping(at, end).collect();
        if hit.is_empty() {
            return;
        }
        let runs = Rc::make_mut(&mut self.runs);
        for (start, length, value) in hit {
            runs.remove(&start);
            let stop = start + i64::from(length);
            if start < at {
                let keep = (at - start) as u32;
                runs.insert(start, (keep, terms.extract(value, 0, keep * 8)));
            }
            if stop > end {
                let keep = (stop - end) as u32;
                runs.insert(end, (keep, terms.extract(value, (length - keep) * 8, keep * 8)));
            }
        }
    }

    /// Forgets everything below `limit`.
    pub(crate) fn forget_below(&mut self, terms: &mut Terms, limit: i64) {
        if let Some((&lowest, _)) = self.runs.first_key_value()
            && lowest < limit
        {
            self.forget(terms, lowest, limit - lowest);
        }
    }

    /// The value of `bytes` bytes, if each is known.
    pub(crate) fn read(&self, terms: &mut Terms, at: i64, bytes: u32) -> Option<Term> {
        if let Some(&(length, value)) = self.runs.get(&at)
            && length == bytes
        {
            return Some(value);
        }
        let end = at + i64::from(bytes);
        let mut next = at;
        let mut whole: Option<Term> = None;
        for (start, length, value) in self.overlapping(at, end) {
            if start > next {
                return None;
            }
            let skip = (next - start) as u32;
            let take = (length - skip).min((end - next) as u32);
            let part = terms.extract(value, skip * 8, take * 8);
            whole = Some(whole.map_or(part, |low| terms.concat(part, low)));
            next += i64::from(take);
        }
        whole.filter(|_| next == end)
    }

    /// The runs of unknown bytes in `at .. at + bytes`: distance and length.
    pub(crate) fn gaps(&self, at: i64, bytes: u32) -> Vec<(i64, u32)> {
        let end = at + i64::from(bytes);
        let mut next = at;
        let mut gaps = Vec::new();
        for (start, length, _) in self.overlapping(at, end) {
            if start > next {
                gaps.push((next, (start - next) as u32));
            }
            next = start + i64::from(length);
        }
        if next < end {
            gaps.push((next, (end - next) as u32));
        }
        gaps
    }

    /// Keeps the runs that `wanted` keeps.
    pub(crate) fn retain(&mut self, wanted: impl Fn(i64, u32, Term) -> bool) {
        if self.runs().any(|(at, bytes, value)| !wanted(at, bytes, value)) {
            Rc::make_mut(&mut self.runs).retain(|&at, &mut (bytes, value)| wanted(at, bytes, value));
        }
    }

    /// Whether both share one map: equal without looking.
    pub(crate) fn same(&self, other: &FrameMemory) -> bool {
        Rc::ptr_eq(&self.runs, &other.runs)
    }

    /// The run that starts there.
    pub(crate) fn run(&self, at: i64) -> Option<(u32, Term)> {
        self.runs.get(&at).copied()
    }

    fn overlapping(&self, at: i64, end: i64) -> impl Iterator<Item = (i64, u32, Term)> + '_ {
        let before = self.runs.range(..at).next_back();
        let before = before.filter(move |&(&start, &(length, _))| start + i64::from(length) > at);
        let inside = self.runs.range(at..end.max(at));
        before.into_iter().chain(inside).map(|(&start, &(length, value))| (start, length, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Symbol;
    use framewright_spec::Reg;

    #[test]
    fn reads_parts_and_joins_of_what_was_written() {
        let mut terms = Terms::default();
        let mut memory = FrameMemory::default();
        let low = terms.symbol(Symbol::Entry(Reg(1)), 64);
        let high = terms.symbol(Symbol::Entry(Reg(2)), 64);
        memory.write(&mut terms, -16, low);
        memory.write(&mut terms, -8, high);
        let half = terms.extract(low, 32, 32);
        assert_eq!(memory.read(&mut terms, -12, 4), Some(half));
        let both = terms.concat(high, low);
        assert_eq!(memory.read(&mut terms, -16, 16), Some(both));
        assert_eq!(memory.read(&mut terms, -20, 8), None);
        assert_eq!(memory.gaps(-20, 8), vec![(-20, 4)]);
    }

    #[test]
    fn a_write_cuts_what_it_overlaps() {
        let mut terms = Terms::default();
        let mut memory = FrameMemory::default();
        let word = terms.symbol(Symbol::Entry(Reg(1)), 64);
        memory.write(&mut terms, -16, word);
        let byte = terms.constant(7, 8);
        memory.write(&mut terms, -13, byte);
        let low = terms.extract(word, 0, 24);
        assert_eq!(memory.read(&mut terms, -16, 3), Some(low));
        assert_eq!(memory.read(&mut terms, -13, 1), Some(byte));
        memory.forget_below(&mut terms, -12);
        assert_eq!(memory.runs().count(), 1);
        assert_eq!(memory.read(&mut terms, -13, 1), None);
    }
}
