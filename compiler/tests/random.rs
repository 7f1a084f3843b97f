//! Random modules: what is built is well formed, and its text reads back.

mod common;

use common::{Random, smith};
use framewright_compiler::ir;
use framewright_compiler::wasm::Module;

fn check(function: &ir::Function, module: &Module, what: &str) {
    if let Err(message) = ir::verify_in(function, module) {
        panic!("{what}: {message}\n{function}");
    }
    let text = function.to_string();
    let read = ir::parse(&text).unwrap_or_else(|error| panic!("{what}: {error}\n{text}"));
    assert_eq!(&read, function, "{what}:\n{text}");
    let mut again = function.clone();
    ir::simplify(&mut again);
    assert_eq!(&again, function, "{what}: simplification is done at once");
}

#[test]
fn functions_are_well_formed_and_read_back() {
    let (mut functions, mut loops) = (0, 0);
    for seed in 0..300 {
        let (_, module) = smith(seed, 60 + seed as usize * 3);
        for index in module.imported_functions..module.functions.len() as u32 {
            let function = ir::build(&module, index).expect("it builds");
            check(&function, &module, &format!("seed {seed}"));
            functions += 1;
            for found in ir::loops(&module, index).expect("it builds") {
                let osr = ir::build_osr(&module, index, found.loop_id);
                assert_eq!(osr.is_ok(), found.reachable, "seed {seed}");
                if let Ok(osr) = osr {
                    check(&osr, &module, &format!("seed {seed} loop {}", found.loop_id));
                    loops += 1;
                }
            }
        }
    }
    assert!(functions > 300 && loops > 100, "only {functions} functions and {loops} loops");
}

/// Whatever bytes come, there is an error or a module, and of a module every function builds.
#[test]
fn damaged_modules_are_refused_or_build() {
    let (mut refused, mut built) = (0, 0);
    for seed in 0..40 {
        let (bytes, _) = smith(seed, 80);
        let mut random = Random::new(seed);
        for _ in 0..60 {
            let mut damaged = bytes.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(damaged.len() as u64) as usize;
                match random.below(3) {
                    0 => damaged[at] = random.next() as u8,
                    1 => damaged.truncate(at.max(8)),
                    _ => damaged.insert(at, random.next() as u8),
                }
            }
            let Ok(module) = Module::parse(&damaged) else {
                refused += 1;
                continue;
            };
            for index in module.imported_functions..module.functions.len() as u32 {
                let function = ir::build(&module, index).expect("what is valid builds");
                assert_eq!(ir::verify_in(&function, &module), Ok(()));
            }
            built += 1;
        }
    }
    assert!(refused > 500 && built > 100, "{refused} refused, {built} built");
}

/// Whatever the text, there is an error or a function that can be checked.
#[test]
fn damaged_texts_are_refused_or_checked() {
    let (_, module) = smith(1, 60);
    let text = ir::build(&module, 0).expect("it builds").to_string();
    let mut random = Random::new(4);
    let (mut refused, mut wrong) = (0, 0);
    for _ in 0..3000 {
        let mut damaged = text.clone().into_bytes();
        for _ in 0..=random.below(2) {
            let at = random.below(damaged.len() as u64) as usize;
            match random.below(3) {
                0 => damaged[at] = b"0123456789v(),:=@ -\"\n"[random.below(21) as usize],
                1 => _ = damaged.remove(at),
                _ => damaged.insert(at, b' ' + random.below(90) as u8),
            }
        }
        let Ok(damaged) = String::from_utf8(damaged) else { continue };
        match ir::parse(&damaged) {
            Err(_) => refused += 1,
            Ok(function) => wrong += u32::from(ir::verify(&function).is_err()),
        }
    }
    assert!(refused > 100 && wrong > 50, "{refused} refused, {wrong} wrong");
}
