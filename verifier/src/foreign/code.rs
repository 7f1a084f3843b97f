//! A function's code: its parts, and the instructions in them, each decoded once.

use super::Method;
use crate::decoded::{Decoded, Operand, Unsupported};
use crate::effects::Effects;
use crate::target::{Decoder, Known};
use framewright_spec::meaning::Flow;
use framewright_spec::{CodeOffset, Machine, Reg};
use smallvec::SmallVec;
use std::ops::Range;
use std::rc::Rc;

/// Most parts that a function is followed into.
const MAX_PARTS: usize = 24;
/// Most bytes of a function's parts together.
const MAX_BYTES: u32 = 1 << 22;

/// An instruction with or without a row.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub known: Known,
    pub control: Control,
}

/// What an instruction does to control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// It does nothing at all but go on.
    Idle,
    Next,
    /// A jump or a branch.
    Jump,
    Call,
    End,
}

impl Step {
    pub(crate) fn new(known: Known, machine: &Machine) -> Step {
        let row = match &known {
            Known::Row(decoded) => machine.instructions.get_index(decoded.row.0 as usize),
            Known::Effects(_) => None,
        };
        let control = row.map_or(Control::Next, |(_, row)| match row.flow {
            Flow::Next if row.updates.is_empty() => Control::Idle,
            Flow::Next => Control::Next,
            Flow::Jump(_) | Flow::Branch { .. } => Control::Jump,
            Flow::Call(_) => Control::Call,
            Flow::Return(_) | Flow::Trap => Control::End,
        });
        Step { known, control }
    }

    pub(crate) fn len(&self) -> u32 {
        match &self.known {
            Known::Row(decoded) => decoded.len,
            Known::Effects(effects) => effects.len,
        }
    }

    /// What it may write.
    pub(crate) fn effects(&self, machine: &Machine) -> Effects {
        match &self.known {
            Known::Row(decoded) => Effects::of_row(machine, decoded),
            Known::Effects(effects) => effects.clone(),
        }
    }

    /// Where it may lead to, as its operands tell.
    pub(crate) fn targets(&self) -> impl Iterator<Item = i64> {
        let row = match &self.known {
            Known::Row(decoded) if matches!(self.control, Control::Jump | Control::Call) => Some(decoded),
            _ => None,
        };
        row.into_iter().flat_map(|decoded: &Decoded| &decoded.operands).filter_map(|operand| match operand {
            Operand::Code(target) => Some(*target),
            _ => None,
        })
    }
}

/// What is known of a byte of a part: whether an instruction begins there, and which.
#[derive(Clone, Copy, Default)]
struct Slot(u32);

impl Slot {
    const LEADER: u32 = 1 << 31;
    const BOUNDARY: u32 = 1 << 30;
    const SEEN: u32 = 1 << 29;

    /// Number of the decoded instruction, counted from 1.
    fn step(self) -> usize {
        (self.0 & (Slot::SEEN - 1)) as usize
    }
}

struct Part {
    range: Range<u32>,
    slots: Vec<Slot>,
    /// Whether the boundaries of all its instructions are known.
    swept: bool,
}

/// The parts of a function that are known so far.
pub(crate) struct Code<'a> {
    pub method: &'a Method<'a>,
    decoder: &'a dyn Decoder,
    machine: &'a Machine,
    parts: SmallVec<[Part; 2]>,
    steps: Vec<Result<Rc<Step>, Unsupported>>,
    /// Number of instructions that control was seen to reach.
    pub seen: u32,
}

