//! Lowerings: how a compiler does its operations with a machine's instructions. What we choose, never
//! believed:
//! the code that comes of it is judged as bytes.
//!
//! An [`operation`](signature) is a WebAssembly numeric, load or store instruction, or one of the few others
//! that a
//! compiler needs (moves, branches, calls). Of its lowerings the first that matches the operands is taken.
//! Bodies
//! are made of rows and of other operations, so that a machine states only what is its own;
//! machine-independent
//! lowerings (of no machine) stand behind those of every machine.

use crate::machine::RegClass;
use crate::reg::Reg;

/// What a compiler is to know of a machine besides its instructions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compile {
    /// Integer registers that values may be in, in order of preference.
    pub int: Vec<Reg>,
    /// Float registers that values may be in, in order of preference.
    pub float: Vec<Reg>,
    /// Integer registers that no value lives in: for expansions, far offsets, addresses of callees.
    pub scratch: [Reg; 2],
    /// The form of an i32 in a register.
    pub i32_form: I32Form,
    /// The register that reads zero, as spelled in operand kinds.
    pub zero: Option<String>,
}

/// What is above an i32 in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum I32Form {
    /// Copies of its sign.
    Sign,
    /// Zeros.
    Zero,
}

/// One way to do an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowering {
    /// The operation.
    pub operation: String,
    /// What its operands must be.
    pub params: Vec<Param>,
    /// Classes of registers of its own.
    pub temps: Vec<RegClass>,
    /// A number that must not be zero.
    pub condition: Option<Sum>,
    /// How many labels it has.
    pub labels: usize,
    /// What is done.
    pub steps: Vec<LowerStep>,
}

/// What an operand must be for a lowering to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// A register.
    Register,
    /// A constant.
    Const,
    /// A constant that an operand kind has a code for.
    Kind(String),
    /// A place in the code or data.
    Label,
}

/// A step of a lowering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LowerStep {
    /// Here is the label of that number.
    Bind(usize),
    /// A row, or an operation.
    Do {
        /// Its name.
        name: String,
        /// Its operands in order.
        operands: Vec<Sum>,
    },
}

/// An operand of a step. Numbers are exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sum {
    /// A param by index.
    Param(usize),
    /// A temp by index.
    Temp(usize),
    /// A label of the lowering.
    Label(usize),
    /// The place of a trap instruction that raises this.
    Trap(String),
    /// A register of the machine.
    Register(Reg),
    /// The register that reads zero.
    Zero,
    /// A number.
    Number(i128),
    /// The number with its sign changed.
    Negative(Box<Sum>),
    /// Two numbers.
    Binary(Operator, Box<[Sum; 2]>),
    /// Bits `high` to `low` as an unsigned number.
    Slice(Box<Sum>, u32, u32),
    /// The lowest bits as a signed number.
    Signed(Box<Sum>, u32),
    /// Whether the operand kind has a code for the number.
    In(Box<Sum>, String),
    /// Bytes from the instruction that this is an operand of to a label.
    Distance(Box<Sum>),
}

/// An operator; comparisons give 1 or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    Add,
    Subtract,
    Multiply,
}

/// What an operand of an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// An integer register that is written.
    IntResult,
    /// A float register that is written.
    FloatResult,
    /// An integer register, or a constant.
    Int,
    /// A float register, or a constant's bits.
    Float,
    /// A constant.
    Const,
    /// A place.
    Label,
}

/// An operation's operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// In order, a result first.
    pub operands: Vec<Class>,
}

