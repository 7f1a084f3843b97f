//! Records: fields by name, and what is made of them: conventions and transitions.

use super::Declared;
use crate::abi::Abi;
use crate::claim::UnwindFormat;
use crate::error::did_you_mean;
use crate::helper::Helper;
use crate::lang::Source;
use crate::lang::ast::{Atom, Field, Item, Name, Number, Span};
use crate::reg::{Reg, RegSet};
use crate::transition::{Disposal, Transition};
use crate::{Machine, Spec, SpecError};
use indexmap::IndexMap;

/// The fields of one record, each at most once and each of a known name.
pub(super) struct Fields<'a> {
    pub(super) source: &'a Source,
    record: String,
    span: Span,
    fields: IndexMap<&'a str, &'a Field>,
}

impl<'a> Fields<'a> {
    /// The fields of a record that may have those of `known`. `cited` demands a citation of each.
    pub(super) fn new(
        record: String,
        declared: Declared<'a>,
        known: &[&str],
        cited: bool,
    ) -> Result<Fields<'a>, SpecError> {
        let (source, span) = (declared.source, declared.heading_span());
        let lines: Vec<&'a Field> = match declared.item {
            Item::Record { fields, .. } | Item::Compile(fields) => fields.nodes().collect(),
            _ => Vec::new(),
        };
        let mut fields: IndexMap<&str, &Field> = IndexMap::new();
        for field in lines {
            let name = field.name.text.as_str();
            if !known.contains(&name) {
                let error = SpecError::Unknown { what: "field", name: name.to_owned() };
                let help = did_you_mean(name, known.iter().copied())
                    .unwrap_or_else(|| format!("a {record} has the fields {}", known.join(", ")));
                return Err(error.at(source, field.name.span).with_help(Some(help)));
            }
            if cited && field.cite.is_none() {
                let what = format!("field `{name}` of {record}");
                return Err(SpecError::MissingCitation { what }.at(source, field.name.span));
            }
            if let Some(first) = fields.insert(name, field) {
                let error = SpecError::Duplicate { what: "field", name: name.to_owned() };
                let error = error.at(source, field.name.span);
                return Err(error.with_also(first.name.span, "first stated here"));
            }
        }
        Ok(Fields { source, record, span, fields })
    }

    pub(super) fn optional(&self, name: &str) -> Option<&'a Field> {
        self.fields.get(name).copied()
    }

    pub(super) fn get(&self, name: &'static str) -> Result<&'a Field, SpecError> {
        self.optional(name).ok_or_else(|| {
            SpecError::Missing { what: name, of: self.record.clone() }.at(self.source, self.span)
        })
    }

    pub(super) fn cites(&self) -> IndexMap<String, String> {
        let cited = self.fields.iter().filter_map(|(name, field)| Some((name, field.cite.as_ref()?)));
        cited.map(|(name, cite)| ((*name).to_owned(), cite.text.clone())).collect()
    }

    /// The one atom of a field.
    fn single(&self, name: &'static str, expected: &str) -> Result<&'a Atom, SpecError> {
        let field = self.get(name)?;
        match field.atoms.as_slice() {
            [atom] => Ok(atom),
            atoms => {
                let found = format!("{} values", atoms.len());
                Err(SpecError::mismatch(expected, found).at(self.source, field.name.span))
            }
        }
    }

    pub(super) fn name(&self, name: &'static str) -> Result<&'a Name, SpecError> {
        match self.single(name, "one name")? {
            Atom::Name(name) => Ok(name),
            other => Err(self.wrong("a name", other)),
        }
    }

    pub(super) fn number(&self, name: &'static str) -> Result<u32, SpecError> {
        match self.single(name, "one number")? {
            Atom::Number(number) => small(self.source, number, u32::MAX),
            other => Err(self.wrong("a number", other)),
        }
    }

    pub(super) fn text(&self, name: &'static str) -> Result<String, SpecError> {
        match self.single(name, "one text")? {
            Atom::Text(text) => Ok(text.text.clone()),
            other => Err(self.wrong("a text in quotes", other)),
        }
    }

    pub(super) fn numbers(&self, name: &'static str) -> Result<Vec<u32>, SpecError> {
        let number = |atom: &Atom| match atom {
            Atom::Number(number) => small(self.source, number, u32::MAX),
            other => Err(self.wrong("a number", other)),
        };
        self.get(name)?.atoms.iter().map(number).collect()
    }

    pub(super) fn register(&self, name: &'static str, machine: &Machine) -> Result<Reg, SpecError> {
        register(self.source, machine, self.name(name)?)
    }

    /// Registers, each once.
    pub(super) fn registers(&self, name: &'static str, machine: &Machine) -> Result<Vec<Reg>, SpecError> {
        let mut regs = Vec::new();
        for (reg, _) in self.register_bits(name, machine)? {
            regs.push(reg);
        }
        Ok(regs)
    }

    /// Registers, each once, with the named bits as a mask.
    fn register_bits(&self, name: &'static str, machine: &Machine) -> Result<Vec<(Reg, u128)>, SpecError> {
        let mut result: Vec<(Reg, u128)> = Vec::new();
        for atom in &self.get(name)?.atoms {
            let (name, mask) = match atom {
                Atom::Name(name) => {
                    let reg = register(self.source, machine, name)?;
                    (name, ones(machine.register(reg).bits))
                }
                Atom::Bits(name, high, low) => {
                    let reg = register(self.source, machine, name)?;
                    (name, self.mask(machine, reg, high, low)?)
                }
                other => return Err(self.wrong("a register", other)),
            };
            let reg = register(self.source, machine, name)?;
            if result.iter().any(|&(r, _)| r == reg) {
                let error = SpecError::Duplicate { what: "register", name: name.text.clone() };
                return Err(error.at(self.source, name.span));
            }
            result.push((reg, mask));
        }
        Ok(result)
    }

    fn mask(&self, machine: &Machine, reg: Reg, high: &Number, low: &Number) -> Result<u128, SpecError> {
        let bits = machine.register(reg).bits;
        let high_bit = small(self.source, high, bits - 1)?;
        let low_bit = small(self.source, low, high_bit)?;
        Ok(ones(high_bit + 1) & !ones(low_bit))
    }

    pub(super) fn wrong(&self, expected: &str, found: &Atom) -> SpecError {
        let (found, span) = match found {
            Atom::Name(name) => (format!("`{}`", name.text), name.span),
            Atom::Bits(name, _, high) => (format!("bits of `{}`", name.text), name.span.to(high.span)),
            Atom::In(name, place) => (format!("`{} in {}`", name.text, place.text), name.span.to(place.span)),
            Atom::Number(number) => (format!("`{}`", number.value), number.span),
            Atom::Text(text) => ("a text".to_owned(), text.span),
        };
        SpecError::mismatch(expected, found).at(self.source, span)
    }
}

/// The lowest `bits` bits.
pub(super) fn ones(bits: u32) -> u128 {
    if bits >= 128 { u128::MAX } else { (1 << bits) - 1 }
}

/// A number within a limit.
pub(super) fn small(source: &Source, number: &Number, limit: u32) -> Result<u32, SpecError> {
    match u32::try_from(number.value) {
        Ok(value) if value <= limit => Ok(value),
        _ => {
            let what = format!("`{}`", number.value);
            Err(SpecError::TooLarge { what, limit: i64::from(limit) }.at(source, number.span))
        }
    }
}

/// The full-width register of that name.
pub(super) fn register(source: &Source, machine: &Machine, name: &Name) -> Result<Reg, SpecError> {
    if let Some(reg) = machine.reg(&name.text) {
        return Ok(reg);
    }
    let help = match machine.views.get(&name.text) {
        Some(view) => {
            let whole = &machine.register(view.reg).name;
            Some(format!("`{}` is only a part; the register is `{whole}`", name.text))
        }
        None => did_you_mean(&name.text, machine.registers.iter().map(|r| r.name.as_str())),
    };
    Err(unknown(source, "register", name).with_help(help))
}

pub(super) fn unknown(source: &Source, what: &'static str, name: &Name) -> SpecError {
    SpecError::Unknown { what, name: name.text.clone() }.at(source, name.span)
}

/// What a name declares among `known`.
pub(super) fn find<'a, T>(
    source: &Source,
    what: &'static str,
    known: &'a IndexMap<String, T>,
    name: &Name,
) -> Result<&'a T, SpecError> {
    known.get(&name.text).ok_or_else(|| {
        let help = did_you_mean(&name.text, known.keys().map(String::as_str));
        unknown(source, what, name).with_help(help)
    })
}

