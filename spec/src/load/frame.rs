//! Frames: names resolved, and the layout laws tried on sample shapes.
//!
//! What a prolog or epilog *does* is not judged here: the prover does that on the bytes.

use super::record::{find, register, small, unknown};
use super::{Declared, samples};
use crate::error::did_you_mean;
use crate::frame::{Allocate, Debt, Frame, Num, Realign, Region, RegionRole, SetExpr, SetParam};
use crate::lang::Source;
use crate::lang::ast::{self, Block, FramePart, Item, Name, Role, Span, Sum};
use crate::{Machine, Spec, SpecError};
use indexmap::IndexMap;

/// Names that a frame must not declare, because they have a meaning in every frame.
const RESERVED: [&str; 4] = ["total", "callee_saved", "int", "float"];

/// Adds the declared frames to the specification, extended ones first.
pub(super) fn frames<'a>(
    items: impl Iterator<Item = (&'a String, Declared<'a>)>,
    spec: &mut Spec,
) -> Result<(), SpecError> {
    let mut waiting: IndexMap<&String, Declared<'a>> = items.collect();
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|(_, declared)| match extends(*declared) {
            Some(name) => !waiting.contains_key(&name.text),
            None => true,
        });
        let Some((name, declared)) = waiting.shift_remove_index(ready.unwrap_or(0)) else { break };
        if ready.is_none() {
            return Err(SpecError::Cycle { name: name.clone() }.at(declared.source, declared.span));
        }
        let frame = frame(name, declared, spec)?;
        spec.frames.insert(name.clone(), frame);
        samples::try_layouts(spec, name)
            .map_err(|error| error.at(declared.source, declared.heading_span()))?;
    }
    Ok(())
}

fn extends<'a>(declared: Declared<'a>) -> Option<&'a Name> {
    match declared.item {
        Item::Frame { extends, .. } => extends.as_ref(),
        _ => None,
    }
}

fn frame(name: &str, declared: Declared<'_>, spec: &Spec) -> Result<Frame, SpecError> {
    let Item::Frame { extends, body, .. } = declared.item else {
        return Err(SpecError::Missing { what: "body", of: format!("frame `{name}`") });
    };
    let source = declared.source;
    let missing = |what| {
        let of = format!("frame `{name}`");
        SpecError::Missing { what, of }.at(source, declared.heading_span())
    };
    let extended = extends.as_ref().map(|name| find(source, "frame", &spec.frames, name)).transpose()?;
    let abi = body.nodes().find_map(|part| if let FramePart::Abi(abi) = part { Some(abi) } else { None });
    let abi = match (abi, extended) {
        (Some(abi), _) => find(source, "calling convention", &spec.abis, abi)?.name.clone(),
        (None, Some(extended)) => extended.abi.clone(),
        (None, None) => return Err(missing("abi")),
    };
    let machine = spec.machine_of_abi(&abi)?;
    let mut builder = Builder {
        spec,
        machine,
        source,
        frame: Frame {
            name: name.to_owned(),
            abi,
            extends: extends.as_ref().map(|name| name.text.clone()),
            sets: Vec::new(),
            sizes: Vec::new(),
            requires: Vec::new(),
            debt: Debt::Shared,
            regions: Vec::new(),
            realign: None,
            probed: false,
            base: None,
            allocate: None,
            scratch: SetExpr::Members(Vec::new()),
            chain_return: false,
            lets: Vec::new(),
            prolog: Vec::new(),
            epilog: Vec::new(),
            cite: String::new(),
        },
        names: IndexMap::new(),
        variables: Vec::new(),
        labels: Vec::new(),
    };
    builder.declare(body)?;
    builder.fill(body)?;
    let chained = builder.frame.regions.iter().any(|region| region.role == RegionRole::SavedFp);
    for part in ["prolog", "epilog", "why", "chain"] {
        if !builder.names.contains_key(part) && (chained || part != "chain") {
            return Err(missing(part));
        }
    }
    builder.check_debt(body)?;
    builder.check_moving(body)?;
    builder.acyclic_lets(body)?;
    Ok(builder.frame)
}

