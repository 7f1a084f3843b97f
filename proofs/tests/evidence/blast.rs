//! Bit vectors to circuits: what a script of logic QF_BV asserts, as literals of an and-inverter graph.
//!
//! It shares nothing with the prover but the text. Division has no circuit here: its result is any value, which can
//! only make a contradiction harder to find. Of sums with constants it is remembered what they are sums of, since
//! `(x + 8) - (x + 24)` is a constant in words and a search in bits.

use crate::aig::{Aig, FALSE, Lit, TRUE};
use crate::sexpr::Sexpr;
use std::collections::HashMap;

/// A term's value: bits, lowest first; a Boolean is one bit.
type Bits = Vec<Lit>;

/// A script being read.
pub struct Blast {
    pub aig: Aig,
    names: HashMap<String, Bits>,
    /// Values that are another value and a constant.
    sums: HashMap<Bits, (Bits, u128)>,
    /// What the script asserts.
    pub asserted: Vec<Lit>,
}

/// Reads all commands.
pub fn blast(commands: &[Sexpr]) -> Result<Blast, String> {
    let mut blast =
        Blast { aig: Aig::new(), names: HashMap::new(), sums: HashMap::new(), asserted: Vec::new() };
    for command in commands {
        blast.command(command)?;
    }
    Ok(blast)
}

impl Blast {
    fn command(&mut self, command: &Sexpr) -> Result<(), String> {
        let [head, arguments @ ..] = command.parts() else { return Err("an empty command".to_owned()) };
        match (head.word().unwrap_or_default(), arguments) {
            ("set-logic" | "set-info" | "check-sat" | "exit", _) => Ok(()),
            ("declare-const", [name, sort]) => {
                let value = self.any(width(sort)?);
                self.name(name, value)
            }
            ("define-fun", [name, _, sort, body]) => {
                let value = self.term(body)?;
                if value.len() != width(sort)? {
                    return Err(format!("{name:?} has {} bits", value.len()));
                }
                self.name(name, value)
            }
            ("assert", [body]) => {
                let value = self.term(body)?;
                self.asserted.push(value[0]);
                Ok(())
            }
            (other, _) => Err(format!("the command `{other}`")),
        }
    }

