//! Why something could not be compiled.

/// One error a crate; variants carry the offender.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The module is malformed or does not validate.
    #[error("invalid WebAssembly at offset {offset:#x}: {message}")]
    Invalid {
        /// Byte offset in the binary.
        offset: usize,
        /// The reader's words.
        message: String,
    },
    /// Text that is not a module; the message carries line and column.
    #[error("{0}")]
    Text(String),
    /// Valid WebAssembly that is not supported, by name.
    #[error("unsupported WebAssembly feature: {feature} (at offset {offset:#x})")]
    Unsupported {
        /// What.
        feature: String,
        /// Byte offset in the binary.
        offset: usize,
    },
    /// The specification has no such thing, or refuses the frame.
    #[error(transparent)]
    Spec(#[from] framewright_spec::SpecError),
    /// A step of a frame's prolog or epilog that the machine's encoder has no form for.
    #[error("no encoding for the frame step `{form}`")]
    Step {
        /// Mnemonic and operand kinds.
        form: String,
    },
    /// The function's frame cannot be described to unwinders.
    #[error("{function}: no unwinding data for {what}")]
    Unwind {
        /// Function.
        function: String,
        /// What cannot be written.
        what: String,
    },
    /// Past a limit of the implementation, by name.
    #[error("{function}: {what} is past the limit of {limit}")]
    Limit {
        /// Function.
        function: String,
        /// What is too large.
        what: String,
        /// The limit.
        limit: u64,
    },
    /// A fault of ours: an invariant of a pass does not hold. Reported, never a panic.
    #[error("internal error in {phase} of {function}: {message}")]
    Internal {
        /// Phase.
        phase: &'static str,
        /// Function.
        function: String,
        /// What was found.
        message: String,
    },
}
