//! The contract of a frame: what must hold in the body, at the entry and at the exit, derived from the spec.
//!
//! ```text
//!  cfa+…   caller's                                   never written
//!  cfa-8   return address        = return address
//!  cfa-16  saved FP              = entry FP           written by the prolog only
//!  …       saves                 = entry registers
//!  …       body, outgoing                             free
//!  SP ───▶ …                                          free, but a signal may strike below the red zone
//! ```
//!
//! The same list of demands is assumed where a source frame is entered from and demanded where a frame is built,
//! so that the two sides of a transition cannot drift apart. The steps of the declaration are not read here.

use crate::term::{Symbol, Term, Terms};
use crate::verdict::Property;
use framewright_spec::frame::{Debt, Frame, RegionRole};
use framewright_spec::layout::PlacedRegion;
use framewright_spec::meaning::Function;
use framewright_spec::{Abi, CfaOffset, Layout, Machine, Reg, RegSet, Shape, Spec, SpecError};
use std::rc::Rc;

/// Where a demanded value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The lowest bits of a register.
    Register(Reg, u32),
    /// The bits of a register under a mask.
    Masked(Reg, u128),
    /// Bytes of frame memory.
    Memory(i64, u32),
}

/// One equation of a contract.
#[derive(Clone, Debug)]
pub(crate) struct Demand {
    /// The obligation it belongs to.
    pub(crate) property: Property,
    /// Where.
    pub(crate) place: Place,
    /// What must be there.
    pub(crate) expected: Term,
    /// What it is, for people: `the save slot of rbx`.
    pub(crate) what: Rc<str>,
    /// The item of the spec that states it.
    pub(crate) item: Rc<str>,
}

/// A frame instance with everything that follows from it.
pub(crate) struct Contract<'a> {
    /// Where it is declared.
    pub(crate) spec: &'a Spec,
    /// Machine of the code.
    pub(crate) machine: &'a Machine,
    /// Convention whose debt is repaid.
    pub(crate) abi: &'a Abi,
    /// The declaration.
    pub(crate) frame: &'a Frame,
    /// Offsets.
    pub(crate) layout: Layout,
    /// Offsets of the extended frame alone.
    pub(crate) source: Option<Layout>,
}

impl<'a> Contract<'a> {
    /// The contract of a frame of that shape.
    ///
    /// # Errors
    /// Names that are not declared, shapes that the frame refuses.
    pub(crate) fn new(spec: &'a Spec, frame: &str, shape: &Shape) -> Result<Contract<'a>, SpecError> {
        let layout = spec.layout(frame, shape)?;
        let unknown = |what, name: &str| SpecError::Unknown { what, name: name.to_owned() };
        let frame = spec.frames.get(frame).ok_or_else(|| unknown("frame", frame))?;
        let abi = spec.abis.get(&frame.abi).ok_or_else(|| unknown("convention", &frame.abi))?;
        let machine = spec.machines.get(&abi.machine).ok_or_else(|| unknown("machine", &abi.machine))?;
        let source = match (&frame.extends, &shape.source) {
            (Some(name), Some(shape)) => Some(spec.layout(name, shape)?),
            _ => None,
        };
        Ok(Contract { spec, machine, abi, frame, layout, source })
    }

    /// Bytes from the CFA to SP in the body, negative; where an address is rounded down, if nothing is lost.
    pub(crate) fn body_sp(&self) -> i64 {
        -self.layout.total_bytes
    }

    /// SP when the body begins.
    pub(crate) fn sp_in_body(&self, terms: &mut Terms) -> Term {
        let Some(realigned) = self.layout.realign else { return terms.cfa(self.body_sp()) };
        let mask = terms.constant(!(u128::from(realigned.align) - 1) & u128::from(u64::MAX), 64);
        let from = terms.cfa(realigned.from.0);
        let rounded = terms.apply(&Function::And, &[from, mask], 64);
        terms.offset(rounded, self.body_sp() - realigned.from.0)
    }

    /// Bytes from SP in the body up to what must survive: all of it is free for the body.
    pub(crate) fn free_above_sp(&self) -> i64 {
        let free = |r: &&PlacedRegion| {
            matches!(r.role, RegionRole::Body | RegionRole::Outgoing | RegionRole::Padding)
        };
        let lowest = self.layout.regions.iter().rev().take_while(free);
        lowest.map(|region| region.bytes).sum()
    }

    /// Where SP is at no known distance from the CFA in the body.
    pub(crate) fn moves(&self) -> bool {
        self.layout.realign.is_some() || self.layout.allocate.is_some()
    }

    /// Name of a register.
    pub(crate) fn name(&self, reg: Reg) -> &'a str {
        &self.machine.register(reg).name
    }

