//! The processor and operating system that generated code runs on: registers of a signal, and functions of the
//! engine under each convention.

use super::{CallbackAddresses, callback, context};

/// A calling convention that Rust's compiler knows, so that the engine can be called back under it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Calls {
    SystemV,
    Windows,
}

impl Calls {
    /// The convention of that name in the specification.
    pub(super) fn of(name: &str) -> Option<Calls> {
        match name {
            "sysv" => Some(Calls::SystemV),
            "windows_x64" => Some(Calls::Windows),
            _ => None,
        }
    }
}

/// The processor feature that is missing, if any.
pub(super) fn missing() -> Option<&'static str> {
    let features = [
        ("SSE4.1", std::is_x86_feature_detected!("sse4.1")),
        ("POPCNT", std::is_x86_feature_detected!("popcnt")),
        ("LZCNT", std::is_x86_feature_detected!("lzcnt")),
        ("BMI1", std::is_x86_feature_detected!("bmi1")),
    ];
    features.iter().find(|(_, present)| !present).map(|&(name, _)| name)
}

/// # Safety
/// `stub` is an entry stub of that convention and the arguments are what it asks for.
pub(super) unsafe fn call(
    calls: Calls,
    stub: u64,
    code: u64,
    context: u64,
    values: *mut u64,
    activation: *const u64,
) {
    // SAFETY: by the caller.
    unsafe {
        match calls {
            Calls::SystemV => system_v::call(stub, code, context, values, activation),
            Calls::Windows => windows::call(stub, code, context, values, activation),
        }
    }
}

/// # Safety
/// `sp` was stored by an entry stub that is still active on this thread, `landing` is its landing, and no
/// frame in between holds anything that must be dropped.
pub(super) unsafe fn leave(sp: u64, landing: u64) -> ! {
    // SAFETY: by the caller.
    unsafe { std::arch::asm!("mov rsp, {}", "jmp {}", in(reg) sp, in(reg) landing, options(noreturn)) }
}

/// # Safety
/// `state` is what the kernel gave a signal handler.
pub(super) unsafe fn pc(state: *const libc::c_void) -> u64 {
    // SAFETY: by the caller.
    unsafe { (*state.cast::<libc::ucontext_t>()).uc_mcontext.gregs[libc::REG_RIP as usize] as u64 }
}

/// # Safety
/// As in `pc`, and the interrupted code may be left for `landing` with that SP.
pub(super) unsafe fn resume(state: *mut libc::c_void, sp: u64, landing: u64) {
    // SAFETY: by the caller.
    let registers = unsafe { &mut (*state.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
    registers[libc::REG_RSP as usize] = sp as i64;
    registers[libc::REG_RIP as usize] = landing as i64;
}

/// Addresses of the functions below.
pub(super) fn callback_addresses(calls: Calls) -> Option<CallbackAddresses> {
    Some(match calls {
        Calls::SystemV => system_v::addresses(),
        Calls::Windows => windows::addresses(),
    })
}

/// # Safety
/// `context` is a context.
unsafe fn host_word(context: *const u8) -> u64 {
    // SAFETY: by the caller.
    unsafe { context.add(context::HOST as usize).cast::<u64>().read() }
}

/// The engine's functions, and the call of a stub, under a convention that Rust names `$abi`.
macro_rules! convention {
    ($name:ident, $abi:literal) => {
        mod $name {
            use super::{CallbackAddresses, callback, host_word};

            type Entry = extern $abi fn(code: u64, context: u64, values: *mut u64, activation: *const u64) -> u32;

            /// # Safety
            /// As the function of this name above.
            pub(super) unsafe fn call(
                stub: u64,
                code: u64,
                context: u64,
                values: *mut u64,
                activation: *const u64,
            ) {
                // SAFETY: by the caller.
                let entry: Entry = unsafe { std::mem::transmute(stub as *const ()) };
                // What it returns says only whether it landed; how it ended is in the activation.
                entry(code, context, values, activation);
            }

            pub(super) fn addresses() -> CallbackAddresses {
                CallbackAddresses {
                    patchpoint: patchpoint as *const () as u64,
                    memory_grow: memory_grow as *const () as u64,
                    tier_up: tier_up as *const () as u64,
                    host_call: host_call as *const () as u64,
                }
            }

            extern $abi fn patchpoint(context: *const u8, key: u64, counter: *mut u32, resume: u64) -> u64 {
                // SAFETY: generated code passes its context and the address of its counter.
                let (instance, counter) = unsafe { (host_word(context), &mut *counter) };
                let (target, count) = callback(|c| c.patchpoint(instance, key, resume));
                *counter = count;
                target
            }

            extern $abi fn memory_grow(context: *const u8, pages: u32) -> u32 {
                // SAFETY: generated code passes its context.
                let instance = unsafe { host_word(context) };
                callback(|c| Some(c.memory_grow(instance, pages)))
            }

            extern $abi fn tier_up(context: *const u8, function: u32) {
                // SAFETY: as above.
                let instance = unsafe { host_word(context) };
                callback(|c| c.tier_up(instance, function));
            }

            extern $abi fn host_call(context: *const u8, values: *mut u64) -> u32 {
                // SAFETY: as above.
                let host = unsafe { host_word(context) };
                callback(|c| {
                    let words = c.host_arity(host);
                    // SAFETY: the host stub passes as many words as parameters or results, whichever are more.
                    let values = unsafe { std::slice::from_raw_parts_mut(values, words) };
                    Some(u32::from(!c.host_call(host, values)))
                })
            }
        }
    };
}

convention!(system_v, "sysv64");
convention!(windows, "win64");
