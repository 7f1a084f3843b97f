//! `framewright check`: code that somebody else made.

mod listing;
mod object;
mod records;
mod tally;

use super::{Common, Failure, input};
use clap::ValueEnum;
use framewright::object::is_object;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 all records proven, no function refuted; 1 one is; 2 bad input.\n\
    The format of records is described in spec/RECORDS.md; what is assumed, in SOUNDNESS.md.")]
pub(crate) struct Args {
    /// Objects, executables, shared libraries, archives (ELF); or records of compiled methods, one JSON object a line
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the second method of a pair is entered, whatever its record says (`ryujit`, `ryujit-unwind`)
    #[arg(long, value_name = "NAME")]
    transition: Option<String>,
    /// Tell only of functions or records with this verdict
    #[arg(long, value_name = "VERDICT")]
    only: Option<Word>,
    /// Threads
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    jobs: u32,
    /// Judge the functions of this name only, and print their instructions (`*` and `?` stand for any letters)
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
    /// Of ELF files: decide what one walk over all paths decides, run nothing and ask no solver
    #[arg(long)]
    linear: bool,
    /// Print no line for each function
    #[arg(long)]
    summary: bool,
    /// Print a row of a Markdown table for each file, and nothing else
    #[arg(long, conflicts_with = "summary")]
    markdown: bool,
    /// Tell how long it took and how much memory, on standard error
    #[arg(long)]
    stats: bool,
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Word {
    Proven,
    Refuted,
    Undecided,
    Unsupported,
}

impl Word {
    fn is(self, word: &str) -> bool {
        self.to_possible_value().is_some_and(|value| value.get_name() == word)
    }
}

/// Runs the command.
///
/// # Errors
/// Bad input, or something that is not proven.
pub(crate) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let spec = input::spec(common)?;
    let mut objects = 0;
    for path in &args.files {
        objects += usize::from(begins_as_object(path)?);
    }
    match objects {
        0 if args.linear => Err(Failure::Input("--linear is for ELF files".to_owned())),
        0 => records::run(common, args, &spec),
        _ if objects == args.files.len() => object::run(common, args, &spec),
        _ => Err(Failure::Input(
            "ELF files and records are judged apart: give one kind of file at a time".to_owned(),
        )),
    }
}

fn begins_as_object(path: &Path) -> Result<bool, Failure> {
    let fail = |error| Failure::Input(format!("cannot read {}: {error}", path.display()));
    let mut start = Vec::new();
    std::fs::File::open(path).map_err(fail)?.take(16).read_to_end(&mut start).map_err(fail)?;
    Ok(is_object(&start))
}
