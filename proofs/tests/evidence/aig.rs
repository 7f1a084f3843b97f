//! And-inverter graphs: circuits of two-input ands and negations, equal ones shared; and their clauses.

use std::collections::HashMap;

/// A node or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lit(u32);

/// Never.
pub const FALSE: Lit = Lit(0);
/// Always.
pub const TRUE: Lit = Lit(1);

impl std::ops::Not for Lit {
    type Output = Lit;

    fn not(self) -> Lit {
        Lit(self.0 ^ 1)
    }
}

/// All nodes: node 0 is false, others are inputs (`None`) or ands of earlier ones.
#[derive(Debug)]
pub struct Aig {
    nodes: Vec<Option<(Lit, Lit)>>,
    known: HashMap<(Lit, Lit), Lit>,
}

impl Aig {
    /// Nothing but false.
    pub fn new() -> Aig {
        Aig { nodes: vec![None], known: HashMap::new() }
    }

    /// A free input.
    pub fn input(&mut self) -> Lit {
        self.nodes.push(None);
        Lit((self.nodes.len() as u32 - 1) << 1)
    }

    /// Both.
    pub fn and(&mut self, a: Lit, b: Lit) -> Lit {
        let (a, b) = (a.min(b), a.max(b));
        match (a, b) {
            (FALSE, _) => return FALSE,
            (TRUE, _) => return b,
            _ if a == b => return a,
            _ if a == !b => return FALSE,
            _ => {}
        }
        if let Some(&known) = self.known.get(&(a, b)) {
            return known;
        }
        self.nodes.push(Some((a, b)));
        let lit = Lit((self.nodes.len() as u32 - 1) << 1);
        self.known.insert((a, b), lit);
        lit
    }

    /// One of them at least.
    pub fn or(&mut self, a: Lit, b: Lit) -> Lit {
        !self.and(!a, !b)
    }

    /// One of them, not both.
    pub fn xor(&mut self, a: Lit, b: Lit) -> Lit {
        let (both, neither) = (self.and(a, b), self.and(!a, !b));
        self.and(!both, !neither)
    }

    /// One or the other, as the condition says.
    pub fn ite(&mut self, c: Lit, a: Lit, b: Lit) -> Lit {
        let (then, otherwise) = (self.and(c, a), self.and(!c, b));
        self.or(then, otherwise)
    }

    /// Clauses that have a model exactly if all of `asserted` can be true at once (Tseitin, for what they reach
    /// only), in DIMACS's numbers: the highest variable and the clauses.
    pub fn clauses(&self, asserted: &[Lit]) -> (i32, Vec<Vec<i32>>) {
        let mut numbers: HashMap<u32, i32> = HashMap::new();
        let mut clauses = Vec::new();
        let mut todo: Vec<u32> = Vec::new();
        let mut number = |lit: Lit, todo: &mut Vec<u32>| {
            let next = numbers.len() as i32 + 1;
            let variable = *numbers.entry(lit.0 >> 1).or_insert_with(|| {
                todo.push(lit.0 >> 1);
                next
            });
            if lit.0 & 1 == 1 { -variable } else { variable }
        };
        for &lit in asserted {
            clauses.push(vec![number(lit, &mut todo)]);
        }
        while let Some(node) = todo.pop() {
            let out = number(Lit(node << 1), &mut todo);
            match self.nodes[node as usize] {
                Some((a, b)) => {
                    let (a, b) = (number(a, &mut todo), number(b, &mut todo));
                    clauses.extend([vec![-out, a], vec![-out, b], vec![out, -a, -b]]);
                }
                None if node == 0 => clauses.push(vec![-out]),
                None => {}
            }
        }
        (numbers.len() as i32, clauses)
    }
}