pub(super) fn abi(name: &str, declared: Declared<'_>, spec: &Spec) -> Result<Abi, SpecError> {
    let fields = Fields::new(format!("abi `{name}`"), declared, &Abi::FIELDS, true)?;
    let machine_name = fields.name("machine")?;
    let machine = find(declared.source, "machine", &spec.machines, machine_name)?;
    let callee_saved = fields.register_bits("callee_saved", machine)?;
    for &(reg, mask) in &callee_saved {
        if mask & 1 == 0 || mask.wrapping_add(1) & mask != 0 {
            let found = format!("others of `{}`", machine.register(reg).name);
            let error = SpecError::mismatch("the lowest bits of a callee-saved register", found);
            return Err(error.at(declared.source, fields.get("callee_saved")?.name.span));
        }
    }
    let stack_align = fields.number("stack_align")?;
    if !stack_align.is_power_of_two() {
        let error = SpecError::mismatch("a power of two", format!("`{stack_align}`"));
        return Err(error.at(declared.source, fields.get("stack_align")?.name.span));
    }
    let args_by_position = match fields.optional("args_by") {
        None => false,
        Some(_) => match fields.name("args_by")? {
            name if name.text == "position" => true,
            name if name.text == "class" => false,
            name => {
                let help = Some("one of `class`, `position`".to_owned());
                return Err(unknown(declared.source, "order of arguments", name).with_help(help));
            }
        },
    };
    let reserved = match fields.optional("reserved") {
        Some(_) => fields.registers("reserved", machine)?,
        None => Vec::new(),
    };
    if let Some(&reg) = reserved.iter().find(|reg| callee_saved.iter().any(|(saved, _)| saved == *reg)) {
        let found = format!("`{}` in both", machine.register(reg).name);
        let error = SpecError::mismatch("a register that is reserved or callee-saved", found);
        return Err(error.at(declared.source, fields.get("reserved")?.name.span));
    }
    let unwind = match fields.optional("unwind") {
        Some(field) => unwind_formats(&fields, field)?,
        None => vec![UnwindFormat::DwarfCfi],
    };
    Ok(Abi {
        name: name.to_owned(),
        machine: machine_name.text.clone(),
        int_args: fields.registers("int_args", machine)?,
        float_args: fields.registers("float_args", machine)?,
        int_results: fields.registers("int_results", machine)?,
        float_results: fields.registers("float_results", machine)?,
        callee_saved: callee_saved.into_iter().map(|(reg, mask)| (reg, mask.count_ones())).collect(),
        reserved,
        args_by_position,
        control_bits: fields.register_bits("control_bits", machine)?,
        stack_align,
        red_zone: fields.number("red_zone")?,
        shadow_space: fields.number("shadow_space")?,
        pushed_return: fields.number("pushed_return")?,
        stack_arg_bytes: fields.number("stack_arg_bytes")?,
        page_bytes: fields.number("page_bytes")?,
        guard_bytes: fields.optional("guard_bytes").map(|_| fields.number("guard_bytes")).transpose()?,
        untouched_bytes: fields
            .optional("untouched_bytes")
            .map_or(Ok(0), |_| fields.number("untouched_bytes"))?,
        unwind,
        cites: fields.cites(),
    })
}

