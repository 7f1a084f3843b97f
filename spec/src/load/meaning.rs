//! Rows of instructions: names resolved, definitions and `let`s expanded, conditions folded into values.
//!
//! ```text
//! when c { cf := e }    is    cf := if c then e else cf
//! ```
//!
//! Values with a name (`let`, arguments of definitions, conditions) are shared: they become the row's `lets`.
//! Definitions are hygienic: their bodies see parameters, registers and other definitions, nothing of the
//! user.

use super::encoding::{self, Written};
use super::record::{ones, small};
use super::term::apply;
use super::{Declared, width};
use crate::SpecError;
use crate::error::did_you_mean;
use crate::lang::Source;
use crate::lang::ast::{Block, Effect, Item, Name, Param, Span, Term, Text};
use crate::machine::{Above, Machine};
use crate::meaning::{Expr, Flow, Function, Instruction, Place, Update};
use indexmap::IndexMap;

/// Definitions of one machine by name.
pub(super) type Definitions<'a> = IndexMap<&'a str, Declared<'a>>;

/// Nodes that one row may expand to.
const NODE_LIMIT: usize = 10_000;
/// Definitions that may use each other in a chain.
const USE_LIMIT: usize = 16;

pub(super) fn instruction(
    declared: Declared<'_>,
    machine: &Machine,
    definitions: &Definitions<'_>,
) -> Result<Instruction, SpecError> {
    let Item::Instruction { name, operands, body } = declared.item else {
        return Err(SpecError::Missing { what: "body", of: "instruction".to_owned() });
    };
    let mut row = Row {
        machine,
        definitions,
        lets: Vec::new(),
        updates: Vec::new(),
        flow: None,
        traps: None,
        asm: None,
        bits: None,
        cite: None,
        nodes: 0,
        using: Vec::new(),
    };
    let mut scope = operand_scope(declared.source, machine, operands)?;
    row.effects(&mut scope, body, None)?;
    let (asm, bits) = (row.asm, row.bits);
    let written = Written { source: declared.source, machine, name, operands, asm, bits };
    let Some(cite) = row.cite else {
        let what = format!("instruction `{}`", name.text);
        return Err(SpecError::MissingCitation { what }.at(declared.source, name.span));
    };
    let mut instruction = Instruction {
        name: name.text.clone(),
        operands: operands.iter().map(|o| o.name.text.clone()).collect(),
        kinds: written.kinds()?,
        encoding: written.encoding()?,
        lets: row.lets.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect(),
        updates: row.updates.iter().map(|(update, _)| update.clone()).collect(),
        flow: row.flow.unwrap_or(Flow::Next),
        traps: row.traps,
        cite,
    };
    let lets: Vec<Span> = row.lets.iter().map(|&(_, _, span)| span).collect();
    let updates: Vec<Span> = row.updates.iter().map(|&(_, span)| span).collect();
    width::infer(machine, &mut instruction, |part| {
        let span = match part {
            width::Part::Let(i) => lets.get(i),
            width::Part::Update(i) => updates.get(i),
            width::Part::Rest => None,
        };
        (declared.source, span.copied().unwrap_or(name.span))
    })?;
    if instruction.encoding.is_some() {
        encoding::check_meaning(machine, &instruction).map_err(|e| e.at(declared.source, name.span))?;
    }
    Ok(instruction)
}

/// The operands of a row under their names.
fn operand_scope<'a>(
    source: &'a Source,
    machine: &Machine,
    operands: &[Param],
) -> Result<Scope<'a>, SpecError> {
    let mut names = IndexMap::new();
    for (index, operand) in operands.iter().map(|operand| &operand.name).enumerate() {
        if machine.views.contains_key(&operand.text) {
            let error = SpecError::mismatch("the name of an operand", format!("register `{}`", operand.text));
            return Err(error.at(source, operand.span));
        }
        if index == width::OPERAND_LIMIT {
            let what = "number of operands".to_owned();
            let error = SpecError::TooLarge { what, limit: width::OPERAND_LIMIT as i64 };
            return Err(error.at(source, operand.span));
        }
        if names.insert(operand.text.clone(), Expr::Operand(index)).is_some() {
            return Err(duplicate("operand", source, operand));
        }
    }
    Ok(Scope { source, names })
}

fn duplicate(what: &'static str, source: &Source, name: &Name) -> SpecError {
    SpecError::Duplicate { what, name: name.text.clone() }.at(source, name.span)
}

/// What names mean at some place of a text.
pub(super) struct Scope<'a> {
    pub(super) source: &'a Source,
    pub(super) names: IndexMap<String, Expr>,
}