/// A frame in the making.
pub(super) struct Builder<'a> {
    pub(super) spec: &'a Spec,
    pub(super) machine: &'a Machine,
    pub(super) source: &'a Source,
    pub(super) frame: Frame,
    /// What the frame declares: sets, sizes, lets and regions by name, and its single parts by keyword.
    pub(super) names: IndexMap<&'a str, (&'static str, Span)>,
    /// Loop variables in scope.
    pub(super) variables: Vec<&'a str>,
    /// Labels in scope.
    pub(super) labels: Vec<&'a str>,
}

impl<'a> Builder<'a> {
    /// Notes every declared name, each once.
    fn declare(&mut self, body: &'a Block<FramePart>) -> Result<(), SpecError> {
        for line in &body.lines {
            let (kind, name, span) = match &line.node {
                FramePart::Set(name, _) => ("set", name.text.as_str(), name.span),
                FramePart::Size(name) => ("size", name.text.as_str(), name.span),
                FramePart::Let(name, _) => ("let", name.text.as_str(), name.span),
                FramePart::Region { name, .. } => {
                    // A region may share its name with the size that it takes.
                    if self.frame.regions.iter().any(|r| r.name == name.text) {
                        let error = SpecError::Duplicate { what: "region", name: name.text.clone() };
                        return Err(error.at(self.source, name.span));
                    }
                    self.add_region_name(&name.text);
                    continue;
                }
                FramePart::Why(_) => ("part", "why", line.span),
                FramePart::Abi(_) => ("part", "abi", line.span),
                FramePart::Scratch(_) => ("part", "scratch", line.span),
                FramePart::Chain { .. } => ("part", "chain", line.span),
                FramePart::Debt { .. } => ("part", "debt", line.span),
                FramePart::Probed => ("part", "probed", line.span),
                FramePart::Realign(_) => ("part", "realign", line.span),
                FramePart::Base(_) => ("part", "base", line.span),
                FramePart::Allocate(..) => ("part", "allocate", line.span),
                FramePart::Requires(_) => continue,
                FramePart::Prolog(_) => ("part", "prolog", line.span),
                FramePart::Epilog(_) => ("part", "epilog", line.span),
            };
            if kind != "part" && (RESERVED.contains(&name) || name.contains('.')) {
                let error = SpecError::mismatch("a new name without dots", format!("`{name}`"));
                return Err(error.at(self.source, span));
            }
            if let Some((_, first)) = self.names.insert(name, (kind, span)) {
                let what = if kind == "part" { "part of a frame" } else { kind };
                let error = SpecError::Duplicate { what, name: name.to_owned() }.at(self.source, span);
                return Err(error.with_also(first, "first declared here"));
            }
        }
        self.frame.regions.clear();
        Ok(())
    }

    /// A place holder, so that duplicates are seen; [`Builder::fill`] makes the region.
    fn add_region_name(&mut self, name: &str) {
        let role = RegionRole::Padding;
        self.frame.regions.push(Region { name: name.to_owned(), role, bytes: Num::Const(0), align: 1 });
    }

    fn fill(&mut self, body: &'a Block<FramePart>) -> Result<(), SpecError> {
        for line in &body.lines {
            match &line.node {
                FramePart::Why(text) => self.frame.cite.clone_from(&text.text),
                FramePart::Abi(_) => {}
                FramePart::Set(name, within) => {
                    let within = self.set(within)?;
                    self.frame.sets.push(SetParam { name: name.text.clone(), within });
                }
                FramePart::Size(name) => self.frame.sizes.push(name.text.clone()),
                FramePart::Scratch(set) => self.frame.scratch = self.set(set)?,
                FramePart::Chain { with_return } => self.frame.chain_return = *with_return,
                FramePart::Requires(condition) => {
                    let text = self.source.text().get(line.span.start as usize..line.span.end as usize);
                    let text = text.unwrap_or_default().trim_start_matches("requires");
                    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    let condition = self.num(condition)?;
                    self.frame.requires.push((text, condition));
                }
                FramePart::Debt { own } => self.frame.debt = if *own { Debt::Own } else { Debt::Shared },
                FramePart::Region { name, role, bytes, align } => {
                    let region = self.region(name, role, bytes.as_ref(), align.as_ref())?;
                    self.frame.regions.push(region);
                }
                FramePart::Probed => self.frame.probed = true,
                FramePart::Realign(align) => {
                    let (above, align) = (self.frame.regions.len(), self.power_of_two(align)?);
                    self.frame.realign = Some(Realign { above, align });
                }
                FramePart::Base(name) => {
                    self.frame.base = Some(register(self.source, self.machine, name)?);
                }
                FramePart::Allocate(name, steps) => {
                    let bytes = register(self.source, self.machine, name)?;
                    self.frame.allocate = Some(Allocate { bytes, steps: self.steps(steps)? });
                }
                FramePart::Let(name, value) => {
                    let value = self.num(value)?;
                    self.frame.lets.push((name.text.clone(), value));
                }
                FramePart::Prolog(steps) => self.frame.prolog = self.steps(steps)?,
                FramePart::Epilog(steps) => self.frame.epilog = self.steps(steps)?,
            }
        }
        Ok(())
    }

