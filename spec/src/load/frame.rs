//! Frames: names resolved, and the layout laws tried on sample shapes.
//!
//! What a prolog or epilog *does* is not judged here: the prover does that on the bytes.

use super::record::{find, register, small, unknown};
use super::{Declared, samples};
use crate::error::did_you_mean;
use crate::frame::{Frame, Num, Region, RegionRole, SetExpr, SetParam, Step, StepOperand};
use crate::lang::Source;
use crate::lang::ast::{self, Block, FramePart, Item, Name, Operand, Role, SetTerm, Span, Sum};
use crate::reg::Reg;
use crate::{Machine, Spec, SpecError};
use indexmap::IndexMap;

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
            regions: Vec::new(),
            scratch: SetExpr::Members(Vec::new()),
            chain_return: false,
            lets: Vec::new(),
            prolog: Vec::new(),
            epilog: Vec::new(),
            cite: String::new(),
        },
        names: IndexMap::new(),
        variables: Vec::new(),
    };
    builder.declare(body)?;
    builder.fill(body)?;
    let chained = builder.frame.regions.iter().any(|region| region.role == RegionRole::SavedFp);
    for part in ["prolog", "epilog", "why", "chain"] {
        if !builder.names.contains_key(part) && (chained || part != "chain") {
            return Err(missing(part));
        }
    }
    builder.acyclic_lets(body)?;
    Ok(builder.frame)
}

