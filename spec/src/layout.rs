//! The layout arithmetic, in its one place: a declared frame and a shape give offsets, save slots, and the
//! instructions that build and remove the frame.

use crate::frame::AsmStep;
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
    /// Regions from the CFA downwards, extended frame's first, padding included.
    pub regions: Vec<PlacedRegion>,
    /// Where the entry value of each saved register is kept, extended frame's included.
    pub slots: BTreeMap<Reg, CfaOffset>,
    /// Entry to body.
    pub prolog: Vec<AsmStep>,
    /// Body to caller.
    pub epilog: Vec<AsmStep>,
}

/// A region with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedRegion {
    /// Frame it belongs to (`tier0`).
    pub frame: String,
    /// Region name (`locals`).
    pub name: String,
    /// What it is for.
    pub role: crate::frame::RegionRole,
    /// Its lowest byte.
    pub offset: CfaOffset,
    /// Its size.
    pub bytes: i64,
}

impl Layout {
    /// The region of that name in the innermost frame that has one.
    pub fn region(&self, name: &str) -> Option<&PlacedRegion> {
        self.regions.iter().rev().find(|r| r.name == name)
    }
}

impl Spec {
    /// Lays out a frame for a shape.
    ///
    /// # Errors
    /// Unknown frame, a parameter missing or too many, a set not within the ABI's callee-saved set, a size or
    /// total past 2 GiB, SP misaligned in the body.
    pub fn layout(&self, frame: &str, shape: &Shape) -> Result<Layout, SpecError> {
        let _ = shape;
        Err(SpecError::Unknown { what: "frame", name: frame.to_owned() })
    }
}
