//! What the terms of rules mean, as formulas over bit vectors.
//!
//! Floats are their bits: signs and comparisons are spelt out. Their arithmetic and conversions are unknown
//! functions, of which only this is used: `x - y` is `x + (-y)` unless `y` is a NaN (IEEE 754, 6.3 and 5.4.1), and
//! a conversion from an integer depends on its value alone, not on its width.

use framewright_compiler::ir::{NumOp, Type};
use framewright_compiler::opt::rule::Rule;
use framewright_compiler::opt::term::Term;
use std::collections::BTreeMap;
use z3::ast::{Ast, BV, Bool};
use z3::{FuncDecl, Sort};

/// Formulas for the terms of one rule.
pub(crate) struct Meaning<'a> {
    rule: &'a Rule,
    /// By variable: its value.
    pub(crate) values: Vec<BV>,
    /// By variable: a mask outside which the value has no bits.
    pub(crate) ones: Vec<BV>,
    /// Whether an instruction translated so far traps.
    pub(crate) traps: Vec<Bool>,
    /// Read every bit count but 1 as 0: guards ask only whether it is 1.
    pub(crate) one_or_not: bool,
    /// Read a shift to the left as a product with a power of two.
    pub(crate) shl_by_mul: bool,
}

pub(crate) fn width(ty: Type) -> u32 {
    match ty {
        Type::I32 | Type::F32 => 32,
        Type::I64 | Type::F64 => 64,
    }
}

