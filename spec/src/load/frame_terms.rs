//! Sets, sums and steps of a frame, their names resolved.

use super::frame::Builder;
use super::record::{register, small, unknown};
use crate::SpecError;
use crate::error::did_you_mean;
use crate::frame::{Comparison, Frame, Num, SetExpr, Step, StepOperand};
use crate::lang::ast::{self, Block, Name, Operand, SetTerm, Span, Sum};
use crate::machine::RegClass;
use crate::reg::Reg;

impl<'a> Builder<'a> {
    /// The frames that this one extends, nearest first.
    pub(super) fn extended(&self) -> impl Iterator<Item = &'a Frame> + use<'a> {
        let spec = self.spec;
        let first = self.frame.extends.as_ref().and_then(|name| spec.frames.get(name));
        std::iter::successors(first, move |frame| spec.frames.get(frame.extends.as_ref()?))
    }

    /// An unknown name, with a suggestion among all names that could stand there.
    pub(super) fn unknown_of(&self, what: &'static str, name: &Name) -> SpecError {
        let mut known: Vec<String> = self.names.keys().map(|n| (*n).to_owned()).collect();
        for frame in self.extended() {
            known.push(format!("{}.total", frame.name));
            let sets = frame.sets.iter().map(|s| &s.name);
            let regions = frame.regions.iter().map(|r| &r.name);
            known.extend(sets.chain(&frame.sizes).chain(regions).map(|n| format!("{}.{n}", frame.name)));
        }
        known.extend(self.variables.iter().map(|v| (*v).to_owned()));
        known.extend(self.machine.registers.iter().map(|r| r.name.clone()));
        known.extend(["callee_saved", "int", "float", "total"].map(str::to_owned));
        let help = did_you_mean(&name.text, known.iter().map(String::as_str));
        unknown(self.source, what, name).with_help(help)
    }

    /// Whether a name is a size, a `let` or a total, of this frame or (but for `let`) of an extended one.
    fn is_number(&self, name: &Name) -> bool {
        let of_extended = name.text.rsplit_once('.').is_some_and(|(frame, size)| {
            let frame = self.extended().find(|f| f.is_called(frame));
            frame.is_some_and(|f| size == "total" || f.sizes.iter().any(|s| s == size))
        });
        name.text == "total" || of_extended || self.is_own(&name.text, &["size", "let"])
    }

    fn is_own(&self, name: &str, kinds: &[&str]) -> bool {
        self.names.get(name).is_some_and(|(kind, _)| kinds.contains(kind))
    }

    pub(super) fn set(&self, set: &SetTerm) -> Result<SetExpr, SpecError> {
        Ok(match set {
            SetTerm::Name(name) => {
                let of_extended = name.text.rsplit_once('.').is_some_and(|(frame, set)| {
                    let frame = self.extended().find(|f| f.is_called(frame));
                    frame.is_some_and(|f| f.sets.iter().any(|s| s.name == set))
                });
                if name.text == "callee_saved" {
                    SetExpr::CalleeSaved
                } else if name.text == "int" {
                    SetExpr::Class(RegClass::Int)
                } else if name.text == "float" {
                    SetExpr::Class(RegClass::Float)
                } else if of_extended || self.is_own(&name.text, &["set"]) {
                    SetExpr::Param(name.text.clone())
                } else {
                    return Err(self.unknown_of("set of registers", name));
                }
            }
            SetTerm::Members(names) => {
                let mut members: Vec<Reg> = Vec::new();
                for name in names {
                    let reg = register(self.source, self.machine, name)?;
                    if members.contains(&reg) {
                        let error = SpecError::Duplicate { what: "register", name: name.text.clone() };
                        return Err(error.at(self.source, name.span));
                    }
                    members.push(reg);
                }
                SetExpr::Members(members)
            }
            SetTerm::Pick(end, set, number) => {
                let (set, number) = (Box::new(self.set(set)?), small(self.source, number, 128)?);
                match end.text.as_str() {
                    "lowest" => SetExpr::Lowest(set, number),
                    _ => SetExpr::Highest(set, number),
                }
            }
            SetTerm::Binary(op, sides) => {
                let sides = Box::new([self.set(&sides[0])?, self.set(&sides[1])?]);
                match *op {
                    "|" => SetExpr::Union(sides),
                    "&" => SetExpr::Intersection(sides),
                    _ => SetExpr::Minus(sides),
                }
            }
        })
    }

