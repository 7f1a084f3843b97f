//! `framewright run`: a program, from its file to its results.

use super::{Common, Failure, input, output, trace, values};
use framewright::engine::link::{signature, type_name};
use framewright::engine::stats::Stats;
use framewright::engine::{Config, EngineError, FuncAddr, Proofs, Store, Stress, Tier, World, spectest};
use framewright::image::{Form, Makers, Outcome, Program};
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The program, .wat or .wasm
    file: PathBuf,
    /// The exported function to call; without it only the start function runs
    #[arg(long, value_name = "NAME")]
    invoke: Option<String>,
    /// Its arguments; put `--` before those that look like options (-inf, -0x10)
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,
    #[command(flatten)]
    tiers: Tiers,
    /// Tell of each transition, with both frames drawn, on standard error
    #[arg(long)]
    trace: bool,
    /// Tell debuggers of generated code (gdb's JIT interface): names, and how to unwind
    #[arg(long)]
    debugger: bool,
    /// Tell the unwinder of this process of generated code: backtraces of the host's functions go on through it
    #[arg(long)]
    unwinder: bool,
    /// Write generated code to DIR/jit-PID.dump for `perf record -k mono` and `perf inject --jit` [default DIR: .]
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true, default_missing_value = ".")]
    perf_jitdump: Option<PathBuf>,
    /// Print counts and times on standard error
    #[arg(long)]
    stats: bool,
}

/// How code comes to run.
#[derive(Debug, clap::Args)]
pub(crate) struct Tiers {
    /// Which code runs: interp, tier0, opt or auto [default: auto, for `compile` opt]
    #[arg(long)]
    pub(super) tier: Option<Tier>,
    /// Passes of a loop before its activation goes over to optimized code
    #[arg(long, value_name = "N", default_value_t = Config::default().osr_threshold)]
    osr_threshold: u32,
    /// Calls of a function before it is optimized
    #[arg(long, value_name = "N", default_value_t = Config::default().call_threshold)]
    call_threshold: u32,
    /// Transition only at this loop, at its first pass
    #[arg(long, value_name = "FUNC:LOOP", value_parser = func_loop)]
    osr_at: Option<(String, u32)>,
    /// What is proven of each piece of code before it runs: each (everything, from its bytes) or sizes[,seed=N] (its
    /// frame for all sizes, once; the piece is compared with that, and a tenth of the pieces, chosen by the seed, is
    /// proven by itself; bodies of the others are assumed to keep their frames)
    #[arg(long, value_name = "HOW", default_value = "each")]
    proof: Proofs,
    /// Fault-finding: osr=every or osr=random, saves=random, seed=N, joined by commas
    #[arg(long, value_name = "LIST", default_value = "")]
    stress: Stress,
}

impl Tiers {
    /// The engine's choices.
    ///
    /// # Errors
    /// No such convention, or no such function to leave.
    pub(super) fn config(
        &self,
        common: &Common,
        spec: &Spec,
        module: &Module,
        trace: bool,
    ) -> Result<Config, Failure> {
        if let Some((function, _)) = &self.osr_at {
            let known = (0..module.functions.len() as u32)
                .any(|i| module.function_name(i) == *function || i.to_string() == *function);
            if !known {
                return Err(Failure::Input(format!("--osr-at: there is no function `{function}`")));
            }
        }
        let tier = self.tier.unwrap_or(Config::default().tier);
        let Tiers { osr_threshold, call_threshold, proof: proofs, stress, .. } = *self;
        let (osr_at, abi) = (self.osr_at.clone(), Some(input::convention(common, spec)?.abi.name.clone()));
        Ok(Config { tier, abi, osr_threshold, call_threshold, osr_at, proofs, stress, trace })
    }
}

impl Tiers {
    /// Says what of the code is assumed, where it is not proven piece by piece.
    pub(super) fn tell_assumed(&self, stats: &Stats) {
        let Proofs::Sizes { seed } = self.proof else { return };
        let compared = stats.compared;
        let (all, proven) = (compared.members + compared.others, compared.proven + compared.others);
        output::note(format!(
            "assumed (`body`, see SOUNDNESS.md): the bodies of {} of {all} pieces of code keep their frames; {proven} are \
             proven by themselves: {}, chosen by seed {seed}, and {} whose frames are not proven for all sizes",
            all - proven,
            compared.proven,
            compared.others,
        ));
    }
}

fn func_loop(text: &str) -> Result<(String, u32), String> {
    let (function, number) = text.rsplit_once(':').ok_or("it is FUNC:LOOP, as in sum:0")?;
    let number = number.parse().map_err(|_| format!("`{number}` is not the number of a loop"))?;
    Ok((function.to_owned(), number))
}

/// Runs the command.
///
/// # Errors
/// Bad usage or input, a trap, a refusal.
pub(crate) fn run(common: &Common, args: Args) -> Result<(), Failure> {
    let module = input::module(&args.file)?;
    let spec = input::spec(common)?;
    let config = args.tiers.config(common, &spec, &module, args.trace)?;
    if foreign(common, &spec)? {
        return run_image(common, spec, config, module, &args);
    }
    let mut store = Store::new(Arc::clone(&spec), config);
    input::remember(common, store.verifier())?;
    if args.debugger {
        store.watchers().debuggers();
    }
    if args.unwinder {
        store.watchers().unwinder();
    }
    if let Some(directory) = &args.perf_jitdump {
        let machine = &input::convention(common, &spec)?.machine.name;
        store.watchers().profiler(spec.platform(machine)?, directory)?;
    }
    if args.trace {
        store.observer = trace::observer(spec);
    }
    let print: spectest::Print = Arc::new(print_host);
    spectest::define(store.world_mut(), &print)?;
    let instance = store.instantiate(module)?;
    let result = match &args.invoke {
        Some(name) => call(common, &mut store, instance, name, &args.args),
        None => nothing_asked(store.world(), instance, &args.args),
    };
    args.tiers.tell_assumed(&store.code().stats);
    if args.stats {
        output::note(&store.code().stats);
    }
    result
}

