//! What can be wrong with a specification, or with a request to it.

use crate::lang::ast::Span;
use crate::lang::{Location, Source};
use miette::{Diagnostic, LabeledSpan, SourceCode};

/// An error in a specification or in a request to it. Errors in a text carry their place ([`SpecError::At`]).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// An error with its place, or with advice.
    #[error("{}", .0.error)]
    At(Box<Located>),
    /// A file that is not UTF-8.
    #[error("`{name}` is not UTF-8 text (byte {offset})")]
    NotText {
        /// The file.
        name: String,
        /// First bad byte.
        offset: usize,
    },
    /// A text that is not of the language.
    #[error("expected {expected}, found {found}")]
    Syntax {
        /// What could stand there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// Blocks, parentheses, operators or definitions nested past the limit.
    #[error("nested too deeply (limit {limit})")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A name that is not declared.
    #[error("unknown {what} `{name}`")]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A fact stated twice in one file set.
    #[error("duplicate {what} `{name}`")]
    Duplicate {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A fact about the world without a source.
    #[error("no citation for {what}")]
    MissingCitation {
        /// The fact.
        what: String,
    },
    /// A declaration without a part that it needs.
    #[error("{of} has no {what}")]
    Missing {
        /// The part.
        what: &'static str,
        /// The declaration.
        of: String,
    },
    /// Two rows that a common word matches, neither of which is a special case of the other.
    #[error("ambiguous encoding: some words are both {first} and {second}")]
    AmbiguousEncoding {
        /// One row.
        first: String,
        /// The other.
        second: String,
    },
    /// A value that does not fit where it stands.
    #[error("expected {expected}, found {found}")]
    Mismatch {
        /// What fits.
        expected: String,
        /// What was given.
        found: String,
    },
    /// Names defined by each other.
    #[error("`{name}` is defined by itself")]
    Cycle {
        /// One of them.
        name: String,
    },
    /// Two things on the same bytes of a frame.
    #[error("in frame `{frame}`, {first} overlaps {second}, for {shape}")]
    Overlap {
        /// The frame.
        frame: String,
        /// One thing.
        first: String,
        /// The other.
        second: String,
        /// The parameters for which they do.
        shape: String,
    },
    /// A set with members it must not have.
    #[error("{set} has {members}, not within {bound}")]
    NotWithin {
        /// The set.
        set: String,
        /// Its members that are too many, by name.
        members: String,
        /// What it must lie within.
        bound: String,
    },
    /// SP or a region is not aligned.
    #[error(
        "in frame `{frame}`, {what} is {bytes} bytes below the CFA, not a multiple of {align}, for {shape}"
    )]
    Misaligned {
        /// The frame.
        frame: String,
        /// What is not aligned.
        what: String,
        /// Its distance from the CFA.
        bytes: i64,
        /// The alignment it must have.
        align: u32,
        /// The parameters for which it is not.
        shape: String,
    },
    /// A shape outside of what the frame requires.
    #[error("frame `{frame}` requires `{requirement}`, which does not hold for {shape}")]
    Requires {
        /// The frame.
        frame: String,
        /// What it requires, as it is written.
        requirement: String,
        /// The parameters for which that does not hold.
        shape: String,
    },
    /// A size, offset or expansion past its limit.
    #[error("{what} is past the limit of {limit}")]
    TooLarge {
        /// What.
        what: String,
        /// The limit.
        limit: i64,
    },
    /// A shape that lacks a parameter of its frame, or has one too many.
    #[error("frame `{frame}`: {problem} `{name}`")]
    Parameter {
        /// The frame.
        frame: String,
        /// `missing parameter` or `unknown parameter`.
        problem: &'static str,
        /// The parameter.
        name: String,
    },
}

/// An error and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// What is wrong.
    pub error: SpecError,
    /// Where, if it is in a text.
    pub location: Option<Location>,
    /// What to do about it.
    pub help: Option<String>,
    /// Another place that matters, and why.
    pub also: Option<(Span, String)>,
}

impl SpecError {
    pub(crate) fn syntax(expected: &str, found: &str) -> SpecError {
        SpecError::Syntax { expected: expected.to_owned(), found: found.to_owned() }
    }

    pub(crate) fn mismatch(expected: impl Into<String>, found: impl Into<String>) -> SpecError {
        SpecError::Mismatch { expected: expected.into(), found: found.into() }
    }

