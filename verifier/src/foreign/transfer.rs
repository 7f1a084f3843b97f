//! A pair: what is established at the patchpoint of the first method is what the second one finds.

use super::arrival::Arrival;
use super::refute::Body;
use super::run::{Frame, Runner, entry_value};
use super::state::{State, World, frame_place};
use super::unwind::{self, Unwinding};
use super::value::{Half, Value};
use super::verdict::{Judged, Part, Refutation};
use super::walk::{Aims, Walk};
use super::{Judge, Method, Patchpoint, Verdict};
use crate::verdict::Property;
use framewright_spec::{CfaOffset, CodeOffset, Reg};

pub(crate) fn judge(
    judge: &Judge<'_>,
    source: &Method<'_>,
    target: &Method<'_>,
    patchpoint: &Patchpoint,
    arrival: &Arrival,
) -> (Verdict, [Unwinding; 2]) {
    let source_world = judge.world(source);
    let entry = State::at_call(&source_world);
    let body = left(judge, &source_world, source, &entry, arrival);
    let mut walk = body.walk();
    let first = body.judge_walk(&mut walk);
    let unwinding = unwind::judge(&body, &mut walk);
    let unknown = |what: &str| [unwinding.clone(), Unwinding::Undecided(what.to_owned())];
    let Some((at, state)) = patchpoint_state(&source_world, &walk, patchpoint) else {
        let none = "tier-0: it has no call that could be the patchpoint's";
        return (first.and(Judged::Undecided(none.to_owned())).into_verdict(), unknown(none));
    };
    let place = Place { body: &body, at, state: &state, patchpoint, arrival };
    let at_patchpoint = place.judge(&mut walk);
    let target_world = judge.world(target);
    let arrived = match arrive(&target_world, &state, arrival) {
        Ok(arrived) => arrived,
        Err(why) => {
            let unknown = unknown(&why);
            return (first.and(at_patchpoint).and(Judged::Undecided(why)).into_verdict(), unknown);
        }
    };
    let body = Body::new(Part::Target, &target_world, &*judge.decoder, target, &arrived);
    let (second, target_unwinding) = body.judge();
    (first.and(at_patchpoint).and(second).into_verdict(), [unwinding, target_unwinding])
}

/// The first method; where the transition restores nothing it is left by a jump.
fn left<'a>(
    judge: &'a Judge<'_>,
    world: &'a World<'a>,
    source: &'a Method<'a>,
    entry: &'a State,
    arrival: &Arrival,
) -> Body<'a> {
    let aims = Aims { leaves_by_jump: arrival.restored.is_empty(), calls: true };
    Body { aims, ..Body::new(Part::Source, world, &*judge.decoder, source, entry) }
}

/// The state in which the second method is entered, where the first is seen to lead there.
fn arrived(body: &Body<'_>, target: &World, patchpoint: &Patchpoint, arrival: &Arrival) -> Option<State> {
    let (_, state) = patchpoint_state(body.world, &body.walk(), patchpoint)?;
    arrive(target, &state, arrival).ok()
}

/// What concrete runs of both show to be wrong.
pub(crate) fn trial(
    judge: &Judge<'_>,
    source: &Method<'_>,
    target: &Method<'_>,
    patchpoint: &Patchpoint,
    arrival: &Arrival,
    seeds: std::ops::Range<u64>,
) -> Vec<String> {
    let source_world = judge.world(source);
    let entry = State::at_call(&source_world);
    let body = left(judge, &source_world, source, &entry, arrival);
    let mut wrong = body.trial(seeds.clone());
    let target_world = judge.world(target);
    if let Some(arrived) = arrived(&body, &target_world, patchpoint, arrival) {
        let body = Body::new(Part::Target, &target_world, &*judge.decoder, target, &arrived);
        wrong.extend(body.trial(seeds));
    }
    wrong
}

/// Where the patchpoint is (one place of several), and the state there: at its jumps where there are any; else at the
/// calls that are told the patchpoint's number; else at all calls.
fn patchpoint_state(world: &World, walk: &Walk<'_>, patchpoint: &Patchpoint) -> Option<(u32, State)> {
    let args = &world.abi.int_args;
    let told = |state: &&State| {
        let number = args.get(1).and_then(|&reg| state.get(reg).extract(31, 0).number());
        let counter = args.first().is_some_and(|&reg| state.get(reg).low.is_frame());
        counter && number.is_some() && number == patchpoint.id.map(u128::from)
    };
    let all = if walk.leaves.is_empty() { &walk.calls } else { &walk.leaves };
    let chosen: Vec<_> = all.iter().filter(|(_, state)| told(state)).collect();
    let chosen = if chosen.is_empty() { all.iter().collect() } else { chosen };
    let (&at, first) = *chosen.first()?;
    let mut joined = first.clone();
    for (_, state) in &chosen[1..] {
        joined.join(state, world);
    }
    Some((at, joined))
}