/// A frame in the making.
struct Builder<'a> {
    spec: &'a Spec,
    machine: &'a Machine,
    source: &'a Source,
    frame: Frame,
    /// What the frame declares: sets, sizes, lets and regions by name, and its single parts by keyword.
    names: IndexMap<&'a str, (&'static str, Span)>,
    /// Loop variables in scope.
    variables: Vec<&'a str>,
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
                FramePart::Prolog(_) => ("part", "prolog", line.span),
                FramePart::Epilog(_) => ("part", "epilog", line.span),
            };
            if kind != "part" && (name == "total" || name == "callee_saved" || name.contains('.')) {
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
                FramePart::Region { name, role, bytes, align } => {
                    let region = self.region(name, role, bytes.as_ref(), align.as_ref())?;
                    self.frame.regions.push(region);
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
            Some(number) => match small(self.source, number, 4096)? {
                align if align.is_power_of_two() => align,
                other => {
                    let error = SpecError::mismatch("a power of two", format!("`{other}`"));
                    return Err(error.at(self.source, number.span));
                }
            },
        };
        Ok(Region { name: name.text.clone(), role, bytes, align })
    }

    /// The name must be that of a `saves` region of an extended frame.
    fn check_inherited(&self, region: &Name) -> Result<(), SpecError> {
        let found = region.text.rsplit_once('.').and_then(|(frame, name)| {
            let frame = self.extended().find(|f| f.name == frame)?;
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

    /// The frames that this one extends, nearest first.
    fn extended(&self) -> impl Iterator<Item = &'a Frame> + use<'a> {
        let spec = self.spec;
        let first = self.frame.extends.as_ref().and_then(|name| spec.frames.get(name));
        std::iter::successors(first, move |frame| spec.frames.get(frame.extends.as_ref()?))
    }

    /// An unknown name, with a suggestion among all names that could stand there.
    fn unknown_of(&self, what: &'static str, name: &Name) -> SpecError {
        let mut known: Vec<String> = self.names.keys().map(|n| (*n).to_owned()).collect();
        for frame in self.extended() {
            known.push(format!("{}.total", frame.name));
            let sets = frame.sets.iter().map(|s| &s.name);
            let regions = frame.regions.iter().map(|r| &r.name);
            known.extend(sets.chain(&frame.sizes).chain(regions).map(|n| format!("{}.{n}", frame.name)));
        }
        known.extend(self.variables.iter().map(|v| (*v).to_owned()));
        known.extend(self.machine.registers.iter().map(|r| r.name.clone()));
        known.extend(["callee_saved", "total"].map(str::to_owned));
        let help = did_you_mean(&name.text, known.iter().map(String::as_str));
        unknown(self.source, what, name).with_help(help)
    }

    /// Whether a name is a size, a `let` or a total, of this frame or (but for `let`) of an extended one.
    fn is_number(&self, name: &Name) -> bool {
        let of_extended = name.text.rsplit_once('.').is_some_and(|(frame, size)| {
            let frame = self.extended().find(|f| f.name == frame);
            frame.is_some_and(|f| size == "total" || f.sizes.iter().any(|s| s == size))
        });
        name.text == "total" || of_extended || self.is_own(&name.text, &["size", "let"])
    }

    fn is_own(&self, name: &str, kinds: &[&str]) -> bool {
        self.names.get(name).is_some_and(|(kind, _)| kinds.contains(kind))
    }

    fn set(&self, set: &SetTerm) -> Result<SetExpr, SpecError> {
        Ok(match set {
            SetTerm::Name(name) => {
                let of_extended = name.text.rsplit_once('.').is_some_and(|(frame, set)| {
                    let frame = self.extended().find(|f| f.name == frame);
                    frame.is_some_and(|f| f.sets.iter().any(|s| s.name == set))
                });
                if name.text == "callee_saved" {
                    SetExpr::CalleeSaved
                } else if of_extended || self.is_own(&name.text, &["set"]) {
                    SetExpr::Param(name.text.clone())
                } else {
                    return Err(self.unknown_of("set of registers", name));
                }
            }
            SetTerm::Members(names) => {
                let mut members: Vec<Reg> = Vec::new();
                for name in names {
                    let reg = register(self.source, self.machine, name)?;
                    if members.contains(&reg) {
                        let error = SpecError::Duplicate { what: "register", name: name.text.clone() };
                        return Err(error.at(self.source, name.span));
                    }
                    members.push(reg);
                }
                SetExpr::Members(members)
            }
            SetTerm::Binary(op, sides) => {
                let sides = Box::new([self.set(&sides[0])?, self.set(&sides[1])?]);
                match *op {
                    "|" => SetExpr::Union(sides),
                    "&" => SetExpr::Intersection(sides),
                    _ => SetExpr::Minus(sides),
                }
            }
        })
    }

    fn num(&self, sum: &Sum) -> Result<Num, SpecError> {
        Ok(match sum {
            Sum::Number(number) => Num::Const(i64::from(small(self.source, number, i32::MAX as u32)?)),
            Sum::Name(name) if self.is_number(name) => Num::Name(name.text.clone()),
            Sum::Name(name) => return Err(self.unknown_of("number", name)),
            Sum::Count(set) => Num::Count(self.set(set)?),
            Sum::Place(kind, name) if kind.text == "slot" => {
                let is_variable = self.variables.contains(&name.text.as_str());
                if !is_variable && self.machine.reg(&name.text).is_none() {
                    return Err(self.unknown_of("register", name));
                }
                Num::Slot(name.text.clone())
            }
            Sum::Place(_, name) => {
                let own = self.frame.regions.iter().any(|r| r.name == name.text);
                let of_extended = name.text.rsplit_once('.').is_some_and(|(frame, region)| {
                    let frame = self.extended().find(|f| f.name == frame);
                    frame.is_some_and(|f| f.regions.iter().any(|r| r.name == region))
                });
                if !own && !of_extended {
                    return Err(self.unknown_of("region (declared above)", name));
                }
                Num::At(name.text.clone())
            }
            Sum::AlignUp(sides) => Num::AlignUp(Box::new([self.num(&sides[0])?, self.num(&sides[1])?])),
            Sum::Binary(op, sides) => {
                let sides = Box::new([self.num(&sides[0])?, self.num(&sides[1])?]);
                match *op {
                    "+" => Num::Add(sides),
                    "-" => Num::Sub(sides),
                    _ => Num::Mul(sides),
                }
            }
        })
    }

    fn steps(&mut self, block: &'a Block<ast::Step>) -> Result<Vec<Step>, SpecError> {
        block.nodes().map(|step| self.step(step)).collect()
    }

    fn step(&mut self, step: &'a ast::Step) -> Result<Step, SpecError> {
        Ok(match step {
            ast::Step::Asm(mnemonic, operands) => {
                self.check_mnemonic(mnemonic)?;
                let operands = operands.iter().map(|o| self.operand(o)).collect::<Result<_, _>>()?;
                Step::Asm { mnemonic: mnemonic.text.clone(), operands }
            }
            ast::Step::For(var, set, order, steps) => {
                let set = self.set(set)?;
                if self.machine.views.contains_key(&var.text) || self.variables.contains(&var.text.as_str()) {
                    let error = SpecError::Duplicate { what: "name", name: var.text.clone() };
                    return Err(error.at(self.source, var.span));
                }
                self.variables.push(&var.text);
                let steps = self.steps(steps)?;
                self.variables.pop();
                Step::For { var: var.text.clone(), set, order: *order, steps }
            }
            ast::Step::If(condition, then, otherwise) => Step::If {
                condition: self.num(condition)?,
                then: self.steps(then)?,
                otherwise: otherwise.as_ref().map_or(Ok(Vec::new()), |steps| self.steps(steps))?,
            },
        })
    }

    /// There must be a row, with or without a suffix (`push.64`).
    fn check_mnemonic(&self, mnemonic: &Name) -> Result<(), SpecError> {
        let rows = self.machine.instructions.keys().map(|row| row.split('.').next().unwrap_or(row));
        if rows.clone().any(|row| row == mnemonic.text) {
            return Ok(());
        }
        let help = did_you_mean(&mnemonic.text, rows);
        Err(unknown(self.source, "instruction", mnemonic).with_help(help))
    }

    fn operand(&self, operand: &Operand) -> Result<StepOperand, SpecError> {
        match operand {
            Operand::Plain(Sum::Name(name)) if self.is_register(&name.text) => {
                Ok(StepOperand::Register(name.text.clone()))
            }
            Operand::Plain(Sum::Name(name)) if !self.is_number(name) => {
                Err(self.unknown_of("register or number", name))
            }
            Operand::Plain(sum) => Ok(StepOperand::Number(self.num(sum)?)),
            Operand::Memory(sum) => {
                let (base, offset) = self.base_and_offset(sum)?;
                Ok(StepOperand::Memory { base, offset })
            }
        }
    }

    fn is_register(&self, name: &str) -> bool {
        self.variables.contains(&name) || self.machine.reg(name).is_some()
    }

    /// Splits `rsp + a - b` into its leftmost register and the rest.
    fn base_and_offset(&self, sum: &Sum) -> Result<(String, Num), SpecError> {
        match sum {
            Sum::Name(name) if self.is_register(&name.text) => Ok((name.text.clone(), Num::Const(0))),
            Sum::Name(name) => Err(self.unknown_of("register", name)),
            Sum::Binary(op @ ("+" | "-"), sides) => {
                let (base, left) = self.base_and_offset(&sides[0])?;
                let right = self.num(&sides[1])?;
                let offset = match (*op, left) {
                    ("+", Num::Const(0)) => right,
                    ("+", left) => Num::Add(Box::new([left, right])),
                    (_, left) => Num::Sub(Box::new([left, right])),
                };
                Ok((base, offset))
            }
            other => {
                let error = SpecError::mismatch("a register first, as in `[rsp + 8]`", "a number");
                Err(error.at(self.source, sum_span(other)))
            }
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
        Num::Const(_) | Num::Count(_) | Num::At(_) | Num::Slot(_) => {}
        Num::Name(name) => names.push(name),
        Num::Add(sides) | Num::Sub(sides) | Num::Mul(sides) | Num::AlignUp(sides) => {
            names_in(&sides[0], names);
            names_in(&sides[1], names);
        }
    }
}

fn sum_span(sum: &Sum) -> Span {
    match sum {
        Sum::Number(number) => number.span,
        Sum::Name(name) | Sum::Place(name, _) => name.span,
        Sum::Count(SetTerm::Name(name)) => name.span,
        Sum::Count(_) => Span::default(),
        Sum::AlignUp(sides) | Sum::Binary(_, sides) => sum_span(&sides[0]).to(sum_span(&sides[1])),
    }
}
