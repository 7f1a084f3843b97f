//! Queries as SMT-LIB 2 text (logic QF_BV), for other solvers and for people.
//!
//! ```text
//! declarations │ terms, each defined once │ facts │ one named condition an obligation │ "not all of them"  ⇒  unsat
//! ```
//!
//! The text is written from the terms and conditions, not from what the solver's interface was given, so that an
//! agreement of answers also speaks for the translation in [`crate::solver`].

use crate::concrete::mask;
use crate::term::{Node, Symbol, Term, Terms};
use crate::vc::{Goal, Vc};
use framewright_spec::Machine;
use framewright_spec::meaning::Function;
use rustc_hash::FxHashSet;
use std::fmt::{self, Display, Formatter, Write};

/// A question that was put to the solver, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What it is about: the code's name, or the contract whose preconditions must have a model.
    pub name: String,
    /// SMT-LIB 2.6: one `check-sat`.
    pub text: String,
    /// Whether a model was found: of a proof, none; of preconditions, one. `None`: the solver gave up.
    pub satisfiable: Option<bool>,
}

impl Display for Query {
    /// The text with what it is about and the answer, ready for a file.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let status = match self.satisfiable {
            Some(true) => "sat",
            Some(false) => "unsat",
            None => "unknown",
        };
        writeln!(f, "; {}", one_line(&self.name))?;
        writeln!(f, "(set-info :smt-lib-version 2.6)")?;
        writeln!(f, "(set-info :source |Framewright {}|)", env!("CARGO_PKG_VERSION"))?;
        writeln!(f, "(set-info :status {status})")?;
        writeln!(f, "{}(exit)", self.text)
    }
}

/// What a query is made of.
pub(crate) struct Script<'a> {
    pub machine: &'a Machine,
    pub terms: &'a Terms,
    /// What is known.
    pub facts: &'a [Goal],
    /// What must hold. Empty: the facts alone are asked about.
    pub conditions: &'a [Vc],
}

