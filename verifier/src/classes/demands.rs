//! What holds where a prolog or an epilog begins, and what must hold where it ends: the contract of a frame, for all
//! shapes at once.
//!
//! The same list is demanded at the end of a prolog, assumed at the beginning of its epilog, and assumed of the frame
//! that a transition leaves.

use super::form::{Fact, Form};
use super::placed::Holds;
use super::state::State;
use super::study::{Stop, Study};
use super::value::{Tag, Value};
use crate::verdict::Property;
use framewright_spec::frame::Debt;
use framewright_spec::machine::RegClass;
use framewright_spec::{Reg, RegSet, Transition};
use std::rc::Rc;

/// Most bytes that a body lowers SP by.
const MOST_LOWERED: i128 = 1 << 40;

impl Study<'_> {
    fn index(&self, reg: Reg) -> usize {
        usize::from(reg.0)
    }

    fn width(&self, reg: Reg) -> u32 {
        self.machine.register(reg).bits
    }

    /// The low bits of a register that a call keeps, as it was entered.
    fn entry(&self, reg: Reg) -> Value {
        let bits = self.abi.kept_bits(self.machine, reg).unwrap_or(64).min(self.width(reg));
        Value::whole(Tag::Entry(reg), bits)
    }

    fn address(&mut self, above_cfa: &Form) -> Value {
        let cfa = self.cfa();
        Value::number(cfa.plus(above_cfa), 64)
    }

    fn return_address(&self) -> Value {
        Value::whole(Tag::ReturnAddress, self.machine.word_bytes * 8)
    }

    /// The state of a function that is called.
    pub(super) fn called(&mut self) -> Result<State, Stop> {
        let mut state = self.blank(true);
        for (number, register) in self.machine.registers.iter().enumerate() {
            state.registers[number] = Value::whole(Tag::Entry(Reg(number as u8)), register.bits);
        }
        let pushed = i128::from(self.abi.pushed_return);
        let sp = self.address(&Form::number(-pushed));
        state.registers[self.index(self.machine.sp)] = sp;
        if pushed > 0 {
            let at = Form::number(-pushed);
            for (content, location) in state.memory.iter_mut().zip(&self.locations) {
                if location.at == at {
                    content.value = Value::whole(Tag::ReturnAddress, self.machine.word_bytes * 8);
                }
            }
        } else if let Some(link) = self.machine.link {
            state.registers[usize::from(link.0)] = self.return_address();
        }
        self.start_highs(&mut state)?;
        self.start_touched(&mut state, i128::from(self.abi.untouched_bytes))?;
        Ok(state)
    }

    /// The state that a transition enters the innermost frame with: the body of the frame that it extends.
    pub(super) fn transferred(&mut self, transition: &Transition) -> Result<State, Stop> {
        let from = self.chain.len().checked_sub(2);
        let from =
            from.ok_or_else(|| Stop::Unsupported("a transition to a frame that extends none".into()))?;
        let mut state = self.body_state(from, true)?;
        let machine = self.machine;
        for reg in [machine.sp, machine.fp] {
            if !transition.kept.contains(reg) {
                state.registers[self.index(reg)] = Value::whole(Tag::Before(reg), self.width(reg));
            }
        }
        for reg in transition.restored.iter() {
            let value = if machine.link == Some(reg) { self.return_address() } else { self.entry(reg) };
            self.set_low(&mut state, reg, value);
        }
        if transition.kept.contains(machine.sp) {
            let sp = self.body_sp(from).add(-i128::from(transition.lowered));
            state.registers[self.index(machine.sp)] = self.address(&sp);
        }
        self.start_highs(&mut state)?;
        Ok(state)
    }

    fn set_low(&mut self, state: &mut State, reg: Reg, value: Value) {
        let (index, width, bits) = (self.index(reg), self.width(reg), value.bits());
        state.registers[index] = if bits < width {
            let above = Value::Part { of: Tag::Before(reg), low: bits, bits: width - bits };
            Value::join(above, value)
        } else {
            value
        };
    }

    /// Places whose contents the body of a frame relies on, and when.
    fn counted(&mut self, frame: usize) -> Vec<(usize, Fact)> {
        let shared =
            |study: &Self, from: usize| (from + 1..=frame).all(|i| study.chain[i].frame.debt == Debt::Shared);
        let slots = self.chain[frame].slots.clone();
        let mut list = Vec::new();
        for number in 0..self.locations.len() {
            let location = self.locations[number].clone();
            if location.frame > frame || !shared(self, location.frame) {
                continue;
            }
            let mut present = location.present;
            if let Holds::Slot(reg) = location.holds {
                // A register's first slot holds its entry value.
                for &earlier in slots.get(&reg).into_iter().flatten().take_while(|&&n| n != number) {
                    let not = self.space.not(self.locations[earlier].present);
                    present = self.space.and([present, not]);
                }
            }
            list.push((number, present));
        }
        list
    }

    fn content(&self, number: usize) -> (Value, Property) {
        match self.locations[number].holds {
            Holds::ReturnAddress => (self.return_address(), Property::P2),
            Holds::ReturnCopy => (self.return_address(), Property::P4),
            Holds::SavedFp => (self.entry(self.machine.fp), Property::P4),
            Holds::Slot(reg) => (self.entry(reg), Property::P3),
        }
    }

    /// When a register's entry value has a place in a frame.
    fn saved(&mut self, frame: usize, reg: Reg) -> Fact {
        let places = self.chain[frame].slots.get(&reg).cloned().unwrap_or_default();
        let mut saved: Vec<Fact> = places.iter().map(|&number| self.locations[number].present).collect();
        if reg == self.machine.fp && self.chain[frame].fp.is_some() {
            saved.push(self.space.truth(true));
        }
        self.space.or(saved)
    }

    /// Whether the frame keeps the return address.
    fn keeps_return(&mut self, frame: usize) -> bool {
        let counted = self.counted(frame);
        counted.iter().any(|&(number, _)| self.locations[number].holds == Holds::ReturnAddress)
    }

    /// The state in the body of a frame, as far as its contract says.
    pub(super) fn body_state(&mut self, frame: usize, prolog: bool) -> Result<State, Stop> {
        let mut state = self.blank(prolog);
        let machine = self.machine;
        let begun = self.body_sp(frame);
        let mut sp = begun.clone();
        if self.chain[frame].frame.allocate.is_some() {
            let lowered = self.unsaid(frame, "lowered by the body", MOST_LOWERED);
            sp = sp.minus(&Form::of(lowered));
        }
        state.registers[self.index(machine.sp)] = self.address(&sp);
        for (number, present) in self.counted(frame) {
            let (value, _) = self.content(number);
            let bits = self.locations[number].bytes as u32 * 8;
            if value.bits() != bits {
                let place = self.place_name(number);
                return Err(Stop::Unsupported(format!("{place}, wider than what a call keeps")));
            }
            state.memory[number].value = self.meet(present, &value, &Value::Any(bits));
        }
        if !self.keeps_return(frame)
            && let Some(link) = machine.link
        {
            state.registers[self.index(link)] = self.return_address();
        }
        for &(reg, _) in &self.abi.callee_saved {
            if reg == machine.sp {
                continue;
            }
            let unsaved = self.saved(frame, reg);
            let unsaved = self.space.not(unsaved);
            let before = state.registers[self.index(reg)].clone();
            let value = self.entry(reg);
            self.set_low(&mut state, reg, value);
            let kept = state.registers[self.index(reg)].clone();
            state.registers[self.index(reg)] = self.meet(unsaved, &kept, &before);
        }
        for reg in self.untouched() {
            state.registers[self.index(reg)] = Value::whole(Tag::Entry(reg), self.width(reg));
        }
        if let Some(fp) = self.chain[frame].fp.clone() {
            state.registers[self.index(machine.fp)] = self.address(&fp);
        }
        if let Some(base) = self.chain[frame].frame.base {
            state.registers[self.index(base)] = self.address(&begun);
        }
        self.start_highs(&mut state)?;
        self.start_touched(&mut state, i128::from(crate::touch::untouched_in_body(self.abi)))?;
        Ok(state)
    }

    /// Registers that hold the same all the time: reserved ones and control registers.
    fn untouched(&self) -> Vec<Reg> {
        let control = self.abi.control_bits.iter().map(|&(reg, _)| reg);
        self.abi.reserved.iter().copied().chain(control).collect()
    }

    fn demand_same(
        &mut self,
        value: &Value,
        expected: &Value,
        property: Property,
        under: Fact,
        what: String,
    ) {
        let path = self.whole();
        let low = self.extract(value, 0, expected.bits().min(value.bits()), &path);
        let same = self.same(&low, expected);
        self.demand(property, under, same, what);
    }

    /// What must hold where the body begins.
    pub(super) fn demand_body(&mut self, state: &State, before: &State, called: bool) -> Result<(), Stop> {
        let frame = self.chain.len() - 1;
        let always = self.space.truth(true);
        let name = self.chain[frame].frame.name.clone();
        let sp = self.sp(state)?;
        let begun = self.body_sp(frame);
        let right = self.space.equal(&sp, &begun);
        self.demand(Property::P1, always, right, format!("SP in the body of {name}"));
        if let Some(base) = self.chain[frame].frame.base {
            let (value, expected) = (state.registers[self.index(base)].clone(), self.address(&begun));
            let what = format!("the base register in the body of {name}");
            self.demand_same(&value, &expected, Property::P4, always, what);
        }
        self.demand_touched(state, &begun, &name);
        if let Some(fp) = self.chain[frame].fp.clone() {
            let expected = self.address(&fp);
            let value = state.registers[self.index(self.machine.fp)].clone();
            self.demand_same(&value, &expected, Property::P4, always, format!("FP in the body of {name}"));
            if self.chain[frame].frame.chain_return {
                self.demand_chain(state, &fp, &name);
            }
        }
        for (number, present) in self.counted(frame) {
            let (expected, property) = self.content(number);
            let what: Rc<str> = self.place_name(number).into();
            let value = state.memory[number].value.clone();
            self.demand_same(&value, &expected, property, present, what.to_string());
            self.demand_alive(state, number, present, &what);
        }
        if !self.keeps_return(frame)
            && let Some(link) = self.machine.link
        {
            let (value, expected) = (state.registers[self.index(link)].clone(), self.return_address());
            let what = format!("the return address in the body of {name}");
            self.demand_same(&value, &expected, Property::P2, always, what);
        }
        for &(reg, _) in &self.abi.callee_saved {
            if reg == self.machine.sp || (reg == self.machine.fp && self.chain[frame].fp.is_some()) {
                continue;
            }
            let saved = self.saved(frame, reg);
            let unsaved = self.space.not(saved);
            let (value, expected) = (state.registers[self.index(reg)].clone(), self.entry(reg));
            let what = format!("{} in the body, which {name} does not save", self.machine.register(reg).name);
            self.demand_same(&value, &expected, Property::P3, unsaved, what);
        }
        self.demand_untouched(state);
        self.demand_kept(state, before, called)
    }

    fn place_name(&self, number: usize) -> String {
        let location = &self.locations[number];
        let frame = &self.chain[location.frame].frame.name;
        match location.holds {
            Holds::ReturnAddress => format!("the return address of frame {frame}"),
            Holds::ReturnCopy => format!("the copy of the return address in frame {frame}"),
            Holds::SavedFp => format!("the saved FP of frame {frame}"),
            Holds::Slot(reg) => format!("the save slot of {} in {frame}", self.machine.register(reg).name),
        }
    }

    /// The word above FP's is the return address.
    fn demand_chain(&mut self, state: &State, fp: &Form, name: &str) {
        let (word, always) = (i128::from(self.machine.word_bytes), self.space.truth(true));
        let at = fp.add(word);
        let mut ways = Vec::new();
        for number in 0..self.locations.len() {
            let location = self.locations[number].clone();
            if location.bytes == word {
                let value = state.memory[number].value.clone();
                let expected = self.return_address();
                let (here, right) = (self.space.equal(&location.at, &at), self.same(&value, &expected));
                ways.push(self.space.and([here, right, location.present]));
            }
        }
        let any = self.space.or(ways);
        self.demand(Property::P4, always, any, format!("the return word of the chain of {name}"));
    }

    fn demand_untouched(&mut self, state: &State) {
        let always = self.space.truth(true);
        for &reg in &self.abi.reserved {
            let expected = Value::whole(Tag::Entry(reg), self.width(reg));
            let value = state.registers[self.index(reg)].clone();
            let what = format!("{}, which is reserved", self.machine.register(reg).name);
            self.demand_same(&value, &expected, Property::P13, always, what);
        }
        for &(reg, _) in &self.abi.control_bits {
            let expected = Value::whole(Tag::Entry(reg), self.width(reg));
            let value = state.registers[self.index(reg)].clone();
            let what = format!("control bits of {}", self.machine.register(reg).name);
            self.demand_same(&value, &expected, Property::P15, always, what);
        }
    }

    /// Registers that prolog and epilog may change.
    fn may_change(&mut self) -> Result<RegSet, Stop> {
        let path = self.whole();
        let frame = self.chain.len() - 1;
        let declared = self.chain[frame].frame;
        let scratch = self.set(frame, &declared.scratch, &path)?;
        if scratch.values().any(|&fact| !self.is_always(fact)) {
            return Err(Stop::Unsupported("a scratch set that depends on the shape".to_owned()));
        }
        let set: RegSet = scratch.keys().copied().collect();
        let set = set.with(self.machine.sp).with(self.machine.fp);
        Ok(self.machine.link.map_or(set, |link| set.with(link)))
    }

    /// Integer and float registers that a call does not keep.
    fn value_registers(&self) -> Vec<Reg> {
        let is_value = |reg: &Reg| {
            let class = self.machine.register(*reg).class;
            matches!(class, RegClass::Int | RegClass::Float)
                && *reg != self.machine.sp
                && self.abi.kept_bits(self.machine, *reg).is_none()
        };
        (0..self.machine.registers.len()).map(|i| Reg(i as u8)).filter(is_value).collect()
    }

    /// Arguments are still there, and nothing but scratch registers has changed.
    fn demand_kept(&mut self, state: &State, before: &State, called: bool) -> Result<(), Stop> {
        let (may, always) = (self.may_change()?, self.space.truth(true));
        for reg in self.value_registers() {
            let argument = called && (self.abi.int_args.contains(&reg) || self.abi.float_args.contains(&reg));
            let property = match (argument, may.contains(reg)) {
                (true, _) => Property::P7,
                (false, false) => Property::P13,
                (false, true) => continue,
            };
            self.demand_unchanged(state, before, reg, property, always);
        }
        Ok(())
    }

    fn demand_unchanged(&mut self, state: &State, before: &State, reg: Reg, property: Property, under: Fact) {
        let (value, expected) =
            (state.registers[self.index(reg)].clone(), &before.registers[self.index(reg)]);
        // What was anything is unchanged only if it was not written; it is the same then.
        let same = value == *expected;
        let same = self.space.truth(same);
        let name = &self.machine.register(reg).name;
        self.demand(property, under, same, format!("{name}, which prolog and epilog leave alone"));
    }

    /// What must hold where the activation has returned.
    pub(super) fn demand_exit(&mut self, state: &State, before: &State) -> Result<(), Stop> {
        let always = self.space.truth(true);
        let Some(target) = state.returned.clone() else {
            return Err(Stop::Unsupported("an epilog that does not return".to_owned()));
        };
        let sp = self.sp(state)?;
        let right = self.space.zero(sp);
        self.demand(Property::P1, always, right, "SP after the return");
        let expected = self.return_address();
        self.demand_same(&target, &expected, Property::P2, always, "where the return goes".to_owned());
        for &(reg, _) in &self.abi.callee_saved {
            if reg != self.machine.sp {
                let (value, expected) = (state.registers[self.index(reg)].clone(), self.entry(reg));
                let what = format!("{} at the return", self.machine.register(reg).name);
                self.demand_same(&value, &expected, Property::P3, always, what);
            }
        }
        self.demand_untouched(state);
        let may = self.may_change()?;
        for reg in self.value_registers() {
            let result = self.abi.int_results.contains(&reg) || self.abi.float_results.contains(&reg);
            let property = match (result, may.contains(reg)) {
                (true, _) => Property::P7,
                (false, false) => Property::P13,
                (false, true) => continue,
            };
            self.demand_unchanged(state, before, reg, property, always);
        }
        Ok(())
    }
}
