//! Lowerings as text. Steps have no breaks: operands must stand on the line of their mnemonic.

use super::ast::*;
use super::parse_lowering::{IN_RANK, LOWER_RANKS};

/// `lower i32.add d, a, b: s12 temps t: int where … `, up to the body.
pub(super) fn heading(lower: &Lower) -> String {
    let mut text = format!("lower {} ", lower.name.text);
    let list = |params: &[LowerParam]| {
        let one = |p: &LowerParam| match &p.class {
            Some(class) => format!("{}: {}", p.name.text, class.text),
            None => p.name.text.clone(),
        };
        params.iter().map(one).collect::<Vec<String>>().join(", ")
    };
    if !lower.params.is_empty() {
        text += &format!("{} ", list(&lower.params));
    }
    if !lower.temps.is_empty() {
        text += &format!("temps {} ", list(&lower.temps));
    }
    if let Some(condition) = &lower.condition {
        text += &format!("where {} ", term(condition));
    }
    text
}

/// A body of one step without comments, on one line.
pub(super) fn only_step(lower: &Lower) -> Option<String> {
    let [line] = lower.body.lines.as_slice() else { return None };
    let bare = line.above.is_empty() && line.beside.is_none() && lower.body.below.is_empty();
    bare.then(|| format!("{{ {} }}", step(&line.node)))
}

/// A step.
pub(super) fn step(step: &LowerStep) -> String {
    match step {
        LowerStep::Label(name) => format!("{}:", name.text),
        LowerStep::Do(name, operands) if operands.is_empty() => name.text.clone(),
        LowerStep::Do(name, operands) => {
            let operands: Vec<String> = operands.iter().map(term).collect();
            format!("{} {}", name.text, operands.join(", "))
        }
    }
}

/// A term.
pub(super) fn term(of: &LowerTerm) -> String {
    ranked(of, 0)
}

/// A term where only those of a rank or tighter may stand without parentheses.
fn ranked(of: &LowerTerm, least: usize) -> String {
    let tightest = LOWER_RANKS.len();
    let (text, rank) = match of {
        LowerTerm::Name(name) => (name.text.clone(), tightest + 1),
        LowerTerm::Number(number) if number.hex => (format!("{:#x}", number.value), tightest + 1),
        LowerTerm::Number(number) => (number.value.to_string(), tightest + 1),
        LowerTerm::Apply(name, args) => {
            let args: Vec<String> = args.iter().map(term).collect();
            (format!("{}({})", name.text, args.join(", ")), tightest + 1)
        }
        LowerTerm::Negative(value) => (format!("-{}", ranked(value, tightest)), tightest),
        LowerTerm::Slice(value, high, low) => {
            let number = |n: &Number| ranked(&LowerTerm::Number(*n), 0);
            (format!("{}[{}:{}]", ranked(value, tightest + 1), number(high), number(low)), tightest + 1)
        }
        LowerTerm::In(value, kind) => (format!("{} in {}", ranked(value, IN_RANK), kind.text), IN_RANK),
        LowerTerm::Binary(op, sides) => {
            let rank = LOWER_RANKS.iter().position(|ops| ops.contains(op)).unwrap_or(0);
            (format!("{} {op} {}", ranked(&sides[0], rank), ranked(&sides[1], rank + 1)), rank)
        }
    };
    if rank >= least { text } else { format!("({text})") }
}
