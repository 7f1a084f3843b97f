//! Random modules in all tiers and in another engine: every call has the same outcome, bit by bit, and leaves the
//! same memory and globals behind.
//!
//! A longer run: `DIFFERENTIAL_MODULES=20000 cargo test --release --test differential`.

use arbitrary::Unstructured;
use framewright::engine::config::scramble;
use framewright::engine::{Config, EngineError, Extern, Saves, Store, Stress, StressOsr, Tier};
use framewright_compiler::TrapCode;
use framewright_compiler::ir::Type;
use framewright_compiler::wasm::Module;
use framewright_spec::Spec;
use std::sync::Arc;

/// Modules of the bounded run.
const MODULES: u64 = 60;
/// Loop passes and calls after which a module gives up, so that every one ends.
const FUEL: u32 = 300;

fn module(seed: u64) -> Vec<u8> {
    let input: Vec<u8> = (0..3000).map(|i| scramble(&[seed, i]) as u8).collect();
    let config = wasm_smith::Config {
        max_imports: 0,
        min_funcs: 2,
        max_funcs: 6,
        min_exports: 1,
        export_everything: true,
        max_instructions: 80 + seed as usize % 400,
        max_memory32_bytes: 4 << 16,
        memory_max_size_required: true,
        table_max_size_required: true,
        max_table_elements: 100,
        max_memories: 1,
        max_tables: 1,
        canonicalize_nans: true,
        allow_start_export: false,
        bulk_memory_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        memory64_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        extended_const_enabled: false,
        compact_imports_enabled: false,
        ..wasm_smith::Config::default()
    };
    let mut module = wasm_smith::Module::new(config, &mut Unstructured::new(&input)).expect("enough input");
    module.ensure_termination(FUEL).expect("its bodies are its own");
    module.to_bytes()
}

/// Arguments of the n-th call of a function; small, large and special ones.
fn arguments(params: &[Type], seed: u64) -> Vec<u64> {
    let one = |(i, ty): (usize, &Type)| {
        let bits = scramble(&[seed, i as u64]);
        let bits = match bits % 5 {
            0 => 0,
            1 => bits >> 60,
            2 => u64::MAX,
            3 => 0x7ff0_0000_7f80_0000 | bits >> 63 << 31,
            _ => bits,
        };
        if matches!(ty, Type::I32 | Type::F32) { bits & 0xffff_ffff } else { bits }
    };
    params.iter().enumerate().map(one).collect()
}

/// What a module does in one of our modes, line by line.
fn ours(module: &Arc<Module>, seed: u64, config: Config) -> Vec<String> {
    let mut store = Store::new(Arc::new(Spec::embedded().clone()), config);
    let instance = match store.instantiate(Arc::clone(module)) {
        Ok(instance) => instance,
        Err(error) => return vec![trap(&error)],
    };
    let mut log = Vec::new();
    let exports = store.world().instances[instance].exports.clone();
    for (name, what) in &exports {
        let Extern::Function(at) = what else { continue };
        let params = store.world().function_type(*at).params.clone();
        for call in 0..3 {
            let outcome = match store.invoke(*at, &arguments(&params, seed + call)) {
                Ok(values) => format!("{values:x?}"),
                Err(error) => trap(&error),
            };
            log.push(format!("{name} {call}: {outcome}"));
        }
    }
    for (name, what) in &exports {
        match what {
            Extern::Global(global) => log.push(format!("{name} = {:x}", global.cell.get())),
            Extern::Memory(memory) => {
                let mut bytes = vec![0; memory.byte_len() as usize];
                memory.read(0, &mut bytes).expect("its own size");
                log.push(format!("{name} = {}", digest(&bytes)));
            }
            _ => {}
        }
    }
    log
}

fn trap(error: &EngineError) -> String {
    match error {
        EngineError::Trap(trap) => trap.code.to_string(),
        other => panic!("neither values nor a trap: {other}"),
    }
}

fn digest(bytes: &[u8]) -> String {
    let set = bytes.iter().enumerate().filter(|(_, b)| **b != 0);
    let sum = set.fold(0, |sum, (i, &b)| scramble(&[sum, i as u64, u64::from(b)]));
    format!("{} bytes {sum:x}", bytes.len())
}

