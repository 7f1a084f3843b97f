//! The arithmetic behind [`crate::layout`]: one frame instance, its regions placed one after another, its sums
//! computed and its steps expanded.

use crate::expand::expand;
use crate::frame::{AsmStep, Debt, Frame, Num, Order, RegionRole, SetExpr, Step, called};
use crate::layout::{Layout, PlacedRegion, Realigned, Shape};
use crate::reg::{Reg, RegSet};
use crate::unit::CfaOffset;
use crate::{Abi, Machine, Spec, SpecError};
use std::collections::BTreeMap;

/// Largest frame, bytes: offsets fit the 32-bit displacements of every machine.
const FRAME_LIMIT: i64 = i32::MAX as i64;
/// Frames that may extend each other in a chain, and lets that may use each other.
const CHAIN_LIMIT: usize = 64;

/// A frame instance whose regions are being placed, or are placed.
pub(crate) struct Placed<'a> {
    machine: &'a Machine,
    abi: &'a Abi,
    frame: &'a Frame,
    shape: &'a Shape,
    /// The extended frame.
    source: Option<Box<Placed<'a>>>,
    /// Everything but the steps.
    frame_layout: Layout,
    /// Whether all regions are placed, so that `total` is known.
    complete: bool,
}

/// Loop variables and their values, innermost last.
pub(crate) type Bindings<'a> = Vec<(&'a str, Reg)>;

