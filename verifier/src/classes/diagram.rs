//! Facts and forms that speak of members of sets only, as decision diagrams: each function written once.
//!
//! ```text
//!   node   number │ if register ∈ set then node else node      registers ascending from the root down
//! ```
//!
//! Which member is the first, how many there are before one and whether they are even are small diagrams, where formulas of
//! them are long; two facts are the same if their diagrams are. Sizes have no diagrams: a solver has to see to them.

use super::form::{Atom, AtomIs, Fact, FactIs, Form, Space};
use rustc_hash::FxHashMap;

/// A diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Diagram(u32);

/// The fact that never holds.
pub(super) const NEVER: Diagram = Diagram(0);
/// The fact that always holds.
pub(super) const ALWAYS: Diagram = Diagram(1);

/// Diagrams kept; beyond that there are no new ones.
const MOST_NODES: usize = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Node {
    Number(i128),
    /// The place in the order, if not, if so.
    Branch(usize, Diagram, Diagram),
}

/// What is done to two diagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    /// The first, and so many times the second.
    Plus(i128),
    /// 1 if both are not 0.
    And,
}

/// What is done to one diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Change {
    Floor(i128),
    Negative,
    Not,
    IsZero,
    /// What is left where a member is there, or is not.
    Restrict(usize, bool),
}

/// All diagrams that were made.
#[derive(Debug)]
pub(super) struct Diagrams {
    nodes: Vec<Node>,
    ids: FxHashMap<Node, Diagram>,
    /// Members in their order: by register, so that those of one register are together.
    order: Vec<(u64, Atom)>,
    facts: FxHashMap<Fact, Option<Diagram>>,
    atoms: FxHashMap<Atom, Option<Diagram>>,
    pairs: FxHashMap<(Operation, Diagram, Diagram), Diagram>,
    changes: FxHashMap<(Change, Diagram), Diagram>,
    written: FxHashMap<Diagram, Fact>,
}

impl Diagrams {
    pub(super) fn new() -> Diagrams {
        let nodes = vec![Node::Number(0), Node::Number(1)];
        let ids = [(Node::Number(0), NEVER), (Node::Number(1), ALWAYS)].into_iter().collect();
        Diagrams {
            nodes,
            ids,
            order: Vec::new(),
            facts: FxHashMap::default(),
            atoms: FxHashMap::default(),
            pairs: FxHashMap::default(),
            changes: FxHashMap::default(),
            written: FxHashMap::default(),
        }
    }

    /// Makes a member known. All that was made before is made anew.
    pub(super) fn declare(&mut self, register: u8, atom: Atom) {
        let mut order = std::mem::take(&mut self.order);
        order.push((u64::from(register) << 32 | order.len() as u64, atom));
        order.sort_unstable();
        *self = Diagrams { order, ..Diagrams::new() };
    }

    fn node(&mut self, node: Node) -> Option<Diagram> {
        if let Node::Branch(_, no, yes) = node
            && no == yes
        {
            return Some(no);
        }
        if let Some(&known) = self.ids.get(&node) {
            return Some(known);
        }
        (self.nodes.len() < MOST_NODES).then_some(())?;
        let new = Diagram(self.nodes.len() as u32);
        self.nodes.push(node);
        self.ids.insert(node, new);
        Some(new)
    }

    fn says(&self, diagram: Diagram) -> Node {
        self.nodes[diagram.0 as usize]
    }

    /// Both ways at a place in the order.
    fn ways(&self, diagram: Diagram, place: usize) -> (Diagram, Diagram) {
        match self.says(diagram) {
            Node::Branch(at, no, yes) if at == place => (no, yes),
            _ => (diagram, diagram),
        }
    }

    fn place(&self, diagram: Diagram) -> usize {
        match self.says(diagram) {
            Node::Branch(at, ..) => at,
            Node::Number(_) => usize::MAX,
        }
    }

