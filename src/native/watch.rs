//! What the engine says native code looks like to one who watches the process: debuggers, profilers, and the unwinder of
//! the process itself.
//!
//! The interface of debuggers is gdb's (gdb manual, JIT Compilation Interface): a list of object files in memory, and a
//! function that is called whenever it changes, at which a debugger has a breakpoint. Without one it costs the call of an
//! empty function. A profiler notices a file of code by its first page being mapped executable (Linux,
//! tools/perf/Documentation/jitdump-specification.txt). The process's unwinder is libgcc's where it has one (GCC,
//! libgcc/unwind-dw2-fde.c, `__register_frame`): it is looked for by name, so that a program without it links.

use super::{NativeError, system};
use std::fs::File;
use std::os::fd::AsRawFd;
use std::ptr::null_mut;
use std::sync::{Mutex, OnceLock, PoisonError};

/// `jit_code_entry`: an object file in memory.
#[repr(C)]
struct Entry {
    next: *mut Entry,
    previous: *mut Entry,
    file: *const u8,
    bytes: u64,
}

/// `jit_descriptor`.
#[repr(C)]
struct Descriptor {
    version: u32,
    action: u32,
    relevant: *mut Entry,
    first: *mut Entry,
}

const REGISTER: u32 = 1;
const UNREGISTER: u32 = 2;

/// The list that a debugger reads.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "a debugger knows it by this name")]
static mut __jit_debug_descriptor: Descriptor =
    Descriptor { version: 1, action: 0, relevant: null_mut(), first: null_mut() };

/// Where a debugger stops to read the list.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn __jit_debug_register_code() {
    std::hint::black_box(());
}

/// Held while the list changes.
static CHANGES: Mutex<()> = Mutex::new(());

/// An object file that debuggers are told of as long as this lives.
#[derive(Debug)]
pub struct Announced {
    entry: *mut Entry,
    _file: Box<[u8]>,
}

// SAFETY: the entry is changed under the lock only.
unsafe impl Send for Announced {}

/// Tells debuggers of an object file.
pub fn announce(file: Box<[u8]>) -> Announced {
    let entry =
        Entry { next: null_mut(), previous: null_mut(), file: file.as_ptr(), bytes: file.len() as u64 };
    let entry = Box::into_raw(Box::new(entry));
    let _held = CHANGES.lock().unwrap_or_else(PoisonError::into_inner);
    let list = &raw mut __jit_debug_descriptor;
    // SAFETY: the list and its entries are changed under the lock only, and all entries in it live.
    unsafe {
        let first = (*list).first;
        (*entry).next = first;
        if !first.is_null() {
            (*first).previous = entry;
        }
        (*list).first = entry;
        (*list).relevant = entry;
        (*list).action = REGISTER;
    }
    __jit_debug_register_code();
    Announced { entry, _file: file }
}

impl Drop for Announced {
    fn drop(&mut self) {
        let _held = CHANGES.lock().unwrap_or_else(PoisonError::into_inner);
        let list = &raw mut __jit_debug_descriptor;
        // SAFETY: as in `announce`; the entry is in the list until here, and given back after the debugger's look.
        unsafe {
            let (next, previous) = ((*self.entry).next, (*self.entry).previous);
            if !next.is_null() {
                (*next).previous = previous;
            }
            if previous.is_null() {
                (*list).first = next;
            } else {
                (*previous).next = next;
            }
            (*list).relevant = self.entry;
            (*list).action = UNREGISTER;
        }
        __jit_debug_register_code();
        // SAFETY: made by `Box::into_raw`, and no longer in the list.
        drop(unsafe { Box::from_raw(self.entry) });
    }
}

/// Takes a section `.eh_frame` that ends with its terminator.
type TellsUnwinder = unsafe extern "C" fn(section: *const libc::c_void);

