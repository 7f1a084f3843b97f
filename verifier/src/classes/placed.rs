//! Where everything of a frame is, as forms over its parameters: the layout for all shapes at once.
//!
//! Read from the declaration apart from [`framewright_spec::layout`]; that both say the same is tested on shapes. That
//! what is laid out obeys the laws (nothing negative, nothing overlaps, SP aligned) is not checked here but demanded.

use super::form::{Atom, Fact, Form, LIMIT};
use super::study::{Path, Stop, Study};
use super::sums::Set;
use crate::verdict::Property;
use framewright_spec::Reg;
use framewright_spec::frame::{Debt, Frame, Order, Region, RegionRole, SetExpr};
use std::collections::BTreeMap;

/// A frame with its parameters.
pub(super) struct Placed<'a> {
    pub(super) frame: &'a Frame,
    pub(super) sets: BTreeMap<String, Set>,
    pub(super) sizes: BTreeMap<String, Form>,
    /// Its own regions, from the top down.
    pub(super) regions: Vec<PlacedRegion>,
    /// Bytes from the CFA down, so far.
    pub(super) total: Form,
    /// Whether that is all.
    pub(super) complete: bool,
    /// Where what lies below is rounded down, if it is.
    pub(super) realigned: Option<Realigned>,
    /// What FP points at in the body.
    pub(super) fp: Option<Form>,
    /// Locations of entry values that count in the body, by register, first one first.
    pub(super) slots: BTreeMap<Reg, Vec<usize>>,
}

/// Where an address is rounded down.
#[derive(Clone, Debug)]
pub(super) struct Realigned {
    /// What is rounded, bytes from the CFA down.
    pub(super) from: Form,
    /// To a multiple of so many bytes.
    pub(super) align: i128,
    /// How many bytes that takes.
    pub(super) lost: Atom,
}

/// A region's place.
#[derive(Clone, Debug)]
pub(super) struct PlacedRegion {
    pub(super) name: String,
    pub(super) role: RegionRole,
    /// Its lowest byte, from the CFA.
    pub(super) low: Form,
    pub(super) bytes: Form,
    /// Save slots are above it.
    used: Form,
}

/// What a place in a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    ReturnAddress,
    ReturnCopy,
    SavedFp,
    Slot(Reg),
}

/// A place in a frame that holds something.
#[derive(Clone, Debug)]
pub(super) struct Location {
    /// Number of the frame it belongs to.
    pub(super) frame: usize,
    pub(super) holds: Holds,
    /// Its lowest byte, from the CFA.
    pub(super) at: Form,
    pub(super) bytes: i128,
    /// For which shapes there is such a place.
    pub(super) present: Fact,
}

impl<'a> Study<'a> {
    /// Places a frame below those before.
    pub(super) fn place(&mut self, frame: &'a Frame) -> Result<(), Stop> {
        let index = self.chain.len();
        if let Some(extended) = self.chain.last()
            && (extended.frame.realign.is_some() || extended.frame.allocate.is_some())
        {
            let what = format!("{}, which extends a frame with SP at no known place", frame.name);
            return Err(Stop::Unsupported(what));
        }
        let mut placed = Placed {
            frame,
            sets: BTreeMap::new(),
            sizes: BTreeMap::new(),
            regions: Vec::new(),
            total: Form::default(),
            complete: false,
            realigned: None,
            fp: None,
            slots: BTreeMap::new(),
        };
        if let Some(extended) = self.chain.last() {
            placed.total = extended.total.clone();
            if frame.debt == Debt::Shared {
                placed.fp.clone_from(&extended.fp);
                placed.slots.clone_from(&extended.slots);
            }
        }
        self.chain.push(placed);
        let path = self.whole();
        self.declare(index, &path)?;
        for (number, region) in frame.regions.iter().enumerate() {
            self.realign(index, number);
            self.region(index, region, &path)?;
        }
        self.realign(index, frame.regions.len());
        self.chain[index].complete = true;
        let total = self.chain[index].total.clone();
        let within = self.space.at_most(&total, &Form::number(LIMIT));
        self.restrict(within);
        for (_, condition) in &frame.requires {
            let holds = self.truth_of(index, condition, &Vec::new(), &path)?;
            self.restrict(holds);
        }
        // Below a rounded address distances from there decide.
        let (below, align) = match &self.chain[index].realigned {
            Some(realigned) => (total.minus(&realigned.from), realigned.align),
            None => (total, i128::from(self.abi.stack_align)),
        };
        let aligned = self.multiple(&below, align);
        self.law(Property::P5, aligned, format!("SP in the body of frame {} is aligned", frame.name));
        Ok(())
    }

    /// Notes where the address is rounded down, if it is right above the region of that number.
    fn realign(&mut self, index: usize, region: usize) {
        let frame = self.chain[index].frame;
        if let Some(realign) = frame.realign.filter(|realign| realign.above == region) {
            let (from, align) = (self.chain[index].total.clone(), i128::from(realign.align));
            let lost = self.unsaid(index, "lost by rounding", align - 1);
            self.chain[index].realigned = Some(Realigned { from, align, lost });
        }
    }

    /// SP in the body of a frame, as bytes from the CFA.
    pub(super) fn body_sp(&self, index: usize) -> Form {
        let placed = &self.chain[index];
        let lost = placed.realigned.as_ref().map_or_else(Form::default, |realigned| Form::of(realigned.lost));
        placed.total.plus(&lost).times(-1)
    }

    /// Whether a form is a multiple of a number.
    pub(super) fn multiple(&mut self, form: &Form, of: i128) -> Fact {
        let (whole, rest) = self.space.divide(form, of);
        let floor = whole.plus(&self.space.floor(rest, of));
        self.space.equal(form, &floor.times(of))
    }

