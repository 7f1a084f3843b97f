//! `framewright fmt`: specification files in their one form.

use super::{Common, Failure, input, output};
use framewright_spec::{Source, lang};
use std::path::PathBuf;

/// Arguments of `fmt`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Specification files; each is rewritten in place
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Write nothing; name the files that are not in form and exit with 1
    #[arg(long)]
    check: bool,
}

/// Runs the command.
///
/// # Errors
/// A file cannot be read or written, or is not a specification.
pub(crate) fn run(_: &Common, args: &Args) -> Result<(), Failure> {
    let mut found = false;
    for path in &args.files {
        let name = path.display().to_string();
        let report = |error| Failure::Report(miette::Report::new(error));
        let source = Source::from_bytes(&name, &input::bytes(path)?).map_err(report)?;
        let printed = lang::print(&lang::parse(&source).map_err(report)?);
        if printed == source.text() {
            continue;
        }
        // It has parentheses where operators mix, and may so be nested too deeply.
        lang::parse(&Source::new(name.as_str(), printed.as_str())).map_err(report)?;
        if args.check {
            output::line(format!("{name} is not in form"))?;
            found = true;
        } else {
            std::fs::write(path, printed).map_err(|e| Failure::Input(format!("cannot write {name}: {e}")))?;
        }
    }
    if found { Err(Failure::Found) } else { Ok(()) }
}
