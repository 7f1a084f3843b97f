//! Rules made ready for the e-graph, and the loop that applies them.
//!
//! Each round searches only the classes that changed in the one before (and their users, as far up as a pattern can
//! see), and only the rules whose outermost instruction a class has. Rounds and nodes are limited in proportion to
//! the function, never by the clock, so the same function always gives the same code.

use super::Stats;
use super::node::{Graph, Head, Node};
use super::rule::{Rule, rules};
use super::term::Term;
use crate::ir::{self, NumOp, Type};
use egg::{ENodeOrVar, Id, Language, Pattern, PatternAst, Searcher, Subst, Var};
use std::sync::LazyLock;

/// Rounds of rewriting at most.
const MAX_ROUNDS: u32 = 8;
/// The e-graph may grow to so many times its size, and a little more.
const MAX_GROWTH: usize = 4;
const GROWTH_FLOOR: usize = 200;
/// Ways one rule may match one class in one round.
const MAX_MATCHES: usize = 8;
/// How far above a change a pattern may start.
const PATTERN_DEPTH: usize = 3;

/// A rule and its pattern.
struct Compiled {
    rule: &'static Rule,
    pattern: Pattern<Node>,
}

/// Compiled rules by outermost instruction: [`NumOp`]s in the order of their table, then `select`.
static COMPILED: LazyLock<Vec<Vec<Compiled>>> = LazyLock::new(|| {
    let mut table: Vec<Vec<Compiled>> = Vec::new();
    table.resize_with(NumOp::ALL.len() + 1, Vec::new);
    for rule in rules() {
        let root = match rule.left {
            Term::Num(op, _) => head_index(Head::Num(op)),
            _ => head_index(Head::Select),
        };
        let mut ast = PatternAst::default();
        add_pattern(&rule.left, &mut ast);
        table[root.unwrap_or(NumOp::ALL.len())].push(Compiled { rule, pattern: Pattern::new(ast) });
    }
    table
});

fn head_index(head: Head) -> Option<usize> {
    match head {
        Head::Num(op) => Some(op as usize),
        Head::Select => Some(NumOp::ALL.len()),
        Head::Const(..) | Head::Leaf(_) => None,
    }
}

fn add_pattern(term: &Term, ast: &mut PatternAst<Node>) -> Id {
    let mut node = |head, args: &[Term]| {
        let args: Vec<Id> = args.iter().map(|arg| add_pattern(arg, ast)).collect();
        ast.add(ENodeOrVar::ENode(Node::new(head, &args)))
    };
    match term {
        Term::Num(op, args) => node(Head::Num(*op), args),
        Term::Select(_, args) => node(Head::Select, args),
        Term::Const(ty, bits) => node(Head::Const(*ty, *bits), &[]),
        Term::Var(v) | Term::Ones(v) => ast.add(ENodeOrVar::Var(variable(*v))),
    }
}

fn variable(index: usize) -> Var {
    Var::from_u32(index as u32)
}

/// Makes the rules ready, which otherwise the first function waits for.
pub(super) fn prepare() {
    LazyLock::force(&COMPILED);
}

/// Applies the rules until nothing changes or a limit is reached. The e-graph is rebuilt.
pub(super) fn saturate(graph: &mut Graph, stats: &mut Stats) {
    let limit = graph.total_size() * MAX_GROWTH + GROWTH_FLOOR;
    graph.rebuild();
    graph.analysis.changed.clear();
    let mut dirty: Vec<Id> = graph.classes().map(|class| class.id).collect();
    dirty.sort_unstable();
    for _ in 0..MAX_ROUNDS {
        if dirty.is_empty() || graph.total_size() > limit {
            break;
        }
        stats.iterations += 1;
        for (rule, class, subst) in search(graph, &dirty) {
            let right = build(&rule.right, &subst, graph);
            let right = right.class(graph);
            if graph.union(class, right) {
                *stats.fired.entry(&rule.name).or_default() += 1;
            }
            if graph.total_size() > limit {
                break;
            }
        }
        graph.rebuild();
        dirty = changed(graph);
    }
    stats.nodes = stats.nodes.max(graph.total_size());
}