    fn law(&mut self, property: Property, holds: Fact, what: String) {
        let under = self.space.truth(true);
        self.demand(property, under, holds, what);
    }

    /// Makes the frame's parameters.
    fn declare(&mut self, index: usize, path: &Path) -> Result<(), Stop> {
        let frame = self.chain[index].frame;
        for param in &frame.sets {
            let bound = self.set(index, &param.within, path)?;
            let saved = self.abi.callee_saved_set();
            let mut set = Set::new();
            for (reg, may) in bound {
                if !saved.contains(reg) {
                    continue;
                }
                let atom = self.parameter(index, &param.name, Some(reg));
                let member = self.space.has(atom);
                let not = self.space.not(member);
                let allowed = self.space.or([not, may]);
                self.restrict(allowed);
                self.bounds.push(allowed);
                self.within = None;
                set.insert(reg, member);
            }
            self.chain[index].sets.insert(param.name.clone(), set);
        }
        for size in &frame.sizes {
            let atom = self.parameter(index, size, None);
            self.chain[index].sizes.insert(size.clone(), Form::of(atom));
        }
        Ok(())
    }

    fn region(&mut self, index: usize, region: &Region, path: &Path) -> Result<(), Stop> {
        if let RegionRole::InheritedSaves { region: of, set, order } = &region.role {
            return self.inherit(index, of, set, *order, path);
        }
        let bytes = self.sum(index, &region.bytes, &Vec::new(), path)?;
        let frame = &self.chain[index].frame.name;
        let what = format!("region {} of frame {frame} has no negative size", region.name);
        let enough = self.space.non_negative(bytes.clone());
        self.law(Property::P8, enough, what);
        let before = self.chain[index].total.clone();
        let align = i128::from(region.align.max(1));
        let from = self.chain[index].realigned.as_ref().map_or_else(Form::default, |r| r.from.clone());
        let below = before.plus(&bytes).minus(&from);
        let (whole, rest) = self.space.divide(&below.add(align - 1), align);
        let total = whole.plus(&self.space.floor(rest, align)).times(align).plus(&from);
        let low = total.times(-1);
        let top = low.plus(&bytes);
        let padding = before.times(-1).minus(&top);
        let (name, role, used) = ("padding".to_owned(), RegionRole::Padding, top.clone());
        let above = PlacedRegion { name, role, low: top.clone(), bytes: padding, used };
        let (name, role) = (region.name.clone(), region.role.clone());
        let own = PlacedRegion { name, role, low: low.clone(), bytes, used: top.clone() };
        self.chain[index].total = total;
        self.chain[index].regions.extend([above, own]);
        let word = i128::from(self.machine.word_bytes);
        match &region.role {
            RegionRole::ReturnAddress => self.word(index, Holds::ReturnAddress, low, word),
            RegionRole::ReturnCopy => self.word(index, Holds::ReturnCopy, low, word),
            RegionRole::SavedFp => {
                let number = self.locations.len();
                self.word(index, Holds::SavedFp, low.clone(), word);
                self.chain[index].fp = Some(low);
                let fp = self.machine.fp;
                self.chain[index].slots.entry(fp).or_default().push(number);
            }
            RegionRole::Saves { set, order } => {
                let members = self.set(index, set, path)?;
                let used = self.slots(index, top, &low, &members, *order, path);
                if let Some(last) = self.chain[index].regions.last_mut() {
                    last.used = used;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn word(&mut self, frame: usize, holds: Holds, at: Form, bytes: i128) {
        let present = self.space.truth(true);
        self.locations.push(Location { frame, holds, at, bytes, present });
    }

    /// Gives members slots from `offset` down, and tells what is below them.
    fn slots(
        &mut self,
        index: usize,
        top: Form,
        bottom: &Form,
        members: &Set,
        order: Order,
        path: &Path,
    ) -> Form {
        let mut offset = top;
        for (reg, present) in super::sums::ordered(members, order) {
            let bytes = i128::from(self.abi.slot_bytes(self.machine, reg));
            let at = self.floor(&offset.add(-bytes), bytes, path).times(bytes);
            let name = &self.machine.register(reg).name;
            let what = format!("the save slot of {name} has room in frame {}", self.chain[index].frame.name);
            let room = [self.space.at_most(bottom, &at), self.space.at_most(&at.add(bytes), &offset)];
            let room = self.space.and(room);
            self.demand(Property::P8, present, room, what);
            let number = self.locations.len();
            self.locations.push(Location {
                frame: index,
                holds: Holds::Slot(reg),
                at: at.clone(),
                bytes,
                present,
            });
            self.chain[index].slots.entry(reg).or_default().push(number);
            offset = self.space.choice(present, at, offset);
        }
        offset
    }

    fn inherit(
        &mut self,
        index: usize,
        region: &str,
        set: &SetExpr,
        order: Order,
        path: &Path,
    ) -> Result<(), Stop> {
        let unknown = || Stop::Unsupported(format!("no region {region}"));
        if self.chain[index].frame.debt == Debt::Own {
            return Err(Stop::Unsupported("inherited saves where the debt is the frame's own".to_owned()));
        }
        let (frame, name) = region.rsplit_once('.').ok_or_else(unknown)?;
        let owner = (0..index).rev().find(|&i| self.chain[i].frame.is_called(frame)).ok_or_else(unknown)?;
        let number = self.chain[owner].regions.iter().rposition(|r| r.name == name).ok_or_else(unknown)?;
        let PlacedRegion { low, used, .. } = self.chain[owner].regions[number].clone();
        let members = self.set(index, set, path)?;
        let used = self.slots(index, used, &low, &members, order, path);
        self.chain[owner].regions[number].used = used;
        Ok(())
    }
}
