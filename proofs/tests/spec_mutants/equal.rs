//! Whether two rows do the same, by the solver: for all values of registers, memory and numbers in the instruction.
//!
//! Floats are their bits. Comparisons are spelt out; of arithmetic it is known that sums and products do not depend on the order
//! of their operands. What the manual leaves undefined is the same unknown in both rows.

use framewright_spec::meaning::Function;
use framewright_spec::{Machine, Reg};
use framewright_verifier::decoded::{Decoded, Operand, Unsupported};
use framewright_verifier::eval::{Flow, State, execute};
use std::collections::BTreeMap;
use z3::ast::{Array, Ast, BV, Bool};
use z3::{FuncDecl, SatResult, Solver, Sort};

/// Z3's units of work for one question.
const RLIMIT: u32 = 20_000_000;

/// What rows are proven to be the same for: an instruction with its registers, its numbers left open.
pub(crate) fn form(decoded: &Decoded) -> String {
    let operand = |operand: &Operand| match operand {
        Operand::Immediate { bits, .. } => format!("number {bits}"),
        Operand::Part(view) => {
            let first = decoded.operands.iter().position(|o| matches!(o, Operand::Part(v) if v == view));
            format!("part {} {} like {first:?}", view.low_bit, view.bits)
        }
        Operand::Memory(memory) => format!("memory {}", memory.bits),
        Operand::Zero { bits } => format!("zero {bits}"),
        Operand::Code(_) => "code".to_owned(),
    };
    decoded.operands.iter().map(operand).collect::<Vec<_>>().join(", ")
}

/// Whether an instruction does the same on both machines.
pub(crate) fn same(one: &Machine, other: &Machine, decoded: &Decoded) -> bool {
    let run = |machine: &Machine| {
        let mut state = Symbolic::new(machine);
        let flow = execute(machine, decoded, &mut state).ok()?;
        Some((state, flow))
    };
    let (Some((a, to)), Some((b, other_to))) = (run(one), run(other)) else { return false };
    let Some(flows) = flows(&to, &other_to) else { return false };
    let mut all: Vec<Bool> = a.registers.iter().zip(&b.registers).map(|(a, b)| a.eq(b)).collect();
    all.push(a.memory.eq(&b.memory));
    all.push(flows);
    let goes_on = Bool::and(&[a.traps.not(), Bool::and(&all)]);
    let same = Bool::and(&[a.traps.eq(&b.traps), Bool::or(&[a.traps.clone(), goes_on])]);
    let solver = Solver::new();
    let mut params = z3::Params::new();
    params.set_u32("rlimit", RLIMIT);
    solver.set_params(&params);
    solver.assert(same.not());
    solver.check() == SatResult::Unsat
}

fn flows(a: &Flow<BV>, b: &Flow<BV>) -> Option<Bool> {
    Some(match (a, b) {
        (Flow::Next, Flow::Next) | (Flow::Trap, Flow::Trap) => Bool::from_bool(true),
        (Flow::Jump(a), Flow::Jump(b))
        | (Flow::Call(a), Flow::Call(b))
        | (Flow::Return(a), Flow::Return(b)) => a.eq(b),
        (Flow::Branch { condition: c, target: t }, Flow::Branch { condition: d, target: u }) => {
            Bool::and(&[c.eq(d), Bool::or(&[c.eq(constant(0, 1)), t.eq(u)])])
        }
        _ => return None,
    })
}

struct Symbolic {
    registers: Vec<BV>,
    memory: Array,
    traps: Bool,
}

impl Symbolic {
    fn new(machine: &Machine) -> Symbolic {
        let registers = machine.registers.iter().map(|r| BV::new_const(r.name.as_str(), r.bits)).collect();
        let memory = Array::new_const("memory", &Sort::bitvector(64), &Sort::bitvector(8));
        Symbolic { registers, memory, traps: Bool::from_bool(false) }
    }
}

impl State for Symbolic {
    type Value = BV;
    type Error = Unsupported;
    const EXCEPTIONS: bool = true;

    fn exception(&mut self, condition: &BV) -> Result<(), Unsupported> {
        self.traps = Bool::or(&[self.traps.clone(), is_set(condition)]);
        Ok(())
    }

    fn bits(&self, value: &BV) -> u32 {
        value.get_size()
    }

