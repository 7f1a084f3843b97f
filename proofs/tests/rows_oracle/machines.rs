//! What the oracles must know of a machine beside its rows: `machines.json`, an entry a machine.

use framewright_spec::{Machine, Reg, Spec};
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
    /// How to run it.
    pub(crate) emulation: Emulation,
    /// Rows that the disassembler spells otherwise than the assembler, and why.
    pub(crate) disassembled_otherwise: BTreeMap<String, String>,
}

/// A machine under an emulator. Offsets are bytes from where the pointer points; see the records of `emulation.rs`.
pub(crate) struct Emulation {
    /// The emulator and its arguments.
    pub(crate) emulator: Vec<String>,
    /// The program's source.
    pub(crate) template: String,
    /// A record's first byte.
    pub(crate) start: i64,
    /// The state before, and after.
    pub(crate) before: i64,
    pub(crate) after: i64,
    /// Memory that instructions may touch.
    pub(crate) scratch: i64,
    /// The instruction.
    pub(crate) code: i64,
    /// Registers of which one points at the record.
    pub(crate) pointers: [Reg; 2],
    /// Words and bits of flags and control registers.
    pub(crate) specials: BTreeMap<String, (u64, u32)>,
    /// Values of control registers; zero if there are none.
    pub(crate) control: BTreeMap<String, Vec<u128>>,
    /// Bits of control registers that the model does not speak of.
    pub(crate) sticky: BTreeMap<String, u128>,
    /// What stands before an instruction of two bytes.
    pub(crate) half: Vec<u8>,
    /// Beginnings of the names of rows that want aligned addresses.
    pub(crate) aligned: Vec<String>,
    /// Beginnings of the names of rows whose registers must differ, for the manual says nothing of their effect else.
    pub(crate) distinct: Vec<String>,
    /// Beginnings of the names of rows whose exception is not raised, and why.
    pub(crate) goes_on: BTreeMap<String, String>,
    /// Rows that are not run, and why.
    pub(crate) not_run: BTreeMap<String, String>,
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
        emulation: emulation(machine, &entry["emulation"])?,
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
    table(entry, field, |value| value.as_str().map(str::to_owned))
}

/// Something by name.
fn table<T>(
    entry: &Value,
    field: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<BTreeMap<String, T>, String> {
    let wrong = || format!("machines.json: `{field}` is not the table it should be");
    let fields = entry[field].as_object().ok_or_else(wrong)?;
    fields
        .iter()
        .map(|(name, value)| Some((name.clone(), read(value)?)))
        .collect::<Option<_>>()
        .ok_or_else(wrong)
}

fn emulation(machine: &Machine, entry: &Value) -> Result<Emulation, String> {
    let offset =
        |name: &str| entry["layout"][name].as_i64().ok_or_else(|| format!("machines.json: no `{name}`"));
    let pointers = list(entry, "pointers")?;
    let [first, second] = pointers.as_slice() else { return Err("machines.json: two pointers".to_owned()) };
    let reg = |name: &str| machine.reg(name).ok_or_else(|| format!("machines.json: no register {name}"));
    let place = |value: &Value| Some((value[0].as_u64()?, value[1].as_u64()? as u32));
    let numbers = |value: &Value| value.as_array()?.iter().map(|n| n.as_u64().map(u128::from)).collect();
    let half = text(entry, "half")?;
    let pairs = half.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    let bytes = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok());
    Ok(Emulation {
        emulator: list(entry, "emulator")?,
        template: text(entry, "template")?,
        start: offset("start")?,
        before: offset("in")?,
        after: offset("out")?,
        scratch: offset("scratch")?,
        code: offset("code")?,
        pointers: [reg(first)?, reg(second)?],
        specials: table(entry, "specials", place)?,
        control: table(entry, "control", numbers)?,
        sticky: table(entry, "sticky", |value| value.as_u64().map(u128::from))?,
        half: bytes.collect::<Option<_>>().ok_or("machines.json: `half` is not bytes")?,
        aligned: list(entry, "aligned")?,
        distinct: list(entry, "distinct")?,
        goes_on: texts(entry, "goes_on")?,
        not_run: texts(entry, "not_run")?,
    })
}
