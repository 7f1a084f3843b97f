//! Expressions of a row: names to operands, registers and shared values; functions and operators by name.

use super::meaning::{Row, Scope};
use super::record::small;
use super::width;
use crate::SpecError;
use crate::error::did_you_mean;
use crate::lang::Source;
use crate::lang::ast::{Name, Number, Span, Term, Width as WidthTerm};
use crate::meaning::{Expr, Function, Width};

/// Widest constant, memory access or extension, bits.
const WIDTH_LIMIT: u32 = 512;

impl Row<'_> {
    pub(super) fn expr(&mut self, scope: &Scope<'_>, term: &Term) -> Result<Expr, SpecError> {
        self.grow(1, scope.source, span_of(term))?;
        Ok(match term {
            Term::Name(name) => self.named(scope, name)?,
            Term::Number(number) => Expr::Literal(number.value),
            Term::Memory(address, bits) => {
                Expr::Memory { address: Box::new(self.expr(scope, address)?), bits: self.width(scope, bits)? }
            }
            Term::Apply(name, args) => self.application(scope, name, args)?,
            Term::As(inner, width) => {
                let width = self.width(scope, width)?;
                match (self.expr(scope, inner)?, width) {
                    (Expr::Literal(value), width) => Expr::Const { value, width },
                    (
                        Expr::Apply { function: Function::Uninterpreted { name, .. }, args },
                        Width::Bits(bits),
                    ) => Expr::Apply { function: Function::Uninterpreted { name, bits }, args },
                    _ => {
                        let expected = "a number or a named function before `as`";
                        return Err(SpecError::mismatch(expected, "another expression")
                            .at(scope.source, span_of(term)));
                    }
                }
            }
            Term::Unary(op, value) => {
                let function = if *op == "~" { Function::Not } else { Function::Neg };
                apply(function, vec![self.expr(scope, value)?])
            }
            Term::Binary(op, sides) => {
                let args = vec![self.expr(scope, &sides[0])?, self.expr(scope, &sides[1])?];
                apply(operator(op), args)
            }
            Term::Slice(value, high, low) => {
                let high = small(scope.source, high, WIDTH_LIMIT - 1)?;
                let low = small(scope.source, low, high)?;
                Expr::Extract { value: Box::new(self.expr(scope, value)?), high, low }
            }
            Term::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                Expr::Ite(Box::new([
                    self.expr(scope, condition)?,
                    self.expr(scope, then)?,
                    self.expr(scope, otherwise)?,
                ]))
            }
        })
    }

    fn named(&mut self, scope: &Scope<'_>, name: &Name) -> Result<Expr, SpecError> {
        if let Some(expr) = scope.names.get(&name.text) {
            self.count(expr, scope.source, name.span)?;
            return Ok(expr.clone());
        }
        if name.text == "next" {
            return Ok(Expr::Next);
        }
        let Some(view) = self.machine.views.get(&name.text) else {
            return Err(self.unknown_name(scope, name));
        };
        let whole = Expr::Register(view.reg);
        if view.bits == self.machine.register(view.reg).bits {
            return Ok(whole);
        }
        let high = view.low_bit + view.bits - 1;
        Ok(Expr::Extract { value: Box::new(whole), high, low: view.low_bit })
    }

    pub(super) fn unknown_name(&self, scope: &Scope<'_>, name: &Name) -> SpecError {
        let known =
            scope.names.keys().map(String::as_str).chain(self.machine.views.keys().map(String::as_str));
        let help = did_you_mean(&name.text, known);
        super::record::unknown(scope.source, "name", name).with_help(help)
    }

    fn application(&mut self, scope: &Scope<'_>, name: &Name, args: &[Term]) -> Result<Expr, SpecError> {
        let arity = |n: usize| {
            if args.len() == n {
                return Ok(());
            }
            let expected = format!("{n} arguments of `{}`", name.text);
            Err(SpecError::mismatch(expected, args.len().to_string()).at(scope.source, name.span))
        };
        match name.text.as_str() {
            "zext" | "sext" | "trunc" => {
                arity(2)?;
                let value = Box::new(self.expr(scope, &args[0])?);
                let to = self.width_term(scope, &args[1], name.span)?;
                return Ok(match name.text.as_str() {
                    "trunc" => Expr::Truncate { value, to },
                    kind => Expr::Extend { signed: kind == "sext", value, to },
                });
            }
            "undefined" => {
                arity(1)?;
                return Ok(Expr::Undefined(self.width_term(scope, &args[0], name.span)?));
            }
            "width" | "address" => {
                arity(1)?;
                let Expr::Operand(index) = self.expr(scope, &args[0])? else {
                    let error = SpecError::mismatch("an operand", "another expression");
                    return Err(error.at(scope.source, span_of(&args[0])));
                };
                let is_width = name.text == "width";
                return Ok(if is_width { Expr::WidthOf(index) } else { Expr::Address(index) });
            }
            _ => {}
        }
        if let Some((function, n)) = function(&name.text) {
            arity(n)?;
            let args = args.iter().map(|arg| self.expr(scope, arg)).collect::<Result<_, _>>()?;
            return Ok(apply(function, args));
        }
        if let Some(&declared) = self.definitions.get(name.text.as_str()) {
            return self.use_term(scope, name, args, declared);
        }
        if !name.text.contains('.') {
            let known = self.definitions.keys().copied().chain(FUNCTIONS.iter().map(|f| f.0));
            let help = did_you_mean(&name.text, known).unwrap_or_else(|| {
                "a function known by name only has a dot in it, as in `f64.add`".to_owned()
            });
            return Err(super::record::unknown(scope.source, "function", name).with_help(Some(help)));
        }
        if args.is_empty() {
            arity(1)?;
        }
        let args = args.iter().map(|arg| self.expr(scope, arg)).collect::<Result<_, _>>()?;
        Ok(apply(Function::Uninterpreted { name: name.text.clone(), bits: 0 }, args))
    }

    // Widths and limits

    fn width(&mut self, scope: &Scope<'_>, width: &WidthTerm) -> Result<Width, SpecError> {
        match width {
            WidthTerm::Bits(number) => bits(scope.source, number),
            WidthTerm::Of(name) => self.width_of(scope, &Term::Name(name.clone()), name.span),
        }
    }

    /// A width given as an argument: a number or `width(operand)`.
    fn width_term(&mut self, scope: &Scope<'_>, term: &Term, span: Span) -> Result<Width, SpecError> {
        match term {
            Term::Number(number) => bits(scope.source, number),
            Term::Apply(name, args) if name.text == "width" && args.len() == 1 => {
                self.width_of(scope, &args[0], name.span)
            }
            _ => {
                let error = SpecError::mismatch("a width: a number or `width(…)`", "another expression");
                Err(error.at(scope.source, span))
            }
        }
    }

    fn width_of(&mut self, scope: &Scope<'_>, term: &Term, span: Span) -> Result<Width, SpecError> {
        match self.expr(scope, term)? {
            Expr::Operand(index) => Ok(Width::Operand(index)),
            Expr::Register(reg) => Ok(Width::Bits(self.machine.register(reg).bits)),
            expr => {
                let known = width::plain(self.machine, &self.lets, &expr);
                let error = || SpecError::mismatch("something of a known width", "an expression");
                known.ok_or_else(|| error().at(scope.source, span))
            }
        }
    }
}

