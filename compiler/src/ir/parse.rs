//! Reads the textual form of a function (see [`super::print`]).
//!
//! Values and blocks keep their numbers; instructions are numbered in the order of the text. What it reads is
//! well formed, not yet right: [`super::verify()`] says whether it is.

use super::{
    Block, BlockData, Function, Inst, InstData, LoadOp, NumOp, Op, StoreOp, Target, Terminator, Type, Value,
    ValueData, ValueDef,
};
use framewright_spec::claim::StateValue;
use smallvec::SmallVec;
use std::fmt::Display;

/// Numbers above this are refused: tables are as long as the largest number.
const MAX_NUMBER: u32 = 1 << 22;

/// Text that is not a function.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ParseError {
    /// From 1.
    pub line: usize,
    /// What was expected, or is wrong.
    pub message: String,
}

type Result<T> = std::result::Result<T, ParseError>;

/// Reads one function.
///
/// # Errors
/// The line and what is wrong with it.
pub fn parse(text: &str) -> Result<Function> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, function: Function::default() };
    reader.function()?;
    Ok(reader.function)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// Letters, digits, `_`, `.`, `-`.
    Word(String),
    /// In double quotes, unescaped.
    Text(String),
    /// Anything else.
    Mark(char),
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>> {
    let mut tokens = vec![];
    let mut line = 1;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let token = match c {
            '\n' => {
                line += 1;
                continue;
            }
            _ if c.is_whitespace() => continue,
            ';' => {
                while rest.next_if(|&c| c != '\n').is_some() {}
                continue;
            }
            '"' => Token::Text(quoted(&mut rest).ok_or_else(|| error(line, "unfinished text"))?),
            _ if is_word(c) => {
                let mut word = String::from(c);
                while let Some(c) = rest.next_if(|&c| is_word(c)) {
                    word.push(c);
                }
                // The arrow is a mark though its first half could be in a word.
                if word == "-" && rest.next_if_eq(&'>').is_some() {
                    Token::Mark('>')
                } else {
                    Token::Word(word)
                }
            }
            _ => Token::Mark(c),
        };
        tokens.push((line, token));
    }
    Ok(tokens)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')
}

/// The rest of a text in the escapes of `{:?}`.
fn quoted(rest: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            '\\' => text.push(match rest.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => {
                    let digits: String =
                        rest.by_ref().skip_while(|&c| c == '{').take_while(|&c| c != '}').collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                c => c,
            }),
            c => text.push(c),
        }
    }
}

fn error(line: usize, message: impl Display) -> ParseError {
    ParseError { line, message: message.to_string() }
}

struct Reader {
    tokens: Vec<(usize, Token)>,
    at: usize,
    function: Function,
}

impl Reader {
    fn function(&mut self) -> Result<()> {
        self.keyword("func")?;
        self.function.name = match self.next() {
            Some(Token::Text(name)) => name,
            _ => return self.expected("a name in quotes"),
        };
        self.function.params = self.types()?;
        self.mark('>')?;
        self.function.results = self.types()?;
        self.mark('{')?;
        while !self.eat('}') {
            self.block()?;
        }
        if self.at < self.tokens.len() { self.expected("the end") } else { Ok(()) }
    }

    fn block(&mut self) -> Result<()> {
        let block = self.block_name()?;
        if self.function.block(block).end.is_some() {
            return self.fail(format!("{block} is there already"));
        }
        self.function.order.push(block);
        if self.eat('(') {
            for number in 0.. {
                let (value, ty) = (self.value()?, self.annotation()?);
                let ty = ty.map_or_else(|| self.expected("a type"), Ok)?;
                self.define(value, ty, ValueDef::Param(block, number))?;
                self.data(block).params.push(value);
                if !self.eat(',') {
                    break;
                }
            }
            self.mark(')')?;
        }
        if self.eat_word("loop") {
            let id = self.number()?;
            self.data(block).loop_id = Some(id);
        }
        self.mark(':')?;
        while self.data(block).end.is_none() {
            self.line(block)?;
        }
        Ok(())
    }

    /// An instruction or a terminator.
    fn line(&mut self, block: Block) -> Result<()> {
        let mut results = vec![];
        if self.is_value() {
            loop {
                results.push((self.value()?, self.annotation()?));
                if !self.eat(',') {
                    break;
                }
            }
            self.mark('=')?;
        }
        let name = self.word()?;
        if results.is_empty()
            && let Some(end) = self.terminator(&name)?
        {
            self.data(block).end = Some(end);
            return Ok(());
        }
        let op = self.op(&name)?;
        let args: SmallVec<[Value; 3]> = SmallVec::from_vec(self.values()?);
        let op = self.immediate(op)?;
        let wasm_offset = self.offset()?;
        let inst = Inst(self.function.insts.len() as u32);
        for (number, &(value, ty)) in (0..).zip(&results) {
            let Some(ty) = ty.or_else(|| self.implied(op, &args)) else {
                return self.fail("the type of the result is not given");
            };
            self.define(value, ty, ValueDef::Result(inst, number))?;
        }
        let results = results.into_iter().map(|(value, _)| value).collect();
        self.function.insts.push(InstData { op, args, results, wasm_offset });
        self.data(block).insts.push(inst);
        Ok(())
    }

