//! Tokens to tree, by recursive descent with one token of look-ahead. Files, records and registers are here;
//! the meanings of instructions and the parts of frames in the two modules beside.
//!
//! Comments: those before the first token of a [`Line`] are its `above`, one behind its last token its
//! `beside`; any that stand in its middle are moved above it rather than lost.

use super::ast::*;
use super::lexer::{self, Token, TokenKind};
use super::source::Source;
use crate::SpecError;
use crate::error::did_you_mean;

pub(super) type Parsed<T> = Result<T, SpecError>;

/// How deep blocks, parentheses and operators may nest.
const DEPTH_LIMIT: usize = 100;

/// Parses a file.
///
/// # Errors
/// The first place where the text is not of the language.
pub fn parse(source: &Source) -> Result<File, SpecError> {
    let tokens = lexer::tokens(source)?;
    let mut parser = Parser { source, tokens, at: 0, depth: 0, stray: Vec::new() };
    parser.lines_until(&TokenKind::End, Parser::item)
}

pub(super) struct Parser<'a> {
    source: &'a Source,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Comments passed over inside a line.
    stray: Vec<Comment>,
}

impl Parser<'_> {
    // Tokens

    /// The current token; the last one is never passed.
    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    /// The kind of the token after the current one.
    pub(super) fn peek_second(&self) -> &TokenKind {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)].kind
    }

    pub(super) fn bump(&mut self) -> Span {
        let token = &mut self.tokens[self.at];
        let stray = std::mem::take(&mut token.comments).into_iter();
        self.stray.extend(stray.map(|c| Comment { blank_before: false, ..c.comment }));
        let span = token.span;
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        span
    }

    fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    pub(super) fn error(&self, expected: &str) -> SpecError {
        let found = match &self.peek().kind {
            TokenKind::Name(name) => format!("`{name}`"),
            TokenKind::Number(number) => format!("`{}`", number.value),
            TokenKind::Text(_) => "a text in quotes".to_owned(),
            TokenKind::Symbol(symbol) => format!("`{symbol}`"),
            TokenKind::End => "the end of the file".to_owned(),
        };
        SpecError::syntax(expected, &found).at(self.source, self.peek().span)
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek().kind, TokenKind::Symbol(s) if s == symbol)
    }

    pub(super) fn eat(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.eat(symbol) { Ok(()) } else { Err(self.error(&format!("`{symbol}`"))) }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(&self.peek().kind, TokenKind::Name(name) if name == word)
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word) { Ok(()) } else { Err(self.error(&format!("`{word}`"))) }
    }

    /// One of some words, which is passed.
    pub(super) fn keyword(&mut self, what: &str, words: &[&'static str]) -> Parsed<&'static str> {
        if let Some(word) = words.iter().find(|word| self.is_word(word)) {
            self.bump();
            return Ok(word);
        }
        let help = match &self.peek().kind {
            TokenKind::Name(name) => did_you_mean(name, words.iter().copied()),
            _ => None,
        };
        let help = help.unwrap_or_else(|| format!("one of {}", words.join(", ")));
        Err(self.error(what).with_help(Some(help)))
    }

    pub(super) fn name(&mut self, what: &str) -> Parsed<Name> {
        match &self.peek().kind {
            TokenKind::Name(text) => {
                let text = text.clone();
                Ok(Name { text, span: self.bump() })
            }
            _ => Err(self.error(what)),
        }
    }

    pub(super) fn number(&mut self, what: &str) -> Parsed<Number> {
        match self.peek().kind {
            TokenKind::Number(number) => {
                self.bump();
                Ok(number)
            }
            _ => Err(self.error(what)),
        }
    }

    pub(super) fn text(&mut self, what: &str) -> Parsed<Text> {
        match &self.peek().kind {
            TokenKind::Text(text) => {
                let text = text.clone();
                Ok(Text { text, span: self.bump() })
            }
            _ => Err(self.error(what)),
        }
    }

    /// Runs `parse` one level deeper.
    pub(super) fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.descend()?;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// One level deeper; for loops that build a tree leftwards. Undo with [`Parser::ascend`].
    pub(super) fn descend(&mut self) -> Parsed<()> {
        if self.depth == DEPTH_LIMIT {
            return Err(SpecError::TooDeep { limit: DEPTH_LIMIT }.at(self.source, self.peek().span));
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn ascend(&mut self, levels: usize) {
        self.depth -= levels;
    }

    /// `a, b, c`: one or more.
    pub(super) fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![one(self)?];
        while self.eat(",") {
            items.push(one(self)?);
        }
        Ok(items)
    }

    /// `a, b, c` up to a closing symbol, which is passed: none or more.
    pub(super) fn list_until<T>(
        &mut self,
        close: &str,
        one: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        if self.eat(close) {
            return Ok(Vec::new());
        }
        let items = self.list(one)?;
        self.expect(close)?;
        Ok(items)
    }

    // Lines and blocks

    pub(super) fn block<T>(&mut self, node: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Block<T>> {
        self.expect("{")?;
        let block = self.deeper(|p| p.lines_until(&TokenKind::Symbol("}"), node))?;
        self.expect("}")?;
        Ok(block)
    }

    fn lines_until<T>(
        &mut self,
        close: &TokenKind,
        mut node: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Block<T>> {
        let mut lines = Vec::new();
        while self.peek().kind != *close {
            let mut line = self.line(&mut node)?;
            if lines.is_empty() {
                let first = line.above.first_mut().map_or(&mut line.blank_before, |c| &mut c.blank_before);
                *first = false;
            }
            lines.push(line);
        }
        let mut below = self.comments();
        if let (true, Some(first)) = (lines.is_empty(), below.first_mut()) {
            first.blank_before = false;
        }
        Ok(Block { lines, below })
    }

    /// Takes the comments before the current token.
    fn comments(&mut self) -> Vec<Comment> {
        let comments = std::mem::take(&mut self.tokens[self.at].comments);
        comments.into_iter().map(|c| c.comment).collect()
    }

    fn line<T>(&mut self, mut node: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Line<T>> {
        let mark = self.stray.len();
        let mut above = self.comments();
        let blank_before = self.peek().blank_before;
        let start = self.peek().span;
        let node = node(self)?;
        let span = start.to(self.last_span());
        above.extend(self.stray.drain(mark..));
        let next = &mut self.tokens[self.at].comments;
        let is_beside = next.first().is_some_and(|c| c.same_line);
        let beside = is_beside.then(|| next.remove(0).comment.text);
        Ok(Line { above, blank_before, beside, node, span })
    }

    // Items

    fn item(&mut self) -> Parsed<Item> {
        const ITEMS: [&str; 14] = [
            "on",
            "machine",
            "registers",
            "operand",
            "define",
            "instruction",
            "abi",
            "frame",
            "transition",
            "platform",
            "helper",
            "contract",
            "compile",
            "lower",
        ];
        match self.keyword("an item", &ITEMS)? {
            "on" => Ok(Item::On(self.name("the name of a machine")?)),
            "machine" => self.record(RecordKind::Machine),
            "abi" => self.record(RecordKind::Abi),
            "helper" => self.record(RecordKind::Helper),
            "transition" => self.record(RecordKind::Transition),
            "platform" => self.record(RecordKind::Platform),
            "contract" => self.record(RecordKind::Contract),
            "registers" => Ok(Item::Registers(self.block(Parser::register_line)?)),
            "operand" => self.operand_kind(),
            "instruction" => self.instruction(),
            "define" => self.define(),
            "compile" => Ok(Item::Compile(self.block(Parser::field)?)),
            "lower" => self.lower(),
            _ => self.frame(),
        }
    }

    fn record(&mut self, kind: RecordKind) -> Parsed<Item> {
        let name = self.name("a name")?;
        Ok(Item::Record { kind, name, fields: self.block(Parser::field)? })
    }

    fn field(&mut self) -> Parsed<Field> {
        let name = self.name("the name of a field")?;
        self.expect(":")?;
        let is_field = matches!(self.peek_second(), TokenKind::Symbol(":"));
        let empty = self.is_symbol("}") || self.is_word("cite") || is_field;
        let atoms = if empty { Vec::new() } else { self.list(Parser::atom)? };
        let cite = if self.eat_word("cite") { Some(self.text("a citation in quotes")?) } else { None };
        Ok(Field { name, atoms, cite })
    }

    fn atom(&mut self) -> Parsed<Atom> {
        match self.peek().kind.clone() {
            TokenKind::Number(_) => self.number("a number").map(Atom::Number),
            TokenKind::Text(_) => self.text("a text").map(Atom::Text),
            _ => {
                let name = self.name("a name, number or text")?;
                if self.eat_word("in") {
                    return Ok(Atom::In(name, self.name("a register")?));
                }
                if self.is_symbol("[") {
                    let (high, low) = self.bit_range()?;
                    return Ok(Atom::Bits(name, high, low));
                }
                Ok(Atom::Name(name))
            }
        }
    }

    /// `[7:0]`
    pub(super) fn bit_range(&mut self) -> Parsed<(Number, Number)> {
        self.expect("[")?;
        let high = self.number("the number of the highest bit")?;
        self.expect(":")?;
        let low = self.number("the number of the lowest bit")?;
        self.expect("]")?;
        Ok((high, low))
    }

    fn register_line(&mut self) -> Parsed<RegisterLine> {
        if self.eat_word("cite") {
            return Ok(RegisterLine::Cite(self.text("a citation in quotes")?));
        }
        let class = self.name("`int`, `float`, `flag`, `control` or `cite`")?;
        let name = self.name("the name of a register")?;
        self.expect(":")?;
        let bits = self.number("a width in bits")?;
        let dwarf = if self.eat_word("dwarf") { Some(self.number("a DWARF number")?) } else { None };
        let parts = if self.eat_word("parts") { self.list(Parser::part)? } else { Vec::new() };
        Ok(RegisterLine::Register { class, name, bits, dwarf, parts })
    }

    fn part(&mut self) -> Parsed<Part> {
        let name = self.name("the name of a part")?;
        let (high, low) = self.bit_range()?;
        let zeroes = self.eat_word("zeroes");
        if !zeroes && !self.eat_word("keeps") {
            return Err(self.error("`zeroes` or `keeps`: what a write does to the bits above"));
        }
        Ok(Part { name, high, low, zeroes })
    }
}
