//! What can be wrong with a specification.

/// An error in a specification or in a request to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum SpecError {
    /// A name that is not declared.
    #[error("unknown {what} `{name}`")]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
}
