//! Kinds of operands: registers by number, and numbers of some width.

use super::Declared;
use super::record::{small, unknown};
use crate::SpecError;
use crate::encoding::{Choice, KindForm, OperandKind};
use crate::error::did_you_mean;
use crate::lang::Source;
use crate::lang::ast::{Item, Kind, KindEntry, Label, Name, Number, Text};
use crate::machine::Machine;

/// Registers that a kind may list.
const CHOICE_LIMIT: usize = 64;
/// Numbers that a kind may name.
const NAME_LIMIT: usize = 256;
/// Widest number, bits.
const NUMBER_LIMIT: u32 = 64;
/// The word for the zero register.
const ZERO: &str = "zero";

pub(super) fn kind(declared: Declared<'_>, machine: &Machine) -> Result<OperandKind, SpecError> {
    let Item::Operand { name, kind } = declared.item else {
        return Err(SpecError::Missing { what: "kind", of: "operand".to_owned() });
    };
    let source = declared.source;
    let (form, excluded) = match kind {
        Kind::Register { prefix, entries } => {
            (registers(source, machine, name, prefix.as_ref(), entries)?, Vec::new())
        }
        Kind::Names { entries } => return names(source, name, entries),
        Kind::Number { word, bits, but } => {
            let form = number(source, word, bits)?;
            let excluded = but.iter().map(|but| excluded(source, &form, but)).collect::<Result<_, _>>()?;
            (form, excluded)
        }
    };
    Ok(OperandKind { name: name.text.clone(), form, excluded, names: Vec::new() })
}

/// Numbers from zero on, each spelled as a name; `_` is not encodable.
fn names(source: &Source, name: &Name, entries: &[Label]) -> Result<OperandKind, SpecError> {
    if !entries.len().is_power_of_two() || !(2..=NAME_LIMIT).contains(&entries.len()) {
        let expected = format!("a power of two of names, at most {NAME_LIMIT}");
        let error = SpecError::mismatch(expected, entries.len().to_string()).at(source, name.span);
        return Err(error.with_help(Some("write `_` for a number that has no name".to_owned())));
    }
    let mut names: Vec<Option<String>> = Vec::new();
    for entry in entries {
        let (text, span) = match entry {
            Label::Name(name) => (&name.text, name.span),
            Label::Text(text) => (&text.text, text.span),
        };
        let own = (text != "_").then(|| text.clone());
        if own.is_some() && names.contains(&own) {
            return Err(SpecError::Duplicate { what: "name", name: text.clone() }.at(source, span));
        }
        names.push(own);
    }
    let form = KindForm::Unsigned { bits: entries.len().trailing_zeros() };
    let excluded = (0..).zip(&names).filter(|(_, name)| name.is_none()).map(|(number, _)| number).collect();
    Ok(OperandKind { name: name.text.clone(), form, excluded, names })
}

fn registers(
    source: &Source,
    machine: &Machine,
    name: &Name,
    prefix: Option<&Text>,
    entries: &[KindEntry],
) -> Result<KindForm, SpecError> {
    if !entries.len().is_power_of_two() || !(2..=CHOICE_LIMIT).contains(&entries.len()) {
        let expected = format!("a power of two of registers, at most {CHOICE_LIMIT}");
        let error = SpecError::mismatch(expected, entries.len().to_string()).at(source, name.span);
        return Err(error.with_help(Some("write `_` for a number that stands for no register".to_owned())));
    }
    let mut width: Option<(u32, &Name)> = None;
    let mut choices = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        let own = &entry.name;
        if own.text == "_" {
            choices.push(None);
            continue;
        }
        if entries[..i].iter().any(|other| other.name.text == own.text) {
            return Err(
                SpecError::Duplicate { what: "register", name: own.text.clone() }.at(source, own.span)
            );
        }
        let view = machine.views.get(&own.text);
        if view.is_none() && own.text != ZERO {
            let help = did_you_mean(&own.text, machine.views.keys().map(String::as_str));
            return Err(unknown(source, "register", own).with_help(help));
        }
        if let Some(view) = view {
            let (bits, first) = *width.get_or_insert((view.bits, own));
            if bits != view.bits {
                let expected = format!("a register of {bits} bits as `{}` before", first.text);
                let found = format!("one of {}", view.bits);
                return Err(SpecError::mismatch(expected, found).at(source, own.span));
            }
        }
        let prefix = prefix.map_or("", |prefix| &prefix.text);
        let spelling = entry.spelling.as_ref();
        let spelling = spelling.map_or_else(|| format!("{prefix}{}", own.text), |text| text.text.clone());
        choices.push(Some(Choice { spelling, view: view.cloned() }));
    }
    match width {
        Some((bits, _)) => Ok(KindForm::Register { bits, choices }),
        None => {
            let missing = SpecError::Missing { what: "register", of: format!("operand `{}`", name.text) };
            Err(missing.at(source, name.span))
        }
    }
}

fn number(source: &Source, word: &Name, width: &Number) -> Result<KindForm, SpecError> {
    let bits = small(source, width, NUMBER_LIMIT)?;
    let wrong = |expected: &str| {
        let found = format!("`{}`", width.value);
        Err(SpecError::mismatch(expected, found).at(source, width.span))
    };
    if bits == 0 {
        return wrong("at least one bit");
    }
    Ok(match word.text.as_str() {
        "signed" => KindForm::Signed { bits },
        "unsigned" => KindForm::Unsigned { bits },
        "code" => KindForm::Code { bits },
        "bitmask" if !matches!(bits, 32 | 64) => return wrong("a value of 32 or 64 bits"),
        "bitmask" => KindForm::Bitmask { bits },
        other => {
            let known = ["register", "names", "signed", "unsigned", "code", "bitmask"];
            let help = did_you_mean(other, known.into_iter())
                .unwrap_or_else(|| format!("one of {}", known.join(", ")));
            return Err(unknown(source, "kind of operands", word).with_help(Some(help)));
        }
    })
}

fn excluded(
    source: &Source,
    form: &KindForm,
    (negative, number): &(bool, Number),
) -> Result<i128, SpecError> {
    let (low, high) = match *form {
        KindForm::Signed { bits } | KindForm::Code { bits } => {
            (-(1i128 << (bits - 1)), (1 << (bits - 1)) - 1)
        }
        KindForm::Unsigned { bits } | KindForm::Bitmask { bits } => (0, (1i128 << bits) - 1),
        KindForm::Register { .. } => (0, 0),
    };
    let value = i128::try_from(number.value).unwrap_or(i128::MAX);
    let value = if *negative { -value } else { value };
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    let expected = format!("a number from {low} to {high}");
    Err(SpecError::mismatch(expected, format!("`{value}`")).at(source, number.span))
}
