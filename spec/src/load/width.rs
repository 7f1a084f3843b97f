//! Widths of a row's expressions, by unification: every expression gets a class; classes that must be as wide
//! as each other are joined; a class joined to two numbers is an error. Afterwards every literal has a width.

use super::meaning::fits;
use crate::SpecError;
use crate::lang::Source;
use crate::lang::ast::Span;
use crate::machine::Machine;
use crate::meaning::{Expr, Flow, Function, Instruction, Place, Width};

/// A part of a row, for messages.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// A shared value.
    Let(usize),
    /// An update.
    Update(usize),
    /// Where control goes, and traps.
    Rest,
}

/// Checks a row and gives its literals widths. `place` tells where a part stands.
pub(super) fn infer<'s>(
    machine: &Machine,
    row: &mut Instruction,
    place: impl Fn(Part) -> (&'s Source, Span),
) -> Result<(), SpecError> {
    let mut classes = Classes::new(machine, row.operands.len());
    for (operand, &id) in row.kinds.iter().enumerate() {
        classes.bits[operand] = machine.kind(id).map(|kind| kind.bits(classes.address_bits()));
    }
    let at = |error: SpecError, part| {
        let (source, span) = place(part);
        error.at(source, span)
    };
    for (i, (_, value)) in row.lets.iter().enumerate() {
        let class = classes.expr(value).map_err(|e| at(e, Part::Let(i)))?;
        classes.lets.push(class);
    }
    for (i, update) in row.updates.iter().enumerate() {
        classes.update(&update.place, &update.value).map_err(|e| at(e, Part::Update(i)))?;
    }
    classes.flow(&row.flow).map_err(|e| at(e, Part::Rest))?;
    if let Some(condition) = &row.traps {
        classes.condition(condition).map_err(|e| at(e, Part::Rest))?;
    }
    let mut literals = classes.literals.clone().into_iter();
    for (i, (_, value)) in row.lets.iter_mut().enumerate() {
        classes.settle(value, &mut literals).map_err(|e| at(e, Part::Let(i)))?;
    }
    for (i, update) in row.updates.iter_mut().enumerate() {
        if let Place::Memory { address, .. } = &mut update.place {
            classes.settle(address, &mut literals).map_err(|e| at(e, Part::Update(i)))?;
        }
        classes.settle(&mut update.value, &mut literals).map_err(|e| at(e, Part::Update(i)))?;
    }
    let rest = match &mut row.flow {
        Flow::Next | Flow::Trap => [None, None],
        Flow::Jump(a) | Flow::Call(a) | Flow::Return(a) => [Some(a), None],
        Flow::Branch { condition, target } => [Some(condition), Some(target)],
    };
    for expr in rest.into_iter().flatten().chain(row.traps.as_mut()) {
        classes.settle(expr, &mut literals).map_err(|e| at(e, Part::Rest))?;
    }
    Ok(())
}

/// The width of an expression as far as it is known before inference.
pub(super) fn plain(machine: &Machine, lets: &[(String, Expr, Span)], expr: &Expr) -> Option<Width> {
    let mut classes = Classes::new(machine, OPERAND_LIMIT);
    for (_, value, _) in lets {
        let class = classes.expr(value).ok()?;
        classes.lets.push(class);
    }
    let class = classes.expr(expr).ok()?;
    classes.width(class)
}

/// Operands that a row may have.
pub(super) const OPERAND_LIMIT: usize = 8;

/// An index into [`Classes::parents`].
type Class = usize;

struct Classes<'a> {
    machine: &'a Machine,
    operands: usize,
    parents: Vec<Class>,
    bits: Vec<Option<u32>>,
    /// Classes of the row's shared values.
    lets: Vec<Class>,
    /// Classes of literals and of `width(…)` in the order of a walk.
    literals: Vec<Class>,
}

