//! Every frame of the specification, and every transition, is proven for shapes that cover it: sets of saved registers
//! of every kind, sizes on both sides of every encoding's limit. `framewright prove --shapes` takes every covering shape;
//! here a sample of them goes round.

use framewright::design::{Prover, statements};
use framewright_spec::Spec;

/// Shapes of a frame that are proven in every run.
const FEW: usize = 40;

#[test]
fn every_frame_proves_for_covering_shapes() {
    let spec = Spec::embedded();
    let mut prover = Prover::new(spec);
    let mut failures = Vec::new();
    for statement in statements(spec) {
        let proof = prover.prove(&statement, Some(FEW)).expect("shapes");
        match proof.failure {
            Some(f) => failures.push(format!("{statement:?}: {}: {}", f.shape, f.why)),
            None => assert!(proof.shapes >= 5, "only {} shapes of {statement:?}", proof.shapes),
        }
    }
    assert!(failures.is_empty(), "{} frames fail\n{}", failures.len(), failures.join("\n\n"));
}