    fn name(&mut self, name: &Sexpr, value: Bits) -> Result<(), String> {
        let name = name.word().ok_or("a name that is a list")?;
        match self.names.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(format!("`{name}` is declared twice")),
        }
    }

    fn any(&mut self, width: usize) -> Bits {
        (0..width).map(|_| self.aig.input()).collect()
    }

    fn term(&mut self, term: &Sexpr) -> Result<Bits, String> {
        if let Some(word) = term.word() {
            return self.word(word);
        }
        let [head, arguments @ ..] = term.parts() else { return Err("an empty term".to_owned()) };
        let values = arguments.iter().map(|a| self.term(a)).collect::<Result<Vec<Bits>, _>>()?;
        match head {
            Sexpr::Word(function) => self.apply(function, &values),
            Sexpr::List(parts) => indexed(parts, &values),
        }
    }

    fn word(&self, word: &str) -> Result<Bits, String> {
        let digits = |digits: &str, radix: u32, bits: usize| -> Result<Bits, String> {
            let value = u128::from_str_radix(digits, radix).map_err(|e| format!("`{word}`: {e}"))?;
            Ok(number_of(value, digits.len() * bits))
        };
        match word {
            "true" => Ok(vec![TRUE]),
            "false" => Ok(vec![FALSE]),
            _ if word.starts_with("#x") => digits(&word[2..], 16, 4),
            _ if word.starts_with("#b") => digits(&word[2..], 2, 1),
            _ => self.names.get(word).cloned().ok_or_else(|| format!("`{word}` is not declared")),
        }
    }

    fn apply(&mut self, function: &str, args: &[Bits]) -> Result<Bits, String> {
        let first = args.first().ok_or_else(|| format!("`{function}` of nothing"))?;
        let same = args.iter().all(|a| a.len() == first.len());
        if !same && !matches!(function, "concat" | "ite") {
            return Err(format!("`{function}` of different widths"));
        }
        let fold = |this: &mut Blast, f: fn(&mut Blast, &[Lit], &[Lit]) -> Bits| {
            args[1..].iter().fold(first.clone(), |sum, next| f(this, &sum, next))
        };
        Ok(match (function, args) {
            ("not" | "bvnot", [a]) => a.iter().map(|&bit| !bit).collect(),
            ("bvneg", [a]) => self.negated(a),
            ("and" | "bvand", _) => fold(self, |this, a, b| this.each(a, b, Aig::and)),
            ("or" | "bvor", _) => fold(self, |this, a, b| this.each(a, b, Aig::or)),
            ("bvxor", _) => fold(self, |this, a, b| this.each(a, b, Aig::xor)),
            ("bvadd", _) => fold(self, Blast::plus),
            ("bvmul", _) => fold(self, Blast::product),
            ("bvsub", [a, b]) => self.minus(a, b),
            ("=>", [a, b]) => vec![self.aig.or(!a[0], b[0])],
            ("=", [a, b]) => vec![self.equal(a, b)],
            ("distinct", [a, b]) => vec![!self.equal(a, b)],
            ("bvult", [a, b]) => vec![self.less(a, b)],
            ("bvule", [a, b]) => vec![!self.less(b, a)],
            ("bvslt", [a, b]) => vec![self.signed_less(a, b)],
            ("bvsle", [a, b]) => vec![!self.signed_less(b, a)],
            ("concat", [high, low]) => [&low[..], high].concat(),
            ("ite", [c, a, b]) if a.len() == b.len() => self.choose(c[0], a, b),
            ("bvshl", [a, b]) => {
                let mut mirror = a.clone();
                mirror.reverse();
                let mut shifted = self.shifted_right(&mirror, b, FALSE);
                shifted.reverse();
                shifted
            }
            ("bvlshr", [a, b]) => self.shifted_right(a, b, FALSE),
            ("bvashr", [a, b]) => self.shifted_right(a, b, a[a.len() - 1]),
            ("bvudiv" | "bvsdiv" | "bvsrem", [a, _]) => self.any(a.len()),
            ("bvurem", [a, b]) => self.remainder(a, b),
            _ => return Err(format!("`{function}` of {}", args.len())),
        })
    }

    fn each(&mut self, a: &[Lit], b: &[Lit], f: fn(&mut Aig, Lit, Lit) -> Lit) -> Bits {
        a.iter().zip(b).map(|(&a, &b)| f(&mut self.aig, a, b)).collect()
    }

    fn plus(&mut self, a: &[Lit], b: &[Lit]) -> Bits {
        match (known(a), known(b)) {
            (_, Some(number)) => self.offset(a, number),
            (Some(number), _) => self.offset(b, number),
            _ => self.sum(a, b, FALSE).0,
        }
    }

    fn minus(&mut self, a: &[Lit], b: &[Lit]) -> Bits {
        let ((x, from), (y, to)) = (self.split(a), self.split(b));
        match (known(b), x == y) {
            (Some(number), _) => self.offset(a, number.wrapping_neg()),
            (None, true) => number_of(from.wrapping_sub(to), a.len()),
            (None, false) => self.difference(a, b).0,
        }
    }

    /// What a value is a sum of.
    fn split(&self, value: &[Lit]) -> (Bits, u128) {
        self.sums.get(value).cloned().unwrap_or_else(|| (value.to_vec(), 0))
    }

    /// A value and a constant.
    fn offset(&mut self, value: &[Lit], number: u128) -> Bits {
        let (base, before) = self.split(value);
        let number = before.wrapping_add(number);
        let sum = self.sum(&base, &number_of(number, base.len()), FALSE).0;
        self.sums.insert(sum.clone(), (base, number));
        sum
    }

    /// Sum and carry.
    fn sum(&mut self, a: &[Lit], b: &[Lit], mut carry: Lit) -> (Bits, Lit) {
        let mut sum = Bits::new();
        for (&a, &b) in a.iter().zip(b) {
            let half = self.aig.xor(a, b);
            sum.push(self.aig.xor(half, carry));
            let (both, carried) = (self.aig.and(a, b), self.aig.and(half, carry));
            carry = self.aig.or(both, carried);
        }
        (sum, carry)
    }

    /// Difference, and whether nothing was borrowed.
    fn difference(&mut self, a: &[Lit], b: &[Lit]) -> (Bits, Lit) {
        let inverted: Bits = b.iter().map(|&bit| !bit).collect();
        self.sum(a, &inverted, TRUE)
    }

    fn negated(&mut self, a: &[Lit]) -> Bits {
        self.difference(&vec![FALSE; a.len()], a).0
    }

    fn product(&mut self, a: &[Lit], b: &[Lit]) -> Bits {
        let width = a.len();
        let mut sum = vec![FALSE; width];
        for (i, &bit) in a.iter().enumerate() {
            let mut row = vec![FALSE; i];
            row.extend(b[..width - i].iter().map(|&b| self.aig.and(bit, b)).collect::<Bits>());
            sum = self.sum(&sum, &row, FALSE).0;
        }
        sum
    }

    /// The remainder by a power of two; of other divisors any value.
    fn remainder(&mut self, a: &[Lit], b: &[Lit]) -> Bits {
        let ones: Vec<usize> = (0..b.len()).filter(|&i| b[i] != FALSE).collect();
        match ones[..] {
            [low] if b[low] == TRUE => (0..a.len()).map(|i| if i < low { a[i] } else { FALSE }).collect(),
            _ => self.any(a.len()),
        }
    }

    fn equal(&mut self, a: &[Lit], b: &[Lit]) -> Lit {
        let different = self.each(a, b, Aig::xor);
        different.iter().fold(TRUE, |all, &bit| self.aig.and(all, !bit))
    }

    fn less(&mut self, a: &[Lit], b: &[Lit]) -> Lit {
        !self.difference(a, b).1
    }

    fn signed_less(&mut self, a: &[Lit], b: &[Lit]) -> Lit {
        let flipped = |bits: &[Lit]| -> Bits {
            let sign = bits.len() - 1;
            bits.iter().enumerate().map(|(i, &bit)| if i == sign { !bit } else { bit }).collect()
        };
        self.less(&flipped(a), &flipped(b))
    }

    fn choose(&mut self, c: Lit, a: &[Lit], b: &[Lit]) -> Bits {
        a.iter().zip(b).map(|(&a, &b)| self.aig.ite(c, a, b)).collect()
    }

    /// By any amount: once it is the width or more, nothing but `fill` is left.
    fn shifted_right(&mut self, a: &[Lit], by: &[Lit], fill: Lit) -> Bits {
        let width = a.len();
        let mut value = a.to_vec();
        for (i, &bit) in by.iter().enumerate() {
            let distance = 1_usize.checked_shl(i as u32).filter(|&n| n < width).unwrap_or(width);
            let mut shifted = value[distance..].to_vec();
            shifted.resize(width, fill);
            value = self.choose(bit, &shifted, &value);
        }
        value
    }
}

