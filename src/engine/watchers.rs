//! Those who watch a program: debuggers and profilers from outside, and the unwinder of the process itself, are told of all
//! installed code what they want to know.
//!
//! ```text
//! pieces at their addresses ─┬─ an object file in memory: symbols, .eh_frame ──> gdb, lldb
//!                            ├─ records in DIR/jit-PID.dump: bytes, .eh_frame ──> perf inject --jit
//!                            └─ .eh_frame ──> backtraces of host functions (libgcc)
//! ```
//!
//! Nobody is told anything unless it was asked for.

use super::code::Ready;
use super::error::EngineError;
use crate::image::elf;
use crate::native::{Announced, Mark, Registered, announce, now_and_thread};
use crate::unwinding::{Fragment, Frames};
use framewright_spec::Platform;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Who is told.
#[derive(Debug, Default)]
pub struct Watchers {
    debugger: bool,
    /// As long as the code is there.
    announced: Vec<Announced>,
    unwinder: bool,
    /// As long as the code is there.
    registered: Vec<Registered>,
    profiler: Option<Dump>,
}

impl Watchers {
    /// From now on debuggers are told.
    pub fn debuggers(&mut self) {
        self.debugger = true;
    }

    /// From now on the unwinder of this process is told, so that a host function's backtrace goes on through the code
    /// that called it. All unwinding of the process pays: libgcc 12 keeps a list with one entry for each lot of installed code;
    /// to add one takes 0.1 µs, the first walk after it sorts (0.7 ms for 1,000 entries), each later one looks through them
    /// (2.5 µs for 1,000).
    pub fn unwinder(&mut self) {
        self.unwinder = true;
    }

    /// From now on a profiler is told, by a file in a directory.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn profiler(&mut self, platform: &Platform, directory: &Path) -> Result<(), EngineError> {
        self.profiler = Some(Dump::new(platform, directory)?);
        Ok(())
    }

    /// Tells of pieces at their addresses.
    ///
    /// # Errors
    /// The profiler's file cannot be written; the process has no unwinder that can be told.
    pub(super) fn tell(
        &mut self,
        platform: Option<&Platform>,
        pieces: &[Ready],
        addresses: &[u64],
    ) -> Result<(), EngineError> {
        if let (Some(platform), true) = (platform, self.debugger) {
            self.announced.extend(object(platform, pieces, addresses).map(announce));
        }
        if self.unwinder {
            let mut frames = Frames::default();
            for (fragment, &address) in pieces.iter().map(|p| Fragment::of(p.proven.claim())).zip(addresses) {
                fragment.map(|fragment| frames.add(fragment, address));
            }
            if !frames.is_empty() {
                self.registered.push(Registered::new(frames.section().into())?);
            }
        }
        if let Some(dump) = &mut self.profiler {
            for (ready, &address) in pieces.iter().zip(addresses) {
                dump.code(ready, address)?;
            }
        }
        Ok(())
    }
}

/// An object file of code that is in memory.
fn object(platform: &Platform, pieces: &[Ready], addresses: &[u64]) -> Option<Box<[u8]>> {
    let mut frames = Frames::default();
    let mut names = Vec::new();
    for (ready, &address) in pieces.iter().zip(addresses) {
        names.push((ready.name.clone(), address, ready.proven.bytes().len() as u64));
        if let Some(fragment) = Fragment::of(ready.proven.claim()) {
            frames.add(fragment, address);
        }
    }
    let first = names.iter().map(|(_, address, _)| *address).min()?;
    let end = names.iter().map(|(_, address, bytes)| address + bytes).max()?;
    Some(elf::in_memory(platform, &names, &frames, (first, end - first)).into())
}

/// What a profiler reads afterwards (Linux, tools/perf/Documentation/jitdump-specification.txt, version 1).
#[derive(Debug)]
struct Dump {
    file: File,
    path: PathBuf,
    /// Number of the next piece.
    next: u64,
    _mark: Mark,
}

const MAGIC: u32 = 0x4a69_5444;
const HEADER_BYTES: u32 = 40;
const CODE_LOAD: u32 = 0;
const UNWINDING_INFO: u32 = 4;
/// Bytes of a record before what is particular to its kind.
const PREFIX_BYTES: usize = 16;

impl Dump {
    fn new(platform: &Platform, directory: &Path) -> Result<Dump, EngineError> {
        let path = directory.join(format!("jit-{}.dump", std::process::id()));
        let made = || {
            let mut file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
            let words = [MAGIC, 1, HEADER_BYTES, platform.elf_machine.into(), 0, std::process::id()];
            let mut header: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            header.extend([now_and_thread().0, 0].iter().flat_map(|word| word.to_le_bytes()));
            file.write_all(&header)?;
            Ok(file)
        };
        let file = made().map_err(|error| written(&path, &error))?;
        let mark = Mark::new(&file, HEADER_BYTES as usize)?;
        Ok(Dump { file, path, next: 0, _mark: mark })
    }

    /// A piece of code, with its unwinding data in front.
    fn code(&mut self, ready: &Ready, address: u64) -> Result<(), EngineError> {
        let bytes = ready.proven.bytes();
        let (now, thread) = now_and_thread();
        let mut records = Vec::new();
        if let Some(fragment) = Fragment::of(ready.proven.claim()) {
            unwinding(&mut records, fragment, bytes.len() as u64, now);
        }
        let mut body: Vec<u8> = [std::process::id(), thread].iter().flat_map(|w| w.to_le_bytes()).collect();
        let words = [address, address, bytes.len() as u64, self.next];
        body.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        body.extend(ready.name.bytes().filter(|&byte| byte != 0).chain([0]));
        body.extend(bytes);
        record(&mut records, CODE_LOAD, now, &body);
        self.next += 1;
        self.file.write_all(&records).map_err(|error| written(&self.path, &error))
    }
}

/// `.eh_frame` as it is to lie behind the code, at the next multiple of 8, and its index behind that.
fn unwinding(records: &mut Vec<u8>, fragment: Fragment<'_>, code_bytes: u64, now: u64) {
    let distance = code_bytes.next_multiple_of(8);
    let frames = Frames::behind(fragment, distance);
    let mut section = frames.section();
    section.resize(section.len().next_multiple_of(8), 0);
    // Addresses are counted from the code's first byte.
    let Some(index) = frames.index(distance + section.len() as u64, distance, 0) else { return };
    let all = (section.len() + index.len()) as u64;
    let mut body: Vec<u8> = [all, index.len() as u64, all].iter().flat_map(|w| w.to_le_bytes()).collect();
    body.extend(section);
    body.extend(index);
    body.resize(body.len().next_multiple_of(8), 0);
    record(records, UNWINDING_INFO, now, &body);
}

fn record(records: &mut Vec<u8>, kind: u32, now: u64, body: &[u8]) {
    records.extend(kind.to_le_bytes());
    records.extend(((PREFIX_BYTES + body.len()) as u32).to_le_bytes());
    records.extend(now.to_le_bytes());
    records.extend(body);
}

fn written(path: &Path, error: &io::Error) -> EngineError {
    EngineError::Watched(format!("cannot write {}: {error}", path.display()))
}