/// The unwinder's functions that take a section, and that forget it.
fn unwinder() -> Option<(TellsUnwinder, TellsUnwinder)> {
    static FUNCTIONS: OnceLock<Option<(TellsUnwinder, TellsUnwinder)>> = OnceLock::new();
    // SAFETY: a name with its end; no library is loaded, and those that are stay.
    let find = |name: &std::ffi::CStr| unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    *FUNCTIONS.get_or_init(|| {
        let (register, forget) = (find(c"__register_frame"), find(c"__deregister_frame"));
        // LLVM's unwinder has functions of these names that take a single entry.
        let is_other = !find(c"__unw_add_dynamic_fde").is_null();
        if register.is_null() || forget.is_null() || is_other {
            return None;
        }
        // SAFETY: these are functions of libgcc, of this type.
        Some(unsafe {
            (
                std::mem::transmute::<*mut libc::c_void, TellsUnwinder>(register),
                std::mem::transmute::<*mut libc::c_void, TellsUnwinder>(forget),
            )
        })
    })
}

/// Call frame information that this process's unwinder knows as long as this lives. To be dropped before the code goes.
#[derive(Debug)]
pub struct Registered {
    section: Box<[u8]>,
}

impl Registered {
    /// Tells the unwinder of a section whose addresses are those of code that is there.
    ///
    /// # Errors
    /// The process has no unwinder that takes it.
    pub fn new(section: Box<[u8]>) -> Result<Registered, NativeError> {
        let (register, _) = unwinder().ok_or(NativeError::Unwinder)?;
        assert!(section.ends_with(&[0; 4]), "a section ends with a terminator");
        // SAFETY: the section ends with its terminator, and stays where it is until it is forgotten.
        unsafe { register(section.as_ptr().cast()) };
        Ok(Registered { section })
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        if let Some((_, forget)) = unwinder() {
            // SAFETY: it was registered at this address, and is forgotten once.
            unsafe { forget(self.section.as_ptr().cast()) };
        }
    }
}

/// A file's first page, mapped executable so that a profiler's record of mappings names the file.
#[derive(Debug)]
pub struct Mark {
    at: *mut libc::c_void,
    bytes: usize,
}

// SAFETY: a range of addresses that nobody reads.
unsafe impl Send for Mark {}

impl Mark {
    /// Maps the page.
    ///
    /// # Errors
    /// The system refuses.
    pub fn new(file: &File, bytes: usize) -> Result<Mark, NativeError> {
        let protection = libc::PROT_READ | libc::PROT_EXEC;
        // SAFETY: a fresh mapping at an address of the system's choice; nothing in it is read or executed.
        let at = unsafe { libc::mmap(null_mut(), bytes, protection, libc::MAP_PRIVATE, file.as_raw_fd(), 0) };
        if at == libc::MAP_FAILED { Err(system("map a profiler's file")) } else { Ok(Mark { at, bytes }) }
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours.
        unsafe { libc::munmap(self.at, self.bytes) };
    }
}

/// Nanoseconds of the clock that profilers put in their records (`perf record -k mono`), and the number of this thread.
pub fn now_and_thread() -> (u64, u32) {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the place is ours; the call has no other effect.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    // SAFETY: no effect at all.
    let thread = unsafe { libc::syscall(libc::SYS_gettid) };
    (time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64, thread as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_what_is_announced() {
        let list = &raw mut __jit_debug_descriptor;
        let holds = |announced: &Announced| {
            let _held = CHANGES.lock().unwrap_or_else(PoisonError::into_inner);
            // SAFETY: under the lock, all entries live.
            unsafe {
                let mut entry = (*list).first.cast_const();
                while !entry.is_null() && entry != announced.entry.cast_const() {
                    entry = (*entry).next;
                }
                !entry.is_null()
            }
        };
        let (one, two) = (announce(Box::new([1])), announce(Box::new([2])));
        assert!(holds(&one) && holds(&two));
        drop(one);
        assert!(holds(&two));
    }
}
