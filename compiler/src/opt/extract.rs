//! The cheapest node of every class.
//!
//! The cost of a node is its own, its arguments' own, and all of what those are made of, each counted once:
//!
//! ```text
//! cost(n) = own(n) + Σ own(c) over distinct arguments c + Σ cost(g) over distinct arguments g of those
//! ```
//!
//! So `x*4 + x` pays for `x` once. It always exceeds the cost of each argument; hence the choice has no cycle.

use super::cost::cost;
use super::node::{Graph, Head, Node};
use crate::ir::{NumOp, Type, Value};
use egg::{Id, Language};
use smallvec::SmallVec;

/// The chosen node of each class.
#[derive(Clone, Debug)]
pub(super) struct Extracted {
    best: Vec<Option<Choice>>,
}

#[derive(Clone, Debug)]
struct Choice {
    cost: u64,
    own: u64,
    node: Node,
}

impl Extracted {
    /// Chooses for every class of a rebuilt e-graph, with none but the leaves that are `known`.
    pub(super) fn new(graph: &Graph, known: &dyn Fn(Value) -> bool) -> Extracted {
        let mut classes: Vec<Id> = graph.classes().map(|class| class.id).collect();
        classes.sort_unstable();
        let size = classes.last().map_or(0, |&id| usize::from(id) + 1);
        let mut extracted = Extracted { best: vec![None; size] };
        let mut queued = vec![true; size];
        let mut queue: std::collections::VecDeque<Id> = classes.into();
        while let Some(class) = queue.pop_front() {
            queued[usize::from(class)] = false;
            if !extracted.improve(graph, class, known) {
                continue;
            }
            for user in graph[class].parents().map(|node| graph.find(node)) {
                if !std::mem::replace(&mut queued[usize::from(user)], true) {
                    queue.push_back(user);
                }
            }
        }
        extracted
    }

    /// The chosen node of a class, which must be canonical and of a finite term.
    pub(super) fn node(&self, class: Id) -> &Node {
        let choice = self.best[usize::from(class)].as_ref();
        &choice.unwrap_or_else(|| unreachable!("class {class} has no finite term")).node
    }

    fn improve(&mut self, graph: &Graph, class: Id, known: &dyn Fn(Value) -> bool) -> bool {
        let before = self.best[usize::from(class)].as_ref().map(|choice| choice.cost);
        for node in &graph[class].nodes {
            if matches!(node.head, Head::Leaf(value) if !known(value)) {
                continue;
            }
            let Some((total, own)) = self.price(graph, node) else { continue };
            let best = &mut self.best[usize::from(class)];
            if best.as_ref().is_none_or(|best| total < best.cost) {
                *best = Some(Choice { cost: total, own, node: node.clone() });
            }
        }
        before != self.best[usize::from(class)].as_ref().map(|choice| choice.cost)
    }

    /// Total and own cost; none while an argument has no choice.
    fn price(&self, graph: &Graph, node: &Node) -> Option<(u64, u64)> {
        let by_const = node.children().last().is_some_and(|&id| graph[id].data.constant.is_some());
        let own = u64::from(cost(node.head, by_const));
        let mut total = own;
        let mut below: SmallVec<[Id; 9]> = SmallVec::new();
        for (i, child) in node.children().iter().enumerate() {
            let choice = self.best[usize::from(*child)].as_ref()?;
            if node.children()[..i].contains(child) {
                continue;
            }
            total = total.saturating_add(if scales(node.head, choice, graph) { 1 } else { choice.own });
            for &grandchild in choice.node.children() {
                if !below.contains(&grandchild) {
                    below.push(grandchild);
                    total = total.saturating_add(self.best[usize::from(grandchild)].as_ref()?.cost);
                }
            }
        }
        Some((total, own))
    }
}

/// Whether an addition can take this argument shifted left by 1, 2 or 3 at once, as address arithmetic does.
fn scales(head: Head, argument: &Choice, graph: &Graph) -> bool {
    let shift = match (head, argument.node.head) {
        (Head::Num(NumOp::I32Add), Head::Num(NumOp::I32Shl))
        | (Head::Num(NumOp::I64Add), Head::Num(NumOp::I64Shl)) => argument.node.children()[1],
        _ => return false,
    };
    let fact = graph[shift].data;
    matches!(fact.ty, Type::I32 | Type::I64) && fact.constant.is_some_and(|by| (1..=3).contains(&by))
}
