//! What the oracles must know of a machine beside its rows: `machines.json`, an entry a machine.

use framewright_spec::{Machine, Spec};
use serde_json::Value;
use std::collections::BTreeMap;

/// A machine whose rows have bit patterns, and how outside tools name it.
pub(crate) struct Subject {
    pub(crate) machine: &'static Machine,
    /// LLVM's triple.
    pub(crate) triple: String,
    /// LLVM's attributes.
    pub(crate) attributes: String,
    /// Arguments that make LLVM's disassembler name each instruction itself, as far as there are any.
    pub(crate) printing: Vec<String>,
    /// What starts a comment in LLVM's listings.
    pub(crate) comment: String,
    /// Characters of assembly text that say nothing.
    pub(crate) silent: String,
    /// The directive to stand before instructions of so many bytes.
    pub(crate) directives: BTreeMap<String, String>,
    /// What the assembler says of instructions whose effect the manual leaves open.
    pub(crate) unpredictable: Vec<String>,
    /// Rows that the disassembler spells otherwise than the assembler, and why.
    pub(crate) disassembled_otherwise: BTreeMap<String, String>,
}

/// All machines whose rows have bit patterns.
pub(crate) fn subjects() -> Result<Vec<Subject>, String> {
    let table: Value = serde_json::from_str(include_str!("machines.json")).map_err(|e| e.to_string())?;
    let coded = Spec::embedded().machines.values().filter(|machine| machine.has_encodings());
    coded.map(|machine| subject(machine, &table)).collect()
}

fn subject(machine: &'static Machine, table: &Value) -> Result<Subject, String> {
    let entry = table.get(&machine.name);
    let entry = entry.ok_or_else(|| format!("machine `{}` is not in machines.json", machine.name))?;
    Ok(Subject {
        machine,
        triple: text(entry, "triple")?,
        attributes: text(entry, "attributes")?,
        printing: list(entry, "printing")?,
        comment: text(entry, "comment")?,
        silent: text(entry, "silent")?,
        directives: texts(entry, "directives")?,
        unpredictable: list(entry, "unpredictable")?,
        disassembled_otherwise: texts(entry, "disassembled_otherwise")?,
    })
}

pub(crate) fn text(entry: &Value, field: &str) -> Result<String, String> {
    entry[field].as_str().map(str::to_owned).ok_or_else(|| format!("machines.json: no text `{field}`"))
}

fn list(entry: &Value, field: &str) -> Result<Vec<String>, String> {
    let items = entry[field].as_array().ok_or_else(|| format!("machines.json: no list `{field}`"))?;
    let text = |item: &Value| item.as_str().map(str::to_owned);
    items
        .iter()
        .map(text)
        .collect::<Option<_>>()
        .ok_or_else(|| format!("machines.json: `{field}` is not texts"))
}

/// Texts by name.
pub(crate) fn texts(entry: &Value, field: &str) -> Result<BTreeMap<String, String>, String> {
    let fields = entry[field].as_object().ok_or_else(|| format!("machines.json: no table `{field}`"))?;
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    fields
        .iter()
        .map(text)
        .collect::<Option<_>>()
        .ok_or_else(|| format!("machines.json: `{field}` is not texts"))
}
