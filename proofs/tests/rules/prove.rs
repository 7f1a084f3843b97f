//! Proof or counterexample for one rule.
//!
//! ```text
//! facts ∧ guard ∧ ¬left traps  ⇒  ¬right traps ∧ left = right
//! ```
//!
//! Where the solver does not see it at once, the constants are enumerated: a set of values that the guard provably
//! never leaves, and one small proof for each.

use crate::meaning::{Meaning, is_zero, width};
use framewright_compiler::ir::{self, Type};
use framewright_compiler::opt::rule::Rule;
use framewright_compiler::opt::term::Term;
use std::collections::BTreeMap;
use z3::ast::{BV, Bool};
use z3::{Params, SatResult, Solver};

/// Units of the solver's work for one question: little first, so that enumeration gets its turn.
const RLIMITS: [u32; 2] = [1_000_000, 20_000_000];

/// What became of a rule.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It holds for all values.
    Proven,
    /// It fails for these values of its variables.
    Refuted(String),
    /// The solver gave up.
    Unknown,
}

/// Proves a rule or finds values for which it fails.
pub(crate) fn prove(rule: &Rule) -> Answer {
    if let Some(values) = refute_by_numbers(rule) {
        return Answer::Refuted(values);
    }
    let mut answers = RLIMITS.into_iter().map(|rlimit| prove_within(rule, rlimit));
    answers.find(|answer| !matches!(answer, Answer::Unknown)).unwrap_or(Answer::Unknown)
}

/// Values on the edges for which a rule fails, if there are such: quicker than the solver at finding the obvious.
fn refute_by_numbers(rule: &Rule) -> Option<String> {
    let edge = |n: usize, ty: Type| {
        let values =
            [0, 1, 2, 3, 5, 31, 0x80, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1 << 63, u64::MAX - 6, u64::MAX];
        values[n % values.len()] & (u64::MAX >> (64 - width(ty)))
    };
    for n in 0..13usize.pow(rule.vars.0.len().min(3) as u32) {
        let places = [n, n / 13, n / 169, n / 5];
        let values: Vec<u64> =
            rule.vars.0.iter().zip(places.into_iter().cycle()).map(|(v, n)| edge(n, v.ty)).collect();
        let holds =
            rule.when.as_ref().is_none_or(|when| evaluate(when, &values).is_some_and(|bits| bits != 0));
        let Some(left) = evaluate(&rule.left, &values).filter(|_| holds) else { continue };
        let right = evaluate(&rule.right, &values);
        if right != Some(left) {
            let vars = rule.vars.0.iter().zip(&values).map(|(var, bits)| format!("{} = {bits:#x}", var.name));
            let shown: Vec<String> = vars.collect();
            return Some(format!("{}, left = {left:#x}, right = {right:x?}", shown.join(", ")));
        }
    }
    None
}

/// With exact knowledge of the bits.
fn evaluate(term: &Term, values: &[u64]) -> Option<u64> {
    match term {
        Term::Var(v) | Term::Ones(v) => Some(values[*v]),
        Term::Const(_, bits) => Some(*bits),
        Term::Num(op, args) => {
            let args: Option<Vec<u64>> = args.iter().map(|arg| evaluate(arg, values)).collect();
            ir::eval(*op, &args?).ok()
        }
        Term::Select(_, args) => {
            evaluate(&args[if evaluate(&args[0], values)? != 0 { 1 } else { 2 }], values)
        }
    }
}

fn prove_within(rule: &Rule, rlimit: u32) -> Answer {
    // A guard that counts bits speaks of few constants.
    let few = rule.when.as_ref().is_some_and(|when| mentions(when, "popcnt"));
    let families = || prove_families(rule, rlimit);
    let direct = || question(rule, &BTreeMap::new(), rlimit);
    let attempts: [&dyn Fn() -> Answer; 2] = if few { [&families, &direct] } else { [&direct, &families] };
    let mut answers = attempts.iter().map(|attempt| attempt());
    answers.find(|answer| !matches!(answer, Answer::Unknown)).unwrap_or(Answer::Unknown)
}

