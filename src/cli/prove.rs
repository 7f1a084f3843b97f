//! `framewright prove`: every function of a program in all kinds of code, or every frame of a specification.
//!
//! A program is proven as it would run. A specification is proven on sample functions, each with every set of
//! registers that the frame may save, in tier-0, optimized and OSR code, and with the stubs in between. All frames of
//! all machines are [`prove_sizes`]'s and [`prove_all`]'s.

use super::prove_sizes::Wanted;
use super::{Common, Failure, input, output, prove_all, prove_sizes};
use framewright::design::Members;
use framewright::engine::build::{Builder, Built};
use framewright::engine::code::Code;
use framewright::engine::stats::{Kind, Stats, micros};
use framewright::engine::{Config, EngineError, Proofs, Saves, Stress};
use framewright::export::Export;
use framewright_compiler::backend::TIER0_FRAME;
use framewright_compiler::wasm::Module;
use framewright_spec::{RegSet, Spec};
use framewright_verifier::Proven;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `prove`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A program (.wat, .wasm), whose functions are proven in every kind of code, or a specification (.fw), whose frames
    /// are proven on sample functions. Without a file: every frame and transition of the specification, of all machines
    /// (or of --target, --abi, --frame), for every set of saved registers and every size
    file: Option<PathBuf>,
    /// As without a file
    #[arg(long, conflicts_with = "file")]
    all: bool,
    /// Without a file: only the frame or transition of this name, as `osr` or `sysv.osr` (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    frame: Vec<String>,
    /// Without a file: instead prove the code of single shapes, with sets of every kind and sizes on both sides of every
    /// encoding's limit; at most N of each frame, spread evenly
    #[arg(long, value_name = "N", conflicts_with = "file", num_args = 0..=1)]
    shapes: Option<Option<usize>>,
    /// Without a file: compare the code of so many shapes of each frame with what is proven, and prove a tenth of it by
    /// itself too
    #[arg(long, value_name = "N", conflicts_with_all = ["file", "shapes"], default_value_t = 50)]
    members: usize,
    /// Chooses that tenth
    #[arg(long, value_name = "N", conflicts_with_all = ["file", "shapes"], default_value_t = 1)]
    seed: u64,
    /// Without a file: print a table in Markdown
    #[arg(long, conflicts_with_all = ["file", "shapes", "json"])]
    markdown: bool,
    /// Without a file: threads
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    jobs: u32,
    /// Write every question to the solver as an SMT-LIB file, named after its content, for other solvers
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// Bad input, or code that is not proven.
pub(crate) fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let unwritten = |error: std::io::Error| Failure::Input(format!("cannot export: {error}"));
    let export = args.export.as_deref().map(Export::new).transpose().map_err(unwritten)?;
    let proven = prove(common, args, export.as_ref());
    if let Some(export) = export {
        let files = export.finish().map_err(unwritten)?;
        output::note(format!("{files} new files of questions"));
    }
    proven
}

fn prove(common: &Common, args: &Args, export: Option<&Export>) -> Result<(), Failure> {
    let Some(file) = &args.file else {
        return match args.shapes {
            Some(shapes) => prove_all::run(common, &args.frame, shapes, args.jobs, export),
            None => {
                let members = Members { most: args.members, seed: args.seed };
                let (frames, markdown, jobs) = (&args.frame, args.markdown, args.jobs);
                prove_sizes::run(common, &Wanted { frames, markdown, members, jobs }, export)
            }
        };
    };
    if file.extension().is_some_and(|e| e == "fw") {
        return specification(common, file, export);
    }
    let module = input::module(file)?;
    let mut session = Session::new(common, input::spec(common)?, export)?;
    session.module(&module, &Config::default())?;
    session.finish()
}

/// Proves a specification's frames on the samples.
fn specification(common: &Common, file: &PathBuf, export: Option<&Export>) -> Result<(), Failure> {
    let with_file =
        Common { spec: [&common.spec[..], std::slice::from_ref(file)].concat(), ..common.clone() };
    let spec = input::spec(&with_file)?;
    let samples = Module::parse(include_bytes!("samples.wat"))?;
    let sets = subsets(input::convention(common, &spec)?.set_bound(TIER0_FRAME, "saved", None)?);
    let mut session = Session::new(common, spec, export)?;
    for saves in sets {
        let stress = Stress { saves: Saves::With(saves), ..Stress::default() };
        session.module(&samples, &Config { stress, ..Config::default() })?;
    }
    session.finish()
}