impl Script<'_> {
    /// The text, without the answer.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        let mut roots: Vec<Term> = self.facts.iter().flat_map(Goal::terms).collect();
        for vc in self.conditions {
            roots.extend(vc.goal.terms());
            roots.extend(vc.conditions());
        }
        writeln!(out, "(set-logic QF_BV)")?;
        for term in self.terms.closure(&roots) {
            self.define(out, term)?;
        }
        for fact in self.facts {
            writeln!(out, "(assert {})", self.goal(fact))?;
        }
        let mut seen = FxHashSet::default();
        let mut names = Vec::new();
        for (number, vc) in self.conditions.iter().enumerate() {
            let under = vc.conditions();
            // The same statement on another path is the same condition.
            if !seen.insert((vc.goal, under.clone())) {
                continue;
            }
            writeln!(out, "; {:?} ({}) at {}: {}", vc.property, vc.property, vc.at, one_line(&vc.item))?;
            let goal = self.goal(&vc.goal);
            write!(out, "(define-fun |condition {number}| () Bool ")?;
            match &under[..] {
                [] => writeln!(out, "{goal})")?,
                under => {
                    let under: String = under.iter().map(|&t| format!(" (= {} #b1)", self.name(t))).collect();
                    writeln!(out, "(=> (and true{under}) {goal}))")?;
                }
            }
            names.push(format!("|condition {number}|"));
        }
        if !self.conditions.is_empty() {
            writeln!(out, "(assert (not (and true {})))", names.join(" "))?;
        }
        writeln!(out, "(check-sat)")
    }

    fn define(&self, out: &mut String, term: Term) -> fmt::Result {
        let width = self.terms.width(term);
        match self.terms.node(term) {
            Node::Const(_) => Ok(()),
            Node::Symbol(_) => writeln!(out, "(declare-const {} (_ BitVec {width}))", self.name(term)),
            node => match self.body(node, width) {
                Some(body) => writeln!(out, "(define-fun {} () (_ BitVec {width}) {body})", self.name(term)),
                // Known by name only: any value.
                None => writeln!(out, "(declare-const {} (_ BitVec {width}))", self.name(term)),
            },
        }
    }

    fn name(&self, term: Term) -> String {
        match self.terms.node(term) {
            Node::Const(value) => Number(*value, self.terms.width(term)).to_string(),
            Node::Symbol(symbol) => format!("|{}|", symbol_name(*symbol, self.machine)),
            _ => format!("|{term:?}|"),
        }
    }

    fn body(&self, node: &Node, width: u32) -> Option<String> {
        let name = |t: &Term| self.name(*t);
        Some(match node {
            Node::Const(_) | Node::Symbol(_) => return None,
            Node::Sum(k, addends) => {
                addends.iter().fold(Number(*k, width).to_string(), |sum, (t, coefficient)| match *coefficient
                {
                    1 => format!("(bvadd {sum} {})", name(t)),
                    c if c == mask(width) => format!("(bvsub {sum} {})", name(t)),
                    c => format!("(bvadd {sum} (bvmul {} {}))", name(t), Number(c, width)),
                })
            }
            Node::Extract(t, low) => format!("((_ extract {} {low}) {})", low + width - 1, name(t)),
            Node::Concat(high, low) => format!("(concat {} {})", name(high), name(low)),
            Node::Extend(signed, t) => {
                let how = if *signed { "sign_extend" } else { "zero_extend" };
                format!("((_ {how} {}) {})", width - self.terms.width(*t), name(t))
            }
            Node::Ite(c, a, b) => format!("(ite (= {} #b1) {} {})", name(c), name(a), name(b)),
            Node::Apply(function, args) => {
                let args: Vec<(String, u32)> = args.iter().map(|t| (name(t), self.terms.width(*t))).collect();
                apply(function, &args)?
            }
        })
    }

    fn goal(&self, goal: &Goal) -> String {
        let name = |t: Term| self.name(t);
        match *goal {
            Goal::Equal { actual, expected } => format!("(= {} {})", name(actual), name(expected)),
            Goal::Within { address, bytes, from, low, high } => {
                let at = format!("(bvsub {} {})", name(address), name(from));
                let last = high.saturating_sub(i64::from(bytes));
                let bound = |bytes: i64| Number(u128::from(bytes as u64), 64);
                format!("(and (bvsle {} {at}) (bvsle {at} {}))", bound(low), bound(last))
            }
            Goal::Multiple { value, of } => {
                let width = self.terms.width(value);
                let below = Number(u128::from(of) - 1, width);
                format!("(= (bvand {} {below}) {})", name(value), Number(0, width))
            }
            Goal::Holds(term) => format!("(= {} #b1)", name(term)),
            Goal::Fact(holds) => holds.to_string(),
        }
    }
}

/// A function of the model; `None` for those known by name only. Arguments with their widths.
fn apply(function: &Function, args: &[(String, u32)]) -> Option<String> {
    use Function as F;
    Some(match args {
        [(a, width)] => match function {
            F::Not => format!("(bvnot {a})"),
            F::Neg => format!("(bvneg {a})"),
            F::Popcount => {
                let bits: String = (0..*width).map(|i| format!(" {}", wide_bit(a, i, *width))).collect();
                format!("(bvadd {}{bits})", Number(0, *width))
            }
            F::Parity => {
                let bits: String = (0..8).map(|i| format!(" ((_ extract {i} {i}) {a})")).collect();
                format!("(bvxor #b1{bits})")
            }
            F::LeadingZeros => first_set(a, *width, 0..*width),
            F::TrailingZeros => first_set(a, *width, (0..*width).rev()),
            _ => return None,
        },
        [(a, width), (b, _)] => match function {
            F::RotL => rotate("bvshl", "bvlshr", a, b, *width),
            F::RotR => rotate("bvlshr", "bvshl", a, b, *width),
            F::Concat => format!("(concat {a} {b})"),
            F::Eq => bit(&format!("(= {a} {b})")),
            F::Ne => bit(&format!("(distinct {a} {b})")),
            F::Ult => bit(&format!("(bvult {a} {b})")),
            F::Ule => bit(&format!("(bvule {a} {b})")),
            F::Slt => bit(&format!("(bvslt {a} {b})")),
            F::Sle => bit(&format!("(bvsle {a} {b})")),
            _ => format!("({} {a} {b})", operator(function)?),
        },
        _ => return None,
    })
}

