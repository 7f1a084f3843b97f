//! The code of an image: what is needed, made and proven, and where it lies.
//!
//! ```text
//! TEXT   start (trusted) │ restorer (trusted, where the platform wants one) │ proven pieces, each at a multiple of 32
//! ```

use super::freeze::{DATA, Frozen, RUNTIME_INSTANCE};
use super::transitions::Transition;
use super::{ImageError, Makers, Piece, Program, Step};
use crate::engine::Tier;
use crate::engine::code::Ready;
use crate::engine::error::EngineError;
use crate::engine::stats::Kind;
use crate::engine::store::{Extern, FuncAddr, FunctionKind};
use crate::unwinding::Fragment;
use framewright_compiler::ir::Type;
use framewright_compiler::stubs::image as stubs;
use framewright_compiler::tier0::{self, Tier0Options};
use framewright_compiler::wasm::module::FuncType;
use framewright_compiler::{CompileError, Compiled};
use framewright_spec::{Convention, Platform, RegSet};
use framewright_verifier::Proven;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// Address of the text.
pub(super) const TEXT: u64 = 0x40_0000;
/// Pieces begin at multiples of this; what aligned constants in them need and more.
const ALIGN: usize = 32;

/// What the runtime imports that is no WebAssembly.
pub(super) const HOST_FUNCTIONS: [&str; 2] = ["system_call", "poke"];

/// What a piece is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A function's first code.
    First(FuncAddr),
    /// Its code once it was called often.
    Optimized(FuncAddr),
    /// The rest of an activation from a patchpoint on.
    Osr(FuncAddr, u32),
    /// Calls functions of a type of the world.
    Entry(u32),
    /// Calls a function of the runtime.
    Door(Door),
}

/// Who enters the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Door {
    Patchpoint,
    MemoryGrow,
    TierUp,
    Handler,
}

impl Door {
    const ALL: [Door; 4] = [Door::Patchpoint, Door::MemoryGrow, Door::TierUp, Door::Handler];

    /// The function of the runtime behind it.
    fn function(self) -> &'static str {
        match self {
            Door::Patchpoint => "patchpoint",
            Door::MemoryGrow => "memory_grow",
            Door::TierUp => "tier_up",
            Door::Handler => "handler",
        }
    }

    /// Its own type: as code calls it (see `compiler/src/context.rs`), as the kernel calls a handler.
    fn ty(self) -> FuncType {
        let (params, results) = match self {
            Door::Patchpoint => (vec![Type::I64; 3], vec![Type::I64]),
            Door::MemoryGrow => (vec![Type::I32], vec![Type::I32]),
            Door::TierUp => (vec![Type::I32], vec![]),
            Door::Handler => (vec![Type::I64; 2], vec![]),
        };
        FuncType { params, results }
    }
}

/// Proven pieces by what they are for.
pub(super) struct Pieces {
    list: BTreeMap<Role, Ready>,
}

impl Pieces {
    /// Makes all that a program needs.
    pub(super) fn make(
        makers: &mut Makers,
        program: &Program,
        frozen: &Frozen,
    ) -> Result<Pieces, ImageError> {
        let mut pieces = Pieces { list: BTreeMap::new() };
        let main = runtime_function(program, "main")?;
        let mut roots = vec![main];
        for door in Door::ALL {
            pieces.door(makers, program, frozen, door)?;
            roots.push(runtime_function(program, door.function())?);
        }
        for step in &program.steps {
            let Step::Call(at, _) = step else { continue };
            let ty = program.world.function(*at).ty;
            let built = makers.builder.entry_stub(&program.world.types[ty as usize])?;
            pieces.prove(makers, Role::Entry(ty), Kind::EntryStub, built, None)?;
            roots.push(*at);
        }
        for at in program.world.reachable(&roots, &mut HashMap::new())? {
            pieces.function(makers, program, at)?;
        }
        Ok(pieces)
    }

    fn prove(
        &mut self,
        makers: &mut Makers,
        role: Role,
        kind: Kind,
        built: (Compiled, Duration),
        source: Option<&Proven>,
    ) -> Result<(), EngineError> {
        if let Entry::Vacant(place) = self.list.entry(role) {
            place.insert(makers.code.prove(kind, None, built, source)?);
        }
        Ok(())
    }

