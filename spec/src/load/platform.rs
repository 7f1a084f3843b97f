//! From a record to a platform.

use super::Declared;
use super::record::{Fields, find, small};
use crate::lang::ast::Atom;
use crate::platform::Platform;
use crate::{Spec, SpecError};

pub(super) fn platform(name: &str, declared: Declared<'_>, spec: &Spec) -> Result<Platform, SpecError> {
    let fields = Fields::new(format!("platform `{name}`"), declared, &Platform::FIELDS, true)?;
    let text = declared.source;
    let machine = find(text, "machine", &spec.machines, fields.name("machine")?)?;
    let abi = find(text, "abi", &spec.abis, fields.name("abi")?)?;
    if abi.machine != machine.name {
        let expected = format!("a convention of `{}`", machine.name);
        let error = SpecError::mismatch(expected, format!("`{}`", abi.name));
        return Err(error.at(text, fields.name("abi")?.span));
    }
    let calls = Platform::CALLS.map(|call| Ok((call.to_owned(), fields.number(call)?)));
    let restorer = match fields.get("restorer")?.atoms.is_empty() {
        true => None,
        false => Some(fields.number("restorer")?),
    };
    let (registers, places) =
        (fields.registers("signal_registers", machine)?, fields.numbers("signal_places")?);
    if registers.len() != places.len() {
        let expected = format!("{} numbers, one for each register of `signal_registers`", registers.len());
        let error = SpecError::mismatch(expected, format!("{}", places.len()));
        return Err(error.at(text, fields.name("machine")?.span));
    }
    Ok(Platform {
        name: name.to_owned(),
        machine: machine.name.clone(),
        abi: abi.name.clone(),
        elf_machine: half(&fields)?,
        elf_flags: fields.number("elf_flags")?,
        elf_abi_mask: fields.number("elf_abi_mask")?,
        page_bytes: fields.number("page_bytes")?,
        emulator: fields.text("emulator")?,
        call_number: fields.register("call_number", machine)?,
        call_args: fields.registers("call_args", machine)?,
        call_result: fields.register("call_result", machine)?,
        calls: calls.into_iter().collect::<Result<_, SpecError>>()?,
        restorer,
        trap_signals: fields.numbers("trap_signals")?,
        signal_pc: fields.number("signal_pc")?,
        signal_sp: fields.number("signal_sp")?,
        signal_registers: registers.into_iter().zip(places).collect(),
        cites: fields.cites(),
    })
}

/// The machine number, which an ELF header has 16 bits for.
fn half(fields: &Fields<'_>) -> Result<u16, SpecError> {
    match fields.get("elf_machine")?.atoms.as_slice() {
        [Atom::Number(number)] => small(fields.source, number, u16::MAX.into()).map(|number| number as u16),
        _ => fields.number("elf_machine").map(|number| number as u16),
    }
}