fn mentions(term: &Term, name: &str) -> bool {
    match term {
        Term::Num(op, args) => op.name().ends_with(name) || args.iter().any(|arg| mentions(arg, name)),
        Term::Select(_, args) => args.iter().any(|arg| mentions(arg, name)),
        _ => false,
    }
}

fn prove_families(rule: &Rule, rlimit: u32) -> Answer {
    for (n, var) in rule.vars.0.iter().enumerate().filter(|(_, var)| var.is_const()) {
        let w = width(var.ty);
        let powers = || (0..w).map(|k| 1u64 << k);
        let families: [Vec<u64>; 4] = [
            powers().collect(),
            powers().map(|p| p + 1).collect(),
            powers().map(|p| p - 1).collect(),
            (0..u64::from(w)).collect(),
        ];
        for family in families.iter().filter(|family| covers(rule, n, family, rlimit)) {
            match prove_family(rule, n, family, rlimit) {
                Answer::Unknown => {}
                answer => return answer,
            }
        }
    }
    Answer::Unknown
}

fn prove_family(rule: &Rule, var: usize, family: &[u64], rlimit: u32) -> Answer {
    for &value in family {
        match question(rule, &BTreeMap::from([(var, value)]), rlimit) {
            Answer::Proven => {}
            answer => return answer,
        }
    }
    Answer::Proven
}

fn solver(rlimit: u32) -> Solver {
    let solver = Solver::new();
    let mut params = Params::new();
    params.set_u32("rlimit", rlimit);
    solver.set_params(&params);
    solver
}

/// Whether the guard lets a constant have none but these values.
fn covers(rule: &Rule, var: usize, values: &[u64], rlimit: u32) -> bool {
    let solver = solver(rlimit);
    let mut meaning = Meaning::new(rule, &BTreeMap::new());
    assume(rule, &mut meaning, &solver);
    let value = meaning.values[var].clone();
    values.iter().for_each(|&v| solver.assert(value.eq(BV::from_u64(v, value.get_size())).not()));
    solver.check() == SatResult::Unsat
}

fn assume(rule: &Rule, meaning: &mut Meaning, solver: &Solver) {
    meaning.facts().into_iter().for_each(|fact| solver.assert(fact));
    if let Some(when) = &rule.when {
        meaning.one_or_not = true;
        let when = meaning.term(when);
        meaning.one_or_not = false;
        solver.assert(is_zero(&when).not());
    }
    // A guard that traps does not hold.
    meaning.traps.drain(..).for_each(|trap| solver.assert(trap.not()));
}

fn question(rule: &Rule, fixed: &BTreeMap<usize, u64>, rlimit: u32) -> Answer {
    let solver = solver(rlimit);
    let mut meaning = Meaning::new(rule, fixed);
    // Products are compared with products.
    meaning.shl_by_mul = mentions(&rule.left, "mul");
    assume(rule, &mut meaning, &solver);
    let left = meaning.term(&rule.left);
    meaning.traps.drain(..).for_each(|trap| solver.assert(trap.not()));
    let right = meaning.term(&rule.right);
    assert_eq!(left.get_size(), right.get_size(), "{}", rule.name);
    let mut wrong: Vec<Bool> = meaning.traps.drain(..).collect();
    wrong.push(left.eq(&right).not());
    solver.assert(Bool::or(&wrong));
    match solver.check() {
        SatResult::Unsat => Answer::Proven,
        SatResult::Unknown => Answer::Unknown,
        SatResult::Sat => {
            let model = solver.get_model().expect("a model");
            let value = |bits: &BV| model.eval(bits, true).and_then(|bits| bits.as_u64()).unwrap_or(0);
            let vars = rule.vars.0.iter().zip(&meaning.values);
            let mut shown: Vec<String> =
                vars.map(|(var, bits)| format!("{} = {:#x}", var.name, value(bits))).collect();
            shown.push(format!("left = {:#x}, right = {:#x}", value(&left), value(&right)));
            Answer::Refuted(shown.join(", "))
        }
    }
}
