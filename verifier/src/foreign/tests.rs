//! Values and memory against numbers: whatever is said of a value holds for it, and as much is said as before.

use super::callees::Callees;
use super::memory::FrameMemory;
use super::value::{self, Half, Table, Value};
use crate::concrete::{Bits, evaluate, mask};
use framewright_spec::meaning::Function;
use framewright_spec::{Reg, Source, Spec};

const CFA: u64 = 0x7ffe_1234_5678_9ab0;
const CODE: u64 = 0x5555_0000_1230;

/// Numbers without an end (xorshift64*).
fn mix(number: u64) -> u64 {
    let mut x = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    x.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

fn entry(reg: Reg) -> u128 {
    u128::from(mix(u64::from(reg.0))) << 64 | u128::from(mix(u64::from(reg.0) + 1000))
}

/// What a table's entry is, extended and shifted.
fn loaded(table: Table) -> u64 {
    let unused = 64 - u32::from(table.bytes) * 8;
    let raw = mix(table.at as u64) << unused;
    let extended = if table.signed { (raw as i64 >> unused) as u64 } else { raw >> unused };
    extended << table.shift
}

fn is_half(half: Half, number: u64, bits: u32) -> bool {
    let expected = match half {
        Half::Known(known) => known,
        Half::Entry { reg, low } => (entry(reg) >> low) as u64,
        Half::Frame(at) => CFA.wrapping_add_signed(at),
        Half::Aligned { k, log } => CFA.wrapping_add_signed(k) & (u64::MAX << log),
        Half::Code(at) => CODE.wrapping_add_signed(at),
        Half::Loaded(table) => loaded(table),
        Half::Case { base, table } => CODE.wrapping_add_signed(base.into()).wrapping_add(loaded(table)),
        Half::Any | Half::SomeFrame | Half::Below(_) | Half::SomeCode | Half::Near(_) => return true,
        Half::Import(_) | Half::Callee | Half::Signed { .. } => return true,
    };
    number == expected & mask(bits) as u64
}

/// Whether what is said of a number is so.
fn is_so(value: Value, number: u128) -> bool {
    let bits = value.bits;
    let high = bits <= 64 || is_half(value.high, (number >> 64) as u64, bits - 64);
    is_half(value.low, number as u64, bits.min(64)) && high
}

/// All that is said, in a number (FNV-1a).
#[derive(Default)]
struct Digest(u64);

impl Digest {
    fn add(&mut self, said: impl std::fmt::Debug) {
        for byte in format!("{said:?}").bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

fn number_of(half: Half) -> u64 {
    match half {
        Half::Known(known) => known,
        Half::Entry { reg, low } => (entry(reg) >> low) as u64,
        Half::Frame(at) => CFA.wrapping_add_signed(at),
        Half::Code(at) => CODE.wrapping_add_signed(at),
        Half::Aligned { k, log } => CFA.wrapping_add_signed(k) & (u64::MAX << log),
        Half::Loaded(table) => loaded(table),
        Half::Case { base, table } => CODE.wrapping_add_signed(base.into()).wrapping_add(loaded(table)),
        Half::Below(at) | Half::Near(at) | Half::Import(at) => mix(at as u64) >> 2,
        Half::Any | Half::SomeFrame | Half::SomeCode | Half::Callee | Half::Signed { .. } => mix(77),
    }
}

/// Values of 64 bits of all kinds, with numbers that they may be.
fn words() -> Vec<(Value, u128)> {
    let table = |bytes, signed, shift| Table { at: 40 + i32::from(bytes), bytes, signed, shift };
    let (a, b) = (Reg(3), Reg(4));
    let mut halves: Vec<Half> = Vec::new();
    let numbers = [0, 1, 2, 4, 5, 8, 63, 64, 255, 1 << 31, 1 << 40, 1 << 63, u64::MAX >> 1, u64::MAX];
    halves.extend(numbers.map(Half::Known));
    halves.extend([-8, -16, -48, -64, -4096, !0xf_ffff].map(|n: i64| Half::Known(n as u64)));
    halves.extend([0, 32, 64].map(|low| Half::Entry { reg: a, low }));
    halves.push(Half::Entry { reg: b, low: 0 });
    halves.extend([0, -8, -64, 24, -(1 << 40), 8 - (1 << 40), i64::MAX, i64::MIN].map(Half::Frame));
    halves.extend([Half::Below(-16), Half::Below(-64), Half::Aligned { k: -24, log: 4 }, Half::SomeFrame]);
    halves.extend([0, 16, 1 << 33, i64::MAX].map(Half::Code));
    halves.extend([Half::SomeCode, Half::Near(8), Half::Near(i64::MAX), Half::Import(64), Half::Callee]);
    halves.extend(
        [table(1, false, 0), table(4, true, 0), table(4, true, 2), table(8, false, 0)].map(Half::Loaded),
    );
    halves.push(Half::Case { base: 16, table: table(4, true, 0) });
    halves.extend([Half::Signed { reg: a, key: b'a', at: -16 }, Half::Any]);
    halves.into_iter().map(|half| (Value::word(half), number_of(half).into())).collect()
}

/// The same, and narrower and wider ones that are made of them.
fn values() -> Vec<(Value, u128)> {
    let mut all = words();
    let narrow = [8, 32].map(|bits| {
        let table = Table { at: 7, bytes: 4, signed: false, shift: 0 };
        [Half::Known(mix(5) & mask(bits) as u64), Half::Loaded(table), Half::Any]
            .map(|half| (Value { bits, low: half, high: Half::Known(0) }, number_of(half).into()))
    });
    all.extend(
        narrow.into_iter().flatten().filter(|(v, _)| v.bits == 32 || !matches!(v.low, Half::Loaded(_))),
    );
    let wide = Reg(9);
    all.push((Value::entry(wide, 128), entry(wide)));
    all.push((Value::known(entry(wide), 128), entry(wide)));
    all.push((Value::known(entry(wide) & mask(96), 96), entry(wide) & mask(96)));
    all.push((Value::any(128), entry(Reg(5))));
    let upper = Half::Known((entry(Reg(5)) >> 64) as u64);
    all.push((Value { bits: 128, low: Half::Any, high: upper }, entry(Reg(5))));
    for (reg, low, bits) in [(3, 0, 32), (3, 32, 32), (3, 32, 16), (3, 16, 32), (4, 32, 32)] {
        let half = Half::Entry { reg: Reg(reg), low };
        all.push((Value { bits, low: half, high: Half::Known(0) }, number_of(half).into()));
    }
    all.into_iter().map(|(value, number)| (value, number & mask(value.bits))).collect()
}

fn must(value: Value, number: u128, digest: &mut Digest, of: impl std::fmt::Debug) {
    assert!(is_so(value, number), "{of:?}: {value:?} is said of {number:#x}");
    digest.add(value);
}

#[test]
fn what_is_said_of_parts_and_extensions_holds() {
    let mut digest = Digest::default();
    let places = [
        (7, 0),
        (31, 0),
        (62, 0),
        (63, 0),
        (15, 8),
        (39, 8),
        (63, 32),
        (95, 0),
        (95, 32),
        (127, 64),
        (71, 64),
    ];
    for (value, number) in values() {
        for (high, low) in places.into_iter().filter(|place| place.0 < value.bits) {
            let part = (number >> low) & mask(high - low + 1);
            must(value.extract(high, low), part, &mut digest, (value, high, low));
        }
        for to in [16, 32, 33, 64, 96, 128].into_iter().filter(|&to| to >= value.bits) {
            let sign = number >> (value.bits - 1) & 1 == 1;
            let signed = if sign { number | (mask(to) & !mask(value.bits)) } else { number };
            must(value.extend(to, false), number, &mut digest, (value, to));
            must(value.extend(to, true), signed, &mut digest, (value, to, "signed"));
        }
        let (head, tail) =
            (value.extract(value.bits - 1, value.bits / 2), value.extract(value.bits / 2 - 1, 0));
        let both = value::apply(&Function::Concat, &[head, tail], value.bits);
        must(both, number, &mut digest, (head, tail));
    }
    assert_eq!(digest.0, 0x723a_3b5b_49f7_6c15);
}

#[test]
fn what_is_said_of_results_holds() {
    use Function as F;
    let mut digest = Digest::default();
    let functions = [F::Add, F::Sub, F::And, F::Or, F::Xor, F::Shl, F::Mul, F::LShr, F::Concat];
    for (a, x) in values() {
        for (b, y) in values() {
            for function in &functions {
                let bits = if *function == F::Concat { a.bits + b.bits } else { a.bits };
                if bits > 128 || (*function != F::Concat && a.bits != b.bits) {
                    continue;
                }
                let right = evaluate(function, &[Bits::new(x, a.bits), Bits::new(y, b.bits)], bits);
                let right = right.expect("a function that is computed").value;
                must(value::apply(function, &[a, b], bits), right, &mut digest, (function, a, b));
            }
            if a.bits == b.bits {
                let joined = a.join(b);
                assert!(is_so(joined, x) && is_so(joined, y), "{a:?} or {b:?}: {joined:?}");
                digest.add(joined);
            }
        }
    }
    assert_eq!(digest.0, 0x3b61_fae9_f019_9d7e);
}

#[test]
fn signed_addresses_are_known_by_key_and_place() {
    let apply = |name: &str, args: &[Half]| {
        let function = Function::Uninterpreted { name: name.to_owned(), bits: 64 };
        let args: Vec<Value> = args.iter().map(|&half| Value::word(half)).collect();
        value::apply(&function, &args, 64).low
    };
    let (whole, upper) = (Half::Entry { reg: Reg(7), low: 0 }, Half::Entry { reg: Reg(7), low: 64 });
    let signed = Half::Signed { reg: Reg(7), key: b'b', at: -16 };
    assert_eq!(apply("address.sign_b", &[whole, Half::Frame(-16)]), signed);
    assert_eq!(apply("address.authenticate_b", &[signed, Half::Frame(-16)]), whole);
    assert_eq!(apply("address.strip", &[signed]), whole);
    assert_eq!(apply("address.strip", &[whole]), whole);
    for frame in [Half::Frame(-16), Half::SomeFrame, Half::Below(-8), Half::Aligned { k: -8, log: 4 }] {
        assert_eq!(apply("address.tag", &[frame]), Half::SomeFrame);
    }
    let others = [
        ("address.sign_b", vec![upper, Half::Frame(-16)]),
        ("address.sign_b", vec![whole, Half::Any]),
        ("address.authenticate_a", vec![signed, Half::Frame(-16)]),
        ("address.authenticate_b", vec![signed, Half::Frame(-8)]),
        ("address.authenticate_b", vec![whole, Half::Frame(-16)]),
        ("address.strip", vec![upper]),
        ("address.tag", vec![whole]),
        ("other.strip", vec![signed]),
    ];
    for (name, args) in others {
        assert_eq!(apply(name, &args), Half::Any, "{name} {args:?}");
    }
}

#[test]
fn aligned_addresses_are_of_another_area() {
    let aligned = |k, log| value::aligned_down(k, log, 16);
    assert_eq!([aligned(-24, 3), aligned(-24, 4), aligned(-32, 4)], [Some(-24), Some(-32), Some(-32)]);
    let area = 1 << 40;
    assert_eq!([aligned(-24, 5), aligned(-24, 13)], [Some(-4096 - area), Some(-8192 - area)]);
    // Twice, and as far as it goes.
    assert_eq!(
        [aligned(i64::MIN / 2 + area, 5), aligned(i64::MIN / 2 + area + 1, 5).map(|_| 0)],
        [None, Some(0)]
    );
    assert_eq!(aligned(-4096 - area, 4), Some(-4096 - 2 * area));
    assert_eq!([aligned(-8, 37), aligned(-8, 38)], [Some(-(1 << 37) - area), Some(-(1 << 38) - area)]);
    assert_eq!([aligned(-8, 39), aligned(-8, 63), aligned(-8, 64), aligned(i64::MIN / 2, 5)], [None; 4]);
    let distance =
        |a, b| value::apply(&Function::Sub, &[a, b].map(|at| Value::word(Half::Frame(at))), 64).low;
    assert_eq!(distance(-8, -24), Half::Known(16));
    assert_eq!(distance(-8 - area, -24 - area), Half::Known(16));
    assert_eq!(distance(-8, -24 - area), Half::Any);
    assert_eq!(distance(-area / 2, -area / 2 - 1), Half::Any);
    assert_eq!(distance(-area / 2, -area / 2 + 1), Half::Known(u64::MAX));
}

/// Bytes as they are.
fn bytes_of(memory: &[u8], at: i64, bytes: u32) -> u128 {
    let at = (at + 128) as usize;
    memory[at..at + bytes as usize].iter().rev().fold(0, |n, &byte| n << 8 | u128::from(byte))
}

#[test]
fn memory_holds_what_was_stored() {
    let mut digest = Digest::default();
    for seed in 0..400 {
        let below = |salt: u64, end: u64| mix(seed * 1000 + salt) % end;
        let (mut known, mut bytes) = (FrameMemory::default(), vec![0u8; 192]);
        let mut earlier = known.clone();
        for step in 0..12 {
            let values = values();
            let (value, number) = values[below(step * 10, values.len() as u64) as usize];
            let at = below(step * 10 + 1, 12) as i64 * 4 - 64;
            let count = value.bits / 8;
            match below(step * 10 + 2, 8) {
                0 => known.forget(at, at + 12),
                1 => known.forget_below(at),
                2 => known.keep_debts(Some(-16)),
                3 => earlier = known.clone(),
                _ => {
                    known.store(at, value);
                    let place = (at + 128) as usize;
                    bytes[place..place + count as usize]
                        .copy_from_slice(&number.to_le_bytes()[..count as usize]);
                }
            }
            for place in (-72..8).step_by(4) {
                for bits in [32, 64, 128] {
                    let value = known.load(place, bits);
                    must(value, bytes_of(&bytes, place, bits / 8), &mut digest, (seed, step, place));
                }
            }
            assert!(known.pieces().is_sorted_by_key(|piece| piece.at), "{known:?}");
        }
        let mut joined = known.clone();
        let less = joined.join(&earlier);
        assert_eq!(less, joined != known);
        assert!(joined.pieces().iter().all(|p| known.pieces().contains(p) && earlier.pieces().contains(p)));
        digest.add(joined);
    }
    assert_eq!(digest.0, 0x6a97_30ff_18ea_761d);
}

#[test]
fn contracts_are_found_by_name_and_machine() {
    let mut machines = Spec::embedded().machines.values();
    let (machine, other) = (machines.next().expect("a machine"), machines.next().expect("another one"));
    let text = format!(
        r#"
        contract kept {{
          machine: {} cite "none"
          names: keeper, "prefix*" cite "none"
          keeps: {} cite "none"
        }}
    "#,
        machine.name, machine.registers[0].name
    );
    let spec = Spec::load(&[Source::new("kept.fw", text)]).expect("a specification");
    let callees = Callees::new(&spec, machine);
    for name in ["keeper", "keeper@VERSION_2", "prefixed"] {
        assert_eq!(callees.keeps(name).iter().collect::<Vec<_>>(), [Reg(0)], "{name}");
    }
    assert!(callees.keeps("other").is_empty());
    let other = Callees::new(&spec, other);
    assert!(other.keeps("keeper").is_empty());
}

#[test]
fn a_debt_in_parts_is_one_where_all_of_it_is_there() {
    let part = |low, bits| Value { bits, low: Half::Entry { reg: Reg(3), low }, high: Half::Known(0) };
    let mut memory = FrameMemory::default();
    memory.store(-16, part(0, 32));
    memory.store(-12, part(32, 16));
    assert_eq!(memory.load(-16, 64).low, Half::Any);
    memory.store(-10, part(48, 16));
    assert_eq!(memory.load(-16, 64).low, Half::Entry { reg: Reg(3), low: 0 });
}
