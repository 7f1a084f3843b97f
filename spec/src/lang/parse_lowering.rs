//! Lowerings and what a compiler is to know of a machine.

use super::ast::*;
use super::lexer::TokenKind;
use super::parser::{Parsed, Parser};

/// Binary operators by rank, loosest first.
pub(super) const LOWER_RANKS: [&[&str]; 5] =
    [&["||"], &["&&"], &["==", "!=", "<", "<="], &["+", "-"], &["*"]];

/// The rank at which `in` stands.
pub(super) const IN_RANK: usize = 2;

impl Parser<'_> {
    /// Behind `lower`.
    pub(super) fn lower(&mut self) -> Parsed<Item> {
        let name = self.name("the name of an operation")?;
        let mut params = Vec::new();
        if matches!(self.peek().kind, TokenKind::Name(_)) && !self.is_word("temps") && !self.is_word("where")
        {
            params = self.list(Parser::lower_param)?;
        }
        let (mut temps, mut condition) = (Vec::new(), None);
        loop {
            if temps.is_empty() && self.eat_word("temps") {
                temps = self.list(Parser::lower_param)?;
            } else if condition.is_none() && self.eat_word("where") {
                condition = Some(self.lower_term()?);
            } else {
                break;
            }
        }
        let body = self.block(Parser::lower_step)?;
        Ok(Item::Lower(Lower { name, params, temps, condition, body }))
    }

    fn lower_param(&mut self) -> Parsed<LowerParam> {
        let name = self.name("the name of an operand")?;
        let class = if self.eat(":") {
            Some(self.name("`const`, `label`, `int`, `float` or an operand kind")?)
        } else {
            None
        };
        Ok(LowerParam { name, class })
    }

    fn lower_step(&mut self) -> Parsed<LowerStep> {
        let name = self.name("a row, an operation or a label")?;
        if self.eat(":") {
            return Ok(LowerStep::Label(name));
        }
        let ends = self.peek().first_of_line || self.is_symbol("}") || self.peek().kind == TokenKind::End;
        let operands = if ends { Vec::new() } else { self.list(Parser::lower_term)? };
        Ok(LowerStep::Do(name, operands))
    }

    fn lower_term(&mut self) -> Parsed<LowerTerm> {
        self.deeper(|p| p.lower_ranked(0))
    }

    fn lower_ranked(&mut self, rank: usize) -> Parsed<LowerTerm> {
        let Some(operators) = LOWER_RANKS.get(rank) else { return self.lower_unary() };
        let mut left = self.lower_ranked(rank + 1)?;
        let mut levels = 0;
        loop {
            if rank == IN_RANK && self.eat_word("in") {
                left = LowerTerm::In(Box::new(left), self.name("the name of an operand kind")?);
            } else if let Some(op) = operators.iter().find(|op| self.is_symbol(op)) {
                self.bump();
                let right = self.lower_ranked(rank + 1)?;
                left = LowerTerm::Binary(op, Box::new([left, right]));
            } else {
                self.ascend(levels);
                return Ok(left);
            }
            self.descend()?;
            levels += 1;
        }
    }

    fn lower_unary(&mut self) -> Parsed<LowerTerm> {
        if self.eat("-") {
            let value = self.deeper(Parser::lower_unary)?;
            return Ok(LowerTerm::Negative(Box::new(value)));
        }
        let mut term = self.lower_primary()?;
        let mut levels = 0;
        while self.is_symbol("[") {
            let (high, low) = self.bit_range()?;
            term = LowerTerm::Slice(Box::new(term), high, low);
            self.descend()?;
            levels += 1;
        }
        self.ascend(levels);
        Ok(term)
    }

    fn lower_primary(&mut self) -> Parsed<LowerTerm> {
        if self.eat("(") {
            let term = self.lower_term()?;
            self.expect(")")?;
            return Ok(term);
        }
        if let TokenKind::Number(_) = self.peek().kind {
            return Ok(LowerTerm::Number(self.number("a number")?));
        }
        let name = self.name("an operand: a name or a sum")?;
        if self.eat("(") {
            return Ok(LowerTerm::Apply(name, self.list_until(")", Parser::lower_term)?));
        }
        Ok(LowerTerm::Name(name))
    }
}