/// The state at the entry of the second method.
fn arrive(world: &World, state: &State, arrival: &Arrival) -> Result<State, String> {
    let machine = world.machine;
    let Half::Frame(sp) = state.sp(world) else {
        return Err("tier-0: SP is not known at the patchpoint".to_owned());
    };
    let mut arrived = State::at_call(world);
    arrived.memory = state.memory.clone();
    arrived.memory.keep_debts(None);
    let saved = saves(world, state);
    for reg in world.registers() {
        let kept = world.kept_bits(reg);
        let control = world.abi.control_bits.iter().any(|&(control, _)| control == reg);
        // What it did not save and did not touch is still the caller's.
        let untouched = kept > 0 && state.get(reg).keeps(reg, kept) && saved.iter().all(|&(r, _)| r != reg);
        if arrival.kept.contains(reg) {
            arrived.set(reg, state.get(reg));
        } else if !(arrival.restored.contains(reg) || control || untouched) {
            arrived.forget(reg);
        }
    }
    arrived.set(machine.sp, Value::word(Half::Frame(sp - arrival.lowered)));
    arrived.settle(world);
    Ok(arrived)
}

/// Registers whose entry value is in the frame, with their slots.
fn saves(world: &World, state: &State) -> Vec<(Reg, i64)> {
    let slot = |reg: Reg, bits: u32| {
        let whole =
            |p: &&super::memory::Piece| p.half == Half::Entry { reg, low: 0 } && p.bytes * 8 >= bits.min(64);
        state.memory.pieces().iter().find(whole).map(|piece| (reg, piece.at))
    };
    let link = world.machine.link.map(|link| (link, 64));
    world.abi.callee_saved.iter().copied().chain(link).filter_map(|(reg, bits)| slot(reg, bits)).collect()
}

/// What random runs of the second show to be wrong of its unwind data.
pub(crate) fn trial_of_rows(
    judge: &Judge<'_>,
    source: &Method<'_>,
    target: &Method<'_>,
    patchpoint: &Patchpoint,
    arrival: &Arrival,
    seeds: std::ops::Range<u64>,
) -> Vec<String> {
    let source_world = judge.world(source);
    let entry = State::at_call(&source_world);
    let body = left(judge, &source_world, source, &entry, arrival);
    let target_world = judge.world(target);
    let Some(arrived) = arrived(&body, &target_world, patchpoint, arrival) else { return Vec::new() };
    unwind::trial(&Body::new(Part::Target, &target_world, &*judge.decoder, target, &arrived), seeds)
}

/// The patchpoint, and what is said of the frame there.
struct Place<'p> {
    body: &'p Body<'p>,
    at: u32,
    state: &'p State,
    patchpoint: &'p Patchpoint,
    arrival: &'p Arrival,
}

/// Expected and actual, in a frame that a run has made.
type Shows = Box<dyn Fn(&Frame) -> (u128, u128)>;

/// Something said of the frame that is not so, and how a run shows it.
struct Claim {
    property: Property,
    subject: String,
    slot: Option<i64>,
    what: String,
    shown: Shows,
}

