//! Every example program gives the result that its first lines state, in every tier.
//!
//! A line `;; run: main 1000 => 168` names an export, its arguments and its result. The interpreter, which is slow,
//! runs the first line only; so do the native tiers under stress.

use framewright::engine::{Config, Store, Stress, StressOsr, Tier};
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use std::sync::Arc;

struct Run {
    export: String,
    args: Vec<String>,
    result: String,
}

fn runs(text: &str) -> Vec<Run> {
    let line = |line: &str| {
        let (call, result) = line.strip_prefix(";; run: ")?.split_once(" => ")?;
        let mut words = call.split_whitespace().map(str::to_owned);
        Some(Run { export: words.next()?, args: words.collect(), result: result.trim().to_owned() })
    };
    text.lines().filter_map(line).collect()
}

fn bits(text: &str, ty: Type) -> u64 {
    match ty {
        Type::I32 => u64::from(text.parse::<i32>().expect("an i32") as u32),
        Type::I64 => text.parse::<i64>().expect("an i64") as u64,
        Type::F32 => u64::from(text.parse::<f32>().expect("an f32").to_bits()),
        Type::F64 => text.parse::<f64>().expect("an f64").to_bits(),
    }
}

fn programs() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let entries = std::fs::read_dir(folder).expect("the examples").map(|e| e.expect("an entry").path());
    let mut found: Vec<_> = entries
        .filter(|p| p.extension().is_some_and(|e| e == "wat"))
        .map(|p| (p.display().to_string(), std::fs::read_to_string(&p).expect("text")))
        .collect();
    found.sort();
    assert!(found.len() >= 10, "only {} example programs", found.len());
    found
}

/// In every convention of this machine.
fn check(config: &Config, all_lines: bool) {
    let conventions = Spec::embedded().abis.values().filter(|abi| abi.machine == std::env::consts::ARCH);
    for abi in conventions {
        check_in(&Config { abi: Some(abi.name.clone()), ..config.clone() }, all_lines);
    }
}

fn check_in(config: &Config, all_lines: bool) {
    for (name, text) in programs() {
        let module = Arc::new(Module::parse(text.as_bytes()).expect("a valid module"));
        let runs = runs(&text);
        assert!(!runs.is_empty(), "{name} states no result");
        let mut store = Store::new(Arc::new(Spec::embedded().clone()), config.clone());
        let instance = store.instantiate(module).unwrap_or_else(|e| panic!("{name}: {e}"));
        for run in &runs[..if all_lines { runs.len() } else { 1 }] {
            let function = store.exported_function(instance, &run.export).expect("the export");
            let ty = store.world().function_type(function).clone();
            let args: Vec<u64> = run.args.iter().zip(&ty.params).map(|(a, &t)| bits(a, t)).collect();
            let expected = bits(&run.result, ty.results[0]);
            let result = store.invoke(function, &args).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(result, [expected], "{name}: {} {:?} in {config:?}", run.export, run.args);
        }
    }
}

#[test]
fn interpreted() {
    check(&Config { tier: Tier::Interp, ..Config::default() }, false);
}

#[test]
fn tier0() {
    check(&Config { tier: Tier::Tier0, ..Config::default() }, true);
}

#[test]
fn optimized() {
    check(&Config { tier: Tier::Opt, ..Config::default() }, true);
}

#[test]
fn from_tier0_to_optimized() {
    check(&Config { tier: Tier::Auto, ..Config::default() }, true);
}

#[test]
fn under_stress() {
    for seed in 0..3 {
        let stress =
            Stress { osr: StressOsr::Random, saves: framewright::engine::config::Saves::Random, seed };
        check(&Config { tier: Tier::Auto, stress, ..Config::default() }, false);
    }
}
