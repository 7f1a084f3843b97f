//! A prolog as Windows' unwind codes for x64, one code for each instruction that moves SP or saves a register.
//!
//! ```text
//!   version and flags │ bytes of prolog │ slots of codes │ frame register and its distance from SP, or 0
//!   codes, the last instruction's first: end of the instruction in the prolog │ operation and register │ operand
//! ```
//!
//! Code that is entered by a jump out of another frame first undoes its own prolog, then the other frame's, whose codes
//! stand at offset 0, as if all of it had happened before the first instruction. An epilog has no codes: the unwinder
//! knows it by its instructions.
//!
//! Where SP is fixed in the body codes count from it. Where it is not, they count from what it was when FP was set, which is
//! all that the unwinder needs to know: what becomes of SP after that has no codes.
//!
//! Source: Microsoft Learn, x64 exception handling, struct UNWIND_INFO and struct UNWIND_CODE.

use super::value::{Owed, State};
use super::{Described, Entered, Run, step};
use framewright_spec::machine::RegClass;
use framewright_spec::{CfaOffset, Layout, Reg, RegSet};

const PUSH_NONVOL: u8 = 0;
const ALLOC_LARGE: u8 = 1;
const ALLOC_SMALL: u8 = 2;
const SET_FPREG: u8 = 3;
const SAVE_NONVOL: u8 = 4;
const SAVE_NONVOL_FAR: u8 = 5;
const SAVE_XMM128: u8 = 8;
const SAVE_XMM128_FAR: u8 = 9;

/// The frame register's distance from SP counts in units of this, and is at most 15 of them.
const FRAME_UNIT: i64 = 16;
const FRAME_UNITS: i64 = 15;

/// What an instruction of a prolog did.
#[derive(Clone, Copy)]
enum Done {
    /// Stored a register where SP then was.
    Pushed(Reg),
    /// Lowered SP by bytes.
    Lowered(i64),
    /// Stored a register at bytes from the CFA.
    Saved(Reg, i64),
    /// Set the frame register, while SP was at bytes from the CFA.
    Framed(i64),
}

/// One `UNWIND_INFO`; none where there is no prolog.
///
/// # Errors
/// A prolog or codes past 255, an offset that is no multiple of its unit or lies below what offsets are counted from; SP
/// that is not fixed in the body, and no frame register within reach of what it was.
pub(super) fn write(frame: &Described<'_>, runs: &[Run]) -> Result<Option<Vec<u8>>, String> {
    let Some(prolog) = runs.first() else { return Ok(None) };
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
    let (base, register) = counted_from(frame, &codes)?;
    for (at, done) in codes.into_iter().rev() {
        let at = u8::try_from(at).map_err(|_| "a prolog of more than 255 bytes".to_owned())?;
        push_code(frame, &mut slots, at, done, base)?;
    }
    let size = prolog.last().copied().unwrap_or(0);
    let size = u8::try_from(size).map_err(|_| "a prolog of more than 255 bytes".to_owned())?;
    let count = u8::try_from(slots.len()).map_err(|_| "more than 255 slots of unwind codes".to_owned())?;
    let mut bytes = vec![1, size, count, register];
    slots.resize(slots.len().next_multiple_of(2), 0);
    bytes.extend(slots.iter().flat_map(|slot| slot.to_le_bytes()));
    Ok(Some(bytes))
}

/// Where SP is fixed in the body of a frame.
fn is_fixed(layout: &Layout) -> bool {
    layout.realign.is_none() && layout.allocate.is_none()
}

/// What the codes count from, in bytes from the CFA, and the header's byte of the frame register.
fn counted_from(frame: &Described<'_>, codes: &[(u32, Done)]) -> Result<(i64, u8), String> {
    if is_fixed(frame.layout) {
        return Ok((-frame.layout.total_bytes, 0));
    }
    let framed = codes.iter().find_map(|(_, done)| match done {
        Done::Framed(sp) => Some(*sp),
        _ => None,
    });
    let (Some(sp), Some(fp)) = (framed, frame.layout.fp) else {
        return Err("SP is not fixed in the body, and the prolog sets no frame register".to_owned());
    };
    let above = fp.0 - sp;
    if above % FRAME_UNIT != 0 || !(0..=FRAME_UNIT * FRAME_UNITS).contains(&above) {
        let farthest = FRAME_UNIT * FRAME_UNITS;
        return Err(format!(
            "the frame register is {above} bytes above SP, not a multiple of {FRAME_UNIT} up to {farthest}"
        ));
    }
    Ok((sp, number(frame, frame.machine.fp) | ((above / FRAME_UNIT) as u8) << 4))
}

/// What the steps of a prolog do, each with its number. A register that is `known` to be kept already is not told again.
fn steps(frame: &Described<'_>, layout: &Layout, first: State, known: &mut RegSet) -> Vec<(usize, Done)> {
    let [sp, fp] = [frame.machine.sp, frame.machine.fp];
    let mut made = Vec::new();
    let mut framed = false;
    let states = step::states(frame.spec, frame.abi, first, &layout.prolog);
    for (index, pair) in states.windows(2).enumerate() {
        let [Some(state), Some(after)] = pair else { continue };
        let new = stored(frame, state, after).filter(|(reg, _)| !known.contains(*reg));
        let [from, to] = [state, after].map(|state| state.cfa_distance(sp).unwrap_or(0));
        let sets = |fp_at: CfaOffset| {
            state.cfa_distance(fp) != Some(fp_at.0) && after.cfa_distance(fp) == Some(fp_at.0)
        };
        match new {
            _ if framed && to != from && new.is_none() => {}
            _ if !is_fixed(layout) && layout.fp.is_some_and(sets) => {
                framed = true;
                made.push((index, Done::Framed(from)));
            }
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

/// Appends the slots of a code. `sp` is what saves are counted from.
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
        Done::Framed(_) => code(SET_FPREG, 0, &[]),
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
