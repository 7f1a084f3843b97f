//! Every byte of the call frame instructions of several listings, changed: P10 refutes what a concrete unwinder sees to be
//! wrong, and proves what it sees to be right.
//!
//! ```text
//! listing ──run on numbers──▶ states at all boundaries ──rows──▶ right or wrong    must agree with the verdict
//! ```
//!
//! The unwinder (`support/unwinder.rs`) is written apart from the prover and from the replay.

mod support;

use framewright_spec::Spec;
use framewright_verifier::unwind::dwarf;
use framewright_verifier::{Property, Verdict, Verifier, replay};
use std::collections::HashMap;
use std::path::Path;
use support::unwinder::{all_right, boundaries};

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
    let states = boundaries(machine, abi, &listing.bytes).expect("it returns");
    let (original, length) = (listing.claim.unwind[0].bytes.clone(), listing.claim.data.0);
    let read = |bytes: &[u8]| dwarf::fragment(machine, bytes, length);
    let rows = read(&original).expect("rows");
    assert!(all_right(machine, abi, &rows, &states, false), "{name}: the listing's own rows");
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
            let right = table.as_ref().is_ok_and(|table| all_right(machine, abi, table, &states, false));
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
