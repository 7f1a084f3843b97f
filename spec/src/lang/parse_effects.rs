//! Instructions, definitions, and the expressions in them.

use super::ast::*;
use super::lexer::TokenKind;
use super::parser::{Parsed, Parser};

/// Binary operators by rank, loosest first.
pub(super) const RANKS: [&[&str]; 7] = [
    &["==", "!=", "<u", "<=u", "<s", "<=s"],
    &["|"],
    &["^"],
    &["&"],
    &["<<", ">>u", ">>s"],
    &["+", "-"],
    &["*", "/u", "/s", "%u", "%s"],
];

impl Parser<'_> {
    pub(super) fn instruction(&mut self) -> Parsed<Item> {
        let name = self.name("a mnemonic")?;
        let mut operands = Vec::new();
        if !self.is_symbol("{") {
            operands = self.list(Parser::param)?;
        }
        Ok(Item::Instruction { name, operands, body: self.block(Parser::effect)? })
    }

    fn param(&mut self) -> Parsed<Param> {
        let name = self.name("the name of an operand")?;
        let kind = if self.eat(":") { Some(self.name("a kind of operands")?) } else { None };
        Ok(Param { name, kind })
    }

    pub(super) fn operand_kind(&mut self) -> Parsed<Item> {
        const KINDS: &str = "`register`, `names`, `signed`, `unsigned`, `code` or `bitmask`";
        let name = self.name("the name of a kind of operands")?;
        self.expect(":")?;
        let word = self.name(KINDS)?;
        if word.text == "register" {
            let is_prefix = matches!(self.peek().kind, TokenKind::Text(_));
            let prefix = if is_prefix { Some(self.text("a prefix in quotes")?) } else { None };
            self.expect("{")?;
            let entries = self.list_until("}", Parser::kind_entry)?;
            return Ok(Item::Operand { name, kind: Kind::Register { prefix, entries } });
        }
        if word.text == "names" {
            self.expect("{")?;
            let entries = self.list_until("}", Parser::label)?;
            return Ok(Item::Operand { name, kind: Kind::Names { entries } });
        }
        let bits = self.number("a width in bits")?;
        let but = if self.eat_word("but") { self.list(Parser::signed_number)? } else { Vec::new() };
        Ok(Item::Operand { name, kind: Kind::Number { word, bits, but } })
    }

    fn kind_entry(&mut self) -> Parsed<KindEntry> {
        let name = self.name("a register, `zero`, or `_` for none")?;
        let is_spelled = matches!(self.peek().kind, TokenKind::Text(_));
        let spelling = if is_spelled { Some(self.text("a spelling in quotes")?) } else { None };
        Ok(KindEntry { name, spelling })
    }

    fn label(&mut self) -> Parsed<Label> {
        if matches!(self.peek().kind, TokenKind::Text(_)) {
            return self.text("a spelling in quotes").map(Label::Text);
        }
        self.name("a name, a spelling in quotes, or `_` for none").map(Label::Name)
    }

    fn signed_number(&mut self) -> Parsed<(bool, Number)> {
        let negative = self.eat("-");
        Ok((negative, self.number("a number")?))
    }

    pub(super) fn define(&mut self) -> Parsed<Item> {
        let name = self.name("the name of a definition")?;
        self.expect("(")?;
        let params = self.list_until(")", |p| p.name("the name of a parameter"))?;
        if self.eat("=") {
            return Ok(Item::DefineTerm { name, params, value: self.term()? });
        }
        Ok(Item::DefineEffects { name, params, body: self.block(Parser::effect)? })
    }

    fn effect(&mut self) -> Parsed<Effect> {
        let TokenKind::Name(word) = self.peek().kind.clone() else {
            return Err(
                self.error("an update such as `place := e`, a definition's name, or where control goes")
            );
        };
        match word.as_str() {
            "let" => {
                self.bump();
                let name = self.name("a name")?;
                self.expect("=")?;
                Ok(Effect::Let(name, self.term()?))
            }
            "when" => {
                self.bump();
                Ok(Effect::When(self.term()?, self.block(Parser::effect)?))
            }
            "jump" => {
                self.bump();
                Ok(Effect::Jump(self.term()?))
            }
            "branch" => {
                self.bump();
                let condition = self.term()?;
                self.expect("->")?;
                Ok(Effect::Branch(condition, self.term()?))
            }
            "call" => {
                self.bump();
                Ok(Effect::Call(self.term()?))
            }
            "return" => {
                self.bump();
                Ok(Effect::Return(self.term()?))
            }
            "trap" => {
                self.bump();
                let condition = if self.eat_word("if") { Some(self.term()?) } else { None };
                Ok(Effect::Trap(condition))
            }
            "asm" if self.text_follows() => {
                self.bump();
                Ok(Effect::Asm(self.text("an assembly form in quotes")?))
            }
            "bits" if self.text_follows() => {
                self.bump();
                Ok(Effect::Bits(self.text("a bit pattern in quotes")?))
            }
            "cite" => {
                self.bump();
                Ok(Effect::Cite(self.text("a citation in quotes")?))
            }
            _ => self.set_or_use(),
        }
    }

    fn text_follows(&self) -> bool {
        matches!(self.peek_second(), TokenKind::Text(_))
    }

    fn set_or_use(&mut self) -> Parsed<Effect> {
        let place = self.postfix()?;
        if self.eat(":=") {
            return Ok(Effect::Set(place, self.term()?));
        }
        match place {
            Term::Apply(name, args) => Ok(Effect::Use(name, args)),
            _ => Err(self.error("`:=`")),
        }
    }

    pub(super) fn term(&mut self) -> Parsed<Term> {
        self.deeper(|p| {
            if p.eat_word("if") {
                let condition = p.term()?;
                p.expect_word("then")?;
                let then = p.term()?;
                p.expect_word("else")?;
                let otherwise = p.term()?;
                return Ok(Term::If(Box::new([condition, then, otherwise])));
            }
            p.ranked(0)
        })
    }

    fn ranked(&mut self, rank: usize) -> Parsed<Term> {
        let Some(operators) = RANKS.get(rank) else { return self.unary() };
        let mut left = self.ranked(rank + 1)?;
        let mut levels = 0;
        while let Some(op) = operators.iter().find(|op| self.is_symbol(op)) {
            self.bump();
            self.descend()?;
            levels += 1;
            let right = self.ranked(rank + 1)?;
            left = Term::Binary(op, Box::new([left, right]));
        }
        self.ascend(levels);
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Term> {
        for op in ["~", "-"] {
            if self.eat(op) {
                let value = self.deeper(Parser::unary)?;
                return Ok(Term::Unary(op, Box::new(value)));
            }
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Parsed<Term> {
        let mut term = self.primary()?;
        let mut levels = 0;
        loop {
            if self.is_symbol("[") {
                let (high, low) = self.bit_range()?;
                term = Term::Slice(Box::new(term), high, low);
            } else if self.eat_word("as") {
                term = Term::As(Box::new(term), self.width()?);
            } else {
                self.ascend(levels);
                return Ok(term);
            }
            self.descend()?;
            levels += 1;
        }
    }

    fn primary(&mut self) -> Parsed<Term> {
        if self.eat("(") {
            let term = self.term()?;
            self.expect(")")?;
            return Ok(term);
        }
        match &self.peek().kind {
            TokenKind::Number(_) => Ok(Term::Number(self.number("a number")?)),
            TokenKind::Name(word) if word == "mem" => {
                self.bump();
                self.expect("[")?;
                let address = self.term()?;
                self.expect(";")?;
                let width = self.width()?;
                self.expect("]")?;
                Ok(Term::Memory(Box::new(address), width))
            }
            TokenKind::Name(_) => {
                let name = self.name("a name")?;
                if self.eat("(") {
                    return Ok(Term::Apply(name, self.list_until(")", Parser::term)?));
                }
                Ok(Term::Name(name))
            }
            _ => Err(self.error("an expression")),
        }
    }

    fn width(&mut self) -> Parsed<Width> {
        if self.eat_word("width") {
            self.expect("(")?;
            let name = self.name("an operand")?;
            self.expect(")")?;
            return Ok(Width::Of(name));
        }
        Ok(Width::Bits(self.number("a width in bits, or `width(…)`")?))
    }
}