    fn door(
        &mut self,
        makers: &mut Makers,
        program: &Program,
        frozen: &Frozen,
        door: Door,
    ) -> Result<(), ImageError> {
        let inner = makers.builder.convention()?;
        let platform = inner.spec.platform(&inner.machine.name)?;
        let outer = if door == Door::Handler { inner.spec.convention(&platform.abi)? } else { inner };
        let callee = frozen.callee(&program.world, runtime_function(program, door.function())?);
        let mut compiled = stubs::door(outer, inner, &door.ty(), callee)?;
        compiled.name = format!("door {}", door.function());
        Ok(self.prove(makers, Role::Door(door), Kind::HostStub, (compiled, Duration::ZERO), None)?)
    }

    /// All code of a function.
    fn function(&mut self, makers: &mut Makers, program: &Program, at: FuncAddr) -> Result<(), ImageError> {
        let (instance, index) = match program.world.function(at).kind {
            FunctionKind::Host(host) => return self.host(makers, at, host),
            FunctionKind::Wasm { instance, index } => (instance, index),
        };
        let module = &program.world.instances[instance].module;
        let first = Role::First(at);
        if instance == RUNTIME_INSTANCE {
            let options =
                Tier0Options { extra_saves: RegSet::EMPTY, patchpoints: false, call_counter: false };
            let compiled = tier0::compile(makers.builder.convention()?, module, index, &options)?;
            return Ok(self.prove(makers, first, Kind::Tier0, (compiled, Duration::ZERO), None)?);
        }
        let config = makers.config.clone();
        if config.tier != Tier::Opt {
            let built = makers.builder.tier0(module, index, &config)?;
            self.prove(makers, first, Kind::Tier0, built, None)?;
        }
        if config.tier != Tier::Tier0 {
            let role = if config.tier == Tier::Opt { first } else { Role::Optimized(at) };
            if config.tier == Tier::Opt || config.call_counter() != u32::MAX {
                let built = makers.builder.optimized(module, index, &config, &mut makers.code.stats)?;
                self.prove(makers, role, Kind::Optimized, built, None)?;
            }
        }
        if config.tier != Tier::Auto {
            return Ok(());
        }
        let source = self.list[&first].proven.clone();
        for patchpoint in source.claim().patchpoints.iter().map(|p| p.id) {
            let chosen = config.osr_at.as_ref().is_none_or(|(name, number)| {
                let named = module.function_name(index) == *name || index.to_string() == *name;
                named && patchpoint == *number
            });
            if chosen {
                let (claim, stats) = (source.claim(), &mut makers.code.stats);
                let built = makers.builder.osr(module, index, claim, patchpoint, &config, stats)?;
                self.prove(makers, Role::Osr(at, patchpoint), Kind::Osr, built, Some(&source))?;
            }
        }
        Ok(())
    }

    fn host(&mut self, makers: &mut Makers, at: FuncAddr, host: usize) -> Result<(), ImageError> {
        let convention = makers.builder.convention()?;
        let platform = convention.spec.platform(&convention.machine.name)?;
        let compiled = match HOST_FUNCTIONS.get(host) {
            Some(&"system_call") => stubs::system_call(convention, platform)?,
            Some(&"poke") => stubs::poke(convention)?,
            _ => return Err(EngineError::Internal("a host function that images lack".to_owned()).into()),
        };
        Ok(self.prove(makers, Role::First(at), Kind::HostStub, (compiled, Duration::ZERO), None)?)
    }

