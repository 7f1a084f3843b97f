//! Terms: bit vectors of 1 to 128 bits over symbols, hash-consed and simplified when made.
//!
//! ```text
//! [cfa - 24]  is  Sum(-24, cfa·1)         addresses are sums with constant coefficients, so that equal
//! rbx:31..0   is  Extract(Entry(rbx), 0)  distances have equal terms
//! ```
//!
//! Equal terms have equal handles; different handles say nothing. Handles ascend from arguments to results, which
//! lets every pass over terms be a loop. There is no recursion and no solver here.

use crate::concrete::{Bits, evaluate, mask};
use framewright_spec::Reg;
use framewright_spec::meaning::Function;
use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::{SmallVec, smallvec};
use std::hash::BuildHasher;

/// A handle of a term in its [`Terms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Term(u32);

/// A value the code does not choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Symbol {
    /// The canonical frame address.
    Cfa,
    /// The address of the code's first byte.
    Code,
    /// The address that the activation returns to.
    ReturnAddress,
    /// A register as it was when the activation began.
    Entry(Reg),
    /// A register as the source frame left it when it was extended.
    Source(Reg),
    /// The state value of that index at the patchpoint.
    Home(u32),
    /// Memory at the entry: bytes from the CFA, width in bytes.
    Initial(i64, u32),
    /// A register after a join: block and register.
    Join(u32, Reg),
    /// A register after a join that may hold an address of the frame.
    FrameJoin(u32, Reg),
    /// How often a loop has gone round: its first block.
    Round(u32),
    /// SP in a body that lowers it by unknown amounts, after a join: block.
    Lowered(u32),
    /// Anything, by number.
    Fresh(u32),
}

/// How a term is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// A number.
    Const(u128),
    /// A value from outside.
    Symbol(Symbol),
    /// `constant + Σ coefficient × term`, modulo 2^width; terms ascending, coefficients not zero.
    Sum(u128, Box<[(Term, u128)]>),
    /// A function of the model with its arguments.
    Apply(Function, SmallVec<[Term; 2]>),
    /// As many bits as the term has, from that bit on.
    Extract(Term, u32),
    /// High part, low part.
    Concat(Term, Term),
    /// Zeros (`false`) or the sign (`true`) above.
    Extend(bool, Term),
    /// Condition of one bit, then, else.
    Ite(Term, Term, Term),
}

/// A sum with more parts than this is treated as one opaque part, so that long chains stay linear.
const MAX_ADDENDS: usize = 6;

#[derive(Debug)]
struct Entry {
    node: Node,
    width: u32,
    of_frame: bool,
    /// An earlier term with the same hash.
    same_hash: Option<Term>,
}

/// All terms of one function.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    entries: Vec<Entry>,
    /// The latest term of each hash.
    index: FxHashMap<u64, Term>,
    fresh: u32,
}

impl Terms {
    /// Width in bits.
    pub(crate) fn width(&self, term: Term) -> u32 {
        self.entries[term.0 as usize].width
    }

    /// How it is made.
    pub(crate) fn node(&self, term: Term) -> &Node {
        &self.entries[term.0 as usize].node
    }

    /// Whether the CFA occurs in it: it may be an address of the frame.
    pub(crate) fn of_frame(&self, term: Term) -> bool {
        self.entries[term.0 as usize].of_frame
    }

    /// Its value if it is a number.
    pub(crate) fn value(&self, term: Term) -> Option<u128> {
        match *self.node(term) {
            Node::Const(value) => Some(value),
            _ => None,
        }
    }

    /// A number.
    pub(crate) fn constant(&mut self, value: u128, width: u32) -> Term {
        self.intern(Node::Const(value & mask(width)), width)
    }

    /// A symbol.
    pub(crate) fn symbol(&mut self, symbol: Symbol, width: u32) -> Term {
        self.intern(Node::Symbol(symbol), width)
    }

    /// A new value of which nothing is known.
    pub(crate) fn fresh(&mut self, width: u32) -> Term {
        self.fresh += 1;
        self.symbol(Symbol::Fresh(self.fresh), width)
    }

    /// `base` and a number of bytes.
    pub(crate) fn offset(&mut self, base: Term, bytes: i64) -> Term {
        let width = self.width(base);
        let bytes = self.constant(bytes as u128, width);
        self.add(base, bytes)
    }

    /// The CFA and a number of bytes.
    pub(crate) fn cfa(&mut self, bytes: i64) -> Term {
        let cfa = self.symbol(Symbol::Cfa, 64);
        self.offset(cfa, bytes)
    }

    /// The code's first byte and a number of bytes.
    pub(crate) fn code(&mut self, bytes: i64) -> Term {
        let code = self.symbol(Symbol::Code, 64);
        self.offset(code, bytes)
    }

