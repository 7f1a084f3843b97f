//! Frames: their parts, sets, sums and steps.

use super::ast::*;
use super::lexer::TokenKind;
use super::parser::{Parsed, Parser};

/// Operators of sums, loosest first.
pub(super) const SUM_RANKS: [&[&str]; 4] =
    [&["&&"], &["==", "!=", "<", "<=", ">", ">="], &["+", "-"], &["*"]];

impl Parser<'_> {
    pub(super) fn frame(&mut self) -> Parsed<Item> {
        let name = self.name("the name of a frame")?;
        let extends = if self.eat_word("extends") { Some(self.name("the name of a frame")?) } else { None };
        Ok(Item::Frame { name, extends, body: self.block(Parser::frame_part)? })
    }

    fn frame_part(&mut self) -> Parsed<FramePart> {
        const PARTS: [&str; 16] = [
            "why", "abi", "set", "size", "scratch", "chain", "requires", "debt", "probed", "realign", "base",
            "region", "let", "allocate", "prolog", "epilog",
        ];
        let word = self.keyword("a part of a frame", &PARTS)?;
        Ok(match word {
            "why" => FramePart::Why(self.text("a reason in quotes")?),
            "abi" => FramePart::Abi(self.name("the name of a calling convention")?),
            "set" => {
                let name = self.name("the name of a set")?;
                self.expect_word("within")?;
                FramePart::Set(name, self.set()?)
            }
            "size" => FramePart::Size(self.name("the name of a size")?),
            "scratch" => FramePart::Scratch(self.set()?),
            "chain" => self.chain()?,
            "requires" => FramePart::Requires(self.sum()?),
            "debt" => self.debt()?,
            "probed" => FramePart::Probed,
            "realign" => FramePart::Realign(self.number("bytes")?),
            "base" => FramePart::Base(self.name("the name of a register")?),
            "allocate" => {
                FramePart::Allocate(self.name("the name of a register")?, self.block(Parser::step)?)
            }
            "region" => self.region()?,
            "let" => {
                let name = self.name("a name")?;
                self.expect("=")?;
                FramePart::Let(name, self.sum()?)
            }
            "prolog" => FramePart::Prolog(self.block(Parser::step)?),
            _ => FramePart::Epilog(self.block(Parser::step)?),
        })
    }

    fn chain(&mut self) -> Parsed<FramePart> {
        let with_return = self.eat_word("return");
        if !with_return && !self.eat_word("fp") {
            return Err(
                self.error("`fp` (the caller's FP only) or `return` (the return address above it too)")
            );
        }
        Ok(FramePart::Chain { with_return })
    }

    fn debt(&mut self) -> Parsed<FramePart> {
        let own = self.eat_word("own");
        if !own && !self.eat_word("shared") {
            return Err(self.error("`shared` (the extended frame's save slots count) or `own` (they do not)"));
        }
        Ok(FramePart::Debt { own })
    }

    fn region(&mut self) -> Parsed<FramePart> {
        let name = self.name("the name of a region")?;
        self.expect(":")?;
        let word = self.name("the role of a region")?;
        let role = match word.text.as_str() {
            "saves" => {
                self.expect("(")?;
                let set = self.set()?;
                self.expect(",")?;
                Role::Saves(set, self.order()?)
            }
            "inherited_saves" => {
                self.expect("(")?;
                let region = self.name("a region of the extended frame")?;
                self.expect(",")?;
                let set = self.set()?;
                self.expect(",")?;
                Role::Inherited(region, set, self.order()?)
            }
            _ => Role::Plain(word),
        };
        if !matches!(role, Role::Plain(_)) {
            self.expect(")")?;
        }
        let bytes = if self.eat_word("of") { Some(self.sum()?) } else { None };
        let align = if self.eat_word("align") { Some(self.number("bytes")?) } else { None };
        Ok(FramePart::Region { name, role, bytes, align })
    }

    fn order(&mut self) -> Parsed<Order> {
        if self.eat_word("ascending") {
            return Ok(Order::Ascending);
        }
        if self.eat_word("descending") {
            return Ok(Order::Descending);
        }
        Err(self.error("`ascending` or `descending` (by register number)"))
    }

    fn set(&mut self) -> Parsed<SetTerm> {
        let mut left = self.set_atom()?;
        let mut levels = 0;
        while let Some(op) = ["|", "&", "-"].into_iter().find(|op| self.is_symbol(op)) {
            self.bump();
            self.descend()?;
            levels += 1;
            let right = self.set_atom()?;
            left = SetTerm::Binary(op, Box::new([left, right]));
        }
        self.ascend(levels);
        Ok(left)
    }

    fn set_atom(&mut self) -> Parsed<SetTerm> {
        if self.eat("(") {
            let set = self.deeper(Parser::set)?;
            self.expect(")")?;
            return Ok(set);
        }
        if self.eat("{") {
            return Ok(SetTerm::Members(self.list_until("}", |p| p.name("the name of a register"))?));
        }
        let name = self.name("a set of registers: a name or `{…}`")?;
        if !matches!(name.text.as_str(), "lowest" | "highest") || !self.eat("(") {
            return Ok(SetTerm::Name(name));
        }
        let set = self.deeper(Parser::set)?;
        self.expect(",")?;
        let number = self.number("a number of registers")?;
        self.expect(")")?;
        Ok(SetTerm::Pick(name, Box::new(set), number))
    }

    pub(super) fn sum(&mut self) -> Parsed<Sum> {
        if self.eat_word("if") {
            return self.deeper(|p| {
                let condition = p.sum()?;
                p.expect_word("then")?;
                let then = p.sum()?;
                p.expect_word("else")?;
                Ok(Sum::If(Box::new([condition, then, p.sum()?])))
            });
        }
        self.deeper(|p| p.ranked_sum(0))
    }

    /// Operators of the rank at `level` of [`SUM_RANKS`] and tighter ones.
    fn ranked_sum(&mut self, level: usize) -> Parsed<Sum> {
        let Some(operators) = SUM_RANKS.get(level) else { return self.sum_postfix() };
        let mut left = self.ranked_sum(level + 1)?;
        let mut levels = 0;
        while let Some(op) = operators.iter().find(|op| self.is_symbol(op)) {
            self.bump();
            self.descend()?;
            levels += 1;
            let right = self.ranked_sum(level + 1)?;
            left = Sum::Binary(op, Box::new([left, right]));
        }
        self.ascend(levels);
        Ok(left)
    }

    fn sum_postfix(&mut self) -> Parsed<Sum> {
        if self.eat("-") {
            return Ok(Sum::Negate(Box::new(self.deeper(Parser::sum_postfix)?)));
        }
        let mut sum = self.sum_atom()?;
        let mut levels = 0;
        while self.eat("[") {
            self.descend()?;
            levels += 1;
            let high = self.number("the highest bit")?;
            self.expect(":")?;
            let low = self.number("the lowest bit")?;
            self.expect("]")?;
            sum = Sum::Slice(Box::new(sum), high, low);
        }
        self.ascend(levels);
        Ok(sum)
    }

    fn sum_atom(&mut self) -> Parsed<Sum> {
        if self.eat("(") {
            let sum = self.sum()?;
            self.expect(")")?;
            return Ok(sum);
        }
        if let TokenKind::Number(_) = self.peek().kind {
            return Ok(Sum::Number(self.number("a number")?));
        }
        let name = self.name("a number of bytes")?;
        if !self.eat("(") {
            return Ok(Sum::Name(name));
        }
        let sum = match name.text.as_str() {
            "count" | "bytes" => {
                let set = self.set()?;
                Sum::OfSet(name, set)
            }
            "signed" => {
                let value = self.sum()?;
                self.expect(",")?;
                Sum::Signed(Box::new(value), self.number("a number of bits")?)
            }
            "at" | "slot" => Sum::Place(name, self.name("a region or register")?),
            "align_up" => {
                let value = self.sum()?;
                self.expect(",")?;
                Sum::AlignUp(Box::new([value, self.sum()?]))
            }
            _ => {
                let known = "`count(…)`, `bytes(…)`, `at(…)`, `slot(…)`, `align_up(…, …)` or `signed(…, …)`";
                return Err(self.error(known));
            }
        };
        self.expect(")")?;
        Ok(sum)
    }

    fn step(&mut self) -> Parsed<Step> {
        if self.eat_word("for") {
            let mut names = vec![self.name("a name")?];
            if self.eat(",") {
                names.push(self.name("a name for the second register")?);
            }
            self.expect_word("in")?;
            let set = self.set()?;
            let order = self.order()?;
            let steps = self.block(Parser::step)?;
            let is_pair = names.len() == 2;
            let rest = if is_pair && self.eat_word("else") { Some(self.block(Parser::step)?) } else { None };
            return Ok(Step::For(names, set, order, steps, rest));
        }
        if self.eat_word("if") {
            let condition = self.sum()?;
            let then = self.block(Parser::step)?;
            let otherwise = if self.eat_word("else") { Some(self.block(Parser::step)?) } else { None };
            return Ok(Step::If(condition, then, otherwise));
        }
        if self.eat_word("repeat") {
            let times = self.sum()?;
            return Ok(Step::Repeat(times, self.block(Parser::step)?));
        }
        let mnemonic = self.name("a mnemonic, `for`, `if` or `repeat`")?;
        if self.eat(":") {
            return Ok(Step::Label(mnemonic));
        }
        let next = self.peek();
        let mut operands = Vec::new();
        if !next.first_of_line && !matches!(next.kind, TokenKind::Symbol("}") | TokenKind::End) {
            operands = self.list(Parser::operand)?;
        }
        Ok(Step::Asm(mnemonic, operands))
    }

    fn operand(&mut self) -> Parsed<Operand> {
        if self.eat("[") {
            let sum = self.sum()?;
            self.expect("]")?;
            return Ok(Operand::Memory(sum));
        }
        Ok(Operand::Plain(self.sum()?))
    }
}
