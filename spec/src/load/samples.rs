//! The layout laws on sample shapes of a frame: for every set parameter none, all, the first and the last of
//! its members; for the sizes every residue of the stack alignment, and some past the reach of short
//! encodings.
//!
//! Shapes that the frame does not take are passed over; there must be one that it takes. A frame whose laws
//! fail only for other shapes is still refused, when such a shape is laid out.

use crate::layout::Shape;
use crate::reg::RegSet;
use crate::{Spec, SpecError};
use std::collections::BTreeMap;

/// Lays out a frame for sample shapes.
pub(super) fn try_layouts(spec: &Spec, frame: &str) -> Result<(), SpecError> {
    let samples = shapes(spec, frame)?;
    let mut refused = None;
    let mut taken = 0;
    for shape in samples {
        match spec.layout(frame, &shape) {
            Ok(_) => taken += 1,
            Err(error @ SpecError::Requires { .. }) => refused = Some(error),
            Err(error) => return Err(error),
        }
    }
    match refused {
        Some(error) if taken == 0 => Err(error),
        _ => Ok(()),
    }
}

/// Sample shapes: the choice of sets and that of sizes go round independently of each other.
fn shapes(spec: &Spec, name: &str) -> Result<Vec<Shape>, SpecError> {
    let frame = spec.frame(name)?;
    let sources = match &frame.extends {
        Some(extended) => {
            let takes = |shape: &Shape| spec.layout(extended, shape).is_ok();
            shapes(spec, extended)?.into_iter().filter(takes).map(Some).collect()
        }
        None => vec![None],
    };
    let align = spec.abi(&frame.abi)?.stack_align.min(64);
    let sizes: Vec<u32> = (0..=align).chain([120, 136, 320, 504, 2040, 4096, 70_000]).collect();
    let mut samples = Vec::new();
    let sources: Vec<Option<Shape>> = sources;
    let together = sizes.len().max(sources.len());
    // A frame with requirements may take few mixtures: each size alone, too.
    let alone = if frame.requires.is_empty() { 0 } else { sizes.len() * frame.sizes.len() };
    for i in 0..together + alone {
        let Some(source) = sources.get(i % sources.len().max(1)).cloned() else { break };
        let mut shape = Shape { source: source.map(Box::new), ..Shape::default() };
        for (k, size) in frame.sizes.iter().enumerate() {
            let bytes = match i.checked_sub(together) {
                None => sizes[(i + k * 7) % sizes.len()],
                Some(i) if i / sizes.len() == k => sizes[i % sizes.len()],
                Some(_) => 0,
            };
            shape.sizes.insert(size.clone(), bytes);
        }
        let mut sets = BTreeMap::new();
        for param in &frame.sets {
            let bound = spec.set_bound(name, &param.name, shape.source.as_deref())?;
            sets.insert(param.name.clone(), choose(bound, i));
        }
        shape.sets = sets;
        samples.push(shape);
    }
    Ok(samples)
}

fn choose(bound: RegSet, i: usize) -> RegSet {
    match i % 5 {
        0 => RegSet::EMPTY,
        1 => bound,
        2 => bound.iter().take(1).collect(),
        3 => bound.iter().rev().take(1).collect(),
        _ => bound.iter().step_by(2).collect(),
    }
}
