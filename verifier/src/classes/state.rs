//! A state for all shapes at once, and what one instruction does to it: the row's meaning over forms.

use super::form::{AtomIs, Fact, FactIs, Form};
use super::placed::Holds;
use super::study::{Path, Stop, Study};
use super::value::{Tag, Value};
use crate::decoded::Unsupported;
use crate::eval;
use crate::verdict::Property;
use framewright_spec::Reg;
use framewright_spec::frame::RegionRole;
use framewright_spec::meaning::Function;

/// What a place in a frame holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) value: Value,
    /// Where SP was highest since it was written: each under a fact.
    pub(super) highs: Vec<(Fact, Form)>,
}

/// A state.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) registers: Vec<Value>,
    /// By location.
    pub(super) memory: Vec<Content>,
    /// Whether the prolog is executed, which may write all that is the frame's own; else the epilog.
    pub(super) prolog: bool,
    /// Where the return went.
    pub(super) returned: Option<Value>,
    /// The condition of the branch that was the last step.
    pub(super) branched: Option<Value>,
    /// A place that is touched as all above it is, bytes from the CFA; `None` where the frame does not promise that.
    pub(super) touched: Option<Form>,
}

/// A memory access, judged after the instruction.
struct Access {
    at: Form,
}

/// The state while one instruction acts on it.
pub(super) struct Cpu<'c, 'a> {
    pub(super) study: &'c mut Study<'a>,
    pub(super) state: &'c mut State,
    pub(super) path: &'c Path,
    /// Values of immediate operands by number, and of the displacement.
    pub(super) immediates: Vec<Option<Value>>,
    pub(super) displacement: Option<Value>,
    /// The instruction, for people.
    pub(super) what: std::rc::Rc<str>,
    accesses: Vec<Access>,
    stored: Vec<usize>,
}

impl<'a> Study<'a> {
    /// A state in which nothing is known.
    pub(super) fn blank(&mut self, prolog: bool) -> State {
        let registers = self.machine.registers.iter().enumerate();
        let registers = registers.map(|(i, r)| Value::whole(Tag::Before(Reg(i as u8)), r.bits)).collect();
        let memory = self.locations.iter();
        let memory =
            memory.map(|l| Content { value: Value::Any(l.bytes as u32 * 8), highs: Vec::new() }).collect();
        State { registers, memory, prolog, returned: None, branched: None, touched: None }
    }

    /// SP as bytes from the CFA.
    pub(super) fn sp(&mut self, state: &State) -> Result<Form, Stop> {
        let sp = &state.registers[usize::from(self.machine.sp.0)];
        let form = sp.form().cloned().and_then(|form| self.above_cfa(&form));
        form.ok_or_else(|| Stop::Unsupported(format!("SP at a place that is not known: {sp:?}")))
    }

    pub(super) fn cfa(&mut self) -> Form {
        Form::of(self.space.atom(AtomIs::Cfa))
    }

    /// An address less the CFA, if it is one of the frame.
    pub(super) fn above_cfa(&mut self, address: &Form) -> Option<Form> {
        let cfa = self.cfa();
        let (atom, _) = *cfa.terms().first()?;
        (address.factor(atom) == 1).then(|| address.minus(&cfa))
    }

    /// SP is that high from the beginning on.
    pub(super) fn start_highs(&mut self, state: &mut State) -> Result<(), Stop> {
        let (sp, always) = (self.sp(state)?, self.space.truth(true));
        for content in &mut state.memory {
            content.highs = vec![(always, sp.clone())];
        }
        Ok(())
    }

