//! `--trace`: each transition, told while the program runs.

use super::output;
use framewright::engine::stats::micros;
use framewright::engine::trace::{Observer, Transition};
use framewright_spec::draw::draw_frame;
use framewright_spec::{Claim, Spec};
use std::sync::Arc;

/// An observer that tells of everything on standard error.
pub(crate) fn observer(spec: Arc<Spec>) -> Observer {
    let transition = move |event: &Transition<'_>| output::note(describe(&spec, event));
    let tier_up =
        |function: &str| output::note(format!("tier-up: {function} has optimized code for its next calls"));
    Observer { on_transition: Some(Box::new(transition)), on_tier_up: Some(Box::new(tier_up)) }
}

fn describe(spec: &Spec, event: &Transition<'_>) -> String {
    let Transition { function, patchpoint, passes, made } = event;
    let passes = if *passes == 1 { "its first pass".to_owned() } else { format!("{passes} passes") };
    let head = format!("transition: {function}, loop {patchpoint}, after {passes}");
    let Some(made) = made else { return head };
    let draw = |claim: &Claim| match spec.layout(&claim.frame, &claim.shape) {
        Ok(layout) => draw_frame(spec, &layout),
        Err(error) => format!("{error}\n"),
    };
    format!(
        "{head}\n  compiled in {}, proven in {}, entered at {:#x}\nfrom\n{}to\n{}",
        micros(made.compile),
        micros(made.proof),
        made.entry,
        draw(&made.source),
        draw(&made.claim)
    )
}
