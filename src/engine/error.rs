//! Why a program was not run, or did not finish.

use crate::stay::NativeError;
use framewright_compiler::{CompileError, TrapCode};
use framewright_spec::SpecError;
use framewright_verifier::Counterexample;

/// One error a crate; variants carry the offender.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The module is not good or could not be compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// A specification is not good.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The machine or its system refuses.
    #[error(transparent)]
    Native(#[from] NativeError),
    /// What a profiler is to read cannot be written.
    #[error("{0}")]
    Watched(String),
    /// The program trapped.
    #[error("{0}")]
    Trap(Trap),
    /// Code was not proven; it was not run.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// Nobody has such a thing to import.
    #[error("unknown import `{module}` `{name}`")]
    UnknownImport {
        /// Module name.
        module: String,
        /// Field name.
        name: String,
    },
    /// There is one, but it does not match.
    #[error("incompatible import type: `{module}` `{name}` is {found}, wanted is {wanted}")]
    IncompatibleImport {
        /// Module name.
        module: String,
        /// Field name.
        name: String,
        /// What there is.
        found: String,
        /// What the module asks for.
        wanted: String,
    },
    /// A table too large to be had.
    #[error("a table of {0} elements is past the limit of {limit}", limit = super::table::Table::MAX_LEN)]
    HugeTable(u32),
    /// No export of that name and kind.
    #[error("no exported {kind} `{name}`{hint}")]
    NoExport {
        /// `function`, `global`.
        kind: &'static str,
        /// The name.
        name: String,
        /// What there is instead.
        hint: String,
    },
    /// Arguments that do not fit the function.
    #[error("{0}")]
    Arguments(String),
    /// A program that cannot be an executable, or be run as one.
    #[error("{0}")]
    Image(String),
    /// A fault of ours in generated code or the engine.
    #[error("internal error: {0}")]
    Internal(String),
}

/// A trap and where it was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// Why.
    pub code: TrapCode,
    /// Function and byte offset in its module, where known.
    pub place: Option<(String, u32)>,
    /// The host function's words, if it was one; or words that say more than those of the code.
    pub detail: Option<String>,
}

impl std::fmt::Display for Trap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.detail {
            None => write!(f, "trap: {}", self.code)?,
            Some(detail) if self.code == TrapCode::Host => write!(f, "trap: {}: {detail}", self.code)?,
            Some(detail) => write!(f, "trap: {detail}")?,
        }
        match &self.place {
            Some((function, offset)) => write!(f, " in {function} at offset {offset:#x}"),
            None => Ok(()),
        }
    }
}

/// Code that was not proven.
#[derive(Debug)]
pub struct Refusal {
    /// What it was to be, as in `sum@loop0`.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Why it is refused.
    pub reason: Reason,
}

/// Why code is refused.
#[derive(Debug)]
pub enum Reason {
    /// It is wrong, and this shows it.
    Refuted(Box<Counterexample>),
    /// The solver gave up.
    Undecided(String),
    /// Something has no meaning.
    Unsupported(String),
    /// Its frame is proven for all sizes, and this is how the code is not what was proven.
    Differs(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.reason {
            Reason::Refuted(c) => write!(f, "{} is refuted ({:?}): {}", self.name, c.property, c.headline),
            Reason::Undecided(why) => write!(f, "{} is undecided: {why}", self.name),
            Reason::Unsupported(what) => write!(f, "{} is unsupported: {what}", self.name),
            Reason::Differs(how) => {
                write!(f, "{} is not the code that is proven for all sizes: {how}", self.name)
            }
        }
    }
}
