//! One statement under study: the parameters of a frame and of all it extends, what is known of them, and what is to be
//! shown.

use super::diagram::{ALWAYS, Diagram, Diagrams, NEVER};
use super::form::{Atom, AtomIs, Fact, FactIs, Form, Space};
use super::placed::{Location, Placed};
use super::smt::Smt;
use super::values::Values;
use crate::solver::Answer;
use crate::target::Decoder;
use crate::verdict::Property;
use framewright_spec::{Abi, Machine, Reg, Shape, Spec};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// Why there is no proof.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// Something for which there is no meaning here, by name.
    Unsupported(String),
    /// The solver's limit is reached.
    Undecided(String),
    /// Parameters for which something is not so.
    Refuted(Broken),
}

/// A condition that does not hold, and for which parameters.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) property: Property,
    pub(super) what: Rc<str>,
    pub(super) parameters: Vec<i128>,
}

/// Which parameter of which frame.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    /// Number of the frame, the outermost extended one first.
    pub(super) frame: usize,
    pub(super) name: String,
    /// For a set: one register of its bound.
    pub(super) reg: Option<Reg>,
    /// Whether no shape says it: what is proven is proven for all of its values.
    pub(super) free: bool,
    pub(super) atom: Atom,
}

/// A condition, to be put to the solver.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) property: Property,
    pub(super) under: Fact,
    pub(super) goal: Fact,
    pub(super) what: Rc<str>,
}

/// What is known where an instruction is executed: the arms taken.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// All of it.
    pub(super) fact: Fact,
    /// Atoms with their value, as far as it says so itself.
    known: Rc<FxHashMap<Atom, i128>>,
    /// Parts of it.
    holds: Rc<FxHashSet<Fact>>,
    /// Facts as they are on the path, as far as they were looked at.
    reduced: Rc<RefCell<FxHashMap<Fact, Fact>>>,
}

/// Divisors from which on it is worth asking whether a quotient is always the same.
const ASK_FROM: i128 = 256;
/// Covering shapes kept at hand.
const POOL: usize = 96;
/// Sizes tried with a set.
const TRIES: usize = 4;
/// Sizes tried with an example of members.
const SIZES_TRIED: usize = 16;

pub(super) struct Study<'a> {
    pub(super) spec: &'a Spec,
    pub(super) machine: &'a Machine,
    pub(super) abi: &'a Abi,
    pub(super) decoder: &'a dyn Decoder,
    pub(super) space: Space,
    pub(super) diagrams: Diagrams,
    /// Knows which shapes the frames take.
    pub(super) smt: Smt,
    /// Knows only that members are within their bounds: cheaper to ask.
    pub(super) bare: Smt,
    pub(super) parameters: Vec<Parameter>,
    /// The frames, the outermost extended one first.
    pub(super) chain: Vec<Placed<'a>>,
    /// Places in the frames that hold something.
    pub(super) locations: Vec<Location>,
    /// Shapes that the frames take.
    pub(super) domain: Fact,
    /// What of that concerns members of sets: each is within its bound.
    pub(super) bounds: Vec<Fact>,
    pub(super) conditions: Vec<Condition>,
    /// Some shapes of the domain.
    pub(super) pool: Vec<Values>,
    asked: FxHashMap<(Fact, Fact), bool>,
    /// The bounds as a diagram.
    pub(super) within: Option<Diagram>,
}

