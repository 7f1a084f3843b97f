//! Emission: frame, prolog, blocks with the allocator's moves, claim.
//!
//! ```text
//! prolog from the spec │ imports (OSR) │ body ... epilog from the spec at each return ... │ cold code │ data
//!                      └ Claim::body (called) └ Claim::body (OSR)
//! ```
//!
//! A block that only jumps, and needs no moves, is left out: whoever goes there goes on to its target.

use super::alloc::{self, Allocated};
use super::lower::Lowered;
use super::order::Order;
use super::target::{Emitter, FrameView, Target, Ways};
use super::vcode::Flow;
use super::{Job, Kind, TRANSITION};
use crate::{CompileError, Compiled, unwind};
use framewright_spec::claim::{Entry, StatePlace, StateSlot, StateTarget};
use framewright_spec::{CfaOffset, Claim, CodeOffset, Layout, RegSet, Shape};
use regalloc2::{Allocation, Block, Edit, Inst, InstOrEdit, RegClass};

/// Writes a function's code.
///
/// # Errors
/// The spec refuses the frame; the target cannot encode something.
pub(super) fn emit<T: Target>(
    job: &Job<'_>,
    order: &Order,
    lowered: &Lowered<T::Op>,
    allocated: &Allocated,
) -> Result<Compiled, CompileError> {
    let shape = shape(job, lowered.outgoing_bytes, allocated)?;
    let layout = job.convention.layout(job.frame, &shape)?;
    let frame = view(job, &layout)?;
    let mut emitter = T::emitter(job, frame, order.nodes.len());
    emitter.steps(&layout.prolog)?;
    let mut body = emitter.mark();
    if lowered.imports.is_none() {
        poison(job, &mut emitter, RegSet::EMPTY);
    }
    let forward = forwards(order, lowered, allocated);
    let layout: Vec<usize> = order.layout.iter().copied().filter(|&n| forward[n] == n).collect();
    for (place, &at) in layout.iter().enumerate() {
        emitter.bind(at);
        let succs: Vec<usize> = order.succs[at].iter().map(|&s| forward[s]).collect();
        let next = layout.get(place + 1).copied();
        for step in allocated.output.block_insts_and_edits(&lowered.code, Block::new(at)) {
            match step {
                InstOrEdit::Edit(Edit::Move { from, to }) if from == to => {}
                InstOrEdit::Edit(Edit::Move { from, to }) => {
                    let class = from.as_reg().or(to.as_reg()).map(|r| r.class());
                    let class = class.ok_or_else(|| job.internal("emit", "a move from slot to slot"))?;
                    emitter.copy(class, *from, *to);
                }
                InstOrEdit::Inst(inst) => {
                    let allocs = allocated.output.inst_allocs(inst);
                    let op = &lowered.code.insts[inst.index()].op;
                    emitter.op(op, allocs, Ways { succs: &succs, next });
                    if lowered.imports.as_ref().is_some_and(|(import, _)| *import == inst.index()) {
                        body = if arrives(job, allocs) { emitter.mark() } else { body };
                        let filled = allocs.iter().filter_map(|a| a.as_reg()).map(alloc::reg).collect();
                        poison(job, &mut emitter, filled);
                    }
                }
            }
        }
    }
    let finished = emitter.finish()?;
    let body = CodeOffset(finished.labels[body.0 as usize]);
    let imports = lowered.imports.as_ref();
    let places =
        imports.map(|(import, slots)| (&slots[..], allocated.output.inst_allocs(Inst::new(*import))));
    let mut claim = Claim {
        machine: job.machine.name.clone(),
        frame: job.convention.named(job.frame),
        shape,
        entry: entry(job, frame, places)?,
        body,
        epilogs: finished.epilogs,
        data: finished.data,
        jump_tables: finished.jump_tables,
        patchpoints: vec![],
        helpers: Vec::new(),
        landings: vec![],
        unwind: vec![],
    };
    claim.unwind =
        unwind::describe(job.convention.spec, &job.function.name, &claim, frame.layout, &finished.runs)?;
    Ok(Compiled { name: job.function.name.clone(), bytes: finished.bytes, claim, traps: finished.traps })
}

fn poison<E: Emitter>(job: &Job<'_>, emitter: &mut E, but: RegSet) {
    let poisoned = job.options.extra_saves.intersection(job.abi.callee_saved_set());
    let poisoned = poisoned.without(job.machine.fp).minus(but);
    poisoned.iter().for_each(|reg| emitter.poison(reg));
}