fn subsets(of: RegSet) -> Vec<RegSet> {
    of.iter().fold(vec![RegSet::EMPTY], |sets, reg| {
        let with: Vec<RegSet> = sets.iter().map(|set| set.with(reg)).collect();
        [sets, with].concat()
    })
}

/// Proofs so far.
struct Session<'a> {
    common: &'a Common,
    builder: Builder,
    code: Code,
    /// Bytes that were proven, so that the same code is told of once.
    seen: HashSet<Vec<u8>>,
    unproven: u32,
}

impl<'a> Session<'a> {
    fn new(common: &'a Common, spec: Arc<Spec>, export: Option<&Export>) -> Result<Session<'a>, Failure> {
        let abi = input::convention(common, &spec)?.abi.name.clone();
        let builder = Builder::new(Arc::clone(&spec), Some(&abi));
        let mut code = Code::new(Builder::new(spec, Some(&abi)), Proofs::Each);
        if let Some(export) = export {
            code.verifier().give_queries(export.sink());
        }
        input::remember(common, code.verifier())?;
        Ok(Session { common, builder, code, seen: HashSet::new(), unproven: 0 })
    }

    /// Proves every function of a module in all kinds, and the stubs of its types.
    fn module(&mut self, module: &Module, config: &Config) -> Result<(), Failure> {
        for ty in &module.types {
            self.prove(Kind::EntryStub, self.builder.entry_stub(ty), None)?;
            self.prove(Kind::HostStub, self.builder.host_stub(ty), None)?;
        }
        let mut stats = Stats::default();
        for index in module.imported_functions..module.functions.len() as u32 {
            self.prove(Kind::Optimized, self.builder.optimized(module, index, config, &mut stats), None)?;
            let Some(source) = self.prove(Kind::Tier0, self.builder.tier0(module, index, config), None)?
            else {
                continue;
            };
            for patchpoint in source.claim().patchpoints.iter().map(|p| p.id) {
                let built = self.builder.osr(module, index, source.claim(), patchpoint, config, &mut stats);
                self.prove(Kind::Osr, built, Some(&source))?;
            }
        }
        Ok(())
    }

    /// Proves one piece and tells of it.
    fn prove(
        &mut self,
        kind: Kind,
        built: Built,
        source: Option<&Proven>,
    ) -> Result<Option<Proven>, Failure> {
        let built = built?;
        let new = self.seen.insert(built.0.bytes.clone());
        let bytes = built.0.bytes.len();
        match self.code.prove(kind, None, built, source) {
            Ok(ready) => {
                if new {
                    let certificate = ready.proven.certificate();
                    let conditions: u32 = certificate.obligations.values().sum();
                    self.line(&ready.name, kind, "proven", || {
                        let [compile, proof] = [ready.compile, ready.proof].map(micros);
                        format!("{bytes:6} bytes {conditions:5} conditions  compiled {compile:>11}  proven {proof:>11}")
                    })?;
                }
                Ok(Some(ready.proven))
            }
            Err(EngineError::Refused(refusal)) => {
                self.unproven += 1;
                self.line(&refusal.name, kind, "NOT PROVEN", || refusal.to_string())?;
                if self.unproven == 1 {
                    output::refused(self.common, &refusal);
                }
                Ok(None)
            }
            Err(other) => Err(other.into()),
        }
    }

    fn line(
        &self,
        name: &str,
        kind: Kind,
        verdict: &str,
        rest: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let (kind, rest) = (kind.to_string(), rest());
        if self.common.json {
            return output::line(
                serde_json::json!({ "name": name, "kind": kind, "verdict": verdict, "detail": rest }),
            );
        }
        output::line(format!("{verdict:10} {kind:6} {name:32} {rest}"))
    }

    fn finish(self) -> Result<(), Failure> {
        if !self.common.json {
            let (compile, proof) = self.code.stats.totals();
            let pieces = self.seen.len();
            let (compile, proof) = (micros(compile), micros(proof));
            output::line(format!(
                "{pieces} pieces of code, {} not proven; compile {compile}, proof {proof}",
                self.unproven
            ))?;
        }
        if self.unproven == 0 { Ok(()) } else { Err(Failure::Found) }
    }
}
