//! `framewright compile`: a program as an executable, or as any of the forms that code has before it is one.

use super::{Common, Failure, input, output, run};
use framewright::engine::build::Builder;
use framewright::engine::code::Ready;
use framewright::engine::dump::{self, PHASES};
use framewright::engine::{StressOsr, Tier};
use framewright::image::{Form, Image, Makers, Program};
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `compile`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The program, .wat or .wasm
    file: PathBuf,
    /// What to write: elf (an executable), obj (its code, with symbols), asm (a listing) or json (a transition a line)
    #[arg(long, value_name = "FORM", default_value = "elf", conflicts_with = "dump")]
    emit: Emit,
    /// Where to write it; text goes to standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Start in tier-0 code and go over to optimized code in hot loops (`--tier auto`)
    #[arg(long)]
    osr: bool,
    /// The exported function that the executable calls; without it only the start function runs
    #[arg(long, value_name = "NAME")]
    invoke: Option<String>,
    /// Its arguments; put `--` before those that look like options (-inf, -0x10)
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,
    #[command(flatten)]
    tiers: run::Tiers,
    /// Let the executable tell of each transition on standard error
    #[arg(long)]
    trace: bool,
    /// Only show what a phase of the compiler makes of each function
    #[arg(long, value_name = "PHASE", value_parser = phase)]
    dump: Option<&'static str>,
    /// With --dump: only this function, by name or index
    #[arg(long, value_name = "FUNC", requires = "dump")]
    function: Option<String>,
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Emit {
    Elf,
    Obj,
    Asm,
    Json,
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
/// Bad input, no such function, a function that cannot be compiled or is not proven.
pub(crate) fn run(common: &Common, args: Args) -> Result<(), Failure> {
    let module = input::module(&args.file)?;
    let spec = input::spec(common)?;
    match args.dump {
        Some(phase) => dump(common, spec, &module, phase, args.function.as_deref()),
        None => emit(common, spec, module, args),
    }
}

fn dump(
    common: &Common,
    spec: Arc<Spec>,
    module: &Module,
    phase: &str,
    function: Option<&str>,
) -> Result<(), Failure> {
    let abi = input::convention(common, &spec)?.abi.name.clone();
    let builder = Builder::new(spec, Some(&abi));
    let defined = module.imported_functions..module.functions.len() as u32;
    let chosen: Vec<u32> = match function {
        None => defined.collect(),
        Some(wanted) => {
            let named = |i: &u32| module.function_name(*i) == *wanted || i.to_string() == *wanted;
            defined.filter(named).collect()
        }
    };
    if let (Some(wanted), true) = (function, chosen.is_empty()) {
        return Err(Failure::Input(format!("there is no function `{wanted}` with a body")));
    }
    for index in chosen {
        let text = builder.dump(module, index, phase)?;
        output::print(&text)?;
    }
    Ok(())
}

/// Makes an image and writes it, or a part of it.
fn emit(common: &Common, spec: Arc<Spec>, module: Arc<Module>, args: Args) -> Result<(), Failure> {
    let mut config = args.tiers.config(common, &spec, &module, args.trace)?;
    // What must come to transitions starts in tier-0; what need not is optimized from the start.
    let leaves = args.osr || config.osr_at.is_some() || config.stress.osr == StressOsr::Every;
    config.tier = match args.tiers.tier {
        Some(tier) => tier,
        None if leaves => Tier::Auto,
        None => Tier::Opt,
    };
    let mut makers = Makers::new(Arc::clone(&spec), config);
    input::remember(common, makers.verifier())?;
    let mut program = Program::new(makers.platform()?)?;
    let instance = program.instantiate(module)?;
    match &args.invoke {
        Some(name) => {
            let (at, bits) = run::arguments(program.world(), instance, name, &args.args)?;
            program.call(at, &bits)?;
        }
        None => run::nothing_asked(program.world(), instance, &args.args)?,
    }
    let image = program.image(&mut makers, Form::Text)?;
    args.tiers.tell_assumed(makers.stats());
    let bytes = match args.emit {
        Emit::Elf => image.bytes.clone(),
        Emit::Obj => image.object.clone(),
        Emit::Asm => listing(&spec, &image).into_bytes(),
        Emit::Json => {
            let records = image.records(&spec)?;
            records.iter().map(|record| record.to_line() + "\n").collect::<String>().into_bytes()
        }
    };
    let written = match (&args.output, args.emit) {
        (Some(file), Emit::Elf) => image.write(file).map_err(|error| (file, error)),
        (Some(file), _) => std::fs::write(file, bytes).map_err(|error| (file, error)),
        (None, Emit::Asm | Emit::Json) => return output::print(&String::from_utf8_lossy(&bytes)),
        (None, Emit::Elf | Emit::Obj) => {
            return Err(Failure::Input("give -o FILE to write to".to_owned()));
        }
    };
    written.map_err(|(file, error)| Failure::Input(format!("cannot write {}: {error}", file.display())))
}

/// All proven pieces, at their addresses.
fn listing(spec: &Spec, image: &Image) -> String {
    let piece =
        |(address, ready): &(u64, Ready)| format!("{address:#x} {}", dump::listing(spec, &ready.compiled()));
    image.pieces.iter().map(piece).collect()
}
