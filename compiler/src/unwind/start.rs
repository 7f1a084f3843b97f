//! States that a prolog or an epilog starts in, as the convention, the frame and the transition have them.

use super::value::{Owed, State, Value};
use super::{Described, Entered};
use framewright_spec::frame::RegionRole;
use framewright_spec::{Abi, CfaOffset, Layout, Machine, Reg};

impl Described<'_> {
    /// How many bits of something owed there are.
    pub(super) fn bits(&self, of: Owed) -> u32 {
        let word = self.machine.word_bytes * 8;
        match of {
            Owed::Return => word,
            Owed::Register(reg) => {
                let saved = self.abi.callee_saved.iter().find(|(saved, _)| *saved == reg);
                saved.map_or(word, |&(_, bits)| bits)
            }
        }
    }

    fn entry(&self, of: Owed) -> Value {
        Value::Entry { of, bits: self.bits(of) }
    }

    fn entry_of(&self, reg: Reg) -> Value {
        self.entry(Owed::Register(reg))
    }

    /// All that is owed.
    pub(super) fn owed(&self) -> impl Iterator<Item = Owed> {
        owed(self.machine, self.abi)
    }

    /// At the first instruction.
    pub(super) fn first(&self) -> State {
        match self.entered {
            Entered::Called => self.called(),
            Entered::Jumped { transition, source } => {
                let mut state = self.body(source);
                let machine = self.machine;
                let lowered = state.cfa_distance(machine.sp).map(|sp| Value::Cfa(sp - transition.lowered));
                state.set(machine.sp, lowered.unwrap_or(Value::Any));
                for reg in [machine.sp, machine.fp] {
                    if !transition.kept.contains(reg) {
                        state.set(reg, Value::Any);
                    }
                }
                for reg in transition.restored.iter() {
                    let of = if machine.link == Some(reg) { Owed::Return } else { Owed::Register(reg) };
                    state.set(reg, self.entry(of));
                }
                state
            }
        }
    }

    /// After a call.
    pub(super) fn called(&self) -> State {
        let mut state = State::unknown(self.machine);
        for reg in self.abi.callee_saved_set().iter() {
            state.set(reg, self.entry_of(reg));
        }
        let pushed = i64::from(self.abi.pushed_return);
        state.set(self.machine.sp, Value::Cfa(-pushed));
        match self.machine.link {
            Some(link) => state.set(link, self.entry(Owed::Return)),
            None => state.store(Value::Cfa(-pushed), self.bits(Owed::Return), self.entry(Owed::Return)),
        }
        state
    }

    /// In the body of a frame: what is owed is in its slots; of registers only SP, FP and those that it does not save
    /// are known.
    pub(super) fn body(&self, layout: &Layout) -> State {
        let mut state = State::unknown(self.machine);
        for reg in self.abi.callee_saved_set().iter().filter(|reg| !layout.slots.contains_key(reg)) {
            state.set(reg, self.entry_of(reg));
        }
        for (&reg, &slot) in layout.slots.iter().filter(|(_, slot)| layout.is_fixed(**slot)) {
            let of = Owed::Register(reg);
            state.store(Value::Cfa(slot.0), self.bits(of), self.entry(of));
        }
        let sp = layout.sp().0;
        let fixed = layout.realign.is_none() && layout.allocate.is_none();
        state.set(self.machine.sp, if fixed { Value::Cfa(sp) } else { Value::Below(sp) });
        if let Some(fp) = layout.fp {
            state.set(self.machine.fp, Value::Cfa(fp.0));
        }
        match (return_address(layout), self.machine.link) {
            (Some(at), _) => {
                state.store(Value::Cfa(at.0), self.bits(Owed::Return), self.entry(Owed::Return));
            }
            (None, Some(link)) => state.set(link, self.entry(Owed::Return)),
            (None, None) => {}
        }
        state
    }
}

/// The word that keeps the return address in the body.
fn return_address(layout: &Layout) -> Option<CfaOffset> {
    let region = layout.regions.iter().rev().find(|region| region.role == RegionRole::ReturnAddress);
    region.map(|region| region.offset)
}

/// All that is owed under a convention. SP's value is the CFA.
pub(super) fn owed(machine: &Machine, abi: &Abi) -> impl Iterator<Item = Owed> {
    let registers: Vec<Reg> = abi.callee_saved_set().without(machine.sp).iter().collect();
    std::iter::once(Owed::Return).chain(registers.into_iter().map(Owed::Register))
}
