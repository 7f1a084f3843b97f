//! Lowerings and what a compiler is to know of a machine: names resolved, operands counted.

use super::record::{self, Fields};
use super::{Declared, Key};
use crate::SpecError;
use crate::error::did_you_mean;
use crate::lang::Source;
use crate::lang::ast::{Item, Lower, LowerParam, LowerTerm, Name, Number};
use crate::lowering::{
    Class, Compile, I32Form, LowerStep, Lowering, Operator, Param, Signature, Sum, operations, signature,
};
use crate::machine::{Machine, RegClass};
use crate::reg::Reg;
use indexmap::IndexMap;

/// What a trap may be for.
const TRAPS: [&str; 10] = [
    "unreachable",
    "memory_out_of_bounds",
    "table_out_of_bounds",
    "indirect_call_to_null",
    "bad_signature",
    "integer_overflow",
    "integer_divide_by_zero",
    "bad_conversion_to_integer",
    "stack_exhausted",
    "host",
];

/// What a compiler is to know of the machine, if it says so.
pub(super) fn compile(
    machine: &Machine,
    items: &IndexMap<Key, Declared<'_>>,
) -> Result<Option<Compile>, SpecError> {
    let key = ("compile", machine.name.clone(), machine.name.clone());
    let Some(&declared) = items.get(&key) else { return Ok(None) };
    let known = ["int", "float", "scratch", "i32", "zero"];
    let fields = Fields::new(format!("compile of `{}`", machine.name), declared, &known, false)?;
    let of_class = |name: &'static str, class: RegClass| -> Result<Vec<Reg>, SpecError> {
        let regs = fields.registers(name, machine)?;
        let wrong = regs.iter().find(|&&reg| machine.register(reg).class != class || reg == machine.sp);
        match wrong {
            None => Ok(regs),
            Some(&reg) => {
                let found = format!("`{}`", machine.register(reg).name);
                let expected = format!("registers of class {class:?} but SP").to_lowercase();
                Err(SpecError::mismatch(expected, found).at(declared.source, fields.get(name)?.name.span))
            }
        }
    };
    let (int, float) = (of_class("int", RegClass::Int)?, of_class("float", RegClass::Float)?);
    let scratch = of_class("scratch", RegClass::Int)?;
    let span = fields.get("scratch")?.name.span;
    let Ok(scratch) = <[Reg; 2]>::try_from(scratch) else {
        let error = SpecError::mismatch("two scratch registers", "another number of them");
        return Err(error.at(declared.source, span));
    };
    if let Some(reg) = scratch.iter().find(|reg| int.contains(reg)) {
        let name = machine.register(*reg).name.clone();
        let error = SpecError::Duplicate { what: "register", name }.at(declared.source, span);
        return Err(error.with_help(Some("a scratch register holds no values".to_owned())));
    }
    let form = fields.name("i32")?;
    let i32_form = match form.text.as_str() {
        "sign" => I32Form::Sign,
        "zero" => I32Form::Zero,
        _ => {
            let help = Some("`sign` or `zero`: what is above the low 32 bits".to_owned());
            return Err(record::unknown(declared.source, "form of an i32", form).with_help(help));
        }
    };
    let zero = fields.optional("zero").map(|_| fields.name("zero")).transpose()?;
    Ok(Some(Compile { int, float, scratch, i32_form, zero: zero.map(|name| name.text.clone()) }))
}

/// One lowering, of a machine or of none.
pub(super) fn lowering(declared: Declared<'_>, machine: Option<&Machine>) -> Result<Lowering, SpecError> {
    let Item::Lower(lower) = declared.item else {
        let error = SpecError::mismatch("a lowering", "another item");
        return Err(error.at(declared.source, declared.span));
    };
    Loader::new(declared.source, machine, lower).load()
}

struct Loader<'a> {
    source: &'a Source,
    machine: Option<&'a Machine>,
    lower: &'a Lower,
    labels: Vec<&'a Name>,
}

