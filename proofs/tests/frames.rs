//! Every frame of the specification, and every transition, is proven for shapes that cover it: sets of saved registers
//! of every kind, sizes on both sides of every encoding's limit. `FRAMES=all` takes every covering shape, without it a
//! sample of them goes round; `FRAMES=NAME` takes all of one frame.

use framewright_compiler::sample::{Role, sample};
use framewright_spec::{Shape, Spec};
use framewright_verifier::{Proven, Verdict, Verifier};
use std::collections::HashMap;

/// Shapes of a frame that are proven in every run.
const FEW: usize = 40;

/// The prover, and source samples that are proven already.
struct Session<'a> {
    spec: &'a Spec,
    verifier: Verifier,
    sources: HashMap<String, Proven>,
}

impl Session<'_> {
    fn prove(
        &mut self,
        frame: &str,
        shape: &Shape,
        role: Role<'_>,
        source: Option<&Proven>,
    ) -> Result<Proven, String> {
        let name = || {
            format!(
                "{frame} {role:?} {}",
                self.spec
                    .machine_of_frame(frame)
                    .map_or_else(|e| e.to_string(), |m| m.display_shape(shape).to_string())
            )
        };
        let code = sample(self.spec, frame, shape, role).map_err(|e| format!("{}: {e}", name()))?;
        match self.verifier.verify(frame, code.bytes, code.claim, source) {
            Verdict::Proven(proven) => Ok(proven),
            Verdict::Refuted(found) => Err(format!("{}: {:?} {}", name(), found.property, found.headline)),
            Verdict::Undecided(why) => Err(format!("{}: undecided {why}", name())),
            Verdict::Unsupported(why) => Err(format!("{}: unsupported {why}", name())),
        }
    }

    /// The code that a target of that shape is entered from.
    fn source(&mut self, frame: &str, shape: &Shape) -> Result<Proven, String> {
        let key = format!("{frame} {shape:?}");
        if let Some(proven) = self.sources.get(&key) {
            return Ok(proven.clone());
        }
        let proven = self.prove(frame, shape, Role::Source, None)?;
        self.sources.insert(key, proven.clone());
        Ok(proven)
    }

    /// Proves a frame for its shapes; how many.
    fn frame(&mut self, frame: &str, all: bool) -> Result<usize, String> {
        let shapes = self.spec.covering_shapes(frame).map_err(|e| e.to_string())?;
        let step = if all { 1 } else { shapes.len().div_ceil(FEW) };
        let entered = self.spec.transitions.values().filter(|t| t.target == frame);
        let entered: Vec<(String, String)> = entered.map(|t| (t.name.clone(), t.source.clone())).collect();
        let extends = self.spec.frames[frame].extends.is_some();
        let chosen: Vec<&Shape> = shapes.iter().step_by(step).collect();
        for shape in &chosen {
            for (transition, source) in &entered {
                let from = shape.source.as_deref().ok_or("a target without a source")?;
                let source = self.source(source, from)?;
                self.prove(frame, shape, Role::Target(transition), Some(&source))?;
            }
            if !extends {
                self.prove(frame, shape, Role::Called, None)?;
            }
        }
        Ok(chosen.len())
    }
}

#[test]
fn every_frame_proves_for_covering_shapes() {
    let spec = Spec::embedded();
    let wanted = std::env::var("FRAMES").unwrap_or_default();
    let mut session = Session { spec, verifier: Verifier::new(spec), sources: HashMap::new() };
    let mut failures = Vec::new();
    for frame in spec.frames.keys() {
        if wanted.contains('.') && !frame.contains(&wanted) {
            continue;
        }
        match session.frame(frame, !wanted.is_empty()) {
            Ok(count) => println!("{frame}: {count} shapes"),
            Err(failure) => failures.push(failure),
        }
    }
    assert!(failures.is_empty(), "{} frames fail\n{}", failures.len(), failures.join("\n\n"));
}