/// The table of operations: letters for operands (`I`, `F` results; `i`, `f` registers; `c` constants; `l`
/// labels),
/// then names.
const OPERATIONS: [(&str, &str); 21] = [
    (
        "Iii",
        "i32.add i32.sub i32.mul i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.div_s i32.div_u \
         i32.rem_s i32.rem_u i64.add i64.sub i64.mul i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.div_s \
         i64.div_u i64.rem_s i64.rem_u i32.eq i32.lt_s i32.lt_u i64.eq i64.lt_s i64.lt_u",
    ),
    (
        "Iii?",
        "i32.rotl i32.rotr i64.rotl i64.rotr i32.ne i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u i64.ne \
         i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u memory.address",
    ),
    ("Ii", "i64.copy i32.wrap_i64 i64.extend_i32_s i64.extend_i32_u i32.eqz i64.eqz"),
    (
        "Ii?",
        "i32.clz i32.ctz i32.popcnt i64.clz i64.ctz i64.popcnt i32.extend8_s i32.extend16_s i64.extend8_s \
         i64.extend16_s i64.extend32_s",
    ),
    (
        "Fff",
        "f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign f64.add f64.sub f64.mul f64.div f64.min \
         f64.max f64.copysign",
    ),
    (
        "Ff",
        "f64.copy f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt f64.abs f64.neg f64.ceil \
         f64.floor f64.trunc f64.nearest f64.sqrt f32.demote_f64 f64.promote_f32",
    ),
    ("Iff", "f32.eq f32.lt f32.le f64.eq f64.lt f64.le"),
    ("Iff?", "f32.ne f32.gt f32.ge f64.ne f64.gt f64.ge"),
    (
        "If",
        "i32.reinterpret_f32 i64.reinterpret_f64 i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s \
         i32.trunc_sat_f64_u i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u",
    ),
    (
        "If?",
        "i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.trunc_f32_s i64.trunc_f32_u \
         i64.trunc_f64_s i64.trunc_f64_u",
    ),
    (
        "Fi",
        "f32.reinterpret_i32 f64.reinterpret_i64 f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s \
         f32.convert_i64_u f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u",
    ),
    (
        "Iic",
        "i32.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u i64.load i64.load8_s i64.load16_s \
         i64.load32_s i64.load32_u",
    ),
    ("Iic?", "i64.load8_u i64.load16_u"),
    ("Fic", "f32.load f64.load"),
    ("iic", "i32.store8 i32.store16 i32.store i64.store"),
    ("iic?", "i64.store8 i64.store16 i64.store32"),
    ("fic", "f32.store f64.store"),
    ("Ic", "i64.const"),
    ("Ic?", "i32.const"),
    ("Fc?", "f32.const f64.const"),
    ("Iiii?", "i32.select i64.select"),
];

/// Those of no group.
const OTHERS: [(&str, &str); 8] = [
    ("Fiff?", "f32.select f64.select"),
    ("il", "branch.nonzero branch.zero"),
    ("l", "jump"),
    ("i", "jump.register call.register"),
    ("", "trap"),
    ("", "system.call"),
    ("Il", "code.address"),
    ("I", "sp.copy"),
];

fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = OPERATIONS.into_iter().chain(OTHERS);
    rows.flat_map(|(operands, names)| names.split_whitespace().map(move |name| (name, operands)))
}

fn classes(letters: &str) -> Vec<Class> {
    let class = |letter| {
        Some(match letter {
            'I' => Class::IntResult,
            'F' => Class::FloatResult,
            'i' => Class::Int,
            'f' => Class::Float,
            'c' => Class::Const,
            'l' => Class::Label,
            _ => return None,
        })
    };
    letters.chars().filter_map(class).collect()
}

/// The operands of an operation, if there is one of that name. Besides the table there are, for every
/// compare `OP`,
/// `branch.OP a, b, to` and for floats `branch.not.OP a, b, to`, and for every load and store `OP.indexed v,
/// base,
/// index`.
pub fn signature(name: &str) -> Option<Signature> {
    if let Some(access) = name.strip_suffix(".indexed") {
        let mut operands = signature(access)?.operands;
        let offset = operands.last_mut().filter(|last| **last == Class::Const)?;
        *offset = Class::Int;
        return (operands.len() == 3).then_some(Signature { operands });
    }
    let (_, letters) = match table().find(|(known, _)| *known == name) {
        Some(found) => found,
        None => return branch_signature(name),
    };
    Some(Signature { operands: classes(letters) })
}

fn branch_signature(name: &str) -> Option<Signature> {
    let compare = name.strip_prefix("branch.")?;
    let negated = compare.strip_prefix("not.");
    let op = negated.unwrap_or(compare);
    let kind = op.split_once('.')?.1;
    let is_compare =
        ["eq", "ne"].contains(&kind) || ["lt", "gt", "le", "ge"].iter().any(|c| kind.starts_with(c));
    let mut operands = signature(op).filter(|_| is_compare)?.operands;
    operands.remove(0);
    operands.push(Class::Label);
    let float = operands.first() == Some(&Class::Float);
    (negated.is_none() || float).then_some(Signature { operands })
}

/// The operations that every machine must have lowerings of.
pub fn required() -> impl Iterator<Item = &'static str> {
    table().filter(|(_, operands)| !operands.ends_with('?')).map(|(name, _)| name)
}

/// All operations of the table.
pub fn operations() -> impl Iterator<Item = &'static str> {
    table().map(|(name, _)| name)
}