    /// Where two arms meet.
    pub(super) fn meet_states(&mut self, fact: Fact, then: State, otherwise: &State) -> Result<State, Stop> {
        let (sp_then, sp_otherwise) = (self.sp(&then)?, self.sp(otherwise)?);
        let not = self.space.not(fact);
        let mut met = then.clone();
        for (value, other) in met.registers.iter_mut().zip(&otherwise.registers) {
            *value = self.meet(fact, value, other);
        }
        let sp = self.sp(&met)?;
        let always = self.space.truth(true);
        met.touched = match (then.touched, &otherwise.touched) {
            (Some(a), Some(b)) if a == sp_then && *b == sp_otherwise => Some(sp.clone()),
            (Some(a), Some(b)) => Some(self.space.choice(fact, a, b.clone())),
            _ => None,
        };
        for (content, other) in met.memory.iter_mut().zip(&otherwise.memory) {
            content.value = self.meet(fact, &content.value, &other.value);
            if content.highs == other.highs {
                continue;
            }
            let common = |entry: &(Fact, Form)| content.highs.contains(entry) && other.highs.contains(entry);
            let mut highs: Vec<(Fact, Form)> =
                content.highs.iter().filter(|entry| common(entry)).cloned().collect();
            for (under, from, end) in [(fact, &content.highs, &sp_then), (not, &other.highs, &sp_otherwise)] {
                for (when, high) in from.iter().filter(|entry| !common(entry)) {
                    // Where the arm ends is where SP is now.
                    let (when, high) = if high == end {
                        (always, sp.clone())
                    } else {
                        (self.space.and([under, *when]), high.clone())
                    };
                    self.raise(&mut highs, when, high);
                }
            }
            content.highs = highs;
        }
        if met.branched.is_some() || otherwise.branched.is_some() {
            return Err(Stop::Unsupported("a branch in one arm".to_owned()));
        }
        met.returned = match (&met.returned, &otherwise.returned) {
            (None, None) => None,
            (Some(one), Some(other)) => Some(self.meet(fact, one, other)),
            _ => return Err(Stop::Unsupported("a return in one arm only".to_owned())),
        };
        Ok(met)
    }

    /// SP written simply, where arms have left a choice that is none on this path.
    pub(super) fn straighten(&mut self, state: State, path: &Path) -> Result<State, Stop> {
        let sp = self.sp(&state)?;
        let choice = sp.terms().iter().find_map(|&(atom, factor)| match self.space.is(atom) {
            AtomIs::Choice(_, then, _) => Some((atom, factor, then.clone())),
            _ => None,
        });
        let Some((atom, factor, then)) = choice else { return Ok(state) };
        let rest = sp.with(&Form::of(atom), -factor);
        let mut otherwise = Form::of(atom);
        while let [(atom, 1)] = otherwise.terms()
            && let AtomIs::Choice(_, _, other) = self.space.is(*atom)
        {
            otherwise = other.add(otherwise.constant());
        }
        let candidates = [otherwise, then].map(|candidate| rest.with(&candidate, factor));
        self.place_sp(state, path, candidates, true)
    }

    /// SP written as arms write it that know less: as the place where a region begins, if an arm has moved it there.
    pub(super) fn generalize(&mut self, state: State, before: &Form, path: &Path) -> Result<State, Stop> {
        if self.sp(&state)? == *before {
            return Ok(state);
        }
        self.place_sp(state, path, [], false)
    }

    /// SP written as the first of some forms that it is seen to be, or as where a region begins.
    pub(super) fn place_sp(
        &mut self,
        mut state: State,
        path: &Path,
        forms: impl IntoIterator<Item = Form>,
        ask: bool,
    ) -> Result<State, Stop> {
        let sp = self.sp(&state)?;
        let mut forms: Vec<Form> = forms.into_iter().collect();
        forms.extend(self.chain.iter().flat_map(|placed| &placed.regions).map(|region| region.low.clone()));
        for simple in forms {
            let differs = sp.minus(&simple);
            if self.differs_somewhere(path.fact, &differs) {
                continue;
            }
            let same = self.space.zero(differs.clone());
            if self.vanishes(path.fact, &differs) || ask && self.always(path.fact, same) {
                for content in &mut state.memory {
                    for (_, high) in content.highs.iter_mut().filter(|(_, high)| *high == sp) {
                        high.clone_from(&simple);
                    }
                    content.highs.dedup();
                }
                if state.touched.as_ref() == Some(&sp) {
                    state.touched = Some(simple.clone());
                }
                let value = Value::number(self.cfa().plus(&simple), 64);
                state.registers[usize::from(self.machine.sp.0)] = value;
                break;
            }
        }
        Ok(state)
    }

