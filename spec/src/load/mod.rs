//! From trees to the model: items are gathered, a user's replace the embedded ones of the same name, names
//! are resolved, and every law of the specification is checked.

mod contract;
mod encoding;
mod frame;
mod frame_terms;
mod kind;
mod lowering;
mod machine;
mod meaning;
mod overlap;
mod platform;
mod record;
mod samples;
mod term;
mod width;

use crate::lang::ast::{File, FramePart, Item, Name, RecordKind, Span};
use crate::lang::{self, Location, Source};
use crate::{Spec, SpecError};
use indexmap::IndexMap;
use std::sync::OnceLock;

/// What an item declares: kind, machine (where it belongs to one), name.
type Key = (&'static str, String, String);

/// A lowering and the machine it is for; none: for all.
type LoweringOf<'a> = (Option<&'a Name>, Declared<'a>);

/// An item and where it stands.
#[derive(Clone, Copy)]
struct Declared<'a> {
    item: &'a Item,
    span: Span,
    source: &'a Source,
}

impl Declared<'_> {
    /// Where its name stands, or for what has none, the whole item.
    fn heading_span(&self) -> Span {
        heading(self.item).1.map_or(self.span, |name| name.span)
    }
}

impl Spec {
    /// The specification that comes with the crate.
    pub fn embedded() -> &'static Spec {
        static SPEC: OnceLock<Spec> = OnceLock::new();
        SPEC.get_or_init(|| match Spec::load(&[]) {
            Ok(spec) => spec,
            Err(error) => panic!("the embedded specification is broken: {:?}", miette::Report::new(error)),
        })
    }

    /// The embedded specification with a user's files over it: an item of the same name replaces the embedded
    /// one.
    ///
    /// # Errors
    /// The first thing wrong in the texts, with its place.
    pub fn load(user: &[Source]) -> Result<Spec, SpecError> {
        Spec::load_over(&Spec::embedded_sources(), user)
    }

    /// A specification from a base and files over it; two items of one name within either are an error.
    ///
    /// # Errors
    /// The first thing wrong in the texts, with its place.
    pub fn load_over(base: &[Source], user: &[Source]) -> Result<Spec, SpecError> {
        let parse = |sources: &[Source]| -> Result<Vec<File>, SpecError> {
            sources.iter().map(lang::parse).collect()
        };
        let base_files = parse(base)?;
        let user_files = parse(user)?;
        let (mut items, mut lowerings, mut base_lowerings) = (IndexMap::new(), Vec::new(), Vec::new());
        gather(&mut items, &mut base_lowerings, base, &base_files)?;
        gather(&mut items, &mut lowerings, user, &user_files)?;
        // The first that matches is taken: a user's go before the embedded ones.
        lowerings.extend(base_lowerings);
        build(&items, &lowerings)
    }
}

fn gather<'a>(
    items: &mut IndexMap<Key, Declared<'a>>,
    lowerings: &mut Vec<LoweringOf<'a>>,
    sources: &'a [Source],
    files: &'a [File],
) -> Result<(), SpecError> {
    let mut seen: IndexMap<Key, Declared<'a>> = IndexMap::new();
    for (source, file) in sources.iter().zip(files) {
        let mut machine: Option<&Name> = None;
        for line in &file.lines {
            let declared = Declared { item: &line.node, span: line.span, source };
            if let Item::On(name) = &line.node {
                machine = Some(name);
                continue;
            }
            if let Item::Lower(_) = &line.node {
                lowerings.push((machine, declared));
                continue;
            }
            let (kind, name, of_machine) = heading(&line.node);
            let machine = match (of_machine, machine) {
                (false, _) => String::new(),
                (true, Some(machine)) => machine.text.clone(),
                (true, None) => {
                    let of = format!("{kind} {}", name.map_or("", |n| &n.text)).trim_end().to_owned();
                    let missing = SpecError::Missing { what: "machine", of };
                    let help = "write `on MACHINE` above it".to_owned();
                    return Err(missing.at(source, declared.heading_span()).with_help(Some(help)));
                }
            };
            let span = declared.heading_span();
            let name = name.map_or_else(|| machine.clone(), |n| n.text.clone());
            let key = (kind, machine, name.clone());
            if let Some(first) = seen.get(&key) {
                let same = std::ptr::eq(first.source, source);
                let error = SpecError::Duplicate { what: kind, name }.at(source, span);
                return Err(if same {
                    error.with_also(first.heading_span(), "first declared here")
                } else {
                    error
                });
            }
            seen.insert(key, declared);
        }
    }
    items.extend(seen);
    Ok(())
}

/// An item's kind, name, and whether it belongs to a machine.
fn heading(item: &Item) -> (&'static str, Option<&Name>, bool) {
    match item {
        Item::On(name) => ("on", Some(name), false),
        Item::Record { kind: RecordKind::Machine, name, .. } => ("machine", Some(name), false),
        Item::Record { kind: RecordKind::Abi, name, .. } => ("abi", Some(name), false),
        Item::Record { kind: RecordKind::Helper, name, .. } => ("helper", Some(name), false),
        Item::Record { kind: RecordKind::Transition, name, .. } => ("transition", Some(name), false),
        Item::Record { kind: RecordKind::Platform, name, .. } => ("platform", Some(name), false),
        Item::Record { kind: RecordKind::Contract, name, .. } => ("contract", Some(name), false),
        Item::Registers(_) => ("registers", None, true),
        Item::Operand { name, .. } => ("operand", Some(name), true),
        Item::Compile(_) => ("compile", None, true),
        Item::Lower(lower) => ("lowering", Some(&lower.name), true),
        Item::Instruction { name, .. } => ("instruction", Some(name), true),
        Item::DefineEffects { name, .. } | Item::DefineTerm { name, .. } => ("definition", Some(name), true),
        Item::Frame { name, .. } => ("frame", Some(name), false),
    }
}

