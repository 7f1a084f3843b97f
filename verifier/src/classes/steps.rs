//! The declaration's steps, executed for all shapes at once.
//!
//! ```text
//! if c { … } else { … }     both arms, each where it is taken; then one state again, in which what differs is a choice
//! for r in set { … }        an arm for each register that may be a member, taken if it is one
//! for r, s in set { … }     an arm for each two that may be next to each other, and for each that may be left over
//! ```
//!
//! Arms meet after each step, so that classes of shapes add up and do not multiply.

use super::diagram::NEVER;
use super::form::{Fact, Form};
use super::probes::{Ring, ring_of};
use super::state::{Cpu, State};
use super::study::{Path, Stop, Study};
use super::sums::{Bindings, Set, ordered};
use super::value::Value;
use crate::eval::{self, Flow};
use crate::target::template::{StepOperand, Template};
use crate::verdict::Property;
use framewright_spec::Reg;
use framewright_spec::frame::{self, Order, Step};

/// A step with its forms: what code must be, for all shapes.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// An instruction and its numbers.
    Instruction(Box<Template>, Vec<Form>),
    /// One or the other.
    Arms(Fact, Vec<Node>, Vec<Node>),
    /// Again and again: the last is a branch to the first.
    Loop(Vec<Node>),
    /// A call of the helper of that name.
    Helper(String),
}

/// Most times that steps are repeated.
const MOST_REPEATED: i128 = 64;

/// How shapes are cut.
#[derive(Clone, Debug, Default)]
pub(super) struct Cuts {
    /// Arms of `if`s that some shape takes.
    pub(super) classes: Vec<Fact>,
    /// Arms of loops that some shape takes.
    pub(super) members: u64,
}

/// The operands of a step: what they are, the forms of their numbers, and their words.
struct Operands {
    kinds: Vec<StepOperand>,
    forms: Vec<Form>,
    words: Vec<String>,
}

impl<'a> Study<'a> {
    /// Executes steps; also gives them with their forms.
    pub(super) fn run(
        &mut self,
        index: usize,
        steps: &'a [Step],
        bindings: &mut Bindings<'a>,
        mut state: State,
        path: &Path,
        cuts: &mut Cuts,
    ) -> Result<(State, Vec<Node>), Stop> {
        let mut nodes = Vec::new();
        let mut behind = steps;
        while let Some((step, rest)) = behind.split_first() {
            behind = rest;
            if state.branched.is_some() {
                return Err(Stop::Unsupported("a branch that does not end a loop".to_owned()));
            }
            state = match step {
                Step::Asm { mnemonic, operands } => {
                    let (next, node) = self.instruction(index, mnemonic, operands, bindings, state, path)?;
                    nodes.push(node);
                    next
                }
                Step::If { condition, then, otherwise } => {
                    let fact = self.truth_of(index, condition, bindings, path)?;
                    let fact = self.reduce_fact(fact, path);
                    let not = self.space.not(fact);
                    let taken = [fact, not].map(|fact| self.possible(path.fact, fact));
                    let arms = [&then[..], &otherwise[..]];
                    self.arms(index, fact, taken, arms, bindings, state, path, &mut nodes, cuts)?
                }
                Step::For { vars, set, order, steps, rest } => {
                    let set = self.set(index, set, path)?;
                    let arms = self.arms_of_loop(vars.len(), &set, *order)?;
                    for (regs, fact) in arms {
                        let steps = if regs.len() == vars.len() { steps } else { rest };
                        let outside = bindings.len();
                        bindings.extend(vars.iter().map(String::as_str).zip(regs));
                        let fact = self.reduce_fact(fact, path);
                        let (mut none, never) = (Cuts::default(), self.space.truth(false));
                        // An arm that no shape takes does no harm: whatever is demanded in it holds.
                        let (taken, arms) = ([fact != never, true], [&steps[..], &[]]);
                        let nodes = &mut nodes;
                        state =
                            self.arms(index, fact, taken, arms, bindings, state, path, nodes, &mut none)?;
                        cuts.members += 1;
                        bindings.truncate(outside);
                    }
                    self.straighten(state, path)?
                }
                Step::Label(label) => {
                    let ring = ring_of(label, behind);
                    let ring = ring.ok_or_else(|| {
                        Stop::Unsupported(format!("label {label}, to which no branch behind it leads back"))
                    })?;
                    behind = &behind[ring.len()..];
                    let ring = Ring { steps: ring, index };
                    let (next, node) = self.go_round(&ring, bindings, state, path)?;
                    nodes.push(node);
                    next
                }
                Step::Repeat { times, steps } => {
                    let times = self.sum(index, times, bindings, path)?;
                    let nodes = &mut nodes;
                    self.repeat(index, &times, steps, bindings, state, path, nodes)?
                }
            };
        }
        Ok((state, nodes))
    }

