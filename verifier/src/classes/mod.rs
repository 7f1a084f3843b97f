//! A frame proven for all its shapes at once: every set of saved registers, every size.
//!
//! ```text
//! declaration ──▶ parameters: a 0/1 for each register of a set, an integer for each size
//!                 layout and steps as linear forms over them ── rows' meanings ──▶ conditions ──▶ Z3 (linear integers)
//! code, claim ──▶ member: the shape is one of them, and the bytes are the steps' instructions with its numbers
//! ```
//!
//! What is executed is the *template*: the declaration's steps, each with the row's meaning, its numbers being forms.
//! SP, FP and addresses are forms relative to the CFA; what a register or a place in the frame holds is a tag. Arms of
//! `if`s and of loops meet after each step, so that the classes of shapes (one way through an `if`) add up and do not
//! multiply; what differs where they meet becomes a choice by the arm's condition, so nothing is lost. An address is
//! known to be a place because that is demanded, and by what it was guessed does not matter.
//!
//! The number of a slot is the number of members before it, a sum of the 0/1: all sets are covered by the same forms,
//! without a lemma about one register standing for all. Loops over two registers have an arm for each two that may be
//! neighbours, under the condition that none between them is a member and that an even number is before.
//!
//! Bodies are not looked at here: what a body may do is proven of each piece of code.

mod apply;
mod demands;
mod diagram;
mod form;
mod member;
mod placed;
mod probes;
mod script;
mod settle;
mod smt;
mod state;
mod steps;
mod study;
mod sums;
mod value;
mod values;

#[cfg(test)]
mod tests;

use crate::smt::Query;
use crate::solver::Answer;
use crate::target::Decoder;
use crate::verdict::Property;
use form::{Fact, Form, Space};
use framewright_spec::{Shape, Spec};
use std::time::{Duration, Instant};
use steps::{Cuts, Node};
use study::{Parameter, Stop, Study};

/// What came of a proof for all shapes.
#[derive(Debug)]
pub enum AllSizes {
    /// Every obligation holds for every shape that the frame takes.
    Proven(Box<Design>),
    /// For a shape it does not: the smallest one, with the condition that fails.
    Refuted {
        /// The shape.
        shape: Shape,
        /// The obligation.
        property: Property,
        /// The step or the place.
        what: String,
    },
    /// The solver's limit is reached.
    Undecided(String),
    /// Something for which there is no meaning here, by name.
    Unsupported(String),
}

/// A frame, entered in one way, that is proven for all shapes.
#[derive(Debug)]
pub struct Design {
    frame: String,
    transition: Option<String>,
    figures: Figures,
    /// The frames, the outermost extended one first: their names, with the names of their sets and sizes.
    chain: Vec<String>,
    space: Space,
    parameters: Vec<Parameter>,
    domain: Fact,
    prolog: Vec<Node>,
    epilog: Vec<Node>,
}

/// How much was proven, and at what cost.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Classes of shapes: ways through the `if`s of the declaration that some shape takes.
    pub classes: u64,
    /// Classes that have two shapes at least; the others have one.
    pub witnessed: u64,
    /// Arms of the loops over saved registers.
    pub arms: u64,
    /// Sets of saved registers, those of extended frames counted too.
    pub sets: u128,
    /// Smallest and largest frame, bytes from the CFA to SP in the body.
    pub bytes: (i64, i64),
    /// Conditions.
    pub conditions: u64,
    /// Queries to the solver.
    pub queries: u64,
    /// Nanoseconds of the proof.
    pub nanos: u64,
    /// Of them in the solver.
    pub solver_nanos: u64,
}

impl Design {
    /// The frame's full name.
    pub fn frame(&self) -> &str {
        &self.frame
    }

    /// The transition by which it is entered; `None`: by a call.
    pub fn transition(&self) -> Option<&str> {
        self.transition.as_deref()
    }

    /// How much was proven.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }
}