    /// The distance from a symbol, if the term is that symbol and a number.
    pub(crate) fn distance(&self, term: Term, from: Symbol) -> Option<i64> {
        let is = |t: Term| *self.node(t) == Node::Symbol(from);
        match self.node(term) {
            Node::Sum(constant, addends) => match **addends {
                [(base, 1)] if is(base) => Some(*constant as i64),
                _ => None,
            },
            _ => is(term).then_some(0),
        }
    }

    /// `a - b`, if it is a number whatever the symbols are.
    pub(crate) fn apart(&self, a: Term, b: Term) -> Option<i64> {
        let ((one, left), (other, right)) = (self.parts(a), self.parts(b));
        (left == right).then(|| one.wrapping_sub(other) as i64)
    }

    /// The least and the greatest distance from the CFA, if the term is the CFA and numbers, rounded down or with a
    /// multiple of a symbol that has bounds.
    pub(crate) fn bounds(&self, term: Term, of: &dyn Fn(Symbol) -> Option<(i64, i64)>) -> Option<(i64, i64)> {
        let (constant, addends) = self.parts(term);
        let mut sum = (constant as i64, constant as i64);
        let mut base = false;
        for &(part, factor) in &addends {
            let (low, high) = match self.node(part) {
                Node::Symbol(Symbol::Cfa) if factor == 1 => (0, 0),
                Node::Symbol(symbol) => of(*symbol)?,
                Node::Apply(Function::And, args) if factor == 1 => {
                    let lost = !(self.value(args[1])? as u64);
                    let (low, high) =
                        if self.of_frame(args[0]) { self.bounds(args[0], of)? } else { return None };
                    (low.checked_sub_unsigned(lost)?, high)
                }
                _ => return None,
            };
            base |= self.of_frame(part);
            let ends = [low, high].map(|end| end.checked_mul(factor as i64));
            let [Some(one), Some(other)] = ends else { return None };
            sum = (sum.0.checked_add(one.min(other))?, sum.1.checked_add(one.max(other))?);
        }
        (base && self.width(term) == 64).then_some(sum)
    }

    fn intern(&mut self, node: Node, width: u32) -> Term {
        debug_assert!((1..=128).contains(&width));
        let hash = FxBuildHasher.hash_one((&node, width));
        let mut known = self.index.get(&hash).copied();
        while let Some(term) = known {
            let entry = &self.entries[term.0 as usize];
            if entry.width == width && entry.node == node {
                return term;
            }
            known = entry.same_hash;
        }
        let of_frame = match &node {
            Node::Symbol(symbol) => {
                matches!(symbol, Symbol::Cfa | Symbol::FrameJoin(..) | Symbol::Lowered(_))
            }
            // A comparison of addresses is not an address.
            _ if width < 32 => false,
            node => arguments(node).any(|t| self.of_frame(t)),
        };
        let term = Term(self.entries.len() as u32);
        let same_hash = self.index.insert(hash, term);
        self.entries.push(Entry { node, width, of_frame, same_hash });
        term
    }

    /// A function of the model. Arguments have the widths that the function asks for.
    pub(crate) fn apply(&mut self, function: &Function, args: &[Term], width: u32) -> Term {
        use Function::{Add, Concat, Mul, Neg, Shl, Sub};
        match (function, args) {
            (Add, &[a, b]) => self.add(a, b),
            (Sub, &[a, b]) => self.sub(a, b),
            (Neg, &[a]) => self.scale(a, u128::MAX),
            (Concat, &[a, b]) => self.concat(a, b),
            (Mul, &[a, b]) => match (self.value(a), self.value(b)) {
                (_, Some(k)) => self.scale(a, k),
                (Some(k), _) => self.scale(b, k),
                _ => self.plain(function, args, width),
            },
            (Shl, &[a, b]) => match self.value(b) {
                Some(k) if k < u128::from(width) => self.scale(a, 1 << k),
                _ => self.plain(function, args, width),
            },
            _ => self.plain(function, args, width),
        }
    }

    fn plain(&mut self, function: &Function, args: &[Term], width: u32) -> Term {
        if !matches!(function, Function::Uninterpreted { .. }) {
            let number = |&a: &Term| Some(Bits::new(self.value(a)?, self.width(a)));
            let values: Option<SmallVec<[Bits; 3]>> = args.iter().map(number).collect();
            if let Some(Ok(value)) = values.map(|values| evaluate(function, &values, width)) {
                return self.constant(value.value, width);
            }
        }
        match self.identity(function, args, width) {
            Some(term) => term,
            None => self.intern(Node::Apply(function.clone(), args.into()), width),
        }
    }

