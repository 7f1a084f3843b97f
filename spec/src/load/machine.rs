//! Machines: registers with their parts, and the rows of instructions.

use super::meaning::Definitions;
use super::record::{Fields, small};
use super::{Declared, Key, kind, lowering, meaning, overlap};
use crate::SpecError;
use crate::error::did_you_mean;
use crate::lang::Source;
use crate::lang::ast::{Item, Name, Part, RegisterLine};
use crate::machine::{Above, Machine, RegClass, Register, View};
use crate::reg::Reg;
use indexmap::IndexMap;

/// Registers a [`crate::RegSet`] can hold.
const REGISTER_LIMIT: usize = 128;

pub(super) fn machine(
    name: &str,
    declared: Declared<'_>,
    items: &IndexMap<Key, Declared<'_>>,
) -> Result<Machine, SpecError> {
    let record = format!("machine `{name}`");
    let fields = Fields::new(record.clone(), declared, &["word", "sp", "fp", "link", "dwarf_return"], true)?;
    let key = ("registers", name.to_owned(), name.to_owned());
    let Some(&registers) = items.get(&key) else {
        let missing = SpecError::Missing { what: "registers", of: record };
        return Err(missing.at(declared.source, declared.span));
    };
    let mut machine = Machine {
        name: name.to_owned(),
        word_bytes: fields.number("word")?,
        registers: Vec::new(),
        views: IndexMap::new(),
        sp: Reg(0),
        fp: Reg(0),
        link: None,
        dwarf_return: None,
        operand_kinds: IndexMap::new(),
        instructions: IndexMap::new(),
        compile: None,
        lowerings: IndexMap::new(),
        cite: String::new(),
        cites: fields.cites(),
    };
    if !matches!(machine.word_bytes, 4 | 8) {
        let error = SpecError::mismatch("a word of 4 or 8 bytes", format!("{}", machine.word_bytes));
        return Err(error.at(declared.source, fields.get("word")?.name.span));
    }
    add_registers(&mut machine, registers)?;
    machine.sp = fields.register("sp", &machine)?;
    machine.fp = fields.register("fp", &machine)?;
    if fields.optional("link").is_some() {
        machine.link = Some(fields.register("link", &machine)?);
    }
    if let Some(field) = fields.optional("dwarf_return") {
        let column = u16::try_from(fields.number("dwarf_return")?);
        let too_large =
            |_| SpecError::TooLarge { what: "DWARF number".to_owned(), limit: i64::from(u16::MAX) };
        machine.dwarf_return =
            Some(column.map_err(too_large).map_err(|error| error.at(declared.source, field.name.span))?);
    }
    let of_machine = |kind| items.iter().filter(move |(key, _)| key.0 == kind && key.1 == name);
    for (key, &declared) in of_machine("operand") {
        let kind = kind::kind(declared, &machine)?;
        machine.operand_kinds.insert(key.2.clone(), kind);
    }
    let definitions: Definitions<'_> =
        of_machine("definition").map(|(key, &declared)| (key.2.as_str(), declared)).collect();
    for (key, &declared) in of_machine("instruction") {
        let instruction = meaning::instruction(declared, &machine, &definitions)?;
        machine.instructions.insert(key.2.clone(), instruction);
    }
    let rows: Vec<Declared<'_>> = of_machine("instruction").map(|(_, &declared)| declared).collect();
    overlap::check(&machine, &rows)?;
    machine.compile = lowering::compile(&machine, items)?;
    Ok(machine)
}

fn add_registers(machine: &mut Machine, declared: Declared<'_>) -> Result<(), SpecError> {
    let Item::Registers(block) = declared.item else { return Ok(()) };
    let source = declared.source;
    for line in &block.lines {
        match &line.node {
            RegisterLine::Cite(text) => {
                if !machine.cite.is_empty() {
                    let error =
                        SpecError::Duplicate { what: "citation of registers", name: machine.name.clone() };
                    return Err(error.at(source, text.span));
                }
                machine.cite.clone_from(&text.text);
            }
            RegisterLine::Register { class, name, bits, dwarf, parts } => {
                if machine.registers.len() == REGISTER_LIMIT {
                    let error = SpecError::TooLarge {
                        what: "number of registers".to_owned(),
                        limit: REGISTER_LIMIT as i64,
                    };
                    return Err(error.at(source, name.span));
                }
                let class = register_class(source, class)?;
                let bits = at_least_one(source, bits, 128)?;
                let dwarf = dwarf.as_ref().map(|n| small(source, n, u32::from(u16::MAX))).transpose()?;
                let reg = Reg(machine.registers.len() as u8);
                let view = View { reg, low_bit: 0, bits, above: Above::Keep };
                add_view(machine, source, name, view)?;
                for part in parts {
                    let view = part_view(source, reg, bits, part)?;
                    add_view(machine, source, &part.name, view)?;
                }
                let dwarf = dwarf.map(|n| n as u16);
                machine.registers.push(Register { name: name.text.clone(), class, bits, dwarf });
            }
        }
    }
    if machine.cite.is_empty() {
        let what = format!("registers of `{}`", machine.name);
        return Err(SpecError::MissingCitation { what }.at(source, declared.span));
    }
    Ok(())
}

fn at_least_one(source: &Source, number: &crate::lang::ast::Number, limit: u32) -> Result<u32, SpecError> {
    match small(source, number, limit)? {
        0 => Err(SpecError::mismatch("at least one bit", "`0`").at(source, number.span)),
        bits => Ok(bits),
    }
}

fn register_class(source: &Source, class: &Name) -> Result<RegClass, SpecError> {
    Ok(match class.text.as_str() {
        "int" => RegClass::Int,
        "float" => RegClass::Float,
        "flag" => RegClass::Flag,
        "control" => RegClass::Control,
        other => {
            let known = ["int", "float", "flag", "control"];
            let error = SpecError::Unknown { what: "register class", name: other.to_owned() };
            let help = did_you_mean(other, known.into_iter());
            return Err(error.at(source, class.span).with_help(help));
        }
    })
}

fn part_view(source: &Source, reg: Reg, bits: u32, part: &Part) -> Result<View, SpecError> {
    let high = small(source, &part.high, bits - 1)?;
    let low = small(source, &part.low, high)?;
    let above = if part.zeroes { Above::Zero } else { Above::Keep };
    Ok(View { reg, low_bit: low, bits: high - low + 1, above })
}

fn add_view(machine: &mut Machine, source: &Source, name: &Name, view: View) -> Result<(), SpecError> {
    if machine.views.insert(name.text.clone(), view).is_some() {
        let error = SpecError::Duplicate { what: "register", name: name.text.clone() };
        return Err(error.at(source, name.span));
    }
    Ok(())
}