    fn terminator(&mut self, name: &str) -> Result<Option<Terminator>> {
        Ok(Some(match name {
            "jump" => Terminator::Jump(self.target()?),
            "br_if" => {
                let condition = self.value()?;
                self.mark(',')?;
                let then = self.target()?;
                self.mark(',')?;
                Terminator::Branch(condition, then, self.target()?)
            }
            "br_table" => {
                let index = self.value()?;
                let mut targets = vec![];
                while self.eat(',') {
                    targets.push(self.target()?);
                }
                Terminator::Table(index, targets)
            }
            "return" => Terminator::Return(SmallVec::from_vec(self.values()?)),
            "trap" => Terminator::Trap(self.offset()?),
            _ => return Ok(None),
        }))
    }

    fn target(&mut self) -> Result<Target> {
        let block = self.block_name()?;
        let mut args = vec![];
        if self.eat('(') {
            args = self.values()?;
            self.mark(')')?;
        }
        Ok(Target { block, args: SmallVec::from_vec(args) })
    }

    /// The operation of a name and the immediates that follow it.
    fn op(&mut self, name: &str) -> Result<Op> {
        if let Some(op) = NumOp::from_name(name) {
            return Ok(Op::Num(op));
        }
        if let Some(op) = LoadOp::from_name(name) {
            return Ok(Op::Load(op, 0));
        }
        if let Some(op) = StoreOp::from_name(name) {
            return Ok(Op::Store(op, 0));
        }
        if let Some(ty) = name.strip_suffix(".const").and_then(type_of_name) {
            return Ok(Op::Const(ty, self.bits(ty)?));
        }
        if let Some(ty) = name.strip_suffix(".state").and_then(type_of_name) {
            return Ok(Op::State(self.state()?, ty));
        }
        Ok(match name {
            "select" => Op::Select,
            "memory.size" => Op::MemorySize,
            "memory.grow" => Op::MemoryGrow,
            "global.get" => Op::GlobalGet(self.number()?),
            "global.set" => Op::GlobalSet(self.number()?),
            "call" => Op::Call(self.number()?),
            "call_indirect" => Op::CallIndirect(self.number()?),
            _ => return self.fail(format!("no operation `{name}`")),
        })
    }

    fn state(&mut self) -> Result<StateValue> {
        match self.word()?.as_str() {
            "context" => Ok(StateValue::Context),
            "local" => Ok(StateValue::Local(self.number()?)),
            "operand" => Ok(StateValue::Operand(self.number()?)),
            other => self.fail(format!("no state value `{other}`")),
        }
    }

    fn bits(&mut self, ty: Type) -> Result<u64> {
        let word = self.word()?;
        let bits = match (ty, word.strip_prefix("0x")) {
            (_, Some(digits)) => u64::from_str_radix(digits, 16).ok(),
            (Type::I32, None) => word.parse().ok().map(|n: i32| u64::from(n as u32)),
            (Type::I64, None) => word.parse().ok().map(|n: i64| n as u64),
            _ => None,
        };
        let fits = bits.filter(|&bits| matches!(ty, Type::I64 | Type::F64) || bits >> 32 == 0);
        fits.map_or_else(|| self.fail(format!("`{word}` is no constant of type {ty}")), Ok)
    }

    fn immediate(&mut self, op: Op) -> Result<Op> {
        if !self.eat_word("offset") {
            return Ok(op);
        }
        self.mark('=')?;
        let word = self.word()?;
        match (op, word.parse()) {
            (Op::Load(op, _), Ok(offset)) => Ok(Op::Load(op, offset)),
            (Op::Store(op, _), Ok(offset)) => Ok(Op::Store(op, offset)),
            _ => self.fail("no such offset"),
        }
    }

    fn offset(&mut self) -> Result<u32> {
        if !self.eat('@') {
            return Ok(0);
        }
        let word = self.word()?;
        u32::from_str_radix(&word, 16).or_else(|_| self.fail("an offset is in hexadecimal"))
    }