/// A row in the making.
pub(super) struct Row<'a> {
    pub(super) machine: &'a Machine,
    pub(super) definitions: &'a Definitions<'a>,
    pub(super) lets: Vec<(String, Expr, Span)>,
    updates: Vec<(Update, Span)>,
    flow: Option<Flow>,
    traps: Option<Expr>,
    asm: Option<&'a Text>,
    bits: Option<&'a Text>,
    cite: Option<String>,
    nodes: usize,
    using: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// Adds the effects of a block, which happen if `condition` holds.
    fn effects(
        &mut self,
        scope: &mut Scope<'_>,
        block: &'a Block<Effect>,
        condition: Option<&Expr>,
    ) -> Result<(), SpecError> {
        for line in &block.lines {
            let span = line.span;
            match &line.node {
                Effect::Set(place, value) => {
                    let place = self.place(scope, place, span)?;
                    let mut value = self.expr(scope, value)?;
                    if let Some(condition) = condition {
                        self.count(condition, scope.source, span)?;
                        value = Expr::Ite(Box::new([condition.clone(), value, read(&place)]));
                    }
                    self.updates.push((Update { place, value }, span));
                }
                Effect::Let(name, value) => {
                    let value = self.expr(scope, value)?;
                    let value = self.share(name, value, span);
                    if scope.names.insert(name.text.clone(), value).is_some() {
                        return Err(duplicate("name", scope.source, name));
                    }
                }
                Effect::Use(name, args) => self.use_effects(scope, name, args, condition)?,
                Effect::When(test, body) => self.when(scope, test, body, condition, span)?,
                Effect::Trap(Some(test)) => self.trap_if(scope, test, condition)?,
                Effect::Asm(text) | Effect::Bits(text) => self.form(scope, &line.node, text, condition)?,
                Effect::Cite(text) => {
                    if self.cite.replace(text.text.clone()).is_some() {
                        let error = SpecError::Duplicate { what: "citation", name: text.text.clone() };
                        return Err(error.at(scope.source, span));
                    }
                }
                flow => {
                    let flow = self.flow(scope, flow)?;
                    if condition.is_some() {
                        let error =
                            SpecError::mismatch("`branch condition -> target`", "control flow in `when`");
                        return Err(error.at(scope.source, span));
                    }
                    if self.flow.replace(flow).is_some() {
                        let name = "where control goes".to_owned();
                        let error = SpecError::Duplicate { what: "effect", name };
                        return Err(error.at(scope.source, span));
                    }
                }
            }
        }
        Ok(())
    }

    /// The assembly form or bit pattern, which stand in the row itself.
    fn form(
        &mut self,
        scope: &Scope<'_>,
        effect: &Effect,
        text: &'a Text,
        condition: Option<&Expr>,
    ) -> Result<(), SpecError> {
        let (what, place) = match effect {
            Effect::Asm(_) => ("assembly form", &mut self.asm),
            _ => ("bit pattern", &mut self.bits),
        };
        if condition.is_some() || !self.using.is_empty() {
            let found = format!("{what}, which stands in the instruction itself");
            let error = SpecError::mismatch("an effect", found);
            return Err(error.at(scope.source, text.span));
        }
        match place.replace(text) {
            None => Ok(()),
            Some(_) => {
                Err(SpecError::Duplicate { what, name: text.text.clone() }.at(scope.source, text.span))
            }
        }
    }

    fn when(
        &mut self,
        scope: &Scope<'_>,
        test: &Term,
        body: &'a Block<Effect>,
        condition: Option<&Expr>,
        span: Span,
    ) -> Result<(), SpecError> {
        let mut test = both(condition, self.expr(scope, test)?);
        if let Expr::Apply { .. } | Expr::Ite(_) = test {
            self.lets.push(("when".to_owned(), test, span));
            test = Expr::Let(self.lets.len() - 1);
        }
        let mut inner = Scope { source: scope.source, names: scope.names.clone() };
        self.effects(&mut inner, body, Some(&test))
    }

    fn trap_if(&mut self, scope: &Scope<'_>, test: &Term, condition: Option<&Expr>) -> Result<(), SpecError> {
        let test = both(condition, self.expr(scope, test)?);
        self.traps = Some(match self.traps.take() {
            Some(other) => apply(Function::Or, vec![other, test]),
            None => test,
        });
        Ok(())
    }

    fn flow(&mut self, scope: &Scope<'_>, effect: &Effect) -> Result<Flow, SpecError> {
        Ok(match effect {
            Effect::Jump(target) => Flow::Jump(self.expr(scope, target)?),
            Effect::Branch(condition, target) => {
                Flow::Branch { condition: self.expr(scope, condition)?, target: self.expr(scope, target)? }
            }
            Effect::Call(target) => Flow::Call(self.expr(scope, target)?),
            Effect::Return(target) => Flow::Return(self.expr(scope, target)?),
            _ => Flow::Trap,
        })
    }

    /// A name for a value: the value itself if it is small or a place, else a shared value.
    fn share(&mut self, name: &Name, value: Expr, span: Span) -> Expr {
        if !matches!(value, Expr::Apply { .. } | Expr::Ite(_)) {
            return value;
        }
        self.lets.push((name.text.clone(), value, span));
        Expr::Let(self.lets.len() - 1)
    }

    fn place(&mut self, scope: &Scope<'_>, term: &Term, span: Span) -> Result<Place, SpecError> {
        match term {
            Term::Name(name) if !scope.names.contains_key(&name.text) => {
                let Some(view) = self.machine.views.get(&name.text) else {
                    return Err(self.unknown_name(scope, name));
                };
                if view.bits == self.machine.register(view.reg).bits {
                    return Ok(Place::Register(view.reg));
                }
                Ok(Place::Part { reg: view.reg, low_bit: view.low_bit, bits: view.bits, above: view.above })
            }
            Term::Slice(inner, high, low) => match self.place(scope, inner, span)? {
                Place::Register(reg) => {
                    let high_bit = small(scope.source, high, self.machine.register(reg).bits - 1)?;
                    let low_bit = small(scope.source, low, high_bit)?;
                    Ok(Place::Part { reg, low_bit, bits: high_bit - low_bit + 1, above: Above::Keep })
                }
                _ => {
                    Err(SpecError::mismatch("a register before `[`", "another place").at(scope.source, span))
                }
            },
            _ => match self.expr(scope, term)? {
                Expr::Operand(index) => Ok(Place::Operand(index)),
                Expr::Register(reg) => Ok(Place::Register(reg)),
                Expr::Memory { address, bits } => Ok(Place::Memory { address: *address, bits }),
                _ => {
                    let error = SpecError::mismatch("an operand, a register or memory", "a value");
                    Err(error.at(scope.source, span))
                }
            },
        }
    }

    pub(super) fn use_term(
        &mut self,
        scope: &Scope<'_>,
        name: &Name,
        args: &[Term],
        declared: Declared<'a>,
    ) -> Result<Expr, SpecError> {
        let Item::DefineTerm { name: own, params, value } = declared.item else {
            let error = SpecError::mismatch("an expression", format!("`{}`, a list of effects", name.text));
            return Err(error.at(scope.source, name.span));
        };
        let inner = self.enter(scope, name, own, params, args, declared.source)?;
        let expr = self.expr(&inner, value)?;
        self.using.pop();
        Ok(expr)
    }

    fn use_effects(
        &mut self,
        scope: &Scope<'_>,
        name: &Name,
        args: &[Term],
        condition: Option<&Expr>,
    ) -> Result<(), SpecError> {
        let Some(&declared) = self.definitions.get(name.text.as_str()) else {
            let help = did_you_mean(&name.text, self.definitions.keys().copied());
            return Err(super::record::unknown(scope.source, "definition", name).with_help(help));
        };
        let Item::DefineEffects { name: own, params, body } = declared.item else {
            let error = SpecError::mismatch("effects", format!("`{}`, an expression", name.text));
            return Err(error.at(scope.source, name.span));
        };
        let mut inner = self.enter(scope, name, own, params, args, declared.source)?;
        self.effects(&mut inner, body, condition)?;
        self.using.pop();
        Ok(())
    }

    /// The scope of a definition's body, its parameters bound.
    fn enter<'s>(
        &mut self,
        scope: &Scope<'_>,
        name: &Name,
        own: &'a Name,
        params: &[Name],
        args: &[Term],
        source: &'s Source,
    ) -> Result<Scope<'s>, SpecError> {
        if self.using.contains(&own.text.as_str()) {
            return Err(SpecError::Cycle { name: name.text.clone() }.at(scope.source, name.span));
        }
        if self.using.len() == USE_LIMIT {
            return Err(SpecError::TooDeep { limit: USE_LIMIT }.at(scope.source, name.span));
        }
        if params.len() != args.len() {
            let expected = format!("{} arguments of `{}`", params.len(), name.text);
            return Err(SpecError::mismatch(expected, args.len().to_string()).at(scope.source, name.span));
        }
        let mut names = IndexMap::new();
        for (param, arg) in params.iter().zip(args) {
            let value = self.expr(scope, arg)?;
            let value = self.share(param, value, name.span);
            if names.insert(param.text.clone(), value).is_some() {
                return Err(duplicate("parameter", source, param));
            }
        }
        self.using.push(&own.text);
        Ok(Scope { source, names })
    }

    pub(super) fn count(&mut self, expr: &Expr, source: &Source, span: Span) -> Result<(), SpecError> {
        self.grow(expr.nodes(), source, span)
    }

    pub(super) fn grow(&mut self, nodes: usize, source: &Source, span: Span) -> Result<(), SpecError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > NODE_LIMIT {
            let what = "size of an instruction's meaning".to_owned();
            return Err(SpecError::TooLarge { what, limit: NODE_LIMIT as i64 }.at(source, span));
        }
        Ok(())
    }
}

/// The value that a place has now.
fn read(place: &Place) -> Expr {
    match place {
        Place::Operand(index) => Expr::Operand(*index),
        Place::Register(reg) => Expr::Register(*reg),
        Place::Part { reg, low_bit, bits, .. } => {
            let value = Box::new(Expr::Register(*reg));
            Expr::Extract { value, high: low_bit + bits - 1, low: *low_bit }
        }
        Place::Memory { address, bits } => Expr::Memory { address: Box::new(address.clone()), bits: *bits },
    }
}

/// A condition within an outer one.
fn both(outer: Option<&Expr>, inner: Expr) -> Expr {
    match outer {
        Some(outer) => apply(Function::And, vec![outer.clone(), inner]),
        None => inner,
    }
}

/// Whether a constant fits a width.
pub(super) fn fits(value: u128, bits: u32) -> bool {
    value <= ones(bits)
}
