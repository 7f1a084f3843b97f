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

    /// Bytes one by one, beside the runs: whatever is written and forgotten, each byte is known in both or in neither.
    #[test]
    fn runs_are_what_their_bytes_are() {
        let mut terms = Terms::default();
        let (mut memory, mut bytes) = (FrameMemory::default(), BTreeMap::<i64, u8>::new());
        let mut seed = 0x9e37_79b9_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for round in 0..3000 {
            let (at, length) = (next(40) as i64 - 36, 1 + next(16) as u32);
            match next(8) {
                0 => {
                    memory.forget(&mut terms, at, i64::from(length));
                    bytes.retain(|byte, _| !(at..at + i64::from(length)).contains(byte));
                }
                1 if round % 5 == 0 => {
                    memory.forget_below(&mut terms, at);
                    bytes.retain(|&byte, _| byte >= at);
                }
                2 if round % 7 == 0 => {
                    memory.retain(|start, _, _| start > at);
                    let kept: Vec<(i64, u32, Term)> = memory.runs().collect();
                    let inside = |b: i64| kept.iter().any(|&(s, n, _)| (s..s + i64::from(n)).contains(&b));
                    bytes.retain(|&byte, _| inside(byte));
                    assert!(kept.iter().all(|&(start, ..)| start > at));
                }
                _ => {
                    let number = u128::from(next(u64::MAX)) << 64 | u128::from(next(u64::MAX));
                    let value = terms.constant(number, length * 8);
                    memory.write(&mut terms, at, value);
                    for (place, byte) in (at..).zip(number.to_le_bytes()).take(length as usize) {
                        bytes.insert(place, byte);
                    }
                }
            }
            let (at, length) = (next(40) as i64 - 38, 1 + next(16) as u32);
            let wanted: Option<Vec<u8>> =
                (at..at + i64::from(length)).map(|b| bytes.get(&b).copied()).collect();
            let number = wanted.map(|w| w.iter().rev().fold(0, |number, &b| number << 8 | u128::from(b)));
            let found = memory.read(&mut terms, at, length);
            assert_eq!(found.map(|term| terms.value(term)), number.map(Some), "{length} bytes at {at}");
            assert!(found.is_none_or(|term| terms.width(term) == length * 8));
            let unknown: Vec<i64> = (at..at + i64::from(length)).filter(|b| !bytes.contains_key(b)).collect();
            let gaps = memory.gaps(at, length);
            let told: Vec<i64> = gaps.iter().flat_map(|&(s, n)| s..s + i64::from(n)).collect();
            assert_eq!(told, unknown, "{gaps:?}");
            assert!(gaps.iter().all(|&(_, length)| length > 0));
        }
    }

    #[test]
    fn copies_share_one_map_until_one_is_written() {
        let mut terms = Terms::default();
        let mut memory = FrameMemory::default();
        let word = terms.symbol(Symbol::Entry(Reg(1)), 64);
        memory.write(&mut terms, -16, word);
        let mut copy = memory.clone();
        assert!(copy.same(&memory));
        // What takes nothing away leaves them one.
        copy.forget(&mut terms, 0, 8);
        copy.forget_below(&mut terms, -16);
        copy.retain(|_, _, _| true);
        assert!(copy.same(&memory));
        copy.write(&mut terms, -16, word);
        assert!(!copy.same(&memory) && copy == memory);
        assert_eq!(copy.run(-16), Some((8, word)));
        assert_eq!(copy.run(-12), None);
    }
}
