//! What is known of a value in code of which nothing is claimed.
//!
//! ```text
//! Value = a low and a high half of at most 64 bits, each one of
//!
//!   Known(n)            the number n
//!   Entry { reg, low }  bits from `low` on of what `reg` held when the activation was called: a debt
//!   Frame(k)            the CFA plus k                 SomeFrame   anything, maybe from an address in the frame
//!   Below(k)            at most the CFA plus k         Code(k), SomeCode   likewise from the code's first byte
//!   Aligned { k, log }  the CFA plus k, rounded down
//!   Near(k)             Code(k) plus something         Import(k)  another program's function, from the word at Code(k)
//!   Loaded(table)       a number of a table            Case { base, table }  Code(base) plus that
//!   Callee              the first byte of a function   Signed { reg, key, at }  Entry { reg }, signed with Frame(at)
//!   Any
//! ```
//!
//! Everything that is not tracked is `Any`; what is tracked is exact.

use crate::concrete::{Bits, evaluate, mask};
use framewright_spec::Reg;
use framewright_spec::meaning::Function;

/// The return address that a call has pushed, as if it were a register. No machine has so many registers.
pub(crate) const RETURN_ADDRESS: Reg = Reg(u8::MAX);

/// At most 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    Any,
    Known(u64),
    Entry {
        reg: Reg,
        low: u8,
    },
    Frame(i64),
    SomeFrame,
    Below(i64),
    /// The CFA plus `k`, rounded down to a multiple of a power of two.
    Aligned {
        k: i64,
        log: u8,
    },
    Code(i64),
    SomeCode,
    Near(i64),
    Import(i64),
    /// The address of one of several functions.
    Callee,
    /// What a register held at the call, signed with the address at an offset from the CFA.
    Signed {
        reg: Reg,
        key: u8,
        at: i64,
    },
    /// A number read from a table of read-only data, as it is in memory or extended and shifted.
    Loaded(Table),
    /// The address of the code's byte `base` plus such a number.
    Case {
        base: i32,
        table: Table,
    },
}

/// A table of numbers in read-only data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Where an entry was read: the first one, plus something; from the code's first byte.
    pub at: i32,
    /// Bytes of an entry.
    pub bytes: u8,
    /// Whether entries are extended with their sign.
    pub signed: bool,
    /// Bits that they are shifted left by after that.
    pub shift: u8,
}

/// A bit vector of at most 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub bits: u32,
    pub low: Half,
    /// `Known(0)` where there are no more than 64 bits.
    pub high: Half,
}

impl Half {
    /// What is known where either holds.
    pub(crate) fn join(self, other: Half) -> Half {
        use Half::{Aligned, Any, Below, Code, Frame, Near, SomeCode, SomeFrame};
        match (self, other) {
            (a, b) if a == b => a,
            // What may be an address in the frame stays known as one.
            (Frame(_) | SomeFrame | Below(_) | Aligned { .. }, _)
            | (_, Frame(_) | SomeFrame | Below(_) | Aligned { .. }) => SomeFrame,
            (Code(_) | SomeCode | Near(_), Code(_) | SomeCode | Near(_)) => SomeCode,
            (Half::Case { .. }, Half::Case { .. }) => SomeCode,
            _ => Any,
        }
    }

    /// Bits `low..low + width` of a half.
    pub(crate) fn part(self, low: u32, width: u32) -> Half {
        match self {
            half if low == 0 && width == 64 => half,
            Half::Known(value) => Half::Known((value >> low) & mask(width) as u64),
            Half::Entry { reg, low: from } => Half::Entry { reg, low: from + low as u8 },
            Half::Loaded(table) if low == 0 && table.shift == 0 && width >= u32::from(table.bytes) * 8 => {
                self
            }
            _ => Half::Any,
        }
    }

    /// Whether it is part of a debt.
    pub(crate) fn is_debt(self) -> bool {
        matches!(self, Half::Entry { .. } | Half::Signed { .. })
    }

    /// Whether it is an address in the frame.
    pub(crate) fn is_frame(self) -> bool {
        matches!(self, Half::Frame(_) | Half::SomeFrame | Half::Below(_) | Half::Aligned { .. })
    }
}

impl Value {
    /// Anything.
    pub(crate) fn any(bits: u32) -> Value {
        Value { bits, low: Half::Any, high: if bits > 64 { Half::Any } else { Half::Known(0) } }
    }

    /// A number.
    pub(crate) fn known(value: u128, bits: u32) -> Value {
        Value { bits, low: Half::Known(value as u64), high: Half::Known((value >> 64) as u64) }
    }

    /// An address, or another half that fills 64 bits.
    pub(crate) fn word(half: Half) -> Value {
        Value { bits: 64, low: half, high: Half::Known(0) }
    }

    /// What a register held at the call, all of it.
    pub(crate) fn entry(reg: Reg, bits: u32) -> Value {
        let high = if bits > 64 { Half::Entry { reg, low: 64 } } else { Half::Known(0) };
        Value { bits, low: Half::Entry { reg, low: 0 }, high }
    }