    fn known(&self, value: &BV) -> Option<u128> {
        value.simplify().as_u64().map(u128::from)
    }

    fn constant(&mut self, value: u128, bits: u32) -> BV {
        constant(value, bits)
    }

    fn immediate(&mut self, operand: usize, _: u64, bits: u32) -> BV {
        BV::new_const(format!("number {operand}"), bits)
    }

    fn code_address(&mut self, offset: i64) -> BV {
        BV::new_const("code", 64).bvadd(constant(u128::from(offset as u64), 64))
    }

    fn undefined(&mut self, source: u32, bits: u32) -> BV {
        BV::new_const(format!("undefined {source}"), bits)
    }

    fn read_register(&mut self, reg: Reg) -> BV {
        self.registers[usize::from(reg.0)].clone()
    }

    fn write_register(&mut self, reg: Reg, value: BV) {
        self.registers[usize::from(reg.0)] = value;
    }

    fn read_memory(&mut self, address: &BV, bits: u32, _: u32) -> Result<BV, Unsupported> {
        let byte = |i: u32| {
            let at = address.bvadd(constant(u128::from(i), 64));
            self.memory.select(&at).as_bv()
        };
        let bytes = (0..bits / 8).rev().map(byte).collect::<Option<Vec<BV>>>();
        let whole = bytes.and_then(|bytes| bytes.into_iter().reduce(|high, low| high.concat(&low)));
        whole.ok_or_else(|| unsupported("no bytes"))
    }

    fn write_memory(&mut self, address: &BV, value: BV, _: u32) -> Result<(), Unsupported> {
        for i in 0..value.get_size() / 8 {
            let at = address.bvadd(constant(u128::from(i), 64));
            self.memory = self.memory.store(&at, &value.extract(8 * i + 7, 8 * i));
        }
        Ok(())
    }

    fn apply(&mut self, function: &Function, args: &[BV], bits: u32) -> Result<BV, Unsupported> {
        match (function, args) {
            (Function::Uninterpreted { name, .. }, _) => Ok(float(name, args, bits)),
            (_, [a]) => unary(function, a),
            (_, [a, b]) => binary(function, a, b),
            _ => Err(unsupported("so many arguments")),
        }
    }

    fn ite(&mut self, condition: &BV, then: BV, otherwise: BV) -> BV {
        is_set(condition).ite(&then, &otherwise)
    }

    fn extend(&mut self, value: &BV, to: u32, signed: bool) -> BV {
        let more = to - value.get_size();
        if signed { value.sign_ext(more) } else { value.zero_ext(more) }
    }

    fn extract(&mut self, value: &BV, high: u32, low: u32) -> BV {
        value.extract(high, low)
    }
}

fn unsupported(what: &str) -> Unsupported {
    Unsupported { at: framewright_spec::CodeOffset(0), what: what.to_owned() }
}

fn constant(value: u128, bits: u32) -> BV {
    match bits {
        ..=64 => BV::from_u64(value as u64, bits),
        _ => BV::from_u64((value >> 64) as u64, bits - 64).concat(BV::from_u64(value as u64, 64)),
    }
}

fn is_set(bit: &BV) -> Bool {
    bit.eq(constant(1, 1))
}

fn bit(condition: &Bool) -> BV {
    condition.ite(&constant(1, 1), &constant(0, 1))
}

fn unary(function: &Function, a: &BV) -> Result<BV, Unsupported> {
    let width = a.get_size();
    let bits = || (0..width).map(|i| a.extract(i, i));
    // The last of a sequence counts most: what stands before it in the number is zero.
    let zeros = |places: &mut dyn Iterator<Item = (u32, u32)>| {
        places.fold(constant(u128::from(width), width), |rest, (place, zeros)| {
            is_set(&a.extract(place, place)).ite(&constant(u128::from(zeros), width), &rest)
        })
    };
    Ok(match function {
        Function::Not => a.bvnot(),
        Function::Neg => a.bvneg(),
        Function::Popcount => bits().fold(constant(0, width), |sum, bit| sum.bvadd(bit.zero_ext(width - 1))),
        Function::Parity => (0..8).fold(constant(1, 1), |parity, i| parity.bvxor(a.extract(i, i))),
        Function::LeadingZeros => zeros(&mut (0..width).map(|i| (i, width - 1 - i))),
        Function::TrailingZeros => zeros(&mut (0..width).rev().map(|i| (i, i))),
        _ => return Err(unsupported("a function of one")),
    })
}