    /// Steps that are repeated so many times, each time where there are that many.
    #[expect(clippy::too_many_arguments, reason = "a place in the declaration and a state are that much")]
    fn repeat(
        &mut self,
        index: usize,
        times: &Form,
        steps: &'a [Step],
        bindings: &mut Bindings<'a>,
        mut state: State,
        path: &Path,
        nodes: &mut Vec<Node>,
    ) -> Result<State, Stop> {
        let before = self.sp(&state)?;
        for round in 0.. {
            let more = self.space.at_most(&Form::number(round + 1), times);
            let more = self.reduce_fact(more, path);
            if !self.possible(path.fact, more) {
                break;
            }
            if round == MOST_REPEATED {
                return Err(Stop::Unsupported(format!("steps repeated more than {MOST_REPEATED} times")));
            }
            let mut none = Cuts::default();
            let arms = [steps, &[]];
            state = self.arms(index, more, [true, true], arms, bindings, state, path, nodes, &mut none)?;
        }
        let (Some(Node::Arms(..)), after) = (nodes.last(), self.sp(&state)?) else { return Ok(state) };
        // Each time the same, if it is.
        let fallen = after.minus(&before);
        let each = fallen.terms().first().map_or(0, |&(_, factor)| factor);
        self.place_sp(state, path, [before.with(times, each)], true)
    }