    fn pair(&mut self, operation: Operation, a: Diagram, b: Diagram) -> Option<Diagram> {
        if let Some(&known) = self.pairs.get(&(operation, a, b)) {
            return Some(known);
        }
        let place = self.place(a).min(self.place(b));
        let made = match (operation, self.says(a), self.says(b)) {
            (Operation::And, Node::Number(0), _) | (Operation::And, _, Node::Number(0)) => NEVER,
            (Operation::And, Node::Number(_), _) => b,
            (Operation::And, _, Node::Number(_)) => a,
            (Operation::Plus(by), Node::Number(x), Node::Number(y)) => {
                self.node(Node::Number(x.checked_add(y.checked_mul(by)?)?))?
            }
            _ => {
                let ((a_no, a_yes), (b_no, b_yes)) = (self.ways(a, place), self.ways(b, place));
                let no = self.pair(operation, a_no, b_no)?;
                let yes = self.pair(operation, a_yes, b_yes)?;
                self.node(Node::Branch(place, no, yes))?
            }
        };
        self.pairs.insert((operation, a, b), made);
        Some(made)
    }

    fn change(&mut self, change: Change, of: Diagram) -> Option<Diagram> {
        if let Some(&known) = self.changes.get(&(change, of)) {
            return Some(known);
        }
        let made = match self.says(of) {
            Node::Number(n) => {
                let changed = match change {
                    Change::Floor(by) => n.div_euclid(by),
                    Change::Negative => i128::from(n < 0),
                    Change::Not | Change::IsZero => i128::from(n == 0),
                    Change::Restrict(..) => n,
                };
                self.node(Node::Number(changed))?
            }
            Node::Branch(at, no, yes) => {
                let (no, yes) = (self.change(change, no)?, self.change(change, yes)?);
                self.node(Node::Branch(at, no, yes))?
            }
        };
        self.changes.insert((change, of), made);
        Some(made)
    }

    /// Where both hold.
    pub(super) fn and(&mut self, a: Diagram, b: Diagram) -> Option<Diagram> {
        self.pair(Operation::And, a, b)
    }

    /// Where it does not hold.
    pub(super) fn not(&mut self, a: Diagram) -> Option<Diagram> {
        self.change(Change::Not, a)
    }

    /// A fact's diagram, if it speaks of members only.
    pub(super) fn fact(&mut self, space: &Space, fact: Fact) -> Option<Diagram> {
        if let Some(&known) = self.facts.get(&fact) {
            return known;
        }
        let made = self.make_fact(space, fact);
        self.facts.insert(fact, made);
        made
    }

    fn make_fact(&mut self, space: &Space, fact: Fact) -> Option<Diagram> {
        match space.says(fact) {
            FactIs::True => Some(ALWAYS),
            FactIs::Not(inner) => {
                let inner = self.fact(space, *inner)?;
                self.not(inner)
            }
            FactIs::And(parts) => parts.iter().try_fold(ALWAYS, |all, &part| {
                let part = self.fact(space, part)?;
                self.and(all, part)
            }),
            FactIs::Has(atom) => self.atom(space, *atom),
            FactIs::NonNegative(form) => {
                let form = self.form(space, form)?;
                let negative = self.change(Change::Negative, form)?;
                self.not(negative)
            }
            FactIs::Zero(form) => {
                let form = self.form(space, form)?;
                self.change(Change::IsZero, form)
            }
        }
    }

    fn form(&mut self, space: &Space, form: &Form) -> Option<Diagram> {
        let mut sum = self.node(Node::Number(form.constant()))?;
        for &(atom, factor) in form.terms() {
            let atom = self.atom(space, atom)?;
            sum = self.pair(Operation::Plus(factor), sum, atom)?;
        }
        Some(sum)
    }

    fn atom(&mut self, space: &Space, atom: Atom) -> Option<Diagram> {
        if let Some(&known) = self.atoms.get(&atom) {
            return known;
        }
        let made = self.make_atom(space, atom);
        self.atoms.insert(atom, made);
        made
    }

