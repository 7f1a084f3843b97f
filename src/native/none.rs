//! A machine or system that generated code does not run on.

use super::CallbackAddresses;

pub(super) fn missing() -> Option<&'static str> {
    Some("")
}

/// No convention.
#[derive(Clone, Copy, Debug)]
pub(super) enum Calls {}

impl Calls {
    pub(super) fn of(_: &str) -> Option<Calls> {
        None
    }
}

pub(super) unsafe fn call(_: Calls, _: u64, _: u64, _: u64, _: *mut u64, _: *const u64) {}

pub(super) unsafe fn leave(_: u64, _: u64) -> ! {
    std::process::abort()
}

pub(super) unsafe fn pc(_: *const libc::c_void) -> u64 {
    0
}

pub(super) unsafe fn resume(_: *mut libc::c_void, _: u64, _: u64) {}

/// No callbacks: no generated code.
pub(super) fn callback_addresses(_: Calls) -> Option<CallbackAddresses> {
    None
}
