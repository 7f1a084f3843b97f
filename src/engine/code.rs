//! From a function to installed code: compile, prove, install, and remember.
//!
//! ```text
//! Builder ──Compiled──> Verifier ──Proven──> CodeSpace ──address──> code cell
//!                          │ Refuted, Undecided, Unsupported
//!                          └──> Refusal: nothing runs
//! ```
//!
//! A function is compiled when it becomes reachable: before a function is called from outside, it and everything
//! that it can call has code. So no stub is needed that compiles at a first call, and a refusal comes before the
//! first instruction.

use super::build::Builder;
use super::config::{Config, Proofs, Tier};
use super::error::{EngineError, Reason, Refusal};
use super::stats::{Kind, Stats};
use super::store::{FuncAddr, FunctionKind, World};
use super::watchers::Watchers;
use crate::stay::{EntryStub, Piece};
use framewright_compiler::calls::{CallLayout, Place};
use framewright_compiler::wasm::callees::Callees;
use framewright_compiler::wasm::module::FuncType;
use framewright_compiler::{Compiled, TrapSite};
use framewright_spec::Claim;
use framewright_verifier::{Proven, Verdict, Verifier};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A piece of code that was proven and is to be installed.
#[derive(Clone, Debug)]
pub struct Ready {
    /// For people.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// The function it belongs to.
    pub function: Option<FuncAddr>,
    /// The code.
    pub proven: Proven,
    /// Its trap sites.
    pub traps: Vec<TrapSite>,
    /// Time to compile it.
    pub compile: Duration,
    /// Time to prove it.
    pub proof: Duration,
}

impl Ready {
    /// The piece as the compiler made it.
    pub fn compiled(&self) -> Compiled {
        let (name, traps) = (self.name.clone(), self.traps.clone());
        Compiled { name, bytes: self.proven.bytes().to_vec(), claim: self.proven.claim().clone(), traps }
    }
}

/// What is known of an installed piece, for traps and people.
#[derive(Clone, Debug)]
pub struct Installed {
    /// For people.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// The function it belongs to.
    pub function: Option<FuncAddr>,
    /// Where it is.
    pub address: u64,
    /// How long it is.
    pub bytes: u64,
}

/// An OSR method that was just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Address of its entry.
    pub entry: u64,
    /// Its claim.
    pub claim: Claim,
    /// The claim of the code it is entered from.
    pub source: Claim,
    /// Time to compile it.
    pub compile: Duration,
    /// Time to prove it.
    pub proof: Duration,
}

/// Makes and keeps the code of a store. Stays on one thread.
pub struct Code {
    builder: Builder,
    verifier: Verifier,
    proofs: Proofs,
    /// Proofs of code entered by a call, by its bytes: the same stub is wanted for every module.
    remembered: HashMap<Vec<u8>, Vec<Proven>>,
    entries: HashMap<u32, EntryStub>,
    tier0: HashMap<FuncAddr, Proven>,
    ready: HashSet<FuncAddr>,
    /// What bodies call, read once: a body never changes, what can be reached through tables does.
    callees: HashMap<FuncAddr, Callees>,
    installed: Vec<Installed>,
    /// Are told of what is installed.
    pub watchers: Watchers,
    /// Counts and times.
    pub stats: Stats,
}

impl Code {
    /// No code yet, of which that will be proven.
    pub fn new(builder: Builder, proofs: Proofs) -> Code {
        Code {
            verifier: Verifier::new(builder.spec()),
            proofs,
            builder,
            remembered: HashMap::new(),
            entries: HashMap::new(),
            tier0: HashMap::new(),
            ready: HashSet::new(),
            callees: HashMap::new(),
            installed: Vec::new(),
            watchers: Watchers::default(),
            stats: Stats::default(),
        }
    }

    /// What a trap's tag stands for.
    pub fn installed(&self, tag: u32) -> Option<&Installed> {
        self.installed.get(tag as usize)
    }

    /// Name of the piece of code that an address is in, and how far in.
    pub fn locate(&self, pc: u64) -> Option<(&str, u64)> {
        let piece = self.installed.iter().find(|p| (p.address..p.address + p.bytes).contains(&pc))?;
        Some((&piece.name, pc - piece.address))
    }

    /// The judge.
    pub fn verifier(&mut self) -> &mut Verifier {
        &mut self.verifier
    }

