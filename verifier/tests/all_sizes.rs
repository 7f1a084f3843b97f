//! Every frame and transition of the specification, proven for all shapes at once.

use framewright_spec::Spec;
use framewright_verifier::{AllSizes, Verifier};

#[test]
fn every_frame_proves_for_all_shapes() {
    let spec = Spec::embedded();
    let verifier = Verifier::new(spec);
    let only = std::env::var("ONLY").ok();
    let mut failures = Vec::new();
    for frame in spec.frames.values() {
        if only.as_ref().is_some_and(|o| !frame.name.starts_with(o.as_str())) { continue; }
        let called = frame.extends.is_none().then_some(None);
        let entered = spec.transitions.values().filter(|t| t.target == frame.name).map(|t| Some(t.name.as_str()));
        for transition in called.into_iter().chain(entered) {
            let start = std::time::Instant::now();
            match verifier.all_sizes(&frame.name, transition) {
                AllSizes::Proven(design) => println!("{} {:?}: {:?} {:?}", frame.name, transition, start.elapsed(), design.figures()),
                AllSizes::Refuted { shape, property, what } => { println!("{} FAIL {property:?} {what} {:?}", frame.name, start.elapsed());
                    failures.push(format!("{}: {property:?} {what}: {}", frame.name, spec.machine_of_frame(&frame.name).expect("m").display_shape(&shape)))},
                other => { println!("{} FAIL {other:?}", frame.name); failures.push(format!("{} {transition:?}: {other:?}", frame.name))},
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