fn bits(source: &Source, number: &Number) -> Result<Width, SpecError> {
    match small(source, number, WIDTH_LIMIT)? {
        0 => Err(SpecError::mismatch("at least one bit", "`0`").at(source, number.span)),
        bits => Ok(Width::Bits(bits)),
    }
}

pub(super) fn apply(function: Function, args: Vec<Expr>) -> Expr {
    Expr::Apply { function, args }
}

pub(super) fn span_of(term: &Term) -> Span {
    match term {
        Term::Name(name) | Term::Apply(name, _) => name.span,
        Term::Number(number) => number.span,
        Term::Memory(inner, _) | Term::As(inner, _) | Term::Unary(_, inner) => span_of(inner),
        Term::Binary(_, sides) => span_of(&sides[0]).to(span_of(&sides[1])),
        Term::Slice(inner, _, low) => span_of(inner).to(low.span),
        Term::If(parts) => span_of(&parts[0]).to(span_of(&parts[2])),
    }
}

/// Functions by name, with their number of arguments.
const FUNCTIONS: [(&str, Function, usize); 7] = [
    ("concat", Function::Concat, 2),
    ("rotl", Function::RotL, 2),
    ("rotr", Function::RotR, 2),
    ("leading_zeros", Function::LeadingZeros, 1),
    ("trailing_zeros", Function::TrailingZeros, 1),
    ("popcount", Function::Popcount, 1),
    ("parity", Function::Parity, 1),
];

fn function(name: &str) -> Option<(Function, usize)> {
    FUNCTIONS.iter().find(|f| f.0 == name).map(|f| (f.1.clone(), f.2))
}

fn operator(op: &str) -> Function {
    match op {
        "+" => Function::Add,
        "-" => Function::Sub,
        "*" => Function::Mul,
        "/u" => Function::UDiv,
        "/s" => Function::SDiv,
        "%u" => Function::URem,
        "%s" => Function::SRem,
        "&" => Function::And,
        "|" => Function::Or,
        "^" => Function::Xor,
        "<<" => Function::Shl,
        ">>u" => Function::LShr,
        ">>s" => Function::AShr,
        "==" => Function::Eq,
        "!=" => Function::Ne,
        "<u" => Function::Ult,
        "<=u" => Function::Ule,
        "<s" => Function::Slt,
        _ => Function::Sle,
    }
}
