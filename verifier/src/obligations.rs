//! The obligations at the places where a contract is due: body, epilogs, calls, patchpoints, returns.

use crate::concrete::mask;
use crate::contract::{Demand, Place};
use crate::decoded::{Decoded, Unsupported};
use crate::exec::Judge;
use crate::state::{Answer, Phase, State};
use crate::term::{Node, Symbol, Term};
use crate::vc::{Goal, What};
use crate::verdict::Property;
use framewright_spec::claim::Entry;
use framewright_spec::machine::RegClass;
use framewright_spec::meaning::Function;
use framewright_spec::{CodeOffset, Reg};
use std::rc::Rc;

impl Judge<'_> {
    /// Control gets to the block at `target`; contracts that are due there.
    pub(crate) fn arrive(&mut self, state: &mut State, target: i64, from: CodeOffset) {
        let here = |at: CodeOffset| i64::from(at.0) == target;
        if state.phase == Phase::Prolog && here(self.claim.body) {
            self.enter_body(state, from);
        }
        if state.phase == Phase::Body && self.claim.epilogs.iter().any(|&at| here(at)) {
            // Who comes from a landing has no FP; the epilog owes its entry value like any other.
            let fp = self.contract.machine.fp;
            let sp = self.contract.machine.sp;
            let lowers = self.contract.layout.allocate.is_some();
            let is = |d: &Demand, reg| matches!(d.place, Place::Register(other, _) if other == reg);
            self.demand_body(state, from, |d| !(is(d, fp) || lowers && is(d, sp)));
            state.phase = Phase::Epilog;
            state.epilog = Some(Rc::new(state.registers.clone()));
        }
    }

    fn enter_body(&mut self, state: &mut State, from: CodeOffset) {
        for demand in self.body.clone() {
            let of_sp = demand.place == Place::Register(self.contract.machine.sp, 64);
            let property = match (of_sp, self.contract.layout.realign) {
                (true, Some(_)) => Property::P5,
                (true, None) => Property::P14,
                (false, _) => demand.property,
            };
            self.demand(state, &demand, property, from);
        }
        for demand in self.state_map.clone() {
            self.demand(state, &demand, Property::P12, from);
        }
        self.demand_aligned(state, from);
        self.demand_touched(state, from);
        self.demand_junk_unread(state, from);
        self.demand_kept_by_prolog(state, from);
        state.phase = Phase::Body;
        if self.contract.moves() {
            state.set(self.contract.machine.sp, self.body_sp);
            self.contract.frame.base.into_iter().for_each(|base| state.set(base, self.body_sp));
        }
        if self.record.is_none() {
            let contract = self.contract;
            state.memory.retain(|at, bytes, _| !contract.is_free(at, i64::from(bytes)));
        }
    }

    /// What probes leave in flags and scratch registers is nobody's.
    fn demand_junk_unread(&mut self, state: &State, from: CodeOffset) {
        if self.contract.guard().is_none() {
            return;
        }
        let read = crate::live::junk_read(self.contract, self.cfg, self.claim);
        let what = read.map_or_else(String::new, |(at, reg)| {
            format!(
                "the body reads {} at {at}, which the prolog's probes have overwritten",
                self.contract.name(reg)
            )
        });
        self.demand_fact(Property::P7, state, from, What::Said(what.into()), read.is_none());
    }

    /// Below an address that was rounded down, regions are aligned as they ask for.
    fn demand_aligned(&mut self, state: &State, from: CodeOffset) {
        let contract = self.contract;
        for region in contract.own_regions().filter(|r| !contract.layout.is_fixed(r.offset)) {
            let declared = contract.frame.regions.iter().find(|r| r.name == region.name);
            let Some(of) = declared.map(|r| r.align).filter(|&align| align > 1) else { continue };
            let sp = state.register(contract.machine.sp);
            let value = self.terms.offset(sp, contract.layout.sp_relative(region.offset));
            let place = Place::Register(contract.machine.sp, 64);
            let what = What::Value { place, what: format!("the address of region {}", region.name).into() };
            let item = format!("frame {}: region {}", contract.frame.name, region.name);
            self.note(Property::P5, state, from, Goal::Multiple { value, of }, what, item);
        }
    }

    /// Arguments are still there, and nothing but the allowed registers has changed.
    fn demand_kept_by_prolog(&mut self, state: &mut State, from: CodeOffset) {
        let abi = self.contract.abi;
        let call = self.claim.entry == Entry::Call;
        let is_argument = |reg: &Reg| call && (abi.int_args.contains(reg) || abi.float_args.contains(reg));
        for reg in self.value_registers() {
            let (property, what) = match (is_argument(&reg), self.may_change.contains(reg)) {
                (true, _) => (Property::P7, "argument register"),
                (false, false) => (Property::P13, "register outside the scratch set:"),
                (false, true) => continue,
            };
            let expected = self.entry_registers[usize::from(reg.0)];
            let what = format!("{what} {} at the body", self.contract.name(reg));
            self.demand_register(state, reg, expected, property, &what, from);
        }
    }

    /// Integer and float registers that are neither SP nor callee-saved.
    fn value_registers(&self) -> Vec<Reg> {
        let contract = self.contract;
        let is_value = |reg: &Reg| {
            let class = contract.machine.register(*reg).class;
            matches!(class, RegClass::Int | RegClass::Float)
                && *reg != contract.machine.sp
                && contract.kept_bits(*reg).is_none()
        };
        (0..contract.machine.registers.len()).map(|i| Reg(i as u8)).filter(is_value).collect()
    }

    fn demand_register(
        &mut self,
        state: &mut State,
        reg: Reg,
        expected: Term,
        property: Property,
        what: &str,
        at: CodeOffset,
    ) {
        let place = Place::Register(reg, self.terms.width(expected));
        let item = match property {
            Property::P7 => format!("convention {}: arguments and results", self.contract.abi.name),
            _ => format!("frame {}: scratch", self.contract.frame.name),
        };
        let demand = Demand { property, place, expected, what: what.into(), item: item.into() };
        self.demand(state, &demand, property, at);
    }

    /// The demands of the body that `which` selects.
    fn demand_body(&mut self, state: &mut State, at: CodeOffset, which: impl Fn(&Demand) -> bool) {
        for demand in self.body.clone() {
            if which(&demand) {
                self.demand(state, &demand, demand.property, at);
            }
        }
    }

    /// Demands a value in a place.
    pub(crate) fn demand(&mut self, state: &mut State, demand: &Demand, property: Property, at: CodeOffset) {
        let mut expected = demand.expected;
        let width = self.terms.width(expected);
        let actual = match demand.place {
            Place::Register(reg, bits) => {
                let whole = state.register(reg);
                let bits = bits.min(self.terms.width(whole));
                self.terms.extract(whole, 0, bits)
            }
            Place::Masked(reg, bits) => {
                let (whole, zero) = (state.register(reg), self.terms.constant(0, width));
                expected = self.terms.mix(bits, expected, zero);
                self.terms.mix(bits, whole, zero)
            }
            Place::Memory(offset, bytes) => self.peek(state, offset, bytes),
        };
        let goal = Goal::Equal { actual, expected };
        let what = What::Value { place: demand.place, what: demand.what.clone() };
        self.note(property, state, at, goal, what, demand.item.clone());
    }

    /// Notes something that holds or does not, whatever the values.
    pub(crate) fn demand_fact(
        &mut self,
        property: Property,
        state: &State,
        at: CodeOffset,
        what: What,
        holds: bool,
    ) {
        self.note(property, state, at, Goal::Fact(holds), what, "claim");
    }

    /// Frame memory as a contract reads it.
    pub(crate) fn peek(&mut self, state: &mut State, at: i64, bytes: u32) -> Term {
        if let Some(value) = state.memory.read(&mut self.terms, at, bytes) {
            return value;
        }
        // Before the first step all bytes are as at the entry.
        let first = self.record.as_ref().is_some_and(Vec::is_empty);
        for (gap, length) in state.memory.gaps(at, bytes) {
            let junk = match first || gap >= self.world.entry_sp {
                true => self.terms.symbol(Symbol::Initial(gap, length), length * 8),
                false => self.terms.fresh(length * 8),
            };
            state.memory.write(&mut self.terms, gap, junk);
            if let Some(step) = self.record.as_mut().and_then(|r| r.last_mut()) {
                step.junk.push((gap, junk));
            }
        }
        let known = state.memory.read(&mut self.terms, at, bytes);
        known.unwrap_or_else(|| self.terms.fresh(bytes * 8))
    }

    /// A call: what a callee may rely on, and what is left when it is back.
    pub(crate) fn call(
        &mut self,
        state: &mut State,
        decoded: &Decoded,
        target: Term,
    ) -> Result<(), Unsupported> {
        let contract = self.contract;
        if let Some(helped) = self.claim.helpers.iter().find(|helped| helped.at == decoded.at) {
            if !decoded.names_word(helped.word) {
                let what = format!("a call of `{}` through another word than the claim names", helped.helper);
                return Err(Unsupported { at: decoded.at, what });
            }
            return self.call_helper(state, decoded, &helped.helper);
        }
        let sp_reg = contract.machine.sp;
        let pushed = i64::from(contract.abi.pushed_return);
        self.demand_touched_for_callee(state, decoded.at);
        let sp = self.terms.offset(state.register(sp_reg), pushed);
        match self.terms.distance(target, Symbol::Code) {
            Some(0) if self.claim.entry == Entry::Call => self.assume("self-call"),
            Some(_) => {
                return Err(Unsupported {
                    at: decoded.at,
                    what: "a call into the middle of code".to_owned(),
                });
            }
            None => {}
        }
        let goal = Goal::Multiple { value: sp, of: contract.abi.stack_align };
        let what = What::Value { place: Place::Register(sp_reg, 64), what: "SP at the call".into() };
        let item = format!("convention {}: stack_align", contract.abi.name);
        self.note(Property::P5, state, decoded.at, goal, what, item);
        self.shadow_space(state, decoded.at, sp);
        let in_body = state.phase == Phase::Body;
        self.demand_body(state, decoded.at, |d| match d.property {
            Property::P4 => in_body,
            property => property == Property::P15,
        });
        self.assume("callee-abi");
        let given: Vec<Term> = contract.abi.int_args.iter().map(|&reg| state.register(reg)).collect();
        if given.iter().any(|&term| self.terms.of_frame(term)) {
            self.assume("frame-address");
        }
        self.come_back(state, sp);
        let result = contract.abi.int_results.first().map(|&reg| state.register(reg));
        state.answer = Some(Rc::new(Answer { given, result }));
        Ok(())
    }

    /// The callee may write the shadow space that it finds above its return address.
    fn shadow_space(&mut self, state: &State, at: CodeOffset, sp: Term) {
        let bytes = self.contract.abi.shadow_space;
        if bytes == 0 {
            return;
        }
        // Where it is not known how far, SP is at or below where the body began, if the body may lower it.
        let lowers = self.contract.layout.allocate.is_some();
        let above = self.terms.apart(sp, self.body_sp).or(lowers.then_some(0));
        let given = above.is_some_and(|above| above + i64::from(bytes) <= self.contract.outgoing_at_sp());
        let what = format!("the callee's {bytes} bytes of shadow space are not in the outgoing area");
        self.demand_fact(Property::P8, state, at, What::Said(what.into()), given);
    }

    fn come_back(&mut self, state: &mut State, sp: Term) {
        let contract = self.contract;
        let before = state.registers.clone();
        for (index, &value) in before.iter().enumerate() {
            state.registers[index] = self.after_callee(Reg(index as u8), value);
        }
        state.set(contract.machine.sp, sp);
        // What lies below the frame, even above SP, may be the callee's arguments.
        let at = self.highest_sp(state);
        state.memory.forget_below(&mut self.terms, at.max(contract.body_sp()));
        for (low, high) in contract.outgoing() {
            state.memory.forget(&mut self.terms, low, high - low);
        }
        let changed = crate::exec::changes(&before, &state.registers);
        if let Some(step) = self.record.as_mut().and_then(|r| r.last_mut()) {
            step.callee = changed;
        }
    }

    fn after_callee(&mut self, reg: Reg, before: Term) -> Term {
        let contract = self.contract;
        let width = self.terms.width(before);
        if let Some(kept) = contract.kept_bits(reg) {
            if kept >= width {
                return before;
            }
            let low = self.terms.extract(before, 0, kept);
            let high = self.terms.fresh(width - kept);
            return self.terms.concat(high, low);
        }
        let fresh = self.terms.fresh(width);
        match contract.control_mask(reg) {
            Some(bits) => self.terms.mix(bits, before, fresh),
            None => fresh,
        }
    }

    /// The address without the bits that no address of an instruction has.
    fn instruction_address(&mut self, address: Term) -> Term {
        let width = self.terms.width(address);
        let align = u128::from(self.contract.machine.instruction_align());
        let bits = self.terms.constant(mask(width) & !(align - 1), width);
        self.terms.apply(&Function::And, &[address, bits], width)
    }

    /// The body invariant, and every home of the state written: the source's side of a transition. The jump goes
    /// where the helper says, and the helper was told where to go on.
    pub(crate) fn patchpoint(&mut self, state: &mut State, at: CodeOffset, index: usize, target: Term) {
        self.demand_body(state, at, |_| true);
        let patchpoint = &self.claim.patchpoints[index];
        let resume = self.terms.code(i64::from(patchpoint.resume.0));
        let answer = state.answer.clone();
        let said = answer.as_ref().and_then(|a| a.result);
        let said = said.unwrap_or_else(|| self.terms.fresh(64));
        // The helper answers with the address of an instruction, whose lowest bits a jump may ignore.
        let expected = if target == said { said } else { self.instruction_address(said) };
        let goal = Goal::Equal { actual: target, expected };
        let what = What::Control("the patchpoint does not jump to what its helper answered");
        self.note(Property::P2, state, at, goal, what, "claim");
        let number = u128::from(patchpoint.id);
        let is_number = |&term: &Term| self.terms.value(term).is_some_and(|v| v & 0xffff_ffff == number);
        let numbered = answer.as_ref().is_some_and(|a| a.given.iter().any(is_number));
        let what = What::Said(format!("the helper is not given the patchpoint's number {number}").into());
        self.demand_fact(Property::P12, state, at, what, numbered);
        let told = answer.is_some_and(|a| a.given.contains(&resume));
        let what =
            What::Said(format!("the helper is not given the resume address {}", patchpoint.resume).into());
        self.demand_fact(Property::P2, state, at, what, told);
        for slot in &patchpoint.state {
            let home = (slot.home.0, crate::entry::kind_bytes(slot.kind));
            let written = self.world.homes.binary_search(&home).is_ok_and(|i| state.written[i]);
            let text =
                format!("{:?}, whose home is {}, has no value yet at the patchpoint", slot.value, slot.home);
            self.demand_fact(Property::P12, state, at, What::Said(text.into()), written);
        }
        if state.phase != Phase::Body {
            let text = "the patchpoint is outside the body";
            self.demand_fact(Property::P12, state, at, What::Said(text.into()), false);
        }
        self.assume("patchpoint-helper");
    }

    /// The debt is paid.
    pub(crate) fn ret(&mut self, state: &mut State, at: CodeOffset, target: Term) -> Result<(), Unsupported> {
        let Some(epilog) = state.epilog.clone().filter(|_| state.phase == Phase::Epilog) else {
            return Err(Unsupported { at, what: "a return outside the claimed epilogs".to_owned() });
        };
        let exit = self.exit.clone();
        for demand in exit.iter().filter(|d| d.property == Property::P1) {
            self.demand(state, demand, demand.property, at);
        }
        let expected = self.terms.symbol(Symbol::ReturnAddress, 64);
        // A return that clears bits of the address needs it to be that of an instruction.
        if target != expected && self.contract.machine.instruction_align() > 1 {
            self.assume("return-address");
        }
        let goal = Goal::Equal { actual: target, expected };
        let item = format!("convention {}: return address", self.contract.abi.name);
        self.note(Property::P2, state, at, goal, What::Control("the return goes elsewhere"), item);
        for demand in exit.iter().filter(|d| d.property != Property::P1) {
            self.demand(state, demand, demand.property, at);
        }
        let abi = self.contract.abi;
        for reg in self.value_registers() {
            let result = abi.int_results.contains(&reg) || abi.float_results.contains(&reg);
            let (property, what) = match (result, self.may_change.contains(reg)) {
                (true, _) => (Property::P7, "result register"),
                (false, false) => (Property::P13, "register outside the scratch set:"),
                (false, true) => continue,
            };
            let expected = epilog[usize::from(reg.0)];
            let what = format!("{what} {} at the return", self.contract.name(reg));
            self.demand_register(state, reg, expected, property, &what, at);
        }
        Ok(())
    }

    /// The jump goes to `table + table[index]`, and the index is in range.
    pub(crate) fn table(
        &mut self,
        state: &mut State,
        last: &Decoded,
        index: usize,
        targets: &[i64],
        target: Term,
    ) -> Result<Vec<(i64, State)>, Unsupported> {
        let table = &self.claim.jump_tables[index];
        let target = self.without_ignored_bits(target, targets);
        let base = self.terms.code(i64::from(table.table.0));
        let entry = self.terms.sub(target, base);
        // A constant index: the entry's bytes were read, and the jump has one target.
        let known = self.terms.value(entry).map(|distance| i64::from(table.table.0) + distance as i64);
        if let Some(to) = known.filter(|to| targets.contains(to)) {
            return Ok(vec![(to, state.clone())]);
        }
        let read = match *self.terms.node(entry) {
            Node::Extend(true, read) if self.terms.width(read) == 32 => self.table_reads.get(&read).copied(),
            _ => None,
        };
        let Some(address) = read else {
            let what = "an indirect jump that is not to its table's address plus an entry".to_owned();
            return Err(Unsupported { at: last.at, what });
        };
        let offset = self.terms.sub(address, base);
        let end = self.terms.constant(u128::from(table.entries) * 4, 64);
        let low = self.terms.extract(offset, 0, 2);
        let zero = self.terms.constant(0, 2);
        let aligned = self.terms.apply(&Function::Eq, &[low, zero], 1);
        let inside = self.terms.apply(&Function::Ult, &[offset, end], 1);
        for (goal, what) in [(inside, "past the end"), (aligned, "between entries")] {
            let what = format!("the jump table at {} is read {what}", table.table);
            self.note(Property::P2, state, last.at, Goal::Holds(goal), What::Said(what.into()), "claim");
        }
        let mut edges = Vec::new();
        for (number, &to) in targets.iter().enumerate() {
            let at = self.terms.constant(number as u128 * 4, 64);
            let chosen = self.terms.apply(&Function::Eq, &[offset, at], 1);
            let mut state = state.clone();
            state.assume(chosen);
            edges.push((to, state));
        }
        Ok(edges)
    }

    /// The address whose lowest bits a jump ignores, if it leads to instructions only, where they are clear anyway.
    fn without_ignored_bits(&mut self, target: Term, targets: &[i64]) -> Term {
        let align = self.contract.machine.instruction_align();
        let Node::Apply(Function::And, args) = self.terms.node(target) else { return target };
        let (&[address, bits], width) = (&args[..], self.terms.width(target)) else { return target };
        let ignores = self.terms.value(bits) == Some(mask(width) & !(u128::from(align) - 1));
        if !ignores || targets.iter().any(|to| to % i64::from(align) != 0) {
            return target;
        }
        self.assume("code-alignment");
        address
    }
}
