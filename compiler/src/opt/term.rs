//! The language of the rule table: S-expressions over the numeric instructions.
//!
//! ```text
//! term  ::= ?x | ?C | literal | (op term …) | (select term term term) | (widen term) | (ones ?x)
//! ```
//!
//! A lower-case variable stands for any value, an upper-case one for a constant. Literals take the type of their
//! place, `(widen t)` is the test `t` at the type of its place. `(ones ?x)`, for guards only, is a mask outside which the value is known to have no bit set.
//! One term has three readings: a pattern to search, a value to build, and a formula to prove.

use crate::ir::{NumOp, Type};

/// A typed term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A variable by its index in [`Vars`].
    Var(usize),
    /// A constant: its type and its bits, zero-extended.
    Const(Type, u64),
    /// A numeric instruction.
    Num(NumOp, Vec<Term>),
    /// `select c, a, b`: its type, then the three.
    Select(Type, Vec<Term>),
    /// The bits a variable may have set.
    Ones(usize),
}

/// The variables of a rule in order of appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vars(pub Vec<Var>);

/// A variable of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Var {
    /// As written, `?` included.
    pub name: String,
    /// Its type, from the places where it stands.
    pub ty: Type,
}

impl Var {
    /// Whether it stands only for constants.
    pub fn is_const(&self) -> bool {
        self.name[1..].starts_with(|c: char| c.is_ascii_uppercase())
    }
}

impl Term {
    /// The type of its value.
    pub fn ty(&self, vars: &Vars) -> Type {
        match self {
            Term::Var(v) | Term::Ones(v) => vars.0[*v].ty,
            Term::Const(ty, _) | Term::Select(ty, _) => *ty,
            Term::Num(op, _) => op.result(),
        }
    }

    /// Calls `f` on every variable below, with whether it stands under `ones`.
    pub fn for_each_var(&self, f: &mut impl FnMut(usize, bool)) {
        match self {
            Term::Var(v) => f(*v, false),
            Term::Ones(v) => f(*v, true),
            Term::Const(..) => {}
            Term::Num(_, args) | Term::Select(_, args) => args.iter().for_each(|a| a.for_each_var(f)),
        }
    }
}

/// Reads one term of a known type, adding its variables. The message names the part that is wrong.
pub fn parse(text: &str, ty: Type, vars: &mut Vars) -> Result<Term, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let term = parse_term(&mut words, ty, vars)?;
    match words.next() {
        None => Ok(term),
        Some(word) => Err(format!("`{word}` after the end of `{text}`")),
    }
}

/// The type of a term's text: that of its outermost instruction; none for a variable or literal.
pub fn type_of(text: &str) -> Option<Type> {
    let mut words = text.strip_prefix('(')?.split([' ', ')']);
    match words.next()? {
        "select" => None,
        op => NumOp::from_name(op).map(NumOp::result),
    }
}

type Words<'a, I> = std::iter::Peekable<I>;

fn parse_term<'a, I: Iterator<Item = &'a str>>(
    words: &mut Words<'a, I>,
    ty: Type,
    vars: &mut Vars,
) -> Result<Term, String> {
    match words.next() {
        None => Err("term expected at the end".into()),
        Some("(") => {
            let op = words.next().ok_or("operator expected at the end")?;
            let term = parse_application(op, words, ty, vars)?;
            match words.next() {
                Some(")") => Ok(term),
                other => Err(format!("`)` expected after the arguments of {op}, found {other:?}")),
            }
        }
        Some(word) if word.starts_with('?') => Ok(Term::Var(variable(word, ty, vars)?)),
        Some(word) => Ok(Term::Const(ty, literal(word, ty)?)),
    }
}

fn parse_application<'a, I: Iterator<Item = &'a str>>(
    op: &str,
    words: &mut Words<'a, I>,
    ty: Type,
    vars: &mut Vars,
) -> Result<Term, String> {
    if op == "ones" {
        let word = words.next().ok_or("variable expected at the end")?;
        return Ok(Term::Ones(variable(word, ty, vars)?));
    }
    if op == "widen" {
        let test = parse_term(words, Type::I32, vars)?;
        return Ok(if ty == Type::I32 { test } else { Term::Num(NumOp::I64ExtendI32U, vec![test]) });
    }
    if op == "select" {
        let types = [Type::I32, ty, ty];
        let args = types.into_iter().map(|ty| parse_term(words, ty, vars)).collect::<Result<_, _>>()?;
        return Ok(Term::Select(ty, args));
    }
    let num = NumOp::from_name(op).ok_or_else(|| format!("unknown instruction `{op}`"))?;
    if num.result() != ty {
        return Err(format!("{op} gives {:?} where {ty:?} is expected", num.result()));
    }
    let args = num.args().iter().map(|&ty| parse_term(words, ty, vars)).collect::<Result<_, _>>()?;
    Ok(Term::Num(num, args))
}

fn variable(name: &str, ty: Type, vars: &mut Vars) -> Result<usize, String> {
    if let Some(index) = vars.0.iter().position(|v| v.name == name) {
        let known = vars.0[index].ty;
        return if known == ty { Ok(index) } else { Err(format!("{name} is {known:?} and {ty:?}")) };
    }
    if name.len() < 2 || !name.starts_with('?') {
        return Err(format!("`{name}` is not a variable"));
    }
    vars.0.push(Var { name: name.to_owned(), ty });
    Ok(vars.0.len() - 1)
}

fn literal(word: &str, ty: Type) -> Result<u64, String> {
    let bad = || format!("`{word}` is not a literal of {ty:?}");
    let bits = match ty {
        Type::F32 => u64::from(word.parse::<f32>().map_err(|_| bad())?.to_bits()),
        Type::F64 => word.parse::<f64>().map_err(|_| bad())?.to_bits(),
        Type::I32 | Type::I64 => {
            let hex = word.strip_prefix("0x").map(|hex| i128::from_str_radix(hex, 16));
            hex.unwrap_or_else(|| word.parse::<i128>()).map_err(|_| bad())? as u64
        }
    };
    Ok(bits & mask(ty))
}

/// All bits of a type.
pub fn mask(ty: Type) -> u64 {
    match ty {
        Type::I32 | Type::F32 => u64::from(u32::MAX),
        Type::I64 | Type::F64 => u64::MAX,
    }
}