    /// Laws that need no search: `x ^ x`, `x & 0`, `x = x`, …
    fn identity(&mut self, function: &Function, args: &[Term], width: u32) -> Option<Term> {
        use Function::{AShr, And, Eq, LShr, Ne, Not, Or, RotL, RotR, Shl, Sle, Slt, Ule, Ult, Xor};
        if let (Not, &[a]) = (function, args) {
            return match *self.node(a) {
                Node::Apply(Not, ref inner) => Some(inner[0]),
                _ => None,
            };
        }
        let &[a, b] = args else { return None };
        let number = self.value(b);
        match function {
            And | Or if a == b => Some(a),
            Xor | Ne | Ult | Slt if a == b => Some(self.constant(0, width)),
            Eq | Ule | Sle if a == b => Some(self.constant(1, width)),
            And if number == Some(0) => Some(b),
            And if number == Some(mask(width)) => Some(a),
            Or | Xor | Shl | LShr | AShr | RotL | RotR if number == Some(0) => Some(a),
            Eq | Ne => {
                let apart = self.sub(a, b);
                let apart = self.value(apart)?;
                Some(self.constant(u128::from((apart == 0) == (*function == Eq)), width))
            }
            And | Or | Xor if self.value(a).is_some() && number.is_none() => {
                Some(self.apply(function, &[b, a], width))
            }
            _ => None,
        }
    }

    /// `a + b`, same width.
    pub(crate) fn add(&mut self, a: Term, b: Term) -> Term {
        self.combine(a, b, 1)
    }

    /// `a - b`, same width.
    pub(crate) fn sub(&mut self, a: Term, b: Term) -> Term {
        self.combine(a, b, u128::MAX)
    }

    fn scale(&mut self, a: Term, factor: u128) -> Term {
        let width = self.width(a);
        let zero = self.constant(0, width);
        self.combine(zero, a, factor)
    }

    fn combine(&mut self, a: Term, b: Term, factor: u128) -> Term {
        let width = self.width(a);
        let ones = mask(width);
        let (left, right) = (self.parts(a), self.parts(b));
        let constant = left.0.wrapping_add(right.0.wrapping_mul(factor)) & ones;
        let mut addends = left.1;
        for (term, coefficient) in right.1 {
            let coefficient = coefficient.wrapping_mul(factor) & ones;
            match addends.binary_search_by_key(&term, |&(t, _)| t) {
                Ok(at) => addends[at].1 = addends[at].1.wrapping_add(coefficient) & ones,
                Err(at) => addends.insert(at, (term, coefficient)),
            }
        }
        addends.retain(|&mut (_, coefficient)| coefficient != 0);
        match (constant, addends.as_slice()) {
            (_, []) => self.constant(constant, width),
            (0, &[(term, 1)]) => term,
            _ => self.intern(Node::Sum(constant, addends.as_slice().into()), width),
        }
    }

    fn parts(&self, term: Term) -> (u128, SmallVec<[(Term, u128); MAX_ADDENDS]>) {
        match self.node(term) {
            Node::Const(value) => (*value, SmallVec::new()),
            Node::Sum(constant, addends) if addends.len() < MAX_ADDENDS => (*constant, (**addends).into()),
            _ => (0, smallvec![(term, 1)]),
        }
    }

    /// Bits `low + width - 1` down to `low`.
    pub(crate) fn extract(&mut self, term: Term, low: u32, width: u32) -> Term {
        let whole = self.width(term);
        debug_assert!(low + width <= whole);
        if width == whole {
            return term;
        }
        match *self.node(term) {
            Node::Const(value) => self.constant(value >> low, width),
            Node::Extract(inner, below) => self.extract(inner, below + low, width),
            Node::Concat(high, rest) => {
                let split = self.width(rest);
                if low >= split {
                    self.extract(high, low - split, width)
                } else if low + width <= split {
                    self.extract(rest, low, width)
                } else {
                    let upper = self.extract(high, 0, low + width - split);
                    let lower = self.extract(rest, low, split - low);
                    self.concat(upper, lower)
                }
            }
            Node::Extend(signed, inner) => {
                let split = self.width(inner);
                if low + width <= split {
                    self.extract(inner, low, width)
                } else if low == 0 {
                    self.extend(inner, width, signed)
                } else if low >= split && !signed {
                    self.constant(0, width)
                } else {
                    self.intern(Node::Extract(term, low), width)
                }
            }
            _ => self.intern(Node::Extract(term, low), width),
        }
    }

    /// High part, low part.
    pub(crate) fn concat(&mut self, high: Term, low: Term) -> Term {
        let split = self.width(low);
        let width = self.width(high) + split;
        match (self.node(high), self.node(low)) {
            (&Node::Const(a), &Node::Const(b)) => self.constant(a << split | b, width),
            (&Node::Const(0), _) => self.extend(low, width, false),
            (&Node::Extract(a, from), &Node::Extract(b, below)) if a == b && from == below + split => {
                self.extract(a, below, width)
            }
            (&Node::Extract(a, from), _) if a == low && from == split => self.extract(a, 0, width),
            _ => self.intern(Node::Concat(high, low), width),
        }
    }