/// Matches whose guards hold.
fn search(graph: &Graph, classes: &[Id]) -> Vec<(&'static Rule, Id, Subst)> {
    let mut found = Vec::new();
    for &class in classes {
        // Nodes of one head are neighbours.
        for nodes in graph[class].nodes.chunk_by(|a, b| a.head == b.head) {
            let Some(root) = head_index(nodes[0].head) else { continue };
            for Compiled { rule, pattern } in &COMPILED[root] {
                if !nodes.iter().any(|node| plausible(rule, node, graph)) {
                    continue;
                }
                let matches = pattern.search_eclass_with_limit(graph, class, MAX_MATCHES);
                let substs = matches.into_iter().flat_map(|matches| matches.substs);
                found.extend(substs.filter(|s| holds(rule, s, graph)).map(|s| (*rule, class, s)));
            }
        }
    }
    found
}

/// Whether the arguments look like those on the left of a rule: cheap, and nearly always no.
fn plausible(rule: &Rule, node: &Node, graph: &Graph) -> bool {
    let (Term::Num(_, args) | Term::Select(_, args)) = &rule.left else { return true };
    args.iter().zip(node.children()).all(|(arg, &child)| {
        let class = &graph[child];
        match arg {
            Term::Const(_, bits) => class.data.constant == Some(*bits),
            Term::Var(v) => !rule.vars.0[*v].is_const() || class.data.constant.is_some(),
            Term::Num(op, _) => class.nodes.iter().any(|node| node.head == Head::Num(*op)),
            Term::Select(..) => class.nodes.iter().any(|node| node.head == Head::Select),
            Term::Ones(_) => true,
        }
    })
}

/// The classes that changed since last asked, and those that may match because of it.
fn changed(graph: &mut Graph) -> Vec<Id> {
    let mut all: Vec<Id> = std::mem::take(&mut graph.analysis.changed);
    let mut from = 0;
    canonical(graph, &mut all);
    for _ in 1..PATTERN_DEPTH {
        let users: Vec<Id> = all[from..].iter().flat_map(|&class| graph[class].parents()).collect();
        from = all.len();
        all.extend(users.iter().map(|&node| graph.find(node)));
    }
    canonical(graph, &mut all);
    all
}

fn canonical(graph: &Graph, ids: &mut Vec<Id>) {
    ids.iter_mut().for_each(|id| *id = graph.find(*id));
    ids.sort_unstable();
    ids.dedup();
}

fn holds(rule: &Rule, subst: &Subst, graph: &Graph) -> bool {
    let constant = |v: usize| graph[subst[variable(v)]].data.constant;
    let mut vars = rule.vars.0.iter().enumerate();
    vars.all(|(v, var)| !var.is_const() || constant(v).is_some())
        && rule.when.as_ref().is_none_or(|when| value(when, subst, graph).is_some_and(|bits| bits != 0))
}

/// The value of a term over constants; none if it traps or is not one.
fn value(term: &Term, subst: &Subst, graph: &Graph) -> Option<u64> {
    match term {
        Term::Var(v) => graph[subst[variable(*v)]].data.constant,
        Term::Ones(v) => Some(graph[subst[variable(*v)]].data.ones),
        Term::Const(_, bits) => Some(*bits),
        Term::Num(op, args) => {
            let args: Option<smallvec::SmallVec<[u64; 2]>> =
                args.iter().map(|a| value(a, subst, graph)).collect();
            ir::eval(*op, &args?).ok()
        }
        Term::Select(_, args) => {
            value(if value(&args[0], subst, graph)? != 0 { &args[1] } else { &args[2] }, subst, graph)
        }
    }
}

/// A built term: constants stay outside the e-graph until something uses them.
enum Built {
    Const(Type, u64),
    Class(Id),
}

