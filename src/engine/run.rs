//! Running native code: the program on a thread of its own with a large stack, its requests served here.
//!
//! ```text
//! program thread                               this thread
//!   patchpoint: entry known? ── yes ─> go
//!        └── no: Request::Osr ───────────────> compile, prove, install
//!            wait <────────────────────────── entry, or none: refused
//! ```
//!
//! While the program waits, this thread alone touches the store; while it runs, this thread only waits. The common
//! case, an OSR method that exists, takes no lock and no message.

use super::code::Code;
use super::config::{Config, StressOsr, scramble};
use super::error::{EngineError, Trap};
use super::store::{FuncAddr, FunctionKind, World};
use super::trace::{Observer, Transition};
use crate::native;
use crate::stay::{Callbacks, Outcome};
use framewright_compiler::TrapCode;
use framewright_compiler::calls::Place;
use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What a program asks of the thread that compiles.
enum Request {
    /// The entry of an OSR method.
    Osr { at: FuncAddr, patchpoint: u32, passes: u64 },
    /// Optimized code for the next calls.
    TierUp { at: FuncAddr },
}

/// Calls a function natively. Its code and that of its callees is made first where there is none.
///
/// # Errors
/// A trap, a refusal, a host that cannot run it.
pub fn invoke(
    world: &World,
    code: &mut Code,
    config: &Config,
    observer: &mut Observer,
    (at, args): (FuncAddr, &[u64]),
) -> Result<Vec<u64>, EngineError> {
    native::check_host()?;
    code.prepare(world, config, at)?;
    let function = world.function(at);
    let stub = code.entry(world, function.ty)?;
    let mut values = args.to_vec();
    values.resize(world.arity_words(at).max(1), 0);
    let (requests, inbox) = channel();
    let (replies, answers) = channel();
    let mut refused = None;
    let program = move |stack_limit| {
        world.set_stack_limit(stack_limit);
        let program = Program::new(world, config, requests, answers);
        let (context, start) = (function.context.address(0), function.code.get());
        let outcome =
            native::enter(&world.space, &world.convention, stub, context, start, &mut values, &program);
        (outcome, values, program.transitions.get(), program.detail.into_inner())
    };
    let serve = || {
        for request in inbox {
            let reply = answer(world, code, config, observer, request).map_err(|error| refused = Some(error));
            if replies.send(reply.ok()).is_err() {
                break;
            }
        }
    };
    let (outcome, values, transitions, detail) = native::on_program_stack(program, serve)?;
    code.stats.transitions += transitions;
    match outcome? {
        Outcome::Returned => {
            let places = code.result_places(world.function_type(at))?;
            let word = |(place, &value): (Place, &u64)| match place {
                Place::Buffer(offset) => world.results.get(offset),
                Place::Register(_) | Place::Stack(_) => value,
            };
            Ok(places.into_iter().zip(&values).map(word).collect())
        }
        Outcome::Trapped { code: trap, wasm_offset, tag } => {
            let function = code.installed(tag).and_then(|piece| piece.function);
            // A stub's trap has no place in a module.
            let place = function.filter(|_| trap != TrapCode::Host);
            let place = place.map(|at| (world.function_name(at), wasm_offset));
            Err(EngineError::Trap(Trap { code: trap, place, detail }))
        }
        Outcome::Faulted { signal, pc } => {
            let place =
                code.locate(pc).map_or_else(|| format!("{pc:#x}"), |(name, at)| format!("{name}+{at:#x}"));
            Err(EngineError::Internal(format!("signal {signal} at {place}, which is no trap site")))
        }
        Outcome::Left => {
            Err(refused.unwrap_or_else(|| EngineError::Internal("left without a reason".into())))
        }
        Outcome::Panicked(message) => Err(EngineError::Internal(format!("panic in a callback: {message}"))),
    }
}

