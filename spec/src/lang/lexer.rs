//! Text to tokens. Comments (`// …`) and blank lines travel with the token that follows them.

use super::ast::{Comment, Number, Span};
use super::source::Source;
use crate::SpecError;

/// A token and what stood before it.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
    /// Whether it is the first of its line.
    pub(super) first_of_line: bool,
    /// Whether a blank line stands right before it (after its comments).
    pub(super) blank_before: bool,
    /// Comments since the previous token.
    pub(super) comments: Vec<PlacedComment>,
}

/// A comment, and whether it follows the previous token on its line.
#[derive(Clone, Debug)]
pub(super) struct PlacedComment {
    pub(super) comment: Comment,
    pub(super) same_line: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, dots included (`tier0.saved`).
    Name(String),
    Number(Number),
    /// A text in double quotes; every run of white space in it counts as one space.
    Text(String),
    Symbol(&'static str),
    End,
}

/// Longest first, so that the first that fits is the right one.
const SYMBOLS: [&str; 39] = [
    "<=u", "<=s", ">>u", ">>s", ":=", "->", "==", "!=", "<=", ">=", "&&", "||", "<u", "<s", "<<", "/u", "/s",
    "%u", "%s", "{", "}", "(", ")", "[", "]", ",", ";", ":", "=", "+", "-", "*", "&", "|", "^", "~", "<",
    ">", "/",
];

/// Splits a text into tokens; the last is [`TokenKind::End`].
pub(super) fn tokens(source: &Source) -> Result<Vec<Token>, SpecError> {
    let mut lexer = Lexer { source, text: source.text(), at: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next_token(tokens.is_empty())?;
        let end = token.kind == TokenKind::End;
        tokens.push(token);
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    source: &'a Source,
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn next_token(&mut self, first: bool) -> Result<Token, SpecError> {
        let mut first_of_line = first;
        let mut newlines = 0;
        let mut comments = Vec::new();
        while let Some(c) = self.rest().chars().next() {
            if c == '\n' {
                newlines += 1;
                first_of_line = true;
                self.at += 1;
            } else if c.is_whitespace() {
                self.at += c.len_utf8();
            } else if self.rest().starts_with("//") {
                let line = self.rest().lines().next().unwrap_or_default();
                let length = line.len();
                let comment = Comment { text: tidy(line), blank_before: newlines > 1 };
                comments.push(PlacedComment { comment, same_line: !first_of_line });
                self.at += length;
                newlines = 0;
            } else {
                break;
            }
        }
        let start = self.at;
        let kind = self.kind()?;
        let span = Span::new(start, self.at);
        Ok(Token { kind, span, first_of_line, blank_before: newlines > 1, comments })
    }

    fn kind(&mut self) -> Result<TokenKind, SpecError> {
        let Some(c) = self.rest().chars().next() else { return Ok(TokenKind::End) };
        if is_name_start(c) {
            return Ok(TokenKind::Name(self.name()));
        }
        if c.is_ascii_digit() {
            return self.number().map(TokenKind::Number);
        }
        if c == '"' {
            return self.quoted().map(TokenKind::Text);
        }
        let symbol = SYMBOLS.into_iter().find(|symbol| {
            let after = self.rest().strip_prefix(symbol);
            let letter = symbol.ends_with(is_name_start);
            after.is_some_and(|after| !letter || !after.starts_with(is_name_part))
        });
        if let Some(symbol) = symbol {
            self.at += symbol.len();
            return Ok(TokenKind::Symbol(symbol));
        }
        let span = Span::new(self.at, self.at + c.len_utf8());
        Err(SpecError::syntax("a name, number, text or symbol", &format!("{c:?}")).at(self.source, span))
    }

    /// Letters, digits, `_`, and dots between them.
    fn name(&mut self) -> String {
        let rest = self.rest();
        let mut end = 0;
        for (i, c) in rest.char_indices() {
            let dot = c == '.' && rest[i + 1..].starts_with(is_name_part);
            if !is_name_part(c) && !dot {
                break;
            }
            end = i + c.len_utf8();
        }
        let name = rest[..end].to_owned();
        self.at += end;
        name
    }

    fn number(&mut self) -> Result<Number, SpecError> {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
        let digits: String = rest[..length].chars().filter(|&c| c != '_').collect();
        self.at += length;
        let span = Span::new(start, self.at);
        let hex = digits.strip_prefix("0x");
        let value = match hex {
            Some(hex) => u128::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        let value = value.map_err(|_| {
            let found = format!("`{}`", &self.text[start..self.at]);
            SpecError::syntax("a number of at most 128 bits", &found).at(self.source, span)
        })?;
        Ok(Number { value, hex: hex.is_some(), span })
    }

    fn quoted(&mut self) -> Result<String, SpecError> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.text[start + 1..].char_indices();
        while let Some((i, c)) = chars.next() {
            match c {
                '"' => {
                    self.at = start + 1 + i + 1;
                    return Ok(text.split_whitespace().collect::<Vec<_>>().join(" "));
                }
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c => text.push(c),
            }
        }
        let span = Span::new(start, start + 1);
        Err(SpecError::syntax("`\"` at the end of the text", "the end of the file").at(self.source, span))
    }
}

/// A comment's text: behind the slashes, no white space at its end.
fn tidy(line: &str) -> String {
    line.trim_start_matches('/')
        .trim_end()
        .strip_prefix(' ')
        .map_or_else(|| line.trim_start_matches('/').trim_end().to_owned(), str::to_owned)
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_name_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