    /// Adds a height, unless another one is seen to be as high.
    pub(super) fn raise(&mut self, highs: &mut Vec<(Fact, Form)>, when: Fact, high: Form) {
        let space = &self.space;
        let always = |fact: Fact| *space.says(fact) == FactIs::True;
        let covers = |(a, x): &(Fact, Form), (b, y): &(Fact, Form)| {
            (a == b || always(*a)) && space.range(&x.minus(y)).0 >= 0
        };
        let new = (when, high);
        if highs.iter().any(|old| covers(old, &new)) {
            return;
        }
        highs.retain(|old| !covers(&new, old));
        match highs.iter_mut().find(|(_, high)| *high == new.1) {
            Some((when, _)) => *when = self.space.or([*when, new.0]),
            None => highs.push(new),
        }
    }

    /// The place that an address on a path is, of those that hold something: seen from how it is written, else from
    /// some shape.
    fn location(&mut self, at: &Form, path: &Path) -> Option<usize> {
        let never = self.space.truth(false);
        let at = self.reduce(at, path);
        for number in 0..self.locations.len() {
            let location = &self.locations[number];
            let difference = at.minus(&location.at);
            if self.reduce(&difference, path).known() == Some(0) {
                let present = self.locations[number].present;
                if self.reduce_fact(present, path) != never {
                    return Some(number);
                }
            }
        }
        // Where SP is at no known place nothing is kept that is found from there.
        if at.terms().iter().any(|&(atom, _)| matches!(self.space.is(atom), AtomIs::Free(..))) {
            return None;
        }
        let always = self.space.truth(true);
        if !self.possible(path.fact, always) {
            return None;
        }
        let space = &self.space;
        let values = self.pool.iter_mut().find_map(|v| v.fact(space, path.fact).then_some(v))?;
        let value = values.form(space, &at);
        (0..self.locations.len()).find(|&number| {
            let location = &self.locations[number];
            values.fact(space, location.present) && values.form(space, &location.at) == value
        })
    }

    /// A place is above all that SP has been since it was written, less the red zone.
    pub(super) fn demand_alive(
        &mut self,
        state: &State,
        number: usize,
        under: Fact,
        what: &std::rc::Rc<str>,
    ) {
        let (at, zone) = (self.locations[number].at.clone(), i128::from(self.abi.red_zone));
        for (when, high) in state.memory[number].highs.clone() {
            let under = self.space.and([under, when]);
            let above = self.space.at_most(&high.add(-zone), &at);
            self.demand(Property::P6, under, above, what.clone());
        }
    }

    /// Where the frame under study may be written, other than places that hold something.
    fn free(&mut self, at: &Form, bytes: i128, prolog: bool) -> Fact {
        let Some(own) = self.chain.last() else { return self.space.truth(false) };
        let sp = self.body_sp(self.chain.len() - 1);
        let roles = |role: &RegionRole| match role {
            RegionRole::Body | RegionRole::Outgoing => true,
            RegionRole::Padding => prolog,
            _ => false,
        };
        // Regions that are next to each other are one; the lowest ends at SP.
        let mut regions: Vec<(Form, Form)> = Vec::new();
        for region in own.regions.iter().filter(|r| roles(&r.role)) {
            let top = region.low.plus(&region.bytes);
            match regions.last_mut() {
                Some((low, _)) if *low == top => *low = region.low.clone(),
                _ => regions.push((region.low.clone(), top)),
            }
        }
        if let Some((low, _)) = regions.last_mut()
            && *low == own.total.times(-1)
        {
            *low = sp.clone();
        }
        let end = at.add(bytes);
        let shadow = (Form::default(), Form::number(i128::from(self.abi.shadow_space)));
        let mut ways = vec![self.space.at_most(&end, &sp)];
        for (low, high) in regions.into_iter().chain([shadow]) {
            let inside = [self.space.at_most(&low, at), self.space.at_most(&end, &high)];
            ways.push(self.space.and(inside));
        }
        self.space.or(ways)
    }
}

