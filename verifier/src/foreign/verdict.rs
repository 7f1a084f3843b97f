//! What the judge of foreign code answers.

use crate::decoded::Unsupported;
use crate::verdict::Property;
use framewright_spec::{CfaOffset, CodeOffset};
use std::collections::BTreeMap;

/// The method that an answer speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A method by itself.
    Method,
    /// The one that is left at a patchpoint.
    Source,
    /// The one that is entered there.
    Target,
}

impl Part {
    /// What is put before something said of it.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Part::Method => "",
            Part::Source => "tier-0: ",
            Part::Target => "OSR method: ",
        }
    }
}

/// The answer for a method or a pair.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Every obligation holds on every path, under the assumptions named.
    Proven(Summary),
    /// A concrete run shows an obligation not kept.
    Refuted(Box<Refutation>),
    /// An obligation was not seen kept, and no run shows it broken.
    Undecided(String),
    /// Something that has no meaning here, by name.
    Unsupported(String),
}

/// What was covered.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Instructions of the main bodies.
    pub instructions: u32,
    /// Returns.
    pub returns: u32,
    /// Tail jumps.
    pub tail_jumps: u32,
    /// Named assumptions (see `SOUNDNESS.md`) and at how many instructions each was used.
    pub assumptions: BTreeMap<&'static str, u32>,
    /// The returns and tail jumps of each method.
    pub exits: Vec<(Part, Vec<CodeOffset>)>,
}

/// What a concrete run shows.
#[derive(Clone, Debug)]
pub struct Refutation {
    /// Which method.
    pub part: Part,
    /// The obligation.
    pub property: Property,
    /// The register that is wrong, or another subject (`local 3`).
    pub subject: Option<String>,
    /// Where in the frame its value was, or was to be.
    pub slot: Option<CfaOffset>,
    /// What it must be.
    pub expected: u128,
    /// What it is.
    pub actual: u128,
    /// Where it is seen: the return, tail jump, call or access.
    pub seen_at: CodeOffset,
    /// The first instruction after which it cannot come right.
    pub wrong_at: CodeOffset,
    /// That instruction.
    pub instruction: String,
    /// Further obligations that the same run shows broken.
    pub also: Vec<Property>,
    /// The instructions of the run.
    pub path: Vec<CodeOffset>,
}

impl Refutation {
    /// The refutation in a line.
    pub fn headline(&self) -> String {
        let part = self.part.prefix();
        let Refutation { property, expected, actual, seen_at, wrong_at, instruction, .. } = self;
        let subject = self.subject.as_deref().unwrap_or("return address");
        let slot = self.slot.map_or_else(String::new, |slot| format!(" (slot {slot})"));
        format!(
            "{part}{property:?} {property}: {subject}{slot} is {actual:#x}, expected {expected:#x}, at {seen_at}; \
             first wrong at {wrong_at}: {instruction}"
        )
    }
}

/// The answer for one body, before it is put together with others.
pub(crate) enum Judged {
    Proven(Summary),
    Refuted(Box<Refutation>),
    Undecided(String),
    Unsupported(Unsupported),
}

impl Judged {
    pub(crate) fn into_verdict(self) -> Verdict {
        match self {
            Judged::Proven(summary) => Verdict::Proven(summary),
            Judged::Refuted(refutation) => Verdict::Refuted(refutation),
            Judged::Undecided(why) => Verdict::Undecided(why),
            Judged::Unsupported(what) => Verdict::Unsupported(what.to_string()),
        }
    }

    /// Both hold, or what is worse: refuted, then unsupported, then undecided.
    pub(crate) fn and(self, other: Judged) -> Judged {
        use Judged::{Proven, Refuted, Undecided, Unsupported};
        match (self, other) {
            (Refuted(a), Refuted(b)) if b.property < a.property => Refuted(b),
            (Refuted(refutation), _) | (_, Refuted(refutation)) => Refuted(refutation),
            (Unsupported(what), _) | (_, Unsupported(what)) => Unsupported(what),
            (Undecided(why), _) | (_, Undecided(why)) => Undecided(why),
            (Proven(mut a), Proven(b)) => {
                a.instructions += b.instructions;
                a.returns += b.returns;
                a.tail_jumps += b.tail_jumps;
                a.exits.extend(b.exits);
                for (name, times) in b.assumptions {
                    *a.assumptions.entry(name).or_default() += times;
                }
                Proven(a)
            }
        }
    }
}
