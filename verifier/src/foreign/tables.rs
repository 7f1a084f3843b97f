//! Jumps through tables in read-only data.
//!
//! ```text
//! table:  entry 0   entry 1   …   │ first one that leads to no instruction of the function,
//!            │         │          │ another table that the function reads, the end of the section
//!            ▼         ▼
//!         base + extended entry << shift      or the entry itself, an address
//! ```
//!
//! Compilers put tables one behind another, each read from its beginning.

use super::Pointer;
use super::state::State;
use super::value::{Half, Table};
use super::walk::Walk;
use framewright_spec::CodeOffset;
use std::collections::{BTreeMap, BTreeSet};

/// Most entries of a table.
const MAX_ENTRIES: u32 = 1 << 14;

/// The tables that a function was seen to jump through.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// Where they begin.
    begins: BTreeSet<i64>,
    /// How far they were read.
    ends: BTreeMap<i64, i64>,
    /// What jumps go by, and where each entry leads.
    jumps: BTreeMap<u32, (Table, Vec<u32>)>,
    shortened: bool,
    /// Entries that can be reached, where that is known.
    limits: BTreeMap<i64, u32>,
}

impl Tables {
    /// Whether a table was read beyond where another turned out to begin.
    pub(super) fn is_shortened(&self) -> bool {
        self.shortened
    }

    /// The same; asking clears that.
    pub(super) fn shortened(&mut self) -> bool {
        if self.shortened {
            self.ends.clear();
        }
        std::mem::take(&mut self.shortened)
    }

    /// All jumps, each with its table and where its entries lead.
    pub(super) fn jumps(&self) -> impl Iterator<Item = (&u32, &(Table, Vec<u32>))> {
        self.jumps.iter()
    }

    /// No more than so many entries of a table can be reached; whether fewer than were read.
    pub(super) fn limit(&mut self, first: i64, entries: u32) -> bool {
        let read = self.jumps.values().filter(|(table, _)| i64::from(table.at) == first);
        let fewer = read.map(|(_, targets)| targets.len() as u32).max().is_some_and(|most| entries < most);
        if fewer {
            self.limits.insert(first, entries);
            self.ends.clear();
        }
        fewer
    }

    /// The table that a jump goes by, and where its entries lead.
    pub(super) fn jump(&self, at: u32) -> Option<&(Table, Vec<u32>)> {
        self.jumps.get(&at)
    }

    /// A table begins there.
    fn begin(&mut self, at: i64) {
        if self.begins.insert(at) {
            let before = self.ends.range(..at).next_back();
            self.shortened |= before.is_some_and(|(_, &end)| end > at);
        }
    }

    /// Where the next one begins.
    fn next(&self, at: i64) -> i64 {
        self.begins.range(at + 1..).next().copied().unwrap_or(i64::MAX)
    }
}

impl Walk<'_> {
    /// Control goes to where an entry of a table says; `false` if no such entry can be read.
    pub(super) fn jump_by_table(&mut self, (leader, at): (u32, u32), target: Half, state: &State) -> bool {
        let (base, table) = match target {
            Half::Case { base, table } => (Some(i64::from(base)), table),
            Half::Loaded(table) if table.bytes == 8 && table.shift == 0 => (None, table),
            _ => return false,
        };
        let first = i64::from(table.at);
        self.tables.begin(first);
        let targets = self.targets(base, table);
        if targets.is_empty() {
            return false;
        }
        self.tables.ends.insert(first, first + targets.len() as i64 * i64::from(table.bytes));
        self.notes.assume("jump-table", CodeOffset(at));
        let each: BTreeSet<u32> = targets.iter().copied().collect();
        self.tables.jumps.insert(at, (table, targets));
        for to in each {
            self.enter(leader, to, state);
        }
        true
    }

    /// Where the entries lead, up to the first that leads to no instruction.
    fn targets(&mut self, base: Option<i64>, table: Table) -> Vec<u32> {
        let first = i64::from(table.at);
        let end = self.tables.next(first);
        let mut targets = Vec::new();
        let most = self.tables.limits.get(&first).copied().unwrap_or(MAX_ENTRIES);
        for number in 0..most {
            let at = first + i64::from(number) * i64::from(table.bytes);
            if at >= end {
                break;
            }
            let to = match base {
                Some(base) => self.entry(at, table).map(|entry| base.wrapping_add(entry)),
                None => self.pointer(at),
            };
            let to = to.and_then(|to| self.case(to));
            let Some(to) = to.filter(|&to| self.code.is_boundary(to)) else { break };
            targets.push(to);
        }
        targets
    }

    /// A place that a table may lead to: in the function, or in a part that is not called.
    fn case(&mut self, to: i64) -> Option<u32> {
        let inside = self.code.inside(to);
        inside.or_else(|| {
            let surroundings = self.world.surroundings;
            let (begin, _) = surroundings.unit(to)?;
            let part = surroundings.place(i64::from(begin)) == super::Place::Inside;
            part.then(|| self.code.reach(to)).flatten()
        })
    }

    fn pointer(&self, at: i64) -> Option<i64> {
        match self.world.surroundings.pointer(at)? {
            Pointer::To(to) => Some(to),
            Pointer::Import(_) => None,
        }
    }

    /// An entry, extended and shifted.
    fn entry(&self, at: i64, table: Table) -> Option<i64> {
        let data = self.world.surroundings.read_only(at)?;
        let bytes = data.get(..usize::from(table.bytes))?;
        let number = bytes.iter().rev().fold(0u64, |number, &byte| number << 8 | u64::from(byte));
        let unused = 64 - u32::from(table.bytes) * 8;
        let number = if table.signed { (number << unused) as i64 >> unused } else { number as i64 };
        Some(number << table.shift)
    }
}