impl<'a> Classes<'a> {
    fn new(machine: &'a Machine, operands: usize) -> Classes<'a> {
        let parents = (0..operands).collect();
        Classes {
            machine,
            operands,
            parents,
            bits: vec![None; operands],
            lets: Vec::new(),
            literals: Vec::new(),
        }
    }

    fn fresh(&mut self, bits: Option<u32>) -> Class {
        self.parents.push(self.parents.len());
        self.bits.push(bits);
        self.parents.len() - 1
    }

    fn of(&mut self, width: Width) -> Class {
        match width {
            Width::Bits(bits) => self.fresh(Some(bits)),
            Width::Operand(index) => index,
        }
    }

    fn root(&self, mut class: Class) -> Class {
        while self.parents[class] != class {
            class = self.parents[class];
        }
        class
    }

    fn join(&mut self, a: Class, b: Class) -> Result<(), SpecError> {
        let (a, b) = (self.root(a), self.root(b));
        // The lower index stays the root, so that a class with an operand has an operand as its root.
        let (root, child) = (a.min(b), a.max(b));
        match (self.bits[root], self.bits[child]) {
            (Some(x), Some(y)) if x != y => {
                return Err(SpecError::mismatch(
                    format!("a value of width {x}"),
                    format!("one of width {y}"),
                ));
            }
            (None, bits) => self.bits[root] = bits,
            _ => {}
        }
        self.parents[child] = root;
        Ok(())
    }

    fn known(&self, class: Class) -> Option<u32> {
        self.bits[self.root(class)]
    }

    fn width(&self, class: Class) -> Option<Width> {
        let root = self.root(class);
        match self.bits[root] {
            Some(bits) => Some(Width::Bits(bits)),
            None => (root < self.operands).then_some(Width::Operand(root)),
        }
    }

    fn address_bits(&self) -> u32 {
        self.machine.word_bytes * 8
    }

    fn address(&mut self, expr: &Expr) -> Result<(), SpecError> {
        let class = self.expr(expr)?;
        let word = self.fresh(Some(self.address_bits()));
        self.join(word, class)
    }

    fn condition(&mut self, expr: &Expr) -> Result<(), SpecError> {
        let class = self.expr(expr)?;
        let bit = self.fresh(Some(1));
        self.join(bit, class)
    }

    fn update(&mut self, place: &Place, value: &Expr) -> Result<(), SpecError> {
        let class = match place {
            Place::Operand(index) => *index,
            Place::Register(reg) => self.fresh(Some(self.machine.register(*reg).bits)),
            Place::Part { bits, .. } => self.fresh(Some(*bits)),
            Place::Memory { address, bits } => {
                self.address(address)?;
                self.of(*bits)
            }
        };
        let value = self.expr(value)?;
        self.join(class, value)
    }

    fn flow(&mut self, flow: &Flow) -> Result<(), SpecError> {
        match flow {
            Flow::Next | Flow::Trap => Ok(()),
            Flow::Jump(target) | Flow::Call(target) | Flow::Return(target) => self.address(target),
            Flow::Branch { condition, target } => {
                self.condition(condition)?;
                self.address(target)
            }
        }
    }

    fn expr(&mut self, expr: &Expr) -> Result<Class, SpecError> {
        Ok(match expr {
            Expr::Operand(index) => *index,
            Expr::Let(index) => self.lets[*index],
            Expr::Address(_) | Expr::Next => self.fresh(Some(self.address_bits())),
            Expr::Register(reg) => self.fresh(Some(self.machine.register(*reg).bits)),
            Expr::Const { value, width } => {
                self.check_fits(*value, *width)?;
                self.of(*width)
            }
            Expr::Literal(_) | Expr::WidthOf(_) => {
                let class = self.fresh(None);
                self.literals.push(class);
                class
            }
            Expr::Memory { address, bits } => {
                self.address(address)?;
                self.of(*bits)
            }
            Expr::Apply { function, args } => self.apply(function, args)?,
            Expr::Ite(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                self.condition(condition)?;
                let then = self.expr(then)?;
                let otherwise = self.expr(otherwise)?;
                self.join(then, otherwise)?;
                then
            }
            Expr::Extend { value, to, .. } => {
                let from = self.expr(value)?;
                let to = self.of(*to);
                self.no_wider(from, to)?;
                to
            }
            Expr::Truncate { value, to } => {
                let from = self.expr(value)?;
                let to = self.of(*to);
                self.no_wider(to, from)?;
                to
            }
            Expr::Extract { value, high, low } => {
                let class = self.expr(value)?;
                if let Some(bits) = self.known(class)
                    && *high >= bits
                {
                    return Err(SpecError::mismatch(
                        format!("bits of a value of width {bits}"),
                        format!("bit {high}"),
                    ));
                }
                self.fresh(Some(high - low + 1))
            }
            Expr::Undefined(width) => self.of(*width),
        })
    }

    fn no_wider(&self, narrow: Class, wide: Class) -> Result<(), SpecError> {
        match (self.known(narrow), self.known(wide)) {
            (Some(n), Some(w)) if n > w => {
                Err(SpecError::mismatch(format!("a width of at most {w}"), n.to_string()))
            }
            _ => Ok(()),
        }
    }

    fn apply(&mut self, function: &Function, args: &[Expr]) -> Result<Class, SpecError> {
        let mut classes = Vec::new();
        for arg in args {
            classes.push(self.expr(arg)?);
        }
        let Some(&first) = classes.first() else {
            return Err(SpecError::mismatch("an argument", "none"));
        };
        match function {
            Function::Concat => {
                let known: Option<u32> = classes.iter().map(|&class| self.known(class)).sum();
                Ok(self.fresh(known))
            }
            Function::Uninterpreted { bits: 0, .. } => Ok(first),
            Function::Uninterpreted { bits, .. } => Ok(self.fresh(Some(*bits))),
            Function::Parity => Ok(self.fresh(Some(1))),
            Function::LeadingZeros | Function::TrailingZeros | Function::Popcount => Ok(first),
            _ => {
                for &class in &classes[1..] {
                    self.join(first, class)?;
                }
                let comparison = matches!(
                    function,
                    Function::Eq
                        | Function::Ne
                        | Function::Ult
                        | Function::Ule
                        | Function::Slt
                        | Function::Sle
                );
                Ok(if comparison { self.fresh(Some(1)) } else { first })
            }
        }
    }

    fn check_fits(&self, value: u128, width: Width) -> Result<(), SpecError> {
        match width {
            Width::Bits(bits) if !fits(value, bits) => {
                Err(SpecError::mismatch(format!("a number of width {bits}"), format!("`{value}`")))
            }
            _ => Ok(()),
        }
    }

    /// Gives the literals of an expression their widths, in the order in which [`Classes::expr`] met them.
    fn settle(&self, expr: &mut Expr, literals: &mut impl Iterator<Item = Class>) -> Result<(), SpecError> {
        let is_literal = matches!(expr, Expr::Literal(_) | Expr::WidthOf(_));
        if is_literal {
            let width = literals.next().and_then(|class| self.width(class));
            let Expr::Literal(value) = *expr else { return Ok(()) };
            let expected = "a number of a known width";
            let width = width.ok_or_else(|| SpecError::mismatch(expected, "one whose context has none"))?;
            self.check_fits(value, width)?;
            *expr = Expr::Const { value, width };
            return Ok(());
        }
        for part in expr.parts_mut() {
            self.settle(part, literals)?;
        }
        Ok(())
    }
}