/// Serves a request: an entry, or 0 where none is asked for.
fn answer(
    world: &World,
    code: &mut Code,
    config: &Config,
    observer: &mut Observer,
    request: Request,
) -> Result<u64, EngineError> {
    match request {
        Request::TierUp { at } => {
            code.tier_up(world, config, at)?;
            observer.tiered_up(&world.function_name(at));
            Ok(0)
        }
        Request::Osr { at, patchpoint, passes } => {
            let FunctionKind::Wasm { instance, index } = world.function(at).kind else { return Ok(0) };
            let entries = world.instances[instance].osr(index);
            let known =
                entries.and_then(|e| e.get(patchpoint as usize)).map_or(0, |e| e.load(Ordering::Relaxed));
            let made = if known == 0 { Some(code.osr(world, config, at, patchpoint)?) } else { None };
            let entry = made.as_ref().map_or(known, |made| made.entry);
            let function = world.function_name(at);
            observer.transition(&Transition { function, patchpoint, passes, made: made.as_ref() });
            Ok(entry)
        }
    }
}

/// The program's side of the callbacks.
struct Program<'a> {
    world: &'a World,
    config: &'a Config,
    requests: Sender<Request>,
    answers: Receiver<Option<u64>>,
    transitions: Cell<u64>,
    arrivals: Cell<u64>,
    detail: RefCell<Option<String>>,
}

impl<'a> Program<'a> {
    fn new(
        world: &'a World,
        config: &'a Config,
        requests: Sender<Request>,
        answers: Receiver<Option<u64>>,
    ) -> Program<'a> {
        let (transitions, arrivals, detail) = Default::default();
        Program { world, config, requests, answers, transitions, arrivals, detail }
    }

    fn ask(&self, request: Request) -> Option<u64> {
        self.requests.send(request).ok()?;
        self.answers.recv().ok()?
    }

    /// Whether a patchpoint that was reached fires.
    fn fires(&self, instance: usize, function: u32, patchpoint: u32) -> bool {
        if let Some((name, number)) = &self.config.osr_at {
            let module = &self.world.instances[instance].module;
            let named = module.function_name(function) == *name || function.to_string() == *name;
            return named && patchpoint == *number;
        }
        if self.config.stress.osr == StressOsr::Random {
            self.arrivals.set(self.arrivals.get() + 1);
            let place = [u64::from(function), u64::from(patchpoint)];
            return scramble(&[self.config.stress.seed, self.arrivals.get(), place[0], place[1]]) & 1 == 0;
        }
        self.config.osr_counter() != u32::MAX
    }
}

impl Callbacks for Program<'_> {
    fn patchpoint(&self, instance: u64, key: u64, resume: u64) -> Option<(u64, u32)> {
        let (instance, function, patchpoint) = (instance as usize, (key >> 32) as u32, key as u32);
        let counter = self.config.osr_counter();
        if !self.fires(instance, function, patchpoint) {
            return Some((resume, counter));
        }
        let own = &self.world.instances[instance];
        let known =
            own.osr(function).and_then(|e| e.get(patchpoint as usize)).map(|e| e.load(Ordering::Relaxed));
        self.transitions.set(self.transitions.get() + 1);
        let entry = match known {
            Some(entry) if entry != 0 && !self.config.trace => entry,
            _ => {
                let at = *own.functions.get(function as usize)?;
                self.ask(Request::Osr { at, patchpoint, passes: u64::from(counter) })?
            }
        };
        Some((entry, counter))
    }

    fn memory_grow(&self, instance: u64, pages: u32) -> u32 {
        let memory = self.world.instances[instance as usize].memory.as_ref();
        memory.and_then(|memory| memory.grow(pages)).unwrap_or(u32::MAX)
    }

    fn tier_up(&self, instance: u64, function: u32) -> Option<()> {
        let own = &self.world.instances[instance as usize];
        own.context.set_u32(own.layout.call_counter(function), u32::MAX);
        if self.config.call_counter() != u32::MAX {
            self.ask(Request::TierUp { at: *own.functions.get(function as usize)? })?;
        }
        Some(())
    }

    fn host_arity(&self, host: u64) -> usize {
        let ty = self.world.hosts.get(host as usize).map(|h| &self.world.types[h.ty as usize]);
        ty.map_or(0, |ty| ty.params.len().max(ty.results.len()))
    }

    fn host_call(&self, host: u64, values: &mut [u64]) -> bool {
        let Some(function) = self.world.hosts.get(host as usize) else { return false };
        let params = self.world.types[function.ty as usize].params.len();
        match (function.call)(&values[..params]) {
            Ok(results) => {
                values.iter_mut().zip(results).for_each(|(slot, bits)| *slot = bits);
                true
            }
            Err(words) => {
                *self.detail.borrow_mut() = Some(words);
                false
            }
        }
    }
}