    fn make_atom(&mut self, space: &Space, atom: Atom) -> Option<Diagram> {
        match space.is(atom) {
            AtomIs::Cfa | AtomIs::Size(_) | AtomIs::Free(..) => None,
            AtomIs::Member(_) => {
                let place = self.order.iter().position(|&(_, member)| member == atom)?;
                self.node(Node::Branch(place, NEVER, ALWAYS))
            }
            AtomIs::Indicator(fact) => self.fact(space, *fact),
            AtomIs::Floor(form, by) => {
                let form = self.form(space, form)?;
                self.change(Change::Floor(*by), form)
            }
            AtomIs::Choice(fact, then, otherwise) => {
                let fact = self.fact(space, *fact)?;
                let (then, otherwise) = (self.form(space, then)?, self.form(space, otherwise)?);
                self.choice(fact, then, otherwise)
            }
        }
    }

    fn choice(&mut self, fact: Diagram, then: Diagram, otherwise: Diagram) -> Option<Diagram> {
        if fact == ALWAYS || then == otherwise {
            return Some(then);
        }
        if fact == NEVER {
            return Some(otherwise);
        }
        let place = self.place(fact).min(self.place(then)).min(self.place(otherwise));
        let [facts, thens, others] = [fact, then, otherwise].map(|diagram| self.ways(diagram, place));
        let no = self.choice(facts.0, thens.0, others.0)?;
        let yes = self.choice(facts.1, thens.1, others.1)?;
        self.node(Node::Branch(place, no, yes))
    }

    /// Members for which a fact holds; those that it does not ask for are not among them.
    pub(super) fn example(&self, mut diagram: Diagram) -> Option<Vec<Atom>> {
        let mut members = Vec::new();
        loop {
            match self.says(diagram) {
                Node::Number(n) => return (n != 0).then_some(members),
                Node::Branch(_, no, _) if no != NEVER => diagram = no,
                Node::Branch(at, _, yes) => {
                    members.push(self.order[at].1);
                    diagram = yes;
                }
            }
        }
    }

    /// The diagram where a member is there, or is not.
    fn restrict(&mut self, diagram: Diagram, place: usize, is: bool) -> Option<Diagram> {
        match self.says(diagram) {
            Node::Branch(at, no, yes) if at == place => Some(if is { yes } else { no }),
            Node::Branch(at, no, yes) if at < place => {
                let key = (Change::Restrict(place, is), diagram);
                if let Some(&known) = self.changes.get(&key) {
                    return Some(known);
                }
                let (no, yes) = (self.restrict(no, place, is)?, self.restrict(yes, place, is)?);
                let made = self.node(Node::Branch(at, no, yes))?;
                self.changes.insert(key, made);
                Some(made)
            }
            _ => Some(diagram),
        }
    }

    /// A fact written anew: members that it demands or excludes first, then what is left as its diagram has it.
    pub(super) fn write(&mut self, space: &mut Space, diagram: Diagram) -> Fact {
        let (mut parts, mut rest) = (Vec::new(), diagram);
        for place in 0..self.order.len() {
            for is in [true, false] {
                if rest != NEVER && self.restrict(rest, place, !is) == Some(NEVER) {
                    let has = space.has(self.order[place].1);
                    parts.push(if is { has } else { space.not(has) });
                    rest = self.restrict(rest, place, is).unwrap_or(rest);
                }
            }
        }
        parts.push(self.write_ways(space, rest));
        space.and(parts)
    }

    fn write_ways(&mut self, space: &mut Space, diagram: Diagram) -> Fact {
        if let Some(&known) = self.written.get(&diagram) {
            return known;
        }
        let fact = match self.says(diagram) {
            Node::Number(n) => space.truth(n != 0),
            Node::Branch(at, no, yes) => {
                let has = space.has(self.order[at].1);
                let not = space.not(has);
                let (no, yes) = (self.write_ways(space, no), self.write_ways(space, yes));
                let ways = [space.and([not, no]), space.and([has, yes])];
                space.or(ways)
            }
        };
        self.written.insert(diagram, fact);
        fact
    }
}