    /// Everything that holds in the body.
    pub(crate) fn body(&self, terms: &mut Terms) -> Vec<Demand> {
        let mut list = Demands { contract: self, terms, list: Vec::new() };
        let sp = self.sp_in_body(list.terms);
        if let Some(base) = self.frame.base {
            let what = format!("{}, the base register,", self.name(base));
            list.push(Property::P4, Place::Register(base, 64), sp, &what, "base");
        }
        list.push(Property::P1, Place::Register(self.machine.sp, 64), sp, "SP in the body", "total size");
        if let Some(CfaOffset(fp)) = self.layout.fp {
            let value = list.terms.cfa(fp);
            list.push(
                Property::P4,
                Place::Register(self.machine.fp, 64),
                value,
                "FP in the body",
                "saved FP",
            );
            if self.frame.chain_return {
                let value = list.terms.symbol(Symbol::ReturnAddress, 64);
                list.push(
                    Property::P4,
                    Place::Memory(fp + 8, 8),
                    value,
                    "the return word of the chain",
                    "chain",
                );
            }
        }
        let counts = |region: &&PlacedRegion| self.shares_debt() || region.frame == self.frame.name;
        let counted: Vec<&PlacedRegion> = self.layout.regions.iter().filter(counts).collect();
        for region in &counted {
            list.region(region);
        }
        if !counted.iter().any(|r| r.role == RegionRole::ReturnAddress) {
            list.return_register();
        }
        for (&reg, &CfaOffset(slot)) in &self.layout.slots {
            let bits = self.kept_bits(reg).unwrap_or(64);
            let value = list.entry(reg, bits);
            let what = format!("the save slot of {}", self.name(reg));
            list.push(Property::P3, Place::Memory(slot, bits / 8), value, &what, "saves");
        }
        list.unsaved();
        list.control();
        list.list
    }

    /// What must hold once the activation has returned.
    pub(crate) fn exit(&self, terms: &mut Terms) -> Vec<Demand> {
        let mut list = Demands { contract: self, terms, list: Vec::new() };
        let cfa = list.terms.cfa(0);
        list.push(
            Property::P1,
            Place::Register(self.machine.sp, 64),
            cfa,
            "SP after the return",
            "stack balance",
        );
        for &(reg, bits) in &self.abi.callee_saved {
            if reg != self.machine.sp {
                let value = list.entry(reg, bits);
                let what = format!("{} at the return", self.name(reg));
                list.push(Property::P3, Place::Register(reg, bits), value, &what, "callee_saved");
            }
        }
        list.reserved();
        list.control();
        list.list
    }

    /// The low bits of a register that a call keeps, if any.
    pub(crate) fn kept_bits(&self, reg: Reg) -> Option<u32> {
        self.abi.kept_bits(self.machine, reg)
    }

    /// Whether what an extended frame keeps is part of what the body relies on.
    fn shares_debt(&self) -> bool {
        self.frame.debt == Debt::Shared
    }

    /// The mask of a control register that a callee keeps, if it has one.
    pub(crate) fn control_mask(&self, reg: Reg) -> Option<u128> {
        self.abi.control_bits.iter().find(|&&(r, _)| r == reg).map(|&(_, mask)| mask)
    }

    /// Registers with a place in the frame for their entry value, FP's word included.
    pub(crate) fn saved(&self) -> RegSet {
        let slots: RegSet = self.layout.slots.keys().copied().collect();
        if self.layout.fp.is_some() { slots.with(self.machine.fp) } else { slots }
    }