    /// Extended to a width with zeros or the sign.
    pub(crate) fn extend(&mut self, term: Term, width: u32, signed: bool) -> Term {
        let narrow = self.width(term);
        if narrow == width {
            return term;
        }
        match *self.node(term) {
            Node::Const(value) if signed && value >> (narrow - 1) == 1 => {
                self.constant(value | mask(width) & !mask(narrow), width)
            }
            Node::Const(value) => self.constant(value, width),
            Node::Extend(false, inner) => self.extend(inner, width, false),
            Node::Extend(true, inner) if signed => self.extend(inner, width, true),
            _ => self.intern(Node::Extend(signed, term), width),
        }
    }

    /// If the one-bit condition, then, else.
    pub(crate) fn ite(&mut self, condition: Term, then: Term, otherwise: Term) -> Term {
        if then == otherwise {
            return then;
        }
        match self.value(condition) {
            Some(0) => otherwise,
            Some(_) => then,
            None => {
                let width = self.width(then);
                self.intern(Node::Ite(condition, then, otherwise), width)
            }
        }
    }

    /// Bits under the mask from `kept`, the others from `lost`.
    pub(crate) fn mix(&mut self, bits: u128, kept: Term, lost: Term) -> Term {
        let width = self.width(kept);
        let mut low = 0;
        let mut whole: Option<Term> = None;
        while low < width {
            let keep = bits >> low & 1 == 1;
            let rest = if keep { !(bits >> low) } else { bits >> low };
            let run = rest.trailing_zeros().min(width - low);
            let part = self.extract(if keep { kept } else { lost }, low, run);
            whole = Some(whole.map_or(part, |below| self.concat(part, below)));
            low += run;
        }
        whole.unwrap_or(kept)
    }

    /// The negation of a one-bit condition.
    pub(crate) fn not(&mut self, condition: Term) -> Term {
        self.apply(&Function::Not, &[condition], 1)
    }

    /// Every term that `roots` are made of, arguments before results.
    pub(crate) fn closure(&self, roots: &[Term]) -> Vec<Term> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut todo = roots.to_vec();
        while let Some(term) = todo.pop() {
            if seen.insert(term) {
                todo.extend(arguments(self.node(term)));
            }
        }
        let mut all: Vec<Term> = seen.into_iter().collect();
        all.sort_unstable();
        all
    }
}

/// The terms a node is made of.
pub(crate) fn arguments(node: &Node) -> smallvec::IntoIter<[Term; 4]> {
    let list: SmallVec<[Term; 4]> = match node {
        Node::Const(_) | Node::Symbol(_) => SmallVec::new(),
        Node::Sum(_, addends) => addends.iter().map(|&(t, _)| t).collect(),
        Node::Apply(_, args) => args.iter().copied().collect(),
        Node::Extract(a, _) | Node::Extend(_, a) => smallvec![*a],
        Node::Concat(a, b) => smallvec![*a, *b],
        Node::Ite(a, b, c) => smallvec![*a, *b, *c],
    };
    list.into_iter()
}

impl Terms {
    /// The value of every term of `order` (a closure), given those of the symbols; a symbol without one is zero.
    pub(crate) fn evaluate(&self, order: &[Term], values: &mut FxHashMap<Term, u128>) {
        for &term in order {
            let width = self.width(term);
            let value = |t: &Term| values.get(t).copied().unwrap_or(0);
            let bits = |t: &Term| Bits::new(value(t), self.width(*t));
            let result = match self.node(term) {
                Node::Const(number) => *number,
                Node::Symbol(_) => value(&term),
                Node::Sum(k, addends) => {
                    addends.iter().fold(*k, |sum, (t, c)| sum.wrapping_add(value(t).wrapping_mul(*c)))
                }
                Node::Apply(function, args) => {
                    let args: SmallVec<[Bits; 3]> = args.iter().map(bits).collect();
                    evaluate(function, &args, width).map_or(0, |v| v.value)
                }
                Node::Extract(t, low) => value(t) >> low,
                Node::Concat(high, low) => value(high) << self.width(*low) | value(low),
                Node::Extend(signed, t) => {
                    let narrow = self.width(*t);
                    let minus = *signed && value(t) >> (narrow - 1) == 1;
                    if minus { value(t) | !mask(narrow) } else { value(t) }
                }
                Node::Ite(c, a, b) => {
                    if value(c) == 1 {
                        value(a)
                    } else {
                        value(b)
                    }
                }
            };
            values.insert(term, result & mask(width));
        }
    }
}
