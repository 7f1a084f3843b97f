//! The compiler's passes in order, for each kind of code.

use super::config::Config;
use super::stats::Stats;
use framewright_compiler::wasm::Module;
use framewright_compiler::wasm::module::FuncType;
use framewright_compiler::{CompileError, Compiled};
use framewright_spec::{Claim, Spec};
use std::sync::Arc;
use std::time::Duration;

/// Compiles under one specification.
pub struct Builder {
    spec: Arc<Spec>,
}

type Built = Result<(Compiled, Duration), CompileError>;

impl Builder {
    /// A builder for a specification.
    pub fn new(spec: Arc<Spec>) -> Builder {
        Builder { spec }
    }

    fn absent(&self, phase: &'static str) -> Built {
        let _ = &self.spec;
        Err(CompileError::Internal { phase, function: String::new(), message: "absent".into() })
    }

    /// The stub from the engine into functions of a type.
    pub fn entry_stub(&self, _ty: &FuncType) -> Built {
        self.absent("entry")
    }

    /// The stub from code to host functions of a type.
    pub fn host_stub(&self, _ty: &FuncType) -> Built {
        self.absent("host")
    }

    /// A function's tier-0 code.
    pub fn tier0(&self, _module: &Module, _index: u32, _config: &Config) -> Built {
        self.absent("tier0")
    }

    /// A function's optimized code.
    pub fn optimized(&self, _module: &Module, _index: u32, _config: &Config, _stats: &mut Stats) -> Built {
        self.absent("opt")
    }

    /// A function's OSR method for a patchpoint of its tier-0 code.
    pub fn osr(
        &self,
        _module: &Module,
        _index: u32,
        _source: &Claim,
        _patchpoint: u32,
        _config: &Config,
        _stats: &mut Stats,
    ) -> Built {
        self.absent("osr")
    }
}