impl Place<'_> {
    fn judge(&self, walk: &mut Walk<'_>) -> Judged {
        let Some(claim) = self.broken() else {
            return Judged::Proven(super::verdict::Summary::default());
        };
        let undecided = |what: &str| {
            Judged::Undecided(format!(
                "tier-0: {}: {:?} {}: {what}",
                CodeOffset(self.at),
                claim.property,
                claim.property
            ))
        };
        let Some(frame) = self.frame(walk) else { return undecided(&claim.what) };
        let (expected, actual) = (claim.shown)(&frame);
        if expected == actual {
            return undecided(&claim.what);
        }
        let at = CodeOffset(self.at);
        Judged::Refuted(Box::new(Refutation {
            part: Part::Source,
            property: claim.property,
            subject: Some(claim.subject),
            slot: claim.slot.map(CfaOffset),
            expected,
            actual,
            seen_at: at,
            wrong_at: at,
            instruction: self.body.decoder.text(self.body.method.bytes, at),
            also: Vec::new(),
            path: frame.path,
        }))
    }

    fn frame(&self, walk: &mut Walk<'_>) -> Option<Frame> {
        let leader = walk.leader_of(self.at)?;
        let path = walk.ways().to(leader).into_iter().next()?;
        let Body { world, decoder, entry, .. } = *self.body;
        Runner { world, decoder, walk, entry }.frame_at(&path, self.at)
    }

    /// The first thing said that is not so.
    fn broken(&self) -> Option<Claim> {
        self.frame_size().or_else(|| self.chain()).or_else(|| self.saved()).or_else(|| self.slots())
    }

    fn pushed(&self) -> bool {
        self.body.world.abi.pushed_return > 0
    }

    fn frame_size(&self) -> Option<Claim> {
        let pushed = i64::from(self.body.world.abi.pushed_return);
        let expected = self.patchpoint.frame_bytes;
        if self.state.sp(self.body.world) == Half::Frame(-(expected + pushed)) {
            return None;
        }
        Some(Claim {
            property: Property::P12,
            subject: "total frame size".to_owned(),
            slot: None,
            what: format!("the frame is said to have {expected} bytes"),
            shown: Box::new(move |frame| ((-frame.sp - pushed) as u128, expected as u128)),
        })
    }

    /// FP points at the caller's FP, and the return address is above.
    fn chain(&self) -> Option<Claim> {
        let world = self.body.world;
        let word = i64::from(world.machine.word_bytes);
        let fp = world.machine.fp;
        let (link, bits) = world.return_address();
        let links = |at: i64| {
            let saved = self.state.memory.load(at, bits).keeps(fp, bits);
            saved && self.state.memory.load(at + word, bits).keeps(link, bits)
        };
        match self.state.get(fp).low {
            Half::Frame(at) if links(at) => return None,
            _ => {}
        }
        let owed = entry_value(self.body.decoder, world, fp) as u64;
        Some(Claim {
            property: Property::P4,
            subject: world.machine.register(fp).name.clone(),
            slot: None,
            what: "FP does not point at the caller's FP with the return address above it".to_owned(),
            shown: Box::new(move |frame| (u128::from(owed), frame.read(frame.fp, 8))),
        })
    }

    fn saved(&self) -> Option<Claim> {
        let world = self.body.world;
        let saves = saves(world, self.state);
        let linkage = |reg: Reg| reg == world.machine.fp || Some(reg) == world.machine.link;
        let name = |reg: Reg| world.machine.register(reg).name.clone();
        for (reg, bits) in world.abi.callee_saved.iter().copied() {
            let slot = saves.iter().find(|&&(r, _)| r == reg).map(|&(_, at)| at);
            let said = self.patchpoint.callee_saves.contains(&reg);
            // Where a helper unwinds, nobody has to be told of a save.
            let unheard = !said && !self.pushed() && self.arrival.restored.contains(reg);
            if said == slot.is_some() || unheard || (linkage(reg) && !self.pushed()) {
                continue;
            }
            let what = if said { "is said to be saved, and is not" } else { "is saved, and not said to be" };
            let owed = entry_value(self.body.decoder, world, reg) as u64;
            let bytes = bits.min(64) / 8;
            return Some(Claim {
                property: Property::P12,
                subject: name(reg),
                slot,
                what: format!("`{}` {what}", name(reg)),
                shown: Box::new(move |frame| match slot {
                    Some(at) => (0, u128::from(owed == frame.read(at, bytes) as u64)),
                    None => (1, 0),
                }),
            });
        }
        let (fp_said, fp) = (self.patchpoint.callee_saves.contains(&world.machine.fp), world.machine.fp);
        let at = saves.iter().find(|&&(r, _)| r == fp).map(|&(_, at)| at)?;
        let others = saves.iter().filter(|&&(r, _)| !linkage(r)).map(|&(_, other)| other);
        let above = others.clone().all(|other| other < at);
        let below = others.clone().all(|other| other > at);
        let right = if fp_said { above } else { below };
        (!self.pushed() && !right).then(|| Claim {
            property: Property::P12,
            subject: name(fp),
            slot: Some(at),
            what: "FP and the return address are not at the end of the frame that is said".to_owned(),
            shown: Box::new(move |_| (u128::from(fp_said), u128::from(above))),
        })
    }

    /// Slots lie in the frame or among the incoming arguments, off what the caller is owed.
    fn slots(&self) -> Option<Claim> {
        let base = match (self.pushed(), self.state.get(self.body.world.machine.fp).low) {
            (false, _) => 0,
            (true, Half::Frame(fp)) => fp,
            (true, _) => return None,
        };
        let Half::Frame(sp) = self.state.sp(self.body.world) else { return None };
        let debts: Vec<_> = self.state.memory.pieces().iter().filter(|piece| piece.half.is_debt()).collect();
        for (name, offset) in &self.patchpoint.slots {
            let at = base.checked_add(*offset)?;
            let owed = debts.iter().find(|piece| (piece.at..piece.at + i64::from(piece.bytes)).contains(&at));
            if at >= sp && owed.is_none() {
                continue;
            }
            let what = format!("`{name}` at {} is not in the free part of the frame", frame_place(at));
            let low = owed.map_or(sp, |piece| piece.at + i64::from(piece.bytes));
            return Some(Claim {
                property: Property::P12,
                subject: name.clone(),
                slot: Some(at),
                what,
                shown: Box::new(move |_| {
                    (low as u128 & u128::from(u64::MAX), at as u128 & u128::from(u64::MAX))
                }),
            });
        }
        None
    }
}