    /// Runs of bytes that the body may write, besides everything below the frame.
    pub(crate) fn body_writable(&self) -> Vec<(i64, i64)> {
        let free = |r: &&PlacedRegion| matches!(r.role, RegionRole::Body | RegionRole::Outgoing);
        merged(self.fixed_regions().filter(free).map(range).chain([self.shadow()]).collect())
    }

    /// Runs of bytes that the prolog may write.
    pub(crate) fn prolog_writable(&self) -> Vec<(i64, i64)> {
        let pushed = self.abi.pushed_return > 0;
        let own = |r: &&PlacedRegion| match r.role {
            RegionRole::ReturnAddress => !pushed,
            RegionRole::InheritedSaves { .. } => false,
            _ => true,
        };
        let mut ranges: Vec<(i64, i64)> = self.fixed_regions().filter(own).map(range).collect();
        ranges.push(self.shadow());
        let own = |reg: &Reg| self.layout.saved_by.get(reg) == Some(&self.frame.name);
        let slots = self.layout.slots.iter().filter(|(reg, _)| own(reg));
        ranges.extend(slots.map(|(&reg, slot)| (slot.0, slot.0 + self.abi.slot_bytes(self.machine, reg))));
        merged(ranges)
    }

    /// Whether contents of these bytes are the body's own affair.
    pub(crate) fn is_free(&self, at: i64, bytes: i64) -> bool {
        let free = |r: &PlacedRegion| matches!(r.role, RegionRole::Body | RegionRole::Outgoing);
        within(self.shadow(), at, bytes)
            || self.layout.realign.is_some_and(|realigned| at + bytes <= realigned.from.0)
            || self.layout.regions.iter().any(|r| free(r) && within(range(r), at, bytes))
    }

    /// What the caller left for this activation's own use.
    fn shadow(&self) -> (i64, i64) {
        (0, i64::from(self.abi.shadow_space))
    }

    /// Runs of bytes that callees may write.
    pub(crate) fn outgoing(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.fixed_regions().filter(|r| r.role == RegionRole::Outgoing).map(range)
    }

    /// The name of what is at an offset: `region saves of frame tier0`.
    pub(crate) fn describe(&self, at: i64) -> String {
        let hit = |r: &&PlacedRegion| within(range(r), at, 1);
        let end = |reg: Reg, slot: i64| slot + self.abi.slot_bytes(self.machine, reg);
        let slot = self.layout.slots.iter().find(|(reg, slot)| within((slot.0, end(**reg, slot.0)), at, 1));
        match (slot, self.layout.regions.iter().find(hit)) {
            (Some((&reg, _)), _) => format!("the save slot of {}", self.name(reg)),
            (None, Some(region)) => format!("region {} of frame {}", region.name, region.frame),
            (None, None) if at >= 0 => "the caller's frame".to_owned(),
            (None, None) => "below the frame".to_owned(),
        }
    }

    /// Regions at a known distance from the CFA.
    fn fixed_regions(&self) -> impl Iterator<Item = &PlacedRegion> + '_ {
        self.own_regions().filter(|r| self.layout.is_fixed(r.offset))
    }

    /// Bytes of outgoing arguments from SP in the body upwards.
    pub(crate) fn outgoing_at_sp(&self) -> i64 {
        let lowest = self.layout.regions.iter().rev().take_while(|r| r.role == RegionRole::Outgoing);
        lowest.map(|region| region.bytes).sum()
    }

    pub(crate) fn own_regions(&self) -> impl Iterator<Item = &PlacedRegion> + '_ {
        self.layout.regions.iter().filter(|r| r.frame == self.frame.name)
    }
}

fn range(region: &PlacedRegion) -> (i64, i64) {
    (region.offset.0, region.offset.0 + region.bytes)
}

/// Whether `at .. at + bytes` is inside.
pub(crate) fn within((low, high): (i64, i64), at: i64, bytes: i64) -> bool {
    low <= at && at.checked_add(bytes).is_some_and(|end| end <= high)
}

