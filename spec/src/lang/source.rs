//! Texts and places in them.

use super::ast::Span;
use crate::SpecError;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::sync::Arc;

/// A named text. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

impl Source {
    /// A text under the name that messages show.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Source {
        Source { name: name.into(), text: text.into() }
    }

    /// A text from bytes.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Source, SpecError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Source::new(name, text)),
            Err(error) => Err(SpecError::NotText { name: name.to_owned(), offset: error.valid_up_to() }),
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, lines_before, lines_after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_string(),
            inner.data(),
            *inner.span(),
            inner.line(),
            inner.column(),
            inner.line_count(),
        )))
    }
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The text.
    pub source: Source,
    /// The place.
    pub span: Span,
}

impl Location {
    /// Line number, from 1.
    pub fn line(&self) -> usize {
        let before = self.source.text().get(..self.span.start as usize).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    /// The line itself, without white space around it.
    pub fn line_text(&self) -> &str {
        self.source.text().lines().nth(self.line() - 1).unwrap_or_default().trim()
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.source.name(), self.line())
    }
}