    pub(super) fn num(&self, sum: &Sum) -> Result<Num, SpecError> {
        Ok(match sum {
            Sum::Number(number) => Num::Const(i64::from(small(self.source, number, i32::MAX as u32)?)),
            Sum::Name(name) if self.is_number(name) => Num::Name(name.text.clone()),
            Sum::Name(name) => return Err(self.unknown_of("number", name)),
            Sum::OfSet(function, set) if function.text == "bytes" => Num::Bytes(self.set(set)?),
            Sum::OfSet(_, set) => Num::Count(self.set(set)?),
            Sum::Place(kind, name) if kind.text == "slot" => self.slot(name)?,
            Sum::Place(_, name) => {
                let own = self.frame.regions.iter().any(|r| r.name == name.text);
                let of_extended = name.text.rsplit_once('.').is_some_and(|(frame, region)| {
                    let frame = self.extended().find(|f| f.is_called(frame));
                    frame.is_some_and(|f| f.regions.iter().any(|r| r.name == region))
                });
                if !own && !of_extended {
                    return Err(self.unknown_of("region (declared above)", name));
                }
                Num::At(name.text.clone())
            }
            Sum::AlignUp(sides) => Num::AlignUp(Box::new([self.num(&sides[0])?, self.num(&sides[1])?])),
            Sum::Signed(value, bits) => Num::Signed(Box::new(self.num(value)?), self.bits(bits, 1)?),
            Sum::Negate(value) => Num::Sub(Box::new([Num::Const(0), self.num(value)?])),
            Sum::Slice(value, high, low) => {
                let (high, low) = (self.bits(high, 0)?, self.bits(low, 0)?);
                if high < low {
                    let error = SpecError::mismatch("the higher bit first", format!("[{high}:{low}]"));
                    return Err(error.at(self.source, sum_span(value)));
                }
                Num::Slice { value: Box::new(self.num(value)?), high, low }
            }
            Sum::If(parts) => {
                Num::If(Box::new([self.num(&parts[0])?, self.num(&parts[1])?, self.num(&parts[2])?]))
            }
            Sum::Binary(op, sides) => {
                let sides = Box::new([self.num(&sides[0])?, self.num(&sides[1])?]);
                match *op {
                    "+" => Num::Add(sides),
                    "-" => Num::Sub(sides),
                    "*" => Num::Mul(sides),
                    "&&" => Num::And(sides),
                    other => {
                        let written = Comparison::WRITTEN.iter().find(|(written, _)| *written == other);
                        let unknown = || SpecError::Unknown { what: "operator", name: other.to_owned() };
                        Num::Compare(written.ok_or_else(unknown)?.1, sides)
                    }
                }
            }
        })
    }

    /// A bit number of a 64-bit number, or a number of its bits.
    fn bits(&self, number: &ast::Number, least: u32) -> Result<u32, SpecError> {
        match small(self.source, number, 62 + least)? {
            0 if least > 0 => {
                Err(SpecError::mismatch("at least one bit", "none").at(self.source, number.span))
            }
            bits => Ok(bits),
        }
    }

    /// The slot of a register, or of a loop variable's, in this frame or in an extended one (`tier0.r`).
    fn slot(&self, name: &Name) -> Result<Num, SpecError> {
        let (owner, register) = name.text.rsplit_once('.').unwrap_or(("", &name.text));
        let known_owner = owner.is_empty() || self.extended().any(|f| f.is_called(owner));
        if !known_owner || !self.is_register(register) {
            return Err(self.unknown_of("register", name));
        }
        Ok(Num::Slot(name.text.clone()))
    }

    pub(super) fn steps(&mut self, block: &'a Block<ast::Step>) -> Result<Vec<Step>, SpecError> {
        let outside = self.labels.len();
        for step in block.nodes() {
            let ast::Step::Label(name) = step else { continue };
            if self.labels.contains(&name.text.as_str()) || self.is_register(&name.text) {
                let error = SpecError::Duplicate { what: "name", name: name.text.clone() };
                return Err(error.at(self.source, name.span));
            }
            self.labels.push(&name.text);
        }
        let steps = block.nodes().map(|step| self.step(step)).collect();
        self.labels.truncate(outside);
        steps
    }

    fn step(&mut self, step: &'a ast::Step) -> Result<Step, SpecError> {
        Ok(match step {
            ast::Step::Asm(mnemonic, operands) => {
                self.check_mnemonic(mnemonic)?;
                let mut position = 0;
                let operands = operands.iter().map(|operand| {
                    let word = self.word(mnemonic, position, operand);
                    position += if matches!(operand, Operand::Memory(_)) { 2 } else { 1 };
                    word.map_or_else(|| self.operand(operand), |number| Ok(StepOperand::Number(number)))
                });
                let operands = operands.collect::<Result<_, _>>()?;
                Step::Asm { mnemonic: mnemonic.text.clone(), operands }
            }
            ast::Step::For(names, set, order, steps, rest) => {
                let set = self.set(set)?;
                let outside = self.variables.len();
                for var in names {
                    let known = self.variables.contains(&var.text.as_str());
                    if known || self.machine.views.contains_key(&var.text) {
                        let error = SpecError::Duplicate { what: "name", name: var.text.clone() };
                        return Err(error.at(self.source, var.span));
                    }
                    self.variables.push(&var.text);
                }
                let steps = self.steps(steps)?;
                self.variables.truncate(outside + 1);
                let rest = rest.as_ref().map_or(Ok(Vec::new()), |rest| self.steps(rest))?;
                self.variables.truncate(outside);
                let vars = names.iter().map(|name| name.text.clone()).collect();
                Step::For { vars, set, order: *order, steps, rest }
            }
            ast::Step::Label(name) => Step::Label(name.text.clone()),
            ast::Step::Repeat(times, steps) => {
                Step::Repeat { times: self.num(times)?, steps: self.steps(steps)? }
            }
            ast::Step::If(condition, then, otherwise) => Step::If {
                condition: self.num(condition)?,
                then: self.steps(then)?,
                otherwise: otherwise.as_ref().map_or(Ok(Vec::new()), |steps| self.steps(steps))?,
            },
        })
    }

