//! Optimized programs do what the plain ones do.

mod common;

use common::{Random, program::program, smith};
use framewright_compiler::interp::{Instance, Standalone, Trap};
use framewright_compiler::ir::{self, Function};
use framewright_compiler::opt::{Options, optimize};
use framewright_compiler::wasm::Module;

/// Blocks a plain program may enter.
const FUEL: u64 = 20_000;

/// What can be seen of a call: its outcome, the globals, memory.
type Seen = (Result<Vec<u64>, Trap>, Vec<u64>, Vec<u8>);

fn observe(
    module: &Module,
    functions: Vec<Function>,
    calls: &[(u32, Vec<u64>)],
    fuel: u64,
) -> Option<Vec<Seen>> {
    let mut instance = Standalone::with_functions(module, functions).ok()?.with_fuel(fuel);
    let mut seen = Vec::new();
    for (function, args) in calls {
        let outcome = instance.call(*function, args);
        if instance.is_exhausted() {
            return None;
        }
        seen.push((outcome, instance.globals().to_vec(), instance.bytes().to_vec()));
    }
    Some(seen)
}

/// Optimizes all functions of a module, every phase checked, and compares; how many calls there were.
fn agree(module: &Module, calls: &[(u32, Vec<u64>)], what: &str) -> usize {
    let build = |index| ir::build(module, index).expect("builds");
    let plain: Vec<Function> = (0..module.functions.len() as u32).map(build).collect();
    let mut optimized = plain.clone();
    for (function, before) in optimized.iter_mut().zip(&plain) {
        let check = |phase: &str, text: &str| {
            let after = ir::parse(text).unwrap_or_else(|error| panic!("{what}: {phase}: {error}\n{text}"));
            if let Err(message) = ir::verify_in(&after, module) {
                panic!("{what}: after {phase}: {message}\n{before}\n{text}");
            }
        };
        optimize(function, &Options { dump: Some(&check) });
    }
    let Some(expected) = observe(module, plain.clone(), calls, FUEL) else { return 0 };
    let actual = observe(module, optimized.clone(), calls, FUEL * 4).expect("it enters no more blocks");
    for (call, (expected, actual)) in calls.iter().zip(expected.iter().zip(&actual)) {
        let function = call.0 as usize;
        let text = || format!("{what}: {call:x?}\n{}\n{}", plain[function], optimized[function]);
        assert_eq!(expected.0, actual.0, "{}", text());
        assert!(expected == actual, "memory or globals: {}", text());
    }
    calls.len()
}

fn calls(module: &Module, random: &mut Random) -> Vec<(u32, Vec<u64>)> {
    let mut calls = Vec::new();
    for index in 0..module.functions.len() as u32 {
        for _ in 0..3 {
            let narrow = |ty: &ir::Type| matches!(ty, ir::Type::I32 | ir::Type::F32);
            let types = &module.function_type(index).params;
            let value = |ty| random.bits() & if narrow(ty) { 0xffff_ffff } else { u64::MAX };
            calls.push((index, types.iter().map(value).collect()));
        }
    }
    calls
}

#[test]
fn random_modules() {
    let compared: usize = (0..250)
        .map(|seed| {
            let (_, module) = smith(seed, 60 + seed as usize * 3);
            let calls = calls(&module, &mut Random::new(seed));
            agree(&module, &calls, &format!("smith {seed}"))
        })
        .sum();
    assert!(compared > 300, "only {compared} calls");
}

#[test]
fn random_programs() {
    let compared: usize = (0..150)
        .map(|seed| {
            let module = Module::parse(program(seed, 3, 60).as_bytes()).expect("a valid module");
            let calls = calls(&module, &mut Random::new(seed));
            agree(&module, &calls, &format!("program {seed}"))
        })
        .sum();
    assert!(compared > 200, "only {compared} calls");
}

#[test]
fn written_programs() {
    let text = r#"(module (memory 1) (global $g (mut i32) (i32.const 5))
      (func $sieve (param $n i32) (result i32) (local $i i32) (local $j i32) (local $count i32)
        (local.set $i (i32.const 2))
        (block $done (loop $outer
          (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
          (if (i32.eqz (i32.load8_u (local.get $i)))
            (then
              (local.set $count (i32.add (local.get $count) (i32.const 1)))
              (local.set $j (i32.mul (local.get $i) (i32.const 2)))
              (block $out (loop $inner
                (br_if $out (i32.ge_u (local.get $j) (local.get $n)))
                (i32.store8 (local.get $j) (i32.const 1))
                (local.set $j (i32.add (local.get $j) (local.get $i)))
                (br $inner)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $outer)))
        (local.get $count))
      (func $mix (param $a i32) (param $b i32) (result i32) (local $k i32) (local $x i32)
        (loop $l
          (local.set $x (i32.add (local.get $x)
            (i32.mul (i32.mul (local.get $a) (i32.const 12)) (i32.add (local.get $b) (local.get $k)))))
          (local.set $x (i32.xor (local.get $x) (i32.div_u (local.get $x) (i32.const 8))))
          (global.set $g (i32.add (global.get $g) (local.get $x)))
          (i32.store (i32.const 16) (local.get $x))
          (local.set $x (i32.add (local.get $x) (i32.load8_s (i32.const 16))))
          (br_if $l (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 9))))
        (local.get $x))
      (func $div (param i32 i32) (result i32)
        (i32.add (i32.div_s (local.get 0) (local.get 1)) (i32.div_s (local.get 0) (local.get 1)))))"#;
    let module = Module::parse(text.as_bytes()).expect("valid");
    let calls =
        [(0, vec![500]), (1, vec![3, 4]), (1, vec![u32::MAX as u64, 77]), (2, vec![7, 0]), (2, vec![70, 7])];
    assert_eq!(agree(&module, &calls, "written"), calls.len());
}

/// `optimize/*.wat`, each with what becomes of its functions beside it. `BLESS=1` rewrites that.
#[test]
fn files() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/optimize");
    let entries = std::fs::read_dir(&folder).expect("the folder");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wat"));
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let module = Module::parse(&std::fs::read(&file).expect("a file")).expect("a valid module");
        let optimized = (0..module.functions.len() as u32).map(|index| {
            let mut function = ir::build(&module, index).expect("builds");
            optimize(&mut function, &Options::default());
            function.to_string()
        });
        let actual = optimized.collect::<Vec<_>>().join("\n");
        let beside = file.with_extension("ir");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&beside, &actual).expect("writable");
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        assert_eq!(actual, expected, "{}", file.display());
    }
}

#[test]
fn work_grows_with_the_function() {
    let stats = |statements: usize| {
        let body: String = (0..statements)
            .map(|n| {
                format!(
                    "(local.set 0 (i32.xor (i32.mul (local.get 0) (i32.const {})) (local.get 1)))\n",
                    n + 3
                )
            })
            .collect();
        let text = format!("(module (func (param i32 i32) (result i32) {body} (local.get 0)))");
        let module = Module::parse(text.as_bytes()).expect("valid");
        let mut function = ir::build(&module, 0).expect("builds");
        optimize(&mut function, &Options::default())
    };
    let (small, large) = (stats(100), stats(1600));
    assert!(large.nodes <= small.nodes * 20, "{} and {} nodes", small.nodes, large.nodes);
    assert!(large.iterations <= small.iterations + 4, "{} and {} rounds", small.iterations, large.iterations);
}
