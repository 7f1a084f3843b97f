//! Loops that lower SP or touch pages, proven for any number of rounds at once.
//!
//! ```text
//!   head ──▶ … ──▶ branch ──▶ out        a ring: one way in, one way round, one way out, no calls
//!     ▲               │
//!     └───────────────┘
//!
//!   template at the head, after i rounds:   register = what it was + c·i     for registers that change by a constant
//!                                           i is within the measure          s·i ≤ m, from the test that ends the loop
//!                                           touched ≤ lowest access + most   each round touches s bytes further down
//! ```
//!
//! The template is read off the bytes: a trial round from a state in which every register that is written has an unknown
//! amount added tells which change by a constant; compared values that fall by a constant are candidates for the measure.
//! What is picked is then demanded: that the measure holds at first, that a round keeps it, and, where the number of rounds
//! is a number, that the loop is left after just so many. A measure that falls by s each round and stays above zero ends.

use crate::cfg::Cfg;
use crate::decoded::Unsupported;
use crate::effects::Effects;
use crate::exec::Judge;
use crate::fixpoint::join_memory;
use crate::solver::{Answer, Solver};
use crate::state::{FAR, Phase, State, Under};
use crate::term::{Node, Symbol, Term};
use crate::vc::{Goal, Vc, What};
use crate::verdict::Property;
use framewright_spec::meaning::{Flow, Function};
use framewright_spec::{CodeOffset, Machine, Reg, RegSet};
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// Blocks of a ring at most.
const MOST_BLOCKS: usize = 8;

/// A loop of one way round and one way out.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    /// Its blocks from the head on.
    pub(crate) blocks: Vec<usize>,
    /// Which of them it is left from, by its place among them.
    pub(crate) last: usize,
    /// Where to.
    pub(crate) out: i64,
    /// Registers that its instructions write.
    written: RegSet,
}

/// What a register does in a round.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    /// Nothing.
    Kept,
    /// It changes by a constant.
    By(i64),
    /// It is another one each time.
    Any,
}

/// What a loop does to a state.
struct Template {
    changes: Vec<Change>,
    /// Memory that no round changes.
    head: State,
}

/// A measure: `step · i` is at most `most`.
#[derive(Clone, Copy)]
struct Measure {
    step: u64,
    most: Term,
}

impl Ring {
    /// The ring that a block is the head of, if it is one.
    pub(crate) fn at(cfg: &Cfg, machine: &Machine, head: usize) -> Option<Ring> {
        let is_back = |&from: &usize| cfg.blocks[from].rank >= cfg.blocks[head].rank;
        if cfg.blocks[head].arrivals != 2
            || cfg.blocks[head].before.iter().filter(|b| is_back(b)).count() != 1
        {
            return None;
        }
        let back = cfg.blocks[head].before.iter().copied().find(|from| is_back(from))?;
        let mut blocks = vec![back];
        while *blocks.last()? != head {
            let &[before] = &cfg.blocks[*blocks.last()?].before[..] else { return None };
            if blocks.len() == MOST_BLOCKS || cfg.blocks[*blocks.last()?].arrivals != 1 {
                return None;
            }
            blocks.push(before);
        }
        blocks.reverse();
        let inside = |target: &i64| cfg.at(*target).is_some_and(|block| blocks.contains(&block));
        let mut outs = Vec::new();
        let mut written = RegSet::EMPTY;
        for (place, &block) in blocks.iter().enumerate() {
            let targets = cfg.blocks[block].exit.targets();
            outs.extend(targets.into_iter().filter(|target| !inside(target)).map(|target| (place, target)));
            for decoded in &cfg.blocks[block].code {
                let row = machine.instructions.get_index(usize::from(decoded.row.0));
                if row.is_none_or(|(_, row)| matches!(row.flow, Flow::Call(_))) {
                    return None;
                }
                written = written.union(Effects::of_row(machine, decoded).written);
            }
        }
        let &[(last, out)] = &outs[..] else { return None };
        Some(Ring { blocks, last, out, written })
    }

    /// Whether it is to be proven as a ring in that phase: the prolog's loops, and those of a body that move SP.
    pub(crate) fn counts(&self, machine: &Machine, phase: Phase) -> bool {
        phase == Phase::Prolog || phase == Phase::Body && self.written.contains(machine.sp)
    }
}