pub(super) fn helper(name: &str, declared: Declared<'_>, spec: &Spec) -> Result<Helper, SpecError> {
    let fields = Fields::new(format!("helper `{name}`"), declared, &Helper::FIELDS, true)?;
    let machine = find(declared.source, "machine", &spec.machines, fields.name("machine")?)?;
    let size = fields.register("size", machine)?;
    let spoils: RegSet = fields.registers("spoils", machine)?.into_iter().collect();
    if spoils.contains(size) || spoils.contains(machine.sp) {
        let error = SpecError::mismatch("registers besides SP and that of the size", "one of them");
        return Err(error.at(declared.source, fields.get("spoils")?.name.span));
    }
    let unit = fields.number("unit")?;
    if !unit.is_power_of_two() {
        let error = SpecError::mismatch("a power of two", format!("`{unit}`"));
        return Err(error.at(declared.source, fields.get("unit")?.name.span));
    }
    Ok(Helper {
        name: name.to_owned(),
        machine: machine.name.clone(),
        symbol: fields.text("symbol")?,
        size,
        unit,
        spoils,
        cites: fields.cites(),
    })
}

/// Formats of unwinding data by name, each once.
fn unwind_formats(fields: &Fields<'_>, field: &Field) -> Result<Vec<UnwindFormat>, SpecError> {
    let mut formats = Vec::new();
    for atom in &field.atoms {
        let Atom::Name(name) = atom else { return Err(fields.wrong("a format of unwinding data", atom)) };
        let format = UnwindFormat::ALL.into_iter().find(|format| format.name() == name.text);
        let format = format.ok_or_else(|| {
            let help = did_you_mean(&name.text, UnwindFormat::ALL.iter().map(|format| format.name()));
            unknown(fields.source, "format of unwinding data", name).with_help(help)
        })?;
        if formats.contains(&format) {
            let what = "format of unwinding data";
            let error = SpecError::Duplicate { what, name: name.text.clone() };
            return Err(error.at(fields.source, name.span));
        }
        formats.push(format);
    }
    Ok(formats)
}