impl Built {
    fn class(self, graph: &mut Graph) -> Id {
        match self {
            Built::Const(ty, bits) => graph.add(Node::new(Head::Const(ty, bits), &[])),
            Built::Class(id) => id,
        }
    }
}

fn build(term: &Term, subst: &Subst, graph: &mut Graph) -> Built {
    let (head, args) = match term {
        Term::Const(ty, bits) => return Built::Const(*ty, *bits),
        Term::Var(v) | Term::Ones(v) => {
            let class = subst[variable(*v)];
            let fact = graph[class].data;
            return fact.constant.map_or(Built::Class(class), |bits| Built::Const(fact.ty, bits));
        }
        Term::Num(op, args) => (Head::Num(*op), args),
        Term::Select(_, args) => (Head::Select, args),
    };
    let args: smallvec::SmallVec<[Built; 3]> = args.iter().map(|arg| build(arg, subst, graph)).collect();
    if let Head::Num(op) = head {
        let bits = args.iter().map(|arg| match arg {
            Built::Const(_, bits) => Some(*bits),
            Built::Class(_) => None,
        });
        let bits: Option<smallvec::SmallVec<[u64; 2]>> = bits.collect();
        if let Some(bits) = bits.and_then(|bits| ir::eval(op, &bits).ok()) {
            return Built::Const(op.result(), bits);
        }
    }
    let args: smallvec::SmallVec<[Id; 3]> = args.into_iter().map(|arg| arg.class(graph)).collect();
    Built::Class(graph.add(Node::new(head, &args)))
}

#[cfg(test)]
mod tests {
    use super::super::node::{Fact, Facts};
    use super::super::term::mask;
    use super::*;
    use crate::ir::Value;

    const CONSTANTS: &[u64] = &[
        0,
        1,
        2,
        3,
        4,
        5,
        7,
        8,
        16,
        24,
        31,
        32,
        33,
        63,
        64,
        127,
        128,
        255,
        256,
        0xffff,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
        0x3f80_0000,
        0xbf80_0000,
        0x3ff0_0000_0000_0000,
        0xbff0_0000_0000_0000,
        u64::MAX - 1,
        u64::MAX,
        1 << 63,
    ];
    const MASKS: &[u64] = &[u64::MAX, 1, 7, 0x7f, 0xff, 0x7fff_ffff, 0xffff_ffff, u64::MAX >> 1, 2];

    /// What stands for the variables of a rule: constants, or leaves that may have some bits set.
    struct Instance {
        constants: Vec<Option<u64>>,
        ones: Vec<u64>,
    }

