//! `framewright explain`: an item of the specification, drawn, with the citation behind each fact.

use super::{Common, Failure, input, output};
use framewright_spec::Spec;
use framewright_spec::explain::explain;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A frame, transition, calling convention, machine, register or instruction; without it, what there is
    name: Option<String>,
    /// For a frame or transition, its parameters, as in `saved=rbx,r12 locals=40 tier0.saved=r15`
    shape: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// There is no such item, or the specification is not good.
pub(crate) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let spec = input::spec(common)?;
    let text = match &args.name {
        None => spec.overview(),
        Some(name) => {
            let name = &full_name(common, &spec, name)?;
            if args.shape.is_empty() {
                return print(common, args, &explain(&spec, name, None)?);
            }
            let frame = spec.transitions.get(name).map_or(name, |transition| &transition.target);
            let shape = spec.shape_of_words(frame, args.shape.iter().map(String::as_str))?;
            explain(&spec, name, Some(&shape))?
        }
    };
    print(common, args, &text)
}

/// A frame or transition may be named without its convention.
fn full_name(common: &Common, spec: &Spec, name: &str) -> Result<String, Failure> {
    let known = |name: &str| spec.frames.contains_key(name) || spec.transitions.contains_key(name);
    let full = input::convention(common, spec)?.named(name);
    Ok(if known(&full) { full } else { name.to_owned() })
}

fn print(common: &Common, args: &Args, text: &str) -> Result<(), Failure> {
    if common.json {
        return output::line(serde_json::json!({ "name": args.name, "text": text }));
    }
    output::line(text.trim_end())
}