    /// The number, if all of it is known.
    pub(crate) fn number(&self) -> Option<u128> {
        match (self.low, self.high) {
            (Half::Known(low), Half::Known(high)) => Some(u128::from(high) << 64 | u128::from(low)),
            _ => None,
        }
    }

    /// What is known where either holds; both are equally wide.
    pub(crate) fn join(self, other: Value) -> Value {
        Value { bits: self.bits, low: self.low.join(other.low), high: self.high.join(other.high) }
    }

    /// Whether the low `bits` are what `reg` held at the call.
    pub(crate) fn keeps(&self, reg: Reg, bits: u32) -> bool {
        let low = self.low == Half::Entry { reg, low: 0 };
        low && (bits <= 64 || self.high == Half::Entry { reg, low: 64 })
    }

    /// Bits `high` down to `low`.
    pub(crate) fn extract(self, high: u32, low: u32) -> Value {
        let bits = high - low + 1;
        let (half, from) = if low >= 64 { (self.high, low - 64) } else { (self.low, low) };
        if from + bits <= 64 {
            return Value { bits, low: half.part(from, bits), high: Half::Known(0) };
        }
        match (self.number(), low) {
            (Some(number), _) => Value::known((number >> low) & mask(bits), bits),
            (None, 0) => Value { bits, low: self.low, high: self.high.part(0, bits - 64) },
            _ => Value::any(bits),
        }
    }

    /// Widened, with zeros or the sign.
    pub(crate) fn extend(self, to: u32, signed: bool) -> Value {
        match self.number() {
            Some(number) if signed && number >> (self.bits - 1) & 1 == 1 => {
                Value::known((number | !mask(self.bits)) & mask(to), to)
            }
            Some(number) => Value::known(number, to),
            None if !signed && self.bits == 64 => Value { bits: to, ..self },
            None => match self.low {
                Half::Loaded(table) if to <= 64 => Value { bits: to, ..self.extended(table, signed) },
                _ => Value::any(to),
            },
        }
    }

    /// An entry of a table, wider than it was.
    fn extended(self, table: Table, signed: bool) -> Value {
        let whole = u32::from(table.bytes) * 8 == self.bits;
        match whole {
            _ if !signed && !table.signed => self,
            true if signed && table.shift == 0 => {
                Value { low: Half::Loaded(Table { signed, ..table }), ..self }
            }
            _ if signed && table.signed => self,
            _ => Value::any(self.bits),
        }
    }

    /// Both, of which not both are known, after one another.
    fn concat(self, low: Value) -> Value {
        let bits = self.bits + low.bits;
        if low.bits == 64 && self.bits <= 64 {
            return Value { bits, low: low.low, high: self.low };
        }
        match (self.low, low.low) {
            (Half::Entry { reg, low: above }, Half::Entry { reg: other, low: below })
                if bits <= 64 && reg == other && u32::from(above) == u32::from(below) + low.bits =>
            {
                Value { bits, ..low }
            }
            _ => Value::any(bits),
        }
    }
}

/// The function's value, `bits` wide.
pub(crate) fn apply(function: &Function, args: &[Value], bits: u32) -> Value {
    if let Some(value) = constant(function, args, bits) {
        return value;
    }
    match (function, args) {
        (Function::Uninterpreted { name, .. }, [value, rest @ ..]) => sealed(name, *value, rest, bits),
        (Function::Concat, [high, low]) => high.concat(*low),
        (Function::Or | Function::Xor, [a, b]) if b.number() == Some(0) => *a,
        (Function::Or | Function::Xor, [a, b]) if a.number() == Some(0) => *b,
        (Function::Shl, [Value { low: Half::Loaded(table), .. }, by]) => shifted(*table, *by, bits),
        (_, [a, b]) if bits == 64 => Value::word(words(function, a.low, b.low)),
        _ => Value::any(bits),
    }
}

/// Addresses with a signature: `address.sign_K` with a modifier and a key K, `address.authenticate_K` of what that has
/// made with the same, `address.strip`; and `address.tag`, the same address to all accesses.
fn sealed(name: &str, value: Value, rest: &[Value], bits: u32) -> Value {
    let operation = name.strip_prefix("address.").and_then(|name| name.split_once('_').or(Some((name, ""))));
    let Some((operation, key)) = operation else { return Value::any(bits) };
    let key = key.bytes().next().unwrap_or_default();
    match (operation, value.low, rest) {
        ("sign", Half::Entry { reg, low: 0 }, [Value { low: Half::Frame(at), .. }]) => {
            Value::word(Half::Signed { reg, key, at: *at })
        }
        ("authenticate", Half::Signed { reg, key: by, at }, [modifier])
            if by == key && modifier.low == Half::Frame(at) =>
        {
            Value::word(Half::Entry { reg, low: 0 })
        }
        ("tag", half, []) if half.is_frame() => Value::word(Half::SomeFrame),
        ("strip", Half::Signed { reg, .. } | Half::Entry { reg, low: 0 }, []) => {
            Value::word(Half::Entry { reg, low: 0 })
        }
        _ => Value::any(bits),
    }
}

