//! The engine: stores of instances, and how their functions run.
//!
//! ```text
//! Store ─┬─ World     instances, memories, tables, functions, installed code: what programs reach
//!        ├─ Code      compiles, proves, installs: the only way from bytes to something that runs
//!        └─ Observer  is told of transitions
//! ```

pub mod build;
pub mod code;
pub mod config;
pub mod dump;
pub mod error;
pub mod export;
pub mod instance;
pub mod interp;
pub mod link;
pub mod memory;
pub mod reach;
pub mod run;
pub mod spectest;
pub mod stats;
pub mod store;
pub mod table;
pub mod trace;
pub mod watchers;
pub mod words;

pub use config::{Config, Proofs, Saves, Stress, StressOsr, Tier};
pub use error::{EngineError, Reason, Refusal, Trap};
pub use store::{Extern, FuncAddr, World};

use crate::native;
use build::Builder;
use code::Code;
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use framewright_verifier::Verifier;
use instance::Counters;
use interp::IrCache;
use std::sync::Arc;
use trace::Observer;

/// Instances that can be linked with each other, and the code they run.
pub struct Store {
    config: Config,
    /// Goes before the world: it takes back what others were told of the world's code.
    code: Code,
    world: World,
    ir: IrCache,
    /// Is told of transitions.
    pub observer: Observer,
}

impl Store {
    /// An empty store whose code must satisfy `spec`.
    pub fn new(spec: Arc<Spec>, config: Config) -> Store {
        let (ir, observer) = Default::default();
        let builder = Builder::new(spec, config.abi.as_deref());
        let world = World { convention: builder.abi().to_owned(), ..World::default() };
        let code = Code::new(builder, config.proofs);
        Store { config, world, code, ir, observer }
    }

    /// Who is told of installed code.
    pub fn watchers(&mut self) -> &mut watchers::Watchers {
        &mut self.code.watchers
    }

    /// What programs reach.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What programs reach, for defining imports.
    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// Compiles, proves, counts.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// The judge.
    pub fn verifier(&mut self) -> &mut Verifier {
        self.code.verifier()
    }

    /// Makes an instance and runs its start function; its number.
    ///
    /// # Errors
    /// An import is missing or does not match, a segment does not fit, the start function does not return.
    pub fn instantiate(&mut self, module: Arc<Module>) -> Result<usize, EngineError> {
        let counters = Counters { osr: self.config.osr_counter(), calls: self.config.call_counter() };
        let start = module.start;
        let number = self.world.instantiate(module, counters)?;
        if let Some(start) = start {
            let at = self.world.instances[number].functions[start as usize];
            self.invoke(at, &[])?;
        }
        Ok(number)
    }

    /// An exported function.
    ///
    /// # Errors
    /// There is none of that name; the error names those there are.
    pub fn exported_function(&self, instance: usize, name: &str) -> Result<FuncAddr, EngineError> {
        self.world.exported_function(instance, name)
    }

    /// Calls a function: bits of the arguments to bits of the results.
    ///
    /// # Errors
    /// The number of arguments is wrong; a trap; code that is refused; a host that cannot run it.
    pub fn invoke(&mut self, at: FuncAddr, args: &[u64]) -> Result<Vec<u64>, EngineError> {
        self.world.check_arguments(at, args)?;
        if self.config.tier == Tier::Interp {
            let (world, ir) = (&self.world, &mut self.ir);
            let program = |limit| interp::Run::new(world, ir, limit).invoke(at, args);
            return native::on_program_stack(program, || ())?;
        }
        run::invoke(&self.world, &mut self.code, &self.config, &mut self.observer, (at, args))
    }
}
