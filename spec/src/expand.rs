//! Steps of a prolog, an epilog or an allocation, expanded for one frame instance: one instruction each.
//!
//! A label is known by a number of its own until all is expanded; each time round a `for` or `repeat` has its own.

use crate::SpecError;
use crate::frame::{AsmOperand, AsmStep, Num, Order, SetExpr, Step, StepOperand};
use crate::place::{Bindings, Placed, ordered};
use crate::reg::Reg;

/// Instructions in one prolog, epilog or allocation.
const STEP_LIMIT: usize = 4096;

/// Steps in the making.
pub(crate) struct Expansion<'p, 'a> {
    placed: &'p Placed<'a>,
    bindings: Bindings<'a>,
    /// Labels in scope with their numbers, innermost last.
    labels: Vec<(&'a str, u32)>,
    /// By label number: the number of the step that it stands before.
    places: Vec<u32>,
    asm: Vec<AsmStep>,
}

/// The steps for an instance.
///
/// # Errors
/// Too many of them, names without a value, numbers past 2 GiB.
pub(crate) fn expand<'a>(placed: &Placed<'a>, steps: &'a [Step]) -> Result<Vec<AsmStep>, SpecError> {
    let (bindings, labels, places, asm) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut expansion = Expansion { placed, bindings, labels, places, asm };
    expansion.block(steps)?;
    Ok(expansion.finish())
}

impl<'a> Expansion<'_, 'a> {
    fn block(&mut self, steps: &'a [Step]) -> Result<(), SpecError> {
        let outside = self.labels.len();
        for step in steps {
            if let Step::Label(name) = step {
                self.labels.push((name, self.places.len() as u32));
                self.places.push(0);
            }
        }
        for step in steps {
            self.step(step)?;
        }
        self.labels.truncate(outside);
        Ok(())
    }

    fn step(&mut self, step: &'a Step) -> Result<(), SpecError> {
        match step {
            Step::Asm { mnemonic, operands } => {
                let operands = operands.iter().map(|operand| self.operand(operand));
                let operands = operands.collect::<Result<_, _>>()?;
                self.push(AsmStep { mnemonic: mnemonic.clone(), operands })
            }
            Step::Label(name) => {
                let number = self.label(name)?;
                self.places[number as usize] = self.asm.len() as u32;
                Ok(())
            }
            Step::For { vars, set, order, steps, rest } => self.each(vars, set, *order, [steps, rest]),
            Step::Repeat { times, steps } => {
                let before = self.asm.len();
                for _ in 0..self.num(times)? {
                    self.block(steps)?;
                    if self.asm.len() == before {
                        break;
                    }
                }
                Ok(())
            }
            Step::If { condition, then, otherwise } => {
                let holds = self.num(condition)? != 0;
                self.block(if holds { then } else { otherwise })
            }
        }
    }

    fn each(
        &mut self,
        vars: &'a [String],
        set: &SetExpr,
        order: Order,
        [steps, rest]: [&'a [Step]; 2],
    ) -> Result<(), SpecError> {
        let members: Vec<Reg> = ordered(self.placed.set(set)?, order).collect();
        let outside = self.bindings.len();
        for group in members.chunks(vars.len().max(1)) {
            let steps = if group.len() == vars.len() { steps } else { rest };
            self.bindings.extend(vars.iter().map(String::as_str).zip(group.iter().copied()));
            self.block(steps)?;
            self.bindings.truncate(outside);
        }
        Ok(())
    }

    fn push(&mut self, step: AsmStep) -> Result<(), SpecError> {
        if self.asm.len() == STEP_LIMIT {
            let what = format!("length of a prolog or epilog of frame `{}`", self.placed.name());
            return Err(SpecError::TooLarge { what, limit: STEP_LIMIT as i64 });
        }
        self.asm.push(step);
        Ok(())
    }

    fn operand(&self, operand: &StepOperand) -> Result<AsmOperand, SpecError> {
        let register = |name: &str| self.placed.register(name, &self.bindings);
        Ok(match operand {
            StepOperand::Register(name) => AsmOperand::Register(register(name)?),
            StepOperand::Number(num) => AsmOperand::Immediate(self.num(num)?),
            StepOperand::Memory { base, offset } => {
                AsmOperand::Memory { base: register(base)?, offset: self.num(offset)? }
            }
            StepOperand::Label(name) => AsmOperand::Step(self.label(name)?),
            StepOperand::Helper(number) => AsmOperand::Helper(*number),
        })
    }

    fn num(&self, num: &Num) -> Result<i64, SpecError> {
        self.placed.num(num, &self.bindings)
    }

    fn label(&self, name: &str) -> Result<u32, SpecError> {
        let known = self.labels.iter().rev().find(|(label, _)| *label == name);
        let unknown = || SpecError::Unknown { what: "label", name: name.to_owned() };
        Ok(known.ok_or_else(unknown)?.1)
    }

    /// The steps, with labels as the places that they have now.
    fn finish(mut self) -> Vec<AsmStep> {
        for operand in self.asm.iter_mut().flat_map(|step| &mut step.operands) {
            if let AsmOperand::Step(label) = operand {
                *label = self.places[*label as usize];
            }
        }
        self.asm
    }
}