    /// Numbers from a fixed sequence (SplitMix64).
    fn random(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn evaluate(term: &Term, values: &[u64], ones: &[u64]) -> Option<u64> {
        match term {
            Term::Var(v) => Some(values[*v]),
            Term::Ones(v) => Some(ones[*v]),
            Term::Const(_, bits) => Some(*bits),
            Term::Num(op, args) => {
                let args: Option<Vec<u64>> = args.iter().map(|arg| evaluate(arg, values, ones)).collect();
                ir::eval(*op, &args?).ok()
            }
            Term::Select(_, args) => {
                let condition = evaluate(&args[0], values, ones)?;
                evaluate(&args[if condition != 0 { 1 } else { 2 }], values, ones)
            }
        }
    }

    /// Constants and masks for which the guard holds.
    fn instance(rule: &Rule) -> Instance {
        let mut state = 1;
        for _ in 0..2_000_000 {
            let mut pick = |list: &[u64]| list[random(&mut state) as usize % list.len()];
            let vars = &rule.vars.0;
            let constants: Vec<_> =
                vars.iter().map(|var| var.is_const().then(|| pick(CONSTANTS) & mask(var.ty))).collect();
            let ones: Vec<u64> = vars.iter().map(|var| pick(MASKS) & mask(var.ty)).collect();
            let values: Vec<u64> = constants.iter().map(|constant| constant.unwrap_or(0)).collect();
            let holds =
                rule.when.as_ref().is_none_or(|when| evaluate(when, &values, &ones).is_some_and(|v| v != 0));
            // A division that would trap has no node.
            let probes: Vec<u64> = constants.iter().map(|constant| constant.unwrap_or(1)).collect();
            if holds && evaluate(&rule.left, &probes, &ones).is_some() {
                return Instance { constants, ones };
            }
        }
        panic!("{}: nothing satisfies the guard", rule.name);
    }

    fn add(term: &Term, vars: &[Id], graph: &mut Graph) -> Id {
        let (head, args) = match term {
            Term::Var(v) | Term::Ones(v) => return vars[*v],
            Term::Const(ty, bits) => (Head::Const(*ty, *bits), [].as_slice()),
            Term::Num(op, args) => (Head::Num(*op), args.as_slice()),
            Term::Select(_, args) => (Head::Select, args.as_slice()),
        };
        let args: Vec<Id> = args.iter().map(|arg| add(arg, vars, graph)).collect();
        graph.add(Node::new(head, &args))
    }

    #[test]
    fn every_rule_fires() {
        for rule in rules() {
            let Instance { constants, ones } = instance(rule);
            let vars = rule.vars.0.iter().enumerate();
            let leaves =
                vars.clone().map(|(n, var)| Fact { ones: ones[n], ..Fact::unknown(var.ty) }).collect();
            let mut graph = Graph::new(Facts { leaves, changed: Vec::new() });
            let head =
                |n: usize, ty| constants[n].map_or(Head::Leaf(Value(n as u32)), |bits| Head::Const(ty, bits));
            let ids: Vec<Id> = vars.map(|(n, var)| graph.add(Node::new(head(n, var.ty), &[]))).collect();
            let left = add(&rule.left, &ids, &mut graph);
            graph.rebuild();
            let found = search(&graph, &[graph.find(left)]);
            let (_, class, subst) = found
                .into_iter()
                .find(|(found, ..)| found.name == rule.name)
                .unwrap_or_else(|| panic!("{} does not fire for {constants:x?} and {ones:x?}", rule.name));
            let right = build(&rule.right, &subst, &mut graph).class(&mut graph);
            graph.union(class, right);
            graph.rebuild();
            saturate(&mut graph, &mut Stats::default());
        }
    }

    #[test]
    fn every_rule_holds_for_numbers() {
        let mut state = 7;
        for rule in rules() {
            let Instance { constants, ones } = instance(rule);
            for _ in 0..200 {
                let vars = rule.vars.0.iter().enumerate();
                let value = |(n, _): (usize, &super::super::term::Var)| {
                    constants[n].unwrap_or_else(|| random(&mut state) & ones[n])
                };
                let values: Vec<u64> = vars.map(value).collect();
                let Some(left) = evaluate(&rule.left, &values, &ones) else { continue };
                assert_eq!(Some(left), evaluate(&rule.right, &values, &ones), "{} at {values:x?}", rule.name);
            }
        }
    }

    #[test]
    fn known_bits_cover_the_values() {
        use super::super::known::ones;
        let mut state = 3;
        let integer = |ty: &Type| matches!(ty, Type::I32 | Type::I64);
        let ops = NumOp::ALL.iter().filter(|op| op.args().iter().all(integer) && integer(&op.result()));
        for &op in ops {
            for round in 0..2000 {
                let mut facts = Vec::new();
                let mut values = Vec::new();
                for (n, &ty) in op.args().iter().enumerate() {
                    let mask =
                        (random(&mut state) & random(&mut state) & mask(ty)) >> (random(&mut state) % 32);
                    let value = random(&mut state) & mask;
                    let constant = n == 1 && round % 2 == 0;
                    let mask = if constant { value } else { mask };
                    facts.push(Fact { ty, constant: constant.then_some(value), ones: mask });
                    values.push(value);
                }
                let Ok(result) = ir::eval(op, &values) else { continue };
                let known = ones(op, &facts);
                assert_eq!(result & !known, 0, "{} of {values:x?} with {facts:x?}", op.name());
            }
        }
    }
}