impl<'c, 'a> Cpu<'c, 'a> {
    pub(super) fn new(
        study: &'c mut Study<'a>,
        state: &'c mut State,
        path: &'c Path,
        what: std::rc::Rc<str>,
    ) -> Cpu<'c, 'a> {
        Cpu {
            study,
            state,
            path,
            immediates: Vec::new(),
            displacement: None,
            what,
            accesses: Vec::new(),
            stored: Vec::new(),
        }
    }

    /// What is due after the instruction: accesses above SP less the red zone, and what has fallen below it.
    pub(super) fn finish(mut self, before: &Form) -> Result<(), Stop> {
        let after = self.study.sp(self.state)?;
        let after = self.study.reduce(&after, self.path);
        let zone = i128::from(self.study.abi.red_zone);
        for access in std::mem::take(&mut self.accesses) {
            let space = &mut self.study.space;
            let above = [before, &after].map(|sp| space.at_most(&sp.add(-zone), &access.at));
            let above = space.or(above);
            self.study.demand(Property::P6, self.path.fact, above, self.what.clone());
            self.touch(&access.at);
        }
        let always = self.study.space.truth(true);
        let [rises, falls] = [(before, &after), (&after, before)].map(|(low, high)| self.is_below(low, high));
        for number in 0..self.state.memory.len() {
            let mut highs = std::mem::take(&mut self.state.memory[number].highs);
            if self.stored.contains(&number) {
                highs.clear();
            } else if rises {
                highs.retain(|(_, high)| high != before);
            }
            if !(falls && highs.contains(&(always, before.clone()))) {
                self.study.raise(&mut highs, always, after.clone());
            }
            self.state.memory[number].highs = highs;
        }
        Ok(())
    }

    /// Whether one place is seen not to be above another that is written otherwise.
    fn is_below(&mut self, low: &Form, high: &Form) -> bool {
        let below = self.study.space.at_most(low, high);
        low != high && self.study.always(self.path.fact, below)
    }

    fn unsupported(&self, what: &str) -> Stop {
        Stop::Unsupported(format!("{}: {what}", self.what))
    }

    fn aligned(&mut self, at: &Form, align: u32) {
        if align > 1 {
            // The CFA is aligned as the convention says, and no more.
            let aligned = if align <= self.study.abi.stack_align {
                self.study.multiple(at, i128::from(align))
            } else {
                self.study.space.truth(false)
            };
            self.study.demand(Property::P5, self.path.fact, aligned, self.what.clone());
        }
    }

    /// The place is there and is where the address leads.
    fn demand_place(&mut self, at: &Form, number: usize, property: Property) {
        let location = &self.study.locations[number];
        let (place, present) = (location.at.clone(), location.present);
        let here = self.study.space.equal(at, &place);
        let both = self.study.space.and([here, present]);
        self.study.demand(property, self.path.fact, both, self.what.clone());
    }

    fn load(&mut self, at: &Form, bits: u32) -> Value {
        let Some(number) = self.study.location(at, self.path) else { return Value::Any(bits) };
        let have = self.study.locations[number].bytes as u32 * 8;
        if bits > have {
            return Value::Any(bits);
        }
        self.demand_place(at, number, Property::P3);
        self.study.demand_alive(self.state, number, self.path.fact, &self.what);
        let value = self.study.reduce_value(&self.state.memory[number].value, self.path);
        self.study.extract(&value, 0, bits, self.path)
    }