impl<'a> Code<'a> {
    pub(crate) fn new(method: &'a Method<'a>, decoder: &'a dyn Decoder, machine: &'a Machine) -> Code<'a> {
        let mut code = Code { method, decoder, machine, parts: SmallVec::new(), steps: Vec::new(), seen: 0 };
        for part in method.parts() {
            code.add(part);
        }
        code
    }

    pub(crate) fn start(&self) -> u32 {
        self.method.body.0
    }

    /// The place, if it is in one of the parts.
    pub(crate) fn inside(&self, at: i64) -> Option<u32> {
        let at = u32::try_from(at).ok()?;
        self.part(at).map(|_| at)
    }

    /// The place, if it is in one of the parts or in one of the program's that can be added.
    pub(crate) fn reach(&mut self, at: i64) -> Option<u32> {
        if let Some(at) = self.inside(at) {
            return Some(at);
        }
        let (begin, end) = self.method.surroundings.unit(at)?;
        let to = u32::try_from(at).ok().filter(|to| (begin..end).contains(to))?;
        let known: u32 = self.parts.iter().map(|part| part.range.len() as u32).sum();
        let fits = end as usize <= self.method.bytes.len() && known.saturating_add(end - begin) <= MAX_BYTES;
        let apart = self.parts.iter().all(|part| part.range.end <= begin || end <= part.range.start);
        if self.parts.len() >= MAX_PARTS || !fits || !apart {
            return None;
        }
        self.add(begin..end);
        Some(to)
    }

    /// Whether two places are in one part.
    pub(crate) fn is_together(&self, at: u32, other: i64) -> bool {
        let other = u32::try_from(other).ok();
        self.part(at).is_some_and(|part| other.is_some_and(|other| part.range.contains(&other)))
    }

    /// Whether a part goes up to a place.
    pub(crate) fn ends_at(&self, at: u32, end: i64) -> bool {
        self.part(at).is_some_and(|part| i64::from(part.range.end) == end)
    }

    /// Whether an instruction says itself that it leads to a place.
    pub(crate) fn leads_to(&self, at: u32, to: i64) -> bool {
        self.decoded(at).is_some_and(|step| step.targets().any(|target| target == to))
    }

    /// What a control register usually holds.
    pub(crate) fn usual(&self, reg: Reg) -> u128 {
        self.decoder.usual(reg)
    }

    fn part(&self, at: u32) -> Option<&Part> {
        self.parts.iter().find(|part| part.range.contains(&at))
    }

    fn slot(&mut self, at: u32) -> Option<&mut Slot> {
        let part = self.parts.iter_mut().find(|part| part.range.contains(&at))?;
        part.slots.get_mut((at - part.range.start) as usize)
    }

    /// Adds a part: decodes its instructions one after another, and notes where control may jump to among them.
    fn add(&mut self, range: Range<u32>) {
        let slots = vec![Slot::default(); range.len()];
        self.parts.push(Part { range: range.clone(), slots, swept: true });
        let mut at = range.start;
        while at < range.end {
            let step = self.step(at);
            if let Some(slot) = self.slot(at) {
                slot.0 |= Slot::BOUNDARY;
            }
            let Ok(step) = step else {
                if let Some(part) = self.parts.last_mut() {
                    part.swept = false;
                }
                return;
            };
            at += step.len();
            if matches!(step.control, Control::Jump) {
                self.lead(at);
            }
            for target in step.targets() {
                if let Some(target) = self.inside(target) {
                    self.lead(target);
                }
            }
        }
    }

    /// Whether paths are joined at a place.
    pub(crate) fn is_leader(&self, at: u32) -> bool {
        self.slot_at(at).0 & Slot::LEADER != 0
    }

    /// Paths are joined there.
    pub(crate) fn lead(&mut self, at: u32) {
        if let Some(slot) = self.slot(at) {
            slot.0 |= Slot::LEADER;
        }
    }

    /// Control comes to an instruction.
    pub(crate) fn see(&mut self, at: u32) {
        if let Some(slot) = self.slot(at).filter(|slot| slot.0 & Slot::SEEN == 0) {
            slot.0 |= Slot::SEEN;
            self.seen += 1;
        }
    }

    /// Control has come to none.
    pub(crate) fn forget_seen(&mut self) {
        self.seen = 0;
        self.parts.iter_mut().flat_map(|part| &mut part.slots).for_each(|slot| slot.0 &= !Slot::SEEN);
    }

    /// Whether an instruction begins at a place, read one after another; `true` where that cannot be told.
    pub(crate) fn is_boundary(&self, at: u32) -> bool {
        let swept = self.part(at).is_some_and(|part| part.swept);
        !swept || self.slot_at(at).0 & Slot::BOUNDARY != 0
    }

    /// Every instruction, one after another; `None` where they cannot be told.
    pub(crate) fn boundaries(&self) -> Option<Vec<u32>> {
        let mut all = Vec::new();
        for part in &self.parts {
            if !part.swept {
                return None;
            }
            let of_part = part.range.clone().zip(&part.slots);
            all.extend(of_part.filter(|(_, slot)| slot.0 & Slot::BOUNDARY != 0).map(|(at, _)| at));
        }
        Some(all)
    }

    fn slot_at(&self, at: u32) -> Slot {
        let slot = |part: &Part| part.slots.get((at - part.range.start) as usize).copied();
        self.part(at).and_then(slot).unwrap_or_default()
    }

    /// The instruction at a place in one of the parts.
    pub(crate) fn step(&mut self, at: u32) -> Result<Rc<Step>, Unsupported> {
        let at_place = CodeOffset(at);
        let known = self.slot_at(at).step();
        if let Some(step) = known.checked_sub(1).and_then(|number| self.steps.get(number)) {
            return step.clone();
        }
        let end = self.part(at).map_or(0, |part| part.range.end as usize);
        let bytes = self.method.bytes.get(..end).unwrap_or_default();
        let known = self.decoder.known(bytes, at_place);
        let step = known.map(|known| Rc::new(Step::new(known, self.machine)));
        self.steps.push(step.clone());
        let number = self.steps.len() as u32;
        if let Some(slot) = self.slot(at) {
            slot.0 |= number;
        }
        step
    }

    /// The instruction at a place, if it is decoded.
    pub(crate) fn decoded(&self, at: u32) -> Option<&Step> {
        let number = self.slot_at(at).step().checked_sub(1)?;
        self.steps.get(number)?.as_ref().ok().map(|step| &**step)
    }
}
