//! `framewright compile --dump PHASE`: what each phase of the compiler makes of a program.

use super::{Common, Failure, input, output};
use framewright::engine::build::Builder;
use framewright::engine::dump::PHASES;
use std::path::PathBuf;

/// Arguments of `compile`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The program, .wat or .wasm
    file: PathBuf,
    /// The phase to show
    #[arg(long, value_name = "PHASE", value_parser = phase)]
    dump: &'static str,
    /// Only this function, by name or index
    #[arg(long, value_name = "FUNC")]
    function: Option<String>,
}

fn phase(text: &str) -> Result<&'static str, String> {
    let known = PHASES.iter().map(|&(name, _)| name);
    known.clone().find(|name| *name == text).ok_or_else(|| {
        let list: Vec<String> = PHASES.iter().map(|(name, what)| format!("  {name:10} {what}")).collect();
        format!("the phases are\n{}", list.join("\n"))
    })
}

/// Runs the command.
///
/// # Errors
/// Bad input, no such function, or a function that cannot be compiled.
pub(crate) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let module = input::module(&args.file)?;
    let spec = input::spec(common)?;
    let abi = input::convention(common, &spec)?.abi.name.clone();
    let builder = Builder::new(spec, Some(&abi));
    let defined = module.imported_functions..module.functions.len() as u32;
    let chosen: Vec<u32> = match &args.function {
        None => defined.collect(),
        Some(wanted) => {
            let named = |i: &u32| module.function_name(*i) == *wanted || i.to_string() == *wanted;
            defined.filter(named).collect()
        }
    };
    if let (Some(wanted), true) = (&args.function, chosen.is_empty()) {
        return Err(Failure::Input(format!("there is no function `{wanted}` with a body")));
    }
    for index in chosen {
        let text = builder.dump(&module, index, args.dump)?;
        output::print(&text)?;
    }
    Ok(())
}
