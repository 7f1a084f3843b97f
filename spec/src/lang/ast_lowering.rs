//! The tree of lowerings: how operations are done with a machine's instructions.

use super::ast::{Block, Name, Number};

/// `lower i32.add d, a, b: s12 temps t: int where … { … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lower {
    /// The operation.
    pub name: Name,
    /// Its operands.
    pub params: Vec<LowerParam>,
    /// Registers of its own.
    pub temps: Vec<LowerParam>,
    /// When it may be used.
    pub condition: Option<LowerTerm>,
    /// What is done.
    pub body: Block<LowerStep>,
}

/// `b: s12`, `a`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerParam {
    /// Its name.
    pub name: Name,
    /// `const`, `label`, an operand kind; for a temp `int` or `float`.
    pub class: Option<Name>,
}

/// A step of a lowering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LowerStep {
    /// `go:`: a label within the lowering.
    Label(Name),
    /// `addi d, a, b`: a row or an operation; operands stand on its line.
    Do(Name, Vec<LowerTerm>),
}

/// An operand of a step, or a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LowerTerm {
    /// A param, a temp, a label, a register.
    Name(Name),
    /// A number.
    Number(Number),
    /// `signed(v, 12)`, `distance(l)`, `trap(unreachable)`.
    Apply(Name, Vec<LowerTerm>),
    /// `-v`
    Negative(Box<LowerTerm>),
    /// `a + b`, `a == b`, `a && b`
    Binary(&'static str, Box<[LowerTerm; 2]>),
    /// `v[31:12]`: these bits as an unsigned number.
    Slice(Box<LowerTerm>, Number, Number),
    /// `v in s12`: whether the kind has a code for the number.
    In(Box<LowerTerm>, Name),
}
