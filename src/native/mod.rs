//! The one place that speaks to the machine below Rust: code memory, linear memory, calls into generated code,
//! calls back from it, and the signals that are its traps.
//!
//! ```text
//!            enter                             signal at a trap site
//!   Rust ------------> entry stub --> code  ------------------------.
//!    ^                   ^   |         |  callback                   |
//!    |                   |   v         v                            v
//!    '---- Outcome ------+-- landing <-+---- leave ---- SP := activation[0], pc := landing
//! ```
//!
//! Code memory is written, then made executable and never written again; it takes only [`framewright_verifier::Proven`] code. What is
//! trusted beside that: contexts hold what `compiler/src/context.rs` says, and one thread at a time uses a store.
//! Not here: what a trap means, when to compile, what a host function does.
#![allow(unsafe_code)]

mod watch;

pub use watch::{Announced, Mark, Registered, announce, now_and_thread};

use crate::stay::{CallbackAddresses, Callbacks, EntryStub, NativeError, Outcome, Piece};
use framewright_compiler::{TrapCode, context};
use std::cell::{Cell, UnsafeCell};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{null, null_mut};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// Bytes of the stack that programs run on.
const STACK_BYTES: usize = 64 << 20;
/// Bytes of it that are left for the host's own functions when a program has used up its part.
const STACK_SLACK_BYTES: usize = 1 << 20;
/// Bytes of the stack that signal handlers run on.
const SIGNAL_STACK_BYTES: usize = 64 << 10;
const SIGNALS: [i32; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

/// Pages from the operating system, given back when dropped.
#[derive(Debug)]
struct Pages {
    base: *mut u8,
    bytes: usize,
}

// SAFETY: a range of addresses; whoever reads or writes through it states why that is in order.
unsafe impl Send for Pages {}
// SAFETY: as above.
unsafe impl Sync for Pages {}

impl Pages {
    fn new(what: &'static str, bytes: usize, protection: i32) -> Result<Pages, NativeError> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a fresh mapping at an address of the system's choice touches no existing object.
        let base = unsafe { libc::mmap(null_mut(), bytes, protection, flags, -1, 0) };
        if base == libc::MAP_FAILED {
            return Err(NativeError::Memory { what, bytes, source: io::Error::last_os_error() });
        }
        Ok(Pages { base: base.cast(), bytes })
    }

    /// Changes what may be done with the first `bytes`.
    fn protect(&self, what: &'static str, bytes: usize, protection: i32) -> Result<(), NativeError> {
        assert!(bytes <= self.bytes);
        // SAFETY: the range is ours; no Rust reference into it exists while its protection changes.
        match unsafe { libc::mprotect(self.base.cast(), bytes, protection) } {
            0 => Ok(()),
            _ => Err(NativeError::Memory { what, bytes, source: io::Error::last_os_error() }),
        }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours and its owner is gone.
        unsafe { libc::munmap(self.base.cast(), self.bytes) };
    }
}

/// The right to borrow the bytes of a store's memories: one for each run of the interpreter.
#[derive(Debug)]
pub struct MemoryKey(pub(crate) ());

/// Address space of which a growing part from its start may be read and written.
#[derive(Debug)]
pub struct Reservation {
    pages: Pages,
    bytes: Box<AtomicU64>,
}

impl Reservation {
    /// Reserves address space; no byte of it is accessible.
    ///
    /// # Errors
    /// The address space is not to be had.
    pub fn new(what: &'static str, bytes: usize) -> Result<Reservation, NativeError> {
        Ok(Reservation { pages: Pages::new(what, bytes, libc::PROT_NONE)?, bytes: Box::default() })
    }

    /// Makes the first `bytes` accessible, those that were not before zero.
    ///
    /// # Errors
    /// The memory is not to be had.
    pub fn commit(&self, bytes: usize) -> Result<(), NativeError> {
        if bytes > 0 {
            self.pages.protect("a linear memory", bytes, libc::PROT_READ | libc::PROT_WRITE)?;
        }
        self.bytes.store(bytes as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Accessible bytes.
    pub fn byte_len(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Address of the first byte.
    pub fn base(&self) -> u64 {
        self.pages.base as u64
    }

    /// Address of the word that holds the number of accessible bytes.
    pub fn size_word(&self) -> u64 {
        &raw const *self.bytes as u64
    }

    fn range(&self, at: u64, len: usize) -> Option<*mut u8> {
        let end = at.checked_add(len as u64)?;
        // SAFETY: the offset is within the reservation, which is one allocation.
        (end <= self.byte_len()).then(|| unsafe { self.pages.base.add(at as usize) })
    }

    /// All accessible bytes, for as long as the key is borrowed.
    pub fn bytes<'a>(&'a self, _key: &'a mut MemoryKey) -> &'a mut [u8] {
        // SAFETY: accessible; who holds the key is alone, since a store has one and generated code is not running.
        unsafe { std::slice::from_raw_parts_mut(self.pages.base, self.byte_len() as usize) }
    }

    /// Copies bytes out; none if any lies outside.
    pub fn read(&self, at: u64, out: &mut [u8]) -> Option<()> {
        let from = self.range(at, out.len())?;
        // SAFETY: accessible; `out` is Rust's and cannot overlap; one thread at a time uses a store.
        unsafe { std::ptr::copy_nonoverlapping(from, out.as_mut_ptr(), out.len()) };
        Some(())
    }

    /// Copies bytes in; none, and nothing written, if any lies outside.
    pub fn write(&self, at: u64, data: &[u8]) -> Option<()> {
        let to = self.range(at, data.len())?;
        // SAFETY: as in `read`.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), to, data.len()) };
        Some(())
    }
}

/// A trap site at its absolute address.
#[derive(Clone, Copy, Debug)]
struct Site {
    pc: u64,
    code: TrapCode,
    wasm_offset: u32,
    tag: u32,
}

/// Pieces of code in one mapping, which is executable and not writable.
#[derive(Debug)]
struct Mapping {
    pages: Pages,
    sites: Box<[Site]>,
    next: *const Mapping,
}

/// All code of a store. Grows only; code stays where it is until the store is gone. Readable without locks, since
/// a signal handler reads it.
#[derive(Debug, Default)]
pub struct CodeSpace {
    first: AtomicPtr<Mapping>,
}

impl CodeSpace {
    /// Installs pieces and gives the address of each.
    ///
    /// # Errors
    /// Memory is not to be had.
    pub fn install(&self, pieces: &[Piece<'_>]) -> Result<Vec<u64>, NativeError> {
        // Jump targets are aligned for the fetch unit; the pad traps should anything run into it.
        const ALIGN: usize = 32;
        if pieces.is_empty() {
            return Ok(Vec::new());
        }
        let total: usize = pieces.iter().map(|p| p.code.bytes().len().next_multiple_of(ALIGN)).sum();
        let bytes = total.max(1).next_multiple_of(4096);
        let pages = Pages::new("code", bytes, libc::PROT_READ | libc::PROT_WRITE)?;
        let (mut at, mut addresses, mut sites) = (0, Vec::new(), Vec::new());
        // SAFETY: fresh, writable, `bytes` long, and nobody else knows it yet.
        let room = unsafe { std::slice::from_raw_parts_mut(pages.base, bytes) };
        room.fill(0xcc);
        for piece in pieces {
            let code = piece.code.bytes();
            room[at..at + code.len()].copy_from_slice(code);
            let address = pages.base as u64 + at as u64;
            addresses.push(address);
            sites.extend(piece.traps.iter().map(|t| Site {
                pc: address + u64::from(t.at.0),
                code: t.code,
                wasm_offset: t.wasm_offset,
                tag: piece.tag,
            }));
            at += code.len().next_multiple_of(ALIGN);
        }
        pages.protect("code", bytes, libc::PROT_READ | libc::PROT_EXEC)?;
        sites.sort_by_key(|s| s.pc);
        self.publish(Mapping { pages, sites: sites.into(), next: null() });
        Ok(addresses)
    }

    fn publish(&self, mapping: Mapping) {
        let node = Box::into_raw(Box::new(mapping));
        let mut first = self.first.load(Ordering::Relaxed);
        loop {
            // SAFETY: ours until the exchange succeeds.
            unsafe { (*node).next = first };
            match self.first.compare_exchange(first, node, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => first = now,
            }
        }
    }

    /// The mapping that holds an address.
    fn find(&self, pc: u64) -> Option<&Mapping> {
        let mut node = self.first.load(Ordering::Acquire).cast_const();
        // SAFETY: nodes are published whole and live until `self` is dropped.
        while let Some(mapping) = unsafe { node.as_ref() } {
            let base = mapping.pages.base as u64;
            if (base..base + mapping.pages.bytes as u64).contains(&pc) {
                return Some(mapping);
            }
            node = mapping.next;
        }
        None
    }
}

impl Drop for CodeSpace {
    fn drop(&mut self) {
        let mut node = *self.first.get_mut();
        while !node.is_null() {
            // SAFETY: made by `Box::into_raw`; `enter` borrows the space, so nothing runs in it now.
            let mapping = unsafe { Box::from_raw(node) };
            node = mapping.next.cast_mut();
        }
    }
}

/// One stay in generated code. The entry stub puts its SP in the first word.
#[repr(C)]
struct Activation<'a> {
    sp: Cell<u64>,
    landing: u64,
    outcome: UnsafeCell<Outcome>,
    space: &'a CodeSpace,
    callbacks: &'a dyn Callbacks,
    previous: *const Activation<'static>,
}

thread_local! {
    /// The innermost stay of this thread in generated code. Without a destructor and constant at first, so that
    /// a signal handler may read it.
    static CURRENT: Cell<*const Activation<'static>> = const { Cell::new(null()) };
}

/// Calls code of a convention through an entry stub: parameters come from `values`, results go there.
///
/// # Errors
/// The host cannot run generated code or has no such convention, or the stub is not in `space`.
pub fn enter(
    space: &CodeSpace,
    convention: &str,
    stub: EntryStub,
    context: u64,
    code: u64,
    values: &mut [u64],
    callbacks: &dyn Callbacks,
) -> Result<Outcome, NativeError> {
    check_host()?;
    let calls =
        machine::Calls::of(convention).ok_or_else(|| NativeError::Convention(convention.to_owned()))?;
    if [stub.address, stub.landing, code].iter().any(|&a| space.find(a).is_none()) {
        return Err(NativeError::Entry);
    }
    let previous = CURRENT.get();
    let activation = Activation {
        sp: Cell::new(0),
        landing: stub.landing,
        outcome: UnsafeCell::new(Outcome::Returned),
        space,
        callbacks,
        previous,
    };
    CURRENT.set((&raw const activation).cast());
    // SAFETY: `address` is a proven entry stub in memory that outlives this call; it keeps the calling
    // convention, takes these four arguments, and `values` holds the words that its signature needs.
    unsafe {
        machine::call(calls, stub.address, code, context, values.as_mut_ptr(), (&raw const activation).cast())
    };
    CURRENT.set(activation.previous);
    Ok(activation.outcome.into_inner())
}

/// Runs a callback of generated code. A panic must not unwind through it, so that it ends here.
fn callback<R>(run: impl FnOnce(&dyn Callbacks) -> Option<R>) -> R {
    let current = CURRENT.get();
    // SAFETY: generated code runs only under `enter`, whose activation lives until it is left.
    let activation = unsafe { &*current };
    let outcome = match catch_unwind(AssertUnwindSafe(|| run(activation.callbacks))) {
        Ok(Some(value)) => return value,
        Ok(None) => Outcome::Left,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
            Outcome::Panicked(text.unwrap_or_else(|| "unknown".to_owned()))
        }
    };
    // SAFETY: no other reference to the outcome exists; the frames between here and the entry stub are ours and
    // generated ones, and hold nothing that must be dropped.
    unsafe {
        *activation.outcome.get() = outcome;
        machine::leave(activation.sp.get(), activation.landing)
    }
}

/// Runs `run` on a thread with a large stack and with signals handled, giving it the lowest SP for programs.
///
/// # Errors
/// The host cannot run generated code; no thread or signal handler is to be had.
pub fn on_program_stack<R: Send>(
    run: impl FnOnce(u64) -> R + Send,
    meanwhile: impl FnOnce(),
) -> Result<R, NativeError> {
    handle_signals()?;
    std::thread::scope(|scope| {
        let body = || {
            let here = 0u8;
            let limit = &raw const here as usize - STACK_BYTES + STACK_SLACK_BYTES;
            let _signal_stack = SignalStack::new()?;
            Ok(run(limit as u64))
        };
        let thread = std::thread::Builder::new().name("program".to_owned()).stack_size(STACK_BYTES);
        let thread = thread
            .spawn_scoped(scope, body)
            .map_err(|source| NativeError::System { what: "start a thread", source })?;
        meanwhile();
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// A stack for this thread's signal handlers, so that they run when the other is used up.
struct SignalStack {
    previous: libc::stack_t,
    _pages: Pages,
}

impl SignalStack {
    fn new() -> Result<SignalStack, NativeError> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let pages = Pages::new("a signal stack", SIGNAL_STACK_BYTES, protection)?;
        let stack = libc::stack_t { ss_sp: pages.base.cast(), ss_flags: 0, ss_size: SIGNAL_STACK_BYTES };
        let mut previous = libc::stack_t { ss_sp: null_mut(), ss_flags: 0, ss_size: 0 };
        // SAFETY: the pages live as long as they are this thread's signal stack.
        match unsafe { libc::sigaltstack(&raw const stack, &raw mut previous) } {
            0 => Ok(SignalStack { previous, _pages: pages }),
            _ => Err(system("set a signal stack")),
        }
    }
}

impl Drop for SignalStack {
    fn drop(&mut self) {
        // SAFETY: back to what was there before, on the thread that made it.
        unsafe { libc::sigaltstack(&raw const self.previous, null_mut()) };
    }
}

fn system(what: &'static str) -> NativeError {
    NativeError::System { what, source: io::Error::last_os_error() }
}

/// What handled each of [`SIGNALS`] before.
static PREVIOUS: OnceLock<[libc::sigaction; SIGNALS.len()]> = OnceLock::new();

fn handle_signals() -> Result<(), NativeError> {
    check_host()?;
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    let ok = *INSTALLED.get_or_init(|| {
        // SAFETY: all-zero is a valid `sigaction`; each is filled in before use.
        let (mut action, mut previous): (libc::sigaction, [libc::sigaction; SIGNALS.len()]) =
            unsafe { std::mem::zeroed() };
        action.sa_sigaction = on_signal as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        // SAFETY: plain queries and changes of the process's handlers; the old ones are kept to chain to before
        // any new one is in force.
        unsafe {
            let asked = SIGNALS.iter().zip(&mut previous);
            let known = asked.map(|(&s, old)| libc::sigaction(s, null(), old)).all(|r| r == 0);
            PREVIOUS.set(previous).is_ok()
                && known
                && SIGNALS.iter().all(|&s| libc::sigaction(s, &raw const action, null_mut()) == 0)
        }
    });
    if ok { Ok(()) } else { Err(system("handle signals")) }
}

/// A fault. In generated code it is a trap and the program is left; elsewhere it is not ours. Only reads of memory
/// that is never changed while the thread runs: no lock, no allocation.
extern "C" fn on_signal(signal: i32, info: *mut libc::siginfo_t, state: *mut libc::c_void) {
    let current = CURRENT.get();
    // SAFETY: null, or the activation of the `enter` that this thread is in.
    if let Some(activation) = unsafe { current.as_ref() } {
        // SAFETY: the kernel gives a handler with SA_SIGINFO the interrupted state.
        let pc = unsafe { machine::pc(state) };
        if let Some(mapping) = activation.space.find(pc) {
            let site = mapping.sites.binary_search_by_key(&pc, |s| s.pc).map(|i| mapping.sites[i]);
            let outcome = match site {
                Ok(s) => Outcome::Trapped { code: s.code, wasm_offset: s.wasm_offset, tag: s.tag },
                Err(_) => Outcome::Faulted { signal, pc },
            };
            // SAFETY: the interrupted code is generated code and holds no reference to the outcome; what is
            // overwritten is `Returned`. The entry stub has stored its SP before it called any code.
            unsafe {
                activation.outcome.get().write(outcome);
                machine::resume(state, activation.sp.get(), activation.landing);
            }
            return;
        }
    }
    chain(signal, info, state);
}

/// Does with a signal what would have been done without us.
fn chain(signal: i32, info: *mut libc::siginfo_t, state: *mut libc::c_void) {
    let index = SIGNALS.iter().position(|&s| s == signal);
    let previous = PREVIOUS.get().zip(index).map(|(all, i)| all[i]);
    match previous {
        Some(old) if old.sa_sigaction != libc::SIG_DFL && old.sa_sigaction != libc::SIG_IGN => {
            // SAFETY: a handler that someone installed with these flags.
            unsafe {
                if old.sa_flags & libc::SA_SIGINFO != 0 {
                    let handler: extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void) =
                        std::mem::transmute(old.sa_sigaction);
                    handler(signal, info, state);
                } else {
                    let handler: extern "C" fn(i32) = std::mem::transmute(old.sa_sigaction);
                    handler(signal);
                }
            }
        }
        // SAFETY: the instruction runs again and the default action ends the process.
        _ => unsafe {
            libc::signal(signal, libc::SIG_DFL);
        },
    }
}

/// Whether generated code can run here.
///
/// # Errors
/// Another machine or system; a processor without what generated code uses.
pub fn check_host() -> Result<(), NativeError> {
    match machine::missing() {
        None => Ok(()),
        Some("") => Err(NativeError::Host),
        Some(feature) => Err(NativeError::Processor(feature)),
    }
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
#[path = "x86_64.rs"]
mod machine;
#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
#[path = "none.rs"]
mod machine;

/// The addresses of the engine's functions for code that calls them under a convention; `None` if the engine was not
/// built with functions of that convention.
pub fn callback_addresses(convention: &str) -> Option<CallbackAddresses> {
    machine::callback_addresses(machine::Calls::of(convention)?)
}
