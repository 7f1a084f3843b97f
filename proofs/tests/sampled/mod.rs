//! Code of a statement of the specification, small, and proven.

use framewright::design::Statement;
use framewright_compiler::Compiled;
use framewright_compiler::sample::{Role, sample};
use framewright_spec::{Shape, Spec};
use framewright_verifier::{Proven, Verdict, Verifier};
use std::error::Error;

/// Code of the statement's frame, and of the frame from which it is entered, if it is.
///
/// # Errors
/// The frame has no shape, or its code cannot be made.
pub(crate) fn sampled(
    spec: &Spec,
    statement: &Statement,
) -> Result<(Compiled, Option<Compiled>), Box<dyn Error>> {
    let Statement { frame, transition, .. } = statement;
    let shapes = spec.covering_shapes(frame)?;
    // Two registers saved, or the least more: smaller code is refuted sooner.
    let saved = |shape: &&Shape| shape.sets.values().map(|set| set.iter().count()).sum::<usize>();
    let enough = shapes.iter().filter(|shape| saved(shape) >= 2);
    let shape = enough.min_by_key(saved).or(shapes.first()).ok_or("no shape")?;
    let Some(name) = transition else { return Ok((sample(spec, frame, shape, Role::Called)?, None)) };
    let below = shape.source.as_deref().ok_or("no shape of the source")?;
    let source = sample(spec, &spec.transition(name)?.source, below, Role::Source)?;
    Ok((sample(spec, frame, shape, Role::Target(name))?, Some(source)))
}

/// Code that is proven.
///
/// # Errors
/// It is not.
pub(crate) fn prove(
    verifier: &mut Verifier,
    code: &Compiled,
    source: Option<&Proven>,
) -> Result<Proven, Box<dyn Error>> {
    match verifier.verify(&code.name, code.bytes.clone(), code.claim.clone(), source) {
        Verdict::Proven(proven) => Ok(proven),
        other => Err(format!("{}: {other:?}", code.name).into()),
    }
}
