//! From a record to a contract.

use super::Declared;
use super::record::{Fields, find};
use crate::contract::Contract;
use crate::lang::ast::Atom;
use crate::reg::RegSet;
use crate::{Machine, Spec, SpecError};

pub(super) fn contract(name: &str, declared: Declared<'_>, spec: &Spec) -> Result<Contract, SpecError> {
    let fields = Fields::new(format!("contract `{name}`"), declared, &Contract::FIELDS, true)?;
    let machine = match fields.optional("machine") {
        Some(_) => Some(find(declared.source, "machine", &spec.machines, fields.name("machine")?)?),
        None => None,
    };
    let own = match fields.optional("own") {
        Some(_) => Some(fields.text("own")?),
        None => None,
    };
    Ok(Contract {
        name: name.to_owned(),
        machine: machine.map(|machine| machine.name.clone()),
        names: names(&fields)?,
        returns: returns(&fields)?,
        own,
        keeps: registers(&fields, "keeps", machine)?,
        changes: registers(&fields, "changes", machine)?,
        cites: fields.cites(),
    })
}

fn names(fields: &Fields<'_>) -> Result<Vec<String>, SpecError> {
    let name = |atom: &Atom| match atom {
        Atom::Name(name) => Ok(name.text.clone()),
        Atom::Text(text) => Ok(text.text.clone()),
        other => Err(fields.wrong("the name of a function", other)),
    };
    fields.get("names")?.atoms.iter().map(name).collect()
}

/// `returns: never`, or nothing.
fn returns(fields: &Fields<'_>) -> Result<bool, SpecError> {
    if fields.optional("returns").is_none() {
        return Ok(true);
    }
    let name = fields.name("returns")?;
    match name.text.as_str() {
        "never" => Ok(false),
        other => Err(SpecError::mismatch("`never`", format!("`{other}`")).at(fields.source, name.span)),
    }
}

fn registers(
    fields: &Fields<'_>,
    name: &'static str,
    machine: Option<&Machine>,
) -> Result<RegSet, SpecError> {
    match (fields.optional(name), machine) {
        (None, _) => Ok(RegSet::EMPTY),
        (Some(_), Some(machine)) => Ok(fields.registers(name, machine)?.into_iter().collect()),
        (Some(field), None) => {
            let missing =
                SpecError::Missing { what: "machine", of: "contract that names registers".to_owned() };
            Err(missing.at(fields.source, field.name.span))
        }
    }
}
