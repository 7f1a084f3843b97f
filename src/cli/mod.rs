//! The command line: what is asked for, and what each answer's exit code is.
//!
//! ```text
//! 0  done        1  the program trapped, or code was not proven        2  bad usage or bad input
//! ```

mod check;
mod compile;
mod explain;
mod fmt;
mod input;
mod output;
mod prove;
mod prove_all;
mod prove_sizes;
mod replay;
mod run;
mod trace;
mod values;

use clap::{Parser, Subcommand};
use framewright::engine::EngineError;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compile WebAssembly, prove the machine code, run it; draw and check stack frames.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// What every command understands.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Common {
    /// A specification file whose items replace those of the same name (repeatable)
    #[arg(long, global = true, value_name = "FILE")]
    spec: Vec<PathBuf>,
    /// The machine to compile for, or whose items are meant; this computer's without it
    #[arg(long, global = true, value_name = "MACHINE")]
    target: Option<String>,
    /// The calling convention; without it the first that is declared for the machine
    #[arg(long, global = true, value_name = "NAME")]
    abi: Option<String>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    json: bool,
    /// Keep proofs in this folder, and believe those that this program has kept there
    #[arg(long, global = true, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Where to write a counterexample
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    save: PathBuf,
    /// Also write a counterexample as a Rust test
    #[arg(long, global = true)]
    emit_test: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run an exported function of a WebAssembly program
    Run(run::Args),
    /// Draw a frame, a transition, a calling convention or a machine, with citations
    Explain(explain::Args),
    /// Print specification files in their one form
    Fmt(fmt::Args),
    /// Prove every frame and transition for all sets and sizes, or a program's code, or a specification's
    Prove(prove::Args),
    /// Compile a program to an executable, or show what a phase of the compiler makes of it
    Compile(compile::Args),
    /// Judge methods that another compiler has made: records of machine code, one a line
    Check(check::Args),
    /// Run a counterexample again, on the processor and in the model
    Replay(replay::Args),
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// From the engine.
    Engine(Box<EngineError>),
    /// A diagnostic with a place in a text.
    Report(miette::Report),
    /// Bad usage or input, in words.
    Input(String),
    /// Something was found wrong, and has been printed.
    Found,
    /// Some of the input was bad, and that has been printed.
    Bad,
    /// Nobody reads the output any more.
    Closed,
}

impl<E: Into<EngineError>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::Engine(Box::new(error.into()))
    }
}

/// Runs the command that the process was started with.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Run(args) => run::run(&cli.common, args),
        Command::Explain(args) => explain::run(&cli.common, &args),
        Command::Fmt(args) => fmt::run(&cli.common, &args),
        Command::Prove(args) => prove::run(&cli.common, &args),
        Command::Compile(args) => compile::run(&cli.common, args),
        Command::Check(args) => check::run(&cli.common, &args),
        Command::Replay(args) => replay::run(&cli.common, &args),
    };
    match result {
        Ok(()) | Err(Failure::Closed) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(output::failure(&cli.common, failure)),
    }
}
