//! Who is told of tier changes while a program runs.

use super::code::Made;

/// An activation moved from tier-0 code to an OSR method.
#[derive(Debug)]
pub struct Transition<'a> {
    /// The function.
    pub function: String,
    /// The patchpoint's number within it.
    pub patchpoint: u32,
    /// Passes of the loop before the counter ran out.
    pub passes: u64,
    /// The method, if it was made for this transition.
    pub made: Option<&'a Made>,
}

/// Called at a transition.
pub type OnTransition = Box<dyn FnMut(&Transition<'_>)>;
/// Called with the name of a function.
pub type OnTierUp = Box<dyn FnMut(&str)>;

/// Receives events; silent unless given something to call.
#[derive(Default)]
pub struct Observer {
    /// Called at each transition that is observed.
    pub on_transition: Option<OnTransition>,
    /// Called when a function gets optimized code for its next calls.
    pub on_tier_up: Option<OnTierUp>,
}

impl Observer {
    pub(super) fn transition(&mut self, event: &Transition) {
        if let Some(call) = &mut self.on_transition {
            call(event);
        }
    }

    pub(super) fn tiered_up(&mut self, function: &str) {
        if let Some(call) = &mut self.on_tier_up {
            call(function);
        }
    }
}