impl<'a> Meaning<'a> {
    /// With some variables fixed.
    pub(crate) fn new(rule: &'a Rule, fixed: &BTreeMap<usize, u64>) -> Meaning<'a> {
        let vars = || rule.vars.0.iter().enumerate();
        let value = |(n, var): (usize, &framewright_compiler::opt::term::Var)| match fixed.get(&n) {
            Some(&bits) => BV::from_u64(bits, width(var.ty)),
            None => BV::new_const(var.name.as_str(), width(var.ty)),
        };
        let ones = |var: &framewright_compiler::opt::term::Var| {
            BV::new_const(format!("ones {}", var.name), width(var.ty))
        };
        let ones = vars().map(|(_, var)| ones(var)).collect();
        Meaning {
            rule,
            values: vars().map(value).collect(),
            ones,
            traps: vec![],
            one_or_not: false,
            shl_by_mul: false,
        }
    }

    /// The formula of a term.
    pub(crate) fn term(&mut self, term: &Term) -> BV {
        match term {
            Term::Var(v) => self.values[*v].clone(),
            Term::Ones(v) => self.ones[*v].clone(),
            Term::Const(ty, bits) => BV::from_u64(*bits, width(*ty)),
            Term::Select(_, args) => {
                let [condition, a, b] = [0, 1, 2].map(|i| self.term(&args[i]));
                is_zero(&condition).ite(&b, &a)
            }
            Term::Num(op, args) => {
                let args: Vec<BV> = args.iter().map(|arg| self.term(arg)).collect();
                self.numeric(*op, &args)
            }
        }
    }

    fn numeric(&mut self, op: NumOp, args: &[BV]) -> BV {
        let (ty, name) = op.name().split_once('.').expect("type.name");
        let x = &args[0];
        let y = args.get(1).unwrap_or(x);
        match (ty, name) {
            (_, "eqz") => test(is_zero(x)),
            ("i32" | "i64", "eq") => test(x.eq(y)),
            ("i32" | "i64", "ne") => test(x.eq(y).not()),
            (_, "lt_s") => test(x.bvslt(y)),
            (_, "lt_u") => test(x.bvult(y)),
            (_, "gt_s") => test(x.bvsgt(y)),
            (_, "gt_u") => test(x.bvugt(y)),
            (_, "le_s") => test(x.bvsle(y)),
            (_, "le_u") => test(x.bvule(y)),
            (_, "ge_s") => test(x.bvsge(y)),
            (_, "ge_u") => test(x.bvuge(y)),
            ("i32" | "i64", "add") => x.bvadd(y),
            ("i32" | "i64", "sub") => x.bvsub(y),
            ("i32" | "i64", "mul") => x.bvmul(y),
            (_, "div_u" | "div_s" | "rem_u" | "rem_s") => self.division(name, x, y),
            (_, "and") => x.bvand(y),
            (_, "or") => x.bvor(y),
            (_, "xor") => x.bvxor(y),
            (_, "shl" | "shr_s" | "shr_u" | "rotl" | "rotr") => self.shift(name, x, y),
            (_, "clz" | "ctz") => count(name, x),
            (_, "popcnt") if self.one_or_not => {
                let w = x.get_size();
                one_bit(x).ite(&BV::from_u64(1, w), &BV::from_u64(0, w))
            }
            (_, "popcnt") => count(name, x),
            ("f32" | "f64", _) => float(op, name, args),
            _ => conversion(op, x),
        }
    }

    fn division(&mut self, name: &str, x: &BV, y: &BV) -> BV {
        let w = x.get_size();
        self.traps.push(is_zero(y));
        let min = BV::from_u64(1 << (w - 1), w);
        if name == "div_s" {
            self.traps.push(Bool::and(&[x.eq(&min), y.eq(BV::from_i64(-1, w))]));
        }
        // By cases of the signs, as SMT-LIB defines them, so that unsigned cases are seen to be unsigned.
        let signs = |pp: BV, pn: BV, np: BV, nn: BV| {
            let (x_negative, y_negative) = (negative(x), negative(y));
            x_negative.ite(&y_negative.ite(&nn, &np), &y_negative.ite(&pn, &pp))
        };
        let (minus_x, minus_y) = (x.bvneg(), y.bvneg());
        match name {
            "div_u" => x.bvudiv(y),
            "rem_u" => x.bvurem(y),
            "div_s" => signs(
                x.bvudiv(y),
                x.bvudiv(&minus_y).bvneg(),
                minus_x.bvudiv(y).bvneg(),
                minus_x.bvudiv(&minus_y),
            ),
            _ => signs(
                x.bvurem(y),
                x.bvurem(&minus_y),
                minus_x.bvurem(y).bvneg(),
                minus_x.bvurem(&minus_y).bvneg(),
            ),
        }
    }

    fn shift(&self, name: &str, x: &BV, y: &BV) -> BV {
        let w = x.get_size();
        let amount = y.bvand(BV::from_u64(u64::from(w) - 1, w));
        let rest = BV::from_u64(u64::from(w), w).bvsub(&amount).bvand(BV::from_u64(u64::from(w) - 1, w));
        match name {
            "shl" if self.shl_by_mul => x.bvmul(BV::from_u64(1, w).bvshl(&amount)),
            "shl" => x.bvshl(&amount),
            "shr_s" => x.bvashr(&amount),
            "shr_u" => x.bvlshr(&amount),
            "rotl" => x.bvshl(&amount).bvor(x.bvlshr(&rest)),
            _ => x.bvlshr(&amount).bvor(x.bvshl(&rest)),
        }
    }

    /// What is known before the rule is applied.
    pub(crate) fn facts(&self) -> Vec<Bool> {
        let mut facts = Vec::new();
        let mut mention = |v: usize, ones: bool| {
            if ones {
                facts.push(is_zero(&self.values[v].bvand(self.ones[v].bvnot())));
            }
        };
        if let Some(when) = &self.rule.when {
            when.for_each_var(&mut mention);
        }
        facts
    }
}

fn test(condition: Bool) -> BV {
    condition.ite(&BV::from_u64(1, 32), &BV::from_u64(0, 32))
}

pub(crate) fn is_zero(x: &BV) -> Bool {
    x.eq(BV::from_u64(0, x.get_size()))
}

fn negative(x: &BV) -> Bool {
    x.bvslt(BV::from_u64(0, x.get_size()))
}

pub(crate) fn count(name: &str, x: &BV) -> BV {
    let w = x.get_size();
    let number = |n: u32| BV::from_u64(u64::from(n), w);
    let bit = |i: u32| x.extract(i, i);
    let set = |i: u32| bit(i).eq(BV::from_u64(1, 1));
    match name {
        "clz" => (0..w).fold(number(w), |rest, i| set(i).ite(&number(w - 1 - i), &rest)),
        "ctz" => (0..w).rev().fold(number(w), |rest, i| set(i).ite(&number(i), &rest)),
        _ => (1..w).fold(bit(0).zero_ext(w - 1), |sum, i| sum.bvadd(bit(i).zero_ext(w - 1))),
    }
}

/// Whether one bit is set: `x` is not zero, and taking 1 clears its only bit.
pub(crate) fn one_bit(x: &BV) -> Bool {
    let less = x.bvsub(BV::from_u64(1, x.get_size()));
    Bool::and(&[is_zero(x).not(), is_zero(&x.bvand(&less))])
}

fn conversion(op: NumOp, x: &BV) -> BV {
    let to = width(op.result());
    let sign_of = |bits: u32| x.extract(bits - 1, 0).sign_ext(to - bits);
    match op.name() {
        "i32.wrap_i64" => x.extract(31, 0),
        "i64.extend_i32_s" => x.sign_ext(32),
        "i64.extend_i32_u" => x.zero_ext(32),
        name if name.ends_with("extend8_s") => sign_of(8),
        name if name.ends_with("extend16_s") => sign_of(16),
        "i64.extend32_s" => sign_of(32),
        name if name.contains("reinterpret") => x.clone(),
        name => panic!("no meaning for {name}"),
    }
}

fn float(op: NumOp, name: &str, args: &[BV]) -> BV {
    let x = &args[0];
    let y = args.get(1).unwrap_or(x);
    let w = x.get_size();
    let sign = BV::from_u64(1 << (w - 1), w);
    let magnitude = |v: &BV| v.bvand(sign.bvnot());
    match name {
        "neg" => x.bvxor(&sign),
        "abs" => magnitude(x),
        "copysign" => magnitude(x).bvor(y.bvand(&sign)),
        "eq" => test(float_eq(x, y)),
        "ne" => test(float_eq(x, y).not()),
        "lt" => test(float_lt(x, y)),
        "gt" => test(float_lt(y, x)),
        "le" => test(Bool::or(&[float_lt(x, y), float_eq(x, y)])),
        "ge" => test(Bool::or(&[float_lt(y, x), float_eq(x, y)])),
        "add" => unknown("add", args, w),
        "sub" => is_nan(y).ite(&unknown("sub", args, w), &unknown("add", &[x.clone(), y.bvxor(&sign)], w)),
        _ if name.starts_with("reinterpret") => x.clone(),
        _ if name.starts_with("convert") => {
            let to = width(op.result());
            let from = |wide: BV| unknown("convert signed", &[wide], to);
            match name {
                "convert_i32_s" => from(x.sign_ext(32)),
                "convert_i32_u" => from(x.zero_ext(32)),
                "convert_i64_s" => from(x.clone()),
                _ => negative(x).ite(&unknown("convert unsigned", args, to), &from(x.clone())),
            }
        }
        _ => panic!("no meaning for {}", op.name()),
    }
}

fn unknown(name: &str, args: &[BV], to: u32) -> BV {
    let sorts: Vec<Sort> = args.iter().map(|arg| Sort::bitvector(arg.get_size())).collect();
    let name = format!("{name} {} to {to}", args[0].get_size());
    let function = FuncDecl::new(name, &sorts.iter().collect::<Vec<_>>(), &Sort::bitvector(to));
    let args: Vec<&dyn Ast> = args.iter().map(|arg| arg as &dyn Ast).collect();
    function.apply(&args).as_bv().expect("a bit vector")
}

fn is_nan(x: &BV) -> Bool {
    let (w, fraction) = (x.get_size(), if x.get_size() == 32 { 23 } else { 52 });
    let infinity = BV::from_u64(((1 << (w - 1 - fraction)) - 1) << fraction, w);
    x.bvand(BV::from_u64(1 << (w - 1), w).bvnot()).bvugt(&infinity)
}

fn float_eq(x: &BV, y: &BV) -> Bool {
    let magnitudes = x.bvor(y).bvshl(BV::from_u64(1, x.get_size()));
    let same = Bool::or(&[x.eq(y), is_zero(&magnitudes)]);
    Bool::and(&[is_nan(x).not(), is_nan(y).not(), same])
}

fn float_lt(x: &BV, y: &BV) -> Bool {
    let zeros = is_zero(&x.bvor(y).bvshl(BV::from_u64(1, x.get_size())));
    let by_signs = negative(x).ite(
        &negative(y).ite(&x.bvugt(y), &zeros.not()),
        &negative(y).ite(&Bool::from_bool(false), &x.bvult(y)),
    );
    Bool::and(&[is_nan(x).not(), is_nan(y).not(), by_signs])
}
