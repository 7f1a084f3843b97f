//! Every byte of the call frame instructions of several listings, changed: P10 refutes what a concrete unwinder sees to be
//! wrong, and proves what it sees to be right.
//!
//! ```text
//! listing ──run on numbers──▶ states at all boundaries ──rows──▶ right or wrong    must agree with the verdict
//! ```
//!
//! The unwinder here is written apart from the prover and from the replay.

mod support;

use framewright_spec::{Abi, CodeOffset, Machine, Reg, Spec};
use framewright_verifier::concrete::{ConcreteState, mask};
use framewright_verifier::eval::{Flow, execute};
use framewright_verifier::unwind::{Cfa, Row, Rule, Table, dwarf};
use framewright_verifier::{Property, Verdict, Verifier, replay, target};
use std::collections::HashMap;
use std::path::Path;

const CFA: u64 = 0x7000_0010_0000;
const CODE: u64 = 0x1000_0000;
const RETURN: u64 = 0x2000_0000;
/// Bytes below the red zone that a signal handler is taken to spoil.
const SPOILED: u64 = 512;

/// A state, and the pc whose row an unwinder uses in it.
type Boundary = (CodeOffset, ConcreteState);

/// A register's value at the entry, another one for each.
fn marker(reg: Reg) -> u128 {
    (u128::from(reg.0) + 1) * 0x0101_0101_0101_0101 + (0xabcd_0000_0000_0000 << 64)
}

/// The states of code that goes straight on to its return.
fn boundaries(machine: &Machine, abi: &Abi, bytes: &[u8]) -> Vec<Boundary> {
    let decoder = target::decoder(machine).expect("a decoder");
    let mut state = ConcreteState::new(machine, CODE);
    (0..machine.registers.len()).map(|i| Reg(i as u8)).for_each(|reg| state.set_register(reg, marker(reg)));
    let pushed = u64::from(abi.pushed_return);
    state.set_register(machine.sp, u128::from(CFA - pushed));
    match machine.link {
        Some(link) => state.set_register(link, u128::from(RETURN)),
        None => state.memory.write(CFA - pushed, &RETURN.to_le_bytes()),
    }
    let (mut at, mut list) = (CodeOffset(0), Vec::new());
    loop {
        let sp = state.register(machine.sp) as u64 - u64::from(abi.red_zone);
        state.memory.write(sp - SPOILED, &[0xee; SPOILED as usize]);
        list.push((at, state.clone()));
        let decoded = decoder.decode(bytes, at).expect("an instruction");
        match execute(machine, &decoded, &mut state).expect("a step") {
            Flow::Next => {}
            Flow::Call(_) => {
                let sp = state.register(machine.sp) + u128::from(pushed);
                for reg in (0..machine.registers.len()).map(|i| Reg(i as u8)) {
                    let kept = abi.kept_bits(machine, reg).map_or(0, mask);
                    let spoiled = (marker(reg).wrapping_mul(7) & !kept) | (state.register(reg) & kept);
                    state.set_register(reg, spoiled);
                }
                state.set_register(machine.sp, sp);
                state.memory.write(sp as u64 - SPOILED, &[0xdd; SPOILED as usize]);
                list.push((CodeOffset(decoded.next().0 - 1), state.clone()));
            }
            Flow::Return(_) => return list,
            other => panic!("{other:?} at {at}"),
        }
        at = decoded.next();
    }
}

/// Whether a row gives the caller's state: CFA, return address, what callees keep, and whatever else it says.
fn is_right(machine: &Machine, abi: &Abi, row: &Row, state: &ConcreteState) -> bool {
    let Cfa::Offset(base, bytes) = row.cfa else { return false };
    let cfa = (state.register(base) as u64).wrapping_add_signed(bytes);
    let value = |rule: &Rule, own: Reg, bits: u32| match *rule {
        Rule::SameValue => Some(state.register(own) & mask(bits)),
        Rule::Register(other) if machine.register(other).bits >= bits => {
            Some(state.register(other) & mask(bits))
        }
        Rule::At(bytes) => Some(state.memory.read(cfa.wrapping_add_signed(bytes), bits / 8)),
        Rule::Is(bytes) => {
            Some(u128::from(cfa.wrapping_add_signed(bytes)) & mask(bits)).filter(|_| bits <= 64)
        }
        _ => None,
    };
    let returns = row.return_address != Rule::SameValue
        && value(&row.return_address, machine.sp, 64) == Some(u128::from(RETURN));
    let expected = |reg: Reg| if reg == machine.sp { u128::from(CFA) } else { marker(reg) };
    let kept = abi.callee_saved.iter().filter(|(reg, _)| row.rule(*reg).is_none() && *reg != machine.sp);
    let kept = kept.map(|&(reg, bits)| (reg, bits, &Rule::SameValue));
    let said = row.rules.iter().filter_map(|(reg, rule)| {
        let bits = abi.kept_bits(machine, *reg);
        (bits.is_some() || *rule != Rule::Undefined)
            .then(|| (*reg, bits.unwrap_or(machine.register(*reg).bits), rule))
    });
    let right =
        |(reg, bits, rule): (Reg, u32, &Rule)| value(rule, reg, bits) == Some(expected(reg) & mask(bits));
    cfa == CFA && returns && kept.chain(said).all(right)
}