    /// Proves a piece of code.
    ///
    /// # Errors
    /// It is refused.
    pub fn prove(
        &mut self,
        kind: Kind,
        function: Option<FuncAddr>,
        (compiled, compile): (Compiled, Duration),
        source: Option<&Proven>,
    ) -> Result<Ready, EngineError> {
        let Compiled { name, bytes, claim, traps } = compiled;
        let stats = self.stats.kinds.entry(kind).or_default();
        stats.count += 1;
        stats.bytes += bytes.len() as u64;
        stats.compile += compile;
        let ready =
            |proven, proof| Ready { name: name.clone(), kind, function, proven, traps, compile, proof };
        let known = self.remembered.get(&bytes).into_iter().flatten().find(|p| *p.claim() == claim);
        if let (None, Some(known)) = (source, known) {
            stats.remembered += 1;
            return Ok(ready(known.clone(), Duration::ZERO));
        }
        let start = Instant::now();
        let verdict = self.judge(&name, &bytes, claim, source);
        let proof = start.elapsed();
        let stats = self.stats.kinds.entry(kind).or_default();
        stats.proof += proof;
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(reason) => return Err(EngineError::Refused(Box::new(Refusal { name, bytes, reason }))),
        };
        let reason = match verdict {
            Verdict::Proven(proven) => {
                stats.solver += Duration::from_nanos(proven.certificate().solver_nanos);
                if source.is_none() {
                    self.remembered.entry(bytes).or_default().push(proven.clone());
                }
                return Ok(ready(proven, proof));
            }
            Verdict::Refuted(counterexample) => Reason::Refuted(counterexample),
            Verdict::Undecided(why) => Reason::Undecided(why),
            Verdict::Unsupported(what) => Reason::Unsupported(what),
        };
        Err(EngineError::Refused(Box::new(Refusal { name, bytes, reason })))
    }

    /// Proves a piece from its bytes, or compares it with its frame as that is proven for all sizes.
    fn judge(
        &mut self,
        name: &str,
        bytes: &[u8],
        claim: Claim,
        source: Option<&Proven>,
    ) -> Result<Verdict, Reason> {
        if self.proofs != Proofs::Each {
            let start = Instant::now();
            let admitted = self.verifier.admit(name, bytes, &claim, source).map_err(Reason::Differs)?;
            let compared = &mut self.stats.compared;
            compared.time += start.elapsed();
            match admitted {
                Some(proven) => {
                    compared.members += 1;
                    if !self.proofs.chooses(bytes) {
                        return Ok(Verdict::Proven(proven));
                    }
                    compared.proven += 1;
                }
                None => compared.others += 1,
            }
        }
        Ok(self.verifier.verify(name, bytes.to_vec(), claim, source))
    }

    /// Installs pieces; the address of each.
    fn install(&mut self, world: &World, pieces: &[Ready]) -> Result<Vec<u64>, EngineError> {
        let first = self.installed.len() as u32;
        let list: Vec<_> = (first..)
            .zip(pieces)
            .map(|(tag, ready)| Piece { code: &ready.proven, traps: &ready.traps, tag })
            .collect();
        let addresses = world.space.install(&list)?;
        self.installed.extend(pieces.iter().zip(&addresses).map(|(ready, &address)| Installed {
            name: ready.name.clone(),
            kind: ready.kind,
            function: ready.function,
            address,
            bytes: ready.proven.bytes().len() as u64,
        }));
        self.watchers.tell(self.builder.platform(), pieces, &addresses)?;
        Ok(addresses)
    }

    /// The stub through which functions of a type are called from outside.
    ///
    /// # Errors
    /// It could not be made, or is refused.
    pub fn entry(&mut self, world: &World, ty: u32) -> Result<EntryStub, EngineError> {
        if let Some(&stub) = self.entries.get(&ty) {
            return Ok(stub);
        }
        let compiled = self.builder.entry_stub(&world.types[ty as usize])?;
        let ready = self.prove(Kind::EntryStub, None, compiled, None)?;
        let landing = ready.proven.claim().landings.first().copied();
        let landing =
            landing.ok_or_else(|| EngineError::Internal("an entry stub has no landing".to_owned()))?;
        let address = self.install(world, &[ready])?[0];
        let stub = EntryStub { address, landing: address + u64::from(landing.0) };
        self.entries.insert(ty, stub);
        Ok(stub)
    }

    /// Where the results of a function of a type are after a call.
    ///
    /// # Errors
    /// The specification lacks the convention.
    pub fn result_places(&self, ty: &FuncType) -> Result<Vec<Place>, EngineError> {
        Ok(CallLayout::new(self.builder.convention()?.abi, ty).results)
    }

    /// Gives code to a function and to all that it can call.
    ///
    /// # Errors
    /// Something could not be compiled, or is refused; then nothing is installed.
    pub fn prepare(&mut self, world: &World, config: &Config, root: FuncAddr) -> Result<(), EngineError> {
        let wanted = self.reachable(world, root)?;
        let mut pieces = Vec::new();
        for &at in &wanted {
            pieces.push(self.first_code(world, config, at)?);
        }
        let addresses = self.install(world, &pieces)?;
        for ((at, address), ready) in wanted.iter().zip(addresses).zip(pieces) {
            world.function(*at).code.set(address);
            self.ready.insert(*at);
            if ready.kind == Kind::Tier0 {
                self.tier0.insert(*at, ready.proven);
            }
        }
        Ok(())
    }

    /// Functions without code that `root` can come to, itself among them.
    fn reachable(&mut self, world: &World, root: FuncAddr) -> Result<Vec<FuncAddr>, EngineError> {
        let mut wanted = world.reachable(&[root], &mut self.callees)?;
        wanted.retain(|at| !self.ready.contains(at));
        Ok(wanted)
    }

    /// The code that a function starts with.
    fn first_code(&mut self, world: &World, config: &Config, at: FuncAddr) -> Result<Ready, EngineError> {
        let (instance, index) = match world.function(at).kind {
            FunctionKind::Wasm { instance, index } => (instance, index),
            FunctionKind::Host(_) => {
                let compiled = self.builder.host_stub(world.function_type(at))?;
                return self.prove(Kind::HostStub, Some(at), compiled, None);
            }
        };
        let own = &world.instances[instance];
        if config.tier == Tier::Opt {
            return self.optimized_code(world, config, at);
        }
        let compiled = self.builder.tier0(&own.module, index, config)?;
        let patchpoints = compiled.0.claim.patchpoints.len();
        let ready = self.prove(Kind::Tier0, Some(at), compiled, None)?;
        let entries = (0..patchpoints).map(|_| AtomicU64::new(0)).collect();
        // Set before only if an earlier attempt to prepare was refused; then it is as long.
        let _ = own.osr_entries[(index - own.module.imported_functions) as usize].set(entries);
        Ok(ready)
    }

    fn optimized_code(&mut self, world: &World, config: &Config, at: FuncAddr) -> Result<Ready, EngineError> {
        let FunctionKind::Wasm { instance, index } = world.function(at).kind else {
            return Err(EngineError::Internal("a host function has no body".to_owned()));
        };
        let module = &world.instances[instance].module;
        let compiled = self.builder.optimized(module, index, config, &mut self.stats)?;
        self.prove(Kind::Optimized, Some(at), compiled, None)
    }

    /// Gives a function optimized code for its next calls.
    ///
    /// # Errors
    /// It could not be compiled, or is refused.
    pub fn tier_up(&mut self, world: &World, config: &Config, at: FuncAddr) -> Result<(), EngineError> {
        let ready = self.optimized_code(world, config, at)?;
        let address = self.install(world, &[ready])?[0];
        world.function(at).code.set(address);
        Ok(())
    }

    /// Makes the OSR method for a patchpoint of a function's tier-0 code.
    ///
    /// # Errors
    /// It could not be compiled, or is refused.
    pub fn osr(
        &mut self,
        world: &World,
        config: &Config,
        at: FuncAddr,
        patchpoint: u32,
    ) -> Result<Made, EngineError> {
        let missing = || EngineError::Internal("a patchpoint fired in code that is not known".to_owned());
        let FunctionKind::Wasm { instance, index } = world.function(at).kind else { return Err(missing()) };
        let own = &world.instances[instance];
        let slot = own.osr(index).and_then(|entries| entries.get(patchpoint as usize)).ok_or_else(missing)?;
        let source = self.tier0.get(&at).ok_or_else(missing)?.clone();
        let compiled =
            self.builder.osr(&own.module, index, source.claim(), patchpoint, config, &mut self.stats)?;
        let ready = self.prove(Kind::Osr, Some(at), compiled, Some(&source))?;
        let (compile, proof, claim) = (ready.compile, ready.proof, ready.proven.claim().clone());
        let entry = self.install(world, &[ready])?[0];
        slot.store(entry, Ordering::Relaxed);
        Ok(Made { entry, claim, source: source.claim().clone(), compile, proof })
    }
}