/// A value all of whose bits are known.
fn known(value: &[Lit]) -> Option<u128> {
    let bit = |lit: &Lit| [FALSE, TRUE].iter().position(|known| known == lit);
    value.iter().rev().try_fold(0, |number, lit| Some(number << 1 | bit(lit)? as u128))
}

fn number_of(number: u128, width: usize) -> Bits {
    (0..width).map(|i| constant(number >> i & 1 == 1)).collect()
}

fn constant(bit: bool) -> Lit {
    if bit { TRUE } else { FALSE }
}

fn width(sort: &Sexpr) -> Result<usize, String> {
    match (sort.word(), sort.parts()) {
        (Some("Bool"), _) => Ok(1),
        (_, [_, kind, width]) if kind.word() == Some("BitVec") => number(width),
        _ => Err(format!("the sort {sort:?}")),
    }
}

fn number(word: &Sexpr) -> Result<usize, String> {
    word.word().and_then(|word| word.parse().ok()).ok_or_else(|| format!("{word:?} is no number"))
}

/// `(_ function number…)` of one argument.
fn indexed(parts: &[Sexpr], args: &[Bits]) -> Result<Bits, String> {
    let ([_, function, numbers @ ..], [a]) = (parts, args) else { return Err(format!("{parts:?}")) };
    let numbers = numbers.iter().map(number).collect::<Result<Vec<usize>, _>>()?;
    let mut value = a.clone();
    match (function.word().unwrap_or_default(), &numbers[..]) {
        ("extract", &[high, low]) if low <= high && high < a.len() => return Ok(a[low..=high].to_vec()),
        ("zero_extend", &[more]) => value.resize(a.len() + more, FALSE),
        ("sign_extend", &[more]) => value.resize(a.len() + more, a[a.len() - 1]),
        (other, _) => return Err(format!("`{other}`")),
    }
    Ok(value)
}