pub(super) fn transition(name: &str, declared: Declared<'_>, spec: &Spec) -> Result<Transition, SpecError> {
    const KNOWN: [&str; 8] =
        ["source", "target", "disposal", "carries", "kept", "restored", "lowered", "why"];
    let fields = Fields::new(format!("transition `{name}`"), declared, &KNOWN, false)?;
    let text = declared.source;
    let source = find(text, "frame", &spec.frames, fields.name("source")?)?;
    let target = find(text, "frame", &spec.frames, fields.name("target")?)?;
    let disposal_name = fields.name("disposal")?;
    let disposal = match disposal_name.text.as_str() {
        "extend" => Disposal::Extend,
        "replace" => Disposal::Replace,
        "reuse" => Disposal::Reuse,
        _ => {
            let help = Some("one of `extend`, `replace`, `reuse`".to_owned());
            return Err(unknown(text, "disposal", disposal_name).with_help(help));
        }
    };
    if disposal == Disposal::Extend && target.extends.as_deref() != Some(&source.name) {
        let expected = format!("a frame that extends `{}`", source.name);
        let error = SpecError::mismatch(expected, format!("`{}`", target.name));
        return Err(error.at(text, fields.name("target")?.span));
    }
    let machine = spec.machine_of_abi(&source.abi)?;
    let mut carries = Vec::new();
    for atom in fields.optional("carries").map_or(&[][..], |field| &field.atoms) {
        let Atom::In(thing, place) = atom else { return Err(fields.wrong("`thing in register`", atom)) };
        carries.push((thing.text.clone(), register(text, machine, place)?));
    }
    let kept: RegSet = fields.registers("kept", machine)?.into_iter().collect();
    let restored = match fields.optional("restored") {
        Some(field) => restored(&fields, field, spec.abi(&source.abi)?, machine)?.minus(kept),
        None => RegSet::EMPTY,
    };
    let lowered = if fields.optional("lowered").is_some() { fields.number("lowered")? } else { 0 };
    Ok(Transition {
        name: name.to_owned(),
        source: source.name.clone(),
        target: target.name.clone(),
        disposal,
        carries,
        kept,
        restored,
        lowered: i64::from(lowered),
        cite: fields.text("why")?,
    })
}

/// Registers by name, `callee_saved` for all of the convention's.
fn restored(fields: &Fields<'_>, field: &Field, abi: &Abi, machine: &Machine) -> Result<RegSet, SpecError> {
    let mut set = RegSet::EMPTY;
    for atom in &field.atoms {
        set = match atom {
            Atom::Name(name) if name.text == "callee_saved" => set.union(abi.callee_saved_set()),
            Atom::Name(name) => set.with(register(fields.source, machine, name)?),
            other => return Err(fields.wrong("a register or `callee_saved`", other)),
        };
    }
    let owed = |reg: Reg| abi.callee_saved_set().contains(reg) || machine.link == Some(reg);
    match set.iter().find(|&reg| !owed(reg) || reg == machine.sp) {
        Some(reg) => {
            let found = format!("`{}`", machine.register(reg).name);
            let error = SpecError::mismatch("callee-saved registers or the link register", found);
            Err(error.at(fields.source, field.name.span))
        }
        None => Ok(set),
    }
}
