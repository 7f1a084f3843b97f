//! Where control goes, and what is owed there: jumps, calls, and the ends of the activation.

use super::state::{State, World};
use super::value::{Half, Table, Value};
use super::walk::{Before, Exit, Walk};
use super::{Place, Pointer};
use crate::decoded::Unsupported;
use crate::eval::Flow;
use crate::verdict::Property;
use framewright_spec::{CodeOffset, Reg, RegSet};
use smallvec::SmallVec;

impl<'a> Walk<'a> {
    /// Where control goes; whether it goes on to the next instruction as part of the same block.
    pub(super) fn follow(
        &mut self,
        (leader, at, next): (u32, u32, u32),
        flow: Flow<Value>,
        before: Option<&Before>,
        state: &mut State,
    ) -> bool {
        match flow {
            Flow::Next => true,
            Flow::Trap => false,
            Flow::Jump(target) => {
                self.jump(leader, at, target.low, state);
                false
            }
            Flow::Branch { target, .. } => {
                self.jump(leader, at, target.low, state);
                self.code.lead(next);
                true
            }
            Flow::Call(target) => {
                before.is_some_and(|before| self.call((leader, at), target.low, before, state))
            }
            // A subroutine of the function's own returns.
            Flow::Return(Value { low: Half::Code(to), .. })
                if self.is_in_program() && self.code.inside(to).is_some() =>
            {
                self.jump(leader, at, Half::Code(to), state);
                false
            }
            Flow::Return(target) => {
                self.exits.insert(at, Exit::Return);
                self.check_exit(at, target, Half::Frame(0), state);
                false
            }
        }
    }

    fn jump(&mut self, leader: u32, at: u32, target: Half, state: &State) {
        let target = if self.resumes.is_jump(at) { Half::SomeCode } else { target };
        match target {
            Half::Code(to) if self.code.inside(to).is_some() => self.enter(leader, to as u32, state),
            Half::Code(to) if self.is_other_code(to) => {
                self.unclear.insert(at, format!("jump to {to:#x}, which is outside of the main body"));
            }
            Half::Code(to) => self.jump_away(leader, at, to, state),
            Half::Case { .. } | Half::Loaded(_) if self.jump_by_table((leader, at), target, state) => {}
            Half::Import(_) | Half::Callee => self.leave(at, state),
            Half::Loaded(table) => self.jump_by_pointer((leader, at), table, state),
            Half::SomeCode | Half::Near(_) | Half::Case { .. } => {
                self.jump_somewhere(leader, at, state);
            }
            _ if self.aims.leaves_by_jump && state.sp(self.world) != Half::Frame(self.world.entry_sp()) => {
                match self.leaves.get_mut(&at) {
                    Some(known) => drop(known.join(state, self.world)),
                    None => drop(self.leaves.insert(at, state.clone())),
                }
            }
            _ if self.is_in_program() && !self.is_repaid(state) && self.is_in_frame(state) => {
                self.unclear
                    .insert(at, "a jump to an address that is not known, with the frame in place".to_owned());
            }
            _ => self.leave(at, state),
        }
    }

    /// A jump by an address that was read: of a function where the caller is repaid or the first one that may have been
    /// read is a function's, else of a place in this one.
    fn jump_by_pointer(&mut self, (leader, at): (u32, u32), table: Table, state: &State) {
        let to = match self.world.surroundings.pointer(i64::from(table.at)) {
            Some(Pointer::To(to)) if self.code.inside(to).is_some() => None,
            pointer => pointer,
        };
        match to {
            _ if self.is_repaid(state) => self.leave(at, state),
            None => self.jump_somewhere(leader, at, state),
            Some(Pointer::To(to)) if !self.is_entry(to) => {
                self.unclear.insert(at, "a jump by an address in the middle of another function".to_owned());
            }
            Some(_) => self.leave(at, state),
        }
    }

    /// A jump to code elsewhere: a tail call where the caller is repaid, else on in that code.
    fn jump_away(&mut self, leader: u32, at: u32, to: i64, state: &State) {
        let entered = self.world.surroundings.place(to) != Place::Inside;
        if entered && self.is_repaid(state) {
            self.leave(at, state);
        } else if entered && self.code.ends_at(at, to) && self.code.leads_to(at, to) {
            self.notes.assume("unreachable-end", CodeOffset(at));
        } else if let Some(to) = self.code.reach(to) {
            self.enter(leader, to, state);
        } else if entered && (self.is_entry(to) || !self.is_in_program()) {
            self.leave(at, state);
        } else if entered {
            self.unclear.insert(at, format!("jump to {to:#x}, to code of which nothing is known"));
        } else {
            self.unclear.insert(at, format!("jump to {to:#x}, into the middle of another function"));
        }
    }