fn binary(function: &Function, a: &BV, b: &BV) -> Result<BV, Unsupported> {
    use Function as F;
    Ok(match function {
        F::Add => a.bvadd(b),
        F::Sub => a.bvsub(b),
        F::Mul => a.bvmul(b),
        F::UDiv => a.bvudiv(b),
        F::URem => a.bvurem(b),
        F::SDiv => a.bvsdiv(b),
        F::SRem => a.bvsrem(b),
        F::And => a.bvand(b),
        F::Or => a.bvor(b),
        F::Xor => a.bvxor(b),
        F::Shl => a.bvshl(b),
        F::LShr => a.bvlshr(b),
        F::AShr => a.bvashr(b),
        F::RotL => a.bvrotl(b),
        F::RotR => a.bvrotr(b),
        F::Concat => a.concat(b),
        F::Eq => bit(&a.eq(b)),
        F::Ne => bit(&a.eq(b).not()),
        F::Ult => bit(&a.bvult(b)),
        F::Ule => bit(&a.bvule(b)),
        F::Slt => bit(&a.bvslt(b)),
        F::Sle => bit(&a.bvsle(b)),
        _ => return Err(unsupported("a function of two")),
    })
}

/// A function known by name: comparisons of floats by their bits, others unknown.
fn float(name: &str, args: &[BV], bits: u32) -> BV {
    let words: Vec<&str> = name.split('.').collect();
    let mut args = args.to_vec();
    let fits = |size: &str| args.iter().take(2).all(|arg| size == format!("f{}", arg.get_size()));
    if let [size @ ("f32" | "f64"), what, ..] = words[..]
        && fits(size)
    {
        if let ("less" | "equal" | "unordered", [x, y]) = (what, &args[..]) {
            let nan = Bool::or(&[is_nan(x), is_nan(y)]);
            return bit(&match what {
                "unordered" => nan,
                "equal" => Bool::and(&[nan.not(), same_number(x, y)]),
                _ => Bool::and(&[nan.not(), is_less(x, y)]),
            });
        }
        // With one NaN for all, the order does not matter; nor for the larger or smaller number.
        if matches!(what, "add" | "mul" | "fma" | "fms" | "max" | "min") && words.contains(&"canonical") {
            let in_order = args[0].bvule(&args[1]);
            (args[0], args[1]) = (in_order.ite(&args[0], &args[1]), in_order.ite(&args[1], &args[0]));
        }
    }
    let sorts: BTreeMap<usize, Sort> =
        args.iter().map(|arg| Sort::bitvector(arg.get_size())).enumerate().collect();
    let widths: Vec<String> = args.iter().map(|arg| arg.get_size().to_string()).collect();
    let declared = format!("{name} {} to {bits}", widths.join(" "));
    let function = FuncDecl::new(declared, &sorts.values().collect::<Vec<_>>(), &Sort::bitvector(bits));
    let args: Vec<&dyn Ast> = args.iter().map(|arg| arg as &dyn Ast).collect();
    function.apply(&args).as_bv().unwrap_or_else(|| constant(0, bits))
}

/// The number without its sign.
fn magnitude(x: &BV) -> BV {
    let bits = x.get_size();
    x.bvand(constant((1 << (bits - 1)) - 1, bits))
}

fn is_nan(x: &BV) -> Bool {
    let (bits, fraction) = (x.get_size(), if x.get_size() == 32 { 23 } else { 52 });
    let infinity = constant(((1 << (bits - 1 - fraction)) - 1) << fraction, bits);
    magnitude(x).bvugt(&infinity)
}

fn same_number(x: &BV, y: &BV) -> Bool {
    Bool::or(&[x.eq(y), magnitude(&x.bvor(y)).eq(constant(0, x.get_size()))])
}

fn is_less(x: &BV, y: &BV) -> Bool {
    let negative = |v: &BV| is_set(&v.extract(v.get_size() - 1, v.get_size() - 1));
    let apart = same_number(x, y).not();
    let by_signs = negative(x).ite(
        &negative(y).ite(&x.bvugt(y), &Bool::from_bool(true)),
        &negative(y).ite(&Bool::from_bool(false), &x.bvult(y)),
    );
    Bool::and(&[apart, by_signs])
}
