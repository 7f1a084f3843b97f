//! Registers and sets of registers.

use serde::{Deserialize, Serialize};

/// A full-width register of one machine: an index into [`crate::Machine::registers`]. Sub-registers (`eax`)
/// are
/// [`crate::machine::View`]s of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reg(pub u8);

/// A set of registers of one machine, at most 128 of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct RegSet(u128);

impl RegSet {
    /// The empty set.
    pub const EMPTY: RegSet = RegSet(0);

    /// Whether `reg` is a member.
    pub fn contains(self, reg: Reg) -> bool {
        self.0 >> reg.0 & 1 == 1
    }

    /// The set and `reg`.
    #[must_use]
    pub fn with(self, reg: Reg) -> RegSet {
        RegSet(self.0 | 1 << reg.0)
    }

    /// The set but for `reg`.
    #[must_use]
    pub fn without(self, reg: Reg) -> RegSet {
        RegSet(self.0 & !(1 << reg.0))
    }

    /// Members of either.
    #[must_use]
    pub fn union(self, other: RegSet) -> RegSet {
        RegSet(self.0 | other.0)
    }

    /// Members of both.
    #[must_use]
    pub fn intersection(self, other: RegSet) -> RegSet {
        RegSet(self.0 & other.0)
    }

    /// Members of `self` that are not in `other`.
    #[must_use]
    pub fn minus(self, other: RegSet) -> RegSet {
        RegSet(self.0 & !other.0)
    }

    /// Whether every member is in `other`.
    pub fn within(self, other: RegSet) -> bool {
        self.minus(other).is_empty()
    }

    /// Whether there is no member.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Number of members.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Members in ascending register number.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Reg> {
        (0..128u8).map(Reg).filter(move |&r| self.contains(r))
    }
}

impl FromIterator<Reg> for RegSet {
    fn from_iter<I: IntoIterator<Item = Reg>>(regs: I) -> RegSet {
        regs.into_iter().fold(RegSet::EMPTY, RegSet::with)
    }
}

impl std::fmt::Debug for RegSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(|r| r.0)).finish()
    }
}