impl<'a> Placed<'a> {
    pub(crate) fn new(
        spec: &'a Spec,
        frame: &str,
        shape: &'a Shape,
        depth: usize,
    ) -> Result<Placed<'a>, SpecError> {
        let mut placed = Placed::start(spec, spec.frame(frame)?, shape, depth)?;
        placed.check_parameters()?;
        placed.place()?;
        Ok(placed)
    }

    /// An instance with the extended frame placed and nothing of its own.
    pub(crate) fn start(
        spec: &'a Spec,
        frame: &'a Frame,
        shape: &'a Shape,
        depth: usize,
    ) -> Result<Placed<'a>, SpecError> {
        if depth > CHAIN_LIMIT {
            return Err(SpecError::TooDeep { limit: CHAIN_LIMIT });
        }
        let abi = spec.abi(&frame.abi)?;
        let machine = spec.machine(&abi.machine)?;
        let parameter = |problem, name: &str| SpecError::Parameter {
            frame: frame.name.clone(),
            problem,
            name: name.to_owned(),
        };
        let source = match (&frame.extends, shape.source.as_deref()) {
            (None, None) => None,
            (Some(name), Some(shape)) => Some(Box::new(Placed::new(spec, name, shape, depth + 1)?)),
            (Some(name), None) => return Err(parameter("missing shape of extended frame", name)),
            (None, Some(_)) => return Err(parameter("unknown parameter", "source")),
        };
        let mut frame_layout = Layout {
            total_bytes: 0,
            fp: None,
            regions: Vec::new(),
            slots: BTreeMap::new(),
            saved_by: BTreeMap::new(),
            realign: None,
            allocate: None,
            prolog: Vec::new(),
            epilog: Vec::new(),
            scratch: RegSet::EMPTY,
        };
        if let Some(source) = &source {
            frame_layout.clone_from(&source.frame_layout);
            if frame.debt == Debt::Own {
                frame_layout.slots.clear();
                frame_layout.saved_by.clear();
            }
        }
        Ok(Placed { machine, abi, frame, shape, source, frame_layout, complete: false })
    }

    /// The whole layout, steps included.
    pub(crate) fn finish(mut self) -> Result<Layout, SpecError> {
        self.frame_layout.prolog = self.steps(&self.frame.prolog)?;
        self.frame_layout.epilog = self.steps(&self.frame.epilog)?;
        if let Some(allocate) = &self.frame.allocate {
            self.frame_layout.allocate = Some((allocate.bytes, self.steps(&allocate.steps)?));
        }
        self.frame_layout.scratch = self.set(&self.frame.scratch)?;
        Ok(self.frame_layout)
    }

    /// What a set parameter is declared within.
    pub(crate) fn bound(&self, set: &str) -> Result<RegSet, SpecError> {
        let param = self.frame.sets.iter().find(|param| param.name == set);
        self.set(&param.ok_or_else(|| self.parameter("unknown parameter", set))?.within)
    }

    fn parameter(&self, problem: &'static str, name: &str) -> SpecError {
        SpecError::Parameter { frame: self.frame.name.clone(), problem, name: name.to_owned() }
    }

    fn check_parameters(&self) -> Result<(), SpecError> {
        for param in &self.frame.sets {
            let set = self.shape.sets.get(&param.name);
            let set = *set.ok_or_else(|| self.parameter("missing parameter", &param.name))?;
            self.check_within(&param.name, set, self.set(&param.within)?, "its bound")?;
            let saved = self.abi.callee_saved_set();
            self.check_within(&param.name, set, saved, "the callee-saved registers")?;
        }
        for size in &self.frame.sizes {
            let known = self.shape.sizes.contains_key(size);
            known.then_some(()).ok_or_else(|| self.parameter("missing parameter", size))?;
        }
        let is_set = |name: &&String| !self.frame.sets.iter().any(|param| param.name == **name);
        let is_size = |name: &&String| !self.frame.sizes.contains(name);
        let extra = self.shape.sets.keys().find(is_set).or_else(|| self.shape.sizes.keys().find(is_size));
        match extra {
            Some(name) => Err(self.parameter("unknown parameter", name)),
            None => Ok(()),
        }
    }

    fn check_within(&self, name: &str, set: RegSet, bound: RegSet, what: &str) -> Result<(), SpecError> {
        if set.within(bound) {
            return Ok(());
        }
        Err(SpecError::NotWithin {
            set: format!("set `{name}` of frame `{}`", self.frame.name),
            members: self.machine.display_set(set.minus(bound)).to_string(),
            bound: format!("{what} {}", self.machine.display_set(bound)),
        })
    }

    // Regions

    fn place(&mut self) -> Result<(), SpecError> {
        for (index, region) in self.frame.regions.iter().enumerate() {
            self.realign(index);
            if let RegionRole::InheritedSaves { region, set, order } = &region.role {
                self.inherit_slots(region, set, *order)?;
                continue;
            }
            let bytes = self.num(&region.bytes, &Vec::new())?;
            if bytes < 0 {
                let overlap = self.overlap(format!("region `{}` of {bytes} bytes", region.name), "others");
                return Err(overlap);
            }
            let align = i64::from(region.align.max(1));
            // Below a rounded address distances from there decide.
            let above = self.frame_layout.realign.map_or(0, |realigned| -realigned.from.0);
            let padding = (self.frame_layout.total_bytes - above + bytes).rem_euclid(align);
            let padding = if padding == 0 { 0 } else { align - padding };
            if padding > 0 {
                self.push_region("padding", RegionRole::Padding, padding)?;
            }
            self.push_region(&region.name, region.role.clone(), bytes)?;
            let offset = self.frame_layout.sp();
            match &region.role {
                RegionRole::SavedFp => {
                    self.frame_layout.fp = Some(offset);
                    self.add_slot(self.machine.fp, offset);
                }
                RegionRole::Saves { set, order } => {
                    self.save_slots(offset.0 + bytes, offset.0, set, *order, &region.name)?;
                }
                _ => {}
            }
        }
        self.realign(self.frame.regions.len());
        self.complete = true;
        let total = self.frame_layout.total_bytes;
        let (bytes, align) = match self.frame_layout.realign {
            Some(Realigned { from, align }) => (total + from.0, align),
            None => (total, self.abi.stack_align),
        };
        if bytes.rem_euclid(i64::from(align)) != 0 {
            return Err(SpecError::Misaligned {
                frame: self.frame.name.clone(),
                what: "SP in the body".to_owned(),
                bytes,
                align,
                shape: self.machine.display_shape(self.shape).to_string(),
            });
        }
        self.check_requirements()
    }

    /// Notes where the address is rounded down, if it is right above the region of that number.
    fn realign(&mut self, region: usize) {
        if let Some(realign) = self.frame.realign.filter(|realign| realign.above == region) {
            let from = self.frame_layout.sp();
            self.frame_layout.realign = Some(Realigned { from, align: realign.align });
        }
    }

    fn check_requirements(&self) -> Result<(), SpecError> {
        for (text, condition) in &self.frame.requires {
            if self.num(condition, &Vec::new())? == 0 {
                return Err(SpecError::Requires {
                    frame: self.frame.name.clone(),
                    requirement: text.clone(),
                    shape: self.machine.display_shape(self.shape).to_string(),
                });
            }
        }
        Ok(())
    }

    fn push_region(&mut self, name: &str, role: RegionRole, bytes: i64) -> Result<(), SpecError> {
        let total = self.limited(self.frame_layout.total_bytes.checked_add(bytes))?;
        self.frame_layout.total_bytes = total;
        self.frame_layout.regions.push(PlacedRegion {
            frame: self.frame.name.clone(),
            name: name.to_owned(),
            role,
            offset: CfaOffset(-total),
            bytes,
        });
        Ok(())
    }

    /// Gives the members of a set slots of their width from `top` down, not below `bottom`.
    fn save_slots(
        &mut self,
        top: i64,
        bottom: i64,
        set: &SetExpr,
        order: Order,
        region: &str,
    ) -> Result<(), SpecError> {
        let mut offset = top;
        for reg in ordered(self.set(set)?, order) {
            let bytes = self.abi.slot_bytes(self.machine, reg);
            offset = (offset - bytes).div_euclid(bytes) * bytes;
            let register = self.machine.register(reg);
            if offset < bottom {
                let first = format!("the save slot of `{}` in region `{region}`", register.name);
                return Err(self.overlap(first, "what lies below the region"));
            }
            let overlaps = |(other, slot): &(&Reg, &CfaOffset)| {
                let end = slot.0 + self.abi.slot_bytes(self.machine, **other);
                **other != reg && slot.0 < offset + bytes && offset < end
            };
            let taken = self.frame_layout.slots.iter().find(overlaps);
            if let Some((other, _)) = taken {
                let second = format!("that of `{}`", self.machine.register(*other).name);
                return Err(self.overlap(format!("the save slot of `{}`", register.name), &second));
            }
            self.add_slot(reg, CfaOffset(offset));
        }
        Ok(())
    }

    /// A register's first slot holds its entry value; later ones hold copies.
    fn add_slot(&mut self, reg: Reg, slot: CfaOffset) {
        self.frame_layout.slots.entry(reg).or_insert(slot);
        self.frame_layout.saved_by.entry(reg).or_insert_with(|| self.frame.name.clone());
    }

    /// Gives the members of a set the free room of an extended frame's region, under its used slots.
    fn inherit_slots(&mut self, region: &str, set: &SetExpr, order: Order) -> Result<(), SpecError> {
        let Some((frame, name)) = region.rsplit_once('.') else {
            return Err(SpecError::Unknown { what: "region", name: region.to_owned() });
        };
        let placed = self.frame_layout.regions.iter().find(|r| called(&r.frame, frame) && r.name == name);
        let Some(placed) = placed else {
            return Err(SpecError::Unknown { what: "region", name: region.to_owned() });
        };
        let (bottom, top) = (placed.offset, placed.top());
        let inside = self.frame_layout.slots.values().filter(|slot| (bottom..top).contains(slot));
        let free_top = inside.min().copied().unwrap_or(top);
        self.save_slots(free_top.0, bottom.0, set, order, region)
    }

    fn overlap(&self, first: String, second: &str) -> SpecError {
        SpecError::Overlap {
            frame: self.frame.name.clone(),
            first,
            second: second.to_owned(),
            shape: self.machine.display_shape(self.shape).to_string(),
        }
    }

    // Sets and numbers

    /// The instance that a dotted name speaks of, and the rest of the name.
    fn owner<'n>(&self, name: &'n str) -> Result<(&Placed<'a>, &'n str), SpecError> {
        let Some((frame, rest)) = name.rsplit_once('.') else { return Ok((self, name)) };
        let mut at = self.source.as_deref();
        while let Some(placed) = at {
            if placed.frame.is_called(frame) {
                return Ok((placed, rest));
            }
            at = placed.source.as_deref();
        }
        Err(SpecError::Unknown { what: "extended frame", name: frame.to_owned() })
    }

    pub(crate) fn set(&self, set: &SetExpr) -> Result<RegSet, SpecError> {
        Ok(match set {
            SetExpr::Param(name) => {
                let (owner, name) = self.owner(name)?;
                let set = owner.shape.sets.get(name);
                *set.ok_or_else(|| owner.parameter("missing parameter", name))?
            }
            SetExpr::Members(members) => members.iter().copied().collect(),
            SetExpr::CalleeSaved => self.abi.callee_saved_set(),
            SetExpr::Class(class) => self.machine.of_class(*class),
            SetExpr::Lowest(set, count) => self.set(set)?.iter().take(*count as usize).collect(),
            SetExpr::Highest(set, count) => self.set(set)?.iter().rev().take(*count as usize).collect(),
            SetExpr::Union(sides) => self.set(&sides[0])?.union(self.set(&sides[1])?),
            SetExpr::Intersection(sides) => self.set(&sides[0])?.intersection(self.set(&sides[1])?),
            SetExpr::Minus(sides) => self.set(&sides[0])?.minus(self.set(&sides[1])?),
        })
    }

    pub(crate) fn num(&self, num: &Num, bindings: &Bindings<'_>) -> Result<i64, SpecError> {
        self.num_within(num, bindings, 0)
    }

    fn num_within(&self, num: &Num, bindings: &Bindings<'_>, depth: usize) -> Result<i64, SpecError> {
        let sides = |sides: &[Num; 2]| -> Result<(i64, i64), SpecError> {
            Ok((self.num_within(&sides[0], bindings, depth)?, self.num_within(&sides[1], bindings, depth)?))
        };
        let value = match num {
            Num::Const(value) => Some(*value),
            Num::Name(name) => return self.named(name, bindings, depth),
            Num::Count(set) => Some(self.set(set)?.len() as i64),
            Num::Bytes(set) => {
                Some(self.set(set)?.iter().map(|reg| self.abi.slot_bytes(self.machine, reg)).sum())
            }
            Num::At(region) => {
                let (owner, name) = self.owner(region)?;
                let found = owner.frame_layout.regions.iter().rev();
                let found = found.into_iter().find(|r| r.frame == owner.frame.name && r.name == name);
                let unknown = || SpecError::Unknown { what: "region placed above", name: region.clone() };
                Some(found.ok_or_else(unknown)?.offset.0)
            }
            Num::Slot(name) => {
                let (owner, register) = self.owner(name)?;
                let reg = self.register(register, bindings)?;
                let unknown = || SpecError::Unknown { what: "save slot of register", name: name.clone() };
                Some(owner.frame_layout.slots.get(&reg).ok_or_else(unknown)?.0)
            }
            Num::Add(both) => sides(both).map(|(a, b)| a.checked_add(b))?,
            Num::Sub(both) => sides(both).map(|(a, b)| a.checked_sub(b))?,
            Num::Mul(both) => sides(both).map(|(a, b)| a.checked_mul(b))?,
            Num::AlignUp(both) => {
                let (value, align) = sides(both)?;
                let up = |align: i64| value.checked_add((align - value.rem_euclid(align)) % align);
                (align > 0).then(|| up(align)).flatten()
            }
            Num::Compare(comparison, both) => {
                sides(both).map(|(a, b)| Some(i64::from(comparison.holds(a, b))))?
            }
            Num::And(both) => sides(both).map(|(a, b)| Some(i64::from(a != 0 && b != 0)))?,
            Num::If(parts) => {
                let holds = self.num_within(&parts[0], bindings, depth)? != 0;
                return self.num_within(&parts[if holds { 1 } else { 2 }], bindings, depth);
            }
            Num::Slice { value, high, low } => {
                let value = self.num_within(value, bindings, depth)?;
                Some(value >> low & ((1 << (high - low + 1)) - 1))
            }
            Num::Signed(value, bits) => {
                let unused = 64 - bits;
                Some(self.num_within(value, bindings, depth)? << unused >> unused)
            }
        };
        self.limited(value)
    }

    fn named(&self, name: &str, bindings: &Bindings<'_>, depth: usize) -> Result<i64, SpecError> {
        let (owner, rest) = self.owner(name)?;
        if rest == "total" {
            let known = owner.complete.then_some(owner.frame_layout.total_bytes);
            return known.ok_or_else(|| SpecError::Cycle { name: name.to_owned() });
        }
        if let Some(size) = owner.shape.sizes.get(rest) {
            return self.limited(Some(i64::from(*size)));
        }
        let value = owner.frame.lets.iter().find(|(let_name, _)| let_name == rest);
        match value {
            Some(_) if depth > CHAIN_LIMIT => Err(SpecError::Cycle { name: name.to_owned() }),
            Some((_, value)) => self.num_within(value, bindings, depth + 1),
            None => Err(owner.parameter("missing parameter", rest)),
        }
    }

    fn limited(&self, value: Option<i64>) -> Result<i64, SpecError> {
        match value {
            Some(value) if value.abs() <= FRAME_LIMIT => Ok(value),
            _ => {
                let what = format!("size or offset in frame `{}`", self.frame.name);
                Err(SpecError::TooLarge { what, limit: FRAME_LIMIT })
            }
        }
    }

    // Steps

    fn steps(&self, steps: &'a [Step]) -> Result<Vec<AsmStep>, SpecError> {
        expand(self, steps)
    }

    /// The frame's name.
    pub(crate) fn name(&self) -> &str {
        &self.frame.name
    }

    pub(crate) fn register(&self, name: &str, bindings: &Bindings<'_>) -> Result<Reg, SpecError> {
        let bound = bindings.iter().rev().find(|(var, _)| *var == name).map(|&(_, reg)| reg);
        let known = bound.or_else(|| self.machine.reg(name));
        known.ok_or_else(|| SpecError::Unknown { what: "register", name: name.to_owned() })
    }
}

pub(crate) fn ordered(set: RegSet, order: Order) -> Box<dyn Iterator<Item = Reg>> {
    match order {
        Order::Ascending => Box::new(set.iter()),
        Order::Descending => Box::new(set.iter().rev()),
    }
}
