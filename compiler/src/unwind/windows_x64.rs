//! A prolog as Windows' unwind codes for x64, one code for each instruction that moves SP or saves a register.
//!
//! ```text
//!   version and flags │ bytes of prolog │ slots of codes │ frame register: none, SP is fixed in the body
//!   codes, the last instruction's first: end of the instruction in the prolog │ operation and register │ operand
//! ```
//!
//! Code that is entered by a jump out of another frame first undoes its own prolog, then the other frame's, whose codes
//! stand at offset 0, as if all of it had happened before the first instruction. An epilog has no codes: the unwinder
//! knows it by its instructions.
//!
//! Source: Microsoft Learn, x64 exception handling, struct UNWIND_INFO and struct UNWIND_CODE.

use super::value::{Owed, State};
use super::{Described, Entered, Run, step};
use framewright_spec::machine::RegClass;
use framewright_spec::{Layout, Reg, RegSet};

const PUSH_NONVOL: u8 = 0;
const ALLOC_LARGE: u8 = 1;
const ALLOC_SMALL: u8 = 2;
const SAVE_NONVOL: u8 = 4;
const SAVE_NONVOL_FAR: u8 = 5;
const SAVE_XMM128: u8 = 8;
const SAVE_XMM128_FAR: u8 = 9;

/// What an instruction of a prolog did.
#[derive(Clone, Copy)]
enum Done {
    /// Stored a register where SP then was.
    Pushed(Reg),
    /// Lowered SP by bytes.
    Lowered(i64),
    /// Stored a register at bytes from the CFA.
    Saved(Reg, i64),
}

/// One `UNWIND_INFO`; none where there is no prolog, or SP is not fixed in the body.
///
/// # Errors
/// A prolog or codes past 255, an offset that is no multiple of its unit.
pub(super) fn write(frame: &Described<'_>, runs: &[Run]) -> Result<Option<Vec<u8>>, String> {
    let Some(prolog) = runs.first() else { return Ok(None) };
    // Codes count from SP, or from a frame register at most 240 bytes above it: a frame without a fixed SP has none.
    if frame.layout.realign.is_some() || frame.layout.allocate.is_some() {
        return Ok(None);
    }
    let mut slots: Vec<u16> = Vec::new();
    let mut known = RegSet::EMPTY;
    let mut codes: Vec<(u32, Done)> = Vec::new();
    if let Entered::Jumped { transition, source } = frame.entered {
        let before = steps(frame, source, frame.called(), &mut known);
        codes.extend(before.into_iter().map(|(_, done)| (0, done)));
        if transition.lowered != 0 {
            codes.push((0, Done::Lowered(transition.lowered)));
        }
    }
    let own = steps(frame, frame.layout, frame.first(), &mut known);
    let end = |index: usize| prolog.get(index + 1).copied().unwrap_or(0);
    codes.extend(own.into_iter().map(|(index, done)| (end(index), done)));
    let sp = -frame.layout.total_bytes;
    for (at, done) in codes.into_iter().rev() {
        let at = u8::try_from(at).map_err(|_| "a prolog of more than 255 bytes".to_owned())?;
        push_code(frame, &mut slots, at, done, sp)?;
    }
    let size = prolog.last().copied().unwrap_or(0);
    let size = u8::try_from(size).map_err(|_| "a prolog of more than 255 bytes".to_owned())?;
    let count = u8::try_from(slots.len()).map_err(|_| "more than 255 slots of unwind codes".to_owned())?;
    let mut bytes = vec![1, size, count, 0];
    slots.resize(slots.len().next_multiple_of(2), 0);
    bytes.extend(slots.iter().flat_map(|slot| slot.to_le_bytes()));
    Ok(Some(bytes))
}

/// What the steps of a prolog do, each with its number. A register that is `known` to be kept already is not told again.
fn steps(frame: &Described<'_>, layout: &Layout, first: State, known: &mut RegSet) -> Vec<(usize, Done)> {
    let sp = frame.machine.sp;
    let mut made = Vec::new();
    let states = step::states(frame.spec, frame.abi, first, &layout.prolog);
    for (index, pair) in states.windows(2).enumerate() {
        let [Some(state), Some(after)] = pair else { continue };
        let new = stored(frame, state, after).filter(|(reg, _)| !known.contains(*reg));
        let [from, to] = [state, after].map(|state| state.cfa_distance(sp).unwrap_or(0));
        match new {
            Some((reg, at)) if to == from - 8 && at == to => made.push((index, Done::Pushed(reg))),
            _ if to < from => made.push((index, Done::Lowered(from - to))),
            Some((reg, at)) => made.push((index, Done::Saved(reg, at))),
            None => {}
        }
        *known = new.map_or(*known, |(reg, _)| known.with(reg));
    }
    made
}

/// The callee-saved register that an instruction stored, and where.
fn stored(frame: &Described<'_>, before: &State, after: &State) -> Option<(Reg, i64)> {
    frame.owed().find_map(|of| {
        let Owed::Register(reg) = of else { return None };
        let bits = frame.bits(of);
        let at = after.kept(of, bits).find(|at| !before.kept(of, bits).any(|old| old == *at))?;
        Some((reg, at))
    })
}

/// Appends the slots of a code. `sp` is SP in the body, from which saves are counted.
fn push_code(frame: &Described<'_>, slots: &mut Vec<u16>, at: u8, done: Done, sp: i64) -> Result<(), String> {
    let mut code = |operation: u8, info: u8, operand: &[u16]| {
        slots.push(u16::from_le_bytes([at, operation | info << 4]));
        slots.extend_from_slice(operand);
    };
    let whole = |bytes: i64, unit: i64| {
        let units = u32::try_from(bytes / unit).ok().filter(|_| bytes % unit == 0);
        units.ok_or_else(|| format!("an offset of {bytes} bytes"))
    };
    let halves = |value: u32| [value as u16, (value >> 16) as u16];
    match done {
        Done::Pushed(reg) => code(PUSH_NONVOL, number(frame, reg), &[]),
        Done::Lowered(bytes) => match whole(bytes, 8)? {
            0 => {}
            units @ 1..=16 => code(ALLOC_SMALL, units as u8 - 1, &[]),
            units if units <= u16::MAX.into() => code(ALLOC_LARGE, 0, &[units as u16]),
            units => code(ALLOC_LARGE, 1, &halves(units.wrapping_mul(8))),
        },
        Done::Saved(reg, place) => {
            let vector = frame.machine.register(reg).class == RegClass::Float;
            let (near, far, unit) =
                if vector { (SAVE_XMM128, SAVE_XMM128_FAR, 16) } else { (SAVE_NONVOL, SAVE_NONVOL_FAR, 8) };
            match whole(place - sp, unit)? {
                units if units <= u16::MAX.into() => code(near, number(frame, reg), &[units as u16]),
                units => code(far, number(frame, reg), &halves(units.wrapping_mul(unit as u32))),
            }
        }
    }
    Ok(())
}

/// The register's number in instructions: by it registers of a class are declared in order.
fn number(frame: &Described<'_>, reg: Reg) -> u8 {
    let class = frame.machine.of_class(frame.machine.register(reg).class);
    class.iter().position(|other| other == reg).unwrap_or(0) as u8
}