/// The name of a function of two vectors of one width that SMT-LIB has too.
fn operator(function: &Function) -> Option<&'static str> {
    use Function as F;
    Some(match function {
        F::Add => "bvadd",
        F::Sub => "bvsub",
        F::Mul => "bvmul",
        F::UDiv => "bvudiv",
        F::URem => "bvurem",
        F::SDiv => "bvsdiv",
        F::SRem => "bvsrem",
        F::And => "bvand",
        F::Or => "bvor",
        F::Xor => "bvxor",
        F::Shl => "bvshl",
        F::LShr => "bvlshr",
        F::AShr => "bvashr",
        _ => return None,
    })
}

fn bit(condition: &str) -> String {
    format!("(ite {condition} #b1 #b0)")
}

/// One bit as a vector of the width.
fn wide_bit(a: &str, i: u32, width: u32) -> String {
    format!("((_ zero_extend {}) ((_ extract {i} {i}) {a}))", width - 1)
}

/// SMT-LIB rotates by constants only.
fn rotate(to: &str, back: &str, a: &str, by: &str, width: u32) -> String {
    let all = Number(u128::from(width), width);
    let by = format!("(bvurem {by} {all})");
    format!("(bvor ({to} {a} {by}) ({back} {a} (bvsub {all} {by})))")
}

/// The number of clear bits before the last set one of a sequence whose end counts from zero.
fn first_set(a: &str, width: u32, sequence: impl Iterator<Item = u32>) -> String {
    let mut rest = Number(u128::from(width), width).to_string();
    for (number, i) in sequence.enumerate() {
        let count = Number(u128::from(width) - 1 - number as u128, width);
        rest = format!("(ite (= ((_ extract {i} {i}) {a}) #b1) {count} {rest})");
    }
    rest
}

/// A number of a width, in hexadecimal where the width allows it.
struct Number(u128, u32);

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Number(value, width) = *self;
        let value = value & mask(width);
        match width % 4 {
            0 => write!(f, "#x{value:0digits$x}", digits = width as usize / 4),
            _ => write!(f, "#b{value:0digits$b}", digits = width as usize),
        }
    }
}

/// A symbol's name, without the bars that quote it.
fn symbol_name(symbol: Symbol, machine: &Machine) -> String {
    let register = |reg| &machine.register(reg).name;
    match symbol {
        Symbol::Cfa => "cfa".to_owned(),
        Symbol::Code => "code".to_owned(),
        Symbol::ReturnAddress => "return address".to_owned(),
        Symbol::Entry(reg) => format!("{} at entry", register(reg)),
        Symbol::Source(reg) => format!("{} of the source", register(reg)),
        Symbol::Home(index) => format!("state value {index}"),
        Symbol::Initial(at, bytes) => format!("memory at {at} for {bytes}"),
        Symbol::Join(block, reg) => format!("{} at block {block}", register(reg)),
        Symbol::FrameJoin(block, reg) => format!("{} at block {block}, of the frame", register(reg)),
        Symbol::Round(block) => format!("rounds of the loop at {block}"),
        Symbol::Lowered(block) => format!("SP at block {block}, lowered"),
        Symbol::Fresh(number) => format!("any {number}"),
    }
}

/// Text that cannot end a comment.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