    /// Both arms, those that are taken by some shape.
    #[expect(clippy::too_many_arguments, reason = "a place in the declaration and a state are that much")]
    fn arms(
        &mut self,
        index: usize,
        fact: Fact,
        taken: [bool; 2],
        [then, otherwise]: [&'a [Step]; 2],
        bindings: &mut Bindings<'a>,
        state: State,
        path: &Path,
        nodes: &mut Vec<Node>,
        cuts: &mut Cuts,
    ) -> Result<State, Stop> {
        let not = self.space.not(fact);
        let (mut states, mut lists) = (Vec::new(), Vec::new());
        for (taken, fact, steps) in [(taken[0], fact, then), (taken[1], not, otherwise)] {
            if !taken {
                lists.push(Vec::new());
                continue;
            }
            let path = self.assume(path, fact);
            cuts.classes.push(path.fact);
            let before = state.clone();
            let (after, list) = match steps {
                [] => (before, Vec::new()),
                steps => {
                    let before = self.straighten(before, &path)?;
                    let sp = self.sp(&before)?;
                    let (after, list) = self.run(index, steps, bindings, before, &path, cuts)?;
                    (self.generalize(after, &sp, &path)?, list)
                }
            };
            states.push(after);
            lists.push(list);
        }
        let (second, first) = (lists.pop().unwrap_or_default(), lists.pop().unwrap_or_default());
        nodes.push(Node::Arms(fact, first, second));
        match (states.pop(), states.pop()) {
            (Some(second), Some(first)) => self.meet_states(fact, first, &second),
            (Some(only), None) => Ok(only),
            _ => Ok(state),
        }
    }

    /// The ways in which a loop goes over its set: registers that are bound, and when they are.
    fn arms_of_loop(&mut self, vars: usize, set: &Set, order: Order) -> Result<Vec<(Vec<Reg>, Fact)>, Stop> {
        let members = ordered(set, order);
        if vars == 1 {
            let arms = members.into_iter().map(|(reg, fact)| (vec![reg], fact)).collect();
            return Ok(self.simple_arms(arms));
        }
        if vars != 2 {
            return Err(Stop::Unsupported(format!("a loop over {vars} registers at a time")));
        }
        let mut arms = Vec::new();
        // Whether the number of members before is even.
        let mut even = self.space.truth(true);
        for (i, &(first, fact)) in members.iter().enumerate() {
            let mut so_far = self.space.and([fact, even]);
            for &(second, other) in &members[i + 1..] {
                arms.push((vec![first, second], self.space.and([so_far, other])));
                let absent = self.space.not(other);
                so_far = self.space.and([so_far, absent]);
            }
            arms.push((vec![first], so_far));
            even = self.space.xor(even, fact);
        }
        Ok(self.simple_arms(arms))
    }

    /// Arms that some set takes, with what decides it written simply.
    fn simple_arms(&mut self, arms: Vec<(Vec<Reg>, Fact)>) -> Vec<(Vec<Reg>, Fact)> {
        let mut simple = Vec::new();
        for (regs, fact) in arms {
            match self.diagrams.fact(&self.space, fact) {
                Some(NEVER) => {}
                Some(diagram) => simple.push((regs, self.diagrams.write(&mut self.space, diagram))),
                None => simple.push((regs, fact)),
            }
        }
        simple
    }

    fn instruction(
        &mut self,
        index: usize,
        mnemonic: &str,
        operands: &[frame::StepOperand],
        bindings: &Bindings<'_>,
        mut state: State,
        path: &Path,
    ) -> Result<(State, Node), Stop> {
        if let [frame::StepOperand::Helper(number)] = operands {
            let helper = self.spec.helpers.get_index(*number as usize);
            let (name, helper) = helper.ok_or_else(|| Stop::Unsupported("no such helper".into()))?;
            let what: std::rc::Rc<str> = format!("{mnemonic} {name}").into();
            self.call_helper(&mut state, helper, path, &what)?;
            return Ok((state, Node::Helper(name.clone())));
        }
        let Operands { kinds, forms, words } = self.operands(index, operands, bindings, path)?;
        let part = if state.prolog { "prolog" } else { "epilog" };
        let what = format!("{part} of {}: {mnemonic} {}", self.chain[index].frame.name, words.join(", "));
        let what: std::rc::Rc<str> = what.trim_end().into();
        let template = self.decoder.template(mnemonic, &kinds);
        let template = template.map_err(|error| Stop::Unsupported(format!("{what}: {error}")))?;
        let before = self.sp(&state)?;
        let before = self.reduce(&before, path);
        self.demand_encodable(&template, &forms, path, &what);
        if state.returned.is_some() {
            return Err(Stop::Unsupported(format!("{what}: a step after the return")));
        }
        let machine = self.machine;
        let mut cpu = Cpu::new(self, &mut state, path, what);
        cpu.immediates = vec![None; template.decoded.operands.len()];
        for (number, form) in template.numbers.iter().zip(&forms) {
            let signed = Some(number.least < 0);
            if number.displacement {
                cpu.displacement = Some(Value::Number { form: form.clone(), bits: 64, signed });
            } else {
                let bits = template.decoded.operands[number.operand].bits();
                let value = Value::Number { form: form.clone(), bits, signed };
                cpu.immediates[number.operand] = Some(value);
            }
        }
        let flow = eval::execute(machine, &template.decoded, &mut cpu)?;
        match flow {
            Flow::Next => cpu.finish(&before)?,
            Flow::Branch { condition, .. } => {
                cpu.state.branched = Some(condition);
                cpu.finish(&before)?;
            }
            Flow::Return(target) => {
                cpu.state.returned = Some(target);
            }
            _ => return Err(Stop::Unsupported(format!("{mnemonic} in a prolog or epilog"))),
        }
        Ok((state, Node::Instruction(Box::new(template), forms)))
    }

    /// The operands of a step.
    fn operands(
        &mut self,
        index: usize,
        operands: &[frame::StepOperand],
        bindings: &Bindings<'_>,
        path: &Path,
    ) -> Result<Operands, Stop> {
        let (mut kinds, mut forms, mut words) = (Vec::new(), Vec::new(), Vec::new());
        for operand in operands {
            match operand {
                frame::StepOperand::Register(name) => {
                    let reg = self.register(name, bindings)?;
                    words.push(self.machine.register(reg).name.clone());
                    kinds.push(StepOperand::Register(reg));
                }
                frame::StepOperand::Number(num) => {
                    forms.push(self.sum(index, num, bindings, path)?);
                    words.push("…".to_owned());
                    kinds.push(StepOperand::Number);
                }
                frame::StepOperand::Memory { base, offset } => {
                    let base = self.register(base, bindings)?;
                    forms.push(self.sum(index, offset, bindings, path)?);
                    words.push(format!("[{} + …]", self.machine.register(base).name));
                    kinds.push(StepOperand::Memory(base));
                }
                frame::StepOperand::Label(label) => {
                    words.push(label.clone());
                    kinds.push(StepOperand::Place);
                }
                frame::StepOperand::Helper(_) => {
                    return Err(Stop::Unsupported("a helper among other operands".to_owned()));
                }
            }
        }
        Ok(Operands { kinds, forms, words })
    }

    /// Every number fits its field.
    fn demand_encodable(
        &mut self,
        template: &Template,
        forms: &[Form],
        path: &Path,
        what: &std::rc::Rc<str>,
    ) {
        for (number, form) in template.numbers.iter().zip(forms) {
            let least = self.space.at_most(&Form::number(number.least), form);
            let most = self.space.at_most(form, &Form::number(number.most));
            let mut all = vec![least, most];
            if number.mask {
                all.push(self.space.truth(form.known().is_some_and(|value| number.fits(value))));
            }
            if number.multiple > 1 {
                all.push(self.multiple(form, number.multiple));
            }
            for &value in &number.excluded {
                let equal = self.space.equal(form, &Form::number(value));
                all.push(self.space.not(equal));
            }
            let fits = self.space.and(all);
            self.demand(Property::P14, path.fact, fits, std::rc::Rc::clone(what));
        }
    }
}
