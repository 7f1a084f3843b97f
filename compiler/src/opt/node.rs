//! The e-graph: nodes and the facts known of each class.
//!
//! A node is a constant, a pure instruction over classes, or a leaf: a value the e-graph does not look into (block
//! parameter, load, call …). The control-flow graph stays outside as a skeleton.
//!
//! Two facts per class: its constant, if it is one (computed exactly, so folding needs no rule), and a mask outside
//! which no bit can be set.

use super::known::ones;
use super::term::mask;
use crate::ir::{self, NumOp, Type, Value};
use egg::{Analysis, DidMerge, EGraph, Id, Language};

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Head {
    /// A constant: type and bits, zero-extended.
    Const(Type, u64),
    /// A value that is not looked into.
    Leaf(Value),
    /// A numeric instruction that cannot trap here.
    Num(NumOp),
    /// `select c, a, b`.
    Select,
}

impl Head {
    fn arity(self) -> usize {
        match self {
            Head::Const(..) | Head::Leaf(_) => 0,
            Head::Num(op) => op.args().len(),
            Head::Select => 3,
        }
    }
}

/// A node of the e-graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Node {
    /// What it does.
    pub(super) head: Head,
    args: [Id; 3],
}

impl Node {
    /// A node over classes; there must be as many as the head takes.
    pub(super) fn new(head: Head, args: &[Id]) -> Node {
        assert_eq!(args.len(), head.arity(), "{head:?}");
        let mut node = Node { head, args: [Id::from(0); 3] };
        node.args[..args.len()].copy_from_slice(args);
        node
    }
}

impl Language for Node {
    type Discriminant = Head;

    fn discriminant(&self) -> Head {
        self.head
    }

    fn matches(&self, other: &Node) -> bool {
        self.head == other.head
    }

    fn children(&self) -> &[Id] {
        &self.args[..self.head.arity()]
    }

    fn children_mut(&mut self) -> &mut [Id] {
        &mut self.args[..self.head.arity()]
    }
}

/// What is known of every value of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    /// Its type.
    pub(super) ty: Type,
    /// Its bits, if it is a constant.
    pub(super) constant: Option<u64>,
    /// Bits that may be set.
    pub(super) ones: u64,
}

impl Fact {
    /// Nothing but the type.
    pub(super) fn unknown(ty: Type) -> Fact {
        Fact { ty, constant: None, ones: mask(ty) }
    }
}

/// What the e-graph is told, and what it tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The facts of the leaves, by [`Value`].
    pub(super) leaves: Vec<Fact>,
    /// Classes that are new, grew, or of which more is known, since last cleared.
    pub(super) changed: Vec<Id>,
}

/// The e-graph of one function.
pub(super) type Graph = EGraph<Node, Facts>;

impl Analysis<Node> for Facts {
    type Data = Fact;

    fn make(graph: &mut Graph, node: &Node, _id: Id) -> Fact {
        let fact = |i: usize| graph[node.children()[i]].data;
        match node.head {
            Head::Const(ty, bits) => Fact { ty, constant: Some(bits), ones: bits },
            Head::Leaf(value) => graph.analysis.leaves[value.index()],
            Head::Select => {
                let (a, b) = (fact(1), fact(2));
                let constant = if a.constant == b.constant { a.constant } else { None };
                Fact { ty: a.ty, constant, ones: a.ones | b.ones }
            }
            Head::Num(op) => {
                let args: smallvec::SmallVec<[Fact; 2]> = (0..op.args().len()).map(fact).collect();
                let bits: Option<smallvec::SmallVec<[u64; 2]>> = args.iter().map(|a| a.constant).collect();
                match bits.and_then(|bits| ir::eval(op, &bits).ok()) {
                    Some(bits) => Fact { ty: op.result(), constant: Some(bits), ones: bits },
                    None => Fact { ty: op.result(), constant: None, ones: ones(op, &args) },
                }
            }
        }
    }

    fn merge(&mut self, to: &mut Fact, from: Fact) -> DidMerge {
        let merged = Fact { ty: to.ty, constant: to.constant.or(from.constant), ones: to.ones & from.ones };
        let did = DidMerge(merged != *to, merged != from);
        *to = merged;
        did
    }

    fn modify(graph: &mut Graph, id: Id) {
        graph.analysis.changed.push(id);
        let Fact { ty, constant: Some(bits), .. } = graph[id].data else { return };
        let constant = Node::new(Head::Const(ty, bits), &[]);
        if graph[id].nodes.len() == 1 && graph[id].nodes[0] == constant {
            return;
        }
        let known = graph.add(constant.clone());
        graph.union(id, known);
        // Nothing is cheaper than the constant, and nothing more is to be learnt from the others.
        let root = graph.find(id);
        graph[root].nodes.retain(|node| *node == constant);
    }
}