/// Proves a frame for all shapes. What is asked of the solver goes to `sink`, if there is one.
pub(crate) fn prove(
    spec: &Spec,
    frame: &str,
    transition: Option<&str>,
    decoder: &dyn Decoder,
    sink: Option<&mut (dyn FnMut(Query) + Send)>,
) -> AllSizes {
    let start = Instant::now();
    let mut study = match Study::new(spec, frame, decoder, sink.is_some()) {
        Ok(study) => study,
        Err(stop) => return stopped(stop, |_| Shape::default()),
    };
    let judged = judge(&mut study, spec, transition);
    if let Some(sink) = sink {
        let by = transition.map_or(String::new(), |transition| format!(" by {transition}"));
        let name = format!("all sizes of {frame}{by}");
        for query in study.smt.take_asked().into_iter().chain(study.bare.take_asked()) {
            sink(Query { name: name.clone(), ..query });
        }
    }
    match judged {
        Ok((figures, [prolog, epilog])) => {
            let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
            let solver_nanos = nanos(study.smt.time + study.bare.time);
            let queries = study.smt.queries + study.bare.queries;
            let figures = Figures { nanos: nanos(start.elapsed()), solver_nanos, queries, ..figures };
            AllSizes::Proven(Box::new(Design {
                frame: frame.to_owned(),
                transition: transition.map(str::to_owned),
                figures,
                chain: study.chain.iter().map(|placed| placed.frame.name.clone()).collect(),
                space: study.space,
                parameters: study.parameters,
                domain: study.domain,
                prolog,
                epilog,
            }))
        }
        Err(stop) => stopped(stop, |parameters| study.shape_of(parameters)),
    }
}

fn stopped(stop: Stop, shape: impl Fn(&[i128]) -> Shape) -> AllSizes {
    match stop {
        Stop::Unsupported(what) => AllSizes::Unsupported(what),
        Stop::Undecided(why) => AllSizes::Undecided(why),
        Stop::Refuted(broken) => AllSizes::Refuted {
            shape: shape(&broken.parameters),
            property: broken.property,
            what: broken.what.to_string(),
        },
    }
}

fn judge(
    study: &mut Study<'_>,
    spec: &Spec,
    transition: Option<&str>,
) -> Result<(Figures, [Vec<Node>; 2]), Stop> {
    let always = study.space.truth(true);
    if !study.possible(always, study.domain) {
        return Err(Stop::Unsupported("no shape that the frame takes".to_owned()));
    }
    let index = study.chain.len() - 1;
    let frame = study.chain[index].frame;
    let path = study.whole();
    let before = match transition {
        None => study.called()?,
        Some(name) => {
            let transition = spec.transitions.get(name);
            let transition =
                transition.ok_or_else(|| Stop::Unsupported(format!("unknown transition `{name}`")))?;
            study.transferred(transition)?
        }
    };
    let mut cuts = Cuts::default();
    let (state, prolog) =
        study.run(index, &frame.prolog, &mut Vec::new(), before.clone(), &path, &mut cuts)?;
    study.demand_straight(&state)?;
    study.demand_body(&state, &before, transition.is_none())?;
    let before = study.body_state(index, false)?;
    let (state, epilog) =
        study.run(index, &frame.epilog, &mut Vec::new(), before.clone(), &path, &mut cuts)?;
    study.demand_straight(&state)?;
    study.demand_exit(&state, &before)?;
    study.settle()?;
    let figures = Figures {
        classes: (cuts.classes.len() as u64).max(1),
        witnessed: study.witnessed(&cuts.classes)?,
        arms: cuts.members,
        sets: study.sets(),
        bytes: study.bytes()?,
        conditions: study.conditions.len() as u64,
        ..Figures::default()
    };
    Ok((figures, [prolog, epilog]))
}