    fn region(
        &mut self,
        name: &Name,
        role: &'a Role,
        bytes: Option<&'a Sum>,
        align: Option<&ast::Number>,
    ) -> Result<Region, SpecError> {
        let role = match role {
            Role::Plain(word) => match word.text.as_str() {
                "return_address" => RegionRole::ReturnAddress,
                "saved_fp" => RegionRole::SavedFp,
                "return_copy" => RegionRole::ReturnCopy,
                "body" => RegionRole::Body,
                "outgoing" => RegionRole::Outgoing,
                "padding" => RegionRole::Padding,
                other => {
                    let known = [
                        "return_address",
                        "saved_fp",
                        "return_copy",
                        "body",
                        "outgoing",
                        "padding",
                        "saves",
                        "inherited_saves",
                    ];
                    let help = did_you_mean(other, known.into_iter())
                        .unwrap_or_else(|| format!("one of {}", known.join(", ")));
                    return Err(unknown(self.source, "role of a region", word).with_help(Some(help)));
                }
            },
            Role::Saves(set, order) => RegionRole::Saves { set: self.set(set)?, order: *order },
            Role::Inherited(region, set, order) => {
                self.check_inherited(region)?;
                RegionRole::InheritedSaves { region: region.text.clone(), set: self.set(set)?, order: *order }
            }
        };
        let inherited = matches!(role, RegionRole::InheritedSaves { .. });
        let bytes = match (bytes, inherited) {
            (Some(bytes), false) => self.num(bytes)?,
            (None, true) => Num::Const(0),
            (None, false) => {
                let error =
                    SpecError::Missing { what: "size (`of BYTES`)", of: format!("region `{}`", name.text) };
                return Err(error.at(self.source, name.span));
            }
            (Some(_), true) => {
                let error = SpecError::mismatch("no size: inherited saves take no room of this frame", "one");
                return Err(error.at(self.source, name.span));
            }
        };
        let align = match align {
            None => 1,
            Some(number) => self.power_of_two(number)?,
        };
        Ok(Region { name: name.text.clone(), role, bytes, align })
    }

    fn power_of_two(&self, number: &ast::Number) -> Result<u32, SpecError> {
        match small(self.source, number, 4096)? {
            align if align.is_power_of_two() => Ok(align),
            other => {
                let error = SpecError::mismatch("a power of two", format!("`{other}`"));
                Err(error.at(self.source, number.span))
            }
        }
    }

    /// Only a frame that extends another has something to say of its debt; its own debt leaves no room of the other
    /// frame to save in.
    fn check_debt(&self, body: &Block<FramePart>) -> Result<(), SpecError> {
        let part = body.lines.iter().find(|line| matches!(line.node, FramePart::Debt { .. }));
        let Some(part) = part else { return Ok(()) };
        let inherits = |r: &Region| matches!(r.role, RegionRole::InheritedSaves { .. });
        let found = match self.frame.debt {
            _ if self.frame.extends.is_none() => "one that extends none",
            Debt::Own if self.frame.regions.iter().any(inherits) => "`inherited_saves` with `debt own`",
            _ => return Ok(()),
        };
        let error = SpecError::mismatch("a frame that takes over what another saved", found);
        Err(error.at(self.source, part.span))
    }

