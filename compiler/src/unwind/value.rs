//! What registers and words of the stack hold while a prolog or an epilog runs.

use framewright_spec::{Machine, Reg};
use std::collections::BTreeMap;

/// What the activation owes its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owed {
    /// What a register held when the activation began.
    Register(Reg),
    /// The address to return to.
    Return,
}

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing.
    Any,
    /// All of it: a number of so many bits.
    Number {
        /// The number; zero above its bits.
        value: u128,
        /// Its width.
        bits: u32,
    },
    /// The CFA plus bytes, as wide as an address.
    Cfa(i64),
    /// An address that is not higher than the CFA plus bytes.
    Below(i64),
    /// Its low bits are those of something owed; above them it is anything.
    Entry {
        /// Of what.
        of: Owed,
        /// How many.
        bits: u32,
    },
}

impl Value {
    pub(super) fn number(value: u128, bits: u32) -> Value {
        Value::Number { value: value & ones(bits), bits }
    }
}

/// The lowest `bits` bits.
pub(super) fn ones(bits: u32) -> u128 {
    if bits >= 128 { u128::MAX } else { (1 << bits) - 1 }
}

/// A state between two instructions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    registers: Vec<Value>,
    /// By distance from the CFA: bytes, and what they hold.
    words: BTreeMap<i64, (u32, Value)>,
}

impl State {
    /// Nothing is known.
    pub(super) fn unknown(machine: &Machine) -> State {
        State { registers: vec![Value::Any; machine.registers.len()], words: BTreeMap::new() }
    }

    pub(super) fn get(&self, reg: Reg) -> Value {
        self.registers[usize::from(reg.0)]
    }

    pub(super) fn set(&mut self, reg: Reg, value: Value) {
        self.registers[usize::from(reg.0)] = value;
    }

    /// What holds in both of two states.
    pub(super) fn met(&self, other: &State) -> State {
        let value = |(x, y): (&Value, &Value)| match (*x, *y) {
            (x, y) if x == y => x,
            (Value::Cfa(x) | Value::Below(x), Value::Cfa(y) | Value::Below(y)) => Value::Below(x.max(y)),
            _ => Value::Any,
        };
        let registers = self.registers.iter().zip(&other.registers).map(value).collect();
        let agreed = self.words.iter().filter(|(at, word)| other.words.get(at) == Some(word));
        State { registers, words: agreed.map(|(&at, &word)| (at, word)).collect() }
    }

    /// Distance from the CFA that a register holds.
    pub(super) fn cfa_distance(&self, reg: Reg) -> Option<i64> {
        match self.get(reg) {
            Value::Cfa(offset) => Some(offset),
            _ => None,
        }
    }

    /// Registers that hold all `bits` bits of something owed.
    pub(super) fn holders(&self, of: Owed, bits: u32) -> impl Iterator<Item = Reg> {
        let held = (0..).zip(&self.registers).filter(move |(_, value)| holds(**value, of, bits));
        held.map(|(i, _)| Reg(i))
    }

    /// Words that hold all `bits` bits of something owed, lowest first.
    pub(super) fn kept(&self, of: Owed, bits: u32) -> impl Iterator<Item = i64> {
        self.words.iter().filter(move |(_, (_, value))| holds(*value, of, bits)).map(|(&at, _)| at)
    }

    pub(super) fn load(&self, address: Value, bits: u32) -> Value {
        let Value::Cfa(at) = address else { return Value::Any };
        match self.words.get(&at) {
            Some(&(bytes, value)) if bits <= bytes * 8 => low(value, bits),
            _ => Value::Any,
        }
    }

    /// Stores so many bits. Through an address of which nothing is known anything may be overwritten.
    pub(super) fn store(&mut self, address: Value, bits: u32, value: Value) {
        let bytes = bits.div_ceil(8);
        let at = match address {
            Value::Cfa(at) => at,
            Value::Below(at) => {
                self.words = self.words.split_off(&at.saturating_add(bytes.into()));
                return;
            }
            _ => return self.words.clear(),
        };
        let end = at.saturating_add(bytes.into());
        self.words.retain(|&other, (bytes, _)| other >= end || other.saturating_add((*bytes).into()) <= at);
        if value != Value::Any {
            self.words.insert(at, (bytes, low(value, bits)));
        }
    }
}

/// The lowest bits of a value.
pub(super) fn low(value: Value, bits: u32) -> Value {
    match value {
        Value::Number { value, bits: all } => Value::number(value, all.min(bits)),
        Value::Entry { of, bits: all } => Value::Entry { of, bits: all.min(bits) },
        Value::Cfa(offset) if bits >= 64 => Value::Cfa(offset),
        Value::Below(offset) if bits >= 64 => Value::Below(offset),
        Value::Cfa(_) | Value::Below(_) | Value::Any => Value::Any,
    }
}

fn holds(value: Value, of: Owed, wanted: u32) -> bool {
    matches!(value, Value::Entry { of: held, bits } if held == of && bits >= wanted)
}