fn constant(function: &Function, args: &[Value], bits: u32) -> Option<Value> {
    if matches!(function, Function::Uninterpreted { .. }) {
        return None;
    }
    let mut numbers = [Bits::new(0, 1); 2];
    for (number, arg) in numbers.iter_mut().zip(args) {
        *number = Bits::new(arg.number()?, arg.bits);
    }
    let result = evaluate(function, numbers.get(..args.len())?, bits).ok()?;
    Some(Value::known(result.value, bits))
}

/// An entry of a table, shifted.
fn shifted(table: Table, by: Value, bits: u32) -> Value {
    match by.number().and_then(|by| u8::try_from(by).ok()) {
        Some(by) if bits == 64 && by <= 4 && table.shift == 0 => {
            Value::word(Half::Loaded(Table { shift: by, ..table }))
        }
        _ => Value::any(bits),
    }
}

/// Bytes between areas of the frame whose distance is not known: a frame that is aligned after it has begun goes on in
/// another one, far below.
const AREA: i64 = 1 << 40;

/// The area that an offset from the CFA is in: 0, or below.
fn area(at: i64) -> i64 {
    at.saturating_add(AREA / 2).div_euclid(AREA)
}

/// Where a frame goes on that is aligned down from an offset from the CFA, which is a multiple of `known`.
pub(crate) fn aligned_down(k: i64, log: u8, known: u32) -> Option<i64> {
    let align = 1i64.checked_shl(log.into()).filter(|&align| align > 0)?;
    if area(k) == 0 && align <= i64::from(known) {
        return Some(k & -align);
    }
    let below = k.checked_sub(AREA).filter(|&below| below > i64::MIN / 2)?;
    (align <= AREA / 4).then_some(below & -align.max(1 << 12))
}

/// Arithmetic on addresses.
fn words(function: &Function, a: Half, b: Half) -> Half {
    use Half::{Any, Below, Case, Code, Entry, Frame, Known, Loaded, Near, SomeCode, SomeFrame};
    let moved = |base: i64, by: u64| base.checked_add(by as i64);
    if let (Function::And, Known(n), Frame(k)) | (Function::And, Frame(k), Known(n)) = (function, a, b)
        && n.wrapping_neg().is_power_of_two()
    {
        return Half::Aligned { k, log: n.trailing_zeros() as u8 };
    }
    // Of what is made of such an address only the bound is known.
    let bounded = |half: Half| if let Half::Aligned { k, .. } = half { Below(k) } else { half };
    let (a, b) = (bounded(a), bounded(b));
    match (function, a, b) {
        (Function::Add, Known(n), Frame(k)) | (Function::Add, Frame(k), Known(n)) => {
            moved(k, n).map_or(SomeFrame, Frame)
        }
        // In an area of unknown size that ends there at the latest.
        (Function::Add, Known(_), Below(k)) | (Function::Add, Below(k), Known(_)) => Below(k),
        (Function::Add, Known(n), Code(k)) | (Function::Add, Code(k), Known(n)) => {
            moved(k, n).map_or(SomeCode, Code)
        }
        (Function::Sub, Frame(k), Known(n)) => moved(k, n.wrapping_neg()).map_or(SomeFrame, Frame),
        (Function::Sub, Below(k), Known(_)) => Below(k),
        (Function::Sub, Code(k), Known(n)) => moved(k, n.wrapping_neg()).map_or(SomeCode, Code),
        (Function::Sub, Frame(a), Frame(b)) if area(a) != area(b) => Any,
        (Function::Sub, Frame(a), Frame(b)) | (Function::Sub, Code(a), Code(b)) => {
            Known(a.wrapping_sub(b) as u64)
        }
        // Clearing low bits does not raise an address.
        (Function::And, Known(n), Frame(k) | Below(k)) | (Function::And, Frame(k) | Below(k), Known(n))
            if (n as i64) < 0 =>
        {
            Below(k)
        }
        (Function::Add, a, b) if a.is_frame() || b.is_frame() => SomeFrame,
        (Function::Sub, a, b) if a.is_frame() && !b.is_frame() => SomeFrame,
        (Function::Add, Known(n), Near(k)) | (Function::Add, Near(k), Known(n)) => {
            moved(k, n).map_or(SomeCode, Near)
        }
        (Function::Add, Code(k), Loaded(table)) | (Function::Add, Loaded(table), Code(k)) => {
            i32::try_from(k).map_or(SomeCode, |base| Case { base, table })
        }
        (Function::Add, Code(k) | Near(k), Any | Entry { .. })
        | (Function::Add, Any | Entry { .. }, Code(k) | Near(k)) => Near(k),
        (Function::Add, Code(_) | Near(_) | SomeCode, _)
        | (Function::Add, _, Code(_) | Near(_) | SomeCode) => SomeCode,
        (Function::Sub, Code(_) | Near(_) | SomeCode, Any | Known(_)) => SomeCode,
        _ => Any,
    }
}
