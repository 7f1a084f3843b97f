//! The unwinder of a profiler, on the states of a run: it knows `.eh_frame` and the stack, and never the code.

use framehop::aarch64::{CacheAarch64, UnwindRegsAarch64, UnwinderAarch64};
use framehop::x86_64::{CacheX86_64, UnwindRegsX86_64, UnwinderX86_64};
use framehop::{ExplicitModuleSectionInfo, Module, Unwinder};
use libtest_mimic::Failed;
use object::{Object, ObjectSection};
use serde_json::Value;

/// `.eh_frame` alone, so that nothing else can be used.
fn module(bytes: &[u8]) -> Result<Module<Vec<u8>>, Failed> {
    let file = object::File::parse(bytes)?;
    let section = |name| file.section_by_name(name).ok_or_else(|| format!("no section {name}"));
    let (text, frames) = (section(".text")?, section(".eh_frame")?);
    let range = text.address()..text.address() + text.size();
    let sections = ExplicitModuleSectionInfo {
        base_svma: text.address(),
        text_svma: Some(range.clone()),
        eh_frame_svma: Some(frames.address()..frames.address() + frames.size()),
        eh_frame: Some(frames.data()?.to_vec()),
        ..Default::default()
    };
    Ok(Module::new("image".to_owned(), range, text.address(), sections))
}

/// Unwinds from each state, and finds the callers that gdb found.
pub(crate) fn check(machine: &str, bytes: &[u8], states: &[Value]) -> Result<(), Failed> {
    match machine {
        "x86_64" => {
            let (mut unwinder, mut cache) = (UnwinderX86_64::new(), CacheX86_64::<_>::new());
            unwinder.add_module(module(bytes)?);
            let registers = |s: &State| UnwindRegsX86_64::new(s.pc, s.sp, s.fp);
            states.iter().try_for_each(|state| one(&unwinder, &mut cache, state, registers))
        }
        "aarch64" => {
            let (mut unwinder, mut cache) = (UnwinderAarch64::new(), CacheAarch64::<_>::new());
            unwinder.add_module(module(bytes)?);
            let registers = |s: &State| UnwindRegsAarch64::new(s.link, s.sp, s.fp);
            states.iter().try_for_each(|state| one(&unwinder, &mut cache, state, registers))
        }
        _ if states.is_empty() => Ok(()),
        _ => Err(format!("states of {machine}, which the profiler does not know").into()),
    }
}

/// A line of the log.
struct State {
    pc: u64,
    sp: u64,
    fp: u64,
    link: u64,
    stack: Vec<u8>,
    callers: Vec<u64>,
}

fn one<U: Unwinder>(
    unwinder: &U,
    cache: &mut U::Cache,
    state: &Value,
    registers: impl Fn(&State) -> U::UnwindRegs,
) -> Result<(), Failed> {
    let number = |key: &str| state.get(key).and_then(Value::as_u64).ok_or("a line without a number");
    let hex = state.get("stack").and_then(Value::as_str).ok_or("a line without a stack")?;
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16);
    let callers = state.get("callers").and_then(Value::as_array).ok_or("a line without callers")?;
    let state = State {
        pc: number("pc")?,
        sp: number("sp")?,
        fp: number("fp")?,
        link: number("link")?,
        stack: (0..hex.len()).step_by(2).map(byte).collect::<Result<_, _>>()?,
        callers: callers.iter().filter_map(Value::as_u64).collect(),
    };
    let mut read = |address: u64| {
        let at = address.checked_sub(state.sp).and_then(|at| usize::try_from(at).ok()).ok_or(())?;
        let word = state.stack.get(at..at + 8).and_then(|word| word.try_into().ok()).ok_or(())?;
        Ok(u64::from_le_bytes(word))
    };
    let mut frames = unwinder.iter_frames(state.pc, registers(&state), cache, &mut read);
    let mut found = Vec::new();
    // The first is the state itself; after the last, where nobody called, it may end or complain.
    while let Ok(Some(frame)) = frames.next() {
        found.push(frame.address());
    }
    let found = found.get(1..).unwrap_or_default();
    if found != state.callers {
        let shown = |list: &[u64]| list.iter().map(|pc| format!("{pc:#x}")).collect::<Vec<_>>().join(" ");
        let (pc, is) = (state.pc, shown(&state.callers));
        return Err(format!("at {pc:#x} the profiler finds {}, the callers are {is}", shown(found)).into());
    }
    Ok(())
}

/// Place in a file of the first distance from SP to the CFA that some function's data says.
pub(crate) fn a_distance(bytes: &[u8]) -> Option<usize> {
    let file = object::File::parse(bytes).ok()?;
    let (start, _) = file.section_by_name(".eh_frame")?.file_range()?;
    // DW_CFA_advance_loc by one byte, then DW_CFA_def_cfa_offset 16: what follows a first push.
    let wanted = [0x41, 0x0e, 0x10];
    let found = bytes.get(start as usize..)?.windows(3).position(|three| three == wanted)?;
    Some(start as usize + found + 2)
}