    /// A tail jump.
    fn leave(&mut self, at: u32, state: &State) {
        self.exits.insert(at, Exit::TailJump);
        self.check_exit(at, self.return_address(state), Half::Frame(self.world.entry_sp()), state);
    }

    /// The return address where the entry of a function expects it.
    fn return_address(&self, state: &State) -> Value {
        let (link, word) = self.world.return_address();
        match self.world.machine.link {
            Some(_) => state.get(link),
            None => state.memory.load(self.world.entry_sp(), word),
        }
    }

    /// Whether the function around is part of a program that is known.
    fn is_in_program(&self) -> bool {
        self.world.surroundings.address().is_some()
    }

    fn is_in_frame(&self, state: &State) -> bool {
        let entry = self.world.entry_sp();
        matches!(state.sp(self.world), Half::Frame(sp) | Half::Below(sp) if sp < entry)
    }

    /// Whether a place is code around the method's own that nothing is known of, so an exception funclet.
    fn is_other_code(&self, at: i64) -> bool {
        let around = (0..self.code.method.bytes.len() as i64).contains(&at);
        around && !self.is_in_program() && self.world.surroundings.place(at) == Place::Unknown
    }

    /// A call; whether control comes back to the next instruction as part of the same block.
    fn call(&mut self, (leader, at): (u32, u32), target: Half, before: &Before, state: &mut State) -> bool {
        if let Half::Code(to) = target {
            if to != i64::from(self.code.start()) && self.code.is_together(at, to) && !self.is_entry(to) {
                return self.call_inside((leader, at), to as u32, state);
            }
            if to != i64::from(self.code.start()) && self.is_other_code(to) {
                self.notes.assume("funclets", CodeOffset(at));
            }
        }
        self.notes.assume("callee-abi", CodeOffset(at));
        if let Some(before) = &before.state {
            match self.calls.get_mut(&at) {
                Some(known) => drop(known.join(before, self.world)),
                None => drop(self.calls.insert(at, before.clone())),
            }
        }
        state.set(self.world.machine.sp, before.sp);
        let probed = probe_address(state, self.world, before);
        if probed.is_none() {
            self.check_alignment(at, target, before.sp.low);
        }
        let name = self.callee_name(target);
        let keeps = name.map_or(RegSet::EMPTY, |name| self.world.callees.keeps(name));
        let kept: SmallVec<[(Reg, Value); 4]> = keeps.iter().map(|reg| (reg, state.get(reg))).collect();
        let told = probed.map(|reg| (reg, state.get(reg), state.memory.clone()));
        state.after_call(self.world);
        kept.into_iter().for_each(|(reg, value)| state.set(reg, value));
        if let Some((reg, value, memory)) = told {
            self.notes.assume("probe-helper", CodeOffset(at));
            state.set(reg, value);
            state.memory = memory;
            state.settle(self.world);
        }
        self.land(leader, at, state);
        let seen = !matches!(target, Half::Code(to) if !self.world.surroundings.returns(to));
        let behind = self.code.decoded(at).map_or(at, |step| at + step.len());
        let told = keeps.is_empty() && self.is_moved_by(at, behind);
        let returns = seen && !told && !name.is_some_and(|name| self.world.callees.never_returns(name));
        if !returns {
            self.notes.assume("no-return", CodeOffset(at));
        }
        returns
    }

    /// A call of code of the function's own: a jump that leaves the return address.
    fn call_inside(&mut self, (leader, at): (u32, u32), to: u32, state: &State) -> bool {
        if !self.is_in_program() {
            self.unclear.insert(at, format!("a call into its own body, to {to:#x}"));
            return false;
        }
        self.enter(leader, to, state);
        false
    }

    /// Whether a place is known as the first byte of a function.
    fn is_entry(&self, at: i64) -> bool {
        matches!(self.world.surroundings.place(at), Place::Function(_))
    }

    fn check_alignment(&mut self, at: u32, target: Half, sp: Half) {
        match sp {
            Half::Frame(sp) if sp.rem_euclid(i64::from(self.world.abi.stack_align)) == 0 => {}
            Half::Below(_) => self.notes.assume("dynamic-frame", CodeOffset(at)),
            // Small helpers and local functions are called without aligning SP.
            Half::Frame(_) if matches!(target, Half::Code(_)) => {
                self.notes.assume("unaligned-helper", CodeOffset(at))
            }
            Half::Entry { .. } if self.is_in_program() && self.code.method.name.is_none() => {
                let what =
                    "SP is what a register held at the entry: it begins on a stack that no caller has made";
                let what = what.to_owned();
                self.unsupported.insert(at, Unsupported { at: CodeOffset(at), what });
            }
            sp => {
                let align = self.world.abi.stack_align;
                let what = format!("SP is {sp:?} at a call, where it must be a multiple of {align}");
                self.notes.doubt(Property::P5, CodeOffset(at), Some(self.world.machine.sp), what);
            }
        }
    }

