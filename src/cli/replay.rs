//! `framewright replay`: a counterexample once more, on numbers and on the processor.

use super::{Common, Failure, input, output};
use framewright_verifier::Counterexample;
use std::path::PathBuf;

/// Arguments of `replay`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The counterexample, as `run` or `prove` wrote it
    file: PathBuf,
}

/// Runs the command. It succeeds if what is seen is what the counterexample says.
///
/// # Errors
/// Bad input; a counterexample that is not confirmed.
pub(crate) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let name = args.file.display();
    let bytes = input::bytes(&args.file)?;
    let counterexample: Counterexample = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::Input(format!("{name} is not a counterexample: {error}")))?;
    let spec = input::spec(common)?;
    let report = framewright::replay::replay(&counterexample, &spec)
        .map_err(|error| Failure::Input(format!("{name}: {error}")))?;
    let confirmed = report.confirms();
    if common.json {
        output::line(serde_json::json!({
            "name": counterexample.name,
            "property": counterexample.property,
            "place": report.place,
            "report": report.to_string(),
            "confirmed": confirmed,
        }))?;
    } else {
        output::line(format!(
            "{}: {:?}: {}",
            counterexample.name, counterexample.property, counterexample.headline
        ))?;
        output::line(report.to_string().trim_end())?;
        output::line(if confirmed {
            "confirmed"
        } else {
            "NOT CONFIRMED: the counterexample does not hold"
        })?;
    }
    if confirmed { Ok(()) } else { Err(Failure::Found) }
}