    /// The error at its place; one that has a place keeps it.
    pub(crate) fn at(self, source: &Source, span: Span) -> SpecError {
        if let SpecError::At(_) = self {
            return self;
        }
        let location = Some(Location { source: source.clone(), span });
        SpecError::At(Box::new(Located { error: self, location, help: None, also: None }))
    }

    /// The error at its place, with the advice it has; one that has a place keeps it.
    pub(crate) fn located(self, source: &Source, span: Span) -> SpecError {
        match self {
            SpecError::At(located) if located.location.is_none() => {
                let location = Some(Location { source: source.clone(), span });
                SpecError::At(Box::new(Located { location, ..*located }))
            }
            other => other.at(source, span),
        }
    }

    /// The error with advice.
    pub(crate) fn with_help(self, help: Option<String>) -> SpecError {
        match self {
            SpecError::At(located) => SpecError::At(Box::new(Located { help, ..*located })),
            error if help.is_none() => error,
            error => SpecError::At(Box::new(Located { error, location: None, help, also: None })),
        }
    }

    /// The error with a second place of the same source.
    pub(crate) fn with_also(mut self, span: Span, label: &str) -> SpecError {
        if let SpecError::At(located) = &mut self {
            located.also = Some((span, label.to_owned()));
        }
        self
    }

    /// What is wrong, without the place.
    pub fn problem(&self) -> &SpecError {
        match self {
            SpecError::At(located) => located.error.problem(),
            other => other,
        }
    }

    /// Where it is, for errors in a text.
    pub fn location(&self) -> Option<&Location> {
        match self {
            SpecError::At(located) => located.location.as_ref(),
            _ => None,
        }
    }

    fn general_help(&self) -> Option<&'static str> {
        Some(match self {
            SpecError::MissingCitation { .. } => {
                "what the world demands is cited: add `cite \"document, section\"`"
            }
            SpecError::Duplicate { .. } => {
                "state each fact once; a file given by the user replaces embedded items of the same name"
            }
            SpecError::Misaligned { .. } => "give the lowest region that alignment, as in `align 16`",
            SpecError::AmbiguousEncoding { .. } => {
                "fix a bit that tells them apart, or exclude the values (`but 0`, `_`) that belong to the other"
            }
            SpecError::Cycle { .. } => "a definition may use only what does not use it",
            _ => return None,
        })
    }
}

impl Diagnostic for SpecError {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let code = match self.problem() {
            SpecError::At(_) => "spec",
            SpecError::NotText { .. } => "spec::not-text",
            SpecError::Syntax { .. } => "spec::syntax",
            SpecError::TooDeep { .. } => "spec::too-deep",
            SpecError::Unknown { .. } => "spec::unknown",
            SpecError::Duplicate { .. } => "spec::duplicate",
            SpecError::MissingCitation { .. } => "spec::missing-citation",
            SpecError::Missing { .. } => "spec::missing",
            SpecError::AmbiguousEncoding { .. } => "spec::ambiguous-encoding",
            SpecError::Mismatch { .. } => "spec::mismatch",
            SpecError::Cycle { .. } => "spec::cycle",
            SpecError::Overlap { .. } => "spec::overlap",
            SpecError::NotWithin { .. } => "spec::not-within",
            SpecError::Misaligned { .. } => "spec::misaligned",
            SpecError::Requires { .. } => "spec::requires",
            SpecError::TooLarge { .. } => "spec::too-large",
            SpecError::Parameter { .. } => "spec::parameter",
        };
        Some(Box::new(code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        if let SpecError::At(located) = self
            && let Some(help) = &located.help
        {
            return Some(Box::new(help));
        }
        self.problem().general_help().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.location().map(|location| &location.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let SpecError::At(located) = self else { return None };
        let here = LabeledSpan::new_primary_with_span(Some("here".to_owned()), self.location()?.span);
        let also = located.also.as_ref();
        let also = also.map(|(span, label)| LabeledSpan::new_with_span(Some(label.clone()), *span));
        Some(Box::new(std::iter::once(here).chain(also)))
    }
}

/// The candidate that the unknown name was probably meant to be.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    if name.len() > 64 {
        return None;
    }
    let close = candidates.map(|c| (distance(name, c), c)).min()?;
    (close.0 <= 1 + name.len() / 4).then(|| format!("did you mean `{}`?", close.1))
}

/// Edits between two names: insert, delete, replace a byte, swap two neighbours; case does not count.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_ascii_lowercase().into_bytes(), b.to_ascii_lowercase().into_bytes());
    // rows[i][j]: edits between the first i bytes of a and the first j of b.
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
