//! How a running activation moves from one frame to another.

use crate::reg::{Reg, RegSet};

/// One scheme.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Name, as in `sysv.ryujit`.
    pub name: String,
    /// Frame the activation is in before.
    pub source: String,
    /// Frame it is in after; must extend, replace or reuse the source as `disposal` says.
    pub target: String,
    /// What becomes of the source frame.
    pub disposal: Disposal,
    /// Registers that carry a fixed thing at the jump: name of the thing and register (`entry` in rax).
    pub carries: Vec<(String, Reg)>,
    /// Registers that hold at the jump what they held in the source's body (SP and FP among them).
    pub kept: RegSet,
    /// Registers that hold at the entry of the target what they held when the activation began, as a helper that
    /// unwinds the source's frame leaves them; the link register holds the return address again.
    pub restored: RegSet,
    /// Bytes that SP is lower at the entry of the target than in the source's body.
    pub lowered: i64,
    /// Where the choice is explained.
    pub cite: String,
}

/// What a transition does with the source frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposal {
    /// Kept; the target lies below it and inherits its save slots.
    Extend,
    /// Removed before the target is entered.
    Replace,
    /// Its bytes become part of the target.
    Reuse,
}