/// Ascending, neighbours joined.
fn merged(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.retain(|(low, high)| low < high);
    ranges.sort_unstable();
    let mut out: Vec<(i64, i64)> = Vec::new();
    for (low, high) in ranges {
        match out.last_mut() {
            Some(last) if last.1 >= low => last.1 = last.1.max(high),
            _ => out.push((low, high)),
        }
    }
    out
}

struct Demands<'c, 'a> {
    contract: &'c Contract<'a>,
    terms: &'c mut Terms,
    list: Vec<Demand>,
}

impl Demands<'_, '_> {
    fn push(&mut self, property: Property, place: Place, expected: Term, what: &str, item: &str) {
        let source = match property {
            Property::P13 => format!("convention {}: {item}", self.contract.abi.name),
            Property::P1 | Property::P3 | Property::P15 if item.contains('_') => {
                format!("convention {}: {item}", self.contract.abi.name)
            }
            _ => format!("frame {}: {item}", self.contract.frame.name),
        };
        self.list.push(Demand { property, place, expected, what: what.into(), item: source.into() });
    }

    fn entry(&mut self, reg: Reg, bits: u32) -> Term {
        let width = self.contract.machine.register(reg).bits;
        let whole = self.terms.symbol(Symbol::Entry(reg), width);
        self.terms.extract(whole, 0, bits.min(width))
    }

    fn region(&mut self, region: &PlacedRegion) {
        let at = region.offset.0;
        let word = self.contract.machine.word_bytes;
        let item = format!("region {}", region.name);
        let fp = self.contract.machine.fp;
        let place = Place::Memory(at, word);
        match region.role {
            RegionRole::ReturnAddress | RegionRole::ReturnCopy if region.bytes >= i64::from(word) => {
                let value = self.terms.symbol(Symbol::ReturnAddress, word * 8);
                let copy = region.role == RegionRole::ReturnCopy;
                let (property, what) = match copy {
                    true => (Property::P4, "the copy of the return address"),
                    false => (Property::P2, "the return address"),
                };
                self.push(property, place, value, what, &item);
            }
            RegionRole::SavedFp => {
                let value = self.entry(fp, word * 8);
                let what = format!("the saved {} of frame {}", self.contract.name(fp), region.frame);
                self.push(Property::P4, place, value, &what, &item);
            }
            _ => {}
        }
    }

    /// Where the frame does not keep the return address, the link register does.
    fn return_register(&mut self) {
        let machine = self.contract.machine;
        let Some(link) = machine.link else { return };
        let value = self.terms.symbol(Symbol::ReturnAddress, machine.word_bytes * 8);
        let what = format!("{}, which the frame does not keep,", machine.register(link).name);
        let place = Place::Register(link, machine.word_bytes * 8);
        self.push(Property::P2, place, value, &what, "return address");
    }

    /// Callee-saved registers without a slot, and reserved ones, still hold their entry value.
    fn unsaved(&mut self) {
        let contract = self.contract;
        let saved = contract.saved().with(contract.machine.sp);
        for &(reg, bits) in contract.abi.callee_saved.iter().filter(|&&(reg, _)| !saved.contains(reg)) {
            let value = self.entry(reg, bits);
            let what = format!("{}, which the frame does not save,", contract.name(reg));
            self.push(Property::P3, Place::Register(reg, bits), value, &what, "callee_saved");
        }
        self.reserved();
    }

    /// Registers that nobody touches.
    fn reserved(&mut self) {
        let contract = self.contract;
        for &reg in &contract.abi.reserved {
            let bits = contract.machine.register(reg).bits;
            let value = self.entry(reg, bits);
            let what = format!("{}, which is reserved,", contract.name(reg));
            self.push(Property::P13, Place::Register(reg, bits), value, &what, "reserved");
        }
    }

    fn control(&mut self) {
        for &(reg, mask) in &self.contract.abi.control_bits {
            let width = self.contract.machine.register(reg).bits;
            let value = self.entry(reg, width);
            let what = format!("control bits of {}", self.contract.name(reg));
            self.push(Property::P15, Place::Masked(reg, mask), value, &what, "control_bits");
        }
    }
}