    /// There must be a row: of that name where rows have bit patterns, else with or without a suffix (`push.64`).
    fn check_mnemonic(&self, mnemonic: &Name) -> Result<(), SpecError> {
        let whole = self.machine.has_encodings();
        let rows = self.machine.instructions.keys();
        let rows = rows.map(|row| if whole { row } else { row.split('.').next().unwrap_or(row) });
        if rows.clone().any(|row| row == mnemonic.text) {
            return Ok(());
        }
        let help = did_you_mean(&mnemonic.text, rows);
        Err(unknown(self.source, "instruction", mnemonic).with_help(help))
    }

    /// The number that a kind of operands has a word for, as `uxtx`.
    fn word(&self, row: &Name, position: usize, operand: &Operand) -> Option<Num> {
        let Operand::Plain(Sum::Name(name)) = operand else { return None };
        let row = self.machine.instructions.get(&row.text)?;
        let kind = self.machine.kind(*row.kinds.get(position)?)?;
        let number = kind.names.iter().position(|word| word.as_ref() == Some(&name.text))?;
        Some(Num::Const(number as i64))
    }

    fn operand(&self, operand: &Operand) -> Result<StepOperand, SpecError> {
        match operand {
            Operand::Plain(Sum::Name(name)) if self.is_register(&name.text) => {
                Ok(StepOperand::Register(name.text.clone()))
            }
            Operand::Plain(Sum::Name(name)) if self.labels.contains(&name.text.as_str()) => {
                Ok(StepOperand::Label(name.text.clone()))
            }
            Operand::Plain(Sum::Name(name)) if self.spec.helpers.contains_key(&name.text) => {
                let number = self.spec.helpers.get_index_of(&name.text);
                Ok(StepOperand::Helper(number.unwrap_or_default() as u32))
            }
            Operand::Plain(Sum::Name(name)) if !self.is_number(name) => {
                Err(self.unknown_of("register or number", name))
            }
            Operand::Plain(sum) => Ok(StepOperand::Number(self.num(sum)?)),
            Operand::Memory(sum) => {
                let (base, offset) = self.base_and_offset(sum)?;
                Ok(StepOperand::Memory { base, offset })
            }
        }
    }

    fn is_register(&self, name: &str) -> bool {
        self.variables.contains(&name) || self.machine.reg(name).is_some()
    }

    /// Splits `rsp + a - b` into its leftmost register and the rest.
    fn base_and_offset(&self, sum: &Sum) -> Result<(String, Num), SpecError> {
        match sum {
            Sum::Name(name) if self.is_register(&name.text) => Ok((name.text.clone(), Num::Const(0))),
            Sum::Name(name) => Err(self.unknown_of("register", name)),
            Sum::Binary(op @ ("+" | "-"), sides) => {
                let (base, left) = self.base_and_offset(&sides[0])?;
                let right = self.num(&sides[1])?;
                let offset = match (*op, left) {
                    ("+", Num::Const(0)) => right,
                    ("+", left) => Num::Add(Box::new([left, right])),
                    (_, left) => Num::Sub(Box::new([left, right])),
                };
                Ok((base, offset))
            }
            other => {
                let error = SpecError::mismatch("a register first, as in `[sp + 8]`", "a number");
                Err(error.at(self.source, sum_span(other)))
            }
        }
    }
}

fn sum_span(sum: &Sum) -> Span {
    match sum {
        Sum::Number(number) => number.span,
        Sum::Name(name) | Sum::Place(name, _) => name.span,
        Sum::OfSet(name, _) => name.span,
        Sum::Signed(value, _) | Sum::Negate(value) | Sum::Slice(value, ..) => sum_span(value),
        Sum::If(parts) => sum_span(&parts[0]).to(sum_span(&parts[2])),
        Sum::AlignUp(sides) | Sum::Binary(_, sides) => sum_span(&sides[0]).to(sum_span(&sides[1])),
    }
}