fn all_right(machine: &Machine, abi: &Abi, table: &Table, states: &[Boundary]) -> bool {
    let right = |(at, state): &Boundary| table.at(*at).is_some_and(|row| is_right(machine, abi, row, state));
    states.iter().all(right)
}

/// Bytes that hold instructions: of the CIE from `initial` on, of the FDE all after its head.
fn instructions(bytes: &[u8], initial: usize) -> Vec<usize> {
    let length =
        |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize + 4;
    let fde = length(0);
    (initial..fde).chain(fde + 25..fde + length(fde)).collect()
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    same_rows: u32,
    right: u32,
    refuted: u32,
    unreadable: u32,
}

/// Changes every byte; verdict and unwinder agree on every change.
fn check(name: &str) -> Count {
    let spec = Spec::embedded();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frames");
    let text = std::fs::read_to_string(folder.join(name)).expect("the listing");
    let listing = support::listing(spec, name, &text);
    let machine = spec.machine(&listing.claim.machine).expect("the machine");
    let abi = spec.abi(&spec.frame(&listing.claim.frame).expect("the frame").abi).expect("the convention");
    let states = boundaries(machine, abi, &listing.bytes);
    let (original, length) = (listing.claim.unwind[0].bytes.clone(), listing.claim.data.0);
    let read = |bytes: &[u8]| dwarf::fragment(machine, bytes, length);
    let rows = read(&original).expect("rows");
    assert!(all_right(machine, abi, &rows, &states), "{name}: the listing's own rows");
    let mut verifier = Verifier::new(spec);
    let mut known: HashMap<String, bool> = HashMap::new();
    let mut count = Count::default();
    for at in instructions(&original, 17) {
        for byte in ways(original[at]).into_iter().filter(|&byte| byte != original[at]) {
            let mut changed = original.clone();
            changed[at] = byte;
            let table = read(&changed);
            if table.as_ref() == Ok(&rows) {
                count.same_rows += 1;
                continue;
            }
            let right = table.as_ref().is_ok_and(|table| all_right(machine, abi, table, &states));
            let (tag, what) = (format!("{table:?}"), format!("{name}: {byte:#x} in place of byte {at}"));
            let proven = *known.entry(tag).or_insert_with(|| {
                let mut claim = listing.claim.clone();
                claim.unwind[0].bytes = changed;
                judged(&mut verifier, &what, &listing.bytes, claim)
            });
            assert_eq!(proven, right, "{what}: proven, but rows right: {table:#?}");
            match (right, table) {
                (true, _) => count.right += 1,
                (false, Ok(_)) => count.refuted += 1,
                (false, Err(_)) => count.unreadable += 1,
            }
        }
    }
    count
}

/// Whether it is proven; if not, that P10 says so with a replay, or that the data cannot be read.
fn judged(verifier: &mut Verifier, what: &str, bytes: &[u8], claim: framewright_spec::Claim) -> bool {
    match verifier.verify(what, bytes.to_vec(), claim, None) {
        Verdict::Proven(_) => true,
        Verdict::Unsupported(why) => {
            assert!(why.contains("unwinding data") || why.contains("DWARF expression"), "{what}: {why}");
            false
        }
        Verdict::Refuted(found) => {
            assert_eq!(found.property, Property::P10, "{what}: {}", found.headline);
            if found.disputed.is_some() {
                let rerun = replay::rerun(&found, Spec::embedded());
                let rerun = rerun.unwrap_or_else(|error| panic!("{what}: {error}"));
                assert!(rerun.observation.is_some_and(|o| o.as_predicted), "{what}: {}", found.headline);
            }
            false
        }
        Verdict::Undecided(why) => panic!("{what}: {why}"),
    }
}

/// Each bit; with `LONG=1` all other values.
fn ways(byte: u8) -> Vec<u8> {
    match std::env::var_os("LONG") {
        Some(_) => (0..=255).collect(),
        None => (0..8).map(|bit| byte ^ 1 << bit).collect(),
    }
}

#[test]
fn changed_bytes_of_a_frame_with_a_call() {
    let count = check("cfi_saves.s");
    assert!(count.refuted > 50 && count.unreadable > 20, "{count:?}");
}

#[test]
fn changed_bytes_of_rules_that_lag() {
    let count = check("cfi_rule_lag.s");
    assert!(count.refuted > 50 && count.unreadable > 20, "{count:?}");
}

#[test]
fn changed_bytes_of_another_machine() {
    let count = check("cfi_aapcs64.s");
    assert!(count.refuted > 50 && count.unreadable > 20, "{count:?}");
}
