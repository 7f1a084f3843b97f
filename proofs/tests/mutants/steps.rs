//! Ways to break the declared steps of a frame: code made from them does what they say, and is refuted by the
//! regions and the contract of the same frame, which stay as they are.

use framewright_spec::Spec;
use framewright_spec::frame::{Order, Step, StepOperand};

/// A specification with one step broken.
pub(crate) struct BrokenSpec {
    /// What was done.
    pub(crate) what: String,
    /// All of it.
    pub(crate) spec: Spec,
}

/// All ways to break the prolog and the epilog of a frame.
pub(crate) fn broken(spec: &Spec, frame: &str) -> Vec<BrokenSpec> {
    let mut list = Vec::new();
    let Some(original) = spec.frames.get(frame) else { return list };
    let lists: [(&str, &[Step]); 2] = [("prolog", &original.prolog), ("epilog", &original.epilog)];
    for (zone, steps) in lists {
        for (what, steps) in variants(steps) {
            let mut spec = spec.clone();
            if let Some(frame) = spec.frames.get_mut(frame) {
                *(if zone == "prolog" { &mut frame.prolog } else { &mut frame.epilog }) = steps;
            }
            list.push(BrokenSpec { what: format!("{frame} {zone}: {what}"), spec });
        }
    }
    list
}

fn variants(steps: &[Step]) -> Vec<(String, Vec<Step>)> {
    let mut variants = Vec::new();
    let mut with = |what: String, change: &dyn Fn(&mut Vec<Step>)| {
        let mut steps = steps.to_vec();
        change(&mut steps);
        variants.push((what, steps));
    };
    // The last step of an epilog returns; what has no return has no epilog to speak of.
    let returns = |step: &Step| matches!(step, Step::Asm { mnemonic, .. } if mnemonic == "ret");
    for (i, step) in steps.iter().enumerate() {
        if !returns(step) {
            with(format!("step {i} dropped"), &|steps| drop(steps.remove(i)));
        }
        if steps.get(i + 1).is_some_and(|next| !returns(next)) {
            with(format!("steps {i} and {} swapped", i + 1), &|steps| steps.swap(i, i + 1));
        }
        match step {
            Step::For { .. } => with(format!("step {i} in the other order"), &|steps| {
                if let Step::For { order, .. } = &mut steps[i] {
                    *order = match order {
                        Order::Ascending => Order::Descending,
                        Order::Descending => Order::Ascending,
                    };
                }
            }),
            Step::Asm { mnemonic, operands } if operands.len() == 1 && !returns(step) => {
                let other = StepOperand::Register("rbx".to_owned());
                let what = format!("step {i} does `{mnemonic} rbx`");
                with(what, &|steps| {
                    if let Step::Asm { operands, .. } = &mut steps[i] {
                        operands[0] = other.clone();
                    }
                });
            }
            _ => {}
        }
    }
    variants
}