impl Study<'_> {
    /// How many classes have two shapes.
    fn witnessed(&mut self, classes: &[Fact]) -> Result<u64, Stop> {
        let always = [self.space.truth(true)];
        let classes = if classes.is_empty() { &always } else { classes };
        let mut witnessed = 0;
        for &class in classes {
            witnessed += u64::from(self.shapes_of(class, 2)? == 2);
        }
        Ok(witnessed)
    }

    /// How many shapes a class has, up to `most`.
    fn shapes_of(&mut self, class: Fact, most: usize) -> Result<usize, Stop> {
        let mut found: Vec<Vec<i128>> = Vec::new();
        let space = &self.space;
        for values in &mut self.pool {
            if found.len() < most && values.fact(space, class) && !found.contains(&values.parameters) {
                found.push(values.parameters.clone());
            }
        }
        while found.len() < most {
            let mut parts = vec![class];
            for shape in &found {
                let same: Vec<Fact> = (self.parameters.iter().zip(shape).filter(|(p, _)| !p.free))
                    .map(|(p, &value)| self.space.equal(&Form::of(p.atom), &Form::number(value)))
                    .collect();
                let same = self.space.and(same);
                parts.push(self.space.not(same));
            }
            let other = self.space.and(parts);
            match self.some_shape(other)? {
                Some(shape) => found.push(shape),
                None => break,
            }
        }
        Ok(found.len())
    }

    /// A shape for which a fact holds.
    fn some_shape(&mut self, fact: Fact) -> Result<Option<Vec<i128>>, Stop> {
        let atoms: Vec<form::Atom> = self.parameters.iter().map(|p| p.atom).collect();
        self.smt.begin();
        self.smt.assert(&self.space, fact);
        let answer = self.smt.check();
        let model = if answer == Answer::Sat { self.smt.model(&atoms) } else { None };
        match answer {
            Answer::Unknown => Err(Stop::Undecided("the solver's limit is reached".to_owned())),
            _ => Ok(model),
        }
    }

    /// How many sets there are: for each register the ways in which it may be a member of the frames' sets.
    fn sets(&mut self) -> u128 {
        let mut regs: Vec<_> = self.parameters.iter().filter_map(|p| p.reg).collect();
        regs.sort_unstable();
        regs.dedup();
        let mut sets = 1_u128;
        for reg in regs {
            let members: Vec<usize> =
                (0..self.parameters.len()).filter(|&i| self.parameters[i].reg == Some(reg)).collect();
            let mut ways = 0;
            for bits in 0..1_u32 << members.len() {
                let mut values = values::Values::new(vec![0; self.parameters.len()]);
                for (i, &number) in members.iter().enumerate() {
                    values.parameters[number] = i128::from(bits >> i & 1);
                }
                ways += u128::from(self.within_bounds(&mut values));
            }
            sets *= ways;
        }
        sets
    }

    /// Whether all members are within their bounds.
    fn within_bounds(&self, values: &mut values::Values) -> bool {
        self.bounds.iter().all(|&bound| values.fact(&self.space, bound))
    }

    /// Smallest and largest frame.
    fn bytes(&mut self) -> Result<(i64, i64), Stop> {
        let total = self.chain[self.chain.len() - 1].total.clone();
        let least = -self.most(&total.times(-1))?;
        let most = self.most(&total)?;
        Ok((i64::try_from(least).unwrap_or(i64::MAX), i64::try_from(most).unwrap_or(i64::MAX)))
    }

    /// The largest value of a form that is a multiple of the stack's alignment.
    fn most(&mut self, form: &Form) -> Result<i128, Stop> {
        let unit = i128::from(self.abi.stack_align);
        let space = &self.space;
        let known = self.pool.iter_mut().map(|values| values.form(space, form)).max();
        let mut low = known.unwrap_or(-form::LIMIT);
        let mut high = self.space.range(form).1.min(form::LIMIT).div_euclid(unit) * unit;
        // The bounds first: it is often one of them. Then farther each time from what is known.
        let mut next = high;
        while low < high {
            let large = self.space.at_most(&Form::number(next), form);
            let step = match self.some_shape(large)? {
                Some(shape) => {
                    let found = values::Values::new(shape).form(&self.space, form);
                    let step = 2 * (found - low);
                    low = found;
                    step
                }
                None => {
                    high = next - unit;
                    unit
                }
            };
            next = high.min(low + step);
        }
        Ok(low)
    }
}