/// The parts of an item that messages speak of, and where they stand.
fn parts(item: &Item) -> Vec<(String, Span)> {
    match item {
        Item::Record { fields, .. } => {
            fields.lines.iter().map(|line| (line.node.name.text.clone(), line.span)).collect()
        }
        Item::Frame { body, .. } => {
            body.lines.iter().map(|line| (frame_part_name(&line.node), line.span)).collect()
        }
        _ => Vec::new(),
    }
}

fn frame_part_name(part: &FramePart) -> String {
    match part {
        FramePart::Set(name, _) => format!("set {}", name.text),
        FramePart::Size(name) => format!("size {}", name.text),
        FramePart::Let(name, _) => format!("let {}", name.text),
        FramePart::Region { name, .. } => format!("region {}", name.text),
        FramePart::Why(_) => "why".to_owned(),
        FramePart::Abi(_) => "abi".to_owned(),
        FramePart::Scratch(_) => "scratch".to_owned(),
        FramePart::Chain { .. } => "chain".to_owned(),
        FramePart::Requires(_) => "requires".to_owned(),
        FramePart::Debt { .. } => "debt".to_owned(),
        FramePart::Probed => "probed".to_owned(),
        FramePart::Realign(_) => "realign".to_owned(),
        FramePart::Base(_) => "base".to_owned(),
        FramePart::Allocate(..) => "allocate".to_owned(),
        FramePart::Prolog(_) => "prolog".to_owned(),
        FramePart::Epilog(_) => "epilog".to_owned(),
    }
}

fn build(items: &IndexMap<Key, Declared<'_>>, lowerings: &[LoweringOf<'_>]) -> Result<Spec, SpecError> {
    let mut spec = Spec {
        machines: IndexMap::new(),
        abis: IndexMap::new(),
        frames: IndexMap::new(),
        transitions: IndexMap::new(),
        helpers: IndexMap::new(),
        platforms: IndexMap::new(),
        contracts: IndexMap::new(),
        places: IndexMap::new(),
        parts: IndexMap::new(),
    };
    for ((kind, machine, name), declared) in items {
        let location = |span| Location { source: declared.source.clone(), span };
        spec.places.insert((*kind, machine.clone(), name.clone()), location(declared.span));
        for (part, span) in parts(declared.item) {
            spec.parts.insert((*kind, name.clone(), part), location(span));
        }
    }
    let of_kind = |kind: &'static str| items.iter().filter(move |(key, _)| key.0 == kind);
    for ((_, _, name), &declared) in of_kind("machine") {
        let machine = machine::machine(name, declared, items)?;
        spec.machines.insert(name.clone(), machine);
    }
    for kind in ["registers", "operand", "instruction", "definition", "compile"] {
        for ((_, machine, name), &declared) in of_kind(kind) {
            if !spec.machines.contains_key(machine) {
                let error = SpecError::Missing { what: "machine", of: format!("{kind} {name}") };
                let help = format!("no machine `{machine}` is declared");
                return Err(error.at(declared.source, declared.heading_span()).with_help(Some(help)));
            }
        }
    }
    add_lowerings(&mut spec, lowerings)?;
    for ((_, _, name), &declared) in of_kind("abi") {
        let abi = record::abi(name, declared, &spec)?;
        spec.abis.insert(name.clone(), abi);
    }
    for ((_, _, name), &declared) in of_kind("platform") {
        let platform = platform::platform(name, declared, &spec)?;
        spec.platforms.insert(name.clone(), platform);
    }
    for ((_, _, name), &declared) in of_kind("helper") {
        let helper = record::helper(name, declared, &spec)?;
        spec.helpers.insert(name.clone(), helper);
    }
    for ((_, _, name), &declared) in of_kind("contract") {
        let contract = contract::contract(name, declared, &spec)?;
        spec.contracts.insert(name.clone(), contract);
    }
    frame::frames(of_kind("frame").map(|(key, &declared)| (&key.2, declared)), &mut spec)?;
    for ((_, _, name), &declared) in of_kind("transition") {
        let transition = record::transition(name, declared, &spec)?;
        spec.transitions.insert(name.clone(), transition);
    }
    Ok(spec)
}

/// Each machine's lowerings in order, those of no machine behind its own.
fn add_lowerings(spec: &mut Spec, lowerings: &[LoweringOf<'_>]) -> Result<(), SpecError> {
    let mut common = Vec::new();
    for &(machine, declared) in lowerings {
        let Some(machine) = machine else {
            common.push(lowering::lowering(declared, None)?);
            continue;
        };
        let Some(machine) = spec.machines.get_mut(&machine.text) else {
            let of = format!("lowering of `{}`", machine.text);
            return Err(SpecError::Missing { what: "machine", of }.at(declared.source, declared.span));
        };
        let made = lowering::lowering(declared, Some(machine))?;
        machine.lowerings.entry(made.operation.clone()).or_default().push(made);
    }
    for machine in spec.machines.values_mut().filter(|machine| machine.compile.is_some()) {
        for lowering in &common {
            machine.lowerings.entry(lowering.operation.clone()).or_default().push(lowering.clone());
        }
    }
    Ok(())
}