    fn store(&mut self, at: &Form, value: Value) {
        let bits = value.bits();
        let found = self.study.location(at, self.path);
        let fits = |number: &usize| self.study.locations[*number].bytes as u32 * 8 >= bits;
        let Some(number) = found.filter(fits) else {
            let free = self.study.free(at, i128::from(bits / 8), self.state.prolog);
            self.study.demand(Property::P8, self.path.fact, free, self.what.clone());
            return;
        };
        self.demand_place(at, number, Property::P8);
        let location = &self.study.locations[number];
        let pushed = location.holds == Holds::ReturnAddress && self.study.abi.pushed_return > 0;
        let own = location.frame + 1 == self.study.chain.len() && !pushed && self.state.prolog;
        let have = location.bytes as u32 * 8;
        let own = self.study.space.truth(own);
        self.study.demand(Property::P8, self.path.fact, own, self.what.clone());
        let value = if have > bits { Value::join(Value::Any(have - bits), value) } else { value };
        self.state.memory[number].value = value;
        self.stored.push(number);
    }

    fn address(&mut self, address: &Value) -> Result<Form, Stop> {
        let form = address.form().cloned().and_then(|form| self.study.above_cfa(&form));
        let form = form.ok_or_else(|| self.unsupported("an address outside the frame"))?;
        Ok(self.study.reduce(&form, self.path))
    }
}

impl From<Unsupported> for Stop {
    fn from(error: Unsupported) -> Stop {
        Stop::Unsupported(error.what)
    }
}

impl eval::State for Cpu<'_, '_> {
    type Value = Value;
    type Error = Stop;

    fn bits(&self, value: &Value) -> u32 {
        value.bits()
    }

    fn known(&self, value: &Value) -> Option<u128> {
        value.known()
    }

    fn constant(&mut self, value: u128, bits: u32) -> Value {
        // Large ones are negative ones: modulo the width that is the same.
        let negative = (64..128).contains(&bits) && value >> (bits - 1) == 1;
        let number = if negative { value as i128 - (1 << bits) } else { value as i128 };
        let form = Form::number(number);
        if form.is_exact() { Value::number(form, bits) } else { Value::Any(bits) }
    }

    fn immediate(&mut self, operand: usize, value: u64, bits: u32) -> Value {
        match self.immediates.get(operand) {
            Some(Some(known)) => known.clone(),
            _ => self.constant(u128::from(value), bits),
        }
    }

    fn displacement(&mut self, bytes: i64) -> Value {
        match &self.displacement {
            Some(known) => known.clone(),
            None => self.constant(u128::from(bytes as u64), 64),
        }
    }

    fn code_address(&mut self, _: i64) -> Value {
        Value::Any(64)
    }

    fn undefined(&mut self, _: u32, bits: u32) -> Value {
        Value::Any(bits)
    }

    fn read_register(&mut self, reg: Reg) -> Value {
        self.study.reduce_value(&self.state.registers[usize::from(reg.0)], self.path)
    }

    fn write_register(&mut self, reg: Reg, value: Value) {
        self.state.registers[usize::from(reg.0)] = value;
    }

    fn read_memory(&mut self, address: &Value, bits: u32, align: u32) -> Result<Value, Stop> {
        let at = self.address(address)?;
        self.aligned(&at, align);
        let value = self.load(&at, bits);
        self.accesses.push(Access { at });
        Ok(value)
    }

    fn write_memory(&mut self, address: &Value, value: Value, align: u32) -> Result<(), Stop> {
        let at = self.address(address)?;
        self.aligned(&at, align);
        self.store(&at, value);
        self.accesses.push(Access { at });
        Ok(())
    }

    fn apply(&mut self, function: &Function, args: &[Value], bits: u32) -> Result<Value, Stop> {
        Ok(self.study.apply(function, args, bits, self.path))
    }

    fn ite(&mut self, _: &Value, then: Value, otherwise: Value) -> Value {
        if then == otherwise { then } else { Value::Any(then.bits()) }
    }

    fn extend(&mut self, value: &Value, to: u32, signed: bool) -> Value {
        self.study.extend(value, to, signed, self.path)
    }

    fn extract(&mut self, value: &Value, high: u32, low: u32) -> Value {
        self.study.extract(value, low, high - low + 1, self.path)
    }
}