    /// Where SP or a rounded address is at no known distance from the CFA, FP has to lead to what is; save slots are
    /// where they are known to be; probes need a rule.
    fn check_moving(&self, body: &Block<FramePart>) -> Result<(), SpecError> {
        let frame = &self.frame;
        let abi = self.spec.abi(&frame.abi)?;
        let wrong = |name: &str, expected: &str, found: String| {
            let part = body.lines.iter().find(|line| super::frame_part_name(&line.node) == name);
            let error = SpecError::mismatch(expected, found);
            Err(part.map_or_else(|| error.clone(), |part| error.clone().at(self.source, part.span)))
        };
        let moving = if frame.realign.is_some() { "realign" } else { "allocate" };
        let moves = frame.realign.is_some() || frame.allocate.is_some();
        if moves && frame.extends.is_some() {
            return wrong(moving, "a frame that extends none", format!("`extends` with `{moving}`"));
        }
        if frame.probed && frame.extends.is_some() {
            return wrong("probed", "a frame that extends none", "`extends` with `probed`".to_owned());
        }
        let above = frame.realign.map_or(frame.regions.len(), |realign| realign.above);
        if moves && !frame.regions[..above].iter().any(|r| r.role == RegionRole::SavedFp) {
            return wrong(moving, "a `saved_fp` region above", "none".to_owned());
        }
        let is_free =
            |r: &&Region| !matches!(r.role, RegionRole::Body | RegionRole::Outgoing | RegionRole::Padding);
        if let Some(region) = frame.regions[above..].iter().find(is_free) {
            let found = format!("region `{}`", region.name);
            return wrong(moving, "only bytes of the body below", found);
        }
        if frame.realign.is_some_and(|realign| realign.align <= abi.stack_align) {
            let expected = format!("more than the {} bytes that SP is aligned to anyway", abi.stack_align);
            return wrong(moving, &expected, "less".to_owned());
        }
        if let Some(base) = frame.base {
            let is_saved = abi.callee_saved_set().contains(base) && base != self.machine.fp;
            if !is_saved {
                let found = format!("`{}`", self.machine.name_of(base));
                return wrong("base", "a callee-saved register besides FP", found);
            }
        }
        if frame.probed && abi.guard_bytes.is_none() {
            return wrong("probed", "a convention with `guard_bytes`", format!("`{}`", abi.name));
        }
        Ok(())
    }

    /// The name must be that of a `saves` region of an extended frame.
    fn check_inherited(&self, region: &Name) -> Result<(), SpecError> {
        let found = region.text.rsplit_once('.').and_then(|(frame, name)| {
            let frame = self.extended().find(|f| f.is_called(frame))?;
            frame.regions.iter().find(|r| r.name == name)
        });
        match found.map(|region| &region.role) {
            Some(RegionRole::Saves { .. }) => Ok(()),
            Some(_) => {
                let error = SpecError::mismatch("a `saves` region", format!("`{}`", region.text));
                Err(error.at(self.source, region.span))
            }
            None => Err(self.unknown_of("region", region)),
        }
    }

    /// A `let` must not use itself, directly or through others.
    fn acyclic_lets(&self, body: &Block<FramePart>) -> Result<(), SpecError> {
        let mut free: Vec<&str> = Vec::new();
        loop {
            let before = free.len();
            for (name, value) in &self.frame.lets {
                let mut used = Vec::new();
                names_in(value, &mut used);
                let bound = |n: &&String| self.frame.lets.iter().any(|(l, _)| l == *n);
                let waits = used.into_iter().filter(bound).any(|n| !free.contains(&n.as_str()));
                if !waits && !free.contains(&name.as_str()) {
                    free.push(name);
                }
            }
            if free.len() == before {
                break;
            }
        }
        let stuck = body.nodes().find_map(|part| match part {
            FramePart::Let(name, _) if !free.contains(&name.text.as_str()) => Some(name),
            _ => None,
        });
        match stuck {
            Some(name) => Err(SpecError::Cycle { name: name.text.clone() }.at(self.source, name.span)),
            None => Ok(()),
        }
    }
}

fn names_in<'n>(num: &'n Num, names: &mut Vec<&'n String>) {
    match num {
        Num::Const(_) | Num::Count(_) | Num::Bytes(_) | Num::At(_) | Num::Slot(_) => {}
        Num::Name(name) => names.push(name),
        Num::Add(sides)
        | Num::Sub(sides)
        | Num::Mul(sides)
        | Num::AlignUp(sides)
        | Num::Compare(_, sides)
        | Num::And(sides) => sides.iter().for_each(|side| names_in(side, names)),
        Num::If(parts) => parts.iter().for_each(|part| names_in(part, names)),
        Num::Slice { value, .. } | Num::Signed(value, _) => names_in(value, names),
    }
}
