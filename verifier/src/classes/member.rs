//! Code of a proven design: its shape is one of those proven, its bytes the template's with the shape's numbers.

use super::Design;
use super::form::{Form, Space};
use super::steps::Node;
use super::study::Parameter;
use super::values::Values;
use crate::decoded::{Decoded, Operand};
use crate::target::Decoder;
use crate::target::template::Template;
use framewright_spec::Machine;
use framewright_spec::claim::Entry;
use framewright_spec::meaning::Flow;
use framewright_spec::{Claim, CodeOffset, Shape};

impl Design {
    /// Compares code with the template.
    pub(crate) fn admits(
        &self,
        bytes: &[u8],
        claim: &Claim,
        machine: &Machine,
        decoder: &dyn Decoder,
    ) -> Result<(), String> {
        let entered = match &claim.entry {
            Entry::Call => None,
            Entry::Osr { transition, .. } => Some(transition.as_str()),
        };
        if claim.frame != self.frame || entered != self.transition() {
            return Err(format!("code of frame {}, not of {}", claim.frame, self.frame));
        }
        let parameters = self.parameters_of(&claim.shape).ok_or("a shape with other parameters")?;
        let mut values = Values::new(parameters);
        if !values.fact(&self.space, self.domain) {
            return Err("a shape that the frame does not take".to_owned());
        }
        let at = self.compare((bytes, claim, machine), CodeOffset(0), &self.prolog, &mut values, decoder)?;
        // Code that is entered by a transition fetches values between the frame's prolog and the body.
        let fetches = entered.is_some() && at <= claim.body;
        if at != claim.body && !fetches {
            return Err(format!("the prolog ends at {at}, the body begins at {}", claim.body));
        }
        for &epilog in &claim.epilogs {
            self.compare((bytes, claim, machine), epilog, &self.epilog, &mut values, decoder)?;
        }
        Ok(())
    }

    /// Compares instructions from `at` on with the template; gives where they end.
    fn compare(
        &self,
        (bytes, claim, machine): (&[u8], &Claim, &Machine),
        mut at: CodeOffset,
        nodes: &[Node],
        values: &mut Values,
        decoder: &dyn Decoder,
    ) -> Result<CodeOffset, String> {
        let mut list = Vec::new();
        instances(&self.space, nodes, values, &mut list);
        // Where each begins.
        let mut places = Vec::new();
        for expected in list {
            places.push(at);
            let found = decoder.decode(bytes, at).map_err(|error| error.to_string())?;
            let is = match expected {
                Expected::Instruction(expected) => {
                    let expected = expected?;
                    found.row == expected.row && found.operands == expected.operands
                }
                Expected::Back(expected, to) => {
                    let target = Operand::Code(i64::from(places[to].0));
                    let operands = expected.operands.iter().map(|operand| match operand {
                        Operand::Code(_) => &target,
                        other => other,
                    });
                    found.row == expected.row && found.operands.iter().eq(operands)
                }
                Expected::Helper(name) => {
                    let claimed = claim.helpers.iter().find(|call| call.at == at && call.helper == name);
                    claimed.is_some_and(|call| calls_by(&found, call.word, machine))
                }
            };
            if !is {
                return Err(format!("{at}: `{}` is not the template's instruction", decoder.text(bytes, at)));
            }
            at = found.next();
        }
        Ok(at)
    }

    /// As [`super::study::Study::parameters_of`].
    fn parameters_of(&self, shape: &Shape) -> Option<Vec<i128>> {
        let mut shapes = vec![shape];
        while let Some(source) = shapes[shapes.len() - 1].source.as_deref() {
            shapes.push(source);
        }
        shapes.reverse();
        (shapes.len() == self.chain.len()).then_some(())?;
        parameters_in(&self.parameters, &shapes)
    }
}

/// The parameters of shapes, the outermost extended one first; `None` if they have others.
pub(super) fn parameters_in(parameters: &[Parameter], shapes: &[&Shape]) -> Option<Vec<i128>> {
    for (index, shape) in shapes.iter().enumerate() {
        for (name, set) in &shape.sets {
            // A member outside its bound is a parameter that there is not.
            let is = |p: &Parameter, reg| p.frame == index && p.name == *name && p.reg == Some(reg);
            if !set.iter().all(|reg| parameters.iter().any(|p| is(p, reg))) {
                return None;
            }
        }
    }
    let value = |parameter: &Parameter| {
        let shape = shapes.get(parameter.frame)?;
        match parameter.reg {
            Some(reg) => Some(i128::from(shape.sets.get(&parameter.name)?.contains(reg))),
            None if parameter.free => Some(0),
            None => shape.sizes.get(&parameter.name).map(|&size| i128::from(size)),
        }
    };
    parameters.iter().map(value).collect()
}

/// Whether an instruction is a call of the address that a word of the code's data holds.
fn calls_by(found: &Decoded, word: CodeOffset, machine: &Machine) -> bool {
    let row = machine.instructions.get_index(usize::from(found.row.0));
    let calls = row.is_some_and(|(_, row)| matches!(row.flow, Flow::Call(_)));
    calls && found.names_word(word)
}

/// What code must have at a place.
enum Expected<'n> {
    Instruction(Result<Decoded, String>),
    /// A branch to the instruction of that number.
    Back(Decoded, usize),
    /// A call of the helper.
    Helper(&'n str),
}

/// The instructions of a template for a shape.
fn instances<'n>(space: &Space, nodes: &'n [Node], values: &mut Values, list: &mut Vec<Expected<'n>>) {
    for node in nodes {
        match node {
            Node::Arms(fact, then, otherwise) => {
                let arm = if values.fact(space, *fact) { then } else { otherwise };
                instances(space, arm, values, list);
            }
            Node::Helper(name) => list.push(Expected::Helper(name)),
            Node::Loop(round) => {
                let head = list.len();
                instances(space, round, values, list);
                if let Some(Expected::Instruction(Ok(branch))) = list.last() {
                    let back = Expected::Back(branch.clone(), head);
                    list.pop();
                    list.push(back);
                }
            }
            Node::Instruction(template, forms) => {
                let numbers: Vec<i128> = forms.iter().map(|form: &Form| values.form(space, form)).collect();
                list.push(Expected::Instruction(instance(template, &numbers)));
            }
        }
    }
}

/// A template with its numbers.
fn instance(template: &Template, numbers: &[i128]) -> Result<Decoded, String> {
    let mut decoded = template.decoded.clone();
    for (open, &number) in template.numbers.iter().zip(numbers) {
        if !open.fits(number) {
            return Err(format!("{number} does not fit operand {}", open.operand));
        }
        match &mut decoded.operands[open.operand] {
            Operand::Memory(memory) => {
                memory.displacement = i64::try_from(number).map_err(|e| e.to_string())?;
            }
            Operand::Immediate { value, bits } => *value = number as u64 & (u64::MAX >> (64 - *bits)),
            _ => return Err(format!("operand {} is no number", open.operand)),
        }
    }
    Ok(decoded)
}