impl<'a> Loader<'a> {
    fn new(source: &'a Source, machine: Option<&'a Machine>, lower: &'a Lower) -> Loader<'a> {
        let labels = lower.body.nodes().filter_map(|step| match step {
            crate::lang::ast::LowerStep::Label(name) => Some(name),
            crate::lang::ast::LowerStep::Do(..) => None,
        });
        Loader { source, machine, lower, labels: labels.collect() }
    }

    fn load(&self) -> Result<Lowering, SpecError> {
        let lower = self.lower;
        let Some(operation) = signature(&lower.name.text) else {
            let help = did_you_mean(&lower.name.text, operations());
            return Err(record::unknown(self.source, "operation", &lower.name).with_help(help));
        };
        self.distinct()?;
        self.count(&lower.name, operation.operands.len(), lower.params.len())?;
        let params = lower.params.iter().zip(&operation.operands);
        let params = params.map(|(param, &class)| self.param(param, class)).collect::<Result<_, _>>()?;
        let temps = lower.temps.iter().map(|temp| self.temp(temp)).collect::<Result<_, _>>()?;
        let condition = lower.condition.as_ref().map(|term| self.sum(term)).transpose()?;
        let steps = lower.body.nodes().map(|step| self.step(step)).collect::<Result<_, _>>()?;
        let operation = lower.name.text.clone();
        Ok(Lowering { operation, params, temps, condition, labels: self.labels.len(), steps })
    }

    /// All names of the lowering differ.
    fn distinct(&self) -> Result<(), SpecError> {
        let params = self.lower.params.iter().chain(&self.lower.temps).map(|p| &p.name);
        let mut seen: Vec<&Name> = Vec::new();
        for name in params.chain(self.labels.iter().copied()) {
            if let Some(first) = seen.iter().find(|first| first.text == name.text) {
                let error = SpecError::Duplicate { what: "name", name: name.text.clone() };
                let error = error.at(self.source, name.span);
                return Err(error.with_also(first.span, "first declared here"));
            }
            seen.push(name);
        }
        Ok(())
    }

    fn count(&self, name: &Name, wanted: usize, given: usize) -> Result<(), SpecError> {
        if wanted == given {
            return Ok(());
        }
        let expected = format!("{wanted} operands of `{}`", name.text);
        Err(SpecError::mismatch(expected, format!("{given}")).at(self.source, name.span))
    }

    fn param(&self, param: &LowerParam, class: Class) -> Result<Param, SpecError> {
        let given = match &param.class {
            None => Param::Register,
            Some(name) if name.text == "const" => Param::Const,
            Some(name) if name.text == "label" => Param::Label,
            Some(name) => Param::Kind(self.kind(name)?),
        };
        let fits = match class {
            Class::IntResult | Class::FloatResult => given == Param::Register,
            Class::Int | Class::Float => given != Param::Label,
            Class::Const => matches!(given, Param::Const | Param::Kind(_)),
            Class::Label => given == Param::Label,
        };
        if fits {
            return Ok(given);
        }
        let expected = match class {
            Class::IntResult | Class::FloatResult => "a register, as the result",
            Class::Int | Class::Float => "a register or a constant",
            Class::Const => "a constant (`: const` or an operand kind)",
            Class::Label => "a place (`: label`)",
        };
        let found = param.class.as_ref().map_or("a register".to_owned(), |name| format!("`{}`", name.text));
        Err(SpecError::mismatch(expected, found).at(self.source, param.name.span))
    }

    fn temp(&self, temp: &LowerParam) -> Result<RegClass, SpecError> {
        match temp.class.as_ref().map(|class| class.text.as_str()) {
            Some("int") => Ok(RegClass::Int),
            Some("float") => Ok(RegClass::Float),
            _ => {
                let error = SpecError::mismatch("`: int` or `: float`", format!("`{}`", temp.name.text));
                Err(error.at(self.source, temp.name.span))
            }
        }
    }

    /// An operand kind of the machine.
    fn kind(&self, name: &Name) -> Result<String, SpecError> {
        let kinds = || self.machine.into_iter().flat_map(|machine| machine.operand_kinds.keys());
        if kinds().any(|kind| *kind == name.text) {
            return Ok(name.text.clone());
        }
        let help = did_you_mean(&name.text, kinds().map(String::as_str).chain(["const", "label"]));
        Err(record::unknown(self.source, "operand kind", name).with_help(help))
    }

    fn step(&self, step: &crate::lang::ast::LowerStep) -> Result<LowerStep, SpecError> {
        let (name, terms) = match step {
            crate::lang::ast::LowerStep::Label(name) => return Ok(LowerStep::Bind(self.label(name)?)),
            crate::lang::ast::LowerStep::Do(name, terms) => (name, terms),
        };
        let row = self.machine.and_then(|machine| machine.instructions.get(&name.text));
        let wanted = match (row, signature(&name.text)) {
            (Some(row), _) => row.operands.len(),
            (None, Some(Signature { operands })) => operands.len(),
            (None, None) => {
                let rows = self.machine.into_iter().flat_map(|machine| machine.instructions.keys());
                let known: Vec<&str> =
                    rows.map(String::as_str).chain(operations().map(|name| name as &str)).collect();
                let help = did_you_mean(&name.text, known.into_iter());
                return Err(record::unknown(self.source, "instruction or operation", name).with_help(help));
            }
        };
        self.count(name, wanted, terms.len())?;
        let named = |index: usize, term: &LowerTerm| {
            let kind =
                self.machine.zip(row).and_then(|(machine, row)| machine.kind(*row.kinds.get(index)?))?;
            let LowerTerm::Name(name) = term else { return None };
            kind.names.iter().position(|known| known.as_ref() == Some(&name.text))
        };
        let operand = |(index, term)| match named(index, term) {
            Some(number) => Ok(Sum::Number(number as i128)),
            None => self.sum(term),
        };
        let operands = terms.iter().enumerate().map(operand).collect::<Result<_, _>>()?;
        Ok(LowerStep::Do { name: name.text.clone(), operands })
    }

    fn label(&self, name: &Name) -> Result<usize, SpecError> {
        let found = self.labels.iter().position(|label| label.text == name.text);
        found.ok_or_else(|| record::unknown(self.source, "label", name))
    }

    fn sum(&self, term: &LowerTerm) -> Result<Sum, SpecError> {
        let inner = |term: &LowerTerm| self.sum(term).map(Box::new);
        Ok(match term {
            LowerTerm::Name(name) => self.name(name)?,
            LowerTerm::Number(number) => Sum::Number(self.number(number)?),
            LowerTerm::Negative(value) => Sum::Negative(inner(value)?),
            LowerTerm::Binary(op, sides) => {
                let sides = [self.sum(&sides[0])?, self.sum(&sides[1])?];
                Sum::Binary(operator(op), Box::new(sides))
            }
            LowerTerm::Slice(value, high, low) => {
                let high = record::small(self.source, high, 126)?;
                Sum::Slice(inner(value)?, high, record::small(self.source, low, high)?)
            }
            LowerTerm::In(value, kind) => Sum::In(inner(value)?, self.kind(kind)?),
            LowerTerm::Apply(name, args) => match (name.text.as_str(), args.as_slice()) {
                ("signed", [value, LowerTerm::Number(bits)]) => {
                    let bits = match record::small(self.source, bits, 126)? {
                        0 => return Err(SpecError::mismatch("a width", "`0`").at(self.source, bits.span)),
                        bits => bits,
                    };
                    Sum::Signed(inner(value)?, bits)
                }
                ("distance", [value]) => Sum::Distance(inner(value)?),
                ("trap", [LowerTerm::Name(trap)]) if TRAPS.contains(&trap.text.as_str()) => {
                    Sum::Trap(trap.text.clone())
                }
                ("trap", [LowerTerm::Name(trap)]) => {
                    let help = format!("one of {}", TRAPS.join(", "));
                    return Err(record::unknown(self.source, "trap", trap).with_help(Some(help)));
                }
                _ => {
                    let help = "`signed(v, BITS)`, `distance(label)` and `trap(NAME)` are known".to_owned();
                    return Err(record::unknown(self.source, "function", name).with_help(Some(help)));
                }
            },
        })
    }

    fn number(&self, number: &Number) -> Result<i128, SpecError> {
        let value = i128::try_from(number.value).ok().filter(|value| *value < 1 << 100);
        value.ok_or_else(|| {
            SpecError::mismatch("a number below 2^100", format!("`{}`", number.value))
                .at(self.source, number.span)
        })
    }

    fn name(&self, name: &Name) -> Result<Sum, SpecError> {
        let at = |params: &[LowerParam]| params.iter().position(|param| param.name.text == name.text);
        if let Some(index) = at(&self.lower.params) {
            return Ok(Sum::Param(index));
        }
        if let Some(index) = at(&self.lower.temps) {
            return Ok(Sum::Temp(index));
        }
        if let Ok(index) = self.label(name) {
            return Ok(Sum::Label(index));
        }
        let Some(machine) = self.machine else {
            return Err(record::unknown(self.source, "operand", name));
        };
        let zero = machine.compile.as_ref().and_then(|compile| compile.zero.as_ref());
        if zero == Some(&name.text) {
            return Ok(Sum::Zero);
        }
        record::register(self.source, machine, name).map(Sum::Register)
    }
}

fn operator(op: &str) -> Operator {
    match op {
        "||" => Operator::Or,
        "&&" => Operator::And,
        "==" => Operator::Equal,
        "!=" => Operator::Unequal,
        "<" => Operator::Less,
        "<=" => Operator::AtMost,
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        _ => Operator::Multiply,
    }
}