/// The frame's parameters for what was allocated. What the source frame already saved is not saved again.
fn shape(job: &Job<'_>, outgoing_bytes: u32, allocated: &Allocated) -> Result<Shape, CompileError> {
    let extra = job.options.extra_saves.intersection(job.abi.callee_saved_set());
    let mut saved = allocated.saved.union(extra).without(job.machine.fp);
    let mut shape = Shape::default();
    if let Some((source, _)) = job.source()? {
        // Where the source's save slots still count, the frame cannot save those registers again.
        let held = source.shape.sets.get("saved").copied().unwrap_or_default();
        saved = saved.minus(held.minus(job.convention.set_bound(job.frame, "saved", Some(&source.shape))?));
        shape.source = Some(Box::new(source.shape.clone()));
    }
    let spills = u32::try_from(allocated.output.num_spillslots * 8).unwrap_or(u32::MAX);
    shape.sets.insert("saved".to_owned(), saved);
    shape.sizes.insert("locals".to_owned(), spills);
    shape.sizes.insert("outgoing".to_owned(), outgoing_bytes);
    Ok(shape)
}

fn view<'a>(job: &Job<'_>, layout: &'a Layout) -> Result<FrameView<'a>, CompileError> {
    let fp = layout.fp.ok_or_else(|| job.internal("emit", "the frame sets no frame pointer"))?;
    let frame = job.convention.named(job.frame);
    let locals = layout.regions.iter().rev().find(|r| r.frame == frame && r.name == "locals");
    let locals = locals.ok_or_else(|| job.internal("emit", "the frame has no region `locals`"))?;
    Ok(FrameView { layout, fp, spills: locals.offset })
}

/// For each node, the node that is executed when going there.
fn forwards<Op>(order: &Order, lowered: &Lowered<Op>, allocated: &Allocated) -> Vec<usize> {
    let moves = |from: usize, to: usize| {
        let edits = &allocated.output.edits;
        let first = edits.partition_point(|(point, _)| point.inst().index() < from);
        let own = edits[first..].iter().take_while(|(point, _)| point.inst().index() < to);
        own.into_iter().any(|(_, Edit::Move { from, to })| from != to)
    };
    let mut forward: Vec<usize> = (0..order.nodes.len()).collect();
    for at in (1..order.nodes.len()).rev() {
        let (from, to) = lowered.code.blocks[at].range;
        let only_jumps = to - from == 1 && lowered.code.insts[from].flow == Flow::Branch;
        if let ([target], true) = (&order.succs[at][..], only_jumps && !moves(from, to)) {
            // A ring of jumps keeps one of them.
            let end = end_of(&mut forward, *target);
            forward[at] = end;
        }
    }
    (0..forward.len()).for_each(|at| {
        end_of(&mut forward, at);
    });
    forward
}

/// The end of a chain, which is shortened to one step.
fn end_of(forward: &mut [usize], from: usize) -> usize {
    let mut end = from;
    while forward[end] != end {
        end = forward[end];
    }
    let mut at = from;
    while forward[at] != end {
        at = std::mem::replace(&mut forward[at], end);
    }
    end
}

/// How the code is entered, and where each value of the source is then.
fn entry(
    job: &Job<'_>,
    frame: FrameView<'_>,
    places: Option<(&[StateSlot], &[Allocation])>,
) -> Result<Entry, CompileError> {
    let (Kind::Osr { patchpoint, .. }, Some((_, source)), Some((slots, allocs))) =
        (job.kind, job.source()?, places)
    else {
        return Ok(Entry::Call);
    };
    let home = |slot: &StateSlot| StatePlace::Frame(slot.home);
    let arrived = |slot: &StateSlot| match slots.iter().position(|s| s.value == slot.value).map(|i| allocs[i])
    {
        None => StatePlace::Dead,
        Some(at) => match (at.as_reg(), at.as_stack()) {
            (Some(preg), _) => StatePlace::Register(alloc::reg(preg)),
            (None, Some(slot)) => StatePlace::Frame(spill(frame, slot.index())),
            (None, None) => StatePlace::Dead,
        },
    };
    let place = |slot: &StateSlot| if arrives(job, allocs) { arrived(slot) } else { home(slot) };
    let target = |slot: &StateSlot| StateTarget { value: slot.value, kind: slot.kind, place: place(slot) };
    let state = source.state.iter().map(target).collect();
    Ok(Entry::Osr { transition: job.convention.named(TRANSITION), patchpoint, state })
}

/// Whether the body begins with the state imported. To fill a spill slot takes an integer register, by rows
/// a float
/// one too; where none is to be filled itself, the body begins with the state still at home, and imports it.
fn arrives(job: &Job<'_>, allocs: &[Allocation]) -> bool {
    let any = |class| allocs.iter().any(|at| at.as_reg().is_some_and(|preg| preg.class() == class));
    let enough = any(RegClass::Int) && (any(RegClass::Float) || !job.machine.has_encodings());
    enough || !allocs.iter().any(|at| at.is_stack())
}

/// Lowest byte of a spill slot.
fn spill(frame: FrameView<'_>, slot: usize) -> CfaOffset {
    CfaOffset(frame.spills.0 + 8 * slot as i64)
}