    /// Gives each piece its place.
    ///
    /// # Errors
    /// There is not enough room.
    pub(super) fn place(
        self,
        convention: Convention<'_>,
        platform: &Platform,
        frozen: &Frozen,
    ) -> Result<Text, ImageError> {
        let mut bytes = stubs::start(convention, frozen.main, frozen.entry_sp)?;
        let start_frame = stubs::start_frame(convention, &bytes)?;
        let mut plain = vec![("start".to_owned(), TEXT, bytes.clone())];
        let (mut restorer, mut restorer_frame) = (0, Vec::new());
        if let Some(number) = platform.restorer {
            let code = stubs::restorer(convention, platform, number)?;
            restorer_frame = stubs::restorer_frame(convention, platform, &code)?;
            // The byte before it is its own, as unwinders see it.
            let ahead = stubs::RESTORER_AHEAD as usize;
            bytes.resize((bytes.len() + ahead).next_multiple_of(ALIGN), 0);
            restorer = TEXT + bytes.len() as u64;
            bytes.extend(&code);
            plain.push(("restorer".to_owned(), restorer, code));
        }
        let mut placed = BTreeMap::new();
        for (role, ready) in self.list {
            bytes.resize(bytes.len().next_multiple_of(ALIGN), 0);
            placed.insert(role, (TEXT + bytes.len() as u64, ready.clone()));
            bytes.extend(ready.proven.bytes());
        }
        let limit = DATA - TEXT;
        if bytes.len() as u64 > limit {
            return Err(ImageError::Large { what: "text", bytes: bytes.len() as u64, limit });
        }
        Ok(Text { bytes, restorer, plain, placed, start_frame, restorer_frame })
    }
}

/// An exported function of the runtime.
pub(super) fn runtime_function(program: &Program, name: &str) -> Result<FuncAddr, CompileError> {
    match program.world.instances[RUNTIME_INSTANCE].export(name) {
        Some(Extern::Function(at)) => Ok(*at),
        _ => Err(CompileError::Internal {
            phase: "image",
            function: name.to_owned(),
            message: "the runtime has no such function".to_owned(),
        }),
    }
}

/// Code at its place.
pub(super) struct Text {
    /// All of it, from [`TEXT`] on.
    pub(super) bytes: Vec<u8>,
    /// What handlers return to, or 0.
    pub(super) restorer: u64,
    plain: Vec<(String, u64, Vec<u8>)>,
    placed: BTreeMap<Role, (u64, Ready)>,
    /// Unwinding data of the first piece.
    start_frame: Vec<u8>,
    /// That of the second, if there is one.
    restorer_frame: Vec<u8>,
}

impl Text {
    /// Address of a piece, or 0.
    pub(super) fn address(&self, role: Role) -> u64 {
        self.placed.get(&role).map_or(0, |(address, _)| *address)
    }

    /// Proven pieces in order, with their addresses.
    pub(super) fn placed(&self) -> impl Iterator<Item = (Role, u64, &Ready)> {
        self.placed.iter().map(|(&role, (address, ready))| (role, *address, ready))
    }

    /// All pieces, named.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let piece = |name: &str, address, bytes: &[u8]| {
            let (name, bytes) = (name.to_owned(), bytes.to_vec());
            Piece { name, address, bytes }
        };
        let plain = self.plain.iter().map(|(name, address, bytes)| piece(name, *address, bytes));
        let placed = self.placed.iter().map(|(role, (address, ready))| {
            let tier = if matches!(role, Role::Optimized(_)) { " optimized" } else { "" };
            piece(&format!("{}{tier}", ready.name), *address, ready.proven.bytes())
        });
        let mut pieces: Vec<Piece> = plain.chain(placed).collect();
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for piece in &mut pieces {
            let count = seen.entry(piece.name.clone()).or_default();
            *count += 1;
            if *count > 1 {
                piece.name = format!("{}#{count}", piece.name);
            }
        }
        pieces
    }

    /// Unwinding data of the pieces, in their order, where there is any.
    pub(super) fn frames(&self) -> Vec<Option<Fragment<'_>>> {
        let ahead = stubs::RESTORER_AHEAD.into();
        let restorer = Fragment::read(&self.restorer_frame).map(|fragment| fragment.ahead(ahead));
        let plain = [Fragment::read(&self.start_frame), restorer].into_iter().take(self.plain.len());
        plain.chain(self.placed.values().map(|(_, ready)| Fragment::of(ready.proven.claim()))).collect()
    }

    /// OSR methods, each with the code it is entered from.
    pub(super) fn transitions(&self) -> Vec<Transition> {
        let transition = |(role, (_, target)): (&Role, &(u64, Ready))| {
            let &Role::Osr(at, patchpoint) = role else { return None };
            let (_, source) = self.placed.get(&Role::First(at))?;
            Some(Transition { patchpoint, source: source.clone(), target: target.clone() })
        };
        self.placed.iter().filter_map(transition).collect()
    }

    /// Proven pieces with their addresses.
    pub(super) fn into_ready(self) -> Vec<(u64, Ready)> {
        self.placed.into_values().collect()
    }
}
