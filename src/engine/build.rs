//! The compiler's passes in order, for each kind of code.
//!
//! ```text
//! tier-0:     bytes of the body ──────────────────────────> code
//! optimized:  bytes ── build ── optimize ── back end ─────> code
//! OSR:        bytes ── build_osr ── optimize ── back end ─> code    (with tier-0's claim: where the values are)
//! ```

use super::config::{Config, Saves, scramble};
use super::stats::Stats;
use framewright_compiler::backend::{self, NATIVE_FRAME, OSR_FRAME, TIER0_FRAME};
use framewright_compiler::tier0::{self, Tier0Options};
use framewright_compiler::wasm::Module;
use framewright_compiler::wasm::module::FuncType;
use framewright_compiler::{CompileError, Compiled, ir, opt, stubs};
use framewright_spec::{Claim, Convention, Platform, RegSet, Shape, Spec, SpecError};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A piece of code and the time it took to make.
pub type Built = Result<(Compiled, Duration), CompileError>;

/// Compiles under one convention of a specification.
pub struct Builder {
    spec: Arc<Spec>,
    abi: String,
}

impl Builder {
    /// A builder for a convention; without one, for the first that is declared for the machine this runs on.
    pub fn new(spec: Arc<Spec>, abi: Option<&str>) -> Builder {
        let host = || {
            let found = spec.convention_of_machine(std::env::consts::ARCH);
            found.map_or_else(|_| std::env::consts::ARCH.to_owned(), |c| c.abi.name.clone())
        };
        let abi = abi.map_or_else(host, str::to_owned);
        Builder { spec, abi }
    }

    /// Name of the convention.
    pub fn abi(&self) -> &str {
        &self.abi
    }

    /// What is compiled for.
    ///
    /// # Errors
    /// The specification lacks the convention.
    pub fn convention(&self) -> Result<Convention<'_>, SpecError> {
        self.spec.convention(&self.abi)
    }

    /// The specification.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The platform of the convention's machine, if there is one.
    pub fn platform(&self) -> Option<&Platform> {
        let convention = self.convention().ok()?;
        self.spec.platform(&convention.machine.name).ok()
    }

    /// The stub from the engine into functions of a type.
    ///
    /// # Errors
    /// As the compiler's.
    pub fn entry_stub(&self, ty: &FuncType) -> Built {
        timed(|| stubs::entry_stub(self.convention()?, ty))
    }

    /// The stub from code to host functions of a type.
    ///
    /// # Errors
    /// As the compiler's.
    pub fn host_stub(&self, ty: &FuncType) -> Built {
        timed(|| stubs::host_stub(self.convention()?, ty))
    }

    /// A function's tier-0 code.
    ///
    /// # Errors
    /// As the compiler's.
    pub fn tier0(&self, module: &Module, index: u32, config: &Config) -> Built {
        let extra_saves = self.extra_saves(config, TIER0_FRAME, None, [index, u32::MAX])?;
        let options = Tier0Options { extra_saves, patchpoints: true, call_counter: true };
        timed(|| tier0::compile(self.convention()?, module, index, &options))
    }

    /// A function's optimized code.
    ///
    /// # Errors
    /// As the compiler's.
    pub fn optimized(&self, module: &Module, index: u32, config: &Config, stats: &mut Stats) -> Built {
        let extra_saves = self.extra_saves(config, NATIVE_FRAME, None, [index, u32::MAX])?;
        let options = backend::Options { extra_saves, ..backend::Options::default() };
        timed(|| {
            let function = stats.time("build", || ir::build(module, index))?;
            self.finish(module, function, backend::Kind::Normal, options, stats)
        })
    }

    /// A function's OSR method for a patchpoint of its tier-0 code.
    ///
    /// # Errors
    /// As the compiler's.
    pub fn osr(
        &self,
        module: &Module,
        index: u32,
        source: &Claim,
        patchpoint: u32,
        config: &Config,
        stats: &mut Stats,
    ) -> Built {
        let extra_saves = self.extra_saves(config, OSR_FRAME, Some(&source.shape), [index, patchpoint])?;
        let options = backend::Options { extra_saves, ..backend::Options::default() };
        timed(|| {
            let function = stats.time("build", || ir::build_osr(module, index, patchpoint))?;
            self.finish(module, function, backend::Kind::Osr { source, patchpoint }, options, stats)
        })
    }

    fn finish(
        &self,
        module: &Module,
        mut function: ir::Function,
        kind: backend::Kind<'_>,
        options: backend::Options<'_>,
        stats: &mut Stats,
    ) -> Result<Compiled, CompileError> {
        stats.time("optimize", || opt::optimize(&mut function, &opt::Options::default()));
        let convention = self.convention()?;
        stats.time("back end", || backend::compile(convention, module, &function, kind, options))
    }

    /// Registers to save beside those that the code needs to.
    fn extra_saves(
        &self,
        config: &Config,
        frame: &str,
        source: Option<&Shape>,
        [function, patchpoint]: [u32; 2],
    ) -> Result<RegSet, CompileError> {
        let allowed = || self.convention()?.set_bound(frame, "saved", source);
        match config.stress.saves {
            Saves::Needed => Ok(RegSet::EMPTY),
            Saves::With(set) => Ok(set.intersection(allowed()?)),
            Saves::Random => {
                let words: Vec<u64> = frame.bytes().map(u64::from).collect();
                let key = [config.stress.seed, scramble(&words), function.into(), patchpoint.into()];
                let coins = scramble(&key);
                Ok(allowed()?.iter().filter(|reg| coins >> (reg.0 % 64) & 1 == 1).collect())
            }
        }
    }
}

fn timed(run: impl FnOnce() -> Result<Compiled, CompileError>) -> Built {
    let start = Instant::now();
    run().map(|compiled| (compiled, start.elapsed()))
}