    /// The name of a callee, if it has one.
    fn callee_name(&self, target: Half) -> Option<&'a str> {
        let surroundings = self.world.surroundings;
        match target {
            Half::Code(to) => match surroundings.place(to) {
                Place::Function(name) => name,
                Place::Inside | Place::Unknown => None,
            },
            Half::Import(slot) => match surroundings.pointer(slot) {
                Some(Pointer::Import(name)) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Where an exception that a call raises is caught, the frame is as at the call.
    fn land(&mut self, leader: u32, at: u32, state: &State) {
        let pads = self.code.method.pads;
        let own = pads.iter().filter(|pad| (pad.calls.0..pad.calls.1).contains(&at));
        for pad in own {
            match self.code.reach(i64::from(pad.landing)) {
                // The range of a pad spans calls that raise nothing (GCC, gcc/except.cc, convert_to_eh_region_ranges).
                Some(landing) if self.is_moved_by(at, landing) => {
                    self.notes.assume("handler-resume", CodeOffset(at));
                }
                Some(landing) => {
                    self.notes.assume("handler-resume", CodeOffset(at));
                    self.enter(leader, landing, state);
                }
                None => {
                    self.unclear.insert(at, "its exceptions are caught outside of the function".to_owned());
                }
            }
        }
    }

    /// Whether a call would move the caller's registers, by the unwind data of a program, on the way to a place.
    fn is_moved_by(&self, call: u32, to: u32) -> bool {
        self.is_in_program() && self.unwound.as_ref().is_some_and(|scan| scan.moves_at(call, to))
    }

    /// Control comes to the end of a part. `called`: nothing has been done since a call.
    pub(super) fn end(&mut self, called: bool, (leader, at, next): (u32, u32, u32), state: &State) {
        let other = Half::Code(i64::from(next));
        match called {
            true => self.notes.assume("no-return", CodeOffset(at)),
            false if self.is_in_program() => self.jump(leader, at, other, state),
            false => drop(self.unclear.insert(at, "control runs past the end of the body".to_owned())),
        }
    }

    /// Whether the caller has all that it is owed at the entry of another function.
    fn is_repaid(&self, state: &State) -> bool {
        let world = self.world;
        let (link, word) = world.return_address();
        state.sp(world) == Half::Frame(world.entry_sp())
            && self.return_address(state).keeps(link, word)
            && world.debts().all(|(reg, bits)| state.get(reg).keeps(reg, bits))
    }

    fn check_exit(&mut self, at: u32, to: Value, sp: Half, state: &State) {
        let world = self.world;
        let found = state.sp(world);
        if found == Half::Any && self.is_in_program() {
            let what =
                "SP holds what was read from elsewhere: control goes on in another activation".to_owned();
            self.unsupported.insert(at, Unsupported { at: CodeOffset(at), what });
            return;
        }
        let at = CodeOffset(at);
        if found != sp {
            let what = format!("SP is {found:?} where the caller wants {sp:?}");
            self.notes.doubt(Property::P1, at, Some(world.machine.sp), what);
        }
        let (link, word) = world.return_address();
        if !to.keeps(link, word) {
            let what = format!("control goes back to {:?}", to.low);
            self.notes.doubt(Property::P2, at, world.machine.link, what);
        }
        for (reg, bits) in world.debts() {
            let value = state.get(reg);
            if value.keeps(reg, bits) {
                continue;
            }
            if self.changes.contains(reg) {
                self.notes.assume("contract", at);
                continue;
            }
            // What is one bit wide has one state at calls.
            if world.machine.register(reg).bits == 1 && value.number() == Some(self.code.usual(reg)) {
                self.notes.assume("control-bit", at);
                continue;
            }
            let control = world.abi.control_bits.iter().any(|&(r, _)| r == reg);
            let property = if control { Property::P15 } else { Property::P3 };
            if control && self.is_in_program() && self.code.method.name.is_none() {
                let what = "control bits are set in a function without a name, which may be there for that";
                self.unclear.insert(at.0, what.to_owned());
                continue;
            }
            let what = format!("`{}` holds {:?}", world.machine.register(reg).name, value.low);
            self.notes.doubt(property, at, Some(reg), what);
        }
    }
}

/// The register in which a helper that touches the pages of a large frame is told how far down, if it is one: no
/// argument, and an address below SP.
fn probe_address(state: &State, world: &World, before: &Before) -> Option<Reg> {
    let Half::Frame(sp) = before.sp.low else { return None };
    let told = |reg: &Reg| {
        let value = if Some(*reg) == world.machine.link { before.link } else { None };
        let value = value.unwrap_or_else(|| state.get(*reg));
        let below = matches!(value.low, Half::Frame(at) if at < sp);
        below && world.kept_bits(*reg) == 0 && !world.abi.int_args.contains(reg) && *reg != world.machine.sp
    };
    world.registers().find(told)
}