    fn implied(&self, op: Op, args: &[Value]) -> Option<Type> {
        match op {
            Op::Const(ty, _) | Op::State(_, ty) => Some(ty),
            Op::Num(op) => Some(op.result()),
            Op::Load(op, _) => Some(op.ty()),
            Op::MemorySize | Op::MemoryGrow => Some(Type::I32),
            Op::Select => {
                args.get(1).and_then(|value| self.function.values.get(value.index())).map(|data| data.ty)
            }
            Op::Store(..) | Op::GlobalGet(_) | Op::GlobalSet(_) | Op::Call(_) | Op::CallIndirect(_) => None,
        }
    }

    fn define(&mut self, value: Value, ty: Type, def: ValueDef) -> Result<()> {
        let values = &mut self.function.values;
        if values.len() <= value.index() {
            values.resize(value.index() + 1, UNDEFINED);
        }
        if values[value.index()] != UNDEFINED {
            return self.fail(format!("{value} is defined already"));
        }
        values[value.index()] = ValueData { ty, def };
        Ok(())
    }

    fn data(&mut self, block: Block) -> &mut BlockData {
        &mut self.function.blocks[block.index()]
    }

    fn types(&mut self) -> Result<Vec<Type>> {
        let mut types = vec![];
        self.mark('(')?;
        while !self.eat(')') {
            types.push(self.ty()?);
            self.eat(',');
        }
        Ok(types)
    }

    fn annotation(&mut self) -> Result<Option<Type>> {
        if self.eat(':') { self.ty().map(Some) } else { Ok(None) }
    }

    fn ty(&mut self) -> Result<Type> {
        let word = self.word()?;
        type_of_name(&word).map_or_else(|| self.fail(format!("no type `{word}`")), Ok)
    }

    /// Values on the same line, with commas.
    fn values(&mut self) -> Result<Vec<Value>> {
        let mut values = vec![];
        let line = |at: usize| self.tokens.get(at).map(|&(line, _)| line);
        if self.is_value() && line(self.at) == line(self.at - 1) {
            values.push(self.value()?);
            while self.eat(',') {
                values.push(self.value()?);
            }
        }
        Ok(values)
    }

    fn is_value(&self) -> bool {
        let Some((_, Token::Word(word))) = self.tokens.get(self.at) else { return false };
        word.strip_prefix('v').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
    }

    fn value(&mut self) -> Result<Value> {
        self.indexed("v").map(Value)
    }

    fn block_name(&mut self) -> Result<Block> {
        let block = self.indexed("block").map(Block)?;
        if self.function.blocks.len() <= block.index() {
            self.function.blocks.resize(block.index() + 1, BlockData::default());
        }
        Ok(block)
    }

    fn indexed(&mut self, prefix: &str) -> Result<u32> {
        let word = self.word()?;
        let number = word.strip_prefix(prefix).and_then(|digits| digits.parse().ok());
        let number = number.filter(|&number| number < MAX_NUMBER);
        number.map_or_else(|| self.fail(format!("`{word}` is no {prefix} and number")), Ok)
    }

    fn number(&mut self) -> Result<u32> {
        let word = self.word()?;
        word.parse().or_else(|_| self.fail(format!("`{word}` is no number")))
    }

    fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.tokens.get(self.at - 1).map(|(_, token)| token.clone())
    }

    fn word(&mut self) -> Result<String> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word),
            _ => self.expected("a word"),
        }
    }

    fn keyword(&mut self, word: &str) -> Result<()> {
        if self.eat_word(word) { Ok(()) } else { self.expected(word) }
    }

    fn mark(&mut self, mark: char) -> Result<()> {
        if self.eat(mark) { Ok(()) } else { self.expected(mark) }
    }

    fn eat(&mut self, mark: char) -> bool {
        self.eat_token(&Token::Mark(mark))
    }

    fn eat_word(&mut self, word: &str) -> bool {
        self.eat_token(&Token::Word(word.to_owned()))
    }

    fn eat_token(&mut self, token: &Token) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|(_, next)| next == token);
        self.at += usize::from(found);
        found
    }

    fn expected<T>(&self, what: impl Display) -> Result<T> {
        self.fail(format!("expected {what}"))
    }

    fn fail<T>(&self, message: impl Display) -> Result<T> {
        let at = self.at.min(self.tokens.len().saturating_sub(1));
        Err(error(self.tokens.get(at).map_or(1, |&(line, _)| line), message))
    }
}

const UNDEFINED: ValueData = ValueData { ty: Type::I32, def: ValueDef::Param(Block(u32::MAX), u32::MAX) };

fn type_of_name(name: &str) -> Option<Type> {
    [Type::I32, Type::I64, Type::F32, Type::F64].into_iter().find(|ty| ty.to_string() == name)
}