/// The same by the other engine.
fn theirs(binary: &[u8], module: &Module, seed: u64) -> Vec<String> {
    use wasmi::{Engine, Extern, Linker, Store};
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let compiled = wasmi::Module::new(&engine, binary).expect("valid");
    let instance = match Linker::new(&engine).instantiate_and_start(&mut store, &compiled) {
        Ok(instance) => instance,
        Err(error) => return vec![their_trap(&error)],
    };
    let mut log = Vec::new();
    let exports =
        module.exports.iter().filter_map(|e| Some((&e.name, instance.get_export(&store, &e.name)?)));
    let exports: Vec<_> = exports.collect();
    for (name, what) in &exports {
        let Extern::Func(function) = what else { continue };
        let ty = function.ty(&store);
        let params: Vec<Type> = ty.params().iter().map(type_of).collect();
        for call in 0..3 {
            let bits = arguments(&params, seed + call);
            let args: Vec<_> = params.iter().zip(bits).map(|(ty, bits)| value(*ty, bits)).collect();
            let mut results = vec![wasmi::Val::I32(0); ty.results().len()];
            let outcome = match function.call(&mut store, &args, &mut results) {
                Ok(()) => format!("{:x?}", results.iter().map(bits_of).collect::<Vec<_>>()),
                Err(error) => their_trap(&error),
            };
            log.push(format!("{name} {call}: {outcome}"));
        }
    }
    for (name, what) in &exports {
        match what {
            Extern::Global(global) => log.push(format!("{name} = {:x}", bits_of(&global.get(&store)))),
            Extern::Memory(memory) => log.push(format!("{name} = {}", digest(memory.data(&store)))),
            _ => {}
        }
    }
    log
}

fn their_trap(error: &wasmi::Error) -> String {
    let code = match error.as_trap_code() {
        Some(wasmi::TrapCode::UnreachableCodeReached) => TrapCode::Unreachable,
        Some(wasmi::TrapCode::MemoryOutOfBounds) => TrapCode::MemoryOutOfBounds,
        Some(wasmi::TrapCode::TableOutOfBounds) => TrapCode::TableOutOfBounds,
        Some(wasmi::TrapCode::IndirectCallToNull) => TrapCode::IndirectCallToNull,
        Some(wasmi::TrapCode::IntegerDivisionByZero) => TrapCode::IntegerDivideByZero,
        Some(wasmi::TrapCode::IntegerOverflow) => TrapCode::IntegerOverflow,
        Some(wasmi::TrapCode::BadConversionToInteger) => TrapCode::BadConversionToInteger,
        Some(wasmi::TrapCode::StackOverflow) => TrapCode::StackExhausted,
        Some(wasmi::TrapCode::BadSignature) => TrapCode::BadSignature,
        other => panic!("no such trap in WebAssembly 1.0: {other:?} {error}"),
    };
    code.to_string()
}

fn type_of(ty: &wasmi::ValType) -> Type {
    match ty {
        wasmi::ValType::I32 => Type::I32,
        wasmi::ValType::I64 => Type::I64,
        wasmi::ValType::F32 => Type::F32,
        wasmi::ValType::F64 => Type::F64,
        other => panic!("no such type in WebAssembly 1.0: {other:?}"),
    }
}

fn value(ty: Type, bits: u64) -> wasmi::Val {
    match ty {
        Type::I32 => wasmi::Val::I32(bits as i32),
        Type::I64 => wasmi::Val::I64(bits as i64),
        Type::F32 => wasmi::Val::F32(wasmi::F32::from_bits(bits as u32)),
        Type::F64 => wasmi::Val::F64(wasmi::F64::from_bits(bits)),
    }
}

fn bits_of(value: &wasmi::Val) -> u64 {
    match value {
        wasmi::Val::I32(x) => u64::from(*x as u32),
        wasmi::Val::I64(x) => *x as u64,
        wasmi::Val::F32(x) => u64::from(x.to_bits()),
        wasmi::Val::F64(x) => x.to_bits(),
        other => panic!("no such value in WebAssembly 1.0: {other:?}"),
    }
}

#[test]
fn all_tiers_agree_with_another_engine() {
    let modules = std::env::var("DIFFERENTIAL_MODULES").ok().and_then(|n| n.parse().ok()).unwrap_or(MODULES);
    let mut calls = 0;
    for seed in 0..modules {
        let binary = module(seed);
        let parsed = Arc::new(Module::parse(&binary).expect("wasm-smith makes valid modules"));
        let expected = theirs(&binary, &parsed, seed);
        calls += expected.len();
        let stress = |osr| Stress { osr, saves: Saves::Random, seed };
        let tier = |tier| Config { tier, ..Config::default() };
        let modes = [
            ("interp", tier(Tier::Interp)),
            ("tier0", tier(Tier::Tier0)),
            ("opt", tier(Tier::Opt)),
            ("osr=every", Config { stress: stress(StressOsr::Every), ..Config::default() }),
            ("osr=random", Config { stress: stress(StressOsr::Random), ..Config::default() }),
        ];
        for (mode, config) in modes {
            assert_eq!(ours(&parsed, seed, config), expected, "seed {seed}, {mode}");
        }
    }
    println!("{modules} modules, {calls} outcomes in each of five modes");
    assert!(calls as u64 > modules, "the modules do too little");
}