impl<'a> Study<'a> {
    pub(super) fn new(
        spec: &'a Spec,
        frame: &str,
        decoder: &'a dyn Decoder,
        keep_asked: bool,
    ) -> Result<Study<'a>, Stop> {
        let unknown = |error: framewright_spec::SpecError| Stop::Unsupported(error.to_string());
        let abi = spec.frame(frame).and_then(|frame| spec.abi(&frame.abi)).map_err(unknown)?;
        let machine = spec.machine(&abi.machine).map_err(unknown)?;
        let mut space = Space::default();
        let domain = space.truth(true);
        let mut study = Study {
            spec,
            machine,
            abi,
            decoder,
            space,
            diagrams: Diagrams::new(),
            smt: Smt::new(keep_asked),
            bare: Smt::new(keep_asked),
            parameters: Vec::new(),
            chain: Vec::new(),
            locations: Vec::new(),
            domain,
            bounds: Vec::new(),
            conditions: Vec::new(),
            pool: Vec::new(),
            asked: FxHashMap::default(),
            within: None,
        };
        let mut names = vec![spec.frame(frame).map_err(unknown)?];
        while let Some(extended) = &names[names.len() - 1].extends {
            names.push(spec.frame(extended).map_err(unknown)?);
            if names.len() > 8 {
                return Err(Stop::Unsupported("more than eight frames that extend each other".to_owned()));
            }
        }
        for frame in names.into_iter().rev() {
            study.place(frame)?;
        }
        let domain = study.domain;
        study.smt.suppose(&study.space, domain);
        for &bound in &study.bounds {
            study.bare.suppose(&study.space, bound);
        }
        study.fill_pool(spec, frame);
        Ok(study)
    }

    /// Covering shapes, as far as the frame has them, and the same with other members: none, one, two of them.
    fn fill_pool(&mut self, spec: &Spec, frame: &str) {
        let shapes = spec.covering_shapes(frame).unwrap_or_default();
        let step = shapes.len().div_ceil(POOL).max(1);
        for shape in shapes.iter().step_by(step) {
            if let Some(parameters) = self.parameters_of(shape) {
                self.offer(parameters);
            }
        }
        let sizes: Vec<Vec<i128>> = self.pool.iter().map(|values| values.parameters.clone()).collect();
        let members: Vec<usize> =
            (0..self.parameters.len()).filter(|&i| self.parameters[i].reg.is_some()).collect();
        let mut sizes = sizes.iter().cycle();
        for (i, &one) in members.iter().enumerate() {
            for &other in &members[i..] {
                // Some sizes go with some sets only.
                for _ in 0..TRIES {
                    let Some(sizes) = sizes.next() else { return };
                    let mut parameters = sizes.clone();
                    members.iter().for_each(|&number| parameters[number] = 0);
                    (parameters[one], parameters[other]) = (1, 1);
                    if self.offer(parameters) {
                        break;
                    }
                }
            }
        }
    }

    /// Keeps a shape at hand, if the frame takes it.
    fn offer(&mut self, parameters: Vec<i128>) -> bool {
        let mut values = Values::new(parameters);
        let taken = values.fact(&self.space, self.domain);
        if taken {
            self.pool.push(values);
        }
        taken
    }

    /// The parameters of a shape; `None` if it has others.
    pub(super) fn parameters_of(&self, shape: &Shape) -> Option<Vec<i128>> {
        let mut shapes = vec![shape];
        while let Some(source) = shapes[shapes.len() - 1].source.as_deref() {
            shapes.push(source);
        }
        shapes.reverse();
        if shapes.len() != self.chain.len() {
            return None;
        }
        super::member::parameters_in(&self.parameters, &shapes)
    }

    /// The shape with these parameters.
    pub(super) fn shape_of(&self, parameters: &[i128]) -> Shape {
        let mut shape: Option<Shape> = None;
        for (index, placed) in self.chain.iter().enumerate() {
            let mut next = Shape { source: shape.map(Box::new), ..Shape::default() };
            for set in &placed.frame.sets {
                next.sets.insert(set.name.clone(), framewright_spec::RegSet::EMPTY);
            }
            for (parameter, &value) in self.parameters.iter().zip(parameters) {
                if parameter.frame != index || parameter.free {
                    continue;
                }
                if let (Some(reg), Some(set)) = (parameter.reg, next.sets.get_mut(&parameter.name)) {
                    *set = if value == 1 { set.with(reg) } else { *set };
                } else {
                    let size = u32::try_from(value).unwrap_or(u32::MAX);
                    next.sizes.insert(parameter.name.clone(), size);
                }
            }
            shape = Some(next);
        }
        shape.unwrap_or_default()
    }

    /// Everything that is known without taking an arm.
    pub(super) fn whole(&mut self) -> Path {
        let fact = self.space.truth(true);
        Path { fact, known: Rc::default(), holds: Rc::default(), reduced: Rc::default() }
    }

    /// The path on which a fact holds as well.
    pub(super) fn assume(&mut self, path: &Path, fact: Fact) -> Path {
        let mut next = path.clone();
        next.fact = self.space.and([path.fact, fact]);
        next.reduced = Rc::default();
        self.note(&mut next, fact);
        next
    }

    fn note(&self, path: &mut Path, fact: Fact) {
        Rc::make_mut(&mut path.holds).insert(fact);
        match self.space.says(fact) {
            FactIs::And(parts) => parts.iter().for_each(|&part| self.note(path, part)),
            FactIs::Has(atom) => {
                Rc::make_mut(&mut path.known).insert(*atom, 1);
            }
            FactIs::Not(inner) => {
                if let FactIs::Has(atom) = self.space.says(*inner) {
                    Rc::make_mut(&mut path.known).insert(*atom, 0);
                }
            }
            FactIs::Zero(form) => {
                if let [(atom, 1)] = form.terms() {
                    Rc::make_mut(&mut path.known).insert(*atom, -form.constant());
                }
            }
            _ => {}
        }
    }

    /// The form with what the path says of its atoms.
    pub(super) fn reduce(&self, form: &Form, path: &Path) -> Form {
        let mut reduced = form.clone();
        for &(atom, factor) in form.terms() {
            if let Some(&value) = path.known.get(&atom) {
                reduced = reduced.with(&Form::of(atom), -factor).add(factor * value);
            }
        }
        reduced
    }

    /// The fact with what the path says of its parts.
    pub(super) fn reduce_fact(&mut self, fact: Fact, path: &Path) -> Fact {
        if path.holds.contains(&fact) {
            return self.space.truth(true);
        }
        if let Some(&known) = path.reduced.borrow().get(&fact) {
            return known;
        }
        let reduced = self.reduced(fact, path);
        path.reduced.borrow_mut().insert(fact, reduced);
        reduced
    }

    fn reduced(&mut self, fact: Fact, path: &Path) -> Fact {
        match self.space.says(fact).clone() {
            FactIs::True => fact,
            FactIs::Not(inner) => {
                let inner = self.reduce_fact(inner, path);
                self.space.not(inner)
            }
            FactIs::And(parts) => {
                let parts: Vec<Fact> = parts.iter().map(|&part| self.reduce_fact(part, path)).collect();
                self.space.and(parts)
            }
            FactIs::Has(atom) => match path.known.get(&atom) {
                Some(&value) => self.space.truth(value == 1),
                None => fact,
            },
            FactIs::NonNegative(form) => {
                let form = self.reduce(&form, path);
                self.space.non_negative(form)
            }
            FactIs::Zero(form) => {
                let form = self.reduce(&form, path);
                self.space.zero(form)
            }
        }
    }

    /// `form / by`, rounded down.
    pub(super) fn floor(&mut self, form: &Form, by: i128, path: &Path) -> Form {
        let form = self.reduce(form, path);
        let (whole, rest) = self.space.divide(&form, by);
        let floor = self.space.floor(rest.clone(), by);
        if by < ASK_FROM || floor.known().is_some() {
            return whole.plus(&floor);
        }
        for guess in [0, -1] {
            let (low, high) = (rest.add(-guess * by), rest.times(-1).add((guess + 1) * by - 1));
            let inside = [self.space.non_negative(low), self.space.non_negative(high)];
            let inside = self.space.and(inside);
            if self.always(path.fact, inside) {
                return whole.add(guess);
            }
        }
        whole.plus(&floor)
    }

    /// Whether a fact holds on a path, as far as the solver can tell.
    pub(super) fn always(&mut self, under: Fact, fact: Fact) -> bool {
        let not = self.space.not(fact);
        !self.possible(under, not)
    }

    /// Whether the path can be taken with the fact; if the solver cannot tell, yes.
    pub(super) fn possible(&mut self, under: Fact, fact: Fact) -> bool {
        let both = self.space.and([under, fact]);
        if both == self.space.truth(false) {
            return false;
        }
        let space = &self.space;
        if self.pool.iter_mut().any(|values| values.fact(space, both)) {
            return true;
        }
        if let Some(&known) = self.asked.get(&(under, fact)) {
            return known;
        }
        let members = self.of_members(both);
        if members == Some(NEVER) {
            return false;
        }
        if members.is_some_and(|members| self.try_example(members, both)) {
            return true;
        }
        // What is impossible mostly is so whatever shapes the frame takes.
        self.bare.begin();
        self.bare.assert(&self.space, both);
        let mut answer = self.bare.check();
        if answer != Answer::Unsat {
            self.smt.begin();
            self.smt.assert(&self.space, both);
            answer = self.smt.check();
        }
        if answer == Answer::Sat {
            self.keep_model();
        }
        self.asked.insert((under, fact), answer != Answer::Unsat);
        answer != Answer::Unsat
    }

    /// What a fact says of members alone: where its diagram does not hold, nor does the fact.
    pub(super) fn of_members(&mut self, fact: Fact) -> Option<Diagram> {
        let mut all = match self.within {
            Some(within) => within,
            None => {
                let bounds = self.bounds.clone();
                let within = bounds.into_iter().try_fold(ALWAYS, |all, bound| {
                    let bound = self.diagrams.fact(&self.space, bound)?;
                    self.diagrams.and(all, bound)
                });
                *self.within.insert(within?)
            }
        };
        let parts = match self.space.says(fact) {
            FactIs::And(parts) => parts.to_vec(),
            _ => vec![fact],
        };
        for part in parts {
            if let Some(part) = self.diagrams.fact(&self.space, part) {
                all = self.diagrams.and(all, part)?;
            }
        }
        Some(all)
    }

    /// Whether a form is not 0 for a shape at hand.
    pub(super) fn differs_somewhere(&mut self, under: Fact, form: &Form) -> bool {
        let space = &self.space;
        self.pool.iter_mut().any(|values| values.fact(space, under) && values.form(space, form) != 0)
    }

    /// Whether a form is seen to be 0 under a fact: it is on each way through its choices that some set takes.
    pub(super) fn vanishes(&mut self, under: Fact, form: &Form) -> bool {
        let choice = form.terms().iter().find_map(|&(atom, factor)| match self.space.is(atom) {
            AtomIs::Choice(fact, then, otherwise) => {
                Some((atom, factor, *fact, then.clone(), otherwise.clone()))
            }
            AtomIs::Indicator(fact) => Some((atom, factor, *fact, Form::number(1), Form::default())),
            _ => None,
        });
        if self.of_members(under) == Some(NEVER) || form.known() == Some(0) {
            return true;
        }
        let Some((atom, factor, fact, then, otherwise)) = choice else {
            let zero = self.space.zero(form.clone());
            let not = self.space.not(zero);
            let broken = self.space.and([under, not]);
            return self.of_members(broken) == Some(NEVER);
        };
        let not = self.space.not(fact);
        [(fact, then), (not, otherwise)].into_iter().all(|(fact, value)| {
            let under = self.space.and([under, fact]);
            let form = form.with(&Form::of(atom), -factor).with(&value, factor);
            self.vanishes(under, &form)
        })
    }

    /// Looks for a shape with members of a diagram and sizes at hand.
    fn try_example(&mut self, members: Diagram, fact: Fact) -> bool {
        let Some(example) = self.diagrams.example(members) else { return false };
        for sizes in 0..self.pool.len().min(SIZES_TRIED) {
            let mut parameters = self.pool[sizes].parameters.clone();
            for (number, parameter) in self.parameters.iter().enumerate() {
                if parameter.reg.is_some() {
                    parameters[number] = i128::from(example.contains(&parameter.atom));
                }
            }
            let mut values = Values::new(parameters);
            if values.fact(&self.space, self.domain) && values.fact(&self.space, fact) {
                self.pool.push(values);
                return true;
            }
        }
        false
    }

    /// Adds the model of the last query to the shapes at hand.
    pub(super) fn keep_model(&mut self) {
        let atoms: Vec<Atom> = self.parameters.iter().map(|p| p.atom).collect();
        if let Some(parameters) = self.smt.model(&atoms) {
            self.pool.push(Values::new(parameters));
        }
    }

    /// A new parameter.
    pub(super) fn parameter(&mut self, frame: usize, name: &str, reg: Option<Reg>) -> Atom {
        let number = self.parameters.len();
        let is = if reg.is_some() { AtomIs::Member(number) } else { AtomIs::Size(number) };
        let atom = self.space.atom(is);
        if let Some(reg) = reg {
            self.diagrams.declare(reg.0, atom);
        }
        self.parameters.push(Parameter { frame, name: name.to_owned(), reg, free: false, atom });
        atom
    }

    /// A number that no shape says, from 0 to the largest.
    pub(super) fn unsaid(&mut self, frame: usize, name: &str, most: i128) -> Atom {
        let atom = self.space.atom(AtomIs::Free(self.parameters.len(), most));
        self.parameters.push(Parameter { frame, name: name.to_owned(), reg: None, free: true, atom });
        atom
    }

    /// Adds to what all shapes satisfy.
    pub(super) fn restrict(&mut self, fact: Fact) {
        self.domain = self.space.and([self.domain, fact]);
    }
}