/// Whether the program is to be an executable of its own: a target is named, or code is not for this machine.
fn foreign(common: &Common, spec: &Spec) -> Result<bool, Failure> {
    Ok(common.target.is_some() || input::convention(common, spec)?.machine.name != std::env::consts::ARCH)
}

/// Without a function to call, the start function must have been something to run.
pub(super) fn nothing_asked(world: &World, instance: usize, args: &[String]) -> Result<(), Failure> {
    if world.instances[instance].module.start.is_some() && args.is_empty() {
        return Ok(());
    }
    world.exported_function(instance, "").map(drop).map_err(|error| match error {
        EngineError::NoExport { hint, .. } => {
            Failure::Input(format!("nothing to run: give --invoke NAME{hint}"))
        }
        other => other.into(),
    })
}

/// Runs the program as an executable of its own, in an emulator where the machine is another.
fn run_image(
    common: &Common,
    spec: Arc<Spec>,
    config: Config,
    module: Arc<Module>,
    args: &Args,
) -> Result<(), Failure> {
    if args.debugger || args.unwinder || args.perf_jitdump.is_some() {
        let message = "--debugger, --unwinder and --perf-jitdump are for code of this process; what runs here is an executable, \
            which carries symbols and unwinding data itself";
        return Err(Failure::Input(message.to_owned()));
    }
    let mut makers = Makers::new(spec, config);
    input::remember(common, makers.verifier())?;
    let mut program = Program::new(makers.platform()?)?;
    let instance = program.instantiate(module)?;
    let mut types = Vec::new();
    match &args.invoke {
        Some(name) => {
            let (at, bits) = arguments(program.world(), instance, name, &args.args)?;
            types.clone_from(&program.world().function_type(at).results);
            program.call(at, &bits)?;
        }
        None => nothing_asked(program.world(), instance, &args.args)?,
    }
    let image = program.image(&mut makers, Form::Bits)?;
    let file = std::env::temp_dir().join(format!("framewright-{}.image", std::process::id()));
    let outcomes = image.outcomes(&file);
    let removed = std::fs::remove_file(&file);
    let outcomes = outcomes?;
    removed.map_err(|error| Failure::Input(format!("cannot remove {}: {error}", file.display())))?;
    args.tiers.tell_assumed(makers.stats());
    if args.stats {
        output::note(makers.stats());
    }
    let mut results = Vec::new();
    for outcome in outcomes {
        match outcome {
            Outcome::Returned(bits) => results = bits,
            Outcome::Trapped(trap) => return Err(EngineError::Trap(trap).into()),
        }
    }
    show(common, &types, &results)
}

/// An exported function and the bits of its arguments.
pub(super) fn arguments(
    world: &World,
    instance: usize,
    name: &str,
    args: &[String],
) -> Result<(FuncAddr, Vec<u64>), Failure> {
    let at = world.exported_function(instance, name)?;
    let ty = world.function_type(at).clone();
    if ty.params.len() != args.len() {
        let (wanted, given) = (ty.params.len(), args.len());
        let message = format!("`{name}` takes {wanted} arguments, {given} given: {name} {}", signature(&ty));
        return Err(Failure::Input(message));
    }
    let bits = ty.params.iter().zip(args).map(|(&ty, text)| values::parse(ty, text));
    let bits = bits.collect::<Result<Vec<u64>, String>>();
    let bits = bits.map_err(|e| Failure::Input(format!("{e}: {name} {}", signature(&ty))))?;
    Ok((at, bits))
}

fn call(
    common: &Common,
    store: &mut Store,
    instance: usize,
    name: &str,
    args: &[String],
) -> Result<(), Failure> {
    let (at, bits) = arguments(store.world(), instance, name, args)?;
    let types = store.world().function_type(at).results.clone();
    let results = store.invoke(at, &bits)?;
    show(common, &types, &results)
}

/// Results, a line each.
fn show(common: &Common, types: &[Type], results: &[u64]) -> Result<(), Failure> {
    let shown: Vec<_> = types.iter().zip(results).map(|(&ty, &bits)| (ty, values::show(ty, bits))).collect();
    if common.json {
        let list: Vec<_> = shown
            .iter()
            .map(|(ty, value)| serde_json::json!({ "type": type_name(*ty), "value": value }))
            .collect();
        return output::line(serde_json::json!({ "results": list }));
    }
    shown.iter().try_for_each(|(_, value)| output::line(value))
}

/// What the host's print functions do: a line on standard error, so that results stay alone on standard output.
fn print_host(_: &str, args: &[(Type, u64)]) {
    let words: Vec<String> = args.iter().map(|&(ty, bits)| values::show(ty, bits)).collect();
    output::note(words.join(" "));
}
