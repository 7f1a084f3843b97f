//! `framewright explain`: an item of the specification, drawn, with the citation behind each fact.

use super::{Common, Failure, input, output};
use framewright_spec::explain::explain;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A frame, transition, calling convention, machine or instruction; without it, what there is
    name: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// There is no such item, or the specification is not good.
pub fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let spec = input::spec(common)?;
    let text = match &args.name {
        None => spec.overview(),
        Some(name) => explain(&spec, name, None)?,
    };
    if common.json {
        return output::line(serde_json::json!({ "name": args.name, "text": text }));
    }
    output::line(text.trim_end())
}
