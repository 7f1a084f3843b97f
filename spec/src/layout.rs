//! The layout arithmetic, in its one place: a declared frame and a shape give offsets, save slots, and the
//! instructions that build and remove the frame.
//!
//! ```text
//! CFA ──────────────┐ 0            each region:  lowest byte = round down(previous lowest − bytes, align)
//!   return address  │ −8           padding goes above the region
//!   saved FP        │ −16   <- FP  save slots: from their region's top down
//!   …               │
//!   outgoing        │ −total <- SP in the body
//! ```
//!
//! All arithmetic is checked; nothing past 2 GiB is laid out.

use crate::frame::{AsmStep, RegionRole};
use crate::place::Placed;
use crate::reg::{Reg, RegSet};
use crate::unit::CfaOffset;
use crate::{Spec, SpecError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The parameters of one frame instance: which registers it saves and how large its sized regions are.
/// For a frame that extends another, `source` holds the extended frame's own shape.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shape {
    /// Register sets by parameter name (`saved`).
    pub sets: BTreeMap<String, RegSet>,
    /// Sizes in bytes by parameter name (`locals`, `outgoing`).
    pub sizes: BTreeMap<String, u32>,
    /// Shape of the extended frame.
    pub source: Option<Box<Shape>>,
}

/// Where everything of one frame instance is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Bytes from the CFA down to SP in the body, extended frame included.
    pub total_bytes: i64,
    /// Bytes from the CFA down to what FP points at in the body (the saved-FP word of the innermost frame),
    /// where the frame sets one.
    pub fp: Option<CfaOffset>,
    /// Regions that take room, from the CFA downwards, extended frame's first, padding included. Inherited
    /// saves take none: they are in the extended frame's region, and in `slots`.
    pub regions: Vec<PlacedRegion>,
    /// Where the entry value of each saved register is kept, extended frame's included as long as the debt is
    /// shared; FP's is the outermost saved-FP word then.
    pub slots: BTreeMap<Reg, CfaOffset>,
    /// The frame that saves each of them.
    pub saved_by: BTreeMap<Reg, String>,
    /// Where an address is rounded down, if it is. Whatever lies below is lower than said here by a number of bytes that
    /// is only known when the code runs, less than the alignment.
    pub realign: Option<Realigned>,
    /// The register whose number of bytes the body may lower SP by, and how it does.
    pub allocate: Option<(Reg, Vec<AsmStep>)>,
    /// Entry to body.
    pub prolog: Vec<AsmStep>,
    /// Body to caller.
    pub epilog: Vec<AsmStep>,
    /// Registers that prolog and epilog may write besides SP, FP, the link register and what they save or restore.
    pub scratch: RegSet,
}

/// Where an address is rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Realigned {
    /// What is rounded down: the lowest byte of what lies above.
    pub from: CfaOffset,
    /// To a multiple of so many bytes.
    pub align: u32,
}

/// A region with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedRegion {
    /// Frame it belongs to (`tier0`).
    pub frame: String,
    /// Region name (`locals`).
    pub name: String,
    /// What it is for.
    pub role: RegionRole,
    /// Its lowest byte.
    pub offset: CfaOffset,
    /// Its size.
    pub bytes: i64,
}

impl PlacedRegion {
    /// One past its highest byte.
    pub fn top(&self) -> CfaOffset {
        CfaOffset(self.offset.0 + self.bytes)
    }
}

impl Layout {
    /// The region of that name in the innermost frame that has one.
    pub fn region(&self, name: &str) -> Option<&PlacedRegion> {
        self.regions.iter().rev().find(|r| r.name == name)
    }

    /// SP in the body.
    pub fn sp(&self) -> CfaOffset {
        CfaOffset(-self.total_bytes)
    }

    /// Whether a place is at the distance from the CFA that is said here, whatever the address is rounded to.
    pub fn is_fixed(&self, place: CfaOffset) -> bool {
        self.realign.is_none_or(|realigned| place >= realigned.from)
    }

    /// Bytes from SP in the body up to a place.
    pub fn sp_relative(&self, place: CfaOffset) -> i64 {
        place.0 + self.total_bytes
    }

    /// Bytes from FP in the body up to a place, where the frame sets FP.
    pub fn fp_relative(&self, place: CfaOffset) -> Option<i64> {
        self.fp.map(|fp| place.0 - fp.0)
    }
}

impl Spec {
    /// Lays out a frame for a shape.
    ///
    /// # Errors
    /// Unknown frame, a parameter missing or too many, a set not within the ABI's callee-saved set, a size or
    /// total past 2 GiB, save slots that overlap another region, SP misaligned in the body, a shape that the frame does not
    /// take.
    pub fn layout(&self, frame: &str, shape: &Shape) -> Result<Layout, SpecError> {
        Placed::new(self, frame, shape, 0)?.finish()
    }

    /// The registers that a set parameter of a frame may have, given the shape of the extended frame.
    ///
    /// # Errors
    /// Unknown frame or set, or a bad shape of the extended frame.
    pub fn set_bound(&self, frame: &str, set: &str, source: Option<&Shape>) -> Result<RegSet, SpecError> {
        let frame = self.frame(frame)?;
        let shape = Shape { source: source.map(|s| Box::new(s.clone())), ..Shape::default() };
        Placed::start(self, frame, &shape, 0)?.bound(set)
    }
}