impl Judge<'_> {
    /// All rounds of a ring from a state at its head: the state on the way out.
    ///
    /// # Errors
    /// An instruction without a meaning.
    pub(crate) fn go_round(
        &mut self,
        solver: &mut Solver,
        ring: &Ring,
        head: State,
    ) -> Result<Vec<(i64, State)>, Unsupported> {
        let at = self.branch_of(ring);
        let start = self.cfg.blocks[ring.blocks[0]].start().0;
        self.rounds.remove(&start);
        let count = self.terms.symbol(Symbol::Round(start), 64);
        let Some(mut template) = self.template(ring, &head)? else {
            return Ok(self.unending(&head, at));
        };
        // With a bound on the rounds more is known of what they write: all of it has to be given up.
        let (measure, lowest) = loop {
            let Some(measure) = self.measure(solver, ring, &template, count)? else {
                return Ok(self.unending(&head, at));
            };
            self.rounds.remove(&start);
            if let Some(most) = self.terms.value(measure.most) {
                self.rounds.insert(start, i64::try_from(most as u64 / measure.step).unwrap_or(i64::MAX));
            }
            let state = self.at_round(&template, ring, count);
            let Some((back, lowest)) = self.try_round(ring, state.clone())? else {
                return Ok(self.unending(&head, at));
            };
            if !self.gives_up(&mut template, &state, &back) {
                break (measure, lowest);
            }
        };
        let touched = self.touched_in_round(&head, lowest, count);
        self.demand_measure(ring, &template, measure, at);
        let mut state = self.at_round(&template, ring, count);
        state.touched = touched;
        let within = self.within(measure, count);
        state.assume(within);
        self.assume_room(&mut state, &template, count);
        let Some((back, out)) = self.round(ring, state)? else { return Ok(self.unending(&head, at)) };
        let next = self.terms.offset(count, 1);
        let still = self.within(measure, next);
        self.demand_ends(&back, at, still);
        self.leave_ring(solver, ring, &template, count, out, at)
    }

    /// A body that lowers SP round by round does not lower it by more than there is: its touches would not get so far.
    fn assume_room(&mut self, state: &mut State, template: &Template, count: Term) {
        let sp = usize::from(self.contract.machine.sp.0);
        let Change::By(by) = template.changes[sp] else { return };
        if state.phase == Phase::Body {
            self.assume(crate::moving::LOWERED);
            let most = self.terms.constant(u128::from(FAR.unsigned_abs() / by.unsigned_abs()), 64);
            let few = self.terms.apply(&Function::Ult, &[count, most], 1);
            state.assume(few);
        }
    }

    fn branch_of(&self, ring: &Ring) -> CodeOffset {
        let code = &self.cfg.blocks[ring.blocks[ring.last]].code;
        code.last().map_or(CodeOffset(0), |last| last.at)
    }

    /// The loop has no measure that is understood.
    fn unending(&mut self, state: &State, at: CodeOffset) -> Vec<(i64, State)> {
        let what = What::Said(
            "the loop is not seen to end: nothing that it compares falls to a bound in equal steps".into(),
        );
        self.note(Property::P9, state, at, Goal::Fact(false), what, "probed");
        Vec::new()
    }

    fn demand_ends(&mut self, state: &State, at: CodeOffset, holds: Term) {
        let what = What::Said("the loop does not end at its bound".into());
        self.note(Property::P9, state, at, Goal::Holds(holds), what, "probed");
    }

    /// Once round: the states on the way back and on the way out, conditions noted.
    fn round(&mut self, ring: &Ring, head: State) -> Result<Option<(State, State)>, Unsupported> {
        let (mut state, mut out) = (head, None);
        for (place, &block) in ring.blocks.iter().enumerate() {
            let next = ring.blocks.get(place + 1).copied().unwrap_or(ring.blocks[0]);
            let mut on = None;
            for (target, edge) in self.run_through(block, state)? {
                if place == ring.last && target == ring.out {
                    out = Some(edge);
                } else if self.cfg.at(target) == Some(next) {
                    on = Some(edge);
                }
            }
            let Some(edge) = on else { return Ok(None) };
            state = edge;
        }
        Ok(out.map(|out| (state, out)))
    }

    /// Once round for a look: the state on the way back, and the lowest address of the frame that was accessed.
    fn try_round(&mut self, ring: &Ring, head: State) -> Result<Option<(State, Option<Term>)>, Unsupported> {
        let (found, assumed, plain) = (std::mem::take(&mut self.found), self.assumed.clone(), self.plain);
        self.trial = true;
        self.lowest = None;
        let back = self.round(ring, head);
        self.trial = false;
        (self.found, self.assumed, self.plain) = (found, assumed, plain);
        Ok(back?.map(|(back, _)| (back, self.lowest.take())))
    }

    /// Which registers change by a constant, and what memory is the same after a round.
    fn template(&mut self, ring: &Ring, head: &State) -> Result<Option<Template>, Unsupported> {
        let registers = head.registers.len();
        let mut head = head.clone();
        head.answer = None;
        let mut moved = head.clone();
        for reg in ring.written.iter() {
            let amount = self.terms.fresh(self.terms.width(head.register(reg)));
            let value = self.terms.add(head.register(reg), amount);
            moved.set(reg, value);
        }
        let Some((back, _)) = self.try_round(ring, moved.clone())? else { return Ok(None) };
        let changes = (0..registers).map(|i| self.change(&moved, &back, i)).collect();
        let mut template = Template { changes, head };
        let count = self.terms.fresh(64);
        loop {
            let state = self.at_round(&template, ring, count);
            let Some((back, _)) = self.try_round(ring, state.clone())? else { return Ok(None) };
            if !self.gives_up(&mut template, &state, &back) {
                return Ok(Some(template));
            }
        }
    }

    /// What a register does from one state to another.
    fn change(&self, from: &State, to: &State, register: usize) -> Change {
        match self.terms.apart(to.registers[register], from.registers[register]) {
            Some(0) => Change::Kept,
            Some(by) if self.terms.width(to.registers[register]) == 64 => Change::By(by),
            _ => Change::Any,
        }
    }

    /// Gives up what a round, from a state of the template to another, shows to be otherwise; whether that is anything.
    fn gives_up(&self, template: &mut Template, state: &State, back: &State) -> bool {
        let mut news = join_memory(&mut template.head.memory, &back.memory);
        for i in 0..template.changes.len() {
            let known = template.changes[i];
            if known != Change::Any && self.change(state, back, i) != known {
                template.changes[i] = Change::Any;
                news = true;
            }
        }
        news
    }

    /// The state at the head after so many rounds.
    fn at_round(&mut self, template: &Template, ring: &Ring, count: Term) -> State {
        let mut state = template.head.clone();
        let start = self.cfg.blocks[ring.blocks[0]].start().0;
        for (i, change) in template.changes.iter().enumerate() {
            let reg = Reg(i as u8);
            let before = template.head.registers[i];
            match *change {
                Change::Kept => {}
                Change::By(by) => {
                    let by = self.terms.constant(by as u128, 64);
                    let moved = self.terms.apply(&Function::Mul, &[count, by], 64);
                    let value = self.terms.add(before, moved);
                    state.set(reg, value);
                }
                Change::Any => {
                    let symbol = match self.terms.of_frame(before) {
                        true => Symbol::FrameJoin(start, reg),
                        false => Symbol::Join(start, reg),
                    };
                    let value = self.terms.symbol(symbol, self.terms.width(before));
                    state.set(reg, value);
                }
            }
        }
        state
    }

    /// The template for what is touched: so many bytes above the lowest access of the round to come.
    fn touched_in_round(&mut self, head: &State, lowest: Option<Term>, count: Term) -> Option<Term> {
        let touched = head.touched?;
        let Some((lowest, step)) = lowest.and_then(|lowest| Some((lowest, self.fall(lowest, count)?))) else {
            return Some(touched);
        };
        let first = self.without(lowest, count);
        let most = self.terms.apart(touched, first).map(|apart| apart.max(step as i64));
        Some(most.map_or(touched, |most| self.terms.offset(lowest, most)))
    }

    /// By how much a term falls each round, if it does by a constant.
    fn fall(&self, term: Term, count: Term) -> Option<u64> {
        let Node::Sum(_, addends) = self.terms.node(term) else { return None };
        let factor = addends.iter().find(|&&(part, _)| part == count).map(|&(_, factor)| factor)?;
        let step = (factor as u64).wrapping_neg();
        (step <= u64::MAX / 4).then_some(step)
    }

    /// A falling term as it is in the first round.
    fn without(&mut self, term: Term, count: Term) -> Term {
        let Some(step) = self.fall(term, count) else { return term };
        let step = self.terms.constant(u128::from(step), 64);
        let fallen = self.terms.apply(&Function::Mul, &[count, step], 64);
        self.terms.add(term, fallen)
    }

    /// `count` rounds are within a measure, and not so many that it wraps.
    fn within(&mut self, measure: Measure, count: Term) -> Term {
        let step = self.terms.constant(u128::from(measure.step), 64);
        let fallen = self.terms.apply(&Function::Mul, &[count, step], 64);
        let inside = self.terms.apply(&Function::Ule, &[fallen, measure.most], 1);
        let most = self.terms.constant(u128::from(u64::MAX / measure.step), 64);
        let few = self.terms.apply(&Function::Ule, &[count, most], 1);
        self.terms.apply(&Function::And, &[inside, few], 1)
    }

    /// A measure that holds at first and that a round keeps.
    fn measure(
        &mut self,
        solver: &mut Solver,
        ring: &Ring,
        template: &Template,
        count: Term,
    ) -> Result<Option<Measure>, Unsupported> {
        let state = self.at_round(template, ring, count);
        let under = state.under.clone();
        let Some((back, _)) = self.try_round(ring, state)? else { return Ok(None) };
        let conditions = added(&back.under, &under);
        for measure in self.candidates(&conditions, count) {
            let zero = self.terms.constant(0, 64);
            let first = self.within(measure, zero);
            if !self.follows(solver, &under, &[], first) {
                continue;
            }
            let (now, next) = (self.within(measure, count), self.terms.offset(count, 1));
            let still = self.within(measure, next);
            if self.follows(solver, &back.under, &[now], still) {
                return Ok(Some(measure));
            }
        }
        Ok(None)
    }

    /// Falling values that the conditions compare, with what they may fall by.
    fn candidates(&mut self, conditions: &[Term], count: Term) -> Vec<Measure> {
        let (mut falling, mut apart): (Vec<Term>, Vec<Term>) = (Vec::new(), Vec::new());
        for term in self.terms.closure(conditions) {
            let Node::Apply(function, args) = self.terms.node(term).clone() else { continue };
            let compares = matches!(
                function,
                Function::Eq | Function::Ne | Function::Ult | Function::Ule | Function::Slt | Function::Sle
            );
            let &[a, b] = &args[..] else { continue };
            if !compares || self.terms.width(a) != 64 {
                continue;
            }
            // What is compared with a number falls by itself; else the distance between both sides does.
            let differences = [self.terms.sub(a, b), self.terms.sub(b, a)];
            match self.terms.value(a).or(self.terms.value(b)) {
                Some(_) => (falling.extend([a, b]), apart.extend(differences)),
                None => (falling.extend(differences), apart.extend([a, b])),
            };
        }
        let mut seen = FxHashSet::default();
        falling.extend(apart);
        falling.retain(|&term| seen.insert(term));
        let mut measures = Vec::new();
        for term in falling {
            let Some(step) = self.fall(term, count) else { continue };
            let first = self.without(term, count);
            // What it is measured by is the same in all rounds.
            if self.terms.closure(&[first]).iter().any(|&part| self.is_of_round(part, count)) {
                continue;
            }
            let before = self.terms.offset(first, step as i64);
            measures.extend([first, before].map(|most| Measure { step, most }));
        }
        measures
    }

    /// Whether a term is a number of rounds, or the symbol of a register that is another one in each.
    fn is_of_round(&self, term: Term, count: Term) -> bool {
        let (Node::Symbol(symbol), Node::Symbol(Symbol::Round(start))) =
            (self.terms.node(term), self.terms.node(count))
        else {
            return false;
        };
        matches!(symbol, Symbol::Join(at, _) | Symbol::FrameJoin(at, _) | Symbol::Round(at) if at == start)
    }

    /// Whether a one-bit term holds wherever conditions do.
    fn follows(
        &mut self,
        solver: &mut Solver,
        under: &Option<Rc<Under>>,
        also: &[Term],
        holds: Term,
    ) -> bool {
        solver.push();
        let mut conditions = added(under, &None);
        conditions.extend(also);
        for condition in conditions {
            let fact = solver.holds(&self.terms, condition);
            solver.assert(&fact);
        }
        let goal = solver.holds(&self.terms, holds);
        solver.assert(&goal.not());
        let answer = solver.check();
        solver.pop();
        answer == Answer::Unsat
    }

    fn demand_measure(&mut self, ring: &Ring, template: &Template, measure: Measure, at: CodeOffset) {
        let zero = self.terms.constant(0, 64);
        let first = self.within(measure, zero);
        let state = self.at_round(template, ring, zero);
        self.demand_ends(&state, at, first);
    }

    /// The way out. Where it is taken after one number of rounds only, the state is that after so many.
    fn leave_ring(
        &mut self,
        solver: &mut Solver,
        ring: &Ring,
        template: &Template,
        count: Term,
        out: State,
        at: CodeOffset,
    ) -> Result<Vec<(i64, State)>, Unsupported> {
        let block = ring.blocks[ring.last];
        let mut out = out;
        if let Some(rounds) = self.only_value(solver, &out, count) {
            let number = self.terms.constant(rounds, 64);
            let same = self.terms.apply(&Function::Eq, &[count, number], 1);
            self.demand_ends(&out, at, same);
            let mut last = self.at_round(template, ring, number);
            last.touched = out.touched;
            let found = std::mem::take(&mut self.found);
            let assumed = self.assumed.clone();
            let exact = self.last_round(ring, last);
            (self.found, self.assumed) = (found, assumed);
            if let Some(exact) = exact? {
                out = exact;
                out.touched = self.settled(out.touched, count, number);
            }
        }
        let mut edges = vec![(ring.out, out)];
        self.arrive_at_ends(block, &mut edges);
        Ok(edges)
    }

    /// A term that speaks of the number of rounds, for a number.
    fn settled(&mut self, term: Option<Term>, count: Term, number: Term) -> Option<Term> {
        let term = term?;
        let Some(step) = self.fall(term, count) else { return Some(term) };
        let first = self.without(term, count);
        let step = self.terms.constant(u128::from(step), 64);
        let fallen = self.terms.apply(&Function::Mul, &[number, step], 64);
        Some(self.terms.sub(first, fallen))
    }

    /// From the head to the way out, which is taken.
    fn last_round(&mut self, ring: &Ring, head: State) -> Result<Option<State>, Unsupported> {
        let mut state = head;
        for (place, &block) in ring.blocks.iter().enumerate() {
            let goal = match place == ring.last {
                true => ring.out,
                false => i64::from(self.cfg.blocks[ring.blocks[place + 1]].start().0),
            };
            let edge = self.run_through(block, state)?.into_iter().find(|&(target, _)| target == goal);
            let Some((_, edge)) = edge else { return Ok(None) };
            if place == ring.last {
                return Ok(Some(edge));
            }
            state = edge;
        }
        Ok(None)
    }

    /// The value of a term under a state's conditions, if there is but one.
    fn only_value(&mut self, solver: &mut Solver, state: &State, term: Term) -> Option<u128> {
        solver.push();
        for condition in added(&state.under, &None) {
            let fact = solver.holds(&self.terms, condition);
            solver.assert(&fact);
        }
        let value = match solver.check() {
            Answer::Sat => solver.model(&self.terms, &[term]).and_then(|model| model.get(&term).copied()),
            _ => None,
        };
        let value = value.filter(|&value| {
            let number = self.terms.constant(value, 64);
            let same = self.terms.apply(&Function::Eq, &[term, number], 1);
            let same = solver.holds(&self.terms, same);
            solver.assert(&same.not());
            solver.check() == Answer::Unsat
        });
        solver.pop();
        value
    }
}

/// Conditions of a state that an earlier one did not have.
fn added(under: &Option<Rc<Under>>, earlier: &Option<Rc<Under>>) -> Vec<Term> {
    let vc = |under: &Option<Rc<Under>>| {
        let (property, at, goal) = (Property::P9, CodeOffset(0), Goal::Fact(true));
        let (under, what, item) = (under.clone(), What::Control(""), "".into());
        Vc { property, at, goal, under, what, item, step: 0 }.conditions()
    };
    let (all, known) = (vc(under), vc(earlier).len());
    all[..all.len() - known].to_vec()
}
