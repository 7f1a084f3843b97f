//! Images: executables that hold a program, its code in all tiers and the transitions between them, and run without
//! the engine.
//!
//! ```text
//! modules ──World──> instances, linked as the engine links them
//!    │                  │ pieces: compile, prove               freeze: contexts, tables, memories as data
//!    │                  ▼                                        ▼
//!    │      text: start │ stubs │ doors │ runtime │ tier-0, optimized, OSR      data        (elf)
//!    └─ runtime.wat: our own tier-0 compiles what an image needs of an engine
//! ```
//!
//! An image is a store as it is just before its first call, written to a file. It then performs its *steps*, calls of
//! functions in order, and tells of their results: as text for people, or as bits ([`Outcome`]).

pub mod run;
pub mod transitions;

mod data;
pub(crate) mod elf;
mod freeze;
mod pieces;

use crate::engine::build::Builder;
use crate::engine::code::{Code, Ready};
use crate::engine::error::{EngineError, Trap};
use crate::engine::instance::Counters;
use crate::engine::store::{Extern, FuncAddr, Global, World};
use crate::engine::{Config, Tier};
use framewright_compiler::ir::Type;
use framewright_compiler::stubs::image as stubs;
use framewright_compiler::wasm::Module;
use framewright_compiler::{CompileError, TrapCode};
use framewright_spec::{Platform, Spec, SpecError};
use framewright_verifier::Verifier;
use std::sync::Arc;
use transitions::Transition;

/// What an image needs of an engine, and what the official tests import.
const RUNTIME: &str = include_str!("runtime.wat");
const SPECTEST: &str = include_str!("spectest.wat");
/// Under which names their exports are found.
const RUNTIME_NAME: &str = "runtime";
const SPECTEST_NAME: &str = "spectest";
/// Where the runtime finds what is no WebAssembly.
const PLATFORM_NAME: &str = "platform";

/// Why there is no image, or it did not run.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// As for a program that is run at once.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Nothing would be in it.
    #[error("an image holds machine code: the tier is one of tier0, opt, auto")]
    Interpreted,
    /// What only an engine can decide.
    #[error("an image cannot take transitions at random: only `osr=every` or a threshold")]
    Random,
    /// Past what an image has room for.
    #[error("the image is too large: {what} of {bytes} bytes, of at most {limit}")]
    Large {
        /// Text, data.
        what: &'static str,
        /// How much there is.
        bytes: u64,
        /// How much there may be.
        limit: u64,
    },
    /// Signatures called from outside.
    #[error("the image calls functions of {0} types, at most 256")]
    Types(usize),
    /// Not to be run here.
    #[error("{0}")]
    Run(String),
    /// It ended before it was done.
    #[error("{0}")]
    Ended(String),
}

impl From<ImageError> for EngineError {
    fn from(error: ImageError) -> EngineError {
        match error {
            ImageError::Engine(error) => error,
            ImageError::Ended(message) => EngineError::Internal(message),
            other => EngineError::Image(other.to_string()),
        }
    }
}

impl From<CompileError> for ImageError {
    fn from(error: CompileError) -> ImageError {
        ImageError::Engine(error.into())
    }
}

impl From<SpecError> for ImageError {
    fn from(error: SpecError) -> ImageError {
        ImageError::Engine(error.into())
    }
}

/// One thing that an image does.
#[derive(Clone, Debug)]
enum Step {
    /// Calls a function with arguments as bits.
    Call(FuncAddr, Vec<u64>),
    /// Tells the value of a global.
    Read(Global),
}

/// How an image shows results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line each: integers in decimal, floats exactly in hexadecimal. The first trap is the program's end.
    Text,
    /// Bits, to be read with [`Image::outcomes`]; a trap ends its step only.
    Bits,
}

/// Instances to be put into an image, and what is to be done with them.
pub struct Program {
    world: World,
    steps: Vec<Step>,
    types: Vec<Vec<Type>>,
}

/// An executable, and how to read what it tells.
#[derive(Debug)]
pub struct Image {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its code alone, as a relocatable file with a symbol for each piece.
    pub object: Vec<u8>,
    /// The proven code in it, in order, with addresses.
    pub pieces: Vec<(u64, Ready)>,
    /// The transitions that may happen in it.
    pub transitions: Vec<Transition>,
    /// Machine that it is for.
    pub machine: String,
    /// Program that runs it on other machines.
    pub emulator: String,
    traps: Vec<Trap>,
    /// Result types of each step.
    types: Vec<Vec<Type>>,
}

/// A piece of code at its place, trusted ones among them.
struct Piece {
    /// For people; unique within the image.
    name: String,
    address: u64,
    bytes: Vec<u8>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With results as bits.
    Returned(Vec<u64>),
    /// With a trap.
    Trapped(Trap),
}

/// Counters of instances that never run in an engine.
const NO_COUNTERS: Counters = Counters { osr: u32::MAX, calls: u32::MAX };

impl Program {
    /// A program of no instance, for a platform.
    ///
    /// # Errors
    /// Memory is not to be had.
    pub fn new(platform: &Platform) -> Result<Program, EngineError> {
        let mut program = Program { world: World::default(), steps: Vec::new(), types: Vec::new() };
        let types = [stubs::system_call_type(platform), stubs::poke_type()];
        for (name, ty) in pieces::HOST_FUNCTIONS.iter().zip(types) {
            let never = Box::new(|_: &[u64]| Err("only images have it".to_owned()));
            program.world.define_host(PLATFORM_NAME, name, &ty, never);
        }
        let runtime = program.world.instantiate(Arc::new(Module::parse(RUNTIME.as_bytes())?), NO_COUNTERS)?;
        program.world.register(RUNTIME_NAME, runtime);
        Ok(program)
    }

    /// What is in it.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Makes an instance, whose start function is the next step; its number.
    ///
    /// # Errors
    /// An import is missing or does not match, a segment does not fit.
    pub fn instantiate(&mut self, module: Arc<Module>) -> Result<usize, EngineError> {
        let asks = |name: &str| module.imports.iter().any(|import| import.module == name);
        if asks(SPECTEST_NAME) && !self.world.names.contains_key(SPECTEST_NAME) {
            let spectest = Module::parse(SPECTEST.as_bytes())?;
            let number = self.world.instantiate(Arc::new(spectest), NO_COUNTERS)?;
            self.world.register(SPECTEST_NAME, number);
        }
        let start = module.start;
        let number = self.world.instantiate(module, NO_COUNTERS)?;
        if let Some(start) = start {
            let at = self.world.instances[number].functions[start as usize];
            self.call(at, &[])?;
        }
        Ok(number)
    }

    /// Makes an instance's exports importable under a module name.
    pub fn register(&mut self, name: &str, instance: usize) {
        self.world.register(name, instance);
    }

    /// Calls a function next: bits of the arguments.
    ///
    /// # Errors
    /// Their number is wrong.
    pub fn call(&mut self, at: FuncAddr, args: &[u64]) -> Result<(), EngineError> {
        self.world.check_arguments(at, args)?;
        self.types.push(self.world.function_type(at).results.clone());
        self.steps.push(Step::Call(at, args.to_vec()));
        Ok(())
    }

    /// Tells an exported global's value next; whether there is one.
    pub fn read(&mut self, instance: usize, name: &str) -> bool {
        let Some(Extern::Global(global)) = self.world.instances[instance].export(name) else { return false };
        self.types.push(vec![global.ty]);
        self.steps.push(Step::Read(global.clone()));
        true
    }

    /// Compiles, proves and freezes everything.
    ///
    /// # Errors
    /// Code that is refused; what an image cannot hold.
    pub fn image(&self, makers: &mut Makers, form: Form) -> Result<Image, ImageError> {
        if makers.config.tier == Tier::Interp {
            return Err(ImageError::Interpreted);
        }
        if makers.config.stress.osr == crate::engine::StressOsr::Random {
            return Err(ImageError::Random);
        }
        let frozen = freeze::Frozen::new(&self.world);
        let pieces = pieces::Pieces::make(makers, self, &frozen)?;
        let spec = Arc::clone(&makers.spec);
        let convention = makers.builder.convention()?;
        let platform = spec.platform(&convention.machine.name)?;
        let text = pieces.place(convention, platform, &frozen)?;
        let (data, traps) = frozen.finish(self, makers, platform, &text, form)?;
        let listed = text.pieces();
        let code = elf::Code { pieces: &listed, frames: &text.frames(), text: &text.bytes };
        let bytes = elf::executable(platform, code, &data)?;
        let object = elf::relocatable(platform, code)?;
        let (machine, emulator) = (platform.machine.clone(), platform.emulator.clone());
        let (transitions, types) = (text.transitions(), self.types.clone());
        let pieces = text.into_ready();
        Ok(Image { bytes, object, pieces, transitions, machine, emulator, traps, types })
    }
}

/// What makes code; remembers proofs from one image to the next.
pub struct Makers {
    spec: Arc<Spec>,
    config: Config,
    builder: Builder,
    code: Code,
}

impl Makers {
    /// Makers for a specification and a convention.
    pub fn new(spec: Arc<Spec>, config: Config) -> Makers {
        let builder = |spec| Builder::new(spec, config.abi.as_deref());
        let (own, code) = (builder(Arc::clone(&spec)), Code::new(builder(Arc::clone(&spec)), config.proofs));
        Makers { spec, builder: own, code, config }
    }

    /// The platform that images are made for.
    ///
    /// # Errors
    /// There is none for the convention's machine.
    pub fn platform(&self) -> Result<&Platform, SpecError> {
        self.spec.platform(&self.builder.convention()?.machine.name)
    }

    /// The judge.
    pub fn verifier(&mut self) -> &mut Verifier {
        self.code.verifier()
    }

    /// Counts and times.
    pub fn stats(&self) -> &crate::engine::stats::Stats {
        &self.code.stats
    }
}

/// A trap of code without a place in a module has none.
fn trap(code: TrapCode, place: Option<(String, u32)>) -> Trap {
    Trap { code, place, detail: None }
}
